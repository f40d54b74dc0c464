"""The desk: what one writes on, and writing it in Swedish."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require
from choir_app.news import actions, queries
from choir_app.news.forms import PostForm
from choir_app.news.models import Post
from choir_app.news.permissions import for_writers, may_change_post
from choir_app.news.rules import SOURCE
from choir_app.news.views import room
from choir_app.news.views.beside import Place, beside, go_on, seen_revision
from choir_app.news.views.reading import drawn
from choir_app.news.views.taking_in import kept, taken_in


@room.get("/nyheter/skriv")
@for_writers
def desk() -> ResponseReturnValue:
    """What one has written and what waits."""
    return render_template(
        "news/desk.html",
        drafts=queries.on_the_desk(current_user),
        unsaved=queries.unsaved_new(current_user),
    )


@room.route("/nyheter/skriv/ny", methods=["GET", "POST"])
@for_writers
def new() -> ResponseReturnValue:
    """Begin a post."""
    return _write(None)


@room.route("/nyheter/skriv/<uuid:post_id>", methods=["GET", "POST"])
@for_writers
def change(post_id: UUID) -> ResponseReturnValue:
    """Go on writing a post."""
    found = mine(post_id)
    require(may_change_post(current_user, found))
    return _write(found)


def mine(post_id: UUID) -> Post:
    """A post that this person may see."""
    return queries.one(post_id, viewer=current_user)


def _write(post: Post | None) -> ResponseReturnValue:
    form = PostForm(
        choirs=queries.choirs_to_write_about(current_user),
        towns=queries.towns_to_write_about(current_user),
        partners=queries.partners_to_write_about(current_user),
        post=post,
        writer=current_user,
    )
    place = Place(post, SOURCE)
    goes_on = go_on(form, place)
    shown = words = None
    picture = taken_in(form) if form.is_sent_and_sound else None
    if form.is_submitted() and not form.has_errors:
        with form.hearing_refusals():
            words = form.words(picture)
            if "preview" in request.form:
                shown = words
            elif post is None:
                post = actions.write(words, by=current_user, receipt=form.receipt_id)
            else:
                actions.change(post, words, seen_revision=seen_revision(form), by=current_user)
        if not form.has_errors and shown is None and post is not None:
            tell(_("Inlägget är sparat."))
            return redirect(url_for(".preview", post_id=post.id), 303)
    answer = render_template(
        "news/write.html",
        form=form,
        post_record=post,
        **beside(form, place, goes_on=goes_on, words=words if form.has_errors else None),
        look=drawn(queries.reading_while_written(shown, SOURCE, post), for_writers=True) if shown else None,
        kept=kept(form),
    )
    return answer, form.status
