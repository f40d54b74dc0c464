"""The caretaker: once a night, by one process, each chore by itself."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask

from choir_app.foundation import caretaker
from choir_app.foundation.database import db, fact, remember
from tests.conftest import TheClock


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch) -> dict[str, caretaker.Chore]:
    """No chores but those of the test."""
    hung: dict[str, caretaker.Chore] = {}
    monkeypatch.setattr(caretaker, "CHORES", hung)
    return hung


def test_waits_until_nobody_sings(app: Flask, the_clock: TheClock) -> None:
    the_clock.set_to(datetime(2026, 6, 16, 1, 29, tzinfo=UTC))  # 03.29 in Sweden
    assert not caretaker.is_time()
    the_clock.set_to(datetime(2026, 6, 16, 1, 30, tzinfo=UTC))
    assert caretaker.is_time()


def test_a_night_is_claimed_once(app: Flask, the_clock: TheClock) -> None:
    assert caretaker.claim_the_night()
    assert not caretaker.claim_the_night(), "another process has it"
    the_clock.set_to(datetime(2026, 6, 17, 18, 0, tzinfo=UTC))
    assert caretaker.claim_the_night()


def test_a_chore_that_fails_stops_no_other(app: Flask, chores: dict[str, caretaker.Chore]) -> None:
    def fails() -> None:
        remember("half", "done")
        db.session.flush()
        raise ValueError("no")

    chores |= {"a": fails, "b": lambda: remember("whole", "done")}
    assert caretaker.do_chores() == {"a": False, "b": True}
    assert fact("whole") == "done"
    assert fact("half") is None, "what was begun is undone"


def test_the_command_says_what_was_done(app: Flask, chores: dict[str, caretaker.Chore]) -> None:
    chores["sweep"] = lambda: None
    answer = app.test_cli_runner().invoke(args=["do-chores"])
    assert (answer.exit_code, answer.output) == (0, "sweep: done\n")


def test_an_errand_that_fails_stops_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        remember("half", "run")
        db.session.flush()
        raise ValueError("no")

    monkeypatch.setattr(caretaker, "ERRANDS", {"a": fails, "b": lambda: remember("whole", "run")})
    assert caretaker.run_errands() == {"a": False, "b": True}
    assert (fact("half"), fact("whole")) == (None, "run")


def test_errands_are_run_every_minute(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    was_run = threading.Event()
    monkeypatch.setattr(caretaker, "A_MINUTE", 0.01)
    monkeypatch.setattr(caretaker, "ERRANDS", {"a": was_run.set})
    keeper = caretaker.Caretaker(app)
    keeper.start()
    try:
        assert was_run.wait(timeout=20)
    finally:
        keeper.rest.set()
        keeper.join(timeout=20)
