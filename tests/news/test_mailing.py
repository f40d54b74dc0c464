"""New posts by mail, through a real mail server: each to each reader once, and what the server says is heard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions, queries
from choir_app.news.models import Delivery, Mailing, Post, Subscriber
from choir_app.news.rules import MOST_TRIES
from tests import makers
from tests.conftest import TheClock
from tests.news.letters import Office, a_subscriber, html, plain
from tests.news.made import a_post, a_version, answered, words
from tests.visitor import Visitor


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    office = Office()
    office.controller.start()
    before = app.config["MAIL"]
    app.config["MAIL"] = replace(
        before, host="127.0.0.1", port=office.port, security="none", sender="korer@example.org"
    )
    yield office
    app.config["MAIL"] = before
    office.controller.stop()


def later(the_clock: TheClock, **much: int) -> None:
    the_clock.set_to(the_clock.now + timedelta(**much))


def send(the_clock: TheClock, office: Office, **after: int) -> int:
    """A round of the errand, after the time in which a post can be taken back; other letters are not looked at."""
    later(the_clock, **(after or {"minutes": 5}))
    office.letters.clear()
    office.raw.clear()
    office.recipients.clear()
    return actions.send_news()


def states() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Delivery.state)))


class TestWhoGetsWhat:
    def test_a_post_goes_to_each_reader_once(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        for number in range(7):
            a_subscriber(f"reader{number}@example.org")
        a_post(editor)
        assert send(the_clock, office) == 7
        assert sorted(office.recipients) == [f"reader{number}@example.org" for number in range(7)]
        assert send(the_clock, office) == 0
        assert states() == ["sent"] * 7

    def test_not_before_there_was_time_to_take_it_back(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        assert send(the_clock, office, minutes=4, seconds=59) == 0
        assert send(the_clock, office, seconds=1) == 1

    def test_a_scheduled_post_goes_after_its_second(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor, is_published=False)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        db.session.commit()
        assert send(the_clock, office, days=2) == 0
        assert send(the_clock, office, minutes=5) == 1

    def test_what_is_withdrawn_before_is_not_sent_and_goes_when_it_is_back(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        actions.withdraw(post, by=editor)
        db.session.commit()
        assert send(the_clock, office) == 0
        actions.publish(post, by=editor)
        db.session.commit()
        assert send(the_clock, office) == 1

    def test_withdrawn_between_writing_down_and_sending_it_stays(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        later(the_clock, minutes=5)
        actions.begin_mailings()
        actions.withdraw(post, by=editor)
        db.session.commit()
        assert send(the_clock, office) == 0
        assert states() == ["waiting"]

    def test_one_that_is_withdrawn_holds_no_other_up(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        later(the_clock, minutes=5)
        actions.begin_mailings()
        actions.withdraw(post, by=editor)
        a_post(editor, "En annan")
        assert send(the_clock, office) == 1
        assert states() == ["sent", "waiting"]

    def test_one_that_cannot_be_written_holds_no_other_up_and_is_tried_again(
        self, office: Office, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_subscriber()
        broken = a_post(editor).id
        a_post(editor, "En annan")
        about = queries.letter_about

        def breaks(post_id: Any, **more: Any) -> Any:
            if post_id == broken:
                raise LookupError("a word that nobody knows")
            return about(post_id, **more)

        monkeypatch.setattr(queries, "letter_about", breaks)
        assert send(the_clock, office) == 1
        assert states() == ["sent", "waiting"]
        monkeypatch.setattr(queries, "letter_about", about)
        assert send(the_clock, office, minutes=6) == 1
        assert states() == ["sent", "sent"]

    def test_a_letter_that_was_taken_upon_by_another_is_not_sent(
        self, office: Office, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_subscriber()
        a_post(editor)
        about = queries.letter_about

        def while_another_claims_it(*of: Any, **more: Any) -> Any:
            letter = about(*of, **more)
            db.session.connection().execute(update(Delivery).values(state="claimed", claimed_at=clock.now()))
            return letter

        monkeypatch.setattr(queries, "letter_about", while_another_claims_it)
        assert send(the_clock, office) == 0
        assert (office.recipients, states()) == ([], ["claimed"])

    def test_no_correction_and_no_second_publishing_sends_it_again(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        assert send(the_clock, office) == 1
        actions.change(post, words("En rättad rubrik"), seen_revision=1, by=editor)
        actions.withdraw(post, by=editor)
        actions.publish(post, by=editor, at=clock.now())
        db.session.commit()
        assert send(the_clock, office) == 0

    def test_drafts_and_old_posts_go_to_nobody(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor, is_published=False)
        old = a_post(editor, "Gammalt", is_published=False)
        actions.publish(old, by=editor, at=clock.now() - timedelta(days=8))
        db.session.commit()
        assert send(the_clock, office) == 0
        assert db.session.scalars(select(Mailing)).all() == []

    def test_only_those_who_had_said_yes_when_it_came_out(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber("asked@example.org", says_yes=False)
        a_subscriber("before@example.org")
        later(the_clock, minutes=1)
        a_post(editor)
        later(the_clock, minutes=1)
        a_subscriber("after@example.org")
        stopped = a_subscriber("stopped@example.org")
        actions.stop(stopped)
        db.session.commit()
        send(the_clock, office)
        assert office.recipients == ["before@example.org"]

    def test_whoever_stops_while_it_waits_does_not_get_it(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        subscriber = a_subscriber()
        a_post(editor)
        later(the_clock, minutes=5)
        actions.begin_mailings()
        actions.stop(subscriber)
        db.session.commit()
        assert send(the_clock, office) == 0
        assert states() == ["left_out"]

    def test_towns(self, office: Office, editor: Account, the_clock: TheClock) -> None:
        boden, umea = makers.a_choir(town="Boden"), makers.a_choir(town="Östersund")
        a_subscriber("alla@example.org")
        a_subscriber("boden@example.org", boden.town)
        a_subscriber("ostersund@example.org", umea.town)
        a_post(editor, "Om kören", choirs=[boden])
        send(the_clock, office)
        assert sorted(office.recipients) == ["alla@example.org", "boden@example.org"]
        a_post(editor, "Om orten", towns=[umea.town])
        send(the_clock, office)
        assert sorted(office.recipients) == ["alla@example.org", "ostersund@example.org"]
        a_post(editor, "Om alla")
        send(the_clock, office)
        assert len(office.recipients) == 3


class TestLanguages:
    def test_the_readers_own_else_the_next_best_with_a_word(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        for code in ("sv", "sv-simple", "en"):
            a_subscriber(f"{code}@example.org", language=code)
        post = a_post(editor)
        a_version(post, editor, "en")
        send(the_clock, office)
        by_address = {letter["To"]: letter for letter in office.letters}
        assert by_address["sv@example.org"]["Subject"] == "Vi sjunger i parken"
        assert by_address["en@example.org"]["Subject"] == "Singing in the park"
        easy = by_address["sv-simple@example.org"]
        assert easy["Subject"] == "Vi sjunger i parken"
        assert "finns inte på lätt svenska än" in plain(easy)
        assert "finns inte på" not in plain(by_address["sv@example.org"])

    def test_easy_swedish_before_swedish_for_other_languages(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber(language="en")
        a_version(a_post(editor), editor, "sv-simple", headline="Lätt rubrik")
        send(the_clock, office)
        (letter,) = office.letters
        assert letter["Subject"] == "Lätt rubrik"
        assert letter["Content-Language"] == "sv-simple"
        assert "/latt/nyheter/2026/" in plain(letter)

    def test_right_to_left(self, office: Office, editor: Account, the_clock: TheClock) -> None:
        actions.turn_on_languages(["ar"], by=editor)
        a_subscriber(language="ar")
        a_version(a_post(editor), editor, "ar", headline="نغني في الحديقة", lead="الجميع مدعو.", body="أهلا")
        send(the_clock, office)
        (letter,) = office.letters
        assert letter["Subject"] == "نغني في الحديقة"
        assert '<div lang="ar" dir="rtl">' in html(letter)

    def test_the_addresses_are_those_of_the_pages(
        self, app: Flask, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        from choir_app.news.views import addresses

        post = a_post(editor)
        for code in ("sv-simple", "en"):
            a_version(post, editor, code)
        for version in list(post.versions):
            letter = queries.letter_about(post.id, wanted=version.language, page_language="sv")
            with app.test_request_context("/"):
                assert letter
                assert letter.url == addresses.canonical(version)


class TestNotThisOne:
    def test_nobody_is_sent_a_post_of_which_an_editor_says_so(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        quiet = a_post(editor, "En liten rättelse", is_published=False)
        actions.send_letters(quiet, by=editor, yes=False)
        actions.publish(quiet, by=editor)
        told = a_post(editor, "Vi sjunger i juli", is_published=False)
        for yes in (False, True):
            actions.send_letters(told, by=editor, yes=yes)
        actions.publish(told, by=editor)
        db.session.commit()
        send(the_clock, office)
        assert [one["Subject"] for one in office.letters] == ["Vi sjunger i juli"]
        assert db.session.scalars(select(Mailing.post_id)).all() == [told.id]

    def test_it_is_too_late_once_the_letters_are_made(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        actions.send_letters(post, by=editor, yes=False)
        actions.send_letters(post, by=editor, yes=True)
        db.session.commit()
        send(the_clock, office)
        with pytest.raises(Refusal, match="redan börjat"):
            actions.send_letters(post, by=editor, yes=False)

    def test_whoever_says_so_while_the_letters_are_being_made_is_heard(
        self, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_subscriber()
        post = a_post(editor)
        actions.send_letters(post, by=editor, yes=False)
        db.session.commit()
        later(the_clock, minutes=6)
        monkeypatch.setattr(queries, "posts_to_mail", lambda: [post.id])  # looked at a moment before
        actions.begin_mailings()
        assert db.session.scalars(select(Mailing.post_id)).all() == []

    def test_on_the_posts_own_page(
        self, editor: Account, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        post = a_post(leader[0], is_published=False, choirs=[leader[1]])
        at = f"/nyheter/skriv/{post.id}"
        visitor.signs_in(leader[0]).opens(f"{at}/visa").misses("Skicka inte den här")
        visitor.leaves().signs_in(editor).opens(f"{at}/visa").sees("Den som har bett om nyheter med mejl")
        visitor.sends(f"{at}/mejl/nej").sees("Inlägget skickas inte med mejl.", "Skicka det med mejl")
        assert not db.session.get_one(Post, post.id, populate_existing=True).goes_by_mail
        visitor.sends(f"{at}/mejl/ja").sees("Skicka inte den här med mejl")


class TestTheLetter:
    def test_text_and_html_without_anything_fetched(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        body = (
            'Ta med en **filt** och läs [mer](/om).\n\n- ett\n- två\n\n![Kör](bild:hemlig "Vi i parken")\n\n'
            "<script>alert(1)</script>"
        )
        answered(PictureFile("hemlig", 640, 400))
        a_post(editor, 'Sång & «"fika"»', body=body)
        send(the_clock, office)
        (letter,) = office.letters
        told, drawn = plain(letter), html(letter)
        assert letter["Subject"] == 'Sång & «"fika"»'
        assert "Ta med en filt och läs mer (http" in told
        assert "– ett\n– två" in told
        assert "Karin Lövgren, projektledare" in told
        assert "<strong>filt</strong>" in drawn
        for fetched in ("<img", "<script", "<link", "<style", "src=", "hemlig"):
            assert fetched not in drawn
        assert "Vi i parken" in drawn, "the words below a picture stay"
        assert 'href="/' not in drawn

    def test_what_mail_services_look_for(
        self, app: Flask, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        subscriber = a_subscriber()
        app.config["SETTINGS"], before = (
            replace(app.config["SETTINGS"], url="https://en-ganska-lang-vard.korer.example.org"),
            app.config["SETTINGS"],
        )
        try:
            a_post(
                editor, "Rubrik med å, ä och ö som är så lång att den måste delas på flera rader i huvudet"
            )
            send(the_clock, office)
        finally:
            app.config["SETTINGS"] = before
        (letter,), (raw,) = office.letters, office.raw
        secret = queries.secret_of_subscriber(subscriber.id)
        whole = f"List-Unsubscribe: <https://en-ganska-lang-vard.korer.example.org/m/{secret}>\r\n"
        assert whole.encode() in raw, "on one line"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert letter["Message-ID"] == f"<{db.session.scalars(select(Delivery.id)).one()}@example.org>"
        assert letter["Subject"].startswith("Rubrik med å, ä och ö")
        assert letter["Auto-Submitted"] == "auto-generated"
        assert max(len(line) for line in raw.split(b"\r\n") if not line.startswith(b"List-Unsub")) <= 78

    def test_without_a_server_each_is_one_file(
        self, app: Flask, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        later(the_clock, minutes=5)
        assert actions.send_news() == 1
        delivery_id = db.session.scalars(select(Delivery.id)).one()
        assert (app.config["DATA_FOLDER"] / "outbox" / f"{delivery_id}.eml").is_file()


class TestWhatTheServerSays:
    def test_a_passing_no_is_tried_again_after_growing_pauses(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        office.answer_rcpt = lambda _address: "450 4.2.0 greylisted"
        assert send(the_clock, office) == 0
        assert send(the_clock, office, minutes=4) == 0
        row = db.session.scalars(select(Delivery)).one()
        assert (row.state, row.tries) == ("waiting", 1), "not before five minutes"
        send(the_clock, office, minutes=1)
        db.session.expire_all()
        assert row.tries == 2
        office.answer_rcpt = lambda _address: "250 OK"
        assert send(the_clock, office, minutes=9) == 0, "the second pause is ten"
        assert send(the_clock, office, minutes=1) == 1

    def test_after_eight_tries_it_is_given_up(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        office.answer_data = lambda _address: "451 4.3.0 try again"
        for _turn in range(MOST_TRIES + 2):
            send(the_clock, office, hours=6)
        row = db.session.scalars(select(Delivery)).one()
        assert (row.state, row.tries, row.reason) == ("given_up", MOST_TRIES, "4.3.0")
        assert row.bounced_at is None

    def test_who_does_not_exist_stops_nobody_and_rests_after_three(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        gone = a_subscriber("nobody@example.org")
        a_subscriber("amal@example.org")
        office.answer_rcpt = lambda address: "550 5.1.1 unknown" if address.startswith("nobody") else "250 OK"
        for number in range(4):
            a_post(editor, f"Nyhet {number}")
            assert send(the_clock, office) == 1
            db.session.expire_all()
            assert gone.state == ("active" if number < 2 else "resting")
        assert db.session.query(Delivery).where(Delivery.bounced_at.is_not(None)).count() == 3

    @pytest.mark.parametrize("answer", ["550 5.7.1 we think this is spam", "554 5.7.9 policy"])
    def test_a_no_to_us_is_held_against_no_reader(
        self, office: Office, editor: Account, the_clock: TheClock, answer: str
    ) -> None:
        subscriber = a_subscriber()
        office.answer_rcpt = lambda _address: answer
        for number in range(4):
            a_post(editor, f"Nyhet {number}")
            send(the_clock, office)
        db.session.expire_all()
        assert subscriber.state == "active"
        assert states() == ["given_up"] * 4

    def test_a_no_to_the_words_is_held_against_no_reader(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        subscriber = a_subscriber()
        office.answer_data = lambda _address: "550 We do not like what it says"
        for number in range(3):
            a_post(editor, f"Nyhet {number}")
            send(the_clock, office)
        db.session.expire_all()
        assert (subscriber.state, states()) == ("active", ["given_up"] * 3)

    def test_a_server_that_is_away_costs_nobody_a_try(
        self, app: Flask, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        there = app.config["MAIL"]
        app.config["MAIL"] = replace(there, port=1)
        assert send(the_clock, office) == 0
        row = db.session.scalars(select(Delivery)).one()
        assert (row.state, row.tries) == ("waiting", 0)
        app.config["MAIL"] = there
        assert send(the_clock, office) == 1

    def test_a_server_that_closes_is_left_alone_until_the_next_round(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        for number in range(3):
            a_subscriber(f"reader{number}@example.org")
        a_post(editor)
        asked: list[str] = []

        def closes(address: str) -> str:
            asked.append(address)
            return "421 4.3.2 closing"

        office.answer_rcpt = closes
        assert send(the_clock, office) == 0
        assert len(asked) == 1
        office.answer_rcpt = lambda _address: "250 OK"
        assert send(the_clock, office) == 3
        assert list(db.session.scalars(select(Delivery.tries))) == [1] * 3  # it cost nobody a try

    def test_nobody_waits_while_a_letter_is_carried(
        self, office: Office, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import smtplib

        was_open: list[bool] = []
        data = smtplib.SMTP.data

        def look(self: smtplib.SMTP, message: Any) -> Any:
            was_open.append(db.session.registry().in_transaction())
            return data(self, message)

        monkeypatch.setattr(smtplib.SMTP, "data", look)
        a_subscriber()
        a_post(editor)
        send(the_clock, office)
        assert was_open == [False]

    def test_sending_throws_no_kept_page_away(
        self, app: Flask, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        from choir_app.foundation.database import fact

        for number in range(3):
            a_subscriber(f"reader{number}@example.org")
        a_post(editor)
        later(the_clock, minutes=5)
        actions.begin_mailings()
        before = fact("content_version")
        assert actions.send_news() == 3
        assert fact("content_version") == before


class TestNobodyKnows:
    def test_a_line_that_breaks_after_the_letter_leaves_it_unsure(
        self, office: Office, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import smtplib

        for number in range(2):
            a_subscriber(f"reader{number}@example.org")
        post = a_post(editor)
        data = smtplib.SMTP.data
        broken: list[bool] = []

        def breaks(self: smtplib.SMTP, message: Any) -> Any:
            answer = data(self, message)
            if not broken:
                broken.append(True)
                raise smtplib.SMTPServerDisconnected("gone")
            return answer

        monkeypatch.setattr(smtplib.SMTP, "data", breaks)
        send(the_clock, office)
        assert (len(office.recipients), states()) == (1, ["unsure", "waiting"])
        first = office.letters[0]["Message-ID"]
        send(the_clock, office)
        assert (len(office.recipients), states()) == (1, ["sent", "unsure"])
        send(the_clock, office, days=1)
        assert office.recipients == [], "never by itself"
        actions.send_unsure(post, by=editor)
        db.session.commit()
        send(the_clock, office)
        assert [letter["Message-ID"] for letter in office.letters] == [first], "it is the same letter"

    def test_those_about_another_post_stay_unsure(self, app: Flask, editor: Account) -> None:
        subscriber, posts = a_subscriber(), [a_post(editor, f"En {number}") for number in range(2)]
        for post in posts:
            row = Delivery(post_id=post.id, subscriber_id=subscriber.id, state="unsure", try_at=clock.now())
            db.session.add(row)
        actions.send_unsure(posts[0], by=editor)
        db.session.commit()
        told = select(Delivery.post_id, Delivery.state)
        assert {row.post_id: row.state for row in db.session.execute(told)} == {
            posts[0].id: "waiting",
            posts[1].id: "unsure",
        }

    def test_what_a_process_died_over_is_unsure_after_ten_minutes(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        a_subscriber()
        a_post(editor)
        later(the_clock, minutes=5)
        actions.begin_mailings()
        db.session.execute(update(Delivery).values(state="claimed", claimed_at=clock.now()))
        db.session.commit()
        assert send(the_clock, office, minutes=9) == 0
        assert states() == ["claimed"]
        assert send(the_clock, office, minutes=2) == 0
        assert states() == ["unsure"]
        assert office.recipients == []


class TestForgetting:
    def test_addresses(self, app: Flask, the_clock: TheClock) -> None:
        a_subscriber("asked@example.org", says_yes=False)
        stopped = a_subscriber("stopped@example.org")
        actions.stop(stopped)
        a_subscriber("stays@example.org")
        db.session.commit()
        later(the_clock, days=7)
        actions.forget_addresses()
        assert db.session.query(Subscriber).count() == 3
        later(the_clock, seconds=1)
        actions.forget_addresses()
        kept = select(Subscriber.email).order_by(Subscriber.email)
        assert list(db.session.scalars(kept)) == ["stays@example.org", "stopped@example.org"]
        later(the_clock, days=24)
        actions.forget_addresses()
        assert list(db.session.scalars(kept)) == ["stays@example.org"]

    def test_one_that_rests_is_forgotten_in_time(self, app: Flask, the_clock: TheClock) -> None:
        a_subscriber().rests_since = clock.now()
        db.session.commit()
        later(the_clock, days=90)
        actions.forget_addresses()
        assert db.session.query(Subscriber).count() == 1
        later(the_clock, seconds=1)
        actions.forget_addresses()
        assert db.session.query(Subscriber).count() == 0

    def test_to_whom_a_letter_went_is_forgotten_and_that_it_went_stays(
        self, office: Office, editor: Account, the_clock: TheClock
    ) -> None:
        subscriber = a_subscriber()
        a_post(editor)
        send(the_clock, office)
        actions.forget(subscriber)
        db.session.commit()
        row = db.session.scalars(select(Delivery)).one()
        assert (row.subscriber_id, row.state) == (None, "sent")
        assert [one.sent for one in queries.latest_mailings()] == [1]

    def test_after_half_a_year(self, office: Office, editor: Account, the_clock: TheClock) -> None:
        a_subscriber()
        a_post(editor)
        send(the_clock, office)
        later(the_clock, days=181)
        actions.forget_readers()
        db.session.commit()
        assert db.session.scalars(select(Delivery.subscriber_id)).one() is None


def test_a_key_that_was_changed_leaves_old_links_open(
    app: Flask, office: Office, editor: Account, the_clock: TheClock
) -> None:
    subscriber = a_subscriber()
    old = queries.secret_of_subscriber(subscriber.id)
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another key that everybody may know, for tests only"
    try:
        a_post(editor)
        send(the_clock, office)
        new = queries.secret_of_subscriber(subscriber.id)
        assert new != old
        assert new in office.letters[0]["List-Unsubscribe"]
        for secret in (old, new):
            found = queries.subscriber_behind(secret)
            assert found
            assert found.id == subscriber.id
    finally:
        app.config["SECRET_KEY"] = before


def test_two_processes_write_a_mailing_down_once(app: Flask, editor: Account, the_clock: TheClock) -> None:
    a_subscriber()
    post: Post = a_post(editor)
    later(the_clock, minutes=5)
    actions.begin_mailings()
    actions.begin_mailings()
    assert db.session.query(Delivery).where(Delivery.post_id == post.id).count() == 1
