"""Who somebody is, by what their browser brings; who has an account; who did what."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import contains_eager, joinedload

from choir_app.accounts import rules
from choir_app.accounts.models import Account, FailedTry, OneTimeLink, RoleGrant, SignIn
from choir_app.foundation import audit, clock, language
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import Model, db, fact
from choir_app.foundation.language import _
from choir_app.foundation.money import kronor_text
from choir_app.foundation.text import folded, sort_key

DEMO_NETWORK = "demo_network"
"""The fact that says that the data is the demo network."""
DEMO_PEOPLE = "demo_people"
"""The fact that lists, as JSON, whom one can sign in as in the demo: [{"account_id": …, "role": …}, …]."""


def hash_of(token: str) -> str:
    """How the secret of a sign-in or a one-time link is kept; it is random enough to need no salt."""
    return sha256(token.encode()).hexdigest()


# --- signing in -----------------------------------------------------------------------------------------------


def account_behind(token: str) -> Account | None:
    """The account that a sign-in's random id belongs to, if the sign-in still holds. One statement."""
    wanted = (
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .outerjoin(Account.grants)
        .where(SignIn.token_hash == hash_of(token), _holds(), Account.disabled_at.is_(None))
        .options(contains_eager(Account.grants))
    )
    account = db.session.scalars(wanted).unique().one_or_none()
    if account:
        account.presented_token = token
    return account


def _holds() -> ColumnElement[bool]:
    return SignIn.ended_at.is_(None) & (SignIn.expires_at > clock.now())


def account_with_email(email: str) -> Account | None:
    """The account with this address, if there is one."""
    return db.session.scalar(select(Account).where(Account.email == rules.folded_email(email)))


def account_with_id(account_id: UUID) -> Account:
    """The account; raises NoResultFound."""
    return db.session.execute(select(Account).where(Account.id == account_id)).scalar_one()


def account_if_any(account_id: UUID) -> Account | None:
    """The account, one that is shut out too; None when there is none."""
    return db.session.get(Account, account_id)


def kept_password(email: str) -> tuple[UUID | None, str | None]:
    """Whose address this is and the hash of their password; nobody and nothing for all who may not sign in."""
    row = db.session.execute(
        select(Account.id, Account.password_hash).where(
            Account.email == rules.folded_email(email), Account.disabled_at.is_(None)
        )
    ).first()
    return (row[0], row[1]) if row else (None, None)


def latest_tries(key_hash: str, limit: rules.Limit) -> list[datetime]:
    """The moments of the latest failed tries under a key that still count, newest first."""
    return list(
        db.session.scalars(
            select(FailedTry.at)
            .where(FailedTry.key_hash == key_hash, FailedTry.at > clock.now() - limit.within)
            .order_by(FailedTry.at.desc())
            .limit(limit.tries)
        )
    )


@dataclass(frozen=True)
class Device:
    """A device that is signed in, as its owner sees it."""

    id: UUID
    name: str
    seen_at: datetime
    began_at: datetime
    is_this_one: bool

    @property
    def seen(self) -> str:
        """When it was last used, in words."""
        return rules.moment_in_words(self.seen_at, clock.today())


def devices_of(account: Account) -> list[Device]:
    """The devices where somebody is signed in: the one asking first, then the last used."""
    present = hash_of(account.presented_token) if account.presented_token else None
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, _holds())
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    )
    devices = [
        Device(row.id, row.device, row.seen_at, row.began_at, is_this_one=row.token_hash == present)
        for row in rows
    ]
    return sorted(devices, key=lambda device: not device.is_this_one)


def sign_in_of(account: Account, sign_in_id: UUID) -> SignIn:
    """One of a person's own sign-ins; raises NoResultFound for anybody else's."""
    wanted = select(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == account.id)
    return db.session.execute(wanted).scalar_one()


def present_sign_in(account: Account) -> SignIn | None:
    """The sign-in by which this person came with the present request."""
    if account.presented_token is None:
        return None
    return db.session.scalar(select(SignIn).where(SignIn.token_hash == hash_of(account.presented_token)))


def ended_at(sign_in_id: UUID) -> datetime | None:
    """When this sign-in was ended, by whoever: the person, a new password, an administrator; None while it holds."""
    return db.session.scalar(select(SignIn.ended_at).where(SignIn.id == sign_in_id))


def working_link(token: str) -> OneTimeLink | None:
    """The one-time link with this secret, if it can still be used."""
    return db.session.scalar(
        select(OneTimeLink)
        .join(OneTimeLink.account)
        .where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Account.disabled_at.is_(None),
        )
        .options(joinedload(OneTimeLink.account))
    )


