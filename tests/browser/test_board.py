"""A card goes from stage to stage by mouse, by the keys alone and without JavaScript; the pages are for all eyes."""

from datetime import date
from typing import Literal
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.funding.models import Opportunity
from choir_app.partners.models import Partner
from tests import makers
from tests.browser.conftest import Browse, LiveHouse, axe, scrolls_sideways, until

MANAGER = "karin@example.org"
WHO = "Spisfabriken"


@pytest.fixture
def ask(live: LiveHouse) -> UUID:
    """A card that is talked about and of which all is known, so that it may go anywhere unasked."""
    partner: Partner = makers.a_partner(WHO)
    makers.a_next_step(partner, date(2026, 6, 1))  # so that it stands first, where nothing has to be scrolled
    one = makers.an_opportunity(
        5_000_000, partner=partner, stages=("talking",), contact_id=makers.a_contact(partner).id
    )
    identifier = one.id
    db.session.commit()
    return identifier


def stage_of(identifier: UUID) -> str | None:
    """Where it stands in the house."""
    db.session.rollback()
    stage = db.session.scalar(select(Opportunity.stage).where(Opportunity.id == identifier))
    db.session.rollback()  # whoever looks from here stands in the writers' queue
    return stage


def card(page: Page) -> Locator:
    """The card on the board."""
    return page.locator(f"[data-card='{WHO}']")


def column(page: Page, name: str) -> Locator:
    """A stage on the board."""
    return page.locator(f"[data-name='{name}']")


def test_by_mouse(browse: Browse, ask: UUID) -> None:
    page = browse(MANAGER, width=1280)
    page.goto("/finansiering")
    card(page).locator("small").first.drag_to(column(page, "Ansökt").locator("h2"))
    until(page, lambda: stage_of(ask) == "applied")
    expect(column(page, "Ansökt").locator(f"[data-card='{WHO}']")).to_be_visible()
    page.get_by_role("button", name="Ångra").first.click()
    until(page, lambda: stage_of(ask) == "talking")
    card(page).locator("small").first.drag_to(column(page, "Avtal").locator("h2"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Avtal med {WHO}")


def test_by_keys(browse: Browse, ask: UUID) -> None:
    page = browse(MANAGER, width=1280)
    page.goto("/finansiering")
    grip = page.get_by_role("button", name=f"Flytta {WHO} med piltangenterna")
    told = page.locator("[data-part=told]")
    grip.focus()
    page.keyboard.press("Enter")
    expect(told).to_contain_text(f"{WHO} är lyft.")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text("Ansökt")
    page.keyboard.press("Escape")
    expect(told).to_have_text(f"{WHO} står kvar.")
    assert stage_of(ask) == "talking"
    for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    until(page, lambda: stage_of(ask) == "applied")


@pytest.mark.parametrize("width", [390, 1280])
def test_without_javascript(browse: Browse, ask: UUID, width: int) -> None:
    page = browse(MANAGER, width=width, javascript=False)
    page.goto("/finansiering?steg=talking")
    card(page).locator("summary").click()
    card(page).get_by_label("Ansökt").check()
    card(page).get_by_role("button", name="Flytta hit").click()
    until(page, lambda: stage_of(ask) == "applied")
    expect(card(page)).to_be_visible()
    page.get_by_role("button", name="Ångra").first.click()
    until(page, lambda: stage_of(ask) == "talking")
    card(page).locator("summary").click()
    card(page).get_by_label("Nej").check()
    card(page).get_by_role("button", name="Flytta hit").click()
    page.get_by_label("Varför?").fill("De bygger om")
    page.get_by_role("button", name="Flytta till Nej").click()
    until(page, lambda: stage_of(ask) == "declined")


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_every_page_is_for_all(
    browse: Browse, ask: UUID, width: int, theme: Literal["light", "dark"]
) -> None:
    page = browse(MANAGER, width=width, theme=theme)
    own = f"/finansiering/kort/{ask}"
    for address in (
        "/finansiering",
        "/finansiering/tabell?steg=alla",
        "/finansiering/kort/nytt",
        "/finansiering/chanser",
        own,
        f"{own}/andra",
        f"{own}/flytta",
        f"{own}/flytta?till=declined",
        f"{own}/avtal",
        f"{own}/chans",
    ):
        page.goto(address)
        assert not scrolls_sideways(page), address
        axe(page)
