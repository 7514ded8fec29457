"""Leaving red lines out on request, with everything on the page that would give them away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from treves.errors import InputError, Problem
from treves.report.phrases import parts_words
from treves.report.records import Deal, IssueLine, PartyLine, Summary
from treves.report.strings import Strings, strings


def redact(summary: Summary, lines: Iterable[str]) -> Summary:
    """The summary without some red lines, each named ``PARTY.issue``.

    With a red line go its sentences, the gap on that issue and who must move there, and the
    figures of packages on that issue (red lines are among the packages looked at).

    Raises InputError where there is no such party or issue, listing all that are wrong.
    """
    hidden = set(lines)
    known = {f"{p.party}.{i.issue}" for i in summary.issues for p in i.parties}
    wrong = [
        Problem(f"no red line {name}", f"one of {', '.join(sorted(known))}")
        for name in sorted(hidden - known)
    ]
    if wrong:
        raise InputError(wrong)
    if not hidden:
        return summary
    issues = {name.split(".", 1)[1] for name in hidden}
    say = strings(summary.lang)
    return replace(
        summary,
        issues=tuple(_issue(i, hidden, say) if i.issue in issues else i for i in summary.issues),
        deals=tuple(_deal(d, issues) for d in summary.deals),
        more_deals=tuple(_deal(d, issues) for d in summary.more_deals),
        stories=tuple(
            # The second sentence says which red lines the likeliest deal crosses.
            replace(t, sentences=t.sentences[:1] + t.sentences[2:])
            if any(name.startswith(f"{t.party}.") for name in hidden)
            else t
            for t in summary.stories
        ),
        # These name packages and edges in running text: all or nothing.
        tension="",
        must_move=(),
        opening="",
        exchange="",
    )


def _issue(issue: IssueLine, hidden: set[str], say: Strings) -> IssueLine:
    parties = tuple(_party(p) if f"{p.party}.{issue.issue}" in hidden else p for p in issue.parties)
    return replace(issue, parties=parties, gap=say("gap.withheld"), span=None)


def _party(party: PartyLine) -> PartyLine:
    return replace(
        party,
        low=None,
        high=None,
        low_range=None,
        high_range=None,
        sentences=(),
        withheld=True,
        numbers=tuple(
            # A judgement is one text about all numbers of the stance: it may tell the red line.
            replace(n, text="", sentences=(), withheld=True)
            if n.path.endswith(".accepts")
            else replace(n, sentences=tuple(s for s in n.sentences if s.quoted))
            for n in party.numbers
        ),
    )


def _deal(deal: Deal, issues: set[str]) -> Deal:
    parts = tuple(replace(p, value=None) if p.issue in issues else p for p in deal.parts)
    return replace(deal, parts=parts, words=parts_words(parts))
