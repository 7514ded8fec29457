"""The living forecast: a report comes in, the forecast moves, and the sentence is named.

Reading and drafting are given by the caller (:class:`Hands`): the dossier keeps what they find.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlalchemy import Connection, select

from treves.case.evidence import Claim, Record, Source
from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.ledger import forecast_id
from treves.dossier.records import (
    Known,
    Moment,
    add_case,
    add_claims,
    add_source,
    base_of,
    known_at,
    require,
    to_json,
)
from treves.dossier.store import Batch, Store, fetch
from treves.errors import CaseError
from treves.forecast.result import Forecast, Prior, case_hash
from treves.forecast.run import DRAWS, run

READER = "treves reader"
# Leaving one claim out asks for a difference at the same seed, not for another decimal.
LEAN_DRAWS = 500
MOST_GROUPS = 16
# A change that no reader would notice is not worth a sentence.
NOTICEABLE = 0.002
WHY_DRAFT = "drafted from the claims"

STANCE_VERBS = {
    "demand": "asks for",
    "propose": "proposes",
    "support": "supports",
    "accept": "can live with",
    "oppose": "opposes",
    "reject": "rejects",
    "want_deal": "wants a deal",
    "threaten_vote": "threatens a vote",
    "threaten_leave": "threatens to leave",
    "expect": "expects",
    "concede": "gives way on",
    "other": "speaks of",
}
WITHOUT_OBJECT = ("want_deal", "threaten_vote", "threaten_leave")


@dataclass(frozen=True)
class Hands:
    """What reads a report and what drafts a case; both come from the room ``reading``.

    read(source, case) gives claims; draft(claims, base, sources, as_of) gives a case and raises
    CaseError when the claims name too little to begin one.
    """

    read: Callable[[Source, Case | None], Sequence[Claim]]
    draft: Callable[[Sequence[Claim], Case | None, Sequence[Source], dt.date | None], Case]


@dataclass(frozen=True)
class Terms:
    """How forecasts of a dossier are made."""

    seed: int = 0
    draws: int = DRAWS
    prior: Prior = "world"


class Reason(Record):
    """What moved a forecast: a group of claims alike, a coded case, or the calendar.

    ``effects`` holds per outcome how the probability would have changed back without it.
    """

    what: str
    effects: dict[str, float]
    outlet: str | None = None
    date: str | None = None
    source: str | None = None
    quote: str | None = None
    confided: bool = False
    claims: tuple[str, ...] = Field(default=(), description="Keys of the claims of the group.")


@dataclass(frozen=True)
class Step:
    """What one addition did: how many claims it brought, and how the forecast moved."""

    source: Source | None
    is_new: bool
    claims: int
    before: Mapping[str, float] | None = None
    forecast: Forecast | None = None
    reasons: tuple[Reason, ...] = ()
    note: str = ""


def add_report(
    store: Store,
    dispute: str,
    source: Source,
    hands: Hands,
    by: str,
    terms: Terms | None = Terms(),
) -> Step:
    """Read a report, keep it with its claims, forecast anew, and say what moved it.

    One transaction: report, claims, case, forecast and reasons are kept together or not at all.
    terms: None keeps the report without a forecast. Raises InputError for an unknown dispute.
    """
    with store.reading() as connection:
        require(connection, dispute, store.path)
        base = base_of(connection, dispute)
    claims = hands.read(source, base)
    with store.adding("add", by, dispute) as batch:
        is_new = add_source(batch, dispute, source)
        count = add_claims(batch, dispute, claims, READER) if is_new else 0
        step = Step(source, is_new, count)
        return step if terms is None else _forecast_anew(batch, dispute, hands, terms, step)


def add_base(
    store: Store, dispute: str, case: Case, hands: Hands, by: str, terms: Terms | None = Terms()
) -> Step:
    """Keep a newly coded case as the one to start from, and forecast anew."""
    with store.adding("code", by, dispute) as batch:
        require(batch.connection, dispute, store.path)
        add_case(batch, dispute, case, "base", by, "as coded")
        step = Step(None, True, 0)
        return step if terms is None else _forecast_anew(batch, dispute, hands, terms, step)


def renew(store: Store, dispute: str, hands: Hands, by: str, terms: Terms = Terms()) -> Step:
    """Forecast anew from what the dossier knows now, after reviews for instance."""
    with store.adding("forecast", by, dispute) as batch:
        require(batch.connection, dispute, store.path)
        return _forecast_anew(batch, dispute, hands, terms, Step(None, False, 0))


def rebuild(store: Store, dispute: str, day: dt.date, hands: Hands, terms: Terms) -> Forecast:
    """What would have been forecast at the end of a day from what was known then; not stored.

    Raises CaseError when too little was known for a case.
    """
    with store.reading() as connection:
        require(connection, dispute, store.path)
        known = known_at(connection, dispute, Moment(day=day))
    return _run(_drafted(known, hands, day), terms)


def add_own(
    store: Store,
    dispute: str,
    by: str,
    outcomes: Mapping[str, float],
    days: tuple[dt.date, dt.date],
) -> str:
    """Record a person's own forecast, as of the first day until the second; returns its id."""
    as_of, horizon = days
    with store.adding("forecast", by, dispute) as batch:
        require(batch.connection, dispute, store.path)
        body = {"outcomes": dict(outcomes)}
        row = {"kind": "mine", "as_of": as_of.isoformat(), "horizon": horizon.isoformat()}
        return _add_forecast(batch, dispute, by, row, body)


