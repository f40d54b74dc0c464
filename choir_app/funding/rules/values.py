"""What goes into the match and what comes out of it."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Supply:
    """Money that may pay for some choirs in a period: what is left of an agreement, or the free money."""

    id: Hashable
    ore: int
    usable_from: date
    usable_to: date | None
    """The last day it may pay for. None: it has no end."""
    choirs: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Demand:
    """One planned cost of one choir on one day."""

    id: Hashable
    choir: Hashable
    on: date
    ore: int


@dataclass(frozen=True)
class Match:
    """Which money pays for which row, and what nobody pays for. Everything in öre."""

    unpaid: Counter[Hashable]
    """What each row lacks. A row that is paid is not in it, and answers 0."""
    used: Counter[tuple[Hashable, Hashable]]
    """What each supply gives to each row: (supply id, demand id)."""
    left: dict[Hashable, int]
    """What remains of each supply."""
    short: frozenset[Hashable]
    """The rows whose fair share is less than the whole, before it is rounded to whole öre. A row can be in here
    and lack nothing only when it was lucky with the last öre: so no choir's date hangs on its name."""


def ordered(ids: Iterable[Hashable]) -> list[Hashable]:
    """Ids in an order that does not depend on how they came."""
    return sorted(set(ids), key=order_of)


def order_of(one: Hashable) -> tuple[str, int, str]:
    """What ids of any kind are sorted by."""
    return (type(one).__name__, one, "") if isinstance(one, int) else (type(one).__name__, 0, str(one))
