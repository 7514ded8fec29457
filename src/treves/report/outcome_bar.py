"""How it ends: one stacked bar, and under it every ending with its interval."""

from __future__ import annotations

from treves.report.drawing import HATCHES, SMALL, figure, hatch, text_at, width_of, wrap
from treves.report.records import OutcomeBar, Summary
from treves.report.strings import strings
from treves.report.words import listed, percent

BAR = 44.0
LEAST = 0.0005  # an ending below this has no rule that leads to it, or next to none


def draw_outcomes(summary: Summary, *, narrow: bool = False) -> str:
    """The bar and the intervals as SVG; ``narrow`` is for a phone."""
    say = strings(summary.lang)
    width = 340.0 if narrow else 760.0
    name = "on" if narrow else "ow"
    shown = [o for o in summary.outcomes if o.probability >= LEAST]
    defs = "".join(hatch(f"{name}-{o.outcome}", o.outcome) for o in shown)
    body = [f"<defs>{defs}</defs>", *_stack(shown, width, name, say.held("short"))]
    y = BAR + 16.0
    row = 42.0 if narrow else 27.0
    left, right = (10.0, 330.0) if narrow else _ends(shown, width)
    ranked = sorted(shown, key=lambda o: -o.probability)
    body.append(_scale(left, right, y, row * len(ranked), narrow))
    for k, outcome in enumerate(ranked):
        body.append(_row(outcome, (left, right), y + row * k, name, narrow))
    y += row * len(ranked) + 22
    who = [f"{party} {percent(share)}" for party, share in summary.leaves]
    if who:
        told = f"{say('page.who_breaks')}: {listed(who, summary.lang)}"
        for line in wrap(told, width - 4, 13.0):
            body.append(text_at(2, y + 10, line))
            y += 18
    return figure((width, y + 6), name, say("page.outcomes"), describe(summary), "".join(body))


def _ends(shown: list[OutcomeBar], width: float) -> tuple[float, float]:
    """Where the scale begins and ends: between the longest name and the longest chance."""
    names = max(width_of(o.words) for o in shown)
    chances = max(width_of(o.chance, SMALL) for o in shown)
    return 40.0 + names, width - 66.0 - chances


def describe(summary: Summary) -> str:
    """The drawing in words, from the same data."""
    ranked = sorted(summary.outcomes, key=lambda o: -o.probability)
    return "; ".join(f"{o.words} {o.figure}, {o.chance}" for o in ranked if o.probability >= LEAST)


def _stack(shown: list[OutcomeBar], width: float, name: str, short: dict[str, str]) -> list[str]:
    out = []
    x = 0.0
    total = sum(o.probability for o in shown) or 1.0
    for outcome in shown:
        wide = width * outcome.probability / total
        out.append(_block(outcome.outcome, (x, 0.0, max(wide - 1.5, 0.8), BAR), name))
        label = f"{short[outcome.outcome]} {outcome.figure}"
        if width_of(label, bold=True) + 12 <= wide:
            out.append(_label(x + wide / 2, label, outcome.outcome))
        elif width_of(outcome.figure, bold=True) + 8 <= wide:
            out.append(_label(x + wide / 2, outcome.figure, outcome.outcome))
        x += wide
    return out


def _label(x: float, label: str, outcome: str) -> str:
    """A label in the bar, on ground of its own: a hatch must not run through words."""
    half = width_of(label, bold=True) / 2 + 3
    ground = (
        f'<rect x="{x - half:.1f}" y="{BAR / 2 - 11:.1f}" width="{2 * half:.1f}" height="22" '
        f'rx="3" fill="var(--paper)"/>'
        if HATCHES[outcome]
        else ""
    )
    return ground + text_at(x, BAR / 2 + 5, label, "b m" if ground else "on m")


def _block(outcome: str, box: tuple[float, float, float, float], name: str) -> str:
    x, y, wide, high = box
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    pattern = f'<rect {place} fill="url(#{name}-{outcome})"/>' if HATCHES[outcome] else ""
    return f'<rect {place} fill="var(--{outcome})"/>{pattern}'


def _scale(left: float, right: float, y: float, height: float, narrow: bool) -> str:
    out = []
    for value in (0, 25, 50, 75, 100):
        x = left + (right - left) * value / 100
        out.append(
            f'<path d="M{x:.1f} {y:.1f}v{height + 2:.1f}" stroke="var(--faint)" '
            'stroke-width="1.5"/>'
        )
        anchor = "m"
        if narrow and value in (0, 100):
            anchor = "e" if value else ""
        out.append(text_at(x, y + height + 15, f"{value}%", f"s {anchor}".strip()))
    return "".join(out)


def _row(outcome: OutcomeBar, ends: tuple[float, float], y: float, name: str, narrow: bool) -> str:
    left, right = ends
    line = y + (30 if narrow else 14)
    text = y + 18

    def x(value: float) -> float:
        return left + (right - left) * value

    said = f"{outcome.figure} · {outcome.chance}"
    out = [_block(outcome.outcome, (2, text - 11, 13, 13), name)]
    if narrow:
        out.append(text_at(21, text, outcome.words))
        whole = width_of(outcome.words) + width_of(said) < 300
        out.append(text_at(338, text, said if whole else outcome.figure, "e b"))
    else:
        out.append(text_at(21, text, outcome.words))
        out.append(text_at(right + 16, text, outcome.figure, "b"))
        out.append(text_at(right + 58, text, outcome.chance, "s"))
    low, high = x(outcome.low), x(outcome.high)
    out.append(
        f'<path d="M{low:.1f} {line:.1f}H{max(high, low + 1):.1f}" '
        f'stroke="var(--{outcome.outcome})" stroke-width="5" stroke-opacity=".55"/>'
        f'<circle cx="{x(outcome.probability):.1f}" cy="{line:.1f}" r="5.5" '
        f'fill="var(--{outcome.outcome})" stroke="var(--paper)"/>'
    )
    return "".join(out)
