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


def run(connection: Connection) -> None:
    """Bring the database up or down in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        render_item=render_own_types,
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
        connection.commit()
