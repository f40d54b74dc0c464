"""What time it is: the one place that asks, so that tests and the demo network can set it."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)
_set_for_all: list[datetime] = []


def now() -> datetime:
    """The present moment in UTC."""
    chosen = _set_to.get() or (_set_for_all[-1] if _set_for_all else None)
    return chosen or datetime.now(UTC)


def today() -> date:
    """The present day in Sweden."""
    return now().astimezone(STOCKHOLM).date()


def local(moment: datetime) -> datetime:
    """A UTC moment as the clock on the wall in Sweden shows it."""
    return moment.astimezone(STOCKHOLM)


def from_local(day: date, hour: time) -> datetime:
    """The UTC moment at which clocks in Sweden show this hour on this day.

    An hour that summer time skips is read as an hour later; one that comes twice is the first.
    """
    return datetime.combine(day, hour, tzinfo=STOCKHOLM).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The UTC moment when this day begins in Sweden."""
    return from_local(day, time(0))


def end_of(day: date) -> datetime:
    """The UTC moment when the next day begins in Sweden."""
    return start_of(day + timedelta(days=1))


def months_before(day: date, months: int) -> date:
    """The day so many months before, clamped to the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@contextmanager
def set_to(moment: datetime, *, everywhere: bool = False) -> Iterator[None]:
    """Let the clock stand still at a UTC moment; `everywhere` means in all threads, for a server under test."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes moments with a time zone")
    moment = moment.astimezone(UTC)
    if everywhere:
        _set_for_all.append(moment)
        try:
            yield
        finally:
            _set_for_all.remove(moment)
    else:
        token = _set_to.set(moment)
        try:
            yield
        finally:
            _set_to.reset(token)
