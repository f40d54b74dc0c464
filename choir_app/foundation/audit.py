"""Who read or changed personal data, rights or money: written down with what caused it, never changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from flask import current_app, g, has_request_context
from sqlalchemy import JSON, Index, String, Table, delete, inspect
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
    before: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="What stood there before; none for something new. See `state`."
    )
    after: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="What stands there after; none for what was taken away."
    )


def note(
    verb: str,
    thing: Any,
    *,
    by: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `by` did `verb` to `thing`, e.g. note("singer.changed", singer, by=leader).

    A change of money says what stood there `before` and `after`, as `state` gives it: something new has only the
    one, something taken back only the other, and of a change what stayed the same is left out.
    """
    if before is not None and after is not None:
        changed = {name for name in (*before, *after) if before.get(name) != after.get(name)}
        before = {name: value for name, value in before.items() if name in changed}
        after = {name: value for name, value in after.items() if name in changed}
    entry = AuditEntry(
        at=clock.now(),
        by_id=getattr(by, "id", None),
        verb=verb,
        subject=type(thing).__tablename__,
        subject_id=thing.id,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
    db.session.add(entry)


@contextmanager
def change(verb: str, thing: Any, *, by: Any) -> Iterator[None]:
    """Write down what a change does: `with audit.change("opportunity.changed", one, by=by): one.ask_ore = …`.

    A change that changes nothing is still something that somebody did, and is written down.
    """
    before = state(thing)
    yield
    db.session.flush()
    note(verb, thing, by=by, before=before, after=state(thing))


_SHORT = 20
"""Letters of a code; what is longer is free text, which may name people and so has no place in the log."""
_OF_THE_ROW = frozenset({"id", "noted_by_id", "changed_by_id", "reverses_id", "version", "number"})


def state(thing: Any) -> dict[str, Any]:
    """What the log keeps of a row: sums, days, codes, yes and no, and the ids of what it belongs to.

    Free text is left out, since it may name people. Of rows that only link two things, such as the choirs that an
    agreement may pay for, the ids of the others are kept.
    """
    mapper = inspect(type(thing))
    found: dict[str, Any] = {}
    for column in mapper.columns:
        kind, name = column.type, mapper.get_property_by_column(column).key
        is_code = isinstance(kind, String) and kind.length is not None and kind.length <= _SHORT
        is_kept = is_code or column.foreign_keys or kind.python_type in (int, bool, date)
        if is_kept and name not in _OF_THE_ROW:
            found[name] = _as_json(getattr(thing, name))
    for link in mapper.relationships:
        keys = link.mapper.primary_key
        if link.uselist and len(keys) == 2 and all(key.foreign_keys for key in keys):
            other = next(key for key in keys if not key.references(mapper.primary_key[0]))
            name = link.mapper.get_property_by_column(other).key
            found[link.key] = sorted(str(getattr(row, name)) for row in getattr(thing, link.key))
    return found


_FIELDS: dict[str, object] = {}
_CODES: dict[str, Mapping[str, object]] = {}


def put_into_words(fields: Mapping[str, object], codes: Mapping[str, Mapping[str, object]]) -> None:
    """Tell what fields of `state` are called, and what the codes in them mean; each room tells of its own."""
    _FIELDS.update(fields)
    _CODES.update(codes)


def field_in_words(name: str) -> str | None:
    """What a field is called; None when no room has said, and so nobody need be told of it."""
    words = _FIELDS.get(name)
    return None if words is None else str(words)


def code_in_words(name: str, code: str) -> str:
    """What a code in a field means; the code itself when no room has said."""
    return str(_CODES.get(name, {}).get(code, code))


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


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
