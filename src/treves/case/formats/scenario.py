"""What negotiation software knows of a domain: issues with values, and how each party rates them.

GENIUS and NegMAS files are both read into this record and written from it, without loss. A case
keeps the weight (salience), the ratings of the values (worth, where distance from the best value
does not tell it) and the worth of no agreement (stakes).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from treves.case.estimate import Estimate
from treves.case.formats import raw
from treves.case.model import Case, Issue, Party, Rule, Stakes, Stance

# Whole numbers up to this many are values of their own; longer ranges are read as a line.
MOST_VALUES = 200
# Values of an issue that has no labelled points, when a case is written as a scenario.
FIVE_POINTS = (0.0, 25.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True)
class Topic:
    """An issue: its values in the order of the file; ``line`` is true where all between count."""

    name: str
    values: tuple[str, ...]
    line: bool = False


@dataclass(frozen=True)
class Rating:
    """One party: a weight per topic, a rating per value, and the worth of no agreement."""

    name: str
    weights: tuple[float, ...]
    ratings: tuple[tuple[float, ...], ...]
    reservation: float | None = None
    discount: float | None = None


@dataclass(frozen=True)
class Scenario:
    """A domain with its parties; ``notes`` say what the reader had to decide."""

    name: str
    topics: tuple[Topic, ...]
    parties: tuple[Rating, ...]
    notes: tuple[str, ...] = ()


def to_case(scenario: Scenario, as_of: dt.date | None = None) -> Case:
    """A case: values on 0-100 by their number, or evenly spaced where they are words.

    Salience is 100 times the weight; where ratings lie outside 0 to 1 they are brought to it, and
    salience by as much. So the worth of every package is that of the file, brought to the scale on
    which a party's worst package is 0 and its best 1. The worth of no agreement becomes the stake
    ``collapse``, on the same scale; it stays absent where the file has none. Raises CaseError.
    """
    problems = raw.Problems(scenario.name)
    topic_ids = raw.ids_for([t.name for t in scenario.topics])
    party_ids = raw.ids_for([p.name for p in scenario.parties])
    places = [positions_of(t) for t in scenario.topics]
    issues = [
        Issue(
            id=i,
            title="" if t.name == i else t.name,
            points=dict(zip(place, t.values, strict=True)),
            continuous=t.line,
        )
        for i, t, place in zip(topic_ids, scenario.topics, places, strict=True)
    ]
    positions: dict[str, dict[str, Stance]] = {}
    stakes: dict[str, Stakes] = {}
    for party_id, party in zip(party_ids, scenario.parties, strict=True):
        if any(not 0.0 <= w <= 1.0 for w in party.weights):
            problems.add(f"a weight of {party.name} lies outside 0 to 1", "", party=party_id)
            continue
        positions[party_id] = dict(zip(topic_ids, _stances(party, places), strict=True))
        worth = _no_agreement(party)
        if worth is not None:
            stakes[party_id] = Stakes(collapse=Estimate.of(worth))
    parties = [
        Party(id=i, name=None if p.name == i else p.name)
        for i, p in zip(party_ids, scenario.parties, strict=True)
    ]
    return raw.case_of(
        problems,
        id=raw.ids_for([scenario.name or "case"])[0],
        title=scenario.name,
        as_of=as_of,
        rule=Rule(decision="negotiation"),
        parties=tuple(parties),
        issues=tuple(issues),
        positions=positions,
        stakes=stakes,
    )


def of_case(case: Case) -> Scenario:
    """A scenario whose values are the labelled points, rated as the case rates them, else by
    distance to the position.

    Raises CaseError where a party has no position or salience on an issue: the formats of
    negotiation software have no way to leave a rating out.
    """
    problems = raw.Problems(case.id)
    points = [tuple(sorted(i.points)) or FIVE_POINTS for i in case.issues]
    topics = tuple(
        Topic(i.title or i.id, tuple(raw.written(v) for v in at))
        for i, at in zip(case.issues, points, strict=True)
    )
    parties = []
    for party in case.parties:
        stances = [case.stance(party.id, i.id) for i in case.issues]
        for issue, stance in zip(case.issues, stances, strict=True):
            if stance.wanted is None or stance.salience is None:
                what = "a scenario needs every position and salience"
                problems.add(what, "the missing number", party=party.id, issue=issue.id)
        known = [s.salience.mode if s.salience else 0.0 for s in stances]
        total = max(sum(known), 1e-300)
        ratings = [
            _rated(s.worth, at)
            if s.worth is not None
            else _ratings(s.position.mode if s.position else 0.0, at)
            for s, at in zip(stances, points, strict=True)
        ]
        held = case.stakes.get(party.id, Stakes()).collapse
        weights = tuple(v / total for v in known)
        low, high = _range(weights, ratings)
        reservation = None if held is None else low + held.mode * (high - low)
        parties.append(Rating(party.id, weights, tuple(ratings), reservation))
    problems.raise_if_any()
    return Scenario(case.title or case.id, topics, tuple(parties))


def positions_of(topic: Topic) -> tuple[float, ...]:
    """Where the values of a topic lie on 0-100."""
    numbers = [_number(v) for v in topic.values]
    known = [n for n in numbers if n is not None]
    steps = [b - a for a, b in pairwise(known)]
    if len(known) == len(numbers) > 1 and (all(s > 0 for s in steps) or all(s < 0 for s in steps)):
        low, high = min(known), max(known)
        return tuple(100.0 * (n - low) / (high - low) for n in known)
    last = max(len(topic.values) - 1, 1)
    return tuple(100.0 * k / last for k in range(len(topic.values)))


def _stances(party: Rating, places: Sequence[tuple[float, ...]]) -> list[Stance]:
    """What a party wants per topic; weights that outgrow the scale of salience shrink together."""
    scaled = [_on_scale(w, r) for w, r in zip(party.weights, party.ratings, strict=True)]
    largest = max(1.0, *(weight for weight, _ in scaled))
    return [
        _stance(100.0 * weight / largest, ratings, place)
        for (weight, ratings), place in zip(scaled, places, strict=True)
    ]


def _on_scale(weight: float, ratings: tuple[float, ...]) -> tuple[float, tuple[float, ...]]:
    """Weight and ratings that mean the same, with the ratings within 0 to 1."""
    best, worst = max(ratings), min(ratings)
    if (worst >= 0.0 and best <= 1.0) or best == worst:
        return weight, ratings
    return weight * (best - worst), tuple((r - worst) / (best - worst) for r in ratings)


def _stance(weight: float, ratings: tuple[float, ...], places: tuple[float, ...]) -> Stance:
    best = max(ratings)
    if best - min(ratings) <= 0.0:
        return Stance(salience=Estimate.of(weight))  # rates all alike: it wants nothing here
    position = places[ratings.index(best)]
    worth = dict(zip(places, ratings, strict=True))
    by_distance = _ratings(position, places)
    told = all(abs(a - b) <= 1e-12 for a, b in zip(ratings, by_distance, strict=True))
    return Stance(
        position=Estimate.of(position),
        salience=Estimate.of(weight),
        worth=None if told else worth,
    )


def _no_agreement(party: Rating) -> float | None:
    """Worth of no agreement where the worst package is 0 and the best 1; None when unknown."""
    if party.reservation is None or not math.isfinite(party.reservation):
        return None
    low, high = _range(party.weights, party.ratings)
    if high <= low:
        return None
    worth = (party.reservation - low) / (high - low)
    return worth if -1.0 <= worth <= 2.0 else None


def _range(weights: Sequence[float], ratings: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Worth of the worst and of the best package."""
    spread = list(zip(weights, ratings, strict=True))
    return sum(w * min(r) for w, r in spread), sum(w * max(r) for w, r in spread)


def _rated(worth: Mapping[float, float], points: tuple[float, ...]) -> tuple[float, ...]:
    known = sorted(worth)
    return tuple(np.interp(points, known, [worth[p] for p in known]).tolist())


def _ratings(position: float, points: tuple[float, ...]) -> tuple[float, ...]:
    farthest = max(position, 100.0 - position)
    return tuple(1.0 - abs(point - position) / farthest for point in points)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
