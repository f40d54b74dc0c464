"""What a study association counts: study hours, who is a participant, and what a list still lacks.

Every threshold is a dated row with a source; the code below only knows what a threshold is about. Nothing here says
that a list is approved: that is the association's to say.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

STUDY_FORMS = ("circle", "other", "culture")
"""Studiecirkel, annan folkbildningsverksamhet, kulturprogram."""
RULE_FORMS = (*STUDY_FORMS, "any")
RULE_KEYS = (
    "min_people",
    "max_people",
    "min_age",
    "min_gatherings",
    "min_hours",
    "max_hours_gathering",
    "max_gatherings_week",
    "max_hours_week",
    "participant_min_gatherings",
    "participant_within_first",
    "participant_min_hours",
    "minutes_per_hour",
    "max_hours_person_year",
    "warn_hours_person_year",
    "same_calendar_year",
    "min_audience",
    "min_minutes",
    "register_within_days",
)
RULE_UNITS = ("people", "years", "gatherings", "hours", "minutes", "days", "yes")
CHECK_AGAIN_AFTER_DAYS = 180
"""Days after which a rule must be looked up again."""
LONGEST_LIST_DAYS = 366
STUDY_MINUTES = 45
"""The length of a study hour where no row says another."""


# --- which rule holds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DatedRule:
    """One threshold: what it is about, how much, from when to when, for which association, and who says so."""

    form: str
    key: str
    value: int
    unit: str
    valid_from: date
    valid_to: date | None
    association_id: UUID | None
    source: str
    checked_on: date
    added_at: datetime

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day; both ends belong to it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def is_old_on(self, day: date) -> bool:
        """Whether nobody has looked it up for so long that it may have changed."""
        return (day - self.checked_on).days > CHECK_AGAIN_AFTER_DAYS


@dataclass(frozen=True)
class RuleBook:
    """The thresholds for one form of work with one association."""

    rows: tuple[DatedRule, ...]
    form: str
    association_id: UUID | None

    def on(self, key: str, day: date) -> DatedRule | None:
        """The row that counts on a day.

        The association's own beats the general one, the form's own the one for any form, the later the earlier.
        """
        found = [
            row
            for row in self.rows
            if row.key == key
            and row.form in (self.form, "any")
            and row.association_id in (self.association_id, None)
            and row.holds_on(day)
        ]
        return max(found, key=self._weight, default=None)

    def _weight(self, row: DatedRule) -> tuple[bool, bool, date, datetime]:
        return (row.association_id is not None, row.form != "any", row.valid_from, row.added_at)

    def value(self, key: str, day: date) -> int | None:
        """The threshold on a day, or None when there is none."""
        row = self.on(key, day)
        return row.value if row else None

    def all_on(self, day: date) -> list[DatedRule]:
        """Every row that counts on a day, in the order of the keys."""
        return [row for key in RULE_KEYS if (row := self.on(key, day))]

    def as_form(self, form: str) -> "RuleBook":
        """The same association's book for another form."""
        return replace(self, form=form)


# --- arithmetic ----------------------------------------------------------------------------------------------


def study_hours(
    starts_at: datetime,
    ends_at: datetime,
    break_minutes: int = 0,
    *,
    most: int | None = None,
    minutes_per_hour: int = STUDY_MINUTES,
) -> int:
    """The whole study hours of one gathering; what is left over is lost and never carried to the next.

    Both moments are in UTC, so that the night of the clock change is as long as it was. Source: reference 4.2.
    """
    minutes = int((ends_at - starts_at).total_seconds()) // 60 - break_minutes
    hours = max(0, minutes // minutes_per_hour)
    return hours if most is None else min(most, hours)


def split_at_new_year(first_on: date, last_on: date) -> list[tuple[date, date]]:
    """A period cut at every New Year, since a list begins and ends in one calendar year."""
    parts = []
    while first_on.year < last_on.year:
        parts.append((first_on, date(first_on.year, 12, 31)))
        first_on = date(first_on.year + 1, 1, 1)
    return [*parts, (first_on, last_on)]


@dataclass(frozen=True, order=True)
class Term:
    """Half a year of a choir: spring to the end of June, autumn from July."""

    year: int
    is_autumn: bool

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 7 if self.is_autumn else 1, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return date(self.year, 12, 31) if self.is_autumn else date(self.year, 6, 30)

    @property
    def code(self) -> str:
        """How an address says it: 2026-var, 2026-host."""
        return f"{self.year}-{'host' if self.is_autumn else 'var'}"


def term_of(day: date) -> Term:
    """The term that a day belongs to."""
    return Term(day.year, day.month > 6)


def term_called(code: str) -> Term | None:
    """The term of an address, or None when it names none."""
    year, _dash, half = code.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and half in ("var", "host")):
        return None
    return Term(int(year), half == "host") if 1990 <= int(year) <= 2100 else None


