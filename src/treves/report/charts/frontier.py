"""What two parties can get together: every package, and those that neither can better alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from treves.case.model import Case
from treves.deals.frontier import pareto
from treves.forecast.settling import space_of
from treves.profile import Floats, Profile, modal
from treves.report.charts.look import Rows, library, styled
from treves.report.drawing import clean
from treves.report.records import Summary
from treves.report.redact import without
from treves.report.strings import strings
from treves.utility import worth

MOST = 2000


def rows(case: Case, summary: Summary, pair: tuple[str, str] | None = None) -> Rows:
    """One row per package: its worth (0-100) to both parties, its words, on the frontier or not.

    pair: two parties; the ends of the main line of conflict when not given. Worth is at the most
    likely numbers of the case and knows no red lines. Of more than 2,000 packages, those on the
    frontier and evenly spaced others.
    """
    one, other = pair or ends(summary)
    case = without(case, summary.withheld)
    return compared(
        modal(case), space_of(case).packages, (one, other), lambda package: _words(case, package)
    )


def compared(
    profile: Profile, packages: Floats, pair: tuple[str, str], words: Callable[[Floats], str]
) -> Rows:
    """The rows of any packages (k, i), at the numbers of a profile without draws."""
    both = [profile.parties.index(p) for p in pair]
    values = worth(profile, packages)[both].T
    best = {int(k) for k in pareto(values).choice.ravel()}
    step = max(1, len(packages) // MOST)
    chosen = [k for k in range(len(packages)) if k % step == 0 or k in best]
    return [
        {
            "x": float(100 * values[k, 0]),
            "y": float(100 * values[k, 1]),
            "best": k in best,
            "package": words(packages[k]),
        }
        for k in chosen
        if not np.isnan(values[k]).any()
    ]


def ends(summary: Summary) -> tuple[str, str]:
    """The two parties at the ends of the main line of conflict, of those whose wishes are known."""
    known = [
        p
        for p in summary.order
        if any(q.position is not None for i in summary.issues for q in i.parties if q.party == p)
    ]
    both = known if len(known) > 1 else list(summary.order)
    return both[0], both[-1]


def draw(case: Case, summary: Summary, pair: tuple[str, str] | None = None) -> Any:
    """The frontier of two parties of a case."""
    return drawn(rows(case, summary, pair), pair or ends(summary), summary.lang)


def drawn(held: Rows, pair: tuple[str, str], lang: str = "en") -> Any:
    """Packages as dots; those on the frontier are large and joined."""
    alt = library("altair")
    say = strings(lang)
    one, other = pair
    kinds = [say("chart.frontier"), say("chart.other")]
    for row in held:
        row["kind"] = kinds[0] if row["best"] else kinds[1]
    scale = alt.Scale(domain=[0, 100])
    base = alt.Chart(alt.Data(values=held)).encode(
        x=alt.X("x:Q", scale=scale, title=say("chart.worth", party=one)),
        y=alt.Y("y:Q", scale=scale, title=say("chart.worth", party=other)),
        tooltip=["package:N", "x:Q", "y:Q"],
    )
    colour = alt.Color(
        "kind:N",
        sort=kinds,
        scale=alt.Scale(domain=kinds, range=["#0b5cad", "#8c959f"]),
        legend=alt.Legend(title=None, orient="top"),
    )
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "cross"]))
    dots = base.mark_point(filled=True, size=45, opacity=0.8).encode(color=colour, shape=shape)
    line = base.transform_filter("datum.best").mark_line(color="#0b5cad").encode(order="x:Q")
    return styled(alt.layer(line, dots).properties(width=420, height=420), f"{one} – {other}")


def describe(case: Case, summary: Summary, pair: tuple[str, str] | None = None) -> str:
    """The frontier in words, from the same rows."""
    return told(rows(case, summary, pair), pair or ends(summary))


def told(held: Rows, pair: tuple[str, str]) -> str:
    """A line of words per package on the frontier."""
    one, other = pair
    best = sorted((r for r in held if r["best"]), key=lambda r: -r["x"])
    return "\n".join(f"{one} {r['x']:.0f}, {other} {r['y']:.0f}: {r['package']}" for r in best)


def _words(case: Case, package: Any) -> str:
    return clean(
        "; ".join(
            f"{i.nearest_label(float(v)) or i.title or i.id} ({v:.0f})"
            for i, v in zip(case.issues, package, strict=True)
        )
    )
