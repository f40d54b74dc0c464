"""What the books say: agreements and what happened to them, costs, the bank balance, help in kind."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from choir_app.choirs.models import Choir, Town
from choir_app.foundation.database import db
from choir_app.funding.models import (
    Agreement,
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
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.rules.money_at_hand import returned_ore
from choir_app.partners.models import Partner

Row = TypeVar("Row", bound=MoneyRow)


def standing(model: type[Row]) -> Select[Row]:
    """The rows of a table of money that count: neither reversals nor what they took back."""
    reversal = aliased(model)
    is_taken_back = select(reversal.id).where(reversal.reverses_id == model.id).exists()
    return select(model).where(model.reverses_id.is_(None), ~is_taken_back)


def _visible(wanted: Select[Any], viewer: Any) -> Select[Any]:
    return wanted if may_see_funding(viewer) else wanted.where(false())


# --- agreements -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AgreementRow:
    """One agreement as lists and pages show it: what was signed, and what has become of it."""

    id: UUID
    name: str
    partner: str
    partner_slug: str
    partner_id: UUID
    signed_on: date
    signed_ore: int
    effective_ore: int
    received_ore: int
    returned_ore: int
    """What went back to the partner for good, and so is neither left nor to come."""
    spent_ore: int
    spent_as_of: date | None
    usable_from: date
    usable_to: date | None
    for_whom: tuple[str, ...]
    """Names of choirs or towns; none means all."""
    repay_unspent: bool
    grantee: str | None

    @property
    def left_ore(self) -> int:
        """What may still be spent of it, in öre; less than nothing when more was spent than was granted."""
        return self.effective_ore - self.returned_ore - self.spent_ore

    def is_over_on(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.usable_to is not None and self.usable_to < day


def agreement(agreement_id: UUID, *, viewer: Any) -> Agreement:
    """One agreement that stands; raises NoResultFound."""
    return db.session.scalars(_visible(standing(Agreement), viewer).where(Agreement.id == agreement_id)).one()


def agreement_row(agreement: Agreement) -> AgreementRow:
    """One agreement with what has become of it."""
    return _agreement_rows([agreement])[0]


def agreement_rows(
    *, viewer: Any, partner: Partner | None = None, as_of: date | None = None
) -> list[AgreementRow]:
    """Every agreement that stands, those that end first at the top; of one partner when asked, or as they were known
    on a day."""
    wanted = (
        _visible(standing(Agreement), viewer)
        .join(Partner)
        .options(lazyload(Agreement.partner, Partner.in_towns))
    )
    if partner is not None:
        wanted = wanted.where(Agreement.partner_id == partner.id)
    if as_of is not None:
        wanted = wanted.where(Agreement.signed_on <= as_of)
    rows = _agreement_rows(list(db.session.scalars(wanted)), as_of or date.max)
    return sorted(rows, key=lambda row: (row.usable_to or date.max, row.partner, row.name, str(row.id)))


def _agreement_rows(agreements: Sequence[Agreement], as_of: date = date.max) -> list[AgreementRow]:
    ids = [one.id for one in agreements]
    amended: dict[UUID, list[Amendment]] = defaultdict(list)
    for change in db.session.scalars(
        standing(Amendment)
        .where(Amendment.agreement_id.in_(ids), Amendment.on <= as_of)
        .order_by(Amendment.on, Amendment.noted_at)
    ):
        amended[change.agreement_id].append(change)
    came: dict[UUID, int] = defaultdict(int)
    back: dict[UUID, int] = defaultdict(int)
    for payment in db.session.scalars(
        standing(Payment).where(Payment.agreement_id.in_(ids), Payment.on <= as_of)
    ):
        (came if payment.ore > 0 else back)[payment.agreement_id] += abs(payment.ore)
    spent = {
        row.agreement_id: row
        for row in db.session.scalars(
            standing(SpentToDate)
            .where(SpentToDate.agreement_id.in_(ids), SpentToDate.as_of <= as_of)
            .order_by(SpentToDate.as_of, SpentToDate.noted_at)
        )
    }
    names = _names_of_places()
    rows = []
    for one in agreements:
        last_day = one.usable_to
        effective = one.amount_ore + sum(change.delta_ore for change in amended[one.id])
        for change in amended[one.id]:
            last_day = change.new_usable_to or last_day
        rows.append(
            AgreementRow(
                id=one.id,
                name=one.name,
                partner=one.partner.name,
                partner_slug=one.partner.slug,
                partner_id=one.partner_id,
                signed_on=one.signed_on,
                signed_ore=one.amount_ore,
                effective_ore=effective,
                received_ore=came[one.id] - back[one.id],
                returned_ore=returned_ore(effective, came[one.id], back[one.id]),
                spent_ore=spent[one.id].spent_ore if one.id in spent else 0,
                spent_as_of=spent[one.id].as_of if one.id in spent else None,
                usable_from=one.usable_from,
                usable_to=last_day,
                for_whom=_for_whom(one, names),
                repay_unspent=one.repay_unspent,
                grantee=one.grantee,
            )
        )
    return rows


def _names_of_places() -> dict[UUID, str]:
    choirs = db.session.execute(select(Choir.id, Choir.name))
    towns = db.session.execute(select(Town.id, Town.name))
    return {row.id: row.name for row in (*choirs, *towns)}


def _for_whom(agreement: Agreement, names: dict[UUID, str]) -> tuple[str, ...]:
    if agreement.allocation == "choirs":
        return tuple(sorted(names[row.choir_id] for row in agreement.choirs))
    if agreement.allocation == "town":
        return tuple(sorted(names[row.town_id] for row in agreement.towns))
    return ()


@dataclass(frozen=True)
class Happening:
    """One row in the history of an agreement: what, when, how much."""

    id: UUID
    kind: str
    """amendment, payment or spent."""
    on: date
    ore: int
    new_usable_to: date | None = None
    note: str | None = None
    noted_at: datetime | None = None


def history_of(agreement: Agreement) -> list[Happening]:
    """Amendments, payments and what was spent, the newest first; what was taken back is not in it."""
    found = [
        *(
            Happening(row.id, "amendment", row.on, row.delta_ore, row.new_usable_to, row.note, row.noted_at)
            for row in db.session.scalars(standing(Amendment).where(Amendment.agreement_id == agreement.id))
        ),
        *(
            Happening(row.id, "payment", row.on, row.ore, None, row.note, row.noted_at)
            for row in db.session.scalars(standing(Payment).where(Payment.agreement_id == agreement.id))
        ),
        *(
            Happening(row.id, "spent", row.as_of, row.spent_ore, None, None, row.noted_at)
            for row in db.session.scalars(
                standing(SpentToDate).where(SpentToDate.agreement_id == agreement.id)
            )
        ),
    ]
    return sorted(found, key=lambda one: (one.on, one.noted_at), reverse=True)


HAPPENINGS: dict[str, type[Amendment] | type[Payment] | type[SpentToDate]] = {
    "amendment": Amendment,
    "payment": Payment,
    "spent": SpentToDate,
}


def happening(kind: str, row_id: UUID, *, agreement: Agreement) -> Amendment | Payment | SpentToDate:
    """One row of an agreement's history, by its kind and id; raises NoResultFound."""
    model = HAPPENINGS[kind]
    return db.session.scalars(
        standing(model).where(model.id == row_id, model.agreement_id == agreement.id)
    ).one()


