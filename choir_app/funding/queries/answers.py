"""The four answers together: financed to, cash lasts to, free money lasts to, and the chance that a gap closes.

Pure functions of the facts: a scenario asks the same of other facts. Source: DOMAIN.md, "Funding and runway".
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

from choir_app.funding import rules
from choir_app.funding.queries.asked import OpenAsk
from choir_app.funding.queries.facts import Certainty, Facts, Payer
from choir_app.funding.queries.forecast import Forecast, Outlook, by_day, counted, network_outlook
from choir_app.funding.queries.instalments import DueInstalment
from choir_app.funding.rules.closes import Closes, closes_of_each

With = Literal["agreed", "pledged", "applied", "open"]
"""What is counted with: agreements alone, pledges too, applications as well, or all that is open."""
STAGES_OF: dict[With, tuple[str, ...]] = {
    "agreed": (),
    "pledged": ("pledged",),
    "applied": ("pledged", "applied"),
    "open": rules.OPEN_STAGES,
}
SHOWN: tuple[With, ...] = ("agreed", "pledged", "applied")
WHOLE = 10_000


@dataclass(frozen=True)
class Unplanned:
    """Signed money of which nobody has written down when it comes, so that it is in no cash answer. In öre."""

    payer: Payer
    ore: int


@dataclass(frozen=True)
class Held:
    """What of the bank balance is there because of an agreement, and may be used for nothing else. In öre."""

    payer: Payer
    received_ore: int
    spent_ore: int
    kept_ore: int


@dataclass(frozen=True)
class Answers:
    """The four answers of a day and what they follow from.

    The chances are counted when they are asked for, each once: `chance(until, choir)`.
    """

    facts: Facts
    forecast: Forecast
    cash: rules.Cash | None
    """None: there is no bank balance, or nothing is known of the costs."""
    free: rules.Cash | None
    target: date
    """The day up to which a gap is told when nobody has chosen another."""
    unplanned: tuple[Unplanned, ...]
    _chances: dict[tuple[Hashable, ...], rules.GapChance] = field(
        default_factory=dict, repr=False, compare=False
    )

    def gap(self, until: date, choir: UUID | None = None) -> rules.Gap:
        """What nobody pays up to a day, of one choir or of all."""
        demands, made = self.days
        return rules.gap_of(self.facts.supplies, demands, made, until=until, choir=choir)

    @cached_property
    def days(self) -> tuple[list[rules.Demand], rules.Match]:
        """The costs with one row for each choir and day, and their match: less to count than every cost alone."""
        demands = by_day(self.facts.demands)
        return demands, rules.match(self.facts.supplies, demands)

    def days_are_known(self, demands: list[rules.Demand], made: rules.Match) -> None:
        """Say that the costs that were counted have one row for each choir and day already."""
        self.__dict__["days"] = (demands, made)

    def chance(self, until: date, choir: UUID | None = None, *, in_time: bool = True) -> rules.GapChance:
        """The chance that open asks close the gap up to a day, of one choir or of all; see chance_gap_closes."""
        key = (until, choir, in_time)
        if key not in self._chances:
            self._chances[key] = rules.chance_gap_closes(
                self.gap(until, choir), asks_of(self.facts), in_time=in_time
            )
        return self._chances[key]

    def closes(self, until: date, choirs: Iterable[UUID]) -> dict[Hashable, Closes]:
        """The same chance for choirs and, under None, for all; with nothing beside, which is far less to count."""
        demands, made = self.days
        gaps = rules.gaps_of(self.facts.supplies, demands, made, until=until, choirs=[*choirs, None])
        return closes_of_each(gaps, asks_of(self.facts))

    @property
    def asks(self) -> dict[Hashable, OpenAsk]:
        """The open asks by id."""
        return {ask.id: ask for ask in self.facts.asks}

    @property
    def held(self) -> tuple[Held, ...]:
        """What the bank balance holds for agreements, most first."""
        found = [
            Held(self.facts.payers[one.id], one.received_ore, one.spent_ore, one.kept_ore)
            for one in self.facts.holding
            if one.kept_ore
        ]
        return tuple(sorted(found, key=lambda one: (-one.kept_ore, one.payer.partner, one.payer.agreement)))

    def payer_of(self, agreement_id: UUID) -> Payer:
        """Who stands behind an agreement."""
        return self.facts.payers[agreement_id]

    @property
    def known_to(self) -> date:
        """Until when rehearsals and costs are planned for every choir that the answers are about."""
        told = [choir.id for choir in self.forecast.choirs if not choir.financed.missing]
        return min((self.facts.known_to[choir] for choir in told), default=self.facts.horizon)


def answers(known: Facts, *, floor_ore: int = 0) -> Answers:
    """The four answers from these facts alone; nothing asks for today. `floor_ore`: what must stay in the bank."""
    told = counted(known)
    cash = free = None
    if known.balance_on is not None and known.balance_ore is not None and known.demands:
        cash = rules.cash_lasts_to(
            known.balance_ore,
            known.balance_on,
            committed_flows(known),
            floor_ore=floor_ore,
            horizon=known.horizon,
        )
    if known.balance_on is not None and known.free_ore is not None and known.demands:
        free = rules.free_money_lasts_to(
            known.free_ore, known.balance_on, known.demands, floor_ore=floor_ore, horizon=known.horizon
        )
    return Answers(known, told, cash, free, target_of(told), _unplanned(known))


def committed_flows(known: Facts) -> list[rules.Flow]:
    """What comes and goes by signature and plan: payments since the balance, instalments, costs.

    An instalment is ("instalment", its id), a payment ("payment", its id), a cost its row's id. One that is so late
    that nobody should count on it is left out.
    """
    return [
        *(rules.Flow(("payment", one.payment_id), one.on, one.ore) for one in known.received),
        *(
            rules.Flow(("instalment", one.id), one.expected_on, ore)
            for one, ore in still_to_come(known)
            if one.expected_on and ore
        ),
        *rules.cost_flows(known.demands),
    ]


def still_to_come(known: Facts) -> list[tuple[DueInstalment, int]]:
    """The unpaid instalments, each with the öre that can still come of it.

    An agreement never pays more than it is worth: where money has come that nobody has matched to an instalment, it
    is taken to be for the earliest ones.
    """
    left = left_to_come(known)
    wanted: dict[UUID, int] = defaultdict(int)
    for one in known.instalments:
        wanted[one.agreement_id] += one.ore
    excess = {agreement: max(0, ore - left.get(agreement, 0)) for agreement, ore in wanted.items()}
    found = []
    for one in sorted(known.instalments, key=lambda one: (one.due_on, str(one.id))):
        taken = min(excess[one.agreement_id], one.ore)
        excess[one.agreement_id] -= taken
        found.append((one, one.ore - taken))
    return sorted(found, key=lambda pair: (pair[0].expected_on or date.max, pair[0].due_on, str(pair[0].id)))


def left_to_come(known: Facts) -> dict[UUID, int]:
    """What each agreement has not paid yet of its effective sum, in öre; never less than nothing."""
    since: dict[UUID, int] = defaultdict(int)
    for came in known.received:
        since[came.agreement_id] += came.ore
    return {
        agreement: max(0, one.effective_ore - one.received_ore - since[agreement])
        for one in known.agreements
        if isinstance(agreement := one.id, UUID)
    }


def asks_of(known: Facts) -> list[rules.Ask]:
    """The open asks as the rules count them: only for choirs that sing, and with a day for the money."""
    singing = frozenset(choir.id for choir in known.choirs)
    return [
        rules.Ask(
            id=ask.id,
            ore=ask.ore,
            chance_bp=ask.chance.bp,
            money_on=ask.money_on,
            usable_from=ask.usable_from,
            usable_to=ask.usable_to,
            choirs=ask.choirs & singing,
            group=ask.exclusive_group_id,
        )
        for ask in known.asks
        if ask.money_on is not None
    ]


def target_of(told: Forecast) -> date:
    """The next turn of the year or midsummer, at least two months after the money ends."""
    end = told.network.first_unpaid_on or told.as_of
    return date(end.year, 12, 31) if end.month <= 10 else date(end.year + 1, 6, 30)


def with_open_money(known: Facts, counted_with: With) -> Facts:
    """The facts as if pledges, or applications too, had been signed; of an exclusive group only the likeliest."""
    stages = STAGES_OF[counted_with]
    chosen = _one_of_each_group(ask for ask in known.asks if ask.stage in stages)
    singing = frozenset(choir.id for choir in known.choirs)
    return replace(
        known,
        supplies=(*known.supplies, *(_as_supply(ask, singing) for ask in chosen)),
        payers={
            **known.payers,
            **{
                ask.id: Payer(ask.partner, ask.partner_slug, ask.name, ask.id, ask.usable_to, _certainty(ask))
                for ask in chosen
            },
        },
    )


def three_dates(found: Answers) -> dict[With, Outlook]:
    """The network's answer with agreements alone, with pledges, and with applications as well."""
    return {
        one: found.forecast.network
        if one == "agreed" or not found.facts.asks
        else network_outlook(with_open_money(found.facts, one), found.days[0])
        for one in SHOWN
    }


