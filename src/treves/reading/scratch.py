"""A first case out of claims alone: parties and measures as the reports name them, wide numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from treves.case.estimate import Estimate
from treves.case.evidence import Claim, Source
from treves.case.model import Case, Issue, Party, Rule, Stance
from treves.errors import CaseError, Problem
from treves.reading.codebook import PROCESS
from treves.reading.dates import as_day
from treves.reading.registry import Registry

MOST_ISSUES = 5
# More parties than this are not at one table; those named most are.
MOST_PARTIES = 8
# Where nothing is said of how much a measure matters or what a party accepts beside its position.
SALIENCE = Estimate(low=30, mode=60, high=90)
WHOLE_PACKAGE = "package"
COUNTRIES = ("NL", "BE")


def start_from(
    claims: Iterable[Claim], reports: Mapping[str, Source], as_of: dt.date | None
) -> Case:
    """A case with the parties and measures of the claims, and nothing yet of what they want.

    Each measure is a line from 0 (what its opponents hold) to 100 (what is asked for). Raises
    CaseError when fewer than two parties are named or no day is known.
    """
    claims = list(claims)
    named = Counter(c.party for c in claims if c.party)
    day = as_of or _newest(reports)
    problems = []
    if len(named) < 2:
        who = ", ".join(named) or "none"
        problems.append(
            Problem(f"the reports name too few parties ({who})", "more reports, or --base CASE")
        )
    if day is None:
        problems.append(Problem("no report has a date", "--date 2023-07-06"))
    if problems or day is None:
        raise CaseError(problems)
    governing = _governing(named, day)
    parties = _parties(named, governing)
    issues = _issues(claims)
    rows = {i.id: Stance(salience=SALIENCE) for i in issues}
    context = f"Begun by the reader from {len(reports)} reports." if reports else None
    if context and as_of is None and not any(as_day(s.date) for s in reports.values()):
        context += f" No report has a full date: {day} is the first day it can be."
    return Case(
        id="draft",
        title="Draft from reports",
        as_of=day,
        context=context,
        rule=Rule(chair=_chair(claims, [p.id for p in parties], governing)),
        parties=parties,
        issues=issues,
        positions={party.id: dict(rows) for party in parties},
    )


def _governing(named: Counter[str], day: dt.date) -> tuple[str, ...]:
    """The governing parties of that day, if the reports name at least two of one country's."""
    registry = Registry.load()
    for country in COUNTRIES:
        found = [actor.party for actor in registry.coalition(day.isoformat(), country)]
        if sum(party in named for party in found) >= 2:
            return tuple(party for party in found if party)
    return ()


def _parties(named: Counter[str], governing: tuple[str, ...]) -> tuple[Party, ...]:
    """Who is at the table: the governing parties that are named; else all that are named most."""
    order = sorted(named, key=lambda name: (name not in governing, -named[name], name))
    return tuple(
        Party(id=name, role="coalition" if not governing or name in governing else "outside")
        for name in sorted(order[:MOST_PARTIES])
    )


def _issues(claims: list[Claim]) -> tuple[Issue, ...]:
    labels = Counter(c.issue for c in claims if c.issue and c.issue not in PROCESS and c.party)
    names = [label for label, _ in labels.most_common(MOST_ISSUES)] or [WHOLE_PACKAGE]
    return tuple(
        Issue(
            id=name,
            title=name.replace("_", " "),
            status_quo=0,
            points={0: "what opponents hold", 100: "what is asked for"},
            automatic=True,
        )
        for name in names
    )


def _chair(claims: list[Claim], parties: list[str], governing: tuple[str, ...]) -> str | None:
    """The party that can call a vote is the one that threatens to; else the largest that governs.

    Without either nobody is known to lead.
    """
    callers = Counter(c.party for c in claims if c.stance == "threaten_vote" and c.party in parties)
    if callers:
        return callers.most_common(1)[0][0]
    return next((party for party in governing if party in parties), None)


def _newest(reports: Mapping[str, Source]) -> dt.date | None:
    """The day of the newest report; of a month or a year its first day."""
    days = [s.date for s in reports.values() if s.date]
    full = [day for day in days if as_day(day)] or [(day + "-01-01")[:10] for day in days]
    return max((dt.date.fromisoformat(day) for day in full), default=None)
