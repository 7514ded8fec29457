"""Concessions: the answer opens a zone and nothing smaller does, by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deals.profiles import make_profile, random_profile

from treves.catalogue import load_example
from treves.deals.concessions import apply_steps, movements, smallest_concession
from treves.deals.preferences import spatial
from treves.deals.zone import agreeable
from treves.profile import modal
from treves.utility import accepted


def movement(profile, packages):
    """Points by which red lines must move before everybody accepts, (party, package)."""
    under = np.maximum(profile.low[:, None, :] - packages, 0)
    over = np.maximum(packages - profile.high[:, None, :], 0)
    return np.where(profile.needed[:, None], (under + over).sum(axis=-1), 0.0)


def whole_numbers(seed, parties, issues, step=5):
    """A profile whose numbers are multiples of a step, so that a grid holds every optimum."""
    profile = random_profile(seed, None, parties, issues, width=(5, 35))
    fields = {n: np.round(getattr(profile, n) / step) * step for n in ("low", "high", "position")}
    return replace(profile, **fields)


def grid_of(issues, step=5):
    """All packages on a grid."""
    return np.array(list(product(np.arange(0, 101, step), repeat=issues)), dtype=float)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), parties=st.integers(2, 4), issues=st.integers(1, 2))
def test_the_answer_opens_a_zone_and_nothing_smaller_does(seed, parties, issues):
    profile = whole_numbers(seed, parties, issues)
    found = smallest_concession(profile)
    least = movement(profile, grid_of(issues)).sum(axis=0).min()
    assert found.total == pytest.approx(least, abs=1e-6)
    opened = apply_steps(profile, found)
    assert accepted(opened, found.package[None, :]).all()
    assert agreeable(opened, found.package[None, :]).share_in_box == 1.0
    assert sum(step.points for step in found.steps) == pytest.approx(found.total)
    assert movements(profile).total == pytest.approx([least])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), party=st.integers(0, 2))
def test_one_party_alone(seed, party):
    profile = whole_numbers(seed, 3, 2)
    each = movement(profile, grid_of(2))
    others = np.delete(each, party, axis=0).sum(axis=0) == 0
    found = smallest_concession(profile, only=party)
    closed = movements(profile).alone[party, 0]
    if not others.any():
        assert found is None
        assert np.isinf(closed)
        return
    assert found.total == pytest.approx(each[party][others].min(), abs=1e-6)
    assert closed == pytest.approx(found.total, abs=1e-6)
    assert {step.party for step in found.steps} <= {party}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_with_walk_away_values_no_package_of_a_grid_needs_less(seed):
    profile = whole_numbers(seed, 3, 2)
    none = np.full(3, 0.55)
    form, grid = spatial(profile), grid_of(2)
    found = smallest_concession(profile, disagreement=none)
    fine = (form(grid) >= none).all(axis=1)
    if found is None:
        assert not fine.any()
        return
    assert (found.worth >= none - 1e-6).all()
    if fine.any():
        assert found.total <= movement(profile, grid).sum(axis=0)[fine].min() + 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_where_only_some_values_exist_the_package_is_made_of_them(seed):
    profile = whole_numbers(seed, 3, 2)
    levels = [np.array([0.0, 37.0, 100.0]), None]
    found = smallest_concession(profile, levels=levels)
    grid = np.array([(a, b) for a in levels[0] for b in np.arange(0, 101, 5.0)])
    assert found.package[0] in levels[0]
    assert found.total == pytest.approx(movement(profile, grid).sum(axis=0).min(), abs=1e-6)


def test_with_a_zone_nobody_has_to_move():
    profile = random_profile(3, None, 3, 2, width=(100, 100))
    found = smallest_concession(profile)
    assert (found.total, found.steps, found.returns) == (0.0, (), ())
    assert movements(profile).alone.tolist() == [[0.0]] * 3


def test_an_unknown_edge_needs_no_move_and_a_party_that_is_not_needed_makes_none():
    nan = np.nan
    profile = make_profile([[10.0], [90.0], [0.0]], [[nan], [70.0], [0.0]], [[40.0], [nan], [5.0]])
    profile = replace(profile, needed=np.array([True, True, False]))
    found = smallest_concession(profile)
    assert found.total == 30.0
    assert {step.party for step in found.steps} <= {0, 1}
    assert np.isinf(movements(profile).alone[2, 0])


def test_movements_of_every_draw_are_those_of_the_draw_alone():
    profile = random_profile(4, 30, 3, 2, width=(5, 40))
    found = movements(profile)
    for d in range(0, 30, 3):
        alone = movements(profile.at(d))
        assert found.total[d] == alone.total[0]
        assert found.alone[:, d].tolist() == alone.alone[:, 0].tolist()
        assert found.total[d] == pytest.approx(smallest_concession(profile.at(d)).total, abs=1e-5)


def test_the_smallest_concession_of_the_seed():
    profile = modal(load_example("asylum"))
    vvd, d66, cda, cu = (profile.parties.index(p) for p in ("VVD", "D66", "CDA", "CU"))
    reunification = profile.issues.index("family_reunification")
    found = smallest_concession(profile)
    assert found.total == 20.0
    assert {step.issue for step in found.steps} == {reunification}
    assert {step.party for step in found.steps} <= {vvd, cu}
    assert 30.0 <= found.package[reunification] <= 40.0
    alone = smallest_concession(profile, only=vvd)
    assert [(s.edge, s.old, s.new) for s in alone.steps] == [("low", 50.0, 30.0)]
    # D66 stops at 40, so the CU cannot open a deal alone, nor can the CDA, who blocks nothing.
    assert smallest_concession(profile, only=cu) is None
    assert smallest_concession(profile, only=d66) is None
    assert smallest_concession(profile, only=cda) is None


def test_what_a_mover_gets_back_comes_from_an_issue_the_other_cares_less_about():
    # A cares about issue 0 less than B; on issue 1 there is room and A cares more than B.
    profile = make_profile(
        [[0.0, 0.0], [100.0, 100.0]],
        [[0.0, 0.0], [60.0, 20.0]],
        [[40.0, 80.0], [100.0, 100.0]],
        salience=[[0.3, 0.9], [0.9, 0.3]],
    )
    found = smallest_concession(profile, only=0)
    (step,) = found.steps
    assert (step.party, step.issue, step.edge, step.old, step.new) == (0, 0, "high", 40.0, 60.0)
    assert step.cost == pytest.approx(20 * 0.3 / 120)
    for back in found.returns:
        assert (back.receiver, back.giver, back.given, back.on) == (0, 1, 0, 1)
        assert back.gain > back.cost
    # All room on issue 1 goes to A at once: nothing is left to give back, or it is listed.
    assert found.package[1] == pytest.approx(20.0) or found.returns
