"""The clock: one place that knows the time, and the hour on the wall in Sweden."""

from datetime import UTC, date, datetime, time

import pytest

from choir_app.foundation import clock


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2026, 3, 28), 17), (date(2026, 3, 29), 16), (date(2026, 10, 24), 16), (date(2026, 10, 25), 17)],
)
def test_six_in_the_evening_stays_six_across_summer_time(day: date, utc_hour: int) -> None:
    moment = clock.from_local(day, time(18))
    assert (moment.hour, moment.tzinfo) == (utc_hour, UTC)
    assert clock.local(moment).time() == time(18)


def test_the_day_in_sweden_begins_before_the_day_in_utc() -> None:
    with clock.set_to(datetime(2026, 6, 15, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 6, 16)


def test_a_day_with_a_clock_change_has_its_own_length() -> None:
    assert (clock.end_of(date(2026, 3, 29)) - clock.start_of(date(2026, 3, 29))).total_seconds() == 23 * 3600
    assert (
        clock.end_of(date(2026, 10, 25)) - clock.start_of(date(2026, 10, 25))
    ).total_seconds() == 25 * 3600


def test_a_moment_without_a_time_zone_is_no_time() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.set_to(datetime(2026, 6, 16, 12)):  # noqa: DTZ001 - that is the point
        pass


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 6, 16), 24, date(2024, 6, 16)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_are_counted_backwards(day: date, months: int, before: date) -> None:
    assert clock.months_before(day, months) == before
