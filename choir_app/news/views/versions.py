"""A post in other languages: writing them, showing them, saying that they still hold."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require
from choir_app.news import actions, queries
from choir_app.news.forms import LanguagesForm, VersionForm
from choir_app.news.models import Post, PostVersion
from choir_app.news.permissions import for_writers, may_change_post
from choir_app.news.rules import SOURCE, TextLanguage, language_called
from choir_app.news.views import room
from choir_app.news.views.beside import Place, beside, go_on, seen_revision
from choir_app.news.views.desk import mine
from choir_app.news.views.reading import drawn, drawn_body
from choir_app.news.views.showing import looked_at
from choir_app.news.views.taking_in import kept, taken_in


@room.route("/nyheter/skriv/<uuid:post_id>/sprak/<slug>", methods=["GET", "POST"])
@for_writers
def write_version(post_id: UUID, slug: str) -> ResponseReturnValue:
    """Put a post into a language, beside the Swedish text."""
    found = mine(post_id)
    require(may_change_post(current_user, found))
    language = _one_to_write_in(found, slug)
    version = found.version_in(language.code)
    form = VersionForm(found, version, language=language.code)
    place = Place(found, language.code)
    goes_on = go_on(form, place)
    shown = words = None
    picture = taken_in(form) if form.is_sent_and_sound else None
    if form.is_submitted() and not form.has_errors:
        with form.hearing_refusals():
            words = form.words(picture)
            if "preview" in request.form:
                shown = words
            else:
                actions.write_version(
                    found,
                    language.code,
                    words,
                    seen_revision=seen_revision(form),
                    made_from=form.made_from,
                    by=current_user,
                )
        if not form.has_errors and shown is None:
            tell(_("Texten är sparad."))
            return redirect(url_for(".preview", post_id=found.id, sprak=slug), 303)
    answer = render_template(
        "news/write_version.html",
        form=form,
        post=found,
        swedish=drawn_body(found.body),
        version=version,
        **beside(form, place, goes_on=goes_on, words=words if form.has_errors else None),
        look=drawn(queries.reading_while_written(shown, language.code, found), for_writers=True)
        if shown
        else None,
        kept=kept(form),
    )
    return answer, form.status


@room.post("/nyheter/skriv/<uuid:post_id>/sprak/<slug>/stammer")
@for_writers
def confirm_version(post_id: UUID, slug: str) -> ResponseReturnValue:
    """Say that a version still says what the Swedish text says."""
    found, version = _begun(post_id, slug)
    form = Plain()
    if form.is_sent_and_sound:
        actions.confirm_version(version, by=current_user)
        tell(_("Sparat: texten stämmer med den svenska."))
    return redirect(url_for(".preview", post_id=found.id, sprak=slug), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/sprak/<slug>/visa")
@for_editors
def show_version(post_id: UUID, slug: str) -> ResponseReturnValue:
    """Let readers see a language."""
    found, version = _begun(post_id, slug)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.show_version(version, by=current_user)
            tell(_("Texten visas för läsare."))
        if form.has_errors:
            return looked_at(found, version, refused=form)
    return redirect(url_for(".preview", post_id=found.id, sprak=slug), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/sprak/<slug>/dolj")
@for_editors
def hide_version(post_id: UUID, slug: str) -> ResponseReturnValue:
    """Take a language from readers."""
    found, version = _begun(post_id, slug)
    form = Plain()
    if form.is_sent_and_sound:
        actions.hide_version(version, by=current_user)
        tell(_("Texten visas inte längre för läsare. Den finns kvar här."))
    return redirect(url_for(".preview", post_id=found.id, sprak=slug), 303)


@room.route("/nyheter/skriv/sprak", methods=["GET", "POST"])
@for_editors
def languages() -> ResponseReturnValue:
    """Choose the languages that the network writes in."""
    form = LanguagesForm(queries.languages_in_use())
    if form.is_sent_and_sound:
        actions.turn_on_languages(form.languages.data or (), by=current_user)
        tell(_("Språken är sparade."))
        return redirect(url_for(".desk"), 303)
    return render_template("news/languages.html", form=form), form.status


def _one_to_write_in(post: Post, slug: str) -> TextLanguage:
    known = {one.part_of_address: one for one in queries.languages_to_write_in(post)}
    return known.get(slug) or abort(404)


def _begun(post_id: UUID, slug: str) -> tuple[Post, PostVersion]:
    found = mine(post_id)
    language = language_called(slug)
    if language is None or language.code == SOURCE:
        abort(404)
    return found, queries.version_to_change(found, language.code)
