"""What is kept: once, whole, for good, and never changed."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select
from tests.dossier.hands import claim_in, new_store, report
from tests.shared import ROOT

from treves.case.edits import Edit, apply
from treves.case.evidence import Source
from treves.case.model import Case
from treves.dossier import schema
from treves.dossier.migrations import NEWEST
from treves.dossier.records import (
    add_case,
    add_claims,
    add_source,
    begin_dispute,
    known_at,
    known_from,
    only_dispute,
)
from treves.dossier.reviews import Review, Verdict, add_review, reviews_of
from treves.dossier.store import Store
from treves.dossier.verify import verify
from treves.errors import InputError

TEXT = (
    "De VVD eist een strengere asielwet. D66 is daar faliekant tegen. Het CDA wil een akkoord. "
    "De ChristenUnie noemt een beperking van de gezinshereniging onbespreekbaar en houdt vast."
)
FIRST_FILE = ROOT / "tests" / "dossier" / "version_1.sql"


def kept(store: Store, table: object) -> list[dict[str, object]]:
    return store.rows(select(table))


def add(store: Store, source: Source, quotes: tuple[str, ...] = (), by: str = "reader") -> bool:
    claims = [claim_in(source, q, party="D66", actor="D66", stance="oppose") for q in quotes]
    with store.adding("add", by, "asylum") as batch:
        new = add_source(batch, "asylum", source)
        add_claims(batch, "asylum", claims, by)
    return new


def test_a_text_is_kept_once_whoever_prints_it(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    assert add(store, report(TEXT, outlet="ANP"))
    assert not add(store, report(TEXT, outlet="ANP"))
    assert add(store, report(TEXT, outlet="NOS"))
    assert len(kept(store, schema.texts)) == 1
    printed = kept(store, schema.sources)
    assert [row["outlet"] for row in printed] == ["ANP", "NOS"]
    assert len({row["cluster"] for row in printed}) == 1


def test_near_copies_of_a_wire_report_count_once(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    add(store, report(TEXT, outlet="ANP"), ("D66 is daar faliekant tegen",))
    copy = report(TEXT.replace("strengere", "scherpere") + " Wordt vervolgd.", outlet="NU.nl")
    add(store, copy, ("D66 is daar faliekant tegen",))
    other = report("De gemeente begint maandag met het verven van bruggen in de binnenstad.")
    add(store, other)
    rows = kept(store, schema.sources)
    assert rows[0]["cluster"] == rows[1]["cluster"] != rows[2]["cluster"]
    with store.reading() as connection:
        known = known_at(connection, "asylum")
    assert len(known.sources) == 2
    assert [claim.source for claim in known.claims.values()] == [rows[0]["source"]]


def test_the_last_review_holds_and_nothing_before_it_is_lost(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    source = report(TEXT)
    add(store, source, ("D66 is daar faliekant tegen", "Het CDA wil een akkoord"))
    keys = [str(row["key"]) for row in kept(store, schema.claims)]

    def review(key: str, state: Verdict, by: str, **changes: object) -> None:
        with store.adding("review", by, "asylum") as batch:
            add_review(batch, "asylum", Review(key, state, by, batch.at, changes))

    def claims() -> dict[str, str]:
        with store.reading() as connection:
            return {k: c.stance for k, c in known_at(connection, "asylum").claims.items()}

    review(keys[0], "rejected", "anna")
    assert list(claims()) == keys[1:]
    review(keys[0], "corrected", "bram", stance="reject")
    review(keys[1], "confirmed", "bram")
    assert claims() == {keys[0]: "reject", keys[1]: "oppose"}
    with store.reading() as connection:
        assert [r.by for r in reviews_of(connection, "asylum")] == ["anna", "bram", "bram"]
    with pytest.raises(InputError, match="says what changes"):
        review(keys[0], "corrected", "anna")
    with pytest.raises(InputError, match="says what changes"):
        review(keys[0], "confirmed", "anna", stance="reject")
    with pytest.raises(InputError, match="quote cannot be corrected"):
        review(keys[0], "corrected", "anna", quote="x")
    with pytest.raises(InputError, match="stance"):
        review(keys[0], "corrected", "anna", stance="shrug")
    with pytest.raises(InputError, match="no claim nothing"):
        review("nothing", "confirmed", "anna")
    assert len(kept(store, schema.reviews)) == 3


def test_case_versions_keep_who_changed_which_number_and_why(tmp_path: Path, asylum: Case) -> None:
    store = new_store(tmp_path / "d.db", asylum)
    edit = Edit(
        path="CU.family_reunification.accepts",
        value=[0, 45],
        by="anna",
        on=asylum.as_of,
        why="said so in the corridor",
    )
    changed = apply(asylum, [edit])
    with store.adding("code", "anna", "asylum") as batch:
        add_case(batch, "asylum", changed, "base", "anna", "as coded")
        add_case(batch, "asylum", changed, "base", "anna", "as coded")
    (row,) = kept(store, schema.edits)
    assert (row["path"], row["by"], row["why"]) == (edit.path, "anna", edit.why)
    assert row["new_json"] == "[0,45]"
    assert '"kind":"judged"' in str(row["evidence_json"])
    assert len(kept(store, schema.cases)) == 2
    issues = [row["issue"] for row in kept(store, schema.codebook)]
    assert issues == ["family_reunification", "other_measures"]
    with store.reading() as connection:
        assert known_at(connection, "asylum").base == changed


def test_rows_can_be_added_but_never_changed(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    add(store, report(TEXT))
    raw = sqlite3.connect(tmp_path / "d.db")
    for table in (*schema.KEPT, schema.log):
        if raw.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]:
            for command in (f"DELETE FROM {table.name}", f"UPDATE {table.name} SET seq = 99"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    raw.execute(command)


def test_an_addition_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")

    def fail_half_way() -> None:
        with store.adding("add", "me", "asylum") as batch:
            add_source(batch, "asylum", report(TEXT))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert kept(store, schema.texts) == []
    assert len(kept(store, schema.log)) == 1
    assert verify(store)[0] == []


def test_disputes_are_told_apart(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    assert only_dispute(store) == "asylum"
    with pytest.raises(InputError, match="was begun already"):
        begin_dispute(store, "asylum", "me", None)
    begin_dispute(store, "climate", "me", None)
    with pytest.raises(InputError, match="asylum, climate"):
        only_dispute(store)


@pytest.mark.parametrize(
    ("date", "day"),
    [("2023-07-06", "2023-07-06"), ("2024-02", "2024-02-29"), ("2023", "2023-12-31")],
)
def test_a_vague_date_counts_from_its_last_day(date: str, day: str) -> None:
    assert known_from(date, "2020-01-01T00:00:00").isoformat() == day


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    with pytest.raises(InputError, match="2023-13-40 is not a day"):
        add(store, report(TEXT, date="2023-13-40"))


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    new_store(tmp_path / "d.db")
    made = inspect(create_engine(f"sqlite:///{tmp_path / 'd.db'}"))
    for table in (*schema.KEPT, schema.log, schema.sketches):
        assert {c["name"] for c in made.get_columns(table.name)} == {c.name for c in table.columns}


def test_a_file_of_version_1_opens_and_is_whole(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "old.db")
    raw.executescript(FIRST_FILE.read_text(encoding="utf-8"))
    raw.close()
    store = Store.open(tmp_path / "old.db")
    assert store.version() == NEWEST
    found, seen = verify(store)
    assert found == []
    assert seen["entries"] == 3
    assert len(kept(store, schema.claims)) > 0
    assert add(store, report("De VVD wil verder praten.", date="2023-07-08"))
    assert verify(store)[0] == []


def made_of(path: Path) -> set[tuple[str, str, str]]:
    """Every table, index and trigger of a file, as it was written."""
    raw = sqlite3.connect(path)
    rows = raw.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    raw.close()
    return {(kind, name, " ".join(sql.split())) for kind, name, sql in rows}


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_an_upgraded_file_is_made_like_a_new_one(version: int, tmp_path: Path) -> None:
    """One stored file of each earlier version stands beside this test."""
    raw = sqlite3.connect(tmp_path / "old.db")
    raw.executescript(FIRST_FILE.with_name(f"version_{version}.sql").read_text(encoding="utf-8"))
    assert raw.execute("PRAGMA user_version").fetchone() == (version,)
    before = {
        name: raw.execute(f"SELECT * FROM {name}").fetchall()
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    raw.close()
    Store.open(tmp_path / "old.db").close()
    new_store(tmp_path / "new.db").close()
    assert made_of(tmp_path / "old.db") == made_of(tmp_path / "new.db")
    raw = sqlite3.connect(tmp_path / "old.db")
    assert {n: raw.execute(f"SELECT * FROM {n}").fetchall() for n in before} == before
    raw.close()


def test_an_upgrade_that_is_killed_leaves_the_older_file_whole(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "old.db")
    raw.executescript(FIRST_FILE.read_text(encoding="utf-8"))
    raw.close()
    before = made_of(tmp_path / "old.db")
    code = (
        "import os, sys; from treves.dossier import migrations, store\n"
        "real = migrations._guard\n"
        "migrations._guard = lambda *a: (real(*a), os.kill(os.getpid(), 9))\n"
        "store.Store.open(sys.argv[1])\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "old.db")]
    done = subprocess.run(words, env={"PYTHONPATH": str(ROOT / "src")}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert made_of(tmp_path / "old.db") == before
    assert verify(Store.open(tmp_path / "old.db"))[0] == []


def test_what_is_no_dossier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such dossier"):
        Store.open(tmp_path / "none.db")
    with pytest.raises(InputError, match="only SQLite"):
        Store.open("postgresql://somewhere/else")
    (tmp_path / "text.db").write_text("x" * 5000)
    with pytest.raises(InputError, match="no dossier"):
        Store.open(tmp_path / "text.db")
    with pytest.raises(InputError, match="cannot be opened"):
        Store.open(tmp_path / "no" / "folder.db", create=True)


@pytest.mark.parametrize("version", [0, 1, NEWEST, 99])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(
    version: int, tmp_path: Path
) -> None:
    """Whatever version it has: other programs number their files too."""
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (name TEXT)")
    other.execute(f"PRAGMA user_version = {version}")
    other.commit()
    other.close()
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(InputError, match="is no dossier"):
            Store.open(path, create=create)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_a_dossier_of_a_later_treves_is_refused(tmp_path: Path) -> None:
    new_store(tmp_path / "d.db").close()
    later = sqlite3.connect(tmp_path / "d.db")
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(InputError, match="newer treves"):
        Store.open(tmp_path / "d.db")


def test_a_read_only_folder_is_said_and_loses_nothing(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    add(store, report(TEXT))
    store.close()
    other = report("Een ander bericht over de asielwet.")
    for name in tmp_path.iterdir():
        name.chmod(0o444)
    tmp_path.chmod(0o555)
    child = os.fork()
    if child == 0:
        # A superuser may write anywhere: be nobody for once.
        code = 1
        try:
            os.chdir(tmp_path)
            if os.geteuid() == 0:
                os.setuid(65534)
            add(Store.open("d.db"), other)
        except InputError as error:
            code = 0 if "d.db" in str(error) and "write instead" in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    tmp_path.chmod(0o755)
    for name in tmp_path.iterdir():
        name.chmod(0o644)
    again = Store.open(tmp_path / "d.db")
    assert len(kept(again, schema.sources)) == 1
    assert verify(again)[0] == []


FILL = """
import sys
from tests.dossier.hands import report
from tests.dossier.test_store import add
from treves.dossier.store import Store
from treves.errors import InputError
store = Store.open(sys.argv[1])
for k in range(10_000):
    try:
        add(store, report(f"Bericht {k} over de asielwet. " + "woord %d " * 400 % tuple(
            range(k, k + 400))))
    except InputError as error:
        print(k, error)
        break
"""


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    new_store(tmp_path / "d.db").close()

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "d.db")],
        capture_output=True,
        text=True,
        preexec_fn=small,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    number, _, message = done.stdout.partition(" ")
    assert "nothing of this was kept" in message, done.stderr
    store = Store.open(tmp_path / "d.db")
    assert len(kept(store, schema.sources)) == int(number) > 3
    assert verify(store)[0] == []
