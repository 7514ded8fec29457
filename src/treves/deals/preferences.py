"""What levels of issues are worth to parties, as tables that add up.

Everything in this room that needs no list of packages works on such tables: the worth of a package
is the sum of one row per issue. Linear and quadratic loss, soft red lines, tables per labelled
point and interactions between two issues ("only together") all have this form; an interaction
makes one compound issue of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from treves.profile import Floats, Profile
from treves.shape import PLAIN, Shape, marked

RedLines = Literal["soft", "hard", "none"]


@dataclass(frozen=True)
class Spatial:
    """Worth that falls with distance: ``top`` minus the sum of ``slope`` x loss per issue.

    ``top`` (p); ``slope`` and ``ideal`` (p, i); loss is the distance in points, or what ``shape``
    says: its square, a rating; what belongs together is added. A slope of 0 marks an issue
    that does not matter to a party.
    """

    top: Floats
    slope: Floats
    ideal: Floats
    shape: Shape = PLAIN

    def __call__(self, packages: Floats) -> Floats:
        """Worth (k, p) of packages (k, i)."""
        points = np.asarray(packages, dtype=float)
        lost = sum(self.lost(i, points[:, i]) for i in range(points.shape[1]))
        return np.asarray(self.top - lost + self.shape.added(points, len(self.top)).T)

    def lost(self, issue: int, values: Floats) -> Floats:
        """What values (v) of an issue cost each party against its best there, (v, p)."""
        away = np.abs(np.asarray(values, dtype=float)[:, None] - self.ideal[:, issue])
        if self.shape.quadratic:
            away = away**2
        for rated in self.shape.rated:
            if rated.issue == issue:
                away[:, rated.party] = self.shape.unit * rated.at(values)
        return np.asarray(self.slope[:, issue] * away)


@dataclass(frozen=True)
class Interaction:
    """Two issues that are worth something together: ``worth`` (p) is added where both hold.

    ``first`` and ``second`` are issues; ``of_first`` and ``of_second`` mark the levels that count.
    "Only together" is a negative worth on the pairs that take one without the other.
    """

    first: int
    second: int
    of_first: NDArray[np.bool_]
    of_second: NDArray[np.bool_]
    worth: Floats


@dataclass(frozen=True)
class Tables:
    """Worth per level: the worth of a package to a party is one row of every table, added up.

    ``worth``: per (compound) issue the table (row, p). ``member``: per compound issue which issues
    it is made of; ``row_levels``: per compound issue the levels (row, member) of those issues.
    ``issues``: number of issues.
    """

    worth: tuple[Floats, ...]
    member: tuple[tuple[int, ...], ...]
    row_levels: tuple[NDArray[np.int64], ...]
    issues: int

    def levels_of(self, choice: NDArray[np.int64]) -> NDArray[np.int64]:
        """Level of every issue (n, i) for rows chosen per compound issue (n, compound issue)."""
        found = np.empty((len(choice), self.issues), dtype=np.int64)
        for c, (member, levels) in enumerate(zip(self.member, self.row_levels, strict=True)):
            found[:, list(member)] = levels[choice[:, c]]
        return found


def spatial(profile: Profile) -> Spatial:
    """The worth of packages under a modal profile, content weight included.

    ``u = 1 - g + g (1 - sum_i s_i L(|x_i - k_i|) / sum_i s_i L_max)``; the rule of
    :func:`treves.utility.worth`. Raises ValueError when the profile has draws.
    """
    if profile.position.ndim != 2:
        raise ValueError("a profile without draws is needed here: treves.profile.modal(case)")
    shape = profile.shape
    known = ~(np.isnan(profile.position) | np.isnan(profile.salience))
    ideal = np.where(known, profile.position, 0.0)
    salience = np.where(known, profile.salience, 0.0)
    largest = np.maximum(ideal, 100.0 - ideal)
    if shape.quadratic:
        largest = largest**2
    for rated in shape.rated:
        largest[rated.party, rated.issue] = shape.unit * rated.loss.max()
    whole = (salience * largest).sum(axis=-1, keepdims=True)
    slope = np.divide(salience, whole, out=np.zeros_like(salience), where=whole > 0)
    slope *= profile.content_weight[:, None]
    return Spatial(np.ones(len(profile.parties)), slope, ideal, shape)


def tables_of(
    profile: Profile,
    levels: Sequence[Floats],
    *,
    red_lines: RedLines = "soft",
) -> Tables:
    """Tables of a modal profile over the levels of a package space.

    red_lines: ``soft`` subtracts the cost that grows from the edge (payoff), ``none`` leaves worth
    as it is, ``hard`` leaves out the levels that a needed party refuses. Raises ValueError when a
    hard red line leaves an issue without a level: there is no zone on that issue.
    """
    form = spatial(profile)
    tables, rows = [], []
    for i, level in enumerate(levels):
        worth = -form.lost(i, level)
        beyond = _beyond(profile, i, level)
        if red_lines == "soft":
            salience = np.nan_to_num(profile.salience[:, i])
            share = np.minimum(beyond / profile.red_line_ramp, 1.0)
            worth = worth - profile.red_line_cost * salience * share
        kept = np.arange(len(level))
        if red_lines == "hard":
            kept = np.flatnonzero((beyond[:, profile.needed] <= 1e-9).all(axis=1))
            if not len(kept):
                raise ValueError(f"every level of issue {profile.issues[i]} is refused by somebody")
        tables.append(worth[kept])
        rows.append(kept[:, None].astype(np.int64))
    tables[0] = tables[0] + form.top
    member = tuple((i,) for i in range(len(tables)))
    found = Tables(tuple(tables), member, tuple(rows), len(tables))
    for term in profile.shape.together:
        of_first = marked(levels[term.first], term.of_first)
        of_second = marked(levels[term.second], term.of_second)
        both = Interaction(term.first, term.second, of_first, of_second, term.worth)
        found = with_interaction(found, both)
    return found


def additive(worth: Sequence[Floats]) -> Tables:
    """Tables given as such, per issue (level, p): worth per labelled point, as in GENIUS files."""
    tables = tuple(np.asarray(t, dtype=float) for t in worth)
    rows = tuple(np.arange(len(t), dtype=np.int64)[:, None] for t in tables)
    return Tables(tables, tuple((i,) for i in range(len(tables))), rows, len(tables))


def with_interaction(tables: Tables, term: Interaction) -> Tables:
    """The same worth with an interaction added; the two issues become one compound issue.

    Exact, at the price of a table as long as the product of the two: three or more issues that
    interact in a chain all end up in one.
    """
    place = {issue: c for c, member in enumerate(tables.member) for issue in member}
    a, b = place[term.first], place[term.second]
    if a != b:
        tables, a = _joined(tables, a, b)
    member, rows = tables.member[a], tables.row_levels[a]
    both = (
        term.of_first[rows[:, member.index(term.first)]]
        & term.of_second[rows[:, member.index(term.second)]]
    )
    changed = tables.worth[a] + both[:, None] * term.worth
    worth = tuple(changed if c == a else t for c, t in enumerate(tables.worth))
    return replace(tables, worth=worth)


def _joined(tables: Tables, a: int, b: int) -> tuple[Tables, int]:
    one, other = tables.worth[a], tables.worth[b]
    worth = (one[:, None, :] + other[None, :, :]).reshape(-1, one.shape[1])
    rows = np.hstack(
        [
            np.repeat(tables.row_levels[a], len(other), axis=0),
            np.tile(tables.row_levels[b], (len(one), 1)),
        ]
    )
    keep = [c for c in range(len(tables.worth)) if c not in (a, b)]
    joined = Tables(
        (*(tables.worth[c] for c in keep), worth),
        (*(tables.member[c] for c in keep), tables.member[a] + tables.member[b]),
        (*(tables.row_levels[c] for c in keep), rows),
        tables.issues,
    )
    return joined, len(keep)


def _beyond(profile: Profile, issue: int, level: Floats) -> Floats:
    """Points beyond each party's red line (level, p); 0 where accepted or nothing is known."""
    low, high = profile.low[:, issue], profile.high[:, issue]
    under = np.nan_to_num(low, nan=-np.inf) - level[:, None]
    over = level[:, None] - np.nan_to_num(high, nan=np.inf)
    return np.maximum(np.maximum(under, over), 0.0)
