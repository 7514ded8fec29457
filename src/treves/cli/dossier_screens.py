"""What the dossier commands print: plain lines of at most 100 columns."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from treves.reading.dates import as_day
from treves.report.terminal import BLOCKS
from treves.report.words import day, percent

if TYPE_CHECKING:
    from treves.dossier.agreement import Agreement
    from treves.dossier.living import Step
    from treves.dossier.reasons import Reason
    from treves.dossier.scoring import DisputeScore, Duel
    from treves.forecast.scoring import ReliabilityRow

WIDTH = 100
BAR = 40
SHOWN_REASONS = 4
# A probability that moved less than this stands as it was.
STILL = 0.005


def clean(text: str) -> str:
    """One line without characters that would steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def step_text(step: Step) -> str:
    """What one addition did, and the sentences that moved the forecast."""
    lines = []
    if step.source is not None:
        name = clean(", ".join(t for t in (step.source.title, step.source.outlet) if t)) or "report"
        held = f"{step.claims} claims" if step.is_new else "kept already"
        held += f", {step.judged} reviewed" if step.judged else ""
        held += f", {step.lost} reviews are about no claim read in it" if step.lost else ""
        lines.append(f"{name}: {held}")
    if step.note:
        lines.append(f"  {step.note}")
    if step.forecast is not None:
        lines += change_lines(step.before, step.forecast.outcomes, step.reasons)
    return "\n".join(lines)


def step_record(step: Step) -> dict[str, Any]:
    """What one addition did, as data."""
    return {
        "source": step.source.id if step.source else None,
        "new": step.is_new,
        "claims": step.claims,
        "reviewed": step.judged,
        "reviews_about_no_claim": step.lost,
        "before": step.before,
        "outcomes": step.forecast.outcomes if step.forecast else None,
        "reasons": [reason.model_dump(mode="json") for reason in step.reasons],
        "note": step.note,
    }


def odds_text(odds: Mapping[str, float]) -> str:
    """The outcomes in words, the likeliest first."""
    return ", ".join(f"{_name(k)} {percent(v)}" for k, v in _ranked(odds))


def change_lines(
    before: Mapping[str, float] | None, after: Mapping[str, float], reasons: Sequence[Reason]
) -> list[str]:
    """The outcome that moved most and why, then the other reasons."""
    if before is None:
        return [f"  first forecast: {odds_text(after)}"]
    name, move, told = what_moved(before, after, reasons)
    if abs(move) < STILL:
        return [f"  {_name(name)} stays {percent(after[name])}"]
    line = f"  {_name(name)} {percent(before.get(name, 0.0))} -> {percent(after[name])}"
    if told and told[0].effects[name] * move > 0:
        line += f": {reason_text(told[0])}"
    lines = _wrapped(line, "    ")
    if told and told[0].quote:
        lines += _wrapped(f"    “{clean(told[0].quote)}”", "    ")
    told = [reason for reason in told if abs(reason.effects[name]) >= STILL]
    for reason in told[:SHOWN_REASONS]:
        points = round(100 * reason.effects[name])
        lines += _wrapped(f"    {points:+3d}  {reason_text(reason)}", "         ")
    return lines


def what_moved(
    before: Mapping[str, float], after: Mapping[str, float], reasons: Sequence[Reason]
) -> tuple[str, float, list[Reason]]:
    """The outcome that moved most, how far, and why.

    First the reasons that pushed it the way it went, strongest first; then those that pushed back.
    """
    name = max(after, key=lambda k: abs(after[k] - before.get(k, 0.0)))
    move = after[name] - before.get(name, 0.0)
    told = [reason for reason in reasons if reason.effects.get(name)]
    return name, move, sorted(told, key=lambda r: -r.effects[name] * (1 if move > 0 else -1))


