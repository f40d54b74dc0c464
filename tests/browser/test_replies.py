"""A singer says beforehand whether they come, at home and by a link, with and without script; what a leader sees."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import delete

from choir_app.choirs.models import Choir, Singer
from choir_app.choirs.queries import members_on
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Away, Reply
from tests import makers
from tests.browser.conftest import NOW, Browse, LiveHouse, TheClockOfAll, account_of, axe, scrolls_sideways

MEMBER = "hodan@example.org"
LEADER = "elin@example.org"


@pytest.fixture(autouse=True)
def before_the_evening(live: LiveHouse, the_clock: TheClockOfAll) -> None:
    """Two hours before tonight's rehearsal, of which nobody has said anything yet."""
    the_clock.set_to(NOW - timedelta(hours=2))
    for model in (Reply, Away):
        db.session.execute(delete(model))
    db.session.commit()


def a_singer_of(slug: str) -> UUID:
    """Somebody of a choir who has no account."""
    choir = db.session.query(Choir).filter_by(slug=slug).one()
    found = members_on(choir, clock.today())[0].singer_id
    db.session.commit()
    return found


def a_link_for(singer_id: UUID) -> str:
    """The address of a reply link."""
    secret = makers.a_reply_link(db.session.get_one(Singer, singer_id))
    db.session.commit()
    return f"/svar/{secret}"


@pytest.mark.parametrize("javascript", [True, False])
def test_one_tap_at_home_and_changed_again(browse: Browse, javascript: bool) -> None:
    page = browse(MEMBER, javascript=javascript)
    page.goto("/hem")
    page.get_by_role("button", name="Jag kommer").click()
    expect(page.locator("#svar")).to_contain_text("Bra! Vi ses i kväll.")
    expect(page.locator("#svar")).to_be_focused()
    page.get_by_role("button", name="Ändra").click()
    page.get_by_role("button", name="Jag kan inte").click()
    expect(page.locator("#svar")).to_contain_text("Vi ses nästa gång.")


@pytest.mark.parametrize("javascript", [True, False])
def test_by_a_link_without_signing_in(browse: Browse, javascript: bool) -> None:
    path = a_link_for(a_singer_of("boden"))
    page = browse(javascript=javascript)
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(request.headers.get("referer", ""))

    page.on("request", note)
    page.goto(path)
    page.get_by_role("button", name="Jag kan inte").first.click()
    expect(page.locator(".reply__said").first).to_have_text("Vi ses nästa gång.")
    page.get_by_label("Första dagen du är borta").fill("2026-07-01")
    page.get_by_label("Sista dagen du är borta").fill("2026-07-20")
    page.get_by_role("button", name="Spara dagarna").click()
    expect(page.locator("#borta")).to_contain_text("Onsdag 1 juli till måndag 20 juli")
    assert not any("/svar/" in each for each in told), "no request tells the address of the page"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browse: Browse, theme: Literal["light", "dark"]) -> None:
    singer = a_singer_of("boden")
    path = a_link_for(singer)
    choir = db.session.query(Choir).filter_by(slug="boden").one()
    named = members_on(choir, clock.today())[-1]
    makers.a_singer(named.first_name, choir=choir)
    db.session.commit()
    leader, member = account_of(LEADER), account_of(MEMBER)
    looks = {
        None: [path],
        member: ["/hem", "/hem/borta", "/hem/uppgifter"],
        leader: [
            "/korer/boden/sangare",
            "/korer/boden/dubbletter",
            f"/sangare/{singer}",
            f"/sangare/{singer}/svar",
            f"/sangare/{singer}/svarslank",
        ],
    }
    for who, paths in looks.items():
        for width in (390, 1280):
            page: Page = browse(who, width=width, theme=theme)
            for each in paths:
                page.goto(each)
                assert not scrolls_sideways(page), f"{each} at {width}"
                axe(page)


def test_an_old_link_says_what_to_do(browse: Browse) -> None:
    page = browse(width=320)
    page.watch.expected.append("410")  # type: ignore[attr-defined]
    page.goto("/svar/" + "x" * 32)
    expect(page.get_by_role("heading", level=1)).to_have_text("Länken gäller inte längre")
    assert not scrolls_sideways(page)
    axe(page)
