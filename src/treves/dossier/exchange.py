"""A dossier as files for others: JSON Lines of everything, DNA statements, Parquet tables.

Confided sources leave only when asked: their texts, claims and reviews stay behind, and sentences
of theirs in cases, edits and reasons are taken out.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Float, Integer, Table, Text, insert, select

from treves.case.evidence import Claim, text_id
from treves.case.formats.dna import Statement, written
from treves.dossier import schema
from treves.dossier.coded import AGREES
from treves.dossier.ledger import forecast_id, row_hash
from treves.dossier.records import known_at, require, shingles, sketch
from treves.dossier.reviews import is_review
from treves.dossier.store import Batch, Store, to_json
from treves.errors import InputError, MissingExtra, Problem

FORMAT = "treves dossier"
LEFT_OUT = "(confided evidence left out)"
# Pieces of confided text shorter than this are too common to give anything away.
TELLING = 20
PAGE = 2000
# What a coder adds to a dossier that another coder works on too.
SAME_REPORT = ("dispute", "source", "outlet", "date")
CODINGS = ("texts", "sources", "claims", "reviews")
# One row must not fill the memory of who reads it.
MAX_LINE = 50_000_000


def lines(store: Store, *, with_confided: bool = False) -> Iterator[str]:
    """Everything in a dossier as JSON Lines: a head, then one row per line, table by table."""
    with store.reading() as connection:
        yield to_json({"format": FORMAT, "version": store_version(connection)})
        for table, row in _rows(connection, with_confided):
            yield to_json({"table": table.name, **row})


def store_version(connection: Connection) -> int:
    """Schema version of the rows."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _rows(connection: Connection, with_confided: bool) -> Iterator[tuple[Table, dict[str, Any]]]:
    texts = {} if with_confided else _confided(connection)
    for table in schema.KEPT:
        columns = [c for c in table.columns if c.name not in schema.BOOKKEEPING]
        query = select(*columns).order_by(table.c.seq).execution_options(yield_per=PAGE)
        for values in connection.execute(query):
            row = {c.name: value for c, value in zip(columns, values, strict=True)}
            kept = _without(table.name, row, texts) if texts else row
            if kept is not None:
                yield table, kept


def _confided(connection: Connection) -> dict[str, str]:
    """Id and text of each confided source."""
    table, texts = schema.sources, schema.texts
    query = select(texts.c.id, texts.c.text).join(table, table.c.source == texts.c.id)
    return {r.id: r.text for r in connection.execute(query.where(table.c.confided == 1))}


