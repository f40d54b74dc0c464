"""What is true of partners, whatever is stored."""

from choir_app.partners.rules.partners import (
    CONTACT_TASK_NAMES,
    CONTACT_TASKS,
    KIND_NAMES,
    NEXT_DAY_NAMES,
    PARTNER_KINDS,
    TOUCHPOINT_KINDS,
    TOUCHPOINT_NAMES,
    are_alike,
    home_of,
    next_day,
    web_address,
)

__all__ = [
    "CONTACT_TASKS",
    "CONTACT_TASK_NAMES",
    "KIND_NAMES",
    "NEXT_DAY_NAMES",
    "PARTNER_KINDS",
    "TOUCHPOINT_KINDS",
    "TOUCHPOINT_NAMES",
    "are_alike",
    "home_of",
    "next_day",
    "web_address",
]
