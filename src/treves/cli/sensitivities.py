"""Commands that vary numbers: sensitivity, whatif."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from treves.cli.common import (
    COLUMNS,
    CaseArgument,
    JsonOption,
    Progress,
    SeedOption,
    announce_compiling,
    read_case,
    show,
    show_how_good,
    show_json,
    write,
)

if TYPE_CHECKING:
    from treves.case.model import Case
    from treves.forecast.tornado import Bar, Cause, FactAtStake, Sensitivity
    from treves.forecast.whatif import Answer, FactVaried, Variant, WhatIf

PriorOption = Annotated[str, typer.Option("--prior", help="world or library.")]
FewDraws = Annotated[int, typer.Option("--draws", min=16, max=100_000, help="Draws per run.")]
WIDTH = 20
# Of so many changes each has a line with what it changes; a longer sweep is a plain table.
WITH_CHANGES = 5
LABEL = 44
OFTEN = "  8 times in 10"
LEGEND = (
    "deal exists: share of draws with a deal nobody has to refuse; to open: points that red lines "
    "must move for one, at the most likely numbers. 8 times in 10: the range in which the odds, "
    "and their change, lie. What is not listed stays the same."
)
SHOWN_BARS = 8
SHOWN_QUESTIONS = 3
SHOWN_CAUSES = 4


commands = typer.Typer()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.registered_commands += commands.registered_commands


@commands.command()
def sensitivity(
    case: CaseArgument,
    prior: PriorOption = "world",
    seed: SeedOption = 0,
    draws: FewDraws = 256,
    chart: Annotated[
        str | None, typer.Option("--chart", help="Draw the bars into this file: .svg or .png.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Which numbers the forecast rests on, and which of them would change the ending."""
    from treves.forecast.tornado import sensitivity as vary

    document = read_case(case)
    announce_compiling()
    progress = Progress()
    found = vary(document.case, seed, draws, _prior(prior), progress)
    progress.done()
    if chart:
        from treves.report.charts.files import content
        from treves.report.charts.tornado import draw_ends

        write(chart, content(draw_ends(found), chart))
    if json_:
        show_json(found.model_dump(mode="json"))
        return
    show(sensitivity_text(document.case, found))
    show_how_good("sensitivity")


@commands.command()
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
    """The case as it is and each change: odds, zone and settlement, with the difference below."""
    names = [
        n for n, p in found.outcomes.items() if p > 0 or any(v.outcomes[n] for v in found.variants)
    ]
    few = len(found.variants) <= WITH_CHANGES
    lines = [
        _whatif_row("", [*names, "deal exists", "to open"]),
        _whatif_row("as it is", _whatif_cells(found, names)),
        _whatif_row(OFTEN, _whatif_ranges(found, names)),
    ]
    for v in found.variants:
        label = ", ".join(f"{path}={value}" for path, value in v.set.items())
        if len(label) > LABEL:
            lines.append(label)
            label = ""
        mark = f"  now most probable: {v.headline}" if v.flips else ""
        lines.append(_whatif_row(label, _whatif_cells(v, names)) + mark)
        if few:
            lines.append(_whatif_row(OFTEN, _whatif_ranges(v, names)))
        if few and set(v.set) != {f"fact.{f.fact}" for f in v.facts}:
            lines.append(_whatif_row("  change", _whatif_changes(found, v, names)))
            lines.append(_whatif_row(OFTEN, _change_ranges(v, names)))
        lines += _settlement_lines(found, v)
        for fact in v.facts:
            lines += _varied_lines(fact)
    return "\n".join([*lines, *textwrap.wrap(LEGEND, COLUMNS)])


def _whatif_row(label: str, cells: Sequence[str]) -> str:
    return (f"{label[:LABEL]:{LABEL}}" + " ".join(f"{c[:11]:>11}" for c in cells)).rstrip()


def _whatif_cells(found: Answer, names: Sequence[str]) -> list[str]:
    return [
        *(_percent(found.outcomes[n]) for n in names),
        _percent(found.share_in_box),
        "never" if found.to_open is None else f"{found.to_open:.0f}",
    ]


def _whatif_ranges(found: Answer, names: Sequence[str]) -> list[str]:
    ends = [[_percent(p) for p in found.intervals[n]] for n in names]
    return [low if low == high else f"{low.rstrip('%')}-{high}" for low, high in ends]


def _change_ranges(v: Variant, names: Sequence[str]) -> list[str]:
    ends = [[_signed(100 * change) for change in v.change_intervals[n]] for n in names]
    return [low if low == high else f"{low} to {high}" for low, high in ends]


def _whatif_changes(own: Answer, v: Variant, names: Sequence[str]) -> list[str]:
    known = own.to_open is not None and v.to_open is not None
    moved = (v.to_open or 0.0) - (own.to_open or 0.0) if known else 0.0
    return [
        *(_signed(100 * v.change[n]) for n in names),
        _signed(100 * v.share_change),
        _signed(moved),
    ]


def _signed(change: float) -> str:
    return f"{change:+.0f}" if round(change) else "="


def _settlement_lines(own: Answer, v: Variant) -> list[str]:
    """What the settlement models say now, where that is another number than before."""
    lines = []
    for model, rows in v.settlement_change.items():
        moved = [
            f"{issue} {_settled(own, model, issue)} → {_settled(v, model, issue)}"
            for issue, change in rows.items()
            if round(change)
        ]
        if moved:
            lines += textwrap.wrap(
                f"settlement by the {model} (9 draws in 10): {', '.join(moved)}",
                COLUMNS,
                initial_indent="  ",
                subsequent_indent="    ",
            )
    return lines


