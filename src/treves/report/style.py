"""The one stylesheet of page, notebook and workbench: colours by name, light and dark."""

from __future__ import annotations

from functools import cache

from treves.report.colours import palette
from treves.report.drawing import STYLE, variables
from treves.report.records import Summary
from treves.resources import resource


def stylesheet(summary: Summary, root: str = ":root", dark: str = "media") -> str:
    """The CSS of every section and drawing of a summary.

    root: ``:root`` styles a page of its own; another selector keeps the style inside an element.
    dark: ``media`` follows the system; ``attribute`` follows ``data-theme`` (light or dark) on the
    html element, and the system where it is absent.

    >>> from treves.catalogue import load_example
    >>> from treves.forecast.run import run
    >>> from treves.report.summary import summarise
    >>> case = load_example("asylum")
    >>> "--party-0:" in stylesheet(summarise(case, run(case, draws=16)), ".treves")
    True
    """
    light = variables(palette(summary.colours))
    night = variables(palette(summary.colours, dark=True))
    whole = root == ":root"
    rules = STYLE + _css() if whole else f"{root}{{color:var(--ink)}}{_scoped(root)}"
    chips = "".join(
        f"{'' if whole else root + ' '}.c{k}{{background:var(--party-{k})}}"
        for k in range(len(summary.order))
    )
    if dark == "media":
        dim = f"@media screen and (prefers-color-scheme:dark){{{root}{{{night}}}}}"
    else:
        inner = "" if whole else f" {root}"
        dim = (
            "@media screen and (prefers-color-scheme:dark)"
            f"{{html:not([data-theme=light]){inner}{{{night}}}}}"
            f"@media screen{{html[data-theme=dark]{inner}{{{night}}}}}"
        )
    return f"{root}{{{light}}}{dim}{rules}{chips}"


def _scoped(root: str) -> str:
    """Nested rules: they reach nothing outside the element."""
    return f"{root}{{{_css()}}}{root} svg{{{STYLE}}}"


@cache
def _css() -> str:
    return resource("report", "page.css").read_text(encoding="utf-8")
