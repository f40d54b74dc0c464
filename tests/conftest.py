"""What every test can ask for: the house on each database, a clock that stands still, and a visitor.

    app      the house with an empty database; a test that takes it runs on SQLite and again on PostgreSQL
    visitor  somebody who walks through it (tests/visitor.py); takes `app` along
    the_clock  stands at 18.00 in Sweden on Tuesday 16 June 2026 in every test; `the_clock.set_to(moment)` moves it

`pytest --engine sqlite` leaves PostgreSQL out for a quick turn.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from choir_app import create_app
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.health import newest_migration
from choir_app.foundation.settings import read_settings
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
        for app in OPENED:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        cluster.stop()


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
    app.testing = False  # an unexpected error becomes the error page, as for people
    return app


@pytest.fixture(scope="session")
def house(
    engine_name: str, new_database: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application with every table, made once per database engine."""
    app = a_house(new_database(engine_name, "house"), tmp_path_factory.mktemp("data"))
    with app.app_context():
        Model.metadata.create_all(db.engine)
        with db.engine.begin() as connection:
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            )
            if head := newest_migration():
                connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
        if engine_name == "sqlite":
            keep_a_copy(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


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
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in yet."""
    return Visitor(app)


def empty(engine: Engine) -> None:
    """Take away every row. What a test committed is really committed, so nothing can be rolled back."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        path = Path(make_url(engine.url).database or "")
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(path.with_suffix(".empty"), path)
        return
    tables = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(Model.metadata.sorted_tables))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no keys, no triggers
        connection.exec_driver_sql(tables)


def keep_a_copy(engine: Engine) -> None:
    """Remember what an SQLite database holds now, as what `empty` goes back to."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    path = Path(engine.url.database or "")
    shutil.copyfile(path, path.with_suffix(".empty"))
