"""Pages and charts from the command line: what is written, what is left out, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from treves import catalogue
from treves.cli import main
from treves.cli.dossiers import hands
from treves.dossier.living import Terms, renew
from treves.dossier.records import begin_dispute
from treves.dossier.store import Store
from treves.errors import InputError

CASE = str(catalogue.folder("asylum"))
FEW = ["--draws", "32"]


def treves(*words: str) -> str:
    """What a command prints; an error it raises is raised here."""
    if not main.app.registered_commands:
        main.add_commands()
    done = CliRunner().invoke(main.app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_page_shows_the_reports_beside_the_case_and_the_threat(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    treves("report", CASE, "-o", str(page), *FEW)
    text = page.read_text(encoding="utf-8")
    assert 'id="reports"' in text
    assert 'id="threat"' in text
    assert "<mark" in text


def test_page_chart_and_terminal_begin_from_the_same_resolve(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    treves("report", CASE, "-o", str(page), *FEW)
    told = json.loads(treves("endgame", CASE, "--json", *FEW))["bluff"]
    assert told["resolve"]["prior"] != told["resolve"]["assumed"]
    prior = round(100 * told["resolve"]["prior"])
    words = f"was taken to be {prior} in 100"
    assert words in page.read_text(encoding="utf-8")
    assert words in " ".join(treves("endgame", CASE, *FEW).split())
    drawn = tmp_path / "threat.json"
    treves("chart", "threat", CASE, "-o", str(drawn), *FEW)
    assert words in json.loads(drawn.read_text(encoding="utf-8"))["words"]


def test_a_case_with_an_empty_folder_of_reports_is_drawn_and_explained(tmp_path: Path) -> None:
    shutil.copy(Path(CASE) / "case.yaml", tmp_path)
    (tmp_path / "sources").mkdir()
    assert json.loads(treves("report", str(tmp_path), "--json", *FEW))["readings"] == []
    assert json.loads(treves("endgame", str(tmp_path), "--json", *FEW))["bluff"]


def test_red_lines_are_left_out_of_the_json_too() -> None:
    found = json.loads(treves("report", CASE, "--json", "--redact-lines", "VVD,CU", *FEW))
    assert {path.split(".")[0] for path in found["withheld"]} == {"VVD", "CU"}
    lines = [p for i in found["issues"] for p in i["parties"] if p["party"] in ("VVD", "CU")]
    assert all(line["low"] is None and line["high"] is None for line in lines)
    shown = json.loads(treves("report", CASE, "--json", *FEW))
    assert shown["withheld"] == []


def test_two_options_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="one of the two"):
        treves("report", CASE, "--json", "--redact", "--with-confided", *FEW)


def test_the_history_comes_from_a_dossier(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    case = catalogue.load_example("asylum")
    store = Store.open(db, create=True)
    begin_dispute(store, "asylum", "tester", case)
    renew(store, "asylum", hands(), "tester", Terms(0, 32))
    store.close()
    assert treves("chart", "history", "--db", str(db), *FEW).startswith("Thursday 6 July: ")
    drawn = tmp_path / "history.svg"
    treves("chart", "history", CASE, "--db", str(db), "-o", str(drawn), *FEW)
    assert "<svg" in drawn.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="nothing to draw"):
        treves("chart", "history", CASE, *FEW)


def test_a_report_is_drawn_without_a_case(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("De VVD eist een strengere asielwet. D66 is daar tegen.", encoding="utf-8")
    told = treves("chart", "reading", str(report))
    assert "+1 VVD: demands" in told
    page = tmp_path / "reading.html"
    treves("chart", "reading", str(report), "-o", str(page), "--lang", "nl")
    assert "VVD: eist" in page.read_text(encoding="utf-8")
