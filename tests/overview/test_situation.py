"""The manager's front page: where the money ends first, what is due, how many came."""

from datetime import date, timedelta

import pytest

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)


@pytest.fixture
def boden(visitor: Visitor) -> Choir:
    return makers.a_choir(town="Boden")


def costs_and_is_paid(choir: Choir, ore: int) -> None:
    """The choir sings every Tuesday, pays 1 000 kr a time, and has so much for it."""
    series = makers.a_series(choir, date(2026, 1, 13))
    for week in range(30):
        day = TODAY + timedelta(weeks=week)
        makers.a_rehearsal(choir, clock.now() + timedelta(weeks=week), series_id=series.id, series_day=day)
    makers.a_cost_line(choir, 100_000)
    makers.an_agreement(ore, choir, usable_from=date(2026, 1, 1), usable_to=date(2027, 12, 31))


class TestDoor:
    def test_is_for_managers(self, boden: Choir, visitor: Visitor) -> None:
        visitor.opens("/laget", 303)
        for stranger in (makers.an_account("Hodan"), makers.a_leader(boden), makers.an_editor()):
            visitor.signs_in(stranger).opens("/laget", 403).misses("Körerna")
        visitor.signs_in(makers.a_manager()).opens("/laget").sees("Körerna")


class TestPage:
    def test_an_empty_house_says_what_to_do(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager()).opens("/laget")
        visitor.sees("Så börjar ni", "Lägg till en kör.", "Bjud in en körledare.")

    def test_a_choir_with_nothing_to_do_says_so(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager()).opens("/laget")
        visitor.sees("Inget att göra de närmaste 30 dagarna.", "Allt är skrivet.")

    def test_says_where_the_money_ends_first(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_balance(0, TODAY)
        costs_and_is_paid(boden, 400_000)
        costs_and_is_paid(makers.a_choir(town="Göteborg"), 800_000)
        visitor.signs_in(makers.a_manager()).opens("/laget")
        visitor.sees("Pengarna tar slut först i Boden.", "Boden är finansierad till 14 juli 2026")

    def test_without_numbers_it_says_so_and_guesses_nothing(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager()).opens("/laget").sees("Uppgifter saknas")

    def test_how_many_came_by_choir(self, boden: Choir, visitor: Visitor) -> None:
        for weeks in (1, 2, 3):
            makers.a_logged_rehearsal(boden, clock.now() - timedelta(weeks=weeks), guests=10 + weeks)
        visitor.signs_in(makers.a_manager()).opens("/laget")
        visitor.sees("Cirka 12 sjunger varje vecka.", "Boden: 12 i snitt i veckan")

    def test_what_is_due_comes_in_order_and_what_is_late_says_so(
        self, boden: Choir, visitor: Visitor
    ) -> None:
        manager = makers.a_manager()
        partner = makers.a_partner("Bodenbo", "Boden")
        makers.a_next_step(partner, TODAY + timedelta(days=3), "Ring om avtalet", owner_id=manager.id)
        late = makers.a_partner("Almen")
        makers.a_next_step(late, TODAY - timedelta(days=3), "Skicka ett förslag")
        far = makers.a_partner("Handlarna")
        makers.a_next_step(far, TODAY + timedelta(days=90), "Fråga igen")
        visitor.signs_in(manager).opens("/laget").sees("Ring om avtalet", "Skicka ett förslag", "Försenat")
        visitor.sees("19 juni fredag", "Näst på tur, senast lördag 13 juni: Skicka ett förslag (Almen).")
        visitor.misses("Fråga igen")
        assert visitor.text.index("Skicka ett förslag") < visitor.text.index("Ring om avtalet")

    def test_what_nobody_wrote_down_leads_to_its_roll(self, boden: Choir, visitor: Visitor) -> None:
        left = makers.a_rehearsal(boden, clock.now() - timedelta(days=7))
        makers.a_logged_rehearsal(boden, clock.now() - timedelta(days=14), guests=3)
        visitor.signs_in(makers.a_manager()).opens("/laget").sees("Tisdag 9 juni")
        assert str(left.id) in visitor.html

    def test_asks_as_much_with_five_choirs_as_with_one(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_balance(0, TODAY)
        towns = ("Göteborg", "Östersund", "Norrköping", "Linköping")
        for choir in (boden, *(makers.a_choir(town=town) for town in towns)):
            costs_and_is_paid(choir, 400_000)
        visitor.signs_in(makers.a_manager()).opens("/laget")
        with at_most(29):
            visitor.opens("/laget")
