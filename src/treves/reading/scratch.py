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

MOST_ISSUES = 5
# Where nothing is said of how much a measure matters or what a party accepts beside its position.
SALIENCE = Estimate(low=30, mode=60, high=90)
WHOLE_PACKAGE = "package"


def start_from(
    claims: Iterable[Claim], reports: Mapping[str, Source], as_of: dt.date | None
) -> Case:
    """A case with the parties and measures of the claims, and nothing yet of what they want.

    Each measure is a line from 0 (what its opponents hold) to 100 (what is asked for). Raises
    CaseError when fewer than two parties are named or no day is known.
    """
    claims = list(claims)
    parties = Counter(c.party for c in claims if c.party)
    day = as_of or _newest(reports)
    problems = []
    if len(parties) < 2:
        named = ", ".join(parties) or "none"
        problems.append(
            Problem(f"the reports name too few parties ({named})", "more reports, or --base CASE")
        )
    if day is None:
        problems.append(Problem("no report has a date", "--date 2023-07-06"))
    if problems or day is None:
        raise CaseError(problems)
    issues = _issues(claims)
    rows = {i.id: Stance(salience=SALIENCE) for i in issues}
    return Case(
        id="draft",
        title="Draft from reports",
        as_of=day,
        rule=Rule(chair=_chair(claims, parties)),
        parties=tuple(Party(id=name) for name in sorted(parties)),
        issues=issues,
        positions={name: dict(rows) for name in sorted(parties)},
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


def _chair(claims: list[Claim], parties: Counter[str]) -> str | None:
    """The party that can call a vote is the one that threatens to; else nobody is known to lead."""
    callers = Counter(c.party for c in claims if c.stance == "threaten_vote" and c.party in parties)
    return callers.most_common(1)[0][0] if callers else None


def _newest(reports: Mapping[str, Source]) -> dt.date | None:
    days = []
    for source in reports.values():
        try:
            days.append(dt.date.fromisoformat(source.date or ""))
        except ValueError:
            continue
    return max(days, default=None)
