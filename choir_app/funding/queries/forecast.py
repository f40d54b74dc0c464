"""Until when the money lasts: the answer that the page, the table, the chart and the command line all tell."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from choir_app.funding import rules
from choir_app.funding.queries.facts import FREE, CountedChoir, Facts, Payer, facts

Missing = Literal["balance", "cost_line", "rehearsals"]
"""What somebody must write down before there is a date to tell."""

State = Literal["unknown", "beyond", "ends", "not_next", "ended"]
"""Not known; paid as far as plans reach; until a day; not even the next cost; over before the day asked about."""


@dataclass(frozen=True)
class Outlook:
    """Until when every planned cost is paid, or what must be known first. Sums in öre."""

    state: State
    missing: Missing | None = None
    to: date | None = None
    """The last day with a cost on which, as on all days before, everything is paid."""
    first_unpaid_on: date | None = None
    beyond: date | None = None
    """Everything that is planned up to this day is paid."""
    rehearsals_left: int = 0
    last_rehearsal_on: date | None = None
    lacking_ore: int = 0
    """What is lacking on the first unpaid day."""


@dataclass(frozen=True)
class Stretch:
    """Who pays what share of a choir's cost in one month: `share` of 1; payer None is the free money."""

    month: date
    payer: Payer | None
    share: float
    ore: int


@dataclass(frozen=True)
class MonthOfChoir:
    """One month of one choir: what it costs, what is paid for and by whom, what nobody pays. In öre."""

    month: date
    cost_ore: int
    paid: tuple[Stretch, ...]
    unpaid_ore: int


