"""Instalments, payments and deadlines for tests, each with only what the test is about."""

from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Deadline, Instalment, Payment, PaymentMatch

Thing = TypeVar("Thing")


def an_instalment(agreement: Agreement, ore: int, due_on: date, **more: Any) -> Instalment:
    """A part of an agreement, in öre, due on a day."""
    return _kept(Instalment(id=uuid4(), agreement_id=agreement.id, ore=ore, due_on=due_on, **more))


def a_deadline(agreement: Agreement, due_on: date, kind: str = "interim_report", **more: Any) -> Deadline:
    """What a funder wants by a day."""
    return _kept(Deadline(id=uuid4(), agreement_id=agreement.id, kind=kind, due_on=due_on, **more))


def a_payment(agreement: Agreement, ore: int, on: date, *pays: tuple[Instalment, int]) -> Payment:
    """Money that came on a day, and how much of it pays which instalment."""
    payment = _kept(Payment(id=uuid4(), agreement_id=agreement.id, ore=ore, on=on))
    for instalment, share in pays:
        _kept(PaymentMatch(id=uuid4(), payment_id=payment.id, instalment_id=instalment.id, ore=share))
    return payment


def _kept(thing: Thing) -> Thing:
    db.session.add(thing)
    db.session.flush()
    return thing
