"""What an answer is asked for in the address: the day it is counted from, another day, a sum."""

from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from flask import request

from choir_app.foundation import clock, money
from choir_app.foundation.language import _

FURTHEST_YEARS = 10
"""Every planned cost up to the day is counted, so a day far away would keep a process busy for long."""


@dataclass(frozen=True)
class AskedDay:
    """A day as somebody asked for it in the address, with what was typed."""

    day: date
    typed: str
    is_unreadable: bool

    @property
    def in_address(self) -> str | None:
        """What to carry along to the next page: nothing for today."""
        return None if not self.typed or self.is_unreadable else self.day.isoformat()


@dataclass(frozen=True)
class AskedSum:
    """A sum as somebody asked for it in the address, in öre, with what was typed and what is wrong with it."""

    ore: int
    typed: str
    trouble: str

    @property
    def is_unreadable(self) -> bool:
        """Whether it is no sum that can be counted with."""
        return bool(self.trouble)


def is_asked(one: object) -> TypeGuard[AskedDay | AskedSum]:
    """Whether this is something that was asked for in the address."""
    return isinstance(one, AskedDay | AskedSum)


def asked_sum(name: str) -> AskedSum:
    """The sum in the address by its name; nothing where none can be read."""
    typed = request.args.get(name, "").strip()
    if not typed:
        return AskedSum(0, "", "")
    try:
        ore = money.parse_kronor(typed)
    except ValueError:
        ore = -1
    if ore < 0:
        return AskedSum(0, typed, _("Skriv summan i kronor, till exempel 20 000."))
    return AskedSum(ore, typed, "")


def asked_day(name: str = "per", *, default: date | None = None) -> AskedDay:
    """The day in the address by its name; today, or another default, where none can be read."""
    typed = request.args.get(name, "").strip()
    read = read_day(typed) if typed else None
    return AskedDay(read or default or clock.today(), typed, bool(typed) and read is None)


def read_day(typed: str) -> date | None:
    """A day as a machine writes it, within living memory; none when it is no day or further away than anybody plans."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1990 <= day.year <= clock.today().year + FURTHEST_YEARS else None
