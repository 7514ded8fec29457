"""Numbers that a person sets on top of what the claims say: signed, with a reason, undoable."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from treves.case.edits import Edit, apply
from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.store import Batch, fetch, to_json
from treves.errors import InputError, Problem


@dataclass(frozen=True)
class Amendment:
    """One number as a person set it, or the taking back of that (``takes_back`` names when)."""

    path: str
    value: Any
    by: str
    at: str
    why: str
    takes_back: str | None = None

    @property
    def day(self) -> dt.date:
        """The day on which it was signed."""
        return dt.date.fromisoformat(self.at[:10])


def add_amendment(batch: Batch, dispute: str, amendment: Amendment) -> None:
    """Keep a number that a person sets. Raises InputError when no reason is given."""
    if not amendment.why.strip():
        raise InputError([Problem("a number is changed for a reason", "why", amendment.path)])
    batch.add(schema.amendments, [_row(dispute, amendment)])


def take_back(batch: Batch, dispute: str, amendment: Amendment) -> None:
    """Undo a number that a person set: the one before it, or what the claims say, holds again."""
    undone = Amendment(
        amendment.path, None, amendment.by, batch.at, "taken back", takes_back=amendment.at
    )
    batch.add(schema.amendments, [_row(dispute, undone)])


def _row(dispute: str, amendment: Amendment) -> dict[str, Any]:
    return {
        "dispute": dispute,
        "path": amendment.path,
        "value_json": to_json(amendment.value),
        "by": amendment.by,
        "at": amendment.at,
        "why": amendment.why,
        "takes_back": amendment.takes_back,
    }


def amendments_of(
    connection: Connection, dispute: str, *, entry: int | None = None
) -> list[Amendment]:
    """All of a dispute in the order in which they were signed, up to a log entry if given."""
    table = schema.amendments
    query = select(table).where(table.c.dispute == dispute)
    query = query if entry is None else query.where(table.c.entry <= entry)
    return [_from_row(row) for row in fetch(connection, query.order_by(table.c.seq))]


def _from_row(row: Mapping[str, Any]) -> Amendment:
    value = json.loads(row["value_json"])
    return Amendment(row["path"], value, row["by"], row["at"], row["why"], row["takes_back"])


def standing(amendments: Sequence[Amendment]) -> dict[str, Amendment]:
    """Per path the last one that was not taken back."""
    back = {(a.path, a.by, a.takes_back) for a in amendments if a.takes_back}
    return {a.path: a for a in amendments if not a.takes_back and (a.path, a.by, a.at) not in back}


def last_of(connection: Connection, dispute: str, by: str) -> tuple[Amendment, int] | None:
    """The newest of a person that stands, with its log entry."""
    table = schema.amendments
    query = select(table).where(table.c.dispute == dispute, table.c.by == by)
    rows = fetch(connection, query.order_by(table.c.seq))
    made = [(_from_row(row), int(row["entry"])) for row in rows]
    back = {(a.path, a.takes_back) for a, _ in made if a.takes_back}
    standing_ = [(a, e) for a, e in made if not a.takes_back and (a.path, a.at) not in back]
    return standing_[-1] if standing_ else None


def amended(case: Case, amendments: Mapping[str, Amendment]) -> Case:
    """The case with the numbers that persons set. Raises CaseError for one that fits no more."""
    return apply(case, [edit_of(amendment) for amendment in amendments.values()])


def edit_of(amendment: Amendment) -> Edit:
    """An amendment as the signed change of a case."""
    return Edit(
        path=amendment.path,
        value=amendment.value,
        by=amendment.by,
        on=amendment.day,
        why=amendment.why,
    )
