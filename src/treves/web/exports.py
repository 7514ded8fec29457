"""Files that leave the workbench. What was told in confidence stays behind unless asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treves.case.formats import native
from treves.case.model import Case
from treves.dossier.exchange import lines, statements, without_confided
from treves.errors import InputError, Problem
from treves.report.page import to_html
from treves.web.shelf import Table

if TYPE_CHECKING:
    from treves.web.desk import Desk

KINDS = ("page", "json", "csv", "case", "all")


@dataclass(frozen=True)
class File:
    """A file for somebody else."""

    name: str
    mime: str
    body: bytes


def export(desk: Desk, table: Table, what: str, lang: str, *, with_confided: bool) -> File:
    """The file of a kind. Raises InputError for another kind, or while there is no case."""
    stem = table.id.replace("~", "-")
    if what == "csv":
        text = statements(table.store, table.dispute, with_confided=with_confided)
        return File(f"{stem}.csv", "text/csv; charset=utf-8", text.encode())
    if what == "all":
        rows = _of_dispute(lines(table.store, with_confided=with_confided), table.dispute)
        return File(f"{stem}.jsonl", "application/jsonl; charset=utf-8", rows.encode())
    if what not in KINDS:
        raise InputError([Problem(f"no export {what[:40]}", ", ".join(KINDS))])
    case = desk.case_record(table.id)
    summary = desk.summary(table.id, lang, told=what == "page")
    forecast = desk.forecast(table.id)
    if case is None or summary is None or forecast is None:
        raise InputError([Problem("there is no case yet", "a report, or a case file")])
    if what == "page":
        return File(f"{stem}.html", "text/html; charset=utf-8", to_html(summary).encode())
    if what == "json":
        return File(f"{stem}.json", "application/json", forecast.to_json().encode())
    told = case if with_confided else _without_confided(case, table)
    return File(f"{stem}.yaml", "application/yaml; charset=utf-8", native.dumps(told).encode())


def _without_confided(case: Case, table: Table) -> Case:
    plain = case.model_dump(mode="json", exclude_unset=True)
    return Case.model_validate(without_confided(table.store, plain))


def _of_dispute(rows: Iterable[str], dispute: str) -> str:
    """The lines about one dispute of a file that may hold several, its texts last."""
    kept: list[str] = []
    texts: dict[str, str] = {}
    wanted: dict[str, None] = {}
    for line in rows:
        row = json.loads(line)
        if row.get("table") == "texts":
            texts[row["id"]] = line
        elif row.get("dispute") in (None, dispute):
            kept.append(line)
            if row.get("table") == "sources":
                wanted[row["source"]] = None
    return "".join(f"{line}\n" for line in [*kept, *(texts[t] for t in wanted if t in texts)])
