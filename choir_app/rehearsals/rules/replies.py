"""How long a link for replies holds, how far ahead somebody is away, and where a term ends."""

from collections.abc import Sequence
from datetime import date, timedelta

LINK_DAYS = 120
"""A link for replies holds so long at most; it ends with the term if that is sooner."""
LINK_DAYS_AT_LEAST = 14
"""So long it holds even when the term ends sooner."""
REST_DAYS = 35
"""Days without singing that end a term."""
LONGEST_AWAY_DAYS = 366
"""Nobody says today what holds in more than a year."""
MOST_AWAY = 20
"""Spans of days away that one singer has at a time."""
LINK_CHANGES = 60
"""Changes by one link in an hour; nobody needs more, and a machine gets no more."""
DAYS_WITH_WORDS = 30
"""So long it is kept what was said of an evening that is over."""


def end_of_term(days: Sequence[date], *, at_most: date) -> date:
    """The last day of singing before a rest of more than five weeks, or `at_most` when there is none.

    `days` are the days of singing in order, beginning with today.
    """
    for day, following in zip(days, [*days[1:], at_most], strict=True):
        if (following - day).days > REST_DAYS:
            return day
    return at_most


def link_ends_on(term_ends_on: date, today: date) -> date:
    """The last day of a new link: the end of the term, but at least two weeks and at most 120 days from today."""
    soonest = today + timedelta(days=LINK_DAYS_AT_LEAST)
    latest = today + timedelta(days=LINK_DAYS)
    return min(max(term_ends_on, soonest), latest)
