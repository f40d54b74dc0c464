"""What is counted with less work says the same as what it is short for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from choir_app.funding.rules import (
    Ask,
    ChoirFinanced,
    Demand,
    Supply,
    chance_gap_closes,
    financed_plainly,
    financed_to,
    gap_of,
    match,
)
from choir_app.funding.rules.closes import closes_bp

START = date(2026, 1, 1)
END = START + timedelta(days=99)
CHOIRS = "ABC"

day = st.integers(0, 90).map(lambda days: START + timedelta(days=days))
some = st.frozensets(st.sampled_from(CHOIRS), min_size=1)
rows = st.lists(st.tuples(st.sampled_from(CHOIRS), day, st.integers(1, 50)), max_size=12).map(
    lambda found: [Demand(number, *one) for number, one in enumerate(found)]
)
supplies = st.lists(st.tuples(st.integers(0, 90), day, st.integers(0, 60), some), max_size=5).map(
    lambda found: [
        Supply(number, ore, first, first + timedelta(days=length), whom)
        for number, (ore, first, length, whom) in enumerate(found)
    ]
)
asks = st.lists(
    st.tuples(st.integers(1, 80), st.integers(1, 9_900), day, some, st.sampled_from([None, "x", "y"])), max_size=6
).map(
    lambda found: [
        Ask(number, ore, bp, money_on, START, None, whom, group)
        for number, (ore, bp, money_on, whom, group) in enumerate(found)
    ]
)  # fmt: skip


@given(supplies, rows, asks, st.sampled_from([None, *CHOIRS]))
def test_the_chance_alone(
    money: list[Supply], needed: list[Demand], asked: list[Ask], choir: str | None
) -> None:
    gap = gap_of(money, needed, match(money, needed), until=END, choir=choir)
    assert closes_bp(gap, asked) == chance_gap_closes(gap, asked).closes_bp


def test_the_chance_of_many_asks_is_drawn_as_ever() -> None:
    needed = [Demand(0, "A", START, 100)]
    asked = [Ask(n, 10 + n, 5_000, START, START, None, frozenset("A")) for n in range(14)]
    gap = gap_of([], needed, match([], needed), until=END)
    assert closes_bp(gap, asked) == chance_gap_closes(gap, asked).closes_bp


@given(supplies, rows, st.booleans())
def test_the_dates_without_their_range(
    money: list[Supply], needed: list[Demand], is_known: bool
) -> None:  # fmt: skip
    given_to = {
        "choirs": [*CHOIRS, "D"],
        "rehearsals": {"A": [START, END]},
        "as_of": START,
        "horizon": END,
        "balance_on": START if is_known else None,
    }
    whole = financed_to(money, needed, **given_to)  # type: ignore[arg-type]  # of several kinds
    plain = financed_plainly(money, needed, **given_to)  # type: ignore[arg-type]  # likewise
    assert (plain.network, plain.match) == (whole.network, whole.match)
    for choir, found in whole.choirs.items():
        told = plain.choirs[choir]
        if isinstance(found, ChoirFinanced) and isinstance(told, ChoirFinanced):
            assert told.financed == found.financed
        else:
            assert told == found
