"""What of an agreement is not money, and may be put right: what it is called, who receives, who looks after it."""

from typing import Any

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.rows import ChangedMeanwhile, account_name, alone_with
from choir_app.funding.models import Agreement
from choir_app.funding.permissions import may_change_funding


def change_agreement(
    agreement: Agreement,
    *,
    name: str,
    grantee: str | None,
    reference: str | None,
    owner: Account | None,
    note: str | None,
    version: int,
    by: Any,
) -> Agreement:
    """Put right what an agreement is called, who receives it, its number, who looks after it and what to know.

    Raises ChangedMeanwhile when somebody changed it after this `version`; the same change sent again is no change.
    Sum, days and choirs are changed by a signed amendment, or by striking the agreement.
    """
    require(may_change_funding(by))
    if not name.strip():
        raise Refusal(_("Skriv vad avtalet gäller."), field="name")
    wanted = {
        "name": name,
        "grantee": grantee or None,
        "reference": reference or None,
        "owner_id": owner.id if owner else None,
        "note": note or None,
    }
    alone_with(agreement)
    db.session.refresh(agreement, [*wanted, "version", "changed_by_id"])
    if all(getattr(agreement, key) == value for key, value in wanted.items()):
        return agreement
    if version != agreement.version:
        raise ChangedMeanwhile(account_name(agreement.changed_by_id))
    with audit.change("agreement.changed", agreement, by=by):
        for key, value in wanted.items():
            setattr(agreement, key, value)
        agreement.version += 1
        agreement.changed_at, agreement.changed_by_id = clock.now(), by.id
    return agreement
