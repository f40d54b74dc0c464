"""What can be done with partners, and when not."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Town
from choir_app.foundation import audit, clock, text
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.partners import queries
from choir_app.partners.models import Contact, NextStep, Partner, PartnerTown, Touchpoint
from choir_app.partners.permissions import may_change_partners
from choir_app.partners.rules import CONTACT_TASKS, PARTNER_KINDS, TOUCHPOINT_KINDS, home_of, web_address

RESERVED_SLUGS = frozenset({"att-gora", "hamta-in", "ny"})
"""Words that pages under /partner/ have taken already."""


def add_partner(
    name: str,
    *,
    kind: str,
    by: Any,
    towns: Iterable[Town] = (),
    about: str | None = None,
    website: str | None = None,
    is_thanked: bool = False,
    parent: Partner | None = None,
) -> Partner:
    """Take a partner into the book. Nobody is entered twice, however the name is spelled."""
    require(may_change_partners(by))
    _refuse_namesake(name, besides=None)
    partner = Partner(slug=_free_slug(name))
    _describe(partner, name=name, kind=kind, towns=towns, about=about, website=website, is_thanked=is_thanked)
    partner.parent_id = parent.id if parent else None
    db.session.add(partner)
    db.session.flush()
    audit.note("partner.added", partner, by=by)
    return partner


def change_partner(
    partner: Partner,
    *,
    name: str,
    kind: str,
    by: Any,
    towns: Iterable[Town] = (),
    about: str | None = None,
    website: str | None = None,
    is_thanked: bool = False,
    parent: Partner | None = None,
) -> Partner:
    """Write down what has become different. The address stays, so that old links lead right."""
    require(may_change_partners(by))
    _refuse_namesake(name, besides=partner)
    _describe(partner, name=name, kind=kind, towns=towns, about=about, website=website, is_thanked=is_thanked)
    _belong(partner, parent)
    audit.note("partner.changed", partner, by=by)
    return partner


def ask_about_alike(name: str, *, website: str | None, by: Any, besides: Partner | None = None) -> None:
    """Refuse a partner that may be in the book already, until it has been said that it is another one.

    One that is there and keeps both name and website is not asked about again.
    """
    require(may_change_partners(by))
    if besides is not None and (besides.folded_name, home_of(besides.website)) == (
        text.folded(name),
        home_of(website),
    ):
        return
    if queries.alike(name, website, viewer=by, besides=besides):
        raise Refusal(
            _("Den kan finnas redan. Kryssa i rutan om det är en annan partner."), field="is_another"
        )


def add_contact(
    partner: Partner,
    *,
    person: str,
    by: Any,
    role: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    tasks: Iterable[str] = (),
    receipt: UUID | None = None,
) -> Contact:
    """Write down whom one talks to at a partner."""
    require(may_change_partners(by))
    _wait_for(partner)
    if receipt and (already := db.session.get(Contact, receipt)):
        return already
    contact = Contact(partner_id=partner.id, person=person, role=role, phone=phone, email=email)
    _give_tasks(contact, tasks)
    if receipt:
        contact.id = receipt
    db.session.add(contact)
    db.session.flush()
    audit.note("contact.added", contact, by=by)
    return contact


def change_contact(
    contact: Contact,
    *,
    person: str,
    by: Any,
    role: str | None,
    phone: str | None,
    email: str | None,
    tasks: Iterable[str] = (),
) -> Contact:
    """Write down another number, role, task or name."""
    require(may_change_partners(by))
    contact.person, contact.role, contact.phone, contact.email = person, role, phone, email
    _give_tasks(contact, tasks)
    audit.note("contact.changed", contact, by=by)
    return contact


def remove_contact(contact: Contact, *, by: Any) -> None:
    """Forget a person at a partner. The log stays, without the name; money is never touched."""
    require(may_change_partners(by))
    audit.note("contact.removed", contact, by=by)
    db.session.delete(contact)


def log_touchpoint(
    partner: Partner,
    *,
    kind: str,
    note: str,
    by: Any,
    happened_on: date | None = None,
    contact: Contact | None = None,
    next_what: str | None = None,
    next_due_on: date | None = None,
    next_owner: Account | None = None,
    receipt: UUID | None = None,
) -> Touchpoint:
    """Write down what was said, and what comes then if it was told; the step that was planned before is done then.

    The same receipt sent again has the effect of once.
    """
    require(may_change_partners(by))
    _wait_for(partner)
    if receipt and (already := queries.touchpoint_with(receipt)):
        return already
    happened_on = happened_on or clock.today()
    if kind not in TOUCHPOINT_KINDS:
        raise Refusal(_("Välj hur ni pratade."), field="kind")
    if happened_on > clock.today():
        raise Refusal(_("Välj en dag som har varit."), field="happened_on")
    if contact is not None and contact.partner_id != partner.id:
        raise Refusal(_("Välj någon som arbetar hos %(partner)s.", partner=partner.name), field="contact")
    _see_that_it_can_be_planned(next_what, next_due_on)
    touchpoint = Touchpoint(
        partner_id=partner.id,
        kind=kind,
        note=note,
        happened_on=happened_on,
        contact_id=contact.id if contact else None,
        by_id=by.id,
    )
    if receipt:
        touchpoint.id = receipt
    db.session.add(touchpoint)
    if next_what and next_due_on:
        planned = queries.open_step_of(partner)
        if planned is not None and (planned.what, planned.due_on) != (next_what, next_due_on):
            planned.done_at = clock.now()
            db.session.flush()
        plan_next_step(partner, what=next_what, due_on=next_due_on, owner=next_owner, by=by)
    return touchpoint


def plan_next_step(partner: Partner, *, what: str, due_on: date, owner: Account | None, by: Any) -> NextStep:
    """Say what is to be done next with a partner; only when nothing is planned already."""
    require(may_change_partners(by))
    _wait_for(partner)
    if (planned := queries.open_step_of(partner)) is not None:
        if (planned.what, planned.due_on) == (what, due_on):
            return planned
        raise Refusal(_("Det finns redan ett nästa steg. Ändra det, eller tryck på Klart först."))
    if due_on < clock.today():
        raise Refusal(_("Välj en dag från och med i dag."), field="due_on")
    step = NextStep(partner_id=partner.id, what=what, due_on=due_on, owner_id=owner.id if owner else None)
    db.session.add(step)
    return step


def move_next_step(step: NextStep, *, what: str, due_on: date, owner: Account | None, by: Any) -> NextStep:
    """Plan the next step for another day, or in other words."""
    require(may_change_partners(by))
    _wait_for(step.partner, step)
    if step.done_at is not None:
        raise Refusal(_("Det steget är redan klart. Lägg till ett nytt."))
    if due_on < clock.today() and due_on != step.due_on:
        raise Refusal(_("Välj en dag från och med i dag."), field="due_on")
    step.what, step.due_on, step.owner_id = what, due_on, owner.id if owner else None
    return step


def finish_next_step(
    step: NextStep,
    *,
    kind: str,
    note: str,
    by: Any,
    contact: Contact | None = None,
    next_what: str | None = None,
    next_due_on: date | None = None,
    next_owner: Account | None = None,
    receipt: UUID | None = None,
) -> NextStep | None:
    """Tick off a step, tell what happened and say what comes then; no `next_what` means that nothing does now."""
    require(may_change_partners(by))
    _wait_for(step.partner, step)
    if step.done_at is not None:
        return queries.open_step_of(step.partner)
    _see_that_it_can_be_planned(next_what, next_due_on)
    step.done_at = clock.now()
    db.session.flush()
    log_touchpoint(
        step.partner,
        kind=kind,
        note=note,
        contact=contact,
        next_what=next_what,
        next_due_on=next_due_on,
        next_owner=next_owner,
        receipt=receipt,
        by=by,
    )
    db.session.flush()
    return queries.open_step_of(step.partner)


def _wait_for(partner: Partner, *rows: NextStep) -> None:
    """Let everybody else finish with the partner first; its `rows` are read anew."""
    db.session.execute(select(Partner.id).where(Partner.id == partner.id).with_for_update(key_share=True))
    for row in rows:
        db.session.refresh(row, ["done_at", "due_on", "what"])


def _see_that_it_can_be_planned(what: str | None, due_on: date | None) -> None:
    """A next step has both words and a day that lies ahead, or neither."""
    if what and due_on is None:
        raise Refusal(_("Välj en dag för nästa steg."), field="next_due_on")
    if due_on is not None and not what:
        raise Refusal(_("Skriv vad nästa steg är."), field="next_what")
    if due_on is not None and due_on < clock.today():
        raise Refusal(_("Välj en dag från och med i dag."), field="next_due_on")


def _refuse_namesake(name: str, *, besides: Partner | None) -> None:
    folded = text.folded(name)
    if not folded:
        raise Refusal(_("Skriv ett namn med bokstäver."), field="name")
    namesake = db.session.scalar(
        select(Partner.name).where(Partner.folded_name == folded, Partner.id != _id(besides))
    )
    if namesake is not None:
        raise Refusal(
            _("%(partner)s finns redan. Skriv orten i namnet om det är en annan.", partner=namesake),
            field="name",
        )


def _id(partner: Partner | None) -> UUID:
    return partner.id if partner else UUID(int=0)


def _free_slug(name: str) -> str:
    bare = text.slug_of(name, otherwise="partner")
    taken = set(
        db.session.scalars(select(Partner.slug).where(func.substr(Partner.slug, 1, len(bare)) == bare))
    )
    slug, number = bare, 1
    while slug in taken | RESERVED_SLUGS:
        number += 1
        slug = f"{bare}-{number}"
    return slug


def _describe(
    partner: Partner,
    *,
    name: str,
    kind: str,
    towns: Iterable[Town],
    about: str | None,
    website: str | None,
    is_thanked: bool,
) -> None:
    if kind not in PARTNER_KINDS:
        raise Refusal(_("Välj vilken sorts partner det är."), field="kind")
    partner.name, partner.folded_name, partner.sort_key = name, text.folded(name), text.sort_key(name)
    partner.kind, partner.about, partner.is_thanked = kind, about or None, is_thanked
    partner.website = web_address(website) if website else None
    wanted = {town.id for town in towns}
    partner.in_towns = [row for row in partner.in_towns if row.town_id in wanted]
    known = {row.town_id for row in partner.in_towns}
    for town_id in sorted(wanted - known):
        partner.in_towns.append(PartnerTown(town_id=town_id))


def _give_tasks(contact: Contact, tasks: Iterable[str]) -> None:
    wanted = set(tasks)
    if not wanted <= set(CONTACT_TASKS):
        raise Refusal(_("Välj något i listan."), field="tasks")
    for task in CONTACT_TASKS:
        setattr(contact, task, task in wanted)


def _belong(partner: Partner, parent: Partner | None) -> None:
    """Put a partner under another one; nobody stands under itself, however long the way round."""
    if parent is not None:
        # one at a time: two who put each other's partner under their own would make a ring
        db.session.execute(select(Partner.id).order_by(Partner.id).with_for_update(key_share=True))
        if parent.id in queries.with_those_below(partner):
            raise Refusal(
                _("%(parent)s hör redan till %(partner)s.", parent=parent.name, partner=partner.name)
                if parent.id != partner.id
                else _("En partner kan inte höra till sig själv."),
                field="parent",
            )
    partner.parent_id = parent.id if parent else None
