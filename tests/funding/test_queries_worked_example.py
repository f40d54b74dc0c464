"""DOMAIN.md's worked example, from rows in the database to the command line."""

import json
from datetime import UTC, date, datetime, timedelta

from flask import Flask

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.funding import queries
from tests import makers

KR = 100


def a_year_of_thursdays() -> tuple[Choir, list[date]]:
    """39 rehearsals in 2020 at 3,500 kr, with 55,000 kr in the bank on New Year's Day."""
    choir = makers.a_choir(name="Boden")
    days = [date(2020, 1, 9) + timedelta(weeks=week) for week in range(49)]
    days = [day for day in days if not date(2020, 6, 12) <= day <= date(2020, 8, 20)]
    for day in days:
        makers.a_rehearsal(choir, clock.from_local(day, datetime(2020, 1, 1, 18, tzinfo=UTC).time()))
    makers.a_cost_line(choir, 3_500 * KR, valid_from=date(2020, 1, 1))
    makers.a_balance(55_000 * KR, date(2020, 1, 1))
    return choir, days


class TestTheWorkedExample:
    def test_fifteen_rehearsals_are_paid(self, app: Flask) -> None:
        _choir, days = a_year_of_thursdays()
        assert len(days) == 39
        told = queries.forecast(date(2020, 1, 1))
        answer = told.choirs[0].financed
        assert (answer.state, answer.to, answer.first_unpaid_on) == (
            "ends",
            date(2020, 4, 16),
            date(2020, 4, 23),
        )
        assert (answer.rehearsals_left, answer.last_rehearsal_on) == (15, date(2020, 4, 16))
        assert answer.lacking_ore == 1_000 * KR
        assert told.network == answer
        assert told.lacking_until(date(2020, 12, 31)) == (136_500 - 55_000) * KR

    def test_an_agreement_from_the_end_of_may_moves_what_is_lacking_but_not_the_date(
        self, app: Flask
    ) -> None:
        choir, _days = a_year_of_thursdays()
        makers.an_agreement(60_000 * KR, choir, signed_on=date(2020, 1, 1), usable_from=date(2020, 5, 29))
        told = queries.forecast(date(2020, 1, 1))
        assert told.network.first_unpaid_on == date(2020, 4, 23)
        assert told.lacking_until(date(2020, 12, 31)) == 21_500 * KR

    def test_the_command_line_tells_the_same(self, app: Flask) -> None:
        a_year_of_thursdays()
        run = app.test_cli_runner().invoke
        first = run(args=["financed-to", "--as-of", "2020-01-01", "--json"])
        assert first.exit_code == 0, first.output
        data = json.loads(first.stdout)
        assert data["network"]["financed_to"] == "2020-04-16"
        assert data["network"]["first_unpaid"] == "2020-04-23"
        assert data["choirs"][0]["rehearsals_left"] == 15
        assert data["choirs"][0]["name"] == "Boden"
        assert run(args=["financed-to", "--as-of", "2020-01-01", "--json"]).stdout == first.stdout
        table = run(args=["financed-to", "--as-of", "2020-01-01"])
        assert "Pengarna räcker till 16 april 2020." in table.stdout
        assert "2020-04-23" in table.stdout

    def test_today_has_no_part_in_it(self, app: Flask) -> None:
        a_year_of_thursdays()
        before = queries.forecast(date(2020, 1, 1))
        with clock.set_to(datetime(2031, 3, 3, tzinfo=UTC)):
            assert queries.forecast(date(2020, 1, 1)) == before
