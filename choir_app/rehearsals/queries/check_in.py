"""Who may check in at which rehearsal, who has, and who waits at the door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Membership, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Arrival, Attendance, CheckIn, Rehearsal


def check_in_of(rehearsal: Rehearsal) -> CheckIn | None:
    """Whether and how singers check in themselves at this rehearsal; None when it was never opened."""
    return db.session.scalar(select(CheckIn).where(CheckIn.rehearsal_id == rehearsal.id))


def open_check_in(check_in_id: UUID) -> CheckIn | None:
    """The check-in with this id if it is open."""
    found = db.session.scalar(select(CheckIn).where(CheckIn.id == check_in_id).options(*_with_its_choir()))
    return found if found and found.is_open else None


def check_in_with_code(typed: str) -> CheckIn | None:
    """The open check-in on whose wall this code hangs, or hung a minute ago. One statement."""
    code = rules.code_as_meant(typed)
    around = timedelta(days=2)
    candidates = db.session.scalars(
        select(CheckIn)
        .join(CheckIn.rehearsal)
        .where(
            CheckIn.closed_at.is_(None),
            Rehearsal.starts_at.between(clock.now() - around, clock.now() + around),
        )
        .options(*_with_its_choir())
    )
    good = [each for each in candidates if each.is_open and _is_one_of(code, each.good_codes)]
    return good[0] if good else None


def _is_one_of(code: str, good: tuple[str, ...]) -> bool:
    return any(compare_digest(code, each) for each in good)


def _with_its_choir() -> tuple[Any, ...]:
    return (joinedload(CheckIn.rehearsal).joinedload(Rehearsal.choir),)


def own_singer_at(rehearsal: Rehearsal, account: Any) -> Singer | None:
    """The singer that this account is in the rehearsal's choir; None for everybody who does not sing there."""
    if account.id is None:
        return None
    belongs = (
        select(Membership.id)
        .where(
            Membership.singer_id == Singer.id,
            Membership.choir_id == rehearsal.choir_id,
            Membership.state.in_(("trying", "regular")),
            Membership.since <= rehearsal.sung_on,
            (Membership.until.is_(None)) | (Membership.until >= rehearsal.sung_on),
        )
        .exists()
    )
    return db.session.scalars(
        select(Singer)
        .where(
            Singer.account_id == account.id,
            Singer.erased_at.is_(None),
            Singer.merged_into_id.is_(None),
            belongs,
        )
        .order_by(Singer.id)
    ).first()


def is_marked_here(rehearsal: Rehearsal, singer: Singer) -> bool:
    """Whether the singer is marked present already."""
    ids = choirs.rows_of([singer.id]).get(singer.id, {singer.id})
    found = db.session.scalar(
        select(func.count()).where(
            Attendance.rehearsal_id == rehearsal.id,
            Attendance.singer_id.in_(ids),
            Attendance.is_present.is_(True),
        )
    )
    return bool(found)


# --- the door ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitingArrival:
    """Somebody at the door, for the leader's eyes only."""

    id: UUID
    first_name: str
    at: datetime


def arrivals_waiting(rehearsal: Rehearsal) -> list[WaitingArrival]:
    """Who waits for the leader's tap at this rehearsal, the first one first; nobody once its day is over."""
    if not _is_its_day(rehearsal):
        return []
    rows = db.session.execute(
        select(Arrival.id, Arrival.first_name, Arrival.asked_at)
        .where(
            Arrival.rehearsal_id == rehearsal.id, Arrival.answer.is_(None), Arrival.first_name.is_not(None)
        )
        .order_by(Arrival.asked_at, Arrival.id)
    )
    return [WaitingArrival(*row) for row in rows]


def _is_its_day(rehearsal: Rehearsal) -> bool:
    ends_at = max(clock.end_of(rehearsal.sung_on), rehearsal.ends_at)
    return rehearsal.opens_at <= clock.now() < ends_at


def arrival(arrival_id: UUID, *, rehearsal: Rehearsal) -> Arrival:
    """One who came to the door of this rehearsal; raises NoResultFound."""
    return db.session.execute(
        select(Arrival).where(Arrival.id == arrival_id, Arrival.rehearsal_id == rehearsal.id)
    ).scalar_one()


def own_arrival(arrival_id: UUID) -> Arrival | None:
    """The one who holds this random id, while the day lasts."""
    found = db.session.get(Arrival, arrival_id)
    return found if found and _is_its_day(found.rehearsal) else None
