"""What is shown, as plain records: the tree that terminal, page, notebook and workbench render.

Numbers stand beside the words made of them, so that no renderer computes or phrases anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """What one number rests on: a quoted sentence, or the reason of a judgement."""

    text: str
    quoted: bool
    outlet: str = ""
    date: str = ""
    speaker: str = ""
    certainty: str = "asserted"  # asserted, hedged, denied
    confided: bool = False  # told in confidence; in a summary only when asked for


@dataclass(frozen=True)
class Number:
    """One number of the case: what it is, its value in words and figures, what it rests on."""

    path: str
    name: str
    text: str
    kind: str  # reported, judged, assumed
    sentences: tuple[Sentence, ...] = ()
    confided: int = 0  # sentences told in confidence, counted and not shown
    withheld: bool = False  # left out on request


@dataclass(frozen=True)
class OutcomeBar:
    """One ending: its name, probability, and interval [q10, q90]; the same in words."""

    outcome: str
    probability: float
    low: float
    high: float
    words: str = ""
    figure: str = ""
    chance: str = ""


@dataclass(frozen=True)
class PartyLine:
    """One party on one issue; values 0-100, None where nothing is known."""

    party: str
    position: float | None
    low: float | None
    high: float | None
    salience: float | None
    known: str  # what the position rests on: reported, judged or assumed
    sentences: tuple[str, ...] = ()
    label: str = ""
    position_range: tuple[float, float] | None = None
    low_range: tuple[float, float] | None = None
    high_range: tuple[float, float] | None = None
    numbers: tuple[Number, ...] = ()
    withheld: bool = False


@dataclass(frozen=True)
class Gap:
    """Between ``lower`` and ``upper`` (0-100) all accept (room) or nobody does (gap)."""

    is_gap: bool
    lower: float
    upper: float
    overlap: float
    holders: tuple[str, ...]


@dataclass(frozen=True)
class IssueLine:
    """One issue: its labelled points, a line per party, and the gap between the red lines."""

    issue: str
    title: str
    points: tuple[tuple[float, str], ...]
    parties: tuple[PartyLine, ...]
    gap: str
    span: Gap | None = None
    status_quo: float | None = None


@dataclass(frozen=True)
class Part:
    """One issue of a package: its title, the nearest label, the value 0-100."""

    issue: str
    title: str
    label: str
    value: float | None


@dataclass(frozen=True)
class Deal:
    """A package: its values in words, who can live with it, and what blocks it."""

    words: str
    probability: float
    parties: tuple[tuple[str, str], ...]  # party, accepts | unsure | refuses
    blocked_by: str
    figure: str = ""
    parts: tuple[Part, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    carried: float | None = None  # by a decision rule that was asked about


@dataclass(frozen=True)
class Worth:
    """What one ending is worth to a party: 0 = its worst package, 100 = its own in full."""

    ending: str
    words: str
    value: float


@dataclass(frozen=True)
class PartyStory:
    """Why a party does what it does: what it gets in each ending, and what it would take."""

    party: str
    name: str
    role: str
    worths: tuple[Worth, ...]
    sentences: tuple[str, ...]
    numbers: tuple[Number, ...]
    leaves: float
    needed: bool = True  # whether nothing can be agreed without it


@dataclass(frozen=True)
class CostPoint:
    """At one cost of backing down, the chance that the threat is carried out: [low, high]."""

    cost: float
    low: float
    high: float


@dataclass(frozen=True)
class Threat:
    """Is the threat a bluff: a band over the cost of backing down, and one paragraph.

    ``prior``: what one would have said without the threat (low, high). All are chances 0-1.
    """

    threatener: str
    target: str
    words: str
    points: tuple[CostPoint, ...]
    prior: tuple[float, float]
    grounds: tuple[str, ...] = ()  # sentences on which its resolve rests


@dataclass(frozen=True)
class Step:
    """One line of the tree: how deep, what happens, how likely after what stands above it."""

    depth: int
    words: str
    figure: str
    overall: str
    likeliest: bool  # on the most probable course


@dataclass(frozen=True)
class Turn:
    """A change of one number that would make another ending the most probable."""

    path: str
    words: str


@dataclass(frozen=True)
class Course:
    """How the talks go step by step, what earlier moves taught, and what would turn it."""

    words: str
    steps: tuple[Step, ...]
    taught: str = ""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Run:
    """Characters of a report that are marked in one way; ``claims`` are their numbers, from 1."""

    text: str
    kind: str = ""  # for, against, yields, threat, other; empty where nothing is claimed
    claims: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    hedged: bool = False
    possible: bool = False


@dataclass(frozen=True)
class ClaimLine:
    """One claim of a report in one line: its number, its kind and sign, its words."""

    number: int
    kind: str
    sign: str
    words: str


@dataclass(frozen=True)
class ReportView:
    """A report as it was read: its text in runs, and the claims found in it."""

    title: str
    stamp: str
    lang: str
    runs: tuple[Run, ...]
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True)
class Lever:
    """A number that is not exactly known, as a question, and how far knowing it would move us."""

    text: str
    swing: float  # points of the headline probability
    path: str
    swing_words: str


@dataclass(frozen=True)
class Moment:
    """The headline probability of one stored forecast, and the reports that came before it."""

    day: str
    outcomes: tuple[tuple[str, float], ...]
    low: float
    high: float
    figure: str
    reports: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Day:
    """A day to watch on the calendar."""

    date: str
    words: str
    label: str


@dataclass(frozen=True)
class Outside:
    """An outside number and whose case it strengthens or weakens."""

    words: str
    bears: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Record:
    """How good forecasts of this kind have been so far: in one line, and in sentences."""

    short: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """Everything that is shown of a case and its forecast, in the order of the page."""

    title: str
    stamp: str
    headline: str
    outcomes: tuple[OutcomeBar, ...]
    leaves: tuple[tuple[str, float], ...]
    issues: tuple[IssueLine, ...]
    deals: tuple[Deal, ...]
    zone: str
    tension: str
    must_move: tuple[str, ...]
    questions: tuple[str, ...]
    basis: str
    method: str
    notes: tuple[str, ...] = field(default=())
    lang: str = "en"
    country: str = ""
    order: tuple[str, ...] = ()
    colours: tuple[tuple[str, str], ...] = ()
    more_deals: tuple[Deal, ...] = ()
    blockers: str = ""
    opening: str = ""
    exchange: str = ""
    stories: tuple[PartyStory, ...] = ()
    levers: tuple[Lever, ...] = ()
    moments: tuple[Moment, ...] = ()
    days: tuple[Day, ...] = ()
    outside: tuple[Outside, ...] = ()
    rule: str = ""
    kinds: tuple[tuple[str, int], ...] = ()
    record: Record | None = None
    limits: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    brief: tuple[tuple[str, str], ...] = ()  # question, answer
    threat: Threat | None = None
    course: Course | None = None
    readings: tuple[ReportView, ...] = ()
    withheld: tuple[str, ...] = ()  # paths of numbers left out on request
