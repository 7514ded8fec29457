"""Days that decide: which meetings count, how far ahead a forecast looks.

The rules are decided once, in docs/conventions.md section 5.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from treves.case.model import Case, Meeting

WINDOW_DAYS = 14
DEFAULT_HARDNESS = 0.5

# kind of meeting: can it decide at all, and can it vote?
KINDS: dict[str, tuple[bool, bool]] = {
    "council": (True, True),
    "vote": (True, True),
    "summit": (True, True),
    "talks": (True, False),
    "deadline": (True, False),
    "debate": (False, False),
    "congress": (False, False),
    "election": (False, False),
    "report": (False, False),
}


@dataclass(frozen=True)
class Session:
    """One occasion on which the body can decide; ``hard`` = how sure it is that talks end here."""

    date: dt.date
    label: str
    can_vote: bool
    hard: float


def decides(meeting: Meeting) -> bool:
    """Whether a meeting can decide: as stated, else by its kind."""
    return KINDS[meeting.kind][0] if meeting.decides is None else meeting.decides


def can_vote(meeting: Meeting) -> bool:
    """Whether a meeting can vote: as stated, else by its kind."""
    return KINDS[meeting.kind][1] if meeting.can_vote is None else meeting.can_vote


def sessions(case: Case) -> tuple[Session, ...]:
    """Deciding meetings within 14 days after ``as_of``, in order of date.

    A calendar without one gives a single session at the end of the window: talks can always be
    decided, the calendar only says when they must be. Raises InputError where the case has no day.
    """
    last = case.day + dt.timedelta(days=WINDOW_DAYS)
    found = sorted(
        (m for m in case.calendar if decides(m) and case.day <= m.date <= last),
        key=lambda m: m.date,
    )
    if not found:
        return (Session(last, "end of the two-week window", True, 0.0),)
    return tuple(Session(m.date, m.label or m.kind, can_vote(m), _hardness(m)) for m in found)


def horizon(case: Case) -> dt.date:
    """The day until which outcomes are forecast: the last deciding meeting in the window."""
    return sessions(case)[-1].date


def _hardness(meeting: Meeting) -> float:
    if meeting.hard is not None:
        return meeting.hard.mode
    return DEFAULT_HARDNESS if meeting.kind == "deadline" else 0.0
