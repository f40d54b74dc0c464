"""The trace of a roll, and what could not be taken in."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import audit
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.views import room

ON_A_PAGE = 40


@room.get("/narvaro/<uuid:rehearsal_id>/spar")
@only_reads
@for_leaders
def trace(rehearsal_id: UUID) -> ResponseReturnValue:
    """Who said what of whom at a rehearsal, the newest first."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    audit.looked_at(rehearsal.choir, by=current_user)
    page = _page_in_address()
    deeds = queries.trace_of(rehearsal)
    begin = (page - 1) * ON_A_PAGE
    return render_template(
        "rehearsals/trace.html",
        rehearsal=rehearsal,
        deeds=deeds[begin : begin + ON_A_PAGE],
        page=page,
        has_older=len(deeds) > begin + ON_A_PAGE,
        outcome_names=rules.OUTCOME_NAMES,
    )


@room.get("/narvaro/nekade")
@for_leaders
def refused_acts() -> ResponseReturnValue:
    """What could not be taken in, each with its reason, until somebody has looked after it."""
    page = _page_in_address()
    begin = (page - 1) * ON_A_PAGE
    waiting = queries.refused_acts(current_user, limit=ON_A_PAGE + 1, offset=begin)
    return render_template(
        "rehearsals/refused.html",
        waiting=waiting[:ON_A_PAGE],
        dealt_with=queries.refused_acts(current_user, dealt_with=True, limit=20) if page == 1 else (),
        page=page,
        has_older=len(waiting) > ON_A_PAGE,
        outcome_names=rules.OUTCOME_NAMES,
    )


@room.post("/narvaro/nekade/<uuid:refused_id>/klart")
@for_leaders
def deal_with_refused(refused_id: UUID) -> ResponseReturnValue:
    """Somebody has looked after a refused act."""
    refused = queries.refused_one(refused_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.deal_with_refused(refused, by=current_user)
            tell(_("Markeringen är åtgärdad."))
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".refused_acts"), 303)


def _page_in_address() -> int:
    asked = request.args.get("sida", "")
    return min(max(int(asked), 1), 1000) if asked.isdecimal() and asked.isascii() and len(asked) < 5 else 1
