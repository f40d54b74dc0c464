"""The caretaker: does once a night what time alone asks for, such as forgetting people who left long ago.

A room hangs up its chores with `@chore("…")` on a plain function of its actions. Whatever a page shows never waits for
the caretaker: what is too old is left out by the question, and only taken away at night. What cannot wait for the
night, such as letters about a post that has come out, is an `@errand("…")`: every server process runs it every minute.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from flask import Flask

from choir_app.foundation import clock
from choir_app.foundation.database import Fact, commit, db, upsert

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TheHouse:
    """Who acts when nobody in particular does; stands as nobody in the log."""

    id: None = None
    name: str = ""
    is_authenticated: bool = True
    manages: bool = True
    edits: bool = False
    administers: bool = False


THE_HOUSE = TheHouse()

Chore = Callable[[], None]
CHORES: dict[str, Chore] = {}
BEGINS_AT = time(3, 30)
"""On the clock in Sweden, when nobody sings."""
LOOKS_EVERY = 15
"""Minutes between two looks at the clock."""
ERRANDS: dict[str, Chore] = {}
A_MINUTE = 60
"""Seconds between two rounds of errands."""


def chore(name: str) -> Callable[[Chore], Chore]:
    """Hang up a chore under its name; it must be harmless to repeat."""

    def hang(deed: Chore) -> Chore:
        CHORES[name] = deed
        return deed

    return hang


def errand(name: str) -> Callable[[Chore], Chore]:
    """Hang up an errand under its name: done every minute in every server process, so it shares what it does out."""

    def hang(deed: Chore) -> Chore:
        ERRANDS[name] = deed
        return deed

    return hang


class Caretaker(threading.Thread):
    """Runs errands every minute, and does the night's chores in the first server process that gets to them."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="caretaker", daemon=True)
        self.app = app
        self.rest = threading.Event()

    def run(self) -> None:
        """Run errands every minute and do the chores of each night, for as long as the process lives."""
        minutes = 0
        while not self.rest.wait(timeout=A_MINUTE):
            minutes += 1
            try:
                with self.app.app_context():
                    run_errands()
                    if minutes % LOOKS_EVERY == 0 and is_time() and claim_the_night():
                        do_chores()
            except Exception:
                log.exception("the caretaker stumbled")


def employ_caretaker(app: Flask) -> None:
    """Have the chores of the house done beside the requests of this server process."""
    Caretaker(app).start()


def is_time() -> bool:
    """Whether the night's chores may begin; whoever was off at night does them later in the day."""
    return clock.local(clock.now()).time() >= BEGINS_AT


def claim_the_night() -> bool:
    """Take the chores of this day upon oneself; only the first who asks is told yes."""
    today = clock.today().isoformat()
    is_mine = upsert(
        Fact,
        {"name": "chores_done_on", "value": today},
        key=("name",),
        only_if=lambda given: Fact.value < given.value,
    )
    commit()
    return is_mine


def do_chores() -> dict[str, bool]:
    """Do every chore, each by itself, so that one that fails stops no other; says which were done."""
    return _each_by_itself(CHORES)


def run_errands() -> dict[str, bool]:
    """Run every errand, each by itself likewise."""
    return _each_by_itself(ERRANDS)


def _each_by_itself(deeds: dict[str, Chore]) -> dict[str, bool]:
    done: dict[str, bool] = {}
    for name, deed in sorted(deeds.items()):
        try:
            deed()
            commit()
            done[name] = True
        except Exception:
            log.exception("a chore was not done", extra={"facts": {"chore": name}})
            db.session.rollback()
            done[name] = False
    return done
