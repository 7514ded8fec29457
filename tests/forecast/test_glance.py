"""A forecast at a glance: the same odds as the whole forecast, and like drawn with like."""

from __future__ import annotations

import numpy as np
import pytest

from treves.case.formats import native
from treves.case.model import Case
from treves.catalogue import folder
from treves.forecast.glance import glance
from treves.forecast.run import run
from treves.forecast.sampling import sample, uncertain_numbers
from treves.forecast.whatif import with_changes


@pytest.mark.parametrize("name", ["nl-2023-asylum", "il-2025-haredi", "be-2010-bhv"])
def test_a_glance_sees_what_the_forecast_sees(name: str) -> None:
    case = native.load(folder(name) / "case.yaml")
    seen, whole = glance(case, draws=1000), run(case, draws=1000)
    assert seen.outcomes == pytest.approx(whole.outcomes, abs=0.01)
    assert seen.leaves == pytest.approx(whole.leaves, abs=0.01)
    assert seen.share_in_box == whole.zone.share_in_box
    assert seen.overlap == {i: gap.overlap for i, gap in whole.zone.gaps.items()}
    assert seen.headline == whole.headline


def test_the_same_seed_gives_the_same_glance(asylum: Case) -> None:
    assert glance(asylum, 3, 64) == glance(asylum, 3, 64, like=asylum)
    assert glance(asylum, 3, 64) != glance(asylum, 4, 64)


def test_what_is_not_changed_is_drawn_alike(asylum: Case) -> None:
    exact = with_changes(asylum, {"VVD.family_reunification.position": 90.0})
    wider = with_changes(exact, {"VVD.content_weight": [0.5, 0.7, 0.9]})
    assert len(uncertain_numbers(exact)) < len(uncertain_numbers(asylum))
    before = sample(asylum, 32, np.random.default_rng(0))
    for changed in (exact, wider):
        after = sample(changed, 32, np.random.default_rng(0), like=asylum)
        np.testing.assert_array_equal(after.profile.collapse, before.profile.collapse)
        np.testing.assert_array_equal(after.profile.low, before.profile.low)
        np.testing.assert_array_equal(after.precision, before.precision)
        assert (after.profile.position[:, 0, 0] == 90.0).all()
    assert after.profile.content_weight[:, 0].std() > 0.01


def test_a_party_that_is_not_there_shifts_the_draws_of_nobody(asylum: Case) -> None:
    fewer = asylum.model_copy(
        update={
            "parties": asylum.parties[1:],
            "positions": {p.id: asylum.positions[p.id] for p in asylum.parties[1:]},
        }
    )
    before = sample(asylum, 32, np.random.default_rng(0)).profile
    after = sample(fewer, 32, np.random.default_rng(0), like=asylum).profile
    np.testing.assert_array_equal(after.collapse, before.collapse[:, 1:])
    np.testing.assert_array_equal(after.position, before.position[:, 1:])
    alone = sample(fewer, 32, np.random.default_rng(0)).profile
    assert not np.array_equal(alone.collapse, before.collapse[:, 1:])
