"""What study associations count: every vector of the reference, on the rows that the house comes with."""

import json
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from choir_app.foundation import clock
from choir_app.foundation.settings import PROJECT
from choir_app.rehearsals import rules
from choir_app.rehearsals.rules import DatedRule, RuleBook, StudyMeeting, study_hours

ANN, BEA, CID, DAN, EVA = (UUID(int=number) for number in range(1, 6))
FOLKUNIVERSITETET = UUID(int=900)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
AUTUMN = date(2026, 9, 1)


def first_rows() -> tuple[DatedRule, ...]:
    """The rows that the house comes with."""
    known = json.loads((PROJECT / "choir_app" / "rehearsals" / "study_rules.json").read_text())
    return tuple(
        DatedRule(
            form=row["form"],
            key=row["key"],
            value=row["value"],
            unit=row["unit"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            association_id={None: None, "Folkuniversitetet": FOLKUNIVERSITETET}.get(
                row["association"], UUID(int=901)
            ),
            source=row["source"],
            checked_on=date.fromisoformat(row["checked_on"]),
            added_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for row in known["rules"]
    )


CIRCLE = RuleBook(first_rows(), "circle", None)
OTHER = CIRCLE.as_form("other")
CULTURE = CIRCLE.as_form("culture")


def at(day: date, hour: str) -> datetime:
    return clock.from_local(day, time.fromisoformat(hour))


def meetings(
    *present: AbstractSet[UUID], start: date = AUTUMN, hours: str = "18:00–20:15"
) -> list[StudyMeeting]:
    """One gathering a week with these singers; None of them means that it is still to come."""
    begins, ends = hours.split("–")
    made = []
    for number, singers in enumerate(present):
        day = start + timedelta(weeks=number)
        made.append(
            StudyMeeting(
                id=UUID(int=1000 + number),
                starts_at=at(day, begins),
                ends_at=at(day, ends),
                day=day,
                break_minutes=0,
                present=frozenset(singers),
                state="held",
            )
        )
    return made


def planned(count: int, after: list[StudyMeeting]) -> list[StudyMeeting]:
    """So many weeks more, still to come."""
    start = after[-1].day + timedelta(weeks=1) if after else AUTUMN
    made = meetings(*[set() for _number in range(count)], start=start)
    return [
        StudyMeeting(UUID(int=2000 + number), one.starts_at, one.ends_at, one.day, 0, frozenset(), "planned")
        for number, one in enumerate(made)
    ]


def judged(held: list[StudyMeeting], book: RuleBook = CIRCLE, **more: object) -> rules.Verdict:
    return rules.judge(held, book=book, first_on=YEAR[0], last_on=YEAR[1], **more)  # type: ignore[arg-type]  # passed on


def person(verdict: rules.Verdict, singer: UUID) -> rules.CountedPerson:
    return next(each for each in verdict.people if each.id == singer)


class TestStudyHours:
    @pytest.mark.parametrize(
        ("begins", "ends", "rest", "hours"),
        [
            ("18:00", "19:30", 0, 2),
            ("18:00", "20:00", 0, 2),
            ("18:00", "20:00", 15, 2),
            ("18:00", "20:30", 15, 3),
            ("17:00", "19:15", 45, 2),
            ("17:00", "19:15", 0, 3),
            ("18:00", "18:45", 0, 1),
            ("18:00", "18:40", 0, 0),
            ("18:00", "21:00", 0, 4),
        ],
    )
    def test_whole_hours_of_45_minutes_without_breaks(
        self, begins: str, ends: str, rest: int, hours: int
    ) -> None:
        assert study_hours(at(AUTUMN, begins), at(AUTUMN, ends), rest, most=4) == hours

    def test_a_circle_is_cut_at_four_and_other_education_is_not(self) -> None:
        long_day = meetings({ANN, BEA, CID}, hours="10:00–15:00")
        long_day = [
            StudyMeeting(one.id, one.starts_at, one.ends_at, one.day, 45, one.present, one.state)
            for one in long_day
        ]
        assert judged(long_day).meetings[0].hours == 4
        assert judged(long_day, OTHER).meetings[0].hours == 5

    def test_the_night_of_the_clock_change_is_as_long_as_it_was(self) -> None:
        evening, morning = date(2026, 10, 24), date(2026, 10, 25)
        assert study_hours(at(evening, "23:00"), at(morning, "03:30")) == 7  # five and a half hours
        assert study_hours(at(date(2026, 3, 28), "23:00"), at(date(2026, 3, 29), "03:30")) == 4

    def test_what_is_left_over_is_not_carried_to_the_next(self) -> None:
        verdict = judged(meetings(*[{ANN, BEA, CID}] * 12, hours="18:00–20:00"))
        assert verdict.hours == 24

    def test_a_weekly_choir_is_there_at_the_fifth_rehearsal(self) -> None:
        held = meetings(*[{ANN, BEA, CID}] * 5, hours="18:00–20:00")
        assert [need.what for need in judged(held[:2]).needs] == ["gatherings", "hours", "people"]
        assert [need.what for need in judged(held[:4]).needs] == ["hours"]
        assert judged(held).status == "met"


class TestWhoCounts:
    FULL = frozenset({CID, DAN, EVA})

    def test_a_at_one_two_and_five_counts(self) -> None:
        held = meetings(*[{ANN} | self.FULL if number in (1, 2, 5) else self.FULL for number in range(1, 7)])
        assert person(judged(held), ANN).counts

    def test_b_at_four_five_and_six_does_not(self) -> None:
        held = meetings(*[{BEA} | self.FULL if number in (4, 5, 6) else self.FULL for number in range(1, 7)])
        assert person(judged(held), BEA).lacks == "first"
        assert person(judged(held, OTHER), BEA).counts, "other education asks for one gathering"

    def test_c_at_one_and_nine_does_not(self) -> None:
        held = meetings(*[{ANN} | self.FULL if number in (1, 9) else self.FULL for number in range(1, 10)])
        found = person(judged(held), ANN)
        assert (found.lacks, found.number) == ("gatherings", 1)

    def test_d_who_turns_13_in_december_counts_and_the_association_is_asked(self) -> None:
        held = meetings(*[{DAN, EVA, CID}] * 4)
        verdict = judged(held, under_18={DAN})
        assert person(verdict, DAN).counts
        assert (verdict.status, verdict.questions) == ("ask", (rules.Question("age", 1, 13),))
        assert judged(held, OTHER, under_18={DAN}).questions == (rules.Question("age", 1, 6),)

    def test_nobody_is_too_late_before_the_third_gathering(self) -> None:
        held = meetings(set(self.FULL), set(self.FULL))
        assert person(judged(held), CID).lacks == "gatherings"
        assert {each.lacks for each in judged([*held, *planned(1, held)]).people} == {"gatherings"}

    def test_an_association_may_ask_for_hours_too(self) -> None:
        own = RuleBook(CIRCLE.rows, "circle", FOLKUNIVERSITETET)
        held = meetings(*[{ANN, BEA, CID}] * 4, hours="18:00–20:00")
        found = person(judged(held, own), ANN)
        assert (found.hours, found.lacks, found.number) == (8, "hours", 1)
        assert person(judged(held), ANN).counts


class TestWhatCanBeReported:
    def test_leader_and_one_is_too_few(self) -> None:
        verdict = judged(meetings({ANN}, {ANN, BEA}))
        assert [each.trouble for each in verdict.meetings] == ["too_few", None]
        assert verdict.meetings[1].people == 3

    def test_a_leader_on_the_roll_is_not_counted_twice(self) -> None:
        verdict = judged(meetings({ANN, BEA}, {ANN, BEA, CID}), leader_id=ANN)
        assert [each.people for each in verdict.meetings] == [2, 3]
        assert [each.trouble for each in verdict.meetings] == ["too_few", None]

    def test_three_gatherings_and_twelve_hours_a_week(self) -> None:
        days = [
            StudyMeeting(
                id=UUID(int=number),
                starts_at=at(AUTUMN + timedelta(days=number - 1), "10:00"),
                ends_at=at(AUTUMN + timedelta(days=number - 1), "14:00"),
                day=AUTUMN + timedelta(days=number - 1),
                break_minutes=0,
                present=frozenset({ANN, BEA, CID}),
                state="held",
            )
            for number in range(1, 5)
        ]
        verdict = judged(days)
        assert [each.trouble for each in verdict.meetings] == [None, None, None, "week_full"]
        assert verdict.hours == 12
        assert judged(days, OTHER).hours == 20

    def test_a_fourth_gathering_of_a_week_does_not_count_however_short_they_are(self) -> None:
        days = [
            StudyMeeting(
                id=UUID(int=number),
                starts_at=at(AUTUMN + timedelta(days=number), "18:00"),
                ends_at=at(AUTUMN + timedelta(days=number), "19:30"),
                day=AUTUMN + timedelta(days=number),
                break_minutes=0,
                present=frozenset({ANN, BEA, CID}),
                state="held",
            )
            for number in range(4)
        ]
        assert [each.trouble for each in judged(days).meetings] == [None, None, None, "week_full"]
        assert judged(days).hours == 6

    def test_a_rehearsal_that_nobody_wrote_down_is_asked_for(self) -> None:
        held = meetings(*[{ANN, BEA, CID}] * 6)
        empty = StudyMeeting(
            held[3].id, held[3].starts_at, held[3].ends_at, held[3].day, 0, frozenset(), "not_logged"
        )
        verdict = judged([*held[:3], empty, *held[4:]])
        assert verdict.needs == (rules.Need("roll", 1, empty.day, 1),)
        assert verdict.meetings[3].hours == 3
        assert verdict.hours == 15

    def test_hours_that_the_leader_confirmed_count_while_they_are_possible(self) -> None:
        one = meetings({ANN, BEA, CID})[0]
        fewer = StudyMeeting(one.id, one.starts_at, one.ends_at, one.day, 0, one.present, "held", 2)
        assert (judged([fewer]).hours, judged([fewer]).is_all_confirmed) == (2, True)
        shorter = StudyMeeting(one.id, one.starts_at, one.ends_at, one.day, 90, one.present, "held", 2)
        assert (judged([shorter]).hours, judged([shorter]).is_all_confirmed) == (1, False)

    def test_21_in_a_circle_is_asked_about_and_other_education_takes_them(self) -> None:
        many = {UUID(int=number) for number in range(100, 120)}
        held = meetings(*[many] * 4)
        assert judged(held).questions == (rules.Question("too_many", 21, 20),)
        assert judged(held, leader_id=UUID(int=100)).questions == ()
        assert judged(held, OTHER).status == "met"

    def test_a_circle_over_new_year_is_split(self) -> None:
        assert rules.split_at_new_year(date(2026, 12, 28), date(2027, 1, 12)) == [
            (date(2026, 12, 28), date(2026, 12, 31)),
            (date(2027, 1, 1), date(2027, 1, 12)),
        ]
        assert rules.split_at_new_year(*YEAR) == [YEAR]

    def test_more_than_480_hours_over_all_choirs_is_asked_about_and_400_warned_of(self) -> None:
        held = meetings(*[{ANN, BEA, CID}] * 4)
        verdict = judged(held, hours_in_year={ANN: 300 + 200, BEA: 400, CID: 399})
        assert verdict.questions == (rules.Question("year_over", 1, 480),)
        near, limit = rules.near_year_limit(verdict.people, CIRCLE, YEAR[0])
        assert ([each.id for each in near], limit) == ([ANN, BEA], 400)


class TestByWhen:
    def test_the_last_planned_rehearsal_of_the_term(self) -> None:
        held = meetings({ANN, BEA, CID})
        plan = [*held, *planned(14, held)]
        gatherings, hours, people = judged(plan).needs
        assert gatherings == rules.Need("gatherings", 2, date(2026, 12, 8), 14)
        assert (hours.number, hours.by, hours.planned) == (6, date(2026, 12, 8), 42)
        assert (people.number, people.is_within_reach) == (2, True)

    def test_too_little_is_planned(self) -> None:
        held = meetings({ANN, BEA, CID})
        need = judged([*held, *planned(1, held)]).needs[0]
        assert (need.number, need.planned, need.is_within_reach) == (2, 1, False)
        nothing = judged(held).needs[0]
        assert (nothing.by, nothing.planned) == (YEAR[1], 0)

    def test_people_who_missed_the_beginning_cannot_help_any_more(self) -> None:
        held = meetings({ANN, BEA}, {ANN, BEA}, {ANN, BEA}, {ANN, BEA, CID, DAN}, {CID, DAN}, {CID, DAN})
        assert judged(held).status == "met"
        only = meetings({ANN, DAN}, {ANN, EVA}, {ANN, BEA}, {ANN, CID}, {ANN, CID})
        need = next(need for need in judged([*only, *planned(1, only)]).needs if need.what == "people")
        assert (need.number, need.is_within_reach) == (1, False)
        need = next(need for need in judged([*only, *planned(2, only)]).needs if need.what == "people")
        assert need.is_within_reach, "Bea, Dan and Eva sang once among the first three"

    def test_a_list_without_material_says_so(self) -> None:
        held = meetings(*[{ANN, BEA, CID}] * 4)
        assert [need.what for need in judged(held, has_material=False).needs] == ["material"]


class TestACulturalProgramme:
    def concert(self, hours: str = "18:00–19:00", state: str = "held") -> StudyMeeting:
        one = meetings(set(), hours=hours)[0]
        return StudyMeeting(one.id, one.starts_at, one.ends_at, one.day, 0, frozenset(), state)

    @pytest.mark.parametrize(
        ("audience", "lacking"), [(5, []), (4, ["audience"]), (None, ["audience_count"])]
    )
    def test_five_who_listen(self, audience: int | None, lacking: list[str]) -> None:
        verdict = rules.judge_culture(self.concert(), book=CULTURE, day=AUTUMN, audience=audience)
        assert [need.what for need in verdict.needs] == lacking
        assert verdict.status == ("missing" if lacking else "met")

    @pytest.mark.parametrize(("hours", "lacking"), [("18:00–18:30", []), ("18:00–18:29", ["minutes"])])
    def test_thirty_minutes(self, hours: str, lacking: list[str]) -> None:
        verdict = rules.judge_culture(self.concert(hours), book=CULTURE, day=AUTUMN, audience=50)
        assert [need.what for need in verdict.needs] == lacking

    def test_a_concert_to_come_waits(self) -> None:
        coming = self.concert(state="planned")
        assert [
            need.what for need in rules.judge_culture(coming, book=CULTURE, day=AUTUMN, audience=None).needs
        ] == ["held"]


class TestWhichRowCounts:
    def row(self, value: int, since: date, **more: object) -> DatedRule:
        given = {
            "form": "circle",
            "key": "min_hours",
            "value": value,
            "unit": "hours",
            "valid_from": since,
            "valid_to": None,
            "association_id": None,
            "source": "exempel.se",
            "checked_on": date(2026, 6, 1),
            "added_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        return DatedRule(**{**given, **more})  # type: ignore[arg-type]  # a row by its fields

    def test_the_one_valid_on_the_day(self) -> None:
        book = RuleBook((self.row(9, date(2020, 1, 1)), self.row(12, date(2026, 7, 1))), "circle", None)
        assert [book.value("min_hours", day) for day in (date(2019, 1, 1), date(2026, 6, 30), AUTUMN)] == [
            None,
            9,
            12,
        ]

    def test_one_that_ended_counts_no_more(self) -> None:
        ended = self.row(9, date(2020, 1, 1), valid_to=date(2025, 12, 31))
        assert RuleBook((ended,), "circle", None).value("min_hours", AUTUMN) is None

    def test_the_associations_own_beats_the_general_one(self) -> None:
        rows = (
            self.row(9, date(2026, 1, 1)),
            self.row(10, date(2020, 1, 1), association_id=FOLKUNIVERSITETET),
        )
        assert RuleBook(rows, "circle", FOLKUNIVERSITETET).value("min_hours", AUTUMN) == 10
        assert RuleBook(rows, "circle", None).value("min_hours", AUTUMN) == 9

    def test_a_row_not_looked_up_for_half_a_year_is_old(self) -> None:
        row = self.row(9, date(2020, 1, 1))
        assert not row.is_old_on(date(2026, 6, 1) + timedelta(days=180))
        assert row.is_old_on(date(2026, 6, 1) + timedelta(days=181))

    def test_every_row_that_the_house_comes_with_is_known_and_has_a_source(self) -> None:
        for row in CIRCLE.rows:
            assert row.form in rules.RULE_FORMS
            assert row.key in rules.RULE_KEYS
            assert row.unit in rules.RULE_UNITS
            assert row.source
        assert {row.key for row in CIRCLE.rows} == set(rules.RULE_KEYS)


class TestTerms:
    @pytest.mark.parametrize(
        ("day", "code"),
        [(date(2026, 1, 1), "2026-var"), (date(2026, 6, 30), "2026-var"), (date(2026, 7, 1), "2026-host")],
    )
    def test_half_a_year(self, day: date, code: str) -> None:
        term = rules.term_of(day)
        assert term.code == code
        assert term.first_on <= day <= term.last_on
        assert rules.term_called(code) == term

    @pytest.mark.parametrize("code", ["", "2026", "2026-sommar", "²026-var", "9999-var", "x-host"])
    def test_no_term(self, code: str) -> None:
        assert rules.term_called(code) is None
