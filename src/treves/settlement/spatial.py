"""Compiled parts of KTAB's spatial model of politics: one step of one draw.

Positions and saliences are on 0-1, axes (actor, dimension). ``codes`` holds the nine switches in
the order of :data:`treves.case.formats.ktab.SWITCHES`, each as its place in the list there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from treves.profile import Floats

Codes = np.ndarray
VICTORY, VOTE, CHOICE, TRANSITION, RANGE, ADJUST, COMMIT, WEIGHTS, BARGAIN = range(9)


@njit(cache=True, nogil=True)
def vote(w: float, a: float, b: float, rule: int) -> float:
    """How hard an actor of weight w pushes for a against b: proportional, binary and mixtures."""
    gap = a - b
    if rule == 0:
        return w * gap
    if rule == 1:
        return w * min(max(gap / 1e-8, -1.0), 1.0)
    if rule == 2:
        return w * (0.8 * gap + 0.2 * min(max(gap / 1e-8, -1.0), 1.0))
    if rule == 3:
        return 0.5 * w * (gap + gap**3)
    if rule == 4:
        return w * gap**3
    return w * gap * (2.0 / 3.0 if gap > 0.0 else 1.0)


@njit(cache=True, nogil=True)
def worth(d: float, risk: float) -> float:
    """Utility of something at weighted distance d to an actor of this risk aversion."""
    return (1.0 - d) * (1.0 + (d if d < 1.0 else 1.0) * risk)


@njit(cache=True, nogil=True)
def distance(ideal: Floats, s: Floats, x: Floats) -> float:
    """Distance of a point from an ideal, weighted by salience; 0 where nothing matters."""
    total, scale = 0.0, 0.0
    for p in range(len(s)):
        total += (s[p] * (ideal[p] - x[p])) ** 2
        scale += s[p] * s[p]
    return float(np.sqrt(total / scale)) if scale > 0.0 else 0.0


@njit(cache=True, nogil=True)
def victory(a: float, b: float, rule: int) -> float:
    """Chance that coalition strength a beats b."""
    if rule == 4:
        # Certain above a ratio of 1.1, linear between.
        share = (a - b) / (a + b)
        return min(max(0.5 + 0.5 * share * 2.1 / 0.1, 0.0), 1.0)
    power = (1, 2, 4, 8)[rule]
    return float(a**power / (a**power + b**power))


@njit(cache=True, nogil=True)
def coalitions(u: Floats, c: Floats, count: int, rule: int, strength: Floats) -> None:
    """Strength of the coalition for option y against z, from worths (actor, option)."""
    for y in range(count):
        for z in range(count):
            strength[y, z] = 1e-8
        for z in range(y):
            up, down = 1e-8, 1e-8
            for k in range(len(c)):
                v = vote(c[k], u[k, y], u[k, z], rule)
                if v > 0.0:
                    up += v
                else:
                    down -= v
            strength[y, z], strength[z, y] = up, down


@njit(cache=True, nogil=True)
def chances(u: Floats, c: Floats, count: int, codes: Codes) -> Floats:
    """Probability of each of the first ``count`` options, by the model of collective choice."""
    strength = np.empty((count, count))
    coalitions(u, c, count, codes[VOTE], strength)
    beats = np.empty((count, count))
    for y in range(count):
        for z in range(count):
            beats[y, z] = victory(strength[y, z], strength[z, y], codes[VICTORY])
    p: Floats
    if codes[CHOICE] == 0:
        # Logarithms: with many options the products would underflow.
        log = np.zeros(count)
        for y in range(count):
            for z in range(count):
                log[y] += np.log(max(beats[y, z], 1e-300))
        p = np.exp(log - log.max())
        p /= p.sum()
    else:
        p = _markov(strength, beats, count, codes[CHOICE])
    return p


@njit(cache=True, nogil=True)
def _markov(strength: Floats, beats: Floats, count: int, model: int) -> Floats:
    """Fixed point of challenges between options: by incentive (1) or at random (2)."""
    challenge = np.full((count, count), 1.0 / count)
    if model == 1:
        for z in range(count):
            total = 0.0
            for y in range(count):
                challenge[y, z] = strength[y, z] * beats[y, z]
                if y == z:
                    challenge[y, z] += 1e-10
                total += challenge[y, z]
            for y in range(count):
                challenge[y, z] /= total
    limit = 1e-8 if model == 1 else 1e-6
    p = np.full(count, 1.0 / count)
    for _ in range(100_000):
        q = np.zeros(count)
        for y in range(count):
            for z in range(count):
                if model == 1:
                    q[y] += beats[y, z] * (p[y] * challenge[z, y] + p[z] * challenge[y, z])
                else:
                    q[y] += beats[y, z] * (p[y] + p[z]) / count
        change = 0.0
        for y in range(count):
            new = 0.5 * (p[y] + q[y])
            change = max(change, abs(new - p[y]))
            p[y] = new
        if change < limit:
            break
    p /= p.sum()
    return p


@njit(cache=True, nogil=True)
def risks(p: Floats, range_: int) -> Floats:
    """Risk aversion from winning probabilities: who is likely to win risks nothing."""
    low, high = p.min(), p.max()
    r = np.zeros(len(p))
    if high - low <= 1e-12:
        return r
    for i in range(len(p)):
        if range_ == 0:
            r[i] = (3.0 * p[i] - (high + 2.0 * low)) / (2.0 * (high - low))
        elif range_ == 1:
            r[i] = (p[i] - low) / (high - low)
        else:
            r[i] = (2.0 * p[i] - high - low) / (high - low)
    return r


@njit(cache=True, nogil=True)
def seen_risk(mine: float, other: float, adjust: int) -> float:
    """What an actor takes another's risk aversion to be: one third of the way from its own..."""
    share = (1.0 / 3.0, 0.0, 0.5, 2.0 / 3.0, 1.0)[adjust]
    return (1.0 - share) * mine + share * other


