"""What attendance tells of two singers who may be one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from choir_app.choirs.queries import AlikePair
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Attendance, Rehearsal
from choir_app.rehearsals.queries.gatherings import visible_to

MONTHS_LOOKED_AT = 24


@dataclass(frozen=True)
class TimesHere:
    """How often a singer was at gatherings that the viewer may see, and when last."""

    count: int
    last_at: datetime | None


NEVER = TimesHere(0, None)


def times_here(singer_ids: Collection[UUID], *, viewer: Any) -> dict[UUID, TimesHere]:
    """How often each of these singers came in two years, of what the viewer may see; whoever never came is left out."""
    if not singer_ids:
        return {}
    seen = _lately_seen_by(viewer)
    rows = db.session.execute(
        select(Attendance.singer_id, func.count(), func.max(Rehearsal.starts_at))
        .join(Rehearsal, Attendance.rehearsal_id == Rehearsal.id)
        .where(Attendance.singer_id.in_(singer_ids), Attendance.is_present, Rehearsal.id.in_(seen))
        .group_by(Attendance.singer_id)
    )
    return {singer_id: TimesHere(count, last_at) for singer_id, count, last_at in rows}


def evenings_together(pairs: Collection[AlikePair], *, viewer: Any) -> dict[frozenset[UUID], int]:
    """At how many gatherings in two years both of a pair were marked as here, which one person cannot be."""
    ids = {side.id for pair in pairs for side in (pair.first, pair.other)}
    if not ids:
        return {}
    one, other = aliased(Attendance), aliased(Attendance)
    seen = _lately_seen_by(viewer)
    rows = db.session.execute(
        select(one.singer_id, other.singer_id, func.count())
        .join(other, one.rehearsal_id == other.rehearsal_id)
        .where(
            one.singer_id.in_(ids),
            other.singer_id.in_(ids),
            one.singer_id < other.singer_id,
            one.is_present,
            other.is_present,
            one.rehearsal_id.in_(seen),
        )
        .group_by(one.singer_id, other.singer_id)
    )
    wanted = {frozenset((pair.first.id, pair.other.id)) for pair in pairs}
    return {both: count for a, b, count in rows if (both := frozenset((a, b))) in wanted}


def _lately_seen_by(viewer: Any) -> Select[UUID]:
    """The gatherings of two years that the viewer may see: what came before tells no more of who is who."""
    since = clock.months_before(clock.today(), MONTHS_LOOKED_AT)
    return visible_to(viewer).with_only_columns(Rehearsal.id).where(Rehearsal.sung_on >= since)
