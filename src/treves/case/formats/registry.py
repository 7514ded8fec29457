"""Which formats there are, and which of them a file is. Adding one: a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treves.case.formats import decide, deu, dna, genius, ktab, negmas, raw, table
from treves.case.model import Case

DISCOUNT = "a discount for time, or a range whose best value lies between its ends"


@dataclass(frozen=True)
class Format:
    """Name of a format and its functions.

    ``load(source, as_of=None)`` returns a list of cases. ``dumps(cases)`` returns the text of a
    file, or for a ``folder`` format the texts of its files by name. ``keeps`` is what the format
    can hold beyond positions, in the words of :func:`treves.case.formats.raw.lost`. ``beyond`` is
    what its files hold and a case cannot.
    """

    name: str
    load: Callable[..., list[Case]]
    dumps: Callable[[list[Case]], str | dict[str, str]]
    keeps: frozenset[str]
    suffixes: tuple[str, ...] = ()
    folder: bool = False
    many: bool = False
    beyond: str = ""


FORMATS: Mapping[str, Format] = {
    f.name: f
    for f in (
        Format("deu", deu.load, deu.dumps, deu.KEEPS, (".csv",), many=True),
        Format("decide", decide.load, decide.dumps, decide.KEEPS, (".csv", ".txt")),
        Format("ktab", ktab.load, ktab.dumps, ktab.KEEPS, (".csv", ".xml")),
        Format("genius", genius.load, genius.dumps, genius.KEEPS, folder=True, beyond=DISCOUNT),
        Format("negmas", negmas.load, negmas.dumps, negmas.KEEPS, folder=True, beyond=DISCOUNT),
        Format("dna", dna.load, dna.dumps, dna.KEEPS, (".csv",)),
        Format("table", table.load, table.dumps, table.KEEPS, table.SUFFIXES),
    )
}


def recognise(source: str | Path) -> Format:
    """The format of a file or folder, by what it holds, not only by its name.

    Raises CaseError where a file cannot be read. A delimited file that is none of the known ones
    is taken for a plain table, whose reader says what it misses.
    """
    path = Path(source)
    if path.is_dir():
        has_yaml = any(path.glob("*.yml")) or any(path.glob("*.yaml"))
        return FORMATS["negmas" if has_yaml else "genius"]
    if path.suffix.lower() == ".xlsx":
        return FORMATS["table"]
    head = raw.read(path).text[:20_000].lstrip()
    if head.startswith("<"):
        return FORMATS["ktab"]
    filled = [line for line in head.splitlines() if line.strip(' ,;\t"')]
    lines = [line for line in filled if not line.lower().lstrip('"').startswith("sep=")][:2]
    if lines and lines[0].lstrip(" \t'\"").startswith("#"):
        return FORMATS["decide"]
    cells = [_cells(line) for line in lines]
    if cells and {"prnr", "isnr"} <= cells[0]:
        return FORMATS["deu"]
    if len(cells) > 1 and {"actor", "description"} <= cells[1]:
        return FORMATS["ktab"]
    if cells and "agreement" in cells[0] and "concept" in cells[0]:
        return FORMATS["dna"]
    return FORMATS["table"]


def dump(cases: list[Case], name: str, target: str | Path) -> tuple[str, ...]:
    """Write cases in a format to a file, or a folder where the format is one.

    Returns what the cases hold and the format cannot, in the words of ``raw.lost``. Raises
    CaseError where the format cannot hold the cases at all.
    """
    form = FORMATS[name]
    if len(cases) != 1 and not form.many:
        problems = raw.Problems(str(target))
        problems.refuse(f"{name} holds one case, not {len(cases)}", "one file per case")
    made: Any = form.dumps(cases)
    path = Path(target)
    if isinstance(made, dict):
        path.mkdir(parents=True, exist_ok=True)
        for file, text in made.items():
            (path / file).write_text(text, encoding="utf-8", newline="\n")
    else:
        path.write_text(made, encoding="utf-8", newline="\n")
    return tuple(dict.fromkeys(word for case in cases for word in raw.lost(case, form.keeps)))


def _cells(line: str) -> set[str]:
    mark = raw.delimiter_of(line)
    return {cell.strip(' "').lower() for cell in line.split(mark)}
