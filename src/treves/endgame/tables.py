"""Tables and records that the compiled game works on.

Axes: draw ``d``, actor ``a`` (the parties ``p``, then the mediator), package ``k`` (where the
axis is one longer, the last entry means that nothing was offered), session ``t`` (the last one is
"later"), threat ``z`` (1 while a threatened vote is outstanding).

Handing an array to a function costs a reference count, and those counts took three quarters of
the time. So arrays are packed into few tables with named rows, are made outside the compiled code
(the caller keeps them alive), and nothing is counted inside (``_nrt=False``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.endgame.votes import PARTY_ROWS, Voting
from treves.profile import Floats

Ints = NDArray[np.int64]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
COMPILE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Kernel) -> Kernel:
    """Compile without reference counting: the function must not make arrays."""
    return cast(Kernel, njit(**COMPILE)(function))


ANY_LEAVES, MAJORITY_LOST, CONFIDENCE = range(3)
NO_FALLBACK, BODY_VOTE, CHAIR_DECIDES, CONFIDENCE_VOTE = range(4)
VOTE, POSTPONE, DROP, RESIGN = range(4)
AGREEMENT, PASSED, POSTPONED, LEAVES, COLLAPSE = range(5)
MEDIATOR = -1

# Rows of the table of parties, after those that voting rules need.
COALITION, ANSWERS, WALKERS, WEIGHT = range(PARTY_ROWS, PARTY_ROWS + 4)
# Rows of the table of payoffs.
# CARES: how much what is decided means to the party, the spread of its worth over the menu.
FALL, IDLE, OUTSIDE, OUTVOTED, BLAME, PROCEDURE, CARES = range(7)
# Rows of the calendar.
CAN_VOTE, HARD, PROPOSER = range(3)
# Rows of the work space: numbers by actor, and flags by party.
SHARE, GAIN, STAY, YES, FAILS = range(5)
ORDER, VOTER, BALLOT, OUT, EXITS = range(5)
# Endings of a vote; then three blocks by party: left and the body goes on, left and it fell,
# voted no when it fell with the vote.
UNOPPOSED, OUTVOTING, FAILED, BY_PARTY = range(4)
# What happens in a session, as probabilities from the start of the game (axis of ``flow``).
FLOW = (
    "reached",
    "offered",
    "agreed",
    "refused",
    "walked_out",
    "voted",
    "passed",
    "failed",
    "postponed",
    "dropped",
    "resigned",
)
F_REACHED, F_OFFERED, F_AGREED, F_REFUSED, F_WALKED, F_VOTED = range(6)
F_PASSED, F_FAILED, F_POSTPONED, F_DROPPED, F_RESIGNED = range(6, 11)


class Rules(NamedTuple):
    """Numbers that do not change from draw to draw."""

    voting: Voting  # the body's own rule
    called: Voting  # what a vote called after a refusal needs
    by_vote: bool  # offers are decided by the body's own vote
    fallback: int
    exit: int
    chair: int  # index of an actor; the mediator when the chair is no party
    needed: float  # weight (seats) the body needs to go on
    unknown: float  # seats of those not in the case
    threatened: bool
    vote_on_any: bool  # the chair may put any package to the vote, not only the refused one
    silence: float  # base weights of actions
    walk: float
    leave: float
    vote: float
    postpone: float
    drop: float
    resign: float
    delay: float  # costs
    backing_down: float
    reluctance: float  # how far the most reluctant party counts more than the average one
    tolerance: float  # share of the unknown seats that may back the government in its own vote


class Game(NamedTuple):
    """One draw of the game."""

    rules: Rules
    party: Floats  # (row, p)
    u: Floats  # (a, k)
    pay: Floats  # (row, a)
    broken: Floats  # (k + 1, p, a + 1): value to a when p leaves; last: the body then goes on
    precision: float


class Work(NamedTuple):
    """Work space."""

    number: Floats  # (row, a)
    flag: Ints  # (row, p)
    value: Floats  # (z, a): worth of the session solved last
    later: Floats  # (z, a): worth of postponing
    failed: Floats  # (a): worth of a lost vote
    options: Floats  # (2, 4): the chair's scores and base weights
    votes: Floats  # (k + 1, a): worth of a vote on each package
    offer: Floats  # (k + 1, a): worth of each offer
    scores: Floats  # (2, k + 1): the proposer's scores and base weights


class Plan(NamedTuple):
    """Choice probabilities of one draw."""

    offer: Floats  # (t, z, k + 1)
    accept: Floats  # (t, z, k)
    refuse: Floats  # (t, z, k, p)
    answer: Floats  # (t, z, k, ending) where the body votes on offers
    walk: Floats  # (t, z, k + 1, p)
    chair: Floats  # (t, z, k + 1, 4)
    vote: Floats  # (t, k, ending)
    ballot: Floats  # (t, k + 1) which package is put to the vote, where any may be
    lost: Floats  # (t, 4) after a vote was lost
    reach: Floats  # (t, z)


class Ends(NamedTuple):
    """Results, filled in place; the compiled game sees one draw at a time, without axis d."""

    outcomes: Floats  # (d, 5)
    leaves: Floats  # (d, p)
    settled: Floats  # (d, 2, k)
    value: Floats  # (d, a)
    flow: Floats  # (d, t, len(FLOW))
    offers: Floats  # (d, k + 1) first session
    accepts: Floats  # (d, k) first session
    refuses: Floats  # (d, p) first session
    walks: Floats  # (d, p) first session


def room(sessions: int, packages: int, parties: int) -> tuple[Plan, Work, Floats]:
    """Empty arrays for one draw: choices, work space, and the table of leaving."""
    actors, endings = parties + 1, BY_PARTY + 3 * parties
    plan = Plan(
        np.zeros((sessions, 2, packages + 1)),
        np.zeros((sessions, 2, packages)),
        np.zeros((sessions, 2, packages, parties)),
        np.zeros((sessions, 2, packages, endings)),
        np.zeros((sessions, 2, packages + 1, parties)),
        np.zeros((sessions, 2, packages + 1, 4)),
        np.zeros((sessions, packages, endings)),
        np.zeros((sessions, packages + 1)),
        np.zeros((sessions, 4)),
        np.zeros((sessions, 2)),
    )
    work = Work(
        np.zeros((5, actors)),
        np.zeros((5, parties), np.int64),
        np.zeros((2, actors)),
        np.zeros((2, actors)),
        np.zeros(actors),
        np.zeros((2, 4)),
        np.zeros((packages + 1, actors)),
        np.zeros((packages + 1, actors)),
        np.zeros((2, packages + 1)),
    )
    return plan, work, np.zeros((packages + 1, parties, actors + 1))
