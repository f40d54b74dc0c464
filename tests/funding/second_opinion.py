"""The match once more, slowly and by the definitions, on networkx: nothing here is shared with the product."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

import networkx as nx

from choir_app.funding.rules import Demand, Supply

Cell = tuple[object, object]


def may_pay(supply: Supply, row: Demand) -> bool:
    return (
        row.choir in supply.choirs
        and supply.usable_from <= row.on
        and (supply.usable_to is None or row.on <= supply.usable_to)
    )


def most(supplies: Iterable[Supply], rows: Iterable[tuple[Demand, int]]) -> int:
    """The most öre that any allocation can cover, when each row can take so much."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["money", "needs"])
    rows = list(rows)
    for supply in supplies:
        graph.add_edge("money", ("supply", supply.id), capacity=max(0, supply.ore))
        for row, _ in rows:
            if may_pay(supply, row):
                graph.add_edge(("supply", supply.id), ("row", row.id))
    for row, ore in rows:
        graph.add_edge(("row", row.id), "needs", capacity=ore)
    return int(nx.maximum_flow_value(graph, "money", "needs"))


def fair_shares(supplies: list[Supply], demands: Iterable[Demand]) -> dict[object, Fraction]:
    """What each row gets, day by day, before rounding: on one day, of all groups the one that can get the least
    share together gets just that, and the others share what is left. Exponential: for a handful of rows a day.

    Exact amounts of earlier days are held as whole öre by scaling everything up.
    """
    by_day: dict[object, list[Demand]] = {}
    for row in demands:
        if row.ore > 0:
            by_day.setdefault(row.on, []).append(row)
    gets: dict[object, Fraction] = {}
    held: list[tuple[Demand, Fraction]] = []
    for on in sorted(by_day, key=str):
        today = _one_day(supplies, held, by_day[on])
        gets.update({row.id: ore for row, ore in today})
        held += today
    return gets


def _one_day(
    supplies: list[Supply], held: list[tuple[Demand, Fraction]], rows: list[Demand]
) -> list[tuple[Demand, Fraction]]:
    held_ore = sum(ore for _, ore in held)
    scale = 1
    for _, ore in held:
        scale = scale * ore.denominator // _common(scale, ore.denominator)
    wide = [Supply(s.id, max(0, s.ore) * scale, s.usable_from, s.usable_to, s.choirs) for s in supplies]
    holding = [(row, int(ore * scale)) for row, ore in held]

    def reach(some: Iterable[Demand]) -> Fraction:
        return Fraction(most(wide, [*holding, *((row, row.ore * scale) for row in some)]), scale) - held_ore

    done: list[Demand] = []
    came: list[tuple[Demand, Fraction]] = []
    rest = list(rows)
    while rest:
        before = reach(done)
        share, group = min(
            (
                ((reach([*done, *some]) - before) / sum(row.ore for row in some), some)
                for size in range(1, len(rest) + 1)
                for some in combinations(rest, size)
            ),
            key=lambda found: (found[0], -len(found[1])),
        )
        came += [(row, share * row.ore) for row in group]
        done += group
        rest = [row for row in rest if row not in group]
    return came


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one
