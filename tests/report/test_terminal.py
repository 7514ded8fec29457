"""The screen: 40 lines of 100 columns, in the order of a newspaper page, for every case."""

from __future__ import annotations

import re

import pytest
from tests.golden_files import assert_golden

from treves import catalogue
from treves.case.model import Case
from treves.forecast.run import run
from treves.forecast.zones import deals, zone_odds
from treves.report.summary import summarise, zone_words
from treves.report.terminal import deals_table, to_text
from treves.report.words import band, in_ten, percent, word_for


def screen(case: Case, **options: bool) -> str:
    return to_text(summarise(case, run(case, seed=0, draws=512)), **options)


def test_the_asylum_screen(asylum: Case) -> None:
    assert_golden("asylum.forecast.txt", screen(asylum))


def test_the_asylum_deals(asylum: Case) -> None:
    assert_golden("asylum.deals.txt", deals_table(asylum, zone_odds(deals(asylum, draws=512))))


def test_after_a_search_the_screen_says_in_both_languages_what_it_can_have_missed(
    asylum: Case,
) -> None:
    every = zone_odds(deals(asylum, draws=64), 3)
    searched = every.model_copy(
        update={
            "packages_looked_at": 20_000,
            "packages_in_all": 48_000_000,
            "left_out": 0.31,
            "draws_searched": 4096,
        }
    )
    carried = tuple(p.model_copy(update={"carried": 0.5}) for p in every.packages)
    by_rule = searched.model_copy(update={"packages": carried})
    for lang, whole, rule in (("en", "48,000,000", "the rule"), ("nl", "48.000.000", "regel")):
        words = zone_words(searched, lang)
        assert whole in words
        assert "31%" in words
        assert "4.096" in words.replace(",", ".")
        assert rule in zone_words(by_rule, lang)
        assert rule not in words
        assert "31%" not in zone_words(every, lang)
    screen = " ".join(deals_table(asylum, searched).split())
    assert zone_words(searched) in screen


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
