"""Commands that keep: dossier init, add, list, show, ..., and score."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli.common import JsonOption, Progress, read_case, read_sources, say, show, show_json

if TYPE_CHECKING:
    from treves.dossier.living import Hands, Step, Terms
    from treves.dossier.store import Store

DbOption = Annotated[str, typer.Option("--db", help="The dossier file.")]
DisputeOption = Annotated[
    str | None, typer.Option("--dispute", help="Which dispute; not needed where there is one.")
]
ByOption = Annotated[
    str, typer.Option("--by", envvar="TREVES_CODER", help="Who signs this.", show_default=False)
]
SeedOption = Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")]
DrawsOption = Annotated[
    int, typer.Option("--draws", min=1, max=1_000_000, help="How often numbers are drawn.")
]
ConfidedOption = Annotated[
    bool, typer.Option("--with-confided", help="Also what was told in confidence.")
]
DB = "treves.db"
NOBODY = "unsigned"

app = typer.Typer(help="Keep reports, claims and forecasts of disputes.", no_args_is_help=True)


def add_to(main: typer.Typer) -> None:
    """Add the commands of this file."""
    main.add_typer(app, name="dossier")
    main.command()(score)


def _open(db: str, *, create: bool = False) -> Store:
    from treves.dossier.store import Store

    return Store.open(db, create=create)


def _dispute(store: Store, name: str | None) -> str:
    from treves.dossier.records import only_dispute

    return name or only_dispute(store)


def _terms(seed: int = 0, draws: int = 2000) -> Terms:
    from treves.dossier.living import Terms

    return Terms(seed, draws)


def hands() -> Hands:
    """The reader and the drafter of treves, for the dossier to use."""
    from treves.dossier.living import Hands
    from treves.reading import Registry, read
    from treves.reading.draft import draft

    def read_for(source: Any, case: Any) -> Any:
        registry = Registry.load()
        if case is not None:
            registry = registry.extend(parties={p.id: p.name or p.id for p in case.parties})
        return read(source, registry).claims

    return Hands(read_for, lambda *known: draft(*known).case)


def _told(steps: list[Step], json_: bool) -> None:
    if json_:
        show_json(
            [
                {
                    "source": step.source.id if step.source else None,
                    "new": step.is_new,
                    "claims": step.claims,
                    "before": step.before,
                    "outcomes": step.forecast.outcomes if step.forecast else None,
                    "reasons": [reason.model_dump(mode="json") for reason in step.reasons],
                    "note": step.note,
                }
                for step in steps
            ]
        )
        return
    from treves.cli.dossier_screens import step_text

    for step in steps:
        text = step_text(step)
        if text:
            show(text)


@app.command()
def init(
    case: Annotated[
        str | None, typer.Option("--case", help="The coded case to start from.")
    ] = None,
    dispute: Annotated[str | None, typer.Option("--dispute", help="Its name here.")] = None,
    db: DbOption = DB,
    by: ByOption = NOBODY,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """Begin a dispute, in a new dossier or in one that is there."""
    from treves.dossier.living import renew
    from treves.dossier.records import begin_dispute

    base = read_case(case).case if case else None
    name = dispute or (base.id if base else "dispute")
    store = _open(db, create=True)
    begin_dispute(store, name, by, base)
    say(f"{db}: {name} is begun")
    steps = [renew(store, name, hands(), by, _terms(seed, draws))] if base else []
    _told(steps, json_)


@app.command()
def add(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Reports, or folders.")],
    db: DbOption = DB,
    dispute: DisputeOption = None,
    date: Annotated[str | None, typer.Option("--date", help="Publication day.")] = None,
    confided: Annotated[
        bool, typer.Option("--confided", help="Told in confidence: never exported unless asked.")
    ] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast/--no-forecast", help="Forecast after each report.")
    ] = True,
    by: ByOption = NOBODY,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """Read reports in order of date, keep them, and say which sentence moved the forecast.

    A case file (.yaml) among them is kept as the newly coded case to start from.
    """
    from treves.dossier.living import add_base, add_report

    store = _open(db)
    name, tools, progress = _dispute(store, dispute), hands(), Progress()
    terms = _terms(seed, draws) if forecast else None
    coded = [f for f in files if f.endswith((".yaml", ".yml"))]
    steps = [add_base(store, name, read_case(f).case, tools, by, terms) for f in coded]
    for source in _reports([f for f in files if f not in coded], date):
        progress(f"reading {source.title}")
        told = source.model_copy(update={"confided": True}) if confided else source
        steps.append(add_report(store, name, told, tools, by, terms))
    progress.done()
    _told(steps, json_)


def _reports(files: list[str], date: str | None) -> list[Any]:
    """Reports in the order in which they were known; those without a day come last."""
    from treves.dossier.records import known_from
    from treves.errors import InputError, Problem

    found = read_sources(files, date) if files else []
    last = dt.date.max.isoformat()
    try:
        return sorted(found, key=lambda source: known_from(source.date, last))
    except ValueError as error:
        raise InputError([Problem(f"a report has no such day: {error}", "2023-07-06")]) from error


@app.command("list")
def list_(db: DbOption = DB, json_: JsonOption = False) -> None:
    """The disputes of a dossier, with what is kept of each."""
    from treves.dossier.views import overview

    rows = overview(_open(db))
    if json_:
        show_json(rows)
        return
    show(f"{'dispute':30} sources  claims  forecasts  newest forecast")
    for row in rows:
        show(
            f"{row['dispute'][:30]:30} {row['sources']:>7} {row['claims']:>7}  "
            f"{row['forecasts']:>9}  {row['as_of'] or '-'} {row['headline']}"
        )


@app.command("show")
def show_(
    db: DbOption = DB,
    dispute: DisputeOption = None,
    state: Annotated[
        str | None, typer.Option("--state", help="found, confirmed, corrected or rejected.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 50,
    after: Annotated[int, typer.Option("--after", min=0, help="Number of the last one seen.")] = 0,
    json_: JsonOption = False,
) -> None:
    """The claims of a dispute with their key and the state of their review."""
    from treves.dossier.views import claims_page

    store = _open(db)
    rows = claims_page(store, _dispute(store, dispute), state, limit, after)
    if json_:
        show_json(rows)
        return
    for row in rows:
        show(
            f"{row['number']:>6} {row['state']:9} {row['party'] or '-'}: {row['stance']}"
            f" {row['issue'] or ''}\n       “{row['quote']}”\n       {row['key']}"
        )


@app.command()
def log(
    db: DbOption = DB,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 30,
    json_: JsonOption = False,
) -> None:
    """Who added what and when, the newest first, with the hash to note down."""
    from treves.dossier.views import newest_entries

    rows = newest_entries(_open(db), limit)
    if json_:
        show_json(rows)
        return
    for row in rows:
        show(
            f"{row['seq']:>6} {row['at'][:19]} {row['action']:9} {row['dispute'] or '-'} by "
            f"{row['by']}: {row['rows']} rows, {row['id'][:23]}"
        )


@app.command()
def history(
    db: DbOption = DB,
    dispute: DisputeOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What would have been forecast on that day.")
    ] = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """The forecasts of a dispute over time, and what moved each."""
    from treves.cli.dossier_screens import history_text
    from treves.dossier.living import rebuild
    from treves.dossier.views import forecasts_of

    store = _open(db)
    name = _dispute(store, dispute)
    if as_of:
        made = rebuild(store, name, _day(as_of, "--as-of"), hands(), _terms(seed, draws))
        show(
            made.to_json()
            if json_
            else f"{as_of}  " + ", ".join(f"{k} {v:.0%}" for k, v in made.outcomes.items())
        )
        return
    rows = forecasts_of(store, name)
    show_json(rows) if json_ else show(history_text(rows))


@app.command()
def review(
    key: Annotated[str, typer.Argument(help="Key of the claim, from `show`.")],
    state: Annotated[str, typer.Argument(help="confirmed, corrected or rejected.")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="stance=reject, ...")] = None,
    why: Annotated[str | None, typer.Option("--why")] = None,
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
) -> None:
    """Sign a verdict on a claim."""
    from treves.dossier.records import STATES, Review, add_review
    from treves.errors import InputError, Problem

    if state not in STATES[1:]:
        raise InputError([Problem(f"{state} is no verdict", ", ".join(STATES[1:]))])
    changes = dict(_pair(text) for text in set_ or ())
    store = _open(db)
    name = _dispute(store, dispute)
    with store.adding("review", by, name) as batch:
        add_review(batch, name, Review(key, state, by, batch.at, changes, why))  # type: ignore[arg-type]
    say(f"{state} by {by}")


@app.command()
def agreement(db: DbOption = DB, dispute: DisputeOption = None, json_: JsonOption = False) -> None:
    """How far the coders agree (Krippendorff's alpha), and where they do not."""
    from dataclasses import asdict

    from treves.cli.dossier_screens import agreement_text
    from treves.dossier.agreement import agreement as agree

    store = _open(db)
    told = agree(store, _dispute(store, dispute))
    show_json(asdict(told)) if json_ else show(agreement_text(told))


@app.command()
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

    settlement = dict(_pair(text) for text in settled or ())
    body = {
        "date": _day(date, "--date"),
        "kind": kind,
        "left": left or (),
        "settlement": settlement,
    }
    try:
        outcome = Outcome.model_validate(body)
    except ValidationError as error:
        what = f"{kind} cannot be recorded: {error.errors()[0]['msg']}"
        raise InputError([Problem(what, "agreement, vote_passed, postponed, ...")]) from error
    store = _open(db)
    count = record(store, _dispute(store, dispute), outcome, by)
    say(f"recorded; {count} forecasts scored")


@app.command()
def forecast(
    mine: Annotated[
        str | None, typer.Option("--mine", help="Your own: agreement=.3,collapse=.7")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Made on (default: today).")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Last day it is about.")] = None,
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """Forecast anew, after reviews for instance; or record your own forecast beside the tool's."""
    from treves.dossier.living import add_own, renew
    from treves.dossier.views import last_horizon

    store = _open(db)
    name = _dispute(store, dispute)
    if mine is None:
        _told([renew(store, name, hands(), by, _terms(seed, draws))], json_)
        return
    made = _day(as_of, "--as-of") if as_of else dt.datetime.now(dt.UTC).date()
    horizon = _day(until, "--until") if until else last_horizon(store, name)
    show(add_own(store, name, by, _odds(mine), (made, horizon)))


@app.command()
def export(
    target: Annotated[
        str, typer.Argument(help="x.jsonl, x.csv (statements) or a folder (Parquet)")
    ],
    db: DbOption = DB,
    dispute: DisputeOption = None,
    with_confided: ConfidedOption = False,
) -> None:
    """Everything as JSON Lines, claims as statements of DNA, or tables as Parquet."""
    from treves.cli.common import write
    from treves.dossier.exchange import lines, statements, write_parquet

    store = _open(db)
    if target == "-" or target.endswith(".jsonl"):
        made = lines(store, with_confided=with_confided)
        if target == "-":
            for line in made:
                show(line)
        else:
            write(target, "".join(f"{line}\n" for line in made))
    elif target.endswith(".csv"):
        write(target, statements(store, _dispute(store, dispute), with_confided=with_confided))
    else:
        write_parquet(store, Path(target), with_confided=with_confided)
    say(f"{db} is exported to {target}")


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="x.jsonl of an export, or a report coded elsewhere.")],
    coded: Annotated[
        str | None, typer.Option("--coded", help="The claims of that report, a JSON list.")
    ] = None,
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
) -> None:
    """Take in an export, or a text that a person coded elsewhere as that coder's verdicts."""
    from treves.dossier.agreement import add_coded, coded_claims
    from treves.dossier.exchange import take_in
    from treves.errors import InputError, Problem
    from treves.reading.ingest import load_source

    store = _open(db, create=coded is None)
    if coded is not None:
        source = load_source(Path(file))
        name = _dispute(store, dispute)
        claims = coded_claims(source, Path(coded))
        with store.adding("import", by, name) as batch:
            new, known = add_coded(batch, name, source, claims, by)
        say(f"{new} claims are new, {known} are verdicts on claims that were known")
        return
    try:
        with Path(file).open(encoding="utf-8") as text:
            counts = take_in(store, text, file, by)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Problem("cannot be read", "a file of `export`", file)]) from error
    say(", ".join(f"{n} {table}" for table, n in counts.items()) or "nothing that is not kept yet")


