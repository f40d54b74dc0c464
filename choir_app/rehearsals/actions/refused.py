"""Looking after what could not be taken in."""

from typing import Any

from flask import current_app
from sqlalchemy import delete

from choir_app.foundation import clock
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.refusal import require
from choir_app.foundation.settings import Settings
from choir_app.rehearsals.models import RefusedAct, Rehearsal
from choir_app.rehearsals.permissions import may_look_after_refused


def deal_with_refused(refused: RefusedAct, *, by: Any) -> None:
    """Say that nothing is left to do about a refused act; it goes to the end of the page."""
    rehearsal = db.session.get(Rehearsal, refused.rehearsal_id) if refused.rehearsal_id else None
    require(may_look_after_refused(by, refused, rehearsal))
    if refused.dealt_with_at is None:
        refused.dealt_with_at, refused.dealt_with_by_id = clock.now(), by.id


@chore("refused acts dealt with long ago")
def forget_refused_acts() -> None:
    """Take away refused acts that were dealt with more months ago than singers who left are kept."""
    settings: Settings = current_app.config["SETTINGS"]
    before = clock.start_of(clock.months_before(clock.today(), settings.forget_after_months))
    db.session.execute(delete(RefusedAct).where(RefusedAct.dealt_with_at < before))
