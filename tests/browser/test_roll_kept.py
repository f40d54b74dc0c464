"""What the phone keeps: every act before it is sent, through lost answers, full phones, portals and new pages."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db, sqlite_driver
from choir_app.rehearsals.models import Act
from tests.browser.conftest import until
from tests.browser.test_roll import NAMES, Evening, tile

Browse = Callable[..., Page]
expect.set_options(timeout=15_000)  # the machine may be busy with other tests
ACTS = "**/api/v1/acts"


@pytest.fixture
def evening(live: Any) -> Evening:
    return Evening()


def where(page: Page, name: str) -> Any:
    """The small word on a singer's tile."""
    return tile(page, name).locator("[data-part=where]")


def sync_line(page: Page) -> Any:
    """The line that says where everything is."""
    return page.locator("[data-part=sync]")


def without_contact(page: Page) -> None:
    """Nothing comes through, and the console says so."""
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.context.route("**/api/v1/**", lambda route: route.abort())


def with_contact(page: Page) -> None:
    """All comes through again, and the browser says «online»."""
    page.context.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")


def another_page(page: Page, path: str) -> Page:
    """A new page of the same phone."""
    new = page.context.new_page()
    new.clock.install(time=clock.now())
    new.watch = page.watch  # type: ignore[attr-defined]
    new.goto(path)
    return new


def in_the_store(page: Page, name: str) -> Any:
    """What lies in one part of the phone's store, as the product reads it."""
    return page.evaluate(
        """async (name) => {
          const script = document.querySelector('script[src$="/js/roll-call.js"]')
          const store = await import(script.src.replace("roll-call", "roll-store"))
          if (name === "acts") return await store.actsOf(null)
          return await store.allRolls(document.querySelector("roll-call").dataset.account)
        }""",
        name,
    )


def sent_in(route: Route) -> dict[str, Any]:
    """What a request carries."""
    return json.loads(route.request.post_data or "{}")


