"""What goes in and out of the REST interface. Unknown fields are refused, texts are bounded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from treves.web.uploads import About

MOST_NODES, MOST_DEPTH = 2000, 12


def _bounded(value: Any) -> Any:
    """A JSON value that is a number, an estimate or a rule, not a document."""
    left = [(value, 0)]
    seen = 0
    while left:
        item, depth = left.pop()
        seen += 1
        if seen > MOST_NODES or depth > MOST_DEPTH:
            raise ValueError("the value is too large for a number, a list or a word")
        if isinstance(item, str) and len(item) > 4000:
            raise ValueError("the text is too long")
        if isinstance(item, int) and abs(item) > 2**53:
            raise ValueError("the number is too large")
        if isinstance(item, dict):
            left += [(v, depth + 1) for v in item.values()]
        elif isinstance(item, list):
            left += [(v, depth + 1) for v in item]
    return value


Value = Annotated[Any, AfterValidator(_bounded)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
By = Annotated[str, Field(min_length=1, max_length=80, description="Who signs this.")]
Why = Annotated[str, Field(max_length=4000)]
Path = Annotated[str, Field(min_length=1, max_length=200, description="CU.collapse, rule.fallback")]
Odds = dict[str, float]
Lang = Literal["en", "nl"]


class In(BaseModel):
    """Something that is asked for."""

    model_config = ConfigDict(extra="forbid")


class Begin(In):
    """A new dossier: empty, from an example, or from the text of a case file."""

    by: By
    title: Annotated[str, Field(max_length=200)] | None = None
    example: Annotated[str, Field(max_length=80)] | None = None
    case: Annotated[str, Field(max_length=2_000_000)] | None = None


class Text(In):
    """A report that is pasted."""

    text: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    by: By
    about: About = About()


class Feed(In):
    """The address of a feed or a page."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    by: By


class Review(In):
    """A verdict on a claim."""

    key: Annotated[str, Field(min_length=1, max_length=1000)]
    verdict: Literal["confirm", "reject", "correct"]
    by: By
    changes: Annotated[dict[str, Value], Field(max_length=30)] = {}
    why: Why | None = None


class NewClaim(In):
    """A sentence taken as a claim."""

    source: Annotated[str, Field(min_length=1, max_length=100)]
    span: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]
    by: By
    fields: Annotated[dict[str, Value], Field(max_length=30)] = {}


class Signed(In):
    """Something that only needs a name."""

    by: By


class NewEdit(In):
    """A number with its new value and the reason."""

    path: Path
    value: Value
    by: By
    why: Annotated[str, Field(min_length=1, max_length=4000)]


class Trial(In):
    """A number and a value that it may or may not have."""

    path: Path
    value: Value


class Sets(In):
    """Numbers set for a what-if; of one session only the newest request is answered."""

    sets: Annotated[dict[Path, Value], Field(max_length=40)]
    session: Annotated[str, Field(max_length=80)] | None = None


class NewScenario(In):
    """A what-if to keep."""

    name: Name
    sets: Annotated[dict[Path, Value], Field(max_length=40)]
    by: By
    why: Why = ""


class Fault(BaseModel):
    """Why something was refused; ``problems`` one by one where there are several."""

    error: str
    problems: list[dict[str, Any]] = []


class Point(BaseModel):
    """One stored forecast in a line."""

    as_of: str
    outcomes: Odds


class Card(BaseModel):
    """A dossier in a list."""

    id: str
    title: str
    reports: int
    claims: int
    open: int
    forecasts: int
    as_of: str | None
    headline: str
    outcome: str | None
    probability: float | None
    line: list[Point]
    resolved: str | None


class Example(BaseModel):
    """A coded case that ships with treves."""

    name: str
    title: str
    country: str | None
    as_of: str | None
    parties: list[str]
    reports: int


class Opened(BaseModel):
    """A dossier that was begun, and the job that fills it if there is one."""

    dossier: str
    job: str | None = None


class JobState(BaseModel):
    """A piece of work; ``progress`` from 0 to 1, null where it is not known."""

    id: str
    dossier: str
    what: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float | None
    words: str
    result: Any
    error: str


