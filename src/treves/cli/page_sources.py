"""What pages and charts are made of: a case, its reports, and the forecasts kept of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treves.cli.common import STDIN, read_case, read_sources

if TYPE_CHECKING:
    from treves.case.evidence import Claim
    from treves.case.model import Case
    from treves.forecast.result import Forecast
    from treves.reading import Reading
    from treves.report.history import Past
    from treves.report.records import ReportView

CASE_FILES = (".yaml", ".yml", ".json", ".xml", ".csv", ".xlsx")


@dataclass(frozen=True)
class Material:
    """A case with its reports, marked, and earlier forecasts; ``name`` is the file it came from."""

    case: Case
    name: str = ""
    history: tuple[Forecast | Past, ...] = ()
    readings: tuple[ReportView, ...] = ()
    claims: tuple[Claim, ...] = ()

    def with_reports(self, files: list[str], lang: str, confided: bool) -> Material:
        """With the reports named, else those in the folder `sources` beside the case."""
        from treves.cli.reports import of_parties

        files = files or _beside(self.name)
        read = _read(files, self.case, confided)
        claims = [claim for found in read for claim in found.claims]
        told = of_parties(claims, self.case, [Path(f) for f in files if f != STDIN])
        views = tuple(_view(found, lang) for found in read)
        return replace(self, readings=views, claims=tuple(told))


def case_to_draw(name: str, files: Sequence[Path], db: str | None, dispute: str | None) -> Material:
    """A case with its history; without a name, the newest case of the dossier."""
    from treves.errors import InputError, Problem

    kept = _kept(db, dispute) if db else None
    if not name and kept is None:
        raise InputError([Problem("no case is named", "a case file, or --db DOSSIER", "CASE")])
    history: list[Forecast | Past] = [odds for path in files for odds in _stored(path)]
    history += kept[1] if kept else ()
    case = read_case(name).case if name or kept is None else kept[0]
    return Material(case, name, tuple(history))


def read_to_draw(name: str, lang: str, confided: bool) -> tuple[ReportView, ...]:
    """A report, or the reports beside a case, with their claims marked."""
    from treves.errors import InputError, Problem

    if not name:
        raise InputError([Problem("no report is named", "a report, or a case folder", "CASE")])
    path = Path(name)
    if path.suffix.lower() in CASE_FILES or (path / "case.yaml").exists():
        read = _read(_beside(name), read_case(name).case, confided)
    else:
        read = _read([name], None, confided)
    return tuple(_view(found, lang) for found in read)


def _beside(name: str) -> list[str]:
    from treves.cli.reports import folder_beside

    kept = folder_beside(name)
    return [str(kept)] if kept else []


def _read(files: list[str], case: Case | None, confided: bool) -> list[Reading]:
    """Reports read for a case; those told in confidence only when they are asked for."""
    from treves.reading import read
    from treves.reading.codebook import Codebook
    from treves.reading.following import registry_of
    from treves.reading.reader import detect

    registry, book = (registry_of(case), Codebook.of(case)) if case else (None, None)
    found = []
    for source in read_sources(files) if files else ():
        if confided or not source.confided:
            told = source.model_copy(update={"lang": source.lang or detect(source.text)})
            found.append(read(told, registry, codebook=book))
    return found


def _view(found: Reading, lang: str) -> ReportView:
    from treves.reading.marked import mark
    from treves.report.reading_view import view_of

    return view_of(found.source, found.claims, mark(found, found.source.lang or ""), lang)


def _stored(path: Path) -> list[Forecast]:
    """What `treves forecast --json` printed: one forecast, or a list of them."""
    from pydantic import ValidationError

    from treves.errors import InputError, Problem
    from treves.forecast.result import Forecast

    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        bodies = held if isinstance(held, list) else [held]
        plain = [{k: v for k, v in body.items() if k != "hash"} for body in bodies]
        return [Forecast.model_validate(body) for body in plain]
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        instead = "a file made by `treves forecast --json`"
        raise InputError([Problem("is no stored forecast", instead, str(path))]) from error


def _kept(db: str, dispute: str | None) -> tuple[Case, tuple[Past, ...]]:
    """The newest case of a dispute, and the forecasts of the tool with what moved each."""
    from sqlalchemy import select

    from treves.case.model import Case
    from treves.dossier import schema
    from treves.dossier.records import only_dispute
    from treves.dossier.store import Store
    from treves.errors import InputError, Problem

    store = Store.open(db)
    name = dispute or only_dispute(store)
    table, cases = schema.forecasts, schema.cases
    query = select(table).where(table.c.dispute == name, table.c.kind == "tool")
    rows = store.rows(query.order_by(table.c.seq))
    if not rows:
        instead = "treves dossier add, which forecasts"
        raise InputError([Problem(f"{name} has no forecast", instead, db)])
    bodies = select(cases.c.body_json).where(
        cases.c.dispute == name, cases.c.hash == rows[-1]["case_hash"]
    )
    case = Case.model_validate_json(store.rows(bodies.limit(1))[0]["body_json"])
    return case, tuple(_past(row) for row in rows)


def _past(row: dict[str, Any]) -> Past:
    from treves.forecast.result import Forecast
    from treves.report.history import Past
    from treves.report.records import Sentence

    reasons = json.loads(row["reasons_json"] or "[]")
    told = (
        Sentence(
            r["quote"] or r["what"],
            bool(r["quote"]),
            r["outlet"] or "",
            r["date"] or "",
            confided=r["confided"],
        )
        for r in reasons
    )
    return Past(Forecast.model_validate_json(row["body_json"]), tuple(told))
