"""Instalments, payments and deadlines for tests, each with only what the test is about."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from flask import current_app

from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import Agreement, Deadline, Document, Instalment, Payment, PaymentMatch, Promise
from tests import makers

Thing = TypeVar("Thing")
A_PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


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


def a_promise(agreement: Agreement, kind: str = "concert", **more: Any) -> Promise:
    """What a partner gets in return."""
    return _kept(Promise(id=uuid4(), agreement_id=agreement.id, kind=kind, what="En konsert", **more))


def a_document(agreement: Agreement, upload: bytes = A_PDF) -> Document:
    """A paper of an agreement, with its file in the data folder."""
    folder = Path(current_app.config["DATA_FOLDER"])
    by = makers.a_manager()
    return actions.add_document(agreement, upload=upload, filename="Avtal.pdf", data_folder=folder, by=by)


def _kept(thing: Thing) -> Thing:
    db.session.add(thing)
    db.session.flush()
    return thing


def deeds_of_the_books() -> dict[str, Callable[[Any], Any]]:
    """Every action on instalments, deadlines, papers and promises, on things that are there."""
    day = date(2026, 6, 16)
    agreement = makers.an_agreement(100_000)
    waiting, wrong = an_instalment(agreement, 500, day), an_instalment(agreement, 5, day)
    payment, matched = a_payment(agreement, 500, day), a_payment(agreement, 100, day, (waiting, 100))
    deadline, gone = a_deadline(agreement, day), a_deadline(agreement, day)
    logo = a_promise(agreement, "logo")
    paper = _kept(
        Document(id=uuid4(), agreement_id=agreement.id, name="x", kind="pdf", size=1, digest="0" * 64)
    )
    data_folder = Path(current_app.config["DATA_FOLDER"])
    return {
        "add_instalment": lambda by: actions.add_instalment(agreement, ore=1, due_on=day, by=by),
        "reverse_instalment": lambda by: actions.reverse_instalment(wrong, by=by),
        "match_payment": lambda by: actions.match_payment(payment, {waiting.id: 1}, by=by),
        "match_in_order": lambda by: actions.match_in_order(payment, {waiting.id}, by=by),
        "take_apart": lambda by: actions.take_apart(matched, by=by),
        "change_deadline": lambda by: actions.change_deadline(
            deadline, kind="final_report", due_on=day, owner=None, note=None, version=1, by=by
        ),
        "remove_deadline": lambda by: actions.remove_deadline(gone, by=by),
        "change_agreement": lambda by: actions.change_agreement(
            agreement, name="y", grantee=None, reference=None, owner=None, note=None, version=1, by=by
        ),
        "add_promise": lambda by: actions.add_promise(agreement, kind="concert", what="x", by=by),
        "deliver": lambda by: actions.deliver(logo, by=by),
        "undo_delivery": lambda by: actions.undo_delivery(logo, by=by),
        "remove_promise": lambda by: actions.remove_promise(logo, by=by),
        "add_document": lambda by: actions.add_document(
            agreement, upload=A_PDF, filename="Avtal.pdf", data_folder=data_folder, by=by
        ),
        "remove_document": lambda by: actions.remove_document(paper, by=by),
    }