def deadlines_of(agreement: Agreement) -> Sequence[Deadline]:
    """What the funder wants and when, soonest first."""
    return db.session.scalars(
        select(Deadline)
        .options(joinedload(Deadline.owner))
        .where(Deadline.agreement_id == agreement.id)
        .order_by(Deadline.due_on, Deadline.created_at)
    ).all()


def deadline(deadline_id: UUID, *, agreement: Agreement) -> Deadline:
    """One deadline of an agreement; raises NoResultFound."""
    return db.session.scalars(
        select(Deadline).where(Deadline.id == deadline_id, Deadline.agreement_id == agreement.id)
    ).one()


# --- costs ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CostRow:
    """One planned cost as the list shows it."""

    id: UUID
    choir_id: UUID | None
    choir: str | None
    category: str
    what: str | None
    driver: str
    day_of_month: int | None
    ore: int
    valid_from: date
    valid_to: date | None

    def is_over_on(self, day: date) -> bool:
        """Whether it costs nothing any more from this day on."""
        last = self.valid_from if self.driver == "once" else self.valid_to
        return last is not None and last < day


def cost_line(line_id: UUID, *, viewer: Any) -> CostLine:
    """One cost that stands; raises NoResultFound."""
    return db.session.scalars(_visible(standing(CostLine), viewer).where(CostLine.id == line_id)).one()


