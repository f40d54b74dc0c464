"""Pictures that nothing shows: no text as it is, none as it was once, and none that somebody has typed unsaved."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, or_, select, union

from choir_app.foundation.database import db
from choir_app.news.models import KeptPicture, PostRevision, PostVersion, UnsavedText

_A_NAME = re.compile(r"[0-9a-f]{32}")
_TEXTS = (PostVersion, PostRevision)
"""Where saved words stand; a revision can be brought back however old it is."""
_AT_ONCE = 500


def pictures_unused(before: datetime) -> Sequence[str]:
    """The names of the pictures brought in before a moment that nothing shows, the oldest first."""
    old = select(KeptPicture.name).where(KeptPicture.taken_in_at < before).order_by(KeptPicture.taken_in_at)
    names = db.session.scalars(old).all()
    used = _names_somewhere() if names else set()
    return [name for name in names if name not in used]


def is_shown_somewhere(name: str) -> bool:
    """Whether a text shows a picture, however it names it, or showed it once, or will when it is saved."""
    uses = [
        select(text.id).where(or_(text.picture_name == name, text.body.contains(name, autoescape=True)))
        for text in _TEXTS
    ]
    typed = select(UnsavedText.account_id).where(_as_text().contains(name, autoescape=True))
    return any(db.session.scalar(one.limit(1)) is not None for one in (*uses, typed))


def _names_somewhere() -> set[str]:
    """All that could be the name of a picture in any text, read once however many pictures there are."""
    above = union(*(select(text.picture_name).where(text.picture_name.is_not(None)) for text in _TEXTS))
    used = {name for name in db.session.scalars(above) if name}
    for text in _TEXTS:
        bodies = select(text.body).where(or_(text.body.contains("bild:"), text.body.contains("/bilder/")))
        for body in db.session.scalars(bodies.execution_options(yield_per=_AT_ONCE)):
            used.update(_A_NAME.findall(body))
    for typed in db.session.scalars(select(_as_text()).execution_options(yield_per=_AT_ONCE)):
        used.update(_A_NAME.findall(typed))
    return used


def _as_text() -> ColumnElement[str]:
    return cast(UnsavedText.typed, Text)
