"""A calendar as other programs read it: iCalendar, RFC 5545, with the rules of the clock in Sweden inside.

A gathering keeps its UID for ever; its SEQUENCE tells how often its time, place or state changed, and one that is
called off stays with STATUS:CANCELLED, so that a calendar strikes it out instead of losing it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur

DAYS_BACK = 60
DAYS_AHEAD_IN_CALENDAR = 400
"""What a calendar holds, seen from today."""
PRODUCT = "-//The Rockin' Pots//korer//SV"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
LOOK_AGAIN = timedelta(hours=6)
"""How often a calendar is asked to look for news."""


@dataclass(frozen=True)
class CalendarEvent:
    """One gathering as a calendar shows it; moments in UTC, `sequence` counts its changes."""

    uid: UUID
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    description: str
    url: str
    is_cancelled: bool


def calendar_text(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """The calendar in bytes; the same events give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _said(name))
    calendar.add("x-wr-calname", _said(name))
    calendar.add("x-wr-timezone", STOCKHOLM.key)
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(_clock_in_sweden())
    for event in events:
        calendar.add_component(_as_component(event))
    return calendar.to_ical(sorted=False)


def _clock_in_sweden() -> Timezone:
    """Summer time since 1981 begins and since 1996 ends on the last Sunday of March and October, at 01:00 UTC."""
    zone = Timezone()
    zone.add("tzid", STOCKHOLM.key)
    for part, begins, month, came_from, goes_to, name in (
        (TimezoneDaylight(), datetime(1981, 3, 29, 2), 3, 1, 2, "CEST"),  # noqa: DTZ001 - the clock on the wall
        (TimezoneStandard(), datetime(1996, 10, 27, 3), 10, 2, 1, "CET"),  # noqa: DTZ001 - the clock on the wall
    ):
        part.add("dtstart", begins)
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=came_from))
        part.add("tzoffsetto", timedelta(hours=goes_to))
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        zone.add_component(part)
    return zone


def _as_component(event: CalendarEvent) -> Event:
    component = Event()
    component.add("uid", str(event.uid))
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at.replace(microsecond=0))
    component.add("last-modified", event.changed_at.replace(microsecond=0))
    component.add("dtstart", _on_the_wall(event.starts_at))
    component.add("dtend", _on_the_wall(event.ends_at))
    component.add("summary", _said(event.summary))
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    if event.place:
        component.add("location", _said(event.place))
    if event.description:
        component.add("description", _said(event.description))
    component.add("url", event.url)
    return component


def _on_the_wall(moment: datetime) -> datetime:
    """The local time; in UTC for the hour that comes a second time when summer ends, which has no name of its own."""
    local = moment.astimezone(STOCKHOLM)
    return moment if local.fold else local


def _said(text: str) -> str:
    """Text without signs that no calendar may hold (RFC 5545, 3.1: CONTROL)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or (sign >= " " and sign != "\x7f"))
