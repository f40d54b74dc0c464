"""Nothing lost when the server is killed: `kill -9` again and again while phones send, every fifth answer thrown away.

The server is the one that `bin/run` starts, killed with all its processes at a moment nobody chose, and started
again. The phones forget an act only after it was answered. At the end their ledgers are held against the database:
no answered act is missing, none has had its effect twice, and attendance and counts are what the log says.

`bin/bench crash --planted` gives the phones a fault, twice another one: then the comparison must find something.
BENCH_KILLS and BENCH_ACTS say how many (200 and 20,000).
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from benchmarks.phones import Evening, Line, Phone, Planted, an_empty_house, evenings
from benchmarks.servers import free_port
from choir_app.choirs.models import Singer
from choir_app.foundation.database import db
from choir_app.foundation.settings import PROJECT, Settings, read_settings
from choir_app.rehearsals.models import Act, Attendance, RefusedAct, Rehearsal
from choir_app.rehearsals.rules import KnownAct, act_that_counts
from choir_app.serve import server_command
from tests.postgres import Cluster

KILLS = int(os.environ.get("BENCH_KILLS", "200"))
ACTS = int(os.environ.get("BENCH_ACTS", "20000"))
CHOIRS, LEADERS, SINGERS = 4, 2, 30
ACTS_OF_AN_EVENING = 250
PATIENCE = 90.0
"""Seconds without a single answer after which the server counts as dead."""


@dataclass
class Told:
    """What a run found; it is sound when there are no faults."""

    engine: str
    kills: int = 0
    acts: int = 0
    answered: int = 0
    calls_failed: int = 0
    answers_lost: int = 0
    sent_again: int = 0
    lost: int = 0
    twice: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main() -> None:
    """Kill, compare and print."""
    planted: tuple[Planted, ...] = ("forgets", "renumbers") if "--planted" in sys.argv else ("",)
    print(
        f"{'database':<12}{'planted':<11}{'kills':>6}{'acts':>8}{'failed calls':>14}{'lost answers':>14}"
        f"{'sent again':>12}{'LOST':>6}{'TWICE':>7}{'other':>7}{'s':>7}"
    )
    is_as_expected = True
    for engine in ("sqlite", "postgresql"):
        for fault in planted:
            told = crash_on(engine, kills=KILLS, acts=ACTS, planted=fault)
            print(
                f"{told.engine:<12}{fault or '-':<11}{told.kills:>6}{told.acts:>8}{told.calls_failed:>14}"
                f"{told.answers_lost:>14}{told.sent_again:>12}{told.lost:>6}{told.twice:>7}"
                f"{len(told.faults):>7}{told.seconds:>7.0f}",
                flush=True,
            )
            for one in told.faults[:20]:
                print(f"    {one}")
            is_as_expected &= bool(told.lost or told.twice) == bool(fault) and not told.faults
    if not is_as_expected:
        sys.exit("Not as it should be.")


def crash_on(engine: str, *, kills: int, acts: int, planted: Planted = "") -> Told:
    """A run with a database of its own."""
    with tempfile.TemporaryDirectory(prefix="choir-crash-") as folder:
        if engine == "sqlite":
            return crash("", Path(folder), kills=kills, acts=acts, planted=planted)
        cluster = Cluster()
        try:
            url = cluster.start().database("crash")
            return crash(url, Path(folder), kills=kills, acts=acts, planted=planted)
        finally:
            cluster.stop()


def crash(database_url: str, folder: Path, *, kills: int, acts: int, planted: Planted = "") -> Told:
    """Kill the server so many times under so many acts, and compare. An empty address means SQLite in the folder."""
    began = time.monotonic()
    given = {
        "DATABASE_URL": database_url,
        "CHOIR_DATA_DIR": str(folder),
        "CHOIR_DEMO": "0",
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "WORKERS": "2",
    }
    settings = read_settings(given)
    app = an_empty_house(settings)
    rolls = evenings(app, CHOIRS, SINGERS, LEADERS, rehearsals=1 + acts // CHOIRS // ACTS_OF_AN_EVENING)
    server = Server(settings, given)
    server.start()
    phones = _phones(settings.port, rolls, planted)
    told = Told("postgresql" if database_url else "sqlite")
    try:
        for phone in phones:
            phone.start()
        _kill_again_and_again(server, phones, told, kills, acts)
        _let_them_finish(phones, told)
    finally:
        for phone in phones:
            phone.gives_up.set()
        server.kill()
        for phone in phones:
            phone.join(timeout=30)
    with app.app_context():
        compare(rolls, phones, told)
        db.session.remove()
        db.engine.dispose()
    told.seconds = time.monotonic() - began
    return told


class Server:
    """The house as `bin/run` serves it, all its processes in a group of their own."""

    def __init__(self, settings: Settings, given: Mapping[str, str]) -> None:
        self.settings = settings
        self.environment = {**os.environ, **given}
        self.log = settings.data_folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Open the house and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *server_command(self.settings)],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server does not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        line = Line(self.settings.port)
        try:
            return line.asks("GET", "/healthz")[0] == 200
        except OSError:
            return False
        finally:
            line.hangs_up()

    def kill(self) -> None:
        """Kill every process of the group, at once and without a word."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def _phones(port: int, rolls: list[Evening], planted: Planted) -> list[Phone]:
    phones: list[Phone] = []
    for roll in rolls:
        for place, email in enumerate(roll.leaders):
            line = Line(port)
            line.signs_in(email)
            third = len(roll.singer_ids) // 3
            own = roll.singer_ids[place * third : (place + 1) * third]  # the last third both mark
            phones.append(Phone(line, roll, own, len(phones), planted))
    for roll in rolls:
        mine = [phone for phone in phones if phone.evening is roll]
        for phone in mine:
            others = {singer for other in mine if other is not phone for singer in other.own}
            phone.shared = [each for each in phone.shared if each not in others]
    return phones


