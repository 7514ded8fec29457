"""The records of a case: one dispute at one date.

Words and fields follow docs/conventions.md. Everything is frozen; :func:`treves.case.edits.apply`
makes a changed copy.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from treves.case.estimate import Estimate, Interval, Score, Share, Weight, Worth, short
from treves.case.evidence import Evidence, Record
from treves.errors import InputError, Problem
from treves.shown import Shown

Decision = Literal[
    "consensus",
    "unanimity",
    "majority",
    "weighted_majority",
    "double_majority",
    "veto",
    "setter",
    "negotiation",
]
Fallback = Literal["none", "majority_vote", "chair_decides", "confidence_vote"]
ExitRule = Literal["any_leaves", "majority_lost", "confidence_vote"]
Role = Literal["coalition", "support", "outside"]
MeetingKind = Literal[
    "council", "vote", "summit", "talks", "deadline", "debate", "congress", "election", "report"
]

DECISIONS: tuple[str, ...] = get_args(Decision)
FALLBACKS: tuple[str, ...] = get_args(Fallback)

# Older names in the crisis files, and what they mean in the closed list.
FALLBACK_ALIASES = {
    "chancellor_authority": "chair_decides",
    "pm_decides_ministers": "chair_decides",
}
# These say that the chair makes the proposal: the decision rule becomes `setter`.
SETTER_ALIASES = ("pm_dissolves", "pm_proposal")


def _identifier(value: Any) -> Any:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > 60 or not text.replace("_", "").replace("-", "").isalnum():
        raise PydanticCustomError(
            "identifier", f"{short(value)} is not an id; use letters, digits, - and _, at most 60"
        )
    return text


def _day(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    return value


Id = Annotated[str, BeforeValidator(_identifier)]
Day = Annotated[dt.date, BeforeValidator(_day), PlainSerializer(lambda d: d, return_type=dt.date)]
Text = Annotated[str, Field(max_length=4000)]
OnLine = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Rule(Record):
    """How the body decides, and what happens when that fails."""

    decision: Decision = "consensus"
    fallback: Fallback = "none"
    chair: Id | None = Field(default=None, description="The party that leads and makes proposals.")
    tie_break: Literal["none", "chair"] = "none"
    quota: float | None = Field(default=None, gt=0, description="weighted_majority: votes needed.")
    members: float | None = Field(default=None, gt=0, le=1, description="double_majority share.")
    population: float | None = Field(default=None, gt=0, le=1, description="double_majority share.")
    holders: tuple[Id, ...] = Field(default=(), description="veto: who holds one.")
    base: Decision | None = Field(default=None, description="veto, setter: rule underneath.")

    @model_validator(mode="before")
    @classmethod
    def _older_names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        rule = dict(value)
        fallback = rule.get("fallback")
        if fallback in FALLBACK_ALIASES:
            rule["fallback"] = FALLBACK_ALIASES[fallback]
        elif fallback in SETTER_ALIASES:
            rule["base"] = rule.get("base") or rule.get("decision", "consensus")
            rule |= {"decision": "setter", "fallback": "chair_decides"}
        return rule

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        needs = {
            "weighted_majority": ("quota",),
            "double_majority": ("members", "population"),
            "veto": ("holders", "base"),
        }
        missing = [f for f in needs.get(self.decision, ()) if not getattr(self, f)]
        if missing:
            raise PydanticCustomError("rule", f"rule {self.decision} needs {' and '.join(missing)}")
        return self


class Government(Record):
    """What keeps the body alive: seats needed, and what leaving does."""

    majority: int = Field(gt=0, description="Seats needed to survive.")
    of: int = Field(gt=0, description="Seats in the chamber.")
    falls_if: ExitRule = "any_leaves"


class Meeting(Record):
    """A day on the calendar. What it can decide follows from its kind unless stated."""

    date: Day
    kind: MeetingKind
    label: Text = ""
    decides: bool | None = None
    can_vote: bool | None = None
    hard: Share | None = Field(default=None, description="How sure it is that talks end here.")


class Party(Record):
    """Who decides or can block."""

    id: Id
    name: Text | None = None
    seats: int = Field(default=0, ge=0, description="Seats in parliament.")
    votes: float = Field(default=1, ge=0, description="Votes in the body.")
    population: float | None = Field(default=None, ge=0)
    power: Weight | None = Field(default=None, description="For settlement models; else seats.")
    role: Role = "coalition"
    chair: bool = False
    content_weight: Share = Field(
        default=Estimate(low=1, mode=1, high=1),
        description="How much content matters against having a deal at all.",
    )
    dislikes_vote: Share | None = None
    moves_with: tuple[Id, ...] = ()
    colour: str | None = Field(default=None, pattern=r"^#[0-9a-fA-F]{6}$")
    evidence: dict[str, Evidence] = Field(default_factory=dict)


class Issue(Record):
    """One measure of the package: a line from 0 to 100 with labelled points."""

    id: Id
    title: Text = ""
    status_quo: float | None = Field(default=None, ge=0, le=100)
    points: dict[float, str] = Field(default_factory=dict)
    continuous: bool = True
    aliases: tuple[str, ...] = Field(default=(), description="Other names, in any language.")
    words: dict[float, tuple[str, ...]] = Field(
        default_factory=dict, description="How reports name a point of the line."
    )
    automatic: bool = Field(
        default=False,
        description="Made by the reader: 0 = what opponents hold, 100 = what is asked for.",
    )

    @model_validator(mode="before")
    @classmethod
    def _labels_are_text(cls, value: Any) -> Any:
        # YAML reads a label such as `yes` or `2024` as something else than text.
        if isinstance(value, dict) and isinstance(value.get("points"), dict):
            points = {k: v if isinstance(v, str) else str(v) for k, v in value["points"].items()}
            return {**value, "points": points}
        return value

    @model_validator(mode="after")
    def _points_on_the_line(self) -> Issue:
        for point in (*self.points, *self.words):
            if not 0 <= point <= 100:
                raise PydanticCustomError(
                    "scale", f"labelled point {point:g} lies outside the scale 0 to 100"
                )
        return self

    def nearest_label(self, value: float) -> str:
        """Label of the labelled point nearest to a value; empty when there are no labels."""
        if not self.points:
            return ""
        return self.points[min(self.points, key=lambda p: (abs(p - value), p))]


class Stance(Record):
    """One party on one issue. What is absent stays absent."""

    position: Score | None = None
    accepts: Interval | None = None
    salience: Score | None = None
    worth: dict[float, float] | None = Field(
        default=None,
        max_length=200,
        description="What points of the line are worth, 0 to 1, where distance does not say it.",
    )
    why: Text | None = None
    source: Text | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)

    @property
    def wanted(self) -> Estimate | None:
        """The position; where only ratings are given, the point that is rated best."""
        if self.position is None and self.worth is not None:
            return Estimate.of(max(self.worth, key=lambda p: (self.worth or {})[p]))
        return self.position

    @model_validator(mode="after")
    def _ratings_on_the_line(self) -> Stance:
        if self.worth is not None and len(self.worth) < 2:
            raise PydanticCustomError("ratings", "worth rates fewer than two points")
        for point, rating in (self.worth or {}).items():
            if not 0 <= point <= 100:
                raise PydanticCustomError(
                    "scale", f"rated point {point:g} lies outside the scale 0 to 100"
                )
            if not 0 <= rating <= 1:
                raise PydanticCustomError(
                    "ratings", f"worth: rating {rating:g} of point {point:g} is not within 0 to 1"
                )
        return self

    @model_validator(mode="after")
    def _edges_on_the_line(self) -> Stance:
        if self.accepts is not None:
            edges = (self.accepts.low, self.accepts.high)
            if any(e.low < 0 or e.high > 100 for e in edges):
                raise PydanticCustomError("scale", "accepts lies outside the scale 0 to 100")
        return self


class Stakes(Record):
    """What a party gets if talks do not end in a deal; 0 = its worst package, 1 = its own."""

    collapse: Worth | None = None
    status_quo: Worth | None = None
    outvoted: Share | None = Field(default=None, description="Cost of being outvoted and staying.")
    outside: Worth | None = Field(
        default=None, description="Worth of having left a body that goes on."
    )
    blame: Share | None = Field(default=None, description="Cost of being the one who broke it.")
    factors: dict[str, Any] = Field(default_factory=dict)
    why: Text | None = None
    source: Text | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)


class Bearing(Record):
    """Whose case an outside number strengthens or weakens."""

    party: Id
    field: str
    direction: Literal["strengthens", "weakens"]


class Fact(Record):
    """An outside number. It changes no model by itself."""

    id: Id
    quantity: Text
    value: Estimate
    unit: str | None = None
    comparator: Literal["below", "above", "about", "equals"] = "equals"
    as_of: Day | None = None
    source: Text | None = None
    claims: tuple[str, ...] = ()
    bears_on: tuple[Bearing, ...] = ()


class Move(Record):
    """Something a party did. Which moves enter the game: data file endgame/moves.yaml."""

    date: Day
    by: str
    kind: Annotated[str, Field(max_length=60)]
    source: Text | None = None


class Together(Record):
    """Two measures that are worth something together, or one without the other.

    ``worth`` per party is added to the worth of a package in which both issues lie in their range;
    1 is as much as a party's own package in full against its worst.
    """

    where: dict[Id, tuple[OnLine, OnLine]]
    worth: dict[Id, Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]]
    why: Text | None = None
    source: Text | None = None

    @model_validator(mode="after")
    def _two_ranges(self) -> Together:
        if len(self.where) != 2:
            raise PydanticCustomError("together", "where does not name two issues")
        for issue, (low, high) in self.where.items():
            if low > high:
                raise PydanticCustomError(
                    "interval_order", f"{issue}: the lower end {low:g} lies above {high:g}"
                )
        return self


class Settings(Record):
    """Case-wide numbers of the red-line rule, and the form of loss."""

    red_line_cost: float = Field(default=0.35, ge=0, le=2)
    red_line_ramp: float = Field(default=25.0, gt=0, le=100)
    loss: Literal["linear", "quadratic"] = Field(
        default="linear", description="How worth falls with the distance from a position."
    )


class EditNote(Record):
    """Who changed which number, when and why."""

    path: str
    old: Any = None
    new: Any = None
    by: str
    on: Day
    why: Text


class Case(Record, Shown):
    """One dispute at one date: parties, issues, what each wants and can live with, the rules."""

    id: Id
    title: Text = ""
    country: str | None = None
    as_of: Day | None = Field(
        default=None, description="The day of the case; a forecast of the endgame needs one."
    )
    body: Text = ""
    context: Text | None = None
    rule: Rule = Rule()
    government: Government | None = None
    calendar: tuple[Meeting, ...] = ()
    parties: tuple[Party, ...] = Field(min_length=1, max_length=200)
    issues: tuple[Issue, ...] = Field(min_length=1, max_length=200)
    facts: tuple[Fact, ...] = ()
    positions: dict[Id, dict[Id, Stance]] = Field(default_factory=dict)
    stakes: dict[Id, Stakes] = Field(default_factory=dict)
    together: tuple[Together, ...] = Field(default=(), max_length=20)
    signals: dict[str, float] = Field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    settings: Settings = Settings()
    edits: tuple[EditNote, ...] = ()

    @property
    def chair(self) -> str | None:
        """Id of the party that leads, or None (also when an outsider leads)."""
        ids = {p.id for p in self.parties}
        if self.rule.chair is not None:
            return self.rule.chair if self.rule.chair in ids else None
        return next((p.id for p in self.parties if p.chair), None)

    @property
    def day(self) -> dt.date:
        """The day of the case; InputError where it has none."""
        if self.as_of is None:
            what = f"case {self.id} has no day, and this counts from it"
            raise InputError([Problem(what, "`as_of: 2024-05-31` in the case file")])
        return self.as_of

    def party(self, party_id: str) -> Party:
        """The party of that id; KeyError when there is none."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise KeyError(party_id)

    def issue(self, issue_id: str) -> Issue:
        """The issue of that id; KeyError when there is none."""
        for issue in self.issues:
            if issue.id == issue_id:
                return issue
        raise KeyError(issue_id)

    def stance(self, party_id: str, issue_id: str) -> Stance:
        """A party's stance on an issue; an empty stance when nothing is known."""
        return self.positions.get(party_id, {}).get(issue_id, Stance())
