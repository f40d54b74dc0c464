"""What is being written right now: the viewer's own unsaved text, and who else has the post open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import Post, PostRevision, PostVersion, PostWriter, UnsavedText
from choir_app.news.rules import TEXT_LANGUAGES, Piece, TextLanguage, changed_words

PRESENT_FOR = timedelta(seconds=90)
"""After so long without a sign somebody has left; a window in the background may give one a minute only."""
TAKEN_BACK_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class AtWork:
    """Somebody else who has the post open."""

    name: str
    language: TextLanguage
    since: datetime


@dataclass(frozen=True)
class Clash:
    """That a version was saved by somebody while the writer was at work: what is saved, beside what was written."""

    saved: PostRevision
    by_name: str | None
    is_own: bool
    """Whether the writer saved it in another window."""
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]
    """By the name of the field: from what is saved to what was written, word by word."""


def place_of(post: Post | None, language: str) -> str:
    """Under what a text is kept while it is not saved."""
    return f"{post.id}/{language}" if post else "new"


def unsaved_text(place: str, *, viewer: Any) -> UnsavedText | None:
    """The viewer's own unsaved text, also one that was dropped a moment ago."""
    kept = db.session.get(UnsavedText, (viewer.id, place))
    if kept and kept.dropped_at and kept.dropped_at < clock.now() - TAKEN_BACK_WITHIN:
        return None
    return kept


def unsaved_new(viewer: Any) -> UnsavedText | None:
    """The viewer's text of a post that is not begun."""
    kept = unsaved_text("new", viewer=viewer)
    return kept if kept and kept.dropped_at is None else None


def others_at_work(post: Post, *, viewer: Any) -> tuple[AtWork, ...]:
    """Who else has the post open now, in whatever language; whoever came first is named first."""
    rows = db.session.execute(
        select(Account.name, PostWriter.language, PostWriter.began_at)
        .join(Account, Account.id == PostWriter.account_id)
        .where(
            PostWriter.post_id == post.id,
            PostWriter.account_id != viewer.id,
            PostWriter.seen_at > clock.now() - PRESENT_FOR,
        )
        .order_by(PostWriter.began_at)
    )
    return tuple(
        AtWork(name, TEXT_LANGUAGES[language], since)
        for name, language, since in rows
        if language in TEXT_LANGUAGES
    )


def newest_by(version: PostVersion | None) -> PostRevision | None:
    """The last save of a version."""
    return version.revisions[-1] if version and version.revisions else None


def clash_of(version: PostVersion | None, seen_revision: int, words: Any, *, viewer: Any) -> Clash | None:
    """What stands in the way of saving these words, when somebody saved since this revision was seen."""
    saved = newest_by(version)
    if version is None or saved is None or version.revision_number == seen_revision:
        return None
    fields = ("headline", "lead", "body")
    parts = tuple((name, changed_words(getattr(saved, name), getattr(words, name) or "")) for name in fields)
    return Clash(
        saved=saved,
        by_name=saved.saved_by.name if saved.saved_by else None,
        is_own=saved.saved_by_id == viewer.id,
        parts=parts,
    )
