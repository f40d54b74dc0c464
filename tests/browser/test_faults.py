"""Everything that can go wrong between a phone and the house, end to end: nothing is lost and nothing counts twice.

The first half runs against the server that `bin/run` starts, in processes of its own that are killed with -9, and a
Chromium that is killed with -9 too; the rest against the server of the test's own process, whose clock stands still.
What a page keeps and says is held by test_roll_kept.py, what a phone opens without contact by test_offline.py.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, Route, expect
from sqlalchemy import func, select

from benchmarks.crash import Server
from benchmarks.phones import an_empty_house
from benchmarks.servers import free_port
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db, sqlite_driver
from choir_app.foundation.settings import read_settings
from choir_app.rehearsals.models import Act, Attendance, Rehearsal
from tests import makers
from tests.browser.conftest import FLAGS, LiveHouse, TheClockOfAll, until
from tests.browser.test_roll import NAMES, VOICES, Evening, tile

Browse = Callable[..., Page]
ACTS = "**/api/v1/acts"
PATIENCE = 60_000
"""Milliseconds: a whole server and a whole browser start anew, perhaps on a busy machine."""


# --- a house and a phone that are really killed ------------------------------------------------------------------


class House:
    """The house as `bin/run` serves it, with one choir of thirty whose rehearsal has just begun."""

    def __init__(self, folder: Path) -> None:
        given = {
            "CHOIR_DATA_DIR": str(folder),
            "CHOIR_DEMO": "0",
            "HOST": "127.0.0.1",
            "PORT": str(free_port()),
            "WORKERS": "2",
            "DATABASE_URL": "",
        }
        settings = read_settings(given)
        self.url = settings.url
        self.app: Flask = an_empty_house(settings)
        with self.app.app_context():
            choir = makers.a_choir(town="Boden")
            for number, name in enumerate(NAMES):
                makers.a_singer(name, f"Ek {number}", choir=choir, voice=VOICES[number % 4])
            self.email = makers.with_password(makers.a_leader(choir, "Sonja Nyberg")).email
            self.id = makers.a_rehearsal(choir, clock.now() - timedelta(minutes=5)).id
            db.session.commit()
            db.session.remove()
        self.path = f"/narvaro/{self.id}"
        self.server = Server(settings, given)

    def here(self) -> list[str]:
        """The first names of those who are here, one for each row of attendance, as the database says."""
        with self.app.app_context():
            names = db.session.scalars(
                select(Singer.first_name)
                .join(Attendance, Attendance.singer_id == Singer.id)
                .where(Attendance.rehearsal_id == self.id, Attendance.is_present)
            )
            found = sorted(names)
            db.session.remove()
        return found

    def acts(self) -> list[tuple[str, str | None]]:
        """What the log holds: kind and status of every act."""
        with self.app.app_context():
            found = db.session.execute(select(Act.kind, Act.status).where(Act.rehearsal_id == self.id))
            acts = [(kind, status) for kind, status in found]
            db.session.remove()
        return acts

    @contextmanager
    def held(self) -> Iterator[None]:
        """While somebody else writes, so that the server takes a batch in and cannot answer."""
        other = sqlite_driver().connect(str(self.server.settings.data_folder / "choir.sqlite3"), timeout=20)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.rollback()
            other.close()

    def close(self) -> None:
        """End it for good."""
        self.server.kill()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def house(tmp_path: Path, the_clock: TheClockOfAll) -> Iterator[House]:
    the_clock.start_again()
    house = House(tmp_path / "house")
    house.server.start()
    yield house
    house.close()


class Phone:
    """A Chromium of its own with a profile on the disk, started and killed as often as one likes."""

    OWN_FLAGS = ("--headless=new", "--remote-debugging-port=0")

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self.playwright, self.profile = playwright, profile
        self.process: subprocess.Popen[bytes] | None = None
        self.browser: Browser | None = None

    def starts(self, url: str) -> Page:
        """Start, and give a window on a blank page."""
        path = os.environ.get("CHOIR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        assert path
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [path, *FLAGS, *self.OWN_FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE / 1000
        while not (told.exists() and told.read_text().count("\n")):
            assert time.monotonic() < until, "Chromium does not start"
            time.sleep(0.05)
        port = told.read_text().splitlines()[0]
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self.browser.contexts[0]
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 844})
        self.url = url
        return page

    def is_killed(self) -> None:
        """Without a word, as when the battery is torn out."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        if self.browser:
            self.browser.close()
            self.browser = None


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(playwright, tmp_path / "profile")
    yield phone
    phone.is_killed()


