"""The endgame of one dispute, solved draw by draw in compiled code.

Backward induction gives every party's value and every choice probability; a forward pass turns
the choices into odds of the endings. The game in words: docs/endgame.md.

Axes: draw ``d``, actor ``a`` (the parties, then the mediator), package ``k`` (in arrays of length
K + 1 the last entry means that nothing was offered), session ``t`` (the last one is "later").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.endgame.votes import Ballot, Mask, carries
from treves.profile import Floats

NDInts = NDArray[np.int64]

ANY_LEAVES, MAJORITY_LOST, CONFIDENCE = range(3)
NO_FALLBACK, BODY_VOTE, CHAIR_DECIDES, CONFIDENCE_VOTE = range(4)
VOTE, POSTPONE, DROP, RESIGN = range(4)
AGREEMENT, PASSED, POSTPONED, LEAVES, COLLAPSE = range(5)
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
MEDIATOR = -1


class Setup(NamedTuple):
    """Rules and calendar as plain arrays; what does not change from draw to draw."""

    body: Ballot  # the decision rule
    fallback_rule: Ballot  # what a called vote needs in the body
    by_vote: bool  # offers are decided by the body's own vote
    fallback: int
    exit: int
    chair: int  # index of an actor; the mediator when the chair is no party
    coalition: Mask
    answers: Mask  # whose yes an agreement needs
    walkers: Mask  # who can bring the body down by leaving
    weight: Floats  # seats, or votes where nobody has seats
    needed: float  # weight the body needs to go on
    unknown: float  # weight of those not in the case
    can_vote: Mask
    hard: Floats
    proposer: NDInts
    threatened: bool


class Weights(NamedTuple):
    """Base weights of actions and the costs that are not the parties' own."""

    silence: float  # proposing nothing, against proposing something
    walk: float  # walking out after a refusal, against going on
    leave: float  # leaving after being outvoted, against staying
    vote: float
    postpone: float
    drop: float
    resign: float
    delay: float  # cost of each further session
    backing_down: float  # chair's cost of threatening a vote and dropping the matter
    reluctance: float  # how far the most reluctant party counts more than the average one
    tolerance: float  # share of the unknown seats that may back the government in its own vote


class Pay(NamedTuple):
    """Payoffs of one draw."""

    u: Floats  # (a, k)
    fall: Floats
    idle: Floats
    outside: Floats
    outvoted: Floats
    blame: Floats
    procedure: Floats
    precision: float


class Game(NamedTuple):
    """One draw of the game."""

    setup: Setup
    weights: Weights
    pay: Pay


class Plan(NamedTuple):
    """Choice probabilities of one draw; z = 1 while a threatened vote is outstanding."""

    offer: Floats  # (t, z, k + 1)
    accept: Floats  # (t, z, k)
    refuse: Floats  # (t, z, k, p)
    answer: Floats  # (t, z, k, stat) where the body votes on offers
    walk: Floats  # (t, z, k + 1, p)
    alive: Floats  # (t, z, k + 1, p)
    chair: Floats  # (t, z, k + 1, 4)
    vote: Floats  # (t, k, stat)
    lost: Floats  # (t, 4)
    reach: Floats  # (t, z)


class Scratch(NamedTuple):
    """Work space, so that the loop over draws allocates nothing large."""

    share: Floats
    alive: Floats
    broken: Floats
    gain: Floats
    stay: Floats
    fails: Floats
    yes: Floats
    order: NDInts
    voter: Mask
    ballot: Mask
    out: Mask
    exits: Mask


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


@njit(cache=True, nogil=True)
def _logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + np.exp(-x))
    e = np.exp(x)
    return e / (1.0 + e)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _break(gain: Floats, who: Mask, pay: Pay, power: float, base: float, share: Floats) -> float:
    """One joint node: nobody breaks, or one of ``who`` does.

    The odds of a break are the power mean (exponent ``reluctance``) of the parties' own odds, so
    they do not grow with the number of parties. ``share`` is set to each party's probability.
    """
    top, count = -np.inf, 0
    for p in range(who.shape[0]):
        share[p] = 0.0
        if who[p]:
            count += 1
            top = max(top, pay.precision * gain[p])
    if count == 0 or base <= 0.0:
        return 0.0
    total = 0.0
    for p in range(who.shape[0]):
        if who[p]:
            share[p] = np.exp(power * (pay.precision * gain[p] - top))
            total += share[p]
    happens = _logistic(top + np.log(total / count) / power + np.log(base))
    for p in range(who.shape[0]):
        share[p] *= happens / total
    return happens


