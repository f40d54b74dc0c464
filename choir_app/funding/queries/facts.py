"""What the forecast counts with, gathered as of a day in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import lazyload

from choir_app.choirs.models import Choir, ChoirState
from choir_app.foundation.database import db
from choir_app.funding import rules
from choir_app.funding.models import (
    Agreement,
    Amendment,
    BankBalance,
    CostLine,
    InKind,
    Payment,
    Programme,
    SpentToDate,
)
from choir_app.funding.queries.asked import OpenAsk, UncountableAsk, asks_of_day
from choir_app.funding.queries.books import last_days_of_costs, standing
from choir_app.funding.queries.instalments import DueInstalment, instalments_due
from choir_app.partners.models import Partner
from choir_app.rehearsals import queries as rehearsals
from choir_app.rehearsals.models import Series

Certainty = Literal["solid", "striped", "dotted"]
"""An agreement, a pledge, an application."""
HORIZON_MONTHS = 36
FREE = "free"
"""The id of the free money among the supplies."""


@dataclass(frozen=True)
class CountedChoir:
    """A choir that the forecast is about."""

    id: UUID
    name: str
    slug: str
    town_id: UUID
    states: tuple[tuple[date, str], ...]

    def state_on(self, day: date) -> str:
        """Planned, active, paused or ended on this day."""
        past = [state for since, state in self.states if since <= day]
        return past[-1] if past else "planned"

    def active_periods(self, until: date) -> list[rules.Active]:
        """The periods in which it sings, up to a day."""
        ends = [since - timedelta(days=1) for since, _state in self.states[1:]]
        periods = zip(self.states, [*ends, until], strict=False)
        return [rules.Active(self.id, since, last) for (since, state), last in periods if state == "active"]


@dataclass(frozen=True)
class Payer:
    """Who stands behind one supply of money."""

    partner: str
    partner_slug: str
    agreement: str
    agreement_id: UUID
    """The agreement; of open money that is counted with, the ask."""
    usable_to: date | None
    certainty: Certainty = "solid"


@dataclass(frozen=True)
class Received:
    """Money that came under an agreement after the newest balance, and so is not in it. Öre; below nothing when it
    went back."""

    payment_id: UUID
    agreement_id: UUID
    on: date
    ore: int


@dataclass(frozen=True)
class CountedProgramme:
    """A programme that can be applied to, with what it demands and how long its money takes."""

    id: UUID
    name: str
    partner: str
    partner_slug: str
    partner_id: UUID
    terms: rules.Terms
    decision_lead_days: int
    payout_lag_days: int


@dataclass(frozen=True)
class Facts:
    """All that the answers follow from. Sums in öre; days as they are in Sweden.

    A scenario is a function from facts to facts; one that changes costs, choirs or rehearsals sets `demands` anew
    with `planned_costs`.
    """

    as_of: date
    since: date
    """The first day whose costs are counted: the day after the newest balance."""
    horizon: date
    balance_on: date | None
    balance_ore: int | None
    free_ore: int | None
    choirs: tuple[CountedChoir, ...]
    supplies: tuple[rules.Supply, ...]
    demands: tuple[rules.Demand, ...]
    rehearsals: dict[Hashable, Sequence[date]]
    payers: dict[Hashable, Payer]
    without_cost: frozenset[UUID]
    without_dates: frozenset[UUID]
    """Choirs that cost something at each rehearsal, of which none is planned."""
    known_to: dict[UUID, date]
    """Until when a choir's rehearsals and costs are planned; after that nothing is known of it."""
    newer_spent_on: date | None
    """The day of figures on what was spent that are newer than the balance, and so wait for a new one."""
    agreements: tuple[rules.Pledged, ...] = ()
    """The signed agreements as the supplies are made of them, as they stood on the day of the balance."""
    holding: tuple[rules.Pledged, ...] = ()
    """Those of them whose money is kept in the balance: it goes on, or what is left must be paid back."""
    received: tuple[Received, ...] = ()
    """What has come since the balance."""
    cost_lines: tuple[rules.CostLine, ...] = ()
    active: tuple[rules.Active, ...] = ()
    in_kind: tuple[rules.InKind, ...] = ()
    asks: tuple[OpenAsk, ...] = ()
    """Open money that can be counted with; empty when it was not asked for."""
    uncountable: tuple[UncountableAsk, ...] = ()
    """Open asks that say no sum or no dates: told apart, never guessed."""
    instalments: tuple[DueInstalment, ...] = ()
    programmes: tuple[CountedProgramme, ...] = ()


