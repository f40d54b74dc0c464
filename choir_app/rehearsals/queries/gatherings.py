"""When and where we sing: one gathering, those that come, tonight's, those nobody wrote down, and the plan."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from choir_app.choirs.models import Choir, Leadership, Town
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Cancellation, Loan, Rehearsal, Series, SeriesBreak, Substitute

DAYS_TO_REMIND = 60
"""Days for which a manager is reminded of a rehearsal that nobody wrote down."""


@dataclass(frozen=True)
class Gathering:
    """One gathering as everybody may know it: when, where, and what is different this time."""

    id: UUID
    choir_id: UUID
    choir: str
    choir_slug: str
    town: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    venue: str | None
    room: str | None
    street_address: str | None
    way_in: str | None
    has_step_free_access: bool
    note: str | None
    is_cancelled: bool
    cancelled_because: str | None
    has_new_place: bool
    usual_venue: str | None
    has_new_time: bool

    @property
    def state(self) -> str:
        """What a row shows: cancelled, moved or normal."""
        if self.is_cancelled:
            return "cancelled"
        return "moved" if self.has_new_place or self.has_new_time else "normal"

    @property
    def is_today(self) -> bool:
        """Whether it is today in Sweden."""
        return clock.local(self.starts_at).date() == clock.today()


@dataclass(frozen=True)
class NotLogged:
    """A rehearsal that was held and of which nobody has said who came."""

    id: UUID
    choir_id: UUID
    choir: str
    choir_slug: str
    starts_at: datetime


# --- one gathering, for those who may know who came ----------------------------------------------------------


def visible_to(viewer: Any) -> Select[Rehearsal]:
    """The gatherings whose roll this person may see. Every query of single rolls starts from it."""
    return (
        select(Rehearsal)
        .join(Rehearsal.choir)
        .where(_led_by(viewer))
        .options(contains_eager(Rehearsal.choir))
    )


def _led_by(viewer: Any) -> ColumnElement[bool]:
    if viewer.manages:
        return true()
    if viewer.id is None:
        return false()
    return Choir.id.in_(select(Leadership.choir_id).where(Leadership.account_id == viewer.id))


def one(rehearsal_id: UUID, *, viewer: Any) -> Rehearsal:
    """One gathering with its choir; raises NoResultFound for those of other choirs."""
    return db.session.execute(visible_to(viewer).where(Rehearsal.id == rehearsal_id)).scalar_one()


def rolls_open_to(viewer: Any) -> Select[Rehearsal]:
    """The gatherings whose roll this person may take: those of own choirs, and those lent for the day."""
    return (
        select(Rehearsal)
        .join(Rehearsal.choir)
        .where(or_(_led_by(viewer), _lent_to(viewer)))
        .options(contains_eager(Rehearsal.choir).options(lazyload(Choir.states)))
    )


def _lent_to(viewer: Any) -> ColumnElement[bool]:
    if isinstance(viewer, Substitute):
        return Rehearsal.id == viewer.rehearsal_id if clock.now() < viewer.ends_at else false()
    if viewer.id is None:
        return false()
    lent = select(Loan.rehearsal_id).where(
        Loan.to_account_id == viewer.id, Loan.revoked_at.is_(None), Loan.ends_at > clock.now()
    )
    return and_(Rehearsal.id.in_(lent), Rehearsal.sung_on <= clock.today())


def one_to_take(rehearsal_id: UUID, *, viewer: Any) -> Rehearsal:
    """One gathering whose roll this person may take, with its choir; raises NoResultFound for all others."""
    return db.session.execute(rolls_open_to(viewer).where(Rehearsal.id == rehearsal_id)).scalar_one()


def rehearsals_behind(ids: Collection[UUID]) -> dict[UUID, Rehearsal]:
    """The rehearsals with these ids, held fast until the end of the transaction so that writers take turns."""
    if not ids:
        return {}
    found = db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.id.in_(ids))
        .join(Rehearsal.choir)
        .options(contains_eager(Rehearsal.choir).options(lazyload(Choir.states)))
        .order_by(Rehearsal.id)
        .with_for_update(of=Rehearsal)
        .execution_options(populate_existing=True)
    )
    return {rehearsal.id: rehearsal for rehearsal in found}


# --- what comes ----------------------------------------------------------------------------------------------


def next_rehearsals(
    choir_ids: Collection[UUID] | None = None, *, since: datetime | None = None, limit: int = 10
) -> list[Gathering]:
    """What comes next, the earliest first, of these choirs or of all. What has not ended yet still counts.

    Those called off are among them and say so, since people must hear of it. One statement.
    """
    moment = since or clock.now()
    return gatherings_where(_of(choir_ids), _not_over(moment), limit=limit)


def next_of_each_choir(
    choir_ids: Collection[UUID] | None = None, *, since: datetime | None = None, limit: int = 1
) -> dict[UUID, list[Gathering]]:
    """The next gatherings of each choir, at most `limit` of each, those called off among them. One statement."""
    moment = since or clock.now()
    place = func.row_number().over(
        partition_by=Rehearsal.choir_id, order_by=(Rehearsal.starts_at, Rehearsal.id)
    )
    numbered = select(Rehearsal.id, place.label("place")).where(_of(choir_ids), _not_over(moment)).subquery()
    first = select(numbered.c.id).where(numbered.c.place <= limit)
    each: dict[UUID, list[Gathering]] = {}
    for gathering in gatherings_where(Rehearsal.id.in_(first)):
        each.setdefault(gathering.choir_id, []).append(gathering)
    return each


def this_week(choir_ids: Collection[UUID] | None = None, *, day: date | None = None) -> list[Gathering]:
    """Every gathering of the ISO week that this day (or today) belongs to. One statement."""
    return gatherings_where(_of(choir_ids), Rehearsal.week_on == rules.week_of(day or clock.today()))


def gathering(rehearsal: Rehearsal) -> Gathering:
    """One rehearsal as everybody may know it."""
    return gatherings_where(Rehearsal.id == rehearsal.id)[0]


def following(rehearsal: Rehearsal) -> Gathering | None:
    """The choir's first gathering after this one that is not called off."""
    coming = gatherings_where(
        Rehearsal.choir_id == rehearsal.choir_id, Rehearsal.starts_at > rehearsal.starts_at, limit=5
    )
    return next((each for each in coming if not each.is_cancelled), None)