@njit(cache=True, nogil=True)
def _keep(a: int, k: int, pay: Pay) -> float:
    """Worth to an actor of the body going on with package k, or with nothing decided."""
    return pay.u[a, k] if k < pay.u.shape[1] else pay.idle[a]


@njit(cache=True, nogil=True)
def _descending(score: Floats, who: Mask, order: NDInts) -> int:
    """Indices of ``who`` by falling score; returns how many."""
    count = 0
    for p in range(who.shape[0]):
        if who[p]:
            j = count
            while j > 0 and score[order[j - 1]] < score[p]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = p
            count += 1
    return count


@njit(cache=True, nogil=True)
def _survival(leaver: int, k: int, setup: Setup, pay: Pay) -> float:
    """Probability that the body goes on when one party leaves it over package k."""
    n = setup.coalition.shape[0]
    if setup.exit == ANY_LEAVES and setup.coalition[leaver]:
        return 0.0
    if setup.exit != CONFIDENCE:
        left = 0.0
        for p in range(n):
            if p != leaver and (setup.coalition[p] or setup.walkers[p]):
                left += setup.weight[p]
        return 1.0 if left >= setup.needed else 0.0
    yes, who, order = np.empty(n), np.empty(n, np.bool_), np.empty(n, np.int64)
    for p in range(n):
        who[p] = setup.weight[p] > 0.0
        keep = pay.outside[p] if p == leaver else _keep(p, k, pay)
        yes[p] = 1.0 if p == setup.chair else _logistic(pay.precision * (keep - pay.fall[p]))
    count = _descending(yes, who, order)
    survive, held, upper = 0.0, 0.0, 1.0
    for j in range(count + 1):
        lower = yes[order[j]] if j < count else 0.0
        survive += (upper - lower) * _backed(held, setup.needed, setup.unknown)
        if j < count:
            held += setup.weight[order[j]]
            upper = lower
    return survive


@njit(cache=True, nogil=True)
def _backed(held: float, needed: float, unknown: float) -> float:
    """Chance that enough seats back the body when any number of the unknown ones may."""
    if held >= needed:
        return 1.0
    if unknown <= 0.0:
        return 0.0
    return max(0.0, (held + unknown - needed) / unknown)


@njit(cache=True, nogil=True)
def _after_leaving(leaver: int, k: int, out: Mask, setup: Setup, pay: Pay, value: Floats) -> float:
    """Set each actor's value of one party leaving; returns the chance that the body goes on."""
    alive = _survival(leaver, k, setup, pay)
    for a in range(value.shape[0]):
        keep, fall = _keep(a, k, pay), pay.fall[a]
        if a < out.shape[0] and out[a]:
            keep -= pay.outvoted[a]
        if a == leaver:
            keep, fall = pay.outside[a], fall - pay.blame[a]
        value[a] = alive * keep + (1.0 - alive) * fall
    return alive


@njit(cache=True, nogil=True)
def _may_break(
    who: Mask, k: int, out: Mask, game: Game, scratch: Scratch, value: Floats, base: float
) -> None:
    """Joint node: ``value`` (a) is what going on is worth; it becomes the value of the node.

    Fills ``scratch.share`` (p) with each party's chance to break and ``scratch.alive`` (p) with
    the chance that the body then goes on.
    """
    n, actors = who.shape[0], value.shape[0]
    for p in range(n):
        scratch.share[p] = 0.0
        if who[p]:
            scratch.alive[p] = _after_leaving(p, k, out, game.setup, game.pay, scratch.broken[p])
            scratch.gain[p] = scratch.broken[p, p] - value[p]
    chance = _break(scratch.gain, who, game.pay, game.weights.reluctance, base, scratch.share)
    for a in range(actors):
        mixed = (1.0 - chance) * value[a]
        for p in range(n):
            if who[p]:
                mixed += scratch.share[p] * scratch.broken[p, a]
        value[a] = mixed


