"""What we send to a partner to read and answer: packages to begin from, proposals, and what was answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.funding.models.asks import Opportunity
from choir_app.partners.models import Contact, Partner


class Package(Model):
    """One of the three sizes of support that partners of a kind are usually offered; a proposal begins from them."""

    __tablename__ = "packages"
    __table_args__ = (
        UniqueConstraint("partner_kind", "size"),
        CheckConstraint("size IN ('small', 'middle', 'large')", name="known_size"),
        CheckConstraint("ore > 0", name="costs_something"),
        CheckConstraint("months BETWEEN 1 AND 36", name="lasts_a_while"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_kind: Mapped[str] = mapped_column(String(20), doc="Of `partners.rules.PARTNER_KINDS`.")
    size: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    ore: Mapped[int] = mapped_column(BigInteger, doc="Öre in all.")
    months: Mapped[int]
    what: Mapped[str] = mapped_column(String(400), doc="What the money pays for, in a sentence.")
    thanks: Mapped[str | None] = mapped_column(String(400), doc="What the partner gets in return.")
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Proposal(Model):
    """What a partner is asked to pay for: a draft until it is sent, and from then on as it was sent."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("pick IN ('one', 'several')", name="known_pick"),
        CheckConstraint("last_on >= first_on", name="dates_in_order"),
        CheckConstraint("(sent_at IS NULL) = (letter IS NULL)", name="frozen_when_sent"),
        CheckConstraint("(sent_at IS NULL) = (link_digest IS NULL)", name="sent_with_a_link"),
        CheckConstraint("(link_digest IS NULL) = (link_id IS NULL)", name="a_whole_link"),
        CheckConstraint("(link_digest IS NULL) = (answer_by IS NULL)", name="a_link_ends"),
        Index("ix_proposals_sent_at", "sent_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), index=True)
    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    opportunity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Opportunity.id),
        index=True,
        doc="The ask that it is about; made when it is sent, at the latest.",
    )
    opportunity: Mapped[Opportunity | None] = relationship()
    contact_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Contact.id, ondelete="SET NULL"), doc="To whom it is written."
    )
    contact: Mapped[Contact | None] = relationship()
    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Account.id, ondelete="SET NULL"), doc="Who stands under it and is told of the answer."
    )
    owner: Mapped[Account | None] = relationship()
    title: Mapped[str] = mapped_column(String(120))
    intro: Mapped[str] = mapped_column(String(2000), doc="Why just this partner, in our own words.")
    first_on: Mapped[date]
    last_on: Mapped[date]
    pick: Mapped[str] = mapped_column(String(20), default="one", doc="Whether one part is chosen or several.")
    on_yes: Mapped[str | None] = mapped_column(String(600))
    on_no: Mapped[str | None] = mapped_column(String(600))
    thanks: Mapped[str | None] = mapped_column(String(600), doc="What the partner gets in return.")
    version: Mapped[int] = mapped_column(
        default=1, doc="Grows with every change, so that none is overwritten unseen."
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    letter: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="Every word and figure as it was sent; queries/proposals.py reads it."
    )
    link_id: Mapped[UUID | None] = mapped_column(doc="A new one for each link; the secret follows from it.")
    link_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), unique=True, doc="Of the link's secret, which is kept nowhere."
    )
    answer_by: Mapped[date | None] = mapped_column(doc="The last day on which the link opens.")
    revoked_at: Mapped[datetime | None] = mapped_column(doc="When the link was taken back.")
    choirs: Mapped[list["ProposalChoir"]] = relationship(
        back_populates="proposal", lazy="selectin", cascade="all, delete-orphan"
    )
    parts: Mapped[list["ProposalPart"]] = relationship(
        back_populates="proposal",
        lazy="selectin",
        order_by="ProposalPart.number",
        cascade="all, delete-orphan",
    )
    answers: Mapped[list["ProposalAnswer"]] = relationship(
        back_populates="proposal", lazy="selectin", order_by="ProposalAnswer.number"
    )

    @property
    def is_sent(self) -> bool:
        """Whether it is with the partner, and so stays as it is."""
        return self.sent_at is not None

    @property
    def is_open_to_read(self) -> bool:
        """Whether its link opens at this moment."""
        return self.answer_by is not None and self.revoked_at is None and clock.today() <= self.answer_by

    @property
    def settled_by(self) -> "ProposalAnswer | None":
        """The yes or no that was given, if one was; asking for a call settles nothing."""
        return next((answer for answer in self.answers if answer.kind in ("yes", "no")), None)


class ProposalChoir(Model):
    """That a proposal is about a choir."""

    __tablename__ = "proposal_choirs"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id, ondelete="CASCADE"), primary_key=True)
    proposal: Mapped[Proposal] = relationship(back_populates="choirs")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id), primary_key=True, index=True)
    choir: Mapped[Choir] = relationship(lazy="joined", innerjoin=True)


class ProposalPart(Model):
    """One thing that a partner can say yes to: a sum, and what it pays for."""

    __tablename__ = "proposal_parts"
    __table_args__ = (CheckConstraint("ore > 0", name="costs_something"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id, ondelete="CASCADE"), primary_key=True)
    proposal: Mapped[Proposal] = relationship(back_populates="parts")
    number: Mapped[int] = mapped_column(primary_key=True, doc="1 for the first.")
    name: Mapped[str] = mapped_column(String(80))
    ore: Mapped[int] = mapped_column(BigInteger, doc="Öre in all, over the period of the proposal.")
    what: Mapped[str] = mapped_column(String(400))


class ProposalAnswer(Model):
    """What a partner answered: yes to some parts, no, or that we should call."""

    __tablename__ = "proposal_answers"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("kind IN ('yes', 'no', 'call')", name="known_kind"),
        CheckConstraint("(kind = 'yes') = (ore > 0)", name="only_a_yes_is_worth_money"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id))
    proposal: Mapped[Proposal] = relationship(back_populates="answers")
    number: Mapped[int] = mapped_column(doc="1 for the first answer.")
    kind: Mapped[str] = mapped_column(String(20))
    parts: Mapped[str] = mapped_column(
        String(20), default="", doc="The numbers of the parts, with spaces between."
    )
    ore: Mapped[int] = mapped_column(BigInteger, default=0, doc="What they said yes to, in öre.")
    person: Mapped[str] = mapped_column(String(120), doc="Who answered, as they wrote it.")
    phone: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(String(1000))
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    noted_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Account.id, ondelete="SET NULL"), doc="Who wrote it down for them; none by the link."
    )

    @property
    def part_numbers(self) -> tuple[int, ...]:
        """The parts that they said yes to."""
        return tuple(int(number) for number in self.parts.split())


@dataclass(frozen=True)
class ProposalReader:
    """Whoever holds the link of a proposal: nobody that we know, who may read and answer it and do nothing else."""

    proposal: Proposal

    id = None
    name = ""
    manages = False
    is_authenticated = False
