"""Reading together with the machine: the report with its claims, each confirmed or corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from treves.case.evidence import CERTAINTIES, STANCES
from treves.report.drawing import esc
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
    select,
    tag,
)
from treves.web.reports import EMPTY, byline, chooser, titled

STATES = {
    "found": "not reviewed",
    "confirmed": "confirmed",
    "corrected": "corrected",
    "rejected": "rejected",
}
# What a reader of the report can correct here; the rest stands in the sentence.
FIELDS = ("actor", "party", "issue", "stance", "position", "certainty")
LEGEND = (
    ("for", "+", "asks for"),
    ("against", "−", "opposes"),
    ("yields", "≈", "could live with"),
    ("threat", "!", "threatens"),
    ("other", "·", "other"),
)

Claim = Mapping[str, Any]


def show(desk: Desk, ask: Ask) -> Pane:
    """A report with its claims marked, and the claim that is selected beside it."""
    question = "What does the report say, and was it read right?"
    reports = desk.reports(ask.dossier)
    if not reports:
        body = f"{EMPTY}<p>{link(ask.url('reports'), 'Add a report')}</p>"
        return Pane(question, body)
    known = [r["id"] for r in reports]
    chosen = ask.query.get("report") or _report_of(ask.query.get("claim", ""))
    if chosen not in known:
        chosen = next((r["id"] for r in reports if r["open"]), known[0])
    report = desk.report(ask.dossier, chosen)
    claims: Sequence[Claim] = sorted(report["claims"], key=lambda c: (c["span"][0], c["number"]))
    selected = _selected(claims, ask.query.get("claim", ""))
    body = (
        f"{chooser(ask, reports, chosen) if len(reports) > 1 else ''}"
        f"<h2>{bdi(titled(report))}</h2>{byline(report)}"
        f"{_legend()}{_text(ask, report, claims, selected)}{_list(ask, chosen, claims, selected)}"
    )
    possible = ask.query.get("possible", "")
    if possible:
        return Pane(question, body, _possible(desk, ask, report, possible))
    return Pane(question, body, _evidence(desk, ask, chosen, claims, selected))


def _report_of(key: str) -> str:
    return key.rpartition("@")[0]


def _selected(claims: Sequence[Claim], key: str) -> int | None:
    """The claim that was asked for, else the first that nobody has reviewed."""
    for k, claim in enumerate(claims):
        if claim["key"] == key:
            return k
    return next((k for k, c in enumerate(claims) if c["state"] == "found"), 0 if claims else None)


def _legend() -> str:
    rows = "".join(
        f'<span class="{kind}"><b>{sign}</b> {words}</span>' for kind, sign, words in LEGEND
    )
    return (
        f'<p class="legend note">{rows}<span><u>dotted</u>: hedged</span>'
        '<span class="possible">bar: possibly a claim</span></p>'
    )


def _text(
    ask: Ask, report: Mapping[str, Any], claims: Sequence[Claim], selected: int | None
) -> str:
    """The text to the character; what is marked is a link that selects its claim."""
    place = {claim["key"]: k for k, claim in enumerate(claims)}
    parts, start = [], 0
    for segment in report["segments"]:
        end = start + len(segment["text"])
        text = esc_text(segment["text"])
        if segment["hedged"]:
            text = f"<u>{text}</u>"
        here = [key for key in segment["claims"] if key in place]
        notes = "".join(_note(claims[place[k]], place[k]) for k in segment["opens"] if k in place)
        if here:
            now = selected is not None and claims[selected]["key"] in here
            text = link_to(ask, report["id"], here[-1], f"{notes}{text}", segment["kind"], now)
        elif segment["possible"] and text.strip():
            href = ask.url(report=report["id"], possible=f"{start}-{end}")
            text = tag("a", text, href=href, class_="possible", title="possibly a claim")
        parts.append(text)
        start = end
    return f'<div class="text" lang="{esc(report.get("lang") or "")}">{"".join(parts)}</div>'


def esc_text(text: str) -> str:
    """The text of a report, escaped, with its line breaks kept."""
    return "\n".join(esc(line) for line in text.split("\n"))


def link_to(ask: Ask, report: str, key: str, body: str, kind: str, now: bool) -> str:
    """A stretch of text that selects its claim; ``body`` is HTML already."""
    return tag(
        "a",
        body,
        href=ask.url(report=report, claim=key),
        class_=f"mark {kind}",
        aria_current="true" if now else None,
    )


def _note(claim: Claim, place: int) -> str:
    kind = esc(f"{claim['kind']} {claim['state']}")
    return f'<sup class="{kind}">{esc(claim["sign"])}{place + 1}</sup>'


def _list(ask: Ask, report: str, claims: Sequence[Claim], selected: int | None) -> str:
    """All claims in the order of the text; the neighbours of the selected one answer to keys."""
    if not claims:
        return '<p class="note">No claims were found in this report.</p>'
    at = -1 if selected is None else selected
    rows = ""
    for k, claim in enumerate(claims):
        state = claim["state"]
        rows += tag(
            "li",
            link(
                ask.url(report=report, claim=claim["key"]),
                claim["summary"],
                aria_current="true" if k == selected else None,
                data_key="k" if k == at - 1 else "j" if k == at + 1 else None,
            )
            + f' <span class="k {esc(state)}">{STATES[state]}</span>',
            class_=f"{claim['kind']} {state}",
        )
    done = sum(c["state"] != "found" for c in claims)
    counted = f'<p class="note">{done} of {len(claims)} reviewed.</p>'
    return f'<h2>Claims</h2>{counted}<ol class="claims">{rows}</ol>'


def _evidence(
    desk: Desk, ask: Ask, report: str, claims: Sequence[Claim], selected: int | None
) -> str:
    """The claim that is selected: what was read, who says so, and what to do about it."""
    if selected is None:
        return ""
    claim = claims[selected]
    after = claims[selected + 1] if selected + 1 < len(claims) else claim
    read = claim.get("as_read") or {}
    was = "".join(
        f"<li>{esc(name)}: was read as {bdi(str(value or 'nothing'))}</li>"
        for name, value in read.items()
    )
    signed = f", by {bdi(str(claim['by']))}" if claim["state"] != "found" else ""
    return (
        f'<h2>Claim {selected + 1} of {len(claims)}</h2><p class="src">'
        f'<q class="{esc(claim["certainty"])}">{bdi(claim["quote"])}</q></p>'
        f"<p>{bdi(claim['summary'])}</p>"
        f'<p class="k">{STATES[claim["state"]]}{signed}</p>{f"<ul>{was}</ul>" if was else ""}'
        f"{_verdicts(ask, report, claim, after['key'])}{_correct(desk, ask, report, claim)}"
    )


def _verdicts(ask: Ask, report: str, claim: Claim, after: str) -> str:
    """Confirm and reject with one key each; the next claim is selected then."""
    held = hidden("report", report) + hidden("claim", claim["key"]) + hidden("next", after)
    buttons = button("Confirm (c)", "verdict", "confirm", data_key="c", class_="first") + button(
        "Reject (x)", "verdict", "reject", data_key="x"
    )
    undo = act(ask, "undo", hidden("report", report) + button("Undo (u)", data_key="u"))
    return f'<div class="row">{act(ask, "review", held + buttons, class_="row")}{undo}</div>'


def _correct(desk: Desk, ask: Ask, report: str, claim: Claim) -> str:
    held = hidden("report", report) + hidden("claim", claim["key"])
    why = labelled("Why", entry(name="why", maxlength="300"), "if it is not plain")
    inner = held + _fields(desk, ask, claim) + why + button("Save the correction", class_="first")
    return (
        '<details class="edit"><summary data-key="e">Correct it (e)</summary>'
        f"{act(ask, 'correct', inner)}</details>"
    )


def _fields(desk: Desk, ask: Ask, claim: Claim) -> str:
    """What can be corrected, with what stands now."""
    case = desk.case_record(ask.dossier)
    parties = [("", "nobody"), *((p.id, p.name or p.id) for p in case.parties)] if case else []
    issues = [("", "no measure"), *((i.id, i.title or i.id) for i in case.issues)] if case else []
    stances = [(s, s.replace("_", " ")) for s in STANCES]
    sure = [(c, c) for c in CERTAINTIES]

    def now(name: str) -> str:
        return str(claim.get(name) or "")

    return "".join(
        (
            labelled("Who", entry(name="actor", value=now("actor")), "as the text names them"),
            labelled("Party", _known("party", parties, now("party"))),
            labelled("Measure", _known("issue", issues, now("issue"))),
            labelled("Stance", select("stance", stances, now("stance") or "other")),
            labelled("What exactly", entry(name="position", value=now("position"))),
            labelled("How sure", select("certainty", sure, now("certainty") or "asserted")),
        )
    )


def _known(name: str, options: list[tuple[str, str]], now: str) -> str:
    """A list to choose from where the case has one, else a field to type in."""
    return select(name, options, now) if options else entry(name=name, value=now)


def _possible(desk: Desk, ask: Ask, report: Mapping[str, Any], span: str) -> str:
    """A sentence that may hold a claim: who says what in it is for the reader to say."""
    start, end = _span(span, sum(len(s["text"]) for s in report["segments"]))
    text = "".join(s["text"] for s in report["segments"])[start:end]
    held = hidden("report", report["id"]) + hidden("span", f"{start}-{end}")
    inner = (
        held
        + _fields(desk, ask, {"stance": "other"})
        + button("Take it as a claim", class_="first")
    )
    return (
        f'<h2>Possibly a claim</h2><p class="src"><q>{bdi(text.strip())}</q></p>'
        '<p class="note">The reader was not sure enough of this sentence to count it.</p>'
        f"{act(ask, 'take', inner)}"
    )


def _span(text: str, length: int) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and len(text) < 20):
        return 0, 0
    return min(int(first), length), min(int(last), length)


def review(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Confirm or reject the selected claim, and go to the next."""
    verdict = "confirm" if form.get("verdict") == "confirm" else "reject"
    done = desk.review(ask.dossier, str(form.get("claim") or ""), verdict, ask.by)
    return _said(done, form, str(form.get("next") or form.get("claim") or ""))


