"""Small parts of HTML that all views share: forms, fields, links. Everything foreign is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from treves.report.drawing import esc

Options = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Ask:
    """What a visitor asks for: a view of a dossier, and what is selected in it."""

    dossier: str
    view: str
    query: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    by: str = ""

    def url(self, view: str = "", **query: object) -> str:
        """Address of a view of this dossier; names in ``query`` that are empty are left out."""
        return url_of(self.dossier, view or self.view, **query)


@dataclass(frozen=True)
class Pane:
    """What a view shows: one question, the answer, and the evidence of what is selected."""

    question: str
    body: str
    evidence: str = ""


@dataclass(frozen=True)
class Said:
    """What an action did: the words for it, and where to look now."""

    words: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    effect: Mapping[str, Any] | None = None
    wrong: bool = False


def url_of(dossier: str, view: str, **query: object) -> str:
    """Address of a view of a dossier.

    >>> url_of("a b", "claims", claim="x&y", report="")
    '/d/a%20b/claims?claim=x%26y'
    """
    held = {k: str(v) for k, v in query.items() if v not in (None, "")}
    asked = f"?{urlencode(held)}" if held else ""
    return f"/d/{quote(dossier, safe='')}/{view}{asked}"


def bdi(text: str) -> str:
    """Foreign text, kept from turning the direction of what stands around it."""
    return f"<bdi>{esc(text)}</bdi>"


def link(href: str, text: str, /, **attributes: str | None) -> str:
    """A link; attributes as in :func:`tag`."""
    return tag("a", esc(text), href=href, **attributes)


def tag(name: str, body: str, /, **attributes: str | None) -> str:
    """An element around a body that is HTML already.

    Attributes are escaped; ``_`` in a name becomes ``-`` and a last ``_`` is dropped; None leaves
    an attribute out, an empty text writes its name only.

    >>> tag("a", "x", href='"', data_key="j", class_=None, hidden="")
    '<a href="&quot;" data-key="j" hidden>x</a>'
    """
    return f"<{name}{_written(attributes)}>{body}</{name}>"


def entry(**attributes: str | None) -> str:
    """An input; attributes as in :func:`tag`."""
    return f"<input{_written(attributes)}>"


def _written(attributes: Mapping[str, str | None]) -> str:
    out = ""
    for name, value in attributes.items():
        if value is not None:
            named = name.rstrip("_").replace("_", "-")
            out += f' {named}="{esc(value)}"' if value else f" {named}"
    return out


def form(ask: Ask, action: str, body: str, **attributes: str | None) -> str:
    """A form that acts: it carries the proof that it comes from our own page."""
    head = f'<input type="hidden" name="csrf" value="{esc(ask.csrf)}">'
    return tag("form", head + body, method="post", action=action, **attributes)


def act(ask: Ask, name: str, body: str, **attributes: str | None) -> str:
    """A form for an action of the view that is open."""
    return form(ask, f"{ask.url()}/{name}", body, **attributes)


def hidden(name: str, value: str) -> str:
    """A value that a form carries along."""
    return f'<input type="hidden" name="{esc(name)}" value="{esc(value)}">'


def button(text: str, name: str = "", value: str = "", /, **attributes: str | None) -> str:
    """A button that sends its form, with its own value where it has one."""
    own = {"name": name, "value": value} if name else {}
    return tag("button", esc(text), **own, **attributes)


def labelled(label: str, control: str, note: str = "") -> str:
    """A control under its label."""
    told = f' <span class="k">{esc(note)}</span>' if note else ""
    return f'<label class="field"><span>{esc(label)}{told}</span>{control}</label>'


def select(name: str, options: Options, chosen: str, /, **attributes: str | None) -> str:
    """A list to choose from; a value that is not in the list is added to it."""
    held = list(options)
    if chosen not in [value for value, _ in held]:
        held.append((chosen, chosen))
    rows = "".join(
        f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>{esc(text)}</option>'
        for value, text in held
    )
    return tag("select", rows, name=name, **attributes)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], caption: str, /, **a: str) -> str:
    """A table; cells are HTML already, the first of each row is its heading."""
    top = "".join(f'<th scope="col">{esc(h)}</th>' for h in heads)
    body = ""
    for row in rows:
        first, *rest = row
        body += f'<tr><th scope="row">{first}</th>{"".join(f"<td>{c}</td>" for c in rest)}</tr>'
    inner = f'<caption class="hide">{esc(caption)}</caption>'
    inner += f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    # A wide table scrolls inside its own box, which the keyboard can reach.
    box = tag("table", inner, **a)
    return tag("div", box, class_="scroll", tabindex="0", role="region", aria_label=caption)


def wide_figure(drawing: str) -> str:
    """A drawing that a phone shows at a size one can read; it scrolls inside its own box."""
    return tag("figure", drawing, class_="scroll", tabindex="0")


def sentence_list(rows: Iterable[Mapping[str, Any]]) -> str:
    """Sentences behind a number, as JSON rows of the desk."""
    return "".join(_sentence(row) for row in rows)


def _sentence(row: Mapping[str, Any]) -> str:
    certainty = str(row.get("certainty") or "asserted")
    about = [row.get("speaker"), row.get("outlet"), row.get("date")]
    about.append(certainty if certainty != "asserted" else None)
    origin = " · ".join(bdi(str(t)) for t in about if t)
    quoted = tag("q", bdi(str(row.get("quote") or "")), class_=certainty)
    return f'<p class="src">{quoted} <span class="k">{origin}</span></p>'
