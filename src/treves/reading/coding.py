"""From claims to numbers, by written rules: docs/coding.md says the same in words.

A claim gives hints; a number is what its hints say together. Reading sets what a party accepts
from what it "could live with", never its position; resolve goes to the stakes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Claim
from treves.case.model import Case
from treves.reading.codebook import Codebook
from treves.reading.phrases import first

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
# A refusal tells that the edge lies between where a party stands (or goes to) and what it refuses:
# half-way when it rejects a point, nearer to the point when it only opposes it.
SHARE = {"reject": 0.5, "oppose": 0.75}
# Who rejects a measure itself, no point named, goes this far from its own position at most.
REFUSES_ALL = (0.0, 15.0, 40.0)
# Whose position there is known and whose red line is not: how far it goes at most, a default.
AUTOMATIC_REACH = (20.0, 45.0, 75.0)


@dataclass(frozen=True)
class Hint:
    """What one claim says about one number of the case."""

    path: str
    estimate: Estimate
    weight: float
    claim: Claim
    # Of a red line: the point that a party goes to, a point it does not go to, or none at all.
    limit: Literal["reached", "refused", "refused_all"] = "reached"


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
    automatic = case.issue(issue).automatic
    asks = position_of(claim, point, automatic=automatic)
    if asks is not None and not _is_limit(claim, point):
        yield Hint(f"{place}.position", asks, weight, claim)
    yield from _red_line(claim, f"{place}.accepts", point, weight, automatic=automatic)


def _is_limit(claim: Claim, point: float | None) -> bool:
    """Whether what is asked for is called the least or the most that a party accepts."""
    return point is not None and claim.stance in ASKS and first(claim.quote, "limits") is not None


def _red_line(
    claim: Claim, path: str, point: float | None, weight: float, *, automatic: bool
) -> Iterator[Hint]:
    """What a claim says of how far a party goes: a point it goes to, or one that it refuses."""
    if claim.stance in YIELDS or _is_limit(claim, point):
        if point is not None:
            yield Hint(path, around(point, claim), weight, claim)
        elif automatic:
            yield Hint(path, AUTOMATIC_YIELD, weight, claim)
    elif claim.stance in AGAINST and point is not None and not automatic:
        yield Hint(path, around(point, claim), weight, claim, "refused")
    elif claim.stance == "reject":
        yield Hint(path, Estimate(low=0, mode=50, high=100), weight, claim, "refused_all")


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
    seen: set[tuple[str, str, Estimate]] = set()
    kept = []
    for hint in order:
        source = cluster_of.get(hint.claim.source, hint.claim.source)
        told = (source, hint.limit, hint.estimate)
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


def red_line(
    hints: Iterable[Hint], position: Estimate | None, before: Interval | None, status_quo: float
) -> Interval | None:
    """The accepted interval of a party after its claims; None when they move neither edge.

    position: where the party stands (None: unknown, so that refusals say nothing); before: what it
    was taken to accept; status_quo: the end of the line that a refusal of the measure keeps to.
    """
    hints = list(hints)
    place = position.mode if position is not None else 0.0
    refused = [h for h in hints if h.limit == "refused"] if position is not None else []
    reached = [h for h in hints if h.limit == "reached"]
    up = _edge(
        [h for h in reached if _is_above(h.estimate.mode, place)],
        [_short_of(h, place) for h in refused if h.estimate.mode > place]
        + [_stays_at(h, place) for h in hints if _keeps(h, position, status_quo, 1)],
        before.high if before else None,
    )
    down = _edge(
        [_mirrored(h) for h in reached if not _is_above(h.estimate.mode, place)],
        [_short_of(_mirrored(h), 100 - place) for h in refused if h.estimate.mode < place]
        + [_stays_at(h, 100 - place) for h in hints if _keeps(h, position, status_quo, -1)],
        _flip(before.low) if before else None,
    )
    if up is None and down is None:
        return None
    low = _flip(down) if down else before.low if before else _end(place, 0.0)
    high = up or (before.high if before else _end(place, 100.0))
    return Interval(low=low, high=high) if low.mode <= high.mode else None


def _edge(reached: list[Hint], refused: list[Hint], before: Estimate | None) -> Estimate | None:
    """The upper edge: who accepts more accepts less, and a refusal never widens what is accepted.

    The farthest point of an asserted claim is the likeliest; hedged ones count only where nothing
    is asserted.
    """
    sure = [h for h in reached if h.claim.certainty == "asserted"] or reached
    farthest = max((h.estimate.mode for h in sure), default=None)
    told = [h for h in reached if h.estimate.mode == farthest]
    for hint in refused:
        least, most = hint.estimate.low, hint.estimate.high
        share = (hint.estimate.mode - least) / (most - least) if most > least else 0.0
        if farthest is not None and farthest < most:
            least = max(least, farthest)
        mode = least + share * (most - least)
        if before is not None:
            mode = min(mode, before.mode)
        edge = Estimate(low=min(least, mode), mode=mode, high=most)
        told.append(replace(hint, estimate=edge))
    return combined(told, before, 100) if told else None


def _is_above(point: float, place: float) -> bool:
    """Which edge a point moves: where the party stands, the one away from its own end."""
    if abs(point - place) <= HALF_WIDTH["asserted"]:
        return place < 50
    return point > place


def _short_of(hint: Hint, place: float) -> Hint:
    """A refused point as an upper edge between a party's own place and that point."""
    firm = hint.claim.stance == "reject" or first(hint.claim.quote, "limits") is not None
    share = SHARE["reject" if firm else "oppose"]
    sure = firm and hint.claim.certainty == "asserted"
    high = hint.estimate.mode if sure else hint.estimate.high
    mode = place + share * (hint.estimate.mode - place)
    return replace(hint, estimate=Estimate(low=place, mode=mode, high=max(mode, high)))


def _keeps(hint: Hint, position: Estimate | None, status_quo: float, side: int) -> bool:
    """Whether a refusal of the measure itself keeps a party near where it stands, on this side."""
    if hint.limit != "refused_all" or position is None:
        return False
    away = 1 if status_quo < 50 else -1
    return side == away and abs(position.mode - status_quo) < 50


def _stays_at(hint: Hint, place: float) -> Hint:
    low, mode, high = (min(100.0, place + step) for step in REFUSES_ALL)
    return replace(hint, estimate=Estimate(low=low, mode=mode, high=high))


def _flip(estimate: Estimate) -> Estimate:
    return Estimate(low=100 - estimate.high, mode=100 - estimate.mode, high=100 - estimate.low)


def _mirrored(hint: Hint) -> Hint:
    return replace(hint, estimate=_flip(hint.estimate))


def _end(place: float, end: float) -> Estimate:
    """The end of the line on a party's own side: it accepts more of what it asks for."""
    return Estimate.of(end if abs(place - end) <= 50 else place)
