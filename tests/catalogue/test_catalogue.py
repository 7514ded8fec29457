"""The coded cases: they load, they round-trip, and nothing leaks from outcome to case."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from treves import catalogue
from treves.case.formats import native
from treves.errors import TrevesError
from treves.profile import body_of, modal

FOLDERS = catalogue.folders()
BY_ID = pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS.keys())


def test_there_are_29_cases() -> None:
    assert len(FOLDERS) == 29


@BY_ID
def test_a_case_has_nothing_to_mend(folder: Path) -> None:
    document = native.load_document(folder / "case.yaml")
    assert document.case.id == folder.name
    assert document.findings == ()
    assert len(modal(document.case).parties) == body_of(document.case).size


@BY_ID
def test_writing_a_case_back_keeps_every_byte(folder: Path) -> None:
    document = native.load_document(folder / "case.yaml")
    assert native.dumps(document.case, document.text) == document.text


@BY_ID
def test_a_case_written_anew_says_the_same(folder: Path) -> None:
    case = native.load(folder / "case.yaml")
    assert native.loads(native.dumps(case)).case == case


@BY_ID
def test_an_outcome_loads_and_is_one_of_five(folder: Path) -> None:
    outcome = catalogue.load_outcome(folder.name)
    case = catalogue.load_example(folder.name)
    assert outcome.kind in get_args(catalogue.OutcomeKind)
    assert outcome.date >= case.as_of
    assert set(outcome.left) <= {p.id for p in case.parties}
    assert set(outcome.settlement) <= {i.id for i in case.issues}


@BY_ID
def test_nothing_leaks_from_the_outcome_into_the_case(folder: Path) -> None:
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    case = native.loads(text).case
    assert not re.search(r"^(outcome|coding|left|settlement):", text, re.MULTILINE)
    # The calendar looks ahead; everything else is dated at as_of or before.
    known = re.sub(r"(?ms)^calendar:.*?(?=^\w)", "", text)
    days = re.findall(r"\b\d{4}-\d\d(?:-\d\d)?\b", known)
    late = [day for day in days if day > case.as_of.isoformat()[: len(day)]]
    assert late == []
    note = catalogue.load_outcome(folder.name).note
    assert note not in text or not note


def test_an_outcome_in_a_case_file_is_left_out_and_said() -> None:
    text = (catalogue.folder("asylum") / "case.yaml").read_text(encoding="utf-8")
    told = text + "outcome:\n  kind: collapse\n"
    document = native.loads(told)
    assert document.case == native.loads(text).case
    assert any("`outcome`" in note for note in document.notes)
    assert "outcome" not in native.dumps(document.case, told)


def test_older_names_of_a_fallback_are_understood_and_said_once() -> None:
    document = native.load_document(catalogue.folder("de-2024-ampel") / "case.yaml")
    assert document.case.rule.fallback == "chair_decides"
    assert len([n for n in document.notes if "chancellor_authority" in n]) == 1
    assert catalogue.load_example("is-2024-bjarni").rule.decision == "setter"


def test_an_unknown_example_lists_what_there_is() -> None:
    with pytest.raises(TrevesError, match="asylum"):
        catalogue.folder("atlantis")


def test_the_reports_of_the_asylum_case_stand_with_their_gold_claims() -> None:
    folder = catalogue.folder("asylum")
    sources = catalogue.sources_of(folder)
    assert len(sources) == 3
    assert {s.date for s in sources} == {"2023-07-06"}
    for path in sorted((folder / "sources").glob("*.claims.json")):
        report = path.with_name(path.name.replace(".claims.json", ".txt"))
        text = catalogue.source_from_text(report.read_text(encoding="utf-8")).text
        gold = json.loads(path.read_text(encoding="utf-8"))
        assert len(gold) >= 5
        for item in gold:
            start, end = item["span"]
            assert text[start:end] == item["quote"], item["id"]


def test_the_rewording_shares_no_run_of_words_with_the_seed() -> None:
    from tests.shared import shared_dir

    seed = (shared_dir() / "data/seed/asylum-2023-07-06.nl.txt").read_text(encoding="utf-8")
    ours = (catalogue.folder("asylum") / "sources/2023-07-06-1-talks.txt").read_text("utf-8")

    def runs(text: str, n: int) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[k : k + n]) for k in range(len(words) - n + 1)}

    assert runs(seed, 6) & runs(ours, 6) == set()
