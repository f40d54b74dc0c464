"""Agreements: the list, one of them, and what happens to it."""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _, kronor
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.forms import (
    AgreementForm,
    AmendmentForm,
    DeadlineForm,
    MoneyForm,
    PaymentForm,
    SpentForm,
)
from choir_app.funding.models import Agreement, Deadline
from choir_app.funding.rules.names import DEADLINE_NAMES, PROMISE_NAMES
from choir_app.funding.views import room
from choir_app.funding.views.moved import tell_what_moved
from choir_app.partners.queries import all_towns, possible_owners


@room.get("/finansiering/avtal")
@only_reads
@for_managers
def agreements() -> ResponseReturnValue:
    """Every agreement, those that end first at the top."""
    rows = queries.agreement_rows(viewer=current_user)
    today = clock.today()
    running = [row for row in rows if not row.is_over_on(today)]
    over = [row for row in rows if row.is_over_on(today)]
    return render_template("funding/agreements.html", running=running, over=over, today=today)


@room.route("/finansiering/avtal/nytt", methods=["GET", "POST"])
@for_managers
def add_agreement() -> ResponseReturnValue:
    """Write down an agreement; the notice tells how the date moved."""
    partners, choirs, towns = queries.all_partners(), queries.all_choirs(), all_towns()
    form = AgreementForm(partners, choirs, towns, chosen=request.args.get("partner"))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            agreement = actions.add_agreement(
                form.chosen_partner,
                name=form.name.data,
                signed_on=form.signed_on.data,
                amount_ore=form.amount.data,
                usable_from=form.usable_from.data,
                usable_to=form.usable_to.data,
                allocation=form.allocation.data,
                choirs=form.chosen_choirs,
                towns=form.chosen_towns,
                repay_unspent=form.repay_unspent.data,
                grantee=form.grantee.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell_what_moved(_("Avtalet är sparat."), before)
            return redirect(url_for(".agreement", agreement_id=agreement.id), 303)
    return render_template("funding/agreement_form.html", form=form), form.status


@room.get("/finansiering/avtal/<uuid:agreement_id>")
@for_managers
def agreement(agreement_id: UUID) -> ResponseReturnValue:
    """One agreement, what has become of it and what the funder wants."""
    found = queries.agreement(agreement_id, viewer=current_user)
    row, parts = queries.agreement_row(found), queries.instalment_rows(found)
    deadlines = queries.deadlines_of(found)
    return render_template(
        "funding/agreement.html",
        found=found,
        row=row,
        parts=parts,
        next_part=next((one for one in parts if one.unpaid_ore > 0), None),
        unplanned_ore=queries.unplanned_ore(found),
        too_many_ore=max(0, sum(part.ore for part in parts) - row.effective_ore),
        unmatched_ore=queries.unmatched_of(found),
        matched=queries.matched_by_payment(found),
        history=queries.history_of(found),
        deadlines=deadlines,
        late=_late_now(deadlines),
        documents=queries.documents_of(found),
        promises=queries.promises_of(found),
        deadline_names=DEADLINE_NAMES,
        promise_names=PROMISE_NAMES,
        today=clock.today(),
    )


def _late_now(deadlines: Sequence[Deadline]) -> list[tuple[Deadline, list[str]]]:
    """The reports that are late, each with what that costs in words."""
    late = [one for one in deadlines if one.submitted_on is None and one.due_on < clock.today()]
    if not late:
        return []
    known = queries.facts(clock.today())
    told = [(one, queries.late_cost(one, days=0, known=known)) for one in late]
    return [(one, queries.late_sentences(cost) if cost else []) for one, cost in told]


@room.route("/finansiering/avtal/<uuid:agreement_id>/andring", methods=["GET", "POST"])
@for_managers
def amend(agreement_id: UUID) -> ResponseReturnValue:
    """Write down a signed change."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = AmendmentForm(seen=queries.writings_count(found))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            actions.amend(
                found,
                on=form.on.data,
                delta_ore=form.delta.data or 0,
                new_usable_to=form.new_usable_to.data,
                note=form.note.data,
                seen=form.seen_rows,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell_what_moved(_("Ändringen är sparad."), before)
            if too_many := queries.too_many_ore(found):
                tell(
                    _(
                        "Utbetalningarna är nu %(sum)s mer än avtalet ger. Stryk en, och skriv in den på nytt om den "
                        "bara blir mindre.",
                        sum=kronor(too_many),
                    ),
                    kind="warn",
                )
            return _home(found)
    return _drawn("amendment_form.html", form, found)


@room.route("/finansiering/avtal/<uuid:agreement_id>/inbetalning", methods=["GET", "POST"])
@for_managers
def payment(agreement_id: UUID) -> ResponseReturnValue:
    """Write down money that came."""
    found = queries.agreement(agreement_id, viewer=current_user)
    unpaid = [row for row in queries.instalment_rows(found) if row.unpaid_ore > 0]
    form = PaymentForm(unpaid, seen=queries.writings_count(found))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            came = actions.note_payment(
                found,
                on=form.on.data,
                ore=form.sum.data,
                note=form.note.data,
                seen=form.seen_rows,
                receipt=form.receipt_id,
                by=current_user,
            )
            actions.match_in_order(came, form.chosen_parts, by=current_user)
            tell(_("Inbetalningen är sparad."))
            return _home(found)
    return _drawn("payment_form.html", form, found)


@room.route("/finansiering/avtal/<uuid:agreement_id>/anvant", methods=["GET", "POST"])
@for_managers
def spent(agreement_id: UUID) -> ResponseReturnValue:
    """Write down what the books say was spent."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = SpentForm(seen=queries.writings_count(found))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.note_spent(
                found,
                as_of=form.as_of.data,
                spent_ore=form.sum.data,
                seen=form.seen_rows,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(found)
    return _drawn("spent_form.html", form, found)


@room.route("/finansiering/avtal/<uuid:agreement_id>/sista-dag", methods=["GET", "POST"])
@for_managers
def add_deadline(agreement_id: UUID) -> ResponseReturnValue:
    """Write down what the funder wants and by when."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = DeadlineForm(possible_owners(), me=current_user.id)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_deadline(
                found,
                kind=form.kind.data,
                due_on=form.due_on.data,
                owner=form.chosen_owner,
                note=form.note.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(found)
    return _drawn("deadline_form.html", form, found)


@room.post(
    "/finansiering/avtal/<uuid:agreement_id>/sista-dag/<uuid:deadline_id>/<any(inskickad,godkand,angra):deed>"
)
@for_managers
def change_deadline(agreement_id: UUID, deadline_id: UUID, deed: str) -> ResponseReturnValue:
    """Say that a report was sent or approved, or take that back."""
    found = queries.agreement(agreement_id, viewer=current_user)
    deadline = queries.deadline(deadline_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            {"inskickad": actions.submit, "godkand": actions.approve, "angra": actions.withdraw_submission}[
                deed
            ](deadline, by=current_user)
            tell(_("Sparat."))
    return _home_or_trouble(found, form)


@room.post(
    "/finansiering/avtal/<uuid:agreement_id>/rader/<any(amendment,payment,spent):kind>/<uuid:row_id>/stryk"
)
@for_managers
def reverse_row(agreement_id: UUID, kind: str, row_id: UUID) -> ResponseReturnValue:
    """Take back a row of an agreement's history."""
    found = queries.agreement(agreement_id, viewer=current_user)
    row = queries.happening(kind, row_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        before = queries.forecast(clock.today())
        actions.reverse_happening(row, by=current_user)
        tell_what_moved(_("Raden är struken. Den räknas inte längre."), before)
    return _home_or_trouble(found, form)


@room.post("/finansiering/avtal/<uuid:agreement_id>/stryk")
@for_managers
def reverse_agreement(agreement_id: UUID) -> ResponseReturnValue:
    """Take back an agreement that was written down by mistake."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            actions.reverse_agreement(found, by=current_user)
            tell_what_moved(_("Avtalet är struket. Det räknas inte längre."), before)
            return redirect(url_for(".agreements"), 303)
    return _home_or_trouble(found, form)


def _home(agreement: Agreement) -> Response:
    return redirect(url_for(".agreement", agreement_id=agreement.id), 303)


def _home_or_trouble(agreement: Agreement, form: Plain) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return _home(agreement)


def _drawn(template: str, form: MoneyForm, found: Agreement) -> ResponseReturnValue:
    row = queries.agreement_row(found)
    return render_template(f"funding/{template}", form=form, row=row), form.status