def planned_costs(known: Facts) -> tuple[rules.Demand, ...]:
    """The dated costs that follow from the cost lines, rehearsals, active periods and help in kind."""
    ids = {choir.id for choir in known.choirs}
    rows = rules.cost_rows(
        known.cost_lines,
        rehearsals=known.rehearsals,
        active=known.active,
        in_kind=known.in_kind,
        since=known.since,
        until=known.horizon,
    )
    return tuple(sorted((row for row in rows if row.choir in ids), key=lambda row: (row.on, str(row.id))))


def facts(as_of: date, *, with_open_money: bool = True) -> Facts:
    """Gather what was known of the money on a day; open money, instalments and programmes unless left out."""
    horizon = rules.months_after(as_of, HORIZON_MONTHS)
    balance = db.session.scalars(
        standing(BankBalance)
        .where(BankBalance.as_of <= as_of)
        .order_by(BankBalance.as_of.desc(), BankBalance.noted_at.desc(), BankBalance.id)
        .limit(1)
    ).one_or_none()
    since = balance.as_of + timedelta(days=1) if balance else as_of
    choirs = _choirs(since, horizon)
    costs = _costs(choirs, horizon)
    gathers, planned_to = _gatherings(choirs, since, horizon)
    agreements = _agreements(as_of)
    by_town: dict[UUID, list[UUID]] = defaultdict(list)
    for choir in choirs:
        by_town[choir.town_id].append(choir.id)
    counted_on = balance.as_of if balance else as_of
    pledged, newer_spent_on, received = _pledged(
        agreements, as_of, counted_on, [choir.id for choir in choirs], by_town
    )
    holding = [
        one
        for agreement, one in zip(agreements, pledged, strict=True)
        if agreement.repay_unspent or one.usable_to is None or one.usable_to >= counted_on
    ]
    free_ore = rules.free_ore(balance.ore, holding) if balance else None
    supplies = [one.as_supply() for one in pledged]
    if free_ore is not None:
        supplies.append(rules.free_supply(free_ore, since=since, choirs=[choir.id for choir in choirs]))
    own_costs: dict[Hashable, list[rules.CostLine]] = defaultdict(list)
    for cost in costs:
        own_costs[cost.choir].append(cost)
    known = Facts(
        as_of=as_of,
        since=since,
        horizon=horizon,
        balance_on=balance.as_of if balance else None,
        balance_ore=balance.ore if balance else None,
        free_ore=free_ore,
        choirs=choirs,
        supplies=tuple(supplies),
        demands=(),
        rehearsals={choir.id: gathers.get(choir.id, ()) for choir in choirs},
        payers={one.id: _payer(one, of) for one, of in zip(agreements, pledged, strict=True)},
        without_cost=frozenset(choir.id for choir in choirs if not own_costs[choir.id]),
        without_dates=frozenset(
            choir.id
            for choir in choirs
            if _comes_with_rehearsals(own_costs[choir.id]) and not gathers.get(choir.id)
        ),
        known_to={
            choir.id: _known_to(choir, own_costs[choir.id], planned_to.get(choir.id), horizon)
            for choir in choirs
        },
        newer_spent_on=newer_spent_on,
        agreements=tuple(pledged),
        holding=tuple(holding),
        received=received,
        cost_lines=tuple(costs),
        active=tuple(period for choir in choirs for period in choir.active_periods(horizon)),
        in_kind=tuple(_in_kind()),
    )
    known = replace(known, demands=planned_costs(known))
    if not with_open_money:
        return known
    asks, uncountable = asks_of_day(as_of)
    return replace(
        known,
        asks=asks,
        uncountable=uncountable,
        instalments=instalments_due(as_of),
        programmes=_programmes(),
    )


