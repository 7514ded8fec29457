"""A dossier as files for others, and back; what was confided stays."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.dossier.hands import HANDS, TERMS, claim_in, clock, new_store, report

from treves.case.formats import native
from treves.case.formats.dna import statements as read_statements
from treves.case.model import Case
from treves.case.provenance import basis_of
from treves.catalogue import folder, sources_of
from treves.dossier import schema
from treves.dossier.agreement import agreement
from treves.dossier.drafting import Terms
from treves.dossier.exchange import (
    lines,
    statements,
    take_in,
    without_confided,
    write_parquet,
)
from treves.dossier.living import add_report, renew
from treves.dossier.records import add_claims, add_source
from treves.dossier.reviews import Review, add_review
from treves.dossier.room import Room
from treves.dossier.store import Store
from treves.dossier.verify import verify
from treves.errors import InputError
from treves.forecast.run import run
from treves.report.page import to_html
from treves.report.summary import summarise

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


def leaks(text: str, secret: str) -> list[str]:
    """Longer pieces of a confided text that stand in another."""
    plain = " ".join(text.split())
    told = " ".join(secret.split())
    return [p for k in range(len(told) - WINDOW) if (p := told[k : k + WINDOW]) in plain]


def test_no_table_holds_anything_confided_unless_asked(tmp_path: Path, store: Store) -> None:
    import pyarrow.parquet as pq

    def held(folder: Path, *, with_confided: bool) -> str:
        paths = write_parquet(store, folder, with_confided=with_confided)
        rows = [row for path in paths for row in pq.read_table(path).to_pylist()]
        return "\n".join(str(value) for row in rows for value in row.values())

    secret = REPORTS[2]
    without = held(tmp_path / "without", with_confided=False)
    assert leaks(without, secret.text) == []
    assert secret.id not in without
    assert leaks(without, REPORTS[1].text)
    assert leaks(held(tmp_path / "with", with_confided=True), secret.text)


def test_no_statement_is_of_a_confided_report_unless_asked(tmp_path: Path, asylum: Case) -> None:
    made = new_store(tmp_path / "d.db", asylum)
    room = Room(made, "asylum", HANDS, TERMS)
    for source, title in zip(REPORTS[1:3], ("Open", "Told in confidence"), strict=True):
        about = {"title": title, "confided": title != "Open"}
        room.add(source.model_copy(update=about), "tester")
    told, asked = (statements(made, "asylum", with_confided=w) for w in (False, True))
    assert {s.document for s in read_statements(told)} == {"Open"}
    assert {s.document for s in read_statements(asked)} == {"Open", "Told in confidence"}


def test_no_page_shows_anything_confided(store: Store) -> None:
    case = Room(store, "asylum", HANDS, TERMS).case()
    told = [s for basis in basis_of(case) for s in basis.spans if s.confided]
    assert told
    page = html.unescape(to_html(summarise(case, run(case, draws=64))))
    assert leaks(page, REPORTS[2].text) == []
    assert leaks(page, REPORTS[1].text)


def test_a_deadline_told_in_confidence_has_no_words_of_it(tmp_path: Path, asylum: Case) -> None:
    quote = "De VVD eist uiterlijk 13 juli een besluit, fluistert een ingewijde"
    source = report(f"{quote}.", confided=True)
    claim = claim_in(source, quote, party="VVD", stance="demand", deadline="2023-07-13")
    made = new_store(tmp_path / "d.db", asylum)
    with made.adding("add", "tester", "asylum") as batch:
        add_source(batch, "asylum", source)
        add_claims(batch, "asylum", [claim], "tester")
    case = Room(made, "asylum", HANDS, TERMS).case()
    (meeting,) = [m for m in case.calendar if m.date.isoformat() == "2023-07-13"]
    assert meeting.label == "told in confidence"
    assert leaks(native.dumps(case), quote) == []


def test_a_value_can_leave_without_what_was_confided(store: Store) -> None:
    secret = REPORTS[2].text[:60]
    kept = {"a": 1, "b": [secret, "short"], "c": {"source": REPORTS[2].id, "quote": secret}}
    assert without_confided(store, kept) == {"a": 1, "b": ["(confided)", "short"]}


def test_what_another_coder_did_on_a_copy_comes_back(tmp_path: Path, store: Store) -> None:
    """Both went on: the forecasts stay apart, the verdicts come together."""
    out = list(lines(store, with_confided=True))
    mine, theirs = fresh(tmp_path), Store.open(tmp_path / "b.db", create=True, clock=clock())
    for copy in (mine, theirs):
        take_in(copy, out, "x.jsonl", "copy")
    keys = [row["key"] for row in mine.rows(select(schema.claims.c.key))]
    for copy, by, stance in ((mine, "anna", "accept"), (theirs, "carla", "reject")):
        with copy.adding("review", by, "asylum") as batch:
            review = Review(keys[0], "corrected", by, batch.at, {"stance": stance})
            add_review(batch, "asylum", review)
        renew(copy, "asylum", HANDS, by, Terms(seed=len(by), draws=64))
    with pytest.raises(InputError, match="after they parted"):
        take_in(mine, lines(theirs, with_confided=True), "b.jsonl", "anna")
    back = lines(theirs, with_confided=True)
    assert take_in(mine, back, "b.jsonl", "anna", codings=True) == {"reviews": 1}
    told = agreement(mine, "asylum")
    assert told.coders == ("anna", "carla")
    assert dict(told.disagreements[0].values) == {"anna": "accept", "carla": "reject"}
    assert verify(mine)[0] == []
    with pytest.raises(InputError, match="no dispute asylum here"):
        take_in(Store.open(tmp_path / "c.db", create=True), out, "x.jsonl", "anna", codings=True)


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
    "no row of reviews": [HEAD, '{"table": "reviews", "dispute": "x"}'],
    "review cannot be read": [
        HEAD,
        '{"table": "reviews", "dispute": "x", "key": "k", "state": "corrected", "by": "a",'
        ' "at": "2024-01-01", "changes_json": "{\\"stance\\": \\"shrug\\"}", "why": null}',
    ],
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
