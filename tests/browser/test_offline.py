"""The phone without contact: opened cold, signed out, changed hands, renewed and handed over."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect
from sqlalchemy import select

from choir_app.accounts.models import Account, SignIn
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Act, Attendance, Rehearsal
from tests import makers
from tests.browser.conftest import FLAGS, PATIENCE, LiveHouse, axe, scrolls_sideways, until

Browse = Callable[..., Page]

NAMES = ("Zarifa", "Torkelina", "Ababuwa", "Quinlanda", "Yohannesa", "Wilgerda")
UNREACHABLE = "ERR_INTERNET_DISCONNECTED"


class Choir:
    """A choir of six with a rehearsal that has just begun, one ten days ago and one in ten days."""

    def __init__(self, town: str = "Kiruna") -> None:
        self.choir = makers.a_choir(town=town)
        for name in NAMES:
            makers.a_singer(name, "Kvistgren", choir=self.choir)
        self.leader: Account = makers.a_leader(self.choir, "Sonja Nyberg")
        self.tonight: Rehearsal = makers.a_rehearsal(self.choir, clock.now() - timedelta(minutes=5))
        self.last: Rehearsal = makers.a_rehearsal(self.choir, clock.now() - timedelta(days=10))
        self.next: Rehearsal = makers.a_rehearsal(self.choir, clock.now() + timedelta(days=10))
        self.path = f"/narvaro/{self.tonight.id}"
        self.id = self.tonight.id
        db.session.commit()

    def present(self) -> set[str]:
        """Who is here tonight, as the database says."""
        db.session.rollback()
        db.session.expire_all()
        here = select(Singer.first_name).join(Attendance, Attendance.singer_id == Singer.id)
        names = set(db.session.scalars(here.where(Attendance.rehearsal_id == self.id, Attendance.is_present)))
        db.session.rollback()
        return names


@pytest.fixture
def choir(live: LiveHouse) -> Choir:
    return Choir()


STORE = """
    const names = [...performance.getEntriesByType('resource'), ...document.scripts].map((one) => one.name || one.src)
    const store = await import(names.find((name) => name.includes('/js/phone.js')).replace('phone.js', 'roll-store.js'))
"""
"""The phone's own store, for what is asked of it below."""


def with_contact(page: Page) -> Page:
    """One visit with contact, until the phone has all that it needs without."""
    page.goto("/ikvall")
    is_ready = f"""async () => {{ {STORE}
        return Boolean(navigator.serviceWorker.controller) && Boolean(await store.fact('seal'))
    }}"""
    expect(page.locator("[data-part=kept] [data-part=text]").first).to_have_text("✓ Listan finns i telefonen")
    until(page, lambda: page.evaluate(is_ready))
    return page


def loses_contact(page: Page) -> None:
    page.watch.expected += [UNREACHABLE, "ERR_FAILED", "503"]  # type: ignore[attr-defined]
    page.context.set_offline(True)


def tile(page: Page, name: str) -> Any:
    return page.locator("label.tile").filter(has=page.get_by_text(name, exact=True))


def waits(page: Page) -> int:
    """How many acts lie readable in the phone and wait."""
    return page.evaluate(
        f"""async () => {{ {STORE}
            return (await store.actsOf(null)).filter((one) => one.state !== 'refused').length
        }}"""
    )


# --- a cold start ---------------------------------------------------------------------------------------------


