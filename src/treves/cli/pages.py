"""Commands that draw: report, chart, compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from treves.cli.common import (
    CaseArgument,
    DrawsOption,
    JsonOption,
    Progress,
    SeedOption,
    announce_compiling,
    read_case,
    say,
    show,
    show_json,
    write,
)

if TYPE_CHECKING:
    from treves.case.model import Case
    from treves.forecast.result import Forecast

LangOption = Annotated[str, typer.Option("--lang", help="Language of the words: en or nl.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (report, chart, compare):
        app.command()(command)


def report(
    case: CaseArgument,
    out: Annotated[str, typer.Option("--out", "-o", help="The page to write.")] = "page.html",
    lang: LangOption = "en",
    redact: Annotated[
        list[str] | None,
        typer.Option("--redact", help="A red line to leave out, PARTY.issue; may be repeated."),
    ] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", help="An earlier forecast (--json); may be repeated."),
    ] = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
) -> None:
    """Write the forecast as one page that can be mailed, printed and read on a phone.

    Sentences told in confidence are never on the page; `--redact` leaves out red lines too.
    """
    from treves.report.page import to_html
    from treves.report.redact import redact as leave_out
    from treves.report.summary import summarise

    document = read_case(case)
    stored = [_stored(path) for path in history or []]
    summary = summarise(document.case, _run(document.case, seed, draws), lang, stored)
    text = to_html(leave_out(summary, redact or []))
    write(out, text)
    say(f"written to {out} ({len(text.encode()) // 1024} kB)")


def chart(
    name: Annotated[str, typer.Argument(help="Name of a chart; a wrong one lists them.")],
    case: CaseArgument,
    out: Annotated[
        str, typer.Option("--out", "-o", help="File; .svg, .png, .pdf, .html or .json.")
    ] = "",
    lang: LangOption = "en",
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
) -> None:
    """Draw one chart of a case to a file; without a file, print it in words."""
    from treves.report.charts.gallery import check_request, describe, render
    from treves.report.summary import summarise

    suffix = Path(out).suffix.lstrip(".")
    check_request(name, suffix if out else "svg")
    document = read_case(case)
    summary = summarise(document.case, _run(document.case, seed, draws), lang)
    if not out:
        show(describe(name, document.case, summary))
        return
    write(out, render(name, document.case, summary, suffix))
    say(f"written to {out}")


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="A case file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another, or a later day of it.")],
    lang: LangOption = "en",
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """What differs between two cases or two days, and what it does to the forecast."""
    from dataclasses import asdict

    from treves.report.compare import compare as set_against
    from treves.report.compare import to_lines

    first, second = read_case(before).case, read_case(after).case
    odds = _run(first, seed, draws), _run(second, seed, draws)
    found = set_against(first, second, odds)
    show_json(asdict(found)) if json_ else show("\n".join(to_lines(found, lang)))


def _run(case: Case, seed: int, draws: int) -> Forecast:
    from treves.forecast.run import run

    announce_compiling()
    progress = Progress()
    result = run(case, seed, draws, progress=progress)
    progress.done()
    return result


def _stored(path: Path) -> Forecast:
    """A forecast that `treves forecast --json` printed."""
    from pydantic import ValidationError

    from treves.errors import InputError, Problem
    from treves.forecast.result import Forecast

    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        body.pop("hash", None)
        return Forecast.model_validate(body)
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        instead = "a file made by `treves forecast --json`"
        raise InputError([Problem("is no stored forecast", instead, str(path))]) from error
