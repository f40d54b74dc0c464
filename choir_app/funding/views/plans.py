"""Scenarios kept under a name: each has an address of its own, for whoever may see the money."""

from urllib.parse import parse_qsl
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation.forms import HouseForm, Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import actions
from choir_app.funding.forms.forecasts import PlanForm, PlanNameForm
from choir_app.funding.models import SavedScenario
from choir_app.funding.queries import date_told
from choir_app.funding.queries import plans as kept
from choir_app.funding.queries.scenario import told_changes, tried
from choir_app.funding.rules.scenario import Scenario, query_of, read_query, read_scenario
from choir_app.funding.views import room
from choir_app.funding.views.scenario import SEEN, page_of, todays_plan, typed_fields


@room.get("/finansiering/planer")
@for_managers
def plans() -> ResponseReturnValue:
    """The plans that have been kept, and which of them the books have left behind."""
    return render_template(
        "funding/plans.html",
        rows=kept.plan_rows(),
        told_then=kept.told_then,
        stale_sentence=kept.stale_sentence,
    )


@room.get("/finansiering/plan/<uuid:plan_id>")
@for_managers
def plan(plan_id: UUID) -> ResponseReturnValue:
    """One plan, counted as of today beside today's plan; or what somebody who changes it is trying."""
    one = kept.plan(plan_id)
    return page_of(
        typed_fields() if SEEN in request.args else dict(parse_qsl(one.query)),
        plan=one,
        plan_by=one.created_by.name if one.created_by else "",
        stale=kept.stale_sentence(kept.changed_agreements(one)),
        told_then=kept.told_then(one),
        form=Plain(),
    )


@room.post("/finansiering/plan/<uuid:plan_id>/andra")
@for_managers
def change_plan(plan_id: UUID) -> ResponseReturnValue:
    """Save what is tried in the address under the plan's name; of two who do so the second sees both versions."""
    one = kept.plan(plan_id)
    scenario = read_scenario(typed_fields().items()).scenario
    query, form = query_of(scenario), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_plan(one, scenario, seen=request.args.get(SEEN, ""), by=current_user)
            tell(_("Planen är sparad."))
            return redirect(url_for(".plan", plan_id=plan_id), 303)
        if kept.plan_if_any(str(plan_id)) is None:
            return _gone(form, query)
        if query and kept.version_of(one) != request.args.get(SEEN):
            return _both_versions(one, scenario, form)
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(f"{url_for('.plan', plan_id=plan_id)}?{SEEN}={kept.version_of(one)}&{query}", 303)


def _gone(form: HouseForm, query: str) -> ResponseReturnValue:
    """Somebody took the plan away in the same moment: say so, and leave what was tried where it can be saved."""
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(f"{url_for('.what_if')}?{query}", 303)


def _both_versions(one: SavedScenario, scenario: Scenario, form: Plain) -> ResponseReturnValue:
    today = todays_plan()
    theirs = read_query(one.query).scenario
    return render_template(
        "funding/plan_both.html",
        form=form,
        plan=one,
        rows=[
            (name, query_of(each), told_changes(each, today.known, today.around), tried(each, today))
            for name, each in ((_("Så är den sparad"), theirs), (_("Så provar du"), scenario))
        ],
        mine=query_of(scenario),
        seen=kept.version_of(one),
        date_told=date_told,
    ), form.status


@room.route("/finansiering/plan/<uuid:plan_id>/namn", methods=["GET", "POST"])
@for_managers
def rename_plan(plan_id: UUID) -> ResponseReturnValue:
    """Give a plan another name."""
    one = kept.plan(plan_id)
    query = query_of(read_query(one.query).scenario)
    form = PlanNameForm(seen=one.name, data={"name": one.name})
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.rename_plan(one, form.name.data, seen=form.seen_before or "", by=current_user)
            tell(_("Planen heter nu «%(name)s».", name=one.name))
            return redirect(url_for(".plan", plan_id=plan_id), 303)
        if kept.plan_if_any(str(plan_id)) is None:
            return _gone(form, query)
        form.meet(one.name)
    return render_template("funding/plan_name.html", form=form, plan=one), form.status


@room.route("/finansiering/tank-om/spara", methods=["GET", "POST"])
@for_managers
def save_plan() -> ResponseReturnValue:
    """Give what is tried in the address a name, and an address that can be passed on."""
    scenario = read_scenario((name, values[-1]) for name, values in request.args.lists()).scenario
    form = PlanForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            one = actions.save_plan(scenario, name=form.name.data, by=current_user)
            tell(_("Planen är sparad. Skicka länken till den som ska se den."))
            return redirect(url_for(".plan", plan_id=one.id), 303)
    today = todays_plan()
    return render_template(
        "funding/plan_form.html",
        form=form,
        changes=told_changes(scenario, today.known, today.around),
        back=f"{url_for('.what_if')}?{query_of(scenario)}",
    ), form.status


@room.post("/finansiering/plan/<uuid:plan_id>/rakna-om")
@for_managers
def count_plan_anew(plan_id: UUID) -> ResponseReturnValue:
    """Compare from now on with what the plan tells now."""
    one = kept.plan(plan_id)
    query, form = query_of(read_query(one.query).scenario), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.count_plan_anew(one, by=current_user)
            tell(_("Planen är räknad på nytt."))
        if kept.plan_if_any(str(plan_id)) is None:
            return _gone(form, query)
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@room.post("/finansiering/plan/<uuid:plan_id>/ta-bort")
@for_managers
def remove_plan(plan_id: UUID) -> ResponseReturnValue:
    """Take a plan away; what it tried can be tried again by its address."""
    one = kept.plan(plan_id)
    form = Plain()
    query = query_of(read_query(one.query).scenario)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_plan(one, by=current_user)
            tell(_("Planen «%(name)s» är borttagen. Det den provade står kvar här.", name=one.name))
            return redirect(f"{url_for('.what_if')}?{query}", 303)
        return _gone(form, query)
    return redirect(url_for(".plan", plan_id=plan_id), 303)
