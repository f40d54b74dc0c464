"""What of an agreement is no money: its facts, its deadlines, its papers and what we promised."""

from uuid import UUID

from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock, filing
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.merging import Both, MergingForm
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.forms import ChangeDeadlineForm, DocumentForm, FactsForm, PromiseForm
from choir_app.funding.models import Agreement
from choir_app.funding.rules.names import DEADLINE_NAMES
from choir_app.funding.views import room
from choir_app.partners.queries import possible_owners

MOST_DAYS_LATE = 365


@room.route("/finansiering/avtal/<uuid:agreement_id>/uppgifter", methods=["GET", "POST"])
@for_managers
def change_agreement(agreement_id: UUID) -> ResponseReturnValue:
    """Put right what of an agreement is not money; when two do it at once the second sees both versions."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = FactsForm(found, possible_owners())
    both: list[Both] = []
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_agreement(
                found,
                name=form.name.data,
                grantee=form.grantee.data,
                reference=form.reference.data,
                owner=form.chosen_owner,
                note=form.note.data,
                version=form.seen_version,
                by=current_user,
            )
            tell(_("Uppgifterna är sparade."))
            return _home(found)
        both = _met(form, found.version, form.values_of(found))
    return _drawn("agreement_facts_form.html", found, form, both)


def _met(form: MergingForm, version: int, theirs: dict[str, object]) -> list[Both]:
    return form.meet(version, theirs) if form.seen_version != version else []


def _drawn(
    template: str, found: Agreement, form: MergingForm, both: list[Both], **more: object
) -> ResponseReturnValue:
    row = queries.agreement_row(found)
    return render_template(f"funding/{template}", form=form, row=row, both=both, **more), form.status


@room.route("/finansiering/avtal/<uuid:agreement_id>/sista-dag/<uuid:deadline_id>", methods=["GET", "POST"])
@for_managers
def deadline(agreement_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """One thing that the funder wants: put it right, and see what it costs when it is late."""
    found = queries.agreement(agreement_id, viewer=current_user)
    wanted = queries.deadline(deadline_id, agreement=found)
    form = ChangeDeadlineForm(wanted, possible_owners())
    both: list[Both] = []
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_deadline(
                wanted,
                kind=form.kind.data,
                due_on=form.due_on.data,
                owner=form.chosen_owner,
                note=form.note.data,
                version=form.seen_version,
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(found)
        both = _met(form, wanted.version, form.values_of(wanted))
    days = _days_late()
    cost = queries.late_cost(wanted, days=days, known=queries.facts(clock.today()))
    return _drawn(
        "deadline.html",
        found,
        form,
        both,
        deadline=wanted,
        name=DEADLINE_NAMES[wanted.kind],
        days=days,
        cost=cost,
        sentences=queries.late_sentences(cost) if cost else [],
        waiting=queries.waiting_for(wanted),
        documents=[one for one in queries.documents_of(found) if one.deadline_id == wanted.id],
    )


def _days_late() -> int:
    typed = request.args.get("dagar", "30")
    return min(max(int(typed), 1), MOST_DAYS_LATE) if typed.isdecimal() and len(typed) < 6 else 30


@room.post("/finansiering/avtal/<uuid:agreement_id>/sista-dag/<uuid:deadline_id>/ta-bort")
@for_managers
def remove_deadline(agreement_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Take away a deadline that was written down by mistake."""
    found = queries.agreement(agreement_id, viewer=current_user)
    wanted = queries.deadline(deadline_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_deadline(wanted, by=current_user)
            tell(_("Den sista dagen är borttagen."))
    return _home_or_trouble(found, form)


# --- papers ---------------------------------------------------------------------------------------------------


@room.route("/finansiering/avtal/<uuid:agreement_id>/handlingar/ny", methods=["GET", "POST"])
@for_managers
def add_document(agreement_id: UUID) -> ResponseReturnValue:
    """Keep a paper of the agreement."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = DocumentForm(queries.deadlines_of(found))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_document(
                found,
                upload=form.file.data.stream.read(),
                filename=form.file.data.filename,
                name=form.name.data,
                deadline=form.chosen_deadline,
                data_folder=current_app.config["DATA_FOLDER"],
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Handlingen är sparad."))
            return _home(found)
    row = queries.agreement_row(found)
    return render_template("funding/document_form.html", form=form, row=row), form.status


@room.get("/finansiering/avtal/<uuid:agreement_id>/handlingar/<uuid:document_id>")
@for_managers
def document(agreement_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """A paper as a file to save; it is never shown within a page of ours."""
    found = queries.agreement(agreement_id, viewer=current_user)
    wanted = queries.document(document_id, agreement=found)
    place = filing.path_of(wanted.digest, data_folder=current_app.config["DATA_FOLDER"])
    if place is None:
        abort(404)
    answer = send_file(
        place,
        mimetype=filing.KINDS[wanted.kind],
        as_attachment=True,
        download_name=f"{wanted.name}.{wanted.kind}",
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@room.post("/finansiering/avtal/<uuid:agreement_id>/handlingar/<uuid:document_id>/ta-bort")
@for_managers
def remove_document(agreement_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Take a paper away."""
    found = queries.agreement(agreement_id, viewer=current_user)
    wanted = queries.document(document_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        actions.remove_document(wanted, by=current_user)
        tell(_("Handlingen är borttagen."))
    return _home_or_trouble(found, form)


# --- what we promised -----------------------------------------------------------------------------------------


@room.route("/finansiering/avtal/<uuid:agreement_id>/lofte", methods=["GET", "POST"])
@for_managers
def add_promise(agreement_id: UUID) -> ResponseReturnValue:
    """Write down what the partner gets in return."""
    found = queries.agreement(agreement_id, viewer=current_user)
    form = PromiseForm(possible_owners(), me=current_user.id)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_promise(
                found,
                kind=form.kind.data,
                what=form.what.data,
                due_on=form.due_on.data,
                owner=form.chosen_owner,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(found)
    row = queries.agreement_row(found)
    return render_template("funding/promise_form.html", form=form, row=row), form.status


@room.post("/finansiering/avtal/<uuid:agreement_id>/lofte/<uuid:promise_id>/<any(klart,angra,bort):deed>")
@for_managers
def change_promise(agreement_id: UUID, promise_id: UUID, deed: str) -> ResponseReturnValue:
    """Say that the partner has got it, take that back, or take the promise away."""
    found = queries.agreement(agreement_id, viewer=current_user)
    wanted = queries.promise(promise_id, agreement=found)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            {"klart": actions.deliver, "angra": actions.undo_delivery, "bort": actions.remove_promise}[deed](
                wanted, by=current_user
            )
            tell(_("Sparat."))
    return _home_or_trouble(found, form)


def _home(agreement: Agreement) -> ResponseReturnValue:
    return redirect(url_for(".agreement", agreement_id=agreement.id), 303)


def _home_or_trouble(agreement: Agreement, form: Plain) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return _home(agreement)
