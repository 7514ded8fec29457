"""The public catalogue of coded cases that ships with treves.

A case is a folder ``<country>/<id>`` with ``case.yaml``, ``outcome.yaml`` apart, ``NOTES.md`` and
``sources/``.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from treves.case.evidence import Record, Source
from treves.case.formats import native
from treves.case.model import Case, Day, Id
from treves.errors import CaseError, Problem, TrevesError
from treves.resources import resource

# Short names for the examples that the documentation uses.
SHORT_NAMES = {"asylum": "nl-2023-asylum"}

OutcomeKind = Literal["agreement", "vote_passed", "postponed", "party_leaves", "collapse"]
# Older name in the crisis files.
OUTCOME_ALIASES = {"party_leaves_government_survives": "party_leaves"}


class Outcome(Record):
    """What happened: kept in a file of its own, never in the case."""

    date: Day
    kind: Annotated[OutcomeKind, BeforeValidator(lambda kind: OUTCOME_ALIASES.get(kind, kind))]
    left: tuple[Id, ...] = ()
    settlement: dict[Id, float | None] = Field(default_factory=dict)
    fell_within_days: dict[int, bool] = Field(default_factory=dict)
    note: str = ""
    coding: dict[str, str | dt.date] = Field(default_factory=dict)


def folders() -> dict[str, Path]:
    """Id and folder of every case in the catalogue, sorted by id."""
    found = {path.parent.name: path.parent for path in resource("cases").glob("*/*/case.yaml")}
    return dict(sorted(found.items()))


def folder(name: str) -> Path:
    """Folder of a case by its id or short name; TrevesError lists what there is."""
    known = folders()
    case_id = SHORT_NAMES.get(name, name)
    if case_id not in known:
        raise TrevesError(
            f"there is no example {name}; there are: {', '.join([*SHORT_NAMES, *known])}"
        )
    return known[case_id]


def load_example(name: str) -> Case:
    """Load a case of the catalogue.

    >>> load_example("asylum").chair
    'VVD'
    """
    return native.load(folder(name) / "case.yaml")


def load_outcome(name: str) -> Outcome:
    """What happened in a case of the catalogue."""
    path = folder(name) / "outcome.yaml"
    try:
        return Outcome.model_validate(native.plain(path))
    except ValidationError as error:
        raise CaseError([Problem(str(error), "see docs/case-file.md", path.name)]) from error


def sources_of(case_folder: Path) -> list[Source]:
    """The reports kept with a case, oldest first (by file name)."""
    files = sorted((case_folder / "sources").glob("*.txt"))
    return [source_from_text(path.read_text(encoding="utf-8")) for path in files]


HEADER = re.compile(r"\A((?:[a-z]+: [^\n]{0,300}\n){1,8})\n")


def source_from_text(text: str) -> Source:
    """A source from a text whose first lines may say ``outlet:``, ``date:``, ``title:``, ``lang:``.

    The header is metadata and not part of the text.

    >>> source_from_text("outlet: NOS\\ndate: 2023-07-06\\n\\nD66 wil een akkoord.").outlet
    'NOS'
    """
    found = HEADER.match(text)
    if not found:
        return Source.of(text)
    about: dict[str, Any] = dict(line.split(": ", 1) for line in found.group(1).splitlines())
    known = {k: v.strip() for k, v in about.items() if k in ("outlet", "date", "title", "lang")}
    if not known:
        return Source.of(text)
    return Source.of(text[found.end() :], **known)
