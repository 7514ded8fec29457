"""From claims to numbers, by written rules: docs/coding.md says the same in words.

A claim gives hints; a number is what its hints say together. Reading sets what a party accepts
from what it "could live with", never its position; resolve goes to the stakes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Claim
from treves.case.model import Case
from treves.reading.codebook import Codebook

# Half-width of what one claim says about a point, by how sure the report is (points of the line).
HALF_WIDTH = {"asserted": 8.0, "hedged": 15.0}
# How much a claim counts; a denied one counts for nothing.
WEIGHT = {"asserted": 1.0, "hedged": 0.5, "denied": 0.0}
# A claim of a group ("the other parties") says less of each of them than one of its own.
GROUP = 0.7
# Newer beats older: after this many days a claim counts half. A judgement: positions in talks of a
# few weeks move within days, positions of parties within months.
HALF_LIFE_DAYS = 14.0
ASKS = ("demand", "propose", "support")
YIELDS = ("accept", "concede")
AGAINST = ("oppose", "reject")
THREATS = ("threaten_leave", "threaten_vote")

HIGH_SALIENCE = Estimate(low=75, mode=85, high=95)
WANTS_A_DEAL = Estimate(low=0.2, mode=0.35, high=0.5)
# A party that threatens to leave says that a collapse is worth more to it than one would think.
THREAT_TO_LEAVE = Estimate(low=0.2, mode=0.35, high=0.5)
# On an issue that the reader made: where those stand who ask for it, and those who are against.
AUTOMATIC_ASK = Estimate(low=60, mode=85, high=100)
AUTOMATIC_AGAINST = Estimate(low=0, mode=10, high=35)
# Who yields on it without a named point goes some way, nobody knows how far.
AUTOMATIC_YIELD = Estimate(low=15, mode=40, high=65)
# Whose position there is known and whose red line is not: how far it goes at most, a default.
AUTOMATIC_REACH = (20.0, 45.0, 75.0)


@dataclass(frozen=True)
class Hint:
    """What one claim says about one number of the case."""

    path: str
    estimate: Estimate
    weight: float
    claim: Claim


@dataclass(frozen=True)
class Unplaced:
    """A claim that changed no number, and why."""

    claim: Claim
    why: str


def weight_of(claim: Claim, day: dt.date | None, as_of: dt.date) -> float:
    """How much a claim counts: by how sure it is, whose it is and how old; an undated one counts
    as one half-life old.

    >>> said = Claim(source="s", span=(0, 3), quote="nee", confidence=1.0)
    >>> weight_of(said, dt.date(2023, 6, 22), dt.date(2023, 7, 6))
    0.5
    """
    age = max(0, (as_of - day).days) if day else HALF_LIFE_DAYS
    whose = GROUP if claim.party is None and claim.group else 1.0
    fresh = 2.0 ** -min(age / HALF_LIFE_DAYS, 30.0)
    return float(WEIGHT[claim.certainty] * max(claim.confidence, 0.1) * whose * fresh)


def hints_of(
    claim: Claim, party: str, issue: str | None, case: Case, weight: float
) -> Iterator[Hint]:
    """What a claim says about numbers of a party; nothing when it says nothing about any."""
    if weight == 0.0:
        return
    if claim.stance == "want_deal":
        yield Hint(f"{party}.content_weight", WANTS_A_DEAL, weight, claim)
    elif claim.stance == "threaten_leave":
        yield Hint(f"{party}.collapse", THREAT_TO_LEAVE, weight, claim)
    if issue is None:
        return
    place = f"{party}.{issue}"
    if claim.stance in (*THREATS, "reject"):
        yield Hint(f"{place}.salience", HIGH_SALIENCE, weight, claim)
    point = Codebook.of(case).point_of(issue, f"{claim.position or ''} {claim.quote}")
    asks = position_of(claim, point, automatic=case.issue(issue).automatic)
    if asks is not None:
        yield Hint(f"{place}.position", asks, weight, claim)
    if claim.stance in YIELDS:
        edge = around(point, claim) if point is not None else AUTOMATIC_YIELD
        if point is not None or case.issue(issue).automatic:
            yield Hint(f"{place}.accepts", edge, weight, claim)


def position_of(claim: Claim, point: float | None, *, automatic: bool) -> Estimate | None:
    """Where a claim puts a party's position; None where it names no place on the line."""
    if claim.stance in ASKS:
        if point is not None:
            return around(point, claim)
        return AUTOMATIC_ASK if automatic else None
    return AUTOMATIC_AGAINST if automatic and claim.stance in AGAINST else None


