"""The position exchange model: parties trade concessions on issues that matter less to them.

After Stokman and Van Oosten (1994), with equal gains for both partners. Exact ties between trades
are common, and which comes first changes the result: they are shuffled and the results averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.profile import Floats, Profile
from treves.settlement.card import Card, Model
from treves.settlement.chance import uniform
from treves.settlement.market import outcomes, play, possible_trades
from treves.settlement.threads import over_draws


@dataclass(frozen=True)
class Options:
    """How the model is run.

    ``rounds``: after each, parties start the next one part of the way towards what they promised.
    ``orders``: number of orders of tied trades that are averaged. ``spread``: 0 for equal gains,
    up to 1 for rates of exchange drawn between the gains that either side could get. ``seed``:
    of the orders and the rates; the same seed gives the same answer.
    """

    rounds: int = 1
    orders: int = 60
    spread: float = 0.0
    seed: int = 0


DEFAULT = Options()


@dataclass(frozen=True)
class Trade:
    """One executed trade. Indices of parties and issues; positions before and after, 0-100.

    ``first`` demands ``wants`` and moves on ``gives``; ``second`` the other way round.
    ``externality`` (p): what the shift of both outcomes is worth to every party.
    """

    first: int
    second: int
    wants: int
    gives: int
    first_move: tuple[float, float]
    second_move: tuple[float, float]
    gain: tuple[float, float]
    externality: Floats


@dataclass(frozen=True)
class Round:
    """One round: outcomes (i) before and after, how many trades were possible and valid."""

    before: Floats
    after: Floats
    possible: int
    valid: int
    ties: int
    trades: tuple[Trade, ...]


def settle(profile: Profile, options: Options = DEFAULT) -> Floats:
    """Weighted mean of the positions after the last round, axes (..., i), 0-100.

    With one issue nothing can be traded and the answer is the weighted mean. Averaged over orders
    of tied trades. Sources: Stokman and Van Oosten (1994); Dijkstra, Van Assen and Stokman (2008).

    >>> from treves.settlement.table import profile_of
    >>> wishes = profile_of([[0.0, 0.0], [100.0, 100.0]], [[1.0, 0.2], [0.2, 1.0]])
    >>> settle(wishes).round().tolist()
    [0.0, 100.0]
    """
    return spread(profile, options)[0]


def spread(profile: Profile, options: Options = DEFAULT) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the settlement over orders of tied trades, each (..., i)."""
    lead = profile.position.shape[:-2]
    flat = (-1, *profile.position.shape[-2:])
    position = np.where(profile.present, profile.position, np.nan).reshape(flat)
    draws, parties, issues = position.shape
    rest = (
        np.ascontiguousarray(position),
        np.ascontiguousarray(np.nan_to_num(profile.salience).reshape(flat)),
        np.ascontiguousarray(profile.weight.reshape(flat)),
        np.array([options.rounds, options.seed], dtype=np.int64),
        options.spread,
    )
    work = options.rounds * parties * parties * issues
    first = over_draws(_settle, (_runs(np.arange(draws), [0]),), *rest, work=work)
    mean, deviation = first[:, :issues].copy(), np.zeros((draws, issues))
    # Without ties every order gives the same.
    open_ = np.arange(draws) if options.spread > 0.0 else np.flatnonzero(first[:, issues])
    if len(open_) and options.orders > 1:
        others = _runs(open_, range(1, options.orders))
        more = over_draws(_settle, (others,), *rest, work=work)[:, :issues]
        by_order = more.reshape(len(open_), options.orders - 1, issues)
        every = np.concatenate([mean[open_, None], by_order], axis=1)
        mean[open_], deviation[open_] = every.mean(axis=1), every.std(axis=1)
    return mean.reshape(*lead, issues), deviation.reshape(*lead, issues)


def _runs(draws: NDArray[np.int64], orders: Sequence[int]) -> NDArray[np.int64]:
    """Every draw with every order, (run, 2); the orders of a draw stand together."""
    grid = np.meshgrid(draws, np.array(orders), indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 2)


