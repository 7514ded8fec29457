"""What stands between the workbench and the rest of the world: who may ask, what, how much.

One layer around the whole application, so that no page or endpoint can forget it. Bound to
127.0.0.1 the workbench is open to who sits at the machine; any other address demands a token.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from treves.errors import InputError, Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILDCARDS = ("0.0.0.0", "::", "")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# An upload is at most what the reader takes, and a little for the form around it.
MAX_UPLOAD = 20_000_000 + 100_000
MAX_BODY = 2_500_000
MAX_URL = 8_000
SHORTEST_TOKEN = 16
ACCESS, CSRF = "treves_access", "treves_csrf"
CSRF_HEADER = "x-treves-csrf"
WEEK = 7 * 24 * 3600

FIXED_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # `no-referrer` would make the browser hide the Origin of our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


class TooLarge(Exception):
    """A body grew beyond its bound while it came in."""


@dataclass(frozen=True)
class Rules:
    """Who may ask: names under which the workbench answers, and the token if there is one."""

    hosts: frozenset[str]
    any_address: bool = False
    token: str | None = None

    @classmethod
    def for_address(cls, host: str, token: str | None = None) -> Rules:
        """The rules for an address to bind to; makes a token where one is needed.

        Raises InputError for a token that could be guessed.

        >>> Rules.for_address("127.0.0.1").token is None
        True
        >>> len(Rules.for_address("0.0.0.0").token or "") > 30
        True
        """
        if token is not None and len(token) < SHORTEST_TOKEN:
            what = f"a token of {len(token)} characters can be guessed"
            raise InputError([Problem(what, f"at least {SHORTEST_TOKEN} characters", "--token")])
        if host in LOOPBACK:
            return cls(frozenset(LOOPBACK), token=token)
        names = frozenset((*LOOPBACK, host.lower()))
        return cls(names, host in WILDCARDS, token or secrets.token_urlsafe(32))

    def knows(self, authority: str) -> bool:
        """Whether a Host header names this workbench: other names come from DNS rebinding.

        >>> rules = Rules.for_address("127.0.0.1")
        >>> rules.knows("localhost:8000"), rules.knows("[::1]:8000"), rules.knows("evil.example")
        (True, True, False)
        """
        name = _host_of(authority)
        return name in self.hosts or (self.any_address and _is_address(name))


class Guard:
    """The application, reached only by requests that keep the rules."""

    def __init__(self, app: App, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        asked = Asked(scope)
        refused = self._refusal(asked)
        if refused is None and asked.ticket is not None:
            await _answer(send, 303, "", [(b"location", asked.without_ticket), _access(asked)])
            return
        if refused is not None:
            await _answer(send, *refused)
            return
        state = scope.setdefault("state", {})
        state["csrf"] = asked.cookies.get(CSRF) or secrets.token_urlsafe(24)
        state["nonce"] = secrets.token_urlsafe(16)
        sending = _Sending(send, asked, state)
        try:
            await self.app(scope, _bounded(receive, asked.most), sending)
        except TooLarge:
            if not sending.begun:
                await _answer(send, 413, "the body is too large")

    def _refusal(self, asked: Asked) -> tuple[int, str] | None:
        """Status and reason if a request may not be answered."""
        if not self.rules.knows(asked.headers.get("host", "")):
            return 421, "this workbench has another address"
        if asked.long:
            return 414, "the address is too long"
        if self.rules.token is not None and not asked.has(self.rules.token):
            return 401, "open the address with its token, as `treves serve` printed it"
        length = asked.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, "the length of the body is no number"
        if int(length[:20]) > asked.most:
            return 413, "the body is too large"
        if asked.method not in SAFE_METHODS and not asked.is_own():
            return 403, "this change was asked for by another page; reload and try again"
        return None


class Asked:
    """What a request says of itself."""

    def __init__(self, scope: Scope) -> None:
        self.headers = {
            k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]
        }
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.scheme: str = scope.get("scheme", "http")
        query = bytes(scope.get("query_string", b""))
        self.long = len(self.path) + len(query) > MAX_URL
        pairs = parse_qsl(query[:MAX_URL].decode("latin-1"), keep_blank_values=True)
        tickets = [value for name, value in pairs if name == "token"]
        get = self.method == "GET" and not self.path.startswith("/api")
        self.ticket: str | None = tickets[0] if tickets and get else None
        rest = urlencode([(name, value) for name, value in pairs if name != "token"])
        # Two slashes would be the address of another host.
        path = "/" + self.path.lstrip("/\\")
        quoted = "".join(c if 32 < ord(c) < 127 else "_" for c in path)
        self.without_ticket = (quoted + ("?" + rest if rest else "")).encode("ascii")
        self.cookies = _cookies(self.headers.get("cookie", ""))
        is_form = self.headers.get("content-type", "").lower().startswith("multipart/form-data")
        self.most = MAX_UPLOAD if is_form else MAX_BODY

    def has(self, token: str) -> bool:
        """Whether the request carries the token: in the address, a cookie, or a header."""
        scheme, _, bearer = self.headers.get("authorization", "").partition(" ")
        given = (self.ticket, self.cookies.get(ACCESS), bearer if scheme == "Bearer" else None)
        held = [value for value in given if value is not None]
        return any(hmac.compare_digest(value.encode(), token.encode()) for value in held)

    def is_own(self) -> bool:
        """Whether a change was asked for by a page of ours, or by a program and no page.

        A browser always says where a change comes from (Origin), and lets no other site add a
        header of its own without asking; the cookie is never sent along from another site.
        """
        if self.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = self.headers.get("origin")
        if origin is not None and origin != f"{self.scheme}://{self.headers.get('host', '')}":
            return False
        cookie, header = self.cookies.get(CSRF), self.headers.get(CSRF_HEADER)
        if origin is None:
            return header is not None
        if header is not None and cookie is not None:
            return hmac.compare_digest(header.encode(), cookie.encode())
        return cookie is not None or header is not None


class _Sending:
    """Sends the answer with the headers of the house."""

    def __init__(self, send: Send, asked: Asked, state: Scope) -> None:
        self.send, self.asked, self.state, self.begun = send, asked, state, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            message["headers"] = [*message.get("headers", ()), *self._own()]
        await self.send(message)

    def _own(self) -> list[tuple[bytes, bytes]]:
        policy = POLICY.format(nonce=self.state["nonce"]).encode()
        found = [*FIXED_HEADERS, (b"content-security-policy", policy)]
        if not self.asked.path.startswith("/static/"):
            found.append((b"cache-control", b"no-store"))
        if CSRF not in self.asked.cookies:
            cookie = f"{CSRF}={self.state['csrf']}; Path=/; SameSite=Strict"
            found.append((b"set-cookie", cookie.encode()))
        return found


def _access(asked: Asked) -> tuple[bytes, bytes]:
    """The token as a cookie, so that it does not stay in the address."""
    secure = "; Secure" if asked.scheme == "https" else ""
    value = f"{ACCESS}={asked.ticket}; Path=/; HttpOnly; SameSite=Strict; Max-Age={WEEK}{secure}"
    return b"set-cookie", value.encode("latin-1", "replace")


def _bounded(receive: Receive, most: int) -> Receive:
    """The same body, refused when more comes than was announced."""
    came = 0

    async def receive_some() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLarge
        return message

    return receive_some


async def _answer(
    send: Send, status: int, text: str, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    body = json.dumps({"error": text}).encode()
    policy = (b"content-security-policy", POLICY.format(nonce="none").encode())
    kind = (b"content-type", b"application/json")
    length = (b"content-length", str(len(body)).encode())
    every = [kind, length, (b"cache-control", b"no-store"), policy, *FIXED_HEADERS, *headers]
    await send({"type": "http.response.start", "status": status, "headers": every})
    await send({"type": "http.response.body", "body": body})


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: held.value for name, held in SimpleCookie(text).items()}
    except CookieError:
        return {}


def _host_of(authority: str) -> str:
    """The name in a Host header, without its port."""
    text = authority.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if text.count(":") == 1 else text


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
