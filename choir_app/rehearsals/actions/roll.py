"""Taking the roll: the one way in for every act, whether a phone, a page or a plain form sends it.

The rules stand in DOMAIN.md, "Roll call": acts are kept as they came, attendance follows from the act that counts,
and a rehearsal's counts are counted anew in the same transaction. So the outcome depends neither on the order nor
on the splitting nor on the repetition of what arrives.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Table, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from choir_app.choirs import actions as choirs
from choir_app.choirs import queries as choir_queries
from choir_app.choirs.models import Choir, Singer, Voice
from choir_app.choirs.rules import READING_LANGUAGES
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.plan import plan_choir_ahead
from choir_app.rehearsals.models import Act, Attendance, RefusedAct, Rehearsal
from choir_app.rehearsals.permissions import may_correct_roll_late, may_have_taken_roll, may_take_roll
from choir_app.rehearsals.rules import (
    DAYS_TO_CORRECT,
    LONGEST_HAPPENING,
    OUTCOMES,
    Answer,
    KnownAct,
    SentAct,
    UnreadableAct,
    corrected,
    read_act,
)

UNKNOWN_SINGER = "unknown_singer"
"""The cause that heals by itself: the mark of a newcomer that arrived before the newcomer."""


@dataclass(frozen=True)
class _Arrived:
    """An act with when it was done by our clock, and who brought it."""

    act: SentAct
    acted_at: datetime
    received_at: datetime
    by_id: UUID | None
    loan_id: UUID | None
    device_id: str | None


@dataclass(frozen=True)
class _No:
    """Why an act is refused: a word for the log and a sentence for the leader."""

    cause: str
    reason: str


@dataclass
class _Batch:
    """What is known while a batch is taken in. A person is the singer that stands for a row."""

    by: Any
    may: Callable[[Any, Rehearsal], bool]
    might: Callable[[Any, Rehearsal, datetime], bool]
    no_right: str
    rehearsals: dict[UUID, Rehearsal]
    known: dict[UUID, bytes]
    singers: dict[UUID, queries.HeldSinger]
    belonging: set[tuple[UUID, UUID]]
    allowed: dict[UUID, bool] = field(default_factory=dict)
    welcomed: list[UUID] = field(default_factory=list)
    taken: list[_Arrived] = field(default_factory=list)

    def may_take(self, rehearsal: Rehearsal) -> bool:
        """Whether the sender has the right to this roll; asked once for each."""
        if rehearsal.id not in self.allowed:
            self.allowed[rehearsal.id] = self.may(self.by, rehearsal)
        return self.allowed[rehearsal.id]


def receive(
    acts: Sequence[SentAct | UnreadableAct],
    *,
    sent_at: datetime,
    by: Any,
    device_id: str | None = None,
    may: Callable[[Any, Rehearsal], bool] = may_take_roll,
    might: Callable[[Any, Rehearsal, datetime], bool] = may_have_taken_roll,
    no_right: str | None = None,
) -> list[Answer]:
    """Take in acts of the roll and answer each: applied, superseded, or refused with a reason.

    `sent_at` is the device's clock when it sent them; `by` an Account or a Substitute, who has the right to a roll
    when `may` says so now, or `might` of the moment at which an act was made; `no_right` is what somebody without
    is told, when it is another reason than usual. One bad act never stops the others; the same act any number of
    times has the effect of once.
    """
    received_at = clock.now()
    loan_id = getattr(by, "loan_id", None)
    arrived = [
        _Arrived(
            act=act,
            acted_at=corrected(act.at, sent_at=sent_at, received_at=received_at),
            received_at=received_at,
            by_id=by.id,
            loan_id=loan_id,
            device_id=device_id,
        )
        for act in acts
        if isinstance(act, SentAct)
    ]
    batch = _know(arrived, by=by, may=may, might=might, no_right=no_right or _why_no_right(by))
    refused = _take_in(arrived, batch)
    for act in acts:
        if isinstance(act, UnreadableAct):
            _keep_unreadable(act, received_at=received_at, by=by, device_id=device_id)
    counting = _let_attendance_follow(arrived, batch)
    return [_answer(act, refused, counting) for act in acts]


def _take_in(arrived: Sequence[_Arrived], batch: _Batch) -> dict[tuple[UUID, bytes], str]:
    """Keep what may be kept; gives the reasons for the rest by (id, hash)."""
    refused: dict[tuple[UUID, bytes], str] = {}
    for one in sorted(arrived, key=lambda one: one.act.kind != "newcomer"):
        known = batch.known.get(one.act.id)
        if known and one.act.is_what_came(known):
            continue
        no = _another_body() if known else _why_not(one, batch)
        if no:
            _keep_refused(one, no)
            refused[one.act.id, one.act.body_hash] = no.reason
        else:
            batch.known[one.act.id] = one.act.body_hash
            batch.taken.append(one)
    batch.taken += _those_who_waited(batch)
    for one in _write_down(batch.taken):
        no = _another_body()
        _keep_refused(one, no)
        refused[one.act.id, one.act.body_hash] = no.reason
    if refused:
        _forget([singer.id for singer in batch.singers.values() if singer.is_erased])
    return refused


def _know(
    arrived: Sequence[_Arrived],
    *,
    by: Any,
    may: Callable[[Any, Rehearsal], bool],
    might: Callable[[Any, Rehearsal, datetime], bool],
    no_right: str,
) -> _Batch:
    singers = queries.singers_held({one.act.singer_id for one in arrived if one.act.singer_id})
    rehearsals = queries.rehearsals_behind({one.act.rehearsal_id for one in arrived})
    return _Batch(
        by=by,
        may=may,
        might=might,
        no_right=no_right,
        rehearsals=rehearsals,
        known=queries.acts_behind({one.act.id for one in arrived}),  # after the rehearsals are held fast
        singers=singers,
        belonging=queries.persons_of_choirs(
            {singer.person for singer in singers.values()},
            {each.choir_id for each in rehearsals.values()},
        ),
    )


def _another_body() -> _No:
    return _No("another_body", _("Markeringen har redan kommit, men då stod det något annat i den."))


def _why_not(one: _Arrived, batch: _Batch) -> _No | None:
    """Why an act cannot be taken in, or None; a newcomer who can be is written up."""
    rehearsal = batch.rehearsals.get(one.act.rehearsal_id)
    if rehearsal is None:
        return _No("no_rehearsal", _("Repetitionen finns inte längre."))
    if not batch.may_take(rehearsal) and not batch.might(batch.by, rehearsal, one.acted_at):
        return _No("no_right", batch.no_right)
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
            return _why_not_about(one.act, rehearsal, batch)
        case "outcome" if one.act.singer_id:
            return _why_not_about(one.act, rehearsal, batch)
        case "newcomer":
            return _welcome(one.act, rehearsal, batch)
        case _:
            return None


def _why_no_right(by: Any) -> str:
    if getattr(by, "loan_id", None):
        return _("Du har lånat en annan lista. Be körledaren om en länk till den här.")
    return _("Du leder inte den här kören. Be projektledaren att lägga till dig.")


def _why_not_about(act: SentAct, rehearsal: Rehearsal, batch: _Batch) -> _No | None:
    singer = batch.singers.get(act.singer_id) if act.singer_id else None
    if singer is None:
        return _No(UNKNOWN_SINGER, _("Sångaren finns inte i listan."))
    if singer.is_erased:
        return _No("erased_singer", _("Sångaren är raderad."))
    if (rehearsal.choir_id, singer.person) not in batch.belonging:
        return _No(
            "other_choir", _("Personen sjunger inte i den här kören.")
        )  # no name: it may be a stranger's
    return None


def _welcome(act: SentAct, rehearsal: Rehearsal, batch: _Batch) -> _No | None:
    """Write up a newcomer; what is not asked for and cannot be used, such as an unknown language, stops nobody."""
    voice = db.session.get(Voice, act.voice_id) if act.voice_id else None
    try:
        with db.session.begin_nested():
            singer = choirs.add_singer(
                rehearsal.choir,
                first_name=act.words or "",
                phone=act.phone,
                reads=act.reads if act.reads in READING_LANGUAGES else None,
                may_be_written_to=bool(act.may_write),
                buddy=_buddy(act, rehearsal),
                voice=voice if voice and voice.choir_id == rehearsal.choir_id else None,
                since=min(rehearsal.sung_on, clock.today()),
                singer_id=act.singer_id,
                by=batch.by,
                may=_whoever_takes_it,  # _why_not has asked already
            )
    except Refusal as no:
        return _No("newcomer", no.message)
    person = singer.merged_into_id or singer.id
    batch.singers[singer.id] = queries.HeldSinger(singer.id, person, is_erased=False)
    batch.belonging.add((rehearsal.choir_id, person))
    batch.welcomed.append(singer.id)
    return None


def _buddy(act: SentAct, rehearsal: Rehearsal) -> Singer | None:
    """The singer of the choir who helps a newcomer along; nobody when the one that was named is not there."""
    if not act.buddy_id or act.buddy_id == act.singer_id:
        return None
    named = queries.singers_behind([act.buddy_id]).get(act.buddy_id)
    buddy = db.session.get(Singer, named.merged_into_id or named.id) if named else None
    if buddy is None or buddy.erased_at:
        return None
    belongs = queries.persons_of_choirs([buddy.id], [rehearsal.choir_id])
    return buddy if belongs else None


def _whoever_takes_it(_by: Any, _choir: Choir) -> bool:
    return True


def _those_who_waited(batch: _Batch) -> list[_Arrived]:
    """Marks of newcomers that arrived before the newcomer did; those of their choir may come in now."""
    if not batch.welcomed:
        return []
    choirs_of_batch = {each.choir_id for each in batch.rehearsals.values()}
    kept = db.session.execute(
        select(RefusedAct, Rehearsal.choir_id)
        .join(Rehearsal, RefusedAct.rehearsal_id == Rehearsal.id)
        .where(
            RefusedAct.singer_id.in_(batch.welcomed),
            RefusedAct.cause == UNKNOWN_SINGER,
            Rehearsal.choir_id.in_(choirs_of_batch),
        )
    )
    waited: list[_Arrived] = []
    for row, choir_id in kept:
        act = read_act(json.loads(row.body))
        if not isinstance(act, SentAct) or act.id in batch.known or not row.acted_at or not act.singer_id:
            continue
        if (choir_id, batch.singers[act.singer_id].person) in batch.belonging:
            waited.append(_Arrived(act, row.acted_at, row.received_at, row.by_id, row.loan_id, row.device_id))
    return waited


def _write_down(taken: Sequence[_Arrived]) -> list[_Arrived]:
    """Put acts into the log; gives those whose id somebody else took at this very moment with other words."""
    if not taken:
        return []
    written = _insert_new(Act, [_as_row(one) for one in taken])
    if len(written) == len(taken):
        return []
    there = queries.acts_behind({one.act.id for one in taken})
    return [one for one in taken if not one.act.is_what_came(there.get(one.act.id, b""))]


def _as_row(one: _Arrived) -> dict[str, Any]:
    act = one.act
    return {
        "id": act.id,
        "kind": act.kind,
        "rehearsal_id": act.rehearsal_id,
        "singer_id": act.singer_id,
        "status": act.status,
        "number": act.number,
        "words": act.words if act.kind in ("note", "outcome") else None,
        "outcome": act.outcome,
        "may_be_told": act.may_be_told,
        "why": act.why,
        "device_at": act.at,
        "acted_at": one.acted_at,
        "received_at": one.received_at,
        "by_id": one.by_id,
        "loan_id": one.loan_id,
        "device_id": one.device_id,
        "seen_id": act.seen_id,
        "settles_id": act.settles_id,
        "body_hash": act.body_hash,
    }


def _insert_new(model: type[Model], rows: list[dict[str, Any]]) -> set[Any]:
    """Insert the rows that are not there yet; gives the ids of those that were written."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    table = cast("Table", model.__table__)
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return set(db.session.execute(statement, rows).scalars())  # one form for any number of rows


