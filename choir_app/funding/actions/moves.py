"""How an ask changes its stage, whoever moves it: the row that is kept for ever, and how it is taken back."""

from typing import Any

from sqlalchemy import func, select

from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _, day, hour
from choir_app.foundation.refusal import Refusal
from choir_app.funding import rules
from choir_app.funding.models import Agreement, Opportunity, StageMove
from choir_app.funding.queries import asked
from choir_app.funding.rules.stages import STAGE_NAMES


def lock(opportunity: Opportunity) -> None:
    """Let everybody else finish with this ask first, and read it anew."""
    db.session.flush()
    db.session.execute(
        select(Opportunity.id).where(Opportunity.id == opportunity.id).with_for_update(key_share=True)
    )
    db.session.refresh(opportunity)


def moved_on(
    opportunity: Opportunity,
    to: str,
    *,
    by: Any,
    note: str | None = None,
    agreement: Agreement | None = None,
    verb: str = "opportunity.moved",
) -> StageMove:
    """Write down that an ask goes to a stage, with the chance it was held to have: when it ends, the one before."""
    before = opportunity.stage
    is_known = opportunity.partner_id in asked.known_partners(clock.today())
    made = StageMove(
        opportunity_id=opportunity.id,
        number=1 + (last_number(opportunity) or 0),
        at=clock.now(),
        from_stage=before,
        to_stage=to,
        chance_bp=_chance_bp(opportunity, to if to in rules.OPEN_STAGES else before, is_known=is_known),
        was_known_partner=is_known,
        by_id=by.id,
        note=note or None,
    )
    with audit.change(verb, opportunity, by=by):
        opportunity.stage, opportunity.stage_since = to, made.at
        opportunity.agreement_id = agreement.id if agreement else None
        changed(opportunity, by=by)
    db.session.add(made)
    db.session.flush()
    return made


def taken_back(opportunity: Opportunity, move: StageMove, *, by: Any) -> StageMove:
    """Undo the newest move: the row stays and counts for nothing from then on."""
    move.undone_at, move.undone_by_id = clock.now(), by.id
    with audit.change("opportunity.move_undone", opportunity, by=by):
        opportunity.stage = move.from_stage or "idea"
        opportunity.agreement_id = None
        if opportunity.is_open:
            opportunity.lost_reason = opportunity.ask_again_on = None
        changed(opportunity, by=by)
        db.session.flush()
        earlier = newest_move(opportunity)
        if earlier is not None and opportunity.stage in ("declined", "withdrawn"):
            opportunity.lost_reason = opportunity.lost_reason or earlier.note
        opportunity.stage_since = earlier.at if earlier else opportunity.created_at
    return move


def reopen_for_struck(agreement: Agreement, *, by: Any) -> None:
    """The ask that became an agreement that is struck goes back to where it was."""
    opportunity = db.session.scalars(
        select(Opportunity).where(Opportunity.agreement_id == agreement.id)
    ).one_or_none()
    if opportunity is None:
        return
    lock(opportunity)
    move = newest_move(opportunity)
    if move is not None and opportunity.agreement_id == agreement.id:
        taken_back(opportunity, move, by=by)


def newest_move(opportunity: Opportunity) -> StageMove | None:
    """The last move that stands."""
    return db.session.scalars(
        select(StageMove)
        .where(StageMove.opportunity_id == opportunity.id, StageMove.undone_at.is_(None))
        .order_by(StageMove.number.desc())
        .limit(1)
    ).one_or_none()


def last_number(opportunity: Opportunity) -> int | None:
    """The number of the last move, undone or not."""
    return db.session.scalar(
        select(func.max(StageMove.number)).where(StageMove.opportunity_id == opportunity.id)
    )


def changed(opportunity: Opportunity, *, by: Any) -> None:
    """Something is different: who has the page open must see it before saving."""
    opportunity.version += 1
    opportunity.changed_at, opportunity.changed_by_id = clock.now(), by.id


def refuse_if_moved(opportunity: Opportunity, seen: str | None) -> None:
    """Say who moved it meanwhile, when the stage that somebody saw is not the one that it has."""
    if seen is None or seen == opportunity.stage:
        return
    move = newest_move(opportunity)
    who = move.by.name if move and move.by else _("Någon")
    raise Refusal(
        _(
            "%(person)s flyttade %(card)s till %(stage)s %(day)s kl. %(hour)s. Sidan är uppdaterad.",
            person=who,
            card=opportunity.name,
            stage=str(STAGE_NAMES[opportunity.stage]),
            day=day(opportunity.stage_since),
            hour=hour(opportunity.stage_since),
        ),
        field="to",
    )


def _chance_bp(opportunity: Opportunity, stage: str, *, is_known: bool) -> int | None:
    if stage not in rules.OPEN_STAGES:
        return None
    today = clock.today()
    return asked.chance_of(
        opportunity,
        as_of=today,
        stage=stage,
        is_known=is_known,
        defaults=asked.chance_settings(),
        history=asked.own_history(today),
    ).bp
