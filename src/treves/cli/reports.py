"""Commands that read: read, draft, backtest reading."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli import backtests
from treves.cli.common import (
    STDIN,
    JsonOption,
    a_day,
    read_case,
    read_sources,
    say,
    show,
    show_json,
    write,
)

if TYPE_CHECKING:
    from treves.case.evidence import Claim, Source
    from treves.case.model import Case
    from treves.forecast.result import Forecast
    from treves.reading import Reading, Registry
    from treves.reading.codebook import Codebook
    from treves.reading.draft import Draft
    from treves.reading.scoring import Score

FORECAST_DRAWS = 500
NO_CLASH = "no report contradicts these odds"

DateOption = Annotated[
    str | None, typer.Option("--date", help="Publication day of the report, YYYY-MM-DD.")
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="Language of the report; detected when not given.")
]


commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands
    backtests.group.command("reading")(backtest_reading)


@commands.command()
def read(
    source: Annotated[str, typer.Argument(metavar="FILE|DIR", help="A report, or - for stdin.")],
    lang: LangOption = None,
    date: DateOption = None,
    case: Annotated[
        str | None, typer.Option("--case", help="A case whose parties and measures are meant.")
    ] = None,
    marked: Annotated[
        bool, typer.Option("--show", help="Show the text with its claims marked.")
    ] = False,
    html: Annotated[
        str | None, typer.Option("--html", help="Write the marked text as a page.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", help="Write a table: claims.parquet or claims.jsonl."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Read a report into claims: who holds what, said by whom, how sure, at which characters."""
    from treves.reading import read as read_report
    from treves.reading.codebook import Codebook
    from treves.reading.following import registry_of

    document = read_case(case).case if case else None
    registry = registry_of(document) if document else None
    book = Codebook.of(document) if document else None
    if out:
        _read_table(source, out, lang, registry, book)
        return
    reports = read_sources([source], date, lang)
    readings = [read_report(report, registry, codebook=book) for report in reports]
    claims = tuple(claim for reading in readings for claim in reading.claims)
    if html or marked:
        _show_marked(readings, html, marked)
    elif json_:
        show_json([claim.model_dump(mode="json") for claim in claims])
    else:
        show(claims_table(claims))


def _show_marked(readings: list[Reading], page: str | None, on_terminal: bool) -> None:
    from treves.errors import InputError, Problem
    from treves.reading.marked import mark, to_html, to_terminal

    if page and len(readings) > 1:
        raise InputError([Problem("a page shows one report", "one FILE", page)])
    for reading in readings:
        segments = mark(reading)
        if page:
            write(page, to_html(reading, segments))
            say(f"written to {page}")
        if on_terminal:
            show(to_terminal(reading, segments, colour=sys.stdout.isatty()))


def _read_table(
    source: str,
    out: str,
    lang: str | None,
    registry: Registry | None,
    codebook: Codebook | None,
) -> None:
    """Read all reports of a folder into a table, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from treves.errors import InputError, Problem
    from treves.reading.corpus import read_many
    from treves.reading.ingest import files_of

    files = files_of([Path(source)]) if Path(source).exists() else []
    if not files:
        raise InputError([Problem("holds no report", "a folder of reports", source)])
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=len(files))
        table = read_many(
            files,
            Path(out),
            lambda done, _: bar.update(task, completed=done),
            lang,
            registry,
            codebook,
        )
    say(f"{table.claims} claims from {table.reports} files, written to {out}")
    if table.refused:
        say(f"{len(table.refused)} files could not be read, listed in {out}.refused")


@commands.command()
def draft(
    sources: Annotated[list[str], typer.Argument(metavar="FILE...", help="Reports or folders.")],
    base: Annotated[
        str | None, typer.Option("--base", help="The case to change; none: one is begun.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", "-o", help="Where to write the drafted case.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day of the case (default: of the newest report).")
    ] = None,
    lang: LangOption = None,
    date: DateOption = None,
    odds: Annotated[
        bool,
        typer.Option("--forecast", help="Forecast it, and say where reports and numbers clash."),
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Turn reports into a case in which every changed number keeps its sentences.

    Decisions of `treves review` beside the reports are honoured.
    """
    from treves.case.formats import native
    from treves.reading.draft import draft as make_draft

    reports = read_sources(sources, date, lang)
    document = read_case(base) if base else None
    case = document.case if document else None
    claims = decided([Path(name) for name in sources if name != STDIN], read_all(reports, case))
    made = make_draft(claims, case, reports, a_day(as_of, "--as-of"))
    text = native.dumps(made.case, document.text if document else None)
    if out:
        write(out, text)
    forecast = _forecast(made.case) if odds else None
    if json_:
        show_json(_as_json(made, claims, forecast))
        return
    if out:
        say(f"read {len(reports)} reports: {len(claims)} claims")
        say(_changes(made))
        say(f"written to {out}")
    else:
        show(text)
    if forecast:
        say(_odds_words(made.case, claims, forecast))


