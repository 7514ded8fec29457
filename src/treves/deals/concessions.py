"""The smallest movement of red lines that makes a deal possible, and what the movers get back.

A concession moves an edge of an accepted interval outwards, in points of the 0-100 scale. The
smallest one is a linear program (mixed-integer where only listed levels exist), solved by HiGHS;
over draws, where walk-away values are left aside, issues separate and the answer is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from treves.deals.masks import edges_by_party
from treves.deals.preferences import Spatial, spatial
from treves.profile import Floats, Profile
from treves.shape import Together, marked

# Movements below this many points are rounding of the solver.
_SMALL = 1e-6


@dataclass(frozen=True)
class Step:
    """One red line that moves: ``edge`` (low or high) of a party's interval on an issue.

    ``cost``: how much less the edge itself is worth to the party after the move.
    """

    party: int
    issue: int
    edge: str
    old: float
    new: float
    cost: float

    @property
    def points(self) -> float:
        """How far the edge moves."""
        return abs(self.new - self.old)


@dataclass(frozen=True)
class Return:
    """What a party that moved on one issue could get on another from the party it moved towards.

    The deal shifts by ``points`` on issue ``on``, inside everybody's red lines: worth ``gain`` to
    the receiver and ``cost`` to the giver. ``covers``: the gain makes up for the step. Listed only
    where the receiver cares relatively more about ``on``, and the giver about ``given``.
    """

    receiver: int
    giver: int
    given: int
    on: int
    points: float
    gain: float
    cost: float
    covers: bool


@dataclass(frozen=True)
class Concession:
    """Red lines that move, and a package that everybody needed accepts after it.

    ``package`` (i) is, among those that so little movement opens, the one in which the party that
    gains least over no deal gains most. ``total`` is the movement in points; ``worth`` (p) what the
    package is worth to each party, red lines aside.
    """

    steps: tuple[Step, ...]
    total: float
    package: Floats
    worth: Floats
    returns: tuple[Return, ...]


@dataclass(frozen=True)
class Movements:
    """Smallest movements over draws, in points.

    ``total`` (d): of everybody together. ``alone`` (p, d): of one party while the others stay;
    infinite where it cannot open a zone alone, and for parties that are not needed.
    """

    total: Floats
    alone: Floats


def smallest_concession(
    profile: Profile,
    *,
    only: int | None = None,
    disagreement: Floats | None = None,
    levels: Sequence[Floats | None] | None = None,
) -> Concession | None:
    """The smallest total movement of red lines that opens a zone, on a modal profile.

    only: the one party that moves, default all needed parties may. disagreement: (p), worth of no
    deal; then the package must leave no needed party below it. levels: per issue the only values
    that exist, None for an issue on which every value does; needed for every issue where worth is
    not a straight line (ValueError otherwise). Returns None when no movement of that
    kind is enough; a concession without steps when there is a zone already.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> profile = modal(load_example("asylum"))
    >>> smallest_concession(profile).total  # the VVD's lower edge 50, the CU's upper edge 30
    20.0
    """
    form = spatial(profile)
    if not form.shape.plain and (levels is None or any(level is None for level in levels)):
        raise ValueError("worth that is no straight line needs the levels of every issue")
    program = _Program.of(profile, form, only, disagreement, levels)
    first = program.solve(program.movement_cost())
    if first is None:
        return None
    least = float(program.movement_cost() @ first)
    second = program.solve(program.fairness_cost(), least)
    z = first if second is None else second
    package = np.clip(program.package(z), 0.0, 100.0)
    if levels is not None:
        package = _snapped(package, levels)
    package = _on_edges(profile, package)
    steps = _steps(profile, form, package)
    widened = _widened(profile, steps)
    return Concession(
        steps=steps,
        total=float(round(sum(step.points for step in steps), 9)),
        package=package,
        worth=form(package[None, :])[0],
        returns=_returns(widened, form, package, steps, levels),
    )


def apply_steps(profile: Profile, concession: Concession) -> Profile:
    """The profile after the red lines have moved."""
    return _widened(profile, concession.steps)


def movements(profile: Profile) -> Movements:
    """Smallest movements that open a zone in every draw, walk-away values aside.

    Per issue the total movement is a sum of distances to intervals, which is smallest at one of
    their edges; a single party has to reach what the others already share.
    """
    low, high = edges_by_party(profile)
    needed = np.flatnonzero(profile.needed)
    low, high = np.clip(low[needed], 0, 100), np.clip(high[needed], 0, 100)
    parties, _, draws = low.shape
    total = np.zeros(draws)
    alone = np.full((len(profile.parties), draws), np.inf)
    if not parties:
        return Movements(total, alone)
    edges = np.concatenate([low, high])
    cost = np.empty((len(edges), *low.shape[1:]))
    for e, edge in enumerate(edges):
        cost[e] = (np.maximum(low - edge, 0) + np.maximum(edge - high, 0)).sum(axis=0)
    total = cost.min(axis=0).sum(axis=0)
    for m, party in enumerate(needed):
        others = np.arange(parties) != m
        floor = low[others].max(axis=0, initial=0.0)
        ceiling = high[others].min(axis=0, initial=100.0)
        away = np.maximum(low[m] - ceiling, 0) + np.maximum(floor - high[m], 0)
        alone[party] = np.where((floor <= ceiling + 1e-9).all(axis=0), away.sum(axis=0), np.inf)
    return Movements(total, alone)


@dataclass(frozen=True)
class _Program:
    """Variables: package (i), moves down and up (p, i), distances (p, i), least gain, level picks,
    what belongs together and holds.

    Distances stand for worth: they bound |package - ideal| from below and are minimised. On an
    issue with listed levels the level that is picked stands for worth.
    """

    profile: Profile
    who: NDArray[np.int64]
    rows: coo_array
    right: Floats
    low: Floats
    high: Floats
    whole: NDArray[np.int64]
    gains: Floats

    @classmethod
    def of(
        cls,
        profile: Profile,
        form: Spatial,
        only: int | None,
        disagreement: Floats | None,
        levels: Sequence[Floats | None] | None,
    ) -> _Program:
        who = np.flatnonzero(profile.needed)
        issues, parties = len(profile.issues), len(who)
        picks = [] if levels is None else [(i, v) for i, v in enumerate(levels) if v is not None]
        size = issues + 3 * parties * issues + 1
        starts, together = {}, size
        for i, values in picks:
            starts[i] = together
            together += len(values)
        width = together + len(form.shape.together)
        down, up, away = (issues + k * parties * issues for k in range(3))
        builder = _Rows(width)
        low, high = np.zeros(width), np.full(width, 100.0)
        low[size - 1], high[size - 1], high[size:] = -2.0, 2.0, 1.0
        gains = np.zeros((parties, width))
        for m, p in enumerate(who):
            for i in range(issues):
                cell = m * issues + i
                if np.isnan(profile.low[p, i]) or (only is not None and p != only):
                    high[down + cell] = 0.0
                if np.isnan(profile.high[p, i]) or (only is not None and p != only):
                    high[up + cell] = 0.0
                if not np.isnan(profile.low[p, i]):
                    builder.add({i: -1.0, down + cell: -1.0}, -float(profile.low[p, i]))
                if not np.isnan(profile.high[p, i]):
                    builder.add({i: 1.0, up + cell: -1.0}, float(profile.high[p, i]))
                if i not in starts:
                    builder.add({i: 1.0, away + cell: -1.0}, float(form.ideal[p, i]))
                    builder.add({i: -1.0, away + cell: -1.0}, -float(form.ideal[p, i]))
                    gains[m, away + cell] = -form.slope[p, i]
            for i, values in picks:
                gains[m, starts[i] : starts[i] + len(values)] = -form.lost(i, values)[:, p]
            for n, term in enumerate(form.shape.together):
                gains[m, together + n] = term.worth[p]
            loss = {int(k): -float(gains[m, k]) for k in np.flatnonzero(gains[m])}
            walk_away = 0.0 if disagreement is None else float(disagreement[p])
            if disagreement is not None:
                builder.add(loss, float(form.top[p]) - walk_away)
            builder.add({**loss, size - 1: 1.0}, float(form.top[p]) - walk_away)
        for i, values in picks:
            pick = dict(enumerate(values, start=starts[i]))
            for sign in (1.0, -1.0):
                builder.add({i: -sign, **{k: sign * v for k, v in pick.items()}}, 0.0)
                builder.add(dict.fromkeys(pick, sign), sign)
        for n, term in enumerate(form.shape.together):
            builder.both(together + n, term, dict(picks), starts)
        whole = np.zeros(width, dtype=np.int64)
        whole[size:together] = 1
        return cls(profile, who, builder.array(), builder.ends(), low, high, whole, gains)

    def movement_cost(self) -> Floats:
        """Coefficients of the total movement."""
        issues = len(self.profile.issues)
        cost = np.zeros(len(self.low))
        cost[issues : issues + 2 * len(self.who) * issues] = 1.0
        return cost

    def fairness_cost(self) -> Floats:
        """Coefficients that make the least gain largest, and then the sum of gains."""
        cost = -1e-3 * self.gains.sum(axis=0)
        cost[len(self.profile.issues) * (3 * len(self.who) + 1)] -= 1.0
        return np.asarray(cost)

    def solve(self, cost: Floats, most: float | None = None) -> Floats | None:
        """Solution of the program, with the total movement held below ``most``."""
        rules = [LinearConstraint(self.rows.tocsr(), -np.inf, self.right)]
        if most is not None:
            rules.append(LinearConstraint(self.movement_cost()[None, :], -np.inf, most + 1e-7))
        limits = Bounds(self.low, self.high)
        # With presolve the solver prints lines of its own between those of a JSON answer.
        plain = {"presolve": False}
        result = milp(cost, constraints=rules, bounds=limits, integrality=self.whole, options=plain)
        return np.asarray(result.x) if result.status == 0 else None

    def package(self, z: Floats) -> Floats:
        """Package in a solution."""
        return np.asarray(z[: len(self.profile.issues)])


class _Rows:
    """Rows of a sparse constraint matrix, coefficient by coefficient."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._entries: list[tuple[int, int, float]] = []
        self._right: list[float] = []

    def add(self, row: dict[int, float], right: float) -> None:
        """One constraint: the row times the variables is at most ``right``."""
        self._entries.extend((len(self._right), column, value) for column, value in row.items())
        self._right.append(right)

    def both(
        self, column: int, term: Together, levels: dict[int, Floats], starts: dict[int, int]
    ) -> None:
        """The variable of a column is 1 where both levels picked lie in the ranges of a term."""
        picks = []
        for i, within in ((term.first, term.of_first), (term.second, term.of_second)):
            inside = starts[i] + np.flatnonzero(marked(levels[i], within))
            picks.append(dict.fromkeys(inside.tolist(), 1.0))
            self.add({column: 1.0, **dict.fromkeys(picks[-1], -1.0)}, 0.0)
        self.add({column: -1.0, **picks[0], **picks[1]}, 1.0)

    def array(self) -> coo_array:
        """The matrix."""
        row, column, value = zip(*self._entries, strict=True)
        return coo_array((value, (row, column)), shape=(len(self._right), self._width))

    def ends(self) -> Floats:
        """Right-hand sides."""
        return np.array(self._right)


