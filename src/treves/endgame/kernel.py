"""Backward through the game of one draw: what each actor's choices are worth and how likely.

The game in words: docs/endgame.md. Axes and tables: :mod:`treves.endgame.tables`.
"""

from __future__ import annotations

import numpy as np

from treves.endgame.tables import (
    ANSWERS,
    ANY_LEAVES,
    BALLOT,
    BLAME,
    BODY_VOTE,
    BY_PARTY,
    CAN_VOTE,
    CARES,
    CHAIR_DECIDES,
    COALITION,
    CONFIDENCE,
    CONFIDENCE_VOTE,
    DROP,
    EXITS,
    FAILED,
    FAILS,
    FALL,
    GAIN,
    HARD,
    IDLE,
    NO_FALLBACK,
    ORDER,
    OUT,
    OUTSIDE,
    OUTVOTED,
    OUTVOTING,
    POSTPONE,
    PROCEDURE,
    PROPOSER,
    RESIGN,
    SHARE,
    STAY,
    UNOPPOSED,
    VOTE,
    VOTER,
    WALKERS,
    WEIGHT,
    YES,
    Game,
    Plan,
    Work,
    compiled,
)
from treves.endgame.votes import carries
from treves.profile import Floats

# Below this nobody cares, and all weigh the same.
CARELESS = 1e-9


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
def _break(game: Game, work: Work, base: float) -> float:
    """One joint node: nobody breaks, or one of the flagged parties (row EXITS) does.

    The odds of a break are the power mean of the parties' own odds, with the exponent
    ``reluctance`` and each party weighing as much as it cares. So they do not grow with the
    number of parties, and a party to which all is one has no part in them. Row SHARE becomes each
    party's probability.
    """
    number, flag, power = work.number, work.flag, game.rules.reluctance
    top, cares, count, parties = -np.inf, 0.0, 0, flag.shape[1]
    for p in range(parties):
        number[SHARE, p] = 0.0
        if flag[EXITS, p]:
            count += 1
            cares += game.pay[CARES, p]
            top = max(top, number[GAIN, p])
    if count == 0 or base <= 0.0:
        return 0.0
    total = 0.0
    for p in range(parties):
        if flag[EXITS, p]:
            weight = game.pay[CARES, p] / cares if cares > CARELESS else 1.0 / count
            behind = power * game.precision * (number[GAIN, p] - top)
            number[SHARE, p] = weight * np.exp(behind) if weight > 0.0 else 0.0
            total += number[SHARE, p]
    if total <= 0.0:
        return 0.0
    odds = game.precision * top + np.log(total) / power
    if base != 1.0:
        odds += np.log(base)
    happens = _logistic(odds)
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
def tabulate_leaving(game: Game, work: Work) -> None:
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
    chance = _break(game, work, base)
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
    no = _break(game, work, 1.0)
    for p in range(refuse.shape[0]):
        refuse[p] = work.number[SHARE, p]
    for a in range(refused.shape[0]):
        refused[a] = (1.0 - no) * offered[a] + no * refused[a]
    return 1.0 - no


@compiled
def solve_session(
    t: int, calendar: Floats, game: Game, plan: Plan, work: Work, value: Floats
) -> None:
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
        if rules.vote_on_any:
            _choose_ballot(game, work, plan.ballot[t])
    scores[1, :] = 1.0 / packages
    scores[1, packages] = rules.silence
    proposer = int(calendar[PROPOSER, t])
    for z in range(2 if rules.threatened else 1):
        for k in range(packages + 1):
            ballot = packages if rules.vote_on_any else k
            can_call = callable_ and (k < packages or rules.vote_on_any)
            options[1, VOTE] = rules.vote if can_call else 0.0
            _chair(game, z, options, later[z], votes[ballot], offer[k], plan.chair[t, z, k])
            _walk_out(k, game, work, offer[k], plan.walk[t, z, k])
            if k < packages:
                refuse, ending = plan.refuse[t, z, k], plan.answer[t, z, k]
                yes = _answer(k, proposer, game, work, offer[k], refuse, ending)
                plan.accept[t, z, k] = yes
            speaker = proposer if proposer >= 0 else actors - 1
            scores[0, k] = game.precision * offer[k, speaker]
        _choose(scores[0], scores[1], plan.offer[t, z])
        for a in range(actors):
            value[z, a] = 0.0
            for k in range(packages + 1):
                value[z, a] += plan.offer[t, z, k] * offer[k, a]


@compiled
def _choose_ballot(game: Game, work: Work, ballot: Floats) -> None:
    """Which package the chair puts to the vote; the last row of the votes becomes their mean."""
    packages, votes = game.u.shape[1], work.votes
    for k in range(packages + 1):
        work.scores[0, k] = game.precision * votes[k, game.rules.chair]
        work.scores[1, k] = 1.0 / packages if k < packages else 0.0
    _choose(work.scores[0], work.scores[1], ballot)
    for k in range(packages):
        for a in range(votes.shape[1]):
            votes[packages, a] += ballot[k] * votes[k, a]


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
    k: int, proposer: int, game: Game, work: Work, value: Floats, refuse: Floats, ending: Floats
) -> float:
    """The answer to offer k, all together or by the body's vote; ``value`` (a) as in _respond.

    Returns the chance that nobody is against; ``refuse`` (p) or ``ending`` tells the rest.
    """
    if not game.rules.by_vote:
        return _respond(proposer, value, game.u[:, k], refuse, game, work)
    fails = work.number[FAILS]
    for a in range(value.shape[0]):
        fails[a] = value[a]
    _poll(k, NO_FALLBACK, fails, game, work, value, ending)
    return float(ending[UNOPPOSED])
