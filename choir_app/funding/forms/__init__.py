"""What is asked about money."""

from choir_app.funding.forms.agreements import (
    ChangeDeadlineForm,
    DocumentForm,
    FactsForm,
    InstalmentForm,
    MatchForm,
    PromiseForm,
)
from choir_app.funding.forms.asks import (
    ChancesForm,
    MoveForm,
    OpportunityForm,
    OwnChanceForm,
    TieForm,
    WinForm,
    card_data,
    new_card_data,
)
from choir_app.funding.forms.books import (
    FURTHEST_BACK_ORE,
    AgreementForm,
    AmendmentForm,
    BalanceForm,
    CostEndForm,
    CostForm,
    DeadlineForm,
    InKindForm,
    MoneyForm,
    PaymentForm,
    SpentForm,
)
from choir_app.funding.forms.log import LogForm
from choir_app.funding.forms.programmes import (
    ProgrammeForm,
    WhoForm,
)

__all__ = [
    "FURTHEST_BACK_ORE",
    "AgreementForm",
    "AmendmentForm",
    "BalanceForm",
    "ChancesForm",
    "ChangeDeadlineForm",
    "CostEndForm",
    "CostForm",
    "DeadlineForm",
    "DocumentForm",
    "FactsForm",
    "InKindForm",
    "InstalmentForm",
    "LogForm",
    "MatchForm",
    "MoneyForm",
    "MoveForm",
    "OpportunityForm",
    "OwnChanceForm",
    "PaymentForm",
    "ProgrammeForm",
    "PromiseForm",
    "SpentForm",
    "TieForm",
    "WhoForm",
    "WinForm",
    "card_data",
    "new_card_data",
]
