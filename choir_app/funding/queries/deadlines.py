"""Deadlines: which money waits for them, what it costs when they are late, who is to be reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Deadline, Instalment, ReminderSent
from choir_app.funding.queries.books import standing
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
