"""What can be written down about money, and when not.

Rows about money are never changed or deleted: `reverse_…` takes a wrong one back with a row of its own.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.models import (
    Agreement,
    AllocationChoir,
    AllocationTown,
    Amendment,
    BankBalance,
    CostLine,
    CostLineEnd,
    Deadline,
    InKind,
    MoneyRow,
    Payment,
    SpentToDate,
)
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import books
from choir_app.funding.rules.names import ALLOCATIONS, COST_CATEGORIES, COST_DRIVERS, DEADLINE_KINDS
from choir_app.partners.models import Partner

Row = TypeVar("Row", bound=MoneyRow)


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
    if already := _sent_before(Agreement, receipt):
        return already
    if signed_on > clock.today():
        raise Refusal(_("Välj dagen då avtalet skrevs på. Den kan inte ligga framåt."), field="signed_on")
    if amount_ore <= 0:
        raise Refusal(_("Skriv hur mycket de betalar, i kronor."), field="amount")
    _dates_in_order(usable_from, usable_to, field="usable_to")
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
    return _noted(agreement, "agreement.added", receipt=receipt, by=by)


def amend(
    agreement: Agreement,
    *,
    on: date,
    by: Any,
    delta_ore: int = 0,
    new_usable_to: date | None = None,
    note: str | None = None,
    receipt: UUID | None = None,
) -> Amendment:
    """Write down a signed change: more or less money (öre), another last day, or both."""
    require(may_change_funding(by))
    if already := _sent_before(Amendment, receipt):
        return already
    _not_ahead(on, field="on")
    if not delta_ore and new_usable_to is None:
        raise Refusal(_("Skriv ett nytt belopp eller välj en ny sista dag."), field="delta")
    _dates_in_order(agreement.usable_from, new_usable_to, field="new_usable_to")
    if books.agreement_row(agreement).effective_ore + delta_ore < 0:
        raise Refusal(_("Avtalet kan inte minska med mer än det är värt."), field="delta")
    change = Amendment(
        agreement_id=agreement.id, on=on, delta_ore=delta_ore, new_usable_to=new_usable_to, note=note or None
    )
    return _noted(change, "agreement.amended", receipt=receipt, by=by)


def note_payment(
    agreement: Agreement, *, on: date, ore: int, by: Any, note: str | None = None, receipt: UUID | None = None
) -> Payment:
    """Write down money that came under an agreement, in öre; negative when it was paid back."""
    require(may_change_funding(by))
    if already := _sent_before(Payment, receipt):
        return already
    _not_ahead(on, field="on")
    if not ore:
        raise Refusal(_("Skriv hur mycket som kom, i kronor."), field="sum")
    payment = Payment(agreement_id=agreement.id, on=on, ore=ore, note=note or None)
    return _noted(payment, "payment.noted", receipt=receipt, by=by)


def note_spent(
    agreement: Agreement, *, as_of: date, spent_ore: int, by: Any, receipt: UUID | None = None
) -> SpentToDate:
    """Write down what the books say was spent of an agreement in all, in öre, up to and with a day."""
    require(may_change_funding(by))
    if already := _sent_before(SpentToDate, receipt):
        return already
    _not_ahead(as_of, field="as_of")
    if spent_ore < 0:
        raise Refusal(_("Skriv hur mycket som är använt, i kronor."), field="sum")
    spent = SpentToDate(agreement_id=agreement.id, as_of=as_of, spent_ore=spent_ore)
    return _noted(spent, "spent.noted", receipt=receipt, by=by)


def reverse_agreement(agreement: Agreement, *, by: Any) -> Agreement:
    """Take back an agreement that was written down by mistake; not while payments say that it is real."""
    require(may_change_funding(by))
    if any(row.kind == "payment" for row in books.history_of(agreement)):
        raise Refusal(_("Stryk inbetalningarna först. De säger att pengarna har kommit."))
    return _reverse(agreement, "agreement.reversed", by=by)


def reverse_happening(row: Amendment | Payment | SpentToDate, *, by: Any) -> MoneyRow:
    """Take back an amendment, a payment or what was spent."""
    require(may_change_funding(by))
    return _reverse(row, f"{row.__tablename__}.reversed", by=by)


# --- deadlines ------------------------------------------------------------------------------------------------


def add_deadline(
    agreement: Agreement,
    *,
    kind: str,
    due_on: date,
    owner: Account | None,
    by: Any,
    receipt: UUID | None = None,
) -> Deadline:
    """Write down what the funder wants and by when."""
    require(may_change_funding(by))
    if receipt and (already := db.session.get(Deadline, receipt)):
        return already
    if kind not in DEADLINE_KINDS:
        raise Refusal(_("Välj vad de vill ha."), field="kind")
    deadline = Deadline(
        agreement_id=agreement.id, kind=kind, due_on=due_on, owner_id=owner.id if owner else None
    )
    if receipt:
        deadline.id = receipt
    db.session.add(deadline)
    return deadline


def submit(deadline: Deadline, *, by: Any) -> Deadline:
    """Say that it was sent to the funder today."""
    require(may_change_funding(by))
    deadline.submitted_on = deadline.submitted_on or clock.today()
    return deadline


def approve(deadline: Deadline, *, by: Any) -> Deadline:
    """Say that the funder has approved what was sent."""
    require(may_change_funding(by))
    if deadline.submitted_on is None:
        raise Refusal(_("Skriv först att den är inskickad."))
    deadline.approved_on = deadline.approved_on or clock.today()
    return deadline


def withdraw_submission(deadline: Deadline, *, by: Any) -> Deadline:
    """Take back that it was sent and approved."""
    require(may_change_funding(by))
    deadline.submitted_on = deadline.approved_on = None
    return deadline


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
    if already := _sent_before(CostLine, receipt):
        return already
    if category not in COST_CATEGORIES:
        raise Refusal(_("Välj vad pengarna går till."), field="category")
    if driver not in COST_DRIVERS:
        raise Refusal(_("Välj hur ofta det kostar."), field="driver")
    if ore <= 0:
        raise Refusal(_("Skriv vad det kostar, i kronor."), field="sum")
    if driver == "monthly" and day_of_month is None:
        raise Refusal(_("Skriv vilken dag i månaden, mellan 1 och 31."), field="day_of_month")
    _dates_in_order(valid_from, valid_to, field="valid_to")
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
    return _noted(line, "cost_line.added", receipt=receipt, by=by)


def end_cost_line(line: CostLine, *, last_day: date, by: Any) -> CostLineEnd:
    """Say until when a cost goes on; said again, the newest counts."""
    require(may_change_funding(by))
    if line.driver == "once":
        raise Refusal(
            _("En kostnad som kommer en gång har inget slut. Stryk den i stället."), field="last_day"
        )
    _dates_in_order(line.valid_from, last_day, field="last_day")
    planned = books.last_days_of_costs().get(line.id, line.valid_to)
    end = CostLineEnd(cost_line_id=line.id, last_day=last_day)
    before = {"last_day": planned.isoformat() if planned else None}
    return _noted(end, "cost_line.ended", receipt=None, by=by, before=before)


def reverse_cost_line(line: CostLine, *, by: Any) -> CostLine:
    """Take back a cost that was written down by mistake."""
    require(may_change_funding(by))
    return _reverse(line, "cost_line.reversed", by=by)


# --- the bank and help in kind --------------------------------------------------------------------------------


def note_balance(*, as_of: date, ore: int, by: Any, receipt: UUID | None = None) -> BankBalance:
    """Write down what was in the bank, in öre, when a day was over. Of two for one day the later note counts."""
    require(may_change_funding(by))
    if already := _sent_before(BankBalance, receipt):
        return already
    _not_ahead(as_of, field="as_of")
    return _noted(BankBalance(as_of=as_of, ore=ore), "bank_balance.noted", receipt=receipt, by=by)


def reverse_balance(balance: BankBalance, *, by: Any) -> BankBalance:
    """Take back a balance that was written down by mistake."""
    require(may_change_funding(by))
    return _reverse(balance, "bank_balance.reversed", by=by)


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
    if already := _sent_before(InKind, receipt):
        return already
    _dates_in_order(valid_from, valid_to, field="valid_to")
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
    return _noted(help_in_kind, "in_kind.added", receipt=receipt, by=by)


def reverse_in_kind(help_in_kind: InKind, *, by: Any) -> InKind:
    """Take back help in kind that was written down by mistake or never came."""
    require(may_change_funding(by))
    return _reverse(help_in_kind, "in_kind.reversed", by=by)


# --- how rows are written and taken back ----------------------------------------------------------------------

_SUMS = ("amount_ore", "delta_ore", "ore", "spent_ore")


def _sent_before(model: type[Row], receipt: UUID | None) -> Row | None:
    return db.session.get(model, receipt) if receipt else None


def _noted(
    row: Row, verb: str, *, receipt: UUID | None, by: Any, before: Mapping[str, Any] | None = None
) -> Row:
    if receipt:
        row.id = receipt
    row.noted_by_id = by.id
    db.session.add(row)
    db.session.flush()
    after = None if row.reverses_id else audit.state(row)
    audit.note(verb, row, by=by, before=before, after=after)
    return row


def _reverse(row: Row, verb: str, *, by: Any) -> Row:
    """The same row again with the opposite sum, naming what it takes back; once only."""
    model = type(row)
    if already := db.session.scalars(select(model).where(model.reverses_id == row.id)).one_or_none():
        return already
    kept = ("id", "noted_at", "noted_by_id", "reverses_id")
    names = [column.key for column in inspect(model).column_attrs if column.key not in kept]
    reversal = model(**{name: -value if name in _SUMS else value for name, value in _values(row, names)})
    reversal.reverses_id = row.id
    return _noted(reversal, verb, receipt=None, by=by, before=audit.state(row))


def _values(row: MoneyRow, names: Collection[str]) -> list[tuple[str, Any]]:
    return [(name, getattr(row, name)) for name in names]


def _not_ahead(day: date, *, field: str) -> None:
    if day > clock.today():
        raise Refusal(_("Välj en dag som har varit."), field=field)


def _dates_in_order(first: date, last: date | None, *, field: str) -> None:
    if last is not None and last < first:
        raise Refusal(_("Slutdatumet ligger före startdatumet. Ändra ett av dem."), field=field)
