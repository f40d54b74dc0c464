"""What every answer carries: headers that let nothing in, a request id, a log line without personal data."""

import json
import logging
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update

from choir_app.accounts.models import SignIn
from choir_app.foundation import clock
from choir_app.foundation.database import db, remember
from choir_app.foundation.headers import HEADERS, ONLY_OF_A_DOCUMENT
from choir_app.foundation.log import JsonLines
from tests import makers
from tests.statements import counted
from tests.visitor import Visitor


@pytest.mark.parametrize("path", ["/nyheter", "/finns-inte", "/nyheter.xml", "/healthz", "/logga-in"])
def test_every_answer_wears_the_headers(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_style_sheet_bears_no_header_that_means_nothing_to_it(visitor: Visitor) -> None:
    links = visitor.opens("/nyheter").tree.iter("link")
    answer = visitor.client.get(next(one.get("href") for one in links if one.get("rel") == "stylesheet"))
    assert answer.mimetype == "text/css"
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == (None if name in ONLY_OF_A_DOCUMENT else value)


class TestHealth:
    def test_the_process_is_alive(self, visitor: Visitor) -> None:
        assert visitor.opens("/healthz").answer.get_json() == {"alive": True}  # type: ignore[union-attr]

    def test_the_house_is_ready_at_the_newest_migration(self, visitor: Visitor) -> None:
        visitor.opens("/readyz")

    def test_it_is_not_ready_at_another(self, visitor: Visitor) -> None:
        kept = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        visitor.opens("/readyz", 503)
        db.session.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})
        db.session.commit()


def test_when_nothing_can_be_drawn_a_plain_page_says_what_to_do(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> str:
        raise RuntimeError("no database, no template")

    monkeypatch.setattr("choir_app.foundation.errors.render_template", broken)
    monkeypatch.setattr("choir_app.overview.views.public.render_template", broken)
    visitor.opens("/", 500).sees("Något gick fel hos oss", "Försök igen om en stund.")
    assert visitor.answer is not None
    assert visitor.answer.headers["Content-Security-Policy"]


class TestTheLog:
    @pytest.fixture
    def lines(self) -> Any:
        written: list[str] = []

        class Keep(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                written.append(JsonLines().format(record))

        handler = Keep()
        logging.getLogger("choir").addHandler(handler)
        yield written
        logging.getLogger("choir").removeHandler(handler)

    def test_names_the_route_and_never_what_was_typed(self, visitor: Visitor, lines: list[str]) -> None:
        answer = visitor.client.get("/nyheter/2026/hemlig-hodan?namn=Hodan")
        line = json.loads(lines[-1])
        assert line["route"] == "/nyheter/<int:year>/<slug>"
        assert line["status"] == 404
        assert line["request"] == answer.headers["X-Request-Id"]
        assert "hodan" not in lines[-1].lower()


class TestKeptPages:
    def test_a_page_is_drawn_once_for_all_visitors(self, app: Flask, visitor: Visitor) -> None:
        pages = app.extensions["kept_pages"]
        visitor.opens("/nyheter")
        assert len(pages.pages) == 1
        first = visitor.html
        assert visitor.opens("/nyheter").html == first

    def test_a_commit_makes_it_forgotten(self, app: Flask, visitor: Visitor) -> None:
        pages = app.extensions["kept_pages"]
        visitor.opens("/nyheter")
        remember("anything", "new")
        db.session.commit()
        assert not pages.pages

    def test_the_version_is_raised_in_the_same_transaction(self, app: Flask) -> None:
        def version() -> str | None:
            return db.session.scalar(text("SELECT value FROM facts WHERE name = 'content_version'"))

        before = version()
        remember("anything", "new")
        db.session.commit()
        after = version()
        assert before != after
        remember("anything", "newer")
        db.session.rollback()
        assert version() == after

    def test_nothing_is_kept_of_a_page_that_sets_a_cookie(self, app: Flask, visitor: Visitor) -> None:
        visitor.opens("/logga-in")
        assert not app.extensions["kept_pages"].pages

    def test_a_browser_that_has_the_page_is_told_so(self, visitor: Visitor) -> None:
        visitor.opens("/nyheter")
        again = visitor.client.get("/nyheter")
        assert again.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert (
            visitor.client.get("/nyheter", headers={"If-None-Match": again.headers["ETag"]}).status_code
            == 304
        )

    @pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
    def test_pages_travel_pressed(self, visitor: Visitor, coding: str) -> None:
        answer = visitor.client.get("/nyheter", headers={"Accept-Encoding": coding})
        assert answer.headers.get("Content-Encoding", "identity") == coding
        assert int(answer.headers["Content-Length"]) == len(answer.data)


class TestPagesKeptForOne:
    """A page that only reads is kept for the sign-in that saw it, and for nobody else."""

    def test_another_persons_page_is_never_given(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.an_account("Hodan Warsame")).opens("/hem").sees("Hej Hodan!")
        visitor.signs_in(makers.an_account("Semhar Tekle")).opens("/hem").sees("Hej Semhar!").misses("Hodan")
        visitor.leaves().opens("/hem", 303)

    def test_it_is_drawn_once(self, app: Flask, visitor: Visitor) -> None:
        visitor.signs_in(makers.an_account("Hodan Warsame")).opens("/hem")
        kept = app.extensions["kept_pages"].pages
        visitor.opens("/hem")
        assert len(kept) == 1
        with counted() as statements:
            visitor.opens("/hem")
        assert [one for one in statements if "facts" not in one] == []

    def test_a_sign_in_that_was_ended_opens_nothing(self, visitor: Visitor) -> None:
        account = makers.an_account("Hodan Warsame")
        visitor.signs_in(account).opens("/hem").opens("/hem")
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
        db.session.commit()
        visitor.opens("/hem", 303)

    def test_a_page_with_a_form_that_makes_something_is_drawn_anew(
        self, app: Flask, visitor: Visitor
    ) -> None:
        visitor.signs_in(makers.a_manager()).opens("/partner/ny").opens("/partner/ny")
        assert not app.extensions["kept_pages"].pages
