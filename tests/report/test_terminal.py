"""The screen: 40 lines of 100 columns, in the order of a newspaper page, for every case."""

from __future__ import annotations

import re

import pytest
from tests.golden_files import assert_golden

from treves import catalogue
from treves.case.model import Case
from treves.forecast.run import run
from treves.forecast.zones import deals, zone_odds
from treves.report.summary import summarise
from treves.report.terminal import deals_table, to_text
from treves.report.words import band, in_ten, percent, word_for


def screen(case: Case, **options: bool) -> str:
    return to_text(summarise(case, run(case, seed=0, draws=512)), **options)


def test_the_asylum_screen(asylum: Case) -> None:
    assert_golden("asylum.forecast.txt", screen(asylum))


def test_the_asylum_deals(asylum: Case) -> None:
    assert_golden("asylum.deals.txt", deals_table(asylum, zone_odds(deals(asylum, draws=512))))


@pytest.mark.parametrize("name", catalogue.folders())
def test_every_case_fits_the_screen(name: str) -> None:
    lines = screen(catalogue.load_example(name)).splitlines()
    assert len(lines) <= 40
    assert max(len(line) for line in lines) <= 100
    order = ["HOW IT ENDS", "WHO CAN LIVE WITH WHAT", "DEALS"]
    places = [next(k for k, line in enumerate(lines) if line.startswith(w)) for w in order]
    assert places == sorted(places)
    assert re.search(r"in (10|20)", "".join(lines[:6]))


def test_colour_only_when_asked_for(asylum: Case) -> None:
    plain, coloured = screen(asylum), screen(asylum, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_evidence_stands_under_the_line_of_its_party(asylum: Case) -> None:
    text = screen(asylum, evidence=True)
    assert "judged: not negotiable for a family party" in text


def test_control_characters_of_a_hostile_case_do_not_reach_the_terminal(asylum: Case) -> None:
    hostile = asylum.model_copy(update={"title": "talks\x1b]0;pwned\x07\u202e on\ntax"})
    text = screen(hostile)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_what_is_unknown_is_drawn_as_unknown(asylum: Case) -> None:
    silent = asylum.model_copy(
        update={"positions": {k: v for k, v in asylum.positions.items() if k != "D66"}}
    )
    assert re.search(r"D66 .*- - - .*nothing known", screen(silent))


@pytest.mark.parametrize(
    ("probability", "word", "tenths", "figure"),
    [
        (0.0, "remote", "under 1 in 20", "0%"),
        (0.004, "remote", "under 1 in 20", "<1%"),
        (0.25, "unlikely", "3 in 10", "25%"),
        (0.5, "about even", "5 in 10", "50%"),
        (0.62, "likely", "6 in 10", "62%"),
        (0.97, "very likely", "over 19 in 20", "97%"),
        (1.0, "very likely", "over 19 in 20", "100%"),
    ],
)
def test_words_and_figures(probability: float, word: str, tenths: str, figure: str) -> None:
    assert (word_for(probability), in_ten(probability), percent(probability)) == (
        word,
        tenths,
        figure,
    )
    assert band(0.38, 0.83) == "4 to 8"
