"""Bargaining solutions when every value of an issue can be agreed, not only listed ones.

Worth is concave in the package, so every local optimum is the optimum. Linear loss has kinks at the
parties' positions: it is solved as a linear program with one variable per party and issue for the
distance, and the logarithm of Nash by tangents that are added where the last answer lay. Quadratic
loss is smooth and goes to SLSQP, started where the least gain is largest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize
from scipy.sparse import csr_array, vstack

from treves.deals.preferences import Spatial
from treves.deals.solutions import CONCEPTS, RATIONAL, Concept
from treves.profile import Floats

# HiGHS stops at 1e-7 unless told; the positions of optima need more.
_TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
_SMOOTH = {"ftol": 1e-15, "maxiter": 500}
_TANGENTS = 100
_CLOSE = 1e-9


@dataclass(frozen=True)
class BoxSolution:
    """A package (i) with values between the listed ones, and what it is worth to parties (p)."""

    package: Floats
    values: Floats


def box_solution(
    form: Spatial,
    disagreement: Floats,
    concept: Concept,
    *,
    weights: Floats | None = None,
    low: Floats | None = None,
    high: Floats | None = None,
) -> BoxSolution | None:
    """A bargaining solution over all values of all issues, exact to about 1e-7 of the range.

    form: worth of packages. disagreement: (p). weights: (p), above 0, for Nash and utilitarian.
    low, high: (i), the box, default 0 to 100; give the edges of the zone to stay inside all red
    lines. None when the box is empty or no package leaves everybody at least as well off as
    without a deal. Kalai-Smorodinsky and egalitarian are leximin with linear loss and max-min with
    quadratic loss.

    >>> form = Spatial(np.ones(2), np.full((2, 1), 0.01), np.array([[0.0], [100.0]]))
    >>> box_solution(form, np.array([0.1, 0.3]), "nash").values.round(6).tolist()
    [0.4, 0.6]
    """
    if form.shape.rated or form.shape.together:
        raise ValueError("rated points and what belongs together need listed levels: solve_tables")
    if concept not in CONCEPTS:
        raise ValueError(f"no concept {concept}; there are {', '.join(CONCEPTS)}")
    parties, issues = form.slope.shape
    share = np.full(parties, 1.0) if weights is None else np.asarray(weights, dtype=float)
    share = share / share.sum()
    bounds = np.column_stack(
        [
            np.zeros(issues) if low is None else low,
            np.full(issues, 100.0) if high is None else high,
        ]
    )
    if (bounds[:, 0] > bounds[:, 1]).any():
        return None
    d = np.asarray(disagreement, dtype=float)
    solver = _quadratic if form.shape.quadratic else _linear
    package = solver(form, d, concept, share, bounds)
    return None if package is None else BoxSolution(package, form(package[None, :])[0])


@dataclass(frozen=True)
class _Program:
    """Linear program over package, distances, and gains; ``z = (package, distance, gain)``.

    Distances bound from below, gains from above: gain_p <= top_p - d_p - slope . distance.
    """

    issues: int
    parties: int
    rows: csr_array
    right: Floats
    bounds: Floats

    @classmethod
    def of(cls, form: Spatial, disagreement: Floats, bounds: Floats) -> _Program:
        parties, issues = form.slope.shape
        size = issues + parties * issues
        width = size + parties
        rows, right = [], []
        for p in range(parties):
            gain = np.zeros(width)
            gain[size + p] = 1.0
            gain[issues + p * issues : issues + (p + 1) * issues] = form.slope[p]
            rows.append(gain)
            right.append(form.top[p] - disagreement[p])
            for i in range(issues):
                for sign in (1.0, -1.0):
                    away = np.zeros(width)
                    away[i], away[issues + p * issues + i] = sign, -1.0
                    rows.append(away)
                    right.append(sign * form.ideal[p, i])
        limits = np.vstack(
            [
                bounds,
                np.column_stack([np.zeros(size - issues), np.full(size - issues, 100.0)]),
                np.column_stack([np.zeros(parties), np.full(parties, np.inf)]),
            ]
        )
        return cls(issues, parties, csr_array(np.array(rows)), np.array(right), limits)

    def best(
        self, gain_score: Floats, least: Floats | None = None, scale: Floats | None = None
    ) -> NDArray[np.float64] | None:
        """Maximise a weighted sum of gains; or, with scale, the least gain / scale of some parties.

        least: lower bounds of gains. scale: (p), NaN for parties whose gain does not count.
        Returns z, with the least scaled gain appended when a scale is given.
        """
        limits = self.bounds.copy()
        if least is not None:
            limits[-self.parties :, 0] = least
        cost = np.concatenate([np.zeros(len(limits) - self.parties), -gain_score])
        rows, right = self.rows, self.right
        if scale is not None:
            counted = np.flatnonzero(~np.isnan(scale))
            floor = np.zeros((len(counted), len(limits) + 1))
            floor[np.arange(len(counted)), len(limits) - self.parties + counted] = -1.0
            floor[:, -1] = scale[counted]
            wide = csr_array((rows.data, rows.indices, rows.indptr), (rows.shape[0], len(cost) + 1))
            rows, right = vstack([wide, floor]), np.append(right, np.zeros(len(counted)))
            cost = np.append(np.zeros_like(cost), -1.0)
            limits = np.vstack([limits, [-np.inf, np.inf]])
        return _solved(cost, rows, right, limits)

    def gains(self, z: Floats) -> Floats:
        """Gains of parties in a solution of the program."""
        size = self.issues + self.parties * self.issues
        return np.asarray(z[size : size + self.parties])


def _linear(
    form: Spatial, disagreement: Floats, concept: Concept, share: Floats, bounds: Floats
) -> Floats | None:
    program = _Program.of(form, disagreement, bounds)
    if program.best(np.ones(program.parties)) is None:
        return None
    if concept == "utilitarian":
        z = program.best(share)
    elif concept == "nash":
        z = _nash_by_tangents(program, share)
        if z is not None and (program.gains(z) > 1e3 * _CLOSE).all():
            return _polished(form, disagreement, share, bounds, z[: program.issues])
    else:
        scale = np.ones(program.parties)
        if concept == "kalai_smorodinsky":
            scale = np.array([_ideal(program, p) for p in range(program.parties)])
            scale[scale <= RATIONAL] = np.nan
        z = _leximin(program, scale)
    return None if z is None else np.clip(z[: program.issues], bounds[:, 0], bounds[:, 1])


def _ideal(program: _Program, party: int) -> float:
    z = program.best(np.eye(program.parties)[party])
    return 0.0 if z is None else float(program.gains(z)[party])


def _leximin(program: _Program, scale: Floats) -> Floats | None:
    """Raise the least scaled gain; hold those that can rise no further; go on with the others."""
    open_scale, least = scale.copy(), np.zeros(program.parties)
    z = program.best(np.ones(program.parties))
    while not np.isnan(open_scale).all():
        found = program.best(np.zeros(program.parties), least, open_scale)
        if found is None:
            return z
        z, reached = found[:-1], found[-1]
        counted = np.flatnonzero(~np.isnan(open_scale))
        least[counted] = np.maximum(reached * open_scale[counted] - _CLOSE, 0.0)
        stuck = []
        for p in counted:
            top = program.best(np.eye(program.parties)[p], least)
            if top is None or program.gains(top)[p] <= reached * open_scale[p] + 1e3 * _CLOSE:
                stuck.append(p)
        open_scale[stuck if stuck else counted] = np.nan
    return z


def _nash_by_tangents(program: _Program, share: Floats) -> Floats | None:
    start = _leximin(program, np.ones(program.parties))
    if start is None or (program.gains(start) <= 1e3 * _CLOSE).any():
        return start
    gains = program.gains(start)
    # y_p <= unit log(g_p / unit): a unit of the size of the gains keeps the tangents well scaled.
    unit = float(gains.mean())
    at = np.geomspace(0.02, 50.0, 12)[:, None] * gains
    width = program.bounds.shape[0]
    limits = np.vstack([program.bounds, np.tile([-np.inf, np.inf], (program.parties, 1))])
    cost = np.concatenate([np.zeros(width), -share])
    base = csr_array(
        (program.rows.data, program.rows.indices, program.rows.indptr),
        (program.rows.shape[0], width + program.parties),
    )
    z = start
    best = -np.inf
    for _ in range(_TANGENTS):
        tangents, right = _tangent_rows(at, unit, width, program.parties)
        found = _solved(cost, vstack([base, tangents]), np.append(program.right, right), limits)
        if found is None:
            break
        gains = np.maximum(program.gains(found), 1e-6 * unit)
        value = float(share @ (unit * np.log(gains / unit)))
        if value > best:
            best, z = value, found[:width]
        if float(share @ found[width:]) - value <= 1e-10 * unit:
            break
        at = np.vstack([at, gains])
    return z


def _tangent_rows(at: Floats, unit: float, width: int, parties: int) -> tuple[csr_array, Floats]:
    """y_p - (unit / g0) g_p <= unit log(g0 / unit) - unit, one row per party and tangent point."""
    rows = np.zeros((at.size, width + parties))
    party = np.tile(np.arange(parties), len(at))
    point = at.ravel()
    rows[np.arange(at.size), width + party] = 1.0
    rows[np.arange(at.size), width - parties + party] = -unit / point
    return csr_array(rows), unit * np.log(point / unit) - unit


def _polished(
    form: Spatial, disagreement: Floats, share: Floats, bounds: Floats, package: Floats
) -> Floats:
    """The optimum near a package that is within a hundredth of a point of it.

    Between two kinks worth is linear and the score smooth. A value beside a kink may belong on it,
    so that is tried too; the better one counts.
    """

    def score(package: Floats) -> float:
        gains = form(package[None, :])[0] - disagreement
        return float(share @ np.log(np.maximum(gains, 1e-300)))

    best = np.clip(package, bounds[:, 0], bounds[:, 1])
    for reach in (0.02, 0.0):
        start, cell = best.copy(), np.empty_like(bounds)
        for i in range(len(best)):
            kinks = np.unique(np.append(form.ideal[form.slope[:, i] > 0, i], bounds[i]))
            nearest = kinks[np.abs(kinks - start[i]).argmin()]
            if abs(nearest - start[i]) <= reach:
                start[i] = cell[i, 0] = cell[i, 1] = np.clip(nearest, *bounds[i])
            else:
                cell[i, 0] = kinks[kinks <= start[i]].max(initial=bounds[i, 0])
                cell[i, 1] = kinks[kinks > start[i]].min(initial=bounds[i, 1])
        tried = _climb_cell(form, disagreement, share, cell, start)
        best = max(best, start, tried, key=score)
    return best


def _climb_cell(
    form: Spatial, disagreement: Floats, share: Floats, cell: Floats, start: Floats
) -> Floats:
    side = np.where(cell.mean(axis=1) >= form.ideal, 1.0, -1.0)
    change = -form.slope * side * 100.0  # of gains with the package divided by 100
    gains = form(start[None, :])[0] - disagreement
    unit = float(gains.mean())

    def loss(y: Floats) -> tuple[float, Floats]:
        value, by_gain = _log_score(gains + change @ (y - start / 100.0), share, unit)
        return -value, -(by_gain @ change)

    result = minimize(
        loss, start / 100.0, jac=True, bounds=list(cell / 100.0), method="SLSQP", options=_SMOOTH
    )
    return np.asarray(np.clip(100.0 * result.x, cell[:, 0], cell[:, 1]))


def _solved(cost: Floats, rows: csr_array, right: Floats, limits: Floats) -> Floats | None:
    result = linprog(cost, A_ub=rows, b_ub=right, bounds=limits, method="highs", options=_TIGHT)
    return np.asarray(result.x) if result.status == 0 else None


@dataclass(frozen=True)
class _Smooth:
    """Quadratic loss: gains as functions of the package divided by 100, with their slopes."""

    top: Floats
    slope: Floats
    ideal: Floats
    bounds: Floats

    def gains(self, y: Floats) -> Floats:
        """Gains (p) of a scaled package."""
        return np.asarray(self.top - (self.slope * (y - self.ideal) ** 2).sum(axis=1))

    def slopes(self, y: Floats) -> Floats:
        """Change of gains (p, i) with the scaled package."""
        return np.asarray(-2.0 * self.slope * (y - self.ideal))

    def least_gain(self, scale: Floats) -> Floats:
        """Where the least gain / scale is largest; a party with scale NaN must only not lose."""
        issues = len(self.bounds)
        counts = ~np.isnan(scale)
        factor = np.where(counts, np.nan_to_num(scale), 0.0)
        middle = np.clip(self.ideal.mean(axis=0), self.bounds[:, 0], self.bounds[:, 1])
        ahead = {
            "type": "ineq",
            "fun": lambda z: self.gains(z[:issues]) - factor * z[-1],
            "jac": lambda z: np.column_stack([self.slopes(z[:issues]), -factor]),
        }
        start = np.append(middle, (self.gains(middle) / np.where(counts, factor, 1.0)).min())
        result = minimize(
            lambda z: -z[-1],
            start,
            jac=lambda _: np.append(np.zeros(issues), -1.0),
            bounds=[*self.bounds, (None, None)],
            constraints=[ahead],
            method="SLSQP",
            options=_SMOOTH,
        )
        return np.asarray(result.x[:issues])

    def climb(self, start: Floats, score: Callable[[Floats], tuple[float, Floats]]) -> Floats:
        """Largest score of the gains without anybody losing; score gives value and slopes (p)."""
        result = minimize(
            lambda y: -score(self.gains(y))[0],
            start,
            jac=lambda y: -(score(self.gains(y))[1] @ self.slopes(y)),
            bounds=list(self.bounds),
            constraints=[{"type": "ineq", "fun": self.gains, "jac": self.slopes}],
            method="SLSQP",
            options=_SMOOTH,
        )
        return np.asarray(result.x)


def _quadratic(
    form: Spatial, disagreement: Floats, concept: Concept, share: Floats, bounds: Floats
) -> Floats | None:
    smooth = _Smooth(form.top - disagreement, form.slope * 1e4, form.ideal / 100, bounds / 100)
    parties = len(form.top)
    start = smooth.least_gain(np.ones(parties))
    least = float(smooth.gains(start).min())
    if least < -_CLOSE:
        return None
    found = start
    if concept == "utilitarian":
        found = smooth.climb(start, lambda g: (float(share @ g), share))
    elif concept == "kalai_smorodinsky":
        scale = np.array([_top_gain(smooth, start, p) for p in range(parties)])
        found = smooth.least_gain(np.where(scale > _CLOSE, scale, np.nan))
    elif concept == "nash" and least > _CLOSE:
        unit = float(smooth.gains(start).mean())
        found = smooth.climb(start, lambda g: _log_score(g, share, unit))
    return np.clip(100.0 * found, bounds[:, 0], bounds[:, 1])


def _top_gain(smooth: _Smooth, start: Floats, party: int) -> float:
    one = np.zeros(len(smooth.top))
    one[party] = 1.0
    return float(smooth.gains(smooth.climb(start, lambda g: (float(g[party]), one)))[party])


def _log_score(gains: Floats, share: Floats, unit: float) -> tuple[float, Floats]:
    # In units of the gains, so that a large common loss does not flatten the function.
    inside = np.maximum(gains, 1e-9 * unit)
    return float(share @ np.log(inside / unit)) * unit, share * unit / inside