# --- what follows from the log ---------------------------------------------------------------------------------


def _let_attendance_follow(arrived: Sequence[_Arrived], batch: _Batch) -> set[UUID]:
    """Write attendance and counts anew where something was taken in; gives all acts that count."""
    touched = [*arrived, *batch.taken]
    everyone = batch.rehearsals | queries.rehearsals_behind(
        {one.act.rehearsal_id for one in batch.taken} - set(batch.rehearsals)
    )
    ids = {one.act.rehearsal_id for one in touched} & set(everyone)
    rows = {
        one.act.singer_id for one in touched if one.act.singer_id and one.act.kind in ("mark", "newcomer")
    }
    persons = {batch.singers[row].person for row in rows if row in batch.singers}
    marks = queries.counting_marks(ids, persons)
    evenings = queries.counting_acts_of_evenings(ids)
    outcomes = queries.counting_outcomes(ids) if any(one.act.kind == "outcome" for one in touched) else set()
    if batch.taken:
        changed = {one.act.rehearsal_id for one in batch.taken}
        if any(one.act.singer_id for one in batch.taken):
            _project(changed, persons, marks)
        _recount([everyone[each] for each in sorted(changed)], evenings)
    for choir in {everyone[one.act.rehearsal_id].choir for one in batch.taken if one.act.kind == "done"}:
        plan_choir_ahead(choir)
    return {
        *(act.id for act in marks.values()),
        *(evening.act.id for evening in evenings.values()),
        *outcomes,
    }


