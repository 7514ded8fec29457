"""The Pareto frontier for any number of parties: of a list of packages, or issue by issue.

A package is dominated when another gives every party at least as much and one party more, by more
than ``TOLERANCE``. Packages that are worth the same to everybody are one point of the frontier:
the first stands for all, and ``copies`` says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.profile import Floats

Indices = NDArray[np.int64]

TOLERANCE = 1e-12
# Archive members compared at once; the inner loops over a block become vector instructions.
_BLOCK = 64
# Points whose own frontier is used to throw most of a long list away before it is sorted.
_SAMPLE = 16_384
_SIEVE = _BLOCK
_FIRST = 6
# Where a frontier is thinned, the first try gives this share of the widest range of worth away.
_FIRST_SLACK = 1e-3


@dataclass(frozen=True)
class Frontier:
    """Undominated points.

    ``values`` (f, p): worth to each party. ``choice`` (f, i): per issue the index of the level; for
    a frontier of a list one column, the row in that list. ``copies`` (f): number of packages that
    are worth the same as this one to everybody. ``within``: for every package some member gives no
    party less by more than this; 0 means that the frontier is exact.
    """

    values: Floats
    choice: Indices
    copies: Indices
    within: float = 0.0

    def __len__(self) -> int:
        return len(self.values)


def pareto(values: Floats) -> Frontier:
    """Frontier of a list of packages, in the order of the list.

    values: worth (k, p); rows with NaN are left out. Most of a long list is thrown away against
    the frontier of a sample before the rest is sorted, so 10^6 x 4 takes a fraction of the sort.

    >>> frontier = pareto(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 1.0], [2.0, 2.0]]))
    >>> frontier.choice.ravel().tolist(), frontier.copies.tolist()
    ([0, 1], [1, 2])
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError("values must have axes (package, party) with at least one party")
    left = _sieve(values) if len(values) > 4 * _SAMPLE else np.arange(len(values))
    left = left[~np.isnan(values[left]).any(axis=1)]
    front, copies = _front(np.ascontiguousarray(values[left].T), np.ones(len(left), dtype=np.int64))
    order = np.argsort(left[front], kind="stable")
    chosen = left[front][order]
    return Frontier(values[chosen], chosen[:, None], copies[order])


def pareto_all(values: Floats) -> NDArray[np.bool_]:
    """Which packages (k) are undominated, every one of equal packages included.

    >>> pareto_all(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 1.0], [2.0, 2.0]])).tolist()
    [True, True, False, True]
    """
    frontier = pareto(values)
    member = np.zeros(len(values), dtype=bool)
    member[frontier.choice[:, 0]] = True
    for point in frontier.values[frontier.copies > 1]:
        member |= np.asarray((np.abs(values - point) <= TOLERANCE).all(axis=1))
    return member


def frontier_of_blocks(blocks: Iterable[Floats], worth: Callable[[Floats], Floats]) -> Frontier:
    """Frontier of packages that come in blocks, for a worth that does not add up over issues.

    blocks: packages (k, i), as from :meth:`treves.deals.space.Space.blocks`. worth: packages to
    worth (k, p). Only the frontier so far is held, so 10^7 packages need no more memory than one
    block; ``choice`` counts through all blocks.
    """
    found: Frontier | None = None
    start = 0
    for block in blocks:
        here = pareto(np.asarray(worth(block), dtype=float))
        values, rows, copies = here.values, here.choice[:, 0] + start, here.copies
        start += len(block)
        if found is not None:
            values = np.vstack([found.values, values])
            rows = np.append(found.choice[:, 0], rows)
            copies = np.append(found.copies, copies)
        front, times = _front(np.ascontiguousarray(values.T), copies)
        order = np.argsort(rows[front])
        front = front[order]
        found = Frontier(values[front], rows[front][:, None], times[order])
    if found is None:
        raise ValueError("there are no packages")
    return found


