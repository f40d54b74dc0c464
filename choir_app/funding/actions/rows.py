"""How rows about money are written down and taken back, by every action of the room."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select

from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal
from choir_app.funding.models import Agreement, MoneyRow

Row = TypeVar("Row", bound=MoneyRow)

_SUMS = ("amount_ore", "delta_ore", "ore", "spent_ore")


def sent_before(model: type[Row], receipt: UUID | None) -> Row | None:
    """The row that was made when the same form was sent before."""
    return db.session.get(model, receipt) if receipt else None


def noted(
    row: Row, verb: str, *, receipt: UUID | None, by: Any, before: Mapping[str, Any] | None = None
) -> Row:
    """Keep a row, with who wrote it down, and say in the log what it changed."""
    if receipt:
        row.id = receipt
    row.noted_by_id = by.id
    db.session.add(row)
    db.session.flush()
    after = None if row.reverses_id else audit.state(row)
    audit.note(verb, row, by=by, before=before, after=after)
    return row


def reverse_row(row: Row, verb: str, *, by: Any) -> Row:
    """The same row again with the opposite sum, naming what it takes back; once only."""
    model = type(row)
    if already := db.session.scalars(select(model).where(model.reverses_id == row.id)).one_or_none():
        return already
    kept = ("id", "noted_at", "noted_by_id", "reverses_id")
    names = [column.key for column in inspect(model).column_attrs if column.key not in kept]
    reversal = model(**{name: -value if name in _SUMS else value for name, value in _values(row, names)})
    reversal.reverses_id = row.id
    return noted(reversal, verb, receipt=None, by=by, before=audit.state(row))


def _values(row: MoneyRow, names: Collection[str]) -> list[tuple[str, Any]]:
    return [(name, getattr(row, name)) for name in names]


def not_ahead(day: date, *, field: str) -> None:
    """Refuse a day that has not been."""
    if day > clock.today():
        raise Refusal(_("Välj en dag som har varit."), field=field)


def dates_in_order(first: date, last: date | None, *, field: str) -> None:
    """Refuse a last day before the first."""
    if last is not None and last < first:
        raise Refusal(_("Slutdatumet ligger före startdatumet. Ändra ett av dem."), field=field)


def alone_with(agreement: Agreement) -> None:
    """Have others who write about the agreement wait until this is done, so that sums are compared as they are."""
    db.session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())
