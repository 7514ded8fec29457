"""Asking the workbench in a test, as a program at the same machine does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient

from treves.catalogue import folder, load_example, sources_of
from treves.web.app import build
from treves.web.desk import Desk
from treves.web.guard import Rules

Client = TestClient
HOME = "http://127.0.0.1:8723"
PROGRAM = {"X-Treves-CSRF": "test"}
ASYLUM = "/api/dossiers/asylum"
CU = "CU.family_reunification.accepts"


@contextmanager
def client_of(
    desk: Desk, rules: Rules | None = None, headers: dict[str, str] | None = None
) -> Iterator[TestClient]:
    """A client of the guarded application that keeps no cookies of its own."""
    held = PROGRAM if headers is None else headers
    client = TestClient(build(desk, rules), base_url=HOME, headers=held)
    client.cookies.jar.set_policy(_NoCookies())
    yield client


class _NoCookies:
    """A program does not keep cookies."""

    rfc2965 = netscape = hide_cookie2 = False

    def set_ok(self, *_: object) -> bool:
        return False

    def return_ok(self, *_: object) -> bool:
        return False

    def domain_return_ok(self, *_: object) -> bool:
        return False

    def path_return_ok(self, *_: object) -> bool:
        return False


def begin_asylum(desk: Desk) -> None:
    """The asylum case with its reports, read; without the forecast, which takes long."""
    desk.shelf.begin("asylum", "test", load_example("asylum"))
    room = desk.shelf.table("asylum").room
    for source in sources_of(folder("asylum")):
        room.add(source, "test")
