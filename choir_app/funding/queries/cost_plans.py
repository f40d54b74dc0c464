"""A term's costs as they would be in another term, for looking at before they are copied."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload

from choir_app.foundation.database import db
from choir_app.funding.models import InKind
from choir_app.funding.queries.books import CostRow, cost_rows, standing
from choir_app.funding.queries.facts import facts
from choir_app.funding.rules.cost_plans import Copy, PlannedCost, Standing, Term, copied_plan
from choir_app.funding.rules.costs import CostLine, Driver


@dataclass(frozen=True)
class PlanRow:
    """One cost of a term, its copy in another, and the help in kind that follows it there."""

    cost: CostRow
    copy: Copy
    gifts: Sequence[InKind]

    @property
    def may_be_chosen(self) -> bool:
        """Whether there is anything to copy."""
        return self.copy.standing != Standing.GOES_ON

    @property
    def is_new(self) -> bool:
        """Whether nothing like it is planned there yet."""
        return self.copy.standing == Standing.NEW


def cost_plan(*, viewer: Any, source: Term, target: Term, change_bp: int = 0) -> list[PlanRow]:
    """What each cost of one term would be in a later one, by choir, the shared ones last. Three statements.

    Raises ValueError when the target is not later than the source.
    """
    costs = {row.id: row for row in cost_rows(viewer=viewer)}
    planned = [
        PlannedCost(
            CostLine(
                id=row.id,
                choir=row.choir_id,
                driver=Driver(row.driver),
                ore=row.ore,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                day_of_month=row.day_of_month,
                category=row.category,
            ),
            row.what,
        )
        for row in costs.values()
    ]
    copies = copied_plan(planned, source=source, target=target, change_bp=change_bp)
    gifts: dict[UUID, list[InKind]] = defaultdict(list)
    if copies:
        wanted = standing(InKind).where(InKind.replaces_id.in_([copy.of for copy in copies]))
        for gift in db.session.scalars(wanted.options(joinedload(InKind.choir)).order_by(InKind.id)):
            gifts[gift.replaces_id or gift.id].append(gift)
    return [
        PlanRow(
            cost=costs[copy.of],  # type: ignore[index]  # the ids are those of the rows
            copy=copy,
            gifts=tuple(gift for gift in gifts[copy.of] if _meets(gift, copy)),  # type: ignore[index]  # likewise
        )
        for copy in copies
    ]


def usual_month_ore(today: date) -> int:
    """What the middle one of the next twelve whole months costs for all choirs, in öre; 0 without any cost."""
    known = facts(today, with_open_money=False)
    sums: dict[date, int] = defaultdict(int)
    for row in known.demands:
        if row.on > today:
            sums[row.on.replace(day=1)] += row.ore
    sums.pop(today.replace(day=1), None)
    costs = sorted(ore for _month, ore in sorted(sums.items())[:12])
    return costs[len(costs) // 2] if costs else 0


def digest_of(rows: Sequence[PlanRow]) -> str:
    """A short name of a plan as it is shown; another plan has another one."""
    told = [(str(row.copy), [str(gift.id) for gift in row.gifts]) for row in rows]
    return sha256(repr(sorted(told)).encode()).hexdigest()[:24]


def terms_to_copy(today: date) -> tuple[list[Term], list[Term]]:
    """The terms whose costs can be copied, and those they can be copied to."""
    now = Term.of(today)
    return [now.after(number) for number in range(-3, 2)], [now.after(number) for number in range(4)]


def _meets(gift: InKind, copy: Copy) -> bool:
    if gift.valid_to is not None and gift.valid_to < copy.valid_from:
        return False
    return copy.valid_to is None or gift.valid_from <= copy.valid_to
