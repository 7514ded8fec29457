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
# The gain of a trade that is not open; with drawn rates an open one may lie just below zero.
CLOSED = -1.0
# Gains are kept in blocks, each with its largest, so that few are looked at to find the best.
BLOCK = 32
STALE = np.inf


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
    side = np.zeros((m, n), np.int8)  # 1 left, 2 right, 0 takes no part
    for p in range(m):
        for i in range(n):
            # Without interest the rate of exchange is undefined.
            if not np.isnan(x[i, p]) and s[i, p] > 0.0:
                side[p, i] = 1 if x[i, p] <= middle[p] else 2
    found = np.empty((max(n * n * m * m // 4, 1), 4), np.int64)
    count = 0
    for p in range(m):
        for q in range(p + 1, m):
            for kind in range(2):
                first_p, first_q = 2 - kind, 2
                for i in range(n):
                    if side[p, i] != first_p or side[q, i] != first_q:
                        continue
                    for j in range(n):
                        if side[p, j] != 3 - first_p or side[q, j] != 3 - first_q:
                            continue
                        swap = _roles(s, i, j, p, q)
                        found[count, 0] = j if swap else i
                        found[count, 1] = i if swap else j
                        found[count, 2], found[count, 3] = p, q
                        count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def _drawn(
    even: tuple[float, float],
    most: tuple[float, float],
    first: tuple[float, float],
    second: tuple[float, float],
    luck: tuple[float, float, float, float],
) -> tuple[float, float]:
    """Shifts of the two outcomes (dp, dq) at a rate of exchange drawn around that of equal gains.

    ``even`` are the shifts at equal gains, ``most`` how far they can go; ``first`` and ``second``
    the interests of I and J in p and q; ``luck`` is (spread, u, v, r).
    """
    gain = abs(even[1] * first[1] - even[0] * first[0])
    if luck[1] < 0.5:
        best = _to_demander(0.0, most[0], most[1], second[0], second[1], False)
        highest = best[0] * first[0] - best[1] * first[1]
    else:
        best = _to_demander(0.0, most[0], most[1], first[0], first[1], True)
        highest = best[1] * second[1] - best[0] * second[0]
    if luck[2] < 0.5:
        gain += luck[0] * luck[3] * max(highest - gain, 0.0)
    else:
        gain -= luck[0] * luck[3] * gain
    if luck[1] < 0.5:
        return _to_demander(gain, most[0], most[1], first[0], first[1], True)
    return _to_demander(gain, most[0], most[1], second[0], second[1], False)


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
    move: float,
    offset: float,
    weight: float,
    wanted: float,
    near: float,
    sum_x: float,
    sum_w: float,
) -> float:
    """The move, cut so that the outcome does not pass what the partner wants.

    ``offset`` (from its start of the round) and ``weight`` are the mover's; ``near`` is ``wanted``
    to three decimals; ``sum_x`` is the sum of c s x with what the partner's earlier trades add to
    it, ``sum_w`` that of c s.
    """
    here = sum_x + weight * offset
    before, after = here / sum_w, (here + weight * move) / sum_w
    if (near >= before and near >= after) or (near <= before and near <= after):
        return move
    size = abs(wanted * sum_w - here) / weight
    return size if move > 0.0 else -size


@njit(cache=True, nogil=True)
def _allowed(move: float, now: float, plans: Floats, t: int, side: int) -> bool:
    """Whether a move can be made; ``plans[t, side]`` is (sum, any upward, any downward) so far.

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
    if plans[t, side, 2 if move > 0.0 else 1] > 0.0:
        return False
    return bool(plans[t, side, 0] + move <= 100.0 + SAME)


@njit(cache=True, nogil=True)
def _others(extra: float, own: float, weight: float, start: float) -> float:
    """What partners other than the one that went to ``own`` (NaN: nowhere) added to a sum."""
    return extra if np.isnan(own) else extra - weight * (own - start)


@njit(cache=True, nogil=True)
def price(
    todo: np.ndarray,
    trades: np.ndarray,
    fixed: Floats,
    now: Floats,
    plans: Floats,
    extra: Floats,
    known: Floats,
    luck: Floats,
    deals: Floats,
    gains: Floats,
    tops: Floats,
) -> None:
    """Work out the trades ``todo``: what the partners do in ``deals``, what they gain in ``gains``.

    A row of ``deals`` is (move of I on q, move of J on p, gain of I, gain of J); the gain of a
    trade that is not valid is CLOSED. ``fixed`` holds what a round does not change, as
    :func:`_fixed` lays it out; ``extra`` (demander, issue) and ``known`` (demander, issue, mover)
    what earlier partners moved for a demander; ``plans`` what a trade planned before. One call for
    many trades: handing over the arrays takes longer than working out a trade.
    """
    x, near, s, cs, pull, sums = fixed[0], fixed[1], fixed[2], fixed[3], fixed[4], fixed[5]
    even = luck[0, 0] <= 0.0
    least = TINY if even else -TINY
    for r in range(len(todo)):
        t = todo[r]
        gains[t] = CLOSED
        a, b, p, q = trades[t, 0], trades[t, 1], trades[t, 2], trades[t, 3]
        sap, saq, sbp, sbq = s[a, p], s[a, q], s[b, p], s[b, q]
        gap_a, gap_b = x[b, q] - now[a, q], x[a, p] - now[b, p]
        most_p, most_q = abs(gap_b) * pull[b, p], abs(gap_a) * pull[a, q]
        rate = (sap + sbp) / (saq + sbq)
        dp, dq = most_p, rate * most_p
        if dq > most_q:
            dp, dq = most_q / rate, most_q
        if not even:
            own = (luck[t, 0], luck[t, 1], luck[t, 2], luck[t, 3])
            dp, dq = _drawn((dp, dq), (most_p, most_q), (sap, saq), (sbp, sbq), own)
        if dp <= 0.0 or dq <= 0.0 or min(dp * sap - dq * saq, dq * sbq - dp * sbp) < least:
            continue
        even_dp, even_dq = dp, dq
        side_a, side_b = 1.0 if gap_a > 0.0 else -1.0, 1.0 if gap_b > 0.0 else -1.0
        move_a, move_b = side_a * dq / pull[a, q], side_b * dp / pull[b, p]
        if not _allowed(move_a, now[a, q], plans, t, 0):
            continue
        if not _allowed(move_b, now[b, p], plans, t, 1):
            continue
        here = sums[0, q] + _others(extra[b, q], known[b, q, a], cs[a, q], x[a, q])
        cut = _cut(move_a, now[a, q] - x[a, q], cs[a, q], x[b, q], near[b, q], here, sums[1, q])
        if cut != move_a:
            dq = abs(cut) * pull[a, q]
            dp = dq / (even_dq / even_dp)
        move_b = side_b * dp / pull[b, p]
        here = sums[0, p] + _others(extra[a, p], known[a, p, b], cs[b, p], x[b, p])
        cut = _cut(move_b, now[b, p] - x[b, p], cs[b, p], x[a, p], near[a, p], here, sums[1, p])
        if cut != move_b:
            dp = abs(cut) * pull[b, p]
            dq = even_dq / even_dp * dp
        deals[t, 0], deals[t, 1] = side_a * dq / pull[a, q], side_b * dp / pull[b, p]
        deals[t, 2], deals[t, 3] = dp * sap - dq * saq, dq * sbq - dp * sbp
        allowed = _allowed(deals[t, 0], now[a, q], plans, t, 0)
        if allowed and _allowed(deals[t, 1], now[b, p], plans, t, 1):
            gains[t] = deals[t, 2] + deals[t, 3]
            tops[t // BLOCK] = max(tops[t // BLOCK], gains[t])


@njit(cache=True, nogil=True)
def _best(gains: Floats, tops: Floats, priority: Floats) -> tuple[int, bool]:
    """The open trade with the largest gain (-1: none), and whether another one ties with it.

    ``tops`` is the largest of every block of BLOCK gains; what is STALE there is brought up to
    date.
    """
    highest = CLOSED
    for block in range(len(tops)):
        if tops[block] == STALE:
            tops[block] = CLOSED
            for k in range(block * BLOCK, (block + 1) * BLOCK):
                tops[block] = max(tops[block], gains[k])
        highest = max(highest, tops[block])
    chosen, tie = -1, False
    if highest <= CLOSED:
        return chosen, tie
    least = highest - 2.0 * SAME
    for block in range(len(tops)):
        if tops[block] < least:
            continue
        for k in range(block * BLOCK, (block + 1) * BLOCK):
            if gains[k] >= least:
                tie = tie or chosen >= 0
                if chosen < 0 or priority[k] > priority[chosen]:
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
def _places(trades: np.ndarray, n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Which trades meet a party on an issue, as (starts, trades): those an execution can change.

    First by what is supplied, then by what is demanded; each list in the order of the trades.
    """
    starts = np.zeros(2 * n * m + 1, np.int64)
    places = np.empty((len(trades), 4), np.int64)
    for t in range(len(trades)):
        a, b, p, q = trades[t, 0], trades[t, 1], trades[t, 2], trades[t, 3]
        places[t, 0], places[t, 1] = a * m + q, b * m + p
        places[t, 2], places[t, 3] = (n + a) * m + p, (n + b) * m + q
        for k in range(4):
            starts[places[t, k] + 1] += 1
    starts = np.cumsum(starts)
    filled, members = starts.copy(), np.empty(4 * len(trades), np.int64)
    for t in range(len(trades)):
        for k in range(4):
            members[filled[places[t, k]]] = t
            filled[places[t, k]] += 1
    return starts, members


@njit(cache=True, nogil=True)
def _fixed(x: Floats, s: Floats, cs: Floats) -> Floats:
    """What a round does not change, by party and issue: (6, p, i).

    Start, start to three decimals, salience, weight, pull on the outcome; in the first two rows of
    the last the sums of c s x and of c s.
    """
    n, m = x.shape
    fixed = np.zeros((6, max(n, 2), m))
    fixed[0, :n], fixed[1, :n] = x, np.round(x, 3)
    fixed[2, :n], fixed[3, :n] = s, cs
    for p in range(m):
        for i in range(n):
            if not np.isnan(x[i, p]):
                fixed[5, 0, p] += cs[i, p] * x[i, p]
                fixed[5, 1, p] += cs[i, p]
        for i in range(n):
            fixed[4, i, p] = cs[i, p] / fixed[5, 1, p] if fixed[5, 1, p] > 0.0 else 0.0
    return fixed


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
    now, fixed = x.copy(), _fixed(x, s, cs)
    known, extra = np.full((n, m, n), np.nan), np.zeros((n, m))
    count = len(trades)
    deals, plans = np.zeros((count, 4)), np.zeros((count, 2, 3))
    tops = np.full((count + BLOCK - 1) // BLOCK, STALE)
    gains = np.full(len(tops) * BLOCK, CLOSED)
    starts, members = _places(trades, n, m)
    todo, again = np.arange(count), count
    valid, done, ties = -1, 0, 0
    while True:
        price(todo[:again], trades, fixed, now, plans, extra, known, luck, deals, gains, tops)
        if valid < 0:
            valid = int(np.count_nonzero(gains > CLOSED))
        t, tie = _best(gains, tops, priority)
        if t < 0:
            return now, valid, done, ties
        ties += tie
        gains[t], tops[t // BLOCK] = CLOSED, STALE
        a, b, p, q = trades[t, 0], trades[t, 1], trades[t, 2], trades[t, 3]
        record[done, 0], record[done, 1], record[done, 3] = t, now[a, q], now[b, p]
        now[a, q] = min(max(now[a, q] + deals[t, 0], 0.0), 100.0)
        now[b, p] = min(max(now[b, p] + deals[t, 1], 0.0), 100.0)
        record[done, 2], record[done, 4] = now[a, q], now[b, p]
        record[done, 5], record[done, 6] = deals[t, 2], deals[t, 3]
        done += 1
        _remember(a, p, b, now[b, p], x, cs, known, extra)
        _remember(b, q, a, now[a, q], x, cs, known, extra)
        # Every open trade that one of the four places meets is worked out again, once.
        again = 0
        for place in (a * m + q, b * m + p, (n + a) * m + p, (n + b) * m + q):
            for j in range(starts[place], starts[place + 1]):
                k = members[j]
                if gains[k] > CLOSED:
                    if gains[k] >= tops[k // BLOCK]:
                        tops[k // BLOCK] = STALE
                    gains[k] = CLOSED
                    _revise(trades, k, t, deals, plans)
                    todo[again] = k
                    again += 1


@njit(cache=True, nogil=True)
def _revise(trades: np.ndarray, k: int, done: int, deals: Floats, plans: Floats) -> None:
    """Note what trade k planned on a side whose supply an executed trade has moved."""
    i, j, pk, qk = trades[k, 0], trades[k, 1], trades[k, 2], trades[k, 3]
    a, b, p, q = trades[done, 0], trades[done, 1], trades[done, 2], trades[done, 3]
    for side in range(2):
        mover, issue = (i, qk) if side == 0 else (j, pk)
        if (mover == a and issue == q) or (mover == b and issue == p):
            plan = deals[k, side]
            plans[k, side, 0] += plan
            plans[k, side, 1 if plan > 0.0 else 2] = 1.0
