"""What could not be taken in: refused acts, for those who can do something about them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Membership, Singer
from choir_app.foundation.database import db
from choir_app.foundation.text import that_can_be_shown
from choir_app.rehearsals.models import Loan, RefusedAct, Rehearsal
from choir_app.rehearsals.queries.log import rows_from
from choir_app.rehearsals.rules import OUTCOMES


@dataclass(frozen=True)
class RefusedRow:
    """One act that was not taken in: what it said, of which evening, by whom, and why not."""

    id: UUID
    kind: str | None
    name: str | None
    """The singer's, or the one that a newcomer gave; none when it is not known or not for these eyes."""
    status: str | None
    number: int | None
    words: str | None
    outcome: str | None
    rehearsal_id: UUID | None
    choir: str | None
    starts_at: datetime | None
    cause: str
    reason: str
    by: str | None
    is_substitute: bool
    acted_at: datetime | None
    received_at: datetime
    dealt_with_at: datetime | None
    dealt_with_by: str | None

    @property
    def at(self) -> datetime:
        """When it was made, or came in when that is not known."""
        return self.acted_at or self.received_at

    @property
    def is_orphan(self) -> bool:
        """Whether its rehearsal is no longer there."""
        return self.rehearsal_id is not None and self.starts_at is None


def refused_visible_to(viewer: Any) -> Select[RefusedAct]:
    """The refused acts that this person may see: own ones and those of own choirs; a manager sees all."""
    return select(RefusedAct).where(_is_for(viewer))


def _is_for(viewer: Any) -> ColumnElement[bool]:
    if viewer.manages:
        return true()
    of_led_choirs = select(Rehearsal.id).where(_is_of_led_choir(viewer))
    return or_(RefusedAct.by_id == viewer.id, RefusedAct.rehearsal_id.in_(of_led_choirs))


def _is_of_led_choir(viewer: Any) -> ColumnElement[bool]:
    return Rehearsal.choir_id.in_(select(Leadership.choir_id).where(Leadership.account_id == viewer.id))


def _may_be_named(viewer: Any) -> ColumnElement[bool]:
    """Whether the singer belongs to the rehearsal's choir, and the viewer leads it: an id alone tells nobody a name."""
    belongs = exists().where(
        Membership.singer_id == RefusedAct.singer_id, Membership.choir_id == Rehearsal.choir_id
    )
    return belongs if viewer.manages else and_(belongs, _is_of_led_choir(viewer))


def refused_one(refused_id: UUID, *, viewer: Any) -> RefusedAct:
    """One refused act; raises NoResultFound for those of others."""
    return db.session.execute(refused_visible_to(viewer).where(RefusedAct.id == refused_id)).scalar_one()


def refused_count(viewer: Any) -> int:
    """How many refused acts nobody has dealt with. One statement."""
    waiting = (
        select(func.count())
        .select_from(RefusedAct)
        .where(_is_for(viewer), RefusedAct.dealt_with_at.is_(None))
    )
    return db.session.scalar(waiting) or 0


def refused_acts(
    viewer: Any, *, dealt_with: bool = False, limit: int = 30, offset: int = 0
) -> list[RefusedRow]:
    """The refused acts that wait (or were dealt with), the newest first. One statement."""
    looked_after = aliased(Account)
    state = RefusedAct.dealt_with_at.is_not(None) if dealt_with else RefusedAct.dealt_with_at.is_(None)
    found = rows_from(
        select(
            RefusedAct,
            Singer.first_name,
            Singer.surname,
            Singer.erased_at,
            Choir.name,
            Rehearsal.starts_at,
            func.coalesce(Account.name, Loan.to_name),
            looked_after.name,
            _may_be_named(viewer),
        )
        .outerjoin(Rehearsal, RefusedAct.rehearsal_id == Rehearsal.id)
        .outerjoin(Choir, Rehearsal.choir_id == Choir.id)
        .outerjoin(Singer, RefusedAct.singer_id == Singer.id)
        .outerjoin(Account, RefusedAct.by_id == Account.id)
        .outerjoin(Loan, RefusedAct.loan_id == Loan.id)
        .outerjoin(looked_after, RefusedAct.dealt_with_by_id == looked_after.id)
        .where(_is_for(viewer), state)
        .order_by(RefusedAct.received_at.desc(), RefusedAct.id)
        .limit(limit)
        .offset(offset)
    )
    return [_row(*line) for line in found]


def _row(
    act: RefusedAct,
    first: str | None,
    last: str | None,
    erased_at: datetime | None,
    choir: str | None,
    starts_at: datetime | None,
    by: str | None,
    dealt_with_by: str | None,
    may_be_named: bool,
) -> RefusedRow:
    said = _said(act.body)
    kind, number = _text(said, "kind"), said.get("number")
    words, outcome = _text(said, "words"), _text(said, "outcome")
    is_known = bool(first) and erased_at is None and bool(may_be_named)
    known_as = (f"{first} {last}" if last else first) if is_known else None
    given = (_text(said, "name") or words) if kind == "newcomer" else None
    return RefusedRow(
        id=act.id,
        kind=kind,
        name=known_as or given,
        status=_text(said, "status"),
        number=number if type(number) is int else None,
        words=words,
        outcome=outcome if outcome in OUTCOMES else None,
        rehearsal_id=act.rehearsal_id,
        choir=choir,
        starts_at=starts_at,
        cause=act.cause,
        reason=act.reason,
        by=by,
        is_substitute=act.loan_id is not None,
        acted_at=act.acted_at,
        received_at=act.received_at,
        dealt_with_at=act.dealt_with_at,
        dealt_with_by=dealt_with_by,
    )


def _said(body: str) -> dict[str, Any]:
    """What a refused act said, as far as it can be read."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return that_can_be_shown(value) if isinstance(value, str) else None