@njit(cache=True, nogil=True)
def seen_worths(h: int, d: Floats, risk: Floats, adjust: int, u: Floats) -> None:
    """Worth of every actor's position to every actor, as actor h sees it."""
    n = len(risk)
    for i in range(n):
        r = seen_risk(risk[h], risk[i], adjust)
        for j in range(n):
            u[i, j] = worth(d[i, j], r)


@njit(cache=True, nogil=True)
def contest(i: int, j: int, u: Floats, force: Floats, codes: Codes) -> float:
    """Chance that i beats j, third parties joining whom they like better."""
    rule = codes[VOTE]
    a, b = vote(force[i], u[i, i], u[i, j], rule), vote(force[j], u[j, i], u[j, j], rule)
    for_i = 1e-10 + max(a, 0.0) + max(b, 0.0)
    for_j = 1e-10 - min(a, 0.0) - min(b, 0.0)
    base_i, base_j = for_i, for_j
    for k in range(len(force)):
        if k in (i, j):
            continue
        v = vote(force[k], u[k, i], u[k, j], rule)
        chance = (base_i + max(v, 0.0)) / (base_i + base_j + abs(v))
        # What k gets when it joins either side, by how far winner and loser are bound.
        own, win, lose = u[k, k], u[k, i], u[k, j]
        if codes[COMMIT] == 0:
            join_i = chance * (2.0 * win + own) + (1.0 - chance) * 3.0 * lose
            join_j = chance * 3.0 * win + (1.0 - chance) * (2.0 * lose + own)
        elif codes[COMMIT] == 1:
            # Not bound, or bound in full, k gets the same on either side and stays out, as in KTAB.
            join_i = join_j = 2.0 * (chance * win + (1.0 - chance) * lose) + own
        else:
            join_i = join_j = 3.0 * (chance * win + (1.0 - chance) * lose)
        t = vote(force[k], join_i, join_j, rule)
        if t > 0.0:
            for_i += t
        else:
            for_j -= t
    return float(for_i / (for_i + for_j))


