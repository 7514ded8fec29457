"""What was pasted or uploaded, as reports: bounded, and only of kinds that hold text."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic import Field

from treves.case.evidence import Record, Source
from treves.errors import Problem, SourceError
from treves.reading.extract import kind_of
from treves.reading.ingest import MAX_BYTES, SUFFIXES, sources_from_bytes

MAX_TEXT = 1_000_000
MOST_REPORTS = 100
LOOKED_AT = 100_000
PASTED = "pasted.txt"
WIDE = (b"\xff\xfe", b"\xfe\xff")
# Control characters that a text may hold: tab, line feed, form feed, carriage return, escape.
ALLOWED = frozenset(b"\t\n\x0b\x0c\r\x1b")
MOST_CONTROL = 0.02


class About(Record):
    """What the person who adds a report says of it; what is not said is looked for in the text."""

    title: str | None = Field(default=None, max_length=300)
    outlet: str | None = Field(default=None, max_length=200)
    date: str | None = Field(default=None, max_length=10)
    lang: str | None = Field(default=None, max_length=8)
    url: str | None = Field(default=None, max_length=2000)
    confided: bool = False


def sources_of(raw: bytes, name: str, about: About) -> list[Source]:
    """The reports in an upload, at most a hundred.

    Raises SourceError when it is too large, or holds no text that can be read.
    """
    name = PurePosixPath(name.replace("\\", "/")).name[:120] or "report"
    check_kind(raw, name)
    found = sources_from_bytes(raw, name, date=about.date or None, lang=about.lang or None)
    told = {
        key: value
        for key, value in about.model_dump(exclude={"date", "lang"}).items()
        if value not in (None, "")
    }
    return [source.model_copy(update=told) for source in found[:MOST_REPORTS]]


def sources_of_text(text: str, about: About) -> list[Source]:
    """A pasted report; several when a feed was pasted.

    Raises SourceError when there is nothing in it, or far too much.
    """
    if not text.strip():
        raise SourceError([Problem("there is no text", "the text of a report", "paste")])
    if len(text) > MAX_TEXT:
        what = f"{len(text)} characters are more than a report has"
        raise SourceError([Problem(what, f"at most {MAX_TEXT}", "paste")])
    found = sources_of(text.encode("utf-8", "replace"), PASTED, about)
    return [
        source.model_copy(update={"title": _first_line(source.text)})
        if source.title == PASTED
        else source
        for source in found
    ]


def check_kind(raw: bytes, name: str) -> None:
    """Refuse what is no text, page, PDF or feed, by its bytes and not by its name."""
    if len(raw) > MAX_BYTES:
        raise _refusal(name, f"larger than {MAX_BYTES // 1_000_000} MB")
    if not raw.strip():
        raise _refusal(name, "is empty")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix and suffix not in SUFFIXES and len(suffix) <= 5 and suffix[1:].isalpha():
        raise _refusal(name, f"files of kind {suffix} are not read")
    if kind_of(raw, suffix) == "pdf" or raw[:2] in WIDE:
        return
    head = raw[:LOOKED_AT]
    control = sum(byte < 32 and byte not in ALLOWED for byte in head)
    if b"\x00" in head or control > MOST_CONTROL * len(head):
        raise _refusal(name, "is no text")


def _first_line(text: str) -> str:
    line = next(line.strip() for line in text.splitlines() if line.strip())
    return line if len(line) <= 100 else line[:97] + "..."


def _refusal(name: str, what: str) -> SourceError:
    return SourceError([Problem(what, "a text, web page, PDF or feed", name)])
