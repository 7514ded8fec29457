"""Commands that compute: forecast, deals, endgame."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from treves.cli.common import (
    CaseArgument,
    DrawsOption,
    JsonOption,
    Progress,
    SeedOption,
    WordsOption,
    a_day,
    announce_compiling,
    read_case,
    read_sources,
    show,
    show_how_good,
    show_json,
)

if TYPE_CHECKING:
    from treves.case.evidence import Claim
    from treves.case.model import Case

PriorOption = Annotated[
    str,
    typer.Option(
        "--prior",
        help="world: odds shifted to how often crises end so; library: as the coded cases.",
    ),
]


commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands


@commands.command()
def forecast(
    case: CaseArgument,
    prior: PriorOption = "world",
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Show the sentence behind every party's numbers.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """How the talks will probably end, who must move, and what to find out next."""
    chosen = one_of_priors(prior)
    document = read_case(case)
    announce_compiling()
    from treves.forecast.run import run

    progress = Progress()
    result = run(document.case, seed, draws, chosen, progress)
    progress.done()
    if json_:
        show(result.to_json())
        return
    from treves.report.summary import summarise
    from treves.report.terminal import to_text

    summary = summarise(document.case, result)
    show(to_text(summary, colour=sys.stdout.isatty(), evidence=evidence))


@commands.command()
def deals(
    case: CaseArgument,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="How many packages.")] = 10,
    rule: Annotated[
        str | None,
        typer.Option("--rule", help="Rank by whether those who accept can carry it by this rule."),
    ] = None,
    without: Annotated[
        str, typer.Option("--without", help="What no deal means: collapse or status_quo.")
    ] = "collapse",
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """For every package, the probability that everybody can live with it, and who blocks it."""
    if without not in ("collapse", "status_quo"):
        raise typer.BadParameter("one of collapse, status_quo", param_hint="--without")
    document = read_case(case)
    announce_compiling()
    from treves.forecast.zones import carried, zone_odds
    from treves.forecast.zones import deals as find
    from treves.report.terminal import deals_table

    disagreement = cast("Literal['collapse', 'status_quo']", without)
    found = find(document.case, seed, draws, disagreement)
    order = carried(document.case, found, rule) if rule else None
    odds = zone_odds(found, top, order)
    if json_:
        show_json(odds.model_dump(mode="json"))
    else:
        show(deals_table(document.case, odds))
        show_how_good("deals")


@commands.command()
def endgame(
    case: CaseArgument,
    tree: Annotated[bool, typer.Option("--tree", help="Show the whole tree.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Only moves up to this day are known.")
    ] = None,
    lang: WordsOption = "en",
    prior: PriorOption = "world",
    seed: SeedOption = 0,
    draws: DrawsOption = 2000,
    json_: JsonOption = False,
) -> None:
    """Why the talks end as they do: party by party, step by step, and whether a threat is real."""
    day = a_day(as_of, "--as-of")
    document = read_case(case)
    announce_compiling()
    from treves.forecast.story import tell
    from treves.report.explained import story_text

    told = said(case, document.case, day)
    story = tell(document.case, seed, draws, one_of_priors(prior), day, told)
    if json_:
        show_json(story.record())
        return
    show(story_text(story, tree=tree, lang=lang))


def said(name: str, case: Case, day: dt.date | None = None) -> tuple[Claim, ...]:
    """What the reports in ``sources`` beside a case say of its parties, up to a day.

    Nothing is read unless somebody threatens: only then is it asked whether that is a bluff.
    """
    from treves.cli.reports import folder_beside, of_parties, read_all
    from treves.profile import body_of

    kept = folder_beside(name)
    if kept is None or not body_of(case).threatened:
        return ()
    last = (day or case.day).isoformat()
    known = [source for source in read_sources([str(kept)]) if (source.date or last) <= last]
    return of_parties(read_all(known, case), case, [kept])


def one_of_priors(name: str) -> Literal["world", "library"]:
    """The prior of that name; an error that lists them otherwise."""
    if name not in ("world", "library"):
        raise typer.BadParameter("one of world, library", param_hint="--prior")
    return cast("Literal['world', 'library']", name)
