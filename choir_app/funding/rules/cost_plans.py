"""A term's planned costs taken over to another term: what is new, what goes on already, what is there already.

A term is half a year. What lasted the whole of the one lasts the whole of the other; the rest keeps its distance
in months.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from choir_app.foundation.language import _
from choir_app.funding.rules.costs import CostLine, Driver, months_after

WHOLE_BP = 10_000
"""A hundred per cent in basis points."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Half a year: spring from January, autumn from July."""

    year: int
    half: int
    """1 is spring, 2 is autumn."""

    @classmethod
    def of(cls, day: date) -> "Term":
        """The term that a day is in."""
        return cls(day.year, 1 if day.month < 7 else 2)

    @classmethod
    def read(cls, key: str) -> "Term":
        """The term of a key such as 2026-1; raises ValueError."""
        year, _dash, half = key.partition("-")
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and half in ("1", "2")):
            raise ValueError("no term")
        return cls(int(year), int(half))

    @property
    def key(self) -> str:
        """How it stands in an address: 2026-1."""
        return f"{self.year}-{self.half}"

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.after(1).first_on - timedelta(days=1)

    @property
    def words(self) -> str:
        """«våren 2026»"""
        if self.half == 1:
            return _("våren %(year)s", year=self.year)
        return _("hösten %(year)s", year=self.year)

    def after(self, terms: int) -> "Term":
        """The term so many terms later."""
        number = self.year * 2 + self.half - 1 + terms
        return Term(number // 2, number % 2 + 1)

    def months_to(self, other: "Term") -> int:
        """How many months later another term begins."""
        return 6 * ((other.year * 2 + other.half) - (self.year * 2 + self.half))

    def holds(self, first: date, last: date | None) -> bool:
        """Whether any of these days is in it."""
        return first <= self.last_on and (last is None or last >= self.first_on)


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """A cost as it is planned, with the words that tell it from another of the same kind."""

    line: CostLine
    what: str | None = None

    @property
    def last_on(self) -> date | None:
        """Its last day; of a cost that comes once, its day."""
        return self.line.valid_from if self.line.driver == Driver.ONCE else self.line.valid_to

    def is_like(self, other: "PlannedCost") -> bool:
        """Whether the other is a cost of the same choir for the same thing."""
        return self._kind == other._kind and self.line.id != other.line.id

    @property
    def _kind(self) -> tuple[Hashable, str, str, str]:
        return self.line.choir, self.line.category, self.line.driver, (self.what or "").strip().casefold()


class Standing(StrEnum):
    """How a copy stands to what is planned for the other term already."""

    NEW = "new"
    GOES_ON = "goes_on"
    """The old cost reaches into the other term already, with the same sum: nothing is to be done."""
    IS_THERE = "is_there"
    """A cost for the same thing is planned there already."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A cost of one term as it would be in another."""

    of: Hashable
    """The id of the cost that it is a copy of."""
    standing: Standing
    ore: int
    valid_from: date
    valid_to: date | None
    ends_old_on: date | None = None
    """The last day of the old cost, when that would otherwise go on beside the copy."""


def scaled(ore: int, change_bp: int) -> int:
    """A sum changed by basis points: whole kronor stay whole kronor, half of one goes up, and none becomes nothing."""
    unit = 100 if ore % 100 == 0 else 1
    return max((ore // unit * (WHOLE_BP + change_bp) * 2 + WHOLE_BP) // (2 * WHOLE_BP), 1) * unit


def copied_plan(
    planned: Iterable[PlannedCost], *, source: Term, target: Term, change_bp: int = 0
) -> list[Copy]:
    """Each cost of one term as it would be in a later one, its sum changed by basis points.

    Raises ValueError when the target is not later than the source.
    """
    if not source < target:
        raise ValueError("a plan is taken over to a later term")
    planned = list(planned)
    return [
        _copy(one, planned, source, target, change_bp)
        for one in planned
        if source.holds(one.line.valid_from, one.last_on)
    ]


def _copy(
    one: PlannedCost, planned: Sequence[PlannedCost], source: Term, target: Term, change_bp: int
) -> Copy:
    line, ore = one.line, scaled(one.line.ore, change_bp)
    if one.last_on is None or one.last_on >= target.first_on:
        goes_on = (
            Standing.GOES_ON if ore == line.ore else _standing(one, planned, target.first_on, line.valid_to)
        )
        ends = target.first_on - timedelta(days=1)
        return Copy(line.id, goes_on, ore, target.first_on, line.valid_to, ends)
    months = source.months_to(target)
    if line.driver == Driver.ONCE:
        on = months_after(line.valid_from, months)
        month = on.replace(day=1)
        there = _standing(one, planned, month, months_after(month, 1) - timedelta(days=1))
        return Copy(line.id, there, ore, on, None)
    is_from_the_first = line.valid_from <= source.first_on
    first = target.first_on if is_from_the_first else months_after(line.valid_from, months)
    is_to_the_last = one.last_on >= source.last_on
    last = target.last_on if is_to_the_last else months_after(one.last_on, months)
    return Copy(line.id, _standing(one, planned, first, last), ore, first, last)


def _standing(one: PlannedCost, planned: Sequence[PlannedCost], first: date, last: date | None) -> Standing:
    def meets(other: PlannedCost) -> bool:
        begins_before_the_end = last is None or other.line.valid_from <= last
        return begins_before_the_end and (other.last_on is None or other.last_on >= first)

    is_there = any(one.is_like(other) and meets(other) for other in planned)
    return Standing.IS_THERE if is_there else Standing.NEW
