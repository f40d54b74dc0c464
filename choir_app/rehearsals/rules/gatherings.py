"""On which days a series sings, and how people are counted: pure values, no clock, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from choir_app.foundation import text

KINDS = ("rehearsal", "concert", "social")
PLANNED_AHEAD_DAYS = 400
"""Days ahead for which the rehearsals of a series stand in the plan as rows of their own."""


# --- the days of a series ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Break:
    """Days on which a series rests, and what people call them."""

    first_on: date
    last_on: date
    name: str = ""


def days_of_series(
    *,
    weekday: int,
    every_weeks: int,
    first_on: date,
    last_on: date | None,
    breaks: Iterable[Break] = (),
    since: date,
    until: date,
) -> Iterator[date]:
    """The days on which a series sings between `since` and `until`, both included; weekday 0 is Monday.

    Weeks are counted from the week of the first day, so that every second week stays the same weeks whatever
    part is asked for.
    """
    rests = tuple(breaks)
    end = min(until, last_on) if last_on else until
    day = first_on + timedelta(days=(weekday - first_on.weekday()) % 7)
    step = timedelta(weeks=every_weeks)
    if since > day:
        day += step * -(-(since - day) // step)
    while day <= end:
        if not any(rest.first_on <= day <= rest.last_on for rest in rests):
            yield day
        day += step


def week_of(day: date) -> date:
    """The Monday that begins the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def folded_name(name: str) -> str:
    """A name as it is compared: without accents and capitals."""
    return text.folded(name)


# --- counting ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WeeklyAverage:
    """How many sing in the network in a week, on average over its latest full weeks, and which weeks those were."""

    people: int
    weeks: int
    first_on: date
    last_on: date


def weekly_average(people_per_week: Iterable[tuple[date, int]]) -> WeeklyAverage | None:
    """The average of weeks given as (Monday, people); None when no week is known.

    Source: DOMAIN.md, "Counting people". Halves are rounded up.
    """
    weeks = sorted(people_per_week)
    if not weeks:
        return None
    people = sum(count for _week, count in weeks)
    return WeeklyAverage(
        people=(2 * people + len(weeks)) // (2 * len(weeks)),
        weeks=len(weeks),
        first_on=weeks[0][0],
        last_on=weeks[-1][0] + timedelta(days=6),
    )
