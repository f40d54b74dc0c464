"""The language versions of a post, what each looked like at every save, and the addresses they once had."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.pictures import KeptPicture

if TYPE_CHECKING:
    from choir_app.news.models.posts import Post


class PostVersion(Model):
    """A post in one language: its own words, address and picture; the Swedish one is what the others are made from."""

    __tablename__ = "post_versions"
    __table_args__ = (
        CheckConstraint(
            "NOT picture_is_decorative OR picture_alt IS NULL", name="decorative_picture_is_not_described"
        ),
        CheckConstraint("language <> 'sv' OR made_from IS NULL", name="swedish_is_made_from_nothing"),
        UniqueConstraint("post_id", "language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    post: Mapped["Post"] = relationship(back_populates="versions")
    language: Mapped[str] = mapped_column(String(20), doc="BCP 47; easy Swedish is `sv-simple`.")
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    headline: Mapped[str] = mapped_column(String(150))
    lead: Mapped[str] = mapped_column(String(600))
    body: Mapped[str] = mapped_column(doc="Markdown.")
    picture_name: Mapped[str | None] = mapped_column(String(64))
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    picture_alt: Mapped[str | None] = mapped_column(
        String(400), doc="For those who do not see the picture; a draft may lack it."
    )
    picture_is_decorative: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Whether it says nothing that the words do not say."
    )
    picture_caption: Mapped[str | None] = mapped_column(String(300))
    picture: Mapped[KeptPicture | None] = relationship(
        primaryjoin=lambda: foreign(PostVersion.picture_name) == KeptPicture.name,
        viewonly=True,
        lazy="joined",
    )
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    revision_number: Mapped[int] = mapped_column(default=0, doc="Of the newest revision.")
    made_from: Mapped[int | None] = mapped_column(
        doc="The number of the Swedish revision that it says the same as; none for the Swedish one."
    )
    shown_at: Mapped[datetime | None] = mapped_column(
        doc="Since when readers may see it, as soon as the post is published; none while it is being written."
    )
    revisions: Mapped[list["PostRevision"]] = relationship(
        back_populates="version", order_by="PostRevision.number", cascade="all, delete-orphan"
    )

    def is_public_at(self, moment: datetime) -> bool:
        """Whether readers may see it at this moment."""
        return self.post.is_public_at(moment) and self.shown_at is not None and self.shown_at <= moment


class PostRevision(Model):
    """A version as it was saved once: kept for ever, so that it can be compared and brought back."""

    __tablename__ = "post_revisions"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version_id: Mapped[UUID] = mapped_column(ForeignKey(PostVersion.id, ondelete="CASCADE"))
    version: Mapped[PostVersion] = relationship(back_populates="revisions")
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
    picture_is_decorative: Mapped[bool] = mapped_column(default=False, server_default=false())
    picture_caption: Mapped[str | None] = mapped_column(String(300))


class FormerSlug(Model):
    """An address that a version once had; it leads to the version for ever and is never given to another."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey(PostVersion.id, ondelete="CASCADE"), index=True)
    version: Mapped[PostVersion] = relationship()
