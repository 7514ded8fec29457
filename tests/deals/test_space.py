"""Package space: which levels an issue has, and what is looked at when the product is large."""

from __future__ import annotations

import numpy as np
import pytest
from tests.deals.profiles import make_profile, random_profile

from treves.deals.space import package_space
from treves.deals.zone import agreeable


def test_levels_are_the_union_of_points_edges_positions_status_quo_and_grid():
    profile = make_profile([[10.0], [90.0]], [[0.0], [61.0]], [[33.0], [100.0]])
    space = package_space(profile, [[0, 20]], [True])
    assert space.levels[0].tolist() == [0, 10, 20, 25, 33, 50, 61, 75, 90, 100]
    assert space.complete
    assert space.coverage == "all 10 packages"


def test_labelled_points_alone_and_grid_alone():
    profile = make_profile([[10.0], [90.0]], [[0.0], [61.0]], [[33.0], [100.0]])
    points = package_space(profile, [[0, 20]], [True], kinds=["points"])
    grid = package_space(profile, [[0, 20]], [True], kinds=["grid"], grid=3)
    assert points.levels[0].tolist() == [0, 20]
    assert grid.levels[0].tolist() == [0, 50, 100]


def test_where_nothing_lies_between_the_points_there_is_no_grid_and_no_edge():
    profile = make_profile([[0.0], [100.0]], [[0.0], [61.0]], [[33.0], [100.0]])
    space = package_space(profile, [[0, 100]], [False])
    assert space.levels[0].tolist() == [0, 50, 100]  # 50 is the status quo


def test_rounded_edges_stay_accepted():
    profile = make_profile([[50.0]], [[100 / 3]], [[200 / 3]])
    space = package_space(profile, [[]], [True], kinds=["edges"])
    assert space.levels[0].tolist() == [33.34, 66.66]
    assert agreeable(profile, space.packages).probability.tolist() == [1.0, 1.0]


def test_unknown_kind_and_wrong_lengths_are_refused():
    profile = random_profile(1, None, 2, 2)
    with pytest.raises(ValueError, match="unknown kinds"):
        package_space(profile, [[], []], [True, True], kinds=["labels"])
    with pytest.raises(ValueError, match="one entry per issue"):
        package_space(profile, [[]], [True])
    with pytest.raises(ValueError, match="no level"):
        package_space(profile, [[], []], [True, True], kinds=["points"])


def test_blocks_stream_the_whole_product_in_order():
    profile = random_profile(2, None, 3, 3)
    space = package_space(profile, [[0, 50, 100]] * 3, [True] * 3)
    assert np.array_equal(np.vstack(list(space.blocks(rows=100))), space.packages)


def test_a_large_space_is_searched_and_says_what_was_left_out():
    profile = random_profile(3, 200, 3, 3, width=(20, 80))
    points = [[0, 50, 100]] * 3
    whole = package_space(profile, points, [True] * 3, limit=10**6)
    some = package_space(profile, points, [True] * 3, limit=100)
    assert not some.complete
    assert len(some.packages) == 100
    every = agreeable(profile, whole.packages).probability
    kept = agreeable(profile, some.packages).probability
    assert kept.max() == every.max()
    left_out = {tuple(p) for p in whole.packages} - {tuple(p) for p in some.packages}
    worst = max(every[[tuple(p) in left_out for p in whole.packages]])
    assert worst <= some.bound
    assert f"100 of {whole.size:,} packages" in some.coverage
