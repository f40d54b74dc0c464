"""Pictures that the news has taken in, and who can be recognised in them."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model

CENTRE = 5_000
"""The middle of a picture, in basis points of its width or height."""


class KeptPicture(Model):
    """A picture that was taken in: where the eye shall rest, and whether anybody in it can be recognised.

    It is named after its content, so that every post which shows it speaks of the same row. A picture from before
    there were such rows has none: it rests in the middle, has no crops, and nobody has said who is in it.
    """

    __tablename__ = "kept_pictures"
    __table_args__ = (
        CheckConstraint("focal_x_bp BETWEEN 0 AND 10000", name="focal_x_is_within"),
        CheckConstraint("focal_y_bp BETWEEN 0 AND 10000", name="focal_y_is_within"),
    )

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int] = mapped_column(doc="In pixels, of its widest copy.")
    height: Mapped[int]
    has_crops: Mapped[bool] = mapped_column(
        default=False, doc="Whether there are AVIF copies, and crops around the point where the eye rests."
    )
    focal_x_bp: Mapped[int] = mapped_column(
        default=CENTRE, doc="Where the eye rests, from the left, in basis points of the width."
    )
    focal_y_bp: Mapped[int] = mapped_column(default=CENTRE, doc="Likewise from the top.")
    taken_in_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    taken_in_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    taken_in_by: Mapped[Account | None] = relationship(foreign_keys=[taken_in_by_id])
    nobody_said_at: Mapped[datetime | None] = mapped_column(
        doc="Since when somebody answers for that nobody in it can be recognised."
    )
    nobody_said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    withheld_at: Mapped[datetime | None] = mapped_column(
        doc="Since when no reader is shown it, because somebody in it does not agree any more."
    )
    people: Mapped[list["PersonInPicture"]] = relationship(
        back_populates="picture", order_by="PersonInPicture.noted_at", cascade="all, delete-orphan"
    )


class PersonInPicture(Model):
    """Somebody who can be recognised in a picture and agreed that it is shown; the name is seen by editors only."""

    __tablename__ = "people_in_pictures"
    __table_args__ = (
        CheckConstraint(
            "NOT is_under_18 OR guardian IS NOT NULL OR called IS NULL", name="guardian_agreed_for_a_child"
        ),
        CheckConstraint("called IS NOT NULL OR withdrawn_at IS NOT NULL", name="who_is_erased_has_withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    picture_name: Mapped[str] = mapped_column(ForeignKey(KeptPicture.name, ondelete="CASCADE"), index=True)
    picture: Mapped[KeptPicture] = relationship(back_populates="people")
    called: Mapped[str | None] = mapped_column(
        String(120), doc="The name, which the log shows nobody; none once the person is erased."
    )
    is_under_18: Mapped[bool] = mapped_column(default=False)
    guardian: Mapped[str | None] = mapped_column(String(120), doc="Who agreed for somebody under 18.")
    agreed_how: Mapped[str] = mapped_column(String(20), doc="One of `rules.WAYS_TO_AGREE`.")
    agreed_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    noted_by: Mapped[Account | None] = relationship()
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        doc="Since when the person does not agree any more."
    )

    def agrees_at(self, moment: datetime) -> bool:
        """Whether the picture may be shown at this moment as far as this person is concerned."""
        return self.withdrawn_at is None or moment < self.withdrawn_at
