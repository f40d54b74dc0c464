"""Letters: written in the same transaction as what caused them, sent after the commit.

Without a mail server each letter becomes a file in the data folder's outbox, where the demo and the tests read it.
"""

import logging
import smtplib
import ssl
import threading
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation import clock
from choir_app.foundation.database import Model, after_commit, db
from choir_app.foundation.settings import Post

log = logging.getLogger("choir.mail")

MOST_TRIES = 8
SERVER_PATIENCE = 10
"""Seconds that the mail server may take."""


class Letter(Model):
    """One letter to one person: waiting, sent or given up."""

    __tablename__ = "letters"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime]
    try_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


def write(recipient: str, *, subject: str, body: str) -> None:
    """Put a letter in the outbox; it leaves when the request has been committed."""
    now = clock.now()
    db.session.add(Letter(recipient=recipient, subject=subject, body=body, written_at=now, try_at=now))
    db.session.info["letters_waiting"] = True


class Postman(threading.Thread):
    """Carries letters away beside the requests, so that no page waits for a mail server.

    It looks when it is called and once a minute, for those that did not leave at the first try.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(name="postman", daemon=True)
        self.app = app
        self.called = threading.Event()

    def run(self) -> None:
        while True:
            self.called.wait(timeout=60)
            self.called.clear()
            try:
                with self.app.app_context():
                    send_waiting()
            except Exception as fault:
                log.error("the postman stumbled", exc_info=fault)


def employ_postman(app: Flask) -> None:
    """Have letters of this server process carried by a thread of its own."""
    postman = Postman(app)
    app.extensions["postman"] = postman
    postman.start()


@after_commit
def _send_what_was_just_written() -> None:
    if not db.session.info.pop("letters_waiting", False):
        return
    postman = current_app.extensions.get("postman")
    if postman:
        postman.called.set()
    else:
        send_waiting()


def send_waiting() -> int:
    """Send every letter whose time has come; says how many left. A letter's text is forgotten once it is sent."""
    sent = 0
    while letter := _claim():
        try:
            _deliver(letter, current_app.config["MAIL"], current_app.config["DATA_FOLDER"])
        except (OSError, smtplib.SMTPException) as fault:
            log.warning("a letter did not leave", extra={"facts": {"tries": letter.tries, "why": type(fault).__name__}})
            continue
        letter.sent_at, letter.body = clock.now(), ""
        db.session.commit()
        sent += 1
    return sent


def _claim() -> Letter | None:
    """Take the next letter and put off its next try, so that no other process sends it too."""
    now = clock.now()
    due = (
        select(Letter.id)
        .where(Letter.sent_at.is_(None), Letter.try_at <= now, Letter.tries < MOST_TRIES)
        .order_by(Letter.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    identifier = db.session.scalar(due)
    if identifier is None:
        db.session.rollback()
        return None
    letter = db.session.get_one(Letter, identifier)
    pause = timedelta(minutes=2**letter.tries)
    db.session.execute(
        update(Letter).where(Letter.id == identifier).values(tries=letter.tries + 1, try_at=now + pause)
    )
    db.session.commit()
    return letter


def _deliver(letter: Letter, post: Post, data_folder: Path) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = post.sender, letter.recipient, letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = make_msgid(str(letter.id), domain=post.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if post.host is None:
        outbox = data_folder / "outbox"
        outbox.mkdir(exist_ok=True)
        (outbox / f"{letter.written_at:%Y%m%dT%H%M%S}-{letter.id}.eml").write_bytes(bytes(message))
        return
    trusted = ssl.create_default_context()
    if post.security == "tls":
        server = smtplib.SMTP_SSL(post.host, post.port, timeout=SERVER_PATIENCE, context=trusted)
    else:
        server = smtplib.SMTP(post.host, post.port, timeout=SERVER_PATIENCE)
    with server:
        if post.security == "starttls":
            server.starttls(context=trusted)
        if post.user:
            server.login(post.user, post.password or "")
        server.send_message(message)
