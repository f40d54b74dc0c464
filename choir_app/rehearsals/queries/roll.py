"""Who is here: the roll of one rehearsal, group by group, and what is known of one singer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, lazyload

from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import folded
from choir_app.rehearsals.models import Attendance, Cancellation, Rehearsal
from choir_app.rehearsals.queries.gatherings import rehearsal_before, rolls_open_to
from choir_app.rehearsals.queries.log import (
    IDS,
    Disagreement,
    disagreements,
    guests_acts,
    rows_from,
    rows_merged_at,
)
from choir_app.rehearsals.queries.replies import said_about


@dataclass(frozen=True)
class RollSinger:
    """One singer on the roll. `status` is present, absent, or None for not seen; `act_id` says by which act."""

    id: UUID
    first_name: str
    surname: str | None
    voice_id: UUID | None
    status: str | None
    act_id: UUID | None
    joined_on: date | None
    new_since: date
    is_expected: bool = False
    has_said: str | None = None
    """What the singer said beforehand: coming, not_coming, or None. It is a hint and never an attendance."""

    @property
    def is_new(self) -> bool:
        """Whether the singer joined at the rehearsal before this one, or since."""
        return self.joined_on is not None and self.joined_on >= self.new_since

    @property
    def name(self) -> str:
        """The name as it is said aloud."""
        return f"{self.first_name} {self.surname}" if self.surname else self.first_name

    @property
    def is_here(self) -> bool:
        """Whether the singer was marked present."""
        return self.status == "present"

    @property
    def folded_name(self) -> str:
        """The name as it is searched, without accents and capitals."""
        return folded(self.name)


@dataclass(frozen=True)
class RollVoice:
    """A voice of the choir and the pot that is its sign: 1 to 4 from high to low, 0 when there is one group only."""

    id: UUID | None
    name: str
    pot: int


@dataclass(frozen=True)
class RollGroup:
    """The singers of one voice; a voice without id holds those whose voice is not known yet."""

    voice: RollVoice
    singers: tuple[RollSinger, ...]

    @property
    def here(self) -> int:
        """How many of them are here."""
        return sum(singer.is_here for singer in self.singers)


@dataclass(frozen=True)
class Roll:
    """The roll of one rehearsal as it stands."""

    rehearsal: Rehearsal
    voices: tuple[RollVoice, ...]
    groups: tuple[RollGroup, ...]
    elsewhere: int
    """Singers who were here and whose names are no longer known, since they were erased."""

    @property
    def singers(self) -> list[RollSinger]:
        """Everybody on the roll."""
        return [singer for group in self.groups for singer in group.singers]

    @property
    def here(self) -> int:
        """How many singers are here."""
        return sum(group.here for group in self.groups) + self.elsewhere

    @property
    def total(self) -> int:
        """How many singers there are on the roll."""
        return sum(len(group.singers) for group in self.groups) + self.elsewhere

    @property
    def in_room(self) -> int:
        """Singers and guests."""
        return self.here + self.rehearsal.guest_count

    @property
    def newcomers(self) -> list[RollSinger]:
        """Those who joined at this very rehearsal and are here."""
        first_day = self.rehearsal.sung_on
        return [
            each for each in self.singers if each.is_here and each.joined_on and each.joined_on >= first_day
        ]

    @property
    def all_groups(self) -> list[tuple[RollVoice, tuple[RollSinger, ...]]]:
        """Every voice with its singers, empty ones too, those without a voice first."""
        held = {group.voice.id: group.singers for group in self.groups}
        return [(voice, held.get(voice.id, ())) for voice in (RollVoice(None, "", 0), *self.voices)]

    @property
    def layers(self) -> list[tuple[int, int]]:
        """The pot's layers from the bottom: first the voices from high to low, last those without a voice."""
        counted = [(voice.pot, sum(each.is_here for each in singers)) for voice, singers in self.all_groups]
        return [*counted[1:], counted[0]]

    @property
    def is_today(self) -> bool:
        """Whether the rehearsal is today in Sweden."""
        return self.rehearsal.sung_on == clock.today()

    @property
    def has_one_group(self) -> bool:
        """Whether all sing in one group, without headings."""
        return not self.voices


def roll_of(rehearsal: Rehearsal) -> Roll:
    """The roll: who belongs to the choir that day, whoever else was marked, and what was said of each.

    «Ny» is somebody who joined on the day of the choir's rehearsal before this one, or since.
    """
    return rolls_of([rehearsal])[rehearsal.id]


