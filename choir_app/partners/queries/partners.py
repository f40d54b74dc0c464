"""What the partners' pages show, and what other rooms ask about partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from choir_app.accounts.models import Account, RoleGrant
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import text
from choir_app.foundation.database import db
from choir_app.partners.models import Contact, NextStep, Partner, PartnerTown, Touchpoint
from choir_app.partners.permissions import may_see_partners
from choir_app.partners.rules import are_alike, home_of


def visible_to(viewer: Any) -> Select[Partner]:
    """The partners that this person may read about. Every other query of one's own starts from it."""
    everyone = select(Partner)
    return everyone if may_see_partners(viewer) else everyone.where(false())


def one(slug: str, *, viewer: Any) -> Partner:
    """The partner at this address; raises NoResultFound."""
    return db.session.scalars(visible_to(viewer).where(Partner.slug == slug)).one()


@dataclass(frozen=True)
class PartnerRow:
    """One line in the list of partners."""

    id: UUID
    name: str
    slug: str
    kind: str
    towns: tuple[str, ...]
    next_step: str | None
    next_due_on: date | None
    next_owner: str | None


def partner_list(*, viewer: Any, kind: str | None = None, town: str | None = None) -> list[PartnerRow]:
    """All partners in alphabetical order, of one kind or in one town (by slug) when asked.

    A partner without towns works everywhere, so it stands under every town.
    """
    wanted = visible_to(viewer).order_by(Partner.sort_key, Partner.name)
    if kind:
        wanted = wanted.where(Partner.kind == kind)
    if town:
        has_it = (
            select(PartnerTown.partner_id).join(Town, Town.id == PartnerTown.town_id).where(Town.slug == town)
        )
        wanted = wanted.where(or_(Partner.id.in_(has_it), ~_has_towns()))
    partners = db.session.scalars(wanted).all()
    steps = {step.partner_id: step for step in open_steps(viewer=viewer)}
    rows = []
    for partner in partners:
        step = steps.get(partner.id)
        rows.append(
            PartnerRow(
                id=partner.id,
                name=partner.name,
                slug=partner.slug,
                kind=partner.kind,
                towns=tuple(place.name for place in partner.towns),
                next_step=step.what if step else None,
                next_due_on=step.due_on if step else None,
                next_owner=step.owner.name if step and step.owner else None,
            )
        )
    return rows


def alike(name: str, website: str | None, *, viewer: Any, besides: Partner | None = None) -> list[Partner]:
    """The partners that this may be already: called nearly the same, or with a website in the same place."""
    folded, home = text.folded(name), home_of(website)
    everyone = visible_to(viewer).options(lazyload(Partner.in_towns)).order_by(Partner.sort_key, Partner.name)
    return [
        one
        for one in db.session.scalars(everyone)
        if one is not besides
        and ((folded and are_alike(folded, one.folded_name)) or (home and home == home_of(one.website)))
    ]


def with_those_below(partner: Partner) -> set[UUID]:
    """A partner and everybody who belongs to it, at any depth."""
    children: dict[UUID, list[UUID]] = {}
    for child_id, parent_id in db.session.execute(select(Partner.id, Partner.parent_id)):
        if parent_id is not None:
            children.setdefault(parent_id, []).append(child_id)
    found, waiting = {partner.id}, [partner.id]
    while waiting:
        new = set(children.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def possible_parents(partner: Partner | None, *, viewer: Any) -> Sequence[Partner]:
    """Whom a partner may belong to: everybody but itself and those who belong to it, by name."""
    wanted = visible_to(viewer).options(lazyload(Partner.in_towns)).order_by(Partner.sort_key, Partner.name)
    if partner is not None:
        wanted = wanted.where(Partner.id.not_in(with_those_below(partner)))
    return db.session.scalars(wanted).all()


def belonging_to(partner: Partner) -> Sequence[Partner]:
    """Those who belong to this partner, by name."""
    return db.session.scalars(
        select(Partner)
        .options(lazyload(Partner.in_towns))
        .where(Partner.parent_id == partner.id)
        .order_by(Partner.sort_key, Partner.name)
    ).all()


def _has_towns() -> Any:
    return exists().where(PartnerTown.partner_id == Partner.id)


def open_steps(*, viewer: Any, until: date | None = None) -> Sequence[NextStep]:
    """The next steps that are not done, soonest first, with partner and owner; up to a day when asked."""
    steps = (
        select(NextStep)
        .join(NextStep.partner)
        .options(contains_eager(NextStep.partner).lazyload(Partner.in_towns), joinedload(NextStep.owner))
        .where(NextStep.done_at.is_(None))
        .order_by(NextStep.due_on, Partner.sort_key)
    )
    if until is not None:
        steps = steps.where(NextStep.due_on <= until)
    if not may_see_partners(viewer):
        steps = steps.where(false())
    return db.session.scalars(steps).all()


@dataclass(frozen=True)
class ToDo:
    """What is to be done today or is late: my own steps, then everybody else's; `coming` is the first one after."""

    mine: tuple[NextStep, ...]
    others: tuple[NextStep, ...]
    coming: NextStep | None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.mine) + len(self.others)


