"""The table of numbers: what each party asks for and accepts, and what every number rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.report.drawing import esc
from treves.report.issue_lines import draw_issue
from treves.report.records import Summary
from treves.web.desk import Desk
from treves.web.markup import (
    Ask,
    Pane,
    Said,
    act,
    bdi,
    button,
    entry,
    hidden,
    labelled,
    link,
    sentence_list,
    tag,
)
from treves.web.shell import changes, written

COLUMNS = (
    ("position", "Asks for", "60 or 45..60..75"),
    ("accepts", "Can live with", "0 to 40 or 0 to 30..40..50"),
    ("salience", "Weight", "80 or 60..80..90"),
)
STAKES = ("collapse", "status_quo", "outvoted", "outside", "blame")
STAKE_WORDS = {
    "collapse": "worth of a collapse",
    "status_quo": "worth of going on as now",
    "outvoted": "cost of being outvoted",
    "outside": "worth of having left",
    "blame": "cost of the blame",
}
NO_CASE = (
    '<p class="lead">There are no parties yet. They come from the reports: '
    "{reports} that names who wants what.</p>"
)
FORMAT = "a number 0 to 100, a range such as 15..75, or low..likely..high; accepts as 0 to 40"

Numbers = Mapping[str, Mapping[str, Any]]


def show(desk: Desk, ask: Ask) -> Pane:
    """One issue line and one table per measure, and the number that is selected."""
    question = "Who wants what, and what could each live with?"
    case, summary = desk.case_record(ask.dossier), desk.summary(ask.dossier)
    if case is None or summary is None:
        body = NO_CASE.format(reports=link(ask.url("reports"), "add a report"))
        return Pane(question, body)
    numbers = {n["path"]: n for n in desk.numbers(ask.dossier)}
    nav = "".join(f"<li>{link(f'#i-{i.id}', i.title or i.id)}</li>" for i in case.issues)
    measures = "".join(
        _measure(ask, case, summary, numbers, place) for place in range(len(case.issues))
    )
    body = (
        '<p class="note">From 0 to 100 along the labelled points. Type a number '
        "(60), a range (45..75), or low, likely and high (45..60..75); Enter proposes it. Dots and "
        f'edges can be dragged.</p><nav aria-label="Measures"><ul class="inline">{nav}</ul></nav>'
        f"{measures}{_stakes(ask, summary, numbers)}"
    )
    path = ask.query.get("path", "")
    evidence = _evidence(desk, ask, numbers[path]) if path in numbers else ""
    return Pane(question, body, evidence)


def _measure(ask: Ask, case: Case, summary: Summary, numbers: Numbers, place: int) -> str:
    issue, line = case.issues[place], summary.issues[place]
    wide, narrow = draw_issue(summary, line), draw_issue(summary, line, narrow=True)
    heads = "".join(f'<th scope="col">{head}</th>' for _, head, _ in COLUMNS)
    rows = ""
    for row, party in enumerate(summary.order):
        cells = "".join(
            _cell(ask, numbers, f"{party}.{issue.id}.{name}", (row, column), example)
            for column, (name, _, example) in enumerate(COLUMNS)
        )
        rows += f'<tr><th scope="row">{_chip(summary, party)}</th>{cells}</tr>'
    name = esc(issue.id)
    grid = (
        f'<table class="grid"><caption class="hide">Numbers of {esc(issue.title)}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
    label = f"Numbers of {issue.title or issue.id}"
    box = tag("div", grid, class_="scroll", tabindex="0", role="region", aria_label=label)
    return (
        f'<section class="measure" id="i-{name}" aria-labelledby="i-{name}-h">'
        f'<h2 id="i-{name}-h">{bdi(issue.title or issue.id)}</h2>'
        f'<figure class="wide line">{wide}</figure><figure class="narrow line">{narrow}</figure>'
        f"{box}</section>"
    )


def _stakes(ask: Ask, summary: Summary, numbers: Numbers) -> str:
    """What each party gets if there is no deal: 0 its worst package, 1 its own in full."""
    shown = [s for s in STAKES if any(f"{p}.{s}" in numbers for p in summary.order)]
    if not shown:
        return ""
    heads = "".join(f'<th scope="col">{STAKE_WORDS[s]}</th>' for s in shown)
    rows = ""
    for row, party in enumerate(summary.order):
        cells = "".join(
            _cell(ask, numbers, f"{party}.{name}", (row, column), "0.4 or 0.3..0.4..0.6")
            for column, name in enumerate(shown)
        )
        rows += f'<tr><th scope="row">{_chip(summary, party)}</th>{cells}</tr>'
    table = (
        '<table class="grid"><caption class="hide">Stakes</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
    box = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Stakes")
    return (
        '<section id="stakes" aria-labelledby="stakes-h"><h2 id="stakes-h">Without a deal</h2>'
        '<p class="note">What each ending is worth to a party: 0 is its worst package, 1 its own '
        f"in full.</p>{box}</section>"
    )


def _cell(ask: Ask, numbers: Numbers, path: str, place: tuple[int, int], example: str) -> str:
    """A number as a small form: Enter proposes what was typed and asks for the reason."""
    number = numbers.get(path)
    if number is None:
        return "<td></td>"
    now = written(number["value"]) if number["value"] is not None else ""
    chosen = ask.query.get("path") == path
    typed = ask.query.get("value", "") if chosen else ""
    field = entry(
        name="value",
        id=f"n-{path}",
        value=typed or now,
        placeholder="not known",
        aria_label=f"{number['name']} ({number['kind']})" if number.get("name") else path,
        title=example,
        autocomplete="off",
        data_row=f"{place[0]}",
        data_column=f"{place[1]}",
        data_was=now,
        class_=str(number["kind"]),
        aria_current="true" if chosen else None,
    )
    form = tag("form", hidden("path", path) + field, method="get", action=ask.url())
    return f"<td>{form}</td>"


def _chip(summary: Summary, party: str) -> str:
    return f'<span class="party c{summary.order.index(party)}"></span>{bdi(party)}'


def _evidence(desk: Desk, ask: Ask, number: Mapping[str, Any]) -> str:
    """A number: where it comes from, who changed it, and the form that changes it."""
    held = desk.evidence(ask.dossier, number["path"])
    told = sentence_list(held["sentences"])
    why = f"<p>{bdi(held['why'])}</p>" if held.get("why") and not told else ""
    history = "".join(
        f"<li>{esc(str(h['at'])[:10])} {bdi(str(h['by']))}: "
        f"{'taken back' if h['taken_back'] else esc(written(h['value']))}. "
        f"{bdi(str(h['why']))}</li>"
        for h in held.get("history") or ()
    )
    past = f"<h3>Changes</h3><ul>{history}</ul>" if history else ""
    none = '<p class="note">No sentence in the reports carries this number.</p>'
    return (
        f"<h2>{bdi(str(number.get('name') or number['path']))}</h2>"
        f'<p class="big">{esc(str(number["text"] or "not known"))} '
        f'<span class="k">{esc(str(number["kind"]))}</span></p>'
        f"{_proposal(desk, ask, number)}<h3>Rests on</h3>{why}{told or ('' if why else none)}{past}"
    )


def _proposal(desk: Desk, ask: Ask, number: Mapping[str, Any]) -> str:
    """The new value with its reason; what it would do to the odds is shown before it is saved."""
    path = str(number["path"])
    now = written(number["value"]) if number["value"] is not None else ""
    typed = ask.query.get("value", "").strip()
    told = _preview(desk, ask, path, typed) if typed and typed != now else ""
    value = entry(name="value", id="propose", value=typed or now, required="", autocomplete="off")
    why = entry(name="why", id="why", required="", maxlength="300", value=ask.query.get("why", ""))
    inner = (
        hidden("path", path)
        + labelled("New value", value)
        + told
        + labelled("Reason", why, "who says so, or why you think so")
        + button("Save", class_="first")
    )
    undo = act(ask, "undo", hidden("path", path) + button("Undo (u)", data_key="u"))
    opened = "" if told else None
    return tag(
        "details",
        f'<summary data-key="e">Change it (e)</summary>{act(ask, "edit", inner)}{undo}',
        class_="edit",
        open=opened,
    )


def _preview(desk: Desk, ask: Ask, path: str, typed: str) -> str:
    try:
        value = read_number(typed, path)
        problems = desk.try_edit(ask.dossier, path, value)
    except InputError as error:
        problems = [f"{p.what}; write {p.instead}" for p in error.problems]
    if problems:
        return f'<p class="wrong" role="alert" data-invalid>{esc("; ".join(problems))}</p>'
    found = desk.what_if(ask.dossier, {path: value})
    before = {n: p - found["change"][n] for n, p in found["outcomes"].items()}
    moved = changes(before, found["outcomes"]) or "the odds stay as they are"
    return f'<p class="note" role="status">If saved: {esc(moved)}.</p>'


def edit(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Change a number, signed and with a reason."""
    path, why = str(form.get("path") or ""), str(form.get("why") or "").strip()
    if not why:
        raise InputError([Problem("a change needs a reason", "who says so, or why you think so")])
    value = read_number(str(form.get("value") or ""), path)
    done = desk.edit(ask.dossier, path, value, ask.by, why)
    return Said(str(done["what"]), {"path": path}, done)


