"""Why a choir lacks money while money is left: the saturated cut, as data for a sentence."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from choir_app.funding.rules.needs import Needs
from choir_app.funding.rules.network import Network, bits
from choir_app.funding.rules.values import Demand, Match, Supply, ordered


@dataclass(frozen=True)
class Leftover:
    """Money that is left, and the one reason why it does not help: exactly one of the last three is given."""

    supply: Hashable
    ore: int
    only_for: frozenset[Hashable] | None = None
    """It may pay for these choirs only."""
    only_until: date | None = None
    """It may pay for the choir, but not after this day."""
    only_from: date | None = None
    """It may pay for the choir, but not before this day."""


@dataclass(frozen=True)
class Shortage:
    """What a choir lacks in the month in which its money ends first, and what is to be said about it."""

    choir: Hashable
    first_unpaid_on: date
    lacking_ore: int
    """What lacks in that calendar month."""
    used_up: tuple[Hashable, ...]
    """The supplies that could have helped, in any roundabout way; nothing is left in them."""
    shared_with: frozenset[Hashable]
    """The other choirs that they pay for."""
    left: tuple[Leftover, ...]
    """What is left when every row up to the horizon has got what it can, most first."""


def shortages(supplies: Iterable[Supply], demands: Iterable[Demand], made: Match) -> dict[Hashable, Shortage]:
    """For each choir that lacks money: what, when and why. The match must be of the same supplies and rows."""
    rows = list(demands)
    cut = _Cut(supplies, rows, made)
    by_choir: dict[Hashable, list[Demand]] = {}
    for row in rows:
        if row.id in made.short:
            by_choir.setdefault(row.choir, []).append(row)
    return {choir: cut.shortage(choir, by_choir[choir]) for choir in ordered(by_choir)}


class _Cut:
    """The match put back into the network, so that it can be asked what is coupled to what."""

    def __init__(self, supplies: Iterable[Supply], rows: Iterable[Demand], made: Match) -> None:
        self.needs = Needs(supplies, rows)
        self.made = made
        self.supplies = self.needs.supplies
        self.network = Network([0] * len(self.supplies), self.needs.masks)
        self.node_of: dict[Hashable, int] = {}
        self.choir_of: dict[Hashable, Hashable] = {}
        for node in range(len(self.needs.masks)):
            for cell in self.needs.cells_of(node, 0, len(self.needs.days)):
                for row in self.needs.cells[cell].rows:
                    self.node_of[row.id] = node
                    self.choir_of[row.id] = row.choir
        place_of = {supply.id: place for place, supply in enumerate(self.supplies)}
        self.paid_for: dict[Hashable, set[Hashable]] = {}
        for (supply, row), ore in made.used.items():
            self.network.draw(self.node_of[row], place_of[supply], ore)
            self.paid_for.setdefault(supply, set()).add(self.choir_of[row])

    def shortage(self, choir: Hashable, short: list[Demand]) -> Shortage:
        first = min(short, key=lambda row: row.on)
        month = (first.on.year, first.on.month)
        reached = self.network.reach(self.needs.masks[self.node_of[first.id]])
        used_up = tuple(self.supplies[place].id for place in bits(reached))
        shared = {other for supply in used_up for other in self.paid_for.get(supply, ())}
        return Shortage(
            choir,
            first.on,
            sum(self.made.unpaid[row.id] for row in short if (row.on.year, row.on.month) == month),
            used_up,
            frozenset(shared - {choir}),
            self._left(choir, first.on),
        )

    def _left(self, choir: Hashable, on: date) -> tuple[Leftover, ...]:
        left = []
        for supply in self.supplies:
            ore = self.made.left[supply.id]
            if ore <= 0:
                continue
            if choir not in supply.choirs:
                left.append(Leftover(supply.id, ore, only_for=supply.choirs))
            elif supply.usable_to and supply.usable_to < on:
                left.append(Leftover(supply.id, ore, only_until=supply.usable_to))
            else:
                left.append(Leftover(supply.id, ore, only_from=supply.usable_from))
        return tuple(sorted(left, key=lambda money: -money.ore))
