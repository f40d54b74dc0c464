"""Financed to, its range, the reason and what it takes: the worked example and the rules behind it."""

from collections.abc import Hashable
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import (
    Answer,
    ChoirFinanced,
    CostLine,
    Demand,
    Driver,
    Extra,
    Financed,
    Leftover,
    Supply,
    Unknown,
    cost_rows,
    extra_needed,
    financed_to,
    free_supply,
    match,
    months_after,
    shortages,
)
from tests.funding.second_opinion import most
from tests.funding.test_rules_match import CHOIRS, START, World, first_short, money, worlds

NEW_YEAR = date(2020, 1, 1)
HORIZON = months_after(NEW_YEAR, 36)


def ask(supplies: list[Supply], rows: list[Demand], balance_on: date | None = START) -> Answer:
    return financed_to(
        supplies,
        rows,
        choirs=CHOIRS,
        rehearsals={choir: [row.on for row in rows if row.choir == choir] for choir in CHOIRS},
        as_of=START,
        horizon=START + timedelta(1000),
        balance_on=balance_on,
    )


def of(answer: Answer, choir: Hashable) -> ChoirFinanced:
    told = answer.choirs[choir]
    assert isinstance(told, ChoirFinanced)
    return told


class TestWorkedExample:
    """55,000 kr on 1 January 2020; every Thursday 9 January to 10 December but not 12 June to 20 August."""

    WEEKS = [date(2020, 1, 9) + timedelta(7 * week) for week in range(49)]
    THURSDAYS = [on for on in WEEKS if not date(2020, 6, 12) <= on <= date(2020, 8, 20)]
    LINE = CostLine(1, "Boden", Driver.PER_REHEARSAL, 350_000, NEW_YEAR)
    ROWS = cost_rows([LINE], rehearsals={"Boden": THURSDAYS}, active=[], since=NEW_YEAR, until=HORIZON)
    FREE = free_supply(5_500_000, since=NEW_YEAR, choirs=["Boden"])

    def answer(self, *supplies: Supply) -> Answer:
        return financed_to(
            supplies,
            self.ROWS,
            choirs=["Boden"],
            rehearsals={"Boden": self.THURSDAYS},
            as_of=NEW_YEAR,
            horizon=HORIZON,
            balance_on=NEW_YEAR,
        )

    def test_39_rehearsals_cost_136_500_kr(self) -> None:
        assert len(self.ROWS) == 39
        assert sum(row.ore for row in self.ROWS) == 13_650_000

    def test_15_are_paid_the_last_on_16_april_and_2_500_kr_remain(self) -> None:
        paid = Financed(
            to=date(2020, 4, 16),
            first_unpaid_on=date(2020, 4, 23),
            lacking_ore=100_000,
            remaining_ore=250_000,
            beyond=None,
            rehearsals_left=15,
            last_rehearsal_on=date(2020, 4, 16),
        )
        answer = self.answer(self.FREE)
        assert of(answer, "Boden") == ChoirFinanced(paid, paid, paid)
        assert answer.network == paid

    def test_with_60_000_kr_more_the_first_unpaid_is_29_october(self) -> None:
        told = of(self.answer(self.FREE, money("grant", 6_000_000, None, "Boden", since=NEW_YEAR)), "Boden")
        assert told.financed.first_unpaid_on == date(2020, 10, 29)
        assert told.financed.to == date(2020, 10, 22)
        assert told.financed.remaining_ore == 300_000

    def test_what_is_lacking_at_the_years_end(self) -> None:
        more = money("grant", 6_000_000, None, "Boden", since=NEW_YEAR)
        assert sum(match([self.FREE, more], self.ROWS).unpaid.values()) == 2_150_000
        needed = extra_needed([self.FREE, more], self.ROWS, choir="Boden", until=date(2020, 12, 31))
        assert needed.ore == 2_150_000

    def test_enough_money_reaches_beyond_the_horizon(self) -> None:
        told = of(self.answer(free_supply(13_650_000, since=NEW_YEAR, choirs=["Boden"])), "Boden").financed
        assert told.beyond == date(2023, 1, 1)
        assert told.first_unpaid_on is None
        assert (told.rehearsals_left, told.to) == (39, date(2020, 12, 10))


