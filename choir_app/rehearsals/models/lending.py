"""Lending the roll of one rehearsal to somebody else for its day."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.rehearsals.models.plan import Rehearsal


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
        LargeBinary(32), unique=True, doc="Of the link's secret, which is shown once and never kept."
    )
    lent_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(doc="The end of the rehearsal's day, or of its night.")
    revoked_at: Mapped[datetime | None]

    @property
    def is_valid(self) -> bool:
        """Whether it may be used at this moment."""
        return self.revoked_at is None and clock.now() < self.ends_at
