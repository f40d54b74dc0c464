"""How Alembic reaches the house's database; run through `flask --app choir_app db …` and `set-up`."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from choir_app.foundation.database import Identifier, Model, UtcDateTime


def render_own_types(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Write our column types into a migration by plain SQLAlchemy names, so that old migrations need no code of ours."""
    if kind == "type" and isinstance(thing, Identifier):
        return 'sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql")'
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def is_ours(_thing: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    """Leave alone what a database keeps for the search (news/models/words.py): the models do not name it."""
    return not (name or "").startswith("post_index") and name != "ix_post_words_lexemes"


def run(connection: Connection) -> None:
    """Bring the database up or down, one transaction for each step.

    SQLite changes a constraint by building the table anew and dropping the old one, and a drop deletes the rows that
    lean on it. So nothing may lean meanwhile; what would hang in the air afterwards is an error.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _let_nothing_lean(connection, "OFF")
    try:
        _migrate(connection)
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise RuntimeError(f"a row of {broken[0]} leans on a row of {broken[2]} that is not there")
        connection.commit()
    finally:
        if is_sqlite:
            connection.rollback()
            _let_nothing_lean(connection, "ON")


def _let_nothing_lean(connection: Connection, value: Literal["ON", "OFF"]) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(
        f"PRAGMA foreign_keys={value}"
    )  # at the driver itself, since it has no effect in a transaction
    cursor.close()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        render_item=render_own_types,
        include_object=is_ours,
        compare_type=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        run(connection)
