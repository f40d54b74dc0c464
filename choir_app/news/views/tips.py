"""«Tipsa oss»: anybody tells of something good, and editors make news of it."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation import audit
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.news import actions, queries
from choir_app.news.forms import TipForm
from choir_app.news.views import room


@room.route("/tipsa-oss", methods=["GET", "POST"])
@for_everyone
def give_tip() -> ResponseReturnValue:
    """Tell us of something good."""
    form = TipForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.take_in_tip(form.words, tip_id=form.receipt_id, network=request.remote_addr)
            return redirect(url_for(".tip_is_given"), 303)
    return render_template("news/tip.html", form=form), form.status


@room.get("/tipsa-oss/tack")
@for_everyone
def tip_is_given() -> ResponseReturnValue:
    """That it has come, and what happens now."""
    return render_template("news/tip_is_given.html")


@room.get("/nyheter/skriv/tips")
@for_editors
def tips() -> ResponseReturnValue:
    """What people have told us."""
    found = queries.all_tips(current_user)
    for one in (*found.waiting, *found.drafted, *found.aside):
        if one.name or one.email:
            audit.looked_at(one, by=current_user)
    return render_template("news/tips.html", tips=found)


@room.post("/nyheter/skriv/tips/<uuid:tip_id>/utkast")
@for_editors
def draft_from_tip(tip_id: UUID) -> ResponseReturnValue:
    """Make a draft of a tip."""
    tip, form = queries.one_tip(tip_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        post = actions.begin_post_from(tip, by=current_user)
        tell(_("Utkastet är gjort. Skriv klart det här."))
        return redirect(url_for(".change", post_id=post.id), 303)
    return redirect(url_for(".tips"), 303)


@room.post("/nyheter/skriv/tips/<uuid:tip_id>/undan")
@for_editors
def put_tip_aside(tip_id: UUID) -> ResponseReturnValue:
    """Write nothing about it."""
    tip, form = queries.one_tip(tip_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        actions.put_tip_aside(tip, by=current_user)
        tell(_("Tipset ligger åt sidan. Du kan ta fram det igen längst ner."))
    return redirect(url_for(".tips"), 303)


@room.post("/nyheter/skriv/tips/<uuid:tip_id>/undan/angra")
@for_editors
def take_tip_up_again(tip_id: UUID) -> ResponseReturnValue:
    """Let it wait for an editor after all."""
    tip, form = queries.one_tip(tip_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        actions.take_tip_up_again(tip, by=current_user)
        tell(_("Tipset är framme igen."))
    return redirect(url_for(".tips"), 303)


@room.post("/nyheter/skriv/tips/<uuid:tip_id>/ta-bort")
@for_editors
def remove_tip(tip_id: UUID) -> ResponseReturnValue:
    """Forget a tip for good."""
    tip, form = queries.one_tip(tip_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        actions.remove_tip(tip, by=current_user)
        tell(_("Tipset är borttaget."))
    return redirect(url_for(".tips"), 303)


@room.context_processor
def what_waits() -> dict[str, object]:
    """For the desk: how many tips wait."""
    return {"waiting_tip_count": lambda: queries.waiting_tip_count(current_user)}
