"""Compiled parts of the position exchange model: one round of one draw.

Actor I demands issue p and supplies q, its partner J demands q and supplies p. State that several
trades share is kept once: the present position of an actor on an issue it supplies, the sum of its
moves there, and what its earlier partners already moved for it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from treves.profile import Floats

TINY = 1e-10
# Gains closer together than this are tied.
SAME = 1e-9


@njit(cache=True, nogil=True)
def outcomes(x: Floats, cs: Floats) -> Floats:
    """Weighted mean of the positions per issue; NaN for absent positions is left out."""
    n, m = x.shape
    result = np.empty(m)
    for p in range(m):
        total, pull = 0.0, 0.0
        for i in range(n):
            if not np.isnan(x[i, p]):
                total += cs[i, p]
                pull += cs[i, p] * x[i, p]
        result[p] = pull / total if total > 0.0 else np.nan
    return result


@njit(cache=True, nogil=True)
def _roles(s: Floats, i: int, j: int, p: int, q: int) -> bool:
    """Whether i is the one that demands q (its interest in p against q is the smaller)."""
    return bool(s[i, p] / s[i, q] < s[j, p] / s[j, q])


@njit(cache=True, nogil=True)
def possible_trades(x: Floats, s: Floats, middle: Floats) -> np.ndarray:
    """All trades as rows (I, J, p, q): two actors on opposite sides of both issues.

    Order: issue pairs as listed; right on both against left on both, then left on the first only
    against left on the second only.
    """
    n, m = x.shape
    found = np.empty((max(n * n * m * m // 4, 1), 4), np.int64)
    count = 0
    for p in range(m):
        for q in range(p + 1, m):
            for kind in range(2):
                for i in range(n):
                    if np.isnan(x[i, p]) or np.isnan(x[i, q]):
                        continue
                    left_p, left_q = x[i, p] <= middle[p], x[i, q] <= middle[q]
                    first = (not left_p and not left_q) if kind == 0 else (left_p and not left_q)
                    if not first:
                        continue
                    for j in range(n):
                        if np.isnan(x[j, p]) or np.isnan(x[j, q]):
                            continue
                        if left_p == (x[j, p] <= middle[p]) or left_q == (x[j, q] <= middle[q]):
                            continue
                        if min(s[i, p], s[i, q], s[j, p], s[j, q]) <= 0.0:
                            continue  # without interest the rate of exchange is undefined
                        row = found[count]
                        if _roles(s, i, j, p, q):
                            row[0], row[1] = j, i
                        else:
                            row[0], row[1] = i, j
                        row[2], row[3] = p, q
                        count += 1
    return found[:count].copy()


@njit(cache=True, nogil=True)
def _shifts(
    trade: np.ndarray, x: Floats, now: Floats, s: Floats, pull: tuple[float, float], luck: Floats
) -> tuple[float, float]:
    """Shifts of the two outcomes (dp, dq) at equal gains, or at a rate drawn around them.

    ``luck`` is (spread, u, v, r): with spread 0 gains are equal.
    """
    a, b, p, q = trade[0], trade[1], trade[2], trade[3]
    most_p = abs(x[a, p] - now[b, p]) * pull[1]
    most_q = abs(x[b, q] - now[a, q]) * pull[0]
    rate = (s[a, p] + s[b, p]) / (s[a, q] + s[b, q])
    dp, dq = most_p, rate * most_p
    if dq > most_q:
        dp, dq = most_q / rate, most_q
    if luck[0] <= 0.0:
        return dp, dq
    gain = abs(dq * s[a, q] - dp * s[a, p])
    if luck[1] < 0.5:
        best = _to_demander(0.0, most_p, most_q, s[b, p], s[b, q], False)
        highest = best[0] * s[a, p] - best[1] * s[a, q]
    else:
        best = _to_demander(0.0, most_p, most_q, s[a, p], s[a, q], True)
        highest = best[1] * s[b, q] - best[0] * s[b, p]
    if luck[2] < 0.5:
        gain += luck[0] * luck[3] * max(highest - gain, 0.0)
    else:
        gain -= luck[0] * luck[3] * gain
    if luck[1] < 0.5:
        return _to_demander(gain, most_p, most_q, s[a, p], s[a, q], True)
    return _to_demander(gain, most_p, most_q, s[b, p], s[b, q], False)


@njit(cache=True, nogil=True)
def _to_demander(
    gain: float, most_p: float, most_q: float, sp: float, sq: float, wants_p: bool
) -> tuple[float, float]:
    """The largest shifts that leave one partner (interests sp, sq) exactly this gain."""
    sign = 1.0 if wants_p else -1.0
    dp = most_p
    dq = (dp * sp - sign * gain) / sq
    if dq > most_q:
        dq = most_q
        dp = (dq * sq + sign * gain) / sp
    return min(dp, most_p), max(dq, 0.0)


@njit(cache=True, nogil=True)
def _cut(
    weight: float,
    wanted: float,
    move: float,
    offset: float,
    extra: float,
    sums: tuple[float, float],
) -> float:
    """The move, cut so that the outcome does not pass what the partner wants.

    ``weight`` and ``offset`` (from its start of the round) are the mover's; ``sums`` is (sum of
    c s x at the start, sum of c s); ``extra`` what the partner's earlier trades add to the first.
    """
    here = sums[0] + extra + weight * offset
    before, after = here / sums[1], (here + weight * move) / sums[1]
    y = np.round(wanted, 3)
    if (y >= before and y >= after) or (y <= before and y <= after):
        return move
    size = abs(wanted * sums[1] - here) / weight
    return float(size if move > 0.0 else -size)


@njit(cache=True, nogil=True)
def _allowed(move: float, now: float, plans: Floats) -> bool:
    """Whether a move can be made; ``plans`` is (sum, any upward, any downward) of earlier plans.

    As in the reference program, what the trade planned before each revision of its supply counts
    as if it had been moved: plans must go one way, and upward plans may not add up to more than
    the scale. (Downward plans may: the program compares the signed sum. It is kept, because its
    list of trades is the only published reference, although the mirrored scale then differs.)
    """
    # A full move ends on the partner's position, which rounding must not carry off the scale.
    if not TINY < abs(move) <= 100.0 + SAME:
        return False
    if not -SAME <= now + move <= 100.0 + SAME:
        return False
    if (move > 0.0 and plans[2] > 0.0) or (move < 0.0 and plans[1] > 0.0):
        return False
    return bool(plans[0] + move <= 100.0 + SAME)


@njit(cache=True, nogil=True)
def _extra_but(
    extra: Floats, known: Floats, cs: Floats, x: Floats, demander: int, issue: int, mover: int
) -> float:
    """What other partners of a demander already added to the sum of c s x on an issue."""
    own = known[demander, issue, mover]
    added = 0.0 if np.isnan(own) else cs[mover, issue] * (own - x[mover, issue])
    return float(extra[demander, issue] - added)


@njit(cache=True, nogil=True)
def price(
    trade: np.ndarray,
    x: Floats,
    now: Floats,
    plans: Floats,
    s: Floats,
    cs: Floats,
    sums: Floats,
    extra: Floats,
    known: Floats,
    luck: Floats,
    deal: Floats,
) -> bool:
    """Work out one trade into ``deal`` = (move of I on q, move of J on p, gain of I, gain of J).

    ``sums`` is (sum of c s x, sum of c s) by issue; ``extra`` (demander, issue) and ``known``
    (demander, issue, mover) hold what earlier partners moved for a demander; ``plans`` (2, 3) what
    the trade planned before. False: not valid.
    """
    a, b, p, q = trade[0], trade[1], trade[2], trade[3]
    pull_a, pull_b = cs[a, q] / sums[1, q], cs[b, p] / sums[1, p]
    dp, dq = _shifts(trade, x, now, s, (pull_a, pull_b), luck)
    if dp <= 0.0 or dq <= 0.0:
        return False
    rate = dq / dp
    side_a = 1.0 if x[b, q] > now[a, q] else -1.0
    side_b = 1.0 if x[a, p] > now[b, p] else -1.0
    least = TINY if luck[0] <= 0.0 else -TINY
    if min(dp * s[a, p] - dq * s[a, q], dq * s[b, q] - dp * s[b, p]) < least:
        return False
    move_a, move_b = side_a * dq / pull_a, side_b * dp / pull_b
    if not (_allowed(move_a, now[a, q], plans[0]) and _allowed(move_b, now[b, p], plans[1])):
        return False
    more, held = _extra_but(extra, known, cs, x, b, q, a), (sums[0, q], sums[1, q])
    cut = _cut(cs[a, q], x[b, q], move_a, now[a, q] - x[a, q], more, held)
    if cut != move_a:
        dq = abs(cut) * pull_a
        dp = dq / rate
    move_b = side_b * dp / pull_b
    more, held = _extra_but(extra, known, cs, x, a, p, b), (sums[0, p], sums[1, p])
    cut = _cut(cs[b, p], x[a, p], move_b, now[b, p] - x[b, p], more, held)
    if cut != move_b:
        dp = abs(cut) * pull_b
        dq = rate * dp
    deal[0], deal[1] = side_a * dq / pull_a, side_b * dp / pull_b
    deal[2], deal[3] = dp * s[a, p] - dq * s[a, q], dq * s[b, q] - dp * s[b, p]
    return bool(_allowed(deal[0], now[a, q], plans[0]) and _allowed(deal[1], now[b, p], plans[1]))


@njit(cache=True, nogil=True)
def _best(gains: Floats, alive: np.ndarray, priority: Floats) -> tuple[int, bool]:
    """Place of the open trade with the largest gain, and whether another one ties with it."""
    top = -1.0
    for k in range(len(alive)):
        if gains[k] > top:
            top = gains[k]
    chosen, tie = -1, False
    for k in range(len(alive)):
        if gains[k] >= top - 2.0 * SAME:
            tie = tie or chosen >= 0
            if chosen < 0 or priority[alive[k]] > priority[alive[chosen]]:
                chosen = k
    return chosen, tie


@njit(cache=True, nogil=True)
def _remember(
    demander: int,
    issue: int,
    mover: int,
    end: float,
    x: Floats,
    cs: Floats,
    known: Floats,
    extra: Floats,
) -> None:
    """Note where a partner went for a demander; of two ends the one nearer to its start."""
    start, old = x[mover, issue], known[demander, issue, mover]
    if not np.isnan(old):
        end = min(old, end) if start <= old else max(old, end)
        extra[demander, issue] -= cs[mover, issue] * (old - start)
    known[demander, issue, mover] = end
    extra[demander, issue] += cs[mover, issue] * (end - start)


@njit(cache=True, nogil=True)
def play(
    x: Floats,
    s: Floats,
    cs: Floats,
    trades: np.ndarray,
    priority: Floats,
    luck: Floats,
    record: Floats,
) -> tuple[Floats, int, int, int]:
    """One round: positions after it, number of valid and of executed trades, ties met.

    ``record`` (trade, 7) receives the executed trades in order: index, start and end of I on q,
    start and end of J on p, gain of I, gain of J.
    """
    n, m = x.shape
    now = x.copy()
    known, extra = np.full((n, m, n), np.nan), np.zeros((n, m))
    sums = np.zeros((2, m))
    for i in range(n):
        for p in range(m):
            if not np.isnan(x[i, p]):
                sums[0, p] += cs[i, p] * x[i, p]
                sums[1, p] += cs[i, p]
    count = len(trades)
    deals, plans = np.zeros((count, 4)), np.zeros((count, 2, 3))
    alive, gains = np.empty(count, np.int64), np.empty(count)
    left = 0
    for t in range(count):
        if price(trades[t], x, now, plans[t], s, cs, sums, extra, known, luck[t], deals[t]):
            alive[left], gains[left] = t, deals[t, 2] + deals[t, 3]
            left += 1
    valid, done, ties = left, 0, 0
    while left > 0:
        best, tie = _best(gains[:left], alive[:left], priority)
        t = alive[best]
        ties += tie
        a, b, p, q = trades[t, 0], trades[t, 1], trades[t, 2], trades[t, 3]
        row = record[done]
        row[0], row[1], row[3] = t, now[a, q], now[b, p]
        now[a, q] = min(max(now[a, q] + deals[t, 0], 0.0), 100.0)
        now[b, p] = min(max(now[b, p] + deals[t, 1], 0.0), 100.0)
        row[2], row[4], row[5], row[6] = now[a, q], now[b, p], deals[t, 2], deals[t, 3]
        _remember(a, p, b, now[b, p], x, cs, known, extra)
        _remember(b, q, a, now[a, q], x, cs, known, extra)
        done += 1
        kept = 0
        for place in range(left):
            k = alive[place]
            if k == t:
                continue
            gain = gains[place]
            if _touched(trades, k, t, deals, plans):
                if not price(
                    trades[k], x, now, plans[k], s, cs, sums, extra, known, luck[k], deals[k]
                ):
                    continue
                gain = deals[k, 2] + deals[k, 3]
            alive[kept], gains[kept] = k, gain
            kept += 1
        left = kept
    return now, valid, done, ties


@njit(cache=True, nogil=True)
def _touched(trades: np.ndarray, k: int, done: int, deals: Floats, plans: Floats) -> bool:
    """Whether an executed trade changes trade k; notes the plan of a side that has to revise.

    Indices instead of rows: taking a row costs more than all the comparisons.
    """
    i, j, pk, qk = trades[k, 0], trades[k, 1], trades[k, 2], trades[k, 3]
    a, b, p, q = trades[done, 0], trades[done, 1], trades[done, 2], trades[done, 3]
    supply_i = (i == a and qk == q) or (i == b and qk == p)
    supply_j = (j == b and pk == p) or (j == a and pk == q)
    for side in range(2):
        if supply_i if side == 0 else supply_j:
            plan = deals[k, side]
            plans[k, side, 0] += plan
            plans[k, side, 1 if plan > 0.0 else 2] = 1.0
    demand = (i == a and pk == p) or (i == b and pk == q)
    demand = demand or (j == b and qk == q) or (j == a and qk == p)
    return bool(supply_i or supply_j or demand)
