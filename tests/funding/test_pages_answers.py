"""The pages of the four answers: what they say, the rows behind, another day, and what cannot be read."""

from datetime import date

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.models import Opportunity, OpportunityChoir, Programme, StageMove
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor

KR = 100
TODAY = date(2026, 6, 16)
FIRST = date(2026, 6, 18)
PAGES = (
    "/finansiering/prognos",
    "/finansiering/prognos/kassan",
    "/finansiering/prognos/chans",
    "/finansiering/prognos/manader",
    "/finansiering/prognos/kor/boden",
    "/finansiering/vad-kravs",
)


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    manager = makers.a_manager()
    visitor.signs_in(manager)
    return manager


@pytest.fixture
def boden(app: Flask) -> Choir:
    """Sings on Thursdays for 1,000 kr; two are paid."""
    choir = makers.a_choir(town="Boden")
    makers.a_series(choir, FIRST)
    makers.a_cost_line(choir, 1_000 * KR)
    makers.a_balance(2_000 * KR, TODAY)
    return choir


def an_opportunity(choir: Choir, kronor: int | None, stage: str = "pledged", **more: object) -> Opportunity:
    partner = makers.a_partner(f"Partner {stage} {kronor}")
    one = Opportunity(
        partner_id=partner.id,
        name="Ny nivå",
        stage=stage,
        ask_ore=kronor * KR if kronor else None,
        **{"decision_on": TODAY, "usable_from": TODAY, **more},
        allocation="choirs",
    )
    db.session.add(one)
    db.session.flush()
    db.session.add(OpportunityChoir(opportunity_id=one.id, choir_id=choir.id))
    db.session.add(StageMove(opportunity_id=one.id, number=1, to_stage=stage, was_known_partner=False))
    db.session.commit()
    return one