def _answered(phones: Iterable[Phone]) -> int:
    return sum(len(phone.answered) for phone in phones)


def _kill_again_and_again(server: Server, phones: list[Phone], told: Told, kills: int, acts: int) -> None:
    chance = random.Random(kills)
    while told.kills < kills:
        enough = _answered(phones) + chance.uniform(0.3, 1.7) * acts / kills
        _wait_for(lambda enough=enough: _answered(phones) >= enough, phones)
        time.sleep(chance.uniform(0, 0.1))
        server.kill()
        told.kills += 1
        server.start()
    _wait_for(lambda: sum(len(phone.made) for phone in phones) >= acts, phones)


def _let_them_finish(phones: list[Phone], told: Told) -> None:
    for phone in phones:
        phone.may_rest.set()
    _wait_for(lambda: not any(phone.is_alive() for phone in phones), phones)
    told.faults += [fault for phone in phones for fault in phone.faults]


def _wait_for(is_so: Any, phones: list[Phone]) -> None:
    heard, at = _answered(phones), time.monotonic()
    while not is_so():
        time.sleep(0.005)
        if (now := _answered(phones)) != heard:
            heard, at = now, time.monotonic()
        elif time.monotonic() - at > PATIENCE:
            troubles = {phone.last_trouble for phone in phones}
            raise RuntimeError(f"the phones got no answer any more: {troubles}")


# --- the comparison --------------------------------------------------------------------------------------------


def compare(rolls: list[Evening], phones: list[Phone], told: Told) -> None:
    """Hold the phones' ledgers against the database; what does not agree becomes a fault."""
    made = [act for phone in phones for act in phone.made]
    told.acts = len(made)
    told.answered = _answered(phones)
    told.calls_failed = sum(phone.failed_calls for phone in phones)
    told.answers_lost = sum(phone.lost_answers for phone in phones)
    told.sent_again = sum(phone.sent_again for phone in phones)
    log = {str(act.id): act for act in db.session.scalars(select(Act))}
    _nothing_lost(phones, log, told)
    _nothing_twice(phones, made, log, told)
    if told.lost or told.twice:
        return  # the rest follows from it
    refused = [f"refused: {row.cause} {row.body}" for row in db.session.scalars(select(RefusedAct))]
    told.faults += refused[:5]
    for act in made:
        told.faults += _as_it_was_sent(act, log[act["id"]])
    for roll in rolls:
        for rehearsal_id in roll.rehearsal_ids:
            told.faults += _as_the_log_says(rehearsal_id)
    for phone in phones:
        told.faults += _as_the_only_one_who_marked_says(phone)
    if db.engine.dialect.name == "sqlite":
        found = [
            *db.session.execute(text("PRAGMA integrity_check")).scalars(),
            *map(str, db.session.execute(text("PRAGMA foreign_key_check"))),
        ]
        told.faults += [f"the database is damaged: {each}" for each in found if each != "ok"]


