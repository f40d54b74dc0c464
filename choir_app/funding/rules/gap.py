"""The chance that a gap closes: not a sum of what is likely, but how likely it is that enough comes.

Up to 12 asks every way in which they can end is counted, exactly and in whole numbers. Above that 20,000 ways are
drawn from a fixed seed, and how far off the figures may be is told with them.
"""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isqrt

from choir_app.funding.rules.asks import Ask, Cover, Gap, draws_of, sorted_asks

EXACTLY_UP_TO = 12
DRAWS = 20_000
SEED = 20_200_101
WHOLE = 10_000
"""A chance of 100 % in basis points."""


@dataclass(frozen=True)
class GapChance:
    """How likely it is that open asks close a gap, and what to expect of them. Öre and basis points."""

    gap_ore: int
    first_unpaid_on: date | None
    """The first row of the gap; money must be there by then. None: there is no gap."""
    closes_bp: int
    """The chance that all of it is paid. What is not certain is never told as 0 or 100 %."""
    closes_error_bp: int
    """The standard error of that chance, rounded up; 0 when it is exact."""
    cover_ore: int
    """How much of the gap is paid on the average, to the nearest öre. Never more than the gap."""
    cover_error_ore: int
    """The standard error of that sum, rounded up; 0 when it is exact."""
    weighted_ore: int
    """Sums times chances, as others add it up: to show beside, never to plan with."""
    draws: int
    """How many ways were drawn; 0 when every way has been counted."""
    helping: tuple[Hashable, ...]
    """The asks that the chance is counted on, largest first."""
    late: tuple[Hashable, ...]
    """Asks for this gap whose money comes after the first unpaid row: they do not help in time."""
    elsewhere: tuple[Hashable, ...]
    """Asks that may pay for nothing in this gap."""


def chance_gap_closes(
    gap: Gap, asks: Iterable[Ask], *, in_time: bool = True, exactly_up_to: int = EXACTLY_UP_TO
) -> GapChance:
    """The chance that open asks pay all of a gap; see gap_of.

    What is asked for goes to the gap first, as far as it may be used for it or sets other money free for it, and
    nobody gets less than in the match: so for the gap of one choir, this choir comes first among those that lack
    money, and for the gap of everybody all must be paid. Asks that arrive after the first
    row do not count, unless in_time is False: then the chance holds if somebody lends the money until they come.
    Raises ValueError when two asks have the same id, or one is certain.
    """
    told = sorted_asks(asks, gap, in_time=in_time)
    cover = Cover(told.helping, gap)
    weighted = sum(ask.ore * ask.chance_bp for ask in told.helping)
    if len(told.helping) <= exactly_up_to:
        closes_bp, closes_error_bp, cover_ore, cover_error_ore = _counted(cover)
    else:
        closes_bp, closes_error_bp, cover_ore, cover_error_ore = _drawn(cover)
    return GapChance(
        cover.gap_ore,
        min((row.on for row in gap.rows), default=None),
        closes_bp,
        closes_error_bp,
        cover_ore,
        cover_error_ore,
        _nearest(weighted, WHOLE),
        0 if len(told.helping) <= exactly_up_to else DRAWS,
        tuple(ask.id for ask in told.helping),
        told.late,
        told.elsewhere,
    )


def outcomes(asks: Sequence[Ask]) -> tuple[dict[int, int], int]:
    """Every set of asks that can come true together, as bits by place, with its weight; and all weights' sum."""
    ways, whole = {0: 1}, 1
    for draw in draws_of(asks):
        rest = WHOLE - sum(asks[place].chance_bp for place in draw)
        options = [(1 << place, asks[place].chance_bp) for place in draw]
        if rest:
            options.append((0, rest))
        ways = {won | more: weight * bp for won, weight in ways.items() for more, bp in options}
        whole *= WHOLE
    return ways, whole


def told_bp(top: int, bottom: int) -> int:
    """A share in the nearest basis points, where only what is certain is 0 or 100 %."""
    if top in (0, bottom):
        return WHOLE if top else 0
    return min(max(_nearest(top * WHOLE, bottom), 1), WHOLE - 1)


def _counted(cover: Cover) -> tuple[int, int, int, int]:
    """The chance and the average cover over every way, without error."""
    ways, whole = outcomes(cover.asks)
    closes = average = 0
    for won, weight in ways.items():
        ore = cover.ore(won)
        average += ore * weight
        closes += weight if ore == cover.gap_ore else 0
    return told_bp(closes, whole), 0, _nearest(average, whole), 0


def _drawn(cover: Cover) -> tuple[int, int, int, int]:
    """The chance and the average cover over drawn ways, with their standard errors.

    The error of the chance counts one hit and one miss more than there were, so that it is never nothing.
    """
    hits = total = squares = 0
    for won, times in _ways_drawn(tuple(cover.asks)).items():
        ore = cover.ore(won)
        total += times * ore
        squares += times * ore * ore
        hits += times if ore == cover.gap_ore else 0
    likely, unlikely = hits + 1, DRAWS - hits + 1
    error_bp = _root_up(WHOLE * WHOLE * likely * unlikely, (DRAWS + 2) ** 2 * DRAWS)
    error_ore = _root_up(DRAWS * squares - total * total, DRAWS**3)
    return _drawn_bp(hits, cover), error_bp, _nearest(total, DRAWS), error_ore


def _drawn_bp(hits: int, cover: Cover) -> int:
    """The chance by the draws; all hits are not certainty, and no hit is no proof that it can not happen."""
    if hits == DRAWS and cover.gap_ore:
        return WHOLE - 1
    if not hits and cover.closes((1 << len(cover.asks)) - 1):
        return 1
    return told_bp(hits, DRAWS)


@lru_cache(maxsize=8)
def _ways_drawn(asks: tuple[Ask, ...]) -> Counter[int]:
    """How often each set of asks came true in the draws. random() is the same on every machine and version.

    Kept for the next target date: the asks are the same, only the gap is another.
    """
    uniform = random.Random(SEED).random
    ways = [0] * DRAWS
    for draw in draws_of(asks):
        steps: list[tuple[int, int]] = []
        reached = 0
        for place in draw:
            reached += asks[place].chance_bp
            steps.append((reached, 1 << place))
        for number in range(DRAWS):
            at = int(uniform() * WHOLE)
            for limit, bit in steps:
                if at < limit:
                    ways[number] |= bit
                    break
    return Counter(ways)


def _nearest(top: int, bottom: int) -> int:
    """A whole number, half rounded up."""
    return (2 * top + bottom) // (2 * bottom)


def _root_up(top: int, bottom: int) -> int:
    """The square root of a fraction, rounded up to a whole number."""
    whole = -(-top // bottom)
    root = isqrt(whole)
    return root if root * root == whole else root + 1