# --- the talks that give most time ----------------------------------------------------------------------------


@dataclass(frozen=True)
class MoreTime:
    """How many days later a choir's money ends; `is_beyond`: at least so many, as far as plans reach."""

    choir_id: UUID
    choir: str
    days: int
    is_beyond: bool


@dataclass(frozen=True)
class Gain:
    """What one open ask does to the dates if it comes true alone."""

    ask: OpenAsk
    choirs: tuple[MoreTime, ...]
    """The choirs that get more time, most first."""
    network_days: int
    """How many days later the money ends for the first of all choirs."""
    network_is_beyond: bool
    """At least so many, as far as plans reach."""
    is_late: bool
    """Its money comes after the first day that it would pay for, so it must be waited for or lent."""

    def days_of(self, choir: UUID) -> int:
        """The days that one choir gets."""
        return next((one.days for one in self.choirs if one.choir_id == choir), 0)


def gains(found: Answers) -> tuple[Gain, ...]:
    """Every open ask that can be counted with, by the days it adds alone: first those that move the day on which the
    money ends for the network, then by what a choir gets; the likelier first among equals."""
    known, told = found.facts, found.forecast
    if not known.asks or told.network.missing:
        return ()
    needs = rules.gathered(known.supplies, found.days[0])
    before = _ends(needs)
    counted_choirs = [choir for choir in told.choirs if not choir.financed.missing]
    singing = frozenset(choir.id for choir in known.choirs)
    all_gains = []
    for ask in known.asks:
        after = _ends(needs.with_supply(_as_supply(ask, singing)))
        more = [
            MoreTime(choir.id, choir.name, days, is_beyond=choir.id not in after)
            for choir in counted_choirs
            if choir.id in before
            and (days := (after.get(choir.id, known.known_to[choir.id]) - before[choir.id]).days) > 0
        ]
        first_before = min(before.values(), default=None)
        first_after = min(after.values(), default=found.known_to)
        helped_from = min((before[one.choir_id] for one in more), default=None)
        all_gains.append(
            Gain(
                ask,
                tuple(sorted(more, key=lambda one: (-one.days, one.choir))),
                max((first_after - first_before).days, 0) if first_before else 0,
                network_is_beyond=not after,
                is_late=bool(helped_from and ask.money_on and ask.money_on > helped_from),
            )
        )
    return tuple(
        sorted(
            all_gains,
            key=lambda gain: (
                -gain.network_days,
                -max((one.days for one in gain.choirs), default=0),
                -gain.ask.chance.bp,
                gain.ask.partner,
                gain.ask.name,
                str(gain.ask.id),
            ),
        )
    )


