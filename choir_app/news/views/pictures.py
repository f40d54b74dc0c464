"""Pictures: what readers are given of them, and the pages on which writers keep them and say who is in them."""

from uuid import UUID

from flask import abort, current_app, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation import audit, pictures
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.errors import page as error_page
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require
from choir_app.news import actions, queries
from choir_app.news.forms import PersonForm, RestForm, TakeInForm
from choir_app.news.models import KeptPicture, PersonInPicture
from choir_app.news.permissions import (
    for_writers,
    may_look_behind,
    may_say_who_is_in,
    may_see_people_in_pictures,
)
from choir_app.news.rules import WAYS_TO_AGREE
from choir_app.news.views import room
from choir_app.news.views.taking_in import cropped, keep_upload

LAST_PAGE = 10_000


@room.get("/bilder/<name>/<int:width>.webp")
@for_everyone
def picture(name: str, width: int) -> ResponseReturnValue:
    """One whole copy of a picture; its name is made from its content, so it never changes."""
    return _given(name, f"{width}.webp")


@room.get("/bilder/<name>/<string(maxlength=40):copy>")
@for_everyone
def picture_copy(name: str, copy: str) -> ResponseReturnValue:
    """One copy of a picture: a width, cropped or whole, in one of two kinds."""
    return _given(name, copy)


def _given(name: str, copy: str) -> ResponseReturnValue:
    path = pictures.path_of_copy(name, copy, data_folder=current_app.config["DATA_FOLDER"])
    if path is None:
        abort(404)
    is_withheld = queries.is_withheld(name)
    if is_withheld and not may_see_people_in_pictures(current_user):
        return error_page(410)
    response = send_file(path, mimetype=pictures.kind_of_copy(copy), conditional=True)
    response.headers["Cache-Control"] = "no-store" if is_withheld else "public, max-age=31536000, immutable"
    return response


@room.get("/nyheter/skriv/bilder")
@for_writers
def kept_pictures() -> ResponseReturnValue:
    """The pictures that one may use."""
    return _picture_list(TakeInForm(), 200)


@room.post("/nyheter/skriv/bilder")
@for_writers
def take_in_picture() -> ResponseReturnValue:
    """Keep a picture, and lead to it; a script is told of it instead."""
    form = TakeInForm()
    kept = keep_upload(form, by=current_user) if form.is_sent_and_sound else None
    if kept is None:
        if request.accept_mimetypes.best == "application/json":
            reasons = [*form.form_errors, *form.picture.errors]
            return jsonify(reason=" ".join(str(one) for one in reasons)), 422
        return _picture_list(form, 422)
    if request.accept_mimetypes.best == "application/json":
        width = kept.width_nearest(480)
        return jsonify(
            name=kept.name,
            shown=url_for(".picture", name=kept.name, width=width),
            width=width,
            height=kept.height_at(width),
            page=url_for(".kept_picture", name=kept.name),
        )
    tell(_("Bilden är sparad."))
    return redirect(url_for(".kept_picture", name=kept.name), 303)


@room.route("/nyheter/skriv/bilder/<name>", methods=["GET", "POST"])
@for_writers
def kept_picture(name: str) -> ResponseReturnValue:
    """One picture: where the eye shall rest, who is in it, which posts show it."""
    found = _mine(name)
    form = RestForm(found)
    file = cropped(form, found) if form.is_sent_and_sound else None
    if file is not None:
        actions.rest_the_eye(found, file, by=current_user)
        tell(_("Sparat: det som du valde syns alltid."))
        return redirect(url_for(".kept_picture", name=name), 303)
    names_people = may_say_who_is_in(current_user, found)
    if names_people:
        for one in found.people:
            audit.looked_at(one, by=current_user)
    answer = render_template(
        "news/picture.html",
        form=form,
        picture=found,
        shown=queries.picture_alone(found),
        posts=[one for one in queries.posts_that_show(found) if may_look_behind(current_user, one)],
        is_seen=queries.is_seen_by_readers(found),
        names_people=names_people,
        perhaps_erased=queries.people_perhaps_erased() if may_see_people_in_pictures(current_user) else (),
        ways=WAYS_TO_AGREE,
    )
    return answer, form.status


