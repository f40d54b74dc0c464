"""A calendar as other programs read it: iCalendar, RFC 5545, with the rules of the clock in Sweden inside.

What happens keeps its UID for ever; its SEQUENCE tells how often it changed, and a gathering that is called off stays
with STATUS:CANCELLED, so that a calendar strikes it out instead of losing it. A calendar of one's own lies at an
address that the house can prove and keeps nowhere.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur

from choir_app.foundation import keyed

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


@dataclass(frozen=True)
class CalendarDay:
    """Something that is to be done by a day, or awaited on it, as a calendar shows it: the whole day, not busy."""

    uid: UUID
    sequence: int
    changed_at: datetime
    on: date
    summary: str
    description: str
    url: str


def calendar_text(name: str, events: Iterable[CalendarEvent | CalendarDay]) -> bytes:
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


def _as_component(event: CalendarEvent | CalendarDay) -> Event:
    component = Event()
    component.add("uid", str(event.uid))
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at.replace(microsecond=0))
    component.add("last-modified", event.changed_at.replace(microsecond=0))
    if isinstance(event, CalendarDay):
        component.add("dtstart", event.on)
        component.add("dtend", event.on + timedelta(days=1))
    else:
        component.add("dtstart", _on_the_wall(event.starts_at))
        component.add("dtend", _on_the_wall(event.ends_at))
    component.add("summary", _said(event.summary))
    is_cancelled = isinstance(event, CalendarEvent) and event.is_cancelled
    is_busy = isinstance(event, CalendarEvent) and not event.is_cancelled
    component.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    component.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")
    if isinstance(event, CalendarEvent) and event.place:
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


# --- the secret address ---------------------------------------------------------------------------------------


def token_of(purpose: str, key_id: UUID, salt: bytes) -> str:
    """What stands in the address: which key, and the proof that the house made it. It is kept nowhere."""
    name = urlsafe_b64encode(key_id.bytes).decode().rstrip("=")
    return name + keyed.secret(purpose, key_id.bytes, salt)


def key_of(token: str) -> UUID | None:
    """Which key an address names, whether or not the rest of it is right; None when it names none."""
    try:
        return UUID(bytes=urlsafe_b64decode(token[:22] + "=="))
    except ValueError:
        return None


def is_token_of(token: str, purpose: str, key_id: UUID, salt: bytes) -> bool:
    """Whether the whole address is the one that the house gave."""
    return compare_digest(token_of(purpose, key_id, salt).encode(), token.encode("utf-8", "replace"))


def ways_to_open(url: str) -> dict[str, str]:
    """Addresses by which a phone or computer opens the calendar at once."""
    webcal = "webcal://" + url.partition("://")[2]
    return {
        "phone": webcal,
        "google": f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
    }
