"""The page on which a post is written: by keyboard only, without network, pasted into, and by two at the same time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.news.models import Post, PostVersion, UnsavedText
from tests.browser.conftest import Browse, account_of, axe, scrolls_sideways, until
from tests.browser.test_pictures import DEVELOPED, as_chosen

KEEP = "**/nyheter/skriv/osparat"


@contextmanager
def looking() -> Iterator[None]:
    """Around a look into the database, which keeps the house from writing as long as it lasts."""
    db.session.rollback()
    yield
    db.session.rollback()


def unsaved(email: str) -> list[str]:
    """The headlines that the house keeps unsaved for somebody."""
    rows = select(UnsavedText).join(Account, Account.id == UnsavedText.account_id)
    with looking():
        return [one.headline for one in db.session.scalars(rows.where(Account.email == email))]


def body_kept() -> str:
    """The only text that the house keeps unsaved."""
    with looking():
        kept = db.session.scalar(select(UnsavedText))
        return kept.typed["body"][0] if kept else ""


def post_called(headline: str) -> UUID | None:
    """The post with this Swedish headline."""
    rows = select(PostVersion.post_id).where(PostVersion.headline == headline, PostVersion.language == "sv")
    with looking():
        return db.session.scalar(rows)


def text_of(page: Page) -> Any:
    return page.get_by_role("textbox", name="Text", exact=True)


def begin(page: Page, headline: str = "Vi sjunger ute", body: str = "Ta med en filt.") -> None:
    """Write a post by hand as far as its text."""
    page.goto("/nyheter/skriv/ny")
    page.get_by_role("toolbar").wait_for()
    page.get_by_label("Rubrik", exact=True).fill(headline)
    page.get_by_label("Ingress").fill("Alla får komma.")
    text_of(page).fill(body)


def tab_to(page: Page, role: Any, name: str) -> None:
    """Press Tab until something with this role and name has the focus, as somebody does who sees nothing."""
    tab_until(page, page.get_by_role(role, name=name, exact=True).first)


def tab_until(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press Tab until this has the focus."""
    expect(wanted).to_be_visible()
    for _press in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {wanted}")


def bring_picture(page: Page) -> None:
    """Choose the picture over the text, describe it, and say on its own page who is in it and where the eye rests."""
    with page.expect_file_chooser() as chosen:
        tab_to(page, "button", "Bild (frivilligt)")
        page.keyboard.press("Enter")
    chosen.value.set_files(as_chosen())
    described = page.get_by_role("textbox", name="Bildbeskrivning")
    expect(described).to_be_focused(timeout=DEVELOPED)
    page.keyboard.type("En scen i solen")
    with page.expect_popup() as opened:
        press(page, "link", "Vilka syns på bilden, och var ska ögat vila? (öppnas i en ny flik)")
    own = opened.value
    tab_to(own, "button", "Det som alltid ska synas. Flytta med piltangenterna.")
    own.keyboard.press("Shift+ArrowLeft")
    own.keyboard.press("ArrowDown")
    expect(own.get_by_label("Från vänster, i procent")).to_have_value("40")
    expect(own.get_by_label("Uppifrån, i procent")).to_have_value("51")
    press(own, "button", "Spara")
    own.get_by_text("Sparat: det som du valde syns alltid.").wait_for(timeout=DEVELOPED)
    press(own, "button", "Ingen går att känna igen")
    own.get_by_text("Sparat: ingen går att känna igen.").wait_for()
    own.close()


def press(page: Page, role: str, name: str) -> None:
    """Go there by keyboard and press Enter."""
    tab_to(page, role, name)
    page.keyboard.press("Enter")


