"""What the headline rests on, and what to find out next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from treves.report.drawing import esc, figure, text_at, wrap
from treves.report.sections import section
from treves.report.words import ENDING, percent
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, link, table, wide_figure
from treves.web.shell import written

SHOWN = 15
ROW, LEFT, RIGHT = 34.0, 290.0, 740.0


def show(desk: Desk, ask: Ask) -> Pane:
    """Questions first, then every number at its low and its high end."""
    question = "What does the forecast hang on?"
    summary = desk.summary(ask.dossier)
    if summary is None:
        return Pane(question, '<p class="lead">There is no forecast yet.</p>')
    body = section(summary, "change") or "<p>No number is uncertain: nothing would change it.</p>"
    job = desk.work(ask.dossier, "sensitivity")
    if job.state != "done":
        return Pane(question, body)
    names = {n["path"]: str(n["name"]) for n in desk.numbers(ask.dossier)}
    return Pane(question, body + _bars(ask, job.result, names) + _flips(job.result, names))


def _bars(ask: Ask, found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    ending = ENDING.get(found["headline"], found["headline"])
    bars = sorted(found["bars"], key=lambda b: -abs(b["at_high"] - b["at_low"]))[:SHOWN]
    rows = [
        (
            link(ask.url("parties", path=b["path"]), names.get(b["path"], b["path"])),
            esc(f"{written(b['low'])}: {percent(b['at_low'])}"),
            esc(f"{written(b['high'])}: {percent(b['at_high'])}"),
        )
        for b in bars
    ]
    listed = table(("Number", "At its low end", "At its high end"), rows, "One number at a time")
    return (
        f"<h2>One number at a time</h2><p class='note'>How likely {esc(ending)} is when a number "
        f"is at its lowest and at its highest.</p>{wide_figure(_drawing(bars, names, found))}"
        f"<details><summary>As a table</summary>{listed}</details>"
    )


def _drawing(bars: list[dict[str, Any]], names: Mapping[str, str], found: Mapping[str, Any]) -> str:
    """Bars from the probability at the low end to that at the high end."""
    now = float(found["probability"])
    ends = [float(b[k]) for b in bars for k in ("at_low", "at_high")] + [now]
    least, most = min(ends), max(ends)
    span = (most - least) or 1.0
    high = ROW * len(bars) + 30

    def x(p: float) -> float:
        return LEFT + (RIGHT - LEFT) * (p - least) / span

    out = [
        f'<path d="M{x(now):.1f} 0V{high - 24:.1f}" stroke="var(--soft)" stroke-dasharray="3 3"/>'
    ]
    for k, bar in enumerate(bars):
        low, top = sorted((x(bar["at_low"]), x(bar["at_high"])))
        name = names.get(bar["path"], bar["path"])
        lines = wrap(name, LEFT - 16)[:2]
        for n, line in enumerate(lines):
            out.append(text_at(0, ROW * k + 21 + 14 * n - 7 * (len(lines) - 1), line, "s"))
        out.append(
            f'<rect x="{low:.1f}" y="{ROW * k + 9:.1f}" width="{max(top - low, 2):.1f}" '
            'height="16" rx="2" fill="var(--accent)"/>'
        )
    out += [
        text_at(x(p), high - 6, percent(p), "s e" if p == most else "s m")
        for p in dict.fromkeys((least, now, most))
    ]
    about = "; ".join(
        f"{names.get(b['path'], b['path'])} {percent(b['at_low'])} to {percent(b['at_high'])}"
        for b in bars
    )
    return figure((750, high), "tornado", "One number at a time", about, "".join(out))


def _flips(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if not found["flips"]:
        return "<p>No single number, anywhere in its range, makes another ending the likeliest.</p>"
    rows = "".join(
        f"<li>{esc(names.get(f['path'], f['path']))} at {esc(written(f['value']))}: "
        f"{esc(ENDING.get(f['ending'], f['ending']))}</li>"
        for f in found["flips"]
    )
    return f"<h2>What would turn it</h2><ul>{rows}</ul>"
