"""Bargaining solutions: published and closed-form cases, axioms, ties, and what is missing."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deals.profiles import make_profile, random_profile

from treves.deals.frontier import pareto
from treves.deals.preferences import additive, tables_of
from treves.deals.solutions import (
    CONCEPTS,
    disagreement_of,
    egalitarian,
    kalai_smorodinsky,
    nash,
    shortfall,
    solve,
    solve_draws,
    solve_tables,
    utilitarian,
)
from treves.deals.space import package_space
from treves.utility import payoff, worth

# Nash (1950): what Bill owns and what Jack owns, each with its worth to Bill and to Jack.
BILL = ((2, 4), (2, 2), (2, 1), (2, 2), (4, 1))  # book, whip, ball, bat, box
JACK = ((10, 1), (4, 1), (6, 2), (2, 2))  # pen, toy, knife, hat
NOTHING = np.zeros(2)


def barter():
    """Gains (package, Bill and Jack) of all 512 trades, and what changes hands (package, thing)."""
    gives = np.array(list(product([0, 1], repeat=9)))
    worths = np.array([(-b, j) for b, j in BILL] + [(b, -j) for b, j in JACK], dtype=float)
    return gives @ worths, gives


def test_2a_nash_in_his_own_example():
    gains, gives = barter()
    chosen = nash(gains, NOTHING)
    assert len(chosen) == 1
    assert gains[chosen[0]].tolist() == [12, 5]
    assert gives[chosen[0]].tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 0]
    products = np.where((gains >= 0).all(axis=1), gains.prod(axis=1), 0)
    assert np.sort(products)[-2] == 56
    assert (gains >= 0).all(axis=1).sum() == 293
    rational = gains[(gains >= 0).all(axis=1)]
    frontier = pareto(rational)
    members = {tuple(v) for v in frontier.values}
    assert members == {(2, 8), (6, 7), (8, 6), (12, 5), (14, 4), (16, 2), (18, 0)}
    assert frontier.copies.sum() == 14


def test_2b_2c_2d_the_other_solutions_in_his_example():
    gains, _ = barter()
    assert {tuple(gains[k]) for k in kalai_smorodinsky(gains, NOTHING)} == {(12, 5)}
    assert gains[(gains >= 0).all(axis=1)].max(axis=0).tolist() == [18, 8]
    assert {tuple(gains[k]) for k in egalitarian(gains, NOTHING)} == {(8, 6)}
    ties = utilitarian(gains, NOTHING)
    assert {tuple(gains[k]) for k in ties} == {(18, 0), (16, 2), (14, 4)}
    assert (gains[ties].sum(axis=1) == 18).all()


def test_the_same_example_issue_by_issue_without_the_512_trades():
    gains, _ = barter()
    tables = additive([[[0, 0], [-b, j]] for b, j in BILL] + [[[0, 0], [b, -j]] for b, j in JACK])
    _, merged = solve_tables(tables, NOTHING)
    listed = solve(gains, NOTHING)
    for concept in CONCEPTS:
        found = {tuple(merged.values[k]) for k in merged.tied[concept]}
        assert found == {tuple(gains[k]) for k in listed.tied[concept]}


@pytest.mark.parametrize(
    ("weight", "expected"), [(0.5, 0.57735027), (0.25, 0.37796447), (0.75, 0.77459667)]
)
def test_2e_nash_on_a_curved_frontier(weight, expected):
    first = np.linspace(0, 1, 1_000_001)
    values = np.column_stack([first, 1 - first**2])
    chosen = nash(values, NOTHING, np.array([weight, 1 - weight]))
    assert values[chosen[0], 0] == pytest.approx(expected, abs=1e-6)


def test_2e_the_other_solutions_on_a_curved_frontier():
    first = np.linspace(0, 1, 1_000_001)
    values = np.column_stack([first, 1 - first**2])
    assert values[kalai_smorodinsky(values, NOTHING)[0], 0] == pytest.approx(0.618034, abs=1e-6)
    assert values[egalitarian(values, NOTHING)[0], 0] == pytest.approx(0.618034, abs=1e-6)
    assert values[utilitarian(values, NOTHING)[0], 0] == pytest.approx(0.5, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    factor=st.lists(st.floats(0.1, 10), min_size=3, max_size=3),
    shift=st.lists(st.floats(-5, 5), min_size=3, max_size=3),
)
def test_rescaling_worth_changes_neither_nash_nor_kalai_smorodinsky(seed, factor, shift):
    rng = np.random.default_rng(seed)
    values, none = rng.uniform(size=(60, 3)), rng.uniform(0, 0.4, 3)
    other, without = values * factor + shift, none * factor + shift
    for concept in (nash, kalai_smorodinsky):
        before, after = concept(values, none), concept(other, without)
        assert (before is None) == (after is None)
        if before is not None:
            assert set(before.tolist()) == set(after.tolist())


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), parties=st.integers(2, 5))
def test_solutions_are_rational_undominated_and_best_at_what_they_maximise(seed, parties):
    rng = np.random.default_rng(seed)
    values, none = rng.uniform(size=(80, parties)), rng.uniform(0, 0.5, parties)
    found = solve(values, none)
    fine = (values >= none).all(axis=1)
    if not fine.any():
        assert all(rows is None for rows in found.tied.values())
        lack = (none - values).max(axis=1)
        assert found.shortfall.size == pytest.approx(lack.min())
        assert found.shortfall.package == lack.argmin()
        return
    assert found.shortfall is None
    undominated = set(pareto(values).choice[:, 0].tolist())
    gains = values - none
    score = {
        "nash": np.where(fine, np.maximum(gains, 0).prod(axis=1), -1),
        "kalai_smorodinsky": np.where(fine, (gains / gains[fine].max(axis=0)).min(axis=1), -1),
        "egalitarian": np.where(fine, gains.min(axis=1), -1),
        "utilitarian": np.where(fine, values.sum(axis=1), -1),
    }
    for concept in CONCEPTS:
        row = found.row(concept)
        assert fine[row]
        assert row in undominated
        assert score[concept][row] == pytest.approx(score[concept].max())


def test_when_somebody_cannot_gain_nash_falls_back_on_leximin():
    # Each package leaves one party at 0: products of different pairs cannot be compared.
    values = np.array([[0.0, 0.2, 0.3], [0.9, 0.8, 0.0], [0.9, 0.7, 0.0]])
    assert nash(values, np.zeros(3)).tolist() == [1]


def test_a_party_that_can_gain_nothing_does_not_decide_kalai_smorodinsky():
    values = np.array([[0.5, 0.2, 0.9], [0.5, 0.6, 0.5]])
    assert kalai_smorodinsky(values, np.array([0.5, 0.0, 0.0])).tolist() == [1]


def test_ties_come_back_as_a_set_best_total_first():
    values = np.array([[0.2, 0.8], [0.8, 0.2], [0.4, 0.4], [0.25, 0.64]])
    assert nash(values, NOTHING).tolist() == [0, 1, 3, 2]


def test_without_a_rational_package_there_is_a_shortfall_and_who_lacks_it():
    found = solve(np.array([[0.2, 0.9], [0.5, 0.3]]), np.array([0.6, 0.5]))
    assert found.row("nash") is None
    assert found.shortfall == shortfall(found.values, found.disagreement)
    assert (found.shortfall.package, found.shortfall.party) == (1, 1)
    assert found.shortfall.size == pytest.approx(0.2)


def test_input_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="not empty"):
        solve(np.empty((0, 2)), NOTHING)
    with pytest.raises(ValueError, match="above 0"):
        solve(np.ones((1, 2)), NOTHING, np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="collapse and status_quo"):
        disagreement_of(random_profile(1, None, 2, 1), "none")
    with pytest.raises(ValueError, match="kalai_smorodinsky"):
        solve_draws(random_profile(1, None, 2, 1), np.ones((1, 1)), "kalai")


def test_the_disagreement_point_is_the_stake_that_is_asked_for():
    profile = make_profile(
        [[0.0], [100.0]],
        [[0.0], [0.0]],
        [[100.0], [100.0]],
        collapse=[0.1, 0.2],
        status_quo=[0.3, 0.4],
    )
    assert disagreement_of(profile).tolist() == [0.1, 0.2]
    assert disagreement_of(profile, "status_quo").tolist() == [0.3, 0.4]


@pytest.mark.parametrize("red_lines", ["soft", "none"])
def test_tables_add_up_to_the_worth_and_payoff_of_packages(red_lines):
    profile = random_profile(21, None, 4, 3)
    profile.position[2, 1] = np.nan
    profile.salience[3, :] = 0.0
    profile.content_weight[0] = 0.4
    space = package_space(profile, [[0, 40, 100]] * 3, [True] * 3)
    tables = tables_of(profile, space.levels, red_lines=red_lines)
    codes = np.array(list(product(*[range(len(level)) for level in space.levels])))
    total = sum(table[codes[:, i]] for i, table in enumerate(tables.worth))
    rule = payoff if red_lines == "soft" else worth
    assert np.allclose(total, rule(profile, space.packages).T, atol=1e-12)


def test_hard_red_lines_keep_to_the_zone():
    profile = random_profile(22, None, 3, 2, width=(30, 80))
    space = package_space(profile, [[0, 50, 100]] * 2, [True] * 2)
    tables = tables_of(profile, space.levels, red_lines="hard")
    frontier, _ = solve_tables(tables, profile.collapse)
    packages = np.column_stack([space.levels[i][frontier.choice[:, i]] for i in range(2)])
    assert (packages >= profile.low.max(axis=0) - 1e-9).all()
    assert (packages <= profile.high.min(axis=0) + 1e-9).all()
    apart = make_profile([[0.0], [100.0]], [[0.0], [60.0]], [[40.0], [100.0]])
    with pytest.raises(ValueError, match="refused"):
        tables_of(apart, [np.array([0.0, 50.0, 100.0])], red_lines="hard")


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_solution_of_every_draw_is_that_of_the_draw_alone(concept):
    profile = random_profile(23, 40, 3, 2)
    packages = np.random.default_rng(24).uniform(0, 100, (60, 2))
    found = solve_draws(profile, packages, concept)
    values = payoff(profile, packages)
    assert found.shape == (40, 2)
    for d in range(40):
        tied = solve(values[d].T, profile.collapse[d]).tied[concept]
        if tied is None:
            assert np.isnan(found[d]).all()
        else:
            assert any(np.array_equal(found[d], packages[k]) for k in tied)
    assert not np.isnan(found).all()
