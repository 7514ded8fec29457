"""Reference cases of section 7: setter, core, win set, uncovered and Banks sets, Baron-Ferejohn."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from tests.settlement.bodies import body_led_by

from treves.case.model import Rule
from treves.errors import InputError
from treves.settlement import baron_ferejohn, predictioneer, setter
from treves.settlement.baron_ferejohn import Options, proposer_share, shares
from treves.settlement.core import core, veto_set, win_set
from treves.settlement.table import profile_of
from treves.settlement.tournament import banks_set, top_cycle, uncovered_set


@pytest.mark.parametrize(
    ("a", "m", "z", "outcome"),
    [
        (80, 50, 50, 50),
        (80, 50, 60, 60),
        (80, 50, 30, 70),
        (80, 50, 10, 80),
        (80, 50, 90, 80),
        (20, 50, 70, 30),
        (60, 50, 0, 60),
    ],
)
def test_a_setter_against_one_voter(a: float, m: float, z: float, outcome: float) -> None:
    profile = profile_of([[a], [m]], status_quo=[z])
    body = replace(body_led_by(profile, 0), votes=np.array([0.0, 1.0]))
    assert setter.settle(profile, body)[0] == outcome


def test_a_setter_under_other_rules() -> None:
    profile = profile_of([[100.0], [40.0], [60.0], [90.0]], status_quo=[30.0])

    def outcome(rule: Rule) -> float:
        return float(setter.settle(profile, body_led_by(profile, 0, rule))[0])

    assert outcome(Rule(decision="majority")) == 90.0  # three of four
    assert outcome(Rule(decision="consensus")) == 50.0
    assert outcome(Rule(decision="weighted_majority", quota=2)) == 100.0
    assert outcome(Rule(decision="veto", holders=("party1",), base="majority")) == 50.0
    assert outcome(Rule(decision="veto", holders=("party2",), base="majority")) == 90.0
    assert outcome(Rule(decision="setter", base="majority")) == 90.0
    assert outcome(Rule(decision="setter", base="majority", tie_break="chair")) == 100.0


def test_a_setter_without_status_quo_or_chair() -> None:
    profile = profile_of([[100.0, 10.0], [40.0, np.nan]], status_quo=[np.nan, 30.0])
    found = setter.settle(profile, body_led_by(profile, 0, Rule(decision="consensus")))
    assert np.isnan(found[0])
    assert found[1] == 10.0  # who has no position on it blocks nothing
    with pytest.raises(InputError, match="nobody leads"):
        setter.settle(profile, body_led_by(profile, -1))


@pytest.mark.parametrize(("quota", "ends"), [(11, (60, 60)), (15, (20, 100)), (20, (15, 100))])
def test_the_core(quota: float, ends: tuple[float, float]) -> None:
    assert core([100, 20, 60, 15], [8, 6, 4, 2], quota) == ends


def test_win_sets() -> None:
    assert win_set([40, 50, 90], [1, 1, 1], 2, 30) == (30.0, 70.0)
    assert win_set([40, 50, 90], [1, 1, 1], 2, 50) == (50.0, 50.0)
    assert win_set([0, 10, np.nan, 20], [1, 1, 9, 1], 2, 50) == (-30.0, 50.0)
    assert veto_set([60, 80], 50) == (50.0, 70.0)
    assert veto_set([40, 80], 50) == (50.0, 50.0)


def arcs(text: str, size: int) -> np.ndarray:
    beats = np.zeros((size, size), dtype=bool)
    for pair in text.split():
        beats[int(pair[0]), int(pair[1])] = True
    return beats


SEVEN = "01 02 21 03 31 32 04 41 24 43 05 15 52 35 54 60 61 62 63 64 56"
NINE = (
    "10 20 12 30 13 23 40 41 42 34 05 51 52 35 54 06 16 26 63 64 65 07 17 27 73 47 75 67 "
    "80 81 82 38 48 58 68 87"
)


def test_two_tournaments() -> None:
    seven, nine = arcs(SEVEN, 7), arcs(NINE, 9)
    assert uncovered_set(seven) == banks_set(seven) == [0, 5, 6]
    assert top_cycle(seven) == list(range(7))
    assert uncovered_set(nine) == banks_set(nine) == [0, 1, 3, 4, 5, 6]


def test_a_winner_of_all_is_alone_in_every_set() -> None:
    beats = np.triu(np.ones((6, 6), dtype=bool), 1)
    assert uncovered_set(beats) == banks_set(beats) == top_cycle(beats) == [0]


def test_tables_that_are_no_tournament_are_refused() -> None:
    with pytest.raises(InputError):
        uncovered_set(np.ones((2, 2), dtype=bool))
    with pytest.raises(InputError, match="at most 25"):
        banks_set(np.triu(np.ones((26, 26), dtype=bool), 1))


def coalitions(votes: tuple[int, ...], quota: int) -> np.ndarray:
    n = len(votes)
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
    return masks[masks @ np.array(votes) >= quota]


@pytest.mark.parametrize(
    ("n", "quota", "delta", "keeps"),
    [
        (3, 2, 1.0, 0.666667),
        (3, 2, 0.9, 0.7),
        (3, 2, 0.8, 0.733333),
        (5, 3, 0.9, 0.64),
        (7, 4, 0.8, 0.657143),
        (3, 3, 0.9, 0.4),
    ],
)
def test_equal_parties_divide_a_pie(n: int, quota: int, delta: float, keeps: float) -> None:
    winning = coalitions((1,) * n, quota)
    values = shares(winning, Options(delta=delta))
    np.testing.assert_allclose(values, 1 / n, atol=1e-9)
    share = proposer_share(winning, values, delta)
    np.testing.assert_allclose(share, 1 - (quota - 1) * delta / n, atol=1e-9)
    assert share[0] == pytest.approx(keeps, abs=1e-6)


def test_weighted_games() -> None:
    values = shares(coalitions((2, 1, 1), 3))
    np.testing.assert_allclose(values, (0.733333, 0.133333, 0.133333), atol=1e-4)
    values = shares(coalitions((34, 24, 14, 5), 39))
    np.testing.assert_allclose(values, (0.4, 0.2, 0.2, 0.2), atol=3e-4)
    votes = np.array((34, 24, 14, 5)) / 77
    values = shares(coalitions((34, 24, 14, 5), 39), Options(recognition=tuple(votes)))
    np.testing.assert_allclose(values, (0.4160, 0.2479, 0.1681, 0.1681), atol=3e-4)


def test_shares_weigh_the_positions() -> None:
    profile = profile_of([[0.0], [50.0], [100.0]])
    body = replace(body_led_by(profile, 0), votes=np.array([2.0, 1.0, 1.0]))
    answer = baron_ferejohn.settle(profile, body)
    np.testing.assert_allclose(answer, 0.133333 * 50 + 0.133333 * 100, atol=0.02)
    crowd = profile_of(np.zeros((13, 1)))
    with pytest.raises(InputError, match="at most 12"):
        baron_ferejohn.settle(crowd, body_led_by(crowd, 0))


def test_formulas_of_a_contest() -> None:
    x, s, c = np.array([0.0, 0.4, 1.0]), np.array([1.0, 0.5, 1.0]), np.array([1.0, 1.0, 0.5])
    out = np.empty(3)
    assert predictioneer.clash(x, s, c, 0, 2, out)
    fa = 1 * 1 * 1.0 / 1.0 + 0.5 * 1 * 0.6 / 1.4
    fb = 1 * 0.5 * 1.0 / 1.0
    share = fb / (fa + fb)
    assert out == pytest.approx((share, 1 - (1 - share), fa**2 / (fa**2 + fb**2)))
    assert not predictioneer.clash(x, np.zeros(3), c, 0, 2, out)


def test_plays_depend_on_the_seed_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    profile = profile_of(rng.uniform(0, 100, (5, 2)), rng.uniform(0.2, 1, (5, 2)))
    one = predictioneer.settle(profile, np.random.default_rng(1))
    np.testing.assert_array_equal(one, predictioneer.settle(profile, np.random.default_rng(1)))
    assert not np.array_equal(one, predictioneer.settle(profile, np.random.default_rng(2)))
    np.testing.assert_array_equal(predictioneer.settle(profile), predictioneer.settle(profile))


def test_every_chain_of_a_small_tournament() -> None:
    seven = arcs(SEVEN, 7)
    tops = set()
    for size in range(1, 8):
        for chain in permutations(range(7), size):
            if all(seven[chain[i], chain[j]] for i in range(size) for j in range(i + 1, size)):
                beaten_by = seven[:, list(chain)].all(axis=1)
                if not beaten_by.any():
                    tops.add(chain[0])
    assert sorted(tops) == banks_set(seven)
