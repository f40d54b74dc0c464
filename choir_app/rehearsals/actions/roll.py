"""Taking the roll: the one way in for every act, whether a phone, a page or a plain form sends it.

The rules stand in DOMAIN.md, "Roll call": acts are kept as they came, attendance follows from the act that counts,
and a rehearsal's counts are counted anew in the same transaction. So the outcome depends neither on the order nor
on the splitting nor on the repetition of what arrives.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Table, case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer, Voice
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.plan import plan_choir_ahead
from choir_app.rehearsals.models import Act, Attendance, RefusedAct, Rehearsal
from choir_app.rehearsals.permissions import may_correct_roll_late, may_take_roll
from choir_app.rehearsals.rules import DAYS_TO_CORRECT, Answer, SentAct, UnreadableAct, corrected, read_act

UNKNOWN_SINGER = "unknown_singer"
"""The cause that heals by itself: the mark of a newcomer that arrived before the newcomer."""


@dataclass(frozen=True)
class _Arrived:
    """An act with when it was done by our clock, and who brought it."""

    act: SentAct
    acted_at: datetime
    received_at: datetime
    by_id: UUID
    device_id: str | None


@dataclass(frozen=True)
class _No:
    """Why an act is refused: a word for the log and a sentence for the leader."""

    cause: str
    reason: str


@dataclass
class _Batch:
    """What is known while a batch is taken in."""

    by: Any
    rehearsals: dict[UUID, Rehearsal]
    known: dict[UUID, bytes]
    singers: dict[UUID, Singer]
    belonging: set[tuple[UUID, UUID]]
    welcomed: list[UUID] = field(default_factory=list)
    taken: list[_Arrived] = field(default_factory=list)


def receive(
    acts: Sequence[SentAct | UnreadableAct], *, sent_at: datetime, by: Any, device_id: str | None = None
) -> list[Answer]:
    """Take in acts of the roll and answer each: applied, superseded, or refused with a reason.

    `sent_at` is the device's clock when it sent them. One bad act never stops the others; the same act any
    number of times has the effect of once.
    """
    received_at = clock.now()
    arrived = [
        _Arrived(
            act=act,
            acted_at=corrected(act.at, sent_at=sent_at, received_at=received_at),
            received_at=received_at,
            by_id=by.id,
            device_id=device_id,
        )
        for act in acts
        if isinstance(act, SentAct)
    ]
    refused = _take_in(arrived, by=by)
    for act in acts:
        if isinstance(act, UnreadableAct):
            _keep_unreadable(act, received_at=received_at, by=by, device_id=device_id)
    counting = _acts_that_count(arrived)
    return [_answer(act, refused, counting) for act in acts]


def _take_in(arrived: Sequence[_Arrived], *, by: Any) -> dict[tuple[UUID, bytes], str]:
    """Keep what may be kept; gives the reasons for the rest by (id, hash)."""
    batch = _know(arrived, by=by)
    refused: dict[tuple[UUID, bytes], str] = {}
    for one in sorted(arrived, key=lambda one: one.act.kind != "newcomer"):
        known = batch.known.get(one.act.id)
        if known == one.act.body_hash:
            continue
        no = _another_body() if known else _why_not(one, batch)
        if no:
            _keep_refused(one, no)
            refused[one.act.id, one.act.body_hash] = no.reason
        else:
            batch.known[one.act.id] = one.act.body_hash
            batch.taken.append(one)
    waited = _those_who_waited(batch.welcomed, batch.known)
    for one in _write_down([*batch.taken, *waited]):
        no = _another_body()
        _keep_refused(one, no)
        refused[one.act.id, one.act.body_hash] = no.reason
    _let_attendance_follow([*batch.taken, *waited], batch.rehearsals)
    for singer in batch.singers.values():
        if singer.erased_at and refused:
            forget(singer)
    return refused


def _know(arrived: Sequence[_Arrived], *, by: Any) -> _Batch:
    rehearsals = queries.rehearsals_behind({one.act.rehearsal_id for one in arrived})
    singer_ids = {one.act.singer_id for one in arrived if one.act.singer_id}
    return _Batch(
        by=by,
        rehearsals=rehearsals,
        known=queries.acts_behind({one.act.id for one in arrived}),  # after the rehearsals are held fast
        singers=queries.singers_behind(singer_ids),
        belonging=queries.singers_of_choirs(singer_ids, {each.choir_id for each in rehearsals.values()}),
    )


def _another_body() -> _No:
    return _No("another_body", _("Markeringen har redan kommit, men då stod det något annat i den."))


def _why_not(one: _Arrived, batch: _Batch) -> _No | None:
    """Why an act cannot be taken in, or None; a newcomer who can be is written up."""
    rehearsal = batch.rehearsals.get(one.act.rehearsal_id)
    if rehearsal is None:
        return _No("no_rehearsal", _("Repetitionen finns inte längre."))
    if not may_take_roll(batch.by, rehearsal):
        return _No("no_right", _("Du leder inte den här kören. Be projektledaren att lägga till dig."))
    if rehearsal.is_cancelled:
        return _No("cancelled", _("Repetitionen är inställd."))
    if one.received_at < rehearsal.opens_at:
        return _No("too_early", _("Repetitionen har inte varit än. Listan öppnar samma dag."))
    is_late = one.acted_at > rehearsal.ends_at + timedelta(days=DAYS_TO_CORRECT)
    if is_late and not may_correct_roll_late(batch.by):
        return _No(
            "too_late",
            _("Listan kan ändras i %(days)s dagar. Be projektledaren att ändra den.", days=DAYS_TO_CORRECT),
        )
    match one.act.kind:
        case "mark":
            return _why_not_marked(one.act, rehearsal, batch)
        case "newcomer":
            return _welcome(one.act, rehearsal, batch)
        case _:
            return None


def _why_not_marked(act: SentAct, rehearsal: Rehearsal, batch: _Batch) -> _No | None:
    singer = batch.singers.get(act.singer_id) if act.singer_id else None
    if singer is None:
        return _No(UNKNOWN_SINGER, _("Sångaren finns inte i listan."))
    if singer.erased_at:
        return _No("erased_singer", _("Sångaren är raderad."))
    if (rehearsal.choir_id, singer.id) not in batch.belonging:
        return _No(
            "other_choir", _("Personen sjunger inte i den här kören.")
        )  # no name: it may be a stranger's
    return None


def _welcome(act: SentAct, rehearsal: Rehearsal, batch: _Batch) -> _No | None:
    voice = db.session.get(Voice, act.voice_id) if act.voice_id else None
    try:
        with db.session.begin_nested():
            singer = choirs.add_singer(
                rehearsal.choir,
                first_name=act.words or "",
                phone=act.phone,
                voice=voice if voice and voice.choir_id == rehearsal.choir_id else None,
                since=min(rehearsal.sung_on, clock.today()),
                singer_id=act.singer_id,
                by=batch.by,
                may=_whoever_takes_it,  # _why_not has asked already
            )
    except Refusal as no:
        return _No("newcomer", no.message)
    batch.singers[singer.id] = singer
    batch.belonging.add((rehearsal.choir_id, singer.id))
    batch.welcomed.append(singer.id)
    return None


def _whoever_takes_it(_by: Any, _choir: Choir) -> bool:
    return True


def _those_who_waited(welcomed: Collection[UUID], known: Mapping[UUID, bytes]) -> list[_Arrived]:
    """Marks of newcomers that arrived before the newcomer did; they may come in now."""
    if not welcomed:
        return []
    kept = db.session.scalars(
        select(RefusedAct).where(RefusedAct.singer_id.in_(welcomed), RefusedAct.cause == UNKNOWN_SINGER)
    )
    waited: list[_Arrived] = []
    for row in kept:
        act = read_act(json.loads(row.body))
        if isinstance(act, SentAct) and act.id not in known and row.acted_at and row.by_id:
            waited.append(_Arrived(act, row.acted_at, row.received_at, row.by_id, row.device_id))
    return waited


def _write_down(taken: Sequence[_Arrived]) -> list[_Arrived]:
    """Put acts into the log; gives those whose id somebody else took at this very moment with other words."""
    if not taken:
        return []
    written = _insert_new(Act, [_as_row(one) for one in taken])
    if len(written) == len(taken):
        return []
    there = queries.acts_behind({one.act.id for one in taken})
    return [one for one in taken if there.get(one.act.id) != one.act.body_hash]


def _as_row(one: _Arrived) -> dict[str, Any]:
    act = one.act
    return {
        "id": act.id,
        "kind": act.kind,
        "rehearsal_id": act.rehearsal_id,
        "singer_id": act.singer_id,
        "status": act.status,
        "number": act.number,
        "words": act.words if act.kind == "note" else None,
        "device_at": act.at,
        "acted_at": one.acted_at,
        "received_at": one.received_at,
        "by_id": one.by_id,
        "device_id": one.device_id,
        "seen_id": act.seen_id,
        "body_hash": act.body_hash,
    }


def _insert_new(model: type[Model], rows: list[dict[str, Any]]) -> set[Any]:
    """Insert the rows that are not there yet; gives the ids of those that were written."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    table = cast("Table", model.__table__)
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return set(db.session.execute(statement, rows).scalars())  # one form for any number of rows


