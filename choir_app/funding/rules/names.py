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

CONDITION_NAMES = {
    "date": lazy_("Inget särskilt, de betalar den dagen"),
    "invoice": lazy_("Att vi skickar faktura eller rekvisition"),
    "report": lazy_("Att de godkänner en rapport"),
}

PROMISE_NAMES = {
    "logo": lazy_("Logotyp"),
    "concert": lazy_("Konsert"),
    "mention": lazy_("Omnämnande"),
    "visit": lazy_("Besök på repetition"),
    "tickets": lazy_("Biljetter"),
    "other": lazy_("Annat"),
}

ALLOCATIONS = tuple(ALLOCATION_NAMES)
COST_CATEGORIES = tuple(COST_NAMES)
COST_DRIVERS = tuple(DRIVER_NAMES)
DEADLINE_KINDS = tuple(DEADLINE_NAMES)
CONDITIONS = tuple(CONDITION_NAMES)
PROMISE_KINDS = tuple(PROMISE_NAMES)
REPORTS = ("interim_report", "final_report", "auditor_statement")
"""The deadlines that a funder answers by approving them."""
