"""Hashes of what was stored: of each row, of each log entry, of each forecast, chained.

A row's hash covers its own columns. A log entry covers the hashes of the rows it brought and the
entry before it; a forecast covers its content and the forecast of the dispute before it. Who
changes a row must change every later hash, and with them the last one, which anybody may have
noted down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from treves.dossier.schema import BOOKKEEPING
from treves.forecast.result import digest

_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def row_hash(table: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the table's name and the columns of a row, except its bookkeeping."""
    own = {k: v for k, v in row.items() if k not in BOOKKEEPING}
    return hashlib.sha256(_canonical([table, own]).encode()).hexdigest()


def content_hash(hashes: Iterable[str]) -> str:
    """Hash over the hashes of all rows of one entry, in their order."""
    whole = hashlib.sha256()
    for one in hashes:
        whole.update(one.encode())
    return "sha256:" + whole.hexdigest()


def entry_id(entry: Mapping[str, Any]) -> str:
    """Id of a log entry: hash over the entry, with the id of the one before it."""
    return digest({k: v for k, v in entry.items() if k != "id"})


FORECAST_FIELDS = tuple(
    "dispute previous kind by at as_of horizon seed draws prior version case_hash body_json".split()
)


def forecast_id(row: Mapping[str, Any]) -> str:
    """Id of a forecast: hash over its content, with the id of the dispute's forecast before it."""
    return digest({name: row[name] for name in FORECAST_FIELDS})
