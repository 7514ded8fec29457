"""The endgame of one dispute, solved draw by draw in compiled code.

Backward induction gives every actor's value and every choice probability; a forward pass turns
the choices into odds of the endings. The game in words: docs/endgame.md.

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

from treves.endgame.votes import PARTY_ROWS, Voting, carries
from treves.profile import Floats

Ints = NDArray[np.int64]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


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
FALL, IDLE, OUTSIDE, OUTVOTED, BLAME, PROCEDURE = range(6)
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
    lost: Floats  # (t, 4) after a vote was lost
    reach: Floats  # (t, z)


class Ends(NamedTuple):
    """Results, filled in place."""

    outcomes: Floats  # (d, 5)
    leaves: Floats  # (d, p)
    settled: Floats  # (d, 2, k)
    value: Floats  # (d, a)
    flow: Floats  # (d, t, len(FLOW))
    offers: Floats  # (d, k + 1) first session
    accepts: Floats  # (d, k) first session
    refuses: Floats  # (d, p) first session
    walks: Floats  # (d, p) first session


@compiled
def _logistic(x: float) -> float:
    if x >= 0.0:
        return float(1.0 / (1.0 + np.exp(-x)))
    e = np.exp(x)
    return float(e / (1.0 + e))


@compiled
def _choose(score: Floats, base: Floats, out: Floats) -> None:
    """Logit choice with base weights; base 0 = not available."""
    top = -np.inf
    for a in range(score.shape[0]):
        if base[a] > 0.0 and score[a] > top:
            top = score[a]
    total = 0.0
    for a in range(score.shape[0]):
        out[a] = base[a] * np.exp(score[a] - top) if base[a] > 0.0 else 0.0
        total += out[a]
    for a in range(score.shape[0]):
        out[a] /= total


@compiled
def _break(work: Work, precision: float, power: float, base: float) -> float:
    """One joint node: nobody breaks, or one of the flagged parties (row EXITS) does.

    The odds of a break are the power mean, with exponent ``power``, of the parties' own odds, so
    they do not grow with the number of parties. Row SHARE becomes each party's probability.
    """
    number, flag = work.number, work.flag
    top, count, parties = -np.inf, 0, flag.shape[1]
    for p in range(parties):
        number[SHARE, p] = 0.0
        if flag[EXITS, p]:
            count += 1
            top = max(top, number[GAIN, p])
    if count == 0 or base <= 0.0:
        return 0.0
    total = 0.0
    for p in range(parties):
        if flag[EXITS, p]:
            number[SHARE, p] = np.exp(power * precision * (number[GAIN, p] - top))
            total += number[SHARE, p]
    happens = _logistic(precision * top + np.log(base * (total / count) ** (1.0 / power)))
    for p in range(parties):
        number[SHARE, p] *= happens / total
    return happens


@compiled
def _descending(work: Work) -> int:
    """Sort the voters by their chance to say yes, most willing first; returns how many."""
    yes, flag, count = work.number, work.flag, 0
    for p in range(flag.shape[1]):
        if flag[VOTER, p]:
            j = count
            while j > 0 and yes[YES, flag[ORDER, j - 1]] < yes[YES, p]:
                flag[ORDER, j] = flag[ORDER, j - 1]
                j -= 1
            flag[ORDER, j] = p
            count += 1
    return count


@compiled
def _backed(held: float, needed: float, unknown: float) -> float:
    """Chance that enough seats back the body when any number of the unknown ones may."""
    if held >= needed:
        return 1.0
    if unknown <= 0.0:
        return 0.0
    return max(0.0, (held + unknown - needed) / unknown)


@compiled
def _keep(a: int, k: int, game: Game) -> float:
    """Worth to an actor of the body going on with package k, or with nothing decided."""
    return float(game.u[a, k] if k < game.u.shape[1] else game.pay[IDLE, a])


@compiled
def _survival(leaver: int, k: int, game: Game, work: Work) -> float:
    """Probability that the body goes on when one party leaves it over package k."""
    rules, party, parties = game.rules, game.party, game.party.shape[1]
    if rules.exit == ANY_LEAVES and party[COALITION, leaver] > 0.0:
        return 0.0
    if rules.exit != CONFIDENCE:
        left = 0.0
        for p in range(parties):
            if p != leaver and (party[COALITION, p] > 0.0 or party[WALKERS, p] > 0.0):
                left += party[WEIGHT, p]
        return 1.0 if left >= rules.needed else 0.0
    for p in range(parties):
        work.flag[VOTER, p] = 1 if party[WEIGHT, p] > 0.0 else 0
        keep = game.pay[OUTSIDE, p] if p == leaver else _keep(p, k, game)
        backs = _logistic(game.precision * (keep - game.pay[FALL, p]))
        work.number[YES, p] = 1.0 if p == rules.chair else backs
    count = _descending(work)
    # A support party breaks by a vote of no confidence, in which the opposition joins it.
    unknown = rules.unknown if party[COALITION, leaver] > 0.0 else rules.tolerance * rules.unknown
    survive, held, upper = 0.0, 0.0, 1.0
    for j in range(count + 1):
        lower = work.number[YES, work.flag[ORDER, j]] if j < count else 0.0
        survive += (upper - lower) * _backed(held, rules.needed, unknown)
        if j < count:
            held += party[WEIGHT, work.flag[ORDER, j]]
            upper = lower
    return survive


@compiled
def _tabulate_leaving(game: Game, work: Work) -> None:
    """For each package and leaver: each actor's value, and the chance that the body goes on."""
    pay, actors = game.pay, game.u.shape[0]
    for k in range(game.u.shape[1] + 1):
        for p in range(game.party.shape[1]):
            if game.party[WALKERS, p] == 0.0:
                continue
            alive = _survival(p, k, game, work)
            game.broken[k, p, actors] = alive
            for a in range(actors):
                keep, fall = _keep(a, k, game), pay[FALL, a]
                if a == p:
                    keep, fall = pay[OUTSIDE, a], fall - pay[BLAME, a]
                game.broken[k, p, a] = alive * keep + (1.0 - alive) * fall