def _project(
    rehearsal_ids: Collection[UUID],
    persons: Collection[UUID],
    marks: Mapping[tuple[UUID, UUID], KnownAct],
) -> None:
    """Write anew what is known of these people at these rehearsals: what the act that counts says, or nothing.

    It stands with the singer that stands for all rows of a person, never with a row that was merged.
    """
    if not persons or not rehearsal_ids:
        return
    rows_of_persons = select(Singer.id).where(or_(Singer.id.in_(persons), Singer.merged_into_id.in_(persons)))
    db.session.execute(
        delete(Attendance).where(
            Attendance.rehearsal_id.in_(rehearsal_ids), Attendance.singer_id.in_(rows_of_persons)
        ),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {
            "rehearsal_id": rehearsal_id,
            "singer_id": person,
            "is_present": act.status == "present",
            "act_id": act.id,
            "acted_at": act.acted_at,
        }
        for (rehearsal_id, person), act in marks.items()
        if rehearsal_id in rehearsal_ids and act.status in ("present", "absent")
    ]
    if rows:
        db.session.execute(insert(cast("Table", Attendance.__table__)), rows)


def let_attendance_follow(rehearsals: Sequence[Rehearsal]) -> None:
    """Write attendance and counts anew from a log that came as a whole, as when a choir is taken in from a file."""
    ids = {each.id for each in rehearsals}
    rows = db.session.scalars(select(Act.singer_id).where(Act.rehearsal_id.in_(ids)).distinct())
    persons = {each.person for each in queries.singers_held({row for row in rows if row}).values()}
    _project(ids, persons, queries.counting_marks(ids, persons))
    _recount(rehearsals, queries.counting_acts_of_evenings(ids))


