"""The page as a browser shows it: no fault of access, nothing cut off, no request, opens at once.

Skips where Chromium, axe-core or html-validate is absent (tests/browser.py); CI has them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser import MODULES, axe_faults
from tests.report.cases import hostile_case, large_case

from treves import catalogue
from treves.case.model import Case
from treves.forecast.run import run
from treves.forecast.story import tell
from treves.reading import read
from treves.reading.marked import mark
from treves.report.page import to_html
from treves.report.reading_view import view_of
from treves.report.summary import Summary, summarise

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULES = {"extends": ["html-validate:standard"], "rules": {"long-title": "off"}}
# Every text of every drawing that is seen and leaves its drawing, or lies on another text.
CUT_OFF = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    if (!svg.getClientRects().length) continue;
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]);
    for (const [t, r] of texts) {
      if (r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1)
        found.push('cut off: ' + t.textContent);
      for (const [u, s] of texts) {
        const wide = Math.min(r.right, s.right) - Math.max(r.left, s.left);
        const high = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
        if (t !== u && wide > 2 && high > 5) found.push(t.textContent + ' on ' + u.textContent);
      }
    }
  }
  return found;
}"""


def whole(case: Case, lang: str = "en") -> Summary:
    """The page with every section it can have."""
    forecast = run(case, draws=256)
    source = catalogue.sources_of(catalogue.folder("asylum"))[0]
    found = read(source)
    views = [view_of(source, found.claims, mark(found), lang)]
    return summarise(case, forecast, lang, [forecast], tell(case, draws=128), views)


@pytest.fixture(scope="module")
def pages(asylum: Case, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    large = large_case()
    made = {
        "en": whole(asylum),
        "nl": whole(asylum, "nl"),
        "hostile": whole(hostile_case(asylum)),
        "large": summarise(large, run(large, draws=64)),
    }
    for name, summary in made.items():
        (folder / f"{name}.html").write_text(to_html(summary), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@contextmanager
def opened(browser: Browser, file: Path, width: int, scheme: Any = "light") -> Iterator[Page]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    assert asked == [file.as_uri()]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["en", "nl"])
def test_axe_finds_no_serious_fault(
    chromium: Browser, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    with opened(chromium, pages[name], width, scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert axe_faults(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["en", "nl", "hostile", "large"])
def test_nothing_is_cut_off(
    chromium: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    with opened(chromium, pages[name], width) as page:
        assert page.evaluate(CUT_OFF) == []
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_large_page_opens_within_a_second(chromium: Browser, pages: dict[str, Path]) -> None:
    with opened(chromium, pages["en"], 1280):
        begin = time.perf_counter()
        with opened(chromium, pages["large"], 1280) as page:
            page.evaluate("document.body.getBoundingClientRect().height")
            assert time.perf_counter() - begin < 1.0


def test_print_opens_what_is_folded(chromium: Browser, pages: dict[str, Path]) -> None:
    with opened(chromium, pages["en"], 1280) as page:
        page.emulate_media(media="print")
        assert page.locator("table.cards").first.is_visible()
        assert not page.locator(".skip").is_visible()


@pytest.mark.parametrize("name", ["en", "nl", "hostile", "large"])
def test_the_html_is_valid(pages: dict[str, Path], tmp_path: Path, name: str) -> None:
    tool = MODULES / ".bin" / "html-validate"
    if not tool.exists() or shutil.which("node") is None:
        pytest.skip("html-validate is not installed: make browser")
    rules = tmp_path / ".htmlvalidate.json"
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    done = subprocess.run(
        [str(tool), "--config", str(rules), "--formatter", "text", str(pages[name])],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
