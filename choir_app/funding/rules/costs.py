"""Planned costs become rows: one choir, one day, so many öre."""

from calendar import monthrange
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from choir_app.foundation.money import split
from choir_app.funding.rules.values import Demand, ordered


class Driver(StrEnum):
    """What makes a cost come back."""

    PER_REHEARSAL = "per_rehearsal"
    MONTHLY = "monthly"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class CostLine:
    """A planned cost of one choir, or shared by all choirs that are active on the day."""

    id: Hashable
    choir: Hashable | None
    """None: shared."""
    driver: Driver
    ore: int
    """Öre for each rehearsal, each month or the one time."""
    valid_from: date
    """A cost that comes once comes on this day."""
    valid_to: date | None = None
    day_of_month: int | None = None
    """For monthly costs; 31 means the last day. None: the day of the month on which the line begins."""
    category: str = ""


@dataclass(frozen=True, slots=True)
class InKind:
    """Something given for nothing that takes the place of a kind of cost."""

    choir: Hashable | None
    """None: for every choir."""
    replaces: str
    """The category of the costs that fall away, shared ones too."""
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Active:
    """A period in which a choir sings, and so bears its part of the shared costs."""

    choir: Hashable
    valid_from: date
    valid_to: date | None = None


class RowId(NamedTuple):
    """Which cost line a row comes from, for which choir and day."""

    line: Hashable
    choir: Hashable
    on: date


def cost_rows(
    lines: Iterable[CostLine],
    *,
    rehearsals: Mapping[Hashable, Sequence[date]],
    active: Iterable[Active],
    in_kind: Iterable[InKind] = (),
    since: date,
    until: date,
) -> list[Demand]:
    """Every planned cost from one day to another, both included. `rehearsals`: the days of each choir's planned
    and held ones; a day that stands there twice is two rehearsals.

    A shared cost on a day without any active choir is nobody's and gives no row.
    """
    active, in_kind = list(active), list(in_kind)
    held = {choir: Counter(days) for choir, days in rehearsals.items()}
    everyone: Counter[date] = Counter()
    for days in held.values():
        everyone.update(days)
    rows = []
    for line in lines:
        days = everyone if line.choir is None else held.get(line.choir, Counter())
        for on, ore in _dated(line, days, since, until):
            for choir, part in _parts(line, on, ore, active):
                if part and not any(_replaces(gift, line.category, choir, on) for gift in in_kind):
                    rows.append(Demand(RowId(line.id, choir, on), choir, on, part))
    return rows


def monthly_days(valid_from: date, until: date, day_of_month: int) -> Iterator[date]:
    """The day of each month, or the month's last day when it has no such day."""
    year, month = valid_from.year, valid_from.month
    while (year, month) <= (until.year, until.month):
        on = date(year, month, min(day_of_month, monthrange(year, month)[1]))
        if valid_from <= on <= until:
            yield on
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _dated(line: CostLine, days: Counter[date], since: date, until: date) -> Iterator[tuple[date, int]]:
    last = min(until, line.valid_to or until)
    if line.driver == Driver.ONCE:
        if since <= line.valid_from <= until:
            yield line.valid_from, line.ore
    elif line.driver == Driver.MONTHLY:
        for on in monthly_days(line.valid_from, last, line.day_of_month or line.valid_from.day):
            if on >= since:
                yield on, line.ore
    else:
        for on in sorted(days):
            if max(since, line.valid_from) <= on <= last:
                yield on, line.ore * days[on]


def _parts(line: CostLine, on: date, ore: int, active: Sequence[Active]) -> Iterator[tuple[Hashable, int]]:
    if line.choir is not None:
        yield line.choir, ore
        return
    singing = ordered(a.choir for a in active if _covers(a.valid_from, a.valid_to, on))
    if singing:
        # The odd öre goes to another choir each day, so that no choir pays it for ever because of its name.
        first = on.toordinal() % len(singing)
        yield from zip(singing[first:] + singing[:first], split(ore, len(singing)), strict=True)


def _replaces(gift: InKind, category: str, choir: Hashable, on: date) -> bool:
    return (
        gift.replaces == category
        and gift.choir in (None, choir)
        and _covers(gift.valid_from, gift.valid_to, on)
    )


def _covers(valid_from: date, valid_to: date | None, on: date) -> bool:
    return valid_from <= on and (valid_to is None or on <= valid_to)
