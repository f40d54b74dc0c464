"""Cash lasts to: when the bank balance goes below a floor, for a while or for good.

Everything is counted by the day's end: what comes in on a day is there for what is paid on that day, as a supply
may pay for the first day of its period. A bank balance is what was in the bank when its day was over, so flows of
that day and before are in it already.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from choir_app.funding.rules.values import Demand, order_of

PATIENCE = timedelta(days=30)
"""How long an instalment may be overdue before nobody counts on it any more."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Money in, or out when below nothing, on a day; in öre."""

    id: Hashable
    """What it is: an instalment's or a cost row's id."""
    on: date
    ore: int


@dataclass(frozen=True, slots=True)
class CashDay:
    """A day on which money moved, and what is in the bank when it is over. In öre."""

    on: date
    came_ore: int
    went_ore: int
    balance_ore: int
    ids: tuple[Hashable, ...]
    """What moved."""


@dataclass(frozen=True, slots=True)
class Dip:
    """Days in a row on which less is in the bank than the floor."""

    first_on: date
    last_on: date
    """The last such day; the horizon when it does not recover before."""
    depth_ore: int
    """How far below the floor it is at its deepest: what must be borrowed or found to get through."""
    deepest_on: date
    """The first day on which it is so deep."""
    recovers_on: date | None
    """The day on which the floor is reached again. None: not before the horizon, so this is the end."""
    paid_to: date | None
    """The last day before it on which something was paid out. None: there was none since the balance."""
    left_ore: int
    """What was left above the floor when it began; less than nothing when it was below from the start."""

    @property
    def days(self) -> int:
        """How many days it lasts, up to the horizon at most."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True)
class Cash:
    """Until when the cash lasts: every dip, and the end if there is one."""

    balance_on: date
    horizon: date
    floor_ore: int
    dips: tuple[Dip, ...]
    """All of them in order of date. Only the last can be without an end."""
    course: tuple[CashDay, ...]

    @property
    def first_dip(self) -> Dip | None:
        """The first time below the floor, whether it recovers from it or not."""
        return self.dips[0] if self.dips else None

    @property
    def end(self) -> Dip | None:
        """The dip from which it never recovers before the horizon."""
        return self.dips[-1] if self.dips and self.dips[-1].recovers_on is None else None

    @property
    def final_day(self) -> date | None:
        """The first day of the end."""
        return self.end.first_on if self.end else None

    @property
    def deepest_dip(self) -> Dip | None:
        """The deepest of those that recover, the first of equals: what a bridge must bear."""
        passing = [dip for dip in self.dips if dip.recovers_on]
        return max(passing, key=lambda dip: dip.depth_ore, default=None)

    @property
    def already_below(self) -> bool:
        """Whether it was below the floor on the day of the balance."""
        return bool(self.dips) and self.dips[0].first_on == self.balance_on

    @property
    def beyond(self) -> date | None:
        """The horizon, when the cash is not below the floor on it: the end is «beyond» this day."""
        return None if self.end else self.horizon


@dataclass(frozen=True)
class Delay:
    """What it means when money comes later than planned, in the dip that its absence falls in."""

    before: Cash
    after: Cash
    dip: Dip | None
    """The dip with the delay. None: the cash bears it."""
    deeper_ore: int
    """How much deeper than without the delay."""
    longer_days: int
    """How many more days it is below the floor."""


def cash_lasts_to(
    balance_ore: int, balance_on: date, flows: Iterable[Flow], *, floor_ore: int = 0, horizon: date
) -> Cash:
    """Follow the bank balance through committed money in and planned costs out, from the day of the balance.

    Flows on the day of the balance and before, and after the horizon, are left out. Nothing below the floor is
    «the floor», however little; the floor itself is enough.
    """
    course = _course(balance_ore, balance_on, flows, horizon)
    levels = [(balance_on, balance_ore), *((day.on, day.balance_ore) for day in course)]
    dips: list[Dip] = []
    paid_to: date | None = None
    paid_days = {day.on for day in course if day.went_ore}
    above = balance_ore - floor_ore
    place = 0
    while place < len(levels):
        on, ore = levels[place]
        if ore >= floor_ore:
            above = ore - floor_ore
            paid_to = on if on in paid_days else paid_to
            place += 1
            continue
        end = next((later for later in range(place, len(levels)) if levels[later][1] >= floor_ore), None)
        deepest_on, deepest = min(levels[place:end], key=lambda level: (level[1], level[0]))
        recovers_on = levels[end][0] if end is not None else None
        last_on = recovers_on - timedelta(days=1) if recovers_on else max(horizon, on)
        dips.append(Dip(on, last_on, floor_ore - deepest, deepest_on, recovers_on, paid_to, above))
        paid_to = max((day for day, _ in levels[place:end] if day in paid_days), default=paid_to)
        place = len(levels) if end is None else end
    return Cash(balance_on, horizon, floor_ore, tuple(dips), course)


def free_money_lasts_to(
    free_ore: int, balance_on: date, costs: Iterable[Demand], *, floor_ore: int = 0, horizon: date
) -> Cash:
    """The same with free money only: how long it would last if it had to pay for everything that is planned.

    No agreement's instalments come in and none of what is kept for them counts.
    """
    return cash_lasts_to(free_ore, balance_on, cost_flows(costs), floor_ore=floor_ore, horizon=horizon)


def cost_flows(costs: Iterable[Demand]) -> list[Flow]:
    """Planned costs as money out of the bank on their days."""
    return [Flow(row.id, row.on, -row.ore) for row in costs]


def expected_on(
    due_on: date, *, condition_on: date | None = None, lag_days: int = 0, as_of: date
) -> date | None:
    """The day on which an unpaid instalment is counted on: the day it is due or its condition is met, the later
    of them, and the payer's lag after that.

    One that should have come, and is late by no more than 30 days, is counted on for the day after as_of. None:
    it is later than that, and nobody should count on it before somebody has asked.
    """
    on = max(due_on, condition_on or due_on) + timedelta(days=lag_days)
    if on > as_of:
        return on
    return as_of + timedelta(days=1) if as_of - on <= PATIENCE else None


def delayed(flows: Iterable[Flow], late: Hashable, days: int) -> list[Flow]:
    """The flows with one of them, by its id, so many days later: a report that is late."""
    slide = timedelta(days=days)
    return [replace(flow, on=flow.on + slide) if flow.id == late else flow for flow in flows]


def cost_of_delay(
    balance_ore: int,
    balance_on: date,
    flows: Iterable[Flow],
    *,
    late: Hashable,
    days: int,
    floor_ore: int = 0,
    horizon: date,
) -> Delay:
    """How much deeper and longer a dip gets when one sum comes so many days later.

    Of several dips while it is awaited, the deepest is told. Raises ValueError when nothing has the id, or it
    would not come later.
    """
    flows = list(flows)
    waited_from = min((flow.on for flow in flows if flow.id == late), default=None)
    if waited_from is None or days < 1:
        raise ValueError("nothing is delayed")
    waited_to = max(flow.on for flow in flows if flow.id == late) + timedelta(days=days - 1)
    before = cash_lasts_to(balance_ore, balance_on, flows, floor_ore=floor_ore, horizon=horizon)
    after = cash_lasts_to(
        balance_ore, balance_on, delayed(flows, late, days), floor_ore=floor_ore, horizon=horizon
    )
    waiting = [dip for dip in after.dips if dip.first_on <= waited_to and waited_from <= dip.last_on]
    dip = max(waiting, key=lambda one: one.depth_ore, default=None)
    if dip is None:
        return Delay(before, after, None, 0, 0)
    parts = [one for one in before.dips if dip.first_on <= one.first_on <= dip.last_on]
    deepest = max((one.depth_ore for one in parts), default=0)
    longer = dip.days - sum(one.days for one in parts)
    return Delay(before, after, dip, dip.depth_ore - deepest, longer)


def _course(balance_ore: int, balance_on: date, flows: Iterable[Flow], horizon: date) -> tuple[CashDay, ...]:
    by_day: dict[date, list[Flow]] = {}
    for flow in flows:
        if balance_on < flow.on <= horizon and flow.ore:
            by_day.setdefault(flow.on, []).append(flow)
    course: list[CashDay] = []
    for on in sorted(by_day):
        came = sum(flow.ore for flow in by_day[on] if flow.ore > 0)
        went = -sum(flow.ore for flow in by_day[on] if flow.ore < 0)
        balance_ore += came - went
        course.append(CashDay(on, came, went, balance_ore, _ids(by_day[on])))
    return tuple(course)


def _ids(flows: Sequence[Flow]) -> tuple[Hashable, ...]:
    return tuple(sorted((flow.id for flow in flows), key=order_of))
