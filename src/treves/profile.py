"""A case as arrays: the only bridge from records to numbers.

Axes are always named in this order: draw ``d``, party ``p``, issue ``i``. Absent is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from treves.case.calendar import Session, sessions
from treves.case.estimate import Estimate
from treves.case.model import Case, Party, Stakes, Stance
from treves.shape import PLAIN, Shape, shape_of
from treves.shape import Floats as Floats

Triples = dict[str, Floats]

# Fields with one number per party and issue, and fields with one per party.
STANCE_FIELDS = ("position", "low", "high", "salience")
PARTY_FIELDS = (
    "power",
    "content_weight",
    "collapse",
    "status_quo",
    "outvoted",
    "outside",
    "blame",
    "dislikes_vote",
)

# What is assumed where a case is silent; shown as assumed wherever it is used.
# Collapse and status quo: the middle of RUBRIC's scale with the width it gives to numbers from
# memory. Blame is 0 because the coded value of a collapse already contains it.
ASSUMED: dict[str, tuple[float, float, float]] = {
    "content_weight": (1.0, 1.0, 1.0),
    "collapse": (0.07, 0.25, 0.43),
    "status_quo": (0.12, 0.22, 0.32),
    "outvoted": (0.05, 0.05, 0.05),
    "blame": (0.0, 0.0, 0.0),
    "dislikes_vote": (0.0, 0.0, 0.0),
}
# Having left a body that goes on is worth this much more than seeing it fall.
OUTSIDE_PREMIUM = 0.08

ROLES = ("coalition", "support", "outside")

# Moves with which a chair binds itself to a vote or to its own survival, and with which it
# lets go of that again.
THREATS = ("threat_vote", "threat_confidence_vote", "pm_ties_survival")
LETS_GO = ("drops_threat", "concession")


@dataclass(frozen=True)
class Profile:
    """What every party wants, accepts and stands to lose, as arrays.

    ``position``, ``low``, ``high`` (0-100) and ``salience`` (0-1) have axes (..., p, i); ``power``,
    ``content_weight`` and the stakes (``collapse``, ``status_quo``, ``outvoted``, ``outside``,
    ``blame``, ``dislikes_vote``; 0 = worst package, 1 = own package) have axes (..., p). The
    leading axes are the same for all. ``needed`` (p) marks the parties without which there is no
    deal; ``status_quo_point`` (i) is NaN where unknown. ``shape``: ratings, quadratic loss and what
    belongs together, the same in every draw.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    position: Floats
    low: Floats
    high: Floats
    salience: Floats
    power: Floats
    content_weight: Floats
    collapse: Floats
    status_quo: Floats
    outvoted: Floats
    outside: Floats
    blame: Floats
    dislikes_vote: Floats
    needed: NDArray[np.bool_]
    status_quo_point: Floats
    red_line_cost: float = 0.35
    red_line_ramp: float = 25.0
    shape: Shape = PLAIN

    @property
    def present(self) -> NDArray[np.bool_]:
        """Who takes part in which issue, (..., p, i): position, salience and power all known."""
        power = np.broadcast_to(self.power[..., None], self.position.shape)
        return ~(np.isnan(self.position) | np.isnan(self.salience) | np.isnan(power))

    @property
    def weight(self) -> Floats:
        """Pull of a party on an issue, power times salience, (..., p, i); 0 where not present.

        Where every weight on an issue is 0, those present weigh the same (conventions, 3.4).
        """
        present = self.present
        weight = np.where(present, self.power[..., None] * self.salience, 0.0)
        silent = ~(weight.sum(axis=-2, keepdims=True) > 0.0)
        return np.where(silent & present, 1.0, weight)

    def at(self, index: object) -> Profile:
        """The same profile for some of the draws: ``index`` goes to the leading axes."""
        chosen = {n: getattr(self, n)[index] for n in (*STANCE_FIELDS, *PARTY_FIELDS)}
        return replace(self, **chosen)

    def reorder(self, order: list[int]) -> Profile:
        """The same profile with the parties in another order (axis p)."""
        changed = {n: getattr(self, n)[..., order, :] for n in STANCE_FIELDS}
        changed |= {n: getattr(self, n)[..., order] for n in PARTY_FIELDS}
        names = tuple(self.parties[k] for k in order)
        shape = self.shape.reorder(order)
        return replace(self, parties=names, needed=self.needed[order], shape=shape, **changed)


@dataclass(frozen=True)
class Body:
    """How the body decides and what ends it. Arrays have axis (p), in the order of the profile.

    A case without a day has no ``sessions``: they count from it.
    """

    decision: str
    fallback: str
    exit: str
    chair: int
    chair_breaks_ties: bool
    votes: Floats
    seats: Floats
    population: Floats
    role: NDArray[np.int64]
    holders: NDArray[np.bool_]
    base: str
    quota: float
    members_share: float
    population_share: float
    majority: float
    chamber: float
    is_government: bool
    sessions: tuple[Session, ...]
    threatened: bool

    @property
    def size(self) -> int:
        """Number of parties."""
        return len(self.votes)


