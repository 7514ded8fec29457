"""Feeds come from the open network only, whatever their address claims to be."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from treves.errors import InputError
from treves.web import fetch
from treves.web.desk import Desk
from treves.web.fetch import Fetcher, is_public

PUBLIC = "93.184.215.14"
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Krant</title>%s</channel></rss>"
ITEM = b"<item><title>%s</title><description>%s</description></item>"

Answer = Callable[[socket.socket, str], None]


@contextmanager
def server(answer: Answer) -> Iterator[int]:
    """A server on this machine; yields its port."""
    line = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                held, _ = line.accept()
            except OSError:
                return
            with held:
                target = held.recv(65536).decode("latin-1").split(" ")[1]
                try:
                    answer(held, target)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield line.getsockname()[1]
    finally:
        line.close()


def public_on(port: int, seen: list[str] | None = None, seconds: float = 5.0) -> Fetcher:
    """A fetcher for which news.example is public and answered by the server at a port."""

    def resolve(host: str, asked: int) -> list[str]:
        return [PUBLIC] if host == "news.example" else fetch.resolve(host, asked)

    def connect(address: str, _: int, left: float) -> socket.socket:
        if seen is not None:
            seen.append(address)
        assert address == PUBLIC
        return fetch.connect("127.0.0.1", port, left)

    return Fetcher(seconds=seconds, resolve=resolve, connect=connect)


def says(body: bytes, kind: str = "application/rss+xml", status: str = "200 OK") -> Answer:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda held, _: held.sendall(head.encode() + body)


def leads_to(place: str) -> Answer:
    head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
    return lambda held, _: held.sendall(head.encode())


PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://localhost/",
    "http://10.0.0.8/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_refused_however_it_is_written(url: str) -> None:
    def never(address: str, *_: object) -> socket.socket:
        raise AssertionError(f"connected to {address}")

    with pytest.raises(InputError, match=r"private address|leads nowhere"):
        Fetcher(connect=never).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example/x",
        "gopher://news.example/",
        "//news.example/",
        "news.example/feed",
        "http://user:secret@news.example/",
        "http://news.example:22/",
        "http://news.example/\r\nHost: evil",
        "http://news.example/ x",
        "http://[::1",
        "http://news.example:99999/",
        "http:///x",
        "javascript:alert(1)",
        "http://news.example/" + "x" * 3000,
    ],
)
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        public_on(1).fetch(url)


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd"]
)
def test_a_redirect_into_the_house_is_refused(place: str) -> None:
    with server(leads_to(place)) as port, pytest.raises(InputError):
        public_on(port).fetch("http://news.example/feed")


def test_redirects_end_somewhere() -> None:
    again = leads_to("http://news.example/again")
    with server(again) as port, pytest.raises(InputError, match="redirects more than"):
        public_on(port).fetch("http://news.example/feed")


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    mixed = Fetcher(resolve=lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(InputError, match="private address"):
        mixed.fetch("http://news.example/")


def test_the_checked_address_is_the_one_that_is_asked() -> None:
    """A name server that gives another answer the second time is not asked a second time."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    asked: list[str] = []
    with server(says(FEED % b"")) as port:
        usual = public_on(port, asked)
        Fetcher(resolve=lambda *_: next(answers), connect=usual.connect).fetch(
            "http://news.example/feed"
        )
    assert asked == [PUBLIC]


def test_size_kind_and_status_are_bounded() -> None:
    cases = [
        (says(b"x" * (fetch.MAX_BYTES + 1), "text/plain"), "more than"),
        (says(b"x", "application/octet-stream"), "is application/octet-stream"),
        (says(b"x", "text/html", "404 Not Found"), "status 404"),
        (lambda h, _: h.sendall(b"nonsense\r\n\r\n"), "cannot be read"),
        (
            lambda h, _: h.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n\r\nx"
            ),
            "compressed",
        ),
    ]
    for answer, word in cases:
        with server(answer) as port, pytest.raises(InputError, match=word):
            public_on(port).fetch("http://news.example/feed")


def test_a_server_that_dawdles_is_hung_up_on() -> None:
    def drips(held: socket.socket, _: str) -> None:
        for _ in range(400):
            held.sendall(b"X")
            time.sleep(0.05)

    began = time.monotonic()
    with server(drips) as port, pytest.raises(InputError, match="took more than"):
        public_on(port, seconds=0.5).fetch("http://news.example/feed")
    assert time.monotonic() - began < 5


def test_private_addresses_can_be_allowed() -> None:
    with server(says(b"De VVD wil een wet.", "text/plain")) as port:
        found = Fetcher(private=True).fetch(f"http://127.0.0.1:{port}/report.txt")
    assert (found.raw, found.name) == (b"De VVD wil een wet.", "report.txt")


def test_a_feed_becomes_reports_and_its_markup_stays_text(desk: Desk) -> None:
    text = b"De VVD eist een limiet. &lt;script&gt;alert(1)&lt;/script&gt; D66 is tegen."
    with server(says(FEED % (ITEM % (b"Een", text)))) as port:
        desk._fetcher = public_on(port)
        job = desk.add_feed("asylum", "http://news.example/feed", "anna").wait(120)
    assert job.state == "done", job.error
    found = next(r for r in desk.reports("asylum") if r["title"] == "Een")
    assert found["outlet"] == "Krant"
    shown = desk.report("asylum", found["id"])
    assert "<script" not in "".join(s["text"] for s in shown["segments"])


def test_a_refused_feed_says_why(desk: Desk) -> None:
    job = desk.add_feed("asylum", "http://127.0.0.1/feed", "anna").wait(60)
    assert job.state == "failed"
    assert "private address" in job.error


def test_public_addresses_are_public() -> None:
    assert is_public("1.1.1.1")
    assert is_public("2606:4700:4700::1111")
    assert not is_public("no address")
