"""What the tests of the workbench share: a desk, clients that ask it, a browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import open_chromium
from tests.web.asking import Client, begin_asylum, client_of
from tests.web.bench import new_page, open_workbench, settled

from treves.web.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def asylum_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a dossier with the asylum case, its reports, and no forecast yet."""
    folder = tmp_path_factory.mktemp("asylum")
    desk = Desk(folder)
    begin_asylum(desk)
    desk.close()
    return (folder / "asylum.db").read_bytes()


@pytest.fixture
def desk(tmp_path: Path, asylum_file: bytes) -> Iterator[Desk]:
    """A desk on a folder with one dossier, ``asylum``."""
    (tmp_path / "asylum.db").write_bytes(asylum_file)
    opened = Desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(desk: Desk) -> Iterator[Client]:
    """A program that asks the guarded workbench."""
    with client_of(desk) as opened:
        yield opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # closed with the package: a second one cannot be opened beside it
    with open_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="package")
def bench(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """Address of a workbench that is empty when the session begins."""
    with open_workbench(tmp_path_factory.mktemp("dossiers")) as address:
        yield address


@pytest.fixture(scope="package")
def asylum(browser: Browser, bench: str) -> str:
    """Address of a dossier with the asylum example, read and forecast."""
    page = new_page(browser)
    page.goto(bench)
    page.locator("#examples button", has_text="(the seed report)").first.click()
    page.wait_for_url("**/d/**")
    page.wait_for_selector("a.mark")
    settled(page)
    address = page.url.split("/claims")[0]
    page.context.close()
    return address
