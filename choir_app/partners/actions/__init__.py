"""What can be done with partners, and when not."""

from choir_app.partners.actions.import_list import (
    take_in_partners,
    undo_partners,
)
from choir_app.partners.actions.partners import (
    RESERVED_SLUGS,
    add_contact,
    add_partner,
    ask_about_alike,
    change_contact,
    change_partner,
    finish_next_step,
    log_touchpoint,
    move_next_step,
    plan_next_step,
    remove_contact,
)

__all__ = [
    "RESERVED_SLUGS",
    "add_contact",
    "add_partner",
    "ask_about_alike",
    "change_contact",
    "change_partner",
    "finish_next_step",
    "log_touchpoint",
    "move_next_step",
    "plan_next_step",
    "remove_contact",
    "take_in_partners",
    "undo_partners",
]
