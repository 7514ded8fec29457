"""Which sets of yes-voters carry a decision, for every rule of the closed list.

The rules: consensus (every coalition party), unanimity (every voter and coalition party),
majority, weighted_majority, double_majority, veto (holders plus a base rule), setter (its base
rule) and negotiation (every coalition party; nothing is voted on). Abstention counts as no.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.errors import CaseError, Problem
from treves.profile import Body, Floats

Mask = NDArray[np.bool_]

RULES = (
    "consensus",
    "unanimity",
    "majority",
    "weighted_majority",
    "double_majority",
    "veto",
    "setter",
    "negotiation",
)
CONSENSUS, UNANIMITY, MAJORITY, WEIGHTED, DOUBLE, VETO, SETTER, NEGOTIATION = range(8)
# Rules under which one refusal blocks.
EVERYBODY = (CONSENSUS, UNANIMITY, NEGOTIATION)
COALITION = 0
# In the EU Council a blocking minority has at least four members. In a small body the clause
# would let one member decide, so it is used only in large ones.
BLOCKING_MINORITY = 4
LARGE_BODY = 20
SLACK = 1e-9


class Ballot(NamedTuple):
    """A voting rule as plain arrays, for compiled code; axis (p)."""

    code: int
    veto: bool
    chair: int
    tie: bool
    votes: Floats
    population: Floats
    everybody: Mask
    holders: Mask
    quota: float
    members: float
    population_share: float


def ballot_of(body: Body, decision: str | None = None) -> Ballot:
    """The rule of a body, or another rule of the list applied to the same parties.

    Raises CaseError for a rule outside the list or one that lacks what it needs.

    >>> import numpy as np
    >>> from treves.endgame.votes import ballot_of, carries
    >>> from treves.profile import body_of
    >>> from treves.catalogue import load_example
    >>> body = body_of(load_example("asylum"))
    >>> carries(ballot_of(body, "majority"), np.array([True, False, True, False]))
    True
    """
    name = body.decision if decision is None else decision
    code, veto = _code(name), False
    if code in (VETO, SETTER):
        veto = code == VETO
        base = body.base or "consensus"
        code = _code(base)
        if code in (VETO, SETTER):
            raise _error(f"the base rule of {name} cannot be {base}")
    coalition = body.role == COALITION
    voter = body.votes > 0
    everybody = coalition | voter if code == UNANIMITY else coalition
    if not everybody.any():
        everybody = np.ones(body.size, dtype=bool)
    if code == WEIGHTED and np.isnan(body.quota):
        raise _error("weighted_majority needs a quota")
    if code == DOUBLE and not (
        np.isfinite(body.members_share)
        and np.isfinite(body.population_share)
        and np.isfinite(body.population[voter]).all()
    ):
        raise _error("double_majority needs members, population and every voter's population")
    return Ballot(
        code,
        veto,
        body.chair,
        body.chair_breaks_ties,
        body.votes,
        np.nan_to_num(body.population),
        everybody,
        body.holders,
        body.quota,
        body.members_share,
        body.population_share,
    )


def _error(what: str) -> CaseError:
    return CaseError([Problem(what, "rule: {decision: one of " + ", ".join(RULES) + "}")])


def _code(name: str) -> int:
    if name not in RULES:
        raise _error(f"unknown rule {name!r}; the rules are {', '.join(RULES)}")
    return RULES.index(name)


@njit(cache=True, nogil=True)
def carries(ballot: Ballot, yes: Mask) -> bool:
    """Whether a set of yes-voters (p) carries the decision."""
    size = yes.shape[0]
    if ballot.veto:
        for p in range(size):
            if ballot.holders[p] and not yes[p]:
                return False
    if ballot.code == CONSENSUS or ballot.code == UNANIMITY or ballot.code == NEGOTIATION:
        for p in range(size):
            if ballot.everybody[p] and not yes[p]:
                return False
        return True
    total, mine, count, members, people, all_people = 0.0, 0.0, 0, 0, 0.0, 0.0
    for p in range(size):
        if ballot.votes[p] > 0.0:
            total += ballot.votes[p]
            count += 1
            all_people += ballot.population[p]
            if yes[p]:
                mine += ballot.votes[p]
                members += 1
                people += ballot.population[p]
    if ballot.code == WEIGHTED:
        return mine >= ballot.quota - SLACK
    if ballot.code == DOUBLE:
        if count >= LARGE_BODY and count - members < BLOCKING_MINORITY:
            return True
        enough = np.ceil(ballot.members * count - SLACK)
        return members >= enough and people >= ballot.population_share * all_people - SLACK
    if abs(2.0 * mine - total) <= SLACK:
        return ballot.tie and ballot.chair >= 0 and yes[ballot.chair] and total > 0.0
    return 2.0 * mine > total


def winning(body: Body, members: Iterable[int]) -> bool:
    """Whether the parties with these indices together carry a decision of the body."""
    yes = np.zeros(body.size, dtype=bool)
    yes[list(members)] = True
    return bool(carries(ballot_of(body), yes))
