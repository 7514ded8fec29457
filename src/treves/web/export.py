"""Taking the result along: the page, the numbers, the claims, the case file."""

from __future__ import annotations

from fastapi.responses import HTMLResponse, Response

from treves.errors import TrevesError
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, button, hidden, tag

KINDS = (
    ("page", "The page", "One HTML file that can be mailed, printed and read on a phone."),
    ("json", "JSON", "The forecast with every number, its interval and a hash."),
    ("csv", "CSV", "The claims as a table for a spreadsheet."),
    ("case", "Case file", "YAML with all numbers, edits and what they rest on."),
)


def show(desk: Desk, ask: Ask) -> Pane:
    """One button per kind of file; confided sentences stay here unless asked for."""
    if not desk.standing(ask.dossier).get("has_case"):
        return Pane("What to take along?", '<p class="lead">There is no case yet to export.</p>')
    rows = "".join(_kind(ask, *kind) for kind in KINDS)
    note = (
        "Sentences told in confidence are left out of every file, unless you ask for them. The "
        "page never shows them."
    )
    return Pane("What to take along?", f'<p class="note">{note}</p><ul class="kinds">{rows}</ul>')


def _kind(ask: Ask, what: str, name: str, words: str) -> str:
    confided = ""
    if what != "page":
        confided = (
            '<label><input type="checkbox" name="confided" value="yes"> with what was told in '
            "confidence</label>"
        )
    lang = ""
    if what == "page":
        lang = (
            '<label>Language <select name="lang"><option value="en">English</option>'
            '<option value="nl">Nederlands</option></select></label>'
        )
    inner = f"<h2>{name}</h2><p>{words}</p>{lang}{confided}{hidden('kind', what)}"
    inner += button(f"Download {name}")
    form = tag("form", inner, method="get", action=f"{ask.url()}/{what}", data_plain="")
    return f"<li>{form}</li>"


def download(desk: Desk, ask: Ask, what: str) -> Response:
    """A file to keep."""
    if what not in [kind for kind, _, _ in KINDS]:
        return HTMLResponse("there is no such file", status_code=404)
    lang = "nl" if ask.query.get("lang") == "nl" else "en"
    confided = ask.query.get("confided") == "yes"
    try:
        file = desk.export(ask.dossier, what, lang, confided)
    except TrevesError as error:
        return Response(str(error), status_code=422, media_type="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.body, media_type=file.mime, headers=headers)
