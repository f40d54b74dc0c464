"""Keeping a scenario under a name, and keeping what the forecast said month by month."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from choir_app.foundation import audit, clock
from choir_app.foundation.caretaker import THE_HOUSE, chore
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.funding.actions.rows import one_at_a_time
from choir_app.funding.models import ForecastSnapshot, SavedScenario, SnapshotAsk, SnapshotChoir
from choir_app.funding.permissions import may_change_funding
from choir_app.funding.queries.answers import Answers, answers
from choir_app.funding.queries.facts import facts
from choir_app.funding.queries.forecast import Outlook
from choir_app.funding.queries.plans import version_of
from choir_app.funding.queries.scenario import today_as_of, tried
from choir_app.funding.rules import months_after
from choir_app.funding.rules.scenario import Scenario, query_of, read_query

COURSE_MONTHS = 12
"""How far ahead the balance that was foreseen is kept."""
LONGEST_QUERY = 8_000


def save_plan(scenario: Scenario, *, name: str, by: Any) -> SavedScenario:
    """Keep a scenario under a name. It is counted anew each time it is opened; only its changes are kept."""
    require(may_change_funding(by))
    query = _query_to_keep(scenario)
    name = _name_to_keep(name)
    one_at_a_time("plans")
    _see_that_name_is_free(name)
    plan = SavedScenario(name=name, query=query, created_by_id=by.id)
    _look(plan, scenario)
    db.session.add(plan)
    db.session.flush()
    audit.note("plan.added", plan, by=by)
    return plan


def change_plan(plan: SavedScenario, scenario: Scenario, *, seen: str, by: Any) -> SavedScenario:
    """Let a plan try something else from now on, under its name; `seen` is the version that was changed.

    Refused, with the field «seen», when somebody else has changed it since: nothing is overwritten unseen.
    """
    require(may_change_funding(by))
    query = _query_to_keep(scenario)
    _alone_with(plan)
    if query == plan.query:
        return plan
    if seen != version_of(plan):
        raise Refusal(
            _("Någon annan sparade planen medan du provade. Titta på båda, och välj vilken som ska gälla."),
            field="seen",
        )
    plan.query = query
    _look(plan, scenario)
    audit.note("plan.changed", plan, by=by)
    return plan


def rename_plan(plan: SavedScenario, name: str, *, seen: str, by: Any) -> SavedScenario:
    """Give a plan another name; `seen` is the name that it had when the form was opened."""
    require(may_change_funding(by))
    name = _name_to_keep(name)
    _alone_with(plan)
    if name == plan.name:
        return plan
    if seen != plan.name:
        raise Refusal(
            _(
                "Någon annan döpte planen till «%(name)s» medan du skrev. Ska den heta som du skrev, spara igen.",
                name=plan.name,
            ),
            field="seen",
        )
    _see_that_name_is_free(name)
    plan.name = name
    audit.note("plan.changed", plan, by=by)
    return plan


def count_plan_anew(plan: SavedScenario, *, by: Any) -> SavedScenario:
    """Take the answer that a plan gives now for the one to compare with from now on."""
    require(may_change_funding(by))
    _alone_with(plan)
    _look(plan, read_query(plan.query).scenario)
    audit.note("plan.counted_anew", plan, by=by)
    return plan


def remove_plan(plan: SavedScenario, *, by: Any) -> SavedScenario:
    """Take a plan away. It is no money: nothing in the books hangs on it."""
    require(may_change_funding(by))
    _alone_with(plan)
    audit.note("plan.removed", plan, by=by)
    db.session.delete(plan)
    db.session.flush()
    return plan


def take_snapshot(*, as_of: date, by: Any) -> ForecastSnapshot:
    """Keep what the forecast says on a day, once a month: a second try in the same month changes nothing."""
    require(may_change_funding(by))
    month = as_of.replace(day=1)
    if already := db.session.scalars(
        select(ForecastSnapshot).where(ForecastSnapshot.month == month)
    ).one_or_none():
        return already
    found = answers(facts(as_of))
    told = found.forecast
    snapshot = ForecastSnapshot(
        month=month,
        as_of=as_of,
        balance_ore=told.balance_ore,
        course=list(_course(found)),
        choirs=[SnapshotChoir(choir_id=one.id, **_said(one.financed)) for one in told.choirs],
        asks=[
            SnapshotAsk(opportunity_id=ask.id, stage=ask.stage, chance_bp=ask.chance.bp)
            for ask in found.facts.asks
        ],
        **_said(told.network),
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


@chore("a snapshot of the forecast each month")
def keep_score() -> None:
    """Keep what the forecast says this month, on the first night on which the caretaker comes to it."""
    take_snapshot(as_of=clock.today(), by=THE_HOUSE)


def _alone_with(plan: SavedScenario) -> None:
    """Let whoever else writes about plans be done first; refused when one of them took this one away."""
    id_, name = plan.id, plan.name
    one_at_a_time("plans")
    if db.session.scalar(select(SavedScenario.id).where(SavedScenario.id == id_)) is None:
        raise Refusal(
            _("Planen «%(name)s» är borttagen. Det den provade står kvar här.", name=name), field="gone"
        )


def _query_to_keep(scenario: Scenario) -> str:
    query = query_of(scenario)
    if not query:
        raise Refusal(_("Prova något först. Det finns inget att spara än."))
    if len(query) > LONGEST_QUERY:
        raise Refusal(_("Det är för många ändringar på en gång. Ta bort några."))
    return query


def _name_to_keep(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Skriv vad planen heter."), field="name")
    return name


def _see_that_name_is_free(name: str) -> None:
    if db.session.scalar(select(SavedScenario.id).where(SavedScenario.name == name)):
        raise Refusal(_("Det finns redan en plan som heter så. Skriv ett annat namn."), field="name")


def _look(plan: SavedScenario, scenario: Scenario) -> None:
    outlook = tried(scenario, today_as_of(clock.today())).then.forecast.network
    plan.counted_at = clock.now()
    plan.state = outlook.state
    plan.told_on = outlook.beyond or (outlook.to if outlook.state == "ends" else outlook.first_unpaid_on)


def _said(outlook: Outlook) -> dict[str, Any]:
    return {
        "state": outlook.state,
        "financed_to": outlook.to,
        "first_unpaid_on": outlook.first_unpaid_on,
        "beyond": outlook.beyond,
    }


def _course(found: Answers) -> Iterable[list[Any]]:
    """The balance that is foreseen after each day on which money moves, from the day on and for a year."""
    if found.cash is None:
        return
    last = months_after(found.facts.as_of, COURSE_MONTHS)
    before = [day for day in found.cash.course if day.on <= found.facts.as_of]
    now = before[-1].balance_ore if before else found.facts.balance_ore
    yield [found.facts.as_of.isoformat(), now]
    for day in found.cash.course:
        if found.facts.as_of < day.on <= last:
            yield [day.on.isoformat(), day.balance_ore]