@compiled
def _may_break(k: int, base: float, game: Game, work: Work, value: Floats) -> None:
    """Joint node of the flagged parties; ``value`` (a), worth of going on, becomes the node's.

    Row SHARE becomes each party's chance to break. Parties in row OUT were outvoted and pay for
    it also when somebody else leaves and the body goes on.
    """
    number, flag = work.number, work.flag
    parties, actors = flag.shape[1], value.shape[0]
    for p in range(parties):
        if flag[EXITS, p]:
            number[GAIN, p] = game.broken[k, p, p] - value[p]
    chance = _break(work, game.precision, game.rules.reluctance, base)
    if chance <= 0.0:
        return
    for a in range(actors):
        value[a] *= 1.0 - chance
    for p in range(parties):
        share = number[SHARE, p]
        if share > 0.0:
            for a in range(actors):
                value[a] += share * game.broken[k, p, a]
            alive = share * game.broken[k, p, actors]
            for j in range(parties):
                if flag[OUT, j] and j != p:
                    value[j] -= alive * game.pay[OUTVOTED, j]


@compiled
def _line_up(k: int, mode: int, fails: Floats, game: Game, work: Work) -> int:
    """Who votes on package k and how likely each says yes; returns how many vote."""
    party, flag = game.party, work.flag
    for p in range(flag.shape[1]):
        if mode == CONFIDENCE_VOTE:
            votes = party[WEIGHT, p] > 0.0
        elif mode == CHAIR_DECIDES:
            votes = party[ANSWERS, p] > 0.0
        else:
            votes = party[0, p] > 0.0 or party[ANSWERS, p] > 0.0
        flag[VOTER, p] = 1 if votes else 0
        flag[BALLOT, p] = 0
        otherwise = game.pay[FALL, p] if mode == CONFIDENCE_VOTE else fails[p]
        wants = _logistic(game.precision * (game.u[p, k] - otherwise))
        work.number[YES, p] = 1.0 if p == game.rules.chair else wants
    return _descending(work)


