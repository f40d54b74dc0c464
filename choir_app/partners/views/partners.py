"""The pages of the partners' room. A partner's own page stands in the funding room, which knows what it pays."""

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _, full_day
from choir_app.foundation.notices import tell
from choir_app.partners import actions, queries
from choir_app.partners.forms import ContactForm, DoneForm, LaterForm, PartnerForm, StepForm, receipt_of
from choir_app.partners.models import Partner
from choir_app.partners.rules import KIND_NAMES
from choir_app.partners.views import room

FROM_LIST = "att-gora"


def _home(slug: str) -> Response:
    return redirect(url_for("funding.partner", slug=slug), 303)


def _back(slug: str) -> Response:
    """To the list of what is to be done, for who came from there; else to the partner."""
    if request.args.get("fran") == FROM_LIST:
        return redirect(url_for(".to_do"), 303)
    return _home(slug)


@room.get("")
@only_reads
@for_managers
def index() -> ResponseReturnValue:
    """All partners, with what comes next."""
    kind, town = request.args.get("sort"), request.args.get("ort")
    rows = queries.partner_list(viewer=current_user, kind=kind if kind in KIND_NAMES else None, town=town)
    due = [row for row in rows if row.next_due_on and row.next_due_on <= clock.today() + timedelta(days=7)]
    chosen = {"kinds": KIND_NAMES, "kind": kind, "towns": queries.all_towns(), "town": town}
    waiting = [row for row in rows if row.next_due_on and row.next_due_on <= clock.today()]
    return render_template(
        "partners/index.html", rows=rows, due=due, waiting=waiting, today=clock.today(), **chosen
    )


@room.get("/att-gora")
@only_reads
@for_managers
def to_do() -> ResponseReturnValue:
    """The next steps of today and those that are late: mine first, then the others'."""
    found = queries.to_do(viewer=current_user, today=clock.today())
    return render_template("partners/to_do.html", found=found, today=clock.today(), origin=FROM_LIST)


@room.post("/<slug>/skjut-upp")
@for_managers
def put_off(slug: str) -> ResponseReturnValue:
    """Put the next step off, by one press in the list of what is to be done."""
    partner = queries.one(slug, viewer=current_user)
    form = LaterForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            step, day = form.put_off(queries.open_step_of(partner))
            actions.move_next_step(step, what=step.what, due_on=day, owner=step.owner, by=current_user)
            tell(_("%(partner)s: flyttat till %(day)s.", partner=partner.name, day=full_day(day)))
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".to_do"), 303)


def _partner_form(form: PartnerForm, partner: Partner | None) -> ResponseReturnValue:
    """The form; once it was sent, with those in the book whom it may be about already."""
    known = []
    if form.has_errors:
        known = queries.alike(form.name.data or "", form.website.data, besides=partner, viewer=current_user)
    return render_template("partners/partner_form.html", form=form, partner=partner, alike=known), form.status


@room.route("/ny", methods=["GET", "POST"])
@for_managers
def add() -> ResponseReturnValue:
    """Take a new partner into the book."""
    form = PartnerForm(queries.all_towns(), parents=queries.possible_parents(None, viewer=current_user))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            if not form.is_another.data:
                actions.ask_about_alike(form.name.data or "", website=form.website.data, by=current_user)
            partner = actions.add_partner(
                form.name.data,
                kind=form.kind.data,
                towns=form.chosen_towns,
                about=form.about.data,
                website=form.website.data,
                is_thanked=form.is_thanked.data,
                parent=form.chosen_parent,
                by=current_user,
            )
            tell(_("%(partner)s finns nu bland våra partner.", partner=partner.name))
            return _home(partner.slug)
    return _partner_form(form, None)


