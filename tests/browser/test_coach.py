"""The coach beside the text: what it says follows what is typed, one tap leads to the place, one puts the words in."""

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.news import actions
from choir_app.news.models import Post
from tests.browser.conftest import Browse, LiveHouse, axe, scrolls_sideways, until

expect.set_options(timeout=15_000)  # the machine may be busy with other tests


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


def the_coach(page: Page) -> Locator:
    """The coach, opened."""
    fold = page.locator("editor-coach details").first
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    return fold


def remark(coach: Locator, words: str) -> Locator:
    return coach.get_by_role("listitem").filter(has=coach.page.get_by_text(words, exact=True))


def chosen(field: Locator) -> str:
    """What is selected in a field."""
    return field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")


def begun(page: Page, body: str, lead: str = "Vi sjunger i sommar.") -> Locator:
    """A post that somebody has begun to type, and the coach beside it."""
    page.goto("/nyheter/skriv/ny")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.get_by_role("textbox", name="Rubrik", exact=True).fill("Så gick mötet")
    page.get_by_label("Ingress").fill(lead)
    text_of(page).fill(body)
    return the_coach(page)


def test_what_it_says_follows_what_is_typed(browse: Browse) -> None:
    page = browse("eva@example.org", width=1280)
    coach = begun(page, "😀 Pengarna betalas ut.")
    expect(remark(coach, "betalas")).to_be_visible()
    remark(coach, "betalas").get_by_role("button", name="Visa i texten").click()
    expect(text_of(page)).to_be_focused()
    assert chosen(text_of(page)) == "betalas"
    text_of(page).fill("😀 Vi betalar.")
    expect(remark(coach, "betalas")).to_have_count(0)
    expect(coach).to_contain_text("Inget att anmärka på.")
    axe(page)


def test_an_explanation_is_put_in_by_one_tap_and_taken_back_by_the_browser(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    coach = begun(page, "Vi får **bidraget** i höst.")
    expect(remark(coach, "bidraget")).to_be_visible()
    remark(coach, "bidraget").get_by_role("button", name="Sätt in förklaringen").click()
    put_in = "Vi får **bidraget (pengar som man får för att göra något bra)** i höst."
    expect(text_of(page)).to_have_value(put_in)
    expect(remark(coach, "bidraget")).to_have_count(0)
    text_of(page).press("Control+z")
    expect(text_of(page)).to_have_value("Vi får **bidraget** i höst.")
    assert not scrolls_sideways(page)
    axe(page)


def test_a_word_in_the_lead_is_found_and_explained_there(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    coach = begun(page, "Vi ses.", lead="Ett bidrag kom.")
    expect(remark(coach, "bidrag")).to_be_visible()
    remark(coach, "bidrag").get_by_role("button", name="Visa i texten").click()
    expect(page.get_by_label("Ingress")).to_be_focused()
    assert chosen(page.get_by_label("Ingress")) == "bidrag"
    remark(coach, "bidrag").get_by_role("button", name="Sätt in förklaringen").click()
    expect(page.get_by_label("Ingress")).to_have_value(
        "Ett bidrag (pengar som man får för att göra något bra) kom."
    )


def test_a_figure_is_put_where_the_cursor_stands(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    begun(page, "Vi är  sångare.")
    text_of(page).evaluate("field => field.setSelectionRange(6, 6)")
    figures = page.locator("editor-coach details").nth(1)
    figures.locator("summary").click()
    figures.get_by_role("button", name="Sätt in Sångare i veckan").click()
    expect(text_of(page)).to_have_value("Vi är {{ singers_per_week }} sångare.")


def test_what_is_left_leads_to_its_place_in_the_text(browse: Browse, live: LiveHouse) -> None:
    post = a_draft(live, "😀 Hej.\n\n# För stor\n\nSlut.")
    page = browse("eva@example.org", width=390)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    page.goto(f"/nyheter/skriv/{post}/visa")
    page.get_by_role("button", name="Publicera", exact=True).click()
    left = page.get_by_role("alert")
    expect(left).to_contain_text("En sak är kvar innan läsarna kan se texten")
    axe(page)
    left.get_by_role("link", name="Rubriken «För stor» har ett # för lite.").click()
    expect(text_of(page)).to_be_focused()
    until(page, lambda: chosen(text_of(page)) == "# För stor")


def a_draft(live: LiveHouse, body: str) -> str:
    """A draft of the editor's, with this text."""
    editor = db.session.scalars(select(Account).where(Account.email == "eva@example.org")).one()
    words = actions.Words(
        headline="Så gick det", lead="Bra.", body=body, byline_name="Eva Lindmark", byline_role=None
    )
    post: Post = actions.write(words, by=editor)
    db.session.commit()
    return str(post.id)
