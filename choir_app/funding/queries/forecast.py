"""Until when the money lasts: the answer that the page, the table, the chart and the command line all tell."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
class Part:
    """What one payer gives to a choir's costs of a time, in öre; payer None is the free money."""

    payer: Payer | None
    ore: int


@dataclass(frozen=True)
class Span:
    """One month of a choir, or its part before or after its money ends: what it costs and who pays. In öre."""

    first: date
    last: date
    cost_ore: int
    paid: tuple[Part, ...]
    unpaid_ore: int

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.first.replace(day=1)


@dataclass(frozen=True)
class ChoirOutlook:
    """The answer for one choir, its range, and who pays month by month."""

    id: UUID
    name: str
    slug: str
    financed: Outlook
    guaranteed: Outlook
    best: Outlook
    spans: tuple[Span, ...]
    shortage: rules.Shortage | None

    @property
    def months(self) -> tuple[Span, ...]:
        """The same by whole months."""
        by_month: dict[date, list[Span]] = defaultdict(list)
        for span in self.spans:
            by_month[span.month].append(span)
        return tuple(_joined(month, spans) for month, spans in by_month.items())

    @property
    def payers(self) -> tuple[Payer, ...]:
        """Who pays for the choir from the first counted day on, the first to pay first."""
        seen: dict[UUID, Payer] = {}
        for span in self.spans:
            for part in span.paid:
                if part.payer:
                    seen.setdefault(part.payer.agreement_id, part.payer)
        return tuple(seen.values())

    @property
    def usual_month_ore(self) -> int:
        """What the middle one of its months costs, in öre; summer and Christmas do not weigh in."""
        costs = sorted(month.cost_ore for month in self.months[:12])
        return costs[len(costs) // 2] if costs else 0

    def lacking_until(self, day: date) -> int:
        """What nobody pays up to the end of the month of a day, in öre."""
        return sum(span.unpaid_ore for span in self.spans if span.month <= day)


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
    made: rules.Match
    """The match behind all of it."""

    @property
    def unknown(self) -> tuple[ChoirOutlook, ...]:
        """The choirs of which something must be known first."""
        return tuple(choir for choir in self.choirs if choir.financed.missing)

    @property
    def first_to_end(self) -> ChoirOutlook | None:
        """The choir whose money ends first, if any does; of equals, the first by name."""
        ending = [choir for choir in self.choirs if choir.financed.first_unpaid_on]
        return min(ending, key=lambda choir: choir.financed.first_unpaid_on or self.horizon, default=None)

    @property
    def ends_first_together(self) -> tuple[ChoirOutlook, ...]:
        """The choirs whose money ends on the first of all those days."""
        first = self.first_to_end
        if first is None:
            return ()
        day = first.financed.first_unpaid_on
        return tuple(choir for choir in self.choirs if choir.financed.first_unpaid_on == day)

    @property
    def weighty_end(self) -> Payer | None:
        """The agreement that pays most of what ends before the money does: why it ends then."""
        end = self.network.first_unpaid_on
        if end is None:
            return None
        ore: dict[UUID, int] = defaultdict(int)
        payers: dict[UUID, Payer] = {}
        for part in (part for choir in self.choirs for span in choir.spans for part in span.paid):
            if part.payer and part.payer.usable_to and self.as_of <= part.payer.usable_to < end:
                ore[part.payer.agreement_id] += part.ore
                payers[part.payer.agreement_id] = part.payer
        most = max(ore, key=lambda one: (ore[one], str(one)), default=None)
        return payers[most] if most else None

    def lacking_until(self, day: date) -> int:
        """What nobody pays for in any choir up to the end of the month of a day, in öre."""
        return sum(choir.lacking_until(day) for choir in self.choirs)


def forecast(as_of: date) -> Forecast:
    """Until when each choir and the network is financed, by what was known on a day.

    Source: DOMAIN.md, "Funding and runway", the first of the four answers.
    """
    return counted(facts(as_of, with_open_money=False))


def choir_financed_to(choir_id: UUID, as_of: date) -> ChoirOutlook | None:
    """The answer for one choir; None when it neither sings nor will."""
    return next((choir for choir in forecast(as_of).choirs if choir.id == choir_id), None)


def network_financed_to(as_of: date) -> Outlook:
    """The last day up to which every row of every choir is paid."""
    return forecast(as_of).network


def ends_first(as_of: date) -> ChoirOutlook | None:
    """The choir whose money ends first, if any does."""
    return forecast(as_of).first_to_end


def counted(known: Facts) -> Forecast:
    """Until when each choir and the network is financed, by these facts alone: nothing asks for today."""
    return _counted(known, rules.financed_to, rules.shortages)


def plainly_counted(known: Facts) -> Forecast:
    """The same dates without the range around them and without the reasons: about a third of the work."""
    return _counted(known, rules.financed_plainly, lambda *_: {})


def _counted(
    known: Facts,
    financed: Callable[..., rules.Answer],
    why: Callable[..., Mapping[Hashable, rules.Shortage]],
) -> Forecast:
    told = [choir for choir in known.choirs if not _missing(known, choir)]
    answer = financed(
        known.supplies,
        known.demands,
        choirs=[choir.id for choir in told],
        rehearsals={choir.id: known.rehearsals[choir.id] for choir in told},
        as_of=known.as_of,
        horizon=known.horizon,
        balance_on=known.balance_on,
    )
    reasons = why(known.supplies, known.demands, answer.match) if known.balance_on else {}
    spans = _spans(known, answer.match)
    choirs = tuple(_outlook_of(choir, known, answer, reasons, spans) for choir in known.choirs)
    return Forecast(
        as_of=known.as_of,
        since=known.since,
        horizon=known.horizon,
        balance_on=known.balance_on,
        balance_ore=known.balance_ore,
        free_ore=known.free_ore,
        is_balance_old=answer.old_balance_on is not None,
        newer_spent_on=known.newer_spent_on,
        network=_network_of(
            known,
            answer,
            [choir for choir in told if not isinstance(answer.choirs.get(choir.id), rules.Unknown)],
        ),
        choirs=choirs,
        payers=known.payers,
        names={choir.id: choir.name for choir in known.choirs},
        fund=_fund(known, answer.match),
        made=answer.match,
    )


def by_day(demands: Iterable[rules.Demand]) -> list[rules.Demand]:
    """The same costs with one row for each choir and day: all that a choir lacks on a day is lacking of every part of
    it alike, so the days are the same, with much less to count."""
    ore: dict[tuple[date, Hashable], int] = defaultdict(int)
    for row in demands:
        ore[row.on, row.choir] += row.ore
    return [rules.Demand((choir, on), choir, on, sum_) for (on, choir), sum_ in ore.items()]


def network_outlook(known: Facts, days: Iterable[rules.Demand] | None = None) -> Outlook:
    """The network's answer alone, without that of each choir: much less to count. `days`: its costs by_day, where
    somebody has them already."""
    told = [choir for choir in known.choirs if not _missing(known, choir)]
    answer = rules.financed_plainly(
        known.supplies,
        by_day(known.demands) if days is None else days,
        choirs=(),
        rehearsals={choir.id: known.rehearsals[choir.id] for choir in told},
        as_of=known.as_of,
        horizon=known.horizon,
        balance_on=known.balance_on,
    )
    return _network_of(known, answer, told)


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
    spans: Mapping[Hashable, tuple[Span, ...]],
) -> ChoirOutlook:
    found = answer.choirs.get(choir.id)
    missing = _missing(known, choir)
    if isinstance(found, rules.Unknown):
        missing = found.missing
    limit = known.known_to[choir.id]
    if isinstance(found, rules.Unknown) and missing == "cost_line" and _costs_nothing_more(choir, known):
        tellings = [_nothing_to_pay(choir, known)] * 3
    elif isinstance(found, rules.ChoirFinanced):
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
        spans=spans.get(choir.id, ()),
        shortage=reasons.get(choir.id),
    )


