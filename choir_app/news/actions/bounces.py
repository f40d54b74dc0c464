"""Letters that come back: refused at once, or told of later in a report (RFC 3464)."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news.models import Delivery, Subscriber
from choir_app.news.rules import BOUNCES_TO_REST, READERS_KEPT, is_for_good, is_of_the_address

LARGEST_REPORT = 5 * 1024 * 1024


@dataclass(frozen=True)
class Report:
    """What a report says of one of our letters."""

    delivery_id: UUID
    action: str
    status: str


def take_in_report(content: bytes) -> str:
    """Note what a report of a mail service says; gives one word on it: `noted`, `passing`, `known` or `foreign`.

    A report is believed only about a letter whose Message-ID it names, which nobody knows but who was sent it.
    """
    report = read_report(content)
    delivery = db.session.get(Delivery, report.delivery_id) if report else None
    if report is None or delivery is None:
        return "foreign"
    if report.action != "failed" or not is_for_good(report.status):
        return "passing"
    if delivery.bounced_at is not None:
        return "known"
    if is_of_the_address(report.status):
        came_back(delivery.id, report.status)
    else:
        delivery.bounced_at, delivery.reason = clock.now(), report.status
    db.session.flush()
    return "noted"


def came_back(delivery_id: UUID, status: str) -> None:
    """Note that a letter came back because of its address; after three of them the subscription rests."""
    delivery = db.session.get_one(Delivery, delivery_id, populate_existing=True)
    delivery.bounced_at, delivery.reason = clock.now(), status[:20]
    db.session.flush()
    subscriber = db.session.get(Subscriber, delivery.subscriber_id) if delivery.subscriber_id else None
    if subscriber is None or subscriber.rests_since is not None:
        return
    since = max(subscriber.confirmed_at or subscriber.asked_at, clock.now() - READERS_KEPT)
    returned = db.session.scalar(
        select(func.count()).where(Delivery.subscriber_id == subscriber.id, Delivery.bounced_at >= since)
    )
    if (returned or 0) >= BOUNCES_TO_REST:
        subscriber.rests_since = clock.now()
        db.session.flush()


def read_report(content: bytes) -> Report | None:
    """What a mail says when it is a report about a letter of ours, whatever else may stand in it."""
    if len(content) > LARGEST_REPORT:
        return None
    try:
        message = message_from_bytes(content)  # heads as they stand: read apart they take a square of time
        told = next(_facts(message), None)
        delivery_id = next(_letters_named(message), None)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # what a mail may hold is without end; what cannot be read is no report
    if told is None or delivery_id is None:
        return None
    action, status = (str(told.get(name, "")).strip().lower() for name in ("Action", "Status"))
    return Report(delivery_id, action, status.split()[0][:20] if status else "")


def _facts(message: Message) -> Iterator[Message]:
    """What is said of each recipient, in the part that machines read."""
    for part in _parts(message, "message/delivery-status"):
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, Message) and block.get("Action"):
                yield block


def _letters_named(message: Message) -> Iterator[UUID]:
    """The ids of our letters that a report names: in the letter that it gives back, or as the envelope's own."""
    for part in _parts(message, "message/rfc822", "text/rfc822-headers"):
        inner: Any = part.get_payload()
        given_back = inner[0] if isinstance(inner, list) else _headers_in(part)
        yield from _id_in(str(given_back.get("Message-ID", "")))
    for part in _parts(message, "message/delivery-status"):
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, Message):
                yield from _id_in(str(block.get("Original-Envelope-Id", "")))


def _headers_in(part: Message) -> Message:
    content = part.get_payload(decode=True)
    return message_from_bytes(content if isinstance(content, bytes) else b"")


def _id_in(words: str) -> Iterator[UUID]:
    try:
        yield UUID(words.strip().strip("<>").partition("@")[0])
    except ValueError:
        return


def _parts(message: Message, *kinds: str) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() in kinds:
            yield part
