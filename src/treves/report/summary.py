"""The one summary that terminal, page, notebook and workbench render. Nothing else is computed.

:func:`summarise` turns a case and its forecast into plain records in the order in which a reader
needs them: headline, how it ends, the gap, deals, who must move, what to find out next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from treves.case.model import Case, Issue, Stance
from treves.case.provenance import Basis, basis_of
from treves.forecast.result import Forecast, IssueGap, PackageOdds, ZoneOdds
from treves.report.words import (
    FIELD_QUESTION,
    band,
    day,
    in_ten,
    listed,
    percent,
    round_half_up,
    word_for,
)

OUTCOME_ORDER = ("agreement", "vote_passed", "postponed", "party_leaves", "collapse")
# Shares of draws above and below which a party is said to accept or to refuse a package.
ACCEPTS, REFUSES = 0.75, 0.25
SHOWN_DEALS = 3
# Below this share of the draws a package is no deal that anybody could count on.
POSSIBLE = 0.005


@dataclass(frozen=True)
class OutcomeBar:
    """One ending: its name, probability, and interval [q10, q90]."""

    outcome: str
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class PartyLine:
    """One party on one issue; values 0-100, None where nothing is known."""

    party: str
    position: float | None
    low: float | None
    high: float | None
    salience: float | None
    known: str  # reported, judged or assumed
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class IssueLine:
    """One issue: its labelled points, a line per party, and the gap between the red lines."""

    issue: str
    title: str
    points: tuple[tuple[float, str], ...]
    parties: tuple[PartyLine, ...]
    gap: str


@dataclass(frozen=True)
class Deal:
    """A package: its values in words, who can live with it, and what blocks it."""

    words: str
    probability: float
    parties: tuple[tuple[str, str], ...]  # party, accepts | unsure | refuses
    blocked_by: str
    carried: float | None = None  # by a decision rule that was asked about


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


def summarise(case: Case, forecast: Forecast) -> Summary:
    """What to show of a forecast, in plain words and numbers."""
    kinds = forecast.basis
    total = sum(kinds.values())
    order = conflict_order(case, forecast.zone)
    return Summary(
        title=case.title or case.id,
        stamp=f"as of {day(case.as_of)} {case.as_of.year}, {forecast.draws:,} draws",
        headline=headline(case, forecast),
        outcomes=tuple(
            OutcomeBar(name, forecast.outcomes[name], *forecast.intervals[name])
            for name in OUTCOME_ORDER
        ),
        leaves=tuple(
            sorted(
                ((p, v) for p, v in forecast.leaves.items() if v >= 0.01), key=lambda item: -item[1]
            )
        ),
        issues=_issue_lines(case, forecast, order),
        deals=_worth_showing(deals_of(case, forecast.zone, order)),
        zone=zone_words(forecast.zone),
        tension=_tension(case, forecast),
        must_move=_must_move(case, forecast),
        questions=tuple(_question(case, forecast)),
        basis=(
            f"{kinds['reported']} of {total} numbers rest on a sentence, "
            f"{kinds['judged']} on a judgement, {kinds['assumed']} are assumed"
        ),
        method=(
            f"treves {forecast.version}, seed {forecast.seed}, prior {forecast.prior}; "
            f"intervals q10 to q90 over precision, order, calibration"
        ),
        notes=forecast.notes,
    )


def headline(case: Case, forecast: Forecast) -> str:
    """The forecast in one sentence with its uncertainty."""
    name = forecast.headline
    until = day(forecast.horizon)
    what = {
        "agreement": f"An agreement by {until}",
        "vote_passed": f"A decision by vote by {until}",
        "postponed": f"No decision by {until}",
        "party_leaves": f"A party leaving while the others go on, by {until},",
        "collapse": (
            f"A fall of the government by {until}"
            if case.government
            else f"A breakdown of the talks by {until}"
        ),
    }[name]
    probability = forecast.outcomes[name]
    low, high = forecast.intervals[name]
    if probability < 0.4:
        return (
            f"{what} is the most probable ending, but far from sure: "
            f"{in_ten(probability)} ({band(low, high)})."
        )
    return f"{what} is {word_for(probability)}: {in_ten(probability)} ({band(low, high)})."


def deals_of(case: Case, zone: ZoneOdds, order: list[str]) -> tuple[Deal, ...]:
    """The packages of a zone in words, likeliest first; of those alike in words, the likeliest."""
    found: dict[tuple[str, ...], Deal] = {}
    for odds in zone.packages:
        alike = tuple(
            i.nearest_label(odds.values[i.id]) or f"{odds.values[i.id]}" for i in case.issues
        )
        found.setdefault(alike, _deal(case, odds, order))
    return tuple(found.values())


def opening_words(case: Case, zone: ZoneOdds) -> str:
    """The smallest movement of red lines that would open a deal; empty when one is open."""
    opening = zone.opening
    if opening is None:
        return "No movement of red lines alone opens a deal"
    if not opening.steps:
        return ""
    steps = [
        f"{step.party} moves its {'lower' if step.edge == 'low' else 'upper'} edge on "
        f"{_within(case, step.issue)} from {step.old:.0f} to {step.new:.0f}"
        for step in opening.steps
    ]
    return (
        f"Smallest concession that opens a deal ({opening.total:.0f} points): {listed(steps)}; "
        f"then all can live with {package_words(case, opening.values)}"
    )


def exchange_words(case: Case, zone: ZoneOdds) -> str:
    """The best exchange from the likeliest package; empty when there is none."""
    if not zone.exchanges:
        return ""
    best = zone.exchanges[0]
    words = (
        f"Best exchange from the first package: {best.first} gives on "
        f"{_within(case, best.gives)} and gets {_within(case, best.receives)} from {best.second}, "
        f"to {package_words(case, best.values)}"
    )
    if best.hurts:
        words += f"; {listed(list(best.hurts))} would lose by it"
    if best.crosses:
        words += f"; it crosses a red line of {listed(sorted({p for p, _ in best.crosses}))}"
    return words


def _worth_showing(deals: tuple[Deal, ...]) -> tuple[Deal, ...]:
    """The best deals; where none is possible, only the one that comes nearest."""
    possible = tuple(d for d in deals if d.probability >= POSSIBLE)
    return possible[:SHOWN_DEALS] or deals[:1]


def conflict_order(case: Case, zone: ZoneOdds) -> list[str]:
    """Parties along the main line of conflict: by position on the issue with the widest gap."""
    gaps = zone.gaps
    main = max(case.issues, key=lambda i: gaps[i.id].size if i.id in gaps else -100.0)

    def place(party: str) -> float:
        position = case.stance(party, main.id).position
        return -position.mode if position else 1.0

    return sorted((p.id for p in case.parties), key=place)


def _issue_lines(case: Case, forecast: Forecast, order: list[str]) -> tuple[IssueLine, ...]:
    basis = {b.path: b for b in basis_of(case)}
    lines = []
    for issue in case.issues:
        parties = tuple(_party_line(p, issue, case.stance(p, issue.id), basis) for p in order)
        gap = forecast.zone.gaps.get(issue.id)
        lines.append(
            IssueLine(
                issue=issue.id,
                title=issue.title or issue.id,
                points=tuple(sorted(issue.points.items())),
                parties=parties,
                gap=_gap_words(gap) if gap else "",
            )
        )
    return tuple(lines)


def _party_line(party: str, issue: Issue, stance: Stance, basis: dict[str, Basis]) -> PartyLine:
    held = [
        b
        for n in ("position", "accepts", "salience")
        if (b := basis.get(f"{party}.{issue.id}.{n}"))
    ]
    sentences: dict[str, None] = {}
    for b in held:
        for span in b.spans:
            about = ", ".join(t for t in (span.outlet, span.date, span.certainty) if t)
            sentences[f"“{span.quote}” ({about})"] = None
        if not b.spans and b.kind == "judged":
            sentences[f"judged: {b.why}"] = None
    return PartyLine(
        party=party,
        position=stance.position.mode if stance.position else None,
        low=stance.accepts.low.mode if stance.accepts else None,
        high=stance.accepts.high.mode if stance.accepts else None,
        salience=stance.salience.mode if stance.salience else None,
        known=held[0].kind if held else "assumed",
        sentences=tuple(sentences),
    )


def _gap_words(gap: IssueGap) -> str:
    if gap.size > 0:
        who = listed([p for p in (gap.holds_lower, gap.holds_upper) if p])
        return (
            f"gap {round_half_up(gap.size)}: nothing all accept in "
            f"{in_ten(1.0 - gap.overlap)} draws; {who} hold the edges"
        )
    return (
        f"room {round_half_up(gap.lower)} to {round_half_up(gap.upper)}: "
        f"something all accept in {in_ten(gap.overlap)} draws"
    )


def _deal(case: Case, odds: PackageOdds, order: list[str]) -> Deal:
    blocked = ""
    if odds.blocker and odds.blocking_issue:
        blocked = f"{odds.blocker} on {_title(case, odds.blocking_issue)}"
    return Deal(
        words=package_words(case, odds.values),
        probability=odds.probability,
        parties=tuple((p, _verdict(odds.accepts[p])) for p in order if p in odds.accepts),
        blocked_by=blocked,
        carried=odds.carried,
    )


def package_words(case: Case, values: dict[str, float]) -> str:
    """A package in words: the nearest label of every issue, with its value."""
    words = []
    for issue in case.issues:
        value = values[issue.id]
        label = issue.nearest_label(value)
        words.append(f"{label} ({value:.0f})" if label else f"{issue.id} {value:.0f}")
    return "; ".join(words)


def _verdict(share: float) -> str:
    if share >= ACCEPTS:
        return "accepts"
    return "refuses" if share <= REFUSES else "unsure"


def zone_words(zone: ZoneOdds) -> str:
    """How likely it is that there is a deal at all."""
    return (
        f"A deal nobody has to refuse exists in {percent(zone.share_in_box)} of the draws "
        f"({zone.coverage} looked at)"
    )


def _tension(case: Case, forecast: Forecast) -> str:
    """Where worth and red lines disagree: all would rather have a package that somebody refuses."""
    stakes = forecast.stakes
    needed = [p.id for p in case.parties if p.role == "coalition"]
    if not forecast.endings or not all(
        stakes[p].likely_package > stakes[p].collapse for p in needed
    ):
        return ""
    values = forecast.endings[0].values
    refusing = [
        p.id
        for p in case.parties
        if any(_beyond(case, p.id, issue, value) for issue, value in values.items())
    ]
    if not refusing:
        return ""
    return (
        f"Yet all would rather have {package_words(case, values)} than a collapse, "
        f"though it crosses a red line of {listed(refusing)}"
    )


def _beyond(case: Case, party: str, issue: str, value: float) -> bool:
    accepts = case.stance(party, issue).accepts
    return accepts is not None and not accepts.low.mode <= value <= accepts.high.mode


def _must_move(case: Case, forecast: Forecast) -> tuple[str, ...]:
    words = []
    for issue in case.issues:
        gap = forecast.zone.gaps.get(issue.id)
        if gap is None or gap.size <= 0 or not (gap.holds_lower and gap.holds_upper):
            continue
        words.append(
            f"On {_within(case, issue.id)} {gap.holds_lower} must come down from "
            f"{round_half_up(gap.lower)} or {gap.holds_upper} up from {round_half_up(gap.upper)}: "
            f"{round_half_up(gap.size)} points between them"
        )
    return tuple(words)


def _question(case: Case, forecast: Forecast) -> list[str]:
    found: dict[str, float] = {}
    for q in forecast.questions:
        issue = _within(case, q.issue) if q.issue else ""
        text = FIELD_QUESTION[q.field].format(party=q.party, issue=issue)
        found.setdefault(text, q.swing)
    return [
        f"{text} (moves the odds of {forecast.headline.replace('_', ' ')} by about "
        f"{max(1, round_half_up(100 * swing))} points)"
        for text, swing in found.items()
    ]


def _within(case: Case, issue_id: str) -> str:
    """The title of an issue inside a sentence: no capital, unless its first word is an acronym."""
    title = _title(case, issue_id)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _title(case: Case, issue_id: str) -> str:
    return case.issue(issue_id).title or issue_id
