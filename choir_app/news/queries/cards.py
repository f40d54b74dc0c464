"""Posts as cards in a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select, union_all

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import (
    Post,
    PostAuthor,
    PostPartner,
    post_choirs,
    post_tags,
    post_towns,
)
from choir_app.news.queries.figures import lead_of
from choir_app.news.queries.pictures import Picture, picture_of
from choir_app.news.queries.public import is_public, newest_first, public_posts, version_for_reader
from choir_app.news.rules import TEXT_LANGUAGES

if TYPE_CHECKING:
    from choir_app.news.queries.subjects import Subject

CARDS_BELOW = 4
PAGE = 12


@dataclass(frozen=True)
class Byline:
    """Somebody who wrote a post, by name and role as they were."""

    name: str
    role: str | None
    slug: str


@dataclass(frozen=True)
class Card:
    """A post in a list: what tells whether one wants to read it."""

    headline: str
    lead: str
    year: int
    slug: str
    language: str
    published_at: datetime
    authors: tuple[Byline, ...]
    choirs: tuple[str, ...]
    picture: Picture | None

    @property
    def about(self) -> str:
        """The choirs it is about, as words."""
        return ", ".join(self.choirs)

    @property
    def direction(self) -> str:
        """The direction of its words."""
        return TEXT_LANGUAGES[self.language].direction


@dataclass(frozen=True)
class Page:
    """One page of a list and whether there are older and newer ones."""

    cards: tuple[Card, ...]
    number: int
    has_older: bool


@dataclass(frozen=True)
class ReadOn:
    """What one may read after a post: what came out just before and after it, and what is close to it."""

    earlier: Card | None
    later: Card | None
    below: tuple[Card, ...]


def latest(count: int, *, choirs: Iterable[UUID] = ()) -> tuple[Card, ...]:
    """The newest public posts; about some choirs only, if any are named."""
    posts = newest_first(public_posts()).limit(count)
    about = list(choirs)
    if about:
        posts = posts.where(
            Post.id.in_(select(post_choirs.c.post_id).where(post_choirs.c.choir_id.in_(about)))
        )
    return tuple(card_of(post) for post in db.session.scalars(posts))


def list_page(number: int, subject: "Subject | None" = None) -> Page:
    """A page of the news, the newest first, of one subject if one is named; raises NoResultFound beyond the last."""
    posts = newest_first(public_posts())
    if subject:
        posts = posts.where(subject.condition)
    first = (number - 1) * PAGE
    rows = db.session.scalars(posts.offset(first).limit(PAGE + 1)).all()
    if not rows and number > 1:
        db.session.scalars(public_posts().where(Post.id.is_(None))).one()
    wanted = subject.language if subject else None
    return Page(tuple(card_of(post, wanted) for post in rows[:PAGE]), number, len(rows) > PAGE)


def read_on(post: Post) -> ReadOn:
    """What one may read after a post."""
    earlier, later = _beside(post)
    nearest = _with_most_in_common(post)
    if len(nearest) < CARDS_BELOW:
        newest = newest_first(select(Post.id).where(is_public(), Post.id.not_in([post.id, *nearest])))
        nearest += db.session.scalars(newest.limit(CARDS_BELOW - len(nearest))).all()
    wanted = [one for one in (earlier, later, *nearest) if one is not None]
    known = {one.id: card_of(one) for one in db.session.scalars(public_posts().where(Post.id.in_(wanted)))}
    return ReadOn(
        earlier=known[earlier] if earlier else None,
        later=known[later] if later else None,
        below=tuple(known[one] for one in nearest),
    )


def _beside(post: Post) -> tuple[UUID | None, UUID | None]:
    """The posts that came out just before and just after it; of the same second, by id."""
    at = post.published_at or post.created_at
    ids = select(Post.id).where(is_public())
    before = ids.where((Post.published_at < at) | ((Post.published_at == at) & (Post.id > post.id)))
    after = ids.where((Post.published_at > at) | ((Post.published_at == at) & (Post.id < post.id)))
    return (
        db.session.scalar(newest_first(before).limit(1)),
        db.session.scalar(after.order_by(Post.published_at, Post.id.desc()).limit(1)),
    )


def _with_most_in_common(post: Post) -> list[UUID]:
    """The posts that share the most choirs, towns, tags and partners with it."""
    tables = (
        (post_choirs, post_choirs.c.choir_id),
        (post_towns, post_towns.c.town_id),
        (post_tags, post_tags.c.tag_id),
        (PostPartner.__table__, PostPartner.__table__.c.partner_id),
    )
    shared = union_all(
        *(
            select(table.c.post_id).where(
                table.c.post_id != post.id, column.in_(select(column).where(table.c.post_id == post.id))
            )
            for table, column in tables
        )
    ).subquery()
    ids = (
        select(Post.id)
        .join(shared, shared.c.post_id == Post.id)
        .where(is_public())
        .group_by(Post.id, Post.published_at)
        .order_by(func.count().desc(), Post.published_at.desc(), Post.id)
    )
    return list(db.session.scalars(ids.limit(CARDS_BELOW)))


def card_of(post: Post, wanted: str | None = None) -> Card:
    """A post as a card, in the reader's language where there is such a version."""
    version = version_for_reader(post, wanted)
    published_at = post.published_at or post.created_at
    return Card(
        headline=version.headline,
        lead=lead_of(version),
        year=clock.local(published_at).year,
        slug=version.slug,
        language=version.language,
        published_at=published_at,
        authors=bylines_of(post.authors),
        choirs=tuple(choir.name for choir in post.choirs),
        picture=picture_of(version),
    )


def bylines_of(authors: Iterable[PostAuthor]) -> tuple[Byline, ...]:
    """Who wrote it, in their order."""
    return tuple(Byline(one.name, one.role, one.slug) for one in authors)
