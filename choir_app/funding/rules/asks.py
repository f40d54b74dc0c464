"""Open asks as the chance is counted with, and how much of a gap those that come true would pay."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from choir_app.funding.rules.chances import of_which_one
from choir_app.funding.rules.network import Network, bits
from choir_app.funding.rules.values import Demand, Match, Supply, order_of

MOST_CLOSING = 64
"""How many sets that close a gap are remembered, to know at once that larger ones do too."""


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


@dataclass(frozen=True)
class Gap:
    """What nobody pays up to a day, and who pays for the rest: which may change as long as nobody gets less."""

    rows: tuple[Demand, ...]
    """What lacks, in öre of each row."""
    supplies: tuple[Supply, ...] = ()
    used: tuple[tuple[Hashable, Demand, int], ...] = ()
    """The supply by its id, the row that it pays for and how much of it, up to the same day."""


def gap_of(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    made: Match,
    *,
    until: date,
    choir: Hashable | None = None,
) -> Gap:
    """What nobody pays up to a day, itself included, in the match: for one choir, or with None for everyone.

    The match must be of the same supplies and rows. Source: DOMAIN.md, "Funding and runway", the fourth answer.
    """
    return gaps_of(supplies, demands, made, until=until, choirs=[choir])[choir]


def gaps_of(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    made: Match,
    *,
    until: date,
    choirs: Iterable[Hashable],
) -> dict[Hashable, Gap]:
    """The gaps of several choirs, and under None of everyone: what is paid is the same for all of them."""
    rows = {row.id: row for row in demands if row.on <= until}
    used = tuple((supply, rows[row], ore) for (supply, row), ore in made.used.items() if row in rows)
    lacking = [replace(row, ore=made.unpaid[row.id]) for row in rows.values() if made.unpaid[row.id] > 0]
    supplies = tuple(supplies)
    return {
        choir: Gap(tuple(row for row in lacking if choir in (None, row.choir)), supplies, used)
        for choir in choirs
    }


@dataclass(frozen=True)
class ByUse:
    """Asks by whether they can help a gap, each in an order that does not hang on how they came."""

    helping: tuple[Ask, ...]
    late: tuple[Hashable, ...]
    """They can help, but arrive after the first row that nobody pays."""
    elsewhere: tuple[Hashable, ...]
    """They can pay for nothing in the gap, not even by setting other money free for it."""
    cover: "Cover"
    """What any of all these asks pay of the gap, helping or not."""
    places: tuple[int, ...]
    """Where those that help stand among all in the cover."""


def sorted_asks(asks: Iterable[Ask], gap: Gap, *, in_time: bool = True) -> ByUse:
    """Tell the asks that can help apart, the chances of an exclusive group never certain together.

    Money that comes on the day of the first unpaid row helps. With in_time False late ones help too: that is,
    if somebody lends the money until they come. Raises ValueError when two have the same id, or one is certain.
    """
    asks = with_possible_chances(asks)
    return told_apart(Cover(asks, gap), gap, in_time=in_time)


def told_apart(cover: "Cover", gap: Gap, *, in_time: bool = True) -> ByUse:
    """The asks of a cover by whether they can help its gap; see sorted_asks."""
    asks = cover.asks
    first = min((row.on for row in gap.rows), default=date.max)
    useful = [*bits(cover.reached)]
    helping = [place for place in useful if not in_time or asks[place].money_on <= first]
    return ByUse(
        tuple(asks[place] for place in helping),
        tuple(asks[place].id for place in useful if asks[place].money_on > first),
        tuple(ask.id for place, ask in enumerate(asks) if not cover.reached >> place & 1),
        cover,
        tuple(helping),
    )


def with_possible_chances(asks: Iterable[Ask]) -> list[Ask]:
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

    Asks that come true are a whole number, one bit for each by its place. They pay for the gap themselves, or for
    rows that are paid already, so that other money is set free for it: nobody gets less than in the match.
    """

    def __init__(self, asks: Sequence[Ask], gap: Gap, paid: "Paid | None" = None) -> None:
        """`paid`: what pays for the rest, where somebody has gathered it already, of the same asks and match."""
        self.asks = asks
        self.gap_ore = sum(row.ore for row in gap.rows)
        self._known: dict[int, int] = {}
        self._closing: list[int] = []
        """Some sets that pay all of it: then so does every set that holds one of them."""
        whole = (paid or Paid(asks, gap)).lacking(gap.rows)
        wanting = 0
        for node in whole.wants:
            wanting |= whole.network.masks[node]
        reached = whole.network.reach(wanting)
        self._plan = whole.within(reached)
        self.reached = reached & ((1 << len(asks)) - 1)
        """The asks that can help at all."""
        self.is_plain = all(not self.reached & ~self._plan.network.masks[node] for node in self._plan.wants)
        """Every ask that helps may pay for all of the gap, so that only sums matter."""
        if not self.is_plain:
            for place in bits(self.reached):
                if asks[place].ore >= self.gap_ore:
                    self.ore(1 << place)

    def ore(self, won: int) -> int:
        """The öre of the gap that these pay."""
        won &= self.reached
        if self.is_plain:
            return min(self.gap_ore, sum(self.asks[place].ore for place in bits(won)))
        if won not in self._known:
            if any(won & enough == enough for enough in self._closing):
                return self.gap_ore
            ore = self._plan.covered({place: self.asks[place].ore for place in bits(won)})
            self._known[won] = ore
            if ore == self.gap_ore and len(self._closing) < MOST_CLOSING:
                self._closing.append(won)
        return self._known[won]

    def closes(self, won: int) -> bool:
        """Whether these pay all of it."""
        if sum(self.asks[place].ore for place in bits(won)) < self.gap_ore:
            return False
        return self.ore(won) == self.gap_ore


