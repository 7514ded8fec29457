"""The doors, as a user opens them: a process, its output, its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.shared import ROOT

from treves import catalogue

CASE = str(catalogue.folder("asylum") / "case.yaml")
REPORT = str(catalogue.folder("asylum") / "sources" / "2023-07-06-2-collision.txt")


def treves(*words: str, stdin: str | bytes = "", code: int = 0) -> str:
    """Run treves and return what it prints; fails when it exits otherwise than expected."""
    done = subprocess.run(
        [sys.executable, "-m", "treves.cli.main", *words],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "", "HOME": "/nowhere"},
        check=False,
        cwd=ROOT,
    )
    error = done.stderr.decode()
    assert done.returncode == code, error
    assert "Traceback" not in error
    return done.stdout.decode() if code < 2 else error


def treves_json(*words: str, stdin: str | bytes = "") -> Any:
    return json.loads(treves(*words, "--json", stdin=stdin))


def test_example_copies_a_case_without_its_outcome(tmp_path: Path) -> None:
    target = tmp_path / "talks"
    copied = treves_json("example", "asylum", str(target))
    assert str(target / "case.yaml") in copied
    assert not (target / "outcome.yaml").exists()
    assert len(list((target / "sources").glob("*.txt"))) == 3
    assert "already there" in treves("example", "asylum", str(target), code=2)
    assert "asylum" in treves("example")
    assert "there is no example atlantis" in treves("example", "atlantis", code=2)


def test_check_says_what_is_wrong_and_exits_by_it(tmp_path: Path) -> None:
    assert treves("check", CASE) == "nothing to mend\n"
    bad = tmp_path / "bad.yaml"
    bad.write_text(Path(CASE).read_text().replace("consensus", "lottery"))
    done = subprocess.run(
        [sys.executable, "-m", "treves.cli.main", "check", str(bad)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        check=False,
    )
    assert done.returncode == 2
    assert "bad.yaml:8: decision: 'lottery' is not known" in done.stdout
    assert "write instead: one of 'consensus'" in done.stdout
    odd = (
        Path(CASE).read_text().replace("accepts: [0, [20, 30, 40]]", "accepts: [20, [25, 30, 40]]")
    )
    assert "asks for 0 but accepts only" in treves("check", "-", stdin=odd, code=1)


def test_schema_is_a_json_schema_that_knows_the_fields_of_a_case() -> None:
    schema = json.loads(treves("schema"))
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"parties", "issues", "positions", "rule"} <= set(schema["properties"])


def test_read_prints_the_claims_of_the_contract() -> None:
    claims = treves_json("read", REPORT)
    text = catalogue.source_from_text(Path(REPORT).read_text()).text
    assert len(claims) >= 8
    fields = (
        "source span quote speaker speaker_kind actor party group issue stance target position "
        "quantity move certainty date deadline conditional condition"
    ).split()
    for claim in claims:
        assert set(fields) <= set(claim)
        assert text[claim["span"][0] : claim["span"][1]] == claim["quote"]
    assert any(c["party"] == "CU" and c["stance"] == "reject" for c in claims)
    piped = treves_json("read", "-", "--lang", "nl", "--date", "2023-07-06", stdin=text)
    assert [c["quote"] for c in piped] == [c["quote"] for c in claims]


def test_read_refuses_a_date_that_is_none() -> None:
    assert "is not a day" in treves("read", REPORT, "--date", "Thursday", code=2)


def test_draft_keeps_the_sentences_behind_every_changed_number(tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    folder = str(catalogue.folder("asylum") / "sources")
    made = treves_json("draft", folder, "--base", CASE, "-o", str(out))
    assert len(made["changed"]) >= 5
    assert all(edit["evidence"]["spans"] for edit in made["changed"])
    assert all(item["why"] for item in made["unplaced"])
    assert treves("check", str(out), code=0)
    assert "# Coded by hand" in out.read_text()


def test_a_draft_without_a_base_forecasts(tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    treves("draft", REPORT, "-o", str(out))
    result = treves_json("forecast", str(out), "--draws", "128")
    assert sum(result["outcomes"].values()) == pytest.approx(1)


FORECAST_FIELDS = (
    "case as_of horizon seed draws outcomes intervals outcomes_by_prior leaves settlement zone hash"
).split()


def test_forecast_prints_what_the_contract_asks_for() -> None:
    result = treves_json("forecast", CASE, "--draws", "256", "--seed", "3")
    assert set(FORECAST_FIELDS) <= set(result)
    assert result["horizon"] == "2023-07-14"
    kinds = {"agreement", "vote_passed", "postponed", "party_leaves", "collapse"}
    assert set(result["outcomes"]) == kinds
    assert sum(result["outcomes"].values()) == pytest.approx(1, abs=1e-9)
    for name, (low, high) in result["intervals"].items():
        assert 0 <= low <= result["outcomes"][name] <= high <= 1
    assert result["outcomes"] == result["outcomes_by_prior"]["world"]
    spread = result["settlement"]["mean"]["family_reunification"]
    assert spread["q05"] <= spread["q25"] <= spread["q50"] <= spread["q75"] <= spread["q95"]
    assert set(result["leaves"]) == {"VVD", "D66", "CDA", "CU"}
    library = treves_json("forecast", CASE, "--draws", "256", "--seed", "3", "--prior", "library")
    assert library["outcomes"] == result["outcomes_by_prior"]["library"]
    assert library["outcomes"]["collapse"] > result["outcomes"]["collapse"]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    words = ("forecast", CASE, "--draws", "128", "--json")
    first = treves(*words, "--seed", "1")
    assert treves(*words, "--seed", "1") == first
    assert treves(*words, "--seed", "2") != first


def test_deals_ranks_packages_by_who_can_live_with_them() -> None:
    odds = treves_json("deals", CASE, "--draws", "256", "--top", "5")
    shares = [p["probability"] for p in odds["packages"]]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)
    assert "DEALS" in treves("deals", CASE, "--draws", "64", "--top", "2")
    by_vote = treves_json("deals", CASE, "--draws", "256", "--top", "5", "--rule", "majority")
    assert by_vote["packages"][0]["carried"] > 0.5 > by_vote["packages"][0]["probability"]
    waiting = treves_json("deals", CASE, "--draws", "64", "--without", "status_quo")
    assert waiting["solutions"] != odds["solutions"]
    assert "unknown rule" in treves("deals", CASE, "--rule", "lottery", code=2)


def test_new_asks_eight_questions_and_its_case_forecasts(tmp_path: Path) -> None:
    answers = (
        "Wages & hours\n2024-05-01\nUnion 0, Employer 0\nnone\nwages, weekend work\n"
        "Union > Employer; Employer > Union\nnegotiation\n2024-05-10\n"
    )
    path = tmp_path / "case.yaml"
    treves("new", str(path), stdin=answers)
    assert path.read_text().startswith("# A case")
    assert treves("check", str(path)) == "nothing to mend\n"
    result = treves_json("forecast", str(path), "--draws", "64")
    assert sum(result["outcomes"].values()) == pytest.approx(1)
    assert "already there" in treves("new", str(path), stdin=answers, code=2)


def test_new_names_every_answer_that_cannot_be_used(tmp_path: Path) -> None:
    answers = "x\nsoon\nA 3, B 4\nC\ntax\nA > D\nlottery\n2024-05-10\n"
    error = treves("new", str(tmp_path / "x.yaml"), stdin=answers, code=2)
    for question in ("as_of", "chair", "orders", "rule"):
        assert f"question {question}" in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("forecast", "nowhere.yaml"),
        ("deals", "-"),
        ("draft", "nowhere.txt"),
        ("read", "nowhere.txt"),
        ("forecast", CASE, "--prior", "hope"),
        ("forecast", CASE, "--draws", "0"),
        ("backtest", "reading", "tests/house"),
    ],
)
def test_bad_input_is_exit_code_2_without_a_traceback(words: tuple[str, ...]) -> None:
    assert treves(*words, stdin=b"\x00\x01", code=2)


def test_a_folder_that_is_not_there_cannot_be_written_to(tmp_path: Path) -> None:
    error = treves("draft", REPORT, "-o", str(tmp_path / "no" / "draft.yaml"), code=2)
    assert "cannot be written" in error


def test_settle_puts_the_models_side_by_side() -> None:
    found = treves_json("settle", CASE, "--draws", "64")
    ids = (
        "mean median nash kalai_smorodinsky egalitarian utilitarian challenge smp exchange "
        "predictioneer setter baron_ferejohn"
    ).split()
    assert set(found) == set(ids)
    for issues in found.values():
        for spread in issues.values():
            assert 0 <= spread["q05"] <= spread["q50"] <= spread["q95"] <= 100
    table = treves("settle", CASE, "--draws", "16", "--model", "mean", "--model", "smp")
    assert "models differ by" in table
    assert "no settlement model is called" in treves("settle", CASE, "--model", "oracle", code=2)


def test_settle_traces_rounds_and_trades() -> None:
    traced = treves_json("settle", CASE, "--trace")
    assert set(traced) == {"challenge", "exchange", "smp"}
    assert traced["challenge"][0]["positions"]["VVD"] == 100
    assert "round 1" in treves("settle", CASE, "--trace", "--model", "challenge")
    assert "does not go in rounds" in treves("settle", CASE, "--trace", "--model", "mean", code=2)


def test_power_says_who_can_be_outvoted_and_who_brings_it_down() -> None:
    table = treves_json("power", CASE)
    assert table["parties"]["CU"]["brings_down"]
    assert table["parties"]["CU"]["can_be_outvoted"]
    assert ["VVD", "CU"] in table["minimal_winning_coalitions"]
    assert "Banzhaf" in treves("power", CASE)


def test_endgame_explains_and_draws_the_tree(tmp_path: Path) -> None:
    story = treves_json("endgame", CASE, "--draws", "64")
    assert {p["party"] for p in story["parties"]} == {"VVD", "D66", "CDA", "CU"}
    assert story["bluff"]["threatener"] == "VVD"
    said = story["bluff"]["resolve"]["said"]
    assert any("ruimte om er samen uit te komen" in s["quote"] for s in said)
    (tmp_path / "case.yaml").write_text(Path(CASE).read_text(encoding="utf-8"), encoding="utf-8")
    alone = treves_json("endgame", str(tmp_path), "--draws", "64")["bluff"]["resolve"]
    assert alone == {"party": "VVD", "assumed": 0.5, "prior": 0.5, "said": []}
    assert "The tree" in treves("endgame", CASE, "--draws", "64", "--tree")
    assert "is not a day" in treves("endgame", CASE, "--as-of", "soon", code=2)


def test_convert_says_what_a_case_cannot_hold(tmp_path: Path) -> None:
    domain = tmp_path / "domain"
    treves("convert", CASE, str(domain), "--to", "genius")
    done = subprocess.run(
        [sys.executable, "-m", "treves.cli.main", "convert", str(domain), str(tmp_path / "c.yaml")],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "", "HOME": "/nowhere"},
        check=True,
    )
    assert "a case cannot hold a discount for time" in done.stderr


def test_convert_goes_there_and_back(tmp_path: Path) -> None:
    table, again = tmp_path / "case.csv", tmp_path / "again.yaml"
    treves("convert", CASE, str(table), "--to", "table")
    treves("convert", str(table), str(again))
    assert "nothing to mend" in treves("check", str(again))
    assert "there is no format scroll" in treves(
        "convert", CASE, str(table), "--to", "scroll", code=2
    )


def test_a_report_that_gives_only_its_month_is_pointed_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from treves.cli.common import read_sources

    report = tmp_path / "report.txt"
    report.write_text("date 2023-07\nDe VVD eist een quotum voor nareizigers. D66 is daar tegen.\n")
    assert [source.date for source in read_sources([str(report)])] == ["2023-07"]
    assert "gives 2023-07 and no day" in capsys.readouterr().err
    assert [s.date for s in read_sources([str(report)], "2023-07-06")] == ["2023-07-06"]
    assert capsys.readouterr().err == ""
