"""What kinds of partners and touchpoints there are, and what they are called."""

from datetime import date, timedelta

from choir_app.foundation.language import lazy_

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
