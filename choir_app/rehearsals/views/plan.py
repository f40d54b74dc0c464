"""The history and the plan of a choir: series, breaks, and single gatherings changed or called off."""

from datetime import date, datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import chart, clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _, short_day
from choir_app.foundation.notices import tell
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.forms.plan import (
    KIND_NAMES,
    WEEKDAYS,
    BreakForm,
    CancelForm,
    GatheringForm,
    MoveForm,
    SeriesForm,
)
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.views import room

ON_A_PAGE = 24
COMING = 12


@room.get("/korer/<slug>/repetitioner")
@only_reads
@for_leaders
def history(slug: str) -> ResponseReturnValue:
    """How many came, time after time."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    before = _day_in_address("fore")
    rows = queries.history(choir, before=before, limit=ON_A_PAGE)
    counted = [
        (_day_and_month(row.starts_at), row.headcount) for row in reversed(rows) if row.state != "cancelled"
    ]
    return render_template(
        "rehearsals/history.html",
        choir=choir,
        rows=rows,
        kind_names=KIND_NAMES,
        drawn=chart.bars(counted, width=400, height=150),
        known=[count for _day, count in counted if count is not None],
        average=queries.average_of(rows),
        is_newest=before is None,
        older=clock.local(rows[-1].starts_at).date().isoformat() if len(rows) == ON_A_PAGE else None,
        running=queries.running_sheets_of(choir) if before is None else [],
        say=queries,
    )


def _day_in_address(name: str) -> datetime | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
        return clock.start_of(day) if 1990 <= day.year <= 2100 else None
    except ValueError:
        return None


def _day_and_month(moment: datetime) -> str:
    day = clock.local(moment)
    return f"{day.day}/{day.month}"


@room.get("/korer/<slug>/repetitioner/plan")
@for_leaders
def plan(slug: str) -> ResponseReturnValue:
    """When the choir sings, and what comes."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    return render_template(
        "rehearsals/plan.html",
        choir=choir,
        series=queries.series_of(choir),
        coming=queries.next_rehearsals([choir.id], limit=COMING),
        weekdays=WEEKDAYS,
        kind_names=KIND_NAMES,
        today=clock.today(),
    )


@room.route("/korer/<slug>/repetitioner/ny", methods=["GET", "POST"])
@for_leaders
def add(slug: str) -> ResponseReturnValue:
    """A single gathering beside the series."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    form = GatheringForm(choir, choirs.venues_in(choir.town), day=clock.today(), kind="rehearsal")
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.add_rehearsal(choir, kind=form.kind.data, by=current_user, **form.said)
            tell(
                _(
                    "%(kind)s %(day)s finns nu i planen.",
                    kind=str(KIND_NAMES[made.kind]),
                    day=short_day(made.starts_at),
                )
            )
            return redirect(url_for(".plan", slug=choir.slug), 303)
    return render_template("rehearsals/add.html", form=form, choir=choir), form.status


@room.route("/korer/<slug>/repetitioner/serie", methods=["GET", "POST"])
@for_leaders
def begin_series(slug: str) -> ResponseReturnValue:
    """A new series."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    form = SeriesForm(choir, choirs.venues_in(choir.town))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.begin_series(choir, by=current_user, **form.said)
            tell(_("Planen är sparad."))
            return redirect(url_for(".plan", slug=choir.slug), 303)
    return render_template("rehearsals/series.html", form=form, choir=choir, series=None), form.status


@room.route("/repetitioner/serier/<uuid:series_id>", methods=["GET", "POST"])
@for_leaders
def change_series(series_id: UUID) -> ResponseReturnValue:
    """Another day, hour or place from now on."""
    series = queries.series(series_id, viewer=current_user)
    choir = series.choir
    form = SeriesForm(choir, choirs.venues_in(choir.town), series)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_series(series, by=current_user, **form.said)
            tell(_("Planen är sparad."))
            return redirect(url_for(".plan", slug=choir.slug), 303)
    return render_template("rehearsals/series.html", form=form, choir=choir, series=series), form.status


@room.route("/repetitioner/serier/<uuid:series_id>/lov", methods=["GET", "POST"])
@for_leaders
def add_break(series_id: UUID) -> ResponseReturnValue:
    """Days when the series rests."""
    series = queries.series(series_id, viewer=current_user)
    form = BreakForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_break(
                series,
                name=form.name.data,
                first_on=form.first_on.data,
                last_on=form.last_on.data,
                by=current_user,
            )
            tell(_("%(name)s står nu i planen.", name=form.name.data))
            return redirect(url_for(".plan", slug=series.choir.slug), 303)
    return render_template("rehearsals/break.html", form=form, series=series, weekdays=WEEKDAYS), form.status


@room.post("/repetitioner/lov/<uuid:break_id>/ta-bort")
@for_leaders
def remove_break(break_id: UUID) -> ResponseReturnValue:
    """Sing on those days after all."""
    rest = queries.series_break(break_id, viewer=current_user)
    choir, form = rest.series.choir, Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_break(rest, by=current_user)
            tell(_("Lovet är borta. Kören sjunger som vanligt."))
    return _home(choir, form)


def _home(choir: Choir, form: Plain) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".plan", slug=choir.slug), 303)


@room.route("/repetitioner/<uuid:rehearsal_id>/flytt", methods=["GET", "POST"])
@for_leaders
def move(rehearsal_id: UUID) -> ResponseReturnValue:
    """Another place or time this time, looked at before it is told."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = MoveForm(rehearsal.choir, choirs.venues_in(rehearsal.choir.town), rehearsal)
    is_sound = form.is_sent_and_sound
    if is_sound and form.go.data != "preview":
        with form.hearing_refusals():
            actions.move_rehearsal(rehearsal, by=current_user, **form.said)
            tell(_("Ändringen är sparad. Den står nu på körens sida."))
            return redirect(_back_from(rehearsal), 303)
    return render_template(
        "rehearsals/move.html",
        form=form,
        rehearsal=rehearsal,
        previewed=form.said if is_sound and not form.has_errors else None,
    ), form.status


@room.route("/repetitioner/<uuid:rehearsal_id>/installning", methods=["GET", "POST"])
@for_leaders
def cancel(rehearsal_id: UUID) -> ResponseReturnValue:
    """Call a gathering off, seeing first what people will read."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = CancelForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.cancel_rehearsal(rehearsal, reason=form.reason.data, by=current_user)
            tell(_("%(day)s är inställt. Det står nu på körens sida.", day=short_day(rehearsal.starts_at)))
            return redirect(_back_from(rehearsal), 303)
    return render_template(
        "rehearsals/cancel.html",
        form=form,
        rehearsal=rehearsal,
        following=queries.following(rehearsal),
        back_url=_back_from(rehearsal),
    ), form.status


@room.post("/repetitioner/<uuid:rehearsal_id>/installning/angra")
@for_leaders
def restore(rehearsal_id: UUID) -> ResponseReturnValue:
    """Sing after all."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.restore_rehearsal(rehearsal, by=current_user)
            tell(_("%(day)s är inte längre inställt.", day=short_day(rehearsal.starts_at)))
            return redirect(_back_from(rehearsal), 303)
    return _home(rehearsal.choir, form)


def _back_from(rehearsal: Rehearsal) -> str:
    if rehearsal.sung_on == clock.today():
        return url_for(".tonight")
    return url_for(".plan", slug=rehearsal.choir.slug)
