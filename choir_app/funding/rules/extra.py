"""What it takes: the smallest extra sum with which a choir is financed to a chosen day."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from choir_app.funding.rules.matching import match
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
    rows = [row for row in demands if row.on <= until]
    question = _Question(list(supplies), rows, choir)
    lacking, first = question.lacking(0)
    if not lacking or first is None:
        return Extra(0, None, None)
    ore = question.least(lacking)
    months = (until.year - first.year) * 12 + until.month - first.month + 1
    count = sum(first <= on <= until for on in rehearsals)
    return Extra(ore, -(-ore // months), -(-ore // count) if count else None)


class _Question:
    def __init__(self, supplies: list[Supply], rows: list[Demand], choir: Hashable) -> None:
        self.supplies = supplies
        self.rows = rows
        self.choir = choir
        self.own = [row for row in rows if row.choir == choir]

    def lacking(self, ore: int) -> tuple[int, date | None]:
        """What the choir's rows lack with so much more money, at least 1 as long as one is short; and from when."""
        days = [row.on for row in self.own]
        purse = Supply(_ExtraPurse(), ore, min(days, default=date.min), None, frozenset([self.choir]))
        made = match([*self.supplies, purse], self.rows)
        short = [row for row in self.own if row.id in made.short]
        lack = sum(made.unpaid[row.id] for row in short)
        return max(lack, len(short) > 0), min((row.on for row in short), default=None)

    def least(self, lacking: int) -> int:
        """The least sum that is enough. Each öre more can only lower what lacks, and by an öre at most, so what
        lacks is always too little to try next, and all that the choir needs is always enough."""
        low, high = lacking, sum(row.ore for row in self.own)
        while low < high:
            still, _ = self.lacking(low)
            if not still:
                return low
            low += still
            middle = (low + high) // 2
            if low < high and self.lacking(middle)[0]:
                low = middle + 1
            else:
                high = min(high, middle)
        return low


class _ExtraPurse:
    """The id of the extra money: equal to no other id."""

    def __str__(self) -> str:
        return "extra"
