"""The zone: packages that everybody needed can live with, how likely, and who blocks the rest.

No package is simulated twice: acceptance is a set of draws per level (``deals.masks``), a package
is the intersection over its levels, its probability is a count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.deals.masks import (
    TOLERANCE,
    Bits,
    Codes,
    count_bits,
    edges_by_party,
    full_bits,
    level_bits,
    level_codes,
    popcount,
)
from treves.profile import Floats, Profile

Mask = NDArray[np.bool_]
Rule = Callable[[Mask], Mask] | Mask

# Levels' bits held at once; draws are worked through in parts so that memory stays bounded.
_TABLE_BYTES = 8_000_000
# Up to here all subsets of parties are looked at; above, parties are dropped one by one.
_ALL_SUBSETS = 14


@dataclass(frozen=True)
class Gap:
    """Distance between the binding red lines of each issue.

    ``size``: (3, i), the 10th, 50th and 90th percentile over draws of the highest lower edge minus
    the lowest upper edge; above 0 there is no value everybody accepts, below 0 that much room.
    ``lower``, ``upper``: (i), median of those two edges (0 and 100 where nobody draws a line).
    ``overlap``: (i), share of draws in which some value is accepted by everybody needed.
    ``holds_lower``, ``holds_upper``: (p, i), share of draws in which that party holds the edge.
    """

    size: Floats
    lower: Floats
    upper: Floats
    overlap: Floats
    holds_lower: Floats
    holds_upper: Floats


@dataclass(frozen=True)
class Group:
    """Parties that could agree among themselves on some package, and how likely that is."""

    members: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class Zone:
    """Packages and how acceptable they are; axes k package, p party, i issue.

    ``probability`` (k): every needed party accepts. ``blocks`` (p, k): the party refuses.
    ``alone`` (p, k): it is the only needed party that refuses. ``share_of_draws``: draws in which
    at least one of the listed packages is accepted by everybody needed; ``share_in_box``: the same
    over all values from 0 to 100, exact. ``groups``: per number of parties, largest first, the
    needed parties most likely to find a package among themselves (over all values).
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    packages: Floats
    needed: Mask
    draws: int
    probability: Floats
    blocks: Floats
    alone: Floats
    share_of_draws: float
    share_in_box: float
    gap: Gap
    groups: tuple[Group, ...]
    refusals: tuple[Floats, ...]
    codes: Codes

    @property
    def blocking_issue(self) -> Floats:
        """Probability (p, k, i) that a package lies beyond the party's red line on an issue."""
        per_issue = [self.refusals[i][:, self.codes[:, i]] for i in range(len(self.issues))]
        return np.stack(per_issue, axis=-1)

    def blocker(self, package: int) -> tuple[int, int] | None:
        """Party and issue that block a package most: who would refuse it alone, then who refuses.

        None when nobody needed ever refuses it.
        """
        rank = self.alone[:, package] + 1e-6 * self.blocks[:, package]
        rank = np.where(self.needed, rank, -1.0)
        party = int(np.argmax(rank))
        if rank[party] <= 0.0:
            return None
        by_issue = [
            self.refusals[i][party, self.codes[package, i]] for i in range(len(self.issues))
        ]
        return party, int(np.argmax(by_issue))

    def best(self, count: int | None = None) -> NDArray[np.int64]:
        """Indices of the packages most likely to be accepted, first the likeliest.

        Equal ones in order of how few refusals they meet in all, then as listed.
        """
        refusals = self.blocks[self.needed].sum(axis=0)
        order = np.lexsort((np.arange(len(self.probability)), refusals, -self.probability))
        return order[:count].astype(np.int64)


