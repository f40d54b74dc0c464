"""The chance of an ask: defaults, the programme's rate, one's own word and the network's history."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import (
    Chance,
    Ended,
    History,
    OwnChance,
    StageDefault,
    chance_bp,
    history_of,
    of_which_one,
    smoothed_bp,
)

DAY = date(2026, 6, 16)


class TestDefaults:
    @pytest.mark.parametrize(
        ("stage", "new", "known"),
        [
            ("idea", 300, 1_000),
            ("talking", 1_500, 4_500),
            ("applied", 1_500, 7_500),
            ("pledged", 8_000, 9_000),
        ],
    )
    def test_by_stage_and_partner(self, stage: str, new: int, known: int) -> None:
        assert chance_bp(stage, is_known=False, as_of=DAY) == Chance(new, "stage", 0)
        assert chance_bp(stage, is_known=True, as_of=DAY) == Chance(known, "stage", 0)

    def test_the_programmes_own_rate_counts_once_applied(self) -> None:
        assert chance_bp("applied", is_known=True, programme_bp=1_000, as_of=DAY) == Chance(
            1_000, "programme", 0
        )
        assert chance_bp("talking", is_known=False, programme_bp=1_000, as_of=DAY).bp == 1_500

    def test_a_signature_or_a_no_has_no_chance(self) -> None:
        for stage in ("agreed", "declined", "withdrawn", "dormant"):
            with pytest.raises(ValueError, match="no open stage"):
                chance_bp(stage, is_known=False, as_of=DAY)

    def test_settings_of_ones_own(self) -> None:
        told = chance_bp("idea", is_known=False, as_of=DAY, defaults={"idea": StageDefault(700, 800)})
        assert told.bp == 700

    def test_a_programme_that_says_all_or_none_is_believed_neither_way(self) -> None:
        told = [chance_bp("applied", is_known=False, programme_bp=bp, as_of=DAY).bp for bp in (0, 10_000)]
        assert told == [1, 9_900]


class TestOwnWord:
    OWN = OwnChance(6_000, DAY, "Rektorn ringde")

    def test_counts_for_60_days_and_then_falls_back(self) -> None:
        last = DAY + timedelta(60)
        assert chance_bp("idea", is_known=False, own=self.OWN, as_of=last) == Chance(6_000, "own", 0)
        after = last + timedelta(1)
        assert chance_bp("idea", is_known=False, own=self.OWN, as_of=after) == Chance(300, "stage", 0, after)

    def test_does_not_count_before_it_was_said(self) -> None:
        told = chance_bp("idea", is_known=False, own=self.OWN, as_of=DAY - timedelta(1))
        assert told == Chance(300, "stage", 0)

    @pytest.mark.parametrize(("bp", "reason"), [(6_000, "  "), (0, "nej"), (9_901, "ja"), (10_000, "ja")])
    def test_has_a_reason_and_is_never_certain(self, bp: int, reason: str) -> None:
        with pytest.raises(ValueError, match=r"reason|certain"):
            OwnChance(bp, DAY, reason)


class TestHistory:
    @pytest.mark.parametrize(("wins", "n", "bp"), [(0, 3, 625), (1, 3, 1_875), (4, 8, 3_462)])
    def test_vectors(self, wins: int, n: int, bp: int) -> None:
        assert smoothed_bp(1_000, History(wins, n)) == bp

    def test_under_five_outcomes_the_default_stands(self) -> None:
        few = chance_bp("idea", is_known=True, as_of=DAY, history={("idea", True): History(4, 4)})
        assert (few, few.too_few) == (Chance(1_000, "stage", 4), True)
        many = chance_bp("idea", is_known=True, as_of=DAY, history={("idea", True): History(4, 8)})
        assert (many, many.too_few) == (Chance(3_462, "history", 8), False)

    def test_it_is_the_history_of_just_such_asks(self) -> None:
        told = chance_bp("idea", is_known=False, as_of=DAY, history={("idea", True): History(4, 8)})
        assert told == Chance(300, "stage", 0)

    def test_smooths_the_programmes_rate_too(self) -> None:
        past = {("applied", False): History(1, 5)}
        told = chance_bp("applied", is_known=False, programme_bp=600, as_of=DAY, history=past)
        assert told == Chance(1_300, "history", 5)

    def test_each_ask_counts_once_at_each_stage_it_stood_at(self) -> None:
        new, known = frozenset([("idea", False), ("talking", False)]), frozenset([("idea", True)])
        ended = [Ended(new, is_won=True), Ended(new, is_won=False), Ended(known, is_won=False)]
        assert history_of(ended) == {
            ("idea", False): History(1, 2),
            ("idea", True): History(0, 1),
            ("talking", False): History(1, 2),
        }

    @given(st.integers(1, 9_900), st.integers(0, 60), st.integers(0, 60))
    @settings(max_examples=150)
    def test_is_the_nearest_basis_point_and_never_nothing_or_certain(
        self, default: int, wins: int, losses: int
    ) -> None:
        past = History(wins, wins + losses)
        exact = Fraction(5 * default + 10_000 * wins, 5 + past.n)
        assert abs(smoothed_bp(default, past) - exact) <= Fraction(1, 2)
        told = chance_bp(
            "idea",
            is_known=False,
            as_of=DAY,
            defaults={"idea": StageDefault(default, default)},
            history={("idea", False): past},
        )
        assert 1 <= told.bp <= 9_900


class TestOfWhichOne:
    def test_up_to_99_per_cent_nothing_changes(self) -> None:
        assert of_which_one({"a": 6_000, "b": 3_900}) == {"a": 6_000, "b": 3_900}

    def test_above_that_each_is_lessened_in_proportion(self) -> None:
        assert of_which_one({"a": 8_000, "b": 8_000}) == {"a": 4_950, "b": 4_950}
        assert of_which_one({"a": 9_000, "b": 9_000, "c": 1_800}) == {"a": 4_500, "b": 4_500, "c": 900}

    @given(st.dictionaries(st.integers(0, 99), st.integers(1, 9_900), min_size=1, max_size=12))
    @settings(max_examples=150)
    def test_together_never_certain_none_nothing_order_kept(self, chances: dict[int, int]) -> None:
        told = of_which_one(chances)
        assert sum(told.values()) == min(9_900, sum(chances.values()))
        assert min(told.values()) >= 1
        assert all(told[one] <= chances[one] for one in chances)
        by_size = sorted(chances, key=lambda one: (chances[one], told[one]))
        assert [told[one] for one in by_size] == sorted(told.values())
        assert list(of_which_one(dict(reversed(chances.items()))).items()) == list(told.items())
