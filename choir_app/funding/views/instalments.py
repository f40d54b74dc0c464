"""The parts of an agreement, and which payment pays which of them."""

from typing import cast
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation.audience import who_asks
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.forms import InstalmentForm, MatchForm
from choir_app.funding.models import Agreement, Payment
from choir_app.funding.rules import shares_of_a_payment
from choir_app.funding.views import room


@room.route("/finansiering/avtal/<uuid:agreement_id>/utbetalning", methods=["GET", "POST"])
@for_managers
def add_instalment(agreement_id: UUID) -> ResponseReturnValue:
    """Write down a part of an agreement: how much comes when, and what they wait for."""
    found = queries.agreement(agreement_id, viewer=current_user)
    awaited = [one for one in queries.deadlines_of(found) if one.approved_on is None]
    form = InstalmentForm(awaited, seen=queries.writings_count(found))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_instalment(
                found,
                ore=form.sum.data,
                due_on=form.due_on.data,
                condition=form.condition.data,
                deadline=form.chosen_deadline,
                deadline_on=form.deadline_on.data,
                owner=who_asks(),
                lag_days=form.lag_days.data or 0,
                note=form.note.data,
                seen=form.seen_rows,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Utbetalningen är sparad."))
            return _home(found)
    return render_template(
        "funding/instalment_form.html",
        form=form,
        row=queries.agreement_row(found),
        unplanned_ore=queries.unplanned_ore(found),
    ), form.status


@room.post("/finansiering/avtal/<uuid:agreement_id>/utbetalning/<uuid:instalment_id>/stryk")
@for_managers
def reverse_instalment(agreement_id: UUID, instalment_id: UUID) -> ResponseReturnValue:
    """Take back a part that was written down by mistake."""
    found = queries.agreement(agreement_id, viewer=current_user)
    part = queries.instalment(instalment_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.reverse_instalment(part, by=current_user)
            tell(_("Utbetalningen är struken. Den räknas inte längre."))
    return _home_or_trouble(found, form)


@room.route(
    "/finansiering/avtal/<uuid:agreement_id>/inbetalning/<uuid:payment_id>/utbetalningar",
    methods=["GET", "POST"],
)
@for_managers
def match_payment(agreement_id: UUID, payment_id: UUID) -> ResponseReturnValue:
    """Say which parts of the agreement a payment pays, and how much of each."""
    found = queries.agreement(agreement_id, viewer=current_user)
    payment = _payment(payment_id, found)
    unpaid = [row for row in queries.instalment_rows(found) if row.unpaid_ore > 0]
    left = queries.unmatched_ore(payment)
    suggested = shares_of_a_payment(left, [(row.id, row.unpaid_ore) for row in unpaid])
    form = MatchForm.made_for(unpaid, dict(suggested))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.match_payment(payment, form.shares, by=current_user)
            tell(_("Sparat."))
            return _home(found)
    return render_template(
        "funding/payment_parts.html",
        form=form,
        row=queries.agreement_row(found),
        payment=payment,
        left_ore=left,
        matches=queries.matches_of(payment),
    ), form.status


@room.post("/finansiering/avtal/<uuid:agreement_id>/inbetalning/<uuid:payment_id>/isar")
@for_managers
def take_apart(agreement_id: UUID, payment_id: UUID) -> ResponseReturnValue:
    """Take back which parts a payment pays; the payment stands."""
    found = queries.agreement(agreement_id, viewer=current_user)
    payment = _payment(payment_id, found)
    form = Plain()
    if form.is_sent_and_sound:
        actions.take_apart(payment, by=current_user)
        tell(_("Inbetalningen hör inte till någon utbetalning längre."))
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".match_payment", agreement_id=found.id, payment_id=payment.id), 303)


def _payment(payment_id: UUID, agreement: Agreement) -> Payment:
    payment = queries.happening("payment", payment_id, agreement=agreement)
    return cast("Payment", payment)  # the kind says so


def _home(agreement: Agreement) -> ResponseReturnValue:
    return redirect(url_for(".agreement", agreement_id=agreement.id), 303)


def _home_or_trouble(agreement: Agreement, form: Plain) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return _home(agreement)
