"""Who gets how much when there is not enough: earlier days first, and on one day the same share for all.

What a set of rows can get at most, on top of what earlier rows hold, is a polymatroid. Two facts about it carry
this file. When a most generous attempt fails, the rows that cannot reach any more money and the money that they
can reach are cut off from all others (minimum cut): so the others are done, and the quarrel can be settled alone.
And of all fair ways to divide one day there is exactly one in which nobody can get a larger share without
someone with a share as small or smaller losing (Fujishige 1980).
"""

from collections.abc import Iterable, Mapping, Sequence

from choir_app.funding.rules.needs import Needs
from choir_app.funding.rules.network import Network, bits


def allotted(needs: Needs, ore: Mapping[int, int] | None = None) -> "Allotment":
    """Settle all that is needed. `ore`: other sums than the supplies' own, by their place."""
    network = Network(_purses(needs, ore or {}), needs.masks)
    allotment = Allotment(needs, network)
    allotment.settle(range(len(needs.masks)))
    return allotment


def allotted_last(own: Needs, everyone: Needs) -> "Allotment":
    """Settle what some need when all others have got what they can: the others may be moved to other money
    afterwards, but get no less. Both must be made from the same supplies."""
    mine = {mask: own.ore(node, 0, len(own.days)) for node, mask in enumerate(own.masks)}
    end = len(everyone.days)
    network = Network(_purses(own, {}), [*own.masks, *everyone.masks])
    network.push(
        {
            len(own.masks) + node: everyone.ore(node, 0, end) - mine.get(mask, 0)
            for node, mask in enumerate(everyone.masks)
        }
    )
    allotment = Allotment(own, network)
    allotment.settle(range(len(own.masks)))
    return allotment


def _purses(needs: Needs, ore: Mapping[int, int]) -> list[int]:
    return [max(0, ore.get(place, supply.ore)) for place, supply in enumerate(needs.supplies)]