class TestTheForecast:
    def test_three_dates_are_the_control(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        an_opportunity(boden, 3_000)
        an_opportunity(boden, 4_000, "applied")
        visitor.opens("/finansiering/prognos").sees(
            "Pengarna räcker till 25 juni 2026.", "25 juni 2026", "16 juli 2026", "13 aug 2026"
        )
        visitor.opens("/finansiering/prognos?med=loften").sees(
            "Med löften räcker pengarna till 16 juli 2026.", "det öppna betalar 3 000 kr"
        )
        visitor.opens("/finansiering/prognos?med=ansokningar").sees(
            "Med löften och ansökningar räcker pengarna till 13 augusti 2026.", "det öppna betalar 7 000 kr"
        )
        visitor.opens("/finansiering/prognos?med=nonsens").sees("Pengarna räcker till 25 juni 2026.")

    def test_every_answer_has_a_name_of_its_own(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        an_opportunity(boden, 90_000)
        visitor.opens("/finansiering/prognos").sees(
            "Kassan räcker till",
            "Fria pengar räcker till",
            "Chansen att det som fattas kommer i tid",
            "Samtal som ger mest tid",
            "80 %",
        )

    def test_what_cannot_be_counted_is_told_apart(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        an_opportunity(boden, None, "idea")
        visitor.opens("/finansiering/prognos").sees("1 samtal kan inte räknas")
        assert "Partner idea None" in visitor.html

    def test_statements_do_not_grow_with_the_asks(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        for number in range(1, 4):
            an_opportunity(boden, 1_000 * number)
        db.session.commit()
        visitor.opens("/finansiering/prognos")
        with at_most(27, "statements"):
            visitor.opens("/finansiering/prognos")


class TestTheCash:
    def test_the_day_the_dip_and_what_comes(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        agreement = makers.an_agreement(5_000 * KR, boden, name="Stödet")
        actions.add_instalment(agreement, ore=5_000 * KR, due_on=date(2026, 7, 10), by=manager)
        db.session.commit()
        visitor.opens("/finansiering/prognos/kassan").sees(
            "Kassan räcker till 30 juli 2026.",
            "Den är under noll från 2 juli 2026 till 9 juli 2026, som mest 2 000 kr.",
            "Väntas 10 juli 2026",
            "5 000 kr",
            "De fria pengarna räcker till 25 juni 2026.",
        )

    def test_a_floor_that_must_stay_in_the_bank(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        agreement = makers.an_agreement(5_000 * KR, boden)
        actions.add_instalment(agreement, ore=5_000 * KR, due_on=date(2026, 7, 10), by=manager)
        db.session.commit()
        visitor.opens("/finansiering/prognos/kassan?golv=1+000").sees(
            "Kassan räcker till 23 juli 2026.",
            "Minst 1 000 kr ska alltid finnas kvar.",
            "Den är under 1 000 kr från 25 juni 2026 till 9 juli 2026, som mest 3 000 kr under.",
        )

    @pytest.mark.parametrize("typed", ["mycket", "-5", "1.250"])
    def test_a_floor_that_is_no_sum(
        self, visitor: Visitor, manager: Account, boden: Choir, typed: str
    ) -> None:
        visitor.opens(f"/finansiering/prognos/kassan?golv={typed}", 422).sees("Skriv summan i kronor")

    def test_money_without_a_day_is_told(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        makers.an_agreement(5_000 * KR, boden, name="Stödet")
        visitor.opens("/finansiering/prognos/kassan").sees("Avtalade pengar utan dag räknas inte.")
        assert "Stödet" in visitor.html

    def test_what_is_held_for_agreements_is_a_row_each(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        agreement = makers.an_agreement(1_500 * KR, boden, partner=makers.a_partner("Bodenbo"))
        actions.note_payment(agreement, on=TODAY, ore=1_500 * KR, by=manager)
        db.session.commit()
        visitor.opens("/finansiering/prognos/kassan").sees("1 500 kr", "Fritt 500 kr")

    def test_without_a_balance(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir(town="Boden")
        makers.a_cost_line(choir, 1_000 * KR, "monthly", day_of_month=1)
        visitor.opens("/finansiering/prognos/kassan").sees(
            "Vi vet inte hur länge kassan räcker.", "Skriv in saldo"
        )


class TestTheChance:
    def test_each_choir_and_the_asks_behind(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        an_opportunity(boden, 90_000)
        an_opportunity(boden, 80_000, "applied", decision_on=date(2026, 9, 1))
        visitor.opens("/finansiering/prognos/chans?till=2026-08-31").sees(
            "Chansen att det som fattas kommer i tid är 80 %.",
            "9 000 kr fattas till och med 31 augusti 2026.",
            "Kommer i tid",
            "Hjälper inte i tid",
            "Lånar någon ut pengarna tills de kommer är chansen 83 %.",
        )

    def test_when_nothing_lacks(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        visitor.opens("/finansiering/prognos/chans?till=2026-06-25").sees(
            "Inget fattas till och med 25 juni 2026.", "Inget fattas, så inget samtal behövs."
        )


class TestTheMonths:
    def test_all_then_one_choir_then_the_rows_of_one_month(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        makers.an_agreement(1_500 * KR, boden, partner=makers.a_partner("Bodenbo"))
        visitor.opens("/finansiering/prognos/manader").sees(
            "Juni 2026", "Juli 2026", "− mottaget", "− avtalat"
        )
        visitor.opens("/finansiering/prognos/manader?kor=boden").sees("Boden månad för månad")
        visitor.opens("/finansiering/prognos/manader?kor=boden&manad=2026-06").sees(
            "Boden i juni 2026", "Torsdag 18 juni", "500 kr (har inte kommit)"
        )
        assert "Bodenbo" in visitor.html
        visitor.opens("/finansiering/prognos/manader?kor=boden&manad=2026-07").sees(
            "Torsdag 16 juli", "Ingen 1 000 kr"
        )

    @pytest.mark.parametrize("month", ["2026-13", "i juli", "1", "2031-01"])
    def test_a_month_that_is_none_or_empty(
        self, visitor: Visitor, manager: Account, boden: Choir, month: str
    ) -> None:
        visitor.opens(f"/finansiering/prognos/manader?manad={month}")


class TestOneChoir:
    def test_all_its_answers(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        an_opportunity(boden, 90_000)
        visitor.opens("/finansiering/prognos/kor/boden").sees(
            "Boden är finansierad till 25 juni 2026.",
            "2 repetitioner till är betalda",
            "Chansen att allt kommer i tid är 80 %.",
            "1 000 kr per repetition.",
            "Det räcker med 1 samtal för 80 % chans.",
            "Samtal som ger Boden mest tid",
            "Juli 2026",
        )

    def test_no_such_choir(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        visitor.opens("/finansiering/prognos/kor/ingen", 404)


class TestWhatItTakes:
    def test_for_a_choir_and_a_day(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        an_opportunity(boden, 90_000)
        partner = makers.a_partner("Lyktan")
        for name, lead in (("Snabb", 5), ("Seg", 90)):
            db.session.add(
                Programme(partner_id=partner.id, name=name, decision_lead_days=lead, checked_on=TODAY)
            )
        db.session.commit()
        visitor.opens("/finansiering/vad-kravs?kor=boden&till=2026-07-31").sees(
            "Det krävs 5 000 kr till för Boden till och med 31 juli 2026.",
            "i månaden från juli 2026 5 000 kr",
            "per repetition 1 000 kr",
            "Det räcker med 1 samtal för 80 % chans.",
            "Sök senast 27 juni 2026",
            "För sent",
        )

    def test_for_all(self, visitor: Visitor, manager: Account, boden: Choir) -> None:
        visitor.opens("/finansiering/vad-kravs").sees("till för alla körer till och med 31 december 2026.")

    def test_beyond_what_is_planned_is_told(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir(town="Boden")
        makers.a_series(choir, FIRST, last_on=date(2026, 8, 27))
        makers.a_cost_line(choir, 1_000 * KR)
        makers.a_balance(2_000 * KR, TODAY)
        visitor.opens("/finansiering/vad-kravs?kor=boden&till=2026-12-31").sees(
            "Repetitioner och kostnader är planerade till 27 augusti 2026."
        )

    @pytest.mark.parametrize("till", ["2036-01-01", "2000-01-01"])
    def test_a_day_outside_what_is_counted(
        self, visitor: Visitor, manager: Account, boden: Choir, till: str
    ) -> None:
        visitor.opens(f"/finansiering/vad-kravs?till={till}&kor=finns-inte").sees("Alla körer")


class TestEveryAnswer:
    @pytest.mark.parametrize("page", PAGES)
    def test_as_of_another_day(self, visitor: Visitor, manager: Account, boden: Choir, page: str) -> None:
        visitor.opens(f"{page}?per=2026-06-20").sees("Räknat från 20 juni 2026.")

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("typed", ["i går", "2026-13-01", "9999-12-31"])
    def test_a_day_that_cannot_be_read(
        self, visitor: Visitor, manager: Account, boden: Choir, page: str, typed: str
    ) -> None:
        visitor.opens(f"{page}?per={typed}", 422).sees("Skriv datumet så här")

    @pytest.mark.parametrize("page", [PAGES[2], PAGES[5]])
    def test_a_target_that_cannot_be_read(
        self, visitor: Visitor, manager: Account, boden: Choir, page: str
    ) -> None:
        visitor.opens(f"{page}?till=snart", 422).sees("Skriv datumet så här")

    @pytest.mark.parametrize("page", [page for page in PAGES if "kor" not in page])
    def test_with_nothing_written_down(self, visitor: Visitor, manager: Account, page: str) -> None:
        visitor.opens(page)

    @pytest.mark.parametrize("page", PAGES)
    def test_a_leader_sees_none_of_them(self, visitor: Visitor, boden: Choir, page: str) -> None:
        visitor.signs_in(makers.a_leader(boden)).opens(page, 403)

    def test_the_forecast_and_the_pages_tell_the_same(
        self, visitor: Visitor, manager: Account, boden: Choir
    ) -> None:
        """The missing sum is one: in the sentence, the months, the chance and what it takes."""
        an_opportunity(boden, 5_000)
        found = queries.answers(queries.facts(TODAY))
        until = found.target
        told = queries.takes(found, until)
        months = queries.months_of(found, until=until)
        assert (
            found.forecast.lacking_until(until)
            == found.chance(until).gap_ore
            == told.extra.ore
            == sum(row.gap_ore for row in months)
            > 0
        )
        lacking = queries.whole_kronor(told.extra.ore).replace("\u00a0", " ")
        for page in ("/finansiering/prognos", "/finansiering/prognos/chans", "/finansiering/vad-kravs"):
            visitor.opens(page).sees(lacking)


def test_a_day_further_away_than_anybody_plans_is_refused_with_words(visitor: Visitor) -> None:
    visitor.signs_in(makers.a_manager())
    visitor.opens("/finansiering/prognos?per=2090-12-31", 422).sees("Skriv datumet så här")
    visitor.opens("/finansiering/prognos?per=2036-12-31")
