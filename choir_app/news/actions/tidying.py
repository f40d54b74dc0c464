"""Tidying away pictures that were brought in and that no text came to show."""

from flask import current_app
from sqlalchemy import select

from choir_app.foundation import audit, clock, pictures
from choir_app.foundation.caretaker import THE_HOUSE, chore
from choir_app.foundation.database import commit, db
from choir_app.news import queries
from choir_app.news.actions.erased import settle
from choir_app.news.models import KeptPicture
from choir_app.news.rules import UNUSED_IS_KEPT


@chore("pictures that nobody used")
def tidy_pictures() -> None:
    """Take away every picture, with all that was said of who is in it, that nothing has come to show for so long."""
    for name in queries.pictures_unused(clock.now() - UNUSED_IS_KEPT):
        _tidy(name)


def _tidy(name: str) -> None:
    """Each by itself, and looked at once more when nobody else can be about to use it (`turns.hold_pictures`)."""
    alone = select(KeptPicture).where(KeptPicture.name == name).with_for_update(of=KeptPicture)
    picture = db.session.scalar(alone.execution_options(populate_existing=True))
    is_old = picture is not None and picture.taken_in_at < clock.now() - UNUSED_IS_KEPT
    if picture is not None and is_old and not queries.is_shown_somewhere(name):
        for person in picture.people:
            settle(person)
            audit.note("person_in_picture.removed", person, by=THE_HOUSE)
        db.session.delete(picture)
        db.session.flush()
        pictures.remove(name, data_folder=current_app.config["DATA_FOLDER"])
    commit()
