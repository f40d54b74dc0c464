"""Senders are killed (kill -9) while they send to a real mail server; others go on. Counted at the server."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.settings import PROJECT
from choir_app.news import actions, queries
from choir_app.news.models import Delivery, Post, Subscriber
from tests.conftest import TheClock
from tests.news.letters import Office
from tests.news.made import a_post

READERS = 150


class Murderous(Office):
    """A mail server that kills whoever sends: at the n-th letter, before it was taken or before that was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.sender: subprocess.Popen[str] | None = None
        self.kills_at: dict[int, str] = {}
        self.begun = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.begun += 1
        if self.kills_at.get(self.begun) == "before":
            self._kill()
            return "451 nobody is there any more"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - likewise
        answer = await super().handle_DATA(server, session, envelope)
        if self.kills_at.get(self.begun) == "unanswered":
            self._kill()
        return answer

    def _kill(self) -> None:
        assert self.sender
        os.kill(self.sender.pid, signal.SIGKILL)
        self.sender.wait()


@pytest.fixture
def office(app: Flask, the_clock: TheClock) -> Iterator[Murderous]:
    the_clock.start_again()  # the senders' clock runs
    office = Murderous()
    office.controller.start()
    yield office
    office.controller.stop()


def a_sender(app: Flask, office: Murderous) -> "subprocess.Popen[str]":
    """Another process of the house, on the same database, that sends what is due."""
    given = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CHOIR_DATA_DIR": str(app.config["DATA_FOLDER"]),
        "SECRET_KEY": app.config["SECRET_KEY"],
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(office.port),
        "SMTP_SECURITY": "none",
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-m", "flask", "--app", "choir_app", "mail-news"]
    return subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **given}, stdout=subprocess.DEVNULL, text=True
    )


def readers(count: int) -> None:
    """Many who have said yes, an hour ago."""
    hour_ago = clock.now() - timedelta(hours=1)
    rows = [
        Subscriber(
            email=f"reader{number}@example.org",
            language="sv",
            page_language="sv",
            is_about_all=True,
            digest=number.to_bytes(32, "big"),
            asked_at=hour_ago,
            consent_words="Ja tack",
            confirmed_at=hour_ago,
        )
        for number in range(count)
    ]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        row.digest = queries.digest_of(queries.secret_of_subscriber(row.id))
    db.session.commit()


def a_post_of_a_quarter_ago(editor: Account) -> Post:
    post = a_post(editor, is_published=False)
    actions.publish(post, by=editor, at=clock.now() - timedelta(minutes=15))
    db.session.commit()
    return post


def states() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(Delivery.state)))


@pytest.mark.long
def test_killed_in_the_middle_nobody_gets_a_post_twice_and_all_that_waited_get_it(
    app: Flask, office: Murderous, editor: Account, the_clock: TheClock
) -> None:
    readers(READERS)
    post = a_post_of_a_quarter_ago(editor)
    office.kills_at = {20: "unanswered", 55: "before", 90: "unanswered"}
    for _kill in office.kills_at:
        office.sender = a_sender(app, office)
        assert office.sender.wait(timeout=120) == -signal.SIGKILL
    office.sender = a_sender(app, office)
    assert office.sender.wait(timeout=120) == 0

    received = Counter(office.recipients)
    assert set(received.values()) == {1}, "nobody twice"
    assert len(received) == READERS - 1, "all but the one whose letter was never handed over"
    assert states() == {"sent": READERS - 3, "claimed": 3}

    the_clock.set_to(clock.now() + timedelta(minutes=11))
    assert actions.give_up_the_dead() == 3
    the_clock.start_again()
    office.sender = a_sender(app, office)
    assert office.sender.wait(timeout=120) == 0
    assert len(office.recipients) == READERS - 1, "what nobody knows of is not sent again by itself"
    assert states() == {"sent": READERS - 3, "unsure": 3}

    actions.send_unsure(post, by=editor)
    db.session.commit()
    office.sender = a_sender(app, office)
    assert office.sender.wait(timeout=120) == 0
    assert states() == {"sent": READERS}
    received = Counter(office.recipients)
    assert sorted(received.values()) == [1] * (READERS - 2) + [2, 2]
    ids = {letter["Message-ID"] for letter in office.letters}
    assert len(ids) == READERS, "whoever has it twice can see that it is the same letter"


def test_two_processes_share_what_there_is_and_one_goes_on_when_the_other_is_killed(
    app: Flask, office: Murderous, editor: Account
) -> None:
    readers(READERS)
    a_post_of_a_quarter_ago(editor)
    office.kills_at = {60: "unanswered"}
    other = a_sender(app, office)
    office.sender = a_sender(app, office)
    office.sender.wait(timeout=120)
    assert other.wait(timeout=120) == 0
    assert set(Counter(office.recipients).values()) == {1}
    told = states()
    assert told["waiting"] == 0
    assert told["sent"] + told["claimed"] == READERS
    assert told["claimed"] <= 2, "the one that was killed, and at most the letter of the other in that moment"


@pytest.mark.one_engine
def test_a_sender_that_marks_nothing_is_found_out(
    app: Flask, office: Murderous, editor: Account, monkeypatch: pytest.MonkeyPatch, the_clock: TheClock
) -> None:
    """The same counting sees a letter twice when what was claimed is taken for waiting."""
    readers(5)
    a_post_of_a_quarter_ago(editor)
    office.kills_at = {3: "unanswered"}
    office.sender = a_sender(app, office)
    assert office.sender.wait(timeout=120) == -signal.SIGKILL
    db.session.execute(update(Delivery).values(state="waiting"))
    db.session.commit()
    office.kills_at = {}
    app.config["MAIL"], before = (
        replace(app.config["MAIL"], host="127.0.0.1", port=office.port, security="none"),
        app.config["MAIL"],
    )
    try:
        actions.send_news()
    finally:
        app.config["MAIL"] = before
    assert max(Counter(office.recipients).values()) == 2
