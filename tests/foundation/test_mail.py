"""Letters leave after the commit, once, and come back when the server is away."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from choir_app.foundation import mail
from choir_app.foundation.database import commit, db
from tests.conftest import TheClock

HEJ = {"subject": "Du är inbjuden", "body": "Hej Åsa!\n\nVälkommen.\n"}


class Office:
    """A mail server that takes, or does not take, what it is given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answers: list[str] = []
        self.locked: list[bool] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - likewise
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    office = Office()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    before = app.config["MAIL"]
    app.config["MAIL"] = replace(before, host="127.0.0.1", port=port, security="none")
    yield office
    app.config["MAIL"] = before
    controller.stop()


def kept() -> list[mail.Letter]:
    db.session.rollback()
    return list(db.session.scalars(select(mail.Letter).order_by(mail.Letter.recipient)))


def test_a_letter_leaves_when_it_is_committed(office: Office) -> None:
    mail.write("asa@example.org", **HEJ)
    db.session.flush()
    assert not office.letters
    commit()
    (letter,) = office.letters
    assert letter["To"] == "asa@example.org"
    assert letter["From"] == "noreply@127.0.0.1"
    assert letter["Subject"] == "Du är inbjuden"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"]
    assert letter.get_content().splitlines() == ["Hej Åsa!", "", "Välkommen."]


def test_its_text_is_forgotten_then(office: Office) -> None:
    mail.write("asa@example.org", **HEJ)
    commit()
    (letter,) = kept()
    assert letter.sent_at
    assert letter.body == ""


def test_what_is_undone_is_never_sent(office: Office) -> None:
    mail.write("asa@example.org", **HEJ)
    db.session.rollback()
    commit()
    assert not office.letters


def test_it_is_sent_once(office: Office) -> None:
    mail.write("asa@example.org", **HEJ)
    commit()
    assert mail.send_waiting() == 0
    assert len(office.letters) == 1


def test_a_server_in_trouble_is_asked_again_later(office: Office, the_clock: TheClock) -> None:
    office.answers = ["451 try again", "451 try again"]
    mail.write("asa@example.org", **HEJ)
    commit()
    assert mail.send_waiting() == 0, "not at once"
    the_clock.set_to(the_clock.now + timedelta(minutes=1))
    assert mail.send_waiting() == 0
    the_clock.set_to(the_clock.now + timedelta(minutes=1))
    assert mail.send_waiting() == 0, "the second pause is longer"
    the_clock.set_to(the_clock.now + timedelta(minutes=1))
    assert mail.send_waiting() == 1
    assert len(office.letters) == 1


def test_a_server_that_is_away_loses_nothing(app: Flask, office: Office, the_clock: TheClock) -> None:
    there = app.config["MAIL"]
    app.config["MAIL"] = replace(there, port=1)
    mail.write("asa@example.org", **HEJ)
    commit()
    assert not office.letters
    app.config["MAIL"] = there
    the_clock.set_to(the_clock.now + timedelta(minutes=1))
    assert mail.send_waiting() == 1


def test_one_who_does_not_exist_is_given_up_and_stops_nobody(office: Office, the_clock: TheClock) -> None:
    mail.write("nobody@example.org", **HEJ)
    mail.write("asa@example.org", **HEJ)
    commit()
    assert [letter["To"] for letter in office.letters] == ["asa@example.org"]
    the_clock.set_to(the_clock.now + timedelta(days=1))
    assert mail.send_waiting() == 0
    assert [letter.tries for letter in kept()] == [1, mail.MOST_TRIES]


def test_after_eight_tries_it_is_given_up(office: Office, the_clock: TheClock) -> None:
    office.answers = ["451 try again"] * 20
    mail.write("asa@example.org", **HEJ)
    commit()
    for _turn in range(12):
        the_clock.set_to(the_clock.now + timedelta(hours=5))
        mail.send_waiting()
    assert len(office.answers) == 12


@pytest.mark.parametrize(
    "recipient", ["asa@example.org\r\nBcc: alla@example.org", "å sa@example.org", "", "a" * 300]
)
def test_no_address_breaks_the_round(office: Office, recipient: str) -> None:
    mail.write(recipient, **HEJ)
    mail.write("asa@example.org", **HEJ)
    commit()
    assert any(letter["To"] == "asa@example.org" for letter in office.letters)
    assert not any(letter["Bcc"] for letter in office.letters)


def test_a_name_in_the_subject_adds_no_line(office: Office) -> None:
    mail.write("asa@example.org", subject="Hej\r\nBcc: alla@example.org", body="x")
    commit()
    (letter,) = office.letters
    assert letter["Subject"] == "Hej Bcc: alla@example.org"
    assert letter["Bcc"] is None


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?Hej=0D=0ABcc:_alla@example.org=0D=0A=0D=0AKlicka?=", "=?utf-8?b?SGVqDQpCY2M6IHg=?="],
)
def test_a_subject_written_in_code_is_words(office: Office, subject: str) -> None:
    mail.write("asa@example.org", subject=subject, body="x")
    commit()
    (letter,) = office.letters
    assert letter["Subject"] == subject.replace("=?", "= ?")
    assert letter["Bcc"] is None
    assert letter.get_content().strip() == "x"


def test_a_head_that_would_become_two_does_not_leave(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "subject_of", str)
    mail.write("asa@example.org", subject="=?utf-8?q?Hej=0D=0ABcc:_alla@example.org?=", body="x")
    mail.write("a@=?utf-8?q?b=0D=0AX-Own=3A_1=0D=0A=0D=0AKlicka?=.org", **HEJ)
    commit()
    assert office.letters == []


def test_nobody_is_kept_waiting_while_a_letter_is_carried(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_while_carried: list[bool] = []
    deliver = smtplib.SMTP.send_message

    def look(self: smtplib.SMTP, *args: Any, **more: Any) -> Any:
        open_while_carried.append(db.session.registry().in_transaction())
        return deliver(self, *args, **more)

    monkeypatch.setattr(smtplib.SMTP, "send_message", look)
    mail.write("asa@example.org", **HEJ)
    commit()
    assert open_while_carried == [False]


def test_without_a_server_it_becomes_a_file(app: Flask) -> None:
    mail.write("asa@example.org", **HEJ)
    commit()
    (file,) = (app.config["DATA_FOLDER"] / "outbox").glob("*.eml")
    assert b"asa@example.org" in file.read_bytes()


def test_after_a_month_it_is_forgotten_to_whom(app: Flask, the_clock: TheClock) -> None:
    mail.write("asa@example.org", **HEJ)
    commit()
    the_clock.set_to(the_clock.now + timedelta(days=29))
    mail.forget_old()
    assert kept()
    the_clock.set_to(the_clock.now + timedelta(days=2))
    mail.forget_old()
    assert not kept()
