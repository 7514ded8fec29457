"""The settlement forecast: a softmax over the points of the line, above all the parties' positions.

Decisions in councils land on somebody's position, on a round number, or on an end of the line far
more often than a smooth distribution has it. Each multiple of five gets a weight from what speaks
for it: support there, distance from the compromise, roundness. Multinomial logit (McFadden 1974)
with a ridge penalty, fitted by L-BFGS to the candidate nearest to each known decision.

Positions at 50 and 51 must not make two candidates (red bus, blue bus), and a party that moves by
a point must not move the forecast by a leap. Positions are therefore read as multiples of five,
five times over, with the border between neighbours at five places, and the forecasts averaged: 51
is 50 four times and 55 once. See docs/forecast.md for what else was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
BORDERS = (0.1, 0.3, 0.5, 0.7, 0.9)
PENALTY = 5.0


@dataclass(frozen=True)
class Candidates:
    """What may be decided on each issue, and what speaks for it.

    ``mask`` (n, 101), ``phi`` (n, 101, f). Issues are read several times over: rows are issue by
    issue within each reading, ``readings`` of them.
    """

    mask: Mask
    phi: Floats
    readings: int = 1

    def at(self, rows: Mask | NDArray[np.int64]) -> Candidates:
        """Some of the issues."""
        index = np.arange(len(self.mask) // self.readings)[rows]
        step = len(self.mask) // self.readings
        index = np.concatenate([index + k * step for k in range(self.readings)])
        return Candidates(self.mask[index], self.phi[index], self.readings)


@dataclass(frozen=True)
class Softmax:
    """Fitted weights of the features, axis (f), on features as they are (not scaled)."""

    theta: Floats

    def predict(self, found: Candidates) -> Floats:
        """Distributions on the grid, axes (n, 101), averaged over the readings."""
        score = np.where(found.mask, found.phi @ self.theta, -np.inf)
        weight = np.exp(score - score.max(axis=1, keepdims=True))
        p = weight / weight.sum(axis=1, keepdims=True)
        return np.asarray(p.reshape(found.readings, -1, POINTS).mean(axis=0))


def candidates(issues: Issues) -> Candidates:
    """Multiples of five with their features, for each reading of the positions."""
    readings = [replace(issues, position=snapped(issues.position, border)) for border in BORDERS]
    phi = np.concatenate([features(r) for r in readings])
    mask = np.broadcast_to(GRID % STEP == 0, phi.shape[:2])
    return Candidates(mask, phi, len(BORDERS))


def snapped(values: Floats, border: float) -> Floats:
    """Values as multiples of five; ``border``: how far below the next multiple it takes over.

    >>> [float(snapped(np.array(51.0), b)) for b in BORDERS]
    [50.0, 50.0, 50.0, 50.0, 55.0]
    """
    return np.asarray(np.clip(np.floor(values / STEP + border) * STEP, 0.0, 100.0))


def features(issues: Issues) -> Floats:
    """What speaks for each whole point, axes (n, 101, f): see ``FEATURES`` in docs/forecast.md."""
    support = share_at(issues.position, issues.weight)
    power = share_at(issues.position, issues.capability)
    off = np.abs(GRID - issues.mean[:, None])
    scaled = off / issues.sigma[:, None]
    low = np.nanmin(issues.position, axis=1, keepdims=True) - 0.5
    high = np.nanmax(issues.position, axis=1, keepdims=True) + 0.5
    columns = (
        (support > 0.0) | (power > 0.0),
        support,
        np.sqrt(power),
        -off / 100.0,
        -np.minimum(scaled, 4.0),
        -np.minimum(scaled**2, 9.0) / 3.0,
        GRID == 0,
        GRID == 100,
        GRID % 10 == 0,
        GRID % 25 == 0,
        (low <= GRID) & (high >= GRID),
    )
    wide = [np.broadcast_to(c, support.shape) for c in columns]
    return np.stack(wide, axis=-1).astype(np.float64)


def share_at(position: Floats, weight: Floats) -> Floats:
    """Share of the weight that stands at each point of the line, rounded; axes (n, 101)."""
    rows, columns = np.nonzero(~np.isnan(position))
    found = np.zeros((len(position), POINTS))
    at = np.rint(position[rows, columns]).astype(int)
    np.add.at(found, (rows, at), weight[rows, columns])
    total = found.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(found, total, out=np.zeros_like(found), where=total > 0.0))


def nearest_candidate(mask: Mask, y: Floats) -> NDArray[np.int64]:
    """The candidate nearest to each outcome; of two equally near the lower, axes (n)."""
    off = np.where(mask, np.abs(GRID - np.asarray(y)[:, None]), np.inf)
    return np.asarray(np.argmin(off, axis=1), dtype=np.int64)


def fit(found: Candidates, y: Floats, penalty: float = PENALTY) -> Softmax:
    """Maximum penalised likelihood of the nearest candidates to the outcomes ``y`` (n).

    The penalty is penalty / 2n times the squared weights of features in units of their pooled
    standard deviation. Raises ValueError where there is nothing to learn from.
    """
    from scipy.optimize import minimize

    if not len(y):
        raise ValueError("no known outcome to fit to")
    # Learning needs one reading, the middle one: five give the same weights and cost five times.
    one = slice(found.readings // 2 * len(y), (found.readings // 2 + 1) * len(y))
    mask = found.mask[one]
    row, point = np.nonzero(mask)
    phi = found.phi[one][row, point]
    scale = phi.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    z = phi / scale
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    chosen = np.flatnonzero(point == nearest_candidate(mask, y)[row])
    n, shrink = len(y), penalty / len(y)
    pull = z[chosen].mean(axis=0)

    def loss(theta: Floats) -> tuple[float, Floats]:
        score = z @ theta
        top = np.maximum.reduceat(score, starts)
        weight = np.exp(score - top[row])
        total = np.add.reduceat(weight, starts)
        value = float((np.log(total) + top - score[chosen]).mean())
        slope = z.T @ (weight / total[row]) / n - pull
        return value + 0.5 * shrink * float(theta @ theta), slope + shrink * theta

    options = {"gtol": 1e-6, "ftol": 1e-10}
    best = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", options=options)
    return Softmax(np.asarray(best.x / scale))
