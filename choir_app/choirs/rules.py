"""What follows from dates: the state of a choir, the periods of a membership, who is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from choir_app.foundation.language import lazy_

CHOIR_STATES = ("planned", "active", "paused", "ended")
MEMBERSHIP_STATES = ("trying", "regular", "paused", "left")
SINGING_STATES = ("trying", "regular", "paused")
"""The states of somebody who belongs to the choir; `left` is the period after."""

DEFAULT_VOICES = ("Sopran", "Alt", "Tenor", "Bas")
MOST_VOICES = 12
NEW_FOR_DAYS = 28
FURTHEST_AHEAD_DAYS = 366
RESERVED_SLUGS = frozenset({"hamta-in-kor", "hantera", "ny"})
"""Words that pages beside a choir's own address have taken already."""

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

CHOIR_STATE_NAMES: Mapping[str, object] = {
    "planned": lazy_("Planerad"),
    "active": lazy_("Sjunger"),
    "paused": lazy_("Paus"),
    "ended": lazy_("Avslutad"),
}
MEMBERSHIP_STATE_NAMES: Mapping[str, object] = {
    "trying": lazy_("Provar"),
    "regular": lazy_("Sjunger med"),
    "paused": lazy_("Paus"),
    "left": lazy_("Har slutat"),
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


def pot_of(position: int | None, voice_count: int) -> int:
    """Which of the four pots stands for a voice, counted from the highest; 0 is the pot of a choir as one group.

    Two voices are the first pot and the last; a fifth voice and those below share the last.
    """
    if position is None or voice_count < 2:
        return 0
    if position == voice_count - 1:
        return 4
    return min(position + 1, 4 if voice_count > 4 else 3)


def paired_voices(old: Sequence[tuple[UUID, str]], names: Sequence[str]) -> list[tuple[UUID | None, str]]:
    """Which voice each written name means: the one called so, else the next one whose name is gone, else a new one.

    So a list typed line by line can be put in another order, have names changed and voices added or left out.
    """
    written = {name.casefold() for name in names}
    called = {name.casefold(): key for key, name in old}
    renamed = [key for key, name in old if name.casefold() not in written]
    paired: list[tuple[UUID | None, str]] = []
    for name in names:
        key = called.pop(name.casefold(), None)
        if key is None and renamed and name.casefold() not in {other.casefold() for _key, other in old}:
            key = renamed.pop(0)
        paired.append((key, name))
    return paired


# --- one person or two -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """What somebody is called, folded as for finding; the surname may be empty."""

    first_name: str
    surname: str


SHORTEST_NEARLY = 5
"""Letters that a name must have for one wrong letter to be a slip and not another name."""


def may_be_one_person(one: Called, other: Called, *, together: bool) -> bool:
    """Whether two singers may be one person who was written up twice.

    The same or nearly the same whole name; or a first name only, as newcomers have, beside the same or nearly
    the same first name. In different choirs (not `together`) a first name must be the very same.
    """
    if one.surname and other.surname:
        return is_nearly(f"{one.first_name} {one.surname}", f"{other.first_name} {other.surname}")
    if one.first_name == other.first_name:
        return True
    return together and is_nearly(one.first_name, other.first_name)


def is_nearly(one: str, other: str) -> bool:
    """Whether two names are the same but for one letter: wrong, missing, too many, or in its neighbour's place."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < SHORTEST_NEARLY:
        return False
    begin = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, other_rest = one[begin:], other[begin:]
    if len(rest) == len(other_rest):
        return rest[1:] == other_rest[1:] or (rest[1::-1] + rest[2:]) == other_rest
    return rest[1:] == other_rest or rest == other_rest[1:]


# --- two rows, one history ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """One dated period of a membership in a choir; `until` is its last day, none while it lasts."""

    state: str
    voice_id: UUID | None
    since: date
    until: date | None


_STRONGEST = ("left", "paused", "trying", "regular")


def joined(staying: Sequence[Period], other: Sequence[Period]) -> list[Period]:
    """The periods of one person out of those of two rows in the same choir.

    Each day has the state that says most: regular before trying before paused before left. The voice is the one
    of the row that said it, the staying row's where both did, and the other's where there is none. The periods
    follow on each other without a gap, as those of one row do.
    """
    begins = sorted({period.since for period in (*staying, *other)})
    days = [(day, _strongest(_on(staying, day), _on(other, day))) for day in begins]
    made: list[Period] = []
    for day, (state, voice_id) in days:
        if made and (made[-1].state, made[-1].voice_id) == (state, voice_id):
            continue
        if made:
            before = made.pop()
            made.append(Period(before.state, before.voice_id, before.since, day_before(day)))
        made.append(Period(state, voice_id, day, None))
    return made


def _on(periods: Sequence[Period], day: date) -> Period | None:
    return next((period for period in periods if covers(period.since, period.until, day)), None)


def _strongest(one: Period | None, other: Period | None) -> tuple[str, UUID | None]:
    known = [period for period in (one, other) if period]
    said = max(known, key=lambda period: _STRONGEST.index(period.state))
    voices = [said.voice_id, *(period.voice_id for period in known)]
    return said.state, next((voice for voice in voices if voice), None)