class Allotment:
    """What every cell gets, worked out day by day without looking at more than the days that quarrel."""

    def __init__(self, needs: Needs, network: Network) -> None:
        self.needs = needs
        self.network = network
        self.unpaid: dict[int, int] = {}
        """What cells lack, in öre."""
        self.short: set[int] = set()
        """Cells whose fair share is less than the whole."""

    def settle(self, nodes: Sequence[int]) -> None:
        """Give every day of the nodes all that any allocation can, earlier days first."""
        waiting: list[_Quarrel] = [_Quarrel(nodes, 0, len(self.needs.days), {})]
        while waiting:
            quarrel = waiting.pop()
            needed = self._needed(quarrel)
            held = quarrel.held
            push = self.network.push({node: ore - held.get(node, 0) for node, ore in needed.items()})
            if not push.missing:
                continue
            given = {node: ore + held.get(node, 0) for node, ore in push.given.items()}
            for group, closed_in in self._groups(needed, push.closed_in):
                if any(node in push.missing for node in group):
                    waiting += self._divide(group, closed_in, given, quarrel)

    def _needed(self, quarrel: "_Quarrel") -> dict[int, int]:
        """What the nodes need in the days at hand; those without any money left are told so."""
        needed = {}
        for node in quarrel.nodes:
            ore = self.needs.ore(node, quarrel.first, quarrel.end)
            if ore and self.network.masks[node] & ~self.network.shut:
                needed[node] = ore
            elif ore:
                self._lack_all(self.needs.cells_of(node, quarrel.first, quarrel.end))
        return needed

    def _divide(
        self, group: list[int], closed_in: int, given: dict[int, int], quarrel: "_Quarrel"
    ) -> list["_Quarrel"]:
        """Settle the only day there is, or tell which days to look at after each other, the first last."""
        first, last = self.needs.span(group, quarrel.first, quarrel.end)
        if first == last:
            self._take_back(group, given)
            self._share(group, first)
            self.network.shut |= closed_in
            return []
        middle = (first + last + 1) // 2
        broke = self._broke_on(group, sum(given[node] for node in group), first, middle)
        early_end = max(first + 1, broke)
        held = {node: min(given[node], self.needs.ore(node, first, early_end)) for node in group}
        self._take_back(group, {node: given[node] - held[node] for node in group})
        early = _Quarrel(group, first, early_end, held)
        if broke in (first, middle):
            return [_Quarrel(group, early_end, last + 1, {}), early]
        return [_Quarrel(group, broke + 1, last + 1, {}), _Quarrel(group, broke, broke + 1, {}), early]

    def _broke_on(self, group: Sequence[int], ore: int, first: int, end: int) -> int:
        """The first day on which the needs of the group together are more than it can have for all its days, or
        the end when that comes first."""
        low, high, left = first, end, ore
        while low < high:
            middle = (low + high) // 2
            parts = [self.needs.ore(node, low, middle + 1) for node in group]
            needed = sum(parts)
            if needed > left:
                high = middle
                group = [node for node, part in zip(group, parts, strict=True) if part]
            else:
                low, left = middle + 1, left - needed
        return low

    def _groups(self, nodes: Iterable[int], closed_in: int) -> list[tuple[list[int], int]]:
        """The nodes that can use no other money than this, in groups that have no money in common."""
        network, masks = self.network, self.network.masks
        open_now = ~network.shut
        inside = [node for node in nodes if not masks[node] & open_now & ~closed_in]
        coupled = dict.fromkeys(masks[node] & open_now for node in inside)
        for supply in bits(closed_in):
            for node in network.users.get(supply, ()):
                coupled[masks[node] & open_now] = None
        parts: list[int] = []
        for mask in coupled:
            merged, apart = mask, []
            for part in parts:
                if part & merged:
                    merged |= part
                else:
                    apart.append(part)
            parts = [*apart, merged]
            if merged == closed_in:
                return [(inside, closed_in)]
        part_of = {supply: part for part in parts for supply in bits(part)}
        groups: dict[int, list[int]] = {}
        for node in inside:
            first = next(bits(masks[node] & open_now))
            groups.setdefault(part_of[first], []).append(node)
        return [(group, part) for part, group in groups.items()]

    def _share(self, nodes: list[int], day: int) -> None:
        """Divide one day fairly: find who must be content with least, let the others share the rest, then they."""
        waiting: list[tuple[list[int], int, dict[int, int]]] = [(nodes, 0, {})]
        while waiting:
            some, reopened, lent = waiting.pop()
            self.network.shut &= ~reopened
            self._take_back(lent, lent)
            needed = {node: self.needs.ore(node, day, day + 1) for node in some}
            without = [node for node in some if not self.network.masks[node] & ~self.network.shut]
            for node in without:
                self._lack_all(self.needs.cells_of(node, day, day + 1))
                del needed[node]
            push = self.network.push(needed)
            for group, closed_in in self._groups(needed, push.closed_in) if push.missing else ():
                if not any(node in push.missing for node in group):
                    continue
                self._take_back(group, push.given)
                ore, whole = sum(push.given[node] for node in group), sum(needed[node] for node in group)
                trial = self.network.magnified(closed_in, whole)
                tried = trial.push({node: ore * needed[node] for node in group})
                if not tried.missing:
                    self._round(group, day, ore, whole)
                    continue
                outside = ~(tried.closed_in | self.network.shut)
                poor = [node for node in group if not self.network.masks[node] & outside]
                lent = self.network.push({node: needed[node] for node in poor})
                self.network.shut |= lent.closed_in
                waiting.append((poor, lent.closed_in, lent.given))
                waiting.append(([node for node in group if node not in set(poor)], 0, {}))

    def _round(self, group: Iterable[int], day: int, ore: int, whole: int) -> None:
        """Give every cell of the day ore/whole of its need, in whole öre by largest remainder.

        The odd öre go where the restrictions allow it; between equals, to the larger need, then by order of ids.
        """
        cells = [(cell, node) for node in group for cell in self.needs.cells_of(node, day, day + 1)]
        order = self.needs.choir_order
        all_cells = self.needs.cells

        def turn(entry: tuple[int, int]) -> tuple[int, int, int]:
            cell = all_cells[entry[0]]
            return (-(ore * cell.ore % whole), -cell.ore, order[cell.choir])

        cells.sort(key=turn)
        gets = {cell: ore * all_cells[cell].ore // whole for cell, _ in cells}
        odd = ore - sum(gets.values())
        wants: dict[int, int] = {}
        for place, (cell, node) in enumerate(cells):
            wants[node] = wants.get(node, 0) + gets[cell] + (place < odd)
        push = self.network.push(wants)
        if not push.missing:
            lucky = [cell for cell, _ in cells[:odd]]
        else:
            self._take_back(wants, push.given)
            lucky = self._lucky_one_by_one(cells, gets, odd)
        for cell in lucky:
            gets[cell] += 1
        for cell, got in gets.items():
            self._lack(cell, all_cells[cell].ore - got)

    def _lucky_one_by_one(self, cells: list[tuple[int, int]], gets: dict[int, int], odd: int) -> list[int]:
        """The cells that get an öre more, each asked in turn whether its money allows it."""
        floors: dict[int, int] = {}
        for cell, node in cells:
            floors[node] = floors.get(node, 0) + gets[cell]
        self.network.push(floors)
        lucky: list[int] = []
        for cell, node in cells:
            if len(lucky) < odd and not self.network.push({node: 1}).missing:
                lucky.append(cell)
        return lucky

    def _lack(self, cell: int, ore: int) -> None:
        self.short.add(cell)
        if ore:
            self.unpaid[cell] = ore

    def _lack_all(self, cells: list[int]) -> None:
        all_cells = self.needs.cells
        self.short.update(cells)
        self.unpaid.update({cell: all_cells[cell].ore for cell in cells})

    def _take_back(self, nodes: Iterable[int], ore: dict[int, int]) -> None:
        for node in nodes:
            self.network.take_back(node, ore[node])


class _Quarrel:
    """Days on which some nodes together want more than there may be, and what they hold of it already."""

    __slots__ = ("end", "first", "held", "nodes")

    def __init__(self, nodes: Sequence[int], first: int, end: int, held: dict[int, int]) -> None:
        self.nodes = nodes
        self.first = first
        self.end = end
        self.held = held
