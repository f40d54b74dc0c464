"""The chance alone that a gap closes, when nobody asks what to expect on the average: much less to count."""

from collections.abc import Iterable

from choir_app.funding.rules.asks import Ask, Cover, Gap, draws_of, sorted_asks
from choir_app.funding.rules.gap import EXACTLY_UP_TO, WHOLE, chance_gap_closes, told_bp


def closes_bp(gap: Gap, asks: Iterable[Ask]) -> int:
    """The chance in basis points that open asks pay all of a gap in time: what chance_gap_closes tells, no more.

    The asks are decided one after another, and no further once those that have come true are enough, or not even
    all that are left would be.
    """
    asks = list(asks)
    helping = sorted_asks(asks, gap).helping
    if len(helping) > EXACTLY_UP_TO:
        return chance_gap_closes(gap, asks).closes_bp
    cover, draws = Cover(helping, gap), draws_of(helping)
    rest = [0] * (len(draws) + 1)
    for turn in reversed(range(len(draws))):
        rest[turn] = rest[turn + 1] | sum(1 << place for place in draws[turn])

    def weight(turn: int, won: int) -> int:
        """How many of all ways from here on close it, counted in the chances that are left."""
        if cover.closes(won):
            return WHOLE ** (len(draws) - turn)
        if not cover.closes(won | rest[turn]):
            return 0
        options = [(won | 1 << place, helping[place].chance_bp) for place in draws[turn]]
        options.append((won, WHOLE - sum(bp for _, bp in options)))
        return sum(bp * weight(turn + 1, then) for then, bp in options if bp)

    return told_bp(weight(0, 0), WHOLE ** len(draws))
