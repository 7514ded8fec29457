"""The commands around reading, as a user opens them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.cli.test_cli import REPORT, treves, treves_json

from treves import catalogue
from treves.case.evidence import Claim
from treves.cli import common
from treves.cli.reports import claims_table

SOURCES = str(catalogue.folder("asylum") / "sources")


def test_read_shows_the_marked_text_and_writes_it_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    shown = treves("read", REPORT, "--show", "--html", str(page))
    assert "CLAIMS   + for − against" in shown
    assert "\x1b" not in shown
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert "one report" in treves("read", SOURCES, "--html", str(page), code=2)


def test_a_claim_without_a_named_speaker_says_so_in_words() -> None:
    about = {"source": "s", "span": (0, 4), "quote": "Geen", "stance": "reject"}
    anonymous = Claim.model_validate(about | {"speaker_kind": "anonymous"})
    outlet = Claim.model_validate(about | {"speaker_kind": "outlet", "speaker": "outlet"})
    named = Claim.model_validate(about | {"speaker_kind": "named", "speaker": "Bakker"})
    said = [
        line for line in claims_table((anonymous, outlet, named)).splitlines() if "says" in line
    ]
    assert [line.partition("says ")[2] for line in said] == [
        "anonymous",
        "outlet",
        "Bakker (named)",
    ]


def test_read_writes_a_table_of_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    treves("read", SOURCES, "--out", str(out))
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert {row["file"] for row in rows} == {p.name for p in Path(SOURCES).glob("*.txt")}
    assert "no table" in treves("read", SOURCES, "--out", str(tmp_path / "x.csv"), code=2)
    assert "holds no report" in treves("read", str(tmp_path / "none"), "-o", str(out), code=2)


def test_read_takes_a_page_from_standard_input() -> None:
    page = "<html><head><title>Nieuws</title></head><body><p>De VVD eist een strengere wet.</p>"
    claims = treves_json("read", "-", "--lang", "nl", stdin=page)
    assert any(c["party"] == "VVD" for c in claims)


def test_draft_forecasts_and_says_where_reports_and_numbers_clash(tmp_path: Path) -> None:
    report = tmp_path / "2023-07-06.txt"
    report.write_text(
        "Rutte wil een quotum. D66 wil een akkoord. De VVD wil ook een akkoord. "
        "Volgens een ingewijde verwacht de VVD dat het kabinet valt."
    )
    made = treves_json("draft", str(report), "--lang", "nl", "--forecast")
    assert sum(made["outcomes"].values()) > 0.99
    assert [c["reports_say"] for c in made["clashes"]] == ["it will fall"]
    assert set(treves_json("draft", str(report), "--lang", "nl")) == {"case", "changed", "unplaced"}


def test_suggested_issues_can_be_pasted_into_a_case() -> None:
    text = treves("codebook", "suggest", SOURCES)
    issues = YAML(typ="safe").load(text)["issues"]
    listed = treves_json("codebook", "suggest", SOURCES)
    assert [i["id"] for i in issues] == [i["id"] for i in listed]
    assert "family_reunification" in {i["id"] for i in issues}
    assert all(i["examples"] for i in listed)
    assert len(treves_json("codebook", "suggest", SOURCES, "--top", "1")) == 1


@pytest.mark.parametrize(
    ("answer", "date"), [("2023-07-06", "2023-07-06"), ("", None), ("soon", None)]
)
def test_the_day_of_a_report_is_asked_for_on_a_terminal(
    answer: str, date: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.txt"
    report.write_text("De VVD eist een wet.")
    monkeypatch.setattr(common, "_somebody_is_there", lambda: True)
    monkeypatch.setattr(common.typer, "prompt", lambda *_, **__: answer)
    assert [s.date for s in common.read_sources([str(report)])] == [date]
    monkeypatch.setattr(common, "_somebody_is_there", lambda: False)
    assert [s.date for s in common.read_sources([str(report)])] == [None]
