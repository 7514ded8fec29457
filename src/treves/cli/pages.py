"""Commands that draw: report, chart, compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli.common import (
    DrawsOption,
    JsonOption,
    Progress,
    SeedOption,
    WordsOption,
    announce_compiling,
    read_case,
    say,
    show,
    show_json,
    write,
)
from treves.cli.page_sources import Material, case_to_draw, read_to_draw

if TYPE_CHECKING:
    from treves.case.model import Case
    from treves.forecast.result import Forecast
    from treves.report.charts.rounds import Moves
    from treves.report.records import Summary

RedactOption = Annotated[
    bool,
    typer.Option("--redact", help="Leave out every number that rests on confidence alone."),
]
LinesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--redact-lines",
        help="Red lines to leave out: PARTY or PARTY.issue, with commas or repeated.",
    ),
]
ConfidedOption = Annotated[
    bool, typer.Option("--with-confided", help="Also what was told in confidence.")
]
LangOption = Annotated[str, typer.Option("--lang", help="Language of the words: en or nl.")]
HistoryOption = Annotated[
    list[Path] | None,
    typer.Option("--history", help="An earlier forecast (--json), or a list; may be repeated."),
]
DbOption = Annotated[
    str | None, typer.Option("--db", help="A dossier whose forecasts are the history.")
]
DisputeOption = Annotated[
    str | None, typer.Option("--dispute", help="Which dispute of the dossier.")
]
ReportsOption = Annotated[
    list[str] | None,
    typer.Option("--reports", help="Reports to show as read; else those beside the case."),
]
ModelOption = Annotated[str, typer.Option("--model", help="rounds: challenge, smp or exchange.")]
IssueOption = Annotated[
    list[str] | None, typer.Option("--issue", help="rounds: only this issue; may be repeated.")
]
CaseOption = Annotated[
    str, typer.Argument(metavar="[CASE]", help="A case; without, the newest of the dossier (--db).")
]
commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands


@commands.command()
def report(
    case: CaseOption = "",
    out: Annotated[str, typer.Option("--out", "-o", help="The page to write.")] = "page.html",
    lang: WordsOption = "en",
    redact: RedactOption = False,
    redact_lines: LinesOption = None,
    with_confided: ConfidedOption = False,
    history: HistoryOption = None,
    db: DbOption = None,
    dispute: DisputeOption = None,
    reports: ReportsOption = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """Write the forecast as one page that can be mailed, printed and read on a phone.

    Sentences told in confidence are not on it unless `--with-confided` asks for them.
    """
    from dataclasses import asdict

    from treves.report.page import to_html

    shown = Shown(lang, redact, redact_lines or [], with_confided)
    material = case_to_draw(case, history or [], db, dispute)
    material = material.with_reports(reports or [], lang, with_confided)
    summary = _summary(material, (seed, draws), shown)
    if json_:
        show_json(asdict(summary))
        return
    text = to_html(summary)
    write(out, text)
    say(f"written to {out} ({len(text.encode()) // 1024} kB)")


@commands.command()
def chart(
    name: Annotated[str, typer.Argument(help="Name of a chart; a wrong one lists them.")],
    case: Annotated[
        str, typer.Argument(metavar="[CASE]", help="A case; for `reading` also a report.")
    ] = "",
    out: Annotated[
        str, typer.Option("--out", "-o", help="File; .svg, .png, .pdf, .html or .json.")
    ] = "",
    lang: WordsOption = "en",
    redact: RedactOption = False,
    redact_lines: LinesOption = None,
    with_confided: ConfidedOption = False,
    history: HistoryOption = None,
    db: DbOption = None,
    dispute: DisputeOption = None,
    model: ModelOption = "challenge",
    issue: IssueOption = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
) -> None:
    """Draw one chart of a case to a file; without a file, print it in words.

    `history` needs earlier forecasts: a dossier (--db) or files (--history). `rounds` shows how a
    settlement model moves the parties (--model, --issue).
    """
    from treves.report.charts.gallery import check_request, describe, render
    from treves.report.reading_view import reports_alone

    suffix = Path(out).suffix.lstrip(".")
    check_request(name, suffix if out else "svg")
    shown = Shown(lang, redact, redact_lines or [], with_confided)
    drawn: Any = None
    if name == "rounds":
        drawn, summary = _rounds(case, model, issue or [], shown)
    elif name == "reading":
        # Nothing of a forecast is on the drawing of a report.
        summary = reports_alone(read_to_draw(case, lang, with_confided), lang)
    else:
        material = case_to_draw(case, history or [], db, dispute)
        if name == "threat":
            material = material.with_reports([], lang, with_confided)
        drawn, summary = material.case, _summary(material, (seed, draws), shown)
    if not out:
        show(describe(name, drawn, summary))
        return
    write(out, render(name, drawn, summary, suffix))
    say(f"written to {out}")


def _rounds(case: str, model: str, issues: list[str], shown: Shown) -> tuple[Moves, Summary]:
    """How a model moves the parties; no forecast is made, so the case needs no day."""
    from treves.errors import InputError, Problem
    from treves.report.charts.rounds import moves_of, summary_of

    if shown.redact or shown.lines:
        what = "the drawing is made of the numbers themselves"
        raise InputError([Problem(what, "rounds without --redact", "rounds")])
    held = read_case(case).case
    return moves_of(held, model, issues), summary_of(held, shown.lang)


@commands.command()
def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="A case file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another, or a later day of it.")],
    lang: WordsOption = "en",
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
    found = set_against(first, second, odds, lang)
    show_json(asdict(found)) if json_ else show("\n".join(to_lines(found, lang)))


@dataclass(frozen=True)
class Shown:
    """What the options say of how a page or a chart is made, and what it leaves out."""

    lang: str
    redact: bool
    lines: list[str]
    confided: bool


def _summary(material: Material, terms: tuple[int, int], shown: Shown) -> Summary:
    """The summary of a case, without what the options leave out."""
    from treves.errors import InputError, Problem
    from treves.forecast.story import tell
    from treves.report.redact import redact
    from treves.report.summary import summarise

    if shown.redact and shown.confided:
        raise InputError([Problem("--redact and --with-confided", "one of the two")])
    forecast = _run(material.case, *terms)
    story = tell(material.case, *terms, claims=material.claims)
    made = summarise(
        material.case,
        forecast,
        shown.lang,
        material.history,
        story,
        material.readings,
        shown.confided,
    )
    named = [name.strip() for text in shown.lines for name in text.split(",") if name.strip()]
    return redact(made, named, confided=shown.redact)


def _run(case: Case, seed: int, draws: int) -> Forecast:
    from treves.forecast.run import run

    announce_compiling()
    progress = Progress()
    result = run(case, seed, draws, progress=progress)
    progress.done()
    return result
