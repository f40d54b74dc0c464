"""Who sings: rosters, finding somebody by name, and all that is held on one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, joinedload, selectinload

from choir_app.accounts.models import Account
from choir_app.choirs import rules
from choir_app.choirs.models import Choir, Leadership, Membership, Singer, Voice
from choir_app.choirs.queries.places import belongs_on
from choir_app.foundation import clock
from choir_app.foundation.audit import READINGS_ARE_KEPT_MONTHS, Reading
from choir_app.foundation.database import db
from choir_app.foundation.text import folded, sort_key

MOST_FOUND = 50


@dataclass(frozen=True)
class Member:
    """A singer as a roster shows them on one day; no phone number and no note, so that it may lie on a phone."""

    singer_id: UUID
    membership_id: UUID
    name: str
    first_name: str
    surname: str | None
    voice_id: UUID | None
    voice: str | None
    position: int | None
    state: str
    since: date
    joined_on: date
    is_new: bool


@dataclass(frozen=True)
class VoiceGroup:
    """The singers of one voice, or those without one; `pot` is the voice's pot, 0 to 4."""

    voice: str | None
    pot: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class SingerRow:
    """A singer who was found by name, with the choirs in which the viewer may know of them."""

    id: UUID
    name: str
    first_name: str
    surname: str | None
    choirs: tuple[str, ...]


@dataclass(frozen=True)
class HeldMembership:
    """One period of a membership, as the singer may read and take it out."""

    choir: str
    voice: str | None
    state: str
    since: date
    until: date | None


@dataclass(frozen=True)
class HeldOnSinger:
    """All that this room holds on one singer."""

    id: UUID
    first_name: str
    surname: str | None
    phone: str | None
    email: str | None
    reads: str | None
    is_under_18: bool
    note: str | None
    may_be_written_to: bool
    buddy: str | None
    helps: tuple[str, ...]
    noted_on: date
    memberships: tuple[HeldMembership, ...]
    also: tuple["HeldRow", ...]


@dataclass(frozen=True)
class Look:
    """That somebody with an account saw what is held on a singer: their own page, or a list where they stand."""

    by: str | None
    days: int
    own_page_days: int
    """On so many of the days it was the singer's own page."""
    last_on: date


@dataclass(frozen=True)
class HeldRow:
    """What another row holds that turned out to be the same person."""

    first_name: str
    surname: str | None
    phone: str | None
    email: str | None
    reads: str | None
    note: str | None
    noted_on: date


def visible_to(viewer: Any) -> Select[Singer]:
    """The singers this person may see: all of them, or those known in the choirs that they lead."""
    known = select(Singer).where(is_a_person())
    if viewer.manages:
        return known
    return known.where(Singer.id.in_(select(Membership.singer_id).where(_in_choirs_of(viewer))))


def is_a_person() -> Any:
    """The condition that a row stands for somebody: not erased, and not another row of somebody known already."""
    return and_(Singer.erased_at.is_(None), Singer.merged_into_id.is_(None))


def _in_choirs_of(viewer: Any) -> Any:
    if viewer.manages:
        return true()
    return Membership.choir_id.in_(select(Leadership.choir_id).where(Leadership.account_id == viewer.id))


def singer(singer_id: UUID, *, viewer: Any) -> Singer:
    """A singer with all memberships; raises NoResultFound when the viewer may not know of them."""
    rows = selectinload(Singer.memberships)
    loaded = rows.options(joinedload(Membership.choir), joinedload(Membership.voice))
    return db.session.execute(visible_to(viewer).where(Singer.id == singer_id).options(loaded)).scalar_one()


def members_on(choir: Choir, day: date, *, matching: str = "") -> list[Member]:
    """Who belongs to the choir on a day, by first name in Swedish order; one statement.

    Somebody on trial or on pause belongs to it, somebody who left does not. `matching` takes the beginning of
    any part of a name.
    """
    return _members(choir, day, and_(belongs_on(day), _is_called(matching)))