def _choirs(since: date, horizon: date) -> tuple[CountedChoir, ...]:
    """The choirs that sing on some day from the first counted one to the horizon, by name."""
    states: dict[UUID, list[tuple[date, str]]] = defaultdict(list)
    for row in db.session.execute(select(ChoirState.choir_id, ChoirState.since, ChoirState.state)):
        states[row.choir_id].append((row.since, row.state))
    rows = db.session.execute(select(Choir.id, Choir.name, Choir.slug, Choir.town_id))
    found = [
        CountedChoir(row.id, row.name, row.slug, row.town_id, tuple(sorted(states[row.id]))) for row in rows
    ]
    counted = [
        one
        for one in found
        if any(period.valid_to is None or period.valid_to >= since for period in one.active_periods(horizon))
    ]
    return tuple(sorted(counted, key=lambda one: (one.name, str(one.id))))


def _costs(choirs: Iterable[CountedChoir], horizon: date) -> list[rules.CostLine]:
    """The planned costs; what comes back goes on while a choir pauses, but not when it sings no more."""
    ends = last_days_of_costs()
    last_days = {choir.id: choir.active_periods(horizon)[-1].valid_to or horizon for choir in choirs}
    return [
        rules.CostLine(
            id=line.id,
            choir=line.choir_id,
            driver=rules.Driver(line.driver),
            ore=line.ore,
            valid_from=line.valid_from,
            valid_to=_sooner(
                ends.get(line.id, line.valid_to), last_days.get(line.choir_id) if line.choir_id else None
            ),
            day_of_month=line.day_of_month,
            category=str(line.id),
        )
        for line in db.session.scalars(standing(CostLine).order_by(CostLine.id))
    ]


def _sooner(one: date | None, other: date | None) -> date | None:
    """The earlier of two last days, of which either may be missing."""
    return min(one, other) if one and other else one or other


def _in_kind() -> list[rules.InKind]:
    """Help in kind that replaces one cost: the cost's id stands where the rules ask for a kind of cost."""
    gifts = db.session.scalars(
        standing(InKind).where(InKind.replaces_id.is_not(None)).options(lazyload(InKind.partner))
    )
    return [
        rules.InKind(gift.choir_id, str(gift.replaces_id), gift.valid_from, gift.valid_to) for gift in gifts
    ]


def _gatherings(
    choirs: Iterable[CountedChoir], since: date, horizon: date
) -> tuple[dict[Hashable, list[date]], dict[UUID, date | None]]:
    """The days on which each choir rehearses, and the last that is planned; None where a series goes on.

    What is planned for days on which a choir pauses or is no more is not sung.
    """
    days: dict[Hashable, list[date]] = {}
    planned_to: dict[UUID, date | None] = {}
    planned = rehearsals.rehearsal_dates(None, first_on=since, last_on=horizon)
    for choir in choirs:
        found = [day for day in planned.get(choir.id, ()) if choir.state_on(day) == "active"]
        if found:
            days[choir.id], planned_to[choir.id] = found, found[-1]
    goes_on = or_(Series.last_on.is_(None), Series.last_on >= horizon)
    for choir_id in db.session.scalars(select(Series.choir_id).where(Series.kind == "rehearsal", goes_on)):
        planned_to[choir_id] = None
    return days, planned_to


def _agreements(as_of: date) -> list[Agreement]:
    """The agreements that were signed by then, with partner and allocation."""
    return list(
        db.session.scalars(
            standing(Agreement)
            .where(Agreement.signed_on <= as_of)
            .options(lazyload(Agreement.partner, Partner.in_towns))
            .order_by(Agreement.id)
        )
    )


