"""The chance alone that a gap closes, when nobody asks what to expect on the average: much less to count."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from choir_app.funding.rules.asks import (
    Ask,
    ByUse,
    Cover,
    Gap,
    Paid,
    draws_of,
    told_apart,
    with_possible_chances,
)
from choir_app.funding.rules.gap import EXACTLY_UP_TO, WHOLE, chance_gap_closes, told_bp


@dataclass(frozen=True)
class Closes:
    """How likely it is that open asks pay all of a gap in time, and how many of them could help."""

    gap_ore: int
    closes_bp: int
    """In basis points. What is not certain is never told as 0 or 100 %."""
    helping: tuple[Hashable, ...]


def closes_bp(gap: Gap, asks: Iterable[Ask]) -> int:
    """The chance in basis points that open asks pay all of a gap in time: what chance_gap_closes tells, no more."""
    return closes_of_each({None: gap}, asks)[None].closes_bp


def closes_of_each(gaps: Mapping[Hashable, Gap], asks: Iterable[Ask]) -> dict[Hashable, Closes]:
    """The same for several gaps of one match up to one day: of each choir and of all. What is paid is gathered once.

    The asks are decided one after another, and no further once those that have come true are enough, or not even
    all that are left would be.
    """
    asks = list(asks)
    possible = with_possible_chances(asks)
    paid: Paid | None = None
    found = {}
    for key, gap in gaps.items():
        if not gap.rows:
            found[key] = Closes(0, WHOLE, ())
            continue
        paid = paid or Paid(possible, gap)
        told = told_apart(Cover(possible, gap, paid), gap)
        is_many = len(told.helping) > EXACTLY_UP_TO
        bp = chance_gap_closes(gap, asks).closes_bp if is_many else _exactly(told)
        found[key] = Closes(told.cover.gap_ore, bp, tuple(ask.id for ask in told.helping))
    return found


def _exactly(told: ByUse) -> int:
    cover, helping, draws = told.cover, told.helping, draws_of(told.helping)
    bit = [1 << place for place in told.places]
    rest = [0] * (len(draws) + 1)
    for turn in reversed(range(len(draws))):
        rest[turn] = rest[turn + 1] | sum(bit[one] for one in draws[turn])

    def weight(turn: int, won: int) -> int:
        """How many of all ways from here on close it, counted in the chances that are left."""
        if cover.closes(won):
            return WHOLE ** (len(draws) - turn)
        if not cover.closes(won | rest[turn]):
            return 0
        options = [(won | bit[one], helping[one].chance_bp) for one in draws[turn]]
        options.append((won, WHOLE - sum(bp for _, bp in options)))
        return sum(bp * weight(turn + 1, then) for then, bp in options if bp)

    return told_bp(weight(0, 0), WHOLE ** len(draws))
