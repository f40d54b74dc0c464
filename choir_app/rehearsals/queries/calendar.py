"""What stands in a calendar: the gatherings of a choir for everybody, and those of one's own choirs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from choir_app.accounts.models import Account
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir
from choir_app.foundation import calendars, clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import CalendarKey, Rehearsal
from choir_app.rehearsals.queries.gatherings import Gathering, gatherings_where


@dataclass(frozen=True)
class Entry:
    """One gathering with what a calendar must know to keep up: how often it changed, and when last."""

    gathering: Gathering
    sequence: int
    changed_at: datetime


def in_calendar(choir_ids: Collection[UUID]) -> list[Entry]:
    """The gatherings of these choirs from two months back to a year and a month ahead, as everybody may know them.

    Those called off are among them. Two statements.
    """
    if not choir_ids:
        return []
    begin = clock.start_of(clock.today() - timedelta(days=rules.DAYS_BACK))
    end = clock.end_of(clock.today() + timedelta(days=rules.DAYS_AHEAD_IN_CALENDAR))
    within = (Rehearsal.choir_id.in_(choir_ids), Rehearsal.starts_at >= begin, Rehearsal.starts_at < end)
    rows = db.session.execute(select(Rehearsal.id, Rehearsal.sequence, Rehearsal.changed_at).where(*within))
    changes = {rehearsal_id: (sequence, changed_at) for rehearsal_id, sequence, changed_at in rows}
    return [Entry(each, *changes[each.id]) for each in gatherings_where(*within) if each.id in changes]


def own_calendar_choirs(account: Account) -> list[Choir]:
    """The choirs whose gatherings belong in this person's calendar: those they lead, and those they sing in."""
    today = clock.today()
    led = choirs.choirs_led_by(account)
    sung = [
        choir
        for singer in choirs.singers_of_account(account)
        for choir in choirs.choirs_of_singer(singer, today)
    ]
    return list(dict.fromkeys([*led, *sung]))


# --- the secret address ----------------------------------------------------------------------------------------


_PURPOSE = "calendar"


def calendar_key_of(account: Any) -> CalendarKey | None:
    """The key of this account's calendar; None when there never was one."""
    return db.session.scalar(select(CalendarKey).where(CalendarKey.account_id == account.id))


def calendar_token(key: CalendarKey) -> str:
    """What stands in the address: which key, and the proof that the house made it. It is kept nowhere."""
    return calendars.token_of(_PURPOSE, key.id, key.salt)


def account_with_calendar(token: str) -> Account | None:
    """Whose calendar this address is; None for one that was never given, was replaced, or belongs to a shut account."""
    wanted = select(CalendarKey).where(CalendarKey.id == calendars.key_of(token))
    key = db.session.scalar(wanted.options(joinedload(CalendarKey.account)))
    if key is None or not calendars.is_token_of(token, _PURPOSE, key.id, key.salt):
        return None
    return key.account if key.account.is_active else None
