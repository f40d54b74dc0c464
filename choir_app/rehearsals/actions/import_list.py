"""Taking in a list of singers or an old attendance matrix as a whole, and undoing it as a whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import delete, insert, select

from choir_app.choirs import actions as choirs
from choir_app.choirs.actions.turns import wait_for_choir
from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import folded
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.roll import receive, recount
from choir_app.rehearsals.models import Act, Attendance, Import, ImportedThing, Rehearsal
from choir_app.rehearsals.permissions import may_take_in_list
from choir_app.rehearsals.queries.import_list import Undoing, sung_on, undoing, usual_evenings
from choir_app.rehearsals.rules import SentAct
from choir_app.rehearsals.rules.import_list import ABSENT, MOST_MARKS, PRESENT, ListRow


@dataclass(frozen=True)
class ListedPerson:
    """Somebody on a list: who it is, as the leader said, and which voice they sing.

    `same_as` is a singer whom the choir knows already, or the number of a row above that is the same person.
    """

    row: ListRow
    same_as: UUID | int | None = None
    voice: str | None = None


@dataclass(frozen=True)
class ListedMarks:
    """What the columns of marks mean: their days, the words in them, and heads without names by column."""

    days: Mapping[int, date]
    meanings: Mapping[str, str]
    guests: Mapping[int, int]
    makes_rehearsals: bool = True
    """Whether days on which nothing was planned become rehearsals that were held."""


def take_in_list(
    choir: Choir,
    people: Sequence[ListedPerson],
    *,
    marks: ListedMarks,
    state: str,
    receipt: UUID,
    by: Any,
) -> Import:
    """Write up everybody on a list and what its columns say of who came; the same receipt again changes nothing.

    What the choir knows already stays as it is: neither a singer nor a mark of the roll is overwritten.
    """
    require(may_take_in_list(by, choir))
    wait_for_choir(choir)
    already = db.session.get(Import, receipt)
    if already and already.choir_id == choir.id:
        return already
    if already or not people:
        raise Refusal(_("Det finns ingen att hämta in. Titta på listan igen."))
    whole = _Taking(choir, receipt, by)
    singers = whole.write_up(people, marks, state)
    whole.mark(people, singers, marks)
    return whole.finish(len(people))


class _Taking:
    """One list on its way in, and all that it has made."""

    def __init__(self, choir: Choir, receipt: UUID, by: Any) -> None:
        self.choir, self.receipt, self.by = choir, receipt, by
        self.made: dict[str, list[UUID]] = {"singer": [], "voice": [], "rehearsal": [], "act": []}
        self.voices = {folded(voice.name): voice for voice in choir.voices}

    def write_up(self, people: Sequence[ListedPerson], marks: ListedMarks, state: str) -> dict[int, UUID]:
        """The singer of each row, written up when they are new to the choir."""
        known = {each.id for each in queries.everybody_of(self.choir)}
        singers: dict[int, UUID] = {}
        for person in people:
            row = person.row
            if isinstance(person.same_as, int):
                if person.same_as not in singers:
                    raise Refusal(_("Välj vem personen på rad %(number)s är.", number=row.number))
                singers[row.number] = singers[person.same_as]
            elif person.same_as:
                if person.same_as not in known:
                    raise Refusal(_("Sångaren finns inte längre i kören."))
                singers[row.number] = person.same_as
            else:
                singers[row.number] = self._add(person, marks, state)
        return singers

    def _add(self, person: ListedPerson, marks: ListedMarks, state: str) -> UUID:
        row = person.row
        seen = [marks.days[place] for place in row.marks if place in marks.days]
        singer = choirs.add_singer(
            self.choir,
            first_name=row.first_name,
            surname=row.surname,
            phone=row.phone,
            email=row.email,
            reads=row.reads,
            note=row.note,
            voice=self._voice(person.voice) if person.voice else None,
            state=state,
            since=row.since or min(seen, default=clock.today()),
            singer_id=uuid5(self.receipt, f"singer {row.number}"),
            by=self.by,
        )
        self.made["singer"].append(singer.id)
        return singer.id

    def _voice(self, name: str) -> Voice:
        if folded(name) not in self.voices:
            voice = choirs.add_voice(self.choir, name, by=self.by)
            self.made["voice"].append(voice.id)
            self.voices = {folded(each.name): each for each in self.choir.voices}
        return self.voices[folded(name)]

    def mark(self, people: Sequence[ListedPerson], singers: Mapping[int, UUID], marks: ListedMarks) -> None:
        """Send what the columns say as acts of the roll: from them attendance follows, as on any evening."""
        said: dict[tuple[int, UUID], str] = {}
        for person in people:
            for place, mark in person.row.marks.items():
                status = marks.meanings.get(mark)
                key = (place, singers[person.row.number])
                if place in marks.days and status in (PRESENT, ABSENT) and said.get(key) != PRESENT:
                    said[key] = status
        if len(said) > MOST_MARKS:
            raise Refusal(
                _("Listan har för många markeringar. Ta högst %(number)s åt gången.", number=MOST_MARKS)
            )
        places = {place for place, _singer in said} | (set(marks.guests) & set(marks.days))
        evenings = self._evenings({place: marks.days[place] for place in places}, marks)
        marked = self._marked(evenings.values())
        acts = [
            self._act(evenings[place], status, singer_id)
            for (place, singer_id), status in said.items()
            if place in evenings and (evenings[place].id, singer_id) not in marked
        ]
        acts += [
            self._guests(evening, marks.guests[place])
            for place, evening in evenings.items()
            if marks.guests.get(place) and not evening.guest_count
        ]
        answers = receive(acts, sent_at=clock.now(), by=self.by, may=self._may_mark(evenings.values()))
        self.made["act"] += [UUID(each.id) for each in answers if each.id and each.outcome != "refused"]

    def _evenings(self, days: Mapping[int, date], marks: ListedMarks) -> dict[int, Rehearsal]:
        """The rehearsal of each column; those that nobody planned are made at the choir's usual hour."""
        known = sung_on(self.choir, set(days.values()))
        missing = sorted(set(days.values()) - set(known)) if marks.makes_rehearsals else []
        for day, usual in usual_evenings(self.choir, missing).items():
            known[day] = Rehearsal(
                id=uuid5(self.receipt, f"rehearsal {day}"),
                choir=self.choir,
                choir_id=self.choir.id,
                venue=usual.venue,
                starts_at=clock.from_local(day, usual.hour),
                minutes=usual.minutes,
                cancellation=None,
                move=None,
            )
            db.session.add(known[day])
            self.made["rehearsal"].append(known[day].id)
        db.session.flush()
        return {place: known[day] for place, day in days.items() if day in known and known[day].is_open}

    def _marked(self, evenings: Iterable[Rehearsal]) -> set[tuple[UUID, UUID]]:
        rows = db.session.execute(
            select(Attendance.rehearsal_id, Attendance.singer_id).where(
                Attendance.rehearsal_id.in_([evening.id for evening in evenings])
            )
        )
        return {(rehearsal_id, singer_id) for rehearsal_id, singer_id in rows}

    def _act(self, evening: Rehearsal, status: str, singer_id: UUID) -> SentAct:
        return SentAct(
            id=uuid5(self.receipt, f"mark {evening.id} {singer_id}"),
            kind="mark",
            rehearsal_id=evening.id,
            at=min(evening.starts_at, clock.now()),  # whatever was marked on the evening itself came later
            singer_id=singer_id,
            status=status,
        )

    def _guests(self, evening: Rehearsal, number: int) -> SentAct:
        return SentAct(
            id=uuid5(self.receipt, f"guests {evening.id}"),
            kind="guests",
            rehearsal_id=evening.id,
            at=min(evening.starts_at, clock.now()),
            number=number,
        )

    def _may_mark(self, evenings: Iterable[Rehearsal]) -> Any:
        """The right to an import's own rehearsals: it was asked for at the door, and they are of this choir."""
        own = {evening.id for evening in evenings}
        return lambda _by, rehearsal: rehearsal.id in own

    def finish(self, row_count: int) -> Import:
        """Remember that it was done, and what it made."""
        one = Import(
            id=self.receipt,
            choir_id=self.choir.id,
            choir=self.choir,
            by_id=self.by.id,
            at=clock.now(),
            row_count=row_count,
            singer_count=len(self.made["singer"]),
            rehearsal_count=len(self.made["rehearsal"]),
            mark_count=len(self.made["act"]),
        )
        db.session.add(one)
        db.session.flush()
        rows = [
            {"import_id": one.id, "thing_id": thing_id, "kind": kind}
            for kind, ids in self.made.items()
            for thing_id in ids
        ]
        if rows:
            db.session.execute(insert(ImportedThing), rows)
        audit.note("list.taken_in", one, by=self.by)
        db.session.flush()
        return one


