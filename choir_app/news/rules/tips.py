"""Telling a person who fills in a form from a program that does, by nothing but how long it took."""

from datetime import datetime, timedelta

FASTEST = timedelta(seconds=3)
"""Nobody has read the form and written a sentence sooner."""
SLOWEST = timedelta(hours=24)
"""A form that has been open longer was kept by somebody who sends it again and again."""
MOST_A_DAY = 5
"""Tips from one network in a day; a library or a whole choir may sit behind one."""
MOST_LETTERS_A_DAY = 10
"""Tips in a day that editors get a letter about; the desk shows all."""
ASIDE_IS_KEPT = timedelta(days=90)
TIPS_ARE_KEPT = timedelta(days=365)


def was_filled_in_by_hand(began: datetime | None, now: datetime) -> bool | None:
    """Whether the time from opening a form to sending it is a person's; None when the form is too old to know."""
    if began is None or now - began > SLOWEST:
        return None
    return now - began >= FASTEST