def agreeable(profile: Profile, packages: Floats, needed: Mask | None = None) -> Zone:
    """How likely each package is to be accepted by everybody needed, and who blocks it where.

    packages: axes (k, i), 0-100. needed: (p), default the profile's. A profile without draws counts
    as one draw. One red-line rule: a package is accepted where it lies inside the party's interval
    on every issue; an unknown edge blocks nothing.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> zone = agreeable(modal(load_example("asylum")), np.array([[100.0, 90.0], [50.0, 50.0]]))
    >>> zone.probability.tolist()  # the VVD's own package finds no agreement
    [0.0, 0.0]
    """
    chosen = profile.needed if needed is None else np.asarray(needed, dtype=bool)
    packages = np.ascontiguousarray(packages, dtype=np.float64)
    low, high = edges_by_party(profile)
    draws = low.shape[-1]
    levels, codes = level_codes(packages)
    parties, rows = len(profile.parties), sum(len(level) for level in levels)
    every = np.zeros(len(packages), dtype=np.int64)
    each, sole = np.zeros((2, parties, len(packages)), dtype=np.int64)
    counts = every, each, sole
    refused = np.zeros((parties, rows), dtype=np.int64)
    listed = 0
    for part in _parts(draws, parties * rows):
        bits, starts = level_bits(low[..., part], high[..., part], levels)
        size = min(part.stop, draws) - part.start
        refused += size - count_bits(bits)
        rows_of = codes + starts[:-1]
        listed += _count_packages(bits, rows_of, chosen, full_bits(size), *counts)
    starts = np.concatenate([[0], np.cumsum([len(level) for level in levels])])
    gap, in_box = _gap(low, high, chosen)
    return Zone(
        parties=profile.parties,
        issues=profile.issues,
        packages=packages,
        needed=chosen,
        draws=draws,
        probability=every / draws,
        blocks=each / draws,
        alone=sole / draws,
        share_of_draws=listed / draws,
        share_in_box=in_box,
        gap=gap,
        groups=agreeing_groups(profile, chosen),
        refusals=tuple(refused[:, starts[i] : starts[i + 1]] / draws for i in range(len(levels))),
        codes=codes,
    )


def passing(profile: Profile, packages: Floats, rule: Rule) -> Floats:
    """Probability (k) that the parties that accept a package can carry it under a decision rule.

    rule: either winning coalitions as a mask (c, p), of which one must accept in full, or a
    function from who accepts (n, p) to whether that carries (n). The function is asked once for
    every subset of up to 14 parties, and for the draws themselves when there are more.
    """
    packages = np.ascontiguousarray(packages, dtype=np.float64)
    low, high = edges_by_party(profile)
    parties, draws = low.shape[0], low.shape[-1]
    if callable(rule) and parties > _ALL_SUBSETS:
        return _passing_by_draw(low, high, packages, rule)
    coalitions = winning_coalitions(rule, parties) if callable(rule) else np.asarray(rule, bool)
    levels, codes = level_codes(packages)
    count = np.zeros(len(packages), dtype=np.int64)
    for part in _parts(draws, parties * sum(len(level) for level in levels)):
        bits, starts = level_bits(low[..., part], high[..., part], levels)
        size = min(part.stop, draws) - part.start
        _count_passing(bits, codes + starts[:-1], coalitions, full_bits(size), count)
    return np.asarray(count / draws)


def winning_coalitions(rule: Callable[[Mask], Mask], parties: int) -> Mask:
    """The smallest sets of parties (c, p) that carry a decision under a rule that only grows."""
    code = np.arange(1 << parties)
    subsets = (code[:, None] >> np.arange(parties)) & 1 == 1
    wins = np.asarray(rule(subsets), dtype=bool)
    smallest = wins.copy()
    for p in range(parties):
        inside = subsets[:, p]
        smallest[inside] &= ~wins[code[inside] ^ (1 << p)]
    return np.asarray(subsets[smallest])


