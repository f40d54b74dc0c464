"""The menus at the head of a page: opened and closed by keyboard, by a press beside them, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from choir_app.foundation.database import db
from tests import makers
from tests.browser.conftest import Browse


@pytest.mark.parametrize("name", ["Meny", "Språk"])
def test_esc_closes_a_menu_and_gives_the_focus_back(browse: Browse, name: str) -> None:
    page = browse(width=390)
    page.goto("/")
    menu = page.locator(".site-header details.menu").filter(has=page.locator("summary", has_text=name))
    summary = menu.locator("summary")
    summary.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_a_press_beside_it_closes_a_menu_and_does_what_it_does(browse: Browse) -> None:
    page = browse(width=390)
    page.goto("/")
    menus = page.locator("details.menu[open]")
    page.locator("summary", has_text="Meny").click()
    expect(menus).to_have_count(1)
    page.mouse.click(4, 500)
    expect(menus).to_have_count(0)
    page.locator("summary", has_text="Meny").click()
    page.locator("summary", has_text="Språk").click()
    expect(menus).to_have_count(1)
    expect(menus.locator("summary")).to_have_text("Språk")


def test_who_tabs_on_past_the_last_link_closes_it(browse: Browse) -> None:
    manager = makers.a_manager()
    db.session.commit()
    page = browse(manager, width=1280)
    page.goto("/laget")
    menu = page.locator(".rail details.menu")
    menu.locator("summary").press("Enter")
    menu.locator("a").last.focus()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(menu).not_to_have_attribute("open", "")


def test_without_javascript_they_open_and_close(browse: Browse) -> None:
    page = browse(width=390, javascript=False)
    page.goto("/")
    summary = page.locator("summary", has_text="Meny")
    summary.press("Enter")
    expect(page.get_by_role("navigation", name="Meny").get_by_role("link").first).to_be_visible()
    summary.press("Enter")
    expect(page.locator("details.menu[open]")).to_have_count(0)
