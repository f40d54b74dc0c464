"""Month by month: what it costs, what money in the bank and signed money pay, what lacks, and the rows behind."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from choir_app.funding import rules
from choir_app.funding.queries.answers import Answers, with_open_money
from choir_app.funding.queries.facts import FREE, Facts, Payer
from choir_app.funding.queries.forecast import by_day


@dataclass(frozen=True)
class MonthRow:
    """One month of a choir, or of all. In öre; the cost is what the three others add up to, open money beside."""

    month: date
    cost_ore: int
    received_ore: int
    """Paid by what is in the bank."""
    committed_ore: int
    """Paid by what is signed and has not come."""
    gap_ore: int
    """Paid by nobody."""
    open_ore: int
    """How much of the gap the open asks would pay if all came true that can; never added to the others."""


@dataclass(frozen=True)
class CashMonth:
    """One month of the bank account: what comes, what goes, what is left when it is over and at its lowest. In öre."""

    month: date
    came_ore: int
    went_ore: int
    left_ore: int
    lowest_ore: int


@dataclass(frozen=True)
class PaidPart:
    """What one payer gives to a cost, in öre; payer None is the free money."""

    payer: Payer | None
    ore: int
    is_received: bool
    """Whether it is in the bank already."""


@dataclass(frozen=True)
class PaidCost:
    """One planned cost on its day, and who pays for it. In öre."""

    on: date
    choir_id: Hashable
    line_id: Hashable
    ore: int
    paid: tuple[PaidPart, ...]
    unpaid_ore: int


def months_of(found: Answers, *, until: date, choir: UUID | None = None) -> tuple[MonthRow, ...]:
    """The months from the day asked about to another day's month, of one choir or of all."""
    known, made = found.facts, found.forecast.made
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    rows = {row.id: row for row in known.demands if _is_shown(row, found, until, choir)}
    for row in rows.values():
        month = sums[row.on.replace(day=1)]
        month[0] += row.ore
        month[3] += made.unpaid[row.id]
    for on, ore in _lacking_at_best(known, choir).items():
        if on <= until and on.replace(day=1) in sums:
            sums[on.replace(day=1)][4] += ore
    for (_supply, row_id), parts in _parts(known, made).items():
        if row_id in rows:
            month = sums[rows[row_id].on.replace(day=1)]
            month[1] += parts[0]
            month[2] += parts[1]
    return tuple(
        MonthRow(month, cost, received, committed, gap, max(gap - at_best, 0))
        for month, (cost, received, committed, gap, at_best) in sorted(sums.items())
    )


def costs_of_month(found: Answers, month: date, *, choir: UUID | None = None) -> tuple[PaidCost, ...]:
    """Every planned cost of a month, day by day, and who pays for it: the rows behind a figure."""
    known, made = found.facts, found.forecast.made
    by_row: dict[Hashable, list[PaidPart]] = defaultdict(list)
    for (supply, row_id), (received, committed) in _parts(known, made).items():
        payer = known.payers.get(supply)
        for ore, is_received in ((received, True), (committed, False)):
            if ore:
                by_row[row_id].append(PaidPart(payer, ore, is_received))

    def in_order(row: rules.Demand) -> tuple[date, str, str]:
        return (row.on, found.forecast.names[row.choir], str(row.id))

    return tuple(
        PaidCost(
            row.on,
            row.choir,
            row.id.line if isinstance(row.id, rules.RowId) else row.id,
            row.ore,
            tuple(sorted(by_row[row.id], key=lambda part: (part.payer is None, -part.ore, part.is_received))),
            made.unpaid[row.id],
        )
        for row in sorted(known.demands, key=in_order)
        if row.on.replace(day=1) == month and choir in (None, row.choir)
    )


def cash_months(found: Answers) -> tuple[CashMonth, ...]:
    """The bank account month by month, as far as costs are planned; nothing without a balance."""
    if found.cash is None:
        return ()
    by_month: dict[date, list[rules.CashDay]] = defaultdict(list)
    for day in found.cash.course:
        if day.on <= found.known_to:
            by_month[day.on.replace(day=1)].append(day)
    return tuple(
        CashMonth(
            month,
            sum(day.came_ore for day in days),
            sum(day.went_ore for day in days),
            days[-1].balance_ore,
            min(day.balance_ore for day in days),
        )
        for month, days in sorted(by_month.items())
    )


def _is_shown(row: rules.Demand, found: Answers, until: date, choir: UUID | None) -> bool:
    return found.facts.as_of.replace(day=1) <= row.on <= until and choir in (None, row.choir)


def _lacking_at_best(known: Facts, choir: UUID | None) -> dict[date, int]:
    """What lacks on each day if every open ask were signed, in öre; of an exclusive group only the likeliest."""
    demands = by_day(known.demands)
    made = rules.match(with_open_money(known, "open").supplies, demands)
    lacking: dict[date, int] = defaultdict(int)
    for row in demands:
        if choir in (None, row.choir):
            lacking[row.on] += made.unpaid[row.id]
    return lacking


def _parts(known: Facts, made: rules.Match) -> dict[tuple[Hashable, Hashable], tuple[int, int]]:
    """Of what each supply gives to each row: what is in the bank, and what has not come. The first rows are paid
    with what is in the bank."""
    kept: dict[Hashable, int] = {one.id: one.kept_ore for one in known.agreements}
    for came in known.received:
        kept[came.agreement_id] = max(0, kept.get(came.agreement_id, 0) + came.ore)
    day_of = {row.id: (row.on, str(row.id)) for row in known.demands}
    split: dict[tuple[Hashable, Hashable], tuple[int, int]] = {}
    for supply, row_id in sorted(made.used, key=lambda pair: (day_of[pair[1]], str(pair[0]))):
        ore = made.used[supply, row_id]
        received = ore if supply == FREE else min(ore, kept.get(supply, 0))
        if supply != FREE:
            kept[supply] = kept.get(supply, 0) - received
        split[supply, row_id] = (received, ore - received)
    return split
