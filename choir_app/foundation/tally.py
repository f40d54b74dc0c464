"""How often a page is opened: counted in memory by each server process, written down once a minute, all adding up.

A view says of its page what it counts as (`counts`); foundation/kept_pages.py counts every time that the page is given,
drawn anew or kept. Nothing is known of who opened it: no address, no cookie, no time but the day. Looking at a page
writes nothing. A process that is asked to end writes down the rest first; one that is killed loses what it counted
since the last minute.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from flask import Flask, current_app, request
from sqlalchemy import CheckConstraint, String, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation import clock
from choir_app.foundation.database import Model, db, let_others_write

log = logging.getLogger(__name__)

WRITES_EVERY = 60
"""Seconds between two times that what was counted is written down."""
WAITED_FOR = 4
"""Seconds that a process which ends waits for the last of it; the server gives it five (`serve.LAST_ANSWERS`)."""
LONGEST_NAME = 400
"""Letters of what a browser calls itself that are looked at."""


class DayCount(Model):
    """How often something was opened on a day: a kind of page, which one, and in which language."""

    __tablename__ = "day_counts"
    __table_args__ = (CheckConstraint("count > 0", name="something_was_opened"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True, doc="Such as article or feed.")
    about: Mapped[str] = mapped_column(String(120), primary_key=True, doc="Which one, as the kind names it.")
    language: Mapped[str] = mapped_column(String(20), primary_key=True, doc="BCP 47, of its words.")
    count: Mapped[int]


class Counted(NamedTuple):
    """What opening a page counts as; `by_people` leaves out whatever is not a person with a browser."""

    kind: str
    about: str
    language: str
    by_people: bool


def counts(kind: str, about: object, language: str, *, by_people: bool) -> None:
    """Say of the page that is being drawn what each opening of it counts as."""
    request.environ["choir.counted"] = Counted(kind, str(about), language, by_people)


class Tally:
    """What one server process has counted and not yet written down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._openings: Counter[tuple[date, Counted]] = Counter()

    def opened(self, counted: Counted, environ: Mapping[str, Any]) -> None:
        """Count that a page was given to somebody, if it is one who counts."""
        if counted.by_people and not is_by_a_person(environ):
            return
        key = (clock.today(), counted)
        with self._lock:
            self._openings[key] += 1

    def taken(self) -> Counter[tuple[date, Counted]]:
        """All that was counted; from now on it is for whoever asked to write down."""
        with self._lock:
            openings, self._openings = self._openings, Counter()
        return openings

    def put_back(self, openings: Counter[tuple[date, Counted]]) -> None:
        """Keep for the next time what could not be written down."""
        with self._lock:
            self._openings.update(openings)


_CALLS_ITSELF_A_BROWSER = ("Mozilla/5.0 (", "Opera/9")
_IS_A_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|scrap|archiv|scan|check|monitor|preview|fetch|feed|index|search|validat|inspect"
    r"|headless|lighthouse|python|http|agent|synthetic|playwright|selenium|pingdom|ptst|metrix|electron|proxy"
    r"|\+|@|\.(com|io|fr)\b|compatible(?!; msie)",
    re.IGNORECASE,
)
"""Signs in a name that no browser of people has; tests/foundation/test_tally.py tries them on two published lists."""
_AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def is_by_a_person(environ: Mapping[str, Any]) -> bool:
    """Whether a page was asked for by a person who wants to see it now: no robot, no script, nothing fetched ahead."""
    if environ.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return False
    if any(name in environ for name in _AHEAD_OF_TIME):
        return False
    return not is_robot(environ.get("HTTP_USER_AGENT", "")[:LONGEST_NAME])


@lru_cache(maxsize=2000)
def is_robot(name: str) -> bool:
    """Whether what calls itself so is a program; whoever gives no name of a browser is one."""
    return not name.startswith(_CALLS_ITSELF_A_BROWSER) or _IS_A_ROBOT.search(name) is not None


def write_down() -> int:
    """Add what this process has counted to what all have; says how many openings that were.

    Written past the session: that somebody has read changes nothing of what pages show, and so must not throw the
    kept ones away.
    """
    tally: Tally = current_app.extensions["tally"]
    openings = tally.taken()
    if not openings:
        return 0
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(cast("Table", DayCount.__table__))
    added = insert.on_conflict_do_update(
        index_elements=("day", "kind", "about", "language"),
        set_={"count": DayCount.count + insert.excluded.count},
    )
    rows = [
        {"day": day, "kind": one.kind, "about": one.about, "language": one.language, "count": count}
        for (day, one), count in sorted(openings.items())
    ]
    try:
        db.session.connection().execute(added, rows)
        let_others_write()
    except Exception:
        db.session.rollback()
        tally.put_back(openings)
        raise
    return sum(openings.values())


class Teller(threading.Thread):
    """Writes down what a server process has counted, once a minute."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="teller", daemon=True)
        self.app = app
        self.rest = threading.Event()

    def run(self) -> None:
        """Write down what was counted for as long as the process lives, and the rest when it ends."""
        while not self.rest.wait(timeout=WRITES_EVERY):
            self._write_down()
        self._write_down()

    def dismiss(self) -> None:
        """Write down the rest now, and nothing more after it."""
        self.rest.set()
        self.join(timeout=WAITED_FOR)

    def _write_down(self) -> None:
        try:
            with self.app.app_context():
                write_down()
        except Exception:
            log.exception("the teller stumbled")


def employ_teller(app: Flask) -> Teller:
    """Have what this server process counts written down beside its requests."""
    teller = Teller(app)
    teller.start()
    return teller
