"""What kinds of partners and touchpoints there are, and what they are called."""

from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import urlsplit

from choir_app.foundation.language import _, lazy_
from choir_app.foundation.refusal import Refusal

KIND_NAMES = {
    "housing_company": lazy_("Bostadsföretag"),
    "business": lazy_("Näringsliv"),
    "community_hall": lazy_("Folkets hus"),
    "municipality": lazy_("Kommun"),
    "study_association": lazy_("Studieförbund"),
    "foundation": lazy_("Stiftelse"),
    "civil_society": lazy_("Förening"),
    "other": lazy_("Annan"),
}
"""The kinds of partners, those who can pay for most first."""

TOUCHPOINT_NAMES = {
    "call": lazy_("Samtal"),
    "meeting": lazy_("Möte"),
    "mail": lazy_("Mejl"),
    "visit": lazy_("Besök"),
}
"""How one can talk with a partner, the most usual first."""

CONTACT_TASK_NAMES = {
    "decides": lazy_("Bestämmer"),
    "influences": lazy_("Påverkar"),
    "pays": lazy_("Betalar"),
    "reports": lazy_("Tar emot rapporter"),
}
"""What a person at a partner does in what concerns us; several may be true of one."""

PARTNER_KINDS = tuple(KIND_NAMES)
TOUCHPOINT_KINDS = tuple(TOUCHPOINT_NAMES)
CONTACT_TASKS = tuple(CONTACT_TASK_NAMES)

NEXT_DAY_NAMES = {
    "tomorrow": lazy_("I morgon"),
    "week": lazy_("Om en vecka"),
    "weeks": lazy_("Om fyra veckor"),
}
"""The days for a next step that can be had with one press, the soonest first."""

_DAYS_AHEAD = {"tomorrow": 1, "week": 7, "weeks": 28}


def next_day(word: str, today: date) -> date:
    """The day that a word of `NEXT_DAY_NAMES` means."""
    return today + timedelta(days=_DAYS_AHEAD[word])


_SAID_OF_MANY = frozenset(
    {"ab", "aktiebolag", "aktiebolaget", "ek", "ekonomisk", "for", "forening", "foreningen"}
    | {"hb", "ideell", "kb", "publ", "stiftelse", "stiftelsen", "the"}
)
"""Words of a name that say what kind of body it is and not which one, folded."""
_ALIKE = 0.75
"""How much of what differs in two names must be the same: one slip in a word of four letters or more."""
_MANY_LIVE_THERE = frozenset(
    {"facebook.com", "instagram.com", "linkedin.com", "sites.google.com", "wordpress.com"}
)


def are_alike(one: str, other: str) -> bool:
    """Whether two folded names may well mean the same: spelled nearly alike, or one is the other with more words."""
    first, second = _bare(one), _bare(other)
    if "".join(first) == "".join(second):
        return True
    both = set(first).intersection(second)
    left = "".join(word for word in first if word not in both)
    right = "".join(word for word in second if word not in both)
    if not left or not right:
        return True
    if 2 * min(len(left), len(right)) < _ALIKE * (len(left) + len(right)):
        return False  # too different in length, however alike the rest
    if 2 * _letters_in_both(left, right) < _ALIKE * (len(left) + len(right)):
        return False  # too few letters in common, in whatever order
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE


def _letters_in_both(left: str, right: str) -> int:
    return sum(min(left.count(letter), right.count(letter)) for letter in set(left))


@lru_cache(maxsize=4096)
def _bare(name: str) -> tuple[str, ...]:
    words = tuple(name.split())
    return tuple(word for word in words if word not in _SAID_OF_MANY) or words


def home_of(website: str | None) -> str | None:
    """Where a website lives, to see that two are of the same house: its host, and the page where many share one."""
    if not website:
        return None
    try:
        parts = urlsplit(website if "://" in website else f"https://{website}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if host in _MANY_LIVE_THERE:
        page = parts.path.strip("/").split("/")[0].casefold()
        return f"{host}/{page}" if page else None
    return host or None


def web_address(typed: str, *, field: str = "website") -> str:
    """A website as it is linked, from what somebody typed; raises Refusal beside `field` for what is none."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in address
    except ValueError:
        is_web = False
    if not is_web:
        raise Refusal(_("Skriv webbadressen så här: www.exempel.se"), field=field)
    return address
