"""News by mail in a browser: asked for by keyboard alone, said yes to from the letter, stopped."""

import re
import shutil
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.news.models import Subscriber
from tests.browser.conftest import Browse, LiveHouse, axe, scrolls_sideways, until

EMAIL = "amal.ny@example.org"


def state() -> str | None:
    """Where the subscription stands; nobody who writes waits for the answer."""
    row = db.session.scalar(select(Subscriber).where(Subscriber.email == EMAIL))
    found = row.state if row else None
    db.session.rollback()
    return found


def link_in_outbox(live: LiveHouse) -> str:
    """The address in the letter to EMAIL."""
    for file in (live.app.config["DATA_FOLDER"] / "outbox").glob("*.eml"):
        text = file.read_bytes().decode("utf-8", "replace").replace("=\r\n", "")
        if EMAIL in text and (found := re.search(r"https?://[^/\s]+(/nyheter/mejl/[^\s]+)", text)):
            return found.group(1)
    return ""


def looks_right(page: Page) -> None:
    axe(page)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_asked_for_and_said_yes_to_by_keyboard_and_stopped(
    browse: Browse, live: LiveHouse, width: int, theme: Literal["light", "dark"]
) -> None:
    shutil.rmtree(live.app.config["DATA_FOLDER"] / "outbox", ignore_errors=True)  # letters of the test before
    page = browse(width=width, theme=theme, javascript=width != 390)
    page.goto("/nyheter")
    field = page.get_by_label("Få nyheter med mejl: skriv din mejladress")
    field.focus()
    expect(field).to_be_focused()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Titta i din mejl")).to_be_visible()
    if width != 390:
        looks_right(page)
    until(page, lambda: bool(link_in_outbox(live)))
    assert state() == "asked"
    page.goto(link_in_outbox(live))
    if width != 390:
        looks_right(page)
    yes = page.get_by_role("button", name="Ja, skicka nyheter")
    yes.focus()
    expect(yes).to_be_focused()
    page.keyboard.press("Enter")
    until(page, lambda: state() == "active")
    expect(page.get_by_role("heading", level=1, name="Dina nyheter med mejl")).to_be_visible()
    if width != 390:
        looks_right(page)
    page.get_by_role("link", name="Sluta få nyheter").click()
    stop = page.get_by_role("button", name="Sluta få nyheter")
    expect(stop).to_be_visible()
    assert state() == "active"
    stop.click()
    until(page, lambda: state() == "stopped")
    expect(page.get_by_role("heading", level=1, name="Du får inga fler nyheter med mejl")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_hold(browse: Browse, theme: Literal["light", "dark"]) -> None:
    page = browse("eva@example.org", theme=theme, width=1280)
    for path in ("/nyheter/mejl", "/en/nyheter/mejl", "/nyheter/skriv/mejl"):
        page.goto(path)
        looks_right(page)
