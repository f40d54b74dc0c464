"""A flow network of two sides: money on the left, needs on the right, and no time in it.

A node is a kind of need: everything that exactly the same supplies may pay for. The set of those supplies is a
whole number, one bit for each supply, and the supplies stand in the order in which they should be spent. What a
node has been given can be moved from one supply to another as long as nobody gets less.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Push:
    """How far an attempt to give more money to some nodes came, in öre."""

    given: dict[int, int]
    missing: dict[int, int]
    closed_in: int
    """The supplies that the nodes which miss something could ever reach: every öre in them is used up, and by
    nodes that can use no other. Nothing when nothing is missing."""


@dataclass
class Network:
    """Supplies with what is left in them, and what each node has been given out of which supply."""

    spare: list[int]
    masks: Sequence[int]
    flow: dict[int, dict[int, int]] = field(default_factory=dict)
    users: dict[int, dict[int, None]] = field(default_factory=dict)
    shut: int = 0
    """Supplies that nobody may draw on any more."""

    def __post_init__(self) -> None:
        self.unspent = sum(1 << supply for supply, ore in enumerate(self.spare) if ore > 0)

    def push(self, wants: Mapping[int, int]) -> Push:
        """Give the nodes what they want, or together as much as any allocation can on top of what is held."""
        missing = {}
        for node, ore in wants.items():
            rest = self._give(node, ore)
            if rest:
                missing[node] = rest
        closed_in = 0
        while missing:
            layers, depth_of = self._layers(missing)
            if not layers[-1] & self.unspent:
                closed_in = sum(layers)
                break
            walk = _Walk(self, layers, depth_of)
            for node, ore in list(missing.items()):
                rest = ore - walk.fetch(node, 0, ore)
                if rest:
                    missing[node] = rest
                else:
                    del missing[node]
        given = {node: ore - missing.get(node, 0) for node, ore in wants.items()}
        return Push(given, missing, closed_in)

    def take_back(self, node: int, ore: int) -> None:
        """Lay öre back where a node got them, from the supply that should be spent last first."""
        drawn = self.flow.get(node, {})
        for supply in sorted(drawn, reverse=True):
            if not ore:
                return
            back = min(ore, drawn[supply])
            ore -= back
            self.draw(node, supply, -back)
            self.spare[supply] += back
            self.unspent |= 1 << supply

    def draw(self, node: int, supply: int, ore: int) -> None:
        """Write down that a node has been given öre, or minus öre, out of a supply."""
        drawn = self.flow.setdefault(node, {})
        now = drawn.get(supply, 0) + ore
        if now:
            drawn[supply] = now
            self.users.setdefault(supply, {})[node] = None
        else:
            del drawn[supply]
            del self.users[supply][node]

    def reach(self, mask: int) -> int:
        """Every supply that these are coupled to, through those who have been given money out of them."""
        seen, fresh = 0, mask & ~self.shut
        while fresh:
            seen |= fresh
            found = 0
            for supply in bits(fresh):
                for node in self.users.get(supply, ()):
                    found |= self.masks[node]
            fresh = found & ~seen & ~self.shut
        return seen

    def magnified(self, mask: int, times: int) -> "Network":
        """The part of the network that is coupled to these supplies, counted in so many parts of an öre."""
        reached = self.reach(mask)
        spare = [0] * len(self.spare)
        part = Network(spare, self.masks, shut=~reached)
        for supply in bits(reached):
            spare[supply] = self.spare[supply] * times
            for node in self.users.get(supply, ()):
                part.draw(node, supply, self.flow[node][supply] * times)
        part.unspent = self.unspent & reached
        return part

    def _give(self, node: int, ore: int) -> int:
        """Give a node what lies free in its supplies, and answer what it still misses."""
        for supply in bits(self.masks[node] & self.unspent & ~self.shut):
            if not ore:
                break
            ore -= self._spend(node, supply, ore)
        return ore

    def _spend(self, node: int, supply: int, ore: int) -> int:
        spent = min(ore, self.spare[supply])
        self.spare[supply] -= spent
        if not self.spare[supply]:
            self.unspent &= ~(1 << supply)
        if spent:
            self.draw(node, supply, spent)
        return spent

    def _layers(self, nodes: Iterable[int]) -> tuple[list[int], dict[int, int]]:
        """The supplies in as many moves from the nodes as it takes, up to the first with money left in it."""
        depth_of = dict.fromkeys(nodes, 0)
        layers: list[int] = []
        seen, shut, masks = 0, self.shut, self.masks
        frontier = list(depth_of)
        while True:
            fresh = 0
            for node in frontier:
                fresh |= masks[node]
            fresh &= ~seen & ~shut
            layers.append(fresh)
            if not fresh or fresh & self.unspent:
                return layers, depth_of
            seen |= fresh
            frontier = []
            for supply in bits(fresh):
                for node in self.users.get(supply, ()):
                    if node not in depth_of:
                        depth_of[node] = len(layers)
                        frontier.append(node)


class _Walk:
    """One round of the shortest moves (Dinic 1970): every dead end is entered once."""

    def __init__(self, network: Network, layers: list[int], depth_of: dict[int, int]) -> None:
        self.network = network
        self.layers = layers
        self.depth_of = depth_of
        self.holders: dict[int, list[int]] = {}

    def fetch(self, node: int, depth: int, ore: int) -> int:
        """Öre that a node gets, out of free money or out of what others can replace; at most so many."""
        wanted, last = ore, depth == len(self.layers) - 1
        for supply in bits(self.network.masks[node] & self.layers[depth]):
            if not ore:
                break
            if last:
                ore -= self.network._spend(node, supply, ore) if self.network.spare[supply] else 0
            else:
                ore -= self._swap(node, supply, depth, ore)
            if ore:
                self.layers[depth] &= ~(1 << supply)
        if ore:
            self.depth_of[node] = -1
        return wanted - ore

    def _swap(self, node: int, supply: int, depth: int, ore: int) -> int:
        """Öre that a node takes over in a supply from those who find them elsewhere."""
        network, wanted = self.network, ore
        if supply not in self.holders:
            self.holders[supply] = [
                holder for holder in network.users.get(supply, ()) if self.depth_of.get(holder) == depth + 1
            ]
        holders = self.holders[supply]
        while holders and ore:
            holder = holders[-1]
            held = network.flow[holder].get(supply, 0) if self.depth_of[holder] == depth + 1 else 0
            asked = min(ore, held)
            moved = self.fetch(holder, depth + 1, asked) if asked else 0
            if moved:
                network.draw(holder, supply, -moved)
                network.draw(node, supply, moved)
                ore -= moved
            if moved < asked or moved == held:
                holders.pop()
        return wanted - ore


def bits(mask: int) -> Iterator[int]:
    """The places of the ones in a whole number, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
