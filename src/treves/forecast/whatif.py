"""One engine for "what if": change numbers of a case, run it again, say what changed.

What-if questions, one-at-a-time sensitivity and flips all go through :func:`whatif`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from treves.case.edits import Edit, apply
from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Record
from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.forecast.result import Forecast, Prior
from treves.forecast.run import DRAWS, run

MOST_RUNS = 400
# Sweeps and tornados need the order of effects, not the third decimal.
FEW_DRAWS = 256
SWEEP = "what if"

Change = tuple[str, Any]


class Variant(Record):
    """One changed case: what was set, its odds, and their change against the case as it is."""

    set: dict[str, Any]
    outcomes: dict[str, float]
    change: dict[str, float] = Field(description="Odds minus those of the case as it is.")
    headline: str
    flips: bool = Field(description="Whether another ending becomes the most probable.")
    share_in_box: float = Field(description="Share of draws with a deal nobody has to refuse.")


class WhatIf(Record):
    """The case as it is, and each change of it."""

    case: str
    seed: int
    draws: int
    prior: Prior
    outcomes: dict[str, float]
    headline: str
    share_in_box: float
    variants: tuple[Variant, ...]


def whatif(
    case: Case,
    changes: Sequence[Mapping[str, Any]],
    seed: int = 0,
    draws: int = DRAWS,
    prior: Prior = "world",
) -> WhatIf:
    """Run a case as it is and once for each set of changes, all with the same draws.

    changes: paths of numbers and their new values, such as
    ``{"CU.family_reunification.accepts": [0, 45]}``; paths as in :func:`treves.apply`.

    Raises CaseError naming every path that names no number of the case.

    >>> from treves.catalogue import load_example
    >>> found = whatif(load_example("asylum"), [{"rule.fallback": "none"}], draws=64)
    >>> found.variants[0].change["vote_passed"] <= 0
    True
    """
    changed = [with_changes(case, c) for c in changes]
    before = run(case, seed, draws, prior)
    return WhatIf(
        case=case.id,
        seed=seed,
        draws=draws,
        prior=prior,
        outcomes=before.outcomes,
        headline=before.headline,
        share_in_box=before.zone.share_in_box,
        variants=tuple(
            _variant(c, before, run(other, seed, draws, prior))
            for c, other in zip(changes, changed, strict=True)
        ),
    )


def with_changes(case: Case, changes: Mapping[str, Any]) -> Case:
    """A copy of the case with the changes made, dated on the day of the case."""
    return apply(
        case,
        [Edit(path=p, value=v, by=SWEEP, on=case.day, why=SWEEP) for p, v in changes.items()],
    )


def _variant(changes: Mapping[str, Any], before: Forecast, after: Forecast) -> Variant:
    return Variant(
        set=dict(changes),
        outcomes=after.outcomes,
        change={n: round(p - before.outcomes[n], 12) for n, p in after.outcomes.items()},
        headline=after.headline,
        flips=after.headline != before.headline,
        share_in_box=after.zone.share_in_box,
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


def numbers_of(case: Case) -> list[tuple[str, Any, list[Any]]]:
    """Every uncertain number: its path, its value, and the value at its low and high end.

    An edge of what a party accepts is varied with the other edge at its own value.
    """
    found: list[tuple[str, Any, list[Any]]] = []
    for party, stances in case.positions.items():
        for issue, stance in stances.items():
            for name in ("position", "salience"):
                estimate = getattr(stance, name)
                if estimate is not None and not estimate.is_exact:
                    path = f"{party}.{issue}.{name}"
                    found.append((path, estimate.model_dump(), [estimate.low, estimate.high]))
            if stance.accepts is not None:
                path, own = f"{party}.{issue}.accepts", stance.accepts.model_dump()
                found += [(path, own, ends) for ends in _edges(stance.accepts)]
    for party, stakes in case.stakes.items():
        for name in ("collapse", "status_quo", "outvoted", "outside", "blame"):
            estimate = getattr(stakes, name)
            if estimate is not None and not estimate.is_exact:
                ends = [estimate.low, estimate.high]
                found.append((f"{party}.{name}", estimate.model_dump(), ends))
    return found


def _edges(accepts: Interval) -> list[list[Any]]:
    low, high = accepts.low, accepts.high
    ends: list[list[Any]] = []
    if not low.is_exact:
        ends.append([[v, high.model_dump()] for v in _inside(low, 0.0, high.mode)])
    if not high.is_exact:
        ends.append([[low.model_dump(), v] for v in _inside(high, low.mode, 100.0)])
    return ends


def _inside(estimate: Estimate, least: float, most: float) -> list[float]:
    return [min(max(v, least), most) for v in (estimate.low, estimate.high)]
