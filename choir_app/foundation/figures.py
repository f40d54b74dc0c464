"""Figures that a text may tell, such as how many sing in a week: offered by the rooms that know them, under a name.

A room hangs up a figure with `@offers("…", …)` on a plain function of its queries. Whoever writes needs not know which
room that is. A figure that speaks of fewer than five people is given to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

FEWEST_PEOPLE = 5
"""Of fewer people than these nothing is told outside the choir. Source: DOMAIN.md, "Privacy"."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What something was on a day."""

    value: int
    n: int
    """How many single counts it rests on: weeks of an average, people of a number of people."""
    on: date
    people: int | None
    """Of how many people it speaks; None when it speaks of something else, such as towns."""
    is_about: bool = False
    """Whether one says «cirka», as of an average."""


Measure = Callable[[], Figure | None]


@dataclass(frozen=True)
class Offer:
    """A figure that may be told, in words and by the name that a text calls it by."""

    name: str
    words: Any
    measure: Measure

    @property
    def now(self) -> Figure | None:
        """What it is at this moment; None when nothing is known, or it speaks of too few people."""
        figure = self.measure()
        if figure is not None and figure.people is not None and figure.people < FEWEST_PEOPLE:
            return None
        return figure


OFFERED: dict[str, Offer] = {}


def offers(name: str, words: Any) -> Callable[[Measure], Measure]:
    """Hang up a figure under its name, with what people call it."""

    def hang(measure: Measure) -> Measure:
        OFFERED[name] = Offer(name, words, measure)
        return measure

    return hang


def offered() -> tuple[Offer, ...]:
    """Every figure that may be told, in the order of their words."""
    return tuple(sorted(OFFERED.values(), key=lambda one: str(one.words)))


def figure_called(name: str) -> Figure | None:
    """What the figure of this name is now; None when there is none, or it may not be told."""
    offer = OFFERED.get(name)
    return offer.now if offer else None