# --- people ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody with an account, as a manager sees them in the list."""

    id: UUID
    name: str
    email: str
    roles: frozenset[str]
    is_disabled: bool
    is_waiting: bool
    invited_at: datetime | None
    seen_at: datetime | None

    @property
    def seen(self) -> str | None:
        """When they were last here, in words."""
        return rules.moment_in_words(self.seen_at, clock.today()) if self.seen_at else None

    @property
    def role_names(self) -> list[str]:
        """What they do for the whole network."""
        return rules.role_names(self.roles)


def people(*, search: str = "") -> list[Person]:
    """Everybody with an account in alphabetical order; `search` is part of a name or address. Two statements."""
    seen = (
        select(SignIn.account_id, func.max(SignIn.seen_at).label("seen_at"))
        .group_by(SignIn.account_id)
        .subquery()
    )
    invited = (
        select(OneTimeLink.account_id, func.max(OneTimeLink.made_at).label("made_at"))
        .where(OneTimeLink.purpose == "invitation")
        .group_by(OneTimeLink.account_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Account.id,
            Account.name,
            Account.email,
            Account.disabled_at,
            Account.password_hash.is_(None).label("waits"),
            seen.c.seen_at,
            invited.c.made_at,
        )
        .outerjoin(seen, seen.c.account_id == Account.id)
        .outerjoin(invited, invited.c.account_id == Account.id)
    ).all()
    roles: dict[UUID, set[str]] = {}
    for account_id, role in db.session.execute(select(RoleGrant.account_id, RoleGrant.role)):
        roles.setdefault(account_id, set()).add(role)
    wanted = folded(search)
    found = [
        Person(
            id=row.id,
            name=row.name,
            email=row.email,
            roles=frozenset(roles.get(row.id, ())),
            is_disabled=row.disabled_at is not None,
            is_waiting=row.waits and row.disabled_at is None,
            invited_at=row.made_at,
            seen_at=row.seen_at,
        )
        for row in rows
        if wanted in folded(row.name) or search.lower() in row.email
    ]
    return sorted(found, key=lambda person: (sort_key(person.name), person.email))


def invited_at(account: Account) -> datetime | None:
    """When the newest invitation of somebody was sent."""
    return db.session.scalar(
        select(func.max(OneTimeLink.made_at)).where(
            OneTimeLink.account_id == account.id, OneTimeLink.purpose == "invitation"
        )
    )


def others_with(role: str, account: Account) -> int:
    """How many other people hold a role and can use it: they have a password and are not shut out.

    Waits for others who are changing the same role, so that two people cannot remove each other.
    """
    rows = db.session.execute(
        select(RoleGrant.id, Account.id)
        .join(RoleGrant.account)
        .where(RoleGrant.role == role)
        .where(Account.disabled_at.is_(None), Account.password_hash.is_not(None))
        .with_for_update()
    )
    return sum(account_id != account.id for _grant, account_id in rows)


# --- the demo -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemoPerson:
    """Somebody that a visitor of the demo can be."""

    id: UUID
    name: str
    words: str


def is_demo() -> bool:
    """Whether the data is the demo network."""
    return fact(DEMO_NETWORK) is not None


def demo_people() -> list[DemoPerson]:
    """Whom one can sign in as in the demo, in the order in which they were offered."""
    offered = _offered()
    if not offered:
        return []
    known = select(Account.id, Account.name).where(
        Account.id.in_(list(offered)), Account.disabled_at.is_(None)
    )
    names = {row.id: row.name for row in db.session.execute(known)}
    return [DemoPerson(one, names[one], words) for one, words in offered.items() if one in names]


def _offered() -> dict[UUID, str]:
    if not is_demo():
        return {}
    rows: list[dict[str, Any]] = json.loads(fact(DEMO_PEOPLE) or "[]")
    return {UUID(str(row["account_id"])): str(row.get("role", "")) for row in rows}


def demo_account(account_id: UUID) -> Account:
    """The account of a person that the demo offers; raises NoResultFound for everybody else."""
    wanted = select(Account).where(
        Account.id == account_id, Account.id.in_(list(_offered())), Account.disabled_at.is_(None)
    )
    return db.session.execute(wanted).scalar_one()


# --- who did what ---------------------------------------------------------------------------------------------

LOG_PAGE = 50


