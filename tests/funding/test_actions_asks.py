"""Asks on their way: what each stage wants to know, who was first, what winning makes, and what an undo takes back."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.funding import actions, queries
from choir_app.funding.models import Agreement, Deadline, Opportunity, StageMove
from choir_app.funding.rules import StageDefault
from choir_app.partners.models import NextStep
from tests import makers

KR = 100
TODAY = date(2026, 6, 16)
SOON = TODAY + timedelta(days=7)
FACTS: dict[str, Any] = {
    "ask_ore": 5_000 * KR,
    "usable_from": date(2026, 9, 1),
    "decision_on": date(2026, 8, 1),
}
SIGNED: dict[str, Any] = {
    "name": "Kören i höst",
    "signed_on": TODAY,
    "amount_ore": 4_000 * KR,
    "usable_from": date(2026, 9, 1),
}


def an_idea(**more: Any) -> Opportunity:
    """An idea that nobody has said anything about yet."""
    bare = {"usable_from": None, "usable_to": None, "decision_on": None}
    return makers.an_opportunity(None, stages=("idea",), **{**bare, **more})


def moves_of(one: Opportunity) -> list[tuple[str | None, str]]:
    """From where to where it went, without what was undone."""
    rows = db.session.query(StageMove).where(
        StageMove.opportunity_id == one.id, StageMove.undone_at.is_(None)
    )
    return [(row.from_stage, row.to_stage) for row in rows.order_by(StageMove.number)]


class TestEntering:
    def test_a_name_is_enough(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = actions.add_opportunity(makers.a_partner(), name="Kören i höst", by=manager)
        assert (one.stage, one.version, one.ask_ore) == ("idea", 1, None)
        (move,) = db.session.query(StageMove).where(StageMove.opportunity_id == one.id)
        assert (move.from_stage, move.to_stage, move.by_id) == (None, "idea", manager.id)

    def test_the_same_receipt_is_the_same_idea(self, app: Flask) -> None:
        manager, partner, receipt = makers.a_manager(), makers.a_partner(), uuid4()
        first = actions.add_opportunity(partner, name="x", receipt=receipt, by=manager)
        assert actions.add_opportunity(partner, name="x", receipt=receipt, by=manager) is first
        assert db.session.query(Opportunity).count() == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"ask_ore": 0}, "ask"),
            ({"usable_from": SOON, "usable_to": TODAY}, "usable_to"),
            ({"allocation": "some"}, "allocation"),
            ({"allocation": "choirs"}, "choirs"),
            ({"allocation": "town"}, "towns"),
        ],
    )
    def test_what_is_refused(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_opportunity(makers.a_partner(), **{"name": "x", **wrong}, by=makers.a_manager())
        assert no.value.field == field

    def test_contact_and_programme_are_the_partner_s(self, app: Flask) -> None:
        manager, partner, other = makers.a_manager(), makers.a_partner(), makers.a_partner("Annan")
        with pytest.raises(Refusal):
            actions.add_opportunity(partner, name="x", contact=makers.a_contact(other), by=manager)
        with pytest.raises(Refusal):
            actions.add_opportunity(partner, name="x", programme=makers.a_programme(other), by=manager)


class TestTwoEditors:
    def test_the_second_one_overwrites_nothing(self, app: Flask) -> None:
        karin, jonas, one = makers.a_manager("Karin Ek"), makers.a_manager(), an_idea()
        seen = one.version
        actions.change_opportunity(one, version=seen, name="Karins", by=karin)
        with pytest.raises(Refusal) as no:
            actions.change_opportunity(one, version=seen, name="Jonas", by=jonas)
        assert "Karin Ek" in no.value.message
        assert (no.value.field, one.name) == ("version", "Karins")
        actions.change_opportunity(one, version=one.version, name="Båda", by=jonas)
        assert one.name == "Båda"

    def test_the_same_sent_twice_is_in_nobody_s_way(self, app: Flask) -> None:
        manager, choir, one = makers.a_manager(), makers.a_choir(), an_idea()
        said: dict[str, Any] = {"name": "y", "allocation": "choirs", "choirs": [choir], "owner": manager}
        actions.change_opportunity(one, version=1, **said, by=manager)
        actions.change_opportunity(one, version=1, **said, by=manager)
        assert one.version == 2
        for other in ({"ask_ore": 5}, {"allocation": "all"}, {"owner": None}):
            with pytest.raises(Refusal):
                actions.change_opportunity(one, version=1, **{**said, **other}, by=manager)

    def test_a_move_is_a_change(self, app: Flask) -> None:
        manager, one = makers.a_manager(), an_idea()
        seen = one.version
        actions.move(one, "talking", by=manager)
        with pytest.raises(Refusal):
            actions.change_opportunity(one, version=seen, name="x", by=manager)

    def test_who_saw_another_stage_moves_nothing(self, app: Flask) -> None:
        karin, one = makers.a_manager("Karin Ek"), makers.an_opportunity()
        actions.move(one, "pledged", said_yes="Anna, på telefon", seen="applied", by=karin)
        with pytest.raises(Refusal) as no:
            actions.move(one, "dormant", seen="applied", by=makers.a_manager())
        assert "Karin Ek flyttade" in no.value.message
        assert "Löfte" in no.value.message
        assert one.stage == "pledged"

    def test_the_same_move_twice_is_one(self, app: Flask) -> None:
        manager, one = makers.a_manager(), an_idea()
        first = actions.move(one, "talking", seen="idea", by=manager)
        assert actions.move(one, "talking", seen="idea", by=manager) is first

    def test_sum_and_day_stay_where_they_are_needed(self, app: Flask) -> None:
        one = makers.an_opportunity()
        with pytest.raises(Refusal) as no:
            actions.change_opportunity(one, version=one.version, name="x", by=makers.a_manager())
        assert no.value.field == "ask"


class TestMoving:
    @pytest.mark.parametrize(
        ("to", "said", "field"),
        [
            ("applied", {}, "ask"),
            ("applied", {"ask_ore": 5}, "usable_from"),
            ("applied", {"ask_ore": 5, "usable_from": SOON}, "decision_on"),
            ("applied", {"ask_ore": -5, "usable_from": SOON, "decision_on": SOON}, "ask"),
            ("pledged", {"ask_ore": 5}, "usable_from"),
            ("pledged", {"ask_ore": 5, "usable_from": SOON}, "said_yes"),
            ("declined", {}, "lost_reason"),
            ("declined", {"lost_reason": "Ont om pengar", "ask_again_on": TODAY}, "ask_again_on"),
            ("talking", {"next_what": "Ring"}, "next_due_on"),
            ("talking", {"next_due_on": SOON}, "next_what"),
            ("talking", {"next_what": "Ring", "next_due_on": TODAY - timedelta(days=1)}, "next_due_on"),
            ("agreed", FACTS, "to"),
            ("heaven", {}, "to"),
        ],
    )
    def test_what_each_stage_wants_to_know(
        self, app: Flask, to: str, said: dict[str, Any], field: str
    ) -> None:
        one = an_idea()
        with pytest.raises(Refusal) as no, db.session.begin_nested():
            actions.move(one, to, **said, by=makers.a_manager())
        assert no.value.field == field
        assert (one.stage, one.ask_ore, moves_of(one)) == ("idea", None, [(None, "idea")])

    def test_what_is_said_on_the_way_is_written_down(self, app: Flask) -> None:
        manager, one = makers.a_manager(), an_idea()
        contact = makers.a_contact(one.partner)
        actions.move(one, "talking", contact=contact, next_what="Ring", next_due_on=SOON, by=manager)
        step = db.session.query(NextStep).one()
        assert (step.what, step.due_on, one.contact_id) == ("Ring", SOON, contact.id)
        actions.move(one, "talking", by=manager)
        actions.move(one, "applied", **FACTS, next_what="Vänta", next_due_on=SOON, by=manager)
        assert (one.ask_ore, one.applied_on) == (5_000 * KR, TODAY)
        assert db.session.query(NextStep).one().what == "Vänta"
        pledge = actions.move(one, "pledged", said_yes="Anna, muntligt", by=manager)
        assert (one.said_yes, pledge.note, pledge.number) == ("Anna, muntligt", "Anna, muntligt", 4)
        assert moves_of(one) == [
            (None, "idea"),
            ("idea", "talking"),
            ("talking", "applied"),
            ("applied", "pledged"),
        ]
        actions.move(one, "declined", lost_reason="Ny chef", ask_again_on=date(2027, 1, 1), by=manager)
        assert (one.lost_reason, one.ask_again_on) == ("Ny chef", date(2027, 1, 1))
        actions.move(one, "idea", by=manager)
        assert (one.lost_reason, one.ask_again_on) == (None, None)

    def test_the_chance_it_was_held_to_have_is_kept(self, app: Flask) -> None:
        manager, one = makers.a_manager(), an_idea()
        assert actions.move(one, "talking", by=manager).chance_bp == 1_500
        assert actions.move(one, "applied", **FACTS, by=manager).chance_bp == 1_500
        assert actions.move(one, "pledged", said_yes="x", by=manager).chance_bp == 8_000
        ended = actions.move(one, "declined", lost_reason="x", by=manager)
        assert (ended.chance_bp, ended.was_known_partner) == (8_000, False)

    def test_a_partner_s_own_answer_moves_it_without_an_account(self, app: Flask) -> None:
        class Answering:
            id, manages = None, True

        one = makers.an_opportunity()
        assert actions.move(one, "pledged", said_yes="Ja på sidan", by=Answering()).by_id is None
        assert one.stage == "pledged"

    def test_a_no_is_asked_again_as_a_new_idea_and_stays_a_no(self, app: Flask) -> None:
        manager, choir = makers.a_manager(), makers.a_choir()
        one = makers.an_opportunity(
            500, choir, stages=("applied", "declined"), lost_reason="x", ask_again_on=TODAY
        )
        receipt = uuid4()
        new = actions.ask_again(one, receipt=receipt, by=manager)
        assert actions.ask_again(one, receipt=receipt, by=manager) is new
        assert (new.stage, new.ask_ore, new.usable_from, new.partner_id) == (
            "idea",
            500,
            None,
            one.partner_id,
        )
        assert [row.choir_id for row in new.choirs] == [choir.id]
        assert (one.stage, one.lost_reason, one.ask_again_on) == ("declined", "x", None)
        with pytest.raises(Refusal):
            actions.ask_again(new, by=manager)


class TestWinning:
    def test_makes_the_agreement_with_its_reports(self, app: Flask) -> None:
        manager, choir = makers.a_manager(), makers.a_choir()
        one = makers.an_opportunity(5_000 * KR, choir, owner_id=manager.id)
        agreement = actions.win(
            one,
            **SIGNED,
            allocation="choirs",
            choirs=[choir],
            reports={"interim_report": SOON, "final_report": date(2027, 1, 31)},
            by=manager,
        )
        assert (one.stage, one.agreement_id, agreement.partner_id) == ("agreed", agreement.id, one.partner_id)
        assert moves_of(one)[-1] == ("applied", "agreed")
        deadlines = db.session.query(Deadline).where(Deadline.agreement_id == agreement.id)
        assert {(row.kind, row.due_on, row.owner_id) for row in deadlines} == {
            ("interim_report", SOON, manager.id),
            ("final_report", date(2027, 1, 31), manager.id),
        }
        assert queries.open_asks(TODAY) == ()
        verbs = [entry.verb for entry in db.session.query(AuditEntry)]
        assert {"agreement.added", "opportunity.moved"} <= set(verbs)

    def test_twice_is_once(self, app: Flask) -> None:
        manager, one, receipt = makers.a_manager(), makers.an_opportunity(), uuid4()
        first = actions.win(one, **SIGNED, receipt=receipt, seen="applied", by=manager)
        assert actions.win(one, **SIGNED, receipt=receipt, seen="applied", by=manager) is first
        with pytest.raises(Refusal):
            actions.win(one, **SIGNED, receipt=uuid4(), by=manager)
        assert db.session.query(Agreement).count() == 1

    def test_all_or_nothing(self, app: Flask) -> None:
        one = makers.an_opportunity()
        with pytest.raises(Refusal) as no, db.session.begin_nested():
            actions.win(one, **SIGNED, reports={"poem": SOON}, by=makers.a_manager())
        assert no.value.field == "kind"
        assert (one.stage, db.session.query(Agreement).count()) == ("applied", 0)

    def test_only_one_of_a_group(self, app: Flask) -> None:
        manager = makers.a_manager()
        one, other = makers.an_opportunity(), makers.an_opportunity()
        actions.tie(one, other, by=manager)
        actions.win(one, **SIGNED, by=manager)
        with pytest.raises(Refusal):
            actions.win(other, **SIGNED, by=manager)


class TestUndoing:
    def test_the_newest_move_and_it_counts_for_nothing(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity(stages=("talking", "applied"))
        before = one.stage_since
        with clock.set_to(clock.now() + timedelta(hours=1)):
            made = actions.move(one, "declined", lost_reason="x", ask_again_on=SOON, by=manager)
        assert one.stage_since > before
        assert queries.own_history(TODAY)["applied", False].n == 1
        actions.undo_move(one, number=made.number, by=manager)
        assert (one.stage, one.lost_reason, one.ask_again_on) == ("applied", None, None)
        assert one.stage_since == before
        assert queries.own_history(TODAY) == {}
        assert made.undone_by_id == manager.id
        assert actions.undo_move(one, number=made.number, by=manager) is made
        assert one.stage == "applied"
        assert actions.move(one, "dormant", by=manager).number == made.number + 1

    def test_a_no_that_was_opened_by_mistake_keeps_its_reason(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity()
        actions.move(one, "declined", lost_reason="inte i år", by=manager)
        made = actions.move(one, "talking", by=manager)
        actions.undo_move(one, number=made.number, by=manager)
        assert (one.stage, one.lost_reason) == ("declined", "inte i år")

    def test_not_when_it_was_moved_again_or_never(self, app: Flask) -> None:
        manager, one = makers.a_manager(), an_idea()
        with pytest.raises(Refusal):
            actions.undo_move(one, number=1, by=manager)
        made = actions.move(one, "talking", by=manager)
        actions.move(one, "dormant", by=manager)
        with pytest.raises(Refusal):
            actions.undo_move(one, number=made.number, by=manager)

    def test_a_card_with_an_agreement_is_not_moved_away_from_it(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity()
        actions.win(one, **SIGNED, by=manager)
        for stage in ("talking", "pledged", "declined"):
            with pytest.raises(Refusal, match="har ett avtal"):
                actions.move(one, stage, lost_reason="x", said_yes="Anna", by=manager)
        assert one.stage == "agreed"
        assert queries.open_asks(TODAY) == ()

    def test_a_win_takes_its_agreement_with_it(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity()
        agreement = actions.win(one, **SIGNED, by=manager)
        actions.undo_move(one, number=2, by=manager)
        assert (one.stage, one.agreement_id) == ("applied", None)
        assert queries.agreement_rows(viewer=manager) == []
        again = actions.win(one, **SIGNED, by=manager)
        payment = actions.note_payment(again, on=TODAY, ore=5, by=manager)
        with pytest.raises(Refusal), db.session.begin_nested():
            actions.undo_move(one, number=3, by=manager)
        assert (one.stage, agreement.id != again.id, payment.ore) == ("agreed", True, 5)

    def test_striking_the_agreement_puts_the_card_back(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity()
        actions.reverse_agreement(actions.win(one, **SIGNED, by=manager), by=manager)
        assert (one.stage, one.agreement_id, moves_of(one)) == ("applied", None, [(None, "applied")])


class TestChances:
    def test_one_s_own_needs_a_reason_and_is_taken_back(self, app: Flask) -> None:
        manager, one = makers.a_manager(), makers.an_opportunity()
        for bp, reason in ((5_000, None), (0, "x"), (10_000, "x")):
            with pytest.raises(Refusal):
                actions.set_own_chance(one, bp=bp, reason=reason, by=manager)
        actions.set_own_chance(one, bp=5_000, reason="Hon ringde", by=manager)
        assert (one.own_bp, one.own_bp_on) == (5_000, TODAY)
        actions.set_own_chance(one, bp=None, by=manager)
        assert (one.own_bp, one.own_bp_reason, one.own_bp_on) == (None, None, None)
        ended = makers.an_opportunity(stages=("declined",))
        with pytest.raises(Refusal):
            actions.set_own_chance(ended, bp=5_000, reason="x", by=manager)

    def test_the_settings(self, app: Flask) -> None:
        manager = makers.a_manager()
        actions.set_stage_chances({"idea": StageDefault(200, 900)}, by=manager)
        actions.set_stage_chances({"idea": StageDefault(200, 900)}, by=manager)
        assert queries.chance_settings()["idea"] == StageDefault(200, 900)
        assert db.session.query(AuditEntry).where(AuditEntry.verb == "stage_chance.changed").count() == 1
        for wrong in (
            {"idea": StageDefault(0, 900)},
            {"idea": StageDefault(1, 10_000)},
            {"agreed": StageDefault(1, 1)},
        ):
            with pytest.raises(Refusal):
                actions.set_stage_chances(wrong, by=manager)


class TestGroups:
    def test_grow_join_and_dissolve(self, app: Flask) -> None:
        manager = makers.a_manager()
        a, b, c, d = (makers.an_opportunity(name=name) for name in "abcd")
        actions.tie(a, b, by=manager)
        actions.tie(c, d, by=manager)
        group = actions.tie(a, c, by=manager)
        assert {one.exclusive_group_id for one in (a, b, c, d)} == {group.id}
        actions.untie(a, by=manager)
        actions.untie(b, by=manager)
        actions.untie(c, by=manager)
        assert {one.exclusive_group_id for one in (a, b, c, d)} == {None}
        with pytest.raises(Refusal):
            actions.tie(a, a, by=manager)

    def test_two_that_have_become_agreements_are_never_in_one_group(self, app: Flask) -> None:
        manager = makers.a_manager()
        won, also, still_open = (makers.an_opportunity(name=name) for name in ("Vår", "Höst", "Öppen"))
        for one in (won, also):
            actions.win(one, **SIGNED, by=manager)
        with pytest.raises(Refusal, match="«Höst» och «Vår» har redan blivit avtal"):
            actions.tie(won, also, by=manager)
        actions.tie(won, still_open, by=manager)
        with pytest.raises(Refusal, match="har redan blivit avtal"):
            actions.tie(also, still_open, by=manager)
        assert (also.exclusive_group_id, still_open.exclusive_group_id) == (None, won.exclusive_group_id)


def test_a_moment_is_told_as_the_clock_here_shows_it(app: Flask) -> None:
    karin, one = makers.a_manager("Karin Ek"), an_idea()
    actions.change_opportunity(one, version=1, name="x", by=karin)
    with pytest.raises(Refusal) as no:
        actions.change_opportunity(one, version=1, name="y", by=karin)
    assert f"kl. {clock.local(clock.now()).strftime('%H.%M')}" in no.value.message
