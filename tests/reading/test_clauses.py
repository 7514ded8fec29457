"""How sentences are cut into clauses, and who stands behind a clause that leaves somebody out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from treves.case.evidence import Source
from treves.reading.analyse import analyse, span_of
from treves.reading.clauses import cut
from treves.reading.pack import Pack
from treves.reading.reader import read
from treves.reading.registry import Registry
from treves.reading.text import sentences


def clauses(text: str) -> list[str]:
    pack = Pack.load("nl")
    words = pack.tokenise(text)
    pieces = [p for i, j in sentences(words, pack.abbreviations) for p in cut(words, pack, i, j)]
    return [text[slice(*span_of(words, piece))] for piece in pieces]


def actors(text: str, date: str = "2024-02-14") -> dict[str, str]:
    claims = read(Source.of(text, lang="nl", date=date)).claims
    return {claim.actor or "": claim.stance for claim in claims}


@pytest.mark.parametrize(
    ("text", "cut_as"),
    [
        (
            "Visser, die het overleg leidt, wil een ander bod.",
            [
                "Visser, die het overleg leidt, wil een ander bod",
                "die het overleg leidt",
            ],
        ),
        (
            "Zuivelco, de grootste van de streek, overweegt een staking.",
            ["Zuivelco, de grootste van de streek, overweegt een staking"],
        ),
        (
            "De fabriek noemt het bod te laag, Visser en Bakker zijn tegen de regeling.",
            ["De fabriek noemt het bod te laag", "Visser en Bakker zijn tegen de regeling"],
        ),
        (
            "De bond is tegen, maar deelt de zorg over het tempo.",
            ["De bond is tegen", "deelt de zorg over het tempo"],
        ),
        (
            "De directie zou bereid zijn te wachten, valt te horen bij de balie.",
            ["De directie zou bereid zijn te wachten, valt te horen bij de balie"],
        ),
        (
            "Bakker zei dat de gemeente winkels en markten samen bezoekt.",
            ["Bakker zei dat de gemeente winkels en markten samen bezoekt"],
        ),
        (
            "De club laat de spits niet gaan, benadrukte Bakker.",
            ["De club laat de spits niet gaan, benadrukte Bakker"],
        ),
    ],
)
def test_a_sentence_is_cut_where_a_clause_begins(text: str, cut_as: list[str]) -> None:
    assert clauses(text) == cut_as


def test_an_actor_who_shares_the_verb_shares_the_stance() -> None:
    assert actors("D66 steunt het plan, evenals de VVD.") == {"D66": "support", "VVD": "support"}
    found = actors("D66 vraagt nieuwe verkiezingen, de SP ook.")
    assert found == {"D66": "demand", "SP": "demand"}


def test_an_actor_of_whom_the_opposite_is_told_gets_the_opposite() -> None:
    found = actors("D66 en CDA steunen het voorstel, de VVD niet.")
    assert found == {"D66": "support", "CDA": "support", "VVD": "oppose"}


def test_a_title_and_the_name_behind_it_are_one_person() -> None:
    found = actors("De directeur van de Zuiderbank, Femke Bakker, eist een akkoord.")
    assert found == {"Femke Bakker": "demand"}


def test_the_place_belongs_to_the_name_of_a_council() -> None:
    assert actors("De raad van Lindeveld steunt het plan.") == {"raad van Lindeveld": "support"}


INTERVIEW = """Femke Bakker onderhandelt voor de machinisten.

Directeur Jan Visser wil praten. Waarom liep u weg?
"Wij vonden het bod onaanvaardbaar."

Volgens Visser is het rooster goed. Eens?
"Daar zijn wij tegen."

Wat vraagt Visser van u?
"Geduld. Wij eisen een hoger loon."
"""


def test_in_an_interview_the_answers_are_of_the_person_who_is_asked() -> None:
    claims = read(Source.of(INTERVIEW, lang="nl", date="2024-09-28")).claims
    told = {c.stance: c.actor for c in claims if "wij" in c.quote.lower()}
    assert told == dict.fromkeys(("reject", "oppose", "demand"), "Femke Bakker")


def test_a_negation_does_not_reach_into_another_clause() -> None:
    pack = Pack.load("nl")
    for text, negated in (("hij steunt niet", True), ("hij steunt dat het niet doorgaat", False)):
        words = text.split()
        hits = [h for h in pack.hits(words, 0, len(words)) if h.cue.stance == "support"]
        assert [hit.negated for hit in hits] == [negated] * len(hits) != []


SEEN = """
from treves.reading.pack import Pack
pack = Pack.load("nl")
for cue in pack.cues:
    for line in cue.yes:
        words = line.lower().strip(".").split()
        print([(hit.cue.id, hit.tokens) for hit in pack.hits(words, 0, len(words))])
"""


def test_cues_are_found_in_the_same_order_in_every_run() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SEEN],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_a_clause_within_a_clause_is_of_those_it_follows() -> None:
    text = "De VVD, die fel tegen het voorstel van het CDA is, eist een ander bod."
    claims = read(Source.of(text, lang="nl", date="2024-02-14")).claims
    assert [claim.actor for claim in claims] == ["VVD", "VVD"]
    assert claims[0].stance == "demand"
    assert claims[1].stance in ("oppose", "reject")
    told = read(Source.of(text.replace("fel ", ""), lang="nl", date="2024-02-14")).claims
    assert {claim.actor for claim in told} == {"VVD"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Verpleegkundige Samira Laroui eist meer loon.", "Samira Laroui"),
        ("Burgemeester Kees Wijnsma van Ter Apel eist meer geld.", "Kees Wijnsma"),
        ("Landbouworganisatie Akker & Erf eist meer geld.", "Akker & Erf"),
        ("Gisteren eiste de Vliegersbond meer geld.", "Vliegersbond"),
        ("Touroperators eisen een verbod.", "Touroperators"),
        ("Volgens beleggers is dat onaanvaardbaar.", "beleggers"),
        ("Een copiloot uit Parijs eist meer loon.", "een copiloot"),
    ],
)
def test_who_is_meant_by_names_and_by_nouns(text: str, told: str) -> None:
    assert told in names_in(text)


def test_a_noun_brings_back_who_it_was_told_of() -> None:
    text = "De top van de Vliegersbond overlegt. De directie wacht af. De bond eist meer loon."
    clause = list(analyse(text, Pack.load("nl"), Registry.load(), "2024-02-14").clauses)[-1]
    found = next(c for c in clause.candidates if c.name == "Vliegersbond")
    assert "noun-in-name" in found.signs


def test_what_no_noun_is_stands_for_nobody() -> None:
    text = "Er komen er minder dan de 70.000 die aanvankelijk werden verwacht."
    assert not any("werden" in (name or "") for name in names_in(text))


def names_in(text: str) -> list[str | None]:
    """The names of all candidates, clause by clause."""
    clauses = analyse(text, Pack.load("nl"), Registry.load(), "2024-02-14").clauses
    return [candidate.name for clause in clauses for candidate in clause.candidates]
