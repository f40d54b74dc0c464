"""Counting people, as DOMAIN.md says: headcounts, weeks, averages, hours, different people."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Membership, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Attendance, Cancellation
from tests import makers
from tests.conftest import NOW
from tests.statements import at_most

TODAY = date(2026, 6, 16)
WEEK = timedelta(weeks=1)


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir("Amina", "Bo", "Carlos")


def singers(choir: Choir) -> list[Singer]:
    """Amina, Bo and Carlos."""
    belongs = select(Membership.singer_id).where(Membership.choir_id == choir.id)
    return list(db.session.scalars(select(Singer).where(Singer.id.in_(belongs)).order_by(Singer.sort_key)))


class TestWeeks:
    def test_the_heads_of_each_week(self, choir: Choir) -> None:
        amina, bo, _carlos = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, bo, guests=3)
        makers.a_logged_rehearsal(choir, NOW - WEEK + timedelta(days=1), amina)
        makers.a_rehearsal(choir, NOW - 2 * WEEK)
        with at_most(1, "statements"):
            weeks = queries.weekly_headcounts(weeks=4)
        assert [(week.headcount, week.held, week.not_logged) for week in weeks] == [
            (None, 0, 0),
            (None, 1, 1),
            (6, 2, 0),
            (None, 0, 0),
        ]

    def test_concerts_cancelled_and_coming_ones_count_nowhere(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        concert = makers.a_logged_rehearsal(choir, NOW - WEEK, amina)
        concert.kind = "concert"
        off = makers.a_rehearsal(choir, NOW - WEEK)
        actions.cancel_rehearsal(off, reason=None, by=makers.a_manager())
        makers.a_rehearsal(choir, NOW + timedelta(days=1))
        assert [week.held for week in queries.weekly_headcounts(weeks=2)] == [0, 0]

    def test_a_sunday_night_belongs_to_its_own_week_in_sweden(self, choir: Choir) -> None:
        sunday = clock.from_local(date(2026, 6, 14), time(23, 30))
        assert makers.a_rehearsal(choir, sunday).week_on == date(2026, 6, 8)
        monday = clock.from_local(date(2026, 6, 15), time(0, 30))
        assert makers.a_rehearsal(choir, monday).week_on == date(2026, 6, 15)

    def test_the_week_over_new_year_is_one(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        for day, guests in ((date(2026, 12, 31), 3), (date(2027, 1, 2), 4)):
            makers.a_logged_rehearsal(choir, clock.from_local(day, time(18)), amina, guests=guests)
        with clock.set_to(clock.from_local(date(2027, 1, 5), time(12))):
            weeks = queries.weekly_headcounts(weeks=2)
            assert [(week.week_on, week.headcount) for week in weeks] == [
                (date(2026, 12, 28), 9),
                (date(2027, 1, 4), None),
            ]
            average = queries.network_weekly_average()
        assert average == rules.WeeklyAverage(9, 1, date(2026, 12, 28), date(2027, 1, 3))

    @pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_the_nights_when_the_clock_changes_end_their_weeks(self, choir: Choir, sunday: date) -> None:
        late = makers.a_rehearsal(choir, clock.from_local(sunday, time(23, 30)))
        next_day = makers.a_rehearsal(choir, clock.from_local(sunday + timedelta(days=1), time(0, 15)))
        assert (late.sung_on, late.week_on) == (sunday, sunday - timedelta(days=6))
        assert (next_day.sung_on, next_day.week_on) == (sunday + timedelta(days=1),) * 2

    def test_a_week_that_is_written_down_in_part_tells_what_is_missing(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, guests=1)
        makers.a_rehearsal(makers.a_choir(town="Östersund"), NOW - WEEK)
        last = queries.weekly_headcounts(weeks=2)[0]
        assert (last.headcount, last.held, last.not_logged) == (2, 2, 1)
        average = queries.network_weekly_average()
        assert average is not None
        assert (average.people, average.weeks) == (2, 1)


class TestTheWeeklyAverage:
    def test_is_of_the_last_four_full_weeks_in_which_somebody_sang(self, choir: Choir) -> None:
        amina, bo, carlos = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - timedelta(days=1), amina)  # this week is not over
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, bo, guests=8)  # 10
        makers.a_logged_rehearsal(choir, NOW - 2 * WEEK, amina, guests=19)  # 20
        makers.a_rehearsal(choir, NOW - 3 * WEEK)  # nobody wrote it down
        makers.a_logged_rehearsal(choir, NOW - 4 * WEEK, amina, bo, carlos)  # 3
        makers.a_logged_rehearsal(choir, NOW - 9 * WEEK, guests=4)  # 4
        makers.a_logged_rehearsal(choir, NOW - 10 * WEEK, guests=1000)
        with at_most(1, "statements"):
            average = queries.network_weekly_average()
        assert average == rules.WeeklyAverage(
            people=9, weeks=4, first_on=date(2026, 4, 13), last_on=date(2026, 6, 14)
        )

    def test_a_week_is_full_when_monday_begins_in_sweden(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        makers.a_logged_rehearsal(choir, NOW, amina, guests=9)
        sunday = date(2026, 6, 21)
        with clock.set_to(clock.from_local(sunday, time(23, 59))):
            assert queries.network_weekly_average() is None
        with clock.set_to(clock.from_local(sunday + timedelta(days=1), time(0, 1))):
            assert queries.network_weekly_average() == rules.WeeklyAverage(
                10, 1, sunday - timedelta(days=6), sunday
            )

    def test_only_rehearsals_that_were_not_called_off_count(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, guests=9)
        for kind in ("concert", "social"):
            makers.a_logged_rehearsal(choir, NOW - WEEK, amina, guests=50).kind = kind
        off = makers.a_logged_rehearsal(choir, NOW - WEEK, amina, guests=70)
        off.cancellation = Cancellation(reason=None)
        db.session.flush()
        average = queries.network_weekly_average()
        assert average is not None
        assert average.people == 10
        assert queries.weekly_headcounts(weeks=2)[0].headcount == 10
        assert queries.weekly_headcounts_by_choir(weeks=2)[choir.id][0].headcount == 10
        with_concerts = queries.turnout(None, first_on=date(2026, 6, 1), last_on=TODAY)
        assert (with_concerts.held, with_concerts.heads) == (3, 112)
        week = queries.turnout(None, first_on=date(2026, 6, 1), last_on=TODAY, kinds=["rehearsal"])
        assert (week.held, week.heads, week.different_people) == (1, 10, 1)

    def test_of_nothing_is_unknown(self, choir: Choir) -> None:
        makers.a_rehearsal(choir, NOW - WEEK)
        assert queries.network_weekly_average() is None

    @pytest.mark.parametrize(("counts", "people"), [([1, 2], 2), ([1, 1, 2], 1), ([2, 3, 3], 3), ([0], 0)])
    def test_halves_are_rounded_up(self, counts: list[int], people: int) -> None:
        weeks = [(TODAY + number * WEEK, count) for number, count in enumerate(counts)]
        average = rules.weekly_average(weeks)
        assert average is not None
        assert average.people == people


class TestTurnout:
    def test_hours_heads_and_different_people(self, choir: Choir) -> None:
        amina, bo, _carlos = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, bo, guests=1)
        makers.a_logged_rehearsal(choir, NOW - 2 * WEEK, amina)
        makers.a_rehearsal(choir, NOW - 3 * WEEK)
        found = queries.turnout([choir.id], first_on=date(2026, 1, 1), last_on=TODAY)
        assert found == queries.Turnout(held=3, logged=2, heads=4, person_minutes=480, different_people=2)
        assert found.participant_hours == 8

    def test_who_was_only_absent_was_not_there(self, choir: Choir) -> None:
        amina, bo, _carlos = singers(choir)
        evening = makers.a_logged_rehearsal(choir, NOW - WEEK, amina, bo)
        seen = db.session.get_one(Attendance, (evening.id, bo.id))
        seen.is_present = False
        actions.recount(evening)
        found = queries.turnout([choir.id], first_on=date(2026, 6, 1), last_on=TODAY)
        assert found.different_people == 1

    def test_erased_singers_stay_counted(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        rehearsal = makers.a_logged_rehearsal(choir, NOW, amina)
        choirs.erase_singer(amina, by=makers.a_manager())
        roll = queries.roll_of(rehearsal)
        assert (roll.here, roll.total, roll.elsewhere) == (1, 3, 1)


class TestHistory:
    def test_says_what_was_not_written_down(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina, guests=2)
        makers.a_rehearsal(choir, NOW - 2 * WEEK)
        off = makers.a_rehearsal(choir, NOW - 3 * WEEK)
        actions.cancel_rehearsal(off, reason="Halka.", by=makers.a_manager())
        with at_most(1, "statements"):
            rows = queries.history(choir)
        assert [(row.state, row.headcount) for row in rows] == [
            ("logged", 3),
            ("not_logged", None),
            ("cancelled", None),
        ]
        assert queries.average_of(rows) == 3

    def test_one_singer_sees_her_own(self, choir: Choir) -> None:
        amina, bo, _carlos = singers(choir)
        makers.a_logged_rehearsal(choir, NOW - WEEK, amina)
        makers.a_logged_rehearsal(choir, NOW - 2 * WEEK, amina, bo)
        makers.a_rehearsal(choir, NOW - 3 * WEEK)
        assert [seen.was_there for seen in queries.attendance_of(bo.id, since=date(2026, 1, 1))] == [
            None,
            True,
        ]


class TestWhatComes:
    def test_the_next_ones_say_what_is_different(self, choir: Choir) -> None:
        makers.a_rehearsal(choir, NOW - timedelta(hours=3))
        under_way = makers.a_rehearsal(choir, NOW - timedelta(hours=1))
        off = makers.a_rehearsal(choir, NOW + WEEK)
        actions.cancel_rehearsal(off, reason="Halka.", by=makers.a_manager())
        with at_most(1, "statements"):
            coming = queries.next_rehearsals(limit=5)
        assert [one.id for one in coming] == [under_way.id, off.id]
        assert (coming[1].is_cancelled, coming[1].cancelled_because) == (True, "Halka.")

    def test_of_each_choir(self, choir: Choir) -> None:
        other = makers.a_choir(town="Göteborg")
        for number in range(3):
            makers.a_rehearsal(choir, NOW + number * WEEK)
        later = makers.a_rehearsal(other, NOW + 9 * WEEK)
        with at_most(1, "statements"):
            found = queries.next_of_each_choir(limit=2)
        assert {key: len(value) for key, value in found.items()} == {choir.id: 2, other.id: 1}
        assert found[other.id][0].id == later.id

    def test_rehearsal_days_go_on_beyond_the_plan(self, choir: Choir) -> None:
        leader = makers.a_leader(choir)
        series = actions.begin_series(choir, weekday=1, hour=time(18), minutes=120, first_on=TODAY, by=leader)
        actions.add_rehearsal(choir, starts_at=NOW + timedelta(days=2), minutes=60, kind="concert", by=leader)
        second = queries.planned_days(series, TODAY)[TODAY + WEEK]
        actions.cancel_rehearsal(second, reason=None, by=leader)
        third = queries.planned_days(series, TODAY)[TODAY + 2 * WEEK]
        actions.move_rehearsal(
            third, starts_at=third.starts_at + timedelta(days=1), minutes=120, venue=None, by=leader
        )
        found = queries.rehearsal_dates([choir.id], first_on=TODAY, last_on=date(2029, 6, 30))[choir.id]
        assert found[:3] == [TODAY, date(2026, 7, 1), date(2026, 7, 7)]
        assert found[-1] == date(2029, 6, 26)
        assert len(found) == len(set(found)) == 158


class TestNotLogged:
    def test_reminds_as_long_as_it_can_be_mended(self, choir: Choir) -> None:
        leader, manager = makers.a_leader(choir), makers.a_manager()
        recent = makers.a_rehearsal(choir, NOW - WEEK)
        old = makers.a_rehearsal(choir, NOW - 4 * WEEK)
        makers.a_rehearsal(choir, NOW)  # under way
        makers.a_logged_rehearsal(choir, NOW - timedelta(days=2), singers(choir)[0])
        off = makers.a_rehearsal(choir, NOW - timedelta(days=3))
        actions.cancel_rehearsal(off, reason=None, by=leader)
        assert [one.id for one in queries.not_logged(leader)] == [recent.id]
        assert [one.id for one in queries.not_logged(manager)] == [recent.id, old.id]
        assert queries.not_logged(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")) == []


class TestNewNames:
    def test_new_is_who_joined_at_the_last_rehearsal_or_since(self, choir: Choir) -> None:
        amina, *_rest = singers(choir)
        last = makers.a_logged_rehearsal(choir, NOW - WEEK, amina)
        olena = makers.a_singer("Olena", choir=choir, since=last.sung_on)
        tonight = makers.a_rehearsal(choir, NOW)
        makers.a_singer("Semhar", choir=choir, since=tonight.sung_on)
        roll = queries.roll_of(tonight)
        assert {each.first_name for each in roll.singers if each.is_new} == {"Olena", "Semhar"}
        assert queries.new_last_time(tonight) == [], "Olena joined but was not marked"
        actions.take_roll(
            last, was_here=[], is_here=[olena.id], guests=None, receipt=last.id, by=makers.a_leader(choir)
        )
        assert queries.new_last_time(tonight) == ["Olena"]

    def test_who_has_left_is_not_on_it(self, choir: Choir) -> None:
        rehearsal = makers.a_rehearsal(choir)
        makers.a_singer("Stig", choir=choir, state="left")
        assert "Stig" not in {each.first_name for each in queries.roll_of(rehearsal).singers}

    def test_paused_singers_are_left_out_until_they_come(self, choir: Choir) -> None:
        away = makers.a_singer("Eva", choir=choir, state="paused")
        tonight = makers.a_rehearsal(choir)
        assert "Eva" not in {each.first_name for each in queries.roll_of(tonight).singers}
        actions.take_roll(
            tonight, was_here=[], is_here=[away.id], guests=None, receipt=away.id, by=makers.a_leader(choir)
        )
        assert "Eva" in {each.first_name for each in queries.roll_of(tonight).singers}
