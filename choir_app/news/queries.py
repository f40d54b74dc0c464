"""What readers and writers are shown of the news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.news.models import FormerSlug, Post, post_choirs

CARDS_BELOW = 4
PAGE = 12
IN_FEED = 20


@dataclass(frozen=True)
class Picture:
    """A picture as a page draws it."""

    name: str
    width: int
    height: int
    alt: str
    caption: str | None

    @property
    def file(self) -> PictureFile:
        """The kept file with its widths."""
        return PictureFile(self.name, self.width, self.height)


@dataclass(frozen=True)
class Card:
    """A post in a list: what tells whether one wants to read it."""

    headline: str
    lead: str
    year: int
    slug: str
    published_at: datetime
    byline_name: str
    byline_role: str | None
    choirs: tuple[str, ...]
    picture: Picture | None

    @property
    def about(self) -> str:
        """The choirs it is about, as words."""
        return ", ".join(self.choirs)


@dataclass(frozen=True)
class Draft:
    """A row at the writing desk."""

    id: UUID
    headline: str
    state: str
    changed_at: datetime
    published_at: datetime | None
    writer: str | None
    choirs: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One page of a list and whether there are older and newer ones."""

    cards: tuple[Card, ...]
    number: int
    has_older: bool


def visible_to(viewer: Any) -> Select[Post]:
    """The posts that this person may read: what is public, and for writers what they may change."""
    public = Post.published_at.is_not(None) & (Post.published_at <= clock.now()) & Post.withdrawn_at.is_(None)
    if viewer.edits:
        return select(Post)
    if viewer.is_authenticated:
        own = (Post.created_by_id == viewer.id) & Post.published_at.is_(None) & Post.withdrawn_at.is_(None)
        return select(Post).where(or_(public, own))
    return select(Post).where(public)


def _public() -> Select[Post]:
    public = Post.published_at.is_not(None) & (Post.published_at <= clock.now()) & Post.withdrawn_at.is_(None)
    return select(Post).where(public).options(_with_names_of_choirs())


def _with_names_of_choirs() -> Any:
    """The choirs a post is about, without their towns, states and leaders, which no list of news shows."""
    return selectinload(Post.choirs).options(
        lazyload(Choir.town), lazyload(Choir.states), lazyload(Choir.leaderships)
    )


def _newest_first(posts: Select[Post]) -> Select[Post]:
    return posts.order_by(Post.published_at.desc(), Post.id)


def latest(count: int, *, choirs: Iterable[UUID] = (), but: UUID | None = None) -> tuple[Card, ...]:
    """The newest public posts; about some choirs only, if any are named."""
    posts = _newest_first(_public()).limit(count)
    about = list(choirs)
    if about:
        posts = posts.where(
            Post.id.in_(select(post_choirs.c.post_id).where(post_choirs.c.choir_id.in_(about)))
        )
    if but:
        posts = posts.where(Post.id != but)
    return tuple(_card(post) for post in db.session.scalars(posts))


def list_page(number: int) -> Page:
    """A page of the news list, the newest first; raises NoResultFound beyond the last."""
    first = (number - 1) * PAGE
    rows = db.session.scalars(_newest_first(_public()).offset(first).limit(PAGE + 1)).all()
    if not rows and number > 1:
        db.session.scalars(_public().where(Post.id.is_(None))).one()
    return Page(tuple(_card(post) for post in rows[:PAGE]), number, len(rows) > PAGE)


def in_feed() -> Sequence[Post]:
    """The newest public posts, whole."""
    return db.session.scalars(_newest_first(_public()).limit(IN_FEED)).all()


def by_slug(slug: str) -> Post:
    """The post at this address, whatever its state; raises NoResultFound."""
    return db.session.scalars(select(Post).where(Post.slug == slug).options(_with_names_of_choirs())).one()


def formerly_at(slug: str) -> Post | None:
    """The post that once had this address."""
    return db.session.scalar(
        select(Post).join(FormerSlug, FormerSlug.post_id == Post.id).where(FormerSlug.slug == slug)
    )


def one(post_id: UUID, *, viewer: Any) -> Post:
    """A post by its id; raises NoResultFound when it is not this person's to see."""
    posts = (
        visible_to(viewer)
        .where(Post.id == post_id)
        .options(selectinload(Post.choirs), selectinload(Post.revisions))
    )
    return db.session.scalars(posts).one()


def cards_below(post: Post) -> tuple[Card, ...]:
    """What one may read next: posts about the same choirs first, then the newest."""
    same = latest(CARDS_BELOW, choirs=[choir.id for choir in post.choirs], but=post.id) if post.choirs else ()
    seen = {card.slug for card in same}
    others = [card for card in latest(CARDS_BELOW + len(same), but=post.id) if card.slug not in seen]
    return (*same, *others)[:CARDS_BELOW]


def on_the_desk(viewer: Any) -> tuple[Draft, ...]:
    """What this person may write on, the last changed first."""
    changed_at = func.coalesce(Post.withdrawn_at, Post.published_at, Post.created_at)
    posts = (
        select(Post)
        .options(_with_names_of_choirs(), joinedload(Post.created_by).lazyload(Account.grants))
        .order_by(changed_at.desc())
    )
    if not viewer.edits:
        posts = posts.where(Post.created_by_id == viewer.id)
    return tuple(
        Draft(
            id=post.id,
            headline=post.headline,
            state=_state(post),
            changed_at=post.withdrawn_at or post.published_at or post.created_at,
            published_at=post.published_at,
            writer=post.created_by.name if post.created_by else None,
            choirs=tuple(choir.name for choir in post.choirs),
        )
        for post in db.session.scalars(posts.limit(200))
    )


def choirs_to_write_about(viewer: Any) -> Sequence[Choir]:
    """The choirs that a post of this person may be about."""
    choirs = select(Choir).order_by(Choir.name)
    if not viewer.edits:
        choirs = choirs.join(Leadership).where(Leadership.account_id == viewer.id)
    return db.session.scalars(choirs).all()


def slug_is_taken(slug: str, *, but: UUID | None) -> bool:
    """Whether another post has or had this address."""
    having = select(Post.id).where(Post.slug == slug)
    had = select(FormerSlug.post_id).where(FormerSlug.slug == slug)
    owners = set(db.session.scalars(having)) | set(db.session.scalars(had))
    return bool(owners - {but})


def picture_of(post: Post) -> Picture | None:
    """The post's picture as a page draws it."""
    if not post.picture_name:
        return None
    return Picture(
        post.picture_name,
        post.picture_width or 0,
        post.picture_height or 0,
        post.picture_alt or "",
        post.picture_caption,
    )


def _state(post: Post) -> str:
    if post.withdrawn_at:
        return "withdrawn"
    if post.published_at is None:
        return "draft"
    return "published" if post.published_at <= clock.now() else "scheduled"


def _card(post: Post) -> Card:
    published_at = post.published_at or post.created_at
    return Card(
        headline=post.headline,
        lead=post.lead,
        year=clock.local(published_at).year,
        slug=post.slug,
        published_at=published_at,
        byline_name=post.byline_name,
        byline_role=post.byline_role,
        choirs=tuple(choir.name for choir in post.choirs),
        picture=picture_of(post),
    )
