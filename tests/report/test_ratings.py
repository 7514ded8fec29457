"""Ratings of points, and what belongs together, on the page."""

from __future__ import annotations

from tests.deals.test_shapes import case_of

from treves.forecast.run import run
from treves.report.sections import issue_view
from treves.report.strings import strings
from treves.report.summary import summarise

CALENDAR = [{"date": "2024-05-07", "kind": "council"}]
TERM = {"where": {"x": [50, 100], "y": [0, 40]}, "worth": {"B": -0.25}}


def test_ratings_and_what_belongs_together_are_shown() -> None:
    case = case_of(as_of="2024-05-01", calendar=CALENDAR, together=[TERM])
    summary = summarise(case, run(case, draws=64))
    assert summary.notes == (
        "x from 50 to 100 and y from 0 to 40 at once are worth 25 of 100 less to B",
    )
    rated = next(p for i in summary.issues for p in i.parties if p.party == "A" and i.issue == "x")
    assert rated.position == 50
    assert {n.path: n.text for n in rated.numbers}["A.x.worth"] == "0: 0.2, 50: 1, 100: 0.6"
    view = issue_view(summary, summary.issues[0], strings("en"))
    assert '<td data-h="asks for">50</td>' in view
