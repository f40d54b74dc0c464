"""The rows of all choirs, gathered so that what is alike for the match is handled once.

A cell is what one choir needs on one day. A node is all cells that exactly the same supplies may pay for, whatever
the choir and the day; see network.py.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from choir_app.funding.rules.values import Demand, Supply, ordered


class Cell(NamedTuple):
    """What one choir needs on one day, in öre."""

    choir: Hashable
    on: date
    ore: int
    rows: Sequence[Demand]


class Needs:
    """Cells by node and day. Days and nodes are counted from 0, days in order."""

    def __init__(
        self, supplies: Iterable[Supply], demands: Iterable[Demand], *, of: "Needs | None" = None
    ) -> None:
        """`of`: the same rows, gathered before with other supplies."""
        self.supplies = sorted(supplies, key=_spend_first)
        self.cells = of.cells if of else _cells(demands)
        self.choir_order = (
            of.choir_order
            if of
            else {choir: place for place, choir in enumerate(ordered(cell.choir for cell in self.cells))}
        )
        self.days: list[date] = []
        self.masks: list[int] = []
        self._days: list[list[int]] = []
        self._sums: list[list[int]] = []
        self._cells: list[list[list[int]]] = []
        self._gather()

    def with_supply(self, supply: Supply) -> "Needs":
        """The same rows when there is one supply more."""
        return Needs([*self.supplies, supply], (), of=self)

    def ore(self, node: int, first: int, end: int) -> int:
        """What a node needs from the first day until before the end, in öre."""
        days, sums = self._days[node], self._sums[node]
        return sums[bisect_left(days, end)] - sums[bisect_left(days, first)]

    def span(self, nodes: Iterable[int], first: int, end: int) -> tuple[int, int]:
        """The first and the last day on which any of the nodes needs something."""
        starts, stops = [], []
        for node in nodes:
            days = self._days[node]
            at, past = bisect_left(days, first), bisect_left(days, end)
            if at < past:
                starts.append(days[at])
                stops.append(days[past - 1])
        return min(starts), max(stops)

    def cells_of(self, node: int, first: int, end: int) -> list[int]:
        """The cells of a node from the first day until before the end, in order of day and then of choir."""
        days = self._days[node]
        between = self._cells[node][bisect_left(days, first) : bisect_left(days, end)]
        return [cell for day in between for cell in day]

    def _gather(self) -> None:
        """Give every cell its node. The order of the nodes does not depend on what the choirs are called."""
        allowed = _allowed(self.supplies, self.choir_order)
        found: dict[int, list[tuple[int, int]]] = {}
        usable = _UsableByDay(self.supplies)
        open_now = 0
        for place, cell in enumerate(self.cells):
            if not self.days or cell.on != self.days[-1]:
                self.days.append(cell.on)
                open_now = usable.on(cell.on)
            mask = allowed[cell.choir] & open_now
            if mask in found:
                found[mask].append((len(self.days) - 1, place))
            else:
                found[mask] = [(len(self.days) - 1, place)]
        for mask, places in sorted(found.items(), key=lambda item: (item[1][0][0], item[0])):
            self.masks.append(mask)
            self._add(places)

    def _add(self, places: list[tuple[int, int]]) -> None:
        days: list[int] = []
        sums, cells = [0], []
        for day, place in places:
            if days and days[-1] == day:
                sums[-1] += self.cells[place].ore
                cells[-1].append(place)
            else:
                days.append(day)
                sums.append(sums[-1] + self.cells[place].ore)
                cells.append([place])
        self._days.append(days)
        self._sums.append(sums)
        self._cells.append(cells)


class _UsableByDay:
    """Which supplies are usable, day after day in order."""

    def __init__(self, supplies: Sequence[Supply]) -> None:
        self.starts = sorted((s.usable_from, place) for place, s in enumerate(supplies))[::-1]
        self.stops = sorted((s.usable_to, place) for place, s in enumerate(supplies) if s.usable_to)[::-1]
        self.started = self.stopped = 0

    def on(self, day: date) -> int:
        while self.starts and self.starts[-1][0] <= day:
            self.started |= 1 << self.starts.pop()[1]
        while self.stops and self.stops[-1][0] < day:
            self.stopped |= 1 << self.stops.pop()[1]
        return self.started & ~self.stopped


def _spend_first(supply: Supply) -> tuple[date, int, date, int, list[Hashable]]:
    """What ends soonest and serves the fewest choirs is spent first, so that what is left is what can be used
    most freely."""
    return (
        supply.usable_to or date.max,
        len(supply.choirs),
        supply.usable_from,
        supply.ore,
        [str(type(supply.id)), str(supply.id)],
    )


def _cells(demands: Iterable[Demand]) -> list[Cell]:
    """The cells in order of day, and on one day by the order of the choirs' ids."""
    by_day: dict[date, dict[Hashable, list[Demand]]] = {}
    order: dict[Hashable, None] = {}
    for row in demands:
        if row.ore > 0:
            by_choir = by_day.get(row.on)
            if by_choir is None:
                by_choir = by_day[row.on] = {}
            rows = by_choir.get(row.choir)
            if rows is None:
                by_choir[row.choir] = [row]
                order[row.choir] = None
            else:
                rows.append(row)
    places = {choir: place for place, choir in enumerate(ordered(order))}
    cells = []
    for on in sorted(by_day):
        by_choir = by_day[on]
        for choir in sorted(by_choir, key=places.__getitem__) if len(by_choir) > 1 else by_choir:
            rows = by_choir[choir]
            cells.append(Cell(choir, on, sum([row.ore for row in rows]), rows))
    return cells


def _allowed(supplies: Sequence[Supply], choirs: Iterable[Hashable]) -> dict[Hashable, int]:
    """For each choir the supplies that may pay for it at some time, as a mask."""
    allowed = dict.fromkeys(choirs, 0)
    for place, supply in enumerate(supplies):
        if supply.ore > 0:
            for choir in supply.choirs & allowed.keys():
                allowed[choir] |= 1 << place
    return allowed