def signs_in(page: Page, house: House, path: str) -> None:
    """Open a page, by the door when the house does not know who is asking."""
    page.goto(house.url + path)
    if "/logga-in" in page.url:
        page.get_by_label("Mejladress").fill(house.email)
        page.get_by_label("Lösenord").fill(makers.PASSWORD)
        page.get_by_role("button", name="Logga in", exact=True).click()
        page.wait_for_url("**" + path)


def is_ready_for_the_basement(page: Page, house: House) -> None:
    """One visit with contact, until the phone has the lists, a worker and what it seals with."""
    page.goto(house.url + "/ikvall")
    until(
        page,
        lambda: page.evaluate(
            """async () => {
              if (!navigator.serviceWorker.controller) return false
              const database = await new Promise((resolve) => {
                const opening = indexedDB.open("kor")
                opening.onsuccess = () => resolve(opening.result)
                opening.onerror = () => resolve(null)
              })
              const count = (name) => new Promise((resolve) => {
                const request = database.transaction(name).objectStore(name).count()
                request.onsuccess = () => resolve(request.result)
                request.onerror = () => resolve(0)
              })
              try {
                return (await count("rolls")) > 0
              } catch {
                return false
              } finally {
                database?.close()
              }
            }"""
        ),
    )


def where(page: Page, name: str) -> Any:
    """The small word on a singer's tile: i telefonen, skickat, mottaget."""
    return tile(page, name).locator("[data-part=where]")


def nudge(page: Page) -> None:
    """The browser believes to have contact again."""
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.long
def test_cold_without_contact_thirty_marks_two_newcomers_killed_and_opened_again(
    house: House, phone: Phone
) -> None:
    page = phone.starts(house.url)
    signs_in(page, house, house.path)
    is_ready_for_the_basement(page, house)
    phone.is_killed()
    house.server.kill()

    page = phone.starts(house.url)
    page.goto(house.url + house.path)
    expect(page.locator("label.tile")).to_have_count(30, timeout=PATIENCE)
    for name in NAMES:
        tile(page, name).click()
    for name in ("Semhar", "Yonas"):
        page.get_by_role("button", name="Ny sångare").click()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    for name in (*NAMES, "Semhar", "Yonas"):
        expect(where(page, name)).to_have_text("i telefonen", timeout=PATIENCE)
    phone.is_killed()

    page = phone.starts(house.url)
    page.goto(house.url + house.path)
    expect(page.locator("[data-part=count]")).to_have_text("32", timeout=PATIENCE)
    expect(page.locator("[data-part=sync]")).to_contain_text("32 väntar.", timeout=PATIENCE)
    assert house.here() == []

    house.server.start()
    signs_in(page, house, house.path)
    until(page, lambda: house.here() == sorted([*NAMES, "Semhar", "Yonas"]))
    for name in (*NAMES, "Semhar", "Yonas"):
        expect(where(page, name)).to_have_text("mottaget", timeout=PATIENCE)
    assert len(house.acts()) == 32, "each press is in the log once"


def test_the_server_is_killed_while_it_takes_a_batch_in(house: House, browser_of_the_house: Page) -> None:
    page = browser_of_the_house
    with house.held():
        page.get_by_role("button", name="Alla är här").click()
        expect(where(page, "Amina")).to_have_text("skickat", timeout=PATIENCE)
        house.server.kill()
    assert house.here() == []
    expect(page.locator("[data-part=sync]")).to_contain_text("30 väntar.", timeout=PATIENCE)
    house.server.start()
    nudge(page)
    expect(where(page, "Amina")).to_have_text("mottaget", timeout=PATIENCE)
    until(page, lambda: house.here() == sorted(NAMES))
    assert len(house.acts()) == 30