@njit(cache=True, nogil=True)
def _opposition(k: int, mode: int, fails: Floats, game: Game, scratch: Scratch) -> int:
    """Who votes on package k and how likely each says yes; sorts them, most willing first."""
    setup, pay = game.setup, game.pay
    for p in range(setup.coalition.shape[0]):
        if mode == CONFIDENCE_VOTE:
            scratch.voter[p] = setup.weight[p] > 0.0
        elif mode == CHAIR_DECIDES:
            scratch.voter[p] = setup.answers[p]
        else:
            scratch.voter[p] = setup.body.votes[p] > 0.0 or setup.body.holders[p]
        otherwise = pay.fall[p] if mode == CONFIDENCE_VOTE else fails[p]
        wants = _logistic(pay.precision * (pay.u[p, k] - otherwise))
        scratch.yes[p] = 1.0 if p == setup.chair else wants
    return _descending(scratch.yes, scratch.voter, scratch.order)


@njit(cache=True, nogil=True)
def _passes(mode: int, game: Game, yes: Mask) -> float:
    setup = game.setup
    if mode == CHAIR_DECIDES:
        return 1.0
    if mode == CONFIDENCE_VOTE:
        held = 0.0
        for p in range(yes.shape[0]):
            if yes[p]:
                held += setup.weight[p]
        return _backed(held, setup.needed, game.weights.tolerance * setup.unknown)
    rule = setup.fallback_rule if mode == BODY_VOTE else setup.body
    return 1.0 if carries(rule, yes) else 0.0


@njit(cache=True, nogil=True)
def _poll(
    k: int, mode: int, fails: Floats, game: Game, scratch: Scratch, value: Floats, stat: Floats
) -> None:
    """A vote on package k under one shared mood: the more willing vote yes before the less.

    ``mode``: NO_FALLBACK for the body's own rule, else the fallback. ``value`` (a) becomes the
    value of the vote; ``stat`` its endings: [0] nobody against, [1] passed over somebody who
    stayed, [2] failed, then per party: left and the body goes on, left and it fell, voted no
    when it fell with the vote.
    """
    setup, pay = game.setup, game.pay
    n, actors = setup.coalition.shape[0], value.shape[0]
    count = _opposition(k, mode, fails, game, scratch)
    value[:] = 0.0
    stat[:] = 0.0
    upper = 1.0
    for p in range(n):
        scratch.ballot[p] = False
    for j in range(count + 1):
        lower = scratch.yes[scratch.order[j]] if j < count else 0.0
        mass = upper - lower
        if mass > 0.0:
            _one_ballot(k, mode, mass, fails, game, scratch, value, stat)
        if j < count:
            scratch.ballot[scratch.order[j]] = True
            upper = lower
    if mode != CHAIR_DECIDES:
        for a in range(actors):
            value[a] -= pay.procedure[a]


@njit(cache=True, nogil=True)
def _one_ballot(
    k: int,
    mode: int,
    mass: float,
    fails: Floats,
    game: Game,
    scratch: Scratch,
    value: Floats,
    stat: Floats,
) -> None:
    """Add one set of yes-voters (``scratch.ballot``), of probability ``mass``, to the vote."""
    setup, pay, stay = game.setup, game.pay, scratch.stay
    n, actors = setup.coalition.shape[0], value.shape[0]
    passed = _passes(mode, game, scratch.ballot)
    against = False
    for p in range(n):
        scratch.out[p] = scratch.voter[p] and not scratch.ballot[p]
        against = against or scratch.out[p]
        scratch.exits[p] = scratch.out[p] and setup.walkers[p] and p != setup.chair
    if passed > 0.0:
        for a in range(actors):
            stay[a] = pay.u[a, k]
            if a < n and scratch.out[a]:
                stay[a] -= pay.outvoted[a]
        _may_break(scratch.exits, k, scratch.out, game, scratch, stay, game.weights.leave)
        stays = 1.0
        for p in range(n):
            if scratch.exits[p]:
                stays -= scratch.share[p]
                went = mass * passed * scratch.share[p]
                stat[3 + p] += went * scratch.alive[p]
                stat[3 + n + p] += went * (1.0 - scratch.alive[p])
        stat[1 if against else 0] += mass * passed * stays
        for a in range(actors):
            value[a] += mass * passed * stay[a]
    lost = mass * (1.0 - passed)
    if lost > 0.0:
        stat[2] += lost
        for a in range(actors):
            value[a] += lost * (pay.fall[a] if mode == CONFIDENCE_VOTE else fails[a])
        if mode == CONFIDENCE_VOTE:
            for p in range(n):
                if scratch.exits[p]:
                    stat[3 + 2 * n + p] += lost
                    value[p] -= lost * pay.blame[p]


