"""People in pictures of whom nobody has said yet whether they are the singer of the same name who was erased."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from choir_app.accounts.models import Account
from choir_app.choirs.models import Singer
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


def is_of_somebody_else(address: str, singer: Singer) -> bool:
    """Whether a singer shares a folded address with somebody who stays, such as a child with a parent."""
    others = select(Singer.id).where(
        func.lower(Singer.email) == address, Singer.erased_at.is_(None), Singer.id != singer.id
    )
    accounts = select(Account.id).where(Account.email == address, Account.disabled_at.is_(None))
    if singer.account_id:
        accounts = accounts.where(Account.id != singer.account_id)
    return any(db.session.scalar(one.limit(1)) is not None for one in (others, accounts))


def _as_said(name: str) -> str:
    return " ".join(name.split()).casefold()
