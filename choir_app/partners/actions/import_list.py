"""Taking in a list of partners and contacts as a whole, and undoing it as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Town
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import folded
from choir_app.partners import queries
from choir_app.partners.actions.partners import add_contact, add_partner
from choir_app.partners.models import Contact, ImportedPartnerThing, Partner, PartnerImport, PartnerTown
from choir_app.partners.permissions import may_change_partners
from choir_app.partners.queries import UndoingPartners, undoing
from choir_app.partners.rules.import_list import ListedContact, PartnerRow


@dataclass(frozen=True)
class ListedPartner:
    """A partner on a list, as the manager said of it: its kind, its towns, and whether it is in the book already.

    `same_as` is a partner of the book, or the number of a row above that is the same.
    """

    row: PartnerRow
    kind: str
    towns: tuple[Town, ...] = ()
    same_as: UUID | int | None = None


def take_in_partners(listed: Sequence[ListedPartner], *, receipt: UUID, by: Any) -> PartnerImport:
    """Write up every partner and contact on a list; the same receipt again changes nothing.

    What is in the book already stays as it is: a partner that is known gets the people that it did not have.
    """
    require(may_change_partners(by))
    db.session.execute(select(Account.id).where(Account.id == by.id).with_for_update())  # pressed twice
    if already := db.session.get(PartnerImport, receipt):
        return already
    if not listed:
        raise Refusal(_("Det finns ingen partner att hämta in. Titta på listan igen."))
    one = PartnerImport(id=receipt, by_id=by.id, at=clock.now(), row_count=len(listed))
    db.session.add(one)
    db.session.flush()
    made: list[tuple[str, UUID]] = []
    partners: dict[int, Partner] = {}
    for said in listed:
        partner = _partner(said, partners, made, by=by)
        partners[said.row.number] = partner
        _add_people(partner, said.row, receipt, made, by=by)
    one.partner_count = sum(kind == "partner" for kind, _id in made)
    one.contact_count = len(made) - one.partner_count
    if made:
        rows = [{"import_id": receipt, "thing_id": thing_id, "kind": kind} for kind, thing_id in made]
        db.session.execute(insert(ImportedPartnerThing), rows)
    audit.note("partner_list.taken_in", one, by=by)
    db.session.flush()
    return one


def _partner(
    said: ListedPartner, partners: dict[int, Partner], made: list[tuple[str, UUID]], *, by: Any
) -> Partner:
    if isinstance(said.same_as, int):
        if said.same_as not in partners:
            raise Refusal(_("Välj vem partnern på rad %(number)s är.", number=said.row.number))
        return partners[said.same_as]
    if said.same_as:
        known = db.session.get(Partner, said.same_as)
        if known is None:
            raise Refusal(_("Partnern finns inte längre. Titta på listan igen."))
        return known
    row = said.row
    partner = add_partner(
        row.name, kind=said.kind, towns=said.towns, about=row.about, website=row.website, by=by
    )
    made.append(("partner", partner.id))
    return partner


def _add_people(
    partner: Partner, row: PartnerRow, receipt: UUID, made: list[tuple[str, UUID]], *, by: Any
) -> None:
    known = list(queries.contacts_of(partner)) if row.contacts else []
    for place, listed in enumerate(row.contacts):
        if any(_is_same(listed, one) for one in known):
            continue
        contact = add_contact(
            partner,
            person=listed.person,
            role=listed.role,
            phone=listed.phone,
            email=listed.email,
            receipt=uuid5(receipt, f"contact {row.number} {place}"),
            by=by,
        )
        known.append(contact)
        made.append(("contact", contact.id))


def _is_same(listed: ListedContact, known: Contact) -> bool:
    has_same_email = bool(listed.email and known.email and listed.email == known.email.lower())
    return has_same_email or folded(listed.person) == folded(known.person)


def undo_partners(one: PartnerImport, *, by: Any) -> UndoingPartners | None:
    """Take back what a list made, but for what something else leans on by now; None when it was done already."""
    require(may_change_partners(by))
    db.session.execute(select(Partner.id).order_by(Partner.id).with_for_update(key_share=True))
    db.session.refresh(one, with_for_update=True)
    if one.undone_at:
        return None
    going = undoing(one)
    db.session.execute(delete(Contact).where(Contact.id.in_(going.contacts)))
    db.session.execute(delete(PartnerTown).where(PartnerTown.partner_id.in_(going.partners)))
    db.session.execute(delete(Partner).where(Partner.id.in_(going.partners)))
    one.undone_at, one.undone_by_id = clock.now(), by.id
    audit.note("partner_list.undone", one, by=by)
    db.session.flush()
    db.session.expire_all()
    return going
