"""Who may do what with agreements, costs and the forecast."""

from typing import Any

from choir_app.choirs.models import Choir
from choir_app.funding.models import Proposal, ProposalReader


def may_see_funding(who: Any) -> bool:
    """Whether this person may read agreements, sums and costs."""
    return who.manages


def may_change_funding(who: Any) -> bool:
    """Whether this person may write down agreements, payments, costs and the bank balance."""
    return who.manages


def may_see_runway(who: Any, choir: Choir) -> bool:
    """Whether this person may know until when a choir is paid for and by whom, without sums."""
    return who.manages or choir.is_led_by(who)


def may_answer_proposal(who: Any, proposal: Proposal) -> bool:
    """Whether this person may answer for the partner: by the proposal's own link while it opens, or as a manager."""
    if isinstance(who, ProposalReader):
        return who.proposal.id == proposal.id and proposal.is_open_to_read
    return who.manages
