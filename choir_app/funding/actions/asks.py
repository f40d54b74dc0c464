"""What can be done with asks: entered, changed, moved from stage to stage, won, and how likely they are held to be."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _, day, hour, listed
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding import rules
from choir_app.funding.actions import books, deadlines
from choir_app.funding.actions.moves import (
    changed,
    lock,
    moved_on,
    newest_move,
    refuse_if_moved,
    taken_back,
)
from choir_app.funding.actions.rows import one_at_a_time, sent_before
from choir_app.funding.models import (
    Agreement,
    ExclusiveGroup,
    Opportunity,
    OpportunityChoir,
    OpportunityTown,
    Programme,
    StageChance,
    StageMove,
)
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import asked
from choir_app.funding.queries.asked import chance_settings, chances_seen
from choir_app.funding.rules.chances import LEAST, MOST
from choir_app.funding.rules.names import ALLOCATIONS
from choir_app.funding.rules.stages import STAGES
from choir_app.partners import actions as partners
from choir_app.partners.models import Contact, Partner
from choir_app.partners.queries import open_step_of

# --- entered and changed --------------------------------------------------------------------------------------


def add_opportunity(
    partner: Partner,
    *,
    name: str,
    by: Any,
    why: str | None = None,
    programme: Programme | None = None,
    ask_ore: int | None = None,
    usable_from: date | None = None,
    usable_to: date | None = None,
    decision_on: date | None = None,
    payout_lag_days: int = 0,
    allocation: str = "all",
    choirs: Collection[Choir] = (),
    towns: Collection[Town] = (),
    contact: Contact | None = None,
    owner: Account | None = None,
    receipt: UUID | None = None,
) -> Opportunity:
    """Put an idea on the board: a partner and a name are enough. Sums in öre; `move` takes it further.

    The same receipt sent again is the same idea.
    """
    require(may_change_funding(by))
    if already := sent_before(Opportunity, receipt, by=by):
        return already
    opportunity = Opportunity(partner_id=partner.id, stage="idea")
    if receipt:
        opportunity.id = receipt
    _describe(
        opportunity,
        name=name,
        why=why,
        programme=programme,
        ask_ore=ask_ore,
        usable_from=usable_from,
        usable_to=usable_to,
        decision_on=decision_on,
        payout_lag_days=payout_lag_days,
        allocation=allocation,
        choirs=choirs,
        towns=towns,
        contact=contact,
        owner=owner,
    )
    opportunity.changed_by_id = by.id
    opportunity.stage_since = opportunity.created_at = opportunity.changed_at = clock.now()
    db.session.add(opportunity)
    db.session.flush()
    audit.note("opportunity.added", opportunity, by=by, after=audit.state(opportunity))
    is_known = partner.id in asked.known_partners(clock.today())
    db.session.add(
        StageMove(
            opportunity_id=opportunity.id,
            number=1,
            at=opportunity.created_at,
            from_stage=None,
            to_stage="idea",
            chance_bp=None,
            was_known_partner=is_known,
            by_id=by.id,
        )
    )
    db.session.flush()
    return opportunity


def change_opportunity(
    opportunity: Opportunity,
    *,
    version: int,
    name: str,
    by: Any,
    why: str | None = None,
    programme: Programme | None = None,
    ask_ore: int | None = None,
    usable_from: date | None = None,
    usable_to: date | None = None,
    decision_on: date | None = None,
    payout_lag_days: int = 0,
    allocation: str = "all",
    choirs: Collection[Choir] = (),
    towns: Collection[Town] = (),
    contact: Contact | None = None,
    owner: Account | None = None,
) -> Opportunity:
    """Write down what has become different; `version` is the one that was changed.

    Refused, with the field «version», when somebody else has changed it since: nothing is overwritten unseen.
    """
    require(may_change_funding(by))
    lock(opportunity)
    said = {
        "name": name,
        "why": why or None,
        "programme_id": programme.id if programme else None,
        "ask_ore": ask_ore,
        "usable_from": usable_from,
        "usable_to": usable_to,
        "decision_on": decision_on,
        "payout_lag_days": payout_lag_days,
        "allocation": allocation,
        "contact_id": contact.id if contact else None,
        "owner_id": owner.id if owner else None,
    }
    if version != opportunity.version and _says(opportunity, said, choirs, towns):
        return opportunity
    refuse_if_changed(opportunity, version)
    if opportunity.stage in ("applied", "pledged") and (ask_ore is None or usable_from is None):
        _see_that_it_can_be_counted(ask_ore, usable_from)
    with audit.change("opportunity.changed", opportunity, by=by):
        _describe(
            opportunity,
            name=name,
            why=why,
            programme=programme,
            ask_ore=ask_ore,
            usable_from=usable_from,
            usable_to=usable_to,
            decision_on=decision_on,
            payout_lag_days=payout_lag_days,
            allocation=allocation,
            choirs=choirs,
            towns=towns,
            contact=contact,
            owner=owner,
        )
        changed(opportunity, by=by)
    return opportunity


def refuse_if_changed(opportunity: Opportunity, version: int) -> None:
    """Say who changed it meanwhile, when the version that somebody had open is not the newest."""
    if version == opportunity.version:
        return
    raise Refusal(
        _(
            "%(person)s ändrade det här %(day)s kl. %(hour)s. Se båda innan du sparar.",
            person=opportunity.changed_by.name if opportunity.changed_by else _("Någon"),
            day=day(opportunity.changed_at),
            hour=hour(opportunity.changed_at),
        ),
        field="version",
    )


def ask_again(opportunity: Opportunity, *, by: Any, receipt: UUID | None = None) -> Opportunity:
    """Ask a partner that said no once more: a new idea about the same; the no stays as it was."""
    require(may_change_funding(by))
    if receipt and (already := db.session.get(Opportunity, receipt)):
        return already
    if opportunity.stage not in ("declined", "withdrawn"):
        raise Refusal(_("Kortet är inte avslutat. Flytta det i stället."))
    choir_ids = [row.choir_id for row in opportunity.choirs]
    town_ids = [row.town_id for row in opportunity.towns]
    new = add_opportunity(
        opportunity.partner,
        name=opportunity.name,
        why=opportunity.why,
        programme=opportunity.programme,
        ask_ore=opportunity.ask_ore,
        payout_lag_days=opportunity.payout_lag_days,
        allocation=opportunity.allocation,
        choirs=db.session.scalars(select(Choir).where(Choir.id.in_(choir_ids))).all(),
        towns=db.session.scalars(select(Town).where(Town.id.in_(town_ids))).all(),
        contact=opportunity.contact,
        owner=opportunity.owner,
        receipt=receipt,
        by=by,
    )
    with audit.change("opportunity.changed", opportunity, by=by):
        opportunity.ask_again_on = None
        changed(opportunity, by=by)
    return new


# --- from stage to stage --------------------------------------------------------------------------------------


def move(
    opportunity: Opportunity,
    to: str,
    *,
    by: Any,
    seen: str | None = None,
    note: str | None = None,
    ask_ore: int | None = None,
    usable_from: date | None = None,
    usable_to: date | None = None,
    decision_on: date | None = None,
    said_yes: str | None = None,
    lost_reason: str | None = None,
    ask_again_on: date | None = None,
    contact: Contact | None = None,
    next_what: str | None = None,
    next_due_on: date | None = None,
    next_owner: Account | None = None,
) -> StageMove:
    """Move an ask to another stage: the one way in which a stage changes, but for `win` and `undo_move`.

    What is said on the way (sums in öre) is written down with it; what is not said stays as it was. `seen` is the
    stage that the mover saw. Refused when somebody moved it meanwhile, when the stage needs something that nobody
    has said (an application its sum, first day and day of decision; a pledge its sum, first day and who said yes; a
    no its reason), and to and from «agreed», which `win` and `undo_move` are for. `by` is an account, or anything
    with `manages` and `id` that answers for a partner.
    """
    require(may_change_funding(by))
    if to not in STAGES:
        raise Refusal(_("Välj ett steg."), field="to")
    lock(opportunity)
    if opportunity.stage == to and (already := newest_move(opportunity)):
        return already
    refuse_if_moved(opportunity, seen)
    if to == "agreed":
        raise Refusal(_("Skriv in avtalet, så flyttas kortet dit."), field="to")
    if opportunity.stage == "agreed":
        raise Refusal(_("Kortet har ett avtal. Ångra flytten eller stryk avtalet först."), field="to")
    opportunity.ask_ore = ask_ore if ask_ore is not None else opportunity.ask_ore
    opportunity.usable_from = usable_from or opportunity.usable_from
    opportunity.usable_to = usable_to or opportunity.usable_to
    opportunity.decision_on = decision_on or opportunity.decision_on
    _see_that_it_is_sound(opportunity)
    if to in ("applied", "pledged"):
        _see_that_it_can_be_counted(opportunity.ask_ore, opportunity.usable_from)
    if to == "applied":
        if opportunity.decision_on is None:
            raise Refusal(_("Välj dagen då ni väntar besked."), field="decision_on")
        opportunity.applied_on = clock.today()
    if to == "pledged" and not (said_yes or opportunity.said_yes):
        raise Refusal(_("Skriv vem som sa ja, och hur."), field="said_yes")
    opportunity.said_yes = said_yes or opportunity.said_yes
    if to == "declined" and not lost_reason:
        raise Refusal(_("Skriv varför det blev nej, på en rad."), field="lost_reason")
    _see_that_it_lies_ahead(ask_again_on)
    is_open = to in rules.OPEN_STAGES
    opportunity.lost_reason = None if is_open else lost_reason or opportunity.lost_reason
    opportunity.ask_again_on = None if is_open else ask_again_on
    if contact is not None:
        _see_that_they_belong_together(opportunity, contact, None)
        opportunity.contact_id = contact.id
    _plan(opportunity.partner, next_what, next_due_on, next_owner or opportunity.owner, by=by)
    return moved_on(opportunity, to, note=note or lost_reason or said_yes, by=by)


def win(
    opportunity: Opportunity,
    *,
    name: str,
    signed_on: date,
    amount_ore: int,
    usable_from: date,
    by: Any,
    usable_to: date | None = None,
    allocation: str = "all",
    choirs: Collection[Choir] = (),
    towns: Collection[Town] = (),
    repay_unspent: bool = False,
    grantee: str | None = None,
    reports: Mapping[str, date] | None = None,
    seen: str | None = None,
    receipt: UUID | None = None,
) -> Agreement:
    """Write down that the partner has signed: the ask ends as an agreement, with what the funder wants and by when.

    `reports` are last days by the kinds of deadlines. All of it or nothing. The same receipt sent again is the same
    agreement.
    """
    require(may_change_funding(by))
    lock(opportunity)
    if opportunity.agreement is not None and opportunity.agreement_id == receipt:
        return opportunity.agreement
    refuse_if_moved(opportunity, seen)
    if opportunity.stage == "agreed":
        raise Refusal(_("Kortet har redan ett avtal."))
    _see_that_no_other_was_won(opportunity)
    agreement = books.add_agreement(
        opportunity.partner,
        name=name,
        signed_on=signed_on,
        amount_ore=amount_ore,
        usable_from=usable_from,
        usable_to=usable_to,
        allocation=allocation,
        choirs=choirs,
        towns=towns,
        repay_unspent=repay_unspent,
        grantee=grantee,
        receipt=receipt,
        by=by,
    )
    for kind, due_on in (reports or {}).items():
        deadlines.add_deadline(agreement, kind=kind, due_on=due_on, owner=opportunity.owner, by=by)
    opportunity.lost_reason = opportunity.ask_again_on = None
    moved_on(opportunity, "agreed", agreement=agreement, by=by)
    return agreement


def undo_move(opportunity: Opportunity, *, number: int, by: Any) -> StageMove:
    """Take back the newest move, by its number. An agreement that it made is struck, unless money has come.

    What was said on the way (sum, days) stays. The move stays in the book and counts for nothing.
    """
    require(may_change_funding(by))
    lock(opportunity)
    newest = newest_move(opportunity)
    asked_for = db.session.scalars(
        select(StageMove).where(StageMove.opportunity_id == opportunity.id, StageMove.number == number)
    ).one_or_none()
    if asked_for is not None and asked_for.undone_at is not None:
        return asked_for
    if newest is None or newest.number != number:
        raise Refusal(_("Kortet har flyttats igen sedan dess. Sidan är uppdaterad."))
    if newest.from_stage is None:
        raise Refusal(_("Kortet har inte flyttats än."))
    if opportunity.agreement is not None:
        books.reverse_agreement(opportunity.agreement, by=by)
        return newest
    return taken_back(opportunity, newest, by=by)


# --- how likely -----------------------------------------------------------------------------------------------


def set_own_chance(
    opportunity: Opportunity, *, bp: int | None, by: Any, reason: str | None = None
) -> Opportunity:
    """Say how likely it is, in basis points, and why; it counts for 60 days. None takes one's own word back."""
    require(may_change_funding(by))
    lock(opportunity)
    if bp is not None:
        if not opportunity.is_open:
            raise Refusal(_("Bara öppna kort har en chans."))
        if not LEAST <= bp <= MOST:
            raise Refusal(_("Skriv en chans mellan 1 och 99 procent."), field="percent")
        if not (reason or "").strip():
            raise Refusal(_("Skriv varför du tror det."), field="reason")
    with audit.change("opportunity.chance_changed", opportunity, by=by):
        opportunity.own_bp = bp
        opportunity.own_bp_reason = reason if bp is not None else None
        opportunity.own_bp_on = clock.today() if bp is not None else None
        changed(opportunity, by=by)
    return opportunity


