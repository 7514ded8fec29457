"""Reports from files: bounded in size, any encoding, with what the file says of itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from treves.case.evidence import Source
from treves.catalogue import source_from_text
from treves.reading.extract import About, entries, kind_of, refusal

MAX_BYTES = 20_000_000
SUFFIXES = frozenset((".txt", ".html", ".htm", ".pdf", ".rss", ".atom", ".xml"))
ENCODINGS = ("utf-8-sig", "cp1252")
# The header of some archives: " date 2023-07 " before the text.
ARCHIVE_HEADER = re.compile(r"\A\s*date (\d{4}(?:-\d\d){0,2})\s+")
GIVEN_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
NAME_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A short line with a full date among the first lines of a text is the date of publication.
DATE_LINES, DATE_LINE_LENGTH = 6, 80
MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
WRITTEN_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b|\b(\d{{4}}-\d\d-\d\d)\b")


def load_source(path: Path, date: str | None = None, lang: str | None = None) -> Source:
    """Read a file with one report. Raises SourceError naming the file and what is wrong."""
    return _only(load_sources([path], date, lang), path.name)


def load_sources(
    paths: Iterable[Path], date: str | None = None, lang: str | None = None
) -> list[Source]:
    """Read reports from files and folders (in order of name); a feed holds several."""
    paths = list(paths)
    files = files_of(paths)
    if not files:
        raise refusal(", ".join(map(str, paths)), "holds no report")
    return [source for path in files for source in _loaded(path, date, lang)]


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files that hold reports, of paths and of what stands directly in folders."""
    files: list[Path] = []
    for path in paths:
        inside = path.iterdir() if path.is_dir() else [path]
        files += sorted(p for p in inside if p == path or p.suffix.lower() in SUFFIXES)
    return files


def source_from_bytes(
    raw: bytes, name: str, date: str | None = None, lang: str | None = None
) -> Source:
    """The only report in some bytes; SourceError when there are several."""
    return _only(sources_from_bytes(raw, name, date=date, lang=lang), name)


def sources_from_bytes(
    raw: bytes, name: str, date: str | None = None, lang: str | None = None
) -> list[Source]:
    """The reports in bytes of an unknown kind: text in any encoding, a web page, PDF, or a feed.

    ``date`` and ``lang`` win over what the file says of itself; see docs/coding.md for the order.

    >>> raw = "D66 zegt nee\\n6 juli 2023\\n\\nD66 wil geen akkoord.".encode()
    >>> sources_from_bytes(raw, "report.txt")[0].date
    '2023-07-06'
    """
    if len(raw) > MAX_BYTES:
        raise refusal(name, f"larger than {MAX_BYTES // 1_000_000} MB")
    if date is not None and not is_day(date):
        raise refusal(name, f"date {date} is not a day", "--date 2023-07-06")
    kind = kind_of(raw, Path(name).suffix)
    given = {k: v for k, v in (("date", date), ("lang", lang)) if v is not None}
    if kind == "text":
        source = source_from_text(_tidy(_decoded(raw)))
        about = source.model_dump(exclude={"id", "text"}, exclude_none=True)
        return [_source(source.text, about, given, name)]
    return [_source(_tidy(text), about, given, name) for text, about in entries(kind, raw, name)]


def is_day(text: str) -> bool:
    """Whether a text is a day, a month or a year that exists.

    >>> is_day("2023-07"), is_day("2023-02-30"), is_day("soon")
    (True, False, False)
    """
    if not GIVEN_DAY.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _loaded(path: Path, date: str | None, lang: str | None) -> list[Source]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refusal(path.name, f"larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(str(path), error.strerror or "cannot be opened") from error
    return sources_from_bytes(raw, path.name, date=date, lang=lang)


def _source(text: str, about: About, given: About, name: str) -> Source:
    told = {k: v for k, v in about.items() if v}
    if "date" in told and not is_day(str(told["date"])):
        del told["date"]  # a header that names no day says nothing
    archived = ARCHIVE_HEADER.match(text)
    named = NAME_DAY.match(name)
    found = (
        archived.group(1) if archived else None,
        _written_day(text),
        named.group() if named else None,
    )
    for day in found:
        if day and is_day(day):
            told.setdefault("date", day)
    told |= given
    told.setdefault("title", name)
    return Source.of(text, **told)


def _written_day(text: str) -> str | None:
    """The full date in one of the first short lines; in a line of prose it may be any day."""
    for line in text[:2000].split("\n")[:DATE_LINES]:
        found = WRITTEN_DAY.search(line.lower()) if len(line) <= DATE_LINE_LENGTH else None
        if found and (len(line) - len(found.group()) < 40):
            day, month, year, iso = found.groups()
            return iso or f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"
    return None


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _only(sources: list[Source], name: str) -> Source:
    if len(sources) != 1:
        raise refusal(name, f"holds {len(sources)} reports", "a file with one report")
    return sources[0]
