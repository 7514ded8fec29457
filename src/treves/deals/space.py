"""Which packages there are: levels per issue, their product, and what of it is looked at.

Levels are labelled points, modal edges of accepted intervals, the status quo, the parties' own
positions, what they rate, and an even grid where an issue is continuous (docs/conventions.md,
section 4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from treves.deals.masks import LevelMasks, count_pairs
from treves.profile import Floats, Profile

KINDS = ("points", "edges", "status_quo", "positions", "grid")
LIMIT = 20_000
# Labelled points are kept as they are, since labels and ratings belong to them; other values to
# hundredths of a point, edges rounded inwards so that they stay accepted.
_STEP = 100.0


@dataclass(frozen=True)
class Space:
    """Packages that are looked at.

    ``levels``: per issue its values in ascending order. ``packages``: axes (k, i), the whole
    product when ``complete``, else the packages that a search found most likely to be accepted.
    ``bound``: no package left out is accepted by everybody in a larger share of the ``searched``
    draws, which are the first of the profile's. ``coverage`` says the same in words.
    """

    issues: tuple[str, ...]
    levels: tuple[Floats, ...]
    packages: Floats
    complete: bool
    bound: float
    searched: int = 0

    @property
    def size(self) -> int:
        """Number of packages in the whole product."""
        return math.prod(len(level) for level in self.levels)

    @property
    def coverage(self) -> str:
        """What was looked at, in words."""
        if self.complete:
            return f"all {self.size:,} packages"
        return (
            f"{len(self.packages):,} of {self.size:,} packages, those most likely to be accepted; "
            f"none of the others is accepted by everybody in more than {self.bound:.1%} of the "
            f"{self.searched:,} draws searched"
        )

    def blocks(self, rows: int = 65_536) -> Iterator[Floats]:
        """The whole product in blocks of at most ``rows`` packages, last issue fastest."""
        for start in range(0, self.size, rows):
            yield product_rows(self.levels, start, min(rows, self.size - start))


def package_space(
    profile: Profile,
    points: Sequence[Sequence[float]],
    continuous: Sequence[bool],
    *,
    modal: Profile | None = None,
    grid: int = 5,
    limit: int = LIMIT,
    kinds: Sequence[str] = KINDS,
) -> Space:
    """The packages of a case.

    profile: with draws, which the search of a large space uses, or modal. modal: where edges and
    positions are taken from; without it the median over the draws stands for the mode. points:
    labelled points per issue. continuous: per issue whether values between the labelled points
    exist; where not, edges and grid are left out, because nothing can be agreed there. grid: number
    of even steps from 0 to 100. limit: the most packages that are listed. kinds: which of
    ``points``, ``edges``, ``status_quo``, ``positions`` and ``grid`` to take.

    Raises ValueError on an unknown kind, or when the lengths do not fit the issues.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> case = load_example("asylum")
    >>> space = package_space(
    ...     modal(case), [list(i.points) for i in case.issues], [i.continuous for i in case.issues]
    ... )
    >>> space.packages.shape[1] == len(case.issues)
    True
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"unknown kinds of levels {unknown}; there are {', '.join(KINDS)}")
    if not len(points) == len(continuous) == len(profile.issues):
        raise ValueError("points and continuous must have one entry per issue")
    levels = tuple(
        _levels(
            profile if modal is None else modal,
            i,
            points[i],
            bool(continuous[i]),
            grid=grid,
            kinds=kinds,
        )
        for i in range(len(profile.issues))
    )
    space = Space(profile.issues, levels, np.empty((0, len(levels))), complete=True, bound=0.0)
    if space.size <= limit:
        return replace(space, packages=product_rows(levels, 0, space.size))
    packages, bound, searched = search(profile, levels, limit)
    return replace(space, packages=packages, complete=False, bound=bound, searched=searched)


def product_rows(levels: Sequence[Floats], start: int, count: int) -> Floats:
    """Rows ``start`` to ``start + count`` of the product of levels, (count, i), last fastest."""
    index = np.arange(start, start + count, dtype=np.int64)
    rows = np.empty((count, len(levels)))
    for i in range(len(levels) - 1, -1, -1):
        rows[:, i] = levels[i][index % len(levels[i])]
        index //= len(levels[i])
    return rows


def search(
    profile: Profile, levels: Sequence[Floats], limit: int, *, words: int = 64
) -> tuple[Floats, float, int]:
    """The packages most likely to be accepted by all needed parties, and a bound on the rest.

    Builds packages issue by issue and keeps the ``limit`` most likely beginnings. Acceptance can
    only fall when an issue is added, so the likeliest beginning that was dropped bounds whatever
    was left out. At most ``64 * words`` draws are looked at; equally likely beginnings are ranked
    by how few red lines they cross. Returns packages (k, i), likeliest first, the bound, and the
    number of draws that both rest on.
    """
    masks = LevelMasks.build(profile, levels, profile.needed, words=words)
    kept = np.full((1, masks.words), ~np.uint64(0), dtype=np.uint64)
    ease = np.zeros(1)
    codes = np.zeros((1, 0), dtype=np.int64)
    bound = 0
    for i, table in enumerate(masks.everybody):
        easier = (ease[:, None] + masks.ease[i][None, :]).reshape(-1)
        count = count_pairs(kept, table).reshape(-1)
        order = np.lexsort((-easier, -count))
        if len(order) > limit:
            bound = max(bound, int(count[order[limit]]))
            order = order[:limit]
        row, code = np.divmod(order, len(table))
        codes = np.column_stack([codes[row], code])
        kept, ease = kept[row] & table[code], easier[order]
    packages = np.column_stack([levels[i][codes[:, i]] for i in range(len(levels))])
    return packages, bound / masks.draws, masks.draws


def _levels(
    profile: Profile,
    issue: int,
    points: Sequence[float],
    continuous: bool,
    *,
    grid: int,
    kinds: Sequence[str],
) -> Floats:
    found: list[NDArray[np.float64]] = []
    free = continuous or len(points) == 0
    listed = np.asarray(points, dtype=float) if "points" in kinds else np.empty(0)
    found.append(listed)

    def others(values: Floats) -> Floats:
        same = (np.abs(values[:, None] - listed) < 1e-9).any(axis=1)
        return np.asarray(values[~same] * _STEP)

    if "edges" in kinds and free:
        found.append(np.ceil(others(_middle(profile.low, issue)) - 1e-6) / _STEP)
        found.append(np.floor(others(_middle(profile.high, issue)) + 1e-6) / _STEP)
    if "status_quo" in kinds:
        found.append(np.round(others(profile.status_quo_point[issue : issue + 1])) / _STEP)
    if "positions" in kinds:
        found.append(np.round(others(_middle(profile.position, issue))) / _STEP)
        if free:
            found.append(np.round(others(profile.shape.marks(issue))) / _STEP)
    if "grid" in kinds and free and grid > 0:
        found.append(np.linspace(0.0, 100.0, grid))
    values = np.concatenate(found) if found else np.empty(0)
    values = np.unique(np.clip(values[~np.isnan(values)], 0.0, 100.0) + 0.0)  # no -0
    if not len(values):
        raise ValueError(f"issue {profile.issues[issue]} has no level of the kinds asked for")
    return values


def _middle(field: Floats, issue: int) -> Floats:
    """Median over the draws of one issue, (p); NaN where unknown."""
    values = field[..., issue].reshape(-1, field.shape[-2])
    known = ~np.isnan(values).all(axis=0)
    middle = np.full(values.shape[1], np.nan)
    middle[known] = np.nanmedian(values[:, known], axis=0)
    return middle