def _of(choir_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if choir_ids is None else Rehearsal.choir_id.in_(choir_ids)


def _not_over(moment: datetime) -> ColumnElement[bool]:
    return and_(Rehearsal.starts_at >= moment - timedelta(days=1), Rehearsal.ends_at > moment)


def gatherings_where(*conditions: ColumnElement[bool], limit: int | None = None) -> list[Gathering]:
    """The gatherings of which this is true, as everybody may know them, the earliest first. One statement."""
    rows = db.session.execute(
        select(Rehearsal, Choir.name, Choir.slug, Town.name)
        .join(Choir, Rehearsal.choir_id == Choir.id)
        .join(Town, Choir.town_id == Town.id)
        .where(*conditions)
        .order_by(Rehearsal.starts_at, Choir.slug, Rehearsal.id)
        .limit(limit)
    )
    return [_as_known_to_all(*row) for row in rows]


def _as_known_to_all(rehearsal: Rehearsal, choir: str, slug: str, town: str) -> Gathering:
    venue, move, cancellation = rehearsal.venue, rehearsal.move, rehearsal.cancellation
    return Gathering(
        id=rehearsal.id,
        choir_id=rehearsal.choir_id,
        choir=choir,
        choir_slug=slug,
        town=town,
        kind=rehearsal.kind,
        starts_at=rehearsal.starts_at,
        ends_at=rehearsal.ends_at,
        venue=venue.name if venue else None,
        room=venue.room if venue else None,
        street_address=venue.street_address if venue else None,
        way_in=venue.way_in if venue else None,
        has_step_free_access=bool(venue and venue.has_step_free_access),
        note=rehearsal.note,
        is_cancelled=cancellation is not None,
        cancelled_because=cancellation.reason if cancellation else None,
        has_new_place=rehearsal.has_new_place,
        usual_venue=move.from_venue.name if move and move.from_venue and rehearsal.has_new_place else None,
        has_new_time=rehearsal.has_new_time,
    )


# --- tonight, and what was left --------------------------------------------------------------------------------


def own_choir_ids(viewer: Any) -> list[UUID] | None:
    """The choirs whose evenings are this person's: those one leads; for a manager who leads none, all (None)."""
    led = list(db.session.scalars(select(Leadership.choir_id).where(Leadership.account_id == viewer.id)))
    return None if viewer.manages and not led else led


def on_day(choir_ids: Collection[UUID] | None, day: date) -> list[Rehearsal]:
    """The gatherings of these choirs (None: all) on a day in Sweden, the earliest first, with their choirs."""
    return list(
        db.session.scalars(
            select(Rehearsal)
            .join(Rehearsal.choir)
            .options(contains_eager(Rehearsal.choir))
            .where(_of(choir_ids), sung_between(day, day))
            .order_by(Rehearsal.starts_at, Choir.slug)
        )
    )


def sung_between(first_on: date, last_on: date) -> ColumnElement[bool]:
    """The condition that a gathering is on one of these days; asked by weeks first, since those are indexed."""
    weeks = Rehearsal.week_on.between(rules.week_of(first_on), rules.week_of(last_on))
    return and_(weeks, Rehearsal.sung_on.between(first_on, last_on))


def not_logged(viewer: Any, *, limit: int = 20) -> list[NotLogged]:
    """The rehearsals that are over and that nobody has written down, the newest first. At most two statements.

    A leader is reminded as long as the leader may still write it down, a manager for sixty days.
    """
    days = DAYS_TO_REMIND if viewer.manages else rules.DAYS_TO_CORRECT
    choir_ids = own_choir_ids(viewer)
    now = clock.now()
    rows = db.session.execute(
        select(Rehearsal.id, Choir.id, Choir.name, Choir.slug, Rehearsal.starts_at)
        .join(Choir, Rehearsal.choir_id == Choir.id)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            _of(choir_ids),
            Rehearsal.starts_at >= now - timedelta(days=days),
            Rehearsal.ends_at <= now,
            Cancellation.rehearsal_id.is_(None),
            not_(is_logged()),
        )
        .order_by(Rehearsal.starts_at.desc(), Choir.slug)
        .limit(limit)
    )
    return [NotLogged(*row) for row in rows]