@njit(cache=True, nogil=True)
def _chair(
    k: int, t: int, z: int, game: Game, plan: Plan, later: Floats, vote: Floats, value: Floats
) -> None:
    """The chair after a refusal: vote, postpone, drop or resign. ``later`` (a): postponing."""
    setup, pay, weights = game.setup, game.pay, game.weights
    h, packages = setup.chair, pay.u.shape[1]
    last = t == setup.can_vote.shape[0] - 1
    score, base = np.zeros(4), np.zeros(4)
    cost = weights.backing_down if z == 1 else 0.0
    callable_ = k < packages and setup.fallback != NO_FALLBACK and setup.can_vote[t]
    if callable_:
        base[VOTE], score[VOTE] = weights.vote, pay.precision * vote[h]
    if not last:
        base[POSTPONE], score[POSTPONE] = weights.postpone, pay.precision * later[h]
    base[DROP], score[DROP] = weights.drop, pay.precision * (pay.idle[h] - cost)
    base[RESIGN], score[RESIGN] = weights.resign, pay.precision * (pay.fall[h] - pay.blame[h])
    chosen = plan.chair[t, z, k]
    _choose(score, base, chosen)
    for a in range(value.shape[0]):
        value[a] = chosen[DROP] * pay.idle[a] + chosen[RESIGN] * pay.fall[a]
        if callable_:
            value[a] += chosen[VOTE] * vote[a]
        if not last:
            value[a] += chosen[POSTPONE] * later[a]
    value[h] -= chosen[DROP] * cost + chosen[RESIGN] * pay.blame[h]


@njit(cache=True, nogil=True)
def _after_failed_vote(t: int, game: Game, plan: Plan, later: Floats, value: Floats) -> None:
    """The chair after a lost vote: postpone, drop or resign (the threat is spent)."""
    nothing = game.pay.u.shape[1]
    _chair(nothing, t, 0, game, plan, later, later, value)
    plan.lost[t] = plan.chair[t, 0, nothing]


@njit(cache=True, nogil=True)
def _respond(
    k: int, t: int, z: int, game: Game, plan: Plan, scratch: Scratch, refused: Floats
) -> None:
    """The parties answer an offer; ``refused`` (a) becomes the value of having offered k."""
    setup, pay = game.setup, game.pay
    n = setup.coalition.shape[0]
    if setup.by_vote:
        scratch.fails[:] = refused
        stat = plan.answer[t, z, k]
        _poll(k, NO_FALLBACK, scratch.fails, game, scratch, refused, stat)
        plan.accept[t, z, k] = stat[0]
        return
    who = scratch.exits
    for p in range(n):
        who[p] = setup.answers[p] and p != setup.proposer[t]
        scratch.gain[p] = refused[p] - pay.u[p, k]
    no = _break(scratch.gain, who, pay, game.weights.reluctance, 1.0, scratch.share)
    plan.accept[t, z, k] = 1.0 - no
    for p in range(n):
        plan.refuse[t, z, k, p] = scratch.share[p]
    for a in range(refused.shape[0]):
        refused[a] = (1.0 - no) * pay.u[a, k] + no * refused[a]