@room.route("/<slug>/andra", methods=["GET", "POST"])
@for_managers
def change(slug: str) -> ResponseReturnValue:
    """Change what is written about a partner."""
    partner = queries.one(slug, viewer=current_user)
    form = PartnerForm(
        queries.all_towns(), partner, parents=queries.possible_parents(partner, viewer=current_user)
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            if not form.is_another.data:
                actions.ask_about_alike(
                    form.name.data or "", website=form.website.data, besides=partner, by=current_user
                )
            actions.change_partner(
                partner,
                name=form.name.data,
                kind=form.kind.data,
                towns=form.chosen_towns,
                about=form.about.data,
                website=form.website.data,
                is_thanked=form.is_thanked.data,
                parent=form.chosen_parent,
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(slug)
    return _partner_form(form, partner)


@room.route("/<slug>/kontakter/ny", methods=["GET", "POST"])
@for_managers
def add_contact(slug: str) -> ResponseReturnValue:
    """Write down whom one talks to."""
    partner = queries.one(slug, viewer=current_user)
    form = ContactForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            contact = actions.add_contact(
                partner,
                person=form.person.data,
                role=form.role.data or None,
                phone=form.phone.data or None,
                email=form.email.data or None,
                tasks=form.tasks.data or (),
                receipt=receipt_of(form),
                by=current_user,
            )
            tell(_("%(person)s är sparad.", person=contact.person))
            return _home(slug)
    return render_template(
        "partners/contact_form.html", form=form, partner=partner, contact=None
    ), form.status


@room.route("/<slug>/kontakter/<uuid:contact_id>/andra", methods=["GET", "POST"])
@for_managers
def change_contact(slug: str, contact_id: UUID) -> ResponseReturnValue:
    """Change a person's number, role or name."""
    partner = queries.one(slug, viewer=current_user)
    contact = queries.contact(contact_id, partner=partner)
    form = ContactForm(contact)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_contact(
                contact,
                person=form.person.data,
                role=form.role.data or None,
                phone=form.phone.data or None,
                email=form.email.data or None,
                tasks=form.tasks.data or (),
                by=current_user,
            )
            tell(_("Sparat."))
            return _home(slug)
    return render_template(
        "partners/contact_form.html", form=form, partner=partner, contact=contact
    ), form.status


@room.post("/<slug>/kontakter/<uuid:contact_id>/ta-bort")
@for_managers
def remove_contact(slug: str, contact_id: UUID) -> ResponseReturnValue:
    """Forget a person; the log stays."""
    partner = queries.one(slug, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        actions.remove_contact(queries.contact(contact_id, partner=partner), by=current_user)
        tell(_("Kontakten är borttagen. Loggen finns kvar."))
    return _home(slug)


@room.route("/<slug>/nasta-steg", methods=["GET", "POST"])
@for_managers
def next_step(slug: str) -> ResponseReturnValue:
    """Say what is to be done next with a partner, or plan it anew."""
    partner = queries.one(slug, viewer=current_user)
    step = queries.open_step_of(partner)
    form = StepForm(queries.possible_owners(), me=current_user.id, step=step)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            wish = {"what": form.what.data, "due_on": form.due_on.data, "owner": form.chosen_owner}
            if step:
                actions.move_next_step(step, **wish, by=current_user)
            else:
                actions.plan_next_step(partner, **wish, by=current_user)
            tell(_("Nästa steg är sparat."))
            return _back(slug)
    return render_template("partners/step_form.html", form=form, partner=partner, step=step), form.status


@room.route("/<slug>/klart", methods=["GET", "POST"])
@for_managers
def done(slug: str) -> ResponseReturnValue:
    """Tick off the next step: what happened, and what comes then."""
    partner = queries.one(slug, viewer=current_user)
    step = queries.open_step_of(partner)
    if step is None:
        if request.method == "POST":
            tell(_("Steget var redan klart. Skriv i loggen om något mer hände."), kind="warn")
        return _back(slug)
    contacts = queries.contacts_of(partner)
    form = DoneForm(queries.possible_owners(), me=current_user.id, step=step, contacts=contacts)
    if form.is_sent_and_sound:
        if queries.touchpoint_with(receipt_of(form)):  # sent twice: what stands open is the step after it
            return _back(slug)
        with form.hearing_refusals():
            form.ask_about_other_step(step)
            actions.finish_next_step(
                step,
                kind=form.kind.data,
                note=form.note.data,
                contact=form.chosen_contact,
                next_what=form.next_what.data or None,
                next_due_on=form.next_due_on.data,
                next_owner=form.chosen_owner,
                receipt=receipt_of(form),
                by=current_user,
            )
            tell(_("Klart. Det står i loggen."))
            return _back(slug)
    return render_template("partners/done_form.html", form=form, partner=partner, step=step), form.status
