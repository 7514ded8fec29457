"""The endgame explained on a screen."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.golden_files import assert_golden

from treves import catalogue
from treves.case.evidence import Claim
from treves.case.model import Case, Move
from treves.cli.forecasts import said
from treves.endgame.beliefs import move_table
from treves.forecast.story import tell
from treves.report.explained import story_text
from treves.report.strings import LANGUAGES, strings


def test_the_asylum_endgame(asylum: Case) -> None:
    told = said(str(catalogue.folder("asylum")), asylum)
    assert_golden("asylum.endgame.txt", story_text(tell(asylum, draws=512, claims=told)))


def test_what_is_said_after_the_day_does_not_count(asylum: Case) -> None:
    words = "Rutte is after a fall"
    claim = Claim(
        source="a",
        span=(0, len(words)),
        quote=words,
        party="VVD",
        stance="expect",
        issue="collapse",
        date="2023-07-07",
    )
    late = tell(asylum, draws=64, claims=[claim])
    known = tell(asylum, draws=64, claims=[claim.model_copy(update={"date": "2023-07-06"})])
    assert late.bluff is not None
    assert known.bluff is not None
    assert late.bluff.resolve.said == ()
    assert known.bluff.resolve.prior == pytest.approx(0.6)
    assert known.outcomes == late.outcomes


def test_the_tree_has_odds_that_add_up(asylum: Case) -> None:
    story = tell(asylum, draws=128)
    text = story_text(story, tree=True)
    assert "The tree" in text
    assert sum(story.outcomes.values()) == pytest.approx(1)
    assert all(0 <= b.overall <= b.probability <= 1 for b in story.explanation.tree)


def test_a_move_that_coded_no_number_reweights_and_one_that_did_does_not(asylum: Case) -> None:
    assert tell(asylum, draws=128).taught_by == ()
    fresh = Move(date=asylum.as_of, by="CU", kind="ultimatum", source="a report not used before")
    moved = tell(asylum.model_copy(update={"moves": (*asylum.moves, fresh)}), draws=128)
    assert moved.taught_by == (fresh,)
    assert moved.record()["observed_moves"] == ["CU: ultimatum (2023-07-06)"]
    assert "(CU gives an ultimatum on Thursday 6 July)" in story_text(moved)
    assert "(CU stelt een ultimatum op donderdag 6 juli)" in story_text(moved, lang="nl")
    assert moved.before != moved.outcomes
    assert moved.belief.effective < 128


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_move_that_can_teach_has_words(lang: str) -> None:
    assert set(strings(lang).held("move")) == set(move_table())


def test_only_moves_up_to_a_day_are_known(asylum: Case) -> None:
    earlier = tell(asylum, draws=64, as_of=dt.date(2023, 7, 4))
    assert earlier.played.case.as_of == dt.date(2023, 7, 4)
    assert not earlier.played.body.threatened
    assert earlier.bluff is None
    assert tell(asylum, draws=64).bluff is not None


@pytest.mark.parametrize("name", ["uk-2012-lords", "nl-2024-achahbar", "il-2022-bennett"])
def test_other_kinds_of_bodies_are_explained_too(name: str) -> None:
    text = story_text(tell(catalogue.load_example(name), draws=64))
    assert "How it ends" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_explanation_in_dutch_has_no_english_of_ours(asylum: Case) -> None:
    text = story_text(tell(asylum, draws=64), tree=True, lang="nl")
    for word in ("worth", "deal", "breaks", "likeliest", "offer", "agrees", "threat", "vote "):
        kept = "Friday council of ministers; vote threatened"
        assert word not in text.replace(kept, ""), word
    assert "Is het dreigement bluf?" in text