def to_do(*, viewer: Any, today: date) -> ToDo:
    """The next steps whose day is here or has passed, the latest first; those of the viewer by themselves."""
    steps = open_steps(viewer=viewer)
    due = [step for step in steps if step.due_on <= today]
    return ToDo(
        mine=tuple(step for step in due if step.owner_id == viewer.id),
        others=tuple(step for step in due if step.owner_id != viewer.id),
        coming=next((step for step in steps if step.due_on > today), None),
    )


def open_step_of(partner: Partner) -> NextStep | None:
    """What is to be done next with this partner, if anything is."""
    return db.session.scalars(
        select(NextStep)
        .options(joinedload(NextStep.owner))
        .where(NextStep.partner_id == partner.id, NextStep.done_at.is_(None))
    ).one_or_none()


def contacts_of(partner: Partner) -> Sequence[Contact]:
    """The people at a partner, the first known first."""
    return db.session.scalars(
        select(Contact).where(Contact.partner_id == partner.id).order_by(Contact.created_at, Contact.person)
    ).all()


def contact(contact_id: UUID, *, partner: Partner) -> Contact:
    """One person at this partner; raises NoResultFound."""
    return db.session.scalars(
        select(Contact).where(Contact.id == contact_id, Contact.partner_id == partner.id)
    ).one()


def log_of(partner: Partner, *, limit: int = 50) -> Sequence[Touchpoint]:
    """What was said with a partner, the newest first, with the people of both sides."""
    return db.session.scalars(
        select(Touchpoint)
        .options(joinedload(Touchpoint.contact), joinedload(Touchpoint.by))
        .where(Touchpoint.partner_id == partner.id)
        .order_by(Touchpoint.happened_on.desc(), Touchpoint.noted_at.desc())
        .limit(limit)
    ).all()


def possible_owners() -> Sequence[Account]:
    """Those who can be asked to do a next step: everybody who works with the whole network, by name."""
    roles = select(RoleGrant.account_id).where(RoleGrant.role.in_(("manager", "administrator")))
    return db.session.scalars(
        select(Account).where(Account.id.in_(roles), Account.disabled_at.is_(None)).order_by(Account.name)
    ).all()


def all_towns() -> Sequence[Town]:
    """Every town, by name."""
    return db.session.scalars(select(Town).order_by(Town.name)).all()


def touchpoint_with(identifier: UUID) -> Touchpoint | None:
    """What was written down under this receipt, when it has been sent before."""
    return db.session.get(Touchpoint, identifier)


@dataclass(frozen=True)
class ThankedPartner:
    """A partner as the public pages name it."""

    name: str
    slug: str
    kind: str
    website: str | None


def partners_thanked(choir: Choir | None = None) -> tuple[ThankedPartner, ...]:
    """Those who are thanked on the public pages: for this choir, those of its town and of all Sweden."""
    wanted = select(Partner.name, Partner.slug, Partner.kind, Partner.website).where(Partner.is_thanked)
    if choir is not None:
        in_town = select(PartnerTown.partner_id).where(PartnerTown.town_id == choir.town_id)
        wanted = wanted.where(or_(Partner.id.in_(in_town), ~_has_towns()))
    rows = db.session.execute(wanted.order_by(Partner.sort_key, Partner.name))
    return tuple(ThankedPartner(row.name, row.slug, row.kind, row.website) for row in rows)
