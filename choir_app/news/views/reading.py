"""Reading one post, in the languages there are."""

import json
from typing import Any

from flask import abort, current_app, get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import NoResultFound

from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.errors import page as error_page
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import TONGUES, _, current_language, utc_moment
from choir_app.foundation.qr import qr_code
from choir_app.foundation.tally import counts
from choir_app.news import queries
from choir_app.news.models import PostVersion
from choir_app.news.permissions import may_write_news
from choir_app.news.queries import Reading
from choir_app.news.rules import EASY, TEXT_LANGUAGES, first_blocks
from choir_app.news.views import addresses, room

WIDTH_IN_TEXT = "(min-width: 48rem) 44rem, 100vw"
LARGE_TEXT = "text"
"""What an address asks with for larger text: the same reader, counted once."""


@room.get("/nyheter/<int:year>/<slug>")
@same_for_all_visitors
@for_everyone
def post(year: int, slug: str) -> ResponseReturnValue:
    """One post; an address it once had leads to it, and a withdrawn one is said to be gone."""
    return _article(year, slug, is_easy=False)


@room.get("/latt/nyheter/<int:year>/<slug>")
@same_for_all_visitors
@for_everyone
def easy_post(year: int, slug: str) -> ResponseReturnValue:
    """The same in easy Swedish."""
    return _article(year, slug, is_easy=True)


@room.get("/nyheter/affisch/<slug>")
@same_for_all_visitors
@for_everyone
def poster(slug: str) -> ResponseReturnValue:
    """A post on an A4 page for the wall of the rehearsal room, with a code that leads to it."""
    version = queries.by_slug(slug)
    if not version.is_public_at(clock.now()):
        abort(404)
    reading = queries.reading_of(version)
    url = addresses.canonical(version)
    beginning, is_cut = first_blocks(reading.markdown)
    told = drawn(reading) | {"body": drawn_body(beginning)}
    return render_template("news/poster.html", **told, is_cut=is_cut, url=url, code=qr_code(url))


def drawn(reading: Reading, *, for_writers: bool = False) -> dict[str, Any]:
    """What the template of an article wants; those who write are told where a picture is missing."""
    return {
        "reading": reading,
        "post": reading.post,
        "version": reading.version,
        "picture": reading.picture,
        "body": drawn_body(reading.markdown, for_writers=for_writers),
    }


def drawn_body(markdown: str, *, for_writers: bool = False) -> Markup:
    """A text with its pictures as readers get them, each in the widths and kinds there are."""
    shown = get_template_attribute("news/_picture.html", "shown")
    missing = _("Här saknas en bild. Den finns inte hos oss.") if for_writers else ""
    return queries.body_of(markdown, lambda one: Markup(shown(one, WIDTH_IN_TEXT)), missing=missing)  # noqa: S704 - drawn by Jinja # nosec B704


def _article(year: int, slug: str, *, is_easy: bool) -> ResponseReturnValue:
    try:
        version = queries.by_slug(slug)
    except NoResultFound:
        return _formerly(slug)
    if queries.was_public(version):
        return error_page(410)
    if not version.is_public_at(clock.now()):
        abort(404)
    reading = queries.reading_of(version)
    if reading.year != year or is_easy != (version.language == EASY):
        return redirect(addresses.of_version(version), 301)
    versions = queries.versions_to_read(reading.post)
    in_page_language = next((one for one in versions if one.language == current_language()), None)
    if version.language in TONGUES and in_page_language not in (None, version):
        return redirect(addresses.of_version(in_page_language), 302)
    if not (may_write_news(current_user) or LARGE_TEXT in request.args):
        counts("article", reading.post.id, version.language, by_people=True)
    return render_template(
        "news/post.html",
        **drawn(reading),
        versions=[(one, TEXT_LANGUAGES[one.language], addresses.to_choose(one)) for one in versions],
        wanted=_missing_language(version, in_page_language),
        canonical=addresses.canonical(version),
        alternates=[(one.language, addresses.canonical(one)) for one in versions],
        told=_for_machines(reading),
        picture_url=addresses.of_picture(reading.picture, 1200, "16x9") if reading.picture else None,
        read_on=queries.read_on(reading.post),
    )


def _formerly(slug: str) -> ResponseReturnValue:
    moved = queries.formerly_at(slug)
    if moved is not None and queries.was_public(moved):
        return error_page(410)
    if moved is None or not moved.is_public_at(clock.now()):
        abort(404)
    return redirect(addresses.of_version(moved), 301)


def _missing_language(version: PostVersion, in_page_language: PostVersion | None) -> Any:
    """The language that the reader has chosen for the pages, when the post cannot be read in it."""
    is_missing = in_page_language is None and version.language in TONGUES
    return TEXT_LANGUAGES[current_language()] if is_missing else None


def _for_machines(reading: Reading) -> Markup:
    """The article as search engines read it (schema.org, NewsArticle), safe within a page."""
    version, site = reading.version, addresses.site()
    settings = current_app.config["SETTINGS"]
    url = addresses.canonical(version)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": version.headline,
        "description": reading.lead,
        "url": url,
        "inLanguage": version.language,
        "datePublished": utc_moment(reading.published_at),
        "dateModified": utc_moment(reading.changed_at),
        "isAccessibleForFree": True,
        "author": [
            {
                "@type": "Person",
                "name": one.name,
                "url": site + addresses.plain(url_for("news.author", slug=one.slug)),
            }
            | ({"jobTitle": one.role} if one.role else {})
            for one in reading.authors
        ],
        "publisher": {"@type": "Organization", "name": settings.network, "url": site + "/"},
    }
    if reading.picture:
        told["image"] = addresses.of_crops(reading.picture)
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign, written in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        plain = plain.replace(sign, written)
    return Markup(plain)  # noqa: S704 - no sign in it can end the element # nosec B704
