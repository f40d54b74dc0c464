"""What funders want, in one's own calendar: reports, last days to apply, awaited decisions."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone, who_asks
from choir_app.foundation.calendars import CalendarDay, calendar_text, ways_to_open
from choir_app.foundation.forms import Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.rules.names import DEADLINE_NAMES
from choir_app.funding.views import room


@room.get("/kalender/finansiering/<token>.ics")
@for_everyone
def calendar_feed(token: str) -> ResponseReturnValue:
    """Somebody's calendar of the funders' days. An address that ended is gone, like one that never was."""
    account = queries.account_with_deadline_calendar(token)
    if account is None:
        return Response(_("Adressen gäller inte längre."), 410, mimetype="text/plain")
    days = queries.funder_days(viewer=account, today=clock.today())
    response = Response(
        calendar_text(_("Finansiering"), [_as_entry(day) for day in days]),
        content_type="text/calendar; charset=utf-8",
        headers={**HEADERS_OF_A_LINK, "Content-Disposition": 'inline; filename="finansiering.ics"'},
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _as_entry(day: queries.FunderDay) -> CalendarDay:
    match day.kind:
        case "deadline":
            summary = _("%(what)s till %(partner)s", what=DEADLINE_NAMES[day.what or ""], partner=day.partner)
            path = url_for(".agreement", agreement_id=day.agreement_id)
        case "programme":
            summary = _("Sista dagen att söka: %(name)s", name=day.name)
            path = url_for(".programme", programme_id=day.id)
        case _:
            summary = _("Besked väntas från %(partner)s", partner=day.partner)
            path = url_for(".opportunity", opportunity_id=day.id)
    return CalendarDay(
        uid=day.id,
        sequence=day.version - 1,
        changed_at=day.changed_at,
        on=day.on,
        summary=summary,
        description=f"{day.partner}: {day.name}",
        url=address_of(path),
    )


# --- the page that leads there ---------------------------------------------------------------------------------


@room.route("/finansiering/kalender", methods=["GET", "POST"])
@for_managers
def calendar() -> ResponseReturnValue:
    """The address of one's own calendar of the funders' days."""
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.make_deadline_calendar(by=who_asks())
            return redirect(url_for(".calendar"), 303)
    found = queries.deadline_calendar_of(who_asks())
    token = queries.deadline_calendar_token(found) if found else None
    url = address_of(url_for(".calendar_feed", token=token)) if token else None
    days = queries.funder_days(viewer=who_asks(), today=clock.today())
    return render_template(
        "funding/calendar.html",
        form=form,
        url=url,
        ways=ways_to_open(url) if url else {},
        days=[(day, _as_entry(day)) for day in days if day.on >= clock.today()],
    ), form.status


@room.post("/finansiering/kalender/ny-adress")
@for_managers
def move_calendar() -> ResponseReturnValue:
    """Another address; the old one shows nothing more."""
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.move_deadline_calendar(by=who_asks())
            tell(_("Kalendern har en ny adress. Den gamla visar inget längre."))
    return redirect(url_for(".calendar"), 303)


@room.post("/finansiering/kalender/ta-bort")
@for_managers
def remove_calendar() -> ResponseReturnValue:
    """No calendar; its address shows nothing more."""
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_deadline_calendar(by=who_asks())
            tell(_("Kalendern är borttagen. Adressen visar inget längre."))
    return redirect(url_for(".calendar"), 303)
