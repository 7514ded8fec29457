"""What the tests of the dossier share: stores, reports, the reader and the drafter."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from pathlib import Path

from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.dossier.living import Hands, Terms
from treves.dossier.records import begin_dispute
from treves.dossier.store import Store
from treves.reading import Registry, read
from treves.reading.draft import draft

TERMS = Terms(draws=64)
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def clock(start: dt.datetime = START) -> object:
    """A clock that ticks a minute whenever it is looked at."""
    ticks = itertools.count()
    return lambda: start + dt.timedelta(minutes=next(ticks))


def _read(source: Source, case: Case | None) -> tuple[Claim, ...]:
    registry = Registry.load()
    if case is not None:
        registry = registry.extend(parties={p.id: p.name or p.id for p in case.parties})
    return read(source, registry, lang="nl").claims


def _draft(
    claims: Iterable[Claim], base: Case | None, sources: Iterable[Source], day: dt.date | None
) -> Case:
    return draft(claims, base, sources, day).case


HANDS = Hands(_read, _draft)


def report(text: str, date: str | None = "2023-07-06", **about: object) -> Source:
    """A Dutch report."""
    return Source.of(text, date=date, lang="nl", **about)


def claim_in(source: Source, quote: str, **about: object) -> Claim:
    """A claim whose quote stands in the source."""
    start = source.text.index(quote)
    span = (start, start + len(quote))
    return Claim.model_validate({"source": source.id, "span": span, "quote": quote, **about})


def new_store(path: Path | str, base: Case | None = None, dispute: str = "asylum") -> Store:
    """A dossier with one dispute."""
    store = Store.open(path, create=True, clock=clock())  # type: ignore[arg-type]
    begin_dispute(store, dispute, "tester", base)
    return store
