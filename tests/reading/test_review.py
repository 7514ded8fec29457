"""Review: the order of claims, decisions beside the source, and what they do to the draft."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from tests.cli.test_cli import CASE, treves, treves_json
from tests.reading.makers import claim, report

from treves.case.evidence import Claim
from treves.case.model import Case
from treves.catalogue import folder, source_from_text
from treves.errors import InputError
from treves.reading import read
from treves.reading.review import (
    Decision,
    beside,
    corrected,
    dumps,
    load_decisions,
    parse_changes,
    queue,
    settled,
)

TODAY = dt.date(2023, 7, 6)
STORY = folder("asylum") / "sources" / "2023-07-06-2-collision.txt"


def decide(told: Claim, verdict: str, **changes: object) -> Decision:
    row = {"key": told.key, "verdict": verdict, "by": "AB", "on": TODAY, "changes": changes}
    return Decision.model_validate(row)


def claims_of_story() -> list[Claim]:
    return list(read(source_from_text(STORY.read_text()), lang="nl").claims)


def kept_rows(folder: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((folder / "a.txt.review.json").read_text())["decisions"]
    return rows


def test_decisions_confirm_correct_and_reject() -> None:
    one, two, three, four = claims_of_story()[:4]
    decisions = [
        decide(one, "confirm"),
        decide(two, "correct", stance="accept", party="D66"),
        decide(three, "reject"),
    ]
    kept = settled([one, two, three, four], {d.key: d for d in decisions})
    assert [c.quote for c in kept] == [one.quote, two.quote, four.quote]
    assert kept[0].confidence == kept[1].confidence == 1.0
    assert (kept[1].stance, kept[1].party) == ("accept", "D66")
    assert kept[2] == four


def test_what_cannot_be_corrected_is_said() -> None:
    told = claims_of_story()[0]
    for text in ("stance=hope", "quote=iets", "stance", "stance='open", ""):
        with pytest.raises(InputError):
            corrected(told, parse_changes(text))


def test_decisions_are_kept_beside_the_report_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    told = claims_of_story()[0]
    decision = decide(told, "correct", stance="reject")
    assert load_decisions(file) == {}
    beside(file).write_text(dumps({told.key: decision}))
    assert beside(file).name == "a.txt.review.json"
    assert load_decisions(file) == {told.key: decision}
    beside(file).write_text("[]")
    with pytest.raises(InputError, match="no file of decisions"):
        load_decisions(file)


def test_the_uncertain_and_influential_come_first(asylum: Case) -> None:
    text = "D66 eist een quotum. De VVD hoopt. Het CDA eist het kerngezin."
    source = report(text)

    def said(quote: str, party: str, stance: str, confidence: float) -> Claim:
        about = {"party": party, "stance": stance, "issue": "family_reunification"}
        return claim(source, quote, confidence=confidence, **about)

    sure = said("Het CDA eist het kerngezin", "CDA", "demand", 0.95)
    idle = said("De VVD hoopt", "VVD", "expect", 0.5)
    doubtful = said("D66 eist een quotum", "D66", "demand", 0.5)
    order = queue([sure, idle, doubtful], asylum, [source], None)
    assert order[0] == doubtful
    assert set(order) == {sure, idle, doubtful}


def test_a_review_is_piped_kept_resumed_and_honoured(tmp_path: Path) -> None:
    report_file = tmp_path / "a.txt"
    shutil.copy(STORY, report_file)
    words = ("review", str(report_file), "--by", "AB", "--base", CASE, "--draws", "8")
    answers = "r\nc\ne stance=hope\ne stance=reject party=CU\nu\ns\nwhat\nr\n"
    shown = treves(*words, stdin=answers)
    rows = kept_rows(tmp_path)
    assert [row["verdict"] for row in rows] == ["reject", "confirm", "reject"]
    assert {row["by"] for row in rows} == {"AB"}
    assert list(tmp_path.glob("*.part")) == []
    count = len(claims_of_story())
    assert f"1/{count} " in shown
    # The rest is asked, the three that are decided are not; all are rejected.
    again = treves(*words, stdin="r\n" * count)
    assert f"1/{count - 3} " in again
    assert f"{count - 3}/{count - 3} " in again
    assert "-> absent" in again
    assert "at 8 draws" in again
    made = treves_json("draft", str(report_file), "--base", CASE)
    left = [u["claim"]["quote"] for u in made["unplaced"]]
    confirmed = next(row["key"] for row in rows if row["verdict"] == "confirm")
    told = next(c for c in claims_of_story() if c.key == confirmed)
    seen = {s["quote"] for e in made["changed"] for s in e["evidence"]["spans"]} | set(left)
    assert seen <= {told.quote}


def test_a_case_is_reviewed_with_its_reports(tmp_path: Path) -> None:
    target = tmp_path / "talks"
    treves("example", "asylum", str(target))
    treves("review", str(target), "--by", "AB", "--draws", "0", stdin="c\n")
    assert len(list((target / "sources").glob("*.review.json"))) == 1
    assert "nowhere" in treves("review", "nowhere", "--by", "AB", code=2)
    treves("review", str(target), code=2)
