"""Sending new posts by mail: each post once to each reader, in the background, going on where it was broken off.

What is promised. Which reader gets which post is written down once, in one transaction. A letter is taken upon itself
by one process (`claimed`) before it is handed over, and is never handed over again unless the mail server said, or the
line showed, that it was not taken. So nobody gets a post twice. The price: if the process is killed, or the line
breaks, between the last byte and the server's answer, nobody knows whether that one letter was taken. It is `unsure`,
is not sent again by itself, and an editor is told; one who sends it again sends it under the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import false, insert, select, update

from choir_app.foundation import audit, clock, mail
from choir_app.foundation.caretaker import errand
from choir_app.foundation.database import commit, db, let_others_write, upsert
from choir_app.foundation.language import _, in_language
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.bounces import came_back
from choir_app.news.actions.subscribing import current_secret
from choir_app.news.actions.turns import wait_for_post
from choir_app.news.models import Delivery, Mailing, Post, Subscriber
from choir_app.news.permissions import may_publish_news
from choir_app.news.queries import NewsLetter
from choir_app.news.rules import (
    GOES_OUT_WITHIN,
    MOST_TRIES,
    UNDER_WAY_AT_MOST,
    is_of_the_address,
    pause_after,
    status_in,
)

log = logging.getLogger("choir.news")

A_ROUND = timedelta(seconds=40)
"""How long one round may take; the next one, a minute later, goes on."""


class _Unfolded(mail.Heads):
    """Writes the way to unsubscribe on one line: folded it breaks the letter's signature (DKIM) on its way."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_AS_SENT = _Unfolded(linesep="\r\n")

LetterOf = Callable[[UUID, str, str], NewsLetter | None]


@errand("news by mail")
def mail_what_is_due() -> None:
    """What every server process does each minute."""
    send_news()


def send_news() -> int:
    """Begin what is due and send for a while; says how many letters the mail server took."""
    begin_mailings()
    give_up_the_dead()
    if not _is_something_due():
        return 0
    post, folder = current_app.config["MAIL"], current_app.config["DATA_FOLDER"]
    db.session.rollback()  # no transaction is open while a mail server is waited for
    try:
        with mail.Carrier(post, data_folder=folder) as carrier:
            return _send_for_a_while(carrier)
    except (OSError, smtplib.SMTPException) as fault:
        log.warning("the mail server cannot be used", extra={"facts": {"why": type(fault).__name__}})
        db.session.rollback()
        return 0


def begin_mailings() -> None:
    """Write down who gets each post that has come out. Two processes that do so at once make it once."""
    for post_id in queries.posts_to_mail():
        if not upsert(
            Mailing,
            {"post_id": post_id, "begun_at": clock.now()},
            key=("post_id",),
            only_if=lambda _given: false(),
        ):
            db.session.rollback()
            continue
        post = db.session.get_one(Post, post_id)
        db.session.refresh(post, with_for_update={"of": Post, "key_share": True})
        if not post.goes_by_mail:  # an editor said so in this very moment
            db.session.rollback()
            continue
        rows = [
            {"id": uuid4(), "post_id": post_id, "subscriber_id": one, "state": "waiting", "tries": 0}
            | {"try_at": clock.now()}
            for one in queries.subscribers_of(post)
        ]
        if rows:
            db.session.execute(insert(Delivery), rows)
        commit()


def give_up_the_dead() -> int:
    """Note the letters of whom a process died while it handed them over; says how many. They are not sent again."""
    dead = (
        update(Delivery)
        .where(Delivery.state == "claimed", Delivery.claimed_at < clock.now() - UNDER_WAY_AT_MOST)
        .values(state="unsure")
        .returning(Delivery.id)
    )
    found = len(db.session.connection().execute(dead).all())
    let_others_write()
    if found:
        log.warning("a process died over letters", extra={"facts": {"letters": found}})
    return found


