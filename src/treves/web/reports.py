"""The reports of a dossier, and how a new one comes in: pasted, as a file, from a feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from treves.errors import InputError, Problem
from treves.report.drawing import esc
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, Said, act, bdi, button, entry, labelled, link, table, tag
from treves.web.uploads import About

ACCEPTED = ".txt,.html,.htm,.pdf,.xml,.rss,.atom"
NO_REPORT = [Problem("there is no report in it", "paste a text, choose a file or name a feed")]


def show(desk: Desk, ask: Ask) -> Pane:
    """All reports with what was found in them, and the forms that add one."""
    rows = [
        (
            link(ask.url("claims", report=r["id"]), titled(r)),
            esc(" · ".join(str(t) for t in (r["outlet"], r["date"]) if t)),
            f"{r['claims']}",
            f"{r['open']}",
            "in confidence" if r["confided"] else "",
        )
        for r in desk.reports(ask.dossier)
    ]
    heads = ("Report", "Outlet and day", "Claims", "To review", "")
    listed = table(heads, rows, "Reports") if rows else EMPTY
    forms = act(ask, "add", fields(), enctype="multipart/form-data", class_="add")
    return Pane("What has been written?", f"{listed}<h2>Add a report</h2>{forms}")


EMPTY = (
    '<p class="lead">Nothing has been read yet. Paste a report below: the parties, what they ask '
    "for and what they could live with are marked in it, and you correct what was misread.</p>"
)


def fields() -> str:
    """The three ways in which a report comes; the same on the first screen."""
    text = '<textarea name="text" id="text" rows="8" spellcheck="false"></textarea>'
    about = "".join(
        labelled(label, entry(name=name, type=kind, placeholder=example))
        for name, label, kind, example in (
            ("title", "Title", "text", ""),
            ("outlet", "Outlet", "text", ""),
            ("date", "Published", "date", ""),
        )
    )
    confided = (
        '<label><input type="checkbox" name="confided" value="yes"> told in confidence</label>'
    )
    file = entry(type="file", name="file", accept=ACCEPTED, multiple="")
    url = entry(type="url", name="feed", placeholder="https://", inputmode="url")
    return (
        labelled("Paste a report", text)
        + f'<details><summary>About this report</summary><div class="row">{about}</div>'
        f"{confided}</details>"
        + f'<div class="row">{labelled("or choose files", file, "txt, html, pdf")}'
        f"{labelled('or add a feed', url, 'RSS or Atom')}</div>" + button("Read it", class_="first")
    )


def add(desk: Desk, ask: Ask, form: Mapping[str, Any]) -> Said:
    """Start reading whatever was given; a job shows how far it is."""
    read_into(desk, ask.dossier, ask.by, form)
    return Said("Reading. The claims appear when it is done.")


def read_into(desk: Desk, dossier: str, by: str, form: Mapping[str, Any]) -> None:
    """Give the desk the text, the files and the feed of a form; InputError when all are empty."""
    text = str(form.get("text") or "")
    files, feed = form.get("file") or (), str(form.get("feed") or "").strip()
    about = About(
        title=str(form.get("title") or "") or None,
        outlet=str(form.get("outlet") or "") or None,
        date=str(form.get("date") or "") or None,
        confided=form.get("confided") == "yes",
    )
    if not (text.strip() or files or feed):
        raise InputError(NO_REPORT)
    if text.strip():
        desk.add_text(dossier, text, by, about)
    for name, raw in files:
        desk.add_file(dossier, raw, name, by, about)
    if feed:
        desk.add_feed(dossier, feed, by)


def chooser(ask: Ask, reports: list[dict[str, Any]], chosen: str) -> str:
    """Links to all reports of a dossier, for the view of claims."""
    rows = "".join(
        tag(
            "li",
            link(
                ask.url("claims", report=r["id"]),
                _short(r),
                aria_current="true" if r["id"] == chosen else None,
            )
            + (f' <span class="k">{r["open"]} to review</span>' if r["open"] else ""),
        )
        for r in reports
    )
    return f'<nav class="chooser" aria-label="Reports"><ul>{rows}</ul></nav>'


def titled(report: Mapping[str, Any]) -> str:
    """The title of a report, or where it comes from."""
    return str(report["title"] or report["outlet"] or "Report without a title")


def _short(report: Mapping[str, Any]) -> str:
    title = titled(report)
    day = f" · {report['date']}" if report["date"] else ""
    return (title if len(title) <= 60 else title[:57] + "…") + day


def byline(report: Mapping[str, Any]) -> str:
    """Outlet, day and address of a report."""
    parts = [bdi(str(report[name])) for name in ("outlet", "date") if report.get(name)]
    if report.get("confided"):
        parts.append("told in confidence")
    return f'<p class="note">{" · ".join(parts)}</p>' if parts else ""


ACTS: dict[str, Callable[[Desk, Ask, Mapping[str, Any]], Said]] = {"add": add}
