"""The end of the evening: what good happened, what to remember, done; kept in the phone like every act."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from choir_app.foundation.database import db
from choir_app.rehearsals import queries
from tests.browser.conftest import axe, scrolls_sideways, until
from tests.browser.test_roll import Evening, tile

Browse = Callable[..., Page]
expect.set_options(timeout=15_000)  # the machine may be busy with other tests


@pytest.fixture
def evening(live: Any) -> Evening:
    return Evening()


def told(evening: Evening) -> list[Any]:
    """What good was told of, as the database says."""
    db.session.rollback()
    found = queries.outcomes_of(evening.rehearsal)
    db.session.rollback()
    return found


def done(evening: Evening) -> tuple[bool, str | None]:
    """Whether the evening is done, and what is to be remembered, as the database has it."""
    db.session.rollback()
    db.session.refresh(evening.rehearsal)
    told = evening.rehearsal.done_at is not None, evening.rehearsal.evening_note
    db.session.rollback()
    return told


def test_two_taps_tell_of_something_good(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    tile(page, "Amina").tap()
    page.get_by_role("button", name="Klar").tap()
    page.wait_for_url("**/klar")
    expect(page.get_by_label("Vem?")).to_be_hidden()
    page.locator("[name=outcome][value=job]").check()
    page.get_by_label("Vem?").select_option("Amina Ek 0")
    page.get_by_label("Skriv en mening.").fill("Fick jobb på äldreboendet.")
    page.get_by_label("Personen säger ja").check()
    axe(page)
    page.get_by_role("button", name="Lägg till en till").tap()
    expect(page.locator("[data-part=told]")).to_contain_text("Jobb")
    page.locator("[name=outcome][value=health]").check()
    expect(page.get_by_label("Vem?")).to_be_hidden()
    page.get_by_label("Något att minnas?").fill("Vi lärde oss en ny sång.")
    page.get_by_role("button", name="Klar för i kväll").tap()
    expect(page.get_by_text("Tack! Kvällen är klar.")).to_be_visible()
    assert {(one.outcome, one.singer, one.may_be_told) for one in told(evening)} == {
        ("job", "Amina Ek 0", True),
        ("health", None, False),
    }  # two batches, each with a delay of its own: their order is not told
    page.locator("[data-part=told] li").filter(has_text="Hälsa").get_by_role("button", name="Ta bort").tap()
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    expect(page.locator("[data-part=told] li")).to_have_count(1)
    until(page, lambda: [one.outcome for one in told(evening)] == ["job"])
    assert done(evening) == (True, "Vi lärde oss en ny sång.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_contact_all_of_it_waits_in_the_phone(evening: Evening, browse: Browse, theme: Any) -> None:
    page = browse(evening.leader, width=320, theme=theme)
    page.watch.expected += ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED"]  # type: ignore[attr-defined]
    page.goto(evening.path)
    tile(page, "Amina").tap()
    page.get_by_role("button", name="Klar").tap()
    page.wait_for_url("**/klar")
    page.context.set_offline(True)
    page.context.route("**/api/v1/**", lambda route: route.abort())
    page.locator("[name=outcome][value=housing]").check()
    page.get_by_role("button", name="Klar för i kväll").tap()
    expect(
        page.get_by_text("Klart. Allt ligger i telefonen och skickas när du har täckning.")
    ).to_be_visible()
    expect(page.locator("[data-part=sync]")).to_contain_text("2 väntar. Ingen kontakt.")
    assert not scrolls_sideways(page)
    axe(page)
    assert done(evening) == (False, None)
    page.context.unroute_all()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: done(evening) == (True, None))
    until(page, lambda: [one.outcome for one in told(evening)] == ["housing"])
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