def recount(rehearsal: Rehearsal) -> None:
    """Count a rehearsal anew from its attendance and its log; never by adding one."""
    _recount([rehearsal], queries.counting_acts_of_evenings([rehearsal.id]))


def _recount(
    rehearsals: Sequence[Rehearsal], evenings: Mapping[tuple[UUID, str], queries.EveningAct]
) -> None:
    rows = db.session.execute(
        select(
            Attendance.rehearsal_id,
            func.count(),
            func.coalesce(func.sum(case((Attendance.is_present, 1), else_=0)), 0),
        )
        .where(Attendance.rehearsal_id.in_([each.id for each in rehearsals]))
        .group_by(Attendance.rehearsal_id)
    )
    counted = {rehearsal_id: (marked, int(present)) for rehearsal_id, marked, present in rows}
    for rehearsal in rehearsals:
        guests, done, note = (evenings.get((rehearsal.id, kind)) for kind in ("guests", "done", "note"))
        rehearsal.mark_count, rehearsal.present_count = counted.get(rehearsal.id, (0, 0))
        rehearsal.guest_count = (guests.number or 0) if guests else 0
        rehearsal.done_at = done.act.acted_at if done else None
        rehearsal.evening_note = (note.words or None) if note else None
    db.session.flush()


# --- answers and refusals ----------------------------------------------------------------------------------------


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
                "loan_id": one.loan_id,
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
                "rehearsal_id": act.rehearsal_id,
                "singer_id": act.singer_id,
                "acted_at": None,
                "received_at": received_at,
                "by_id": by.id,
                "loan_id": getattr(by, "loan_id", None),
                "device_id": device_id,
            }
        ],
    )


TECHNICAL = frozenset(
    {"id", "kind", "rehearsal_id", "singer_id", "status", "number", "seen", "settles", "at"}
)
"""What is left of a refused act when the singer it is about is erased."""


@choirs.singer_erased.connect
def forget(singer: Singer) -> None:
    """Take what was said of an erased singer out of the log and of the refused acts.

    That something was said stays, and an outcome still counts.
    """
    _forget(choir_queries.rows_of([singer.id])[singer.id])


