"""Is the threat a bluff? Two games in which the threatener knows more than the others.

With everybody's stakes known to all, a threat says nothing: in the main game it only binds the
threatener. Here the chair knows its own stakes and the others do not. (a) The chair is one of two
types, resolute or not; quantal responses. (b) Both sides have private shocks to their payoffs
(Lewis and Schultz 2003). Both can have several solutions; every one found is returned. The answer
depends on what backing down costs, which nobody knows: it is a band, never one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, root
from scipy.special import expit, ndtr

from treves.case.evidence import Claim
from treves.endgame.game import Endgame
from treves.endgame.resolve import Resolve, resolve_of
from treves.profile import Body, Floats

# Costs of threatening and then dropping the matter over which the band is taken.
COSTS = (0.0, 0.05, 0.1, 0.2, 0.3)
STEPS = 200
GRID = 2001
SAME = 1e-6
SMALLEST = 1e-9
# Beyond this many standard deviations a normal variable is certain.
SATURATED = 12.0
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True)
class Types:
    """Game (a). ``resolute`` is the prior; worths as in the case, 0 to 1.

    ``fall_*``: worth of the threat being carried out to a resolute chair, to a bluffing chair, to
    the other side; ``idle_*``: of the matter being dropped; ``deal_*``: of the other side giving
    in. ``backing_down``: cost of dropping the matter after a threat; ``threat_cost``: of making it.
    """

    resolute: float
    fall_resolute: float
    fall_bluffer: float
    fall_other: float
    idle_chair: float
    idle_other: float
    deal_chair: float
    deal_other: float
    backing_down: float
    threat_cost: float = 0.0


@dataclass(frozen=True)
class TypesSolution:
    """One solution of game (a). Pairs are (resolute, bluffer) or (after threat, after silence).

    ``posterior``: chance that a chair that threatens is resolute; ``after_silence``: one that
    does not. ``principal``: the solution that grows out of choices by chance alone.
    """

    threatens: tuple[float, float]
    concedes: tuple[float, float]
    carries_out: tuple[float, float]
    posterior: float
    after_silence: float
    principal: bool

    @property
    def chance(self) -> float:
        """Chance that a threat that is resisted is carried out."""
        resolute, bluffer = self.carries_out
        return self.posterior * resolute + (1.0 - self.posterior) * bluffer


@dataclass(frozen=True)
class Shocks:
    """Game (b), in units of the private shocks: A threatens, B resists or concedes, A fights.

    ``quiet``: worth to A of not threatening; ``win``: to A of B conceding; ``fight``: to A of
    carrying out; ``back``: to A of backing down. ``win_other``: to B of A backing down;
    ``concede``: to B of conceding; ``fight_other``: to B of A carrying out.
    """

    quiet: float
    win: float
    fight: float
    back: float
    win_other: float
    concede: float
    fight_other: float


@dataclass(frozen=True)
class ShocksSolution:
    """One solution of game (b): chance that B resists, that A threatens, and that A carries out
    after a threat that is resisted; ``prior``: the last without knowing of the threat."""

    resists: float
    threatens: float
    carries_out: float
    prior: float


def solve_types(game: Types, precision: float) -> tuple[TypesSolution, ...]:
    """Every solution found of game (a), the principal branch first.

    The principal branch is followed from precision 0 upward; others are looked for from a grid of
    starting points. Not all solutions may be found.

    >>> game = Types(0.4, 0.55, 0.15, 0.30, 0.35, 0.60, 0.80, 0.45, backing_down=0.1)
    >>> round(solve_types(game, 10.0)[0].posterior, 4)
    0.4283
    """
    point = np.full(4, 0.5)
    for step in np.linspace(0.0, precision, STEPS + 1)[1:]:
        found = root(_gap, point, args=(game, float(step)), method="hybr", options={"xtol": 1e-12})
        if found.success:
            point = found.x
    solutions = [_described(point, game, precision, True)]
    known = [point]
    for start in np.stack(np.meshgrid(*[[0.05, 0.95]] * 4), axis=-1).reshape(-1, 4):
        found = root(_gap, start, args=(game, precision), method="hybr")
        x = np.asarray(found.x)
        inside = found.success and (x > -SAME).all() and (x < 1.0 + SAME).all()
        if inside and all(np.abs(x - k).max() > 1e-5 for k in known):
            known.append(x)
            solutions.append(_described(x, game, precision, False))
    return tuple(solutions)


def solve_shocks(game: Shocks) -> tuple[ShocksSolution, ...]:
    """Every solution found of game (b), by the chance that B resists.

    The equation is scanned on a grid and refined where its sign changes; a root that only touches
    zero between two grid points can be missed.

    >>> found = solve_shocks(Shocks(0, 1, -0.5, -1, 1, 0, -0.5))
    >>> round(found[0].resists, 4), round(found[0].carries_out, 4)
    (0.5146, 0.6508)
    """
    points = np.linspace(0.0, 1.0, GRID)[1:-1]
    gaps = points - _resists(points, game)[0]

    def gap(p: float) -> float:
        return p - float(_resists(np.array([p]), game)[0][0])

    prior = float(ndtr((game.fight - game.back) / np.sqrt(2.0)))
    found: list[ShocksSolution] = []
    for i in np.flatnonzero(np.sign(gaps[:-1]) * np.sign(gaps[1:]) <= 0.0):
        p = float(brentq(gap, points[i], points[i + 1], xtol=1e-13))
        if not found or p - found[-1].resists > SAME:
            _, threatens, carries = _resists(np.array([p]), game)
            found.append(ShocksSolution(p, float(threatens[0]), float(carries[0]), prior))
    return tuple(found)


@dataclass(frozen=True)
class Bluff:
    """Whether a threat would be carried out, over the costs of backing down.

    ``low`` and ``high``: smallest and largest chance over costs and solutions, without
    ``threat`` and with it (``taught`` is the largest change that the threat makes).
    ``resolve``: chance that the threatener is of the resolute type before the threat, and the
    sentences it rests on; ``resolute_after`` (low, high): after it. ``types`` and ``shocks``: all
    solutions, one entry per cost.
    """

    threatener: str
    target: str
    costs: tuple[float, ...]
    low: float
    high: float
    prior: tuple[float, float]
    resolve: Resolve
    resolute_after: tuple[float, float]
    types: tuple[tuple[TypesSolution, ...], ...]
    shocks: tuple[tuple[ShocksSolution, ...], ...]

    @property
    def taught(self) -> float:
        """Largest change of the chance that the threat itself makes, with its sign."""
        moves = [s.carries_out - s.prior for group in self.shocks for s in group]
        return max(moves, key=abs) if moves else 0.0


def bluff_of(
    game: Endgame,
    body: Body,
    claims: Iterable[Claim] = (),
    precision: float = 8.0,
    costs: Sequence[float] = COSTS,
) -> Bluff | None:
    """Whether the chair's threat would be carried out; None when the chair is no party.

    The demand is the package of the menu that is best for the chair; the target is the party that
    likes it least compared with a collapse. Carrying out means a vote after which the target
    stays or leaves (a resignation where there is no vote). ``claims``: what is reported of the
    chair's resolve; they make the prior chance that it is of the resolute type, the upper half of
    its draws (:func:`treves.endgame.resolve.resolve_of`).
    """
    if body.chair < 0 or body.size < 2:
        return None
    chair = body.chair
    resolve = resolve_of(claims, game.parties[chair])
    demand = int(game.worth[:, chair].mean(axis=0).argmax())
    gain = (game.worth[:, :, demand] - game.fall).mean(axis=0)
    gain[chair] = np.inf
    target = int(gain.argmin())
    a, b = _carried_out(game, body, chair, target, demand, precision)
    solved = [
        (
            solve_types(_types(game, (a, b), (chair, target, demand), resolve.prior, c), precision),
            solve_shocks(_shocks(game, (a, b), (chair, target, demand), c)),
        )
        for c in costs
    ]
    types, shocks = tuple(s[0] for s in solved), tuple(s[1] for s in solved)
    after = [s.posterior for group in types for s in group]
    chances = [s.chance for group in types for s in group]
    chances += [s.carries_out for group in shocks for s in group]
    prior = [s.prior for group in shocks for s in group] or [resolve.prior]
    return Bluff(
        threatener=game.parties[chair],
        target=game.parties[target],
        costs=tuple(costs),
        low=min(chances),
        high=max(chances),
        prior=(min(prior), max(prior)),
        resolve=resolve,
        resolute_after=(min(after), max(after)),
        types=types,
        shocks=shocks,
    )


def _carried_out(
    game: Endgame, body: Body, chair: int, target: int, demand: int, precision: float
) -> tuple[Floats, Floats]:
    """Worth (d) of the threat being carried out, to the chair and to the target."""
    if body.fallback == "none":
        return game.fall[:, chair], game.fall[:, target]
    stays = expit(precision * (game.worth[:, target, demand] - game.fall[:, target]))

    def worth(p: int) -> Floats:
        return np.asarray(stays * game.worth[:, p, demand] + (1.0 - stays) * game.fall[:, p])

    return worth(chair), worth(target)


def _types(
    game: Endgame,
    carried: tuple[Floats, Floats],
    who: tuple[int, int, int],
    resolute: float,
    cost: float,
) -> Types:
    chair, target, demand = who
    ordered = np.sort(carried[0])
    half = max(1, len(ordered) // 2)
    return Types(
        resolute=resolute,
        fall_resolute=float(ordered[-half:].mean()),
        fall_bluffer=float(ordered[:half].mean()),
        fall_other=float(carried[1].mean()),
        idle_chair=float(game.idle[:, chair].mean()),
        idle_other=float(game.idle[:, target].mean()),
        deal_chair=float(game.worth[:, chair, demand].mean()),
        deal_other=float(game.worth[:, target, demand].mean()),
        backing_down=cost,
    )


def _shocks(
    game: Endgame, carried: tuple[Floats, Floats], who: tuple[int, int, int], cost: float
) -> Shocks:
    """The case in units of what is unknown about it: one over the standard deviation of draws."""
    chair, target, demand = who
    middle = _types(game, carried, who, 0.5, cost)
    spread_a = max(float(np.std(carried[0] - game.idle[:, chair])) / np.sqrt(2.0), 0.02)
    spread_b = max(float(np.std(carried[1] - game.worth[:, target, demand])), 0.02)
    return Shocks(
        quiet=middle.idle_chair / spread_a,
        win=middle.deal_chair / spread_a,
        fight=float(carried[0].mean()) / spread_a,
        back=(middle.idle_chair - cost) / spread_a,
        win_other=middle.idle_other / spread_b,
        concede=middle.deal_other / spread_b,
        fight_other=middle.fall_other / spread_b,
    )


def _beliefs(x: Floats, prior: float) -> tuple[float, float]:
    """Chance that the chair is resolute, after a threat and after silence."""
    said = prior * x[0] + (1.0 - prior) * x[1]
    silent = prior * (1.0 - x[0]) + (1.0 - prior) * (1.0 - x[1])
    after_threat = prior * x[0] / said if said > SMALLEST else prior
    after_silence = prior * (1.0 - x[0]) / silent if silent > SMALLEST else prior
    return float(after_threat), float(after_silence)


def _carry(game: Types, precision: float) -> NDArray[np.float64]:
    """Chance to carry out, axes (resolute or bluffer, after threat or silence)."""
    fall = np.array([[game.fall_resolute], [game.fall_bluffer]])
    back = np.array([[game.idle_chair - game.backing_down, game.idle_chair]])
    return np.asarray(expit(precision * (fall - back)))


def _gap(x: Floats, game: Types, precision: float) -> Floats:
    """How far (threat R, threat B, concede after threat, after silence) are from a solution."""
    carry = _carry(game, precision)
    fall = np.array([[game.fall_resolute], [game.fall_bluffer]])
    back = np.array([[game.idle_chair - game.backing_down, game.idle_chair]])
    resisted = carry * fall + (1.0 - carry) * back
    concede = x[2:]
    worth = concede * game.deal_chair + (1.0 - concede) * resisted
    threat = expit(precision * (worth[:, 0] - game.threat_cost - worth[:, 1]))
    other = carry * game.fall_other + (1.0 - carry) * game.idle_other
    belief = np.array(_beliefs(x, game.resolute))
    expected = belief * other[0] + (1.0 - belief) * other[1]
    gives_in = expit(precision * (game.deal_other - expected))
    return np.asarray(x - np.concatenate([threat, gives_in]))


def _described(x: Floats, game: Types, precision: float, principal: bool) -> TypesSolution:
    carry = _carry(game, precision)
    after_threat, after_silence = _beliefs(x, game.resolute)
    return TypesSolution(
        threatens=(float(x[0]), float(x[1])),
        concedes=(float(x[2]), float(x[3])),
        carries_out=(float(carry[0, 0]), float(carry[1, 0])),
        posterior=after_threat,
        after_silence=after_silence,
        principal=principal,
    )


def _resists(p: Floats, game: Shocks) -> tuple[Floats, Floats, Floats]:
    """B's chance to resist if A expects ``p``; A's chances to threaten and to carry out."""
    p = np.maximum(p, SMALLEST)
    line = (game.quiet - (1.0 - p) * game.win) / p
    threatens = 1.0 - ndtr(line - game.fight) * ndtr(line - game.back)
    both = _both((game.fight - game.back) / np.sqrt(2.0), game.fight - line)
    carries = np.clip(both / np.maximum(threatens, SMALLEST), SMALLEST, 1.0)
    fights = carries * game.fight_other + (1.0 - carries) * game.win_other
    return np.asarray(ndtr((fights - game.concede) / carries)), threatens, carries


def _both(x: float, y: Floats) -> Floats:
    """Distribution function of two normal variables with correlation 1/sqrt(2).

    Plackett's integral (1954) over the angle of the correlation, by Gauss and Legendre.
    """
    y = np.clip(y, -SATURATED, SATURATED)
    x = float(np.clip(x, -SATURATED, SATURATED))
    angle = (NODES + 1.0) * np.pi / 8.0
    sine, cosine = np.sin(angle), np.cos(angle)
    exponent = (x * x + y[:, None] ** 2 - 2.0 * x * y[:, None] * sine) / (2.0 * cosine**2)
    correction = (np.exp(-exponent) @ NODE_WEIGHTS) * np.pi / 8.0 / (2.0 * np.pi)
    return np.asarray(np.maximum(ndtr(x) * ndtr(y) + correction, 0.0))
