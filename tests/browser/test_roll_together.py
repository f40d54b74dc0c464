"""Two phones take one roll; all at once, one list, who is expected, the door, and a list that was handed in."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import queries
from choir_app.rehearsals.models import Act, HandedInList, HandedInRehearsal
from tests import makers
from tests.browser.conftest import axe, scrolls_sideways, until
from tests.browser.test_roll import NAMES, Evening, tile

Browse = Callable[..., Page]
expect.set_options(timeout=15_000)  # the machine may be busy with other tests


@pytest.fixture
def evening(live: Any) -> Evening:
    return Evening()


def where(page: Page, name: str) -> Any:
    """The small word on a singer's tile."""
    return tile(page, name).locator("[data-part=where]")


def is_here(page: Page, name: str) -> Any:
    """The box of a singer."""
    return tile(page, name).locator("input")


def singer(name: str) -> Singer:
    """A singer of the evening by first name."""
    return db.session.execute(
        select(Singer).where(Singer.first_name == name, Singer.surname.like("Ek %"))
    ).scalar_one()


def without_contact(page: Page) -> None:
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.context.route("**/api/v1/**", lambda route: route.abort())


def with_contact(page: Page) -> None:
    page.context.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")


def another_leader(evening: Evening) -> Any:
    samira = makers.a_leader(evening.choir, "Samira Khalaf")
    db.session.commit()
    return samira


def test_two_phones_see_each_other_within_ten_seconds(evening: Evening, browse: Browse) -> None:
    samira = another_leader(evening)
    one, other = browse(evening.leader), browse(samira)
    one.goto(evening.path)
    other.goto(evening.path)
    tile(other, "Birgitta").tap()
    other.get_by_role("button", name="Ny sångare").tap()
    expect(other.get_by_label("Förnamn")).to_be_focused()
    other.keyboard.type("Semhar")
    other.keyboard.press("Enter")
    other.get_by_role("button", name="En gäst till").tap()
    expect(is_here(one, "Birgitta")).to_be_checked(timeout=10_000)
    expect(is_here(one, "Semhar")).to_be_checked()
    expect(one.locator("[data-part=sum]")).to_have_text("+ 1 gäst. 3 i rummet.")
    expect(one.locator("[data-part=sync]")).to_contain_text("Samira Khalaf tar också närvaro.")


def test_a_disagreement_is_shown_with_both_and_settled_by_one_tap(evening: Evening, browse: Browse) -> None:
    samira = another_leader(evening)
    one, other = browse(evening.leader), browse(samira)
    one.goto(evening.path)
    other.goto(evening.path)
    tile(one, "Amina").tap()
    expect(where(one, "Amina")).to_have_text("mottaget")
    expect(is_here(other, "Amina")).to_be_checked()
    amina = one.locator("label.tile input:checked").get_attribute("value")
    _without_having_seen(evening, samira, amina)
    db.session.commit()
    card = one.locator("[data-part=conflicts] .message")
    expect(card).to_contain_text("Är Amina Ek 0 här? Ni har sagt olika.")
    expect(card).to_contain_text(re.compile(r"Sonja Nyberg sa här kl\. 1[78]\.\d\d\."))
    expect(card).to_contain_text(re.compile(r"Samira Khalaf sa inte här kl\. 17\.59\."))
    axe(one)
    one.get_by_role("button", name="Amina Ek 0 är här", exact=True).tap()
    expect(card).to_be_hidden()
    expect(is_here(one, "Amina")).to_be_checked()
    expect(where(one, "Amina")).to_have_text("mottaget")
    expect(other.locator("[data-part=conflicts] .message")).to_be_hidden()
    until(one, lambda: evening.at_the_server()[0] == {"Amina"})
    until(one, lambda: _agreed(UUID(evening.path.rpartition("/")[2])))
    settled = list(db.session.scalars(select(Act.settles_id).where(Act.settles_id.is_not(None))))
    db.session.rollback()
    assert len(settled) == 1


