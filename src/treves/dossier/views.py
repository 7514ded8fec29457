"""What is looked at often: short queries that stay quick in a dossier of a million claims."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from treves.dossier import schema
from treves.dossier.living import last_forecast
from treves.dossier.records import STATES
from treves.dossier.store import Store, count, fetch
from treves.errors import InputError, Problem


def overview(store: Store) -> list[dict[str, Any]]:
    """Per dispute: how many sources, claims and forecasts, and the newest forecast."""
    found = []
    with store.reading() as connection:
        for row in fetch(connection, select(schema.disputes.c.dispute, schema.disputes.c.title)):
            name = row["dispute"]
            last = last_forecast(connection, name, "tool")
            odds: Mapping[str, float] = json.loads(last["outcomes_json"]) if last else {}
            found.append(
                {
                    **row,
                    "sources": count(connection, schema.sources, name),
                    "claims": count(connection, schema.claims, name),
                    "forecasts": count(connection, schema.forecasts, name),
                    "as_of": last["as_of"] if last else None,
                    "headline": max(odds, key=lambda k: odds[k]) if odds else "",
                }
            )
    return found


def claims_page(
    store: Store, dispute: str, state: str | None, limit: int, after: int = 0
) -> list[dict[str, Any]]:
    """One page of claims in order of arrival, each with the state of its review."""
    if state is not None and state not in STATES:
        raise InputError([Problem(f"{state} is no state", ", ".join(STATES), "--state")])
    table, verdicts = schema.claims, schema.reviews
    latest = (
        select(verdicts.c.state)
        .where(verdicts.c.dispute == table.c.dispute, verdicts.c.key == table.c.key)
        .order_by(verdicts.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    known = func.coalesce(latest, STATES[0]).label("state")
    query = select(table.c.seq, table.c.key, table.c.by, table.c.body_json, known)
    query = query.where(table.c.dispute == dispute, table.c.seq > after)
    if state is not None:
        query = query.where(known == state)
    rows = store.rows(query.order_by(table.c.seq).limit(limit))
    return [
        {"party": None, "issue": None, "stance": "other", **json.loads(row["body_json"])}
        | {"number": row["seq"], "key": row["key"], "by": row["by"], "state": row["state"]}
        for row in rows
    ]


def newest_entries(store: Store, limit: int) -> list[dict[str, Any]]:
    """The last log entries, the newest first."""
    return store.rows(select(schema.log).order_by(schema.log.c.seq.desc()).limit(limit))


def forecasts_of(store: Store, dispute: str) -> list[dict[str, Any]]:
    """The line of a dispute: each forecast without its full result, in order."""
    table = schema.forecasts
    columns = [c for c in table.columns if c.name not in ("body_json", *schema.BOOKKEEPING)]
    return store.rows(select(*columns).where(table.c.dispute == dispute).order_by(table.c.seq))


def last_horizon(store: Store, dispute: str) -> dt.date:
    """Until when the newest forecast of the tool looks; InputError when there is none."""
    with store.reading() as connection:
        last = last_forecast(connection, dispute, "tool")
    if last is None:
        raise InputError([Problem("there is no forecast whose horizon holds", "--until DAY")])
    return dt.date.fromisoformat(last["horizon"])