# --- what follows from the log ---------------------------------------------------------------------------------


def _let_attendance_follow(taken: Iterable[_Arrived], rehearsals: dict[UUID, Rehearsal]) -> None:
    touched: dict[UUID, set[UUID]] = {}
    for one in taken:
        singers = touched.setdefault(one.act.rehearsal_id, set())
        if one.act.singer_id:
            singers.add(one.act.singer_id)
    missing = set(touched) - set(rehearsals)
    everyone = rehearsals | queries.rehearsals_behind(missing)
    for rehearsal_id, singer_ids in touched.items():
        _project(rehearsal_id, singer_ids)
        recount(everyone[rehearsal_id])
    for choir in {everyone[one.act.rehearsal_id].choir for one in taken if one.act.kind == "done"}:
        plan_choir_ahead(choir)


def _project(rehearsal_id: UUID, singer_ids: Collection[UUID]) -> None:
    """Write anew what is known of these singers at a rehearsal: what the act that counts says, or nothing."""
    if not singer_ids:
        return
    db.session.execute(
        delete(Attendance).where(
            Attendance.rehearsal_id == rehearsal_id, Attendance.singer_id.in_(singer_ids)
        ),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {
            "rehearsal_id": rehearsal_id,
            "singer_id": singer_id,
            "is_present": act.status == "present",
            "act_id": act.id,
            "acted_at": act.acted_at,
        }
        for singer_id, act in queries.counting_acts(rehearsal_id, singer_ids).items()
        if act.status in ("present", "absent")
    ]
    if rows:
        db.session.execute(insert(cast("Table", Attendance.__table__)), rows)


