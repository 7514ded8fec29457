"""Every chart of a case by name, and how it is written as SVG, PNG, PDF, HTML or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.report.charts import frontier, packages, parallel, tornado
from treves.report.charts.look import library
from treves.report.colours import palette
from treves.report.drawing import esc, standalone, text_at
from treves.report.history_line import describe as describe_history
from treves.report.history_line import draw_history
from treves.report.issue_lines import describe as describe_issue
from treves.report.issue_lines import draw_issue
from treves.report.outcome_bar import describe as describe_outcomes
from treves.report.outcome_bar import draw_outcomes
from treves.report.records import Summary
from treves.report.strings import strings

FORMATS = ("svg", "png", "pdf", "html", "json")


@dataclass(frozen=True)
class Chart:
    """How a chart is drawn, put in words and given as data; ``own`` charts are SVG already."""

    draw: Callable[[Case, Summary], Any]
    describe: Callable[[Case, Summary], str]
    data: Callable[[Case, Summary], Any] | None = None

    @property
    def own(self) -> bool:
        """Drawn by ourselves, not by Altair."""
        return self.data is not None


CHARTS: dict[str, Chart] = {
    "outcomes": Chart(
        lambda _, s: draw_outcomes(s),
        lambda _, s: describe_outcomes(s),
        lambda _, s: [asdict(o) for o in s.outcomes],
    ),
    "issue-lines": Chart(
        lambda _, s: all_issues(s),
        lambda _, s: "\n".join(
            f"{i.title}. {describe_issue(i, strings(s.lang))}." for i in s.issues
        ),
        lambda _, s: [asdict(i) for i in s.issues],
    ),
    "history": Chart(
        lambda _, s: draw_history(s),
        lambda _, s: describe_history(s),
        lambda _, s: [asdict(m) for m in s.moments],
    ),
    "packages": Chart(lambda _, s: packages.draw(s), lambda _, s: packages.describe(s)),
    "parallel": Chart(lambda _, s: parallel.draw(s), lambda _, s: parallel.describe(s)),
    "tornado": Chart(lambda _, s: tornado.draw(s), lambda _, s: tornado.describe(s)),
    "frontier": Chart(frontier.draw, frontier.describe),
}


def check_request(name: str, suffix: str) -> None:
    """InputError unless there is such a chart and such a format; says which there are."""
    problems = []
    if name not in CHARTS:
        problems.append(Problem(f"no chart {name}", f"one of {', '.join(CHARTS)}", "chart"))
    if suffix not in FORMATS:
        instead = f"a name that ends in .{', .'.join(FORMATS)}"
        problems.append(Problem(f"no format {suffix or 'without a name'}", instead, "--out"))
    if problems:
        raise InputError(problems)


def describe(name: str, case: Case, summary: Summary) -> str:
    """A chart in words, made from the data of the drawing."""
    return CHARTS[name].describe(case, summary)


def render(name: str, case: Case, summary: Summary, suffix: str) -> str | bytes:
    """A chart as the content of a file; ``png`` and ``pdf`` are bytes.

    Raises MissingExtra where the extra ``charts`` is needed and not installed.
    """
    chart = CHARTS[name]
    light, dark = palette(summary.colours), palette(summary.colours, dark=True)
    if suffix == "json":
        held = chart.data(case, summary) if chart.data else chart.draw(case, summary).to_dict()
        return json.dumps(held, indent=2, ensure_ascii=False) + "\n"
    if chart.own:
        drawn = chart.draw(case, summary)
        both = standalone(drawn, light, dark)
        plain = standalone(drawn, light)
    else:
        spec = chart.draw(case, summary).to_dict()
        both = plain = library("vl_convert").vegalite_to_svg(spec)
    if suffix == "svg":
        return both
    if suffix == "html":
        return _page(both, summary, chart.describe(case, summary))
    convert = library("vl_convert")
    drawn_bytes: bytes = (
        convert.svg_to_png(plain, scale=2) if suffix == "png" else convert.svg_to_pdf(plain)
    )
    return drawn_bytes


def all_issues(summary: Summary) -> str:
    """The lines of every issue in one drawing, each under its title."""
    y, parts = 0.0, []
    for issue in summary.issues:
        drawn = draw_issue(summary, issue)
        found = re.search(r'viewBox="0 0 \d+ (\d+)"', drawn)
        height = float(found.group(1)) if found else 0.0
        parts.append(text_at(2, y + 16, issue.title, "b"))
        parts.append(drawn.replace("<svg ", f'<svg y="{y + 24:.0f}" ', 1))
        y += height + 44
    title = esc(strings(summary.lang)("page.gap"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {y:.0f}" width="760" '
        f'height="{y:.0f}" role="img"><title>{title}</title>{"".join(parts)}</svg>'
    )


def _page(svg: str, summary: Summary, words: str) -> str:
    told = "".join(f"<p>{esc(line)}</p>" for line in words.splitlines())
    return (
        f'<!DOCTYPE html>\n<html lang="{summary.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(summary.title)}</title></head><body><main><h1>{esc(summary.title)}</h1>"
        f"{svg}{told}</main></body></html>\n"
    )
