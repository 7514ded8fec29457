"""The settlement forecast: a softmax over candidate points, above all the parties' positions.

Decisions in councils land on somebody's position, on a round number, or on an end of the line far
more often than a smooth distribution has it. Each candidate gets a weight from what speaks for it:
support there, distance from the compromise, roundness. Multinomial logit (McFadden 1974) with a
ridge penalty, fitted by L-BFGS to the nearest candidate of each known decision.

Two candidates that stand next to each other are one place seen twice (red bus, blue bus): every
candidate therefore counts with the part of the line that is nearest to it, in units of the five
points between candidates of the grid. See docs/forecast.md for what else was tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treves.forecast.issues import Issues
from treves.forecast.scoring import GRID, POINTS
from treves.profile import Floats

Mask = NDArray[np.bool_]

FEATURES = (
    "ispos",
    "CS",
    "sqC",
    "dO",
    "dS",
    "dS2",
    "is0",
    "is100",
    "m10",
    "m25",
    "inside",
)
STEP = 5
PENALTY = 5.0


@dataclass(frozen=True)
class Candidates:
    """What may be decided on each issue: ``mask`` (n, 101), ``phi`` (n, 101, f), ``base`` (n, 101).

    ``base`` is the share of the line that a candidate stands for: 1 where the grid is even.
    """

    mask: Mask
    phi: Floats
    base: Floats

    def at(self, rows: Mask | NDArray[np.int64]) -> Candidates:
        """Some of the rows."""
        return Candidates(self.mask[rows], self.phi[rows], self.base[rows])


@dataclass(frozen=True)
class Softmax:
    """Fitted weights of the features, axis (f), on features as they are (not scaled)."""

    theta: Floats

    def predict(self, candidates: Candidates) -> Floats:
        """Distributions on the grid, axes (n, 101)."""
        score = candidates.phi @ self.theta
        score = np.where(candidates.mask, score, -np.inf)
        weight = np.exp(score - score.max(axis=1, keepdims=True)) * candidates.base
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))


Look = Callable[[Issues], Candidates]


def candidates(issues: Issues) -> Candidates:
    """Candidates with their features: the grid of five, every position, the reference point."""
    return spaced(features(issues))


def features(issues: Issues) -> Candidates:
    """The same without the correction for candidates that stand close together."""
    mask = candidate_mask(issues)
    support, power = share_at(issues.position, issues.weight), share_at(
        issues.position, issues.capability
    )
    off = np.abs(GRID - issues.mean[:, None])
    scaled = off / issues.sigma[:, None]
    low = np.nanmin(issues.position, axis=1, keepdims=True) - 0.5
    high = np.nanmax(issues.position, axis=1, keepdims=True) + 0.5
    n = len(issues)
    columns = (
        (support > 0.0) | (power > 0.0),
        support,
        np.sqrt(power),
        -off / 100.0,
        -np.minimum(scaled, 4.0),
        -np.minimum(scaled**2, 9.0) / 3.0,
        np.broadcast_to(GRID == 0, (n, POINTS)),
        np.broadcast_to(GRID == 100, (n, POINTS)),
        np.broadcast_to(GRID % 10 == 0, (n, POINTS)),
        np.broadcast_to(GRID % 25 == 0, (n, POINTS)),
        (low <= GRID) & (high >= GRID),
    )
    phi = np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=-1)
    return Candidates(mask, phi, np.ones((n, POINTS)))


def candidate_mask(issues: Issues) -> Mask:
    """Which whole points are candidates, (n, 101)."""
    mask = np.zeros((len(issues), POINTS), dtype=bool)
    mask[:, ::STEP] = True
    held = np.column_stack([issues.position, issues.reference])
    rows, columns = np.nonzero(~np.isnan(held))
    mask[rows, np.rint(held[rows, columns]).astype(int)] = True
    return mask


def share_at(position: Floats, weight: Floats) -> Floats:
    """Share of the weight that stands at each point of the line, rounded; axes (n, 101)."""
    rows, columns = np.nonzero(~np.isnan(position))
    found = np.zeros((len(position), POINTS))
    at = np.rint(position[rows, columns]).astype(int)
    np.add.at(found, (rows, at), weight[rows, columns])
    total = found.sum(axis=1, keepdims=True)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0.0)


def spaced(found: Candidates) -> Candidates:
    """Every candidate counts with the part of the line nearest to it, over the grid's step."""
    index = np.arange(POINTS)
    inf = 10 * POINTS
    before = np.maximum.accumulate(np.where(found.mask, index, -inf), axis=1)
    after = np.minimum.accumulate(np.where(found.mask, index, inf)[:, ::-1], axis=1)[:, ::-1]
    edge = np.full((len(found.mask), 1), inf)
    left = np.concatenate([-edge, before[:, :-1]], axis=1)
    right = np.concatenate([after[:, 1:], edge], axis=1)
    # The ends stand for as much beyond the line as on it: a candidate at 0 counts in full.
    gap_left = np.where(left < 0, STEP, index - left)
    gap_right = np.where(right > POINTS, STEP, right - index)
    base = np.where(found.mask, (gap_left + gap_right) / (2.0 * STEP), 0.0)
    return Candidates(found.mask, found.phi, base)


def nearest_candidate(mask: Mask, y: Floats) -> NDArray[np.int64]:
    """The candidate nearest to each outcome; of two equally near the lower, axes (n)."""
    off = np.where(mask, np.abs(GRID - np.asarray(y)[:, None]), np.inf)
    return np.asarray(np.argmin(off, axis=1), dtype=np.int64)


def fit(
    found: Candidates, y: Floats, penalty: float = PENALTY, start: Softmax | None = None
) -> Softmax:
    """Maximum penalised likelihood of the nearest candidates to the outcomes ``y`` (n).

    The penalty is penalty / 2n times the squared weights of features in units of their pooled
    standard deviation. ``start``: weights to start from; they do not change what is found.
    """
    from scipy.optimize import minimize

    n = len(y)
    row, point = np.nonzero(found.mask)
    phi, log_base = found.phi[row, point], np.log(found.base[row, point])
    scale = phi.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    z = phi / scale
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    chosen = np.flatnonzero(point == nearest_candidate(found.mask, y)[row])

    def loss(theta: Floats) -> tuple[float, Floats]:
        score = z @ theta + log_base
        top = np.maximum.reduceat(score, starts)
        weight = np.exp(score - top[row])
        total = np.add.reduceat(weight, starts)
        value = float((np.log(total) + top - score[chosen]).mean())
        slope = z.T @ (weight / total[row]) / n - z[chosen].mean(axis=0)
        return value + penalty / (2 * n) * float(theta @ theta), slope + penalty / n * theta

    first = np.zeros(phi.shape[1]) if start is None else start.theta * scale
    best = minimize(loss, first, jac=True, method="L-BFGS-B", options={"gtol": 1e-6, "ftol": 1e-12})
    return Softmax(np.asarray(best.x / scale))
