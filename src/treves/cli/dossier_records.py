"""Commands on what a dossier has kept: agreement, resolve, score, verify, export, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from treves.cli.common import JsonOption, a_day, say, show, show_json, write
from treves.cli.dossier_options import (
    DB,
    NOBODY,
    ByOption,
    ConfidedOption,
    DbOption,
    DisputeOption,
    opened,
    pair,
)

if TYPE_CHECKING:
    from treves.dossier.store import Store

commands = typer.Typer()


def add_to(app: typer.Typer, main: typer.Typer) -> None:
    """Add the commands of this file to those of the dossier, and `score` to all."""
    app.registered_commands += commands.registered_commands
    main.command()(score)


@commands.command()
def agreement(db: DbOption = DB, dispute: DisputeOption = None, json_: JsonOption = False) -> None:
    """How far the coders agree (Krippendorff's alpha), and where they do not."""
    _agreement(*opened(db, dispute), json_)


def _agreement(store: Store, dispute: str, json_: bool = False) -> None:
    from dataclasses import asdict

    from treves.cli.dossier_screens import agreement_text
    from treves.dossier.agreement import agreement as agree

    told = agree(store, dispute)
    show_json(asdict(told)) if json_ else show(agreement_text(told))


@commands.command()
def resolve(
    kind: Annotated[str, typer.Argument(help="agreement, vote_passed, postponed, ...")],
    date: Annotated[str, typer.Option("--date", help="The day on which it ended.")],
    left: Annotated[list[str] | None, typer.Option("--left", help="A party that left.")] = None,
    settled: Annotated[
        list[str] | None, typer.Option("--settled", help="measure=40: what was decided.")
    ] = None,
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
) -> None:
    """Record what happened, and score every forecast of it."""
    from pydantic import ValidationError

    from treves.catalogue import Outcome
    from treves.dossier.scoring import resolve as record
    from treves.errors import InputError, Problem

    settlement = dict(pair(text) for text in settled or ())
    body = {
        "date": a_day(date, "--date"),
        "kind": kind,
        "left": left or (),
        "settlement": settlement,
    }
    try:
        outcome = Outcome.model_validate(body)
    except ValidationError as error:
        what = f"{kind} cannot be recorded: {error.errors()[0]['msg']}"
        raise InputError([Problem(what, "agreement, vote_passed, postponed, ...")]) from error
    count = record(*opened(db, dispute), outcome, by)
    say(f"recorded; {count} forecasts scored")


def score(
    db: DbOption = DB,
    chart: Annotated[
        str | None, typer.Option("--chart", help="Draw the reliability: .svg, .png or .html.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """How good the forecasts of a dossier were: the tool's, one's own, and the base rate."""
    from dataclasses import asdict

    from treves.cli.dossier_screens import reliability_chart, score_text
    from treves.dossier.scoring import (
        duels,
        forecast_scores,
        reliability,
        said_and_held,
        score_table,
    )
    from treves.dossier.store import Store

    store = Store.open(db)
    if chart:
        write(chart, reliability_chart(said_and_held(store), Path(chart).suffix.lstrip(".")))
        say(f"written to {chart}")
        return
    rows, pairs, bins = score_table(store), duels(store), reliability(store)
    if json_:
        show_json(
            {
                "scores": [asdict(row) for row in rows],
                "forecasts": forecast_scores(store),
                "paired": [asdict(pair) for pair in pairs],
                "reliability": [asdict(row) for row in bins],
            }
        )
    else:
        show(score_text(rows, pairs, bins))


@commands.command()
def verify(
    db: DbOption = DB,
    rerun: Annotated[
        bool, typer.Option("--rerun/--no-rerun", help="Make every forecast again.")
    ] = True,
    json_: JsonOption = False,
) -> None:
    """Derive every hash and every forecast again. Exit code 1 when anything was changed."""
    from treves.dossier.store import Store
    from treves.dossier.verify import platform_words
    from treves.dossier.verify import verify as check

    found, seen = check(Store.open(db), rerun=rerun)
    if json_:
        show_json({"findings": found, **seen, "platform": platform_words()})
    else:
        show("\n".join(found) or "every hash holds")
        show(
            f"{seen['entries']} log entries, {seen['again']} forecasts made again to 1e-9, "
            f"{seen['other_version']} are of another version"
        )
        show(f"head {seen['head']}\n{platform_words()}")
    raise typer.Exit(1 if found else 0)


@commands.command()
def export(
    target: Annotated[
        str, typer.Argument(help="x.jsonl, x.csv (statements) or a folder (Parquet)")
    ],
    db: DbOption = DB,
    dispute: DisputeOption = None,
    with_confided: ConfidedOption = False,
) -> None:
    """Everything as JSON Lines, claims as statements of DNA, or tables as Parquet."""
    from treves.dossier.exchange import lines, statements, write_parquet
    from treves.dossier.store import Store

    if target == "-":
        for line in lines(Store.open(db), with_confided=with_confided):
            show(line)
    elif target.endswith(".jsonl"):
        made = lines(Store.open(db), with_confided=with_confided)
        write(target, (f"{line}\n" for line in made))
    elif target.endswith(".csv"):
        write(target, statements(*opened(db, dispute), with_confided=with_confided))
    else:
        write_parquet(Store.open(db), Path(target), with_confided=with_confided)
    say(f"{db} is exported to {target}")


@commands.command("import")
def import_(
    file: Annotated[
        str,
        typer.Argument(help="x.jsonl of an export, statements.csv, or a report coded elsewhere."),
    ],
    coded: Annotated[
        str | None, typer.Option("--coded", help="The claims of that report, JSON or JSON Lines.")
    ] = None,
    codings: Annotated[
        bool, typer.Option("--codings", help="Of an export only reports, claims and reviews.")
    ] = False,
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
) -> None:
    """Take in an export, or texts and statements that a person coded elsewhere as their verdicts.

    Afterwards it says how far the coders agree, and lists where they do not.
    """
    if coded is not None:
        _take_coded(*opened(db, dispute), file, coded, by)
    elif file.endswith(".csv"):
        _take_statements(*opened(db, dispute), file, by)
    else:
        _take_export(db, file, codings, by)
        if codings:
            _agreement(*opened(db, dispute))


def _take_coded(store: Store, dispute: str, file: str, coded: str, by: str) -> None:
    from treves.dossier.coded import add_coded, coded_claims
    from treves.reading.ingest import load_source

    source = load_source(Path(file))
    claims = coded_claims(source, Path(coded))
    with store.adding("import", by, dispute) as batch:
        new, known = add_coded(batch, dispute, source, claims, by)
    say(f"{new} claims are new, {known} are verdicts on claims that were known")
    _agreement(store, dispute)


def _take_statements(store: Store, dispute: str, file: str, by: str) -> None:
    from treves.case.formats.dna import statements
    from treves.dossier.coded import add_statements

    made = statements(Path(file))
    with store.adding("import", by, dispute) as batch:
        count, unplaced = add_statements(batch, dispute, made, by)
    say(f"{count} statements are verdicts on claims, {len(unplaced)} are about no known claim")
    for s in unplaced:
        word = "agrees with" if s.agrees else "disagrees with"
        show(f"no claim: {s.actor} {word} {s.concept} ({s.document or s.day or 'no document'})")
    _agreement(store, dispute)


def _take_export(db: str, file: str, codings: bool, by: str) -> None:
    from treves.dossier.exchange import take_in
    from treves.dossier.store import Store
    from treves.errors import InputError, Problem

    store = Store.open(db, create=not codings)
    try:
        with Path(file).open(encoding="utf-8") as text:
            counts = take_in(store, text, file, by, codings=codings)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Problem("cannot be read", "a file of `export`", file)]) from error
    say(", ".join(f"{n} {table}" for table, n in counts.items()) or "nothing that is not kept yet")
