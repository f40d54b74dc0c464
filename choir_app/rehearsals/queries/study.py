"""Lists for the study association: how each stands, what would be handed in, and what changed since it was."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, contains_eager

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Membership, Singer, Venue
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import sort_key
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import (
    Attendance,
    Cancellation,
    HandedInList,
    HandedInName,
    HandedInRehearsal,
    Rehearsal,
    StudyAssociation,
    StudyGathering,
    StudyList,
    StudyRule,
)
from choir_app.rehearsals.queries.gatherings import _led_by, is_logged, rehearsal_dates, series_of

CONTENT_VERSION = 1
"""How the frozen content is built; raise it when its fields change."""


# --- associations and their rules ------------------------------------------------------------------------------


def study_associations() -> list[StudyAssociation]:
    """Every study association, in Swedish alphabetical order. One statement."""
    return sorted(db.session.scalars(select(StudyAssociation)), key=lambda each: sort_key(each.name))


def study_rules() -> list[StudyRule]:
    """Every dated row, by form and key, the newest first. One statement."""
    order = {key: place for place, key in enumerate(rules.RULE_KEYS)}
    forms = {form: place for place, form in enumerate(rules.RULE_FORMS)}
    return sorted(
        db.session.scalars(select(StudyRule)),
        key=lambda row: (
            forms[row.form],
            order.get(row.key, len(order)),
            row.association.name if row.association else "",
            -row.valid_from.toordinal(),
            -row.added_at.timestamp(),
        ),
    )


def study_rule(rule_id: UUID) -> StudyRule:
    """One dated row; raises NoResultFound."""
    return db.session.execute(select(StudyRule).where(StudyRule.id == rule_id)).scalar_one()


def dated_rules() -> tuple[rules.DatedRule, ...]:
    """Every row as the arithmetic takes it. One statement."""
    return tuple(row.as_dated for row in db.session.scalars(select(StudyRule)))


# --- lists -------------------------------------------------------------------------------------------------------


def study_list(list_id: UUID, *, viewer: Any) -> StudyList:
    """One list with its choir; raises NoResultFound for those of other choirs."""
    return db.session.execute(
        select(StudyList)
        .join(StudyList.choir)
        .options(contains_eager(StudyList.choir))
        .where(StudyList.id == list_id, _led_by(viewer))
    ).scalar_one()


def study_lists_of(choir: Choir) -> list[StudyList]:
    """The choir's lists, the newest term first. Three statements, whatever their number."""
    return list(
        db.session.scalars(
            select(StudyList)
            .where(StudyList.choir_id == choir.id)
            .order_by(StudyList.first_on.desc(), StudyList.title, StudyList.id)
        )
    )


def study_list_like(
    choir: Choir,
    *,
    first_on: date,
    last_on: date,
    voice_id: UUID | None,
    concert_id: UUID | None,
    besides: StudyList | None,
) -> StudyList | None:
    """Another list of the choir that holds some of the same gatherings already."""
    if concert_id:
        same: ColumnElement[bool] = StudyList.concert_id == concert_id
    else:
        voice = or_(StudyList.voice_id.is_(None), StudyList.voice_id == voice_id) if voice_id else None
        days = and_(StudyList.form != "culture", StudyList.first_on <= last_on, StudyList.last_on >= first_on)
        same = and_(days, voice) if voice is not None else days
    found = select(StudyList).where(StudyList.choir_id == choir.id, same)
    if besides:
        found = found.where(StudyList.id != besides.id)
    return db.session.scalar(found.order_by(StudyList.first_on).limit(1))


def last_study_list(choir: Choir) -> StudyList | None:
    """The choir's newest list, whose association, leader and material are the best guess for the next one."""
    return db.session.scalar(
        select(StudyList).where(StudyList.choir_id == choir.id).order_by(StudyList.created_at.desc()).limit(1)
    )