def set_stage_chances(
    chances: Mapping[str, rules.StageDefault], *, seen: str | None = None, by: Any
) -> list[StageChance]:
    """Set how often an ask at each open stage comes true, in basis points, for new and for known partners.

    `seen` names what stood there when the form was opened; what somebody has set since is not overwritten unseen.
    """
    require(may_change_funding(by))
    for stage, chance in chances.items():
        if stage not in rules.OPEN_STAGES:
            raise Refusal(_("Välj ett steg."))
        for kind, bp in (("new", chance.new_bp), ("known", chance.known_bp)):
            if not LEAST <= bp <= MOST:
                raise Refusal(_("Skriv en chans mellan 1 och 99 procent."), field=f"{stage}_{kind}")
    one_at_a_time("stage chances")
    now = chance_settings()
    if seen not in (None, chances_seen()) and any(now[stage] != one for stage, one in chances.items()):
        raise Refusal(
            _("Någon ändrade chanserna medan du skrev. Titta på båda och spara en gång till."), field="seen"
        )
    rows = []
    for stage, chance in sorted(chances.items()):
        row = db.session.get(StageChance, stage)
        before = audit.state(row) if row else None
        row = row or StageChance(stage=stage)
        row.new_bp, row.known_bp = chance.new_bp, chance.known_bp
        db.session.add(row)
        db.session.flush()
        if before != audit.state(row):
            audit.note("stage_chance.changed", row, by=by, before=before, after=audit.state(row))
        rows.append(row)
    return rows


