"""How the forecast moved, and what moved it; everything that was ever done to the dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from treves.report.drawing import esc
from treves.report.sections import section
from treves.report.words import ENDING, percent
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, Said, bdi, link, sentence_list, table
from treves.web.shell import changes


def show(desk: Desk, ask: Ask) -> Pane:
    """The line of forecasts with their reasons, then the log."""
    question = "How did the forecast move, and why?"
    summary, held = desk.summary(ask.dossier), desk.history(ask.dossier)
    moved = section(summary, "moved") if summary else ""
    forecasts = held["forecasts"]
    before: Mapping[str, float] | None = None
    told = ""
    for row in forecasts:
        told = _forecast(ask, row, before) + told
        before = row["outcomes"] if row["kind"] == "tool" else before
    listed = (
        told or '<p class="lead">No forecast was kept yet: keep one at the top of the page.</p>'
    )
    log = table(
        ("When", "Who", "What"),
        [(moment(e["at"]), bdi(str(e["by"])), bdi(str(e["action"]))) for e in held["entries"]],
        "Log",
    )
    body = f"{moved}<h2>Forecasts that were kept</h2>{listed}"
    body += f"<details><summary>The log</summary>{log}</details>"
    return Pane(question, body, _evidence(ask, forecasts))


def _forecast(ask: Ask, row: Mapping[str, Any], before: Mapping[str, float] | None) -> str:
    odds = row["outcomes"]
    top = max(odds, key=lambda name: odds[name])
    own = " (a person's own)" if row["kind"] != "tool" else ""
    reasons = "".join(
        f"<li>{link(ask.url(forecast=row['id'], reason=k), r['what'])} "
        f'<span class="k">{esc(_points(r["effects"]))}</span></li>'
        for k, r in enumerate(row["reasons"] or ())
    )
    moved = changes(before, odds) if before else ""
    return (
        f"<h3>{esc(str(row['as_of']))}: {esc(ENDING.get(top, top))} {percent(odds[top])}{own}</h3>"
        f"{f'<p>{esc(moved)}.</p>' if moved else ''}{f'<ul>{reasons}</ul>' if reasons else ''}"
        f'<p class="note">kept by {bdi(str(row["by"]))}, {moment(row["at"])}; '
        f"looks until {esc(str(row['horizon']))}</p>"
    )


def moment(at: object) -> str:
    """A moment as day and minute.

    >>> moment("2023-07-06T21:03:59.1+00:00")
    '2023-07-06 21:03'
    """
    return esc(str(at)[:16].replace("T", " "))


def _points(effects: Mapping[str, float]) -> str:
    """How far a reason moved what it moved most."""
    name = max(effects, key=lambda n: abs(effects[n]))
    return f"{name.replace('_', ' ')} {100 * effects[name]:+.0f} points"


def _evidence(ask: Ask, forecasts: list[dict[str, Any]]) -> str:
    """The sentence behind a jump."""
    chosen = next((f for f in forecasts if str(f["id"]) == ask.query.get("forecast")), None)
    place = ask.query.get("reason", "")
    reasons = (chosen or {}).get("reasons") or []
    if not place.isdecimal() or int(place) >= len(reasons):
        return ""
    reason = reasons[int(place)]
    told = sentence_list([reason]) if reason.get("quote") and not reason.get("confided") else ""
    rows = "".join(
        f"<li>{esc(n.replace('_', ' '))} {100 * p:+.1f} points</li>"
        for n, p in sorted(reason["effects"].items(), key=lambda item: -abs(item[1]))
    )
    keys = reason.get("claims") or ()
    seen = (
        f"<p>{link(ask.url('claims', claim=keys[0]), 'See it in the report')}</p>" if keys else ""
    )
    return (
        f"<h2>{bdi(str(reason['what']))}</h2>{told}{seen}"
        f'<p class="note">Without it the odds would differ by:</p><ul>{rows}</ul>'
    )


def keep(desk: Desk, ask: Ask, _: Mapping[str, Any]) -> Said:
    """Keep the forecast of the case as it stands, with what moved it."""
    desk.keep_forecast(ask.dossier, ask.by)
    return Said("Keeping the forecast, and looking for what moved it.")


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], Said]] = {"keep": keep}
