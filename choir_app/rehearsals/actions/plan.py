"""Saying when and where we sing: series and their breaks, and single gatherings."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from choir_app.choirs.models import Choir, Venue
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.lending import let_loans_follow
from choir_app.rehearsals.models import Act, Cancellation, Move, Rehearsal, Series, SeriesBreak
from choir_app.rehearsals.permissions import may_plan_rehearsals
from choir_app.rehearsals.rules import PLANNED_AHEAD_DAYS

FURTHEST_BACK_DAYS = 6 * 366
FURTHEST_AHEAD_DAYS = 3 * 366


# --- series ------------------------------------------------------------------------------------------------------


def begin_series(
    choir: Choir,
    *,
    weekday: int,
    hour: time,
    minutes: int,
    first_on: date,
    last_on: date | None = None,
    every_weeks: int = 1,
    venue: Venue | None = None,
    kind: str = "rehearsal",
    by: Any,
) -> Series:
    """Let a choir sing every week (or every second …) on a weekday, and plan it a year ahead."""
    require(may_plan_rehearsals(by, choir))
    _refuse_series(choir, first_on=first_on, last_on=last_on, venue=venue)
    _refuse_same_hour(choir, None, weekday=weekday, hour=hour, first_on=first_on, last_on=last_on)
    series = Series(
        id=uuid4(),
        choir=choir,
        choir_id=choir.id,
        venue=venue,
        kind=kind,
        weekday=weekday,
        starts_at_hour=hour,
        minutes=minutes,
        first_on=first_on,
        last_on=last_on,
        every_weeks=every_weeks,
        breaks=[],
    )
    db.session.add(series)
    audit.note("series.begun", series, by=by)
    db.session.flush()
    plan_ahead(series, until=_horizon())
    return series


def change_series(
    series: Series,
    *,
    weekday: int,
    hour: time,
    minutes: int,
    first_on: date,
    last_on: date | None,
    every_weeks: int,
    venue: Venue | None,
    by: Any,
) -> None:
    """Change a series from now on. What has been sung stays, and so does what was moved or called off singly."""
    require(may_plan_rehearsals(by, series.choir))
    _refuse_series(series.choir, first_on=first_on, last_on=last_on, venue=venue)
    _refuse_same_hour(series.choir, series, weekday=weekday, hour=hour, first_on=first_on, last_on=last_on)
    series.weekday, series.starts_at_hour, series.minutes = weekday, hour, minutes
    series.first_on, series.last_on, series.every_weeks = first_on, last_on, every_weeks
    series.venue = venue
    audit.note("series.changed", series, by=by)
    _plan_anew(series)


def add_break(series: Series, *, first_on: date, last_on: date, name: str, by: Any) -> SeriesBreak:
    """Let a series rest for some days, under the name that people call them."""
    require(may_plan_rehearsals(by, series.choir))
    for rest in series.breaks:
        if (rest.first_on, rest.last_on, rest.name) == (first_on, last_on, name):
            return rest
    if last_on < first_on:
        raise Refusal(_("Skriv en sista dag som är samma dag eller senare än den första."), field="last_on")
    if (last_on - first_on).days > 366:
        raise Refusal(_("Ett lov kan vara högst ett år. Avsluta serien i stället."), field="last_on")
    rest = SeriesBreak(id=uuid4(), first_on=first_on, last_on=last_on, name=name)
    series.breaks.append(rest)
    db.session.flush()
    audit.note("series.rests", rest, by=by)
    _plan_anew(series)
    return rest


def remove_break(rest: SeriesBreak, *, by: Any) -> None:
    """Sing on those days after all."""
    series = rest.series
    require(may_plan_rehearsals(by, series.choir))
    audit.note("series.rests_not", rest, by=by)
    series.breaks.remove(rest)
    db.session.flush()
    _plan_anew(series)


def plan_ahead(series: Series, *, until: date, since: date | None = None) -> list[Rehearsal]:
    """Make the rehearsals of a series that are not planned yet, from its first day (or `since`) on.

    Harmless to repeat; what was changed singly stays as it is.
    """
    db.session.flush()
    db.session.execute(select(Series.id).where(Series.id == series.id).with_for_update())
    start = max(series.first_on, since) if since else series.first_on
    known = queries.planned_days(series, start)
    made = [
        Rehearsal(
            id=uuid4(),
            choir_id=series.choir_id,
            venue_id=series.venue.id if series.venue else None,
            series_id=series.id,
            series_day=day,
            kind=series.kind,
            starts_at=series.starts_at(day),
            minutes=series.minutes,
        )
        for day in series.days(start, until)
        if day not in known
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def plan_choir_ahead(choir: Choir) -> None:
    """Keep a choir's plan a year long; done whenever an evening is finished."""
    today = clock.today()
    for series in queries.series_of(choir):
        if series.last_on is None or series.last_on >= today:
            plan_ahead(series, until=_horizon(), since=today)


