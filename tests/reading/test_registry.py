"""Who is who, on which day."""

import pytest

from treves.reading.registry import Registry

NL = Registry.load()


@pytest.mark.parametrize(
    ("name", "day", "whole"),
    [
        ("Rutte", "2023-07-06", "Mark Rutte"),
        ("Buma", "2016-10-31", "Sybrand van Haersma Buma"),
        ("De Jonge", "2022-08-19", "Hugo de Jonge"),
        ("Yesilgöz", "2025-06-02", "Dilan Yeşilgöz"),
        ("De Croo", "2022-07-18", "Alexander De Croo"),
        ("CU", None, "ChristenUnie"),
    ],
)
def test_names(name, day, whole):
    assert NL.find(name, day).name == whole


def test_somebody_who_was_not_about_yet_is_not_found():
    assert NL.find("Omtzigt", "1995-01-01") is None


@pytest.mark.parametrize(
    ("day", "premier"),
    [
        ("2003-01-01", "Jan Peter Balkenende"),
        ("2023-07-06", "Mark Rutte"),
        ("2025-01-01", "Dick Schoof"),
    ],
)
def test_premier_by_day(day, premier):
    assert NL.holder("premier", day).name == premier


def test_parties_of_a_cabinet_the_largest_first():
    assert [party.party for party in NL.coalition("2023-07-06")] == ["VVD", "D66", "CDA", "CU"]
    assert NL.coalition("1950-01-01") == ()


def test_party_ids_are_unique_within_a_country_and_names_not_empty():
    parties = [(a.country, a.party) for a in NL.actors if a.kind == "party"]
    assert len(parties) == len(set(parties))
    assert all(actor.name for actor in NL.actors)


def test_members_belong_to_a_known_party():
    known = {actor.party for actor in NL.actors if actor.kind == "party"}
    strangers = {a.party for a in NL.actors if a.kind == "person" and a.party} - known
    assert strangers == set()


def test_a_case_extends_the_registry_and_goes_first():
    more = NL.extend(parties={"LOK": "Lokaal Belang"}, people={"Anna Rutte": "LOK"})
    assert more.find("Rutte", "2023-07-06").name == "Anna Rutte"
    assert more.find("Lokaal Belang").party == "LOK"
    assert NL.find("Rutte", "2023-07-06").name == "Mark Rutte"
