"""Who read or changed personal data or rights: written down with what caused it, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation import clock
from choir_app.foundation.database import Model, db


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
