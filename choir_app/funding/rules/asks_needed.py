"""What it takes of the open asks: the fewest that make it likely enough, and the last day to apply for more.

The fewest are found by trying sets of one ask, of two, and so on. Most are passed over without counting how they
can end: a gap can not be closed with a chance of 80 % by asks that are worth less than 80 % of it when sums are
weighed with chances (Markov's inequality), nor when so many as it takes at least come true with less than 80 %, nor
by a set in which those that can not be done without all come true with less than 80 %.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from choir_app.funding.rules.asks import Ask, Cover, Gap, sorted_asks
from choir_app.funding.rules.gap import WHOLE, chance_gap_closes, outcomes, told_bp

LIKELY_BP = 8_000
EXACTLY_UP_TO = 20
"""Of more asks only the 20 that would pay most of the gap on the average are looked at."""
LARGEST_SET = 12
"""Nobody works on more at once, and up to here the chance of a set is counted exactly."""
MOST_STEPS = 250_000
"""How much is tried at most before the best set found so far is told as that: a step for each set that is looked
at and one for each way in which it can end, when they are counted."""


SURE_ERRORS = 4
"""When a chance was drawn: so many standard errors under the wish it is held to be under it."""


@dataclass(frozen=True)
class AsksNeeded:
    """The asks that together close a gap with the wished chance, or how far all of them come."""

    asks: tuple[Hashable, ...] | None
    """The fewest, and of equally many those of the smallest sum. None: not even all are enough."""
    closes_bp: int
    """The chance that these close the gap alone; when there are none, the chance with all that come in time."""
    is_proven: bool
    """Whether nothing smaller will do. If not they are enough all the same."""


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day to apply so that the money comes in time."""

    on: date | None
    """None: it comes too late, whenever one applies."""
    money_on: date
    """When the money would come, applied for on that day, or else as early as can be."""


def asks_needed(
    gap: Gap, asks: Iterable[Ask], *, likely_bp: int = LIKELY_BP, in_time: bool = True
) -> AsksNeeded:
    """Which open asks, fewest first, close a gap with a chance of 80 %; see chance_gap_closes.

    Exact for up to 20 asks that help; of equally many with the same sum the likeliest are told. Where too many sets
    would have to be tried, as when ten middling ones of twenty are needed, those worth most are taken one after
    another: they are enough, and told as not proven to be the fewest.
    """
    asks = list(asks)
    with_all = chance_gap_closes(gap, asks, in_time=in_time)
    if not with_all.gap_ore:
        return AsksNeeded((), with_all.closes_bp, is_proven=True)
    if with_all.closes_bp + SURE_ERRORS * with_all.closes_error_bp < likely_bp:
        return AsksNeeded(None, with_all.closes_bp, is_proven=True)
    helping = sorted_asks(asks, gap, in_time=in_time).helping
    search = _Search(_weightiest(helping, with_all.gap_ore), gap, likely_bp)
    search.run()
    is_proven = search.is_whole and len(helping) <= EXACTLY_UP_TO
    if search.best:
        ids = tuple(search.asks[place].id for place in search.best.places)
        return AsksNeeded(ids, search.best.closes_bp, is_proven)
    if with_all.closes_bp < likely_bp:
        return AsksNeeded(None, with_all.closes_bp, is_proven)
    return _one_after_another(search.asks, gap, likely_bp) or AsksNeeded(
        tuple(ask.id for ask in helping), with_all.closes_bp, is_proven=False
    )


def last_day_to_apply(
    *,
    opens_on: date | None,
    closes_on: date | None,
    decision_lead_days: int,
    payout_lag_days: int,
    money_needed_on: date,
    as_of: date,
) -> LastDay:
    """The last day to apply for a programme so that decision and money come by the day the money is needed.

    One with a last day decides so many days after that day, however early one applies; one that is always open,
    after each application. Nobody can apply before it opens, or before as_of.
    """
    wait = timedelta(days=decision_lead_days + payout_lag_days)
    first = max(opens_on or as_of, as_of)
    if closes_on is not None:
        is_in_time = first <= closes_on and closes_on + wait <= money_needed_on
        return LastDay(closes_on if is_in_time else None, closes_on + wait)
    last = money_needed_on - wait
    return LastDay(last, money_needed_on) if first <= last else LastDay(None, first + wait)


def _one_after_another(asks: Sequence[Ask], gap: Gap, likely_bp: int) -> AsksNeeded | None:
    """The weightiest asks, as many as it takes: enough, though there may be fewer that are."""
    gap_ore = sum(row.ore for row in gap.rows)
    by_worth = sorted(asks, key=lambda ask: -min(ask.ore, gap_ore) * ask.chance_bp)
    for size in range(1, len(by_worth) + 1):
        told = chance_gap_closes(gap, by_worth[:size], in_time=False)
        if told.closes_bp >= likely_bp:
            return AsksNeeded(told.helping, told.closes_bp, is_proven=False)
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    places: tuple[int, ...]
    ore: int
    closes_bp: int

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        return (self.ore, -self.closes_bp, self.places)