# --- what was and what comes -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class StudyMeeting:
    """One gathering of a list as the rules need it.

    `state` is planned, not_logged, held or left_out; `present` are the singers marked present, without guests.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    day: date
    break_minutes: int
    present: frozenset[UUID]
    state: str
    confirmed: int | None = None

    @property
    def minutes(self) -> int:
        """How long it is, breaks included."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class CountedMeeting:
    """A gathering and what the rules make of it.

    `trouble` says why it does not count: too_few, too_short, week_full, not_logged, planned or left_out.
    """

    meeting: StudyMeeting
    people: int
    proposed: int
    hours: int
    trouble: str | None

    @property
    def counts(self) -> bool:
        """Whether it can be reported."""
        return self.trouble is None

    @property
    def is_confirmed(self) -> bool:
        """Whether the leader has confirmed the hours, and they are still possible."""
        return self.meeting.confirmed is not None and self.meeting.confirmed <= self.proposed


@dataclass(frozen=True)
class CountedPerson:
    """A singer on the list: how often, how many study hours, whether that makes a participant, else what lacks.

    `lacks` is gatherings, first or hours, with the `number` that is missing.
    """

    id: UUID
    gatherings: int
    hours: int
    lacks: str | None
    number: int
    may_be_too_young: bool
    hours_in_year: int

    @property
    def counts(self) -> bool:
        """Whether the person is a participant as far as can be seen."""
        return self.lacks is None


@dataclass(frozen=True)
class Need:
    """What a list lacks: of what, how much, by when, and how much of it the planned gatherings can give."""

    what: str
    number: int
    by: date | None = None
    planned: int = 0

    @property
    def is_within_reach(self) -> bool:
        """Whether what is planned is enough."""
        return self.planned >= self.number


@dataclass(frozen=True)
class Question:
    """What only the association can answer: about what, how many, and the threshold it is measured by."""

    what: str
    number: int
    limit: int = 0


@dataclass(frozen=True)
class Verdict:
    """How a list stands. `status` is met, missing or ask; met means preliminarily, as far as can be seen."""

    status: str
    meetings: tuple[CountedMeeting, ...]
    people: tuple[CountedPerson, ...]
    needs: tuple[Need, ...]
    questions: tuple[Question, ...]
    participants: int
    """Who counts, the leader among them."""
    most_people: int

    @property
    def hours(self) -> int:
        """The study hours of all gatherings that count."""
        return sum(each.hours for each in self.meetings if each.counts)

    @property
    def counted(self) -> int:
        """How many gatherings count."""
        return sum(each.counts for each in self.meetings)

    @property
    def is_all_confirmed(self) -> bool:
        """Whether no gathering that counts waits for the leader to confirm its hours."""
        return all(each.is_confirmed for each in self.meetings if each.counts)


# --- a circle, or other adult education ------------------------------------------------------------------------