def rolls_of(rehearsals: Sequence[Rehearsal]) -> dict[UUID, Roll]:
    """The rolls of many rehearsals at once: at most six statements however many there are."""
    if not rehearsals:
        return {}
    ids = [each.id for each in rehearsals]
    known = attendance_at(ids)
    new_since = _days_before(ids)
    said = said_about(ids)
    belonging = _memberships(rehearsals)
    voices = voices_of_choirs({each.choir_id for each in rehearsals})
    rows = {each.id: _members_on_roll(each, belonging, known, new_since, said) for each in rehearsals}
    others = {
        each.id: set(known.get(each.id, {})) - {singer.id for singer in rows[each.id]} for each in rehearsals
    }
    elsewhere = _singers_from_elsewhere({one for ids in others.values() for one in ids}, rehearsals)
    rolls: dict[UUID, Roll] = {}
    for each in rehearsals:
        marks = known.get(each.id, {})
        singers = rows[each.id]
        for row in elsewhere:
            if row.singer_id in others[each.id]:
                voice_id = row.voices.get(each.choir_id)
                status, act_id = marks[row.singer_id]
                singers.append(
                    RollSinger(
                        row.singer_id, row.first, row.last, voice_id, status, act_id, None, each.sung_on
                    )
                )
        named = {singer.id for singer in singers}
        of_choir = voices.get(each.choir_id, ())
        rolls[each.id] = Roll(
            rehearsal=each,
            voices=of_choir,
            groups=_grouped(singers, of_choir),
            elsewhere=sum(status == "present" for key, (status, _act) in marks.items() if key not in named),
        )
    return rolls


Marks = dict[UUID, tuple[str, UUID]]
"""What is known of singers at a rehearsal: status and the act that it follows from."""


def attendance_at(rehearsal_ids: Collection[UUID]) -> dict[UUID, Marks]:
    """What is known of whom at these rehearsals. One statement."""
    rows = db.session.execute(
        select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present, Attendance.act_id).where(
            Attendance.rehearsal_id.in_(rehearsal_ids)
        )
    )
    known: dict[UUID, Marks] = {}
    for rehearsal_id, singer_id, is_present, act_id in rows:
        known.setdefault(rehearsal_id, {})[singer_id] = ("present" if is_present else "absent", act_id)
    return known


_ATTENDANCE = select(
    Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present, Attendance.act_id
).where(Attendance.rehearsal_id.in_(IDS))


def _days_before(rehearsal_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of each choir's latest gathering before that was written down, else the day itself. One statement."""
    return dict(rows_from(_DAY_BEFORE, ids=rehearsal_ids))


def _day_before() -> Select[*tuple[Any, ...]]:
    before = aliased(Rehearsal)
    day = (
        select(before.sung_on)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == before.id)
        .where(
            before.choir_id == Rehearsal.choir_id,
            before.starts_at < Rehearsal.starts_at,
            Cancellation.rehearsal_id.is_(None),
            before.mark_count > 0,
        )
        .order_by(before.starts_at.desc())
        .limit(1)
        .correlate(Rehearsal)
        .scalar_subquery()
    )
    return select(Rehearsal.id, func.coalesce(day, Rehearsal.sung_on)).where(Rehearsal.id.in_(IDS))


_DAY_BEFORE = _day_before()


@dataclass(frozen=True)
class _Belonging:
    """One period of a singer in a choir, with the day when the singer came first."""

    singer_id: UUID
    first: str
    last: str | None
    voice_id: UUID | None
    state: str
    since: date
    until: date | None
    joined_on: date


def _memberships(rehearsals: Sequence[Rehearsal]) -> dict[UUID, list[_Belonging]]:
    """The periods that touch these rehearsals' days, by choir, the singers by name. One statement."""
    days = [each.sung_on for each in rehearsals]
    rows = rows_from(
        _MEMBERSHIPS, ids={each.choir_id for each in rehearsals}, first_on=min(days), last_on=max(days)
    )
    of_choirs: dict[UUID, list[_Belonging]] = {}
    for choir_id, *row in rows:
        of_choirs.setdefault(choir_id, []).append(_Belonging(*row))
    return of_choirs