def test_the_server_dies_between_the_commit_and_the_answer(house: House, browser_of_the_house: Page) -> None:
    page = browser_of_the_house
    killed: list[int] = []

    def dies(route: Route) -> None:
        if killed:
            route.continue_()
            return
        killed.append(route.fetch().status)
        house.server.kill()
        route.abort()

    page.route(ACTS, dies)
    page.get_by_role("button", name="Alla är här").click()
    until(page, lambda: bool(killed))
    assert killed == [200]
    expect(page.locator("[data-part=sync]")).to_contain_text("30 väntar. Ingen kontakt.", timeout=PATIENCE)
    assert house.here() == sorted(NAMES), "it was taken in, and nobody heard of it"
    house.server.start()
    nudge(page)
    expect(where(page, "Amina")).to_have_text("mottaget", timeout=PATIENCE)
    assert house.here() == sorted(NAMES)
    assert len(house.acts()) == 30, "none counts twice"


def test_the_server_is_killed_again_and_again_while_somebody_marks(
    house: House, browser_of_the_house: Page
) -> None:
    page = browser_of_the_house
    for number, name in enumerate(NAMES):
        tile(page, name).click()
        if number in (4, 13, 22):
            house.server.kill()
        if number in (8, 17, 26):
            house.server.start()
            nudge(page)
    until(page, lambda: house.here() == sorted(NAMES))
    for name in NAMES:
        expect(where(page, name)).to_have_text("mottaget", timeout=PATIENCE)
    assert house.acts() == [("mark", "present")] * 30


