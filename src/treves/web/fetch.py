"""Fetches feeds and pages from the open network, and from nowhere else.

A feed's address is typed by a user or found in a file: it must not make the workbench knock on
doors inside the house. The name is resolved once, every address it has must be public, and the
connection goes to that checked address: a second answer of the name server is never asked for.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from treves.errors import InputError, Problem

MAX_BYTES = 5_000_000
MAX_SECONDS = 20.0
MAX_REDIRECTS = 5
MAX_URL = 2000
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
KINDS = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom",
         "application/rdf", "application/pdf")  # fmt: skip
AGENT = "treves (reads feeds for its user)"
# IPv6 ways of writing an IPv4 address: NAT64 and 6to4 hold it in these bits.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PIECE = 65_536

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True)
class Fetched:
    """What came: the bytes, and the address they came from in the end."""

    raw: bytes
    url: str

    @property
    def name(self) -> str:
        """The last part of the address, as the name of a file."""
        return urlsplit(self.url).path.rpartition("/")[2] or "feed"


def resolve(host: str, port: int) -> list[str]:
    """Every address that a name has, as the system knows it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to one address."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True)
class Fetcher:
    """Fetches addresses; ``private`` also allows those inside the house, and any port."""

    private: bool = False
    seconds: float = MAX_SECONDS
    resolve: Resolve = resolve
    connect: Connect = connect

    def fetch(self, url: str) -> Fetched:
        """Get an address, following redirects, each checked like the first.

        Raises InputError when the address may not be asked, does not answer in time, or sends
        too much or something that is no report.
        """
        until = time.monotonic() + self.seconds
        for _ in range(MAX_REDIRECTS + 1):
            status, place, raw = self._ask(_parts(url, private=self.private), url, until)
            if status not in REDIRECTS:
                if status != 200:
                    raise _refusal(url, f"answers with status {status}")
                return Fetched(raw, url)
            url = urljoin(url, place)
        raise _refusal(url, f"redirects more than {MAX_REDIRECTS} times")

    def _ask(self, parts: SplitResult, url: str, until: float) -> tuple[int, str, bytes]:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        address = self._checked(host, port, url)
        left = max(0.1, until - time.monotonic())
        try:
            line = self.connect(address, port, left)
        except OSError as error:
            raise _refusal(url, f"cannot be reached: {error.strerror or error}") from error
        # Each read may take long; all of them together may not.
        alarm = threading.Timer(left, _hang_up, [line])
        alarm.daemon = True
        alarm.start()
        try:
            if parts.scheme == "https":
                line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
            return _talk(line, parts, url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= until
            what = f"took more than {self.seconds:g} s" if late else f"cannot be read: {error}"
            raise _refusal(url, what) from error
        finally:
            alarm.cancel()
            line.close()

    def _checked(self, host: str, port: int, url: str) -> str:
        """The address to connect to: every one that the name has must be public."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise _refusal(url, "has a name that leads nowhere") from error
        if not found:
            raise _refusal(url, "has a name that leads nowhere")
        if not self.private and not all(is_public(text) for text in found):
            raise _refusal(url, "leads to a private address", "a public one, or --allow-private")
        return found[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the open network.

    >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "10.1.2.3", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        held = address.ipv4_mapped or address.sixtofour
        if held is None and address in NAT64:
            held = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if held is not None:
            return is_public(str(held))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parts(url: str, *, private: bool) -> SplitResult:
    """The parts of an address that may be asked for; InputError otherwise."""
    shown = url[:100]
    if len(url) > MAX_URL or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise _refusal(shown, "is no address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refusal(shown, "is no address") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise _refusal(shown, "is not http or https", "https://...")
    if parts.username is not None or parts.password is not None:
        raise _refusal(shown, "holds a name and a password", "an address without them")
    if port is not None and port not in PORTS.values() and not private:
        raise _refusal(shown, f"asks for port {port}", "an address without a port")
    return parts


def _talk(line: socket.socket, parts: SplitResult, url: str) -> tuple[int, str, bytes]:
    """Ask on an open connection; status, where it redirects to, and the bytes."""
    asking = http.client.HTTPConnection(parts.hostname or "", parts.port or PORTS[parts.scheme])
    asking.sock = line
    target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    # No compression: a small answer must stay small.
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    asking.request("GET", target.encode("utf-8").decode("latin-1"), headers=headers)
    answer = asking.getresponse()
    if answer.status in REDIRECTS:
        return answer.status, answer.getheader("Location") or "", b""
    kind = (answer.getheader("Content-Type") or "text/plain").strip().lower()
    if answer.status == 200 and not kind.startswith(KINDS):
        raise _refusal(url, f"is {kind[:60]}", "a feed, a web page, text or PDF")
    if (answer.getheader("Content-Encoding") or "identity") != "identity":
        raise _refusal(url, "comes compressed, which was not asked for")
    pieces, size = [], 0
    while piece := answer.read(PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            raise _refusal(url, f"sends more than {MAX_BYTES // 1_000_000} MB")
        pieces.append(piece)
    return answer.status, "", b"".join(pieces)


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:  # it was over already
        return


def _refusal(url: str, what: str, instead: str = "a public address of a feed") -> InputError:
    return InputError([Problem(what, instead, url[:200])])
