"""When the money of an instalment is counted on, also while what it waits for has not been done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from choir_app.funding.rules.cash import PATIENCE, expected_on

Key = TypeVar("Key")

REMINDERS = (60, 30, 14, 7, 1, 0, -3)
"""Days before a deadline on which its owner is reminded; below nothing is after it."""
GIVEN_UP_AFTER = 10
"""Days after a deadline on which a reminder that could not be written in time is written no more."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What an instalment waits for: a report to be approved, or a requisition to be sent."""

    due_on: date
    submitted_on: date | None = None
    met_on: date | None = None

    def known_on(self, as_of: date) -> "Awaited":
        """The same as it was known on a day."""
        return Awaited(self.due_on, _by(self.submitted_on, as_of), _by(self.met_on, as_of))

    @property
    def silent_since(self) -> date:
        """Since when nothing has happened that should have: its own day, or when it was sent if that was later."""
        return max(self.due_on, self.submitted_on or self.due_on)


def instalment_on(due_on: date, *, awaited: Awaited | None, lag_days: int, as_of: date) -> date | None:
    """The day on which an unpaid instalment is counted on.

    While a report is not approved its instalment is counted on as if it were approved on its day, and from then on
    as if it were approved today: each day that it is late is a day that the money waits. When nothing has happened
    for more than 30 days, nobody should count on the money before somebody has asked: None.
    """
    known = awaited.known_on(as_of) if awaited else None
    if known is None or known.met_on is not None:
        return expected_on(
            due_on, condition_on=known.met_on if known else None, lag_days=lag_days, as_of=as_of
        )
    if as_of - known.silent_since > PATIENCE:
        return None
    on = max(due_on, max(known.due_on, as_of)) + timedelta(days=lag_days)
    return max(on, as_of + timedelta(days=1))


def instalment_is_late(due_on: date, *, awaited: Awaited | None, lag_days: int, as_of: date) -> bool:
    """Whether an unpaid instalment should have come before this day, or what it waits for should have been sent."""
    known = awaited.known_on(as_of) if awaited else None
    if known is None or known.met_on is not None:
        waits_to = known.met_on if known and known.met_on else due_on
        return max(due_on, waits_to) + timedelta(days=lag_days) < as_of
    return known.due_on < as_of if known.submitted_on is None else False


def shares_of_a_payment(ore: int, unpaid: Iterable[tuple[Key, int]]) -> list[tuple[Key, int]]:
    """How a payment is shared out over unpaid instalments in the order given: each wholly before the next.

    What no instalment needs is left over and shared out to none. In öre.
    """
    shares = []
    for key, lacking in unpaid:
        share = min(ore, lacking)
        if share > 0:
            shares.append((key, share))
            ore -= share
    return shares


def reminder_due(due_on: date, *, said_on: date, today: date) -> int | None:
    """Which of the reminders of a deadline is to be written by now, as days before it; None when none is.

    It is the last one whose day has come, so that after nights without a caretaker only the newest is written;
    those whose day had passed when the deadline was written down are never written.
    """
    left = (due_on - today).days
    if left < -GIVEN_UP_AFTER:
        return None
    reached = [days for days in REMINDERS if days >= left and due_on - timedelta(days=days) >= said_on]
    return min(reached, default=None)


def _by(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None
