"""The reading pages of the news as readers meet them: in every language there is, in light and dark, on the smallest
phone, enlarged four times, with letters of double size, on paper and without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions, queries
from choir_app.news.models import Post, PostVersion
from tests.browser.conftest import Browse, LiveHouse, account_of, axe, scrolls_sideways

HEADLINE = "Så går en kväll till"
LANGUAGES = ("sv", "sv-simple", "en", "ar")
PREVIEW = UUID("5f0a7c5e-6d0b-4d43-9f3b-0f4d1f0f9a11")

ENLARGED = {"width": 320, "height": 256}
"""What is left of a window of 1280 by 1024 when its page is enlarged to 400 %."""

CAN_BE_REACHED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
HOW_MANY = f"""[...document.querySelectorAll("{CAN_BE_REACHED}")]
  .filter((one) => one.checkVisibility() && !one.closest("[tabindex='-1']:not(main)")).length"""
HOW_IT_STANDS = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return null
  if (!window.reached) window.reached = new Set()
  const again = window.reached.has(one)
  window.reached.add(one)
  const name = `${one.tagName} ${one.textContent.trim().slice(0, 60)}`
  const seen = [...one.getClientRects()].some((box) => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth)
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight)
    if (right - left < 1 || bottom - top < 1) return false
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return above !== null && (one.contains(above) || above.contains(one))
  })
  return { again, name, seen, count: window.reached.size }
}"""
"""What has the focus: whether some of it lies inside the window with nothing above it."""

CUT_OFF = """() => {
  const cut = (one) => {
    const style = getComputedStyle(one)
    return /hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
  }
  const beside = (one) => {
    const box = one.getBoundingClientRect()
    return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
  }
  const told = (one) => one.outerHTML.slice(0, 160)
  const scrolls = (one) => {
    for (let up = one; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true
    return false
  }
  const all = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && !one.closest("svg"))
  return all.filter((one) => !one.matches(".visually-hidden, .visually-hidden *, .skip"))
    .filter((one) => cut(one) || (beside(one) && !scrolls(one))).map(told)
}"""
"""What is cut off, or stands beside the window."""

ON_PAPER = """path => [...document.querySelectorAll(path)].filter((one) => one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 120))"""
NO_USE_ON_PAPER = (
    "nav, button, .button, form, input, details > summary, .site-footer, .demo-line, .skip, read-aloud"
)


@pytest.fixture
def post(live: LiveHouse) -> Iterator[Post]:
    """The post of the demo network that can be read in four languages."""
    found = db.session.scalars(select(PostVersion).where(PostVersion.headline == HEADLINE)).one().post
    assert {one.language for one in found.versions} == set(LANGUAGES)
    yield found
    db.session.rollback()


def article_in(post: Post, language: str) -> str:
    """The address of the post in a language."""
    version = post.version_in(language)
    assert version is not None
    before = {"sv-simple": "/latt", "en": "/en"}.get(language, "")
    assert post.published_at is not None
    return f"{before}/nyheter/{clock.local(post.published_at).year}/{version.slug}"


def poster_in(post: Post, language: str) -> str:
    """The address of the post as it hangs on a wall."""
    version = post.version_in(language)
    assert version is not None
    return f"{'/en' if language == 'en' else ''}/nyheter/affisch/{version.slug}"


def preview_of(post: Post) -> str:
    """The address of a link for somebody without an account."""
    actions.make_preview(post, preview_id=PREVIEW, days=7, for_whom=None, by=account_of("eva@example.org"))
    db.session.commit()
    return f"/nyheter/forhandsvisning/{queries.secret_of(PREVIEW)}"


def lists(post: Post) -> tuple[str, ...]:
    """The addresses at which news are listed, found and asked for."""
    published = clock.local(post.published_at or clock.now())
    return (
        "/nyheter",
        "/nyheter/ort/norrkoping",
        f"/nyheter/amne/{post.tags[0].slug}",
        f"/nyheter/av/{post.authors[0].slug}",
        "/nyheter/arkiv",
        f"/nyheter/arkiv/{published.year}/{published.month}",
        "/nyheter/sok?q=sjunger",
        "/nyheter/mejl",
        "/tipsa-oss",
    )


def opens(page: Page, path: str) -> Page:
    """Go there; it must be a page, and the one that was asked for."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert urlsplit(page.url).path == path.partition("?")[0], f"{path} leads to {page.url}"
    return page


def in_both_themes(page: Page, *paths: str) -> None:
    """Nothing that axe-core objects to on these pages, in light and in dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for path in paths:
            opens(page, path)  # again, for a page that is open goes over from one to the other by and by
            axe(page)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("third", [0, 1, 2])
