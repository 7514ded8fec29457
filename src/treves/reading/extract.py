"""Text out of web pages, PDF files and feeds: the extra ``ingest``. Never uses the network."""

from __future__ import annotations

import importlib
import io
import re
import time
import warnings
from collections.abc import Callable
from typing import Any, Literal

from treves.errors import MissingExtra, Problem, SourceError

Kind = Literal["text", "html", "pdf", "feed"]
About = dict[str, Any]

# What is read at most; a report is far smaller, and every parser has a price per byte.
MAX_MARKUP = 5_000_000
MAX_PAGES = 300
# Pages are read one by one: a file made to be slow is refused, never read in part.
MAX_SECONDS = 30.0
MAX_ENTRIES = 1000
MAX_TEXT = 5_000_000
# Elements nested deeper than this are no article; the extractor below is recursive.
MAX_DEPTH = 400
DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
PDF_DAY = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)")
ENTITIES = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
OPENING = re.compile(rb"<(?:!doctype html|html|head|body|article|div|p|h1|meta|script)\b", re.I)
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
HYPHEN = re.compile(r"(?<=\w)-\n(?=[a-zà-ÿ])")
LINE_BREAK = re.compile(r"[ \t]*\n(?!\n)[ \t]*")


def kind_of(raw: bytes, suffix: str = "") -> Kind:
    """What a file is, by its first bytes, else by the end of its name.

    >>> kind_of(b"<!DOCTYPE html><p>D66 wil een akkoord."), kind_of(b"D66 wil een akkoord.")
    ('html', 'text')
    """
    head = raw[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"<") and FEED.search(head) and not OPENING.match(head):
        return "feed"
    if OPENING.match(head) or (head.startswith(b"<") and OPENING.search(head)):
        return "html"
    known: dict[str, Kind] = {
        ".html": "html", ".htm": "html", ".pdf": "pdf", ".rss": "feed", ".atom": "feed",
    }  # fmt: skip
    return known.get(suffix.lower(), "text")


def entries(kind: Kind, raw: bytes, name: str) -> list[tuple[str, About]]:
    """The texts in a file of a kind, each with what the file says of it (title, outlet, date, url).

    Raises SourceError when there is no text in it, MissingExtra without the extra ``ingest``.
    """
    readers: dict[Kind, Callable[[bytes, str], list[tuple[str, About]]]] = {
        "html": _page, "pdf": _pdf, "feed": _feed,
    }  # fmt: skip
    try:
        found = readers[kind](raw, name)
    except (SourceError, MissingExtra):
        raise
    except Exception as error:  # parsers of hostile files raise whatever they raise
        raise refusal(name, f"cannot be read as {kind}: {type(error).__name__}") from error
    told = [(text[:MAX_TEXT], about) for text, about in found if text.strip()]
    if not told:
        raise refusal(name, f"this {kind} holds no text")
    return told


def refusal(name: str, what: str, instead: str = "a text file with a report") -> SourceError:
    """The error about one file."""
    return SourceError([Problem(what, instead, name)])


def _part(module: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(what, "ingest") from error


def _page(raw: bytes, name: str) -> list[tuple[str, About]]:
    trafilatura = _part("trafilatura", "reading web pages")
    _part("lxml_html_clean", "reading web pages")
    _bounded(raw, name)
    # Only what a page says of its own date: the wide search takes any date in the text.
    dates = {"original_date": True, "extensive_search": False}
    page = trafilatura.bare_extraction(
        raw, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    if page is None or not (page.text or "").strip():
        return [(trafilatura.html2txt(raw), {})]
    about = {"title": page.title, "outlet": page.sitename, "date": page.date, "url": page.url}
    return [(page.text, about)]


def _pdf(raw: bytes, name: str) -> list[tuple[str, About]]:
    pypdf = _part("pypdf", "reading PDF files")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = pypdf.PdfReader(io.BytesIO(raw), strict=False)
        if file.is_encrypted and not file.decrypt(""):
            raise refusal(name, "this PDF is locked with a password", "the file without its lock")
        pages = []
        latest = time.monotonic() + MAX_SECONDS
        for page in file.pages[:MAX_PAGES]:
            if time.monotonic() > latest:
                raise refusal(name, "this PDF takes too long to read", "its text, or fewer pages")
            pages.append(_flowing(page.extract_text() or ""))
            if sum(map(len, pages)) > MAX_TEXT:
                break
        told = file.metadata or {}
    day = PDF_DAY.match(str(told.get("/CreationDate", "")))
    about = {
        "title": str(told.get("/Title") or "").strip() or None,
        "date": "-".join(day.groups()) if day else None,
    }
    return [("\n\n".join(page for page in pages if page), about)]


def _flowing(page: str) -> str:
    """A page as paragraphs: lines that the layout broke are joined again."""
    return LINE_BREAK.sub(" ", HYPHEN.sub("", page.replace("\r", ""))).strip()


def _feed(raw: bytes, name: str) -> list[tuple[str, About]]:
    feedparser = _part("feedparser", "reading feeds")
    _bounded(raw, name)
    feed = feedparser.parse(io.BytesIO(raw))
    outlet = feed.feed.get("title")
    found = []
    for entry in feed.entries[:MAX_ENTRIES]:
        told = [part.get("value", "") for part in entry.get("content", [])]
        text = _plain(max([*told, entry.get("summary", "")], key=len))
        title = _plain(entry.get("title", "")) or None
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        day = f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}" if moment else None
        about = {"title": title, "outlet": outlet, "date": day, "url": entry.get("link")}
        found.append((text or title or "", about))
    return found


def _plain(markup: str) -> str:
    """Markup of a feed entry as text."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    lines = re.sub(r"(?i)<(?:br|/p|/li|/h\d)\b[^>]*>", "\n", markup)
    html = _part("lxml.html", "reading feeds")
    tree = html.fromstring(f"<div>{lines}</div>")
    for hidden in tree.xpath("//script|//style"):
        hidden.drop_tree()
    return re.sub(r"[ \t]*\n\s*", "\n", str(tree.text_content())).strip()


def _bounded(raw: bytes, name: str) -> None:
    if len(raw) > MAX_MARKUP:
        raise refusal(name, f"markup larger than {MAX_MARKUP // 1_000_000} MB")
    if ENTITIES.search(raw):
        raise refusal(name, "declares entities of its own, as bombs do", "the file without them")
    depth = deepest = 0
    for closing in re.finditer(rb"<(/?)(?:div|span|ul|li|table|b|i|section|blockquote)\b", raw):
        depth += -1 if closing.group(1) else 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise refusal(name, f"elements nested {deepest} deep", "a page that a browser wrote")
