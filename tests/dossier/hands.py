"""What the tests of the dossier share: stores, reports, the reader and the drafter."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.dossier.drafting import Hands, Terms
from treves.dossier.records import begin_dispute
from treves.dossier.store import Clock, Store
from treves.reading.following import draft_for, read_for

TERMS = Terms(draws=64)
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def clock(start: dt.datetime = START) -> Clock:
    """A clock that ticks a minute whenever it is looked at."""
    ticks = itertools.count()
    return lambda: start + dt.timedelta(minutes=next(ticks))


def _read(source: Source, case: Case | None) -> tuple[Claim, ...]:
    return read_for(source.model_copy(update={"lang": "nl"}), case)


HANDS = Hands(_read, draft_for)


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
    store = Store.open(path, create=True, clock=clock())
    begin_dispute(store, dispute, "tester", base)
    return store
