"""Deadlines: which money waits for them, what it costs when they are late, who is to be reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, ngettext
from choir_app.foundation.money import kronor_text
from choir_app.funding import rules
from choir_app.funding.models import Agreement, Deadline, Instalment, ReminderSent
from choir_app.funding.queries.answers import committed_flows, still_to_come
from choir_app.funding.queries.books import standing
from choir_app.funding.queries.facts import Facts
from choir_app.funding.queries.instalments import instalments_due
from choir_app.partners.models import Partner


def waiting_for(deadline: Deadline) -> Sequence[Instalment]:
    """The instalments that are not paid before a deadline has been met."""
    return db.session.scalars(
        standing(Instalment).where(Instalment.deadline_id == deadline.id).order_by(Instalment.due_on)
    ).all()


@dataclass(frozen=True)
class Unsent:
    """A deadline that has not been met by us, with what its reminder must say."""

    id: UUID
    agreement_id: UUID
    agreement: str
    partner: str
    kind: str
    due_on: date
    said_on: date
    """The day on which its day was written down."""
    owner: Account | None
    waiting_ore: int
    """What is not paid before it has been sent or approved, in öre."""


def unsent_deadlines(*, as_of: date) -> list[Unsent]:
    """Every deadline of an agreement that stands and that nobody has sent anything for, soonest first."""
    waiting: dict[UUID | None, int] = {}
    for due in instalments_due(as_of):
        waiting[due.deadline_id] = waiting.get(due.deadline_id, 0) + due.ore
    wanted = (
        select(Deadline)
        .join(Deadline.agreement)
        .where(
            Deadline.submitted_on.is_(None),
            Agreement.id.in_(standing(Agreement).with_only_columns(Agreement.id)),
        )
        .options(
            joinedload(Deadline.owner),
            joinedload(Deadline.agreement).options(
                lazyload(Agreement.choirs),
                lazyload(Agreement.towns),
                joinedload(Agreement.partner).options(lazyload(Partner.in_towns)),
            ),
        )
        .order_by(Deadline.due_on, Deadline.id)
    )
    return [
        Unsent(
            id=one.id,
            agreement_id=one.agreement_id,
            agreement=one.agreement.name,
            partner=one.agreement.partner.name,
            kind=one.kind,
            due_on=one.due_on,
            said_on=one.day_said_on or clock.local(one.created_at).date(),
            owner=one.owner,
            waiting_ore=waiting.get(one.id, 0),
        )
        for one in db.session.scalars(wanted)
    ]


def was_reminded(deadline_id: UUID, due_on: date, days_before: int) -> bool:
    """Whether this reminder has been written."""
    return db.session.get(ReminderSent, (deadline_id, due_on, days_before)) is not None


def whom_to_remind(deadline: Unsent, able: Sequence[Account]) -> Sequence[Account]:
    """The owner; without one, or when the owner no longer works with the network, all who are able."""
    return [one for one in able if deadline.owner and one.id == deadline.owner.id] or able


@dataclass(frozen=True)
class LateCost:
    """What it costs that a report is late: the money that waits, and what its absence does to the bank balance."""

    waiting_ore: int
    """In öre."""
    on_time: date
    """The day on which the first of it would come if the report is sent on its day."""
    days: int
    """How many days later it comes."""
    is_late_now: bool
    """Whether the report is late already; else it is asked what would be."""
    is_delayed: bool
    """Whether the money comes later by it; a report can be late while its money was to come much later anyway."""
    is_given_up: bool
    """Whether it is so late that the money is counted on no more."""
    delay: rules.Delay | None
    """None when nobody has written down what is in the bank."""


def late_cost(deadline: Deadline, *, days: int, known: Facts) -> LateCost | None:
    """What it costs if a report that has not been sent comes so many days late, or is late already.

    None when no money waits for it, or when it has been sent.
    """
    lags = {one.id: one.lag_days for one in waiting_for(deadline)}
    due = [(one, ore) for one, ore in still_to_come(known) if one.id in lags and ore]
    if not due or deadline.submitted_on is not None:
        return None
    is_late = deadline.due_on < known.as_of
    on_time = {one.id: max(one.due_on, deadline.due_on) + timedelta(days=lags[one.id]) for one, _ore in due}
    first = min((one for one, _ore in due), key=lambda one: (on_time[one.id], str(one.id)))
    comes_on = on_time[first.id] + timedelta(days=days)
    if is_late:
        comes_on = first.expected_on or known.horizon + timedelta(days=1)
        days = max((comes_on - on_time[first.id]).days, 0)
    delay = None
    if days and known.balance_ore is not None and known.balance_on is not None:
        earliest = known.balance_on + timedelta(days=1)
        others = [
            flow for flow in committed_flows(known) if flow.id not in {("instalment", key) for key in on_time}
        ]
        flows = [*others, *(rules.Flow(_LATE, max(on_time[one.id], earliest), ore) for one, ore in due)]
        counted = (known.balance_ore, known.balance_on, flows)
        shift = (comes_on - max(on_time[first.id], earliest)).days
        if shift > 0:
            delay = rules.cost_of_delay(*counted, late=_LATE, days=shift, horizon=known.horizon)
        else:  # it would be in no balance yet in any case
            before = rules.cash_lasts_to(*counted, horizon=known.horizon)
            delay = rules.Delay(before, before, None, 0, 0)
    return LateCost(
        waiting_ore=sum(ore for _one, ore in due),
        on_time=on_time[first.id],
        days=days,
        is_late_now=is_late,
        is_delayed=days > 0,
        is_given_up=is_late and first.expected_on is None,
        delay=delay,
    )


_LATE = "late"
"""One id for all the money that waits for one report."""


def late_sentences(cost: LateCost) -> list[str]:
    """What a late report costs, in words: the money that waits, then what it does to the bank balance."""
    words = {"sum": kronor_text(cost.waiting_ore), "day": full_day(cost.on_time)}
    if cost.is_given_up:
        told = [_("%(sum)s väntar på den, och vi räknar inte längre med dem.", **words)]
    elif not cost.is_delayed:
        return [_("%(sum)s väntar på den. De ska komma %(day)s, så än har ingen tid gått förlorad.", **words)]
    elif cost.is_late_now:
        told = [_("%(sum)s väntar på den. De kunde ha kommit %(day)s.", **words)]
    else:
        told = [
            ngettext(
                "Blir den %(num)s dag sen kommer %(sum)s senare än %(day)s.",
                "Blir den %(num)s dagar sen kommer %(sum)s senare än %(day)s.",
                cost.days,
                **words,
            )
        ]
    if cost.delay is None:
        return [*told, _("Skriv in kassans saldo, så visar vi vad det gör med kassan.")]
    dip = cost.delay.dip
    if dip is None or (cost.delay.deeper_ore <= 0 and cost.delay.longer_days <= 0):
        return [*told, _("Kassan klarar det.")]
    lowest = {"sum": kronor_text(dip.depth_ore), "day": full_day(dip.deepest_on)}
    told.append(_("Då fattas %(sum)s i kassan som mest, %(day)s.", **lowest))
    deeper = kronor_text(max(cost.delay.deeper_ore, 0))
    told.append(
        ngettext(
            "Det är %(sum)s mer och %(num)s dag längre än om den kommer i tid.",
            "Det är %(sum)s mer och %(num)s dagar längre än om den kommer i tid.",
            max(cost.delay.longer_days, 0),
            sum=deeper,
        )
    )
    return told
