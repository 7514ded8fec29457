"""Claims and reports by hand, so that these tests do not depend on what the reader finds."""

from __future__ import annotations

from typing import Any

from treves.case.evidence import Claim, Source


def report(text: str, date: str | None = "2023-07-06", **about: Any) -> Source:
    return Source.of(text, date=date, lang="nl", **about)


def claim(source: Source, quote: str, **about: Any) -> Claim:
    """A claim on the first place of a quote in a report, fully sure of itself."""
    start = source.text.index(quote)
    told = {"confidence": 1.0, "date": source.date, "actor": about.get("party")} | about
    span = (start, start + len(quote))
    return Claim.model_validate({"source": source.id, "span": span, "quote": quote, **told})