@njit(cache=True, nogil=True)
def _session(t: int, game: Game, plan: Plan, scratch: Scratch, value: Floats) -> None:
    """One session, solved backward; ``value`` (2, a): next session's value in, this one's out."""
    setup, pay, weights = game.setup, game.pay, game.weights
    n, packages, actors = setup.coalition.shape[0], pay.u.shape[1], pay.u.shape[0]
    later, failed = np.empty((2, actors)), np.empty(actors)
    for z in range(2):
        for a in range(actors):
            going_on = (1.0 - setup.hard[t]) * (value[z, a] - weights.delay)
            later[z, a] = going_on + setup.hard[t] * pay.idle[a]
    _after_failed_vote(t, game, plan, later[0], failed)
    votes = np.zeros((packages + 1, actors))
    if setup.fallback != NO_FALLBACK and setup.can_vote[t]:
        for k in range(packages):
            _poll(k, setup.fallback, failed, game, scratch, votes[k], plan.vote[t, k])
    offer = np.empty((packages + 1, actors))
    score, base = np.empty(packages + 1), np.full(packages + 1, 1.0 / packages)
    base[packages] = weights.silence
    nobody, walkers = np.zeros(n, np.bool_), setup.walkers.copy()
    if setup.chair < n:
        walkers[setup.chair] = False
    proposer = setup.proposer[t] if setup.proposer[t] >= 0 else actors - 1
    for z in range(2 if setup.threatened else 1):
        for k in range(packages + 1):
            _chair(k, t, z, game, plan, later[z], votes[k], offer[k])
            _may_break(walkers, k, nobody, game, scratch, offer[k], weights.walk)
            for p in range(n):
                plan.walk[t, z, k, p] = scratch.share[p]
                plan.alive[t, z, k, p] = scratch.alive[p] if walkers[p] else 0.0
            if k < packages:
                _respond(k, t, z, game, plan, scratch, offer[k])
            score[k] = pay.precision * offer[k, proposer]
        _choose(score, base, plan.offer[t, z])
        for a in range(actors):
            value[z, a] = 0.0
            for k in range(packages + 1):
                value[z, a] += plan.offer[t, z, k] * offer[k, a]


@njit(cache=True, nogil=True)
def _count_vote(stat: Floats, reach: float, k: int, ends: Ends, d: int) -> None:
    """Add the endings of a vote that is reached with probability ``reach``."""
    n = ends.leaves.shape[1]
    ends.outcomes[d, PASSED] += reach * stat[1]
    ends.settled[d, 1, k] += reach * stat[1]
    for p in range(n):
        gone, fell = reach * stat[3 + p], reach * stat[3 + n + p]
        ends.outcomes[d, LEAVES] += gone
        ends.outcomes[d, COLLAPSE] += fell
        ends.leaves[d, p] += gone + fell


@njit(cache=True, nogil=True)
def _count_chair(
    reach: float, t: int, z: int, k: int, game: Game, plan: Plan, ends: Ends, d: int
) -> None:
    """Add what follows the chair's choice after a refusal of k that nobody walked out over."""
    setup, n, packages = game.setup, ends.leaves.shape[1], game.pay.u.shape[1]
    chosen = plan.chair[t, z, k]
    _count_waiting(reach * chosen[POSTPONE], reach * chosen[DROP], t, z, game, plan, ends, d)
    _count_resign(reach * chosen[RESIGN], t, game, ends, d)
    called = reach * chosen[VOTE]
    if k == packages or called <= 0.0:
        return
    stat, flow = plan.vote[t, k], ends.flow[d, t]
    _count_vote(stat, called, k, ends, d)
    ends.outcomes[d, PASSED] += called * stat[0]
    ends.settled[d, 1, k] += called * stat[0]
    flow[5] += called
    flow[6] += called * (1.0 - stat[2])
    flow[7] += called * stat[2]
    failed = called * stat[2]
    if setup.fallback == CONFIDENCE_VOTE:
        ends.outcomes[d, COLLAPSE] += failed
        for p in range(n):
            ends.leaves[d, p] += called * stat[3 + 2 * n + p]
        return
    lost = plan.lost[t]
    _count_waiting(failed * lost[POSTPONE], failed * lost[DROP], t, 0, game, plan, ends, d)
    _count_resign(failed * lost[RESIGN], t, game, ends, d)


@njit(cache=True, nogil=True)
def _count_waiting(
    put_off: float, dropped: float, t: int, z: int, game: Game, plan: Plan, ends: Ends, d: int
) -> None:
    ends.flow[d, t, 8] += put_off
    ends.flow[d, t, 9] += dropped
    over = put_off * game.setup.hard[t]
    ends.outcomes[d, POSTPONED] += dropped + over
    plan.reach[t + 1, z] += put_off - over


