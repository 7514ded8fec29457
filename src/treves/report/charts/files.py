"""A drawing as the content of a file, with its words where the file can hold them."""

from __future__ import annotations

from typing import Any

from treves.errors import InputError, Problem
from treves.report.charts.look import library
from treves.report.drawing import esc

SUFFIXES = ("svg", "png", "pdf", "html")


def content(chart: Any, name: str) -> str | bytes:
    """An Altair chart, by the name of the file. Raises as :func:`picture` does."""
    suffix = name.rpartition(".")[2].lower()
    svg: str = library("vl_convert").vegalite_to_svg(chart.to_dict())
    return picture(svg, svg, suffix)


def picture(svg: str, plain: str, suffix: str, title: str = "", words: str = "") -> str | bytes:
    """A drawing as ``svg``, ``png``, ``pdf``, or ``html`` with its words under it.

    plain: the drawing without CSS variables, for programs that know none. Raises InputError on
    another kind of file, MissingExtra where ``png`` or ``pdf`` needs the extra ``charts``.
    """
    if suffix not in SUFFIXES:
        instead = f"a name that ends in .{', .'.join(SUFFIXES)}"
        raise InputError([Problem(f"no format {suffix or 'without a name'}", instead, "--chart")])
    if suffix == "svg":
        return svg
    if suffix == "html":
        told = "".join(f"<p>{esc(line)}</p>" for line in words.splitlines())
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{esc(title)}</title></head><body><main><h1>{esc(title)}</h1>"
            f"{svg}{told}</main></body></html>\n"
        )
    convert = library("vl_convert")
    made: bytes = (
        convert.svg_to_png(plain, scale=2) if suffix == "png" else convert.svg_to_pdf(plain)
    )
    return made
