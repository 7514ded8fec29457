"""Signed changes, and what every number rests on."""

from __future__ import annotations

import datetime as dt

import pytest

from treves.case.edits import Edit, apply, parse_value
from treves.case.evidence import Claim, Source, check_quotes
from treves.case.model import Case
from treves.case.provenance import basis_of, count_kinds
from treves.errors import CaseError

DAY = dt.date(2023, 7, 6)


def edit(path: str, value: object) -> Edit:
    return Edit(path=path, value=value, by="analyst", on=DAY, why="because")


def test_an_edit_changes_one_number_and_signs_it(asylum: Case) -> None:
    changed = apply(asylum, [edit("CU.family_reunification.accepts", [0, [30, 45, 60]])])
    accepts = changed.stance("CU", "family_reunification").accepts
    assert accepts is not None
    assert accepts.high.mode == 45
    note = changed.edits[-1]
    assert (note.by, note.on, note.why) == ("analyst", DAY, "because")
    assert note.old == [0, [20, 30, 40]]
    basis = {b.path: b for b in basis_of(changed)}["CU.family_reunification.accepts"]
    assert basis.kind == "judged"
    assert basis.why == "because"
    assert asylum.edits == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("VVD.collapse", 0.4),
        ("CDA.content_weight", [0.1, 0.2, 0.3]),
        ("D66.votes", 7),
        ("rule.fallback", "none"),
        ("government.majority", 70),
        ("settings.red_line_cost", 0.5),
    ],
)
def test_every_kind_of_number_can_be_edited(asylum: Case, path: str, value: object) -> None:
    assert apply(asylum, [edit(path, value)]) != asylum


def test_all_bad_edits_are_named_at_once(asylum: Case) -> None:
    bad = [edit("PVV.collapse", 0.1), edit("CU.weather.position", 3), edit("rule.colour", "red")]
    with pytest.raises(CaseError) as caught:
        apply(asylum, bad)
    assert len(caught.value.problems) == 3
    assert "CU.weather.position names no number" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [("VVD.collapse", 7), ("CU.family_reunification.position", [50, 20, 60]), ("rule.chair", "X")],
)
def test_an_edit_must_leave_a_case_that_can_be_used(asylum: Case, path: str, value: object) -> None:
    with pytest.raises(CaseError):
        apply(asylum, [edit(path, value)])


def test_values_from_the_command_line() -> None:
    assert parse_value("[0, 45]") == [0, 45]
    assert parse_value("0.3") == 0.3
    assert parse_value("majority_vote") == "majority_vote"
    assert parse_value("[" * 900) == "[" * 900


def test_numbers_are_counted_by_what_they_rest_on(asylum: Case) -> None:
    kinds = count_kinds(asylum)
    assert kinds["judged"] > 20
    assert sum(kinds.values()) == len(basis_of(asylum))
    bare = asylum.model_copy(update={"stakes": {}})
    assert count_kinds(bare)["assumed"] == 2 * len(asylum.parties)


def test_a_quote_that_is_not_in_its_source_is_found() -> None:
    source = Source.of("D66 wil een akkoord.")
    good = Claim(source=source.id, span=(0, 3), quote="D66")
    forged = Claim(source=source.id, span=(0, 3), quote="VVD")
    assert check_quotes((good, forged), source) == (forged,)
    with pytest.raises(ValueError, match="length of the quote"):
        Claim(source=source.id, span=(0, 9), quote="D66")
