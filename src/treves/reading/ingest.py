"""Reports from files: bounded in size, any encoding, metadata in the first lines."""

from __future__ import annotations

import re
from pathlib import Path

from treves.case.evidence import Source
from treves.catalogue import source_from_text
from treves.errors import Problem, SourceError

MAX_BYTES = 20_000_000
SUFFIXES = (".txt", ".md", "")
ENCODINGS = ("utf-8-sig", "cp1252")
# The header of some archives: " date 2023-07 " before the text.
ARCHIVE_HEADER = re.compile(r"\A\s*date (\d{4}(?:-\d\d){0,2})\s+")


def load_source(path: Path, date: str | None = None, lang: str | None = None) -> Source:
    """Read one report from a file. Raises SourceError naming the file and what is wrong."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refusal(path.name, f"larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise _refusal(str(path), error.strerror or "cannot be opened") from error
    return source_from_bytes(raw, path.name, date=date, lang=lang)


def load_sources(
    paths: list[Path], date: str | None = None, lang: str | None = None
) -> list[Source]:
    """Read reports from files and folders (their ``.txt`` files, in order of name)."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not files:
        raise _refusal(", ".join(map(str, paths)), "holds no report")
    return [load_source(path, date, lang) for path in files]


def source_from_bytes(
    raw: bytes, name: str, date: str | None = None, lang: str | None = None
) -> Source:
    """A source from bytes in an unknown encoding; ``date`` and ``lang`` win over the text's own."""
    if len(raw) > MAX_BYTES:
        raise _refusal(name, f"larger than {MAX_BYTES // 1_000_000} MB")
    if date is not None and not re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        raise _refusal(name, f"date {date} is not a day", "--date 2023-07-06")
    text = _decoded(raw).replace("\r\n", "\n").replace("\x00", "")
    source = source_from_text(text)
    about = source.model_dump(exclude={"id", "text"}, exclude_none=True)
    archived = ARCHIVE_HEADER.match(source.text)
    if archived:
        about.setdefault("date", archived.group(1))
    about |= {k: v for k, v in (("date", date), ("lang", lang)) if v is not None}
    about.setdefault("title", name)
    return Source.of(source.text, **about)


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _refusal(name: str, what: str, instead: str = "a text file with a report") -> SourceError:
    return SourceError([Problem(what, instead, name)])
