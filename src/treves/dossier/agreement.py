"""Do several coders see the same: disagreements by claim, and Krippendorff's alpha."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from treves.case.evidence import Claim, Source, check_quotes
from treves.dossier import schema
from treves.dossier.records import Review, add_claims, add_review, add_source, reviews_of
from treves.dossier.store import Batch, Store
from treves.errors import InputError, Problem

# What coders can disagree on; a rejected claim is none for all of them.
FIELDS = ("stance", "party", "issue", "certainty")
NO_CLAIM = "no claim"
# Two coders mean the same sentence when this part of their characters is shared.
SAME_SENTENCE = 0.5


@dataclass(frozen=True)
class Disagreement:
    """A claim on which coders differ: per coder what it is to them."""

    key: str
    field: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Agreement:
    """Alpha per field (None where it is not defined), and every disagreement."""

    coders: tuple[str, ...]
    claims: int
    alpha: Mapping[str, float | None]
    disagreements: tuple[Disagreement, ...]


def alpha(units: Iterable[Iterable[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values (Krippendorff 2004, chapter 11).

    units: for each unit the values that coders gave it; who gave none is left out. None when no
    unit has two values, or when only one value was ever given.

    >>> round(alpha([("a", "a"), ("b", "b"), ("a", "b")]), 3)
    0.444
    """
    pairable = [values for unit in units if len(values := list(unit)) > 1]
    totals = Counter(value for values in pairable for value in values)
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = 0.0
    for values in pairable:
        same = sum(count * count for count in Counter(values).values())
        observed += (len(values) ** 2 - same) / (len(values) - 1)
    return 1.0 - (n - 1) * observed / expected


def agreement(store: Store, dispute: str) -> Agreement:
    """How far the coders of a dispute agree, by the last verdict of each on each claim."""
    table = schema.claims
    with store.reading() as connection:
        reviews = reviews_of(connection, dispute)
        keys = {review.key for review in reviews}
        query = select(table.c.key, table.c.body_json).where(table.c.dispute == dispute)
        bodies = {r.key: r.body_json for r in connection.execute(query) if r.key in keys}
    verdicts: dict[str, dict[str, Review]] = {}
    for review in reviews:
        verdicts.setdefault(review.key, {})[review.by] = review
    values = {
        field: {key: _values(bodies[key], by, field) for key, by in verdicts.items()}
        for field in FIELDS
    }
    differing = [
        Disagreement(key, field, told)
        for field in FIELDS
        for key, told in values[field].items()
        if len(set(told.values())) > 1
    ]
    return Agreement(
        coders=tuple(sorted({review.by for review in reviews})),
        claims=sum(len(by) > 1 for by in verdicts.values()),
        alpha={f: alpha(told.values() for told in values[f].values()) for f in FIELDS},
        disagreements=tuple(differing),
    )


def _values(body: str, verdicts: Mapping[str, Review], field: str) -> dict[str, str]:
    original = json.loads(body)
    default = Claim.model_fields[field].default
    return {
        by: NO_CLAIM
        if review.state == "rejected"
        else str({**original, **review.changes}.get(field, default))
        for by, review in verdicts.items()
    }


def add_coded(
    batch: Batch, dispute: str, source: Source, claims: Iterable[Claim], coder: str
) -> tuple[int, int]:
    """Keep a text that a person coded elsewhere: (claims that were new, verdicts on known ones).

    A coded claim about a sentence in which a claim of the same actor is known already is that
    coder's verdict on it; any other is a new claim, confirmed by its coder.
    """
    add_source(batch, dispute, source)
    table = schema.claims
    query = select(table.c.body_json).where(table.c.dispute == dispute, table.c.source == source.id)
    known = [Claim.model_validate_json(b) for b in batch.connection.execute(query).scalars()]
    taken: set[str] = set()
    new = 0
    for claim in claims:
        match = next((k for k in known if k.key not in taken and _same(k, claim)), None)
        if match is None:
            new += add_claims(batch, dispute, [claim], coder)
            match = claim
        if match.key in taken:
            continue
        taken.add(match.key)
        changes = {f: v for f in FIELDS if (v := getattr(claim, f)) != getattr(match, f)}
        state: Any = "corrected" if changes else "confirmed"
        add_review(batch, dispute, Review(match.key, state, coder, batch.at, changes, "coded"))
    return new, len(taken) - new


def _same(one: Claim, other: Claim) -> bool:
    start, end = max(one.span[0], other.span[0]), min(one.span[1], other.span[1])
    whole = max(one.span[1], other.span[1]) - min(one.span[0], other.span[0])
    who = one.party == other.party if one.party and other.party else one.actor == other.actor
    return who and end - start >= SAME_SENTENCE * whole


def coded_claims(source: Source, path: Path) -> list[Claim]:
    """Claims of a report from a JSON list with the fields of a claim; other fields are left out.

    Raises InputError naming each entry that cannot be read or does not stand in the text.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Problem("this is no JSON", "a list of claims", str(path))]) from error
    found, problems = [], []
    for k, entry in enumerate(data if isinstance(data, list) else [data], 1):
        try:
            fields = {f: v for f, v in entry.items() if f in Claim.model_fields and f != "source"}
            fields.setdefault("party", entry.get("actor_party"))
            found.append(Claim.model_validate({**fields, "source": source.id}))
        except (ValidationError, AttributeError):
            problems.append(Problem(f"entry {k} is no claim", "span, quote, actor", path.name))
    wrong = check_quotes(tuple(found), source)
    problems += [Problem(f"not in the text: {c.quote[:60]}", "its words", path.name) for c in wrong]
    if problems:
        raise InputError(problems)
    return found
