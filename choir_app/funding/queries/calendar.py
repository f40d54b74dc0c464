"""The days of the funders, as a calendar holds them: what they want, when one can apply, when they decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.accounts.models import Account
from choir_app.foundation import calendars
from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Deadline, DeadlineCalendar, Opportunity, Programme
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries.books import standing
from choir_app.funding.rules.stages import STAGES
from choir_app.partners.models import Partner

DAYS_BACK = 60
"""How long what was not done stays in the calendar."""
_OPEN = STAGES[:4]
_PURPOSE = "deadline calendar"


@dataclass(frozen=True)
class FunderDay:
    """One day of a funder. No sums and no persons: a calendar often lies with another company."""

    kind: Literal["deadline", "programme", "decision"]
    id: UUID
    on: date
    partner: str
    name: str
    """Of the agreement, the programme or the opportunity."""
    what: str | None
    """Which report, of a deadline."""
    agreement_id: UUID | None
    version: int
    changed_at: datetime


def funder_days(*, viewer: Any, today: date) -> list[FunderDay]:
    """What has not been sent, the last days of programmes and the awaited decisions, soonest first.

    Three statements; nothing for whoever may not see the money.
    """
    if not may_see_funding(viewer):
        return []
    since = today - timedelta(days=DAYS_BACK)
    found = [*_deadlines(since), *_programmes(since), *_decisions(since)]
    return sorted(found, key=lambda day: (day.on, day.partner, day.name, str(day.id)))


def _deadlines(since: date) -> Iterator[FunderDay]:
    stands = standing(Agreement).with_only_columns(Agreement.id)
    wanted = (
        select(Deadline)
        .where(Deadline.submitted_on.is_(None), Deadline.due_on >= since, Deadline.agreement_id.in_(stands))
        .options(
            joinedload(Deadline.agreement).options(
                lazyload(Agreement.choirs),
                lazyload(Agreement.towns),
                joinedload(Agreement.partner).options(lazyload(Partner.in_towns)),
            )
        )
    )
    for one in db.session.scalars(wanted):
        of = one.agreement
        yield FunderDay(
            "deadline",
            one.id,
            one.due_on,
            of.partner.name,
            of.name,
            one.kind,
            of.id,
            one.version,
            one.created_at,
        )


def _programmes(since: date) -> Iterator[FunderDay]:
    wanted = (
        select(Programme)
        .where(Programme.closed_at.is_(None), Programme.closes_on >= since)
        .options(
            lazyload(Programme.in_towns), joinedload(Programme.partner).options(lazyload(Partner.in_towns))
        )
    )
    for one in db.session.scalars(wanted):
        if one.closes_on:
            yield FunderDay(
                "programme",
                one.id,
                one.closes_on,
                one.partner.name,
                one.name,
                None,
                None,
                one.version,
                one.created_at,
            )


def _decisions(since: date) -> Iterator[FunderDay]:
    wanted = (
        select(Opportunity)
        .where(Opportunity.stage.in_(_OPEN), Opportunity.decision_on >= since)
        .options(
            lazyload(Opportunity.choirs),
            lazyload(Opportunity.towns),
            joinedload(Opportunity.partner).options(lazyload(Partner.in_towns)),
        )
    )
    for one in db.session.scalars(wanted):
        if one.decision_on:
            yield FunderDay(
                "decision",
                one.id,
                one.decision_on,
                one.partner.name,
                one.name,
                None,
                None,
                one.version,
                one.changed_at,
            )


# --- the secret address ---------------------------------------------------------------------------------------


def deadline_calendar_of(account: Any) -> DeadlineCalendar | None:
    """The calendar of this account; None when it has none."""
    return db.session.scalar(select(DeadlineCalendar).where(DeadlineCalendar.account_id == account.id))


def deadline_calendar_token(calendar: DeadlineCalendar) -> str:
    """What stands in its address."""
    return calendars.token_of(_PURPOSE, calendar.id, calendar.salt)


def account_with_deadline_calendar(token: str) -> Account | None:
    """Whose calendar this address is; None for one that was never given, was replaced or taken away, and for
    somebody who is shut out or may not see the money any more."""
    wanted = select(DeadlineCalendar).where(DeadlineCalendar.id == calendars.key_of(token))
    found = db.session.scalar(wanted.options(joinedload(DeadlineCalendar.account)))
    if found is None or not calendars.is_token_of(token, _PURPOSE, found.id, found.salt):
        return None
    account = found.account
    return account if account.is_active and may_see_funding(account) else None
