"""The address of one's own calendar of what funders want."""

from datetime import datetime
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model


class DeadlineCalendar(Model):
    """That somebody has the days of the funders at a secret address; another salt is another address."""

    __tablename__ = "deadline_calendars"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), unique=True)
    account: Mapped[Account] = relationship()
    salt: Mapped[bytes] = mapped_column(LargeBinary(16), default=lambda: token_bytes(16))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
