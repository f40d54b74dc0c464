"""What it takes: the smallest extra sum with which a choir is financed to a chosen day."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from choir_app.funding.rules.allotment import allotted, allotted_last
from choir_app.funding.rules.needs import Needs
from choir_app.funding.rules.values import Demand, Supply


@dataclass(frozen=True)
class Extra:
    """An extra sum for one choir, also as what it means per month and per rehearsal, rounded up to whole öre."""

    ore: int
    per_month_ore: int | None
    """Spread on the calendar months from the first unpaid day to the chosen one. None: nothing is needed."""
    per_rehearsal_ore: int | None
    """Spread on the rehearsals in that time. None: there is none, or nothing is needed."""


def extra_needed(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    *,
    choir: Hashable,
    until: date,
    rehearsals: Sequence[date] = (),
) -> Extra:
    """The least money, for this choir alone and usable at any time, with which all its rows up to the day are
    paid: the day itself included. It can be more than what the rows lack, since others share what the choir
    then leaves to them.
    """
    question = _Question(supplies, [row for row in demands if row.on <= until], choir)
    ore, first = question.least()
    if first is None:
        return Extra(0, None, None)
    months = (until.year - first.year) * 12 + until.month - first.month + 1
    count = sum(first <= on <= until for on in rehearsals)
    return Extra(ore, -(-ore // months), -(-ore // count) if count else None)


class _Question:
    """The rows up to the day, and a purse of the choir's own among the supplies, as yet without a sum."""

    def __init__(self, supplies: Iterable[Supply], rows: list[Demand], choir: Hashable) -> None:
        purse = Supply(_Purse(), 1, date.min, None, frozenset([choir]))
        supplies = [*supplies, purse]
        self.needs = Needs(supplies, rows)
        self.own = Needs(supplies, [row for row in rows if row.choir == choir])
        self.choir = choir
        self.purse = self.needs.supplies.index(purse)

    def least(self) -> tuple[int, date | None]:
        """The least sum that is enough, and the day from which something is lacking without it.

        Each öre more lowers what is lacking by an öre at most, so what is lacking is always too little to try
        next; and what the choir would lack after all others is always enough.
        """
        low, first = self._lacking(0)
        if not low:
            return 0, None
        # What the supplies can do counts the one öre of the purse; without it there is one more to find.
        high = sum(allotted_last(self.own, self.needs).unpaid.values()) + 1
        while low < high:
            still, _ = self._lacking(low)
            if not still:
                return low, first
            low += still
            middle = (low + high) // 2
            if low < high and self._lacking(middle)[0]:
                low = middle + 1
            else:
                high = min(high, middle)
        return low, first

    def _lacking(self, ore: int) -> tuple[int, date | None]:
        """What the choir lacks with so much in its purse, at least 1 as long as a day is short; and from when."""
        made = allotted(self.needs, {self.purse: ore})
        cells = self.needs.cells
        short = [cell for cell in made.short if cells[cell].choir == self.choir]
        lack = sum(made.unpaid.get(cell, 0) for cell in short)
        return max(lack, len(short) > 0), min((cells[cell].on for cell in short), default=None)


class _Purse:
    """The id of the extra money: equal to no other id."""

    def __str__(self) -> str:
        return "extra"