def correct(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Correct the selected claim; only fields that differ are changed."""
    key = str(form.get("claim") or "")
    now = desk.claim(ask.dossier, key)
    changes = {
        name: value for name, value in _given(form).items() if value != (now.get(name) or None)
    }
    if not changes:
        return Said("Nothing was changed.", _kept(form, key))
    why = str(form.get("why") or "") or None
    return _said(desk.review(ask.dossier, key, "correct", ask.by, changes, why), form, key)


def take(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Take a possible sentence as a claim."""
    report = str(form.get("report") or "")
    start, end = _span(str(form.get("span") or ""), 10**9)
    fields = {name: value for name, value in _given(form).items() if value is not None}
    done = desk.add_claim(ask.dossier, report, (start, end), ask.by, fields)
    return _said(done, form, (done.get("claim") or {}).get("key", ""))


def undo(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Take back the last change that this visitor signed."""
    done = desk.undo(ask.dossier, ask.by)
    return _said(done, form, (done.get("claim") or {}).get("key", ""))


def _given(form: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: str(form[name]).strip() or None for name in FIELDS if name in form}


def _said(done: Mapping[str, Any], form: Mapping[str, Any], key: str) -> Said:
    return Said(str(done["what"]), _kept(form, key), done)


def _kept(form: Mapping[str, Any], key: str) -> dict[str, str]:
    return {"report": str(form.get("report") or ""), "claim": key}


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], Said]] = {
    "review": review,
    "correct": correct,
    "take": take,
    "undo": undo,
}
