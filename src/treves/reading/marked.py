"""A report with its claims marked: one structure, drawn on a terminal or as a page."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from treves.case.evidence import Claim
from treves.reading.pack import Pack
from treves.reading.reader import Reading

# Colour of a stance, and a sign in front of it, so that colour is never the only carrier.
KINDS = {
    "for": ("demand", "propose", "support"),
    "against": ("oppose", "reject"),
    "yields": ("accept", "concede", "want_deal"),
    "threat": ("threaten_vote", "threaten_leave"),
    "other": ("expect", "other"),
}
KIND_OF = {stance: kind for kind, stances in KINDS.items() for stance in stances}
SIGNS = {"for": "+", "against": "−", "yields": "≈", "threat": "!", "other": "·"}
ANSI = {"for": "34", "against": "31", "yields": "32", "threat": "35", "other": "36"}
UNDERLINE, DIM = "4", "2"
WORD = re.compile(r"[^\W_]+")
HEDGES = ("hedge", "hearsay")


@dataclass(frozen=True)
class Segment:
    """A run of characters that is marked in one way; ``opens`` are claims that start here."""

    text: str
    kind: str | None = None
    claims: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    hedged: bool = False
    possible: bool = False


def mark(reading: Reading, lang: str = "nl") -> tuple[Segment, ...]:
    """Cut a report into segments; put together their texts are the report, to the character.

    >>> from treves.case.evidence import Source
    >>> from treves.reading import read
    >>> found = read(Source.of("De VVD eist een wet. Het regent.", lang="nl"))
    >>> next((s.text, s.kind) for s in mark(found))
    ('De VVD eist een wet', 'for')
    """
    text = reading.source.text
    hedges = _hedges(reading, Pack.load(lang))
    possible = [s.span for s in reading.sentences if s.state == "possible"]
    spans = [claim.span for claim in reading.claims]
    edges = sorted({0, len(text), *(e for span in (*hedges, *possible, *spans) for e in span)})
    inside_hedge, inside_possible = _cover(hedges, edges), _cover(possible, edges)
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for k, (start, end) in enumerate(spans):
        starts.setdefault(start, []).append(k)
        ends.setdefault(end, []).append(k)
    open_: dict[int, None] = {}
    segments = []
    for start, end in pairwise(edges):
        for k in ends.get(start, ()):
            open_.pop(k, None)
        opens = tuple(starts.get(start, ()))
        open_ |= dict.fromkeys(opens)
        here = tuple(open_)
        kind = KIND_OF[reading.claims[here[-1]].stance] if here else None
        hedged, maybe = start in inside_hedge, start in inside_possible
        segments.append(Segment(text[start:end], kind, here, opens, hedged, maybe and not here))
    return tuple(segments)


def _hedges(reading: Reading, pack: Pack) -> list[tuple[int, int]]:
    """Words that hedge, in sentences that the reader uses."""
    text = reading.source.text
    return [
        word.span()
        for sentence in reading.sentences
        if sentence.state != "background"
        for word in WORD.finditer(text, *sentence.span)
        if pack.tags(word.group().lower()).intersection(HEDGES)
    ]


def _cover(spans: list[tuple[int, int]], edges: list[int]) -> set[int]:
    """The edges that lie inside one of some spans that do not overlap."""
    covered, k = set(), 0
    order = sorted(spans)
    for edge in edges:
        while k < len(order) and order[k][1] <= edge:
            k += 1
        if k < len(order) and order[k][0] <= edge:
            covered.add(edge)
    return covered


def summary_of(claim: Claim) -> str:
    """A claim in one line: who, what stance, about what, said by whom."""
    who = claim.actor or "nobody named"
    party = f" ({claim.party})" if claim.party and claim.party != claim.actor else ""
    sure = "" if claim.certainty == "asserted" else f", {claim.certainty}"
    about = f" on {claim.issue.replace('_', ' ')}" if claim.issue else ""
    said = claim.speaker or claim.speaker_kind
    return f"{who}{party}: {claim.stance.replace('_', ' ')}{about}{sure}, says {said}"


def to_terminal(reading: Reading, segments: tuple[Segment, ...], *, colour: bool = True) -> str:
    """The marked text for a terminal; numbers in brackets lead to the list of claims below it."""
    parts = []
    for part in segments:
        text = _clean(part.text)
        codes = [ANSI[part.kind]] if part.kind else [DIM] if part.possible else []
        codes += [UNDERLINE] if part.hedged else []
        if colour and codes:
            text = f"\x1b[{';'.join(codes)}m{text}\x1b[0m"
        elif part.hedged:
            text = f"_{text}_"
        signs = [SIGNS[KIND_OF[reading.claims[k].stance]] for k in part.opens]
        notes = [f"[{sign}{k + 1}]" for sign, k in zip(signs, part.opens, strict=True)]
        parts.append("".join(notes) + text)
    listed = [f"{k:>4} {_clean(summary_of(c))}" for k, c in enumerate(reading.claims, 1)]
    legend = " ".join(f"{SIGNS[kind]} {kind}" for kind in KINDS)
    return "\n".join(
        ["".join(parts).strip(), "", f"CLAIMS   {legend}   hedges underlined", *listed]
    )


STYLE = """
:root{color-scheme:light dark;--for:#1d4ed8;--against:#b91c1c;--yields:#15803d;--threat:#7e22ce;
--other:#0e7490;--ink:#1a1a1a;--paper:#fff;--faint:#595959;--line:#d4d4d4}
@media(prefers-color-scheme:dark){:root{--for:#93c5fd;--against:#fca5a5;--yields:#86efac;
--threat:#d8b4fe;--other:#67e8f9;--ink:#e8e8e8;--paper:#161616;--faint:#a3a3a3;--line:#404040}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem;max-width:76rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.65 Georgia,serif}
header p,.legend,ol{font-family:system-ui,sans-serif;font-size:.875rem;color:var(--faint)}
h1{font-size:1.5rem;line-height:1.25;margin:0}
main{display:grid;gap:2.5rem;grid-template-columns:minmax(0,3fr) minmax(16rem,2fr)}
@media(max-width:50rem){main{grid-template-columns:minmax(0,1fr)}}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
ol{padding-left:1.75rem;margin:0;line-height:1.45}li{margin-bottom:.5rem;overflow-wrap:anywhere}
li::marker{color:var(--ink)}
mark{background:none;color:inherit;border-bottom:.14em solid;
border-color:color-mix(in srgb,var(--c) 45%,transparent)}
sup,li b{color:var(--c);font-family:system-ui,sans-serif}sup{font-size:.7em;font-weight:600}
sup a{color:inherit;text-decoration:none}
mark{color:var(--c)}.possible{border-left:.2em dotted var(--faint);padding-left:.25em}
u{text-decoration:underline dotted;text-underline-offset:.35em}
.for{--c:var(--for)}.against{--c:var(--against)}.yields{--c:var(--yields)}
.threat{--c:var(--threat)}.other{--c:var(--other)}.legend b{color:var(--c)}
""".strip()


def to_html(reading: Reading, segments: tuple[Segment, ...]) -> str:
    """The marked text as one page that needs nothing else; whatever stands in it is escaped."""
    source = reading.source
    parts = []
    for part in segments:
        text = html.escape(part.text.replace("\x00", ""))
        text = f"<u>{text}</u>" if part.hedged else text
        notes = "".join(_note(k, reading.claims[k]) for k in part.opens)
        if part.kind:
            about = html.escape("; ".join(summary_of(reading.claims[k]) for k in part.claims))
            text = f'{notes}<mark class="{part.kind}" title="{about}">{text}</mark>'
        elif part.possible:
            text = f'<span class="possible" title="possibly a claim">{text}</span>'
        parts.append(text)
    listed = "".join(
        f'<li id="c{k}" class="{KIND_OF[c.stance]}"><b>{SIGNS[KIND_OF[c.stance]]}</b> '
        f"{html.escape(summary_of(c))}</li>"
        for k, c in enumerate(reading.claims, 1)
    )
    title = html.escape(source.title or "Report")
    stamp = html.escape(" · ".join(t for t in (source.outlet, source.date) if t))
    legend = " ".join(f'<span class="{kind}"><b>{SIGNS[kind]} {kind}</b></span>' for kind in KINDS)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        "style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f"<header><h1>{title}</h1><p>{stamp}</p></header>"
        f'<p class="legend">{legend} · dotted underline: hedged · dotted bar: possibly a claim</p>'
        f'<main><div class="text">{"".join(parts)}</div><ol>{listed}</ol></main></body></html>\n'
    )


def _note(k: int, claim: Claim) -> str:
    kind = KIND_OF[claim.stance]
    return f'<sup class="{kind}"><a href="#c{k + 1}">{SIGNS[kind]}{k + 1}</a></sup>'


def _clean(text: str) -> str:
    """Text without characters that would steer a terminal."""
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text
    )