def recount(rehearsal: Rehearsal) -> None:
    """Count a rehearsal anew from its attendance and its log; never by adding one."""
    marked, present = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((Attendance.is_present, 1), else_=0)), 0),
        ).where(Attendance.rehearsal_id == rehearsal.id)
    ).one()
    evening = queries.counting_acts_of_evening(rehearsal.id)
    rehearsal.mark_count, rehearsal.present_count = marked, int(present)
    rehearsal.guest_count = (evening["guests"].number or 0) if "guests" in evening else 0
    rehearsal.done_at = evening["done"].acted_at if "done" in evening else None
    rehearsal.evening_note = (evening["note"].words or None) if "note" in evening else None
    db.session.flush()


# --- answers and refusals ----------------------------------------------------------------------------------------


def _acts_that_count(arrived: Iterable[_Arrived]) -> set[UUID]:
    by_rehearsal: dict[UUID, set[UUID]] = {}
    for one in arrived:
        by_rehearsal.setdefault(one.act.rehearsal_id, set())
        if one.act.singer_id:
            by_rehearsal[one.act.rehearsal_id].add(one.act.singer_id)
    counting: set[UUID] = set()
    for rehearsal_id, singer_ids in by_rehearsal.items():
        if singer_ids:
            counting |= {act.id for act in queries.counting_acts(rehearsal_id, singer_ids).values()}
        counting |= {act.id for act in queries.counting_acts_of_evening(rehearsal_id).values()}
    return counting


def _answer(
    act: SentAct | UnreadableAct, refused: Mapping[tuple[UUID, bytes], str], counting: Collection[UUID]
) -> Answer:
    if isinstance(act, UnreadableAct):
        return Answer(act.id, "refused", act.reason)
    if reason := refused.get((act.id, act.body_hash)):
        return Answer(str(act.id), "refused", reason)
    is_applied = act.id in counting or act.kind == "newcomer"
    return Answer(str(act.id), "applied" if is_applied else "superseded")


def _keep_refused(one: _Arrived, no: _No) -> None:
    act = one.act
    _insert_new(
        RefusedAct,
        [
            {
                "id": uuid4(),
                "act_id": str(act.id),
                "body": act.as_json(),
                "body_hash": act.body_hash,
                "cause": no.cause,
                "reason": no.reason[:300],
                "rehearsal_id": act.rehearsal_id,
                "singer_id": act.singer_id,
                "acted_at": one.acted_at,
                "received_at": one.received_at,
                "by_id": one.by_id,
                "device_id": one.device_id,
            }
        ],
    )


