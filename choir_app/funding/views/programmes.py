"""Programmes that can be applied to, and who could pay next."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.forms import ProgrammeForm, WhoForm
from choir_app.funding.models import Programme
from choir_app.funding.views import room
from choir_app.partners.queries import all_towns
from choir_app.partners.rules import KIND_NAMES


@room.get("/finansiering/vem")
@only_reads
@for_managers
def who_next() -> ResponseReturnValue:
    """Who could pay next, town by town: now, later, not; and whom to ask directly."""
    form = WhoForm(all_towns(), request.args)
    is_sound = form.validate()
    today = clock.today()
    found = queries.who_could_pay(
        queries.forecast(today),
        viewer=current_user,
        town=form.chosen_town,
        ore=form.summa.data if is_sound else None,
        others_ore=form.andra.data if is_sound else None,
    )
    count = len({way.programme.id for one in found for way in one.now})
    return render_template(
        "funding/who_next.html", form=form, found=found, count=count, kind_names=KIND_NAMES, **_words()
    ), 200 if is_sound else 422


@room.get("/finansiering/program")
@only_reads
@for_managers
def programmes() -> ResponseReturnValue:
    """Every programme, those that close first at the top."""
    found = queries.programmes(viewer=current_user)
    today = clock.today()
    there = [one for one in found if one.closed_at is None]
    return render_template(
        "funding/programmes.html",
        running=[one for one in there if one.closes_on is None or one.closes_on >= today],
        passed=[one for one in there if one.closes_on is not None and one.closes_on < today],
        over=[one for one in found if one.closed_at is not None],
        old=[one for one in found if queries.is_long_unchecked(one, today)],
        **_words(),
    )


@room.route("/finansiering/program/nytt", methods=["GET", "POST"])
@for_managers
def add_programme() -> ResponseReturnValue:
    """Write down a programme that can be applied to."""
    form = ProgrammeForm(queries.all_partners(), all_towns(), chosen=request.args.get("partner"))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.add_programme(
                form.chosen_partner, form.said, receipt=form.receipt_id, by=current_user
            )
            tell(_("Programmet är sparat."))
            return _home(made)
    return _drawn(form, None)


@room.get("/finansiering/program/<uuid:programme_id>")
@for_managers
def programme(programme_id: UUID) -> ResponseReturnValue:
    """One programme: what it demands, when it was checked, and which towns may apply."""
    found = queries.programme(programme_id, viewer=current_user)
    today = clock.today()
    ways = queries.ways_of(found, queries.forecast(today), viewer=current_user)
    return render_template(
        "funding/programme.html",
        programme=found,
        ways=ways,
        is_old=queries.is_long_unchecked(found, today),
        **_words(),
    )


@room.route("/finansiering/program/<uuid:programme_id>/andra", methods=["GET", "POST"])
@for_managers
def change_programme(programme_id: UUID) -> ResponseReturnValue:
    """Change what is written about a programme; of two who do so at once the second sees both."""
    found = queries.programme(programme_id, viewer=current_user)
    form = ProgrammeForm([], all_towns(), programme=found)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_programme(
                found, form.said, seen=form.seen, is_checked=form.is_checked.data, by=current_user
            )
            tell(_("Sparat."))
            return _home(found)
    return _drawn(form, found)


@room.post("/finansiering/program/<uuid:programme_id>/kollat")
@for_managers
def check_programme(programme_id: UUID) -> ResponseReturnValue:
    """Say that the rules were looked at today."""
    found = queries.programme(programme_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.check_programme(found, by=current_user)
        tell(_("Kollat i dag. Tack!"))
    return _home(found)


@room.post("/finansiering/program/<uuid:programme_id>/stang")
@for_managers
def close_programme(programme_id: UUID) -> ResponseReturnValue:
    """Say that a programme is no more."""
    found = queries.programme(programme_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.close_programme(found, by=current_user)
        tell(_("Programmet är avslutat. Det räknas inte längre."))
    return _home(found)


@room.post("/finansiering/program/<uuid:programme_id>/oppna")
@for_managers
def reopen_programme(programme_id: UUID) -> ResponseReturnValue:
    """Say that a programme is there after all."""
    found = queries.programme(programme_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.reopen_programme(found, by=current_user)
            tell(_("Programmet finns igen."))
            return _home(found)
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return _home(found)


def _home(found: Programme) -> Response:
    return redirect(url_for(".programme", programme_id=found.id), 303)


def _drawn(form: ProgrammeForm, found: Programme | None) -> ResponseReturnValue:
    """The form; when somebody else was faster, with what stands now beside what was typed."""
    theirs = []
    if found is not None and form.version.errors:
        theirs = form.theirs(found)
        form.version.data = str(found.version)
    return render_template(
        "funding/programme_form.html", form=form, programme=found, theirs=theirs
    ), form.status


def _words() -> dict[str, object]:
    return {
        "open_sentence": queries.open_sentence,
        "sums_of": queries.sums_of,
        "percent": queries.percent,
        "why_not": queries.why_not,
        "caution": queries.caution,
        "when_sentence": queries.when_sentence,
        "direct_sentence": queries.direct_sentence,
        "town_sentence": queries.town_sentence,
        "is_long_unchecked": queries.is_long_unchecked,
    }
