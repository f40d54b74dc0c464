"""Who read or changed personal data or rights: written down with what caused it, never changed."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from flask import current_app, g, has_request_context
from sqlalchemy import Index, Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation import clock
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import Model, after_commit, db, let_others_write

READINGS_ARE_KEPT_MONTHS = 24


class AuditEntry(Model):
    """One thing that somebody did. It names people by id only, so that erasing a person leaves no name here."""

    __tablename__ = "audit_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[UUID | None]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID | None] = mapped_column(index=True)


def note(verb: str, thing: Any, *, by: Any) -> None:
    """Write down that `by` did `verb` to `thing`, e.g. note("singer.changed", singer, by=leader)."""
    entry = AuditEntry(
        at=clock.now(),
        by_id=getattr(by, "id", None),
        verb=verb,
        subject=type(thing).__tablename__,
        subject_id=thing.id,
    )
    db.session.add(entry)


class Reading(Model):
    """That somebody looked at personal data on a day: one singer's, or the names of a whole choir."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_subject_id_read_on", "subject_id", "read_on"),)

    read_on: Mapped[date] = mapped_column(primary_key=True)
    by_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]


def looked_at(thing: Any, *, by: Any) -> None:
    """Write down that `by` is shown personal data of `thing`, once a day, when the page has been drawn.

    It is the one thing that a look leaves behind, and it lies beside what the page shows, never in it.
    """
    if has_request_context() and getattr(by, "id", None):
        g.setdefault("looked_at", set()).add((by.id, type(thing).__tablename__, thing.id))


@after_commit
def _write_readings() -> None:
    looks: set[tuple[UUID, str, UUID]] = g.pop("looked_at", set()) if has_request_context() else set()
    today = clock.today()
    known: set[tuple[date, UUID, str, UUID]] = current_app.extensions.setdefault("readings", set())
    new = {(today, *look) for look in looks} - known
    if not new:
        return
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    names = ("read_on", "by_id", "subject", "subject_id")
    rows = [{**dict(zip(names, look, strict=True)), "first_at": clock.now()} for look in sorted(new, key=str)]
    connection = db.session.connection()  # not the session itself: what is shown has not changed
    connection.execute(dialect.insert(cast("Table", Reading.__table__)).on_conflict_do_nothing(), rows)
    let_others_write()
    known.difference_update({look for look in known if look[0] != today})
    known.update(new)


@chore("who read what long ago")
def forget_old_readings() -> None:
    """Forget who looked at what after two years."""
    before = clock.months_before(clock.today(), READINGS_ARE_KEPT_MONTHS)
    db.session.execute(delete(Reading).where(Reading.read_on < before))
