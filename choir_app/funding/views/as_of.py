"""The day an answer is asked for: today, or another in the address."""

from dataclasses import dataclass
from datetime import date

from flask import request

from choir_app.foundation import clock


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


def asked_day(name: str = "per", *, default: date | None = None) -> AskedDay:
    """The day in the address by its name; today, or another default, where none can be read."""
    typed = request.args.get(name, "").strip()
    read = read_day(typed) if typed else None
    return AskedDay(read or default or clock.today(), typed, bool(typed) and read is None)


def read_day(typed: str) -> date | None:
    """A day as a machine writes it, within living memory; none when it is no day."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2090 else None
