"""Commands that read: read, draft, backtest reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from treves.cli.common import (
    STDIN,
    JsonOption,
    a_day,
    read_case,
    read_source,
    say,
    show,
    show_json,
    write,
)

if TYPE_CHECKING:
    from treves.case.evidence import Claim
    from treves.case.model import Case
    from treves.reading import Registry
    from treves.reading.scoring import Score

DateOption = Annotated[
    str | None, typer.Option("--date", help="Publication day of the report, YYYY-MM-DD.")
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="Language of the report; detected when not given.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(read)
    app.command()(draft)
    backtest = typer.Typer(help="Score treves on data whose answer is known.", no_args_is_help=True)
    backtest.command("reading")(backtest_reading)
    app.add_typer(backtest, name="backtest")


def read(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A report, or - for stdin.")],
    lang: LangOption = None,
    date: DateOption = None,
    case: Annotated[
        str | None, typer.Option("--case", help="A case whose parties and measures are meant.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Read a report into claims: who holds what, said by whom, how sure, at which characters."""
    from treves.reading import read as read_report

    report = read_source(source, date, lang)
    registry = _registry(read_case(case).case) if case else None
    claims = read_report(report, registry=registry).claims
    if json_:
        show_json([claim.model_dump(mode="json") for claim in claims])
    else:
        show(claims_table(claims))


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
    json_: JsonOption = False,
) -> None:
    """Turn reports into a case in which every changed number keeps its sentences."""
    from treves.case.formats import native
    from treves.reading import read as read_report
    from treves.reading.draft import draft as make_draft
    from treves.reading.ingest import load_sources

    stdin = [read_source(STDIN, date, lang)] if STDIN in sources else []
    files = [Path(name) for name in sources if name != STDIN]
    reports = stdin + (load_sources(files, date, lang) if files else [])
    document = read_case(base) if base else None
    registry = _registry(document.case) if document else None
    claims = [claim for report in reports for claim in read_report(report, registry).claims]
    made = make_draft(claims, document.case if document else None, reports, a_day(as_of, "--as-of"))
    text = native.dumps(made.case, document.text if document else None)
    if out:
        write(out, text)
    if json_:
        show_json(
            {
                "case": made.case.model_dump(mode="json", exclude_unset=True),
                "changed": [edit.model_dump(mode="json") for edit in made.edits],
                "unplaced": [
                    {"claim": u.claim.model_dump(mode="json"), "why": u.why} for u in made.unplaced
                ],
            }
        )
        return
    if not out:
        show(text)
        return
    say(f"read {len(reports)} reports: {len(claims)} claims")
    say(f"{len(made.edits)} numbers changed, each with its sentences:")
    for edit in made.edits:
        say(f"  {edit.path} = {edit.value}  ({edit.why})")
    say(f"{len(made.unplaced)} claims changed no number (--json lists each with the reason)")
    say(f"written to {out}")


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
        said = f"{claim.speaker} ({claim.speaker_kind})"
        if claim.speaker_kind == claim.speaker:
            said = claim.speaker_kind
        lines.append(f"{start:>5}-{end:<5} {who}: {claim.stance}{about}, says {said}")
        lines.append(f"            “{' '.join(claim.quote.split())}”")
    return "\n".join(lines) or "no claim found"


def _registry(case: Case) -> Registry:
    """Who is who, with the parties of a case going first."""
    from treves.reading import Registry

    return Registry.load().extend(parties={p.id: p.name or p.id for p in case.parties})
