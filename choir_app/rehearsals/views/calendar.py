"""Calendars for other programs: one for each choir and everybody, one of one's own choirs at a secret address."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from choir_app.choirs import queries as choirs
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone, for_signed_in, who_asks
from choir_app.foundation.calendars import CalendarEvent, calendar_text, ways_to_open
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.queries import Entry, Gathering
from choir_app.rehearsals.views import room


@room.get("/korer/<slug>/kalender.ics")
@same_for_all_visitors
@for_everyone
def choir_feed(slug: str) -> ResponseReturnValue:
    """When and where a choir sings, as everybody may know it."""
    choir = choirs.public_choir(slug, clock.today())
    return _feed(choir.name, queries.in_calendar([choir.id]))


@room.get("/kalender/<token>.ics")
@for_everyone
def own_feed(token: str) -> ResponseReturnValue:
    """The gatherings of somebody's own choirs. An address that was replaced is gone, like one that never was."""
    account = queries.account_with_calendar(token)
    if account is None:
        return Response(_("Adressen gäller inte längre."), 410, mimetype="text/plain")
    own = queries.own_calendar_choirs(account)
    response = _feed(_("Mina körer"), queries.in_calendar([choir.id for choir in own]))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _feed(name: str, entries: list[Entry]) -> Response:
    response = Response(
        calendar_text(name, [_event(entry) for entry in entries]),
        content_type="text/calendar; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'inline; filename="kalender.ics"'
    response.add_etag()
    response.make_conditional(request)
    return response


def _event(entry: Entry) -> CalendarEvent:
    one = entry.gathering
    return CalendarEvent(
        uid=one.id,
        sequence=entry.sequence,
        changed_at=entry.changed_at,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        summary=_summary(one),
        place=", ".join(part for part in (one.venue, one.room, one.street_address, one.town) if part),
        description="\n".join(_description(one)),
        url=address_of(f"/korer/{one.choir_slug}"),
        is_cancelled=one.is_cancelled,
    )


def _summary(one: Gathering) -> str:
    kinds = {
        "rehearsal": _("Vi sjunger i %(choir)s", choir=one.choir),
        "concert": _("Konsert med %(choir)s", choir=one.choir),
        "social": _("Träff med %(choir)s", choir=one.choir),
    }
    summary = kinds[one.kind]
    return _("Inställt: %(what)s", what=summary) if one.is_cancelled else summary


def _description(one: Gathering) -> list[str]:
    """What everybody may read, in short sentences. No names of people."""
    if one.is_cancelled:
        return [line for line in (_("Vi sjunger inte den här gången."), one.cancelled_because) if line]
    lines = [_("Alla får komma. Du behöver inte anmäla dig.")]
    if one.has_new_place:
        lines.append(_("Ny plats den här gången."))
    elif one.has_new_time:
        lines.append(_("Ny tid den här gången."))
    if one.way_in:
        lines.append(_("Så hittar du in: %(way)s", way=one.way_in))
    if one.note:
        lines.append(one.note)
    return lines


# --- the pages that lead there ---------------------------------------------------------------------------------


@room.get("/korer/<slug>/kalender")
@same_for_all_visitors
@for_everyone
def choir_calendar(slug: str) -> ResponseReturnValue:
    """How to get a choir's times into a phone's calendar."""
    choir = choirs.public_choir(slug, clock.today())
    url = address_of(url_for(".choir_feed", slug=slug))
    return render_template("rehearsals/choir_calendar.html", choir=choir, url=url, ways=ways_to_open(url))


@room.route("/hem/kalender", methods=["GET", "POST"])
@for_signed_in
def own_calendar() -> ResponseReturnValue:
    """The address of one's own calendar."""
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.make_calendar_address(by=who_asks())
            return redirect(url_for(".own_calendar"), 303)
    key = queries.calendar_key_of(who_asks())
    url = address_of(url_for(".own_feed", token=queries.calendar_token(key))) if key else None
    return render_template(
        "rehearsals/own_calendar.html",
        form=form,
        url=url,
        ways=ways_to_open(url) if url else {},
        own=queries.own_calendar_choirs(who_asks()),
    ), form.status


@room.post("/hem/kalender/ny-adress")
@for_signed_in
def change_calendar_address() -> ResponseReturnValue:
    """Another address; the old one shows nothing more."""
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_calendar_address(by=who_asks())
            tell(_("Kalendern har en ny adress. Den gamla visar inget längre."))
    return redirect(url_for(".own_calendar"), 303)
