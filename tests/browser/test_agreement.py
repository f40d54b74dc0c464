"""A manager adds an agreement and sees the date move; the pages about money are for all eyes and hands."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, axe, scrolls_sideways

MANAGER = "karin@example.org"
DAY = re.compile(r"[0-9]{1,2} [a-zåäö]+ 20[0-9]{2}")

PAGES = [
    "/finansiering/prognos",
    "/finansiering/avtal",
    "/finansiering/avtal/nytt",
    "/finansiering/kostnader",
    "/finansiering/kostnader/ny",
    "/finansiering/kassan",
    "/finansiering/kor/boden",
    "/partner",
    "/partner/ny",
    "/partner/bodenbo",
    "/partner/bodenbo/nasta-steg",
    "/partner/bodenbo/kontakter/ny",
]


def date_of_boden(page: Page) -> str:
    """Until when Boden is financed, as the table says."""
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Boden", exact=True)).first
    found = DAY.search(row.inner_text())
    assert found
    return found.group()


def fill_in(page: Page) -> None:
    """A new agreement for Boden of 40,000 kr."""
    page.get_by_label("Partner", exact=True).select_option(label="Bodenbo")
    page.get_by_label("Vad gäller avtalet?").fill("Mer sång i Boden")
    page.get_by_label("Belopp i kronor, i allt").fill("40 000")
    page.get_by_label("Gäller från").fill("2026-06-01")
    page.get_by_label("Gäller till").fill("2028-12-31")
    page.get_by_text("Vissa körer").click()
    page.get_by_role("group", name="Körer", exact=True).get_by_text("Boden").click()


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (390, True), (390, False)])
def test_a_manager_adds_an_agreement_and_sees_the_date_move(
    browse: Browse, width: int, javascript: bool
) -> None:
    page = browse(MANAGER, width=width, javascript=javascript)
    page.goto("/finansiering/prognos")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pengarna räcker")
    old = date_of_boden(page)
    page.get_by_role("link", name="Avtal", exact=True).click()
    page.get_by_role("link", name="Nytt avtal").click()
    fill_in(page)
    page.get_by_role("button", name="Spara avtalet").click()
    notice = page.locator("main [role=status]")
    expect(notice).to_contain_text("Avtalet är sparat.")
    expect(notice).to_contain_text("Boden är nu finansierad")
    expect(notice).to_contain_text(f"förut till {old}")
    told = DAY.findall(notice.inner_text())[0]
    page.goto("/finansiering/prognos")
    new = date_of_boden(page)
    assert new == told != old
    expect(notice).to_have_count(0)


def test_what_was_typed_is_kept_when_something_is_missing(browse: Browse) -> None:
    page = browse(MANAGER)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    page.goto("/finansiering/avtal/nytt")
    fill_in(page)
    page.get_by_label("Belopp i kronor, i allt").fill("fyrtio tusen")
    page.get_by_role("button", name="Spara avtalet").click()
    expect(page.get_by_role("alert")).to_contain_text("Rätta 1 sak")
    expect(page.get_by_label("Belopp i kronor, i allt")).to_have_value("fyrtio tusen")
    expect(page.get_by_label("Vad gäller avtalet?")).to_have_value("Mer sång i Boden")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Belopp i kronor, i allt")).to_be_focused()


def test_only_the_places_that_are_needed_are_asked_for(browse: Browse) -> None:
    page = browse(MANAGER)
    page.goto("/finansiering/avtal/nytt")
    choirs, towns = (
        page.get_by_role("group", name="Körer", exact=True),
        page.get_by_role("group", name="Orter", exact=True),
    )
    expect(choirs).to_be_hidden()
    page.get_by_text("Alla körer på en ort").click()
    expect(towns).to_be_visible()
    expect(choirs).to_be_hidden()
    page.get_by_text("Alla körer", exact=True).click()
    expect(towns).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browse: Browse, theme: Literal["light", "dark"]) -> None:
    for width in (390, 1280):
        page = browse(MANAGER, width=width, theme=theme)
        for path in PAGES:
            page.goto(path)
            assert not scrolls_sideways(page), f"{path} at {width}"
            axe(page)


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_no_page_is_wider_than_its_window(browse: Browse, width: int) -> None:
    page = browse(MANAGER, width=width)
    for path in PAGES:
        page.goto(path)
        assert not scrolls_sideways(page), path


def test_a_leader_sees_her_choirs_date_and_no_sums(browse: Browse) -> None:
    page = browse("elin@example.org")
    page.goto("/finansiering/kor/boden")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boden")
    assert not re.search(r"\d\s*kr\b", page.inner_text("main"))
    axe(page)
