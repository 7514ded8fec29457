"""An Altair chart as the content of a file."""

from __future__ import annotations

from typing import Any

from treves.errors import InputError, Problem
from treves.report.charts.look import library

SUFFIXES = ("svg", "png")


def content(chart: Any, name: str) -> str | bytes:
    """A chart as SVG text or PNG bytes, by the name of the file.

    Raises InputError on another kind of file, MissingExtra without the extra ``charts``.
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix not in SUFFIXES:
        raise InputError([Problem(f"{name} is no picture", "a name that ends in .svg or .png")])
    convert = library("vl_convert")
    drawn: str = convert.vegalite_to_svg(chart.to_dict())
    if suffix == "svg":
        return drawn
    picture: bytes = convert.svg_to_png(drawn, scale=2)
    return picture
