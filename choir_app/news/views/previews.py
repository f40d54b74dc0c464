"""Links to a post that is not published, for somebody without an account."""

from collections.abc import Iterable
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.forms import Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require
from choir_app.news import actions, queries
from choir_app.news.forms import PreviewForm
from choir_app.news.models import PostVersion
from choir_app.news.permissions import for_writers, may_show_drafts_to_others
from choir_app.news.rules import TEXT_LANGUAGES
from choir_app.news.views import addresses, room
from choir_app.news.views.desk import mine
from choir_app.news.views.reading import drawn


@room.route("/nyheter/skriv/<uuid:post_id>/lankar", methods=["GET", "POST"])
@for_writers
def previews(post_id: UUID) -> ResponseReturnValue:
    """The links that somebody without an account reads the post by."""
    found = mine(post_id)
    require(may_show_drafts_to_others(current_user, found))
    form = PreviewForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.make_preview(
                found,
                preview_id=form.receipt_id,
                days=int(form.days.data),
                for_whom=form.for_whom.data or None,
                by=current_user,
            )
            tell(_("Länken är klar. Kopiera den och skicka den."))
            return redirect(url_for(".previews", post_id=found.id), 303)
    links = [
        (one, address_of(url_for(".by_link", token=queries.secret_of(one.id))))
        for one in queries.previews_of(found)
    ]
    return _kept_by_nobody(
        render_template("news/previews.html", form=form, post=found, links=links), form.status
    )


@room.post("/nyheter/skriv/<uuid:post_id>/lankar/<uuid:preview_id>/avsluta")
@for_writers
def revoke_preview(post_id: UUID, preview_id: UUID) -> ResponseReturnValue:
    """Take a link back."""
    found = mine(post_id)
    link = next((one for one in queries.previews_of(found) if one.id == preview_id), None) or abort(404)
    form = Plain()
    if form.is_sent_and_sound:
        actions.revoke_preview(link, by=current_user)
        tell(_("Länken gäller inte längre."))
    return redirect(url_for(".previews", post_id=found.id), 303)


@room.get("/nyheter/forhandsvisning/<token>")
@for_everyone
def by_link(token: str) -> ResponseReturnValue:
    """The post as readers will see it, for whoever holds the link; every language that has been begun.

    Once it is out a link to the draft leads to the page, and a post that was withdrawn is gone here too.
    """
    link = queries.preview_behind(token)
    if link is None or link.state != "open" or link.post.withdrawn_at is not None:
        return _kept_by_nobody(render_template("news/link_is_over.html"), 410)
    if link.is_outlived_at(clock.now()):
        return _kept_by_nobody(redirect(addresses.of_version(link.post.swedish)), 302)
    readings = [drawn(queries.reading_of(version)) for version in _in_order(link.post.versions)]
    return _kept_by_nobody(render_template("news/by_link.html", link=link, readings=readings), 200)


def _in_order(versions: Iterable[PostVersion]) -> list[PostVersion]:
    order = list(TEXT_LANGUAGES)
    return sorted(versions, key=lambda one: order.index(one.language))


def _kept_by_nobody(answer: str | Answer, status: int) -> Response:
    response = make_response(answer, status)
    response.headers.update(HEADERS_OF_A_LINK)
    return response
