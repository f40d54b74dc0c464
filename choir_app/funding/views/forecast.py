"""Until when the money lasts: for the network, and for one choir as its leader may see it."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.choirs.permissions import for_leaders
from choir_app.choirs.queries import choir_by_slug
from choir_app.foundation import clock
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.refusal import require
from choir_app.funding import queries
from choir_app.funding.permissions import may_see_runway
from choir_app.funding.views import room
from choir_app.funding.views.as_of import asked_day
from choir_app.funding.views.drawing import PHONE, TEXT, lane_of, payers_of, pictures_of

COUNTED_WITH: dict[str, queries.With] = {"avtal": "agreed", "loften": "pledged", "ansokningar": "applied"}


@dataclass(frozen=True)
class Sums:
    """What it costs up to a day and who pays: the arithmetic in the open. In öre."""

    until: date
    cost: int
    agreements: int
    open: int
    free: int
    lacking: int


@room.get("/finansiering/prognos")
@only_reads
@for_managers
def forecast() -> ResponseReturnValue:
    """Until when each choir and the network is financed, as of today or the day asked for."""
    asked = asked_day()
    found = queries.answers(queries.facts(asked.day))
    counted_with = COUNTED_WITH.get(request.args.get("med", ""), "agreed")
    told = found.forecast
    if counted_with != "agreed":
        told = queries.counted(queries.with_open_money(found.facts, counted_with))
    sums = _sums(told, queries.target_of(told))
    dates = queries.three_dates(found)
    lead = queries.lead_sentences(told, until=sums.until)
    closes = found.closes(found.target, [choir.id for choir in told.choirs])
    return render_template(
        "funding/forecast.html",
        says=queries,
        found=found,
        told=told,
        sums=sums,
        dates=dates,
        counted_with=counted_with,
        answer=queries.counted_with_sentence(dates[counted_with], counted_with),
        lead=lead,
        choirs=[(choir, queries.explanation(choir, told)) for choir in told.choirs],
        closes=closes[None],
        chances={
            choir.id: closes[choir.id].closes_bp if closes[choir.id].gap_ore else None
            for choir in told.choirs
        }
        if counted_with == "agreed"
        else {},
        gains=queries.gains(found),
        pictures=pictures_of(told, found.forecast),
        asked=asked,
        has_errors=asked.is_unreadable,
    ), 422 if asked.is_unreadable else 200


@room.get("/finansiering/kor/<slug>")
@for_leaders
def choir_forecast(slug: str) -> ResponseReturnValue:
    """Until when one choir is financed and by whom, without any sums: its leader may see it."""
    choir = choir_by_slug(slug)
    require(may_see_runway(current_user, choir))
    told = queries.forecast(clock.today())
    outlook = next((one for one in told.choirs if one.id == choir.id), None)
    return render_template(
        "funding/choir.html",
        choir=choir,
        outlook=outlook,
        told=told,
        wide_lane=lane_of(outlook, told, width=TEXT) if outlook else None,
        small_lane=lane_of(outlook, told, width=PHONE) if outlook else None,
        payers=payers_of(told, [outlook]) if outlook else (),
    )


def _sums(told: queries.Forecast, until: date) -> Sums:
    """The sums up to a day: the next turn of the year or midsummer after the money ends."""
    spans = [span for choir in told.choirs for span in choir.spans if span.month <= until]
    paid = [part for span in spans for part in span.paid]
    return Sums(
        until=until,
        cost=sum(span.cost_ore for span in spans),
        agreements=sum(part.ore for part in paid if part.payer and part.payer.certainty == "solid"),
        open=sum(part.ore for part in paid if part.payer and part.payer.certainty != "solid"),
        free=sum(part.ore for part in paid if not part.payer),
        lacking=told.lacking_until(until),
    )
