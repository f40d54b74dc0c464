"""Checking in oneself: opened by the leader for one evening, and those without account who wait to be let in."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.rehearsals import rules
from choir_app.rehearsals.models.plan import Rehearsal


class CheckIn(Model):
    """That singers may check in themselves at one rehearsal, by a code that changes every minute."""

    __tablename__ = "check_ins"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), unique=True)
    rehearsal: Mapped[Rehearsal] = relationship()
    seed: Mapped[bytes] = mapped_column(
        LargeBinary(32), doc="What the codes are made of; new when opened anew."
    )
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    closed_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether somebody can check in now: it was opened, not closed again, and the day is not over."""
        rehearsal = self.rehearsal
        return self.closed_at is None and rehearsal.is_open and clock.now() < self.ends_at

    @property
    def ends_at(self) -> datetime:
        """When it closes by itself: at the end of its day, or of the rehearsal if that goes past midnight."""
        return max(clock.end_of(self.rehearsal.sung_on), self.rehearsal.ends_at)

    @property
    def opening(self) -> str:
        """What tells this opening from an earlier one of the same evening, and nothing of its codes."""
        return sha256(b"opening" + self.seed).hexdigest()[:16]

    def code_at(self, moment: datetime) -> str:
        """The code that hangs on the wall at a moment."""
        return rules.code_of_minute(self.seed, rules.minute_of(moment))

    @property
    def good_codes(self) -> tuple[str, str]:
        """The code of this minute and of the one before, for whoever was slow."""
        minute = rules.minute_of(clock.now())
        return rules.code_of_minute(self.seed, minute), rules.code_of_minute(self.seed, minute - 1)


class Arrival(Model):
    """Somebody without account who said a first name at the door and waits for the leader's tap."""

    __tablename__ = "arrivals"
    __table_args__ = (
        CheckConstraint("answer IS NULL OR answer IN ('new', 'known', 'not_here')", name="known_answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_moment"),
        Index("ix_arrivals_rehearsal_id_asked_at", "rehearsal_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"))
    rehearsal: Mapped[Rehearsal] = relationship()
    first_name: Mapped[str | None] = mapped_column(
        String(rules.LONGEST_NAME), doc="Taken away when it was answered, and with the day."
    )
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
