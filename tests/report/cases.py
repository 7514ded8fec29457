"""Cases that pages are tested with: one full of hostile text, and a large one."""

from __future__ import annotations

import datetime as dt

from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Evidence, Span
from treves.case.model import Case, Issue, Party, Stance

HOSTILE = 'x<script>alert(1)</script>"><img src=y onerror=z>\u202e&amp;'


def hostile_case(asylum: Case) -> Case:
    span = Span(source="s", span=(0, len(HOSTILE)), quote=HOSTILE, outlet=HOSTILE, speaker=HOSTILE)
    held = asylum.stance("VVD", "family_reunification").model_copy(
        update={"evidence": {"position": Evidence(kind="reported", spans=(span,))}, "why": HOSTILE}
    )
    positions = dict(asylum.positions)
    positions["VVD"] = {**positions["VVD"], "family_reunification": held}
    issue = asylum.issues[0].model_copy(update={"title": HOSTILE, "points": {0.0: HOSTILE}})
    party = asylum.parties[0].model_copy(update={"name": HOSTILE})
    return asylum.model_copy(
        update={
            "title": HOSTILE,
            "body": HOSTILE,
            "positions": positions,
            "issues": (issue, *asylum.issues[1:]),
            "parties": (party, *asylum.parties[1:]),
        }
    )


def large_case() -> Case:
    """12 parties on 15 issues, every number known."""
    parties = tuple(Party(id=f"P{k}", name=f"Party number {k}", seats=10 + k) for k in range(12))
    points = {0.0: "nothing at all of what is asked", 50.0: "half", 100.0: "the whole of it"}
    issues = tuple(
        Issue(id=f"i{n}", title=f"Measure number {n} of the package", points=points)
        for n in range(15)
    )
    positions = {
        p.id: {
            i.id: Stance(
                position=Estimate.of((7 * k + 13 * n) % 101),
                accepts=Interval.model_validate([0, 100]),
                salience=Estimate.of(50),
                why="coded for this test, with a reason as long as reasons are",
            )
            for n, i in enumerate(issues)
        }
        for k, p in enumerate(parties)
    }
    return Case(
        id="large", as_of=dt.date(2024, 1, 1), parties=parties, issues=issues, positions=positions
    )
