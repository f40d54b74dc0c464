"""What follows from dates: the state of a choir, the periods of a membership, who is new."""

from collections.abc import Iterable
from datetime import date, timedelta

CHOIR_STATES = ("planned", "active", "paused", "ended")
MEMBERSHIP_STATES = ("trying", "regular", "paused", "left")
SINGING_STATES = ("trying", "regular", "paused")
"""The states of somebody who belongs to the choir; `left` is the period after."""

DEFAULT_VOICES = ("Sopran", "Alt", "Tenor", "Bas")
MOST_VOICES = 12
NEW_FOR_DAYS = 28
FURTHEST_AHEAD_DAYS = 366
RESERVED_SLUGS = frozenset({"hantera"})
"""Words that pages under /korer/ have taken already."""

ERASED_NAME = "Raderad sångare"

NEXT_CHOIR_STATES = {
    "planned": ("active", "ended"),
    "active": ("paused", "ended"),
    "paused": ("active", "ended"),
    "ended": ("active",),
}
NEXT_MEMBERSHIP_STATES = {
    "trying": ("regular", "paused", "left"),
    "regular": ("paused", "left"),
    "paused": ("trying", "regular", "left"),
    "left": ("trying", "regular"),
}

READING_LANGUAGES = {
    "sv": "Svenska",
    "sv-latt": "Lätt svenska",
    "en": "English",
    "am": "አማርኛ",
    "ar": "العربية",
    "ckb": "کوردیی ناوەندی",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "kmr": "Kurmancî",
    "pl": "Polski",
    "prs": "دری",
    "ps": "پښتو",
    "ru": "Русский",
    "so": "Soomaali",
    "sw": "Kiswahili",
    "th": "ไทย",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
}
"""Languages to read in, each by its own name. What somebody reads says nothing of where they come from."""


def state_on(states: Iterable[tuple[date, str]], day: date) -> str:
    """The state that holds on a day, out of (since, state) pairs in any order; before the first one: planned."""
    past = [pair for pair in states if pair[0] <= day]
    return max(past)[1] if past else "planned"


def next_change(states: Iterable[tuple[date, str]], day: date) -> tuple[date, str] | None:
    """The first (since, state) pair after a day, if one is set already."""
    return min((pair for pair in states if pair[0] > day), default=None)


def may_follow(old: str | None, new: str, after: dict[str, tuple[str, ...]]) -> bool:
    """Whether a state may come after another; the first state of all may be any."""
    return old is None or new in after[old]


def covers(since: date, until: date | None, day: date) -> bool:
    """Whether a period holds on a day; both its ends belong to it."""
    return since <= day and (until is None or day <= until)


def day_before(day: date) -> date:
    """The last day of a period when another begins on this one."""
    return day - timedelta(days=1)


def is_new(joined_on: date, day: date) -> bool:
    """Whether somebody who joined on that day is still greeted as new: for four weeks."""
    return joined_on <= day < joined_on + timedelta(days=NEW_FOR_DAYS)


def is_too_far_ahead(day: date, today: date) -> bool:
    """Whether a change is dated more than a year from now, which is nearly always a slip of the finger."""
    return (day - today).days > FURTHEST_AHEAD_DAYS
