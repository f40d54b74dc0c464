"""What was tried against the house, and broke something before it was put right."""

import io
import threading
import time
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import text as sql

from choir_app.foundation import pictures, text
from choir_app.foundation.database import db
from choir_app.foundation.forms import Day, HouseForm, TextLine, Upload
from choir_app.foundation.headers import HEADERS
from choir_app.foundation.pictures import PictureRefused
from choir_app.foundation.settings import read_settings
from tests import makers
from tests.conftest import a_house
from tests.visitor import Visitor, outside

FLOOD = "a" + "\u0315\u0300" * 60_000


class _AnyForm(HouseForm):
    words = TextLine("Ord")
    day = Day("Dag")
    picture = Upload("Bild")


class TestAFormTakesWordsOnly:
    @pytest.mark.parametrize("body", [b'{"email": 5}', b"[1, 2]", b"5", b'{"email": {"$gt": ""}}', b"{"])
    def test_json_is_no_form(self, visitor: Visitor, body: bytes) -> None:
        answer = outside(lambda: visitor.client.post("/logga-in", data=body, content_type="application/json"))
        assert answer.status_code == 422

    @pytest.mark.parametrize("name", ["email", "password", "next", "csrf_token"])
    def test_a_file_is_no_words(self, visitor: Visitor, name: str) -> None:
        visitor.opens("/logga-in")
        parts = {name: (io.BytesIO(b"x"), "a.txt")}
        assert outside(lambda: visitor.client.post("/logga-in", data=parts)).status_code == 422

    def test_words_are_no_file(self, app: Flask) -> None:
        with app.test_request_context("/", method="POST", data={"picture": "ord", "words": "ord"}):
            form = _AnyForm()
            assert form.picture.data is None
            assert form.words.data == "ord"


class TestNothingTakesLong:
    """Work that grows with the square of what was sent would let one request hold a server for hours."""

    @pytest.fixture(autouse=True)
    def at_once(self) -> Any:
        began = time.monotonic()
        yield
        assert time.monotonic() - began < 5

    def test_a_flood_of_marks_is_refused(self) -> None:
        with pytest.raises(ValueError):
            text.clean(FLOOD)

    def test_as_many_marks_as_any_language_writes_are_not(self) -> None:
        assert text.clean("e\u0301\u0323" * 1_000)
        assert text.clean("Z" + "\u0315\u0300" * 15)

    def test_folding_and_sorting_look_at_the_beginning(self) -> None:
        assert text.folded(FLOOD) == "a"
        assert text.sort_key(FLOOD)

    def test_at_the_door(self, visitor: Visitor) -> None:
        visitor.sends("/logga-in", 422, email=FLOOD, password="x")
        visitor.sees("Texten innehåller tecken som vi inte kan spara.")

    def test_a_day_of_a_hundred_thousand_signs(self, app: Flask) -> None:
        with app.test_request_context("/", method="POST", data={"day": "T" * 100_000}):
            form = _AnyForm()
            form.validate()
            assert form.day.errors == ["Skriv datumet så här: 2026-06-16."]


class TestWhoeverReadsNeverWaitsForAWriter:
    def test_a_kept_page_is_given_while_somebody_writes(self, app: Flask, visitor: Visitor) -> None:
        visitor.opens("/nyheter")
        app.extensions["kept_pages"].looked_at = 0.0
        db.session.execute(sql("UPDATE facts SET value = value"))  # stands as the writer from here
        began = time.monotonic()
        taken: list[int] = []
        reader = threading.Thread(target=lambda: taken.append(app.test_client().get("/nyheter").status_code))
        reader.start()
        reader.join(timeout=10)
        db.session.rollback()
        reader.join()
        assert taken == [200]
        assert time.monotonic() - began < 3

    def test_what_was_sent_is_read_before_the_database_is_asked(self, app: Flask, visitor: Visitor) -> None:
        """Whoever sends a batch slowly holds up nobody who writes."""
        visitor.signs_in(makers.an_account())
        held: list[bool] = []

        class Slow(io.BytesIO):
            def readinto(self, room: Any) -> int:
                held.append(any(lock.locked() for lock in _locks()))
                return super().readinto(room)

        outside(
            lambda: visitor.client.post(
                "/api/v1/acts", input_stream=Slow(b"{}"), content_length=2, content_type="application/json"
            )
        )
        assert held
        assert not any(held)


def _locks() -> list[threading.Lock]:
    from choir_app.foundation import database

    return list(database._queues.values())


