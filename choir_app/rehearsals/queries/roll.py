"""Who is here: the roll of one rehearsal, group by group, and what is known of one singer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import folded
from choir_app.rehearsals.models import Act, Attendance, Cancellation, Rehearsal
from choir_app.rehearsals.queries.gatherings import rehearsal_before, rolls_open_to
from choir_app.rehearsals.rules import KnownAct, act_that_counts


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

    «Ny» is somebody who joined on the day of the choir's rehearsal before this one, or since. Four statements.
    """
    known = _attendance(rehearsal.id)
    before = rehearsal_before(rehearsal)
    new_since = before.sung_on if before else rehearsal.sung_on
    members = [
        _on_roll(
            member.singer_id,
            member.first_name,
            member.surname,
            member.voice_id,
            known=known,
            joined_on=member.joined_on,
            new_since=new_since,
        )
        for member in choirs.members_on(rehearsal.choir, rehearsal.sung_on)
        if member.state != "paused" or member.singer_id in known
    ]
    others = set(known) - {singer.id for singer in members}
    singers = [*members, *_singers_from_elsewhere(rehearsal, others, known)] if others else members
    named = {singer.id for singer in singers}
    voices = voices_of(rehearsal.choir)
    return Roll(
        rehearsal=rehearsal,
        voices=voices,
        groups=_grouped(singers, voices),
        elsewhere=sum(status == "present" for key, (status, _act) in known.items() if key not in named),
    )


def _attendance(rehearsal_id: UUID) -> dict[UUID, tuple[str, UUID]]:
    rows = db.session.execute(
        select(Attendance.singer_id, Attendance.is_present, Attendance.act_id).where(
            Attendance.rehearsal_id == rehearsal_id
        )
    )
    return {singer_id: ("present" if here else "absent", act_id) for singer_id, here, act_id in rows}


def _singers_from_elsewhere(
    rehearsal: Rehearsal, ids: Collection[UUID], known: dict[UUID, tuple[str, UUID]]
) -> list[RollSinger]:
    """Singers who were marked and no longer (or not yet) belong to the choir that day."""
    last_voice = (
        select(Membership.singer_id, Membership.voice_id)
        .where(Membership.choir_id == rehearsal.choir_id, Membership.until.is_(None))
        .subquery()
    )
    rows = db.session.execute(
        select(Singer.id, Singer.first_name, Singer.surname, last_voice.c.voice_id)
        .outerjoin(last_voice, last_voice.c.singer_id == Singer.id)
        .where(Singer.id.in_(ids), Singer.erased_at.is_(None))
        .order_by(Singer.sort_key, Singer.id)
    )
    return [_on_roll(*row, known=known, joined_on=None, new_since=rehearsal.sung_on) for row in rows]


def _on_roll(
    singer_id: UUID,
    first_name: str,
    surname: str | None,
    voice_id: UUID | None,
    *,
    known: dict[UUID, tuple[str, UUID]],
    joined_on: date | None,
    new_since: date,
) -> RollSinger:
    status, act_id = known.get(singer_id, (None, None))
    return RollSinger(singer_id, first_name, surname, voice_id, status, act_id, joined_on, new_since)


def voices_of(choir: Choir) -> tuple[RollVoice, ...]:
    """The choir's voices from high to low, each with its pot; none when all sing in one group. One statement."""
    found = db.session.execute(
        select(Voice.id, Voice.name).where(Voice.choir_id == choir.id).order_by(Voice.position, Voice.name)
    ).all()
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
    """How a roll stands at the server: its counts, and the status and act of everybody of whom something was said."""

    rehearsal: Rehearsal
    marks: dict[UUID, tuple[str, UUID]]
    guests_act_id: UUID | None


def truth_of(rehearsal_ids: Collection[UUID], *, viewer: Any) -> list[RollTruth]:
    """How these rolls stand, of those that the viewer may see, in the order of their ids."""
    if not rehearsal_ids:
        return []
    seen = db.session.scalars(
        rolls_open_to(viewer).where(Rehearsal.id.in_(rehearsal_ids)).order_by(Rehearsal.id)
    )
    return [RollTruth(each, _attendance(each.id), guests_act_of(each)) for each in seen]


def guests_act_of(rehearsal: Rehearsal) -> UUID | None:
    """The act that says how many guests there are, if any."""
    act = counting_acts_of_evening(rehearsal.id).get("guests")
    return act.id if act else None


# --- the log -----------------------------------------------------------------------------------------------------


def acts_behind(ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Which of these acts have come already, with the hash of what they said."""
    if not ids:
        return {}
    rows = db.session.execute(select(Act.id, Act.body_hash).where(Act.id.in_(ids)))
    return dict(rows.all())


def counting_acts(rehearsal_id: UUID, singer_ids: Collection[UUID]) -> dict[UUID, Act]:
    """For each singer the act that counts."""
    about: dict[UUID, list[Act]] = {}
    for act in db.session.scalars(
        select(Act).where(Act.rehearsal_id == rehearsal_id, Act.singer_id.in_(singer_ids))
    ):
        if act.singer_id:
            about.setdefault(act.singer_id, []).append(act)
    return {singer_id: _that_counts(acts) for singer_id, acts in about.items()}


def counting_acts_of_evening(rehearsal_id: UUID) -> dict[str, Act]:
    """The act that counts of each kind that is about the whole evening: guests, done, note."""
    about: dict[str, list[Act]] = {}
    for act in db.session.scalars(
        select(Act).where(Act.rehearsal_id == rehearsal_id, Act.kind.in_(("guests", "done", "note")))
    ):
        about.setdefault(act.kind, []).append(act)
    return {kind: _that_counts(acts) for kind, acts in about.items()}


def _that_counts(acts: list[Act]) -> Act:
    chosen = act_that_counts(KnownAct(act.id, act.acted_at, act.seen_id, act.device_id) for act in acts)
    return next(act for act in acts if act.id == chosen.id)


def singers_of_choirs(singer_ids: Collection[UUID], choir_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these singers have ever belonged to which of these choirs, as (choir, singer)."""
    if not singer_ids:
        return set()
    rows = db.session.execute(
        select(Membership.choir_id, Membership.singer_id)
        .where(Membership.singer_id.in_(singer_ids), Membership.choir_id.in_(choir_ids))
        .distinct()
    )
    return set(rows)


def singers_behind(ids: Collection[UUID]) -> dict[UUID, Singer]:
    """The singers with these ids, erased ones too."""
    if not ids:
        return {}
    return {singer.id: singer for singer in db.session.scalars(select(Singer).where(Singer.id.in_(ids)))}


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