def by_voice(members: Iterable[Member], *, voice_count: int) -> list[VoiceGroup]:
    """The members voice by voice, from high to low; those without a voice last."""
    groups: dict[tuple[bool, int, str | None], list[Member]] = {}
    for member in members:
        key = (member.position is None, member.position or 0, member.voice)
        groups.setdefault(key, []).append(member)
    return [
        VoiceGroup(voice, rules.pot_of(None if is_last else position, voice_count), tuple(group))
        for (is_last, position, voice), group in sorted(groups.items(), key=lambda item: item[0][:2])
    ]


def members_who_left(choir: Choir, day: date, *, matching: str = "") -> list[Member]:
    """Who belonged to the choir before and does not on this day, by first name; `since` is their first day away."""
    lasts = or_(Membership.until.is_(None), Membership.until >= day)
    gone = and_(Membership.since <= day, lasts, Membership.state == "left")
    return _members(choir, day, and_(gone, _is_called(matching)))


def _members(choir: Choir, day: date, condition: Any) -> list[Member]:
    earlier = aliased(Membership)
    joined_on = (
        select(func.min(earlier.since))
        .where(earlier.singer_id == Membership.singer_id, earlier.choir_id == Membership.choir_id)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(
            Singer.id,
            Membership.id,
            Singer.first_name,
            Singer.surname,
            Voice.id,
            Voice.name,
            Voice.position,
            Membership.state,
            Membership.since,
            joined_on,
        )
        .join(Singer, Membership.singer_id == Singer.id)
        .outerjoin(Voice, Membership.voice_id == Voice.id)
        .where(Membership.choir_id == choir.id, is_a_person(), condition)
        .order_by(Singer.sort_key, Singer.id)
    )
    return [
        Member(
            singer_id=singer_id,
            membership_id=membership_id,
            name=f"{first_name} {surname}" if surname else first_name,
            first_name=first_name,
            surname=surname,
            voice_id=voice_id,
            voice=voice,
            position=position,
            state=state,
            since=since,
            joined_on=joined,
            is_new=rules.is_new(joined, day),
        )
        for singer_id, membership_id, first_name, surname, voice_id, voice, position, state, since, joined in found
    ]


def _is_called(typed: str) -> Any:
    """The condition that every word typed begins a part of the name, whatever its accents."""
    words = folded(typed).split()
    if typed.strip() and not words:
        return Singer.id.is_(None)
    begins = (
        or_(
            Singer.folded_name.startswith(word, autoescape=True),
            Singer.folded_name.contains(f" {word}", autoescape=True),
        )
        for word in words
    )
    return and_(true(), *begins)


def find_singers(text: str, *, viewer: Any) -> list[SingerRow]:
    """The singers whose name has parts that begin as typed, at most 50; nothing typed finds nobody."""
    if not folded(text):
        return []
    found = db.session.scalars(
        visible_to(viewer).where(_is_called(text)).order_by(Singer.sort_key, Singer.id).limit(MOST_FOUND)
    )
    return _with_choirs(list(found), viewer)


def namesakes(choir: Choir, first_name: str, *, viewer: Any) -> list[SingerRow]:
    """Who in the choir, now or before, has the same first name, so that nobody is written up twice."""
    first = folded(first_name)
    if not first:
        return []
    in_choir = Singer.id.in_(select(Membership.singer_id).where(Membership.choir_id == choir.id))
    alike = or_(Singer.folded_name == first, Singer.folded_name.startswith(f"{first} ", autoescape=True))
    found = db.session.scalars(
        visible_to(viewer).where(in_choir, alike).order_by(Singer.sort_key, Singer.id).limit(MOST_FOUND)
    )
    return _with_choirs([each for each in found if folded(each.first_name) == first], viewer)


