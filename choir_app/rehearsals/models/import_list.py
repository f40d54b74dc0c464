"""Lists that were taken in from elsewhere, and what each of them made, so that it can be undone."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import Model


class Import(Model):
    """That a list of singers or an old attendance matrix was taken into a choir; the list itself is not kept."""

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, doc="Made with the page.")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"), index=True)
    choir: Mapped[Choir] = relationship()
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])
    row_count: Mapped[int] = mapped_column(doc="Rows of the list that were taken in.")
    singer_count: Mapped[int] = mapped_column(default=0, doc="Singers who were new to the choir.")
    rehearsal_count: Mapped[int] = mapped_column(default=0, doc="Rehearsals that nobody had planned here.")
    mark_count: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class ImportedThing(Model):
    """One row that an import made: by its id only, so that erasing a person leaves no name here."""

    __tablename__ = "imported_things"
    __table_args__ = (CheckConstraint("kind IN ('singer', 'voice', 'rehearsal', 'act')", name="known_kind"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id, ondelete="CASCADE"), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True, doc="May be gone, hence no foreign key.")
    kind: Mapped[str] = mapped_column(String(10))
