"""Posts, their revisions, the choirs they are about, and the addresses they once had."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import Model

post_choirs = Table(
    "post_choirs",
    Model.metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("choir_id", ForeignKey(Choir.id, ondelete="CASCADE"), primary_key=True),
)


class Post(Model):
    """A news post: a draft until it is published, gone for readers once it is withdrawn."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("picture_name IS NULL OR picture_alt <> ''", name="picture_has_description"),
        Index("ix_posts_published_at", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    headline: Mapped[str] = mapped_column(String(150))
    lead: Mapped[str] = mapped_column(String(600))
    body: Mapped[str] = mapped_column(doc="Markdown.")
    byline_name: Mapped[str] = mapped_column(String(120), doc="As it was when the post was written.")
    byline_role: Mapped[str | None] = mapped_column(String(120), doc="As it was when the post was written.")
    picture_name: Mapped[str | None] = mapped_column(String(64))
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    picture_alt: Mapped[str | None] = mapped_column(String(400), doc="For those who do not see the picture.")
    picture_caption: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_by: Mapped[Account | None] = relationship()
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    choirs: Mapped[list[Choir]] = relationship(secondary=post_choirs, order_by=Choir.name)
    revisions: Mapped[list["PostRevision"]] = relationship(
        back_populates="post", order_by="PostRevision.number", cascade="all, delete-orphan"
    )

    def is_public_at(self, moment: datetime) -> bool:
        """Whether readers may see it at this moment."""
        return self.published_at is not None and self.published_at <= moment and self.withdrawn_at is None

    @property
    def is_draft(self) -> bool:
        """Whether nobody but those who write has seen it."""
        return self.published_at is None and self.withdrawn_at is None


class PostRevision(Model):
    """A post as it was saved once: kept for ever, so that it can be compared and brought back."""

    __tablename__ = "post_revisions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"))
    post: Mapped[Post] = relationship(back_populates="revisions")
    number: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    saved_by: Mapped[Account | None] = relationship()
    headline: Mapped[str] = mapped_column(String(150))
    lead: Mapped[str] = mapped_column(String(600))
    body: Mapped[str]
    picture_name: Mapped[str | None] = mapped_column(String(64))
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    picture_alt: Mapped[str | None] = mapped_column(String(400))
    picture_caption: Mapped[str | None] = mapped_column(String(300))


class FormerSlug(Model):
    """An address that a post once had; it leads to the post for ever and is never given to another."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)
    post: Mapped[Post] = relationship()