def _settled(found: Answer, model: str, issue: str) -> str:
    low, high = found.settlement_ranges[model][issue]
    return f"{found.settlement[model][issue]:.0f} ({low:.0f}-{high:.0f})"


def _varied_lines(fact: FactVaried) -> list[str]:
    """Whose case an outside number touches when it has another value."""
    said = f"{fact.comparator} {fact.known:,.0f}"
    value = f"{fact.value:,.0f} {fact.unit or ''}".strip()
    begin = f"If {fact.quantity} were {value}: that is "
    begin += f"still {said}, so it" if fact.holds else f"no longer {said}, so it no longer"
    lines: list[str] = []
    for party, direction in ((b.party, b.direction) for b in fact.bears_on):
        text = f"{begin} {direction} the case of {party}."
        lines += textwrap.wrap(text, COLUMNS, initial_indent="  ", subsequent_indent="    ")
    if not fact.bears_on:
        lines += [f"  {fact.quantity}: the case does not say on whom it bears."]
    return [*lines, "  It moves no odds by itself; set the number it bears on to see what it does."]


def sensitivity_text(case: Case, found: Sensitivity) -> str:
    """The screen of a sensitivity: bars, questions to ask, causes, flips, outside numbers."""
    ending = found.headline.replace("_", " ")
    lines = [
        f"{ending}: {_percent(found.probability)} as it is. With one number at either end of its "
        "range:"
    ]
    top = max((b.swing for b in found.bars), default=0.0) or 1.0
    lines += [_bar_line(b, top) for b in found.bars[:SHOWN_BARS]]
    lines += ["", "What to find out next:", *_question_lines(case, found, ending)]
    lines += ["", *_cause_lines(found, ending), *found.notes]
    lines += ["", "What would change the most probable ending:"]
    for flip in found.flips:
        beyond = "" if flip.within else ", beyond its range"
        lines.append(
            f"  {flip.name} from {flip.value:g} on (now {flip.own:g}{beyond}): "
            f"{flip.ending.replace('_', ' ')}"
        )
    if not found.flips:
        lines.append("  no single number")
    lines += [line for fact in found.facts for line in ("", *_fact_lines(fact, ending))]
    return "\n".join(lines)


def _bar_line(bar: Bar, top: float) -> str:
    ends = f"{bar.low:g} to {bar.high:g}"
    odds = f"{_percent(bar.at_low):>3} to {_percent(bar.at_high):>3}"
    return f"  {bar.name:42} {ends:>12}  {odds}  {'█' * max(1, round(WIDTH * bar.swing / top))}"


def _question_lines(case: Case, found: Sensitivity, ending: str) -> list[str]:
    """What to ask, each with what an answer is worth; two edges of an interval are one question."""
    from treves.report.phrases import within
    from treves.report.strings import strings

    lines: dict[str, list[str]] = {}
    p = found.probability
    doubt = -(p * math.log(p) + (1 - p) * math.log(1 - p)) if 0 < p < 1 else 1.0
    for q in found.questions:
        issue = within(case, q.issue) if q.issue else ""
        asked = strings("en")(f"question.{q.field}", party=q.party, issue=issue)
        worth = (
            f"moves {ending} by about {100 * q.swing:.0f} points, takes away "
            f"{100 * q.information / doubt:.1f}% of the doubt"
        )
        if q.right_call >= 0.005:
            worth += f", calls the ending right {100 * q.right_call:.0f} more times in 100"
        lines.setdefault(asked, [f"  {asked}", f"    {worth}"])
    shown = list(lines.values())[:SHOWN_QUESTIONS]
    return [line for pair in shown for line in pair] or ["  no single answer would move it"]


def _cause_lines(found: Sensitivity, ending: str) -> list[str]:
    """Sobol indices: alone, and together with others."""
    if not found.causes:
        return []
    lines = [f"What causes the spread of {ending}: alone, and together with others"]
    main = [c for c in found.causes if c.output == "headline"][:SHOWN_CAUSES]
    lines += [f"  {c.input:42} {_percent(c.first):>5} {_percent(c.total):>5}" for c in main]
    settled: dict[str, list[Cause]] = {}
    for cause in found.causes:
        model, _, issue = cause.output.partition(".")
        if model == "mean":
            settled.setdefault(issue, []).append(cause)
    for issue, causes in settled.items():
        most = ", ".join(f"{c.input} {_percent(c.total)}" for c in causes[:2])
        lines += [f"and of the compromise on {issue}:", f"  {most}"]
    return lines


def _fact_lines(fact: FactAtStake, ending: str) -> list[str]:
    """A fact in words, and the headline at both ends of a number that it bears on."""
    unless = {"below": "not below", "above": "not above", "about": "not about", "equals": "not"}
    value = f"{fact.value:,.0f}" if fact.value.is_integer() else f"{fact.value:g}"
    amount = f"{value} {fact.unit or ''}".strip()
    case_of = {"weakens": "stronger", "strengthens": "weaker"}[fact.direction]
    first = (
        f"If {fact.quantity} were {unless[fact.comparator]} {amount} after all: "
        f"the case of {fact.party} would be {case_of}."
    )
    bar = fact.bar
    if bar is None:
        return [
            *textwrap.wrap(first, COLUMNS),
            "  It bears on no number that is uncertain: see treves whatif.",
        ]
    return [
        *textwrap.wrap(first, COLUMNS),
        f"  It bears on {bar.name}: {ending} {_percent(bar.at_low)} at {bar.low:g}, "
        f"{_percent(bar.at_high)} at {bar.high:g}.",
    ]


def _percent(share: float) -> str:
    """As every other screen says it; imported late, the page's words make a start slow."""
    from treves.report.words import percent

    return percent(share)
