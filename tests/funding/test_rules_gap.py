"""The chance that a gap closes: the vectors, every way counted anew by slow arithmetic, and the draws."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import Ask, Demand, Gap, GapChance, Supply, chance_gap_closes, gap_of, match
from tests.funding.second_opinion import most
from tests.funding.test_rules_match import START, World, worlds

DAY = date(2026, 9, 1)
BODEN = frozenset(["Boden"])
KR = 100


def ask(name: str, ore: int, bp: int, **given_else: object) -> Ask:
    plain: dict[str, object] = {
        "money_on": DAY - timedelta(30),
        "usable_from": DAY - timedelta(100),
        "usable_to": None,
        "choirs": BODEN,
    }
    return Ask(name, ore, bp, **{**plain, **given_else})  # type: ignore[arg-type]  # the plain ones are of the right kinds


def gap(ore: int, choir: str = "Boden", on: date = DAY) -> Demand:
    return Demand((choir, on), choir, on, ore)


def chance(rows: Iterable[Demand], asks: Iterable[Ask], **how: Any) -> GapChance:
    """The chance that rows are paid that no agreement has anything to do with."""
    return chance_gap_closes(Gap(tuple(rows)), asks, **how)


VECTOR = [
    ask("big", 180_000 * KR, 5_000),
    ask("call 1", 500_000 * KR, 1_000, group="foundation"),
    ask("call 2", 150_000 * KR, 1_000, group="foundation"),
    ask("likely", 40_000 * KR, 8_000),
    ask("small", 60_000 * KR, 2_500),
]
GAP = [gap(150_000 * KR), gap(50_000 * KR, on=DAY + timedelta(7))]


class TestVector:
    def test_the_weighted_sum_covers_the_gap_but_the_chance_is_50_per_cent(self) -> None:
        told = chance(GAP, VECTOR)
        assert told.gap_ore == 200_000 * KR
        assert told.weighted_ore == 202_000 * KR
        assert told.closes_bp == 5_025
        assert told.cover_ore == 136_925 * KR
        assert (told.draws, told.closes_error_bp, told.cover_error_ore) == (0, 0, 0)
        assert told.first_unpaid_on == DAY
        assert (told.late, told.elsewhere) == ((), ())

    def test_drawn_it_is_the_same_within_its_error(self) -> None:
        told = chance(GAP, VECTOR, exactly_up_to=0)
        assert told.draws == 20_000
        assert 30 <= told.closes_error_bp <= 40
        assert abs(told.closes_bp - 5_025) <= 3 * told.closes_error_bp
        assert abs(told.cover_ore - 136_925 * KR) <= 3 * told.cover_error_ore

    def test_without_a_gap_nothing_is_needed(self) -> None:
        told = chance([], VECTOR)
        assert (told.gap_ore, told.closes_bp, told.cover_ore, told.first_unpaid_on) == (0, 10_000, 0, None)

    def test_without_asks_it_does_not_close(self) -> None:
        assert chance(GAP, []).closes_bp == 0

    def test_together_too_little_is_no_chance_and_nearly_sure_is_not_sure(self) -> None:
        assert chance([gap(101)], [ask("a", 100, 9_900)]).closes_bp == 0
        many = [ask(str(place), 100, 9_900) for place in range(6)]
        assert chance([gap(100)], many).closes_bp == 9_999
        drawn = chance([gap(100)], many, exactly_up_to=0)
        assert (drawn.closes_bp, drawn.closes_error_bp) == (9_999, 1)
        rare = [ask(str(place), 20, 100) for place in range(5)]
        assert chance([gap(100)], rare).closes_bp == 1
        assert chance([gap(100)], rare, exactly_up_to=0).closes_bp == 1
        assert chance([gap(101)], rare, exactly_up_to=0).closes_bp == 0


class TestInTimeAndAllowed:
    def test_money_on_the_first_unpaid_day_helps_and_a_day_later_does_not(self) -> None:
        asks = [ask("on", 200, 5_000, money_on=DAY), ask("after", 200, 5_000, money_on=DAY + timedelta(1))]
        told = chance([gap(100)], asks)
        assert (told.closes_bp, told.helping, told.late) == (5_000, ("on",), ("after",))

    def test_with_a_loan_until_it_comes_it_counts_and_is_marked_all_the_same(self) -> None:
        asks = [ask("after", 200, 5_000, money_on=DAY + timedelta(1))]
        told = chance([gap(100)], asks, in_time=False)
        assert (told.closes_bp, told.helping, told.late) == (5_000, ("after",), ("after",))

    def test_other_choirs_and_other_times_do_not_help(self) -> None:
        asks = [
            ask("other", 900, 9_000, choirs=frozenset(["Kalix"])),
            ask("over", 900, 9_000, usable_to=DAY - timedelta(1)),
            ask("later", 900, 9_000, usable_from=DAY + timedelta(1)),
            ask("right", 100, 4_000),
        ]
        told = chance([gap(100)], asks)
        assert told.closes_bp == 4_000
        assert set(told.elsewhere) == {"other", "over", "later"}

    def test_two_halves_that_may_pay_for_the_same_half_only_do_not_close_it(self) -> None:
        rows = [gap(100), gap(100, on=DAY + timedelta(60))]
        until = DAY + timedelta(1)
        asks = [ask("a", 100, 5_000, usable_to=until), ask("b", 100, 5_000, usable_to=until)]
        assert chance(rows, asks).closes_bp == 0
        asks[1] = ask("b", 100, 5_000)
        told = chance(rows, asks)
        assert (told.closes_bp, told.cover_ore) == (2_500, 100)

    def test_the_network_closes_when_everyones_gap_does(self) -> None:
        both = frozenset(["Boden", "Kalix"])
        told = chance([gap(100), gap(100, "Kalix")], [ask("a", 150, 5_000, choirs=both)])
        assert (told.closes_bp, told.cover_ore) == (0, 75)

    def test_a_group_that_would_be_certain_is_lessened(self) -> None:
        asks = [ask("a", 100, 8_000, group=1), ask("b", 100, 8_000, group=1), ask("c", 100, 5_000)]
        assert chance([gap(200)], asks).closes_bp == 4_950
        assert chance([gap(100)], asks[:2]).closes_bp == 9_900

    def test_what_is_certain_or_twice_is_refused(self) -> None:
        for asks in ([ask("a", 1, 10_000)], [ask("a", 1, 0)], [ask("a", 1, 5), ask("a", 2, 5)]):
            with pytest.raises(ValueError, match=r"certain|same id"):
                chance([gap(100)], asks)


def all_ways(asks: list[Ask]) -> Iterator[tuple[list[Ask], Fraction]]:
    """Every way the asks can end and how likely it is, from yes and no for each: independent of the product."""
    for answers in product((True, False), repeat=len(asks)):
        won = [one for one, is_won in zip(asks, answers, strict=True) if is_won]
        likely = Fraction(1)
        for group in {one.group for one in asks if one.group is not None}:
            members = [one for one in won if one.group == group]
            all_bp = sum(one.chance_bp for one in asks if one.group == group)
            if len(members) > 1:
                likely = Fraction(0)
            else:
                likely *= Fraction(members[0].chance_bp if members else 10_000 - all_bp, 10_000)
        for one, is_won in zip(asks, answers, strict=True):
            if one.group is None:
                likely *= Fraction(one.chance_bp if is_won else 10_000 - one.chance_bp, 10_000)
        yield won, likely


@st.composite
def open_asks(draw: st.DrawFn, most_asks: int = 5) -> tuple[list[Demand], list[Ask]]:
    """A gap of a few rows and asks for some of it, some of them exclusive of each other."""
    days = st.integers(0, 4).map(lambda day: DAY + timedelta(day))
    choirs = ["Boden", "Kalix"]
    rows = draw(st.lists(st.tuples(st.sampled_from(choirs), days, st.integers(1, 30)), max_size=4))
    found = draw(
        st.lists(
            st.tuples(
                st.integers(1, 50),
                st.integers(1, 3_300),
                days,
                st.none() | days,
                st.frozensets(st.sampled_from(choirs), min_size=1),
                st.sampled_from([None, None, "x"]),
            ),
            max_size=most_asks,
        )
    )
    asks: list[Ask] = []
    for place, (ore, bp, since, until, some, group) in enumerate(found):
        taken = sum(1 for one in asks if one.group == "x")
        group = None if taken == 3 else group
        asks.append(Ask(place, ore, bp, DAY, since, until, some, group))
    return [Demand(place, *row) for place, row in enumerate(rows)], asks


class TestGapOf:
    DAYS = (DAY, DAY + timedelta(7), DAY + timedelta(14), DAY + timedelta(21))
    ROWS = tuple(Demand((choir, on), choir, on, 100) for on in DAYS for choir in ("Boden", "Kalix"))

    def test_what_nobody_pays_up_to_the_day(self) -> None:
        supplies = [Supply("a", 250, DAY, None, BODEN)]
        made = match(supplies, self.ROWS)
        own = gap_of(supplies, self.ROWS, made, until=self.DAYS[2], choir="Boden")
        assert [(row.on, row.ore) for row in own.rows] == [(self.DAYS[2], 50)]
        everyones = gap_of(supplies, self.ROWS, made, until=self.DAYS[2])
        assert sum(row.ore for row in everyones.rows) == 350

    def test_money_for_another_choir_helps_when_it_sets_shared_money_free(self) -> None:
        supplies = [Supply("both", 400, DAY, None, BODEN | {"Kalix"})]
        made = match(supplies, self.ROWS)
        own = gap_of(supplies, self.ROWS, made, until=self.DAYS[3], choir="Boden")
        assert sum(row.ore for row in own.rows) == 200
        kalix = ask("kalix", 500, 6_000, choirs=frozenset(["Kalix"]))
        told = chance_gap_closes(own, [kalix])
        assert (told.closes_bp, told.cover_ore, told.helping) == (6_000, 120, ("kalix",))
        late = replace(kalix, usable_from=self.DAYS[1], usable_to=self.DAYS[1])
        assert chance_gap_closes(own, [late]).cover_ore == 60
        umea = replace(kalix, choirs=frozenset(["Umeå"]))
        assert chance_gap_closes(own, [umea]).elsewhere == ("kalix",)

    @given(worlds(4, 7), open_asks(4), st.integers(0, 6), st.sampled_from([None, "Boden", "Kalix"]))
    @settings(max_examples=80)
    def test_beside_agreements_nobody_gets_less_and_the_gap_gets_the_most(
        self, world: World, some: tuple[list[Demand], list[Ask]], day: int, choir: str | None
    ) -> None:
        supplies, rows = world
        until = START + timedelta(day)
        asks = [
            replace(one, usable_from=START + (one.usable_from - DAY), usable_to=None, money_on=START)
            for one in some[1]
        ]
        made = match(supplies, rows)
        gap = gap_of(supplies, rows, made, until=until, choir=choir)
        held = {row.id: row.ore - made.unpaid[row.id] for row in rows if row.on <= until}
        lacking = {row.id: row.ore for row in gap.rows}
        wanted = [(row, held[row.id] + lacking.get(row.id, 0)) for row in rows if row.on <= until]
        average = Fraction(0)
        for won, likely in all_ways(asks):
            more = [Supply(("ask", o.id), o.ore, o.usable_from, o.usable_to, o.choirs) for o in won]
            average += likely * (most([*supplies, *more], wanted) - sum(held.values()))
        told = chance_gap_closes(gap, asks)
        assert abs(told.cover_ore - average) <= Fraction(1, 2)


def a_world_of(count: int, seed: int) -> tuple[list[Demand], list[Ask]]:
    """A gap of two choirs in half a year, and asks that may pay for parts of it, three of them exclusive."""
    chance = random.Random(seed)
    days = [DAY + timedelta(7 * week) for week in range(26)]
    rows = [Demand((choir, on), choir, on, 3_500) for choir in ("Boden", "Kalix") for on in days]
    asks = [
        Ask(
            place,
            chance.randint(30_000, 60_000),
            chance.randint(2_000, 7_500) if place > 2 else 2_500,
            DAY,
            DAY,
            chance.choice([None, days[20], days[25]]),
            chance.choice([BODEN, BODEN | {"Kalix"}, frozenset(["Kalix"])]),
            "foundation" if place < 3 else None,
        )
        for place in range(count)
    ]
    return rows, asks


class TestByCounting:
    @given(open_asks())
    @settings(max_examples=60)
    def test_every_way_by_slow_arithmetic_and_another_solver(
        self, world: tuple[list[Demand], list[Ask]]
    ) -> None:
        rows, asks = world
        total = sum(row.ore for row in rows)
        closes = cover = Fraction(0)
        for won, likely in all_ways(asks):
            supplies = [Supply(one.id, one.ore, one.usable_from, one.usable_to, one.choirs) for one in won]
            ore = most(supplies, [(row, row.ore) for row in rows])
            cover += ore * likely
            closes += likely if ore == total else 0
        told = chance(rows, asks)
        assert abs(told.cover_ore - cover) <= Fraction(1, 2)
        if 0 < closes < 1:
            assert abs(told.closes_bp - min(max(closes * 10_000, 1), 9_999)) <= Fraction(1, 2)
        else:
            assert told.closes_bp == 10_000 * closes

    @pytest.mark.parametrize("seed", range(4))
    def test_ten_asks_with_restrictions_drawn_and_counted(self, seed: int) -> None:
        rows, asks = a_world_of(10, seed)
        exact, drawn = chance(rows, asks), chance(rows, asks, exactly_up_to=0)
        assert (len(exact.helping), exact.draws, drawn.draws) == (10, 0, 20_000)
        assert 500 < exact.closes_bp < 9_500
        assert abs(exact.closes_bp - drawn.closes_bp) <= 3 * drawn.closes_error_bp
        assert abs(exact.cover_ore - drawn.cover_ore) <= 3 * drawn.cover_error_ore

    @given(open_asks(8))
    @settings(max_examples=8)
    def test_drawn_equals_counted_within_the_stated_error(
        self, world: tuple[list[Demand], list[Ask]]
    ) -> None:
        rows, asks = world
        exact = chance(rows, asks)
        drawn = chance(rows, asks, exactly_up_to=-1)
        assert abs(exact.closes_bp - drawn.closes_bp) <= 4 * drawn.closes_error_bp
        assert abs(exact.cover_ore - drawn.cover_ore) <= 4 * drawn.cover_error_ore + 1

    @given(open_asks(), st.randoms(use_true_random=False))
    @settings(max_examples=40)
    def test_the_order_of_asks_and_rows_changes_nothing(
        self, world: tuple[list[Demand], list[Ask]], mixed: random.Random
    ) -> None:
        rows, asks = world
        first = repr(chance(rows, asks))
        mixed.shuffle(rows)
        mixed.shuffle(asks)
        assert repr(chance(rows, asks)) == first

    @given(open_asks(4), st.integers(1, 60), st.integers(1, 9_000))
    @settings(max_examples=40)
    def test_one_more_ask_never_makes_it_less_likely(
        self, world: tuple[list[Demand], list[Ask]], ore: int, bp: int
    ) -> None:
        rows, asks = world
        more = [*asks, Ask("more", ore, bp, DAY, DAY, None, BODEN)]
        assert chance(rows, more).closes_bp >= chance(rows, asks).closes_bp

    def test_thirteen_are_drawn_and_twice_the_same(self) -> None:
        asks = [replace(VECTOR[3], id=place, ore=20_000 * KR + place) for place in range(13)]
        first = chance(GAP, asks)
        assert first.draws == 20_000
        assert repr(chance(GAP, asks[::-1])) == repr(first)
        exact: GapChance = chance(GAP, asks, exactly_up_to=13)
        assert abs(first.closes_bp - exact.closes_bp) <= 3 * first.closes_error_bp
