"""What can be written down about money, by whom, and when not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account, Visitor
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.funding import actions
from choir_app.funding.actions.programmes import ProgrammeSaid
from choir_app.funding.models import (
    Agreement,
    BankBalance,
    CostLine,
    Deadline,
    ExclusiveGroup,
    InKind,
    Payment,
)
from choir_app.funding.rules import StageDefault
from choir_app.funding.rules.cost_plans import Term
from tests import makers
from tests.funding.kept import deeds_of_plans
from tests.funding.made import deeds_of_the_books
from tests.funding.proposed import deeds_of_proposals

KR = 100
TODAY = date(2026, 6, 16)
TOMORROW = TODAY + timedelta(days=1)

Deed = Callable[[Any], Any]

ABOUT_MONEY = (
    "agreements",
    "amendments",
    "bank_balances",
    "cost_line_ends",
    "cost_lines",
    "in_kinds",
    "instalments",
    "opportunities",
    "payment_matches",
    "payments",
    "programmes",
    "spent_to_dates",
)
"""Tables of which the log says what stood there before a change and after it."""


def deeds() -> dict[str, Deed]:
    """Every action of the room, on things that are there."""
    partner, choir = makers.a_partner(), makers.a_choir()
    agreement, line = makers.an_agreement(1_000 * KR, choir), makers.a_cost_line(choir, 100 * KR)
    copied = makers.a_cost_line(choir, 100 * KR, category="venue", valid_to=date(2026, 6, 30))
    balance = makers.a_balance(0, TODAY)
    payment = Payment(id=uuid4(), agreement_id=agreement.id, on=TODAY, ore=1)
    deadline = Deadline(id=uuid4(), agreement_id=agreement.id, kind="final_report", due_on=TODAY)
    gift = InKind(id=uuid4(), partner_id=partner.id, choir_id=choir.id, what="lån", valid_from=TODAY)
    db.session.add_all([payment, deadline, gift])
    db.session.flush()
    other = makers.an_agreement(1_000 * KR)
    programme, ended = makers.a_programme(partner), makers.a_programme(closed_at=clock.now())
    idea, asked = makers.an_opportunity(stages=("idea",)), makers.an_opportunity()
    moved, said_no = (
        makers.an_opportunity(stages=("idea", "talking")),
        makers.an_opportunity(stages=("declined",)),
    )
    tied = makers.an_opportunity(exclusive_group=ExclusiveGroup(name="x"))
    return {
        **deeds_of_the_books(),
        **deeds_of_plans(),
        **deeds_of_proposals(),
        "add_opportunity": lambda by: actions.add_opportunity(partner, name="x", by=by),
        "change_opportunity": lambda by: actions.change_opportunity(
            idea, version=idea.version, name="y", by=by
        ),
        "ask_again": lambda by: actions.ask_again(said_no, by=by),
        "move": lambda by: actions.move(idea, "talking" if idea.stage == "idea" else "idea", by=by),
        "undo_move": lambda by: actions.undo_move(moved, number=2, by=by),
        "win": lambda by: actions.win(
            asked, name="x", signed_on=TODAY, amount_ore=1, usable_from=TODAY, receipt=UUID(int=7), by=by
        ),
        "set_own_chance": lambda by: actions.set_own_chance(idea, bp=5_000, reason="x", by=by),
        "set_stage_chances": lambda by: actions.set_stage_chances({"idea": StageDefault(200, 900)}, by=by),
        "tie": lambda by: actions.tie(idea, moved, by=by),
        "untie": lambda by: actions.untie(tied, by=by),
        "add_agreement": lambda by: actions.add_agreement(
            partner, name="x", signed_on=TODAY, amount_ore=1, usable_from=TODAY, by=by
        ),
        "amend": lambda by: actions.amend(agreement, on=TODAY, delta_ore=1, by=by),
        "note_payment": lambda by: actions.note_payment(agreement, on=TODAY, ore=1, by=by),
        "note_spent": lambda by: actions.note_spent(agreement, as_of=TODAY, spent_ore=1, by=by),
        "reverse_agreement": lambda by: actions.reverse_agreement(other, by=by),
        "reverse_happening": lambda by: actions.reverse_happening(payment, by=by),
        "add_deadline": lambda by: actions.add_deadline(
            agreement, kind="final_report", due_on=TODAY, owner=None, by=by
        ),
        "submit": lambda by: actions.submit(deadline, by=by),
        "approve": lambda by: actions.approve(deadline, by=by),
        "withdraw_submission": lambda by: actions.withdraw_submission(deadline, by=by),
        "add_cost_line": lambda by: actions.add_cost_line(
            choir, category="leader", driver="once", ore=1, valid_from=TODAY, by=by
        ),
        "copy_costs": lambda by: actions.copy_costs(
            [copied.id], source=Term(2026, 1), target=Term(2026, 2), receipt=uuid4(), by=by
        ),
        "make_deadline_calendar": lambda by: actions.make_deadline_calendar(by=by),
        "move_deadline_calendar": lambda by: actions.move_deadline_calendar(by=by),
        "remove_deadline_calendar": lambda by: actions.remove_deadline_calendar(by=by),
        "end_cost_line": lambda by: actions.end_cost_line(line, last_day=TODAY, by=by),
        "reverse_cost_line": lambda by: actions.reverse_cost_line(line, by=by),
        "note_balance": lambda by: actions.note_balance(as_of=TODAY, ore=1, by=by),
        "reverse_balance": lambda by: actions.reverse_balance(balance, by=by),
        "add_in_kind": lambda by: actions.add_in_kind(partner, choir, what="x", valid_from=TODAY, by=by),
        "add_programme": lambda by: actions.add_programme(
            partner, ProgrammeSaid(name="x", decision_lead_days=1), by=by
        ),
        "change_programme": lambda by: actions.change_programme(
            programme, ProgrammeSaid(name="y", decision_lead_days=1), seen=programme.version, by=by
        ),
        "check_programme": lambda by: actions.check_programme(programme, by=by),
        "close_programme": lambda by: actions.close_programme(programme, by=by),
        "reopen_programme": lambda by: actions.reopen_programme(ended, by=by),
        "reverse_in_kind": lambda by: actions.reverse_in_kind(gift, by=by),
    }


class TestWhoMay:
    def test_every_action_is_tried(self, app: Flask) -> None:
        verbs = {
            name
            for name, one in vars(actions).items()
            if callable(one) and one.__module__.startswith(f"{actions.__name__}.")
        }
        assert {name for name in verbs if not name.startswith("_")} == set(deeds())

    def test_nobody_but_managers_and_administrators(self, app: Flask) -> None:
        choir = makers.a_choir()
        strangers: list[Account | Visitor] = [
            Visitor(),
            makers.an_account("Medlem"),
            makers.a_leader(choir),
            makers.an_editor(),
        ]
        for name, deed in deeds().items():
            for stranger in strangers:
                with pytest.raises(NotAllowed):
                    deed(stranger)
            assert deed(makers.an_administrator()) is not None, name

    def test_every_change_of_money_is_in_the_audit_log(self, app: Flask) -> None:
        manager = makers.a_manager()
        for deed in deeds().values():
            deed(manager)
        verbs = {entry.verb for entry in db.session.query(AuditEntry).where(AuditEntry.by_id == manager.id)}
        assert verbs == {
            "calendar.made",
            "calendar.moved",
            "calendar.removed",
            "promise.removed",
            "promise.undelivered",
            "promise.delivered",
            "promise.added",
            "document.removed",
            "document.added",
            "agreement.changed",
            "deadline.reopened",
            "deadline.approved",
            "deadline.submitted",
            "deadline.removed",
            "deadline.changed",
            "deadline.added",
            "payment.taken_apart",
            "payment.matched",
            "instalment.reversed",
            "instalment.added",
            "agreement.added",
            "agreement.amended",
            "agreement.reversed",
            "payment.noted",
            "payments.reversed",
            "spent.noted",
            "cost_line.added",
            "cost_line.ended",
            "cost_line.reversed",
            "bank_balance.noted",
            "bank_balance.reversed",
            "programme.added",
            "programme.changed",
            "programme.checked",
            "programme.closed",
            "programme.reopened",
            "in_kind.added",
            "in_kind.reversed",
            "opportunity.added",
            "opportunity.changed",
            "opportunity.chance_changed",
            "opportunity.moved",
            "opportunity.move_undone",
            "opportunity.tied",
            "opportunity.untied",
            "stage_chance.changed",
            "package.changed",
            "plan.added",
            "plan.changed",
            "plan.counted_anew",
            "plan.removed",
            "proposal.added",
            "proposal.answered",
            "proposal.changed",
            "proposal.opened_again",
            "proposal.removed",
            "proposal.sent",
            "proposal.taken_back",
        }

    def test_the_log_says_what_stood_there_before_and_after(self, app: Flask) -> None:
        manager = makers.a_manager()
        for deed in deeds().values():
            deed(manager)
        entries = db.session.query(AuditEntry).where(
            AuditEntry.by_id == manager.id, AuditEntry.subject.in_(ABOUT_MONEY)
        )
        silent = [entry.verb for entry in entries if entry.before is None and entry.after is None]
        assert silent == []
        by_verb = {entry.verb: entry for entry in entries}
        assert by_verb["payment.noted"].before is None
        assert (by_verb["payment.noted"].after or {})["ore"] == 1
        assert (by_verb["payments.reversed"].before or {})["ore"] == 1
        assert by_verb["payments.reversed"].after is None
        ended = by_verb["cost_line.ended"]
        assert (ended.before or {})["last_day"] is None
        assert (ended.after or {})["last_day"] == TODAY.isoformat()


class TestRefusals:
    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"signed_on": TOMORROW}, "signed_on"),
            ({"amount_ore": 0}, "amount"),
            ({"amount_ore": -5}, "amount"),
            ({"usable_to": TODAY - timedelta(days=1)}, "usable_to"),
            ({"allocation": "some"}, "allocation"),
            ({"allocation": "choirs"}, "choirs"),
            ({"allocation": "town"}, "towns"),
        ],
    )
    def test_an_agreement(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        sound = {"name": "x", "signed_on": TODAY, "amount_ore": 1, "usable_from": TODAY}
        with pytest.raises(Refusal) as no:
            actions.add_agreement(makers.a_partner(), **{**sound, **wrong}, by=makers.a_manager())
        assert no.value.field == field
        assert db.session.query(Agreement).count() == 0

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({}, "delta"),
            ({"delta_ore": -1_001 * KR}, "delta"),
            ({"delta_ore": 1, "on": TOMORROW}, "on"),
            ({"new_usable_to": date(2019, 12, 31)}, "new_usable_to"),
        ],
    )
    def test_an_amendment(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        agreement = makers.an_agreement(1_000 * KR)
        with pytest.raises(Refusal) as no:
            actions.amend(agreement, **{"on": TODAY, **wrong}, by=makers.a_manager())
        assert no.value.field == field

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"category": "gold"}, "category"),
            ({"driver": "daily"}, "driver"),
            ({"ore": 0}, "sum"),
            ({"driver": "monthly"}, "day_of_month"),
            ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ],
    )
    def test_a_cost(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        sound = {"category": "leader", "driver": "per_rehearsal", "ore": 1, "valid_from": TODAY}
        with pytest.raises(Refusal) as no:
            actions.add_cost_line(None, **{**sound, **wrong}, by=makers.a_manager())
        assert no.value.field == field
        assert db.session.query(CostLine).count() == 0

    def test_nothing_lies_ahead(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1)
        for deed in (
            lambda: actions.note_payment(agreement, on=TOMORROW, ore=1, by=manager),
            lambda: actions.note_spent(agreement, as_of=TOMORROW, spent_ore=1, by=manager),
            lambda: actions.note_balance(as_of=TOMORROW, ore=1, by=manager),
        ):
            with pytest.raises(Refusal):
                deed()

    def test_an_agreement_with_payments_is_not_struck(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1)
        payment = actions.note_payment(agreement, on=TODAY, ore=1, by=manager)
        with pytest.raises(Refusal):
            actions.reverse_agreement(agreement, by=manager)
        actions.reverse_happening(payment, by=manager)
        assert actions.reverse_agreement(agreement, by=manager).reverses_id == agreement.id

    def test_nothing_is_written_on_a_struck_agreement(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1_000 * KR)
        actions.reverse_agreement(agreement, by=manager)
        for write in (
            lambda: actions.note_payment(agreement, on=TODAY, ore=1, by=manager),
            lambda: actions.amend(agreement, on=TODAY, delta_ore=1, by=manager),
            lambda: actions.note_spent(agreement, as_of=TODAY, spent_ore=1, by=manager),
            lambda: actions.add_instalment(agreement, ore=1, due_on=TODAY, by=manager),
        ):
            with pytest.raises(Refusal) as refused:
                write()
            assert refused.value.field is None

    def test_help_replaces_only_the_choirs_own_or_a_shared_cost(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        boden, other = makers.a_choir(), makers.a_choir(town="Östersund")
        with pytest.raises(Refusal):
            actions.add_in_kind(
                partner, boden, what="x", replaces=makers.a_cost_line(other, 1), valid_from=TODAY, by=manager
            )
        shared = makers.a_cost_line(None, 1)
        assert actions.add_in_kind(partner, boden, what="x", replaces=shared, valid_from=TODAY, by=manager)

    def test_a_report_is_approved_after_it_was_sent(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1)
        report = actions.add_deadline(agreement, kind="final_report", due_on=TODAY, owner=manager, by=manager)
        with pytest.raises(Refusal):
            actions.approve(report, by=manager)
        assert actions.submit(report, by=manager).submitted_on == TODAY
        assert actions.approve(report, by=manager).approved_on == TODAY
        actions.withdraw_submission(report, by=manager)
        assert (report.submitted_on, report.approved_on) == (None, None)


class TestOnce:
    def test_the_same_receipt_twice_is_one_row(self, app: Flask) -> None:
        manager, agreement, receipt = makers.a_manager(), makers.an_agreement(1), uuid4()
        first = actions.note_payment(agreement, on=TODAY, ore=5, receipt=receipt, by=manager)
        again = actions.note_payment(agreement, on=TODAY, ore=5, receipt=receipt, by=manager)
        assert first is again
        for _time in range(2):
            actions.note_balance(as_of=TODAY, ore=7, receipt=receipt, by=manager)
        assert db.session.query(BankBalance).count() == 1

    def test_a_row_is_struck_once_and_stays_with_its_allocation(self, app: Flask) -> None:
        manager, choir = makers.a_manager(), makers.a_choir()
        agreement = makers.an_agreement(500, choir)
        struck = actions.reverse_agreement(agreement, by=manager)
        assert actions.reverse_agreement(agreement, by=manager) is struck
        assert (struck.amount_ore, struck.partner_id) == (-500, agreement.partner_id)
        assert [row.choir_id for row in agreement.choirs] == [choir.id]
