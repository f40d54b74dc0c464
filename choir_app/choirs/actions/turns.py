"""One after the other: two presses at the same moment must not do the same thing twice.

SQLite lets one writer in at a time anyway; PostgreSQL is told whom to let wait.
"""

from typing import Any

from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.database import db


def wait_for_person(who: Any) -> None:
    """Let what the same person did a moment ago be finished first, where there is no other row to wait for."""
    db.session.execute(select(Account.id).where(Account.id == who.id).with_for_update(key_share=True))


def wait_for_choir(choir: Choir, *rows: str) -> None:
    """Let everybody else finish with the choir first; its `rows` (states, voices, leaderships) are read anew."""
    db.session.execute(select(Choir.id).where(Choir.id == choir.id).with_for_update(key_share=True))
    if rows:
        db.session.refresh(choir, rows)


def wait_for_singer(singer: Singer) -> None:
    """Let everybody else finish with the singer first."""
    db.session.execute(select(Singer.id).where(Singer.id == singer.id).with_for_update(key_share=True))
