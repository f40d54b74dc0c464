"""A term's planned costs, copied to another term at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.books import end_cost_line
from choir_app.funding.actions.rows import noted
from choir_app.funding.models import CostLine, InKind
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries import books
from choir_app.funding.queries.cost_plans import PlanRow, cost_plan, digest_of
from choir_app.funding.rules.cost_plans import Term


def copy_costs(
    chosen: Collection[UUID],
    *,
    source: Term,
    target: Term,
    by: Any,
    receipt: UUID,
    change_bp: int = 0,
    seen: str | None = None,
) -> list[CostLine]:
    """Plan these costs of one term in a later one as well, their sums changed by basis points.

    A cost that would go on beside its copy ends the day before, and help in kind that replaces it replaces the
    copy too. `seen` is the `digest_of` the plan that the chooser saw: when somebody has changed it since, nothing is
    copied. The same receipt sent again copies nothing more.
    """
    require(may_change_funding(by))
    _wait_for(chosen)
    ids = {line_id: uuid5(receipt, str(line_id)) for line_id in chosen}
    if already := db.session.scalars(select(CostLine).where(CostLine.id.in_(ids.values()))).all():
        return list(already)
    if not chosen:
        raise Refusal(_("Välj minst en kostnad."), field="lines")
    if not source < target:
        raise Refusal(_("Välj en termin som kommer efter den du kopierar från."), field="till")
    rows = cost_plan(viewer=by, source=source, target=target, change_bp=change_bp)
    plan = {row.cost.id: row for row in rows if row.may_be_chosen}
    if seen not in (None, digest_of(rows)) or not ids.keys() <= plan.keys():
        raise Refusal(_("Någon har ändrat kostnaderna. Titta igen och välj på nytt."), field="lines")
    return [_copy(row, receipt=ids[line_id], by=by) for line_id, row in plan.items() if line_id in ids]


def _wait_for(chosen: Collection[UUID]) -> None:
    """Let whoever copies the same costs finish first; what they planned is seen then."""
    wanted = select(CostLine.id).where(CostLine.id.in_(chosen)).order_by(CostLine.id)
    db.session.execute(wanted.with_for_update(of=CostLine))


def _copy(row: PlanRow, *, receipt: UUID, by: Any) -> CostLine:
    old, copy = row.cost, row.copy
    if copy.ends_old_on:
        end_cost_line(books.cost_line(old.id, viewer=by), last_day=copy.ends_old_on, by=by)
    line = CostLine(
        choir_id=old.choir_id,
        category=old.category,
        what=old.what,
        driver=old.driver,
        day_of_month=old.day_of_month,
        ore=copy.ore,
        valid_from=copy.valid_from,
        valid_to=copy.valid_to,
    )
    noted(line, "cost_line.added", receipt=receipt, by=by)
    for gift in row.gifts:
        follows = InKind(
            partner_id=gift.partner_id,
            choir_id=gift.choir_id,
            what=gift.what,
            replaces_id=line.id,
            valid_from=max(gift.valid_from, copy.valid_from),
            valid_to=gift.valid_to,
        )
        noted(follows, "in_kind.added", receipt=None, by=by)
    return line