def last_forecast(connection: Connection, dispute: str, kind: str) -> dict[str, Any] | None:
    """The newest forecast of a kind (tool, mine) as its row."""
    table = schema.forecasts
    query = select(table).where(table.c.dispute == dispute, table.c.kind == kind)
    found = fetch(connection, query.order_by(table.c.seq.desc()).limit(1))
    return found[0] if found else None


def _forecast_anew(batch: Batch, dispute: str, hands: Hands, terms: Terms, step: Step) -> Step:
    known = known_at(batch.connection, dispute)
    day = _newest_day(known)
    try:
        case = _drafted(known, hands, day)
    except CaseError as error:
        # The reports are kept all the same: the next ones may name what is missing.
        return Step(step.source, step.is_new, step.claims, note=error.problems[0].what)
    last = last_forecast(batch.connection, dispute, "tool")
    before = None if last is None else json.loads(last["outcomes_json"])
    same = last is not None and last["case_hash"] == case_hash(case)
    if same and last is not None and (last["seed"], last["draws"]) == (terms.seed, terms.draws):
        return Step(step.source, step.is_new, step.claims, before, note="it changes no number")
    forecast = _run(case, terms)
    entry = 0 if last is None else int(last["entry"])
    earlier = known_at(batch.connection, dispute, Moment(entry=entry))
    reasons = () if last is None else tuple(_reasons(earlier, known, hands, day, terms))
    add_case(batch, dispute, case, "draft", READER, WHY_DRAFT)
    row = forecast.model_dump(mode="json", include={"as_of", "horizon", "seed", "draws", "prior"})
    row |= {"kind": "tool", "version": forecast.version, "case_hash": forecast.case_hash}
    row["reasons_json"] = to_json([reason.model_dump(mode="json") for reason in reasons])
    _add_forecast(batch, dispute, READER, row, forecast.model_dump(mode="json"))
    return Step(step.source, step.is_new, step.claims, before, forecast, reasons)


def _add_forecast(
    batch: Batch, dispute: str, by: str, about: Mapping[str, Any], body: Mapping[str, Any]
) -> str:
    table = schema.forecasts
    head = select(table.c.id).where(table.c.dispute == dispute).order_by(table.c.seq.desc())
    row: dict[str, Any] = dict.fromkeys(c.name for c in table.columns)
    row |= about
    row |= {"dispute": dispute, "by": by, "at": batch.at}
    row["previous"] = batch.connection.execute(head.limit(1)).scalar_one_or_none()
    row["body_json"] = to_json(body)
    row["outcomes_json"] = to_json(body["outcomes"])
    row["id"] = forecast_id(row)
    batch.add(table, [row])
    return str(row["id"])


def _run(case: Case, terms: Terms) -> Forecast:
    return run(case, terms.seed, terms.draws, terms.prior)


def _drafted(known: Known, hands: Hands, day: dt.date | None) -> Case:
    return hands.draft(list(known.claims.values()), known.base, known.sources, day)


def _newest_day(known: Known) -> dt.date | None:
    """The day of the case: of the newest report, or of the coded case where that is later."""
    days = [known.base.as_of] if known.base and known.base.as_of else []
    for source in known.sources:
        try:
            days.append(dt.date.fromisoformat(source.date or ""))
        except ValueError:  # only a month or a year is known
            continue
    return max(days, default=None)