def _without(name: str, row: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The row without anything confided; None when nothing of it may leave."""
    source = row.get("id") if name == "texts" else row.get("source")
    if name == "reviews":
        source = str(row["key"]).partition("@")[0]
    if source in texts:
        return None
    cleaned = dict(row)
    for column, value in row.items():
        if column.endswith("_json") and value and name != "claims":
            data = json.loads(value)
            kept = _redacted(data, texts)
            if kept != data:
                cleaned[column] = to_json(kept)
        elif isinstance(value, str):
            cleaned[column] = _redacted(value, texts)
    if name == "cases" and cleaned != row:
        cleaned["why"] = f"{row['why']} {LEFT_OUT}"
    return cleaned


def without_confided(store: Store, value: Any) -> Any:
    """A value of JSON without what was told in confidence in any dispute of the dossier."""
    with store.reading() as connection:
        texts = _confided(connection)
    return _redacted(value, texts) if texts else value


def _redacted(value: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {k: _redacted(v, texts) for k, v in value.items() if not _is_confided(v, texts)}
    if isinstance(value, list):
        return [_redacted(v, texts) for v in value if not _is_confided(v, texts)]
    if isinstance(value, str) and len(value) >= TELLING:
        return "(confided)" if any(value in text for text in texts.values()) else value
    return value


def _is_confided(value: Any, texts: Mapping[str, str]) -> bool:
    if not isinstance(value, dict):
        return False
    return value.get("confided") is True or value.get("source") in texts


def statements(store: Store, dispute: str, *, with_confided: bool = False) -> str:
    """The reviewed claims of a dispute as statements of the Discourse Network Analyzer (CSV)."""
    with store.reading() as connection:
        require(connection, dispute, store.path)
        known = known_at(connection, dispute)
    sources = {s.id: s for s in known.sources if with_confided or not s.confided}
    made: list[Statement] = []
    for claim in known.claims.values():
        source = sources.get(claim.source)
        actor = claim.party or claim.actor
        if source and actor and claim.issue and claim.stance in AGREES:
            agrees = AGREES[claim.stance] != (claim.certainty == "denied")
            day = _day(claim.date or source.date)
            made.append(
                Statement(actor, claim.issue, agrees, day, source.title or "", str(len(made) + 1))
            )
    return written(made)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:  # only a month or a year is known
        return None


def write_parquet(store: Store, folder: Path, *, with_confided: bool = False) -> list[Path]:
    """One Parquet file per table that holds something. Raises MissingExtra without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("Parquet", "tables") from error
    paths: dict[str, Path] = {}
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            connection = stack.enter_context(store.reading())
            for table, rows in _pages(_rows(connection, with_confided)):
                columns = _arrow(table)
                if table.name not in paths:
                    paths[table.name] = folder / f"{table.name}.parquet"
                    writer = pq.ParquetWriter(paths[table.name], columns)
                    stack.enter_context(writer)
                writer.write_table(pa.Table.from_pylist(rows, columns))
        except OSError as error:
            what = f"cannot be written: {error.strerror or error}"
            raise InputError([Problem(what, "a folder of yours", str(folder))]) from error
    return list(paths.values())


def _arrow(table: Table) -> Any:
    """The columns of a table, which pages without a value would leave open."""
    import pyarrow as pa

    kinds = {Integer: pa.int64(), Float: pa.float64(), Text: pa.string()}
    kept = [c for c in table.columns if c.name not in schema.BOOKKEEPING]
    return pa.schema([(c.name, kinds[type(c.type)]) for c in kept])


def _pages(
    rows: Iterable[tuple[Table, dict[str, Any]]],
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Rows by the thousand, those of one table together."""
    for _, held in itertools.groupby(rows, key=lambda item: item[0].name):
        while page := list(itertools.islice(held, PAGE)):
            yield page[0][0], [row for _, row in page]


def take_in(
    store: Store, text: Iterable[str], name: str, by: str, *, codings: bool = False
) -> dict[str, int]:
    """Add the rows of an export that are not there yet; how many per table. All or nothing.

    codings: only reports, claims and reviews, for disputes that are there: what another coder did
    on a copy. Raises InputError with the line when something is no export, or when both dossiers
    went on forecasting the same dispute after they parted.
    """
    counts: dict[str, int] = {}
    with store.adding("import", by, None) as batch:
        heads: dict[str, str | None] = {}
        for table, rows in _pages(_wanted(batch, text, name, heads, codings)):
            held = list({row_hash(table.name, row): row for row in rows}.values())
            counts[table.name] = counts.get(table.name, 0) + batch.add(table, held)
            if table is schema.sources:
                _sketch(batch, held)
    return counts


def _wanted(
    batch: Batch, text: Iterable[str], name: str, heads: dict[str, str | None], codings: bool
) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows of an export that are new here, each checked."""
    tables = {table.name: table for table in schema.KEPT}
    known = set(batch.connection.execute(select(schema.disputes.c.dispute)).scalars())
    for number, line in enumerate(text, 1):
        row = _parsed(line, name, number)
        if number == 1:
            if row.get("format") != FORMAT:
                raise _refusal("this is no export of a dossier", name, number)
            continue
        table = tables.get(str(row.pop("table", "")))
        if table is None:
            raise _refusal("the row belongs to no table", name, number)
        if codings and table.name not in CODINGS:
            continue
        if not _is_new(batch, table, row, name, number):
            continue
        if codings and table is not schema.texts and row["dispute"] not in known:
            what = f"there is no dispute {row['dispute']} here"
            raise _refusal(what, name, number, "import without --codings")
        if table is schema.forecasts:
            _check_chain(batch, row, heads, name, number)
        yield table, row


def _parsed(line: str, name: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise _refusal("the line is no JSON object", name, number)
    return row


def _is_new(batch: Batch, table: Table, row: dict[str, Any], name: str, number: int) -> bool:
    """Whether a row is not kept yet; InputError when it cannot be one."""
    names = {c.name for c in table.columns} - set(schema.BOOKKEEPING)
    plain = all(value is None or isinstance(value, str | int | float) for value in row.values())
    missing = [c.name for c in table.columns if c.name in names and c.name not in row]
    if not plain or missing or set(row) != names:
        raise _refusal(f"this is no row of {table.name}", name, number)
    if table is schema.texts and row["id"] != text_id(row["text"]):
        raise _refusal("the text does not have the hash that names it", name, number)
    if table is schema.claims:
        try:
            if Claim.model_validate_json(row["body_json"]).key != row["key"]:
                raise _refusal("the claim does not have the key that names it", name, number)
        except ValidationError as error:
            raise _refusal("the claim cannot be read", name, number) from error
    if table is schema.reviews and not is_review(row):
        raise _refusal("the review cannot be read", name, number)
    if table is schema.texts:
        held = select(table.c.seq).where(table.c.id == row["id"])
    elif table is schema.sources:
        # Two coders may have added the same report at different moments.
        same = [table.c[k].is_not_distinct_from(row[k]) for k in SAME_REPORT]
        held = select(table.c.seq).where(*same)
    elif table is schema.disputes:
        held = select(table.c.seq).where(table.c.dispute == row["dispute"])
    elif table is schema.claims:
        held = select(table.c.seq).where(
            table.c.dispute == row["dispute"], table.c.key == row["key"]
        )
    else:
        held = select(table.c.seq).where(
            table.c.dispute == row["dispute"], table.c.sha256 == row_hash(table.name, row)
        )
    return batch.connection.execute(held.limit(1)).first() is None


def _check_chain(
    batch: Batch, row: dict[str, Any], heads: dict[str, str | None], name: str, number: int
) -> None:
    dispute, table = row["dispute"], schema.forecasts
    if dispute not in heads:
        head = select(table.c.id).where(table.c.dispute == dispute).order_by(table.c.seq.desc())
        heads[dispute] = batch.connection.execute(head.limit(1)).scalar_one_or_none()
    if forecast_id(row) != row["id"]:
        raise _refusal("the forecast is not what its id is the hash of", name, number)
    if row["previous"] != heads[dispute]:
        what = f"{dispute} was forecast in both dossiers after they parted"
        raise _refusal(what, name, number, "import into a new dossier")
    heads[dispute] = row["id"]


def _sketch(batch: Batch, rows: Sequence[Mapping[str, Any]]) -> None:
    """What finds near copies is not exported: make it again."""
    texts = schema.texts
    query = select(texts.c.id, texts.c.text).where(texts.c.id.in_([r["source"] for r in rows]))
    held = {row.id: row.text for row in batch.connection.execute(query)}
    made = [
        {"dispute": row["dispute"], "band": band, "source": row["source"]}
        for row in rows
        if row["source"] in held
        for band in sketch(shingles(held[row["source"]]))
    ]
    if made:
        batch.connection.execute(insert(schema.sketches), made)


def _refusal(what: str, name: str, line: int, instead: str = "a file of `export`") -> InputError:
    return InputError([Problem(what, instead, name, line)])
