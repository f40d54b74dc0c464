"""Accounts, their roles, one-time links, sign-ins and the counting of failed tries."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_login import AnonymousUserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from choir_app.foundation import clock
from choir_app.foundation.database import Model

ROLES = ("editor", "manager", "administrator")
"""Roles that reach over the whole network; to lead a choir is a Leadership in the choirs' room."""


class Account(Model):
    """A person who can sign in. Everybody with an account is at least a member."""

    __tablename__ = "accounts"
    __allow_unmapped__ = True  # presented_token is no column

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True, doc="Folded to small letters.")
    phone: Mapped[str | None] = mapped_column(String(40))
    password_hash: Mapped[str | None] = mapped_column(doc="Argon2id; none until the invitation is taken up.")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    disabled_at: Mapped[datetime | None]
    grants: Mapped[set["RoleGrant"]] = relationship(
        back_populates="account", lazy="selectin", cascade="all, delete-orphan"
    )

    is_authenticated = True
    is_anonymous = False
    presented_token: str | None = None
    """The random id of the sign-in by which this person came; known only while a request lasts."""

    @property
    def is_active(self) -> bool:
        """Whether the account may be used."""
        return self.disabled_at is None

    @property
    def roles(self) -> frozenset[str]:
        """The roles that reach over the whole network."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def administers(self) -> bool:
        """Whether this person looks after accounts, roles and settings."""
        return "administrator" in self.roles

    @property
    def manages(self) -> bool:
        """Whether this person works with all choirs, partners and money."""
        return bool(self.roles & {"manager", "administrator"})

    @property
    def edits(self) -> bool:
        """Whether this person writes news for the whole network."""
        return bool(self.roles & {"editor", "manager", "administrator"})

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the sign-in's random id, never the account's own."""
        if self.presented_token is None:
            raise RuntimeError("an account enters the house through actions.sign_in")
        return self.presented_token


class Visitor(AnonymousUserMixin):
    """Somebody who has not signed in; answers the same questions as an Account."""

    id: UUID | None = None
    name = ""
    email = ""
    roles: frozenset[str] = frozenset()
    administers = manages = edits = False


class RoleGrant(Model):
    """That an account holds a role, since when and from whom."""

    __tablename__ = "role_grants"
    __table_args__ = (
        UniqueConstraint("account_id", "role"),
        CheckConstraint("role IN ('editor', 'manager', 'administrator')", name="known_role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    account: Mapped[Account] = relationship(back_populates="grants")
    role: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted_by_id: Mapped[UUID | None] = mapped_column(
        doc="The account that gave it; none for the first one."
    )


class SignIn(Model):
    """One device that is signed in. The server keeps only the hash of its random id, and can end it."""

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    account: Mapped[Account] = relationship()
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, doc="Kept to the quarter of an hour.")
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120), doc="In plain words, such as «Chrome på Android».")


class OneTimeLink(Model):
    """An invitation or a way back in: a secret that works once, stored hashed."""

    __tablename__ = "one_time_links"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="known_purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    account: Mapped[Account] = relationship()
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FailedTry(Model):
    """A try to sign in that failed, counted per account address and per network address, both hashed."""

    __tablename__ = "failed_tries"
    __table_args__ = (Index("ix_failed_tries_key_hash_at", "key_hash", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
