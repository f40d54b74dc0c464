"""The pages of somebody who has signed in: where they land, their bars, home, own choirs and own data."""

from datetime import date, timedelta

import pytest

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions as rehearsals
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor

EVERYWHERE = ("/hem", "/mer", "/min-kor", "/hem/uppgifter", "/hem/uppgifter.json", "/in")


@pytest.fixture
def boden(visitor: Visitor) -> Choir:
    choir = makers.a_choir(town="Boden")
    choir.contact_name, choir.contact_phone = "Elin", "070-174 06 05"
    return choir


def who_sings(choir: Choir, name: str = "Hodan Warsame", voice: str = "Alt") -> tuple[Account, Singer]:
    """A member with an account, who sings in the choir."""
    account = makers.an_account(name)
    first_name, _space, surname = name.partition(" ")
    singer = makers.a_singer(first_name, surname, choir=choir, voice=voice, account_id=account.id)
    db.session.flush()
    return account, singer


def bar(visitor: Visitor) -> list[str]:
    """The words in the bar at the foot of a phone."""
    for nav in visitor.tree.iter("nav"):
        if nav.get("class") == "tab-bar":
            return ["".join(link.itertext()).strip() for link in nav.iter("a")]
    return []


class TestDoor:
    @pytest.mark.parametrize("path", EVERYWHERE)
    def test_a_stranger_is_asked_to_sign_in(self, visitor: Visitor, path: str) -> None:
        visitor.opens(path, 303)
        assert visitor.answer is not None
        assert "/logga-in" in visitor.answer.headers["Location"]


class TestLanding:
    def lands(self, visitor: Visitor, who: Account) -> str:
        visitor.signs_in(who).opens("/in", 303)
        assert visitor.answer is not None
        return visitor.answer.headers["Location"]

    def test_by_role(self, boden: Choir, visitor: Visitor) -> None:
        assert self.lands(visitor, makers.an_account("Hodan")) == "/hem"
        assert self.lands(visitor, makers.a_leader(boden)) == "/ikvall"
        assert self.lands(visitor, makers.an_editor()) == "/nyheter/skriv"
        assert self.lands(visitor, makers.a_manager()) == "/laget"
        assert self.lands(visitor, makers.an_administrator()) == "/laget"

    def test_a_manager_who_leads_comes_to_tonight_on_a_day_of_singing(
        self, boden: Choir, visitor: Visitor
    ) -> None:
        both = makers.an_account("Karin Ek", "manager")
        choirs.appoint_leader(boden, both, by=makers.a_manager())
        assert self.lands(visitor, both) == "/laget"
        makers.a_rehearsal(boden)
        assert self.lands(visitor, both) == "/ikvall"


