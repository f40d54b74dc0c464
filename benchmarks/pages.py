"""How fast the pages are, beside a bare Flask «hello» under the same server in the same run, and what they ask.

Both servers run at the same time but are asked in turn, several rounds, so that a busy machine disturbs both alike;
the middle round counts. «work» is the processor time of an answer, which other programs do not disturb.

Goals: pages for everybody at 85 % of hello or more, pages of people who have signed in at 40 %.
"""

import logging
import os
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine, event

from benchmarks.load import Job, Result, run
from benchmarks.people import Walker, a_leader, a_manager
from benchmarks.servers import Running, bare_flask, the_house
from choir_app import create_app

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = 16


@dataclass(frozen=True)
class Subject:
    """One thing to measure: a name, who asks, and the questions, taken in turn."""

    name: str
    walker: Walker
    path: str
    requests: list[str]


@dataclass(frozen=True)
class Measured:
    """One round: what the asker saw, and the server's processor time for one answer (microseconds)."""

    result: Result
    work_us: float


def main() -> None:
    """Measure and print."""
    with the_house() as house, bare_flask() as hello:
        app = create_app(house.settings)
        logging.getLogger("choir").setLevel(logging.WARNING)
        subjects = _subjects(app, house)
        greeting = Subject("Flask hello", Walker(hello.settings), "/", [Walker(hello.settings).request("/")])
        rounds: dict[str, list[tuple[Measured, Measured]]] = {subject.name: [] for subject in subjects}
        for _round in range(ROUNDS):
            for subject in subjects:
                beside = _measure(greeting, hello)
                rounds[subject.name].append((_measure(subject, house), beside))
        print(
            f"{CONNECTIONS} connections, {house.settings.workers} processes, {ROUNDS} rounds of {SECONDS:.0f} s, "
            "the middle one; % of the hello asked just before"
        )
        print(
            f"{'page':<26}{'per s':>8}{'% hello':>9}{'p99 ms':>8}{'work µs':>9}{'% hello':>9}{'SQL':>5}  wrong"
        )
        hellos = [beside for pairs in rounds.values() for _, beside in pairs]
        _line(
            "Flask hello",
            median(one.result.per_second for one in hellos), 1.0,
            median(one.result.p99_ms for one in hellos),
            median(one.work_us for one in hellos), 1.0, 0,
            sum(one.result.wrong for one in hellos),
        )  # fmt: skip
        for subject in subjects:
            pairs = rounds[subject.name]
            _line(
                subject.name,
                median(page.result.per_second for page, _ in pairs),
                median(page.result.per_second / beside.result.per_second for page, beside in pairs),
                median(page.result.p99_ms for page, _ in pairs),
                median(page.work_us for page, _ in pairs),
                median(beside.work_us / page.work_us for page, beside in pairs),
                _statements(app, subject),
                sum(page.result.wrong for page, _ in pairs),
            )
        load = median(one.result.own_cpu for one in hellos)
        print(f"The asker itself took {load:.0%} of a core while it asked for hello.")


def _line(
    name: str,
    rate: float,
    ratio: float,
    p99: float,
    work: float,
    work_ratio: float,
    statements: int,
    wrong: int,
) -> None:
    print(
        f"{name:<26}{rate:>8.0f}{ratio:>9.0%}{p99:>8.1f}{work:>9.0f}{work_ratio:>9.0%}{statements:>5}  {wrong}"
    )


def _subjects(app: Flask, house: Running) -> list[Subject]:
    visitor = Walker(house.settings)
    (leader, roll), manager = a_leader(app, house.settings), a_manager(app, house.settings)
    pages = [
        ("news list", visitor, "/nyheter"),
        ("an article", visitor, visitor.finds("/nyheter", "/nyheter/20")),
        ("a choir", visitor, visitor.finds("/korer", "/korer/")),
        ("tonight", leader, "/ikvall"),
        ("the roll", leader, roll),
        ("financed to", manager, "/finansiering/prognos"),
        ("the board", manager, "/finansiering"),
    ]
    subjects = [Subject(name, walker, path, [walker.request(path)]) for name, walker, path in pages]
    return [*subjects, Subject("a saved roll", leader, roll, _saved_rolls(leader, roll))]


def _saved_rolls(leader: Walker, path: str) -> list[str]:
    """The roll's form as a browser without scripts sends it: five singers come or leave, each time anew."""
    page = leader.opens(path)
    fields = {str(field.get("name")): str(field.get("value", "")) for field in page.iter("input")}
    singers = [str(field.get("value")) for field in page.iter("input") if field.get("name") == "here"]
    rolls = []
    for turn in range(3000):
        begin = turn % max(1, len(singers) - 5)
        some = singers[begin : begin + 5]
        was, here = ([], some) if turn % 2 else (some, [])
        said = [
            ("csrf_token", fields["csrf_token"]),
            ("receipt", str(uuid4())),
            ("guests_were", fields["guests_were"]),
            *(("was", each) for each in was),
            *(("here", each) for each in here),
            ("go", "save"),
        ]
        rolls.append(leader.form(path, urlencode(said)))
    return rolls


def _measure(subject: Subject, server: Running) -> Measured:
    before = server.cpu_seconds()
    result = run(Job("127.0.0.1", server.settings.port, subject.requests, CONNECTIONS, SECONDS, warm_up=0.5))
    spent = server.cpu_seconds() - before
    answered = result.answers * (SECONDS + 0.5) / SECONDS
    return Measured(result, spent / max(1.0, answered) * 1_000_000)


def _statements(app: Flask, subject: Subject) -> int:
    """How many statements one answer takes, asked cold: nothing kept from before."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if (
            not statement.lstrip()
            .upper()
            .startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA"))
        ):
            seen.append(statement)

    head, _, body = subject.requests[0].partition("\r\n\r\n")
    client = app.test_client(use_cookies=False)
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    client.get(
        "/healthz", headers=headers
    )  # the look at the content's version comes once a second, and is not counted
    app.extensions["kept_pages"].forget()
    event.listen(Engine, "before_cursor_execute", note)
    try:
        method = head.partition(" ")[0]
        client.open(subject.path, method=method, data=body.encode() if body else None, headers=headers)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)
