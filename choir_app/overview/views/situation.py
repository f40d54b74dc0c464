"""The project manager's front page."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import chart, clock
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import short_month
from choir_app.funding import queries as funding
from choir_app.overview import queries
from choir_app.overview.views import room


@room.get("/laget")
@only_reads
@for_managers
def situation() -> ResponseReturnValue:
    """Where the money ends first, what is due next, how many came."""
    page = queries.situation_page(current_user)
    weeks = [(f"{week.week_on.day} {short_month(week.week_on)}", week.headcount) for week in page.weeks]
    turnout = chart.bars(weeks, width=340)
    sparks = {one.slug: chart.spark([week.headcount for week in one.weeks]) for one in page.choirs}
    return render_template(
        "overview/situation.html",
        page=page,
        turnout=turnout,
        sparks=sparks,
        sentences=funding,
        today=clock.today(),
    )
