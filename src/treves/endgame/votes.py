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

from treves.case.model import DECISIONS
from treves.errors import CaseError, Problem
from treves.profile import Body, Floats

# The codes below follow the order of this list.
RULES = DECISIONS
CONSENSUS, UNANIMITY, MAJORITY, WEIGHTED, DOUBLE, VETO, SETTER, NEGOTIATION = range(8)
# Rules under which one refusal blocks.
EVERYBODY = (CONSENSUS, UNANIMITY, NEGOTIATION)
COALITION = 0
# In the EU Council a blocking minority has at least four members. In a small body the clause
# would let one member decide, so it is used only in large ones.
BLOCKING_MINORITY = 4
LARGE_BODY = 20
SLACK = 1e-9


# Rows of a table of parties that rules look at.
VOTES, POPULATION, EVERYBODY_ROW, HOLDERS = range(4)
PARTY_ROWS = 4


class Voting(NamedTuple):
    """A voting rule as plain numbers, for compiled code."""

    code: int
    veto: bool
    chair: int
    tie: bool
    quota: float
    members: float
    population: float


def voting_of(body: Body, decision: str | None = None) -> Voting:
    """The rule of a body, or another rule of the list applied to the same parties.

    Raises CaseError for a rule outside the list or one that lacks what it needs.
    """
    name = body.decision if decision is None else decision
    code, veto = _code(name), False
    if code in (VETO, SETTER):
        veto = code == VETO
        base = body.base or "consensus"
        code = _code(base)
        if code in (VETO, SETTER):
            raise _error(f"the base rule of {name} cannot be {base}")
    if code == WEIGHTED and np.isnan(body.quota):
        raise _error("weighted_majority needs a quota")
    known = (body.members_share, body.population_share, body.population[body.votes > 0].sum())
    if code == DOUBLE and not np.isfinite(known).all():
        raise _error("double_majority needs members, population and every voter's population")
    return Voting(
        code,
        veto,
        body.chair,
        body.chair_breaks_ties,
        body.quota,
        body.members_share,
        body.population_share,
    )


def parties_of(body: Body) -> Floats:
    """What rules look at, axes (row, p): votes, population, must agree, holds a veto."""
    everybody = body.role == COALITION
    if _base_code(body) == UNANIMITY:
        everybody = everybody | (body.votes > 0)
    if not everybody.any():
        everybody = np.ones(body.size, dtype=bool)
    return np.array([body.votes, np.nan_to_num(body.population), everybody, body.holders], float)


def by_everybody(body: Body) -> bool:
    """Whether one refusal blocks, so that offers are answered and not voted on."""
    return body.decision != "veto" and _base_code(body) in EVERYBODY


def _base_code(body: Body) -> int:
    code = _code(body.decision)
    return _code(body.base or "consensus") if code in (VETO, SETTER) else code


def _error(what: str) -> CaseError:
    return CaseError([Problem(what, "rule: {decision: one of " + ", ".join(RULES) + "}")])


def _code(name: str) -> int:
    if name not in RULES:
        raise _error(f"unknown rule {name!r}; the rules are {', '.join(RULES)}")
    return RULES.index(name)


@njit(cache=True, nogil=True, error_model="numpy")
def carries(rule: Voting, party: Floats, yes: NDArray[np.int64]) -> bool:
    """Whether a set of yes-voters carries the decision.

    party: table of :func:`parties_of`, axes (row, p). yes: (p), 1 or 0.
    """
    total, mine, count, members, people, all_people = 0.0, 0.0, 0, 0, 0.0, 0.0
    missing, blocked = False, False
    for p in range(yes.shape[0]):
        if yes[p] == 0:
            missing = missing or party[EVERYBODY_ROW, p] > 0.0
            blocked = blocked or (rule.veto and party[HOLDERS, p] > 0.0)
        if party[VOTES, p] > 0.0:
            total += party[VOTES, p]
            count += 1
            all_people += party[POPULATION, p]
            if yes[p] != 0:
                mine += party[VOTES, p]
                members += 1
                people += party[POPULATION, p]
    if blocked:
        return False
    if rule.code == CONSENSUS or rule.code == UNANIMITY or rule.code == NEGOTIATION:
        return not missing
    if rule.code == WEIGHTED:
        return mine >= rule.quota - SLACK
    if rule.code == DOUBLE:
        if count >= LARGE_BODY and count - members < BLOCKING_MINORITY:
            return True
        enough = members >= np.ceil(rule.members * count - SLACK)
        return bool(enough and people >= rule.population * all_people - SLACK)
    if abs(2.0 * mine - total) <= SLACK:
        return rule.tie and rule.chair >= 0 and yes[rule.chair] != 0 and total > 0.0
    return 2.0 * mine > total


def winning(body: Body, members: Iterable[int]) -> bool:
    """Whether the parties with these indices together carry a decision of the body."""
    yes = np.zeros(body.size, dtype=np.int64)
    yes[list(members)] = 1
    return bool(carries(voting_of(body), parties_of(body), yes))
