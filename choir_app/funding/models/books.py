"""Agreements and what happened to them, costs, the bank balance and support in kind.

What is said about money is a row that stays. A mistake is corrected by a reversal: a row of the same table whose
`reverses_id` names the wrong one. Neither the wrong row nor its reversal counts from then on.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.partners.models import Partner


class MoneyRow:
    """What every row about money carries: who wrote it down, when, and which row it takes back, if any."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    @declared_attr
    def noted_by_id(cls) -> Mapped[UUID | None]:  # noqa: N805 - it is a class method
        """The account that wrote it down; none for the demo and for somebody who is gone."""
        return mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))

    @declared_attr
    def reverses_id(cls) -> Mapped[UUID | None]:  # noqa: N805 - likewise
        """The row of this table that this one takes back; a row is taken back once."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"), unique=True)  # type: ignore[attr-defined]  # every table names itself


class Agreement(MoneyRow, Model):
    """A signed commitment of a partner; only this is committed money."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("allocation IN ('choirs', 'town', 'all')", name="known_allocation"),
        CheckConstraint("usable_to IS NULL OR usable_to >= usable_from", name="dates_in_order"),
        Index("ix_agreements_partner_id", "partner_id"),
    )

    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id))
    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    name: Mapped[str] = mapped_column(String(160))
    grantee: Mapped[str | None] = mapped_column(String(160), doc="Who receives the money, by name.")
    signed_on: Mapped[date]
    amount_ore: Mapped[int] = mapped_column(BigInteger, doc="Öre, as signed; amendments are added to it.")
    usable_from: Mapped[date]
    usable_to: Mapped[date | None] = mapped_column(doc="The last day whose costs it may pay; none is no end.")
    allocation: Mapped[str] = mapped_column(String(20), doc="Named choirs, a town's choirs, or all.")
    repay_unspent: Mapped[bool] = mapped_column(default=False, doc="What is left at the end goes back.")
    reference: Mapped[str | None] = mapped_column(String(80), doc="The partner's own number of the matter.")
    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Account.id, ondelete="SET NULL"), doc="Who looks after the agreement."
    )
    owner: Mapped[Account | None] = relationship(foreign_keys=owner_id)
    note: Mapped[str | None] = mapped_column(String(2000))
    version: Mapped[int] = mapped_column(default=1, doc="Counts the changes of what is not money.")
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    choirs: Mapped[list["AllocationChoir"]] = relationship(
        back_populates="agreement", lazy="selectin", cascade="all, delete-orphan"
    )
    towns: Mapped[list["AllocationTown"]] = relationship(
        back_populates="agreement", lazy="selectin", cascade="all, delete-orphan"
    )


class AllocationChoir(Model):
    """That an agreement may pay for a choir."""

    __tablename__ = "allocation_choirs"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), primary_key=True)
    agreement: Mapped[Agreement] = relationship(back_populates="choirs")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id), primary_key=True, index=True)


class AllocationTown(Model):
    """That an agreement may pay for every choir of a town."""

    __tablename__ = "allocation_towns"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), primary_key=True)
    agreement: Mapped[Agreement] = relationship(back_populates="towns")
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), primary_key=True, index=True)


class Amendment(MoneyRow, Model):
    """A signed change of an agreement: more or less money, another last day, or both."""

    __tablename__ = "amendments"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    on: Mapped[date] = mapped_column(doc="The day it was signed.")
    delta_ore: Mapped[int] = mapped_column(BigInteger, doc="Öre more, or less when negative.")
    new_usable_to: Mapped[date | None] = mapped_column(doc="None leaves the last day as it was.")
    note: Mapped[str | None] = mapped_column(String(400))


