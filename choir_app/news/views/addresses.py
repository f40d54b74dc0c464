"""Where a version can be read: the one place that knows how languages and addresses go together.

A language that the pages are offered in has its prefix (`/en/nyheter/…`); easy Swedish stands under `/latt`; a text in
any other language stands among the Swedish pages, and is shown within whatever page language the reader has.
"""

from typing import Any

from flask import request, url_for

from choir_app.foundation import clock
from choir_app.foundation.language import TONGUES, current_language
from choir_app.foundation.pictures import CROPS
from choir_app.news.models import PostVersion
from choir_app.news.queries import Card, Picture, prefix_of, site
from choir_app.news.rules import EASY
from choir_app.news.views import room


def of_article(slug: str, year: int, language: str) -> str:
    """An article within the reader's page language."""
    return url_for("news.easy_post" if language == EASY else "news.post", year=year, slug=slug)


def of_version(version: PostVersion) -> str:
    """A version within the reader's page language."""
    post = version.post
    year = clock.local(post.published_at or post.created_at).year
    return of_article(version.slug, year, version.language)


def to_choose(version: PostVersion) -> str:
    """A version as a link of the language switch: the page changes its language along, where it can."""
    path = plain(of_version(version))
    if version.language in TONGUES and version.language != current_language():
        return f"/{version.language}{path}"
    return of_version(version)


def canonical(version: PostVersion) -> str:
    """The one whole address of a version."""
    return site() + prefix_of(version.language) + plain(of_version(version))


def of_card(card: Card) -> str:
    """Where a card leads."""
    return of_article(card.slug, card.year, card.language)


def of_picture(picture: Picture, width: int = 960, shape: str | None = None) -> str:
    """The whole address of a picture about so wide, cropped to a shape, for whoever reads us elsewhere."""
    file = picture.file
    copy = file.copy(file.width_nearest(width, shape), shape)
    return site() + plain(url_for("news.picture_copy", name=picture.name, copy=copy))


def of_crops(picture: Picture) -> list[str]:
    """The addresses of a picture in every shape it is cropped to, as search engines ask for them.

    Source: developers.google.com, Article structured data: image in 1x1, 4x3 and 16x9.
    """
    return list(dict.fromkeys(of_picture(picture, 1600, shape) for shape in CROPS))


def here_in(language: str | None = None) -> str:
    """The whole address of the present page without its question, in its own or another page language."""
    return site() + prefix_of(language or current_language()) + request.path


def plain(path: str) -> str:
    """A path without the prefix of the page's language."""
    return path.removeprefix(request.script_root)


@room.app_context_processor
def ways() -> dict[str, Any]:
    """What templates of the house ask with."""
    return {"card_url": of_card, "version_url": of_version, "canonical_url": canonical}