def around(point: float, claim: Claim) -> Estimate:
    """An estimate round a named point, wider when the report hedges."""
    half = HALF_WIDTH[claim.certainty]
    return Estimate(low=max(0.0, point - half), mode=point, high=min(100.0, point + half))


def counted(hints: Iterable[Hint], cluster_of: Mapping[str, str]) -> list[Hint]:
    """The same thing told twice by copies of one report (or in one report) counts once.

    All hints stay, as evidence; of equal ones in a cluster only the weightiest keeps its weight.
    """
    order = sorted(hints, key=lambda h: -h.weight)
    seen: set[tuple[str, Estimate]] = set()
    kept = []
    for hint in order:
        told = (cluster_of.get(hint.claim.source, hint.claim.source), hint.estimate)
        kept.append(replace(hint, weight=0.0) if told in seen else hint)
        seen.add(told)
    return kept


def assumed_reach(position: Estimate) -> Interval:
    """What a party is taken to accept where only its position on a made line is known: wide.

    >>> assumed_reach(Estimate(low=60, mode=85, high=100)).model_dump()
    [[10, 40, 65], 100]
    """
    low, mode, high = AUTOMATIC_REACH
    if position.mode >= 50:
        edge = [max(0.0, position.mode - step) for step in (high, mode, low)]
        return Interval(low=Estimate.of(edge), high=Estimate.of(100))
    edge = [min(100.0, position.mode + step) for step in (low, mode, high)]
    return Interval(low=Estimate.of(0), high=Estimate.of(edge))


def combined(hints: Iterable[Hint], before: Estimate | None, limit: float) -> Estimate:
    """What several hints say together, on a scale from 0 to ``limit``.

    Claims that agree narrow the estimate, claims that contradict each other widen it. A number
    that somebody judged before counts as one more claim; a default does not (``before`` None).
    """
    told = [(h.estimate, h.weight) for h in hints]
    if before is not None:
        told.append((before, 1.0))
    weight = np.array([w for _, w in told])
    modes = np.array([e.mode for e, _ in told])
    mode = float(np.average(modes, weights=weight))
    spread = float(np.sqrt(np.average((modes - mode) ** 2, weights=weight)))
    count = float(weight.sum() ** 2 / (weight**2).sum())
    below = float(np.average([e.mode - e.low for e, _ in told], weights=weight)) / np.sqrt(count)
    above = float(np.average([e.high - e.mode for e, _ in told], weights=weight)) / np.sqrt(count)
    digits = 1 if limit > 1 else 3
    low, high = max(0.0, mode - below - spread), min(limit, mode + above + spread)
    return Estimate(low=round(low, digits), mode=round(mode, digits), high=round(high, digits))


def reach(hints: list[Hint]) -> Estimate:
    """How far from its own position a party is said to go: whoever accepts more accepts less.

    The farthest point of an asserted claim is the likeliest edge; hedged ones count only where
    nothing is asserted.
    """
    sure = [h for h in hints if h.claim.certainty == "asserted"] or hints
    return max((h.estimate for h in sure), key=lambda e: e.mode)


def reach_down(hints: list[Hint]) -> Estimate:
    """The same for a party that comes down from a high position."""
    sure = [h for h in hints if h.claim.certainty == "asserted"] or hints
    return min((h.estimate for h in sure), key=lambda e: e.mode)