class TestBars:
    def test_a_member(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(who_sings(boden)[0]).opens("/hem")
        assert bar(visitor) == ["Hem", "Nyheter", "Min kör", "Mer"]

    def test_a_leader(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_leader(boden)).opens("/ikvall")
        assert bar(visitor) == ["I kväll", "Sångare", "Nyheter", "Mer"]

    def test_an_editor(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.an_editor()).opens("/nyheter/skriv")
        assert bar(visitor) == ["Skriv", "Hem", "Min kör", "Mer"]

    def test_a_manager(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_manager()).opens("/laget")
        assert bar(visitor) == ["Läget", "Finansiering", "Partner", "Mer"]
        visitor.sees("Körer", "Skriv nyheter", "Inställningar")

    def test_a_visitor_has_none_and_may_sign_in(self, visitor: Visitor) -> None:
        visitor.opens("/").sees("Logga in", "Bli partner").misses("tab-bar", "Logga ut")

    @pytest.mark.parametrize("path", ["/", "/korer", "/korer/boden", "/nyheter", "/om", "/kontakt"])
    def test_public_pages_keep_the_own_bar(self, boden: Choir, visitor: Visitor, path: str) -> None:
        visitor.signs_in(who_sings(boden)[0]).opens(path)
        assert bar(visitor) == ["Hem", "Nyheter", "Min kör", "Mer"]

    def test_the_way_out_and_the_account_are_on_every_page(self, boden: Choir, visitor: Visitor) -> None:
        for who in (who_sings(boden)[0], makers.a_leader(boden), makers.a_manager()):
            visitor.signs_in(who).opens("/korer").sees("Logga ut", "Mitt konto")
            assert 'action="/logga-ut"' in visitor.html
            assert 'href="/konto"' in visitor.html

    def test_the_place_one_stands_on_is_marked(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(who_sings(boden)[0]).opens("/mer")
        current = [one for one in visitor.tree.iter("a") if one.get("aria-current") == "page"]
        assert {one.get("href") for one in current} == {"/mer"}

    @pytest.mark.parametrize("path", ["hamta-in", "dubbletter", "ta-ut", "sangare"])
    def test_what_one_does_with_singers_stands_under_singers(
        self, boden: Choir, visitor: Visitor, path: str
    ) -> None:
        visitor.signs_in(makers.a_leader(boden)).opens(f"/korer/boden/{path}")
        current = [one for one in visitor.tree.iter("a") if one.get("aria-current") == "page"]
        assert {one.get("href") for one in current if "tab-bar__item" in one.get("class", "")} == {"/min-kor"}


class TestHome:
    def test_tells_the_next_time_and_the_voice(self, boden: Choir, visitor: Visitor) -> None:
        account, _singer = who_sings(boden)
        makers.a_singer("Fatima", choir=boden, voice="Alt")
        boden.coffee_note = "Kom gärna 17.45."
        makers.a_rehearsal(
            boden, clock.now() + timedelta(days=7), venue=makers.a_venue(way_in="På baksidan.")
        )
        visitor.signs_in(account).opens("/hem").sees(
            "Hej Hodan!",
            "Tisdag 23 juni",
            "Klockan 18.00 till 20.00",
            "Kom gärna 17.45.",
            "Folkets hus, Boden",
            "På baksidan.",
            "Du sjunger alt",
            "En till sjunger samma stämma i Boden.",
            "Ring 070-174 06 05",
        )
        visitor.misses("Fatima")

    def test_tonight_is_said(self, boden: Choir, visitor: Visitor) -> None:
        account, _singer = who_sings(boden)
        makers.a_rehearsal(boden, clock.now() + timedelta(hours=1))
        visitor.signs_in(account).opens("/hem").sees("I kväll!", "Klockan 19.00 till 21.00")

    def test_what_is_called_off_is_said(self, boden: Choir, visitor: Visitor) -> None:
        account, _singer = who_sings(boden)
        tonight = makers.a_rehearsal(boden)
        rehearsals.cancel_rehearsal(tonight, reason="Elin är sjuk.", by=makers.a_manager())
        makers.a_rehearsal(boden, clock.now() + timedelta(days=7))
        visitor.signs_in(account).opens("/hem").sees("Inställt tisdag 16 juni.", "Tisdag 23 juni")

    def test_somebody_without_a_choir_is_shown_the_way(self, boden: Choir, visitor: Visitor) -> None:
        makers.a_rehearsal(boden)
        visitor.signs_in(makers.an_account("Ahmad Nasser")).opens("/hem")
        visitor.sees("Hej Ahmad!", "Du är inte med i någon kör än. Alla får komma.", "Hitta en kör")
        visitor.misses("I kväll!")

    def test_somebody_who_has_left_is_no_member(self, boden: Choir, visitor: Visitor) -> None:
        account = makers.an_account("Hodan")
        makers.a_singer("Hodan", choir=boden, state="left", account_id=account.id)
        visitor.signs_in(account).opens("/hem").sees("Du är inte med i någon kör än.")

    def test_no_button_without_an_answer_to_it(self, boden: Choir, visitor: Visitor) -> None:
        account, _singer = who_sings(boden)
        makers.a_rehearsal(boden)
        visitor.signs_in(account).opens("/hem").misses("Jag kommer", "Jag kan inte")

    def test_it_asks_little(self, boden: Choir, visitor: Visitor) -> None:
        account, _singer = who_sings(boden)
        for days in range(0, 40, 7):
            makers.a_rehearsal(boden, clock.now() + timedelta(days=days))
        visitor.signs_in(account).opens("/hem")
        with at_most(12):
            visitor.opens("/hem")


class TestOwnChoirs:
    def leads_to(self, visitor: Visitor) -> str:
        visitor.opens("/min-kor", 303)
        assert visitor.answer is not None
        return visitor.answer.headers["Location"]

    def test_one_choir_is_gone_to_at_once(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(who_sings(boden)[0])
        assert self.leads_to(visitor) == "/korer/boden"
        visitor.signs_in(makers.a_leader(boden))
        assert self.leads_to(visitor) == "/korer/boden/sangare"

    def test_several_are_chosen_from(self, boden: Choir, visitor: Visitor) -> None:
        account, singer = who_sings(boden)
        makers.a_membership(singer, makers.a_choir(town="Göteborg"))
        makers.a_choir(town="Östersund")
        visitor.signs_in(account).opens("/min-kor").sees("Mina körer", "Boden", "Göteborg").misses(
            "Östersund"
        )

    def test_none_is_told(self, boden: Choir, visitor: Visitor) -> None:
        visitor.signs_in(makers.an_account("Ahmad")).opens("/min-kor").sees("Du är inte med i någon kör än.")


class TestMore:
    def test_holds_what_the_bar_has_no_room_for_and_whom_to_call(
        self, boden: Choir, visitor: Visitor
    ) -> None:
        visitor.signs_in(who_sings(boden)[0]).opens("/mer")
        visitor.sees("Hitta en kör", "Mina uppgifter", "Mitt konto", "Logga ut", "Ring 070-174 06 05")

    def test_no_place_stands_twice_in_the_list(self, boden: Choir, visitor: Visitor) -> None:
        for who in (who_sings(boden)[0], makers.a_leader(boden), makers.an_editor(), makers.a_manager()):
            visitor.signs_in(who).opens("/mer")
            rows = next(one for one in visitor.tree.iter("ul") if one.get("class") == "rows")
            links = [one.get("href") for one in rows.iter("a")]
            assert len(links) == len(set(links))


class TestOwnData:
    def test_all_that_is_held_is_told(self, boden: Choir, visitor: Visitor) -> None:
        account, singer = who_sings(boden)
        singer.phone, singer.note = "070-174 06 07", "Sitter gärna nära dörren."
        makers.a_logged_rehearsal(boden, clock.now() - timedelta(days=7), singer)
        visitor.signs_in(account).opens("/hem/uppgifter").sees(
            "Hodan",
            "Warsame",
            "070-174 06 07",
            "Sitter gärna nära dörren.",
            "Boden",
            "Tisdag 9 juni",
            "Du var här",
        )

    def test_can_be_taken_out(self, boden: Choir, visitor: Visitor) -> None:
        account, singer = who_sings(boden)
        makers.a_logged_rehearsal(boden, clock.now() - timedelta(days=7), singer)
        other = makers.a_singer("Fatima", choir=boden)
        makers.a_logged_rehearsal(boden, clock.now() - timedelta(days=14), other)
        visitor.signs_in(account).opens("/hem/uppgifter.json")
        assert visitor.answer is not None
        assert "attachment" in visitor.answer.headers["Content-Disposition"]
        taken = visitor.json
        assert taken["account"] == {"name": "Hodan Warsame", "email": account.email}
        assert (taken["singer"]["first_name"], taken["singer"]["surname"]) == ("Hodan", "Warsame")
        assert taken["memberships"] == [
            {"choir": "Boden", "voice": "Alt", "state": "regular", "since": "2020-01-07", "until": None}
        ]
        assert [(one["starts_at"][:10], one["was_there"]) for one in taken["attendance"]] == [
            ("2026-06-09", True),
            ("2026-06-02", None),
        ]

    def test_is_nobody_elses(self, boden: Choir, visitor: Visitor) -> None:
        who_sings(boden)
        other, _singer = who_sings(boden, "Fatima Ali")
        visitor.signs_in(other).opens("/hem/uppgifter").sees("Fatima").misses("Hodan", "Warsame")
        visitor.opens("/hem/uppgifter.json")
        assert "Hodan" not in visitor.html

    def test_an_account_without_a_singer_has_none(self, boden: Choir, visitor: Visitor) -> None:
        who_sings(boden)
        visitor.signs_in(makers.a_leader(boden)).opens("/hem/uppgifter").sees(
            "Kören har inget sparat om dig."
        )
        visitor.opens("/hem/uppgifter.json", 404)

    def test_a_membership_that_is_over_is_told_too(self, boden: Choir, visitor: Visitor) -> None:
        account, singer = who_sings(boden)
        makers.a_membership(
            singer, makers.a_choir(town="Göteborg"), since=date(2019, 1, 8), until=date(2019, 6, 4)
        )
        visitor.signs_in(account).opens("/hem/uppgifter").sees("8 januari 2019", "4 juni 2019")
        assert "<bdi>Göteborg</bdi>" in visitor.html
