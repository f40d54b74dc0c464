"""In the room: a substitute's phone without account, the code on the wall, and somebody who waits at the door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Attendance, Loan, Rehearsal
from tests import makers
from tests.browser.conftest import axe, scrolls_sideways

Browse = Callable[..., Page]


class Evening:
    """A rehearsal of three that has just begun."""

    def __init__(self) -> None:
        self.choir = makers.a_choir("Amina", "Bahar", "Hodan", town="Kiruna")
        self.leader: Account = makers.a_leader(self.choir, "Sonja Nyberg")
        self.rehearsal: Rehearsal = makers.a_rehearsal(self.choir, clock.now() - timedelta(minutes=5))
        self.path = f"/narvaro/{self.rehearsal.id}"
        db.session.commit()

    def here(self) -> set[str]:
        """Who is here, as the database says."""
        db.session.rollback()
        db.session.expire_all()
        found = db.session.scalars(
            select(Singer.first_name)
            .join(Attendance, Attendance.singer_id == Singer.id)
            .where(Attendance.rehearsal_id == self.rehearsal.id, Attendance.is_present)
        )
        names = set(found)
        db.session.rollback()  # a test that holds the database would let the server wait
        return names

    def lend(self) -> tuple[UUID, str]:
        """A loan by link, and the path of the link."""
        loan_id = uuid4()
        actions.lend_roll(self.rehearsal, loan_id=loan_id, to_name="Nils", by=self.leader)
        db.session.commit()
        return loan_id, f"/lan/{queries.secret_of(loan_id)}"


@pytest.fixture
def evening(live: Any) -> Evening:
    return Evening()


def tile(page: Page, name: str) -> Any:
    return page.locator(".tile", has_text=name)


def until(evening: Evening, page: Page, names: set[str]) -> None:
    """Wait until the server knows that just these are here."""
    for _time in range(100):
        if evening.here() == names:
            return
        page.wait_for_timeout(100)
    assert evening.here() == names


def test_a_substitute_takes_the_roll_without_account(browse: Browse, evening: Evening) -> None:
    loan_id, link = evening.lend()
    page = browse()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Du tar närvaro i Kiruna i kväll")
    axe(page)
    page.get_by_role("button", name="Ta närvaro").click()
    expect(page.get_by_text("Vikarie", exact=True)).to_be_visible()
    expect(page.get_by_text("Inget är markerat än.")).to_be_visible()
    expect(page.locator("nav")).to_have_count(0)
    axe(page)
    assert not scrolls_sideways(page)
    tile(page, "Amina").click()
    until(evening, page, {"Amina"})
    actions.end_loan(db.session.get_one(Loan, loan_id), by=evening.leader)
    db.session.commit()
    page.watch.expected.append("401")  # type: ignore[attr-defined]
    tile(page, "Bahar").click()
    expect(page.get_by_text("Lånet är slut.", exact=False)).to_be_visible()
    assert evening.here() == {"Amina"}
    _again, new_link = evening.lend()
    page.goto(new_link)
    page.get_by_role("button", name="Ta närvaro").click()
    until(evening, page, {"Amina", "Bahar"})  # what waited in the phone is sent by the new link


def test_the_wall_changes_its_code_every_minute_without_a_blink(
    browse: Browse, evening: Evening, the_clock: Any
) -> None:
    opened = actions.open_check_in(evening.rehearsal, by=evening.leader)
    first, next_one = opened.code_at(clock.now()), opened.code_at(clock.now() + timedelta(minutes=1))
    db.session.commit()
    page = browse(evening.leader, width=1280)
    page.goto(f"{evening.path}/incheckning/vagg")
    sign = page.locator('[data-part="code"]')
    expect(sign).to_have_text(f"{first[:3]} {first[3:]}")
    drawn = page.locator("check-in-wall path").get_attribute("d")
    axe(page)
    assert not scrolls_sideways(page)
    page.evaluate("window.isTheSamePage = true")
    the_clock.set_to(clock.now() + timedelta(minutes=1))
    page.clock.run_for(61_000)
    expect(sign).to_have_text(f"{next_one[:3]} {next_one[3:]}")
    assert page.locator("check-in-wall path").get_attribute("d") != drawn
    assert page.evaluate("window.isTheSamePage")
    page.watch.expected.append("Failed to load resource")  # type: ignore[attr-defined]
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    expect(page.get_by_text("Ingen kontakt med nätet.", exact=False)).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(6_000)
    expect(page.locator('[data-part="old"]')).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without"])
def test_somebody_without_account_waits_and_is_let_in(
    browse: Browse, evening: Evening, javascript: bool
) -> None:
    opened = actions.open_check_in(evening.rehearsal, by=evening.leader)
    code = opened.good_codes[0]
    db.session.commit()
    stranger = browse(javascript=javascript)
    stranger.goto(f"/har/{code}")
    stranger.get_by_label("Vad heter du?").fill("Olena")
    if javascript:
        axe(stranger)
    stranger.get_by_role("button", name="Jag är här").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Säg till körledaren att du är här")
    assert "Amina" not in stranger.content()
    leader = browse(evening.leader, javascript=javascript)
    if javascript:
        leader.goto(evening.path)
        leader.get_by_role("button", name="Släpp in").click()
    else:
        leader.goto(f"{evening.path}/ankomster")
        leader.get_by_role("button", name="Släpp in som ny").click()
    until(evening, leader, {"Olena"})
    if javascript:
        stranger.clock.run_for(6_000)  # it looks by itself
    else:
        stranger.get_by_role("link", name="Se efter om du är med").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Välkommen, du är med!")


def test_every_page_of_the_room(browse: Browse, evening: Evening) -> None:
    loan_id, _link = evening.lend()
    opened = actions.open_check_in(evening.rehearsal, by=evening.leader)
    actions.wait_at_door(opened, first_name="Amina")
    actions.make_calendar_address(by=evening.leader)
    db.session.commit()
    for width in (320, 1280):
        for theme in ("light", "dark"):
            page = browse(evening.leader, width=width, theme=theme)
            for path in (
                f"{evening.path}/lana-ut", f"{evening.path}/lana-ut/{loan_id}", f"{evening.path}/incheckning",
                f"{evening.path}/incheckning/vagg", f"{evening.path}/ankomster", "/hem/kalender",
                f"/korer/{evening.choir.slug}/kalender", "/har",
            ):  # fmt: skip
                page.goto(path)
                axe(page)
                assert not scrolls_sideways(page), (path, width)
