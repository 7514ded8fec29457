"""The zone: probabilities, blockers, gaps and groups against brute force over the draws."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deals.profiles import make_profile, random_profile

from treves.catalogue import load_example
from treves.deals import zone as zone_module
from treves.deals.zone import agreeable, agreeing_groups, passing, winning_coalitions
from treves.profile import modal
from treves.utility import accepted


@pytest.mark.parametrize(("draws", "table"), [(1, 10**7), (130, 10**7), (333, 64)])
def test_probabilities_and_blockers_equal_a_count_over_draws(draws, table, monkeypatch):
    # With a table of 64 bytes the draws are worked through 64 at a time.
    monkeypatch.setattr(zone_module, "_TABLE_BYTES", table)
    profile = random_profile(4, draws, 4, 3)
    profile = replace(profile, needed=np.array([True, True, False, True]))
    packages = np.random.default_rng(5).uniform(0, 100, (200, 3)).round(-1)
    zone = agreeable(profile, packages)
    accepts = accepted(profile, packages)
    needed = accepts[:, profile.needed]
    assert np.allclose(zone.probability, needed.all(axis=1).mean(axis=0))
    assert np.allclose(zone.blocks, 1 - accepts.mean(axis=0))
    only = ~accepts & ((~needed).sum(axis=1, keepdims=True) == 1) & profile.needed[:, None]
    assert np.allclose(zone.alone, only.mean(axis=0))
    assert zone.share_of_draws == pytest.approx(needed.all(axis=1).any(axis=1).mean())
    beyond = (packages < profile.low[:, :, None, :]) | (packages > profile.high[:, :, None, :])
    assert np.allclose(zone.blocking_issue, beyond.mean(axis=0))


def test_the_box_share_is_exact_and_no_smaller_than_the_listed_one():
    profile = random_profile(6, 400, 3, 2)
    zone = agreeable(profile, np.full((1, 2), 50.0))
    meets = (profile.low.max(axis=1) <= profile.high.min(axis=1)).all(axis=1)
    assert zone.share_in_box == pytest.approx(meets.mean())
    assert zone.share_of_draws <= zone.share_in_box


def test_an_unknown_edge_blocks_nothing_and_one_that_nobody_needed_holds_does_not_count():
    nan = np.nan
    profile = make_profile([[20.0], [80.0], [0.0]], [[nan], [60.0], [0.0]], [[70.0], [nan], [5.0]])
    profile = replace(profile, needed=np.array([True, True, False]))
    zone = agreeable(profile, np.array([[0.0], [65.0], [100.0]]))
    assert zone.probability.tolist() == [0.0, 1.0, 0.0]
    assert zone.gap.lower.tolist() == [60.0]
    assert zone.gap.upper.tolist() == [70.0]
    assert zone.gap.size[:, 0].tolist() == [-10.0] * 3
    assert zone.gap.holds_lower[:, 0].tolist() == [0.0, 1.0, 0.0]
    assert zone.gap.holds_upper[:, 0].tolist() == [1.0, 0.0, 0.0]
    assert zone.blocker(1) is None
    assert zone.blocker(2) == (0, 0)


def test_the_gap_of_the_seed_lies_between_vvd_and_christenunie():
    profile = modal(load_example("asylum"))
    zone = agreeable(profile, np.array([[30.0, 60.0], [50.0, 60.0]]))
    issue = profile.issues.index("family_reunification")
    vvd, cu = profile.parties.index("VVD"), profile.parties.index("CU")
    assert zone.share_in_box == 0.0
    assert (zone.gap.lower[issue], zone.gap.upper[issue]) == (50.0, 30.0)
    assert zone.gap.holds_lower[vvd, issue] == 1.0
    assert zone.gap.holds_upper[cu, issue] == 1.0
    assert zone.blocker(0) == (vvd, issue)
    assert zone.groups[0].probability == 1.0
    assert zone.groups[0].members == tuple(p for p in range(4) if p != vvd)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    party=st.integers(0, 2),
    issue=st.integers(0, 1),
    by=st.floats(0, 40),
)
def test_the_zone_shrinks_when_a_red_line_tightens(seed, party, issue, by):
    profile = random_profile(seed, 64, 3, 2)
    packages = np.random.default_rng(seed).uniform(0, 100, (50, 2))
    high = profile.high.copy()
    high[:, party, issue] = np.maximum(high[:, party, issue] - by, profile.low[:, party, issue])
    before = agreeable(profile, packages)
    after = agreeable(replace(profile, high=high), packages)
    assert (after.probability <= before.probability).all()
    assert after.share_in_box <= before.share_in_box
    assert after.share_of_draws <= before.share_of_draws


def test_turning_the_scale_round_turns_the_zone_round():
    profile = random_profile(8, 100, 3, 2)
    packages = np.random.default_rng(9).uniform(0, 100, (40, 2))
    turned = replace(
        profile, position=100 - profile.position, low=100 - profile.high, high=100 - profile.low
    )
    here, there = agreeable(profile, packages), agreeable(turned, 100 - packages)
    assert np.array_equal(here.probability, there.probability)
    assert np.array_equal(here.gap.holds_lower, there.gap.holds_upper)


@pytest.mark.parametrize("subsets", [14, 2])
def test_groups_are_the_likeliest_of_their_size(subsets, monkeypatch):
    monkeypatch.setattr(zone_module, "_ALL_SUBSETS", subsets)
    profile = random_profile(10, 300, 5, 2, width=(10, 50))
    groups = agreeing_groups(profile)
    assert [len(g.members) for g in groups] == [5, 4, 3, 2]
    for group in groups:
        shares = {
            pick: (profile.low[:, pick].max(axis=1) <= profile.high[:, pick].min(axis=1))
            .all(axis=1)
            .mean()
            for pick in combinations(range(5), len(group.members))
        }
        assert group.probability == pytest.approx(shares[group.members])
        if subsets == 14:
            assert group.probability == pytest.approx(max(shares.values()))


def test_packages_that_pass_a_rule_given_as_function_or_as_coalitions(monkeypatch):
    profile = random_profile(11, 150, 4, 2)
    votes = np.array([8.0, 6.0, 4.0, 2.0])
    packages = np.random.default_rng(12).uniform(0, 100, (30, 2))
    expected = ((accepted(profile, packages) * votes[:, None]).sum(axis=1) > 10).mean(axis=0)

    def majority(accepts):
        return accepts @ votes > votes.sum() / 2

    assert np.allclose(passing(profile, packages, majority), expected)
    coalitions = winning_coalitions(majority, 4)
    assert np.allclose(passing(profile, packages, coalitions), expected)
    # 8 + 6 and 8 + 4 carry; 8 + 2 and 6 + 4 are half; 6 + 4 + 2 carry.
    assert {tuple(np.flatnonzero(c)) for c in coalitions} == {(0, 1), (0, 2), (1, 2, 3)}
    monkeypatch.setattr(zone_module, "_ALL_SUBSETS", 2)
    assert np.allclose(passing(profile, packages, majority), expected)


def test_best_lists_the_likeliest_first_and_equal_ones_by_refusals():
    profile = make_profile([[10.0], [90.0]], [[0.0], [60.0]], [[30.0], [100.0]])
    zone = agreeable(profile, np.array([[45.0], [20.0], [95.0]]))
    assert zone.best().tolist() == [1, 2, 0]
    assert zone.best(1).tolist() == [1]
