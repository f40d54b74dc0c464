"""Where we sing: towns, choirs and venues, from north to south."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Membership, Singer, Town, Venue
from choir_app.choirs.rules import SINGING_STATES
from choir_app.foundation.database import db
from choir_app.foundation.text import sort_key


@dataclass(frozen=True)
class PublicVenue:
    """A venue as everybody may know it."""

    id: UUID
    name: str
    room: str | None
    street_address: str
    way_in: str | None
    has_step_free_access: bool


@dataclass(frozen=True)
class PublicChoir:
    """A choir as everybody may know it; `resumes_on` is set when a pause or a planned start has an end."""

    id: UUID
    name: str
    slug: str
    town: str
    town_slug: str
    county: str
    latitude: float
    longitude: float
    state: str
    resumes_on: date | None
    about: str | None
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    coffee_note: str | None
    venue: PublicVenue | None


@dataclass(frozen=True)
class LeaderRow:
    """Somebody who leads a choir, and since when."""

    account_id: UUID
    name: str
    email: str
    since: date


@dataclass(frozen=True)
class ChoirOverview:
    """A choir as managers see it in their list."""

    id: UUID
    name: str
    slug: str
    town: str
    state: str
    next_state: str | None
    next_state_on: date | None
    leaders: tuple[str, ...]
    venue: str | None
    singer_count: int


def _from_north_to_south() -> Select[Choir]:
    in_towns = select(Choir).join(Choir.town).options(contains_eager(Choir.town))
    return in_towns.order_by(Town.latitude.desc(), Choir.slug)


def _led_by(viewer: Any) -> Any:
    """The condition that a viewer may know who sings in a choir."""
    if viewer.manages:
        return true()
    if viewer.id is None:
        return false()
    return Choir.id.in_(select(Leadership.choir_id).where(Leadership.account_id == viewer.id))


def choir(choir_id: UUID) -> Choir:
    """A choir by its id; raises NoResultFound."""
    return db.session.execute(select(Choir).where(Choir.id == choir_id)).scalar_one()


def choir_by_slug(slug: str) -> Choir:
    """A choir by its address; raises NoResultFound. That a choir exists is known to everybody."""
    return db.session.execute(select(Choir).where(Choir.slug == slug)).scalar_one()


def choir_of_leader(slug: str, *, viewer: Any) -> Choir:
    """A choir whose roster the viewer may see; raises NoResultFound for every other."""
    return db.session.execute(select(Choir).where(Choir.slug == slug, _led_by(viewer))).scalar_one()


def choirs_led_by(account: Any) -> list[Choir]:
    """The choirs that this person leads, from north to south."""
    led = select(Leadership.choir_id).where(Leadership.account_id == account.id)
    return list(db.session.scalars(_from_north_to_south().where(Choir.id.in_(led))))


def choirs_open_to(viewer: Any, singer_id: UUID) -> list[Choir]:
    """The choirs in which the viewer could write up a singer who has never sung there, from north to south."""
    sung = select(Membership.choir_id).where(Membership.singer_id == singer_id)
    return list(db.session.scalars(_from_north_to_south().where(_led_by(viewer), Choir.id.not_in(sung))))


def all_choirs() -> list[Choir]:
    """Every choir with its town, from north to south, ended ones too."""
    return list(db.session.scalars(_from_north_to_south()))


def active_choirs(day: date) -> list[Choir]:
    """The choirs that sing on this day, from north to south."""
    return [each for each in all_choirs() if each.is_active_on(day)]


def public_choirs(day: date) -> list[PublicChoir]:
    """The choirs that have not ended, from north to south, as everybody may know them."""
    known = list(db.session.scalars(_from_north_to_south().options(joinedload(Choir.usual_venue))))
    return [_as_known_to_all(each, day) for each in known if each.state_on(day) != "ended"]


def public_choir(slug: str, day: date) -> PublicChoir:
    """One choir as everybody may know it, ended or not; raises NoResultFound."""
    one = db.session.execute(
        select(Choir).where(Choir.slug == slug).options(joinedload(Choir.usual_venue))
    ).scalar_one()
    return _as_known_to_all(one, day)


def known_to_all(choir: Choir, day: date) -> PublicChoir:
    """What everybody may know of a choir that was found already."""
    return _as_known_to_all(choir, day)


def _as_known_to_all(one: Choir, day: date) -> PublicChoir:
    coming, room = one.change_after(day), one.usual_venue
    return PublicChoir(
        id=one.id,
        name=one.name,
        slug=one.slug,
        town=one.town.name,
        town_slug=one.town.slug,
        county=one.town.county,
        latitude=one.town.latitude,
        longitude=one.town.longitude,
        state=one.state_on(day),
        resumes_on=coming[0] if coming and coming[1] == "active" else None,
        about=one.about,
        contact_name=one.contact_name,
        contact_phone=one.contact_phone,
        contact_email=one.contact_email,
        coffee_note=one.coffee_note,
        venue=room
        and PublicVenue(
            id=room.id,
            name=room.name,
            room=room.room,
            street_address=room.street_address,
            way_in=room.way_in,
            has_step_free_access=room.has_step_free_access,
        ),
    )


def choirs_overview(day: date) -> list[ChoirOverview]:
    """Every choir with its state, leaders, venue and number of singers on this day, from north to south."""
    known = db.session.scalars(
        _from_north_to_south().options(
            joinedload(Choir.usual_venue),
            selectinload(Choir.leaderships).joinedload(Leadership.account).lazyload(Account.grants),
        )
    )
    counting = (
        select(Membership.choir_id, func.count(Membership.singer_id.distinct()))
        .join(Singer, Membership.singer_id == Singer.id)
        .where(belongs_on(day), Singer.merged_into_id.is_(None))
        .group_by(Membership.choir_id)
    )
    counted = {choir_id: number for choir_id, number in db.session.execute(counting)}  # noqa: C416 - rows are no pairs to dict()
    return [_as_managers_see(each, day, counted.get(each.id, 0)) for each in known]


def _as_managers_see(one: Choir, day: date, singer_count: int) -> ChoirOverview:
    coming = one.change_after(day)
    return ChoirOverview(
        id=one.id,
        name=one.name,
        slug=one.slug,
        town=one.town.name,
        state=one.state_on(day),
        next_state=coming[1] if coming else None,
        next_state_on=coming[0] if coming else None,
        leaders=tuple(sorted((held.account.name for held in one.leaderships), key=sort_key)),
        venue=one.usual_venue.name if one.usual_venue else None,
        singer_count=singer_count,
    )


def belongs_on(day: date) -> Any:
    """The condition that a membership says: this singer belongs to the choir on this day."""
    lasts = or_(Membership.until.is_(None), Membership.until >= day)
    return and_(Membership.since <= day, lasts, Membership.state.in_(SINGING_STATES))


def leaders_of(choir: Choir) -> list[LeaderRow]:
    """Who leads the choir, in Swedish alphabetical order."""
    held = db.session.execute(
        select(Account.id, Account.name, Account.email, Leadership.since)
        .join(Leadership, Leadership.account_id == Account.id)
        .where(Leadership.choir_id == choir.id)
    )
    return sorted((LeaderRow(*row) for row in held), key=lambda row: sort_key(row.name))


def leader_of(choir: Choir, account_id: UUID) -> Account:
    """One who leads the choir; raises NoResultFound when that person does not."""
    leads = select(Leadership.account_id).where(Leadership.choir_id == choir.id)
    found = select(Account).where(Account.id == account_id, Account.id.in_(leads))
    return db.session.execute(found).scalar_one()


def accounts_that_can_lead(choir: Choir) -> list[Account]:
    """The accounts that are in use and do not lead the choir yet, in Swedish alphabetical order."""
    leads = select(Leadership.account_id).where(Leadership.choir_id == choir.id)
    found = db.session.scalars(select(Account).where(Account.disabled_at.is_(None), Account.id.not_in(leads)))
    return sorted(found, key=lambda account: sort_key(account.name))


def towns() -> list[Town]:
    """Every town, in Swedish alphabetical order."""
    return sorted(db.session.scalars(select(Town)), key=lambda each: sort_key(each.name))


def town(town_id: UUID) -> Town:
    """A town by its id; raises NoResultFound."""
    return db.session.execute(select(Town).where(Town.id == town_id)).scalar_one()


def venues_in(town: Town) -> list[Venue]:
    """The venues of a town, in Swedish alphabetical order."""
    return sorted(
        db.session.scalars(select(Venue).where(Venue.town_id == town.id)),
        key=lambda each: sort_key(each.name),
    )


def venue(venue_id: UUID) -> Venue:
    """A venue by its id; raises NoResultFound."""
    return db.session.execute(
        select(Venue).where(Venue.id == venue_id).options(joinedload(Venue.town))
    ).scalar_one()
