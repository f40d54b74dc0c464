"""A term's planned costs in another term: shifted, scaled, and never counted twice."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from choir_app.funding.rules.cost_plans import (
    Copy,
    PlannedCost,
    Standing,
    Term,
    copied_plan,
    scaled,
)
from choir_app.funding.rules.costs import Active, CostLine, Driver, cost_rows

KR = 100
SPRING, AUTUMN, NEXT_SPRING = Term(2026, 1), Term(2026, 2), Term(2027, 1)


def planned(name: str = "x", driver: str = "per_rehearsal", **more: object) -> PlannedCost:
    given_: dict[str, object] = {
        "choir": "Boden",
        "ore": 1_500 * KR,
        "valid_from": SPRING.first_on,
        "valid_to": SPRING.last_on,
        "category": "leader",
        **more,
    }
    what = given_.pop("what", None)
    return PlannedCost(CostLine(id=name, driver=Driver(driver), **given_), what)  # type: ignore[arg-type]  # as given


def copies(*costs: PlannedCost, target: Term = AUTUMN, change_bp: int = 0) -> dict[object, Copy]:
    return {one.of: one for one in copied_plan(costs, source=SPRING, target=target, change_bp=change_bp)}


class TestTerms:
    def test_are_half_years(self, app: Flask) -> None:
        assert (SPRING.first_on, SPRING.last_on) == (date(2026, 1, 1), date(2026, 6, 30))
        assert (AUTUMN.first_on, AUTUMN.last_on) == (date(2026, 7, 1), date(2026, 12, 31))
        assert (Term.of(date(2026, 6, 30)), Term.of(date(2026, 7, 1))) == (SPRING, AUTUMN)
        assert (SPRING.after(1), SPRING.after(3), SPRING.after(-1)) == (AUTUMN, Term(2027, 2), Term(2025, 2))
        assert SPRING.words == "våren 2026"
        assert AUTUMN.words == "hösten 2026"

    @pytest.mark.parametrize("key", ["", "2026", "2026-3", "26-1", "2026-1-1", "²026-1", "vår"])
    def test_what_is_none_is_refused(self, key: str) -> None:
        with pytest.raises(ValueError):
            Term.read(key)

    @given(st.integers(1990, 2100), st.sampled_from([1, 2]), st.integers(-20, 20))
    def test_read_back_and_stand_in_order(self, year: int, half: int, terms: int) -> None:
        term = Term(year, half)
        assert Term.read(term.key) == term
        assert term.after(terms).after(-terms) == term
        assert term.months_to(term.after(terms)) == 6 * terms
        assert term.after(1).first_on == term.last_on + timedelta(days=1)


class TestACopy:
    def test_of_a_whole_term_is_a_whole_term(self) -> None:
        assert copies(planned())["x"] == Copy("x", Standing.NEW, 1_500 * KR, AUTUMN.first_on, AUTUMN.last_on)

    def test_of_a_part_keeps_its_distance_in_months(self) -> None:
        part = planned(valid_from=date(2026, 2, 15), valid_to=date(2026, 5, 31))
        found = copies(part)["x"]
        assert (found.valid_from, found.valid_to) == (date(2026, 8, 15), date(2026, 11, 30))
        found = copies(part, target=NEXT_SPRING)["x"]
        assert (found.valid_from, found.valid_to) == (date(2027, 2, 15), date(2027, 5, 31))

    def test_of_a_cost_that_comes_once_comes_once(self) -> None:
        found = copies(planned(driver="once", valid_from=date(2026, 5, 20), valid_to=None))["x"]
        assert (found.valid_from, found.valid_to) == (date(2026, 11, 20), None)

    def test_goes_on_by_itself_when_the_old_one_does(self) -> None:
        found = copies(planned(valid_to=None))["x"]
        assert found.standing == Standing.GOES_ON

    def test_of_one_that_goes_on_takes_over_with_a_new_sum(self) -> None:
        found = copies(planned(valid_to=None), change_bp=250)["x"]
        assert found == Copy("x", Standing.NEW, 1_538 * KR, AUTUMN.first_on, None, ends_old_on=SPRING.last_on)

    def test_knows_what_is_planned_there_already(self) -> None:
        old, other = planned("old"), planned("there", valid_from=date(2026, 8, 1), valid_to=None)
        assert copies(old, other)["old"].standing == Standing.IS_THERE
        for unlike in (
            planned("a", choir="Umeå", valid_from=AUTUMN.first_on, valid_to=None),
            planned("a", category="venue", valid_from=AUTUMN.first_on, valid_to=None),
            planned("a", what="vikarie", valid_from=AUTUMN.first_on, valid_to=None),
            planned("a", valid_from=NEXT_SPRING.first_on, valid_to=None),
        ):
            assert copies(old, unlike)["old"].standing == Standing.NEW

    def test_of_another_term_is_none(self) -> None:
        assert copies(planned(valid_from=AUTUMN.first_on, valid_to=None)) == {}
        assert copies(planned(driver="once", valid_from=date(2025, 12, 31), valid_to=None)) == {}

    def test_is_for_a_later_term(self) -> None:
        for target in (SPRING, Term(2025, 2)):
            with pytest.raises(ValueError):
                copied_plan([planned()], source=SPRING, target=target)


class TestTheSum:
    @pytest.mark.parametrize(
        ("ore", "change_bp", "becomes"),
        [
            (1_500 * KR, 300, 1_545 * KR),
            (1_500 * KR, -1_000, 1_350 * KR),
            (150 * KR, 250, 154 * KR),  # 153.75
            (15_050, 300, 15_502),  # 155.015
            (1, -9_000, 1),
            (1 * KR, -9_000, 1 * KR),
        ],
    )
    def test_is_scaled(self, ore: int, change_bp: int, becomes: int) -> None:
        assert scaled(ore, change_bp) == becomes

    @given(st.integers(1, 10**10), st.integers(-9_000, 40_000))
    def test_is_never_more_than_half_a_krona_off(self, ore: int, change_bp: int) -> None:
        exact = ore * (10_000 + change_bp) / 10_000
        assert abs(scaled(ore, change_bp) - exact) <= (50 if ore > 10_000 else 100) + 1e-3
        assert scaled(ore, 0) == ore


@given(
    st.dates(date(2025, 7, 1), date(2026, 6, 30)),
    st.one_of(st.none(), st.integers(0, 500)),
    st.sampled_from(["per_rehearsal", "monthly"]),
    st.integers(-2_000, 3_000),
)
def test_no_day_is_paid_twice_by_the_old_and_the_new(
    first: date, days: int | None, driver: str, change_bp: int
) -> None:
    last = None if days is None else first + timedelta(days=days)
    old = planned("old", driver, valid_from=first, valid_to=last)
    for one in copied_plan([old], source=SPRING, target=AUTUMN, change_bp=change_bp):
        if one.standing == Standing.GOES_ON:
            continue
        old_line = CostLine("old", "Boden", Driver(driver), 1, first, one.ends_old_on or last)
        new_line = CostLine("new", "Boden", Driver(driver), 1, one.valid_from, one.valid_to)
        every_day = [date(2025, 7, 1) + timedelta(days=number) for number in range(730)]
        rows = cost_rows(
            [old_line, new_line],
            rehearsals={"Boden": every_day},
            active=[Active("Boden", date(2020, 1, 1))],
            since=every_day[0],
            until=every_day[-1],
        )
        per_day = [row.on for row in rows]
        if driver == "per_rehearsal":
            assert len(per_day) == len(set(per_day))
        assert one.valid_to is None or one.valid_from <= one.valid_to
