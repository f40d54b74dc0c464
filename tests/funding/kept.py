"""Plans and snapshots for tests."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import SavedScenario
from choir_app.funding.queries.plans import version_of
from choir_app.funding.rules.scenario import NewPayer, Scenario, query_of

PAYER = NewPayer(1_500_000, "alla", date(2026, 9, 1), date(2027, 6, 30))
"""15,000 kr a month for all, for ten months."""


def a_plan(
    name: str = "Två finansiärer till", scenario: Scenario | None = None, **more: Any
) -> SavedScenario:
    """A scenario kept under a name."""
    query = query_of(scenario or Scenario(payers=(PAYER,)))
    plan = SavedScenario(id=uuid4(), name=name, query=query, **{"state": "unknown", **more})
    db.session.add(plan)
    db.session.flush()
    return plan


def deeds_of_plans() -> dict[str, Callable[[Any], Any]]:
    """Every action on plans and snapshots, on things that are there."""
    kept, gone = a_plan("Kvar"), a_plan("Borta")
    return {
        "save_plan": lambda by: actions.save_plan(Scenario(payers=(PAYER,)), name=f"Plan {uuid4()}", by=by),
        "change_plan": lambda by: actions.change_plan(
            kept, Scenario(payers=(PAYER, PAYER)), seen=version_of(kept), by=by
        ),
        "rename_plan": lambda by: actions.rename_plan(kept, f"Plan {uuid4()}", seen=kept.name, by=by),
        "count_plan_anew": lambda by: actions.count_plan_anew(kept, by=by),
        "remove_plan": lambda by: actions.remove_plan(gone, by=by),
        "take_snapshot": lambda by: actions.take_snapshot(as_of=clock.today(), by=by),
    }
