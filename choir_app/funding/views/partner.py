"""A partner's page: what it pays, what comes next, whom to talk to and what was said."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import queries
from choir_app.funding.forms import LogForm
from choir_app.funding.views import room
from choir_app.partners import actions as partner_actions
from choir_app.partners import queries as partners
from choir_app.partners.rules import CONTACT_TASK_NAMES, KIND_NAMES, TOUCHPOINT_NAMES


@room.route("/partner/<slug>", methods=["GET", "POST"])
@for_managers
def partner(slug: str) -> ResponseReturnValue:
    """One partner; the box of the log is always open."""
    found = partners.one(slug, viewer=current_user)
    contacts = partners.contacts_of(found)
    step = partners.open_step_of(found)
    owners = partners.possible_owners()
    form = LogForm(contacts, owners, me=current_user.id, has_step=step is not None)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            partner_actions.log_touchpoint(
                found,
                kind=form.kind.data,
                note=form.note.data,
                happened_on=form.happened_on.data,
                contact=form.chosen_contact,
                next_what=form.next_what.data or None,
                next_due_on=form.next_day,
                next_owner=form.chosen_owner,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(_("Sparat i loggen."))
            return redirect(url_for(".partner", slug=slug), 303)
    today = clock.today()
    agreements = queries.agreement_rows(viewer=current_user, partner=found)
    gifts = queries.in_kind_rows(viewer=current_user, partner=found)
    log = partners.log_of(found)
    return render_template(
        "funding/partner.html",
        form=form,
        partner=found,
        contacts=contacts,
        log=log,
        step=step,
        agreements=agreements,
        gifts=gifts,
        promises=queries.promises_to(found),
        programmes=queries.programmes(viewer=current_user, partner=found),
        open_sentence=queries.open_sentence,
        sentence=queries.partner_sentence(agreements, gifts, has_log=bool(log), today=today),
        ending=queries.ending_soon(agreements, today),
        today=today,
        kind_names=KIND_NAMES,
        touchpoint_names=TOUCHPOINT_NAMES,
        task_names=CONTACT_TASK_NAMES,
        belonging=partners.belonging_to(found),
    ), form.status