def _with_choirs(found: list[Singer], viewer: Any) -> list[SingerRow]:
    if not found:
        return []
    where = db.session.execute(
        select(Membership.singer_id, Choir.name)
        .join(Choir, Membership.choir_id == Choir.id)
        .where(Membership.singer_id.in_([each.id for each in found]), _in_choirs_of(viewer))
        .group_by(Membership.singer_id, Choir.name, Choir.slug)
        .order_by(Choir.slug)
    )
    choirs: dict[UUID, list[str]] = {}
    for singer_id, name in where:
        choirs.setdefault(singer_id, []).append(name)
    return [
        SingerRow(each.id, each.name, each.first_name, each.surname, tuple(choirs.get(each.id, ())))
        for each in found
    ]


def choirs_of_singer(singer: Singer, day: date) -> list[Choir]:
    """The choirs that the singer belongs to on this day."""
    belongs = select(Membership.choir_id).where(Membership.singer_id == singer.id, belongs_on(day))
    return list(db.session.scalars(select(Choir).where(Choir.id.in_(belongs)).order_by(Choir.slug)))


def singers_of_account(account: Any) -> list[Singer]:
    """The singer that this account is, if any; a list, as people say «my singers» of their family too."""
    own = select(Singer).where(Singer.account_id == account.id, is_a_person())
    return list(db.session.scalars(own))


def own_singer(account: Any) -> Singer:
    """The singer that this account is; raises NoResultFound when it is none."""
    return db.session.scalars(select(Singer).where(Singer.account_id == account.id, is_a_person())).one()


def accounts_without_singer() -> list[Account]:
    """The accounts in use that no singer has, in Swedish alphabetical order."""
    taken = select(Singer.account_id).where(Singer.account_id.is_not(None))
    free = select(Account).where(Account.disabled_at.is_(None), Account.id.not_in(taken))
    return sorted(db.session.scalars(free), key=lambda account: sort_key(account.name))


def last_membership(singer: Singer, choir: Choir) -> Membership | None:
    """The newest period of a singer in a choir: the one without an end."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.singer_id == singer.id, Membership.choir_id == choir.id)
        .order_by(Membership.since.desc())
        .limit(1)
    )


def newest_membership(singer: Singer, choir: Choir) -> Membership:
    """The same for somebody who has sung there; raises NoResultFound for who has not."""
    newest = last_membership(singer, choir)
    if newest is None:
        raise NoResultFound
    return newest


def memberships_shown_to(singer: Singer, *, viewer: Any) -> list[tuple[Choir, list[Membership]]]:
    """A singer's periods, newest first, choir by choir, in the choirs whose roster the viewer may see."""
    shown: dict[UUID, tuple[Choir, list[Membership]]] = {}
    rows: Iterable[Membership] = sorted(singer.memberships, key=lambda row: row.since, reverse=True)
    for row in rows:
        if viewer.manages or row.choir.is_led_by(viewer):
            shown.setdefault(row.choir_id, (row.choir, []))[1].append(row)
    return list(shown.values())


def buddy_of(singer: Singer, *, viewer: Any) -> Singer | None:
    """The singer who helps this one along, when the viewer may know of them; the one who stands for what was picked."""
    if singer.buddy_id is None:
        return None
    stands = select(func.coalesce(Singer.merged_into_id, Singer.id)).where(Singer.id == singer.buddy_id)
    return db.session.scalar(visible_to(viewer).where(Singer.id == stands.scalar_subquery()))


def buddies_for(choirs: Iterable[Choir]) -> list[Member]:
    """Who may help a newcomer along: everybody who belongs to one of the choirs today, by first name."""
    today = clock.today()
    found = {member.singer_id: member for choir in choirs for member in members_on(choir, today)}
    return sorted(found.values(), key=lambda member: sort_key(member.name))


def picked_buddy(singer_id: UUID | None) -> Singer | None:
    """The singer who was picked to help a newcomer; whether they may be is asked by the action."""
    return db.session.get(Singer, singer_id) if singer_id else None


