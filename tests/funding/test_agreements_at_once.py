"""Two who press in the same moment, or one who presses many times: nothing is written twice and no sum is passed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.funding import queries
from choir_app.funding.models import Agreement, Deadline, Instalment, Payment, PaymentMatch, Promise
from tests import makers
from tests.funding.made import a_payment, an_instalment
from tests.partners.test_at_once import count, pressed_at_once
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)
KR = 100


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def test_an_agreement_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    told = {"partner": makers.a_partner().id, "name": "x", "amount": "1", "signed_on": TODAY}
    told |= {"usable_from": TODAY, "allocation": "all", "receipt": uuid4()}
    assert pressed_at_once(visitor, "/finansiering/avtal/nytt", [told] * 4) == [303] * 4
    assert count(Agreement) == 1


@pytest.mark.parametrize(
    ("page", "told", "model"),
    [
        ("inbetalning", {"sum": "500", "on": TODAY}, Payment),
        ("del", {"sum": "5", "due_on": TODAY, "condition": "date", "lag_days": "0"}, Instalment),
        ("sista-dag", {"kind": "final_report", "due_on": TODAY, "owner": ""}, Deadline),
        ("lofte", {"kind": "logo", "what": "Logotyp", "owner": ""}, Promise),
    ],
)
def test_a_form_pressed_four_times(
    visitor: Visitor, manager: Account, page: str, told: dict[str, Any], model: type[Any]
) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {**told, "receipt": str(uuid4())}
    path = f"/finansiering/avtal/{agreement.id}/{page}"
    assert pressed_at_once(visitor, path, [told] * 4) == [303] * 4
    assert count(model) == 1


def test_four_parts_at_once_are_never_more_than_the_agreement(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {"sum": "400", "due_on": TODAY, "condition": "date", "lag_days": "0"}
    each = [{**told, "receipt": str(uuid4())} for _number in range(4)]
    answers = pressed_at_once(visitor, f"/finansiering/avtal/{agreement.id}/del", each)
    assert sorted(answers) == [303, 303, 422, 422]
    assert count(Instalment) == 2


def test_a_payment_shared_out_by_four_at_once_pays_no_more_than_came(
    visitor: Visitor, manager: Account
) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    part, payment = an_instalment(agreement, 300 * KR, TODAY), a_payment(agreement, 250 * KR, TODAY)
    path = f"/finansiering/avtal/{agreement.id}/inbetalning/{payment.id}/delar"
    answers = pressed_at_once(visitor, path, [{f"share_{part.id}": "100"}] * 4)
    assert sorted(answers) == [303, 303, 422, 422]
    assert count(PaymentMatch) == 2
    assert queries.paid_of_instalments(agreement=db.session.merge(agreement)) == {part.id: 200 * KR}


def test_four_who_change_its_facts_at_once_overwrite_nothing(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {"name": "Kören", "grantee": "", "reference": "", "owner": "", "version": "1", "opened": ""}
    each = [{**told, "note": f"Ord {number}"} for number in range(4)]
    answers = pressed_at_once(visitor, f"/finansiering/avtal/{agreement.id}/uppgifter", each)
    assert sorted(answers) == [303, 422, 422, 422]
    db.session.rollback()
    db.session.refresh(agreement)
    assert agreement.version == 2
