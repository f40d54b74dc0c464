"""The loans of rolls: who may take which, by which link, and to whom one can lend."""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Membership, Singer
from choir_app.foundation import clock, keyed
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Loan, Rehearsal


def holds_loan(who: Any) -> bool:
    """Whether some roll is lent to this account today."""
    return bool(rolls_lent_to(who, limit=1))


def rolls_lent_to(who: Any, *, limit: int = 20) -> list[Rehearsal]:
    """The gatherings whose roll is lent to this account now, the earliest first, with their choirs."""
    lent = select(Loan.rehearsal_id).where(
        Loan.to_account_id == who.id, Loan.revoked_at.is_(None), Loan.ends_at > clock.now()
    )
    found = db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.id.in_(lent), Rehearsal.sung_on <= clock.today())
        .options(joinedload(Rehearsal.choir))
    )
    return sorted(found, key=lambda each: (each.starts_at, each.id))[:limit]


def loan_behind(secret: str) -> Loan | None:
    """The loan that a link's secret belongs to, with its rehearsal and choir, whether or not it still holds."""
    return db.session.scalar(
        select(Loan).where(Loan.link_digest == digest_of(secret)).options(*_with_all_that_is_told())
    )


def loans_of(rehearsal: Rehearsal) -> list[Loan]:
    """Every loan of a rehearsal's roll, the newest first; an account's own use of a link is told by the link."""
    return list(
        db.session.scalars(
            select(Loan)
            .where(Loan.rehearsal_id == rehearsal.id, Loan.by_link_id.is_(None))
            .options(*_with_all_that_is_told())
            .order_by(Loan.lent_at.desc(), Loan.id)
        )
    )


def open_loans_lent_by(account: Account) -> list[Loan]:
    """The loans that somebody gave and that have not ended."""
    return list(
        db.session.scalars(
            select(Loan)
            .where(Loan.lent_by_id == account.id, Loan.revoked_at.is_(None), Loan.ends_at > clock.now())
            .options(*_with_all_that_is_told())
            .order_by(Loan.id)
        )
    )


def loan(loan_id: UUID, *, rehearsal: Rehearsal) -> Loan:
    """One loan of this rehearsal's roll; raises NoResultFound."""
    return db.session.execute(
        select(Loan)
        .where(Loan.id == loan_id, Loan.rehearsal_id == rehearsal.id)
        .options(*_with_all_that_is_told())
    ).scalar_one()


def _with_all_that_is_told() -> tuple[Any, ...]:
    return (
        joinedload(Loan.rehearsal).joinedload(Rehearsal.choir),
        joinedload(Loan.lent_by),
        joinedload(Loan.to_account),
    )


def digest_of(secret: str) -> bytes:
    """What is kept of a link's secret."""
    return sha256(secret.encode("utf-8", "replace")).digest()


def secret_of(loan_id: UUID) -> str:
    """The secret of a loan's link: kept nowhere, made again whenever the leader shows the link."""
    return keyed.secret("loan", loan_id.bytes)


def shown_secret(loan: Loan) -> str | None:
    """The secret of a loan's link while it can be used; None for a loan to an account, and when the key is new."""
    if loan.link_digest is None or loan.state not in ("early", "open"):
        return None
    secret = secret_of(loan.id)
    return secret if compare_digest(digest_of(secret), loan.link_digest) else None


@dataclass(frozen=True)
class KnownPerson:
    """Somebody with an account whom a leader knows already, and from where."""

    account_id: UUID
    name: str
    sings_here: bool
    """Whether they sing in the choir itself; else they lead a choir in the same town."""


def people_to_lend_to(rehearsal: Rehearsal) -> list[KnownPerson]:
    """Those with an account whom the choir's leader knows: its own singers, and leaders of the town. By name.

    Nobody else is listed: that somebody has an account is known to managers only. Who leads the choir needs no loan.
    """
    today = clock.today()
    choir = rehearsal.choir
    sings = (
        select(Singer.account_id)
        .join(Membership, Membership.singer_id == Singer.id)
        .where(
            Membership.choir_id == choir.id,
            Membership.state.in_(("trying", "regular")),
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
            Singer.account_id.is_not(None),
        )
    )
    leads_near = (
        select(Leadership.account_id)
        .join(Choir, Leadership.choir_id == Choir.id)
        .where(Choir.town_id == choir.town_id)
    )
    leads_here = select(Leadership.account_id).where(Leadership.choir_id == choir.id)
    rows = db.session.execute(
        select(Account.id, Account.name, Account.id.in_(sings))
        .where(
            or_(Account.id.in_(sings), Account.id.in_(leads_near)),
            Account.id.not_in(leads_here),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return [KnownPerson(*row) for row in rows]


def loan_with_id(loan_id: UUID) -> Loan | None:
    """The loan, whether or not it still holds; None when there is none."""
    return db.session.get(Loan, loan_id)