class TestUnknown:
    ROWS = [Demand(1, "Boden", START, 100)]

    def test_a_choir_without_costs_is_unknown_never_zero(self) -> None:
        answer = ask([money("a", 100, None, *CHOIRS)], self.ROWS)
        assert answer.choirs["Kalix"] == Unknown("cost_line")
        assert answer.unknown == ["Kalix", "Umeå", "Östersund"]
        assert of(answer, "Boden").financed.beyond

    def test_without_a_balance_nothing_is_known(self) -> None:
        answer = ask([], self.ROWS, balance_on=None)
        assert set(answer.choirs.values()) == {Unknown("balance")}
        assert answer.network == Unknown("balance")

    def test_an_old_balance_is_told(self) -> None:
        assert ask([], self.ROWS, START - timedelta(35)).old_balance_on is None
        assert ask([], self.ROWS, START - timedelta(36)).old_balance_on == START - timedelta(36)

    def test_when_not_even_the_first_is_paid_there_is_no_last_day(self) -> None:
        told = of(ask([], self.ROWS), "Boden").financed
        assert (told.to, told.first_unpaid_on, told.rehearsals_left) == (None, START, 0)


class TestRange:
    def test_shared_money_last_first_and_as_matched(self) -> None:
        rows = [
            Demand((choir, week), choir, START + timedelta(7 * week), 100)
            for choir in ("Boden", "Kalix")
            for week in range(10)
        ]
        told = of(ask([money("a", 1_000, None, "Boden", "Kalix")], rows), "Boden")
        assert told.guaranteed.to is None
        assert told.financed.to == START + timedelta(7 * 4)
        assert told.best.beyond

    def test_the_others_make_room_by_using_what_only_they_can(self) -> None:
        supplies = [money("both", 300, None, "Boden", "Kalix"), money("kalix", 300, None, "Kalix")]
        rows = [
            Demand((choir, week), choir, START + timedelta(week), 100)
            for choir in ("Boden", "Kalix")
            for week in range(3)
        ]
        rows.append(Demand("late", "Kalix", START + timedelta(9), 100))
        told = of(ask(supplies, rows), "Boden")
        assert told.guaranteed.to == START + timedelta(1)
        assert told.financed.beyond

    @given(worlds(6, 12))
    @settings(max_examples=200)
    def test_guaranteed_is_never_later_and_best_never_earlier(self, world: World) -> None:
        supplies, rows = world
        answer = ask(supplies, rows)
        for told in answer.choirs.values():
            if isinstance(told, ChoirFinanced):
                dates = [
                    one.first_unpaid_on or date.max for one in (told.guaranteed, told.financed, told.best)
                ]
                assert dates == sorted(dates)

    @given(worlds(6, 10))
    @settings(max_examples=150)
    def test_both_ends_by_their_definition(self, world: World) -> None:
        supplies, rows = world
        answer = ask(supplies, rows)
        for choir, told in answer.choirs.items():
            own = sorted((row for row in rows if row.choir == choir and row.ore), key=lambda row: row.on)
            others = [(row, row.ore) for row in rows if row.choir != choir]
            if not isinstance(told, ChoirFinanced):
                assert not own
                continue
            for end, first in ((told.best, []), (told.guaranteed, others)):
                held = most(supplies, first)
                unpaid = date.max
                for on in sorted({row.on for row in own}, reverse=True):
                    so_far = [(row, row.ore) for row in own if row.on <= on]
                    if most(supplies, first + so_far) < held + sum(ore for _, ore in so_far):
                        unpaid = on
                assert (end.first_unpaid_on or date.max) == unpaid

    @given(worlds(6, 12))
    def test_the_network_is_as_far_as_its_first_choir(self, world: World) -> None:
        supplies, rows = world
        answer = ask(supplies, rows)
        firsts = [
            told.financed.first_unpaid_on or date.max
            for told in answer.choirs.values()
            if isinstance(told, ChoirFinanced)
        ]
        if isinstance(answer.network, Financed):
            assert (answer.network.first_unpaid_on or date.max) == min(firsts)
        else:
            assert not firsts


