"""Heat map: in what share of the draws each party can live with each package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from treves.report.charts.look import Rows, library, styled
from treves.report.drawing import clean
from treves.report.records import Summary
from treves.report.strings import strings
from treves.report.words import percent


def rows(summary: Summary) -> Rows:
    """One row per package and party: its rank and words, the party, the share of draws."""
    return [
        {
            "rank": rank,
            "package": clean(f"{rank}. {deal.words}"),
            "party": party,
            "share": share,
            "figure": percent(share),
        }
        for rank, deal in enumerate((*summary.deals, *summary.more_deals), 1)
        for party, share in deal.shares
    ]


def draw(summary: Summary) -> Any:
    """The heat map of a summary."""
    return drawn(rows(summary), summary.order, len(summary.issues), summary.lang)


def drawn(held: Rows, order: Sequence[str], issues: int, lang: str = "en") -> Any:
    """The heat map; the figure stands in every cell, so that colour is not the only carrier."""
    alt = library("altair")
    base = alt.Chart(alt.Data(values=held))
    place = {
        "x": alt.X("party:N", sort=list(order), title=None, axis=alt.Axis(labelAngle=0)),
        "y": alt.Y(
            "package:N",
            sort=alt.EncodingSortField("rank", op="min"),
            title=None,
            axis=alt.Axis(labelExpr="split(datum.label, '; ')", labelLineHeight=14),
        ),
    }
    colour = alt.Color("share:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    # Not the colours of the look: these stand on blue, in the dark too.
    ink = alt.condition("datum.share > 0.55", alt.value("#fefefe"), alt.value("#101418"))
    cells = base.mark_rect().encode(color=colour, **place)
    figures = base.mark_text(fontSize=12).encode(text="figure:N", color=ink, **place)
    height = {"step": 16 * max(issues, 2) + 6}
    chart = alt.layer(cells, figures).properties(width={"step": 74}, height=height)
    return styled(chart, strings(lang)("chart.share"))


def describe(summary: Summary) -> str:
    """The chart in words, from the same rows."""
    return told(rows(summary))


def told(held: Rows) -> str:
    """A line of words per package."""
    lines: dict[str, list[str]] = {}
    for row in held:
        lines.setdefault(row["package"], []).append(f"{row['party']} {row['figure']}")
    return "\n".join(f"{package}: {', '.join(who)}" for package, who in lines.items())
