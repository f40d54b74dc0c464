"""What those who write see: their posts, where each language stands, and what a post may be about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import Signal
from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload, selectinload

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Town
from choir_app.foundation import clock
from choir_app.foundation.database import db, fact
from choir_app.news.models import FormerSlug, Post, PostVersion, Tag
from choir_app.news.queries.public import for_a_list, is_public
from choir_app.news.rules import ALWAYS_ON, SOURCE, TEXT_LANGUAGES, TextLanguage

LANGUAGES_ON = "news_languages"
"""The fact that holds the codes of the languages that the network has turned on."""

partners_asked = Signal("partners asked")
"""Sent when somebody writes; whoever knows partners answers with those that may be named, as (id, name)."""


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
    languages: tuple[str, ...]
    """The own names of the other languages that it is shown in."""
    is_behind: bool
    """Whether some language no longer says what the Swedish text says."""


@dataclass(frozen=True)
class VersionState:
    """Where a post stands in a language: missing, being written, shown; and how far behind the Swedish text."""

    language: TextLanguage
    version: PostVersion | None
    days_behind: int | None
    """Days from its last save to the last change of the Swedish text; None when it says the same."""

    @property
    def is_shown(self) -> bool:
        """Whether readers may see it, as soon as the post is published."""
        return self.version is not None and self.version.shown_at is not None


def visible_to(viewer: Any) -> Select[Post]:
    """The posts that this person may read: what is public, and for writers what they have begun."""
    if viewer.edits:
        return select(Post)
    if viewer.is_authenticated:
        return select(Post).where(or_(is_public(), Post.created_by_id == viewer.id))
    return select(Post).where(is_public())


def one(post_id: UUID, *, viewer: Any) -> Post:
    """A post by its id; raises NoResultFound when it is not this person's to see."""
    posts = (
        visible_to(viewer)
        .where(Post.id == post_id)
        .options(
            selectinload(Post.choirs),
            selectinload(Post.authors),
            selectinload(Post.tags),
            selectinload(Post.towns),
            selectinload(Post.partners),
            selectinload(Post.versions).selectinload(PostVersion.revisions),
        )
    )
    return db.session.scalars(posts).one()


def version_to_change(post: Post, language: str) -> PostVersion:
    """The post in a language; raises NoResultFound when it has not been begun."""
    found = post.version_in(language)
    if found is None:
        raise NoResultFound
    return found


def version_states(post: Post) -> tuple[VersionState, ...]:
    """Where the post stands in Swedish and in every other language that is turned on or that it has."""
    having = {one.language: one for one in post.versions}
    wanted = [*languages_in_use(), *having]
    swedish = post.swedish
    return tuple(
        VersionState(TEXT_LANGUAGES[code], having.get(code), _days_behind(swedish, having.get(code)))
        for code in TEXT_LANGUAGES
        if code in wanted
    )


def on_the_desk(viewer: Any) -> tuple[Draft, ...]:
    """What this person may write on, the last changed first."""
    changed_at = func.coalesce(Post.withdrawn_at, Post.published_at, Post.created_at)
    posts = (
        select(Post)
        .options(*for_a_list(), joinedload(Post.created_by).lazyload(Account.grants))
        .order_by(changed_at.desc())
    )
    if not viewer.edits:
        posts = posts.where(Post.created_by_id == viewer.id)
    return tuple(_draft(post) for post in db.session.scalars(posts.limit(200)))


def choirs_to_write_about(viewer: Any) -> Sequence[Choir]:
    """The choirs that a post of this person may be about."""
    choirs = select(Choir).order_by(Choir.name)
    if not viewer.edits:
        choirs = choirs.join(Leadership).where(Leadership.account_id == viewer.id)
    return db.session.scalars(choirs).all()


def towns_to_write_about(viewer: Any) -> Sequence[Town]:
    """The towns that a post of this person may be about beside those of its choirs: all, for editors."""
    return db.session.scalars(select(Town).order_by(Town.name)).all() if viewer.edits else ()


def partners_to_write_about(viewer: Any) -> list[tuple[UUID, str]]:
    """The partners that an editor may name: those that the public pages thank anyway."""
    if not viewer.edits:
        return []
    return [known for _room, answer in partners_asked.send() for known in answer]


def tag_called(slug: str) -> Tag | None:
    """The tag with this address."""
    return db.session.scalar(select(Tag).where(Tag.slug == slug))


def languages_in_use() -> tuple[str, ...]:
    """The codes of the languages that the network writes in: three always, and those that are turned on."""
    chosen = set((fact(LANGUAGES_ON) or "").split())
    return tuple(code for code in TEXT_LANGUAGES if code in chosen or code in ALWAYS_ON)


def languages_to_write_in(post: Post) -> tuple[TextLanguage, ...]:
    """The languages that a post may be put into, whether it has been begun or not."""
    return tuple(state.language for state in version_states(post) if state.language.code != SOURCE)


def slug_is_taken(slug: str, *, but: UUID | None) -> bool:
    """Whether another version has or had this address."""
    having = select(PostVersion.id).where(PostVersion.slug == slug)
    had = select(FormerSlug.version_id).where(FormerSlug.slug == slug)
    owners = set(db.session.scalars(having)) | set(db.session.scalars(had))
    return bool(owners - {but})


def _days_behind(swedish: PostVersion, version: PostVersion | None) -> int | None:
    if version is None or version.made_from is None or version.made_from >= swedish.revision_number:
        return None
    changed_on, made_on = clock.local(swedish.saved_at).date(), clock.local(version.saved_at).date()
    return max(0, (changed_on - made_on).days)


def _draft(post: Post) -> Draft:
    swedish = post.swedish
    others = [one for one in post.versions if one is not swedish]
    shown = {one.language for one in others if one.shown_at is not None}
    return Draft(
        id=post.id,
        headline=post.headline,
        state=post.state_at(clock.now()),
        changed_at=post.withdrawn_at or post.published_at or post.created_at,
        published_at=post.published_at,
        writer=post.created_by.name if post.created_by else None,
        choirs=tuple(choir.name for choir in post.choirs),
        languages=tuple(TEXT_LANGUAGES[code].autonym for code in TEXT_LANGUAGES if code in shown),
        is_behind=any(_days_behind(swedish, one) is not None for one in others),
    )