def test_three_phones_that_disagree_are_one_card_and_one_tap(evening: Evening, browse: Browse) -> None:
    one = browse(evening.leader)
    one.goto(evening.path)
    tile(one, "Amina").tap()
    expect(where(one, "Amina")).to_have_text("mottaget")
    amina = one.locator("label.tile input:checked").get_attribute("value")
    for number, name in enumerate(("Samira Khalaf", "Jonas Ström")):
        _without_having_seen(evening, makers.a_leader(evening.choir, name), amina, f"phone-{number}")
    db.session.commit()
    card = one.locator("[data-part=conflicts] .message")
    expect(card).to_have_count(1)
    one.get_by_role("button", name="Amina Ek 0 är här", exact=True).tap()
    expect(card).to_have_count(0)
    expect(where(one, "Amina")).to_have_text("mottaget")
    rehearsal_id = UUID(evening.path.rpartition("/")[2])
    until(one, lambda: evening.at_the_server()[0] == {"Amina"})
    until(one, lambda: _agreed(rehearsal_id))
    settled = set(db.session.scalars(select(Act.settles_id).where(Act.settles_id.is_not(None))))
    db.session.rollback()
    assert len(settled) == 2


def _agreed(rehearsal_id: UUID) -> bool:
    found = queries.disagreements([rehearsal_id])
    db.session.rollback()
    return found == {}


def _without_having_seen(
    evening: Evening, by: Any, singer_id: str | None, device_id: str = "another-phone"
) -> None:
    """Another phone said «absent» a minute ago, without having seen the mark. The server's clock stands still."""
    from choir_app.rehearsals import actions, rules

    act = rules.read_act(
        {
            "id": str(uuid4()),
            "kind": "mark",
            "rehearsal_id": evening.path.rpartition("/")[2],
            "singer_id": singer_id,
            "status": "absent",
            "seen": None,
            "at": (clock.now() - timedelta(minutes=1)).isoformat(),
        }
    )
    actions.receive([act], sent_at=clock.now(), by=by, device_id=device_id)


