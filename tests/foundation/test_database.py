"""The database keeps its promises: transactions that hold, one commit per request, reading that never writes."""

from collections.abc import Callable, Iterator
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask, abort
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import StatementError

from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import Fact, Model, db, fact, remember, upsert
from tests.conftest import a_house
from tests.visitor import Visitor, outside


@pytest.fixture(scope="module")
def house_with_doors(
    engine_name: str, new_database: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A house of its own with a few doors more, so that no other test meets them."""
    app = a_house(new_database(engine_name, "doors"), tmp_path_factory.mktemp("doors"))

    def writes() -> tuple[str, int]:
        remember("seen", "yes")
        return "", 204

    def fails() -> None:
        remember("seen", "yes")
        db.session.flush()
        abort(404)

    def breaks() -> None:
        remember("seen", "yes")
        raise KeyError("a surname")

    def reads() -> tuple[str, int]:
        db.session.add(Fact(name="read", value="yes"))
        db.session.flush()
        return "", 204

    for view, methods in ((writes, ["POST"]), (fails, ["POST"]), (breaks, ["POST"]), (reads, ["GET"])):
        app.add_url_rule(f"/prov/{view.__name__}", view.__name__, for_everyone(view), methods=methods)
    with app.app_context():
        Model.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def doors(house_with_doors: Flask) -> Iterator[Visitor]:
    """Somebody who tries those doors; the test stands inside that house's application context."""
    with house_with_doors.app_context():
        db.session.execute(delete(Fact))
        db.session.commit()
        yield Visitor(house_with_doors)
        db.session.rollback()


class TestTransactions:
    def test_a_row_of_a_savepoint_dies_with_the_transaction(self, app: Flask) -> None:
        with db.session.begin_nested():
            db.session.add(Fact(name="inner", value="1"))
        db.session.rollback()
        assert fact("inner") is None

    def test_sqlite_runs_with_the_settings_that_lose_nothing(self, app: Flask, engine_name: str) -> None:
        if engine_name != "sqlite":
            return
        asked = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert db.session.scalar(text("PRAGMA busy_timeout")) == 5000

    def test_two_writers_lose_no_update(self, app: Flask) -> None:
        remember("counter", "0")
        db.session.commit()

        def add(times: int) -> None:
            with app.app_context():
                for _ in range(times):
                    row = db.session.scalars(
                        select(Fact).where(Fact.name == "counter").with_for_update()
                    ).one()
                    row.value = str(int(row.value) + 1)
                    db.session.commit()
                db.session.remove()

        threads = [Thread(target=add, args=(20,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.expire_all()
        assert fact("counter") == "60"

    def test_upsert_says_whether_it_wrote(self, app: Flask) -> None:
        assert upsert(Fact, {"name": "a", "value": "1"}, key=("name",))
        assert upsert(Fact, {"name": "a", "value": "2"}, key=("name",))
        assert not upsert(
            Fact, {"name": "a", "value": "1"}, key=("name",), only_if=lambda new: new.value > Fact.value
        )
        db.session.expire_all()
        assert fact("a") == "2"


class TestARequest:
    def test_commits_once_when_it_went_well(self, doors: Visitor) -> None:
        doors.sends("/prov/writes", 204)
        assert fact("seen") == "yes"

    @pytest.mark.parametrize(("door", "status"), [("fails", 404), ("breaks", 500)])
    def test_leaves_nothing_when_it_failed(self, doors: Visitor, door: str, status: int) -> None:
        doors.sends(f"/prov/{door}", status)
        assert fact("seen") is None

    def test_reading_never_writes(self, doors: Visitor) -> None:
        doors.opens("/prov/reads", 500)
        assert db.session.scalar(select(func.count()).where(Fact.name == "read")) == 0

    def test_an_old_token_never_commits(self, doors: Visitor) -> None:
        doors.sends("/prov/writes", 400, csrf_token="old")
        doors.sees("Sidan var öppen för länge")
        assert fact("seen") is None

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "https://elsewhere.example.org"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    )
    def test_a_change_from_elsewhere_is_refused(self, doors: Visitor, headers: dict[str, str]) -> None:
        answer = outside(
            lambda: doors.client.post("/prov/writes", headers=headers, data={"csrf_token": doors._a_token()})
        )
        assert answer.status_code == 403
        assert fact("seen") is None


def test_moments_and_identifiers_come_back_as_they_went_in(app: Flask) -> None:
    known = uuid4()
    db.session.add(AuditEntry(at=clock.now(), verb="x", subject="y", subject_id=known))
    db.session.commit()
    assert db.session.execute(select(AuditEntry.subject_id, AuditEntry.at)).one() == (known, clock.now())


def test_a_moment_without_a_time_zone_is_refused(app: Flask) -> None:
    db.session.add(AuditEntry(at=clock.now().replace(tzinfo=None), verb="x", subject="y"))
    with pytest.raises(StatementError):
        db.session.flush()
    db.session.rollback()
