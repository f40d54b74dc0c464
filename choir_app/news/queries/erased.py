"""People in pictures of whom nobody has said yet whether they are the singer of the same name who was erased."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from choir_app.foundation.database import Fact, db
from choir_app.news.models import PersonInPicture

_ASKED = "perhaps_erased:"


def perhaps_erased(person_id: UUID) -> str:
    """The name of the fact that it is asked whether this person was erased."""
    return f"{_ASKED}{person_id}"


def people_called(name: str) -> Sequence[PersonInPicture]:
    """Everybody in a picture who has exactly this name, whatever letters are capitals."""
    wanted = _as_said(name)
    named = db.session.execute(select(PersonInPicture.id, PersonInPicture.called))
    ids = [person_id for person_id, called in named if called and _as_said(called) == wanted]
    return db.session.scalars(select(PersonInPicture).where(PersonInPicture.id.in_(ids))).all() if ids else ()


def people_perhaps_erased() -> Sequence[PersonInPicture]:
    """Everybody in a picture about whom it is asked, those that were noted first first."""
    asked = db.session.scalars(select(Fact.name).where(Fact.name.startswith(_ASKED, autoescape=True))).all()
    if not asked:
        return ()
    ids = [UUID(name.removeprefix(_ASKED)) for name in asked]
    people = select(PersonInPicture).where(PersonInPicture.id.in_(ids), PersonInPicture.called.is_not(None))
    in_order = people.order_by(PersonInPicture.noted_at, PersonInPicture.id)
    return db.session.scalars(in_order.options(selectinload(PersonInPicture.picture))).all()


def _as_said(name: str) -> str:
    return " ".join(name.split()).casefold()
