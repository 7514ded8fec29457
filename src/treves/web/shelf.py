"""The dossiers of a folder, or the one that was named, each opened once and kept open."""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.records import begin_dispute
from treves.dossier.room import Room
from treves.dossier.store import Store
from treves.errors import InputError, Problem
from treves.web.jobs import NotThere

SUFFIX = ".db"
# A name of a dossier in an address: the file, and the dispute where its name is another.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}(~[A-Za-z0-9][A-Za-z0-9._-]{0,80})?")
LONGEST_NAME = 50

Opener = Callable[[Store, str], Room]


@dataclass
class Table:
    """One dossier that lies open: its store, its room, and who works on it takes turns."""

    id: str
    store: Store
    room: Room
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def dispute(self) -> str:
        """The name of the dispute inside the file."""
        return self.room.dispute

    def version(self) -> int:
        """Number of the last change by anybody, other programs too."""
        return self.store.newest()


class Shelf:
    """Finds dossiers by their id and opens them."""

    def __init__(self, place: Path, opener: Opener) -> None:
        self.place, self._opener = place, opener
        self._stores: dict[Path, Store] = {}
        self._tables: dict[str, Table] = {}
        self._lock = threading.Lock()

    @property
    def is_one_file(self) -> bool:
        """Whether one dossier was named and not a folder."""
        return not self.place.is_dir()

    def ids(self) -> list[str]:
        """The ids of all dossiers, in order of file and name."""
        found = []
        for path in self._files():
            rows = self._store(path).rows(select(schema.disputes.c.dispute))
            found += [_id_of(path, str(row["dispute"])) for row in rows]
        return found

    def stores(self) -> list[tuple[Path, Store]]:
        """Every file with its open store."""
        return [(path, self._store(path)) for path in self._files()]

    def table(self, id_: str) -> Table:
        """The dossier of that id, opened if it is not. Raises NotThere."""
        held = self._tables.get(id_)
        if held is not None:
            return held
        stem, _, dispute = id_.partition("~")
        path = self.place if self.is_one_file else self.place / (stem + SUFFIX)
        if not NAME.fullmatch(id_) or (self.is_one_file and stem != path.stem):
            raise NotThere.called("dossier", id_)
        if not is_dossier(path):
            raise NotThere.called("dossier", id_)
        store, name = self._store(path), dispute or stem
        table = schema.disputes
        if not store.rows(select(table.c.dispute).where(table.c.dispute == name)):
            raise NotThere.called("dossier", id_)
        with self._lock:
            return self._tables.setdefault(id_, Table(id_, store, self._opener(store, name)))

    def begin(self, title: str, by: str, base: Case | None = None) -> str:
        """A new dossier with a name made of its title; returns its id."""
        title = " ".join(title.split())[:200]
        if not title:
            raise InputError([Problem("a dossier needs a name", "Asylum package, July 2023")])
        if base is not None and base.as_of is None:  # before a file is made for it
            raise InputError([Problem("the case has no day", "`as_of: 2024-05-31` in its file")])
        stem = slug(title)
        with self._lock:
            name = _free(stem, self._taken())
            path = self.place if self.is_one_file else self.place / (name + SUFFIX)
            store = self._stores.get(path) or Store.open(path, create=True)
            self._stores[path] = store
            begin_dispute(store, name, by, base, title)
        return _id_of(path, name)

    def close(self) -> None:
        """Let go of every file."""
        for store in self._stores.values():
            store.close()

    def _taken(self) -> set[str]:
        if not self.is_one_file:
            return {path.stem for path in self.place.glob(f"*{SUFFIX}")}
        if not is_dossier(self.place):
            return set()
        store = self._stores.get(self.place) or Store.open(self.place)
        self._stores[self.place] = store
        return {str(row["dispute"]) for row in store.rows(select(schema.disputes.c.dispute))}

    def _files(self) -> list[Path]:
        files = [self.place] if self.is_one_file else sorted(self.place.glob(f"*{SUFFIX}"))
        return [p for p in files if (self.is_one_file or NAME.fullmatch(p.stem)) and is_dossier(p)]

    def _store(self, path: Path) -> Store:
        with self._lock:
            if path not in self._stores:
                self._stores[path] = Store.open(path)
            return self._stores[path]


def is_dossier(path: Path) -> bool:
    """Whether a file is a dossier; looks without changing anything in it."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw:
            query = "SELECT count(*) FROM sqlite_master WHERE name IN ('log', 'disputes')"
            return bool(raw.execute(query).fetchone()[0] == 2)
    except sqlite3.Error:
        return False


def slug(title: str) -> str:
    """A title as a name for files and addresses.

    >>> slug("Asylum package, July 2023"), slug("Трехстороннее")
    ('asylum-package-july-2023', 'dossier')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_NAME] or "dossier"


def _free(stem: str, taken: set[str]) -> str:
    name, k = stem, 2
    while name in taken:
        name, k = f"{stem}-{k}", k + 1
    return name


def _id_of(path: Path, dispute: str) -> str:
    return dispute if dispute == path.stem else f"{path.stem}~{dispute}"