class Instalment(MoneyRow, Model):
    """A part of an agreement that is due on a day, and what must be done before it is paid."""

    __tablename__ = "instalments"
    __table_args__ = (
        CheckConstraint("condition IN ('date', 'invoice', 'report')", name="known_condition"),
        CheckConstraint("lag_days >= 0", name="no_time_backwards"),
        CheckConstraint("reverses_id IS NOT NULL OR ore > 0", name="pays_something"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    due_on: Mapped[date]
    ore: Mapped[int] = mapped_column(BigInteger)
    condition: Mapped[str] = mapped_column(
        String(20), default="date", doc="Nothing but the day, an invoice sent, or a report approved."
    )
    deadline_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("deadlines.id"),
        index=True,
        doc="The requisition that must be sent, or the report that must be approved, first.",
    )
    deadline: Mapped["Deadline | None"] = relationship()
    lag_days: Mapped[int] = mapped_column(default=0, doc="Days from the condition to the money.")
    note: Mapped[str | None] = mapped_column(String(400))


class Payment(MoneyRow, Model):
    """Money that came to the bank under an agreement."""

    __tablename__ = "payments"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    on: Mapped[date]
    ore: Mapped[int] = mapped_column(BigInteger, doc="Öre; negative when money was paid back.")
    note: Mapped[str | None] = mapped_column(String(400))


class PaymentMatch(MoneyRow, Model):
    """How much of a payment pays an instalment: a part payment, or one payment for several."""

    __tablename__ = "payment_matches"
    __table_args__ = (CheckConstraint("reverses_id IS NOT NULL OR ore > 0", name="pays_something"),)

    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id), index=True)
    payment: Mapped[Payment] = relationship()
    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id), index=True)
    instalment: Mapped[Instalment] = relationship()
    ore: Mapped[int] = mapped_column(BigInteger)


class SpentToDate(MoneyRow, Model):
    """What the books say has been spent of an agreement in all, up to and with a day."""

    __tablename__ = "spent_to_dates"
    __table_args__ = (CheckConstraint("reverses_id IS NOT NULL OR spent_ore >= 0", name="not_negative"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    as_of: Mapped[date]
    spent_ore: Mapped[int] = mapped_column(BigInteger)


class Deadline(Model):
    """What a funder wants of us under an agreement, and by when."""

    __tablename__ = "deadlines"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('interim_report', 'final_report', 'requisition', 'auditor_statement')",
            name="known_kind",
        ),
        Index("ix_deadlines_due_on", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    kind: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    owner: Mapped[Account | None] = relationship(foreign_keys=owner_id)
    submitted_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(400))
    day_said_on: Mapped[date | None] = mapped_column(
        doc="When its day was last set; reminders count from then."
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1, doc="Counts its changes, for two who change it at once.")
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class CostLine(MoneyRow, Model):
    """A planned cost of a choir, or one that the active choirs share."""

    __tablename__ = "cost_lines"
    __table_args__ = (
        CheckConstraint(
            "category IN ('leader', 'venue', 'coffee', 'music', 'travel', 'concert', 'coordination', 'other')",
            name="known_category",
        ),
        CheckConstraint("driver IN ('per_rehearsal', 'monthly', 'once')", name="known_driver"),
        CheckConstraint("driver <> 'monthly' OR day_of_month BETWEEN 1 AND 31", name="day_of_a_month"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("reverses_id IS NOT NULL OR ore > 0", name="costs_something"),
    )

    choir_id: Mapped[UUID | None] = mapped_column(ForeignKey(Choir.id), index=True, doc="None is shared.")
    choir: Mapped[Choir | None] = relationship()
    category: Mapped[str] = mapped_column(String(20))
    what: Mapped[str | None] = mapped_column(String(160), doc="A few words, such as «kaffe och bröd».")
    driver: Mapped[str] = mapped_column(String(20))
    day_of_month: Mapped[int | None] = mapped_column(doc="For monthly costs; 31 is the month's last day.")
    ore: Mapped[int] = mapped_column(BigInteger, doc="Öre each time.")
    valid_from: Mapped[date] = mapped_column(doc="The first day; of a cost that comes once, its day.")
    valid_to: Mapped[date | None] = mapped_column(doc="The last day as it was planned; see CostLineEnd.")


class CostLineEnd(MoneyRow, Model):
    """That a cost ends earlier or later than was planned; the newest row counts."""

    __tablename__ = "cost_line_ends"

    cost_line_id: Mapped[UUID] = mapped_column(ForeignKey(CostLine.id), index=True)
    last_day: Mapped[date]


class BankBalance(MoneyRow, Model):
    """What was in the bank when a day was over."""

    __tablename__ = "bank_balances"
    __table_args__ = (Index("ix_bank_balances_as_of", "as_of"),)

    as_of: Mapped[date]
    ore: Mapped[int] = mapped_column(BigInteger)


class InKind(MoneyRow, Model):
    """Help that is not money, such as a room lent; never counted as cash."""

    __tablename__ = "in_kinds"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        Index("ix_in_kinds_partner_id", "partner_id"),
    )

    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id))
    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id), index=True)
    choir: Mapped[Choir] = relationship()
    what: Mapped[str] = mapped_column(String(160))
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(CostLine.id), doc="The cost that it makes unnecessary for this choir."
    )
    replaces: Mapped[CostLine | None] = relationship()
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