def _horizon() -> date:
    return clock.today() + timedelta(days=PLANNED_AHEAD_DAYS)


def _plan_anew(series: Series) -> None:
    """Bring what is still to come in line with a changed series."""
    db.session.flush()
    today, now = clock.today(), clock.now()
    days = set(series.days(min(today, series.first_on), _horizon()))
    coming = queries.planned_days(series, today - timedelta(days=1))
    untouched = [
        each
        for each in coming.values()
        if each.starts_at > now and not (each.move or each.cancellation or each.is_logged or each.note)
    ]
    with_acts = set(
        db.session.scalars(
            select(Act.rehearsal_id).where(Act.rehearsal_id.in_([each.id for each in untouched])).distinct()
        )
    )
    for each in untouched:
        if each.series_day and each.series_day in days:
            before = _as_told(each)
            each.starts_at = series.starts_at(each.series_day)
            each.minutes, each.venue = series.minutes, series.venue
            each.venue_id = series.venue.id if series.venue else None
            if _as_told(each) != before:
                _count_change(each)
        elif each.id not in with_acts:
            db.session.delete(each)
    db.session.flush()
    plan_ahead(series, until=_horizon(), since=today)


def _as_told(rehearsal: Rehearsal) -> tuple[Any, ...]:
    """What a calendar tells of a gathering."""
    return (rehearsal.starts_at, rehearsal.minutes, rehearsal.venue_id, rehearsal.note, rehearsal.kind)


def _count_change(rehearsal: Rehearsal) -> None:
    """Let calendars know that they must take it in anew."""
    rehearsal.sequence += 1
    rehearsal.changed_at = clock.now()


def _refuse_series(choir: Choir, *, first_on: date, last_on: date | None, venue: Venue | None) -> None:
    today = clock.today()
    if (today - first_on).days > FURTHEST_BACK_DAYS:
        raise Refusal(_("Skriv en första dag som är högst sex år tillbaka."), field="first_on")
    if (first_on - today).days > FURTHEST_AHEAD_DAYS:
        raise Refusal(_("Skriv en första dag som är högst tre år framåt."), field="first_on")
    if last_on and last_on < first_on:
        raise Refusal(_("Skriv en sista dag som är samma dag eller senare än den första."), field="last_on")
    _refuse_venue(choir, venue)


def _refuse_same_hour(
    choir: Choir, itself: Series | None, *, weekday: int, hour: time, first_on: date, last_on: date | None
) -> None:
    for other in queries.series_of(choir):
        if other is itself or (other.weekday, other.starts_at_hour) != (weekday, hour):
            continue
        starts_after = last_on is not None and other.first_on > last_on
        ended_before = other.last_on is not None and other.last_on < first_on
        if not (starts_after or ended_before):
            raise Refusal(
                _("Kören sjunger redan den dagen och tiden. Ändra den serien i stället."), field="weekday"
            )


def _refuse_venue(choir: Choir, venue: Venue | None) -> None:
    if venue is not None and venue.town_id != choir.town_id:
        raise Refusal(_("Välj en lokal i samma ort som kören."), field="venue")


# --- single gatherings ---------------------------------------------------------------------------------------------


