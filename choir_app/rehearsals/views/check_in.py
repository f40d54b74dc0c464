"""The check-in: what the leader opens, what hangs on the wall, and what somebody meets who scans it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.models import Visitor
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone, who_asks
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.mail import address_of
from choir_app.foundation.notices import tell
from choir_app.foundation.origin import protected_otherwise
from choir_app.foundation.qr import QrCode, qr_code
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.forms.check_in import ArrivalForm, DoorForm
from choir_app.rehearsals.models import Arrival, CheckIn, Rehearsal
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import for_roll_takers, no_taker_because, roll_taker

DOOR = "door"
"""Where the session keeps at which door the browser stood with a good code, and until when that counts."""
ARRIVAL = "arrival"
"""Where the session keeps the random id under which the browser waits."""

protected_otherwise("rehearsals.take_in_answer")


# --- the leader's -----------------------------------------------------------------------------------------------


@room.route("/narvaro/<uuid:rehearsal_id>/incheckning", methods=["GET", "POST"])
@for_leaders
def check_in(rehearsal_id: UUID) -> ResponseReturnValue:
    """Whether singers check in themselves this evening."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.open_check_in(rehearsal, by=current_user)
            tell(_("Incheckningen är öppen."))
            return redirect(url_for(".check_in", rehearsal_id=rehearsal.id), 303)
    return render_template(
        "rehearsals/check_in.html",
        form=form,
        rehearsal=rehearsal,
        check_in=queries.check_in_of(rehearsal),
        waiting=queries.arrivals_waiting(rehearsal),
    ), form.status


@room.post("/narvaro/<uuid:rehearsal_id>/incheckning/stang")
@for_leaders
def close_check_in(rehearsal_id: UUID) -> ResponseReturnValue:
    """Nobody checks in themselves any more."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.close_check_in(rehearsal, by=current_user)
            tell(_("Incheckningen är stängd."))
    return redirect(url_for(".check_in", rehearsal_id=rehearsal.id), 303)


@room.get("/narvaro/<uuid:rehearsal_id>/incheckning/vagg")
@for_leaders
def wall(rehearsal_id: UUID) -> ResponseReturnValue:
    """What hangs on the wall or stands on a screen: the code of this minute, large. No names."""
    rehearsal = queries.one(rehearsal_id, viewer=current_user)
    opened = queries.check_in_of(rehearsal)
    if opened is None or not opened.is_open:
        return redirect(url_for(".check_in", rehearsal_id=rehearsal.id))
    return render_template("rehearsals/wall.html", rehearsal=rehearsal, **_on_the_wall(opened))


@room.get("/narvaro/<uuid:rehearsal_id>/incheckning/kod")
@for_leaders
def wall_code(rehearsal_id: UUID) -> ResponseReturnValue:
    """The code of this minute for the wall's script; gone when the check-in is closed."""
    opened = queries.check_in_of(queries.one(rehearsal_id, viewer=current_user))
    if opened is None or not opened.is_open:
        return jsonify(is_open=False), 410
    told = _on_the_wall(opened)
    qr: QrCode = told["qr"]
    return jsonify(is_open=True, code=told["code"], size=qr.size, path=qr.path, seconds=told["seconds"])


def _on_the_wall(opened: CheckIn) -> dict[str, Any]:
    now = clock.now()
    code = opened.code_at(now)
    return {
        "code": f"{code[:3]} {code[3:]}",
        "qr": qr_code(address_of(url_for(".scanned", token=code))),
        "address": address_of(url_for(".door")).partition("://")[2],
        "seconds": 60 - int(now.timestamp()) % 60,
    }


@room.get("/narvaro/<uuid:rehearsal_id>/ankomster")
@for_roll_takers
def arrivals(rehearsal_id: UUID) -> ResponseReturnValue:
    """Who waits to be let in."""
    rehearsal = queries.one_to_take(rehearsal_id, viewer=roll_taker())
    return _arrivals(rehearsal, None)


@room.post("/narvaro/<uuid:rehearsal_id>/ankomst/<uuid:arrival_id>")
@for_roll_takers
def answer_arrival(rehearsal_id: UUID, arrival_id: UUID) -> ResponseReturnValue:
    """Let somebody in from the door, or not."""
    rehearsal = queries.one_to_take(rehearsal_id, viewer=roll_taker())
    arrival = queries.arrival(arrival_id, rehearsal=rehearsal)
    form = ArrivalForm(queries.roll_of(rehearsal).singers)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.answer_arrival(
                arrival, answer=form.answer.data or "", singer_id=form.singer_id, by=roll_taker()
            )
            return redirect(url_for(".arrivals", rehearsal_id=rehearsal.id), 303)
    return _arrivals(rehearsal, form, chosen=(arrival.id, form.singer.data))


