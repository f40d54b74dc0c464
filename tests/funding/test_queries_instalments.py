"""Which instalments are unpaid on a day, and when their money is counted on."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.models import Instalment
from tests import makers
from tests.funding.made import a_deadline, a_payment, an_instalment
from tests.statements import counted

KR = 100
TODAY = date(2026, 6, 16)
AUTUMN = date(2026, 9, 1)


def days(number: int) -> timedelta:
    return timedelta(days=number)


class TestWhatIsUnpaid:
    def test_all_of_it_and_what_it_is_called(self, app: Flask) -> None:
        partner = makers.a_partner("Bodenbo")
        agreement = makers.an_agreement(1_000 * KR, partner=partner, name="Kören i Boden")
        one = an_instalment(agreement, 400 * KR, AUTUMN, lag_days=10)
        (due,) = queries.instalments_due(TODAY)
        assert due == queries.DueInstalment(
            id=one.id,
            agreement_id=agreement.id,
            agreement="Kören i Boden",
            partner="Bodenbo",
            ore=400 * KR,
            due_on=AUTUMN,
            condition="date",
            condition_met_on=None,
            expected_on=AUTUMN + days(10),
            is_late=False,
            deadline_id=None,
        )

    def test_part_payments_and_one_payment_for_several(self, app: Flask) -> None:
        agreement = makers.an_agreement(1_000 * KR)
        first, second, third = (
            an_instalment(agreement, 100 * KR, AUTUMN + days(number)) for number in range(3)
        )
        a_payment(agreement, 30 * KR, TODAY - days(9), (first, 30 * KR))
        a_payment(agreement, 150 * KR, TODAY - days(8), (first, 70 * KR), (second, 80 * KR))
        assert [(due.id, due.ore) for due in queries.instalments_due(TODAY)] == [
            (second.id, 20 * KR),
            (third.id, 100 * KR),
        ]

    def test_a_payment_pays_from_its_day_on(self, app: Flask) -> None:
        agreement = makers.an_agreement(1_000 * KR)
        one = an_instalment(agreement, 100 * KR, AUTUMN)
        a_payment(agreement, 100 * KR, TODAY, (one, 100 * KR))
        assert len(queries.instalments_due(TODAY - days(1))) == 1
        assert queries.instalments_due(TODAY) == ()

    def test_what_was_taken_back_does_not_count(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1_000 * KR)
        one, wrong = an_instalment(agreement, 100 * KR, AUTUMN), an_instalment(agreement, 7, AUTUMN)
        db.session.add(
            Instalment(id=uuid4(), agreement_id=agreement.id, ore=-7, due_on=AUTUMN, reverses_id=wrong.id)
        )
        payment = a_payment(agreement, 100 * KR, TODAY, (one, 100 * KR))
        assert queries.instalments_due(TODAY) == ()
        actions.reverse_happening(payment, by=manager)
        assert [due.id for due in queries.instalments_due(TODAY)] == [one.id]

    def test_nor_does_an_agreement_that_is_struck_or_signed_later(self, app: Flask) -> None:
        struck = makers.an_agreement(1_000 * KR)
        later = makers.an_agreement(1_000 * KR, signed_on=TODAY + days(1))
        for agreement in (struck, later):
            an_instalment(agreement, 100 * KR, AUTUMN)
        actions.reverse_agreement(struck, by=makers.a_manager())
        assert queries.instalments_due(TODAY) == ()
        assert len(queries.instalments_due(TODAY + days(1))) == 1

    def test_however_many_there_are_it_asks_once_for_each_kind(self, app: Flask) -> None:
        for _number in range(5):
            agreement = makers.an_agreement(1_000 * KR)
            an_instalment(
                agreement, 5, AUTUMN, condition="report", deadline_id=a_deadline(agreement, TODAY).id
            )
        db.session.expire_all()
        with counted() as asked:
            assert len(queries.instalments_due(TODAY)) == 5
        assert len(asked) <= 2


class TestWhatItWaitsFor:
    def test_a_report_is_met_when_it_is_approved_and_a_requisition_when_it_is_sent(self, app: Flask) -> None:
        agreement = makers.an_agreement(1_000 * KR)
        sent: dict[str, Any] = {"due_on": TODAY, "submitted_on": TODAY - days(3)}
        report, requisition = a_deadline(agreement, **sent), a_deadline(agreement, kind="requisition", **sent)
        an_instalment(agreement, 1, TODAY + days(1), condition="report", deadline_id=report.id)
        an_instalment(agreement, 2, TODAY + days(2), condition="invoice", deadline_id=requisition.id)
        met = {due.condition: due.condition_met_on for due in queries.instalments_due(TODAY)}
        assert met == {"report": None, "invoice": TODAY - days(3)}
        report.approved_on = TODAY - days(1)
        db.session.flush()
        met = {due.condition: due.condition_met_on for due in queries.instalments_due(TODAY)}
        assert met["report"] == TODAY - days(1)
        assert {one.condition_met_on for one in queries.instalments_due(TODAY - days(4))} == {None}

    def test_a_late_report_keeps_the_money_waiting(self, app: Flask) -> None:
        agreement = makers.an_agreement(1_000 * KR)
        report = a_deadline(agreement, TODAY - days(5))
        an_instalment(agreement, 1, TODAY, condition="report", deadline_id=report.id, lag_days=14)
        (due,) = queries.instalments_due(TODAY)
        assert (due.is_late, due.expected_on) == (True, TODAY + days(14))
        (due,) = queries.instalments_due(TODAY + days(26))
        assert (due.is_late, due.expected_on) == (True, None)
