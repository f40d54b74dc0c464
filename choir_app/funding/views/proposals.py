"""Proposals: written and sent from the inside, read and answered by whoever holds the link."""

from typing import Any
from uuid import UUID, uuid4

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock, paper
from choir_app.foundation.audience import for_everyone, who_asks
from choir_app.foundation.database import let_others_write
from choir_app.foundation.forms import HouseForm, Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.foundation.qr import qr_code
from choir_app.foundation.text import slug_of
from choir_app.funding import actions
from choir_app.funding import queries as money
from choir_app.funding.forms import MoneyForm
from choir_app.funding.forms.proposals import (
    AnswerForm,
    OpenAgainForm,
    PackagesForm,
    ProposalForm,
    SendForm,
    first_guess,
    said_in,
)
from choir_app.funding.models import Opportunity, Proposal, ProposalReader
from choir_app.funding.queries import proposals as queries
from choir_app.funding.rules.proposals import SIZE_NAMES
from choir_app.funding.views import room
from choir_app.partners import queries as partners
from choir_app.partners.models import Partner
from choir_app.partners.rules import KIND_NAMES

PAPER = "funding/proposal.typ"


# --- the list ------------------------------------------------------------------------------------------------


@room.get("/finansiering/forslag")
@for_managers
def proposals() -> ResponseReturnValue:
    """Every proposal: who must be called, who is waited for, what was answered, and drafts."""
    rows = queries.proposal_rows(viewer=who_asks())
    groups = {
        "call": [row for row in rows if row.wants_a_call],
        "waiting": [row for row in rows if row.state == "waiting" and not row.wants_a_call],
        "draft": [row for row in rows if row.state == "draft"],
        "answered": [row for row in rows if row.state in ("yes", "no")],
        "over": [row for row in rows if row.state in ("over", "taken_back") and not row.wants_a_call],
    }
    return render_template("funding/proposals.html", groups=groups, rows=rows)


# --- written -------------------------------------------------------------------------------------------------


