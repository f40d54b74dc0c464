"""How well the forecast has foreseen: what was said month by month, beside what came."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from choir_app.funding.rules.costs import months_after

AHEAD = (1, 3, 6)
"""How many months ahead a foreseen balance is looked at."""
NEAR = timedelta(days=10)
"""How far from such a day a noted balance may lie to be compared, each on its own day."""
CHANCE_LIMITS = (2_000, 5_000, 8_000, 10_000)
"""Chances are looked at together below each of these, in basis points."""


@dataclass(frozen=True, slots=True)
class BalanceMet:
    """A balance that was foreseen for a day, and what was in the bank when it was over. In öre."""

    months: int
    on: date
    foreseen_ore: int
    was_ore: int

    @property
    def off_ore(self) -> int:
        """How much more there was than foreseen; below nothing is less."""
        return self.was_ore - self.foreseen_ore


@dataclass(frozen=True, slots=True)
class ChancesMet:
    """The asks whose chance was held to be about the same, and how many came true."""

    least_bp: int
    below_bp: int
    foreseen_bp: int
    """The chance of one of them on the average."""
    wins: int
    n: int


def foreseen_on(course: Sequence[tuple[date, int]], day: date) -> int | None:
    """The balance that was foreseen for the end of a day; None when the day lies before all that was foreseen.

    The course is each day on which the balance was going to change, with what it was going to be after it.
    """
    place = bisect_right(course, day, key=lambda point: point[0])
    return course[place - 1][1] if place else None


def balances_met(
    taken_on: date, course: Sequence[tuple[date, int]], noted: Iterable[tuple[date, int]]
) -> list[BalanceMet]:
    """For 1, 3 and 6 months after a forecast: the noted balance nearest to that day, and what was foreseen for the
    day it was noted for. What is not near is not compared, and neither is what the forecast knew already."""
    known = sorted((on, ore) for on, ore in noted if on > taken_on)
    met = []
    for months in AHEAD:
        day = months_after(taken_on, months)
        near = min(known, key=lambda one: (abs(one[0] - day), one[0]), default=None)
        if near is None or abs(near[0] - day) > NEAR:
            continue
        foreseen = foreseen_on(course, near[0])
        if foreseen is not None:
            met.append(BalanceMet(months, near[0], foreseen, near[1]))
    return met


def usual_miss(met: Iterable[BalanceMet], months: int) -> tuple[int, int]:
    """How far off foreseen balances were so many months ahead, on the average, in öre; and of how many."""
    misses = [abs(one.off_ore) for one in met if one.months == months]
    return (2 * sum(misses) + len(misses)) // (2 * len(misses)) if misses else 0, len(misses)


def chances_met(answered: Iterable[tuple[int, bool]]) -> list[ChancesMet]:
    """The asks that have been answered, by the chance in basis points that was first told, and whether they came
    true; groups without any are left out."""
    answered = list(answered)
    found, least = [], 0
    for below in CHANCE_LIMITS:
        group = [(bp, won) for bp, won in answered if least <= bp < below]
        if group:
            whole = sum(bp for bp, _ in group)
            wins = sum(won for _, won in group)
            mean = (2 * whole + len(group)) // (2 * len(group))
            found.append(ChancesMet(least, below, mean, wins, len(group)))
        least = below
    return found
