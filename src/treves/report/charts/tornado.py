"""What the headline rests on: how far each answer would move it, and each number at its ends."""

from __future__ import annotations

from typing import Any

from treves.forecast.tornado import Sensitivity
from treves.report.charts.look import Rows, library, styled
from treves.report.colours import LIGHT
from treves.report.drawing import clean
from treves.report.records import Summary
from treves.report.strings import strings


def rows(summary: Summary) -> Rows:
    """One row per question, the one that moves most first: its text, its swing in points."""
    return [{"question": clean(lever.text), "points": lever.swing} for lever in summary.levers]


def draw(summary: Summary) -> Any:
    """One bar per question. It has no sides: before the answer is known, neither has the move."""
    alt = library("altair")
    say = strings(summary.lang)
    bars = (
        alt.Chart(alt.Data(values=rows(summary)))
        .mark_bar(color=LIGHT["accent"], height=14)
        .encode(
            x=alt.X("points:Q", title=say("chart.points")),
            y=alt.Y("question:N", sort=None, title=None),
        )
    )
    return styled(bars.properties(width=320), say("page.change"))


def draw_ends(found: Sensitivity, most: int = 12) -> Any:
    """The tornado of a sensitivity: the headline with each number at either end of its range."""
    alt = library("altair")
    held = [
        {
            "name": f"{bar.name}  {bar.low:g} to {bar.high:g}",
            "low": bar.at_low,
            "high": bar.at_high,
            "end": end,
            "at": at,
        }
        for bar in found.bars[:most]
        for end, at in (("low end", bar.at_low), ("high end", bar.at_high))
    ]
    base = alt.Chart(alt.Data(values=held))
    y = alt.Y("name:N", sort=None, title=None)
    ending = found.headline.replace("_", " ")
    x = alt.X("low:Q", title=f"Odds of {ending}", axis=alt.Axis(format="%", tickCount=6))
    x = x.scale(zero=False, nice=True)
    bars = base.mark_bar(color=LIGHT["accent"], opacity=0.35, height=12).encode(
        x=x, x2="high:Q", y=y
    )
    ends = base.mark_point(filled=True, size=60, opacity=1, color=LIGHT["accent"]).encode(
        x="at:Q",
        y=y,
        shape=alt.Shape(
            "end:N",
            title="With the number at its",
            scale=alt.Scale(domain=["low end", "high end"], range=["circle", "diamond"]),
        ),
    )
    now = alt.Chart(alt.Data(values=[{"at": found.probability}])).mark_rule(color=LIGHT["ink"])
    drawn = alt.layer(bars, ends, now.encode(x="at:Q")).properties(width=360)
    return styled(drawn, f"What {ending} rests on: {100 * found.probability:.0f}% as it is")


def describe(summary: Summary) -> str:
    """The chart in words, from the same numbers."""
    return "\n".join(f"{lever.text} {lever.swing_words}" for lever in summary.levers)
