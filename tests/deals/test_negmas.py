"""Frontier and Nash on the GENIUS domains equal those of NegMAS; Kalai-Smorodinsky need not."""

from __future__ import annotations

import warnings
from itertools import product

import numpy as np
import pytest
from tests.deals.genius import DOMAINS, read_tables
from tests.shared import shared_dir

from treves.deals.preferences import additive
from treves.deals.solutions import solve_tables

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    negmas = pytest.importorskip("negmas")
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.ops import (
        ks_points,
        nash_points,
        pareto_frontier,
        pareto_frontier_numpy,
    )
    from negmas.preferences.value_fun import TableFun


def utility_functions(tables):
    """The same worth as NegMAS objects, with no worth without a deal."""
    issues = [make_issue(list(range(len(t))), f"issue{i}") for i, t in enumerate(tables)]
    space = make_os(issues)
    functions = [
        LinearAdditiveUtilityFunction(
            values=[TableFun(dict(enumerate(t[:, p].tolist()))) for t in tables],
            weights=[1.0] * len(tables),
            outcome_space=space,
            reserved_value=0.0,
        )
        for p in range(tables[0].shape[1])
    ]
    return functions, issues


def as_set(values):
    """Points as a set, rounded beyond what sums in another order can change."""
    return {tuple(np.round(point, 9)) for point in values}


@pytest.mark.parametrize("domain", ["Laptop", "ItexvsCypress"])
def test_frontier_and_nash_equal_those_of_negmas(domain):
    tables = read_tables(shared_dir() / "data" / "genius" / domain)
    frontier, found = solve_tables(additive(tables), np.zeros(2))
    functions, issues = utility_functions(tables)
    theirs, _ = pareto_frontier(functions, issues=issues)
    assert as_set(frontier.values) == as_set(theirs)
    ranges = [(0.0, 1.0)] * 2
    their_nash = nash_points(functions, theirs, ranges=ranges, issues=issues)
    assert as_set(found.values[found.tied["nash"]]) == as_set([p for p, _ in their_nash])


def test_the_largest_domain_has_the_frontier_and_nash_point_of_all_its_packages():
    tables = read_tables(shared_dir() / "data" / "genius" / "AMPOvsCity")
    frontier, found = solve_tables(additive(tables), np.zeros(2))
    values = np.zeros((1, 2))
    for table in tables:
        values = (values[:, None, :] + table[None, :, :]).reshape(-1, 2)
    assert len(values) == 1_944_000
    theirs = values[pareto_frontier_numpy(values)]
    assert as_set(frontier.values) == as_set(theirs)
    product_of = theirs.prod(axis=1)
    nash = found.values[found.tied["nash"]]
    assert as_set(nash) == as_set(theirs[product_of >= product_of.max() - 1e-12])


def test_kalai_smorodinsky_never_leaves_the_worst_off_lower_than_negmas():
    lower = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        weight = rng.dirichlet(np.ones(3), 4)
        tables = [rng.uniform(size=(5, 4)) * weight[:, i] for i in range(3)]
        frontier, found = solve_tables(additive(tables), np.zeros(4))
        functions, issues = utility_functions(tables)
        theirs, _ = pareto_frontier(functions, issues=issues)
        assert as_set(frontier.values) == as_set(theirs)
        ideal = frontier.values.max(axis=0)
        ours = (found.values[found.row("kalai_smorodinsky")] / ideal).min()
        ranges = [(0.0, float(top)) for top in ideal]
        spread = ks_points(functions, theirs, ranges=ranges, issues=issues)
        least = min((np.array(point) / ideal).min() for point, _ in spread)
        assert ours >= least - 1e-9
        lower += ours > least + 1e-6
    # Their rule makes shares equal, ours makes the least share large: they part ways.
    assert lower > 0


def test_the_domains_are_enumerated_as_they_are_small_enough():
    for name in ("Laptop", "ItexvsCypress"):
        tables = read_tables(shared_dir() / "data" / "genius" / name)
        values = np.array([sum(rows) for rows in product(*[list(t) for t in tables])])
        frontier, _ = solve_tables(additive(tables), np.zeros(2))
        for point in frontier.values:
            better = (values >= point - 1e-12).all(axis=1) & (values > point + 1e-12).any(axis=1)
            assert not better.any()
    assert set(DOMAINS) == {"Laptop", "ItexvsCypress", "AMPOvsCity"}
