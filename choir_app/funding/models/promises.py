"""What we promised in return under an agreement, and which reminders of its deadlines have been written."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.funding.models.books import Agreement, Deadline


class Promise(Model):
    """Something that a partner gets in return for an agreement, such as a concert, and whether they have got it."""

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('logo', 'concert', 'mention', 'visit', 'tickets', 'other')", name="known_kind"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None] = mapped_column(index=True, doc="By when; none is whenever it suits.")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    owner: Mapped[Account | None] = relationship(foreign_keys=owner_id)
    delivered_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReminderSent(Model):
    """That somebody was reminded of a deadline so many days before its day, so that nobody is reminded twice."""

    __tablename__ = "reminders_sent"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey(Deadline.id, ondelete="CASCADE"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True, doc="Its day then; a new day is reminded of anew.")
    days_before: Mapped[int] = mapped_column(primary_key=True, doc="Below nothing is after the day.")
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
