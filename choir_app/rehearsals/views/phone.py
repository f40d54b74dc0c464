"""What a phone needs to open without contact: the worker, the shells that it keeps, and the way of sealed acts.

A shell is a page that is the same for everybody, without names and without a token; the phone fills it from its own
store. The worker keeps the shells and our files, never a page with somebody's data in it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.models import Visitor
from choir_app.choirs.permissions import for_leaders, leads_any_choir
from choir_app.foundation import clock
from choir_app.foundation.assets import Assets
from choir_app.foundation.audience import View, for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import CATALOGUES, TONGUES, _, ngettext
from choir_app.foundation.notices import tell
from choir_app.foundation.origin import protected_otherwise
from choir_app.foundation.settings import PROJECT
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.forms.phone import HandedOverForm
from choir_app.rehearsals.forms.roll import OUTCOME_NAMES, EveningForm, RollForm
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import no_taker_because, roll_taker

WORKER = "js/worker.js"
SHELLS = {
    "tonight": "/ikvall/skal",
    "roll": "/narvaro/skal",
    "summary": "/narvaro/klar-skal",
    "hand_over": "/narvaro/lamna-over",
    "signed_out": "/utloggad",
    "no_contact": "/utan-kontakt",
}
"""What the worker answers with when the house does not, by what it is for."""

KEPT_KINDS = (".js", ".css", ".svg", ".woff2", ".webmanifest")
NOT_KEPT = (WORKER, "js/editor", "js/print-button.js", "css/desk.css")
KEPT_PICTURES = ("favicon.ico", "icons/icon-192.png")

protected_otherwise("rehearsals.take_in_sealed")


@room.app_context_processor
def whose_phone() -> dict[str, Any]:
    """What every page knows: `keeps_rolls()`, whether the viewer's phone holds rolls for when it has no contact."""
    return {"keeps_rolls": _keeps_rolls}


def _keeps_rolls() -> bool:
    if not current_user.is_authenticated:
        return False
    return leads_any_choir(current_user) or (
        request.blueprint == room.name and queries.holds_loan(current_user)
    )


# --- the worker and the start ---------------------------------------------------------------------------------