@dataclass(frozen=True)
class ChoirOutlook:
    """The answer for one choir, its range, and who pays month by month."""

    id: UUID
    name: str
    slug: str
    financed: Outlook
    guaranteed: Outlook
    best: Outlook
    months: tuple[MonthOfChoir, ...]
    shortage: rules.Shortage | None

    @property
    def payers(self) -> tuple[Payer, ...]:
        """Who pays for the choir from the first counted day on, the first to pay first."""
        seen: dict[UUID, Payer] = {}
        for month in self.months:
            for stretch in month.paid:
                if stretch.payer:
                    seen.setdefault(stretch.payer.agreement_id, stretch.payer)
        return tuple(seen.values())

    @property
    def usual_month_ore(self) -> int:
        """What the middle one of its months costs, in öre; summer and Christmas do not weigh in."""
        costs = sorted(month.cost_ore for month in self.months[:12])
        return costs[len(costs) // 2] if costs else 0

    def lacking_until(self, day: date) -> int:
        """What nobody pays up to the end of the month of a day, in öre."""
        return sum(month.unpaid_ore for month in self.months if month.month <= day)


@dataclass(frozen=True)
class Forecast:
    """The answer for the whole network, as of a day."""

    as_of: date
    since: date
    horizon: date
    balance_on: date | None
    balance_ore: int | None
    free_ore: int | None
    is_balance_old: bool
    newer_spent_on: date | None
    network: Outlook
    choirs: tuple[ChoirOutlook, ...]
    payers: Mapping[Hashable, Payer]
    names: Mapping[Hashable, str]
    fund: tuple[tuple[date, int], ...]
    """What is left of the free money after each day on which some of it is used, in öre."""

    @property
    def unknown(self) -> tuple[ChoirOutlook, ...]:
        """The choirs of which something must be known first."""
        return tuple(choir for choir in self.choirs if choir.financed.missing)

    @property
    def first_to_end(self) -> ChoirOutlook | None:
        """The choir whose money ends first, if any does; of equals, the first by name."""
        ending = [choir for choir in self.choirs if choir.financed.first_unpaid_on]
        return min(ending, key=lambda choir: choir.financed.first_unpaid_on or self.horizon, default=None)

    def lacking_until(self, day: date) -> int:
        """What nobody pays for in any choir up to the end of the month of a day, in öre."""
        return sum(choir.lacking_until(day) for choir in self.choirs)


def forecast(as_of: date) -> Forecast:
    """Until when each choir and the network is financed, by what was known on a day.

    Source: DOMAIN.md, "Funding and runway", the first of the four answers.
    """
    return _counted(facts(as_of))


def choir_financed_to(choir_id: UUID, as_of: date) -> ChoirOutlook | None:
    """The answer for one choir; None when it neither sings nor will."""
    return next((choir for choir in forecast(as_of).choirs if choir.id == choir_id), None)


def network_financed_to(as_of: date) -> Outlook:
    """The last day up to which every row of every choir is paid."""
    return forecast(as_of).network


def ends_first(as_of: date) -> ChoirOutlook | None:
    """The choir whose money ends first, if any does."""
    return forecast(as_of).first_to_end


def _counted(known: Facts) -> Forecast:
    told = [choir for choir in known.choirs if not _missing(known, choir)]
    answer = rules.financed_to(
        known.supplies,
        known.demands,
        choirs=[choir.id for choir in told],
        rehearsals={choir.id: known.rehearsals[choir.id] for choir in told},
        as_of=known.as_of,
        horizon=known.horizon,
        balance_on=known.balance_on,
    )
    reasons = rules.shortages(known.supplies, known.demands, answer.match) if known.balance_on else {}
    months = _months(known, answer.match)
    choirs = tuple(_outlook_of(choir, known, answer, reasons, months) for choir in known.choirs)
    return Forecast(
        as_of=known.as_of,
        since=known.since,
        horizon=known.horizon,
        balance_on=known.balance_on,
        balance_ore=known.balance_ore,
        free_ore=known.free_ore,
        is_balance_old=answer.old_balance_on is not None,
        newer_spent_on=known.newer_spent_on,
        network=_network(known, answer, choirs),
        choirs=choirs,
        payers=known.payers,
        names={choir.id: choir.name for choir in known.choirs},
        fund=_fund(known, answer.match),
    )


def _missing(known: Facts, choir: CountedChoir) -> Missing | None:
    if known.balance_on is None:
        return "balance"
    if choir.id in known.without_cost:
        return "cost_line"
    return "rehearsals" if choir.id in known.without_dates else None


def _outlook_of(
    choir: CountedChoir,
    known: Facts,
    answer: rules.Answer,
    reasons: Mapping[Hashable, rules.Shortage],
    months: Mapping[Hashable, tuple[MonthOfChoir, ...]],
) -> ChoirOutlook:
    found = answer.choirs.get(choir.id)
    missing = _missing(known, choir)
    if isinstance(found, rules.Unknown):
        missing = found.missing
    limit = known.known_to[choir.id]
    if isinstance(found, rules.ChoirFinanced):
        tellings = [_told(one, known.as_of, limit) for one in (found.financed, found.guaranteed, found.best)]
    else:
        tellings = [Outlook("unknown", missing or "cost_line")] * 3
    return ChoirOutlook(
        id=choir.id,
        name=choir.name,
        slug=choir.slug,
        financed=tellings[0],
        guaranteed=tellings[1],
        best=tellings[2],
        months=months.get(choir.id, ()),
        shortage=reasons.get(choir.id),
    )


def _network(known: Facts, answer: rules.Answer, choirs: Iterable[ChoirOutlook]) -> Outlook:
    told = [choir for choir in choirs if not choir.financed.missing]
    if isinstance(answer.network, rules.Unknown):
        return Outlook("unknown", answer.network.missing)
    if not told:
        return Outlook("unknown", "cost_line")
    return _told(answer.network, known.as_of, min(known.known_to[choir.id] for choir in told))


def _told(one: rules.Financed, as_of: date, known_to: date) -> Outlook:
    """The answer of the rules; where everything is paid, told no further than the plans reach."""
    state: State = "ends"
    if one.first_unpaid_on is None:
        state = "beyond"
    elif one.first_unpaid_on < as_of:
        state = "ended"
    elif one.to is None or one.to < as_of:
        state = "not_next"
    return Outlook(
        state,
        to=one.to,
        first_unpaid_on=one.first_unpaid_on,
        beyond=min(one.beyond, known_to) if one.beyond else None,
        rehearsals_left=one.rehearsals_left,
        last_rehearsal_on=one.last_rehearsal_on,
        lacking_ore=one.lacking_ore,
    )


def _months(known: Facts, made: rules.Match) -> dict[Hashable, tuple[MonthOfChoir, ...]]:
    """Who pays for which choir in each month in which it costs anything."""
    place = {row.id: (row.choir, row.on.replace(day=1)) for row in known.demands}
    cost: dict[Any, int] = defaultdict(int)
    unpaid: dict[Any, int] = defaultdict(int)
    paid: dict[Any, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    for row in known.demands:
        cost[place[row.id]] += row.ore
        unpaid[place[row.id]] += made.unpaid[row.id]
    for (supply, row_id), ore in made.used.items():
        paid[place[row_id]][supply] += ore
    order = {supply.id: number for number, supply in enumerate(_longest_first(known))}
    months: dict[Hashable, list[MonthOfChoir]] = defaultdict(list)
    for choir, month in sorted(cost, key=lambda key: (key[1], str(key[0]))):
        whole = cost[choir, month]
        stretches = [
            Stretch(month, known.payers.get(supply), ore / whole, ore)
            for supply, ore in sorted(paid[choir, month].items(), key=lambda pair: order[pair[0]])
            if ore
        ]
        months[choir].append(MonthOfChoir(month, whole, tuple(stretches), unpaid[choir, month]))
    return {choir: tuple(found) for choir, found in months.items()}


def _longest_first(known: Facts) -> list[rules.Supply]:
    """Supplies in the order in which they lie in a lane: what lasts longest at the bottom, free money last."""
    return sorted(
        known.supplies,
        key=lambda supply: (
            supply.id == FREE,
            -(supply.usable_to or date.max).toordinal(),
            known.payers[supply.id].partner if supply.id in known.payers else "",
            str(supply.id),
        ),
    )


def _fund(known: Facts, made: rules.Match) -> tuple[tuple[date, int], ...]:
    if known.free_ore is None:
        return ()
    left = known.free_ore
    used: dict[date, int] = defaultdict(int)
    day_of = {row.id: row.on for row in known.demands}
    for (supply, row_id), ore in made.used.items():
        if supply == FREE:
            used[day_of[row_id]] += ore
    points = [(known.as_of, left)] if not used or min(used) > known.as_of else []
    for day in sorted(used):
        left -= used[day]
        points.append((day, left))
    return tuple(points)
