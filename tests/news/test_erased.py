"""Somebody is erased as a singer: what the news has kept of the same person, as words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.caretaker import THE_HOUSE
from choir_app.foundation.database import Fact, db
from choir_app.foundation.mail import Letter
from choir_app.news import actions, queries
from choir_app.news.models import Delivery, KeptPicture, PersonInPicture, Subscriber
from tests import makers
from tests.news.letters import a_subscriber
from tests.news.made import a_post
from tests.visitor import Visitor

NAME = "0" * 32


@pytest.fixture
def hodan(leader: tuple[Account, Choir]) -> Singer:
    return makers.a_singer("Hodan", "Ek", choir=leader[1], email="Hodan@Example.org")


@pytest.fixture
def shown(editor: Account, hodan: Singer) -> PersonInPicture:
    editor.password_hash = "has joined"
    makers.a_kept_picture(NAME)
    return makers.a_person_in_picture(NAME, "Hodan  EK")


def erase(singer: Singer, by: object) -> None:
    choirs.erase_singer(singer, by=by)
    db.session.commit()


class TestAPicture:
    def test_editors_are_asked_about_the_very_same_name_and_no_other(
        self, shown: PersonInPicture, hodan: Singer, editor: Account, leader: tuple[Account, Choir]
    ) -> None:
        makers.a_person_in_picture(NAME, "Hodan Eklund")
        erase(hodan, leader[0])
        assert queries.people_perhaps_erased() == [shown]
        (letter,) = db.session.scalars(select(Letter))
        assert letter.recipient == editor.email
        assert "/nyheter/skriv/bilder" in letter.body
        assert "Hodan" not in letter.body

    def test_yes_takes_the_name_and_the_picture_away(
        self, shown: PersonInPicture, hodan: Singer, editor: Account, visitor: Visitor
    ) -> None:
        erase(hodan, makers.a_manager())
        visitor.signs_in(editor).opens("/nyheter/skriv/bilder").sees("samma namn står på en bild")
        visitor.misses("Hodan")
        at = f"/nyheter/skriv/bilder/{NAME}"
        visitor.opens(at).sees("Stämmer det att Hodan EK på bilden är raderad?")
        visitor.sends(f"{at}/person/{shown.id}/radera").misses("Hodan", "Stämmer det att")
        assert queries.is_withheld(NAME)
        visitor.opens("/nyheter/skriv/bilder").misses("samma namn står på en bild")
        assert not db.session.scalars(select(Fact).where(Fact.name.contains(str(shown.id)))).all()

    def test_no_leaves_the_picture_and_asks_no_more(
        self, shown: PersonInPicture, hodan: Singer, editor: Account, visitor: Visitor
    ) -> None:
        erase(hodan, makers.a_manager())
        at = f"/nyheter/skriv/bilder/{NAME}"
        visitor.signs_in(editor).opens(at)
        for _time in range(2):
            visitor.sends(f"{at}/person/{shown.id}/annan").sees("Hodan EK").misses("Stämmer det att")
        assert not queries.is_withheld(NAME)
        assert queries.people_perhaps_erased() == ()

    def test_nobody_is_asked_when_nobody_is_called_so(
        self, shown: PersonInPicture, leader: tuple[Account, Choir]
    ) -> None:
        erase(makers.a_singer("Amal", choir=leader[1]), leader[0])
        assert queries.people_perhaps_erased() == ()
        assert db.session.scalars(select(Letter)).all() == []

    def test_other_spellings_that_were_merged_are_asked_about_too(
        self, shown: PersonInPicture, hodan: Singer, leader: tuple[Account, Choir]
    ) -> None:
        other = makers.a_singer("Hodaan", "Ekh", choir=leader[1])
        makers.a_merge(hodan, other)
        db.session.commit()
        erase(other, makers.a_manager())
        assert queries.people_perhaps_erased() == [shown]

    def test_editors_are_written_to_once_about_the_same_name(
        self, shown: PersonInPicture, hodan: Singer, leader: tuple[Account, Choir]
    ) -> None:
        other = makers.a_singer("hodan", "ek", choir=leader[1])
        makers.a_merge(hodan, other)
        db.session.commit()
        erase(other, makers.a_manager())
        assert len(db.session.scalars(select(Letter)).all()) == 1

    def test_a_leader_is_not_told_of_names(
        self, shown: PersonInPicture, hodan: Singer, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        db.session.get_one(KeptPicture, NAME).taken_in_by_id = leader[0].id
        erase(hodan, leader[0])
        visitor.signs_in(leader[0]).opens("/nyheter/skriv/bilder").misses("samma namn")
        visitor.opens(f"/nyheter/skriv/bilder/{NAME}").misses("Stämmer det att")


class TestLetters:
    def test_end_with_the_person_and_what_waited_is_not_sent(
        self, hodan: Singer, editor: Account, leader: tuple[Account, Choir]
    ) -> None:
        a_subscriber("hodan@example.org")
        other = a_subscriber("amal@example.org")
        a_post(editor)
        with clock.set_to(clock.now() + timedelta(minutes=6)):
            actions.begin_mailings()
        erase(hodan, leader[0])
        assert db.session.scalars(select(Subscriber)).all() == [other]
        states = db.session.execute(select(Delivery.subscriber_id, Delivery.state))
        assert {row.subscriber_id: row.state for row in states} == {None: "left_out", other.id: "waiting"}

    def test_to_the_address_of_the_account_likewise(self, leader: tuple[Account, Choir]) -> None:
        account = makers.an_account()
        a_subscriber(account.email)
        singer = makers.a_singer("Hodan", choir=leader[1], account=account)
        erase(singer, account)
        assert db.session.scalars(select(Subscriber)).all() == []

    def test_go_on_to_an_address_that_somebody_shares_who_stays(
        self, hodan: Singer, leader: tuple[Account, Choir]
    ) -> None:
        parent = makers.a_singer("Amal", "Ek", choir=leader[1], email="hodan@example.org")
        other = makers.an_account(email="leyla@example.org")
        child = makers.a_singer("Nora", choir=leader[1], email="Leyla@example.org")
        for address in ("hodan@example.org", other.email):
            a_subscriber(address)
        erase(hodan, leader[0])
        erase(child, leader[0])
        kept = select(Subscriber.email).order_by(Subscriber.email)
        assert db.session.scalars(kept).all() == ["hodan@example.org", "leyla@example.org"]
        erase(parent, leader[0])
        assert db.session.scalars(kept).all() == ["leyla@example.org"]

    def test_go_on_to_whoever_only_stopped_singing_long_ago(self, hodan: Singer) -> None:
        a_subscriber("hodan@example.org")
        erase(hodan, THE_HOUSE)
        assert len(db.session.scalars(select(Subscriber)).all()) == 1
