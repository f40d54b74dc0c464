"""The pages that everybody may see: the start page and the choirs."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from choir_app.foundation import map as sweden
from choir_app.foundation import text
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import _
from choir_app.overview import queries
from choir_app.overview.views import room


@room.get("/")
@same_for_all_visitors
@for_everyone
def start() -> ResponseReturnValue:
    """What this is, and the next time to sing."""
    return render_template("overview/start.html", page=queries.start_page())


@room.get("/korer")
@same_for_all_visitors
@for_everyone
def choirs() -> ResponseReturnValue:
    """All choirs, from north to south, beside a map."""
    rows = queries.choir_rows()
    pins = [
        sweden.Pin(
            name=row.choir.name,
            longitude=row.choir.longitude,
            latitude=row.choir.latitude,
            url=url_for(".choir", slug=row.choir.slug),
            is_resting=row.choir.state != "active",
            note=_("Paus") if row.choir.state == "paused" else "",
        )
        for row in rows
    ]
    return render_template("overview/choirs.html", rows=rows, pins=sweden.place(pins))


@room.get("/korer/<slug>")
@same_for_all_visitors
@for_everyone
def choir(slug: str) -> ResponseReturnValue:
    """One choir: when, where, how to find in."""
    page = queries.choir_page(slug)
    about = text.to_html(page.choir.about) if page.choir.about else None
    return render_template("overview/choir.html", page=page, choir=page.choir, about=about)
