"""Compiled parts of the challenge model: one issue of one draw, actors sorted by position.

Symbols follow the reconstruction of Scholz, Calbert and Smith (2011); numbers in brackets are
their equations. All arrays have one entry per actor, sorted by position; matrices are (i, j),
i challenging j.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from treves.profile import Floats

# Differences up to this size are ties.
SAME = 1e-9


@njit(cache=True, nogil=True)
def sort_by_position(x: Floats, w: Floats, s: Floats, name: np.ndarray, n: int) -> None:
    """Sort actors by position in place; nearly sorted from one round to the next."""
    for a in range(1, n):
        xa, wa, sa, na = x[a], w[a], s[a], name[a]
        b = a - 1
        while b >= 0 and x[b] > xa:
            x[b + 1], w[b + 1], s[b + 1], name[b + 1] = x[b], w[b], s[b], name[b]
            b -= 1
        x[b + 1], w[b + 1], s[b + 1], name[b + 1] = xa, wa, sa, na


@njit(cache=True, nogil=True)
def middle(x: Floats, w: Floats, n: int, lower_only: bool) -> float:
    """Weighted median of sorted positions: midpoint of a tie, or its lower end."""
    total = 0.0
    for a in range(n):
        total += w[a]
    rising, lower, found = 0.0, 0.0, False
    for a in range(n):
        rising += w[a]
        if not found and rising >= (0.5 - 1e-12) * total:
            lower, found = x[a], True
            if lower_only:
                return float(lower)
        if rising > (0.5 + 1e-12) * total:
            return float(0.5 * (lower + x[a]))
    return float(lower)


@njit(cache=True, nogil=True)
def alliances(x: Floats, w: Floats, n: int, p: Floats) -> None:
    """Chance of the lower against the higher actor of each pair (31), in O(n^2).

    Support of k is the difference of its distances, which is constant outside the pair and linear
    between, so both sums are differences of prefix sums; the rank of the midpoint of a pair only
    rises with the higher actor.
    """
    weight, moment = np.zeros(n + 1), np.zeros(n + 1)
    first, behind = np.empty(n, np.int64), np.empty(n, np.int64)
    for a in range(n):
        weight[a + 1] = weight[a] + w[a]
        moment[a + 1] = moment[a] + w[a] * x[a]
        first[a] = first[a - 1] if a > 0 and x[a] == x[a - 1] else a
    for a in range(n - 1, -1, -1):
        behind[a] = behind[a + 1] if a < n - 1 and x[a] == x[a + 1] else a + 1
    for a in range(n):
        rank = behind[a]
        for b in range(a + 1, n):
            both = x[a] + x[b]
            while rank < n and 2.0 * x[rank] < both:
                rank += 1
            # Rounding can carry the rank of a tiny gap past the higher actor.
            m = min(max(rank, behind[a]), max(first[b], behind[a]))
            f = max(first[b], m)
            gap = x[b] - x[a]
            low = gap * weight[behind[a]] + both * (weight[m] - weight[behind[a]])
            low -= 2.0 * (moment[m] - moment[behind[a]])
            high = gap * (weight[n] - weight[f]) + 2.0 * (moment[f] - moment[m])
            high -= both * (weight[f] - weight[m])
            low, high = max(low, 0.0), max(high, 0.0)
            p[a, b] = low / (low + high) if low + high > 0.0 else 0.5


@njit(cache=True, nogil=True)
def gains_without_risk(x: Floats, s: Floats, n: int, p: Floats, model: Floats, e: Floats) -> None:
    """Expected gains (25) with every risk exponent 1; ``model`` is (range, median, q)."""
    span, mu, q = model[0], model[1], model[2]
    for i in range(n):
        e[i, i] = 0.0
        for j in range(n):
            gap = abs(x[i] - x[j])
            if i == j or gap <= SAME:
                e[i, j] = 0.0
                continue
            d = min(gap / span, 1.0)
            chance = p[i, j] if i < j else 1.0 - p[j, i]
            e[i, j] = 2.0 * d * (1.0 - 2.0 * s[j] * (1.0 - chance))
            if q < 1.0:
                away = abs(x[i] - mu) / span
                better = abs(x[i] - mu) < gap
                step = min(away + d, 2.0)
                e[i, j] -= (1.0 - q) * (step if better else -step)


@njit(cache=True, nogil=True)
def gains_with_risk(
    x: Floats, s: Floats, r: Floats, n: int, p: Floats, model: Floats, e: Floats
) -> None:
    """Expected gains (25) with i's own risk exponent; ``model`` is (range, median, q)."""
    span, mu, q = model[0], model[1], model[2]
    quo = np.empty(n)
    for i in range(n):
        quo[i] = q * (2.0 - 4.0 * 0.5 ** r[i])  # (24)
    for i in range(n):
        e[i, i] = 0.0
        for j in range(i + 1, n):
            gap = abs(x[i] - x[j])
            if gap <= SAME:
                e[i, j] = e[j, i] = 0.0
                continue
            d = min(gap / span, 1.0)
            # The pair shares its two bases: two logarithms serve four powers.
            win = np.log(0.5 - 0.5 * d) if d < 1.0 else -np.inf
            lose = np.log(0.5 + 0.5 * d)
            chance = p[i, j]
            e[i, j] = _gain(chance, s[j], np.exp(r[i] * win), np.exp(r[i] * lose)) - quo[i]
            e[j, i] = _gain(1.0 - chance, s[i], np.exp(r[j] * win), np.exp(r[j] * lose)) - quo[j]
            if q < 1.0:
                e[i, j] -= (1.0 - q) * _left_alone(abs(x[i] - mu), gap, span, r[i])
                e[j, i] -= (1.0 - q) * _left_alone(abs(x[j] - mu), gap, span, r[j])


