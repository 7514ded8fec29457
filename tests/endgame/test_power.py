"""Power indices: published numbers, exactly or to the digits printed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from tests.endgame.bodies import body

from treves.endgame.power import Condition, count_swings, power_of
from treves.endgame.votes import winning

EU15 = [10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2]
EU27 = [29] * 4 + [27] * 2 + [14, 13] + [12] * 5 + [10] * 3 + [7] * 5 + [4] * 5 + [3]


def indices(weights: list[int], quota: int) -> tuple[tuple[int, ...], list[Fraction]]:
    swings, shapley = count_swings([Condition(0, tuple(weights), quota)])
    return swings, list(shapley)


@pytest.mark.parametrize(
    ("weights", "quota", "banzhaf", "shapley", "total"),
    [
        ([4, 4, 4, 2, 2, 1], 12, ["5/21"] * 3 + ["1/7"] * 2 + ["0"], None, 42),
        ([50, 49, 1], 51, ["3/5", "1/5", "1/5"], ["2/3", "1/6", "1/6"], 5),
        ([34, 24, 14, 5], 39, ["1/2"] + ["1/6"] * 3, ["1/2"] + ["1/6"] * 3, 12),
        ([8, 6, 4, 2], 11, ["5/12", "1/4", "1/4", "1/12"], None, 12),
        ([41, 33, 6], 41, ["1", "0", "0"], ["1", "0", "0"], 4),
        ([37, 24, 20, 7], 45, ["5/12", "1/4", "1/4", "1/12"], None, 12),
        ([45, 38, 14], 49, ["1/3"] * 3, ["1/3"] * 3, 6),
    ],
)
def test_small_games_exactly(
    weights: list[int], quota: int, banzhaf: list[str], shapley: list[str] | None, total: int
) -> None:
    swings, found = indices(weights, quota)
    assert sum(swings) == total
    assert [Fraction(s, total) for s in swings] == [Fraction(b) for b in banzhaf]
    expected = banzhaf if shapley is None else shapley
    if weights[0] != 4:
        assert found == [Fraction(s) for s in expected]
    else:
        six = ["7/30"] * 3 + ["3/20"] * 2 + ["0"]
        assert found == [Fraction(s) for s in six]


def test_security_council() -> None:
    swings, shapley = indices([7] * 5 + [1] * 10, 39)
    assert sum(swings) == 5080
    assert swings[0] / 5080 == pytest.approx(0.166929, abs=5e-7)
    assert (shapley[0], shapley[-1]) == (Fraction(421, 2145), Fraction(4, 2145))


def test_councils_of_the_union() -> None:
    swings, shapley = indices(EU15, 62)
    assert sum(swings) == 16_565
    by_weight = {w: i for i, w in enumerate(EU15)}
    expected = {10: 0.111621, 8: 0.092424, 5: 0.058738, 4: 0.047872, 3: 0.035919, 2: 0.022638}
    for w, value in expected.items():
        assert swings[by_weight[w]] / 16_565 == pytest.approx(value, abs=5e-7)
    assert float(shapley[0]) == pytest.approx(0.116667, abs=5e-7)
    swings, shapley = indices(EU27, 255)
    assert sum(swings) == 28_186_428
    assert swings[0] / sum(swings) == pytest.approx(0.077827, abs=5e-7)
    assert float(shapley[-1]) == pytest.approx(0.008178, abs=5e-7)


def test_a_hundred_members() -> None:
    weights = [1 + (i % 9) for i in range(100)]
    swings, shapley = indices(weights, sum(weights) // 2 + 1)
    assert sum(shapley) == 1
    assert swings[8] > swings[0] > 0
    assert swings[0] == swings[9]


def brute(b: object, size: int) -> tuple[list[int], list[Fraction]]:
    from math import factorial

    swings, shapley = [0] * size, [Fraction(0)] * size
    for p in range(size):
        rest = [q for q in range(size) if q != p]
        for y in range(size):
            for group in combinations(rest, y):
                if winning(b, (*group, p)) and not winning(b, group):  # type: ignore[arg-type]
                    swings[p] += 1
                    shapley[p] += Fraction(factorial(y) * factorial(size - 1 - y), factorial(size))
    return swings, shapley


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "majority"},
        {"decision": "majority", "chair_breaks_ties": True},
        {"decision": "weighted_majority", "quota": 12.5},
        {"decision": "consensus"},
        {"decision": "unanimity"},
        {"decision": "negotiation"},
        {"decision": "setter", "base": "majority"},
        {"decision": "veto", "base": "majority", "holders": np.array([0, 0, 1, 0, 0], bool)},
        {
            "decision": "double_majority",
            "members_share": 0.55,
            "population_share": 0.65,
            "population": np.array([80.0, 60.0, 40.0, 11.0, 9.0]),
        },
    ],
)
def test_every_rule_against_enumeration(changes: dict[str, object]) -> None:
    b = body([8, 6, 4, 2.5, 3.5], **changes)
    table = power_of(b, b.decision)
    swings, shapley = brute(b, 5)
    assert list(table.swings) == swings
    assert table.shapley == pytest.approx([float(s) for s in shapley], abs=1e-12)
    assert table.exact
    for coalition in table.minimal:
        assert winning(b, coalition)
        assert not any(winning(b, set(coalition) - {p}) for p in coalition)


def test_who_can_be_outvoted_and_who_brings_down() -> None:
    b = body([8, 6, 4, 2], fallback="majority_vote")
    table = power_of(b)
    assert table.rule == "majority"
    assert table.outvoted.tolist() == [True] * 4
    assert table.brings_down.tolist() == [True] * 4
    b = replace(b, exit="majority_lost", majority=11.0)
    assert power_of(b).brings_down.tolist() == [True, False, False, False]
    assert power_of(b, "consensus").veto.tolist() == [True] * 4
