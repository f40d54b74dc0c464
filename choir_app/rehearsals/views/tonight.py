"""The leader's first page."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs import queries as choirs
from choir_app.choirs.permissions import leads_any_choir
from choir_app.foundation.kept_pages import only_reads
from choir_app.rehearsals import queries
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import for_evenings


@room.get("/ikvall")
@only_reads
@for_evenings
def tonight() -> ResponseReturnValue:
    """What there is tonight, one tap from the roll."""
    evening = queries.tonight(current_user)
    own = () if evening.cards else choirs.choirs_led_by(current_user)
    shown = dict.fromkeys(
        [(card.choir_slug, card.choir) for card in evening.cards if not card.is_lent]
        or [(c.slug, c.name) for c in own]
    )
    leads = current_user.manages or leads_any_choir(current_user)
    return render_template(
        "rehearsals/tonight.html",
        evening=evening,
        own_choirs=own,
        shown_choirs=list(shown),
        refused=queries.refused_count(current_user) if leads else 0,
    )
