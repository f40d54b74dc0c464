"""What a funder wants of us and by when: written down, changed, sent, approved, reminded of."""

from datetime import date
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.rows import ChangedMeanwhile, account_name, alone_with, sent_before
from choir_app.funding.models import Agreement, Deadline
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import deadlines as queries
from choir_app.funding.rules.names import DEADLINE_KINDS


def add_deadline(
    agreement: Agreement,
    *,
    kind: str,
    due_on: date,
    owner: Account | None,
    by: Any,
    note: str | None = None,
    receipt: UUID | None = None,
) -> Deadline:
    """Write down what the funder wants and by when."""
    require(may_change_funding(by))
    if already := sent_before(Deadline, receipt, by=by):
        return already
    if kind not in DEADLINE_KINDS:
        raise Refusal(_("Välj vad de vill ha."), field="kind")
    deadline = Deadline(
        agreement_id=agreement.id,
        kind=kind,
        due_on=due_on,
        owner_id=owner.id if owner else None,
        note=note or None,
    )
    if receipt:
        deadline.id = receipt
    db.session.add(deadline)
    db.session.flush()
    audit.note("deadline.added", deadline, by=by, after=audit.state(deadline))
    return deadline


def submit(deadline: Deadline, *, by: Any) -> Deadline:
    """Say that it was sent to the funder today."""
    require(may_change_funding(by))
    with audit.change("deadline.submitted", deadline, by=by):
        deadline.submitted_on = deadline.submitted_on or clock.today()
    return deadline


def approve(deadline: Deadline, *, by: Any) -> Deadline:
    """Say that the funder has approved what was sent."""
    require(may_change_funding(by))
    if deadline.submitted_on is None:
        raise Refusal(_("Skriv först att den är inskickad."))
    with audit.change("deadline.approved", deadline, by=by):
        deadline.approved_on = deadline.approved_on or clock.today()
    return deadline


def withdraw_submission(deadline: Deadline, *, by: Any) -> Deadline:
    """Take back that it was sent and approved."""
    require(may_change_funding(by))
    with audit.change("deadline.reopened", deadline, by=by):
        deadline.submitted_on = deadline.approved_on = None
    return deadline


def change_deadline(
    deadline: Deadline,
    *,
    kind: str,
    due_on: date,
    owner: Account | None,
    note: str | None,
    version: int,
    by: Any,
) -> Deadline:
    """Put a deadline right: what it is, its day (the funder gave more time), who does it.

    Raises ChangedMeanwhile when somebody changed it after this `version`; the same change sent again is no change.
    """
    require(may_change_funding(by))
    wanted = {"kind": kind, "due_on": due_on, "owner_id": owner.id if owner else None, "note": note or None}
    alone_with(deadline.agreement)
    db.session.refresh(deadline)
    if all(getattr(deadline, name) == value for name, value in wanted.items()):
        return deadline
    if version != deadline.version:
        raise ChangedMeanwhile(account_name(deadline.changed_by_id))
    if kind not in DEADLINE_KINDS:
        raise Refusal(_("Välj vad de vill ha."), field="kind")
    if kind != deadline.kind and queries.waiting_for(deadline):
        raise Refusal(_("En utbetalning väntar på den. Stryk utbetalningen först."), field="kind")
    with audit.change("deadline.changed", deadline, by=by):
        if due_on != deadline.due_on:
            deadline.day_said_on = clock.today()
        for name, value in wanted.items():
            setattr(deadline, name, value)
        deadline.version, deadline.changed_by_id = deadline.version + 1, by.id
    return deadline


def remove_deadline(deadline: Deadline, *, by: Any) -> Deadline:
    """Take away a deadline that was written down by mistake; not while money waits for it."""
    require(may_change_funding(by))
    if queries.waiting_for(deadline):
        raise Refusal(_("En utbetalning väntar på den. Stryk utbetalningen först."))
    audit.note("deadline.removed", deadline, by=by, before=audit.state(deadline))
    db.session.delete(deadline)
    db.session.flush()
    return deadline
