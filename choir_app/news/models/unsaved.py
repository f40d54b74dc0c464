"""What is being written right now: text that is not saved yet, and who has a post open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.posts import Post


class UnsavedText(Model):
    """What somebody has typed and not saved, kept every few seconds; nobody else sees it, and it is no revision."""

    __tablename__ = "unsaved_texts"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(
        String(60), primary_key=True, doc="The post's id and the language; `new` for a post not yet begun."
    )
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, doc="By the names of the form's fields, as lists.")
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
    dropped_at: Mapped[datetime | None] = mapped_column(
        doc="Since when its writer does not want it; for a day it can be taken back."
    )

    @property
    def headline(self) -> str:
        """The headline as it was typed, perhaps empty."""
        return (self.typed.get("headline") or [""])[0]


class PostWriter(Model):
    """That somebody has a post open for writing in a language; a sign that is renewed, and expires by itself."""

    __tablename__ = "post_writers"
    __table_args__ = (Index("ix_post_writers_seen_at", "seen_at"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    account: Mapped[Account] = relationship()
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
