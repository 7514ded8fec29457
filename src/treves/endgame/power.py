"""Voting power: who is decisive, who can be outvoted, who can bring the body down.

Banzhaf and Shapley-Shubik indices are exact: swings are counted with generating functions over
whole numbers (Brams and Affuso 1976; Leech 2003), so a hundred members are no problem. They
answer who decides a vote. Who can end a government is another question and is answered apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, lcm

import numpy as np
from numpy.typing import NDArray

from treves.endgame.votes import (
    BLOCKING_MINORITY,
    CONSENSUS,
    DOUBLE,
    LARGE_BODY,
    NEGOTIATION,
    SLACK,
    UNANIMITY,
    WEIGHTED,
    Voting,
    carries,
    parties_of,
    voting_of,
)
from treves.profile import Body, Floats

Flags = NDArray[np.bool_]
# Above this many members minimal winning coalitions are not listed.
LISTED = 16
# Whole-number weights may sum to this; finer weights are rounded to shares of it.
FINEST = 50_000


@dataclass(frozen=True)
class Condition:
    """Part of a winning rule: at least ``members`` members with at least ``quota`` weight.

    A rule is a sum of conditions times their ``sign``, so that "or" can be counted too.
    """

    members: int
    weights: tuple[int, ...]
    quota: int
    sign: int = 1


@dataclass(frozen=True)
class PowerTable:
    """Power under one rule; arrays have axis (p), in the order of the body.

    ``swings``: coalitions in which the party is decisive. ``banzhaf`` sums to 1 over parties,
    ``banzhaf_absolute`` is the chance to be decisive when all others toss coins; ``shapley`` sums
    to 1. ``veto``: nothing passes without it; ``outvoted``: something can. ``brings_down``: the
    body falls, or is put to a vote of confidence it loses without this party, when it leaves.
    ``minimal`` lists minimal winning coalitions as indices (empty above 16 members). ``exact`` is
    False where weights had to be rounded.
    """

    rule: str
    votes: Floats
    swings: tuple[int, ...]
    banzhaf: Floats
    banzhaf_absolute: Floats
    shapley: Floats
    veto: Flags
    outvoted: Flags
    brings_down: Flags
    minimal: tuple[tuple[int, ...], ...]
    exact: bool

    @property
    def total_swings(self) -> int:
        """Swings of all parties together."""
        return sum(self.swings)


def power_of(body: Body, decision: str | None = None) -> PowerTable:
    """The power table of a body under its own rule, or under another rule of the list.

    By default, where everybody must agree but a majority vote stands behind it, the table is
    about that vote.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import body_of
    >>> table = power_of(body_of(load_example("asylum")))
    >>> table.swings, table.minimal
    ((6, 2, 2, 2), ((0, 1), (0, 2), (0, 3), (1, 2, 3)))

    Raises CaseError for a rule outside the closed list.
    """
    if decision is None:
        behind = body.decision == "consensus" and body.fallback == "majority_vote"
        decision = "majority" if behind else body.decision
    rule, table = voting_of(body, decision), parties_of(body)
    members = np.flatnonzero((table[0] > 0) | (table[2] > 0))
    holders, conditions, exact = _as_conditions(rule, table, members)
    swings, shapley = count_swings(conditions, holders)
    everyone = np.ones(body.size, dtype=np.int64)
    veto = np.array([_fails_without(rule, table, everyone, p) for p in range(body.size)])
    total, n = sum(swings), len(members)
    spread = np.zeros((3, body.size))
    spread[0, members] = [s / total if total else 0.0 for s in swings]
    spread[1, members] = [s / 2 ** (n - 1) for s in swings]
    spread[2, members] = [float(s) for s in shapley]
    all_swings = np.zeros(body.size, dtype=object)
    all_swings[members] = swings
    return PowerTable(
        rule=decision,
        votes=body.votes,
        swings=tuple(int(s) for s in all_swings),
        banzhaf=spread[0],
        banzhaf_absolute=spread[1],
        shapley=spread[2],
        veto=veto & bool(total),
        outvoted=~veto,
        brings_down=brings_down(body),
        minimal=_minimal(rule, table, members),
        exact=exact,
    )


def brings_down(body: Body) -> Flags:
    """Whether the body falls, or would lose a vote of confidence, when a party alone leaves, (p).

    The chair of a government can always bring it down by resigning.
    """
    weight = body.seats if body.seats.sum() > 0 else body.votes
    needed = body.majority if np.isfinite(body.majority) else np.floor(weight.sum() / 2) + 1
    coalition, outside = body.role == 0, body.role == 2
    held = weight[~outside].sum()
    falls = ~outside & (held - weight < needed)
    if body.exit == "any_leaves":
        falls = falls | coalition
    if body.chair >= 0:
        falls[body.chair] = True
    return np.asarray(falls)


def count_swings(
    conditions: Sequence[Condition], holders: Sequence[bool] | None = None
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Swings and Shapley-Shubik indices of every member, exactly.

    ``holders`` marks members with a veto. Cost: members^2 x total weight.

    >>> swings, shapley = count_swings([Condition(0, (50, 49, 1), 51)])
    >>> swings, [str(s) for s in shapley]
    ((3, 1, 1), ['2/3', '1/6', '1/6'])
    """
    n = len(conditions[0].weights)
    veto = list(holders) if holders is not None else [False] * n
    swings, shapley = [0] * n, [Fraction(0)] * n
    by_size = [Fraction(factorial(y) * factorial(n - 1 - y), factorial(n)) for y in range(n)]
    for condition in conditions:
        free = [i for i in range(n) if not veto[i]]
        held = sum(w for w, v in zip(condition.weights, veto, strict=True) if v)
        counts = _coalitions([condition.weights[i] for i in free])
        wins = _win_region(condition, len(free), counts.shape[1], n - len(free), held)
        for i in range(n):
            per_size = (
                (counts * wins).sum(axis=1)
                if veto[i]
                else _decisive(counts, condition.weights[i], wins)
            )
            first = n - len(free) - (1 if veto[i] else 0)
            for y, number in enumerate(per_size):
                if number:
                    swings[i] += condition.sign * int(number)
                    shapley[i] += condition.sign * int(number) * by_size[first + y]
    return tuple(swings), tuple(shapley)