@dataclass(frozen=True)
class StudyProposal:
    """The best guess for a choir's next list, so that three presses make one."""

    form: str
    first_on: date
    last_on: date
    leader_name: str
    leader_singer_id: UUID | None
    association_id: UUID | None
    material: str | None
    break_minutes: int


FIKA_FROM_MINUTES = 120
USUAL_BREAK = 15


def study_proposal(choir: Choir, *, viewer: Any) -> StudyProposal:
    """What the next list most likely is: this term's rehearsals, or the next one's when this is over.

    The form follows from how many sing in the choir now, the rest from the list before.
    """
    today = clock.today()
    term = rules.term_of(today)
    days = rehearsal_dates([choir.id], first_on=term.first_on, last_on=term.last_on).get(choir.id, [])
    if not days or days[-1] < today:
        term = rules.Term(term.year + term.is_autumn, not term.is_autumn)
        days = rehearsal_dates([choir.id], first_on=term.first_on, last_on=term.last_on).get(choir.id, [])
    before = last_study_list(choir)
    members = choirs.members_on(choir, today)
    own = {each.id for each in choirs.singers_of_account(viewer)} & {each.singer_id for each in members}
    longest = max((each.minutes for each in series_of(choir)), default=0)
    people = rules.RuleBook(dated_rules(), "circle", None).value("max_people", today)
    leaders = choirs.leaders_of(choir)
    leads = any(each.account_id == viewer.id for each in leaders)
    return StudyProposal(
        form="other" if people is not None and len(members) > people else "circle",
        first_on=days[0] if days else term.first_on,
        last_on=days[-1] if days else term.last_on,
        leader_name=viewer.name if leads or not leaders else leaders[0].name,
        leader_singer_id=next(iter(own), None) if leads else None,
        association_id=before.association_id if before else None,
        material=before.material if before else None,
        break_minutes=before.break_minutes if before else USUAL_BREAK if longest >= FIKA_FROM_MINUTES else 0,
    )


def concerts_of(choir: Choir, *, since: date) -> list[Rehearsal]:
    """The choir's concerts from a day on that were not called off, the earliest first."""
    return list(
        db.session.scalars(
            select(Rehearsal)
            .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
            .where(
                Rehearsal.choir_id == choir.id,
                Rehearsal.kind == "concert",
                Rehearsal.sung_on >= since,
                Cancellation.rehearsal_id.is_(None),
            )
            .order_by(Rehearsal.starts_at)
        )
    )


