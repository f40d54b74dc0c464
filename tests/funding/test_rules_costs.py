"""Planned costs as dated rows, and what there is to pay with."""

from collections.abc import Hashable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from choir_app.funding.rules import (
    Active,
    CostLine,
    Demand,
    Driver,
    InKind,
    Pledged,
    RowId,
    cost_rows,
    free_ore,
    free_supply,
    match,
    months_after,
)

NEW_YEAR = date(2020, 1, 1)
LAST = date(2020, 12, 31)
MONDAYS = [date(2020, 1, 6) + timedelta(7 * week) for week in range(10)]


def rows_of(*lines: CostLine, **given_else: object) -> list[Demand]:
    plain: dict[str, object] = {"rehearsals": {}, "active": [], "since": NEW_YEAR, "until": LAST}
    return cost_rows(lines, **{**plain, **given_else})  # type: ignore[arg-type]


def dated(rows: list[Demand]) -> list[tuple[date, int]]:
    return [(row.on, row.ore) for row in rows]


class TestMonthly:
    def test_day_31_is_the_months_end_and_does_not_drift(self) -> None:
        line = CostLine(1, "Boden", Driver.MONTHLY, 500, date(2020, 1, 31), date(2020, 4, 30), 31)
        assert [row.on for row in rows_of(line)] == [
            date(2020, 1, 31),
            date(2020, 2, 29),
            date(2020, 3, 31),
            date(2020, 4, 30),
        ]

    def test_without_a_day_it_comes_on_the_day_the_line_begins(self) -> None:
        line = CostLine(1, "Boden", Driver.MONTHLY, 500, date(2019, 11, 15), date(2020, 2, 14))
        assert [row.on for row in rows_of(line)] == [date(2020, 1, 15)]

    def test_a_month_before_the_first_day_or_after_the_last_does_not_count(self) -> None:
        line = CostLine(1, "Boden", Driver.MONTHLY, 500, date(2020, 1, 20), date(2020, 3, 9), 10)
        assert [row.on for row in rows_of(line)] == [date(2020, 2, 10)]

    def test_a_line_without_an_end_goes_on_to_the_horizon(self) -> None:
        line = CostLine(1, "Boden", Driver.MONTHLY, 500, NEW_YEAR)
        assert len(rows_of(line, until=date(2022, 12, 31))) == 36


class TestPerRehearsalAndOnce:
    def test_a_cost_on_each_of_the_choirs_own_rehearsals_inside_its_period(self) -> None:
        line = CostLine(1, "Boden", Driver.PER_REHEARSAL, 350, MONDAYS[1], MONDAYS[3])
        rows = rows_of(line, rehearsals={"Boden": MONDAYS, "Kalix": [MONDAYS[1]]})
        assert dated(rows) == [(monday, 350) for monday in MONDAYS[1:4]]
        assert rows[0].id == RowId(1, "Boden", MONDAYS[1])

    def test_two_rehearsals_on_a_day_cost_twice(self) -> None:
        line = CostLine(1, "Boden", Driver.PER_REHEARSAL, 350, NEW_YEAR)
        assert dated(rows_of(line, rehearsals={"Boden": [MONDAYS[0]] * 2})) == [(MONDAYS[0], 700)]

    def test_once_is_once_and_only_when_the_day_is_asked_about(self) -> None:
        line = CostLine(1, "Boden", Driver.ONCE, 900, date(2020, 5, 1))
        assert dated(rows_of(line)) == [(date(2020, 5, 1), 900)]
        assert rows_of(line, since=date(2020, 5, 2)) == []

    def test_the_words_of_the_database_do_as_well(self) -> None:
        line = CostLine(1, "Boden", Driver("monthly"), 900, date(2020, 12, 1))
        assert dated(rows_of(line)) == [(date(2020, 12, 1), 900)]