def _ends(needs: rules.Needs) -> dict[UUID, date]:
    """The first day that is not wholly paid, for each choir that has one; those of which nothing is known not."""
    short = rules.first_short_days(rules.allotted(needs))
    return {choir: on for choir, on in short.items() if isinstance(choir, UUID)}


# --- what it takes --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToApply:
    """A programme that could pay, the last day to apply for it, and whether the choir's town may."""

    programme_id: UUID
    name: str
    partner: str
    partner_slug: str
    last_day: rules.LastDay
    may: rules.May


@dataclass(frozen=True)
class Takes:
    """What it takes to be financed to a day: the sum, the asks that make it likely, the last days to apply."""

    choir: UUID | None
    """None: all choirs."""
    until: date
    extra: rules.Extra
    gap_ore: int
    needed_from: date | None
    """The first day that nobody pays; None when everything is paid up to the day."""
    chance: rules.GapChance
    """With every open ask."""
    needed: rules.AsksNeeded
    asks: tuple[OpenAsk, ...]
    """Those of `needed`, the largest first."""
    to_apply: tuple[ToApply, ...]


def takes(found: Answers, until: date, choir: UUID | None = None) -> Takes:
    """What it takes for one choir, or for all, to be financed to a day, itself included."""
    known = found.facts
    gap = found.gap(until, choir)
    first = min((row.on for row in gap.rows), default=None)
    needed = rules.asks_needed(gap, asks_of(known))
    return Takes(
        choir=choir,
        until=until,
        extra=_extra(known, gap, until, choir),
        gap_ore=sum(row.ore for row in gap.rows),
        needed_from=first,
        chance=found.chance(until, choir),
        needed=needed,
        asks=tuple(found.asks[ask] for ask in needed.asks or ()),
        to_apply=_to_apply(known, choir, first) if first else (),
    )


