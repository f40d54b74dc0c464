"""Cost stays flat: every page at 20 thousand attendances and at 20 million, asked in turn in the same process.

Both databases hold the same twenty choirs that sing now, with the marks of a year, and the same hundred and eighty
that have ended. The large one also holds all that was ever marked in them, week by week; so the lists are as long and
only the past is deeper. The log of acts holds the last year, since each page reads it by rehearsal. Twenty million on
SQLite (about 3 GB in the folder for temporary files, gone afterwards), two million on PostgreSQL. Goal: the median of
each page at most 1.2 times that of the small one; on SQLite that of the processor's time, in which the database's is
contained, on PostgreSQL by the clock.

BENCH_ATTENDANCES says how many on SQLite, BENCH_ROUNDS how often each page is asked.
"""

import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, insert, select, text
from werkzeug.routing import BuildError

from benchmarks.phones import an_empty_house, cookie_of
from choir_app.choirs.models import Choir, ChoirState, Leadership, Membership, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import commit, db
from choir_app.foundation.settings import read_settings
from choir_app.foundation.text import folded, sort_key
from choir_app.rehearsals.models import Attendance, Rehearsal
from choir_app.rehearsals.rules import week_of
from tests import makers
from tests.postgres import Cluster

LARGE = {"sqlite": int(os.environ.get("BENCH_ATTENDANCES", "20000000")), "postgresql": 2_000_000}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
CHOIRS, ENDED, SINGERS, WEEKS = 20, 180, 25, 40
"""Choirs that sing now, and those that have ended; singers in each; rehearsals of the last year."""
LONG_AGO = date(1940, 1, 1)
GOAL = 1.2
LEAST = 1.0
"""Milliseconds; a difference below that is noise."""


def main() -> None:
    """Make both databases, ask all pages of both, print."""
    logging.disable(logging.CRITICAL)
    for engine, attendances in LARGE.items():
        with _a_house(engine, 0) as small, _a_house(engine, attendances) as large:
            print(
                f"\n{engine}: {small.attendances:,} and {large.attendances:,} attendances,"
                f" median of {ROUNDS} answers, milliseconds\n"
                f"{'page':<52}{'who':<9}{'small':>8}{'large':>8}{'ratio':>7}{'work':>8}{'work':>8}{'ratio':>7}",
                flush=True,
            )
            _compare(small, large)


@dataclass(frozen=True)
class House:
    """A house with choirs, and what addresses of pages are filled in with."""

    app: Flask
    attendances: int
    is_of_another_process: bool
    people: dict[str, UUID | None]
    values: dict[str, Any]


# --- the databases ---------------------------------------------------------------------------------------------


@contextmanager
def _a_house(engine: str, attendances: int) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="choir-scale-") as folder:
        cluster = Cluster().start() if engine == "postgresql" else None
        url = cluster.database("scale") if cluster else ""
        app = an_empty_house(
            read_settings({"CHOIR_DATA_DIR": folder, "CHOIR_DEMO": "0", "DATABASE_URL": url})
        )
        try:
            with app.app_context():
                house = _filled(app, attendances)
            yield house
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            if cluster:
                cluster.stop()


