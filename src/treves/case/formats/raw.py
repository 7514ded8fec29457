"""What the readers of foreign formats share: bounds, rows with line numbers, ids, problems.

Files of other programs are input from outside. Size, encoding and numbers are checked before
anything is believed, and every problem is collected with its line before one error is raised.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from treves.case.estimate import Estimate
from treves.case.model import Case
from treves.errors import CaseError, Problem

MAX_BYTES = 20_000_000

# How statistics programs write that a number is not there.
ABSENT = ("NA", "N/A", ".")
WESTERN = ("iso-8859-1", "iso-8859-15", "windows-1252", "latin1", "us-ascii")
_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9-]+)[\"']")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Text:
    """The text of a file and the name that errors give it."""

    text: str
    name: str


@dataclass(frozen=True)
class Row:
    """Cells of one record and the line on which it starts, from 1."""

    line: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The cell of that index without blanks around it; empty beyond the end."""
        return self.cells[index].strip() if 0 <= index < len(self.cells) else ""


@dataclass
class Problems:
    """Collects what is wrong with one file, so that all of it is reported at once."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(
        self,
        what: str,
        instead: str = "",
        line: int | None = None,
        party: str | None = None,
        issue: str | None = None,
    ) -> None:
        """Note one problem."""
        self.found.append(Problem(what, instead, self.file, line, party, issue))

    def number(
        self, cell: str, line: int, what: str, low: float = -1e12, high: float = 1e12
    ) -> float | None:
        """The number in a cell; None for an absent one, and None with a problem for a bad one.

        Absent is an empty cell, or what statistics programs write for it (``NA``, ``.``).
        """
        if not cell or cell in ABSENT:
            return None
        if _NUMBER.fullmatch(cell) is None:
            self.add(f"{what} {cell[:40]!r} is not a number", "a number such as 62.5", line)
            return None
        value = float(cell)
        if not low <= value <= high:
            self.add(f"{what} {cell[:40]} lies outside {low:g} to {high:g}", "", line)
            return None
        return value

    def raise_if_any(self) -> None:
        """Raise CaseError when something was found, in the order of the file."""
        if self.found:
            raise CaseError(sorted(self.found, key=lambda p: p.line or 0))

    def refuse(self, what: str, instead: str = "", line: int | None = None) -> NoReturn:
        """Note a problem after which reading cannot go on, and raise CaseError."""
        self.add(what, instead, line)
        raise CaseError(self.found)


def read(source: str | Path, name: str = "") -> Text:
    """Text of a file, or the text itself where ``source`` is a string of more than one line.

    UTF-8, unless the file says otherwise: UTF-16 with its first two bytes, a western single-byte
    encoding in the declaration of an XML file. Raises CaseError where the file cannot be opened,
    is larger than 20 MB, or is in another encoding.
    """
    if isinstance(source, str) and "\n" in source:
        raw, label = source.encode("utf-8", "surrogatepass"), name or "text"
    else:
        raw, label = read_bytes(source), name or Path(source).name
    problems = Problems(label)
    if len(raw) > MAX_BYTES:
        problems.refuse(f"the text is larger than {MAX_BYTES // 1_000_000} MB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and len(raw) > 2:
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    declared = _DECLARED.match(raw)
    if declared and declared.group(1).decode().lower() in WESTERN:
        raw = raw.decode(declared.group(1).decode(), "replace").encode("utf-8")
    if b"\x00" in raw:
        problems.refuse("this is a binary file", "a text file in UTF-8")
    try:
        return Text(raw.decode("utf-8-sig"), label)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.refuse(f"byte {error.start} is not UTF-8", "save the file as UTF-8", line)


def read_bytes(source: str | Path) -> bytes:
    """Bytes of a file of bounded size. Raises CaseError where it cannot be opened."""
    path = Path(source)
    problems = Problems(path.name or str(source)[:80])
    try:
        if path.stat().st_size > MAX_BYTES:
            problems.refuse(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        problems.refuse(reason, "the path of a file")


def rows(
    text: Text, quote: str = '"', delimiter: str | None = None, decimals: bool = True
) -> list[Row]:
    """Records of a delimited file that are not empty.

    The delimiter is the one of comma, semicolon and tab that occurs most in the first lines.
    Where it is not the comma, a comma between digits is a decimal comma (unless ``decimals`` is
    off: some cells are names). A first line such as ``sep=;``, which spreadsheets write, names the
    delimiter.
    """
    problems = Problems(text.name)
    said = re.match(r"\s*\"?sep=([,;\t])\"?[ \t]*(?=[\r\n])", text.text, re.IGNORECASE)
    mark = delimiter or (said.group(1) if said else delimiter_of(text.text))
    body = " " * said.end() + text.text[said.end() :] if said else text.text
    lines = io.StringIO(body, newline="")
    reader = csv.reader(lines, delimiter=mark, quotechar=quote, skipinitialspace=True)
    found: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                if decimals and mark != ",":
                    cells = [with_point(c) for c in cells]
                found.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.refuse(f"this is not a table: {error}", "one record a line", line)
    if not found:
        problems.refuse("the file is empty", "a header and at least one row")
    return found


def with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point; any other cell as it is.

    >>> with_point("0,5"), with_point("Bond, de")
    ('0.5', 'Bond, de')
    """
    return re.sub(r"^\s*([-+]?\d+),(\d+)\s*$", r"\1.\2", cell)


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: whichever occurs most often in the first lines."""
    head = text[:5000]
    return max(("\t", ";", ","), key=head.count)


def columns(row: Row) -> dict[str, int]:
    """Where each column of a header stands; names in lower case."""
    return {cell.strip().lower(): k for k, cell in reversed(list(enumerate(row.cells)))}


def ids_for(names: Sequence[str]) -> list[str]:
    """An id for each name, different for different places in the list.

    Letters, digits, - and _ stay; everything else becomes _. A second use of an id gets a number.

    >>> ids_for(["EU (incl Norway)", "USA", "U.S.A", "U S A"])
    ['EU_incl_Norway', 'USA', 'U_S_A', 'U_S_A_2']
    """
    taken: dict[str, None] = {}
    used: dict[str, int] = {}  # where counting goes on, so that equal names cost no more
    for name in names:
        kept = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
        base = re.sub("_+", "_", kept).strip("_")[:55] if kept != name else name[:60]
        base = base if any(c.isalnum() for c in base) else "x"
        new, k = base, used.get(base, 2)
        while new in taken:
            new, k = f"{base[:55]}_{k}", k + 1
        taken[new], used[base] = None, k
    return list(taken)


def case_of(problems: Problems, **fields: Any) -> Case:
    """A checked case. Raises CaseError where the record refuses a value."""
    problems.raise_if_any()
    try:
        return Case(**fields)
    except ValidationError as error:
        for found in error.errors():
            place = ".".join(str(step) for step in found["loc"])
            problems.add(f"{place}: {found['msg']}")
        raise CaseError(problems.found) from error


def written(value: float | Estimate | None) -> str:
    """A number as text that reads back as the same number; an estimate at its most likely value."""
    if value is None:
        return ""
    number = value.mode if isinstance(value, Estimate) else value
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def table(records: Iterable[Sequence[str]]) -> str:
    """Records as comma-separated text, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records)
    return out.getvalue()


def lost(case: Case, keeps: frozenset[str]) -> tuple[str, ...]:
    """What a case holds that a format which keeps only ``keeps`` cannot write down.

    Words: worth (ratings of points), together, loss (quadratic), accepts,
    status_quo, width (of estimates), power, salience, stakes, seats, calendar.
    """
    stances = [s for by_issue in case.positions.values() for s in by_issue.values()]
    estimates = [e for s in stances for e in (s.position, s.salience) if e is not None]
    held = {
        "worth": any(s.worth for s in stances),
        "together": bool(case.together),
        "loss": case.settings.loss != "linear",
        "accepts": any(s.accepts for s in stances),
        "salience": any(s.salience for s in stances),
        "status_quo": any(i.status_quo is not None for i in case.issues),
        "width": any(not e.is_exact for e in estimates),
        "power": any(p.power is not None for p in case.parties),
        "seats": any(p.seats for p in case.parties),
        "stakes": bool(case.stakes),
        "calendar": bool(case.calendar),
    }
    return tuple(word for word, present in held.items() if present and word not in keeps)
