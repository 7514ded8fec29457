"""Whether a dossier is what was stored: every hash again, every forecast again."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, select

from treves import __version__
from treves.case.evidence import text_id
from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.ledger import entry_id, forecast_id, row_hash
from treves.dossier.store import Store, fetch
from treves.forecast.run import run

TOLERANCE = 1e-9
# Columns by which a row of a table is named to a person.
NAMED_BY = {
    "disputes": "dispute",
    "texts": "id",
    "sources": "source",
    "claims": "key",
    "reviews": "key",
    "codebook": "issue",
    "cases": "hash",
    "edits": "path",
    "forecasts": "id",
    "outcomes": "date",
    "scores": "forecast",
    "amendments": "path",
    "scenarios": "name",
}


def verify(store: Store, *, rerun: bool = True) -> tuple[list[str], dict[str, Any]]:
    """Everything that is not as it was stored, in words; and what was looked at.

    rerun: also make every forecast of this version of treves again, to 1e-9.
    """
    with store.reading() as connection:
        found = [*_hashes(connection), *_chain(connection)]
        counts: dict[str, Any] = {"again": 0, "other_version": 0}
        if rerun:
            found += _again(connection, counts)
        head = select(schema.log.c.id, schema.log.c.seq).order_by(schema.log.c.seq.desc()).limit(1)
        last = connection.execute(head).first()
    counts |= {"head": last.id if last else None, "entries": last.seq if last else 0}
    return found, counts


def _name(table: Table, row: dict[str, Any]) -> str:
    who = row.get("dispute")
    about = f" of {who}" if who and table.name != "disputes" else ""
    return f"{table.name} row {row['seq']} ({row[NAMED_BY[table.name]]}{about})"


def _hashes(connection: Connection) -> Iterator[str]:
    """Rows whose own hash does not fit, and log entries whose rows do not."""
    contents: dict[int, Any] = {}
    counts: dict[int, int] = {}
    for table in schema.KEPT:
        columns = [c.name for c in table.columns]
        query = select(table).order_by(table.c.seq).execution_options(yield_per=5000)
        for values in connection.execute(query):
            row = dict(zip(columns, values, strict=True))
            entry = row["entry"]
            contents.setdefault(entry, hashlib.sha256()).update(row["sha256"].encode())
            counts[entry] = counts.get(entry, 0) + 1
            if row_hash(table.name, row) != row["sha256"]:
                yield f"{_name(table, row)} was changed after it was stored"
            elif table.name == "texts" and text_id(row["text"]) != row["id"]:
                yield f"{_name(table, row)} does not have the hash of its text"
    for log_row in fetch(connection, select(schema.log).order_by(schema.log.c.seq)):
        seq = log_row["seq"]
        whole = contents.pop(seq, None)
        content = "sha256:" + whole.hexdigest() if whole else ""
        if counts.get(seq, 0) < log_row["rows"]:
            missing = log_row["rows"] - counts.get(seq, 0)
            yield f"log entry {seq} ({log_row['at']}): {missing} of its rows are gone"
        elif content != log_row["content"]:
            yield f"log entry {seq} ({log_row['at']}): its rows are not those it was made of"
    for seq in contents:
        yield f"log entry {seq} is gone: its rows belong to no entry"


def _chain(connection: Connection) -> Iterator[str]:
    """Breaks in the chain of log entries and in the chain of each dispute's forecasts."""
    previous = None
    for row in fetch(connection, select(schema.log).order_by(schema.log.c.seq)):
        if row["previous"] != previous:
            yield f"log entry {row['seq']}: the entry before it is not the one it names"
        if entry_id(row) != row["id"]:
            yield f"log entry {row['seq']} was changed after it was stored"
        previous = row["id"]
    heads: dict[str, str] = {}
    table = schema.forecasts
    for row in fetch(connection, select(table).order_by(table.c.seq)):
        if row["previous"] != heads.get(row["dispute"]):
            yield f"{_name(table, row)}: the forecast before it is not the one it names"
        if forecast_id(row) != row["id"]:
            yield f"{_name(table, row)}: its id is not the hash of what it says"
        heads[row["dispute"]] = row["id"]


def _again(connection: Connection, counts: dict[str, Any]) -> Iterator[str]:
    """Forecasts of this version that do not come out the same."""
    table = schema.forecasts
    query = select(table).where(table.c.kind == "tool").order_by(table.c.seq)
    for row in fetch(connection, query):
        if row["version"] != __version__:
            counts["other_version"] += 1
            continue
        cases = select(schema.cases.c.body_json).where(
            schema.cases.c.dispute == row["dispute"], schema.cases.c.hash == row["case_hash"]
        )
        body = connection.execute(cases.limit(1)).scalar_one_or_none()
        if body is None:
            yield f"{_name(table, row)}: the case it was made from is gone"
            continue
        case = Case.model_validate_json(body)
        again = run(case, row["seed"], row["draws"], row["prior"])
        counts["again"] += 1
        # The hash of a case from which confided evidence was left out is not that of the whole.
        made = again.model_copy(update={"case_hash": row["case_hash"]})
        place = _differs(json.loads(row["body_json"]), made.model_dump(mode="json"))
        if place is not None:
            yield f"{_name(table, row)}: made again it differs at {place or 'the whole'}"


def _differs(old: Any, new: Any, place: str = "") -> str | None:
    """Where two forecasts differ by more than the tolerance; None if nowhere."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        parts = ((f"{place}.{k}".lstrip("."), old[k], new[k]) for k in old)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        parts = ((f"{place}[{k}]", *pair) for k, pair in enumerate(zip(old, new, strict=True)))
    elif isinstance(old, float | int) and isinstance(new, float | int):
        return None if math.isclose(old, new, rel_tol=0, abs_tol=TOLERANCE) else place
    else:
        return None if old == new else place
    return next((p for where, a, b in parts if (p := _differs(a, b, where)) is not None), None)


def platform_words() -> str:
    """What the forecasts were made again on."""
    return (
        f"treves {__version__}, Python {platform.python_version()}, numpy {np.__version__}, "
        f"{platform.system()} {platform.machine()}"
    )
