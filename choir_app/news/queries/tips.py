"""The tips that editors see, and who is told that one has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from choir_app.accounts.models import Account, RoleGrant
from choir_app.foundation import clock, keyed
from choir_app.foundation.database import db
from choir_app.news.models import Post, Tip

_PURPOSE = "tip form"


@dataclass(frozen=True)
class Tips:
    """What people have told: what waits for an editor, what became a draft, and what was put aside."""

    waiting: Sequence[Tip]
    drafted: Sequence[Tip]
    aside: Sequence[Tip]


def tips_for(viewer: Any) -> Select[Tip]:
    """The tips that this person may see: all, for editors."""
    return select(Tip) if viewer.edits else select(Tip).where(Tip.id.is_(None))


def one_tip(tip_id: UUID, *, viewer: Any) -> Tip:
    """A tip by its id; raises NoResultFound when it is not this person's to see."""
    return db.session.scalars(tips_for(viewer).where(Tip.id == tip_id)).one()


def tip_known(tip_id: UUID) -> Tip | None:
    """The tip that was sent with this id, whoever asks."""
    return db.session.get(Tip, tip_id)


def all_tips(viewer: Any) -> Tips:
    """All tips that are kept, the newest first."""
    newest = tips_for(viewer).options(joinedload(Tip.post).selectinload(Post.versions))
    found = db.session.scalars(newest.order_by(Tip.came_at.desc(), Tip.id).limit(500)).all()
    return Tips(
        waiting=[one for one in found if one.put_aside_at is None and one.post_id is None],
        drafted=[one for one in found if one.post_id is not None],
        aside=[one for one in found if one.put_aside_at is not None and one.post_id is None],
    )


def waiting_tip_count(viewer: Any) -> int:
    """How many tips wait for an editor; none for whoever is no editor."""
    waiting = tips_for(viewer).where(Tip.put_aside_at.is_(None), Tip.post_id.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def tips_since(moment: datetime) -> int:
    """How many tips have come since a moment."""
    return db.session.scalar(select(func.count()).select_from(Tip).where(Tip.came_at >= moment)) or 0


def told_of_tips() -> Sequence[Account]:
    """Who gets a letter when a tip comes: the editors, and where there are none whoever else may edit."""
    able = (
        select(Account)
        .join(RoleGrant)
        .where(Account.disabled_at.is_(None), Account.password_hash.is_not(None))
        .options(selectinload(Account.grants))
        .order_by(Account.email)
        .distinct()
    )
    editors = db.session.scalars(able.where(RoleGrant.role == "editor")).all()
    return editors or db.session.scalars(able.where(RoleGrant.role == "manager")).all()


def mark_of_form(moment: datetime | None = None) -> str:
    """When a form was opened, as it travels with the form: nobody but this house can make one."""
    seconds = str(int((moment or clock.now()).timestamp()))
    return f"{seconds}.{keyed.secret(_PURPOSE, seconds)}"


def form_opened_at(mark: str) -> datetime | None:
    """When the form with this mark was opened; None when the mark is not ours."""
    seconds, _point, secret = mark.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return None
    if not compare_digest(keyed.secret(_PURPOSE, seconds).encode(), secret.encode("utf-8", "replace")):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
