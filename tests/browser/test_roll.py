"""A leader takes the roll of thirty on a phone, with script and without, with contact and without."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Act, Attendance, Rehearsal
from tests import makers
from tests.browser.conftest import axe, scrolls_sideways, until

VOICES = ("Sopran", "Alt", "Tenor", "Bas")
NAMES = [
    "Amina", "Anna", "Birgitta", "Fatima", "Hodan", "Inger", "Leyla", "Mariam", "Olena", "Rahel",
    "Saba", "Zahra", "Aster", "Barbro", "Elin", "Gulalai", "Hawa", "Kerstin", "Nadia", "Parwin",
    "Ahmad", "Dawit", "Emil", "Mehdi", "Samuel", "Bengt", "Göran", "Ibrahim", "Khalid", "Åke",
]  # fmt: skip

Browse = Callable[..., Page]


class Evening:
    """A rehearsal of thirty that has just begun."""

    def __init__(self) -> None:
        self.choir = makers.a_choir(town="Kiruna")
        for number, name in enumerate(NAMES):
            makers.a_singer(name, f"Ek {number}", choir=self.choir, voice=VOICES[number % 4])
        self.leader: Account = makers.a_leader(self.choir, "Sonja Nyberg")
        self.rehearsal: Rehearsal = makers.a_rehearsal(self.choir, clock.now() - timedelta(minutes=5))
        self.path = f"/narvaro/{self.rehearsal.id}"
        db.session.commit()

    def at_the_server(self) -> tuple[set[str], int, int]:
        """Who is here, how many in all, how many guests, as the database says."""
        db.session.rollback()
        db.session.expire_all()
        names = set(
            db.session.scalars(
                select(Singer.first_name)
                .join(Attendance, Attendance.singer_id == Singer.id)
                .where(Attendance.rehearsal_id == self.rehearsal.id, Attendance.is_present)
            )
        )
        counts = self.rehearsal.present_count, self.rehearsal.guest_count
        db.session.rollback()  # a test that holds the database would let the server wait
        return names, *counts


@pytest.fixture
def evening(live: Any) -> Evening:
    return Evening()


def tile(page: Page, name: str) -> Any:
    """The tile of the singer with this first name."""
    return page.locator("label.tile").filter(has=page.get_by_text(name, exact=True))


def test_thirty_are_logged_in_one_go(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, width=390)
    page.goto("/ikvall")
    page.get_by_role("link", name="Starta närvaro").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Närvaro i Kiruna")
    for name in NAMES:
        if name not in ("Emil", "Åke"):
            tile(page, name).tap()
    expect(page.locator("[data-part=count]")).to_have_text("28")
    expect(page.locator("[data-part=of]")).to_have_text("här av 30")
    for _time in range(3):
        page.get_by_role("button", name="En gäst till").tap()
    expect(page.locator("[data-part=sum]")).to_have_text("+ 3 gäster. 31 i rummet.")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    page.get_by_role("button", name="Ny sångare").tap()
    expect(page.get_by_label("Förnamn")).to_be_focused()
    page.keyboard.type("Semhar")
    page.keyboard.press("Enter")
    expect(tile(page, "Semhar")).to_be_visible()
    page.get_by_role("button", name="Klar").tap()
    page.wait_for_url("**/klar")
    expect(page.get_by_role("heading", level=1)).to_have_text("32 i rummet")
    expect(page.get_by_role("heading", name="Ny i kväll")).to_be_visible()
    page.get_by_role("button", name="Klar för i kväll").tap()
    expect(page.get_by_text("Tack! Kvällen är klar.")).to_be_visible()
    names, count, guests = evening.at_the_server()
    assert names == {*NAMES, "Semhar"} - {"Emil", "Åke"}
    assert (count, guests) == (29, 3)


def test_a_press_before_the_script_has_come_counts(evening: Evening, browse: Browse) -> None:
    """On a slow line the names stand on the page long before the script that sends what is pressed."""
    page = browse(evening.leader, width=390)
    held: list[Route] = []
    page.route("**/js/roll-call.js", lambda route: held.append(route))
    page.goto(evening.path, wait_until="commit")
    tile(page, "Amina").tap()
    tile(page, "Emil").tap()
    until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator("[data-part=count]")).to_have_text("2")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    assert evening.at_the_server()[0] == {"Amina", "Emil"}
    page.unroute("**/js/roll-call.js")


def test_without_script_the_form_does_the_same(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, width=390, javascript=False)
    page.goto(evening.path)
    for name in NAMES[:5]:
        tile(page, name).tap()
    page.get_by_role("button", name="En gäst till").tap()
    expect(page.locator("[data-part=count]")).to_have_text("5")
    page.get_by_role("button", name="Ny sångare").tap()
    page.get_by_label("Förnamn").fill("Semhar")
    page.get_by_role("button", name="Lägg till – är här").tap()
    tile(page, NAMES[0]).tap()
    page.get_by_role("button", name="Klar").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("6 i rummet")
    names, count, guests = evening.at_the_server()
    assert names == {*NAMES[1:5], "Semhar"}
    assert (count, guests) == (5, 1)


def test_a_press_can_be_undone(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    tile(page, "Hodan").tap()
    expect(page.locator("[data-part=snackbar]")).to_contain_text("Hodan är här.")
    page.get_by_role("button", name="Ångra").tap()
    expect(page.locator("[data-part=count]")).to_have_text("0")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    for _ in range(50):  # the line may still speak of the press itself; the undoing follows it
        if evening.at_the_server()[0] == set():
            break
        page.wait_for_timeout(100)
    until(page, lambda: evening.at_the_server()[0] == set())
    kept = list(db.session.scalars(select(Act.status).where(Act.rehearsal_id == evening.rehearsal.id)))
    db.session.rollback()
    assert sorted(filter(None, kept)) == ["present", "unmarked"], "both presses are kept"


def test_without_contact_it_waits_and_says_so(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.goto(evening.path)
    page.route("**/api/v1/acts", lambda route: route.abort())
    tile(page, "Amina").tap()
    tile(page, "Åke").tap()
    expect(page.locator("[data-part=count]")).to_have_text("2")
    expect(page.locator("[data-part=sync]")).to_contain_text(
        "2 väntar. Ingen kontakt. Det ligger i telefonen och skickas senare."
    )
    until(page, lambda: evening.at_the_server()[0] == set())
    page.unroute("**/api/v1/acts")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == {"Amina", "Åke"})


def test_an_answer_lost_on_its_way_counts_once(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.goto(evening.path)

    lost: list[int] = []

    def loses_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            route.abort()

    page.route("**/api/v1/acts", loses_the_first_answer)
    tile(page, "Amina").tap()
    page.get_by_role("button", name="En gäst till").tap()
    expect(page.locator("[data-part=sync]")).to_contain_text("väntar.")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    assert lost == [200]
    until(page, lambda: evening.at_the_server() == ({"Amina"}, 1, 1))


def test_signed_out_in_the_middle_it_keeps_what_waits(evening: Evening, browse: Browse, live: Any) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("401")  # type: ignore[attr-defined]
    page.goto(evening.path)
    kept = page.context.cookies()
    page.context.clear_cookies()
    tile(page, "Amina").tap()
    expect(page.locator("[data-part=sync]")).to_contain_text(
        "1 väntar. Det ligger i telefonen. Logga in igen för att skicka."
    )
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_another_leaders_marks_appear_with_the_next_answer(evening: Evening, browse: Browse) -> None:
    one, other = browse(evening.leader), browse(evening.leader)
    one.goto(evening.path)
    other.goto(evening.path)
    tile(other, "Birgitta").tap()
    other.get_by_role("button", name="Ny sångare").tap()
    expect(other.get_by_label("Förnamn")).to_be_focused()
    other.keyboard.type("Semhar")
    other.keyboard.press("Enter")
    expect(other.locator("[data-part=sync]")).to_contain_text("Skickat.")
    tile(one, "Zahra").tap()
    expect(one.locator("[data-part=count]")).to_have_text("3")
    expect(tile(one, "Semhar")).to_be_visible()


def test_a_refused_mark_is_told_and_taken_back(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]  # as in browse: what a page may complain of
    page.route("**/api/v1/roll/**", lambda route: route.abort())  # the phone has not heard that she is gone
    page.goto(evening.path)
    hodan = db.session.execute(
        select(Singer).where(Singer.first_name == "Hodan", Singer.surname.like("Ek %"))
    ).scalar_one()
    choirs.erase_singer(hodan, by=evening.leader)
    db.session.commit()
    tile(page, "Hodan").tap()
    expect(page.locator("[data-part=tray]")).to_contain_text(
        "16 juni 18.00. Hodan Ek 4: här. Sångaren är raderad."
    )
    expect(page.locator("[data-part=count]")).to_have_text("0")


def test_somebody_of_that_name_is_asked_about(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    page.get_by_role("button", name="Ny sångare").tap()
    page.get_by_role("button", name="Lägg till – är här").tap()
    expect(page.get_by_text("Skriv ett förnamn.")).to_be_visible()
    page.keyboard.type("goran")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=same]")).to_contain_text("Det finns en Göran i")
    page.get_by_role("button", name="Samma person").tap()
    expect(page.locator("[data-part=of]")).to_have_text("här av 30")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == {"Göran"})


def test_found_as_one_types_and_those_not_here(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    page.get_by_role("button", name="Sök namn").tap()
    page.keyboard.type("ake")
    expect(page.locator("label.tile:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=count]")).to_have_text("1")
    page.keyboard.press("Escape")
    page.locator("input[value=away]").check()
    expect(page.locator("label.tile:visible")).to_have_count(29)
    tile(page, "Amina").tap()
    assert tile(page, "Amina").is_visible(), "it stays a moment, so that a double press hits the same person"
    expect(page.locator("label.tile:visible")).to_have_count(28)


def test_the_keyboard_alone(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, width=1280)
    page.goto(evening.path)
    tile(page, "Amina").locator("input").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-part=count]")).to_have_text("1")
    page.get_by_role("button", name="Skriv antalet gäster").press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=sum]")).to_have_text("+ 12 gäster. 13 i rummet.")
    page.get_by_role("button", name="Ny sångare").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ny sångare")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_everybody_can_use_it(evening: Evening, browse: Browse, width: int, theme: str) -> None:
    page = browse(evening.leader, width=width, theme=theme)
    page.goto(evening.path)
    page.set_viewport_size(
        {"width": width, "height": 3600}
    )  # nothing lies under the bar, where axe cannot look
    for name in NAMES[:9]:
        tile(page, name).click()
    assert not scrolls_sideways(page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.tile, .action-bar button:not([hidden])')]"
        ".filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 48
    axe(page)
    page.get_by_role("button", name="Ny sångare").click()
    page.evaluate("document.querySelector('.action-bar').hidden = true")  # axe knows no top layer
    axe(page)
    page.goto("/ikvall")
    assert not scrolls_sideways(page)
    axe(page)


def test_a_press_paints_its_row_first_and_the_rest_in_the_next_frame(
    evening: Evening, browse: Browse
) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    expect(page.locator("[data-part=sync]")).not_to_be_empty()
    beside_the_row = page.evaluate(
        """() => {
          const box = document.querySelector("input[name=here]")
          const seen = new MutationObserver(() => {})
          seen.observe(document, { attributes: true, characterData: true, childList: true, subtree: true })
          box.click()
          const row = box.closest("li")
          const away = seen.takeRecords().filter(({ target }) => !row.contains(target))
          return away.map(({ target }) => (target.outerHTML ?? target.data).slice(0, 200))
        }"""
    )
    assert beside_the_row == []
    expect(page.locator("[data-part=count]")).to_have_text("1")
    expect(page.locator("[data-part=snackbar-text]")).to_contain_text("är här")
    marks = page.locator(".tile__mark")
    ticked = """(marks) => marks.map((mark) => {
      const { color, backgroundColor } = getComputedStyle(mark)
      const isSeen = mark.querySelector(".icon").getBoundingClientRect().width > 0
      return isSeen && color !== "rgba(0, 0, 0, 0)" && color !== backgroundColor
    })"""
    assert marks.evaluate_all(ticked) == [True] + [False] * (marks.count() - 1)  # not by colour alone


def test_a_press_is_painted_in_one_frame_on_a_slow_phone(evening: Evening, browse: Browse) -> None:
    """Two hundred names and a processor six times slower."""
    for number in range(170):
        makers.a_singer(f"Sara {number}", choir=evening.choir, voice=VOICES[number % 4])
    db.session.commit()
    page = browse(evening.leader)
    page.goto(evening.path)
    expect(page.locator("label.tile")).to_have_count(200)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    took = page.evaluate(
        """() => [...document.querySelectorAll("input[name=here]")].slice(0, 15).map((box) => {
          const begun = new Date(performance.timeOrigin + performance.now())
          box.click()
          document.body.getBoundingClientRect()
          return performance.timeOrigin + performance.now() - begun
        })"""
    )
    assert sorted(took)[7] < 100, f"milliseconds of work for each press: {took}"
    expect(page.locator("[data-part=count]")).to_have_text("15")
