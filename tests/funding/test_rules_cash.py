"""Cash lasts to, its dips and its end: the worked example, and every day counted by hand."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import (
    Cash,
    CostLine,
    Driver,
    Flow,
    cash_lasts_to,
    cost_flows,
    cost_of_delay,
    cost_rows,
    delayed,
    expected_on,
    free_money_lasts_to,
)

NEW_YEAR = date(2020, 1, 1)
YEARS_END = date(2020, 12, 31)
WEEKS = [date(2020, 1, 9) + timedelta(7 * week) for week in range(49)]
THURSDAYS = [on for on in WEEKS if not date(2020, 6, 12) <= on <= date(2020, 8, 20)]
LINE = CostLine(1, "Boden", Driver.PER_REHEARSAL, 350_000, NEW_YEAR)
ROWS = cost_rows([LINE], rehearsals={"Boden": THURSDAYS}, active=[], since=NEW_YEAR, until=YEARS_END)
GRANT = Flow("grant", date(2020, 5, 29), 6_000_000)


def cash(*flows: Flow, ore: int = 5_500_000, floor: int = 0, horizon: date = YEARS_END) -> Cash:
    return cash_lasts_to(ore, NEW_YEAR, [*cost_flows(ROWS), *flows], floor_ore=floor, horizon=horizon)


class TestWorkedExample:
    """55,000 kr on 1 January 2020; every Thursday 9 January to 10 December but not 12 June to 20 August."""

    def test_39_rehearsals(self) -> None:
        assert (len(ROWS), sum(row.ore for row in ROWS)) == (39, 13_650_000)

    def test_without_more_money_it_ends_on_23_april(self) -> None:
        told = cash()
        assert told.final_day == date(2020, 4, 23)
        assert told.end is not None
        assert told.end.paid_to == date(2020, 4, 16)
        assert told.end.left_ore == 250_000
        assert told.first_dip == told.end
        assert told.beyond is None
        assert len([day for day in told.course if day.on < date(2020, 4, 23)]) == 15

    def test_with_60_000_kr_on_29_may_a_dip_and_then_the_end(self) -> None:
        told = cash(GRANT)
        dip, end = told.dips
        assert (dip.first_on, dip.last_on) == (date(2020, 4, 23), date(2020, 5, 28))
        assert (dip.depth_ore, dip.deepest_on) == (1_850_000, date(2020, 5, 28))
        assert dip.recovers_on == date(2020, 5, 29)
        assert [day.balance_ore for day in told.course if day.on == GRANT.on] == [4_150_000]
        assert (told.final_day, end.paid_to, end.left_ore) == (
            date(2020, 10, 29),
            date(2020, 10, 22),
            300_000,
        )
        assert (end.depth_ore, end.deepest_on, end.recovers_on) == (2_150_000, date(2020, 12, 10), None)
        assert told.first_dip == told.deepest_dip == dip

    def test_a_report_a_week_late_makes_the_dip_3_500_kr_deeper(self) -> None:
        told = cost_of_delay(
            5_500_000,
            NEW_YEAR,
            [*cost_flows(ROWS), GRANT],
            late="grant",
            days=7,
            horizon=YEARS_END,
        )
        assert told.dip is not None
        assert (told.dip.depth_ore, told.deeper_ore, told.longer_days) == (2_200_000, 350_000, 7)
        assert told.dip.recovers_on == date(2020, 6, 5)

    def test_a_floor_comes_sooner(self) -> None:
        told = cash(floor=1_000_000)
        assert told.final_day == date(2020, 4, 2)
        assert told.end is not None
        assert told.end.left_ore == 300_000

    def test_free_money_alone_pays_for_everything_and_awaits_nothing(self) -> None:
        told = free_money_lasts_to(1_000_000, NEW_YEAR, ROWS, horizon=YEARS_END)
        assert told.final_day == date(2020, 1, 23)
        assert told.end is not None
        assert told.end.left_ore == 300_000


class TestEdges:
    def test_money_in_comes_before_costs_of_the_same_day(self) -> None:
        flows = [Flow("cost", date(2020, 2, 1), -100), Flow("money", date(2020, 2, 1), 100)]
        assert not cash_lasts_to(0, NEW_YEAR, flows, horizon=YEARS_END).dips

    def test_what_moved_on_the_day_of_the_balance_is_in_it_already(self) -> None:
        assert not cash_lasts_to(0, NEW_YEAR, [Flow(1, NEW_YEAR, -100)], horizon=YEARS_END).dips

    def test_enough_reaches_beyond_the_horizon(self) -> None:
        told = cash(ore=13_650_000)
        assert (told.dips, told.beyond, told.final_day) == ((), YEARS_END, None)

    def test_no_costs_at_all_is_beyond_too(self) -> None:
        assert cash_lasts_to(0, NEW_YEAR, [], horizon=YEARS_END).beyond == YEARS_END

    def test_what_comes_after_the_horizon_is_not_seen(self) -> None:
        assert cash(Flow("late", date(2021, 1, 2), 10**9)).final_day == date(2020, 4, 23)

    def test_below_already(self) -> None:
        told = cash_lasts_to(-5, NEW_YEAR, [Flow(1, date(2020, 2, 1), 5)], horizon=YEARS_END)
        assert told.already_below
        assert told.first_dip is not None
        assert (told.first_dip.first_on, told.first_dip.left_ore) == (NEW_YEAR, -5)
        assert told.first_dip.recovers_on == date(2020, 2, 1)
        assert told.beyond == YEARS_END
        assert not cash().already_below

    def test_a_delay_that_the_cash_bears(self) -> None:
        told = cost_of_delay(
            100, NEW_YEAR, [Flow("a", date(2020, 2, 1), 9)], late="a", days=7, horizon=YEARS_END
        )
        assert (told.dip, told.deeper_ore, told.longer_days) == (None, 0, 0)

    def test_a_delay_of_nothing_is_no_delay(self) -> None:
        for late, days in (("b", 7), ("a", 0)):
            with pytest.raises(ValueError, match="nothing is delayed"):
                cost_of_delay(0, NEW_YEAR, [Flow("a", NEW_YEAR, 9)], late=late, days=days, horizon=YEARS_END)


class TestExpected:
    DUE = date(2020, 5, 1)

    def test_due_or_its_condition_the_later_and_then_the_lag(self) -> None:
        assert expected_on(self.DUE, as_of=NEW_YEAR) == self.DUE
        assert expected_on(self.DUE, lag_days=10, as_of=NEW_YEAR) == date(2020, 5, 11)
        report = date(2020, 5, 29)
        assert expected_on(self.DUE, condition_on=report, lag_days=3, as_of=NEW_YEAR) == date(2020, 6, 1)
        assert expected_on(self.DUE, condition_on=NEW_YEAR, as_of=NEW_YEAR) == self.DUE

    def test_a_little_late_is_awaited_for_tomorrow_and_much_too_late_not_at_all(self) -> None:
        assert expected_on(self.DUE, as_of=self.DUE) == date(2020, 5, 2)
        assert expected_on(self.DUE, as_of=date(2020, 5, 31)) == date(2020, 6, 1)
        assert expected_on(self.DUE, as_of=date(2020, 6, 1)) is None


flows_of_a_while = st.lists(
    st.builds(
        lambda place, day, ore: Flow(place, NEW_YEAR + timedelta(day), ore),
        st.integers(0, 3),
        st.integers(-2, 25),
        st.integers(-40, 40),
    ),
    max_size=12,
)


class TestByEveryDay:
    """Against a walk through all days one by one."""

    HORIZON = NEW_YEAR + timedelta(20)

    @given(st.integers(-30, 80), flows_of_a_while, st.integers(-10, 10))
    @settings(max_examples=150)
    def test_the_dips_are_the_days_below_the_floor(self, ore: int, flows: list[Flow], floor: int) -> None:
        told = cash_lasts_to(ore, NEW_YEAR, flows, floor_ore=floor, horizon=self.HORIZON)
        level, below = ore, {}
        for count in range(21):
            on = NEW_YEAR + timedelta(count)
            level += sum(flow.ore for flow in flows if flow.on == on and on > NEW_YEAR)
            if level < floor:
                below[on] = floor - level
        in_dips = [dip.first_on + timedelta(day) for dip in told.dips for day in range(dip.days)]
        assert in_dips == sorted(below)
        for dip in told.dips:
            inside = {on: deep for on, deep in below.items() if dip.first_on <= on <= dip.last_on}
            assert dip.depth_ore == max(inside.values())
            assert dip.deepest_on == min(on for on, deep in inside.items() if deep == dip.depth_ore)
            assert dip.recovers_on not in below
            assert dip.first_on - timedelta(1) not in below
        ends = self.HORIZON in below
        assert (told.end is not None, told.beyond is None) == (ends, ends)

    @given(st.integers(0, 60), flows_of_a_while, st.randoms(use_true_random=False))
    @settings(max_examples=60)
    def test_the_order_of_the_flows_changes_nothing(
        self, ore: int, flows: list[Flow], chance: random.Random
    ) -> None:
        other = list(flows)
        chance.shuffle(other)
        first, second = (
            repr(cash_lasts_to(ore, NEW_YEAR, some, horizon=self.HORIZON)) for some in (flows, other)
        )
        assert first == second

    @given(st.integers(0, 60), flows_of_a_while, st.integers(1, 9), st.integers(1, 30))
    @settings(max_examples=100)
    def test_a_delay_never_makes_anything_better(
        self, ore: int, flows: list[Flow], days: int, sum_ore: int
    ) -> None:
        flows = [*flows, Flow("late", NEW_YEAR + timedelta(5), sum_ore)]
        told = cost_of_delay(ore, NEW_YEAR, flows, late="late", days=days, horizon=self.HORIZON)
        assert told.deeper_ore >= 0
        assert told.longer_days >= 0
        assert told.after == cash_lasts_to(ore, NEW_YEAR, delayed(flows, "late", days), horizon=self.HORIZON)
        assert (told.before.final_day or date.max) >= (told.after.final_day or date.max)
