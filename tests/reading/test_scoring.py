"""The score of a reader: what counts as right, and what counts at all."""

import math

import pytest

from treves.case.evidence import Claim, Source
from treves.reading import Reading, Sentence
from treves.reading.scoring import (
    Names,
    date_match,
    issue_match,
    macro_f1,
    score_reports,
    span_match,
)

TEXT = "De VVD wil rust. D66 is tegen. De zaal was vol."
SPANS = [(0, 16), (17, 30), (31, 47)]
SOURCE = Source.of(TEXT, lang="nl")


def claim(span, actor, stance, **more):
    quote = TEXT[span[0] : span[1]]
    return Claim(source=SOURCE.id, span=span, quote=quote, actor=actor, stance=stance, **more)


def gold(span, actor, stance, **more):
    return {
        "span": list(span),
        "actor": actor,
        "stance": stance,
        "issue": "deal",
        "certainty": "asserted",
        "speaker_kind": "outlet",
        **more,
    }


def reader_of(*claims):
    states = ["claim", "possible", "background"]
    sentences = tuple(Sentence(span, state) for span, state in zip(SPANS, states, strict=True))
    return lambda source: Reading(source, claims, sentences)


def score(claims, golds):
    return score_reports([(SOURCE, golds)], reader_of(*claims))


GOLD = [gold(SPANS[0], "VVD", "demand"), gold(SPANS[1], "D66", "oppose", stance_ok=["reject"])]


def test_all_right():
    found = [
        claim(SPANS[0], "VVD", "demand", issue="deal"),
        claim(SPANS[1], "D66", "reject", issue="deal"),
    ]
    result = score(found, GOLD)
    assert [result.level(name).f1 for name in ("span", "actor", "stance", "full")] == [1, 1, 1, 1]
    assert (result.right_actor, result.visible) == (1, 1)


def test_levels_fall_one_by_one():
    found = [claim(SPANS[0], "VVD", "reject"), claim(SPANS[1], "VVD", "reject")]
    result = score(found, GOLD)
    levels = [result.level(name).hits for name in ("span", "actor", "stance")]
    assert levels == [2, 1, 0]
    assert result.right_actor == 0.5


def test_optional_gold_is_neither_missed_nor_wrong():
    golds = [*GOLD, gold(SPANS[2], "VVD", "other", optional=True)]
    without = score([claim(SPANS[0], "VVD", "demand")], golds).level("stance")
    with_it = score([claim(SPANS[0], "VVD", "demand"), claim(SPANS[2], "VVD", "other")], golds)
    assert (without.hits, without.found, without.gold) == (1, 1, 2)
    assert with_it.level("stance") == without


def test_two_claims_on_one_span_need_two_findings():
    golds = [gold(SPANS[0], "VVD", "demand"), gold(SPANS[0], "CDA", "demand")]
    assert score([claim(SPANS[0], "VVD", "demand")], golds).level("stance").recall == 0.5


def test_nothing_found_has_no_precision():
    assert math.isnan(score([], GOLD).level("stance").precision)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ((0, 10), (0, 10), True),
        ((0, 100), (40, 60), True),
        ((0, 10), (8, 30), False),
        ((0, 10), (10, 20), False),
    ],
)
def test_spans(a, b, same):
    assert (span_match(a, b) > 0) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("CU", "ChristenUnie", True),
        ("Rutte", "Mark Rutte", True),
        ("het kabinet", "kabinet", True),
        ("Dilan Yesilgöz", "Dilan Yeşilgöz", True),
        ("VVD", "D66", False),
        (None, "VVD", False),
        (None, None, True),
    ],
)
def test_names(a, b, same):
    assert Names().same(a, b) is same


def test_dates_and_issues_are_compared_to_the_precision_of_the_gold():
    assert date_match("2023-07-06", {"date": "2023-07"})
    assert date_match(None, {"date": "2023-07-06", "date_ok": [None]})
    assert not date_match("2023-07-05", {"date": "2023-07-06"})
    assert issue_match("nitrogen_decree", {"issue": "nitrogen_2030"})
    assert not issue_match(None, {"issue": "deal"})


def test_macro_f1_weighs_rare_labels_like_frequent_ones():
    pairs = [("asserted", "asserted")] * 9 + [("asserted", "hedged")]
    assert macro_f1(pairs) == pytest.approx((18 / 19 + 0) / 2)


def test_bootstrap_is_reproducible():
    result = score([claim(SPANS[0], "VVD", "demand")], GOLD)
    assert result.interval(seed=3) == result.interval(seed=3)
