"""Lending the roll of one rehearsal to somebody else for its day."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.rehearsals.models.plan import Rehearsal


@dataclass(frozen=True)
class Substitute:
    """Whoever came by the link of a loan that holds: takes one roll, and answers the same questions as an Account."""

    loan_id: UUID
    rehearsal_id: UUID
    name: str
    lent_by: str
    """The leader who lent it; empty when that account is gone."""
    ends_at: datetime

    id = None
    email = ""
    roles: frozenset[str] = frozenset()
    administers = manages = edits = False
    is_authenticated = False
    is_anonymous = True


class Loan(Model):
    """That a substitute may take the roll of one rehearsal on its day: an account, or whoever holds a link."""

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("(to_account_id IS NULL) <> (link_digest IS NULL)", name="to_an_account_or_by_link"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey(Rehearsal.id, ondelete="CASCADE"), index=True)
    rehearsal: Mapped[Rehearsal] = relationship()
    lent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    lent_by: Mapped[Account | None] = relationship(foreign_keys=[lent_by_id])
    to_account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    to_account: Mapped[Account | None] = relationship(foreign_keys=[to_account_id])
    to_name: Mapped[str | None] = mapped_column(String(80), doc="What the holder of a link is called.")
    link_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), unique=True, doc="Of the link's secret, which itself is kept nowhere."
    )
    by_link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("loans.id", ondelete="CASCADE"),
        index=True,
        doc="The loan whose link an account used; it ends with that one.",
    )
    lent_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(doc="The end of the rehearsal's day, or of its night.")
    revoked_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """What its link or account meets: early (its day has not come), open, over, or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if clock.now() >= self.ends_at:
            return "over"
        return "early" if clock.now() < self.rehearsal.opens_at else "open"

    @property
    def is_valid(self) -> bool:
        """Whether it may be used at this moment."""
        return self.state == "open"

    @property
    def taker(self) -> str:
        """What the substitute is called."""
        return self.to_account.name if self.to_account else self.to_name or ""

    @property
    def substitute(self) -> Substitute:
        """The holder of its link, as somebody who takes the roll."""
        return Substitute(
            loan_id=self.id,
            rehearsal_id=self.rehearsal_id,
            name=self.taker,
            lent_by=self.lent_by.name if self.lent_by else "",
            ends_at=self.ends_at,
        )

    @classmethod
    def is_held_by(cls, who: Account, rehearsal: Rehearsal) -> bool:
        """Whether the roll of this rehearsal is lent to this account now."""
        return cls.was_held_by(who, rehearsal, clock.now())

    @classmethod
    def was_held_by(cls, who: Account, rehearsal: Rehearsal, moment: datetime) -> bool:
        """Whether the roll was lent to this account at a moment, by a loan not taken back; asked once a session."""
        known: dict[tuple[UUID, UUID], list[datetime]] = db.session.info.setdefault("loans_held", {})
        asked = (who.id, rehearsal.id)
        if asked not in known:
            known[asked] = list(
                db.session.scalars(
                    select(cls.ends_at).where(
                        cls.to_account_id == who.id,
                        cls.rehearsal_id == rehearsal.id,
                        cls.revoked_at.is_(None),
                    )
                )
            )
        return any(rehearsal.opens_at <= moment < ends_at for ends_at in known[asked])

    @classmethod
    def has_changed(cls) -> None:
        """Forget what was asked before, since something was lent or taken back."""
        db.session.info.pop("loans_held", None)