class _Search:
    """Sets of asks of a growing size, until one size holds a set that is likely enough."""

    def __init__(self, asks: Sequence[Ask], gap: Gap, likely_bp: int) -> None:
        self.asks = asks
        self.cover = Cover(asks, gap)
        self.likely_bp = likely_bp
        self.best: _Found | None = None
        self.steps = 0
        self.worth = [min(ask.ore, self.cover.gap_ore) * ask.chance_bp for ask in asks]
        self.least_worth = likely_bp * self.cover.gap_ore
        """Below this a set can not be likely enough, as a sum of öre times basis points."""
        self.most_ore = _best_sums([ask.ore for ask in asks])
        self.most_worth = _best_sums(self.worth)
        self.least_ore = [sum(ask.ore for ask in asks[len(asks) - size :]) for size in range(len(asks) + 1)]
        """Of the last asks, which are the smallest, so many together."""
        of_group: dict[Hashable, int] = {}
        for ask in asks:
            if ask.group is not None:
                of_group[ask.group] = of_group.get(ask.group, 0) + ask.chance_bp
        self.at_most_bp = [of_group.get(ask.group, ask.chance_bp) for ask in asks]
        """The chance of each, or that any of its exclusive group comes: more come true so than truly can."""
        self.likeliest = [sorted(self.at_most_bp[place:], reverse=True) for place in range(len(asks) + 1)]

    @property
    def is_whole(self) -> bool:
        """Whether everything was tried that had to be."""
        return self.steps < MOST_STEPS

    def run(self) -> None:
        for size in range(1, min(len(self.asks), LARGEST_SET) + 1):
            self._extend((), 0, size, 0, 0)
            if self.best or not self.is_whole:
                return

    def _extend(self, chosen: tuple[int, ...], start: int, more: int, ore: int, worth: int) -> None:
        """Try every set with these and so many more of the asks from a place on, which can be what is sought."""
        if more == 0:
            self._try(chosen, ore)
            return
        for place in range(start, len(self.asks) - more + 1):
            if ore + self.most_ore[place][more] < self.cover.gap_ore or not self.is_whole:
                return
            if worth + self.most_worth[place][more] < self.least_worth:
                return
            if not self._can_be_likely(chosen, place, more):
                return
            now = ore + self.asks[place].ore
            if self.best and now + self.least_ore[more - 1] > self.best.ore:
                continue
            self._extend((*chosen, place), place + 1, more - 1, now, worth + self.worth[place])

    def _can_be_likely(self, chosen: tuple[int, ...], start: int, more: int) -> bool:
        """Whether as many as it takes at least can come true often enough, with the likeliest from a place on.

        The asks stand largest first, so the first of those chosen and of those to come are the largest.
        """
        self.steps += 1
        takes, lacking = 0, self.cover.gap_ore
        for place in (*chosen, *range(start, start + more)):
            if lacking <= 0:
                break
            takes += 1
            lacking -= self.asks[place].ore
        likely = [self.at_most_bp[place] for place in chosen] + self.likeliest[start][:more]
        fewer = [1] + [0] * (takes - 1)
        for bp in likely:
            for count in range(takes - 1, 0, -1):
                fewer[count] = fewer[count] * (WHOLE - bp) + fewer[count - 1] * bp
            fewer[0] *= WHOLE - bp
        whole = WHOLE ** len(likely)
        return (whole - sum(fewer)) * WHOLE >= self.likely_bp * whole

    def _try(self, chosen: tuple[int, ...], ore: int) -> None:
        self.steps += 1
        if self._is_hopeless(chosen):
            return
        ways, whole = outcomes([self.asks[place] for place in chosen])
        self.steps += len(ways)
        closes = 0
        for won, weight in ways.items():
            if self.cover.closes(sum(1 << place for bit, place in enumerate(chosen) if won >> bit & 1)):
                closes += weight
        if closes * WHOLE < self.likely_bp * whole:
            return
        found = _Found(chosen, ore, told_bp(closes, whole))
        if self.best is None or found.rank < self.best.rank:
            self.best = found

    def _is_hopeless(self, chosen: tuple[int, ...]) -> bool:
        """Whether those of the set that it can not do without are too unlikely to come true all of them."""
        everything = sum(1 << place for place in chosen)
        if not self.cover.closes(everything):
            return True
        likely, whole = 1, 1
        for place in chosen:
            if not self.cover.closes(everything & ~(1 << place)):
                likely *= self.asks[place].chance_bp
                whole *= WHOLE
                if likely * WHOLE < self.likely_bp * whole:
                    return True
        return False


def _weightiest(asks: Sequence[Ask], gap_ore: int) -> list[Ask]:
    """The 20 asks that are worth most to the gap, in the order they came."""
    by_worth = sorted(asks, key=lambda ask: -min(ask.ore, gap_ore) * ask.chance_bp)
    kept = {ask.id for ask in by_worth[:EXACTLY_UP_TO]}
    return [ask for ask in asks if ask.id in kept]


def _best_sums(values: Sequence[int]) -> list[list[int]]:
    """For each place the largest sum of none, one, two … of the values from there on."""
    sums = []
    for place in range(len(values) + 1):
        reached = [0]
        for value in sorted(values[place:], reverse=True):
            reached.append(reached[-1] + value)
        sums.append(reached)
    return sums
