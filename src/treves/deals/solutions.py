"""Nash, Kalai-Smorodinsky, egalitarian and utilitarian solutions on a list of packages.

Gains are worth minus the worth of no deal (the disagreement point), which is always given. Only
packages that leave nobody below it are looked at. Packages that tie are all returned. Without an
enumeration: take the frontier of an additive worth first (:func:`solve_tables`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.deals.frontier import Frontier, Indices, additive_frontier
from treves.deals.masks import level_codes
from treves.deals.preferences import Tables
from treves.profile import Floats, Profile

Disagreement = Literal["collapse", "status_quo"]
Concept = Literal["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]

CONCEPTS: tuple[Concept, ...] = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
RATIONAL = 1e-12
# Relative to the score; wide enough for rounding, narrow enough for a flat maximum on a fine grid.
TIE = 1e-12


@dataclass(frozen=True)
class Shortfall:
    """How far the best package is from leaving nobody worse off than without a deal.

    ``size``: what the worst-off party lacks in the package that minimises it; ``package`` its row,
    ``party`` who lacks it.
    """

    size: float
    package: int
    party: int


@dataclass(frozen=True)
class Solutions:
    """All four solutions on one set of packages.

    ``tied``: per concept the rows that tie, best total worth first, or None when no package leaves
    everybody at least as well off as without a deal; then ``shortfall`` says what is lacking.
    ``values`` (k, p) are the worths that were compared, ``disagreement`` (p) the worth of no deal.
    Egalitarian and utilitarian compare worth between parties, whose scales are their own (0 the
    worst package, 1 the own one in full): read them with that in mind.
    """

    values: Floats
    disagreement: Floats
    tied: Mapping[Concept, Indices | None]
    shortfall: Shortfall | None

    def row(self, concept: Concept) -> int | None:
        """The first of the tied packages, None without one."""
        tied = self.tied[concept]
        return None if tied is None else int(tied[0])


def disagreement_of(profile: Profile, kind: Disagreement = "collapse") -> Floats:
    """What a party has without a deal, (..., p): ``collapse``, or ``status_quo`` (talks go on)."""
    if kind not in ("collapse", "status_quo"):
        raise ValueError(f"no disagreement point {kind}; there are collapse and status_quo")
    return profile.collapse if kind == "collapse" else profile.status_quo


def rational(values: Floats, disagreement: Floats) -> NDArray[np.bool_]:
    """Which packages (k) leave no party below what it has without a deal; values (k, p)."""
    return np.asarray((values >= disagreement - RATIONAL).all(axis=1))


def shortfall(values: Floats, disagreement: Floats) -> Shortfall:
    """The package in which the party that lacks most lacks least."""
    lack = disagreement - values
    most = lack.max(axis=1)
    package = int(np.argmin(most))
    return Shortfall(float(most[package]), package, int(np.argmax(lack[package])))


def nash(values: Floats, disagreement: Floats, weights: Floats | None = None) -> Indices | None:
    """Largest weighted product of gains (Nash 1950; weights: Kalai 1977), rows that tie.

    values: worth (k, p). disagreement: (p). weights: (p), above 0, default equal. When no package
    gives every party a gain, the leximin of the gains decides: products of different subsets of
    parties cannot be compared. None when no package is individually rational.

    >>> nash(np.array([[0.9, 0.1], [0.5, 0.6], [0.6, 0.5]]), np.zeros(2)).tolist()
    [1, 2]
    """
    rows = np.flatnonzero(rational(values, disagreement))
    if not len(rows):
        return None
    gains = np.maximum(values[rows] - disagreement, 0.0)
    share = _weights(weights, values.shape[1])
    positive = (gains > RATIONAL).all(axis=1)
    if not positive.any():
        return _by_total(values, rows[_leximin(gains)])
    rows, gains = rows[positive], gains[positive]
    score = np.log(gains) @ share
    return _by_total(values, rows[_top(score)])


def kalai_smorodinsky(values: Floats, disagreement: Floats) -> Indices | None:
    """Largest least share of the own ideal gain (Kalai and Smorodinsky 1975), rows that tie.

    The ideal is a party's best individually rational package; parties that can gain nothing are
    left out; ties are broken by the next smallest share, and so on.

    >>> kalai_smorodinsky(np.array([[0.9, 0.1], [0.5, 0.6]]), np.zeros(2)).tolist()
    [1]
    """
    rows = np.flatnonzero(rational(values, disagreement))
    if not len(rows):
        return None
    gains = values[rows] - disagreement
    ideal = gains.max(axis=0)
    can_gain = ideal > RATIONAL
    return _by_total(values, rows[_leximin(gains[:, can_gain] / ideal[can_gain])])


def egalitarian(values: Floats, disagreement: Floats) -> Indices | None:
    """Largest least gain, then the next smallest (Kalai 1977), rows that tie. Not scale-free.

    >>> egalitarian(np.array([[0.9, 0.1], [0.5, 0.6]]), np.zeros(2)).tolist()
    [1]
    """
    rows = np.flatnonzero(rational(values, disagreement))
    return _by_total(values, rows[_leximin(values[rows] - disagreement)]) if len(rows) else None


def utilitarian(
    values: Floats, disagreement: Floats, weights: Floats | None = None
) -> Indices | None:
    """Largest weighted sum of worth among individually rational packages, rows that tie.

    >>> utilitarian(np.array([[0.9, 0.1], [0.5, 0.6]]), np.zeros(2)).tolist()
    [1]
    """
    rows = np.flatnonzero(rational(values, disagreement))
    if not len(rows):
        return None
    score = values[rows] @ _weights(weights, values.shape[1])
    return _by_total(values, rows[_top(score)])


def solve(values: Floats, disagreement: Floats, weights: Floats | None = None) -> Solutions:
    """All four solutions on packages worth ``values`` (k, p), with ties and the shortfall.

    Raises ValueError on an empty list, on shapes that do not fit, or on a weight that is not above
    0.
    """
    values = np.asarray(values, dtype=float)
    disagreement = np.asarray(disagreement, dtype=float)
    if values.ndim != 2 or not len(values) or disagreement.shape != values.shape[1:]:
        raise ValueError("values must be (package, party) and not empty, disagreement (party)")
    tied: dict[Concept, Indices | None] = {
        "nash": nash(values, disagreement, weights),
        "kalai_smorodinsky": kalai_smorodinsky(values, disagreement),
        "egalitarian": egalitarian(values, disagreement),
        "utilitarian": utilitarian(values, disagreement, weights),
    }
    lack = shortfall(values, disagreement) if tied["nash"] is None else None
    return Solutions(values, disagreement, MappingProxyType(tied), lack)


def solve_tables(
    tables: Tables,
    disagreement: Floats,
    weights: Floats | None = None,
    *,
    most: int | None = None,
) -> tuple[Frontier, Solutions]:
    """Frontier and solutions of an additive worth without enumerating packages.

    Every solution lies on the frontier, and so do the packages that fix the ideal gains and the
    shortfall. Rows of the solutions are rows of the frontier; its ``choice`` are levels per issue.
    Exact unless the frontier has more than ``most`` members: its ``within`` says by how much.
    """
    found = additive_frontier(tables.worth, most=most)
    frontier = replace(found, choice=tables.levels_of(found.choice))
    return frontier, solve(frontier.values, disagreement, weights)


def solve_draws(
    profile: Profile, packages: Floats, concept: Concept, kind: Disagreement = "collapse"
) -> Floats:
    """The package a concept picks in every draw, axes (d, i); NaN where none is rational.

    NaN also on an issue about which no needed party cares (no position, or no salience): any value
    would do. Payoffs (soft red lines) of needed parties count; the first listed package wins a tie.
    packages: (k, i). Nothing of size draws x packages is held in memory.
    """
    if concept not in CONCEPTS:
        raise ValueError(f"no concept {concept}; there are {', '.join(CONCEPTS)}")
    packages = np.ascontiguousarray(packages, dtype=np.float64)
    levels, codes = level_codes(packages)
    starts = np.concatenate([[0], np.cumsum([len(level) for level in levels])]).astype(np.int64)
    needed = np.flatnonzero(profile.needed)
    flat = (-1, *profile.position.shape[-2:])
    fields = (profile.position, profile.salience, profile.low, profile.high)
    stance = np.stack([np.ascontiguousarray(f.reshape(flat)[:, needed]) for f in fields])
    party = np.stack(
        [
            f.reshape(-1, len(profile.parties))[:, needed]
            for f in (profile.content_weight, disagreement_of(profile, kind))
        ]
    )
    chosen = _solve_draws(
        stance,
        party,
        np.concatenate(levels),
        codes + starts[:-1],
        CONCEPTS.index(concept),
        np.array([profile.red_line_cost, profile.red_line_ramp]),
    )
    found = packages[np.maximum(chosen, 0)]
    found[chosen < 0] = np.nan
    found[~((stance[1] > 0.0) & ~np.isnan(stance[0])).any(axis=1)] = np.nan
    return found.reshape(*profile.position.shape[:-2], len(profile.issues))


def _weights(weights: Floats | None, parties: int) -> Floats:
    if weights is None:
        return np.full(parties, 1.0 / parties)
    share = np.asarray(weights, dtype=float)
    if share.shape != (parties,) or not (share > 0).all():
        raise ValueError("weights must be one number above 0 per party")
    return np.asarray(share / share.sum())


def _top(score: Floats) -> NDArray[np.bool_]:
    best = score.max()
    return np.asarray(score >= best - TIE * max(1.0, abs(best)))


def _by_total(values: Floats, rows: Indices) -> Indices:
    return rows[np.argsort(-values[rows].sum(axis=1), kind="stable")]


def _leximin(gains: Floats) -> Indices:
    """Rows with the largest smallest gain, among those the largest second smallest, and so on."""
    ranked = np.sort(gains, axis=1)
    rows = np.arange(len(gains))
    for column in range(gains.shape[1]):
        at = ranked[rows, column]
        rows = rows[_top(at)]
    return rows


@njit(cache=True, nogil=True)
def _payoff_rows(
    stance: Floats, content: Floats, values: Floats, of_issue: Indices, red_line: Floats
) -> Floats:
    """Payoff (p, row) of every level in one draw, without the constant 1."""
    _, parties, issues = stance.shape
    table = np.zeros((parties, len(values)))
    for p in range(parties):
        largest = 0.0
        for i in range(issues):
            x, s = stance[0, p, i], stance[1, p, i]
            if not (np.isnan(x) or np.isnan(s)):
                largest += s * max(x, 100.0 - x)
        for row in range(len(values)):
            i, y = of_issue[row], values[row]
            x, s = stance[0, p, i], stance[1, p, i]
            if np.isnan(s):
                continue
            if largest > 0.0 and not np.isnan(x):
                table[p, row] -= content[p] * s * abs(x - y) / largest
            past = 0.0
            if y < stance[2, p, i]:
                past = stance[2, p, i] - y
            elif y > stance[3, p, i]:
                past = y - stance[3, p, i]
            table[p, row] -= red_line[0] * s * min(past / red_line[1], 1.0)
    return table


@njit(cache=True, nogil=True)
def _best_gains(gains: Floats, rational_rows: Indices, concept: int) -> int:
    """Row that a concept picks from gains (k, p); the first of equal ones."""
    parties = gains.shape[1]
    ideal = np.zeros(parties)
    all_gain = False
    for k in rational_rows:
        every = True
        for p in range(parties):
            ideal[p] = max(ideal[p], gains[k, p])
            every &= gains[k, p] > RATIONAL
        all_gain |= every
    best, chosen = np.full(parties, -np.inf), -1
    score = np.empty(parties)
    for k in rational_rows:
        if concept == 3 or (concept == 0 and all_gain):
            score[:] = 0.0
            for p in range(parties):
                g = max(gains[k, p], 0.0)
                if concept == 3:
                    score[0] += gains[k, p]
                else:
                    score[0] += np.log(g) if g > RATIONAL else -np.inf
        else:
            for p in range(parties):
                score[p] = gains[k, p]
                if concept == 1:
                    score[p] = gains[k, p] / ideal[p] if ideal[p] > RATIONAL else np.inf
            if score.min() < best[0] - TIE:
                continue  # sorting would take far longer, and the least one decides first
            score.sort()
        for p in range(parties):
            # inf - inf is NaN, which compares false: a party that cannot gain decides nothing
            if score[p] > best[p] + TIE:
                best[:] = score
                chosen = k
                break
            if score[p] < best[p] - TIE:
                break
    return chosen


@njit(cache=True, nogil=True)
def _solve_draws(
    stance: Floats, party: Floats, values: Floats, rows: Indices, concept: int, red_line: Floats
) -> Indices:
    _, draws, parties, issues = stance.shape
    count = len(rows)
    of_issue = np.zeros(len(values), dtype=np.int64)
    for k in range(count):
        for i in range(issues):
            of_issue[rows[k, i]] = i
    chosen = np.full(draws, -1, dtype=np.int64)
    gains = np.empty((count, parties))
    fine = np.empty(count, dtype=np.int64)
    for d in range(draws):
        table = _payoff_rows(stance[:, d], party[0, d], values, of_issue, red_line)
        size = 0
        for k in range(count):
            rational_here = True
            for p in range(parties):
                gain = 1.0 - party[1, d, p]
                for i in range(issues):
                    gain += table[p, rows[k, i]]
                gains[k, p] = gain
                rational_here &= gain >= -RATIONAL
            if rational_here:
                fine[size] = k
                size += 1
        if size:
            chosen[d] = _best_gains(gains, fine[:size], concept)
    return chosen
