"""Commands that vary numbers: sensitivity, whatif."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from treves.cli.common import (
    CaseArgument,
    JsonOption,
    SeedOption,
    read_case,
    show,
    show_json,
)

if TYPE_CHECKING:
    from treves.forecast.tornado import Sensitivity
    from treves.forecast.whatif import WhatIf

PriorOption = Annotated[str, typer.Option("--prior", help="world or library.")]
FewDraws = Annotated[int, typer.Option("--draws", min=16, max=100_000, help="Draws per run.")]
WIDTH = 24
SHOWN_BARS = 12


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (sensitivity, whatif):
        app.command()(command)


def sensitivity(
    case: CaseArgument,
    prior: PriorOption = "world",
    seed: SeedOption = 0,
    draws: FewDraws = 256,
    json_: JsonOption = False,
) -> None:
    """Which numbers the forecast rests on, and which of them would change the ending."""
    from treves.forecast.tornado import sensitivity as vary

    found = vary(read_case(case).case, seed, draws, _prior(prior))
    show_json(found.model_dump(mode="json")) if json_ else show(tornado_text(found))


def whatif(
    case: CaseArgument,
    settings: Annotated[
        list[str],
        typer.Option("--set", help="PATH=VALUE; VALUE may be a sweep: 10..40..5 (step last)."),
    ],
    prior: PriorOption = "world",
    seed: SeedOption = 0,
    draws: FewDraws = 2000,
    json_: JsonOption = False,
) -> None:
    """Change numbers of a case and see what it does: `--set rule.fallback=none`."""
    from treves.forecast.whatif import combinations
    from treves.forecast.whatif import whatif as ask

    document = read_case(case)
    changes = combinations([_setting(text) for text in settings])
    found = ask(document.case, changes, seed, draws, _prior(prior))
    show_json(found.model_dump(mode="json")) if json_ else show(whatif_text(found))


def _prior(prior: str) -> Literal["world", "library"]:
    if prior not in ("world", "library"):
        raise typer.BadParameter("one of world, library", param_hint="--prior")
    return cast("Literal['world', 'library']", prior)


def _setting(text: str) -> tuple[str, list[Any]]:
    """PATH=VALUE as path and values: one, or those of a sweep from..to..step."""
    from treves.case.edits import parse_value
    from treves.errors import InputError, Problem

    path, sign, value = text.partition("=")
    if not sign or not path.strip():
        raise InputError([Problem(f"{text} sets nothing", "PATH=VALUE", "--set")])
    parts = value.split("..")
    if len(parts) != 3:
        return path.strip(), [parse_value(value)]
    try:
        low, high, step = (float(p) for p in parts)
        count = int((high - low) / step + 1e-9) + 1
    except (ValueError, ZeroDivisionError, OverflowError):
        count = 0
    if not 1 <= count <= 400:
        raise InputError([Problem(f"{value} is no sweep", "from..to..step: 10..40..5", "--set")])
    return path.strip(), [round(low + k * step, 9) for k in range(count)]


def whatif_text(found: WhatIf) -> str:
    """The case as it is and each change, a line each."""
    names = [
        n for n, p in found.outcomes.items() if p > 0 or any(v.outcomes[n] for v in found.variants)
    ]
    lines = [f"{'':44}" + " ".join(f"{n[:12]:>12}" for n in names) + "    deal exists"]

    def row(label: str, odds: dict[str, float], share: float, mark: str = "") -> str:
        cells = " ".join(f"{100 * odds[n]:11.0f}%" for n in names)
        return f"{label[:44]:44}{cells} {100 * share:13.0f}%{mark}"

    lines.append(row("as it is", found.outcomes, found.share_in_box))
    for v in found.variants:
        label = ", ".join(f"{path}={value}" for path, value in v.set.items())
        if len(label) > 44:
            lines.append(label)
            label = ""
        mark = f"  now most probable: {v.headline}" if v.flips else ""
        lines.append(row(label, v.outcomes, v.share_in_box, mark))
    return "\n".join(lines)


def tornado_text(found: Sensitivity) -> str:
    """The tornado, what explains most, what flips the ending, and outside numbers."""
    name = found.headline.replace("_", " ")
    lines = [f"{name}: {100 * found.probability:.0f}% as it is. With each number at its ends:"]
    top = max((b.swing for b in found.bars), default=0.0) or 1.0
    for bar in found.bars[:SHOWN_BARS]:
        drawn = "█" * max(1, round(WIDTH * bar.swing / top))
        ends = f"{100 * bar.at_low:3.0f}% to {100 * bar.at_high:3.0f}%"
        lines.append(f"  {bar.path:40} {ends}  {drawn}  ({bar.low} to {bar.high})")
    if found.shares:
        lines.append(f"what explains the spread of {name} over the draws:")
        for s in found.shares[:5]:
            about = f"{s.party}.{s.issue + '.' if s.issue else ''}{s.field}"
            lines.append(
                f"  {about:40} {100 * s.share:.0f}% ({100 * s.low:.0f} to {100 * s.high:.0f})"
            )
    lines.append("what would change the most probable ending:")
    lines += [f"  {f.path} from {f.value} on: {f.ending.replace('_', ' ')}" for f in found.flips]
    if not found.flips:
        lines.append("  no single number within its range")
    return "\n".join([*lines, *(f"fact: {fact}" for fact in found.facts)])
