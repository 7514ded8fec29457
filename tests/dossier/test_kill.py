"""Processes that die in the middle, and many that write at once."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.dossier.hands import new_store
from tests.shared import ROOT

from treves.dossier import schema
from treves.dossier.store import Store
from treves.dossier.verify import verify

CLAIMS = 40
WRITERS = 8


def adder(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "dossier" / "adder.py"), str(path), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""},
    )


def kill_at_random(tmp_path: Path, times: int) -> None:
    path = tmp_path / "d.db"
    new_store(path).close()
    chance = random.Random(8)
    promised = 0
    for round_ in range(times):
        process = adder(path, f"r{round_}", 100_000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.15))
        process.kill()
        # Not `communicate`: it passes over lines that the first `readline` has read ahead.
        said = process.stdout.read()
        process.communicate()
        # A last line that was cut off was printed after its addition was committed.
        promised += said.count("\n")
        raw = sqlite3.connect(path)
        assert raw.execute("PRAGMA quick_check").fetchone() == ("ok",)
        kept = raw.execute("SELECT count(*) FROM sources").fetchone()[0]
        claims = raw.execute("SELECT count(*) FROM claims").fetchone()[0]
        raw.close()
        assert kept >= promised
        assert kept - promised <= round_ + 1  # at most one per round was kept but not yet said
        assert claims == kept * CLAIMS
    assert promised > 0
    store = Store.open(path)
    assert verify(store)[0] == []


def test_a_killed_process_loses_nothing_and_leaves_no_half(tmp_path: Path) -> None:
    kill_at_random(tmp_path, 10)


@pytest.mark.slow
def test_two_hundred_killed_processes_lose_nothing(tmp_path: Path) -> None:
    kill_at_random(tmp_path, 200)


def test_eight_processes_add_to_one_dossier_at_once(tmp_path: Path) -> None:
    path, each = tmp_path / "d.db", 10
    new_store(path).close()
    # Two of them add the very same reports.
    names = [f"w{min(k, WRITERS - 2)}" for k in range(WRITERS)]
    processes = [adder(path, name, each) for name in names]
    for process in processes:
        said, error = process.communicate(timeout=120)
        assert error == ""
        assert said.split() == ["ready", *map(str, range(each))]
    store = Store.open(path)
    with store.reading() as connection:
        sources = connection.execute(select(func.count()).select_from(schema.sources)).scalar_one()
        claims = connection.execute(select(func.count()).select_from(schema.claims)).scalar_one()
    assert sources == (WRITERS - 1) * each
    assert claims == sources * CLAIMS
    assert verify(store)[0] == []
