"""Scenarios that were kept under a name, and how far the books have moved since."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from choir_app.foundation.database import db
from choir_app.foundation.language import _, ngettext
from choir_app.funding.models import Agreement, Amendment, SavedScenario
from choir_app.funding.queries.answer_sentences import date_told
from choir_app.funding.queries.forecast import Outlook


@dataclass(frozen=True)
class PlanRow:
    """One kept scenario in the list."""

    plan: SavedScenario
    changed_agreements: int
    """How many agreements have been signed, amended or taken back since its answer was last looked at."""


def plan(plan_id: UUID) -> SavedScenario:
    """One kept scenario, with who kept it."""
    return db.session.scalars(
        select(SavedScenario).where(SavedScenario.id == plan_id).options(joinedload(SavedScenario.created_by))
    ).one()


def plan_if_any(named: str | None) -> SavedScenario | None:
    """The kept scenario that an address names, if it is there still."""
    try:
        id_ = UUID(named or "")
    except ValueError:
        return None
    return db.session.get(SavedScenario, id_)


def version_of(one: SavedScenario) -> str:
    """A mark of what a kept scenario tries: another one as soon as somebody has saved something else."""
    return sha256(one.query.encode()).hexdigest()[:16]


def plan_rows() -> list[PlanRow]:
    """Every kept scenario, the newest first."""
    plans = db.session.scalars(
        select(SavedScenario)
        .options(joinedload(SavedScenario.created_by))
        .order_by(SavedScenario.created_at.desc(), SavedScenario.id)
    ).all()
    noted = _agreements_by_moment() if plans else []
    return [PlanRow(one, _changed_since(one, noted)) for one in plans]


def changed_agreements(one: SavedScenario) -> int:
    """How many agreements have been signed, amended or taken back since the answer was last looked at."""
    return _changed_since(one, _agreements_by_moment())


def stale_sentence(changed: int) -> str:
    """That the books have moved since a plan was counted; nothing when they have not."""
    if not changed:
        return ""
    return ngettext(
        "%(num)s avtal är ändrat sedan planen sparades.",
        "%(num)s avtal är ändrade sedan planen sparades.",
        changed,
    )


def told_then(one: SavedScenario) -> str:
    """The day that a plan told when it was last looked at."""
    state = one.state
    if state == "beyond":
        return date_told(Outlook("beyond", beyond=one.told_on))
    if state == "ends":
        return date_told(Outlook("ends", to=one.told_on))
    if state in ("not_next", "ended"):
        return date_told(Outlook("not_next", first_unpaid_on=one.told_on))
    return _("Okänt")


def _agreements_by_moment() -> list[tuple[datetime, UUID]]:
    """When something was written down about which agreement; a reversal is about the one that it takes back."""
    agreements = db.session.execute(select(Agreement.noted_at, Agreement.id, Agreement.reverses_id))
    amendments = db.session.execute(select(Amendment.noted_at, Amendment.agreement_id))
    return [
        *((row.noted_at, row.reverses_id or row.id) for row in agreements),
        *((row.noted_at, row.agreement_id) for row in amendments),
    ]


def _changed_since(one: SavedScenario, noted: list[tuple[datetime, UUID]]) -> int:
    return len({agreement for at, agreement in noted if at > one.counted_at})
