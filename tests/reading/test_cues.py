"""Every cue of the Dutch pack carries sentences that show it and sentences that do not."""

import pytest

from treves.case.evidence import STANCES
from treves.reading.pack import Pack, load_cues
from treves.reading.text import tokenise

PACK = Pack.load("nl")
CUES = load_cues("nl")


def found(sentence: str) -> set[str]:
    words = tokenise(sentence)
    return {hit.cue.id for hit in PACK.hits(words.lower, 0, len(words.words), whole=True)}


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.id)
def test_cue_is_found_in_its_examples_and_nowhere_else(cue):
    assert cue.yes
    assert cue.no
    assert all(cue.id in found(sentence) for sentence in cue.yes)
    assert not any(cue.id in found(sentence) for sentence in cue.no)


def test_cues_are_unique_and_their_stances_known():
    assert len({cue.id for cue in CUES}) == len(CUES)
    for cue in CUES:
        assert {cue.stance, *cue.also} <= set(STANCES)
        assert 0 < cue.weight <= 1


def test_a_part_of_a_larger_cue_does_not_count():
    words = tokenise("De leden gaan niet akkoord met het bod.")
    stances = {hit.cue.stance for hit in PACK.hits(words.lower, 0, len(words.words))}
    assert "accept" not in stances
    assert "reject" in stances


def test_a_negation_nearby_is_noted():
    words = tokenise("Het voorstel werd door de bonden uiteindelijk niet verdedigd.")
    hits = PACK.hits(words.lower, 0, len(words.words))
    assert any(hit.negated for hit in hits if hit.cue.stance == "support")
