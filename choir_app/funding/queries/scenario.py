"""What if: the answers as they would be with some changes, beside the plan as it is. Nothing is written anywhere."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from choir_app.choirs.models import Town
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, kronor, ngettext
from choir_app.funding import rules
from choir_app.funding.models import Agreement, CostLine, Opportunity
from choir_app.funding.queries.answers import Answers, committed_flows, target_of
from choir_app.funding.queries.asked import OpenAsk
from choir_app.funding.queries.facts import FREE, CountedChoir, Facts, Payer, facts, planned_costs
from choir_app.funding.queries.forecast import ChoirOutlook, Outlook, by_day, plainly_counted
from choir_app.funding.queries.instalments import DueInstalment
from choir_app.funding.rules.names import COST_NAMES
from choir_app.funding.rules.scenario import (
    EVERYONE,
    AnotherChoir,
    Answered,
    NewPayer,
    OtherCosts,
    Pause,
    Scenario,
    days_longer,
    paused_states,
    with_other_costs,
)
from choir_app.partners.models import Partner

TOWN, KIND = "ort.", "slag."
"""What stands before a town or a kind of cost where an address names whom or what a change is about."""
TRIED = UUID("5f0c9d1e-52f4-4b7e-9f0e-3a3f3b1d7c11")
"""What the ids of everything that is only tried are made from."""


Chances = Mapping[Hashable, int | None]
"""In basis points, of each choir and, under None, of all. None: nothing lacks."""


@dataclass(frozen=True)
class Surroundings:
    """What the addresses of scenarios name, and what counts for choirs that there are not yet."""

    choirs: Mapping[str, UUID]
    """The choirs that sing, by what stands in an address."""
    towns: Mapping[str, tuple[str, frozenset[UUID]]]
    """The towns with a choir that sings: the name and the choirs."""
    kind_of: Mapping[Hashable, str]
    """The kind of each cost."""
    for_all: frozenset[Hashable]
    """The agreements and asks that are for every choir."""
    ask_names: Mapping[UUID, tuple[str, str]]
    """The partner and name of every ask, open or not."""

    def whom(self, key: str, everyone: Collection[UUID]) -> frozenset[UUID]:
        """The choirs that are meant; none when there is no such choir or town."""
        if key == EVERYONE:
            return frozenset(everyone)
        if key.startswith(TOWN):
            return self.towns.get(key.removeprefix(TOWN), ("", frozenset()))[1]
        return frozenset([self.choirs[key]]) if key in self.choirs else frozenset()


@dataclass(frozen=True)
class ChoirCompared:
    """One choir's answer with the changes, beside the answer of today's plan."""

    now: ChoirOutlook | None
    """None: a choir that there is not yet."""
    then: ChoirOutlook | None
    """None: it does not sing any more."""
    days: int | None
    """How many days longer it is financed; less than nothing is shorter. None: there is nothing to compare."""
    is_beyond: bool
    """At least so many: with the changes everything is paid, as far as plans reach."""
    closes_now_bp: int | None
    """The chance that what it lacks up to the day comes in time, today. None: nothing lacks, or it is not known."""
    closes_then_bp: int | None
    """The same with the changes."""

    @property
    def name(self) -> str:
        """The choir's name."""
        found = self.now or self.then
        return found.name if found else ""


@dataclass(frozen=True)
class Tried:
    """A scenario counted beside today's plan."""

    scenario: Scenario
    now: Answers
    then: Answers
    choirs: tuple[ChoirCompared, ...]
    days: int | None
    """How many days longer every choir is financed; None when one of the answers is not known."""
    is_beyond: bool
    """At least so many: with the changes everything is paid, as far as plans reach."""
    until: date
    """Up to when both are asked what lacks: the day of today's plan."""
    closes_now_bp: int | None
    """The chance that what lacks up to the day comes in time, today. None: nothing lacks."""
    closes_then_bp: int | None
    """The same with the changes."""
    passed_over: tuple[str, ...]
    """What the scenario names and is not there any more, as sentences."""

    @property
    def lacking_now(self) -> int:
        """What nobody pays up to the day by today's plan, in öre."""
        return self.now.forecast.lacking_until(self.until)

    @property
    def lacking_then(self) -> int:
        """The same with the changes."""
        return self.then.forecast.lacking_until(self.until)


