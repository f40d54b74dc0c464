"""What a list is compared with before it is taken in, and what an import made that can still be undone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

from choir_app.choirs.models import Choir, Leadership, Membership, Singer, Venue, Voice
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import Model, db
from choir_app.foundation.text import folded
from choir_app.rehearsals.models import Act, Import, ImportedThing, Rehearsal
from choir_app.rehearsals.queries.gatherings import series_of

USUAL_HOUR, USUAL_MINUTES = time(18), 120
"""When a choir sings of which nobody has said when."""
LATEST_IMPORTS = 10


@dataclass(frozen=True)
class KnownSinger:
    """Somebody who sings in the choir, or has sung there."""

    id: UUID
    name: str
    first_name: str
    has_left: bool

    @property
    def folded_name(self) -> str:
        """The name as it is compared."""
        return folded(self.name)


def everybody_of(choir: Choir) -> list[KnownSinger]:
    """All who sing in the choir or have sung there, by name. One statement."""
    rows = db.session.execute(
        select(Singer.id, Singer.first_name, Singer.surname, Membership.state)
        .join(Membership, Membership.singer_id == Singer.id)
        .where(
            Membership.choir_id == choir.id,
            Membership.until.is_(None),
            Singer.erased_at.is_(None),
            Singer.merged_into_id.is_(None),
        )
        .order_by(Singer.sort_key, Singer.id)
    )
    return [
        KnownSinger(key, f"{first} {last}" if last else first, first, state == "left")
        for key, first, last, state in rows
    ]


def sung_on(choir: Choir, days: Collection[date]) -> dict[date, Rehearsal]:
    """The choir's gathering on each of these days, a rehearsal before others, one called off only when it is alone."""
    found = db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.choir_id == choir.id, Rehearsal.sung_on.in_(days))
        .order_by(Rehearsal.starts_at, Rehearsal.id)
    )
    ordered = sorted(found, key=lambda each: (not each.is_cancelled, each.kind == "rehearsal"))
    return {each.sung_on: each for each in ordered}


@dataclass(frozen=True)
class UsualEvening:
    """When, how long and where a choir sings on a day of which nothing else is known."""

    hour: time
    minutes: int
    venue: Venue | None


def usual_evenings(choir: Choir, days: Iterable[date]) -> dict[date, UsualEvening]:
    """Hour and place for each day: of the series that sings on that weekday, else of any, else six in the evening."""
    known, venue = series_of(choir), choir.usual_venue

    def on(day: date) -> UsualEvening:
        if not known:
            return UsualEvening(USUAL_HOUR, USUAL_MINUTES, venue)
        one = min(known, key=lambda each: (each.weekday != day.weekday(), each.first_on > day, each.first_on))
        return UsualEvening(one.starts_at_hour, one.minutes, one.venue or venue)

    return {day: on(day) for day in days}


# --- what was taken in ---------------------------------------------------------------------------------------------


def imports_of(choir: Choir) -> list[Import]:
    """The lists that were taken into a choir, the newest first."""
    return list(
        db.session.scalars(
            select(Import)
            .where(Import.choir_id == choir.id)
            .options(joinedload(Import.by))
            .order_by(Import.at.desc(), Import.id)
            .limit(LATEST_IMPORTS)
        )
    )


def imported(choir: Choir, import_id: UUID, *, viewer: Any) -> Import:
    """One list that was taken in; raises NoResultFound when it is not of this choir or not the viewer's to see."""
    led = select(Leadership.choir_id).where(Leadership.account_id == viewer.id)
    seen = true() if viewer.manages else Import.choir_id.in_(led) if viewer.id else false()
    return db.session.execute(
        select(Import).where(Import.id == import_id, Import.choir_id == choir.id, seen)
    ).scalar_one()


def import_with_receipt(choir: Choir, receipt: UUID) -> Import | None:
    """The import that a page made when it was sent before, if it was."""
    return db.session.scalar(select(Import).where(Import.id == receipt, Import.choir_id == choir.id))


