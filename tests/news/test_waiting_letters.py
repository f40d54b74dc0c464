"""Letters that wait while their post is away, or their reader rests: they are not sent, and nothing is used up."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import in_language
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import Choice
from choir_app.news.actions.bounces import came_back
from choir_app.news.models import Delivery
from choir_app.news.rules import BOUNCES_TO_REST, MOST_TRIES
from tests.conftest import TheClock
from tests.news.letters import a_subscriber
from tests.news.made import a_post


def rounds(the_clock: TheClock, number: int) -> int:
    """So many rounds of the errand, each five minutes after the one before; how many letters left."""
    sent = 0
    for _round in range(number):
        the_clock.set_to(the_clock.now + timedelta(minutes=5))
        sent += actions.send_news()
    return sent


def test_a_post_that_was_away_for_long_is_sent_when_it_is_back(
    app: Flask, editor: Account, the_clock: TheClock
) -> None:
    a_subscriber()
    post = a_post(editor)
    the_clock.set_to(the_clock.now + timedelta(minutes=5))
    actions.begin_mailings()
    actions.withdraw(post, by=editor)
    db.session.commit()
    the_clock.set_to(the_clock.now + timedelta(days=1))
    assert rounds(the_clock, MOST_TRIES + 1) == 0
    assert db.session.scalars(select(Delivery.tries)).all() == [0]
    actions.publish(post, by=editor)
    db.session.commit()
    assert rounds(the_clock, 1) == 1


def test_a_post_whose_time_was_moved_waits_for_it(app: Flask, editor: Account, the_clock: TheClock) -> None:
    a_subscriber()
    post = a_post(editor)
    the_clock.set_to(the_clock.now + timedelta(minutes=5))
    actions.begin_mailings()
    actions.publish(post, by=editor, at=clock.now() + timedelta(days=1))
    db.session.commit()
    assert rounds(the_clock, 3) == 0
    assert db.session.scalars(select(Delivery.tries)).all() == [0]
    the_clock.set_to(the_clock.now + timedelta(days=1))
    assert rounds(the_clock, 2) == 1


def test_nothing_waits_for_an_address_that_is_gone(app: Flask, editor: Account, the_clock: TheClock) -> None:
    gone, stopped = a_subscriber(), a_subscriber("zahra@example.org")
    a_post(editor)
    the_clock.set_to(the_clock.now + timedelta(minutes=5))
    actions.begin_mailings()
    actions.forget(gone)
    actions.stop(stopped)
    db.session.commit()
    assert db.session.scalars(select(Delivery.state)).all() == ["left_out"] * 2


def test_of_what_nobody_may_read_there_is_no_letter(app: Flask, editor: Account) -> None:
    draft, gone = a_post(editor, is_published=False), a_post(editor, "En annan")
    actions.withdraw(gone, by=editor)
    for post in (draft, gone):
        assert queries.letter_about(post.id, wanted="sv", page_language="sv") is None


def test_whoever_rests_is_sent_nothing_that_waited(app: Flask, editor: Account, the_clock: TheClock) -> None:
    subscriber = a_subscriber()
    a_post(editor)
    the_clock.set_to(the_clock.now + timedelta(minutes=5))
    actions.begin_mailings()
    subscriber.rests_since = clock.now()
    db.session.commit()
    assert rounds(the_clock, 2) == 0


def test_the_letters_speak_the_language_of_the_page_on_which_one_said_yes(app: Flask) -> None:
    subscriber = a_subscriber(says_yes=False)
    assert subscriber.page_language == "sv"
    with in_language("en"):
        actions.confirm(subscriber, consent_words="Yes")
    assert (subscriber.page_language, subscriber.consent_words) == ("en", "Yes")


def test_whoever_begins_again_is_counted_anew(app: Flask, editor: Account, the_clock: TheClock) -> None:
    subscriber = a_subscriber()

    def one_comes_back(number: int) -> None:
        post = a_post(editor, f"Nyhet {number}")
        row = Delivery(post_id=post.id, subscriber_id=subscriber.id, state="sent", try_at=clock.now())
        db.session.add(row)
        db.session.flush()
        came_back(row.id, "5.1.1")

    for number in range(BOUNCES_TO_REST):
        one_comes_back(number)
    assert subscriber.state == "resting"
    the_clock.set_to(the_clock.now + timedelta(days=1))
    actions.confirm(subscriber, consent_words="Ja")
    one_comes_back(BOUNCES_TO_REST)
    assert subscriber.state == "active"


def test_nobody_chooses_a_language_that_is_off(app: Flask) -> None:
    with pytest.raises(Refusal):
        actions.choose(a_subscriber(), Choice(language="ar"))