@njit(cache=True, nogil=True)
def _count_resign(mass: float, t: int, game: Game, ends: Ends, d: int) -> None:
    ends.outcomes[d, COLLAPSE] += mass
    ends.flow[d, t, 10] += mass
    if game.setup.chair < ends.leaves.shape[1]:
        ends.leaves[d, game.setup.chair] += mass


@njit(cache=True, nogil=True)
def _count_session(t: int, z: int, game: Game, plan: Plan, ends: Ends, d: int) -> None:
    """Carry the probability of reaching a session forward to its endings."""
    setup, n, packages = game.setup, ends.leaves.shape[1], game.pay.u.shape[1]
    reach, flow = plan.reach[t, z], ends.flow[d, t]
    flow[0] += reach
    for k in range(packages + 1):
        made = reach * plan.offer[t, z, k]
        refused = made
        if t == 0:
            ends.offers[d, k] += made
        if k < packages:
            flow[1] += made
            agreed = made * plan.accept[t, z, k]
            ends.outcomes[d, AGREEMENT] += agreed
            ends.settled[d, 0, k] += agreed
            flow[2] += agreed
            if setup.by_vote:
                stat = plan.answer[t, z, k]
                _count_vote(stat, made, k, ends, d)
                flow[6] += made * stat[1]
                refused = made * stat[2]
            else:
                refused = made - agreed
            flow[3] += refused
            if t == 0:
                ends.accepts[d, k] = plan.accept[t, z, k]
        going_on = refused
        for p in range(n):
            walk = refused * plan.walk[t, z, k, p]
            going_on -= walk
            flow[4] += walk
            ends.leaves[d, p] += walk
            ends.outcomes[d, LEAVES] += walk * plan.alive[t, z, k, p]
            ends.outcomes[d, COLLAPSE] += walk * (1.0 - plan.alive[t, z, k, p])
            if t == 0:
                ends.walks[d, p] += walk
                if k < packages and not setup.by_vote:
                    ends.refuses[d, p] += made * plan.refuse[t, z, k, p]
        _count_chair(going_on, t, z, k, game, plan, ends, d)


@njit(cache=True, nogil=True)
def solve(setup: Setup, weights: Weights, pays: Pay, precision: Floats, ends: Ends) -> None:
    """Solve every draw; ``pays`` has a leading draw axis, ``ends`` holds zeros and is filled."""
    draws, actors, packages = pays.u.shape
    n, sessions = setup.coalition.shape[0], setup.can_vote.shape[0]
    plan = Plan(
        np.zeros((sessions, 2, packages + 1)),
        np.zeros((sessions, 2, packages)),
        np.zeros((sessions, 2, packages, n)),
        np.zeros((sessions, 2, packages, 3 + 3 * n)),
        np.zeros((sessions, 2, packages + 1, n)),
        np.zeros((sessions, 2, packages + 1, n)),
        np.zeros((sessions, 2, packages + 1, 4)),
        np.zeros((sessions, packages, 3 + 3 * n)),
        np.zeros((sessions, 4)),
        np.zeros((sessions, 2)),
    )
    scratch = Scratch(
        np.zeros(n),
        np.zeros(n),
        np.zeros((n, actors)),
        np.zeros(n),
        np.zeros(actors),
        np.zeros(actors),
        np.zeros(n),
        np.zeros(n, np.int64),
        np.zeros(n, np.bool_),
        np.zeros(n, np.bool_),
        np.zeros(n, np.bool_),
        np.zeros(n, np.bool_),
    )
    value = np.empty((2, actors))
    start = 1 if setup.threatened else 0
    for d in range(draws):
        pay = Pay(
            pays.u[d],
            pays.fall[d],
            pays.idle[d],
            pays.outside[d],
            pays.outvoted[d],
            pays.blame[d],
            pays.procedure[d],
            precision[d],
        )
        game = Game(setup, weights, pay)
        value[:] = 0.0
        for t in range(sessions - 1, -1, -1):
            _session(t, game, plan, scratch, value)
        ends.value[d] = value[start]
        plan.reach[:] = 0.0
        plan.reach[0, start] = 1.0
        for t in range(sessions - 1):
            for z in range(2):
                if plan.reach[t, z] > 0.0:
                    _count_session(t, z, game, plan, ends, d)
        ends.outcomes[d, POSTPONED] += plan.reach[sessions - 1].sum()