def _filled(app: Flask, attendances: int) -> House:
    began = time.monotonic()
    choirs = [makers.a_choir(*_names(number), name=f"Boden {number + 1}") for number in range(CHOIRS)]
    leader, manager = makers.a_leader(choirs[0]), makers.a_manager()
    people = {"visitor": None, "leader": leader.id, "manager": manager.id}
    ids = [choir.id for choir in choirs]
    commit()
    _rehearsals(ids, 1, WEEKS)
    old = [*ids, *(_ended_choir(CHOIRS + number) for number in range(ENDED))]
    _rehearsals(old, WEEKS + 1, attendances // SINGERS // len(old))
    _say(began, f"{db.session.scalar(select(func.count()).select_from(Rehearsal)):,} rehearsals")
    _everybody_was_there()
    tonight = makers.a_rehearsal(db.session.get_one(Choir, ids[0]), clock.now() - timedelta(minutes=5))
    _log_of_the_last_weeks()
    commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    count = db.session.scalar(select(func.count()).select_from(Attendance)) or 0
    _say(began, f"{count:,} attendances")
    values = _values(ids[0], tonight)
    db.session.remove()
    return House(app, count, db.engine.dialect.name != "sqlite", people, values)


def _say(began: float, what: str) -> None:
    print(f"    {what} ({time.monotonic() - began:.0f} s)", flush=True)


def _rehearsals(choirs: list[UUID], first: int, weeks: int) -> None:
    """Weekly rehearsals of these choirs, so many weeks ago and so many of them, all written down."""
    today = clock.today()
    for choir_id in choirs if weeks else ():
        db.session.execute(
            insert(Rehearsal),
            [_rehearsal(choir_id, today - timedelta(weeks=first + week)) for week in range(weeks)],
        )
    db.session.commit()


def _rehearsal(choir_id: UUID, day: date) -> dict[str, Any]:
    starts_at = clock.start_of(day) + timedelta(hours=18)
    ends_at = starts_at + timedelta(hours=2)
    return {
        "id": uuid4(),
        "choir_id": choir_id,
        "kind": "rehearsal",
        "starts_at": starts_at,
        "sung_on": day,
        "week_on": week_of(day),
        "minutes": 120,
        "ends_at": ends_at,
        "present_count": SINGERS,
        "mark_count": SINGERS,
        "guest_count": 0,
        "done_at": ends_at,
        "sequence": 0,
        "changed_at": starts_at,
    }


def _names(number: int) -> list[str]:
    """The singers of one choir; nobody has a namesake in another."""
    return [f"{FIRST[place]}{FIRST[number % 25].lower()}{number // 25}" for place in range(SINGERS)]


FIRST = (
    "Ada", "Bo", "Cim", "Dag", "Eva", "Fia", "Gun", "Hodan", "Ida", "Jon", "Kim", "Lo", "My", "Nor", "Ove", "Pia",
    "Qais", "Rut", "Siv", "Tor", "Ulf", "Vera", "Will", "Ylva", "Zoe",
)  # fmt: skip


def _ended_choir(number: int) -> UUID:
    """A choir that sang long ago, with its singers."""
    town = makers.a_town("Östersund").id
    ended_on = clock.today() - timedelta(weeks=WEEKS)
    choir_id, name = uuid4(), f"Östersund {number}"
    db.session.execute(
        insert(Choir), [{"id": choir_id, "town_id": town, "name": name, "slug": f"ostersund-{number}"}]
    )
    states = (("active", LONG_AGO), ("ended", ended_on))
    db.session.execute(
        insert(ChoirState),
        [{"id": uuid4(), "choir_id": choir_id, "state": state, "since": since} for state, since in states],
    )
    singers = [
        {"id": uuid4(), "first_name": each, "folded_name": folded(each), "sort_key": sort_key(each)}
        for each in _names(number)
    ]
    db.session.execute(insert(Singer), singers)
    sang = {"choir_id": choir_id, "state": "regular", "since": LONG_AGO, "until": ended_on}
    db.session.execute(
        insert(Membership), [{"id": uuid4(), "singer_id": one["id"], **sang} for one in singers]
    )
    return choir_id


def _everybody_was_there() -> None:
    """One attendance for each singer of each rehearsal, in the order in which the table lies."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    new_id, yes = ("randomblob(16)", "1") if is_sqlite else ("gen_random_uuid()", "true")
    index = "ix_attendances_singer_id_rehearsal_id_is_present"
    db.session.execute(text(f"DROP INDEX {index}"))
    db.session.execute(
        text(
            "INSERT INTO attendances "  # noqa: S608 - words of our own
            "(rehearsal_id, singer_id, is_present, act_id, acted_at) "
            f"SELECT r.id, m.singer_id, {yes}, {new_id}, r.ends_at "
            "FROM rehearsals r JOIN memberships m ON m.choir_id = r.choir_id ORDER BY r.id, m.singer_id"
        )
    )
    db.session.execute(text(f"CREATE INDEX {index} ON attendances (singer_id, rehearsal_id, is_present)"))
    db.session.commit()


def _log_of_the_last_weeks() -> None:
    nothing = "x''" if db.engine.dialect.name == "sqlite" else "''::bytea"
    db.session.execute(
        text(
            "INSERT INTO acts "  # noqa: S608 - words of our own
            "(id, kind, rehearsal_id, singer_id, status, device_at, acted_at, received_at, body_hash) "
            "SELECT a.act_id, 'mark', a.rehearsal_id, a.singer_id, 'present', a.acted_at, a.acted_at, a.acted_at, "
            f"{nothing} FROM rehearsals r JOIN attendances a ON a.rehearsal_id = r.id WHERE r.starts_at > :since"
        ),
        {"since": _as_stored(clock.now() - timedelta(weeks=WEEKS + 1))},
    )


def _as_stored(moment: datetime) -> Any:
    is_sqlite = db.engine.dialect.name == "sqlite"
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else moment


def _values(choir_id: UUID, tonight: Rehearsal) -> dict[str, Any]:
    choir = db.session.get_one(Choir, choir_id)
    singer = db.session.scalar(select(Membership.singer_id).where(Membership.choir_id == choir_id).limit(1))
    leads = db.session.scalar(select(Leadership.account_id).where(Leadership.choir_id == choir_id))
    return {
        "slug": choir.slug,
        "choir_slug": choir.slug,
        "choir_id": choir.id,
        "rehearsal_id": tonight.id,
        "singer_id": singer,
        "account_id": leads,
    }


# --- asking --------------------------------------------------------------------------------------------------------


def _compare(small: House, large: House) -> None:
    rows: list[tuple[float, str]] = []
    is_sqlite = not small.is_of_another_process
    clients = {}
    for house in (small, large):
        for who, account_id in house.people.items():
            client = house.app.test_client()
            for name, value in (cookie_of(house.app, account_id) if account_id else {}).items():
                client.set_cookie(name, value)
            clients[id(house), who] = client
    for rule, who in _pages(small, clients):
        took: dict[int, list[Took]] = {id(small): [], id(large): []}
        for _round in range(ROUNDS + 1):
            for house in (small, large):
                took[id(house)].append(_ask(house, clients[id(house), who], rule))
        few, many = (_middle(took[id(house)][1:]) for house in (small, large))  # the first one warms up
        ratio = many.work / few.work if is_sqlite else many.wall / few.wall
        is_noise = (many.work - few.work if is_sqlite else many.wall - few.wall) < LEAST
        line = (
            f"{rule:<52}{who:<9}{few.wall:>8.1f}{many.wall:>8.1f}{many.wall / few.wall:>7.2f}"
            f"{few.work:>8.1f}{many.work:>8.1f}{many.work / few.work:>7.2f}"
        )
        rows.append((min(ratio, GOAL) if is_noise else ratio, line))
    rows.sort(reverse=True)
    flat = sum(ratio <= GOAL for ratio, _line in rows)
    for _ratio, line in rows:
        print(line)
    print(
        f"{flat} of {len(rows)} pages take at most {GOAL} times as long (or {LEAST:.0f} ms more).", flush=True
    )


@dataclass(frozen=True)
class Took:
    """Milliseconds of one answer: by the clock, and of the processor, which other programs do not disturb."""

    wall: float
    work: float


def _middle(answers: list[Took]) -> Took:
    return Took(median(one.wall for one in answers), median(one.work for one in answers))


def _pages(house: House, clients: dict[Any, Any]) -> list[tuple[str, str]]:
    """Every address that answers with a page (or JSON, or a calendar), by whoever of the three gets it first."""
    pages: list[tuple[str, str]] = []
    for rule in sorted(house.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        is_ours = "GET" in (rule.methods or ()) and not rule.rule.startswith(("/static", "/en", "/logga"))
        if not is_ours or rule.arguments - set(house.values) - {"lang_code", "language"}:
            continue
        for who in house.people:
            try:
                if _status(house, clients[id(house), who], rule.rule) == 200:
                    pages.append((rule.rule, who))
                    break
            except BuildError:
                break
    return pages


def _path(house: House, rule: str) -> str:
    path = rule
    for name, value in house.values.items():
        for form in (f"<uuid:{name}>", f"<{name}>", f"<string:{name}>"):
            path = path.replace(form, str(value))
    return path


def _status(house: House, client: Any, rule: str) -> int:
    with client.get(_path(house, rule)) as answer:
        return answer.status_code


def _ask(house: House, client: Any, rule: str) -> Took:
    """How long until the answer is whole, nothing of the page kept from before."""
    house.app.extensions["kept_pages"].forget()
    began, worked = time.perf_counter(), time.process_time()
    with client.get(_path(house, rule)) as answer:
        answer.get_data()
        if answer.status_code != 200:
            raise RuntimeError(f"{rule} answered {answer.status_code}")
    return Took((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000)
