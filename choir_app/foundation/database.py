"""The database: one session, one commit per request, and SQLite taught to keep its promises.

SQLite's Python driver commits behind one's back around savepoints, so it is told to leave transactions alone
and every transaction is begun here. Writers queue at a file lock before they begin: the database's own waiting
is unfair, and a reader who turns into a writer half way is refused.
"""

import fcntl
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask, abort, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, LargeBinary, MetaData, TypeDecorator, event, inspect, select
from sqlalchemy import Uuid as NativeUuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeEngine

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ONLY_READS = {"only_reads": True}
"""Execution options of a connection that never writes, and so need not queue with the writers."""

NAMES_OF_CONSTRAINTS = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its time zone: UTC in the database, UTC out of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Identifier(TypeDecorator[UUID]):
    """A UUID: sixteen bytes in SQLite, the native type in PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(NativeUuid() if native else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | bytes | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=bytes(value))


db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES_OF_CONSTRAINTS), disable_autonaming=True)


class Model(DeclarativeBase):
    """What every table of the house is made from."""

    metadata = db.metadata
    type_annotation_map = {UUID: Identifier, datetime: UtcDateTime}


class Fact(Model):
    """Something that the house remembers about itself, such as that its data is the demo network."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def fact(name: str) -> str | None:
    """What the house remembers under this name, or None."""
    return db.session.scalar(select(Fact.value).where(Fact.name == name))


def remember(name: str, value: str) -> None:
    """Remember a fact, in place of what was known under its name."""
    upsert(Fact, {"name": name, "value": value}, key=("name",))


def upsert(
    model: type[Model],
    row: Mapping[str, Any],
    *,
    key: Iterable[str],
    only_if: Callable[[Any], Any] | None = None,
) -> bool:
    """Write a row, or change the one with the same key; says whether anything was written.

    `only_if` takes the new row's columns (`excluded`) and gives the condition for changing an old one.
    """
    keys = tuple(key)
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(model).values(**row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    if rest:
        condition = only_if(statement.excluded) if only_if else None
        statement = statement.on_conflict_do_update(index_elements=keys, set_=rest, where=condition)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    first = inspect(model).primary_key[0]
    written = db.session.execute(statement.returning(first)).first()
    return written is not None


class House(Flask):
    """The application: it commits once, when a request has been answered well."""

    def dispatch_request(self) -> Any:
        answer = self.make_response(super().dispatch_request())
        if answer.status_code >= 400:
            db.session.rollback()
            _do_even_if_refused()
            return answer
        if g.get("token_is_old", False):
            db.session.rollback()
            abort(400)
        _do_even_if_refused()
        db.session.commit()
        _tell_after_commit()
        return answer


def even_if_refused(deed: Callable[[], None]) -> None:
    """Have something written although the request may be answered with a refusal, such as that a try failed.

    Outside a request it is done at once.
    """
    if has_request_context():
        g.setdefault("even_if_refused", []).append(deed)
    else:
        deed()


def _do_even_if_refused() -> None:
    deeds: list[Callable[[], None]] = g.pop("even_if_refused", [])
    for deed in deeds:
        deed()
    if deeds:
        db.session.commit()


_AFTER_COMMIT: list[Callable[[], None]] = []


def after_commit(deed: Callable[[], None]) -> Callable[[], None]:
    """Have something done after each request's commit, such as sending the letters that were written."""
    _AFTER_COMMIT.append(deed)
    return deed


def let_others_write() -> None:
    """Step out of the writers' queue before slow work that needs no database; the next question queues up again."""
    db.session.commit()


def look_on() -> None:
    """Make what was written last, and only read from here to the end of the request: others write meanwhile.

    What was read before is kept as it was, so whoever needs it anew asks anew.
    """
    session = db.session()
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True
    session.connection(execution_options=ONLY_READS)


def commit() -> None:
    """Make what was done outside a request (the command line, a worker) last."""
    db.session.commit()
    _tell_after_commit()


def _tell_after_commit() -> None:
    for deed in _AFTER_COMMIT:
        deed()


@event.listens_for(Session, "before_flush")
def reading_never_writes(session: Session, *_: Any) -> None:
    """Stop a page that changes something merely by being looked at."""
    changed = session.new or session.dirty or session.deleted
    if changed and has_request_context() and request.method in SAFE_METHODS:
        raise RuntimeError(f"{request.endpoint} tried to write while reading")


# --- SQLite -------------------------------------------------------------------------------------------------

PATIENCE_WITH_WRITERS = 20.0
"""Seconds that a writer waits for the one before it in the same process."""

_queues: dict[str, threading.Lock] = {}


def sqlite_driver() -> Any:
    """The SQLite to use: the wheel's own, since Debian 12's has a bug in its write-ahead log."""
    try:
        import pysqlite3
    except ImportError:
        import sqlite3

        warnings.warn(
            "pysqlite3 is missing, so the system's SQLite is used", category=RuntimeWarning, stacklevel=2
        )
        return sqlite3
    return pysqlite3


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy is told about the database at this address."""
    if url.startswith("sqlite"):
        return {"module": sqlite_driver(), "connect_args": {"check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 4, "max_overflow": 4}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    is_look = has_request_context() and request.method in SAFE_METHODS
    if is_look or connection.get_execution_options().get("only_reads"):
        connection.exec_driver_sql("BEGIN")
        return
    _queue_up(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _queue_up(connection: Connection) -> None:
    path = connection.engine.url.database
    record = connection.connection.record_info if connection.connection else None
    if not path or path == ":memory:" or record is None or "write_lock" in record:
        return
    queue = _queues.setdefault(path, threading.Lock())
    if not queue.acquire(timeout=PATIENCE_WITH_WRITERS):
        raise TimeoutError("another writer in this process has not finished")
    try:
        lock = os.open(f"{path}.writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except BaseException:
        queue.release()
        raise
    record["write_lock"] = (queue, lock)


@event.listens_for(Engine, "checkin")
def _leave_the_queue(_connection: Any, entry: ConnectionPoolEntry) -> None:
    held = (entry.record_info or {}).pop("write_lock", None)
    if held:
        queue, lock = held
        os.close(lock)
        queue.release()
