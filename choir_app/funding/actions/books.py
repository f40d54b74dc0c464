"""What can be written down about money, and when not.

Rows about money are never changed or deleted: `reverse_…` takes a wrong one back with a row of its own.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.moves import reopen_for_struck
from choir_app.funding.actions.rows import (
    alone_with,
    dates_in_order,
    heed_others,
    not_ahead,
    noted,
    reverse_row,
    sent_before,
)
from choir_app.funding.models import (
    Agreement,
    AllocationChoir,
    AllocationTown,
    Amendment,
    BankBalance,
    CostLine,
    CostLineEnd,
    InKind,
    MoneyRow,
    Payment,
    SpentToDate,
)
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import books
from choir_app.funding.rules.names import ALLOCATIONS, COST_CATEGORIES, COST_DRIVERS
from choir_app.partners.models import Partner

# --- agreements -----------------------------------------------------------------------------------------------


def add_agreement(
    partner: Partner,
    *,
    name: str,
    signed_on: date,
    amount_ore: int,
    usable_from: date,
    by: Any,
    usable_to: date | None = None,
    allocation: str = "all",
    choirs: Collection[Choir] = (),
    towns: Collection[Town] = (),
    repay_unspent: bool = False,
    grantee: str | None = None,
    receipt: UUID | None = None,
) -> Agreement:
    """Write down that a partner has signed. The sum is in öre; the same receipt sent again is the same agreement."""
    require(may_change_funding(by))
    if already := sent_before(Agreement, receipt, by=by):
        return already
    if signed_on > clock.today():
        raise Refusal(_("Välj dagen då avtalet skrevs på. Den kan inte ligga framåt."), field="signed_on")
    if amount_ore <= 0:
        raise Refusal(_("Skriv hur mycket de betalar, i kronor."), field="amount")
    dates_in_order(usable_from, usable_to, field="usable_to")
    if allocation not in ALLOCATIONS:
        raise Refusal(_("Välj vilka körer avtalet gäller."), field="allocation")
    if allocation == "choirs" and not choirs:
        raise Refusal(_("Välj minst en kör."), field="choirs")
    if allocation == "town" and not towns:
        raise Refusal(_("Välj minst en ort."), field="towns")
    agreement = Agreement(
        partner_id=partner.id,
        name=name,
        grantee=grantee or None,
        signed_on=signed_on,
        amount_ore=amount_ore,
        usable_from=usable_from,
        usable_to=usable_to,
        allocation=allocation,
        repay_unspent=repay_unspent,
    )
    if allocation == "choirs":
        agreement.choirs = [
            AllocationChoir(choir_id=choir_id) for choir_id in sorted({one.id for one in choirs})
        ]
    if allocation == "town":
        agreement.towns = [AllocationTown(town_id=town_id) for town_id in sorted({one.id for one in towns})]
    return noted(agreement, "agreement.added", receipt=receipt, by=by)


def amend(
    agreement: Agreement,
    *,
    on: date,
    by: Any,
    delta_ore: int = 0,
    new_usable_to: date | None = None,
    note: str | None = None,
    seen: int | None = None,
    receipt: UUID | None = None,
) -> Amendment:
    """Write down a signed change: more or less money (öre), another last day, or both."""
    require(may_change_funding(by))
    if already := sent_before(Amendment, receipt, by=by):
        return already
    heed_others(agreement, seen, by=by)
    not_ahead(on, field="on")
    if not delta_ore and new_usable_to is None:
        raise Refusal(_("Skriv ett nytt belopp eller välj en ny sista dag."), field="delta")
    dates_in_order(agreement.usable_from, new_usable_to, field="new_usable_to")
    if books.agreement_row(agreement).effective_ore + delta_ore < 0:
        raise Refusal(_("Avtalet kan inte minska med mer än det är värt."), field="delta")
    change = Amendment(
        agreement_id=agreement.id, on=on, delta_ore=delta_ore, new_usable_to=new_usable_to, note=note or None
    )
    return noted(change, "agreement.amended", receipt=receipt, by=by)


def note_payment(
    agreement: Agreement,
    *,
    on: date,
    ore: int,
    by: Any,
    note: str | None = None,
    seen: int | None = None,
    receipt: UUID | None = None,
) -> Payment:
    """Write down money that came under an agreement, in öre; negative when it was paid back."""
    require(may_change_funding(by))
    if already := sent_before(Payment, receipt, by=by):
        return already
    heed_others(agreement, seen, by=by)
    not_ahead(on, field="on")
    if not ore:
        raise Refusal(_("Skriv hur mycket som kom, i kronor."), field="sum")
    payment = Payment(agreement_id=agreement.id, on=on, ore=ore, note=note or None)
    return noted(payment, "payment.noted", receipt=receipt, by=by)


def note_spent(
    agreement: Agreement,
    *,
    as_of: date,
    spent_ore: int,
    by: Any,
    seen: int | None = None,
    receipt: UUID | None = None,
) -> SpentToDate:
    """Write down what the books say was spent of an agreement in all, in öre, up to and with a day."""
    require(may_change_funding(by))
    if already := sent_before(SpentToDate, receipt, by=by):
        return already
    heed_others(agreement, seen, by=by)
    not_ahead(as_of, field="as_of")
    if spent_ore < 0:
        raise Refusal(_("Skriv hur mycket som är använt, i kronor."), field="sum")
    spent = SpentToDate(agreement_id=agreement.id, as_of=as_of, spent_ore=spent_ore)
    return noted(spent, "spent.noted", receipt=receipt, by=by)


def reverse_agreement(agreement: Agreement, *, by: Any) -> Agreement:
    """Take back an agreement that was written down by mistake; not while payments say that it is real."""
    require(may_change_funding(by))
    alone_with(agreement)
    if any(row.kind == "payment" for row in books.history_of(agreement)):
        raise Refusal(_("Stryk inbetalningarna först. De säger att pengarna har kommit."))
    struck = reverse_row(agreement, "agreement.reversed", by=by)
    reopen_for_struck(agreement, by=by)
    return struck


def reverse_happening(row: Amendment | Payment | SpentToDate, *, by: Any) -> MoneyRow:
    """Take back an amendment, a payment or what was spent."""
    require(may_change_funding(by))
    alone_with(row.agreement)
    return reverse_row(row, f"{row.__tablename__}.reversed", by=by)


# --- costs ----------------------------------------------------------------------------------------------------


def add_cost_line(
    choir: Choir | None,
    *,
    category: str,
    driver: str,
    ore: int,
    valid_from: date,
    by: Any,
    what: str | None = None,
    day_of_month: int | None = None,
    valid_to: date | None = None,
    receipt: UUID | None = None,
) -> CostLine:
    """Write down what something costs each time, in öre; no choir means that the active choirs share it."""
    require(may_change_funding(by))
    if already := sent_before(CostLine, receipt, by=by):
        return already
    if category not in COST_CATEGORIES:
        raise Refusal(_("Välj vad pengarna går till."), field="category")
    if driver not in COST_DRIVERS:
        raise Refusal(_("Välj hur ofta det kostar."), field="driver")
    if ore <= 0:
        raise Refusal(_("Skriv vad det kostar, i kronor."), field="sum")
    if driver == "monthly" and day_of_month is None:
        raise Refusal(_("Skriv vilken dag i månaden, mellan 1 och 31."), field="day_of_month")
    dates_in_order(valid_from, valid_to, field="valid_to")
    line = CostLine(
        choir_id=choir.id if choir else None,
        category=category,
        what=what or None,
        driver=driver,
        day_of_month=day_of_month if driver == "monthly" else None,
        ore=ore,
        valid_from=valid_from,
        valid_to=valid_to if driver != "once" else None,
    )
    return noted(line, "cost_line.added", receipt=receipt, by=by)


def end_cost_line(line: CostLine, *, last_day: date, by: Any) -> CostLineEnd:
    """Say until when a cost goes on; said again, the newest counts."""
    require(may_change_funding(by))
    if line.driver == "once":
        raise Refusal(
            _("En kostnad som kommer en gång har inget slut. Stryk den i stället."), field="last_day"
        )
    dates_in_order(line.valid_from, last_day, field="last_day")
    planned = books.last_days_of_costs().get(line.id, line.valid_to)
    end = CostLineEnd(cost_line_id=line.id, last_day=last_day)
    before = {"last_day": planned.isoformat() if planned else None}
    return noted(end, "cost_line.ended", receipt=None, by=by, before=before)


def reverse_cost_line(line: CostLine, *, by: Any) -> CostLine:
    """Take back a cost that was written down by mistake."""
    require(may_change_funding(by))
    return reverse_row(line, "cost_line.reversed", by=by)


# --- the bank and help in kind --------------------------------------------------------------------------------


def note_balance(*, as_of: date, ore: int, by: Any, receipt: UUID | None = None) -> BankBalance:
    """Write down what was in the bank, in öre, when a day was over. Of two for one day the later note counts."""
    require(may_change_funding(by))
    if already := sent_before(BankBalance, receipt, by=by):
        return already
    not_ahead(as_of, field="as_of")
    return noted(BankBalance(as_of=as_of, ore=ore), "bank_balance.noted", receipt=receipt, by=by)


def reverse_balance(balance: BankBalance, *, by: Any) -> BankBalance:
    """Take back a balance that was written down by mistake."""
    require(may_change_funding(by))
    return reverse_row(balance, "bank_balance.reversed", by=by)


def add_in_kind(
    partner: Partner,
    choir: Choir,
    *,
    what: str,
    valid_from: date,
    by: Any,
    replaces: CostLine | None = None,
    valid_to: date | None = None,
    receipt: UUID | None = None,
) -> InKind:
    """Write down help that is not money; when it replaces a cost, that cost is gone for this choir meanwhile."""
    require(may_change_funding(by))
    if already := sent_before(InKind, receipt, by=by):
        return already
    dates_in_order(valid_from, valid_to, field="valid_to")
    if replaces is not None and replaces.choir_id not in (None, choir.id):
        raise Refusal(_("Välj en kostnad som hör till kören."), field="replaces")
    help_in_kind = InKind(
        partner_id=partner.id,
        choir_id=choir.id,
        what=what,
        replaces_id=replaces.id if replaces else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return noted(help_in_kind, "in_kind.added", receipt=receipt, by=by)


def reverse_in_kind(help_in_kind: InKind, *, by: Any) -> InKind:
    """Take back help in kind that was written down by mistake or never came."""
    require(may_change_funding(by))
    return reverse_row(help_in_kind, "in_kind.reversed", by=by)
