"""What is asked about money."""

from choir_app.funding.forms.agreements import (
    ChangeDeadlineForm,
    DocumentForm,
    FactsForm,
    InstalmentForm,
    MatchForm,
    PromiseForm,
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
    "PaymentForm",
    "ProgrammeForm",
    "PromiseForm",
    "SpentForm",
    "WhoForm",
]
