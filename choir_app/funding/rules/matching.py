"""The match: which money pays for which planned cost."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

from choir_app.foundation.money import split_by_weight
from choir_app.funding.rules.allotment import Allotment, allotted
from choir_app.funding.rules.needs import Needs
from choir_app.funding.rules.values import Demand, Match, Supply, order_of


def match(supplies: Iterable[Supply], demands: Iterable[Demand]) -> Match:
    """Let the money pay for the rows, in order of date, so that for every date the öre covered up to it are the
    most that any allocation allows.

    An earlier row never loses what it has to a later one. When the rows of one day cannot all be paid, nobody can
    get a larger share of the need without someone with a share as small or smaller losing: max-min fair.
    The same rows in any order give the same answer. Raises ValueError when two have the same id.
    """
    return told_in_rows(allotted(gathered(supplies, demands)))


def gathered(supplies: Iterable[Supply], demands: Iterable[Demand]) -> Needs:
    """What is to be matched, where it serves more than one match. Raises ValueError when two have the same id."""
    supplies, demands = list(supplies), list(demands)
    _refuse_doubles(supply.id for supply in supplies)
    _refuse_doubles(demand.id for demand in demands)
    return Needs(supplies, demands)


def told_in_rows(allotment: Allotment) -> Match:
    """The answer in rows and supplies: the money of a node goes to its rows in order of date."""
    needs, network = allotment.needs, allotment.network
    unpaid: Counter[Hashable] = Counter()
    used: Counter[tuple[Hashable, Hashable]] = Counter()
    for node in range(len(needs.masks)):
        drawn = network.flow.get(node, {})
        purses = [[needs.supplies[supply].id, drawn[supply]] for supply in sorted(drawn, reverse=True)]
        for row, covered in _covered_rows(allotment, node):
            if covered < row.ore:
                unpaid[row.id] = row.ore - covered
            while covered:
                purse = purses[-1]
                part = min(covered, purse[1])
                used[purse[0], row.id] = part
                covered -= part
                purse[1] -= part
                if not purse[1]:
                    purses.pop()
    left = {s.id: min(s.ore, spare) for s, spare in zip(needs.supplies, network.spare, strict=True)}
    short = frozenset(row.id for cell in allotment.short for row in needs.cells[cell].rows)
    return Match(unpaid, used, left, short)


def _covered_rows(allotment: Allotment, node: int) -> Iterator[tuple[Demand, int]]:
    """Each row of a node with the öre it gets, in order of date. Rows of one choir and day share alike."""
    needs, unpaid = allotment.needs, allotment.unpaid
    for place in needs.cells_of(node, 0, len(needs.days)):
        cell = needs.cells[place]
        covered = cell.ore - unpaid.get(place, 0)
        if len(cell.rows) == 1:
            yield cell.rows[0], covered
        else:
            rows = sorted(cell.rows, key=lambda row: (-row.ore, order_of(row.id)))
            yield from zip(rows, split_by_weight(covered, [row.ore for row in rows]), strict=True)


def _refuse_doubles(ids: Iterable[Hashable]) -> None:
    all_ids = list(ids)
    if len(set(all_ids)) < len(all_ids):
        twice = next(one for one, times in Counter(all_ids).items() if times > 1)
        raise ValueError(f"two with the id {twice!r}")
