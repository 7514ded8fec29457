"""What is refused before any page or endpoint is reached."""

from __future__ import annotations

import pytest
from starlette.websockets import WebSocketDisconnect
from tests.web.asking import ASYLUM, HOME, PROGRAM, Client, client_of

from treves.errors import InputError
from treves.web.desk import Desk
from treves.web.guard import MAX_BODY, Rules

UNDO = f"{ASYLUM}/undo"
BODY = {"by": "nobody"}
OWN = {"Origin": HOME, "Cookie": "treves_csrf=abc"}
EVIL = "http://evil.example"


@pytest.fixture
def bare(desk: Desk):
    """A browser: no header of a program is added."""
    with client_of(desk, headers={}) as opened:
        yield opened


def test_other_names_are_refused_as_after_dns_rebinding(client: Client) -> None:
    for name in ("evil.example", "evil.example:8723", "127.0.0.1.evil.example", "", "[::2]"):
        assert client.get("/api/dossiers", headers={"Host": name}).status_code == 421, name
    for name in ("localhost:8723", "127.0.0.1", "[::1]:8723", "LOCALHOST"):
        assert client.get("/api/dossiers", headers={"Host": name}).status_code == 200, name


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": "treves_csrf=abc"},
        {"Origin": EVIL, "Cookie": "treves_csrf=abc"},
        {"Origin": "null", "Cookie": "treves_csrf=abc"},
        {"Origin": "http://127.0.0.1:9999", "Cookie": "treves_csrf=abc"},
        {"Origin": "https://127.0.0.1:8723", "Cookie": "treves_csrf=abc"},
        {"Origin": HOME},
        {"Sec-Fetch-Site": "cross-site", **OWN},
        {"Sec-Fetch-Site": "same-site", **OWN},
        {"Origin": EVIL, "X-Treves-CSRF": "abc", "Cookie": "treves_csrf=abc"},
        {"X-Treves-CSRF": "other", **OWN},
    ],
)
def test_a_change_asked_for_by_another_page_is_refused(
    bare: Client, headers: dict[str, str]
) -> None:
    assert bare.post(UNDO, json=BODY, headers=headers).status_code == 403
    assert bare.delete("/api/jobs/1", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        OWN,
        {"Sec-Fetch-Site": "same-origin", **OWN},
        {"X-Treves-CSRF": "abc", "Cookie": "treves_csrf=abc"},
        PROGRAM,
    ],
)
def test_a_change_asked_for_by_our_page_or_a_program_is_taken(
    bare: Client, headers: dict[str, str]
) -> None:
    # There is nothing to undo: that it says so shows that it was asked.
    assert bare.post(UNDO, json=BODY, headers=headers).status_code == 422


def test_a_form_of_another_kind_cannot_be_sent_as_json(bare: Client) -> None:
    sent = {**OWN, "Content-Type": "text/plain"}
    assert bare.post(UNDO, content=b'{"by": "x"}', headers=sent).status_code == 422


def test_every_answer_has_the_headers_of_the_house(bare: Client) -> None:
    answers = [
        bare.get("/api/dossiers"),
        bare.get("/api/dossiers/none/claims"),
        bare.get("/api/dossiers", headers={"Host": "evil.example"}),
        bare.post(UNDO, json=BODY),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
    cookie = answers[0].headers["set-cookie"]
    assert "SameSite=Strict" in cookie


def test_no_other_site_is_ever_allowed_to_read(bare: Client) -> None:
    asked = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    answer = bare.options(UNDO, headers=asked)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.status_code == 405


def test_another_address_demands_a_token(desk: Desk) -> None:
    rules = Rules.for_address("0.0.0.0")
    token = rules.token
    assert token is not None
    with client_of(desk, rules) as client:
        host = {"Host": "192.168.1.7:8723"}
        asked = {**host, "Authorization": f"Bearer {token}"}
        assert client.get("/api/dossiers", headers=host).status_code == 401
        assert client.get("/static/none.js", headers=host).status_code == 401
        wrong = {**host, "Authorization": f"Bearer {token[:-1]}"}
        assert client.get("/api/dossiers", headers=wrong).status_code == 401
        odd = {**host, "Authorization": "Bearer é".encode()}
        assert client.get("/api/dossiers", headers=odd).status_code == 401
        assert client.get("/api/dossiers", headers=asked).status_code == 200
        named = {**asked, "Host": "evil.example"}
        assert client.get("/api/dossiers", headers=named).status_code == 421
        first = client.get(f"/d/x?token={token}&a=1", headers=host, follow_redirects=False)
        assert (first.status_code, first.headers["location"]) == (303, "/d/x?a=1")
        cookie = first.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        held = {**host, "Cookie": cookie.partition(";")[0]}
        assert client.get("/api/dossiers", headers=held).status_code == 200


def test_a_token_in_the_address_leads_to_no_other_site(desk: Desk) -> None:
    rules = Rules.for_address("127.0.0.1", "a-token-of-enough-letters")
    with client_of(desk, rules) as client:
        for path in ("//evil.example/", "/\\evil.example", "/%0d%0aSet-Cookie:x=1"):
            url = f"{HOME}{path}?token={rules.token}"
            answer = client.get(url, follow_redirects=False)
            assert answer.status_code == 303
            place = answer.headers["location"]
            assert place.startswith("/")
            assert not place.startswith(("//", "/\\"))
            assert "\r" not in place


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(InputError, match="can be guessed"):
        Rules.for_address("0.0.0.0", "short")


def test_bodies_and_addresses_are_bounded(client: Client) -> None:
    big = b" " * (MAX_BODY + 1)
    kind = {"Content-Type": "application/json"}
    assert client.post(UNDO, content=big, headers=kind).status_code == 413
    # Without a length, as it comes in.
    pieces = (b" " * 100_000 for _ in range(40))
    assert client.post(UNDO, content=pieces, headers=kind).status_code in (400, 413)
    for length in ("-1", "1e3", "9" * 30):
        told = {**kind, "Content-Length": length}
        assert client.post(UNDO, content=b"{}", headers=told).status_code in (400, 413)
    assert client.get("/api/dossiers?" + "x" * 9000).status_code == 414


def test_no_websocket_is_answered(client: Client) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws"):
        pass
