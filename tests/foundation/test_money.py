"""Öre: split without losing any, written and read as people write kronor."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.foundation.money import TwoReadingsError, kronor_text, parse_kronor, split, split_by_weight

SUMS = st.integers(-(10**12), 10**12)
WAYS = ("plain", "point", "dots", "spaces", "kr", "word", "dash", "tkr", "mkr")


def typed(ore: int, way: str) -> str:
    """A sum as somebody may type it."""
    sign = "-" if ore < 0 else ""
    whole, part = divmod(abs(ore), 100)
    grouped, decimals = f"{whole:,}", f",{part:02}"
    match way:
        case "point":
            return f"{sign}{whole}.{part:02}"
        case "dots":
            return f"{sign}{grouped.replace(',', '.')}{decimals}"
        case "spaces":
            return f"{sign}{grouped.replace(',', ' ')}{decimals}"
        case "kr":
            return f"{sign}{whole}{decimals} kr"
        case "word":
            return f"{sign}{whole}{decimals}kronor"
        case "dash":
            return f"{sign}{grouped.replace(',', ' ')}:-" if not part else f"{sign}{whole}:{part:02}"
        case "tkr":
            return f"{sign}{abs(ore) // 100_000},{abs(ore) % 100_000:05} tkr"
        case "mkr":
            return f"{sign}{abs(ore) // 100_000_000},{abs(ore) % 100_000_000:08} mkr"
        case _:
            return f"{sign}{whole}{decimals}"


class TestSplitting:
    def test_what_is_left_over_goes_to_the_first(self) -> None:
        assert split(100_000, 3) == [33_334, 33_333, 33_333]

    def test_a_minus_is_split_like_the_plus(self) -> None:
        assert split(-100_001, 3) == [-33_334, -33_334, -33_333]

    def test_nobody_to_divide_on_is_refused(self) -> None:
        with pytest.raises(ValueError):
            split(100, 0)
        with pytest.raises(ValueError):
            split_by_weight(100, [0, 0])
        with pytest.raises(ValueError):
            split_by_weight(100, [2, -1])

    @given(SUMS, st.integers(1, 400))
    def test_equal_parts_add_up_and_differ_by_an_ore_at_most(self, ore: int, parts: int) -> None:
        shares = split(ore, parts)
        assert sum(shares) == ore
        assert len(shares) == parts
        assert max(shares) - min(shares) <= 1
        assert split(-ore, parts) == [-share for share in shares]

    @given(SUMS, st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any))
    def test_weighted_parts_add_up_and_are_less_than_an_ore_off(self, ore: int, weights: list[int]) -> None:
        shares = split_by_weight(ore, weights)
        whole = sum(weights)
        assert sum(shares) == ore
        assert all(
            abs(share * whole - ore * weight) < whole for share, weight in zip(shares, weights, strict=True)
        )

    def test_the_largest_remainder_goes_first(self) -> None:
        assert split_by_weight(10, [1, 1, 4]) == [2, 2, 6]
        assert split_by_weight(7, [5, 3, 2]) == [4, 2, 1]


class TestWriting:
    @pytest.mark.parametrize(
        ("ore", "text"),
        [
            (6_800_000, "68\u00a0000\u00a0kr"),
            (250_050, "2\u00a0500,50\u00a0kr"),
            (5, "0,05\u00a0kr"),
            (0, "0\u00a0kr"),
            (-123_456_700, "−1\u00a0234\u00a0567\u00a0kr"),
        ],
    )
    def test_kronor_are_written_in_groups_of_three_and_ore_only_when_there_are_any(
        self, ore: int, text: str
    ) -> None:
        assert kronor_text(ore) == text


class TestReading:
    @pytest.mark.parametrize(
        ("text", "ore"),
        [
            ("68 000", 6_800_000),
            ("68000 kr", 6_800_000),
            ("68\u00a0000\u00a0kr", 6_800_000),
            ("68\u2009000", 6_800_000),
            ("68\u202f000", 6_800_000),
            ("2 500,50", 250_050),
            ("2.500,50", 250_050),
            ("2500.5", 250_050),
            ("1.250.000", 125_000_000),
            ("12500:-", 1_250_000),
            ("12 500 kronor", 1_250_000),
            (" 7 ", 700),
            ("−40", -4_000),
            ("10 000 000 000", 10**12),
            ("12 500,50", 1_250_050),
            ("12 500 :-", 1_250_000),
            ("12 500:–", 1_250_000),
            ("12500,-", 1_250_000),
            ("12 500 kr", 1_250_000),
            ("12 500 kr.", 1_250_000),
            ("kr 12 500", 1_250_000),
            ("SEK 12 500,00", 1_250_000),
            ("12:50", 1_250),
            ("+5 000", 500_000),
            ("250 tkr", 25_000_000),
            ("250tkr", 25_000_000),
            ("12,5 tkr", 1_250_000),
            ("250 tusen kronor", 25_000_000),
            ("1,7 mkr", 170_000_000),
            ("1.7 MKR", 170_000_000),
            ("1,7 Mnkr", 170_000_000),
            ("-1,75 mkr", -175_000_000),
            ("2 miljoner", 200_000_000),
            ("1,25 miljoner kr", 125_000_000),
            ("0,125 mkr", 12_500_000),
            ("1.250.000 kr", 125_000_000),
            ("10 000 mkr", 10**12),
        ],
    )
    def test_sums_are_read_as_people_write_them(self, text: str, ore: int) -> None:
        assert parse_kronor(text) == ore

    @pytest.mark.parametrize(
        "text",
        [
            "", "   ", "kr", "sjutton", "1 2", "12 50", "1,234", "1.250", "1,2,3", "1e5", "0x10", "--5", "5-",
            "10 000 000 000,01", "9" * 400, "١٢٣", "²", "½", "12\u200b5", "NaN", "1_000", "2.50,0", "1.23.456",
            "0.125", "12 500,123", "1 tkr 5", "mkr", "1,7 mkr mkr", "10 001 mkr", "0,000001 tkr", "1,7 m", "12 ,5",
            "1 250.500", "12500 kr kr", "1,250,000",
        ],
    )  # fmt: skip
    def test_what_is_no_sum_or_could_be_two_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_kronor(text)

    @pytest.mark.parametrize(
        ("text", "larger", "smaller"),
        [
            ("1.250", 125_000, 125),
            ("1,250", 125_000, 125),
            ("12.500 kr", 1_250_000, 1_250),
            ("1.250:-", 125_000, 125),
            ("-1.250", -125_000, -125),
            ("1.250 tkr", 125_000_000, 125_000),
            ("1.234", 123_400, None),
        ],
    )
    def test_what_could_be_a_thousand_or_a_part_is_refused_with_both(
        self, text: str, larger: int, smaller: int | None
    ) -> None:
        with pytest.raises(TwoReadingsError) as no:
            parse_kronor(text)
        assert (no.value.larger, no.value.smaller) == (larger, smaller)

    @given(SUMS, st.sampled_from(WAYS))
    def test_a_sum_is_the_same_in_every_way_it_is_typed(self, ore: int, way: str) -> None:
        assert parse_kronor(typed(ore, way)) == ore

    @given(SUMS)
    def test_what_is_written_reads_back(self, ore: int) -> None:
        assert parse_kronor(kronor_text(ore)) == ore

    @given(st.text())
    def test_any_text_is_a_sum_or_a_refusal(self, text: str) -> None:
        with suppress(ValueError):
            assert isinstance(parse_kronor(text), int)
