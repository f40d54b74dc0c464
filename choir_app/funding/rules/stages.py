"""The stages of an ask on its way to an agreement: what they are called, and what each wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from choir_app.foundation.language import lazy_

STAGE_NAMES = {
    "idea": lazy_("Idé"),
    "talking": lazy_("Samtal"),
    "applied": lazy_("Ansökt"),
    "pledged": lazy_("Löfte"),
    "agreed": lazy_("Avtal"),
    "declined": lazy_("Nej"),
    "withdrawn": lazy_("Återtagen"),
    "dormant": lazy_("Vilande"),
}
"""In the order in which an ask goes through them, those that have ended last."""

STAGES = tuple(STAGE_NAMES)
STAGE_POTS = {
    "idea": "empty",
    "talking": "empty",
    "applied": "dotted",
    "pledged": "striped",
    "agreed": "solid",
    "declined": "grey",
    "withdrawn": "grey",
    "dormant": "grey",
}
"""How certain the money of a stage is, as it is drawn: full is signed, striped is promised, dotted is asked for."""

ANSWERED = ("agreed", "declined")
"""Where a partner has answered. What sleeps, or was taken back by us, is no answer and no part of the history."""

Wanted = Literal[
    "why",
    "contact",
    "next_step",
    "sum",
    "period",
    "decision_on",
    "said_yes",
    "lost_reason",
    "ask_again",
]

ASKED_ON_THE_WAY_IN: Mapping[str, tuple[Wanted, ...]] = {
    "idea": ("why",),
    "talking": ("contact", "next_step"),
    "applied": ("sum", "period", "decision_on"),
    "pledged": ("sum", "period", "decision_on", "said_yes"),
    "agreed": (),
    "declined": ("lost_reason", "ask_again"),
    "withdrawn": ("lost_reason",),
    "dormant": ("ask_again",),
}
"""What is asked when an ask comes to a stage. An agreement has a form of its own. Source: DESIGN.md, screen 8."""


@dataclass(frozen=True)
class Lacking:
    """Why an open ask cannot be counted with."""

    sum: bool = False
    dates: bool = False
    decision: bool = False
    choirs: bool = False
    another_won: bool = False
    """Another of the same exclusive group has become an agreement."""

    @property
    def anything(self) -> bool:
        """Whether it cannot be counted with at all."""
        return self.sum or self.dates or self.decision or self.choirs or self.another_won
