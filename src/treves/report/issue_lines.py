"""The signature chart: one line per issue, who asks for what and what each can live with."""

from __future__ import annotations

from dataclasses import dataclass

from treves.report.drawing import SMALL, figure, text_at, width_of, wrap
from treves.report.records import IssueLine, PartyLine, Summary
from treves.report.strings import Strings, strings

ROW = 30.0
LABEL_LINE = 14.0
MOST_LABEL = 128.0
NOTE = 12.0


@dataclass(frozen=True)
class Frame:
    """Where things stand in the drawing: the plot runs from ``left`` to ``right``."""

    width: float
    left: float
    right: float
    row: float
    name: str

    def x(self, value: float) -> float:
        """Place of a value 0-100."""
        return self.left + (self.right - self.left) * value / 100.0


def draw_issue(summary: Summary, issue: IssueLine, *, narrow: bool = False) -> str:
    """One issue as SVG. ``narrow`` puts names above their lines, for a phone.

    The colours are CSS variables (``--party-0`` and on, in the order of ``summary.colours``).
    """
    say = strings(summary.lang)
    place = [i.issue for i in summary.issues].index(issue.issue)
    name = f"i{place}{'n' if narrow else 'w'}"
    frame = _frame(summary, name, narrow)
    labels, top = _labels(issue, frame, say)
    bottom = top + frame.row * len(issue.parties) + 6
    body = [_gap_band(issue, frame, top - 4, bottom), *labels, _axis(issue, frame, top)]
    for k, party in enumerate(issue.parties):
        colour = summary.order.index(party.party)
        body.append(_party(party, frame, top + frame.row * k, f"var(--party-{colour})", say))
    note, height = _gap_note(issue, frame, bottom)
    return figure(
        (frame.width, height), name, issue.title, describe(issue, say), "".join(body) + note
    )


def describe(issue: IssueLine, say: Strings) -> str:
    """The drawing in words, from the same data."""
    told = []
    for party in issue.parties:
        known = [f"{n.name} {n.text}" for n in party.numbers]
        told.append(f"{party.party}: {', '.join(known) or say('value.unknown')}")
    return ". ".join([*told, issue.gap]) if issue.gap else ". ".join(told)


def _frame(summary: Summary, name: str, narrow: bool) -> Frame:
    if narrow:
        return Frame(340.0, 10.0, 330.0, 44.0, name)
    longest = max(width_of(p) for p in summary.order)
    return Frame(760.0, min(190.0, 60.0 + longest), 744.0, ROW, name)


def _labels(issue: IssueLine, frame: Frame, say: Strings) -> tuple[list[str], float]:
    """Labels of the points over the axis, in as many tiers as they need: none hides another."""
    tiers: list[float] = []
    placed: list[tuple[float, int, list[str], float]] = []
    for value, label in issue.points:
        lines = wrap(label or f"{value:g}", min(MOST_LABEL, frame.width / 3))
        wide = max(width_of(line, SMALL) for line in lines)
        middle = min(max(frame.x(value), wide / 2 + 2), frame.width - wide / 2 - 2)
        tier = next((t for t, end in enumerate(tiers) if middle - wide / 2 > end + 8), len(tiers))
        tiers[tier : tier + 1] = [middle + wide / 2]
        placed.append((middle, tier, lines, frame.x(value)))
    depth = [max((len(p[2]) for p in placed if p[1] == t), default=0) for t in range(len(tiers))]
    heights = [d * LABEL_LINE + 6 for d in depth]
    top = sum(heights) + 14
    out = []
    for middle, tier, lines, x in placed:
        foot = top - 10 - sum(heights[:tier])
        out.append(f'<path d="M{x:.1f} {foot - 2:.1f}V{top:.1f}" stroke="var(--line)"/>')
        for n, line in enumerate(lines):
            y = foot - 6 - LABEL_LINE * (len(lines) - 1 - n)
            halo = width_of(line, SMALL)
            out.append(
                f'<rect x="{middle - halo / 2:.1f}" y="{y - 11:.1f}" width="{halo:.1f}" '
                f'height="14" fill="var(--paper)"/>'
            )
            out.append(text_at(middle, y, line, "s m"))
    # Leaders are drawn before all texts, so that no line runs through a word.
    out.sort(key=lambda part: not part.startswith("<path"))
    if issue.status_quo is not None:
        x = frame.x(issue.status_quo)
        out.append(f'<path d="M{x - 5:.1f} {top - 8:.1f}h10l-5 8z" fill="var(--soft)"/>')
        edge = x > frame.width - 50
        out.append(
            text_at(x + (-8 if edge else 8), top - 1, say("page.now"), "s e" if edge else "s")
        )
    return out, top


def _axis(issue: IssueLine, frame: Frame, top: float) -> str:
    ticks = "".join(
        f'<path d="M{frame.x(v):.1f} {top:.1f}v{frame.row * len(issue.parties) + 4:.1f}" '
        'stroke="var(--faint)" stroke-width="1.5"/>'
        for v, _ in issue.points
    )
    return f'<path d="M{frame.left:.1f} {top:.1f}H{frame.right:.1f}" stroke="var(--line)"/>{ticks}'


