"""Forward through the solved game: from choices to the odds of the endings, draw by draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from zlib import crc32

from numba import njit

from treves.endgame.kernel import solve_session, tabulate_leaving
from treves.endgame.tables import (
    AGREEMENT,
    BY_PARTY,
    COLLAPSE,
    COMPILE,
    CONFIDENCE_VOTE,
    DROP,
    F_AGREED,
    F_DROPPED,
    F_FAILED,
    F_OFFERED,
    F_PASSED,
    F_POSTPONED,
    F_REACHED,
    F_REFUSED,
    F_RESIGNED,
    F_VOTED,
    F_WALKED,
    FAILED,
    HARD,
    LEAVES,
    OUTVOTING,
    PASSED,
    POSTPONE,
    POSTPONED,
    RESIGN,
    UNOPPOSED,
    VOTE,
    Ends,
    Game,
    Plan,
    Rules,
    Work,
    compiled,
)
from treves.profile import Floats
from treves.resources import resource

Solver = Callable[
    [Rules, tuple[Floats, Floats, Floats, Floats, Floats], Plan, Work, Floats, Ends], None
]


@compiled
def _add_vote(ending: Floats, reach: float, k: int, ends: Ends) -> None:
    """Add the endings of a vote that is reached with probability ``reach``."""
    parties = ends.leaves.shape[0]
    ends.outcomes[PASSED] += reach * ending[OUTVOTING]
    ends.settled[1, k] += reach * ending[OUTVOTING]
    for p in range(parties):
        gone, fell = reach * ending[BY_PARTY + p], reach * ending[BY_PARTY + parties + p]
        ends.outcomes[LEAVES] += gone
        ends.outcomes[COLLAPSE] += fell
        ends.leaves[p] += gone + fell


@compiled
def _add_choice(mass: float, choice: Floats, hard: float, chair: int, ends: Ends, t: int) -> float:
    """Add what follows the chair's choice, other than a vote; returns what goes to next session."""
    put_off, dropped = mass * choice[POSTPONE], mass * choice[DROP]
    resigned = mass * choice[RESIGN]
    ends.flow[t, F_POSTPONED] += put_off
    ends.flow[t, F_DROPPED] += dropped
    ends.flow[t, F_RESIGNED] += resigned
    ends.outcomes[POSTPONED] += dropped + put_off * hard
    ends.outcomes[COLLAPSE] += resigned
    if chair < ends.leaves.shape[0]:
        ends.leaves[chair] += resigned
    return float(put_off * (1.0 - hard))


@compiled
def _add_called_vote(
    called: float, t: int, k: int, hard: float, rules: Rules, plan: Plan, ends: Ends
) -> None:
    """Add a vote that the chair called after a refusal."""
    ending, parties = plan.vote[t, k], ends.leaves.shape[0]
    _add_vote(ending, called, k, ends)
    ends.outcomes[PASSED] += called * ending[UNOPPOSED]
    ends.settled[1, k] += called * ending[UNOPPOSED]
    failed = called * ending[FAILED]
    ends.flow[t, F_VOTED] += called
    ends.flow[t, F_PASSED] += called - failed
    ends.flow[t, F_FAILED] += failed
    if rules.fallback == CONFIDENCE_VOTE:
        ends.outcomes[COLLAPSE] += failed
        for p in range(parties):
            ends.leaves[p] += called * ending[BY_PARTY + 2 * parties + p]
        return
    plan.reach[t + 1, 0] += _add_choice(failed, plan.lost[t], hard, rules.chair, ends, t)


