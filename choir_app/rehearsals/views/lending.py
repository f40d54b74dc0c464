"""Lending the roll, and what the substitute meets at the link."""

from uuid import UUID

from flask import current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts import queries as accounts
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation.audience import for_everyone, who_asks
from choir_app.foundation.forms import Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.foundation.qr import qr_code
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.forms.lending import LendForm
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import LOAN


@room.route("/narvaro/<uuid:rehearsal_id>/lana-ut", methods=["GET", "POST"])
@for_leaders
def lend(rehearsal_id: UUID) -> ResponseReturnValue:
    """Let somebody else take the roll, and see who may."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = LendForm(queries.people_to_lend_to(rehearsal))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            to_account = accounts.account_with_id(form.account_id) if form.account_id else None
            loan = actions.lend_roll(
                rehearsal,
                loan_id=form.receipt_id,
                to_account=to_account,
                to_name=form.name.data,
                email=form.email.data,
                by=current_user,
            )
            if to_account is None:
                return redirect(url_for(".loan", rehearsal_id=rehearsal.id, loan_id=loan.id), 303)
            tell(_("%(name)s ser nu listan på sin första sida den dagen.", name=to_account.name))
            return redirect(url_for(".lend", rehearsal_id=rehearsal.id), 303)
    loans = queries.loans_of(rehearsal)
    return render_template("rehearsals/lend.html", form=form, rehearsal=rehearsal, loans=loans), form.status


@room.get("/narvaro/<uuid:rehearsal_id>/lana-ut/<uuid:loan_id>")
@for_leaders
def loan(rehearsal_id: UUID, loan_id: UUID) -> ResponseReturnValue:
    """The link of a loan, to show or to send."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    lent = queries.loan(loan_id, rehearsal=rehearsal)
    secret = queries.shown_secret(lent)
    url = address_of(url_for(".take_up_loan", token=secret)) if secret else None
    return _kept_by_nobody(
        render_template(
            "rehearsals/loan.html",
            rehearsal=rehearsal,
            loan=lent,
            url=url,
            code=qr_code(url) if url else None,
        )
    )


@room.post("/narvaro/<uuid:rehearsal_id>/lana-ut/<uuid:loan_id>/avsluta")
@for_leaders
def end_loan(rehearsal_id: UUID, loan_id: UUID) -> ResponseReturnValue:
    """Take the roll back."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    lent = queries.loan(loan_id, rehearsal=rehearsal)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.end_loan(lent, by=current_user)
            tell(_("Lånet är avslutat. %(name)s ser inte listan längre.", name=lent.taker or _("Vikarien")))
            return redirect(url_for(".lend", rehearsal_id=rehearsal.id), 303)
    return render_template(
        "rehearsals/loan.html", rehearsal=rehearsal, loan=lent, url=None, code=None, form=form
    ), form.status


@room.route("/lan/<token>", methods=["GET", "POST"])
@for_everyone
def take_up_loan(token: str) -> ResponseReturnValue:
    """What the holder of a link is about to do; looking at it begins nothing."""
    lent = queries.loan_behind(token)
    if lent is None or lent.state in ("over", "revoked"):
        return _kept_by_nobody(render_template("rehearsals/loan_is_over.html", loan=lent), 410)
    form = Plain()
    if form.is_sent_and_sound and lent.is_valid:
        with form.hearing_refusals():
            if current_user.is_authenticated:
                actions.take_up_loan(lent, by=who_asks())
            else:
                session[LOAN] = token
                session.permanent = True
            return redirect(url_for(".roll", rehearsal_id=lent.rehearsal_id), 303)
    return _kept_by_nobody(render_template("rehearsals/take_up_loan.html", form=form, loan=lent), form.status)


def _kept_by_nobody(page: str, status: int = 200) -> ResponseReturnValue:
    """A page whose address or words open a roll."""
    response = current_app.make_response((page, status))
    response.headers.update(HEADERS_OF_A_LINK)
    return response
