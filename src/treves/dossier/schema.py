"""The tables of a dossier, as the newest version of the file has them.

Every kept table has, beside its own columns, ``seq`` (order of arrival), ``entry`` (the log entry
that brought the row) and ``sha256`` (hash over the row's own columns). Columns ending in ``_json``
hold JSON. Nothing is ever updated or deleted: triggers refuse it.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text

metadata = MetaData()
BOOKKEEPING = ("seq", "entry", "sha256")


def _kept(name: str, *columns: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        Column("seq", Integer, primary_key=True),
        Column("entry", Integer, nullable=False),
        Column("sha256", Text, nullable=False),
        *columns,
    )


def _texts(*names: str) -> list[Column[object]]:
    return [Column(name, Text) for name in names]


log = Table(
    "log",
    metadata,
    Column("seq", Integer, primary_key=True),
    *_texts("at", "by", "dispute", "action"),
    Column("rows", Integer),
    *_texts("content", "previous", "id"),
)
disputes = _kept("disputes", *_texts("dispute", "title"))
texts = _kept("texts", *_texts("id", "text"))
sources = _kept(
    "sources",
    *_texts("dispute", "source", "outlet", "title", "date", "lang", "url", "cluster", "added"),
    Column("confided", Integer),
)
claims = _kept(
    "claims",
    *_texts("dispute", "key", "source"),
    Column("start", Integer),
    *_texts("party", "issue", "stance", "by", "body_json"),
)
reviews = _kept("reviews", *_texts("dispute", "key", "state", "by", "at", "changes_json", "why"))
codebook = _kept("codebook", *_texts("dispute", "issue", "body_json"))
cases = _kept("cases", *_texts("dispute", "hash", "kind", "as_of", "by", "at", "why", "body_json"))
edits = _kept(
    "edits",
    *_texts("dispute", "case_hash", "path", "old_json", "new_json", "by", "day", "why"),
    *_texts("evidence_json"),
)
# A person's numbers stand on top of what the claims say: each draft gets them anew. A row whose
# `takes_back` is the `at` of an earlier one undoes that one.
amendments = _kept(
    "amendments", *_texts("dispute", "path", "value_json", "by", "at", "why", "takes_back")
)
scenarios = _kept("scenarios", *_texts("dispute", "name", "by", "at", "why", "body_json"))
forecasts = _kept(
    "forecasts",
    *_texts("dispute", "id", "previous", "kind", "by", "at", "as_of", "horizon"),
    Column("seed", Integer),
    Column("draws", Integer),
    *_texts("prior", "version", "case_hash", "outcomes_json", "body_json", "reasons_json"),
)
outcomes = _kept("outcomes", *_texts("dispute", "date", "kind", "by", "at", "body_json"))
scores = _kept(
    "scores",
    *_texts("dispute", "forecast", "outcome", "truth"),
    *[Column(name, Float) for name in ("brier", "log", "crps", "base_brier", "base_log")],
)
# Derived from the texts, to find reports printed from one wire: not part of the ledger.
sketches = Table(
    "sketches",
    metadata,
    Column("dispute", Text),
    Column("band", Integer),
    Column("source", Text),
)

# In this order rows are hashed into their log entry, exported and imported.
KEPT: tuple[Table, ...] = (
    disputes,
    texts,
    sources,
    claims,
    reviews,
    codebook,
    cases,
    edits,
    forecasts,
    outcomes,
    scores,
    amendments,
    scenarios,
)