def test_the_lists_in_swedish_and_english(browse: Browse, post: Post, prefix: str, third: int) -> None:
    in_both_themes(browse(), *(f"{prefix}{path}" for path in lists(post)[third::3]))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_lists_of_a_language(browse: Browse, live: LiveHouse, prefix: str) -> None:
    in_both_themes(browse(), *(f"{prefix}/nyheter/sprak/{slug}" for slug in ("latt", "ar")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_and_its_poster(browse: Browse, post: Post, language: str) -> None:
    page = browse()
    in_both_themes(page, poster_in(post, language), article_in(post, language))
    expect(page.locator("article.article")).to_have_attribute("lang", language)
    expect(page.locator("article.article")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")


def test_a_preview_in_all_languages_at_once(browse: Browse, post: Post) -> None:
    page = browse()
    in_both_themes(page, preview_of(post))
    assert page.locator("article").evaluate_all("all => all.map((one) => one.lang)") == list(LANGUAGES)


def everything_can_be_reached(page: Page) -> None:
    """By the tab key from the top: each link and field once, inside the window, with nothing above it."""
    there = page.evaluate(HOW_MANY)
    hidden: list[str] = []
    count = 0
    for _press in range(there + 20):
        page.keyboard.press("Tab")
        one: dict[str, Any] | None = page.evaluate(HOW_IT_STANDS)
        if one is None or one["again"]:
            break
        count = one["count"]
        if not one["seen"]:
            hidden.append(one["name"])
    assert hidden == []
    assert count >= there


def fits(page: Page) -> None:
    assert not scrolls_sideways(page)
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", [None, "elin@example.org"])
def test_an_article_enlarged_four_times(
    browse: Browse, live: LiveHouse, post: Post, language: str, who: str | None
) -> None:
    path = article_in(post, language)
    page = browse(who, width=320, device_scale_factor=4)
    page.set_viewport_size({"width": 320, "height": 700})
    opens(page, path)
    fits(page)
    page.set_viewport_size({"width": ENLARGED["width"], "height": ENLARGED["height"]})
    opens(page, path)
    fits(page)
    everything_can_be_reached(page)


def test_the_menus_of_an_enlarged_article_can_be_reached(browse: Browse, post: Post) -> None:
    page = browse(width=320, device_scale_factor=4)
    page.set_viewport_size({"width": ENLARGED["width"], "height": ENLARGED["height"]})
    opens(page, article_in(post, "sv"))
    for summary in page.locator(".site-header summary:visible").all():
        summary.press("Enter")
        expect(page.locator(".site-header details[open]")).to_have_count(1)
        links = page.locator(".site-header details[open] .menu__panel :is(a, button)")
        for link in links.all():
            link.focus()
            standing = page.evaluate(HOW_IT_STANDS)
            assert standing["seen"], standing["name"]
        fits(page)
        summary.press("Enter")


@pytest.mark.parametrize("width", [390, 1280])
def test_letters_of_double_size(browse: Browse, post: Post, width: int) -> None:
    page = browse(width=width)
    browser = page.context.new_cdp_session(page)
    browser.send("Page.enable")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    for language in ("sv", "ar"):
        opens(page, article_in(post, language))
        size = page.locator("article p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert size >= 32
        fits(page)
    everything_can_be_reached(page)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def is_a4(pdf: bytes) -> bool:
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    return bool(sizes) and all(abs(float(w) - 595) < 2 and abs(float(h) - 842) < 2 for w, h in sizes)


def on_paper(page: Page) -> bytes:
    """What the printer is given."""
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate(ON_PAPER, NO_USE_ON_PAPER) == []
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_and_its_poster_on_paper(browse: Browse, post: Post, language: str) -> None:
    page = browse(width=1280)
    opens(page, article_in(post, language))
    printed = on_paper(page)
    assert is_a4(printed)
    assert 1 <= pages_of(printed) <= 2
    for read in ("h1", "article .prose__lead", "article img", "article .prose > p", ".byline"):
        expect(page.locator(read).first).to_be_visible()

    opens(page, poster_in(post, language))
    printed = on_paper(page)
    assert is_a4(printed)
    assert pages_of(printed) == 1
    for read in ("h1", "article .prose__lead", "article img", ".poster__way svg.qr", ".poster__address"):
        expect(page.locator(read).first).to_be_visible()
    assert (
        side_of(page.locator(".poster__way svg.qr")) > 90
    )  # CSS pixels on paper: 24 mm, for a phone at arm's length


def side_of(drawing: Locator) -> float:
    box = drawing.bounding_box()
    assert box is not None
    return min(box["width"], box["height"])


def test_the_longest_post_is_still_a_poster_of_one_page(browse: Browse, post: Post) -> None:
    sentence = "Vi sjunger tillsammans varje vecka, och sedan fikar vi. "
    for version in post.versions:
        if version.language == "sv":
            version.headline = (
                "Hur kan körerna sjunga vidare när projektet är slut och alla vill fortsätta sjunga?"
            )
            version.lead = sentence * 5
            version.body = "\n\n".join(
                ["## Och sedan", sentence * 12, "- ett\n- två\n- tre", f"> {sentence * 3}"] * 9
            )
    path = poster_in(post, "sv")
    db.session.commit()
    page = browse(width=1280)
    opens(page, path)
    assert pages_of(on_paper(page)) == 1
    expect(page.get_by_role("heading", name="Läs resten på din telefon")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_without_javascript(browse: Browse, post: Post, width: int) -> None:
    arabic = post.version_in("ar")
    assert arabic is not None
    other = arabic.headline
    page = browse(width=width, javascript=False)
    opens(page, "/nyheter")
    page.get_by_label("Sök bland nyheterna").fill("första gången")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page.get_by_role("heading", level=1, name=HEADLINE)).to_be_visible()
    expect(page.get_by_text("Någon hälsar på dig vid dörren.")).to_be_visible()
    picture = page.locator("article img").first
    assert picture.get_attribute("alt")
    assert picture.get_attribute("width")
    assert picture.get_attribute("height")
    for button in page.locator("button:visible").all():
        assert button.evaluate("one => one.form !== null"), button.inner_text()

    page.get_by_role("navigation", name="Läs på ett annat språk").locator("[lang=ar]").click()
    expect(page.get_by_role("heading", level=1, name=other)).to_be_visible()
    if width < 960:
        page.locator("summary", has_text="Meny").click()
    page.get_by_role("link", name="Nyheter", exact=True).locator("visible=true").first.click()
    expect(page).to_have_url(re.compile("/nyheter$"))
    page.goto(poster_in(post, "sv"))
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)
