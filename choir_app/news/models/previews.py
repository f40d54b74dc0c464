"""Links by which somebody without an account reads a post that is not published."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.posts import Post


class PostPreview(Model):
    """That whoever holds a link may read a post before it is published, until a moment or until it is taken back."""

    __tablename__ = "post_previews"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)
    post: Mapped[Post] = relationship()
    for_whom: Mapped[str | None] = mapped_column(String(80), doc="In the words of whoever made it.")
    digest: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, doc="Of the link's secret, which itself is kept nowhere."
    )
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    made_by: Mapped[Account | None] = relationship()
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    def is_outlived_at(self, moment: datetime) -> bool:
        """Whether the draft that it was made for can be read by everybody. One made afterwards is for what is still
        being written: a new language that somebody is to read first.
        """
        published_at = self.post.published_at
        return self.post.is_public_at(moment) and published_at is not None and self.made_at <= published_at

    @property
    def state(self) -> str:
        """What whoever opens it meets: open, over, or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "over" if clock.now() >= self.ends_at else "open"
