"""How long the money lasts: pure values and arithmetic, knowing neither database nor today."""

from choir_app.funding.rules.asks import (
    Ask,
    gap_rows,
)
from choir_app.funding.rules.asks_needed import (
    AsksNeeded,
    LastDay,
    asks_needed,
    last_day_to_apply,
)
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
from choir_app.funding.rules.chances import (
    DEFAULTS,
    OPEN_STAGES,
    Chance,
    Ended,
    History,
    OwnChance,
    StageDefault,
    chance_bp,
    history_of,
    of_which_one,
    smoothed_bp,
)
from choir_app.funding.rules.costs import Active, CostLine, Driver, InKind, RowId, cost_rows, months_after
from choir_app.funding.rules.explanation import Leftover, Shortage, shortages
from choir_app.funding.rules.extra import Extra, extra_needed
from choir_app.funding.rules.financed import Answer, ChoirFinanced, Financed, Unknown, financed_to
from choir_app.funding.rules.gap import (
    GapChance,
    chance_gap_closes,
)
from choir_app.funding.rules.matching import match
from choir_app.funding.rules.money_at_hand import Pledged, free_ore, free_supply
from choir_app.funding.rules.programmes import (
    Caution,
    Hindrance,
    May,
    Reason,
    Terms,
    Warned,
    may_apply,
    own_share_ore,
)
from choir_app.funding.rules.values import Demand, Match, Supply

__all__ = [
    "DEFAULTS",
    "OPEN_STAGES",
    "Active",
    "Answer",
    "Ask",
    "AsksNeeded",
    "Cash",
    "CashDay",
    "Caution",
    "Chance",
    "ChoirFinanced",
    "CostLine",
    "Delay",
    "Demand",
    "Dip",
    "Driver",
    "Ended",
    "Extra",
    "Financed",
    "Flow",
    "GapChance",
    "Hindrance",
    "History",
    "InKind",
    "LastDay",
    "Leftover",
    "Match",
    "May",
    "OwnChance",
    "Pledged",
    "Reason",
    "RowId",
    "Shortage",
    "StageDefault",
    "Supply",
    "Terms",
    "Unknown",
    "Warned",
    "asks_needed",
    "cash_lasts_to",
    "chance_bp",
    "chance_gap_closes",
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
    "gap_rows",
    "history_of",
    "last_day_to_apply",
    "match",
    "may_apply",
    "months_after",
    "of_which_one",
    "own_share_ore",
    "shortages",
    "smoothed_bp",
]