def _nothing_lost(phones: list[Phone], log: Mapping[str, Act], told: Told) -> None:
    for phone in phones:
        for act_id, outcome in phone.answered.items():
            if outcome == "refused":
                told.faults.append(f"{phone.name}: {act_id} was refused")
            elif act_id not in log:
                told.lost += 1
        told.faults += [f"{phone.name}: {act['id']} was never answered" for act in phone.waiting]


def _nothing_twice(phones: list[Phone], made: list[Any], log: Mapping[str, Act], told: Told) -> None:
    told.twice += len(set(log) - {act["id"] for act in made})
    names = Counter(db.session.scalars(select(Singer.first_name)))
    for phone in phones:
        told.twice += sum(max(0, names[name] - 1) for name in phone.newcomers)


def _as_it_was_sent(sent: Mapping[str, Any], kept: Act) -> list[str]:
    said = (kept.kind, kept.rehearsal_id, kept.singer_id, kept.status, kept.number, kept.seen_id)
    singer = UUID(sent["singer_id"]) if sent["singer_id"] else None
    status = sent["status"] if sent["kind"] in ("mark", "newcomer") else None
    seen = UUID(sent["seen"]) if sent["seen"] else None
    meant = (sent["kind"], UUID(sent["rehearsal_id"]), singer, status, sent.get("number"), seen)
    return [] if said == meant else [f"{sent['id']} says {said} and not {meant}"]


def _as_the_log_says(rehearsal_id: UUID) -> list[str]:
    rehearsal = db.session.get_one(Rehearsal, rehearsal_id)
    about: dict[Any, list[Act]] = {}
    for act in db.session.scalars(select(Act).where(Act.rehearsal_id == rehearsal_id)):
        about.setdefault(act.singer_id or act.kind, []).append(act)
    counting = {}
    for what, acts in about.items():
        known = [KnownAct(act.id, act.acted_at, act.seen_id, act.device_id) for act in acts]
        chosen = act_that_counts(known).id
        counting[what] = next(act for act in acts if act.id == chosen)
    expected = {
        what: act.status == "present"
        for what, act in counting.items()
        if isinstance(what, UUID) and act.status != "unmarked"
    }
    rows = db.session.execute(
        select(Attendance.singer_id, Attendance.is_present).where(Attendance.rehearsal_id == rehearsal_id)
    )
    attendance: dict[Any, bool] = dict(rows.all())
    faults = []
    if attendance != expected:
        wrong = {key for key in {*attendance, *expected} if attendance.get(key) != expected.get(key)}
        faults.append(f"the attendance of {len(wrong)} singers is not what the log says")
    guests = counting["guests"].number if "guests" in counting else 0
    counts = rehearsal.present_count, rehearsal.mark_count, rehearsal.guest_count
    if counts != (sum(expected.values()), len(expected), guests):
        faults.append(f"the counts {counts} are not what the log says")
    return faults


def _as_the_only_one_who_marked_says(phone: Phone) -> list[str]:
    rows = db.session.execute(
        select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present).where(
            Attendance.rehearsal_id.in_(phone.evening.rehearsal_ids), Attendance.singer_id.in_(phone.own)
        )
    )
    here = {(rehearsal, singer): is_present for rehearsal, singer, is_present in rows}
    own = set(phone.own)
    return [
        f"{phone.name} last said {act['status']} of {where}, the house says {here.get(where)}"
        for where, act in phone.last.items()
        if where[1] in own
        and {"present": True, "absent": False, "unmarked": None}[act["status"]] != here.get(where)
    ]
