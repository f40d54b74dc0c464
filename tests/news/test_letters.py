"""Asking for the news by mail, saying yes, choosing, stopping, letters that come back, and what editors see."""

import re
from datetime import timedelta
from email.message import EmailMessage
from time import perf_counter
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.news import actions, queries
from choir_app.news.models import Delivery, Mailing, Subscriber
from choir_app.news.rules import (
    as_plain_text,
    best_language,
    is_of_the_address,
    pause_after,
    status_in,
    wants,
)
from tests import makers
from tests.conftest import TheClock
from tests.news.letters import a_subscriber
from tests.news.made import a_post
from tests.visitor import Visitor, outside


def subscribers() -> list[Subscriber]:
    db.session.rollback()
    return list(db.session.scalars(select(Subscriber).order_by(Subscriber.email)))


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter).order_by(Letter.written_at, Letter.id)))


def link_in_outbox(app: Flask) -> str:
    """The address in the newest letter that left."""
    newest = max((app.config["DATA_FOLDER"] / "outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    text = newest.read_bytes().decode("utf-8", "replace").replace("=\r\n", "")
    found = re.search(r"https?://[^/\s]+(/[^\s]+)", text)
    assert found, text
    return found.group(1)


class TestAsking:
    def test_the_owner_of_the_address_says_yes_from_the_letter(self, app: Flask, visitor: Visitor) -> None:
        boden = makers.a_choir(town="Boden").town
        visitor.opens("/nyheter/mejl").sees("Få nyheter med mejl")
        visitor.sends(
            "/nyheter/mejl", email="Amal@Example.org", towns=[boden.slug], language="sv-simple"
        ).sees("Titta i din mejl")
        (row,) = subscribers()
        assert (row.email, row.state, row.language) == ("amal@example.org", "asked", "sv-simple")
        assert [town.name for town in row.towns] == ["Boden"]
        assert row.consent_words.startswith("När du trycker på knappen sparar vi din mejladress")
        assert (row.asked_at, row.page_language) == (clock.now(), "sv")
        link = link_in_outbox(app)
        visitor.opens(link).sees("Vill du ha nyheter med mejl?")
        assert subscribers()[0].state == "asked", "looking says nothing"
        visitor.sends(f"{link}/ja").sees("Nu får du våra nyheter med mejl.", "Dina nyheter med mejl")
        assert subscribers()[0].state == "active"
        visitor.sends(f"{link}/ja").sees("Dina nyheter med mejl")

    def test_it_works_from_a_page_that_is_the_same_for_all(self, app: Flask, visitor: Visitor) -> None:
        answer = outside(
            lambda: visitor.client.post("/nyheter/mejl", data={"email": "a@example.org", "language": "sv"})
        )
        assert answer.status_code == 303
        assert len(subscribers()) == 1

    def test_another_site_cannot_ask(self, app: Flask, visitor: Visitor) -> None:
        answer = outside(
            lambda: visitor.client.post(
                "/nyheter/mejl",
                data={"email": "a@example.org", "language": "sv"},
                headers={"Origin": "https://annan.example"},
            )
        )
        assert answer.status_code == 403
        assert subscribers() == []

    def test_whatever_is_known_the_answer_is_the_same(self, app: Flask, visitor: Visitor) -> None:
        active, stopped = a_subscriber("active@example.org"), a_subscriber("stopped@example.org")
        actions.stop(stopped)
        a_subscriber("asked@example.org", says_yes=False)
        answers: set[tuple[int, str | None, bytes]] = set()
        for name in ("active", "stopped", "asked", "unknown"):
            given = {"email": f"{name}@example.org", "language": "en"}
            answer = outside(lambda given=given: Visitor(app).client.post("/nyheter/mejl", data=given))
            answers.add((answer.status_code, answer.headers["Location"], answer.data))
        assert len(answers) == 1
        assert len(letters()) == 4
        db.session.refresh(active)
        assert (active.language, active.state) == ("sv", "active"), (
            "whoever asks changes nothing for who reads"
        )

    def test_who_stopped_says_yes_again_from_a_letter(self, app: Flask, visitor: Visitor) -> None:
        row = a_subscriber()
        actions.stop(row)
        visitor.sends("/nyheter/mejl", email="amal@example.org", language="sv")
        assert subscribers()[0].state == "stopped"
        visitor.opens(link_in_outbox(app)).sends(f"{link_in_outbox(app)}/ja")
        assert subscribers()[0].state == "active"

    @pytest.mark.parametrize(
        "typed",
        [
            *("", "amal", "amal@", "å@example.org", "a@example.org\r\nBcc: b@example.org", "a" * 300),
            *("a@=?utf-8?q?b=0D=0AX-Own=3A_1?=.org", "=?utf-8?q?a=2C_b=40example.org?=@example.org"),
        ],
    )
    def test_what_is_no_address_is_said_beside_the_field(self, visitor: Visitor, typed: str) -> None:
        visitor.sends("/nyheter/mejl", 422, email=typed, language="sv")
        assert 'id="email-error"' in visitor.html
        assert subscribers() == []

    def test_a_language_that_is_not_turned_on(self, visitor: Visitor) -> None:
        visitor.sends("/nyheter/mejl", 422, email="a@example.org", language="ar")

    def test_one_address_gets_no_more_than_five_letters_an_hour(self, app: Flask, visitor: Visitor) -> None:
        for _turn in range(8):
            visitor.sends("/nyheter/mejl", email="a@example.org", language="sv").sees("Titta i din mejl")
        assert len(letters()) == 5

    def test_one_network_asks_no_more_than_twenty_times_an_hour(
        self, visitor: Visitor, the_clock: TheClock
    ) -> None:
        for number in range(20):
            visitor.sends("/nyheter/mejl", email=f"a{number}@example.org", language="sv")
        visitor.sends("/nyheter/mejl", 422, email="b@example.org", language="sv").sees(
            "Det blev många försök"
        )
        the_clock.set_to(the_clock.now + timedelta(minutes=61))
        visitor.sends("/nyheter/mejl", email="b@example.org", language="sv")

    def test_in_english_the_letter_is_english(self, app: Flask, visitor: Visitor) -> None:
        visitor.opens("/en/nyheter/mejl")
        visitor.sends("/en/nyheter/mejl", email="a@example.org", language="en")
        assert subscribers()[0].page_language == "en"
        assert link_in_outbox(app).startswith("/en/nyheter/mejl/")


class TestThePageOfTheLetter:
    def test_choosing(self, visitor: Visitor) -> None:
        boden, umea = makers.a_choir(town="Boden").town, makers.a_choir(town="Östersund").town
        row = a_subscriber("a@example.org", boden)
        path = f"/nyheter/mejl/{queries.secret_of_subscriber(row.id)}"
        visitor.opens(path).sees("a@example.org")
        visitor.sends(path, towns=[umea.slug], language="en").sees("Ditt val är sparat.")
        (row,) = subscribers()
        assert ([town.name for town in row.towns], row.language) == (["Östersund"], "en")
        visitor.sends(path, towns=[], language="sv")
        assert subscribers()[0].is_about_all

    def test_it_is_kept_by_nobody(self, visitor: Visitor) -> None:
        row = a_subscriber()
        visitor.opens(f"/nyheter/mejl/{queries.secret_of_subscriber(row.id)}")
        assert visitor.answer
        assert visitor.answer.headers["Cache-Control"] == "no-store, private"
        assert "noindex" in visitor.answer.headers["X-Robots-Tag"]

    def test_a_wrong_secret_opens_nothing(self, visitor: Visitor) -> None:
        a_subscriber()
        visitor.opens("/nyheter/mejl/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 410)
        visitor.sends("/nyheter/mejl/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/ta-bort", 410)
        assert len(subscribers()) == 1

    def test_having_the_address_taken_away(self, visitor: Visitor) -> None:
        row = a_subscriber()
        path = f"/nyheter/mejl/{queries.secret_of_subscriber(row.id)}"
        visitor.opens(path).sends(f"{path}/ta-bort").sees("Din adress är borttagen.")
        assert subscribers() == []
        visitor.opens(path, 410).sees("Vi har inte din adress")


class TestStopping:
    def test_looking_stops_nothing(self, visitor: Visitor) -> None:
        row = a_subscriber()
        path = f"/m/{queries.secret_of_subscriber(row.id)}"
        for _scanner in range(3):
            visitor.opens(path).sees("Vill du sluta få nyheter?")
        assert subscribers()[0].state == "active"

    def test_a_mail_service_stops_it_without_cookie_token_or_page_of_ours(
        self, app: Flask, visitor: Visitor
    ) -> None:
        row = a_subscriber()
        path = f"/m/{queries.secret_of_subscriber(row.id)}"
        for headers in ({}, {"Origin": "https://mejl.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = outside(
                lambda headers=headers: app.test_client().post(
                    path, data={"List-Unsubscribe": "One-Click"}, headers=headers
                )
            )
            assert (answer.status_code, answer.data) == (200, b"")
            assert "Set-Cookie" not in answer.headers
            (kept,) = subscribers()
            assert kept.state == "stopped", "the first time, and still"

    def test_as_a_form_with_parts(self, app: Flask) -> None:
        row = a_subscriber()
        path = f"/m/{queries.secret_of_subscriber(row.id)}"
        answer = outside(
            lambda: app.test_client().post(
                path, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data"
            )
        )
        assert answer.status_code == 200
        assert subscribers()[0].state == "stopped"

    def test_whose_cookies_come_along_means_nothing(
        self, app: Flask, visitor: Visitor, editor: Account
    ) -> None:
        path = f"/m/{queries.secret_of_subscriber(a_subscriber('a@example.org').id)}"
        a_subscriber("b@example.org")
        visitor.signs_in(editor)
        outside(lambda: visitor.client.post(path))
        assert [one.state for one in subscribers()] == ["stopped", "active"]

    def test_an_address_that_is_gone_is_answered_alike(self, app: Flask) -> None:
        row = a_subscriber()
        path = f"/m/{queries.secret_of_subscriber(row.id)}"
        actions.forget(row)
        for there in (path, "/m/nobody"):
            answer = outside(
                lambda there=there: app.test_client().post(there, data={"List-Unsubscribe": "One-Click"})
            )
            assert answer.status_code == 200

    def test_a_person_stops_and_regrets(self, visitor: Visitor) -> None:
        row = a_subscriber()
        secret = queries.secret_of_subscriber(row.id)
        visitor.opens(f"/m/{secret}").sends(f"/m/{secret}", 200).sees("Du får inga fler nyheter med mejl")
        visitor.opens(f"/nyheter/mejl/{secret}").sees("Ångrar du dig kan du börja igen här.")
        visitor.sends(f"/nyheter/mejl/{secret}/ja").sees("Nu får du våra nyheter med mejl.")
        assert subscribers()[0].state == "active"

    def test_stopping_again_makes_nobody_known_for_longer(self, app: Flask, the_clock: TheClock) -> None:
        row = a_subscriber()
        actions.stop(row)
        first = row.stopped_at
        the_clock.set_to(clock.now() + timedelta(days=20))
        actions.stop(row)
        assert row.stopped_at == first

    def test_who_never_said_yes_is_forgotten_at_once(self, visitor: Visitor) -> None:
        row = a_subscriber(says_yes=False)
        visitor.sends(f"/m/{queries.secret_of_subscriber(row.id)}", 200)
        assert subscribers() == []


# --- letters that come back ------------------------------------------------------------------------------------


def a_sent_letter(editor: Account, subscriber: Subscriber, headline: str = "En fest") -> Delivery:
    post = a_post(editor, headline)
    row = Delivery(
        id=uuid4(),
        post_id=post.id,
        subscriber_id=subscriber.id,
        state="sent",
        try_at=clock.now(),
        sent_at=clock.now(),
    )
    db.session.add(row)
    db.session.commit()
    return row


def a_report(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = False
) -> bytes:
    """A report as mail servers write it (RFC 3464, appendix E)."""
    kind, given_back = (
        ("text/rfc822-headers", f"From: korer@example.org\nMessage-ID: {message_id}\n")
        if headers_only
        else ("message/rfc822", f"From: korer@example.org\nMessage-ID: {message_id}\n\nHej!\n")
    )
    return (
        "From: MAILER-DAEMON@mx.example.org\nTo: korer@example.org\nSubject: Undelivered Mail\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=b="\n\n'
        "--=b=\nContent-Type: text/plain; charset=utf-8\n\nDet gick inte.\n\n"
        "--=b=\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; amal@example.org\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\n\n"
        f"--=b=\nContent-Type: {kind}\n\n{given_back}\n--=b=--\n"
    ).encode()


class TestReports:
    @pytest.mark.parametrize("headers_only", [False, True])
    def test_a_letter_that_came_back_is_noted_once(
        self, app: Flask, editor: Account, headers_only: bool
    ) -> None:
        row = a_sent_letter(editor, a_subscriber())
        report = a_report(f"<{row.id}@example.org>", headers_only=headers_only)
        runner = app.test_cli_runner()
        assert runner.invoke(args=["bounce"], input=report).output == "noted: the letter came back\n"
        assert runner.invoke(args=["bounce"], input=report).output == "known already\n"
        db.session.expire_all()
        assert (row.state, row.reason, row.bounced_at) == ("sent", "5.1.1", clock.now())

    def test_after_three_the_subscription_rests_and_its_owner_begins_again(
        self, app: Flask, editor: Account, visitor: Visitor
    ) -> None:
        subscriber = a_subscriber()
        for number in range(3):
            assert subscriber.state == "active"
            row = a_sent_letter(editor, subscriber, f"Nyhet {number}")
            actions.take_in_report(a_report(f"<{row.id}@example.org>"))
            db.session.commit()
        assert subscriber.state == "resting"
        path = f"/nyheter/mejl/{queries.secret_of_subscriber(subscriber.id)}"
        visitor.opens(path).sees("Flera mejl till dig har kommit tillbaka.").sends(f"{path}/ja")
        db.session.expire_all()
        assert subscriber.state == "active"

    @pytest.mark.parametrize(
        ("action", "status"),
        [("delayed", "4.4.1"), ("delayed", "5.1.1"), ("delivered", "2.0.0"), ("failed", "4.2.2")],
    )
    def test_what_may_still_arrive_is_not_held_against_it(
        self, app: Flask, editor: Account, action: str, status: str
    ) -> None:
        row = a_sent_letter(editor, a_subscriber())
        report = a_report(f"<{row.id}@example.org>", action=action, status=status)
        assert actions.take_in_report(report) == "passing"
        assert row.bounced_at is None

    def test_a_no_to_us_makes_nobody_rest(self, app: Flask, editor: Account) -> None:
        subscriber = a_subscriber()
        for number in range(4):
            row = a_sent_letter(editor, subscriber, f"Nyhet {number}")
            assert actions.take_in_report(a_report(f"<{row.id}@example.org>", status="5.7.1")) == "noted"
        assert subscriber.state == "active"

    def test_only_who_was_sent_a_letter_can_say_that_it_came_back(self, app: Flask, editor: Account) -> None:
        row = a_sent_letter(editor, a_subscriber())
        assert actions.take_in_report(a_report(f"<{uuid4()}@example.org>")) == "foreign"
        assert actions.take_in_report(a_report("<anything>")) == "foreign"
        assert row.bounced_at is None

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x00\xff" * 500,
            b"Subject: hej\n\nJag svarar dig bara.",
            b"Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n--a--",
            b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: \n",
            b"Content-Type: message/rfc822\n\n" * 400,
            b"Message-ID: " + b"<" * 10_000,
            b"x" * 6_000_000,
        ],
        ids=["empty", "bytes", "a reply", "no blocks", "bare", "nested", "brackets", "huge"],
    )
    def test_whatever_else_comes_is_foreign(self, app: Flask, content: bytes) -> None:
        answer = app.test_cli_runner().invoke(args=["bounce"], input=content)
        assert (answer.exit_code, answer.output) == (0, "no report about a letter of ours\n")

    @pytest.mark.parametrize(
        "head",
        ["Content-Type: text/plain" + ";a=" * 60_000, "Content-Type: " + "(" * 200_000],
        ids=["a", "b"],
    )
    def test_none_takes_long(self, app: Flask, editor: Account, head: str) -> None:
        row = a_sent_letter(editor, a_subscriber())
        began = perf_counter()
        assert actions.take_in_report(f"{head}\n\nhej".encode()) == "foreign"
        inside = a_report(f"<{row.id}@example.org>").replace(b"Subject: ", f"{head}\nSubject: ".encode())
        actions.take_in_report(inside)
        long_id = a_report(f"<{row.id}@{'=?utf-8?q?a?= ' * 40_000}>")
        assert actions.take_in_report(long_id) in ("noted", "known")
        assert perf_counter() - began < 5

    def test_a_name_on_a_line_of_its_own_is_read(self, app: Flask, editor: Account) -> None:
        row = a_sent_letter(editor, a_subscriber())
        assert actions.take_in_report(a_report(f"\n <{row.id}@example.org>")) == "noted"

    def test_a_report_written_by_pythons_own_library(self, app: Flask, editor: Account) -> None:
        row = a_sent_letter(editor, a_subscriber())
        original = EmailMessage()
        original["Message-ID"] = f"<{row.id}@example.org>"
        original.set_content("Hej")
        report = EmailMessage()
        report["Subject"] = "Returned"
        report.set_content("It came back.")
        report.add_attachment(original)
        assert actions.take_in_report(bytes(report)) == "foreign", "no part for machines"


# --- what editors see ------------------------------------------------------------------------------------------


class TestTheEditorsPage:
    def test_numbers_and_no_addresses(self, visitor: Visitor, editor: Account) -> None:
        for number in range(6):
            a_subscriber(f"reader{number}@example.org")
        a_subscriber("asked@example.org", says_yes=False)
        post = a_post(editor, "En fest i parken")
        db.session.add(Mailing(post_id=post.id))
        for number, state in enumerate(["sent"] * 6 + ["given_up"] * 2 + ["unsure"]):
            db.session.add(
                Delivery(id=uuid4(), post_id=post.id, state=state, try_at=clock.now(), tries=number)
            )
        db.session.commit()
        visitor.signs_in(editor).opens("/nyheter/skriv/mejl").sees(
            "Får nyheter 6",
            "Har inte sagt ja än färre än 5",
            "En fest i parken",
            "Skickat till 6",
            "Gick inte att skicka: färre än 5",
            "Vi vet inte om mejlet kom fram till färre än 5",
        )
        visitor.misses("@example.org</", "reader0")
        visitor.sends(f"/nyheter/skriv/mejl/{post.id}/igen").sees("Mejlen skickas igen.", "Skickas")
        db.session.expire_all()
        kept = select(Delivery.state).where(Delivery.post_id == post.id)
        assert sorted(db.session.scalars(kept)).count("waiting") == 1

    def test_the_desk_leads_there(self, visitor: Visitor, editor: Account) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv")
        assert 'href="/nyheter/skriv/mejl"' in visitor.html

    def test_news_pages_ask(self, visitor: Visitor, editor: Account) -> None:
        choir = makers.a_choir(town="Boden")
        a_post(editor, choirs=[choir])
        for path in ("/nyheter", f"/nyheter/ort/{choir.town.slug}"):
            visitor.opens(path)
            assert 'action="/nyheter/mejl"' in visitor.html
        assert f'name="towns" value="{choir.town.slug}"' in visitor.html
        visitor.opens(f"/nyheter/mejl?ort={choir.town.slug}&sprak=latt")
        assert "checked" in visitor.html


# --- rules -----------------------------------------------------------------------------------------------------


def test_who_wants_what() -> None:
    boden, umea = uuid4(), uuid4()
    assert wants(is_about_all=True, towns=(), post_towns=[boden])
    assert wants(is_about_all=False, towns=[boden], post_towns=[boden, umea])
    assert not wants(is_about_all=False, towns=[umea], post_towns=[boden])
    assert wants(is_about_all=False, towns=[umea], post_towns=[])
    assert not wants(is_about_all=False, towns=[], post_towns=[boden])


def test_the_best_language() -> None:
    assert best_language("ar", ["sv", "ar"]) == "ar"
    assert best_language("ar", ["sv", "sv-simple"]) == "sv-simple"
    assert best_language("sv", ["sv", "sv-simple"]) == "sv"
    assert best_language("ar", ["sv"]) == "sv"


def test_pauses_grow() -> None:
    assert [pause_after(tries).total_seconds() / 60 for tries in (1, 2, 3, 7)] == [5, 10, 20, 320]


@pytest.mark.parametrize(
    ("words", "code", "status", "is_the_address"),
    [
        ("5.1.1 unknown user", 550, "5.1.1", True),
        ("no such person", 550, "550", True),
        ("5.2.2 mailbox full", 552, "5.2.2", True),
        ("5.7.1 spam", 550, "5.7.1", False),
        ("relay denied", 554, "554", False),
        ("4.2.0 greylisted, not 5.1.1", 450, "4.2.0", False),
        ("see 5.1.1 below", 450, "450", False),
    ],
)
def test_what_a_server_means(words: str, code: int, status: str, is_the_address: bool) -> None:
    assert status_in(words, code) == status
    assert is_of_the_address(status) == is_the_address


def test_a_text_without_html() -> None:
    html = (
        '<h2>Nu</h2><p>Läs <a href="https://a.example/x">här</a>,\nså <em>ser</em><br>du.</p>'
        "<ul><li>ett</li><li><p>två</p></li></ul><blockquote><p>Ja &amp; nej</p></blockquote>"
        '<p><a href="https://b.example">https://b.example</a></p>'
    )
    assert as_plain_text(html) == (
        "Nu\n\nLäs här (https://a.example/x), så ser\ndu.\n– ett\n–\n\ntvå\n\nJa & nej\n\nhttps://b.example"
    ).replace("–\n\ntvå", "– två")