def test_a_singer_merged_meanwhile_becomes_one_tile(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    without_contact(page)
    tile(page, "Anna").tap()
    expect(where(page, "Anna")).to_have_text("i telefonen")
    choirs.merge_singers(singer("Anna"), into=singer("Hodan"), by=evening.leader)
    db.session.commit()
    with_contact(page)
    expect(tile(page, "Anna")).to_have_count(0)
    expect(is_here(page, "Hodan")).to_be_checked()
    expect(page.locator("[data-part=of]")).to_have_text("här av 29")
    until(page, lambda: evening.at_the_server()[0] == {"Hodan"})


def test_everybody_with_three_away_takes_four_taps(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    page.get_by_role("button", name="Alla är här").tap()
    expect(page.locator("[data-part=count]")).to_have_text("30")
    for name in ("Emil", "Åke", "Hodan"):
        tile(page, name).tap()
    expect(page.locator("[data-part=count]")).to_have_text("27")
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == set(NAMES) - {"Emil", "Åke", "Hodan"})


def test_everybody_at_once_is_undone_by_one_tap(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    tile(page, "Amina").tap()
    page.get_by_role("button", name="Alla är här").tap()
    expect(page.locator("[data-part=snackbar]")).to_contain_text("29 till är här.")
    expect(page.get_by_role("button", name="Ångra alla")).to_be_visible()
    page.get_by_role("button", name="Ångra", exact=True).tap()
    expect(page.locator("[data-part=count]")).to_have_text("1")
    expect(page.get_by_role("button", name="Alla är här")).to_be_visible()
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_everybody_at_once_without_script(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, javascript=False)
    page.goto(evening.path)
    page.get_by_role("button", name="Alla är här").tap()
    expect(page.locator("[data-part=count]")).to_have_text("30")
    until(page, lambda: evening.at_the_server()[0] == set(NAMES))


def test_one_list_from_a_to_o_and_the_phone_remembers(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    page.locator("input[name=order][value=list]").check()
    names = "[...document.querySelectorAll('label.tile b')].map((name) => name.textContent)"
    assert page.evaluate(names) == sorted(NAMES, key=lambda name: name.replace("Å", "Ö").replace("ö", "zz"))
    tile(page, "Åke").tap()
    expect(page.locator("[data-part=count]")).to_have_text("1")
    page.reload()
    expect(page.locator("[data-part=one-list] label.tile")).to_have_count(30)
    expect(is_here(page, "Åke")).to_be_checked()
    expect(where(page, "Åke")).to_have_text("mottaget")
    page.wait_for_timeout(1_000)  # the whole roll has been asked for anew
    axe(page)
    page.locator("input[name=order][value=voice]").check()
    expect(page.locator("fieldset.voice-1 label.tile")).to_have_count(8)
    counts = page.locator("fieldset.voice:visible [data-part=voice-count]")
    expect(counts).to_have_text(["0 av 8", "1 av 8", "0 av 7", "0 av 7"])


def test_what_was_said_beforehand_is_a_hint_and_marks_nobody(evening: Evening, browse: Browse) -> None:
    makers.a_reply(evening.rehearsal, singer("Amina"), is_coming=False)
    makers.a_reply(evening.rehearsal, singer("Emil"), is_coming=True)
    db.session.commit()
    page = browse(evening.leader)
    page.goto(evening.path)
    expect(tile(page, "Amina").get_by_text("Kan inte")).to_be_visible()
    expect(tile(page, "Emil").get_by_text("Kan inte")).to_be_hidden()
    expect(page.locator("[data-part=said]")).to_have_text("1 har sagt att de kommer. 1 kan inte.")
    expect(page.locator("[data-part=count]")).to_have_text("0")
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_whoever_waits_at_the_door_is_let_in(evening: Evening, browse: Browse) -> None:
    from choir_app.rehearsals import actions

    actions.open_check_in(evening.rehearsal, by=evening.leader)
    makers.an_arrival(evening.rehearsal, "Semhar")
    makers.an_arrival(evening.rehearsal, "Göran")
    db.session.commit()
    page = browse(evening.leader)
    page.goto(evening.path)
    cards = page.locator("[data-part=arrivals] .message")
    expect(cards).to_have_count(2)
    axe(page)
    cards.filter(has_text="Semhar").get_by_role("button", name="Släpp in").tap()
    expect(is_here(page, "Semhar")).to_be_checked()
    cards.filter(has_text="Göran").get_by_role("button", name="Det är Göran").tap()
    expect(is_here(page, "Göran")).to_be_checked()
    expect(cards).to_have_count(0)
    until(page, lambda: evening.at_the_server()[0] == {"Semhar", "Göran"})


def test_a_list_that_was_handed_in_is_changed_with_a_reason(evening: Evening, browse: Browse) -> None:
    _hand_in(evening)
    page = browse(evening.leader)
    page.goto(evening.path)
    expect(page.locator("[data-part=locked]")).to_contain_text("Listan är inlämnad.")
    expect(is_here(page, "Amina")).to_be_disabled()
    expect(page.get_by_role("button", name="Ny sångare")).to_be_disabled()
    page.get_by_role("button", name="Rätta listan").tap()
    page.get_by_role("dialog").get_by_role("button", name="Rätta listan").tap()
    expect(page.get_by_text("Skriv varför, med några ord.")).to_be_visible()
    page.get_by_label("Varför ändrar du?").last.fill("Amina kom sent")
    page.get_by_role("dialog").get_by_role("button", name="Rätta listan").tap()
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})
    assert db.session.scalars(select(Act.why).where(Act.why.is_not(None))).all() == ["Amina kom sent"]
    db.session.rollback()


def _hand_in(evening: Evening) -> None:
    circle = makers.a_study_list(evening.choir)
    version = HandedInList(
        id=uuid4(), list_id=circle.id, number=1, content="{}", digest="0" * 64, leader_name="Sonja Nyberg"
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(HandedInRehearsal(handed_in_id=version.id, rehearsal_id=evening.rehearsal.id))
    db.session.commit()


def test_thirty_eight_names_by_the_keyboard_alone(evening: Evening, browse: Browse) -> None:
    more = ["Sara", "Tove", "Ulla", "Vera", "Wanja", "Yusuf", "Zelal", "Örjan"]
    for number, name in enumerate(more):
        makers.a_singer(name, choir=evening.choir, voice="Alt" if number % 2 else "Sopran")
    db.session.commit()
    page = browse(evening.leader, width=1280)
    page.goto(evening.path)
    page.get_by_role("button", name="Sök namn").press("Enter")
    begun = page.evaluate("Date.now()")
    for name in (*NAMES, *more):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    expect(page.locator("[data-part=count]")).to_have_text("38")
    assert page.evaluate("Date.now()") - begun < 90_000
    expect(page.locator("[data-part=sync]")).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == {*NAMES, *more})


def test_with_letters_twice_as_large_on_a_narrow_phone(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, width=320)
    page.goto(evening.path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    assert not scrolls_sideways(page)
    overlaps = page.evaluate(
        """() => [...document.querySelectorAll(".tile")].filter((tile) => {
          const rest = tile.querySelector(".tile__rest").getBoundingClientRect()
          const where = tile.querySelector(".tile__where").getBoundingClientRect()
          return where.width && rest.right > where.left && rest.bottom > where.top
        }).length"""
    )
    assert overlaps == 0, "the word never lies on the name"
