"""Reference cases 5.4 of the position exchange model."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.shared import shared_dir

from treves.profile import Profile
from treves.settlement import exchange, mean, threads
from treves.settlement.exchange import Options, trace
from treves.settlement.market import outcomes, possible_trades
from treves.settlement.table import profile_of

TOLL = {
    "Willems": (1.0, (100, 38.461538461538, 100, 100, 25, 75), (0.95, 0.7, 0.9, 0.8, 0.6, 0.95)),
    "PvdA": (1.0, (50, 38.461538461538, 75, 100, 25, 25), (0.8, 0.7, 0.7, 0.6, 0.5, 0.8)),
    "GL": (0.6, (100, 69.230769230769, 100, 100, 50, 100), (0.95, 0.9, 0.95, 0.8, 0.4, 0.9)),
    "VVDs": (0.5, (0, 0, 0, 0, 50, 0), (0.9, 0.5, 0.9, 0.9, 0.8, 0.7)),
    "SP": (0.4, (75, 23.076923076923, 75, 50, 0, 0), (0.7, 0.5, 0.6, 0.4, 0.3, 0.7)),
    "CDA": (0.5, (25, 7.692307692308, 25, 50, 25, 50), (0.8, 0.6, 0.7, 0.4, 0.5, 0.6)),
    "D66": (0.2, (25, 38.461538461538, 50, 75, 25, 50), (0.5, 0.3, 0.5, 0.6, 0.5, 0.7)),
    "CU": (0.2, (75, 38.461538461538, 75, 100, 50, 75), (0.7, 0.5, 0.6, 0.6, 0.5, 0.8)),
    "KvK": (0.6, (25, 7.692307692308, 0, 0, 50, 25), (0.8, 0.6, 0.7, 0.9, 0.5, 0.8)),
    "Wcentr": (0.9, (0, 0, 0, 0, 100, 100), (0.95, 0.8, 1, 0.95, 0.9, 0.9)),
}


def toll() -> Profile:
    rows = TOLL.values()
    return profile_of(
        [r[1] for r in rows], [r[2] for r in rows], [r[0] for r in rows], parties=[*TOLL]
    )


def many(profile: Profile, draws: int) -> Profile:
    """The same numbers in every draw."""
    return profile.at(np.newaxis).at(np.zeros(draws, dtype=int))


def test_the_first_trade_by_hand() -> None:
    first = trace(toll())[0].trades[0]
    names = list(TOLL)
    assert (names[first.first], names[first.second]) == ("Willems", "Wcentr")
    assert (first.wants, first.gives) == (0, 4)
    assert first.first_move == pytest.approx((25, 100))
    assert first.second_move == pytest.approx((0, 61.051174), abs=1e-4)
    assert first.gain == pytest.approx((1.973684, 1.973684), abs=1e-6)
    worth = (1.9737, -13.8544, 5.0146, -19.0566, 3.3241, -14.8892, -11.7729, 1.2042, -14.3775)
    np.testing.assert_allclose(first.externality, (*worth, 1.9737), atol=1e-4)


def reference(name: str) -> tuple[Profile, list[dict[str, Any]], list[np.ndarray]]:
    """Profile, expected rounds, and the order among exact ties that the program chose."""
    table = json.loads((shared_dir() / f"data/models/exchange_{name}.json").read_text())
    profile = profile_of(table["X"], table["S"], np.array(table["C"])[:, 0])
    actor = {a: k for k, a in enumerate(table["actors"])}
    issue = {a: k for k, a in enumerate(table["issues"])}
    x, s, cs = profile.position, profile.salience, profile.weight
    orders: list[np.ndarray] = []
    for k, expected in enumerate(table["rounds"]):
        trades = possible_trades(x, s, outcomes(x, cs))
        index = {tuple(row): t for t, row in enumerate(trades.tolist())}
        order = -1000.0 - np.arange(len(trades))
        for turn, done in enumerate(expected["ex"]):
            a, gives, b, wants = actor[done[0]], issue[done[1]], actor[done[5]], issue[done[6]]
            found = index.get((a, b, wants, gives))
            order[index[b, a, gives, wants] if found is None else found] = -turn
        orders.append(order)
        end = x.copy()
        for trade in trace(profile, Options(rounds=k + 1), orders)[k].trades:
            end[trade.first, trade.gives] = trade.first_move[1]
            end[trade.second, trade.wants] = trade.second_move[1]
        x = exchange.next_start(x, end, s)
    return profile, table["rounds"], orders


@pytest.mark.parametrize("name", ["sample_data", "copenhagen"])
def test_all_rounds_and_trades_of_the_reference_program(name: str) -> None:
    profile, expected, orders = reference(name)
    played = trace(profile, Options(rounds=len(expected)), orders)
    for mine, other in zip(played, expected, strict=True):
        assert (mine.possible, mine.valid) == (other["npot"], other["nvalid"])
        assert len(mine.trades) == other["nreal"]
        gains = [t.gain[0] for t in mine.trades]
        assert sum(gains) == pytest.approx(other["sumgain"], abs=1e-6)
        np.testing.assert_allclose(mine.before, list(other["nbs0"].values()), atol=1e-4)
        np.testing.assert_allclose(mine.after, list(other["nbs1"].values()), atol=1e-4)
        for trade, done in zip(mine.trades, other["ex"], strict=True):
            ends = sorted((trade.first_move[1], trade.second_move[1]))
            assert ends == pytest.approx(sorted((done[4], done[9])), abs=1e-4)
            assert trade.gain[0] == pytest.approx(done[10], abs=1e-6)


def test_orders_of_tied_trades_are_averaged() -> None:
    average, deviation = exchange.spread(toll())
    assert average[0] == pytest.approx(68.30, abs=0.6)
    assert average[2] == pytest.approx(49.20, abs=0.8)
    assert average[4] == pytest.approx(75.78, abs=0.4)
    assert deviation[0] == pytest.approx(1.16, abs=0.3)
    np.testing.assert_allclose(deviation[[1, 3, 5]], 0, atol=1e-9)
    np.testing.assert_array_equal(exchange.spread(toll())[0], average)
    assert not np.array_equal(exchange.settle(toll(), Options(seed=99)), average)


def test_the_mean_over_orders_stays_what_it_was() -> None:
    """Figures of the version that worked every trade out again after each execution."""
    average, deviation = exchange.spread(toll(), Options(rounds=3))
    expected = (60.82471122, 58.26972010, 65.52619117, 5.312835504, 87.76112579, 47.10432141)
    np.testing.assert_allclose(average, expected, atol=1e-6)
    np.testing.assert_allclose(deviation[[0, 2]], (1.004736572, 0.9355944137), atol=1e-6)


def test_draws_and_threads_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    profile, tie = toll(), profile_of([[0.0, 0.0], [100.0, 100.0]], [[1.0, 0.2], [0.2, 1.0]])
    alone = exchange.settle(profile)
    monkeypatch.setattr(threads, "LEAST_WORK", 1)
    np.testing.assert_array_equal(exchange.settle(profile), alone)
    both = exchange.settle(many(profile, 3))
    np.testing.assert_array_equal(both, np.tile(alone, (3, 1)))
    assert exchange.settle(tie).round().tolist() == [0.0, 100.0]


def test_gains_are_equal_and_outcomes_move_towards_who_demands() -> None:
    for trade in trace(toll())[0].trades:
        assert trade.gain[0] == pytest.approx(trade.gain[1], abs=1e-9)
        assert trade.gain[0] > 0


def test_random_rates_favour_one_side() -> None:
    played = trace(toll(), Options(spread=1.0, seed=3))[0]
    gains = np.array([t.gain for t in played.trades])
    assert np.abs(gains[:, 0] - gains[:, 1]).max() > 0.1
    assert gains.min() > -1e-9
    assert exchange.settle(toll(), Options(spread=0.5)).shape == (6,)


def test_later_rounds_start_nearer_to_what_was_promised() -> None:
    played = trace(toll(), Options(rounds=3))
    for one, two in pairwise(played):
        assert np.abs(two.before - one.before).max() > 0.1


def test_one_issue_leaves_nothing_to_trade() -> None:
    profile = profile_of([[0.0], [60.0]], power=[1, 3])
    np.testing.assert_allclose(exchange.settle(profile), mean.settle(profile))


def test_without_interest_no_rate_of_exchange_exists() -> None:
    profile = profile_of([[0.0, 0.0], [100.0, 100.0]], [[0.0, 1.0], [1.0, 0.0]])
    assert trace(profile)[0].possible == 0
    np.testing.assert_allclose(exchange.settle(profile), [100.0, 0.0])
