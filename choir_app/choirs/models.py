"""Towns, choirs, venues, leaders, singers and their memberships."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.accounts.models import Account
from choir_app.choirs import rules
from choir_app.choirs.rules import CHOIR_STATES, DEFAULT_VOICES, MEMBERSHIP_STATES
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db

__all__ = [
    "CHOIR_STATES",
    "DEFAULT_VOICES",
    "MEMBERSHIP_STATES",
    "Choir",
    "ChoirState",
    "Leadership",
    "Membership",
    "NotTheSame",
    "Singer",
    "SingerMerge",
    "Town",
    "Venue",
    "Voice",
]


class Town(Model):
    """Where choirs sing."""

    __tablename__ = "towns"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    county: Mapped[str] = mapped_column(String(80))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Venue(Model):
    """A room where a choir sings, and how one finds in."""

    __tablename__ = "venues"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), index=True)
    town: Mapped[Town] = relationship()
    name: Mapped[str] = mapped_column(String(120))
    room: Mapped[str | None] = mapped_column(String(120))
    street_address: Mapped[str] = mapped_column(String(200))
    way_in: Mapped[str | None] = mapped_column(String(400), doc="How to find in, in easy Swedish.")
    has_coverage: Mapped[bool] = mapped_column(default=True)
    has_step_free_access: Mapped[bool] = mapped_column(default=False)


class Choir(Model):
    """A choir in one town. Its state follows from dated rows of ChoirState, the newest counts."""

    __tablename__ = "choirs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    town_id: Mapped[UUID] = mapped_column(ForeignKey(Town.id), index=True)
    town: Mapped[Town] = relationship(lazy="joined", innerjoin=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    about: Mapped[str | None] = mapped_column(doc="A few sentences in easy Swedish, Markdown.")
    usual_venue_id: Mapped[UUID | None] = mapped_column(ForeignKey(Venue.id))
    usual_venue: Mapped[Venue | None] = relationship()
    contact_name: Mapped[str | None] = mapped_column(String(80), doc="Shown to everybody.")
    contact_phone: Mapped[str | None] = mapped_column(String(40), doc="Shown to everybody.")
    contact_email: Mapped[str | None] = mapped_column(String(254), doc="Shown to everybody.")
    coffee_note: Mapped[str | None] = mapped_column(
        String(200), doc="Such as «Kom gärna 17.45. Då finns fika.»"
    )
    voices: Mapped[list["Voice"]] = relationship(
        back_populates="choir", order_by="Voice.position", cascade="all, delete-orphan"
    )
    leaderships: Mapped[list["Leadership"]] = relationship(
        back_populates="choir", lazy="selectin", cascade="all, delete-orphan"
    )
    states: Mapped[list["ChoirState"]] = relationship(
        back_populates="choir", lazy="selectin", order_by="ChoirState.since", cascade="all, delete-orphan"
    )

    def state_on(self, day: date) -> str:
        """Planned, active, paused or ended on this day."""
        return rules.state_on([(row.since, row.state) for row in self.states], day)

    def change_after(self, day: date) -> tuple[date, str] | None:
        """The next change of state that is set already: from when, and to what."""
        return rules.next_change([(row.since, row.state) for row in self.states], day)

    def is_active_on(self, day: date) -> bool:
        """Whether the choir sings, and costs, on this day."""
        return self.state_on(day) == "active"

    def is_led_by(self, who: object) -> bool:
        """Whether this person leads the choir."""
        return any(leadership.account_id == getattr(who, "id", None) for leadership in self.leaderships)


class ChoirState(Model):
    """That a choir is planned, active, paused or ended from a day on."""

    __tablename__ = "choir_states"
    __table_args__ = (
        UniqueConstraint("choir_id", "since"),
        CheckConstraint("state IN ('planned', 'active', 'paused', 'ended')", name="known_state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"))
    choir: Mapped[Choir] = relationship(back_populates="states")
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]


class Voice(Model):
    """A voice in a choir's own list, from high to low."""

    __tablename__ = "voices"
    __table_args__ = (UniqueConstraint("choir_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"))
    choir: Mapped[Choir] = relationship(back_populates="voices")
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]