def surroundings(known: Facts) -> Surroundings:
    """Gather what scenarios need beside the facts, in four statements."""
    of_town: dict[UUID, set[UUID]] = {}
    for choir in known.choirs:
        of_town.setdefault(choir.town_id, set()).add(choir.id)
    towns = db.session.execute(select(Town.id, Town.slug, Town.name).order_by(Town.name))
    agreements = db.session.scalars(select(Agreement.id).where(Agreement.allocation == "all"))
    asks = db.session.execute(
        select(Opportunity.id, Opportunity.name, Opportunity.allocation, Partner.name.label("partner")).join(
            Partner, Opportunity.partner_id == Partner.id
        )
    ).all()
    kinds = db.session.execute(select(CostLine.id, CostLine.category))
    return Surroundings(
        choirs={choir.slug: choir.id for choir in known.choirs},
        towns={town.slug: (town.name, frozenset(of_town[town.id])) for town in towns if town.id in of_town},
        kind_of={line.id: line.category for line in kinds},
        for_all=frozenset([*agreements, *(ask.id for ask in asks if ask.allocation == "all"), FREE]),
        ask_names={ask.id: (ask.partner, ask.name) for ask in asks},
    )


@dataclass(frozen=True)
class Today:
    """Today's plan, counted once, beside which anything can be tried."""

    known: Facts
    around: Surroundings
    answers: Answers
    chances: Chances
    """The chance that what lacks up to its day comes in time."""


def today_as_of(as_of: date) -> Today:
    """Gather and count the plan as it is on a day."""
    known = facts(as_of)
    now = answers_of(known)
    return Today(known, surroundings(known), now, _chances(now, now.target))


def answers_of(known: Facts) -> Answers:
    """The answers that a scenario is told in: financed to, the cash and the chances, and not the free money alone.

    A choir's costs of a day go as one row meanwhile, by number, since nothing is told of single rows: so one match
    serves all of it.
    """
    rows = sorted(by_day(known.demands), key=lambda row: (row.on, str(row.choir)))
    numbered = replace(known, demands=tuple(replace(row, id=number) for number, row in enumerate(rows)))
    told = plainly_counted(numbered)
    cash = None
    if known.balance_on is not None and known.balance_ore is not None and known.demands:
        flows = committed_flows(numbered)
        cash = rules.cash_lasts_to(known.balance_ore, known.balance_on, flows, horizon=known.horizon)
    found = Answers(numbered, told, cash, None, target_of(told), ())
    found.days_are_known(list(numbered.demands), told.made)
    return found


def tried(scenario: Scenario, today: Today) -> Tried:
    """What the answers would be, beside those of today's plan."""
    known, around, now = today.known, today.around, today.answers
    then = now if scenario.is_empty else answers_of(changed_facts(scenario, known, around))
    chances = today.chances if then is now else _chances(then, now.target)
    days, is_beyond = _longer(now.forecast.network, then.forecast.network, now.known_to, then.known_to)
    return Tried(
        scenario=scenario,
        now=now,
        then=then,
        choirs=tuple(_compared(now, then, today.chances, chances)),
        days=days,
        is_beyond=is_beyond,
        until=now.target,
        closes_now_bp=today.chances[None],
        closes_then_bp=chances[None],
        passed_over=tuple(_passed_over(scenario, known, around)),
    )


def _chances(found: Answers, until: date) -> Chances:
    each = found.closes(until, [choir.id for choir in found.forecast.choirs])
    return {key: one.closes_bp if one.gap_ore else None for key, one in each.items()}


