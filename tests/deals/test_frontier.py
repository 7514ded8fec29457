"""The Pareto frontier: against brute force, by its axioms, and merged against enumerated."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treves.deals import frontier as frontier_module
from treves.deals.frontier import (
    additive_frontier,
    frontier_of_blocks,
    pareto,
    pareto_all,
)

PARTIES = st.integers(1, 6)


def undominated(values):
    """Rows that no other row dominates, one by one."""
    keep = []
    for k, point in enumerate(values):
        better = (values >= point - 1e-12).all(axis=1) & (values > point + 1e-12).any(axis=1)
        if not better.any():
            keep.append(k)
    return keep


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), parties=PARTIES, levels=st.sampled_from([3, 10, 10**6]))
def test_the_frontier_is_what_nothing_dominates(seed, parties, levels):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, levels, (120, parties)) / 7.0
    frontier = pareto(values)
    everyone = undominated(values)
    assert np.flatnonzero(pareto_all(values)).tolist() == everyone
    assert frontier.copies.sum() == len(everyone)
    assert len(np.unique(frontier.values.round(9), axis=0)) == len(frontier)
    assert frontier.choice[:, 0].tolist() == sorted(frontier.choice[:, 0].tolist())
    assert np.array_equal(values[frontier.choice[:, 0]], frontier.values)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    parties=PARTIES,
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_issue_by_issue_equals_the_frontier_of_all_packages(seed, parties, sizes):
    rng = np.random.default_rng(seed)
    tables = [rng.integers(0, 6, (size, parties)).astype(float) for size in sizes]
    choices = np.array(list(product(*[range(size) for size in sizes])))
    values = sum(table[choices[:, i]] for i, table in enumerate(tables))
    merged, listed = additive_frontier(tables), pareto(values)
    assert sorted(map(tuple, merged.values)) == sorted(map(tuple, listed.values))
    copies = dict(zip(map(tuple, listed.values), listed.copies, strict=True))
    assert [copies[tuple(v)] for v in merged.values] == merged.copies.tolist()
    again = sum(table[merged.choice[:, i]] for i, table in enumerate(tables))
    assert np.array_equal(again, merged.values)


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_a_long_list_is_sieved_without_losing_members_or_copies(parties, monkeypatch):
    rng = np.random.default_rng(parties)
    values = rng.integers(0, 40, (6000, parties)) / 40.0
    whole = pareto(values)
    monkeypatch.setattr(frontier_module, "_SAMPLE", 256)
    sieved = pareto(values)
    assert np.array_equal(sieved.choice, whole.choice)
    assert np.array_equal(sieved.copies, whole.copies)
    assert np.flatnonzero(pareto_all(values)).tolist() == undominated(values)


def test_the_sieve_leaves_out_what_is_unknown(monkeypatch):
    values = np.random.default_rng(5).uniform(size=(3000, 3))
    values[::7, 1] = np.nan
    values[-1] = [np.nan, 2.0, 2.0]  # better than all, if it were known
    known = np.flatnonzero(~np.isnan(values).any(axis=1))
    expected = known[undominated(values[known])]
    monkeypatch.setattr(frontier_module, "_SAMPLE", 128)
    assert pareto(values).choice.ravel().tolist() == expected.tolist()
    assert len(pareto(np.full((1000, 2), np.nan))) == 0


def test_rescaling_a_party_leaves_the_frontier_as_it_is():
    values = np.random.default_rng(3).uniform(size=(500, 3))
    scaled = values * np.array([2.0, 0.5, 8.0]) + np.array([1.0, -1.0, 4.0])
    assert np.array_equal(pareto(values).choice, pareto(scaled).choice)


def test_what_is_unknown_is_left_out_and_what_is_shapeless_refused():
    values = np.array([[np.nan, 9.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    assert pareto(values).choice.ravel().tolist() == [1, 3]
    assert pareto_all(values).tolist() == [False, True, False, True]
    assert len(pareto(np.empty((0, 3)))) == 0
    with pytest.raises(ValueError, match="axes"):
        pareto(np.ones(3))
    with pytest.raises(ValueError, match="at least one level"):
        additive_frontier([np.empty((0, 2))])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), parties=st.integers(2, 6), most=st.integers(2, 40))
def test_a_thinned_frontier_says_how_far_it_is_from_the_whole(seed, parties, most):
    rng = np.random.default_rng(seed)
    tables = [rng.uniform(size=(5, parties)) for _ in range(4)]
    whole, thinned = additive_frontier(tables), additive_frontier(tables, most=most)
    assert whole.within == 0.0
    assert len(thinned) <= most
    assert (thinned.within > 0.0) == (len(thinned) < len(whole))
    lack = (whole.values[:, None, :] - thinned.values[None, :, :]).max(axis=2).min(axis=1)
    assert lack.max() <= thinned.within + 1e-9


def test_packages_in_blocks_have_the_frontier_of_all_of_them():
    packages = np.random.default_rng(5).integers(0, 5, (900, 3)).astype(float)

    def worth(block):
        together = np.minimum(block[:, :1], block[:, 1:2])  # does not add up over issues
        return np.hstack([together - block[:, 2:], block[:, 2:] - together / 2, -block[:, :1]])

    whole = pareto(worth(packages))
    blocks = frontier_of_blocks(np.array_split(packages, 7), worth)
    assert np.array_equal(blocks.choice, whole.choice)
    assert np.array_equal(blocks.copies, whole.copies)
    with pytest.raises(ValueError, match="no packages"):
        frontier_of_blocks([], worth)
