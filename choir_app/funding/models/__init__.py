"""Programmes, opportunities, agreements, costs, and what is counted from them."""

from choir_app.funding.models.asks import (
    ExclusiveGroup,
    Opportunity,
    OpportunityChoir,
    OpportunityTown,
    Programme,
    ProgrammeTown,
    StageChance,
    StageMove,
)
from choir_app.funding.models.books import (
    Agreement,
    AllocationChoir,
    AllocationTown,
    Amendment,
    BankBalance,
    CostLine,
    CostLineEnd,
    Deadline,
    InKind,
    Instalment,
    MoneyRow,
    Payment,
    PaymentMatch,
    SpentToDate,
)
from choir_app.funding.models.calendar import DeadlineCalendar
from choir_app.funding.models.documents import (
    Document,
)
from choir_app.funding.models.forecasts import (
    ForecastSnapshot,
    SavedScenario,
    SnapshotAsk,
    SnapshotChoir,
)
from choir_app.funding.models.promises import (
    Promise,
    ReminderSent,
)
from choir_app.funding.models.proposals import (
    Package,
    Proposal,
    ProposalAnswer,
    ProposalChoir,
    ProposalPart,
    ProposalReader,
)

__all__ = [
    "Agreement",
    "AllocationChoir",
    "AllocationTown",
    "Amendment",
    "BankBalance",
    "CostLine",
    "CostLineEnd",
    "Deadline",
    "DeadlineCalendar",
    "Document",
    "ExclusiveGroup",
    "ForecastSnapshot",
    "InKind",
    "Instalment",
    "MoneyRow",
    "Opportunity",
    "OpportunityChoir",
    "OpportunityTown",
    "Package",
    "Payment",
    "PaymentMatch",
    "Programme",
    "ProgrammeTown",
    "Promise",
    "Proposal",
    "ProposalAnswer",
    "ProposalChoir",
    "ProposalPart",
    "ProposalReader",
    "ReminderSent",
    "SavedScenario",
    "SnapshotAsk",
    "SnapshotChoir",
    "SpentToDate",
    "StageChance",
    "StageMove",
]