def _costs_nothing_more(choir: CountedChoir, known: Facts) -> bool:
    """Whether a choir has costs that go on and are all given in kind, which is something else than having none."""
    return choir.id not in known.without_cost and known.known_to[choir.id] >= known.as_of


def _is_given_all(choir: CountedChoir, known: Facts) -> bool:
    return not _missing(known, choir) and _costs_nothing_more(choir, known)


def _nothing_to_pay(choir: CountedChoir, known: Facts) -> Outlook:
    """The answer for a choir whose every planned cost is given in kind: paid as far as plans reach."""
    limit = known.known_to[choir.id]
    sung = [on for on in known.rehearsals.get(choir.id, ()) if known.as_of <= on <= limit]
    return Outlook(
        "beyond", beyond=limit, rehearsals_left=len(sung), last_rehearsal_on=max(sung, default=None)
    )


def _network_of(known: Facts, answer: rules.Answer, told: Iterable[CountedChoir]) -> Outlook:
    told = list(told)
    if isinstance(answer.network, rules.Unknown):
        if known.balance_on and known.choirs and all(_is_given_all(choir, known) for choir in known.choirs):
            return Outlook("beyond", beyond=min(known.known_to[choir.id] for choir in known.choirs))
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


def _spans(known: Facts, made: rules.Match) -> dict[Hashable, tuple[Span, ...]]:
    """Who pays for which choir, month by month; the month in which a choir's money ends is told in two parts."""
    ends: dict[Hashable, date] = {}
    for row in known.demands:
        if row.id in made.short:
            ends[row.choir] = min(row.on, ends.get(row.choir, row.on))
    place = {row.id: (row.choir, _first_of_span(row.on, ends.get(row.choir))) for row in known.demands}
    cost: dict[Any, int] = defaultdict(int)
    unpaid: dict[Any, int] = defaultdict(int)
    paid: dict[Any, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    for row in known.demands:
        cost[place[row.id]] += row.ore
        unpaid[place[row.id]] += made.unpaid[row.id]
    for (supply, row_id), ore in made.used.items():
        paid[place[row_id]][supply] += ore
    order = {supply.id: number for number, supply in enumerate(_longest_first(known))}
    spans: dict[Hashable, list[Span]] = defaultdict(list)
    for choir, first in sorted(cost, key=lambda key: (key[1], str(key[0]))):
        last = rules.months_after(first.replace(day=1), 1) - timedelta(days=1)
        end = ends.get(choir)
        if end and first < end <= last:
            last = end - timedelta(days=1)
        parts = sorted(paid[choir, first].items(), key=lambda pair: order[pair[0]])
        spans[choir].append(
            Span(
                first,
                last,
                cost[choir, first],
                tuple(Part(known.payers.get(supply), ore) for supply, ore in parts if ore),
                unpaid[choir, first],
            )
        )
    return {choir: tuple(found) for choir, found in spans.items()}


def _first_of_span(day: date, end: date | None) -> date:
    month = day.replace(day=1)
    return end if end and month < end <= day and end.replace(day=1) == month else month


def _joined(month: date, spans: list[Span]) -> Span:
    given: dict[UUID | None, Part] = {}
    for part in (part for span in spans for part in span.paid):
        key = part.payer.agreement_id if part.payer else None
        given[key] = Part(part.payer, part.ore + (given[key].ore if key in given else 0))
    return Span(
        month,
        spans[-1].last,
        sum(span.cost_ore for span in spans),
        tuple(given.values()),
        sum(span.unpaid_ore for span in spans),
    )


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
