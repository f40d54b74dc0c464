"""The tables of the rehearsals room: series and their breaks, rehearsals, the log of acts, and attendance."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Venue
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.rehearsals import rules


class Series(Model):
    """That a choir sings on the same weekday and hour, week after week, with breaks that have names."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_exists"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="length_within_a_day"),
        CheckConstraint("every_weeks BETWEEN 1 AND 8", name="weeks_between"),
        CheckConstraint("last_on IS NULL OR last_on >= first_on", name="dates_in_order"),
        CheckConstraint("kind IN ('rehearsal', 'concert', 'social')", name="known_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"), index=True)
    choir: Mapped[Choir] = relationship()
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey(Venue.id))
    venue: Mapped[Venue | None] = relationship(lazy="joined")
    kind: Mapped[str] = mapped_column(String(20), default="rehearsal")
    weekday: Mapped[int] = mapped_column(doc="0 is Monday.")
    starts_at_hour: Mapped[time] = mapped_column(doc="On the clock in Sweden, summer and winter.")
    minutes: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date | None] = mapped_column(
        doc="The last day that may be sung on; none while it goes on."
    )
    every_weeks: Mapped[int] = mapped_column(default=1)
    breaks: Mapped[list["SeriesBreak"]] = relationship(
        back_populates="series",
        lazy="selectin",
        order_by="SeriesBreak.first_on",
        cascade="all, delete-orphan",
    )

    def days(self, since: date, until: date) -> list[date]:
        """The days on which it sings between these two, both included."""
        return list(
            rules.days_of_series(
                weekday=self.weekday,
                every_weeks=self.every_weeks,
                first_on=self.first_on,
                last_on=self.last_on,
                breaks=[rules.Break(rest.first_on, rest.last_on) for rest in self.breaks],
                since=since,
                until=until,
            )
        )

    def starts_at(self, day: date) -> datetime:
        """When it begins on this day, in UTC: the hour on the wall in Sweden stays the same all year."""
        return clock.from_local(day, self.starts_at_hour)


class SeriesBreak(Model):
    """Days when a series rests, such as «sportlov»."""

    __tablename__ = "series_breaks"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="dates_in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    series_id: Mapped[UUID] = mapped_column(ForeignKey(Series.id, ondelete="CASCADE"), index=True)
    series: Mapped[Series] = relationship(back_populates="breaks")
    first_on: Mapped[date]
    last_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(80))


class Rehearsal(Model):
    """One gathering of one choir, with its own counts, so that statistics never read single marks."""

    __tablename__ = "rehearsals"
    __table_args__ = (
        UniqueConstraint("series_id", "series_day"),
        CheckConstraint("kind IN ('rehearsal', 'concert', 'social')", name="known_kind"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="length_within_a_day"),
        Index("ix_rehearsals_choir_id_starts_at", "choir_id", "starts_at"),
        Index("ix_rehearsals_week_on_kind", "week_on", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"))
    choir: Mapped[Choir] = relationship()
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey(Venue.id))
    venue: Mapped[Venue | None] = relationship(lazy="joined")
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey(Series.id, ondelete="SET NULL"))
    series_day: Mapped[date | None] = mapped_column(
        doc="The series' own day; stays when it is sung on another."
    )
    kind: Mapped[str] = mapped_column(String(20), default="rehearsal")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    sung_on: Mapped[date] = mapped_column(doc="The day in Sweden when it begins; follows starts_at.")
    week_on: Mapped[date] = mapped_column(doc="The Monday of its ISO week; follows starts_at.")
    minutes: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(doc="Follows starts_at and minutes.")
    note: Mapped[str | None] = mapped_column(
        String(200), doc="Told to everybody, such as «Konsert i parken»."
    )
    evening_note: Mapped[str | None] = mapped_column(
        String(rules.LONGEST_NOTE), doc="The leader's own, from the newest act that carries one."
    )
    present_count: Mapped[int] = mapped_column(default=0)
    mark_count: Mapped[int] = mapped_column(default=0, doc="Singers of whom something was said.")
    guest_count: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(doc="When somebody said that the evening is finished.")
    sequence: Mapped[int] = mapped_column(
        default=0, doc="How often its time, place or state changed; a calendar needs it."
    )
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, doc="When that was last.")
    cancellation: Mapped["Cancellation | None"] = relationship(
        back_populates="rehearsal", lazy="joined", cascade="all, delete-orphan"
    )
    move: Mapped["Move | None"] = relationship(
        back_populates="rehearsal", lazy="joined", cascade="all, delete-orphan"
    )

    @validates("starts_at", "minutes")
    def _know_day_and_end(self, name: str, value: Any) -> Any:
        starts_at, minutes = (value, self.minutes) if name == "starts_at" else (self.starts_at, value)
        if name == "starts_at":
            self.sung_on = clock.local(starts_at).date()
            self.week_on = rules.week_of(self.sung_on)
        if starts_at is not None and minutes is not None:
            self.ends_at = starts_at + timedelta(minutes=minutes)
        return value

    @property
    def opens_at(self) -> datetime:
        """From when its roll may be taken: the beginning of its day."""
        return clock.start_of(self.sung_on)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.cancellation is not None

    @property
    def state(self) -> str:
        """Planned, held or cancelled; it is held from the moment it begins."""
        if self.is_cancelled:
            return "cancelled"
        return "held" if self.starts_at <= clock.now() else "planned"

    @property
    def is_open(self) -> bool:
        """Whether its roll can be taken: it is its day or later, and nobody called it off."""
        return not self.is_cancelled and self.opens_at <= clock.now()

    @property
    def is_under_way(self) -> bool:
        """Whether people are singing at this very moment."""
        return not self.is_cancelled and self.starts_at <= clock.now() < self.ends_at

    @property
    def is_logged(self) -> bool:
        """Whether somebody said who came: a singer marked, a guest counted, or the evening declared done."""
        return self.mark_count > 0 or self.guest_count > 0 or self.done_at is not None

    @property
    def headcount(self) -> int | None:
        """Singers present and guests; None when it was not logged or was cancelled, which is not zero."""
        if self.is_cancelled or not self.is_logged:
            return None
        return self.present_count + self.guest_count

    @property
    def has_new_place(self) -> bool:
        """Whether it is sung somewhere else than planned, this time."""
        return self.move is not None and self.move.from_venue_id != self.venue_id

    @property
    def has_new_time(self) -> bool:
        """Whether it begins or ends at another time than planned."""
        return self.move is not None and (self.move.from_starts_at, self.move.from_minutes) != (
            self.starts_at,
            self.minutes,
        )


class Cancellation(Model):
    """That a rehearsal was called off, by whom and why."""

    __tablename__ = "cancellations"

    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), primary_key=True)
    rehearsal: Mapped[Rehearsal] = relationship(back_populates="cancellation")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(String(200), doc="Told to everybody.")


class Move(Model):
    """That a rehearsal got another place or time, and where and when it was to have been."""

    __tablename__ = "moves"

    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), primary_key=True)
    rehearsal: Mapped[Rehearsal] = relationship(back_populates="move")
    from_venue_id: Mapped[UUID | None] = mapped_column(ForeignKey(Venue.id))
    from_venue: Mapped[Venue | None] = relationship(lazy="joined")
    from_starts_at: Mapped[datetime]
    from_minutes: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
