"""Posts: who wrote them, what they are about, and when readers see them. Their words stand in the versions."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.news.models.figures import FrozenFigure, PostCorrection
from choir_app.news.models.versions import PostRevision, PostVersion
from choir_app.news.rules import SOURCE, state_at

post_choirs = Table(
    "post_choirs",
    Model.metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("choir_id", ForeignKey(Choir.id, ondelete="CASCADE"), primary_key=True),
)

post_towns = Table(
    "post_towns",
    Model.metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("town_id", ForeignKey(Town.id, ondelete="CASCADE"), primary_key=True, index=True),
)

post_tags = Table(
    "post_tags",
    Model.metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Model):
    """A subject that posts are gathered under, such as «pengar»."""

    __tablename__ = "tags"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(40))
    slug: Mapped[str] = mapped_column(String(40), unique=True)


class PostAuthor(Model):
    """Who wrote a post, with name and role as they were then; several write one post, in an order."""

    __tablename__ = "post_authors"
    __table_args__ = (Index("ix_post_authors_slug", "slug"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, doc="0 is named first.")
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(100), doc="Of the name; one page for all that somebody wrote.")


class PostPartner(Model):
    """That a post is about a partner, by the name it had then; the name stays when the partner is gone."""

    __tablename__ = "post_partners"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("partners.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))


class Post(Model):
    """A news post in all its languages: a draft until it is published, gone for readers once it is withdrawn."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("met_about IS NULL OR met_on IS NOT NULL", name="meeting_has_a_day"),
        Index("ix_posts_published_at", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_by: Mapped[Account | None] = relationship()
    review_asked_at: Mapped[datetime | None] = mapped_column(doc="Since when it waits for an editor.")
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    goes_by_mail: Mapped[bool] = mapped_column(
        default=True, server_default=true(), doc="Whether subscribers are sent it when it comes out."
    )
    met_on: Mapped[date | None] = mapped_column(doc="The day of the meeting that it reports.")
    met_about: Mapped[str | None] = mapped_column(String(200), doc="Which meeting that was, in words.")
    choirs: Mapped[list[Choir]] = relationship(secondary=post_choirs, order_by=Choir.name)
    towns: Mapped[list[Town]] = relationship(secondary=post_towns, order_by=Town.name)
    tags: Mapped[list[Tag]] = relationship(secondary=post_tags, order_by=Tag.name)
    authors: Mapped[list[PostAuthor]] = relationship(order_by=PostAuthor.place, cascade="all, delete-orphan")
    partners: Mapped[list[PostPartner]] = relationship(
        order_by=PostPartner.place, cascade="all, delete-orphan"
    )
    versions: Mapped[list[PostVersion]] = relationship(back_populates="post", cascade="all, delete-orphan")
    figures: Mapped[list[FrozenFigure]] = relationship(cascade="all, delete-orphan")
    corrections: Mapped[list[PostCorrection]] = relationship(
        order_by=PostCorrection.noted_at, cascade="all, delete-orphan"
    )

    def state_at(self, moment: datetime) -> str:
        """Where it stands at a moment, one of `rules.POST_STATES`."""
        return state_at(
            moment,
            review_asked_at=self.review_asked_at,
            published_at=self.published_at,
            withdrawn_at=self.withdrawn_at,
        )

    def is_public_at(self, moment: datetime) -> bool:
        """Whether readers may see it at this moment."""
        return self.state_at(moment) == "published"

    @property
    def is_draft(self) -> bool:
        """Whether nobody but those who write has seen it, or will without somebody publishing it."""
        return self.published_at is None and self.withdrawn_at is None

    def version_in(self, language: str) -> PostVersion | None:
        """The post in a language, however far it has come."""
        return next((one for one in self.versions if one.language == language), None)

    @property
    def swedish(self) -> PostVersion:
        """The version that all others are made from; every post has one."""
        return next(one for one in self.versions if one.language == SOURCE)

    @property
    def slug(self) -> str:
        """The address of the Swedish version."""
        return self.swedish.slug

    @property
    def headline(self) -> str:
        """In Swedish."""
        return self.swedish.headline

    @property
    def lead(self) -> str:
        """In Swedish."""
        return self.swedish.lead

    @property
    def body(self) -> str:
        """In Swedish, as Markdown."""
        return self.swedish.body

    @property
    def revisions(self) -> list[PostRevision]:
        """Every save of the Swedish version."""
        return self.swedish.revisions
