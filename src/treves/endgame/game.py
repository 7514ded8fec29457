"""How talks end: the game of a dispute under a deadline, solved for every draw.

Offer, joint answer, walk-out, the chair's choice (vote, postpone, drop, resign), vote, exit of
the outvoted; on the calendar of the case and once more "later". Choices are logit responses
with backward induction: agent quantal response equilibrium (McKelvey and Palfrey, 1998).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from treves.endgame import kernel
from treves.endgame.votes import COALITION, EVERYBODY, RULES, ballot_of
from treves.errors import CaseError, Problem
from treves.profile import Body, Floats, Profile
from treves.utility import Packages, payoff

OUTCOMES = ("agreement", "vote_passed", "postponed", "party_leaves", "collapse")
EXITS = ("any_leaves", "majority_lost", "confidence_vote")
FALLBACKS = ("none", "majority_vote", "chair_decides", "confidence_vote")
SUPPORT = 1
# A choice of infinite precision, as a number: payoffs apart by 1e-9 are then decisive.
SHARP = 1e12
Orders = NDArray[np.int64]


@dataclass(frozen=True)
class Play:
    """Options of the game. Costs are on the scale of payoffs (0 to 1), weights are odds.

    ``orders``: who proposes in each session, axes (order, session), -1 a mediator; None: the
    chair throughout. ``office``: what a party gives up by leaving a government that goes on,
    taken off ``outside``. The other fields: :class:`treves.endgame.kernel.Weights`.
    """

    orders: tuple[tuple[int, ...], ...] | None = None
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
    reluctance: float = 2.0
    tolerance: float = 0.10

    def weights(self) -> kernel.Weights:
        """The numbers the compiled game needs."""
        return kernel.Weights(*(float(getattr(self, n)) for n in kernel.Weights._fields))


@dataclass(frozen=True)
class Endgame:
    """How the talks end until the last session of the calendar, per draw.

    ``outcomes`` (d, 5) in the order of ``OUTCOMES``; ``leaves`` (d, p): the party breaks (leaves,
    resigns, or votes the government down); ``settled`` (d, 2, k): package k is agreed, or passed
    by vote; ``value`` (d, p): what the party can expect; ``worth`` (d, p, k) of each package and
    ``fall``, ``idle``, ``outside`` (d, p) of a collapse, of no decision, of having left a body
    that goes on. ``flow`` (d, t, step): probability of each step of each session (names:
    ``kernel.FLOW``). First session: ``offers`` (d, k + 1; the last is none), ``accepts`` (d, k),
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
    >>> from treves.endgame import OUTCOMES, play
    >>> game = play(profile, body, packages, np.array([8.0]))    # doctest: +SKIP
    """
    options = options or Play()
    profile = _with_draws(profile)
    packages = np.atleast_2d(np.asarray(packages, dtype=np.float64))
    pays = _payoffs(profile, body, packages, options)
    draws = len(pays.fall)
    sharp = np.minimum(np.broadcast_to(np.asarray(precision, dtype=np.float64), draws), SHARP)
    chosen = orders(body)[:1] if options.orders is None else np.asarray(options.orders)
    ends = [_solve(body, row, pays, np.ascontiguousarray(sharp), options) for row in chosen]
    mean = {n: np.mean([getattr(e, n) for e in ends], axis=0) for n in kernel.Ends._fields}
    n = body.size
    mean["value"] = mean["value"][:, :n]
    return Endgame(
        parties=profile.parties,
        worth=pays.u[:, :n],
        fall=pays.fall[:, :n],
        idle=pays.idle[:, :n],
        outside=pays.outside[:, :n],
        by_order=np.array([e.outcomes for e in ends]),
        **mean,
    )


def orders(body: Body) -> Orders:
    """Orders of play worth comparing: who proposes in each session, axes (order, session).

    First the default: the chair throughout, or the mediator (-1) where the chair is no party.
    Then the mediator throughout, and each other party that must agree, first before the chair.
    """
    count = len(body.sessions) + 1
    chair = body.chair if body.chair >= 0 else kernel.MEDIATOR
    found = [(chair,) * count]
    if chair != kernel.MEDIATOR:
        found.append((kernel.MEDIATOR,) * count)
    answers = _answers(body)
    found += [
        (p, *(chair,) * (count - 1)) for p in range(body.size) if answers[p] and p != body.chair
    ]
    return np.array(found, dtype=np.int64)


def precision_draws(uniforms: Floats, median: float = 8.0, sigma: float = 0.7) -> Floats:
    """Draws of the precision of choice from its log-normal prior; uniforms in (0, 1).

    The prior is a judgement: at precision 8 a gain of 0.1 makes odds of 2.2.

    >>> import numpy as np
    >>> from treves.endgame import precision_draws
    >>> precision_draws(np.array([0.05, 0.5, 0.95])).round(1).tolist()
    [2.5, 8.0, 25.3]
    """
    from scipy.special import ndtri

    return np.asarray(median * np.exp(sigma * ndtri(np.asarray(uniforms, dtype=np.float64))))


def _with_draws(profile: Profile) -> Profile:
    return profile.at(np.newaxis) if profile.power.ndim == 1 else profile


def _answers(body: Body) -> NDArray[np.bool_]:
    """Whose yes an agreement needs, (p)."""
    needed = ballot_of(body).everybody | body.holders
    if RULES.index(body.decision) not in EVERYBODY:
        needed = needed | (body.votes > 0)
    return needed | _pivotal_support(body)


def _pivotal_support(body: Body) -> NDArray[np.bool_]:
    """Support parties of a government that has its majority only with them."""
    support = body.role == SUPPORT
    coalition = body.seats[body.role == COALITION].sum()
    pivotal = coalition < body.majority <= coalition + body.seats[support].sum()
    return support & bool(body.is_government and pivotal)


def _walkers(body: Body) -> NDArray[np.bool_]:
    """Who can bring the body down by leaving: the coalition, and support while it is needed."""
    walkers = body.role == COALITION
    if body.is_government and body.seats[walkers].sum() < body.majority:
        walkers = walkers | (body.role == SUPPORT)
    return walkers if walkers.any() else np.ones(body.size, dtype=bool)


def _payoffs(profile: Profile, body: Body, packages: Packages, options: Play) -> kernel.Pay:
    """Payoffs with the mediator as one more actor: the mean of those who must agree."""
    answers = _answers(body)

    def extended(value: Floats) -> Floats:
        mean = value[:, answers].mean(axis=1, keepdims=True)
        return np.ascontiguousarray(np.concatenate([value, mean], axis=1))

    given_up = options.office * (body.is_government & (body.role == COALITION))
    return kernel.Pay(
        extended(payoff(profile, packages)),
        extended(profile.collapse),
        extended(profile.status_quo),
        extended(profile.outside - given_up),
        extended(profile.outvoted),
        extended(profile.blame),
        extended(profile.dislikes_vote),
        0.0,
    )


def _solve(
    body: Body, proposers: Orders, pays: kernel.Pay, precision: Floats, options: Play
) -> kernel.Ends:
    draws, actors, packages = pays.u.shape
    n, sessions = actors - 1, len(body.sessions) + 1
    ends = kernel.Ends(
        np.zeros((draws, len(OUTCOMES))),
        np.zeros((draws, n)),
        np.zeros((draws, 2, packages)),
        np.zeros((draws, actors)),
        np.zeros((draws, sessions, len(kernel.FLOW))),
        np.zeros((draws, packages + 1)),
        np.zeros((draws, packages)),
        np.zeros((draws, n)),
        np.zeros((draws, n)),
    )
    kernel.solve(_setup(body, proposers), options.weights(), pays, precision, ends)
    return ends


def _setup(body: Body, proposers: Orders) -> kernel.Setup:
    if len(proposers) != len(body.sessions) + 1 or proposers.max() >= body.size:
        what = f"an order of play names one of {body.size} parties, or -1, for each session"
        raise CaseError([Problem(what, f"{len(body.sessions) + 1} numbers")])
    rule = ballot_of(body)
    weight = body.seats if body.seats.sum() > 0 else body.votes
    needed = body.majority if np.isfinite(body.majority) else np.floor(weight.sum() / 2) + 1
    unknown = body.chamber - weight.sum() if np.isfinite(body.chamber) else 0.0
    return kernel.Setup(
        body=rule,
        fallback_rule=ballot_of(body, "majority"),
        by_vote=rule.veto or rule.code not in EVERYBODY,
        fallback=_index(FALLBACKS, body.fallback, "fallback"),
        exit=_index(EXITS, body.exit, "exit"),
        chair=body.chair if body.chair >= 0 else body.size,
        coalition=body.role == COALITION,
        answers=_answers(body),
        walkers=_walkers(body),
        weight=weight,
        needed=float(needed),
        unknown=max(float(unknown), 0.0),
        can_vote=np.array([s.can_vote for s in body.sessions] + [True]),
        hard=np.array([s.hard for s in body.sessions] + [0.0]),
        proposer=np.ascontiguousarray(proposers, dtype=np.int64),
        threatened=body.threatened,
    )


def _index(names: tuple[str, ...], name: str, what: str) -> int:
    if name not in names:
        raise CaseError([Problem(f"unknown {what} {name!r}", ", ".join(names))])
    return names.index(name)
