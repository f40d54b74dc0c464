"""What is asked for and of whom: programmes that can be applied to, and opportunities on their way to an agreement."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.funding.models.books import Agreement
from choir_app.partners.models import Contact, Partner


class Programme(Model):
    """A partner's call that can be applied to, with its dates, its sums and its rules."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint(
            "closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on", name="dates_in_order"
        ),
        CheckConstraint("decision_lead_days >= 0 AND payout_lag_days >= 0", name="no_time_backwards"),
        CheckConstraint("min_ore IS NULL OR max_ore IS NULL OR max_ore >= min_ore", name="sums_in_order"),
        CheckConstraint("success_bp IS NULL OR success_bp BETWEEN 0 AND 10000", name="a_share"),
        CheckConstraint("own_share_bp BETWEEN 0 AND 10000", name="an_own_share"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), index=True)
    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    name: Mapped[str] = mapped_column(String(160))
    website: Mapped[str | None] = mapped_column(String(300))
    opens_on: Mapped[date | None] = mapped_column(doc="None: it is open already, or always.")
    closes_on: Mapped[date | None] = mapped_column(doc="The last day to apply; none is open all the time.")
    decision_lead_days: Mapped[int] = mapped_column(
        doc="Days from the last day, or from applying, to the decision."
    )
    payout_lag_days: Mapped[int] = mapped_column(default=0, doc="Days from the decision to the money.")
    min_ore: Mapped[int | None] = mapped_column(BigInteger)
    max_ore: Mapped[int | None] = mapped_column(BigInteger)
    own_share_bp: Mapped[int] = mapped_column(
        default=0, doc="What others must pay of the whole, in basis points."
    )
    wants_new: Mapped[bool] = mapped_column(default=False, doc="Pays only for what has not begun yet.")
    wants_no_other: Mapped[bool] = mapped_column(
        default=False, doc="Not while an agreement with the same partner goes on."
    )
    success_bp: Mapped[int | None] = mapped_column(doc="How many of those who apply get it, in basis points.")
    rules: Mapped[str | None] = mapped_column(String(4000), doc="In words, for what no column says.")
    checked_on: Mapped[date] = mapped_column(doc="When somebody last looked whether all this is still so.")
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    checked_by: Mapped[Account | None] = relationship()
    closed_at: Mapped[datetime | None] = mapped_column(doc="It is no more; kept, since asks may lead to it.")
    version: Mapped[int] = mapped_column(
        default=1, doc="Grows with every change, so that none is overwritten unseen."
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    in_towns: Mapped[list["ProgrammeTown"]] = relationship(
        back_populates="programme", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def towns(self) -> list[Town]:
        """The towns that it is for; none means all of Sweden."""
        return sorted((row.town for row in self.in_towns), key=lambda town: town.name)


class ProgrammeTown(Model):
    """That a programme is for a town. A programme without any is for all of Sweden."""

    __tablename__ = "programme_towns"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id, ondelete="CASCADE"), primary_key=True)
    programme: Mapped[Programme] = relationship(back_populates="in_towns")
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), primary_key=True, index=True)
    town: Mapped[Town] = relationship(lazy="joined", innerjoin=True)


class ExclusiveGroup(Model):
    """Opportunities of which at most one can come true, such as two calls of the same foundation."""

    __tablename__ = "exclusive_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120))


class StageChance(Model):
    """How often an opportunity at a stage comes true, as set for new partners and for those that pay already."""

    __tablename__ = "stage_chances"
    __table_args__ = (
        CheckConstraint("stage IN ('idea', 'talking', 'applied', 'pledged')", name="open_stage"),
        CheckConstraint("new_bp BETWEEN 1 AND 9900 AND known_bp BETWEEN 1 AND 9900", name="never_certain"),
    )

    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    new_bp: Mapped[int]
    known_bp: Mapped[int]

    @property
    def id(self) -> None:
        """None of its own: the log names settings by what they are."""