def history_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Each forecast as a bar of its outcomes, and what moved it: table and chart in one."""
    key = "  ".join(f"{block} {_name(name)}" for name, (block, _) in BLOCKS.items())
    lines = [key]
    before: Mapping[str, float] | None = None
    for row in rows:
        odds = json.loads(row["outcomes_json"])
        top = ", ".join(f"{_name(k)} {percent(v)}" for k, v in _ranked(odds)[:2])
        who = "" if row["kind"] == "tool" else f" ({clean(row['by'])})"
        lines.append(f"{row['as_of']}  {bar(odds)}  {top}{who}"[:WIDTH])
        if row["kind"] == "tool":
            if before is not None:
                lines += change_lines(before, odds, _reasons_of(row))
            before = odds
    return "\n".join(lines)


def _reasons_of(row: Mapping[str, Any]) -> list[Reason]:
    from treves.dossier.reasons import Reason

    return [Reason.model_validate(r) for r in json.loads(row["reasons_json"] or "[]")]


def bar(odds: Mapping[str, float], width: int = BAR) -> str:
    """Outcomes as one stacked bar of blocks.

    >>> bar({"agreement": 0.5, "collapse": 0.5}, 4)
    '██▚▚'
    """
    drawn, total = "", 0.0
    for name, (block, _) in BLOCKS.items():
        total += odds.get(name, 0.0)
        drawn += block * (round(total * width) - len(drawn))
    return drawn.ljust(width)


def score_text(
    rows: Sequence[DisputeScore], pairs: Sequence[Duel], bins: Sequence[ReliabilityRow]
) -> str:
    """Scores by dispute and forecaster beside the base rate, and the reliability when there is."""
    if not rows:
        return "no outcome is known yet: `treves dossier resolve` records one"
    head = f"{'dispute':24} {'by':16} {'ended':13} {'n':>3}  Brier (base)   log (base)   CRPS"
    lines = ["lower is better; base: how often crises that the press calls one end each way", head]
    for r in rows:
        crps = "-" if r.crps is None else f"{r.crps:.1f}"
        lines.append(
            f"{clean(r.dispute)[:24]:24} {clean(r.by)[:16]:16} {r.truth:13} {r.forecasts:>3}  "
            f"{r.brier:.3f} ({r.base_brier:.3f})  {r.log:.2f} ({r.base_log:.2f})  {crps:>5}"
        )
    lines.append(
        "on the same occasions (Brier; the difference is below 0 where the first is better)"
    )
    lines += [_duel(pair) for pair in pairs]
    if bins:
        lines.append("said -> happened (n)")
        lines += [
            f"  {percent(b.forecast):>4} -> {percent(b.happened):>4} ({b.count})" for b in bins
        ]
    else:
        lines.append("reliability is shown once ten disputes have ended")
    return "\n".join(lines)


def _duel(pair: Duel) -> str:
    line = (
        f"  {clean(pair.by)[:16]} {pair.brier:.3f}, {clean(pair.other)} {pair.other_brier:.3f}: "
        f"{pair.brier - pair.other_brier:+.3f}"
    )
    if pair.gap is not None:
        line += f" ({pair.gap.low:+.3f} to {pair.gap.high:+.3f})"
    many = "dispute" if pair.disputes == 1 else "disputes"
    return line + f", {pair.occasions} forecasts of {pair.disputes} {many}"


def history_chart(name: str, rows: Iterable[Mapping[str, Any]], suffix: str) -> str | bytes:
    """The odds of every ending over the tool's forecasts, with what moved them, as a file."""
    from treves.report.odds_line import Point, as_file

    points = []
    before: Mapping[str, float] | None = None
    for row in rows:
        odds = json.loads(row["outcomes_json"])
        if row["kind"] != "tool":
            points.append(Point(row["as_of"], odds, f"{clean(row['by'])}: own forecast", own=True))
            continue
        event = ""
        if before is not None:
            top, _, told = what_moved(before, odds, _reasons_of(row))
            pushed = bool(told) and abs(told[0].effects[top]) >= STILL
            event = reason_text(told[0]) if pushed else ""
        points.append(Point(row["as_of"], odds, event))
        before = odds
    return as_file(name, points, suffix)


def reliability_chart(pairs: Sequence[tuple[float, bool]], suffix: str) -> str | bytes:
    """The reliability diagram as a file; InputError until there is enough for one."""
    from treves.errors import InputError, Problem
    from treves.report.charts.files import picture
    from treves.report.charts.look import library
    from treves.report.charts.reliability import describe, draw

    if not pairs:
        raise InputError([Problem("fewer than ten disputes have ended", "more of them")])
    svg = library("vl_convert").vegalite_to_svg(draw(pairs).to_dict())
    return picture(svg, svg, suffix, "reliability", describe(pairs))


def agreement_text(told: Agreement) -> str:
    """Alpha per field, and every claim on which coders differ."""
    lines = [
        f"{len(told.coders)} coders ({', '.join(map(clean, told.coders))}), "
        f"{told.claims} claims judged by more than one"
    ]
    for field, value in told.alpha.items():
        shown = "not defined: no variation or no pair" if value is None else f"{value:.3f}"
        lines.append(f"  Krippendorff's alpha, {field:10} {shown}")
    for d in told.disagreements:
        values = ", ".join(f"{clean(by)}: {clean(value)}" for by, value in d.values.items())
        lines += _wrapped(f"{d.key}  {d.field}  {values}", "    ")
    return "\n".join(lines)


def reason_text(reason: Reason) -> str:
    """ "CU rejects any limit (NOS, Thursday 6 July)"."""
    where = [reason.outlet] if reason.outlet else []
    when = as_day(reason.date)
    if when is not None:
        where.append(day(when))
    elif reason.date:  # only a month or a year is known
        where.append(reason.date)
    return clean(reason.what + (f" ({', '.join(where)})" if where else ""))


def _ranked(odds: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(odds.items(), key=lambda item: (-item[1], item[0]))


def _name(outcome: str) -> str:
    return clean(outcome).replace("_", " ")


def _wrapped(line: str, indent: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent) or [""]
