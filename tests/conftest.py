"""What every test can ask for: the house on each database, a clock that stands still, and a visitor.

    app      the house with an empty database; a test that takes it runs on SQLite and again on PostgreSQL
    visitor  somebody who walks through it (tests/visitor.py); takes `app` along
    the_clock  stands at 18.00 in Sweden on Tuesday 16 June 2026 in every test; `the_clock.set_to(moment)` moves it

`pytest --engine sqlite` leaves PostgreSQL out for a quick turn.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, text

from choir_app import create_app
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.health import newest_migration
from choir_app.foundation.settings import read_settings
from tests.kept_demo import go_back_to, keep_a_copy, put_in_demo_network
from tests.postgres import Cluster
from tests.visitor import Visitor

ENGINES = ("sqlite", "postgresql")
NOW = datetime(2026, 6, 16, 16, 0, tzinfo=UTC)

hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=ENGINES, help="only this database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        only = metafunc.config.getoption("engine")
        engines = ENGINES[:1] if metafunc.definition.get_closest_marker("one_engine") else ENGINES
        chosen = [engine for engine in engines if only in (None, engine)]
        metafunc.parametrize("engine_name", chosen, scope="session")


@pytest.hookimpl(trylast=True)  # after pytest has put the tests with one database beside each other
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that at the end nobody waits for one of them alone."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class TheClock:
    """The clock of the house, standing still."""

    def __init__(self) -> None:
        self._settings = ExitStack()
        self.set_to(NOW)

    @property
    def now(self) -> datetime:
        """What it shows."""
        return clock.now()

    def set_to(self, moment: datetime) -> None:
        """Let it stand at another moment."""
        self._settings.close()
        self._settings.enter_context(clock.set_to(moment))

    def start_again(self) -> None:
        """Let it run."""
        self._settings.close()


@pytest.fixture(autouse=True)
def the_clock() -> Iterator[TheClock]:
    """The clock, at 18.00 in Sweden on Tuesday 16 June 2026."""
    standing = TheClock()
    yield standing
    standing.start_again()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process's own."""
    cluster = Cluster()
    try:
        yield cluster.start()
    finally:
        close_everything()
        cluster.stop()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, which all its processes share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], str]:
    """Makes an empty database: `new_database(engine_name, name)` gives its address."""

    def make(engine_name: str, name: str) -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp(name) / 'choir.sqlite3'}"
        cluster: Cluster = request.getfixturevalue("postgres")
        return cluster.database(name)

    return make


OPENED: list[Flask] = []
"""Every house that was opened; all are closed at the end, since a forgotten connection fails another test."""


def close_everything() -> None:
    """Let go of every connection of every house."""
    for app in OPENED:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class Compiled(BytecodeCache):
    """The templates as they were compiled for the first house of this process; there are many houses."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.known.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


def a_house(database_url: str, folder: Path, **more: str) -> Flask:
    """The application with settings for a test; `more` are further settings by their names."""
    given = {
        "DATABASE_URL": database_url,
        "CHOIR_DATA_DIR": str(folder),
        "CHOIR_DEMO": "0",
        "SECRET_KEY": "a key that everybody may know, for tests only",
        **more,
    }
    app = create_app(read_settings(given))
    OPENED.append(app)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.testing = False  # an unexpected error becomes the error page, as for people
    return app


@pytest.fixture(scope="session")
def houses(
    new_database: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """The application with every table, made once for each database, in whatever order the tests come."""

    @cache
    def of(engine_name: str) -> Flask:
        app = a_house(new_database(engine_name, "house"), tmp_path_factory.mktemp("data"))
        with app.app_context():
            make_tables(db.engine)
            if engine_name == "sqlite":
                keep_a_copy(db.engine, empty_copy(db.engine))
        return app

    yield of
    close_everything()


@pytest.fixture(scope="session")
def house(engine_name: str, houses: Callable[[str], Flask]) -> Flask:
    """The application on one of the databases."""
    return houses(engine_name)


def make_tables(engine: Engine) -> None:
    """Every table as the models say it, and the mark of the newest migration."""
    Model.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        if head := newest_migration():
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The house, empty as on its first day; the test stands inside its application context."""
    shutil.rmtree(house.config["DATA_FOLDER"] / "outbox", ignore_errors=True)
    with house.app_context():
        empty(db.engine)
        pages = house.extensions["kept_pages"]
        pages.forget()
        pages.version, pages.looked_at = None, 0.0
        yield house
        db.session.rollback()


@pytest.fixture
def demo_network(app: Flask, shared: Path) -> None:
    """The demo network in the house, for a test that only wants it to be there."""
    put_in_demo_network(shared)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in yet."""
    return Visitor(app)


def empty(engine: Engine) -> None:
    """Take away every row. What a test committed is really committed, so nothing can be rolled back."""
    if engine.dialect.name == "sqlite":
        go_back_to(empty_copy(engine), engine)
        return
    tables = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(Model.metadata.sorted_tables))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no keys, no triggers
        connection.exec_driver_sql(tables)


def empty_copy(engine: Engine) -> Path:
    """Where the copy lies that an SQLite database goes back to."""
    return Path(engine.url.database or "").with_suffix(".empty")
