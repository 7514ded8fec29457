"""The simple public predictioneer model: random pairs press each other until the mean stands still.

After the public program of that name; a simplification, not Bueno de Mesquita's "new model" of
2010, whose payoffs are not published in full. There is no reference run to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from treves.profile import Floats, Profile
from treves.settlement.card import Card, Model
from treves.settlement.chance import uniform
from treves.settlement.threads import over_draws

# Closer than this (1 is the whole scale) two positions are the same and no contest is worth it.
NEAR = 1e-3
STILL = 1e-4
# Smaller differences are ties: rounding must not decide who supports or challenges whom.
SAME = 1e-9
MOST_ROUNDS = 100
PLAYS = 500


@dataclass(frozen=True)
class Options:
    """``runs``: plays per draw, of which the median is the answer.

    None: as many as make 500 plays over all draws, at least 1. Many draws average out chance by
    themselves; a single profile needs many plays.
    """

    runs: int | None = None


DEFAULT = Options()


def settle(
    profile: Profile, rng: np.random.Generator | None = None, options: Options = DEFAULT
) -> Floats:
    """Median over runs of the weighted mean after play, axes (..., i), 0-100.

    The order of pairs and the results of contests are drawn; the same ``rng`` state gives the same
    answer (seed 0 when absent). NaN where nobody has a position.

    >>> from treves.settlement.table import profile_of
    >>> settle(profile_of([[30.0], [30.0]])).tolist()
    [30.0]
    """
    rng = np.random.default_rng(0) if rng is None else rng
    lead = profile.position.shape[:-2]
    flat = (-1, *profile.position.shape[-2:])
    present = profile.present
    position = np.where(present, profile.position, np.nan).reshape(flat)
    power = np.broadcast_to(profile.power[..., None], profile.position.shape).reshape(flat)
    salience = np.where(present, profile.salience, 0.0).reshape(flat)
    seeds = rng.integers(0, 2**31, size=(len(position), 1, 1))
    arrays = (position, salience, np.nan_to_num(power), profile.weight.reshape(flat), seeds)
    runs = options.runs or max(1, PLAYS // max(len(position), 1))
    return over_draws(_settle, arrays, runs).reshape(*lead, flat[-1])


@njit(cache=True, nogil=True)
def clash(x: Floats, s: Floats, c: Floats, a: int, b: int, out: Floats) -> bool:
    """What a contest of a against b would do; False where nobody has a stake in it.

    ``out`` receives (where a ends when it fails, where b ends when it fails, chance of a).
    """
    fa, fb = 0.0, 0.0
    for i in range(len(x)):
        da, db = abs(x[i] - x[a]), abs(x[i] - x[b])
        if da < db - SAME:
            fa += s[i] * c[i] * db / (1.0 + da)
        else:
            fb += s[i] * c[i] * da / (1.0 + db)
    if fa + fb <= 0.0:
        return False
    share = fb / (fa + fb)
    out[0] = x[a] + (x[b] - x[a]) * share
    out[1] = x[b] + (x[a] - x[b]) * (1.0 - share)
    out[2] = fa * fa / (fa * fa + fb * fb)
    return True


@njit(cache=True, nogil=True)
def _worth(x: Floats, s: Floats, c: Floats, u: int, v: int, y: float) -> float:
    """What it is worth to u that v moves to y."""
    return float(s[u] * s[v] * c[v] * (abs(x[v] - x[u]) - abs(y - x[u])))


@njit(cache=True, nogil=True)
def _press(
    x: Floats, s: Floats, c: Floats, a: int, b: int, mean: float, luck: tuple[float, float]
) -> None:
    """One ordered pair: a challenges b when it expects to gain more than by leaving it alone."""
    out = np.empty(3)
    if abs(x[a] - x[b]) < NEAR or s[a] <= 0.0 or s[b] <= 0.0 or not clash(x, s, c, a, b, out):
        return
    a_fails, b_fails, p = out[0], out[1], out[2]
    half = 0.5 * (x[b] + b_fails)
    a_clash = p * _worth(x, s, c, a, b, b_fails) + (1.0 - p) * _worth(x, s, c, a, a, a_fails)
    b_clash = (1.0 - p) * _worth(x, s, c, b, a, a_fails) + p * _worth(x, s, c, b, b, b_fails)
    gives_in = b_clash < _worth(x, s, c, b, b, half) - SAME
    gain = _worth(x, s, c, a, b, half) if gives_in else a_clash
    if gain > (1.0 - s[b]) * _worth(x, s, c, a, b, mean) + SAME:
        if gives_in:
            x[b] = half
        elif luck[0] < p:
            x[b] = b_fails
        else:
            x[a] = a_fails
    elif luck[0] < 1.0 - s[b]:
        x[b] += luck[1] * (mean - x[b])


@njit(cache=True, nogil=True)
def _mean(x: Floats, w: Floats) -> float:
    return float((w * x).sum() / w.sum())


@njit(cache=True, nogil=True)
def _run(x: Floats, s: Floats, c: Floats, w: Floats, seed: int) -> float:
    """Weighted mean after one play from positions on 0-1."""
    n = len(x)
    order = np.arange(n * (n - 1))
    mean, still, needed = _mean(x, w), 0, 3
    for turn in range(MOST_ROUNDS):
        for k in range(len(order) - 1, 0, -1):
            other = int(uniform(seed, turn, k) * (k + 1))
            order[k], order[other] = order[other], order[k]
        for k in range(len(order)):
            a, rest = order[k] // (n - 1), order[k] % (n - 1)
            b = rest if rest < a else rest + 1
            first = uniform(seed, turn, len(order) + 2 * k)
            luck = (first, uniform(seed, turn, len(order) + 2 * k + 1))
            _press(x, s, c, a, b, mean, luck)
        now = _mean(x, w)
        if abs(now - mean) < STILL:
            still += 1
        else:
            still, needed = 0, 5
        mean = now
        if still >= needed:
            break
    return mean


@njit(cache=True, nogil=True)
def _settle(
    position: Floats,
    salience: Floats,
    power: Floats,
    weight: Floats,
    seeds: np.ndarray,
    runs: int,
) -> Floats:
    draws, _, issues = position.shape
    answer = np.full((draws, issues), np.nan)
    for d in range(draws):
        for i in range(issues):
            rows = np.flatnonzero(~np.isnan(position[d, :, i]))
            if len(rows) == 0:
                continue
            start = position[d, :, i][rows] / 100.0
            s, c = salience[d, :, i][rows], power[d, :, i][rows]
            w = weight[d, :, i][rows]
            if c.max() > 0.0:
                c = c / c.max()
            if s.max() > 0.0:
                s = s / s.max()
            means = np.empty(runs)
            for k in range(runs):
                x = start.copy()
                means[k] = _run(x, s, c, w, seeds[d, 0, 0] + k * 7919 + i)
            middle = 100.0 * np.median(means)
            answer[d, i] = min(max(middle, 100.0 * start.min()), 100.0 * start.max())
    return answer


MODEL = Model(
    Card(
        id="predictioneer",
        names=("simple predictioneer model",),
        sources=("blksv2012",),
        random=True,
    ),
    settle,
)
