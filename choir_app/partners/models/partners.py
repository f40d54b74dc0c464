"""Partners, their towns, the people there, what was said and what comes next."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs.models import Town
from choir_app.foundation import clock
from choir_app.foundation.database import Model
from choir_app.partners.rules import CONTACT_TASKS


class Partner(Model):
    """An organisation that helps the choirs, or might."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('housing_company', 'business', 'community_hall', 'municipality', 'study_association',"
            " 'foundation', 'civil_society', 'other')",
            name="known_kind",
        ),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    folded_name: Mapped[str] = mapped_column(String(200), unique=True, doc="So that nobody is entered twice.")
    sort_key: Mapped[str] = mapped_column(String(200), doc="In Swedish alphabetical order.")
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str | None] = mapped_column(String(1000))
    website: Mapped[str | None] = mapped_column(String(300))
    is_thanked: Mapped[bool] = mapped_column(default=False, doc="Named on the public pages.")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("partners.id", ondelete="SET NULL"), index=True, doc="The organisation that it belongs to."
    )
    parent: Mapped["Partner | None"] = relationship(remote_side="Partner.id")
    in_towns: Mapped[list["PartnerTown"]] = relationship(
        back_populates="partner", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def towns(self) -> list[Town]:
        """The towns in which it works; none means all of Sweden."""
        return sorted((row.town for row in self.in_towns), key=lambda town: town.name)


class PartnerTown(Model):
    """That a partner works in a town. A partner without any works in all of Sweden."""

    __tablename__ = "partner_towns"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), primary_key=True)
    partner: Mapped[Partner] = relationship(back_populates="in_towns")
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), primary_key=True, index=True)
    town: Mapped[Town] = relationship(lazy="joined", innerjoin=True)


class Contact(Model):
    """A person at a partner, with what she does there."""

    __tablename__ = "contacts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), index=True)
    partner: Mapped[Partner] = relationship()
    person: Mapped[str] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(120), doc="In her own words, such as «hyreschef».")
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    decides: Mapped[bool] = mapped_column(default=False, doc="Says yes or no.")
    influences: Mapped[bool] = mapped_column(default=False, doc="Has the ear of who says yes or no.")
    pays: Mapped[bool] = mapped_column(default=False, doc="Sees to it that the money comes.")
    reports: Mapped[bool] = mapped_column(default=False, doc="Wants to know how it went.")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def tasks(self) -> tuple[str, ...]:
        """What she does, of `CONTACT_TASKS` and in its order."""
        return tuple(task for task in CONTACT_TASKS if getattr(self, task))


class Touchpoint(Model):
    """A call, mail, meeting or visit with a partner, and what was said."""

    __tablename__ = "touchpoints"
    __table_args__ = (
        CheckConstraint("kind IN ('call', 'meeting', 'mail', 'visit')", name="known_kind"),
        Index("ix_touchpoints_partner_id_happened_on", "partner_id", "happened_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id))
    partner: Mapped[Partner] = relationship()
    kind: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(4000))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey(Contact.id, ondelete="SET NULL"))
    contact: Mapped[Contact | None] = relationship()
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    by: Mapped[Account | None] = relationship()
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)


class NextStep(Model):
    """What is to be done next with a partner, by when and by whom; a partner has one open step at a time."""

    __tablename__ = "next_steps"
    __table_args__ = (
        Index(
            "ix_next_steps_open",
            "partner_id",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_next_steps_due_on", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id))
    partner: Mapped[Partner] = relationship()
    what: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    owner: Mapped[Account | None] = relationship()
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
