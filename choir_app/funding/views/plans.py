"""Scenarios kept under a name: each has an address of its own, for whoever may see the money."""

from urllib.parse import parse_qsl
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import actions
from choir_app.funding.forms.forecasts import PlanForm
from choir_app.funding.queries import plans as kept
from choir_app.funding.queries.scenario import told_changes
from choir_app.funding.rules.scenario import query_of, read_query, read_scenario
from choir_app.funding.views import room
from choir_app.funding.views.scenario import page_of, todays_plan


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
    """One plan, counted as of today beside today's plan."""
    one = kept.plan(plan_id)
    return page_of(
        dict(parse_qsl(one.query)),
        plan=one,
        plan_by=one.created_by.name if one.created_by else "",
        stale=kept.stale_sentence(kept.changed_agreements(one)),
        told_then=kept.told_then(one),
        form=Plain(),
    )


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
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.count_plan_anew(one, by=current_user)
            tell(_("Planen är räknad på nytt."))
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
    return redirect(url_for(".plan", plan_id=plan_id), 303)
