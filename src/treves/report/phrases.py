"""Packages, issues and concessions in the words of one language."""

from __future__ import annotations

from treves.case.model import Case
from treves.forecast.result import ZoneOdds
from treves.report.records import Part
from treves.report.strings import strings
from treves.report.words import listed


def parts_of(case: Case, values: dict[str, float]) -> tuple[Part, ...]:
    """A package issue by issue, with the nearest label of each."""
    return tuple(
        Part(i.id, i.title or i.id, i.nearest_label(values[i.id]), values[i.id])
        for i in case.issues
    )


def parts_words(parts: tuple[Part, ...]) -> str:
    """A package in words: the nearest label of every issue, with its value where it is shown."""
    words = []
    for part in parts:
        if part.value is None:
            words.append(part.label or part.title)
        elif part.label:
            words.append(f"{part.label} ({part.value:.0f})")
        else:
            words.append(f"{part.issue} {part.value:.0f}")
    return "; ".join(words)


def package_words(case: Case, values: dict[str, float]) -> str:
    """A package in words: the nearest label of every issue, with its value."""
    return parts_words(parts_of(case, values))


def within(case: Case, issue_id: str) -> str:
    """The title of an issue inside a sentence: no capital, unless its first word is an acronym."""
    return inside(case.issue(issue_id).title or issue_id)


def inside(title: str) -> str:
    """A title as it stands inside a sentence.

    >>> inside("Family reunification"), inside("EU budget")
    ('family reunification', 'EU budget')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def opening_words(case: Case, zone: ZoneOdds, lang: str = "en") -> str:
    """The smallest movement of red lines that would open a deal; empty when one is open."""
    say = strings(lang)
    opening = zone.opening
    if opening is None:
        return say("opening.none")
    if not opening.steps:
        return ""
    steps = [
        say(
            f"opening.{step.edge}",
            party=step.party,
            issue=within(case, step.issue),
            old=f"{step.old:.0f}",
            new=f"{step.new:.0f}",
        )
        for step in opening.steps
    ]
    return say(
        "opening.smallest",
        total=f"{opening.total:.0f}",
        steps=listed(steps, lang),
        package=package_words(case, opening.values),
    )


def exchange_words(case: Case, zone: ZoneOdds, lang: str = "en") -> str:
    """The best exchange from the likeliest package; empty when there is none."""
    if not zone.exchanges:
        return ""
    say, best = strings(lang), zone.exchanges[0]
    words = say(
        "exchange.best",
        first=best.first,
        gives=within(case, best.gives),
        receives=within(case, best.receives),
        second=best.second,
        package=package_words(case, best.values),
    )
    if best.hurts:
        words += say("exchange.hurts", who=listed(list(best.hurts), lang))
    if best.crosses:
        crossed = sorted({p for p, _ in best.crosses})
        words += say("exchange.crosses", who=listed(crossed, lang))
    return words
