"""Fifty kinds of bad case file: each gives a clear message, all problems at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import treves
from treves.case.formats import native
from treves.errors import CaseError, InputError

GOOD = """\
id: x
as_of: 2023-07-06
rule: {decision: consensus, chair: A}
government: {majority: 76, of: 150, falls_if: any_leaves}
calendar:
- {date: 2023-07-07, kind: council}
parties:
- {id: A, seats: 40, votes: 2}
- {id: B, seats: 38, votes: 1}
issues:
- {id: tax, status_quo: 0, points: {0: none, 100: all}}
positions:
  A: {tax: {position: [80, 90, 100], accepts: [[20, 30, 40], 100], salience: 80}}
  B: {tax: {position: 10, accepts: [0, 50], salience: [40, 50, 60]}}
stakes:
  A: {collapse: 0.2, status_quo: 0.1}
  B: {collapse: [0.1, 0.2, 0.3], status_quo: 0.3}
"""


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


LAUGHS = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{k}: &a{k} [{','.join([f'*a{k - 1}'] * 10)}]\n" for k in range(1, 10)
)

# name: (text, what the message must say, line it must name or None)
BAD: dict[str, tuple[str | bytes, str, int | None]] = {
    "no parties": (
        re.sub(r"parties:\n(- .*\n)+?issues", "issues", GOOD),
        "parties is missing",
        None,
    ),
    "empty parties": (
        edited("- {id: A, seats: 40, votes: 2}\n- {id: B, seats: 38, votes: 1}\n", "  []\n"),
        "parties",
        7,
    ),
    "no as_of": (edited("as_of: 2023-07-06\n", ""), "as_of is missing", None),
    "date is not a day": (edited("2023-07-06", "next Thursday"), "as_of", 2),
    "position out of scale": (edited("position: 10", "position: 110"), "outside the scale", 14),
    "negative position": (edited("position: 10", "position: -3"), "outside the scale", 14),
    "salience out of scale": (edited("salience: 80", "salience: 180"), "outside the scale", 13),
    "low above mode": (edited("[80, 90, 100]", "[95, 90, 100]"), "not in rising order", 13),
    "two numbers": (edited("[80, 90, 100]", "[80, 100]"), "a list of 2 numbers", 13),
    "a word for a number": (edited("position: 10", "position: ten"), "is not a number", 14),
    "true for a number": (edited("position: 10", "position: true"), "is not a number", 14),
    "infinite": (edited("position: 10", "position: .inf"), "position", 14),
    "not a number": (edited("position: 10", "position: .nan"), "position", 14),
    "one edge": (edited("accepts: [0, 50]", "accepts: [50]"), "two edges", 14),
    "edges crossed": (edited("accepts: [0, 50]", "accepts: [50, 0]"), "lies above", 14),
    "edge out of scale": (edited("accepts: [0, 50]", "accepts: [0, 150]"), "outside the scale", 14),
    "unknown rule": (edited("consensus", "lottery"), "'lottery' is not known", 3),
    "unknown fallback": (edited("chair: A}", "chair: A, fallback: dice}"), "'dice'", 3),
    "unknown exit": (edited("any_leaves", "any_sneezes"), "'any_sneezes' is not known", 4),
    "quota missing": (edited("consensus", "weighted_majority"), "needs quota", 3),
    "population missing": (
        edited("consensus", "double_majority, members: 0.55, population: 0.65"),
        "population of every party",
        8,
    ),
    "chair is no party": (edited("chair: A", "chair: C"), "chair C is not in the case", 3),
    "setter without chair": (edited("consensus, chair: A", "setter"), "needs a chair", 3),
    "duplicate party": (edited("id: B", "id: A"), "used twice", 9),
    "duplicate key": (GOOD + "rule: {decision: majority}\n", "duplicate key", None),
    "position of a stranger": (edited("  B: {tax", "  C: {tax"), "party C is not in the case", 14),
    "position on no issue": (edited("  B: {tax", "  B: {tex"), "issue tex is not in the case", 14),
    "stakes of a stranger": (edited("  B: {collapse", "  C: {collapse"), "party C", 17),
    "misspelt field": (edited("salience: 80", "salence: 80"), "no field salence", 13),
    "unknown block": (GOOD + "wishes: 3\n", "no field wishes", 18),
    "point out of scale": (edited("100: all", "130: all"), "130 lies outside", 11),
    "majority over chamber": (
        edited("majority: 76", "majority: 176"),
        "larger than the chamber",
        4,
    ),
    "too many seats": (edited("seats: 40", "seats: 140"), "178 seats in a chamber of 150", 4),
    "negative seats": (edited("seats: 40", "seats: -4"), "seats", 8),
    "negative power": (edited("seats: 40", "seats: 40, power: -1"), "outside the scale", 8),
    "half a seat": (edited("seats: 40", "seats: 4.5"), "seats", 8),
    "unknown meeting": (edited("kind: council", "kind: picnic"), "'picnic' is not known", 6),
    "move from the future": (
        GOOD + "moves:\n- {date: 2023-07-08, by: A, kind: offer}\n",
        "lies after as_of",
        19,
    ),
    "id with spaces": (edited("id: B", "id: 'B; rm -rf'"), "is not an id", 9),
    "tab": (edited("- {date", "\t- {date"), "tab", 6),
    "binary": (b"\x00\x01\x02PK", "binary file", None),
    "not utf-8": (GOOD.encode().replace(b"none", b"n\xf6ne"), "not UTF-8", 11),
    "empty": ("", "holds no case", None),
    "a list": ("- 1\n- 2\n", "holds no case", None),
    "only text": ("just a sentence", "holds no case", None),
    "unclosed bracket": (edited("accepts: [0, 50]", "accepts: [0, 50"), "not YAML", None),
    "yaml bomb": (LAUGHS, "too many values", None),
    "alias loop": ("positions: &a {A: *a}\n", "A is a mapping", 1),
    "unknown alias": ("id: *nobody\n", "undefined alias", 1),
    "python object": ("id: !!python/object/apply:os.system ['true']\n", "parties is missing", None),
    "deep nesting": ("[" * 5000 + "]" * 5000, "nested too deeply", None),
    "50 MB": (b"id: x\n" + b"# padding\n" * 5_000_000, "larger than 2 MB", None),
}


def test_the_good_case_is_good() -> None:
    assert native.loads(GOOD).findings == ()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_case_is_refused_with_a_clear_message(name: str) -> None:
    text, says, line = BAD[name]
    with pytest.raises(CaseError) as caught:
        native.loads(text, "bad.yaml")
    matching = [p for p in caught.value.problems if says in p.what]
    assert matching, str(caught.value)
    problem = matching[0]
    assert problem.file == "bad.yaml"
    assert problem.instead
    assert len(str(problem)) < 1000
    if line is not None:
        assert problem.line == line, str(problem)


def test_all_problems_are_named_at_once() -> None:
    text = GOOD.replace("position: 10", "position: 110").replace("collapse: 0.2", "collapse: 7")
    with pytest.raises(CaseError) as caught:
        native.loads(text.replace("consensus", "lottery"))
    places = [(p.line, p.party, p.issue) for p in caught.value.problems]
    assert places == [(3, None, None), (14, "B", "tax"), (16, "A", None)]


def test_a_wrong_value_does_not_hide_a_wrong_reference() -> None:
    text = GOOD.replace("id: B", "id: A").replace("position: 10", "position: 110")
    text = text.replace("100: all", "120: all") + "calender: []\nstances: {}\n"
    with pytest.raises(CaseError) as caught:
        native.loads(text)
    said = {(p.line, p.what, p.instead) for p in caught.value.problems}
    assert (9, "id A is used twice in parties", "an id of its own for each") in said
    assert (
        11,
        "labelled point 120 lies outside the scale 0 to 100",
        "a value on the scale",
    ) in said
    assert (18, "there is no field calender here", "calendar") in said
    assert (19, "there is no field stances here", "positions") in said
    assert any(p.line == 14 and p.party == "B" and p.issue == "tax" for p in caught.value.problems)


def test_a_case_without_a_day_is_for_models_only() -> None:
    timeless = "\n".join(row for row in GOOD.splitlines() if "2023-" not in row)
    document = native.loads(timeless.replace("calendar:", "") + "\n")
    assert document.findings == ()
    assert document.case.as_of is None
    assert treves.settle(document.case, ["mean"], draws=8)["mean"]
    assert treves.deals(document.case, draws=8)
    with pytest.raises(InputError, match="has no day"):
        treves.forecast(document.case, draws=8)
    assert "0001" not in native.dumps(document.case)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"gone\.yaml"):
        native.load(tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("votes.csv", "party,issue,position\nA,tax,10\n"),
        ("votes.TSV", "#A\tA\tAnn\n"),
        ("domain.xml", "<negotiation_template/>"),
    ],
)
def test_a_file_of_another_format_is_sent_to_convert(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(CaseError, match=f"treves convert {name} case.yaml"):
        native.load(path)
    with pytest.raises(CaseError, match="treves convert makes one"):
        native.load(tmp_path / "folder" / "case.yaml")


def test_an_odd_case_can_be_used_but_is_pointed_at() -> None:
    found = native.loads(edited("accepts: [0, 50]", "accepts: [20, 50]")).findings
    assert [(p.line, p.party, p.issue) for p in found] == [(14, "B", "tax")]
    assert "asks for 10 but accepts only 20 to 50" in found[0].what
