"""Commands about case files: example, check, schema, new."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from treves.cli.common import CaseArgument, JsonOption, read_case, say, show, show_json, write

commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands


@commands.command()
def example(
    name: Annotated[str, typer.Argument(help="Name of an example; none lists them.")] = "",
    folder: Annotated[str, typer.Argument(help="Where to copy it to.")] = "",
    json_: JsonOption = False,
) -> None:
    """Copy an example case out of treves: `treves example asylum`."""
    from treves import catalogue
    from treves.errors import InputError, Problem

    if not name:
        listing = [*catalogue.SHORT_NAMES, *catalogue.folders()]
        show_json(listing) if json_ else show("\n".join(listing))
        return
    source = catalogue.folder(name)
    target = Path(folder or name)
    if target.exists():
        problem = Problem("is already there", "another folder", str(target))
        raise InputError([problem])
    # What happened stays behind: an example is forecast before it is known.
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("outcome.yaml"))
    copied = sorted(str(p) for p in target.rglob("*") if p.is_file())
    show_json(copied) if json_ else show("\n".join(copied))


@commands.command()
def check(case: CaseArgument, json_: JsonOption = False) -> None:
    """List everything that is wrong in a case file, all at once.

    Exit code 0: nothing; 1: it can be used but somebody should look; 2: it cannot be used.
    """
    from dataclasses import asdict

    from treves.errors import CaseError

    try:
        findings = read_case(case).findings
        code = 1 if findings else 0
    except CaseError as error:
        findings, code = error.problems, 2
    if json_:
        show_json([asdict(problem) for problem in findings])
    else:
        show("\n".join(str(problem) for problem in findings) or "nothing to mend")
    raise typer.Exit(code)


@commands.command()
def schema() -> None:
    """Print the JSON Schema of a case file, for editors that complete and check it."""
    from treves.case.model import Case

    document = Case.model_json_schema()
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    show_json(document)


QUESTIONS = (
    ("title", "1/8 What is being negotiated?"),
    ("as_of", "2/8 Which day is it (YYYY-MM-DD)?"),
    ("parties", "3/8 Which parties, with their seats (VVD 34, D66 24, ...)?"),
    ("chair", "4/8 Which of them leads (none for nobody)?"),
    ("measures", "5/8 Which measures are in the package (tax, family reunification, ...)?"),
    ("orders", "6/8 Per measure, who wants most to least (VVD > CDA > D66; CDA > D66 > VVD)?"),
    ("rule", "7/8 How is it decided (consensus, majority, unanimity, negotiation)?"),
    ("deadline", "8/8 When is the next day that decides (YYYY-MM-DD)?"),
)


@commands.command()
def new(
    path: Annotated[str, typer.Argument(help="Case file to write.")] = "case.yaml",
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Ask eight questions and write a commented case that already forecasts."""
    from treves.case.formats import native
    from treves.case.start import start_case
    from treves.errors import InputError, Problem

    if Path(path).exists() and not force:
        raise InputError([Problem("is already there", "another name, or --force", path)])
    answers = {name: typer.prompt(question, err=True) for name, question in QUESTIONS}
    text = start_case(answers)
    native.loads(text, path)
    write(path, text)
    say(f"{path} is written: make its numbers yours, then `treves forecast {path}`")
