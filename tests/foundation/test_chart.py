"""The geometry of charts: round scales, gaps that stay gaps, lanes that never pay more than the cost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.foundation import chart
from choir_app.foundation.chart import Paid

YEAR = chart.month_scale(date(2026, 1, 1), date(2026, 12, 31), left=0, right=1200)


class TestScales:
    @given(st.floats(0.1, 10**9))
    def test_ticks_reach_the_top_by_round_steps(self, top: float) -> None:
        ticks = chart.round_ticks(top)
        assert ticks[0] == 0
        assert ticks[-1] >= top * 0.999
        assert len(ticks) <= 6

    @pytest.mark.parametrize(("top", "ticks"), [(31, [0, 10, 20, 30, 40]), (4, [0, 1, 2, 3, 4]), (0, [0, 1])])
    def test_as_people_would_write_them(self, top: float, ticks: list[float]) -> None:
        assert chart.round_ticks(top) == ticks

    def test_a_day_lies_inside_its_month(self) -> None:
        assert YEAR.at(date(2026, 1, 1)) == 0
        assert YEAR.at(date(2026, 7, 1)) == 600
        assert YEAR.after(date(2026, 12, 31)) == 1200
        assert YEAR.at(date(2025, 3, 1)) == 0
        assert YEAR.after(date(2027, 3, 1)) == 1200
        assert not YEAR.holds(date(2027, 1, 1))

    @given(st.dates(date(2026, 1, 1), date(2026, 12, 30)))
    def test_days_follow_each_other(self, day: date) -> None:
        assert YEAR.at(day) < YEAR.after(day)

    def test_months_over_new_year(self) -> None:
        found = chart.months_between(date(2026, 11, 15), date(2027, 1, 1))
        assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


class TestBars:
    def test_what_nobody_knows_is_a_gap_and_not_nought(self) -> None:
        drawn = chart.bars([("1", 20), ("2", None), ("3", 0)])
        assert drawn.has_gaps
        assert [bar.value for bar in drawn.bars] == [20, None, 0]

    def test_a_bar_stands_on_the_floor(self) -> None:
        for bar in chart.bars([("1", 20), ("2", 31)]).bars:
            assert bar.y + bar.height == pytest.approx(156, abs=0.2)

    def test_one_scale_for_several(self) -> None:
        small, large = chart.bars([("1", 10)], top=40).bars[0], chart.bars([("1", 40)], top=40).bars[0]
        assert large.height == pytest.approx(4 * small.height, abs=0.5)

    def test_nothing_to_draw(self) -> None:
        assert chart.bars([]).bars == ()
        assert chart.spark([]).bars == ()
        assert chart.ranked([]).bars == ()
        assert chart.line([]).path == ""

    @given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=60))
    def test_nothing_leaves_the_picture(self, values: list[int | None]) -> None:
        drawn = chart.spark(values)
        for bar in drawn.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= drawn.width + 0.2
            assert bar.y >= 0
            assert bar.y + bar.height <= drawn.height


class TestLine:
    def test_breaks_where_a_value_is_missing(self) -> None:
        assert chart.line([1, 2, None, 3, 4]).path.count("M") == 2

    def test_a_lone_value_draws_no_area(self) -> None:
        assert chart.line([5]).area == ""


class TestLanes:
    def lane(self, *paid: Paid) -> chart.Lane:
        return chart.lanes([("Boden", paid)], YEAR, width=1200).lanes[0]

    def test_payers_stack_from_the_floor(self) -> None:
        whole_year = (date(2026, 1, 1), date(2026, 12, 31))
        lane = self.lane(Paid("A", *whole_year, 0.25, "solid"), Paid("B", *whole_year, 0.5, "striped"))
        first, second = lane.blocks
        assert first.y + first.height == lane.y + lane.height
        assert second.y + second.height == pytest.approx(first.y)
        assert (first.width, second.height) == (1200, lane.height / 2)

    def test_nobody_pays_more_than_the_cost(self) -> None:
        spring = (date(2026, 1, 1), date(2026, 6, 30))
        lane = self.lane(
            Paid("A", *spring, 0.8, "solid"), Paid("B", date(2026, 1, 1), date(2026, 12, 31), 0.8, "solid")
        )
        assert min(block.y for block in lane.blocks) >= lane.y
        assert [block.width for block in lane.blocks if block.label == "B"] == [600, 600]

    def test_the_hatch_stands_behind(self) -> None:
        lane = self.lane(
            Paid("A", date(2026, 1, 1), date(2026, 12, 31), 0.5, "solid"),
            Paid("", date(2026, 9, 1), date(2026, 12, 31), 1, "gap"),
        )
        assert [block.certainty for block in lane.blocks] == ["gap", "solid"]
        assert lane.blocks[0].height == lane.height

    def test_what_lies_outside_is_not_drawn(self) -> None:
        assert self.lane(Paid("A", date(2024, 1, 1), date(2024, 12, 31), 1, "solid")).blocks == ()

    def test_today_and_the_end_stand_where_they_are(self) -> None:
        drawn = chart.lanes([], YEAR, width=1200, today=date(2026, 7, 1), end=date(2030, 1, 1))
        assert (drawn.today_x, drawn.end_x) == (600, None)


class TestFund:
    def test_runs_down_to_nought_on_its_last_day(self) -> None:
        drawn = chart.fund([("agreed", [(date(2026, 1, 1), 1000)], date(2026, 6, 30))], YEAR, width=1200)
        assert drawn.curves[0].empty_x == 600
        assert drawn.curves[0].path.endswith(f"600 {drawn.floor:g}")

    def test_lasts_beyond_the_picture(self) -> None:
        points = [(date(2026, 1, 1), 1000.0), (date(2026, 12, 31), 400.0)]
        assert chart.fund([("agreed", points, None)], YEAR, width=1200).curves[0].empty_x is None


class TestACourse:
    SCALE = chart.month_scale(date(2026, 1, 1), date(2026, 4, 30), left=60, right=460)

    def test_money_goes_in_steps_and_stands_till_the_next_day_it_moves(self) -> None:
        points = [(date(2026, 1, 1), 100.0), (date(2026, 2, 1), 50.0), (date(2026, 3, 1), -50.0)]
        drawn = chart.course(points, [], self.SCALE, width=460, height=240)
        assert drawn.path.startswith("M60 ")
        assert drawn.path.count("L") == 5
        levels = {tick.value: tick.at for tick in drawn.ticks}
        assert drawn.zero == levels[0]
        assert min(levels) <= -50
        assert max(levels) >= 100
        assert drawn.path.endswith(f"460 {levels[-50]:g}")

    def test_a_time_below_is_marked_at_its_deepest_and_an_end_where_it_begins(self) -> None:
        first, deepest, end = date(2026, 2, 1), date(2026, 2, 15), date(2026, 4, 1)
        points = [
            (date(2026, 1, 1), 10.0),
            (first, -10.0),
            (deepest, -30.0),
            (date(2026, 3, 1), 5.0),
            (end, -1.0),
        ]
        dip, ends = chart.course(points, [(first, deepest), (end, None)], self.SCALE, width=460).sunk
        assert (dip.x, ends.x) == (160, 360)
        assert dip.deepest is not None
        assert dip.deepest[0] == self.SCALE.at(deepest)
        assert ends.deepest is None

    def test_what_must_be_left_is_the_line_that_counts(self) -> None:
        points = [(date(2026, 1, 1), 100.0), (date(2026, 3, 1), 20.0)]
        bare, kept = (chart.course(points, [], self.SCALE, width=460, least=least) for least in (0, 40))
        assert kept.zero < bare.zero

    def test_without_any_money_there_is_still_a_picture(self) -> None:
        assert chart.course([], [], self.SCALE, width=460).path == ""
