"""The address of one's own calendar of the funders' days: made when asked for, made anew, taken away."""

from secrets import token_bytes

from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import require
from choir_app.funding import queries
from choir_app.funding.models import DeadlineCalendar
from choir_app.funding.permissions import may_see_funding


def make_deadline_calendar(*, by: Account) -> DeadlineCalendar:
    """Give somebody the funders' days at a secret address; asked for again it is the same one."""
    require(may_see_funding(by))
    _wait_for(by)
    if already := queries.deadline_calendar_of(by):
        return already
    calendar = DeadlineCalendar(account_id=by.id, account=by)
    db.session.add(calendar)
    db.session.flush()
    audit.note("calendar.made", calendar, by=by)
    return calendar


def move_deadline_calendar(*, by: Account) -> DeadlineCalendar:
    """Give the calendar another address; whoever has the old one sees nothing more."""
    require(may_see_funding(by))
    calendar = make_deadline_calendar(by=by)
    calendar.salt, calendar.made_at = token_bytes(16), clock.now()
    audit.note("calendar.moved", calendar, by=by)
    return calendar


def remove_deadline_calendar(*, by: Account) -> bool:
    """Take the calendar away; says that nobody can open it any more."""
    require(may_see_funding(by))
    _wait_for(by)
    if calendar := queries.deadline_calendar_of(by):
        audit.note("calendar.removed", calendar, by=by)
        db.session.delete(calendar)
    return True


def _wait_for(account: Account) -> None:
    """Let another press of the same person finish first."""
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