def tie(opportunity: Opportunity, other: Opportunity, *, by: Any) -> ExclusiveGroup:
    """Say that at most one of two asks can come true; a group that either is in already grows. Two that have become
    agreements have both come true, and so are never in one group."""
    require(may_change_funding(by))
    if opportunity.id == other.id:
        raise Refusal(_("Välj ett annat kort."), field="other")
    for one in sorted((opportunity, other), key=lambda one: one.id):
        lock(one)
    groups = [group for one in (opportunity, other) if (group := one.exclusive_group_id)]
    together = or_(Opportunity.id.in_((opportunity.id, other.id)), Opportunity.exclusive_group_id.in_(groups))
    won = db.session.scalars(select(Opportunity).where(together, Opportunity.stage == "agreed")).all()
    if len(won) > 1:
        cards = listed(sorted(f"«{one.name}»" for one in won))
        raise Refusal(
            _("%(cards)s har redan blivit avtal. Bara ett kort i en grupp kan bli det.", cards=cards),
            field="other",
        )
    group = opportunity.exclusive_group or other.exclusive_group
    if group is None:
        group = ExclusiveGroup(name=opportunity.partner.name)
        db.session.add(group)
        db.session.flush()
    left_over = other.exclusive_group_id
    members = [opportunity, other]
    if left_over not in (None, group.id):
        members += db.session.scalars(
            select(Opportunity).where(Opportunity.exclusive_group_id == left_over)
        ).all()
    for one in dict.fromkeys(members):
        if one.exclusive_group_id != group.id:
            _put_in(one, group.id, by=by)
    return group