def additive_frontier(tables: Sequence[Floats], *, most: int | None = None) -> Frontier:
    """Frontier of all combinations of levels when worth is a sum over issues; nothing enumerated.

    tables: per issue the worth of each level to each party (level, p). The issue with the fewest
    levels is merged first and what is dominated is dropped after each merge: a dominated beginning
    stays dominated whatever is added. Red lines per issue can be applied before, by leaving levels
    out; walk-away values after, because whoever dominates an acceptable package is acceptable.

    Exact unless ``most`` is given and a merge leaves more members than that: many parties with many
    issues have frontiers of millions. Then members that are better than another by little are
    dropped, and ``within`` of the result says how much a party may lack, at most, in the member
    that comes closest to a package. Members are sorted by their total worth, the largest first.

    >>> frontier = additive_frontier([np.array([[0.0, 1.0], [1.0, 0.0]])] * 2)
    >>> frontier.values.tolist()
    [[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]
    >>> frontier.copies.tolist()
    [1, 2, 1]
    """
    tables = [np.ascontiguousarray(t, dtype=np.float64) for t in tables]
    if not tables or any(t.ndim != 2 or not len(t) for t in tables):
        raise ValueError("every issue needs a table (level, party) with at least one level")
    order = sorted(range(len(tables)), key=lambda i: (len(tables[i]), i))
    cols = np.zeros((tables[0].shape[1], 1))
    copies = np.ones(1, dtype=np.int64)
    steps: list[tuple[Indices, Indices]] = []
    within = 0.0
    for i in order:
        level, worth_of = _undominated_levels(tables[i])
        grown = (cols[:, :, None] + worth_of[0][:, None, :]).reshape(len(cols), -1)
        times = (copies[:, None] * worth_of[1][None, :]).ravel()
        kept, copies, given = _thinned(grown, times, most)
        within += given
        cols = np.ascontiguousarray(grown[:, kept])
        steps.append((kept // len(level), level[kept % len(level)]))
    choice = np.empty((cols.shape[1], len(tables)), dtype=np.int64)
    at = np.arange(cols.shape[1])
    for i, (parent, level) in zip(reversed(order), reversed(steps), strict=True):
        choice[:, i] = level[at]
        at = parent[at]
    return Frontier(np.ascontiguousarray(cols.T), choice, copies, within)


def _undominated_levels(table: Floats) -> tuple[Indices, tuple[Floats, Indices]]:
    """Levels that can be part of an undominated package, with their worth (p, level) and copies."""
    front, copies = _front(np.ascontiguousarray(table.T), np.ones(len(table), dtype=np.int64))
    order = np.argsort(front)
    level = front[order]
    return level, (np.ascontiguousarray(table[level].T), copies[order])


def _front(cols: Floats, copies: Indices) -> tuple[Indices, Indices]:
    """Undominated columns of (p, n), largest total first, and how many packages each stands for."""
    order = np.argsort(-cols.sum(axis=0), kind="stable")
    found: tuple[Indices, Indices] = _archive(cols, order, copies, TOLERANCE, len(order))
    return found


def _thinned(cols: Floats, copies: Indices, most: int | None) -> tuple[Indices, Indices, float]:
    """The same with at most so many members, and what some party may have lost by leaving out."""
    order = np.argsort(-cols.sum(axis=0), kind="stable")
    limit = len(order) if most is None else most
    kept, times = _archive(cols, order, copies, TOLERANCE, limit)
    slack = _FIRST_SLACK * float(np.ptp(cols, axis=1).max())
    given = 0.0
    while len(kept) > limit:
        kept, times = _archive(cols, order, copies, slack, limit)
        given, slack = slack, 2.0 * slack
    return kept, times, given


def _sieve(values: Floats) -> Indices:
    """Rows that none of the best points of a sample dominates; some of them may have NaN."""
    sample = values[:: max(1, len(values) // _SAMPLE)]
    sample = sample[~np.isnan(sample).any(axis=1)]
    if not len(sample):
        return np.arange(len(values))
    front, _ = _front(np.ascontiguousarray(sample.T), np.ones(len(sample), dtype=np.int64))
    best = sample[front]
    # Whoever covers the largest box above the worst corner throws most away.
    box = np.prod(best - sample.min(axis=0), axis=1)
    best = best[np.argsort(-box, kind="stable")[:_SIEVE]]
    # The first few are asked about every row: take those that together cover most of the sample.
    left = sample[:1024]
    first: list[int] = []
    covers = np.asarray((best[:, None, :] >= left[None, :, :]).all(axis=2))
    for _ in range(min(_FIRST, len(best))):
        first.append(int(np.argmax(covers.sum(axis=1))))
        covers &= ~covers[first[-1]]
    # Equal points must survive, they may be copies: ask for a little more than equality.
    best = best - 2 * TOLERANCE
    sieve = np.full((values.shape[1], _SIEVE), -np.inf)
    sieve[:, : len(best)] = best.T
    return _survivors(values, best[first], sieve)


@njit(cache=True, nogil=True)
def _covering(archive: Floats, start: int, point: Floats, least: Floats, slack: float) -> int:
    """Position in a block of the archive of a member no worse for all than ``slack``, or -1.

    Written as the smallest advantage over the parties, which compiles to vector instructions.
    """
    block = len(least)
    x, column = point[0], archive[0, start : start + block]
    for j in range(block):
        least[j] = column[j] - x
    for q in range(1, archive.shape[0]):
        x, column = point[q], archive[q, start : start + block]
        for j in range(block):
            ahead = column[j] - x
            least[j] = min(least[j], ahead)
    found = 0
    for j in range(block):
        found += least[j] >= -slack
    if found:
        for j in range(block):
            if least[j] >= -slack:
                return j
    return -1


@njit(cache=True, nogil=True)
def _archive(
    cols: Floats, order: Indices, copies: Indices, slack: float, limit: int
) -> tuple[Indices, Indices]:
    parties = cols.shape[0]
    room = 2 * _BLOCK
    archive = np.full((parties, room), -np.inf)
    kept = np.empty(cols.shape[1], dtype=np.int64)
    times = np.zeros(cols.shape[1], dtype=np.int64)
    least = np.empty(_BLOCK)
    point = np.empty(parties)
    size, last = 0, 0
    for k in order:
        for q in range(parties):
            point[q] = cols[q, k]
        # Neighbours in the order tend to be dominated by the same member.
        found = _covering(archive, last, point, least, slack)
        start = last
        if found < 0:
            for start in range(0, size, _BLOCK):
                found = _covering(archive, start, point, least, slack)
                if found >= 0:
                    break
        if found >= 0:
            last = start
            same = True
            for q in range(parties):
                same &= abs(archive[q, start + found] - point[q]) <= TOLERANCE
            if same:
                times[start + found] += copies[k]
            continue
        if size > limit:
            break
        if size == room:
            wider = np.full((parties, 2 * room), -np.inf)
            wider[:, :room] = archive
            archive, room = wider, 2 * room
        for q in range(parties):
            archive[q, size] = point[q]
        kept[size] = k
        times[size] = copies[k]
        size += 1
    return kept[:size].copy(), times[:size].copy()


@njit(cache=True, nogil=True)
def _survivors(values: Floats, first: Floats, sieve: Floats) -> Indices:
    """Rows that no row of ``first`` (m, p) and then no column of ``sieve`` (p, m) covers."""
    count, parties = values.shape
    least, point = np.empty(_BLOCK), np.empty(parties)
    left = np.empty(count, dtype=np.int64)
    size = 0
    for k in range(count):
        covered = False
        for m in range(first.shape[0]):
            q = 0
            # Most comparisons end at the first party: quicker here than vector instructions.
            while q < parties and values[k, q] <= first[m, q]:
                q += 1
            if q == parties:
                covered = True
                break
        if covered:
            continue
        for q in range(parties):
            point[q] = values[k, q]
        if _covering(sieve, 0, point, least, TOLERANCE) < 0:
            left[size] = k
            size += 1
    return left[:size].copy()
