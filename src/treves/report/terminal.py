"""The summary in at most 40 lines of 100 columns."""

from __future__ import annotations

import textwrap
import unicodedata

from treves.case.model import Case
from treves.forecast.result import ZoneOdds
from treves.report.records import Deal, IssueLine, PartyLine
from treves.report.summary import (
    Summary,
    conflict_order,
    deals_of,
    exchange_words,
    opening_words,
    zone_words,
)
from treves.report.words import band, percent

WIDTH = 100
HEIGHT = 40
LINE = 56  # columns of an issue line
NAME = 12

# Shade and colour of each ending: both, so that colour is never the only carrier.
BLOCKS = {
    "agreement": ("█", "cyan"),
    "vote_passed": ("▓", "blue"),
    "postponed": ("░", "white"),
    "party_leaves": ("▒", "yellow"),
    "collapse": ("▚", "red"),
}
ANSI = {"cyan": 36, "blue": 34, "white": 37, "yellow": 33, "red": 31, "bold": 1}
DOTS = {"accepts": "●", "unsure": "◐", "refuses": "○"}


def to_text(summary: Summary, *, colour: bool = False, evidence: bool = False) -> str:
    """The summary as text; with ``evidence`` every party's sentences stand under its line.

    Without evidence the text never has more than 40 lines; issues that do not fit are counted.
    """
    head = [
        f"{_fit(summary.title, WIDTH - len(summary.stamp) - 3)} · {summary.stamp}",
        *(_paint(line, "bold", colour) for line in _wrapped(summary.headline)),
        "",
    ]
    ending = _endings(summary, colour)
    tail = _deals(summary) + _advice(summary)
    room = HEIGHT - len(head) - len(ending) - len(tail)
    lines = head + ending + _gaps(summary, room, evidence) + tail
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _endings(summary: Summary, colour: bool) -> list[str]:
    bar = ""
    shown = [o for o in summary.outcomes if o.probability > 0]
    ends = [0]
    for outcome in shown:
        ends.append(ends[-1] + round(outcome.probability * WIDTH * 1_000_000))
    total = max(ends[-1], 1)
    for k, outcome in enumerate(shown):
        count = round(ends[k + 1] * WIDTH / total) - round(ends[k] * WIDTH / total)
        block, hue = BLOCKS[outcome.outcome]
        bar += _paint(block * count, hue, colour)
    lines = ["HOW IT ENDS", bar]
    ranked = sorted(shown, key=lambda o: -o.probability)
    words = [
        f"{BLOCKS[o.outcome][0]} {o.words} {percent(o.probability)} ({band(o.low, o.high)} in 10)"
        for o in ranked
    ]
    lines += _wrapped(" · ".join(words))
    if summary.leaves:
        who = ", ".join(f"{party} {percent(share)}" for party, share in summary.leaves[:6])
        lines.append(_fit(f"Who breaks, in any ending: {who}"))
    return [*lines, ""]


def _gaps(summary: Summary, room: int, evidence: bool) -> list[str]:
    lines = ["WHO CAN LIVE WITH WHAT   ■ salience  ● asks for (reported)  ○ inferred  [==] accepts"]
    left = 0
    for k, issue in enumerate(summary.issues, 1):
        block = _issue(issue, evidence)
        count_line = left > 0 or k < len(summary.issues)
        if not evidence and len(lines) + len(block) + 1 + count_line > room:
            left += 1
            continue
        lines += block
    if left:
        lines.append(f"  and {left} more issue{'s' if left > 1 else ''} (--json has all)")
    return [*lines, ""]


def _issue(issue: IssueLine, evidence: bool) -> list[str]:
    labels = " · ".join(f"{value:g} {text}" for value, text in issue.points)
    lines = _two_lines(f"{issue.title}: {labels}")
    for party in issue.parties:
        lines.append(_party(party, [value for value, _ in issue.points]))
        if evidence:
            for sentence in party.sentences:
                lines += textwrap.wrap(
                    _clean(sentence), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 10
                )
    if issue.gap:
        lines.append(_fit(f"{'':{NAME + 6}}{issue.gap}"))
    return lines


