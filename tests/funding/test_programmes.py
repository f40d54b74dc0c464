"""Programmes and who could pay next: what is written down, and what a town may apply to as of a day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.choirs.models import Town
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.funding import actions, queries
from choir_app.funding.actions.programmes import ProgrammeSaid
from choir_app.funding.models import Opportunity, OpportunityTown, Programme
from choir_app.funding.queries import TownWays
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.statements import at_most
from tests.visitor import Visitor


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def said(**more: Any) -> ProgrammeSaid:
    return ProgrammeSaid(**{"name": "Projektstöd", "decision_lead_days": 60, **more})


def ways(manager: Account, **asked: Any) -> dict[str, TownWays]:
    found = queries.who_could_pay(queries.forecast(TODAY), viewer=manager, **asked)
    return {one.town.name: one for one in found}


def names(found: tuple[queries.Way, ...]) -> list[str]:
    return [way.programme.name for way in found]


def an_ask(partner: Any, town: Town | None = None, **more: Any) -> Opportunity:
    given = {"name": "Kören", "stage": "talking", "allocation": "town" if town else "all", **more}
    ask = Opportunity(id=uuid4(), partner=partner, **given)
    ask.choirs, ask.towns = [], []
    if town:
        ask.towns = [OpportunityTown(town_id=town.id)]
    db.session.add(ask)
    db.session.flush()
    return ask


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


class TestWritingDown:
    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"opens_on": TODAY, "closes_on": TODAY - timedelta(days=1)}, "closes_on"),
            ({"min_ore": 200, "max_ore": 100}, "max_sum"),
            ({"website": "javascript:alert(1)"}, "website"),
        ],
    )
    def test_what_cannot_be(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_programme(makers.a_partner(), said(**wrong), by=makers.a_manager())
        assert no.value.field == field
        assert db.session.query(Programme).count() == 0

    def test_the_same_receipt_is_the_same_programme(self, app: Flask) -> None:
        partner, by, receipt = makers.a_partner(), makers.a_manager(), uuid4()
        first = actions.add_programme(partner, said(), receipt=receipt, by=by)
        assert actions.add_programme(partner, said(), receipt=receipt, by=by) is first
        assert (first.checked_on, first.checked_by_id) == (TODAY, by.id)

    def test_no_two_of_one_partner_are_called_the_same(self, app: Flask) -> None:
        partner, by = makers.a_partner(), makers.a_manager()
        first = actions.add_programme(partner, said(), by=by)
        with pytest.raises(Refusal):
            actions.add_programme(partner, said(name="projektstöd"), by=by)
        actions.add_programme(makers.a_partner("Annan AB"), said(), by=by)
        actions.close_programme(first, by=by)
        second = actions.add_programme(partner, said(), by=by)
        with pytest.raises(Refusal):
            actions.reopen_programme(first, by=by)
        actions.close_programme(second, by=by)
        assert actions.reopen_programme(first, by=by).closed_at is None

    def test_towns_come_and_go(self, app: Flask) -> None:
        by, boden, ostersund = makers.a_manager(), makers.a_town(), makers.a_town("Östersund")
        made = actions.add_programme(makers.a_partner(), said(towns=(boden, ostersund)), by=by)
        actions.change_programme(made, said(towns=(ostersund,)), seen=1, by=by)
        db.session.refresh(made)
        assert [town.name for town in made.towns] == ["Östersund"]

    def test_of_two_who_change_it_the_second_is_told(self, app: Flask) -> None:
        by, made = makers.a_manager(), makers.a_programme()
        actions.change_programme(made, said(name="Nytt namn"), seen=1, by=by)
        with pytest.raises(Refusal) as no:
            actions.change_programme(made, said(name="Annat namn"), seen=1, by=by)
        assert (no.value.field, made.name, made.version) == ("version", "Nytt namn", 2)

    def test_a_change_is_no_check_unless_one_says_so(self, app: Flask) -> None:
        by, made = makers.a_manager(), makers.a_programme(checked_on=days(-300))
        actions.change_programme(made, said(), seen=1, by=by)
        assert queries.is_long_unchecked(made, TODAY)
        actions.change_programme(made, said(), seen=2, is_checked=True, by=by)
        assert (made.checked_on, made.checked_by_id) == (TODAY, by.id)

    @pytest.mark.parametrize(("age", "is_old"), [(180, False), (181, True)])
    def test_old_after_180_days(self, app: Flask, age: int, is_old: bool) -> None:
        assert queries.is_long_unchecked(makers.a_programme(checked_on=days(-age)), TODAY) is is_old


class TestWhoCouldPay:
    def test_now_later_and_never(self, app: Flask) -> None:
        manager = makers.a_manager()
        a_singing_choir()
        makers.a_programme(name="Alltid")
        makers.a_programme(name="Nu", closes_on=days(10))
        makers.a_programme(name="Sedan", opens_on=days(30), closes_on=days(60))
        makers.a_programme(name="Stängt", closes_on=days(-1))
        makers.a_programme(name="Annan ort", towns=["Östersund"])
        makers.a_programme(name="Nystart", wants_new=True)
        makers.a_programme(name="Borta", closed_at=makers.clock.now())
        boden = ways(manager)["Boden"]
        assert names(boden.now) == ["Nu", "Alltid"], "what closes first stands first"
        assert names(boden.later) == ["Sedan"]
        assert set(names(boden.never)) == {"Stängt", "Annan ort", "Nystart"}
        assert boden.later[0].may.from_on == days(30)

    def test_each_reason_has_words(self, app: Flask) -> None:
        manager = makers.a_manager()
        choir, partner = a_singing_choir(), makers.a_partner("Stiftelsen")
        makers.an_agreement(100, choir, partner=partner, usable_to=days(20))
        endless = makers.a_partner("Evig")
        makers.an_agreement(100, choir, partner=endless)
        makers.a_programme(partner, "Ett", wants_no_other=True, closes_on=days(10))
        makers.a_programme(endless, "Två", wants_no_other=True)
        makers.a_programme(name="Tre", towns=["Östersund"], wants_new=True, closes_on=days(-1))
        makers.a_programme(name="Fyra", min_ore=100_000 * KR)
        makers.a_programme(name="Fem", max_ore=10_000 * KR)
        makers.a_programme(name="Sex", own_share_bp=2_500)
        boden = ways(manager, ore=50_000 * KR, others_ore=1_000 * KR)["Boden"]
        told = {
            way.programme.name: " ".join(queries.why_not(reason, way, TODAY) for reason in way.may.reasons)
            for way in boden.never
        }
        assert {name: words.replace("\u00a0", " ") for name, words in told.items()} == {
            "Ett": "Stänger 26 juni 2026, innan det andra är över."
            " Ni har ett avtal med dem till 6 juli 2026. De ger inte två.",
            "Två": "Ni har ett avtal med dem utan slut. De ger inte två.",
            "Tre": "Stängde 15 juni 2026. Gäller bara Östersund."
            " De betalar bara för det som är nytt, och Boden sjunger redan.",
            "Fyra": "De ger minst 100 000 kr.",
            "Fem": "De ger högst 10 000 kr.",
            "Sex": "Andra måste betala minst 25 % av allt: 16 666,67 kr.",
        }

    def test_an_amended_agreement_hinders_until_its_new_day(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        agreement = makers.an_agreement(100, a_singing_choir(), partner=partner, usable_to=days(20))
        actions.amend(agreement, on=TODAY, new_usable_to=days(50), by=manager)
        makers.a_programme(partner, wants_no_other=True)
        (way,) = ways(manager)["Boden"].later
        assert way.may.from_on == days(51)

    def test_a_town_that_has_not_begun_may_ask_for_what_is_new(self, app: Flask) -> None:
        manager = makers.a_manager()
        makers.a_choir(town="Kiruna", state="planned")
        makers.a_choir(town="Boden", state="paused")
        makers.a_choir(town="Göteborg", state="ended")
        makers.a_programme(wants_new=True)
        found = ways(manager)
        assert set(found) == {"Boden", "Kiruna"}, "where nobody sings any more nobody asks"
        assert found["Kiruna"].now
        assert found["Boden"].never

    def test_the_last_day_to_apply_so_that_the_money_comes_in_time(self, app: Flask) -> None:
        manager = makers.a_manager()
        a_singing_choir()
        makers.a_balance(10_000 * KR, TODAY)  # ten rehearsals: the eleventh is not paid
        needed = date(2026, 8, 27)
        makers.a_programme(name="Hinner", decision_lead_days=20, payout_lag_days=10)
        makers.a_programme(name="För sent", decision_lead_days=90, closes_on=days(5))
        boden = ways(manager)["Boden"]
        assert boden.needed_on == needed
        in_time, late = boden.now
        assert (in_time.apply_by, in_time.money_on) == (needed - timedelta(days=30), needed)
        assert (late.is_too_late, late.money_on) == (True, days(95))
        assert "Sök senast 28 juli 2026, så kommer pengarna i tid." in queries.when_sentence(
            in_time, needed, TODAY
        )
        assert "för sent till 27 augusti 2026" in queries.when_sentence(late, needed, TODAY)

    def test_what_is_on_the_board_is_not_asked_for_again(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner("Stiftelsen")
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        programme = makers.a_programme(partner)
        an_ask(partner, boden.town, programme_id=programme.id)
        found = ways(manager)
        assert found["Boden"].now[0].asked
        assert not found["Östersund"].now[0].asked
        assert ostersund.town.name == "Östersund"

    def test_partners_without_a_programme_are_asked_directly(self, app: Flask) -> None:
        manager, boden = makers.a_manager(), a_singing_choir()
        makers.an_agreement(100, boden, partner=makers.a_partner("Betalar", "Boden"), usable_to=days(90))
        an_ask(makers.a_partner("Frågad"))
        an_ask(makers.a_partner("Nej"), stage="declined", lost_reason="x")
        an_ask(makers.a_partner("Igen"), stage="declined", lost_reason="x", ask_again_on=days(-1))
        an_ask(makers.a_partner("Vänta"), stage="dormant", ask_again_on=days(30))
        makers.a_partner("Ny")
        makers.a_partner("Annan ort", "Östersund")
        makers.a_programme(makers.a_partner("Med program"))
        found = ways(manager)["Boden"].direct
        assert [(one.partner.name, one.state, one.on) for one in found] == [
            ("Igen", "again", days(-1)),
            ("Betalar", "pays", days(90)),
            ("Ny", "never", None),
            ("Frågad", "asked", None),
            ("Vänta", "wait", days(30)),
            ("Nej", "no", None),
        ]
        assert all(queries.direct_sentence(one) for one in found)

    def test_only_the_town_that_was_asked_about(self, app: Flask) -> None:
        manager, boden = makers.a_manager(), a_singing_choir()
        a_singing_choir("Östersund")
        assert set(ways(manager, town=boden.town)) == {"Boden"}

    def test_nothing_is_told_to_strangers(self, app: Flask) -> None:
        choir = a_singing_choir()
        makers.a_programme(makers.a_partner())
        for stranger in (makers.an_account(), makers.a_leader(choir), makers.an_editor()):
            (found,) = queries.who_could_pay(queries.forecast(TODAY), viewer=stranger)
            told = (*found.now, *found.later, *found.never, *found.direct)
            assert told == ()
            assert queries.programmes(viewer=stranger) == []

    def test_statements_do_not_grow_with_what_there_is(self, app: Flask) -> None:
        manager = makers.a_manager()

        def count_with(number: int) -> None:
            a_singing_choir(f"Ort {number}")
            makers.a_programme(towns=[f"Ort {number}"])
            makers.a_partner(f"Bolag {number}", f"Ort {number}")
            an_ask(makers.a_partner(f"Fond {number}"))
            db.session.commit()

        count_with(1)
        count_with(2)
        db.session.expire_all()
        told = queries.forecast(TODAY)
        with at_most(18, "statements"):
            queries.who_could_pay(told, viewer=manager)


class TestPages:
    def test_empty(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/vem").sees("Inget program går att söka nu.", "inga körer")
        visitor.opens("/finansiering/program").sees("Lägg in det första programmet.")
        visitor.opens("/finansiering/program/nytt").sees("Lägg till partnern först.")

    def test_a_programme_is_added_changed_checked_and_closed(
        self, visitor: Visitor, manager: Account
    ) -> None:
        partner, town = makers.a_partner("Arvsfonden"), makers.a_town()
        visitor.opens("/finansiering/program/nytt?partner=arvsfonden")
        visitor.sends("/finansiering/program/nytt", 422, partner=partner.id, name="")
        visitor.sees("Skriv vad programmet heter.", "En gissning räcker.")
        visitor.sends(
            "/finansiering/program/nytt",
            partner=partner.id,
            name="Projektstöd",
            website="arvsfonden.example",
            closes_on=days(30),
            decision_lead_days="90",
            payout_lag_days="30",
            min_sum="50 000",
            max_sum="300 000",
            own_share="12,5",
            success="20",
            towns=[str(town.id)],
            wants_no_other=True,
            rules="Bara för unga.",
            receipt=uuid4(),
        )
        visitor.sees(
            "Programmet är sparat.", "Öppet till 16 juli 2026.", "50 000 kr till 300 000 kr", "12,5 %"
        )
        made = db.session.query(Programme).one()
        assert (made.own_share_bp, made.success_bp, made.website) == (
            1_250,
            2_000,
            "https://arvsfonden.example",
        )
        home = f"/finansiering/program/{made.id}"
        visitor.opens(f"{home}/andra")
        visitor.sends(
            f"{home}/andra",
            partner=partner.id,
            name="Nytt namn",
            decision_lead_days="1",
            payout_lag_days="0",
            version="1",
        )
        visitor.sees("Sparat.", "Nytt namn", "1 dag", "0 dagar", "Hela Sverige", "Alltid öppet.")
        visitor.sends(f"{home}/kollat").sees("Kollat i dag. Tack!")
        visitor.sends(f"{home}/stang").sees("Finns inte längre.", "Det finns igen")
        visitor.opens("/finansiering/program").sees("Finns inte längre", "Nytt namn")
        visitor.sends(f"{home}/oppna").sees("Programmet finns igen.")

    def test_what_has_closed_stands_after_what_can_be_applied_for(
        self, visitor: Visitor, manager: Account
    ) -> None:
        makers.a_programme(name="Gammalt", closes_on=days(-1))
        makers.a_programme(name="Öppet i dag", closes_on=TODAY)
        visitor.opens("/finansiering/program").sees("Stängde 15 juni 2026.", "Öppet till 16 juni 2026.")
        open_at, passed_at = visitor.text.index("Öppet i dag"), visitor.text.index("Har stängt")
        assert open_at < passed_at < visitor.text.index("Gammalt")

    def test_the_second_of_two_sees_both(self, visitor: Visitor, manager: Account) -> None:
        made = makers.a_programme(max_ore=100_000 * KR)
        path = f"/finansiering/program/{made.id}/andra"
        visitor.opens(path)
        fields = {"partner": made.partner_id, "decision_lead_days": "60", "payout_lag_days": "0"}
        actions.change_programme(made, said(max_ore=200_000 * KR), seen=1, by=manager)
        visitor.sends(path, 422, name="Mitt namn", max_sum="150 000", version="1", **fields)
        visitor.sees("Någon annan har ändrat programmet", "200 000 kr", "150 000 kr", "Mitt namn")
        assert 'name="version" type="hidden" value="2"' in visitor.html or 'value="2"' in visitor.html
        db.session.refresh(made)
        assert made.max_ore == 200_000 * KR, "nothing is overwritten unseen"
        visitor.sends(path, name="Mitt namn", max_sum="150 000", version="2", **fields)
        visitor.sees("Sparat.", "150 000 kr")

    def test_a_programme_long_unchecked_is_warned_about(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        made = makers.a_programme(checked_on=days(-181))
        visitor.opens("/finansiering/program").sees("1 program är inte kollat på ett halvår.")
        visitor.opens(f"/finansiering/program/{made.id}").sees(
            "Ingen har kollat reglerna sedan 17 december 2025."
        )
        visitor.opens("/finansiering/vem").sees("Ingen har kollat reglerna sedan 17 december 2025.")

    def test_who_next(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        a_singing_choir("Östersund")
        makers.a_programme(makers.a_partner("Arvsfonden"), max_ore=100_000 * KR, closes_on=days(30))
        makers.a_programme(makers.a_partner("Kommunen"), "Nystart", wants_new=True)
        visitor.opens("/finansiering/vem").sees(
            "1 program går att söka nu.",
            "Gör en idé",
            "Arvsfonden stänger först, 16 juli 2026.",
            "Boden",
            "Östersund",
            "Nystart",
        )
        visitor.opens("/finansiering/vem?ort=boden&summa=250+000").sees(
            "Inget program går att söka nu.", "De ger högst 100 000 kr."
        )
        visitor.opens("/finansiering/vem?summa=mycket", 422).sees("Skriv beloppet med siffror")
        visitor.opens("/finansiering/vem?ort=atlantis", 422)

    def test_a_partners_page_tells_what_can_be_applied_for(self, visitor: Visitor, manager: Account) -> None:
        makers.a_programme(makers.a_partner("Arvsfonden"), "Projektstöd", closes_on=days(30))
        makers.a_programme(makers.a_partner("Annan AB"), "Något annat")
        visitor.opens("/partner/arvsfonden").sees("Projektstöd", "Öppet till 16 juli 2026.")
        visitor.misses("Något annat")

    def test_one_that_is_not_there(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(f"/finansiering/program/{uuid4()}", 404)
