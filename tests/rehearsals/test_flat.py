"""What pages ask of the past stays cheap however deep it is: no question reads through all rehearsals or all marks.

SQLite says beforehand how it will answer; `bin/bench scale` measures the pages.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import queries
from tests import makers

pytestmark = pytest.mark.one_engine

QUESTIONS: dict[str, Callable[[Choir, Account], Any]] = {
    "rolls that are lent to somebody": lambda _choir, leader: queries.rolls_lent_to(leader),
    "days to pay for": lambda _choir, _leader: queries.rehearsal_dates(
        None, first_on=date(2026, 6, 16), last_on=date(2029, 6, 16)
    ),
    "weeks": lambda _choir, _leader: queries.weekly_headcounts(),
    "a choir's history": lambda choir, _leader: queries.history(choir),
    "what comes": lambda choir, _leader: queries.next_rehearsals([choir.id]),
    "the rolls of a phone": lambda _choir, leader: queries.evenings_of(leader),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_read_through(app: Flask, question: str) -> None:
    choir = makers.a_choir("Amina")
    leader = makers.a_leader(choir)
    makers.a_logged_rehearsal(choir, clock.now(), makers.a_singer("Bo", choir=choir))
    db.session.commit()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        asked.append((statement, given))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        QUESTIONS[question](choir, leader)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    raw = db.session.connection().connection.cursor()
    steps = [
        step[3]
        for statement, given in asked
        if statement.startswith("SELECT")
        for step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
    ]
    raw.close()
    assert steps
    through = [step for step in steps if re.match("SCAN (rehearsals|attendances|acts)", step)]
    assert through == []
