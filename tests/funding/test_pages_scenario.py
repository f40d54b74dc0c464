"""«Tänk om …» and the plans that are kept, as a manager sees them."""

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import Agreement, SavedScenario
from choir_app.funding.rules.scenario import Answered, Scenario, query_of
from choir_app.funding.views import scenario
from tests import makers
from tests.conftest import TheClock
from tests.funding.kept import PAYER, a_plan
from tests.funding.made import an_instalment
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.statements import counted
from tests.visitor import Visitor

TRY = "/finansiering/tank-om"
NEW = {"ny": "4 000", "ny_for": "alla", "ny_fran": "2026-07-01", "ny_till": "2026-12-31"}


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    """Somebody who sees the money, and a choir whose money ends on 2 July."""
    account = makers.a_manager()
    a_singing_choir()
    makers.a_balance(3_500 * KR, TODAY)
    visitor.signs_in(account)
    return account


def an_address(fields: dict[str, str], path: str = TRY) -> str:
    return f"{path}?{urlencode(fields)}"


class TestThePage:
    def test_nothing_tried(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(TRY).sees("Pengarna räcker till 2 juli 2026.", "Så ser dagens plan ut.", "samma dag")

    def test_what_somebody_writes_meanwhile_is_not_taken_for_counted(
        self, visitor: Visitor, manager: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def typed() -> dict[str, str]:
            visitor.app.extensions["kept_pages"].version = "later"  # after this page began to read
            return {}

        monkeypatch.setattr(scenario, "_typed", typed)
        visitor.opens(TRY)
        assert all(version != "later" for version, _day in visitor.app.extensions["todays_plan"])

    def test_both_answers_stand_beside_each_other(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address(NEW)).sees(
            "Dagens plan: 2 juli 2026.",
            "dagar längre",
            "En ny finansiär betalar 4 000 kr i månaden för alla körer, 1 juli 2026 till 31 december 2026.",
            "Spara som plan",
        )

    def test_what_was_typed_stands_in_the_form(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address(NEW))
        fields = {one.get("name"): one.get("value") for one in visitor.tree.iter("input")}
        assert fields["ny"] == "4 000"
        assert fields["ny_fran"] == "2026-07-01"
        assert "ny2" in fields

    def test_a_talk_that_is_won(self, visitor: Visitor, manager: Account) -> None:
        ask = makers.an_opportunity(
            90_000 * KR, usable_from=TODAY, name="Höststöd", partner=makers.a_partner("Folkets hus")
        )
        visitor.opens(TRY).sees("Folkets hus", "Höststöd", "Ansökt")
        visitor.opens(an_address({f"svar.{ask.id}": "ja", f"kr.{ask.id}": "1 000"})).sees(
            "Folkets hus säger ja till 1 000 kr för «Höststöd».", "7 dagar längre"
        )

    def test_money_that_comes_late(self, visitor: Visitor, manager: Account) -> None:
        agreement = makers.an_agreement(9_000 * KR, partner=makers.a_partner("Stiftelsen"), signed_on=TODAY)
        one = an_instalment(agreement, 9_000 * KR, date(2026, 7, 1))
        visitor.opens(an_address({f"sen.{one.id}": "45"})).sees(
            "Stiftelsen, 9 000 kr", "kommer 45 dagar senare", "Kassan, med det du provar"
        )

    def test_a_choir_pauses_or_comes(self, visitor: Visitor, manager: Account) -> None:
        fields = {"paus": "boden", "paus_fran": "2026-06-20", "paus_till": "2026-08-31"}
        visitor.opens(an_address(fields)).sees("Boden pausar", "dagar längre")
        visitor.opens(an_address({"kor": "boden", "kor_fran": "2026-06-20"})).sees(
            "Ny kör som Boden", "dagar kortare"
        )

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({**NEW, "ny": "mycket"}, "Skriv ett belopp mellan 0 och 1 000 000 kr."),
            ({**NEW, "ny_till": "2026-06-30"}, "Sista dagen ligger före den första. Ändra en av dem."),
            ({**NEW, "ny_fran": "snart"}, "Skriv datumet så här: 2026-06-16."),
            ({"kostnad": "10"}, "Skriv vilken dag."),
            ({"kostnad": "301", "kostnad_fran": "2026-07-01"}, "Skriv procent från -90 till 300"),
        ],
    )
    def test_what_cannot_be_read_is_told_beside_its_field(
        self, visitor: Visitor, manager: Account, fields: dict[str, str], said: str
    ) -> None:
        visitor.opens(an_address(fields), 422).sees(said, "1 fält går inte att läsa och räknas inte.")

    def test_without_a_balance_it_says_that_it_does_not_know(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager())
        a_singing_choir()
        visitor.opens(an_address(NEW)).sees("Vi vet inte hur länge pengarna räcker.")

    def test_without_choirs(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager())
        visitor.opens(TRY).sees("Det finns inga körer som sjunger än.")

    def test_the_answer_alone(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address(NEW, f"{TRY}/svar")).sees(
            "Dagens plan: 2 juli 2026.", "En ny finansiär betalar"
        )
        parts = {part.get("data-part"): part.get("data-query") for part in visitor.tree.iter("div")}
        assert parts["answer"] == "ny=4000&ny_for=alla&ny_fran=2026-07-01&ny_till=2026-12-31"
        assert "more" in parts
        visitor.misses("<form")
        visitor.opens(an_address({"ny": "x"}, f"{TRY}/svar")).sees("går inte att läsa")

    def test_however_many_choirs_it_asks_the_database_as_often(
        self, visitor: Visitor, manager: Account
    ) -> None:
        makers.an_opportunity(9_000 * KR, a_singing_choir("Norrköping"))
        visitor.opens(an_address(NEW, f"{TRY}/svar"))
        with counted() as few:
            visitor.opens(an_address({**NEW, "ny": "5000"}, f"{TRY}/svar"))
        for town in ("Östersund", "Göteborg", "Linköping"):
            makers.an_opportunity(9_000 * KR, a_singing_choir(town))
        visitor.opens(an_address(NEW, f"{TRY}/svar"))
        with counted() as many:
            visitor.opens(an_address({**NEW, "ny": "6000"}, f"{TRY}/svar"))
        assert len(few) == len(many)


