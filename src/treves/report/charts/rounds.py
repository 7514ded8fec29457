"""Rounds: how the models that go in rounds move every party along the line of an issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.forecast.tracing import positions
from treves.report.charts.look import Rows, library, styled
from treves.report.colours import legible, party_colours
from treves.report.drawing import clean
from treves.report.reading_view import reports_alone
from treves.report.records import Summary
from treves.report.strings import strings

PAPER = "#ffffff"
HEIGHT = 260
# Labels of 12 pixels need this much of the line, which is 100 long, between them.
GAP = 100 * 14 / HEIGHT
DASHES = ([1, 0], [6, 3], [2, 2])


@dataclass(frozen=True)
class Moves:
    """Which model is drawn, on which issues, and its rows: issue, round, party, position."""

    model: str
    titles: tuple[str, ...]
    rows: Rows


def moves_of(case: Case, model: str = "challenge", issues: Sequence[str] = ()) -> Moves:
    """Where every party stands after each round of a model, at the likely numbers of a case.

    issues: ids; none means all. Raises InputError for an issue that the case does not have, and
    for a model that does not go in rounds.
    """
    known = [issue.id for issue in case.issues]
    wrong = [name for name in issues if name not in known]
    if wrong:
        raise InputError([Problem(f"no issue {wrong[0]}", f"one of {', '.join(known)}", "--issue")])
    shown = {i.id: clean(i.title or i.id) for i in case.issues if not issues or i.id in issues}
    held = [
        row | {"issue": shown[row["issue"]], "party": clean(row["party"])}
        for row in positions(case, model)
        if row["issue"] in shown
    ]
    drawn = tuple(dict.fromkeys(row["issue"] for row in held))
    return Moves(model, drawn, held)


def summary_of(case: Case, lang: str = "en") -> Summary:
    """What the drawing needs of a summary; it holds no forecast, which needs a day."""
    order = [party.id for party in case.parties]
    return replace(
        reports_alone((), lang),
        title=case.title or case.id,
        order=tuple(order),
        colours=party_colours(case, order),
    )


def draw(case: Case | Moves, summary: Summary) -> Any:
    """A panel per issue, a line per party, its name at the end of the line."""
    alt = library("altair")
    moves = case if isinstance(case, Moves) else moves_of(case)
    panels = [_panel(alt, moves, title, summary) for title in moves.titles]
    whole = alt.vconcat(*panels, spacing=28) if panels else alt.vconcat()
    return styled(whole, f"{summary.title}: {moves.model}")


def _panel(alt: Any, moves: Moves, title: str, summary: Summary) -> Any:
    say = strings(summary.lang)
    held = [row for row in moves.rows if row["issue"] == title]
    last = max(row["round"] for row in held)
    ends = {row["party"]: row["position"] for row in held if row["round"] == last}
    labels = [
        {"round": last, "party": party, "position": ends[party], "at": at}
        for party, at in spread(ends).items()
    ]
    known = dict(summary.colours)
    names = list(dict.fromkeys(row["party"] for row in held))
    tones = [legible(known.get(name, "#57606a"), PAPER) for name in names]
    # There are fewer colours than parties may be: where one comes again, its line is broken.
    dashes = [DASHES[min(tones[:k].count(tone), len(DASHES) - 1)] for k, tone in enumerate(tones)]
    dash = alt.StrokeDash(
        "party:N", sort=names, scale=alt.Scale(domain=names, range=dashes), legend=None
    )
    colour = alt.Color(
        "party:N", sort=names, scale=alt.Scale(domain=names, range=tones), legend=None
    )
    x = alt.X(
        "round:Q",
        title=say("chart.round"),
        scale=alt.Scale(domain=[0, max(last, 1)]),
        axis=alt.Axis(values=list(range(0, last + 1, 1 + last // 15)), format="d", grid=False),
    )
    y = alt.Scale(domain=[0, 100])
    lines = (
        alt.Chart(alt.Data(values=held))
        .mark_line(point=alt.OverlayMarkDef(size=30), strokeWidth=2, opacity=0.9)
        .encode(x=x, y=alt.Y("position:Q", scale=y, title=say("chart.position")))
        .encode(color=colour, strokeDash=dash)
    )
    base = alt.Chart(alt.Data(values=labels)).encode(x=x, color=colour)
    lead = base.mark_rule(xOffset=4, x2Offset=14, strokeWidth=1).encode(
        y=alt.Y("position:Q", scale=y), y2="at:Q", x2="round:Q"
    )
    text = base.mark_text(align="left", dx=18, fontSize=12).encode(
        y=alt.Y("at:Q", scale=y), text="party:N"
    )
    panel = alt.layer(lines, lead, text).properties(width=420, height=HEIGHT)
    return panel.properties(title={"text": title, "anchor": "start", "fontWeight": "normal"})


def spread(ends: dict[str, float]) -> dict[str, float]:
    """Where the names stand, so that none lies on another: in the order of the positions.

    >>> places = spread({"A": 50.0, "B": 50.0, "C": 10.0})
    >>> places["C"], places["A"] + places["B"], places["B"] - places["A"] > 5
    (10.0, 100.0, True)
    """
    names = sorted(ends, key=lambda name: ends[name])
    gap = min(GAP, 100.0 / max(len(names), 1))
    blocks: list[list[str]] = []
    for name in names:
        blocks.append([name])
        while len(blocks) > 1 and _foot(blocks[-1], ends, gap) < _head(blocks[-2], ends, gap):
            upper = blocks.pop()
            blocks[-1] += upper
    return {
        name: _foot(block, ends, gap) + k * gap for block in blocks for k, name in enumerate(block)
    }


def _foot(block: list[str], ends: dict[str, float], gap: float) -> float:
    """Where the lowest name of a block stands, with the block around its positions."""
    height = (len(block) - 1) * gap
    centre = sum(ends[name] for name in block) / len(block)
    return min(max(centre - height / 2.0, 0.0), 100.0 - height)


def _head(block: list[str], ends: dict[str, float], gap: float) -> float:
    """The lowest place that the block above may have."""
    return _foot(block, ends, gap) + len(block) * gap


def describe(case: Case | Moves, summary: Summary) -> str:
    """The chart in words, from the same rows: where each party starts and where it ends."""
    moves = case if isinstance(case, Moves) else moves_of(case)
    say = strings(summary.lang)
    told = []
    for title in moves.titles:
        held = [row for row in moves.rows if row["issue"] == title]
        paths: dict[str, list[float]] = {}
        for row in held:
            paths.setdefault(row["party"], []).append(row["position"])
        last = max(row["round"] for row in held)
        ways = [f"{party} {path[0]:.0f} → {path[-1]:.0f}" for party, path in paths.items()]
        told.append(f"{title} ({moves.model}, {say('chart.round').lower()} {last}): ")
        told[-1] += ", ".join(ways)
    return "\n".join(told)
