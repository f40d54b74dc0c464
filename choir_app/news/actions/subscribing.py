"""Asking for new posts by mail, saying yes from the letter, choosing, stopping, and being forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from choir_app.accounts import actions as accounts
from choir_app.accounts.rules import folded_email
from choir_app.choirs.models import Town
from choir_app.foundation import clock, mail
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.language import _, current_language, in_language
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.text import is_email
from choir_app.news import queries
from choir_app.news.models import Delivery, Subscriber
from choir_app.news.rules import (
    GOES_OUT_WITHIN,
    READERS_KEPT,
    RESTING_KEPT,
    STOPPED_KEPT,
    UNCONFIRMED_KEPT,
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody wants to read about and in which language; no town means all of them."""

    language: str
    towns: Sequence[Town] = ()


def ask_for_letters(email: str, choice: Choice, *, consent_words: str, network: str | None) -> None:
    """Send a letter from which the owner of an address can say yes. Whoever asks is told the same whatever is known.

    Somebody who gets letters already is sent the way to change them, and nothing is changed by who asks here.
    Raises TooManyTries when a network asks too much; for one address too much asking is silently not answered.
    """
    address = folded_email(email)
    if not is_email(address) or not address.isascii():
        raise Refusal(_("Skriv mejladressen så här: namn@exempel.se."), field="email")
    _refuse_unknown(choice)
    is_quiet = accounts.count_letter_asked_for("news", address, network=network)
    subscriber = queries.subscriber_at(address)
    if is_quiet:
        return
    if subscriber is not None and subscriber.state == "active":
        _write_that_letters_come(subscriber)
        return
    given = {
        "language": choice.language,
        "page_language": current_language(),
        "is_about_all": not choice.towns,
        "asked_at": clock.now(),
        "consent_words": consent_words[:600],
    }
    subscriber = subscriber or _new_subscriber(address, given)
    for name, value in given.items():
        setattr(subscriber, name, value)
    subscriber.towns = list(choice.towns)
    _write_to_confirm(subscriber)


def _new_subscriber(address: str, given: Mapping[str, Any]) -> Subscriber:
    """A row for an address; the one that another press made in the same moment, if there is."""
    subscriber_id = uuid4()
    digest = queries.digest_of(queries.secret_of_subscriber(subscriber_id))
    try:
        with db.session.begin_nested():
            made = Subscriber(id=subscriber_id, email=address, digest=digest, **given)
            db.session.add(made)
            db.session.flush()
            return made
    except IntegrityError:
        if known := queries.subscriber_at(address):
            return known
        raise


def confirm(subscriber: Subscriber, *, consent_words: str) -> None:
    """Say yes, from the letter: posts that come out from now on are sent. Also begins again what was stopped.

    What stood beside the button and when it was pressed are kept, in the language in which they were read.
    """
    if subscriber.state == "active":
        return
    subscriber.confirmed_at, subscriber.consent_words = clock.now(), consent_words[:600]
    subscriber.page_language = current_language()
    subscriber.stopped_at = subscriber.rests_since = None
    db.session.flush()


def choose(subscriber: Subscriber, choice: Choice) -> None:
    """Change what the letters are about and their language."""
    _refuse_unknown(choice)
    _choose(subscriber, choice)


def stop(subscriber: Subscriber) -> None:
    """Send nothing more, not even what waits to leave. Saying it again changes nothing."""
    if subscriber.confirmed_at is None:
        forget(subscriber)
        return
    subscriber.stopped_at = subscriber.stopped_at or clock.now()
    _leave_out(subscriber)
    db.session.flush()


def forget(subscriber: Subscriber) -> None:
    """Take the address out of the house for good; that so many letters were sent stays."""
    _leave_out(subscriber)
    db.session.delete(subscriber)
    db.session.flush()


def _leave_out(subscriber: Subscriber) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.subscriber_id == subscriber.id, Delivery.state == "waiting")
        .values(state="left_out")
    )


def _refuse_unknown(choice: Choice) -> None:
    if choice.language not in queries.languages_in_use():
        raise Refusal(_("Välj ett språk i listan."), field="language")


def _choose(subscriber: Subscriber, choice: Choice) -> None:
    subscriber.language = choice.language
    subscriber.is_about_all = not choice.towns
    subscriber.towns = list(choice.towns)
    db.session.flush()


# --- letters about the letters ---------------------------------------------------------------------------------


def _write_to_confirm(subscriber: Subscriber) -> None:
    with in_language(subscriber.page_language):
        mail.write(
            subscriber.email,
            subject=_("Vill du ha våra nyheter med mejl?"),
            body=_(
                "Hej!\n\nNågon har skrivit din adress på vår sida för att få nyheter med mejl.\n\n"
                "Öppna länken och tryck på knappen om det var du:\n%(url)s\n\n"
                "Var det inte du? Då behöver du inte göra något. Vi tar bort adressen efter en vecka.\n",
                url=way_of(subscriber),
            ),
        )


def _write_that_letters_come(subscriber: Subscriber) -> None:
    with in_language(subscriber.page_language):
        mail.write(
            subscriber.email,
            subject=_("Du får redan våra nyheter"),
            body=_(
                "Hej!\n\nNågon har skrivit din adress på vår sida för att få nyheter med mejl. Du får dem redan.\n\n"
                "Här kan du ändra vad du får, eller sluta:\n%(url)s\n",
                url=way_of(subscriber),
            ),
        )


def way_of(subscriber: Subscriber) -> str:
    """The whole address of the page on which a subscriber says yes, chooses and stops."""
    return queries.whole_address(
        "news.subscription", subscriber.page_language, token=current_secret(subscriber)
    )


def current_secret(subscriber: Subscriber) -> str:
    """The secret of a subscriber's links. After SECRET_KEY was changed it is another, and the former still opens."""
    secret = queries.secret_of_subscriber(subscriber.id)
    digest = queries.digest_of(secret)
    if subscriber.digest != digest:
        subscriber.former_digest, subscriber.digest = subscriber.digest, digest
        db.session.flush()
    return secret


# --- forgetting ------------------------------------------------------------------------------------------------


@chore("addresses for news forgotten")
def forget_addresses() -> None:
    """Take away addresses that never said yes, that stopped, and that rest since long."""
    now = clock.now()
    over = (
        Subscriber.confirmed_at.is_(None)
        | (Subscriber.stopped_at < now - STOPPED_KEPT)
        | (Subscriber.rests_since < now - RESTING_KEPT)
    )
    db.session.execute(
        delete(Subscriber).where(over, Subscriber.asked_at < now - UNCONFIRMED_KEPT),
        execution_options={"synchronize_session": False},
    )


@chore("readers of letters forgotten")
def forget_readers() -> None:
    """Forget who was sent which letter after half a year, and leave out what is no news any more."""
    now = clock.now()
    db.session.execute(
        update(Delivery)
        .where(Delivery.subscriber_id.is_not(None), Delivery.try_at < now - READERS_KEPT)
        .values(subscriber_id=None),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        update(Delivery)
        .where(Delivery.state == "waiting", Delivery.try_at < now - GOES_OUT_WITHIN)
        .values(state="left_out"),
        execution_options={"synchronize_session": False},
    )