@njit(cache=True, nogil=True)
def targets(
    d: Floats, risk: Floats, size: Floats, force: Floats, codes: Codes
) -> tuple[np.ndarray, Floats, Floats]:
    """Whom each actor challenges (-1: nobody), with its chance and its expected gain."""
    n = len(risk)
    target, chance, gain = np.full(n, -1), np.zeros(n), np.zeros(n)
    u = np.empty((n, n))
    for i in range(n):
        seen_worths(i, d, risk, codes[ADJUST], u)
        best = 1e-5
        for j in range(n):
            if j == i:
                continue
            p = contest(i, j, u, force, codes)
            mine, other = u[i, i], u[i, j]
            fought = p * 2.0 * mine + (1.0 - p) * 2.0 * other
            worth_it = (1.0 - size[j]) * 2.0 * mine + size[j] * fought - (mine + other)
            if worth_it > best:
                best, target[i], chance[i], gain[i] = worth_it, j, p, worth_it
    return target, chance, gain


@njit(cache=True, nogil=True)
def bargain(
    xi: Floats, xj: Floats, si: Floats, sj: Floats, p: float, rule: int, out: Floats
) -> None:
    """Where both end when i wins with chance p, rounded to 4 decimals; ``out`` (2, dimension)."""
    tiny = 1e-6
    for k in range(len(xi)):
        if rule == 0:
            a, b = (si[k] * p) ** 2, (sj[k] * (1.0 - p)) ** 2
        elif rule == 1:
            a, b = si[k] * p, sj[k] * (1.0 - p)
        else:
            a = si[k] ** 2 * max(2.0 * p - 1.0, 0.0)
            b = sj[k] ** 2 * max(1.0 - 2.0 * p, 0.0)
        first = ((a + tiny) * xi[k] + b * xj[k]) / (a + tiny + b)
        second = (a * xi[k] + (b + tiny) * xj[k]) / (a + b + tiny)
        out[0, k] = np.floor(first * 1e4 + 0.5) / 1e4
        out[1, k] = np.floor(second * 1e4 + 0.5) / 1e4


@njit(cache=True, nogil=True)
def proposals(
    x: Floats,
    s: Floats,
    d: Floats,
    risk: Floats,
    force: Floats,
    target: np.ndarray,
    chance: Floats,
    codes: Codes,
) -> tuple[np.ndarray, Floats]:
    """All bargains as (initiator, receiver) and where they leave both, (bargain, 2, dimension)."""
    n, m = x.shape
    pairs, ends = np.empty((2 * n, 2), np.int64), np.empty((2 * n, 2, m))
    u = np.empty((n, n))
    count = 0
    for i in range(n):
        j = target[i]
        if j < 0:
            continue
        pairs[count] = i, j
        bargain(x[i], x[j], s[i], s[j], chance[i], codes[WEIGHTS], ends[count])
        count += 1
        if codes[BARGAIN] == 0:
            continue
        # The receiver's reading of the same contest, beside or mixed with the initiator's.
        seen_worths(j, d, risk, codes[ADJUST], u)
        pairs[count] = i, j
        p = contest(i, j, u, force, codes)
        bargain(x[i], x[j], s[i], s[j], p, codes[WEIGHTS], ends[count])
        if codes[BARGAIN] == 1:
            count += 1
        else:
            share = force[i] / max(force[i] + force[j], 1e-300)
            ends[count - 1] = share * ends[count - 1] + (1.0 - share) * ends[count]
    return pairs[:count].copy(), ends[:count].copy()


@njit(cache=True, nogil=True)
def bargain_worths(
    x: Floats, ideal: Floats, s: Floats, d: Floats, risk: Floats, pairs: np.ndarray, ends: Floats
) -> Floats:
    """Worth of the status quo and of every bargain to every actor: mean over the positions."""
    n, count = len(x), len(pairs)
    u = np.empty((n, count + 1))
    for a in range(n):
        total = 0.0
        for k in range(n):
            total += worth(d[a, k], risk[a])
        u[a, 0] = total / n
        for b in range(count):
            i, j = pairs[b]
            changed = total - worth(d[a, i], risk[a]) - worth(d[a, j], risk[a])
            changed += worth(distance(ideal[a], s[a], ends[b, 0]), risk[a])
            changed += worth(distance(ideal[a], s[a], ends[b, 1]), risk[a])
            u[a, b + 1] = changed / n
    return u


