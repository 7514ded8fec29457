"""What every published model says will be decided, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from treves.case.model import Issue
from treves.report.drawing import esc, figure, text_at
from treves.settlement.catalogue import MODELS
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, bdi, table, wide_figure

ROW, LEFT, RIGHT = 24.0, 190.0, 740.0


def show(desk: Desk, ask: Ask) -> Pane:
    """Per measure one line per model: the mean, and the middle nine tenths of the draws."""
    question = "What do other models say?"
    case = desk.case_record(ask.dossier)
    if case is None:
        return Pane(question, '<p class="lead">There is no case yet to compare models on.</p>')
    job = desk.work(ask.dossier, "settle")
    note = (
        '<p class="note">These models say what is decided, not whether anything is. The dot is the '
        "mean over the draws, the line holds nine in ten of them.</p>"
    )
    if job.state != "done":
        return Pane(question, note)
    found: Mapping[str, Any] = job.result["models"]
    measures = "".join(_measure(issue, found, k) for k, issue in enumerate(case.issues))
    lacking = "".join(
        f"<li>{esc(_name(name))}: {esc(str(why))}</li>"
        for name, why in job.result["lacking"].items()
    )
    left = f"<details><summary>Models left out</summary><ul>{lacking}</ul></details>"
    return Pane(question, note + measures + (left if lacking else ""))


def _measure(issue: Issue, found: Mapping[str, Any], place: int) -> str:
    rows = sorted(
        ((name, spreads[issue.id]) for name, spreads in found.items() if issue.id in spreads),
        key=lambda row: row[1]["mean"],
    )
    if not rows:
        return ""
    cells = [
        (
            esc(_name(name)),
            f"{s['mean']:.0f}",
            f"{s['q05']:.0f} to {s['q95']:.0f}",
            bdi(issue.nearest_label(s["mean"])),
        )
        for name, s in rows
    ]
    heads = ("Model", "Mean", "Nine in ten", "Nearest to")
    listed = table(heads, cells, f"{issue.title or issue.id}: models")
    return (
        f"<h2>{bdi(issue.title or issue.id)}</h2>{wide_figure(_drawing(issue, rows, place))}"
        f"<details><summary>As a table</summary>{listed}</details>"
    )


def _name(model: str) -> str:
    known = MODELS.get(model)
    return known.card.names[0] if known else model.replace("_", " ")


def _drawing(issue: Issue, rows: list[tuple[str, Mapping[str, float]]], place: int) -> str:
    high = ROW * len(rows) + 22

    def x(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * value / 100.0

    out = [
        f'<path d="M{x(v):.1f} 0V{high - 20:.1f}" stroke="var(--faint)" stroke-width="1.5"/>'
        for v in (0, 25, 50, 75, 100)
    ]
    for k, (name, spread) in enumerate(rows):
        y = ROW * k + 13
        short = _name(name)
        out.append(text_at(0, y + 4, short if len(short) < 28 else short[:26] + "…", "s"))
        out.append(
            f'<path d="M{x(spread["q05"]):.1f} {y:.1f}H{x(spread["q95"]):.1f}" '
            'stroke="var(--accent)" stroke-width="3" stroke-opacity=".5"/>'
            f'<circle cx="{x(spread["mean"]):.1f}" cy="{y:.1f}" r="5" fill="var(--accent)"/>'
        )
    for v, anchor in ((0, "s"), (50, "s m"), (100, "s e")):
        out.append(text_at(x(v), high - 5, f"{v}", anchor))
    about = "; ".join(f"{_name(name)} {s['mean']:.0f}" for name, s in rows)
    return figure((750, high), f"model{place}", issue.title or issue.id, about, "".join(out))