def _snapped(package: Floats, levels: Sequence[Floats | None]) -> Floats:
    found = package.copy()
    for i, values in enumerate(levels):
        if values is not None:
            found[i] = values[np.abs(values - package[i]).argmin()]
    return found


def _on_edges(profile: Profile, package: Floats) -> Floats:
    """The solver's last digits off: a value beside an edge or a position is that value."""
    fields = (profile.low, profile.high, profile.position)
    near = np.concatenate([f[profile.needed] for f in fields])
    found = package.copy()
    for i in range(len(package)):
        marks = near[:, i][~np.isnan(near[:, i])]
        if len(marks):
            mark = marks[np.abs(marks - package[i]).argmin()]
            found[i] = mark if abs(mark - package[i]) <= 1e-5 else package[i]
    return found


def _steps(profile: Profile, form: Spatial, package: Floats) -> tuple[Step, ...]:
    steps = []
    for p in np.flatnonzero(profile.needed):
        for i, value in enumerate(package):
            low, high = profile.low[p, i], profile.high[p, i]
            for edge, old, beyond in (("low", low, low - value), ("high", high, value - high)):
                if beyond > _SMALL:  # NaN compares false
                    cost = _change(form, p, i, old, value)
                    steps.append(Step(int(p), i, edge, float(old), float(value), cost))
    return tuple(sorted(steps, key=lambda s: (-s.points, s.party, s.issue)))