@compiled
def _passes(mode: int, game: Game, work: Work) -> float:
    rules, party, flag = game.rules, game.party, work.flag
    if mode == CHAIR_DECIDES:
        return 1.0
    if mode == CONFIDENCE_VOTE:
        held = 0.0
        for p in range(flag.shape[1]):
            if flag[BALLOT, p]:
                held += party[WEIGHT, p]
        return _backed(held, rules.needed, rules.tolerance * rules.unknown)
    rule = rules.called if mode == BODY_VOTE else rules.voting
    return 1.0 if carries(rule, party, flag[BALLOT]) else 0.0


@compiled
def _poll(
    k: int, mode: int, fails: Floats, game: Game, work: Work, value: Floats, ending: Floats
) -> None:
    """A vote on package k under one shared mood: the more willing say yes before the less.

    ``mode``: NO_FALLBACK for the body's own rule, else the fallback. ``value`` (a) becomes the
    value of the vote, ``ending`` its endings.
    """
    count = _line_up(k, mode, fails, game, work)
    value[:] = 0.0
    ending[:] = 0.0
    upper = 1.0
    for j in range(count + 1):
        lower = work.number[YES, work.flag[ORDER, j]] if j < count else 0.0
        mass = upper - lower
        if mass > 0.0:
            passed = mass * _passes(mode, game, work)
            if passed > 0.0:
                _count_passed(k, passed, game, work, value, ending)
            if mass > passed:
                _count_failed(mass - passed, mode, fails, game, work, value, ending)
        if j < count:
            work.flag[BALLOT, work.flag[ORDER, j]] = 1
            upper = lower
    if mode != CHAIR_DECIDES:
        for a in range(value.shape[0]):
            value[a] -= game.pay[PROCEDURE, a]


@compiled
def _count_passed(
    k: int, mass: float, game: Game, work: Work, value: Floats, ending: Floats
) -> None:
    """Add a set of yes-voters (row BALLOT), of probability ``mass``, with which k passes."""
    number, flag, stay = work.number, work.flag, work.number[STAY]
    parties, actors, against = flag.shape[1], value.shape[0], False
    for a in range(actors):
        stay[a] = game.u[a, k]
    for p in range(parties):
        out = flag[VOTER, p] == 1 and flag[BALLOT, p] == 0
        flag[OUT, p] = 1 if out else 0
        leaves = out and game.party[WALKERS, p] > 0.0 and p != game.rules.chair
        flag[EXITS, p] = 1 if leaves else 0
        if out:
            against = True
            stay[p] -= game.pay[OUTVOTED, p]
    stays = 1.0
    if against:
        _may_break(k, game.rules.leave, game, work, stay)
        for p in range(parties):
            share = number[SHARE, p]
            if share > 0.0:
                stays -= share
                alive = game.broken[k, p, actors]
                ending[BY_PARTY + p] += mass * share * alive
                ending[BY_PARTY + parties + p] += mass * share * (1.0 - alive)
    ending[OUTVOTING if against else UNOPPOSED] += mass * stays
    for a in range(actors):
        value[a] += mass * stay[a]


@compiled
def _count_failed(
    mass: float,
    mode: int,
    fails: Floats,
    game: Game,
    work: Work,
    value: Floats,
    ending: Floats,
) -> None:
    """Add a set of yes-voters (row BALLOT), of probability ``mass``, with which k fails."""
    flag, parties = work.flag, work.flag.shape[1]
    ending[FAILED] += mass
    for a in range(value.shape[0]):
        value[a] += mass * (game.pay[FALL, a] if mode == CONFIDENCE_VOTE else fails[a])
    if mode == CONFIDENCE_VOTE:
        for p in range(parties):
            if flag[VOTER, p] == 1 and flag[BALLOT, p] == 0 and game.party[WALKERS, p] > 0.0:
                ending[BY_PARTY + 2 * parties + p] += mass
                value[p] -= mass * game.pay[BLAME, p]


