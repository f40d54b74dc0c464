"""A term's attendance as a table: singers down, rehearsals across, and every sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Attendance, Cancellation, Rehearsal
from choir_app.rehearsals.queries.gatherings import is_logged

SINGS = ("trying", "regular")
"""The states in which somebody is waited for; on pause nobody is missed."""


@dataclass(frozen=True)
class TableDay:
    """One rehearsal of the term that has begun; `headcount` is None when nobody wrote down who came."""

    id: UUID
    kind: str
    starts_at: datetime
    day: date
    here: int | None
    guests: int | None
    headcount: int | None

    @property
    def is_logged(self) -> bool:
        """Whether somebody wrote down who came."""
        return self.headcount is not None


@dataclass(frozen=True)
class TableRow:
    """A singer and one cell for each rehearsal.

    A cell is here, away (somebody said so), unseen (not marked), unknown (nobody wrote that evening down) or
    outside (not in the choir that day). `of` are the evenings written down while they sang in the choir.
    """

    singer_id: UUID
    name: str
    voice: str | None
    cells: tuple[str, ...]

    @property
    def here(self) -> int:
        """How often they came."""
        return sum(cell == "here" for cell in self.cells)

    @property
    def of(self) -> int:
        """How often they could have come and it was written down."""
        return sum(cell in ("here", "away", "unseen") for cell in self.cells)


@dataclass(frozen=True)
class AttendanceTable:
    """A choir's attendance in a term, of all or of one voice."""

    choir: Choir
    term: rules.Term
    voice: Voice | None
    days: tuple[TableDay, ...]
    rows: tuple[TableRow, ...]
    erased: tuple[int, ...]
    """How many who were here each time have been erased since: they have no row, and the sums hold them."""

    @property
    def sums(self) -> list[int | None]:
        """How many of the singers in the table were here each time; None for an evening not written down."""
        return [
            sum(row.cells[place] == "here" for row in self.rows) + self.erased[place]
            if day.is_logged
            else None
            for place, day in enumerate(self.days)
        ]


def terms_of(choir: Choir) -> list[rules.Term]:
    """The terms in which the choir has met, and the present one, the newest first. One statement."""
    first, last = db.session.execute(
        select(func.min(Rehearsal.sung_on), func.max(Rehearsal.sung_on)).where(
            Rehearsal.choir_id == choir.id, Rehearsal.starts_at <= clock.now()
        )
    ).one()
    newest = max(rules.term_of(last or clock.today()), rules.term_of(clock.today()))
    terms = [rules.term_of(first or clock.today())]
    while terms[-1] < newest:
        terms.append(rules.Term(terms[-1].year + terms[-1].is_autumn, not terms[-1].is_autumn))
    return terms[::-1]


def attendance_table(choir: Choir, term: rules.Term, voice: Voice | None = None) -> AttendanceTable:
    """The table: those who sang in the choir in the term or were marked, and nobody else. Three statements.

    Somebody who left stands there only for the days until then.
    """
    days = _days(choir, term)
    marks = _marks(choir, term)
    periods = _periods(choir, term, {singer for singers in marks.values() for singer in singers})
    rows = (
        TableRow(singer.id, singer.name, singer.voice, tuple(_cell(day, singer, marks) for day in days))
        for singer in periods
        if not singer.is_erased and (voice is None or singer.voice_id == voice.id)
    )
    shown = tuple(row for row in rows if any(cell != "outside" for cell in row.cells))
    gone = {singer.id for singer in periods if singer.is_erased} if voice is None else set()
    erased = tuple(
        sum(is_present and key in gone for key, is_present in marks.get(day.id, {}).items()) for day in days
    )
    return AttendanceTable(choir, term, voice, tuple(days), shown, erased)


