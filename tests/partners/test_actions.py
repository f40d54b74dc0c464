"""What can be done with partners, by whom, and when not."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Visitor
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.partners import actions, queries
from choir_app.partners.actions.import_list import ListedPartner
from choir_app.partners.models import Contact, NextStep, PartnerImport, Touchpoint
from choir_app.partners.rules.import_list import PartnerRow
from tests import makers

TODAY = date(2026, 6, 16)
TOMORROW = TODAY + timedelta(days=1)


class TestWhoMay:
    def test_nobody_but_managers_and_administrators(self, app: Flask) -> None:
        partner = makers.a_partner()
        contact = makers.a_contact(partner)
        step = makers.a_next_step(partner, TODAY)
        new: dict[str, Any] = {"name": "Ny", "kind": "business"}
        taken_in = PartnerImport(id=uuid4(), row_count=0)
        db.session.add(taken_in)
        deeds = {
            "add_partner": lambda by: actions.add_partner(f"Ny {uuid4()}", kind="business", by=by),
            "change_partner": lambda by: actions.change_partner(partner, **new, by=by),
            "ask_about_alike": lambda by: actions.ask_about_alike("Qwerty", website=None, by=by),
            "add_contact": lambda by: actions.add_contact(partner, person="Bo", by=by),
            "change_contact": lambda by: actions.change_contact(
                contact, person="Bo", role=None, phone=None, email=None, by=by
            ),
            "log_touchpoint": lambda by: actions.log_touchpoint(partner, kind="call", note="x", by=by),
            "move_next_step": lambda by: actions.move_next_step(
                step, what="x", due_on=TODAY, owner=None, by=by
            ),
            "finish_next_step": lambda by: actions.finish_next_step(step, kind="call", note="x", by=by),
            "plan_next_step": lambda by: actions.plan_next_step(
                partner, what="x", due_on=TODAY, owner=None, by=by
            ),
            "remove_contact": lambda by: actions.remove_contact(contact, by=by),
            "take_in_partners": lambda by: actions.take_in_partners(
                [ListedPartner(PartnerRow(1, "Hämtad"), "business")], receipt=uuid4(), by=by
            ),
            "undo_partners": lambda by: actions.undo_partners(taken_in, by=by),
        }
        own = {
            name
            for name, one in vars(actions).items()
            if getattr(one, "__module__", "").startswith(f"{actions.__name__}.")
        }
        assert {name for name in own if not name.startswith("_")} == set(deeds)
        manager = makers.a_manager()
        for deed in deeds.values():
            for stranger in (Visitor(), makers.an_account(), makers.a_leader(), makers.an_editor()):
                with pytest.raises(NotAllowed):
                    deed(stranger)
            deed(manager)

    def test_nobody_else_reads_about_them(self, app: Flask) -> None:
        partner = makers.a_partner()
        makers.a_next_step(partner, TODAY)
        for stranger in (Visitor(), makers.a_leader(), makers.an_editor()):
            assert queries.partner_list(viewer=stranger) == []
            assert queries.open_steps(viewer=stranger) == []


class TestAPartner:
    def test_nobody_is_entered_twice_however_it_is_spelled(self, app: Flask) -> None:
        manager = makers.a_manager()
        actions.add_partner("Folkets hus Östersund", kind="community_hall", by=manager)
        with pytest.raises(Refusal) as no:
            actions.add_partner("folkets  HUS ostersund", kind="community_hall", by=manager)
        assert no.value.field == "name"

    def test_one_that_may_be_there_already_is_asked_about(self, app: Flask) -> None:
        manager = makers.a_manager()
        known = makers.a_partner("Bodenbo", website="https://www.bodenbo.se")
        for name, website in (("Bodenbo AB", None), ("Något annat", "bodenbo.se/kontakt")):
            with pytest.raises(Refusal) as no:
                actions.ask_about_alike(name, website=website, by=manager)
            assert no.value.field == "is_another"
            assert queries.alike(name, website, viewer=manager) == [known]
        actions.ask_about_alike("Kirunabostäder", website="kiruna.se", by=manager)
        actions.ask_about_alike("bodenbo", website="https://bodenbo.se", besides=known, by=manager)
        other = makers.a_partner("Bodenbo Norr")
        actions.ask_about_alike("Bodenbo", website="bodenbo.se", besides=known, by=manager)
        with pytest.raises(Refusal):
            actions.ask_about_alike("Bodenbo Syd", website=None, besides=other, by=manager)
        assert queries.alike("Bodenbo", None, viewer=makers.a_leader()) == []

    def test_its_address_is_free_and_stays(self, app: Flask) -> None:
        manager = makers.a_manager()
        first = actions.add_partner("Ny", kind="business", by=manager)
        assert first.slug == "ny-2", "/partner/ny is taken"
        odd = actions.add_partner("Bo!", kind="business", by=manager)
        even = actions.add_partner("Bo & Co", kind="business", by=manager)
        assert (odd.slug, even.slug) == ("bo", "bo-co")
        actions.change_partner(odd, name="Nya namnet", kind="other", by=manager)
        assert (odd.name, odd.slug) == ("Nya namnet", "bo")

    @pytest.mark.parametrize("name", ["!!!", "…"])
    def test_a_name_has_letters(self, app: Flask, name: str) -> None:
        with pytest.raises(Refusal):
            actions.add_partner(name, kind="business", by=makers.a_manager())

    @pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://x.se", "hej hopp.se", "x", "http://[1"])
    def test_a_website_is_one(self, app: Flask, typed: str) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_partner("Bo", kind="business", website=typed, by=makers.a_manager())
        assert no.value.field == "website"

    def test_a_website_may_be_typed_without_its_beginning(self, app: Flask) -> None:
        partner = actions.add_partner("Bo", kind="business", website="www.exempel.se", by=makers.a_manager())
        assert partner.website == "https://www.exempel.se"

    def test_towns_come_and_go(self, app: Flask) -> None:
        manager, boden, ostersund = makers.a_manager(), makers.a_town("Boden"), makers.a_town("Östersund")
        partner = actions.add_partner("Bo", kind="business", towns=[boden, ostersund], by=manager)
        assert [row.town_id for row in partner.in_towns] == sorted([boden.id, ostersund.id])
        actions.change_partner(partner, name="Bo", kind="business", towns=[ostersund], by=manager)
        db.session.flush()
        assert [row.town_id for row in partner.in_towns] == [ostersund.id]

    def test_it_may_belong_to_another_but_never_to_itself(self, app: Flask) -> None:
        manager = makers.a_manager()
        top = actions.add_partner("Riksbyggarna", kind="housing_company", by=manager)
        middle = actions.add_partner("Norrbolaget", kind="housing_company", parent=top, by=manager)
        low = actions.add_partner("Bodenbo", kind="housing_company", parent=middle, by=manager)
        assert [one.name for one in queries.belonging_to(top)] == ["Norrbolaget"]
        assert queries.with_those_below(top) == {top.id, middle.id, low.id}
        assert queries.possible_parents(top, viewer=manager) == []
        for parent in (top, middle, low):
            with pytest.raises(Refusal) as no:
                actions.change_partner(top, name=top.name, kind="housing_company", parent=parent, by=manager)
            assert no.value.field == "parent"
        actions.change_partner(low, name=low.name, kind="housing_company", parent=top, by=manager)
        db.session.flush()
        assert [one.name for one in queries.belonging_to(top)] == ["Bodenbo", "Norrbolaget"]
        actions.change_partner(low, name=low.name, kind="housing_company", by=manager)
        assert low.parent_id is None


class TestAContact:
    def test_does_one_thing_or_several(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        anna = actions.add_contact(partner, person="Anna", tasks=["pays", "decides"], by=manager)
        assert anna.tasks == ("decides", "pays")
        told: dict[str, Any] = {"person": "Anna", "role": None, "phone": None, "email": None}
        actions.change_contact(anna, **told, tasks=["reports"], by=manager)
        assert anna.tasks == ("reports",)
        with pytest.raises(Refusal) as no:
            actions.change_contact(anna, **told, tasks=["partner_id"], by=manager)
        assert (no.value.field, anna.tasks) == ("tasks", ("reports",))


class TestTheLog:
    def test_the_same_receipt_twice_is_one_entry(self, app: Flask) -> None:
        manager, partner, receipt = makers.a_manager(), makers.a_partner(), uuid4()
        for _time in range(2):
            actions.log_touchpoint(partner, kind="call", note="Ringde.", receipt=receipt, by=manager)
        assert db.session.query(Touchpoint).count() == 1

    def test_nothing_is_told_before_it_happened_or_of_somebody_elsewhere(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        elsewhere = makers.a_contact(makers.a_partner("Annan"))
        with pytest.raises(Refusal):
            actions.log_touchpoint(partner, kind="call", note="x", happened_on=TOMORROW, by=manager)
        with pytest.raises(Refusal):
            actions.log_touchpoint(partner, kind="call", note="x", contact=elsewhere, by=manager)

    def test_it_stays_when_a_person_is_forgotten(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        contact = makers.a_contact(partner)
        entry = actions.log_touchpoint(partner, kind="call", note="Ringde.", contact=contact, by=manager)
        db.session.commit()
        actions.remove_contact(contact, by=manager)
        db.session.commit()
        assert db.session.query(Contact).count() == 0
        assert (entry.note, entry.contact_id) == ("Ringde.", None)

    def test_what_comes_then_is_planned_with_it_and_the_step_before_is_done(self, app: Flask) -> None:
        manager, partner, receipt = makers.a_manager(), makers.a_partner(), uuid4()
        before = makers.a_next_step(partner, TODAY)
        then: dict[str, Any] = {"next_what": "Skicka avtal", "next_due_on": TOMORROW, "next_owner": manager}
        for _time in range(2):
            actions.log_touchpoint(partner, kind="call", note="Ja.", **then, receipt=receipt, by=manager)
        step = queries.open_step_of(partner)
        assert before.done_at is not None
        assert step is not None
        assert (step.what, step.due_on, step.owner_id) == ("Skicka avtal", TOMORROW, manager.id)
        actions.log_touchpoint(partner, kind="call", note="Ja igen.", **then, by=manager)
        assert queries.open_step_of(partner) is step, "the same step is not planned twice"
        actions.log_touchpoint(partner, kind="call", note="Bara det.", by=manager)
        assert queries.open_step_of(partner) is step
        assert (db.session.query(NextStep).count(), db.session.query(Touchpoint).count()) == (2, 3)

    @pytest.mark.parametrize(
        ("then", "field"),
        [
            ({"next_what": "Ring"}, "next_due_on"),
            ({"next_due_on": TOMORROW}, "next_what"),
            ({"next_what": "Ring", "next_due_on": TODAY - timedelta(days=1)}, "next_due_on"),
        ],
    )
    def test_a_half_step_is_nothing(self, app: Flask, then: dict[str, Any], field: str) -> None:
        partner = makers.a_partner()
        with pytest.raises(Refusal) as no:
            actions.log_touchpoint(partner, kind="call", note="x", **then, by=makers.a_manager())
        assert no.value.field == field
        assert db.session.query(Touchpoint).count() == 0


class TestTheNextStep:
    def test_there_is_one_at_a_time(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        step = actions.plan_next_step(partner, what="Ring", due_on=TODAY, owner=manager, by=manager)
        assert actions.plan_next_step(partner, what="Ring", due_on=TODAY, owner=manager, by=manager) is step
        with pytest.raises(Refusal):
            actions.plan_next_step(partner, what="Mejla", due_on=TODAY, owner=manager, by=manager)

    def test_it_lies_ahead_but_a_late_one_may_keep_its_day(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        yesterday = TODAY - timedelta(days=1)
        with pytest.raises(Refusal):
            actions.plan_next_step(partner, what="Ring", due_on=yesterday, owner=None, by=manager)
        late = makers.a_next_step(partner, yesterday)
        moved = actions.move_next_step(late, what="Ring igen", due_on=yesterday, owner=None, by=manager)
        assert (moved.what, moved.due_on) == ("Ring igen", yesterday)

    def test_done_goes_to_the_log_and_leads_on(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        step = makers.a_next_step(partner, TODAY)
        following = actions.finish_next_step(
            step, kind="call", note="De vill.", next_what="Skicka avtal", next_due_on=TOMORROW, by=manager
        )
        assert step.done_at is not None
        assert queries.open_step_of(partner) is following
        assert [entry.note for entry in queries.log_of(partner)] == ["De vill."]
        assert actions.finish_next_step(step, kind="call", note="De vill.", by=manager) is following
        assert db.session.query(Touchpoint).count() == 1, "pressed twice it is done once"

    def test_what_comes_then_has_words_and_a_day(self, app: Flask) -> None:
        manager, step = makers.a_manager(), makers.a_next_step(makers.a_partner(), TODAY)
        halves: list[tuple[dict[str, Any], str]] = [
            ({"next_what": "Ring"}, "next_due_on"),
            ({"next_due_on": TOMORROW}, "next_what"),
        ]
        for half, field in halves:
            with pytest.raises(Refusal) as no:
                actions.finish_next_step(step, kind="call", note="x", **half, by=manager)
            assert no.value.field == field
        assert actions.finish_next_step(step, kind="call", note="x", by=manager) is None
