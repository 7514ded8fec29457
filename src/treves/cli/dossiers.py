"""Commands that follow a dispute: dossier init, add, list, show, history, review, forecast, ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli import dossier_records
from treves.cli.common import (
    STDIN,
    DrawsOption,
    JsonOption,
    Progress,
    SeedOption,
    a_day,
    read_case,
    read_sources,
    say,
    show,
    show_json,
    write,
)
from treves.cli.dossier_options import (
    DB,
    NOBODY,
    ByOption,
    DbOption,
    DisputeOption,
    hands,
    opened,
    pair,
)

if TYPE_CHECKING:
    from treves.dossier.living import Step
    from treves.dossier.reviews import Review
    from treves.reading.review import Decision

app = typer.Typer(help="Keep reports, claims and forecasts of disputes.", no_args_is_help=True)


def add_to(main: typer.Typer) -> None:
    """Add the commands of this file and of those that give, take and score what was kept."""
    dossier_records.add_to(app, main)
    main.add_typer(app, name="dossier")


def told(steps: list[Step], json_: bool) -> None:
    """Print what additions did."""
    from treves.cli.dossier_screens import step_record, step_text

    if json_:
        show_json([step_record(step) for step in steps])
        return
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
    from treves.dossier.drafting import Terms
    from treves.dossier.living import renew
    from treves.dossier.records import begin_dispute
    from treves.dossier.store import Store

    base = read_case(case).case if case else None
    name = dispute or (base.id if base else "dispute")
    store = Store.open(db, create=True)
    begin_dispute(store, name, by, base)
    say(f"{db}: {name} is begun")
    told([renew(store, name, hands(), by, Terms(seed, draws))] if base else [], json_)


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

    A case file (.yaml) among them is kept as the newly coded case to start from. What `treves
    review` wrote beside a report is kept as verdicts of whoever signed it.
    """
    from treves.dossier.drafting import Terms
    from treves.dossier.living import add_base, add_report

    store, name = opened(db, dispute)
    tools, progress = hands(), Progress()
    terms = Terms(seed, draws) if forecast else None
    coded = [f for f in files if f.endswith((".yaml", ".yml"))]
    reports = [f for f in files if f not in coded]
    decisions = _decisions(reports)
    steps = [add_base(store, name, read_case(f).case, tools, by, terms) for f in coded]
    for source in _in_order(reports, date):
        progress(f"reading {source.title}")
        kept = source.model_copy(update={"confided": True}) if confided else source
        verdicts = [_verdict(d) for d in decisions if d.key.startswith(f"{source.id}@")]
        steps.append(add_report(store, name, kept, tools, by, terms, verdicts))
    progress.done()
    told(steps, json_)


def _in_order(files: list[str], date: str | None) -> list[Any]:
    """Reports in the order in which they were known; those without a day come last."""
    from treves.dossier.records import known_from
    from treves.errors import InputError, Problem

    found = read_sources(files, date) if files else []
    last = dt.date.max.isoformat()
    try:
        return sorted(found, key=lambda source: known_from(source.date, last))
    except ValueError as error:
        raise InputError([Problem(f"a report has no such day: {error}", "2023-07-06")]) from error


def _decisions(files: list[str]) -> list[Decision]:
    """What `treves review` wrote beside the reports."""
    from treves.reading.ingest import files_of
    from treves.reading.review import load_decisions

    paths = files_of(Path(name) for name in files if name != STDIN and Path(name).exists())
    return [decision for path in paths for decision in load_decisions(path).values()]


def _verdict(decision: Decision) -> Review:
    from treves.dossier.reviews import STATE_OF, Review, signed_on

    state, at = STATE_OF[decision.verdict], signed_on(decision.on)
    return Review(decision.key, state, decision.by, at, decision.changes, "treves review")


