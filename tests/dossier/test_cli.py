"""The doors of the dossier, as a user opens them."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

from treves import catalogue
from treves.cli import dossiers, reviews
from treves.errors import TrevesError

FOLDER = catalogue.folder("asylum")
CASE = str(FOLDER / "case.yaml")
REPORT = str(FOLDER / "sources" / "2023-07-06-2-collision.txt")
APP = typer.Typer()
dossiers.add_to(APP)
REVIEWS = typer.Typer()
reviews.add_to(REVIEWS)
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


def copied(db: Path, folder: Path, name: str = "copy.db") -> Path:
    """A dossier of one's own with everything that the other has."""
    with sqlite3.connect(db) as whole, sqlite3.connect(folder / name) as copy:
        whole.backup(copy)
    return folder / name


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
    (told,) = asked(copy, "show", "--state", "corrected")
    assert told["key"] == keys[0]
    signed = f"by bram on {told['decided_at'][:10]}"
    assert signed in treves(copy, "show", "--state", "corrected")
    assert "Krippendorff" in treves(copy, "agreement")
    assert asked(copy, "agreement")["disagreements"]
    treves(copy, "forecast", "--draws", "64")
    mine = "agreement=.3,collapse=.7"
    treves(copy, "forecast", "--mine", mine, "--by", "anna", "--as-of", "2023-07-06")
    assert "no outcome is known" in treves(copy, "score")
    treves(copy, "resolve", "collapse", "--date", "2023-07-07", "--left", "CU")
    table = asked(copy, "score")["scores"]
    assert {row["kind"] for row in table} == {"mine", "tool"}
    each = asked(copy, "score")["forecasts"]
    assert [row["forecast"] for row in each] == [row["id"] for row in asked(copy, "history")]
    own = next(row for row in each if row["by"] == "anna")
    assert own["brier"] == pytest.approx(0.3**2 + 0.3**2)
    assert own["log"] == pytest.approx(-math.log(0.7), abs=0.01)
    assert "anna" in treves(copy, "score")
    assert "every hash holds" in treves(copy, "verify", "--no-rerun")
    assert asked(copy, "verify")["findings"] == []


def test_a_number_is_set_undone_and_named(db: Path, tmp_path: Path) -> None:
    copy = copied(db, tmp_path)
    told = ("--why", "said so", "--coder", "anna")
    treves(copy, "edit", "CU.collapse=0.9", *told)
    assert "anna set CU.collapse to 0.9: said so" in treves(copy, "forecast", "--draws", "64")
    treves(copy, "undo", "--by", "anna")
    assert "anna took back CU.collapse" in treves(copy, "forecast", "--draws", "64")
    assert "names no number" in treves(copy, "edit", "CU.moon=1", *told, code=2)


def test_the_history_is_drawn_in_every_format(db: Path, tmp_path: Path) -> None:
    for name, start in (
        ("x.svg", b"<svg"),
        ("x.png", b"\x89PNG"),
        ("x.pdf", b"%PDF"),
        ("x.html", b"<!DOCTYPE html>"),
    ):
        treves(db, "history", "--chart", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)
    drawn = ElementTree.fromstring((tmp_path / "x.svg").read_text())
    words = " ".join(text for text in drawn.itertext())
    (last, *_), odds = asked(db, "history")[::-1], json.loads
    share = round(100 * odds(last["outcomes_json"])["collapse"])
    assert f"collapse {share}%" in words
    assert "6 Jul" in words
    assert "VVD" in words  # what moved it
    assert words.isprintable()
    for name in ("x.gif", "x"):
        assert "no format" in treves(db, "history", "--chart", str(tmp_path / name), code=2)


def test_reliability_is_not_drawn_too_early(db: Path, tmp_path: Path) -> None:
    words = ("score", "--chart", str(tmp_path / "x.svg"))
    assert "fewer than ten disputes" in treves(db, *words, code=2)