class Leadership(Model):
    """That somebody leads a choir."""

    __tablename__ = "leaderships"
    __table_args__ = (UniqueConstraint("account_id", "choir_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    account: Mapped[Account] = relationship()
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"), index=True)
    choir: Mapped[Choir] = relationship(back_populates="leaderships")
    since: Mapped[date] = mapped_column(default=clock.today)

    @classmethod
    def is_held_by(cls, who: Account) -> bool:
        """Whether this person leads any choir; asked once in the life of a session."""
        known = db.session.info.setdefault("leads_any_choir", {})
        if who.id not in known:
            known[who.id] = db.session.scalar(select(exists().where(cls.account_id == who.id))) or False
        return known[who.id]

    @classmethod
    def is_held_in(cls, who: Account, town: Town) -> bool:
        """Whether this person leads a choir in the town."""
        led = exists().where(cls.account_id == who.id, cls.choir_id == Choir.id, Choir.town_id == town.id)
        return db.session.scalar(select(led)) or False

    @classmethod
    def has_changed(cls) -> None:
        """Forget what was asked before, since somebody was appointed or dismissed."""
        db.session.info.pop("leads_any_choir", None)


class Singer(Model):
    """A person who sings. A first name is enough; nothing here tells where somebody comes from."""

    __tablename__ = "singers"
    __table_args__ = (
        Index("ix_singers_folded_name", "folded_name"),
        Index("ix_singers_sort_key", "sort_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    first_name: Mapped[str] = mapped_column(String(80))
    surname: Mapped[str | None] = mapped_column(String(80))
    folded_name: Mapped[str] = mapped_column(String(200), doc="Without accents and capitals, for finding.")
    sort_key: Mapped[str] = mapped_column(String(200), doc="In Swedish alphabetical order.")
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    reads: Mapped[str | None] = mapped_column(String(10), doc="The language to read in.")
    is_under_18: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(String(500), doc="The leader's own, such as «behöver skjuts».")
    may_be_written_to: Mapped[bool] = mapped_column(
        default=False, doc="Whether the singer said that we may write."
    )
    buddy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("singers.id", ondelete="SET NULL"), doc="The singer who helps a newcomer along."
    )
    merged_into_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("singers.id", ondelete="SET NULL"),
        index=True,
        doc="The same person under another row, which stands for both: always the one that stands, never an alias.",
    )
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), unique=True)
    account: Mapped[Account | None] = relationship()
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    erased_at: Mapped[datetime | None]
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="singer", order_by="Membership.since", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """The name as it is said aloud."""
        return f"{self.first_name} {self.surname}" if self.surname else self.first_name


class Membership(Model):
    """A singer in a choir during one dated period: trying, regular, paused, or `left`, the time after.

    The periods of a singer in a choir follow on each other without a gap; the last one has no end.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("state IN ('trying', 'regular', 'paused', 'left')", name="known_state"),
        CheckConstraint("until IS NULL OR until >= since", name="dates_in_order"),
        Index("ix_memberships_choir_id_since", "choir_id", "since"),
        UniqueConstraint("singer_id", "choir_id", "since"),
        Index(
            "uq_memberships_last_period",
            "singer_id",
            "choir_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    singer_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"))
    singer: Mapped[Singer] = relationship(back_populates="memberships")
    choir_id: Mapped[UUID] = mapped_column(ForeignKey(Choir.id, ondelete="CASCADE"))
    choir: Mapped[Choir] = relationship()
    voice_id: Mapped[UUID | None] = mapped_column(ForeignKey(Voice.id, ondelete="SET NULL"))
    voice: Mapped[Voice | None] = relationship()
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(doc="The last day of the period; none while it lasts.")

    def holds_on(self, day: date) -> bool:
        """Whether the period covers this day."""
        return rules.covers(self.since, self.until, day)


class SingerMerge(Model):
    """That a singer turned out to be the same person as another, what that changed, and whether it was undone.

    Whatever it changed is written down by ids, states and days, never by names, so that erasing leaves none here.
    """

    __tablename__ = "singer_merges"
    __table_args__ = (CheckConstraint("duplicate_id <> into_id", name="two_rows"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    duplicate_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"), index=True)
    duplicate: Mapped[Singer] = relationship(foreign_keys=[duplicate_id])
    into_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"), index=True)
    into: Mapped[Singer] = relationship(foreign_keys=[into_id])
    number: Mapped[int] = mapped_column(doc="Counted for the one who stays; the newest is undone first.")
    merged_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    moved: Mapped[str] = mapped_column(doc="JSON: what the one who stays got, and what stood there before.")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class NotTheSame(Model):
    """That two singers with the same name are two people, so that nobody asks again."""

    __tablename__ = "not_the_same"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    one_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey(Singer.id, ondelete="CASCADE"), index=True)
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
