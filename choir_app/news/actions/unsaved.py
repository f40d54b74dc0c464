"""Keeping what is typed before it is saved, and telling others that one is at work."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from choir_app.foundation import clock
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db, upsert
from choir_app.foundation.kept_pages import on_no_kept_page
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import clean, has_identity_number
from choir_app.news.models import Post, PostWriter, UnsavedText
from choir_app.news.permissions import may_change_post, may_write_news
from choir_app.news.queries.unsaved import PRESENT_FOR, TAKEN_BACK_WITHIN, place_of, unsaved_text

LONGEST = 80_000
"""Signs of all that was typed on one page."""
KEPT_FOR = timedelta(days=90)
"""How long a text that nobody came back to is kept."""


def keep_unsaved(typed: Mapping[str, Sequence[str]], *, post: Post | None, language: str, by: Any) -> None:
    """Keep what somebody has typed, in place of what was kept before. No reader sees it, and it is no revision."""
    _require_may_write(post, by=by)
    if sum(len(one) for values in typed.values() for one in values) > LONGEST:
        raise Refusal(_("Texten är för lång. Skriv högst %(number)s tecken.", number=LONGEST))
    try:
        kept = {name: [clean(one) for one in values] for name, values in typed.items()}
    except ValueError:
        raise Refusal(_("Texten innehåller tecken som vi inte kan spara. Ta bort dem.")) from None
    if any(has_identity_number(one) for values in kept.values() for one in values):
        raise Refusal(_("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."))
    row = {
        "account_id": by.id,
        "place": place_of(post, language),
        "post_id": post.id if post else None,
        "typed": kept,
        "kept_at": clock.now(),
        "dropped_at": None,
    }
    with on_no_kept_page():
        upsert(UnsavedText, row, key=("account_id", "place"))


def drop_unsaved(place: str, *, by: Any) -> None:
    """Say that a text is not wanted; for a day it can be taken back."""
    kept = unsaved_text(place, viewer=by)
    if kept is not None:
        kept.dropped_at = kept.dropped_at or clock.now()


def take_back_unsaved(place: str, *, by: Any) -> None:
    """Want a text after all that was dropped."""
    kept = unsaved_text(place, viewer=by)
    if kept is not None:
        kept.dropped_at = None


def forget_unsaved(post: Post | None, language: str, *, by: Any) -> None:
    """What was typed is saved: nothing of it has to be kept beside."""
    place = place_of(post, language)
    db.session.execute(delete(UnsavedText).where(UnsavedText.account_id == by.id, UnsavedText.place == place))


def be_at_work(post: Post, language: str, *, by: Any) -> None:
    """Show others that one has the post open; whoever was away for a while begins anew."""
    require(may_change_post(by, post))
    now = clock.now()
    known = db.session.get(PostWriter, (post.id, by.id, language))
    began_at = known.began_at if known and known.seen_at > now - PRESENT_FOR else now
    row = {
        "post_id": post.id,
        "account_id": by.id,
        "language": language,
        "began_at": began_at,
        "seen_at": now,
    }
    with on_no_kept_page():
        upsert(PostWriter, row, key=("post_id", "account_id", "language"))


def leave_work(post: Post, language: str, *, by: Any) -> None:
    """Show others that one has closed the post."""
    mine = (PostWriter.post_id == post.id) & (PostWriter.account_id == by.id)
    with on_no_kept_page():
        db.session.execute(delete(PostWriter).where(mine, PostWriter.language == language))


@chore("text that was never saved, and signs of who was at work")
def forget_what_was_left() -> None:
    """Take away unsaved text that nobody came back to, what was dropped yesterday, and old signs of presence."""
    now = clock.now()
    dropped_long_ago = UnsavedText.dropped_at < now - TAKEN_BACK_WITHIN
    db.session.execute(delete(UnsavedText).where((UnsavedText.kept_at < now - KEPT_FOR) | dropped_long_ago))
    db.session.execute(delete(PostWriter).where(PostWriter.seen_at < now - PRESENT_FOR))


def _require_may_write(post: Post | None, *, by: Any) -> None:
    require(may_change_post(by, post) if post else may_write_news(by))
