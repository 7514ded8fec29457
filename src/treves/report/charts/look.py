"""The one look of all Altair charts, and the door to the optional library."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from treves.errors import MissingExtra
from treves.report.colours import LIGHT
from treves.report.drawing import clean

# Fonts of one width: what is measured here is what a reader's machine draws, and no label is cut.
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"

Rows = list[dict[str, Any]]


def library(name: str, what: str = "drawing this chart", extra: str = "charts") -> Any:
    """An optional library; MissingExtra, which names the extra, where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(what, extra) from error


def styled(chart: Any, title: str) -> Any:
    """The chart with the type, colours and axes that all charts share; no name is cut off."""
    axis = {
        "labelColor": LIGHT["soft"],
        "titleColor": LIGHT["soft"],
        "titleFontWeight": "normal",
        "gridColor": LIGHT["faint"],
        "domainColor": LIGHT["line"],
        "tickColor": LIGHT["line"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 600,
        "titleLimit": 700,
        "labelOverlap": False,
    }
    legend = {
        "labelLimit": 500,
        "titleLimit": 500,
        "labelFontSize": 12,
        "titleFontWeight": "normal",
    }
    heading = {"text": clean(title), "anchor": "start", "fontWeight": 600, "fontSize": 15}
    return chart.properties(title=heading).configure(
        axis=axis,
        legend=legend,
        view={"stroke": None},
        background=LIGHT["paper"],
        font=FONT,
        padding=12,
    )
