"""What can be done with money: written down, taken back, asked for."""

from choir_app.funding.actions import reminders
from choir_app.funding.actions.books import (
    add_agreement,
    add_cost_line,
    add_in_kind,
    amend,
    end_cost_line,
    note_balance,
    note_payment,
    note_spent,
    reverse_agreement,
    reverse_balance,
    reverse_cost_line,
    reverse_happening,
    reverse_in_kind,
)
from choir_app.funding.actions.deadlines import (
    add_deadline,
    approve,
    change_deadline,
    remove_deadline,
    submit,
    withdraw_submission,
)
from choir_app.funding.actions.instalments import (
    add_instalment,
    match_in_order,
    match_payment,
    reverse_instalment,
    take_apart,
)

__all__ = [
    "add_agreement",
    "add_cost_line",
    "add_deadline",
    "add_in_kind",
    "add_instalment",
    "amend",
    "approve",
    "change_deadline",
    "end_cost_line",
    "match_in_order",
    "match_payment",
    "note_balance",
    "note_payment",
    "note_spent",
    "reminders",
    "remove_deadline",
    "reverse_agreement",
    "reverse_balance",
    "reverse_cost_line",
    "reverse_happening",
    "reverse_in_kind",
    "reverse_instalment",
    "submit",
    "take_apart",
    "withdraw_submission",
]