def reviewed(*words: str, stdin: str, code: int = 0) -> str:
    """Run `treves review`; what it prints."""
    done = CliRunner().invoke(REVIEWS, ["review", *words], input=stdin)
    if code == 2:
        assert isinstance(done.exception, TrevesError), done.output
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.stdout


def test_what_was_reviewed_beside_a_report_comes_with_it(tmp_path: Path) -> None:
    path, file = tmp_path / "d.db", tmp_path / "a.txt"
    shutil.copy(REPORT, file)
    words = (str(file), "--base", CASE, "--draws", "0", "--coder", "anna")
    reviewed(*words, stdin="r\nc\n")
    treves(path, "init", "--case", CASE, "--draws", "64")
    assert "2 reviewed" in treves(path, "add", str(file), "--draws", "64")
    states = {row["key"]: (row["state"], row["decided_by"]) for row in asked(path, "show")}
    assert sorted(s for s in states.values() if s[1]) == [
        ("confirmed", "anna"),
        ("rejected", "anna"),
    ]
    # Added again it brings only what is new, and says what is about no claim.
    reviewed(*words, stdin="r\n")
    beside = tmp_path / "a.txt.review.json"
    rows = json.loads(beside.read_text())
    lost = {**rows["decisions"][0], "key": rows["decisions"][0]["key"] + "x"}
    beside.write_text(json.dumps({"decisions": [*rows["decisions"], lost]}))
    told = treves(path, "add", str(file), "--draws", "64")
    assert "kept already, 1 reviewed, 1 reviews are about no claim" in told
    assert asked(path, "verify", "--no-rerun")["findings"] == []


def test_claims_of_a_dossier_are_reviewed_per_coder_and_move_its_forecast(
    db: Path, tmp_path: Path
) -> None:
    copy = copied(db, tmp_path)
    count = len(asked(copy, "show"))
    words = ("--db", str(copy), "--draws", "0")
    told = reviewed(*words, "--coder", "anna", stdin="r\n" * 7 + "r\nu\nq\n")
    assert f"1/{count} " in told
    assert len(asked(copy, "show", "--state", "rejected")) == 7
    # A rejection that moves the forecast is said at once, with its sentence.
    rejected = [row for row in asked(copy, "history")[-1:] if "rejected" in row["reasons_json"]]
    assert len(rejected) == ("rejected in review: " in told)
    assert reviewed(*words, "--coder", "anna", stdin="r\n" * count).count("rejected in review: ")
    # Another coder is asked about all of them, as they were read.
    told = reviewed(*words, "--coder", "bram", stdin="c\ne stance=accept\n")
    assert f"1/{count} " in told
    assert asked(copy, "agreement")["coders"] == ["anna", "bram"]
    assert len(asked(copy, "agreement")["disagreements"]) >= 2
    other = tmp_path / "other.txt"
    other.write_text("Een ander bericht.")
    assert "no claim of this report" in reviewed(
        str(other), *words, "--coder", "anna", stdin="", code=2
    )
    assert "nothing is named" in reviewed("--by", "anna", stdin="", code=2)


def test_codings_of_another_dossier_are_taken_in_and_set_beside(db: Path, tmp_path: Path) -> None:
    mine, theirs = copied(db, tmp_path, "mine.db"), copied(db, tmp_path, "theirs.db")
    key = asked(mine, "show", "--limit", "1")[0]["key"]
    treves(mine, "review", key, "rejected", "--by", "anna")
    treves(theirs, "review", key, "confirmed", "--by", "carla")
    treves(theirs, "export", str(tmp_path / "theirs.jsonl"))
    told = treves(mine, "import", str(tmp_path / "theirs.jsonl"), "--codings")
    assert "Krippendorff" in told
    assert "anna: no claim, carla: " in " ".join(told.split())
    page = "id,time,document_title,organization,concept,agreement\n1,2023-07-06,,Moon,x,1\n"
    (tmp_path / "s.csv").write_text(page)
    told = treves(mine, "import", str(tmp_path / "s.csv"), "--by", "dna")
    assert "no claim: Moon agrees with x (2023-07-06)" in told


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
