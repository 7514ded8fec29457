"""Colours: of parties where known, of endings always the same; light and dark designed apart."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from treves.case.model import Case
from treves.resources import resource

# Names are those of the CSS variables of the page and of every drawing.
LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "soft": "#57606a",
    "line": "#8c959f",
    "faint": "#eceff2",
    "accent": "#0b5cad",
    "agreement": "#0f8b8d",
    "vote_passed": "#2f6fd0",
    "postponed": "#8b939c",
    "party_leaves": "#d98a00",
    "collapse": "#9b1c1c",
    "on_bar": "#ffffff",
    "room": "#0b7375",
    "gap": "#9b1c1c",
    "k-for": "#1d4ed8",
    "k-against": "#b91c1c",
    "k-yields": "#0f766e",
    "k-threat": "#7e22ce",
    "k-other": "#57606a",
}
DARK = {
    "paper": "#14171a",
    "ink": "#e8eaed",
    "soft": "#a9b1ba",
    "line": "#6e7781",
    "faint": "#262b31",
    "accent": "#7db7f2",
    "agreement": "#3fb8b5",
    "vote_passed": "#6fa2f0",
    "postponed": "#8f98a3",
    "party_leaves": "#efb04a",
    "collapse": "#e06767",
    "on_bar": "#14171a",
    "room": "#3fb8b5",
    "gap": "#e98a8a",
    "k-for": "#93b8fd",
    "k-against": "#fca5a5",
    "k-yields": "#5eead4",
    "k-threat": "#d8b4fe",
    "k-other": "#a9b1ba",
}
# WCAG 2.1, 1.4.11: graphical objects need this much contrast with what is next to them.
GRAPHIC_CONTRAST = 3.0


@cache
def _known() -> Mapping[str, Any]:
    text = resource("report", "colours.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = YAML(typ="safe").load(text)
    return table


def party_colours(case: Case, order: list[str]) -> tuple[tuple[str, str], ...]:
    """A colour for each party: of the case, else as it is known by, else of the fallback set."""
    known = _known().get((case.country or "").upper(), {})
    fallback = list(_known()["fallback"])
    found = {p.id: p.colour or known.get(p.id) for p in case.parties}
    free = [c for c in fallback if c not in found.values()]
    for k, party in enumerate(p for p in order if not found[p]):
        found[party] = free[k % len(free)]
    return tuple((party, str(found[party])) for party in order)


def palette(colours: tuple[tuple[str, str], ...], *, dark: bool = False) -> dict[str, str]:
    """Every colour of a drawing by name; party k of ``colours`` is ``party-k``."""
    base = DARK if dark else LIGHT
    parties = {f"party-{k}": legible(c, base["paper"]) for k, (_, c) in enumerate(colours)}
    return base | parties


def legible(colour: str, paper: str, least: float = GRAPHIC_CONTRAST) -> str:
    """The colour with its lightness moved, and only that, until it stands out from the paper.

    >>> legible("#1d4fa1", "#ffffff"), contrast(legible("#ffac12", "#ffffff"), "#ffffff") >= 3
    ('#1d4fa1', True)
    """
    hue, light, strength = colorsys.rgb_to_hls(*_rgb(colour))
    step = 0.02 if _luminance(paper) < 0.5 else -0.02
    while contrast(colour, paper) < least and 0.0 < light < 1.0:
        light = min(1.0, max(0.0, light + step))
        channels = colorsys.hls_to_rgb(hue, light, strength)
        colour = "#" + "".join(f"{round(255 * c):02x}" for c in channels)
    return colour


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21. Source: WCAG 2.1, relative luminance."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
