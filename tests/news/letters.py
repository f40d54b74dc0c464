"""Readers by mail, and a mail server that takes or does not take what it is given, for the tests of the news."""

import socket
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from sqlalchemy import delete

from choir_app.choirs.models import Town
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.news import actions, queries
from choir_app.news.actions import Choice
from choir_app.news.models import Subscriber


def a_subscriber(
    email: str = "amal@example.org", *towns: Town, language: str = "sv", says_yes: bool = True
) -> Subscriber:
    """Somebody who gets the news by mail, and has said yes unless told otherwise."""
    actions.ask_for_letters(
        email, Choice(language=language, towns=towns), consent_words="Ja tack", network=f"n-{email}"
    )
    subscriber = queries.subscriber_at(email)
    assert subscriber
    if says_yes:
        actions.confirm(subscriber, consent_words="Ja tack")
    db.session.execute(delete(Letter))  # the one from which one says yes
    db.session.commit()
    return subscriber


def plain(letter: EmailMessage) -> str:
    """The text of a letter, for whoever reads no HTML."""
    return _part(letter, "plain")


def html(letter: EmailMessage) -> str:
    """The HTML of a letter."""
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


class Office:
    """A mail server in this process. `answer_rcpt` and `answer_data` may say no; what they let by is kept."""

    def __init__(self, port: int = 0) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.answer_rcpt: Callable[[str], str] = lambda _address: "250 OK"
        self.answer_data: Callable[[str], str] = lambda _address: "250 OK"
        self.port = port or _a_free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.answer_rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - likewise
        answer = self.answer_data(envelope.rcpt_tos[0])
        letter = cast("EmailMessage", message_from_bytes(envelope.content, policy=default))
        if answer.startswith("250"):
            self.raw.append(envelope.content)
            self.letters.append(letter)
            self.recipients.extend(envelope.rcpt_tos)
        return answer


def _a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