def _party(party: PartyLine, points: list[float]) -> str:
    salience = "■" * round((party.salience or 0.0) / 25.0)
    name = f" {party.party[: NAME - 2]:{NAME - 1}}{salience:5} "
    if party.position is None and party.low is None and party.high is None:
        return _fit(name + "- " * (LINE // 2) + "nothing known")
    row = [" "] * LINE
    for point in points:
        row[_column(point)] = "·"
    if party.low is not None and party.high is not None:
        low, high = _column(party.low), _column(party.high)
        row[low : high + 1] = "=" * (high - low + 1)
        row[low], row[high] = "[", "]"
    value = ""
    if party.position is not None:
        row[_column(party.position)] = "●" if party.known == "reported" else "○"
        value = f" {party.position:.0f}"
    edges = ""
    if party.low is not None and party.high is not None:
        edges = f", accepts {party.low:.0f} to {party.high:.0f}"
    return _fit(name + "".join(row) + value + edges)


def _column(value: float) -> int:
    return round(value / 100.0 * (LINE - 1))


def deals_table(case: Case, zone: ZoneOdds) -> str:
    """The packages of a zone, likeliest first, with who can live with each and what blocks it."""
    order = conflict_order(case, zone)
    lines = _deal_lines(zone_words(zone), deals_of(case, zone, order))
    for words in (opening_words(case, zone), exchange_words(case, zone)):
        if words:
            lines += ["", *_wrapped(f"{words}.")]
    return "\n".join(lines) + "\n"


def _deals(summary: Summary) -> list[str]:
    lines = _deal_lines(summary.zone, summary.deals)
    if summary.tension:
        lines += _wrapped(f"{summary.tension}.")[:2]
    return [*lines, ""]


def _deal_lines(zone: str, deals: tuple[Deal, ...]) -> list[str]:
    lines = ["DEALS   ● can live with it  ◐ unsure  ○ refuses", *_wrapped(f"{zone}.")]
    blocked_by = ""
    for k, deal in enumerate(deals, 1):
        carried = "" if deal.carried is None else f" carried {percent(deal.carried):>4}"
        odds = f"{percent(deal.probability):>4}{carried}"
        lines.append(_fit(f"{k}. {odds}  {_dots(deal)}  {deal.words}"))
        if deal.blocked_by and deal.blocked_by != blocked_by:
            lines.append(_fit(f"         blocked most by {deal.blocked_by}"))
        blocked_by = deal.blocked_by
    return lines


def _dots(deal: Deal) -> str:
    return " ".join(f"{DOTS[verdict]} {party}" for party, verdict in deal.parties[:8])


def _advice(summary: Summary) -> list[str]:
    lines = []
    if summary.must_move:
        lines += _wrapped(f"WHO MUST MOVE  {summary.must_move[0]}.")[:2]
    if summary.questions:
        lines += _wrapped(f"ASK  {summary.questions[0]}")[:2]
    lines.append(_fit(f"{summary.basis}."))
    if summary.record:
        lines.append(_fit(summary.record.short))
    lines.append(_fit(summary.method))
    return lines


def _clean(text: str) -> str:
    """Text without characters that would steer a terminal: it comes from outside."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text)


def _two_lines(text: str) -> list[str]:
    lines = textwrap.wrap(
        _clean(text), WIDTH, subsequent_indent="  ", max_lines=2, placeholder=" …"
    )
    return lines or [""]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(_clean(text), WIDTH) or [""]


def _fit(text: str, width: int = WIDTH) -> str:
    text = _clean(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def _paint(text: str, hue: str, colour: bool) -> str:
    return f"\x1b[{ANSI[hue]}m{text}\x1b[0m" if colour and text else text