def _widened(profile: Profile, steps: tuple[Step, ...]) -> Profile:
    low, high = profile.low.copy(), profile.high.copy()
    for step in steps:
        (low if step.edge == "low" else high)[step.party, step.issue] = step.new
    return replace(profile, low=low, high=high)


def _change(form: Spatial, party: np.integer | int, issue: int, old: float, new: float) -> float:
    """How much less a new value of an issue is worth to a party, what it combines aside."""
    before, after = form.lost(issue, np.array([old, new]))[:, party]
    return float(after - before)


def _returns(
    profile: Profile,
    form: Spatial,
    package: Floats,
    steps: tuple[Step, ...],
    levels: Sequence[Floats | None] | None,
) -> tuple[Return, ...]:
    """Log-rolling: for each step the issues on which the other side gives more cheaply."""
    low, high = edges_by_party(profile)
    floor = np.clip(low[profile.needed, :, 0].max(axis=0), 0.0, 100.0)
    ceiling = np.clip(high[profile.needed, :, 0].min(axis=0), 0.0, 100.0)
    found = []
    for step in steps:
        p, i = step.party, step.issue
        toward = 1.0 if step.edge == "high" else -1.0
        for q in np.flatnonzero(profile.needed):
            if q == p or toward * (form.ideal[q, i] - step.old) <= _SMALL:
                continue  # not on the side towards which the step goes
            given = -_change(form, q, i, step.old, step.new)
            for j in range(len(package)):
                listed = None if levels is None else levels[j]
                goal = _goal(form, p, j, (floor[j], ceiling[j]), listed)
                if j == i or goal is None or abs(goal - package[j]) <= _SMALL:
                    continue
                points = abs(goal - package[j])
                gain = -_change(form, p, j, package[j], goal)
                cost = _change(form, q, j, package[j], goal)
                # Relative interest: p in what it receives, q in what it is given.
                if gain * given <= max(cost, 0.0) * max(step.cost, 0.0) + 1e-12:
                    continue
                covers = bool(gain >= step.cost - 1e-12)
                found.append(Return(p, int(q), i, j, float(points), float(gain), cost, covers))
    return tuple(sorted(found, key=lambda r: (not r.covers, r.cost - r.gain)))


def _goal(
    form: Spatial, party: int, issue: int, shared: tuple[float, float], levels: Floats | None
) -> float | None:
    """The party's best value of an issue inside all red lines; None where nothing exists there."""
    if levels is None:
        return float(np.clip(form.ideal[party, issue], *shared))
    inside = levels[marked(levels, shared)]
    if not len(inside):
        return None
    return float(inside[form.lost(issue, inside)[:, party].argmin()])
