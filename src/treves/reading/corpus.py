"""Many reports into one table of claims, in batches: flat memory, and it resumes."""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treves.case.evidence import Claim
from treves.errors import InputError, MissingExtra, Problem, SourceError
from treves.reading.codebook import Codebook
from treves.reading.ingest import load_sources
from treves.reading.reader import read
from treves.reading.registry import Registry

BATCH = 200
FIELDS = ("file", "outlet", "published", *Claim.model_fields)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """What was written: reports read, claims in them, and the files that could not be read."""

    reports: int
    claims: int
    refused: tuple[str, ...]


def read_many(
    files: Sequence[Path],
    out: Path,
    progress: Progress | None = None,
    lang: str | None = None,
    registry: Registry | None = None,
    codebook: Codebook | None = None,
) -> Table:
    """Read reports into ``out``: one row per claim, as JSON lines or Parquet by its suffix.

    Each batch is a file of its own in ``<out>.parts`` until all are done; started again with the
    same files, finished batches are not read again. Files that are no report are listed in the
    result and in ``<out>.refused``. Raises MissingExtra for Parquet without the extra ``tables``,
    InputError for another suffix.
    """
    if out.suffix not in (".jsonl", ".parquet"):
        problem = Problem(
            "is no table that treves writes", "claims.parquet or claims.jsonl", str(out)
        )
        raise InputError([problem])
    if out.suffix == ".parquet":
        _arrow()  # before the work, not after it
    parts = _parts_for(files, out, f"{lang} {registry} {codebook}")
    for first in range(0, len(files), BATCH):
        part = parts / f"{first // BATCH:06}.jsonl"
        if not part.exists():
            rows, refused = _batch(files[first : first + BATCH], lang, registry, codebook)
            _whole(part.with_suffix(".refused"), refused)
            _whole(part, rows)
        if progress:
            progress(min(first + BATCH, len(files)), len(files))
    return _joined(parts, out, len(files))


def _batch(
    files: Sequence[Path],
    lang: str | None,
    registry: Registry | None,
    codebook: Codebook | None,
) -> tuple[list[str], list[str]]:
    rows, refused = [], []
    for path in files:
        try:
            for source in load_sources([path], lang=lang):
                about = {"file": path.name, "outlet": source.outlet, "published": source.date}
                for claim in read(source, registry, codebook=codebook).claims:
                    row = about | claim.model_dump(mode="json")
                    rows.append(json.dumps(row, ensure_ascii=False))
        except SourceError as error:
            refused.append(json.dumps(" ".join(str(error).split()), ensure_ascii=False))
    return rows, refused


def _parts_for(files: Sequence[Path], out: Path, asked: str) -> Path:
    """The folder of finished batches; emptied when it belongs to other files or another case."""
    plan = hashlib.sha256(f"{BATCH} {asked}".encode())
    for path in files:
        stat = path.stat() if path.exists() else None
        told = f"{path} {stat.st_size} {stat.st_mtime_ns}" if stat else str(path)
        plan.update(told.encode("utf-8", "surrogatepass"))
    parts = out.with_name(out.name + ".parts")
    note = parts / "plan"
    try:
        if not note.exists() or note.read_text() != plan.hexdigest():
            shutil.rmtree(parts, ignore_errors=True)
            parts.mkdir()
            note.write_text(plan.hexdigest())
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, "a folder that exists", str(out))]) from error
    return parts


def _whole(path: Path, lines: list[str]) -> None:
    """Write a file whole or not at all, so that an interrupted batch is read again."""
    partly = path.with_suffix(".part")
    partly.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    partly.replace(path)


def _joined(parts: Path, out: Path, reports: int) -> Table:
    files = sorted(parts.glob("*.jsonl"))
    partly = out.with_name(out.name + ".part")
    claims = (_as_parquet if out.suffix == ".parquet" else _as_lines)(files, partly)
    partly.replace(out)
    refused = [json.loads(line) for path in files for line in _lines(path.with_suffix(".refused"))]
    if refused:
        _whole(out.with_name(out.name + ".refused"), refused)
    shutil.rmtree(parts)
    return Table(reports, claims, tuple(refused))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from file


def _as_lines(files: list[Path], out: Path) -> int:
    count = 0
    with out.open("w", encoding="utf-8") as target:
        for path in files:
            for line in _lines(path):
                target.write(line)
                count += 1
    return count


def _as_parquet(files: list[Path], out: Path) -> int:
    arrow, parquet = _arrow()
    kinds: dict[str, Any] = {
        "span": arrow.list_(arrow.int64()),
        "group": arrow.list_(arrow.string()),
        "quantity": arrow.float64(),
        "confidence": arrow.float64(),
        "conditional": arrow.bool_(),
    }
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in FIELDS])
    count = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for path in files:
            rows = [json.loads(line) for line in _lines(path)]
            if rows:
                writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _arrow() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtra("writing Parquet (.jsonl needs nothing)", "tables") from error
