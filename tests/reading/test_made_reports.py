"""The made reports that the reader is fitted on: whole, and about nobody who exists."""

import pytest
from benchmarks import made_reports

MADE = made_reports.load_all()
TOLD = """date: 2023-07-06
party: VBN = Volksbelang | liberalen
person: Els van Dorp | VBN | v | premier
TEXT
De premier wil uitstel. "Dan stappen wij op", zei Van Dorp.
CLAIMS
demand, propose | Els van Dorp / VBN | outlet | asserted | - | De premier wil uitstel
"""


def test_there_are_many_and_their_claims_stand_in_their_texts():
    assert len(MADE) > 400
    for made in MADE:
        assert made.problems == [], made.source.title
        for claim in made.claims:
            start, end = claim["span"]
            assert made.source.text[start:end] == claim["quote"]


def test_no_real_party_or_politician_is_named():
    found = {made.source.title: made_reports.real_names(made) for made in MADE}
    assert {title: names for title, names in found.items() if names} == {}


def test_a_report_is_parsed():
    made = made_reports.parse("x", TOLD)
    assert made.problems == []
    assert made.claims[0]["stance_ok"] == ["propose"]
    assert made.registry.holder("premier", "2023-07-06").name == "Els van Dorp"
    assert made_reports.real_names(made) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("wil uitstel\n", "wil geld\n", "not in the text"),
        ("demand, propose", "demands", "stance"),
        (" | asserted", "", "six parts"),
        ("uitstel. ", "uitstel. De VVD niet. ", "a real name"),
    ],
)
def test_what_is_wrong_is_said(old, new, told):
    made = made_reports.parse("x", TOLD.replace(old, new, 1))
    problems = [*made.problems, *(f"a real name: {n}" for n in made_reports.real_names(made))]
    assert any(told in problem for problem in problems)
