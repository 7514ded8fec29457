"""The first sheet of an XLSX workbook as rows: only cells and shared texts, nothing else."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from treves.case.formats import raw, xml

MAX_UNPACKED = 50_000_000
MAX_COLUMNS = 2_000


def rows(source: str | Path) -> list[raw.Row]:
    """Rows of the first sheet that are not empty; the line is the number of the row.

    Raises CaseError where the file is no workbook, or unpacks to more than 50 MB.
    """
    problems = raw.Problems(Path(source).name)
    try:
        with zipfile.ZipFile(io.BytesIO(raw.read_bytes(source))) as book:
            if sum(entry.file_size for entry in book.infolist()) > MAX_UNPACKED:
                problems.refuse("the workbook unpacks to more than 50 MB", "a smaller table")
            names = sorted(n for n in book.namelist() if re.fullmatch(r"xl/worksheets/\w+\.xml", n))
            if not names:
                problems.refuse("the workbook has no sheet", "a table on the first sheet")
            first = "xl/worksheets/sheet1.xml"
            sheet = _member(book, first if first in names else names[0], problems)
            shared = "xl/sharedStrings.xml"
            texts = _member(book, shared, problems) if shared in book.namelist() else None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        problems.refuse(f"this is not an XLSX workbook: {error}", "a table saved as XLSX or CSV")
    words = [_words(e) for e in texts.children if e.tag == "si"] if texts else []
    found = [_row(e, words, problems) for e in sheet.anywhere("row")]
    kept = [row for row in found if any(c.strip() for c in row.cells)]
    problems.raise_if_any()
    if not kept:
        problems.refuse("the first sheet is empty", "a header and at least one row")
    return kept


def _member(book: zipfile.ZipFile, name: str, problems: raw.Problems) -> xml.Element:
    with book.open(name) as entry:
        data = entry.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        problems.refuse("the workbook unpacks to more than 50 MB", "a smaller table")
    text = data.decode("utf-8-sig", "replace")
    return xml.parse(raw.Text(text, f"{problems.file}/{name.rpartition('/')[2]}"))


def _row(element: xml.Element, words: list[str], problems: raw.Problems) -> raw.Row:
    number = element.attributes.get("r", "")
    line = int(number) if number.isdecimal() else element.line
    cells: dict[int, str] = {}
    for k, cell in enumerate(element.all("c")):
        letters = re.match(r"[A-Z]{1,3}", cell.attributes.get("r", ""))
        index = _column(letters.group()) if letters else k
        if index >= MAX_COLUMNS:
            problems.add("the row has too many columns", f"at most {MAX_COLUMNS}", line)
            continue
        cells[index] = _text(cell, words, line, problems)
    width = max(cells, default=-1) + 1
    return raw.Row(line, tuple(cells.get(k, "") for k in range(width)))


def _text(cell: xml.Element, words: list[str], line: int, problems: raw.Problems) -> str:
    kind, value = cell.attributes.get("t", "n"), cell.value("v")
    if kind == "s":
        if value.isdecimal() and int(value) < len(words):
            return words[int(value)]
        problems.add("a cell refers to a text that is not there", "the text itself", line)
        return ""
    if kind == "e":
        problems.add(f"a cell holds the error {value}", "a value", line)
        return ""
    inline = cell.first("is")
    return _words(inline) if inline else value


def _words(element: xml.Element) -> str:
    return "".join(e.text for e in element.anywhere("t"))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
