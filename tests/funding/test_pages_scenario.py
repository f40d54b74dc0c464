"""«Tänk om …» and the plans that are kept, as a manager sees them."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import Agreement, SavedScenario
from choir_app.funding.queries import plans
from choir_app.funding.queries.plans import version_of
from choir_app.funding.rules.scenario import Answered, Scenario, query_of, read_query
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

        monkeypatch.setattr(scenario, "typed_fields", typed)
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


class TestThePicture:
    """Each choir's lane with what is tried under that of today's plan, and the same as a table."""

    def turns(self, visitor: Visitor) -> list[str]:
        """What stands between the lanes of the wide picture."""
        drawn = "{http://www.w3.org/2000/svg}"
        picture = next(
            one
            for one in visitor.tree.iter(f"{drawn}svg")
            if one.get("aria-labelledby") == "pairs-title pairs-text"
        )
        named = [(path.get("class") or "").split() for path in picture.iter(f"{drawn}path")]
        return [one[1].removeprefix("c-turn--") for one in named if one[:1] == ["c-turn"] and len(one) == 2]

    def test_nothing_tried_has_none(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(TRY).misses("Vem betalar, i dag och med det du provar")

    def test_what_becomes_paid(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address({**NEW, "ny": "20 000"})).sees(
            "Vem betalar, i dag och med det du provar",
            "Smal: dagens plan",
            "Betalar bara i det du provar",
            "Blir betalt",
        )
        assert set(self.turns(visitor)) == {"paid"}
        visitor.misses("Blir obetalt")

    def test_what_becomes_unpaid(self, visitor: Visitor, manager: Account) -> None:
        makers.an_agreement(40_000 * KR, signed_on=TODAY)
        visitor.opens(an_address({"kostnad": "200", "kostnad_fran": "2026-07-01"})).sees("Blir obetalt")
        assert set(self.turns(visitor)) == {"unpaid"}

    def test_a_pause_pays_for_nothing(self, visitor: Visitor, manager: Account) -> None:
        """Where the choir does not sing, what lacked is gone without being paid."""
        visitor.opens(an_address({"paus": "boden", "paus_fran": "2026-06-17"})).misses("Blir betalt")

    def test_its_table_tells_the_months_that_change(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address({**NEW, "ny": "20 000", "ny_till": "2026-07-31"})).sees("Månader som ändras")
        rows = next(
            table for table in visitor.tree.iter("table") if "Månader som ändras" in "".join(table.itertext())
        )
        told = [" ".join("".join(cell.itertext()).split()) for cell in list(rows.iter("tr"))[1].iter("td")]
        assert told[0] == "juli 2026"
        assert told[2].startswith("Ny finansiär")
        assert (told[3], told[4]) == ("3 500 kr", "0 krblir betalt")

    def test_a_choir_that_there_is_not_yet(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(an_address({"kor": "boden", "kor_fran": "2026-06-20"})).sees(
            "Vem betalar för Ny kör som Boden"
        )

    def test_the_chance_of_each_choir_beside_todays(self, visitor: Visitor, manager: Account) -> None:
        makers.an_opportunity(40_000 * KR, usable_from=TODAY, decision_on=TODAY, stages=("pledged",))
        visitor.opens(an_address({"kostnad": "200", "kostnad_fran": "2026-07-01"})).sees(
            "Chans", "i dag 80 %"
        )


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

    def test_changed_and_saved_under_its_name(self, visitor: Visitor, manager: Account) -> None:
        plan = a_plan("Två till")
        home = f"/finansiering/plan/{plan.id}"
        visitor.opens(home).misses("Spara planen")
        visitor.opens(an_address({**NEW, "sedd": version_of(plan)}, home)).sees(
            "4 000 kr i månaden", "Spara planen", "Spara som ny plan"
        )
        form = next(one for one in visitor.tree.iter("form") if "/andra?" in (one.get("action") or ""))
        visitor.sends(form.get("action") or "").sees("Planen är sparad.", "Två till", "4 000 kr i månaden")
        assert query_of(read_query(plan.query).scenario).startswith("ny=4000&")
        visitor.misses("Spara planen")

    def test_the_page_that_follows_the_slider_saves_the_plan_too(
        self, visitor: Visitor, manager: Account
    ) -> None:
        plan = a_plan()
        seen = version_of(plan)
        visitor.opens(an_address({**NEW, "plan": str(plan.id), "sedd": seen}, f"{TRY}/svar"))
        visitor.sees("Spara planen")
        part = next(one for one in visitor.tree.iter("div") if one.get("data-part") == "answer")
        assert (part.get("data-query") or "").endswith(f"&sedd={seen}")
        visitor.opens(an_address({**NEW, "plan": str(uuid4())}, f"{TRY}/svar")).sees("Spara som plan")
        visitor.opens(an_address({**NEW, "plan": "x"}, f"{TRY}/svar")).sees("Spara som plan")

    def test_of_two_who_change_it_the_second_sees_both(self, visitor: Visitor, manager: Account) -> None:
        plan = a_plan("Två till")
        mine = f"/finansiering/plan/{plan.id}/andra?{urlencode({**NEW, 'sedd': version_of(plan)})}"
        other = makers.a_manager("Karin Lövgren")
        theirs = Scenario(payers=(replace(PAYER, ore_per_month=700_000),))
        actions.change_plan(plan, theirs, seen=version_of(plan), by=other)
        db.session.commit()
        visitor.sends(mine, 422).sees(
            "Någon annan sparade planen medan du provade.", "7 000 kr i månaden", "4 000 kr i månaden"
        )
        assert plan.query == query_of(theirs)
        form = next(one for one in visitor.tree.iter("form") if "/andra?" in (one.get("action") or ""))
        visitor.sends(form.get("action") or "").sees("Planen är sparad.")
        visitor.sends(mine).sees("Planen är sparad.")  # what stands there already needs no choice
        db.session.refresh(plan)
        assert plan.query.startswith("ny=4000&")

    def test_a_plan_without_anything_is_not_saved(self, visitor: Visitor, manager: Account) -> None:
        plan = a_plan()
        visitor.sends(f"/finansiering/plan/{plan.id}/andra?sedd={version_of(plan)}")
        visitor.sees("Prova något först. Det finns inget att spara än.")
        assert plan.query

    def test_another_name(self, visitor: Visitor, manager: Account) -> None:
        plan, other = a_plan("Två till"), a_plan("Tre till")
        address = f"/finansiering/plan/{plan.id}/namn"
        visitor.sends(address, 422, name="Tre till", seen="Två till").sees(
            "Det finns redan en plan som heter så."
        )
        visitor.sends(address, 422, name="  ", seen="Två till").sees("Skriv vad planen heter.")
        visitor.sends(address, name=" Höstens  plan", seen="Två till").sees("Planen heter nu «Höstens plan».")
        visitor.sends(address, 422, name="Vårens plan", seen="Två till").sees("«Höstens plan» medan du skrev")
        visitor.sends(address, name="Vårens plan", seen="Höstens plan")
        assert (plan.name, other.name) == ("Vårens plan", "Tre till")

    @pytest.mark.parametrize("way", ["andra", "namn", "rakna-om", "ta-bort"])
    def test_a_plan_that_somebody_takes_away_in_the_same_moment(
        self, visitor: Visitor, manager: Account, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        plan = a_plan("Två till")
        address = f"/finansiering/plan/{plan.id}/{way}"
        tried = {**NEW, "sedd": version_of(plan)} if way == "andra" else {}
        visitor.opens(f"/finansiering/plan/{plan.id}")
        found = plans.plan

        def gone_once_it_is_read(plan_id: UUID) -> SavedScenario:
            one = found(plan_id)
            others = delete(SavedScenario).where(SavedScenario.id == plan_id)
            db.session.execute(others, execution_options={"synchronize_session": False})
            return one

        monkeypatch.setattr(plans, "plan", gone_once_it_is_read)
        visitor.sends(f"{address}?{urlencode(tried)}", name="Tre till", seen="Två till")
        visitor.sees("Planen «Två till» är borttagen.", "Spara som plan")
        visitor.sees("4 000 kr i månaden" if tried else "15 000 kr i månaden")

    def test_a_link_to_a_plan_with_a_letter_reader_s_own_mark_shows_the_plan(
        self, visitor: Visitor, manager: Account
    ) -> None:
        plan = a_plan()
        visitor.opens(f"/finansiering/plan/{plan.id}?utm_source=mejl").sees("15 000 kr i månaden")
        visitor.misses("Tillbaka till planen")

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