def is_logged() -> ColumnElement[bool]:
    """The condition that somebody said who came."""
    return or_(Rehearsal.mark_count > 0, Rehearsal.guest_count > 0, Rehearsal.done_at.is_not(None))


def rehearsal_before(rehearsal: Rehearsal) -> Rehearsal | None:
    """The choir's latest gathering before this one that was written down."""
    return db.session.scalar(
        select(Rehearsal)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.choir_id == rehearsal.choir_id,
            Rehearsal.starts_at < rehearsal.starts_at,
            Cancellation.rehearsal_id.is_(None),
            Rehearsal.mark_count > 0,
        )
        .order_by(Rehearsal.starts_at.desc())
        .limit(1)
    )


# --- the plan --------------------------------------------------------------------------------------------------


def series_of(choir: Choir) -> list[Series]:
    """The choir's series with their breaks: those that go on first, then by weekday and hour."""
    found = db.session.scalars(select(Series).where(Series.choir_id == choir.id))
    return sorted(
        found, key=lambda each: (each.last_on is not None, each.weekday, each.starts_at_hour, each.first_on)
    )


def series(series_id: UUID, *, viewer: Any) -> Series:
    """One series that the viewer may plan; raises NoResultFound."""
    return db.session.execute(
        select(Series)
        .join(Series.choir)
        .options(contains_eager(Series.choir))
        .where(Series.id == series_id, _led_by(viewer))
    ).scalar_one()


