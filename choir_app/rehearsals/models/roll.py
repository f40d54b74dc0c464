"""The log of acts, what could not be taken in, and the attendance that follows."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.accounts.models import Account
from choir_app.choirs.models import Singer
from choir_app.foundation.database import Model
from choir_app.rehearsals import rules
from choir_app.rehearsals.models.lending import Loan
from choir_app.rehearsals.models.plan import Rehearsal


class Act(Model):
    """One act of marking, counting, welcoming or finishing, kept for ever as it came: the log of the roll.

    A newcomer's name is not kept here but with the singer, so that erasing a person leaves no name.
    """

    __tablename__ = "acts"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('mark', 'guests', 'newcomer', 'done', 'note', 'outcome')", name="known_kind"
        ),
        CheckConstraint("status IS NULL OR status IN ('present', 'absent', 'unmarked')", name="known_status"),
        CheckConstraint(
            "kind = 'outcome' OR (kind IN ('mark', 'newcomer')) = (singer_id IS NOT NULL)",
            name="marks_have_singers",
        ),
        CheckConstraint(
            "outcome IS NULL OR kind = 'outcome' AND outcome IN "
            "('housing', 'job', 'internship', 'language', 'friendship', 'health', 'other')",
            name="known_outcome",
        ),
        CheckConstraint("outcome <> 'health' OR singer_id IS NULL", name="health_names_nobody"),
        Index("ix_acts_rehearsal_id_singer_id_acted_at", "rehearsal_id", "singer_id", "acted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, doc="Made on the device.")
    kind: Mapped[str] = mapped_column(String(10))
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id))
    singer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Singer.id), index=True)
    status: Mapped[str | None] = mapped_column(String(10))
    number: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(
        String(rules.LONGEST_NOTE), doc="The note of the evening, or what happened, in a sentence."
    )
    outcome: Mapped[str | None] = mapped_column(
        String(20), doc="What good thing happened; none takes back the outcome that was seen."
    )
    may_be_told: Mapped[bool | None] = mapped_column(
        doc="Whether the person agreed that it is told, without a name."
    )
    why: Mapped[str | None] = mapped_column(
        String(rules.LONGEST_REASON), doc="Said when a list that was handed in is corrected."
    )
    device_at: Mapped[datetime] = mapped_column(doc="By the device's own clock.")
    acted_at: Mapped[datetime] = mapped_column(doc="By the server's clock, never after the receipt.")
    received_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    device_id: Mapped[str | None] = mapped_column(String(rules.LONGEST_DEVICE))
    loan_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Loan.id, ondelete="SET NULL"), doc="The loan by which a substitute made it."
    )
    seen_id: Mapped[UUID | None] = mapped_column(doc="The act that the device last knew of for this singer.")
    settles_id: Mapped[UUID | None] = mapped_column(
        doc="The other side of a disagreement that this act settles."
    )
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class RefusedAct(Model):
    """An act that could not be taken in, kept with what it said and why."""

    __tablename__ = "refused_acts"
    __table_args__ = (UniqueConstraint("act_id", "body_hash", "cause"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    act_id: Mapped[str | None] = mapped_column(String(64), doc="As it was sent, since it may be no UUID.")
    body: Mapped[str]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    cause: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(300))
    rehearsal_id: Mapped[UUID | None] = mapped_column(index=True, doc="May be gone, hence no foreign key.")
    singer_id: Mapped[UUID | None] = mapped_column(index=True, doc="May be unknown, hence no foreign key.")
    acted_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    loan_id: Mapped[UUID | None] = mapped_column(ForeignKey(Loan.id, ondelete="SET NULL"))
    device_id: Mapped[str | None] = mapped_column(String(rules.LONGEST_DEVICE))
    dealt_with_at: Mapped[datetime | None] = mapped_column(
        doc="When somebody looked at it and said that nothing is left to do."
    )
    dealt_with_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class Attendance(Model):
    """What is known now of one singer at one rehearsal. It follows from the acts; no row means not seen."""

    __tablename__ = "attendances"
    __table_args__: Any = (
        Index("ix_attendances_singer_id_rehearsal_id_is_present", "singer_id", "rehearsal_id", "is_present"),
        {"sqlite_with_rowid": False},
    )

    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id), primary_key=True)
    singer_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id), primary_key=True)
    is_present: Mapped[bool]
    act_id: Mapped[UUID] = mapped_column(doc="The act that it follows from.")
    acted_at: Mapped[datetime]
