"""A singer's own word beforehand: for one evening, for days away, and the link by which it is said without signing in.

A reply is an intention. Nothing here is ever read when attendance is counted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.rehearsals.models.plan import Rehearsal


class Reply(Model):
    """That a singer said whether they come to one gathering; no row means that they are expected."""

    __tablename__ = "replies"

    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), primary_key=True)
    singer_id: Mapped[UUID] = mapped_column(
        ForeignKey(Singer.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    is_coming: Mapped[bool]
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    said_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Account.id, ondelete="SET NULL"), doc="The account that said it; none by a link."
    )


class Away(Model):
    """That a singer is away from a day up to another, both included; a reply for one evening says more."""

    __tablename__ = "away_spans"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="dates_in_order"),
        Index("ix_away_spans_singer_id_last_on", "singer_id", "last_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    singer_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class ReplyLink(Model):
    """A link by which a singer, or somebody who helps them, replies without signing in."""

    __tablename__ = "reply_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    singer_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"), index=True)
    singer: Mapped[Singer] = relationship()
    digest: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, doc="Of the link's secret, which is shown once and never kept."
    )
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_since: Mapped[datetime] = mapped_column(
        default=clock.now, doc="When the counting of its changes began."
    )
    used_count: Mapped[int] = mapped_column(
        default=0, doc="Changes since then, so that it cannot be hammered."
    )

    @property
    def is_valid(self) -> bool:
        """Whether it may be used at this moment."""
        return self.revoked_at is None and clock.now() < self.expires_at


@dataclass(frozen=True)
class LinkHolder:
    """Whoever holds a valid link: nobody that we know, who may reply for one singer and do nothing else."""

    link: ReplyLink

    id = None
    manages = False
    is_authenticated = False