def undo_list(one: Import, *, by: Any) -> Undoing | None:
    """Take back what a list made, but for what something else leans on by now; None when it was done already.

    Singers and rehearsals that only the list knew of go with their marks. Where both stay, its marks are taken back
    by marks of their own, so that the log tells what happened.
    """
    require(may_take_in_list(by, one.choir))
    wait_for_choir(one.choir)
    if one.undone_at:
        return None
    going = undoing(one)
    touched = _take_back_marks(going, by=by)
    db.session.execute(delete(Rehearsal).where(Rehearsal.id.in_(going.rehearsals)))
    db.session.execute(delete(Membership).where(Membership.singer_id.in_(going.singers)))
    db.session.execute(delete(Singer).where(Singer.id.in_(going.singers)))
    if going.voices:
        staying = [(voice.id, voice.name) for voice in one.choir.voices if voice.id not in going.voices]
        choirs.set_voices(one.choir, staying, by=by)
    for rehearsal in queries.rehearsals_behind(touched).values():
        recount(rehearsal)
    one.undone_at, one.undone_by_id = clock.now(), by.id
    audit.note("list.undone", one, by=by)
    db.session.flush()
    db.session.expire_all()
    return going


def _take_back_marks(going: Undoing, *, by: Any) -> set[UUID]:
    """Take the list's acts away with what goes, and unmark the others; gives the rehearsals that stay."""
    acts = list(db.session.scalars(select(Act).where(Act.id.in_(going.acts))))
    gone = [act for act in acts if act.rehearsal_id in going.rehearsals or act.singer_id in going.singers]
    _forget(gone, going.rehearsals, going.singers)
    left = [act for act in acts if act not in gone]
    taken_back = [
        SentAct(
            id=uuid4(),
            kind=act.kind,
            rehearsal_id=act.rehearsal_id,
            at=act.acted_at,
            singer_id=act.singer_id,
            status="unmarked" if act.kind == "mark" else None,
            number=0 if act.kind == "guests" else None,
            seen_id=act.id,
        )
        for act in left
    ]
    evenings = {act.rehearsal_id for act in left}
    receive(taken_back, sent_at=clock.now(), by=by, may=lambda _by, rehearsal: rehearsal.id in evenings)
    return {act.rehearsal_id for act in acts} - going.rehearsals


def _forget(acts: Collection[Act], rehearsals: Collection[UUID], singers: Collection[UUID]) -> None:
    db.session.execute(delete(Attendance).where(Attendance.rehearsal_id.in_(rehearsals)))
    db.session.execute(delete(Attendance).where(Attendance.singer_id.in_(singers)))
    db.session.execute(delete(Act).where(Act.id.in_([act.id for act in acts])))
    db.session.flush()
