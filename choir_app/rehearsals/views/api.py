"""The wire: acts of the roll from a phone, and the roll as it stands, in JSON.

Both take the session's cookie. `POST /api/v1/acts` asks for no form token: it takes JSON only, which no other site
can send without asking first, and foundation/origin.py has looked at where the request comes from.
"""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from choir_app.accounts.models import Visitor
from choir_app.foundation import audit, clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.database import look_on
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.origin import protected_otherwise
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.queries import Disagreement, RollTruth, Side, Snapshot
from choir_app.rehearsals.views import room
from choir_app.rehearsals.views.taker import no_taker_because, roll_taker, who_sends

LARGEST_BATCH = 1_000_000
"""Bytes of one batch; five hundred acts need a third of it."""

protected_otherwise("rehearsals.acts")


class _Unusable(Exception):  # noqa: N818 - an answer, not a programming error
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@room.post("/api/v1/acts")
@for_everyone
def acts() -> ResponseReturnValue:
    """Take in a batch of acts and answer each of them."""
    taker = who_sends()
    if isinstance(taker, Visitor):
        return _no(401, no_taker_because() or _("Logga in igen för att skicka."))
    try:
        sent_at, device_id, raw = _read_batch()
    except _Unusable as why:
        return _no(why.status, why.reason)
    sent = [rules.read_act(one) for one in raw]
    answers = actions.receive(sent, sent_at=sent_at, device_id=device_id, by=taker)
    touched = {act.rehearsal_id for act in sent if isinstance(act, rules.SentAct)}
    look_on()
    return jsonify(
        received_at=_moment(clock.now()),
        results=[{"id": one.id, "outcome": one.outcome, "reason": one.reason} for one in answers],
        rehearsals=[_truth(one) for one in queries.truth_of(touched, viewer=taker)],
    )


@room.get("/api/v1/roll/<uuid:rehearsal_id>")
@only_reads
@for_everyone
def roll_snapshot(rehearsal_id: UUID) -> ResponseReturnValue:
    """The roll as it stands, with an ETag that changes when it does. No phone numbers and no notes."""
    taker = roll_taker()
    if isinstance(taker, Visitor):
        return _no(401, no_taker_because() or _("Logga in igen för att se listan."))
    rehearsal = queries.one_to_take(rehearsal_id, viewer=taker)
    told = _snapshot(queries.snapshot_of(rehearsal, viewer=taker))
    audit.looked_at(rehearsal.choir, by=taker)
    arrivals = [
        {"id": str(each.id), "first_name": each.first_name, "at": _moment(each.at)}
        for each in queries.arrivals_waiting(rehearsal)
    ]
    return _marked(told | {"arrivals": arrivals})


@room.get("/api/v1/evenings")
@only_reads
@for_everyone
def evenings() -> ResponseReturnValue:
    """All that a leader's phone keeps: the rolls of the last and the next fourteen days, with an ETag."""
    taker = roll_taker()
    if isinstance(taker, Visitor):
        return _no(401, no_taker_because() or _("Logga in igen för att se listan."))
    kept = queries.snapshots_kept_by(taker)
    told = {
        "account": {"id": str(taker.id) if taker.id else None, "name": taker.name},
        "rehearsals": [_snapshot(each) for each in kept],
    }
    for choir in {each.roll.rehearsal.choir for each in kept}:
        audit.looked_at(choir, by=taker)
    return _marked(told, fetched_at=_moment(clock.now()))


def _marked(told: dict[str, Any], **unmarked: Any) -> Response:
    """An answer with a mark of what it tells; what is `unmarked`, such as the time of asking, changes no mark.

    Whoever shows the mark again is told 304 by foundation/kept_pages.py, without any of this being asked anew
    while nothing has been written.
    """
    mark = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    response = jsonify(told | unmarked)
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = "no-store"  # names stay in no browser's cache
    return response


def _no(status: int, reason: str) -> tuple[Response, int]:
    return jsonify(error=status, reason=reason), status


