"""What a phone keeps of the rolls that it may have to take without contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import contains_eager, lazyload

from choir_app.choirs.models import Choir, Leadership
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Loan, Rehearsal, Substitute
from choir_app.rehearsals.queries.gatherings import sung_between
from choir_app.rehearsals.queries.log import (
    Disagreement,
    Happening,
    also_marking,
    disagreements,
    guests_acts,
    outcomes_at,
    rows_merged_at,
)
from choir_app.rehearsals.queries.roll import Roll, rolls_of
from choir_app.rehearsals.queries.study import handed_in_at

DAYS_KEPT = 14
"""A phone keeps the rolls of so many days back and ahead."""


@dataclass(frozen=True)
class Snapshot:
    """One roll with all that a phone needs to take it: no phone numbers and no notes."""

    roll: Roll
    guests_act_id: UUID | None
    handed_in_at: datetime | None
    merged: dict[UUID, UUID]
    disagreements: Sequence[Disagreement]
    outcomes: Sequence[Happening]
    also_marking: Sequence[str]

    @property
    def closes_at(self) -> datetime:
        """From when only a manager may change it."""
        return self.roll.rehearsal.ends_at + timedelta(days=rules.DAYS_TO_CORRECT)


def snapshot_of(rehearsal: Rehearsal, *, viewer: Any) -> Snapshot:
    """The roll of one rehearsal as a phone keeps it."""
    return snapshots_of([rehearsal], viewer=viewer)[0]


def snapshots_of(rehearsals: Sequence[Rehearsal], *, viewer: Any) -> list[Snapshot]:
    """The rolls of these rehearsals as a phone keeps them: as many statements for one as for fifty."""
    ids = [each.id for each in rehearsals]
    rolls = rolls_of(rehearsals)
    guests, handed_in, merged = guests_acts(ids), handed_in_at(ids), rows_merged_at(ids)
    disagreeing, told, marking = disagreements(ids), outcomes_at(ids), also_marking(ids, viewer=viewer)
    return [
        Snapshot(
            roll=rolls[each],
            guests_act_id=guests.get(each),
            handed_in_at=handed_in.get(each),
            merged=merged.get(each, {}),
            disagreements=disagreeing.get(each, ()),
            outcomes=told.get(each, ()),
            also_marking=marking.get(each, ()),
        )
        for each in ids
    ]


def evenings_of(viewer: Any) -> list[Rehearsal]:
    """The rehearsals of the choirs that this person leads and those lent for the day, fourteen days back and ahead."""
    today = clock.today()
    span = timedelta(days=DAYS_KEPT)
    found = db.session.scalars(
        select(Rehearsal)
        .join(Rehearsal.choir)
        .options(contains_eager(Rehearsal.choir).options(lazyload(Choir.leaderships), lazyload(Choir.states)))
        .where(_is_own(viewer), sung_between(today - span, today + span))
        .order_by(Rehearsal.starts_at, Rehearsal.id)
    )
    return list(found)


def _is_own(viewer: Any) -> ColumnElement[bool]:
    if isinstance(viewer, Substitute):
        return Rehearsal.id == viewer.rehearsal_id
    if viewer.id is None:
        return false()
    lent = select(Loan.rehearsal_id).where(
        Loan.to_account_id == viewer.id, Loan.revoked_at.is_(None), Loan.ends_at > clock.now()
    )
    led = select(Leadership.choir_id).where(Leadership.account_id == viewer.id)
    return or_(Rehearsal.choir_id.in_(led), and_(Rehearsal.id.in_(lent), Rehearsal.sung_on <= clock.today()))


def snapshots_kept_by(viewer: Any) -> list[Snapshot]:
    """All that this person's phone keeps for taking rolls without contact."""
    rehearsals = evenings_of(viewer)
    return snapshots_of(rehearsals, viewer=viewer) if rehearsals else []
