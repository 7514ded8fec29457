"""What a forecast says: plain records that print as JSON, with a hash over their content."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr

from treves.case.evidence import Record
from treves.case.model import Case
from treves.profile import Floats
from treves.shown import Shown

Prior = Literal["world", "library"]


class Spread(Record):
    """Where a model puts the settlement of one issue, over the draws (0-100)."""

    mean: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


class PackageOdds(Record):
    """One package: its value per issue, and who can live with it in what share of the draws."""

    values: dict[str, float]
    probability: float = Field(description="Share of draws in which everybody needed accepts it.")
    carried: float | None = Field(
        default=None, description="Share in which those who accept it can carry it under a rule."
    )
    accepts: dict[str, float] = Field(description="Share of draws in which each party accepts it.")
    blocker: str | None = Field(default=None, description="Party that blocks it most.")
    blocking_issue: str | None = None


class IssueGap(Record):
    """How far the red lines on one issue lie apart (negative: they overlap), and who holds them."""

    size: float
    q10: float
    q90: float
    overlap: float = Field(description="Share of draws in which some value is accepted by all.")
    lower: float
    upper: float
    holds_lower: str | None = None
    holds_upper: str | None = None


class ConcessionStep(Record):
    """One red line that would have to move: an edge of what a party accepts on an issue."""

    party: str
    issue: str
    edge: str
    old: float
    new: float


class Opening(Record):
    """The smallest total movement of red lines that opens a deal, at the most likely numbers."""

    total: float
    steps: tuple[ConcessionStep, ...]
    values: dict[str, float] = Field(description="A package that all needed accept after it.")
    worth: dict[str, float] = Field(description="What that package is worth to each party.")


class Exchange(Record):
    """A trade that makes two parties better off: ``first`` gives on one issue, gets on another."""

    first: str
    second: str
    gives: str
    receives: str
    values: dict[str, float]
    gain: float
    hurts: tuple[str, ...] = ()
    crosses: tuple[tuple[str, str], ...] = ()


class ZoneOdds(Record):
    """Is there a deal that nobody needed has to refuse?"""

    share_of_draws: float
    share_in_box: float
    packages_looked_at: int
    packages_in_all: int = 0
    left_out: float | None = Field(
        default=None,
        description="What was left out of a search is accepted by all needed in no larger share of "
        "the draws searched; null where every package was looked at.",
    )
    draws_searched: int = 0
    coverage: str
    gaps: dict[str, IssueGap]
    packages: tuple[PackageOdds, ...]
    solutions: dict[str, dict[str, float] | None]
    opening: Opening | None = None
    openings_alone: dict[str, float | None] = Field(
        description="Points that one party alone would have to move; null where that is not enough."
    )
    exchanges: tuple[Exchange, ...] = ()


class Ending(Record):
    """A package and how likely the talks end with it."""

    values: dict[str, float]
    agreed: float
    voted: float


class Decided(Record):
    """What is decided on each issue if the talks end one way; ``probability`` is of that ending."""

    probability: float
    issues: dict[str, Spread] = Field(default_factory=dict)
    status_quo: dict[str, float] = Field(
        default_factory=dict, description="Where nothing is decided: what stays, if it is known."
    )


class PartyStake(Record):
    """What each ending is worth to a party, mean over draws (0 worst package, 1 own package)."""

    best_package: float
    likely_package: float
    collapse: float
    status_quo: float
    outside: float


class Question(Record):
    """A number that is not exactly known, and how much knowing it would move the headline."""

    party: str
    field: str
    issue: str | None = None
    swing: float = Field(
        description="Standard deviation of the headline probability that knowing it would explain."
    )
    information: float = Field(
        default=0.0, description="Expected gain in log score of the headline ending, in nats."
    )
    right_call: float = Field(
        default=0.0,
        description="How much more often the most probable ending would be the one that comes.",
    )


class Forecast(Record, Shown):
    """The forecast of one case: how it ends, who leaves, what is settled, which deals exist."""

    case: str
    title: str
    as_of: dt.date
    horizon: dt.date
    seed: int
    draws: int
    prior: Prior
    version: str
    case_hash: str
    outcomes: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    outcomes_by_prior: dict[str, dict[str, float]]
    leaves: dict[str, float]
    settlement: dict[str, dict[str, Spread]]
    decision: dict[str, Spread] = Field(
        default_factory=dict,
        description="What is decided if anything is: half softmax, half even over the zone.",
    )
    joint: dict[str, Decided] = Field(default_factory=dict)
    decision_tested: bool = Field(
        default=False, description="Whether forecasts of decisions were scored on such cases."
    )
    zone: ZoneOdds
    endings: tuple[Ending, ...]
    stakes: dict[str, PartyStake]
    questions: tuple[Question, ...]
    basis: dict[str, int] = Field(description="How many numbers are reported, judged, assumed.")
    notes: tuple[str, ...] = ()
    # What was forecast, for showing it; not part of what is stored or hashed.
    _of: Case | None = PrivateAttr(default=None)
    _spread: Floats | None = PrivateAttr(default=None)

    @property
    def of(self) -> Case | None:
        """The case this is the forecast of; None for one that was read from a file."""
        return self._of

    @property
    def spread(self) -> Floats:
        """The odds as they could have been said, (n, 5): what the intervals are taken from.

        Raises ValueError for a forecast that was read from a file: there they are not kept.
        """
        if self._spread is None:
            raise ValueError("only a forecast that was just made knows its spread")
        return self._spread

    def about(self, case: Case, spread: Floats | None = None) -> Self:
        """The same forecast, knowing its case. Raises ValueError when it is of another case."""
        if case_hash(case) != self.case_hash:
            raise ValueError(f"this is not a forecast of case {case.id} as it is now")
        known = self.model_copy()
        known._of = case
        known._spread = self._spread if spread is None else spread
        return known

    def __eq__(self, other: object) -> bool:
        # one read from a file equals the one that was stored, which still knows its case
        return isinstance(other, Forecast) and self.__dict__ == other.__dict__

    @property
    def headline(self) -> str:
        """The most probable outcome."""
        return max(self.outcomes, key=lambda name: self.outcomes[name])

    def to_json(self) -> str:
        """JSON with sorted keys and, last, ``hash``: SHA-256 over everything else."""
        body = self.model_dump(mode="json")
        return json.dumps(body | {"hash": digest(body)}, indent=2, ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 over canonical JSON, with the name of the algorithm in front."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def case_hash(case: Case) -> str:
    """Hash of what a case says, whatever its spelling in the file."""
    return digest(case.model_dump(mode="json"))
