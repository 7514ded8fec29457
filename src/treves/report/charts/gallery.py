"""Every chart of a case by name, and how it is written as SVG, PNG, PDF, HTML or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from treves.errors import InputError, Problem
from treves.report.charts import frontier, packages, parallel, rounds, tornado
from treves.report.charts.look import library
from treves.report.colours import LIGHT, palette
from treves.report.drawing import esc, standalone, text_at
from treves.report.history_line import describe as describe_history
from treves.report.history_line import draw_history
from treves.report.issue_lines import describe as describe_issue
from treves.report.issue_lines import draw_issue
from treves.report.outcome_bar import describe as describe_outcomes
from treves.report.outcome_bar import draw_outcomes
from treves.report.parts import report_view
from treves.report.reading_view import describe as describe_reading
from treves.report.reading_view import draw_reading
from treves.report.records import Summary
from treves.report.strings import strings
from treves.report.style import stylesheet
from treves.report.threat_band import describe as describe_threat
from treves.report.threat_band import draw_threat

FORMATS = ("svg", "png", "pdf", "html", "json")


@dataclass(frozen=True)
class Chart:
    """How a chart is drawn, put in words and given as data; ``own`` charts are SVG already.

    ``html``: how it stands on a page, where that is not the drawing. ``needs``: what a summary
    must hold for there to be anything to draw, by field and how to give it.
    """

    draw: Callable[[Any, Summary], Any]
    describe: Callable[[Any, Summary], str]
    data: Callable[[Any, Summary], Any] | None = None
    html: Callable[[Summary], str] | None = None
    needs: tuple[str, str] | None = None

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
        needs=("moments", "--db DOSSIER or --history FILE, with earlier forecasts"),
    ),
    "threat": Chart(
        lambda _, s: draw_threat(s),
        lambda _, s: describe_threat(s.threat, strings(s.lang)) if s.threat else "",
        lambda _, s: asdict(s.threat) if s.threat else None,
        needs=("threat", "a case in which the chair threatens a vote"),
    ),
    "reading": Chart(
        lambda _, s: draw_reading(s.readings, s.lang),
        lambda _, s: describe_reading(s.readings, s.lang),
        lambda _, s: [asdict(r) for r in s.readings],
        lambda s: _readings(s),
        needs=("readings", "a report, or a case folder with a folder sources"),
    ),
    "packages": Chart(lambda _, s: packages.draw(s), lambda _, s: packages.describe(s)),
    "parallel": Chart(lambda _, s: parallel.draw(s), lambda _, s: parallel.describe(s)),
    "tornado": Chart(lambda _, s: tornado.draw(s), lambda _, s: tornado.describe(s)),
    "frontier": Chart(frontier.draw, frontier.describe),
    "rounds": Chart(rounds.draw, rounds.describe),
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


def check_data(name: str, summary: Summary) -> None:
    """InputError where a summary holds nothing to draw; says how to give it."""
    needs = CHARTS[name].needs
    if needs and not getattr(summary, needs[0]):
        raise InputError([Problem("nothing to draw", needs[1], name)])


def describe(name: str, case: Any, summary: Summary) -> str:
    """A chart in words, made from the data of the drawing.

    Raises InputError where there is nothing to draw.
    """
    check_data(name, summary)
    return CHARTS[name].describe(case, summary)


def render(name: str, case: Any, summary: Summary, suffix: str) -> str | bytes:
    """A chart as the content of a file; ``png`` and ``pdf`` are bytes.

    Only charts of Altair are made of the case itself: the others need none.

    Raises InputError where there is nothing to draw, MissingExtra where the extra ``charts`` is
    needed and not installed.
    """
    chart = CHARTS[name]
    check_data(name, summary)
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
        words = chart.describe(case, summary)
        told = _told(library("vl_convert").vegalite_to_svg(spec), summary.title, words)
        both, plain = standalone(_themed(told), light, dark), told
    if suffix == "svg":
        return both
    if suffix == "html":
        if chart.html:
            return _page(chart.html(summary), summary)
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
        f'height="{y:.0f}" role="img" aria-labelledby="il-t"><title id="il-t">{title}</title>'
        f"{''.join(parts)}</svg>"
    )


def _told(svg: str, title: str, words: str) -> str:
    """A drawing of Altair with its words as the description that is read out."""
    told = (
        f' role="img" aria-labelledby="a-t a-d"><title id="a-t">{esc(title)}</title>'
        f'<desc id="a-d">{esc(words)}</desc>'
    )
    return re.sub(r">", lambda _: told, svg, count=1)


def _themed(svg: str) -> str:
    """The drawing with our light colours by name, so that it can be dark too."""
    names = {colour: name for name, colour in reversed(LIGHT.items())}
    return re.sub(
        r'"(#[0-9a-f]{6})"',
        lambda m: f'"var(--{names[m[1]]})"' if m[1] in names else m[0],
        svg,
    )


def _readings(summary: Summary) -> str:
    say = strings(summary.lang)
    return "".join(
        f"<h2>{esc(view.title)}</h2>{report_view(view, f'r{k}', say)}"
        for k, view in enumerate(summary.readings, 1)
    )


def _page(body: str, summary: Summary, words: str = "") -> str:
    told = "".join(f"<p>{esc(line)}</p>" for line in words.splitlines())
    return (
        f'<!DOCTYPE html>\n<html lang="{summary.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{esc(summary.title)}</title><style>{stylesheet(summary)}</style></head><body>"
        f"<main><h1>{esc(summary.title)}</h1>{body}{told}</main></body></html>\n"
    )
