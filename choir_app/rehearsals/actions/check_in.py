"""Checking in oneself: the leader opens it for an evening, singers press once, newcomers wait to be let in."""

from datetime import timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select, update

from choir_app.choirs.models import Singer
from choir_app.foundation import audit, clock
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import has_identity_number
from choir_app.rehearsals import queries, rules
from choir_app.rehearsals.actions.roll import receive, take_roll, welcome_newcomer
from choir_app.rehearsals.models import Arrival, CheckIn, Rehearsal
from choir_app.rehearsals.permissions import may_check_in_as, may_open_check_in, may_take_roll
from choir_app.rehearsals.rules import Answer, SentAct

# --- opening and closing ---------------------------------------------------------------------------------------


def open_check_in(rehearsal: Rehearsal, *, by: Any) -> CheckIn:
    """Let singers check in themselves this evening; the codes of an earlier opening are worth nothing then."""
    require(may_open_check_in(by, rehearsal))
    check_in = queries.check_in_of(rehearsal)
    if check_in and check_in.is_open:
        return check_in
    if rehearsal.is_cancelled:
        raise Refusal(_("Repetitionen är inställd."))
    if not rehearsal.is_open or clock.now() >= max(clock.end_of(rehearsal.sung_on), rehearsal.ends_at):
        raise Refusal(_("Öppna incheckningen samma dag som ni sjunger."))
    _forget_earlier_arrivals(rehearsal)
    check_in = check_in or CheckIn(rehearsal=rehearsal, rehearsal_id=rehearsal.id)
    check_in.seed, check_in.closed_at = token_bytes(32), None
    check_in.opened_at, check_in.opened_by_id = clock.now(), by.id
    db.session.add(check_in)
    db.session.flush()
    audit.note("check_in.opened", check_in, by=by)
    return check_in


def close_check_in(rehearsal: Rehearsal, *, by: Any) -> None:
    """Let nobody check in themselves any more; who waits can still be let in."""
    require(may_open_check_in(by, rehearsal))
    check_in = queries.check_in_of(rehearsal)
    if check_in is None or check_in.closed_at is not None:
        return
    check_in.closed_at = clock.now()
    audit.note("check_in.closed", check_in, by=by)
    db.session.flush()


def _forget_earlier_arrivals(rehearsal: Rehearsal) -> None:
    of_choir = select(Rehearsal.id).where(
        Rehearsal.choir_id == rehearsal.choir_id, Rehearsal.id != rehearsal.id
    )
    db.session.execute(
        update(Arrival)
        .where(Arrival.rehearsal_id.in_(of_choir), Arrival.first_name.is_not(None))
        .values(first_name=None)
    )


@chore("names at the door forgotten")
def forget_arrivals() -> None:
    """Take away the names of those who waited at a door whose day is over."""
    db.session.execute(
        update(Arrival)
        .where(Arrival.asked_at < clock.now() - timedelta(hours=18), Arrival.first_name.is_not(None))
        .values(first_name=None)
    )


# --- at the door -----------------------------------------------------------------------------------------------


def check_in_self(check_in: CheckIn, singer: Singer, *, by: Any) -> Answer | None:
    """Mark oneself present, as a singer of the choir with an account; None when one is marked already."""
    require(may_check_in_as(by, singer))
    rehearsal = check_in.rehearsal
    _refuse_closed(check_in)
    if queries.is_marked_here(rehearsal, singer):
        return None
    seen = queries.counting_marks([rehearsal.id], [singer.id]).get((rehearsal.id, singer.id))
    act = SentAct(
        id=uuid4(),
        kind="mark",
        rehearsal_id=rehearsal.id,
        at=clock.now(),
        singer_id=singer.id,
        status="present",
        seen_id=seen.id if seen else None,
    )
    (answer,) = receive(
        [act],
        sent_at=clock.now(),
        by=by,
        may=lambda who, at: may_check_in_as(who, singer) and at.id == rehearsal.id,
    )
    if answer.reason:
        raise Refusal(answer.reason)
    return answer


def wait_at_door(check_in: CheckIn, *, first_name: str, arrival_id: UUID | None = None) -> Arrival:
    """Say one's first name and wait for the leader's tap. The answer is the same whoever is in the list.

    `arrival_id` is whom this browser waits as already: it stays one.
    """
    rehearsal = check_in.rehearsal
    already = queries.own_arrival(arrival_id) if arrival_id else None
    if already and already.rehearsal_id == rehearsal.id:
        return already
    _refuse_closed(check_in)
    if not first_name:
        raise Refusal(_("Skriv ett förnamn."), field="first_name")
    if has_identity_number(first_name) or any(sign.isdigit() for sign in first_name):
        raise Refusal(_("Skriv bara ditt förnamn, inga siffror."), field="first_name")
    if len(queries.arrivals_waiting(rehearsal)) >= rules.MOST_ARRIVALS:
        raise Refusal(_("Många väntar redan. Gå fram till körledaren och säg hej."))
    arrival = Arrival(rehearsal=rehearsal, rehearsal_id=rehearsal.id, first_name=first_name)
    db.session.add(arrival)
    db.session.flush()
    return arrival


def _refuse_closed(check_in: CheckIn) -> None:
    if not check_in.is_open:
        raise Refusal(_("Incheckningen är stängd. Säg till körledaren att du är här."))


def answer_arrival(arrival: Arrival, *, answer: str, singer_id: UUID | None = None, by: Any) -> None:
    """Let somebody in from the door, as a newcomer or as a singer on the roll; or say that nobody is there.

    The name at the door is taken away then: it is either a singer's, or nobody's.
    """
    rehearsal = arrival.rehearsal
    require(may_take_roll(by, rehearsal))
    if arrival.answer is not None:
        return
    if arrival.first_name is None:
        raise Refusal(_("Dagen är slut, och namnet är borta."))
    if answer == "new":
        said = welcome_newcomer(rehearsal, first_name=arrival.first_name, receipt=arrival.id, by=by)
        _hear([said] if said else [])
    elif answer == "known":
        if singer_id is None or singer_id not in {each.id for each in queries.roll_of(rehearsal).singers}:
            raise Refusal(_("Välj vem det är i listan."), field="singer")
        receipt = uuid5(arrival.id, "known")
        _hear(take_roll(rehearsal, was_here=(), is_here=[singer_id], guests=None, receipt=receipt, by=by))
    elif answer != "not_here":
        raise Refusal(_("Välj något i listan."), field="answer")
    arrival.answer, arrival.answered_at, arrival.answered_by_id = answer, clock.now(), by.id
    arrival.first_name = None
    db.session.flush()


def _hear(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.reason:
            raise Refusal(answer.reason)
