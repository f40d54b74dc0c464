"""Who may do what with choirs and singers; the sign for doors that only leaders pass."""

from typing import Any

from choir_app.choirs.models import Choir, Leadership
from choir_app.foundation.audience import door


def leads_any_choir(who: Any) -> bool:
    """Whether this person leads a choir."""
    return who.is_authenticated and Leadership.is_held_by(who)


for_leaders = door("leaders", lambda who: who.manages or leads_any_choir(who))


def may_see_roster(who: Any, choir: Choir) -> bool:
    """Whether this person may know who sings in the choir."""
    return who.manages or choir.is_led_by(who)


def may_change_choir(who: Any, choir: Choir) -> bool:
    """Whether this person may change what is told of the choir."""
    return who.manages or choir.is_led_by(who)
