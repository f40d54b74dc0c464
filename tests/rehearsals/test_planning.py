"""When we sing: series over both clock changes, breaks, and single changes that a new plan leaves alone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Series
from tests import makers
from tests.conftest import NOW, TheClock

TODAY = date(2026, 6, 16)  # a Tuesday
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


def tuesdays(choir: Choir, by: Account, first_on: date = TODAY, **more: object) -> Series:
    given = {"weekday": 1, "hour": time(18), "minutes": 120, "first_on": first_on, **more}
    return actions.begin_series(choir, by=by, **given)  # type: ignore[arg-type]


def days(series: Series) -> list[date]:
    return sorted(queries.planned_days(series, date(2000, 1, 1)))


class TestTheDaysOfASeries:
    @pytest.mark.parametrize(
        ("every", "since", "expected"),
        [
            (1, date(2026, 6, 16), [16, 23, 30]),
            (1, date(2026, 6, 17), [23, 30]),
            (2, date(2026, 6, 16), [16, 30]),
            (2, date(2026, 6, 23), [30]),
            (4, date(2026, 6, 17), []),
        ],
    )
    def test_stay_the_same_weeks_whatever_part_is_asked_for(
        self, every: int, since: date, expected: list[int]
    ) -> None:
        found = rules.days_of_series(
            weekday=1, every_weeks=every, first_on=TODAY, last_on=None, since=since, until=date(2026, 6, 30)
        )
        assert [day.day for day in found] == expected

    def test_begin_on_the_first_such_weekday(self) -> None:
        found = rules.days_of_series(
            weekday=3, every_weeks=1, first_on=TODAY, last_on=None, since=TODAY, until=date(2026, 6, 30)
        )
        assert [day.day for day in found] == [18, 25]

    def test_the_worked_example_of_the_funding_rules(self) -> None:
        """Every Thursday from 9 January to 10 December 2020 but 12 June to 20 August: 39 rehearsals."""
        summer = rules.Break(date(2020, 6, 12), date(2020, 8, 20))
        found = list(
            rules.days_of_series(
                weekday=3,
                every_weeks=1,
                first_on=date(2020, 1, 9),
                last_on=date(2020, 12, 10),
                breaks=[summer],
                since=date(2020, 1, 1),
                until=date(2020, 12, 31),
            )
        )
        assert len(found) == 39
        assert found[14] == date(2020, 4, 16)


class TestASeries:
    def test_is_planned_more_than_a_year_ahead(self, choir: Choir, leader: Account) -> None:
        planned = days(tuesdays(choir, leader))
        assert planned[0] == TODAY
        assert planned[-1] > TODAY + timedelta(days=390)

    def test_planning_again_changes_nothing(self, choir: Choir, leader: Account) -> None:
        series = tuesdays(choir, leader)
        before = days(series)
        assert actions.plan_ahead(series, until=TODAY + timedelta(days=300)) == []
        assert days(series) == before

    @pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_keeps_its_hour_over_both_changes_of_the_clock(
        self, choir: Choir, leader: Account, change: date, the_clock: TheClock
    ) -> None:
        the_clock.set_to(clock.from_local(change - timedelta(days=9), time(12)))
        series = tuesdays(choir, leader, first_on=change - timedelta(days=7))
        planned = list(queries.planned_days(series, change - timedelta(days=7)).values())
        hours = {each.starts_at.astimezone(STOCKHOLM).time() for each in planned[:4]}
        assert hours == {time(18)}
        assert len({each.starts_at.time() for each in planned[:4]}) == 2, "in UTC it moves"

    def test_on_the_very_sundays(self, choir: Choir, leader: Account, the_clock: TheClock) -> None:
        the_clock.set_to(datetime(2026, 3, 1, 12, tzinfo=STOCKHOLM))
        series = tuesdays(choir, leader, weekday=6, hour=time(15), first_on=date(2026, 3, 22))
        planned = queries.planned_days(series, date(2026, 3, 22))
        assert planned[date(2026, 3, 22)].starts_at.hour == 14
        assert planned[date(2026, 3, 29)].starts_at.hour == 13
        assert planned[date(2026, 10, 25)].starts_at.hour == 14
        assert planned[date(2026, 10, 25)].sung_on == date(2026, 10, 25)

    def test_rests_in_a_break_and_sings_again_when_it_is_removed(self, choir: Choir, leader: Account) -> None:
        series = tuesdays(choir, leader)
        rest = actions.add_break(
            series, first_on=date(2026, 6, 20), last_on=date(2026, 8, 20), name="sommarlov", by=leader
        )
        assert days(series)[:3] == [TODAY, date(2026, 8, 25), date(2026, 9, 1)]
        again = actions.add_break(
            series, first_on=date(2026, 6, 20), last_on=date(2026, 8, 20), name="sommarlov", by=leader
        )
        assert again is rest, "the same button pressed twice"
        actions.remove_break(rest, by=leader)
        assert days(series)[:3] == [TODAY, date(2026, 6, 23), date(2026, 6, 30)]

    def test_a_break_that_is_over_leaves_no_rehearsals_when_it_is_removed(
        self, choir: Choir, leader: Account, the_clock: TheClock
    ) -> None:
        series = tuesdays(choir, leader)
        rest = actions.add_break(
            series, first_on=date(2026, 6, 20), last_on=date(2026, 6, 30), name="midsommar", by=leader
        )
        the_clock.set_to(clock.from_local(date(2026, 7, 5), time(12)))
        actions.remove_break(rest, by=leader)
        assert days(series)[:2] == [TODAY, date(2026, 7, 7)], "what was not sung is not written into the past"

    def test_a_change_leaves_what_was_changed_singly(self, choir: Choir, leader: Account) -> None:
        series = tuesdays(choir, leader, first_on=TODAY)
        planned = queries.planned_days(series, TODAY)
        cancelled, moved, plain = (planned[TODAY + timedelta(weeks=number)] for number in (1, 2, 3))
        actions.cancel_rehearsal(cancelled, reason="Lokalen är stängd.", by=leader)
        actions.move_rehearsal(
            moved, starts_at=moved.starts_at + timedelta(hours=1), minutes=90, venue=None, by=leader
        )
        actions.change_series(
            series,
            weekday=1,
            hour=time(19),
            minutes=60,
            first_on=TODAY,
            last_on=None,
            every_weeks=1,
            venue=None,
            by=leader,
        )
        assert cancelled.starts_at == clock.from_local(date(2026, 6, 23), time(18))
        assert (moved.starts_at, moved.minutes) == (clock.from_local(date(2026, 6, 30), time(19)), 90)
        assert (plain.starts_at, plain.minutes) == (clock.from_local(date(2026, 7, 7), time(19)), 60)
        assert plain.ends_at == plain.starts_at + timedelta(minutes=60)

    def test_another_weekday_from_now_on(self, choir: Choir, leader: Account, the_clock: TheClock) -> None:
        series = tuesdays(choir, leader, first_on=TODAY - timedelta(weeks=2))
        the_clock.set_to(NOW + timedelta(hours=5))
        actions.change_series(
            series,
            weekday=3,
            hour=time(18),
            minutes=120,
            first_on=series.first_on,
            last_on=None,
            every_weeks=1,
            venue=None,
            by=leader,
        )
        past = [day for day in days(series) if day <= TODAY]
        assert past == [TODAY - timedelta(weeks=2), TODAY - timedelta(weeks=1), TODAY], "what was sung stays"
        coming = [day for day in days(series) if day > TODAY]
        assert {day.weekday() for day in coming} == {3}

    def test_ends(self, choir: Choir, leader: Account) -> None:
        series = tuesdays(choir, leader)
        actions.change_series(
            series,
            weekday=1,
            hour=time(18),
            minutes=120,
            first_on=TODAY,
            last_on=date(2026, 6, 30),
            every_weeks=1,
            venue=None,
            by=leader,
        )
        assert days(series) == [TODAY, date(2026, 6, 23), date(2026, 6, 30)]

    def test_a_finished_evening_plans_on(self, choir: Choir, leader: Account, the_clock: TheClock) -> None:
        series = tuesdays(choir, leader)
        tonight = queries.planned_days(series, TODAY)[TODAY]
        end = days(series)[-1]
        the_clock.set_to(NOW + timedelta(days=9))
        actions.finish_evening(tonight, note=None, receipt=tonight.id, by=leader)
        assert days(series)[-1] > end


class TestRefusals:
    def test_only_its_leader_and_managers_plan(self, choir: Choir) -> None:
        with pytest.raises(NotAllowed):
            tuesdays(choir, makers.a_leader(makers.a_choir(town="Göteborg"), "Sten"))
        tuesdays(choir, makers.a_manager())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"last_on": TODAY - timedelta(days=1)},
            {"first_on": date(2010, 1, 1)},
            {"first_on": date(2036, 1, 1)},
        ],
    )
    def test_dates(self, choir: Choir, leader: Account, wrong: dict[str, date]) -> None:
        with pytest.raises(Refusal):
            tuesdays(choir, leader, **wrong)  # type: ignore[arg-type]

    def test_a_venue_in_another_town(self, choir: Choir, leader: Account) -> None:
        with pytest.raises(Refusal):
            tuesdays(choir, leader, venue=makers.a_venue("Göteborg"))

    def test_the_same_day_and_hour_twice(self, choir: Choir, leader: Account) -> None:
        tuesdays(choir, leader)
        with pytest.raises(Refusal):
            tuesdays(choir, leader)

    def test_break_that_ends_before_it_begins(self, choir: Choir, leader: Account) -> None:
        with pytest.raises(Refusal):
            actions.add_break(
                tuesdays(choir, leader),
                first_on=TODAY,
                last_on=TODAY - timedelta(days=1),
                name="lov",
                by=leader,
            )


class TestSingleGatherings:
    def test_moved_and_back(self, choir: Choir, leader: Account) -> None:
        church = makers.a_venue("Boden", name="Kyrkan")
        rehearsal = makers.a_rehearsal(choir, NOW + timedelta(days=1), venue=makers.a_venue("Boden"))
        home = rehearsal.venue
        actions.move_rehearsal(rehearsal, starts_at=rehearsal.starts_at, minutes=120, venue=church, by=leader)
        assert rehearsal.has_new_place
        assert not rehearsal.has_new_time
        shown = queries.gathering(rehearsal)
        assert (shown.state, shown.venue, shown.usual_venue) == ("moved", "Kyrkan", "Folkets hus")
        actions.move_rehearsal(rehearsal, starts_at=rehearsal.starts_at, minutes=120, venue=home, by=leader)
        assert rehearsal.move is None

    def test_cancelled_twice_and_restored(self, choir: Choir, leader: Account) -> None:
        rehearsal = makers.a_rehearsal(choir)
        first = actions.cancel_rehearsal(rehearsal, reason="Halka.", by=leader)
        assert actions.cancel_rehearsal(rehearsal, reason="Annat.", by=leader) is first
        assert rehearsal.state == "cancelled"
        assert rehearsal.headcount is None
        actions.restore_rehearsal(rehearsal, by=leader)
        actions.restore_rehearsal(rehearsal, by=leader)
        assert rehearsal.state == "held"

    def test_with_people_in_the_list_it_cannot_be_cancelled(self, choir: Choir, leader: Account) -> None:
        singer = makers.a_singer(choir=choir)
        rehearsal = makers.a_logged_rehearsal(choir, NOW, singer)
        with pytest.raises(Refusal):
            actions.cancel_rehearsal(rehearsal, reason=None, by=leader)

    def test_a_concert(self, choir: Choir, leader: Account) -> None:
        made = actions.add_rehearsal(
            choir, starts_at=NOW + timedelta(days=3), minutes=60, kind="concert", note="I parken", by=leader
        )
        assert queries.next_rehearsals([choir.id])[0].note == "I parken"
        with pytest.raises(Refusal):
            actions.add_rehearsal(choir, starts_at=made.starts_at, minutes=60, by=leader)
