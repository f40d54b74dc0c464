"""What readers see and since when: the post as its writers look at it, publishing, withdrawing, bringing back."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require
from choir_app.news import actions, queries
from choir_app.news.forms import WhenForm
from choir_app.news.models import Post, PostVersion
from choir_app.news.permissions import for_writers, may_look_behind
from choir_app.news.rules import SOURCE, changed_words, language_called
from choir_app.news.views import addresses, room
from choir_app.news.views.desk import mine
from choir_app.news.views.reading import drawn


@room.get("/nyheter/skriv/<uuid:post_id>/visa")
@for_writers
def preview(post_id: UUID) -> ResponseReturnValue:
    """The post as readers will see it, where each language stands, and its earlier versions."""
    found = mine(post_id)
    require(may_look_behind(current_user, found))
    language = language_called(request.args.get("sprak", SOURCE)) or abort(404)
    return looked_at(found, queries.version_to_change(found, language.code))


@room.get("/nyheter/skriv/<uuid:post_id>/jamfor")
@for_writers
def compare(post_id: UUID) -> ResponseReturnValue:
    """What changed between two revisions of a language, word by word."""
    found = mine(post_id)
    require(may_look_behind(current_user, found))
    language = language_called(request.args.get("sprak", SOURCE)) or abort(404)
    version = queries.version_to_change(found, language.code)
    by_number = {one.number: one for one in version.revisions}
    newest = version.revision_number
    before = by_number.get(request.args.get("fran", max(1, newest - 1), int)) or abort(404)
    after = by_number.get(request.args.get("till", newest, int)) or abort(404)
    return render_template(
        "news/compare.html",
        post=found,
        version=version,
        language_shown=language,
        before=before,
        after=after,
        parts=[
            (_("Rubrik"), changed_words(before.headline, after.headline)),
            (_("Ingress"), changed_words(before.lead, after.lead)),
            (_("Text"), changed_words(before.body, after.body)),
            (_("Bildbeskrivning"), changed_words(before.picture_alt or "", after.picture_alt or "")),
            (_("Bildtext"), changed_words(before.picture_caption or "", after.picture_caption or "")),
        ],
        other_picture=before.picture_name != after.picture_name,
    )


@room.post("/nyheter/skriv/<uuid:post_id>/granska")
@for_writers
def ask_for_review(post_id: UUID) -> ResponseReturnValue:
    """Tell the editors that a draft can be read."""
    found = mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.ask_for_review(found, by=current_user)
            tell(_("Inlägget väntar på en redaktör."))
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/granska/angra")
@for_writers
def send_back(post_id: UUID) -> ResponseReturnValue:
    """Make it a draft again."""
    found = mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        actions.send_back(found, by=current_user)
        tell(_("Inlägget är ett utkast igen."))
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/publicera")
@for_editors
def publish(post_id: UUID) -> ResponseReturnValue:
    """Show the post to readers."""
    found = mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.publish(found, by=current_user, seen=request.form.get("seen", ""))
            tell(_("Inlägget är publicerat."))
            return redirect(addresses.of_version(found.swedish), 303)
    return looked_at(found, found.swedish, refused=form)


@room.route("/nyheter/skriv/<uuid:post_id>/nar", methods=["GET", "POST"])
@for_editors
def publish_later(post_id: UUID) -> ResponseReturnValue:
    """Choose the moment from which readers see the post."""
    found = mine(post_id)
    form = WhenForm(found.published_at)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.publish(found, by=current_user, at=form.moment, seen=request.args.get("seen", ""))
            tell(_("Tiden är sparad."))
            return redirect(url_for(".preview", post_id=found.id), 303)
    obstacles = queries.obstacles_of(found, form.moment if form.day.data and form.hour.data else clock.now())
    return render_template("news/when.html", form=form, post=found, obstacles=obstacles), form.status


@room.post("/nyheter/skriv/<uuid:post_id>/mejl/nej")
@for_editors
def send_no_letters(post_id: UUID) -> ResponseReturnValue:
    """Say that nobody is sent the post by mail."""
    return _choose_mail(mine(post_id), yes=False)


@room.post("/nyheter/skriv/<uuid:post_id>/mejl/ja")
@for_editors
def send_letters(post_id: UUID) -> ResponseReturnValue:
    """Say that subscribers are sent it after all."""
    return _choose_mail(mine(post_id), yes=True)


def _choose_mail(found: Post, *, yes: bool) -> ResponseReturnValue:
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.send_letters(found, by=current_user, yes=yes)
            tell(_("Inlägget skickas med mejl.") if yes else _("Inlägget skickas inte med mejl."))
        if form.has_errors:
            return looked_at(found, found.swedish, refused=form)
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/dra-tillbaka")
@for_editors
def withdraw(post_id: UUID) -> ResponseReturnValue:
    """Take the post from readers."""
    found = mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        actions.withdraw(found, by=current_user)
        tell(_("Inlägget är borttaget från sidan. Det finns kvar här."))
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/version/<int:number>")
@for_writers
def bring_back(post_id: UUID, number: int) -> ResponseReturnValue:
    """Make an earlier revision the present text of its language."""
    found = mine(post_id)
    language = language_called(request.args.get("sprak", SOURCE)) or abort(404)
    version = queries.version_to_change(found, language.code)
    revision = next((one for one in version.revisions if one.number == number), None)
    if revision is None:
        abort(404)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.bring_back(found, revision, by=current_user)
            tell(_("Version %(number)s är tillbaka.", number=number))
        if form.has_errors:
            return looked_at(found, version, refused=form)
    return redirect(
        url_for(
            ".preview", post_id=found.id, sprak=language.part_of_address if language.code != SOURCE else None
        ),
        303,
    )


def looked_at(post: Post, version: PostVersion, *, refused: Plain | None = None) -> ResponseReturnValue:
    """The post as its writers look at it; `refused` is a button whose deed was refused, and why."""
    now = clock.now()
    shows_version = version is not post.swedish and version.shown_at is None
    page = render_template(
        "news/preview.html",
        **drawn(queries.reading_of(version), for_writers=True),
        state=post.state_at(now),
        seen=queries.words_of(post),
        states=queries.version_states(post),
        revisions=version.revisions,
        obstacles=queries.obstacles_of(post, now, versions=[version] if shows_version else None),
        figures_moved=queries.figures_moved(post) if post.published_at and post.published_at <= now else (),
        mail_can_be_chosen=queries.mail_can_be_chosen(post),
        refused=refused.form_errors if refused else (),
    )
    return page, refused.status if refused else 200
