"""Commands in which an analyst judges what was read: review, codebook suggest."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from treves.cli.common import JsonOption, read_case, read_sources, say, show, show_json, write
from treves.cli.dossier_options import DisputeOption, hands, opened
from treves.cli.reports import DateOption, LangOption, read_all

if TYPE_CHECKING:
    from treves.case.evidence import Claim, Source
    from treves.case.model import Case
    from treves.dossier.reviews import Review
    from treves.dossier.room import Room
    from treves.reading.draft import Draft
    from treves.reading.review import Decision

KEYS = "c confirm · e stance=reject party=CU … correct · r reject · u undo · s skip · q quit"
CASE_SUFFIXES = (".yaml", ".yml")

commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands
    codebook = typer.Typer(help="Issues of a dossier and their names.", no_args_is_help=True)
    codebook.command("suggest")(suggest)
    app.add_typer(codebook, name="codebook")


def suggest(
    sources: Annotated[list[str], typer.Argument(metavar="FILE...", help="Reports or folders.")],
    most: Annotated[int, typer.Option("--top", min=1, max=100, help="How many issues.")] = 12,
    lang: LangOption = None,
    json_: JsonOption = False,
) -> None:
    """Propose issues from what claims are about, to be pasted into a case."""
    from dataclasses import asdict

    from treves.reading.suggest import suggest as suggest_issues

    found = suggest_issues(read_all(read_sources(sources, None, lang), None), most=most)
    if json_:
        show_json([asdict(issue) for issue in found])
        return
    lines = ["issues:"]
    for issue in found:
        lines.append(f"- id: {issue.id}  # {issue.claims} claims, of {', '.join(issue.parties)}")
        lines.append(f"  title: {issue.id.replace('_', ' ')}")
        lines.append(f"  aliases: [{', '.join(issue.aliases)}]")
        lines += [f"  # {example}" for example in issue.examples]
    show("\n".join(lines) if found else "no issue has two claims")


@dataclass
class Desk:
    """What lies before the analyst: the claims, the decisions so far, and where they are kept."""

    sources: list[Source]
    claims: list[Claim]
    base: Case | None
    by: str
    draws: int
    keep: Keep
    decisions: dict[str, Decision] = field(default_factory=dict)
    others: Mapping[str, Decision] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def draft(self) -> Draft | None:
        """The draft as the decisions stand, those of other coders where this one has none."""
        from treves.reading.review import settled, try_draft

        kept = settled(self.claims, {**self.others, **self.decisions})
        return try_draft(kept, self.base, self.sources, None)


# Keeps what was just decided about a claim, or that it was undone.
Keep = Callable[[Desk, str], None]


def _keep_beside(files: Mapping[str, Path]) -> Keep:
    """Decisions in a file beside each report, written whole or not at all."""
    from treves.reading.review import beside, dumps

    def keep(desk: Desk, key: str) -> None:
        report = files[key.split("@")[0]]
        own = {k for k, file in files.items() if file == report}
        kept = {k: d for k, d in desk.decisions.items() if k.split("@")[0] in own}
        write(str(beside(report)), dumps(kept))

    return keep


def _keep_in(room: Room) -> Keep:
    """Decisions as signed verdicts in a dossier."""
    from treves.dossier.reviews import STATE_OF

    def keep(desk: Desk, key: str) -> None:
        decision = desk.decisions.get(key)
        if decision is None:
            room.undo(desk.by)
        else:
            room.review(key, STATE_OF[decision.verdict], desk.by, decision.changes)

    return keep


@commands.command()
def review(
    by: Annotated[
        str,
        typer.Option(
            "--by",
            "--coder",
            envvar="TREVES_CODER",
            help="Who decides; every decision is signed.",
            show_default=False,
        ),
    ],
    place: Annotated[
        str | None, typer.Argument(metavar="CASE|FILE", help="A case folder, or a report.")
    ] = None,
    db: Annotated[
        str | None, typer.Option("--db", help="A dossier: its claims are asked, and it keeps.")
    ] = None,
    dispute: DisputeOption = None,
    base: Annotated[
        str | None, typer.Option("--base", help="The case that a report's claims change.")
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=10_000, help="For the odds shown; 0: none.")
    ] = 64,
    lang: LangOption = None,
    date: DateOption = None,
) -> None:
    """Go through claims, the least certain and most influential first; answers are kept.

    The decisions stand beside each report as REPORT.review.json, and `treves draft` honours them.
    With `--db` they are verdicts in a dossier, and what they did to its forecast is said at the
    end; a report limits the questions to its claims.
    """
    from treves.errors import InputError, Problem

    if db is not None:
        _review_dossier(db, dispute, place, by, draws)
    elif place is not None:
        _review(_desk(place, base, (date, lang), by, draws))
    else:
        raise InputError([Problem("nothing is named to review", "a case, a report, or --db")])


def _review_dossier(db: str, dispute: str | None, place: str | None, by: str, draws: int) -> None:
    from treves.cli.dossiers import told
    from treves.dossier.drafting import USUAL, Terms
    from treves.dossier.living import last_forecast
    from treves.dossier.room import Room

    store, name = opened(db, dispute)
    with store.reading() as connection:
        last = last_forecast(connection, name, "tool")
    # On the terms of the last forecast, so that only the verdicts make the difference.
    terms = USUAL if last is None else Terms(last["seed"], last["draws"], last["prior"])
    room = Room(store, name, hands(), terms)
    desk = _desk_of(room, place, by, draws)
    _review(desk)
    if desk.done:
        told([room.forecast(by)], json_=False)


def _review(desk: Desk) -> None:
    from treves.reading.review import queue, settled

    left = [c for c in desk.claims if c.key not in desk.decisions]
    order = queue(left, desk.base, desk.sources, None)
    say(f"{len(desk.claims)} claims, {len(desk.decisions)} decided before. {KEYS}")
    k = 0
    while k < len(order):
        answer = _ask(order[k], f"{k + 1}/{len(order)}")
        if answer is None or answer.startswith("q"):
            break
        k += _take(desk, order, k, answer.strip())
    kept = settled(desk.claims, desk.decisions)
    say(f"{len(desk.decisions)} decided, {len(kept)} claims kept")


def _desk_of(room: Room, place: str | None, by: str, draws: int) -> Desk:
    """The claims of a dossier as they were read, with the verdicts that stand."""
    from treves.errors import InputError, Problem
    from treves.reading.ingest import load_sources

    read, verdicts = room.as_read()
    sources, claims = list(read.sources), list(read.claims.values())
    if place is not None:
        wanted = {source.id for source in load_sources([Path(place)])}
        claims = [claim for claim in claims if claim.source in wanted]
        if not claims:
            what = "the dossier has no claim of this report"
            raise InputError([Problem(what, "treves dossier add", place)])
    mine, others = {}, {}
    for key, held in verdicts.items():
        own = [review for review in held if review.by == by]
        if own:
            mine[key] = _as_decision(own[-1])
        elif held:
            others[key] = _as_decision(held[-1])
    return Desk(sources, claims, read.base, by, draws, _keep_in(room), mine, others)


def _as_decision(review: Review) -> Decision:
    from treves.dossier.reviews import STATE_OF
    from treves.reading.review import Decision

    word = next(word for word, state in STATE_OF.items() if state == review.state)
    row = {"key": review.key, "verdict": word, "by": review.by, "on": review.at[:10]}
    return Decision.model_validate({**row, "changes": review.changes})


def _desk(
    place: str, base: str | None, about: tuple[str | None, str | None], by: str, draws: int
) -> Desk:
    from treves.errors import InputError, Problem
    from treves.reading.ingest import files_of, load_sources
    from treves.reading.review import load_decisions

    path = Path(place)
    folder = path.parent if path.suffix in CASE_SUFFIXES else path
    is_case = path.suffix in CASE_SUFFIXES or (path / "case.yaml").exists()
    if is_case:
        base = base or (place if path.suffix in CASE_SUFFIXES else str(path / "case.yaml"))
        path = folder / "sources"
    if not path.exists():
        raise InputError([Problem("holds no report", "a report, or a case with sources/", place)])
    case = read_case(base).case if base else None
    files, sources = {}, []
    decisions: dict[str, Decision] = {}
    for file in files_of([path]):
        for source in load_sources([file], *about):
            files[source.id] = file
            sources.append(source)
        decisions |= load_decisions(file)
    return Desk(sources, read_all(sources, case), case, by, draws, _keep_beside(files), decisions)


def _ask(claim: Claim, count: str) -> str | None:
    """Show a claim and wait for an answer; None when there is nobody left to ask."""
    from treves.reading.marked import summary_of

    quote = " ".join(claim.quote.split())
    show(f"\n{count}  “{quote}”\n    {summary_of(claim)}  (sure {claim.confidence:.2f})")
    sys.stdout.write("    > ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None


def _take(desk: Desk, order: list[Claim], k: int, answer: str) -> int:
    """Carry out one answer; by how many claims to go on."""
    from treves.errors import InputError

    verb, _, rest = answer.partition(" ")
    if verb == "s":
        return 1
    before = desk.draft()
    if verb == "u":
        if not desk.done:
            say("nothing to undo")
            return 0
        key = desk.done.pop()
        del desk.decisions[key]
        desk.keep(desk, key)
        _effect(desk, before)
        return next(i for i, claim in enumerate(order) if claim.key == key) - k
    try:
        decision = _decision(order[k], verb, rest, desk.by)
    except InputError as error:
        say(str(error))
        return 0
    if decision is None:
        say(KEYS)
        return 0
    desk.decisions[decision.key] = decision
    desk.done.append(decision.key)
    desk.keep(desk, decision.key)
    _effect(desk, before)
    return 1


def _decision(claim: Claim, verb: str, rest: str, by: str) -> Decision | None:
    from treves.case.corrections import corrected
    from treves.reading.review import Decision, parse_changes

    today = dt.date.today()
    if verb in ("c", "r"):
        verdict = "confirm" if verb == "c" else "reject"
        return Decision.model_validate(
            {"key": claim.key, "verdict": verdict, "by": by, "on": today}
        )
    if verb != "e":
        return None
    changes = parse_changes(rest)
    corrected(claim, changes)
    return Decision(key=claim.key, verdict="correct", by=by, on=today, changes=changes)


def _effect(desk: Desk, before: Draft | None) -> None:
    """Say what an answer did to the draft and to its forecast."""
    from treves.reading.review import differences, numbers

    after = desk.draft()
    changed = differences(numbers(before), numbers(after))
    for path, old, new in changed:
        show(f"    {path}: {_value(old)} -> {_value(new)}")
    if not changed:
        show("    no number of the draft changes")
    if desk.draws and changed and after is not None:
        show(f"    at {desk.draws} draws: {_odds(before.case if before else None, after, desk)}")


def _odds(before: Case | None, after: Draft, desk: Desk) -> str:
    """The odds before and after an answer, on the same draws: the answer makes the difference."""
    from treves.forecast.glance import glance
    from treves.report.words import percent

    was = glance(before, draws=desk.draws).outcomes if before else {}
    told = glance(after.case, draws=desk.draws, like=before).outcomes
    return ", ".join(
        f"{name} {percent(was.get(name, 0.0))} -> {percent(p)}"
        for name, p in told.items()
        if p or was.get(name)
    )


def _value(value: object) -> str:
    return "absent" if value is None else str(value)
