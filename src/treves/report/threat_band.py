"""Is the threat a bluff: how likely it is carried out, over what backing down would cost."""

from __future__ import annotations

from treves.report.drawing import figure, text_at, wrap
from treves.report.records import Summary, Threat
from treves.report.strings import Strings, strings

TOP, HEIGHT = 12.0, 150.0
BAND_KEY = (
    '<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="var(--accent)" stroke-width="9" opacity=".4"/>'
)
PRIOR_KEY = '<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="var(--ink)" stroke-dasharray="5 4"/>'


def draw_threat(summary: Summary, *, narrow: bool = False) -> str:
    """The band as SVG, with dashed lines for what one would have said without the threat.

    Raises ValueError when no threat is outstanding.
    """
    if summary.threat is None:
        raise ValueError("no threat is outstanding")
    threat, say = summary.threat, strings(summary.lang)
    width = 340.0 if narrow else 760.0
    left, right = 44.0, 326.0 if narrow else 560.0
    most = max(p.cost for p in threat.points) or 1.0
    body = [_grid(left, right)]
    places = [left + (right - left) * p.cost / most for p in threat.points]
    # Dashes over the band: where both run along an edge neither hides the other.
    body += [_band(threat, places), _prior(threat, left, right)]
    y = TOP + HEIGHT + 16
    for x, point in zip(places, threat.points, strict=True):
        body.append(text_at(x, y, f"{100 * point.cost:.0f}", "s m"))
    for line in wrap(say("threat.axis", who=threat.threatener), width - left - 8):
        y += 15
        body.append(text_at(left, y, line, "s"))
    for key, words in ((BAND_KEY, say("threat.band")), (PRIOR_KEY, say("threat.without"))):
        y += 18
        body.append(key.format(x=left, y=y - 4, end=left + 22))
        lines = wrap(words, width - left - 34)
        body += [text_at(left + 30, y + 14 * n, line, "s") for n, line in enumerate(lines)]
        y += 14 * (len(lines) - 1)
    name = "tn" if narrow else "tw"
    return figure((width, y + 8), name, say("page.threat"), describe(threat, say), "".join(body))


def describe(threat: Threat, say: Strings) -> str:
    """The drawing in words, from the same data."""
    return "; ".join(
        say("threat.at", cost=f"{100 * p.cost:.0f}", low=_shown(p.low), high=_shown(p.high))
        for p in threat.points
    )


def _shown(chance: float) -> str:
    return f"{min(99, max(1, round(100 * chance)))}"


def _y(chance: float) -> float:
    return TOP + HEIGHT * (1.0 - chance)


def _grid(left: float, right: float) -> str:
    return "".join(
        f'<path d="M{left:.1f} {_y(v):.1f}H{right:.1f}" stroke="var(--faint)" stroke-width="1.5"/>'
        + text_at(left - 6, _y(v) + 4, f"{100 * v:.0f}%", "s e")
        for v in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _band(threat: Threat, places: list[float]) -> str:
    high = [f"{x:.1f},{_y(p.high):.1f}" for x, p in zip(places, threat.points, strict=True)]
    low = [f"{x:.1f},{_y(p.low):.1f}" for x, p in zip(places, threat.points, strict=True)]
    area = " ".join([*high, *reversed(low)])
    edges = "".join(
        f'<polyline points="{" ".join(edge)}" fill="none" stroke="var(--accent)" stroke-width="2"/>'
        for edge in (high, low)
    )
    return f'<polygon points="{area}" fill="var(--accent)" fill-opacity=".22"/>{edges}'


def _prior(threat: Threat, left: float, right: float) -> str:
    return "".join(
        f'<path d="M{left:.1f} {_y(v):.1f}H{right:.1f}" stroke="var(--ink)" '
        'stroke-width="1.5" stroke-dasharray="5 4"/>'
        for v in dict.fromkeys(threat.prior)
    )
