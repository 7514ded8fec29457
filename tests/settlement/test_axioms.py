"""What every settlement model must satisfy, whatever it assumes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.settlement.bodies import body_led_by

from treves.profile import Profile
from treves.settlement.catalogue import MODELS, settle
from treves.settlement.table import profile_of

RUNNABLE = [name for name, model in MODELS.items() if model.settle is not None]


@pytest.fixture(params=RUNNABLE)
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _answer(model: str, profile: Profile) -> np.ndarray:
    return settle(model, profile, np.random.default_rng(7), body=body_led_by(profile, 0))


def _random_profile(seed: int, draws: int = 12, parties: int = 6, issues: int = 3) -> Profile:
    rng = np.random.default_rng(seed)
    return profile_of(
        rng.uniform(0, 100, (draws, parties, issues)),
        rng.uniform(0.1, 1, (draws, parties, issues)),
        rng.uniform(1, 30, (draws, parties)),
        status_quo=rng.uniform(0, 100, issues),
    )


def _mirror(profile: Profile) -> Profile:
    return replace(
        profile,
        position=100.0 - profile.position,
        status_quo_point=100.0 - profile.status_quo_point,
    )


def test_settles_inside_the_range_of_positions_and_status_quo(model: str) -> None:
    profile = _random_profile(1)
    answer = _answer(model, profile)
    assert answer.shape == (12, 3)
    low = np.minimum(profile.position.min(axis=-2), profile.status_quo_point)
    high = np.maximum(profile.position.max(axis=-2), profile.status_quo_point)
    assert np.all((answer >= low - 1e-9) & (answer <= high + 1e-9))


def test_order_of_parties_does_not_matter(model: str) -> None:
    if MODELS[model].card.random:
        pytest.skip("the order of parties is the order of chance")
    profile = _random_profile(2)
    order = [3, 0, 5, 1, 4, 2]
    moved = settle(model, profile.reorder(order), body=body_led_by(profile, order.index(0)))
    np.testing.assert_allclose(moved, _answer(model, profile), atol=1e-9)


@pytest.mark.parametrize("point", [0.0, 37.3, 100.0])
def test_all_at_one_point_stay_there(model: str, point: float) -> None:
    profile = replace(_random_profile(3), position=np.full((12, 6, 3), point))
    profile = replace(profile, status_quo_point=np.full(3, point))
    np.testing.assert_allclose(_answer(model, profile), point, atol=1e-12)


def test_turning_the_scale_round_turns_the_answer_round(model: str) -> None:
    if MODELS[model].card.mirrors == "no":
        pytest.skip("the card says that this model does not have the property, its page says why")
    profile = _random_profile(4)
    np.testing.assert_allclose(
        _answer(model, _mirror(profile)), 100.0 - _answer(model, profile), atol=1e-6
    )


@pytest.mark.parametrize(
    ("position", "power"),
    [
        ([0, 100], [1, 1]),
        ([0, 50, 100], [1, 1, 2]),
        ([10, 10, 60, 60], [1, 2, 2, 1]),
        ([0, 0, 100, 100, 40], [2, 1, 1, 2, 0]),
    ],
)
def test_turning_the_scale_round_at_a_tie(
    model: str, position: list[float], power: list[float]
) -> None:
    if MODELS[model].card.mirrors == "without ties":
        pytest.skip("the card says that ties go to the first, as in the original program")
    profile = profile_of(np.array(position, float)[:, None], power=power, status_quo=[50.0])
    np.testing.assert_allclose(
        _answer(model, _mirror(profile)), 100.0 - _answer(model, profile), atol=1e-9
    )


def test_same_input_and_seed_give_the_same_bytes(model: str) -> None:
    profile = _random_profile(5)
    assert _answer(model, profile).tobytes() == _answer(model, profile).tobytes()


def test_any_leading_axes(model: str) -> None:
    profile = _random_profile(6)
    answer = _answer(model, profile)
    folded = replace(
        profile,
        **{
            name: getattr(profile, name).reshape(3, 4, *getattr(profile, name).shape[1:])
            for name in (
                *("position", "low", "high", "salience", "power", "content_weight", "collapse"),
                *("status_quo", "outvoted", "outside", "blame", "dislikes_vote"),
            )
        },
    )
    assert _answer(model, folded).shape == (3, 4, 3)
    np.testing.assert_array_equal(_answer(model, folded).reshape(12, 3), answer)
    if not MODELS[model].card.random:
        np.testing.assert_array_equal(_answer(model, profile.at(5)), answer[5])
