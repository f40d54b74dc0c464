"""Towns, choirs, venues, voices and leaders: founded, opened, changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from choir_app.accounts.actions import end_sign_ins, rights_shrank
from choir_app.accounts.models import Account
from choir_app.choirs import rules
from choir_app.choirs.actions.turns import wait_for_choir, wait_for_person
from choir_app.choirs.actions.words import plain, said, voluntary
from choir_app.choirs.models import Choir, ChoirState, Leadership, Town, Venue, Voice
from choir_app.choirs.permissions import (
    may_appoint_leaders,
    may_change_choir,
    may_change_venue,
    may_change_venues,
    may_found_choirs,
)
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import slug_of


def found_town(name: str, *, county: str, latitude: float, longitude: float, by: Any) -> Town:
    """Put a town on the map, so that choirs can sing there; degrees in WGS 84."""
    require(may_found_choirs(by))
    name = said(name, field="name", longest=80, missing=_("Skriv ortens namn."))
    county = said(county, field="county", longest=80, missing=_("Skriv vilket län orten ligger i."))
    wait_for_person(by)
    if _town_called(name):
        raise Refusal(_("%(name)s finns redan.", name=name), field="name")
    _refuse_outside_sweden(latitude, longitude)
    town = Town(id=uuid4(), name=name, slug=_free_slug(Town, name), county=county)
    town.latitude, town.longitude = latitude, longitude
    db.session.add(town)
    audit.note("town.founded", town, by=by)
    db.session.flush()
    return town


def change_town(town: Town, *, name: str, county: str, latitude: float, longitude: float, by: Any) -> None:
    """Correct what is told of a town; its address stays, since it stands on posters."""
    require(may_found_choirs(by))
    name = said(name, field="name", longest=80, missing=_("Skriv ortens namn."))
    county = said(county, field="county", longest=80, missing=_("Skriv vilket län orten ligger i."))
    if _town_called(name) not in (None, town.id):
        raise Refusal(_("%(name)s finns redan.", name=name), field="name")
    _refuse_outside_sweden(latitude, longitude)
    town.name, town.county, town.latitude, town.longitude = name, county, latitude, longitude
    audit.note("town.changed", town, by=by)


def _refuse_outside_sweden(latitude: float, longitude: float) -> None:
    if not 55 <= latitude <= 69.5:
        raise Refusal(_("Skriv en latitud mellan 55 och 69,5. Boden ligger på 65,83."), field="latitude")
    if not 10.5 <= longitude <= 24.5:
        raise Refusal(_("Skriv en longitud mellan 10,5 och 24,5. Boden ligger på 21,69."), field="longitude")


def _town_called(name: str) -> UUID | None:
    known = db.session.execute(select(Town.id, Town.name))
    return next((town_id for town_id, other in known if other.casefold() == name.casefold()), None)


def _choir_called(name: str) -> UUID | None:
    known = db.session.execute(select(Choir.id, Choir.name))
    return next((choir_id for choir_id, other in known if other.casefold() == name.casefold()), None)


def _free_slug(model: type[Town] | type[Choir], name: str) -> str:
    """The part of an address made from a name, with a number when it is taken."""
    wanted = slug_of(name, otherwise="kor")
    taken = set(db.session.scalars(select(model.slug).where(model.slug.startswith(wanted))))
    if model is Choir:
        taken |= rules.RESERVED_SLUGS
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def found_choir(
    name: str,
    *,
    town: Town,
    state: str = "planned",
    since: date | None = None,
    voices: Sequence[str] = rules.DEFAULT_VOICES,
    by: Any,
) -> Choir:
    """Found a choir in a town; without voices it sings as one group. Its state holds from `since`, else today."""
    require(may_found_choirs(by))
    name = said(name, field="name", longest=120, missing=_("Skriv körens namn."))
    wait_for_person(by)
    if _choir_called(name):
        raise Refusal(_("Det finns redan en kör som heter %(name)s.", name=name), field="name")
    choir = Choir(id=uuid4(), name=name, slug=_free_slug(Choir, name), town=town)
    choir.states = [ChoirState(state=state, since=since or clock.today())]
    choir.voices = [
        Voice(id=uuid4(), name=voice, position=place) for place, voice in enumerate(_list_of(voices))
    ]
    choir.leaderships = []
    db.session.add(choir)
    audit.note("choir.founded", choir, by=by)
    db.session.flush()
    return choir


def change_choir(
    choir: Choir,
    *,
    by: Any,
    name: str,
    about: str | None = None,
    usual_venue: Venue | None = None,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    contact_email: str | None = None,
    coffee_note: str | None = None,
) -> None:
    """Change what is told of a choir. Its address stays when the name changes: it stands on posters."""
    require(may_change_choir(by, choir))
    name = said(name, field="name", longest=120, missing=_("Skriv körens namn."))
    if _choir_called(name) not in (None, choir.id):
        raise Refusal(_("Det finns redan en kör som heter %(name)s.", name=name), field="name")
    if usual_venue and usual_venue.town_id != choir.town_id:
        raise Refusal(_("Välj en lokal i %(town)s.", town=choir.town.name), field="usual_venue")
    choir.about = voluntary(about, field="about", longest=4000, lines=True)
    choir.contact_name = voluntary(contact_name, field="contact_name", longest=80)
    choir.coffee_note = voluntary(coffee_note, field="coffee_note", longest=200)
    choir.name, choir.usual_venue = name, usual_venue
    choir.contact_phone, choir.contact_email = plain(contact_phone), plain(contact_email)
    audit.note("choir.changed", choir, by=by)


def change_state(choir: Choir, state: str, since: date, *, by: Any) -> ChoirState:
    """Say that a choir sings, pauses or has ended from a day on; the day may lie ahead."""
    require(may_found_choirs(by))
    wait_for_choir(choir, "states")
    earlier = [row for row in choir.states if row.since < since]
    before = max(earlier, key=lambda row: row.since, default=None)
    same_day = next((row for row in choir.states if row.since == since), None)
    if same_day and same_day.state == state:
        return same_day
    if before and before.state == state and not same_day and len(earlier) == len(choir.states):
        return before
    _refuse_choir_state(choir, state, since, before)
    row = same_day or ChoirState(id=uuid4(), since=since)
    row.state = state
    if row not in choir.states:
        choir.states.append(row)
    audit.note(f"choir.{state}", choir, by=by)
    db.session.flush()
    return row


def _refuse_choir_state(choir: Choir, state: str, since: date, before: ChoirState | None) -> None:
    if state not in rules.CHOIR_STATES:
        raise Refusal(_("Välj något i listan."), field="state")
    newest = max((row.since for row in choir.states), default=since)
    if since < newest:
        raise Refusal(
            _("Välj ett datum från och med %(day)s. Då ändrades kören senast.", day=newest.isoformat()),
            field="since",
        )
    if rules.is_too_far_ahead(since, clock.today()):
        raise Refusal(_("Välj ett datum inom ett år."), field="since")
    if not rules.may_follow(before.state if before else None, state, rules.NEXT_CHOIR_STATES):
        raise Refusal(_("Kören kan inte gå dit från läget den har. Välj ett annat läge."), field="state")


def open_venue(
    town: Town,
    *,
    name: str,
    street_address: str,
    room: str | None = None,
    way_in: str | None = None,
    has_coverage: bool = True,
    has_step_free_access: bool = False,
    by: Any,
) -> Venue:
    """Write up a room where choirs of the town sing."""
    require(may_change_venues(by, town))
    venue = Venue(id=uuid4(), town=town)
    _furnish(venue, name=name, street_address=street_address, room=room, way_in=way_in)
    venue.has_coverage, venue.has_step_free_access = has_coverage, has_step_free_access
    db.session.add(venue)
    audit.note("venue.opened", venue, by=by)
    db.session.flush()
    return venue


def change_venue(
    venue: Venue,
    *,
    name: str,
    street_address: str,
    room: str | None = None,
    way_in: str | None = None,
    has_coverage: bool = True,
    has_step_free_access: bool = False,
    by: Any,
) -> None:
    """Correct what is told of a venue, for all rehearsals there."""
    require(may_change_venue(by, venue))
    _furnish(venue, name=name, street_address=street_address, room=room, way_in=way_in)
    venue.has_coverage, venue.has_step_free_access = has_coverage, has_step_free_access
    audit.note("venue.changed", venue, by=by)


def _furnish(venue: Venue, *, name: str, street_address: str, room: str | None, way_in: str | None) -> None:
    name = said(name, field="name", longest=120, missing=_("Skriv lokalens namn."))
    address = said(street_address, field="street_address", longest=200, missing=_("Skriv gata och nummer."))
    venue.room = voluntary(room, field="room", longest=120)
    venue.way_in = voluntary(way_in, field="way_in", longest=400, lines=True)
    venue.name, venue.street_address = name, address


def appoint_leader(choir: Choir, account: Account, *, by: Any, since: date | None = None) -> Leadership:
    """Let somebody with an account lead a choir; who leads it already goes on."""
    require(may_appoint_leaders(by))
    wait_for_choir(choir, "leaderships")
    held = next((row for row in choir.leaderships if row.account_id == account.id), None)
    if held:
        return held
    if not account.is_active:
        raise Refusal(_("Kontot är avstängt. Öppna det först."), field="account")
    held = Leadership(id=uuid4(), account_id=account.id, account=account, since=since or clock.today())
    choir.leaderships.append(held)
    audit.note("leader.appointed", account, by=by)
    db.session.flush()
    end_sign_ins(account)  # those of a member last a year, those of a leader a month
    Leadership.has_changed()
    return held


def dismiss_leader(choir: Choir, account: Account, *, by: Any) -> None:
    """Let somebody lead the choir no longer; their account stays."""
    require(may_appoint_leaders(by))
    wait_for_choir(choir, "leaderships")
    held = next((row for row in choir.leaderships if row.account_id == account.id), None)
    if held is None:
        return
    choir.leaderships.remove(held)
    audit.note("leader.dismissed", account, by=by)
    db.session.flush()
    end_sign_ins(account)
    Leadership.has_changed()
    rights_shrank.send(account)


def set_voices(choir: Choir, names: Sequence[tuple[UUID | None, str]], *, by: Any) -> None:
    """Give the choir its voices from high to low, each as (id of a voice that it has, or None; name).

    A voice that is left out is taken away; its singers stay in the choir without a voice. No voices at all
    means that the choir sings as one group.
    """
    require(may_change_choir(by, choir))
    wait_for_choir(choir, "voices")
    known = {voice.id: voice for voice in choir.voices}
    if any(voice_id is not None and voice_id not in known for voice_id, _name in names):
        raise Refusal(_("Stämmorna ändrades medan du skrev. Ladda om sidan och skriv igen."), field="voices")
    words = _list_of([name for _id, name in names])
    ids = [voice_id for voice_id, _name in names]
    kept = {voice_id for voice_id in ids if voice_id is not None}
    if len(kept) != sum(voice_id is not None for voice_id in ids):
        raise Refusal(_("Stämmorna ändrades medan du skrev. Ladda om sidan och skriv igen."), field="voices")
    choir.voices = [voice for voice in choir.voices if voice.id in kept]
    for voice in choir.voices:
        voice.name = f"\N{SOFT HYPHEN}{voice.id}"  # two voices may change names with each other
    db.session.flush()
    for place, (voice_id, name) in enumerate(zip(ids, words, strict=True)):
        voice = known[voice_id] if voice_id is not None else Voice(id=uuid4(), choir=choir)
        voice.name, voice.position = name, place
        db.session.add(voice)
    audit.note("choir.voices", choir, by=by)
    db.session.flush()
    db.session.refresh(choir, ["voices"])


def add_voice(choir: Choir, name: str, *, by: Any) -> Voice:
    """Add a voice below those that the choir has."""
    set_voices(choir, [*((voice.id, voice.name) for voice in choir.voices), (None, name)], by=by)
    return choir.voices[-1]


def _list_of(names: Sequence[str]) -> list[str]:
    words = [said(name, field="voices", longest=60, missing=_("Skriv stämmans namn.")) for name in names]
    if len({word.casefold() for word in words}) != len(words):
        raise Refusal(_("Två stämmor heter likadant. Ge dem olika namn."), field="voices")
    if len(words) > rules.MOST_VOICES:
        raise Refusal(_("Skriv högst %(number)s stämmor.", number=rules.MOST_VOICES), field="voices")
    return words
