"""The pages of somebody who has signed in: home, own choirs, own data, and all the ways there are."""

from flask import abort, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs.permissions import leads_any_choir
from choir_app.choirs.rules import READING_LANGUAGES
from choir_app.foundation.audience import for_signed_in
from choir_app.foundation.kept_pages import only_reads
from choir_app.overview import queries, rules
from choir_app.overview.views import room


@room.get("/hem")
@only_reads
@for_signed_in
def home() -> ResponseReturnValue:
    """A member's own page: when we sing next, and what is new."""
    return render_template("overview/home.html", page=queries.home_page(current_user))


@room.get("/in")
@for_signed_in
def landing() -> ResponseReturnValue:
    """Where one comes to after signing in: what one's role does first."""
    place = rules.landing_for(
        manages=current_user.manages,
        leads=leads_any_choir(current_user),
        edits=current_user.edits,
        sings_today=queries.leads_today(current_user),
    )
    return redirect(url_for(place.endpoint), 303)


@room.get("/min-kor")
@for_signed_in
def own_choirs() -> ResponseReturnValue:
    """The choirs that one sings in or leads; straight on when there is one only."""
    own = queries.own_choirs(current_user)
    if len(own) == 1:
        leads = own[0].leads
        return redirect(url_for("choirs.roster" if leads else ".choir", slug=own[0].choir.slug), 303)
    return render_template("overview/own_choirs.html", own=own)


@room.get("/mer")
@for_signed_in
def more() -> ResponseReturnValue:
    """Everything that does not fit into the bar, and whom to call."""
    return render_template("overview/more.html", own=queries.own_choirs(current_user))


@room.get("/hem/uppgifter")
@for_signed_in
def own_data() -> ResponseReturnValue:
    """All that is held on the person who asks."""
    data = queries.own_data(current_user)
    reads = READING_LANGUAGES.get(data.held.reads or "") if data else None
    return render_template("overview/own_data.html", data=data, reads=reads)


@room.get("/hem/uppgifter.json")
@for_signed_in
def own_data_file() -> ResponseReturnValue:
    """The same to take out."""
    data = queries.own_data(current_user)
    if data is None:
        abort(404)
    answer = jsonify(queries.to_take_out(current_user, data))
    answer.headers["Content-Disposition"] = 'attachment; filename="mina-uppgifter.json"'
    return answer
