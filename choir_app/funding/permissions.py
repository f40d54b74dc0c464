"""Who may do what with agreements, costs and the forecast."""

from typing import Any

from choir_app.choirs.models import Choir


def may_see_funding(who: Any) -> bool:
    """Whether this person may read agreements, sums and costs."""
    return who.manages


def may_change_funding(who: Any) -> bool:
    """Whether this person may write down agreements, payments, costs and the bank balance."""
    return who.manages


def may_see_runway(who: Any, choir: Choir) -> bool:
    """Whether this person may know until when a choir is paid for and by whom, without sums."""
    return who.manages or choir.is_led_by(who)