def undo(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Take back the last change that this visitor signed."""
    done = desk.undo(ask.dossier, ask.by)
    return Said(str(done["what"]), {"path": str(form.get("path") or "")}, done)


NUMBER = r"-?\d+(?:[.,]\d+)?"
SEPARATOR = re.compile(r"\.\.+|…|/|\s+")


def read_number(text: str, path: str = "") -> Any:
    """What was typed, as the value of an edit; of ``15..75`` the middle is the likeliest.

    >>> read_number("15..75"), read_number("0 to 30..40..50", "CU.quota.accepts")
    ([15.0, 45.0, 75.0], [0.0, [30.0, 40.0, 50.0]])
    """
    if path.endswith(".accepts"):
        ends = re.split(r"\s+to\s+|\s*[–—-]\s*(?=\d)", text.strip())
        if len(ends) == 1 and len(_parts(text)) == 2:
            ends = [f"{v}" for v in _parts(text)]
        if len(ends) != 2:
            raise _unreadable(text)
        return [_estimate(end) for end in ends]
    return _estimate(text)


def _estimate(text: str) -> Any:
    values = _parts(text)
    if len(values) == 1:
        return values[0]
    if len(values) == 2:
        return [values[0], (values[0] + values[1]) / 2, values[1]]
    if len(values) == 3:
        return values
    raise _unreadable(text)


def _parts(text: str) -> list[float]:
    parts = [p for p in SEPARATOR.split(text.strip()) if p]
    if not parts or not all(re.fullmatch(NUMBER, p) for p in parts):
        raise _unreadable(text)
    return [float(p.replace(",", ".")) for p in parts]


def _unreadable(text: str) -> InputError:
    return InputError([Problem(f"{text[:40] or 'nothing'} is no number", FORMAT)])


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], Said]] = {"edit": edit, "undo": undo}