def judge(
    meetings: Sequence[StudyMeeting],
    *,
    book: RuleBook,
    first_on: date,
    last_on: date,
    leader_id: UUID | None = None,
    under_18: Collection[UUID] = (),
    hours_in_year: Mapping[UUID, int] | None = None,
    has_material: bool = True,
) -> Verdict:
    """How a list of a circle or of other adult education stands.

    `leader_id` is the leader's own name on the roll; None: the leader is one more at every gathering.
    Rules of the whole list are those of its first day, rules of one gathering those of that day.
    """
    counted = _counted(sorted(meetings, key=lambda each: (each.starts_at, each.id)), book, leader_id)
    people = _people(counted, book, first_on, under_18, hours_in_year or {})
    extra = 0 if leader_id else 1
    participants = sum(person.counts for person in people) + extra
    most_people = max((each.people for each in counted if each.counts), default=0)
    needs = _needs(counted, people, participants, book, first_on, last_on, has_material=has_material)
    questions = _questions(people, max(most_people, participants), book, first_on)
    return _verdict(counted, people, needs, questions, participants, most_people)


def _verdict(
    counted: Sequence[CountedMeeting],
    people: Sequence[CountedPerson],
    needs: Sequence[Need],
    questions: Sequence[Question],
    participants: int,
    most_people: int,
) -> Verdict:
    status = "missing" if needs else "ask" if questions else "met"
    return Verdict(
        status, tuple(counted), tuple(people), tuple(needs), tuple(questions), participants, most_people
    )


def _counted(
    meetings: Iterable[StudyMeeting], book: RuleBook, leader_id: UUID | None
) -> list[CountedMeeting]:
    weeks: dict[date, list[int]] = {}
    rows = []
    for meeting in meetings:
        week = weeks.setdefault(meeting.day - timedelta(days=meeting.day.weekday()), [])
        row = _counted_one(meeting, book, leader_id, week)
        if row.counts:
            week.append(row.hours)
        rows.append(row)
    return rows


def _counted_one(
    meeting: StudyMeeting, book: RuleBook, leader_id: UUID | None, week: Sequence[int]
) -> CountedMeeting:
    day = meeting.day
    proposed = study_hours(
        meeting.starts_at,
        meeting.ends_at,
        meeting.break_minutes,
        most=book.value("max_hours_gathering", day),
        minutes_per_hour=book.value("minutes_per_hour", day) or STUDY_MINUTES,
    )
    most_in_week, most_hours = book.value("max_gatherings_week", day), book.value("max_hours_week", day)
    if most_hours is not None:
        proposed = min(proposed, max(0, most_hours - sum(week)))
    confirmed = meeting.confirmed
    hours = confirmed if confirmed is not None and confirmed <= proposed else proposed
    people = len(meeting.present) + (0 if leader_id else 1)
    if meeting.state != "held":
        trouble: str | None = meeting.state
    elif people < (book.value("min_people", day) or 0):
        trouble = "too_few"
    elif week and (
        (most_in_week is not None and len(week) >= most_in_week)
        or (most_hours is not None and sum(week) >= most_hours)
    ):
        trouble = "week_full"
    elif hours < 1:
        trouble = "too_short"
    else:
        trouble = None
    return CountedMeeting(meeting, people, proposed, hours, trouble)


def _people(
    counted: Sequence[CountedMeeting],
    book: RuleBook,
    day: date,
    under_18: Collection[UUID],
    hours_in_year: Mapping[UUID, int],
) -> list[CountedPerson]:
    counting = [each for each in counted if each.counts]
    least = book.value("participant_min_gatherings", day) or 1
    first = book.value("participant_within_first", day)
    least_hours = book.value("participant_min_hours", day) or 0
    asks_age = book.value("min_age", day) is not None
    among_first: set[UUID] = set()
    for each in counting[:first]:
        among_first |= each.meeting.present
    still_open = first is not None and len(counting) < first
    everybody = {singer for each in counted if each.trouble != "left_out" for singer in each.meeting.present}
    people = []
    for singer in sorted(everybody):
        came = [each for each in counting if singer in each.meeting.present]
        hours = sum(each.hours for each in came)
        lacks, number = None, 0
        if first is not None and singer not in among_first and not still_open:
            lacks, number = "first", first
        elif len(came) < least:
            lacks, number = "gatherings", least - len(came)
        elif hours < least_hours:
            lacks, number = "hours", least_hours - hours
        people.append(
            CountedPerson(
                id=singer,
                gatherings=len(came),
                hours=hours,
                lacks=lacks,
                number=number,
                may_be_too_young=asks_age and singer in under_18,
                hours_in_year=hours_in_year.get(singer, hours),
            )
        )
    return people