@njit(cache=True, nogil=True)
def _gain(chance: float, salience: float, win: float, lose: float) -> float:
    success, failure = 2.0 - 4.0 * win, 2.0 - 4.0 * lose
    contest = chance * success + (1.0 - chance) * failure
    return float(salience * contest + (1.0 - salience) * success)


@njit(cache=True, nogil=True)
def _left_alone(away: float, gap: float, span: float, r: float) -> float:
    """What happens without a challenge: (22) where things get better, else (23)."""
    step = 0.25 * (away + gap) / span
    base = max(0.5 - step, 0.0) if away < gap else 0.5 + step
    return float(2.0 - 4.0 * base**r)


@njit(cache=True, nogil=True)
def risk_exponents(e: Floats, n: int, r: Floats) -> None:
    """Risk exponent of each actor from what the others expect to gain from it, 0.5 to 2."""
    for i in range(n):
        r[i] = 0.0
        for j in range(n):
            r[i] += e[j, i]
    lowest, highest = r[0], r[0]
    for i in range(1, n):
        lowest, highest = min(lowest, r[i]), max(highest, r[i])
    for i in range(n):
        b = 0.0
        if highest - lowest > SAME:
            b = (2.0 * r[i] - highest - lowest) / (highest - lowest)
        r[i] = (1.0 - b / 3.0) / (1.0 + b / 3.0)


@njit(cache=True, nogil=True)
def move(x: Floats, e: Floats, n: int, flags: np.ndarray, new: Floats, by: np.ndarray) -> None:
    """Where each actor goes: the offer of the proposer that gains most.

    ``flags`` is (conflict moves the weaker, a tie takes the lower target). Of offers that gain the
    same, the smallest movement counts; of those the mean of the targets, so that turning the
    scale round turns the answer round. ``by`` receives the proposer, -1 where nobody moves it.
    """
    best, far, count = np.full(n, -1.0), np.zeros(n), np.zeros(n)
    for i in range(n):
        new[i], by[i] = x[i], -1
    for i in range(n):
        for j in range(n):
            mine, theirs = e[i, j], e[j, i]
            if i == j or mine <= SAME:
                continue
            if theirs > SAME:
                if flags[0] == 0 or mine - theirs <= SAME:
                    continue
                target = x[i]
            elif theirs >= -SAME:
                continue
            elif mine >= -theirs - SAME:
                target = x[j] + (x[i] - x[j]) * min(-theirs / mine, 1.0)
            else:
                target = x[i]
            length = abs(target - x[j])
            if mine > best[j] + SAME or (mine > best[j] - SAME and length < far[j] - SAME):
                best[j], far[j], count[j], new[j], by[j] = mine, length, 1.0, target, i
            elif mine > best[j] - SAME and length <= far[j] + SAME:
                if flags[1] == 1:
                    new[j] = min(new[j], target)
                else:
                    count[j] += 1.0
                    new[j] += (target - new[j]) / count[j]


@njit(cache=True, nogil=True)
def play_round(
    x: Floats,
    w: Floats,
    s: Floats,
    n: int,
    model: Floats,
    flags: np.ndarray,
    p: Floats,
    e: Floats,
    r: Floats,
    new: Floats,
    by: np.ndarray,
) -> None:
    """One round: chances, gains, risk, gains again, moves (into ``new``).

    ``flags`` is (conflict, lower ties, risk).
    """
    alliances(x, w, n, p)
    gains_without_risk(x, s, n, p, model, e)
    for i in range(n):
        r[i] = 1.0
    if flags[2] == 1:
        risk_exponents(e, n, r)
        gains_with_risk(x, s, r, n, p, model, e)
    move(x, e, n, flags, new, by)
