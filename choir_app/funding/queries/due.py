"""What is to be done next: steps with partners, what funders want and what partners were promised, in one list."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, Deadline, Promise
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries.books import standing
from choir_app.funding.rules.names import DEADLINE_NAMES
from choir_app.partners import queries as partners
from choir_app.partners.models import Partner


@dataclass(frozen=True)
class Due:
    """One thing to do: a next step with a partner, something that a funder wants, or that a partner was promised."""

    kind: Literal["step", "deadline", "promise"]
    what: str
    partner: str
    partner_slug: str
    due_on: date
    owner: str | None

    def is_late_on(self, day: date) -> bool:
        """Whether its day has passed."""
        return self.due_on < day


def due_next(*, viewer: Any, until: date) -> list[Due]:
    """Everything to be done up to a day, soonest first: next steps, what has not been sent, what was promised."""
    if not may_see_funding(viewer):
        return []
    found = [
        Due("step", step.what, step.partner.name, step.partner.slug, step.due_on, _name(step.owner))
        for step in partners.open_steps(viewer=viewer, until=until)
    ]
    unsent = (
        select(Deadline)
        .join(Deadline.agreement)
        .join(Agreement.partner)
        .options(
            contains_eager(Deadline.agreement)
            .contains_eager(Agreement.partner)
            .options(lazyload(Partner.in_towns)),
            contains_eager(Deadline.agreement).options(lazyload(Agreement.choirs), lazyload(Agreement.towns)),
            joinedload(Deadline.owner),
        )
        .where(
            Deadline.submitted_on.is_(None),
            Deadline.due_on <= until,
            Agreement.id.in_(standing(Agreement).with_only_columns(Agreement.id)),
        )
    )
    for deadline in db.session.scalars(unsent):
        partner = deadline.agreement.partner
        what = f"{DEADLINE_NAMES[deadline.kind]}: {deadline.agreement.name}"
        found.append(
            Due("deadline", what, partner.name, partner.slug, deadline.due_on, _name(deadline.owner))
        )
    for promise in db.session.scalars(_undelivered(until)):
        partner, day = promise.agreement.partner, promise.due_on or until
        found.append(Due("promise", promise.what, partner.name, partner.slug, day, _name(promise.owner)))
    return sorted(found, key=lambda due: (due.due_on, due.partner, due.what))


def _undelivered(until: date) -> Select[Promise]:
    return (
        select(Promise)
        .join(Promise.agreement)
        .join(Agreement.partner)
        .options(
            contains_eager(Promise.agreement)
            .contains_eager(Agreement.partner)
            .options(lazyload(Partner.in_towns)),
            contains_eager(Promise.agreement).options(lazyload(Agreement.choirs), lazyload(Agreement.towns)),
            joinedload(Promise.owner),
        )
        .where(
            Promise.delivered_on.is_(None),
            Promise.due_on <= until,
            Agreement.id.in_(standing(Agreement).with_only_columns(Agreement.id)),
        )
    )


def _name(owner: Any) -> str | None:
    return owner.name if owner else None
