"""Whether the house is alive (`/healthz`) and ready to receive (`/readyz`), for whoever watches over it."""

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from choir_app.foundation.audience import for_everyone
from choir_app.foundation.database import db
from choir_app.foundation.settings import PROJECT

room = Blueprint("health", __name__)


def newest_migration() -> str | None:
    """The migration that the code is written for."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "choir_app" / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def present_migration() -> str | None:
    """The migration that the database has reached."""
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))


@room.get("/healthz")
@for_everyone
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify({"alive": True})


@room.get("/readyz")
@for_everyone
def ready() -> ResponseReturnValue:
    """The database answers and is at the newest migration."""
    try:
        is_newest = present_migration() == newest_migration()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify({"ready": False, "reason": "the database does not answer"}), 503
    if not is_newest:
        return jsonify({"ready": False, "reason": "the database is not at the newest migration"}), 503
    return jsonify({"ready": True})