def _within(choir: Choir, term: rules.Term) -> list[object]:
    return [
        Rehearsal.choir_id == choir.id,
        Rehearsal.sung_on.between(term.first_on, term.last_on),
        Rehearsal.starts_at <= clock.now(),
        Cancellation.rehearsal_id.is_(None),
    ]


def _days(choir: Choir, term: rules.Term) -> list[TableDay]:
    found = db.session.execute(
        select(
            Rehearsal.id,
            Rehearsal.kind,
            Rehearsal.starts_at,
            Rehearsal.sung_on,
            Rehearsal.present_count,
            Rehearsal.guest_count,
            is_logged(),
        )
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(*_within(choir, term))  # type: ignore[arg-type]  # conditions
        .order_by(Rehearsal.starts_at, Rehearsal.id)
    )
    return [
        TableDay(
            id=key,
            kind=kind,
            starts_at=starts_at,
            day=day,
            here=here if logged else None,
            guests=guests if logged else None,
            headcount=here + guests if logged else None,
        )
        for key, kind, starts_at, day, here, guests, logged in found
    ]


def _marks(choir: Choir, term: rules.Term) -> dict[UUID, dict[UUID, bool]]:
    found = db.session.execute(
        select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present)
        .join(Rehearsal, Attendance.rehearsal_id == Rehearsal.id)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(*_within(choir, term))  # type: ignore[arg-type]  # conditions
    )
    marks: dict[UUID, dict[UUID, bool]] = {}
    for rehearsal_id, singer_id, is_present in found:
        marks.setdefault(rehearsal_id, {})[singer_id] = is_present
    return marks


@dataclass
class _Sings:
    id: UUID
    name: str
    order: tuple[object, ...]
    is_erased: bool
    voice_id: UUID | None
    voice: str | None
    spans: list[tuple[date, date | None]]

    def on(self, day: date) -> bool:
        return any(since <= day and (until is None or day <= until) for since, until in self.spans)


def _periods(choir: Choir, term: rules.Term, marked: set[UUID]) -> list[_Sings]:
    """Everybody who sang in the choir in the term, or was marked in it, by voice and name."""
    overlaps = and_(
        Membership.choir_id == choir.id,
        Membership.since <= term.last_on,
        or_(Membership.until.is_(None), Membership.until >= term.first_on),
    )
    within = and_(Membership.singer_id == Singer.id, overlaps)
    found = db.session.execute(
        select(
            Singer.id,
            Singer.first_name,
            Singer.surname,
            Singer.sort_key,
            Singer.erased_at,
            Membership.state,
            Membership.since,
            Membership.until,
            Voice.id,
            Voice.name,
            Voice.position,
        )
        .outerjoin(Membership, within)
        .outerjoin(Voice, Membership.voice_id == Voice.id)
        .where(
            Singer.merged_into_id.is_(None), or_(Membership.id.is_not(None), Singer.id.in_(sorted(marked)))
        )
        .order_by(Singer.sort_key, Singer.id, Membership.since)
    )
    people: dict[UUID, _Sings] = {}
    for key, first, last, order, erased_at, state, since, until, voice_id, voice, position in found:
        one = people.setdefault(
            key,
            _Sings(
                key,
                f"{first} {last}" if last else first,
                (True, 0, order),
                erased_at is not None,
                None,
                None,
                [],
            ),
        )
        if state in SINGS:
            one.spans.append((since, until))
        if state in SINGS or one.voice_id is None:
            one.voice_id, one.voice, one.order = voice_id, voice, (position is None, position or 0, order)
    sang = [one for one in people.values() if one.spans or one.id in marked]
    return sorted(sang, key=lambda one: (one.order, one.id))


def _cell(day: TableDay, singer: _Sings, marks: Mapping[UUID, Mapping[UUID, bool]]) -> str:
    marked = marks.get(day.id, {}).get(singer.id)
    if marked is not None:
        return "here" if marked else "away"
    if not singer.on(day.day):
        return "outside"
    return "unseen" if day.is_logged else "unknown"