def _keep_unreadable(act: UnreadableAct, *, received_at: datetime, by: Any, device_id: str | None) -> None:
    _insert_new(
        RefusedAct,
        [
            {
                "id": uuid4(),
                "act_id": act.id,
                "body": act.body,
                "body_hash": act.body_hash,
                "cause": "unreadable",
                "reason": act.reason[:300],
                "rehearsal_id": None,
                "singer_id": None,
                "acted_at": None,
                "received_at": received_at,
                "by_id": by.id,
                "device_id": device_id,
            }
        ],
    )


@choirs.singer_erased.connect
def forget(singer: Singer) -> None:
    """Take an erased singer's name and number out of the refused acts too; that they were refused stays."""
    for row in db.session.scalars(select(RefusedAct).where(RefusedAct.singer_id == singer.id)):
        said = json.loads(row.body)
        kept = {name: value for name, value in said.items() if name not in ("words", "phone")}
        row.body = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    db.session.flush()


# --- the same acts, from a plain form ----------------------------------------------------------------------------


def take_roll(
    rehearsal: Rehearsal,
    *,
    was_here: Collection[UUID],
    is_here: Collection[UUID],
    guests: int | None,
    receipt: UUID,
    by: Any,
) -> list[Answer]:
    """Take the roll from a sheet: what differs from how it was drawn becomes acts, one for each singer.

    The receipt is made with the sheet, and the acts' ids come from it and from what they say: sending a sheet twice
    has the effect of once, and nothing is lost of a sheet that one goes back to and fills in otherwise. `guests` is
    how many there are, None when nobody touched the number.
    """
    require(may_take_roll(by, rehearsal))
    now = clock.now()
    changed = [
        (singer_id, "present" if singer_id in is_here else "unmarked")
        for singer_id in sorted(set(was_here) ^ set(is_here))
    ]
    acts = [
        SentAct(
            id=uuid5(receipt, f"mark {singer_id} {status}"),
            kind="mark",
            rehearsal_id=rehearsal.id,
            at=now,
            singer_id=singer_id,
            status=status,
        )
        for singer_id, status in changed
    ]
    if guests is not None:
        acts.append(
            SentAct(
                id=uuid5(receipt, f"guests {guests}"),
                kind="guests",
                rehearsal_id=rehearsal.id,
                at=now,
                number=guests,
            )
        )
    return _receive_once(acts, by=by)


def welcome_newcomer(
    rehearsal: Rehearsal,
    *,
    first_name: str,
    receipt: UUID,
    by: Any,
    voice_id: UUID | None = None,
    phone: str | None = None,
) -> Answer | None:
    """Write up somebody who came for the first time, and mark them present; None when it was done already."""
    require(may_take_roll(by, rehearsal))
    act = SentAct(
        id=uuid5(receipt, f"newcomer {first_name}"),
        kind="newcomer",
        rehearsal_id=rehearsal.id,
        at=clock.now(),
        singer_id=uuid5(receipt, first_name),
        status="present",
        words=first_name,
        voice_id=voice_id,
        phone=phone,
    )
    return next(iter(_receive_once([act], by=by)), None)


def finish_evening(rehearsal: Rehearsal, *, note: str | None, receipt: UUID, by: Any) -> list[Answer]:
    """Say that the evening is done, with something to remember if there was anything."""
    require(may_take_roll(by, rehearsal))
    now = clock.now()
    acts = [SentAct(id=uuid5(receipt, "done"), kind="done", rehearsal_id=rehearsal.id, at=now)]
    if (note or "") != (rehearsal.evening_note or ""):
        acts.append(
            SentAct(
                id=uuid5(receipt, f"note {note}"),
                kind="note",
                rehearsal_id=rehearsal.id,
                at=now,
                words=note or "",
            )
        )
    return _receive_once(acts, by=by)


def _receive_once(acts: Sequence[SentAct], *, by: Any) -> list[Answer]:
    """Receive the acts of a sheet but for those that came with it before; its time of sending tells nothing."""
    queries.rehearsals_behind({act.rehearsal_id for act in acts})
    known = queries.acts_behind({act.id for act in acts})
    return receive([_seeing(act) for act in acts if act.id not in known], sent_at=clock.now(), by=by)


def _seeing(act: SentAct) -> SentAct:
    """The act of a sheet, done at the server itself: it has seen whatever counts there at this moment."""
    if act.singer_id:
        seen = queries.counting_acts(act.rehearsal_id, [act.singer_id]).get(act.singer_id)
    else:
        seen = queries.counting_acts_of_evening(act.rehearsal_id).get(act.kind)
    return replace(act, seen_id=seen.id) if seen else act