def _reasons(
    earlier: Known, known: Known, hands: Hands, day: dt.date | None, terms: Terms
) -> Iterator[Reason]:
    """What moved the forecast, the strongest first: each group of changed claims left out once."""
    lean = Terms(terms.seed, min(terms.draws, LEAN_DRAWS), terms.prior)
    full_case = _drafted(known, hands, day)
    full = _run(full_case, lean).outcomes
    found = []
    for keys in _groups(earlier, known):
        without = {k: c for k, c in known.claims.items() if k not in keys}
        without |= {k: earlier.claims[k] for k in keys if k in earlier.claims}
        case = _drafted(Known(known.sources, without, known.base), hands, day)
        effects = _difference(full, full_case, case, lean)
        if effects:
            found.append(_told(keys, earlier, known, full_case, effects))
    if earlier.base != known.base:
        case = _drafted(Known(known.sources, known.claims, earlier.base), hands, day)
        effects = _difference(full, full_case, case, lean)
        if effects:
            found.append(Reason(what="the case was coded anew", effects=effects))
    found += _time_passed(earlier, hands, day, lean)
    yield from sorted(found, key=lambda r: -max(map(abs, r.effects.values())))


def _time_passed(
    earlier: Known, hands: Hands, day: dt.date | None, lean: Terms
) -> Iterator[Reason]:
    """What the calendar did by itself: the same knowledge, looked at on a later day."""
    was = _newest_day(earlier)
    if was is None or day is None or was == day:
        return
    now = _drafted(earlier, hands, day)
    effects = _difference(_run(now, lean).outcomes, now, _drafted(earlier, hands, was), lean)
    if effects:
        yield Reason(what="days went by", effects=effects, date=day.isoformat())


def _difference(
    full: Mapping[str, float], full_case: Case, case: Case, lean: Terms
) -> dict[str, float]:
    """How the outcomes differ from those of a case with less in it; empty if hardly at all."""
    if _numbers(case) == _numbers(full_case):
        return {}
    less = _run(case, lean).outcomes
    effects = {name: round(full[name] - less[name], 6) for name in full}
    return effects if max(map(abs, effects.values())) >= NOTICEABLE else {}


def _numbers(case: Case) -> Any:
    """What a case says, without what it rests on."""
    return _without_evidence(case.model_dump(mode="json", exclude={"edits"}))


def _without_evidence(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_evidence(v) for k, v in value.items() if k != "evidence"}
    return [_without_evidence(v) for v in value] if isinstance(value, list) else value


def _groups(earlier: Known, known: Known) -> list[tuple[str, ...]]:
    """Keys of the claims that are new or were reviewed, those alike together."""
    either = {**earlier.claims, **known.claims}
    changed = [k for k, c in either.items() if earlier.claims.get(k) != known.claims.get(k)]
    fine: dict[tuple[Any, ...], list[str]] = {}
    for key in changed:
        claim = either[key]
        fine.setdefault((claim.party, claim.issue, claim.stance), []).append(key)
    if len(fine) > MOST_GROUPS:
        fine = {}
        for key in changed:
            fine.setdefault((either[key].party,), []).append(key)
    return [tuple(keys) for keys in fine.values()]


def _told(
    keys: Sequence[str], earlier: Known, known: Known, case: Case, effects: dict[str, float]
) -> Reason:
    """A group of claims in words, with its surest sentence."""
    held = [known.claims.get(k) or earlier.claims[k] for k in keys]
    claim = max(held, key=lambda c: (c.certainty == "asserted", c.confidence))
    source = next((s for s in known.sources if s.id == claim.source), None)
    verb = STANCE_VERBS[claim.stance]
    about = claim.position or _title(case, claim.issue)
    what = f"{claim.party or claim.actor or 'somebody'} {verb}"
    if about and claim.stance not in WITHOUT_OBJECT:
        what += f" {about}"
    return Reason(
        what=what,
        effects=effects,
        outlet=source.outlet if source else None,
        date=claim.date or (source.date if source else None),
        source=claim.source,
        quote=claim.quote,
        confided=source.confided if source else False,
        claims=tuple(keys),
    )


def _title(case: Case, issue: str | None) -> str:
    for known in case.issues:
        if known.id == issue:
            return known.title or known.id
    return (issue or "").replace("_", " ")
