"""What a list of news can be about: a town, a tag, an author, a language, a month."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import Post, PostAuthor, PostVersion, Tag, post_choirs, post_tags, post_towns
from choir_app.news.queries.public import is_public, is_shown
from choir_app.news.rules import TEXT_LANGUAGES, language_called


@dataclass(frozen=True)
class Subject:
    """What a list is about: its kind and name, what must be true of its posts, and in which language they are told."""

    kind: str
    key: str
    name: str
    condition: Any
    language: str | None = None
    first_on: date | None = None
    """Of a month."""


@dataclass(frozen=True)
class Month:
    """A month in the archive, by its first day, and how many posts came out in it."""

    first_on: date
    post_count: int


def of_town(slug: str) -> Subject:
    """The news about a town or a choir there; raises NoResultFound."""
    town = db.session.scalars(select(Town).where(Town.slug == slug)).one()
    itself = select(post_towns.c.post_id).where(post_towns.c.town_id == town.id)
    its_choirs = select(post_choirs.c.post_id).join(Choir).where(Choir.town_id == town.id)
    return Subject("town", town.slug, town.name, Post.id.in_(itself) | Post.id.in_(its_choirs))


def of_tag(slug: str) -> Subject:
    """The news under a tag; raises NoResultFound."""
    tag = db.session.scalars(select(Tag).where(Tag.slug == slug)).one()
    under = select(post_tags.c.post_id).where(post_tags.c.tag_id == tag.id)
    return Subject("tag", tag.slug, tag.name, Post.id.in_(under))


def by_author(slug: str) -> Subject:
    """The published news of somebody, by the name under the newest; raises NoResultFound."""
    name = select(PostAuthor.name).join(Post, Post.id == PostAuthor.post_id)
    newest = name.where(PostAuthor.slug == slug, is_public()).order_by(Post.published_at.desc()).limit(1)
    own = select(PostAuthor.post_id).where(PostAuthor.slug == slug)
    return Subject("author", slug, db.session.scalars(newest).one(), Post.id.in_(own))


def in_language(part_of_address: str) -> Subject | None:
    """The news that can be read in a language, or None when it is no language of ours."""
    language = language_called(part_of_address)
    if language is None:
        return None
    having = select(PostVersion.post_id).where(PostVersion.language == language.code, is_shown())
    return Subject("language", part_of_address, language.autonym, Post.id.in_(having), language=language.code)


def of_month(year: int, month: int) -> Subject | None:
    """The news of a month in Sweden, or None when there is no such month."""
    if not (1990 <= year <= 2100 and 1 <= month <= 12):
        return None
    first_on = date(year, month, 1)
    next_on = date(year + month // 12, month % 12 + 1, 1)
    within = (Post.published_at >= clock.start_of(first_on)) & (Post.published_at < clock.start_of(next_on))
    return Subject("month", f"{year}/{month}", first_on.isoformat(), within, first_on=first_on)


def months() -> tuple[Month, ...]:
    """The months in which something came out, the latest first."""
    moments = db.session.scalars(select(Post.published_at).where(is_public()))
    counts = Counter(clock.local(moment).date().replace(day=1) for moment in moments if moment)
    return tuple(Month(first_on, counts[first_on]) for first_on in sorted(counts, reverse=True))


def tags_in_use() -> tuple[Tag, ...]:
    """The tags under which there is something to read."""
    used = select(post_tags.c.tag_id).join(Post, Post.id == post_tags.c.post_id).where(is_public())
    return tuple(db.session.scalars(select(Tag).where(Tag.id.in_(used)).order_by(Tag.name)))


def languages_read() -> tuple[str, ...]:
    """The codes of the languages in which there is something to read."""
    known = select(PostVersion.language).join(Post).where(is_public(), is_shown()).distinct()
    having = set(db.session.scalars(known))
    return tuple(code for code in TEXT_LANGUAGES if code in having)
