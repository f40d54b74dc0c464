"""Taking in the picture of a form: kept at once, so that no error makes one choose it again."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask_login import current_user

from choir_app.foundation import pictures
from choir_app.foundation.database import even_if_refused, let_others_write
from choir_app.foundation.forms import HouseForm
from choir_app.foundation.language import _
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions
from choir_app.news.forms import RestForm, TextForm
from choir_app.news.models import KeptPicture


def taken_in(form: TextForm) -> PictureFile | None:
    """The picture just chosen, or the one that was there."""
    if form.picture.data is None:
        return kept(form)
    file = keep_upload(form, by=current_user)
    if file is not None:
        form.kept_picture.data = file.name
    return file


def kept(form: TextForm) -> PictureFile | None:
    """The picture that was chosen before."""
    name = form.kept_picture.data or ""
    return pictures.find(name, data_folder=current_app.config["DATA_FOLDER"]) if name else None


def keep_upload(form: HouseForm, *, by: Any) -> PictureFile | None:
    """Keep the file in a form's field `picture`, also when the form is refused; none when it is no picture."""
    let_others_write()
    upload, folder = form["picture"].data.read(), current_app.config["DATA_FOLDER"]
    try:
        file = pictures.take_in(upload, data_folder=folder)
    except Refusal as no:
        form.hear(no)
        return None
    by_id = by.id
    actions.bring_picture(file, by_id=by_id)
    pictures.take_in(upload, data_folder=folder)  # once more, if it was tidied away in this very moment
    even_if_refused(lambda: _keep_anyway(file, by_id))
    return file


def cropped(form: RestForm, picture: KeptPicture) -> PictureFile | None:
    """A kept picture with its crops around the chosen point, made while others write; none when its files are gone."""
    name = picture.name
    let_others_write()
    file = pictures.crop(name, form.rests_at, data_folder=current_app.config["DATA_FOLDER"])
    if file is None:
        form.hear(Refusal(_("Bildens filer finns inte kvar. Spara bilden på nytt.")))
    return file


def _keep_anyway(file: PictureFile, by_id: UUID) -> None:
    actions.bring_picture(file, by_id=by_id)