def trace(
    profile: Profile, options: Options = DEFAULT, priority: list[Floats] | None = None
) -> tuple[Round, ...]:
    """Every round and trade of a profile without leading axes, for one order of tied trades.

    ``priority``, one array per round, says which of tied trades comes first: the highest.
    """
    x = np.where(profile.present, profile.position, np.nan)
    s, cs = np.nan_to_num(profile.salience), profile.weight
    played = []
    for k in range(options.rounds):
        before = outcomes(x, cs)
        trades = possible_trades(x, s, before)
        order = shuffled(len(trades), options.seed, k) if priority is None else priority[k]
        luck = _luck(len(trades), options.spread, options.seed, k)
        record = np.zeros((len(trades) + 1, 7))
        now, valid, done, ties = play(x, s, cs, trades, order, luck, record)
        made = tuple(_trade(trades[int(row[0])], row, x, s, cs, before) for row in record[:done])
        after = outcomes(now, cs)
        played.append(Round(before, after, len(trades), int(valid), int(ties), made))
        x = next_start(x, now, s)
    return tuple(played)


def starts(profile: Profile, rounds: int, seed: int = 0) -> Floats:
    """Positions (round, p, i) before the first round and after each, for one order of ties.

    After a round: where the next one starts, part of the way towards what was promised.
    """
    x = np.where(profile.present, profile.position, np.nan)
    places = [x]
    for played in trace(profile, Options(rounds=rounds, seed=seed)):
        now = places[-1].copy()
        for trade in played.trades:
            now[trade.first, trade.gives] = trade.first_move[1]
            now[trade.second, trade.wants] = trade.second_move[1]
        places.append(next_start(places[-1], now, np.nan_to_num(profile.salience)))
    return np.stack(places)


def _trade(
    trade: np.ndarray, row: Floats, x: Floats, s: Floats, cs: Floats, before: Floats
) -> Trade:
    a, b, p, q = (int(v) for v in trade)
    total = np.where(np.isnan(x), 0.0, cs).sum(axis=0)
    worth = np.zeros(len(x))
    for issue, mover, start, end in ((q, a, row[1], row[2]), (p, b, row[3], row[4])):
        after = before[issue] + cs[mover, issue] * (end - start) / total[issue]
        distance = np.abs(before[issue] - x[:, issue]) - np.abs(after - x[:, issue])
        worth += np.nan_to_num(s[:, issue] * distance)
    return Trade(
        first=a,
        second=b,
        wants=p,
        gives=q,
        first_move=(float(row[1]), float(row[2])),
        second_move=(float(row[3]), float(row[4])),
        gain=(float(row[5]), float(row[6])),
        externality=worth,
    )


@njit(cache=True, nogil=True)
def next_start(x: Floats, now: Floats, s: Floats) -> Floats:
    """Positions at the start of the next round: part of the way, less where much is at stake."""
    return x + (0.4 * (1.0 - s) + 0.1) * (now - x)


@njit(cache=True, nogil=True)
def shuffled(count: int, seed: int, turn: int) -> Floats:
    """A priority for each trade, for one seed and round."""
    order = np.empty(count)
    for t in range(count):
        order[t] = uniform(seed, turn, t)
    return order


@njit(cache=True, nogil=True)
def _luck(count: int, spread: float, seed: int, turn: int) -> Floats:
    """What chance says to each trade; one row of zeros where gains are equal."""
    if spread <= 0.0:
        return np.zeros((1, 4))
    luck = np.full((max(count, 1), 4), spread)
    for t in range(count):
        for k in range(1, 4):
            luck[t, k] = uniform(seed, turn, 4 * t + k + count)
    return luck


@njit(cache=True, nogil=True)
def _settle(
    runs: np.ndarray,
    position: Floats,
    salience: Floats,
    weight: Floats,
    numbers: np.ndarray,
    spread: float,
) -> Floats:
    """Settlement of every run (draw, order), and in the last column the ties met on the way."""
    rounds, seed = numbers[0], numbers[1]
    issues = position.shape[2]
    answer = np.zeros((len(runs), issues + 1))
    for r in range(len(runs)):
        draw, order = runs[r]
        s, cs = salience[draw], weight[draw]
        x = position[draw].copy()
        answer[r, :issues] = outcomes(x, cs)
        for k in range(rounds):
            trades = possible_trades(x, s, outcomes(x, cs))
            priority = shuffled(len(trades), seed + order, k)
            luck = _luck(len(trades), spread, seed + order, k)
            record = np.zeros((len(trades) + 1, 7))
            now, _, _, met = play(x, s, cs, trades, priority, luck, record)
            answer[r, :issues] = outcomes(now, cs)
            answer[r, issues] += met
            x = next_start(x, now, s)
    return answer


MODEL = Model(
    Card(
        id="exchange",
        names=("position exchange model", "equal gain exchange model"),
        sources=("stokman1994", "dijkstra2008", "arregui2006"),
        mirrors="no",
    ),
    settle,
)