def _pledged(
    agreements: Sequence[Agreement],
    as_of: date,
    counted_on: date,
    choirs: Sequence[UUID],
    by_town: dict[UUID, list[UUID]],
) -> tuple[list[rules.Pledged], date | None, tuple[Received, ...]]:
    """The agreements as the rules count them, the day of figures that are newer than the balance, and newer money.

    What was received and spent is taken as it was on the balance's day, so that no cost is counted twice.
    """
    more: dict[UUID, int] = defaultdict(int)
    last_days: dict[UUID, date] = {}
    for change in db.session.scalars(
        standing(Amendment)
        .where(Amendment.on <= as_of)
        .order_by(Amendment.on, Amendment.noted_at, Amendment.id)
    ):
        more[change.agreement_id] += change.delta_ore
        if change.new_usable_to:
            last_days[change.agreement_id] = change.new_usable_to
    received: dict[UUID, int] = defaultdict(int)
    came: dict[UUID, int] = defaultdict(int)
    back: dict[UUID, int] = defaultdict(int)
    came_since = []
    for payment in db.session.scalars(
        standing(Payment).where(Payment.on <= as_of).order_by(Payment.on, Payment.noted_at, Payment.id)
    ):
        if payment.ore > 0:
            came[payment.agreement_id] += payment.ore
        else:
            back[payment.agreement_id] -= payment.ore
        if payment.on <= counted_on:
            received[payment.agreement_id] += payment.ore
        else:
            came_since.append(Received(payment.id, payment.agreement_id, payment.on, payment.ore))
    spent: dict[UUID, int] = defaultdict(int)
    newer_spent_on = None
    for row in db.session.scalars(
        standing(SpentToDate)
        .where(SpentToDate.as_of <= as_of)
        .order_by(SpentToDate.as_of, SpentToDate.noted_at, SpentToDate.id)
    ):
        if row.as_of <= counted_on:
            spent[row.agreement_id] = row.spent_ore
        else:
            newer_spent_on = row.as_of
    pledged = [
        rules.Pledged(
            id=one.id,
            effective_ore=_worth(one.amount_ore + more[one.id], came[one.id], back[one.id]),
            received_ore=received[one.id],
            spent_ore=spent[one.id],
            usable_from=one.usable_from,
            usable_to=last_days.get(one.id, one.usable_to),
            choirs=frozenset(_paid_for(one, choirs, by_town)),
        )
        for one in agreements
    ]
    return pledged, newer_spent_on, tuple(came_since)


def _worth(effective_ore: int, came_ore: int, back_ore: int) -> int:
    return effective_ore - rules.returned_ore(effective_ore, came_ore, back_ore)


def _paid_for(
    agreement: Agreement, choirs: Sequence[UUID], by_town: dict[UUID, list[UUID]]
) -> Iterable[UUID]:
    if agreement.allocation == "choirs":
        return [row.choir_id for row in agreement.choirs]
    if agreement.allocation == "town":
        return [choir for row in agreement.towns for choir in by_town[row.town_id]]
    return choirs


def _payer(agreement: Agreement, pledged: rules.Pledged) -> Payer:
    return Payer(
        agreement.partner.name, agreement.partner.slug, agreement.name, agreement.id, pledged.usable_to
    )


def _programmes() -> tuple[CountedProgramme, ...]:
    """Every programme, by name."""
    found = db.session.scalars(
        select(Programme)
        .where(Programme.closed_at.is_(None))
        .options(lazyload(Programme.partner, Partner.in_towns))
        .order_by(Programme.name, Programme.id)
    )
    return tuple(
        CountedProgramme(
            id=one.id,
            name=one.name,
            partner=one.partner.name,
            partner_slug=one.partner.slug,
            partner_id=one.partner_id,
            terms=rules.Terms(
                opens_on=one.opens_on,
                closes_on=one.closes_on,
                towns=frozenset(row.town_id for row in one.in_towns),
                min_ore=one.min_ore,
                max_ore=one.max_ore,
                own_share_bp=one.own_share_bp,
                wants_new=one.wants_new,
                wants_no_other=one.wants_no_other,
                checked_on=one.checked_on,
            ),
            decision_lead_days=one.decision_lead_days,
            payout_lag_days=one.payout_lag_days,
        )
        for one in found
    )


def _comes_with_rehearsals(costs: Iterable[rules.CostLine]) -> bool:
    return any(cost.driver is rules.Driver.PER_REHEARSAL for cost in costs)


def _known_to(
    choir: CountedChoir, costs: Sequence[rules.CostLine], planned_to: date | None, horizon: date
) -> date:
    """The last day of which a choir's costs are known: its plans may end before the horizon."""
    last_period = choir.active_periods(horizon)[-1]
    goes_on_to = min(last_period.valid_to or horizon, horizon)
    repeated = [cost for cost in costs if cost.driver is not rules.Driver.ONCE]
    lasting = max((cost.valid_to or horizon for cost in repeated), default=horizon)
    if _comes_with_rehearsals(costs) and planned_to is not None:
        lasting = min(lasting, planned_to)
    return horizon if lasting >= goes_on_to else lasting