@compiled
def _chair(
    game: Game, z: int, options: Floats, later: Floats, vote: Floats, value: Floats, plan: Floats
) -> None:
    """The chair after a refusal: vote, postpone, drop or resign.

    ``later`` and ``vote`` (a): worth of postponing and of the vote. ``options`` (2, 4): room for
    scores, and the base weights (0 = not available). ``plan`` (4) becomes the choice.
    """
    rules, pay, h = game.rules, game.pay, game.rules.chair
    cost = rules.backing_down if z == 1 else 0.0
    options[0, VOTE] = game.precision * vote[h]
    options[0, POSTPONE] = game.precision * later[h]
    options[0, DROP] = game.precision * (pay[IDLE, h] - cost)
    options[0, RESIGN] = game.precision * (pay[FALL, h] - pay[BLAME, h])
    _choose(options[0], options[1], plan)
    for a in range(value.shape[0]):
        value[a] = (
            plan[VOTE] * vote[a]
            + plan[POSTPONE] * later[a]
            + plan[DROP] * pay[IDLE, a]
            + plan[RESIGN] * pay[FALL, a]
        )
    value[h] -= plan[DROP] * cost + plan[RESIGN] * pay[BLAME, h]


@compiled
def _respond(
    proposer: int, refused: Floats, offered: Floats, refuse: Floats, game: Game, work: Work
) -> float:
    """The parties answer an offer together; ``refused`` (a) becomes the value of the offer.

    ``offered`` (a): worth of the package. Returns the chance that all accept; ``refuse`` (p)
    becomes each party's chance to be the one that refuses.
    """
    for p in range(refuse.shape[0]):
        answers = game.party[ANSWERS, p] > 0.0 and p != proposer
        work.flag[EXITS, p] = 1 if answers else 0
        work.number[GAIN, p] = refused[p] - offered[p]
    no = _break(work, game.precision, game.rules.reluctance, 1.0)
    for p in range(refuse.shape[0]):
        refuse[p] = work.number[SHARE, p]
    for a in range(refused.shape[0]):
        refused[a] = (1.0 - no) * offered[a] + no * refused[a]
    return 1.0 - no


@compiled
def _session(t: int, calendar: Floats, game: Game, plan: Plan, work: Work, value: Floats) -> None:
    """One session, solved backward; ``value`` (2, a): next session's value in, this one's out."""
    rules, packages, actors = game.rules, game.u.shape[1], game.u.shape[0]
    hard, last = calendar[HARD, t], t == calendar.shape[1] - 1
    later, failed, votes, offer = work.later, work.failed, work.votes, work.offer
    options, scores = work.options, work.scores
    for z in range(2):
        for a in range(actors):
            going_on = (1.0 - hard) * (value[z, a] - rules.delay)
            later[z, a] = going_on + hard * game.pay[IDLE, a]
    votes[:] = 0.0
    options[1, VOTE] = 0.0
    options[1, POSTPONE] = 0.0 if last else rules.postpone
    options[1, DROP], options[1, RESIGN] = rules.drop, rules.resign
    _chair(game, 0, options, later[0], votes[0], failed, plan.lost[t])
    callable_ = rules.fallback != NO_FALLBACK and calendar[CAN_VOTE, t] > 0.0
    if callable_:
        for k in range(packages):
            _poll(k, rules.fallback, failed, game, work, votes[k], plan.vote[t, k])
    scores[1, :] = 1.0 / packages
    scores[1, packages] = rules.silence
    proposer = int(calendar[PROPOSER, t])
    for z in range(2 if rules.threatened else 1):
        for k in range(packages + 1):
            options[1, VOTE] = rules.vote if callable_ and k < packages else 0.0
            _chair(game, z, options, later[z], votes[k], offer[k], plan.chair[t, z, k])
            _walk_out(k, game, work, offer[k], plan.walk[t, z, k])
            if k < packages:
                _answer(k, t, z, proposer, game, plan, work, offer[k])
            speaker = proposer if proposer >= 0 else actors - 1
            scores[0, k] = game.precision * offer[k, speaker]
        _choose(scores[0], scores[1], plan.offer[t, z])
        for a in range(actors):
            value[z, a] = 0.0
            for k in range(packages + 1):
                value[z, a] += plan.offer[t, z, k] * offer[k, a]


