"""History and plan of a choir, on the pages."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Membership
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Series
from tests import makers
from tests.conftest import NOW
from tests.statements import at_most
from tests.visitor import Visitor

WEEKLY = {
    "weekday": "1",
    "hour": "18.00",
    "ends": "20.00",
    "venue": "",
    "every_weeks": "1",
    "first_on": "2026-06-16",
    "last_on": "",
}
CONCERT = {
    "kind": "concert",
    "day": "2026-06-20",
    "hour": "15.00",
    "ends": "16.00",
    "venue": "",
    "note": "I parken",
}


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir("Amina", "Bo")


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


def the_series(choir: Choir) -> Series:
    db.session.expire_all()
    [series] = queries.series_of(choir)
    return series


class TestHistory:
    def test_shows_counts_gaps_and_cancellations(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        singers = list(db.session.scalars(select(Membership.singer_id)))
        for weeks in (1, 2, 4):
            rehearsal = makers.a_rehearsal(choir, NOW - timedelta(weeks=weeks))
            actions.take_roll(
                rehearsal, was_here=[], is_here=singers, guests=weeks, receipt=uuid4(), by=leader
            )
        makers.a_rehearsal(choir, NOW - timedelta(days=9))
        off = makers.a_rehearsal(choir, NOW - timedelta(days=10))
        actions.cancel_rehearsal(off, reason="Halka.", by=leader)
        visitor.signs_in(leader).opens("/korer/boden/repetitioner")
        visitor.sees(
            "I snitt kommer 4.", "Inte ifylld", "Inställt", "Halka.", "Visa som tabell", "inte ifylld"
        )

    def test_older_ones_are_a_page_away(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        for weeks in range(1, 31):
            makers.a_logged_rehearsal(choir, NOW - timedelta(weeks=weeks), guests=weeks)
        visitor.signs_in(leader).opens("/korer/boden/repetitioner").sees("Äldre").misses("18 november")
        visitor.opens("/korer/boden/repetitioner?fore=2025-12-30").sees("23 december", "Nyast")

    @pytest.mark.parametrize("day", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30"])
    def test_a_day_that_is_none(self, visitor: Visitor, choir: Choir, leader: Account, day: str) -> None:
        visitor.signs_in(leader).opens(f"/korer/boden/repetitioner?fore={day}")

    def test_its_statements(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        for weeks in range(1, 30):
            makers.a_logged_rehearsal(choir, NOW - timedelta(weeks=weeks), guests=weeks)
        visitor.signs_in(leader).opens("/korer/boden/repetitioner")
        with at_most(7, "statements"):
            visitor.opens("/korer/boden/repetitioner")


class TestSeries:
    def test_made_changed_and_with_a_break(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        visitor.signs_in(leader).opens("/korer/boden/repetitioner/plan").sees("Det finns ingen plan")
        visitor.sends("/korer/boden/repetitioner/serie", **WEEKLY)
        visitor.sees("Planen är sparad.", "Tisdag klockan 18.00", "Varje vecka", "Tisdag 23 juni")
        series = the_series(choir)
        path = f"/repetitioner/serier/{series.id}"
        visitor.opens(path).sees("Ändra när ni sjunger")
        visitor.sends(path, **{**WEEKLY, "weekday": "3", "hour": "19.00", "ends": "20.30"})
        visitor.sees("Torsdag klockan 19.00", "Torsdag 18 juni")
        visitor.sends(f"{path}/lov", name="sommarlov", first_on="2026-06-22", last_on="2026-08-19")
        visitor.sees("Sommarlov", "Torsdag 20 augusti").misses("Torsdag 25 juni")
        rest = the_series(choir).breaks[0]
        visitor.sends(f"/repetitioner/lov/{rest.id}/ta-bort").sees("Lovet är borta.", "Torsdag 25 juni")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"weekday": ""}, "Välj en veckodag."),
            ({"weekday": "9"}, "Välj något i listan."),
            ({"hour": ""}, "Skriv när ni börjar"),
            ({"hour": "kvart över"}, "Skriv klockslaget så här: 18.00."),
            ({"hour": "25.00"}, "Skriv klockslaget så här: 18.00."),
            ({"ends": "17.00"}, "Skriv en sluttid som är senare än starttiden."),
            ({"ends": "18.00"}, "Skriv en sluttid som är senare än starttiden."),
            ({"first_on": ""}, "Skriv den första dagen."),
            ({"first_on": "i morgon"}, "Skriv datumet så här"),
            ({"first_on": "1995-01-01"}, "högst sex år tillbaka"),
            ({"last_on": "2026-06-01"}, "samma dag eller senare"),
            ({"venue": "nonsense"}, "Välj något i listan."),
            ({"every_weeks": "3"}, "Välj något i listan."),
        ],
    )
    def test_mistakes(
        self, visitor: Visitor, choir: Choir, leader: Account, wrong: dict[str, str], said: str
    ) -> None:
        visitor.signs_in(leader).sends("/korer/boden/repetitioner/serie", 422, **{**WEEKLY, **wrong}).sees(
            said
        )
        assert queries.series_of(choir) == []

    def test_a_venue_of_another_town_is_not_in_the_list(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        elsewhere = makers.a_venue("Göteborg")
        visitor.signs_in(leader)
        visitor.sends("/korer/boden/repetitioner/serie", 422, **{**WEEKLY, "venue": elsewhere.id})

    def test_sent_twice_it_is_there_once(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        visitor.signs_in(leader).sends("/korer/boden/repetitioner/serie", **WEEKLY)
        visitor.sends("/korer/boden/repetitioner/serie", 422, **WEEKLY).sees("Kören sjunger redan")
        assert the_series(choir)


class TestSingleOnes:
    def test_a_concert(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        visitor.signs_in(leader).opens("/korer/boden/repetitioner/ny")
        visitor.sends("/korer/boden/repetitioner/ny", **CONCERT).sees(
            "Konsert 20 juni finns nu i planen.", "I parken"
        )
        visitor.sends("/korer/boden/repetitioner/ny", 422, **CONCERT).sees("Kören sjunger redan då.")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"kind": ""}, "Välj vad det är."),
            ({"day": ""}, "Skriv vilken dag."),
            ({"day": "2099-01-01"}, "högst tre år framåt"),
            ({"day": "1999-01-01"}, "högst ett år tillbaka"),
            ({"note": "x" * 201}, "Texten är för lång."),
            ({"note": "811218-9876"}, "personnummer"),
        ],
    )
    def test_mistakes(
        self, visitor: Visitor, choir: Choir, leader: Account, wrong: dict[str, str], said: str
    ) -> None:
        visitor.signs_in(leader).sends("/korer/boden/repetitioner/ny", 422, **{**CONCERT, **wrong}).sees(said)

    def test_called_off_and_taken_back_from_the_plan(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        coming = makers.a_rehearsal(choir, NOW + timedelta(days=7))
        path = f"/repetitioner/{coming.id}/installning"
        visitor.signs_in(leader).sends(path, reason="").sees(
            "23 juni är inställt.", "Inställt", "Ta tillbaka"
        )
        visitor.sends(path, reason="").sees("23 juni är inställt.")
        visitor.opens(f"/repetitioner/{coming.id}/flytt")
        visitor.sends(
            f"/repetitioner/{coming.id}/flytt", 422, day="2026-06-23", hour="18.00", ends="20.00"
        ).sees("Repetitionen är inställd.")
        visitor.sends(f"{path}/angra").sees("inte längre inställt")

    def test_with_marks_it_cannot_be_called_off(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        tonight = makers.a_logged_rehearsal(choir, NOW, guests=3)
        visitor.signs_in(leader).sends(f"/repetitioner/{tonight.id}/installning", 422, reason="")
        visitor.sees("Någon är redan markerad i listan.")


@pytest.mark.parametrize("page", ["", "/plan", "/ny", "/serie"])
def test_only_own_leader_and_manager_enter(
    visitor: Visitor, choir: Choir, leader: Account, page: str
) -> None:
    path = f"/korer/boden/repetitioner{page}"
    visitor.opens(path, 303)
    visitor.signs_in(makers.an_account("Maja")).opens(path, 403)
    visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")).opens(path, 404)
    visitor.signs_in(leader).opens(path)
    visitor.signs_in(makers.a_manager()).opens(path)


def test_nobody_elses_series_rest_or_gathering(visitor: Visitor, choir: Choir, leader: Account) -> None:
    series = makers.a_series(choir, NOW.date())
    rest = actions.add_break(series, first_on=NOW.date(), last_on=NOW.date(), name="lov", by=leader)
    gathering = makers.a_rehearsal(choir)
    visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten"))
    typed: dict[str, Any] = {}
    for path in (
        f"/repetitioner/serier/{series.id}",
        f"/repetitioner/serier/{series.id}/lov",
        f"/repetitioner/{gathering.id}/flytt",
        f"/repetitioner/{gathering.id}/installning",
    ):
        visitor.opens(path, 404).sends(path, 404, **typed)
    visitor.sends(f"/repetitioner/lov/{rest.id}/ta-bort", 404)
    visitor.sends(f"/repetitioner/{gathering.id}/installning/angra", 404)
