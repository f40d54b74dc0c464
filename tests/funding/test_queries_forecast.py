"""What counts in the forecast: agreements and what became of them, costs, the balance, and what is not known."""

from datetime import date, time, timedelta

import pytest
from flask import Flask

from choir_app.choirs.models import Choir, ChoirState
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.models import Payment
from choir_app.funding.queries.books import standing
from choir_app.funding.queries.facts import FREE, facts
from choir_app.rehearsals import actions as rehearsal_actions
from choir_app.rehearsals import queries as rehearsal_queries
from tests import makers
from tests.statements import at_most

KR = 100
TODAY = date(2026, 6, 16)
FIRST = date(2026, 6, 18)


def a_singing_choir(name: str = "Boden", *, cost: int = 1_000, **more: object) -> Choir:
    """A choir that sings every Thursday from the day after tomorrow and costs something each time."""
    choir = makers.a_choir(town=name, **more)
    makers.a_series(choir, FIRST)
    makers.a_cost_line(choir, cost * KR)
    return choir


def of(choir: Choir, as_of: date = TODAY) -> queries.Outlook:
    outlook = queries.choir_financed_to(choir.id, as_of)
    assert outlook is not None
    return outlook.financed


class TestAllocation:
    def test_named_choirs(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(0, TODAY)
        makers.an_agreement(2_000 * KR, boden)
        assert of(boden).rehearsals_left == 2
        assert of(ostersund).state == "not_next"

    def test_a_towns_choirs(self, app: Flask) -> None:
        boden, another = a_singing_choir(), a_singing_choir()
        ostersund = a_singing_choir("Östersund")
        makers.a_balance(0, TODAY)
        makers.an_agreement(4_000 * KR, towns=[boden.town])
        assert (of(boden).rehearsals_left, of(another).rehearsals_left) == (2, 2)
        assert of(ostersund).rehearsals_left == 0

    def test_all(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(0, TODAY)
        makers.an_agreement(4_000 * KR)
        assert (of(boden).to, of(ostersund).to) == (FIRST + timedelta(weeks=1),) * 2

    def test_only_in_its_period(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY)
        makers.an_agreement(100_000 * KR, boden, usable_to=FIRST + timedelta(weeks=2))
        assert of(boden).to == FIRST + timedelta(weeks=2)
        why = queries.forecast(TODAY).choirs[0].shortage
        assert why is not None
        assert [(left.ore, left.only_until) for left in why.left] == [
            (97_000 * KR, FIRST + timedelta(weeks=2))
        ]


class TestWhatBecameOfAnAgreement:
    def test_an_amendment_gives_more_and_longer(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY)
        agreement = makers.an_agreement(1_000 * KR, boden, usable_to=FIRST)
        assert of(boden).rehearsals_left == 1
        last = FIRST + timedelta(weeks=3)
        change = actions.amend(agreement, on=TODAY, delta_ore=9_000 * KR, new_usable_to=last, by=manager)
        assert of(boden).to == last
        actions.reverse_happening(change, by=manager)
        assert of(boden).to == FIRST

    def test_an_amendment_is_not_known_before_it_was_signed(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY - timedelta(days=9))
        agreement = makers.an_agreement(1_000 * KR, boden, usable_to=FIRST)
        actions.amend(
            agreement,
            on=TODAY,
            delta_ore=1_000 * KR,
            new_usable_to=FIRST + timedelta(weeks=1),
            by=manager,
        )
        assert of(boden, TODAY - timedelta(days=1)).to == FIRST
        assert of(boden, TODAY).to == FIRST + timedelta(weeks=1)

    def test_an_amendment_can_take_money_and_time_away(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY)
        agreement = makers.an_agreement(9_000 * KR, boden, usable_to=FIRST + timedelta(weeks=8))
        actions.amend(agreement, on=TODAY, delta_ore=-7_000 * KR, new_usable_to=None, by=manager)
        assert of(boden).to == FIRST + timedelta(weeks=1)
        actions.amend(agreement, on=TODAY, delta_ore=0, new_usable_to=FIRST, by=manager)
        assert of(boden).to == FIRST

    def test_what_came_after_the_balance_is_not_taken_from_it(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(2_000 * KR, TODAY - timedelta(days=5))
        agreement = makers.an_agreement(3_000 * KR, boden)
        actions.note_payment(agreement, on=TODAY, ore=3_000 * KR, by=manager)
        assert facts(TODAY).free_ore == 2_000 * KR
        assert of(boden).rehearsals_left == 5

    def test_what_is_spent_is_gone(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY)
        agreement = makers.an_agreement(5_000 * KR, boden)
        spent = actions.note_spent(agreement, as_of=TODAY, spent_ore=3_000 * KR, by=manager)
        assert of(boden).rehearsals_left == 2
        actions.reverse_happening(spent, by=manager)
        assert of(boden).rehearsals_left == 5

    def test_what_came_but_is_not_spent_is_not_free(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        manager = makers.a_manager()
        makers.a_balance(10_000 * KR, TODAY)
        agreement = makers.an_agreement(8_000 * KR, boden)
        assert facts(TODAY).free_ore == 10_000 * KR
        payment = actions.note_payment(agreement, on=TODAY, ore=8_000 * KR, by=manager)
        assert facts(TODAY).free_ore == 2_000 * KR
        assert of(ostersund).rehearsals_left == 2
        actions.reverse_happening(payment, by=manager)
        assert facts(TODAY).free_ore == 10_000 * KR

    def test_borrowing_from_restricted_money_is_told_and_pays_nothing(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(1_000 * KR, TODAY)
        agreement = makers.an_agreement(3_000 * KR, boden)
        actions.note_payment(agreement, on=TODAY, ore=3_000 * KR, by=manager)
        told = queries.forecast(TODAY)
        assert told.free_ore == -2_000 * KR
        assert told.choirs[0].financed.rehearsals_left == 3

    def test_an_agreement_that_is_over_holds_only_what_must_be_repaid(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(5_000 * KR, TODAY)
        over = TODAY - timedelta(days=1)
        for repay in (True, False):
            agreement = makers.an_agreement(2_000 * KR, boden, usable_to=over, repay_unspent=repay)
            actions.note_payment(agreement, on=over, ore=2_000 * KR, by=manager)
        assert facts(TODAY).free_ore == 3_000 * KR

    def test_a_reversed_agreement_is_none(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY)
        agreement = makers.an_agreement(5_000 * KR, boden)
        actions.reverse_agreement(agreement, by=manager)
        assert of(boden).rehearsals_left == 0
        assert queries.agreement_rows(viewer=manager) == []

    def test_what_is_signed_later_is_not_known_yet(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(0, TODAY - timedelta(days=30))
        makers.an_agreement(5_000 * KR, boden, signed_on=TODAY)
        assert of(boden, TODAY).rehearsals_left == 5
        assert of(boden, TODAY - timedelta(days=1)).rehearsals_left == 0


class TestTheBalance:
    def test_without_one_nothing_is_known(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.an_agreement(5_000 * KR, boden)
        told = queries.forecast(TODAY)
        assert (told.network.state, told.network.missing) == ("unknown", "balance")
        assert told.choirs[0].financed.missing == "balance"

    def test_the_newest_up_to_the_day_counts_and_of_one_day_the_later_note(self, app: Flask) -> None:
        manager = makers.a_manager()
        a_singing_choir()
        makers.a_balance(9_000 * KR, TODAY - timedelta(days=9))
        makers.a_balance(5_000 * KR, TODAY - timedelta(days=2))
        later = actions.note_balance(as_of=TODAY - timedelta(days=2), ore=6_000 * KR, by=manager)
        later.noted_at += timedelta(seconds=1)
        assert facts(TODAY).balance_ore == 6_000 * KR
        assert facts(TODAY - timedelta(days=3)).balance_ore == 9_000 * KR
        actions.reverse_balance(later, by=manager)
        assert facts(TODAY).balance_ore == 5_000 * KR

    def test_costs_are_counted_from_the_day_after_it(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_cost_line(boden, 1_000 * KR, "monthly", day_of_month=10)
        makers.a_balance(1_500 * KR, date(2026, 6, 10))
        assert of(boden).to == date(2026, 7, 10)
        assert of(boden, date(2026, 9, 1)).state == "ended"

    def test_an_old_one_is_told(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(0, TODAY - timedelta(days=35))
        assert not queries.forecast(TODAY).is_balance_old
        assert queries.forecast(TODAY + timedelta(days=1)).is_balance_old

    def test_figures_newer_than_it_wait(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(0, TODAY - timedelta(days=5))
        agreement = makers.an_agreement(5_000 * KR, boden)
        actions.note_spent(agreement, as_of=TODAY, spent_ore=4_000 * KR, by=manager)
        told = queries.forecast(TODAY)
        assert told.newer_spent_on == TODAY
        assert told.choirs[0].financed.rehearsals_left == 5


class TestCosts:
    def test_shared_costs_are_divided_among_those_that_sing(self, app: Flask) -> None:
        boden, ostersund = makers.a_choir(town="Boden"), makers.a_choir(town="Östersund")
        for choir in (boden, ostersund):
            makers.a_cost_line(choir, 1, "once", valid_from=TODAY + timedelta(days=1))
        makers.a_cost_line(None, 1_000 * KR, "monthly", day_of_month=1)
        ostersund.states.append(ChoirState(state="paused", since=date(2026, 8, 1)))
        makers.a_balance(0, TODAY)
        rows = {(row.choir, row.on): row.ore for row in facts(TODAY).demands}
        assert rows[boden.id, date(2026, 7, 1)] == rows[ostersund.id, date(2026, 7, 1)] == 500 * KR
        assert rows[boden.id, date(2026, 8, 1)] == 1_000 * KR
        assert (ostersund.id, date(2026, 8, 1)) not in rows

    def test_an_ended_cost_ends_and_the_newest_word_counts(self, app: Flask) -> None:
        boden, manager = makers.a_choir(), makers.a_manager()
        line = makers.a_cost_line(boden, 1_000 * KR, "monthly", day_of_month=1)
        makers.a_balance(0, TODAY)
        actions.end_cost_line(line, last_day=date(2026, 7, 31), by=manager)
        assert [row.on for row in facts(TODAY).demands] == [date(2026, 7, 1)]
        later = actions.end_cost_line(line, last_day=date(2026, 8, 31), by=manager)
        later.noted_at += timedelta(seconds=1)
        assert [row.on for row in facts(TODAY).demands] == [date(2026, 7, 1), date(2026, 8, 1)]

    def test_help_in_kind_takes_a_cost_away_for_its_time(self, app: Flask) -> None:
        boden, manager, hall = makers.a_choir(), makers.a_manager(), makers.a_partner("Folkets hus")
        room = makers.a_cost_line(boden, 1_000 * KR, "monthly", day_of_month=1, category="venue")
        makers.a_cost_line(boden, 500 * KR, "monthly", day_of_month=2)
        makers.a_balance(0, TODAY)
        gift = actions.add_in_kind(
            hall,
            boden,
            what="lånar ut lokalen",
            replaces=room,
            valid_from=date(2026, 7, 1),
            valid_to=date(2026, 7, 31),
            by=manager,
        )
        days = [row.on for row in facts(TODAY).demands][:3]
        assert days == [date(2026, 7, 2), date(2026, 8, 1), date(2026, 8, 2)]
        actions.reverse_in_kind(gift, by=manager)
        assert facts(TODAY).demands[0].on == date(2026, 7, 1)

    def test_a_choir_whose_every_cost_is_given_is_paid_and_not_unknown(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_balance(2_000 * KR, TODAY)
        room = makers.a_cost_line(boden, 1_000 * KR, "monthly", day_of_month=1, category="venue")
        actions.add_in_kind(
            makers.a_partner("Folkets hus"),
            boden,
            what="lånar ut lokalen",
            replaces=room,
            valid_from=TODAY,
            by=makers.a_manager(),
        )
        told = of(boden)
        assert (told.state, told.missing, told.beyond) == ("beyond", None, date(2029, 6, 16))
        assert queries.forecast(TODAY).network.beyond == date(2029, 6, 16)
        ostersund = a_singing_choir("Östersund")
        assert queries.forecast(TODAY).network.to == of(ostersund).to

    @pytest.mark.parametrize("state", ["paused", "ended"])
    def test_a_choir_that_will_sing_no_more_costs_no_more(self, app: Flask, state: str) -> None:
        boden = a_singing_choir()
        makers.a_cost_line(boden, 500 * KR, "monthly", day_of_month=1)
        makers.a_cost_line(boden, 70 * KR, "once", valid_from=date(2026, 9, 30))
        boden.states.append(ChoirState(state=state, since=date(2026, 7, 2)))
        makers.a_balance(0, TODAY)
        assert [(row.on, row.ore) for row in facts(TODAY).demands] == [
            (date(2026, 6, 18), 1_000 * KR),
            (date(2026, 6, 25), 1_000 * KR),
            (date(2026, 7, 1), 500 * KR),
            (date(2026, 9, 30), 70 * KR),
        ]
        assert queries.forecast(TODAY).choirs[0].best.rehearsals_left == 0

    def test_a_pause_with_an_end_costs_the_rent_but_no_rehearsals(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_cost_line(boden, 500 * KR, "monthly", day_of_month=1)
        boden.states.append(ChoirState(state="paused", since=date(2026, 6, 20)))
        boden.states.append(ChoirState(state="active", since=date(2026, 8, 20)))
        makers.a_balance(0, TODAY)
        assert [row.on for row in facts(TODAY).demands][:4] == [
            date(2026, 6, 18),
            date(2026, 7, 1),
            date(2026, 8, 1),
            date(2026, 8, 20),
        ]

    def test_between_the_balance_and_the_day_only_what_was_sung_costs(self, app: Flask) -> None:
        """The series sings on Thursdays since last week; before that it sang on Tuesdays, and one was called off."""
        boden, manager = makers.a_choir(), makers.a_manager()
        since = TODAY - timedelta(weeks=3)
        series = rehearsal_actions.begin_series(
            boden, weekday=1, hour=time(18), minutes=120, first_on=since, by=manager
        )
        planned = rehearsal_queries.planned_days(series, since)
        rehearsal_actions.cancel_rehearsal(planned[since + timedelta(weeks=1)], reason=None, by=manager)
        rehearsal_actions.change_series(
            series,
            weekday=3,
            hour=time(18),
            minutes=120,
            first_on=since,
            last_on=None,
            every_weeks=1,
            venue=None,
            by=manager,
        )
        makers.a_cost_line(boden, 1_000 * KR)
        makers.a_balance(0, since - timedelta(days=1))
        days = [row.on for row in facts(TODAY).demands][:4]
        assert days == [since, since + timedelta(weeks=2), TODAY, FIRST]

    def test_a_cancelled_rehearsal_costs_nothing(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_cost_line(boden, 1_000 * KR)
        for days in (1, 8):
            makers.a_rehearsal(boden, clock.now() + timedelta(days=days))
        makers.a_balance(1_000 * KR, TODAY)
        assert of(boden).first_unpaid_on == TODAY + timedelta(days=8)


class TestWhatIsNotKnown:
    def test_a_choir_without_costs_is_unknown_and_the_rest_is_told(self, app: Flask) -> None:
        boden, goteborg = a_singing_choir(), makers.a_choir(town="Göteborg")
        makers.a_balance(3_000 * KR, TODAY)
        makers.a_cost_line(None, 100 * KR, "once", valid_from=TODAY + timedelta(days=400))
        told = queries.forecast(TODAY)
        assert of(goteborg).missing == "cost_line"
        assert of(boden).rehearsals_left == 3
        assert told.network.to == of(boden).to
        assert [choir.name for choir in told.unknown] == ["Göteborg"]

    def test_a_choir_that_costs_per_rehearsal_and_has_none_planned(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_cost_line(boden, 1_000 * KR)
        makers.a_balance(0, TODAY)
        assert of(boden).missing == "rehearsals"

    def test_nothing_is_told_further_than_the_plans_reach(self, app: Flask) -> None:
        boden = makers.a_choir()
        makers.a_series(boden, FIRST, last_on=date(2026, 12, 31))
        makers.a_cost_line(boden, 1_000 * KR)
        makers.a_balance(1_000_000 * KR, TODAY)
        assert (of(boden).state, of(boden).beyond) == ("beyond", date(2026, 12, 31))

    def test_beyond_the_horizon_is_said_so(self, app: Flask) -> None:
        boden = a_singing_choir()
        makers.a_balance(10_000_000 * KR, TODAY)
        assert of(boden).beyond == date(2029, 6, 16)

    @pytest.mark.parametrize("state", ["planned", "ended", "paused"])
    def test_a_choir_that_does_not_sing_is_not_counted(self, app: Flask, state: str) -> None:
        makers.a_choir(state=state)
        makers.a_balance(0, TODAY)
        assert queries.forecast(TODAY).choirs == ()


class TestTheAnswer:
    def test_the_picture_and_the_sentence_add_up(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund", cost=1_301)
        makers.a_cost_line(None, 777 * KR, "monthly", day_of_month=31)
        makers.a_balance(7_000 * KR, TODAY)
        makers.an_agreement(9_500 * KR, boden, usable_to=date(2026, 9, 1))
        makers.an_agreement(4_000 * KR, ostersund)
        told = queries.forecast(TODAY)
        for choir in told.choirs:
            for span in choir.spans:
                assert sum(part.ore for part in span.paid) + span.unpaid_ore == span.cost_ore
            whole = sum(span.cost_ore for span in choir.spans)
            assert sum(month.cost_ore for month in choir.months) == whole > 0
            end = choir.financed.first_unpaid_on
            assert end is not None
            assert not any(span.unpaid_ore for span in choir.spans if span.last < end)
        used = sum(p.ore for c in told.choirs for s in c.spans for p in s.paid if p.payer is None)
        assert told.fund[0][1] - told.fund[-1][1] == used
        assert told.first_to_end is not None
        assert told.network.first_unpaid_on == told.first_to_end.financed.first_unpaid_on

    def test_the_number_of_statements_does_not_grow(self, app: Flask) -> None:
        for number in range(3):
            choir = a_singing_choir(f"Ort {number}")
            makers.an_agreement(5_000 * KR, choir)
            makers.an_agreement(5_000 * KR, towns=[choir.town])
        makers.a_balance(5_000 * KR, TODAY)
        db.session.commit()
        db.session.expunge_all()
        with at_most(16, "statements"):
            queries.forecast(TODAY)

    def test_the_free_money_is_one_supply_for_all_that_sing(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(5_000 * KR, TODAY)
        free = next(supply for supply in facts(TODAY).supplies if supply.id == FREE)
        assert (free.ore, free.usable_to) == (5_000 * KR, None)
        assert free.choirs == {boden.id, ostersund.id}


class TestTheBooks:
    def test_a_reversal_is_a_row_of_its_own(self, app: Flask) -> None:
        manager, agreement = makers.a_manager(), makers.an_agreement(1_000 * KR)
        payment = actions.note_payment(agreement, on=TODAY, ore=700 * KR, by=manager)
        reversal = actions.reverse_happening(payment, by=manager)
        assert actions.reverse_happening(payment, by=manager) is reversal
        rows = {row.ore: row.reverses_id for row in db.session.query(Payment)}
        assert rows == {700 * KR: None, -700 * KR: payment.id}
        assert db.session.scalars(standing(Payment)).all() == []

    def test_who_ends_first_stands_first(self, app: Flask) -> None:
        manager = makers.a_manager()
        makers.an_agreement(1, name="utan slut")
        makers.an_agreement(2, name="sist", usable_to=date(2027, 1, 1))
        makers.an_agreement(3, name="först", usable_to=date(2026, 1, 1))
        names = [row.name for row in queries.agreement_rows(viewer=manager)]
        assert names == ["först", "sist", "utan slut"]
        assert queries.agreement_rows(viewer=makers.an_editor()) == []

    def test_what_is_due(self, app: Flask) -> None:
        manager, bodenbo = makers.a_manager(), makers.a_partner()
        agreement = makers.an_agreement(1_000 * KR, partner=bodenbo, name="Kören i Boden")
        makers.a_next_step(bodenbo, TODAY + timedelta(days=2), owner_id=manager.id)
        report = actions.add_deadline(
            agreement, kind="interim_report", due_on=TODAY - timedelta(days=1), owner=None, by=manager
        )
        actions.add_deadline(agreement, kind="final_report", due_on=date(2027, 1, 31), owner=None, by=manager)
        due = queries.due_next(viewer=manager, until=TODAY + timedelta(days=7))
        assert [(one.kind, one.what, one.owner) for one in due] == [
            ("deadline", "Delrapport: Kören i Boden", None),
            ("step", "Ring om avtalet", manager.name),
        ]
        assert due[0].is_late_on(TODAY)
        actions.submit(report, by=manager)
        assert [one.kind for one in queries.due_next(viewer=manager, until=TODAY + timedelta(days=7))] == [
            "step"
        ]
        assert queries.due_next(viewer=makers.a_leader(), until=date(2030, 1, 1)) == []
