"""Tornado: how far knowing each number would move the odds of the headline."""

from __future__ import annotations

from typing import Any

from treves.report.charts.look import Rows, library, styled
from treves.report.drawing import clean
from treves.report.records import Summary
from treves.report.strings import strings


def rows(summary: Summary) -> Rows:
    """One row per question, the one that moves most first: its text, its swing in points."""
    return [
        {"question": clean(lever.text), "low": -lever.swing, "high": lever.swing}
        for lever in summary.levers
    ]


def draw(summary: Summary) -> Any:
    """Bars to both sides of the forecast: one standard deviation down and up."""
    alt = library("altair")
    say = strings(summary.lang)
    bars = (
        alt.Chart(alt.Data(values=rows(summary)))
        .mark_bar(color="#0b5cad", height=14)
        .encode(
            x=alt.X("low:Q", title=say("chart.points")),
            x2="high:Q",
            y=alt.Y("question:N", sort=None, title=None),
        )
    )
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color="#1b1f24").encode(x="at:Q")
    return styled(alt.layer(bars, zero).properties(width=320), say("page.change"))


def describe(summary: Summary) -> str:
    """The chart in words, from the same numbers."""
    return "\n".join(f"{lever.text} {lever.swing_words}" for lever in summary.levers)
