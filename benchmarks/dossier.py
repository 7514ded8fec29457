"""A dossier of 100,000 sources and 1,000,000 claims: every view within a second.

Half of it is one dispute, the rest fifty others. `python benchmarks/dossier.py [SOURCES]`.
"""

from __future__ import annotations

import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from treves.case.evidence import Claim, Source
from treves.catalogue import load_example
from treves.dossier import schema
from treves.dossier.exchange import lines, write_parquet
from treves.dossier.living import add_own
from treves.dossier.records import (
    add_claims,
    add_source,
    begin_dispute,
    claim_row,
    shingles,
    sketch,
)
from treves.dossier.reviews import Review, add_review, last_of, withdraw
from treves.dossier.store import Store
from treves.dossier.views import claims_page, forecasts_of, newest_entries, overview, sources_page

CLAIMS = 10
OTHERS = 50
BATCH = 2000
FORECASTS = 200
REVIEWS = 3
LIMIT_SECONDS = 1.0
BIG = "big"


def reports(count: int, chance: random.Random) -> Iterator[tuple[Source, list[Claim]]]:
    """Made-up reports of fifty words, each with ten claims."""
    for k in range(count):
        words = " ".join(f"w{chance.randrange(5000)}" for _ in range(50))
        source = Source.of(f"{k} {words}", outlet=f"krant{k % 20}", date=f"2023-{k % 12 + 1:02}-01")
        claims = [
            Claim(
                source=source.id,
                span=(j, j + 20),
                quote=source.text[j : j + 20],
                actor=f"P{j}",
                party=f"P{j}",
                issue="tax",
                stance="oppose",
            )
            for j in range(CLAIMS)
        ]
        yield source, claims


def fill(store: Store, count: int) -> None:
    """Put the reports in, two thousand per log entry."""
    names = [BIG, *(f"d{k}" for k in range(OTHERS))]
    for name in names:
        begin_dispute(store, name, "bench", load_example("asylum") if name == BIG else None)
    made = reports(count, random.Random(1))
    while batch_of := list(itertools.islice(made, BATCH)):
        with store.adding("add", "bench", None) as batch:
            texts, sources, claims, bands = [], [], [], []
            for source, found in batch_of:
                k = int(source.text.split()[0])
                name = BIG if k % 2 else names[1 + k // 2 % OTHERS]
                texts.append({"id": source.id, "text": source.text})
                about = source.model_dump(exclude={"id", "text"}) | {"confided": 0}
                kept = {"dispute": name, "source": source.id, "cluster": source.id}
                sources.append({**about, **kept, "added": batch.at})
                claims += [claim_row(name, claim, "bench") for claim in found]
                bands += [
                    {"dispute": name, "band": band, "source": source.id}
                    for band in sketch(shingles(source.text))
                ]
            batch.add(schema.texts, texts)
            batch.add(schema.sources, sources)
            batch.add(schema.claims, claims)
            batch.connection.execute(insert(schema.sketches), bands)
    day = load_example("asylum").as_of
    for _ in range(FORECASTS):
        add_own(store, BIG, "bench", {"agreement": 0.5, "collapse": 0.5}, (day, day))


def add_one(store: Store) -> None:
    """What `treves dossier add --no-forecast` does after reading."""
    source, claims = next(reports(1, random.Random(2)))
    with store.adding("add", "bench", BIG) as batch:
        add_source(batch, BIG, source)
        add_claims(batch, BIG, claims, "bench")


def judge(store: Store) -> None:
    """What a coder does most: a verdict on a claim, and undo."""
    key = claims_page(store, BIG, limit=1)[0]["key"]
    for _ in range(REVIEWS):
        with store.adding("review", "bench", BIG) as batch:
            add_review(batch, BIG, Review(key, "confirmed", "bench", batch.at, {}))
    with store.adding("undo", "bench", BIG) as batch:
        last = last_of(batch.connection, BIG, "bench")
        assert last is not None
        withdraw(batch, BIG, last[0])


def timed(name: str, work: Callable[[], Any]) -> bool:
    """Print how long a piece of work takes; whether it is quick enough."""
    start = time.perf_counter()
    work()
    spent = time.perf_counter() - start
    sys.stdout.write(f"{name:42} {spent * 1000:8.1f} ms\n")
    return spent < LIMIT_SECONDS


def main(count: int) -> int:
    """Fill a dossier, time the views; 1 when one of them takes a second or more."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        store = Store.open(path, create=True)
        start = time.perf_counter()
        fill(store, count)
        spent = time.perf_counter() - start
        size = path.stat().st_size / 1e6
        sys.stdout.write(
            f"{count:,} sources, {count * CLAIMS:,} claims: {spent:.0f} s, {size:.0f} MB\n"
        )
        store.close()
        views: dict[str, Callable[[], Any]] = {
            "open": lambda: Store.open(path).close(),
            "add one report with ten claims": lambda: add_one(store),
            "list": lambda: overview(store),
            "reports, first page": lambda: sources_page(store, BIG, 100),
            "sign a verdict and take it back": lambda: judge(store),
            "has anybody changed anything": lambda: store.changed_since(store.newest()),
            "show, first page": lambda: claims_page(store, BIG, None, 50),
            "show, from the middle": lambda: claims_page(store, BIG, None, 50, count * CLAIMS // 2),
            "show, only found": lambda: claims_page(store, BIG, "found", 50),
            "show, only rejected (there is none)": lambda: claims_page(store, BIG, "rejected", 50),
            "log": lambda: newest_entries(store, 30),
            f"history of {FORECASTS} forecasts": lambda: forecasts_of(store, BIG),
            "export, first 10,000 rows": lambda: list(itertools.islice(lines(store), 10_000)),
        }
        quick = [timed(name, work) for name, work in views.items()]
        timed("export, all rows (no view: streamed)", lambda: sum(1 for _ in lines(store)))
        tables = Path(folder) / "tables"
        timed("Parquet, all tables (no view: streamed)", lambda: write_parquet(store, tables))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(f"largest memory: {peak:.0f} MB\n")
        store.close()
    return 0 if all(quick) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
