"""The migrations: they end where the models stand, and go up and down on a database with something in it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Engine, UniqueConstraint, inspect, text

from choir_app.foundation.database import Model, commit, db
from choir_app.foundation.settings import PROJECT
from tests.conftest import a_house
from tests.kept_demo import tell_demo_network

MIGRATIONS = PROJECT / "choir_app" / "migrations"


def steps() -> list[str]:
    """Every migration, the first first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [step.revision for step in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


@pytest.fixture
def bare_house(engine_name: str, new_database: Callable[[str, str], str], tmp_path: Path) -> Flask:
    """The application on a database without a single table."""
    return a_house(new_database(engine_name, "bare"), tmp_path)


def differences(engine: Engine) -> list[Any]:
    """What autogenerate would write: nothing, when the migrations end where the models stand."""

    def is_ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and name == "alembic_version") and not is_of_the_search(name or "")

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": False, "include_object": is_ours, "render_as_batch": True}
        )
        return compare_metadata(context, Model.metadata)


def is_of_the_search(name: str) -> bool:
    """Whether a table or index is what a database keeps for the search (news/models/words.py), unlike the other."""
    return name.startswith("post_index") or name == "ix_post_words_lexemes"


def constraints(engine: Engine) -> dict[str, set[str]]:
    """The named checks and unique constraints of each table, which autogenerate does not compare."""
    found = inspect(engine)
    return {
        table: {
            str(one["name"])
            for one in (*found.get_check_constraints(table), *found.get_unique_constraints(table))
        }
        for table in found.get_table_names()
        if table != "alembic_version" and not is_of_the_search(table)
    }


def wanted_constraints() -> dict[str, set[str]]:
    """The same, as the models say them."""
    return {
        table.name: {
            str(one.name)
            for one in table.constraints
            if isinstance(one, CheckConstraint | UniqueConstraint) and one.name is not None
        }
        for table in Model.metadata.sorted_tables
    }


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()
            for table in Model.metadata.sorted_tables
            if inspect(connection).has_table(table.name)
        }


def test_they_stand_in_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_they_end_where_the_models_stand(bare_house: Flask) -> None:
    with bare_house.app_context():
        upgrade()
        assert differences(db.engine) == []
        assert constraints(db.engine) == wanted_constraints()
        db.session.remove()
        db.engine.dispose()


def test_what_the_checks_say_is_what_the_models_say(
    new_database: Callable[[str, str], str], tmp_path: Path
) -> None:
    """On SQLite, which gives a check back as it was written."""
    with a_house(new_database("sqlite", "bare"), tmp_path).app_context():
        upgrade()
        found = inspect(db.engine)
        for table in Model.metadata.sorted_tables:
            there = {
                str(one["name"]): plain(one["sqltext"]) for one in found.get_check_constraints(table.name)
            }
            for one in table.constraints:
                if isinstance(one, CheckConstraint):
                    assert there[str(one.name)] == plain(str(one.sqltext)), one.name
        db.session.remove()
        db.engine.dispose()


def plain(sql: str) -> str:
    """A condition without what does not matter: spaces, brackets, quotes around names."""
    return re.sub(r'[\s()"]', "", sql).lower()


@pytest.mark.long
def test_up_and_down_with_the_demo_network_in_it(bare_house: Flask, shared: Path) -> None:
    with bare_house.app_context():
        upgrade()
        tell_demo_network(shared)
        commit()
        before = rows(db.engine)
        assert sum(before.values()) > 1000, "the demo network fills the tables"
        db.session.remove()
        for step in reversed(steps()[:-1]):
            downgrade(revision=step)
        upgrade()
        assert differences(db.engine) == []
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set(), "the way down takes everything away"
        upgrade()
        assert differences(db.engine) == []
        db.session.remove()
        db.engine.dispose()


def test_a_migration_speaks_for_itself() -> None:
    """An old migration must work when the models have moved on, so it imports nothing of ours."""
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert "choir_app" not in path.read_text(), path.name
