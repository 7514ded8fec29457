"""The catalogue is complete, and says what a model lacks."""

from __future__ import annotations

import numpy as np
import pytest
from tests.settlement.bodies import body_led_by
from tests.shared import ROOT

from treves.errors import InputError
from treves.settlement.card import NEEDS
from treves.settlement.catalogue import MODELS, lacks, settle
from treves.settlement.table import profile_of

TWO = profile_of([[0.0], [100.0]])


@pytest.mark.parametrize("name", MODELS)
def test_every_card_is_complete(name: str) -> None:
    card = MODELS[name].card
    bibliography = (ROOT / "docs/bibliography.md").read_text(encoding="utf-8")
    assert card.id == name
    assert card.names
    assert card.sources
    assert all(f"| {key} |" in bibliography for key in card.sources)
    assert set(card.needs) <= set(NEEDS)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_page_that_says_how_well_it_forecasts(name: str) -> None:
    page = (ROOT / "docs" / MODELS[name].card.docs).read_text(encoding="utf-8")
    assert f"(`{name}`)" in page.splitlines()[0]
    assert "**What it assumes.**" in page
    assert "**How well it forecasts.**" in page


def test_a_large_body_is_settled_by_the_models_that_can() -> None:
    profile = profile_of(np.linspace(0, 100, 13)[:, None])
    missing = lacks(MODELS["baron_ferejohn"].card, profile)
    assert missing == ("at most 12 parties",)
    assert all(not lacks(MODELS[name].card, profile) for name in ("mean", "smp", "exchange"))


def test_an_unknown_model_is_refused_with_the_list() -> None:
    with pytest.raises(InputError, match="kalai_smorodinsky"):
        settle("oracle", TWO)


def test_a_solution_of_another_room_is_refused() -> None:
    with pytest.raises(InputError, match=r"treves\.deals"):
        settle("nash", TWO)


def test_what_a_model_lacks_is_named() -> None:
    card = MODELS["mean"].card
    assert lacks(card, TWO) == ()
    assert lacks(card, profile_of([[float("nan")]])) == ("position",)
    assert lacks(card, TWO, body_led_by(TWO, 0)) == ()
