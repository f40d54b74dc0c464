"""The board and its cards as a manager sees them: answers first, questions on the way, nobody overwritten."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import Agreement, Deadline, ExclusiveGroup, Opportunity, StageMove
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.statements import at_most
from tests.visitor import Visitor

SOON = TODAY + timedelta(days=3)


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def page_of(one: Opportunity, more: str = "") -> str:
    return f"/finansiering/kort/{one.id}{more}"


def an_idea(**more: Any) -> Opportunity:
    bare = {"usable_from": None, "usable_to": None, "decision_on": None}
    return makers.an_opportunity(None, stages=("idea",), **{**bare, **more})


def moved(one: Opportunity) -> str:
    db.session.refresh(one)
    return one.stage


class TestTheBoard:
    def test_empty_it_says_where_to_begin(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering").sees(
            "Vem skulle kunna betala för en kör? Börja med en idé.",
            "Inget nästa steg ska göras den här veckan.",
        )

    def test_the_answers_stand_first(self, visitor: Visitor, manager: Account) -> None:
        a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        partner = makers.a_partner()
        makers.a_next_step(partner, SOON)
        makers.an_opportunity(5_000 * KR, partner=partner)
        visitor.opens("/finansiering").sees(
            "1 nästa steg ska göras den här veckan.", "Det fattas", "Ring om avtalet"
        )

    def test_it_is_drawn_once_until_something_is_written(
        self, app: Flask, visitor: Visitor, manager: Account
    ) -> None:
        """Kept for whoever saw it: with their own token, and with nothing in it that made twice would be two."""
        one = an_idea(name="Höststöd")
        db.session.commit()
        kept = app.extensions["kept_pages"].pages
        visitor.opens("/finansiering")  # which gives the sign-in its token
        token = visitor.opens("/finansiering").html.partition('name="csrf_token" value="')[2][:20]
        assert [key[0] for key in kept] == ["/finansiering"]
        visitor.sees("Höststöd").misses('name="receipt"')
        visitor.signs_in(makers.a_manager("Karin Lövgren"))
        visitor.opens("/finansiering").sees("Höststöd")
        assert token not in visitor.html
        actions.move(one, "dormant", seen="idea", by=manager)
        db.session.commit()
        assert not kept
        visitor.opens("/finansiering").sees("Vilande 1")

    def test_a_card_says_who_how_much_and_what_comes_next(self, visitor: Visitor, manager: Account) -> None:
        choir, partner = makers.a_choir(), makers.a_partner()
        makers.a_next_step(partner, TODAY - timedelta(days=3))
        makers.an_opportunity(28_000 * KR, choir, partner=partner, owner_id=manager.id)
        makers.an_opportunity(None, stages=("idea",), name="Utan steg")
        visitor.opens("/finansiering").sees(
            "Bodenbo",
            "28 000 kr",
            "sep–dec 2026",
            "3 dagar sen",
            "Inget nästa steg",
            "Inget belopp än",
            "Tomt här.",
        )

    def test_agreements_stand_beside_and_those_that_ended_are_folded(
        self, visitor: Visitor, manager: Account
    ) -> None:
        makers.an_agreement(1_000 * KR, partner=makers.a_partner("Lyktan"), usable_to=date(2026, 12, 31))
        makers.an_agreement(1_000 * KR, partner=makers.a_partner("Förr"), usable_to=date(2025, 12, 31))
        visitor.opens("/finansiering").sees("till 31 december", "Avtal 1", "Avtal som har slutat 1")
        assert {"Lyktan", "Förr"} <= set(re.findall(r"<bdi>(.*?)</bdi>", visitor.html))

    def test_is_narrowed_down_by_the_address(self, visitor: Visitor, manager: Account) -> None:
        boden, other = makers.a_choir(), makers.a_choir(town="Östersund")
        makers.an_opportunity(1, boden, name="Till Boden")
        makers.an_opportunity(1, other, name="Till Östersund", owner_id=manager.id)
        makers.an_opportunity(1, name="Till alla")
        visitor.opens("/finansiering?ort=boden").sees("Till Boden", "Till alla").misses("Till Östersund")
        visitor.opens(f"/finansiering?ansvarig={manager.id}").sees("Till Östersund").misses("Till alla")
        visitor.opens("/finansiering?ort=gavle&ansvarig=x").sees("Till alla").misses("Till Boden")

    def test_costs_a_fixed_number_of_statements(self, visitor: Visitor, manager: Account) -> None:
        for place in range(12):
            makers.an_opportunity(1, name=f"Kort {place}", owner_id=manager.id)
        visitor.opens("/finansiering")
        with at_most(37, "statements"):
            visitor.opens("/finansiering")

    def test_it_is_time_to_ask_again(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity(1, stages=("declined",), lost_reason="Ont om pengar", ask_again_on=TODAY)
        visitor.opens("/finansiering").sees("Dags att fråga igen", "Ont om pengar")
        receipt = str(uuid4())
        for _time in range(2):
            visitor.sends(page_of(one, "/fraga-igen"), receipt=receipt)
        again = db.session.query(Opportunity).where(Opportunity.stage == "idea").one()
        assert again.partner_id == one.partner_id


class TestTheTable:
    def test_shows_what_is_open_with_its_chance(self, visitor: Visitor, manager: Account) -> None:
        makers.an_opportunity(5_000 * KR, name="Öppen")
        makers.an_opportunity(1, stages=("declined",), name="Slut")
        visitor.opens("/finansiering/tabell").sees("1 kort på tavlan", "Öppen", "15 %", "5 000 kr").misses(
            "Slut"
        )
        visitor.opens("/finansiering/tabell?steg=alla").sees("Öppen", "Slut")
        visitor.opens("/finansiering/tabell?steg=declined").sees("Slut").misses("Öppen")
        visitor.opens("/finansiering/tabell?sort=municipality").sees("Inget kort att visa.")

    def test_is_sorted_as_the_address_says(self, visitor: Visitor, manager: Account) -> None:
        for ore, name in ((2, "b"), (1, "a"), (3, "c")):
            makers.an_opportunity(ore * KR, name=f"kort-{name}")
        for address, order in (
            ("?sortera=summa", "abc"),
            ("?sortera=summa&ordning=fallande", "cba"),
            ("?sortera=strunt", None),
        ):
            html = visitor.opens(f"/finansiering/tabell{address}").html
            found = sorted("abc", key=lambda name: html.index(f"kort-{name}"))
            assert order is None or "".join(found) == order
        for key in ("partner", "steg", "chans", "fran", "besked", "nasta", "ansvarig"):
            visitor.opens(f"/finansiering/tabell?sortera={key}").opens(
                f"/finansiering/tabell?sortera={key}&ordning=fallande"
            )


class TestEntering:
    def test_a_name_is_enough(self, visitor: Visitor, manager: Account) -> None:
        partner = makers.a_partner()
        visitor.opens("/finansiering/kort/nytt?partner=bodenbo").sees("Ett namn räcker.")
        visitor.sends(
            "/finansiering/kort/nytt", partner=str(partner.id), name="Kören i höst", allocation="all"
        )
        visitor.sees("Idén är på tavlan.", "Räknas inte än. Det saknas belopp")
        one = db.session.query(Opportunity).one()
        assert (one.name, one.stage, one.owner_id) == ("Kören i höst", "idea", manager.id)

    def test_comes_filled_in_from_a_programme_and_a_town(self, visitor: Visitor, manager: Account) -> None:
        town = makers.a_choir().town
        programme = makers.a_programme(makers.a_partner(), name="Grannstöd")
        html = visitor.opens(f"/finansiering/kort/nytt?programme={programme.id}&town={town.slug}").html
        assert 'value="Grannstöd"' in html
        assert f'value="{town.id}" checked' in html
        visitor.opens("/finansiering/kort/nytt?programme=x&town=y&partner=z")

    def test_a_wrong_word_is_told_at_its_field(self, visitor: Visitor, manager: Account) -> None:
        partner, _town = makers.a_partner(), makers.a_town()
        visitor.opens("/finansiering/kort/nytt")
        visitor.sends(
            "/finansiering/kort/nytt",
            422,
            partner=str(partner.id),
            name="x",
            allocation="town",
            usable_from="2026-09-01",
            usable_to="2026-08-01",
        ).sees("Välj minst en ort.")

    def test_without_partners_it_says_what_to_do(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/kort/nytt").sees("Lägg till partnern först.")


class TestTwoEditors:
    def test_the_second_sees_both_and_may_then_save(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity(5_000 * KR, why="Gammalt")
        said = {
            "partner": str(one.partner_id),
            "name": "Mitt",
            "ask": "7 000",
            "usable_from": "2026-09-01",
            "decision_on": "2026-08-01",
            "allocation": "all",
        }
        visitor.opens(page_of(one, "/andra"))
        seen = one.version
        actions.change_opportunity(
            one,
            version=seen,
            name="Hennes",
            ask_ore=6_000 * KR,
            usable_from=date(2026, 9, 1),
            by=makers.a_manager("Karin Ek"),
        )
        visitor.sends(page_of(one, "/andra"), 422, version=str(seen), **said)
        visitor.sees("Karin Ek ändrade det här", "Så här står det nu", "Hennes", "6 000")
        assert 'value="Mitt"' in visitor.html
        assert 'value="7 000"' in visitor.html
        db.session.refresh(one)
        assert (one.name, one.ask_ore) == ("Hennes", 6_000 * KR)
        assert re.search(f'name="version"[^>]*value="{one.version}"', visitor.html)
        visitor.sends(page_of(one, "/andra"), version=str(one.version), **said)
        db.session.refresh(one)
        assert (one.name, one.ask_ore) == ("Mitt", 7_000 * KR)


class TestMoving:
    def test_what_is_known_is_not_asked(self, visitor: Visitor, manager: Account) -> None:
        partner = makers.a_partner()
        makers.a_next_step(partner, SOON)
        one = makers.an_opportunity(
            5_000 * KR, partner=partner, stages=("talking",), contact_id=makers.a_contact(partner).id
        )
        visitor.opens("/finansiering")
        visitor.sends(page_of(one, "/flytta"), to="applied", seen="talking")
        assert moved(one) == "applied"
        visitor.sees("Kören i höst är flyttat till Ansökt.", "Ångra")
        visitor.sends(page_of(one, "/angra?fran=tavlan"), number="2")
        assert moved(one) == "talking"
        visitor.sees("Kören i höst är tillbaka i Samtal.")

    def test_what_the_stage_wants_to_know_is_asked_first(self, visitor: Visitor, manager: Account) -> None:
        one = an_idea()
        visitor.opens("/finansiering")
        visitor.sends(page_of(one, "/flytta"), to="applied", seen="idea")
        assert moved(one) == "idea"
        address = page_of(one, "/flytta?till=applied")
        visitor.opens(address).sees("Belopp i kronor, i allt", "Besked väntas")
        sound = {
            "to": "applied",
            "seen": "idea",
            "asked": "applied",
            "ask": "5 000",
            "usable_from": "2026-09-01",
        }
        visitor.sends(address, 422, **sound).sees("Välj dagen då ni väntar besked.")
        visitor.sends(address, **sound, decision_on="2026-08-01")
        assert (moved(one), one.ask_ore) == ("applied", 5_000 * KR)

    @pytest.mark.parametrize(
        ("to", "said"),
        [
            ("talking", {"next_what": "Ring", "next_due_on": SOON.isoformat()}),
            ("pledged", {"ask": "5", "usable_from": "2026-09-01", "said_yes": "Anna, muntligt"}),
            ("declined", {"lost_reason": "Ny chef", "ask_again_on": "2027-01-01"}),
            ("withdrawn", {"lost_reason": "Vi hann inte"}),
            ("dormant", {}),
        ],
    )
    def test_every_stage_has_its_questions(
        self, visitor: Visitor, manager: Account, to: str, said: dict[str, str]
    ) -> None:
        one = an_idea()
        visitor.opens(page_of(one, f"/flytta?till={to}"))
        visitor.sends(page_of(one, f"/flytta?till={to}"), to=to, seen="idea", asked=to, **said)
        assert moved(one) == to
        visitor.opens(page_of(one))

    def test_who_was_first_is_told(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity()
        visitor.opens("/finansiering")
        actions.move(one, "pledged", said_yes="x", by=makers.a_manager("Karin Ek"))
        visitor.sends(page_of(one, "/flytta"), to="idea", seen="applied")
        visitor.sees("Karin Ek flyttade Kören i höst till Löfte")
        assert moved(one) == "pledged"

    def test_an_agreement_has_its_own_form(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        one = makers.an_opportunity(5_000 * KR, choir)
        visitor.opens("/finansiering")
        visitor.sends(page_of(one, "/flytta"), to="agreed", seen="applied")
        html = visitor.opens(page_of(one, "/avtal")).html
        assert 'value="5\u00a0000"' in html
        receipt = str(uuid4())
        signed = {
            "name": "Kören i höst",
            "amount": "4 500",
            "signed_on": TODAY.isoformat(),
            "usable_from": "2026-09-01",
            "allocation": "choirs",
            "choirs": str(choir.id),
            "final_report_on": "2027-01-31",
            "seen": "applied",
            "receipt": receipt,
        }
        for _time in range(2):
            visitor.sends(page_of(one, "/avtal"), **signed)
        agreement = db.session.query(Agreement).one()
        assert (moved(one), one.agreement_id, agreement.amount_ore) == ("agreed", agreement.id, 4_500 * KR)
        assert db.session.query(Deadline).one().kind == "final_report"
        visitor.opens(page_of(one)).sees("Det blev ett avtal 16 juni 2026.", "Visa avtalet")

    def test_undo_when_it_was_moved_again(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity(stages=("idea", "talking"))
        visitor.opens(page_of(one))
        for number in ("1", "9", "x", "", "99999999999999999999"):
            visitor.sends(page_of(one, "/angra"), number=number)
            assert moved(one) == "talking"
        assert db.session.query(StageMove).count() == 2

    def test_the_choices_without_a_stage(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity()
        visitor.opens(page_of(one, "/flytta")).sees("Idé", "Samtal", "Vilande")
        visitor.opens(page_of(one, "/flytta?till=heaven"))
        visitor.sends(page_of(one, "/flytta"), 422).sees("Välj ett steg.")


class TestTheCard:
    def test_tells_where_the_chance_comes_from(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity()
        visitor.opens(page_of(one)).sees(
            "Chansen är 15 %", "Förvalet för steget Ansökt.", "Ni har inga egna svar att räkna på än."
        )
        visitor.opens(page_of(one, "/chans")).sees("Nu räknar vi med 15 %.")
        visitor.sends(page_of(one, "/chans"), 422, percent="60").sees("Skriv varför du tror det.")
        visitor.sends(page_of(one, "/chans"), percent="60", reason="Hon ringde själv")
        visitor.opens(page_of(one)).sees(
            "Chansen är 60 %",
            "Er egen bedömning från 16 juni 2026. Den gäller till 15 augusti 2026.",
            "Hon ringde själv",
        )
        visitor.sends(page_of(one, "/chans/ta-bort")).opens(page_of(one)).sees("Chansen är 15 %")
        for _no in range(3):
            makers.an_opportunity(stages=("applied", "declined"))
        visitor.opens(page_of(one)).sees("Ni har bara 3 egna svar, det är för få att räkna på.")
        for _no in range(2):
            makers.an_opportunity(stages=("applied", "declined"))
        visitor.opens(page_of(one)).sees("Räknat på förvalet och 5 egna svar.")

    def test_one_s_own_that_has_run_out_is_told(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity(own_bp=6_000, own_bp_reason="x", own_bp_on=date(2026, 3, 1))
        visitor.opens(page_of(one)).sees("Er egen bedömning slutade gälla 1 maj 2026.")

    def test_a_decision_that_is_overdue(self, visitor: Visitor, manager: Account) -> None:
        one = makers.an_opportunity(decision_on=date(2026, 6, 1))
        visitor.opens(page_of(one)).sees("Beskedet skulle ha kommit 1 juni 2026. Ring och fråga.")

    def test_every_move_with_who_and_when(self, visitor: Visitor, manager: Account) -> None:
        one = an_idea()
        actions.move(one, "talking", note="Ringde Anna", by=manager)
        undone = actions.move(one, "dormant", by=manager)
        actions.undo_move(one, number=undone.number, by=manager)
        visitor.opens(page_of(one)).sees(
            "Idé till Samtal", "Ringde Anna", "16 juni 2026", "ångrad", "Ångra flytten"
        )

    def test_only_one_of_them(self, visitor: Visitor, manager: Account) -> None:
        one, other = makers.an_opportunity(name="En"), makers.an_opportunity(name="Annan")
        visitor.opens(page_of(one)).sees("Bara en av dem")
        visitor.sends(page_of(one, "/koppla"), other="").sees("Välj ett annat kort.")
        visitor.sends(page_of(one, "/koppla"), other=str(other.id))
        visitor.opens(page_of(one)).sees("Bara ett av de här korten kan bli av:", "Annan")
        visitor.sends(page_of(one, "/koppla-bort"))
        assert db.session.query(ExclusiveGroup).count() == 0

    def test_the_settings_of_the_chances(self, visitor: Visitor, manager: Account) -> None:
        makers.an_opportunity(stages=("applied", "declined"))
        visitor.opens("/finansiering/chanser").sees(
            "Egna svar: 0 av 1 nya och 0 av 0 som betalar blev avtal."
        )
        said = {
            f"{stage}_{kind}": "5"
            for stage in ("idea", "talking", "applied", "pledged")
            for kind in ("new", "known")
        }
        visitor.sends("/finansiering/chanser", **said)
        visitor.sends("/finansiering/chanser", 422, **{**said, "idea_new": "100"}).sees(
            "Skriv ett tal mellan 1 och 99."
        )
        one = makers.an_opportunity()
        visitor.opens(page_of(one)).sees("Chansen är 5 %")


class TestWhoMay:
    def test_a_leader_and_a_visitor_are_shown_nothing(self, app: Flask, visitor: Visitor) -> None:
        one = makers.an_opportunity()
        addresses = [
            "/finansiering",
            "/finansiering/tabell",
            "/finansiering/chanser",
            "/finansiering/kort/nytt",
            *(page_of(one, more) for more in ("", "/andra", "/flytta", "/avtal", "/chans")),
        ]
        visitor.signs_in(makers.a_leader())
        for address in addresses:
            visitor.opens(address, 403)

    def test_a_card_that_is_none(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(f"/finansiering/kort/{uuid4()}", 404)
        ended = makers.an_opportunity(stages=("declined",))
        visitor.opens(page_of(ended, "/chans"), 303)