def _needs(
    counted: Sequence[CountedMeeting],
    people: Sequence[CountedPerson],
    participants: int,
    book: RuleBook,
    day: date,
    last_on: date,
    *,
    has_material: bool,
) -> list[Need]:
    coming = [each for each in counted if each.trouble == "planned" and each.proposed > 0]
    last_planned = coming[-1].meeting.day if coming else None
    by = last_planned or last_on
    done = sum(each.counts for each in counted)
    hours = sum(each.hours for each in counted if each.counts)
    needs = []
    if (lacking := (book.value("min_gatherings", day) or 0) - done) > 0:
        needs.append(Need("gatherings", lacking, by, len(coming)))
    if (lacking := (book.value("min_hours", day) or 0) - hours) > 0:
        needs.append(Need("hours", lacking, by, sum(each.proposed for each in coming)))
    if (lacking := (book.value("min_people", day) or 0) - participants) > 0:
        needs.append(Need("people", lacking, by, _who_may_still_count(counted, people, coming, book, day)))
    needs += [Need("roll", 1, each.meeting.day, 1) for each in counted if each.trouble == "not_logged"]
    if not has_material:
        needs.append(Need("material", 1, last_on, 1))
    return needs


def _who_may_still_count(
    counted: Sequence[CountedMeeting],
    people: Sequence[CountedPerson],
    coming: Sequence[CountedMeeting],
    book: RuleBook,
    day: date,
) -> int:
    """How many more may become participants by the gatherings that are planned; anybody while the start is open."""
    first = book.value("participant_within_first", day)
    least = book.value("participant_min_gatherings", day) or 1
    done = sum(each.counts for each in counted)
    if len(coming) >= least and (first is None or done < first):
        return book.value("min_people", day) or 0
    return sum(1 for person in people if person.lacks == "gatherings" and person.number <= len(coming))


def _questions(people: Sequence[CountedPerson], most: int, book: RuleBook, day: date) -> list[Question]:
    questions = []
    limit = book.value("max_people", day)
    if limit is not None and most > limit:
        questions.append(Question("too_many", most, limit))
    age = book.value("min_age", day)
    young = sum(person.may_be_too_young for person in people)
    if age is not None and young:
        questions.append(Question("age", young, age))
    over = book.value("max_hours_person_year", day)
    if over is not None and (many := sum(person.hours_in_year > over for person in people)):
        questions.append(Question("year_over", many, over))
    return questions


def near_year_limit(
    people: Iterable[CountedPerson], book: RuleBook, day: date
) -> tuple[list[CountedPerson], int | None]:
    """Those whose study hours of the year, over all choirs, come near the limit; and where the warning begins."""
    warn = book.value("warn_hours_person_year", day)
    return [person for person in people if warn is not None and person.hours_in_year >= warn], warn


# --- a cultural programme -----------------------------------------------------------------------------------------


def judge_culture(
    meeting: StudyMeeting | None, *, book: RuleBook, day: date, audience: int | None
) -> Verdict:
    """How a cultural programme stands: one coherent event before an audience, counted by heads."""
    if meeting is None:
        return _verdict([], [], [Need("concert", 1)], [], 0, 0)
    needs = []
    least = book.value("min_minutes", meeting.day) or 0
    if meeting.minutes < least:
        needs.append(Need("minutes", least - meeting.minutes, meeting.day))
    if meeting.state == "planned":
        needs.append(Need("held", 1, meeting.day, 1))
    elif audience is None:
        needs.append(Need("audience_count", 1, day, 1))
    elif (lacking := (book.value("min_audience", meeting.day) or 0) - audience) > 0:
        needs.append(Need("audience", lacking))
    trouble = meeting.state if meeting.state != "held" else "too_short" if meeting.minutes < least else None
    row = CountedMeeting(meeting, audience or 0, 0, 0, trouble)
    return _verdict([row], [], needs, [], 0, audience or 0)
