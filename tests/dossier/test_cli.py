"""The doors of the dossier, as a user opens them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from treves import catalogue
from treves.cli import dossiers
from treves.errors import TrevesError

FOLDER = catalogue.folder("asylum")
CASE = str(FOLDER / "case.yaml")
REPORT = str(FOLDER / "sources" / "2023-07-06-2-collision.txt")
APP = typer.Typer()
dossiers.add_to(APP)
EVENING = FOLDER / "sources" / "2023-07-06-3-evening.txt"


def treves(db: Path, *words: str, code: int = 0) -> str:
    """Run a dossier command; what it prints, or the error that it says."""
    room = ["score"] if words[0] == "score" else ["dossier", words[0]]
    done = CliRunner().invoke(APP, [*room, *words[1:], "--db", str(db)])
    if code == 2:
        # `treves` prints such an error and exits with 2: tests/cli shows that.
        assert isinstance(done.exception, TrevesError), done.output
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.stdout


def asked(db: Path, *words: str) -> Any:
    return json.loads(treves(db, *words, "--json"))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "treves.db"
    treves(path, "init", "--case", CASE, "--draws", "64", "--by", "anna")
    told = treves(path, "add", REPORT, "--draws", "64")
    assert "NH Nieuws/NOS: " in told
    assert "->" in told
    return path


def test_list_show_log_history(db: Path) -> None:
    (row,) = asked(db, "list")
    assert (row["dispute"], row["sources"]) == ("nl-2023-asylum", 1)
    assert "nl-2023-asylum" in treves(db, "list")
    claims = asked(db, "show", "--limit", "3")
    assert [c["state"] for c in claims] == ["found"] * 3
    assert claims[0]["quote"] in treves(db, "show")
    after = str(claims[2]["number"])
    assert asked(db, "show", "--limit", "1", "--after", after)[0]["number"] > claims[2]["number"]
    assert [e["action"] for e in asked(db, "log")][:2] == ["add", "forecast"]
    assert "sha256:" in treves(db, "log")
    lines = treves(db, "history").splitlines()
    assert sum(line.startswith("2023-07-06") for line in lines) == len(asked(db, "history"))
    then = json.loads(treves(db, "history", "--as-of", "2023-07-06", "--draws", "64", "--json"))
    assert then["outcomes"] == json.loads(asked(db, "history")[-1]["outcomes_json"])


def test_from_a_review_to_a_score(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    out = tmp_path / "out.jsonl"
    treves(db, "export", str(out))
    treves(copy, "import", str(out))
    keys = [c["key"] for c in asked(copy, "show")]
    treves(copy, "review", keys[0], "rejected", "--by", "anna")
    treves(copy, "review", keys[0], "corrected", "--set", "stance=reject", "--by", "bram")
    assert asked(copy, "show", "--state", "corrected")[0]["key"] == keys[0]
    assert "Krippendorff" in treves(copy, "agreement")
    assert asked(copy, "agreement")["disagreements"]
    treves(copy, "forecast", "--draws", "64")
    mine = "agreement=.3,collapse=.7"
    treves(copy, "forecast", "--mine", mine, "--by", "anna", "--as-of", "2023-07-06")
    assert "no outcome is known" in treves(copy, "score")
    treves(copy, "resolve", "collapse", "--date", "2023-07-07", "--left", "CU")
    table = asked(copy, "score")["scores"]
    assert {row["kind"] for row in table} == {"mine", "tool"}
    assert "anna" in treves(copy, "score")
    assert "every hash holds" in treves(copy, "verify", "--no-rerun")
    assert asked(copy, "verify")["findings"] == []


def test_texts_coded_elsewhere_and_statements(db: Path, tmp_path: Path) -> None:
    gold = EVENING.with_suffix(".claims.json")
    copy = tmp_path / "copy.db"
    out = tmp_path / "out.jsonl"
    treves(db, "export", str(out))
    treves(copy, "import", str(out))
    treves(copy, "import", str(EVENING), "--coded", str(gold), "--by", "gold")
    assert len(asked(copy, "show", "--state", "confirmed")) >= 5
    treves(copy, "export", str(tmp_path / "x.csv"))
    assert "organization,concept,agreement" in (tmp_path / "x.csv").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", "nowhere.txt"), "nowhere.txt"),
        (("add", REPORT, "--dispute", "climate"), "no dispute climate"),
        (("review", "x", "shrugged"), "is no verdict"),
        (("show", "--state", "lost"), "is no state"),
        (("resolve", "party", "--date", "2023-07-07"), "cannot be recorded"),
        (("resolve", "collapse", "--date", "Friday"), "is not a day"),
        (("forecast", "--mine", "collapse=2"), "is no forecast"),
        (("import", "nowhere.jsonl"), "cannot be read"),
        (("init", "--case", CASE), "begun already"),
    ],
)
def test_bad_input_is_said(db: Path, words: tuple[str, ...], message: str) -> None:
    assert message in treves(db, *words, code=2)


def test_a_dossier_that_is_not_there_is_said(tmp_path: Path) -> None:
    for words in (("list",), ("add", REPORT), ("score",)):
        assert "no such dossier" in treves(tmp_path / "none.db", *words, code=2)


def test_a_changed_row_is_a_finding(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with sqlite3.connect(db) as whole, sqlite3.connect(copy) as changed:
        whole.backup(changed)
        changed.execute("DROP TRIGGER claims_no_update")
        changed.execute("UPDATE claims SET party = 'nobody' WHERE seq = 2")
    assert "claims row 2" in treves(copy, "verify", "--no-rerun", code=1)


def test_help_does_not_wait_for_the_database() -> None:
    code = (
        "import sys, typer; from treves.cli import dossiers; dossiers.add_to(typer.Typer());"
        "sys.exit(bool({'sqlalchemy', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    path = str(Path(dossiers.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=False)
    assert done.returncode == 0