def _read_batch() -> tuple[datetime, str | None, list[Any]]:
    """When it was sent, by which device, and what may be acts; raises _Unusable for what is no batch at all."""
    if request.mimetype != "application/json":
        raise _Unusable(415, _("Skicka markeringarna som JSON."))
    too_much = _Unusable(413, _("Det är för mycket på en gång. Skicka högst %(most)s.", most=rules.MOST_ACTS))
    if (request.content_length or 0) > LARGEST_BATCH:
        raise too_much
    try:
        batch = json.loads(request.get_data(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _Unusable(400, _("Det går inte att läsa. Ladda om sidan och försök igen.")) from None
    if not isinstance(batch, dict) or not isinstance(batch.get("acts"), list):
        raise _Unusable(422, _("Det finns inga markeringar att ta emot."))
    if len(batch["acts"]) > rules.MOST_ACTS:
        raise too_much
    if not rules.is_moment(batch.get("sent_at")):
        raise _Unusable(422, _("Telefonens klocka går inte att läsa."))
    device_id = batch.get("device_id")
    if device_id is not None and not rules.is_device(device_id):
        raise _Unusable(422, _("Telefonens nummer går inte att läsa."))
    return rules.read_moment(batch["sent_at"]), device_id, batch["acts"]


def _no_number(_name: str) -> None:
    raise ValueError


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def _truth(truth: RollTruth) -> dict[str, Any]:
    return {
        **_counts(truth.rehearsal, truth.guests_act_id),
        "marks": {
            str(singer_id): {"status": status, "act_id": str(act_id)}
            for singer_id, (status, act_id) in truth.marks.items()
        },
        "merged": _pairs(truth.merged),
        "conflicts": [_conflict(each) for each in truth.disagreements],
    }


def _counts(rehearsal: Rehearsal, guests_act_id: UUID | None) -> dict[str, Any]:
    return {
        "id": str(rehearsal.id),
        "present_count": rehearsal.present_count,
        "mark_count": rehearsal.mark_count,
        "guest_count": rehearsal.guest_count,
        "guests_act_id": _id(guests_act_id),
        "headcount": rehearsal.headcount,
        "done_at": _moment(rehearsal.done_at),
    }


def _snapshot(told: Snapshot) -> dict[str, Any]:
    roll, rehearsal = told.roll, told.roll.rehearsal
    venue = rehearsal.venue
    return {
        **_counts(rehearsal, told.guests_act_id),
        "choir": {"id": str(rehearsal.choir_id), "name": rehearsal.choir.name, "slug": rehearsal.choir.slug},
        "kind": rehearsal.kind,
        "starts_at": _moment(rehearsal.starts_at),
        "ends_at": _moment(rehearsal.ends_at),
        "sung_on": rehearsal.sung_on.isoformat(),
        "place": ", ".join(part for part in (venue.name, venue.room) if part) if venue else "",
        "is_cancelled": rehearsal.is_cancelled,
        "is_open": rehearsal.is_open,
        "closes_at": _moment(told.closes_at),
        "handed_in_at": _moment(told.handed_in_at),
        "elsewhere": roll.elsewhere,
        "voices": [{"id": str(voice.id), "name": voice.name, "pot": voice.pot} for voice in roll.voices],
        "singers": [
            {
                "id": str(singer.id),
                "first_name": singer.first_name,
                "surname": singer.surname,
                "voice_id": _id(singer.voice_id),
                "is_new": singer.is_new,
                "is_expected": singer.is_expected,
                "has_said": singer.has_said,
                "status": singer.status,
                "act_id": _id(singer.act_id),
            }
            for singer in roll.singers
        ],
        "merged": _pairs(told.merged),
        "conflicts": [_conflict(each) for each in told.disagreements],
        "outcomes": [{"act_id": str(each.act_id), "outcome": each.outcome} for each in told.outcomes],
        "also_marking": list(told.also_marking),
    }


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _pairs(merged: dict[UUID, UUID]) -> dict[str, str]:
    return {str(row): str(person) for row, person in sorted(merged.items())}


def _conflict(each: Disagreement) -> dict[str, Any]:
    return {"singer_id": str(each.singer_id), "counts": _told_by(each.counts), "other": _told_by(each.other)}


def _told_by(side: Side) -> dict[str, Any]:
    return {
        "act_id": str(side.act_id),
        "status": side.status,
        "by": side.by or _("Någon"),
        "at": _moment(side.at),
    }
