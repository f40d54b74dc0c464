"""Lists of partners that were taken in from elsewhere, and what each of them made, so that it can be undone."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model


class PartnerImport(Model):
    """That a list of partners was taken in; the list itself is not kept."""

    __tablename__ = "partner_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, doc="Made with the page.")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])
    row_count: Mapped[int] = mapped_column(doc="Partners of the list that were taken in.")
    partner_count: Mapped[int] = mapped_column(default=0, doc="Partners who were new.")
    contact_count: Mapped[int] = mapped_column(default=0, doc="People who were new.")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class ImportedPartnerThing(Model):
    """One row that such an import made: by its id only, so that forgetting a person leaves no name here."""

    __tablename__ = "imported_partner_things"
    __table_args__ = (CheckConstraint("kind IN ('partner', 'contact')", name="known_kind"),)

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey(PartnerImport.id, ondelete="CASCADE"), primary_key=True
    )
    thing_id: Mapped[UUID] = mapped_column(primary_key=True, doc="May be gone, hence no foreign key.")
    kind: Mapped[str] = mapped_column(String(10))