def untie(opportunity: Opportunity, *, by: Any) -> Opportunity:
    """Say that an ask can come true whatever the others do; a group with one left in it is none."""
    require(may_change_funding(by))
    lock(opportunity)
    group = opportunity.exclusive_group
    if group is None:
        return opportunity
    _put_in(opportunity, None, by=by)
    rest = db.session.scalars(select(Opportunity).where(Opportunity.exclusive_group_id == group.id)).all()
    if len(rest) < 2:
        for one in rest:
            _put_in(one, None, by=by)
        db.session.delete(group)
        db.session.flush()
    return opportunity


# --- what is sound --------------------------------------------------------------------------------------------


def _describe(
    opportunity: Opportunity,
    *,
    name: str,
    why: str | None,
    programme: Programme | None,
    ask_ore: int | None,
    usable_from: date | None,
    usable_to: date | None,
    decision_on: date | None,
    payout_lag_days: int,
    allocation: str,
    choirs: Collection[Choir],
    towns: Collection[Town],
    contact: Contact | None,
    owner: Account | None,
) -> None:
    if not name.strip():
        raise Refusal(_("Skriv vad det gäller."), field="name")
    if allocation not in ALLOCATIONS:
        raise Refusal(_("Välj vilka körer det gäller."), field="allocation")
    if allocation == "choirs" and not choirs:
        raise Refusal(_("Välj minst en kör."), field="choirs")
    if allocation == "town" and not towns:
        raise Refusal(_("Välj minst en ort."), field="towns")
    _see_that_they_belong_together(opportunity, contact, programme)
    opportunity.name, opportunity.why = name, why or None
    opportunity.programme_id = programme.id if programme else None
    opportunity.ask_ore = ask_ore
    opportunity.usable_from, opportunity.usable_to = usable_from, usable_to
    opportunity.decision_on, opportunity.payout_lag_days = decision_on, payout_lag_days
    opportunity.allocation = allocation
    opportunity.contact_id = contact.id if contact else None
    opportunity.owner_id = owner.id if owner else None
    _see_that_it_is_sound(opportunity)
    choir_ids = {one.id for one in choirs} if allocation == "choirs" else set()
    town_ids = {one.id for one in towns} if allocation == "town" else set()
    opportunity.choirs = [row for row in opportunity.choirs if row.choir_id in choir_ids]
    opportunity.towns = [row for row in opportunity.towns if row.town_id in town_ids]
    for choir_id in sorted(choir_ids - {row.choir_id for row in opportunity.choirs}):
        opportunity.choirs.append(OpportunityChoir(choir_id=choir_id))
    for town_id in sorted(town_ids - {row.town_id for row in opportunity.towns}):
        opportunity.towns.append(OpportunityTown(town_id=town_id))


