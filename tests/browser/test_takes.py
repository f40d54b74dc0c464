"""«Vad krävs?»: the sum follows the day on the slider without a reload; without JavaScript the field says the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, axe, scrolls_sideways, until

MANAGER = "karin@example.org"
TAKES = "/finansiering/vad-kravs"


def answer(page: Page) -> str:
    """The sum that it takes, as it can be read."""
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_sum_follows_the_day(browse: Browse, width: int) -> None:
    page = browse(MANAGER, width=width)
    page.goto(TAKES)
    before = answer(page)
    page.evaluate("document.body.dataset.stays = 'yes'")
    slider = page.get_by_role("slider", name="Finansierad till och med")
    slider.focus()
    slider.press("End")
    until(page, lambda: answer(page) != before)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d+ \w+ \d{4}$"))
    day = page.get_by_label("Finansierad till och med").and_(page.locator("input[type=date]"))
    until(page, lambda: f"till={day.input_value()}" in page.url)
    expect(page.locator("[data-part=said]")).to_have_text(answer(page))
    assert page.title().startswith(answer(page))
    assert page.evaluate("document.body.dataset.stays") == "yes"
    assert not scrolls_sideways(page)
    axe(page)
    told = answer(page)
    page.reload()
    assert answer(page) == told


def test_the_slider_follows_the_field_and_the_choir(browse: Browse) -> None:
    page = browse(MANAGER)
    page.goto(TAKES)
    slider = page.get_by_role("slider", name="Finansierad till och med")
    begin = slider.input_value()
    page.locator("input[name=till]").fill("2027-09-30")
    page.locator("input[name=till]").blur()
    until(page, lambda: "2027-09-30" in page.url)
    assert slider.input_value() != begin
    page.get_by_label("Kör", exact=True).select_option(label="Boden")
    until(page, lambda: "Boden" in answer(page))


def test_without_javascript_the_field_says_the_same(browse: Browse) -> None:
    told = []
    for javascript in (True, False):
        page = browse(MANAGER, width=390, javascript=javascript)
        page.goto(TAKES)
        before = answer(page)
        page.locator("input[name=till]").fill("2027-12-31")
        if javascript:
            page.locator("input[name=till]").blur()
        else:
            expect(page.get_by_role("slider")).to_have_count(0)
            page.get_by_role("button", name="Räkna").first.click()
        until(page, lambda page=page, before=before: answer(page) != before)
        told.append(answer(page))
    assert told[0] == told[1]
