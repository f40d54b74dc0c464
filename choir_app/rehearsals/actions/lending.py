"""Lending a roll to a substitute: to an account, or to whoever holds a link."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from choir_app.accounts.actions import rights_shrank
from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock, mail
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.language import _, short_day
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries, rules
from choir_app.rehearsals.models import Loan, Rehearsal
from choir_app.rehearsals.permissions import may_lend_roll, may_take_roll


def lend_roll(
    rehearsal: Rehearsal,
    *,
    loan_id: UUID,
    to_account: Account | None = None,
    to_name: str | None = None,
    email: str | None = None,
    by: Any,
) -> Loan:
    """Let a substitute take the roll of one rehearsal on its day: an account, or else whoever holds a link.

    The link goes by letter when an address is given, and the answer is the same whoever has that address. The same
    `loan_id` again is the same loan.
    """
    require(may_lend_roll(by, rehearsal))
    if already := db.session.get(Loan, loan_id):
        return already
    _refuse_loan(rehearsal, to_account=to_account, to_name=to_name)
    lent = next((one for one in queries.loans_of(rehearsal) if _is_to(one, to_account)), None)
    if lent:
        return lent
    loan = Loan(
        id=loan_id,
        rehearsal=rehearsal,
        rehearsal_id=rehearsal.id,
        lent_by_id=by.id,
        to_account=to_account,
        to_account_id=to_account.id if to_account else None,
        to_name=None if to_account else to_name,
        link_digest=None if to_account else queries.digest_of(queries.secret_of(loan_id)),
        ends_at=_end_of(rehearsal),
    )
    db.session.add(loan)
    audit.note("roll.lent", loan, by=by)
    db.session.flush()
    Loan.has_changed()
    if email and not to_account:
        _send_link(loan, email, by=by)
    return loan


def _is_to(loan: Loan, account: Account | None) -> bool:
    return account is not None and loan.to_account_id == account.id and loan.state in ("early", "open")


def _refuse_loan(rehearsal: Rehearsal, *, to_account: Account | None, to_name: str | None) -> None:
    if rehearsal.is_cancelled:
        raise Refusal(_("Repetitionen är inställd. Då behövs ingen vikarie."))
    if clock.now() >= _end_of(rehearsal):
        raise Refusal(_("Listan kan bara lånas ut samma dag som ni sjunger."))
    if rehearsal.sung_on > clock.today() + timedelta(days=rules.DAYS_AHEAD):
        raise Refusal(_("Det är långt kvar. Låna ut listan när det är högst en vecka dit."))
    if to_account is None and not to_name:
        raise Refusal(_("Skriv vad vikarien heter."), field="name")
    if to_account and to_account not in _known(rehearsal):
        raise Refusal(_("Välj någon i listan, eller gör en länk."), field="to")
    open_ones = [one for one in queries.loans_of(rehearsal) if one.state in ("early", "open")]
    if len(open_ones) >= rules.MOST_LOANS:
        raise Refusal(_("Listan är redan utlånad till många. Avsluta ett lån först."))


def _known(rehearsal: Rehearsal) -> list[Account]:
    ids = [person.account_id for person in queries.people_to_lend_to(rehearsal)]
    return [account for account_id in ids if (account := db.session.get(Account, account_id))]


def _end_of(rehearsal: Rehearsal) -> Any:
    return clock.from_local(rehearsal.sung_on + timedelta(days=1), rules.ENDS_AT)


def _send_link(loan: Loan, email: str, *, by: Any) -> None:
    rehearsal = loan.rehearsal
    mail.write(
        email,
        subject=_("Vill du ta närvaro i %(choir)s %(day)s?", choir=rehearsal.choir.name, day=_day(rehearsal)),
        body=_(
            "Hej %(name)s!\n\n%(leader)s vill att du tar närvaro i %(choir)s %(day)s klockan %(time)s.\n\n"
            "Öppna länken på din telefon när ni sjunger:\n%(url)s\n\n"
            "Länken gäller bara den dagen. Visa den inte för andra: den som har länken ser namnen i listan.",
            name=loan.to_name,
            leader=by.name,
            choir=rehearsal.choir.name,
            day=_day(rehearsal),
            time=clock.local(rehearsal.starts_at).strftime("%H.%M"),
            url=mail.address_of(f"/lan/{queries.secret_of(loan.id)}"),
        ),
    )


def _day(rehearsal: Rehearsal) -> str:
    return short_day(rehearsal.starts_at)


def take_up_loan(link: Loan, *, by: Account) -> None:
    """Use a loan's link as somebody who is signed in: the roll is lent to their account as long as the link holds."""
    if may_take_roll(by, link.rehearsal):
        return
    if not link.is_valid or link.link_digest is None:
        raise Refusal(_("Länken gäller inte längre. Be körledaren om en ny."))
    own = Loan(
        rehearsal=link.rehearsal,
        rehearsal_id=link.rehearsal_id,
        lent_by_id=link.lent_by_id,
        to_account=by,
        to_account_id=by.id,
        by_link_id=link.id,
        ends_at=link.ends_at,
    )
    db.session.add(own)
    audit.note("roll.lent", own, by=by)
    db.session.flush()
    Loan.has_changed()


def end_loan(loan: Loan, *, by: Any) -> None:
    """Take a roll back: from the next request on the substitute sees it no more. What they marked stays."""
    require(may_lend_roll(by, loan.rehearsal))
    _end(loan, by=by)


@rights_shrank.connect
def end_loans_of_whoever_may_lend_no_more(account: Account) -> None:
    """Take back what somebody lent who leads the choir no longer, or is shut out."""
    for loan in queries.open_loans_lent_by(account):
        if not (account.is_active and may_lend_roll(account, loan.rehearsal)):
            _end(loan, by=None)


def _end(loan: Loan, *, by: Any) -> None:
    if loan.revoked_at is not None:
        return
    now = clock.now()
    loan.revoked_at = now
    db.session.execute(
        update(Loan).where(Loan.by_link_id == loan.id, Loan.revoked_at.is_(None)).values(revoked_at=now)
    )
    audit.note("roll.taken_back", loan, by=by)
    db.session.flush()
    Loan.has_changed()


def let_loans_follow(rehearsal: Rehearsal) -> None:
    """Let the loans of a rehearsal that got another day end with that day."""
    db.session.execute(
        update(Loan).where(Loan.rehearsal_id == rehearsal.id).values(ends_at=_end_of(rehearsal))
    )
    Loan.has_changed()


@chore("names of substitutes forgotten")
def forget_substitutes() -> None:
    """Take away what holders of links were called when it is long ago; what they marked stays."""
    long_ago = clock.now() - timedelta(days=rules.DAYS_WITH_NAME)
    db.session.execute(
        update(Loan).where(Loan.lent_at < long_ago, Loan.to_name.is_not(None)).values(to_name=None)
    )