class TestKeptPages:
    def test_a_question_of_great_length_is_not_kept(self, app: Flask, visitor: Visitor) -> None:
        visitor.opens("/nyheter?x=" + "a" * 3_000)
        assert not app.extensions["kept_pages"].pages

    def test_another_host_is_another_page(self, app: Flask, visitor: Visitor) -> None:
        """Whatever name the house is called by, nobody is given what was made for another."""
        visitor.client.get("/", headers={"Host": "evil.example"})
        assert "evil.example" not in visitor.opens("/").html

    @pytest.mark.parametrize("cookie", ["kor =x", 'kor="x"', "kor=x; kor=y", "x=kor="])
    def test_nobody_is_given_a_page_by_another_cookie(
        self, app: Flask, visitor: Visitor, cookie: str
    ) -> None:
        inside = Visitor(app).signs_in(makers.an_account("Hodan Warsame"))
        inside.opens("/hem").opens("/").opens("/hem")
        for path in ("/hem", "/"):
            answer = outside(lambda there=path: app.test_client().get(there, headers={"Cookie": cookie}))
            assert b"Hodan" not in answer.data

    def test_a_head_and_a_part_are_not_kept(self, app: Flask, visitor: Visitor) -> None:
        visitor.client.head("/nyheter")
        assert not app.extensions["kept_pages"].pages
        assert len(visitor.client.get("/nyheter", headers={"Range": "bytes=0-9"}).data) > 10


@pytest.mark.parametrize("path", ["/sv/", "/sv/nyheter", "/en", "/sv//evil.example", "/sv/%5Cevil.example"])
def test_ways_to_a_language_wear_the_headers_and_stay_here(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == 302
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    [
        "/korer/%00",
        "/korer/%ED%A0%80",
        "/nyheter/2026/%00",
        "/nyheter/" + "9" * 5_000 + "/x",
        "/nyheter?sida=" + "9" * 5_000,
        "/nyheter?sida=%00",
        "/bilder/%00/480.webp",
        "/bilder/" + "0" * 32 + "/" + "9" * 5_000 + ".webp",
        "/lank/%00",
        "/lank/%F0%9F%92%A9",
        "/utseende?next=%00",
        "/logga-in?next=%00%0d%0a",
    ],
)
def test_no_address_is_a_fault(visitor: Visitor, path: str) -> None:
    assert outside(lambda: visitor.client.get(path)).status_code in {200, 404, 410}


@pytest.mark.parametrize(
    "path",
    [
        "/installningar/logg?sida=0000001" + "9" * 5_000,
        "/installningar/logg?sida=00000019999999999999999999",
        "/installningar/personer?sok=%00",
        "/partner?ort=%00&sort=%00",
        "/finansiering/prognos?till=%00",
        "/nyheter/skriv?x=%ED%A0%80",
    ],
)
def test_no_question_is_a_fault(app: Flask, path: str) -> None:
    inside = Visitor(app).signs_in(makers.an_administrator())
    assert outside(lambda: inside.client.get(path)).status_code in {200, 404}


class TestWhoAsks:
    """By which network address tries are counted: the next machine's own, or what as many proxies as we trust say."""

    @pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "198.51.100.7")])
    def test_nobody_chooses_their_own_address(
        self, new_database: Any, tmp_path: Any, proxies: str, seen: str
    ) -> None:
        app = a_house(new_database("sqlite", f"proxies{proxies}"), tmp_path, CHOIR_PROXIES=proxies)
        told: list[str | None] = []
        app.before_request_funcs.setdefault(None, []).append(lambda: told.append(request.remote_addr))
        headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "evil.example"}
        answer = app.test_client().get("/healthz", headers=headers)
        assert answer.status_code == 200
        assert told == [seen]


def test_letters_lead_to_the_house_whatever_it_was_called_by(app: Flask, visitor: Visitor) -> None:
    account = makers.with_password(makers.an_account())
    called = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    visitor.opens("/logga-in/glomt", headers=called)
    data = {"email": account.email, "csrf_token": visitor._token}
    outside(lambda: visitor.client.post("/logga-in/glomt", data=data, headers=called))
    letters = [file.read_text() for file in (app.config["DATA_FOLDER"] / "outbox").glob("*.eml")]
    assert letters
    assert all("evil.example" not in letter for letter in letters)


def test_nobody_else_on_the_machine_reads_the_data(tmp_path: Any) -> None:
    folder = tmp_path / "data"
    read_settings({"CHOIR_DATA_DIR": str(folder)})
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_picture_is_developed_while_others_write(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def develop(*_args: Any, **_more: Any) -> None:
        held.append(any(lock.locked() for lock in _locks()))
        raise PictureRefused("Filen är tom. Välj bilden igen.", field="picture")

    monkeypatch.setattr(pictures, "take_in", develop)
    visitor.signs_in(makers.an_editor()).opens("/nyheter/skriv/ny")
    words = {"headline": "En fest", "lead": "Vi åt.", "body": "Gott.", "byline_name": "Karin"}
    parts = {**words, "csrf_token": visitor._token, "picture": (io.BytesIO(b"x"), "bild.png")}
    answer = outside(lambda: visitor.client.post("/nyheter/skriv/ny", data=parts))
    assert held == [False]
    assert answer.status_code == 422
    assert "Filen är tom." in answer.get_data(as_text=True)
    assert "Vi åt." in answer.get_data(as_text=True)
