"""Taking the roll, as a plain form and as what a script makes better; and the end of the evening."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from choir_app.choirs.rules import READING_LANGUAGES
from choir_app.foundation import audit, clock
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.forms.roll import OUTCOME_NAMES, EveningForm, NewcomerForm, RollForm
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.permissions import may_correct_roll_late
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import for_roll_takers, roll_taker


@room.route("/narvaro/<uuid:rehearsal_id>", methods=["GET", "POST"])
@only_reads  # its sheet says how things are and makes nothing new: the same one sent again changes nothing
@for_roll_takers
def roll(rehearsal_id: UUID) -> ResponseReturnValue:
    """The roll of one rehearsal."""
    rehearsal = queries.one_to_take(rehearsal_id, viewer=roll_taker())
    form = RollForm(data={"guests_were": rehearsal.guest_count})
    handed_in_at = queries.handed_in_at([rehearsal.id]).get(rehearsal.id)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _take(rehearsal, form, must_say_why=handed_in_at is not None)
            return redirect(_onwards(rehearsal, form.go.data), 303)
    shown = queries.roll_of(rehearsal)
    audit.looked_at(rehearsal.choir, by=roll_taker())
    if not rehearsal.is_open or _is_closed(rehearsal):
        return render_template("rehearsals/roll_closed.html", roll=shown, form=form), form.status
    return render_template(
        "rehearsals/roll.html",
        roll=shown,
        form=form,
        handed_in_at=handed_in_at,
        guests_act=queries.guests_act_of(rehearsal),
        most=rules.MOST_GUESTS,
    ), form.status


def _take(rehearsal: Rehearsal, form: RollForm, *, must_say_why: bool) -> None:
    if must_say_why and form.changes_something and not form.why.data:
        raise Refusal(_("Skriv varför, med några ord."), field="why")
    answers = actions.take_roll(
        rehearsal,
        was_here=form.was.data or (),
        is_here=form.here_on(queries.roll_of(rehearsal)),
        guests=form.guests_now,
        receipt=form.receipt_id,
        why=form.why.data or None,
        by=roll_taker(),
    )
    _tell_refused(answers)


@room.context_processor
def languages_to_read() -> dict[str, Any]:
    """What the roll's sheets offer a newcomer to read in."""
    return {"reading_languages": READING_LANGUAGES}


def _onwards(rehearsal: Rehearsal, go: str | None) -> str:
    endpoint = {"done": ".summary", "newcomer": ".newcomer"}.get(go or "", ".roll")
    return url_for(endpoint, rehearsal_id=rehearsal.id)


def _is_closed(rehearsal: Rehearsal) -> bool:
    is_late = clock.now() > rehearsal.ends_at + timedelta(days=rules.DAYS_TO_CORRECT)
    return is_late and not may_correct_roll_late(roll_taker())


def _tell_refused(answers: Iterable[rules.Answer]) -> None:
    for reason in {answer.reason for answer in answers if answer.reason}:
        tell(reason, kind="danger")


@room.route("/narvaro/<uuid:rehearsal_id>/ny-sangare", methods=["GET", "POST"])
@for_roll_takers
def newcomer(rehearsal_id: UUID) -> ResponseReturnValue:
    """Somebody who came for the first time, on a page of its own for phones without script."""
    rehearsal = queries.one_to_take(rehearsal_id, viewer=roll_taker())
    form = NewcomerForm(queries.roll_of(rehearsal))
    if form.is_sent_and_sound and not form.asks_which:
        with form.hearing_refusals():
            _tell_refused(_welcomed(rehearsal, form))
            return redirect(url_for(".roll", rehearsal_id=rehearsal.id), 303)
    asks_which = form.is_submitted() and form.asks_which
    return render_template(
        "rehearsals/newcomer.html", form=form, rehearsal=rehearsal, asks_which=asks_which
    ), form.status


def _welcomed(rehearsal: Rehearsal, form: NewcomerForm) -> list[rules.Answer]:
    if form.known_singer:
        return actions.take_roll(
            rehearsal,
            was_here=(),
            is_here=[form.known_singer],
            guests=None,
            receipt=uuid5(form.receipt_id, "the same person"),
            by=roll_taker(),
        )
    answer = actions.welcome_newcomer(
        rehearsal,
        first_name=form.first_name.data,
        voice_id=form.voice_id,
        phone=form.phone.data or None,
        receipt=form.receipt_id,
        by=roll_taker(),
    )
    return [answer] if answer else []


@room.route("/narvaro/<uuid:rehearsal_id>/klar", methods=["GET", "POST"])
@for_roll_takers
def summary(rehearsal_id: UUID) -> ResponseReturnValue:
    """How many came, and the end of the evening."""
    rehearsal = queries.one_to_take(rehearsal_id, viewer=roll_taker())
    shown = queries.roll_of(rehearsal)
    form = EveningForm(shown, data={"note": rehearsal.evening_note})
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            _tell_refused(_finished(rehearsal, form))
            return redirect(url_for(".summary", rehearsal_id=rehearsal.id), 303)
    is_empty = shown.in_room == 0 and rehearsal.done_at is None
    template = "rehearsals/nobody.html" if is_empty else "rehearsals/summary.html"
    return render_template(
        template, roll=shown, form=form, told=queries.outcomes_of(rehearsal), outcome_names=OUTCOME_NAMES
    ), form.status


def _finished(rehearsal: Rehearsal, form: EveningForm) -> list[rules.Answer]:
    taker, receipt = roll_taker(), form.receipt_id
    answers: list[rules.Answer] = []
    if form.taken_back:
        answers += actions.take_back_outcome(rehearsal, form.taken_back, receipt=receipt, by=taker)
    elif form.outcome.data:
        answers += actions.tell_outcome(
            rehearsal,
            outcome=form.outcome.data,
            words=form.words.data,
            may_be_told=bool(form.may_be_told.data),
            singer_id=form.about,
            receipt=receipt,
            by=taker,
        )
    goes_on = form.is_only_telling or form.taken_back is not None
    note = form.note.data if form.note.raw_data else rehearsal.evening_note
    return answers + actions.finish_evening(rehearsal, note=note, receipt=receipt, by=taker, goes_on=goes_on)
