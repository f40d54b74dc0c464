"""What can be done with gatherings and the roll."""

from choir_app.rehearsals.actions.keeping import keep_plans_a_year_long
from choir_app.rehearsals.actions.lending import (
    end_loan,
    forget_substitutes,
    lend_roll,
    let_loans_follow,
    take_up_loan,
)
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
from choir_app.rehearsals.actions.replies import (
    be_away,
    come_back,
    forget_old_words,
    forget_words,
    make_reply_link,
    revoke_reply_links,
    say,
    take_back,
)
from choir_app.rehearsals.actions.roll import (
    finish_evening,
    receive,
    recount,
    take_back_outcome,
    take_roll,
    tell_outcome,
    welcome_newcomer,
)
from choir_app.rehearsals.actions.sealed import Delivery, take_in_sealed, ticket_for

__all__ = [
    "Delivery",
    "add_break",
    "add_rehearsal",
    "be_away",
    "begin_series",
    "cancel_rehearsal",
    "change_series",
    "come_back",
    "end_loan",
    "finish_evening",
    "forget_old_words",
    "forget_substitutes",
    "forget_words",
    "keep_plans_a_year_long",
    "lend_roll",
    "let_loans_follow",
    "make_reply_link",
    "move_rehearsal",
    "plan_ahead",
    "plan_choir_ahead",
    "receive",
    "recount",
    "remove_break",
    "restore_rehearsal",
    "revoke_reply_links",
    "say",
    "take_back",
    "take_back_outcome",
    "take_in_sealed",
    "take_roll",
    "take_up_loan",
    "tell_outcome",
    "ticket_for",
    "welcome_newcomer",
]
