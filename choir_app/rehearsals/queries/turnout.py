"""How many came: always from the rehearsals' own counts, never from single marks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, true

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Attendance, Cancellation, Rehearsal
from choir_app.rehearsals.queries.gatherings import is_logged, sung_between

WEEKS_IN_AVERAGE = 4


@dataclass(frozen=True)
class WeekCount:
    """One ISO week: how many came in all; None when nothing was written down, which is not zero."""

    week_on: date
    headcount: int | None
    held: int
    not_logged: int


@dataclass(frozen=True)
class HistoryRow:
    """One past gathering of a choir in its history."""

    id: UUID
    kind: str
    starts_at: datetime
    state: str
    """logged, not_logged or cancelled"""
    headcount: int | None
    present_count: int
    guest_count: int
    venue: str | None
    note: str | None
    cancelled_because: str | None


@dataclass(frozen=True)
class Turnout:
    """What a period came to: gatherings held and written down, heads, minutes sung by people, different singers."""

    held: int
    logged: int
    heads: int
    person_minutes: int
    different_people: int

    @property
    def participant_hours(self) -> int:
        """Headcount times length, in whole hours, halves rounded up."""
        return (self.person_minutes + 30) // 60


def _heads() -> ColumnElement[int]:
    return case((is_logged(), Rehearsal.present_count + Rehearsal.guest_count), else_=0)


def _held_until(moment: datetime) -> ColumnElement[bool]:
    return and_(Rehearsal.ends_at <= moment, Cancellation.rehearsal_id.is_(None))


def _of(choir_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if choir_ids is None else Rehearsal.choir_id.in_(choir_ids)


def weekly_headcounts(
    choir_ids: Collection[UUID] | None = None, *, weeks: int = 12, as_of: date | None = None
) -> list[WeekCount]:
    """The heads of each ISO week, the oldest first, the week of `as_of` (or today) last; rehearsals only.

    A week without any rehearsal stands there with none held. One statement.
    """
    day = as_of or clock.today()
    last = rules.week_of(day)
    first = last - timedelta(weeks=weeks - 1)
    rows = db.session.execute(
        select(
            Rehearsal.week_on,
            func.sum(_heads()),
            func.count(),
            func.sum(case((is_logged(), 0), else_=1)),
        )
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.week_on.between(first, last),
            Rehearsal.kind == "rehearsal",
            _of(choir_ids),
            _held_until(_end_of(day)),
        )
        .group_by(Rehearsal.week_on)
    )
    known = {
        week: WeekCount(week, int(heads) if missing < held else None, held, int(missing))
        for week, heads, held, missing in rows
    }
    mondays = (first + timedelta(weeks=number) for number in range(weeks))
    return [known.get(monday, WeekCount(monday, None, 0, 0)) for monday in mondays]


def weekly_headcounts_by_choir(*, weeks: int = 12, as_of: date | None = None) -> dict[UUID, list[WeekCount]]:
    """The same week by week for each choir that sang in them. One statement."""
    day = as_of or clock.today()
    last = rules.week_of(day)
    first = last - timedelta(weeks=weeks - 1)
    missing = func.sum(case((is_logged(), 0), else_=1))
    rows = db.session.execute(
        select(Rehearsal.choir_id, Rehearsal.week_on, func.sum(_heads()), func.count(), missing)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.week_on.between(first, last), Rehearsal.kind == "rehearsal", _held_until(_end_of(day))
        )
        .group_by(Rehearsal.choir_id, Rehearsal.week_on)
    )
    known: dict[UUID, dict[date, WeekCount]] = {}
    for choir_id, week, heads, held, unwritten in rows:
        count = WeekCount(week, int(heads) if unwritten < held else None, held, int(unwritten))
        known.setdefault(choir_id, {})[week] = count
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return {
        choir_id: [sung.get(monday, WeekCount(monday, None, 0, 0)) for monday in mondays]
        for choir_id, sung in known.items()
    }


def _end_of(day: date) -> datetime:
    return min(clock.end_of(day), clock.now()) if day >= clock.today() else clock.end_of(day)


def network_weekly_average(
    as_of: date | None = None, *, choir_ids: Collection[UUID] | None = None
) -> rules.WeeklyAverage | None:
    """How many sing in a week: the average of the last four full weeks in which at least one choir rehearsed.

    A week counts when at least one of its rehearsals was written down, since a week that nobody wrote down is
    unknown and not zero. None when there is no such week. One statement. Source: DOMAIN.md, "Counting people".
    """
    day = as_of or clock.today()
    rows = db.session.execute(
        select(Rehearsal.week_on, func.sum(_heads()))
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.week_on < rules.week_of(day),
            Rehearsal.kind == "rehearsal",
            Cancellation.rehearsal_id.is_(None),
            is_logged(),
            _of(choir_ids),
        )
        .group_by(Rehearsal.week_on)
        .order_by(Rehearsal.week_on.desc())
        .limit(WEEKS_IN_AVERAGE)
    )
    return rules.weekly_average((week, int(heads)) for week, heads in rows)


def history(choir: Choir, *, before: datetime | None = None, limit: int = 24) -> list[HistoryRow]:
    """The choir's past gatherings, the newest first, those called off and those not written down too.

    One statement; `before` leads on to older ones.
    """
    now = clock.now()
    found = db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.choir_id == choir.id, Rehearsal.starts_at < min(before or now, now))
        .order_by(Rehearsal.starts_at.desc(), Rehearsal.id)
        .limit(limit)
    )
    return [
        HistoryRow(
            id=row.id,
            kind=row.kind,
            starts_at=row.starts_at,
            state="cancelled" if row.is_cancelled else "logged" if row.is_logged else "not_logged",
            headcount=row.headcount,
            present_count=row.present_count,
            guest_count=row.guest_count,
            venue=row.venue.name if row.venue else None,
            note=row.note,
            cancelled_because=row.cancellation.reason if row.cancellation else None,
        )
        for row in found
    ]


def average_of(rows: Sequence[HistoryRow]) -> int | None:
    """How many come on average, of the rehearsals that were written down; halves are rounded up."""
    counts = [row.headcount for row in rows if row.kind == "rehearsal" and row.headcount is not None]
    return (2 * sum(counts) + len(counts)) // (2 * len(counts)) if counts else None


def turnout(
    choir_ids: Collection[UUID] | None,
    *,
    first_on: date,
    last_on: date,
    kinds: Collection[str] = rules.KINDS,
) -> Turnout:
    """What a period came to, both ends included. Guests are heads, never different people. Two statements."""
    within = (
        sung_between(first_on, last_on),
        Rehearsal.kind.in_(kinds),
        _of(choir_ids),
        _held_until(clock.now()),
    )
    held, logged, heads, minutes = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((is_logged(), 1), else_=0)), 0),
            func.coalesce(func.sum(_heads()), 0),
            func.coalesce(func.sum(_heads() * Rehearsal.minutes), 0),
        )
        .select_from(Rehearsal)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(*within)
    ).one()
    people = db.session.scalar(
        select(func.count(Attendance.singer_id.distinct()))
        .join(Rehearsal, Attendance.rehearsal_id == Rehearsal.id)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(Attendance.is_present, *within)
    )
    return Turnout(held, int(logged), int(heads), int(minutes), people or 0)