def _forget(rows: Collection[UUID]) -> None:
    if not rows:
        return
    for row in db.session.scalars(select(RefusedAct).where(RefusedAct.singer_id.in_(rows))):
        row.body = _without_words(row.body)
    db.session.execute(
        update(Act).where(Act.singer_id.in_(rows)).values(words=None, why=None),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.flush()


def _without_words(body: str) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    kept = {name: value for name, value in said.items() if name in TECHNICAL}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


@choirs.singers_merged.connect
@choirs.singers_parted.connect
def let_attendance_follow_person(singer: Singer, *, other: Singer) -> None:
    """Two rows became one person, or two again: attendance and counts follow, and every act stays as it was sent."""
    persons = {singer.id, other.id}
    rows = {row for known in choir_queries.rows_of(persons).values() for row in known}
    rehearsals = queries.rehearsals_behind(queries.rehearsals_with_acts_about(rows))
    _project(rehearsals, persons, queries.counting_marks(rehearsals, persons))
    _recount(list(rehearsals.values()), queries.counting_acts_of_evenings(rehearsals))


# --- the same acts, from a plain form ----------------------------------------------------------------------------


def take_roll(
    rehearsal: Rehearsal,
    *,
    was_here: Collection[UUID],
    is_here: Collection[UUID],
    guests: int | None,
    receipt: UUID,
    by: Any,
    why: str | None = None,
) -> list[Answer]:
    """Take the roll from a sheet: what differs from how it was drawn becomes acts, one for each singer.

    The receipt is made with the sheet, and the acts' ids come from it and from what they say: sending a sheet twice
    has the effect of once, and nothing is lost of a sheet that one goes back to and fills in otherwise. `guests` is
    how many there are, None when nobody touched the number; `why` is said when a list that was handed in is
    corrected.
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
            why=why or None,
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
                why=why or None,
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


def finish_evening(
    rehearsal: Rehearsal, *, note: str | None, receipt: UUID, by: Any, goes_on: bool = False
) -> list[Answer]:
    """Say that the evening is done, with something to remember if there was anything.

    If it `goes_on`, only what is to be remembered is kept.
    """
    require(may_take_roll(by, rehearsal))
    now = clock.now()
    acts = [] if goes_on else [SentAct(uuid5(receipt, "done"), "done", rehearsal.id, now)]
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


def tell_outcome(
    rehearsal: Rehearsal,
    *,
    outcome: str,
    receipt: UUID,
    by: Any,
    words: str | None = None,
    may_be_told: bool = False,
    singer_id: UUID | None = None,
    replaces: UUID | None = None,
) -> list[Answer]:
    """Tell of something good that happened because of the choir, in place of what was told before if `replaces` says.

    Somebody's health is never told with a name.
    """
    require(may_take_roll(by, rehearsal))
    if outcome not in OUTCOMES:
        raise Refusal(_("Välj vad som har hänt."), field="outcome")
    if outcome == "health" and singer_id:
        raise Refusal(_("Om hälsa skriver vi inget namn. Spara utan att välja en person."), field="singer")
    said = (words or "").strip()
    if len(said) > LONGEST_HAPPENING:
        raise Refusal(
            _("Texten är för lång. Skriv högst %(number)s tecken.", number=LONGEST_HAPPENING), field="words"
        )
    act = SentAct(
        id=uuid5(receipt, f"outcome {outcome} {singer_id} {said} {may_be_told}"),
        kind="outcome",
        rehearsal_id=rehearsal.id,
        at=clock.now(),
        outcome=outcome,
        words=said or None,
        may_be_told=may_be_told,
        singer_id=singer_id,
        seen_id=replaces,
    )
    return _receive_once([act], by=by)


def take_back_outcome(rehearsal: Rehearsal, act_id: UUID, *, receipt: UUID, by: Any) -> list[Answer]:
    """Say that what was told of an evening did not happen."""
    require(may_take_roll(by, rehearsal))
    act = SentAct(
        id=uuid5(receipt, f"outcome none {act_id}"),
        kind="outcome",
        rehearsal_id=rehearsal.id,
        at=clock.now(),
        seen_id=act_id,
    )
    return _receive_once([act], by=by)


def _receive_once(acts: Sequence[SentAct], *, by: Any) -> list[Answer]:
    """Receive the acts of a sheet but for those that came with it before; its time of sending tells nothing."""
    queries.singers_held({act.singer_id for act in acts if act.singer_id})  # first, as whoever merges singers
    queries.rehearsals_behind({act.rehearsal_id for act in acts})
    known = queries.acts_behind({act.id for act in acts})
    new = [act for act in acts if act.id not in known]
    return receive(_seeing(new), sent_at=clock.now(), by=by) if new else []


def _seeing(acts: Sequence[SentAct]) -> list[SentAct]:
    """The acts of a sheet, done at the server itself: they have seen whatever counts there at this moment."""
    ids = {act.rehearsal_id for act in acts}
    singers = queries.singers_held({act.singer_id for act in acts if act.singer_id and act.kind == "mark"})
    marks = queries.counting_marks(ids, {singer.person for singer in singers.values()})
    evenings = queries.counting_acts_of_evenings(ids)
    seeing: list[SentAct] = []
    for act in acts:
        singer = singers.get(act.singer_id) if act.singer_id else None
        mark = marks.get((act.rehearsal_id, singer.person)) if singer else None
        evening = evenings.get((act.rehearsal_id, act.kind))
        seen_id = mark.id if mark else evening.act.id if evening else act.seen_id
        seeing.append(replace(act, seen_id=seen_id))
    return seeing
