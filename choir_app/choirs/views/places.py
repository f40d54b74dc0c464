"""Pages about towns, choirs, venues and leaders."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.choirs import actions, queries, rules
from choir_app.choirs.forms import (
    AppointLeaderForm,
    ChoirForm,
    ChoirStateForm,
    FoundChoirForm,
    TownForm,
    VenueForm,
)
from choir_app.choirs.permissions import for_leaders, may_change_choir, may_change_venue, may_change_venues
from choir_app.choirs.views import room
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require


@room.get("/korer/hantera")
@for_managers
def manage() -> ResponseReturnValue:
    """All choirs, as managers see them."""
    return render_template(
        "choirs/manage.html",
        choirs=queries.choirs_overview(clock.today()),
        towns=queries.towns(),
        state_names=rules.CHOIR_STATE_NAMES,
    )


@room.route("/korer/hantera/ny-ort", methods=["GET", "POST"])
@for_managers
def found_town() -> ResponseReturnValue:
    """A new town on the map."""
    form = TownForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            town = actions.found_town(**form.said, by=current_user)
            tell(_("%(name)s finns nu på kartan.", name=town.name))
            return redirect(url_for(".manage"), 303)
    return render_template("choirs/town.html", form=form, town=None), form.status


@room.route("/korer/hantera/orter/<uuid:town_id>", methods=["GET", "POST"])
@for_managers
def change_town(town_id: UUID) -> ResponseReturnValue:
    """Correct a town."""
    town = queries.town(town_id)
    form = TownForm(obj=town)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_town(town, **form.said, by=current_user)
            tell(_("Orten är sparad."))
            return redirect(url_for(".manage"), 303)
    return render_template("choirs/town.html", form=form, town=town), form.status


@room.route("/korer/hantera/ny-kor", methods=["GET", "POST"])
@for_managers
def found_choir() -> ResponseReturnValue:
    """A new choir."""
    towns = queries.towns()
    form = FoundChoirForm(towns)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            choir = actions.found_choir(
                form.name.data or "",
                town=form.chosen_town,
                state=form.state.data,
                since=form.since.data,
                by=current_user,
            )
            tell(_("Kören finns nu. Fyll i resten när du vet det."))
            return redirect(url_for(".change", slug=choir.slug), 303)
    return render_template("choirs/found_choir.html", form=form, towns=towns), form.status


@room.route("/korer/<slug>/andra", methods=["GET", "POST"])
@for_leaders
def change(slug: str) -> ResponseReturnValue:
    """What is told of a choir."""
    choir = queries.choir_by_slug(slug)
    require(may_change_choir(current_user, choir))
    venues = queries.venues_in(choir.town)
    form = ChoirForm(choir, venues)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_choir(choir, **form.said, by=current_user)
            actions.set_voices(choir, form.said_voices, by=current_user)
            tell(_("Kören är sparad."))
            return redirect(url_for(".change", slug=choir.slug), 303)
    return render_template("choirs/change.html", form=form, choir=choir, venues=venues), form.status


@room.route("/korer/<slug>/lage", methods=["GET", "POST"])
@for_managers
def change_state(slug: str) -> ResponseReturnValue:
    """From when a choir sings, pauses or has ended."""
    choir = queries.choir_by_slug(slug)
    form = ChoirStateForm(choir)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_state(choir, form.state.data, form.since.data, by=current_user)
            tell(_("Läget är sparat."))
            return redirect(url_for(".change_state", slug=choir.slug), 303)
    names = rules.CHOIR_STATE_NAMES
    return render_template("choirs/state.html", form=form, choir=choir, state_names=names), form.status


@room.route("/korer/<slug>/lokaler/ny", methods=["GET", "POST"])
@for_leaders
def open_venue(slug: str) -> ResponseReturnValue:
    """A new venue in the choir's town."""
    choir = queries.choir_by_slug(slug)
    require(may_change_venues(current_user, choir.town))
    form = VenueForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            venue = actions.open_venue(choir.town, **form.said, by=current_user)
            tell(_("%(name)s finns nu i listan över lokaler.", name=venue.name))
            return redirect(url_for(".change", slug=choir.slug), 303)
    return render_template("choirs/venue.html", form=form, venue=None, choir=choir), form.status


@room.route("/lokaler/<uuid:venue_id>", methods=["GET", "POST"])
@for_leaders
def change_venue(venue_id: UUID) -> ResponseReturnValue:
    """Correct a venue."""
    venue = queries.venue(venue_id)
    require(may_change_venue(current_user, venue))
    form = VenueForm(venue)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_venue(venue, **form.said, by=current_user)
            tell(_("Lokalen är sparad."))
            return redirect(url_for(".change_venue", venue_id=venue.id), 303)
    return render_template("choirs/venue.html", form=form, venue=venue, choir=None), form.status


@room.route("/korer/<slug>/ledare", methods=["GET", "POST"])
@for_managers
def leaders(slug: str) -> ResponseReturnValue:
    """Who leads a choir."""
    choir = queries.choir_by_slug(slug)
    form = AppointLeaderForm(queries.accounts_that_can_lead(choir))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.appoint_leader(choir, form.chosen, by=current_user)
            tell(_("%(name)s leder nu kören.", name=form.chosen.name))
            return redirect(url_for(".leaders", slug=choir.slug), 303)
    held = queries.leaders_of(choir)
    return render_template("choirs/leaders.html", form=form, choir=choir, leaders=held), form.status


@room.route("/korer/<slug>/ledare/<uuid:account_id>/ta-bort", methods=["GET", "POST"])
@for_managers
def dismiss_leader(slug: str, account_id: UUID) -> ResponseReturnValue:
    """The question before somebody leads a choir no longer."""
    choir = queries.choir_by_slug(slug)
    leader = queries.leader_of(choir, account_id)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.dismiss_leader(choir, leader, by=current_user)
            tell(_("%(name)s leder inte kören längre.", name=leader.name))
            return redirect(url_for(".leaders", slug=choir.slug), 303)
    return render_template("choirs/dismiss.html", form=form, choir=choir, leader=leader), form.status