class Opportunity(Model):
    """One ask to one partner; open money until it is an agreement, a no, withdrawn or dormant."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint(
            "stage IN ('idea', 'talking', 'applied', 'pledged', 'agreed', 'declined', 'withdrawn', 'dormant')",
            name="known_stage",
        ),
        CheckConstraint("allocation IN ('choirs', 'town', 'all')", name="known_allocation"),
        CheckConstraint("ask_ore IS NULL OR ask_ore > 0", name="asks_for_something"),
        CheckConstraint("own_bp IS NULL OR own_bp BETWEEN 1 AND 9900", name="never_certain"),
        CheckConstraint("own_bp IS NULL OR own_bp_reason IS NOT NULL", name="an_own_chance_has_a_reason"),
        CheckConstraint(
            "usable_to IS NULL OR usable_from IS NULL OR usable_to >= usable_from", name="dates_in_order"
        ),
        CheckConstraint("(stage = 'agreed') = (agreement_id IS NOT NULL)", name="agreed_has_an_agreement"),
        Index("ix_opportunities_stage", "stage"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), index=True)
    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey(Programme.id), index=True)
    programme: Mapped[Programme | None] = relationship()
    name: Mapped[str] = mapped_column(String(160))
    why: Mapped[str | None] = mapped_column(String(1000), doc="Why this partner, in a sentence.")
    stage: Mapped[str] = mapped_column(String(20), default="idea")
    stage_since: Mapped[datetime] = mapped_column(default=clock.now)
    ask_ore: Mapped[int | None] = mapped_column(
        BigInteger, doc="Öre in all; none while nobody has said a sum."
    )
    own_bp: Mapped[int | None] = mapped_column(doc="A chance that somebody set by hand, in basis points.")
    own_bp_reason: Mapped[str | None] = mapped_column(String(400))
    own_bp_on: Mapped[date | None] = mapped_column(doc="It falls back to the stage's after 60 days.")
    exclusive_group_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(ExclusiveGroup.id, ondelete="SET NULL"), index=True
    )
    exclusive_group: Mapped[ExclusiveGroup | None] = relationship()
    applied_on: Mapped[date | None]
    decision_on: Mapped[date | None] = mapped_column(doc="When the answer is expected.")
    payout_lag_days: Mapped[int] = mapped_column(default=0, doc="Days from the decision to the money.")
    usable_from: Mapped[date | None]
    usable_to: Mapped[date | None]
    allocation: Mapped[str] = mapped_column(String(20), default="all")
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey(Contact.id, ondelete="SET NULL"))
    contact: Mapped[Contact | None] = relationship()
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    owner: Mapped[Account | None] = relationship(foreign_keys=owner_id)
    said_yes: Mapped[str | None] = mapped_column(
        String(400), doc="Who pledged, and how: aloud or in writing."
    )
    lost_reason: Mapped[str | None] = mapped_column(String(400))
    ask_again_on: Mapped[date | None] = mapped_column(doc="When a no or a dormant one may be asked again.")
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey(Agreement.id), unique=True)
    agreement: Mapped[Agreement | None] = relationship()
    version: Mapped[int] = mapped_column(
        default=1, doc="Grows with every change, so that none is overwritten unseen."
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    changed_by: Mapped[Account | None] = relationship(foreign_keys=changed_by_id)
    choirs: Mapped[list["OpportunityChoir"]] = relationship(
        back_populates="opportunity", lazy="selectin", cascade="all, delete-orphan"
    )
    towns: Mapped[list["OpportunityTown"]] = relationship(
        back_populates="opportunity", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        """Whether it can still come true."""
        return self.stage in ("idea", "talking", "applied", "pledged")


class OpportunityChoir(Model):
    """That an opportunity is about a choir."""

    __tablename__ = "opportunity_choirs"

    opportunity_id: Mapped[UUID] = mapped_column(
        ForeignKey(Opportunity.id, ondelete="CASCADE"), primary_key=True
    )
    opportunity: Mapped[Opportunity] = relationship(back_populates="choirs")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id), primary_key=True, index=True)


class OpportunityTown(Model):
    """That an opportunity is about every choir of a town."""

    __tablename__ = "opportunity_towns"

    opportunity_id: Mapped[UUID] = mapped_column(
        ForeignKey(Opportunity.id, ondelete="CASCADE"), primary_key=True
    )
    opportunity: Mapped[Opportunity] = relationship(back_populates="towns")
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), primary_key=True, index=True)


class StageMove(Model):
    """That an opportunity was moved from one stage to another, kept for ever: what the own rates are made of."""

    __tablename__ = "stage_moves"
    __table_args__ = (UniqueConstraint("opportunity_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey(Opportunity.id, ondelete="CASCADE"))
    opportunity: Mapped[Opportunity] = relationship()
    number: Mapped[int] = mapped_column(doc="1 for the first move of the opportunity.")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    from_stage: Mapped[str | None] = mapped_column(String(20), doc="None when it was entered.")
    to_stage: Mapped[str] = mapped_column(String(20))
    chance_bp: Mapped[int | None] = mapped_column(doc="What its chance was held to be then, in basis points.")
    was_known_partner: Mapped[bool] = mapped_column(doc="Whether the partner paid already then.")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    by: Mapped[Account | None] = relationship(foreign_keys=by_id)
    note: Mapped[str | None] = mapped_column(String(400))
    undone_at: Mapped[datetime | None] = mapped_column(
        doc="A move that was undone stays, and counts for nothing."
    )
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
