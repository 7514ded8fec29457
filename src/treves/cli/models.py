"""Commands that compare and explain: settle, power, convert."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli.common import (
    CaseArgument,
    DrawsOption,
    JsonOption,
    SeedOption,
    a_day,
    read_case,
    say,
    show,
    show_how_good,
    show_json,
    write,
)

if TYPE_CHECKING:
    from treves.case.model import Case
    from treves.endgame.power import PowerTable
    from treves.forecast.settling import Settlements


commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands


@commands.command()
def settle(
    case: CaseArgument,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="Only this model; may be given again.")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show the rounds of challenge, exchange or smp.")
    ] = False,
    seed: SeedOption = 0,
    draws: DrawsOption = 1000,
    json_: JsonOption = False,
) -> None:
    """What every published model says will be decided, side by side."""
    from treves.forecast.settling import left_out
    from treves.forecast.settling import settle as settle_case

    document = read_case(case)
    if trace:
        from treves.forecast.tracing import MODELS
        from treves.forecast.tracing import trace as trace_case

        traced = {name: trace_case(document.case, name) for name in model or MODELS}
        show_json(traced) if json_ else show(traces_table(traced))
        return
    found = settle_case(document.case, model or (), seed, draws)
    for name, missing in ({} if model else left_out(document.case)).items():
        say(f"{name} is left out: it needs {', '.join(missing)}")
    if json_:
        plain = {
            name: {issue: spread.model_dump() for issue, spread in rows.items()}
            for name, rows in found.items()
        }
        show_json(plain)
    else:
        show(settlements_table(document.case, found))
        show_how_good("settle")


@commands.command()
def power(case: CaseArgument, json_: JsonOption = False) -> None:
    """Who can decide, who can be outvoted, who can bring the body down."""
    from treves.endgame.power import power_of
    from treves.profile import body_of

    document = read_case(case)
    table = power_of(body_of(document.case))
    ids = [p.id for p in document.case.parties]
    show_json(power_record(table, ids)) if json_ else show(power_table(table, ids))


@commands.command()
def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="A file or folder in any format.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="Where to write.")],
    to: Annotated[
        str | None, typer.Option("--to", help="Format to write (default: by the name of OUT).")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="The day of the case, where IN holds none.")
    ] = None,
) -> None:
    """Turn a case from one file format into another; says what the target cannot hold."""
    from treves.case.formats import native, registry
    from treves.errors import InputError, Problem

    path, out = Path(source), Path(target)
    if path.suffix in native.SUFFIXES:
        cases = [native.load(path)]
    else:
        form = registry.recognise(path)
        cases = form.load(path, as_of=a_day(date, "--date"))
        if form.beyond:
            say(f"a case cannot hold {form.beyond}")
    name = to or _format_of(out, native.SUFFIXES)
    if name == "native":
        if any(case.as_of is None for case in cases):
            say("IN holds no day: settle and deals need none, a forecast does (--date 2024-05-31)")
        _write_native(cases, out)
        return
    if name not in registry.FORMATS:
        known = ", ".join(["native", *registry.FORMATS])
        raise InputError([Problem(f"there is no format {name}", f"--to one of {known}", target)])
    for word in registry.dump(cases, name, out):
        say(f"{name} cannot hold {word}: left out")


def _format_of(out: Path, native_suffixes: tuple[str, ...]) -> str:
    return "native" if out.suffix in native_suffixes else "table"


def _write_native(cases: list[Case], out: Path) -> None:
    from treves.case.formats import native
    from treves.errors import InputError, Problem

    if len(cases) == 1:
        write(str(out), native.dumps(cases[0]))
        return
    if out.suffix in native.SUFFIXES:
        what = f"holds one case, and there are {len(cases)}"
        raise InputError([Problem(what, "a folder, with --to native", str(out))])
    out.mkdir(parents=True, exist_ok=True)
    for case in cases:
        write(str(out / f"{case.id}.yaml"), native.dumps(case))
    say(f"{len(cases)} cases written to {out}")


def settlements_table(case: Case, found: Settlements) -> str:
    """Models by issue: mean and the middle 90% of the draws."""
    lines = []
    for issue in case.issues:
        lines.append(f"{issue.title or issue.id}  (0 to 100: mean, 5% to 95% of the draws)")
        rows = [(name, spreads[issue.id]) for name, spreads in found.items() if issue.id in spreads]
        for name, spread in sorted(rows, key=lambda row: row[1].mean):
            label = issue.nearest_label(spread.mean)
            numbers = f"{spread.mean:5.1f}  {spread.q05:5.1f} to {spread.q95:5.1f}"
            lines.append(f"  {name:20} {numbers}  {label}")
        if rows:
            means = [spread.mean for _, spread in rows]
            lines.append(f"  models differ by {max(means) - min(means):.0f} points")
        lines.append("")
    return "\n".join(lines)


def traces_table(traced: dict[str, list[dict[str, Any]]]) -> str:
    """Rounds of models as lines for a terminal."""
    lines = []
    for name, rows in traced.items():
        lines.append(name)
        for row in rows:
            if "gives" in row:
                own, other = row["from_to"], row["second_from_to"]
                lines.append(
                    f"  round {row['round']}: {row['first']} moves on {row['gives']} "
                    f"{own[0]:.1f} to {own[1]:.1f}, {row['second']} on {row['gets']} "
                    f"{other[0]:.1f} to {other[1]:.1f}; both gain {row['gain']:.3f}"
                )
                continue
            places = "  ".join(f"{party} {x:.1f}" for party, x in row["positions"].items())
            moved = ", ".join(f"{p} by {by}" for p, by in row.get("moved_by", {}).items())
            note = f"  (moved: {moved})" if moved else ""
            lines.append(f"  {row['issue']} round {row['round']}: {places}{note}")
        lines.append("")
    return "\n".join(lines)


def power_record(table: PowerTable, ids: list[str]) -> dict[str, Any]:
    """The power table as plain data."""
    return {
        "rule": table.rule,
        "exact": table.exact,
        "parties": {
            party: {
                "votes": float(table.votes[p]),
                "swings": table.swings[p],
                "banzhaf": float(table.banzhaf[p]),
                "banzhaf_absolute": float(table.banzhaf_absolute[p]),
                "shapley": float(table.shapley[p]),
                "veto": bool(table.veto[p]),
                "can_be_outvoted": bool(table.outvoted[p]),
                "brings_down": bool(table.brings_down[p]),
            }
            for p, party in enumerate(ids)
        },
        "minimal_winning_coalitions": [[ids[p] for p in group] for group in table.minimal],
    }


def power_table(table: PowerTable, ids: list[str]) -> str:
    """The power table for a terminal."""
    lines = [
        f"rule: {table.rule}{'' if table.exact else ' (weights rounded)'}",
        f"{'':12} votes  Banzhaf  Shapley  veto  outvoted  brings it down",
    ]
    for p, party in enumerate(ids):
        marks = [table.veto[p], table.outvoted[p], table.brings_down[p]]
        veto, outvoted, falls = ("yes" if mark else "no" for mark in marks)
        lines.append(
            f"{party[:12]:12} {table.votes[p]:5g}  {table.banzhaf[p]:7.3f}  {table.shapley[p]:7.3f}"
            f"  {veto:4}  {outvoted:8}  {falls}"
        )
    groups = [" + ".join(ids[p] for p in group) for group in table.minimal[:8]]
    if groups:
        more = f" and {len(table.minimal) - 8} more" if len(table.minimal) > 8 else ""
        lines.append(f"smallest winning coalitions: {'; '.join(groups)}{more}")
    return "\n".join(lines)
