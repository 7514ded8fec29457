"""What every command shares: reading a case, printing JSON, saying what takes time."""

from __future__ import annotations

import datetime as dt
import json
import sys
import textwrap
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from treves.case.evidence import Source
    from treves.case.formats.native import Document

STDIN = "-"
COLUMNS = 100

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case file, or - for stdin.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")]
WordsOption = Annotated[str, typer.Option("--lang", help="Language of the words: en or nl.")]
DrawsOption = Annotated[
    int,
    typer.Option("--draws", min=1, max=1_000_000, help="How often numbers are drawn."),
]


def read_case(name: str) -> Document:
    """Read a case file or standard input; says on stderr what the reader did on its own."""
    from treves.case.formats import native

    if name == STDIN:
        document = native.loads(sys.stdin.buffer.read(native.MAX_BYTES + 1), "stdin")
    else:
        path = Path(name)
        document = native.load_document(path / "case.yaml" if path.is_dir() else path)
    for note in document.notes:
        say(note)
    return document


def read_sources(
    names: list[str], date: str | None = None, lang: str | None = None
) -> list[Source]:
    """Read reports from files, folders or standard input; says which have no date."""
    from treves.reading.dates import as_day
    from treves.reading.ingest import load_sources, sources_from_bytes

    reports = []
    if STDIN in names:
        raw = sys.stdin.buffer.read()
        reports += sources_from_bytes(raw, "stdin", date=date, lang=lang)
    files = [Path(name) for name in names if name != STDIN]
    reports += load_sources(files, date, lang) if files else []
    if len(reports) == 1 and reports[0].date is None and _somebody_is_there():
        reports = [_dated(reports[0])]
    for report in reports:
        if report.date is None:
            say(f"{report.title} has no date: its relative days stay open (--date 2023-07-06)")
        elif as_day(report.date) is None:
            said = f"{report.title} gives {report.date} and no day"
            say(f"{said}: its relative days stay open (--date 2023-07-06)")
    return reports


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _dated(report: Source) -> Source:
    """A report with the day that the person at the terminal knows; unchanged when they do not."""
    from treves.reading.ingest import is_day

    question = f"When was {report.title} published (YYYY-MM-DD, Enter: not known)?"
    day = typer.prompt(question, default="", show_default=False, err=True).strip()
    return report.model_copy(update={"date": day}) if is_day(day) else report


def a_day(text: str | None, option: str) -> dt.date | None:
    """The day an option gives; an error that shows the form otherwise."""
    from treves.errors import InputError, Problem

    try:
        return dt.date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise InputError([Problem(f"{text} is not a day", "2023-07-06", option)]) from error


def announce_compiling() -> None:
    """The first run after installing compiles the models; say so, or it looks stuck."""
    from treves.resources import compiled_before

    if not compiled_before():
        say("first run: compiling the models, this takes about half a minute, once")


def show(text: str) -> None:
    """Print on standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def show_how_good(screen: str) -> None:
    """Print how good treves has been at what a screen shows, and what was never tested."""
    from treves.forecast.record import track_record

    show("\n" + textwrap.fill(track_record().on(screen), COLUMNS))


def show_json(value: Any) -> None:
    """Print data as JSON."""
    show(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """A word to the person at the terminal, on standard error."""
    sys.stderr.write(text + "\n")


def write(path: str, text: str | bytes | Iterable[str]) -> None:
    """Write a file whole or not at all: first beside it, then in its place.

    What is too long for the memory comes in parts.
    """
    from treves.errors import InputError, Problem

    target = Path(path)
    beside = target.with_name(target.name + ".part")
    parts = [text] if isinstance(text, str | bytes) else text
    try:
        with beside.open("wb") as file:
            for part in parts:
                file.write(part.encode("utf-8") if isinstance(part, str) else part)
        beside.replace(target)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, "a folder that exists", str(target))]) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


class Progress:
    """Says what a long command is doing, on a terminal only, each step once."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def __call__(self, step: str, share: float | None = None) -> None:
        if self.shown:
            done = "" if share is None else f"{share:4.0%} "
            sys.stderr.write(f"\r\x1b[K{done}{step} ...")
            sys.stderr.flush()

    def done(self) -> None:
        """Wipe the line."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
