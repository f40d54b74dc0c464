"""Whole posts: one to read, those of a feed, all for the search engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import FormerSlug, Post, PostCorrection, PostRevision, PostVersion
from choir_app.news.queries.cards import Byline, bylines_of
from choir_app.news.queries.figures import figures_told, lead_of
from choir_app.news.queries.pictures import Picture, picture_of
from choir_app.news.queries.public import (
    for_a_list,
    is_public,
    newest_first,
    shown_versions,
    version_for_reader,
)
from choir_app.news.queries.subjects import Subject
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES, TextLanguage, with_figures

IN_FEED = 20
IN_SITEMAP = 45_000
"""Addresses; a sitemap may hold 50,000. Source: sitemaps.org, protocol 0.9."""


@dataclass(frozen=True)
class Reading:
    """A version as somebody reads it, with what a reader must know of it."""

    post: Post
    version: PostVersion
    picture: Picture | None
    authors: tuple[Byline, ...]
    outdated_since: datetime | None
    """When the Swedish text was changed after the version was made from it; None when it says the same."""

    @property
    def lead(self) -> str:
        """The lead with its figures put in."""
        return lead_of(self.version, self.post)

    @property
    def markdown(self) -> str:
        """The text with its figures put in, each with its day beside it."""
        version = self.version
        if "{{" not in version.body:
            return version.body
        return with_figures(version.body, figures_told(self.post, [version.body]), version.language)

    @property
    def corrections(self) -> tuple[PostCorrection, ...]:
        """What readers are told was put right in it, the newest last."""
        own = self.version.language
        return tuple(one for one in self.post.corrections if one.language in (None, own))

    @property
    def language(self) -> TextLanguage:
        """The language of its words."""
        return TEXT_LANGUAGES[self.version.language]

    @property
    def published_at(self) -> datetime:
        """When it came out; of a draft, when it was begun."""
        return self.post.published_at or self.post.created_at

    @property
    def changed_at(self) -> datetime:
        """When its words were last changed, and never before it came out."""
        noted = (one.noted_at for one in self.corrections)
        return max(self.published_at, self.version.saved_at, *noted)

    @property
    def year(self) -> int:
        """The year in its address."""
        return clock.local(self.published_at).year


def reading_of(version: PostVersion) -> Reading:
    """A version, ready to be read."""
    post = version.post
    return Reading(
        post, version, picture_of(version), bylines_of(post.authors), _outdated_since(post, version)
    )


def by_slug(slug: str) -> PostVersion:
    """The version at this address, whatever its state; raises NoResultFound."""
    versions = select(PostVersion).where(PostVersion.slug == slug).options(*_whole())
    return db.session.scalars(versions).one()


def formerly_at(slug: str) -> PostVersion | None:
    """The version that once had this address."""
    return db.session.scalar(
        select(PostVersion)
        .join(FormerSlug, FormerSlug.version_id == PostVersion.id)
        .where(FormerSlug.slug == slug)
    )


def versions_to_read(post: Post) -> list[PostVersion]:
    """The versions that a reader can choose from, in the order in which languages are named."""
    order = list(TEXT_LANGUAGES)
    return sorted(shown_versions(post), key=lambda one: order.index(one.language))


def in_feed(subject: Subject | None = None) -> Sequence[Reading]:
    """The newest public posts, whole; of one subject if one is named."""
    posts = newest_first(select(Post).where(is_public())).limit(IN_FEED)
    if subject:
        posts = posts.where(subject.condition)
    posts = posts.options(
        *for_a_list()[:2],
        selectinload(Post.versions),
        selectinload(Post.tags),
        selectinload(Post.towns),
        selectinload(Post.corrections),
    )
    wanted = subject.language if subject else None
    return [reading_of(version_for_reader(post, wanted)) for post in db.session.scalars(posts)]


def in_sitemap() -> Sequence[tuple[PostVersion, Sequence[PostVersion]]]:
    """Every version that can be read, the newest first, each with all versions of its post."""
    posts = newest_first(select(Post).where(is_public())).options(for_a_list()[2]).limit(IN_SITEMAP)
    told: list[tuple[PostVersion, Sequence[PostVersion]]] = []
    for post in db.session.scalars(posts):
        shown = versions_to_read(post)
        told.extend((version, shown) for version in shown)
    return told[:IN_SITEMAP]


def _whole() -> tuple[Any, ...]:
    post = selectinload(PostVersion.post)
    choirs, authors, versions = for_a_list()
    return (
        post.options(
            choirs,
            authors,
            versions,
            selectinload(Post.tags),
            selectinload(Post.towns),
            selectinload(Post.partners),
            selectinload(Post.corrections),
        ),
    )


def _outdated_since(post: Post, version: PostVersion) -> datetime | None:
    """The first save of the Swedish text that this version does not know of."""
    if version.language == SOURCE or version.made_from is None:
        return None
    swedish = post.swedish
    if swedish.revision_number <= version.made_from:
        return None
    return db.session.scalar(
        select(PostRevision.saved_at)
        .where(PostRevision.version_id == swedish.id, PostRevision.number > version.made_from)
        .order_by(PostRevision.number)
        .limit(1)
    )
