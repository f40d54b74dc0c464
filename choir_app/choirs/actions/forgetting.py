"""Forgetting singers who left long ago; the counts in which they stand stay."""

from flask import current_app
from sqlalchemy import select

from choir_app.choirs import queries
from choir_app.choirs.actions.singers import erase_singer
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.caretaker import THE_HOUSE, chore
from choir_app.foundation.database import db
from choir_app.foundation.settings import Settings


@chore("singers who left long ago")
def forget_who_left() -> None:
    """Make everybody anonymous who left the last choir more months ago than the setting says.

    Source: DOMAIN.md, "Privacy". Each singer is looked at again when the turn comes: whoever came back stays.
    """
    settings: Settings = current_app.config["SETTINGS"]
    before = clock.months_before(clock.today(), settings.forget_after_months)
    for singer in queries.left_before(before):
        if db.session.scalar(select(Singer.erased_at).where(Singer.id == singer.id)) is None:
            erase_singer(singer, by=THE_HOUSE)
