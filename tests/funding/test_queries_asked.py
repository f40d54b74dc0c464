"""Which asks are open as of a day, how likely each is, and which cannot be counted with."""

from datetime import date, timedelta

from flask import Flask

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import queries
from choir_app.funding.models import ExclusiveGroup, Opportunity, Programme, StageChance
from tests import makers
from tests.statements import at_most

KR = 100
TODAY = date(2026, 6, 16)


def the_ask(as_of: date = TODAY) -> queries.OpenAsk:
    """The only open ask."""
    (ask,) = queries.open_asks(as_of)
    return ask


class TestWhatCounts:
    def test_an_ask_with_sum_dates_and_choirs(self, app: Flask) -> None:
        choir, _other = makers.a_choir(), makers.a_choir(town="Östersund")
        one = makers.an_opportunity(500 * KR, choir, payout_lag_days=30)
        ask = the_ask()
        assert (ask.id, ask.ore, ask.stage, ask.choirs) == (
            one.id,
            500 * KR,
            "applied",
            frozenset({choir.id}),
        )
        assert (ask.decision_on, ask.money_on) == (date(2026, 8, 1), date(2026, 8, 31))
        assert (ask.usable_from, ask.usable_to) == (date(2026, 9, 1), date(2026, 12, 31))
        assert queries.uncountable_asks(TODAY) == ()

    def test_the_choirs_of_a_town_and_of_everywhere_are_spelled_out(self, app: Flask) -> None:
        boden, second = makers.a_choir(), makers.a_choir()
        other = makers.a_choir(town="Östersund")
        makers.an_opportunity(1, towns=[boden.town], name="a")
        makers.an_opportunity(1, name="b")
        asks = {ask.name: ask.choirs for ask in queries.open_asks(TODAY)}
        assert asks == {"a": {boden.id, second.id}, "b": {boden.id, second.id, other.id}}

    def test_what_is_missing_is_told_and_never_guessed(self, app: Flask) -> None:
        makers.a_choir()
        town = makers.a_town("Linköping")
        makers.an_opportunity(None, name="sum")
        makers.an_opportunity(1, name="dates", usable_from=None)
        makers.an_opportunity(1, name="decision", decision_on=None)
        makers.an_opportunity(1, name="choirs", towns=[town])
        assert queries.open_asks(TODAY) == ()
        for ask in queries.uncountable_asks(TODAY):
            missing = [name for name in ("sum", "dates", "decision", "choirs") if getattr(ask.lacking, name)]
            assert missing == [ask.name]

    def test_a_decision_that_is_overdue_has_not_come_in_the_past(self, app: Flask) -> None:
        makers.a_choir()
        makers.an_opportunity(1, decision_on=TODAY - timedelta(days=9), payout_lag_days=5)
        assert the_ask().money_on == TODAY + timedelta(days=5)

    def test_only_one_of_a_group_can_come_true(self, app: Flask) -> None:
        makers.a_choir()
        group = ExclusiveGroup(name="Stiftelsen")
        db.session.add(group)
        db.session.flush()
        makers.an_opportunity(1, name="a", exclusive_group_id=group.id)
        makers.an_opportunity(1, name="b", exclusive_group_id=group.id)
        assert len(queries.open_asks(TODAY)) == 2
        partner = makers.a_partner()
        agreement = makers.an_agreement(1, partner=partner)
        makers.an_opportunity(
            1, stages=("applied", "agreed"), exclusive_group_id=group.id, agreement_id=agreement.id
        )
        assert queries.open_asks(TODAY) == ()
        assert all(ask.lacking.another_won for ask in queries.uncountable_asks(TODAY))

    def test_the_programme_s_last_day_until_somebody_has_applied(self, app: Flask) -> None:
        makers.a_choir()
        programme = a_programme(success_bp=2_500)
        one = makers.an_opportunity(1, stages=("talking",), programme_id=programme.id)
        assert (the_ask().programme, the_ask().last_day_to_apply) == ("Vårens stöd", date(2026, 9, 15))
        one.stage = "applied"
        db.session.flush()
        second = makers.an_opportunity(1, programme_id=programme.id)
        ask = next(ask for ask in queries.open_asks(TODAY) if ask.id == second.id)
        assert (ask.last_day_to_apply, ask.chance.bp, ask.chance.source) == (None, 2_500, "programme")

    def test_as_of_a_day_in_the_past(self, app: Flask) -> None:
        makers.a_choir()
        moments = tuple(clock.start_of(date(2026, month, 1)) for month in (2, 3, 4))
        makers.an_opportunity(1, stages=("idea", "applied", "declined"), moved_at=moments)
        assert queries.open_asks(date(2026, 1, 31)) == ()
        assert the_ask(date(2026, 2, 1)).stage == "idea"
        assert the_ask(date(2026, 3, 31)).stage == "applied"
        assert queries.open_asks(date(2026, 4, 1)) == ()

    def test_what_was_signed_is_no_longer_open_though_it_was_written_down_later(self, app: Flask) -> None:
        makers.a_choir()
        agreement = makers.an_agreement(1, signed_on=date(2026, 3, 10))
        moments = tuple(clock.start_of(date(2026, month, 1)) for month in (2, 5))
        makers.an_opportunity(
            1, stages=("pledged", "agreed"), moved_at=moments, agreement_id=agreement.id, name="a"
        )
        assert the_ask(date(2026, 3, 9)).stage == "pledged"
        assert queries.open_asks(date(2026, 3, 10)) == ()
        assert [one.id for one in queries.facts(date(2026, 3, 10)).agreements] == [agreement.id]

    def test_a_fixed_number_of_statements(self, app: Flask) -> None:
        choir = makers.a_choir()
        for _ask in range(6):
            makers.an_opportunity(1, choir)
        db.session.expire_all()
        with at_most(8, "statements"):
            assert len(queries.open_asks(TODAY)) == 6