def send_letters(post: Post, *, by: Any, yes: bool) -> None:
    """Say whether subscribers are sent a post when it comes out, before any letter about it has been made."""
    require(may_publish_news(by))
    wait_for_post(post)
    if not queries.mail_can_be_chosen(post):
        raise Refusal(_("Mejlen om inlägget har redan börjat gå ut."))
    post.goes_by_mail = yes


def send_unsure(post: Post, *, by: Any) -> None:
    """Send the letters about a post again of which nobody knows whether they were taken, as the same letters."""
    require(may_publish_news(by))
    waiting = {"state": "waiting", "try_at": clock.now(), "tries": 0, "claimed_at": None}
    db.session.execute(
        update(Delivery).where(Delivery.post_id == post.id, Delivery.state == "unsure").values(**waiting)
    )
    audit.note("letters.sent_again", post, by=by)


# --- one letter after the other --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Claimed:
    """A letter taken upon oneself: while it is carried, no transaction is open."""

    id: UUID
    email: str
    tries: int
    language: str
    message: bytes


def _is_something_due() -> bool:
    return db.session.scalar(_due(Delivery.id)) is not None


def _due(*columns: Any) -> Any:
    """The next letter whose time has come, whose post can be read, and whose reader still wants it."""
    now = clock.now()
    return (
        select(*columns)
        .join(Post, Post.id == Delivery.post_id)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(
            Delivery.state == "waiting",
            Delivery.try_at <= now,
            Post.published_at <= now,
            Post.published_at > now - GOES_OUT_WITHIN,
            Post.withdrawn_at.is_(None),
            queries.is_active(),
        )
        .order_by(Delivery.try_at, Delivery.id)
        .limit(1)
    )


def _send_for_a_while(carrier: mail.Carrier) -> int:
    letter_of, began, sent = _letters_kept(), time.monotonic(), 0
    while time.monotonic() - began < A_ROUND.total_seconds() and (claimed := _claim(letter_of)):
        try:
            carrier.hand_over(claimed.message, recipient=claimed.email, name=str(claimed.id))
        except mail.NotTaken as no:
            _was_not_taken(claimed, no)
            if no.code == 421 or no.step == "mail":
                break  # the server closes, or does not want us: nothing about this letter
        except mail.NobodyKnows:
            _settle(claimed, state="unsure")
            break
        except ValueError:
            _settle(claimed, state="given_up", reason="address")
        except (OSError, smtplib.SMTPException):
            _settle(claimed, state="waiting", try_at=clock.now() + pause_after(1))
            raise
        else:
            _settle(claimed, state="sent", sent_at=clock.now(), language=claimed.language)
            sent += 1
    return sent


def _letters_kept() -> LetterOf:
    """A post in a language is put together once a round, not once a reader; a post withdrawn meanwhile is not kept."""
    kept: dict[tuple[UUID, str, str], NewsLetter | None] = {}

    def letter_of(post_id: UUID, wanted: str, page_language: str) -> NewsLetter | None:
        key = (post_id, wanted, page_language)
        if key not in kept:
            kept[key] = queries.letter_about(post_id, wanted=wanted, page_language=page_language)
        return kept[key]

    return letter_of


def _claim(letter_of: LetterOf) -> _Claimed | None:
    """Take the next letter upon oneself. From here on it is this process's, or unsure.

    One that cannot be written waits like one that was not taken, so that it holds no other up.
    """
    due = _due(Delivery, Subscriber).with_for_update(of=Delivery, skip_locked=True)
    found: Any = db.session.execute(due).first()
    while found is not None:
        delivery, subscriber = found
        delivery_id, tries = delivery.id, delivery.tries + 1
        try:
            claimed = _written(delivery, subscriber, letter_of)
        except Exception:
            log.exception("a letter cannot be written", extra={"facts": {"letter": str(delivery_id)}})
            db.session.rollback()
            claimed = None
        if claimed is not None:
            is_mine = _write(delivery_id, "waiting", state="claimed", claimed_at=clock.now(), tries=tries)
            return claimed if is_mine else None
        if tries >= MOST_TRIES:
            _write(delivery_id, "waiting", state="given_up", reason="words", tries=tries)
        else:
            _write(delivery_id, "waiting", try_at=clock.now() + pause_after(tries), tries=tries)
        found = db.session.execute(due).first()
    db.session.rollback()
    return None