def _changes(made: Draft) -> str:
    lines = [f"{len(made.edits)} numbers changed, each with its sentences:"]
    lines += [f"  {edit.path} = {edit.value}  ({edit.why})" for edit in made.edits]
    count = len(made.unplaced)
    return "\n".join(
        [*lines, f"{count} claims changed no number (--json lists each with the reason)"]
    )


def _forecast(case: Case) -> Forecast:
    from treves.forecast.run import run

    return run(case, draws=FORECAST_DRAWS)


def _odds_words(case: Case, claims: Sequence[Claim], forecast: Forecast) -> str:
    from treves.reading.clash import clashes
    from treves.report.summary import summarise

    found = [str(clash) for clash in clashes(claims, forecast)]
    return "\n".join([summarise(case, forecast).headline, *(found or [NO_CLASH])])


def _as_json(made: Draft, claims: Sequence[Claim], forecast: Forecast | None) -> dict[str, Any]:
    from treves.reading.clash import clashes

    found: dict[str, Any] = {
        "case": made.case.model_dump(mode="json", exclude_unset=True),
        "changed": [edit.model_dump(mode="json") for edit in made.edits],
        "unplaced": [
            {"claim": u.claim.model_dump(mode="json"), "why": u.why} for u in made.unplaced
        ],
    }
    if forecast:
        found["outcomes"] = forecast.outcomes
        found["clashes"] = [
            {"reports_say": c.says, "numbers_say": c.numbers, "claim": c.claim.key}
            for c in clashes(claims, forecast)
        ]
    return found


def read_all(reports: Sequence[Source], case: Case | None) -> list[Claim]:
    """The claims of reports, with the parties and measures of a case going first."""
    from treves.reading.following import read_for

    return [claim for report in reports for claim in read_for(report, case)]


def decided(paths: list[Path], claims: list[Claim]) -> list[Claim]:
    """Claims after the decisions that are kept beside the reports."""
    from treves.reading.ingest import files_of
    from treves.reading.review import load_decisions, settled

    decisions = {k: d for path in files_of(paths) for k, d in load_decisions(path).items()}
    return list(settled(claims, decisions))


def folder_beside(name: str) -> Path | None:
    """The folder `sources` beside a case, when it holds reports."""
    from treves.reading.ingest import files_of

    path = Path(name)
    kept = (path if path.is_dir() else path.parent) / "sources"
    return kept if name not in ("", STDIN) and kept.is_dir() and files_of([kept]) else None


def of_parties(claims: list[Claim], case: Case, paths: list[Path]) -> tuple[Claim, ...]:
    """Claims of parties of a case, one per party, after the decisions kept beside the reports."""
    from treves.reading.draft import of_parties as per_party

    return per_party(decided(paths, claims), case)


def backtest_reading(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Reports with gold claims.")],
    lang: Annotated[str, typer.Option("--lang", help="Only reports in this language.")] = "nl",
    json_: JsonOption = False,
) -> None:
    """Score the reader on annotated reports: spans, actors, stances, with bootstrap intervals."""
    from treves.reading import read as read_report
    from treves.reading.scoring import load_pairs, score_reports

    score = score_reports(load_pairs(folder, lang), read_report)
    show_json(score.summary()) if json_ else show(score_table(score))


def score_table(score: Score) -> str:
    """The score of a reader as lines for a terminal."""
    about = score.summary()
    lines = [f"{about['reports']} reports", f"{'':28}    P    R   F1   F1 90% interval"]
    for row in about["levels"]:
        numbers = " ".join(f"{row[name]:.2f}" for name in ("precision", "recall", "f1"))
        lines.append(f"{row['level']:28} {numbers}   {row['low']:.2f} to {row['high']:.2f}")
    lines.append("on claims matched by span and actor:")
    rest = {k: v for k, v in about.items() if k not in ("reports", "levels")}
    return "\n".join([*lines, *(f"  {name:26} {value:.2f}" for name, value in rest.items())])


def claims_table(claims: tuple[Claim, ...]) -> str:
    """Claims as lines for a terminal."""
    lines = []
    for claim in claims:
        who = claim.actor or "nobody named"
        if claim.party and claim.party != claim.actor:
            who += f" ({claim.party})"
        sure = None if claim.certainty == "asserted" else claim.certainty
        marks = [m for m in (sure, claim.move, claim.issue, claim.date) if m]
        about = f" [{', '.join(marks)}]" if marks else ""
        start, end = claim.span
        named = claim.speaker not in (None, claim.speaker_kind)
        said = f"{claim.speaker} ({claim.speaker_kind})" if named else claim.speaker_kind
        lines.append(f"{start:>5}-{end:<5} {who}: {claim.stance}{about}, says {said}")
        lines.append(f"            “{' '.join(claim.quote.split())}”")
    return "\n".join(lines) or "no claim found"