class TestByKeyboard:
    def test_the_life_of_a_post(self, browse: Browse) -> None:
        leader, editor = browse("elin@example.org", width=1280), browse("eva@example.org", width=1280)
        leader.goto("/nyheter/skriv")
        press(leader, "link", "Skriv en nyhet")
        tab_to(leader, "textbox", "Rubrik")
        leader.keyboard.type("Vi sjunger ute i Boden")
        tab_to(leader, "textbox", "Ingress")
        leader.keyboard.type("Alla får komma. Ta med en filt.")
        tab_to(leader, "button", "Mellanrubrik")  # the toolbar is one stop
        leader.keyboard.press("Tab")
        expect(text_of(leader)).to_be_focused()
        leader.keyboard.type("Vi ses vid ")
        leader.keyboard.press("Control+b")
        leader.keyboard.type("scenen")
        expect(text_of(leader)).to_have_value("Vi ses vid **scenen**")
        bring_picture(leader)
        tab_to(leader, "checkbox", "Boden")
        expect(leader.get_by_role("checkbox", name="Boden")).to_be_checked()  # the only one there is
        press(leader, "button", "Spara")
        until(leader, lambda: post_called("Vi sjunger ute i Boden") is not None)
        leader.get_by_text("Inlägget är sparat.").wait_for()
        press(leader, "button", "Be om granskning")
        leader.get_by_text("Inlägget väntar på en redaktör.").first.wait_for()

        editor.goto("/nyheter/skriv")
        tab_to(
            editor,
            "link",
            editor.get_by_role("link", name=re.compile("^Vi sjunger ute i Boden")).inner_text(),
        )
        editor.keyboard.press("Enter")
        press(editor, "button", "Publicera")
        editor.get_by_text("Inlägget är publicerat.").wait_for()
        expect(editor.get_by_role("heading", level=1, name="Vi sjunger ute i Boden")).to_be_visible()
        expect(editor.get_by_role("img", name="En scen i solen")).to_be_visible()
        card = editor.locator("meta[property='og:image']").get_attribute("content") or ""
        assert "16x9-4000-5100" in card, "what the eye shall rest on is in every crop"
        address = editor.url

        editor.goto(f"/nyheter/skriv/{post_called('Vi sjunger ute i Boden')}/visa")
        press(editor, "link", "Ändra")
        tab_to(editor, "textbox", "Text")
        editor.keyboard.press("Control+End")
        editor.keyboard.type(" i parken")
        editor.keyboard.press("Control+s")
        editor.get_by_text("Inlägget är sparat.").wait_for()
        editor.locator("summary", has_text="Tidigare versioner").focus()
        editor.keyboard.press("Enter")
        press(editor, "link", "Vad ändrades? version 2")
        expect(editor.locator("ins", has_text="parken")).to_be_visible()
        axe(editor)
        press(editor, "button", "Ta tillbaka version 1")
        editor.get_by_text("Version 1 är tillbaka.").wait_for()
        visitor = browse(width=1280)
        visitor.goto(address)
        expect(visitor.locator("article.article")).to_contain_text("Vi ses vid scenen")
        assert "parken" not in visitor.locator("article.article").inner_text()
        press(editor, "button", "Ta bort från sidan")
        editor.get_by_text("Inlägget är borttaget från sidan.").wait_for()
        visitor.watch.expected.append("410")  # type: ignore[attr-defined]
        answer = visitor.goto(address)
        assert answer is not None
        assert answer.status == 410

    def test_the_toolbar_is_one_stop_with_arrows_in_it(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        page.goto("/nyheter/skriv/ny")
        bar = page.get_by_role("toolbar", name="Verktyg för texten")
        first, last = bar.get_by_role("button").first, bar.get_by_role("button").last
        assert [one.get_attribute("tabindex") for one in bar.get_by_role("button").all()].count("0") == 1
        first.focus()
        page.keyboard.press("ArrowLeft")
        expect(last).to_be_focused()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        bold = page.get_by_role("button", name="Fet stil")
        expect(bold).to_be_focused()
        assert bold.get_attribute("aria-keyshortcuts") == "Control+B"
        page.keyboard.press("Enter")
        expect(text_of(page)).to_be_focused()
        expect(text_of(page)).to_have_value("**ord**")
        page.keyboard.press("Control+z")
        expect(text_of(page)).to_have_value("")
        axe(page)

    def test_every_tool_can_be_taken_back_by_the_browsers_own_undo(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        page.goto("/nyheter/skriv/ny")
        text = text_of(page)
        bar = page.get_by_role("toolbar")
        for name, made in (
            ("Mellanrubrik", "## En\n## Två"),
            ("Punktlista", "- En\n- Två"),
            ("Numrerad lista", "1. En\n2. Två"),
            ("Citat", "> En\n> Två"),
            ("Kursiv stil", "*En\nTvå*"),
            ("Länk", "[En\nTvå](https://)"),
        ):
            text.fill("")
            text.focus()
            page.keyboard.type("En")
            page.keyboard.press("Enter")
            page.keyboard.type("Två")
            text.select_text()
            bar.get_by_role("button", name=name).click()
            expect(text).to_have_value(made)
            page.keyboard.press("Control+z")
            expect(text).to_have_value("En\nTvå")

    def test_the_same_tool_again_takes_its_signs_away(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        page.goto("/nyheter/skriv/ny")
        text, bar = text_of(page), page.get_by_role("toolbar")
        text.fill("En\nTvå")
        for name, made in (("Punktlista", "- En\n- Två"), ("Numrerad lista", "1. En\n2. Två")):
            text.select_text()
            bar.get_by_role("button", name=name).click()
            expect(text).to_have_value(made)
        bar.get_by_role("button", name="Numrerad lista").click()
        expect(text).to_have_value("En\nTvå")
        text.fill("ord")
        text.select_text()
        for made in ("**ord**", "ord"):
            bar.get_by_role("button", name="Fet stil").click()
            expect(text).to_have_value(made)


class TestTheLook:
    def test_follows_what_is_typed_beside_it(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        begin(page, body="## Program\n\n- **Filt**")
        look = page.get_by_role("region", name="Så här ser läsarna det")
        expect(look.get_by_role("heading", name="Program")).to_be_visible()
        expect(look.locator("strong", has_text="Filt")).to_be_visible()
        axe(page)

    def test_is_a_tab_on_a_phone(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        begin(page)
        expect(page.get_by_role("region", name="Så här ser läsarna det")).to_have_count(0)
        page.get_by_role("tab", name="Skriv").focus()
        page.keyboard.press("ArrowRight")
        panel = page.get_by_role("tabpanel", name="Se hur det blir")
        expect(panel.get_by_text("Ta med en filt.")).to_be_visible()
        expect(text_of(page)).to_have_count(0)
        axe(page)
        assert not scrolls_sideways(page)
        page.keyboard.press("ArrowLeft")
        expect(text_of(page)).to_be_visible()


class TestPasting:
    def test_from_word_comes_in_clean_and_can_be_undone(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        begin(page, body="Före. ")
        html = "<p class=MsoNormal><b>Fet</b> text<o:p></o:p></p><ul><li>en</li></ul>"
        self.paste(page, html, "Fet text en")
        expect(text_of(page)).to_have_value("Före. **Fet** text\n\n- en")
        page.keyboard.press("Control+z")
        expect(text_of(page)).to_have_value("Före. ")

    def test_without_contact_the_words_come_in(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        page.watch.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
        page.route("**/nyheter/skriv/inklistrat", lambda route: route.abort())
        begin(page, body="Före. ")
        self.paste(page, "<p><b>Fet</b> text</p>", "Fet text")
        expect(text_of(page)).to_have_value("Före. Fet text")

    def test_an_address_over_chosen_words_becomes_a_link(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        begin(page, body="planen")
        text_of(page).select_text()
        self.paste(page, "", "https://example.org/plan", at_end=False)
        expect(text_of(page)).to_have_value("[planen](https://example.org/plan)")

    def paste(self, page: Page, html: str, plain: str, *, at_end: bool = True) -> None:
        text_of(page).focus()
        if at_end:
            page.keyboard.press("Control+End")
        text_of(page).evaluate(
            """(area, [html, plain]) => {
              const clipboardData = new DataTransfer()
              if (html) clipboardData.setData("text/html", html)
              clipboardData.setData("text/plain", plain)
              area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
            }""",
            [html, plain],
        )


class TestKeeping:
    def test_what_is_typed_is_kept_and_offered_when_one_comes_back(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        begin(page, "Halvfärdig")
        expect(page.get_by_text("Sparat som utkast kl. 18.00", exact=True).first).to_be_visible()
        assert unsaved("eva@example.org") == ["Halvfärdig"]
        assert post_called("Halvfärdig") is None
        page.goto("/nyheter/skriv")
        page.get_by_role("link", name=re.compile("Halvfärdig")).click()
        expect(page.get_by_label("Rubrik", exact=True)).to_have_value("Halvfärdig")
        page.goto("/nyheter/skriv/ny")
        expect(page.get_by_role("region", name="Du har text som inte är sparad")).to_be_visible()
        axe(page)
        assert page.locator("[data-part=write]").evaluate("part => part.inert")
        page.get_by_role("button", name="Släng texten").click()
        page.get_by_text("Texten är slängd.").wait_for()
        expect(page.get_by_label("Rubrik", exact=True)).to_have_value("")
        page.get_by_role("button", name="Ta tillbaka den").click()
        expect(page.get_by_label("Rubrik", exact=True)).to_have_value("Halvfärdig")

    def test_without_network_it_lies_in_the_device_and_comes_up_later(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        page.watch.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]  # type: ignore[attr-defined]
        begin(page, "I källaren")
        until(page, lambda: unsaved("eva@example.org") == ["I källaren"])
        page.context.set_offline(True)
        text_of(page).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Och kaffe.")
        state = page.locator("[data-part=kept-line]")
        expect(state).to_have_text(re.compile(r"^Sparat i (telefonen|datorn)\. Ingen kontakt just nu\.$"))
        assert self.lies_here(page)
        page.context.set_offline(False)
        until(page, lambda: body_kept() == "Ta med en filt. Och kaffe.")
        until(page, lambda: not self.lies_here(page))
        expect(state).to_have_text("Sparat som utkast kl. 18.00")

    def test_what_only_the_device_has_is_offered(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        page.watch.expected += ["ERR_FAILED"]  # type: ignore[attr-defined]
        page.route(KEEP, lambda route: route.abort())
        begin(page, "Bara här")
        until(page, lambda: self.lies_here(page))
        page.goto("/nyheter/skriv")
        page.goto("/nyheter/skriv/ny")
        expect(page.get_by_role("region", name="Du har text som inte är sparad")).to_be_visible()
        axe(page)
        page.unroute(KEEP)
        page.get_by_role("button", name="Fortsätt skriva").click()
        expect(page.get_by_label("Rubrik", exact=True)).to_have_value("Bara här")
        until(page, lambda: unsaved("eva@example.org") == ["Bara här"])

    def test_after_a_save_nothing_is_left_anywhere(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        begin(page, "Sparad på riktigt")
        page.get_by_role("button", name="Spara", exact=True).click()
        page.get_by_text("Inlägget är sparat.").wait_for()
        until(page, lambda: not self.lies_here(page))
        assert unsaved("eva@example.org") == []
        page.goto("/nyheter/skriv/ny")
        page.get_by_role("toolbar").wait_for()
        expect(page.get_by_role("region", name="Du har text som inte är sparad")).to_have_count(0)

    def test_what_is_kept_already_is_saved_too(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=390)
        begin(page, "Redan ett utkast")
        until(page, lambda: unsaved("eva@example.org") == ["Redan ett utkast"])
        expect(page.locator("[data-part=kept-line]")).to_have_attribute("data-state", "kept")
        page.get_by_role("button", name="Spara", exact=True).click()
        page.get_by_text("Inlägget är sparat.").wait_for()
        assert post_called("Redan ett utkast") is not None

    def test_signing_out_asks_first_and_leaves_nothing(self, browse: Browse) -> None:
        page = browse("eva@example.org", width=1280)
        page.watch.expected += ["ERR_FAILED"]  # type: ignore[attr-defined]
        page.route(KEEP, lambda route: route.abort())
        begin(page, "Bara här")
        until(page, lambda: self.lies_here(page))
        page.get_by_role("button", name="Logga ut").first.click()
        expect(page.get_by_text("En text som du skriver är inte sparad hos oss än.")).to_be_visible()
        page.get_by_role("button", name="Logga ut ändå").click()
        page.wait_for_url("**/logga-in**")
        page.unroute(KEEP)
        assert not self.lies_here(page)

    def lies_here(self, page: Page) -> bool:
        """Whether the device keeps an unsaved text."""
        return bool(
            page.evaluate(
                """() => new Promise((told) => {
                  const opening = indexedDB.open("kor")
                  opening.onupgradeneeded = () => opening.transaction.abort()
                  opening.onerror = (event) => { event.preventDefault(); told(false) }
                  opening.onsuccess = () => {
                    const asked = opening.result.transaction("facts").objectStore("facts").getAllKeys()
                    asked.onsuccess = () => {
                      opening.result.close()
                      told(asked.result.some((name) => name.startsWith("unsaved:")))
                    }
                  }
                })"""
            )
        )


def test_two_editors_are_told_and_neither_loses_a_word(browse: Browse) -> None:
    eva = browse("eva@example.org", width=1280)
    karin = browse("karin@example.org", width=1280)
    eva.watch.expected.append("422")  # type: ignore[attr-defined]
    karin.watch.expected.append("422")  # type: ignore[attr-defined]
    name = account_of("eva@example.org").name
    with looking():
        post_id = db.session.scalars(select(Post.id).order_by(Post.created_at)).first()
    path = f"/nyheter/skriv/{post_id}"
    eva.goto(path)
    eva.get_by_role("toolbar").wait_for()
    karin.goto(path)
    expect(karin.locator("[data-part=others-said]")).to_contain_text(
        f"{name} skriver också här, sedan kl. 18.00."
    )

    for page, words in ((karin, " Karins ord."), (eva, " Evas ord.")):
        text_of(page).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(words)
    karin.get_by_role("button", name="Spara", exact=True).click()
    karin.get_by_text("Inlägget är sparat.").wait_for()
    eva.get_by_role("button", name="Spara", exact=True).click()
    expect(eva.get_by_role("region", name=re.compile("sparade texten"))).to_be_visible()
    expect(eva.locator(".changes ins", has_text="Evas")).to_be_visible()
    expect(eva.locator(".changes del", has_text="Karins")).to_be_visible()
    assert text_of(eva).input_value().endswith("Evas ord.")
    axe(eva)
    eva.get_by_role("button", name="Spara min text").click()
    eva.get_by_text("Inlägget är sparat.").wait_for()
    with looking():
        bodies = [one.body for one in db.session.get_one(Post, post_id).revisions]
    assert any(body.endswith("Karins ord.") for body in bodies)
    assert bodies[-1].endswith("Evas ord.")
