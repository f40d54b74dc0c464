"""Phones in the hands of leaders, for the benchmarks that send acts of the roll to a running house."""

import json
import random
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4

import html5lib
from flask import Flask
from sqlalchemy import text

from choir_app import create_app
from choir_app.choirs.models import Leadership
from choir_app.foundation import clock
from choir_app.foundation.database import Model, commit, db
from choir_app.foundation.health import newest_migration
from choir_app.foundation.settings import Settings
from tests import makers

Act = dict[str, Any]
Planted = Literal["", "forgets", "renumbers"]
STATUSES = ("present", "present", "absent", "unmarked")
PATIENCE = 15.0
"""Seconds that a phone waits for an answer."""


@dataclass(frozen=True)
class Evening:
    """Rehearsals of a choir that have just begun: who may be marked, and who leads."""

    rehearsal_ids: tuple[UUID, ...]
    leaders: tuple[str, ...]
    leader_ids: tuple[UUID, ...]
    singer_ids: tuple[UUID, ...]


def an_empty_house(settings: Settings) -> Flask:
    """The application on an empty database with every table."""
    app = create_app(settings)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:head)"), {"head": newest_migration()}
            )
    return app


def evenings(app: Flask, choirs: int, singers: int, leaders: int = 1, rehearsals: int = 1) -> list[Evening]:
    """So many choirs, each with so many singers and leaders and rehearsals that began a moment ago."""
    made: list[Evening] = []
    with app.app_context():
        town = makers.a_town("Boden")
        for number in range(choirs):
            choir = makers.a_choir(name=f"Boden {number + 1}", town=town.name)
            names = [makers.a_singer(f"Sångare {each + 1}", choir=choir).id for each in range(singers)]
            people = [makers.with_password(makers.an_account("Elin Norberg")) for _each in range(leaders)]
            for person in people:
                choir.leaderships.append(
                    Leadership(account=person, account_id=person.id, since=makers.LONG_AGO)
                )
            begun = [makers.a_rehearsal(choir, clock.now()).id for _each in range(rehearsals)]
            made.append(
                Evening(
                    tuple(begun),
                    tuple(person.email for person in people),
                    tuple(person.id for person in people),
                    tuple(names),
                )
            )
        commit()
        db.session.remove()
    return made


class SignedOut(Exception):  # noqa: N818 - an answer of the house
    """The house does not know who is asking."""


class Line:
    """A phone's connection to the house, with its cookies."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self.port, self.patience = port, patience
        self.cookies: dict[str, str] = {}
        self._connection: HTTPConnection | None = None

    def asks(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """The status and the body of an answer; OSError or HTTPException when none comes."""
        connection = self.says(method, path, body, kind)
        try:
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = header.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read()
        except (OSError, HTTPException):
            self.hangs_up()
            raise

    def says(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> HTTPConnection:
        """Send something without waiting for the answer."""
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        said = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        said |= headers or {}
        if kind:
            said |= {"Content-Type": kind, "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            self._connection.request(method, path, body or None, said)
        except (OSError, HTTPException):
            self.hangs_up()
            raise
        return self._connection

    def hangs_up(self) -> None:
        """Break off, whatever is on its way."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def signs_in(self, email: str) -> None:
        """Come in by the door: e-mail address, password and the form's token."""
        _status, page = self.asks("GET", "/logga-in")
        tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page.decode())
        token = next(each.get("value") for each in tree.iter("input") if each.get("name") == "csrf_token")
        form = urlencode({"csrf_token": token, "email": email, "password": makers.PASSWORD, "next": ""})
        status, _page = self.asks("POST", "/logga-in", form.encode(), "application/x-www-form-urlencoded")
        if status != 303:
            raise SignedOut(f"the sign-in answered {status}")


def batch_of(acts: Sequence[Act], device_id: str) -> bytes:
    """A batch as it goes over the wire."""
    return json.dumps({"sent_at": _now(), "device_id": device_id, "acts": list(acts)}).encode()