class ReportHead(BaseModel):
    """What is known of a report beside its text."""

    id: str
    title: str | None
    outlet: str | None
    date: str | None
    lang: str | None
    url: str | None
    confided: bool


class ReportRow(ReportHead):
    """A report in a list."""

    claims: int
    open: int


class ClaimRow(BaseModel):
    """A claim as it stands after review."""

    model_config = ConfigDict(extra="allow")

    key: str
    number: int
    source: str
    span: tuple[int, int]
    quote: str
    stance: str
    party: str | None
    actor: str | None
    issue: str | None
    certainty: str
    state: str
    by: str | None
    decided_by: str | None
    why: str | None
    as_read: dict[str, Any]
    kind: str
    sign: str
    summary: str
    outlet: str | None
    title: str | None


class Segment(BaseModel):
    """A run of characters that is marked in one way."""

    text: str
    start: int
    end: int
    kind: str | None
    claims: list[str]
    opens: list[str]
    hedged: bool
    possible: bool


class MarkedReport(ReportHead):
    """A report with its claims marked."""

    segments: list[Segment]
    claims: list[ClaimRow]


class Change(BaseModel):
    """A number that a change moved."""

    path: str
    name: str
    old: Any
    new: Any


class EffectOut(BaseModel):
    """What a change did."""

    version: int
    what: str
    claim: ClaimRow | None
    numbers: list[Change]
    before: Odds | None
    after: Odds | None
    headline: str
    note: str


class CaseOut(BaseModel):
    """The case as it stands."""

    version: int
    has_case: bool
    note: str
    hash: str | None
    case: dict[str, Any] | None
    parties: list[str]


class NumberOut(BaseModel):
    """A number and what it rests on."""

    path: str
    party: str
    issue: str | None
    field: str
    name: str
    value: Any
    text: str
    kind: Literal["reported", "judged", "assumed", "absent"]
    why: str
    sentences: list[dict[str, Any]]


class EvidenceOut(NumberOut):
    """A number with who changed it."""

    history: list[dict[str, Any]]


class Bar(BaseModel):
    """One ending in the top bar; no interval while only quick odds are there."""

    outcome: str
    words: str
    probability: float
    low: float | None
    high: float | None
    figure: str
    chance: str


class Standing(BaseModel):
    """The top bar."""

    version: int
    title: str
    as_of: str | None
    horizon: str | None
    draws: int | None
    has_case: bool
    computing: bool
    kept: bool
    note: str
    headline: str
    outcomes: list[Bar]
    stored: Odds | None


class WhatIfOut(BaseModel):
    """The odds if some numbers were others."""

    sets: dict[str, Any]
    outcomes: Odds
    before: Odds
    stored: Odds | None
    change: Odds
    headline: str
    sentence: str
    flips: bool
    leaves: Odds
    share_in_box: float
    draws: int
    ms: float


class Knob(BaseModel):
    """A number that can be slid, or a rule that can be switched."""

    path: str
    label: str
    kind: Literal["slider", "range", "choice"]
    value: Any
    low: float | None
    high: float | None
    step: float | None
    choices: list[str] | None
    swing: float | None


class Scenario(BaseModel):
    """A what-if that was kept."""

    name: str
    sets: dict[str, Any]
    by: str
    at: str
    why: str
    outcomes: Odds | None


class HistoryRow(BaseModel):
    """A stored forecast and what moved it."""

    id: str
    kind: Literal["tool", "mine"]
    by: str
    at: str
    as_of: str
    horizon: str
    draws: int | None
    version: str | None
    outcomes: Odds
    reasons: list[dict[str, Any]]


class Entry(BaseModel):
    """Who added something, and when."""

    seq: int
    at: str
    by: str
    action: str
    rows: int


class HistoryOut(BaseModel):
    """The line of forecasts, and the newest changes."""

    forecasts: list[HistoryRow]
    entries: list[Entry]


class Version(BaseModel):
    """The number of the last change, and what came after the one that was asked about."""

    version: int
    changes: list[Entry] = []
