"""Tables of worth: interactions make compound issues, and nothing is lost by it."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from treves.deals.frontier import pareto
from treves.deals.preferences import Interaction, additive, with_interaction
from treves.deals.solutions import CONCEPTS, solve, solve_tables

SIZES = (3, 2, 4, 3)


def random_interaction(rng, first, second, parties):
    """A bonus or a fine for some pairs of levels of two issues."""
    return Interaction(
        first,
        second,
        rng.uniform(size=SIZES[first]) < 0.5,
        rng.uniform(size=SIZES[second]) < 0.5,
        rng.normal(size=parties),
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    pairs=st.lists(st.sampled_from([(0, 1), (1, 0), (2, 3), (3, 1)]), min_size=1, max_size=3),
)
def test_interactions_are_exact_without_enumeration(seed, pairs):
    rng = np.random.default_rng(seed)
    worth = [rng.uniform(size=(size, 3)) for size in SIZES]
    terms = [random_interaction(rng, a, b, 3) for a, b in pairs]
    tables = additive(worth)
    for term in terms:
        tables = with_interaction(tables, term)
    choices = np.array(list(product(*[range(size) for size in SIZES])))
    values = sum(table[choices[:, i]] for i, table in enumerate(worth))
    for term in terms:
        both = term.of_first[choices[:, term.first]] & term.of_second[choices[:, term.second]]
        values = values + both[:, None] * term.worth
    none = np.quantile(values, 0.2, axis=0)
    frontier, found = solve_tables(tables, none)
    listed, expected = pareto(values), solve(values, none)
    assert len(frontier) == len(listed)
    row = {tuple(choice): value for choice, value in zip(choices.tolist(), values, strict=True)}
    for choice, value in zip(frontier.choice.tolist(), frontier.values, strict=True):
        assert np.allclose(row[tuple(choice)], value)
    for concept in CONCEPTS:
        ours, theirs = found.row(concept), expected.row(concept)
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert np.allclose(found.values[ours], values[theirs])


def test_only_together_takes_both_or_neither():
    # One party wants the first measure, one the second; each is worth nothing to the other.
    tables = additive([np.array([[0.0, 0.0], [1.0, -0.2]]), np.array([[0.0, 0.0], [-0.2, 1.0]])])
    no, yes = np.array([True, False]), np.array([False, True])
    fine = np.array([-5.0, -5.0])
    for of_first, of_second in ((no, yes), (yes, no)):
        tables = with_interaction(tables, Interaction(0, 1, of_first, of_second, fine))
    frontier, found = solve_tables(tables, np.zeros(2))
    assert frontier.choice.tolist() == [[1, 1]]
    assert np.allclose(found.values[found.row("nash")], [0.8, 0.8])
