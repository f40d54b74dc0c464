"""«Träffsäkerhet»: what the forecast said month by month, beside what came."""

from flask import render_template
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.kept_pages import only_reads
from choir_app.funding import queries
from choir_app.funding.queries.score import moved_told, score, score_sentence
from choir_app.funding.rules.score import AHEAD
from choir_app.funding.views import room


@room.get("/finansiering/traffsakerhet")
@only_reads
@for_managers
def score_page() -> ResponseReturnValue:
    """How well the forecast has foreseen the dates, the cash and the chances."""
    found = score(clock.today())
    return render_template(
        "funding/score.html",
        found=found,
        sentence=score_sentence(found),
        moved_told=moved_told,
        date_told=queries.date_told,
        chance_told=queries.chance_told,
        ahead=AHEAD,
    )