class TestReasons:
    def test_boden_lacks_42_000_kr_in_september_and_80_000_kr_is_left_for_others_or_ended(self) -> None:
        supplies = [
            money("A", 5_000_000, date(2026, 6, 30), "Boden"),
            money("B", 6_000_000, None, "Östersund"),
            money("C", 1_000_000, None, "Boden", "Kalix"),
        ]
        rows = [
            Demand("b1", "Boden", date(2026, 6, 9), 3_000_000),
            Demand("b2", "Boden", date(2026, 9, 8), 3_000_000),
            Demand("b3", "Boden", date(2026, 9, 29), 2_000_000),
            Demand("k", "Kalix", date(2026, 5, 29), 200_000),
        ]
        told = shortages(supplies, rows, match(supplies, rows))
        assert set(told) == {"Boden"}
        why = told["Boden"]
        assert (why.first_unpaid_on, why.lacking_ore) == (date(2026, 9, 8), 4_200_000)
        assert why.used_up == ("C",)
        assert why.shared_with == {"Kalix"}
        assert why.left == (
            Leftover("B", 6_000_000, only_for=frozenset(["Östersund"])),
            Leftover("A", 2_000_000, only_until=date(2026, 6, 30)),
        )

    def test_money_that_comes_too_late(self) -> None:
        supplies = [money("A", 500, None, "Boden", since=date(2026, 7, 1))]
        rows = [Demand(1, "Boden", START, 100)]
        why = shortages(supplies, rows, match(supplies, rows))["Boden"]
        assert why.left == (Leftover("A", 500, only_from=date(2026, 7, 1)),)

    @given(worlds(8, 16))
    def test_what_is_used_up_is_empty_and_what_is_left_does_not_help(self, world: World) -> None:
        supplies, rows = world
        made = match(supplies, rows)
        why = shortages(supplies, rows, made)
        assert set(why) == {row.choir for row in rows if row.id in made.short}
        for choir, one in why.items():
            assert all(made.left[supply] == 0 for supply in one.used_up)
            assert {money.supply for money in one.left} == {s.id for s in supplies if made.left[s.id]}
            for money_left in one.left:
                if money_left.only_from:
                    assert money_left.only_from > one.first_unpaid_on
            assert choir not in one.shared_with


class TestWhatItTakes:
    def test_nothing_when_all_is_paid(self) -> None:
        rows = [Demand(1, "Boden", START, 100)]
        assert extra_needed([money("a", 100, None, "Boden")], rows, choir="Boden", until=START) == Extra(
            0, None, None
        )

    def test_spread_on_months_and_rehearsals(self) -> None:
        days = [START + timedelta(7 * week) for week in range(10)]
        rows = [Demand(on, "Boden", on, 100) for on in days]
        needed = extra_needed(
            [money("a", 450, None, "Boden")], rows, choir="Boden", until=days[9], rehearsals=days
        )
        assert needed == Extra(550, -(-550 // 3), 92)

    def test_more_than_what_is_lacking_when_others_share_what_the_choir_leaves(self) -> None:
        rows = [Demand("b", "Boden", START, 10), Demand("k", "Kalix", START, 10)]
        supplies = [money("a", 10, None, "Boden", "Kalix")]
        assert match(supplies, rows).unpaid == {"b": 5, "k": 5}
        assert extra_needed(supplies, rows, choir="Boden", until=START).ore == 10

    @given(worlds(5, 9), st.sampled_from(CHOIRS), st.integers(0, 6))
    @settings(max_examples=150)
    def test_it_is_enough_and_one_ore_less_is_not(self, world: World, choir: str, day: int) -> None:
        supplies, rows = world
        until = START + timedelta(day)
        ore = extra_needed(supplies, rows, choir=choir, until=until).ore

        def reaches(more: int) -> bool:
            made = match([*supplies, money("more", more, None, choir)], rows)
            return first_short(made, rows, choir) > until

        assert reaches(ore)
        assert ore == 0 or not reaches(ore - 1)
        assert all(not reaches(less) for less in range(ore))