@app.command()
def verify(
    db: DbOption = DB,
    rerun: Annotated[
        bool, typer.Option("--rerun/--no-rerun", help="Make every forecast again.")
    ] = True,
    json_: JsonOption = False,
) -> None:
    """Derive every hash and every forecast again. Exit code 1 when anything was changed."""
    from treves.dossier.verify import platform_words
    from treves.dossier.verify import verify as check

    found, seen = check(_open(db), rerun=rerun)
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


def score(db: DbOption = DB, json_: JsonOption = False) -> None:
    """How good the forecasts of a dossier were: the tool's, one's own, and the base rate."""
    from dataclasses import asdict

    from treves.cli.dossier_screens import score_text
    from treves.dossier.scoring import reliability, score_table

    store = _open(db)
    rows, bins = score_table(store), reliability(store)
    if json_:
        show_json({"scores": [asdict(r) for r in rows], "reliability": [asdict(b) for b in bins]})
    else:
        show(score_text(rows, bins))


def _pair(text: str) -> tuple[str, Any]:
    from treves.case.edits import parse_value
    from treves.errors import InputError, Problem

    name, sign, value = text.partition("=")
    if not sign:
        raise InputError([Problem(f"{text[:60]} says nothing", "name=value")])
    return name.strip(), parse_value(value.strip())


def _odds(text: str) -> dict[str, float]:
    from treves.endgame import OUTCOMES
    from treves.errors import InputError, Problem

    odds: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            odds[name.strip()] = float(value)
        except ValueError:
            odds[name.strip()] = -1.0
    if set(odds) - set(OUTCOMES) or min(odds.values()) < 0 or abs(sum(odds.values()) - 1) > 1e-6:
        instead = f"odds that sum to 1 over {', '.join(OUTCOMES)}"
        raise InputError([Problem(f"{text[:80]} is no forecast", instead, "--mine")])
    return {name: odds.get(name, 0.0) for name in OUTCOMES}


def _day(text: str, option: str) -> dt.date:
    from treves.errors import InputError, Problem

    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError([Problem(f"{text[:40]} is not a day", "2023-07-06", option)]) from error
