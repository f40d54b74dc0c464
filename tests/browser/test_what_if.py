"""«Tänk om …»: the answer follows the slider without a reload; without JavaScript the same form says the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, axe, scrolls_sideways, until

MANAGER = "karin@example.org"
TRY = "/finansiering/tank-om"


def answer(page: Page) -> str:
    """The answer with the changes, as it can be read."""
    return page.locator("[data-part=answer] h2").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_answer_follows_what_is_tried(browse: Browse, width: int) -> None:
    page = browse(MANAGER, width=width)
    page.goto(TRY)
    before = answer(page)
    page.evaluate("document.body.dataset.stays = 'yes'")
    slider = page.get_by_role("slider", name="Kronor i månaden").first
    slider.focus()
    slider.press("End")
    until(page, lambda: answer(page) != before)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("kronor i månaden"))
    assert page.get_by_role("textbox", name="Kronor i månaden").first.input_value() == slider.input_value()
    until(page, lambda: "ny=" in page.url)
    expect(page.locator("[data-part=said]")).to_contain_text(answer(page))
    assert page.evaluate("document.body.dataset.stays") == "yes"
    told = answer(page)
    page.reload()
    assert answer(page) == told


def test_without_javascript_the_form_says_the_same(browse: Browse) -> None:
    told = []
    for javascript in (True, False):
        page = browse(MANAGER, width=390, javascript=javascript)
        page.goto(TRY)
        before = answer(page)
        page.get_by_role("textbox", name="Kronor i månaden").first.fill("30 000")
        if not javascript:
            expect(page.get_by_role("slider")).to_have_count(0)
            page.get_by_role("button", name="Räkna").click()
        until(page, lambda page=page, before=before: answer(page) != before)
        told.append(answer(page))
    assert told[0] == told[1]


def test_a_plan_is_kept_and_passed_on(browse: Browse) -> None:
    page = browse(MANAGER)
    page.goto(TRY)
    before = answer(page)
    page.get_by_role("textbox", name="Kronor i månaden").first.fill("12500")
    until(page, lambda: answer(page) != before)
    told = answer(page)
    until(page, lambda: "ny=12500" in page.url)
    page.get_by_role("link", name="Spara som plan").click()
    page.get_by_label("Vad heter planen?").fill("En finansiär till")
    page.get_by_role("button", name="Spara planen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("En finansiär till")
    assert answer(page) == told
    other = browse("astrid@example.org")
    other.goto(page.url)
    assert answer(other) == told
    other.get_by_role("textbox", name="Kronor i månaden").first.fill("40000")
    until(other, lambda: "ny=40000" in other.url and "sedd=" in other.url)
    expect(other.get_by_role("img", name="Vem betalar för Boden")).to_be_visible()
    kept = other.locator("what-if > [data-part=answer]")
    expect(kept).to_have_css("position", "sticky")
    other.set_viewport_size({"width": 390, "height": 640})
    expect(kept).to_have_css("position", "static")  # or there is no room left for what is tried
    other.get_by_role("button", name="Spara planen").click()
    expect(other.get_by_role("status").filter(has_text="Planen är sparad.")).to_be_visible()
    saved = answer(other)
    page.reload()
    assert answer(page) == saved != told


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        TRY,
        f"{TRY}?ny=20000&ny_for=alla&ny_fran=2026-09-01&ny_till=2027-06-30&kostnad=10&kostnad_fran=2026-09-01",
        f"{TRY}/spara?kor=boden&kor_fran=2026-09-01",
        "/finansiering/planer",
        "/finansiering/traffsakerhet",
    ],
)
def test_for_all_eyes_and_hands(browse: Browse, path: str, width: int) -> None:
    page = browse(MANAGER, width=width)
    page.goto(path)
    axe(page)
    assert not scrolls_sideways(page)