def series_break(break_id: UUID, *, viewer: Any) -> SeriesBreak:
    """One break in a series that the viewer may plan; raises NoResultFound."""
    return db.session.execute(
        select(SeriesBreak)
        .join(SeriesBreak.series)
        .join(Series.choir)
        .options(contains_eager(SeriesBreak.series).contains_eager(Series.choir))
        .where(SeriesBreak.id == break_id, _led_by(viewer))
    ).scalar_one()


def planned_days(series: Series, since: date) -> dict[date, Rehearsal]:
    """The rehearsals that a series has from a day of its own on, by that day, changed singly or not."""
    found = db.session.scalars(
        select(Rehearsal).where(Rehearsal.series_id == series.id, Rehearsal.series_day >= since)
    )
    return {rehearsal.series_day: rehearsal for rehearsal in found if rehearsal.series_day}


def rehearsal_dates(
    choir_ids: Collection[UUID] | None, *, first_on: date, last_on: date, kind: str = "rehearsal"
) -> dict[UUID, list[date]]:
    """On which days each choir rehearses, planned or held, both ends included; twice when it does so twice.

    Beyond what has been planned ahead the series themselves are asked, so that it answers for years to come.
    Those called off are left out. At most three statements. Source: DOMAIN.md, "Demand".
    """
    sung = and_(
        Rehearsal.starts_at >= clock.start_of(first_on), Rehearsal.starts_at < clock.end_of(last_on)
    )  # the same as by sung_on, and there is an index
    planned = and_(
        Rehearsal.series_id.in_(select(Series.id)), Rehearsal.series_day.between(first_on, last_on)
    )
    rows = db.session.execute(
        select(
            Rehearsal.choir_id,
            Rehearsal.sung_on,
            Rehearsal.series_id,
            Rehearsal.series_day,
            Rehearsal.kind,
            Cancellation.rehearsal_id,
        )
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(_of(choir_ids), or_(sung, planned))
    ).all()
    days: dict[UUID, list[date]] = {}
    for choir_id, sung_on, _series_id, _day, of_kind, cancelled in rows:
        if cancelled is None and of_kind == kind and first_on <= sung_on <= last_on:
            days.setdefault(choir_id, []).append(sung_on)
    planned_to: dict[UUID, date] = {}
    for _choir, _sung, series_id, day, _kind, _cancelled in rows:
        if series_id and day:
            planned_to[series_id] = max(day, planned_to.get(series_id, day))
    for each in _series_going_on(choir_ids, first_on, last_on, kind):
        for day in each.days(first_on, last_on):
            if day > planned_to.get(each.id, date.min):
                days.setdefault(each.choir_id, []).append(day)
    return {choir_id: sorted(found) for choir_id, found in days.items()}


def _series_going_on(
    choir_ids: Collection[UUID] | None, first_on: date, last_on: date, kind: str
) -> Iterable[Series]:
    goes_on = or_(Series.last_on.is_(None), Series.last_on >= first_on)
    of_choirs = true() if choir_ids is None else Series.choir_id.in_(choir_ids)
    return db.session.scalars(
        select(Series).where(of_choirs, Series.kind == kind, Series.first_on <= last_on, goes_on)
    )


def series_that_go_on(choir_ids: Collection[UUID]) -> list[Series]:
    """The series of these choirs that have not ended, with their breaks. Two statements."""
    goes_on = or_(Series.last_on.is_(None), Series.last_on >= clock.today())
    return list(db.session.scalars(select(Series).where(Series.choir_id.in_(choir_ids), goes_on)))


def all_series() -> list[Series]:
    """Every series that goes on, for planning ahead."""
    goes_on = or_(Series.last_on.is_(None), Series.last_on >= clock.today())
    return list(db.session.scalars(select(Series).where(goes_on).options(joinedload(Series.choir))))
