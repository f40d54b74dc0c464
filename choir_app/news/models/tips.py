"""What people outside tell us to write about, until an editor has made something of it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.posts import Post


class Tip(Model):
    """Something good that somebody tells us of; waits for an editor, who makes a draft of it or puts it aside."""

    __tablename__ = "tips"

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, doc="Made with the form: sent twice is one."
    )
    came_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    what: Mapped[str] = mapped_column(String(4000))
    where: Mapped[str | None] = mapped_column(String(120), doc="The town or the partner, as it was typed.")
    name: Mapped[str | None] = mapped_column(
        String(120), doc="Of whoever tells, if they wish; goes with the tip."
    )
    email: Mapped[str | None] = mapped_column(
        String(254), doc="Where they can be asked more, if they wish; likewise."
    )
    put_aside_at: Mapped[datetime | None]
    post_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Post.id, ondelete="SET NULL"), index=True, doc="The draft that was made of it."
    )
    post: Mapped[Post | None] = relationship()


class TipSender(Model):
    """How many tips came from a network today, under a mark that nobody can make or undo once the day is over."""

    __tablename__ = "tip_senders"
    __table_args__ = (CheckConstraint("tip_count > 0", name="somebody_sent"),)

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sent_on: Mapped[date] = mapped_column(index=True)
    tip_count: Mapped[int]
