"""Sensitivity of a case: which numbers matter, what to ask, and what would change the ending.

Three views of the same numbers. Tornado: each number at its low and its high end, all else as it
is (re-run). Share: how much of the variance of the headline probability over the draws knowing a
number would explain (no re-run). Flips: numbers whose end of the range changes the most probable
ending, and from where on, found by bisection.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from treves.case.evidence import Record
from treves.case.model import Case
from treves.endgame import OUTCOMES
from treves.forecast.playing import play_case
from treves.forecast.result import Prior
from treves.forecast.run import run
from treves.forecast.sampling import uncertain_numbers
from treves.forecast.sensitivity import first_order
from treves.forecast.whatif import FEW_DRAWS, Variant, WhatIf, numbers_of, whatif, with_changes

BISECTIONS = 4
MOST_FLIPS = 5


class Bar(Record):
    """One number: the probability of the headline at its low and its high end."""

    path: str
    low: Any
    high: Any
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """How far apart the two ends are."""
        return abs(self.at_high - self.at_low)


class Flip(Record):
    """A number that changes the most probable ending, and the value from which it does."""

    path: str
    value: Any
    ending: str


class Share(Record):
    """Share of the variance of the headline probability that a number explains alone."""

    party: str
    field: str
    issue: str | None
    share: float
    low: float
    high: float


class Sensitivity(Record):
    """What the headline of a case rests on."""

    case: str
    headline: str
    probability: float
    seed: int
    draws: int
    prior: Prior
    bars: tuple[Bar, ...]
    shares: tuple[Share, ...]
    flips: tuple[Flip, ...]
    facts: tuple[str, ...] = Field(description="Outside numbers, and whose case each would weaken.")


def sensitivity(
    case: Case, seed: int = 0, draws: int = FEW_DRAWS, prior: Prior = "world"
) -> Sensitivity:
    """Vary every uncertain number of a case, one at a time.

    draws: per run; a case has two runs per uncertain number. Facts change no number by themselves:
    they are listed with whose case they bear on.
    """
    numbers = numbers_of(case)
    changes = [{path: end} for path, _, ends in numbers for end in ends]
    found = whatif(case, changes, seed, draws, prior)
    headline = found.headline
    bars = []
    for k, (path, _, ends) in enumerate(numbers):
        low, high = found.variants[2 * k : 2 * k + 2]
        at = low.outcomes[headline], high.outcomes[headline]
        bars.append(Bar(path=path, low=ends[0], high=ends[1], at_low=at[0], at_high=at[1]))
    bars.sort(key=lambda b: (-b.swing, b.path))
    return Sensitivity(
        case=case.id,
        headline=headline,
        probability=found.outcomes[headline],
        seed=seed,
        draws=draws,
        prior=prior,
        bars=tuple(bars),
        shares=_shares(case, seed, headline),
        flips=_flips(case, found),
        facts=_facts(case),
    )


def _shares(case: Case, seed: int, headline: str) -> tuple[Share, ...]:
    played = play_case(case, seed, 2000)
    event = played.game.outcomes[:, OUTCOMES.index(headline)]
    found = []
    for number in uncertain_numbers(case):
        drawn = np.moveaxis(getattr(played.drawn.profile, number.field), 0, -1)[number.index]
        share, low, high = first_order(drawn, event, np.random.default_rng(seed))
        if low > 0.0:
            issue = case.issues[number.issue].id if number.issue is not None else None
            party = case.parties[number.party].id
            values = {"share": share, "low": low, "high": high}
            rounded = {name: round(value, 6) for name, value in values.items()}
            found.append(Share(party=party, field=number.field, issue=issue, **rounded))
    return tuple(sorted(found, key=lambda s: (-s.share, s.party, s.field, s.issue or "")))


def _flips(case: Case, found: WhatIf) -> tuple[Flip, ...]:
    """From the modal value towards the end that flips, halving: the first value that flips."""
    own = {path: value for path, value, _ in numbers_of(case)}
    flips = []
    for variant in [v for v in found.variants if v.flips][:MOST_FLIPS]:
        ((path, end),) = variant.set.items()
        flips.append(_bisect(case, path, (own[path], end), variant, found))
    return tuple(flips)


def _bisect(case: Case, path: str, ends: tuple[Any, Any], variant: Variant, found: WhatIf) -> Flip:
    own, end = (np.array(_modes(v), dtype=float) for v in ends)
    before, after, ending = 0.0, 1.0, variant.headline
    for _ in range(BISECTIONS):
        middle = (before + after) / 2.0
        value = own + middle * (end - own)
        other = with_changes(case, {path: _written(value)})
        headline = run(other, found.seed, found.draws, found.prior).headline
        if headline == found.headline:
            before = middle
        else:
            after, ending = middle, headline
    return Flip(path=path, value=_written(own + after * (end - own)), ending=ending)


def _modes(value: Any) -> Any:
    """A number, the mode of an estimate, or both modes of an interval."""
    if not isinstance(value, list | tuple):
        return value
    if len(value) == 3:
        return value[1]
    return [_modes(v) for v in value]


def _written(value: Any) -> Any:
    rounded = np.round(np.asarray(value, dtype=float), 3)
    return rounded.tolist()


def _facts(case: Case) -> tuple[str, ...]:
    words = []
    for fact in case.facts:
        value = fact.value.mode
        bears = [f"{b.direction} the case of {b.party}" for b in fact.bears_on]
        about = ", ".join(bears) or "bears on nobody"
        words.append(f"{fact.quantity} {fact.comparator} {value:g} {fact.unit or ''}: {about}")
    return tuple(words)