def _arrivals(
    rehearsal: Rehearsal, form: ArrivalForm | None, chosen: tuple[UUID | None, str] = (None, "")
) -> ResponseReturnValue:
    absent = [each for each in queries.roll_of(rehearsal).singers if not each.is_here]
    waiting = [
        (
            each,
            [
                one
                for one in absent
                if rules.folded_name(one.first_name) == rules.folded_name(each.first_name)
            ],
        )
        for each in queries.arrivals_waiting(rehearsal)
    ]
    return render_template(
        "rehearsals/arrivals.html",
        rehearsal=rehearsal,
        waiting=waiting,
        absent=absent,
        form=form or Plain(),
        chosen=chosen,
    ), form.status if form else 200


@room.post("/api/v1/arrivals/<uuid:rehearsal_id>/<uuid:arrival_id>")
@for_everyone
def take_in_answer(rehearsal_id: UUID, arrival_id: UUID) -> ResponseReturnValue:
    """The same from the roll's script: {"answer": "new" | "known" | "not_here", "singer_id": …}."""
    said = request.get_json(silent=True) if request.mimetype == "application/json" else None
    if not isinstance(said, dict):
        return jsonify(error=415, reason=_("Skicka svaret som JSON.")), 415
    taker = roll_taker()
    if isinstance(taker, Visitor):
        return jsonify(error=401, reason=no_taker_because() or _("Logga in igen för att se listan.")), 401
    rehearsal = queries.one_to_take(rehearsal_id, viewer=taker)
    arrival = queries.arrival(arrival_id, rehearsal=rehearsal)
    try:
        singer_id = UUID(said["singer_id"]) if isinstance(said.get("singer_id"), str) else None
    except ValueError:
        raise Refusal(_("Välj vem det är i listan.")) from None
    actions.answer_arrival(arrival, answer=str(said.get("answer")), singer_id=singer_id, by=taker)
    return jsonify(id=str(arrival.id), answer=arrival.answer)


# --- the one who comes -----------------------------------------------------------------------------------------


@room.get("/har/<token>")
@for_everyone
def scanned(token: str) -> ResponseReturnValue:
    """Somebody scanned the wall: the browser stands at that door for some minutes, and is led in."""
    opened = queries.check_in_with_code(token)
    if opened is None:
        return render_template("rehearsals/old_code.html"), 410
    until = clock.now() + timedelta(minutes=rules.MINUTES_TO_ANSWER)
    session[DOOR] = [str(opened.id), int(until.timestamp()), opened.opening]
    return redirect(url_for(".door"))


@room.route("/har", methods=["GET", "POST"])
@for_everyone
def door() -> ResponseReturnValue:
    """At the door: one press for a singer who is signed in, a first name for everybody else."""
    if request.args.get("kod"):
        return redirect(url_for(".scanned", token=rules.code_as_meant(request.args["kod"]) or "x"))
    opened, arrival = _door_of_browser(), _arrival_of_browser()
    if opened is None and arrival is None:
        return render_template("rehearsals/type_code.html")
    form = DoorForm()
    singer = queries.own_singer_at(opened.rehearsal, who_asks()) if opened else None
    if form.is_sent_and_sound and opened:
        with form.hearing_refusals():
            if singer:
                actions.check_in_self(opened, singer, by=who_asks())
            else:
                waits = actions.wait_at_door(
                    opened, first_name=form.first_name.data or "", arrival_id=arrival.id if arrival else None
                )
                session[ARRIVAL] = str(waits.id)
            return redirect(url_for(".door"), 303)
    at = opened.rehearsal if opened else arrival.rehearsal if arrival else None
    if singer and at:
        is_here = queries.is_marked_here(at, singer)
        return render_template(
            "rehearsals/door.html", form=form, rehearsal=at, singer=singer, is_here=is_here
        ), form.status
    if arrival and at and arrival.rehearsal_id == at.id:
        return render_template("rehearsals/waiting.html", rehearsal=at, arrival=arrival)
    return render_template(
        "rehearsals/door.html", form=form, rehearsal=at, singer=None, is_here=False
    ), form.status


@room.get("/har/lage")
@for_everyone
def door_state() -> ResponseReturnValue:
    """Whether the leader has answered the one who waits in this browser; nothing else is told."""
    arrival = _arrival_of_browser()
    return jsonify(is_answered=arrival is None or arrival.answer is not None)


def _door_of_browser() -> CheckIn | None:
    kept = session.get(DOOR)
    if not isinstance(kept, list) or len(kept) != 3 or kept[1] < clock.now().timestamp():
        return None
    opened = queries.open_check_in(UUID(kept[0]))
    return opened if opened and opened.opening == kept[2] else None


def _arrival_of_browser() -> Arrival | None:
    kept = session.get(ARRIVAL)
    return queries.own_arrival(UUID(kept)) if isinstance(kept, str) else None
