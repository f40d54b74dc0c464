"""The forecast keeps score: a snapshot each month, later compared with what came."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from choir_app.choirs.models import ChoirState
from choir_app.foundation import clock
from choir_app.foundation.caretaker import CHORES, do_chores
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed
from choir_app.funding import actions
from choir_app.funding.models import ForecastSnapshot
from choir_app.funding.queries.score import moved_told, score, score_sentence
from choir_app.funding.rules.score import balances_met, chances_met, foreseen_on, usual_miss
from tests import makers
from tests.conftest import TheClock
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.visitor import Visitor

CHORE = "a snapshot of the forecast each month"
COURSE = [(TODAY, 100), (date(2026, 7, 10), 60), (date(2026, 9, 10), 20)]


class TestRules:
    @pytest.mark.parametrize(
        ("day", "ore"),
        [
            (TODAY - timedelta(days=1), None),
            (TODAY, 100),
            (date(2026, 7, 9), 100),
            (date(2026, 7, 10), 60),
            (date(2027, 1, 1), 20),
        ],
    )
    def test_the_balance_foreseen_for_a_day(self, day: date, ore: int | None) -> None:
        assert foreseen_on(COURSE, day) == ore

    def test_each_balance_is_compared_on_its_own_day(self) -> None:
        noted = [(TODAY, 1), (date(2026, 7, 8), 90), (date(2026, 7, 26), 50), (date(2026, 9, 18), 30)]
        met = balances_met(TODAY, COURSE, noted)
        assert [(one.months, one.on, one.foreseen_ore, one.was_ore, one.off_ore) for one in met] == [
            (1, date(2026, 7, 8), 100, 90, -10),
            (3, date(2026, 9, 18), 20, 30, 10),
        ]

    def test_what_is_not_near_is_not_compared(self) -> None:
        assert balances_met(TODAY, COURSE, [(date(2026, 8, 15), 1), (date(2026, 7, 27), 1)]) == []

    def test_nothing_foreseen_is_nothing_met(self) -> None:
        assert balances_met(TODAY, [], [(date(2026, 7, 16), 1)]) == []

    def test_how_far_off_on_the_average(self) -> None:
        met = [
            *balances_met(TODAY, COURSE, [(date(2026, 7, 16), 50)]),
            *balances_met(TODAY, COURSE, [(date(2026, 7, 16), 75)]),
        ]
        assert usual_miss(met, 1) == (13, 2)
        assert usual_miss(met, 6) == (0, 0)

    def test_chances_by_how_likely_they_were_held(self) -> None:
        found = chances_met([(9_000, True), (8_000, True), (8_000, False), (1_500, False), (2_000, True)])
        assert [(one.least_bp, one.below_bp, one.foreseen_bp, one.wins, one.n) for one in found] == [
            (0, 2_000, 1_500, 0, 1),
            (2_000, 5_000, 2_000, 1, 1),
            (8_000, 10_000, 8_333, 2, 3),
        ]

    @given(st.lists(st.tuples(st.integers(1, 9_900), st.booleans())))
    def test_every_answered_ask_is_in_one_group(self, answered: list[tuple[int, bool]]) -> None:
        found = chances_met(answered)
        assert sum(one.n for one in found) == len(answered)
        assert sum(one.wins for one in found) == sum(won for _, won in answered)
        assert all(one.least_bp <= one.foreseen_bp < one.below_bp for one in found)


class TestTheSnapshot:
    def test_it_holds_what_the_forecast_says(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        ask = makers.an_opportunity()
        one = actions.take_snapshot(as_of=TODAY, by=makers.a_manager())
        assert (one.month, one.as_of, one.state) == (date(2026, 6, 1), TODAY, "ends")
        assert (one.financed_to, one.first_unpaid_on) == (date(2026, 7, 2), date(2026, 7, 9))
        assert [(row.choir_id, row.financed_to) for row in one.choirs] == [(boden.id, date(2026, 7, 2))]
        assert [(row.opportunity_id, row.chance_bp) for row in one.asks] == [(ask.id, 1_500)]
        assert one.course[:3] == [
            ["2026-06-16", 3_500 * KR],
            ["2026-06-18", 2_500 * KR],
            ["2026-06-25", 1_500 * KR],
        ]
        assert one.course[-1][0] <= "2027-06-16"

    def test_one_each_month(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        manager = makers.a_manager()
        first = actions.take_snapshot(as_of=TODAY, by=manager)
        assert actions.take_snapshot(as_of=date(2026, 6, 30), by=manager) is first
        assert actions.take_snapshot(as_of=date(2026, 7, 1), by=manager) is not first
        assert db.session.query(ForecastSnapshot).count() == 2

    def test_the_caretaker_takes_it_and_twice_is_once(self, app: Flask, the_clock: TheClock) -> None:
        a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        db.session.commit()
        assert CHORE in CHORES
        assert do_chores()[CHORE]
        the_clock.set_to(clock.now() + timedelta(days=1))
        assert do_chores()[CHORE]
        assert [one.as_of for one in db.session.query(ForecastSnapshot)] == [TODAY]

    def test_nothing_known_is_kept_as_that(self, app: Flask) -> None:
        a_singing_choir()
        one = actions.take_snapshot(as_of=TODAY, by=makers.a_manager())
        assert (one.state, one.financed_to, one.course) == ("unknown", None, [])

    def test_a_leader_may_not(self, app: Flask) -> None:
        with pytest.raises(NotAllowed):
            actions.take_snapshot(as_of=TODAY, by=makers.a_leader(makers.a_choir()))


class TestTheScore:
    def test_the_date_moves_when_money_comes(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(3_500 * KR, TODAY)
        actions.take_snapshot(as_of=TODAY, by=manager)
        makers.an_agreement(2_000 * KR, boden, signed_on=date(2026, 7, 1))
        found = score(date(2026, 7, 9)).months[0]
        assert (found.network.days, found.network.has_come) == (14, True)
        assert moved_told(found.choirs[0]) == "14 dagar senare"

    def test_a_choir_that_sings_no_more(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        a_singing_choir("Östersund")
        makers.a_balance(3_500 * KR, TODAY)
        actions.take_snapshot(as_of=TODAY, by=manager)
        boden.states.append(ChoirState(state="ended", since=date(2026, 6, 17)))
        makers.a_balance(3_500 * KR, date(2026, 6, 30))
        said = score(date(2026, 7, 1)).months[0].choirs
        assert [(one.name, one.now is None) for one in said] == [("Boden", True), ("Östersund", False)]

    def test_the_cash_beside_what_was_foreseen(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(20_000 * KR, TODAY)
        actions.take_snapshot(as_of=TODAY, by=makers.a_manager())
        assert score(TODAY).miss(1) == (0, 0)
        makers.a_balance(14_000 * KR, date(2026, 7, 16))
        found = score(date(2026, 7, 20))
        assert found.miss(1) == (1_000 * KR, 1)
        assert score_sentence(found).replace("\u00a0", " ") == (
            "1 månad i förväg har kassan hamnat 1 000 kr från det vi sa, i snitt."
        )

    def test_the_first_chance_that_was_told_counts(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(1, TODAY)
        manager = makers.a_manager()
        won = makers.an_opportunity(stages=("pledged",))
        lost, asleep = makers.an_opportunity(), makers.an_opportunity()
        actions.take_snapshot(as_of=TODAY, by=manager)
        won.own_bp, won.own_bp_reason, won.own_bp_on = 9_500, "de ringde", TODAY
        actions.take_snapshot(as_of=date(2026, 7, 1), by=manager)
        won.agreement_id, won.stage = makers.an_agreement(1).id, "agreed"
        lost.stage, asleep.stage = "declined", "dormant"
        db.session.flush()
        assert [(one.foreseen_bp, one.wins, one.n) for one in score(date(2026, 7, 1)).chances] == [
            (1_500, 0, 1),
            (8_000, 1, 1),
        ]


class TestThePage:
    def test_before_the_first(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager())
        visitor.opens("/finansiering/traffsakerhet").sees(
            "Ingen prognos är sparad än.", "Den första sparas i natt."
        )

    def test_what_was_said_and_what_came(self, visitor: Visitor, the_clock: TheClock) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(20_000 * KR, TODAY)
        makers.an_opportunity(name="Höststöd")
        actions.take_snapshot(as_of=TODAY, by=manager)
        makers.an_agreement(2_000 * KR, boden, signed_on=date(2026, 7, 1))
        makers.a_balance(14_000 * KR, date(2026, 7, 16))
        the_clock.set_to(clock.start_of(date(2026, 7, 20)) + timedelta(hours=12))
        visitor.signs_in(manager)
        visitor.opens("/finansiering/traffsakerhet").sees(
            "16 juni 2026",
            "Då sa vi",
            "1 månad i förväg har kassan hamnat 1 000 kr från det vi sa",
            "1 000 kr mindre än vi sa",
            "Inget samtal i en sparad prognos har fått svar än.",
        )
