"""The address of one's own calendar: made when asked for, and made anew when it came into wrong hands."""

from secrets import token_bytes

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import require
from choir_app.rehearsals import queries
from choir_app.rehearsals.models import CalendarKey
from choir_app.rehearsals.permissions import may_have_calendar


def make_calendar_address(*, by: Account) -> CalendarKey:
    """Give somebody a calendar of their own choirs at a secret address; asked for again it is the same one."""
    require(may_have_calendar(by))
    if already := queries.calendar_key_of(by):
        return already
    key = CalendarKey(account_id=by.id, account=by)
    db.session.add(key)
    audit.note("calendar.made", key, by=by)
    db.session.flush()
    return key


def change_calendar_address(*, by: Account) -> CalendarKey:
    """Give the calendar another address; whoever has the old one sees nothing more."""
    require(may_have_calendar(by))
    key = make_calendar_address(by=by)
    key.salt, key.made_at = token_bytes(16), clock.now()
    audit.note("calendar.moved", key, by=by)
    db.session.flush()
    return key