@app.command("list")
def list_(db: DbOption = DB, json_: JsonOption = False) -> None:
    """The disputes of a dossier, with what is kept of each."""
    from treves.dossier.store import Store
    from treves.dossier.views import overview

    rows = overview(Store.open(db))
    if json_:
        show_json(rows)
        return
    show(f"{'dispute':30} sources  claims     open  forecasts  newest forecast")
    for row in rows:
        show(
            f"{row['dispute'][:30]:30} {row['sources']:>7} {row['claims']:>7}  {row['open']:>7}  "
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
    from treves.cli.dossier_screens import clean
    from treves.dossier.views import claims_page

    store, name = opened(db, dispute)
    rows = claims_page(store, name, state, limit, after)
    if json_:
        show_json(rows)
        return
    for row in rows:
        by = f", by {row['decided_by']} on {row['decided_at'][:10]}" if row["decided_by"] else ""
        about = f"{row['party'] or '-'}: {row['stance']} {row['issue'] or ''}{by}"
        show(f"{row['number']:>6} {row['state']:9} {clean(about)}")
        show(f"       “{clean(row['quote'])}”\n       {clean(row['key'])}")


@app.command()
def log(
    db: DbOption = DB,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 30,
    json_: JsonOption = False,
) -> None:
    """Who added what and when, the newest first, with the hash to note down."""
    from treves.dossier.store import Store
    from treves.dossier.views import newest_entries

    rows = newest_entries(Store.open(db), limit)
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
    chart: Annotated[
        str | None, typer.Option("--chart", help="Draw it: a file .svg, .png, .pdf or .html.")
    ] = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """The forecasts of a dispute over time, and what moved each."""
    from treves.cli.dossier_screens import history_chart, history_text, odds_text
    from treves.dossier.drafting import Terms
    from treves.dossier.living import rebuild
    from treves.dossier.views import forecasts_of

    store, name = opened(db, dispute)
    day = a_day(as_of, "--as-of")
    if day is not None:
        made = rebuild(store, name, day, hands(), Terms(seed, draws))
        show(made.to_json() if json_ else f"{as_of}  {odds_text(made.outcomes)}")
        return
    rows = forecasts_of(store, name)
    if chart:
        write(chart, history_chart(name, rows, Path(chart).suffix.lstrip(".")))
        say(f"written to {chart}")
    elif json_:
        show_json(rows)
    else:
        show(history_text(rows))


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
    """Sign a verdict on a claim; `treves review --db` asks about one after the other."""
    from treves.dossier.reviews import Review, add_review, verdict_named

    verdict = verdict_named(state)
    changes = dict(pair(text) for text in set_ or ())
    store, name = opened(db, dispute)
    with store.adding("review", by, name) as batch:
        add_review(batch, name, Review(key, verdict, by, batch.at, changes, why))
    say(f"{state} by {by}")


@app.command()
def edit(
    sets: Annotated[list[str], typer.Argument(metavar="PATH=VALUE...", help="CU.quota.accepts=…")],
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")],
    db: DbOption = DB,
    dispute: DisputeOption = None,
    by: ByOption = NOBODY,
) -> None:
    """Set numbers on top of what the claims say; they stand until undone or set again."""
    from treves.dossier.room import Room

    store, name = opened(db, dispute)
    room = Room(store, name, hands())
    for path, value in map(pair, sets):
        room.edit(path, value, by, why)
        say(f"{path} is set by {by}")


@app.command()
def undo(db: DbOption = DB, dispute: DisputeOption = None, by: ByOption = NOBODY) -> None:
    """Take back your last verdict or number; what held before holds again."""
    from treves.dossier.room import Room

    store, name = opened(db, dispute)
    undone = Room(store, name, hands()).undo(by)
    say(f"taken back: {undone.kind} of {undone.name}" if undone else f"{by} has nothing to undo")


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
    from treves.dossier.drafting import Terms
    from treves.dossier.living import add_own, renew
    from treves.dossier.views import last_horizon

    store, name = opened(db, dispute)
    if mine is None:
        told([renew(store, name, hands(), by, Terms(seed, draws))], json_)
        return
    made = a_day(as_of, "--as-of") or dt.datetime.now(dt.UTC).date()
    horizon = a_day(until, "--until") or last_horizon(store, name)
    show(add_own(store, name, by, _odds(mine), (made, horizon)))


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
