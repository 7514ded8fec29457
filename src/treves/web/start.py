"""The first screen: the dossiers there are, the examples, and how to begin one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from treves.errors import InputError, Problem
from treves.report.drawing import esc, figure
from treves.web.desk import Desk
from treves.web.markup import Ask, bdi, button, entry, form, hidden, labelled, link, url_of
from treves.web.reports import fields, read_into
from treves.web.shell import document, signature

LINE = (120.0, 30.0)


def show(desk: Desk, ask: Ask, problem: str = "") -> str:
    """The page: what there is, then the ways to begin."""
    told = f'<div id="notice" role="alert" class="wrong"><p>{esc(problem)}</p></div>'
    dossiers = "".join(_dossier(row, k) for k, row in enumerate(desk.dossiers()))
    listed = f'<ul class="dossiers">{dossiers}</ul>' if dossiers else EMPTY
    body = (
        '<a class="skip" href="#view">Skip to the dossiers</a>'
        f'<header id="top"><b class="brand">treves</b>{signature(ask.csrf, ask.by)}</header>'
        f'<main id="view" class="start" tabindex="-1">{told if problem else ""}'
        f"<h1>What is being negotiated?</h1>{listed}{_new(ask)}{_examples(desk, ask)}</main>"
    )
    return document("Dossiers", body, "/style.css", {"csrf": ask.csrf})


def nothing(words: str) -> str:
    """The page that says that something is not there."""
    body = (
        f'<header id="top">{link("/", "treves", class_="brand")}</header>'
        f'<main id="view" class="start"><h1>Not found</h1><p>{esc(words)}.</p>'
        f"<p>{link('/', 'All dossiers')}</p></main>"
    )
    return document("Not found", body, "/style.css", {})


EMPTY = (
    '<p class="lead">There are no dossiers yet. Paste a report to begin, '
    'or open the <a href="#examples">asylum example</a>.</p>'
)


def _dossier(row: Mapping[str, Any], place: int) -> str:
    counted = f"{row['reports']} reports, {row['claims']} claims"
    if row["open"]:
        counted += f", {row['open']} to review"
    said = row["headline"] or "No forecast yet."
    line = sparkline(row["line"], row["outcome"], f"spark{place}")
    return (
        f"<li><h2>{link(url_of(row['id'], 'claims'), row['title'] or row['id'])}</h2>"
        f'<p class="headline">{esc(said)}</p>{line}<p class="note">{counted}</p></li>'
    )


def sparkline(line: Sequence[Mapping[str, Any]], outcome: str | None, name: str) -> str:
    """How the probability of the ending in the headline moved from forecast to forecast."""
    odds = [float(row["outcomes"].get(outcome, 0.0)) for row in line] if outcome else []
    if len(odds) < 2:
        return ""
    wide, high = LINE
    step = (wide - 12) / (len(odds) - 1)
    points = [(6 + step * k, 3 + (high - 6) * (1 - p)) for k, p in enumerate(odds)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    body = (
        f'<path d="{path}" fill="none" stroke="var(--{outcome})" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--{outcome})"/>'
    )
    words = ", ".join(f"{100 * p:.0f}%" for p in odds)
    about = f"{str(outcome).replace('_', ' ')}, forecast after forecast: {words}"
    return f'<figure class="spark">{figure(LINE, name, "How it moved", about, body)}</figure>'


def _new(ask: Ask) -> str:
    title = entry(name="called", required="", maxlength="120", placeholder="Asylum package, July")
    inner = labelled("What it is about", title) + fields()
    begun = form(ask, "/start/new", inner, enctype="multipart/form-data", class_="add")
    file = entry(type="file", name="case", accept=".yaml,.yml", required="")
    case = form(
        ask,
        "/start/case",
        labelled("A case file", file, "yaml, as `treves new` writes it") + button("Open it"),
        enctype="multipart/form-data",
    )
    return (
        '<section aria-labelledby="new-h"><h2 id="new-h">Begin a dossier</h2>'
        f"{begun}<details><summary>Begin from a case file</summary>{case}</details></section>"
    )


def _examples(desk: Desk, ask: Ask) -> str:
    rows = "".join(
        "<li>"
        + form(
            ask,
            "/start/example",
            hidden("name", row["name"])
            + button(f"Open {row['title'] or row['name']}")
            + f' <span class="k">{bdi(row["country"] or "")} {esc(str(row["as_of"] or ""))}</span>',
        )
        + "</li>"
        for row in desk.examples()
    )
    return (
        '<section id="examples" aria-labelledby="ex-h"><h2 id="ex-h">Examples</h2>'
        '<p class="note">Disputes coded from what the press wrote before they ended. Opening one '
        f'makes a dossier of your own.</p><ul class="examples">{rows}</ul></section>'
    )


def new(desk: Desk, ask: Ask, given: Mapping[str, Any]) -> str:
    """Begin a dossier, and read what was given with it; where to go then."""
    title = str(given.get("called") or "").strip()
    if not title:
        raise InputError([Problem("a dossier needs a name", "what it is about, in a few words")])
    dossier = desk.begin(title, ask.by)
    if any(given.get(name) for name in ("text", "file", "feed")):
        read_into(desk, dossier, ask.by, given)
        return url_of(dossier, "claims")
    return url_of(dossier, "reports")


def example(desk: Desk, ask: Ask, given: Mapping[str, Any]) -> str:
    """Begin a dossier from a case of the catalogue."""
    return url_of(desk.begin_example(str(given.get("name") or ""), ask.by).dossier, "claims")


def case(desk: Desk, ask: Ask, given: Mapping[str, Any]) -> str:
    """Begin a dossier from a case file."""
    files = given.get("case") or ()
    if not files:
        raise InputError([Problem("no file was chosen", "a case file (.yaml)")])
    name, raw = files[0]
    return url_of(desk.begin_case(raw, name, ask.by), "parties")


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], str]] = {
    "new": new,
    "example": example,
    "case": case,
}
