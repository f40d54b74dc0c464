"""What can be done with programmes: written down, changed, checked, closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from choir_app.choirs.models import Town
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import folded
from choir_app.funding.models import Programme, ProgrammeTown
from choir_app.funding.permissions import may_change_funding
from choir_app.partners.models import Partner
from choir_app.partners.rules import web_address


@dataclass(frozen=True)
class ProgrammeSaid:
    """What somebody says of a programme. Sums in öre, shares in basis points; no towns means all of Sweden."""

    name: str
    decision_lead_days: int
    payout_lag_days: int = 0
    opens_on: date | None = None
    closes_on: date | None = None
    min_ore: int | None = None
    max_ore: int | None = None
    own_share_bp: int = 0
    success_bp: int | None = None
    wants_new: bool = False
    wants_no_other: bool = False
    website: str | None = None
    rules: str | None = None
    towns: tuple[Town, ...] = ()


def add_programme(
    partner: Partner, said: ProgrammeSaid, *, by: Any, receipt: UUID | None = None
) -> Programme:
    """Write down a programme that can be applied to; whoever does so has looked at its rules today.

    The same receipt sent again is the same programme.
    """
    require(may_change_funding(by))
    _wait_for(partner)
    if receipt and (already := db.session.get(Programme, receipt)):
        return already
    _refuse_namesake(partner, said.name, besides=None)
    programme = Programme(partner_id=partner.id, checked_on=clock.today(), checked_by_id=by.id)
    if receipt:
        programme.id = receipt
    _describe(programme, said)
    db.session.add(programme)
    db.session.flush()
    audit.note("programme.added", programme, by=by, after=audit.state(programme))
    return programme


def change_programme(
    programme: Programme, said: ProgrammeSaid, *, seen: int, by: Any, is_checked: bool = False
) -> Programme:
    """Write down what has become different; `seen` is the version that the person looked at.

    Refused when somebody else has changed it since, so that nothing is overwritten unseen. `is_checked` says that
    the rules were looked at today.
    """
    require(may_change_funding(by))
    _wait_for(programme.partner)
    db.session.refresh(programme)
    if programme.version != seen:
        raise Refusal(
            _("Någon annan har ändrat programmet medan du skrev. Jämför och spara igen."), field="version"
        )
    _refuse_namesake(programme.partner, said.name, besides=programme)
    with audit.change("programme.changed", programme, by=by):
        _describe(programme, said)
        programme.version += 1
        if is_checked:
            programme.checked_on, programme.checked_by_id = clock.today(), by.id
    return programme


def check_programme(programme: Programme, *, by: Any) -> Programme:
    """Say that somebody has looked today, and that everything is still as it is written."""
    require(may_change_funding(by))
    with audit.change("programme.checked", programme, by=by):
        programme.checked_on, programme.checked_by_id = clock.today(), by.id
    return programme


def close_programme(programme: Programme, *, by: Any) -> Programme:
    """Say that the programme is no more; it stays in the books, since what was asked for may lead to it."""
    require(may_change_funding(by))
    if programme.closed_at is None:
        with audit.change("programme.closed", programme, by=by):
            programme.closed_at = clock.now()
            programme.version += 1
    return programme


def reopen_programme(programme: Programme, *, by: Any) -> Programme:
    """Say that the programme is there after all."""
    require(may_change_funding(by))
    if programme.closed_at is not None:
        _wait_for(programme.partner)
        _refuse_namesake(programme.partner, programme.name, besides=programme)
        with audit.change("programme.reopened", programme, by=by):
            programme.closed_at = None
            programme.version += 1
    return programme


def _wait_for(partner: Partner) -> None:
    """Let everybody else finish with the partner's programmes first."""
    db.session.execute(select(Partner.id).where(Partner.id == partner.id).with_for_update(key_share=True))


def _refuse_namesake(partner: Partner, name: str, *, besides: Programme | None) -> None:
    others = select(Programme.id, Programme.name).where(
        Programme.partner_id == partner.id, Programme.closed_at.is_(None)
    )
    for other_id, other in db.session.execute(others):
        if folded(other) == folded(name) and (besides is None or other_id != besides.id):
            raise Refusal(
                _("%(partner)s har redan ett program som heter så.", partner=partner.name), field="name"
            )


def _describe(programme: Programme, said: ProgrammeSaid) -> None:
    if said.opens_on and said.closes_on and said.closes_on < said.opens_on:
        raise Refusal(_("Sista dagen ligger före första dagen. Ändra en av dem."), field="closes_on")
    if said.min_ore is not None and said.max_ore is not None and said.max_ore < said.min_ore:
        raise Refusal(_("Det högsta beloppet är mindre än det lägsta. Ändra ett av dem."), field="max_sum")
    programme.name = said.name
    programme.website = web_address(said.website) if said.website else None
    programme.opens_on, programme.closes_on = said.opens_on, said.closes_on
    programme.decision_lead_days, programme.payout_lag_days = said.decision_lead_days, said.payout_lag_days
    programme.min_ore, programme.max_ore = said.min_ore, said.max_ore
    programme.own_share_bp, programme.success_bp = said.own_share_bp, said.success_bp
    programme.wants_new, programme.wants_no_other = said.wants_new, said.wants_no_other
    programme.rules = said.rules or None
    wanted = {town.id for town in said.towns}
    programme.in_towns = [row for row in programme.in_towns if row.town_id in wanted]
    known = {row.town_id for row in programme.in_towns}
    for town_id in sorted(wanted - known):
        programme.in_towns.append(ProgrammeTown(town_id=town_id))
