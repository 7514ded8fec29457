"""Many reports into one table: resumable, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from treves.errors import InputError, MissingExtra
from treves.reading import corpus
from treves.reading.corpus import FIELDS, read_many
from treves.reading.registry import Registry

TEXT = "outlet: NOS\ndate: 2023-07-06\nlang: nl\n\nDe VVD eist een wet. D66 is tegen nummer {}."


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "reports"
    folder.mkdir()
    for k in range(7):
        (folder / f"{k}.txt").write_text(TEXT.format(k))
    return sorted(folder.iterdir())


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_row_per_claim_with_its_report(files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    table = read_many(files, out)
    rows = rows_of(out)
    assert table.reports == 7
    assert table.claims == len(rows) >= 14
    assert set(rows[0]) == set(FIELDS)
    assert (rows[0]["file"], rows[0]["outlet"], rows[0]["published"]) == (
        "0.txt",
        "NOS",
        "2023-07-06",
    )
    assert not out.with_name("claims.jsonl.parts").exists()


def test_parquet_holds_the_same_rows(files: list[Path], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    read_many(files, tmp_path / "claims.jsonl")
    read_many(files, tmp_path / "claims.parquet")
    found = parquet.read_table(tmp_path / "claims.parquet").to_pylist()
    assert found == rows_of(tmp_path / "claims.jsonl")


def test_an_interrupted_run_goes_on_where_it_stopped(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "BATCH", 2)
    whole = tmp_path / "whole.jsonl"
    read_many(files, whole)
    out = tmp_path / "claims.jsonl"

    def stop(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_many(files, out, stop)
    assert not out.exists()
    asked: list[str] = []
    load = corpus.load_sources
    monkeypatch.setattr(
        corpus, "load_sources", lambda p, **more: (asked.append(p[0].name), load(p, **more))[1]
    )
    read_many(files, out)
    assert asked == ["4.txt", "5.txt", "6.txt"]
    assert out.read_bytes() == whole.read_bytes()


def test_parts_of_other_files_are_not_taken_over(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "BATCH", 2)
    out = tmp_path / "claims.jsonl"

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_many(files, out, stop)
    files[0].write_text(TEXT.format("honderd en nog wat"))
    read_many(files, out)
    assert "honderd en nog wat" in out.read_text()


def test_parts_read_for_other_parties_are_not_taken_over(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "BATCH", 2)
    out = tmp_path / "claims.jsonl"

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_many(files, out, stop)
    read_many(files, out, registry=Registry.load().extend(parties={"liberals": "VVD"}))
    assert {row["party"] for row in rows_of(out) if row["actor"] == "VVD"} == {"liberals"}


def test_files_that_are_no_report_are_listed_and_the_rest_is_read(
    files: list[Path], tmp_path: Path
) -> None:
    bad = files[0].with_name("x.pdf")
    bad.write_bytes(b"%PDF-1.7 broken")
    out = tmp_path / "claims.jsonl"
    table = read_many([*files, bad], out)
    assert table.claims >= 14
    assert len(table.refused) == 1
    assert "x.pdf" in (tmp_path / "claims.jsonl.refused").read_text()


def test_what_cannot_be_written_is_said_before_the_work(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="no table"):
        read_many(files, tmp_path / "claims.csv")
    with pytest.raises(InputError, match="cannot be written"):
        read_many(files, tmp_path / "no" / "claims.jsonl")

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(corpus.importlib, "import_module", absent)
    with pytest.raises(MissingExtra, match=r"treves\[tables\]"):
        read_many(files, tmp_path / "claims.parquet")