def _coalitions(weights: Sequence[int]) -> NDArray[np.object_]:
    """Number of coalitions by size and weight, axes (size, weight), as whole numbers."""
    total = sum(weights)
    counts = np.zeros((len(weights) + 1, total + 1), dtype=object)
    counts[0, 0] = 1
    for done, w in enumerate(weights):
        for y in range(done, -1, -1):
            counts[y + 1, w:] += counts[y, : total + 1 - w]
    return counts


def _win_region(
    condition: Condition, free: int, width: int, holders: int, held: int
) -> NDArray[np.object_]:
    """1 where a coalition of all holders plus (size, weight) of the others wins."""
    enough_members = np.arange(free + 1)[:, None] + holders >= condition.members
    enough_weight = np.arange(width)[None, :] + held >= condition.quota
    return (enough_members & enough_weight).astype(int).astype(object)


def _decisive(
    counts: NDArray[np.object_], w: int, wins: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Coalitions of the others, by size, in which a member of weight w is decisive."""
    without = counts.copy()
    for y in range(1, len(counts)):
        without[y, w:] -= without[y - 1, : counts.shape[1] - w]
    joined = np.zeros_like(wins)
    joined[:-1, : wins.shape[1] - w] = wins[1:, w:]
    return np.asarray((without * (joined - wins))[:-1].sum(axis=1))


def _as_conditions(
    rule: Voting, table: Floats, members: NDArray[np.int64]
) -> tuple[list[bool], list[Condition], bool]:
    """A rule as conditions over its members; also who holds a veto, and whether it is exact."""
    n = len(members)
    holders = [bool(rule.veto and table[3, p] > 0) for p in members]
    if rule.code in (CONSENSUS, UNANIMITY, NEGOTIATION):
        holders = [h or bool(table[2, p] > 0) for h, p in zip(holders, members, strict=True)]
        return holders, [Condition(0, (0,) * n, 0)], True
    if rule.code == DOUBLE:
        weights, exact = _whole(table[1, members])
        share = Fraction(rule.population).limit_denominator(10_000)
        quota = -(-share.numerator * sum(weights) // share.denominator)
        enough = int(np.ceil(rule.members * n - SLACK))
        found = [Condition(enough, weights, quota)]
        if n >= LARGE_BODY:
            most = n - BLOCKING_MINORITY + 1
            found.append(Condition(most, (0,) * n, 0))
            found.append(Condition(max(most, enough), weights, quota, -1))
        return holders, found, exact
    quota_share = rule.quota if rule.code == WEIGHTED else np.nan
    weights, exact = _whole(table[0, members])
    total = sum(weights)
    if rule.code == WEIGHTED:
        scale = Fraction(total) / Fraction(float(table[0, members].sum()))
        exact_quota = Fraction(quota_share).limit_denominator(10_000) * scale
        return holders, [Condition(0, weights, int(-(-exact_quota // 1)))], exact
    if rule.tie and rule.chair >= 0:
        # The chair's side wins a tie: the same as half a vote more for the chair.
        weights = tuple(
            2 * w + (1 if p == rule.chair else 0) for w, p in zip(weights, members, strict=True)
        )
        total = sum(weights)
    return holders, [Condition(0, weights, total // 2 + 1)], exact


def _whole(weights: Floats) -> tuple[tuple[int, ...], bool]:
    """Weights as whole numbers in the same proportions; False when they had to be rounded."""
    parts = [Fraction(float(w)).limit_denominator(10_000) for w in weights]
    unit = lcm(*(p.denominator for p in parts))
    whole = [int(p * unit) for p in parts]
    common = int(np.gcd.reduce(whole)) or 1
    whole = [w // common for w in whole]
    if sum(whole) <= FINEST:
        return tuple(whole), True
    total = sum(whole)
    return tuple(round(w * FINEST / total) for w in whole), False


def _fails_without(rule: Voting, table: Floats, everyone: NDArray[np.int64], p: int) -> bool:
    yes = everyone.copy()
    yes[p] = 0
    return not carries(rule, table, yes)


def _minimal(
    rule: Voting, table: Floats, members: NDArray[np.int64]
) -> tuple[tuple[int, ...], ...]:
    if len(members) > LISTED:
        return ()
    n = len(members)
    wins = np.zeros(2**n, dtype=bool)
    yes = np.zeros(table.shape[1], dtype=np.int64)
    for mask in range(2**n):
        yes[members] = [mask >> b & 1 for b in range(n)]
        wins[mask] = carries(rule, table, yes)
    minimal = wins.copy()
    masks = np.arange(2**n)
    for b in range(n):
        holds = (masks >> b & 1).astype(bool)
        minimal &= ~(holds & wins[masks ^ (1 << b)])
    coalitions = [
        tuple(int(p) for b, p in enumerate(members) if mask >> b & 1)
        for mask in np.flatnonzero(minimal)
    ]
    return tuple(sorted(coalitions, key=lambda c: (len(c), c)))
