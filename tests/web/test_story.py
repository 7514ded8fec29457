"""The whole story in a browser: read, correct, edit, see the deal, ask what if, take it along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.bench import faults_of, new_page, settled

from treves.catalogue import folder, sources_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CASE = folder("asylum") / "case.yaml"


def seed() -> str:
    """The report that the asylum example was made from, in our own words."""
    return sources_of(folder("asylum"))[0].text


def begin(page: Page, bench: str) -> None:
    """A dossier from the case file of the example, and the seed pasted into it."""
    page.goto(bench)
    page.get_by_text("Begin from a case file").click()
    page.get_by_label("A case file").set_input_files(str(CASE))
    page.get_by_role("button", name="Open it").click()
    page.wait_for_url("**/parties**")
    page.get_by_role("link", name="Reports", exact=True).click()
    page.wait_for_selector("h1:has-text('What has been written?')")
    page.get_by_label("Paste a report").fill(seed())
    page.get_by_role("button", name="Read it").click()
    page.wait_for_selector("table[data-x], .scroll a")
    settled(page)
    page.get_by_role("link", name="Claims", exact=True).click()
    page.wait_for_selector("a.mark")


def reviewed(page: Page) -> int:
    """How many claims of the report were reviewed, as the page says it."""
    found = re.search(r"(\d+) of \d+ reviewed", page.locator("#view").inner_text())
    assert found is not None
    return int(found.group(1))


def strip(page: Page) -> str:
    """The odds on top, in words."""
    return page.locator("#head .wide svg desc").text_content() or ""


def test_from_a_pasted_report_to_an_exported_page(browser: Browser, bench: str) -> None:
    page = new_page(browser)
    begin(page, bench)

    # two claims: one corrected, one rejected
    page.get_by_text("Correct it (e)").click()
    page.get_by_label("Stance").select_option("oppose")
    page.get_by_role("button", name="Save the correction").click()
    page.wait_for_selector("#notice:has-text('corrected')")
    assert "was read as" in page.locator("#evidence").inner_text()
    page.get_by_role("button", name="Reject (x)").click()
    page.wait_for_selector("#notice:has-text('rejected')")
    assert reviewed(page) >= 1

    # a number, with a reason
    page.get_by_role("link", name="Parties", exact=True).click()
    cell = page.locator("[id='n-VVD.family_reunification.accepts']")
    cell.fill("20 to 100")
    cell.press("Enter")
    page.wait_for_selector("#evidence:has-text('If saved')")
    before = strip(page)
    page.get_by_label("Reason").fill("said so in the corridor")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("#notice:has-text('edited')")
    settled(page)
    assert cell.input_value() == "20 to 100"
    assert "said so in the corridor" in page.locator("#evidence").inner_text()
    assert strip(page) != before

    # the deal and the odds
    page.get_by_role("link", name="Deals", exact=True).click()
    page.wait_for_selector("table.packages")
    page.locator("table.packages tbody a").first.click()
    page.wait_for_selector("#evidence:has-text('This package')")
    page.get_by_role("link", name="Endgame", exact=True).click()
    page.wait_for_selector("h2:has-text('What each ending is worth')")
    page.locator("#view table a").first.click()
    page.wait_for_selector("#evidence:has-text('of 100')")

    # what if
    page.get_by_role("link", name="What if", exact=True).click()
    slider = page.locator("input[type=range]").first
    told = page.locator("#odds").inner_text()
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    page.wait_for_function("was => document.querySelector('#odds').innerText !== was", arg=told)
    page.wait_for_url("**/whatif?**")
    page.get_by_label("Name").fill("further along")
    page.get_by_role("button", name="Save as a scenario").click()
    page.wait_for_selector(".saved a:has-text('further along')")

    # the page to take along
    page.get_by_role("link", name="Export", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download The page").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "<script" not in text
    assert faults_of(page) == []
    page.context.close()


def test_the_whole_story_without_a_mouse(browser: Browser, asylum: str) -> None:
    page = new_page(browser)
    page.goto(f"{asylum}/claims")
    settled(page)
    first = page.locator("#evidence h2").inner_text()
    page.keyboard.press("j")
    page.wait_for_function(
        "was => document.querySelector('#evidence h2').innerText !== was", arg=first
    )
    page.keyboard.press("k")
    page.wait_for_function(
        "was => document.querySelector('#evidence h2').innerText === was", arg=first
    )
    before = reviewed(page)
    page.keyboard.press("c")
    page.wait_for_selector("#notice:has-text('confirmed')")
    assert reviewed(page) == before + 1
    page.keyboard.press("u")
    page.wait_for_selector("#notice:has-text('taken back')")
    assert reviewed(page) == before
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "actor"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('#evidence')") is None
    page.keyboard.press("?")
    assert page.locator("#help").get_attribute("open") is not None

    page.goto(f"{asylum}/parties")
    settled(page)
    page.locator("[id='n-VVD.family_reunification.position']").focus()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.id")
    assert focused.endswith(".family_reunification.position")
    assert not focused.startswith("n-VVD")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("seventy")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-invalid]")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    page.keyboard.press("Control+A")
    page.keyboard.type("71")
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence:has-text('If saved')")
    assert page.evaluate("document.activeElement.id") == "why"
    page.keyboard.type("heard it myself")
    page.keyboard.press("Enter")
    page.wait_for_selector("#notice:has-text('edited')")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#view").focus()
    page.keyboard.press("u")
    page.wait_for_selector("#notice:has-text('taken back')")
    assert faults_of(page) == []
    page.context.close()


def test_two_people_see_each_others_changes(browser: Browser, asylum: str) -> None:
    mine, theirs = new_page(browser), new_page(browser)
    for page in (mine, theirs):
        page.goto(f"{asylum}/claims")
        settled(page)
    before = reviewed(theirs)
    mine.keyboard.press("c")
    mine.wait_for_selector("#notice:has-text('confirmed')")
    words = f"{before + 1} of"
    theirs.wait_for_function(
        "words => document.querySelector('#view').innerText.includes(words)", arg=words
    )
    mine.keyboard.press("u")
    mine.wait_for_selector("#notice:has-text('taken back')")
    for page in (mine, theirs):
        assert faults_of(page) == []
        page.context.close()


def test_a_reload_loses_nothing(browser: Browser, asylum: str) -> None:
    page = new_page(browser)
    page.goto(f"{asylum}/whatif?VVD.collapse=0.6")
    settled(page)
    told = page.locator("#odds").inner_text()
    page.reload()
    settled(page)
    assert page.locator("#odds").inner_text() == told
    assert page.locator("#sliders [name='VVD.collapse']").input_value() == "0.6"
    page.context.close()


def test_a_dot_is_dragged_and_asks_for_a_reason(browser: Browser, asylum: str) -> None:
    page = new_page(browser)
    page.goto(f"{asylum}/parties")
    settled(page)
    dot = page.locator(".wide [data-path='VVD.family_reunification.position'] circle").first
    box = dot.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    page.mouse.up()
    page.wait_for_selector("#evidence:has-text('If saved')")
    assert page.evaluate("document.activeElement.id") == "why"
    assert faults_of(page) == []
    page.context.close()


def test_it_works_without_a_script(browser: Browser, asylum: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{asylum}/claims")
    page.get_by_role("button", name="Confirm (c)").click()
    assert "confirmed" in page.locator("#notice").inner_text()
    page.get_by_role("button", name="Undo (u)").click()
    assert "taken back" in page.locator("#notice").inner_text()
    context.close()
