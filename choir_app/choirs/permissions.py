"""Who may do what with choirs and singers; the sign for doors that only leaders pass."""

from typing import Any

from choir_app.accounts.permissions import trusted_when
from choir_app.choirs.models import Choir, Leadership, Singer, Town, Venue
from choir_app.foundation.audience import door


def leads_any_choir(who: Any) -> bool:
    """Whether this person leads a choir."""
    return who.is_authenticated and Leadership.is_held_by(who)


trusted_when(leads_any_choir)

for_leaders = door("leaders", lambda who: who.manages or leads_any_choir(who))


def may_found_choirs(who: Any) -> bool:
    """Whether this person may open towns and choirs and say when a choir sings, pauses or ends."""
    return who.manages


def may_appoint_leaders(who: Any) -> bool:
    """Whether this person may say who leads a choir."""
    return who.manages


def may_see_roster(who: Any, choir: Choir) -> bool:
    """Whether this person may know who sings in the choir."""
    return who.manages or choir.is_led_by(who)


def may_change_choir(who: Any, choir: Choir) -> bool:
    """Whether this person may change what is told of the choir."""
    return who.manages or choir.is_led_by(who)


def may_change_venues(who: Any, town: Town) -> bool:
    """Whether this person may open and change the venues of a town: whoever leads a choir there."""
    return who.manages or (who.is_authenticated and Leadership.is_held_in(who, town))


def may_change_venue(who: Any, venue: Venue) -> bool:
    """Whether this person may change what is told of a venue."""
    return may_change_venues(who, venue.town)


def may_add_singer(who: Any, choir: Choir) -> bool:
    """Whether this person may write somebody up in the choir."""
    return may_see_roster(who, choir)


def may_see_singer(who: Any, singer: Singer) -> bool:
    """Whether this person may see what is noted of a singer: who leads any choir that the singer is known in."""
    return who.manages or any(membership.choir.is_led_by(who) for membership in singer.memberships)


def may_change_singer(who: Any, singer: Singer) -> bool:
    """Whether this person may change what is noted of a singer."""
    return may_see_singer(who, singer)


def may_merge_singers(who: Any, one: Singer, other: Singer) -> bool:
    """Whether this person may say that two singers are one person, or two: who may see both."""
    return may_see_singer(who, one) and may_see_singer(who, other)


def may_change_own_singer(who: Any, singer: Singer) -> bool:
    """Whether the singer is this person."""
    return who.is_authenticated and singer.account_id == who.id


def may_link_accounts(who: Any) -> bool:
    """Whether this person may say which account is which singer."""
    return who.manages


def may_erase_singer(who: Any, singer: Singer) -> bool:
    """Whether this person may erase a singer for good: themselves, a manager, or the leader of all their choirs."""
    if who.manages or may_change_own_singer(who, singer):
        return True
    return bool(singer.memberships) and all(row.choir.is_led_by(who) for row in singer.memberships)
