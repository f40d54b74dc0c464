"""Who may do what in the rehearsals room."""

from datetime import datetime
from typing import Any

from choir_app.choirs.models import Choir, Singer
from choir_app.choirs.permissions import may_see_singer
from choir_app.foundation import clock
from choir_app.rehearsals.models import LinkHolder, Loan, RefusedAct, Rehearsal, Substitute


def may_see_rehearsals(who: Any, choir: Choir) -> bool:
    """Whether this person may know how many came to the choir's rehearsals."""
    return who.manages or choir.is_led_by(who)


def may_plan_rehearsals(who: Any, choir: Choir) -> bool:
    """Whether this person may say when and where the choir sings."""
    return who.manages or choir.is_led_by(who)


def may_take_roll(who: Any, rehearsal: Rehearsal) -> bool:
    """Whether this person may say who came to the rehearsal: who leads the choir, or whom the roll is lent to."""
    if isinstance(who, Substitute):
        return who.rehearsal_id == rehearsal.id and clock.now() < who.ends_at
    if who.manages or rehearsal.choir.is_led_by(who):
        return True
    return who.is_authenticated and Loan.is_held_by(who, rehearsal)


def may_correct_roll_late(who: Any) -> bool:
    """Whether this person may change who came when the leader's days to correct it are over."""
    return who.manages


def may_look_after_refused(who: Any, refused: RefusedAct, rehearsal: Rehearsal | None) -> bool:
    """Whether this person may say that nothing is left to do about an act that was not taken in."""
    if who.manages or (who.id is not None and refused.by_id == who.id):
        return True
    return rehearsal is not None and rehearsal.choir.is_led_by(who)


def may_have_taken_roll(who: Any, rehearsal: Rehearsal, moment: datetime) -> bool:
    """Whether the roll was lent to this person at a moment: what was marked in time comes in when the loan is over."""
    if isinstance(who, Substitute):
        return who.rehearsal_id == rehearsal.id and rehearsal.opens_at <= moment < who.ends_at
    return who.is_authenticated and Loan.was_held_by(who, rehearsal, moment)


def may_lend_roll(who: Any, rehearsal: Rehearsal) -> bool:
    """Whether this person may let a substitute take the roll; whom it is lent to does not lend it on."""
    return who.manages or rehearsal.choir.is_led_by(who)


def may_reply_for(who: Any, singer: Singer) -> bool:
    """Whether this person may say if the singer comes: the singer, whoever holds their link, and who leads them."""
    if isinstance(who, LinkHolder):
        stands_for = who.link.singer.merged_into_id or who.link.singer_id
        return who.link.is_valid and stands_for == singer.id
    is_own = who.is_authenticated and singer.account_id is not None and singer.account_id == who.id
    return is_own or may_see_singer(who, singer)


def may_make_reply_link(who: Any, singer: Singer) -> bool:
    """Whether this person may give out a link by which it is said without signing in."""
    return may_see_singer(who, singer)


def may_keep_study_lists(who: Any, choir: Choir) -> bool:
    """Whether this person may keep the choir's lists for the study association and take its attendance out."""
    return who.manages or choir.is_led_by(who)


def may_set_study_rules(who: Any) -> bool:
    """Whether this person may say what the study associations demand."""
    return who.manages


def may_take_in_list(who: Any, choir: Choir) -> bool:
    """Whether this person may take a list of singers into the choir, and undo that."""
    return who.manages or choir.is_led_by(who)


def may_take_out_choir(who: Any, choir: Choir) -> bool:
    """Whether this person may take out everything about the choir as a file."""
    return who.manages or choir.is_led_by(who)


def may_take_in_choir(who: Any) -> bool:
    """Whether this person may take in a whole choir from a file."""
    return who.manages


def may_open_check_in(who: Any, rehearsal: Rehearsal) -> bool:
    """Whether this person may let singers check in themselves at the rehearsal."""
    return who.manages or rehearsal.choir.is_led_by(who)


def may_check_in_as(who: Any, singer: Singer) -> bool:
    """Whether this person may say at the door that this singer is here: the singer alone."""
    return who.is_authenticated and singer.account_id == who.id


def may_have_calendar(who: Any) -> bool:
    """Whether this person may have a calendar of their own choirs: everybody with an account."""
    return who.is_authenticated
