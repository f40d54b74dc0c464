"""Who may do what in the rehearsals room."""

from typing import Any

from choir_app.choirs.models import Choir
from choir_app.rehearsals.models import Loan, Rehearsal, Substitute


def may_see_rehearsals(who: Any, choir: Choir) -> bool:
    """Whether this person may know how many came to the choir's rehearsals."""
    return who.manages or choir.is_led_by(who)


def may_plan_rehearsals(who: Any, choir: Choir) -> bool:
    """Whether this person may say when and where the choir sings."""
    return who.manages or choir.is_led_by(who)


def may_take_roll(who: Any, rehearsal: Rehearsal) -> bool:
    """Whether this person may say who came to the rehearsal: who leads the choir, or whom the roll is lent to."""
    if isinstance(who, Substitute):
        return who.rehearsal_id == rehearsal.id
    if who.manages or rehearsal.choir.is_led_by(who):
        return True
    return who.is_authenticated and Loan.is_held_by(who, rehearsal)


def may_correct_roll_late(who: Any) -> bool:
    """Whether this person may change who came when the leader's days to correct it are over."""
    return who.manages
