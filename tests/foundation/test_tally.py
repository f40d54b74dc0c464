"""Openings of pages are counted without a trace of who opened them, and without a page that writes."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources

import crawleruseragents
import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select

from choir_app.foundation import tally
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.database import Fact, commit, db
from choir_app.foundation.kept_pages import VERSION, KeptPages
from choir_app.foundation.tally import Counted, DayCount, Tally
from tests.conftest import TheClock

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
A_POST = Counted("article", "a post", "sv", by_people=True)
A_FEED = Counted("feed", "xml", "sv", by_people=False)


def rows() -> dict[tuple[date, str, str, str], int]:
    """What has been written down."""
    db.session.rollback()
    found = db.session.scalars(select(DayCount))
    return {(one.day, one.kind, one.about, one.language): one.count for one in found}


@pytest.fixture
def counted(app: Flask) -> Iterator[Tally]:
    """What this house counts, from nothing."""
    own: Tally = app.extensions["tally"]
    own.taken()
    yield own
    own.taken()


class TestWhoCounts:
    def test_of_all_known_robots_nearly_none_passes_for_a_person(self) -> None:
        # Source: the list «crawler-user-agents», which nobody here wrote
        known = [name for one in crawleruseragents.CRAWLER_USER_AGENTS_DATA for name in one["instances"]]
        passing = [name for name in known if not tally.is_robot(name)]
        assert len(known) > 2000
        assert len(passing) < len(known) * 0.02, passing

    def test_of_real_browsers_nearly_none_passes_for_a_robot(self) -> None:
        # Source: the list of «fake-useragent», names of browsers that were seen in use
        lines = resources.files("fake_useragent.data").joinpath("browsers.jsonl").read_text().splitlines()
        known = [json.loads(line)["useragent"] for line in lines]
        refused = [name for name in known if tally.is_robot(name)]
        assert len(known) > 5000
        assert len(refused) < len(known) * 0.001, refused

    @pytest.mark.parametrize(
        ("more", "is_person"),
        [
            ({}, True),
            ({"HTTP_SEC_FETCH_DEST": "document"}, True),
            ({"HTTP_SEC_FETCH_DEST": "empty"}, False),
            ({"HTTP_SEC_PURPOSE": "prefetch"}, False),
            ({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, False),
            ({"HTTP_PURPOSE": "prefetch"}, False),
            ({"HTTP_X_MOZ": "prefetch"}, False),
            ({"HTTP_USER_AGENT": ""}, False),
            ({"HTTP_USER_AGENT": "curl/8.5.0"}, False),
            ({"HTTP_USER_AGENT": f"{FIREFOX} {'x' * 100_000} bot"}, True),  # as far as one looks
        ],
    )
    def test_one_who_wants_to_see_the_page_now(self, more: dict[str, str], *, is_person: bool) -> None:
        assert tally.is_by_a_person({"HTTP_USER_AGENT": FIREFOX} | more) is is_person

    def test_a_program_that_reads_a_feed_counts_as_the_feed_being_read(self) -> None:
        counted = Tally()
        counted.opened(A_FEED, {"HTTP_USER_AGENT": "Feedbin feed-id:1 - 3 subscribers"})
        counted.opened(A_POST, {"HTTP_USER_AGENT": "Feedbin feed-id:1 - 3 subscribers"})
        assert [one for _day, one in counted.taken()] == [A_FEED]


class TestWritingDown:
    def test_adds_to_what_other_processes_counted(self, app: Flask, counted: Tally) -> None:
        for _process in range(3):
            for _opening in range(4):
                counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
            counted.opened(A_FEED, {})
            assert tally.write_down() == 5
        assert rows() == {
            (date(2026, 6, 16), "article", "a post", "sv"): 12,
            (date(2026, 6, 16), "feed", "xml", "sv"): 3,
        }

    def test_with_nothing_counted_asks_the_database_nothing(self, app: Flask, counted: Tally) -> None:
        assert tally.write_down() == 0
        assert rows() == {}

    def test_a_day_ends_at_midnight_in_sweden(self, app: Flask, counted: Tally, the_clock: TheClock) -> None:
        the_clock.set_to(the_clock.now.replace(hour=21, minute=59))  # 23.59 in Sweden
        counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
        the_clock.set_to(the_clock.now + timedelta(minutes=1))
        counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
        tally.write_down()
        assert {day for day, *_rest in rows()} == {date(2026, 6, 16), date(2026, 6, 17)}

    def test_throws_no_kept_page_away(self, app: Flask, counted: Tally) -> None:
        def version() -> str | None:
            db.session.rollback()
            return db.session.scalar(select(Fact.value).where(Fact.name == VERSION))

        db.session.add(Fact(name="something", value="changed"))
        commit()
        before = version()
        counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
        tally.write_down()
        assert rows()
        assert version() == before

    def test_what_could_not_be_written_is_kept_for_the_next_time(
        self, app: Flask, counted: Tally, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
        with monkeypatch.context() as broken:
            broken.setattr(db.session, "connection", lambda: (_ for _ in ()).throw(OSError("no disk")))
            with pytest.raises(OSError, match="no disk"):
                tally.write_down()
        counted.opened(A_POST, {"HTTP_USER_AGENT": FIREFOX})
        assert tally.write_down() == 2

    def test_a_process_that_ends_writes_down_the_rest_first(self, app: Flask, counted: Tally) -> None:
        teller = tally.employ_teller(app)
        counted.opened(A_FEED, {})
        teller.dismiss()
        assert not teller.is_alive()
        assert sum(rows().values()) == 1

    def test_loses_nothing_between_two_threads(self) -> None:
        counted, taken = Tally(), []

        def open_often() -> None:
            for _opening in range(2000):
                counted.opened(A_FEED, {})

        openers = [threading.Thread(target=open_often) for _number in range(4)]
        for one in openers:
            one.start()
        while any(one.is_alive() for one in openers):
            taken.append(counted.taken())
        taken.append(counted.taken())
        assert sum(sum(one.values()) for one in taken) == 8000


class TestThePages:
    @pytest.fixture
    def small(self) -> FlaskClient:
        """A house of one page, kept by hand since nothing of it is committed."""
        small = Flask("small")

        @small.get("/")
        @for_everyone
        def page() -> str:
            tally.counts("article", "a post", "sv", by_people=True)
            request.environ["choir.keep"] = True
            return "<p>Hej</p>"

        kept = KeptPages(small)
        kept._look = lambda **_: None  # type: ignore[method-assign]  # it has no database
        small.wsgi_app = kept  # type: ignore[method-assign]
        small.config["SESSION_COOKIE_NAME"] = "kor"
        small.extensions["tally"] = kept.tally
        return small.test_client()

    def test_a_kept_page_counts_as_one_drawn_anew_and_so_does_one_that_the_reader_has(
        self, small: FlaskClient
    ) -> None:
        own: Tally = small.application.extensions["tally"]
        told = {"User-Agent": FIREFOX}
        first = small.get("/", headers=told)
        small.get("/", headers=told)
        again = small.get("/", headers=told | {"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        small.get("/", headers={"User-Agent": "Googlebot/2.1"})
        small.head("/", headers=told)
        assert list(own.taken().values()) == [3]
