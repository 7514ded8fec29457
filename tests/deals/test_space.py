"""Package space: which levels an issue has, and what is looked at when the product is large."""

from __future__ import annotations

import numpy as np
import pytest
from tests.deals.profiles import make_profile, random_profile

from treves.deals.space import package_space, product_rows, search
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


def test_above_ten_million_packages_nothing_that_was_left_out_beats_the_bound():
    profile = random_profile(4, 300, 4, 7, width=(40, 110))
    points = [list(range(0, 101, 10))] * 7
    space = package_space(profile, points, [True] * 7, limit=2_000)
    assert space.size > 10**7
    assert not space.complete
    assert 0.0 < space.bound < 0.8
    # Try to beat it: what parties ask for on average, and steps from there.
    centre = np.nanmean(profile.position, axis=(0, 1))
    steps = np.random.default_rng(5).normal(0.0, 15.0, (50_000, 7))
    tried = np.empty_like(steps)
    for i, level in enumerate(space.levels):
        nearest = np.abs(level[None, :] - (centre + steps)[:, [i]]).argmin(axis=1)
        tried[:, i] = level[nearest]
    kept = {tuple(p) for p in space.packages}
    left_out = tried[[tuple(p) not in kept for p in tried]]
    found = agreeable(profile, left_out).probability
    assert 0.0 < found.max() <= space.bound


def test_a_search_says_how_many_draws_it_looked_at():
    profile = random_profile(3, 200, 3, 3, width=(20, 80))
    levels = package_space(profile, [[0, 50, 100]] * 3, [True] * 3).levels
    packages, bound, draws = search(profile, levels, 50, words=1)
    assert draws == 64
    first = profile.at(slice(0, 64))
    every = product_rows(levels, 0, int(np.prod([len(level) for level in levels])))
    kept = {tuple(p) for p in packages}
    left_out = every[[tuple(p) not in kept for p in every]]
    assert agreeable(first, left_out).probability.max() <= bound
    some = package_space(profile, [[0, 50, 100]] * 3, [True] * 3, limit=50)
    assert "of the 200 draws searched" in some.coverage
