"""The living forecast: a report comes in, the forecast moves, and the sentence is named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, or_, select

from treves import __version__
from treves.case.evidence import Source
from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.drafting import USUAL, Hands, Terms, drafted, forecast_of, newest_day
from treves.dossier.ledger import forecast_id
from treves.dossier.reasons import Reason, reasons
from treves.dossier.records import (
    Known,
    Moment,
    add_case,
    add_claims,
    add_source,
    base_of,
    known_at,
    require,
)
from treves.dossier.reviews import Review, add_verdicts
from treves.dossier.store import Batch, Store, fetch, to_json
from treves.errors import CaseError, InputError, Problem
from treves.forecast.result import Forecast, case_hash

READER = "treves reader"
WHY_DRAFT = "drafted from the claims"
# So often a forecast is made without keeping others from writing; then it is made while they wait.
PATIENT_TRIES = 3


@dataclass(frozen=True)
class Step:
    """What one addition did: how many claims it brought, and how the forecast moved.

    ``judged``: verdicts that came with it. ``lost``: those that are about no claim read in it.
    """

    source: Source | None
    is_new: bool
    claims: int
    judged: int = 0
    lost: int = 0
    before: Mapping[str, float] | None = None
    forecast: Forecast | None = None
    reasons: tuple[Reason, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class _Seen:
    """What a forecast is made from: what is known, and what was when the last one was made."""

    known: Known
    last: Mapping[str, Any] | None
    earlier: Known | None


@dataclass(frozen=True)
class _Made:
    """A forecast that is not kept yet."""

    case: Case
    forecast: Forecast
    reasons: tuple[Reason, ...]


def add_report(
    store: Store,
    dispute: str,
    source: Source,
    hands: Hands,
    by: str,
    terms: Terms | None = USUAL,
    told: Sequence[Review] = (),
) -> Step:
    """Read a report, keep it with its claims, forecast anew, and say what moved it.

    One transaction: report, claims, case, forecast and reasons are kept together or not at all.
    terms: None keeps the report without a forecast. told: verdicts given before. Raises
    InputError for an unknown dispute.
    """
    with store.reading() as connection:
        require(connection, dispute, store.path)
        base = base_of(connection, dispute)
    claims = hands.read(source, base)
    with store.adding("add", by, dispute) as batch:
        is_new = add_source(batch, dispute, source)
        count = add_claims(batch, dispute, claims, READER) if is_new else 0
        judged, lost = add_verdicts(batch, dispute, told)
        step = Step(source, is_new, count, judged, lost)
        return step if terms is None else _forecast_anew(batch, dispute, hands, terms, step)


def add_base(
    store: Store, dispute: str, case: Case, hands: Hands, by: str, terms: Terms | None = USUAL
) -> Step:
    """Keep a newly coded case as the one to start from, and forecast anew."""
    with store.adding("code", by, dispute) as batch:
        require(batch.connection, dispute, store.path)
        add_case(batch, dispute, case, "base", by, "as coded")
        step = Step(None, True, 0)
        return step if terms is None else _forecast_anew(batch, dispute, hands, terms, step)


def renew(
    store: Store,
    dispute: str,
    hands: Hands,
    by: str,
    terms: Terms = USUAL,
    forecast: Forecast | None = None,
) -> Step:
    """Forecast anew from what the dossier knows now, after reviews for instance.

    Others can write meanwhile; when they do, it is made again. forecast: one of the present case
    that was made already; InputError when the case has changed since.
    """
    step = Step(None, False, 0)
    for _ in range(PATIENT_TRIES):
        with store.reading() as connection:
            require(connection, dispute, store.path)
            entry = newest_of(connection, dispute)
            seen = _see(connection, dispute)
        step, made = _work_out(seen, hands, terms, step, forecast)
        if made is None:
            return step
        with store.adding("forecast", by, dispute) as batch:
            if newest_of(batch.connection, dispute) == entry:
                return _keep(batch, dispute, step, made)
    with store.adding("forecast", by, dispute) as batch:
        return _forecast_anew(batch, dispute, hands, terms, Step(None, False, 0))


def newest_of(connection: Connection, dispute: str) -> int:
    """Number of the last log entry that may have changed a dispute; 0 when there is none."""
    table = schema.log
    query = select(table.c.seq).where(or_(table.c.dispute == dispute, table.c.dispute.is_(None)))
    found = connection.execute(query.order_by(table.c.seq.desc()).limit(1)).scalar_one_or_none()
    return found or 0


def rebuild(store: Store, dispute: str, day: dt.date, hands: Hands, terms: Terms) -> Forecast:
    """What would have been forecast at the end of a day from what was known then; not stored.

    Raises CaseError when too little was known for a case.
    """
    with store.reading() as connection:
        require(connection, dispute, store.path)
        known = known_at(connection, dispute, Moment(day=day))
    return forecast_of(drafted(known, hands, day), terms)


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
    step, made = _work_out(_see(batch.connection, dispute), hands, terms, step)
    return step if made is None else _keep(batch, dispute, step, made)


def _see(connection: Connection, dispute: str) -> _Seen:
    last = last_forecast(connection, dispute, "tool")
    then = None if last is None else known_at(connection, dispute, Moment(entry=last["entry"]))
    return _Seen(known_at(connection, dispute), last, then)


def _work_out(
    seen: _Seen, hands: Hands, terms: Terms, step: Step, forecast: Forecast | None = None
) -> tuple[Step, _Made | None]:
    """The new forecast and why it moved; None, with a note, where there is none to make."""
    day, last = newest_day(seen.known), seen.last
    before = None if last is None else json.loads(last["outcomes_json"])
    step = replace(step, before=before)
    try:
        case = drafted(seen.known, hands, day)
    except CaseError as error:
        # The reports are kept all the same: the next ones may name what is missing.
        return replace(step, before=None, note=error.problems[0].what), None
    version = case_hash(case)
    if forecast is not None and forecast.case_hash != version:
        raise InputError([Problem("the case has changed since this forecast", "a new one")])
    same = (version, terms.seed, terms.draws, terms.prior, __version__)
    held = last and tuple(last[k] for k in ("case_hash", "seed", "draws", "prior", "version"))
    if held == same:
        return replace(step, note="it changes no number"), None
    made = forecast or forecast_of(case, terms)
    told = reasons(seen.earlier, seen.known, hands, day, terms) if seen.earlier else ()
    return step, _Made(case, made, told)


def _keep(batch: Batch, dispute: str, step: Step, made: _Made) -> Step:
    forecast = made.forecast
    add_case(batch, dispute, made.case, "draft", READER, WHY_DRAFT)
    row = forecast.model_dump(mode="json", include={"as_of", "horizon", "seed", "draws", "prior"})
    row |= {"kind": "tool", "version": forecast.version, "case_hash": forecast.case_hash}
    row["reasons_json"] = to_json([reason.model_dump(mode="json") for reason in made.reasons])
    _add_forecast(batch, dispute, READER, row, forecast.model_dump(mode="json"))
    return replace(step, forecast=forecast, reasons=made.reasons)


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