@njit(cache=True, nogil=True)
def unique_positions(x: Floats, same: np.ndarray) -> np.ndarray:
    """First actor at each position; ``same`` receives for every actor its place in that list."""
    n, m = x.shape
    first = np.empty(n, np.int64)
    count = 0
    for i in range(n):
        same[i] = -1
        for k in range(count):
            gap = 0.0
            for p in range(m):
                gap += (x[i, p] - x[first[k], p]) ** 2
            if np.sqrt(gap) < 1e-3:
                same[i] = k
                break
        if same[i] < 0:
            first[count] = i
            same[i] = count
            count += 1
    return first[:count].copy()


@njit(cache=True, nogil=True)
def distances(ideal: Floats, s: Floats, x: Floats) -> Floats:
    """Distance of every actor's position from every actor's ideal, as that actor weighs it."""
    n = len(x)
    d = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            d[i, j] = distance(ideal[i], s[i], x[j])
    return d


@njit(cache=True, nogil=True)
def risk_aversion(d: Floats, c: Floats, codes: Codes) -> Floats:
    """Risk aversion of every actor from the present positions."""
    p = chances(1.0 - d, c, len(c), codes)
    return risks(p, codes[RANGE])


@njit(cache=True, nogil=True)
def winning(
    d: Floats, x: Floats, c: Floats, risk: Floats, codes: Codes
) -> tuple[Floats, np.ndarray]:
    """Winning probability by actor (shared at one position) and the first actor at each."""
    n = len(c)
    same = np.empty(n, np.int64)
    first = unique_positions(x, same)
    u = np.empty((n, len(first)))
    for a in range(n):
        for k in range(len(first)):
            u[a, k] = worth(d[a, first[k]], risk[a])
    p = chances(u, c, len(first), codes)
    shared = np.empty(n)
    for a in range(n):
        shared[a] = p[same[a]]
    return shared, first


@njit(cache=True, nogil=True)
def choose(
    k: int, u: Floats, c: Floats, pairs: np.ndarray, codes: Codes, draw: float
) -> tuple[int, Floats, np.ndarray]:
    """Which bargain of its queue actor k ends with (-1: status quo); its chances and the queue."""
    queue = np.empty(len(pairs) + 1, np.int64)
    queue[0], count = -1, 1
    for b in range(len(pairs)):
        if pairs[b, 0] == k or pairs[b, 1] == k:
            queue[count] = b
            count += 1
    if count == 1:
        return -1, np.ones(1), queue[:1].copy()
    options = np.empty((len(c), count))
    for a in range(len(c)):
        for y in range(count):
            options[a, y] = u[a, queue[y] + 1]
    p = chances(options, c, count, codes)
    taken = 0
    if codes[TRANSITION] == 0:
        for y in range(count):
            if p[y] > p[taken]:
                taken = y
    else:
        rising = 0.0
        for y in range(count):
            rising += p[y]
            taken = y
            if draw < rising:
                break
    return queue[taken], p, queue[:count].copy()


@njit(cache=True, nogil=True)
def step(x: Floats, ideal: Floats, s: Floats, c: Floats, codes: Codes, draws: Floats) -> Floats:
    """Positions after one step; all actors move at once."""
    n, m = x.shape
    size = s.sum(axis=1)
    force = size * c
    d = distances(ideal, s, x)
    risk = risk_aversion(d, c, codes)
    target, chance, _ = targets(d, risk, size, force, codes)
    pairs, ends = proposals(x, s, d, risk, force, target, chance, codes)
    u = bargain_worths(x, ideal, s, d, risk, pairs, ends)
    new = x.copy()
    for k in range(n):
        b, _, _ = choose(k, u, c, pairs, codes, draws[k])
        if b >= 0:
            side = 0 if pairs[b, 0] == k else 1
            for p in range(m):
                new[k, p] = ends[b, side, p]
    return new