def _membership_rows() -> Select[*tuple[Any, ...]]:
    earlier = aliased(Membership)
    joined_on = (
        select(func.min(earlier.since))
        .where(earlier.singer_id == Membership.singer_id, earlier.choir_id == Membership.choir_id)
        .scalar_subquery()
    )
    return (
        select(
            Membership.choir_id,
            Singer.id,
            Singer.first_name,
            Singer.surname,
            Membership.voice_id,
            Membership.state,
            Membership.since,
            Membership.until,
            joined_on,
        )
        .join(Singer, Membership.singer_id == Singer.id)
        .where(
            Membership.choir_id.in_(IDS),
            Membership.since <= bindparam("last_on"),
            or_(Membership.until.is_(None), Membership.until >= bindparam("first_on")),
            Membership.state.in_(("trying", "regular", "paused")),
            Singer.erased_at.is_(None),
            Singer.merged_into_id.is_(None),
        )
        .order_by(Singer.sort_key, Singer.id)
    )


_MEMBERSHIPS = _membership_rows()


def _members_on_roll(
    rehearsal: Rehearsal,
    belonging: dict[UUID, list[_Belonging]],
    known: dict[UUID, Marks],
    new_since: dict[UUID, date],
    said: Mapping[tuple[UUID, UUID], str],
) -> list[RollSinger]:
    day, marks = rehearsal.sung_on, known.get(rehearsal.id, {})
    singers: list[RollSinger] = []
    for row in belonging.get(rehearsal.choir_id, ()):
        if row.since > day or (row.until and row.until < day):
            continue
        if row.state == "paused" and row.singer_id not in marks:
            continue
        status, act_id = marks.get(row.singer_id, (None, None))
        has_said = said.get((rehearsal.id, row.singer_id))
        singers.append(
            RollSinger(
                row.singer_id,
                row.first,
                row.last,
                row.voice_id,
                status,
                act_id,
                row.joined_on,
                new_since.get(rehearsal.id, day),
                is_expected=row.state != "paused" and has_said != "not_coming",
                has_said=has_said,
            )
        )
    return singers


@dataclass(frozen=True)
class _Elsewhere:
    """Somebody who was marked and did not belong to the choir that day, with the voice in each choir since."""

    singer_id: UUID
    first: str
    last: str | None
    voices: dict[UUID, UUID | None]


def _singers_from_elsewhere(ids: Collection[UUID], rehearsals: Sequence[Rehearsal]) -> list[_Elsewhere]:
    """Singers who were marked and no longer (or not yet) belong to the choir that day, by name."""
    if not ids:
        return []
    last = and_(
        Membership.singer_id == Singer.id,
        Membership.until.is_(None),
        Membership.choir_id.in_({each.choir_id for each in rehearsals}),
    )
    rows = db.session.execute(
        select(Singer.id, Singer.first_name, Singer.surname, Membership.choir_id, Membership.voice_id)
        .outerjoin(Membership, last)
        .where(Singer.id.in_(ids), Singer.erased_at.is_(None))
        .order_by(Singer.sort_key, Singer.id)
    )
    found: dict[UUID, _Elsewhere] = {}
    for singer_id, first, last_name, choir_id, voice_id in rows:
        one = found.setdefault(singer_id, _Elsewhere(singer_id, first, last_name, {}))
        if choir_id:
            one.voices[choir_id] = voice_id
    return list(found.values())


def voices_of(choir: Choir) -> tuple[RollVoice, ...]:
    """The choir's voices from high to low, each with its pot; none when all sing in one group. One statement."""
    return voices_of_choirs([choir.id]).get(choir.id, ())


def voices_of_choirs(choir_ids: Collection[UUID]) -> dict[UUID, tuple[RollVoice, ...]]:
    """The voices of these choirs from high to low, each with its pot; none where all sing in one group."""
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for choir_id, voice_id, name in rows_from(_VOICES, ids=choir_ids):
        found.setdefault(choir_id, []).append((voice_id, name))
    return {choir_id: _with_pots(voices) for choir_id, voices in found.items()}


_VOICES = (
    select(Voice.choir_id, Voice.id, Voice.name)
    .where(Voice.choir_id.in_(IDS))
    .order_by(Voice.position, Voice.name)
)


