"""What readers may see at all; every other question about published news begins here."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, lazyload, selectinload

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.kept_pages import changes_by_itself
from choir_app.foundation.language import current_language
from choir_app.news.models import Post, PostVersion
from choir_app.news.rules import SOURCE

Chosen = TypeVar("Chosen")


def is_public() -> Any:
    """That a post has come out by now and is not withdrawn."""
    return Post.published_at.is_not(None) & (Post.published_at <= clock.now()) & Post.withdrawn_at.is_(None)


@changes_by_itself
def next_to_come_out() -> datetime | None:
    """When the next post comes out whose time was set: a list that was kept before then is older than it."""
    waits = Post.withdrawn_at.is_(None) & (Post.published_at > clock.now())
    return db.session.scalar(select(func.min(Post.published_at)).where(waits))


def is_shown() -> Any:
    """That a version of a public post is shown."""
    return PostVersion.shown_at.is_not(None) & (PostVersion.shown_at <= clock.now())


def public_posts() -> Select[Post]:
    """The posts that readers see, with what a list tells of them and without their texts."""
    return select(Post).where(is_public()).options(*for_a_list())


def for_a_list() -> tuple[Any, ...]:
    """What a list of posts needs: names of choirs, authors and versions, and no text that it does not show."""
    choirs = selectinload(Post.choirs).options(
        lazyload(Choir.town), lazyload(Choir.states), lazyload(Choir.leaderships)
    )
    return choirs, selectinload(Post.authors), selectinload(Post.versions).options(defer(PostVersion.body))


def newest_first(posts: Select[Chosen]) -> Select[Chosen]:
    """By the moment of publishing."""
    return posts.order_by(Post.published_at.desc(), Post.id)


def shown_versions(post: Post) -> list[PostVersion]:
    """The versions that a reader of a public post can choose from."""
    now = clock.now()
    return [one for one in post.versions if one.shown_at is not None and one.shown_at <= now]


def what_readers_get(post: Post) -> list[PostVersion]:
    """The versions that come out with a post: the Swedish one, and every other that is to be shown."""
    swedish = post.swedish
    return [swedish, *(one for one in post.versions if one is not swedish and one.shown_at is not None)]


def words_of(post: Post) -> str:
    """What comes out with a post as it stands, each language with its newest save; travels with what publishes it."""
    return " ".join(sorted(f"{one.language}.{one.revision_number}" for one in what_readers_get(post)))


def was_public(version: PostVersion) -> bool:
    """Whether readers could see a version before its post was withdrawn, so that its address may be known."""
    gone = version.post.withdrawn_at
    since = (version.post.published_at, version.shown_at)
    return gone is not None and all(moment is not None and moment <= gone for moment in since)


def version_for_reader(post: Post, wanted: str | None = None) -> PostVersion:
    """The version for whoever reads in the page's language, or in `wanted`: that one, or else the Swedish one."""
    wanted = wanted or current_language()
    known = {one.language: one for one in shown_versions(post)}
    return known.get(wanted) or known.get(SOURCE) or post.swedish
