"""Papers of an agreement: the signed agreement, a report as it was sent, an answer."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.funding.models.books import Agreement, Deadline


class Document(Model):
    """A file that belongs to an agreement; the file itself lies in the data folder under its content's name."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id), index=True)
    agreement: Mapped[Agreement] = relationship()
    deadline_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Deadline.id, ondelete="SET NULL"), doc="The report that it is, if it is one."
    )
    name: Mapped[str] = mapped_column(String(160), doc="As the file was called, without its ending.")
    kind: Mapped[str] = mapped_column(String(20), doc="What its content is; see rules/documents.py.")
    size: Mapped[int] = mapped_column(BigInteger, doc="Bytes.")
    digest: Mapped[str] = mapped_column(String(64), index=True, doc="SHA-256 of the content, in hexadecimal.")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    added_by: Mapped[Account | None] = relationship()
