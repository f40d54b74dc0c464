"""The pages about money: what a manager sees and does, and what a leader may see."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.models import Agreement, BankBalance, CostLine, Deadline, InKind, Payment
from choir_app.partners.models import Touchpoint
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.statements import at_most
from tests.visitor import Visitor


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


class TestTheForecast:
    def test_the_answer_stands_first(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        visitor.opens("/finansiering/prognos")
        assert visitor.tree.find(".//h1").text == "Pengarna räcker till 2 juli 2026."  # type: ignore[union-attr]
        visitor.sees("Sedan fattas", "torsdag 9 juli", "Så räknar vi", "den sista 2 juli")

    def test_without_a_balance_it_says_what_to_do(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        visitor.opens("/finansiering/prognos").sees(
            "Vi vet inte hur länge pengarna räcker.", "Det finns inget saldo för kassan."
        )

    def test_without_choirs(self, visitor: Visitor, manager: Account) -> None:
        makers.a_balance(1, TODAY)
        visitor.opens("/finansiering/prognos").sees("Det finns inga körer som sjunger än.")

    def test_a_choir_without_costs_is_asked_for(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        makers.a_choir(town="Göteborg")
        makers.a_balance(3_500 * KR, TODAY)
        visitor.opens("/finansiering/prognos").sees("Göteborg har inga kostnader.", "Okänt")

    def test_money_that_lasts(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        makers.a_balance(10_000_000 * KR, TODAY)
        visitor.opens("/finansiering/prognos").sees("Pengarna räcker längre än till 16 juni 2029.", "Täckt")

    def test_borrowed_and_old(self, visitor: Visitor, manager: Account) -> None:
        choir = a_singing_choir()
        makers.a_balance(0, TODAY - timedelta(days=50))
        agreement = makers.an_agreement(5_000 * KR, choir)
        actions.note_payment(agreement, on=TODAY - timedelta(days=60), ore=5_000 * KR, by=manager)
        visitor.opens("/finansiering/prognos").sees("Kassan har lånat 5 000 kr", "Kassans saldo är från")

    def test_as_of_another_day(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        makers.a_balance(1_000 * KR, TODAY)
        visitor.opens("/finansiering/prognos?per=2026-09-01").sees(
            "Pengarna tog slut 25 juni 2026.", "Räknat från 1 september 2026."
        )

    @pytest.mark.parametrize("typed", ["i går", "2026-13-01", "0001-01-01", "9999-12-31", "💰"])
    def test_a_day_that_cannot_be_read(self, visitor: Visitor, manager: Account, typed: str) -> None:
        visitor.opens(f"/finansiering/prognos?per={typed}", 422).sees("Skriv datumet så här")

    def test_the_picture_and_the_table_tell_the_same_sums(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir(cost=1_301)
        makers.a_balance(20_000 * KR, TODAY)
        told = queries.forecast(TODAY)
        lacking = queries.whole_kronor(told.lacking_until(date(2026, 12, 31))).replace("\u00a0", " ")
        visitor.opens("/finansiering/prognos")
        assert visitor.text.count(lacking) >= 3, "the sentence, the sum line and the table"

    def test_statements(self, visitor: Visitor, manager: Account) -> None:
        for number in range(3):
            choir = a_singing_choir(f"Ort {number}")
            makers.an_agreement(9_000 * KR, choir)
        makers.a_balance(20_000 * KR, TODAY)
        visitor.opens("/finansiering/prognos")
        with at_most(22, "statements"):
            visitor.opens("/finansiering/prognos")

    def test_the_front_of_the_money_leads_to_it(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering").sees("Se hur länge pengarna räcker")


class TestAChoirsPage:
    @pytest.fixture
    def choir(self, app: Flask) -> Choir:
        choir = a_singing_choir()
        makers.a_balance(2_000 * KR, TODAY)
        makers.an_agreement(
            1_000 * KR, choir, partner=makers.a_partner("Bodenbo"), usable_to=date(2026, 12, 31)
        )
        makers.an_agreement(77_700 * KR, a_singing_choir("Östersund"), partner=makers.a_partner("Annan AB"))
        return choir

    def test_its_leader_sees_dates_and_names_but_no_sums(self, visitor: Visitor, choir: Choir) -> None:
        visitor.signs_in(makers.a_leader(choir)).opens(f"/finansiering/kor/{choir.slug}")
        visitor.sees("Boden är finansierad till", "Bodenbo", "till 31 december 2026")
        visitor.misses("Annan AB")
        assert not re.search(r"\d\s*kr\b", visitor.text)

    def test_another_choirs_leader_does_not(self, visitor: Visitor, choir: Choir) -> None:
        other = makers.a_leader(makers.a_choir(town="Göteborg"))
        visitor.signs_in(other).opens(f"/finansiering/kor/{choir.slug}", 403)

    def test_a_member_does_not(self, visitor: Visitor, choir: Choir) -> None:
        visitor.signs_in(makers.an_account()).opens(f"/finansiering/kor/{choir.slug}", 403)

    def test_no_such_choir(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/kor/atlantis", 404)

    def test_a_choir_that_rests_and_one_of_which_nothing_is_known(
        self, visitor: Visitor, manager: Account
    ) -> None:
        resting, new = makers.a_choir(town="Göteborg", state="paused"), makers.a_choir(town="Norrköping")
        makers.a_balance(1, TODAY)
        visitor.opens(f"/finansiering/kor/{resting.slug}").sees("Göteborg sjunger inte nu.")
        visitor.opens(f"/finansiering/kor/{new.slug}").sees("Norrköping har inga kostnader.")


class TestAnAgreement:
    def test_is_added_and_the_notice_tells_how_the_date_moved(
        self, visitor: Visitor, manager: Account
    ) -> None:
        choir, partner = a_singing_choir(), makers.a_partner()
        makers.a_balance(1_000 * KR, TODAY)
        visitor.opens("/finansiering/avtal/nytt?partner=bodenbo")
        visitor.sends(
            "/finansiering/avtal/nytt",
            partner=partner.id,
            name="Kören i Boden",
            amount="2 000",
            signed_on=TODAY,
            usable_from="2026-06-01",
            usable_to="2026-12-31",
            allocation="choirs",
            choirs=[str(choir.id)],
            receipt=uuid4(),
        )
        visitor.sees("Boden är nu finansierad till 2 juli 2026, förut till 18 juni 2026.", "Kören i Boden")
        agreement = db.session.query(Agreement).one()
        assert (agreement.amount_ore, agreement.allocation) == (2_000 * KR, "choirs")
        assert agreement.noted_by_id == manager.id

    def test_sent_twice_it_is_one(self, visitor: Visitor, manager: Account) -> None:
        fields = {
            "partner": makers.a_partner().id,
            "name": "x",
            "amount": "1",
            "signed_on": TODAY,
            "usable_from": TODAY,
            "allocation": "all",
            "receipt": uuid4(),
        }
        visitor.opens("/finansiering/avtal/nytt")
        visitor.sends("/finansiering/avtal/nytt", **fields).sends("/finansiering/avtal/nytt", **fields)
        assert db.session.query(Agreement).count() == 1

    def test_what_happens_to_it(self, visitor: Visitor, manager: Account) -> None:
        choir = a_singing_choir()
        agreement = makers.an_agreement(5_000 * KR, choir, usable_to=date(2026, 12, 31))
        makers.a_balance(0, TODAY)
        home = f"/finansiering/avtal/{agreement.id}"
        visitor.opens(f"{home}/inbetalning")
        visitor.sends(
            f"{home}/inbetalning", sum="2 500,50", on=TODAY, note="Första utbetalningen", receipt=uuid4()
        )
        visitor.sees("Inbetalningen är sparad.", "2 500,50 kr", "Första utbetalningen")
        visitor.sends(f"{home}/anvant", sum="1000", as_of=TODAY, receipt=uuid4())
        visitor.sees("4 000 kr är kvar att använda.")
        visitor.sends(f"{home}/andring", delta="-500", on=TODAY, new_usable_to="2027-01-31", receipt=uuid4())
        visitor.sees("3 500 kr är kvar att använda.", "31 januari 2027", "Ändringen är sparad.")
        visitor.sends(
            f"{home}/sista-dag", kind="final_report", due_on="2027-02-28", owner="", receipt=uuid4()
        )
        report = db.session.query(Deadline).one()
        visitor.sees("Slutrapport", "Senast 28 februari 2027")
        visitor.sends(f"{home}/sista-dag/{report.id}/inskickad").sees("Inskickad")
        visitor.sends(f"{home}/sista-dag/{report.id}/godkand").sees("Godkänd")
        visitor.sends(f"{home}/sista-dag/{report.id}/angra").misses("Godkänd")
        payment = db.session.query(Payment).one()
        visitor.sends(f"{home}/stryk").sees("Stryk inbetalningarna först.")
        visitor.sends(f"{home}/rader/payment/{payment.id}/stryk").sees("Raden är struken.")
        visitor.sends(f"{home}/rader/payment/{payment.id}/stryk", 404)
        visitor.sends(f"{home}/stryk").sees("Avtalet är struket.")
        visitor.opens(home, 404)

    def test_the_list(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/avtal").sees("Det finns inga avtal än.")
        makers.an_agreement(1_000 * KR, usable_to=date(2026, 12, 31), partner=makers.a_partner("Bodenbo"))
        makers.an_agreement(1_000 * KR, usable_to=date(2026, 5, 31))
        visitor.opens("/finansiering/avtal").sees(
            "Avtalet med Bodenbo slutar först, 31 december", "Har slutat"
        )

    def test_statements(self, visitor: Visitor, manager: Account) -> None:
        for _number in range(3):
            makers.an_agreement(1_000 * KR, makers.a_choir())
        visitor.opens("/finansiering/avtal")
        with at_most(10, "statements"):
            visitor.opens("/finansiering/avtal")


class TestCosts:
    def test_added_ended_and_struck(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        visitor.opens("/finansiering/kostnader").sees("Det saknas kostnader för Boden.")
        visitor.opens("/finansiering/kostnader/ny?kor=boden")
        visitor.sends(
            "/finansiering/kostnader/ny",
            choir=choir.id,
            category="venue",
            what="Lokalen",
            driver="monthly",
            sum="1 200",
            day_of_month="25",
            valid_from=TODAY,
            valid_to="",
            receipt=uuid4(),
        )
        visitor.sees("Kostnaden är sparad.", "Lokalen", "Varje månad, den 25", "1 200 kr")
        line = db.session.query(CostLine).one()
        visitor.opens(f"/finansiering/kostnader/{line.id}/avsluta")
        visitor.sends(f"/finansiering/kostnader/{line.id}/avsluta", last_day="2026-12-31")
        visitor.sees("till 31 december 2026")
        visitor.sends(f"/finansiering/kostnader/{line.id}/stryk").sees("Kostnaden är struken.")
        visitor.misses("Lokalen")

    def test_a_shared_cost(self, visitor: Visitor, manager: Account) -> None:
        fields = {
            "choir": "shared",
            "category": "coordination",
            "driver": "once",
            "sum": "1",
            "valid_from": TODAY,
        }
        visitor.opens("/finansiering/kostnader/ny").sends("/finansiering/kostnader/ny", **fields)
        visitor.sees("Gemensamt för alla körer", "En gång")
        assert db.session.query(CostLine).one().choir_id is None

    def test_help_in_kind(self, visitor: Visitor, manager: Account) -> None:
        choir, hall = makers.a_choir(), makers.a_partner("Folkets hus")
        line = makers.a_cost_line(choir, 1_000 * KR, category="venue")
        visitor.opens("/finansiering/naturastod/nytt")
        visitor.sends(
            "/finansiering/naturastod/nytt",
            partner=hall.id,
            choir=choir.id,
            what="lånar ut lokalen",
            replaces=line.id,
            valid_from=TODAY,
            receipt=uuid4(),
        )
        visitor.sees("Hjälpen är sparad.", "Lånar ut lokalen", "ersätter Lokal")
        gift = db.session.query(InKind).one()
        visitor.sends(f"/finansiering/naturastod/{gift.id}/stryk").misses("Lånar ut lokalen")


class TestTheBank:
    def test_a_balance_is_noted_and_struck(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        visitor.opens("/finansiering/kassan").sees("Skriv in vad som finns på kontot.")
        visitor.sends("/finansiering/kassan", sum="-1 500,50", as_of=TODAY, receipt=uuid4())
        visitor.sees("Saldot är sparat.", "−1 500,50 kr")
        row = db.session.query(BankBalance).one()
        visitor.sends(f"/finansiering/kassan/{row.id}/stryk").sees("Saldot är struket.")
        visitor.misses("500,50")


class TestAPartnersPage:
    def test_the_log_is_always_open(self, visitor: Visitor, manager: Account) -> None:
        partner = makers.a_partner("Bodenbo", "Boden")
        contact = makers.a_contact(partner)
        visitor.opens("/partner/bodenbo").sees(
            "Ingen har pratat med dem än.", "Inget nästa steg.", "Bostadsföretag · Boden"
        )
        assert 'href="tel:0701740620"' in visitor.html
        assert 'href="mailto:anna.ek@example.org"' in visitor.html
        fields = {
            "note": "Anna sa ja.",
            "kind": "call",
            "happened_on": TODAY,
            "contact": contact.id,
            "receipt": uuid4(),
        }
        visitor.sends("/partner/bodenbo", **fields).sees(
            "Sparat i loggen.", "Anna sa ja.", "16 juni · Samtal"
        )
        visitor.sends("/partner/bodenbo", **fields)
        assert db.session.query(Touchpoint).count() == 1

    def test_what_ends_soon_and_is_late(self, visitor: Visitor, manager: Account) -> None:
        partner = makers.a_partner()
        makers.an_agreement(5_000 * KR, partner=partner, usable_to=TODAY + timedelta(days=30))
        makers.a_next_step(partner, TODAY - timedelta(days=3), owner_id=manager.id)
        visitor.opens("/partner/bodenbo").sees("Avtalet slutar 16 juli 2026.", "Försenat", "Ring om avtalet")

    def test_no_such_partner(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/partner/ingen", 404)