def _says(
    opportunity: Opportunity, said: Mapping[str, Any], choirs: Collection[Choir], towns: Collection[Town]
) -> bool:
    """Whether a card says all this already: then it was sent twice, and nobody is in anybody's way."""
    allocation = said["allocation"]
    return (
        all(getattr(opportunity, name) == value for name, value in said.items())
        and {row.choir_id for row in opportunity.choirs}
        == ({one.id for one in choirs} if allocation == "choirs" else set())
        and {row.town_id for row in opportunity.towns}
        == ({one.id for one in towns} if allocation == "town" else set())
    )


def _see_that_it_is_sound(opportunity: Opportunity) -> None:
    if opportunity.ask_ore is not None and opportunity.ask_ore <= 0:
        raise Refusal(_("Skriv hur mycket de betalar, i kronor."), field="ask")
    first, last = opportunity.usable_from, opportunity.usable_to
    if first and last and last < first:
        raise Refusal(_("Slutdatumet ligger före startdatumet. Ändra ett av dem."), field="usable_to")


def _see_that_it_can_be_counted(ask_ore: int | None, usable_from: date | None) -> None:
    if ask_ore is None:
        raise Refusal(_("Skriv hur mycket de betalar, i kronor."), field="ask")
    if usable_from is None:
        raise Refusal(_("Välj första dagen som pengarna får användas."), field="usable_from")


