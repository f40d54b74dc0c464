"""The loans of rolls: who may take which, and by which link."""

from hashlib import sha256
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Loan, Rehearsal


def holds_loan(who: Any) -> bool:
    """Whether some roll is lent to this account now."""
    holds = exists().where(
        Loan.to_account_id == who.id, Loan.revoked_at.is_(None), Loan.ends_at > clock.now()
    )
    return db.session.scalar(select(holds)) or False


def loan_behind(secret: str) -> Loan | None:
    """The loan that a link's secret belongs to, with its rehearsal and choir, whether or not it still holds."""
    return db.session.scalar(
        select(Loan)
        .where(Loan.link_digest == digest_of(secret))
        .options(joinedload(Loan.rehearsal).joinedload(Rehearsal.choir), joinedload(Loan.lent_by))
    )


def digest_of(secret: str) -> bytes:
    """What is kept of a link's secret."""
    return sha256(secret.encode()).digest()