def changed_facts(scenario: Scenario, known: Facts, around: Surroundings) -> Facts:
    """The facts as they would be: pure, and the data stays as it is.

    First which choirs there are and when they sing, then what it costs, then who pays. Nothing that lies before the
    day that is asked about is changed.
    """
    found = known
    for number, other in enumerate(scenario.others):
        found = _with_another(found, other, number, around)
    for pause in scenario.pauses:
        found = _with_pause(found, pause, around)
    if found is not known:
        found = replace(found, demands=planned_costs(found))
    for change in scenario.costs:
        found = _with_costs(found, change, around)
    for ask in known.asks:
        answer = scenario.answers.get(ask.id)
        if answer and any(one.id == ask.id for one in found.asks):
            found = _answered(found, ask, answer, scenario.delays.get(ask.id, 0))
    found = _delayed(found, scenario.delays)
    for number, payer in enumerate(scenario.payers):
        found = _with_payer(found, payer, number, around)
    return found


# --- who sings ------------------------------------------------------------------------------------------------


def _with_another(known: Facts, other: AnotherChoir, number: int, around: Surroundings) -> Facts:
    """One choir more that sings on the same days as another, at the same cost; what is for all is for it too."""
    like = next((choir for choir in known.choirs if choir.slug == other.like), None)
    if like is None:
        return known
    since = max(other.since, known.as_of)
    new = CountedChoir(
        id=uuid5(TRIED, f"choir {number}"),
        name=_("Ny kör som %(choir)s", choir=like.name),
        slug="",
        town_id=uuid5(TRIED, f"town {number}"),
        states=((since, "active"),),
    )
    lines = [
        replace(
            line,
            choir=new.id,
            valid_from=max(since, line.valid_from),
            day_of_month=line.day_of_month or line.valid_from.day,
        )
        for line in known.cost_lines
        if line.choir == like.id
        and (line.valid_from >= since or line.driver is not rules.Driver.ONCE)
        and (line.valid_to is None or line.valid_to >= since)
    ]
    return replace(
        known,
        choirs=(*known.choirs, new),
        supplies=tuple(
            replace(supply, choirs=supply.choirs | {new.id}) if supply.id in around.for_all else supply
            for supply in known.supplies
        ),
        asks=tuple(
            replace(ask, choirs=ask.choirs | {new.id}) if ask.id in around.for_all else ask
            for ask in known.asks
        ),
        rehearsals={
            **known.rehearsals,
            new.id: [day for day in known.rehearsals.get(like.id, ()) if day >= since],
        },
        without_cost=known.without_cost | {new.id} if like.id in known.without_cost else known.without_cost,
        without_dates=known.without_dates | {new.id}
        if like.id in known.without_dates
        else known.without_dates,
        known_to={**known.known_to, new.id: known.known_to[like.id]},
        cost_lines=(*known.cost_lines, *lines),
        active=(*known.active, *new.active_periods(known.horizon)),
    )


def _with_pause(known: Facts, pause: Pause, around: Surroundings) -> Facts:
    """A choir that does not sing in a period. What comes back goes on meanwhile, but not when it ends."""
    choir = next((one for one in known.choirs if one.id == around.choirs.get(pause.choir)), None)
    first = max(pause.first_on, known.as_of)
    if choir is None or (pause.last_on and pause.last_on < first):
        return known
    states = paused_states(choir.states, replace(pause, first_on=first), until=known.horizon)
    changed = replace(choir, states=states)
    periods = changed.active_periods(known.horizon)
    sings_on = any(period.valid_to is None or period.valid_to >= known.since for period in periods)
    last = max((period.valid_to or known.horizon for period in periods), default=first)
    lines = [
        replace(line, valid_to=min(line.valid_to or last, last)) if line.choir == choir.id else line
        for line in known.cost_lines
        if line.choir != choir.id or line.valid_from <= last
    ]
    return replace(
        known,
        choirs=tuple(
            changed if one.id == choir.id else one for one in known.choirs if one.id != choir.id or sings_on
        ),
        rehearsals={
            **known.rehearsals,
            choir.id: [
                day for day in known.rehearsals.get(choir.id, ()) if changed.state_on(day) == "active"
            ],
        },
        known_to={
            **known.known_to,
            choir.id: known.horizon if last <= known.known_to[choir.id] else known.known_to[choir.id],
        },
        cost_lines=tuple(lines),
        active=(*(one for one in known.active if one.choir != choir.id), *(periods if sings_on else ())),
    )


