"""Numbered steps from an empty file to the newest schema, each applied in one transaction.

A migration is a function that takes a connection; once released it is never changed, which is why
it spells out its own SQL instead of using the tables of today. Alembic would add a folder of
scripts, an environment file and a dependency to what is a list and a loop here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection

from treves.errors import InputError, Problem

Migration = Callable[[Connection], None]

_V1_KEPT = {
    "disputes": "dispute TEXT NOT NULL UNIQUE, title TEXT",
    "texts": "id TEXT NOT NULL UNIQUE, text TEXT NOT NULL",
    "sources": "dispute TEXT NOT NULL, source TEXT NOT NULL, outlet TEXT, title TEXT, date TEXT,"
    " lang TEXT, url TEXT, cluster TEXT NOT NULL, added TEXT NOT NULL, confided INTEGER NOT NULL",
    "claims": "dispute TEXT NOT NULL, key TEXT NOT NULL, source TEXT NOT NULL, start INTEGER,"
    " party TEXT, issue TEXT, stance TEXT, by TEXT NOT NULL, body_json TEXT NOT NULL",
    "reviews": "dispute TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, by TEXT NOT NULL,"
    " at TEXT NOT NULL, changes_json TEXT, why TEXT",
    "codebook": "dispute TEXT NOT NULL, issue TEXT NOT NULL, body_json TEXT NOT NULL",
    "cases": "dispute TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, as_of TEXT NOT NULL,"
    " by TEXT NOT NULL, at TEXT NOT NULL, why TEXT, body_json TEXT NOT NULL",
    "edits": "dispute TEXT NOT NULL, case_hash TEXT NOT NULL, path TEXT NOT NULL, old_json TEXT,"
    " new_json TEXT, by TEXT NOT NULL, day TEXT NOT NULL, why TEXT, evidence_json TEXT",
    "forecasts": "dispute TEXT NOT NULL, id TEXT NOT NULL UNIQUE, previous TEXT,"
    " kind TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, as_of TEXT NOT NULL,"
    " horizon TEXT NOT NULL, seed INTEGER, draws INTEGER, prior TEXT, version TEXT,"
    " case_hash TEXT, outcomes_json TEXT NOT NULL, body_json TEXT NOT NULL, reasons_json TEXT",
    "outcomes": "dispute TEXT NOT NULL, date TEXT NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL,"
    " at TEXT NOT NULL, body_json TEXT NOT NULL",
    "scores": "dispute TEXT NOT NULL, forecast TEXT NOT NULL, outcome TEXT NOT NULL,"
    " truth TEXT NOT NULL, brier REAL, log REAL, crps REAL, base_brier REAL, base_log REAL",
}
_V1_INDEXES = (
    "UNIQUE INDEX claims_key ON claims (dispute, key)",
    "INDEX claims_source ON claims (dispute, source, start)",
    "INDEX sources_source ON sources (dispute, source)",
    "INDEX sources_date ON sources (dispute, date)",
    "INDEX reviews_key ON reviews (dispute, key)",
    "INDEX cases_hash ON cases (dispute, hash)",
    "INDEX edits_case ON edits (dispute, case_hash)",
    "INDEX forecasts_dispute ON forecasts (dispute, seq)",
    "INDEX scores_dispute ON scores (dispute, forecast)",
    "INDEX sketches_band ON sketches (dispute, band)",
    *(f"INDEX {name}_entry ON {name} (entry)" for name in _V1_KEPT),
)


_V2_KEPT = {
    "amendments": "dispute TEXT NOT NULL, path TEXT NOT NULL, value_json TEXT, by TEXT NOT NULL,"
    " at TEXT NOT NULL, why TEXT NOT NULL, takes_back TEXT",
    "scenarios": "dispute TEXT NOT NULL, name TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,"
    " why TEXT, body_json TEXT NOT NULL",
}
_V2_INDEXES = (
    "INDEX amendments_path ON amendments (dispute, path)",
    "INDEX scenarios_name ON scenarios (dispute, name)",
    "INDEX reviews_by ON reviews (dispute, by)",
    *(f"INDEX {name}_entry ON {name} (entry)" for name in _V2_KEPT),
)


def _version_1(connection: Connection) -> None:
    _make(connection, _V1_KEPT)
    connection.exec_driver_sql(
        "CREATE TABLE log (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL,"
        " dispute TEXT, action TEXT NOT NULL, rows INTEGER NOT NULL, content TEXT NOT NULL,"
        " previous TEXT, id TEXT NOT NULL UNIQUE)"
    )
    connection.exec_driver_sql(
        "CREATE TABLE sketches (dispute TEXT NOT NULL, band INTEGER NOT NULL, source TEXT NOT NULL)"
    )
    for index in _V1_INDEXES:
        connection.exec_driver_sql(f"CREATE {index}")
    _guard(connection, (*_V1_KEPT, "log"))


def _version_2(connection: Connection) -> None:
    """Numbers that a person sets on top of the claims, and named what-ifs."""
    _make(connection, _V2_KEPT)
    for index in _V2_INDEXES:
        connection.exec_driver_sql(f"CREATE {index}")
    _guard(connection, _V2_KEPT)


def _make(connection: Connection, tables: Mapping[str, str]) -> None:
    for name, columns in tables.items():
        connection.exec_driver_sql(
            f"CREATE TABLE {name} (seq INTEGER PRIMARY KEY, entry INTEGER NOT NULL,"
            f" sha256 TEXT NOT NULL, {columns})"
        )


def _guard(connection: Connection, tables: Iterable[str]) -> None:
    for name in tables:
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name}"
                " BEGIN SELECT RAISE(ABORT, 'a dossier is append-only'); END"
            )


MIGRATIONS: tuple[Migration, ...] = (_version_1, _version_2)
NEWEST = len(MIGRATIONS)


def version_of(connection: Connection) -> int:
    """Schema version of a file; 0 for an empty one."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def upgrade(connection: Connection, name: str) -> int:
    """Bring a file to the newest version, inside the caller's transaction; the version it had."""
    found = check_version(connection, name)
    for number in range(found, NEWEST):
        MIGRATIONS[number](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {number + 1}")
    return found


def check_version(connection: Connection, name: str) -> int:
    """The version of a file; InputError for one of a later treves, or that holds something else."""
    found = version_of(connection)
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {row[0] for row in connection.exec_driver_sql(query)}
    # Other programs number their files too: a version alone does not make a dossier.
    if (found or tables) and not tables >= {*_V1_KEPT, "log"}:
        raise InputError([Problem("this database is no dossier", "another file", name)])
    if found > NEWEST:
        what = f"this dossier has schema version {found}, this treves knows {NEWEST}"
        raise InputError([Problem(what, "a newer treves", name)])
    return found
