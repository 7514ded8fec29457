"""What is looked at often: short queries that stay quick in a dossier of a million claims."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from treves.case.corrections import corrected
from treves.case.evidence import Claim, Source
from treves.dossier import schema
from treves.dossier.amendments import Amendment, amendments_of
from treves.dossier.living import last_forecast
from treves.dossier.records import source_from_row
from treves.dossier.reviews import STATES, Review, review_from_row, standing, stands
from treves.dossier.store import Store, count, fetch
from treves.errors import InputError, Problem
from treves.forecast.result import Forecast


def overview(store: Store) -> list[dict[str, Any]]:
    """Per dispute: how many sources, claims, open claims and forecasts, and the newest forecast."""
    found = []
    with store.reading() as connection:
        for row in fetch(connection, select(schema.disputes.c.dispute, schema.disputes.c.title)):
            name = row["dispute"]
            last = last_forecast(connection, name, "tool")
            odds: Mapping[str, float] = json.loads(last["outcomes_json"]) if last else {}
            claims = count(connection, schema.claims, name)
            found.append(
                {
                    **row,
                    "sources": count(connection, schema.sources, name),
                    "claims": claims,
                    "open": claims - sum(_judged(connection, name).values()),
                    "forecasts": count(connection, schema.forecasts, name),
                    "as_of": last["as_of"] if last else None,
                    "headline": max(odds, key=lambda k: odds[k]) if odds else "",
                    "outcomes": dict(odds),
                }
            )
    return found


def _judged(connection: Connection, dispute: str) -> dict[str, int]:
    """Per source how many of its claims have a verdict."""
    table, told = schema.claims, schema.reviews
    query = (
        select(table.c.source, func.count(func.distinct(told.c.key)))
        .join(told, (told.c.dispute == table.c.dispute) & (told.c.key == table.c.key))
        .where(told.c.dispute == dispute, stands())
        .group_by(table.c.source)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def sources_page(
    store: Store, dispute: str, limit: int = 500, after: int = 0
) -> list[dict[str, Any]]:
    """One page of reports in order of arrival, each with how many claims it has and are open."""
    table, claims = schema.sources, schema.claims
    with store.reading() as connection:
        query = select(table).where(table.c.dispute == dispute, table.c.seq > after)
        rows = fetch(connection, query.order_by(table.c.seq).limit(limit))
        ids = [row["source"] for row in rows]
        counts = (
            select(claims.c.source, func.count())
            .where(claims.c.dispute == dispute, claims.c.source.in_(ids))
            .group_by(claims.c.source)
        )
        held = {row[0]: row[1] for row in connection.execute(counts)}
        judged = _judged(connection, dispute)
    return [
        {k: row[k] for k in ("outlet", "title", "date", "lang", "url", "cluster", "added")}
        | {"number": row["seq"], "id": row["source"], "confided": bool(row["confided"])}
        | {
            "claims": held.get(row["source"], 0),
            "open": held.get(row["source"], 0) - judged.get(row["source"], 0),
        }
        for row in rows
    ]


def source_of(store: Store, dispute: str, name: str) -> Source:
    """A report with its text, by its id. Raises InputError when the dispute has none such."""
    table = schema.sources
    query = (
        select(table, schema.texts.c.text)
        .join(schema.texts, schema.texts.c.id == table.c.source)
        .where(table.c.dispute == dispute, table.c.source == name)
    )
    rows = store.rows(query.order_by(table.c.seq).limit(1))
    if not rows:
        raise InputError([Problem(f"no report {name} in {dispute}", "an id of `list`")])
    return source_from_row(rows[0])


def claims_page(
    store: Store,
    dispute: str,
    state: str | None = None,
    limit: int = 50,
    after: int = 0,
    source: str | None = None,
) -> list[dict[str, Any]]:
    """One page of claims in order of arrival, as they stand after their reviews.

    Each has its ``state``, who decided that and when (``decided_by``, ``decided_at``, ``why``), and
    what the reader had read where a correction changed it (``as_read``). source: only those of one
    report.
    """
    if state is not None and state not in STATES:
        raise InputError([Problem(f"{state} is no state", ", ".join(STATES), "--state")])
    table, verdicts = schema.claims, schema.reviews
    query = select(table.c.seq, table.c.key, table.c.by, table.c.body_json)
    query = query.where(table.c.dispute == dispute, table.c.seq > after)
    if source is not None:
        query = query.where(table.c.source == source)
    if state is not None:
        latest = (
            select(verdicts.c.state)
            .where(verdicts.c.dispute == table.c.dispute, verdicts.c.key == table.c.key, stands())
            .order_by(verdicts.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = query.where(func.coalesce(latest, STATES[0]) == state)
    with store.reading() as connection:
        rows = fetch(connection, query.order_by(table.c.seq).limit(limit))
        held = _verdicts(connection, dispute, [row["key"] for row in rows])
    return [_claim(row, held.get(row["key"], ())) for row in rows]


def claim_of(store: Store, dispute: str, key: str) -> dict[str, Any]:
    """One claim as :func:`claims_page` has it. Raises InputError when there is none such."""
    table = schema.claims
    query = select(table.c.seq, table.c.key, table.c.by, table.c.body_json)
    with store.reading() as connection:
        rows = fetch(connection, query.where(table.c.dispute == dispute, table.c.key == key))
        held = _verdicts(connection, dispute, [key])
    if not rows:
        raise InputError([Problem(f"no claim {key} in {dispute}", "a key from `show`")])
    return _claim(rows[0], held.get(key, ()))


def _verdicts(connection: Connection, dispute: str, keys: Sequence[str]) -> dict[str, list[Review]]:
    table = schema.reviews
    found = []
    # SQLite takes so many names in one query.
    for k in range(0, len(keys), 10_000):
        query = select(table).where(
            table.c.dispute == dispute, table.c.key.in_(keys[k : k + 10_000])
        )
        found += fetch(connection, query.order_by(table.c.seq))
    return standing(review_from_row(row) for row in found)


def _claim(row: Mapping[str, Any], verdicts: Sequence[Review]) -> dict[str, Any]:
    read = Claim.model_validate_json(row["body_json"])
    last = verdicts[-1] if verdicts else None
    stood = corrected(read, last.changes) if last and last.state == "corrected" else read
    before = read.model_dump(mode="json")
    return stood.model_dump(mode="json") | {
        "number": row["seq"],
        "key": row["key"],
        "by": row["by"],
        "state": last.state if last else STATES[0],
        "decided_by": last.by if last else None,
        "decided_at": last.at if last else None,
        "why": last.why if last else None,
        "as_read": {name: before[name] for name in (last.changes if last else ())},
    }


def newest_entries(store: Store, limit: int) -> list[dict[str, Any]]:
    """The last log entries, the newest first."""
    return store.rows(select(schema.log).order_by(schema.log.c.seq.desc()).limit(limit))


def edits_of(store: Store, dispute: str, path: str | None = None) -> list[Amendment]:
    """The numbers that persons set on top of the claims, in order, with what was taken back."""
    with store.reading() as connection:
        found = amendments_of(connection, dispute)
    return [amendment for amendment in found if path in (None, amendment.path)]


def scenarios_of(store: Store, dispute: str) -> list[dict[str, Any]]:
    """The named what-ifs of a dispute, each as it was last kept."""
    table = schema.scenarios
    rows = store.rows(select(table).where(table.c.dispute == dispute).order_by(table.c.seq))
    last = {row["name"]: row for row in rows}
    return [
        {k: row[k] for k in ("name", "by", "at", "why")} | json.loads(row["body_json"])
        for row in last.values()
    ]


def forecasts_of(store: Store, dispute: str) -> list[dict[str, Any]]:
    """The line of a dispute: each forecast without its full result, in order."""
    table = schema.forecasts
    columns = [c for c in table.columns if c.name not in ("body_json", *schema.BOOKKEEPING)]
    return store.rows(select(*columns).where(table.c.dispute == dispute).order_by(table.c.seq))


def forecast_body(store: Store, dispute: str, name: str | None = None) -> Forecast | None:
    """The whole result of a forecast of the tool, by its id or the newest; None without one."""
    table = schema.forecasts
    query = select(table.c.body_json).where(table.c.dispute == dispute, table.c.kind == "tool")
    query = query if name is None else query.where(table.c.id == name)
    rows = store.rows(query.order_by(table.c.seq.desc()).limit(1))
    return Forecast.model_validate_json(rows[0]["body_json"]) if rows else None


def last_horizon(store: Store, dispute: str) -> dt.date:
    """Until when the newest forecast of the tool looks; InputError when there is none."""
    with store.reading() as connection:
        last = last_forecast(connection, dispute, "tool")
    if last is None:
        raise InputError([Problem("there is no forecast whose horizon holds", "--until DAY")])
    return dt.date.fromisoformat(last["horizon"])
