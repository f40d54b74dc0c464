"""Until when the money lasts: for the network, and for one choir as its leader may see it."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
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
from choir_app.funding.views.drawing import PHONE, TEXT, lane_of, pictures_of


@dataclass(frozen=True)
class Sums:
    """What it costs up to a day and who pays: the arithmetic in the open. In öre."""

    until: date
    cost: int
    agreements: int
    free: int
    lacking: int


@room.get("/finansiering")
@for_managers
def start() -> ResponseReturnValue:
    """The money begins with how long it lasts."""
    return redirect(url_for(".forecast"), 302)


@room.get("/finansiering/prognos")
@only_reads
@for_managers
def forecast() -> ResponseReturnValue:
    """Until when each choir and the network is financed, as of today or the day asked for."""
    typed = request.args.get("per", "")
    as_of = _day(typed) if typed else clock.today()
    told = queries.forecast(as_of or clock.today())
    sums = _sums(told)
    return render_template(
        "funding/forecast.html",
        told=told,
        sums=sums,
        answer=queries.answer_sentence(told.network),
        lead=queries.lead_sentences(told, until=sums.until),
        choirs=[(choir, queries.explanation(choir, told)) for choir in told.choirs],
        pictures=pictures_of(told),
        typed=typed,
        is_unreadable=as_of is None,
        has_errors=as_of is None,
    ), 200 if as_of else 422


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
    )


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2090 else None


def _sums(told: queries.Forecast) -> Sums:
    """The sums up to the next turn of the year or midsummer, at least two months after the money ends."""
    end = told.network.first_unpaid_on or told.as_of
    until = date(end.year, 12, 31) if end.month <= 10 else date(end.year + 1, 6, 30)
    spans = [span for choir in told.choirs for span in choir.spans if span.month <= until]
    paid = [part for span in spans for part in span.paid]
    return Sums(
        until=until,
        cost=sum(span.cost_ore for span in spans),
        agreements=sum(part.ore for part in paid if part.payer),
        free=sum(part.ore for part in paid if not part.payer),
        lacking=told.lacking_until(until),
    )