@compiled
def _add_session(t: int, z: int, hard: float, game: Game, plan: Plan, ends: Ends) -> None:
    """Carry the probability of reaching a session forward to its endings."""
    rules, parties, packages = game.rules, ends.leaves.shape[0], ends.accepts.shape[0]
    reach = plan.reach[t, z]
    ends.flow[t, F_REACHED] += reach
    for k in range(packages + 1):
        made = reach * plan.offer[t, z, k]
        going_on = made
        if k < packages:
            going_on = _add_answer(made, t, z, k, rules.by_vote, plan, ends)
        if t == 0:
            ends.offers[k] += made
        refused = going_on
        for p in range(parties):
            walk = refused * plan.walk[t, z, k, p]
            alive = game.broken[k, p, parties + 1]
            going_on -= walk
            ends.flow[t, F_WALKED] += walk
            ends.leaves[p] += walk
            ends.outcomes[LEAVES] += walk * alive
            ends.outcomes[COLLAPSE] += walk * (1.0 - alive)
            if t == 0:
                ends.walks[p] += walk
        choice = plan.chair[t, z, k]
        plan.reach[t + 1, z] += _add_choice(going_on, choice, hard, rules.chair, ends, t)
        called = going_on * choice[VOTE]
        if called > 0.0 and rules.vote_on_any:
            for other in range(packages):
                part = called * plan.ballot[t, other]
                _add_called_vote(part, t, other, hard, rules, plan, ends)
        elif called > 0.0:
            _add_called_vote(called, t, k, hard, rules, plan, ends)


@compiled
def _add_answer(
    made: float, t: int, z: int, k: int, by_vote: bool, plan: Plan, ends: Ends
) -> float:
    """Add the answers to offer k; returns the probability that it was refused."""
    agreed = made * plan.accept[t, z, k]
    refused = made - agreed
    ends.outcomes[AGREEMENT] += agreed
    ends.settled[0, k] += agreed
    if by_vote:
        ending = plan.answer[t, z, k]
        _add_vote(ending, made, k, ends)
        ends.flow[t, F_PASSED] += made * ending[OUTVOTING]
        refused = float(made * ending[FAILED])
    ends.flow[t, F_OFFERED] += made
    ends.flow[t, F_AGREED] += agreed
    ends.flow[t, F_REFUSED] += refused
    if t == 0:
        ends.accepts[k] = plan.accept[t, z, k]
        for p in range(ends.refuses.shape[0]):
            ends.refuses[p] += made * plan.refuse[t, z, k, p]
    return float(refused)


def _sources() -> int:
    """A number that changes when any file of the compiled game changes."""
    names = ("tables.py", "kernel.py", "tally.py", "votes.py")
    return crc32(b"".join(resource("endgame", name).read_bytes() for name in names))


def _keyed(sources: int) -> Solver:
    """The solver, kept on disk under the number of its sources.

    The compiler watches only the file of the function it keeps, not the files of what that
    function calls; but it does look at the variables that the function closes over.
    """

    def solve(
        rules: Rules,
        tables: tuple[Floats, Floats, Floats, Floats, Floats],
        plan: Plan,
        work: Work,
        broken: Floats,
        ends: Ends,
    ) -> None:
        """Solve every draw.

        tables: of parties (row, p), calendar (row, t), packages (d, a, k), payoffs (d, row, a) and
        precision (d). ``plan``, ``work`` and ``broken`` come from :func:`room`; ``ends`` holds
        zeros and is filled.
        """
        if sources < 0:
            return
        party, calendar, u, pay, precision = tables
        start, sessions = 1 if rules.threatened else 0, calendar.shape[1]
        value = work.value
        for d in range(u.shape[0]):
            end = Ends(
                ends.outcomes[d],
                ends.leaves[d],
                ends.settled[d],
                ends.value[d],
                ends.flow[d],
                ends.offers[d],
                ends.accepts[d],
                ends.refuses[d],
                ends.walks[d],
            )
            game = Game(rules, party, u[d], pay[d], broken, precision[d])
            value[:] = 0.0
            tabulate_leaving(game, work)
            for t in range(sessions - 1, -1, -1):
                solve_session(t, calendar, game, plan, work, value)
            for a in range(value.shape[1]):
                end.value[a] = value[start, a]
            plan.reach[:] = 0.0
            plan.reach[0, start] = 1.0
            for t in range(sessions - 1):
                for z in range(2):
                    if plan.reach[t, z] > 0.0:
                        _add_session(t, z, calendar[HARD, t], game, plan, end)
            end.outcomes[POSTPONED] += plan.reach[sessions - 1, 0] + plan.reach[sessions - 1, 1]

    return cast(Solver, njit(cache=True, **COMPILE)(solve))


solve = _keyed(_sources())
