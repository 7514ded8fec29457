"""Text, verbs, days and amounts: the plain tools below the reader."""

from collections import Counter

import pytest

from treves.case.evidence import Source
from treves.reading import read
from treves.reading.analyse import MOST_CLAUSES, analyse
from treves.reading.codebook import Codebook
from treves.reading.dates import find_days
from treves.reading.details import Issues, amount_at
from treves.reading.pack import Pack
from treves.reading.registry import Registry
from treves.reading.text import find_quotes, sentences, tokenise, trimmed
from treves.reading.verbs import Conjugator, stem_of

NL = Pack.load("nl")
THURSDAY = "2023-07-06"


@pytest.mark.parametrize(
    ("words", "past", "date"),
    [
        ("woensdagavond", True, "2023-07-05"),
        ("vrijdag", False, "2023-07-07"),
        ("donderdag", False, THURSDAY),
        ("vanavond", False, THURSDAY),
        ("gisteravond", True, "2023-07-05"),
        ("morgen", False, "2023-07-07"),
        ("drie dagen geleden", True, "2023-07-03"),
        ("over twee weken", False, "2023-07-20"),
        ("vorige maandag", False, "2023-07-03"),
        ("zaterdag over een week", False, "2023-07-15"),
        ("6 juli 2023", False, THURSDAY),
        ("12 juni", True, "2023-06-12"),
        ("in december", True, "2022-12"),
        ("31 februari", False, "2023-02"),
    ],
)
def test_days_are_resolved_from_the_day_of_publication(words, past, date):
    assert [w.date for w in find_days(words.split(), THURSDAY, NL, past)] == [date]


def test_without_a_publication_day_a_weekday_stays_a_weekday():
    (when,) = find_days(["donderdagavond"], None, NL)
    assert (when.words, when.date) == ("donderdagavond", None)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("lager dan de 70.000 van vorig jaar", 70000.0),
        ("D66 wil in 2030 halveren", None),
        ("6 miljard euro aan meevallers", 6e9),
        ("vier coalitiepartijen", 4.0),
        ("2,5 procent", 2.5),
        ("op 6 juli", None),
    ],
)
def test_amounts(text, amount):
    found = amount_at(tokenise(text).lower, NL)
    assert (found[1] if found else None) == amount


@pytest.mark.parametrize(
    ("verb", "stem"),
    [
        ("suggereren", "suggereer"),
        ("verdedigen", "verdedig"),
        ("hameren", "hamer"),
        ("eisen", "eis"),
        ("geloven", "geloof"),
        ("beweren", "beweer"),
        ("zeggen", "zeg"),
        ("openen", "open"),
    ],
)
def test_stems_of_regular_verbs(verb, stem):
    assert stem_of(verb) == stem


def test_parted_verbs_have_fused_and_parted_forms():
    forms = Conjugator.of("wijzen: wees wezen gewezen").forms("af|wijzen")
    assert {"afgewezen", "afwijst", "afwees"} <= forms.fused
    assert {"wees", "wijst"} <= forms.single


def test_sentences_mind_abbreviations_numbers_and_initials():
    words = tokenise("Prof. J. Bos noemde 70.000 te veel. Toen ging men uiteen!")
    ranges = list(sentences(words, NL.abbreviations))
    assert [" ".join(words.words[i:j])[:8] for i, j in ranges] == ["Prof . J", "Toen gin"]


def test_a_place_line_is_cut_off():
    words = tokenise("DEN HAAG (ANP) - De bond wil praten.")
    i, _ = trimmed(words, 0, len(words.words))
    assert words.words[i] == "De"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Hij zei 's avonds niets.", []),
        ("Hij noemt het 'niet reëel'.", ["'niet reëel'"]),
        ('"Nee", zei zij. "Nooit."', ['"Nee"', '"Nooit."']),
        ("„Wij gaan door”, zei hij.", ["„Wij gaan door”"]),
        (",,Ik stop'', zei hij.", [",,Ik stop''"]),
    ],
)
def test_quotations(text, quotes):
    assert [text[i:j] for i, j in find_quotes(text)] == quotes


def test_issue_of_a_codebook_goes_before_those_of_the_pack():
    issues = Issues(NL, Codebook.read({"bridge": {"name": "brug", "aliases": ["oeververbinding"]}}))
    assert issues.label(["de", "oeververbinding", "en", "pensioenen"]) == "bridge"
    assert issues.label(["de", "pensioenen"]) == "pension_reform"


def test_an_unknown_issue_gets_a_stable_label():
    label = Issues(NL).label(["de", "zwembadrenovatie", "komt"])
    assert label == Issues(NL).label(["de", "zwembadrenovatie", "komt"]) == "zwembadrenovatie"


def test_an_alias_of_several_words_counts_as_a_whole():
    issues = Issues(NL, Codebook.read({"tax": ["hogere lasten voor vermogenden"]}))
    assert issues.label("zij wil hogere lasten voor vermogenden".split()) == "tax"
    assert issues.label("de pensioenen voor hogere functies".split()) == "pension_reform"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("De FNV eist hoogstens 3,5 procent per jaar", "hoogstens 3,5 procent per jaar"),
        ("De bond wil ten minste 400 euro erbij", "ten minste 400 euro erbij"),
        ("De bond verwacht 400 euro erbij", None),
        ("D66 wil een betere regeling", None),
    ],
)
def test_a_claim_keeps_the_amount_it_is_about(text, position):
    (claim, *_) = read(Source.of(text + ".", lang="nl")).claims
    assert claim.position == position


def test_a_claim_keeps_the_labelled_point_of_the_codebook():
    book = {"wage": {"aliases": ["loon"], "points": {0: "bevriezing", 60: "prijscompensatie"}}}
    source = Source.of("De FNV eist een volledige prijscompensatie in het loon.", lang="nl")
    (claim,) = read(source, codebook=book).claims
    assert (claim.issue, claim.position) == ("wage", "prijscompensatie")


def test_a_group_of_parties_is_told_by_who_governs():
    text = "De VVD eist een strengere wet. De andere partijen wijzen dat plan af."
    claims = read(Source.of(text, lang="nl", date="2023-07-06")).claims
    assert [c.group for c in claims if c.party is None] == [("D66", "CDA", "CU")]
    undated = read(Source.of(text, lang="nl")).claims
    assert {c.group for c in undated} == {None}


def test_a_sentence_without_end_has_a_bounded_number_of_clauses():
    found = analyse("D66 wil, VVD eist, " * 400, NL, Registry.load(), None)
    counts = Counter(clause.sentence for clause in found.clauses)
    assert max(counts.values()) == MOST_CLAUSES
    # What lies beyond is still read, as one clause.
    assert sum(counts.values()) == MOST_CLAUSES * len(found.ranges)
