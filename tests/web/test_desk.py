"""The service layer: everything that pages and REST do, without either."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from pathlib import Path

import pytest
from tests.web.asking import CU

from treves.case.formats import native
from treves.catalogue import load_example
from treves.dossier.store import Store
from treves.errors import CaseError, InputError, SourceError
from treves.web.desk import About, Desk
from treves.web.jobs import NotThere
from treves.web.shelf import is_dossier

REPORT = "De VVD eist een limiet op gezinshereniging. De ChristenUnie wijst elke limiet af."


def odds_sum(odds: dict[str, float]) -> float:
    return round(sum(odds.values()), 9)


def test_a_review_is_kept_said_and_undone(desk: Desk) -> None:
    claim = next(c for c in desk.claims("asylum") if c["party"] == "CU" and c["issue"])
    before = desk.case("asylum")["hash"]
    effect = desk.review("asylum", claim["key"], "reject", "anna")
    assert effect["claim"]["state"] == "rejected"
    assert odds_sum(effect["after"]) == 1.0
    found = desk.claim("asylum", claim["key"])
    assert (found["state"], found["decided_by"]) == ("rejected", "anna")
    undone = desk.undo("asylum", "anna")
    assert undone["claim"]["state"] == "found"
    assert desk.case("asylum")["hash"] == before


def test_a_correction_shows_what_was_read(desk: Desk) -> None:
    claim = desk.claims("asylum")[0]
    other = "reject" if claim["stance"] != "reject" else "accept"
    effect = desk.review("asylum", claim["key"], "correct", "anna", {"stance": other})
    assert effect["claim"]["stance"] == other
    assert effect["claim"]["as_read"] == {"stance": claim["stance"]}


def test_a_report_is_its_text_with_the_claims_marked(desk: Desk) -> None:
    report = desk.reports("asylum")[0]
    found = desk.report("asylum", report["id"])
    table = desk.shelf.table("asylum")
    text = next(s.text for s in table.room.known().sources if s.id == report["id"])
    assert "".join(s["text"] for s in found["segments"]) == text
    opened = [key for s in found["segments"] for key in s["opens"]]
    assert sorted(opened) == sorted(c["key"] for c in found["claims"])
    rejected = opened[0]
    desk.review("asylum", rejected, "reject", "anna")
    again = desk.report("asylum", report["id"])
    assert rejected not in [key for s in again["segments"] for key in s["claims"]]


def test_a_sentence_is_taken_as_a_claim(desk: Desk) -> None:
    report = desk.report("asylum", desk.reports("asylum")[0]["id"])
    part = next(s for s in report["segments"] if not s["claims"] and len(s["text"]) > 20)
    span = (part["start"], part["end"])
    fields = {"party": "CU", "actor": "CU", "stance": "reject"}
    effect = desk.add_claim("asylum", report["id"], span, "anna", fields)
    assert effect["claim"]["quote"] == part["text"]
    assert effect["claim"]["state"] == "confirmed"
    with pytest.raises(InputError, match="cannot be said"):
        desk.add_claim("asylum", report["id"], span, "anna", {"quote": "something else"})
    with pytest.raises(InputError, match="no part of the text"):
        desk.add_claim("asylum", report["id"], (5, 10**9), "anna", fields)


def test_an_edit_stands_with_its_reason_and_moves_the_odds(desk: Desk) -> None:
    effect = desk.edit("asylum", CU, [0, 60], "anna", "said so in the corridor")
    assert [row["path"] for row in effect["numbers"]] == [CU]
    assert effect["before"] != effect["after"]
    number = desk.evidence("asylum", CU)
    assert number["value"] == [0, 60]
    assert [(h["by"], h["why"]) for h in number["history"]] == [("anna", "said so in the corridor")]
    assert number["kind"] == "judged"
    undone = desk.undo("asylum", "anna")
    # The same numbers again, on draws like those of the edited case.
    assert undone["after"] == pytest.approx(effect["before"], abs=0.02)
    assert undone["numbers"][0]["new"] == effect["numbers"][0]["old"]


def test_an_edit_that_makes_no_sense_is_refused_in_words(desk: Desk) -> None:
    assert "lies above" in desk.try_edit("asylum", CU, [70, 10])[0]
    assert "no number" in desk.try_edit("asylum", "CU.x.accepts", 1)[0]
    assert desk.try_edit("asylum", CU, [0, 50]) == []
    with pytest.raises(CaseError):
        desk.edit("asylum", CU, [70, 10], "anna", "why")
    with pytest.raises(InputError, match="reason"):
        desk.edit("asylum", CU, [0, 50], "anna", "  ")
    with pytest.raises(InputError, match="nothing of yours"):
        desk.undo("asylum", "anna")


def test_what_if_changes_nothing_and_a_scenario_is_kept(desk: Desk) -> None:
    version = desk.version("asylum")
    found = desk.what_if("asylum", {CU: [0, 70], "rule.fallback": "none"}, "one")
    assert odds_sum(found["outcomes"]) == 1.0
    assert any(found["change"].values())
    assert desk.version("asylum") == version
    kept = desk.save_scenario("asylum", "CU gives way", {CU: [0, 70]}, "anna")
    assert [s["name"] for s in desk.scenarios("asylum")] == ["CU gives way"]
    assert odds_sum(kept["outcomes"]) == 1.0
    same = desk.what_if("asylum", {})
    assert set(same["change"].values()) == {0.0}


def test_the_top_bar_follows_and_the_stored_forecast_is_the_ghost(desk: Desk) -> None:
    assert desk.forecast("asylum") is not None
    now = desk.standing("asylum")
    assert (now["computing"], now["kept"], now["stored"]) == (False, False, None)
    assert desk.keep_forecast("asylum", "anna").wait(120).state == "done"
    kept = desk.standing("asylum")
    assert kept["kept"]
    assert kept["stored"] == {bar["outcome"]: bar["probability"] for bar in kept["outcomes"]}
    desk.edit("asylum", CU, [0, 60], "anna", "said so")
    assert desk.forecast("asylum") is not None
    moved = desk.standing("asylum", "nl")
    assert not moved["kept"]
    assert moved["stored"] == kept["stored"]
    history = desk.history("asylum")
    assert [row["kind"] for row in history["forecasts"]] == ["tool"]
    assert history["entries"][0]["action"] == "edit"
    card = desk.dossiers()[0]
    assert (card["id"], card["forecasts"], len(card["line"])) == ("asylum", 1, 1)


def test_long_views_are_jobs_and_known_ones_are_done_at_once(desk: Desk) -> None:
    told = desk.work("asylum", "endgame").wait(120)
    assert told.state == "done"
    assert [p["party"] for p in told.result["parties"]] == ["VVD", "D66", "CDA", "CU"]
    assert desk.work("asylum", "endgame").state == "done"
    with pytest.raises(NotThere):
        desk.work("asylum", "nothing")
    found = desk.deals("asylum", "majority", 5)
    assert len(found["packages"]) == 5
    assert all(package["words"] for package in found["packages"])


def test_a_dossier_grows_from_nothing(desk: Desk) -> None:
    id_ = desk.begin("Een nieuw   dossier: «proef»", "anna")
    assert id_ == "een-nieuw-dossier-proef"
    assert desk.begin("Een nieuw dossier: proef", "bram") == "een-nieuw-dossier-proef-2"
    empty = desk.standing(id_)
    assert (empty["has_case"], empty["outcomes"]) == (False, [])
    assert empty["note"]
    job = desk.add_text(id_, REPORT, "anna", About(outlet="NOS", date="2023-07-06"))
    assert job.wait(120).state == "done", job.error
    assert job.result["steps"][0]["claims"] > 0
    assert desk.reports(id_)[0]["outlet"] == "NOS"
    assert desk.standing(id_)["has_case"]
    with pytest.raises(InputError, match="needs a name"):
        desk.begin("   ", "anna")


def test_what_is_no_report_is_refused(desk: Desk) -> None:
    for raw, name in (
        (b"PK\x03\x04" + bytes(range(32)) * 40, "report.docx"),
        (b"\x7fELF" + bytes(200), "report.txt"),
        (b"", "report.txt"),
        (b"\x01\x02\x03\x04 text" * 20, "report.txt"),
    ):
        with pytest.raises(SourceError):
            desk.add_file("asylum", raw, name, "anna")
    with pytest.raises(SourceError):
        desk.add_text("asylum", " \n ", "anna")


def test_exports_leave_out_what_was_told_in_confidence(desk: Desk) -> None:
    secret = "De VVD eist in het geheim dat de limiet op gezinshereniging hard wordt."
    about = About(confided=True, date="2023-07-06")
    job = desk.add_text("asylum", secret, "anna", about).wait(120)
    assert job.state == "done", job.error
    for what in ("page", "json", "csv", "case", "all"):
        assert secret[:40] not in desk.export("asylum", what).body.decode(), what
    assert secret[:40] in desk.export("asylum", "all", with_confided=True).body.decode()
    case = native.loads(desk.export("asylum", "case").body).case
    assert case.id == "nl-2023-asylum"
    with pytest.raises(InputError, match="no export"):
        desk.export("asylum", "exe")


def test_a_forged_name_reaches_no_other_file(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE t (x)")
    for id_ in ("../asylum", "other", "asylum~none", "asylum/../asylum", ".asylum", "", "a" * 300):
        with pytest.raises(NotThere):
            desk.version(id_)
    assert [card["id"] for card in desk.dossiers()] == ["asylum"]
    assert not is_dossier(other)
    with sqlite3.connect(other) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_one_named_file_is_the_whole_shelf(tmp_path: Path, asylum_file: bytes) -> None:
    path = tmp_path / "asylum.db"
    path.write_bytes(asylum_file)
    (tmp_path / "second.db").write_bytes(asylum_file)
    desk = Desk(path)
    assert [card["id"] for card in desk.dossiers()] == ["asylum"]
    assert desk.begin("Another", "anna") == "asylum~another"
    assert desk.standing("asylum~another")["title"] == "Another"
    with pytest.raises(NotThere):
        desk.version("second~asylum")
    desk.close()


def test_a_change_from_another_program_is_seen(desk: Desk, tmp_path: Path) -> None:
    before = desk.version("asylum")
    seen: list[int] = []
    waiting = threading.Thread(target=lambda: seen.append(desk.wait_for("asylum", before, 20)))
    waiting.start()
    from treves.dossier.records import Outcome  # the command line writes through this too
    from treves.dossier.scoring import resolve

    outcome = Outcome(date=dt.date(2023, 7, 7), kind="collapse")
    resolve(Store.open(tmp_path / "asylum.db"), "asylum", outcome, "cli")
    waiting.join(20)
    assert seen[0] > before
    assert [c["by"] for c in desk.changes("asylum", before)] == ["cli"]
    assert desk.dossiers()[0]["resolved"] == "collapse"


def test_a_case_without_a_day_says_what_is_missing(desk: Desk) -> None:
    coded = load_example("asylum").model_copy(update={"as_of": None})
    with pytest.raises(InputError, match="no day"):
        desk.shelf.begin("Coded without a day", "anna", coded)
    assert [card["id"] for card in desk.dossiers()] == ["asylum"]
    assert [path.name for path in desk.shelf.place.glob("*.db")] == ["asylum.db"]
    id_ = desk.begin("Undated", "anna")
    assert desk.add_text(id_, REPORT, "anna").wait(120).state == "done"
    bar = desk.standing(id_)
    assert not bar["has_case"]
    assert "date" in bar["note"]
    with pytest.raises(InputError, match="no case yet"):
        desk.what_if(id_, {"rule.fallback": "none"})
