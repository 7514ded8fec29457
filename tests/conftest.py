"""Fixtures that several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser import open_chromium

from treves import catalogue
from treves.case.model import Case

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def asylum() -> Case:
    """The defining example: the Dutch cabinet's asylum package, 6 July 2023."""
    return catalogue.load_example("asylum")


# Not for the whole session: playwright keeps an event loop running in the thread of the tests.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with open_chromium() as browser:
        yield browser
