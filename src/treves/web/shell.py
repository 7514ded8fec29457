"""The frame around every view: headline and odds on top, steps left, evidence right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from treves.report.drawing import esc
from treves.report.outcome_bar import draw_strip
from treves.report.records import OutcomeBar
from treves.report.words import day, percent, thousands
from treves.web.markup import Ask, Pane, Said, bdi, button, form, hidden, link, tag

# The steps in the order of the work, and whether a step needs a forecast.
STEPS = (
    ("reports", "Reports"),
    ("claims", "Claims"),
    ("parties", "Parties"),
    ("deals", "Deals"),
    ("endgame", "Endgame"),
    ("whatif", "What if"),
    ("sensitivity", "Find out next"),
    ("history", "History"),
    ("models", "Models"),
    ("export", "Export"),
)

HELP = (
    ("j, k", "next claim, previous claim"),
    ("c", "confirm the claim that is selected"),
    ("x", "reject it"),
    ("e", "edit it, or the number that is selected"),
    ("u", "undo your last change"),
    ("arrows", "from cell to cell in the table of numbers"),
    ("Enter", "in a cell: propose the number; then give the reason and save"),
    ("Esc", "back from a field to the list or cell it belongs to"),
    ("?", "this list"),
)


def page(ask: Ask, pane: Pane, standing: Mapping[str, Any], said: Said | None, jobs: str) -> str:
    """The whole page of a view of a dossier."""
    title = str(standing.get("title") or ask.dossier)
    version = str(standing.get("version") or 0)
    evidence = pane.evidence or _no_evidence()
    body = (
        '<a class="skip" href="#view">Skip to the view</a>'
        f"{_top(ask, standing, title)}{_head(ask, standing)}"
        f'<div id="frame">{_steps(ask)}<main id="view" tabindex="-1">{_notice(said)}{jobs}'
        f"<h1>{esc(pane.question)}</h1>{pane.body}</main>"
        f'<aside id="evidence" aria-label="Evidence">{evidence}</aside></div>'
    )
    return document(
        f"{pane.question} · {title}",
        body,
        sheet=f"{ask.url('style.css')}?v={standing.get('colours', version)}",
        data={"dossier": ask.dossier, "version": version, "csrf": ask.csrf},
    )


def document(title: str, body: str, sheet: str, data: Mapping[str, str]) -> str:
    """An HTML document with our style sheets and our one module; nothing stands inline."""
    held = "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{esc(title)} · treves</title>"
        f'<link rel="stylesheet" href="{esc(sheet)}">'
        '<link rel="stylesheet" href="/static/workbench.css">'
        '<link rel="icon" href="/static/icon.svg">'
        '<script type="module" src="/static/workbench.js"></script></head>'
        f'<body class="treves"{held}>{body}</body></html>\n'
    )


def signature(csrf: str, by: str) -> str:
    """The name that signs corrections and edits; kept in a cookie of this browser."""
    field = (
        '<label>signed <input name="by" id="by" maxlength="60" autocomplete="nickname" '
        f'size="9" required value="{esc(by)}"></label>'
    )
    head = hidden("csrf", csrf)
    return f'<form method="post" action="/me" class="me">{head}{field}{button("Set")}</form>'


def _top(ask: Ask, standing: Mapping[str, Any], title: str) -> str:
    parts = [f'<b class="name">{bdi(title)}</b>']
    if standing.get("as_of"):
        when = dt.date.fromisoformat(str(standing["as_of"]))
        parts.append(esc(f"as of {day(when)} {when.year}"))
    if standing.get("draws"):
        parts.append(esc(f"draws {thousands(int(standing['draws']), 'en')}"))
    told = "".join(f"<span>{part}</span>" for part in parts)
    return (
        f'<header id="top">{link("/", "treves", class_="brand")}{told}'
        f"{_help()}{signature(ask.csrf, ask.by)}</header>"
    )


def _help() -> str:
    rows = "".join(f"<dt><kbd>{esc(k)}</kbd></dt><dd>{esc(v)}</dd>" for k, v in HELP)
    return (
        '<details id="help"><summary data-key="?">Keys <kbd>?</kbd></summary>'
        f"<dl>{rows}</dl></details>"
    )


def _head(ask: Ask, standing: Mapping[str, Any]) -> str:
    """Headline and odds, with the stored forecast as a ghost behind them: it never leaves."""
    label = 'id="head" aria-label="Forecast"'
    if not standing.get("outcomes"):
        why = f" ({standing['note']})" if standing.get("note") else ""
        note = (
            f"There is no forecast yet{why}: add a report with its day that names who wants what."
        )
        return f'<section {label}><p class="headline">{esc(note)}</p></section>'
    bars = [OutcomeBar(**row) for row in standing["outcomes"]]
    note = f'<p class="note">{esc(str(standing["note"]))}</p>' if standing.get("note") else ""
    if standing.get("computing"):
        label += " data-computing"
    return (
        f'<section {label}><p class="headline">{esc(str(standing["headline"]))}</p>'
        f"{odds(bars, standing.get('stored'))}{note}{_keep(ask, standing)}</section>"
    )


def odds(bars: Sequence[OutcomeBar], ghost: Mapping[str, float] | None, name: str = "top") -> str:
    """The bar of the endings, once for a wide window and once for a phone."""
    wide = draw_strip(bars, ghost=ghost, name=f"{name}w")
    narrow = draw_strip(bars, ghost=ghost, name=f"{name}n", narrow=True)
    return f'<figure class="wide">{wide}</figure><figure class="narrow">{narrow}</figure>'


def changes(before: Mapping[str, float] | None, after: Mapping[str, float] | None) -> str:
    """What a change did to the odds, in words; empty when nobody would notice.

    >>> changes({"agreement": 0.5, "collapse": 0.5}, {"agreement": 0.4, "collapse": 0.6})
    'agreement 50% → 40%; collapse 50% → 60%'
    """
    if not before or not after:
        return ""
    moved = [n for n in after if percent(before.get(n, 0.0)) != percent(after[n])]
    return "; ".join(
        f"{n.replace('_', ' ')} {percent(before.get(n, 0.0))} → {percent(after[n])}" for n in moved
    )


def _keep(ask: Ask, standing: Mapping[str, Any]) -> str:
    if standing.get("kept", True):
        return ""
    body = hidden("csrf", ask.csrf) + button("Keep this forecast")
    told = '<span class="k">The thin bar below is the forecast that was kept last.</span>'
    if not standing.get("stored"):
        told = '<span class="k">No forecast has been kept yet.</span>'
    return tag(
        "form", body + told, method="post", action=ask.url("history") + "/keep", class_="keep"
    )


def _steps(ask: Ask) -> str:
    rows = "".join(
        "<li>"
        + link(ask.url(name), text, aria_current="page" if name == ask.view else None)
        + "</li>"
        for name, text in STEPS
    )
    return f'<nav id="steps" aria-label="Steps"><ol>{rows}</ol></nav>'


def _notice(said: Said | None) -> str:
    if said is None or not (said.words or said.effect):
        return '<div id="notice" role="status"></div>'
    if said.wrong:
        return f'<div id="notice" role="alert" class="wrong"><p>{esc(said.words)}</p></div>'
    return f'<div id="notice" role="status"><p>{esc(said.words)}</p>{effect(said.effect)}</div>'


def effect(found: Mapping[str, Any] | None) -> str:
    """What an action did to numbers and odds, in words."""
    if not found:
        return ""
    numbers = "".join(
        f"<li>{bdi(str(n.get('name') or n['path']))}: {esc(written(n.get('old')))} → "
        f"{esc(written(n.get('new')))}</li>"
        for n in found.get("numbers") or ()
    )
    moved = changes(found.get("before"), found.get("after"))
    told = f"<p>{esc(moved)}.</p>" if moved else "<p>The odds stay as they are.</p>"
    if found.get("before") is None and found.get("after") is None:
        told = ""
    return (f'<ul class="changes">{numbers}</ul>' if numbers else "") + told


def written(value: Any) -> str:
    """A number of a case as it is typed in the workbench.

    >>> written([15, 40, 75]), written({"low": 0, "high": [30, 40, 50]}), written(None)
    ('15..40..75', '0 to 30..40..50', 'not known')
    """
    if value is None:
        return "not known"
    if isinstance(value, dict):
        return f"{written(value['low'])} to {written(value['high'])}"
    if isinstance(value, list | tuple):
        if len(value) == 2:
            return f"{written(value[0])} to {written(value[1])}"
        return "..".join(written(v) for v in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _no_evidence() -> str:
    return (
        '<h2>Evidence</h2><p class="note">Select a claim, a number or a move: the sentences behind '
        "it stand here, with what can be done about them.</p>"
    )


def progress(ask: Ask, job: Mapping[str, Any]) -> str:
    """A job that is under way, with its words, a bar and a way to stop it."""
    state, words = str(job["state"]), str(job.get("words") or job.get("what") or "")
    name = f"{esc(str(job['id']))}"
    if state == "failed":
        why = esc(str(job.get("error") or words))
        return f'<div class="job wrong" role="alert"><p>{why}</p></div>'
    if state in ("done", "cancelled"):
        return ""
    share = job.get("progress")
    bar = f'<progress aria-label="{esc(words)}"' + (
        "></progress>" if share is None else f' value="{float(share):.2f}"></progress>'
    )
    stop = form(ask, f"{ask.url()}/cancel", hidden("job", str(job["id"])) + button("Stop"))
    return f'<div class="job" data-job="{name}"><p role="status">{esc(words)}</p>{bar}{stop}</div>'