def a_mark(rehearsal_id: UUID, singer_id: UUID, status: str = "present", seen: str | None = None) -> Act:
    """One press on a tile."""
    return {
        "id": str(uuid4()),
        "kind": "mark",
        "rehearsal_id": str(rehearsal_id),
        "singer_id": str(singer_id),
        "status": status,
        "seen": seen,
        "at": _now(),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cookie_of(app: Flask, account_id: UUID) -> dict[str, str]:
    """What the browser of somebody who has signed in brings, without the time that a password takes."""
    from choir_app.accounts.models import SignIn

    token = secrets.token_urlsafe(32)
    with app.app_context():
        now = clock.now()
        db.session.add(
            SignIn(
                token_hash=sha256(token.encode()).hexdigest(),
                account_id=account_id,
                began_at=now,
                seen_at=now,
                expires_at=now.replace(year=now.year + 1),
                device="Chrome på Android",
            )
        )
        commit()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the cookie session has it
        value = serializer.dumps({"_user_id": token, "_fresh": True})
        db.session.remove()
    return {app.config["SESSION_COOKIE_NAME"]: value}


class Phone(threading.Thread):
    """A phone that takes the roll, forgets an act only after it was answered, and loses every fifth answer.

    It keeps a ledger of every press and of every answer. `planted` gives it a fault that the comparison must find:
    it forgets what it has sent whether or not an answer came, or it gives a press a new number when it sends again.
    """

    LOSES_EVERY = 5
    MOST_WAITING = 30

    def __init__(
        self, line: Line, evening: Evening, own: Sequence[UUID], number: int, planted: Planted
    ) -> None:
        super().__init__(name=f"phone {number}", daemon=True)
        self.line, self.evening, self.planted = line, evening, planted
        self.device_id = f"phone-{number}"
        self.chance = random.Random(number)
        self.own = list(own)
        self.shared = [each for each in evening.singer_ids if each not in set(own)]
        self.last: dict[tuple[UUID, UUID], Act] = {}
        self.guests: dict[UUID, Act] = {}
        self.made: list[Act] = []
        self.answered: dict[str, str] = {}
        self.waiting: list[Act] = []
        self.newcomers: list[str] = []
        self.faults: list[str] = []
        self.failed_calls = self.lost_answers = self.sent_again = self._calls = 0
        self.last_trouble = ""
        self._tried: set[str] = set()
        self.may_rest = threading.Event()
        self.gives_up = threading.Event()

    def run(self) -> None:
        """Press and send until told to rest and everything is answered."""
        try:
            self._take_the_roll()
        finally:
            self.line.hangs_up()

    def _take_the_roll(self) -> None:
        while not self.gives_up.is_set():
            if not self.may_rest.is_set() and len(self.waiting) < self.MOST_WAITING:
                for _press in range(self.chance.randint(1, 12)):
                    self._press()
            if self.may_rest.is_set() and not self.waiting:
                return
            try:
                self._send()
            except (OSError, HTTPException):
                self.failed_calls += 1
                time.sleep(self.chance.uniform(0.01, 0.05))

    def _press(self) -> None:
        drawn = self.chance.random()
        rehearsal = self.chance.choice(self.evening.rehearsal_ids)
        if drawn < 0.03:
            act = a_mark(rehearsal, uuid4())
            name = f"Ny {self.device_id.removeprefix('phone-')} {len(self.newcomers) + 1}"
            act |= {"kind": "newcomer", "name": name}
            self.newcomers.append(name)
        elif drawn < 0.08:
            before = self.guests.get(rehearsal)
            act = a_mark(rehearsal, self.own[0], seen=before["id"] if before else None)
            act |= {"kind": "guests", "number": self.chance.randint(0, 40), "singer_id": None}
            self.guests[rehearsal] = act
        else:
            singer = self.chance.choice(self.own if drawn < 0.6 or not self.shared else self.shared)
            before = self.last.get((rehearsal, singer))
            act = a_mark(rehearsal, singer, self.chance.choice(STATUSES), before["id"] if before else None)
            self.last[rehearsal, singer] = act
        self.made.append(act)
        self.waiting.append(act)

    def _send(self) -> None:
        acts = self.waiting[: self.chance.randint(1, 30)]
        self.chance.shuffle(acts)
        self._calls += 1
        again = [act for act in acts if act["id"] in self._tried]
        if self.planted == "renumbers":
            for act in again:
                act["id"] = str(uuid4())
        self._tried |= {act["id"] for act in acts}
        body = batch_of(acts, self.device_id)
        if self.planted == "forgets":
            self._is_answered({act["id"]: "applied" for act in acts})
        if self._calls % self.LOSES_EVERY == 0:
            self._send_and_lose(body)
            self.sent_again += len(again)
            return
        status, answer = self.line.asks("POST", "/api/v1/acts", body, "application/json")
        self.sent_again += len(again)
        if status == 200:
            self._is_answered({one["id"]: one["outcome"] for one in json.loads(answer)["results"]})
        elif status < 500:
            self.faults.append(f"{self.name}: a batch was answered {status}: {answer[:200]!r}")
            self.gives_up.set()
        else:
            self.failed_calls += 1
            self.last_trouble = f"{status} {answer[:500]!r}"
            time.sleep(0.05)

    def _send_and_lose(self, body: bytes) -> None:
        if self.chance.random() < 0.5:
            self.line.asks("POST", "/api/v1/acts", body, "application/json")
        else:
            self.line.says("POST", "/api/v1/acts", body, "application/json")
            time.sleep(self.chance.uniform(0, 0.02))
            self.line.hangs_up()
        self.lost_answers += 1

    def _is_answered(self, outcomes: dict[str, str]) -> None:
        self.answered |= outcomes
        self.waiting = [act for act in self.waiting if act["id"] not in outcomes]
