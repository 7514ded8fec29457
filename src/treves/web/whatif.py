"""What if a number or a rule were different: sliders and switches, answered while they move."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from treves.errors import InputError, Problem, TrevesError
from treves.report.drawing import esc
from treves.report.records import OutcomeBar
from treves.report.strings import strings
from treves.report.words import percent
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, Said, act, bdi, button, entry, labelled, link, select, tag
from treves.web.numbers import choice_words
from treves.web.shell import changes, odds, written

# As many as fit on a screen beside the odds; the others open below.
FIRST = 6

Knob = Mapping[str, Any]


def show(desk: Desk, ask: Ask) -> Pane:
    """Sliders for the most telling numbers, switches for the rules, and what they would do."""
    question = "What if it were different?"
    knobs = desk.knobs(ask.dossier)
    if not knobs:
        add = link(ask.url("reports"), "add a report")
        return Pane(question, f'<p class="lead">There is nothing to move yet: {add}.</p>')
    switches = [k for k in knobs if k["kind"] == "choice"]
    numbers = [k for k in knobs if k["kind"] != "choice"]
    first, rest = numbers[:FIRST], sorted(numbers[FIRST:], key=lambda k: _party(k))
    more = "".join(
        f"<fieldset><legend>{bdi(party)}</legend>{''.join(_knob(ask, k) for k in group)}</fieldset>"
        for party, group in groupby(rest, key=_party)
    )
    moved = sets_of(knobs, ask.query)
    opened = " open" if any(k["path"] in moved for k in rest) else ""
    inner = (
        f"<fieldset><legend>Rules</legend>{''.join(_knob(ask, k) for k in switches)}</fieldset>"
        f"<fieldset><legend>The most telling numbers</legend>"
        f"{''.join(_knob(ask, k) for k in first)}</fieldset>"
        f"<details{opened}><summary>All other numbers</summary>{more}</details>"
        f'<div class="row">{button("Show")}{link(ask.url(), "As it is")}</div>'
    )
    form = tag(
        "form", inner, method="get", action=ask.url(), id="sliders", data_live=ask.url() + "/odds"
    )
    body = f'<div id="odds" role="status">{_odds(desk, ask, moved)}</div>{form}'
    return Pane(question, body, _evidence(desk, ask))


def odds_of(desk: Desk, ask: Ask) -> str:
    """What stands above the sliders, for the numbers of a query; answers while they move."""
    try:
        return _odds(desk, ask, sets_of(desk.knobs(ask.dossier), ask.query))
    except TrevesError as error:
        return f'<p class="wrong">{esc(str(error))}</p>'


def _odds(desk: Desk, ask: Ask, moved: Mapping[str, Any]) -> str:
    found = desk.what_if(ask.dossier, dict(moved), session=ask.csrf)
    say = strings("en")
    bars = [
        OutcomeBar(name, p, p, p, say(f"outcome.{name}"), percent(p), "")
        for name, p in found["outcomes"].items()
    ]
    before = {n: p - found["change"].get(n, 0.0) for n, p in found["outcomes"].items()}
    told = changes(before, found["outcomes"]) if moved else ""
    head = str(found["sentence"] if moved else "As it is. Move something to see what it does.")
    share = percent(found["share_in_box"])
    return (
        f'<p class="headline">{esc(head)}</p>{odds(bars, before if moved else None, "what")}'
        f'<p class="note">{esc(told + "." if told else "The odds stay as they are.")} '
        f"A deal that nobody has to refuse: in {esc(share)} of the draws.</p>"
    )


def _party(knob: Knob) -> str:
    return str(knob["path"]).split(".")[0]


def _knob(ask: Ask, knob: Knob) -> str:
    """One control; its name is the path of the number, as a form and an address carry it."""
    path, value = str(knob["path"]), knob["value"]
    if knob["kind"] == "choice":
        options = [(str(c), choice_words(path, str(c))) for c in knob["choices"]]
        chosen = ask.query.get(path, str(value))
        return labelled(str(knob["label"]), select(path, options, chosen))
    note = f"now {written(value)}"
    if knob["kind"] == "slider":
        return labelled(str(knob["label"]), _slider(ask, knob, path, likely(value)), note)
    low, high = _ends(value)
    both = "".join(
        tag("label", f'<span class="k">{name}</span>{_slider(ask, knob, f"{path}.{name}", end)}')
        for name, end in (("from", low), ("to", high))
    )
    head = f'<legend>{esc(str(knob["label"]))} <span class="k">{esc(note)}</span></legend>'
    return f'<fieldset class="field two">{head}{both}</fieldset>'


def _slider(ask: Ask, knob: Knob, name: str, now: float) -> str:
    value = _number(ask.query.get(name, ""), now)
    field = entry(
        type="range",
        name=name,
        min=f"{knob['low']:g}",
        max=f"{knob['high']:g}",
        step="any",  # a step would round the number to its grid and count as a change
        value=f"{value:g}",
        data_was=f"{now:g}",
    )
    return f'<span class="slide">{field}<output>{value:g}</output></span>'


def likely(value: Any) -> float:
    """The most likely value of a number that may be written as three."""
    return float(value[1] if isinstance(value, list | tuple) else value)


def _ends(value: Any) -> tuple[float, float]:
    low, high = (value["low"], value["high"]) if isinstance(value, Mapping) else value
    return likely(low), likely(high)


def _number(text: str, now: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return now
    return value if math.isfinite(value) else now


def sets_of(knobs: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """What a query changes, as paths and values of a what-if; controls left alone change nothing.

    >>> knob = {"path": "VVD.collapse", "kind": "slider", "value": [0.1, 0.2, 0.4]}
    >>> sets_of([knob], {"VVD.collapse": "0.2"}), sets_of([knob], {"VVD.collapse": "0.5"})
    ({}, {'VVD.collapse': 0.5})
    """
    found: dict[str, Any] = {}
    for knob in knobs:
        path, value = str(knob["path"]), knob["value"]
        if knob["kind"] == "choice":
            if query.get(path, str(value)) != str(value):
                found[path] = query[path]
        elif knob["kind"] == "slider":
            given = _number(query.get(path, ""), likely(value))
            if not _same(given, likely(value)):
                found[path] = given
        else:
            low, high = _ends(value)
            ends = [
                _number(query.get(f"{path}.from", ""), low),
                _number(query.get(f"{path}.to", ""), high),
            ]
            if not (_same(ends[0], low) and _same(ends[1], high)):
                found[path] = sorted(ends)
    return found


def _same(one: float, other: float) -> bool:
    # an address carries six figures
    return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-9)


def _evidence(desk: Desk, ask: Ask) -> str:
    """Saving what was set as a scenario, and those that were saved."""
    stored = desk.stored(ask.dossier)
    base = stored.outcomes if stored else None
    rows = "".join(
        f"<li>{link(_address(ask, row['sets']), row['name'])} "
        f'<span class="k">{bdi(str(row["by"]))}</span>'
        f"<p>{esc(changes(base, row['outcomes']) or 'the odds as stored')}</p></li>"
        for row in desk.scenarios(ask.dossier)
    )
    name = entry(name="name", required="", maxlength="80", placeholder="CU gives way on the quota")
    inner = (
        # the values stand in the form of the sliders; the module copies them in, and without it
        # the address does
        "".join(
            entry(type="hidden", name=key, value=value)
            for key, value in ask.query.items()
            if "." in key
        )
        + labelled("Name", name)
        + button("Save as a scenario")
    )
    saved = f"<ul class='saved'>{rows}</ul>" if rows else '<p class="note">None yet.</p>'
    return (
        '<h2>Scenarios</h2><p class="note">The thin bar is the forecast as the numbers are. '
        "Nothing here changes the case.</p>"
        f"{act(ask, 'save', inner, data_takes='sliders')}<h3>Saved</h3>{saved}"
    )


def _address(ask: Ask, sets: Mapping[str, Any]) -> str:
    query: dict[str, str] = {}
    for path, value in sets.items():
        if isinstance(value, list | tuple) and len(value) == 2:
            query[f"{path}.from"], query[f"{path}.to"] = (f"{likely(v):g}" for v in value)
        elif isinstance(value, str):
            query[path] = value
        else:
            query[path] = f"{likely(value):g}"
    return ask.url(**query)


def save(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Save what was set as a scenario with a name."""
    query = {k: str(v) for k, v in form.items() if "." in k}
    sets = sets_of(desk.knobs(ask.dossier), query)
    if not sets:
        raise InputError([Problem("nothing was moved", "move a slider or a switch first")])
    name = str(form.get("name") or "").strip()
    desk.save_scenario(ask.dossier, name, sets, ask.by)
    return Said(f"Saved as {name}.", query)


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], Said]] = {"save": save}
