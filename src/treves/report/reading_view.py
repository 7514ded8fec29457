"""A report with its claims marked: the records the page shows, and a drawing of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from treves.case.evidence import Claim, Source
from treves.report.drawing import clean, figure, text_at, wrap
from treves.report.records import ClaimLine, ReportView, Run, Summary
from treves.report.strings import Strings, strings
from treves.report.words import day_of

WIDTH = 760.0
# The letters of a report: 12.5 px of a font in which all are .6 as wide.
LETTER = 7.5
COLUMNS = 100
LINE = 22.0


def reports_alone(views: Sequence[ReportView], lang: str = "en") -> Summary:
    """A summary that holds nothing but reports, to draw them without a case."""
    return Summary(
        title=strings(lang)("page.reports"),
        stamp="",
        headline="",
        outcomes=(),
        leaves=(),
        issues=(),
        deals=(),
        zone="",
        tension="",
        must_move=(),
        questions=(),
        basis="",
        method="",
        lang=lang,
        readings=tuple(views),
    )


class Marked(Protocol):
    """Characters that are marked in one way, as the room ``reading`` cuts a report into them."""

    @property
    def text(self) -> str:
        """The characters."""

    @property
    def kind(self) -> str | None:
        """Kind of the claim that they belong to."""

    @property
    def claims(self) -> tuple[int, ...]:
        """Claims they belong to, from 0."""

    @property
    def opens(self) -> tuple[int, ...]:
        """Claims that start here."""

    @property
    def hedged(self) -> bool:
        """Whether they hedge."""

    @property
    def possible(self) -> bool:
        """Whether their sentence may hold a claim."""


def view_of(
    source: Source, claims: Sequence[Claim], segments: Iterable[Marked], lang: str = "en"
) -> ReportView:
    """A report for the page, from the segments that together are its text.

    lang: language of our own words; the text keeps its own.
    """
    say = strings(lang)
    held = list(segments)
    kinds: dict[int, str] = {}
    for part in held:
        for k in part.opens:
            kinds.setdefault(k, part.kind or "other")
    signs = say.held("reading.kinds")
    return ReportView(
        title=source.title or source.outlet or say("reading.report"),
        stamp=", ".join(t for t in (source.outlet, day_of(source.date, lang)) if t),
        lang=source.lang or "",
        runs=tuple(
            Run(
                p.text,
                p.kind or "",
                tuple(k + 1 for k in p.claims),
                tuple(k + 1 for k in p.opens),
                p.hedged,
                p.possible,
            )
            for p in held
        ),
        claims=tuple(
            ClaimLine(
                k + 1,
                kinds.get(k, "other"),
                signs[kinds.get(k, "other")][0],
                claim_words(claim, say),
            )
            for k, claim in enumerate(claims)
        ),
    )


def claim_words(claim: Claim, say: Strings) -> str:
    """A claim in one line: who, what stance, about what, how sure, said by whom."""
    who = claim.actor or say("reading.nobody")
    if claim.party and claim.party != claim.actor:
        who += f" ({claim.party})"
    sure = "" if claim.certainty == "asserted" else f", {say(f'page.{claim.certainty}')}"
    about = say("reading.about", issue=claim.issue.replace("_", " ")) if claim.issue else ""
    said = say(f"reading.kinds_of_speaker.{claim.speaker_kind}")
    if claim.speaker and claim.speaker != claim.speaker_kind:
        said = f"{claim.speaker}, {said}"
    stance = say(f"reading.stances.{claim.stance}")
    return say("reading.claim", who=who, stance=stance, about=about, sure=sure, said=said)


def draw_reading(views: Sequence[ReportView], lang: str = "en") -> str:
    """Reports as one SVG: the text with lines under its claims, and the claims below it."""
    say = strings(lang)
    body: list[str] = []
    y = 6.0
    for view in views:
        body.append(text_at(2, y + 14, view.title, "b"))
        body.append(text_at(2, y + 31, view.stamp, "s"))
        y += 44
        lines, y = _text(view, y)
        body += lines
        for claim in view.claims:
            for n, line in enumerate(wrap(claim.words, WIDTH - 50, 13.0)):
                if n == 0:
                    mark = f"{claim.sign}{claim.number}"
                    body.append(_coloured(2, y + 13, mark, claim.kind))
                body.append(text_at(40, y + 13, line))
                y += 18
        y += 26
    title = say("page.reports")
    return figure((WIDTH, max(y, 20)), "rd", title, describe(views, lang), "".join(body))


def describe(views: Sequence[ReportView], lang: str = "en") -> str:
    """The reports in words: their claims, one to a line."""
    say = strings(lang)
    lines = []
    for view in views:
        lines.append(f"{view.title} ({view.stamp})" if view.stamp else view.title)
        lines += [f"{c.sign}{c.number} {c.words}" for c in view.claims] or [say("reading.none")]
    return "\n".join(lines)


def _text(view: ReportView, top: float) -> tuple[list[str], float]:
    """The text set in lines, in letters of one width so that every mark stands under its words."""
    signs = {c.number: c for c in view.claims}
    out: list[str] = []
    column, y = 0, top + 14
    for run in view.runs:
        for k in run.opens:
            note = f"{signs[k].sign}{k}"
            if column + len(note) > COLUMNS:
                column, y = 0, y + LINE
            out.append(_coloured(2 + LETTER * column, y - 6, note, signs[k].kind))
            column += len(note)
        for number, line in enumerate(run.text.split("\n")):
            if number:
                column, y = 0, y + LINE
            for piece in _pieces(clean(line), column):
                if piece is None:
                    column, y = 0, y + LINE
                elif piece:
                    out.append(_marked(piece, column, y, run))
                    column += len(piece)
    return out, y + LINE


def _pieces(line: str, column: int) -> list[str | None]:
    """A text cut where lines end; None begins a new line. Words are not broken where they fit."""
    out: list[str | None] = [""]
    for word in re.findall(r"\s*\S+|\s+$", line):
        if column + len(word) > COLUMNS and column > 0:
            out += [None, ""]
            word, column = word.lstrip(), 0
        while len(word) > COLUMNS:
            out += [word[:COLUMNS], None, ""]
            word = word[COLUMNS:]
        out[-1] = f"{out[-1]}{word}"
        column += len(word)
    return out


def _marked(piece: str, column: int, y: float, run: Run) -> str:
    x, wide = 2 + LETTER * column, LETTER * len(piece)
    out = text_at(x, y, piece, "t").replace(
        "<text ", f'<text xml:space="preserve" textLength="{wide:.1f}" ', 1
    )
    if run.kind:
        out += (
            f'<path d="M{x:.1f} {y + 4:.1f}h{wide:.1f}" stroke="var(--k-{run.kind})" '
            'stroke-width="2"/>'
        )
    if run.hedged:
        out += (
            f'<path d="M{x:.1f} {y + 7.5:.1f}h{wide:.1f}" stroke="var(--ink)" '
            'stroke-width="1.6" stroke-dasharray="1.5 2.5"/>'
        )
    if run.possible:
        out += f'<path d="M{x:.1f} {y + 4:.1f}h{wide:.1f}" stroke="var(--line)"/>'
    return out


def _coloured(x: float, y: float, text: str, kind: str) -> str:
    return text_at(x, y, text, f"n f-{kind}")
