"""The partners' pages: the list, who somebody is, whom to talk to, what comes next."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.partners import actions, queries
from choir_app.partners.models import Contact, NextStep, Partner
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)
LONG = "a" * 5_000
NUMBER = "19121212-1212"


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


class TestTheList:
    def test_says_what_comes_next(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/partner").sees("Vem skulle kunna hjälpa en kör?")
        bodenbo = makers.a_partner("Bodenbo", "Boden")
        makers.a_partner("Stiftelsen", kind="foundation")
        makers.a_next_step(bodenbo, TODAY - timedelta(days=1), owner_id=manager.id)
        visitor.opens("/partner").sees(
            "1 nästa steg ska göras den här veckan.", "Försenat", "Inget nästa steg"
        )
        visitor.sees("Stiftelse · Hela Sverige", "Bostadsföretag · Boden")

    def test_by_kind_and_town(self, visitor: Visitor, manager: Account) -> None:
        makers.a_partner("Bodenbo", "Boden")
        makers.a_partner("Bygget", "Östersund", kind="business")
        makers.a_partner("Stiftelsen", kind="foundation")
        visitor.opens("/partner?ort=boden").misses("Bygget")
        assert "Bodenbo" in visitor.html
        assert "Stiftelsen" in visitor.html, "those of all Sweden are in every town"
        visitor.opens("/partner?sort=business").misses("Bodenbo", "Stiftelsen")
        visitor.opens("/partner?sort=business&ort=boden").sees("Ingen partner att visa.")
        visitor.opens("/partner?sort=x&ort=atlantis").misses("Bodenbo", "Bygget")

    @pytest.mark.parametrize("path", ["/partner?ort=%00", "/partner?sort=%00", "/partner/%00"])
    def test_an_address_that_no_database_takes(self, visitor: Visitor, manager: Account, path: str) -> None:
        visitor.opens(path, 404)

    def test_statements(self, visitor: Visitor, manager: Account) -> None:
        for number in range(4):
            makers.a_next_step(makers.a_partner(f"Partner {number}", "Boden"), TODAY)
        visitor.opens("/partner")
        with at_most(6, "statements"):
            visitor.opens("/partner")


class TestWhatIsToBeDone:
    @pytest.fixture
    def steps(self, manager: Account) -> dict[str, NextStep]:
        """One of mine that is late, one of nobody's for today, one of another's, one of mine for tomorrow."""
        other = makers.a_manager("Samira Ek")
        return {
            name: makers.a_next_step(makers.a_partner(name), TODAY + timedelta(days), owner_id=owner)
            for name, days, owner in (
                ("Sen", -3, manager.id),
                ("Ingens", 0, None),
                ("Annans", -5, other.id),
                ("Kommande", 1, manager.id),
            )
        }

    def test_mine_come_first_and_what_is_not_due_waits(
        self, visitor: Visitor, manager: Account, steps: dict[str, NextStep]
    ) -> None:
        found = queries.to_do(viewer=manager, today=TODAY)
        assert [step.partner.name for step in found.mine] == ["Sen"]
        assert [step.partner.name for step in found.others] == ["Annans", "Ingens"]
        visitor.opens("/partner/att-gora").sees("3 steg väntar.", "Sedan kommer Kommande, onsdag 17 juni.")
        visitor.sees("Ingen än")
        assert visitor.html.index(">Sen<") < visitor.html.index(">Annans<")
        assert 'href="/partner/kommande"' not in visitor.html
        visitor.opens("/partner").sees("Att göra i dag: 3")
        makers.a_choir()
        visitor.opens("/laget").sees("3 steg med partner väntar i dag")

    def test_one_is_put_off_by_a_press(
        self, visitor: Visitor, manager: Account, steps: dict[str, NextStep]
    ) -> None:
        visitor.opens("/partner/att-gora")
        told = {"step": steps["Sen"].id, "to": "week"}
        for _time in range(2):
            visitor.sends("/partner/sen/skjut-upp", **told).sees("Sen: flyttat till 23 juni 2026.")
        assert steps["Sen"].due_on == TODAY + timedelta(days=7)
        assert (steps["Sen"].what, steps["Sen"].owner_id) == ("Ring om avtalet", manager.id)
        visitor.sends("/partner/sen/skjut-upp", **{**told, "to": "aldrig"}).sees("Välj en dag")
        visitor.sends("/partner/sen/skjut-upp", **{**told, "step": uuid4()}).sees(
            "Det steget är redan klart."
        )
        assert steps["Sen"].due_on == TODAY + timedelta(days=7)

    def test_one_is_done_and_one_comes_back_to_the_list(
        self, visitor: Visitor, manager: Account, steps: dict[str, NextStep]
    ) -> None:
        page = "/partner/sen/klart?fran=att-gora"
        visitor.opens(page)
        visitor.sends(page, kind="call", note="De vill.", step=steps["Sen"].id)
        visitor.sees("Klart. Det står i loggen.", "2 steg väntar.")

    def test_nothing_to_do(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/partner/att-gora").sees("Inget steg väntar i dag.", "Du är i fas med alla partner.")
        assert actions.add_partner("Att göra", kind="other", by=manager).slug == "att-gora-2"

    def test_statements(self, visitor: Visitor, manager: Account) -> None:
        for number in range(4):
            makers.a_next_step(makers.a_partner(f"Partner {number}", "Boden"), TODAY, owner_id=manager.id)
        visitor.opens("/partner/att-gora")
        with at_most(4, "statements"):
            visitor.opens("/partner/att-gora")


class TestAPartner:
    def test_is_added_and_changed(self, visitor: Visitor, manager: Account) -> None:
        town = makers.a_town("Boden")
        visitor.opens("/partner/ny")
        visitor.sends(
            "/partner/ny", name="Bodenbo", kind="housing_company", towns=[str(town.id)], website="bodenbo.se"
        )
        visitor.sees("Bodenbo finns nu bland våra partner.", "Bostadsföretag · Boden")
        visitor.opens("/partner/bodenbo/andra")
        visitor.sends("/partner/bodenbo/andra", name="Bodenbo AB", kind="business", is_thanked="y")
        visitor.sees("Sparat.", "Näringsliv · Hela Sverige")
        assert [one.name for one in queries.partners_thanked()] == ["Bodenbo AB"]

    def test_one_that_may_be_there_already_takes_a_second_press(
        self, visitor: Visitor, manager: Account
    ) -> None:
        makers.a_partner("Bodenbo")
        visitor.opens("/partner/ny").misses("Det är en annan partner")
        told = {"name": "Bodenbo AB", "kind": "business"}
        visitor.sends("/partner/ny", 422, **told).sees("Finns den redan?", "Det är en annan partner")
        assert 'href="/partner/bodenbo"' in visitor.html
        visitor.sends("/partner/ny", **told, is_another="y").sees("finns nu bland våra partner.")
        visitor.sends("/partner/ny", 422, name="Bodenbo HB").sees("Det är en annan partner")
        visitor.opens("/partner/bodenbo-ab/andra").sends("/partner/bodenbo-ab/andra", **told).sees("Sparat.")
        visitor.sends("/partner/ny", 422, name="bodenbo", kind="business", is_another="y")
        visitor.sees("Bodenbo finns redan. Skriv orten i namnet om det är en annan.")

    def test_whom_it_belongs_to_is_shown_both_ways(self, visitor: Visitor, manager: Account) -> None:
        group, own = makers.a_partner("Koncernen"), makers.a_partner("Bodenbo")
        visitor.opens("/partner/bodenbo/andra")
        visitor.sends(
            "/partner/bodenbo/andra", name="Bodenbo", kind="housing_company", parent=str(group.id)
        ).sees("Hör till")
        assert 'href="/partner/koncernen"' in visitor.html
        visitor.opens("/partner/koncernen").sees("Hit hör")
        assert 'href="/partner/bodenbo"' in visitor.html
        visitor.opens("/partner/koncernen/andra")
        visitor.sends(
            "/partner/koncernen/andra", 422, name="Koncernen", kind="housing_company", parent=str(own.id)
        ).sees("Välj något i listan.")

    def test_what_a_contact_does_is_shown(self, visitor: Visitor, manager: Account) -> None:
        contact = makers.a_contact(makers.a_partner())
        home = f"/partner/bodenbo/kontakter/{contact.id}/andra"
        visitor.opens(home).sends(home, person="Anna Ek", tasks=["decides", "reports"])
        visitor.sees("Bestämmer Tar emot rapporter").opens(home)
        assert visitor.html.count(" checked") == 2

    def test_who_is_thanked_at_a_choir(self, visitor: Visitor, manager: Account) -> None:
        boden = makers.a_choir()
        for name, *towns in (("Bodenbo", "Boden"), ("Annan", "Östersund"), ("Alla",)):
            makers.a_partner(name, *towns, is_thanked=True)
        makers.a_partner("I det tysta", "Boden")
        assert [one.name for one in queries.partners_thanked(boden)] == ["Alla", "Bodenbo"]

    def test_a_contact_comes_changes_and_goes(self, visitor: Visitor, manager: Account) -> None:
        makers.a_partner()
        fields = {"person": "Anna Ek", "role": "hyreschef", "phone": "070-174 06 20", "receipt": uuid4()}
        visitor.opens("/partner/bodenbo/kontakter/ny")
        visitor.sends("/partner/bodenbo/kontakter/ny", **fields).sees("Anna Ek är sparad.", "hyreschef")
        visitor.sends("/partner/bodenbo/kontakter/ny", **fields)
        contact = db.session.query(Contact).one()
        home = f"/partner/bodenbo/kontakter/{contact.id}"
        visitor.opens(f"{home}/andra").sends(f"{home}/andra", person="Anna Ek", role="vd").sees("vd")
        visitor.misses("tel:")
        visitor.sends(f"{home}/ta-bort").sees("Kontakten är borttagen.")
        visitor.opens(f"{home}/andra", 404)

    def test_a_contact_of_another_partner_is_not_there(self, visitor: Visitor, manager: Account) -> None:
        makers.a_partner()
        other = makers.a_contact(makers.a_partner("Annan"))
        visitor.opens(f"/partner/bodenbo/kontakter/{other.id}/andra", 404)

    def test_a_step_is_planned_moved_and_done(self, visitor: Visitor, manager: Account) -> None:
        makers.a_partner()
        visitor.opens("/partner/bodenbo/nasta-steg")
        visitor.sends("/partner/bodenbo/nasta-steg", what="Ring Anna", due_on=TODAY, owner=manager.id)
        visitor.sees("Nästa steg är sparat.", "Ring Anna", "Tisdag 16 juni")
        visitor.opens("/partner/bodenbo/nasta-steg")
        visitor.sends("/partner/bodenbo/nasta-steg", what="Ring Anna", due_on="2026-06-18", owner="")
        visitor.sees("Torsdag 18 juni", "Ingen än")
        visitor.opens("/partner/bodenbo/klart").sees("Ring Anna")
        step = db.session.query(NextStep.id).scalar()
        visitor.sends(
            "/partner/bodenbo/klart", 422, kind="call", note="De vill.", next_what="Skicka avtal", step=step
        )
        visitor.sees("Välj en dag för nästa steg.")
        fields = {
            "kind": "call",
            "note": "De vill.",
            "next_what": "Skicka avtal",
            "next_due_on": "2026-06-20",
            "step": step,
        }
        visitor.sends("/partner/bodenbo/klart", **fields)
        visitor.sees("Klart. Det står i loggen.", "De vill.", "Skicka avtal")
        told = {"kind": "call", "note": "Skickat.", "step": step, "receipt": uuid4()}
        visitor.sends("/partner/bodenbo/klart", 422, **told)
        visitor.sees("Nästa steg är ett annat nu: Skicka avtal.", "Skickat.")
        told["step"] = re.findall(r'name="step"[^>]*value="([^"]+)', visitor.html)[0]
        visitor.sends("/partner/bodenbo/klart", **told).sees("Inget nästa steg.")
        visitor.sends("/partner/bodenbo/klart", kind="call", note="En gång till.")
        visitor.sees("Steget var redan klart.")
        visitor.opens("/partner/bodenbo/klart", 303)

    def test_sent_twice_the_step_after_it_is_not_done(self, visitor: Visitor, manager: Account) -> None:
        partner = makers.a_partner()
        contact = makers.a_contact(partner)
        first = makers.a_next_step(partner, TODAY)
        fields = {
            "kind": "call",
            "note": "De vill.",
            "contact": contact.id,
            "next_what": "Skicka avtal",
            "next_due_on": "2026-06-20",
            "step": first.id,
            "receipt": uuid4(),
        }
        visitor.opens("/partner/bodenbo/klart")
        for _time in range(2):
            visitor.sends("/partner/bodenbo/klart", **fields).sees("Skicka avtal")
        assert [entry.contact_id for entry in queries.log_of(partner)] == [contact.id]

    def test_the_log_box_plans_the_next_step_by_a_word_or_a_day(
        self, visitor: Visitor, manager: Account
    ) -> None:
        makers.a_partner()
        visitor.opens("/partner/bodenbo")
        told = {"note": "Hej.", "kind": "call", "happened_on": TODAY, "next_owner": manager.id}
        visitor.sends("/partner/bodenbo", **told, next_what="Ring", next_when="tomorrow")
        visitor.sees("Onsdag 17 juni", "räknas det förra steget som klart")
        visitor.sends("/partner/bodenbo", **told, next_what="Mejla", next_due_on="2026-06-25")
        visitor.sees("Torsdag 25 juni", "Mejla")
        visitor.sends("/partner/bodenbo", 422, **told, next_due_on="2026-06-25")
        visitor.sees("Skriv vad nästa steg är.")


class TestBadInput:
    @pytest.mark.parametrize(
        ("path", "wrong"),
        [
            ("/partner/ny", {"name": ""}),
            ("/partner/ny", {"name": LONG}),
            ("/partner/ny", {"name": NUMBER}),
            ("/partner/ny", {"name": "a\x00b"}),
            ("/partner/ny", {"name": "bodenbo"}),
            ("/partner/ny", {"kind": "friend"}),
            ("/partner/ny", {"kind": ""}),
            ("/partner/ny", {"towns": [str(uuid4())]}),
            ("/partner/ny", {"about": LONG}),
            ("/partner/ny", {"website": "javascript:alert(1)"}),
            ("/partner/bodenbo/andra", {"name": "annan"}),
            ("/partner/bodenbo/kontakter/ny", {"person": ""}),
            ("/partner/bodenbo/kontakter/ny", {"person": LONG}),
            ("/partner/bodenbo/kontakter/ny", {"phone": "ring mig"}),
            ("/partner/bodenbo/kontakter/ny", {"email": "anna"}),
            ("/partner/bodenbo/nasta-steg", {"what": ""}),
            ("/partner/bodenbo/nasta-steg", {"due_on": ""}),
            ("/partner/bodenbo/nasta-steg", {"due_on": "snart"}),
            ("/partner/bodenbo/nasta-steg", {"due_on": "2026-06-15"}),
            ("/partner/bodenbo/nasta-steg", {"owner": str(uuid4())}),
        ],
    )
    def test_is_said_beside_the_field_and_kept(
        self, visitor: Visitor, manager: Account, path: str, wrong: dict[str, object]
    ) -> None:
        makers.a_partner("Bodenbo", "Boden")
        makers.a_partner("Annan")
        db.session.commit()
        sound: dict[str, object] = {
            "name": "Nytt namn",
            "kind": "business",
            "person": "Anna",
            "what": "Ring",
            "due_on": TODAY,
        }
        before = db.session.query(Partner).count()
        visitor.opens(path).sends(path, 422, **{**sound, **wrong})
        assert 'aria-invalid="true"' in visitor.html
        db.session.rollback()
        assert db.session.query(Partner).count() == before
        assert db.session.query(Contact).count() == 0

    def test_an_old_pages_token(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/partner/ny").sends(
            "/partner/ny", 422, name="Bodenbo", kind="business", csrf_token="old"
        )
        visitor.sees("Sidan var öppen för länge.")
        assert 'value="Bodenbo"' in visitor.html
