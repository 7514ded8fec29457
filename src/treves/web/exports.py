"""Files that leave the workbench. What was told in confidence stays behind unless asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treves.case.formats import native
from treves.case.model import Case
from treves.dossier.exchange import lines, statements
from treves.errors import InputError, Problem
from treves.report.page import to_html
from treves.web.shelf import Table

if TYPE_CHECKING:
    from treves.web.desk import Desk

KINDS = ("page", "json", "csv", "case", "all")
# Pieces of confided text shorter than this are too common to give anything away.
TELLING = 20
LEFT_OUT = "(confided)"


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
    case, summary = desk.case_record(table.id), desk.summary(table.id, lang)
    forecast = desk.forecast(table.id)
    if case is None or summary is None or forecast is None:
        raise InputError([Problem("there is no case yet", "a report, or a case file")])
    if what == "page":
        return File(f"{stem}.html", "text/html; charset=utf-8", to_html(summary).encode())
    if what == "json":
        return File(f"{stem}.json", "application/json", forecast.to_json().encode())
    told = case if with_confided else without_confided(case, _confided(table))
    return File(f"{stem}.yaml", "application/yaml; charset=utf-8", native.dumps(told).encode())


def without_confided(case: Case, confided: Iterable[str]) -> Case:
    """The case without sentences told in confidence, wherever a text of it repeats them."""
    texts = tuple(confided)
    if not texts:
        return case
    plain = _clean(case.model_dump(exclude_unset=True), lambda t: any(t in x for x in texts))
    return Case.model_validate(plain)


def _confided(table: Table) -> list[str]:
    return [source.text for source in table.room.known().sources if source.confided]


def _clean(value: Any, is_told: Callable[[str], bool]) -> Any:
    if isinstance(value, dict):
        return {
            k: _clean(v, is_told)
            for k, v in value.items()
            if not (isinstance(v, dict) and v.get("confided") is True)
        }
    if isinstance(value, list | tuple):
        kept = [v for v in value if not (isinstance(v, dict) and v.get("confided") is True)]
        return [_clean(v, is_told) for v in kept]
    if isinstance(value, str) and len(value) >= TELLING and is_told(value):
        return LEFT_OUT
    return value


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
