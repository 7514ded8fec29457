"""From what a dossier knows to a case, and how forecasts of it are made.

Reading and drafting are given by the caller (:class:`Hands`): the dossier keeps what they find.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.dossier.amendments import amended
from treves.dossier.records import Known
from treves.forecast.result import Forecast, Prior
from treves.forecast.run import DRAWS, run


@dataclass(frozen=True)
class Hands:
    """What reads a report and what drafts a case; both come from the room ``reading``.

    read(source, case) gives claims; draft(claims, base, sources, as_of) gives a case and raises
    CaseError when the claims name too little to begin one.
    """

    read: Callable[[Source, Case | None], Sequence[Claim]]
    draft: Callable[[Sequence[Claim], Case | None, Sequence[Source], dt.date | None], Case]


@dataclass(frozen=True)
class Terms:
    """How forecasts of a dossier are made."""

    seed: int = 0
    draws: int = DRAWS
    prior: Prior = "world"


USUAL = Terms()


def drafted(known: Known, hands: Hands, day: dt.date | None) -> Case:
    """The case as the claims say it on a day, with the numbers that persons set on top.

    Raises CaseError when too little is known, or when a number that was set names nothing.
    """
    case = hands.draft(list(known.claims.values()), known.base, known.sources, day)
    return amended(case, known.amendments) if known.amendments else case


def newest_day(known: Known) -> dt.date | None:
    """The day of the case: of the newest report, or of the coded case where that is later."""
    days = [known.base.as_of] if known.base and known.base.as_of else []
    for source in known.sources:
        try:
            days.append(dt.date.fromisoformat(source.date or ""))
        except ValueError:  # only a month or a year is known
            continue
    return max(days, default=None)


def forecast_of(case: Case, terms: Terms) -> Forecast:
    """The forecast of a case on the terms of the dossier."""
    return run(case, terms.seed, terms.draws, terms.prior)
