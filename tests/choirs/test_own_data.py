"""A singer corrects and takes out what is held on them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs import actions, queries
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.rehearsals import queries as rehearsals
from tests import makers
from tests.conftest import NOW, TheClock
from tests.visitor import Visitor

CHANGE, ERASE = "/hem/uppgifter/andra", "/hem/uppgifter/ta-bort"


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def hodan(choir: Choir) -> Singer:
    account = makers.an_account("Hodan Ali")
    return makers.a_singer("Hodan", "Ali", choir=choir, account=account, note="Sitter nära dörren.")


def account_of(singer: Singer) -> Account:
    assert singer.account is not None
    return singer.account


class TestCorrecting:
    def test_ones_own(self, visitor: Visitor, hodan: Singer) -> None:
        visitor.signs_in(account_of(hodan)).opens("/hem/uppgifter").sees("Ändra mina uppgifter")
        visitor.opens(CHANGE).sends(
            CHANGE, first_name="Hodán", surname="", phone="070-174 06 11", email="", reads="so"
        )
        visitor.sees("Uppgifterna är sparade.", "Hodán", "070-174 06 11", "Soomaali")
        assert (hodan.surname, hodan.reads, hodan.note) == (None, "so", "Sitter nära dörren.")
        assert db.session.scalar(select(AuditEntry.by_id).where(AuditEntry.verb == "singer.changed"))

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("first_name", "", "Skriv ett förnamn."),
            ("first_name", "Hodan 811218-9876", "personnummer"),
            ("phone", "811218-9876", "personnummer"),
            ("email", "hodan", "Skriv mejladressen"),
        ],
    )
    def test_what_is_refused(
        self, visitor: Visitor, hodan: Singer, field: str, value: str, said: str
    ) -> None:
        sent = {"first_name": "Hodan", "surname": "Ali", "phone": "", "email": "", "reads": "", field: value}
        visitor.signs_in(account_of(hodan)).opens(CHANGE).sends(CHANGE, 422, **sent).sees(said)
        assert (hodan.first_name, hodan.phone) == ("Hodan", None)

    @pytest.mark.parametrize("path", [CHANGE, ERASE])
    def test_who_is_no_singer_has_nothing_to_correct(
        self, visitor: Visitor, hodan: Singer, path: str
    ) -> None:
        visitor.signs_in(makers.a_leader(hodan.memberships[0].choir)).opens(path, 404)


class TestErasing:
    def test_takes_the_person_out_and_keeps_the_count_and_the_account(
        self, visitor: Visitor, choir: Choir, hodan: Singer
    ) -> None:
        rehearsal = makers.a_logged_rehearsal(choir, NOW, hodan)
        visitor.signs_in(account_of(hodan)).opens(ERASE).sends(ERASE, 422).sees(
            "Kryssa i rutan om du är säker."
        )
        visitor.sends(ERASE, is_sure="1").sees(
            "Dina uppgifter är borttagna.", "Kören har inget sparat om dig."
        )
        db.session.refresh(hodan)
        assert (hodan.first_name, hodan.account_id) == ("Raderad sångare", None)
        assert rehearsals.roll_of(rehearsal).here == 1
        visitor.opens(CHANGE, 404)


class TestWhoHasSeen:
    def test_a_singer_is_told_who_and_on_how_many_days(
        self, visitor: Visitor, hodan: Singer, choir: Choir, the_clock: TheClock
    ) -> None:
        elin = makers.a_leader(choir, name="Elin Ek")
        visitor.signs_in(elin).opens(f"/sangare/{hodan.id}")
        visitor.opens(f"/korer/{choir.slug}/sangare")
        the_clock.set_to(NOW + timedelta(days=1))
        visitor.opens(f"/korer/{choir.slug}/narvaro-tabell")
        visitor.signs_in(makers.a_manager("Karin Kall")).opens(f"/korer/{choir.slug}/sangare")
        looks = [(one.by, one.days, one.own_page_days, one.last_on.day) for one in queries.looks_at(hodan)]
        assert sorted(looks) == [("Elin Ek", 2, 1, 17), ("Karin Kall", 1, 0, 17)]
        visitor.signs_in(account_of(hodan)).opens("/hem/uppgifter")
        visitor.sees("Vem har sett dina uppgifter", "2 dagar, senast", "Körens lista")
        assert "Elin Ek" in visitor.html
        assert "Karin Kall" in visitor.html
        told = visitor.opens("/hem/uppgifter.json").json["looks"]
        assert {one["by"]: one["days"] for one in told} == {"Elin Ek": 2, "Karin Kall": 1}

    def test_neither_what_was_seen_before_one_came_nor_of_other_choirs_nor_by_oneself(
        self, visitor: Visitor, hodan: Singer, choir: Choir, the_clock: TheClock
    ) -> None:
        other = makers.a_choir(town="Linköping")
        visitor.signs_in(makers.a_leader(other)).opens(f"/korer/{other.slug}/sangare")
        makers.a_membership(hodan, other, since=NOW.date() + timedelta(days=1))
        the_clock.set_to(NOW - timedelta(days=30))
        visitor.signs_in(makers.a_leader(choir, name="Elin Ek")).opens(f"/korer/{choir.slug}/sangare")
        the_clock.set_to(NOW)
        assert queries.looks_at(hodan) == []
        visitor.signs_in(account_of(hodan)).opens("/hem/uppgifter").sees("Ingen än.")

    def test_nothing_older_than_two_years(
        self, visitor: Visitor, hodan: Singer, choir: Choir, the_clock: TheClock
    ) -> None:
        visitor.signs_in(makers.a_leader(choir)).opens(f"/sangare/{hodan.id}")
        the_clock.set_to(NOW.replace(year=2028))
        assert len(queries.looks_at(hodan)) == 1
        the_clock.set_to(NOW.replace(year=2028) + timedelta(days=1))
        assert queries.looks_at(hodan) == []

    def test_what_was_seen_of_the_other_row_of_the_same_person_is_told(
        self, visitor: Visitor, hodan: Singer, choir: Choir
    ) -> None:
        other = makers.a_singer("Hodan", choir=choir)
        elin = makers.a_leader(choir, name="Elin Ek")
        visitor.signs_in(elin).opens(f"/sangare/{other.id}")
        actions.merge_singers(other, into=hodan, by=elin)
        assert [one.own_page_days for one in queries.looks_at(hodan)] == [1]