def handed_in_at(rehearsal_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the list that holds each of these rehearsals was handed in last; those of no list are left out.

    One statement.
    """
    if not rehearsal_ids:
        return {}
    rows = db.session.execute(
        select(HandedInRehearsal.rehearsal_id, func.max(HandedInList.handed_in_at))
        .join(HandedInList, HandedInRehearsal.handed_in_id == HandedInList.id)
        .where(HandedInRehearsal.rehearsal_id.in_(rehearsal_ids))
        .group_by(HandedInRehearsal.rehearsal_id)
    )
    return {rehearsal_id: at for rehearsal_id, at in rows}  # noqa: C416 - rows are no pairs to dict()


# --- one list as it stands ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StudyLine:
    """One gathering of a list: when, where, what the rules make of it, and what the leader wrote."""

    rehearsal_id: UUID
    starts_at: datetime
    ends_at: datetime
    day: date
    place: str | None
    break_minutes: int
    log: str | None
    counted: rules.CountedMeeting


@dataclass(frozen=True)
class StudyPerson:
    """A singer on a list, by name, with what the rules make of them."""

    name: str
    counted: rules.CountedPerson


@dataclass(frozen=True)
class Reading:
    """How the same gatherings would stand as another list: other adult education, or a circle of one voice."""

    form: str
    voice_id: UUID | None
    voice: str | None
    participants: int
    hours: int
    status: str


@dataclass(frozen=True)
class StudySheet:
    """A list with everything that follows from the roll and the rules."""

    study_list: StudyList
    book: rules.RuleBook
    verdict: rules.Verdict
    lines: tuple[StudyLine, ...]
    people: tuple[StudyPerson, ...]
    readings: tuple[Reading, ...] = ()
    stands: Mapping[UUID, UUID] = field(default_factory=dict)

    @property
    def reported(self) -> tuple[StudyLine, ...]:
        """The gatherings that count."""
        return tuple(line for line in self.lines if line.counted.counts)

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.study_list.last_on < clock.today()

    @cached_property
    def changes(self) -> tuple["Change", ...]:
        """What is different from the version that was handed in last; nothing when none was."""
        newest = self.study_list.newest_handed_in
        if newest is None:
            return ()
        return tuple(changes_between(json.loads(newest.content), content_of(self), self.stands))

    @property
    def has_old_rules(self) -> bool:
        """Whether some rule that it is measured by must be looked up again."""
        today = clock.today()
        return any(row.is_old_on(today) for row in self.book.all_on(self.study_list.first_on))

    @property
    def near_year_limit(self) -> tuple[list[rules.CountedPerson], int | None]:
        """Whose study hours of the year, over all choirs, come near the limit; and from how many we warn."""
        return rules.near_year_limit(self.verdict.people, self.book, self.study_list.first_on)

    def line_of(self, rehearsal_id: UUID) -> StudyLine:
        """One gathering; raises NoResultFound when it is not on the list."""
        found = next((line for line in self.lines if line.rehearsal_id == rehearsal_id), None)
        if found is None:
            raise NoResultFound
        return found

    def names_at(self, line: StudyLine) -> list[str]:
        """Who was there, in the order of the list."""
        return [each.name for each in self.people if each.counted.id in line.counted.meeting.present]

    @property
    def register_by(self) -> date | None:
        """The last day to register it with the association, when that is known and its number is not."""
        first_on = self.study_list.first_on
        days = self.book.value("register_within_days", first_on)
        if days is None or self.study_list.number:
            return None
        return date.fromordinal(first_on.toordinal() + days)


def sheet_of(one: StudyList) -> StudySheet:
    """How one list stands, and, when a circle is too large, how it would stand otherwise. At most eight statements."""
    return sheets_of([one])[0]


def sheets_of(lists: Sequence[StudyList]) -> list[StudySheet]:
    """How lists of one choir stand. At most eight statements, whatever their number."""
    if not lists:
        return []
    known = _Known.about(lists)
    return [_sheet(one, known) for one in lists]


def running_sheets_of(choir: Choir) -> list[StudySheet]:
    """How the choir's lists of these days stand, for the pages where a leader looks anyway."""
    today = clock.today()
    return sheets_of([one for one in study_lists_of(choir) if one.first_on <= today <= one.last_on])


@dataclass(frozen=True)
class _Singer:
    id: UUID
    name: str
    order: str
    is_under_18: bool


@dataclass(frozen=True)
class _Known:
    """What several lists of one choir are made from, read once."""

    rehearsals: Sequence[Any]
    present: Mapping[UUID, frozenset[UUID]]
    singers: Mapping[UUID, _Singer]
    voices: Sequence[tuple[UUID, UUID | None, date, date | None]]
    rows: tuple[rules.DatedRule, ...]
    hours: Mapping[tuple[UUID, int], int]
    stands: Mapping[UUID, UUID]

    @classmethod
    def about(cls, lists: Sequence[StudyList]) -> "_Known":
        choir_id = lists[0].choir_id
        within = and_(
            Rehearsal.choir_id == choir_id,
            or_(
                Rehearsal.sung_on.between(
                    min(each.first_on for each in lists), max(each.last_on for each in lists)
                ),
                Rehearsal.id.in_([each.concert_id for each in lists if each.concert_id]),
            ),
        )
        rehearsals = db.session.execute(
            select(
                Rehearsal.id,
                Rehearsal.kind,
                Rehearsal.starts_at,
                Rehearsal.ends_at,
                Rehearsal.sung_on,
                is_logged().label("is_logged"),
                Cancellation.rehearsal_id.is_not(None).label("is_cancelled"),
                Venue.name.label("venue"),
                Venue.room.label("room"),
            )
            .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
            .outerjoin(Venue, Rehearsal.venue_id == Venue.id)
            .where(within)
            .order_by(Rehearsal.starts_at, Rehearsal.id)
        ).all()
        attending = (
            select(Attendance.rehearsal_id, Attendance.singer_id)
            .join(Rehearsal, Attendance.rehearsal_id == Rehearsal.id)
            .where(within, Attendance.is_present)
        )
        present: dict[UUID, set[UUID]] = {}
        for rehearsal_id, singer_id in db.session.execute(attending):
            present.setdefault(rehearsal_id, set()).add(singer_id)
        on_list = attending.with_only_columns(Attendance.singer_id)
        singers = db.session.execute(
            select(Singer.id, Singer.first_name, Singer.surname, Singer.sort_key, Singer.is_under_18).where(
                Singer.id.in_(on_list)
            )
        )
        leaders = {each.leader_singer_id for each in lists if each.leader_singer_id}
        handed_in = {UUID(key) for each in lists for key in _ids_in_newest(each)}
        rows = dated_rules()
        return cls(
            rehearsals=rehearsals,
            present={key: frozenset(value) for key, value in present.items()},
            singers={
                key: _Singer(key, f"{first} {last}" if last else first, order, young)
                for key, first, last, order, young in singers
            },
            voices=_voices_in(choir_id),
            rows=rows,
            hours=_hours_in_years(
                {day.year for each in lists for day in (each.first_on, each.last_on)}, on_list, rows
            ),
            stands=choirs.stands_for(leaders | handed_in),
        )

    def voice_of(self, singer_id: UUID, day: date) -> UUID | None:
        """The voice that a singer sang on a day."""
        return next(
            (
                voice
                for singer, voice, since, until in self.voices
                if singer == singer_id and since <= day and (until is None or day <= until)
            ),
            None,
        )


def _ids_in_newest(one: StudyList) -> set[str]:
    newest = one.newest_handed_in
    if newest is None:
        return set()
    return {key for each in json.loads(newest.content)["gatherings"] for key in each["present"]}


def _voices_in(choir_id: UUID) -> list[tuple[UUID, UUID | None, date, date | None]]:
    """Which voice everybody in a choir sings, and when; rows that stand for another person count as that person."""
    rows = db.session.execute(
        select(
            func.coalesce(Singer.merged_into_id, Singer.id),
            Membership.voice_id,
            Membership.since,
            Membership.until,
        )
        .join(Singer, Membership.singer_id == Singer.id)
        .where(Membership.choir_id == choir_id)
        .order_by(Singer.merged_into_id.is_not(None), Membership.since.desc())
    )
    return [(singer_id, voice_id, since, until) for singer_id, voice_id, since, until in rows]


def _hours_in_years(
    years: Collection[int], of_singers: Any, rows: tuple[rules.DatedRule, ...]
) -> dict[tuple[UUID, int], int]:
    """Study hours of each singer and calendar year over all lists of all choirs; a rehearsal counts once."""
    said = aliased(StudyGathering)
    first_on, last_on = date(min(years), 1, 1), date(max(years), 12, 31)
    found = db.session.execute(
        select(
            Attendance.singer_id,
            Rehearsal.id,
            Rehearsal.starts_at,
            Rehearsal.ends_at,
            Rehearsal.sung_on,
            StudyList.form,
            StudyList.association_id,
            func.coalesce(said.break_minutes, StudyList.break_minutes),
            said.confirmed_hours,
        )
        .select_from(StudyList)
        .join(
            Rehearsal,
            and_(
                Rehearsal.choir_id == StudyList.choir_id,
                Rehearsal.kind == "rehearsal",
                Rehearsal.sung_on.between(StudyList.first_on, StudyList.last_on),
            ),
        )
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .outerjoin(said, and_(said.list_id == StudyList.id, said.rehearsal_id == Rehearsal.id))
        .join(Attendance, and_(Attendance.rehearsal_id == Rehearsal.id, Attendance.is_present))
        .where(
            StudyList.form != "culture",
            StudyList.first_on <= last_on,
            StudyList.last_on >= first_on,
            Cancellation.rehearsal_id.is_(None),
            func.coalesce(said.is_left_out, False).is_(False),
            Attendance.singer_id.in_(of_singers),
        )
    )
    once: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    for singer_id, rehearsal_id, starts_at, ends_at, day, form, association_id, rest, confirmed in found:
        book = rules.RuleBook(rows, form, association_id)
        proposed = rules.study_hours(
            starts_at,
            ends_at,
            rest,
            most=book.value("max_hours_gathering", day),
            minutes_per_hour=book.value("minutes_per_hour", day) or rules.STUDY_MINUTES,
        )
        hours = proposed if confirmed is None else min(confirmed, proposed)
        key = (singer_id, rehearsal_id)
        once[key] = (day.year, max(hours, once.get(key, (0, 0))[1]))
    summed: dict[tuple[UUID, int], int] = {}
    for (singer_id, _rehearsal), (year, hours) in once.items():
        summed[singer_id, year] = summed.get((singer_id, year), 0) + hours
    return summed


def _sheet(one: StudyList, known: _Known) -> StudySheet:
    book = rules.RuleBook(known.rows, one.form, one.association_id)
    said = {row.rehearsal_id: row for row in one.gatherings}
    places = {each.id: ", ".join(filter(None, (each.venue, each.room))) or None for each in known.rehearsals}
    meetings = [
        _meeting(each, one, said.get(each.id), known)
        for each in known.rehearsals
        if not each.is_cancelled and _is_on(one, each)
    ]
    verdict = _judged(one, meetings, book, known)
    lines = tuple(
        StudyLine(
            rehearsal_id=each.meeting.id,
            starts_at=each.meeting.starts_at,
            ends_at=each.meeting.ends_at,
            day=each.meeting.day,
            place=places[each.meeting.id],
            break_minutes=each.meeting.break_minutes,
            log=said[each.meeting.id].log if each.meeting.id in said else None,
            counted=each,
        )
        for each in verdict.meetings
    )
    people = sorted(verdict.people, key=lambda each: (known.singers[each.id].order, each.id))
    return StudySheet(
        study_list=one,
        book=book,
        verdict=verdict,
        lines=lines,
        people=tuple(StudyPerson(known.singers[each.id].name, each) for each in people),
        readings=_readings(one, meetings, verdict, book, known),
        stands=known.stands,
    )


def _is_on(one: StudyList, rehearsal: Any) -> bool:
    if one.form == "culture":
        return rehearsal.id == one.concert_id
    return rehearsal.kind == "rehearsal" and one.first_on <= rehearsal.sung_on <= one.last_on


def _meeting(
    rehearsal: Any, one: StudyList, said: StudyGathering | None, known: _Known
) -> rules.StudyMeeting:
    now = clock.now()
    has_audience = one.form == "culture" and one.audience_count is not None
    if said and said.is_left_out:
        state = "left_out"
    elif rehearsal.starts_at > now:
        state = "planned"
    elif rehearsal.is_logged or has_audience or (one.form == "culture" and rehearsal.ends_at <= now):
        state = "held"
    else:
        state = "not_logged" if rehearsal.ends_at <= now else "planned"
    present = known.present.get(rehearsal.id, frozenset())
    if one.voice_id:
        present = frozenset(
            each for each in present if known.voice_of(each, rehearsal.sung_on) == one.voice_id
        )
    rest = said.break_minutes if said and said.break_minutes is not None else one.break_minutes
    return rules.StudyMeeting(
        id=rehearsal.id,
        starts_at=rehearsal.starts_at,
        ends_at=rehearsal.ends_at,
        day=rehearsal.sung_on,
        break_minutes=rest,
        present=present,
        state=state,
        confirmed=said.confirmed_hours if said else None,
    )


def _judged(
    one: StudyList, meetings: Sequence[rules.StudyMeeting], book: rules.RuleBook, known: _Known
) -> rules.Verdict:
    if one.form == "culture":
        meeting = meetings[0] if meetings else None
        return rules.judge_culture(meeting, book=book, day=one.last_on, audience=one.audience_count)
    leader = one.leader_singer_id
    return rules.judge(
        meetings,
        book=book,
        first_on=one.first_on,
        last_on=one.last_on,
        leader_id=known.stands.get(leader, leader) if leader else None,
        under_18={key for key, singer in known.singers.items() if singer.is_under_18},
        hours_in_year={key: known.hours.get((key, one.first_on.year), 0) for key in known.singers},
        has_material=bool(one.material),
    )


def _readings(
    one: StudyList,
    meetings: Sequence[rules.StudyMeeting],
    verdict: rules.Verdict,
    book: rules.RuleBook,
    known: _Known,
) -> tuple[Reading, ...]:
    """A circle with too many people, read as other adult education, and as one circle for each voice."""
    if one.form != "circle" or all(question.what != "too_many" for question in verdict.questions):
        return ()
    whole = _judged_as(one, meetings, book.as_form("other"), known)
    readings = [Reading("other", None, None, whole.participants, whole.hours, whole.status)]
    if one.voice_id is None:
        for voice in one.choir.voices:
            parts = [
                rules.StudyMeeting(
                    **{
                        **vars(each),
                        "present": frozenset(
                            singer for singer in each.present if known.voice_of(singer, each.day) == voice.id
                        ),
                    }
                )
                for each in meetings
            ]
            part = _judged_as(one, parts, book, known)
            readings.append(
                Reading("circle", voice.id, voice.name, part.participants, part.hours, part.status)
            )
    return tuple(readings)


def _judged_as(
    one: StudyList, meetings: Sequence[rules.StudyMeeting], book: rules.RuleBook, known: _Known
) -> rules.Verdict:
    return rules.judge(
        meetings,
        book=book,
        first_on=one.first_on,
        last_on=one.last_on,
        under_18={key for key, singer in known.singers.items() if singer.is_under_18},
        hours_in_year={key: known.hours.get((key, one.first_on.year), 0) for key in known.singers},
        has_material=bool(one.material),
    )


# --- what is handed in ---------------------------------------------------------------------------------------------


def content_of(sheet: StudySheet) -> dict[str, Any]:
    """The list as it is handed in: everything but names of people, who are there by id."""
    one = sheet.study_list
    return {
        "version": CONTENT_VERSION,
        "choir": one.choir.name,
        "town": one.choir.town.name,
        "association": one.association.name,
        "form": one.form,
        "title": one.title,
        "number": one.number,
        "first_on": one.first_on.isoformat(),
        "last_on": one.last_on.isoformat(),
        "voice": one.voice.name if one.voice else None,
        "material": one.material,
        "leader_singer_id": str(one.leader_singer_id) if one.leader_singer_id else None,
        "audience_count": one.audience_count,
        "women_count": one.women_count,
        "performer_count": one.performer_count,
        "gatherings": [
            {
                "rehearsal_id": str(line.rehearsal_id),
                "day": line.day.isoformat(),
                "starts": clock.local(line.starts_at).strftime("%H.%M"),
                "ends": clock.local(line.ends_at).strftime("%H.%M"),
                "place": line.place,
                "break_minutes": line.break_minutes,
                "hours": line.counted.hours,
                "people": line.counted.people,
                "log": line.log,
                "present": sorted(str(key) for key in line.counted.meeting.present),
            }
            for line in sheet.reported
        ],
        "people": [
            {
                "singer_id": str(person.counted.id),
                "gatherings": person.counted.gatherings,
                "hours": person.counted.hours,
                "counts": person.counted.counts,
            }
            for person in sheet.people
            if person.counted.gatherings
        ],
        "participants": sheet.verdict.participants,
        "hours": sheet.verdict.hours,
        "rules": [
            {
                "form": row.form,
                "key": row.key,
                "value": row.value,
                "unit": row.unit,
                "valid_from": row.valid_from.isoformat(),
                "source": row.source,
            }
            for row in sheet.book.all_on(one.first_on)
        ],
    }


def frozen(content: Mapping[str, Any]) -> tuple[str, str]:
    """The content as the one text that it can be written as, and the digest of that text."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, sha256(text.encode()).hexdigest()


def version_of(one: StudyList, number: int) -> HandedInList:
    """A version of a list that was handed in; raises NoResultFound."""
    return db.session.execute(
        select(HandedInList).where(HandedInList.list_id == one.id, HandedInList.number == number)
    ).scalar_one()


def names_on(version: HandedInList) -> dict[str, str]:
    """What everybody on a version was called when it was handed in; who was erased since is left out."""
    rows = db.session.execute(
        select(HandedInName.singer_id, HandedInName.name).where(HandedInName.handed_in_id == version.id)
    )
    return {str(singer_id): name for singer_id, name in rows}


def names_of(sheet: StudySheet) -> dict[str, str]:
    """What everybody on a list is called now."""
    return {str(person.counted.id): person.name for person in sheet.people}


@dataclass(frozen=True)
class Change:
    """One difference between what was handed in and how it is now.

    `what` is came, left, new, gone, or the name of a field; `who` is a singer's id for came and left.
    """

    what: str
    day: date | None
    who: UUID | None = None
    old: Any = None
    new: Any = None


FIELDS = (
    "association",
    "form",
    "title",
    "number",
    "first_on",
    "last_on",
    "voice",
    "material",
    "audience_count",
    "women_count",
    "performer_count",
)
FIELDS_OF_GATHERING = ("day", "starts", "ends", "place", "break_minutes", "hours", "log")


def changes_between(
    old: Mapping[str, Any], new: Mapping[str, Any], stands: Mapping[UUID, UUID] | None = None
) -> list[Change]:
    """What is different in the new content; somebody written up twice and merged since is the same person."""
    merged = stands or {}
    changes = [Change(name, None, None, old[name], new[name]) for name in FIELDS if old[name] != new[name]]
    before = {each["rehearsal_id"]: each for each in old["gatherings"]}
    now = {each["rehearsal_id"]: each for each in new["gatherings"]}
    for key in sorted(before.keys() | now.keys(), key=lambda key: (now.get(key) or before[key])["day"]):
        was, is_ = before.get(key), now.get(key)
        if was is None or is_ is None:
            day = date.fromisoformat((is_ or was or {})["day"])
            changes.append(Change("new" if was is None else "gone", day))
            continue
        day = date.fromisoformat(is_["day"])
        changes += [
            Change(name, day, None, was[name], is_[name])
            for name in FIELDS_OF_GATHERING
            if was[name] != is_[name]
        ]
        came_before = {merged.get(UUID(each), UUID(each)) for each in was["present"]}
        came_now = {UUID(each) for each in is_["present"]}
        changes += [Change("came", day, who) for who in sorted(came_now - came_before)]
        changes += [Change("left", day, who) for who in sorted(came_before - came_now)]
    return changes


def names_in(changes: Sequence[Change]) -> dict[UUID, str]:
    """What the singers in these changes are called now. One statement when there are any."""
    ids = {change.who for change in changes if change.who}
    if not ids:
        return {}
    rows = db.session.execute(select(Singer.id, Singer.first_name, Singer.surname).where(Singer.id.in_(ids)))
    return {key: f"{first} {last}" if last else first for key, first, last in rows}
