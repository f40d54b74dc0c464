"""Instalments of an agreement, and which payment pays which of them.

A payment may pay a part of an instalment, or several of them; what it pays of none is left over and shown.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.money import kronor_text
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.deadlines import add_deadline
from choir_app.funding.actions.rows import alone_with, heed_others, noted, reverse_row, sent_before
from choir_app.funding.models import Agreement, Deadline, Instalment, Payment, PaymentMatch
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import instalments
from choir_app.funding.queries.books import standing
from choir_app.funding.rules.instalments import shares_of_a_payment
from choir_app.funding.rules.names import CONDITIONS, REPORTS


def add_instalment(
    agreement: Agreement,
    *,
    ore: int,
    due_on: date,
    by: Any,
    condition: str = "date",
    deadline: Deadline | None = None,
    deadline_on: date | None = None,
    owner: Account | None = None,
    lag_days: int = 0,
    note: str | None = None,
    seen: int | None = None,
    receipt: UUID | None = None,
) -> Instalment:
    """Write down that a part of the agreement, in öre, is due on a day, and what must be done before it is paid.

    What it waits for is a deadline of the agreement that is there, or a new one: an interim report by
    `deadline_on`, or a requisition by then (without a day: in time for the money to come on its own day).
    """
    require(may_change_funding(by))
    if already := sent_before(Instalment, receipt, by=by):
        return already
    heed_others(agreement, seen, by=by)
    if ore <= 0:
        raise Refusal(_("Skriv hur mycket som ska komma, i kronor."), field="sum")
    if condition not in CONDITIONS:
        raise Refusal(_("Välj vad de väntar på."), field="condition")
    if not 0 <= lag_days <= 365:
        raise Refusal(_("Skriv ett antal dagar mellan 0 och 365."), field="lag_days")
    unplanned = instalments.unplanned_ore(agreement)
    if ore > unplanned:
        raise Refusal(
            _(
                "Utbetalningarna blir tillsammans mer än avtalet ger. Högst %(sum)s är kvar att dela upp.",
                sum=kronor_text(max(unplanned, 0)),
            ),
            field="sum",
        )
    if condition == "date":
        deadline = None
    elif deadline is None:
        deadline = _awaited(agreement, condition, due_on, deadline_on, lag_days, owner, by)
    elif deadline.agreement_id != agreement.id or (deadline.kind == "requisition") != (
        condition == "invoice"
    ):
        raise Refusal(_("Välj något som hör till avtalet och som de väntar på."), field="deadline")
    instalment = Instalment(
        agreement_id=agreement.id,
        ore=ore,
        due_on=due_on,
        condition=condition,
        deadline_id=deadline.id if deadline else None,
        lag_days=lag_days,
        note=note or None,
    )
    return noted(instalment, "instalment.added", receipt=receipt, by=by)


def _awaited(
    agreement: Agreement,
    condition: str,
    due_on: date,
    deadline_on: date | None,
    lag_days: int,
    owner: Account | None,
    by: Any,
) -> Deadline:
    if condition == "invoice":
        day = deadline_on or due_on - timedelta(days=lag_days)
        return add_deadline(agreement, kind="requisition", due_on=day, owner=owner, by=by)
    if deadline_on is None:
        raise Refusal(
            _("Välj vilken rapport de väntar på, eller skriv sista dagen för en ny."), field="deadline_on"
        )
    return add_deadline(agreement, kind=REPORTS[0], due_on=deadline_on, owner=owner, by=by)


def reverse_instalment(instalment: Instalment, *, by: Any) -> Instalment:
    """Take back an instalment that was written down by mistake; not while a payment says that it was paid."""
    require(may_change_funding(by))
    alone_with(instalment.agreement)
    if instalments.paid_of_instalments(agreement=instalment.agreement).get(instalment.id):
        raise Refusal(_("Pengar har redan kommit för den utbetalningen. Ta isär inbetalningen först."))
    return reverse_row(instalment, "instalment.reversed", by=by)


def match_payment(payment: Payment, shares: Mapping[UUID, int], *, by: Any) -> Sequence[PaymentMatch]:
    """Say how much of a payment, in öre, pays which of the agreement's instalments, beside what was said before."""
    require(may_change_funding(by))
    agreement = payment.agreement
    alone_with(agreement)
    db.session.scalars(standing(Payment).where(Payment.id == payment.id)).one()  # it may be struck meanwhile
    left = instalments.unmatched_ore(payment)
    unpaid = {row.id: row for row in instalments.instalment_rows(agreement) if row.unpaid_ore > 0}
    wanted = {key: ore for key, ore in shares.items() if ore}
    for key, ore in wanted.items():
        if key not in unpaid:
            raise Refusal(_("Utbetalningen är redan betald, eller struken."), field=f"share_{key}")
        if ore < 0:
            raise Refusal(
                _("Skriv ett belopp som är större än noll, eller lämna tomt."), field=f"share_{key}"
            )
        if ore > unpaid[key].unpaid_ore:
            raise Refusal(
                _(
                    "Högst %(sum)s är kvar att betala av utbetalningen.",
                    sum=kronor_text(unpaid[key].unpaid_ore),
                ),
                field=f"share_{key}",
            )
    if sum(wanted.values()) > max(left, 0):
        raise Refusal(
            _("Det blir mer än inbetalningen. Högst %(sum)s är kvar av den.", sum=kronor_text(max(left, 0)))
        )
    return [
        noted(
            PaymentMatch(payment_id=payment.id, instalment_id=key, ore=ore),
            "payment.matched",
            receipt=None,
            by=by,
        )
        for key, ore in sorted(wanted.items())
    ]


def match_in_order(payment: Payment, chosen: Collection[UUID], *, by: Any) -> Sequence[PaymentMatch]:
    """Let a payment pay the chosen instalments, those due first wholly before the next."""
    require(may_change_funding(by))
    alone_with(payment.agreement)
    rows = [
        (row.id, row.unpaid_ore)
        for row in instalments.instalment_rows(payment.agreement)
        if row.id in chosen and row.unpaid_ore > 0
    ]
    shares = shares_of_a_payment(instalments.unmatched_ore(payment), rows)
    return match_payment(payment, dict(shares), by=by)


def take_apart(payment: Payment, *, by: Any) -> Sequence[PaymentMatch]:
    """Take back which instalments a payment pays; the payment itself stands."""
    require(may_change_funding(by))
    alone_with(payment.agreement)
    return [reverse_row(match, "payment.taken_apart", by=by) for match in instalments.matches_of(payment)]
