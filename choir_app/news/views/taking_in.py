"""Taking in the picture of a form: kept at once, so that no error makes one choose it again."""

from flask import current_app

from choir_app.foundation import pictures
from choir_app.foundation.database import let_others_write
from choir_app.foundation.refusal import Refusal
from choir_app.news.forms import TextForm


def taken_in(form: TextForm) -> pictures.PictureFile | None:
    """The picture just chosen, or the one that was there."""
    if form.picture.data is None:
        return kept(form)
    let_others_write()
    try:
        file = pictures.take_in(form.picture.data.read(), data_folder=current_app.config["DATA_FOLDER"])
    except Refusal as no:
        form.hear(no)
        return None
    form.kept_picture.data = file.name
    return file


def kept(form: TextForm) -> pictures.PictureFile | None:
    """The picture that was chosen before."""
    name = form.kept_picture.data or ""
    return pictures.find(name, data_folder=current_app.config["DATA_FOLDER"]) if name else None