def _written(delivery: Delivery, subscriber: Subscriber, letter_of: LetterOf) -> _Claimed | None:
    """The letter as it will be handed over; none when there is nothing to read any more."""
    letter = letter_of(delivery.post_id, subscriber.language, subscriber.page_language)
    if letter is None:
        return None
    message = message_of(letter, subscriber.email, delivery.id, current_secret(subscriber))
    return _Claimed(delivery.id, subscriber.email, delivery.tries + 1, letter.language, bytes(message))


def _was_not_taken(claimed: _Claimed, no: mail.NotTaken) -> None:
    status = status_in(no.words, no.code)
    log.warning("a letter was not taken", extra={"facts": {"status": status, "step": no.step}})
    if no.code == 421 or no.step == "mail":
        _settle(claimed, state="waiting", try_at=clock.now() + pause_after(1), tries=claimed.tries - 1)
    elif no.code >= 500:
        _settle(claimed, state="given_up", reason=status)
        if no.step == "rcpt" and is_of_the_address(status):
            came_back(claimed.id, status)
            commit()
    elif claimed.tries >= MOST_TRIES:
        _settle(claimed, state="given_up", reason=status)
    else:
        _settle(claimed, state="waiting", reason=status, try_at=clock.now() + pause_after(claimed.tries))


def _settle(claimed: _Claimed, **facts: Any) -> None:
    _write(claimed.id, "claimed", "unsure", **facts)


def _write(delivery_id: UUID, *from_states: str, **facts: Any) -> bool:
    """Write how a letter stands, past the session: it changes no page that visitors are shown; says if it stood so."""
    stands = update(Delivery).where(Delivery.id == delivery_id, Delivery.state.in_(from_states))
    written = db.session.connection().execute(stands.values(**facts).returning(Delivery.id)).first()
    let_others_write()
    return written is not None


# --- the letter itself -----------------------------------------------------------------------------------------


def message_of(letter: NewsLetter, email: str, delivery_id: UUID, secret: str) -> EmailMessage:
    """The letter to one reader: as text and as HTML, with the way to stop in its head and at its end."""
    post = current_app.config["MAIL"]
    ways = {
        "stop": mail.address_of(f"/m/{secret}"),
        "change": queries.whole_address("news.subscription", letter.page_language, token=secret),
    }
    with in_language(letter.page_language):
        html = current_app.jinja_env.get_template("news/letters/_letter.html").render(letter=letter, **ways)
        plain = _as_text(letter, ways)
    message = EmailMessage(policy=_AS_SENT)
    message["From"], message["To"], message["Subject"] = post.sender, email, mail.subject_of(letter.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{delivery_id}@{mail.domain_of(post)}>"
    message["List-ID"] = f"<nyheter.{mail.domain_of(post)}>"
    message["List-Unsubscribe"] = f"<{ways['stop']}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = (
        letter.language
    )  # last: it would move into the first part with the rest of its kind
    return message


def _as_text(letter: NewsLetter, ways: dict[str, str]) -> str:
    parts = [
        letter.subject,
        *letter.remarks,
        letter.lead,
        letter.plain_body,
        _("Skrivet av %(names)s", names=letter.authors) if letter.authors else "",
        _("Läs på webben: %(url)s", url=letter.url),
        "-- ",
        _("Du får det här mejlet för att du bad om nyheter från %(network)s.", network=letter.network),
        _("Ändra vad du får: %(url)s", url=ways["change"]),
        _("Sluta få nyheter: %(url)s", url=ways["stop"]),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"