@dataclass(frozen=True)
class Undoing:
    """What goes when an import is undone, and what stays because something else leans on it by now."""

    singers: frozenset[UUID]
    rehearsals: frozenset[UUID]
    voices: frozenset[UUID]
    acts: frozenset[UUID]
    singers_that_stay: tuple[str, ...]
    rehearsals_that_stay: tuple[Rehearsal, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left to undo."""
        return not (self.singers or self.rehearsals or self.voices or self.acts)


def undoing(one: Import) -> Undoing:
    """What would go and what would stay if this import were undone now."""
    made: dict[str, set[UUID]] = {"singer": set(), "rehearsal": set(), "voice": set(), "act": set()}
    for kind, thing_id in db.session.execute(
        select(ImportedThing.kind, ImportedThing.thing_id).where(ImportedThing.import_id == one.id)
    ):
        made[kind].add(thing_id)
    acts = made["act"]
    used_singers = _used(Singer, made["singer"], acts) | _changed_since(one, made["singer"])
    used_singers |= _sing_otherwise(one, made["singer"])
    used_rehearsals = _used(Rehearsal, made["rehearsal"], acts) | _changed_since(one, made["rehearsal"])
    singers = _still_there(Singer, made["singer"]) - used_singers
    sung = select(Membership.voice_id).where(
        Membership.voice_id.in_(made["voice"]), Membership.singer_id.not_in(singers)
    )
    staying = db.session.scalars(
        select(Singer)
        .where(Singer.id.in_(made["singer"] - singers), Singer.erased_at.is_(None))
        .order_by(Singer.sort_key)
    )
    kept = db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.id.in_(made["rehearsal"] & used_rehearsals))
        .order_by(Rehearsal.starts_at)
    )
    return Undoing(
        singers=frozenset(singers),
        rehearsals=frozenset(_still_there(Rehearsal, made["rehearsal"]) - used_rehearsals),
        voices=frozenset(_still_there(Voice, made["voice"]) - set(db.session.scalars(sung))),
        acts=frozenset(acts),
        singers_that_stay=tuple(singer.name for singer in staying),
        rehearsals_that_stay=tuple(kept),
    )


def _still_there(model: type[Any], ids: Collection[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(model.id).where(model.id.in_(ids)))) if ids else set()


_OWN = {"memberships", "attendances", "acts"}
"""Tables whose rows the import itself made; all other rows that lead to a thing lean on it."""


def _used(model: type[Model], ids: Collection[UUID], own_acts: Collection[UUID]) -> set[UUID]:
    """Which of these things something leans on that the import did not make: whatever table it stands in."""
    if not ids:
        return set()
    thing = model.__tablename__
    used: set[UUID] = set()
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            leads_here = any(key.column.table.name == thing for key in column.foreign_keys)
            if leads_here and table.name not in _OWN:
                used |= {each for each in db.session.scalars(select(column).where(column.in_(ids))) if each}
    column = Act.singer_id if model is Singer else Act.rehearsal_id
    others = db.session.execute(select(Act.id, column).where(column.in_(ids)))
    return used | {thing_id for act_id, thing_id in others if thing_id and act_id not in own_acts}


def _changed_since(one: Import, ids: Collection[UUID]) -> set[UUID]:
    """Which of these things somebody has changed since, by the log of what was done."""
    if not ids:
        return set()
    entries = db.session.scalars(
        select(AuditEntry.subject_id).where(
            AuditEntry.subject_id.in_(ids), AuditEntry.at >= one.at, AuditEntry.verb != "singer.added"
        )
    )
    return {each for each in entries if each}


def _sing_otherwise(one: Import, singer_ids: Collection[UUID]) -> set[UUID]:
    """Which of these singers sing in another choir by now, or have an account."""
    if not singer_ids:
        return set()
    other: ColumnElement[bool] = or_(Membership.choir_id != one.choir_id, Membership.until.is_not(None))
    elsewhere = select(Membership.singer_id).where(Membership.singer_id.in_(singer_ids), other)
    told = select(Singer.id).where(
        Singer.id.in_(singer_ids),
        or_(
            Singer.account_id.is_not(None),
            Singer.merged_into_id.is_not(None),
            Singer.erased_at.is_not(None),
        ),
    )
    return set(db.session.scalars(elsewhere)) | set(db.session.scalars(told))
