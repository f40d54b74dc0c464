"""Saying beforehand whether one comes: at home, by a link without signing in, and a leader for a singer."""

from typing import Any
from uuid import UUID, uuid4

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Singer
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone, for_signed_in, who_asks
from choir_app.foundation.forms import Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.foundation.qr import qr_code
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.forms.replies import AwayForm, LinkForm, ReplyForm
from choir_app.rehearsals.models import LinkHolder
from choir_app.rehearsals.views import room

DATES_SHOWN = 10


# --- a member at home ---------------------------------------------------------------------------------------


@room.post("/hem/svar")
@for_signed_in
def reply() -> ResponseReturnValue:
    """A member says from the first page whether they come the next time."""
    singer, form = choirs.own_singer(current_user), ReplyForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _hear(form, singer, by=who_asks())
            return redirect(url_for("overview.home", _anchor="svar"), 303)
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for("overview.home"), 303)


@room.route("/hem/borta", methods=["GET", "POST"])
@for_signed_in
def own_dates() -> ResponseReturnValue:
    """A member's coming dates, and days away."""
    singer = choirs.own_singer(current_user)
    form, away_form = _forms()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            anchor = _hear(form, singer, by=who_asks())
            return redirect(url_for(".own_dates", _anchor=anchor), 303)
    page = render_template("rehearsals/own_dates.html", form=form, **_dates(singer, away_form))
    return page, form.status


# --- by a link ----------------------------------------------------------------------------------------------


@room.route("/svar/<token>", methods=["GET", "POST"])
@for_everyone
def by_link(token: str) -> ResponseReturnValue:
    """A singer, or who helps them, says without signing in whether they come. Opening the link says nothing."""
    link = queries.reply_link_behind(token)
    if link is None:
        return _kept_by_nobody(render_template("rehearsals/reply_link_is_over.html"), 410)
    singer = queries.singer_of_link(link)
    form, away_form = _forms()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            anchor = _hear(form, singer, by=LinkHolder(link))
            return _kept_by_nobody(redirect(url_for(".by_link", token=token, _anchor=anchor), 303), 303)
    page = render_template(
        "rehearsals/by_link.html", form=form, token=token, link=link, **_dates(singer, away_form)
    )
    return _kept_by_nobody(page, form.status)


def _kept_by_nobody(page: Any, status: int) -> Response:
    response = current_app.make_response((page, status))
    response.headers.update(HEADERS_OF_A_LINK)
    return response


# --- a leader, for a singer ---------------------------------------------------------------------------------


@room.route("/sangare/<uuid:singer_id>/svar", methods=["GET", "POST"])
@for_leaders
def singer_dates(singer_id: UUID) -> ResponseReturnValue:
    """What a singer said of the coming dates; a leader whom they called says it for them."""
    singer = choirs.singer(singer_id, viewer=current_user)
    form, away_form = _forms()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            anchor = _hear(form, singer, by=who_asks())
            return redirect(url_for(".singer_dates", singer_id=singer.id, _anchor=anchor), 303)
    led = None if current_user.manages else [choir.id for choir in choirs.choirs_led_by(current_user)]
    page = render_template(
        "rehearsals/singer_dates.html", form=form, **_dates(singer, away_form, choir_ids=led)
    )
    return page, form.status


@room.route("/sangare/<uuid:singer_id>/svarslank", methods=["GET", "POST"])
@for_leaders
def reply_link(singer_id: UUID) -> ResponseReturnValue:
    """The link by which a singer replies without signing in: to show, to send, and to make."""
    singer, form = choirs.singer(singer_id, viewer=current_user), LinkForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.make_reply_link(singer, link_id=form.made_id, by=who_asks())
            return redirect(url_for(".reply_link", singer_id=singer.id), 303)
    link = queries.reply_link_of(singer)
    secret = queries.shown_reply_secret(link) if link else None
    url = address_of(url_for(".by_link", token=secret)) if secret else None
    page = render_template(
        "rehearsals/reply_link.html",
        singer=singer,
        form=form,
        link=link,
        url=url,
        made_id=uuid4(),
        code=qr_code(url) if url else None,
    )
    return _kept_by_nobody(page, form.status)


@room.post("/sangare/<uuid:singer_id>/svarslank/sluta")
@for_leaders
def revoke_reply_link(singer_id: UUID) -> ResponseReturnValue:
    """Let the link hold no longer."""
    singer, form = choirs.singer(singer_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.revoke_reply_links(singer, by=who_asks())
            tell(_("Länken gäller inte längre. Det som redan är sagt finns kvar."))
    return redirect(url_for(".reply_link", singer_id=singer.id), 303)


# --- shared by the pages above ------------------------------------------------------------------------------


def _forms() -> tuple[AwayForm | ReplyForm, AwayForm]:
    """The form that was sent, and the one for days away, which is the same when those were sent."""
    away_form = AwayForm() if "first_on" in request.form else AwayForm(formdata=None)
    return (away_form if "first_on" in request.form else ReplyForm()), away_form


def _hear(form: AwayForm | ReplyForm, singer: Singer, *, by: Any) -> str:
    """Do what was said; gives where on the page it stands now."""
    if isinstance(form, AwayForm):
        actions.be_away(singer, first_on=form.first_on.data, last_on=form.last_on.data, by=by)
        return "borta"
    if form.say.data == "back":
        known = {away.id: away for away in queries.aways_of(singer)}
        if away := known.get(form.about):
            actions.come_back(away, singer, by=by)
        return "borta"
    rehearsal = queries.to_answer(form.about)
    match form.say.data:
        case "coming" | "not_coming":
            actions.say(rehearsal, singer, is_coming=form.say.data == "coming", by=by)
        case "nothing":
            actions.take_back(rehearsal, singer, by=by)
        case _:
            raise Refusal(_("Sidan har ändrats. Välj igen."))
    return f"dag-{rehearsal.id}"


def _dates(singer: Singer, away_form: AwayForm, *, choir_ids: list[UUID] | None = None) -> dict[str, Any]:
    return {
        "singer": singer,
        "dates": queries.coming_dates(singer, choir_ids=choir_ids, limit=DATES_SHOWN),
        "aways": queries.aways_of(singer),
        "away_form": away_form,
        "today": clock.today(),
    }