def _see_that_it_lies_ahead(ask_again_on: date | None) -> None:
    if ask_again_on is not None and ask_again_on <= clock.today():
        raise Refusal(_("Välj en dag som kommer."), field="ask_again_on")


def _see_that_they_belong_together(
    opportunity: Opportunity, contact: Contact | None, programme: Programme | None
) -> None:
    if contact is not None and contact.partner_id != opportunity.partner_id:
        raise Refusal(_("Välj någon som arbetar hos partnern."), field="contact")
    if programme is not None and programme.partner_id != opportunity.partner_id:
        raise Refusal(_("Välj ett program hos partnern."), field="programme")


def _see_that_no_other_was_won(opportunity: Opportunity) -> None:
    if opportunity.exclusive_group_id is None:
        return
    group = select(ExclusiveGroup.id).where(ExclusiveGroup.id == opportunity.exclusive_group_id)
    db.session.execute(group.with_for_update(key_share=True))  # the other may be won in this moment
    won = db.session.scalars(
        select(Opportunity).where(
            Opportunity.exclusive_group_id == opportunity.exclusive_group_id, Opportunity.stage == "agreed"
        )
    ).first()
    if won is not None:
        raise Refusal(
            _(
                "Bara ett av korten kan bli av, och %(card)s har redan ett avtal. Ta bort kopplingen först.",
                card=won.name,
            )
        )


def _plan(partner: Partner, what: str | None, due_on: date | None, owner: Account | None, *, by: Any) -> None:
    """The next step with the partner: a new one, or the one that stands, in these words and on this day."""
    if not what and not due_on:
        return
    if not what:
        raise Refusal(_("Skriv vad nästa steg är."), field="next_what")
    if due_on is None:
        raise Refusal(_("Välj en dag för nästa steg."), field="next_due_on")
    try:
        if step := open_step_of(partner):
            partners.move_next_step(step, what=what, due_on=due_on, owner=owner, by=by)
        else:
            partners.plan_next_step(partner, what=what, due_on=due_on, owner=owner, by=by)
    except Refusal as no:
        raise Refusal(no.message, field=f"next_{no.field}" if no.field else None) from no


def _put_in(opportunity: Opportunity, group_id: UUID | None, *, by: Any) -> None:
    with audit.change("opportunity.tied" if group_id else "opportunity.untied", opportunity, by=by):
        opportunity.exclusive_group_id = group_id
        changed(opportunity, by=by)
