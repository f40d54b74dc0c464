"""What is tried on the plan: how it is written in an address, read back, and what it does to money and costs."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.funding.rules import Demand
from choir_app.funding.rules.scenario import (
    HIGHEST_PERCENT,
    LARGEST_ORE,
    LOWEST_PERCENT,
    MOST_OF_A_KIND,
    AnotherChoir,
    Answered,
    NewPayer,
    OtherCosts,
    Pause,
    Scenario,
    days_longer,
    paused_states,
    read_scenario,
    with_other_costs,
)

KR = 100
DAY = date(2026, 9, 1)
ASK = UUID(int=7)
PAYER = [("ny", "15 000"), ("ny_for", "boden"), ("ny_fran", "2026-09-01"), ("ny_till", "2027-06-30")]

FIELDS = [
    "ny",
    "ny_fran",
    "ny_till",
    "kostnad",
    "kostnad_fran",
    "paus",
    "paus_fran",
    "paus_till",
    "kor",
    "kor_fran",
]
FIELDS += [f"svar.{ASK}", f"kr.{ASK}", f"sen.{ASK}", "svar.x"]
TYPED = ["1", "-1", "ja", "²", "2026-09-01", "1.250", "9" * 40]

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
periods = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
names = st.sampled_from(["alla", "boden", "ort.boden", "slag.venue", "lulea-2"])
ids = st.uuids(version=4)
scenarios = st.builds(
    Scenario,
    payers=st.lists(
        st.builds(
            lambda ore, whom, period: NewPayer(ore, whom, *period),
            st.integers(1, LARGEST_ORE),
            names,
            periods,
        ),
        max_size=MOST_OF_A_KIND,
    ).map(tuple),
    costs=st.lists(
        st.builds(OtherCosts, st.integers(LOWEST_PERCENT, HIGHEST_PERCENT).filter(bool), names, days),
        max_size=MOST_OF_A_KIND,
    ).map(tuple),
    pauses=st.lists(
        st.builds(lambda choir, period, ends: Pause(choir, period[0], None if ends else period[1]),
                  names, periods, st.booleans()),
        max_size=MOST_OF_A_KIND,
    ).map(tuple),
    others=st.lists(st.builds(AnotherChoir, names, days), max_size=MOST_OF_A_KIND).map(tuple),
    answers=st.dictionaries(
        ids,
        st.one_of(
            st.just(Answered(is_yes=False)),
            st.builds(Answered, st.just(True), st.one_of(st.none(), st.integers(1, 10**10))),
        ),
        max_size=4,
    ),
    delays=st.dictionaries(ids, st.integers(1, 730), max_size=4),
)  # fmt: skip


class TestTheAddress:
    @given(scenarios)
    def test_what_is_written_is_read_back(self, scenario: Scenario) -> None:
        read = read_scenario(scenario.pairs())
        assert read.scenario == scenario
        assert not read.faults

    @given(scenarios)
    def test_the_same_scenario_is_always_written_alike(self, scenario: Scenario) -> None:
        assert read_scenario(reversed(scenario.pairs())).scenario.pairs() == scenario.pairs()

    @given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12))))
    def test_nothing_in_an_address_breaks_it(self, pairs: list[tuple[str, str]]) -> None:
        assert read_scenario(pairs).scenario.is_empty

    @given(
        st.lists(st.tuples(st.sampled_from(FIELDS), st.one_of(st.text(max_size=12), st.sampled_from(TYPED))))
    )
    def test_whatever_stands_in_its_own_fields_does_not_break_it(self, pairs: list[tuple[str, str]]) -> None:
        read = read_scenario(pairs)
        assert read_scenario(read.scenario.pairs()).scenario == read.scenario

    def test_the_fields_of_a_form_that_are_left_empty_are_nothing(self) -> None:
        empty = [
            ("ny", ""),
            ("ny_for", "alla"),
            ("ny_fran", "2026-09-01"),
            ("kostnad", "0"),
            (f"svar.{ASK}", ""),
        ]
        read = read_scenario(empty)
        assert read.scenario.is_empty
        assert not read.faults

    def test_a_second_payer_moves_up_when_there_is_no_first(self) -> None:
        read = read_scenario([(name.replace("ny", "ny2"), value) for name, value in PAYER])
        assert read.scenario.pairs()[0] == ("ny", "15000")

    def test_a_sum_as_people_type_it(self) -> None:
        assert read_scenario(PAYER).scenario.payers == (
            NewPayer(15_000 * KR, "boden", DAY, date(2027, 6, 30)),
        )

    @pytest.mark.parametrize(
        ("name", "value", "fault"),
        [
            ("ny", "mycket", "sum"),
            ("ny", "-5", "sum"),
            ("ny", "1000001", "sum"),
            ("ny", "1.250", "sum"),
            ("ny_fran", "i höst", "day"),
            ("ny_fran", "0001-01-01", "day"),
            ("ny_fran", "", "from"),
            ("ny_till", "", "from"),
            ("ny_till", "2026-08-31", "order"),
            ("kostnad", "mer", "percent"),
            ("kostnad", "-91", "percent"),
            ("kostnad", "301", "percent"),
            ("kostnad_fran", "", "from"),
            ("paus_fran", "", "from"),
            ("paus_till", "2026-08-31", "order"),
            ("kor_fran", "", "from"),
            (f"svar.{ASK}", "kanske", "choice"),
            (f"kr.{ASK}", "en slant", "ask_sum"),
            (f"sen.{ASK}", "731", "days"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_the_rest_counts(self, name: str, value: str, fault: str) -> None:
        sound = {
            **dict(PAYER),
            "kostnad": "10",
            "kostnad_fran": "2026-09-01",
            "paus": "boden",
            "paus_fran": "2026-09-01",
            "kor": "boden",
            "kor_fran": "2026-09-01",
            f"svar.{ASK}": "ja",
            f"sen.{ASK}": "30",
        }
        read = read_scenario({**sound, name: value}.items())
        assert read.faults == {name: fault}
        whole = read_scenario(sound.items()).scenario
        assert not read.scenario.is_empty
        assert read.scenario != whole


class TestANewPayer:
    @pytest.mark.parametrize(
        ("last_on", "months"),
        [(DAY, 1), (date(2026, 9, 30), 1), (date(2026, 10, 1), 2), (date(2027, 8, 31), 12)],
    )
    def test_pays_on_the_first_day_and_once_a_month(self, last_on: date, months: int) -> None:
        payer = NewPayer(1_000 * KR, "alla", DAY, last_on)
        assert payer.months == months
        flows = payer.flows("new")
        assert sum(flow.ore for flow in flows) == payer.ore == payer.supply("new", frozenset()).ore
        assert DAY == flows[0].on <= flows[-1].on <= last_on

    @given(periods)
    def test_every_sum_comes_within_the_period(self, period: tuple[date, date]) -> None:
        payer = NewPayer(1, "alla", *period)
        days = [flow.on for flow in payer.flows("new")]
        assert days == sorted(set(days))
        assert period[0] == days[0] <= days[-1] <= period[1]


class TestOtherCosts:
    def test_only_what_is_meant_and_only_from_its_day_on(self) -> None:
        rows = [Demand(n, choir, DAY + timedelta(n), 1_005) for n, choir in enumerate("ABA", start=-1)]
        changed = with_other_costs(rows, OtherCosts(10, "A", DAY), is_meant=lambda row: row.choir == "A")
        assert [row.ore for row in changed] == [1_005, 1_005, 1_106]

    @given(st.integers(1, 10**9), st.integers(LOWEST_PERCENT, HIGHEST_PERCENT))
    def test_to_the_nearest_ore(self, ore: int, percent: int) -> None:
        other = OtherCosts(percent, "alla", DAY).of(ore)
        assert abs(100 * other - ore * (100 + percent)) <= 50


class TestAPause:
    STATES = ((date(2020, 1, 1), "active"), (date(2027, 1, 1), "ended"))
    FAR = date(2029, 1, 1)

    def test_it_sings_again_after_it(self) -> None:
        pause = Pause("boden", DAY, date(2026, 10, 31))
        assert paused_states(self.STATES, pause, until=self.FAR) == (
            (date(2020, 1, 1), "active"),
            (DAY, "paused"),
            (date(2026, 11, 1), "active"),
            (date(2027, 1, 1), "ended"),
        )

    def test_what_it_was_going_to_be_it_becomes_afterwards(self) -> None:
        pause = Pause("boden", DAY, date(2027, 2, 28))
        assert paused_states(self.STATES, pause, until=self.FAR)[-1] == (date(2027, 3, 1), "ended")

    def test_without_a_last_day_it_ends(self) -> None:
        assert paused_states(self.STATES, Pause("boden", DAY, None), until=self.FAR)[1:] == ((DAY, "ended"),)

    def test_a_pause_beyond_what_is_counted_is_no_end(self) -> None:
        pause = Pause("boden", DAY, self.FAR)
        assert paused_states(self.STATES, pause, until=self.FAR)[1:] == ((DAY, "paused"),)


def test_days_longer() -> None:
    assert days_longer(date(2026, 11, 22), date(2026, 12, 24)) == 32
    assert days_longer(date(2026, 12, 24), date(2026, 11, 22)) == -32
    assert days_longer(None, DAY) is None
    assert days_longer(DAY, None) is None
