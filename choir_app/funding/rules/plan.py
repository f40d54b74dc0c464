"""What it will cost: planned costs become rows with a day, a choir and öre."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from choir_app.foundation.money import split
from choir_app.funding.rules.values import Demand


@dataclass(frozen=True, slots=True)
class Cost:
    """A planned cost: of a choir, or of nobody in particular and then shared."""

    id: UUID
    choir: UUID | None
    driver: str
    ore: int
    first: date
    last: date | None
    day_of_month: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it costs anything on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Relief:
    """That a choir is spared a cost for a time, since somebody helps in kind."""

    cost: UUID
    choir: UUID
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the choir is spared on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class ChoirPlan:
    """When a choir is active and when it gathers; states are (since, state) in order of time."""

    id: UUID
    states: tuple[tuple[date, str], ...]
    gathers_on: tuple[date, ...]

    def state_on(self, day: date) -> str:
        """Planned, active, paused or ended on this day."""
        past = [state for since, state in self.states if since <= day]
        return past[-1] if past else "planned"

    def is_active_between(self, first: date, last: date) -> bool:
        """Whether the choir is active on any day from the first to the last."""
        starts = [first, *(since for since, _state in self.states if first < since <= last)]
        return any(self.state_on(day) == "active" for day in starts)


def monthly_days(day_of_month: int, first: date, last: date) -> Iterator[date]:
    """The day of each month from the first to the last day, clamped to the month's end without drift."""
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        day = date(year, month, min(day_of_month, monthrange(year, month)[1]))
        if first <= day <= last:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def demand_rows(
    costs: Iterable[Cost],
    choirs: Iterable[ChoirPlan],
    reliefs: Iterable[Relief] = (),
    *,
    since: date,
    until: date,
) -> list[Demand]:
    """Every cost between two days, both included, as rows of one choir and one day, in öre.

    A cost per rehearsal comes on each rehearsal, a monthly one on its day while the choir is active, a cost that
    comes once on its day. Shared costs are divided equally among the choirs active that day; when all rest, among
    those that rest. A choir is spared what help in kind replaces.
    """
    plans = sorted(choirs, key=lambda choir: choir.id)
    spared = list(reliefs)
    rows = []
    for cost in sorted(costs, key=lambda cost: cost.id):
        own_reliefs = [relief for relief in spared if relief.cost == cost.id]
        for day, choir, ore in _dated(cost, plans, since, until):
            if ore and not any(relief.choir == choir and relief.holds_on(day) for relief in own_reliefs):
                rows.append(Demand(f"{day.isoformat()} {choir} {cost.id}", choir, day, ore))
    return sorted(rows, key=lambda row: (row.on, str(row.id)))


def _dated(
    cost: Cost, plans: Sequence[ChoirPlan], since: date, until: date
) -> Iterator[tuple[date, UUID, int]]:
    first, last = max(since, cost.first), min(until, cost.last or until)
    if cost.driver == "once":
        days = Counter([cost.first] if since <= cost.first <= until else [])
    elif cost.driver == "monthly":
        days = Counter(monthly_days(cost.day_of_month or 1, first, last))
    else:
        days = Counter(
            day
            for plan in plans
            if cost.choir in (None, plan.id)
            for day in plan.gathers_on
            if first <= day <= last
        )
    own = next((plan for plan in plans if plan.id == cost.choir), None)
    for day, times in sorted(days.items()):
        if cost.choir is None:
            sharers = _sharers(plans, day)
            shares = split(cost.ore * times, len(sharers)) if sharers else []
            yield from ((day, plan.id, ore) for plan, ore in zip(sharers, shares, strict=True))
        elif own is not None and (cost.driver != "monthly" or own.state_on(day) == "active"):
            yield day, own.id, cost.ore * times


def _sharers(plans: Sequence[ChoirPlan], day: date) -> list[ChoirPlan]:
    active = [plan for plan in plans if plan.state_on(day) == "active"]
    return active or [plan for plan in plans if plan.state_on(day) == "paused"]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, clamped to that month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Purse:
    """What is known of one agreement on the day that is counted from: all in öre."""

    effective_ore: int
    received_ore: int
    spent_ore: int
    usable_to: date | None
    repay_unspent: bool

    @property
    def left_ore(self) -> int:
        """What it may still pay."""
        return max(0, self.effective_ore - self.spent_ore)

    def held_ore(self, day: date) -> int:
        """What of the bank balance belongs to it: received but not spent; negative when we have laid out money.

        What was spent beyond the agreement was our own. An agreement that is over and asks nothing back holds
        nothing.
        """
        if self.usable_to is not None and self.usable_to < day and not self.repay_unspent:
            return 0
        return self.received_ore - min(self.spent_ore, max(0, self.effective_ore))


def free_money(balance_ore: int, purses: Iterable[Purse], *, on: date) -> int:
    """The bank balance less what is received but not spent of agreements, in öre.

    Less than nothing means that money meant for something has been borrowed.
    """
    return balance_ore - sum(purse.held_ore(on) for purse in purses)
