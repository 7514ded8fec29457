"""The odds of every ending over time, one line each, with a number at each event told below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treves.errors import InputError, Problem
from treves.report.charts.files import picture
from treves.report.colours import DARK, LIGHT
from treves.report.drawing import figure, standalone, text_at, wrap
from treves.report.words import day, percent

WIDTH, HEIGHT = 760.0, 260.0
LEFT, RIGHT = 46.0, 610.0
LINE = 15.0
# Dashes tell the lines apart without colour.
DASHES = {
    "agreement": "",
    "vote_passed": "7 3",
    "postponed": "2 3",
    "party_leaves": "9 3 2 3",
    "collapse": "",
}
THICK = {"collapse": 3.0}


@dataclass(frozen=True)
class Point:
    """One forecast: its day (ISO), the odds of each ending, and what moved it ("" if nothing).

    ``own``: a person's forecast, drawn beside the tool's lines.
    """

    day: str
    odds: Mapping[str, float]
    event: str = ""
    own: bool = False


def as_file(title: str, points: Sequence[Point], suffix: str) -> str | bytes:
    """The drawing as the content of a file. Raises InputError for another format or no forecast.

    Raises MissingExtra where ``png`` or ``pdf`` needs the extra ``charts``.
    """
    if not points:
        raise InputError([Problem("there is no forecast to draw", "treves dossier add")])
    drawn = draw(title, points)
    both, plain = standalone(drawn, LIGHT, DARK), standalone(drawn, LIGHT)
    return picture(both, plain, suffix, title, describe(points))


def draw(title: str, points: Sequence[Point]) -> str:
    """An SVG: lines over the forecasts in their order, days below, events numbered."""
    places = [LEFT + (RIGHT - LEFT) * k / max(len(points) - 1, 1) for k in range(len(points))]
    body = [_grid(), _days(points, places)]
    tool = [(x, p) for x, p in zip(places, points, strict=True) if not p.own]
    for name, dashes in DASHES.items():
        style = f'stroke="var(--{name})" stroke-width="{THICK.get(name, 2.0)}" fill="none"'
        style += f' stroke-dasharray="{dashes}"' if dashes else ""
        path = " ".join(f"{x:.1f},{_y(p.odds.get(name, 0.0)):.1f}" for x, p in tool)
        body.append(f'<polyline points="{path}" {style}/>')
        body += [
            f'<circle cx="{x:.1f}" cy="{_y(p.odds.get(name, 0.0)):.1f}" r="3" '
            f'fill="var(--{name})"/>'
            for x, p in tool
        ]
        body += [_cross(x, p, name) for x, p in zip(places, points, strict=True) if p.own]
    body += _ends(tool[-1][1] if tool else points[-1])
    y = HEIGHT + 44.0
    for number, point, x in _events(points, places):
        body.append(text_at(x, 12, str(number), "b m"))
        body.append(
            f'<path d="M{x:.1f} 16V{_y(0.0):.1f}" stroke="var(--line)" stroke-dasharray="1 3"/>'
        )
        for k, line in enumerate(wrap(f"{_day(point.day)}: {point.event}", WIDTH - 40)):
            if not k:
                body.append(text_at(18, y, str(number), "b e"))
            body.append(text_at(24, y, line, "s"))
            y += LINE
    return figure((WIDTH, y + 4), "odds", title, describe(points), "".join(body))


def describe(points: Sequence[Point]) -> str:
    """The drawing in words, from the same data."""
    return "\n".join(
        f"{_day(p.day)}: "
        + ", ".join(f"{_name(n)} {percent(p.odds.get(n, 0.0))}" for n in DASHES)
        + (f". {p.event}" if p.event else "")
        for p in points
    )


def _events(points: Sequence[Point], places: Sequence[float]) -> list[tuple[int, Point, float]]:
    told = [(p, x) for p, x in zip(points, places, strict=True) if p.event]
    return [(k, p, x) for k, (p, x) in enumerate(told, 1)]


def _grid() -> str:
    return "".join(
        f'<path d="M{LEFT:.0f} {_y(v):.1f}H{RIGHT:.0f}" stroke="var(--faint)"/>'
        + text_at(LEFT - 8, _y(v) + 4, percent(v), "s e")
        for v in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _days(points: Sequence[Point], places: Sequence[float]) -> str:
    """Each day once, where there is room for its name."""
    drawn, last, before = [], -100.0, ""
    for point, x in zip(points, places, strict=True):
        if point.day != before and x - last > 52:
            drawn.append(text_at(x, HEIGHT + 18, _short(point.day), "s m"))
            last = x
        before = point.day
    return "".join(drawn)


def _ends(point: Point) -> list[str]:
    """The name of each line at its end, moved apart where they would cover each other."""
    drawn, y = [], -LINE
    for name in sorted(DASHES, key=lambda n: -point.odds.get(n, 0.0)):
        y = max(_y(point.odds.get(name, 0.0)) + 4, y + LINE)
        words = f"{_name(name)} {percent(point.odds.get(name, 0.0))}"
        drawn.append(
            f'<path d="M{RIGHT + 10:.1f} {y - 4:.1f}h14" stroke="var(--{name})" '
            f'stroke-width="{THICK.get(name, 2.0)}" stroke-dasharray="{DASHES[name]}"/>'
            + text_at(RIGHT + 29, y, words, "s")
        )
    return drawn


def _cross(x: float, point: Point, name: str) -> str:
    y = _y(point.odds.get(name, 0.0))
    path = f"M{x - 4:.1f} {y - 4:.1f}l8 8M{x - 4:.1f} {y + 4:.1f}l8 -8"
    return f'<path d="{path}" stroke="var(--{name})" stroke-width="2"/>'


def _y(probability: float) -> float:
    return 24.0 + (HEIGHT - 24.0) * (1.0 - probability)


def _day(text: str) -> str:
    return day(dt.date.fromisoformat(text))


def _short(text: str) -> str:
    when = dt.date.fromisoformat(text)
    return f"{when.day} {when:%b}"


def _name(outcome: str) -> str:
    return outcome.replace("_", " ")
