"""A text while it is being written: how it will look, before anything of it is saved."""

from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.text import slug_of
from choir_app.news.models import Post, PostVersion
from choir_app.news.queries.cards import Byline, bylines_of
from choir_app.news.queries.pictures import kept_pictures, picture_of
from choir_app.news.queries.whole import Reading


def reading_while_written(words: Any, language: str, post: Post | None) -> Reading:
    """What somebody writes (`actions.Text`), as a reader would meet it; no row is made for it."""
    picture = words.picture
    kept = kept_pictures([picture.name], with_people=False).get(picture.name) if picture else None
    version = PostVersion(
        language=language,
        slug="",
        headline=words.headline,
        lead=words.lead,
        body=words.body,
        picture_name=picture.name if picture else None,
        picture_width=picture.width if picture else None,
        picture_height=picture.height if picture else None,
        picture_alt=words.picture_alt,
        picture_is_decorative=words.picture_is_decorative,
        picture_caption=words.picture_caption,
        revision_number=0,
    )
    shown = post or Post(created_at=clock.now())
    return Reading(shown, version, picture_of(version, kept), _bylines(words, shown), outdated_since=None)


def _bylines(words: Any, post: Post) -> tuple[Byline, ...]:
    if not hasattr(words, "byline_name"):
        return bylines_of(post.authors)
    authors = [(words.byline_name, words.byline_role)]
    authors += [(one.name, one.role) for one in words.more_authors]
    return tuple(Byline(name, role, slug_of(name, otherwise="skribent")) for name, role in authors)
