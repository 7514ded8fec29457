"""Sensitivity of a case: which numbers matter, what to ask, and what would change the ending.

Bars: each number at its low and its high end, all else as it is. Flips: how far a number must move
for another ending to become the most probable. Facts: what an outside number could change. All
three change a number, look again at the same draws, and compare (:mod:`treves.forecast.glance`).
Causes: Sobol indices of the headline and of each settlement. Questions: what knowing a number would
be worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from treves.case.evidence import Record
from treves.case.model import Case
from treves.endgame import OUTCOMES
from treves.endgame.calibration import recalibrate
from treves.errors import MissingExtra
from treves.forecast.glance import Glance, glance_at, menu_of, solve_once
from treves.forecast.indices import case_indices
from treves.forecast.ranges import Range, ranges_of
from treves.forecast.result import Prior, Question
from treves.forecast.run import Progress
from treves.forecast.sampling import sample, sample_at, uniforms_of
from treves.forecast.sensitivity import questions
from treves.forecast.settling import short
from treves.forecast.whatif import FEW_DRAWS, with_changes
from treves.profile import Floats, body_of

DRAWS = 2000
BISECTIONS = 6
# Numbers that change nothing within their range are pushed on to the end of their scale: the few
# that move the headline most.
PUSHED = 6
MOST_FLIPS = 5
# Indices below this are not told from 0 by so many runs.
LEAST_SHARE = 0.01
# What is done after the bars, and after the causes, of the asylum case: for the bar of progress.
SHARE_OF_BARS, SHARE_OF_CAUSES = 0.5, 0.85


class Bar(Record):
    """One number: the probability of the headline at its low and its high end."""

    name: str = Field(description="PARTY.ISSUE.FIELD; low and high are the edges of accepts.")
    path: str = Field(description="What to write after `treves whatif --set`.")
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """How far apart the two ends are."""
        return abs(self.at_high - self.at_low)


class Flip(Record):
    """A number that changes the most probable ending, and the value from which it does."""

    name: str
    path: str
    own: float = Field(description="Most likely value.")
    value: float
    ending: str
    within: bool = Field(description="Whether that value lies within what the case deems possible.")


class Cause(Record):
    """Sobol indices of one output for one input (a number, or partners that move together)."""

    output: str = Field(description="headline, or MODEL.ISSUE of a settlement.")
    input: str
    first: float = Field(description="Share of the variance that it causes alone.")
    first_error: float
    total: float = Field(description="Share that it causes alone and together with others.")
    total_error: float


class FactAtStake(Record):
    """An outside number, a number of the case it bears on, and the headline at both its ends."""

    fact: str
    quantity: str
    comparator: str
    value: float
    unit: str | None
    party: str
    direction: str
    bar: Bar | None = Field(description="None where the number is exact, or no number of the case.")


class Sensitivity(Record):
    """What the headline of a case rests on."""

    case: str
    headline: str
    probability: float
    seed: int
    draws: int
    draws_per_change: int
    prior: Prior
    bars: tuple[Bar, ...]
    causes: tuple[Cause, ...]
    questions: tuple[Question, ...]
    flips: tuple[Flip, ...]
    facts: tuple[FactAtStake, ...]
    notes: tuple[str, ...] = ()


def sensitivity(
    case: Case,
    seed: int = 0,
    draws: int = FEW_DRAWS,
    prior: Prior = "world",
    progress: Progress | None = None,
) -> Sensitivity:
    """Vary every uncertain number of a case, one at a time and all together.

    draws: per change; every uncertain number has two. progress: called with a few words and the
    share that is done; what it raises ends the work. Without the library SALib there are no causes,
    and a note says so.

    >>> from treves.catalogue import load_example
    >>> found = sensitivity(load_example("asylum"), draws=32)
    >>> found.headline, found.bars[0].swing > 0.1
    ('agreement', True)
    """
    look = _Look(case, uniforms_of(case, draws, np.random.default_rng(seed)), seed, prior)
    odds, asked = _as_it_is(case, seed, prior)
    headline = OUTCOMES[int(np.argmax(odds))]
    say = progress or (lambda _words, _share: None)
    held = []
    numbers = ranges_of(case)
    for k, r in enumerate(numbers):
        say(f"varying {r.name}", k / len(numbers) * SHARE_OF_BARS)
        held.append(_Ends(r, look.at(r, r.low), look.at(r, r.high)))
    say("varying all numbers together", SHARE_OF_BARS)
    bars = [ends.bar(headline) for ends in held]
    notes: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    try:
        causes = _causes(case, headline, seed, prior)
    except MissingExtra as error:
        notes = (str(error),)
    say("looking for what would change the ending", SHARE_OF_CAUSES)
    order = sorted(range(len(bars)), key=lambda k: (-bars[k].swing, bars[k].name))
    return Sensitivity(
        case=case.id,
        headline=headline,
        probability=short(odds.max()),
        seed=seed,
        draws=DRAWS,
        draws_per_change=draws,
        prior=prior,
        bars=tuple(bars[k] for k in order),
        causes=causes,
        questions=asked,
        flips=_flips([held[k] for k in order], headline, look),
        facts=_facts(case, bars),
        notes=notes,
    )


@dataclass(frozen=True)
class _Look:
    """Looks again at a case with one number changed."""

    case: Case
    uniforms: Floats
    seed: int
    prior: Prior

    def at(self, number: Range, value: float) -> Glance:
        changed = with_changes(self.case, number.edit(round(value, 6)))
        return glance_at(
            changed, sample_at(changed, self.uniforms, self.case), self.seed, self.prior
        )


@dataclass(frozen=True)
class _Ends:
    """A number and what is seen at both ends of its range."""

    number: Range
    low: Glance
    high: Glance

    def bar(self, headline: str) -> Bar:
        return Bar(
            name=self.number.name,
            path=self.number.path,
            low=self.number.low,
            high=self.number.high,
            at_low=self.low.outcomes[headline],
            at_high=self.high.outcomes[headline],
        )


def _as_it_is(case: Case, seed: int, prior: Prior) -> tuple[Floats, tuple[Question, ...]]:
    drawn = sample(case, DRAWS, np.random.default_rng(seed))
    odds, _ = solve_once(drawn, body_of(case), menu_of(case, drawn.profile))
    asked = questions(case, drawn.profile, odds, prior)
    return recalibrate(odds.mean(axis=0), prior), asked


def _causes(case: Case, headline: str, seed: int, prior: Prior) -> tuple[Cause, ...]:
    outputs, found = case_indices(case, headline, seed, prior)
    causes = []
    for row, output in enumerate(outputs):
        shares = (found.first, found.first_error, found.total, found.total_error)
        for k in np.argsort(-found.total[row], kind="stable"):
            if found.total[row, k] < LEAST_SHARE:
                break
            first, first_error, total, total_error = (round(float(v[row, k]), 6) for v in shares)
            causes.append(
                Cause(
                    output=output,
                    input=found.groups[k],
                    first=first,
                    first_error=first_error,
                    total=total,
                    total_error=total_error,
                )
            )
    return tuple(causes)


def _flips(held: list[_Ends], headline: str, look: _Look) -> tuple[Flip, ...]:
    """The numbers that change the ending within their range; beyond it, where there are few."""
    flips = [
        _halve(ends.number, (ends.number.mode, end), seen.headline, headline, look)
        for ends in held
        for end, seen in ((ends.number.low, ends.low), (ends.number.high, ends.high))
        if seen.headline != headline
    ][:MOST_FLIPS]
    moved = {flip.name for flip in flips}
    for ends in [e for e in held if e.number.name not in moved][:PUSHED]:
        down = ends.low.outcomes[headline] < ends.high.outcomes[headline]
        number = ends.number
        start, end = (number.low, number.least) if down else (number.high, number.most)
        if len(flips) == MOST_FLIPS or start == end:
            continue
        seen = look.at(number, end)
        if seen.headline != headline:
            flips.append(_halve(number, (start, end), seen.headline, headline, look))
    return tuple(flips)


def _halve(
    number: Range, between: tuple[float, float], ending: str, headline: str, look: _Look
) -> Flip:
    """From where the headline still holds towards where it does not: the first value that flips."""
    before, after = between
    for _ in range(BISECTIONS):
        middle = (before + after) / 2.0
        seen = look.at(number, middle).headline
        if seen == headline:
            before = middle
        else:
            after, ending = middle, seen
    return Flip(
        name=number.name,
        path=number.path,
        own=number.mode,
        value=round(after, 3),
        ending=ending,
        within=number.low <= after <= number.high,
    )


def _facts(case: Case, bars: list[Bar]) -> tuple[FactAtStake, ...]:
    """How far a fact moves a number, treves does not know: it shows both ends of its range."""
    found = []
    for fact in case.facts:
        for bears in fact.bears_on:
            about = f"{bears.party}.{bears.field.removeprefix('stakes.')}"
            found.append(
                FactAtStake(
                    fact=fact.id,
                    quantity=fact.quantity,
                    comparator=fact.comparator,
                    value=fact.value.mode,
                    unit=fact.unit,
                    party=bears.party,
                    direction=bears.direction,
                    bar=next((b for b in bars if about in (b.name, b.path)), None),
                )
            )
    return tuple(found)
