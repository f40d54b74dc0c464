"""What can be done with gatherings and the roll."""

from choir_app.rehearsals.actions.keeping import keep_plans_a_year_long
from choir_app.rehearsals.actions.plan import (
    add_break,
    add_rehearsal,
    begin_series,
    cancel_rehearsal,
    change_series,
    move_rehearsal,
    plan_ahead,
    plan_choir_ahead,
    remove_break,
    restore_rehearsal,
)
from choir_app.rehearsals.actions.roll import finish_evening, receive, recount, take_roll, welcome_newcomer

__all__ = [
    "add_break",
    "add_rehearsal",
    "begin_series",
    "cancel_rehearsal",
    "change_series",
    "finish_evening",
    "keep_plans_a_year_long",
    "move_rehearsal",
    "plan_ahead",
    "plan_choir_ahead",
    "receive",
    "recount",
    "remove_break",
    "restore_rehearsal",
    "take_roll",
    "welcome_newcomer",
]
