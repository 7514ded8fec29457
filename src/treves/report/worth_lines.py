"""What each ending is worth to one party, on one line from its worst package to its own."""

from __future__ import annotations

from treves.report.drawing import SMALL, figure, text_at, width_of
from treves.report.records import PartyStory, Summary, Worth

HUE = {
    "deal": "agreement",
    "status_quo": "postponed",
    "outvoted": "vote_passed",
    "outside": "party_leaves",
    "collapse": "collapse",
}
ROW = 17.0


def draw_worths(summary: Summary, story: PartyStory, *, narrow: bool = False) -> str:
    """A line from 0 to 100 with one mark per ending; every mark has its own row for its name."""
    width = 340.0 if narrow else 760.0
    # On a page every name stands to the right of its mark, so the line ends well before the edge.
    left, right = 10.0, width - (10.0 if narrow else 240.0)
    name = f"w{summary.order.index(story.party)}{'n' if narrow else 'w'}"
    # Lowest on top: the stem of a mark then never runs through the name of another.
    ranked = sorted(story.worths, key=lambda w: w.value)
    axis = ROW * len(ranked) + 6
    body = [
        f'<path d="M{left} {axis:.1f}H{right}" stroke="var(--line)"/>',
        text_at(left, axis + 15, "0", "s m"),
        text_at(right, axis + 15, "100", "s m"),
    ]
    for k, worth in enumerate(ranked):
        body.append(_mark(worth, (left, right, width), ROW * k + 12, axis))
    return figure((width, axis + 20), name, story.party, describe(story), "".join(body))


def describe(story: PartyStory) -> str:
    """The drawing in words, from the same data."""
    return "; ".join(f"{w.words} {w.value:.0f}" for w in story.worths)


def _mark(worth: Worth, ends: tuple[float, float, float], y: float, axis: float) -> str:
    left, right, width = ends
    x = left + (right - left) * min(max(worth.value, 0.0), 100.0) / 100.0
    label = f"{worth.words} {worth.value:.0f}"
    ahead = x + 14 + width_of(label, SMALL) < width
    wide = width_of(label, SMALL)
    if not ahead and x - 9 - wide < 0:
        # Too long for either side: it ends at the edge, over its own mark's row.
        x_text, anchor = width - 2, "s e"
    else:
        x_text, anchor = (x + 9, "s") if ahead else (x - 9, "s e")
    start = x_text - (wide if anchor == "s e" else 1)
    halo = (
        f'<rect x="{start:.1f}" y="{y - 11:.1f}" width="{wide:.1f}" height="14" '
        'fill="var(--paper)"/>'
    )
    return (
        f'<path d="M{x:.1f} {y - 4:.1f}V{axis:.1f}" stroke="var(--{HUE[worth.ending]})" '
        f'stroke-width="2"/><circle cx="{x:.1f}" cy="{y - 4:.1f}" r="4.5" '
        f'fill="var(--{HUE[worth.ending]})"/>' + halo + text_at(x_text, y, label, anchor)
    )
