"""Study associations and their dated rules, the lists that a choir keeps for them, and what was handed in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Singer, Voice
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.rehearsals import rules
from choir_app.rehearsals.models.plan import Rehearsal

LONGEST_TITLE = 120
LONGEST_LOG = 500
MOST_BREAK_MINUTES = 240
MOST_AUDIENCE = 99_999


class StudyAssociation(Model):
    """A study association that choirs report to, during the days in which it does such work."""

    __tablename__ = "study_associations"
    __table_args__ = (CheckConstraint("last_on IS NULL OR last_on >= first_on", name="dates_in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    first_on: Mapped[date]
    last_on: Mapped[date | None] = mapped_column(doc="The last day of its state-funded work, when it ended.")
    source: Mapped[str] = mapped_column(String(300))

    def is_there_on(self, day: date) -> bool:
        """Whether one can report to it for this day."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


class StudyRule(Model):
    """One dated threshold of the study associations. A row is never rewritten; a newer one takes over from its day."""

    __tablename__ = "study_rules"
    __table_args__ = (
        CheckConstraint("form IN ('circle', 'other', 'culture', 'any')", name="known_form"),
        CheckConstraint("value >= 0", name="value_not_below_zero"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    form: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    association_id: Mapped[UUID | None] = mapped_column(ForeignKey(StudyAssociation.id), index=True)
    association: Mapped[StudyAssociation | None] = relationship(lazy="joined")
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date] = mapped_column(doc="When somebody last looked whether it still says so.")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Account.id, ondelete="SET NULL"), doc="None for the rows that the house came with."
    )

    @property
    def as_dated(self) -> rules.DatedRule:
        """The row as the arithmetic takes it."""
        return rules.DatedRule(
            form=self.form,
            key=self.key,
            value=self.value,
            unit=self.unit,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            association_id=self.association_id,
            source=self.source,
            checked_on=self.checked_on,
            added_at=self.added_at,
        )


class StudyList(Model):
    """A choir's list for a study association: a circle or other adult education of a term, or one concert."""

    __tablename__ = "study_lists"
    __table_args__ = (
        CheckConstraint("form IN ('circle', 'other', 'culture')", name="known_form"),
        CheckConstraint("last_on >= first_on", name="dates_in_order"),
        CheckConstraint("break_minutes BETWEEN 0 AND 240", name="break_within_reason"),
        CheckConstraint("(form = 'culture') = (concert_id IS NOT NULL)", name="culture_is_a_concert"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"), index=True)
    choir: Mapped[Choir] = relationship()
    association_id: Mapped[UUID] = mapped_column(ForeignKey(StudyAssociation.id), index=True)
    association: Mapped[StudyAssociation] = relationship(lazy="joined", innerjoin=True)
    form: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    number: Mapped[str | None] = mapped_column(String(40), doc="The association's own, arrangemangsnummer.")
    first_on: Mapped[date]
    last_on: Mapped[date]
    voice_id: Mapped[UUID | None] = mapped_column(ForeignKey(Voice.id, ondelete="SET NULL"))
    voice: Mapped[Voice | None] = relationship(lazy="joined")
    concert_id: Mapped[UUID | None] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), index=True)
    concert: Mapped[Rehearsal | None] = relationship()
    leader_name: Mapped[str] = mapped_column(String(80))
    leader_singer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Singer.id, ondelete="SET NULL"),
        doc="When the leader is marked on the roll like the others.",
    )
    substitute_name: Mapped[str | None] = mapped_column(String(80))
    material: Mapped[str | None] = mapped_column(
        String(200), doc="Study material; own songs and scores count."
    )
    break_minutes: Mapped[int] = mapped_column(default=0, doc="At each gathering where nothing else is said.")
    audience_count: Mapped[int | None] = mapped_column(doc="At a concert, besides those who sing.")
    women_count: Mapped[int | None] = mapped_column(doc="Women in the audience.")
    performer_count: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    gatherings: Mapped[list["StudyGathering"]] = relationship(
        back_populates="study_list", lazy="selectin", cascade="all, delete-orphan"
    )
    handed_in: Mapped[list["HandedInList"]] = relationship(
        back_populates="study_list",
        lazy="selectin",
        order_by="HandedInList.number",
        cascade="all, delete-orphan",
    )

    @property
    def newest_handed_in(self) -> "HandedInList | None":
        """The version that was handed in last, if any."""
        return self.handed_in[-1] if self.handed_in else None


class StudyGathering(Model):
    """What the leader has said of one gathering on a list: hours, break, a sentence for the log, or left out."""

    __tablename__ = "study_gatherings"
    __table_args__: Any = (
        CheckConstraint("confirmed_hours IS NULL OR confirmed_hours BETWEEN 0 AND 24", name="hours_of_a_day"),
        CheckConstraint(
            "break_minutes IS NULL OR break_minutes BETWEEN 0 AND 240", name="break_within_reason"
        ),
    )

    list_id: Mapped[UUID] = mapped_column(ForeignKey(StudyList.id, ondelete="CASCADE"), primary_key=True)
    study_list: Mapped[StudyList] = relationship(back_populates="gatherings")
    rehearsal_id: Mapped[UUID] = mapped_column(
        ForeignKey(Rehearsal.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    confirmed_hours: Mapped[int | None] = mapped_column(doc="Study hours as the leader reports them.")
    break_minutes: Mapped[int | None] = mapped_column(doc="This time, where it was not as usual.")
    log: Mapped[str | None] = mapped_column(String(LONGEST_LOG), doc="What was done, in a sentence or two.")
    is_left_out: Mapped[bool] = mapped_column(default=False)


class HandedInList(Model):
    """A version of a list as it was handed in. Its content is frozen and names people by id only."""

    __tablename__ = "handed_in_lists"
    __table_args__ = (UniqueConstraint("list_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    list_id: Mapped[UUID] = mapped_column(ForeignKey(StudyList.id, ondelete="CASCADE"))
    study_list: Mapped[StudyList] = relationship(back_populates="handed_in")
    number: Mapped[int]
    content: Mapped[str] = mapped_column(doc="JSON, written once.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the content, in hexadecimal.")
    leader_name: Mapped[str] = mapped_column(
        String(80), doc="Kept beside the content, so that it can be erased."
    )
    leader_singer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Singer.id, ondelete="SET NULL"))
    substitute_name: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(200), doc="Why there is a later version.")
    handed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    by: Mapped[Account | None] = relationship()
    names: Mapped[list["HandedInName"]] = relationship(cascade="all, delete-orphan")

    @validates("content", "digest", "number")
    def _write_once(self, name: str, value: Any) -> Any:
        if getattr(self, name) not in (None, value):
            raise ValueError(f"the {name} of a list that was handed in is never rewritten")
        return value


class HandedInName(Model):
    """What somebody was called on a list when it was handed in; goes when the person is erased."""

    __tablename__ = "handed_in_names"

    handed_in_id: Mapped[UUID] = mapped_column(
        ForeignKey(HandedInList.id, ondelete="CASCADE"), primary_key=True
    )
    singer_id: Mapped[UUID] = mapped_column(
        ForeignKey(Singer.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    name: Mapped[str] = mapped_column(String(161))


class HandedInRehearsal(Model):
    """That a version of a list holds a rehearsal, so that its roll knows it was handed in."""

    __tablename__ = "handed_in_rehearsals"
    __table_args__ = (Index("ix_handed_in_rehearsals_rehearsal_id", "rehearsal_id"),)

    handed_in_id: Mapped[UUID] = mapped_column(
        ForeignKey(HandedInList.id, ondelete="CASCADE"), primary_key=True
    )
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), primary_key=True)
