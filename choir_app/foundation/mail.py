"""Letters: written in the same transaction as what caused them, sent after the commit.

Without a mail server each letter becomes a file in the data folder's outbox, where the demo and the tests read it.
"""

import logging
import re
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, Self
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


class Heads(EmailPolicy):
    """How the heads of letters are written: raises ValueError for one that would go on as a head of its own.

    Python before 3.11.10 writes what a word in code (RFC 2047) holds as it is, line breaks too: CVE-2024-6923.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One head as it leaves."""
        folded = super().fold_binary(name, value)
        if _ANOTHER_HEAD.search(folded):
            raise ValueError("a head of a letter would break its line")
        return folded


_ANOTHER_HEAD = re.compile(rb"\r\n[^ \t]|\r[^ \n\t]|(?<!\r)\n[^ \t]")
_AS_SENT = Heads(linesep="\r\n")


def subject_of(words: str) -> str:
    """Words as they may be a letter's subject: one line, whatever stands in them, and nothing that is read as code."""
    return " ".join(words.split()).replace("=?", "= ?")


def address_of(path: str) -> str:
    """The full address of a page, for a letter."""
    return f"{current_app.config['SETTINGS'].url}{path}"


def write(recipient: str, *, subject: str, body: str) -> None:
    """Put a letter in the outbox; it leaves when the request has been committed."""
    now = clock.now()
    letter = {"recipient": recipient, "subject": subject_of(subject), "body": body}
    db.session.add(Letter(**letter, written_at=now, try_at=now))
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
    message = EmailMessage(policy=_AS_SENT)
    message["From"], message["To"], message["Subject"] = post.sender, letter.recipient, letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = make_msgid(str(letter.id), domain=domain_of(post))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if post.host is None:
        name = f"{letter.written_at:%Y%m%dT%H%M%S}-{letter.id}.eml"
        _put_into_outbox(bytes(message), name, data_folder=data_folder)
        return
    with _server(post) as server:
        server.send_message(message)


def domain_of(post: Post) -> str:
    """The domain that our letters come from."""
    return post.sender.rpartition("@")[2]


def _put_into_outbox(content: bytes, name: str, *, data_folder: Path) -> None:
    outbox = data_folder / "outbox"
    outbox.mkdir(mode=0o700, exist_ok=True)
    (outbox / name).write_bytes(content)


def _server(post: Post) -> smtplib.SMTP:
    """The mail server, greeted and signed in to."""
    trusted = ssl.create_default_context()
    host = post.host or ""
    if post.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, post.port, timeout=SERVER_PATIENCE, context=trusted)
    else:
        server = smtplib.SMTP(host, post.port, timeout=SERVER_PATIENCE)
    try:
        if post.security == "starttls":
            server.starttls(context=trusted)
        if post.user:
            server.login(post.user, post.password or "")
    except BaseException:
        server.close()
        raise
    return server


# --- many letters, one by one --------------------------------------------------------------------------------


class NotTaken(Exception):  # noqa: N818 - it says what the server said, it is no fault of the program
    """The mail server said no to a letter: its code, its words, and at which step."""

    def __init__(self, code: int, reason: bytes | str, *, step: str) -> None:
        words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        super().__init__(f"{code} {words}")
        self.code, self.words, self.step = code, " ".join(words.split()), step


class NobodyKnows(Exception):  # noqa: N818 - likewise
    """The line broke after the whole letter had been sent and before the server had answered."""


class Carrier:
    """Hands letters over on one line to the mail server, each told apart: taken, not taken, or nobody knows.

    Without a mail server each letter becomes a file in the outbox, under its own name, so that it never becomes two.
    Raises OSError or SMTPException when the line breaks before a letter was sent; nothing has left then.
    """

    def __init__(self, post: Post, *, data_folder: Path) -> None:
        self.post, self.data_folder = post, data_folder
        self.server = _server(post) if post.host else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        if self.server is not None:
            self.server.close() if _fault[0] else _quit(self.server)

    def hand_over(self, content: bytes, *, recipient: str, name: str) -> None:
        """Hand over one letter; raises NotTaken or NobodyKnows. `name` is its own, the same at every try."""
        if self.server is None:
            _put_into_outbox(content, f"{name}.eml", data_folder=self.data_folder)
            return
        server = self.server
        server.ehlo_or_helo_if_needed()
        asked = ["RET=HDRS", f"ENVID={name}"] if server.has_extn("dsn") else []
        self._ask("mail", *server.mail(self.post.sender, asked))
        self._ask("rcpt", *server.rcpt(recipient))
        try:
            code, reason = server.data(content)
        except smtplib.SMTPDataError as no:
            raise self._no("data", no.smtp_code, no.smtp_error) from no
        except (OSError, smtplib.SMTPServerDisconnected) as broken:
            raise NobodyKnows(str(broken)) from broken
        if code != 250:
            raise self._no("data", code, reason)

    def _ask(self, step: str, code: int, reason: bytes) -> None:
        if code not in (250, 251):
            raise self._no(step, code, reason)

    def _no(self, step: str, code: int, reason: bytes | str) -> NotTaken:
        """What was said, and the line ready for the next letter."""
        if self.server is not None and code != 421:
            self.server.rset()
        return NotTaken(code, reason, step=step)


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
