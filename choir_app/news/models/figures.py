"""What a published text says in figures, and what was put right in it afterwards."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model


class FrozenFigure(Model):
    """A figure of a post as it was when the post was published: the same in all its languages, until it is updated."""

    __tablename__ = "frozen_figures"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True, doc="As texts call it.")
    value: Mapped[int]
    is_about: Mapped[bool] = mapped_column(doc="Whether one says «cirka».")
    n: Mapped[int] = mapped_column(doc="How many single counts it rests on.")
    measured_on: Mapped[date]
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)


class PostCorrection(Model):
    """What was put right in a post after it was published, as its readers are told: in words, or a figure."""

    __tablename__ = "post_corrections"
    __table_args__ = (
        CheckConstraint("(words IS NULL) <> (figure IS NULL)", name="says_words_or_a_figure"),
        CheckConstraint(
            "figure IS NULL OR (value_before IS NOT NULL AND value_after IS NOT NULL)",
            name="figure_has_both_values",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    language: Mapped[str | None] = mapped_column(
        String(20), doc="The text that the words belong to; none for a figure, which all of them have."
    )
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    noted_by: Mapped[Account | None] = relationship()
    words: Mapped[str | None] = mapped_column(String(600))
    figure: Mapped[str | None] = mapped_column(String(60))
    value_before: Mapped[int | None]
    value_after: Mapped[int | None]
