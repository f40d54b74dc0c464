"""Who takes the roll: the leader, an account that it is lent to, or the holder of a loan's link without account."""

from typing import Any

from flask import abort, make_response, render_template, session
from flask_login import current_user

from choir_app.accounts.models import Account, Visitor
from choir_app.choirs.permissions import leads_any_choir
from choir_app.foundation.audience import door, who_asks
from choir_app.foundation.language import _
from choir_app.rehearsals import queries
from choir_app.rehearsals.models import Loan, Substitute
from choir_app.rehearsals.views import room

LOAN = "loan"
"""Where the browser's session keeps the secret of the loan by which a substitute came."""


def roll_taker() -> Account | Substitute | Visitor:
    """Who wants to take a roll: the account that is signed in, else the holder of a loan that holds."""
    if current_user.is_authenticated:
        return who_asks()
    loan = loan_of_browser()
    return loan.substitute if loan and loan.is_valid else who_asks()


def loan_of_browser() -> Loan | None:
    """The loan that this browser came by, whether or not it still holds."""
    secret = session.get(LOAN)
    return queries.loan_behind(secret) if isinstance(secret, str) else None


def who_sends() -> Account | Substitute | Visitor:
    """Who sends acts: who takes a roll, or took it until a loan ended by itself; what they marked in time comes in."""
    taker = roll_taker()
    if isinstance(taker, Visitor):
        loan = loan_of_browser()
        return loan.substitute if loan and loan.state == "over" else taker
    return taker


def no_taker_because() -> str | None:
    """Why the loan that this browser came by opens nothing any more; None when it came by none."""
    loan = loan_of_browser()
    if loan is None:
        return _("Länken gäller inte längre. Be körledaren om en ny.") if LOAN in session else None
    if loan.revoked_at:
        return _("Körledaren har avslutat lånet. Be om en ny länk för att skicka.")
    return _("Länken gällde bara den kvällen. Be körledaren om en ny för att skicka.")


@room.context_processor
def who_takes() -> dict[str, Any]:
    """What templates of the roll know: `substitute` when it is taken by a link without account, else None."""
    taker = roll_taker() if LOAN in session else None
    return {"substitute": taker if isinstance(taker, Substitute) else None}


def _may_enter(who: Any) -> bool:
    if who.is_authenticated:
        return _has_evenings(who)
    if isinstance(roll_taker(), Substitute):
        return True
    if LOAN in session:
        abort(make_response(render_template("rehearsals/loan_is_over.html", loan=loan_of_browser()), 410))
    return False


def _has_evenings(who: Any) -> bool:
    return who.is_authenticated and (who.manages or leads_any_choir(who) or queries.holds_loan(who))


for_roll_takers = door("roll takers", _may_enter)
for_evenings = door("those with a roll to take", _has_evenings)
