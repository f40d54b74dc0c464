"""What a list of partners is compared with, and what an import made that can still be undone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import Model, db
from choir_app.partners.models import Contact, ImportedPartnerThing, Partner, PartnerImport
from choir_app.partners.permissions import may_see_partners
from choir_app.partners.queries.partners import visible_to

LATEST_IMPORTS = 10


def known_partners(*, viewer: Any) -> list[Partner]:
    """Everybody in the book, by name. One statement."""
    wanted = visible_to(viewer).options(lazyload(Partner.in_towns)).order_by(Partner.sort_key, Partner.name)
    return list(db.session.scalars(wanted))


def imports(*, viewer: Any) -> list[PartnerImport]:
    """The lists of partners that were taken in, the newest first."""
    wanted = select(PartnerImport).options(joinedload(PartnerImport.by))
    if not may_see_partners(viewer):
        wanted = wanted.where(false())
    return list(
        db.session.scalars(wanted.order_by(PartnerImport.at.desc(), PartnerImport.id).limit(LATEST_IMPORTS))
    )


def imported(import_id: UUID, *, viewer: Any) -> PartnerImport:
    """One list that was taken in; raises NoResultFound."""
    wanted = select(PartnerImport).where(PartnerImport.id == import_id)
    return db.session.scalars(wanted if may_see_partners(viewer) else wanted.where(false())).one()


def import_with_receipt(receipt: UUID) -> PartnerImport | None:
    """The import that a page made when it was sent before, if it was."""
    return db.session.get(PartnerImport, receipt)


@dataclass(frozen=True)
class UndoingPartners:
    """What goes when a list of partners is undone, and what stays because something else leans on it by now."""

    partners: frozenset[UUID]
    contacts: frozenset[UUID]
    partners_that_stay: tuple[str, ...]
    contacts_that_stay: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left to undo."""
        return not (self.partners or self.contacts)


def undoing(one: PartnerImport) -> UndoingPartners:
    """What would go and what would stay if this import were undone now."""
    made: dict[str, set[UUID]] = {"partner": set(), "contact": set()}
    for kind, thing_id in db.session.execute(
        select(ImportedPartnerThing.kind, ImportedPartnerThing.thing_id).where(
            ImportedPartnerThing.import_id == one.id
        )
    ):
        made[kind].add(thing_id)
    used_contacts = _leaned_on(Contact, made["contact"]) | _changed_since(one, made["contact"])
    contacts = _still_there(Contact, made["contact"]) - used_contacts
    used_partners = _leaned_on(Partner, made["partner"], besides=contacts)
    used_partners |= _changed_since(one, made["partner"])
    partners = _still_there(Partner, made["partner"]) - used_partners
    staying = select(Partner.name).where(Partner.id.in_(made["partner"] & used_partners))
    people = select(Contact.person).where(Contact.id.in_(made["contact"] & used_contacts))
    return UndoingPartners(
        partners=frozenset(partners),
        contacts=frozenset(contacts),
        partners_that_stay=tuple(db.session.scalars(staying.order_by(Partner.sort_key))),
        contacts_that_stay=tuple(db.session.scalars(people.order_by(Contact.person))),
    )


def _still_there(model: type[Any], ids: Collection[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(model.id).where(model.id.in_(ids)))) if ids else set()


def _leaned_on(model: type[Model], ids: Collection[UUID], *, besides: Collection[UUID] = ()) -> set[UUID]:
    """Which of these things something leans on, whatever table it stands in; `besides` are contacts that go too."""
    if not ids:
        return set()
    used: set[UUID] = set()
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            leads_here = any(key.column.table.name == model.__tablename__ for key in column.foreign_keys)
            if not leads_here or table.name == "partner_towns":
                continue
            wanted = select(column).where(column.in_(ids))
            if table.name == Contact.__tablename__:
                wanted = wanted.where(table.c.id.not_in(besides))
            used |= set(db.session.scalars(wanted))
    return used


def _changed_since(one: PartnerImport, ids: Collection[UUID]) -> set[UUID]:
    """Which of these things somebody has changed since, by the log of what was done."""
    if not ids:
        return set()
    entries = select(AuditEntry.subject_id).where(
        AuditEntry.subject_id.in_(ids), AuditEntry.at >= one.at, AuditEntry.verb.not_like("%.added")
    )
    return {each for each in db.session.scalars(entries) if each}
