"""Words that the coach asks writers to explain, beside those that the house knows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model


class ExplainedWord(Model):
    """A word that readers may not know, and what it means in plain words, as the editors have written it."""

    __tablename__ = "explained_words"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    word: Mapped[str] = mapped_column(String(60))
    stem: Mapped[str] = mapped_column(
        String(64), unique=True, doc="What all forms of the word have in common."
    )
    meaning: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    added_by: Mapped[Account | None] = relationship()