@room.post("/nyheter/skriv/bilder/<name>/ingen")
@for_writers
def say_nobody(name: str) -> ResponseReturnValue:
    """Answer for that nobody in it can be recognised."""
    found = _mine(name)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.say_nobody(found, by=current_user)
            tell(_("Sparat: ingen går att känna igen."))
    return redirect(url_for(".kept_picture", name=name), 303)


@room.route("/nyheter/skriv/bilder/<name>/person", methods=["GET", "POST"])
@for_writers
def name_person(name: str) -> ResponseReturnValue:
    """Note that somebody in the picture agreed to be shown."""
    found = _mine(name)
    require(may_say_who_is_in(current_user, found))
    form = PersonForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.name_person(found, form.receipt_id, form.words, by=current_user)
            tell(_("Sparat: personen har sagt ja."))
            return redirect(url_for(".kept_picture", name=name), 303)
    shown = queries.picture_alone(found)
    return render_template("news/picture_person.html", form=form, picture=found, shown=shown), form.status


@room.post("/nyheter/skriv/bilder/<name>/person/<uuid:person_id>/nej")
@for_editors
def withdraw_consent(name: str, person_id: UUID) -> ResponseReturnValue:
    """Take the picture from every page, since somebody in it does not agree any more."""
    person = _one_in(_mine(name), person_id)
    if Plain().is_sent_and_sound:
        actions.withdraw_consent(person, by=current_user)
        tell(_("Bilden är borta från alla sidor, flöden och kort."))
    return redirect(url_for(".kept_picture", name=name), 303)


@room.post("/nyheter/skriv/bilder/<name>/person/<uuid:person_id>/nej/angra")
@for_editors
def undo_withdrawal(name: str, person_id: UUID) -> ResponseReturnValue:
    """Show the picture again."""
    person = _one_in(_mine(name), person_id)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.undo_withdrawal(person, by=current_user)
            tell(_("Sparat: personen har sagt ja."))
    return redirect(url_for(".kept_picture", name=name), 303)


@room.post("/nyheter/skriv/bilder/<name>/person/<uuid:person_id>/radera")
@for_editors
def erase_person(name: str, person_id: UUID) -> ResponseReturnValue:
    """Remove a name for ever, and the picture from every page."""
    person = _one_in(_mine(name), person_id)
    if Plain().is_sent_and_sound:
        actions.erase_person(person, by=current_user)
        tell(_("Namnet är raderat, och bilden är borta från alla sidor."))
    return redirect(url_for(".kept_picture", name=name), 303)


@room.post("/nyheter/skriv/bilder/<name>/person/<uuid:person_id>/annan")
@for_editors
def is_somebody_else(name: str, person_id: UUID) -> ResponseReturnValue:
    """Answer that the one who was erased is somebody else."""
    person = _one_in(_mine(name), person_id)
    if Plain().is_sent_and_sound:
        actions.is_somebody_else(person, by=current_user)
        tell(_("Sparat: det är inte samma person."))
    return redirect(url_for(".kept_picture", name=name), 303)


@room.post("/nyheter/skriv/bilder/<name>/person/<uuid:person_id>/ta-bort")
@for_writers
def take_back_name(name: str, person_id: UUID) -> ResponseReturnValue:
    """Remove a name that was written by mistake."""
    person = _one_in(_mine(name), person_id)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.take_back_name(person, by=current_user)
            tell(_("Namnet är borttaget."))
        for reason in form.form_errors:
            tell(reason, kind="warn")
    return redirect(url_for(".kept_picture", name=name), 303)


def _mine(name: str) -> KeptPicture:
    return queries.one_picture(name, viewer=current_user)


def _one_in(found: KeptPicture, person_id: UUID) -> PersonInPicture:
    return next((one for one in found.people if one.id == person_id), None) or abort(404)


def _picture_list(form: TakeInForm, status: int) -> tuple[str, int]:
    number = request.args.get("sida", 1, int)
    if not 1 <= number <= LAST_PAGE:
        abort(404)
    person = " ".join(request.args.get("person", "").replace("\x00", " ").split())[:120]
    page = queries.picture_page(number, viewer=current_user, person=person)
    answer = render_template(
        "news/pictures.html",
        form=form,
        page=page,
        person=person,
        shown=[(one, queries.picture_alone(one)) for one in page.pictures],
        withheld=queries.withheld_pictures_in_use() if may_see_people_in_pictures(current_user) else (),
        perhaps_erased=queries.people_perhaps_erased() if may_see_people_in_pictures(current_user) else (),
    )
    return answer, status
