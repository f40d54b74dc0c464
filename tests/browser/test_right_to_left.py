"""Texts from right to left among pages from left to right: every line begins where its reader begins."""

from sqlalchemy import select

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import PostVersion
from tests.browser.conftest import Browse, LiveHouse, axe, scrolls_sideways

BODY = """نلتقي كل يوم ثلاثاء. اتصل على [070-174 06 05](tel:+46701740605).

- نغني معاً

> أول مرة كنت خائفاً.
"""
SIDES = """path => {
  const one = document.querySelector(path), inside = document.createRange()
  inside.selectNodeContents(one)
  const text = inside.getBoundingClientRect(), box = one.getBoundingClientRect()
  return { direction: getComputedStyle(one).direction, start: box.right - text.right, end: text.left - box.left }
}"""
FIRST_AND_LAST_SIGN = """link => {
  const signs = link.firstChild, at = (from) => {
    const sign = document.createRange()
    sign.setStart(signs, from)
    sign.setEnd(signs, from + 1)
    return sign.getBoundingClientRect().left
  }
  return [at(0), at(signs.length - 1)]
}"""


def an_arabic_article() -> str:
    """The address of a text in Arabic, with a telephone number in it."""
    version = db.session.scalars(select(PostVersion).where(PostVersion.language == "ar")).first()
    assert version is not None
    version.body = BODY
    year = clock.local(version.post.published_at or clock.now()).year
    slug = version.slug
    db.session.commit()
    return f"/nyheter/{year}/{slug}"


def test_an_arabic_article_and_its_card(live: LiveHouse, browse: Browse) -> None:
    path = an_arabic_article()
    page = browse(width=390)
    page.goto(path)
    for begins_to_the_right in ("h1", "article li", "article blockquote p"):
        sides = page.evaluate(SIDES, begins_to_the_right)
        assert sides["direction"] == "rtl", begins_to_the_right
        assert sides["start"] < sides["end"], begins_to_the_right
    first, last = page.locator("article a[href^='tel:']").evaluate(FIRST_AND_LAST_SIGN)
    assert first < last  # a number is dialled from the left in every language
    assert not scrolls_sideways(page)
    axe(page)

    page.goto("/nyheter/sprak/ar")
    sides = page.evaluate(SIDES, ".news-card h2")
    assert sides["direction"] == "rtl"
    assert sides["start"] < sides["end"]
    assert not scrolls_sideways(page)
    axe(page)
