"""Who gets new posts by mail, in which words they said yes, and which letter went to whom."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.choirs.models import Town
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.posts import Post
from choir_app.news.rules import DELIVERY_STATES, subscription_state

subscriber_towns = Table(
    "subscriber_towns",
    Model.metadata,
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("town_id", ForeignKey(Town.id, ondelete="CASCADE"), primary_key=True, index=True),
)


class Subscriber(Model):
    """An address that asked for new posts by mail; they come once its owner has said yes from there."""

    __tablename__ = "subscribers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(
        String(254), unique=True, doc="Folded, so that one address is one row."
    )
    language: Mapped[str] = mapped_column(String(20), doc="Of the texts; BCP 47.")
    page_language: Mapped[str] = mapped_column(
        String(20), doc="Of the page on which it was said yes to: what stands around the texts is in it."
    )
    is_about_all: Mapped[bool] = mapped_column(doc="About every town, also those that come later.")
    towns: Mapped[list[Town]] = relationship(secondary=subscriber_towns, order_by=Town.name)
    digest: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, doc="Of the secret in its links, which itself is kept nowhere."
    )
    former_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), index=True, doc="Of the secret in letters from before SECRET_KEY was changed."
    )
    asked_at: Mapped[datetime]
    consent_words: Mapped[str] = mapped_column(
        String(600), doc="What stood beside the button that was pressed last."
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(doc="When its owner said yes, from a letter.")
    stopped_at: Mapped[datetime | None] = mapped_column(doc="When its owner said stop.")
    rests_since: Mapped[datetime | None] = mapped_column(doc="Since when too many letters came back.")

    @property
    def state(self) -> str:
        """Where it stands, one of `rules.SUBSCRIPTION_STATES`."""
        return subscription_state(
            confirmed_at=self.confirmed_at, stopped_at=self.stopped_at, rests_since=self.rests_since
        )


class Mailing(Model):
    """That a post goes out by mail: made once, so that no correction and no second publishing sends it again."""

    __tablename__ = "mailings"

    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)


class Delivery(Model):
    """One post to one subscriber: waiting, under way, taken by the mail server, or not, and then why."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("post_id", "subscriber_id"),
        CheckConstraint(f"state IN {DELIVERY_STATES}", name="known_state"),
        Index("ix_deliveries_state_try_at", "state", "try_at"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, doc="Also the letter's Message-ID, at every try the same."
    )
    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"))
    subscriber_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Subscriber.id, ondelete="SET NULL"), index=True, doc="None once it is forgotten to whom."
    )
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    language: Mapped[str | None] = mapped_column(String(20), doc="Of the text that was sent.")
    tries: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(doc="When the mail server took it.")
    bounced_at: Mapped[datetime | None] = mapped_column(doc="When it came back, from there or later.")
    reason: Mapped[str | None] = mapped_column(
        String(20), doc="The code of why, e.g. 550 or 5.1.1; no words."
    )
