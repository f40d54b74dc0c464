"""Instalments: what of each is still unpaid, what it waits for, and when its money is counted on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import joinedload, lazyload

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import rules
from choir_app.funding.models import Agreement, Instalment, Payment, PaymentMatch
from choir_app.funding.queries.books import agreement_row, standing
from choir_app.partners.models import Partner

Condition = Literal["report", "invoice", "date"]


@dataclass(frozen=True)
class DueInstalment:
    """A part of an agreement that has not been paid, or not wholly."""

    id: UUID
    agreement_id: UUID
    agreement: str
    partner: str
    ore: int
    """What is still unpaid of it, in öre."""
    due_on: date
    condition: Condition
    condition_met_on: date | None
    """The day the report was approved or the requisition sent; None while it waits, or when it waits for nothing."""
    expected_on: date | None
    """The day its money is counted on. None: it is so late that nobody should count on it before somebody has asked."""
    is_late: bool
    """Whether it should have come by now, or what it waits for should have been sent."""
    deadline_id: UUID | None
    """The report or requisition that it waits for."""


def instalments_due(as_of: date) -> tuple[DueInstalment, ...]:
    """The instalments that were unpaid on a day, of agreements signed by then, those counted on first at the top.

    Only what payments up to that day pay of them is taken off; money that came after the newest bank balance is in
    no balance yet, and is for the caller to count.
    """
    wanted = (
        standing(Instalment)
        .join(Instalment.agreement)
        .where(
            Agreement.signed_on <= as_of,
            Agreement.id.in_(standing(Agreement).with_only_columns(Agreement.id)),
        )
        .options(
            joinedload(Instalment.agreement).options(
                lazyload(Agreement.choirs),
                lazyload(Agreement.towns),
                joinedload(Agreement.partner).options(lazyload(Partner.in_towns)),
            ),
            joinedload(Instalment.deadline),
        )
    )
    paid = paid_of_instalments(as_of=as_of)
    found = []
    for one in db.session.scalars(wanted):
        unpaid = one.ore - paid.get(one.id, 0)
        if unpaid > 0:
            found.append(_due(one, unpaid, as_of))
    return tuple(sorted(found, key=lambda one: (one.expected_on or date.max, one.due_on, str(one.id))))


def paid_of_instalments(*, as_of: date | None = None, agreement: Agreement | None = None) -> dict[UUID, int]:
    """How much of each instalment was paid, in öre, by payments that stand."""
    wanted = standing(PaymentMatch).join(PaymentMatch.payment).where(_stands(Payment))
    if as_of is not None:
        wanted = wanted.where(Payment.on <= as_of)
    if agreement is not None:
        wanted = wanted.where(Payment.agreement_id == agreement.id)
    paid: dict[UUID, int] = defaultdict(int)
    for match in db.session.scalars(wanted):
        paid[match.instalment_id] += match.ore
    return dict(paid)


@dataclass(frozen=True)
class InstalmentRow:
    """One instalment as the agreement's page shows it, paid or not."""

    id: UUID
    ore: int
    paid_ore: int
    due_on: date
    condition: Condition
    lag_days: int
    note: str | None
    deadline_id: UUID | None
    deadline_kind: str | None
    deadline_on: date | None
    met_on: date | None
    expected_on: date | None
    is_late: bool

    @property
    def unpaid_ore(self) -> int:
        """What is still to come, in öre."""
        return self.ore - self.paid_ore


def instalment_rows(agreement: Agreement, *, as_of: date | None = None) -> list[InstalmentRow]:
    """Every instalment of an agreement that stands, the first due at the top; as of today when no day is said."""
    day = as_of or clock.today()
    paid = paid_of_instalments(agreement=agreement)
    wanted = (
        standing(Instalment)
        .where(Instalment.agreement_id == agreement.id)
        .options(joinedload(Instalment.deadline))
        .order_by(Instalment.due_on, Instalment.noted_at, Instalment.id)
    )
    rows = []
    for one in db.session.scalars(wanted):
        awaited = awaited_by(one)
        is_paid = paid.get(one.id, 0) >= one.ore
        rows.append(
            InstalmentRow(
                id=one.id,
                ore=one.ore,
                paid_ore=paid.get(one.id, 0),
                due_on=one.due_on,
                condition=one.condition,  # type: ignore[arg-type]  # the table knows no other
                lag_days=one.lag_days,
                note=one.note,
                deadline_id=one.deadline_id,
                deadline_kind=one.deadline.kind if one.deadline else None,
                deadline_on=one.deadline.due_on if one.deadline else None,
                met_on=awaited.met_on if awaited else None,
                expected_on=rules.instalment_on(
                    one.due_on, awaited=awaited, lag_days=one.lag_days, as_of=day
                ),
                is_late=not is_paid
                and rules.instalment_is_late(one.due_on, awaited=awaited, lag_days=one.lag_days, as_of=day),
            )
        )
    return rows


