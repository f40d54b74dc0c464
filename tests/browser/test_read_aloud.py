"""An article read aloud by a voice of the browser's own, and in larger text.

Chromium without a screen has no voices, so a stand-in speaks: it notes what it is told to say and says it at once, or
waits to be told that it has ended.
"""

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from choir_app.foundation.database import db
from choir_app.news.models import PostVersion
from tests.browser.conftest import Browse, LiveHouse, axe, scrolls_sideways, until

VOICES = [
    {"lang": "sv-SE", "name": "Bengt", "localService": True, "default": False},
    {"lang": "en-GB", "name": "Far away", "localService": False, "default": True},
    {"lang": "ar_SA", "name": "Majed", "localService": True, "default": False},
]
STAND_IN = """
class Said extends EventTarget { constructor(text) { super(); this.text = text } }
window.SpeechSynthesisUtterance = Said
window.spoken = []
const speaker = new (class extends EventTarget {
  getVoices() { return this.late ? [] : VOICES }
  speak(said) { window.spoken.push([said.lang, said.text]); this.now = said }
  cancel() { const gone = this.now; this.now = null; gone?.dispatchEvent(new Event("error")) }
  ended() { const gone = this.now; this.now = null; gone?.dispatchEvent(new Event("end")) }
})()
speaker.late = LATE
Object.defineProperty(window, "speechSynthesis", { value: speaker })
"""


def with_voices(page: Page, *, voices: list[dict[str, Any]] = VOICES, late: bool = False) -> Page:
    """Give the window a stand-in that speaks with these voices; `late` ones are known only after a while."""
    page.add_init_script(STAND_IN.replace("VOICES", json.dumps(voices)).replace("LATE", json.dumps(late)))
    return page


def an_article(language: str = "sv") -> tuple[str, PostVersion]:
    """The address of a post of the demo network with a text in a language."""
    from choir_app.foundation import clock

    versions = (
        db.session.query(PostVersion).filter_by(language=language).filter(PostVersion.shown_at.is_not(None))
    )
    version = next(one for one in versions if one.is_public_at(clock.now()))
    year = clock.local(version.post.published_at or clock.now()).year
    db.session.commit()
    return f"/nyheter/{year}/{version.slug}", version


def spoken(page: Page) -> list[list[str]]:
    return page.evaluate("window.spoken")


def test_reads_from_the_heading_on_and_marks_what_it_reads(live: LiveHouse, browse: Browse) -> None:
    path, version = an_article()
    headline, lead = version.headline, version.lead
    page = with_voices(browse())
    page.goto(path)
    listen = page.get_by_role("button", name="Lyssna")
    expect(listen).to_have_text(re.compile(r"^Lyssna, [1-9] min$"))
    axe(page)

    listen.focus()
    page.keyboard.press("Enter")
    until(page, lambda: spoken(page) == [["sv-SE", headline]])
    expect(page.locator("h1")).to_have_attribute("aria-current", "true")
    page.evaluate("speechSynthesis.ended()")
    until(page, lambda: spoken(page)[1:] == [["sv-SE", lead]])
    marked = page.locator("article [aria-current=true]")
    expect(marked).to_have_text(lead)
    expect(page.locator("h1")).not_to_have_attribute("aria-current", "true")
    axe(page)

    page.get_by_role("button", name="Pausa").click()
    until(page, lambda: page.evaluate("speechSynthesis.now") is None)
    expect(marked).to_have_text(lead)
    page.get_by_role("button", name="Fortsätt").click()
    until(page, lambda: spoken(page)[2:] == [["sv-SE", lead]])

    page.get_by_role("button", name="Sluta").click()
    expect(page.get_by_role("button", name="Lyssna")).to_be_focused()
    expect(page.get_by_role("button", name="Sluta")).to_be_hidden()
    expect(marked).to_have_count(0)


def test_reads_every_word_once_and_then_ends(live: LiveHouse, browse: Browse) -> None:
    path, _version = an_article()
    page = with_voices(browse())
    page.goto(path)
    page.get_by_role("button", name="Lyssna").click()
    for _block in range(200):
        if page.evaluate("speechSynthesis.now === null"):
            break
        page.evaluate("speechSynthesis.ended()")
    expect(page.get_by_role("button", name="Lyssna")).to_be_visible()
    told = " ".join(text for _language, text in spoken(page))
    shown = page.evaluate(
        "[document.querySelector('h1'), document.querySelector('article')].map((one) => one.textContent).join(' ')"
    )
    assert sorted(told.split()) == sorted(shown.split())


def test_is_offered_for_the_language_of_the_article_only(live: LiveHouse, browse: Browse) -> None:
    swedish, _version = an_article()
    english, _version = an_article("en")
    with_arabic, _version = an_article("ar")
    page = with_voices(browse())
    page.goto(f"/en{english}")
    page.wait_for_load_state()
    expect(page.locator("read-aloud")).to_be_hidden()  # its only voice would send the text away
    page.goto(with_arabic)
    page.locator("read-aloud button").first.click()  # its words follow the page, not the article
    until(page, lambda: [language for language, _text in spoken(page)] == ["ar_SA"])
    silent = with_voices(browse(), voices=[])
    silent.goto(swedish)
    expect(silent.locator("read-aloud")).to_be_hidden()


def test_a_voice_that_becomes_known_later_is_offered_then(live: LiveHouse, browse: Browse) -> None:
    path, _version = an_article()
    page = with_voices(browse(), late=True)
    page.goto(path)
    expect(page.locator("read-aloud")).to_be_hidden()
    page.evaluate("speechSynthesis.late = false; speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(page.get_by_role("button", name="Lyssna")).to_be_visible()


def test_larger_text_needs_no_script_and_fits_a_small_phone(live: LiveHouse, browse: Browse) -> None:
    path, _version = an_article()
    page = browse(width=320, javascript=False)
    page.goto(path)
    expect(page.locator("read-aloud")).to_be_hidden()
    before = page.locator("h1").bounding_box()
    page.get_by_role("link", name="Större text").click()
    expect(page.get_by_role("link", name="Vanlig text")).to_be_visible()
    after = page.locator("h1").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]

    with_script = browse(width=320)
    with_script.goto(f"{path}?text=stor")
    assert not scrolls_sideways(with_script)
    axe(with_script)
