"""Financed to: until when every planned cost is paid, for each choir and for the network."""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from choir_app.funding.rules.allotment import Allotment, allotted, allotted_last
from choir_app.funding.rules.matching import gathered, match, told_in_rows
from choir_app.funding.rules.needs import Needs
from choir_app.funding.rules.values import Demand, Match, Supply, ordered

OLD_BALANCE = timedelta(days=35)


@dataclass(frozen=True)
class Financed:
    """Until when every planned cost is paid."""

    to: date | None
    """The last day with a cost on which, as on all days before, everything is paid. None: not even the first."""
    first_unpaid_on: date | None
    """The first day on which something is not wholly paid. None: there is none before the horizon."""
    lacking_ore: int
    """What is lacking on that day."""
    remaining_ore: int
    """What is there for that day all the same, without being enough."""
    beyond: date | None
    """The horizon, when everything up to it is paid: the answer is then «beyond» this day."""
    rehearsals_left: int
    """How many rehearsals are paid from the as-of day on."""
    last_rehearsal_on: date | None
    """The last one of them."""


@dataclass(frozen=True)
class ChoirFinanced:
    """The answer for one choir, and the range around it."""

    financed: Financed
    guaranteed: Financed
    """When all others are paid first, with any money, as far as it reaches."""
    best: Financed
    """When this choir is paid first."""


@dataclass(frozen=True)
class Unknown:
    """There is no date to show, because something has not been entered."""

    missing: Literal["balance", "cost_line"]


@dataclass(frozen=True)
class Answer:
    """Financed to for every choir and the network, and the match behind it."""

    as_of: date
    horizon: date
    choirs: dict[Hashable, ChoirFinanced | Unknown]
    network: Financed | Unknown
    """The last day up to which every row of every choir is paid; choirs that are unknown do not count in it."""
    match: Match
    old_balance_on: date | None
    """The day of the newest bank balance, when it is more than 35 days old."""

    @property
    def unknown(self) -> list[Hashable]:
        """The choirs without any planned cost."""
        return [choir for choir, answer in self.choirs.items() if isinstance(answer, Unknown)]


def financed_to(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    *,
    choirs: Collection[Hashable],
    rehearsals: Mapping[Hashable, Sequence[date]],
    as_of: date,
    horizon: date,
    balance_on: date | None,
) -> Answer:
    """Until when each of the choirs, and the network, is financed. Rows after the horizon are left out.

    `balance_on` is the day of the newest bank balance; without one everything is unknown. A choir without any
    row is unknown too, never zero.
    """
    supplies = list(supplies)
    rows = [row for row in demands if row.on <= horizon and row.ore > 0]
    needs = gathered(supplies, rows)
    made = told_in_rows(allotted(needs))
    ranges = _Ranges(needs, rows, made)
    came: dict[Hashable, ChoirFinanced | Unknown] = {}
    for choir in ordered(choirs):
        own = ranges.own(choir)
        if balance_on is None or not own:
            came[choir] = Unknown("balance" if balance_on is None else "cost_line")
        else:
            told = _Telling(own, rehearsals.get(choir, ()), as_of, horizon)
            came[choir] = ChoirFinanced(
                told.answer(ranges.as_matched(choir)),
                told.answer(ranges.when_last(choir)),
                told.answer(ranges.when_first(choir)),
            )
    everyone = [on for choir, days in rehearsals.items() if ranges.own(choir) for on in days]
    network: Financed | Unknown
    if balance_on is None or not rows:
        network = Unknown("balance" if balance_on is None else "cost_line")
    else:
        network = _Telling(rows, everyone, as_of, horizon).answer(ranges.lacks_of(rows))
    is_old = balance_on is not None and as_of - balance_on > OLD_BALANCE
    return Answer(as_of, horizon, came, network, made, balance_on if is_old else None)


