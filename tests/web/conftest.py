"""One browser for all tests of pages, and one workbench with the asylum example in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser import open_chromium
from tests.web.bench import new_page, open_workbench, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with open_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def bench(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """Address of a workbench that is empty when the session begins."""
    with open_workbench(tmp_path_factory.mktemp("dossiers")) as address:
        yield address


@pytest.fixture(scope="session")
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