@compiled
def _walk_out(k: int, game: Game, work: Work, value: Floats, walk: Floats) -> None:
    """After a refusal, before the chair decides: each party may leave the table."""
    for p in range(walk.shape[0]):
        can = game.party[WALKERS, p] > 0.0 and p != game.rules.chair
        work.flag[EXITS, p] = 1 if can else 0
        work.flag[OUT, p] = 0
    _may_break(k, game.rules.walk, game, work, value)
    for p in range(walk.shape[0]):
        walk[p] = work.number[SHARE, p]


@compiled
def _answer(
    k: int, t: int, z: int, proposer: int, game: Game, plan: Plan, work: Work, value: Floats
) -> None:
    """The answer to offer k, all together or by the body's vote; ``value`` (a) as in _respond."""
    if not game.rules.by_vote:
        refuse = plan.refuse[t, z, k]
        plan.accept[t, z, k] = _respond(proposer, value, game.u[:, k], refuse, game, work)
        return
    fails = work.number[FAILS]
    for a in range(value.shape[0]):
        fails[a] = value[a]
    ending = plan.answer[t, z, k]
    _poll(k, NO_FALLBACK, fails, game, work, value, ending)
    plan.accept[t, z, k] = ending[UNOPPOSED]


@compiled
def _add_vote(ending: Floats, reach: float, k: int, ends: Ends, d: int) -> None:
    """Add the endings of a vote that is reached with probability ``reach``."""
    parties = ends.leaves.shape[1]
    ends.outcomes[d, PASSED] += reach * ending[OUTVOTING]
    ends.settled[d, 1, k] += reach * ending[OUTVOTING]
    for p in range(parties):
        gone, fell = reach * ending[BY_PARTY + p], reach * ending[BY_PARTY + parties + p]
        ends.outcomes[d, LEAVES] += gone
        ends.outcomes[d, COLLAPSE] += fell
        ends.leaves[d, p] += gone + fell


@compiled
def _add_choice(
    mass: float, choice: Floats, hard: float, chair: int, ends: Ends, d: int, t: int
) -> float:
    """Add what follows the chair's choice, other than a vote; returns what goes to next session."""
    put_off, dropped = mass * choice[POSTPONE], mass * choice[DROP]
    resigned = mass * choice[RESIGN]
    ends.flow[d, t, F_POSTPONED] += put_off
    ends.flow[d, t, F_DROPPED] += dropped
    ends.flow[d, t, F_RESIGNED] += resigned
    ends.outcomes[d, POSTPONED] += dropped + put_off * hard
    ends.outcomes[d, COLLAPSE] += resigned
    if chair < ends.leaves.shape[1]:
        ends.leaves[d, chair] += resigned
    return float(put_off * (1.0 - hard))


@compiled
def _add_called_vote(
    called: float, t: int, k: int, hard: float, rules: Rules, plan: Plan, ends: Ends, d: int
) -> None:
    """Add a vote that the chair called after a refusal."""
    ending, parties = plan.vote[t, k], ends.leaves.shape[1]
    _add_vote(ending, called, k, ends, d)
    ends.outcomes[d, PASSED] += called * ending[UNOPPOSED]
    ends.settled[d, 1, k] += called * ending[UNOPPOSED]
    failed = called * ending[FAILED]
    ends.flow[d, t, F_VOTED] += called
    ends.flow[d, t, F_PASSED] += called - failed
    ends.flow[d, t, F_FAILED] += failed
    if rules.fallback == CONFIDENCE_VOTE:
        ends.outcomes[d, COLLAPSE] += failed
        for p in range(parties):
            ends.leaves[d, p] += called * ending[BY_PARTY + 2 * parties + p]
        return
    plan.reach[t + 1, 0] += _add_choice(failed, plan.lost[t], hard, rules.chair, ends, d, t)