@room.route("/finansiering/forslag/nytt", methods=["GET", "POST"])
@for_managers
def add_proposal() -> ResponseReturnValue:
    """Begin a proposal to `?partner=`, or about `?opportunity=`; without either the partner is chosen first."""
    ask = _ask(request.args.get("opportunity", ""))
    slug = ask.partner.slug if ask else request.args.get("partner", "")
    if not slug:
        return render_template("funding/proposal_to_whom.html", partners=money.all_partners())
    partner = partners.one(slug, viewer=who_asks())
    packages = list(queries.packages_of(partner.kind).values())
    form = _form(
        partner,
        first_guess(
            partner,
            packages=packages,
            choirs=money.all_choirs(),
            ask=ask,
            contacts=partners.contacts_of(partner),
            me=who_asks().id,
        ),
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.draft_proposal(partner, form.words, receipt=form.receipt_id, by=who_asks())
            return redirect(url_for(".proposal", proposal_id=made.id), 303)
    page = render_template(
        "funding/proposal_form.html", form=form, partner=partner, proposal=None, has_packages=bool(packages)
    )
    return page, form.status


def _ask(typed: str) -> Opportunity | None:
    try:
        return queries.ask_with_id(UUID(typed)) if typed else None
    except ValueError:
        return None


def _form(partner: Partner, said: dict[str, Any]) -> ProposalForm:
    return ProposalForm(
        choirs=money.all_choirs(),
        contacts=partners.contacts_of(partner),
        owners=partners.possible_owners(),
        asks=queries.asks_of(partner),
        data=said,
    )


@room.route("/finansiering/forslag/<uuid:proposal_id>/andra", methods=["GET", "POST"])
@for_managers
def change_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Write a draft in other words."""
    one = queries.proposal(proposal_id, viewer=who_asks())
    if one.is_sent:
        return redirect(url_for(".proposal", proposal_id=one.id), 303)
    form = _form(one.partner, said_in(one))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_draft(one, form.words, seen_version=form.seen_version, by=who_asks())
            tell(_("Utkastet är sparat."))
            return redirect(url_for(".proposal", proposal_id=one.id), 303)
    page = render_template(
        "funding/proposal_form.html", form=form, partner=one.partner, proposal=one, has_packages=True
    )
    return page, form.status


@room.post("/finansiering/forslag/<uuid:proposal_id>/ta-bort")
@for_managers
def remove_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    one, form = queries.proposal(proposal_id, viewer=who_asks()), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_draft(one, by=who_asks())
            tell(_("Utkastet är borttaget."))
            return redirect(url_for(".proposals"), 303)
    return _home_or_trouble(one, form)


@room.post("/finansiering/forslag/<uuid:proposal_id>/kopia")
@for_managers
def copy_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Make a new draft with the same words."""
    one, form = queries.proposal(proposal_id, viewer=who_asks()), MoneyForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.copy_proposal(one, by=who_asks(), receipt=form.receipt_id)
            return redirect(url_for(".change_proposal", proposal_id=made.id), 303)
    return _home_or_trouble(one, form)


# --- one proposal, from the inside ---------------------------------------------------------------------------


@room.route("/finansiering/forslag/<uuid:proposal_id>", methods=["GET", "POST"])
@for_managers
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """How a proposal stands and what it says; an answer that was given by telephone is written down here."""
    one = queries.proposal(proposal_id, viewer=who_asks())
    letter = queries.letter_of(one)
    form = AnswerForm(letter)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _hear(form, one, by=who_asks())
            tell(_("Svaret är sparat."))
            return redirect(url_for(".proposal", proposal_id=one.id), 303)
    secret = queries.shown_proposal_secret(one)
    page = render_template(
        "funding/proposal.html",
        one=one,
        letter=letter,
        say=queries,
        state=queries.state_of(one),
        answers=queries.answers_with_words(one),
        url=address_of(url_for(".read_proposal", token=secret)) if secret else None,
        form=form,
        made_id=uuid4(),
    )
    return _kept_by_nobody(page, form.status)


@room.route("/finansiering/forslag/<uuid:proposal_id>/skicka", methods=["GET", "POST"])
@for_managers
def send_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Say until when it can be answered, and send it; from then on it stays as it is."""
    one = queries.proposal(proposal_id, viewer=who_asks())
    if one.is_sent:
        return redirect(url_for(".proposal", proposal_id=one.id), 303)
    form = SendForm(one)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.send_proposal(
                one,
                answer_by=form.answer_by.data,
                call_on=form.call_on.data,
                mail_to=form.mail_to,
                seen_version=form.seen_version,
                by=who_asks(),
            )
            tell(
                _("Förslaget är skickat.")
                if form.mail_to
                else _("Förslaget är klart. Skicka länken till dem.")
            )
            return redirect(url_for(".proposal", proposal_id=one.id), 303)
    return render_template("funding/proposal_send.html", form=form, one=one), form.status


@room.post("/finansiering/forslag/<uuid:proposal_id>/ta-tillbaka")
@for_managers
def take_back_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Let the link open nothing any more."""
    one, form = queries.proposal(proposal_id, viewer=who_asks()), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.take_back_proposal(one, by=who_asks())
            tell(_("Länken är tillbakatagen. Ingen kan läsa förslaget med den."))
    return _home_or_trouble(one, form)


@room.route("/finansiering/forslag/<uuid:proposal_id>/ny-lank", methods=["GET", "POST"])
@for_managers
def open_proposal_again(proposal_id: UUID) -> ResponseReturnValue:
    """Make a new link to what was sent."""
    one = queries.proposal(proposal_id, viewer=who_asks())
    if not one.is_sent:
        return redirect(url_for(".proposal", proposal_id=one.id), 303)
    form = OpenAgainForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.open_proposal_again(
                one, answer_by=form.answer_by.data, link_id=form.receipt_id, by=who_asks()
            )
            tell(_("Den nya länken gäller nu. Den gamla gäller inte längre."))
            return redirect(url_for(".proposal", proposal_id=one.id), 303)
    return render_template("funding/proposal_again.html", form=form, one=one), form.status


@room.get("/finansiering/forslag/<uuid:proposal_id>/forslag.pdf")
@for_managers
def proposal_paper(proposal_id: UUID) -> ResponseReturnValue:
    """The proposal on paper; of a draft as it would be sent now."""
    return _paper(queries.proposal(proposal_id, viewer=who_asks()))


# --- packages ------------------------------------------------------------------------------------------------


@room.get("/finansiering/paket")
@for_managers
def packages() -> ResponseReturnValue:
    """What each kind of partner is offered, small, middle and large."""
    return render_template(
        "funding/packages.html",
        packages=queries.all_packages(),
        kind_names=KIND_NAMES,
        size_names=SIZE_NAMES,
    )


@room.route(
    "/finansiering/paket/<any(housing_company,business,community_hall,municipality):kind>",
    methods=["GET", "POST"],
)
@for_managers
def change_packages(kind: str) -> ResponseReturnValue:
    """Set up the packages of a kind of partner."""
    form = PackagesForm(queries.packages_of(kind), seen=queries.packages_seen(kind))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.set_up_packages(kind, form.packages, seen=form.seen_before, by=who_asks())
            tell(_("Paketen är sparade. Nya förslag börjar från dem."))
            return redirect(url_for(".packages"), 303)
        if form.seen_before not in (None, now := queries.packages_seen(kind)):
            form.meet(now)
    return render_template(
        "funding/packages_form.html",
        form=form,
        kind_name=KIND_NAMES[kind],
        size_names=SIZE_NAMES,
        now=queries.packages_of(kind),
    ), form.status


# --- by the link ---------------------------------------------------------------------------------------------


@room.route("/forslag/<token>", methods=["GET", "POST"])
@for_everyone
def read_proposal(token: str) -> ResponseReturnValue:
    """What a partner reads and answers, without signing in. Opening the link says nothing to anybody."""
    one = queries.proposal_behind(token)
    if one is None:
        return _link_is_over()
    letter = queries.letter_of(one)
    form = AnswerForm(letter)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _hear(form, one, by=ProposalReader(one))
            return _kept_by_nobody(redirect(url_for(".read_proposal", token=token, _anchor="svar"), 303), 303)
    page = render_template(
        "funding/proposal_read.html",
        one=one,
        letter=letter,
        say=queries,
        answers=queries.answers_with_words(one),
        form=form,
        token=token,
    )
    return _kept_by_nobody(page, form.status)


@room.get("/forslag/<token>/forslag.pdf")
@for_everyone
def read_proposal_paper(token: str) -> ResponseReturnValue:
    """The same on paper."""
    one = queries.proposal_behind(token)
    return _paper(one) if one is not None else _link_is_over()


def _link_is_over() -> ResponseReturnValue:
    return _kept_by_nobody(render_template("funding/proposal_is_over.html"), 410)


# --- shared by the pages above -------------------------------------------------------------------------------


def _hear(form: AnswerForm, one: Proposal, *, by: Any) -> None:
    actions.answer_proposal(
        one,
        kind=form.kind.data,
        parts=form.part_numbers,
        person=form.person.data,
        phone=form.phone.data,
        words=form.words.data,
        receipt=form.receipt_id,
        by=by,
    )


def _paper(one: Proposal) -> ResponseReturnValue:
    letter, at = queries.letter_of(one), one.sent_at or clock.now()
    secret = queries.shown_proposal_secret(one)
    url = address_of(url_for(".read_proposal", token=secret)) if secret else None
    data = queries.paper_of_proposal(
        letter,
        contact=one.contact.person if one.contact else None,
        network=current_app.config["SETTINGS"].network,
        answer_by=one.answer_by,
        url=url,
        code=qr_code(url) if url else None,
    )
    let_others_write()  # setting a page takes a while
    made = paper.pdf(PAPER, data, at=at)
    response = Response(made, mimetype=paper.PDF_TYPE)
    name = slug_of(letter.title, otherwise="forslag")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers.update(HEADERS_OF_A_LINK)
    return response


def _home_or_trouble(one: Proposal, form: HouseForm) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".proposal", proposal_id=one.id), 303)


def _kept_by_nobody(page: Any, status: int) -> Response:
    """A page whose address or words open a proposal."""
    response = current_app.make_response((page, status))
    response.headers.update(HEADERS_OF_A_LINK)
    return response