def financed_plainly(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    *,
    choirs: Collection[Hashable],
    rehearsals: Mapping[Hashable, Sequence[date]],
    as_of: date,
    horizon: date,
    balance_on: date | None,
) -> Answer:
    """What financed_to answers, without the ranges: where they would stand, stands the answer itself."""
    rows = [row for row in demands if row.on <= horizon and row.ore > 0]
    made = match(supplies, rows)
    by_choir: dict[Hashable, list[Demand]] = {}
    for row in rows:
        by_choir.setdefault(row.choir, []).append(row)
    came: dict[Hashable, ChoirFinanced | Unknown] = {}
    for choir in ordered(choirs):
        own = by_choir.get(choir, [])
        if balance_on is None or not own:
            came[choir] = Unknown("balance" if balance_on is None else "cost_line")
        else:
            told = _Telling(own, rehearsals.get(choir, ()), as_of, horizon).answer(_lacks_of(own, made))
            came[choir] = ChoirFinanced(told, told, told)
    network: Financed | Unknown
    if balance_on is None or not rows:
        network = Unknown("balance" if balance_on is None else "cost_line")
    else:
        everyone = [on for choir, days in rehearsals.items() if choir in by_choir for on in days]
        network = _Telling(rows, everyone, as_of, horizon).answer(_lacks_of(rows, made))
    is_old = balance_on is not None and as_of - balance_on > OLD_BALANCE
    return Answer(as_of, horizon, came, network, made, balance_on if is_old else None)


def first_short_days(allotment: Allotment) -> dict[Hashable, date]:
    """The first day on which each choir lacks something; those that lack nothing are not in it."""
    found: dict[Hashable, date] = {}
    cells = allotment.needs.cells
    for place in allotment.short:
        cell = cells[place]
        if cell.choir not in found or cell.on < found[cell.choir]:
            found[cell.choir] = cell.on
    return found


class _Ranges:
    """What the rows of a choir lack: as matched, when everyone else goes first, and when the choir does."""

    def __init__(self, needs: Needs, rows: list[Demand], made: Match) -> None:
        self.made = made
        self.needs = needs
        self.by_choir: dict[Hashable, list[Demand]] = {}
        for row in rows:
            self.by_choir.setdefault(row.choir, []).append(row)

    def own(self, choir: Hashable) -> list[Demand]:
        return self.by_choir.get(choir, [])

    def lacks_of(self, rows: Iterable[Demand]) -> dict[date, int]:
        return _lacks_of(rows, self.made)

    def as_matched(self, choir: Hashable) -> dict[date, int]:
        return self.lacks_of(self.own(choir))

    def when_first(self, choir: Hashable) -> dict[date, int]:
        if not self.made.short:
            return {}
        return _lacks(allotted(Needs(self.needs.supplies, self.own(choir))))

    def when_last(self, choir: Hashable) -> dict[date, int]:
        if not self.made.short:
            return {}
        return _lacks(allotted_last(Needs(self.needs.supplies, self.own(choir)), self.needs))


def _lacks_of(rows: Iterable[Demand], made: Match) -> dict[date, int]:
    """What is lacking on each day, in öre; a day that was only lucky in the rounding lacks 0."""
    lacks: dict[date, int] = {}
    for row in rows:
        if row.id in made.short:
            lacks[row.on] = lacks.get(row.on, 0) + made.unpaid[row.id]
    return lacks


def _lacks(allotment: Allotment) -> dict[date, int]:
    """What one choir lacks on each day, in öre."""
    return {allotment.needs.cells[cell].on: ore for cell, ore in allotment.unpaid.items()}


class _Telling:
    """The rows and rehearsals that an answer is told in."""

    def __init__(
        self, rows: Iterable[Demand], rehearsals: Iterable[date], as_of: date, horizon: date
    ) -> None:
        self.ore_on: dict[date, int] = {}
        for row in rows:
            self.ore_on[row.on] = self.ore_on.get(row.on, 0) + row.ore
        self.days = sorted(self.ore_on)
        self.rehearsals = sorted(on for on in rehearsals if as_of <= on <= horizon)
        self.horizon = horizon

    def answer(self, lacks: dict[date, int]) -> Financed:
        """The answer, when this is lacking on these days."""
        first = min(lacks, default=None)
        paid = self.days if first is None else self.days[: bisect_left(self.days, first)]
        sung = self.rehearsals if first is None else self.rehearsals[: bisect_left(self.rehearsals, first)]
        return Financed(
            to=paid[-1] if paid else None,
            first_unpaid_on=first,
            lacking_ore=lacks[first] if first else 0,
            remaining_ore=self.ore_on[first] - lacks[first] if first else 0,
            beyond=None if first else self.horizon,
            rehearsals_left=len(sung),
            last_rehearsal_on=sung[-1] if sung else None,
        )
