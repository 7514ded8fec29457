"""Reliability: how often what was forecast at some odds has happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from treves.forecast.scoring import reliability
from treves.report.charts.look import Rows, library, styled
from treves.report.colours import LIGHT
from treves.report.strings import strings

SIDE = 260


def rows(pairs: Iterable[tuple[float, bool]]) -> Rows:
    """One row per bin of :func:`treves.forecast.scoring.reliability`, from pairs.

    pairs: forecast probability and whether it happened.

    >>> rows([(0.1, False), (0.15, False), (0.9, True)])[0]["count"]
    2
    """
    held = list(pairs)
    said, happened = np.array([p for p, _ in held]), np.array([y for _, y in held], dtype=bool)
    return [
        {
            "odds": row.forecast,
            "share": row.happened,
            "count": row.count,
            "low": row.low,
            "high": row.high,
        }
        for row in reliability(said, happened)
    ]


def draw(pairs: Iterable[tuple[float, bool]], lang: str = "en") -> Any:
    """Dots with 90% intervals, how many forecasts in each, against the line of perfect odds."""
    return styled(panel(rows(pairs), lang), strings(lang)("page.record"))


def panel(held: Rows, lang: str = "en", title: str = "") -> Any:
    """The diagram of rows as :func:`rows` makes them, without the common look."""
    alt = library("altair")
    say = strings(lang)
    scale = alt.Scale(domain=[0, 1])
    # Room above for the number beside a dot at 100%.
    above = alt.Scale(domain=[0, 1.08], nice=False)
    percent = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    x = alt.X("odds:Q", scale=scale, axis=percent, title=say("chart.forecast"))
    y = alt.Y("share:Q", scale=above, axis=percent, title=say("chart.happened"))
    ends = alt.Data(values=[{"odds": 0, "share": 0}, {"odds": 1, "share": 1}])
    perfect = alt.Chart(ends).mark_line(strokeDash=[4, 4], color=LIGHT["line"]).encode(x=x, y=y)
    base = alt.Chart(alt.Data(values=held))
    spread = base.mark_rule(color=LIGHT["accent"], opacity=0.45, strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q", scale=above, title=say("chart.happened")), y2="high:Q"
    )
    dots = base.mark_point(filled=True, color=LIGHT["accent"], size=70, opacity=1).encode(x=x, y=y)
    named = base.mark_text(dx=9, dy=-9, align="left", color=LIGHT["soft"], fontSize=12).encode(
        x=x, y=y, text="count:Q"
    )
    heading = alt.Title(title, anchor="start", fontSize=13, fontWeight="normal")
    return alt.layer(perfect, spread, dots, named).properties(
        width=SIDE, height=1.08 * SIDE, title=heading
    )


def describe(pairs: Iterable[tuple[float, bool]]) -> str:
    """The diagram in words, from the same rows."""
    return "\n".join(
        f"{100 * r['odds']:.0f}%: {100 * r['share']:.0f}% ({r['count']})" for r in rows(pairs)
    )
