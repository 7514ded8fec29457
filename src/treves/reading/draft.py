"""Claims to a draft case: every changed number keeps the sentences behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from treves.case.edits import Edit, apply
from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Claim, Evidence, Source, span_of
from treves.case.model import Case, Meeting, Move, Stakes
from treves.reading.codebook import PROCESS, Codebook
from treves.reading.coding import (
    Hint,
    Unplaced,
    assumed_reach,
    combined,
    counted,
    hints_of,
    red_line,
    weight_of,
)
from treves.reading.dates import as_day
from treves.reading.facts import facts_of
from treves.reading.scratch import WHOLE_PACKAGE, start_from
from treves.reading.wire import clusters

READER = "treves reader"
# A claim with no measure of its own is about the measure of the claim before it, this near.
CARRY_CHARACTERS = 400
ANYWHERE = Estimate(low=0, mode=50, high=100)
STANCE_WORDS = {"expect": "an expectation", "other": "an assessment"}


@dataclass(frozen=True)
class Draft:
    """A drafted case: the edits that made it, and the claims that changed nothing and why."""

    case: Case
    edits: tuple[Edit, ...]
    unplaced: tuple[Unplaced, ...]


def draft(
    claims: Iterable[Claim],
    base: Case | None = None,
    sources: Iterable[Source] = (),
    as_of: dt.date | None = None,
) -> Draft:
    """Turn claims into a case.

    base: the case to change; without one, a first case is made of the parties and measures that
    the claims name. sources: the reports, for outlet and date of the evidence. as_of: the day of
    the case (default: the base's, else the newest report's).

    Raises CaseError when there is no base and the claims name fewer than two parties, or no day.

    >>> from treves.catalogue import folder, load_example, sources_of
    >>> from treves.reading import read
    >>> reports = sources_of(folder("asylum"))
    >>> claims = [claim for report in reports for claim in read(report).claims]
    >>> made = draft(claims, load_example("asylum"), reports)
    >>> all(edit.evidence.spans for edit in made.edits)
    True
    """
    reports = {source.id: source for source in sources}
    told = sorted(claims, key=lambda c: (_day_of(c, reports) or "", c.source, c.span))
    case = base or start_from(told, reports, as_of)
    if as_of is not None and as_of != case.as_of:
        case = case.model_copy(update={"as_of": as_of})
    book = Codebook.of(case)
    hints: dict[str, list[Hint]] = {}
    unplaced = []
    for claim, issue in _with_issues(told, book):
        weight = weight_of(claim, as_day(_day_of(claim, reports)), case.day)
        parties = parties_of(claim, case)
        found = [h for p in parties for h in hints_of(claim, p, issue, case, weight)]
        for hint in found:
            hints.setdefault(hint.path, []).append(hint)
        if not found and claim.move is None:
            unplaced.append(Unplaced(claim, _why_not(claim, issue, parties)))
    copies = clusters(list(reports.values()))
    hints = {path: counted(told_, copies) for path, told_ in hints.items()}
    edits = tuple(_edits(case, hints, reports))
    unplaced += _without_effect(hints, edits)
    drafted = apply(case, edits)
    drafted = _with_moves(apply(drafted, _defaults(drafted)), told, reports)
    drafted = drafted.model_copy(update={"facts": facts_of(told, reports, drafted.facts)})
    return Draft(drafted, edits, tuple(unplaced))


def parties_of(claim: Claim, case: Case) -> tuple[str, ...]:
    """The parties of the case that a claim is of: its own, or each of its group."""
    ids = {p.id.casefold(): p.id for p in case.parties}
    ids |= {p.name.casefold(): p.id for p in case.parties if p.name}
    named = (claim.party,) if claim.party else claim.group or ()
    found = (ids.get(name.casefold()) for name in named)
    return tuple(dict.fromkeys(party for party in found if party is not None))


def of_parties(claims: Iterable[Claim], case: Case) -> tuple[Claim, ...]:
    """The claims with ids of the case for parties: one per party, those of nobody left out."""
    return tuple(
        claim.model_copy(update={"party": party})
        for claim in claims
        for party in parties_of(claim, case)
    )


def _with_issues(claims: list[Claim], book: Codebook) -> Iterable[tuple[Claim, str | None]]:
    """Each claim with the issue it is about, carried over from the claim just before it."""
    last: tuple[str, int, str] | None = None
    for claim in claims:
        issue = book.issue_of(claim.quote, claim.issue)
        if issue is not None:
            last = (claim.source, claim.span[1], issue)
        elif claim.issue in PROCESS:
            pass
        elif last and last[0] == claim.source and claim.span[0] - last[1] <= CARRY_CHARACTERS:
            issue = last[2]
        elif [i.id for i in book.issues] == [WHOLE_PACKAGE]:
            issue = WHOLE_PACKAGE  # no report names a measure: all is about the one package
        yield claim, issue


def _why_not(claim: Claim, issue: str | None, parties: tuple[str, ...]) -> str:
    if claim.certainty == "denied":
        return "denied"
    if not parties:
        return f"{claim.party or claim.actor or 'nobody'} is no party of the case"
    if claim.stance in ("expect", "other"):
        return f"{STANCE_WORDS[claim.stance]}, not what a party wants"
    if issue is None:
        return "no measure of the case is named"
    return f"{claim.stance} names no point of {issue}"


def _without_effect(hints: Mapping[str, list[Hint]], edits: Iterable[Edit]) -> Iterator[Unplaced]:
    """Claims whose every hint came to nothing."""
    moved = {edit.path for edit in edits}
    placed = {h.claim.key for path, told in hints.items() if path in moved for h in told}
    lost = {h.claim.key: h.claim for told in hints.values() for h in told}
    for key, claim in lost.items():
        if key not in placed:
            yield Unplaced(claim, f"{claim.stance} says nothing of how far the party goes")


def _edits(
    case: Case, hints: Mapping[str, list[Hint]], reports: Mapping[str, Source]
) -> Iterable[Edit]:
    # Positions first: which edge moves depends on which side of the line a party stands.
    positions: dict[str, Estimate] = {}
    for path in sorted(hints, key=lambda p: (not p.endswith(".position"), p)):
        told = hints[path]
        value: Estimate | Interval | None
        if path.endswith(".accepts"):
            value = _accepts(case, path, told, positions)
        else:
            limit = 1.0 if path.count(".") == 1 else 100.0
            value = combined(told, _before(case, path), limit)
            positions[path] = value
        if value is not None:
            yield _edit(path, value, told, case, reports)


def _defaults(case: Case) -> Iterable[Edit]:
    """What is assumed on lines that the reader made, so that a first draft can be forecast.

    Who has a position and no red line gets a wide one; where no report says what anybody wants,
    every party may stand anywhere.
    """
    made = [issue.id for issue in case.issues if issue.automatic]
    held = [(p, i, row) for p, rows in case.positions.items() for i, row in rows.items()]
    if made and all(row.position is None for _, _, row in held):
        for party in case.parties:
            path = f"{party.id}.{made[0]}.position"
            yield _assumed(path, ANYWHERE, "a default: no report says what it wants", case)
    why = "a default: how far a party goes from its position when no report says"
    for party_id, issue, stance in held:
        if issue in made and stance.position and stance.accepts is None:
            edge = assumed_reach(stance.position)
            yield _assumed(f"{party_id}.{issue}.accepts", edge, why, case)


def _assumed(path: str, value: Estimate | Interval, why: str, case: Case) -> Edit:
    basis = Evidence(kind="assumed", why=why)
    return Edit(
        path=path, value=value.model_dump(), by=READER, on=case.day, why=why, evidence=basis
    )


def _accepts(
    case: Case, path: str, told: list[Hint], positions: Mapping[str, Estimate]
) -> Interval | None:
    """What the party accepts: from where it stands, its claims and what stood there before."""
    party, issue, _ = path.split(".")
    stance = case.stance(party, issue)
    position = positions.get(f"{party}.{issue}.position", stance.position)
    status_quo = case.issue(issue).status_quo
    return red_line(told, position, stance.accepts, 0.0 if status_quo is None else status_quo)


def _before(case: Case, path: str) -> Estimate | None:
    """What stood there before; None where it was absent or only a default."""
    steps = path.split(".")
    if len(steps) == 3:
        found: Estimate | None = getattr(case.stance(steps[0], steps[1]), steps[2])
        return found
    if steps[1] == "content_weight":
        # The default counts here: one friendly sentence does not make content unimportant.
        return case.party(steps[0]).content_weight
    held: Estimate | None = getattr(case.stakes.get(steps[0], Stakes()), steps[1])
    return held


def _edit(
    path: str,
    value: Estimate | Interval,
    told: list[Hint],
    case: Case,
    reports: Mapping[str, Source],
) -> Edit:
    spans = {h.claim.key: span_of(h.claim, reports.get(h.claim.source)) for h in told}
    stances = ", ".join(sorted({h.claim.stance for h in told}))
    evidence = Evidence(
        kind="reported", spans=tuple(spans.values()), by=READER, on=case.day.isoformat()
    )
    why = f"read from {len(spans)} sentence{'s' if len(spans) > 1 else ''}: {stances}"
    return Edit(
        path=path,
        value=value.model_dump(),
        by=READER,
        on=case.day,
        why=why,
        evidence=evidence,
    )


def _with_moves(case: Case, claims: list[Claim], reports: Mapping[str, Source]) -> Case:
    """The case with the moves and the meetings that the claims report."""
    moves = {(m.date, m.by, m.kind): m for m in case.moves}
    days = {m.date for m in case.calendar}
    meetings = list(case.calendar)
    for claim in claims:
        day = as_day(_day_of(claim, reports))
        outlet = reports[claim.source].outlet if claim.source in reports else None
        # What is denied or only said of a group is no act of a party.
        own = parties_of(claim, case) if claim.party and claim.certainty != "denied" else ()
        for party in own:
            if claim.move and day and day <= case.day:
                move = Move(date=day, by=party, kind=claim.move, source=outlet)
                moves.setdefault((day, party, claim.move), move)
        deadline = as_day(claim.deadline)
        if deadline and deadline >= case.day and deadline not in days:
            days.add(deadline)
            told = reports.get(claim.source)
            # A label is shown and exported with the case: never words told in confidence.
            label = "told in confidence" if told and told.confided else claim.quote[:120]
            meetings.append(Meeting(date=deadline, kind="deadline", label=label))
    return case.model_copy(
        update={
            "moves": tuple(sorted(moves.values(), key=lambda m: m.date)),
            "calendar": tuple(sorted(meetings, key=lambda m: m.date)),
        }
    )


def _day_of(claim: Claim, reports: Mapping[str, Source]) -> str | None:
    source = reports.get(claim.source)
    return claim.date or (source.date if source else None)


__all__ = ["Draft", "draft", "parties_of"]
