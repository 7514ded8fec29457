"""Reports and claims as plain data for a page: text cut at its claims, claims in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.reading import read
from treves.reading.codebook import Codebook
from treves.reading.following import registry_of
from treves.reading.marked import KIND_OF, SIGNS, summary_of

MOST_CLAIMS = 5000
# What a person may say of a sentence that is taken as a claim.
FIELDS = (
    "speaker speaker_kind actor party issue stance target position quantity move certainty date "
    "deadline conditional condition"
).split()

Span = tuple[int, int]


def possible_spans(source: Source, case: Case | None) -> list[Span]:
    """Sentences that may be claims and were not taken as one: at hand, not marked."""
    registry = registry_of(case) if case else None
    found = read(source, registry, codebook=Codebook.of(case) if case else None)
    return [s.span for s in found.sentences if s.state == "possible"]


def marked(
    source: Source, claims: Sequence[Mapping[str, Any]], possible: Sequence[Span]
) -> dict[str, Any]:
    """A report and its segments; put together their texts are the report, to the character.

    claims: as they stand, with ``key``, ``span``, ``kind`` and ``state``; rejected ones are not
    marked.
    """
    length = len(source.text)
    shown = [row for row in claims if row["state"] != "rejected"]
    edges = {0, length, *(end for span in possible for end in span)}
    edges |= {end for row in shown for end in row["span"]}
    segments = []
    for start, end in pairwise(sorted(edge for edge in edges if 0 <= edge <= length)):
        here = [row for row in shown if row["span"][0] <= start < row["span"][1]]
        segments.append(
            {
                "text": source.text[start:end],
                "start": start,
                "end": end,
                "kind": here[-1]["kind"] if here else None,
                "claims": [row["key"] for row in here],
                "opens": [row["key"] for row in here if row["span"][0] == start],
                "hedged": any(row["certainty"] == "hedged" for row in here),
                "possible": not here and any(a <= start < b for a, b in possible),
            }
        )
    about = source.model_dump(include={"id", "title", "outlet", "date", "lang", "url", "confided"})
    return {**about, "segments": segments, "claims": list(claims)}


def with_words(row: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as the dossier gives it, with its kind, its sign, itself in words, its report."""
    claim = Claim.model_validate({k: v for k, v in row.items() if k in Claim.model_fields})
    kind = KIND_OF[claim.stance]
    about = {name: report.get(name) for name in ("outlet", "title", "confided")}
    return {**row, **about, "kind": kind, "sign": SIGNS[kind], "summary": summary_of(claim)}


def claim_from(source: str, text: str, span: Sequence[int], fields: Mapping[str, Any]) -> Claim:
    """A sentence as a claim that a person made of it. Raises InputError naming what is wrong."""
    start, end = (int(edge) for edge in span)
    if not 0 <= start < end <= len(text):
        raise InputError([Problem(f"{start} to {end} is no part of the text", "its characters")])
    strange = [name for name in fields if name not in FIELDS]
    if strange:
        what = f"{', '.join(strange)[:100]} cannot be said of a claim"
        raise InputError([Problem(what, ", ".join(FIELDS))])
    about = {"source": source, "span": (start, end), "quote": text[start:end], "confidence": 1.0}
    try:
        return Claim.model_validate({**about, **fields})
    except ValidationError as error:
        first = error.errors()[0]
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise InputError([Problem(what, "a value from the conventions")]) from error
