"""Scores of forecasts: continuous, by bins, by events; calibration; and fair comparison.

A predictive distribution on the line 0-100 is an array of probabilities of the whole numbers, axis
``GRID`` (101). The library scoringrules scores ensembles without weights and densities of named
families; ours are weighted atoms on a grid, and the other scores are one line each. It is
therefore a peer in the tests (equal to 1e-12) and no dependency.

Sources: Matheson and Winkler (1976), CRPS; Brier (1950); Epstein (1969), ranked probability;
Czado, Gneiting and Held (2009), randomised PIT; Gneiting and Raftery (2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POINTS = 101
GRID: Floats = np.arange(POINTS, dtype=np.float64)
# Eleven classes of ten points: [0, 5), [5, 15), ... [95, 100].
BIN_OF_POINT: Ints = ((np.arange(POINTS) + 5) // 10).astype(np.int64)
FLOOR = 1e-3
RESAMPLES = 5000
ENOUGH_FOR_ISOTONIC = 50
FEW_BINS = 5
Z90 = 1.6448536269514722


def crps_sample(values: Floats, y: float, weight: Floats | None = None) -> float:
    """CRPS of a weighted sample, axis (d), at the outcome ``y``: mean |z - y| - half mean |z - z'|.

    Raises ValueError where the weights are negative or sum to 0.

    >>> crps_sample(np.array([0.0, 10.0]), 5.0)
    2.5
    """
    w = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=np.float64)
    if (w < 0.0).any() or not w.sum() > 0.0:
        raise ValueError("weights of a sample must not be negative, nor all 0")
    order = np.argsort(values, kind="stable")
    z, w = np.asarray(values, dtype=np.float64)[order], w[order] / w.sum()
    pairs = 2.0 * float((w * z * (2.0 * np.cumsum(w) - w - 1.0)).sum())
    return float((w * np.abs(z - y)).sum()) - 0.5 * pairs


def crps_grid(p: Floats, y: Floats) -> Floats:
    """CRPS of distributions on the grid, axes (..., 101), at whole outcomes ``y`` (...).

    >>> p = np.zeros(101); p[[0, 10]] = 0.5
    >>> float(crps_grid(p, np.array(5.0)))
    2.5
    """
    below = np.cumsum(p, axis=-1)[..., :-1]
    happened = np.asarray(y, dtype=np.float64)[..., None] <= GRID[:-1]
    return np.asarray(((below - happened) ** 2).sum(axis=-1))


def floored(p: Floats, floor: float = FLOOR) -> Floats:
    """Probabilities of classes, axis last, none below ``floor``, summing to 1.

    The forecast is floored, not the score: a floored score is not proper.
    """
    q = np.maximum(p, floor)
    return np.asarray(q / q.sum(axis=-1, keepdims=True))


def log_score(p: Floats, happened: Ints, floor: float = FLOOR) -> Floats:
    """Minus the log of the probability of the class that happened, axes (n, class) and (n)."""
    q = floored(np.atleast_2d(p), floor)
    return np.asarray(-np.log(q[np.arange(len(q)), np.atleast_1d(happened)]))


def bins(p: Floats) -> Floats:
    """Probabilities of the eleven classes of a distribution on the grid, axes (..., 11)."""
    starts = np.flatnonzero(np.diff(BIN_OF_POINT, prepend=-1))
    return np.asarray(np.add.reduceat(p, starts, axis=-1))


def brier(p: Floats, happened: NDArray[np.bool_]) -> Floats:
    """(p - y)^2 of events, axes (n)."""
    return np.asarray((np.asarray(p, dtype=np.float64) - happened) ** 2)


def ranked_probability(p: Floats, happened: Ints) -> Floats:
    """Ranked probability score of ordered classes, axes (n, class) and (n); 0 is perfect.

    >>> ranked_probability(np.array([[0.2, 0.5, 0.3]]), np.array([1])).round(3).tolist()
    [0.13]
    """
    q = np.atleast_2d(p)
    reached = np.arange(q.shape[-1]) >= np.atleast_1d(happened)[:, None]
    return np.asarray(((np.cumsum(q, axis=-1) - reached) ** 2).sum(axis=-1))


def pit(p: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    """Randomised probability integral transform of whole outcomes, axes (n); uniform if calibrated.

    p: distributions on the grid, axes (n, 101). Atoms make F jump at the outcome; the value is
    drawn evenly within the jump.
    """
    at = np.rint(y).astype(np.int64)
    rows = np.arange(len(p))
    jump = p[rows, at]
    before = np.cumsum(p, axis=-1)[rows, at] - jump
    return np.clip(before + rng.random(len(p)) * jump, 0.0, 1.0)


def coverage(u: Floats, level: float = 0.8) -> float:
    """Share of PIT values within the central ``level``.

    Shares of closed intervals that contain the outcome would be inflated by atoms.

    >>> coverage(np.array([0.05, 0.2, 0.5, 0.9]))
    0.75
    """
    edge = (1.0 - level) / 2.0
    return float(((u >= edge - 1e-12) & (u <= 1.0 - edge + 1e-12)).mean())


def quantiles(p: Floats, levels: Floats) -> Floats:
    """Smallest value of the grid at which F reaches each level, axes (..., level)."""
    reached = np.cumsum(p, axis=-1)[..., None, :] >= np.asarray(levels)[:, None] - 1e-12
    return np.asarray(GRID[np.argmax(reached, axis=-1)])


@dataclass(frozen=True)
class ReliabilityRow:
    """Forecasts of an event that were about alike: their mean, how often it happened, how many.

    ``low`` and ``high``: 90% interval of how often it happens (Wilson 1927).
    """

    forecast: float
    happened: float
    count: int
    low: float
    high: float


def reliability(p: Floats, happened: NDArray[np.bool_]) -> tuple[ReliabilityRow, ...]:
    """Reliability diagram of forecasts of an event, axes (n); the one function for all screens.

    From 50 forecasts on, bins are found by isotonic regression (pool adjacent violators): bins
    chosen by eye can hide or make miscalibration (Dimitriadis, Gneiting and Jordan 2021). Fewer
    would fall into bins of one or two: they go into fifths of the line, with wide intervals.

    >>> [r.count for r in reliability(np.array([0.1, 0.15, 0.9]), np.array([False, True, True]))]
    [2, 1]
    >>> [r.happened for r in reliability(np.array([0.3, 0.3]), np.array([False, True]))]
    [0.5]
    """
    # Of equal forecasts those that happened come first: they are pooled with those that did not.
    order = np.lexsort((~np.asarray(happened, dtype=bool), p))
    said = np.asarray(p, dtype=np.float64)[order]
    held = np.asarray(happened, dtype=np.float64)[order]
    if len(said) >= ENOUGH_FOR_ISOTONIC:
        sizes = _pooled(held)
    else:
        fifth = np.minimum((said * FEW_BINS).astype(np.int64), FEW_BINS - 1)
        sizes = [int(n) for n in np.bincount(fifth) if n]
    parts = np.split(np.arange(len(said)), np.cumsum(sizes)[:-1]) if sizes else []
    return tuple(_row(said[k], held[k]) for k in parts)


def _pooled(held: Floats) -> list[int]:
    """Sizes of the bins of an isotonic regression of what happened, in order of the forecast."""
    pools: list[list[float]] = []  # how many happened, how many
    for y in held:
        pools.append([y, 1.0])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    return [int(n) for _, n in pools]


def _row(said: Floats, held: Floats) -> ReliabilityRow:
    share, z2 = float(held.mean()), Z90**2 / len(held)
    middle = (share + z2 / 2.0) / (1.0 + z2)
    off = float(np.sqrt(z2 * share * (1.0 - share) + z2**2 / 4.0)) / (1.0 + z2)
    return ReliabilityRow(
        forecast=float(said.mean()),
        happened=share,
        count=len(said),
        low=max(0.0, middle - off),
        high=min(1.0, middle + off),
    )


@dataclass(frozen=True)
class Gap:
    """Mean difference of two forecasts' losses (below 0: the first is better), and how sure."""

    mean: float
    se: float
    low: float
    high: float


def paired_bootstrap(
    difference: Floats, group: NDArray[np.str_], seed: int, resamples: int = RESAMPLES
) -> Gap:
    """Bootstrap of paired differences of losses by group: mean, se, 2.5th and 97.5th percentile.

    difference: (n). group: (n), what is resampled as a whole (a proposal, a government). The mean
    of a resample is its sum of differences over its number of rows.
    """
    names, place = np.unique(group, return_inverse=True)
    sums = np.bincount(place, weights=difference, minlength=len(names))
    counts = np.bincount(place, minlength=len(names)).astype(np.float64)
    rng = np.random.default_rng(seed)
    picked = rng.integers(len(names), size=(resamples, len(names)))
    means = sums[picked].sum(axis=1) / counts[picked].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Gap(float(np.mean(difference)), float(means.std(ddof=1)), float(low), float(high))


def mean_interval(loss: Floats, group: NDArray[np.str_]) -> list[float]:
    """95% interval of a mean loss, axes (n), by bootstrap of its groups; three decimals."""
    gap = paired_bootstrap(loss, group, seed=0)
    return [round(gap.low, 3), round(gap.high, 3)]