def needed_parties(case: Case) -> NDArray[np.bool_]:
    """Whose acceptance a deal needs, (p): every coalition party, or every voter under unanimity."""
    if case.rule.decision == "unanimity":
        need = [p.votes > 0 or p.role == "coalition" for p in case.parties]
    else:
        need = [p.role == "coalition" for p in case.parties]
    return np.array(need) if any(need) else np.ones(len(case.parties), dtype=bool)


def body_of(case: Case) -> Body:
    """The rules of a case as arrays for the endgame."""
    ids = [p.id for p in case.parties]
    rule, government = case.rule, case.government
    return Body(
        decision=rule.decision,
        fallback=rule.fallback,
        exit=government.falls_if if government else "any_leaves",
        chair=ids.index(case.chair) if case.chair in ids else -1,
        chair_breaks_ties=rule.tie_break == "chair",
        votes=np.array([p.votes for p in case.parties], dtype=float),
        seats=np.array([p.seats for p in case.parties], dtype=float),
        population=np.array([_or_nan(p.population) for p in case.parties]),
        role=np.array([ROLES.index(p.role) for p in case.parties]),
        holders=np.array([i in rule.holders for i in ids]),
        base=rule.base or "",
        quota=_or_nan(rule.quota),
        members_share=_or_nan(rule.members),
        population_share=_or_nan(rule.population),
        majority=float(government.majority) if government else np.nan,
        chamber=float(government.of) if government else np.nan,
        is_government=government is not None,
        sessions=sessions(case) if case.as_of else (),
        threatened=_vote_is_threatened(case),
    )


def triples(case: Case) -> Triples:
    """Every number of a case as [low, mode, high], by field.

    Axes are (p, i, 3) for the fields of a stance and (p, 3) for those of a party; NaN where the
    case is silent and nothing is assumed.
    """
    table = {
        name: np.array(
            [[_stance_triple(case, p.id, i.id, name) for i in case.issues] for p in case.parties]
        )
        for name in STANCE_FIELDS
    }
    table["salience"] = table["salience"] / 100.0
    has_seats = any(p.seats for p in case.parties)
    for name in PARTY_FIELDS:
        table[name] = np.array([_party_triple(case, p, name, has_seats) for p in case.parties])
    return table


def profile_from(case: Case, number: Callable[[str], Floats] | Mapping[str, Floats]) -> Profile:
    """A profile whose field ``f`` holds ``number(f)``, axes (..., p, i) or (..., p)."""
    value = number if callable(number) else number.__getitem__
    held = {name: value(name) for name in (*STANCE_FIELDS, *PARTY_FIELDS)}
    held["low"], held["high"] = _in_order(held["low"], held["high"])
    held["outside"] = np.where(
        np.isnan(held["outside"]), held["collapse"] + OUTSIDE_PREMIUM, held["outside"]
    )
    return Profile(
        parties=tuple(p.id for p in case.parties),
        issues=tuple(i.id for i in case.issues),
        needed=needed_parties(case),
        status_quo_point=np.array([_or_nan(i.status_quo) for i in case.issues]),
        red_line_cost=case.settings.red_line_cost,
        red_line_ramp=case.settings.red_line_ramp,
        shape=shape_of(case),
        **held,
    )


def modal(case: Case) -> Profile:
    """The case at its most likely numbers: a profile without a draw axis."""
    table = triples(case)
    return profile_from(case, lambda name: table[name][..., 1])


def field_names() -> tuple[str, ...]:
    """Names of the array fields of a profile."""
    return tuple(f.name for f in fields(Profile))


def _in_order(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    # Two uncertain edges can cross in a draw. Such a party accepts one point, half-way.
    crossed = low > high
    middle = (low + high) / 2.0
    return np.where(crossed, middle, low), np.where(crossed, middle, high)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _triple(estimate: Estimate | None) -> tuple[float, float, float]:
    if estimate is None:
        return (np.nan, np.nan, np.nan)
    return (estimate.low, estimate.mode, estimate.high)


def _stance_triple(case: Case, party: str, issue: str, name: str) -> tuple[float, float, float]:
    stance: Stance = case.stance(party, issue)
    if name in ("low", "high"):
        return _triple(getattr(stance.accepts, name) if stance.accepts else None)
    return _triple(stance.wanted if name == "position" else getattr(stance, name))


def _party_triple(
    case: Case, party: Party, name: str, has_seats: bool
) -> tuple[float, float, float]:
    if name == "power":
        if party.power is not None:
            return _triple(party.power)
        default = float(party.seats) if has_seats else float(party.votes)
        return (default, default, default)
    holder: object = party
    if name not in Party.model_fields:
        holder = case.stakes.get(party.id, Stakes())
    estimate = getattr(holder, name)
    if estimate is None:
        return ASSUMED.get(name, (np.nan, np.nan, np.nan))
    return _triple(estimate)


def _vote_is_threatened(case: Case) -> bool:
    """A threat by the chair, of a vote or of its own end, that it has not let go of."""
    state = False
    for move in sorted(case.moves, key=lambda m: m.date):
        known = case.as_of is None or move.date <= case.as_of
        if move.by == case.chair and known:
            if move.kind in THREATS:
                state = True
            elif move.kind in LETS_GO:
                state = False
    return state
