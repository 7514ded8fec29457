"""Leaving numbers out on request, with everything on the page that would give them away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from treves.case.model import Case
from treves.case.provenance import STANCE_NUMBERS
from treves.errors import InputError, Problem
from treves.report.brief import brief_of
from treves.report.phrases import parts_words
from treves.report.records import Course, Deal, IssueLine, Number, PartyLine, PartyStory, Summary
from treves.report.strings import strings


def redact(summary: Summary, lines: Iterable[str] = (), *, confided: bool = False) -> Summary:
    """The summary without some red lines, and without what rests on confidence alone.

    lines: red lines to leave out, each ``PARTY`` or ``PARTY.issue``. confided: leave out every
    number that rests on nothing but sentences told in confidence.

    With a red line go its sentences, the gap on that issue and who must move there, what that
    party accepts of each package, and the figures of packages on that issue (red lines are among
    the packages looked at). The odds are computed with all numbers all the same.

    Raises InputError where there is no such party or issue, listing all that are wrong.
    """
    hidden = {f"{name}.accepts" for name in _named(summary, lines)}
    if confided:
        hidden |= {n.path for n in _numbers(summary) if _on_confidence_alone(n)}
    if not hidden:
        return summary
    edges = {tuple(path.split(".")[:2]) for path in hidden if path.endswith(".accepts")}
    parties, issues = {p for p, _ in edges}, {i for _, i in edges}
    say = strings(summary.lang)
    made = replace(
        summary,
        withheld=tuple(sorted(hidden)),
        issues=tuple(_issue(i, hidden, say("gap.withheld")) for i in summary.issues),
        stories=tuple(_story(s, hidden, parties) for s in summary.stories),
        course=_course(summary.course, hidden) if summary.course else None,
    )
    if edges:
        made = replace(
            made,
            deals=tuple(_deal(d, parties, issues) for d in summary.deals),
            more_deals=tuple(_deal(d, parties, issues) for d in summary.more_deals),
            # These name packages, edges and who blocks in running text: all or nothing.
            tension="",
            must_move=(),
            opening="",
            exchange="",
            blockers="",
        )
    return replace(made, brief=brief_of(made, say))


def without(case: Case, withheld: tuple[str, ...]) -> Case:
    """The case without the numbers of these paths, for charts that are made of the case itself."""
    positions = {party: dict(rows) for party, rows in case.positions.items()}
    for path in withheld:
        party, *rest = path.split(".")
        if len(rest) == 2 and rest[0] in positions.get(party, {}):
            issue, name = rest
            positions[party][issue] = positions[party][issue].model_copy(update={name: None})
    return case.model_copy(update={"positions": positions})


def _named(summary: Summary, lines: Iterable[str]) -> set[str]:
    """The red lines that were named, each as PARTY.issue."""
    known = {f"{p.party}.{i.issue}" for i in summary.issues for p in i.parties}
    found: set[str] = set()
    wrong = []
    for name in sorted(set(lines)):
        meant = {k for k in known if k == name or k.startswith(f"{name}.")}
        found |= meant
        if not meant:
            instead = f"a party, or one of {', '.join(sorted(known))}"
            wrong.append(Problem(f"no red line {name}", instead))
    if wrong:
        raise InputError(wrong)
    return found


def _numbers(summary: Summary) -> list[Number]:
    lines = [n for i in summary.issues for p in i.parties for n in p.numbers]
    return lines + [n for story in summary.stories for n in story.numbers]


def _on_confidence_alone(number: Number) -> bool:
    return number.confided > 0 and not any(s.quoted for s in number.sentences)


def _issue(issue: IssueLine, hidden: set[str], words: str) -> IssueLine:
    lines = tuple(_line(p, f"{p.party}.{issue.issue}", hidden) for p in issue.parties)
    if not any(f"{p.party}.{issue.issue}.accepts" in hidden for p in issue.parties):
        return replace(issue, parties=lines)
    return replace(issue, parties=lines, gap=words, span=None)


def _line(party: PartyLine, start: str, hidden: set[str]) -> PartyLine:
    names = {name for name in STANCE_NUMBERS if f"{start}.{name}" in hidden}
    if not names:
        return party
    numbers = tuple(_number(n, hidden) for n in party.numbers)
    made = replace(party, numbers=numbers, sentences=(), withheld=True)
    if {"position", "worth"} & names:  # the point rated best stands for a position
        made = replace(made, position=None, position_range=None, label="")
    if "accepts" in names:
        made = replace(made, low=None, high=None, low_range=None, high_range=None)
    return replace(made, salience=None) if "salience" in names else made


def _number(number: Number, hidden: set[str]) -> Number:
    if number.path in hidden:
        return replace(number, text="", sentences=(), confided=0, withheld=True)
    # A judgement is one text about all numbers of the stance: it may tell what is left out.
    return replace(number, sentences=tuple(s for s in number.sentences if s.quoted))


def _story(story: PartyStory, hidden: set[str], parties: set[str]) -> PartyStory:
    numbers = story.numbers
    if any(n.path in hidden for n in numbers):
        numbers = tuple(_number(n, hidden) for n in numbers)
    worths = tuple(w for w in story.worths if f"{story.party}.{w.ending}" not in hidden)
    whole = len(worths) == len(story.worths)
    sentences = story.sentences if whole else ()
    if story.party in parties:
        # The second sentence says which red lines the likeliest deal crosses.
        sentences = sentences[:1] + sentences[2:]
    return replace(story, numbers=numbers, worths=worths, sentences=sentences)


def _course(course: Course, hidden: set[str]) -> Course:
    return replace(course, turns=tuple(t for t in course.turns if t.path not in hidden))


def _deal(deal: Deal, parties: set[str], issues: set[str]) -> Deal:
    parts = tuple(replace(p, value=None) if p.issue in issues else p for p in deal.parts)
    return replace(
        deal,
        parts=parts,
        words=parts_words(parts),
        parties=tuple((p, "withheld" if p in parties else v) for p, v in deal.parties),
        shares=tuple((p, s) for p, s in deal.shares if p not in parties),
        blocked_by="",
    )
