"""The papers of an agreement, and what we promised in return."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Document, Promise
from choir_app.funding.queries.books import standing
from choir_app.partners.models import Partner


def documents_of(agreement: Agreement) -> Sequence[Document]:
    """The papers of an agreement, the newest first."""
    return db.session.scalars(
        select(Document)
        .options(joinedload(Document.added_by))
        .where(Document.agreement_id == agreement.id)
        .order_by(Document.added_at.desc(), Document.id)
    ).all()


def document(document_id: UUID, *, agreement: Agreement) -> Document:
    """One paper of an agreement; raises NoResultFound."""
    return db.session.scalars(
        select(Document).where(Document.id == document_id, Document.agreement_id == agreement.id)
    ).one()


def promises_of(agreement: Agreement) -> Sequence[Promise]:
    """What the partner gets under an agreement: what is still to be done first, by its day."""
    return db.session.scalars(
        select(Promise)
        .options(joinedload(Promise.owner))
        .where(Promise.agreement_id == agreement.id)
        .order_by(
            Promise.delivered_on.is_not(None), Promise.due_on.is_(None), Promise.due_on, Promise.created_at
        )
    ).all()


def promise(promise_id: UUID, *, agreement: Agreement) -> Promise:
    """One promise of an agreement; raises NoResultFound."""
    return db.session.scalars(
        select(Promise).where(Promise.id == promise_id, Promise.agreement_id == agreement.id)
    ).one()


def promises_to(partner: Partner) -> Sequence[Promise]:
    """What a partner gets under all its agreements that stand, in the same order."""
    return db.session.scalars(
        select(Promise)
        .join(Promise.agreement)
        .where(
            Agreement.partner_id == partner.id,
            Agreement.id.in_(standing(Agreement).with_only_columns(Agreement.id)),
        )
        .order_by(
            Promise.delivered_on.is_not(None), Promise.due_on.is_(None), Promise.due_on, Promise.created_at
        )
    ).all()
