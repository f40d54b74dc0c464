"""The four answers together: cash, free money, the chance, what it takes, and the talks that give most time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given, settings

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.funding import actions, queries, rules
from choir_app.funding.queries import answer_sentences as words
from choir_app.funding.queries.forecast import by_day
from choir_app.funding.queries.months import costs_of_month, months_of
from tests import makers
from tests.funding.test_rules_match import World, worlds

KR = 100
TODAY = date(2026, 6, 16)
FIRST = date(2026, 6, 18)
NEW_YEAR = date(2020, 1, 1)


def an_id(number: int) -> UUID:
    return UUID(int=number)


def an_ask(
    number: int, kronor: int, chance_bp: int, choirs: Iterable[Choir], **more: object
) -> queries.OpenAsk:
    """An open ask whose money is there tomorrow and may pay for anything of the choirs."""
    known = {
        "id": an_id(number),
        "name": f"Samtal {number}",
        "partner": f"Partner {number}",
        "partner_slug": f"partner-{number}",
        "stage": "talking",
        "ore": kronor * KR,
        "chance": rules.Chance(chance_bp, "stage", 0),
        "exclusive_group_id": None,
        "decision_on": TODAY,
        "money_on": TODAY,
        "usable_from": date(2020, 1, 1),
        "usable_to": None,
        "choirs": frozenset(choir.id for choir in choirs),
        "programme_id": None,
        "programme": None,
        "last_day_to_apply": None,
    }
    return queries.OpenAsk(**{**known, **more})  # type: ignore[arg-type]  # the words are those of the class


def a_singing_choir(name: str = "Boden", *, cost: int = 1_000) -> Choir:
    choir = makers.a_choir(town=name)
    makers.a_series(choir, FIRST)
    makers.a_cost_line(choir, cost * KR)
    return choir


def answered(*asks: queries.OpenAsk, as_of: date = TODAY) -> queries.Answers:
    return queries.answers(replace(queries.facts(as_of), asks=asks))


@pytest.fixture
def a_year_of_thursdays(app: Flask) -> Choir:
    """DOMAIN.md's worked example: 39 rehearsals in 2020 at 3,500 kr, with 55,000 kr in the bank on New Year's Day."""
    choir = makers.a_choir(name="Boden")
    days = [date(2020, 1, 9) + timedelta(weeks=week) for week in range(49)]
    for day in (day for day in days if not date(2020, 6, 12) <= day <= date(2020, 8, 20)):
        makers.a_rehearsal(choir, clock.from_local(day, datetime(2020, 1, 1, 18, tzinfo=UTC).time()))
    makers.a_cost_line(choir, 3_500 * KR, valid_from=NEW_YEAR)
    makers.a_balance(55_000 * KR, NEW_YEAR)
    return choir


class TestCashAndFreeMoney:
    def test_the_worked_example_has_a_dip_and_an_end(self, a_year_of_thursdays: Choir) -> None:
        known = queries.facts(NEW_YEAR)
        agreement = makers.an_agreement(
            60_000 * KR, a_year_of_thursdays, signed_on=NEW_YEAR, usable_from=NEW_YEAR, name="Bron"
        )
        coming = queries.DueInstalment(
            id=an_id(1),
            agreement_id=agreement.id,
            agreement="Bron",
            partner="Bodenbo",
            ore=60_000 * KR,
            due_on=date(2020, 5, 29),
            condition="date",
            condition_met_on=None,
            expected_on=date(2020, 5, 29),
            is_late=False,
            deadline_id=None,
        )
        found = queries.answers(replace(queries.facts(NEW_YEAR), instalments=(coming,)))
        assert found.cash
        dip, end = found.cash.dips
        assert (dip.first_on, dip.last_on, dip.depth_ore) == (
            date(2020, 4, 23),
            date(2020, 5, 28),
            18_500 * KR,
        )
        assert words.balance_on(found.cash, found, date(2020, 5, 29)) == 41_500 * KR
        assert words.balance_on(found.cash, found, NEW_YEAR) == 55_000 * KR
        assert end.first_on == date(2020, 10, 29)
        assert words.cash_sentence(found) == "Kassan räcker till 22 oktober 2020."
        assert words.dip_sentences(found, found.cash) == [
            "Den är under noll från 23 april 2020 till 28 maj 2020, som mest 18\u00a0500\u00a0kr."
        ]
        assert found.target == date(2020, 12, 31)
        assert words.cash_lacking_sentence(replace(found, target=date(2020, 12, 10)), found.cash) == (
            "10 december 2020 fattas 21\u00a0500\u00a0kr."
        )
        assert words.cash_sentence(found, "free") == "De fria pengarna räcker till 16 april 2020."
        assert known.free_ore == found.facts.free_ore == 55_000 * KR

    def test_without_a_balance_there_is_no_answer(self, app: Flask) -> None:
        a_singing_choir()
        found = answered()
        assert (found.cash, found.free) == (None, None)
        assert words.cash_sentence(found) == "Vi vet inte hur länge kassan räcker."
        assert words.cash_sentence(found, "free") == "Vi vet inte hur länge de fria pengarna räcker."

    def test_restricted_money_is_cash_but_not_free(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(10_000 * KR, TODAY)
        agreement = makers.an_agreement(8_000 * KR, boden)
        actions.note_payment(agreement, on=TODAY, ore=8_000 * KR, by=manager)
        found = answered()
        assert words.cash_sentence(found) == "Kassan räcker till 20 augusti 2026."
        assert words.cash_sentence(found, "free") == "De fria pengarna räcker till 25 juni 2026."

    def test_what_came_since_the_balance_comes_in_once(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY - timedelta(days=5))
        agreement = makers.an_agreement(5_000 * KR, boden)
        actions.note_payment(agreement, on=TODAY, ore=2_000 * KR, by=manager)
        due = queries.DueInstalment(
            an_id(1), agreement.id, "", "", 4_000 * KR, FIRST, "date", None, FIRST, False, None
        )
        later = replace(
            due, id=an_id(2), ore=1_000 * KR, due_on=date(2026, 7, 1), expected_on=date(2026, 7, 1)
        )
        known = replace(queries.facts(TODAY), instalments=(due, later))
        assert [(one.id, ore) for one, ore in queries.still_to_come(known)] == [
            (due.id, 2_000 * KR),
            (later.id, 1_000 * KR),
        ]
        assert sum(flow.ore for flow in queries.committed_flows(known) if flow.ore > 0) == 5_000 * KR
        assert queries.answers(known).unplanned == ()

    def test_what_came_after_the_day_asked_about_is_not_known_yet(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY - timedelta(days=9))
        agreement = makers.an_agreement(5_000 * KR, boden)
        actions.note_payment(agreement, on=TODAY - timedelta(days=2), ore=2_000 * KR, by=manager)
        assert queries.facts(TODAY - timedelta(days=3)).received == ()
        assert [came.ore for came in queries.facts(TODAY - timedelta(days=2)).received] == [2_000 * KR]

    def test_signed_money_that_nobody_says_the_day_of_is_told_apart(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(1_000 * KR, TODAY)
        makers.an_agreement(5_000 * KR, boden)
        makers.an_agreement(7_000 * KR, boden, usable_to=TODAY - timedelta(days=1))
        found = answered()
        assert [one.ore for one in found.unplanned] == [5_000 * KR]
        assert words.cash_sentence(found) == "Kassan räcker till 18 juni 2026."

    def test_one_so_late_that_nobody_should_count_on_it_is_not_counted(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        agreement = makers.an_agreement(5_000 * KR, boden)
        lost = queries.DueInstalment(
            an_id(1), agreement.id, "", "", 5_000 * KR, TODAY, "date", None, None, True, None
        )
        assert all(
            flow.ore < 0
            for flow in queries.committed_flows(replace(queries.facts(TODAY), instalments=(lost,)))
        )

    def test_it_is_told_no_further_than_plans_reach(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_series(boden, FIRST, last_on=date(2026, 12, 10))
        makers.a_cost_line(boden, 1_000 * KR)
        makers.a_balance(90_000 * KR, TODAY)
        assert words.cash_sentence(answered()) == "Kassan räcker längre än till 10 december 2026."


class TestTheChance:
    def test_the_vector(self, app: Flask) -> None:
        """180,000 at 50 %, 500,000 and 150,000 at 10 % that exclude each other, 40,000 at 80 %, 60,000 at 25 %."""
        boden = makers.a_choir()
        makers.a_cost_line(boden, 200_000 * KR, "once", valid_from=date(2026, 9, 1))
        makers.a_balance(0, TODAY)
        found = answered(
            an_ask(1, 180_000, 5_000, [boden]),
            an_ask(2, 500_000, 1_000, [boden], exclusive_group_id=an_id(9)),
            an_ask(3, 150_000, 1_000, [boden], exclusive_group_id=an_id(9)),
            an_ask(4, 40_000, 8_000, [boden]),
            an_ask(5, 60_000, 2_500, [boden]),
        )
        chance = found.chance(date(2026, 12, 31), boden.id)
        assert chance.gap_ore == 200_000 * KR
        assert chance.weighted_ore == 202_000 * KR
        assert words.chance_told(chance.closes_bp) == "50\u00a0%"
        assert round(chance.cover_ore / KR / 1_000) == 137
        assert found.chance(date(2026, 12, 31), boden.id) is chance
        assert words.gap_chance_sentence(chance, date(2026, 12, 31), "Boden") == (
            "200\u00a0000\u00a0kr fattas för Boden till och med 31 december 2026. "
            "Chansen att allt kommer i tid är 50\u00a0%."
        )
        assert "Summa gånger chans blir 202\u00a0000\u00a0kr" in words.chance_notes(chance)[1]

    def test_an_ask_whose_money_comes_late_does_not_count(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        found = answered(an_ask(1, 90_000, 5_000, [boden], money_on=FIRST + timedelta(days=1)))
        until = date(2026, 7, 31)
        assert (found.chance(until).closes_bp, found.chance(until).late) == (0, (an_id(1),))
        lent = found.chance(until, in_time=False)
        assert lent.closes_bp == 5_000
        assert words.chance_notes(found.chance(until), lent) == [
            "Lånar någon ut pengarna tills de kommer är chansen 50\u00a0%."
        ]

    def test_what_lacks_nothing_has_no_chance_to_tell(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(900_000 * KR, TODAY)
        chance = answered(an_ask(1, 1_000, 5_000, [boden])).chance(date(2026, 12, 31))
        assert (
            words.gap_chance_sentence(chance, date(2026, 12, 31))
            == "Inget fattas till och med 31 december 2026."
        )
        assert words.chance_notes(chance) == []

    @pytest.mark.parametrize(
        ("bp", "told"),
        [
            (0, "0\u00a0%"),
            (1, "under 1 %"),
            (99, "under 1 %"),
            (150, "2\u00a0%"),
            (9_949, "över 99 %"),
            (9_900, "99\u00a0%"),
            (9_999, "över 99 %"),
            (10_000, "100\u00a0%"),
        ],
    )
    def test_nothing_uncertain_is_told_as_certain(self, bp: int, told: str) -> None:
        assert words.chance_told(bp) == told


class TestWhatItTakes:
    def test_for_one_choir(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(2_000 * KR, TODAY)
        found = answered(an_ask(1, 20_000, 8_500, [boden]), an_ask(2, 20_000, 1_000, [boden]))
        until = date(2026, 7, 31)
        told = queries.takes(found, until, boden.id)
        # Seven Thursdays to the end of July, of which two are paid.
        assert (told.extra.ore, told.extra.per_month_ore, told.extra.per_rehearsal_ore) == (
            5_000 * KR,
            5_000 * KR,
            1_000 * KR,
        )
        assert told.needed_from == date(2026, 7, 2)
        assert [ask.id for ask in told.asks] == [an_id(1)]
        assert words.takes_sentence(told, "Boden") == (
            "Det krävs 5\u00a0000\u00a0kr till för Boden till och med 31 juli 2026."
        )
        assert words.needed_sentence(told) == "Det räcker med 1 samtal för 85\u00a0% chans."

    def test_with_so_much_more_the_choir_is_financed_to_the_day_and_with_less_it_is_not(
        self, app: Flask
    ) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund", cost=1_300)
        makers.a_balance(7_000 * KR, TODAY)
        known = queries.facts(TODAY)
        until = date(2026, 8, 31)
        for choir in (boden.id, ostersund.id, None):
            extra = queries.takes(queries.answers(known), until, choir).extra
            singing = frozenset([choir] if choir else [one.id for one in known.choirs])
            for ore, is_enough in ((extra.ore, True), (extra.ore - 1, False)):
                more = rules.Supply("more", ore, TODAY, None, singing)
                made = rules.match([*known.supplies, more], [row for row in known.demands if row.on <= until])
                short = any(row.choir in singing and row.id in made.short for row in known.demands)
                assert short is not is_enough

    def test_nothing_when_it_is_paid(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(900_000 * KR, TODAY)
        told = queries.takes(answered(), date(2026, 12, 31), boden.id)
        assert (told.extra.ore, told.needed_from, told.to_apply) == (0, None, ())
        assert words.takes_sentence(told, "Boden") == "Boden är finansierad till och med 31 december 2026."

    def test_when_not_even_all_are_enough(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        told = queries.takes(answered(an_ask(1, 90_000, 5_000, [boden])), date(2026, 7, 31), boden.id)
        assert told.needed.asks is None
        assert words.needed_sentence(told) == (
            "Inte ens alla öppna samtal räcker till 80 %. Tillsammans ger de 50\u00a0%."
        )

    def test_the_last_day_to_apply_is_reckoned_from_the_first_unpaid_day(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(20_000 * KR, TODAY)
        needed_on = FIRST + timedelta(weeks=20)
        terms = rules.Terms(None, None, frozenset(), None, None, 0, False, False, TODAY)
        elsewhere = replace(terms, towns=frozenset([an_id(77)]))
        programmes = tuple(
            queries.CountedProgramme(an_id(number), f"Program {number}", "P", "p", an_id(50), asked, 60, lag)
            for number, asked, lag in ((1, terms, 10), (2, elsewhere, 10), (3, terms, 200))
        )
        found = queries.answers(replace(queries.facts(TODAY), programmes=programmes))
        told = queries.takes(found, date(2026, 12, 31), boden.id)
        assert told.needed_from == needed_on
        assert [(one.name, one.last_day.on) for one in told.to_apply] == [
            ("Program 1", needed_on - timedelta(days=70)),
            ("Program 3", None),
        ]

    def test_a_programme_that_waits_for_an_agreement_to_end_may_come_too_late(self, app: Flask) -> None:
        boden, lyktan = a_singing_choir(), makers.a_partner("Lyktan")
        makers.a_balance(20_000 * KR, TODAY)
        ends = date(2026, 10, 1)
        makers.an_agreement(1 * KR, boden, partner=lyktan, usable_to=ends)
        terms = rules.Terms(None, None, frozenset(), None, None, 0, False, True, TODAY)
        one = queries.CountedProgramme(an_id(1), "Nästa", "Lyktan", lyktan.slug, lyktan.id, terms, 60, 0)
        found = queries.answers(replace(queries.facts(TODAY), programmes=(one,)))
        told = queries.takes(found, date(2026, 12, 31), boden.id).to_apply[0]
        assert (told.may.from_on, told.last_day.on) == (ends + timedelta(days=1), None)
        assert told.last_day.money_on == ends + timedelta(days=61)


class TestTheTalksThatGiveMostTime:
    def test_ranked_by_days(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(4_000 * KR, TODAY)
        found = answered(
            an_ask(1, 3_000, 9_000, [boden]),
            an_ask(2, 4_000, 1_000, [boden, ostersund]),
            an_ask(3, 50_000, 5_000, [boden], usable_from=date(2031, 1, 1)),
        )
        told = queries.gains(found)
        # Two weeks each are paid. What Boden gets sets the free money free for Östersund: another week for both.
        assert [(gain.ask.id, gain.network_days, len(gain.choirs)) for gain in told] == [
            (an_id(2), 14, 2),
            (an_id(1), 7, 2),
            (an_id(3), 0, 0),
        ]
        assert [(one.choir, one.days) for one in told[0].choirs] == [("Boden", 14), ("Östersund", 14)]
        assert words.gain_told(told[0]) == "+14 dagar"
        assert words.gain_sentence(told[0], 2) == "För alla tillsammans. Mest för Boden, +14 dagar."
        assert (words.gain_told(told[2]), words.gain_sentence(told[2], 2)) == (
            "ingen tid",
            "Flyttar inget datum ensamt.",
        )

    def test_those_that_move_the_day_of_all_stand_first_then_those_of_one_choir(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(0, TODAY)
        makers.an_agreement(2_000 * KR, boden)
        makers.an_agreement(5_000 * KR, ostersund)
        told = queries.gains(answered(an_ask(1, 9_000, 9_000, [ostersund]), an_ask(2, 1_000, 1_000, [boden])))
        assert [(gain.ask.id, gain.network_days) for gain in told] == [(an_id(2), 7), (an_id(1), 0)]
        assert (words.gain_told(told[1]), words.gain_sentence(told[1], 2)) == ("+63 dagar", "För Östersund.")
        assert (told[1].days_of(ostersund.id), told[1].days_of(boden.id)) == (63, 0)
        assert words.gain_told(told[1], boden.id) == "ingen tid"

    def test_money_that_comes_after_the_need_is_told_so(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        late = queries.gains(answered(an_ask(1, 5_000, 5_000, [boden], money_on=date(2026, 9, 1))))[0]
        assert late.is_late
        assert words.gain_sentence(late, 1).endswith(
            "Pengarna kommer först 1 september 2026, efter att de behövs."
        )

    def test_as_far_as_plans_reach(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_series(boden, FIRST, last_on=date(2026, 12, 10))
        makers.a_cost_line(boden, 1_000 * KR)
        makers.a_balance(0, TODAY)
        gain = queries.gains(answered(an_ask(1, 900_000, 5_000, [boden])))[0]
        assert words.gain_told(gain) == f"minst +{(date(2026, 12, 10) - FIRST).days} dagar"


class TestThreePots:
    def test_pledges_and_applications_each_have_a_date(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(1_000 * KR, TODAY)
        found = answered(
            an_ask(1, 2_000, 8_000, [boden], stage="pledged"),
            an_ask(2, 3_000, 1_500, [boden], stage="applied"),
            an_ask(3, 9_000, 1_500, [boden], stage="talking"),
        )
        dates = queries.three_dates(found)
        assert [dates[one].to for one in ("agreed", "pledged", "applied")] == [
            FIRST,
            FIRST + timedelta(weeks=2),
            FIRST + timedelta(weeks=5),
        ]
        assert dates["agreed"] == found.forecast.network == queries.network_outlook(found.facts)
        assert words.counted_with_sentence(dates["pledged"], "pledged") == (
            "Med löften räcker pengarna till 2 juli 2026."
        )
        counted = queries.counted(queries.with_open_money(found.facts, "pledged"))
        assert counted.network == dates["pledged"]
        assert {payer.certainty for payer in counted.choirs[0].payers} == {"striped"}

    def test_of_those_that_exclude_each_other_one_counts(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        pair = [
            an_ask(number, kronor, bp, [boden], stage="pledged", exclusive_group_id=an_id(9))
            for number, kronor, bp in ((1, 9_000, 5_000), (2, 2_000, 8_000))
        ]
        known = queries.with_open_money(answered(*pair).facts, "pledged")
        assert [supply.id for supply in known.supplies if isinstance(supply.id, UUID)] == [an_id(2)]

    def test_days_are_the_same_when_a_days_costs_are_added_up_first(self, app: Flask) -> None:
        """The three dates and the talks that give most time count one row for each choir and day."""
        boden, ostersund = a_singing_choir(cost=900), a_singing_choir("Östersund", cost=1_301)
        for choir in (boden, ostersund):
            makers.a_cost_line(choir, 357 * KR)
            makers.a_cost_line(choir, 111, "monthly", day_of_month=2)
        makers.a_cost_line(None, 777 * KR, "monthly", day_of_month=31)
        makers.a_balance(9_001 * KR, TODAY)
        makers.an_agreement(9_500 * KR, boden, usable_to=date(2026, 8, 1))
        makers.an_agreement(3_333 * KR, ostersund, usable_from=date(2026, 7, 1))
        found = answered(an_ask(1, 3_000, 5_000, [boden]), an_ask(2, 4_000, 5_000, [boden, ostersund]))
        assert queries.network_outlook(found.facts) == found.forecast.network
        ends = {choir.id: choir.financed.first_unpaid_on for choir in found.forecast.choirs}
        for gain in queries.gains(found):
            more = rules.Supply("more", gain.ask.ore, TODAY, None, gain.ask.choirs)
            known = replace(found.facts, supplies=(*found.facts.supplies, more))
            for choir in queries.counted(known).choirs:
                first, before = choir.financed.first_unpaid_on, ends[choir.id]
                assert first
                assert before
                assert (first - before).days == gain.days_of(choir.id)


@given(worlds(6, 12))
@settings(max_examples=150, deadline=None)
def test_one_row_a_day_lacks_the_same_on_the_same_days(world: World) -> None:
    """Pages that count one row for each choir and day must tell the dates of those that count every cost."""
    supplies, rows = world
    each, days = rules.match(supplies, rows), by_day(rows)
    together = rules.match(supplies, days)
    short = {(row.choir, row.on) for row in rows if row.id in each.short}
    assert short == {(row.choir, row.on) for row in days if row.id in together.short}
    lacks: dict[object, int] = defaultdict(int)
    for row in rows:
        lacks[row.on] += each.unpaid[row.id]
    for row in days:
        lacks[row.on] -= together.unpaid[row.id]
    assert not any(lacks.values())


class TestMonths:
    def test_what_it_costs_is_what_the_three_columns_add_up_to(self, app: Flask) -> None:
        boden, ostersund, manager = (
            a_singing_choir(),
            a_singing_choir("Östersund", cost=1_301),
            makers.a_manager(),
        )
        makers.a_cost_line(None, 777 * KR, "monthly", day_of_month=31)
        makers.a_balance(9_000 * KR, TODAY)
        agreement = makers.an_agreement(9_500 * KR, boden, usable_to=date(2026, 9, 1))
        actions.note_payment(agreement, on=TODAY, ore=2_500 * KR, by=manager)
        found = answered(an_ask(1, 3_000, 9_000, [ostersund]), an_ask(2, 3_000, 9_000, [boden]))
        until = date(2026, 12, 31)
        whole = months_of(found, until=until)
        assert [row.month for row in whole] == [date(2026, month, 1) for month in range(6, 13)]
        for row in whole:
            assert row.received_ore + row.committed_ore + row.gap_ore == row.cost_ore
            assert 0 <= row.open_ore <= row.gap_ore
        assert sum(row.open_ore for row in whole) == 6_000 * KR
        of_boden = months_of(found, until=until, choir=boden.id)
        of_ostersund = months_of(found, until=until, choir=ostersund.id)
        for one, other, both in zip(of_boden, of_ostersund, whole, strict=True):
            assert (one.cost_ore + other.cost_ore, one.gap_ore + other.gap_ore) == (
                both.cost_ore,
                both.gap_ore,
            )
        assert sum(row.gap_ore for row in whole) == found.forecast.lacking_until(until)
        received = sum(row.received_ore for row in whole)
        assert received == 9_000 * KR  # the 2,500 kr that have come of the agreement are in the bank too
        assert sum(row.committed_ore for row in of_ostersund) == 0

    def test_the_rows_behind_a_month_add_up_to_it(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(1_500 * KR, TODAY)
        makers.an_agreement(700 * KR, boden)
        found = answered()
        june = months_of(found, until=TODAY, choir=boden.id)
        behind = costs_of_month(found, date(2026, 6, 1), choir=boden.id)
        assert june == ()
        june = months_of(found, until=date(2026, 6, 30), choir=boden.id)
        assert [row.on for row in behind] == [FIRST, FIRST + timedelta(weeks=1)]
        assert sum(row.ore for row in behind) == june[0].cost_ore == 2_000 * KR
        assert (
            sum(part.ore for row in behind for part in row.paid if part.is_received) == june[0].received_ore
        )
        assert sum(row.unpaid_ore for row in behind) == june[0].gap_ore == 0


def test_nothing_asks_for_today(a_year_of_thursdays: Choir) -> None:
    before = queries.answers(queries.facts(NEW_YEAR))
    with clock.set_to(datetime(2031, 3, 3, tzinfo=UTC)):
        after = queries.answers(queries.facts(NEW_YEAR))
        assert (after.forecast, after.cash, after.free, after.target) == (
            before.forecast,
            before.cash,
            before.free,
            before.target,
        )
        assert after.chance(date(2020, 12, 31)) == before.chance(date(2020, 12, 31))
