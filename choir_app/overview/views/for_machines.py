"""What search engines ask for: which pages there are, in which languages, and what to leave alone."""

from collections.abc import Iterator

from flask import Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from choir_app.choirs import queries as choirs
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import TONGUES
from choir_app.news import queries as news
from choir_app.overview.views import room

PAGES = (
    "overview.start",
    "overview.choirs",
    "overview.about",
    "overview.become_partner",
    "overview.contact",
    "overview.privacy",
    "overview.accessibility",
    "news.index",
    "news.archive",
)


@room.get("/sitemap.xml")
@same_for_all_visitors
@for_everyone
def sitemap() -> ResponseReturnValue:
    """Every page that everybody may read. Source: sitemaps.org, protocol 0.9, with Google's links between languages."""
    pages = [(path, _in_each_language(path)) for path in _paths()]
    return _plain(
        render_template("overview/sitemap.xml", pages=pages, posts=news.in_sitemap()), "application/xml"
    )


@room.get("/robots.txt")
@same_for_all_visitors
@for_everyone
def robots() -> ResponseReturnValue:
    """Where the map is, and that links with a secret are nobody's to list."""
    lines = ["User-agent: *", "Disallow: /nyheter/forhandsvisning/", "Disallow: /nyheter/sok", ""]
    return _plain("\n".join([*lines, f"Sitemap: {_site()}/sitemap.xml", ""]), "text/plain")


def _paths() -> Iterator[str]:
    """The paths of the pages that are no news, without the prefix of a language."""
    root = url_for("overview.start").rstrip("/")
    for endpoint in PAGES:
        yield url_for(endpoint).removeprefix(root)
    for choir in choirs.public_choirs(clock.today()):
        yield url_for("overview.choir", slug=choir.slug).removeprefix(root)


def _in_each_language(path: str) -> list[tuple[str, str]]:
    own = current_app.config["SETTINGS"].language
    return [(code, _site() + ("" if code == own else f"/{code}") + path) for code in TONGUES]


def _plain(body: str, kind: str) -> Response:
    response = make_response(body)
    response.mimetype = kind
    return response


def _site() -> str:
    return current_app.config["SETTINGS"].url.rstrip("/")
