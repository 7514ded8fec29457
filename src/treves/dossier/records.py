"""What goes into a dossier and comes out of it: sources, claims, reviews, cases, outcomes."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select

from treves.case.corrections import corrected
from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.catalogue import Outcome
from treves.dossier import amendments, schema
from treves.dossier.amendments import Amendment
from treves.dossier.reviews import reviews_of, standing
from treves.dossier.store import Batch, Store, fetch, to_json
from treves.errors import InputError, Problem
from treves.forecast.result import case_hash, digest

SHINGLE_WORDS = 4
BANDS = 6
# Two reports that share this part of their four-word runs were printed from one wire.
SAME_WIRE = 0.5


@dataclass(frozen=True)
class Known:
    """What a dispute knew at some moment.

    Reports, claims as reviewed, the case to start from, and by path the numbers that persons set.
    """

    sources: tuple[Source, ...]
    claims: Mapping[str, Claim]
    base: Case | None
    amendments: Mapping[str, Amendment] = field(default_factory=dict)


def require(connection: Connection, dispute: str, path: str) -> None:
    """Raise InputError, listing what there is, when the dossier has no such dispute."""
    ids = list(connection.execute(select(schema.disputes.c.dispute)).scalars())
    if dispute not in ids:
        what = f"there is no dispute {dispute} in this dossier"
        raise InputError([Problem(what, ", ".join(ids) or "treves dossier init", path)])


def only_dispute(store: Store) -> str:
    """The dispute of a dossier that has one; InputError lists them when there are several."""
    rows = store.rows(select(schema.disputes.c.dispute))
    if len(rows) != 1:
        ids = ", ".join(row["dispute"] for row in rows)
        what = f"the dossier holds {len(rows)} disputes"
        raise InputError(
            [Problem(what, f"--dispute, one of: {ids}" if ids else "init", store.path)]
        )
    return str(rows[0]["dispute"])


def begin_dispute(store: Store, dispute: str, by: str, base: Case | None, title: str = "") -> None:
    """Begin a dispute, from a coded case or from nothing. Raises InputError if it exists."""
    with store.adding("init", by, dispute) as batch:
        known = select(schema.disputes).where(schema.disputes.c.dispute == dispute)
        if fetch(batch.connection, known):
            what = f"the dispute {dispute} was begun already"
            raise InputError([Problem(what, "another name", store.path)])
        named = title or (base.title if base else dispute)
        batch.add(schema.disputes, [{"dispute": dispute, "title": named}])
        if base is not None:
            add_case(batch, dispute, base, "base", by, "as coded")


def add_source(batch: Batch, dispute: str, source: Source) -> bool:
    """Keep a report; False when this text of this outlet and day is kept already.

    The text is stored once, whoever prints it; a near copy of an earlier report joins its wire
    cluster.
    """
    connection, table = batch.connection, schema.sources
    try:
        known_from(source.date, batch.at)
    except ValueError as error:
        what = f"{source.date} is not a day"
        raise InputError([Problem(what, "--date 2023-07-06", source.title or "")]) from error
    texts = select(schema.texts.c.id).where(schema.texts.c.id == source.id)
    if connection.execute(texts).first() is None:
        batch.add(schema.texts, [{"id": source.id, "text": source.text}])
    same = select(table).where(and_(table.c.dispute == dispute, table.c.source == source.id))
    printed = fetch(connection, same)
    for row in printed:
        if (row["outlet"], row["date"]) == (source.outlet, source.date):
            return False
    about = source.model_dump(exclude={"id", "text"})
    cluster = printed[0]["cluster"] if printed else _cluster(connection, dispute, source)
    row = {"dispute": dispute, "source": source.id, "cluster": cluster, "added": batch.at}
    batch.add(table, [{**about, **row, "confided": int(source.confided)}])
    return True


def add_claims(batch: Batch, dispute: str, claims: Iterable[Claim], by: str) -> int:
    """Keep claims that are new to the dispute; returns how many were."""
    unique = {claim.key: claim for claim in claims}
    table = schema.claims
    held: set[str] = set()
    for source in {claim.source for claim in unique.values()}:
        here = select(table.c.key).where(table.c.dispute == dispute, table.c.source == source)
        held |= set(batch.connection.execute(here).scalars())
    return batch.add(
        table, (claim_row(dispute, c, by) for key, c in unique.items() if key not in held)
    )


def claim_row(dispute: str, claim: Claim, by: str) -> dict[str, Any]:
    """A claim as its row."""
    body = claim.model_dump(mode="json", exclude_defaults=True)
    return {
        "dispute": dispute,
        "key": claim.key,
        "source": claim.source,
        "start": claim.span[0],
        "party": claim.party,
        "issue": claim.issue,
        "stance": claim.stance,
        "by": by,
        "body_json": to_json(body),
    }


def add_case(batch: Batch, dispute: str, case: Case, kind: str, by: str, why: str) -> str:
    """Keep a version of the case (``base``: coded by a person; ``draft``: with the claims).

    The edits that the version carries, and the issues of its codebook, are kept when new.
    Returns its hash.
    """
    connection, version = batch.connection, case_hash(case)
    held = select(schema.cases.c.seq).where(
        schema.cases.c.dispute == dispute,
        schema.cases.c.hash == version,
        schema.cases.c.kind == kind,
    )
    if connection.execute(held).first() is not None:
        return version
    body = case.model_dump(mode="json", exclude_unset=True)
    row = {"dispute": dispute, "hash": version, "kind": kind, "as_of": case.day.isoformat()}
    row |= {"by": by, "at": batch.at, "why": why, "body_json": to_json(body)}
    batch.add(schema.cases, [row])
    batch.add(schema.edits, (_edit_row(dispute, version, case, note) for note in case.edits))
    current = codebook_of(connection, dispute)
    issues = {i.id: to_json(i.model_dump(mode="json", exclude_unset=True)) for i in case.issues}
    batch.add(
        schema.codebook,
        (
            {"dispute": dispute, "issue": name, "body_json": text}
            for name, text in issues.items()
            if current.get(name) != text
        ),
    )
    return version


def codebook_of(connection: Connection, dispute: str) -> dict[str, str]:
    """The issues of a dispute as JSON, each as it was last kept."""
    table = schema.codebook
    query = select(table.c.issue, table.c.body_json).where(table.c.dispute == dispute)
    return {row.issue: row.body_json for row in connection.execute(query.order_by(table.c.seq))}


def _edit_row(dispute: str, version: str, case: Case, note: Any) -> dict[str, Any]:
    steps = note.path.split(".")
    holder: Any = None
    if len(steps) == 3:
        holder = case.stance(steps[0], steps[1])
    elif len(steps) == 2 and steps[0] in {p.id for p in case.parties}:
        on_party = steps[1] in type(case.party(steps[0])).model_fields
        holder = case.party(steps[0]) if on_party else case.stakes.get(steps[0])
    evidence = getattr(holder, "evidence", {}).get(steps[-1])
    plain = note.model_dump(mode="json")
    return {
        "dispute": dispute,
        "case_hash": version,
        "path": note.path,
        "old_json": to_json(plain["old"]),
        "new_json": to_json(plain["new"]),
        "by": note.by,
        "day": plain["on"],
        "why": note.why,
        "evidence_json": to_json(evidence.model_dump(mode="json")) if evidence else None,
    }


def add_outcome(batch: Batch, dispute: str, outcome: Outcome, by: str) -> str:
    """Record what happened; a later record of the same dispute replaces it. Returns its hash."""
    body = outcome.model_dump(mode="json")
    row = {"dispute": dispute, "date": outcome.date.isoformat(), "kind": outcome.kind, "by": by}
    batch.add(schema.outcomes, [{**row, "at": batch.at, "body_json": to_json(body)}])
    return digest(body)


def latest_outcome(connection: Connection, dispute: str) -> Outcome | None:
    """What happened, as last recorded."""
    table = schema.outcomes
    query = select(table.c.body_json).where(table.c.dispute == dispute)
    found = connection.execute(query.order_by(table.c.seq.desc()).limit(1)).scalar_one_or_none()
    return None if found is None else Outcome.model_validate_json(found)


@dataclass(frozen=True)
class Moment:
    """How far to look: what was known by the end of a day, what was stored up to a log entry."""

    day: dt.date | None = None
    entry: int | None = None

    def within(self, query: Any, table: Any) -> Any:
        """The query, without rows that were stored later."""
        return query if self.entry is None else query.where(table.c.entry <= self.entry)


NOW = Moment()


def known_at(
    connection: Connection, dispute: str, moment: Moment = NOW, *, reviewed: bool = True
) -> Known:
    """What was known of a dispute at a moment, or is known now.

    A report counts from the day it was published (from the day it was added where that is not
    known), a review or a number that a person set from the day it was signed, a coded case from
    its own day. Of reports printed from one wire only the first counts. reviewed: False gives the
    claims as they were read.
    """
    printed = _sources(connection, dispute, moment)
    read = _claims(connection, dispute, moment)
    told = _reviewed(connection, dispute, moment, read) if reviewed else read
    claims = {key: claim for key, claim in told.items() if claim.source in printed}
    numbers = amendments.standing(
        [
            amendment
            for amendment in amendments.amendments_of(connection, dispute, entry=moment.entry)
            if moment.day is None or amendment.day <= moment.day
        ]
    )
    return Known(tuple(printed.values()), claims, base_of(connection, dispute, moment), numbers)


def source_from_row(row: Mapping[str, Any]) -> Source:
    """A report from its row joined with its text."""
    fields = {k: row[k] for k in ("outlet", "title", "date", "lang", "url")}
    return Source(id=row["source"], text=row["text"], confided=bool(row["confided"]), **fields)


def _sources(connection: Connection, dispute: str, moment: Moment) -> dict[str, Source]:
    table, day = schema.sources, moment.day
    query = (
        select(table, schema.texts.c.text)
        .join(schema.texts, schema.texts.c.id == table.c.source)
        .where(table.c.dispute == dispute)
        .order_by(func.coalesce(table.c.date, table.c.added), table.c.seq)
    )
    query = moment.within(query, table)
    if day is not None:
        # Cheap bound in the database; months and years are decided below.
        last = f"{day.isoformat()}~"
        query = query.where(or_(table.c.date <= last, table.c.date.is_(None)))
    found: dict[str, Source] = {}
    clusters: set[str] = set()
    for row in fetch(connection, query):
        if day is not None and known_from(row["date"], row["added"]) > day:
            continue
        if row["cluster"] not in clusters:
            clusters.add(row["cluster"])
            found[row["source"]] = source_from_row(row)
    return found


def known_from(date: str | None, added: str) -> dt.date:
    """The first day on which a report was surely known.

    >>> known_from("2023-02", "2024-01-01T00:00:00")
    datetime.date(2023, 2, 28)
    """
    parts = [int(part) for part in (date or "").split("-") if part.isdigit()]
    if not parts:
        return dt.date.fromisoformat(added[:10])
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    if not 1 <= month <= 12:
        raise ValueError(f"{date} has no month {month}")
    return dt.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def _claims(connection: Connection, dispute: str, moment: Moment) -> dict[str, Claim]:
    table = schema.claims
    query = select(table.c.key, table.c.body_json).where(table.c.dispute == dispute)
    return {
        row.key: Claim.model_validate_json(row.body_json)
        for row in connection.execute(moment.within(query, table).order_by(table.c.seq))
    }


def _reviewed(
    connection: Connection, dispute: str, moment: Moment, read: Mapping[str, Claim]
) -> dict[str, Claim]:
    """Claims after their verdicts: the last one holds, whoever signed it."""
    told = (
        review
        for review in reviews_of(connection, dispute, entry=moment.entry)
        if moment.day is None or dt.date.fromisoformat(review.at[:10]) <= moment.day
    )
    found = dict(read)
    for key, verdicts in standing(told).items():
        if key not in found:  # of an import that left the claim behind
            continue
        if verdicts[-1].state == "rejected":
            del found[key]
        else:
            found[key] = corrected(found[key], verdicts[-1].changes)
    return found


def base_of(connection: Connection, dispute: str, moment: Moment = NOW) -> Case | None:
    """The coded case to start from: of the latest day, as last recorded."""
    table = schema.cases
    query = select(table.c.body_json).where(table.c.dispute == dispute, table.c.kind == "base")
    query = moment.within(query, table)
    if moment.day is not None:
        query = query.where(table.c.as_of <= moment.day.isoformat())
    newest = query.order_by(table.c.as_of.desc(), table.c.seq.desc()).limit(1)
    body = connection.execute(newest).scalar_one_or_none()
    return None if body is None else Case.model_validate_json(body)


def shingles(text: str) -> frozenset[int]:
    """Hashes of all runs of four words, whatever their capitals and punctuation."""
    words = re.findall(r"\w+", text.casefold())
    runs = {
        " ".join(words[k : k + SHINGLE_WORDS])
        for k in range(max(1, len(words) - SHINGLE_WORDS + 1))
    }
    return frozenset(
        int.from_bytes(hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=7).digest())
        for run in runs
    )


def sketch(runs: frozenset[int]) -> list[int]:
    """Six minima of the runs under six orders: near copies share at least one (Broder 1997)."""
    mask = (1 << 56) - 1
    odd = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
    keys = [odd[k % 3] * (2 * k + 1) & mask for k in range(BANDS)]
    return [min(run * key & mask for run in runs) ^ k for k, key in enumerate(keys)]


def _cluster(connection: Connection, dispute: str, source: Source) -> str:
    """The cluster of the earlier report that this one copies, or one of its own."""
    runs = shingles(source.text)
    bands = sketch(runs)
    table, kept = schema.sketches, schema.sources
    near = select(table.c.source).where(table.c.dispute == dispute, table.c.band.in_(bands))
    candidates = list(dict.fromkeys(connection.execute(near).scalars()))
    rows = [{"dispute": dispute, "band": band, "source": source.id} for band in bands]
    connection.execute(insert(table), rows)
    query = (
        select(schema.texts.c.text, kept.c.cluster)
        .join(kept, kept.c.source == schema.texts.c.id)
        .where(kept.c.dispute == dispute, kept.c.source.in_(candidates))
        .order_by(kept.c.seq)
    )
    for row in connection.execute(query) if candidates else ():
        other = shingles(row.text)
        if len(runs & other) >= SAME_WIRE * len(runs | other):
            return str(row.cluster)
    return source.id
