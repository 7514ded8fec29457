"""Small parts that our own SVG drawings share: escaping, text that fits, hatches, styles."""

from __future__ import annotations

import html
import re
import unicodedata

# Mean width of a character, as a share of the font size, of the widest system font in the stack.
CHARACTER = 0.6
BOLD = 1.14
FONT = 13.0
SMALL = 11.5

HATCHES = {
    "agreement": "",
    "vote_passed": "M0 6h12",
    "postponed": "M2 2h1M8 8h1M8 2h1M2 8h1",
    "party_leaves": "M0 12L12 0M-3 3L3 -3M9 15L15 9",
    "collapse": "M0 0L12 12M9 -3L15 3M-3 9L3 15M0 12L12 0M-3 3L3 -3M9 15L15 9",
}

# Classes of texts: s small, b bold, m middle, e end, g gap, r room, on on a bar, n the number of a
# claim, t the text of a report, f- the kind of a claim.
STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',Arial,sans-serif;"
    "font-size:13px;fill:var(--ink);font-variant-numeric:tabular-nums}"
    "text.s{font-size:11.5px;fill:var(--soft)}text.b{font-weight:600}text.m{text-anchor:middle}"
    "text.e{text-anchor:end}text.g{font-weight:600;font-size:12px;fill:var(--gap)}"
    "text.r{font-weight:600;font-size:12px;fill:var(--room)}"
    "text.on{font-weight:600;fill:var(--on_bar)}text.n{font-weight:600;font-size:11.5px}"
    "text.t{font-family:ui-monospace,Menlo,'Liberation Mono','DejaVu Sans Mono',monospace;"
    "font-size:12.5px}"
    "text.f-for{fill:var(--k-for)}text.f-against{fill:var(--k-against)}"
    "text.f-yields{fill:var(--k-yields)}text.f-threat{fill:var(--k-threat)}"
    "text.f-other{fill:var(--k-other)}"
)


def clean(text: str) -> str:
    """Foreign text without characters that steer a screen; direction marks become visible.

    >>> clean("a\\u202eb")
    'a[U+202E]b'
    """
    out = []
    for c in text:
        kind = unicodedata.category(c)
        if kind == "Cf" and c not in "\u00ad\u200c\u200d":
            out.append(f"[U+{ord(c):04X}]")
        else:
            out.append(" " if kind in ("Cc", "Cs", "Co") else c)
    return "".join(out)


def esc(text: str) -> str:
    """Foreign text that is safe in HTML and SVG, in elements and in attributes.

    >>> esc('"><img onerror>')
    '&quot;&gt;&lt;img onerror&gt;'
    """
    return html.escape(clean(text), quote=True)


def width_of(text: str, size: float = FONT, *, bold: bool = False) -> float:
    """About how wide a text is, in pixels; hardly ever less than it is."""
    wide = sum(1.0 + (c in "mwMW%@—" or c.isupper()) * 0.3 for c in text)
    return wide * CHARACTER * size * (BOLD if bold else 1.0)


def wrap(text: str, room: float, size: float = SMALL, *, bold: bool = False) -> list[str]:
    """The text in lines that fit; a word that is too long is broken, nothing is left out."""
    room = room / BOLD if bold else room
    lines = [""]
    for word in clean(text).split():
        while width_of(word, size) > room and len(word) > 2:
            keep = max(1, int(room / (CHARACTER * size * 1.2)) - 1)
            if keep >= len(word):
                break
            lines.append(word[:keep] + "-")
            word = word[keep:]
        joined = f"{lines[-1]} {word}".strip()
        if width_of(joined, size) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]


def text_at(x: float, y: float, text: str, classes: str = "") -> str:
    """A text element; the text is escaped here and nowhere else."""
    held = f' class="{classes}"' if classes else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{held}>{esc(text)}</text>'


def hatch(name: str, outcome: str) -> str:
    """Definition of the hatch of an outcome, or of a gap: colour is never the only carrier."""
    path = HATCHES[outcome]
    if not path:
        return ""
    return (
        f'<pattern id="{name}" width="12" height="12" patternUnits="userSpaceOnUse">'
        f'<path d="{path}" stroke="var(--paper)" stroke-width="1.6" stroke-opacity=".55" '
        'fill="none"/></pattern>'
    )


def figure(size: tuple[float, float], name: str, title: str, about: str, body: str) -> str:
    """An SVG that scales with its page and is read out by its title and description."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{esc(title)}</title>'
        f'<desc id="{name}-d">{esc(about)}</desc>{body}</svg>'
    )


def standalone(svg: str, light: dict[str, str], dark: dict[str, str] | None = None) -> str:
    """The drawing as a file of its own: with its style and colours, light and, if given, dark.

    With ``dark`` the viewer chooses; without it every colour is written out, for programs that
    know no CSS variables.
    """
    style = STYLE
    if dark is None:
        svg, style = resolved(svg, light), resolved(style, light)
    else:
        style += f"svg{{{variables(light)};background:var(--paper)}}"
        style += f"@media(prefers-color-scheme:dark){{svg{{{variables(dark)}}}}}"
    ground = f'<rect width="100%" height="100%" fill="{light["paper"]}"/>' if dark is None else ""
    return svg.replace("<title", f"<style>{style}</style>{ground}<title", 1) + "\n"


def variables(colours: dict[str, str]) -> str:
    """The colours as CSS variables."""
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def resolved(text: str, colours: dict[str, str]) -> str:
    """The text with every colour variable replaced by its colour."""
    return re.sub(r"var\(--([a-z0-9_-]+)\)", lambda m: colours[m.group(1)], text)