@compiled
def _add_session(t: int, z: int, hard: float, game: Game, plan: Plan, ends: Ends, d: int) -> None:
    """Carry the probability of reaching a session forward to its endings."""
    rules, parties, packages = game.rules, ends.leaves.shape[1], ends.accepts.shape[1]
    reach = plan.reach[t, z]
    ends.flow[d, t, F_REACHED] += reach
    for k in range(packages + 1):
        made = reach * plan.offer[t, z, k]
        going_on = made
        if k < packages:
            going_on = _add_answer(made, t, z, k, rules.by_vote, plan, ends, d)
        if t == 0:
            ends.offers[d, k] += made
        refused = going_on
        for p in range(parties):
            walk = refused * plan.walk[t, z, k, p]
            alive = game.broken[k, p, parties + 1]
            going_on -= walk
            ends.flow[d, t, F_WALKED] += walk
            ends.leaves[d, p] += walk
            ends.outcomes[d, LEAVES] += walk * alive
            ends.outcomes[d, COLLAPSE] += walk * (1.0 - alive)
            if t == 0:
                ends.walks[d, p] += walk
        choice = plan.chair[t, z, k]
        plan.reach[t + 1, z] += _add_choice(going_on, choice, hard, rules.chair, ends, d, t)
        if choice[VOTE] > 0.0:
            _add_called_vote(going_on * choice[VOTE], t, k, hard, rules, plan, ends, d)


@compiled
def _add_answer(
    made: float, t: int, z: int, k: int, by_vote: bool, plan: Plan, ends: Ends, d: int
) -> float:
    """Add the answers to offer k; returns the probability that it was refused."""
    agreed = made * plan.accept[t, z, k]
    refused = made - agreed
    ends.outcomes[d, AGREEMENT] += agreed
    ends.settled[d, 0, k] += agreed
    if by_vote:
        ending = plan.answer[t, z, k]
        _add_vote(ending, made, k, ends, d)
        ends.flow[d, t, F_PASSED] += made * ending[OUTVOTING]
        refused = float(made * ending[FAILED])
    ends.flow[d, t, F_OFFERED] += made
    ends.flow[d, t, F_AGREED] += agreed
    ends.flow[d, t, F_REFUSED] += refused
    if t == 0:
        ends.accepts[d, k] = plan.accept[t, z, k]
        for p in range(ends.refuses.shape[1]):
            ends.refuses[d, p] += made * plan.refuse[t, z, k, p]
    return float(refused)


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


@compiled
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
    precision (d). ``plan``, ``work`` and ``broken`` come from :func:`room`; ``ends`` holds zeros
    and is filled.
    """
    party, calendar, u, pay, precision = tables
    start, sessions = 1 if rules.threatened else 0, calendar.shape[1]
    value = work.value
    for d in range(u.shape[0]):
        game = Game(rules, party, u[d], pay[d], broken, precision[d])
        value[:] = 0.0
        _tabulate_leaving(game, work)
        for t in range(sessions - 1, -1, -1):
            _session(t, calendar, game, plan, work, value)
        for a in range(value.shape[1]):
            ends.value[d, a] = value[start, a]
        plan.reach[:] = 0.0
        plan.reach[0, start] = 1.0
        for t in range(sessions - 1):
            for z in range(2):
                if plan.reach[t, z] > 0.0:
                    _add_session(t, z, calendar[HARD, t], game, plan, ends, d)
        ends.outcomes[d, POSTPONED] += plan.reach[sessions - 1, 0] + plan.reach[sessions - 1, 1]