def _party(party: PartyLine, frame: Frame, y: float, colour: str, say: Strings) -> str:
    narrow = frame.left < 20
    line = y + (29 if narrow else 16)
    base = y + 14 if narrow else line + 4.5
    out = [text_at(2, base, party.party, "b"), _salience(party, frame, base, narrow)]
    if party.position is None and party.low is None:
        out.append(
            f'<path d="M{frame.left:.1f} {line:.1f}H{frame.right:.1f}" stroke="var(--line)" '
            'stroke-width="1.5" stroke-dasharray="6 6"/>'
        )
        word = say("value.withheld" if party.withheld else "value.unknown")
        half = width_of(word, SMALL) / 2 + 4
        x = (frame.left + frame.right) / 2
        out.append(
            f'<rect x="{x - half:.1f}" y="{line - 8:.1f}" width="{2 * half:.1f}" height="16" '
            'fill="var(--paper)"/>'
        )
        out.append(text_at(x, line + 4, word, "s m"))
        return "".join(out)
    if party.low is None:
        out.append(
            f'<path d="M{frame.left:.1f} {line:.1f}H{frame.right:.1f}" stroke="{colour}" '
            'stroke-opacity=".45" stroke-dasharray="3 5"/>'
        )
    else:
        out.append(_accepts(party, frame, line, colour))
    out.append(_dot(party, frame, line, colour))
    return "".join(out)


def _salience(party: PartyLine, frame: Frame, y: float, narrow: bool) -> str:
    if party.salience is None:
        return ""
    count = round(party.salience / 25.0)
    x = width_of(party.party) + 12 if narrow else frame.left - 50
    return "".join(
        f'<rect x="{x + 9 * k:.1f}" y="{y - 8:.1f}" width="7" height="7" '
        + ('fill="var(--ink)"/>' if k < count else 'fill="none" stroke="var(--line)"/>')
        for k in range(4)
    )


def _accepts(party: PartyLine, frame: Frame, y: float, colour: str) -> str:
    """The accepted interval: full where it is sure, fading over its uncertain edges."""
    low_range = party.low_range or (party.low or 0.0,) * 2
    high_range = party.high_range or (party.high or 0.0,) * 2
    start, end = low_range[0], high_range[1]
    wide = max(end - start, 1.5)
    sure = min(low_range[1], wide + start), max(high_range[0], start)
    if sure[0] > sure[1]:
        sure = ((sure[0] + sure[1]) / 2,) * 2
    ident = f"{frame.name}-{y:.0f}"
    stops = (
        (0.0, 0.0 if low_range[0] < low_range[1] else 0.5),
        ((sure[0] - start) / wide, 0.5),
        ((sure[1] - start) / wide, 0.5),
        (1.0, 0.0 if high_range[0] < high_range[1] else 0.5),
    )
    gradient = "".join(
        f'<stop offset="{100 * at:.1f}%" stop-color="{colour}" stop-opacity="{opacity:g}"/>'
        for at, opacity in stops
    )
    x, right = frame.x(start), frame.x(start + wide)
    edges = "".join(
        f'<path d="M{frame.x(v):.1f} {y - 9:.1f}v18" stroke="{colour}" stroke-width="2"/>'
        for v, bound in ((party.low, 0.0), (party.high, 100.0))
        if v is not None and v != bound
    )
    return (
        f'<defs><linearGradient id="{ident}">{gradient}</linearGradient></defs>'
        f'<rect x="{x:.1f}" y="{y - 7:.1f}" width="{right - x:.1f}" height="14" rx="2" '
        f'fill="url(#{ident})"/>{edges}'
    )


def _dot(party: PartyLine, frame: Frame, y: float, colour: str) -> str:
    if party.position is None:
        return ""
    out = ""
    if party.position_range and party.position_range[0] < party.position_range[1]:
        low, high = (frame.x(v) for v in party.position_range)
        out = f'<path d="M{low:.1f} {y:.1f}H{high:.1f}" stroke="{colour}" stroke-width="2"/>'
    # Filled: asked for in a report; open: inferred. The terminal says it the same way.
    fill = colour if party.known == "reported" else "var(--paper)"
    return (
        f'{out}<circle cx="{frame.x(party.position):.1f}" cy="{y:.1f}" r="6.5" fill="{fill}" '
        f'stroke="{colour}" stroke-width="2.5"/>'
    )


def _gap_band(issue: IssueLine, frame: Frame, top: float, bottom: float) -> str:
    if issue.span is None:
        return ""
    kind = "gap" if issue.span.is_gap else "room"
    left, right = frame.x(issue.span.lower), frame.x(issue.span.upper)
    right = max(right, left + 2)
    ident = f"{frame.name}-gap"
    pattern = (
        f'<defs><pattern id="{ident}" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V7" stroke="var(--gap)" '
        'stroke-opacity=".35" stroke-width="2.4"/></pattern></defs>'
    )
    fill = f'fill="url(#{ident})"' if issue.span.is_gap else 'fill="var(--room)" fill-opacity=".16"'
    sides = "".join(
        f'<path d="M{x:.1f} {top + 4:.1f}V{bottom:.1f}" stroke="var(--{kind})" '
        'stroke-dasharray="4 3"/>'
        for x in (left, right)
    )
    return (
        f'{pattern if issue.span.is_gap else ""}<rect x="{left:.1f}" y="{top + 4:.1f}" '
        f'width="{right - left:.1f}" height="{bottom - top - 4:.1f}" {fill}/>{sides}'
    )


def _gap_note(issue: IssueLine, frame: Frame, bottom: float) -> tuple[str, float]:
    """What the band means, under it; never beyond the edge of the drawing."""
    if not issue.gap:
        return "", bottom + 6
    lines = wrap(issue.gap, frame.width - 16, NOTE, bold=True)
    wide = max(width_of(line, NOTE, bold=True) for line in lines)
    middle = frame.width / 2
    if issue.span is not None:
        middle = frame.x((issue.span.lower + issue.span.upper) / 2)
    middle = min(max(middle, wide / 2 + 2), max(frame.width - wide / 2 - 2, wide / 2 + 2))
    kind = "g" if issue.span and issue.span.is_gap else "r"
    out = [text_at(middle, bottom + 15 + 15 * k, line, f"{kind} m") for k, line in enumerate(lines)]
    return "".join(out), bottom + 22 + 15 * (len(lines) - 1)
