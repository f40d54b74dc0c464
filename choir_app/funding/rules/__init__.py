"""How long the money lasts: pure values and arithmetic, knowing neither database nor today."""

from choir_app.funding.rules.cash import (
    Cash,
    CashDay,
    Delay,
    Dip,
    Flow,
    cash_lasts_to,
    cost_flows,
    cost_of_delay,
    delayed,
    expected_on,
    free_money_lasts_to,
)
from choir_app.funding.rules.costs import Active, CostLine, Driver, InKind, RowId, cost_rows, months_after
from choir_app.funding.rules.explanation import Leftover, Shortage, shortages
from choir_app.funding.rules.extra import Extra, extra_needed
from choir_app.funding.rules.financed import Answer, ChoirFinanced, Financed, Unknown, financed_to
from choir_app.funding.rules.matching import match
from choir_app.funding.rules.money_at_hand import Pledged, free_ore, free_supply
from choir_app.funding.rules.values import Demand, Match, Supply

__all__ = [
    "Active",
    "Answer",
    "Cash",
    "CashDay",
    "ChoirFinanced",
    "CostLine",
    "Delay",
    "Demand",
    "Dip",
    "Driver",
    "Extra",
    "Financed",
    "Flow",
    "InKind",
    "Leftover",
    "Match",
    "Pledged",
    "RowId",
    "Shortage",
    "Supply",
    "Unknown",
    "cash_lasts_to",
    "cost_flows",
    "cost_of_delay",
    "cost_rows",
    "delayed",
    "expected_on",
    "extra_needed",
    "financed_to",
    "free_money_lasts_to",
    "free_ore",
    "free_supply",
    "match",
    "months_after",
    "shortages",
]
