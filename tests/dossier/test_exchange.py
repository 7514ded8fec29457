"""A dossier as files for others, and back; what was confided stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.dossier.hands import HANDS, TERMS, clock, new_store

from treves.case.formats.dna import statements as read_statements
from treves.case.model import Case
from treves.catalogue import folder, sources_of
from treves.dossier import schema
from treves.dossier.drafting import Terms
from treves.dossier.exchange import lines, statements, take_in, write_parquet
from treves.dossier.living import add_report, renew
from treves.dossier.reviews import Review, add_review
from treves.dossier.store import Store
from treves.dossier.verify import verify
from treves.errors import InputError

REPORTS = sources_of(folder("asylum"))
WINDOW = 25


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, asylum: Case) -> Store:
    """Two reports, the second of them told in confidence."""
    made = new_store(tmp_path_factory.mktemp("d") / "d.db", asylum)
    renew(made, "asylum", HANDS, "tester", TERMS)
    add_report(made, "asylum", REPORTS[1], HANDS, "tester", TERMS)
    told = REPORTS[2].model_copy(update={"confided": True})
    add_report(made, "asylum", told, HANDS, "tester", TERMS)
    with made.adding("review", "anna", "asylum") as batch:
        for row in made.rows(select(schema.claims.c.key)):
            add_review(batch, "asylum", Review(row["key"], "confirmed", "anna", batch.at, {}))
    return made


def fresh(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "new.db", create=True, clock=clock())


def test_everything_goes_out_and_comes_back(tmp_path: Path, store: Store) -> None:
    out = list(lines(store, with_confided=True))
    other = fresh(tmp_path)
    counts = take_in(other, out, "x.jsonl", "bram")
    assert counts["claims"] > 20
    assert list(lines(other, with_confided=True)) == out
    found, seen = verify(other)
    assert found == []
    assert seen["again"] == 3
    assert take_in(other, out, "x.jsonl", "bram") == {}


def test_nothing_confided_leaves_unless_asked(tmp_path: Path, store: Store) -> None:
    out = "\n".join(lines(store))
    whole = "\n".join(lines(store, with_confided=True))
    secret = REPORTS[2].text
    open_ = REPORTS[1].text
    pieces = [secret[k : k + WINDOW] for k in range(len(secret) - WINDOW)]
    assert [p for p in pieces if json.dumps(p, ensure_ascii=False)[1:-1] in out] == []
    assert secret[:WINDOW] in whole
    assert open_[:WINDOW] in out
    assert REPORTS[2].id not in out
    assert secret[:WINDOW] not in statements(store, "asylum")
    other = fresh(tmp_path)
    take_in(other, out.splitlines(), "x.jsonl", "bram")
    assert verify(other)[0] == []


def test_statements_are_those_of_the_network_analyzer(store: Store) -> None:
    text = statements(store, "asylum", with_confided=True)
    made = read_statements(text)
    assert len(made) > len(read_statements(statements(store, "asylum"))) > 3
    against = [s for s in made if s.actor == "CU" and not s.agrees]
    assert against
    assert all(s.day is not None for s in made)


def test_parquet_has_a_file_per_table(tmp_path: Path, store: Store) -> None:
    import pyarrow.parquet as pq

    paths = write_parquet(store, tmp_path / "tables")
    tables = {p.stem: pq.read_table(p) for p in paths}
    assert {"claims", "sources", "forecasts", "reviews"} <= set(tables)
    assert tables["sources"].num_rows == 1
    assert tables["forecasts"].num_rows == 3


def test_two_dossiers_that_went_their_own_ways_are_not_mixed(
    tmp_path: Path, store: Store, asylum: Case
) -> None:
    other = new_store(tmp_path / "other.db", asylum)
    renew(other, "asylum", HANDS, "somebody else", Terms(seed=1, draws=64))
    with pytest.raises(InputError, match="after they parted"):
        take_in(other, lines(store), "x.jsonl", "bram")
    assert verify(other)[0] == []
    assert len(other.rows(select(schema.sources))) == 0


HEAD = '{"format": "treves dossier", "version": 1}'
BAD = {
    "no JSON object": ["nothing"],
    "no export": ['{"a": 1}'],
    "belongs to no table": [HEAD, '{"table": "songs"}'],
    "no row of disputes": [HEAD, '{"table": "disputes", "dispute": "x"}'],
    "no row of texts": [HEAD, '{"table": "texts", "id": "x", "text": {"a": 1}}'],
    "hash that names it": [HEAD, '{"table": "texts", "id": "sha256:0", "text": "a"}'],
}


@pytest.mark.parametrize("word", BAD)
def test_a_bad_line_is_named_and_nothing_is_kept(word: str, tmp_path: Path) -> None:
    store = fresh(tmp_path)
    with pytest.raises(InputError, match=f"x.jsonl:[12]: .*{word}"):
        take_in(store, BAD[word], "x.jsonl", "bram")
    assert store.rows(select(schema.log)) == []


def test_an_edited_forecast_is_not_taken_in(tmp_path: Path, store: Store) -> None:
    out = [line.replace('"seed":0', '"seed":1') for line in lines(store)]
    with pytest.raises(InputError, match="not what its id is the hash of"):
        take_in(fresh(tmp_path), out, "x.jsonl", "bram")


def test_an_export_is_the_same_bytes_in_any_process(store: Store) -> None:
    code = (
        "import sys; from treves.dossier.store import Store; from treves.dossier.exchange import "
        "lines; sys.stdout.write('\\n'.join(lines(Store.open(sys.argv[1]))))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, store.path],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(root / "src"), "PATH": "", "PYTHONHASHSEED": "7"},
    )
    assert done.stdout.decode() == "\n".join(lines(store))