def _with_costs(known: Facts, change: OtherCosts, around: Surroundings) -> Facts:
    """Other prices from a day on, for all, for a kind of cost or for a choir."""
    choirs = around.whom(change.what, [choir.id for choir in known.choirs])
    lines = {line for line, kind in around.kind_of.items() if change.what == f"{KIND}{kind}"}
    rows = with_other_costs(
        known.demands,
        replace(change, since=max(change.since, known.as_of)),
        is_meant=lambda row: row.choir in choirs or _line_of(row) in lines,
    )
    return replace(known, demands=tuple(rows))


def _line_of(row: rules.Demand) -> Hashable:
    return row.id.line if isinstance(row.id, rules.RowId) else None


# --- who pays -------------------------------------------------------------------------------------------------


def _answered(known: Facts, ask: OpenAsk, answer: Answered, later: int) -> Facts:
    """An ask that is answered is open no more; one that comes true is money like any agreement's, and no other of
    its exclusive group can come true."""
    asks = tuple(
        one
        for one in known.asks
        if one.id != ask.id
        and not (
            answer.is_yes and ask.exclusive_group_id and one.exclusive_group_id == ask.exclusive_group_id
        )
    )
    if not answer.is_yes:
        return replace(known, asks=asks)
    choirs = next(one.choirs for one in known.asks if one.id == ask.id)
    supply = rules.Supply(
        ask.id,
        answer.ore or ask.ore,
        ask.usable_from,
        ask.usable_to,
        choirs & frozenset(choir.id for choir in known.choirs),
    )
    payer = Payer(ask.partner, ask.partner_slug, ask.name, ask.id, ask.usable_to)
    flows = [rules.Flow(ask.id, ask.money_on + timedelta(days=later), supply.ore)] if ask.money_on else []
    return _with_money(replace(known, asks=asks), supply, payer, flows)


def _with_payer(known: Facts, payer: NewPayer, number: int, around: Surroundings) -> Facts:
    """Somebody new who pays each month."""
    id_ = uuid5(TRIED, f"payer {number}")
    choirs = around.whom(payer.whom, [choir.id for choir in known.choirs])
    told = Payer(_("Ny finansiär"), "", _("Ny finansiär"), id_, payer.last_on)
    return _with_money(known, payer.supply(id_, frozenset(choirs)), told, payer.flows(id_))


def _with_money(known: Facts, supply: rules.Supply, payer: Payer, flows: Iterable[rules.Flow]) -> Facts:
    """The facts with one agreement more, and its sums as instalments on their days."""
    agreement = rules.Pledged(
        payer.agreement_id, supply.ore, 0, 0, supply.usable_from, supply.usable_to, supply.choirs
    )
    return replace(
        known,
        supplies=(*known.supplies, supply),
        payers={**known.payers, supply.id: payer},
        agreements=(*known.agreements, agreement),
        instalments=(
            *known.instalments,
            *(
                DueInstalment(
                    id=uuid5(TRIED, f"{payer.agreement_id} {number}"),
                    agreement_id=payer.agreement_id,
                    agreement=payer.agreement,
                    partner=payer.partner,
                    ore=flow.ore,
                    due_on=flow.on,
                    condition="date",
                    condition_met_on=None,
                    expected_on=max(flow.on, known.as_of + timedelta(days=1)),
                    is_late=False,
                    deadline_id=None,
                )
                for number, flow in enumerate(flows)
            ),
        ),
    )


