"""Which packages everybody could live with, who blocks the others, and what would open one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from treves.case.model import Case
from treves.report.drawing import esc, figure, text_at, wrap
from treves.report.records import Summary
from treves.report.sections import section
from treves.report.words import percent
from treves.web.desk import Desk
from treves.web.markup import (
    Ask,
    Pane,
    bdi,
    button,
    labelled,
    link,
    select,
    table,
    tag,
    wide_figure,
)

# Shares of draws above and below which a party is said to accept or to refuse, as on the page.
ACCEPTS, REFUSES = 0.75, 0.25
RULES = (
    ("", "everybody needed accepts"),
    ("majority", "a majority accepts"),
    ("unanimity", "every voter accepts"),
    ("setter", "the chair proposes"),
)
DOTS = {"accepts": "●", "unsure": "◐", "refuses": "○"}
WIDE, HIGH, TOP = 760.0, 300.0, 56.0
DRAWN = 8

Package = Mapping[str, Any]


def show(desk: Desk, ask: Ask) -> Pane:
    """The packages as words, as a table that can be filtered, and as lines over the measures."""
    question = "Is there a deal?"
    case, summary = desk.case_record(ask.dossier), desk.summary(ask.dossier)
    if case is None or summary is None:
        return Pane(question, '<p class="lead">There is no case yet: add a report first.</p>')
    rule = ask.query.get("rule", "")
    found = desk.deals(ask.dossier, rule if rule in dict(RULES) and rule else None)
    needed = [p for p in summary.order if ask.query.get(f"with.{p}") == "yes"]
    shown = [
        (k, p)
        for k, p in enumerate(found["packages"])
        if all(p["accepts"].get(party, 0.0) >= ACCEPTS for party in needed)
    ]
    body = (
        f"{section(summary, 'deals')}<h2>All packages</h2>{_filters(ask, summary, rule, needed)}"
        f"{_table(ask, case, summary, shown)}{_lines(case, [p for _, p in shown[:DRAWN]])}"
        f"{_solutions(case, found)}"
    )
    return Pane(question, body, _evidence(ask, case, found))


def _filters(ask: Ask, summary: Summary, rule: str, needed: Sequence[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="with.{esc(p)}" value="yes"'
        f"{' checked' if p in needed else ''}> {bdi(p)}</label>"
        for p in summary.order
    )
    inner = (
        labelled("It is carried when", select("rule", RULES, rule))
        + f'<fieldset class="inline"><legend>Only what these accept</legend>{boxes}</fieldset>'
        + button("Show")
    )
    return tag("form", inner, method="get", action=ask.url(), class_="row", data_now="")


def _table(ask: Ask, case: Case, summary: Summary, shown: Sequence[tuple[int, Package]]) -> str:
    if not shown:
        return '<p class="lead">No package that was looked at passes this filter.</p>'
    by_rule = any(p.get("carried") is not None for _, p in shown)
    heads = ["Accepted", *(["Carried"] if by_rule else [])]
    heads += [i.title or i.id for i in case.issues] + list(summary.order)
    rows = []
    for k, package in shown:
        query = {n: v for n, v in ask.query.items() if n != "package"}
        row = [link(ask.url(**query, package=k), percent(package["probability"]))]
        if by_rule:
            row.append(percent(package["carried"] or 0.0))
        row += [_value(case, issue.id, package["values"].get(issue.id)) for issue in case.issues]
        row += [_dot(package["accepts"].get(party)) for party in summary.order]
        rows.append(row)
    return table(heads, rows, "Packages", class_="packages")


def _value(case: Case, issue: str, value: float | None) -> str:
    if value is None:
        return "–"
    label = case.issue(issue).nearest_label(value)
    return f'{bdi(label)} <span class="k">{value:.0f}</span>' if label else f"{value:.0f}"


def _dot(share: float | None) -> str:
    if share is None:
        return "–"
    word = "accepts" if share >= ACCEPTS else "refuses" if share <= REFUSES else "unsure"
    return f'<span class="dot {word}">{DOTS[word]}</span> <span class="k">{percent(share)}</span>'


def _lines(case: Case, packages: Sequence[Package]) -> str:
    """Parallel coordinates: a line per package over the measures, the likeliest the strongest."""
    if len(case.issues) < 2 or not packages:
        return ""
    step = (WIDE - 160) / (len(case.issues) - 1)
    xs = [80 + step * k for k in range(len(case.issues))]

    def y(value: float) -> float:
        return TOP + (HIGH - TOP - 20) * (1 - value / 100.0)

    out = []
    for x, issue in zip(xs, case.issues, strict=True):
        out.append(f'<path d="M{x:.1f} {y(100):.1f}V{y(0):.1f}" stroke="var(--line)"/>')
        for n, line in enumerate(wrap(issue.title or issue.id, min(step - 8, 150))[:3]):
            out.append(text_at(x, 12 + 14 * n, line, "s m"))
    out += [text_at(40, y(v) + 4, f"{v}", "s e") for v in (0, 50, 100)]
    for k, package in reversed(list(enumerate(packages))):
        known = [
            (x, y(v))
            for x, issue in zip(xs, case.issues, strict=True)
            if (v := package["values"].get(issue.id)) is not None
        ]
        path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in known)
        dash = "" if k == 0 else f' stroke-dasharray="{8 + 2 * k} {k + 1}"'
        strong = max(0.35, 1 - k / 10)
        out.append(
            f'<path d="{path}" fill="none" stroke="var(--accent)" '
            f'stroke-width="{3 if not k else 2}" stroke-opacity="{strong:.2f}"{dash}/>'
        )
        out.append(
            text_at(known[-1][0] + 8, known[-1][1] + 4, percent(package["probability"]), "s")
        )
    about = "; ".join(str(p["words"]) for p in packages)
    drawn = figure((WIDE, HIGH), "parallel", "Packages over the measures", about, "".join(out))
    return wide_figure(drawn)


def _solutions(case: Case, found: Mapping[str, Any]) -> str:
    """What the classic solutions of bargaining pick, among what all prefer to no deal."""
    rows = [
        (esc(name.replace("_", " ")), *(_value(case, i.id, values.get(i.id)) for i in case.issues))
        for name, values in found["solutions"].items()
        if values
    ]
    if not rows:
        return "<p>No package is better for all than no deal: no solution of bargaining exists.</p>"
    heads = ("Solution", *(i.title or i.id for i in case.issues))
    listed = table(heads, rows, "Solutions of bargaining")
    return f"<details><summary>What the solutions of bargaining pick</summary>{listed}</details>"


def _evidence(ask: Ask, case: Case, found: Mapping[str, Any]) -> str:
    """A package that was selected: what it holds, and which red line it crosses."""
    place = ask.query.get("package", "")
    if place.isdecimal() and int(place) < len(found["packages"]):
        package = found["packages"][int(place)]
        rows = "".join(
            f"<li>{bdi(i.title or i.id)}: {_value(case, i.id, package['values'].get(i.id))}</li>"
            for i in case.issues
        )
        blocked = ""
        if package.get("blocker") and package.get("blocking_issue"):
            path = f"{package['blocker']}.{package['blocking_issue']}.accepts"
            title = case.issue(package["blocking_issue"]).title or package["blocking_issue"]
            words = f"{package['blocker']}, on {title}"
            blocked = f"<p>Blocked most by {link(ask.url('parties', path=path), words)}.</p>"
        return f"<h2>This package</h2><ul>{rows}</ul>{blocked}{_shares(package)}"
    alone = "".join(
        f"<li>{bdi(party)}: "
        + (f"{points:.0f} points" if points is not None else "not enough alone")
        + "</li>"
        for party, points in found["openings_alone"].items()
    )
    return (
        f"<h2>Who could open a deal alone</h2><p class='note'>By how much one party would have to "
        f"move its own red lines if all others stand still.</p><ul>{alone}</ul>"
    )


def _shares(package: Package) -> str:
    rows = "".join(f"<li>{bdi(p)}: {_dot(s)}</li>" for p, s in package["accepts"].items())
    return f"<h3>Who can live with it</h3><ul>{rows}</ul>"
