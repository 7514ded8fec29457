"""Text in: every kind of file, what it says of itself, and files that mean harm."""

from __future__ import annotations

import io
import socket
import time
from pathlib import Path

import pytest

from treves.errors import MissingExtra, SourceError
from treves.reading import extract
from treves.reading.ingest import load_source, load_sources, source_from_bytes, sources_from_bytes

STORY = (
    "De VVD eist een strengere asielwet. D66 is daar faliekant tegen, zegt partijleider Kaag. "
    "Het CDA hecht er boven alles aan dat er een akkoord komt voor de zomer begint."
)
PAGE = f"""<!DOCTYPE html><html lang="nl"><head><title>Asielakkoord wankelt | Het Blad</title>
<meta property="og:site_name" content="Het Blad"><meta property="og:title" content="Asiel wankelt">
<meta property="article:published_time" content="2023-07-06T18:30:00+02:00">
<script>alert("VVD eist geld")</script></head>
<body><nav>Home Sport Weer</nav><article><h1>Asiel wankelt</h1>
<p>{STORY}</p><p>{STORY.replace("VVD", "SGP")}</p></article>
<footer>Cookies</footer></body></html>"""
FEED = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Het Blad</title>
<item><title>Asiel &amp; meer</title><description>&lt;p&gt;{STORY}&lt;/p&gt;</description>
<pubDate>Thu, 06 Jul 2023 16:00:00 GMT</pubDate><link>https://blad.example/1</link></item>
<item><title>Alleen een kop</title><pubDate>Fri, 07 Jul 2023 16:00:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("reading opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def pdf(lines: list[str], password: str | None = None) -> bytes:
    """A small PDF with a line of text under another, as no library of ours writes one."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    stream = DecodedStreamObject()
    drawn = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream.set_data(f"BT /F1 12 Tf 40 760 Td {drawn} ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Notitie asiel", "/CreationDate": "D:20230706120000"})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_web_page_gives_its_story_and_says_when_and_where() -> None:
    source = source_from_bytes(PAGE.encode(), "page.html")
    assert STORY in source.text
    assert "alert" not in source.text
    assert "Cookies" not in source.text
    assert (source.title, source.outlet, source.date) == ("Asiel wankelt", "Het Blad", "2023-07-06")


def test_a_page_is_known_without_its_suffix_and_an_option_wins() -> None:
    source = source_from_bytes(PAGE.encode(), "stdin", date="2023-07-05", lang="nl")
    assert (source.date, source.lang) == ("2023-07-05", "nl")
    assert STORY in source.text


def test_a_pdf_gives_flowing_text_title_and_day() -> None:
    source = source_from_bytes(
        pdf(["De VVD eist een stren-", "gere asielwet. D66", "niet."]), "n.pdf"
    )
    assert source.text == "De VVD eist een strengere asielwet. D66 niet."
    assert (source.title, source.date) == ("Notitie asiel", "2023-07-06")


def test_a_feed_holds_several_reports() -> None:
    first, second = sources_from_bytes(FEED.encode(), "blad.rss")
    assert first.text == STORY
    assert (first.title, first.outlet, first.date) == ("Asiel & meer", "Het Blad", "2023-07-06")
    assert first.url == "https://blad.example/1"
    assert (second.text, second.date) == ("Alleen een kop", "2023-07-07")
    with pytest.raises(SourceError, match="holds 2 reports"):
        source_from_bytes(FEED.encode(), "blad.rss")


def test_header_lines_are_metadata_and_offsets_refer_to_what_is_stored() -> None:
    raw = f"outlet: NOS\ndate: 2023-07-06\ntitle: Asiel\n\n{STORY}".encode()
    source = source_from_bytes(raw, "a.txt")
    assert (source.outlet, source.date, source.title) == ("NOS", "2023-07-06", "Asiel")
    assert source.text == STORY
    archived = source_from_bytes(f" date 2023-07 {STORY}".encode(), "a.txt")
    assert archived.date == "2023-07"
    assert archived.text.startswith(" date 2023-07 De VVD")


@pytest.mark.parametrize(
    ("text", "name", "date"),
    [
        (f"Asiel wankelt\nDonderdag 6 juli 2023, 18.30 uur\n\n{STORY}", "a.txt", "2023-07-06"),
        (
            f"Op 6 juli 2022 viel het nog mee, maar vandaag is dat in Den Haag anders. {STORY}",
            "a",
            None,
        ),
        (STORY, "2023-07-06-nos.txt", "2023-07-06"),
        (STORY, "2023-02-30-nos.txt", None),
        (f"date: 5 mei\n\n{STORY}", "a.txt", None),
        (f"31 februari 2023\n{STORY}", "a.txt", None),
    ],
)
def test_the_day_is_found_where_it_stands_and_never_guessed(
    text: str, name: str, date: str | None
) -> None:
    assert source_from_bytes(text.encode(), name).date == date


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = "Dilan Yeşilgöz".replace("ş", "s") + " zei „nee” tegen één plan"
    assert source_from_bytes(text.encode(encoding), "a.txt").text == text


def test_mixed_encodings_and_zero_bytes_are_read() -> None:
    raw = "Café ".encode() + "één".encode("cp1252") + b"\x81\x00 nee"
    text = source_from_bytes(raw, "a.txt").text
    assert text.startswith("Caf")
    assert "\x00" not in text


def test_a_folder_gives_its_reports_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(PAGE)
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "a.review.json").write_text("{}")
    assert [s.title for s in load_sources([tmp_path])] == ["a.txt", "Asiel wankelt"]
    with pytest.raises(SourceError, match=r"cannot be opened|No such file"):
        load_source(tmp_path / "nowhere.txt")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "VVD"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b"<rss><channel><title>&b;</title></channel></rss>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><item><title>&x;</title></item></channel></rss>"
)
HOSTILE = {
    "bomb": (BOMB, "entities of its own"),
    "outside entity": (OUTSIDE, "entities of its own"),
    "deep page": (b"<html><body>" + b"<div>" * 5000, "nested"),
    "huge page": (b"<html>" + b"a" * 5_000_001, "larger than 5 MB"),
    "huge text": (b"a" * 20_000_001, "larger than 20 MB"),
    "broken pdf": (b"%PDF-1.7\n1 0 obj <<", "cannot be read as pdf"),
    "empty page": (b"<html><body><script>x</script></body></html>", "no text"),
    "empty feed": (b"<rss><channel></channel></rss>", "no text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_and_at_once(name: str) -> None:
    raw, words = HOSTILE[name]
    start = time.perf_counter()
    with pytest.raises(SourceError, match=words):
        sources_from_bytes(raw, "evil")
    assert time.perf_counter() - start < 5


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdf")
    monkeypatch.setattr(extract, "MAX_SECONDS", -1.0)
    with pytest.raises(SourceError, match="takes too long to read"):
        sources_from_bytes(pdf(["De VVD eist een wet."]), "slow.pdf")


def test_a_locked_pdf_says_so() -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(SourceError, match=r"locked with a password|DependencyError"):
        sources_from_bytes(pdf(["nee"], password="geheim"), "locked.pdf")


def test_a_page_of_one_giant_line_is_read_in_bounded_time() -> None:
    raw = ("<html><body><p>" + "De VVD eist een wet. " * 100_000 + "</p></body></html>").encode()
    start = time.perf_counter()
    assert "De VVD eist" in source_from_bytes(raw, "long.html").text
    assert time.perf_counter() - start < 20


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extract.importlib, "import_module", absent)
    for raw, name in ((PAGE.encode(), "a.html"), (FEED.encode(), "a.rss"), (b"%PDF-1.7", "a.pdf")):
        with pytest.raises(MissingExtra, match=r"treves\[ingest\]"):
            sources_from_bytes(raw, name)
    assert source_from_bytes(STORY.encode(), "a.txt").text == STORY