class TestPlans:
    def test_kept_under_a_name_and_opened_by_its_address(self, visitor: Visitor, manager: Account) -> None:
        address = an_address(NEW, f"{TRY}/spara")
        visitor.opens(address).sees("En ny finansiär betalar 4 000 kr i månaden")
        visitor.sends(address, name="  Två   till ")
        plan = db.session.query(SavedScenario).one()
        assert plan.name == "Två till"
        visitor.opens(f"/finansiering/plan/{plan.id}").sees(
            "Två till",
            "En plan som Jonas Berg sparade 16 juni 2026.",
            "Dagens plan: 2 juli 2026.",
            "Planen sa då:",
        )
        visitor.opens("/finansiering/planer").sees("Två till", "Jonas Berg")

    def test_a_name_is_used_once(self, visitor: Visitor, manager: Account) -> None:
        a_plan("Två till")
        visitor.sends(an_address(NEW, f"{TRY}/spara"), 422, name="Två till")
        visitor.sees("Det finns redan en plan som heter så. Skriv ett annat namn.")

    def test_nothing_tried_is_no_plan(self, visitor: Visitor, manager: Account) -> None:
        visitor.sends(f"{TRY}/spara", 422, name="Tom")
        visitor.sees("Prova något först. Det finns inget att spara än.")

    def test_the_books_have_moved_since(
        self, visitor: Visitor, manager: Account, the_clock: TheClock
    ) -> None:
        old = makers.an_agreement(1_000 * KR, signed_on=TODAY)
        old.noted_at = clock.now() - timedelta(days=1)
        plan = a_plan()
        visitor.opens(f"/finansiering/plan/{plan.id}").misses("sedan planen sparades")
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        actions.amend(old, on=TODAY, delta_ore=5, by=manager)
        actions.amend(old, on=TODAY, delta_ore=6, by=manager)
        actions.add_agreement(
            makers.a_partner("Ny"), name="x", signed_on=TODAY, amount_ore=1, usable_from=TODAY, by=manager
        )
        db.session.commit()
        visitor.opens(f"/finansiering/plan/{plan.id}").sees("2 avtal är ändrade sedan planen sparades.")
        visitor.opens("/finansiering/planer").sees("Ändrat sedan dess")
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        visitor.sends(f"/finansiering/plan/{plan.id}/rakna-om").sees("Planen är räknad på nytt.")
        visitor.misses("sedan planen sparades")

    def test_what_a_plan_names_and_is_no_more(self, visitor: Visitor, manager: Account) -> None:
        gone = makers.an_opportunity(5_000 * KR, stages=("applied", "declined"), name="Höststöd")
        plan = a_plan(scenario=Scenario(answers={gone.id: Answered(is_yes=True)}))
        visitor.opens(f"/finansiering/plan/{plan.id}").sees("«Höststöd» räknas inte med.")

    def test_taken_away(self, visitor: Visitor, manager: Account) -> None:
        plan = a_plan("Borta")
        visitor.sends(f"/finansiering/plan/{plan.id}/ta-bort").sees("Planen «Borta» är borttagen.")
        visitor.sees("En ny finansiär betalar 15 000 kr i månaden")
        assert db.session.query(SavedScenario).count() == 0
        assert db.session.query(Agreement).count() == 0

    def test_nobody_without_the_right_sees_it(self, visitor: Visitor, manager: Account) -> None:
        plan = a_plan("Hemlig plan")
        address = f"/finansiering/plan/{plan.id}"
        for who in (makers.a_leader(makers.a_choir()), makers.an_editor(), makers.an_account("Medlem")):
            visitor.signs_in(who)
            visitor.opens(address, 403).misses("Hemlig plan")
            visitor.opens(f"{TRY}/svar?{query_of(Scenario(payers=(PAYER,)))}", 403)

    def test_no_such_plan(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(f"/finansiering/plan/{uuid4()}", 404)


def test_the_address_of_a_plan_is_its_scenario(app: Flask) -> None:
    assert query_of(Scenario(payers=(PAYER,))) == "ny=15000&ny_for=alla&ny_fran=2026-09-01&ny_till=2027-06-30"