def _with_pots(found: Sequence[tuple[UUID, str]]) -> tuple[RollVoice, ...]:
    if len(found) < 2:
        return ()
    pots = {2: (1, 4), 3: (1, 2, 4)}.get(len(found))
    return tuple(
        RollVoice(voice_id, name, pots[place] if pots else place * 4 // len(found) + 1)
        for place, (voice_id, name) in enumerate(found)
    )


def _grouped(singers: Iterable[RollSinger], voices: tuple[RollVoice, ...]) -> tuple[RollGroup, ...]:
    by_voice: dict[UUID | None, list[RollSinger]] = {}
    known = {voice.id for voice in voices}
    for singer in singers:
        by_voice.setdefault(singer.voice_id if singer.voice_id in known else None, []).append(singer)
    all_voices = (RollVoice(None, "", 0), *voices)
    return tuple(RollGroup(voice, tuple(by_voice[voice.id])) for voice in all_voices if voice.id in by_voice)


def new_last_time(rehearsal: Rehearsal) -> list[str]:
    """First names of those who came for the first time at the choir's rehearsal before this one."""
    before = rehearsal_before(rehearsal)
    if before is None:
        return []
    joined = (
        select(Membership.singer_id)
        .where(Membership.choir_id == rehearsal.choir_id)
        .group_by(Membership.singer_id)
        .having(func.min(Membership.since) == before.sung_on)
    )
    here = and_(Attendance.rehearsal_id == before.id, Attendance.is_present)
    return list(
        db.session.scalars(
            select(Singer.first_name)
            .join(Attendance, Attendance.singer_id == Singer.id)
            .where(here, Singer.id.in_(joined), Singer.erased_at.is_(None))
            .order_by(Singer.sort_key)
        )
    )


@dataclass(frozen=True)
class RollTruth:
    """How a roll stands at the server: its counts, the status and act of everybody of whom something was said,
    which rows were merged, and where two devices disagree."""

    rehearsal: Rehearsal
    marks: Marks
    guests_act_id: UUID | None
    merged: dict[UUID, UUID]
    disagreements: tuple[Disagreement, ...]


def truth_of(rehearsal_ids: Collection[UUID], *, viewer: Any) -> list[RollTruth]:
    """How these rolls stand, of those that the viewer may take, in the order of their ids. Five statements."""
    if not rehearsal_ids:
        return []
    seen = db.session.scalars(
        rolls_open_to(viewer)
        .where(Rehearsal.id.in_(rehearsal_ids))
        .order_by(Rehearsal.id)
        .options(contains_eager(Rehearsal.choir).options(lazyload(Choir.leaderships)))
        .execution_options(populate_existing=True)
    ).all()
    ids = [each.id for each in seen]
    if not ids:
        return []
    marks, guests, merged = attendance_at(ids), guests_acts(ids), rows_merged_at(ids)
    disagreeing = disagreements(ids)
    return [
        RollTruth(
            rehearsal=each,
            marks=marks.get(each.id, {}),
            guests_act_id=guests.get(each.id),
            merged=merged.get(each.id, {}),
            disagreements=tuple(disagreeing.get(each.id, ())),
        )
        for each in seen
    ]


# --- one singer ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeenAt:
    """One gathering and whether the singer was there; None when nobody said, which is not absent."""

    rehearsal_id: UUID
    choir: str
    kind: str
    starts_at: datetime
    was_there: bool | None


def attendance_of(singer_id: UUID, *, since: date, limit: int = 60) -> list[SeenAt]:
    """The gatherings of the singer's choirs while the singer belonged to them, the newest first. One statement.

    Only those that somebody wrote down, and those that the singer was seen at.
    """
    seen = and_(Attendance.rehearsal_id == Rehearsal.id, Attendance.singer_id == singer_id)
    belonged = (
        select(Membership.id)
        .where(
            Membership.singer_id == singer_id,
            Membership.choir_id == Rehearsal.choir_id,
            Membership.since <= Rehearsal.sung_on,
            or_(Membership.until.is_(None), Membership.until >= Rehearsal.sung_on),
            Membership.state.in_(("trying", "regular")),
        )
        .exists()
    )
    rows = db.session.execute(
        select(Rehearsal.id, Choir.name, Rehearsal.kind, Rehearsal.starts_at, Attendance.is_present)
        .join(Choir, Rehearsal.choir_id == Choir.id)
        .outerjoin(Attendance, seen)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.sung_on >= since,
            Cancellation.rehearsal_id.is_(None),
            or_(Attendance.is_present.is_not(None), and_(Rehearsal.mark_count > 0, belonged)),
        )
        .order_by(Rehearsal.starts_at.desc())
        .limit(limit)
    )
    return [SeenAt(*row) for row in rows]
