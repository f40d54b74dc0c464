"""When the money of an instalment is counted on, how a payment is shared out, when somebody is reminded."""

from datetime import date, timedelta

import pytest

from choir_app.funding import rules

DUE = date(2026, 6, 1)


def days(number: int) -> timedelta:
    return timedelta(days=number)


class TestWhenItComes:
    def test_its_day_and_the_payers_lag(self) -> None:
        on = rules.instalment_on(DUE, awaited=None, lag_days=5, as_of=DUE - days(30))
        assert on == DUE + days(5)

    def test_a_report_that_is_approved_later_moves_it(self) -> None:
        report = rules.Awaited(DUE - days(10), DUE, DUE + days(12))
        assert rules.instalment_on(DUE, awaited=report, lag_days=5, as_of=DUE + days(13)) == DUE + days(17)

    def test_what_was_not_known_then_does_not_count(self) -> None:
        report = rules.Awaited(DUE - days(10), DUE + days(3), DUE + days(12))
        assert rules.instalment_on(DUE, awaited=report, lag_days=0, as_of=DUE - days(20)) == DUE

    @pytest.mark.parametrize("late", [1, 10, 30])
    def test_each_day_that_a_report_is_late_is_a_day_that_the_money_waits(self, late: int) -> None:
        report = rules.Awaited(DUE)
        on = rules.instalment_on(DUE, awaited=report, lag_days=20, as_of=DUE + days(late))
        assert on == DUE + days(late + 20)

    def test_after_thirty_days_without_a_word_nobody_counts_on_it(self) -> None:
        assert rules.instalment_on(DUE, awaited=rules.Awaited(DUE), lag_days=90, as_of=DUE + days(31)) is None

    def test_a_report_that_was_sent_late_is_waited_for_again(self) -> None:
        sent = rules.Awaited(DUE, DUE + days(31))
        assert rules.instalment_on(DUE, awaited=sent, lag_days=2, as_of=DUE + days(31)) == DUE + days(33)
        assert rules.instalment_on(DUE, awaited=sent, lag_days=2, as_of=DUE + days(62)) is None

    def test_nothing_is_counted_on_for_today_or_before(self) -> None:
        as_of = DUE + days(3)
        assert rules.instalment_on(DUE, awaited=None, lag_days=0, as_of=as_of) == as_of + days(1)
        assert rules.instalment_on(DUE, awaited=rules.Awaited(DUE), lag_days=0, as_of=as_of) == as_of + days(
            1
        )


class TestWhetherItIsLate:
    @pytest.mark.parametrize(
        ("awaited", "lag", "as_of", "late"),
        [
            (None, 5, DUE + days(5), False),
            (None, 5, DUE + days(6), True),
            (rules.Awaited(DUE - days(9)), 0, DUE - days(9), False),
            (rules.Awaited(DUE - days(9)), 0, DUE - days(8), True),  # the report itself is late
            (rules.Awaited(DUE - days(9), DUE - days(9)), 0, DUE + days(9), False),  # theirs to answer
            (rules.Awaited(DUE, DUE, DUE + days(4)), 5, DUE + days(9), False),
            (rules.Awaited(DUE, DUE, DUE + days(4)), 5, DUE + days(10), True),
        ],
    )
    def test_it(self, awaited: rules.Awaited | None, lag: int, as_of: date, late: bool) -> None:
        assert rules.instalment_is_late(DUE, awaited=awaited, lag_days=lag, as_of=as_of) is late


class TestSharingAPayment:
    @pytest.mark.parametrize(
        ("ore", "shares"),
        [
            (50, [("a", 50)]),
            (100, [("a", 100)]),
            (130, [("a", 100), ("b", 30)]),
            (200, [("a", 100), ("b", 60)]),
            (0, []),
            (-5, []),
        ],
    )
    def test_the_first_is_paid_wholly_before_the_next(self, ore: int, shares: list[tuple[str, int]]) -> None:
        assert rules.shares_of_a_payment(ore, [("a", 100), ("b", 60)]) == shares


class TestReminders:
    def test_each_is_due_on_its_day_and_nothing_long_after(self) -> None:
        long_ago = DUE - days(400)
        told = [
            rules.reminder_due(DUE, said_on=long_ago, today=DUE - days(left)) for left in range(70, -20, -1)
        ]
        firsts = [one for place, one in enumerate(told) if place == 0 or told[place - 1] != one]
        assert firsts == [None, *rules.REMINDERS, None]

    def test_after_nights_without_a_caretaker_only_the_newest_is_due(self) -> None:
        assert rules.reminder_due(DUE, said_on=DUE - days(400), today=DUE - days(5)) == 7

    def test_what_had_passed_when_the_deadline_was_written_down_is_not_due(self) -> None:
        assert rules.reminder_due(DUE, said_on=DUE - days(20), today=DUE - days(20)) is None
        assert rules.reminder_due(DUE, said_on=DUE - days(20), today=DUE - days(14)) == 14
        assert rules.reminder_due(DUE, said_on=DUE - days(14), today=DUE - days(14)) == 14
