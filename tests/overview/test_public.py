"""The pages that everybody may see: the start page, the list of choirs, and one choir."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions as news
from choir_app.news.actions import Words
from choir_app.overview import queries
from choir_app.rehearsals import actions as rehearsals
from choir_app.rehearsals.models import Rehearsal, SeriesBreak
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def sings(choir: Choir, days: int, **more: Any) -> Rehearsal:
    """The choir sings at six in the evening, so many days from now."""
    return makers.a_rehearsal(choir, in_days(days), **more)


def came(choir: Choir, heads: int, *weeks_ago: int) -> None:
    """So many were there in each of these weeks."""
    for weeks in weeks_ago:
        makers.a_logged_rehearsal(choir, in_days(-7 * weeks), guests=heads)


def a_post(headline: str = "Vi sjunger i parken", *choirs: Choir, is_published: bool = True) -> None:
    editor = makers.an_editor()
    words = Words(
        headline=headline, lead="Alla får komma.", body="Text.", byline_name="Eva", byline_role=None
    )
    post = news.write(Words(**{**words.__dict__, "choirs": choirs}), by=editor)
    if is_published:
        news.publish(post, by=editor)
    db.session.flush()


@pytest.fixture
def boden(visitor: Visitor) -> Choir:
    return makers.a_choir(town="Boden")


class TestStart:
    def test_an_empty_house_says_so(self, visitor: Visitor) -> None:
        visitor.opens("/").sees(
            "Sjung med oss.", "Nästa gång är inte bestämd än.", "Här kommer det nyheter snart."
        )

    def test_this_week_comes_first_in_the_order_of_time(self, boden: Choir, visitor: Visitor) -> None:
        sings(makers.a_choir(town="Göteborg"), 2)
        sings(boden, 1)
        sings(boden, 8)
        visitor.opens("/").sees("I veckan", "Onsdag 17 juni", "Torsdag 18 juni").misses("24 juni")
        assert visitor.text.index("Onsdag 17 juni") < visitor.text.index("Torsdag 18 juni")

    def test_a_week_without_singing_tells_what_comes_next(self, boden: Choir, visitor: Visitor) -> None:
        sings(boden, 8)
        visitor.opens("/").sees("Nästa gång vi sjunger", "Onsdag 24 juni").misses("I veckan")

    def test_what_is_called_off_stays_and_says_so(self, boden: Choir, visitor: Visitor) -> None:
        rehearsals.cancel_rehearsal(sings(boden, 1), reason="Elin är sjuk.", by=makers.a_manager())
        visitor.opens("/").sees("Inställt", "Onsdag 17 juni")

    def test_what_is_over_is_gone(self, boden: Choir, visitor: Visitor) -> None:
        sings(boden, -1)
        visitor.opens("/").sees("Nästa gång är inte bestämd än.")

    def test_a_choir_that_pauses_does_not_invite(self, visitor: Visitor) -> None:
        sings(makers.a_choir(town="Boden", state="paused"), 1)
        visitor.opens("/").misses("17 juni")

    def test_how_many_sing_is_an_average_of_four_weeks_and_says_which(
        self, boden: Choir, visitor: Visitor
    ) -> None:
        came(boden, 10, 2, 4)
        came(boden, 14, 3, 5)
        visitor.opens("/").sees("Cirka 12 sjunger varje vecka.", "11 maj–7 juni")

    def test_fewer_than_five_are_not_told(self, boden: Choir, visitor: Visitor) -> None:
        came(boden, 4, 1, 2, 3, 4)
        visitor.opens("/").misses("sjunger varje vecka.")

    def test_five_are_told(self, boden: Choir, visitor: Visitor) -> None:
        came(boden, 5, 1, 2, 3, 4)
        visitor.opens("/").sees("Cirka 5 sjunger varje vecka.")

    def test_news_and_those_who_help(self, boden: Choir, visitor: Visitor) -> None:
        a_post("Vi sjunger i parken")
        a_post("Hemligt utkast", is_published=False)
        makers.a_partner("Bodenbo", is_thanked=True)
        makers.a_partner("Hemlig partner")
        visitor.opens("/").sees("Vi sjunger i parken", "Bodenbo").misses("Hemligt utkast", "Hemlig partner")

    def test_it_asks_little(self, boden: Choir, visitor: Visitor) -> None:
        for days in range(1, 5):
            sings(boden, days)
        a_post("Vi sjunger i parken", boden)
        visitor.opens("/")
        with at_most(10):
            visitor.opens("/")


class TestAllChoirs:
    def test_stand_from_north_to_south(self, boden: Choir, visitor: Visitor) -> None:
        for town in ("Göteborg", "Östersund"):
            makers.a_choir(town=town)
        visitor.opens("/korer")
        places = [visitor.text.index(town) for town in ("Boden", "Östersund", "Göteborg")]
        assert places == sorted(places)

    def test_say_when_they_sing_as_a_rule_and_next(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_series(boden, date(2026, 1, 13))
        sings(boden, 7)
        visitor.opens("/korer").sees("Tisdagar klockan 18.00–20.00", "tisdag 23 juni klockan 18.00")

    def test_every_other_week_is_said(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_series(boden, date(2026, 1, 14), every_weeks=2)
        visitor.opens("/korer").sees("Varannan onsdag klockan 18.00–20.00")

    def test_what_is_called_off_is_not_the_next_time(self, boden: Choir, visitor: Visitor) -> None:
        rehearsals.cancel_rehearsal(sings(boden, 1), reason=None, by=makers.a_manager())
        sings(boden, 8)
        visitor.opens("/korer").sees("onsdag 24 juni").misses("17 juni")

    @pytest.mark.parametrize(
        ("state", "said"), [("paused", "Paus"), ("planned", "Ny kör på gång"), ("active", "inte bestämd än")]
    )
    def test_each_state_has_its_word(self, visitor: Visitor, state: str, said: str) -> None:
        makers.a_choir(town="Boden", state=state)
        visitor.opens("/korer").sees("Boden", said)

    def test_one_that_has_ended_is_not_there(self, visitor: Visitor) -> None:
        makers.a_choir(town="Boden", state="ended")
        visitor.opens("/korer").sees("Det finns ingen kör än.").misses("/korer/boden")

    def test_one_that_rests_says_so(self, boden: Choir, visitor: Visitor) -> None:
        series = makers.a_series(boden, date(2026, 1, 13))
        series.breaks.append(
            SeriesBreak(name="Sommarpaus", first_on=date(2026, 6, 10), last_on=date(2026, 8, 23))
        )
        sings(boden, 70)
        visitor.opens("/korer").sees("Sommarpaus", "tisdag 25 augusti")

    def test_only_managers_see_the_way_to_change_them(self, boden: Choir, visitor: Visitor) -> None:
        visitor.opens("/korer").misses("/korer/hantera")
        visitor.signs_in(makers.a_leader(boden)).opens("/korer").misses("/korer/hantera")
        visitor.signs_in(makers.a_manager()).opens("/korer").sees("Hantera körer")

    def test_they_ask_little_however_many(self, boden: Choir, visitor: Visitor) -> None:
        for town in ("Göteborg", "Östersund", "Norrköping"):
            choir = makers.a_choir(town=town)
            makers.a_series(choir, date(2026, 1, 13))
            sings(choir, 3)
        visitor.opens("/korer")
        with at_most(6):
            visitor.opens("/korer")


class TestOneChoir:
    def test_tells_when_and_where_and_how_to_find_in(self, boden: Choir, visitor: Visitor) -> None:
        hall = makers.a_venue(room="Källaren", way_in="Gå in på baksidan.", has_step_free_access=True)
        boden.coffee_note = "Kom gärna 17.45."
        boden.contact_name, boden.contact_phone = "Elin", "070-174 06 05"
        sings(boden, 0, venue=hall)
        visitor.opens("/korer/boden").sees(
            "Nästa gång vi sjunger",
            "Tisdag 16 juni",
            "Klockan 18.00 till 20.00",
            "Kom gärna 17.45.",
            "Folkets hus, Källaren, Exempelgatan 1",
            "Gå in på baksidan.",
            "Det går att komma in utan trappor.",
            "Du behöver inte anmäla dig.",
            "Ring 070-174 06 05",
        )
        assert 'href="tel:0701740605"' in visitor.html

    def test_more_times_name_the_place_and_lead_nowhere(self, boden: Choir, visitor: Visitor) -> None:
        sings(boden, 0)
        sings(boden, 7, venue=makers.a_venue(name="Björknäsparken"))
        visitor.opens("/korer/boden").sees("Fler tider", "Tisdag 23 juni", "Björknäsparken")
        rows = [one for one in visitor.tree.iter("a") if "row" in (one.get("class") or "").split()]
        assert rows == []

    def test_called_off_is_said_before_the_next_time(self, boden: Choir, visitor: Visitor) -> None:
        rehearsals.cancel_rehearsal(
            sings(
                boden,
                0,
            ),
            reason="Elin är sjuk.",
            by=makers.a_manager(),
        )
        sings(boden, 7)
        visitor.opens("/korer/boden").sees("Inställt tisdag 16 juni.", "Elin är sjuk.", "Tisdag 23 juni")

    def test_when_all_is_called_off_no_next_time_is_promised(self, boden: Choir, visitor: Visitor) -> None:
        rehearsals.cancel_rehearsal(sings(boden, 0), reason=None, by=makers.a_manager())
        visitor.opens("/korer/boden").sees("Inställt tisdag 16 juni.", "Nästa gång är inte bestämd än.")

    def test_a_new_place_is_said(self, boden: Choir, visitor: Visitor) -> None:
        one = sings(boden, 0, venue=makers.a_venue())
        park = makers.a_venue(name="Björknäsparken")
        rehearsals.move_rehearsal(
            one, starts_at=one.starts_at, minutes=one.minutes, venue=park, by=makers.a_manager()
        )
        visitor.opens("/korer/boden").sees("Ny plats den här gången: Björknäsparken.")

    def test_a_new_time_is_said(self, boden: Choir, visitor: Visitor) -> None:
        one = sings(boden, 1, venue=makers.a_venue())
        rehearsals.move_rehearsal(
            one,
            starts_at=one.starts_at + timedelta(hours=1),
            minutes=one.minutes,
            venue=one.venue,
            by=makers.a_manager(),
        )
        visitor.opens("/korer/boden").sees("Ny tid den här gången.", "Klockan 19.00 till 21.00")

    def test_a_rest_stands_among_the_times(self, boden: Choir, visitor: Visitor) -> None:
        series = makers.a_series(boden, date(2026, 1, 13))
        series.breaks.append(
            SeriesBreak(name="Sommarpaus", first_on=date(2026, 6, 22), last_on=date(2026, 8, 23))
        )
        sings(boden, 0)
        sings(boden, 70)
        visitor.opens("/korer/boden").sees(
            "Tisdagar klockan 18.00–20.00", "22 juni", "23 augusti", "Sommarpaus"
        )

    def test_a_rest_now_says_when_it_is_over(self, boden: Choir, visitor: Visitor) -> None:
        series = makers.a_series(boden, date(2026, 1, 13))
        series.breaks.append(
            SeriesBreak(name="Sommarpaus", first_on=date(2026, 6, 8), last_on=date(2026, 8, 23))
        )
        sings(boden, 70)
        visitor.opens("/korer/boden").sees("Sommarpaus. Vi börjar igen tisdag 25 augusti.")

    def test_a_pause_is_not_an_invitation(self, visitor: Visitor) -> None:
        choir = makers.a_choir(town="Boden", state="paused")
        sings(choir, 1)
        visitor.opens("/korer/boden").sees("Paus", "Vi vet inte än när vi börjar igen.").misses("17 juni")

    def test_a_pause_with_an_end_invites_from_then(self, visitor: Visitor) -> None:
        choir = makers.a_choir(town="Boden", state="paused")
        manager = makers.a_manager()
        choirs.change_state(choir, "active", date(2026, 6, 22), by=manager)
        sings(choir, 1)
        sings(choir, 8)
        visitor.opens("/korer/boden").sees("Onsdag 24 juni").misses("17 juni")

    def test_one_that_has_ended_says_so(self, visitor: Visitor) -> None:
        makers.a_choir(town="Boden", state="ended")
        visitor.opens("/korer/boden").sees("Kören har slutat")

    def test_an_unknown_one_does_not_exist(self, visitor: Visitor) -> None:
        visitor.opens("/korer/atlantis", 404).sees("Sidan finns inte")

    def test_its_news_and_its_partners_only(self, boden: Choir, visitor: Visitor) -> None:
        a_post("Nytt i norr", boden)
        a_post("Nytt i väster", makers.a_choir(town="Göteborg"))
        makers.a_partner("Bodenbo", "Boden", is_thanked=True)
        makers.a_partner("Almen", "Göteborg", is_thanked=True)
        visitor.opens("/korer/boden").sees("Nytt i norr", "Bodenbo").misses("Nytt i väster", "Almen")

    def test_the_roll_is_only_for_those_who_lead_it(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_singer("Hodan", choir=boden)
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Ida Ek")
        visitor.opens("/korer/boden").misses("/korer/boden/sangare", "Hodan")
        visitor.signs_in(stranger).opens("/korer/boden").misses("/korer/boden/sangare", "Ändra kören")
        visitor.signs_in(makers.a_leader(boden)).opens("/korer/boden").sees("Sångare", "Ändra kören")

    def test_it_asks_little(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_series(boden, date(2026, 1, 13))
        for days in range(0, 50, 7):
            sings(boden, days)
        a_post("Nytt i norr", boden)
        visitor.opens("/korer/boden")
        with at_most(11):
            visitor.opens("/korer/boden")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/om", "Så började det"),
        ("/bli-partner", "Det du får"),
        ("/personuppgifter", "Det här sparar vi aldrig"),
        ("/tillganglighet", "Det här fungerar"),
        ("/kontakt", "Sveriges Körförbund"),
    ],
)
def test_who_we_are_and_how_one_reaches_us(visitor: Visitor, path: str, said: str) -> None:
    visitor.opens(path).sees(said)


def test_contact_names_the_person_and_the_number(boden: Choir, visitor: Visitor) -> None:
    boden.contact_name, boden.contact_phone = "Elin", "070-174 06 05"
    boden.contact_email = "boden@example.org"
    visitor.opens("/kontakt").sees("Ring 070-174 06 05", "Skicka sms", "Skriv mejl")
    assert visitor.html.count('<span dir="ltr">070-174 06 05</span>') == 2, "in Arabic it would turn round"
    assert "<bdi>Elin</bdi></b>, körledare" in visitor.html


def test_the_front_page_is_the_same_in_both_times_of_the_year(boden: Choir, the_clock: Any) -> None:
    the_clock.set_to(datetime.fromisoformat("2026-01-13T17:00:00+00:00"))
    makers.a_rehearsal(boden, clock.from_local(date(2026, 1, 13), time(18)))
    row = queries.start_page().gatherings[0]
    assert clock.local(row.starts_at).hour == 18