def test_tonight_and_the_rolls_open_cold_after_one_visit(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    phone = page.context.new_page()
    page.close()
    phone.goto("/ikvall")
    expect(phone.get_by_role("heading", level=1)).to_have_text("I kväll klockan 17.55")
    expect(phone.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    rows = phone.locator("[data-part=rows] li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Lördag 6 juni")
    axe(phone)
    assert not scrolls_sideways(phone)
    phone.get_by_role("link", name="Starta närvaro").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Närvaro i Kiruna")
    for name in NAMES:
        expect(tile(phone, name)).to_be_visible()
    phone.goto("/ikvall")
    phone.locator("[data-part=rows] a").first.click()
    expect(tile(phone, "Zarifa")).to_be_visible()


def test_marks_made_without_contact_arrive_after_the_page_was_closed(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto(choir.path)
    for name in NAMES[:3]:
        tile(page, name).tap()
    until(page, lambda: waits(page) == 3)
    assert choir.present() == set()
    phone = page.context.new_page()
    page.close()
    phone.goto("/ikvall")
    expect(phone.get_by_text("3 markeringar väntar på att skickas.")).to_be_visible()
    phone.context.set_offline(False)
    phone.goto("/ikvall")
    until(phone, lambda: choir.present() == set(NAMES[:3]))


def test_a_house_that_never_answers_is_waited_for_only_a_moment(choir: Choir, browse: Browse) -> None:
    """A basement often says that it has contact. The shell stands there after two and a half seconds."""
    page = with_contact(browse(choir.leader, width=390))
    page.context.route(re.compile(r"/(ikvall|api/v1/.*)$"), lambda _route: None)
    page.watch.expected += ["ERR_", "timeout"]  # type: ignore[attr-defined]
    page.goto("/ikvall", wait_until="commit")
    expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible(timeout=6_000)
    page.context.unroute_all(behavior="ignoreErrors")


def test_the_app_on_the_home_screen_opens_tonight_without_contact(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    page.goto("/app")
    expect(page).to_have_url(re.compile("/ikvall$"))
    loses_contact(page)
    page.goto("/app")
    expect(page.get_by_role("heading", level=1)).to_have_text("I kväll klockan 17.55")


def test_other_pages_say_calmly_that_there_is_no_contact(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto("/konto")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingen kontakt")
    axe(page)
    page.get_by_role("link", name="I kväll").click()
    expect(page.get_by_role("link", name="Starta närvaro")).to_be_visible()


def test_english_pages_open_in_english(choir: Choir, browse: Browse) -> None:
    page = browse(choir.leader, width=390)
    page.goto("/en/ikvall")
    expect(page.locator("[data-part=kept]").first).to_be_visible()
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    loses_contact(page)
    page.goto("/en/ikvall")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[data-part=cards] a").first).to_have_attribute("href", f"/en/narvaro/{choir.id}")


def test_a_list_is_dropped_after_fourteen_days_and_said_so(
    choir: Choir, browse: Browse, live: LiveHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    refused: list[int] = []

    @for_everyone
    def refuses() -> tuple[str, int]:
        refused.append(503)
        return "", 503

    with monkeypatch.context() as patch:
        # The house itself says no: a worker that has just started may not know yet that the browser is offline.
        patch.setitem(live.app.view_functions, "rehearsals.evenings", refuses)
        live.app.extensions["kept_pages"].forget()
        page.clock.set_system_time(clock.now() + timedelta(days=13))
        page.goto("/ikvall")
        expect(page.locator("[data-part=rows] li")).not_to_have_count(0)
        page.clock.set_system_time(clock.now() + timedelta(days=15))
        page.goto("/ikvall")
        expect(page.get_by_text("Inga listor är hämtade till telefonen än.")).to_be_visible()
        page.context.set_offline(False)
        asked = len(refused)
        page.goto("/ikvall")
        line = page.locator("[data-part=kept]").first
        expect(line).to_contain_text("Listan är från 16 juni. Öppna appen en gång med täckning.")
        until(page, lambda: len(refused) > asked)
    line.get_by_role("button", name="Hämta nu").click()
    expect(line).to_contain_text("✓ Listan finns i telefonen")


def test_no_page_with_names_lies_in_the_workers_cache(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    page.goto(choir.path)
    expect(tile(page, "Zarifa")).to_be_visible()
    page.goto("/ikvall")
    kept = page.evaluate(
        """async () => {
             const all = []
             for (const name of await caches.keys()) {
               const cache = await caches.open(name)
               for (const request of await cache.keys()) {
                 const answer = await cache.match(request)
                 all.push([new URL(request.url).pathname, await answer.text()])
               }
             }
             return all
           }"""
    )
    assert len(kept) > 20
    for path, text in kept:
        assert path.startswith("/static/") or path.endswith(
            ("/skal", "/klar-skal", "/utloggad", "/utan-kontakt", "/lamna-over")
        )
        assert not [name for name in (*NAMES, "Sonja", "Kvistgren") if name in text], path


# --- signing out ----------------------------------------------------------------------------------------------


def ask_to_sign_out(page: Page) -> None:
    page.get_by_role("button", name="Logga ut").first.click()


def test_sign_out_without_contact_wipes_and_seals(choir: Choir, browse: Browse, live: LiveHouse) -> None:
    """The whole way: three marks in the basement, signed out there, brought by somebody else's visit."""
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto(choir.path)
    for name in NAMES[:3]:
        tile(page, name).tap()
    until(page, lambda: waits(page) == 3)
    page.goto("/ikvall")
    ask_to_sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 markeringar väntar. De ligger kvar förseglade i telefonen")
    dialog.get_by_role("button", name="Avbryt").click()
    assert waits(page) == 3
    ask_to_sign_out(page)
    dialog.get_by_role("button", name="Logga ut ändå").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
    expect(page.get_by_text("3 förseglade markeringar ligger i telefonen")).to_be_visible()
    axe(page)
    # nothing of it opens any more, whatever is asked for
    for path in ("/ikvall", choir.path, "/konto"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
    # and at the first contact the house is told before any page of the leader is shown
    page.context.set_offline(False)
    page.goto("/ikvall")
    expect(page).to_have_url(re.compile("/logga-in"))
    db.session.rollback()
    left = select(SignIn.ended_at).where(SignIn.account_id == choir.leader.id)
    assert all(db.session.scalars(left))
    until(page, lambda: choir.present() == set(NAMES[:3]))
    makers_of = set(db.session.scalars(select(Act.by_id).where(Act.rehearsal_id == choir.id)))
    db.session.rollback()
    assert makers_of == {choir.leader.id}


def test_sign_out_with_contact_leaves_nothing_either(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    page.goto("/konto")
    page.get_by_role("button", name="Logga ut", exact=True).last.click()
    expect(page).to_have_url(re.compile("/logga-in"))
    expect(page.get_by_text("Du är utloggad.")).to_be_visible()
    rolls = page.evaluate(
        """() => new Promise((resolve) => {
             const opening = indexedDB.open('kor')
             opening.onsuccess = () => {
               const request = opening.result.transaction('rolls').objectStore('rolls').count()
               request.onsuccess = () => resolve(request.result)
             }
           })"""
    )
    assert rolls == 0
    page.go_back()
    expect(page).to_have_url(re.compile("/logga-in"))


# --- what lies on the disk ---------------------------------------------------------------------------------------


@pytest.fixture
def own_phone(
    playwright: Playwright, live: LiveHouse, tmp_path: Path
) -> Iterator[Callable[[Account | None], BrowserContext]]:
    """A browser with a profile of its own on the disk; asked for again it is the same phone, started anew."""
    opened: list[BrowserContext] = []

    def start(account: Account | None) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            headless=True,
            args=FLAGS,
            base_url=live.url,
            viewport={"width": 390, "height": 844},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            has_touch=True,
        )
        context.set_default_timeout(PATIENCE)
        context.clock.install(time=clock.now())
        if account is not None:
            context.add_cookies([live.cookie_of(account)])  # type: ignore[list-item]
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


def on_disk(folder: Path, *words: str) -> set[str]:
    """The files of a browser's profile that hold one of these words, however the browser writes them."""
    wanted = [form for word in words for form in (word.encode(), word.encode("utf-16-le"))]
    found = set()
    for file in folder.rglob("*"):
        if file.is_file() and any(form in file.read_bytes() for form in wanted):
            found.add(str(file.relative_to(folder)))
    return found


@pytest.mark.parametrize("has_contact", [True, False])
def test_after_signing_out_no_name_lies_on_the_phones_disk(
    choir: Choir,
    own_phone: Callable[[Account | None], BrowserContext],
    tmp_path: Path,
    live: LiveHouse,
    *,
    has_contact: bool,
) -> None:
    """Every file of the browser is read: its databases with what was deleted in them, its caches, its history."""
    context = own_phone(choir.leader)
    page = with_contact(context.pages[0])
    page.goto(choir.path)
    tile(page, "Zarifa").tap()
    until(page, lambda: "Zarifa" in choir.present())
    if not has_contact:
        context.set_offline(True)
        tile(page, "Torkelina").tap()
        until(page, lambda: waits(page) == 1)
    page.goto("/ikvall" if not has_contact else "/konto")
    page.get_by_role("button", name="Logga ut", exact=True).last.click()
    if not has_contact:
        page.get_by_role("button", name="Logga ut ändå").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
    else:
        expect(page).to_have_url(re.compile("/logga-in"))
    context.close()
    assert on_disk(tmp_path / "profile", "kor") != set(), "the profile is where we look"
    assert on_disk(tmp_path / "profile", *NAMES, "Kvistgren") == set()
    if not has_contact:
        again = own_phone(None).pages[0]
        again.goto("/")
        until(again, lambda: choir.present() == {"Zarifa", "Torkelina"})


def test_a_phone_that_was_switched_off_opens_without_contact(
    choir: Choir, own_phone: Callable[[Account | None], BrowserContext]
) -> None:
    with_contact(own_phone(choir.leader).pages[0]).context.close()
    context = own_phone(None)
    context.set_offline(True)
    context.route("**/*", lambda route: route.abort())  # a worker that starts later knows of no «offline»
    page = context.pages[0]
    page.goto("/ikvall")
    page.get_by_role("link", name="Starta närvaro").click()
    tile(page, "Zarifa").tap()
    until(page, lambda: waits(page) == 1)
    context.close()
    page = own_phone(choir.leader).pages[0]  # the cookie of a test lasts no longer than its browser
    page.goto("/ikvall")
    until(page, lambda: choir.present() == {"Zarifa"})


def test_it_can_be_put_on_the_home_screen(
    choir: Choir, own_phone: Callable[[Account | None], BrowserContext]
) -> None:
    page = with_contact(own_phone(choir.leader).pages[0])
    answer = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    assert answer["installabilityErrors"] == []


# --- another account on the same phone ------------------------------------------------------------------------------


def test_another_account_seals_and_brings_what_waited(choir: Choir, browse: Browse, live: LiveHouse) -> None:
    other = makers.a_leader(makers.a_choir(town="Luleå"), "Maja Lind")
    makers.a_rehearsal(other_choir_of(other), clock.now() - timedelta(minutes=5))
    db.session.commit()
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto(choir.path)
    for name in NAMES[:2]:
        tile(page, name).tap()
    until(page, lambda: waits(page) == 2)
    page.goto("/utan-kontakt")
    page.context.add_cookies([live.cookie_of(other)])  # type: ignore[list-item]
    page.context.set_offline(False)
    page.context.route("**/api/v1/sealed", lambda route: route.abort())
    page.goto("/ikvall")
    expect(page.get_by_text("2 markeringar från en annan person på den här telefonen väntar")).to_be_visible()
    assert waits(page) == 0
    page.context.unroute_all(behavior="ignoreErrors")
    page.goto("/ikvall")
    until(page, lambda: choir.present() == set(NAMES[:2]))
    makers_of = set(db.session.scalars(select(Act.by_id).where(Act.rehearsal_id == choir.id)))
    db.session.rollback()
    assert makers_of == {choir.leader.id}, "credited to who made them, not to who brought them"
    expect(page.get_by_text("Luleå").first).to_be_visible()
    loses_contact(page)
    page.goto(choir.path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingen kontakt")


def other_choir_of(leader: Account) -> Any:
    from choir_app.choirs.queries import choirs_led_by

    return next(iter(choirs_led_by(leader)))


# --- a new version ---------------------------------------------------------------------------------------------------


def renew(live: LiveHouse, version: str) -> None:
    """The house is changed for a newer one: other addresses of all files, another worker."""
    live.app.extensions["assets"].version = version
    live.app.extensions.pop("version_of_the_shells", None)
    live.app.extensions["kept_pages"].forget()


@pytest.fixture
def renewable(live: LiveHouse) -> Iterator[LiveHouse]:
    version = live.app.extensions["assets"].version
    yield live
    renew(live, version)


def only_cache(page: Page) -> str | None:
    """The name of what the worker keeps; None while there are two, or while the page is on its way."""
    try:
        names = page.evaluate("caches.keys()")
    except Error:
        return None
    return names[0] if len(names) == 1 else None


def test_a_new_version_never_interrupts_a_roll(choir: Choir, browse: Browse, renewable: LiveHouse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    before = only_cache(page)
    page.goto(choir.path)
    loses_contact(page)
    for name in NAMES[:2]:
        tile(page, name).tap()
    until(page, lambda: waits(page) == 2)
    renew(renewable, "0123456789")
    page.context.route("**/api/v1/acts", lambda route: route.abort())
    page.context.set_offline(False)
    second = page.context.new_page()
    second.goto("/ikvall")
    expect(second.get_by_text("Ny version finns.")).to_be_visible()
    second.get_by_role("button", name="Ladda om").click()
    expect(second.get_by_text("En närvarolista är öppen i ett annat fönster.")).to_be_visible()
    tile(page, NAMES[2]).tap()
    expect(page.locator("[data-part=count]")).to_have_text("3")
    page.context.unroute_all(behavior="ignoreErrors")
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: choir.present() == set(NAMES[:3]))
    page.close()
    second.get_by_role("button", name="Ladda om").click()
    until(second, lambda: only_cache(second) not in (None, before))
    second.goto("/ikvall")
    assert "/static/0123456789/" in second.content()


def test_a_new_version_comes_quietly_when_nothing_waits(
    choir: Choir, browse: Browse, renewable: LiveHouse
) -> None:
    page = with_contact(browse(choir.leader, width=390))
    before = only_cache(page)
    renew(renewable, "0123456780")
    page.goto("/konto")
    until(page, lambda: only_cache(page) not in (None, before))
    loses_contact(page)
    page.goto("/ikvall")
    expect(page.get_by_role("link", name="Starta närvaro")).to_be_visible()
    assert "/static/0123456780/" in page.content()


# --- handing over ---------------------------------------------------------------------------------------------------


def test_what_waits_is_handed_to_another_phone(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto(choir.path)
    for name in NAMES[:5]:
        tile(page, name).tap()
    until(page, lambda: waits(page) == 5)
    page.goto("/narvaro/lamna-over")
    expect(page.get_by_text("5 markeringar väntar.")).to_be_visible()
    expect(page.get_by_text("Kod 1 av 2")).to_be_visible()
    axe(page)
    assert not scrolls_sideways(page)
    text = page.locator("textarea").input_value()
    assert not [name for name in NAMES if name in text]
    page.get_by_role("button", name="Nästa kod").click()
    expect(page.get_by_text("Kod 2 av 2")).to_be_visible()

    helper = makers.a_leader(makers.a_choir(town="Luleå"), "Maja Lind")
    db.session.commit()
    desktop = browse(helper, width=1280)
    desktop.goto("/narvaro/ta-emot")
    axe(desktop)
    desktop.get_by_label("Texten från den andra telefonen").fill(text)
    desktop.get_by_role("button", name="Ta emot").click()
    expect(desktop.get_by_text("5 markeringar är mottagna.")).to_be_visible()
    assert choir.present() == set(NAMES[:5])
    # the phone that had no contact brings the same once more, which changes nothing
    page.context.set_offline(False)
    page.goto("/ikvall")
    until(page, lambda: waits(page) == 0)
    count = len(db.session.scalars(select(Act.id).where(Act.rehearsal_id == choir.id)).all())
    db.session.rollback()
    assert count == 5


def test_a_camera_brings_the_marks_behind_the_address(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    loses_contact(page)
    page.goto(choir.path)
    tile(page, "Zarifa").tap()
    until(page, lambda: waits(page) == 1)
    page.goto("/narvaro/lamna-over")
    expect(page.get_by_text("1 markering väntar.")).to_be_visible()
    text = page.locator("textarea").input_value()
    helper = makers.a_leader(makers.a_choir(town="Luleå"), "Maja Lind")
    db.session.commit()
    other = browse(helper, width=390)
    other.goto(f"/narvaro/ta-emot#{text}")
    expect(other.get_by_text("1 markering är mottagen.")).to_be_visible()
    assert choir.present() == {"Zarifa"}


FULL = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
        929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732, 1840, 1952, 2068, 2188, 2303, 2431,
        2563, 2699, 2809, 2953]  # fmt: skip
"""Bytes that fill each size of code with error correction L to the last."""


def test_our_codes_are_those_of_another_maker(live: LiveHouse, browse: Browse) -> None:
    """All forty sizes and all eight masks against segno, cell by cell."""
    page = browse()
    page.goto("/narvaro/lamna-over")
    texts = [
        ("Åa9-" * 800).encode()[:length].decode("ascii", "replace").replace("\ufffd", "?") for length in FULL
    ]
    address = live.app.extensions["assets"].url("js/qr.js")
    for number, text in enumerate(texts):
        ours = page.evaluate(
            "async ([address, text, mask]) => (await import(address)).matrixOf(text, mask)",
            [address, text[: FULL[number]], number % 8],
        )
        theirs = segno.make(text, error="l", boost_error=False, mode="byte", mask=number % 8, micro=False)
        assert ours == [[int(cell) for cell in row] for row in theirs.matrix], number + 1
    assert (
        page.evaluate("async (address) => (await import(address)).matrixOf('x'.repeat(2954))", address)
        is None
    )


# --- how it is told ------------------------------------------------------------------------------------------------


def test_a_browser_that_keeps_nothing_is_told_of(choir: Choir, browse: Browse) -> None:
    page = browse(choir.leader, width=390)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no') } })")
    page.goto("/ikvall")
    expect(page.get_by_text("Telefonen sparar inget här.")).to_be_visible()
    expect(page.get_by_role("link", name="Starta närvaro")).to_be_visible()


def test_adding_to_the_home_screen_is_offered_not_pressed_upon(choir: Choir, browse: Browse) -> None:
    page = with_contact(browse(choir.leader, width=390))
    button = page.get_by_role("button", name="Lägg till på hemskärmen")
    expect(button).to_be_hidden()
    page.evaluate(
        """() => {
             const event = new Event('beforeinstallprompt', { cancelable: true })
             event.prompt = async () => { window.asked = true }
             dispatchEvent(event)
           }"""
    )
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") is None
    button.click()
    assert page.evaluate("window.asked") is True


def test_the_first_visit_is_small(choir: Choir, browse: Browse) -> None:
    """What one visit with contact brings, files and shells and rolls together, in bytes as they come."""
    page = browse(choir.leader, width=390)
    sizes: list[int] = []
    page.context.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
    with_contact(page)
    assert sum(sizes) < 600_000
