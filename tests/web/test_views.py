"""Every view, light and dark, on a desk and on a phone: complete, quiet and within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser import axe_faults
from tests.web.bench import SIZES, faults_of, new_page, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VIEWS = (
    "reports",
    "claims",
    "parties?path=VVD.family_reunification.position&value=70",
    "deals?package=0",
    "endgame?worth=VVD.fall",
    "whatif?VVD.collapse=0.6",
    "sensitivity",
    "history",
    "models",
    "export",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_view_is_within_reach_of_all(
    browser: Browser, asylum: str, size: str, scheme: str
) -> None:
    page = new_page(browser, size, scheme)
    found = {}
    for view in VIEWS:
        page.goto(f"{asylum}/{view}")
        settled(page)
        assert page.locator("main h1").count() == 1
        assert page.locator("#head svg:visible").count() == 1, view
        found[view] = axe_faults(page)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{view} is {wider} pixels wider than its window"
    assert {view: faults for view, faults in found.items() if faults} == {}
    assert faults_of(page) == []
    page.context.close()


def test_the_first_screen_teaches_and_is_within_reach(browser: Browser, bench: str) -> None:
    for size in SIZES:
        page = new_page(browser, size)
        page.goto(bench)
        assert page.get_by_label("Paste a report").is_visible()
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []
        page.context.close()


def test_no_report_runs_as_markup(browser: Browser, bench: str) -> None:
    page = new_page(browser)
    page.goto(bench)
    page.get_by_label("What it is about").fill("<img src=x onerror=document.title='hit'>")
    text = "De VVD eist <script>document.title='hit'</script> een wet. <b>D66</b> weigert een wet."
    page.get_by_label("Paste a report").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url("**/d/**")
    page.wait_for_selector(".text")
    settled(page)
    assert "<script>document.title='hit'</script>" in page.locator(".text").inner_text()
    assert page.locator(".text script, .text b, #top img").count() == 0
    assert "hit" not in page.title().replace("='hit'", "")
    assert faults_of(page) == []
    page.context.close()