@contextmanager
def the_database_held(live: Any) -> Any:
    """While somebody else writes, so that the server takes a request in and cannot answer yet."""
    other = sqlite_driver().connect(str(live.app.extensions["sqlalchemy"].engine.url.database), timeout=20)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_thirty_marks_outlive_the_page(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    without_contact(page)
    for name in NAMES:
        tile(page, name).tap()
    page.get_by_role("button", name="Ny sångare").tap()
    expect(page.get_by_label("Förnamn")).to_be_focused()
    page.keyboard.type("Semhar")
    page.keyboard.press("Enter")
    for name in (*NAMES, "Semhar"):
        expect(where(page, name)).to_have_text("i telefonen")
    expect(sync_line(page)).to_contain_text("31 väntar. Ingen kontakt.")
    page.close()  # what was on its way then may come through or not; the count below is the same
    page.context.unroute_all()
    again = another_page(page, evening.path)
    expect(again.locator("[data-part=count]")).to_have_text("31")
    expect(sync_line(again)).to_contain_text("Skickat.")
    expect(where(again, "Semhar")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {*NAMES, "Semhar"})
    assert in_the_store(again, "acts") == []


def test_a_page_opened_again_without_answer_shows_what_waits(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    without_contact(page)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("i telefonen")
    again = another_page(page, evening.path)
    expect(tile(again, "Amina").locator("input")).to_be_checked()
    expect(again.locator("[data-part=count]")).to_have_text("1")
    expect(where(again, "Amina")).to_have_text("i telefonen")
    expect(sync_line(again)).to_contain_text("1 väntar.")


def test_each_row_says_where_its_mark_is(evening: Evening, browse: Browse, live: Any) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    expect(where(page, "Amina")).to_have_text("")
    without_contact(page)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("i telefonen")
    with the_database_held(live):
        with_contact(page)
        expect(where(page, "Amina")).to_have_text("skickat")
        expect(sync_line(page)).to_contain_text("1 väntar. Skickar …")
    expect(where(page, "Amina")).to_have_text("mottaget")
    assert where(page, "Amina").get_attribute("aria-hidden") == "true", "the sync line is what is read out"
    page.reload()
    expect(where(page, "Amina")).to_have_text("mottaget")


def test_a_full_phone_is_told_and_never_called_kept(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.add_init_script(
        """const put = IDBObjectStore.prototype.put
        IDBObjectStore.prototype.put = function (...given) {
          if (this.name === "acts") throw new DOMException("full", "QuotaExceededError")
          return put.apply(this, given)
        }"""
    )
    page.goto(evening.path)
    expect(sync_line(page)).to_contain_text("Inget är markerat än.")
    without_contact(page)
    tile(page, "Amina").tap()
    expect(page.locator("[data-part=warning]")).to_contain_text("Telefonen är full och kan inte spara.")
    expect(sync_line(page)).to_contain_text("1 väntar. Ingen kontakt. Ha sidan öppen")
    expect(where(page, "Amina")).to_have_text("")
    expect(tile(page, "Amina").locator("input")).to_be_checked()
    with_contact(page)
    expect(where(page, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_a_browser_that_keeps_nothing_says_so_and_sends(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }")
    page.goto(evening.path)
    expect(page.locator("[data-part=warning]")).to_have_text(
        "Den här telefonen kan inte spara utan täckning. Gå dit du har täckning innan du trycker på Klar."
    )
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    without_contact(page)
    tile(page, "Åke").tap()
    expect(sync_line(page)).to_contain_text("Ha sidan öppen")
    expect(where(page, "Åke")).to_have_text("")
    with_contact(page)
    expect(where(page, "Åke")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina", "Åke"})


def test_a_phone_on_plain_http_has_fewer_tools(evening: Evening, browse: Browse) -> None:
    """As on an address without a certificate: no random ids, no locks, no seals, no workers."""
    page = browse(evening.leader)
    page.add_init_script(
        """for (const [thing, name] of [[Crypto.prototype, "randomUUID"], [Crypto.prototype, "subtle"],
             [Navigator.prototype, "locks"], [Navigator.prototype, "serviceWorker"], [Navigator.prototype, "storage"],
             [AbortSignal, "timeout"]]) delete thing[name]"""
    )
    page.goto(evening.path)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_the_page_of_a_portal_is_no_answer(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    page.route(ACTS, lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Wifi</h1>"))
    tile(page, "Amina").tap()
    expect(sync_line(page)).to_contain_text("1 väntar. Ingen kontakt.")
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(where(page, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_an_act_that_the_answer_forgets_is_sent_again(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    sent: list[list[str]] = []

    def forgets_the_second(route: Route) -> None:
        acts = sent_in(route)["acts"]
        sent.append([act["id"] for act in acts])
        answer = route.fetch()
        told = answer.json()
        if len(sent) == 1:
            told["results"] = told["results"][:-1]
        route.fulfill(response=answer, body=json.dumps(told))

    page.route(ACTS, forgets_the_second)
    page.get_by_role("button", name="Alla är här").tap()
    expect(sync_line(page)).to_contain_text("Skickat.")
    assert len(sent[0]) == len(NAMES)
    assert sent[1] == sent[0][-1:]
    until(page, lambda: evening.at_the_server()[0] == set(NAMES))


def test_a_batch_that_is_too_large_is_halved(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("413")  # type: ignore[attr-defined]
    page.goto(evening.path)
    sizes: list[int] = []

    def takes_eight(route: Route) -> None:
        sizes.append(len(sent_in(route)["acts"]))
        route.continue_() if sizes[-1] <= 8 else route.fulfill(status=413, json={"error": 413})

    page.route(ACTS, takes_eight)
    page.get_by_role("button", name="Alla är här").tap()
    expect(sync_line(page)).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == set(NAMES))
    assert sizes[:3] == [30, 15, 8]


def test_one_act_that_cannot_be_read_stops_no_other(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    page.goto(evening.path)
    amina = tile(page, "Amina").locator("input").get_attribute("value")

    def refuses_amina(route: Route) -> None:
        acts = sent_in(route)["acts"]
        if any(act["singer_id"] == amina for act in acts):
            route.fulfill(status=422, json={"error": 422, "reason": "Det går inte att läsa."})
        else:
            route.continue_()

    page.route(ACTS, refuses_amina)
    page.get_by_role("button", name="Alla är här").tap()
    expect(page.locator("[data-part=tray]")).to_contain_text("Amina Ek 0: här. Det går inte att läsa.")
    expect(sync_line(page)).to_contain_text("Skickat.")
    until(page, lambda: evening.at_the_server()[0] == set(NAMES) - {"Amina"})


def test_what_was_refused_stays_until_it_is_dealt_with(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader, permissions=["clipboard-read", "clipboard-write"])
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.route("**/api/v1/roll/*", lambda route: route.abort())  # this phone does not hear of it beforehand
    page.goto(evening.path)
    hodan = db.session.execute(
        select(Singer).where(Singer.first_name == "Hodan", Singer.surname.like("Ek %"))
    ).scalar_one()
    choirs.erase_singer(hodan, by=evening.leader)
    db.session.commit()
    tile(page, "Hodan").tap()
    tray = page.locator("[data-part=tray]")
    expect(tray).to_contain_text("Hodan Ek 4: här. Sångaren är raderad.")
    tray.get_by_role("button", name="Kopiera som text").tap()
    expect(tray).to_contain_text("Texten är kopierad.")
    assert page.evaluate("navigator.clipboard.readText()").endswith("Hodan Ek 4: här. Sångaren är raderad.")
    page.unroute_all()
    page.reload()
    expect(tray).to_contain_text("Någon: här. Sångaren är raderad.")  # the name went with the person
    tray.get_by_role("button", name="Det är ordnat").tap()
    expect(tray).to_be_hidden()
    page.reload()
    expect(sync_line(page)).to_contain_text("Inget är markerat än.")
    expect(tray).to_be_hidden()
    assert in_the_store(page, "acts") == []


def test_signed_in_again_the_old_page_and_a_new_one_send_it(
    evening: Evening, browse: Browse, live: Any
) -> None:
    page = browse(evening.leader)
    page.watch.expected.append("401")  # type: ignore[attr-defined]
    page.goto(evening.path)
    page.context.clear_cookies()
    tile(page, "Amina").tap()
    link = sync_line(page).get_by_role("link", name="Logga in")
    expect(link).to_have_attribute("href", f"/logga-in?next={evening.path.replace('/', '%2F')}")
    page.close()
    page.context.add_cookies([live.cookie_of(evening.leader)])
    again = another_page(page, evening.path)
    expect(where(again, "Amina")).to_have_text("mottaget")
    until(page, lambda: evening.at_the_server()[0] == {"Amina"})


def test_only_what_this_account_did_is_sent_in_its_name(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.url.endswith("/acts") else None,
    )
    page.evaluate(
        """async ([rehearsal]) => {
          const script = document.querySelector('script[src$="/js/roll-call.js"]')
          const store = await import(script.src.replace("roll-call", "roll-store"))
          const act = {id: crypto.randomUUID(), kind: "guests", number: 77, at: new Date().toISOString()}
          await store.putAct("somebody-else", {...act, rehearsal_id: rehearsal})
        }""",
        [evening.path.rpartition("/")[2]],
    )
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    assert sent
    assert "77" not in json.dumps([json.loads(body)["acts"][0].get("number") for body in sent])
    until(page, lambda: evening.at_the_server()[2] == 0)


def test_neither_phone_numbers_nor_notes_are_kept(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    until(page, lambda: in_the_store(page, "rolls") != [])  # the number is asked for with contact only
    page.route(ACTS, lambda route: route.abort())
    page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Ny sångare").tap()
    expect(page.get_by_label("Förnamn")).to_be_focused()
    page.keyboard.type("Semhar")
    page.get_by_label("Mobilnummer").fill("070-174 06 10")
    page.get_by_label("Språk att läsa på").select_option("ti")
    page.get_by_label("Får vi skriva till personen?").check()
    page.get_by_role("button", name="Lägg till – är här").tap()
    expect(where(page, "Semhar")).to_have_text("i telefonen")
    kept = json.dumps([in_the_store(page, "acts"), in_the_store(page, "rolls")])
    assert "Semhar" in kept
    assert "174 06 10" not in kept
    assert "1740610" not in kept
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(where(page, "Semhar")).to_have_text("mottaget")
    db.session.rollback()
    semhar = db.session.execute(
        select(Singer).where(Singer.first_name == "Semhar", Singer.surname.is_(None), Singer.reads == "ti")
    ).scalar_one()
    assert semhar.phone == "070-174 06 10"
    db.session.rollback()


def test_a_second_window_hears_what_the_first_did(evening: Evening, browse: Browse) -> None:
    page = browse(evening.leader)
    page.goto(evening.path)
    other = another_page(page, evening.path)
    tile(page, "Amina").tap()
    expect(where(page, "Amina")).to_have_text("mottaget")
    expect(tile(other, "Amina").locator("input")).to_be_checked(timeout=10_000)
    kept = list(db.session.scalars(select(Act.status).where(Act.rehearsal_id == evening.rehearsal.id)))
    db.session.rollback()
    assert kept == ["present"]
