"""The later answers on pages of their own: the cash, the chance, the months, one choir, and what it takes."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation.kept_pages import only_reads
from choir_app.funding import queries
from choir_app.funding.rules import months_after
from choir_app.funding.rules.names import COST_NAMES
from choir_app.funding.views import room
from choir_app.funding.views.as_of import AskedDay, asked_day, asked_sum, is_asked, read_day
from choir_app.funding.views.drawing import PHONE, TEXT, cash_course, chance_bars, lane_of, payers_of

MONTHS_OF_CHANCE = 12


@room.get("/finansiering/prognos/kassan")
@only_reads
@for_managers
def cash() -> ResponseReturnValue:
    """Until when the cash lasts on what is signed, every dip, and what comes in."""
    floor = asked_sum("golv")
    asked, found = _asked(floor_ore=floor.ore)
    return _drawn(
        "cash.html",
        asked,
        found,
        floor=floor,
        wide=cash_course(found, width=TEXT),
        small=cash_course(found, width=PHONE),
        coming=queries.still_to_come(found.facts),
        flows=queries.cash_months(found),
    )


@room.get("/finansiering/prognos/chans")
@only_reads
@for_managers
def chance() -> ResponseReturnValue:
    """How likely it is that what lacks comes in time: for all, for each choir, and month by month."""
    asked, found = _asked()
    until = asked_day("till", default=found.target)
    choirs = [choir for choir in found.forecast.choirs if not choir.financed.missing]
    return _drawn(
        "chance.html",
        asked,
        found,
        until=until,
        whole=found.chance(until.day),
        lent=found.chance(until.day, in_time=False),
        choirs=[(choir, found.chance(until.day, choir.id)) for choir in choirs],
        over_time=[(choir, chance_bars(found, choir, MONTHS_OF_CHANCE)) for choir in choirs],
    )


@room.get("/finansiering/prognos/manader")
@only_reads
@for_managers
def months() -> ResponseReturnValue:
    """Month by month what it costs, what pays for it and what lacks; the rows of one month on a click."""
    asked, found = _asked()
    choir = _chosen_choir(found)
    until = months_after(asked.day.replace(day=1), 18) - timedelta(days=1)
    month = read_day(f"{request.args.get('manad', '')}-01")
    return _drawn(
        "months.html",
        asked,
        found,
        choir=choir,
        until=until,
        rows=queries.months_of(found, until=until, choir=choir.id if choir else None),
        month=month,
        behind=queries.costs_of_month(found, month, choir=choir.id if choir else None) if month else (),
        names=_names_of_costs(),
    )


@room.get("/finansiering/prognos/kor/<slug>")
@only_reads
@for_managers
def choir_answers(slug: str) -> ResponseReturnValue:
    """All answers for one choir, with sums and the rows behind them."""
    asked, found = _asked()
    outlook = next((one for one in found.forecast.choirs if one.slug == slug), None)
    if outlook is None:
        abort(404)
    until = months_after(asked.day.replace(day=1), 18) - timedelta(days=1)
    return _drawn(
        "choir_answers.html",
        asked,
        found,
        choir=outlook,
        why=queries.explanation(outlook, found.forecast),
        chance=found.chance(found.target, outlook.id),
        lent=found.chance(found.target, outlook.id, in_time=False),
        takes=queries.takes(found, found.target, outlook.id),
        gains=sorted(
            (gain for gain in queries.gains(found) if gain.days_of(outlook.id)),
            key=lambda gain: -gain.days_of(outlook.id),
        ),
        rows=queries.months_of(found, until=until, choir=outlook.id),
        wide_lane=lane_of(outlook, found.forecast, width=TEXT),
        small_lane=lane_of(outlook, found.forecast, width=PHONE),
        payers=payers_of(found.forecast, [outlook]),
    )


@room.get("/finansiering/vad-kravs")
@only_reads
@for_managers
def takes() -> ResponseReturnValue:
    """What it takes for a choir, or for all, to be financed to a chosen day."""
    asked, found = _asked()
    until = asked_day("till", default=found.target)
    choir = _chosen_choir(found)
    day = min(max(until.day, asked.day), found.facts.horizon)
    first = choir.financed.first_unpaid_on if choir else found.forecast.network.first_unpaid_on
    return _drawn(
        "takes.html",
        asked,
        found,
        until=until,
        day=day,
        choir=choir,
        told=queries.takes(found, day, choir.id if choir else None),
        lent=found.chance(day, choir.id if choir else None, in_time=False),
        picks=_days_to_pick(found, first),
    )


def _asked(*, floor_ore: int = 0) -> tuple[AskedDay, queries.Answers]:
    asked = asked_day()
    return asked, queries.answers(queries.facts(asked.day), floor_ore=floor_ore)


def _chosen_choir(found: queries.Answers) -> queries.ChoirOutlook | None:
    """The choir in the address; none is all of them."""
    slug = request.args.get("kor", "")
    return next((choir for choir in found.forecast.choirs if choir.slug == slug), None)


def _days_to_pick(found: queries.Answers, first: date | None) -> list[date]:
    """Turns of the year and midsummers after the money ends, as far as anything is counted."""
    begin = max(first or found.facts.as_of, found.facts.as_of)
    days = [
        date(year, month, day)
        for year in range(begin.year, begin.year + 4)
        for month, day in ((6, 30), (12, 31))
    ]
    return [day for day in days if begin <= day <= found.facts.horizon][:4]


def _names_of_costs() -> dict[UUID, str]:
    """What each cost line is called."""
    rows = queries.cost_rows(viewer=current_user)
    return {row.id: row.what or str(COST_NAMES[row.category]) for row in rows}


def _drawn(template: str, asked: AskedDay, found: queries.Answers, **more: Any) -> ResponseReturnValue:
    wrong = any(one.is_unreadable for one in (asked, more.get("until"), more.get("floor")) if is_asked(one))
    page = render_template(
        f"funding/{template}",
        says=queries,
        asked=asked,
        found=found,
        told_forecast=found.forecast,
        forecast_url=url_for(".forecast", per=asked.in_address),
        has_errors=wrong,
        **more,
    )
    return page, 422 if wrong else 200
