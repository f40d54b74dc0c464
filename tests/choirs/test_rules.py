"""What follows from dates, and which voice a written name means."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.choirs import rules

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


class TestStateOfAChoir:
    history = [(date(2026, 1, 7), "active"), (date(2026, 6, 17), "paused"), (date(2026, 8, 25), "active")]

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            (date(2026, 1, 6), "planned"),
            (date(2026, 1, 7), "active"),
            (date(2026, 6, 16), "active"),
            (date(2026, 6, 17), "paused"),
            (date(2026, 8, 24), "paused"),
            (date(2026, 8, 25), "active"),
            (date(2099, 1, 1), "active"),
        ],
    )
    def test_holds_from_its_own_day_on(self, day: date, state: str) -> None:
        assert rules.state_on(self.history, day) == state

    @given(st.permutations(history), DAYS)
    def test_the_order_of_rows_does_not_matter(self, rows: list[tuple[date, str]], day: date) -> None:
        assert rules.state_on(rows, day) == rules.state_on(self.history, day)

    def test_the_next_change(self) -> None:
        assert rules.next_change(self.history, date(2026, 6, 17)) == (date(2026, 8, 25), "active")
        assert rules.next_change(self.history, date(2026, 8, 25)) is None

    def test_a_choir_goes_from_planned_over_active_and_paused_to_ended(self) -> None:
        after = rules.NEXT_CHOIR_STATES
        assert rules.may_follow("planned", "active", after)
        assert rules.may_follow("active", "paused", after)
        assert rules.may_follow("paused", "ended", after)
        assert not rules.may_follow("planned", "paused", after)
        assert not rules.may_follow("ended", "paused", after)
        assert not rules.may_follow("active", "planned", after)


class TestPeriods:
    def test_both_ends_belong_to_it(self) -> None:
        first, last = date(2026, 1, 7), date(2026, 6, 16)
        assert not rules.covers(first, last, date(2026, 1, 6))
        assert rules.covers(first, last, first)
        assert rules.covers(first, last, last)
        assert not rules.covers(first, last, date(2026, 6, 17))
        assert rules.covers(first, None, date(2099, 1, 1))

    @given(DAYS)
    def test_periods_meet_without_gap_or_overlap(self, day: date) -> None:
        before = rules.day_before(day)
        assert (day - before).days == 1
        assert rules.covers(date(2014, 1, 1), before, before)
        assert not rules.covers(date(2014, 1, 1), before, day)

    def test_new_for_four_weeks(self) -> None:
        joined = date(2026, 6, 2)
        assert not rules.is_new(joined, date(2026, 6, 1))
        assert rules.is_new(joined, joined)
        assert rules.is_new(joined, date(2026, 6, 29))
        assert not rules.is_new(joined, date(2026, 6, 30))

    def test_a_membership_may_come_back(self) -> None:
        after = rules.NEXT_MEMBERSHIP_STATES
        assert rules.may_follow("left", "regular", after)
        assert rules.may_follow("paused", "regular", after)
        assert not rules.may_follow("left", "paused", after)
        assert not rules.may_follow("regular", "trying", after)


class TestVoices:
    soprano, alto, tenor = uuid4(), uuid4(), uuid4()
    old = [(soprano, "Sopran"), (alto, "Alt"), (tenor, "Tenor")]

    def test_another_order_keeps_each_voice(self) -> None:
        assert rules.paired_voices(self.old, ["Tenor", "sopran", "Alt"]) == [
            (self.tenor, "Tenor"),
            (self.soprano, "sopran"),
            (self.alto, "Alt"),
        ]

    def test_a_changed_line_is_the_same_voice_with_another_name(self) -> None:
        assert rules.paired_voices(self.old, ["Sopran", "Mellan", "Tenor"])[1] == (self.alto, "Mellan")

    def test_a_further_line_is_a_new_voice(self) -> None:
        assert rules.paired_voices(self.old, ["Sopran", "Alt", "Tenor", "Bas"])[3] == (None, "Bas")

    def test_a_line_left_out_takes_its_voice_away(self) -> None:
        assert rules.paired_voices(self.old, ["Sopran", "Tenor"]) == [
            (self.soprano, "Sopran"),
            (self.tenor, "Tenor"),
        ]

    @given(st.lists(st.sampled_from(["Sopran", "Alt", "Tenor", "Bas", "Mellan", "Alla"]), max_size=6))
    def test_no_voice_is_given_twice(self, names: list[str]) -> None:
        keys = [key for key, _name in rules.paired_voices(self.old, names) if key is not None]
        assert len(keys) == len(set(keys))

    @pytest.mark.parametrize(
        ("count", "pots"),
        [(0, []), (1, [0]), (2, [1, 4]), (3, [1, 2, 4]), (4, [1, 2, 3, 4]), (6, [1, 2, 3, 4, 4, 4])],
    )
    def test_pots_from_small_to_large(self, count: int, pots: list[int]) -> None:
        assert [rules.pot_of(place, count) for place in range(count)] == pots

    def test_no_voice_is_the_pot_of_all(self) -> None:
        assert rules.pot_of(None, 4) == 0
