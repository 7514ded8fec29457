"""How talks end: the game of a dispute under a deadline, solved for every draw.

Offer, joint answer, walk-out, the chair's choice (vote, postpone, drop, resign), vote, exit of
the outvoted; on the calendar of the case and once more "later". Choices are logit responses
with backward induction: agent quantal response equilibrium (McKelvey and Palfrey, 1998).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from treves.case.model import FALLBACKS, ExitRule
from treves.endgame import tables
from treves.endgame.calibration import calibration
from treves.endgame.tally import solve
from treves.endgame.votes import COALITION, by_everybody, parties_of, voting_of
from treves.errors import CaseError, Problem
from treves.profile import Body, Floats, Profile
from treves.utility import Packages, payoff

OUTCOMES = ("agreement", "vote_passed", "postponed", "party_leaves", "collapse")
# The codes in `tables` follow the order of the lists in the case.
EXITS: tuple[str, ...] = get_args(ExitRule)
SUPPORT = 1
# A choice of infinite precision, as a number: payoffs apart by 1e-9 are then decisive.
SHARP = 1e12
Orders = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Play:
    """Options of the game. Costs are on the scale of payoffs (0 to 1), weights are odds.

    ``orders``: who proposes in each session, axes (order, session), -1 a mediator; None: the
    chair throughout. ``office``: what a party gives up by leaving a government that goes on,
    taken off ``outside``. ``vote_on_any``: the chair may put any package of the menu to the vote,
    also when nothing was offered. The other fields: :class:`treves.endgame.tables.Rules`.
    """

    orders: tuple[tuple[int, ...], ...] | None = None
    vote_on_any: bool = False
    office: float = 0.10
    silence: float = 1.0
    walk: float = 1.0
    leave: float = 1.0
    vote: float = 1.0
    postpone: float = 1.0
    drop: float = 1.0
    resign: float = 1.0
    delay: float = 0.02
    backing_down: float = 0.10
    reluctance: float = 4.0
    tolerance: float = 0.10


@dataclass(frozen=True)
class Endgame:
    """How the talks end until the last session of the calendar, per draw.

    ``outcomes`` (d, 5) in the order of ``OUTCOMES``; ``leaves`` (d, p): the party breaks (leaves,
    resigns, or votes the government down); ``settled`` (d, 2, k): package k is agreed, or passed
    by vote; ``value`` (d, p): what the party can expect; ``worth`` (d, p, k) of each package and
    ``fall``, ``idle``, ``outside`` (d, p) of a collapse, of no decision, of having left a body
    that goes on; ``outvoted`` (d, p): cost of being outvoted. ``flow`` (d, t, step): probability
    of each step of each session (names: ``tables.FLOW``). First session: ``offers`` (d, k + 1;
    the last is none), ``accepts`` (d, k),
    ``refuses`` and ``walks`` (d, p). ``by_order`` (order, d, 5): the odds for each order of play.
    """

    parties: tuple[str, ...]
    outcomes: Floats
    leaves: Floats
    settled: Floats
    value: Floats
    worth: Floats
    fall: Floats
    idle: Floats
    outside: Floats
    outvoted: Floats
    flow: Floats
    offers: Floats
    accepts: Floats
    refuses: Floats
    walks: Floats
    by_order: Floats = field(repr=False)


def play(
    profile: Profile,
    body: Body,
    packages: Packages,
    precision: Floats,
    options: Play | None = None,
) -> Endgame:
    """Solve the endgame for every draw.

    profile: draws of a case, fields (d, p, i) and (d, p); without a draw axis it is one draw.
    packages: (k, i), 0-100. precision: (d,) or one number; 0 = choices by base weight alone,
    infinite = best responses. Cost grows linearly in draws, packages and sessions and as p^3.
    With several orders of play (``options.orders``) the results are their average.

    Raises CaseError for a rule outside the closed list or an impossible order.

    >>> import numpy as np
    >>> from treves.catalogue import load_example
    >>> from treves.profile import body_of, modal
    >>> case = load_example("asylum")
    >>> offer = np.array([[40.0, 65.0]])
    >>> game = play(modal(case), body_of(case), offer, np.array([8.0]))
    >>> dict(zip(OUTCOMES, game.outcomes[0].round(2).tolist()))["party_leaves"]
    0.0
    """
    options = options or Play()
    profile = profile.at(np.newaxis) if profile.power.ndim == 1 else profile
    packages = np.atleast_2d(np.asarray(packages, dtype=np.float64))
    u, pay = _payoffs(profile, body, packages, options)
    sharp = np.minimum(np.broadcast_to(np.asarray(precision, dtype=np.float64), len(u)), SHARP)
    chosen = orders(body)[:1] if options.orders is None else np.asarray(options.orders)
    ends = [_solve(body, row, u, pay, np.ascontiguousarray(sharp), options) for row in chosen]
    mean = ends[0]._asdict()
    if len(ends) > 1:
        mean = {n: np.mean([getattr(e, n) for e in ends], axis=0) for n in ends[0]._fields}
    n = body.size
    mean["value"] = mean["value"][:, :n]
    return Endgame(
        parties=profile.parties,
        worth=u[:, :n],
        fall=pay[:, tables.FALL, :n],
        idle=pay[:, tables.IDLE, :n],
        outside=pay[:, tables.OUTSIDE, :n],
        outvoted=pay[:, tables.OUTVOTED, :n],
        by_order=np.array([e.outcomes for e in ends]),
        **mean,
    )


def orders(body: Body) -> Orders:
    """Orders of play worth comparing: who proposes in each session, axes (order, session).

    First the default: the chair throughout, or the mediator (-1) where the chair is no party.
    Then the mediator throughout, and each other party that must agree, first before the chair.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import body_of
    >>> orders(body_of(load_example("asylum")))[:2].tolist()
    [[0, 0, 0, 0], [-1, -1, -1, -1]]
    """
    count = len(body.sessions) + 1
    chair = body.chair if body.chair >= 0 else tables.MEDIATOR
    found = [(chair,) * count]
    if chair != tables.MEDIATOR:
        found.append((tables.MEDIATOR,) * count)
    answers = _answers(body)
    found += [
        (p, *(chair,) * (count - 1)) for p in range(body.size) if answers[p] and p != body.chair
    ]
    return np.array(found, dtype=np.int64)


def precision_draws(
    uniforms: Floats, median: float | None = None, sigma: float | None = None
) -> Floats:
    """Draws of the precision of choice from its log-normal distribution; uniforms in (0, 1).

    At precision 8 a gain of 0.1 makes odds of 2.2. Without ``median`` and ``sigma``: those fitted
    to the coded crises, from a prior with median 8 and sigma 0.7 that is a judgement.

    >>> import numpy as np
    >>> from treves.endgame import precision_draws
    >>> precision_draws(np.array([0.05, 0.5, 0.95]), median=8.0, sigma=0.7).round(1).tolist()
    [2.5, 8.0, 25.3]
    """
    from scipy.special import ndtri

    middle = float(calibration()["precision"]["median"]) if median is None else median
    spread = float(calibration()["precision"]["sigma"]) if sigma is None else sigma
    return np.asarray(middle * np.exp(spread * ndtri(np.asarray(uniforms, dtype=np.float64))))


def _answers(body: Body) -> Flags:
    """Whose yes an agreement needs, (p)."""
    table = parties_of(body)
    needed = (table[2] > 0) | body.holders
    if not by_everybody(body):
        needed = needed | (body.votes > 0)
    return np.asarray(needed | _pivotal_support(body))


def _pivotal_support(body: Body) -> Flags:
    """Support parties of a government that has its majority only with them."""
    support = body.role == SUPPORT
    coalition = body.seats[body.role == COALITION].sum()
    pivotal = coalition < body.majority <= coalition + body.seats[support].sum()
    return np.asarray(support & bool(body.is_government and pivotal))


def _walkers(body: Body) -> Flags:
    """Who can break the body by leaving: the coalition, and support that is needed."""
    walkers = (body.role == COALITION) | _pivotal_support(body)
    return np.asarray(walkers if walkers.any() else np.ones(body.size, dtype=bool))


def _payoffs(
    profile: Profile, body: Body, packages: Packages, options: Play
) -> tuple[Floats, Floats]:
    """Payoffs (d, a, k) and (d, row, a); the last actor is the mediator.

    The mediator wants what those who must agree want on average.
    """
    answers, u = _answers(body), payoff(profile, packages)
    given_up = options.office * (body.is_government & (body.role == COALITION))
    endings = np.concatenate([u, profile.status_quo[..., None]], axis=-1)
    rows = np.stack(
        [
            profile.collapse,
            profile.status_quo,
            profile.outside - given_up,
            profile.outvoted,
            profile.blame,
            profile.dislikes_vote,
            endings.max(axis=-1) - endings.min(axis=-1),
        ],
        axis=1,
    )
    mediator = rows[..., answers].mean(axis=-1, keepdims=True)
    u = np.concatenate([u, u[:, answers].mean(axis=1, keepdims=True)], axis=1)
    return np.ascontiguousarray(u), np.ascontiguousarray(np.concatenate([rows, mediator], -1))


def _solve(
    body: Body, proposers: Orders, u: Floats, pay: Floats, precision: Floats, options: Play
) -> tables.Ends:
    draws, actors, packages = u.shape
    n, sessions = actors - 1, len(body.sessions) + 1
    ends = tables.Ends(
        np.zeros((draws, len(OUTCOMES))),
        np.zeros((draws, n)),
        np.zeros((draws, 2, packages)),
        np.zeros((draws, actors)),
        np.zeros((draws, sessions, len(tables.FLOW))),
        np.zeros((draws, packages + 1)),
        np.zeros((draws, packages)),
        np.zeros((draws, n)),
        np.zeros((draws, n)),
    )
    weight = _weight(body)
    party = np.concatenate(
        [parties_of(body), [body.role == COALITION, _answers(body), _walkers(body), weight]]
    )
    rules, calendar = _rules(body, weight, options), _calendar(body, proposers)
    plan, work, broken = tables.room(sessions, packages, n)
    solve(rules, (party, calendar, u, pay, precision), plan, work, broken, ends)
    return ends


def _weight(body: Body) -> Floats:
    """What counts for the survival of the body: seats, or votes where nobody has seats."""
    return body.seats if body.seats.sum() > 0 else body.votes


def _calendar(body: Body, proposers: Orders) -> Floats:
    """Sessions as arrays, axes (row, t); the last session is "later"."""
    count = len(body.sessions) + 1
    if len(proposers) != count or proposers.max() >= body.size:
        what = f"an order of play names one of {body.size} parties, or -1, for each session"
        raise CaseError([Problem(what, f"{count} numbers")])
    can_vote = [float(s.can_vote) for s in body.sessions] + [1.0]
    hard = [s.hard for s in body.sessions] + [0.0]
    return np.array([can_vote, hard, proposers.astype(float)])


def _rules(body: Body, weight: Floats, options: Play) -> tables.Rules:
    needed = body.majority if np.isfinite(body.majority) else np.floor(weight.sum() / 2) + 1
    unknown = body.chamber - weight.sum() if np.isfinite(body.chamber) else 0.0
    names = set(tables.Rules._fields) & set(Play.__dataclass_fields__) - {"vote_on_any"}
    numbers = {name: float(getattr(options, name)) for name in names}
    return tables.Rules(
        voting=voting_of(body),
        called=voting_of(body, "majority"),
        by_vote=not by_everybody(body),
        fallback=_index(FALLBACKS, body.fallback, "fallback"),
        exit=_index(EXITS, body.exit, "exit"),
        chair=body.chair if body.chair >= 0 else body.size,
        needed=float(needed),
        unknown=max(float(unknown), 0.0),
        threatened=body.threatened,
        vote_on_any=options.vote_on_any,
        **numbers,
    )


def _index(names: tuple[str, ...], name: str, what: str) -> int:
    if name not in names:
        raise CaseError([Problem(f"unknown {what} {name!r}", ", ".join(names))])
    return names.index(name)