@pytest.fixture
def browser_of_the_house(house: House, chromium: Browser) -> Iterator[Page]:
    """A window on the roll of the house that is killed."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="sv-SE", timezone_id="Europe/Stockholm"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    signs_in(page, house, house.path)
    expect(page.locator("label.tile")).to_have_count(30)
    yield page
    context.close()


# --- clocks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def evening(live: LiveHouse) -> Evening:
    return Evening()


def loses_contact(page: Page) -> None:
    """Nothing comes through any more."""
    page.watch.expected += ["ERR_FAILED", "ERR_INTERNET"]  # type: ignore[attr-defined]
    page.context.route("**/api/v1/**", lambda route: route.abort())


def finds_contact(page: Page) -> None:
    """All comes through again."""
    page.context.unroute_all()
    nudge(page)


@pytest.mark.parametrize("off", [timedelta(days=-1), timedelta(hours=3), timedelta(days=3652)], ids=str)
def test_the_later_press_wins_however_wrong_a_phones_clock_is(
    evening: Evening, browse: Browse, the_clock: TheClockOfAll, off: timedelta
) -> None:
    """At 18.00 the wrong clock marks Amina and Anna without contact; at 18.10 the right one takes Anna back again.

    At 18.20 the wrong phone finds contact: Amina is here, and Anna is not, although its own clock says something else.
    """
    began: datetime = clock.now()
    wrong, right = browse(evening.leader), browse(evening.leader)
    for page in (wrong, right):
        page.goto(evening.path)
        expect(page.locator("label.tile")).to_have_count(30)
    loses_contact(wrong)
    wrong.clock.set_fixed_time(began + off)
    for name in ("Amina", "Anna"):
        tile(wrong, name).tap()
        expect(where(wrong, name)).to_have_text("i telefonen")

    the_clock.set_to(began + timedelta(minutes=10))
    right.clock.set_fixed_time(clock.now())
    for acts in (1, 2):
        tile(right, "Anna").tap()
        until(right, lambda acts=acts: acts_of(evening) == acts)
        right.clock.set_fixed_time(clock.now() + timedelta(seconds=1))

    the_clock.set_to(began + timedelta(minutes=20))
    wrong.clock.set_fixed_time(clock.now() + off)
    finds_contact(wrong)
    expect(where(wrong, "Amina")).to_have_text("mottaget")
    expect(tile(wrong, "Anna").locator("input")).not_to_be_checked()
    assert evening.at_the_server()[0] == {"Amina"}
    moments = set(
        db.session.scalars(
            select(Act.acted_at).where(Act.rehearsal_id == evening.rehearsal.id, Act.status == "present")
        )
    )
    db.session.rollback()
    assert {moment.replace(microsecond=0) for moment in moments} <= {
        began + timedelta(minutes=minutes, seconds=seconds) for minutes in (0, 10) for seconds in range(-3, 4)
    }, "each act stands at the time when it was done, by the house's clock"


def acts_of(evening: Evening) -> int:
    """How many acts the log holds."""
    known = select(func.count()).select_from(Act).where(Act.rehearsal_id == evening.rehearsal.id)
    count = db.session.scalar(known) or 0
    db.session.rollback()
    return count


# --- what happened at the house meanwhile --------------------------------------------------------------------------


def singer_called(evening: Evening, name: str) -> Singer:
    return db.session.execute(
        select(Singer).where(Singer.first_name == name, Singer.surname == f"Ek {NAMES.index(name)}")
    ).scalar_one()


def test_a_singer_was_merged_with_another_meanwhile(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    loses_contact(page)
    for name in ("Amina", "Hodan"):
        tile(page, name).tap()
        expect(where(page, name)).to_have_text("i telefonen")
    amina, anna = (singer_called(evening, name) for name in ("Amina", "Anna"))
    choirs.merge_singers(amina, into=anna, by=evening.leader)
    db.session.commit()
    finds_contact(page)
    expect(where(page, "Hodan")).to_have_text("mottaget")
    expect(tile(page, "Anna").locator("input")).to_be_checked()
    expect(tile(page, "Amina")).to_have_count(0)
    assert evening.at_the_server() == ({"Anna", "Hodan"}, 2, 0), "the mark followed the person"
    expect(page.locator("[data-part=tray]")).to_be_hidden()


def test_the_rehearsal_was_called_off_meanwhile(evening: Evening, browse: Browse) -> None:
    from choir_app.rehearsals import actions

    page = browse(evening.leader)
    page.goto(evening.path)
    loses_contact(page)
    for name in ("Amina", "Hodan"):
        tile(page, name).tap()
        expect(where(page, name)).to_have_text("i telefonen")
    actions.cancel_rehearsal(evening.rehearsal, reason=None, by=evening.leader)
    db.session.commit()
    finds_contact(page)
    tray = page.locator("[data-part=tray]")
    for name in ("Amina", "Hodan"):
        expect(tray).to_contain_text(f"{name} Ek {NAMES.index(name)}: här. Repetitionen är inställd.")
    assert evening.at_the_server() == (set(), 0, 0)


def test_the_rehearsal_is_gone_altogether_meanwhile(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("404")  # type: ignore[attr-defined]
    page.goto(evening.path)
    loses_contact(page)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("i telefonen")
    gone = evening.rehearsal.id
    db.session.delete(db.session.get_one(Rehearsal, gone))
    db.session.commit()
    finds_contact(page)
    expect(page.locator("[data-part=tray]")).to_contain_text(
        "Amina Ek 0: här. Repetitionen finns inte längre."
    )


def test_the_leader_no_longer_leads_the_choir_meanwhile(
    evening: Evening, browse: Browse, live: LiveHouse
) -> None:
    """Letting somebody go ends their sign-ins; whoever signs in again hears why nothing went in."""
    page = browse(evening.leader)
    page.watch.expected += ["401", "403", "404"]  # type: ignore[attr-defined]
    page.goto(evening.path)
    loses_contact(page)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("i telefonen")
    choirs.dismiss_leader(evening.choir, evening.leader, by=makers.a_manager())
    db.session.commit()
    finds_contact(page)
    expect(page.locator("[data-part=sync]")).to_contain_text("1 väntar.")
    page.context.add_cookies([live.cookie_of(evening.leader)])  # type: ignore[list-item]
    nudge(page)
    expect(page.locator("[data-part=tray]")).to_contain_text("Du leder inte den här kören.")
    assert evening.at_the_server() == (set(), 0, 0)


# --- two at once -------------------------------------------------------------------------------------------------


def test_two_phones_that_disagree_show_both_and_one_tap_settles_it(
    evening: Evening, browse: Browse, the_clock: TheClockOfAll
) -> None:
    other_leader = makers.an_account("Jonas Ström")
    choirs.appoint_leader(evening.choir, other_leader, by=makers.a_manager())
    db.session.commit()
    one, other = browse(evening.leader), browse(other_leader)
    for page in (one, other):
        page.goto(evening.path)
        expect(page.locator("label.tile")).to_have_count(30)
        loses_contact(page)
    tile(one, "Åke").tap()
    for _press in range(2):
        tile(other, "Åke").tap()
    for page in (one, other):
        expect(where(page, "Åke")).to_have_text("i telefonen")
    the_clock.set_to(clock.now() + timedelta(minutes=1))
    finds_contact(one)
    expect(where(one, "Åke")).to_have_text("mottaget")
    finds_contact(other)
    for page in (one, other):
        card = page.locator("[data-part=conflicts]")
        expect(card).to_contain_text("Är Åke Ek 29 här? Ni har sagt olika.", timeout=30_000)
        expect(card).to_contain_text("Sonja Nyberg sa här kl.")
        expect(card).to_contain_text("Jonas Ström tog bort markeringen kl.")
    other.get_by_role("button", name="Åke Ek 29 är här").tap()
    for page in (one, other):
        expect(page.locator("[data-part=conflicts]")).to_be_hidden(timeout=30_000)
        expect(tile(page, "Åke").locator("input")).to_be_checked()
    assert evening.at_the_server()[0] == {"Åke"}
    kept = list(db.session.scalars(select(Act.status).where(Act.rehearsal_id == evening.rehearsal.id)))
    db.session.rollback()
    assert len(kept) == 4, "both sides and what settled it are kept"


def test_two_windows_without_locks_send_the_same_and_it_counts_once(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.context.add_init_script("delete Navigator.prototype.locks")
    page.goto(evening.path)
    loses_contact(page)
    for name in NAMES[:10]:
        tile(page, name).tap()
        expect(where(page, name)).to_have_text("i telefonen")
    other = page.context.new_page()
    other.clock.install(time=clock.now())
    other.goto(evening.path)
    expect(other.locator("[data-part=count]")).to_have_text("10")
    page.context.unroute_all()
    for window in (page, other):
        nudge(window)
    for window in (page, other):
        expect(window.locator("[data-part=sync]")).to_contain_text("Skickat.")
    assert evening.at_the_server() == (set(NAMES[:10]), 10, 0)
    kept = list(db.session.scalars(select(Act.id).where(Act.rehearsal_id == evening.rehearsal.id)))
    db.session.rollback()
    assert len(kept) == 10


# --- a full phone, a server in trouble -----------------------------------------------------------------------------


def test_a_phone_that_fills_up_in_the_middle_loses_nothing(evening: Evening, browse: Browse) -> None:
    """By our own hand, since Chromium believes for half a minute in the room that it found; the real thing, from the
    beginning, is in test_roll_kept.py."""
    page = browse(evening.leader)
    page.goto(evening.path)
    loses_contact(page)
    for name in NAMES[:3]:
        tile(page, name).tap()
        expect(where(page, name)).to_have_text("i telefonen")
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError") }
        }"""
    )
    tile(page, "Åke").tap()
    expect(page.locator("[data-part=warning]")).to_contain_text("Telefonen är full och kan inte spara.")
    expect(where(page, "Åke")).to_have_text("")
    finds_contact(page)
    for name in (*NAMES[:3], "Åke"):
        expect(where(page, name)).to_have_text("mottaget")
    assert evening.at_the_server()[0] == {*NAMES[:3], "Åke"}


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_in_trouble_is_no_answer(evening: Evening, browse: Browse, status: int) -> None:
    page = browse(evening.leader)
    page.watch.expected.append(str(status))  # type: ignore[attr-defined]
    page.goto(evening.path)
    page.route(
        ACTS, lambda route: route.fulfill(status=status, body="<h1>Fel</h1>", content_type="text/html")
    )
    tile(page, "Amina").tap()
    expect(page.locator("[data-part=sync]")).to_contain_text("1 väntar.")
    page.unroute(ACTS)
    nudge(page)
    expect(where(page, "Amina")).to_have_text("mottaget")
    assert evening.at_the_server()[0] == {"Amina"}