def helped_by(singer: Singer) -> list[str]:
    """The first names of those whom a singer helps along, for the singer's own eyes."""
    rows = select(Singer.id).where(or_(Singer.id == singer.id, Singer.merged_into_id == singer.id))
    helped = select(Singer.first_name).where(Singer.buddy_id.in_(rows), is_a_person())
    return list(db.session.scalars(helped.order_by(Singer.sort_key, Singer.id)))


def held_on(singer: Singer) -> HeldOnSinger:
    """All that this room holds on a singer, to be read, taken out and corrected by the singer."""
    rows = db.session.execute(
        select(Choir.name, Voice.name, Membership.state, Membership.since, Membership.until)
        .join(Choir, Membership.choir_id == Choir.id)
        .outerjoin(Voice, Membership.voice_id == Voice.id)
        .where(Membership.singer_id == singer.id)
        .order_by(Membership.since, Choir.slug)
    )
    return HeldOnSinger(
        id=singer.id,
        first_name=singer.first_name,
        surname=singer.surname,
        phone=singer.phone,
        email=singer.email,
        reads=singer.reads,
        is_under_18=singer.is_under_18,
        note=singer.note,
        may_be_written_to=singer.may_be_written_to,
        buddy=_first_name_of_buddy(singer),
        helps=tuple(helped_by(singer)),
        noted_on=clock.local(singer.created_at).date(),
        memberships=tuple(HeldMembership(*row) for row in rows),
        also=tuple(_held_row(row) for row in _other_rows(singer)),
    )


def looks_at(singer: Singer) -> list[Look]:
    """Who has seen what is held on a singer in the last two years, whoever looked last first; not the singer."""
    rows = select(Singer.id).where(or_(Singer.id == singer.id, Singer.merged_into_id == singer.id))
    in_list = (
        select(Membership.id)
        .where(
            Membership.singer_id.in_(rows),
            Membership.choir_id == Reading.subject_id,
            Membership.since <= Reading.read_on,
        )
        .exists()
    )
    own_page = and_(Reading.subject == "singers", Reading.subject_id.in_(rows))
    last_on = func.max(Reading.read_on)
    found = db.session.execute(
        select(
            Account.name,
            func.count(Reading.read_on.distinct()),
            func.count(case((own_page, Reading.read_on)).distinct()),
            last_on,
        )
        .outerjoin(Account, Account.id == Reading.by_id)
        .where(
            or_(own_page, and_(Reading.subject == "choirs", in_list)),
            Reading.by_id != singer.account_id if singer.account_id else true(),
            Reading.read_on >= clock.local(singer.created_at).date(),
            Reading.read_on >= clock.months_before(clock.today(), READINGS_ARE_KEPT_MONTHS),
        )
        .group_by(Reading.by_id, Account.name)
        .order_by(last_on.desc(), Account.name)
    )
    return [Look(*row) for row in found]


def _first_name_of_buddy(singer: Singer) -> str | None:
    return db.session.scalar(
        select(Singer.first_name).where(Singer.id == singer.buddy_id, Singer.erased_at.is_(None))
    )


def _other_rows(singer: Singer) -> list[Singer]:
    rows = select(Singer).where(Singer.merged_into_id == singer.id)
    return list(db.session.scalars(rows.order_by(Singer.created_at, Singer.id)))


def _held_row(row: Singer) -> HeldRow:
    return HeldRow(
        row.first_name,
        row.surname,
        row.phone,
        row.email,
        row.reads,
        row.note,
        clock.local(row.created_at).date(),
    )


def left_before(day: date) -> list[Singer]:
    """The singers who have left every choir, the last of them before this day."""
    stays = select(Membership.singer_id).where(
        Membership.until.is_(None), or_(Membership.state != "left", Membership.since >= day)
    )
    known = select(Membership.singer_id)
    return list(
        db.session.scalars(select(Singer).where(is_a_person(), Singer.id.in_(known), Singer.id.not_in(stays)))
    )