def agreeing_groups(profile: Profile, among: Mask | None = None) -> tuple[Group, ...]:
    """For every number of parties the group most likely to find a package among themselves.

    Boxes meet exactly when every two of them do, so a group can agree in the draws in which all its
    pairs can. among: (p), default the needed parties. Exact for up to 14 parties; above that,
    parties are dropped one by one, each time the one whose absence helps most. Largest group first;
    equally likely groups in the order of the parties; sizes that no group ever reaches left out.
    """
    members = np.flatnonzero(profile.needed if among is None else among)
    low, high = edges_by_party(profile)
    pair = _pair_bits(low[members], high[members])
    every = full_bits(low.shape[-1])
    pick = _best_subsets if len(members) <= _ALL_SUBSETS else _drop_one_by_one
    found = pick(pair, every)
    return tuple(
        Group(tuple(int(members[m]) for m in group), count / low.shape[-1])
        for group, count in found
        if count
    )


def _parts(draws: int, rows: int) -> list[slice]:
    words = max(1, _TABLE_BYTES // (8 * max(rows, 1)))
    return [slice(s, min(s + 64 * words, draws)) for s in range(0, draws, 64 * words)]


def _gap(low: Floats, high: Floats, needed: Mask) -> tuple[Gap, float]:
    inside_low, inside_high = np.clip(low, 0.0, 100.0), np.clip(high, 0.0, 100.0)
    issues, draws = low.shape[1:]
    if not needed.any():
        nothing = np.zeros((low.shape[0], issues))
        room = np.full((3, issues), -100.0)
        flat = np.zeros(issues), np.full(issues, 100.0), np.ones(issues)
        return Gap(room, *flat, nothing, nothing), 1.0
    who = np.flatnonzero(needed)
    lower, upper = inside_low[who].max(axis=0), inside_high[who].min(axis=0)
    holds_lower, holds_upper = np.zeros((2, low.shape[0], issues))
    # Several parties on the same edge hold it together: each can keep it where it is.
    holds_lower[who] = ((inside_low[who] >= lower - TOLERANCE) & (low[who] > 0)).mean(axis=-1)
    holds_upper[who] = ((inside_high[who] <= upper + TOLERANCE) & (high[who] < 100)).mean(axis=-1)
    distance = lower - upper
    meets = distance <= 2 * TOLERANCE
    gap = Gap(
        size=np.quantile(distance, [0.1, 0.5, 0.9], axis=-1),
        lower=np.median(lower, axis=-1),
        upper=np.median(upper, axis=-1),
        overlap=meets.mean(axis=-1),
        holds_lower=holds_lower,
        holds_upper=holds_upper,
    )
    return gap, float(meets.all(axis=0).sum() / draws)


def _pair_bits(low: Floats, high: Floats) -> Bits:
    """Draws (p, p, word) in which two parties' intervals meet on every issue."""
    parties, _, draws = low.shape
    bits = np.zeros((parties, parties, (draws + 63) // 64), dtype=np.uint64)
    for a in range(parties):
        bits[a, a] = full_bits(draws)
    for a, b in combinations(range(parties), 2):
        meets = np.maximum(low[a], low[b]) <= np.minimum(high[a], high[b]) + 2 * TOLERANCE
        packed = np.packbits(meets.all(axis=0), bitorder="little")
        padded = np.zeros(bits.shape[2] * 8, dtype=np.uint8)
        padded[: len(packed)] = packed
        bits[a, b] = bits[b, a] = padded.view("<u8")
    return bits


def _best_subsets(pair: Bits, every: Bits) -> list[tuple[tuple[int, ...], int]]:
    """Per size, largest first, the subset whose pairs meet in most draws."""
    best: dict[int, tuple[int, tuple[int, ...]]] = {}
    stack: list[tuple[tuple[int, ...], Bits]] = [((), every)]
    while stack:
        group, bits = stack.pop()
        for p in range(len(pair) - 1, group[-1] if group else -1, -1):
            met = bits.copy()
            for q in group:
                met &= pair[p, q]
            grown = (*group, p)
            count = int(count_bits(met))
            known = best.get(len(grown))
            if known is None or (-count, grown) < (-known[0], known[1]):
                best[len(grown)] = (count, grown)
            if count:
                stack.append((grown, met))
    return [(best[size][1], best[size][0]) for size in sorted(best, reverse=True) if size > 1]


def _drop_one_by_one(pair: Bits, every: Bits) -> list[tuple[tuple[int, ...], int]]:
    group = tuple(range(len(pair)))
    found = [(group, _count_group(pair, every, group))]
    while len(group) > 2:
        smaller = [tuple(q for q in group if q != p) for p in group]
        counts = [_count_group(pair, every, g) for g in smaller]
        first = max(range(len(counts)), key=counts.__getitem__)
        group = smaller[first]
        found.append((group, counts[first]))
    return found


def _count_group(pair: Bits, every: Bits, group: Sequence[int]) -> int:
    chosen = np.array(group)
    met = np.bitwise_and.reduce(pair[chosen[:, None], chosen].reshape(-1, pair.shape[-1]), axis=0)
    return int(count_bits(met & every))


def _passing_by_draw(
    low: Floats, high: Floats, packages: Floats, rule: Callable[[Mask], Mask]
) -> Floats:
    share = np.empty(len(packages))
    for k, package in enumerate(packages):
        point = package[None, :, None]
        inside = (point >= low - TOLERANCE) & (point <= high + TOLERANCE)
        share[k] = np.asarray(rule(inside.all(axis=1).T), dtype=bool).mean()
    return share


@njit(cache=True, nogil=True)
def _accepting(bits: Bits, rows: Codes, p: int, every: Bits, out: Bits) -> None:
    """Draws in which party p accepts a package whose levels are the given rows of the table."""
    for w in range(len(every)):
        out[w] = every[w]
    for row in rows:
        for w in range(len(every)):
            out[w] &= bits[p, row, w]


@njit(cache=True, nogil=True)
def _count_packages(
    bits: Bits,
    rows: Codes,
    needed: Mask,
    every: Bits,
    all_accept: NDArray[np.int64],
    refuses: NDArray[np.int64],
    sole: NDArray[np.int64],
) -> int:
    parties, words = bits.shape[0], len(every)
    accepts = np.empty((parties, words), dtype=np.uint64)
    somebody = np.empty(words, dtype=np.uint64)
    several = np.empty(words, dtype=np.uint64)
    listed = np.zeros(words, dtype=np.uint64)
    for k in range(len(rows)):
        for w in range(words):
            somebody[w] = several[w] = np.uint64(0)
        for p in range(parties):
            _accepting(bits, rows[k], p, every, accepts[p])
            count = 0
            for w in range(words):
                refused = every[w] & ~accepts[p, w]
                accepts[p, w] = refused
                count += popcount(refused)
            refuses[p, k] += count
            if needed[p]:
                for w in range(words):
                    several[w] |= somebody[w] & accepts[p, w]
                    somebody[w] |= accepts[p, w]
        count = 0
        for w in range(words):
            free = every[w] & ~somebody[w]
            listed[w] |= free
            count += popcount(free)
        all_accept[k] += count
        for p in range(parties):
            if needed[p]:
                count = 0
                for w in range(words):
                    count += popcount(accepts[p, w] & ~several[w])
                sole[p, k] += count
    total = 0
    for w in range(words):
        total += popcount(listed[w])
    return total


@njit(cache=True, nogil=True)
def _count_passing(
    bits: Bits, rows: Codes, coalitions: Mask, every: Bits, passes: NDArray[np.int64]
) -> None:
    parties, words = bits.shape[0], len(every)
    accepts = np.empty((parties, words), dtype=np.uint64)
    carried = np.empty(words, dtype=np.uint64)
    for k in range(len(rows)):
        for p in range(parties):
            _accepting(bits, rows[k], p, every, accepts[p])
        carried[:] = np.uint64(0)
        for c in range(len(coalitions)):
            for w in range(words):
                together = every[w]
                for p in range(parties):
                    if coalitions[c, p]:
                        together &= accepts[p, w]
                carried[w] |= together
        for w in range(words):
            passes[k] += popcount(carried[w])