def add_rehearsal(
    choir: Choir,
    *,
    starts_at: datetime,
    minutes: int,
    venue: Venue | None = None,
    kind: str = "rehearsal",
    note: str | None = None,
    by: Any,
) -> Rehearsal:
    """Plan a single gathering beside the series: a concert, an outing, an extra rehearsal."""
    require(may_plan_rehearsals(by, choir))
    _refuse_moment(starts_at, field="day")
    _refuse_venue(choir, venue)
    for other in queries.on_day([choir.id], clock.local(starts_at).date()):
        if other.starts_at == starts_at:
            raise Refusal(_("Kören sjunger redan då. Välj en annan tid."), field="hour")
    rehearsal = Rehearsal(
        id=uuid4(),
        choir=choir,
        choir_id=choir.id,
        venue=venue,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        note=note or None,
        cancellation=None,
        move=None,
    )
    db.session.add(rehearsal)
    audit.note("rehearsal.added", rehearsal, by=by)
    db.session.flush()
    return rehearsal


def move_rehearsal(
    rehearsal: Rehearsal,
    *,
    starts_at: datetime,
    minutes: int,
    venue: Venue | None,
    note: str | None = None,
    by: Any,
) -> None:
    """Sing somewhere else or at another time, this time only; the page keeps saying what is different."""
    require(may_plan_rehearsals(by, rehearsal.choir))
    if rehearsal.is_cancelled:
        raise Refusal(_("Repetitionen är inställd. Ta tillbaka det först."))
    changes_day = clock.local(starts_at).date() != rehearsal.sung_on
    if changes_day and rehearsal.is_logged:
        raise Refusal(_("Någon är redan markerad i listan. Då kan dagen inte ändras."), field="day")
    if starts_at != rehearsal.starts_at:
        _refuse_moment(starts_at, field="day")
    _refuse_venue(rehearsal.choir, venue)
    planned = rehearsal.move or Move(
        from_venue_id=rehearsal.venue_id,
        from_venue=rehearsal.venue,
        from_starts_at=rehearsal.starts_at,
        from_minutes=rehearsal.minutes,
    )
    planned.at, planned.by_id = clock.now(), by.id
    before = _as_told(rehearsal)
    rehearsal.starts_at, rehearsal.minutes = starts_at, minutes
    rehearsal.venue, rehearsal.venue_id = venue, venue.id if venue else None
    rehearsal.note = note or None
    is_as_planned = (planned.from_venue_id, planned.from_starts_at, planned.from_minutes) == (
        rehearsal.venue_id,
        starts_at,
        minutes,
    )
    rehearsal.move = None if is_as_planned else planned
    if _as_told(rehearsal) != before:
        _count_change(rehearsal)
    if changes_day:
        let_loans_follow(rehearsal)
    audit.note("rehearsal.moved", rehearsal, by=by)
    db.session.flush()


def cancel_rehearsal(rehearsal: Rehearsal, *, reason: str | None, by: Any) -> Cancellation:
    """Call a gathering off. It stays in the history as such and counts nowhere."""
    require(may_plan_rehearsals(by, rehearsal.choir))
    if rehearsal.cancellation:
        return rehearsal.cancellation
    if rehearsal.is_logged:
        raise Refusal(_("Någon är redan markerad i listan. Ta bort markeringarna först."))
    cancellation = Cancellation(at=clock.now(), by_id=by.id, reason=reason or None)
    rehearsal.cancellation = cancellation
    _count_change(rehearsal)
    audit.note("rehearsal.cancelled", rehearsal, by=by)
    db.session.flush()
    return cancellation


def restore_rehearsal(rehearsal: Rehearsal, *, by: Any) -> None:
    """Sing after all."""
    require(may_plan_rehearsals(by, rehearsal.choir))
    if rehearsal.cancellation is None:
        return
    rehearsal.cancellation = None
    _count_change(rehearsal)
    audit.note("rehearsal.restored", rehearsal, by=by)
    db.session.flush()


def _refuse_moment(starts_at: datetime, *, field: str) -> None:
    ahead = starts_at - clock.now()
    if ahead > timedelta(days=FURTHEST_AHEAD_DAYS):
        raise Refusal(_("Skriv en dag som är högst tre år framåt."), field=field)
    if ahead < -timedelta(days=366):
        raise Refusal(_("Skriv en dag som är högst ett år tillbaka."), field=field)
