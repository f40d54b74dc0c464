"""Open asks as the chance is counted with, and how much of a gap those that come true would pay."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from choir_app.funding.rules.chances import of_which_one
from choir_app.funding.rules.network import Network, bits
from choir_app.funding.rules.values import Demand, Match, order_of


@dataclass(frozen=True, slots=True)
class Ask:
    """Money that has been asked for and may come: how much, how likely, when, and what it may pay for."""

    id: Hashable
    ore: int
    chance_bp: int
    money_on: date
    """When it would be in the bank."""
    usable_from: date
    usable_to: date | None
    """The last day whose costs it may pay. None: it has no end."""
    choirs: frozenset[Hashable]
    group: Hashable | None = None
    """At most one of those with the same group can come true."""

    def may_pay(self, row: Demand) -> bool:
        """Whether it may be used for a row."""
        return (
            row.choir in self.choirs
            and self.usable_from <= row.on
            and (self.usable_to is None or row.on <= self.usable_to)
        )


def gap_rows(
    demands: Iterable[Demand], made: Match, *, until: date, choir: Hashable | None = None
) -> list[Demand]:
    """What nobody pays up to a day, itself included, in the match: for one choir, or with None for everyone.

    Source: DOMAIN.md, "Funding and runway", the fourth answer.
    """
    return [
        replace(row, ore=made.unpaid[row.id])
        for row in demands
        if row.on <= until and made.unpaid[row.id] > 0 and choir in (None, row.choir)
    ]


@dataclass(frozen=True)
class ByUse:
    """Asks by whether they can help a gap, each in an order that does not hang on how they came."""

    helping: tuple[Ask, ...]
    late: tuple[Hashable, ...]
    """They may pay for the gap, but arrive after the first row that nobody pays."""
    elsewhere: tuple[Hashable, ...]
    """They may pay for nothing in the gap."""


def sorted_asks(asks: Iterable[Ask], rows: Sequence[Demand], *, in_time: bool = True) -> ByUse:
    """Tell the asks that can help apart, the chances of an exclusive group never certain together.

    Money that comes on the day of the first unpaid row helps. With in_time False late ones help too: that is,
    if somebody lends the money until they come. Raises ValueError when two have the same id, or one is certain.
    """
    asks = _with_possible_chances(asks)
    first = min((row.on for row in rows), default=date.max)
    useful = [ask for ask in asks if any(ask.may_pay(row) for row in rows)]
    late = [ask for ask in useful if ask.money_on > first]
    helping = [ask for ask in useful if not in_time or ask.money_on <= first]
    useful_ids = {ask.id for ask in useful}
    return ByUse(
        tuple(helping),
        tuple(ask.id for ask in late),
        tuple(ask.id for ask in asks if ask.id not in useful_ids),
    )


def _with_possible_chances(asks: Iterable[Ask]) -> list[Ask]:
    """Largest first; of equals the likeliest, then by dates; ids only decide between asks that are alike."""
    asks = list(asks)
    if len({ask.id for ask in asks}) < len(asks):
        raise ValueError("two asks with the same id")
    if not all(0 < ask.chance_bp < 10_000 and ask.ore > 0 for ask in asks):
        raise ValueError("an open ask is neither hopeless nor certain, and of a sum")
    groups: dict[Hashable, dict[Hashable, int]] = {}
    for ask in asks:
        if ask.group is not None:
            groups.setdefault(ask.group, {})[ask.id] = ask.chance_bp
    bp = {ask.id: ask.chance_bp for ask in asks}
    for members in groups.values():
        bp.update(of_which_one(members))
    possible = [replace(ask, chance_bp=bp[ask.id]) for ask in asks]
    return sorted(
        possible,
        key=lambda ask: (
            -ask.ore,
            -ask.chance_bp,
            ask.money_on,
            ask.usable_from,
            ask.usable_to or date.max,
            order_of(ask.id),
        ),
    )


def draws_of(asks: Sequence[Ask]) -> list[list[int]]:
    """The places of asks that are decided together: alone, or all of an exclusive group."""
    draws: dict[Hashable, list[int]] = {}
    for place, ask in enumerate(asks):
        draws.setdefault(("alone", place) if ask.group is None else ("group", ask.group), []).append(place)
    return list(draws.values())


class Cover:
    """How many öre of a gap the asks that come true can pay together, whoever pays for what.

    Asks that come true are a whole number, one bit for each by its place.
    """

    def __init__(self, asks: Sequence[Ask], rows: Sequence[Demand]) -> None:
        self.asks = asks
        self.gap_ore = sum(row.ore for row in rows)
        self._kinds: dict[int, int] = {}
        """Öre by which asks may pay for them."""
        may_pay: dict[tuple[Hashable, date], int] = {}
        for row in rows:
            key = (row.choir, row.on)
            if key not in may_pay:
                may_pay[key] = sum(1 << place for place, ask in enumerate(asks) if ask.may_pay(row))
            self._kinds[may_pay[key]] = self._kinds.get(may_pay[key], 0) + row.ore
        self.is_plain = len(self._kinds) == 1 and self._kinds.keys() == {(1 << len(asks)) - 1}
        """Every ask may pay for every row, so that only sums matter."""
        self._known: dict[int, int] = {}

    def ore(self, won: int) -> int:
        """The öre of the gap that these pay."""
        if self.is_plain:
            return min(self.gap_ore, sum(self.asks[place].ore for place in bits(won)))
        if won not in self._known:
            self._known[won] = self._most(won)
        return self._known[won]

    def closes(self, won: int) -> bool:
        """Whether these pay all of it."""
        if sum(self.asks[place].ore for place in bits(won)) < self.gap_ore:
            return False
        return self.ore(won) == self.gap_ore

    def _most(self, won: int) -> int:
        kinds: dict[int, int] = {}
        for mask, ore in self._kinds.items():
            if mask & won:
                kinds[mask & won] = kinds.get(mask & won, 0) + ore
        purses = [ask.ore if won >> place & 1 else 0 for place, ask in enumerate(self.asks)]
        push = Network(purses, list(kinds)).push(dict(enumerate(kinds.values())))
        return sum(push.given.values())
