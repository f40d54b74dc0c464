"""Letters: written in the same transaction as what caused them, sent after the commit.

Without a mail server each letter becomes a file in the data folder's outbox, where the demo and the tests read it.
"""

import logging
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, current_app
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation import clock
from choir_app.foundation.database import Model, after_commit, db
from choir_app.foundation.settings import Post

log = logging.getLogger("choir.mail")

MOST_TRIES = 8
"""After these, over some four hours, a letter is given up."""
SERVER_PATIENCE = 10
"""Seconds that the mail server may take."""
KEPT_FOR = timedelta(days=30)
"""How long it is remembered to whom a letter went."""


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


def address_of(path: str) -> str:
    """The full address of a page, for a letter."""
    return f"{current_app.config['SETTINGS'].url}{path}"


def write(recipient: str, *, subject: str, body: str) -> None:
    """Put a letter in the outbox; it leaves when the request has been committed."""
    now = clock.now()
    line = " ".join(subject.split())  # a subject is one line, whatever a name in it holds
    db.session.add(Letter(recipient=recipient, subject=line, body=body, written_at=now, try_at=now))
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
        """Send and forget letters for as long as the process lives."""
        while True:
            self.called.wait(timeout=60)
            self.called.clear()
            try:
                with self.app.app_context():
                    send_waiting()
                    forget_old()
            except Exception:
                log.exception("the postman stumbled")


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


@dataclass(frozen=True)
class _Claimed:
    """A letter out of the database's hands: while it is carried, no transaction is open."""

    id: UUID
    recipient: str
    subject: str
    body: str
    written_at: datetime
    tries: int


def send_waiting() -> int:
    """Send every letter whose time has come; says how many left. A letter's text is forgotten once it is sent.

    A letter that the server refuses for good is given up at once, one that could not be handed over is tried again
    after 1, 2, 4 … minutes. A letter can arrive twice when the process dies just after handing it over, never be lost.
    """
    sent = 0
    while letter := _claim():
        try:
            _deliver(letter, current_app.config["MAIL"], current_app.config["DATA_FOLDER"])
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            is_for_good = _is_for_good(fault)
            _settle(letter, lambda kept: setattr(kept, "tries", MOST_TRIES), only_if=is_for_good)
            facts = {"tries": letter.tries, "why": type(fault).__name__, "given_up": is_for_good}
            log.warning("a letter did not leave", extra={"facts": facts})
            continue
        _settle(letter, _mark_sent)
        sent += 1
    return sent


def forget_old() -> None:
    """Forget to whom letters went, and those that were given up, after a month."""
    are_old = Letter.written_at < clock.now() - KEPT_FOR
    if db.session.scalar(select(exists().where(are_old))):
        db.session.execute(delete(Letter).where(are_old))
    db.session.commit()


def _is_for_good(fault: Exception) -> bool:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in fault.recipients.values())
    if isinstance(fault, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused):
        return False  # our own settings are wrong, and will be put right
    if isinstance(fault, smtplib.SMTPResponseException):
        return fault.smtp_code >= 500
    return isinstance(fault, ValueError | smtplib.SMTPNotSupportedError)


def _mark_sent(kept: Letter) -> None:
    kept.sent_at, kept.body = clock.now(), ""


def _settle(letter: _Claimed, change: Callable[[Letter], None], *, only_if: bool = True) -> None:
    if only_if and (kept := db.session.get(Letter, letter.id)):
        change(kept)
        db.session.commit()


def _claim() -> _Claimed | None:
    """Take the next letter and put off its next try, so that no other process sends it too."""
    now = clock.now()
    due = (
        select(Letter)
        .where(Letter.sent_at.is_(None), Letter.try_at <= now, Letter.tries < MOST_TRIES)
        .order_by(Letter.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    letter = db.session.scalar(due)
    if letter is None:
        db.session.rollback()
        return None
    claimed = _Claimed(
        id=letter.id,
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        written_at=letter.written_at,
        tries=letter.tries + 1,
    )
    letter.tries, letter.try_at = claimed.tries, now + timedelta(minutes=2 ** (claimed.tries - 1))
    db.session.commit()
    return claimed


def _deliver(letter: _Claimed, post: Post, data_folder: Path) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = post.sender, letter.recipient, letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = make_msgid(str(letter.id), domain=post.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if post.host is None:
        outbox = data_folder / "outbox"
        outbox.mkdir(mode=0o700, exist_ok=True)
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
