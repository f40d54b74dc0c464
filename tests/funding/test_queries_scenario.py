"""What if: a scenario answers what the books would answer if it came true, and leaves them as they are."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from choir_app.choirs.models import Choir, ChoirState
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding.models import Agreement, CostLine, ExclusiveGroup, Opportunity
from choir_app.funding.queries.answers import answers
from choir_app.funding.queries.facts import facts
from choir_app.funding.queries.forecast import Forecast
from choir_app.funding.queries.scenario import (
    Tried,
    changed_facts,
    difference,
    surroundings,
    today_as_of,
    told_changes,
    tried,
)
from choir_app.funding.rules.scenario import (
    AnotherChoir,
    Answered,
    NewPayer,
    OtherCosts,
    Pause,
    Scenario,
)
from tests import makers
from tests.funding.made import a_deadline, an_instalment
from tests.funding.test_queries_forecast import FIRST, KR, TODAY, a_singing_choir
from tests.statements import at_most

AUTUMN, CHRISTMAS = date(2026, 9, 1), date(2026, 12, 31)


def of(scenario: Scenario) -> Tried:
    return tried(scenario, today_as_of(TODAY))


def words_of(scenario: Scenario) -> list[str]:
    known = facts(TODAY)
    return [said.replace("\u00a0", " ") for said in told_changes(scenario, known, surroundings(known))]


def dates(told: Forecast) -> list[object]:
    """All that a forecast tells that does not hang on what rows are called."""
    return [
        told.network,
        [(one.financed, one.lacking_until(CHRISTMAS)) for one in told.choirs],
        [(span.first, span.cost_ore, span.unpaid_ore) for one in told.choirs for span in one.spans],
        [sorted(part.ore for part in span.paid) for one in told.choirs for span in one.spans],
        told.fund,
    ]


@pytest.fixture
def boden(app: Flask) -> Choir:
    """Two choirs that share a cost; the free money lasts for some weeks."""
    choir = a_singing_choir(cost=1_003)
    a_singing_choir("Östersund", cost=701)
    makers.a_cost_line(None, 999 * KR, "monthly", day_of_month=25)
    makers.a_balance(30_000 * KR, TODAY)
    return choir


class TestItIsAsTheBooksWouldTell:
    def test_an_ask_that_is_won(self, boden: Choir) -> None:
        ask = makers.an_opportunity(50_000 * KR, boden, usable_from=AUTUMN, usable_to=CHRISTMAS)
        then = of(Scenario(answers={ask.id: Answered(is_yes=True)})).then
        agreement = makers.an_agreement(
            50_000 * KR, boden, usable_from=AUTUMN, usable_to=CHRISTMAS, signed_on=TODAY
        )
        an_instalment(agreement, 50_000 * KR, date(2026, 8, 1))
        db.session.delete(ask)
        real = answers(facts(TODAY))
        assert dates(then.forecast) == dates(real.forecast)
        assert then.cash
        assert real.cash
        assert then.cash.dips == real.cash.dips
        assert not then.facts.asks

    def test_an_ask_for_all_that_is_won_with_another_sum(self, boden: Choir) -> None:
        ask = makers.an_opportunity(50_000 * KR, usable_from=AUTUMN, usable_to=None)
        then = of(Scenario(answers={ask.id: Answered(is_yes=True, ore=20_000 * KR)})).then
        makers.an_agreement(20_000 * KR, usable_from=AUTUMN, signed_on=TODAY)
        assert dates(then.forecast) == dates(answers(facts(TODAY)).forecast)

    def test_a_new_payer_of_a_town(self, boden: Choir) -> None:
        payer = NewPayer(4_000 * KR, "ort.boden", AUTUMN, CHRISTMAS)
        then = of(Scenario(payers=(payer,))).then
        agreement = makers.an_agreement(
            16_000 * KR, towns=[boden.town], usable_from=AUTUMN, usable_to=CHRISTMAS, signed_on=TODAY
        )
        for month in (9, 10, 11, 12):
            an_instalment(agreement, 4_000 * KR, date(2026, month, 1))
        real = answers(facts(TODAY))
        assert dates(then.forecast) == dates(real.forecast)
        assert then.cash
        assert real.cash
        assert then.cash.dips == real.cash.dips

    def test_a_pause(self, boden: Choir) -> None:
        then = of(Scenario(pauses=(Pause("boden", AUTUMN, date(2026, 10, 31)),))).then
        boden.states += [
            ChoirState(state="paused", since=AUTUMN),
            ChoirState(state="active", since=date(2026, 11, 1)),
        ]
        db.session.flush()
        assert dates(then.forecast) == dates(answers(facts(TODAY)).forecast)

    def test_a_pause_changes_nothing_that_lies_before_today(self, app: Flask) -> None:
        makers.a_balance(20_000 * KR, TODAY - timedelta(days=20))
        makers.a_rehearsal(a_singing_choir(), clock.start_of(TODAY - timedelta(days=5)) + timedelta(hours=18))
        now, then = (
            of(Scenario()).now,
            of(Scenario(pauses=(Pause("boden", makers.LONG_AGO, CHRISTMAS),))).then,
        )
        costs = [[row.on for row in one.facts.demands if row.on < TODAY] for one in (now, then)]
        assert costs[0] == costs[1] == [TODAY - timedelta(days=5)]

    def test_other_costs_count_from_their_day_on(self, boden: Choir) -> None:
        second = FIRST + timedelta(weeks=1)
        then = of(Scenario(costs=(OtherCosts(50, "alla", second),))).then
        by_day = {row.on: row.ore for row in then.facts.demands}
        before = {row.on: row.ore for row in of(Scenario()).now.facts.demands}
        assert (by_day[FIRST], by_day[second]) == (before[FIRST], before[second] * 3 // 2)

    def test_a_choir_that_ends(self, boden: Choir) -> None:
        makers.a_cost_line(boden, 500 * KR, "monthly", day_of_month=31)
        then = of(Scenario(pauses=(Pause("boden", AUTUMN, None),))).then
        boden.states.append(ChoirState(state="ended", since=AUTUMN))
        db.session.flush()
        assert dates(then.forecast) == dates(answers(facts(TODAY)).forecast)

    def test_another_choir(self, boden: Choir) -> None:
        makers.a_cost_line(boden, 500 * KR, "monthly")
        makers.an_agreement(9_000 * KR)
        makers.an_agreement(5_000 * KR, boden)
        then = of(Scenario(others=(AnotherChoir("boden", AUTUMN),))).then
        new = makers.a_choir(town="Göteborg", since=AUTUMN)
        makers.a_series(new, AUTUMN + timedelta(days=2))
        makers.a_cost_line(new, 1_003 * KR)
        makers.a_cost_line(new, 500 * KR, "monthly", day_of_month=makers.LONG_AGO.day, valid_from=AUTUMN)
        real = answers(facts(TODAY)).forecast
        assert then.forecast.network == real.network
        mine = {one.name: one.financed for one in then.forecast.choirs}
        assert mine["Ny kör som Boden"] == next(o.financed for o in real.choirs if o.id == new.id)
        assert mine["Boden"] == next(o.financed for o in real.choirs if o.id == boden.id)

    def test_other_costs_of_one_kind(self, boden: Choir) -> None:
        room = makers.a_cost_line(boden, 1_000 * KR, "monthly", day_of_month=1, category="venue")
        then = of(Scenario(costs=(OtherCosts(50, "slag.venue", TODAY),))).then
        room.ore = 1_500 * KR
        db.session.flush()
        assert dates(then.forecast) == dates(answers(facts(TODAY)).forecast)

    def test_other_costs_of_all(self, boden: Choir) -> None:
        then = of(Scenario(costs=(OtherCosts(-90, "alla", TODAY),))).then
        for line in db.session.query(CostLine):
            line.ore //= 10
        db.session.flush()
        real = answers(facts(TODAY)).forecast
        assert then.forecast.network.first_unpaid_on == real.network.first_unpaid_on

    def test_a_late_report(self, boden: Choir) -> None:
        agreement = makers.an_agreement(40_000 * KR, usable_from=TODAY)
        report = a_deadline(agreement, date(2026, 7, 1))
        one = an_instalment(
            agreement, 40_000 * KR, date(2026, 7, 15), condition="report", deadline_id=report.id
        )
        known = facts(TODAY)
        before = known.instalments[0].expected_on
        after = changed_facts(Scenario(delays={one.id: 60}), known, surroundings(known)).instalments[0]
        assert before
        assert after.expected_on == before + timedelta(days=60)


class TestBesideToday:
    def test_nothing_tried_is_todays_plan(self, boden: Choir) -> None:
        found = of(Scenario())
        assert found.then is found.now
        assert found.days == 0

    def test_how_many_days_longer(self, boden: Choir) -> None:
        found = of(Scenario(payers=(NewPayer(1_000 * KR, "alla", TODAY, CHRISTMAS),)))
        before, after = found.now.forecast.network, found.then.forecast.network
        assert before.first_unpaid_on
        assert after.first_unpaid_on
        assert found.days == (after.first_unpaid_on - before.first_unpaid_on).days > 0
        assert found.lacking_then < found.lacking_now

    def test_money_that_is_enough_is_at_least(self, boden: Choir) -> None:
        found = of(Scenario(payers=(NewPayer(900_000 * KR, "alla", TODAY, date(2030, 1, 1)),)))
        assert found.is_beyond
        assert found.days
        assert all(one.is_beyond for one in found.choirs)
        assert difference(found.days, is_beyond=True).startswith("minst ")

    def test_a_choir_that_is_new_and_one_that_is_no_more(self, boden: Choir) -> None:
        found = of(
            Scenario(others=(AnotherChoir("boden", AUTUMN),), pauses=(Pause("ostersund", TODAY, None),))
        )
        assert [(one.name, one.now is None, one.then is None) for one in found.choirs] == [
            ("Boden", False, False),
            ("Östersund", False, True),
            ("Ny kör som Boden", True, False),
        ]

    def test_the_chance_hangs_on_what_is_left(self, boden: Choir) -> None:
        sure = makers.an_opportunity(900_000 * KR, usable_from=TODAY, stages=("pledged",), decision_on=TODAY)
        chance = of(Scenario()).now.chance(CHRISTMAS).closes_bp
        assert 0 < chance < 10_000
        assert of(Scenario(answers={sure.id: Answered(is_yes=False)})).then.chance(CHRISTMAS).closes_bp == 0
        assert of(Scenario(answers={sure.id: Answered(is_yes=True)})).then.chance(CHRISTMAS).gap_ore == 0
        late = of(Scenario(delays={sure.id: 700})).then.chance(CHRISTMAS)
        assert (late.closes_bp, late.late) == (0, (sure.id,))

    def test_of_an_exclusive_group_one_comes_true(self, boden: Choir) -> None:
        group = ExclusiveGroup(id=uuid4(), name="Samma stiftelse")
        db.session.add(group)
        one = makers.an_opportunity(5_000 * KR, exclusive_group_id=group.id, name="Ett")
        two = makers.an_opportunity(5_000 * KR, exclusive_group_id=group.id, name="Två")
        yes = Answered(is_yes=True)
        found = of(Scenario(answers={one.id: yes, two.id: yes}))
        assert len(found.then.facts.supplies) == len(found.now.facts.supplies) + 1
        assert not found.then.facts.asks
        assert found.passed_over == ("Bara ett av samtalen i gruppen kan bli av: «Två» räknas inte med.",)

    def test_what_is_not_there_any_more_is_told(self, boden: Choir) -> None:
        gone = makers.an_opportunity(5_000 * KR, stages=("applied", "declined"), name="Höststöd")
        scenario = Scenario(
            answers={gone.id: Answered(is_yes=True), UUID(int=1): Answered(is_yes=False)},
            delays={UUID(int=2): 30},
            pauses=(Pause("kiruna", TODAY, None),),
            payers=(NewPayer(1, "ort.kiruna", TODAY, TODAY),),
        )
        found = of(scenario)
        assert len(found.passed_over) == 4
        assert any("Höststöd" in said for said in found.passed_over)
        assert dates(found.then.forecast) == dates(found.now.forecast)


class TestWhatItLeavesAlone:
    def test_the_data(self, boden: Choir) -> None:
        makers.an_opportunity(50_000 * KR)
        db.session.commit()
        everything = Scenario(
            payers=(NewPayer(1_000 * KR, "boden", TODAY, CHRISTMAS),),
            answers={one.id: Answered(is_yes=True) for one in db.session.query(Opportunity)},
            costs=(OtherCosts(10, "boden", TODAY),),
            pauses=(Pause("boden", AUTUMN, None),),
            others=(AnotherChoir("boden", AUTUMN),),
        )
        before = facts(TODAY)
        of(everything)
        assert not db.session.dirty
        assert not db.session.new
        assert facts(TODAY) == before
        assert db.session.query(Agreement).count() == 0

    def test_what_lies_before_the_day(self, boden: Choir) -> None:
        """A pause or a price from a day long ago counts from the day that is asked about."""
        makers.a_rehearsal(boden, starts_at=makers.clock.now())
        long_ago = date(2020, 1, 1)
        one, other = Pause("boden", long_ago, AUTUMN), Pause("boden", TODAY, AUTUMN)
        costs, from_today = OtherCosts(10, "alla", long_ago), OtherCosts(10, "alla", TODAY)
        told = of(Scenario(pauses=(one,), costs=(costs,))).then.forecast
        assert dates(told) == dates(of(Scenario(pauses=(other,), costs=(from_today,))).then.forecast)

    def test_the_same_twice_is_the_same(self, boden: Choir) -> None:
        scenario = Scenario(others=(AnotherChoir("boden", AUTUMN),), costs=(OtherCosts(7, "alla", FIRST),))
        assert dates(of(scenario).then.forecast) == dates(of(scenario).then.forecast)


class TestInWords:
    def test_every_change_is_told(self, boden: Choir) -> None:
        partner = makers.a_partner("Folkets hus")
        ask = makers.an_opportunity(50_000 * KR, name="Höststöd", partner=partner)
        no = makers.an_opportunity(5_000 * KR, name="Vårstöd", partner=partner)
        assert words_of(
            Scenario(
                payers=(NewPayer(15_000 * KR, "ort.boden", AUTUMN, CHRISTMAS),),
                costs=(
                    OtherCosts(10, "slag.venue", AUTUMN),
                    OtherCosts(-5, "alla", AUTUMN),
                    OtherCosts(1, "boden", AUTUMN),
                ),
                pauses=(Pause("boden", AUTUMN, CHRISTMAS), Pause("ostersund", AUTUMN, None)),
                others=(AnotherChoir("boden", AUTUMN),),
                answers={ask.id: Answered(is_yes=True), no.id: Answered(is_yes=False)},
                delays={ask.id: 60},
            )
        ) == [
            "En ny finansiär betalar 15 000 kr i månaden för Boden, 1 september 2026 till 31 december 2026.",
            "Kostnaden för lokal blir 10 % högre från 1 september 2026.",
            "Alla kostnader blir 5 % lägre från 1 september 2026.",
            "Kostnaderna för Boden blir 1 % högre från 1 september 2026.",
            "Boden pausar 1 september 2026 till 31 december 2026.",
            "Östersund slutar sjunga 1 september 2026.",
            "En kör till, som Boden, från 1 september 2026.",
            "Folkets hus säger ja till 50 000 kr för «Höststöd».",
            "Folkets hus säger nej till «Vårstöd».",
            "Pengarna från Folkets hus för «Höststöd» kommer 60 dagar senare.",
        ]

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (None, ""),
            (0, "samma dag"),
            (1, "1 dag längre"),
            (32, "32 dagar längre"),
            (-1, "1 dag kortare"),
            (-12, "12 dagar kortare"),
        ],
    )
    def test_the_difference(self, app: Flask, days: int | None, said: str) -> None:
        assert difference(days) == said


def test_the_surroundings_take_few_statements(boden: Choir) -> None:
    known = facts(TODAY)
    with at_most(4, "statements"):
        surroundings(known)
