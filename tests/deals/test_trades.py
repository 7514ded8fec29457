"""Trades: both gain the same, the size is the largest such one, and third parties are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deals.profiles import make_profile, random_profile

from treves.deals.preferences import spatial
from treves.deals.trades import find_trades
from treves.utility import accepted

WIDE = {"low": [[0.0, 0.0]] * 2, "high": [[100.0, 100.0]] * 2}


def test_two_parties_swap_the_issues_they_care_less_about():
    profile = make_profile([[100.0, 100.0], [0.0, 0.0]], **WIDE, salience=[[0.7, 0.3], [0.3, 0.7]])
    (trade,) = find_trades(profile, np.array([50.0, 50.0]))
    assert (trade.first, trade.second, trade.gives, trade.receives) == (0, 1, 1, 0)
    assert trade.package.tolist() == [100.0, 0.0]
    assert trade.gain == pytest.approx(0.2)
    assert trade.harmless


def test_equal_interests_leave_nothing_to_trade():
    profile = make_profile([[100.0, 100.0], [0.0, 0.0]], **WIDE)
    assert find_trades(profile, np.array([50.0, 50.0])) == ()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), parties=st.integers(2, 4))
def test_both_gain_the_same_and_what_it_does_to_others_is_said(seed, parties):
    profile = random_profile(seed, None, parties, 3, width=(10, 60))
    package = np.random.default_rng(seed).uniform(0, 100, 3)
    form = spatial(profile)
    before = form(package[None, :])[0]
    for trade in find_trades(profile, package):
        change = form(trade.package[None, :])[0] - before
        assert change == pytest.approx(trade.change)
        assert change[trade.first] == pytest.approx(change[trade.second], abs=1e-9)
        assert trade.gain > 0
        others = set(range(parties)) - {trade.first, trade.second}
        assert set(trade.hurts) == {p for p in others if change[p] < -1e-9}
        assert np.flatnonzero(trade.package != package).tolist() == sorted(
            (trade.gives, trade.receives)
        )
        both = accepted(profile, np.stack([package, trade.package]))
        newly = {p for p in range(parties) if both[p, 0] and not both[p, 1]}
        assert newly <= {p for p, _ in trade.crosses}
        # One of the two has all it wants on the issue it receives.
        reached = (
            abs(trade.package[trade.receives] - profile.position[trade.first, trade.receives]),
            abs(trade.package[trade.gives] - profile.position[trade.second, trade.gives]),
        )
        assert min(reached) == pytest.approx(0.0, abs=1e-9)


def test_no_larger_exchange_gives_the_worse_off_more():
    for seed in range(6):
        profile = random_profile(seed, None, 2, 2)
        package = np.array([50.0, 50.0])
        form = spatial(profile)
        axis = np.linspace(0, 1, 101)
        for trade in find_trades(profile, package):
            i, j = trade.gives, trade.receives
            goal_i, goal_j = profile.position[1, i], profile.position[0, j]
            if trade.first != 0:
                goal_i, goal_j = profile.position[0, i], profile.position[1, j]
            grid = np.tile(package, (axis.size**2, 1))
            grid[:, i] += np.repeat(axis, axis.size) * (goal_i - package[i])
            grid[:, j] += np.tile(axis, axis.size) * (goal_j - package[j])
            gains = (form(grid) - form(package[None, :])).min(axis=1)
            assert trade.gain >= gains.max() - 1e-9


def test_harmless_trades_come_first_and_alone_when_asked_for():
    profile = random_profile(11, None, 4, 4, width=(5, 40))
    package = np.full(4, 50.0)
    trades = find_trades(profile, package)
    flags = [trade.harmless for trade in trades]
    assert flags == sorted(flags, reverse=True)
    assert all(t.harmless for t in find_trades(profile, package, harmless_only=True))
    assert len(find_trades(profile, package, top=2)) == 2


def test_a_party_without_a_say_does_not_trade_but_can_be_hurt():
    profile = make_profile(
        [[100.0, 100.0], [0.0, 0.0], [50.0, 50.0]],
        [[0.0, 0.0]] * 3,
        [[100.0, 100.0]] * 3,
        salience=[[0.7, 0.3], [0.3, 0.7], [0.5, 0.5]],
    )
    profile = replace(profile, needed=np.array([True, True, False]))
    (trade,) = find_trades(profile, np.array([50.0, 50.0]))
    assert trade.hurts == (2,)
    assert not trade.harmless