def _extra(known: Facts, gap: rules.Gap, until: date, choir: UUID | None) -> rules.Extra:
    if choir is not None:
        return rules.extra_needed(
            known.supplies,
            known.demands,
            choir=choir,
            until=until,
            rehearsals=known.rehearsals.get(choir, ()),
        )
    ore = sum(row.ore for row in gap.rows)
    if not ore:
        return rules.Extra(0, None, None)
    # For all together money that may pay for anything is never more than what lacks: nobody takes a share of it.
    first = min(row.on for row in gap.rows)
    months = (until.year - first.year) * 12 + until.month - first.month + 1
    count = sum(first <= on <= until for days in known.rehearsals.values() for on in days)
    return rules.Extra(ore, -(-ore // months), -(-ore // count) if count else None)


def _to_apply(known: Facts, choir: UUID | None, needed_on: date) -> tuple[ToApply, ...]:
    """Every programme that some of the towns may apply to, those whose last day comes first at the top."""
    wanted = [one for one in known.choirs if choir in (None, one.id)]
    towns = {one.town_id for one in wanted}
    until: dict[str, list[date | None]] = defaultdict(list)
    for payer in known.payers.values():
        until[payer.partner_slug].append(payer.usable_to)
    found = []
    for one in known.programmes:
        answers_of_towns = [
            rules.may_apply(
                one.terms,
                town=town,
                as_of=known.as_of,
                sings_already=True,
                agreements_until=until[one.partner_slug],
            )
            for town in sorted(towns, key=str)
        ]
        may = next((may for may in answers_of_towns if may.from_on), None)
        if may is None:
            continue
        last = rules.last_day_to_apply(
            opens_on=may.from_on,
            closes_on=one.terms.closes_on,
            decision_lead_days=one.decision_lead_days,
            payout_lag_days=one.payout_lag_days,
            money_needed_on=needed_on,
            as_of=known.as_of,
        )
        found.append(ToApply(one.id, one.name, one.partner, one.partner_slug, last, may))
    return tuple(sorted(found, key=lambda one: (one.last_day.on or date.max, one.partner, one.name)))


# --- pieces ---------------------------------------------------------------------------------------------------


def _as_supply(ask: OpenAsk, singing: frozenset[UUID]) -> rules.Supply:
    return rules.Supply(ask.id, ask.ore, ask.usable_from, ask.usable_to, ask.choirs & singing)


def _certainty(ask: OpenAsk) -> Certainty:
    return "striped" if ask.stage == "pledged" else "dotted"


def _one_of_each_group(asks: Iterable[OpenAsk]) -> list[OpenAsk]:
    likeliest = sorted(asks, key=lambda ask: (-ask.chance.bp, -ask.ore, ask.partner, ask.name, str(ask.id)))
    seen: set[UUID] = set()
    chosen = []
    for ask in likeliest:
        if ask.exclusive_group_id in seen:
            continue
        if ask.exclusive_group_id:
            seen.add(ask.exclusive_group_id)
        chosen.append(ask)
    return sorted(chosen, key=lambda ask: str(ask.id))


def _unplanned(known: Facts) -> tuple[Unplanned, ...]:
    """Agreements that go on, with signed money left that no instalment says the day of; most first."""
    left = left_to_come(known)
    for one in known.instalments:
        if one.agreement_id in left:
            left[one.agreement_id] -= one.ore
    found = [
        Unplanned(known.payers[one.id], left[one.id])
        for one in known.agreements
        if isinstance(one.id, UUID)
        and left[one.id] > 0
        and (one.usable_to is None or one.usable_to >= known.as_of)
    ]
    return tuple(sorted(found, key=lambda one: (-one.ore, one.payer.partner, str(one.payer.agreement_id))))