def cost_rows(*, viewer: Any, as_of: date | None = None) -> list[CostRow]:
    """Every cost that stands, by choir, the shared ones last; when a day is asked about, those not over then."""
    wanted = (
        _visible(standing(CostLine), viewer)
        .outerjoin(CostLine.choir)
        .add_columns(Choir.name)
        .order_by(Choir.name.is_(None), Choir.name, CostLine.valid_from, CostLine.category, CostLine.noted_at)
    )
    ends = last_days_of_costs()
    rows = [
        CostRow(
            id=line.id,
            choir_id=line.choir_id,
            choir=choir,
            category=line.category,
            what=line.what,
            driver=line.driver,
            day_of_month=line.day_of_month,
            ore=line.ore,
            valid_from=line.valid_from,
            valid_to=ends.get(line.id, line.valid_to),
        )
        for line, choir in db.session.execute(wanted)
    ]
    return rows if as_of is None else [row for row in rows if not row.is_over_on(as_of)]


def last_days_of_costs() -> dict[UUID, date]:
    """The last day of those costs of which somebody said later when they end."""
    ends = db.session.scalars(standing(CostLineEnd).order_by(CostLineEnd.noted_at, CostLineEnd.id))
    return {end.cost_line_id: end.last_day for end in ends}


def choirs_without_costs() -> Sequence[Choir]:
    """Choirs that sing but of which nobody wrote down what they cost."""
    costing = standing(CostLine).with_only_columns(CostLine.choir_id).where(CostLine.choir_id.is_not(None))
    return db.session.scalars(select(Choir).where(Choir.id.not_in(costing)).order_by(Choir.name)).all()


# --- the bank balance and help in kind ------------------------------------------------------------------------


def balances(*, viewer: Any, limit: int = 24) -> Sequence[BankBalance]:
    """What was in the bank, the newest first."""
    return db.session.scalars(
        _visible(standing(BankBalance), viewer)
        .order_by(BankBalance.as_of.desc(), BankBalance.noted_at.desc())
        .limit(limit)
    ).all()


def balance(balance_id: UUID, *, viewer: Any) -> BankBalance:
    """One balance that stands; raises NoResultFound."""
    return db.session.scalars(
        _visible(standing(BankBalance), viewer).where(BankBalance.id == balance_id)
    ).one()


def in_kind_rows(*, viewer: Any, partner: Partner | None = None) -> Sequence[InKind]:
    """Help that is not money, by choir; of one partner when asked."""
    wanted = (
        _visible(standing(InKind), viewer)
        .join(InKind.choir)
        .options(
            joinedload(InKind.choir), joinedload(InKind.replaces), lazyload(InKind.partner, Partner.in_towns)
        )
        .order_by(Choir.name, InKind.valid_from)
    )
    if partner is not None:
        wanted = wanted.where(InKind.partner_id == partner.id)
    return db.session.scalars(wanted).all()


def in_kind(row_id: UUID, *, viewer: Any) -> InKind:
    """One piece of help in kind that stands; raises NoResultFound."""
    return db.session.scalars(_visible(standing(InKind), viewer).where(InKind.id == row_id)).one()


def all_choirs() -> Sequence[Choir]:
    """Every choir, by name."""
    return db.session.scalars(select(Choir).order_by(func.lower(Choir.name))).all()


def all_partners() -> Sequence[Partner]:
    """Every partner in alphabetical order, to choose from."""
    return db.session.scalars(
        select(Partner).options(lazyload(Partner.in_towns)).order_by(Partner.sort_key)
    ).all()