@room.get("/sw.js")
@for_everyone
def worker() -> ResponseReturnValue:
    """The worker, with the list of what it keeps; another list is another worker, so an update is never mixed."""
    assets: Assets = current_app.extensions["assets"]
    told = {
        "version": _version_of_the_shells(assets),
        "files": [assets.url(name) for name in sorted(assets.pieces) if _is_kept(name)],
        "shells": {
            code: {name: f"{_beginning(code)}{path}" for name, path in SHELLS.items()} for code in TONGUES
        },
        "language": current_app.config["SETTINGS"].language,
    }
    body = assets.pieces[WORKER].body.decode()
    response = Response(
        f"const KEPT = {json.dumps(told, sort_keys=True)}\n{body}",
        content_type="text/javascript; charset=utf-8",
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    response.add_etag()
    return response.make_conditional(request)


def _is_kept(name: str) -> bool:
    return name in KEPT_PICTURES or (name.endswith(KEPT_KINDS) and not name.startswith(NOT_KEPT))


def _beginning(code: str) -> str:
    return "" if code == current_app.config["SETTINGS"].language else f"/{code}"


def _version_of_the_shells(assets: Assets) -> str:
    """Changes with every file, template and translation that a shell may be made of. Read once in a process."""
    known: dict[str, Any] = current_app.extensions
    if "version_of_the_shells" not in known:
        whole = sha256(assets.version.encode())
        sources = [*(PROJECT / "templates").rglob("*.html"), *CATALOGUES.rglob("*.po")]
        for file in sorted(sources):
            whole.update(file.read_bytes())
        known["version_of_the_shells"] = whole.hexdigest()[:10]
    return known["version_of_the_shells"]


@room.get("/app")
@for_everyone
def app_start() -> ResponseReturnValue:
    """Where the app on the home screen begins: what one's role does first, or the front page."""
    place = "overview.landing" if current_user.is_authenticated else "accounts.sign_in"
    return redirect(url_for(place), 303)


# --- the shells -----------------------------------------------------------------------------------------------


def shell(view: View) -> View:
    """The sign of a shell: open to everybody, the same for all."""
    return same_for_all_visitors(for_everyone(view))


@room.get("/ikvall/skal")
@shell
def tonight_shell() -> ResponseReturnValue:
    """Tonight, as the phone draws it from its own store."""
    return render_template("rehearsals/tonight_shell.html")


@room.get("/narvaro/skal")
@shell
def roll_shell() -> ResponseReturnValue:
    """The roll, as the phone draws it from its own store."""
    return render_template(
        "rehearsals/roll.html",
        roll=queries.empty_roll(),
        form=RollForm(formdata=None, meta={"csrf": False}),
        handed_in_at=None,
        guests_act=None,
        most=rules.MOST_GUESTS,
        is_shell=True,
    )


@room.get("/narvaro/klar-skal")
@shell
def summary_shell() -> ResponseReturnValue:
    """The end of the evening, as the phone draws it from its own store."""
    roll = queries.empty_roll()
    return render_template(
        "rehearsals/summary.html",
        roll=roll,
        form=EveningForm(roll, formdata=None, meta={"csrf": False}),
        told=[],
        outcome_names=OUTCOME_NAMES,
        is_shell=True,
    )


@room.get("/utloggad")
@shell
def signed_out_shell() -> ResponseReturnValue:
    """Signed out without contact: what is done and what waits."""
    return render_template("rehearsals/signed_out.html")


@room.get("/utan-kontakt")
@shell
def no_contact() -> ResponseReturnValue:
    """The page that was asked for is not in the phone, and the house cannot be reached."""
    return render_template("rehearsals/no_contact.html")


# --- handing over ---------------------------------------------------------------------------------------------


@room.get("/narvaro/lamna-over")
@shell
def hand_over() -> ResponseReturnValue:
    """The way out of last resort: what waits, as a text and as QR codes that another phone takes in."""
    return render_template("rehearsals/hand_over.html", is_shell=True)


@room.route("/narvaro/ta-emot", methods=["GET", "POST"])
@for_leaders
def take_in() -> ResponseReturnValue:
    """Take in what another phone could not send."""
    form = HandedOverForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _tell_of(actions.take_in_text(form.text.data or ""))
            return redirect(url_for(".take_in"), 303)
    return render_template("rehearsals/take_in.html", form=form), form.status


def _tell_of(deliveries: Sequence[actions.Delivery]) -> None:
    taken = sum(one.taken for one in deliveries)
    refused = sum(one.refused for one in deliveries)
    if taken:
        tell(ngettext("%(num)s markering är mottagen.", "%(num)s markeringar är mottagna.", taken))
    if refused:
        tell(
            ngettext(
                "%(num)s markering kunde inte räknas. Den som gjorde den ser varför.",
                "%(num)s markeringar kunde inte räknas. Den som gjorde dem ser varför.",
                refused,
            ),
            kind="danger",
        )
    for reason in dict.fromkeys(one.reason for one in deliveries if one.reason):
        tell(reason, kind="danger")


# --- sealed acts ----------------------------------------------------------------------------------------------


@room.get("/api/v1/seal")
@for_everyone
def seal() -> ResponseReturnValue:
    """What a phone seals with: the house's public key and a ticket that says who will have made the acts."""
    taker = roll_taker()
    if isinstance(taker, Visitor):
        return jsonify(error=401, reason=no_taker_because() or _("Logga in igen.")), 401
    device_id = request.args.get("device")
    if device_id is not None and not rules.is_device(device_id):
        return jsonify(error=422, reason=_("Telefonens nummer går inte att läsa.")), 422
    response = jsonify(actions.ticket_for(taker, device_id=device_id))
    response.headers["Cache-Control"] = "no-store, private"
    return response


@room.post("/api/v1/sealed")
@for_everyone
def take_in_sealed() -> ResponseReturnValue:
    """Take in envelopes from whoever brings them. It takes JSON only, like the acts, and names nobody."""
    if request.mimetype != "application/json":
        return jsonify(error=415, reason=_("Skicka markeringarna som JSON.")), 415
    try:
        given = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return jsonify(error=400, reason=_("Det går inte att läsa. Ladda om sidan och försök igen.")), 400
    envelopes = given.get("envelopes") if isinstance(given, dict) else None
    if not isinstance(envelopes, list):
        return jsonify(error=422, reason=_("Det finns inga markeringar att ta emot.")), 422
    if len(envelopes) > rules.MOST_ENVELOPES:
        return jsonify(error=413, reason=_("Det är för mycket på en gång.")), 413
    sent_at = given.get("sent_at")
    deliveries = actions.take_in_sealed(
        envelopes, sent_at=rules.read_moment(sent_at) if rules.is_moment(sent_at) else None
    )
    return jsonify(
        received_at=clock.now().isoformat(),
        results=[
            {
                "id": one.id,
                "outcome": one.outcome,
                "reason": one.reason,
                "taken": one.taken,
                "refused": one.refused,
            }
            for one in deliveries
        ],
    )