class TestChances:
    def test_new_and_known_partners(self, app: Flask) -> None:
        makers.a_choir()
        partner = makers.a_partner()
        makers.an_opportunity(1, partner=partner)
        assert (the_ask().chance.bp, the_ask().chance.source, the_ask().chance.too_few) == (
            1_500,
            "stage",
            True,
        )
        makers.an_agreement(1, partner=partner, signed_on=date(2026, 5, 1))
        assert the_ask().chance.bp == 7_500
        assert the_ask(TODAY).chance.n == 0

    def test_a_setting_takes_the_place_of_what_the_house_begins_with(self, app: Flask) -> None:
        makers.a_choir()
        makers.an_opportunity(1)
        db.session.add(StageChance(stage="applied", new_bp=2_000, known_bp=8_000))
        db.session.flush()
        assert the_ask().chance.bp == 2_000
        assert queries.chance_settings()["idea"].new_bp == 300

    def test_one_s_own_word_counts_for_sixty_days(self, app: Flask) -> None:
        makers.a_choir()
        set_on = TODAY - timedelta(days=60)
        long_ago = (clock.start_of(date(2026, 1, 1)),)
        makers.an_opportunity(
            1, own_bp=6_000, own_bp_reason="Hon ringde.", own_bp_on=set_on, moved_at=long_ago
        )
        assert (the_ask().chance.bp, the_ask().chance.source) == (6_000, "own")
        tomorrow = the_ask(TODAY + timedelta(days=1)).chance
        assert (tomorrow.bp, tomorrow.source, tomorrow.own_expired_on) == (
            1_500,
            "stage",
            TODAY + timedelta(days=1),
        )
        assert the_ask(set_on - timedelta(days=1)).chance.source == "stage"

    def test_the_network_s_own_history_counts_from_five_answers(self, app: Flask) -> None:
        makers.a_choir()
        for _no in range(4):
            makers.an_opportunity(1, stages=("talking", "applied", "declined"))
        makers.an_opportunity(1, stages=("applied", "withdrawn"))
        makers.an_opportunity(1, stages=("applied", "dormant"))
        makers.an_opportunity(1)
        assert (the_ask().chance.bp, the_ask().chance.n) == (1_500, 4)
        won = makers.an_agreement(1)
        makers.an_opportunity(1, stages=("applied", "agreed"), agreement_id=won.id)
        # (5 · 1,500 + 10,000) / (5 + 5)
        assert (the_ask().chance.bp, the_ask().chance.source, the_ask().chance.n) == (1_750, "history", 5)
        assert queries.own_history(TODAY)["talking", False].n == 4

    def test_a_move_that_was_undone_is_no_history(self, app: Flask) -> None:
        makers.a_choir()
        for _no in range(5):
            one = makers.an_opportunity(1, stages=("applied", "declined"))
            undo_last_move_of(one)
        assert queries.own_history(TODAY) == {}
        assert len(queries.open_asks(TODAY)) == 5


def undo_last_move_of(one: Opportunity) -> None:
    """As the board does it."""
    from choir_app.funding.models import StageMove

    move = db.session.query(StageMove).filter_by(opportunity_id=one.id, number=2).one()
    move.undone_at, one.stage = clock.now(), "applied"
    db.session.flush()


def a_programme(**more: object) -> Programme:
    """A programme that is open until the autumn."""
    partner = makers.a_partner("Stiftelsen Sång")
    programme = Programme(
        partner_id=partner.id,
        name="Vårens stöd",
        closes_on=date(2026, 9, 15),
        decision_lead_days=60,
        checked_on=TODAY,
        **more,
    )
    db.session.add(programme)
    db.session.flush()
    return programme
