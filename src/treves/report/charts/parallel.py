"""Parallel coordinates: the packages that most can live with, one line each over the issues."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from treves.report.charts.look import Rows, library, styled
from treves.report.drawing import clean, wrap
from treves.report.records import Summary
from treves.report.strings import strings

TITLE = 150.0


def rows(summary: Summary) -> Rows:
    """One row per package and issue: rank, odds, the issue, the value and its label."""
    return [
        {
            "rank": rank,
            "odds": deal.figure,
            "package": f"{rank}. {deal.figure}",
            "place": place,
            "issue": clean(part.title),
            "value": part.value,
            "label": clean(part.label),
        }
        for rank, deal in enumerate((*summary.deals, *summary.more_deals), 1)
        for place, part in enumerate(deal.parts)
        if part.value is not None
    ]


def draw(summary: Summary) -> Any:
    """The lines of a summary."""
    return drawn(rows(summary), [i.title for i in summary.issues], summary.lang)


def drawn(held: Rows, issues: Sequence[str], lang: str = "en") -> Any:
    """A line per package, the likeliest darkest; the legend says what is in each."""
    alt = library("altair")
    say = strings(lang)
    titles = ["\n".join(wrap(title, TITLE)) for title in issues]
    held = [row | {"axis": titles[row["place"]]} for row in held]
    names = list(dict.fromkeys(row["package"] for row in held))
    x = alt.X(
        "axis:N",
        sort=titles,
        title=None,
        axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, '\\n')", labelPadding=8),
    )
    line = (
        alt.Chart(alt.Data(values=held))
        .mark_line(point=alt.OverlayMarkDef(size=60))
        .encode(
            x=x,
            y=alt.Y("value:Q", scale=alt.Scale(domain=[0, 100]), title=say("chart.value")),
            color=alt.Color(
                "package:N",
                sort=names,
                scale=alt.Scale(scheme="viridis"),
                title=say("chart.package"),
                legend=alt.Legend(
                    orient="bottom",
                    columns=1,
                    labelLimit=900,
                    labelExpr=f"{json.dumps(_words(held))}[datum.label]",
                ),
            ),
            strokeDash=alt.StrokeDash("package:N", sort=names, legend=None),
            detail="package:N",
        )
    )
    return styled(line.properties(width={"step": 170}, height=300), say("page.deals"))


def _words(held: Rows) -> dict[str, str]:
    """What is in each package, by its name."""
    found: dict[str, list[str]] = {}
    for row in held:
        value = f"{row['value']:.0f}"
        found.setdefault(row["package"], []).append(
            f"{row['label']} ({value})" if row.get("label") else f"{row['issue']} {value}"
        )
    return {name: f"{name}  {'; '.join(parts)}" for name, parts in found.items()}


def describe(summary: Summary) -> str:
    """The chart in words, from the same rows."""
    return told(rows(summary))


def told(held: Rows) -> str:
    """A line of words per package."""
    lines: dict[str, list[str]] = {}
    for row in held:
        lines.setdefault(row["package"], []).append(f"{row['issue']} {row['value']:.0f}")
    return "\n".join(f"{package}: {', '.join(parts)}" for package, parts in lines.items())
