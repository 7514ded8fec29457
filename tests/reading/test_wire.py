"""Copies of a wire story are one source."""

from __future__ import annotations

import time

import numpy as np
from tests.reading.makers import report

from treves.reading.wire import agency_of, clusters

STORY = (
    "De VVD eist een strengere asielwet en dreigt met een stemming in de ministerraad. D66 en de "
    "ChristenUnie noemen dat onverantwoord. Het CDA wil vooral dat er een akkoord komt voordat de "
    "zomer begint. Vrijdag praten de partijen verder onder leiding van de premier."
)
OTHER = (
    "Boeren trekken met tractoren naar het provinciehuis. Zij verzetten zich tegen het plan om de "
    "veestapel te halveren, dat volgens hen hun bedrijven kost wat generaties hebben opgebouwd."
)
SHORTENED = "Den Haag leeft op hoop. " + STORY[STORY.index("D66") : STORY.index("Vrijdag")]


def words(seed: int, count: int) -> str:
    draw = np.random.default_rng(seed)
    return " ".join(f"w{k}" for k in draw.integers(0, 5000, count))


def test_a_copy_joins_the_oldest_and_another_story_stays_alone() -> None:
    first = report(STORY, "2023-07-05")
    copy = report("DEN HAAG - " + STORY.upper(), "2023-07-06")
    part = report(SHORTENED, "2023-07-07")
    other = report(OTHER, "2023-07-06")
    found = clusters([other, part, copy, first])
    assert found == {first.id: first.id, copy.id: first.id, part.id: first.id, other.id: other.id}
    assert clusters([first, copy, other, part]) == found


def test_an_agency_is_named_in_byline_or_outlet() -> None:
    assert agency_of(report("DEN HAAG (ANP) - Nee.")) == "ANP"
    assert agency_of(report("Nee.\n\nBron: Belga")) == "Belga"
    assert agency_of(report("Nee. (bk/Reuters)")) == "Reuters"
    assert agency_of(report("Nee.", outlet="ANP")) == "ANP"
    assert agency_of(report("De Belga-redactie staakt, meldt de NOS.")) is None


def test_a_shared_byline_lowers_the_bar() -> None:
    same = words(1, 20)
    left, right = f"{same} {words(2, 80)}", f"{same} {words(3, 80)}"
    apart = clusters([report(left), report(right)])
    assert len(set(apart.values())) == 2
    joined = clusters([report(f"(ANP) {left}"), report(f"(ANP) {right}")])
    assert len(set(joined.values())) == 1


def test_short_reports_are_copies_only_word_for_word() -> None:
    a, b = report("De VVD wil een akkoord."), report("De VVD wil een akkoord. Punt uit.")
    assert len(set(clusters([a, b]).values())) == 2
    c = report("de vvd wil een akkoord")
    assert len(set(clusters([a, c]).values())) == 1


def test_a_thousand_reports_take_little_time() -> None:
    reports = [report(words(k, 200)) for k in range(1000)]
    start = time.perf_counter()
    assert len(set(clusters(reports).values())) == 1000
    assert time.perf_counter() - start < 5
