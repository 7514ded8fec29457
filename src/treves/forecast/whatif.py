"""One engine for "what if": change numbers of a case, run it again, say what changed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from treves.case.edits import Edit, apply
from treves.case.evidence import Record
from treves.case.model import Bearing, Case, Fact
from treves.errors import CaseError, InputError, Problem
from treves.forecast.intervals import outcome_intervals
from treves.forecast.result import Forecast, Prior
from treves.forecast.run import DRAWS, run

MOST_RUNS = 400
# Sweeps and tornados need the order of effects, not the third decimal.
FEW_DRAWS = 256
SWEEP = "what if"
FACT = "fact."
# "About 70,000" is still so within this share of it.
ABOUT = 0.05


class FactVaried(Record):
    """An outside number set to another value. It moves no odds: it says whose case it touches."""

    fact: str
    quantity: str
    unit: str | None
    comparator: str
    known: float
    value: float
    holds: bool = Field(description="Whether what was said of it is still so at that value.")
    bears_on: tuple[Bearing, ...]


class Answer(Record):
    """What is recomputed: the endgame, the zone, the settlement."""

    outcomes: dict[str, float]
    intervals: dict[str, tuple[float, float]] = Field(
        description="[q10, q90] of every outcome, over precision, order of play and calibration."
    )
    headline: str
    share_in_box: float = Field(description="Share of draws with a deal nobody has to refuse.")
    to_open: float | None = Field(
        description="Points that red lines must move to open a deal, at the most likely numbers; "
        "null where no movement is enough."
    )
    settlement: dict[str, dict[str, float]] = Field(description="Model, issue: mean over draws.")
    settlement_ranges: dict[str, dict[str, tuple[float, float]]] = Field(
        description="Model, issue: [q05, q95] over draws."
    )


class Variant(Answer):
    """One changed case: what was set, its answer, and the change against the case as it is."""

    set: dict[str, Any]
    change: dict[str, float] = Field(description="Odds minus those of the case as it is.")
    change_intervals: dict[str, tuple[float, float]] = Field(
        description="[q10, q90] of the change: both cases under the same precision, order of play "
        "and calibration."
    )
    share_change: float
    settlement_change: dict[str, dict[str, float]]
    flips: bool = Field(description="Whether another ending becomes the most probable.")
    facts: tuple[FactVaried, ...] = ()


class WhatIf(Answer):
    """The case as it is, and each change of it."""

    case: str
    seed: int
    draws: int
    prior: Prior
    variants: tuple[Variant, ...]


def whatif(
    case: Case,
    changes: Sequence[Mapping[str, Any]],
    seed: int = 0,
    draws: int = DRAWS,
    prior: Prior = "world",
) -> WhatIf:
    """Run a case as it is and once for each set of changes, all with the same draws.

    A number that is not changed has the same draws in every run, also where another became exact.

    changes: paths of numbers and their new values, such as
    ``{"CU.family_reunification.accepts": [0, 45]}``; paths as in :func:`treves.apply`, and
    ``fact.ID`` for an outside number, which changes no model: the variant then says whose case it
    weakens or strengthens.

    Raises CaseError naming every path that names no number of the case.

    >>> from treves.catalogue import load_example
    >>> found = whatif(load_example("asylum"), [{"rule.fallback": "none"}], draws=64)
    >>> found.variants[0].change["vote_passed"] <= 0
    True
    """
    facts = [_facts_varied(case, c) for c in changes]
    numbers = [{p: v for p, v in c.items() if not p.startswith(FACT)} for c in changes]
    changed = [with_changes(case, c) if c else None for c in numbers]
    before = run(case, seed, draws, prior)
    own = _answer(before)

    def after(other: Case | None) -> Forecast:
        return run(other, seed, draws, prior, like=case) if other else before

    return WhatIf(
        case=case.id,
        seed=seed,
        draws=draws,
        prior=prior,
        variants=tuple(
            _variant(c, before, after(other), told)
            for c, other, told in zip(changes, changed, facts, strict=True)
        ),
        **own.model_dump(),
    )


def with_changes(case: Case, changes: Mapping[str, Any]) -> Case:
    """A copy of the case with the changes made, dated on the day of the case."""
    return apply(
        case,
        [Edit(path=p, value=v, by=SWEEP, on=case.day, why=SWEEP) for p, v in changes.items()],
    )


def _answer(found: Forecast) -> Answer:
    opening = found.zone.opening
    return Answer(
        outcomes=found.outcomes,
        intervals=found.intervals,
        headline=found.headline,
        share_in_box=found.zone.share_in_box,
        to_open=opening.total if opening else None,
        settlement={
            model: {issue: spread.mean for issue, spread in rows.items()}
            for model, rows in found.settlement.items()
        },
        settlement_ranges={
            model: {issue: (spread.q05, spread.q95) for issue, spread in rows.items()}
            for model, rows in found.settlement.items()
        },
    )


def _variant(
    changes: Mapping[str, Any], was: Forecast, found: Forecast, facts: tuple[FactVaried, ...]
) -> Variant:
    before, after = _answer(was), _answer(found)
    change = {n: round(p - before.outcomes[n], 12) for n, p in after.outcomes.items()}
    return Variant(
        set=dict(changes),
        change=change,
        change_intervals=outcome_intervals(found.spread - was.spread, change),
        share_change=round(after.share_in_box - before.share_in_box, 12),
        settlement_change={
            model: {
                issue: round(value - before.settlement[model][issue], 12)
                for issue, value in rows.items()
                if issue in before.settlement.get(model, {})
            }
            for model, rows in after.settlement.items()
        },
        flips=after.headline != before.headline,
        facts=facts,
        **after.model_dump(),
    )


def _facts_varied(case: Case, changes: Mapping[str, Any]) -> tuple[FactVaried, ...]:
    known = {fact.id: fact for fact in case.facts}
    found, problems = [], []
    for path, value in changes.items():
        if not path.startswith(FACT):
            continue
        fact = known.get(path.removeprefix(FACT))
        if fact is None:
            names = ", ".join(FACT + name for name in known) or "a case with facts"
            problems.append(Problem(f"{path} names no fact of this case", names))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(Problem(f"{path} is set to {value!r}", "a number"))
        else:
            found.append(_varied(fact, float(value)))
    if problems:
        raise CaseError(problems)
    return tuple(found)


def _varied(fact: Fact, value: float) -> FactVaried:
    low, high = fact.value.low, fact.value.high
    slack = ABOUT * abs(fact.value.mode) if fact.comparator == "about" else 0.0
    holds = {
        "below": value < fact.value.mode,
        "above": value > fact.value.mode,
        "about": low - slack <= value <= high + slack,
        "equals": low <= value <= high,
    }[fact.comparator]
    return FactVaried(
        fact=fact.id,
        quantity=fact.quantity,
        unit=fact.unit,
        comparator=fact.comparator,
        known=fact.value.mode,
        value=value,
        holds=holds,
        bears_on=fact.bears_on,
    )


def combinations(settings: Sequence[tuple[str, Sequence[Any]]]) -> list[dict[str, Any]]:
    """Every combination of the values of each path.

    Raises InputError above 400 runs.

    >>> combinations([("VVD.collapse", [0.1, 0.2]), ("rule.fallback", ["none"])])[1]
    {'VVD.collapse': 0.2, 'rule.fallback': 'none'}
    """
    paths = [path for path, _ in settings]
    found = [
        dict(zip(paths, row, strict=True)) for row in itertools.product(*(v for _, v in settings))
    ]
    if len(found) > MOST_RUNS:
        raise InputError([Problem(f"{len(found)} runs are too many", f"at most {MOST_RUNS}")])
    return found
