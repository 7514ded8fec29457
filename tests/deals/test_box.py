"""Solutions over all values of an issue: closed forms, the DEU reading, and kinks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.deals.profiles import random_profile

from treves.deals.box import box_solution
from treves.deals.preferences import Spatial, spatial
from treves.deals.solutions import CONCEPTS
from treves.shape import Rated, Shape
from treves.utility import worth

SHAPES = {"linear": Shape(), "quadratic": Shape(quadratic=True)}

# Bueno de Mesquita (1994), emission standards: capability, position in years, salience.
EMISSION = np.array(
    [
        [0.08, 4, 0.80], [0.08, 7, 0.40], [0.03, 4, 0.20], [0.16, 4, 0.80], [0.16, 10, 0.60],
        [0.16, 10, 0.60], [0.16, 10, 0.90], [0.05, 7, 0.10], [0.05, 4, 1.00], [0.08, 7, 0.70],
    ]
)  # fmt: skip
# Common loss D of no deal -> Nash with quadratic and with linear loss, in years (range 6).
DEU_READING = (
    (1.01, 7.25389, 7.07423),
    (1.5, 7.29580, 7.09499),
    (2.0, 7.31836, 7.09031),
    (5.0, 7.36063, 7.0),
    (20.0, 7.38254, 7.0),
    (100.0, 7.38847, 7.0),
    (1e4, 7.38992, 7.0),
)


@pytest.mark.parametrize(("loss", "column"), [("quadratic", 1), ("linear", 2)])
@pytest.mark.parametrize("row", DEU_READING)
def test_nash_tends_to_the_mean_with_quadratic_loss_and_to_the_median_with_linear(
    row, loss, column
):
    power, years, salience = EMISSION.T
    ideal = ((years - 4) / 6 * 100)[:, None]
    scale = 100.0 if loss == "linear" else 100.0**2
    form = Spatial(np.full(10, row[0]), salience[:, None] / scale, ideal, SHAPES[loss])
    found = box_solution(form, np.zeros(10), "nash", weights=power)
    assert 4 + found.package[0] * 0.06 == pytest.approx(row[column], abs=2e-5 * 6)


@pytest.mark.parametrize(
    ("disagreement", "package", "values"),
    [((0.0, 0.0), (100.0, 0.0), (0.7, 0.7)), ((0.5, 0.0), (100.0, 100 / 6), (0.75, 0.583333))],
)
def test_2g_2h_two_parties_trade_the_issue_they_care_less_about(disagreement, package, values):
    ideal = np.array([[100.0, 100.0], [0.0, 0.0]])
    form = Spatial(np.ones(2), np.array([[0.007, 0.003], [0.003, 0.007]]), ideal)
    found = box_solution(form, np.array(disagreement), "nash")
    assert found.package == pytest.approx(package, abs=1e-2)
    assert found.values == pytest.approx(values, abs=1e-4)


@pytest.mark.parametrize("weight", [0.5, 0.2, 0.9])
def test_2f_splitting_one(weight):
    form = Spatial(np.ones(2), np.full((2, 1), 0.01), np.array([[0.0], [100.0]]))
    none = np.array([0.1, 0.3])
    found = box_solution(form, none, "nash", weights=np.array([weight, 1 - weight]))
    expected = none + np.array([weight, 1 - weight]) * 0.6
    assert found.values == pytest.approx(expected, abs=1e-6)


def _score(gains, concept, ideal):
    """What a concept maximises, over the last axis."""
    if concept == "nash":
        return np.log(np.maximum(gains, 1e-12)).mean(axis=-1)
    if concept == "utilitarian":
        return gains.mean(axis=-1)
    return (gains / ideal if concept == "kalai_smorodinsky" else gains).min(axis=-1)


@pytest.mark.parametrize("loss", ["linear", "quadratic"])
@pytest.mark.parametrize("concept", CONCEPTS)
def test_no_point_of_a_fine_grid_does_better(concept, loss):
    for seed in range(4):
        profile = random_profile(seed, None, 3, 2)
        form, none = spatial(replace(profile, shape=SHAPES[loss])), profile.collapse
        axis = np.linspace(0, 100, 201)
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        values = form(grid)
        fine = (values >= none).all(axis=1)
        found = box_solution(form, none, concept)
        if not fine.any():
            continue
        assert (found.values >= none - 1e-7).all()
        gains, own = (values - none)[fine], found.values - none
        ideal = gains.max(axis=0)
        # The grid's ideal gains are a little short of the true ones, hence the slack.
        slack = 5e-3 if concept == "kalai_smorodinsky" else 1e-6
        assert _score(own, concept, ideal) >= _score(gains, concept, ideal).max() - slack


def test_worth_is_the_rule_of_the_project():
    profile = random_profile(5, None, 3, 2)
    packages = np.random.default_rng(6).uniform(0, 100, (20, 2))
    assert np.allclose(spatial(profile)(packages), worth(profile, packages).T)
    with pytest.raises(ValueError, match="without draws"):
        spatial(random_profile(5, 3, 3, 2))


def test_inside_the_zone_and_where_there_is_none():
    form = Spatial(np.ones(2), np.full((2, 1), 0.01), np.array([[0.0], [100.0]]))
    inside = box_solution(form, np.zeros(2), "nash", low=np.array([60.0]), high=np.array([70.0]))
    assert inside.package[0] == pytest.approx(60.0)
    empty = box_solution(form, np.zeros(2), "nash", low=np.array([60.0]), high=np.array([50.0]))
    assert empty is None
    for loss in ("linear", "quadratic"):
        steep = Spatial(np.ones(2), form.slope, form.ideal, SHAPES[loss])
        top = np.full(2, 1.0 if loss == "linear" else 1.1)
        assert box_solution(steep, top, "nash") is None
    with pytest.raises(ValueError, match="egalitarian"):
        box_solution(form, np.zeros(2), "kalai")


def test_ratings_are_refused_where_there_are_no_levels():
    rated = Rated(0, 0, np.array([0.0, 50.0, 100.0]), np.array([40.0, 0.0, 10.0]))
    profile = replace(random_profile(5, None, 3, 2), shape=Shape(rated=(rated,)))
    with pytest.raises(ValueError, match="listed levels"):
        box_solution(spatial(profile), profile.collapse, "nash")
