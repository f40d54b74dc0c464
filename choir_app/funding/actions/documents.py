"""The papers of an agreement: taken in, taken away."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from choir_app.foundation import audit, filing
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.refusal import require
from choir_app.funding.actions.rows import sent_before
from choir_app.funding.models import Agreement, Deadline, Document
from choir_app.funding.permissions import may_change_funding


def add_document(
    agreement: Agreement,
    *,
    upload: bytes,
    filename: str,
    by: Any,
    data_folder: Path,
    name: str | None = None,
    deadline: Deadline | None = None,
    receipt: UUID | None = None,
) -> Document:
    """Keep a paper of the agreement; its kind is known by its content, and it is called as its file was."""
    require(may_change_funding(by))
    if already := sent_before(Document, receipt, by=by):
        return already
    filed = filing.take_in(upload, name=filename, data_folder=data_folder)
    document = Document(
        agreement_id=agreement.id,
        deadline_id=deadline.id if deadline else None,
        name=name or filed.name,
        kind=filed.kind,
        size=filed.size,
        digest=filed.digest,
        added_by_id=by.id,
    )
    if receipt:
        document.id = receipt
    db.session.add(document)
    db.session.flush()
    audit.note("document.added", document, by=by)
    return document


def remove_document(document: Document, *, by: Any) -> Document:
    """Take a paper away; the file itself goes at night, when nothing else has the same content."""
    require(may_change_funding(by))
    audit.note("document.removed", document, by=by)
    db.session.delete(document)
    db.session.flush()
    return document


@chore("papers that nobody keeps")
def _forget_papers() -> None:
    """Delete the files of papers that were taken away."""
    kept = set(db.session.scalars(select(Document.digest)))
    filing.forget_others(kept, data_folder=current_app.config["DATA_FOLDER"])
