"""How rows about money are written down and taken back, by every action of the room."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, inspect, select

from choir_app.accounts.models import Account
from choir_app.foundation import audit, clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.money import kronor_text
from choir_app.foundation.refusal import Refusal
from choir_app.funding.models import Agreement, MoneyRow
from choir_app.funding.queries import writings

Row = TypeVar("Row", bound=MoneyRow)
Thing = TypeVar("Thing", bound=Model)

_SUMS = ("amount_ore", "delta_ore", "ore", "spent_ore")


def sent_before(model: type[Thing], receipt: UUID | None, *, by: Any) -> Thing | None:
    """The row that was made when the same form was sent before; of two presses at once the second waits for it."""
    if receipt is None:
        return None
    after_other_presses(by)
    return db.session.get(model, receipt)


def after_other_presses(by: Any) -> None:
    """Let what the same person sent in the same moment be done first."""
    db.session.execute(select(Account.id).where(Account.id == by.id).with_for_update(key_share=True))


def one_at_a_time(subject: str) -> None:
    """Let whoever else writes about a subject be done first: for what has no row yet that could be waited for.

    SQLite's writers queue before they begin.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject))))
    db.session.flush()
    db.session.expire_all()  # what was read before the others were done may have changed


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
    """The same row again with the opposite sum, naming what it takes back; once only, whoever strikes it beside."""
    model = type(row)
    db.session.execute(select(model.id).where(model.id == row.id).with_for_update(key_share=True))
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


_WRITTEN = {
    "amendment": lazy_("en ändring av avtalet"),
    "payment": lazy_("en inbetalning"),
    "spent": lazy_("vad som är använt"),
    "instalment": lazy_("en utbetalning"),
}


def heed_others(agreement: Agreement, seen: int | None, *, by: Any) -> None:
    """Refuse when somebody wrote about the agreement's money since this person opened the form, and say what.

    `seen` is how many rows there were then; None asks for nothing. Whoever has read it and sends again is heard.
    """
    alone_with(agreement)
    if db.session.scalar(select(Agreement.id).where(Agreement.reverses_id == agreement.id)):
        raise Refusal(_("Avtalet är struket. Det räknas inte längre."))
    count = writings.writings_count(agreement)
    if seen is None or seen >= count:
        return
    told = [_told(one, by) for one in writings.latest_writings(agreement, count - seen)]
    raise Refusal(
        _("%(what)s medan du skrev. Stämmer ditt ändå, spara en gång till.", what="; ".join(told)),
        field="seen",
    )


def _told(one: writings.Writing, by: Any) -> str:
    who = _("Du") if one.by == by.name else one.by or _("Någon")
    words = {"who": who, "what": _WRITTEN[one.kind], "sum": kronor_text(abs(one.ore))}
    if one.is_reversal:
        return _("%(who)s strök %(what)s på %(sum)s", **words)
    return _("%(who)s skrev in %(what)s på %(sum)s", **words)


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the thing since this person opened it; both versions are to be shown."""

    def __init__(self, who: str | None) -> None:
        super().__init__(
            _(
                "%(who)s sparade ändringar medan du skrev. Titta på båda och spara en gång till.",
                who=who or _("Någon annan"),
            )
        )


def account_name(account_id: UUID | None) -> str | None:
    """The name of whoever changed something, while they still have an account."""
    return db.session.scalar(select(Account.name).where(Account.id == account_id)) if account_id else None
