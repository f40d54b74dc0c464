"""The match, against its definition and an independent solver."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Hashable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import Demand, Match, Supply, match
from tests.funding.second_opinion import fair_shares, may_pay, most

START = date(2026, 5, 1)
CHOIRS = ["Boden", "Kalix", "Umeå", "Östersund"]
World = tuple[list[Supply], list[Demand]]


@st.composite
def worlds(
    draw: st.DrawFn, most_supplies: int = 6, most_rows: int = 9, largest: int = 60, most_days: int = 6
) -> World:
    """A few choirs, purses and days, so that money often is not enough and days often coincide."""
    days = st.integers(0, most_days).map(lambda days: START + timedelta(days))
    choirs = st.sampled_from(CHOIRS[: draw(st.integers(1, len(CHOIRS)))])
    supplies = [
        Supply(f"money {place}", ore, since, until, some)
        for place, (ore, since, until, some) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.integers(0, largest), days, st.none() | days, st.frozensets(choirs)),
                    max_size=most_supplies,
                )
            )
        )
    ]
    rows = draw(st.lists(st.tuples(choirs, days, st.integers(0, largest // 2)), max_size=most_rows))
    return supplies, [Demand(place, choir, on, ore) for place, (choir, on, ore) in enumerate(rows)]


def covered(made: Match, rows: list[Demand]) -> dict[object, int]:
    return {row.id: row.ore - made.unpaid[row.id] for row in rows}


def written(made: Match) -> str:
    return repr(
        [
            list(made.unpaid.items()),
            list(made.used.items()),
            list(made.left.items()),
            sorted(map(str, made.short)),
        ]
    )


def first_short(made: Match, rows: list[Demand], choir: str) -> date:
    return min((row.on for row in rows if row.choir == choir and row.id in made.short), default=date.max)


def large_world() -> World:
    """Thirty choirs, two years and forty supplies, with too little money in many places."""
    chance = random.Random(7)
    choirs = [f"choir {place}" for place in range(30)]
    rows = [
        Demand(f"{choir} {week}", choir, START + timedelta(7 * week + place % 7), chance.randint(1, 900))
        for place, choir in enumerate(choirs)
        for week in range(104)
    ]
    supplies = []
    for place in range(40):
        since = START + timedelta(chance.randint(-50, 600))
        until = since + timedelta(chance.randint(30, 400))
        some = frozenset(chance.sample(choirs, chance.choice([1, 2, 5, 12, 30])))
        supplies.append(Supply(place, chance.randint(0, 40_000), since, until, some))
    return supplies, rows


def money(name: str, ore: int, until: date | None, *choirs: str, since: date = date(2026, 1, 1)) -> Supply:
    return Supply(name, ore, since, until, frozenset(choirs))


class TestVectors:
    def test_case_1_what_expires_first_must_not_be_eaten_by_who_has_other_money(self) -> None:
        supplies = [
            money("A", 100, date(2026, 6, 30), "Boden", "Östersund"),
            money("B", 100, date(2026, 12, 31), "Boden"),
        ]
        rows = [
            Demand("b", "Boden", date(2026, 5, 5), 100),
            Demand("ö", "Östersund", date(2026, 5, 5), 100),
        ]
        made = match(supplies, rows)
        assert made.unpaid == {}
        assert made.used == {("A", "ö"): 100, ("B", "b"): 100}
        assert made.left == {"A": 0, "B": 0}

    def test_case_2_the_narrowest_must_not_go_first_when_it_lasts_longer(self) -> None:
        supplies = [
            money("A", 100, date(2026, 6, 30), "Boden", "Östersund"),
            money("B", 100, date(2026, 12, 31), "Boden"),
        ]
        rows = [
            Demand("may", "Boden", date(2026, 5, 5), 100),
            Demand("july", "Boden", date(2026, 7, 7), 100),
        ]
        made = match(supplies, rows)
        assert not made.unpaid
        assert made.used == {("A", "may"): 100, ("B", "july"): 100}


class TestTraps:
    """What rules of thumb get wrong."""

    def test_an_earlier_row_moves_over_to_let_a_later_one_in(self) -> None:
        supplies = [
            money("long", 100, None, "Boden", "Kalix"),
            money("short", 100, date(2026, 5, 31), "Boden"),
        ]
        rows = [Demand(1, "Boden", date(2026, 5, 4), 100), Demand(2, "Kalix", date(2026, 9, 4), 100)]
        assert not match(supplies, rows).unpaid

    def test_a_chain_of_three_moves(self) -> None:
        supplies = [
            money("a", 10, None, "Boden", "Kalix"),
            money("b", 10, None, "Kalix", "Umeå"),
            money("c", 10, None, "Umeå", "Östersund"),
            money("d", 10, None, "Boden"),
        ]
        days = [START + timedelta(day) for day in range(4)]
        rows = [
            Demand(place, choir, on, 10)
            for place, (choir, on) in enumerate(
                zip(["Umeå", "Kalix", "Boden", "Östersund"], days, strict=True)
            )
        ]
        assert not match(supplies, rows).unpaid

    def test_cents_are_not_lost_in_a_thousand_kronor(self) -> None:
        made = match([money("a", 99_999, None, "Boden")], [Demand(1, "Boden", START, 100_000)])
        assert made.unpaid == {1: 1}

    def test_the_last_day_is_usable_and_the_day_after_is_not(self) -> None:
        supply = Supply("a", 30, START, START + timedelta(1), frozenset(["Boden"]))
        rows = [Demand(day, "Boden", START + timedelta(day), 10) for day in (-1, 0, 1, 2)]
        made = match([supply], rows)
        assert made.unpaid == {-1: 10, 2: 10}
        assert made.left == {"a": 10}

    def test_an_earlier_small_row_goes_before_a_later_large_one(self) -> None:
        rows = [Demand("late", "Boden", START + timedelta(1), 100), Demand("early", "Kalix", START, 60)]
        made = match([money("a", 100, None, "Boden", "Kalix")], rows)
        assert made.unpaid == {"late": 60}

    def test_who_has_own_money_leaves_the_shared_to_who_has_none(self) -> None:
        supplies = [money("own", 50, None, "Boden"), money("all", 50, None, "Boden", "Kalix")]
        rows = [Demand("b", "Boden", START, 100), Demand("k", "Kalix", START, 100)]
        assert match(supplies, rows).unpaid == {"b": 50, "k": 50}

    def test_equal_shares_are_shares_of_the_need_not_equal_sums(self) -> None:
        rows = [Demand("b", "Boden", START, 300), Demand("k", "Kalix", START, 100)]
        assert match([money("all", 200, None, "Boden", "Kalix")], rows).unpaid == {"b": 150, "k": 50}

    def test_who_cannot_use_more_does_not_hold_the_others_back(self) -> None:
        supplies = [money("boden", 10, None, "Boden"), money("north", 90, None, "Kalix", "Umeå")]
        rows = [Demand(choir, choir, START, 100) for choir in ("Boden", "Kalix", "Umeå")]
        assert match(supplies, rows).unpaid == {"Boden": 90, "Kalix": 55, "Umeå": 55}

    def test_who_is_bound_to_the_poorest_purse_gets_it_all_and_the_others_share_the_next(self) -> None:
        supplies = [money("west", 10, None, "Boden", "Kalix"), money("east", 90, None, "Kalix", "Umeå")]
        rows = [Demand(choir, choir, START, 100) for choir in ("Boden", "Kalix", "Umeå")]
        assert match(supplies, rows).unpaid == {"Boden": 90, "Kalix": 55, "Umeå": 55}

    def test_three_steps_of_poverty_on_one_day(self) -> None:
        supplies = [
            money("a", 5, None, "Boden", "Kalix"),
            money("b", 20, None, "Kalix", "Umeå"),
            money("c", 70, None, "Umeå", "Östersund"),
        ]
        rows = [Demand(choir, choir, START, 100) for choir in CHOIRS]
        assert match(supplies, rows).unpaid == {"Boden": 95, "Kalix": 80, "Umeå": 65, "Östersund": 65}

    def test_the_odd_ore_goes_to_the_largest_remainder_whatever_the_names(self) -> None:
        rows = [Demand(choir, choir, START, ore) for choir, ore in zip("abc", (5, 4, 3), strict=True)]
        assert match([money("all", 10, None, *"abc")], rows).unpaid == {"a": 1, "b": 1}
        rows = [Demand(choir, choir, START, ore) for choir, ore in zip("cba", (5, 4, 3), strict=True)]
        assert match([money("all", 10, None, *"abc")], rows).unpaid == {"c": 1, "b": 1}

    def test_the_odd_ore_goes_only_where_the_money_may_go(self) -> None:
        supplies = [money("x", 1, None, "3", "4"), money("y", 1, None, "1", "2", "3")]
        made = match(supplies, [Demand(choir, choir, START, 1) for choir in "1234"])
        assert made.unpaid == {"2": 1, "4": 1} or made.unpaid == {"2": 1, "3": 1}
        assert made.short == set("1234")

    def test_what_ends_soonest_is_spent_first(self) -> None:
        supplies = [
            money("free", 100, None, "Boden"),
            money("long", 100, date(2027, 12, 31), "Boden"),
            money("soon", 100, date(2026, 12, 31), "Boden"),
        ]
        made = match(supplies, [Demand(1, "Boden", START, 150)])
        assert made.left == {"soon": 0, "long": 50, "free": 100}

    def test_one_ore_for_two_is_given_but_no_day_is_called_paid_for_it(self) -> None:
        rows = [Demand("b", "Boden", START, 1), Demand("k", "Kalix", START, 1)]
        made = match([money("all", 1, None, "Boden", "Kalix")], rows)
        assert sum(made.unpaid.values()) == 1
        assert made.short == {"b", "k"}

    def test_money_below_nothing_pays_for_nothing_and_keeps_its_minus(self) -> None:
        made = match([money("free", -500, None, "Boden")], [Demand(1, "Boden", START, 100)])
        assert made.unpaid == {1: 100}
        assert made.left == {"free": -500}

    def test_nothing_at_all(self) -> None:
        made = match([], [])
        assert (made.unpaid, made.used, made.left, made.short) == ({}, {}, {}, frozenset())
        assert match([money("a", 5, None)], [Demand(1, "Boden", START, 0)]).left == {"a": 5}

    def test_two_with_one_id_are_refused(self) -> None:
        row = Demand(1, "Boden", START, 5)
        with pytest.raises(ValueError, match="two with the id 1"):
            match([], [row, row])


class TestAlways:
    @given(worlds())
    def test_every_ore_is_somewhere_and_only_where_it_may_be(self, world: World) -> None:
        supplies, rows = world
        made = match(supplies, rows)
        by_id = {supply.id: supply for supply in supplies}
        row_of = {row.id: row for row in rows}
        spent, got = dict.fromkeys(by_id, 0), dict.fromkeys(row_of, 0)
        for (supply, row), ore in made.used.items():
            assert ore > 0
            assert may_pay(by_id[supply], row_of[row])
            spent[supply] += ore
            got[row] += ore
        assert got == covered(made, rows)
        assert all(ore > 0 for ore in made.unpaid.values())
        assert made.left == {supply.id: supply.ore - spent[supply.id] for supply in supplies}
        assert all(ore >= 0 for ore in made.left.values())

    @given(worlds(8, 16))
    @settings(max_examples=300)
    def test_for_every_date_the_sum_covered_is_the_most_there_can_be(self, world: World) -> None:
        supplies, rows = world
        got = covered(match(supplies, rows), rows)
        for on in {row.on for row in rows}:
            so_far = [row for row in rows if row.on <= on]
            assert sum(got[row.id] for row in so_far) == most(supplies, [(row, row.ore) for row in so_far])

    @given(worlds(8, 16))
    def test_an_earlier_row_never_loses_to_a_later_one(self, world: World) -> None:
        supplies, rows = world
        got = covered(match(supplies, rows), rows)
        for on in {row.on for row in rows}:
            so_far = [row for row in rows if row.on <= on]
            assert covered(match(supplies, so_far), so_far) == {row.id: got[row.id] for row in so_far}

    @given(worlds(5, 7))
    @settings(max_examples=300)
    def test_one_day_is_shared_as_evenly_as_the_restrictions_allow(self, world: World) -> None:
        supplies, rows = world
        made = match(supplies, rows)
        fair = fair_shares(supplies, rows)
        whole = {(row.choir, row.on): 0 for row in rows}
        exact = dict.fromkeys(whole, Fraction(0))
        for row in rows:
            whole[row.choir, row.on] += row.ore - made.unpaid[row.id]
            exact[row.choir, row.on] += fair.get(row.id, 0)
        assert all(abs(whole[cell] - exact[cell]) < 1 for cell in whole)
        assert made.short == {row.id for row in rows if row.ore and fair[row.id] < row.ore}

    @given(worlds(5, 7, most_days=1))
    @settings(max_examples=400)
    def test_so_it_is_when_everything_falls_on_two_days(self, world: World) -> None:
        supplies, rows = world
        made = match(supplies, rows)
        fair = fair_shares(supplies, rows)
        assert made.short == {row.id for row in rows if row.ore and fair[row.id] < row.ore}

    @given(worlds(8, 16), st.randoms(use_true_random=False))
    def test_the_order_of_the_rows_does_not_matter(self, world: World, chance: random.Random) -> None:
        supplies, rows = list(world[0]), list(world[1])
        once = written(match(supplies, rows))
        chance.shuffle(supplies)
        chance.shuffle(rows)
        assert written(match(supplies, rows)) == once

    @given(worlds(8, 16), st.permutations(CHOIRS), st.permutations(range(16)))
    @settings(max_examples=300)
    def test_no_choir_is_favoured_by_its_name_or_number(
        self, world: World, names: list[str], numbers: list[int]
    ) -> None:
        supplies, rows = world
        new_name: dict[Hashable, str] = dict(zip(CHOIRS, names, strict=True))
        renamed = match(
            [
                Supply(
                    -numbers[i], s.ore, s.usable_from, s.usable_to, frozenset(new_name[c] for c in s.choirs)
                )
                for i, s in enumerate(supplies)
            ],
            [Demand(numbers[i], new_name[row.choir], row.on, row.ore) for i, row in enumerate(rows)],
        )
        made = match(supplies, rows)
        assert renamed.short == {numbers[i] for i, row in enumerate(rows) if row.id in made.short}
        for on in {row.on for row in rows}:
            for choir in CHOIRS:
                places = [i for i, row in enumerate(rows) if (row.choir, row.on) == (choir, on)]
                before = sum(made.unpaid[rows[i].id] for i in places)
                after = sum(renamed.unpaid[numbers[i]] for i in places)
                assert abs(before - after) <= 1

    @given(worlds(6, 12), st.integers(0, 6), st.integers(1, 40))
    @settings(max_examples=300)
    def test_more_money_makes_no_choirs_date_earlier(self, world: World, which: int, more: int) -> None:
        supplies, rows = world
        assume(which < len(supplies))
        before = match(supplies, rows)
        old = supplies[which]
        supplies[which] = Supply(old.id, old.ore + more, old.usable_from, old.usable_to, old.choirs)
        after = match(supplies, rows)
        for choir in CHOIRS:
            assert first_short(after, rows, choir) >= first_short(before, rows, choir)

    @given(worlds(8, 16))
    def test_rows_of_one_choir_and_day_are_one_need(self, world: World) -> None:
        supplies, rows = world
        apart = match(supplies, rows)
        needs: dict[tuple[object, date], int] = {}
        for row in rows:
            needs[row.choir, row.on] = needs.get((row.choir, row.on), 0) + row.ore
        together = match(supplies, [Demand(key, *key, ore) for key, ore in needs.items()])
        for key in needs:
            lacks = sum(apart.unpaid[row.id] for row in rows if (row.choir, row.on) == key)
            assert lacks == together.unpaid[key]

    def test_a_large_input_is_as_right_as_a_small_one(self) -> None:
        supplies, rows = large_world()
        made = match(supplies, rows)
        got = covered(made, rows)
        assert sum(made.unpaid.values()) > 0
        for on in sorted({row.on for row in rows})[::40]:
            so_far = [row for row in rows if row.on <= on]
            assert sum(got[row.id] for row in so_far) == most(supplies, [(row, row.ore) for row in so_far])

    def test_the_same_input_gives_the_same_bytes_in_another_process(self) -> None:
        program = (
            "import hashlib; from tests.funding.test_rules_match import *; "
            "print(hashlib.sha256(written(match(*large_world())).encode()).hexdigest())"
        )
        here = hashlib.sha256(written(match(*large_world())).encode()).hexdigest()
        for seed in ("1", "2"):
            answer = subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                check=True,
                cwd=Path(__file__).resolve().parents[2],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            )
            assert answer.stdout.strip() == here
