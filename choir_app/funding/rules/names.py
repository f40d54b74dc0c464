"""What the kinds of costs, drivers, allocations and deadlines are called."""

from choir_app.foundation.language import lazy_

ALLOCATION_NAMES = {
    "choirs": lazy_("Vissa körer"),
    "town": lazy_("Alla körer på en ort"),
    "all": lazy_("Alla körer"),
}

COST_NAMES = {
    "leader": lazy_("Körledare"),
    "venue": lazy_("Lokal"),
    "coffee": lazy_("Fika"),
    "music": lazy_("Noter och instrument"),
    "travel": lazy_("Resor"),
    "concert": lazy_("Konsert"),
    "coordination": lazy_("Samordning"),
    "other": lazy_("Annat"),
}

DRIVER_NAMES = {
    "per_rehearsal": lazy_("Varje repetition"),
    "monthly": lazy_("Varje månad"),
    "once": lazy_("En gång"),
}

DEADLINE_NAMES = {
    "interim_report": lazy_("Delrapport"),
    "final_report": lazy_("Slutrapport"),
    "requisition": lazy_("Rekvisition"),
    "auditor_statement": lazy_("Revisorsintyg"),
}

ALLOCATIONS = tuple(ALLOCATION_NAMES)
COST_CATEGORIES = tuple(COST_NAMES)
COST_DRIVERS = tuple(DRIVER_NAMES)
DEADLINE_KINDS = tuple(DEADLINE_NAMES)
