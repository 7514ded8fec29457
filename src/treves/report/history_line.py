"""How the forecast moved: the odds of the headline in every stored forecast, with intervals."""

from __future__ import annotations

from treves.report.drawing import esc, figure, text_at, wrap
from treves.report.records import Moment, Summary
from treves.report.strings import strings

HEIGHT = 220.0
TOP = 44.0


def draw_history(summary: Summary, *, narrow: bool = False) -> str:
    """A line with a dot per stored forecast; the days stand evenly, their names under them."""
    say = strings(summary.lang)
    top = max(summary.outcomes, key=lambda o: o.probability)
    width = 340.0 if narrow else 760.0
    left, right = 42.0, width - 50.0
    name = "hn" if narrow else "hw"
    count = len(summary.moments)
    body = [_grid(left, width - 8), text_at(2, 14, top.words, "b")]
    places = [left + 20 + (right - left - 20) * k / max(count - 1, 1) for k in range(count)]
    odds = [dict(m.outcomes).get(top.outcome, 0.0) for m in summary.moments]
    path = " ".join(f"{x:.1f},{_y(p):.1f}" for x, p in zip(places, odds, strict=True))
    hue = f"var(--{top.outcome})"
    body.append(f'<polyline points="{path}" fill="none" stroke="{hue}" stroke-width="2"/>')
    room = (right - left) / max(count, 1)
    for x, p, moment in zip(places, odds, summary.moments, strict=True):
        body.append(_dot(x, p, moment, hue))
        for n, line in enumerate(wrap(moment.day, max(room, 60.0))):
            body.append(text_at(x, HEIGHT + 16 + 14 * n, line, "s m"))
    about = f"{say('page.moved')}: {top.words}"
    return figure((width, HEIGHT + 48), name, about, describe(summary), "".join(body))


def describe(summary: Summary) -> str:
    """The drawing in words, from the same data."""
    return "\n".join(_told(m) for m in summary.moments)


def _told(moment: Moment) -> str:
    """A stored forecast and the sentences that came before it."""
    said = " ".join(f"“{s.text}”" if s.quoted else s.text for s in moment.reports)
    return f"{moment.day}: {moment.figure}. {said}".strip()


def _y(probability: float) -> float:
    return TOP + (HEIGHT - TOP - 10) * (1.0 - probability)


def _grid(left: float, right: float) -> str:
    return "".join(
        f'<path d="M{left:.1f} {_y(v):.1f}H{right:.1f}" stroke="var(--faint)"/>'
        + text_at(left - 6, _y(v) + 4, f"{100 * v:.0f}%", "s e")
        for v in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _dot(x: float, probability: float, moment: Moment, hue: str) -> str:
    low, high = _y(moment.low), _y(moment.high)
    return (
        f"<g><title>{esc(_told(moment))}</title>"
        f'<path d="M{x:.1f} {high:.1f}V{low:.1f}" stroke="{hue}" stroke-width="5" '
        f'stroke-opacity=".4"/><circle cx="{x:.1f}" cy="{_y(probability):.1f}" r="5.5" '
        f'fill="{hue}" stroke="var(--paper)"/>'
        # Over its interval, where the line never runs.
        f"{text_at(x, high - 6, moment.figure, 'b m')}</g>"
    )