def instalment(instalment_id: UUID, *, agreement: Agreement) -> Instalment:
    """One instalment of an agreement that stands; raises NoResultFound."""
    return db.session.scalars(
        standing(Instalment).where(Instalment.id == instalment_id, Instalment.agreement_id == agreement.id)
    ).one()


def unplanned_ore(agreement: Agreement) -> int:
    """What of an agreement no instalment and no payment beside them says when it comes, in öre."""
    planned = sum(row.ore for row in instalment_rows(agreement))
    row = agreement_row(agreement)
    return row.effective_ore - row.returned_ore - planned - unmatched_of(agreement)


def too_many_ore(agreement: Agreement) -> int:
    """How much more the instalments of an agreement are together than it gives, in öre; nothing when they are not."""
    planned = sum(row.ore for row in instalment_rows(agreement))
    return max(0, planned - agreement_row(agreement).effective_ore)


def unmatched_of(agreement: Agreement) -> int:
    """What has come under an agreement that pays none of its instalments, in öre."""
    matched = sum(paid_of_instalments(agreement=agreement).values())
    return agreement_row(agreement).received_ore - matched


def matches_of(payment: Payment) -> Sequence[PaymentMatch]:
    """Which instalments a payment pays, and how much of each; nothing when the payment was taken back."""
    return db.session.scalars(
        standing(PaymentMatch)
        .join(PaymentMatch.payment)
        .where(PaymentMatch.payment_id == payment.id, _stands(Payment))
        .options(joinedload(PaymentMatch.instalment))
        .order_by(PaymentMatch.noted_at, PaymentMatch.id)
    ).all()


def unmatched_ore(payment: Payment) -> int:
    """What of a payment pays no instalment, in öre."""
    return payment.ore - sum(match.ore for match in matches_of(payment))


def matched_by_payment(agreement: Agreement) -> dict[UUID, int]:
    """How much of each payment of an agreement pays instalments, in öre."""
    matched: dict[UUID, int] = defaultdict(int)
    wanted = (
        standing(PaymentMatch)
        .join(PaymentMatch.payment)
        .where(Payment.agreement_id == agreement.id, _stands(Payment))
    )
    for match in db.session.scalars(wanted):
        matched[match.payment_id] += match.ore
    return dict(matched)


def _stands(model: type[Payment] | type[Instalment]) -> Any:
    return model.id.in_(standing(model).with_only_columns(model.id))


def awaited_by(one: Instalment) -> rules.Awaited | None:
    """What an instalment waits for, as the rules see it."""
    if one.condition == "date" or one.deadline is None:
        return None
    done_on = one.deadline.approved_on if one.condition == "report" else one.deadline.submitted_on
    return rules.Awaited(one.deadline.due_on, one.deadline.submitted_on, done_on)


def _due(one: Instalment, unpaid: int, as_of: date) -> DueInstalment:
    awaited = awaited_by(one)
    return DueInstalment(
        id=one.id,
        agreement_id=one.agreement_id,
        agreement=one.agreement.name,
        partner=one.agreement.partner.name,
        ore=unpaid,
        due_on=one.due_on,
        condition=one.condition,  # type: ignore[arg-type]  # the table knows no other
        condition_met_on=awaited.known_on(as_of).met_on if awaited else None,
        expected_on=rules.instalment_on(one.due_on, awaited=awaited, lag_days=one.lag_days, as_of=as_of),
        is_late=rules.instalment_is_late(one.due_on, awaited=awaited, lag_days=one.lag_days, as_of=as_of),
        deadline_id=one.deadline_id,
    )
