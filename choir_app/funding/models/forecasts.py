"""What was tried and kept under a name, and what the forecast said month by month, to be compared with what came."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.funding.models.asks import Opportunity


class SavedScenario(Model):
    """A scenario that somebody keeps under a name: the changes alone, counted anew each time it is opened."""

    __tablename__ = "saved_scenarios"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    query: Mapped[str] = mapped_column(String(8000), doc="The scenario as it stands in an address.")
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_by: Mapped[Account | None] = relationship()
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    counted_at: Mapped[datetime] = mapped_column(default=clock.now, doc="When its answer was last looked at.")
    state: Mapped[str] = mapped_column(String(20), doc="What the answer was then: ends, beyond and so on.")
    told_on: Mapped[date | None] = mapped_column(doc="The day that was told then.")


class ForecastSnapshot(Model):
    """What the forecast said of the whole network in one month, kept as it was."""

    __tablename__ = "forecast_snapshots"
    __table_args__ = (
        CheckConstraint("state IN ('unknown', 'beyond', 'ends', 'not_next', 'ended')", name="known_state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    month: Mapped[date] = mapped_column(unique=True, doc="The first day of the month; one is kept for each.")
    as_of: Mapped[date] = mapped_column(doc="The day that was asked about.")
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(String(20))
    financed_to: Mapped[date | None]
    first_unpaid_on: Mapped[date | None]
    beyond: Mapped[date | None]
    balance_ore: Mapped[int | None] = mapped_column(
        BigInteger, doc="What the bank held by the newest balance."
    )
    course: Mapped[list[Any]] = mapped_column(
        JSON, doc="Day and öre, for each day on which the balance was going to change within a year."
    )
    choirs: Mapped[list["SnapshotChoir"]] = relationship(
        back_populates="snapshot", lazy="selectin", cascade="all, delete-orphan"
    )
    asks: Mapped[list["SnapshotAsk"]] = relationship(
        back_populates="snapshot", lazy="selectin", cascade="all, delete-orphan"
    )


class SnapshotChoir(Model):
    """What the forecast said of one choir in one month."""

    __tablename__ = "snapshot_choirs"

    snapshot_id: Mapped[UUID] = mapped_column(
        ForeignKey(ForecastSnapshot.id, ondelete="CASCADE"), primary_key=True
    )
    snapshot: Mapped[ForecastSnapshot] = relationship(back_populates="choirs")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id), primary_key=True, index=True)
    choir: Mapped[Choir] = relationship()
    state: Mapped[str] = mapped_column(String(20))
    financed_to: Mapped[date | None]
    first_unpaid_on: Mapped[date | None]
    beyond: Mapped[date | None]


class SnapshotAsk(Model):
    """What the chance of one ask was held to be in one month."""

    __tablename__ = "snapshot_asks"
    __table_args__ = (CheckConstraint("chance_bp BETWEEN 1 AND 9900", name="never_certain"),)

    snapshot_id: Mapped[UUID] = mapped_column(
        ForeignKey(ForecastSnapshot.id, ondelete="CASCADE"), primary_key=True
    )
    snapshot: Mapped[ForecastSnapshot] = relationship(back_populates="asks")
    opportunity_id: Mapped[UUID] = mapped_column(
        ForeignKey(Opportunity.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    stage: Mapped[str] = mapped_column(String(20))
    chance_bp: Mapped[int]