class TestShared:
    ACTIVE = (
        Active("Boden", NEW_YEAR),
        Active("Kalix", NEW_YEAR),
        Active("Umeå", date(2020, 3, 1), date(2020, 3, 31)),
    )

    def test_equal_parts_among_the_choirs_active_that_day(self) -> None:
        line = CostLine(1, None, Driver.MONTHLY, 100_000, date(2020, 2, 15), date(2020, 4, 15))
        rows = rows_of(line, active=self.ACTIVE)
        by_month = {on.month: sorted(r.ore for r in rows if r.on == on) for on in {row.on for row in rows}}
        assert by_month == {2: [50_000, 50_000], 3: [33_333, 33_333, 33_334], 4: [50_000, 50_000]}

    def test_the_odd_ore_wanders(self) -> None:
        line = CostLine(1, None, Driver.PER_REHEARSAL, 1, NEW_YEAR)
        rows = rows_of(line, active=self.ACTIVE[:2], rehearsals={"Boden": MONDAYS})
        assert {row.choir for row in rows} == {"Boden", "Kalix"}

    def test_a_day_without_active_choirs_is_nobodys(self) -> None:
        assert rows_of(CostLine(1, None, Driver.MONTHLY, 5, NEW_YEAR)) == []

    @given(st.integers(1, 10**8), st.integers(1, 30))
    def test_the_parts_add_up(self, ore: int, count: int) -> None:
        line = CostLine(1, None, Driver.ONCE, ore, date(2020, 7, 1))
        rows = rows_of(line, active=[Active(place, NEW_YEAR) for place in range(count)])
        assert sum(row.ore for row in rows) == ore
        assert max(row.ore for row in rows) - min(row.ore for row in rows) <= 1 or len(rows) == ore


class TestInKind:
    def test_what_it_replaces_falls_away_while_it_lasts(self) -> None:
        line = CostLine(1, "Boden", Driver.MONTHLY, 500, NEW_YEAR, category="venue")
        other = CostLine(2, "Boden", Driver.ONCE, 70, date(2020, 5, 1), category="coffee")
        gift = InKind("Boden", "venue", date(2020, 2, 1), date(2020, 11, 30))
        rows = rows_of(line, other, in_kind=[gift])
        assert [row.on.month for row in rows] == [1, 12, 5]

    def test_another_choirs_gift_changes_nothing_and_a_gift_to_all_does(self) -> None:
        line = CostLine(1, "Boden", Driver.ONCE, 500, NEW_YEAR, category="venue")
        assert rows_of(line, in_kind=[InKind("Kalix", "venue", NEW_YEAR)])
        assert not rows_of(line, in_kind=[InKind(None, "venue", NEW_YEAR)])

    def test_of_a_shared_cost_only_the_choirs_own_part_falls_away(self) -> None:
        line = CostLine(1, None, Driver.ONCE, 500, NEW_YEAR, category="venue")
        rows = rows_of(line, active=TestShared.ACTIVE, in_kind=[InKind("Boden", "venue", NEW_YEAR)])
        assert [(row.choir, row.ore) for row in rows] == [("Kalix", 250)]


class TestMonthsAfter:
    def test_three_years_on_and_the_29th_of_february(self) -> None:
        assert months_after(NEW_YEAR, 36) == date(2023, 1, 1)
        assert months_after(date(2024, 2, 29), 36) == date(2027, 2, 28)
        assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


class TestMoneyAtHand:
    def agreement(self, effective: int, received: int, spent: int, name: Hashable = 1) -> Pledged:
        return Pledged(name, effective, received, spent, NEW_YEAR, LAST, frozenset(["Boden"]))

    def test_an_agreement_is_worth_what_is_not_spent(self) -> None:
        assert self.agreement(100, 0, 30).as_supply().ore == 70
        assert self.agreement(100, 100, 130).as_supply().ore == 0

    def test_free_money_is_the_balance_without_what_is_kept_for_others(self) -> None:
        agreements = [self.agreement(100, 60, 20), self.agreement(100, 0, 50), self.agreement(10, 10, 0)]
        assert free_ore(200, agreements) == 200 - 40 - 10

    def test_borrowed_restricted_money_shows_and_pays_for_nothing(self) -> None:
        ore = free_ore(10, [self.agreement(100, 60, 20)])
        assert ore == -30
        supply = free_supply(ore, since=NEW_YEAR, choirs=["Boden"])
        assert match([supply], [Demand(1, "Boden", LAST, 5)]).unpaid == {1: 5}