@dataclass(frozen=True)
class LogLine:
    """One thing that somebody did, with the names that are still known."""

    at: datetime
    who: str | None
    verb: str
    table: str
    thing: str | None
    is_about_oneself: bool
    changes: tuple[str, ...] = ()
    """«Belopp: 7 000 kr (stod 5 000 kr)»: what stood there before and after, of what was changed."""

    @property
    def words(self) -> str:
        """What was done and to what, in words; what people do to their own account needs no name."""
        deed = rules.deed_in_words(self.verb)
        if self.is_about_oneself:
            return deed
        return f"{deed} {self.thing or rules.thing_in_words(self.table)}".strip()


def log_lines(page: int) -> tuple[list[LogLine], bool]:
    """A page of the log, the newest first, and whether there is an older one.

    A name that has been erased is None: the log itself holds no names.
    """
    entries = db.session.scalars(
        select(AuditEntry)
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .offset((page - 1) * LOG_PAGE)
        .limit(LOG_PAGE + 1)
    ).all()
    shown = entries[:LOG_PAGE]
    ids: dict[str, set[UUID]] = {"accounts": {entry.by_id for entry in shown if entry.by_id}}
    for entry in shown:
        if entry.subject_id:
            ids.setdefault(entry.subject, set()).add(entry.subject_id)
        for name, value in (*(entry.before or {}).items(), *(entry.after or {}).items()):
            if table := _table_meant(entry.subject, name):
                ids.setdefault(table, set()).update(UUID(one) for one in _as_list(value))
    names = {table: _names(table, wanted) for table, wanted in ids.items()}
    lines = [
        LogLine(
            at=entry.at,
            who=names["accounts"].get(entry.by_id) if entry.by_id else None,
            verb=entry.verb,
            table=entry.subject,
            thing=names[entry.subject].get(entry.subject_id) if entry.subject_id else None,
            is_about_oneself=entry.by_id is not None and entry.by_id == entry.subject_id,
            changes=tuple(_changes(entry, names)),
        )
        for entry in shown
    ]
    return lines, len(entries) > LOG_PAGE


def _changes(entry: AuditEntry, names: Mapping[str, Mapping[UUID, str]]) -> Iterator[str]:
    """What stood there before and after, field by field; what was empty and is so is left out."""
    before, after = entry.before or {}, entry.after or {}
    for name in sorted({*before, *after}, key=lambda name: audit.field_in_words(name) or ""):
        what = audit.field_in_words(name)
        known = names.get(_table_meant(entry.subject, name) or "")
        was = _value_in_words(name, before.get(name), known)
        is_now = _value_in_words(name, after.get(name), known)
        if what is None or not (was or is_now):
            continue
        if entry.before is None:
            yield f"{what}: {is_now}"
        elif entry.after is None:
            yield _("%(what)s: stod %(was)s", what=what, was=was)
        else:
            yield _("%(what)s: %(now)s (stod %(was)s)", what=what, now=is_now or "–", was=was or "–")


def _value_in_words(name: str, value: Any, names: Mapping[UUID, str] | None) -> str:
    """A value of the log as people read it; nothing for none, for no, and for what has no name any more."""
    if names is not None:
        return ", ".join(sorted(filter(None, (names.get(UUID(one)) for one in _as_list(value)))))
    match value:
        case None | False | []:
            return ""
        case list():
            return ", ".join(kronor_text(one) if isinstance(one, int) else str(one) for one in value)
        case True:
            return _("ja")
        case 0 if not name.endswith("ore"):
            return ""
        case int():
            if name.endswith("_bp"):
                return _("%(number)s %%", number=language.number(value / 100))
            return kronor_text(value) if name.endswith("ore") else str(value)
        case str() if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return language.full_day(date.fromisoformat(value))
        case _:
            return audit.code_in_words(name, str(value))


def _table_meant(table_name: str, field: str) -> str | None:
    """The table that an id, or a list of ids, in the log belongs to; None for what is no id."""
    if field in ("choirs", "towns", "in_towns"):
        return field.removeprefix("in_")
    table = Model.metadata.tables.get(table_name)
    column = None if table is None else table.c.get(field)
    return next((key.column.table.name for key in column.foreign_keys), None) if column is not None else None


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _names(table_name: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the rows of a table are called: by their name, headline or first name, whichever they have."""
    wanted = list(ids)
    table = Model.metadata.tables.get(table_name)
    if not wanted or table is None:
        return {}
    columns = _naming_columns(table)
    if not columns:
        return {}
    rows = db.session.execute(select(table.c.id, *columns).where(table.c.id.in_(wanted)))
    return {row[0]: " ".join(str(part) for part in row[1:] if part) for row in rows}


def _naming_columns(table: Table) -> Sequence[ColumnElement[Any]]:
    for names in (("name",), ("headline",), ("title",), ("first_name", "surname")):
        if all(name in table.c for name in names):
            return [table.c[name] for name in names]
    return []