def _delayed(known: Facts, delays: Mapping[UUID, int]) -> Facts:
    """Money that comes later than is counted on: that of asks that are still open, and instalments."""
    asks = [
        replace(ask, money_on=ask.money_on + timedelta(days=delays[ask.id]))
        if ask.id in delays and ask.money_on
        else ask
        for ask in known.asks
    ]
    instalments = [
        replace(one, expected_on=one.expected_on + timedelta(days=delays[one.id]))
        if one.id in delays and one.expected_on
        else one
        for one in known.instalments
    ]
    return replace(known, asks=tuple(asks), instalments=tuple(instalments))


# --- beside each other ----------------------------------------------------------------------------------------


def _compared(now: Answers, then: Answers, before: Chances, chances: Chances) -> Iterable[ChoirCompared]:
    after = {choir.id: choir for choir in then.forecast.choirs}
    for choir in now.forecast.choirs:
        other = after.pop(choir.id, None)
        days, is_beyond = None, False
        if other is not None:
            known_to = (now.facts.known_to[choir.id], then.facts.known_to[choir.id])
            days, is_beyond = _longer(choir.financed, other.financed, *known_to)
        yield ChoirCompared(choir, other, days, is_beyond, before.get(choir.id), chances.get(choir.id))
    for choir in after.values():
        yield ChoirCompared(None, choir, None, False, None, chances.get(choir.id))


def _longer(now: Outlook, then: Outlook, now_known_to: date, then_known_to: date) -> tuple[int | None, bool]:
    """How many days later the first unpaid day comes, and whether there is none any more as far as plans reach."""
    if now.missing or then.missing or (now.first_unpaid_on is None and then.first_unpaid_on is None):
        return None, False
    return (
        days_longer(now.first_unpaid_on or now_known_to, then.first_unpaid_on or then_known_to),
        then.first_unpaid_on is None,
    )


# --- in words -------------------------------------------------------------------------------------------------


def told_changes(scenario: Scenario, known: Facts, around: Surroundings) -> list[str]:
    """What is tried, a sentence each."""
    said = [
        _(
            "En ny finansiär betalar %(sum)s i månaden för %(whom)s, %(first)s till %(last)s.",
            sum=kronor(payer.ore_per_month),
            whom=whom_name(payer.whom, known, around),
            first=full_day(payer.first_on),
            last=full_day(payer.last_on),
        )
        for payer in scenario.payers
    ]
    said += [_told_costs(change, known, around) for change in scenario.costs]
    for pause in scenario.pauses:
        name = whom_name(pause.choir, known, around)
        first = full_day(pause.first_on)
        if pause.last_on:
            said.append(
                _(
                    "%(choir)s pausar %(first)s till %(last)s.",
                    choir=name,
                    first=first,
                    last=full_day(pause.last_on),
                )
            )
        else:
            said.append(_("%(choir)s slutar sjunga %(day)s.", choir=name, day=first))
    said += [
        _(
            "En kör till, som %(choir)s, från %(day)s.",
            choir=whom_name(other.like, known, around),
            day=full_day(other.since),
        )
        for other in scenario.others
    ]
    return said + _told_answers(scenario, known) + _told_delays(scenario, known)


def whom_name(key: str, known: Facts, around: Surroundings) -> str:
    """Whom or what an address names, in the middle of a sentence."""
    if key == EVERYONE:
        return _("alla körer")
    if key.startswith(TOWN):
        return around.towns.get(key.removeprefix(TOWN), ("?",))[0]
    return next((choir.name for choir in known.choirs if choir.slug == key), "?")


