"""A workbench on a free port and a browser in front of it, for tests of the pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from treves.web.app import build
from treves.web.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The first forecast of a process compiles; a busy machine takes its time.
PATIENCE_MS = 120_000
SIZES = {"wide": (1280, 900), "phone": (390, 800)}


@contextmanager
def open_workbench(place: Path) -> Iterator[str]:
    """The address of a workbench that keeps its dossiers in a folder."""
    desk = Desk(place)
    desk.warm()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(build(desk), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def new_page(browser: Browser, size: str = "wide", scheme: str = "light") -> Page:
    """A page of its own that fails its test when anything is refused by the policy or thrown."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda m: faults.append(m.text) if "Content Security Policy" in m.text else None,
    )
    page.faults = faults  # type: ignore[attr-defined]
    return page


def faults_of(page: Page) -> list[str]:
    """What the browser refused or threw on a page since it was opened."""
    return list(page.faults)  # type: ignore[attr-defined]


def settled(page: Page) -> None:
    """Wait until nothing is loading and no job is under way."""
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("[data-job]", state="detached")
    page.wait_for_selector("html[aria-busy]", state="detached")
