"""A singer corrects and takes out what is held on them."""

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.rehearsals import queries as rehearsals
from tests import makers
from tests.conftest import NOW
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
