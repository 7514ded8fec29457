"""Nonsense in: a defined result or a clear error, for every model. See docs/models."""

from __future__ import annotations

import numpy as np
import pytest
from tests.settlement.bodies import body_led_by

from treves.case.model import Rule
from treves.deals.solutions import CONCEPTS
from treves.deals.space import Space, product_rows
from treves.errors import InputError
from treves.forecast.settling import settled
from treves.profile import Profile
from treves.settlement.catalogue import MODELS, settle
from treves.settlement.table import profile_of


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def answer(model: str, profile: Profile) -> np.ndarray:
    body = body_led_by(profile, 0)
    if model not in CONCEPTS:
        return settle(model, profile, body=body)
    drawn = profile if profile.position.ndim == 3 else profile.at(np.newaxis)
    return settled(model, drawn, space_of(profile), 0, body).reshape(
        *profile.position.shape[:-2], -1
    )


def space_of(profile: Profile) -> Space:
    """All positions and status quos, and both ends of the line, of every issue."""
    places = np.moveaxis(profile.position, -1, 0).reshape(len(profile.issues), -1)
    levels = []
    for i, row in enumerate(places):
        found = np.unique([*row, profile.status_quo_point[i], 0.0, 100.0])
        levels.append(found[~np.isnan(found)])
    rows = product_rows(levels, 0, int(np.prod([len(level) for level in levels])))
    return Space(profile.issues, tuple(levels), rows, complete=True, bound=0.0)


def test_one_party_gets_its_position(model: str) -> None:
    profile = profile_of([[37.5, 80.0]], [[0.4, 0.2]], status_quo=[37.5, 80.0])
    np.testing.assert_allclose(answer(model, profile), [37.5, 80.0])


def test_nothing_matters_to_anybody(model: str) -> None:
    profile = profile_of([[0.0], [30.0], [90.0]], np.zeros((3, 1)), [5, 3, 1], status_quo=[20.0])
    found = answer(model, profile)[0]
    if model in CONCEPTS:
        assert np.isnan(found)  # every package is worth the same to everybody
        return
    assert 0.0 <= found <= 90.0
    if model in ("mean", "exchange"):
        assert found == pytest.approx(40.0)  # equal weights
    if model == "median":
        assert found == 30.0


def test_nobody_has_power(model: str) -> None:
    profile = profile_of([[0.0], [30.0], [90.0]], power=[0, 0, 0], status_quo=[20.0])
    assert 0.0 <= answer(model, profile)[0] <= 90.0


def test_positions_out_of_scale_stay_between_the_outermost(model: str) -> None:
    profile = profile_of([[-40.0], [50.0], [260.0]], power=[1, 2, 1], status_quo=[0.0])
    found = answer(model, profile)[0]
    if model in CONCEPTS:
        assert np.isnan(found)  # off the scale worth falls below that of no deal for somebody
        return
    assert -40.0 <= found <= 260.0


def test_half_of_the_table_is_missing(model: str) -> None:
    rng = np.random.default_rng(4)
    position = rng.uniform(0, 100, (8, 6, 3))
    position[rng.uniform(size=position.shape) < 0.5] = np.nan
    position[:, 0] = 50.0
    profile = profile_of(position, rng.uniform(0.1, 0.3, (8, 6, 3)), status_quo=[10.0, 50.0, 90.0])
    found = answer(model, profile)
    low = np.fmin(np.nanmin(position, axis=1), profile.status_quo_point)
    high = np.fmax(np.nanmax(position, axis=1), profile.status_quo_point)
    assert np.all((found >= low - 1e-9) & (found <= high + 1e-9))


def test_an_issue_on_which_nobody_speaks_has_no_answer(model: str) -> None:
    profile = profile_of([[10.0, np.nan], [20.0, np.nan]], status_quo=[15.0, 15.0])
    found = answer(model, profile)
    assert 10.0 <= found[0] <= 20.0
    assert np.isnan(found[1])


def test_an_empty_table_is_refused(model: str) -> None:
    profile = profile_of([[np.nan], [np.nan]], status_quo=[15.0])
    with pytest.raises(InputError, match="needs position"):
        answer(model, profile)


def test_models_that_need_a_body_say_so() -> None:
    profile = profile_of([[10.0], [20.0]])
    for model, word in (("setter", "status_quo, chair"), ("baron_ferejohn", "rules of a body")):
        with pytest.raises(InputError, match=word):
            settle(model, profile)
    body = body_led_by(profile, 0, Rule(decision="setter"))
    with pytest.raises(InputError, match="underneath"):
        settle("baron_ferejohn", profile, body=body)
