"""What a dossier looks like from outside: cards, the top bar, its history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import select

from treves.case.calendar import horizon
from treves.case.model import Case
from treves.catalogue import SHORT_NAMES, folder, folders, load_example, sources_of
from treves.dossier import schema
from treves.dossier.records import latest_outcome
from treves.dossier.views import (
    edits_of,
    forecast_body,
    forecasts_of,
    newest_entries,
    overview,
)
from treves.errors import TrevesError
from treves.forecast.glance import Glance
from treves.forecast.result import Forecast
from treves.report.strings import strings
from treves.report.summary import OUTCOME_ORDER, headline
from treves.report.words import band, day, in_ten, percent, word_for
from treves.web.shelf import Table

SHOWN_ENTRIES = 500
MOST_EARLIER = 60


def card(table: Table) -> dict[str, Any]:
    """A dossier in a list: how much it holds, its last headline, the line of its forecasts."""
    row = next(r for r in overview(table.store) if r["dispute"] == table.dispute)
    last = forecast_body(table.store, table.dispute)
    with table.store.reading() as connection:
        ended = latest_outcome(connection, table.dispute)
    return {
        "id": table.id,
        "title": row["title"],
        "reports": row["sources"],
        "claims": row["claims"],
        "open": row["open"],
        "forecasts": row["forecasts"],
        "as_of": row["as_of"],
        "headline": _told(last) if last else "",
        "outcome": row["headline"] or None,
        "probability": row["outcomes"].get(row["headline"]),
        "line": [
            {"as_of": f["as_of"], "outcomes": json.loads(f["outcomes_json"])}
            for f in forecasts_of(table.store, table.dispute)
            if f["kind"] == "tool"
        ],
        "resolved": ended.kind if ended else None,
    }


def _told(forecast: Forecast, lang: str = "en") -> str:
    """The headline of a stored forecast: its case is not at hand, and need not be."""
    say, name = strings(lang), forecast.headline
    probability = forecast.outcomes[name]
    return (
        f"{say(f'outcome.{name}')} {percent(probability)} "
        f"({in_ten(probability, lang)}, {band(*forecast.intervals[name], lang)})"
    )


def title_of(table: Table) -> str:
    """The title of a dossier."""
    query = select(schema.disputes.c.title).where(schema.disputes.c.dispute == table.dispute)
    return str(table.store.rows(query)[0]["title"])


@cache
def _examples() -> tuple[dict[str, Any], ...]:
    short = {long: name for name, long in SHORT_NAMES.items()}
    found = []
    for name in folders():
        try:
            case = load_example(name)
        except TrevesError:  # a case that this version cannot read is no example
            continue
        found.append(
            {
                "name": short.get(name, name),
                "title": case.title or name,
                "country": case.country,
                "as_of": case.as_of.isoformat() if case.as_of else None,
                "parties": [p.id for p in case.parties],
                "reports": len(sources_of(folder(name))),
            }
        )
    return tuple(sorted(found, key=lambda e: (e["reports"] == 0, e["name"])))


def examples() -> list[dict[str, Any]]:
    """The coded cases that ship with treves, those with reports first."""
    return [dict(row) for row in _examples()]


def edits(table: Table, path: str) -> list[dict[str, Any]]:
    """Who set a number, when and why, oldest first."""
    return [
        {"path": a.path, "value": a.value, "by": a.by, "at": a.at, "why": a.why}
        | {"taken_back": a.takes_back is not None}
        for a in edits_of(table.store, table.dispute, path)
    ]


def earlier_forecasts(table: Table, case: Case) -> Sequence[Forecast]:
    """The stored forecasts of earlier days, one a day, for how the forecast moved."""
    last: dict[str, str] = {}
    for row in forecasts_of(table.store, table.dispute):
        if row["kind"] == "tool" and row["as_of"] < case.day.isoformat():
            last[row["as_of"]] = row["id"]
    bodies = (
        forecast_body(table.store, table.dispute, name)
        for name in [last[d] for d in sorted(last)][-MOST_EARLIER:]
    )
    return [body for body in bodies if body is not None]


def sentence(case: Case, seen: Glance, lang: str = "en") -> str:
    """The headline of quick odds: without an interval, for they have none."""
    say, name = strings(lang), seen.headline
    kind = name
    if name == "collapse":
        kind = "collapse_government" if case.government else "collapse_talks"
    probability = seen.outcomes[name]
    return say(
        "headline.unsure" if probability < 0.4 else "headline.likely",
        what=say(f"by_horizon.{kind}", until=day(horizon(case), lang)),
        word=word_for(probability, lang),
        chance=in_ten(probability, lang),
        band=percent(probability),
    )


def standing(
    about: tuple[int, str],
    case: Case | None,
    odds: tuple[Forecast | None, Glance | None],
    stored: Forecast | None,
    lang: str,
) -> dict[str, Any]:
    """The top bar. about: version and title. odds: the forecast, or the quick odds until then."""
    made, quick = odds
    told = ""
    if case is not None and made is not None:
        told = headline(case, made, lang)
    elif case is not None and quick is not None:
        told = sentence(case, quick, lang)
    shown = made or quick
    return {
        "version": about[0],
        "title": about[1],
        "as_of": case.day.isoformat() if case else None,
        "horizon": horizon(case).isoformat() if case else None,
        "draws": shown.draws if shown else None,
        "has_case": case is not None,
        "computing": case is not None and made is None,
        "headline": told,
        "outcomes": [_bar(name, made, quick, lang) for name in OUTCOME_ORDER] if shown else [],
        "stored": dict(stored.outcomes) if stored else None,
    }


def _bar(name: str, made: Forecast | None, quick: Glance | None, lang: str) -> dict[str, Any]:
    odds = made.outcomes if made else (quick.outcomes if quick else {})
    low, high = made.intervals[name] if made else (None, None)
    return {
        "outcome": name,
        "words": strings(lang)(f"outcome.{name}"),
        "probability": odds[name],
        "low": low,
        "high": high,
        "figure": percent(odds[name]),
        "chance": in_ten(odds[name], lang),
    }


def history(table: Table) -> dict[str, Any]:
    """The line of forecasts with what moved each, and the newest log entries."""
    rows = forecasts_of(table.store, table.dispute)
    names = ("id", "kind", "by", "at", "as_of", "horizon", "draws", "version")
    return {
        "forecasts": [
            {name: row[name] for name in names}
            | {"outcomes": json.loads(row["outcomes_json"])}
            | {"reasons": json.loads(row["reasons_json"] or "[]")}
            for row in rows
        ],
        "entries": [
            {name: row[name] for name in ("seq", "at", "by", "action", "rows")}
            for row in newest_entries(table.store, SHOWN_ENTRIES)
            if row["dispute"] == table.dispute
        ],
    }
