"""Who wrote what about the money of an agreement, and when, so that two who write at once see each other."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Amendment, Instalment, Payment, SpentToDate

_TABLES: dict[str, tuple[type[Amendment] | type[Payment] | type[SpentToDate] | type[Instalment], str]] = {
    "amendment": (Amendment, "delta_ore"),
    "payment": (Payment, "ore"),
    "spent": (SpentToDate, "spent_ore"),
    "instalment": (Instalment, "ore"),
}


@dataclass(frozen=True)
class Writing:
    """That somebody wrote down, or took back, something about an agreement's money."""

    kind: str
    """amendment, payment, spent or instalment."""
    at: datetime
    by: str | None
    ore: int
    is_reversal: bool


def writings_count(agreement: Agreement) -> int:
    """How many rows there are about an agreement's money, those that take back others among them."""
    return sum(
        db.session.scalar(select(func.count()).select_from(model).where(model.agreement_id == agreement.id))
        or 0
        for model, _name in _TABLES.values()
    )


def latest_writings(agreement: Agreement, number: int) -> list[Writing]:
    """The newest so many rows about an agreement's money, the oldest of them first."""
    found = []
    for kind, (model, name) in _TABLES.items():
        rows = db.session.execute(
            select(model.noted_at, getattr(model, name), model.reverses_id, Account.name)
            .outerjoin(Account, Account.id == model.noted_by_id)
            .where(model.agreement_id == agreement.id)
            .order_by(model.noted_at.desc(), model.id)
            .limit(number)
        )
        found += [Writing(kind, row[0], row[3], row[1], row[2] is not None) for row in rows]
    return sorted(found, key=lambda one: one.at)[-number:]


def seen_as(*told: object) -> str:
    """A short name of what somebody sees in a form when it is opened; other words have another one."""
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:24]