@dataclass(frozen=True)
class _Plan:
    """The match as a network whose first supplies are the asks, as yet without money, and what its nodes lack."""

    network: Network
    wants: dict[int, int]

    def within(self, supplies: int) -> "_Plan":
        """The part of it that is coupled to these supplies."""
        network = self.network
        nodes = sorted(
            {node for supply in bits(supplies) for node in network.users.get(supply, ())} | {*self.wants}
        )
        small = Network(
            [ore if supplies >> place & 1 else 0 for place, ore in enumerate(network.spare)],
            [network.masks[node] & supplies for node in nodes],
        )
        for place, node in enumerate(nodes):
            for supply, ore in network.flow.get(node, {}).items():
                small.draw(place, supply, ore)
        place_of = {node: place for place, node in enumerate(nodes)}
        return _Plan(small, {place_of[node]: ore for node, ore in self.wants.items()})

    def covered(self, ore: dict[int, int]) -> int:
        """How much of what lacks is given when these supplies have so much more."""
        network = self.network
        spare = list(network.spare)
        for supply, more in ore.items():
            spare[supply] += more
        flow = {node: dict(drawn) for node, drawn in network.flow.items()}
        users = {supply: dict(nodes) for supply, nodes in network.users.items()}
        return sum(Network(spare, network.masks, flow, users).push(self.wants).given.values())


class Paid:
    """What is paid, and by whom, as a network whose first supplies are the asks; the same for every gap of a match.

    Rows that the same money may pay for are one node.
    """

    def __init__(self, asks: Sequence[Ask], gap: Gap) -> None:
        purses = [*asks, *gap.supplies]
        place_of = {supply.id: place for place, supply in enumerate(gap.supplies, len(asks))}
        self._of_choir: dict[Hashable, list[tuple[int, date, date]]] = {}
        for place, purse in enumerate(purses):
            for choir in purse.choirs:
                span = (1 << place, purse.usable_from, purse.usable_to or date.max)
                self._of_choir.setdefault(choir, []).append(span)
        self._spans: dict[Hashable, dict[date, int]] = {}
        self._node_of: dict[int, int] = {}
        self._spare = [0] * len(asks) + [max(0, supply.ore) for supply in gap.supplies]
        drawn: dict[tuple[int, int], int] = {}
        for supply, row, ore in gap.used:
            place = place_of[supply]
            key = (self._node(row), place)
            drawn[key] = drawn.get(key, 0) + ore
            self._spare[place] -= ore
        self._drawn = drawn

    def lacking(self, rows: Iterable[Demand]) -> _Plan:
        """The same with what lacks."""
        wants: dict[int, int] = {}
        for row in rows:
            node = self._node(row)
            wants[node] = wants.get(node, 0) + row.ore
        network = Network([*self._spare], [*self._node_of])
        for (node, supply), ore in self._drawn.items():
            network.draw(node, supply, ore)
        return _Plan(network, wants)

    def _node(self, row: Demand) -> int:
        days = self._spans.get(row.choir)
        if days is None:
            days = self._spans[row.choir] = {}
        mask = days.get(row.on)
        if mask is None:
            on = row.on
            mask = 0
            for bit, first, last in self._of_choir.get(row.choir, ()):
                if first <= on <= last:
                    mask |= bit
            days[on] = mask
        return self._node_of.setdefault(mask, len(self._node_of))
