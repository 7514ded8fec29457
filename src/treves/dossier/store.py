"""The append-only store: one SQLite file, one transaction per addition, one log entry each.

Readers never wait (write-ahead log); writers take turns. A process that dies in the middle of an
addition leaves nothing of it behind.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, select
from sqlalchemy.exc import DBAPIError

from treves.dossier import schema
from treves.dossier.ledger import content_hash, entry_id, row_hash
from treves.dossier.migrations import NEWEST, check_version, upgrade, version_of
from treves.errors import InputError, Problem

DEFAULT = "treves.db"
# Writers wait for each other this long: a forecast on a slow machine fits in it many times.
PATIENCE_SECONDS = 300

Clock = Callable[[], dt.datetime]

REASONS = (
    ("locked", "another process has been writing to it for minutes", "try again when it is done"),
    ("full", "the disk is full: nothing of this was kept", "room on the disk, then again"),
    ("disk i/o", "the disk refused to write: nothing of this was kept", "room on the disk"),
    ("readonly", "it cannot be written to: read-only file or folder", "a folder you may write in"),
    ("unable to open", "it cannot be opened or made there", "a folder that exists and is yours"),
    ("not a database", "this is no dossier", "a file made by `treves dossier init`"),
    ("unique", "something in it is there already, or twice", "a file of `export`"),
    ("malformed", "the file is damaged", "a copy, or `treves dossier import` of an export"),
    ("append-only", "a dossier is append-only: rows are added, never changed", "an addition"),
)


def utc_now() -> dt.datetime:
    """The present moment, UTC."""
    return dt.datetime.now(dt.UTC)


class Batch:
    """What one addition writes: rows are hashed as they come, the log entry closes it."""

    def __init__(self, connection: Connection, about: Mapping[str, str | None]) -> None:
        self.connection = connection
        self.about = about
        last = connection.execute(
            select(schema.log.c.seq, schema.log.c.id).order_by(schema.log.c.seq.desc()).limit(1)
        ).first()
        self.entry: int = last.seq + 1 if last else 1
        self.previous: str | None = last.id if last else None
        self.hashes: dict[str, list[str]] = {}

    @property
    def at(self) -> str:
        """The moment of the addition, as every row of it has it."""
        return str(self.about["at"])

    def add(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert rows; columns that are not given are NULL. Returns how many."""
        names = [c.name for c in table.columns if c.name not in schema.BOOKKEEPING]
        ready = []
        for row in rows:
            whole = {name: row.get(name) for name in names}
            whole["sha256"] = row_hash(table.name, whole)
            whole["entry"] = self.entry
            ready.append(whole)
        if ready:
            self.connection.execute(insert(table), ready)
            self.hashes.setdefault(table.name, []).extend(str(row["sha256"]) for row in ready)
        return len(ready)

    def close(self) -> None:
        """Write the log entry, if anything was added."""
        hashes = [h for table in schema.KEPT for h in self.hashes.get(table.name, ())]
        if not hashes:
            return
        entry = {
            "seq": self.entry,
            **self.about,
            "rows": len(hashes),
            "content": content_hash(hashes),
            "previous": self.previous,
        }
        self.connection.execute(insert(schema.log), {**entry, "id": entry_id(entry)})


class Store:
    """An open dossier file.

    >>> store = Store.open(":memory:", create=True)
    >>> store.version()
    2
    """

    def __init__(self, engine: Engine, path: str, clock: Clock = utc_now) -> None:
        self.engine, self.path, self.clock = engine, path, clock

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False, clock: Clock = utc_now) -> Store:
        """Open a dossier; ``create`` makes the file if it is not there.

        An older file is brought to the newest schema first. Raises InputError when the file
        cannot be opened, is no dossier, or comes from a later treves.
        """
        name = str(path)
        memory = name == ":memory:"
        if "://" in name:
            raise InputError([Problem("only SQLite files can be opened", "a path", name)])
        if not memory and not create and not _exists(name):
            raise InputError([Problem("there is no such dossier", "treves dossier init", name)])
        store = cls(_engine(name), name, clock)
        with clear_errors(name):
            # Look before anything is written: the file may be somebody else's.
            with store.engine.connect() as connection:
                current = check_version(connection, name) == NEWEST
            _use_wal(store.engine)
            if not current:
                with _transaction(store.engine, "BEGIN IMMEDIATE") as connection:
                    upgrade(connection, name)
        return store

    def version(self) -> int:
        """Schema version of the open file."""
        with self.reading() as connection:
            return version_of(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the dossier, whatever others write meanwhile."""
        with clear_errors(self.path), _transaction(self.engine, "BEGIN") as connection:
            yield connection

    @contextmanager
    def adding(self, action: str, by: str, dispute: str | None) -> Iterator[Batch]:
        """One addition: everything in it is kept, or nothing. Waits for other writers."""
        with (
            clear_errors(self.path),
            _transaction(self.engine, "BEGIN IMMEDIATE") as connection,
        ):
            at = self.clock().isoformat(timespec="microseconds")
            about = {"at": at, "by": by, "dispute": dispute, "action": action}
            batch = Batch(connection, about)
            yield batch
            batch.close()

    def rows(self, statement: Any) -> list[dict[str, Any]]:
        """Rows of a query as plain dictionaries."""
        with self.reading() as connection:
            return fetch(connection, statement)

    def newest(self) -> int:
        """Number of the last log entry: grows with every addition, of any process."""
        with self.reading() as connection:
            query = select(schema.log.c.seq).order_by(schema.log.c.seq.desc()).limit(1)
            return connection.execute(query).scalar_one_or_none() or 0

    def changed_since(self, number: int) -> list[dict[str, Any]]:
        """Log entries after a number: who added what to which dispute; empty when nobody did."""
        query = select(schema.log).where(schema.log.c.seq > number)
        return self.rows(query.order_by(schema.log.c.seq))

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def to_json(value: Any) -> str:
    """JSON with sorted keys: the same value is always the same text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fetch(connection: Connection, statement: Any) -> list[dict[str, Any]]:
    """Rows of a query as plain dictionaries."""
    return [dict(row) for row in connection.execute(statement).mappings()]


def count(connection: Connection, table: Table, dispute: str) -> int:
    """How many rows a dispute has in a table."""
    query = select(func.count()).select_from(table).where(table.c.dispute == dispute)
    return int(connection.execute(query).scalar_one())


@contextmanager
def clear_errors(name: str) -> Iterator[None]:
    """Errors of the database as errors that a user can act on."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        text = str(error.orig if isinstance(error, DBAPIError) else error)
        for sign, what, instead in REASONS:
            if sign in text.lower():
                raise InputError([Problem(what, instead, name)]) from error
        raise


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except PermissionError:  # a folder above it is closed: opening it will say so
        return True


@contextmanager
def _transaction(engine: Engine, begin: str) -> Iterator[Connection]:
    with (
        engine.connect().execution_options(treves_begin=begin) as connection,
        connection.begin(),
    ):
        yield connection


def _engine(name: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{name}",
        connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: object) -> None:
        # The driver's own transactions begin too late: a writer must wait before it reads.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("treves_begin", "BEGIN"))

    return engine


def _use_wal(engine: Engine) -> None:
    """Write-ahead log, once per file: readers do not wait for writers."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
            cursor.execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