def difference(days: int | None, *, is_beyond: bool = False) -> str:
    """How much longer the money lasts with the changes, as it stands beside two days; nothing when it is not known."""
    if days is None:
        return ""
    if days == 0:
        return _("samma dag")
    if days < 0:
        return ngettext("%(num)s dag kortare", "%(num)s dagar kortare", -days)
    if is_beyond:
        return ngettext("minst %(num)s dag längre", "minst %(num)s dagar längre", days)
    return ngettext("%(num)s dag längre", "%(num)s dagar längre", days)


def _told_costs(change: OtherCosts, known: Facts, around: Surroundings) -> str:
    kind = change.what.removeprefix(KIND)
    if change.what.startswith(KIND) and kind in COST_NAMES:
        what = _("Kostnaden för %(kind)s", kind=str(COST_NAMES[kind]).lower())
    elif change.what == EVERYONE:
        what = _("Alla kostnader")
    else:
        what = _("Kostnaderna för %(choir)s", choir=whom_name(change.what, known, around))
    day = full_day(change.since)
    if change.percent < 0:
        return _("%(what)s blir %(num)s %% lägre från %(day)s.", what=what, num=-change.percent, day=day)
    return _("%(what)s blir %(num)s %% högre från %(day)s.", what=what, num=change.percent, day=day)


def _told_answers(scenario: Scenario, known: Facts) -> list[str]:
    said = []
    for ask in known.asks:
        if answer := scenario.answers.get(ask.id):
            given = {"partner": ask.partner, "ask": ask.name}
            if answer.is_yes:
                sum_ = kronor(answer.ore or ask.ore)
                said.append(_("%(partner)s säger ja till %(sum)s för «%(ask)s».", sum=sum_, **given))
            else:
                said.append(_("%(partner)s säger nej till «%(ask)s».", **given))
    return said


def _told_delays(scenario: Scenario, known: Facts) -> list[str]:
    coming = [(ask.id, ask.partner, ask.name) for ask in known.asks]
    coming += [(one.id, one.partner, one.agreement) for one in known.instalments]
    return [
        ngettext(
            "Pengarna från %(partner)s för «%(what)s» kommer %(num)s dag senare.",
            "Pengarna från %(partner)s för «%(what)s» kommer %(num)s dagar senare.",
            scenario.delays[id_],
            partner=partner,
            what=what,
        )
        for id_, partner, what in coming
        if id_ in scenario.delays
    ]


def _passed_over(scenario: Scenario, known: Facts, around: Surroundings) -> Iterable[str]:
    """What a scenario names and cannot be tried any more, so that nobody believes that it is counted."""
    open_now = {ask.id: ask for ask in known.asks}
    for ask in sorted(scenario.answers, key=str):
        if ask not in open_now:
            partner, name = around.ask_names.get(ask, ("", ""))
            if name:
                yield _(
                    "%(partner)s är inte öppet längre: «%(ask)s» räknas inte med.", partner=partner, ask=name
                )
            else:
                yield _("Ett samtal som provas finns inte längre.")
    groups: set[UUID] = set()
    for one in known.asks:
        group = one.exclusive_group_id
        if group and scenario.answers.get(one.id, Answered(is_yes=False)).is_yes:
            if group in groups:
                yield _("Bara ett av samtalen i gruppen kan bli av: «%(ask)s» räknas inte med.", ask=one.name)
            groups.add(group)
    named = [payer.whom for payer in scenario.payers]
    named += [change.what for change in scenario.costs if not change.what.startswith(KIND)]
    named += [pause.choir for pause in scenario.pauses] + [other.like for other in scenario.others]
    everyone = list(around.choirs.values())
    if any(not around.whom(key, everyone) for key in named):
        yield _("En kör eller en ort som provas sjunger inte längre.")
    ids = {one.id for one in known.instalments} | set(open_now) | set(scenario.answers)
    if any(one not in ids for one in scenario.delays):
        yield _("Pengar som skulle komma senare har redan kommit.")
