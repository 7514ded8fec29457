"""Debian's Chromium for tests of pages, and axe-core to look for faults of access in them.

Tests that use these skip where Chromium or axe-core is not installed; `.ci/run` installs both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
# Where `make browser` puts the packages of node.
MODULES = Path(os.environ.get("TREVES_NODE", ROOT / "build" / "npm")) / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
# Without these Chromium looks for hosts of its maker, which no test should do.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Chromium without a window; skips where it or playwright is absent."""
    program = shutil.which("chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if program is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def axe_faults(page: Page) -> list[tuple[str, str, str]]:
    """Serious and critical faults that axe-core finds: impact, rule, first element at fault."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make browser")
    # evaluated through the debugger, so that the policy of the page stays as strict as it is
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document)")
    return [
        (fault["impact"], fault["id"], fault["nodes"][0]["html"][:200])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
