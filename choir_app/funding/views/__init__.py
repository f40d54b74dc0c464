"""The pages of the funding room, and a partner's page, since it says what the partner pays."""

from typing import Any

from flask import Blueprint

from choir_app.foundation import clock
from choir_app.funding import queries

room = Blueprint("funding", __name__)


@room.context_processor
def words() -> dict[str, Any]:
    """The sentences that the pages about money are told in, and the day they are told."""
    return {
        "today": clock.today(),
        "choir_sentence": queries.choir_sentence,
        "missing_sentence": queries.missing_sentence,
        "range_sentence": queries.range_sentence,
        "rehearsals_sentence": queries.rehearsals_sentence,
        "for_whom_sentence": queries.for_whom_sentence,
        "period_of": queries.period_of,
        "whole_kronor": queries.whole_kronor,
    }


from choir_app.funding.views import (  # noqa: E402 - they hang themselves up
    agreement_facts,  # noqa: F401
    agreements,  # noqa: F401
    answers,  # noqa: F401
    board,  # noqa: F401
    calendar,  # noqa: F401
    costs,  # noqa: F401
    exports,  # noqa: F401
    forecast,  # noqa: F401
    instalments,  # noqa: F401
    partner,  # noqa: F401
    plans,  # noqa: F401
    programmes,  # noqa: F401
    proposals,  # noqa: F401
    scenario,  # noqa: F401
    score,  # noqa: F401
)
