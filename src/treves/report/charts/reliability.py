"""Reliability: how often what was forecast at some odds has happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from treves.report.charts.look import Rows, library, styled
from treves.report.strings import strings

BINS = 5


def rows(pairs: Iterable[tuple[float, bool]], bins: int = BINS) -> Rows:
    """One row per bin of odds that is not empty: mean odds, share that happened, how many.

    pairs: forecast probability and whether it happened.

    >>> rows([(0.1, False), (0.15, False), (0.9, True)])[0]["count"]
    2
    """
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for odds, happened in pairs:
        grouped.setdefault(min(bins - 1, int(odds * bins)), []).append((odds, happened))
    return [
        {
            "odds": sum(o for o, _ in held) / len(held),
            "share": sum(h for _, h in held) / len(held),
            "count": len(held),
        }
        for _, held in sorted(grouped.items())
    ]


def draw(pairs: Iterable[tuple[float, bool]], lang: str = "en", bins: int = BINS) -> Any:
    """Dots as large as the number of forecasts in them, against the line of perfect odds."""
    alt = library("altair")
    say = strings(lang)
    scale = alt.Scale(domain=[0, 1])
    ends = alt.Data(values=[{"odds": 0, "share": 0}, {"odds": 1, "share": 1}])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 4], color="#57606a")
    dots = alt.Chart(alt.Data(values=rows(pairs, bins))).mark_point(filled=True, color="#0b5cad")
    named = alt.Chart(alt.Data(values=rows(pairs, bins))).mark_text(dx=14, align="left")
    place = {
        "x": alt.X("odds:Q", scale=scale, axis=alt.Axis(format="%"), title=say("chart.forecast")),
        "y": alt.Y("share:Q", scale=scale, axis=alt.Axis(format="%"), title=say("chart.happened")),
    }
    size = alt.Size("count:Q", legend=None, scale=alt.Scale(range=[60, 500]))
    chart = alt.layer(
        line.encode(**place), dots.encode(size=size, **place), named.encode(text="count:Q", **place)
    )
    return styled(chart.properties(width=360, height=360), say("page.record"))


def describe(pairs: Iterable[tuple[float, bool]], bins: int = BINS) -> str:
    """The diagram in words, from the same rows."""
    return "\n".join(
        f"{100 * r['odds']:.0f}%: {100 * r['share']:.0f}% ({r['count']})" for r in rows(pairs, bins)
    )
