"""What we promised in return under an agreement: written down, changed, delivered."""

from datetime import date
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.rows import sent_before
from choir_app.funding.models import Agreement, Promise
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.rules.names import PROMISE_KINDS


def add_promise(
    agreement: Agreement,
    *,
    kind: str,
    what: str,
    by: Any,
    due_on: date | None = None,
    owner: Account | None = None,
    receipt: UUID | None = None,
) -> Promise:
    """Write down what the partner gets in return, and by when if that was said."""
    require(may_change_funding(by))
    if already := sent_before(Promise, receipt, by=by):
        return already
    if kind not in PROMISE_KINDS:
        raise Refusal(_("Välj vad de får."), field="kind")
    if not what.strip():
        raise Refusal(_("Skriv vad vi har lovat."), field="what")
    promise = Promise(
        agreement_id=agreement.id, kind=kind, what=what, due_on=due_on, owner_id=owner.id if owner else None
    )
    if receipt:
        promise.id = receipt
    db.session.add(promise)
    db.session.flush()
    audit.note("promise.added", promise, by=by)
    return promise


def deliver(promise: Promise, *, by: Any) -> Promise:
    """Say that the partner has got it, today."""
    require(may_change_funding(by))
    promise.delivered_on = promise.delivered_on or clock.today()
    audit.note("promise.delivered", promise, by=by)
    return promise


def undo_delivery(promise: Promise, *, by: Any) -> Promise:
    """Take back that the partner has got it."""
    require(may_change_funding(by))
    promise.delivered_on = None
    audit.note("promise.undelivered", promise, by=by)
    return promise


def remove_promise(promise: Promise, *, by: Any) -> Promise:
    """Take away a promise that was written down by mistake; one that was kept stays."""
    require(may_change_funding(by))
    if promise.delivered_on:
        raise Refusal(_("De har redan fått det. Ångra det först, om det blev fel."))
    audit.note("promise.removed", promise, by=by)
    db.session.delete(promise)
    db.session.flush()
    return promise
