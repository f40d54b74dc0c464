"""The pages of the choirs room: who enters, what is shown, what is done, and what is said about mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs import actions, queries
from choir_app.choirs.models import Choir, Membership, Singer, Town, Venue
from choir_app.foundation.database import db
from tests import makers
from tests.at_once import pressed_at_once
from tests.statements import at_most
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)


@dataclass
class World:
    """A choir in Boden with a leader, a venue and a singer, a choir elsewhere, and somebody of every role."""

    choir: Choir
    other: Choir
    singer: Singer
    stranger: Singer
    venue: Venue
    people: dict[str, Account]

    def path(self, pattern: str) -> str:
        """A path with the ids of this world in it."""
        return pattern.format(
            singer=self.singer.id,
            stranger=self.stranger.id,
            venue=self.venue.id,
            town=self.choir.town_id,
            leader=self.people["leader"].id,
            member=self.people["member"].id,
            other=self.other.id,
        )


@pytest.fixture
def world(visitor: Visitor) -> World:
    choir = makers.a_choir(name="Boden")
    other = makers.a_choir(town="Östersund")
    people = {
        "member": makers.an_account("Mona Lind"),
        "leader": makers.a_leader(choir),
        "other leader": makers.a_leader(other, "Ida Ek"),
        "editor": makers.an_editor(),
        "manager": makers.a_manager(),
        "administrator": makers.an_administrator(),
    }
    world = World(
        choir,
        other,
        makers.a_singer("Hodan", "Ali", choir=choir, voice="Alt", phone="070-174 06 05"),
        makers.a_singer("Olena", choir=other),
        makers.a_venue(),
        people,
    )
    db.session.commit()
    return world


@pytest.fixture
def as_(visitor: Visitor, world: World) -> Callable[[str], Visitor]:
    return lambda role: visitor.signs_in(world.people[role])


FOR_MANAGERS = {"leader": 403, "other leader": 403, "manager": 200, "administrator": 200}
OWN_PRIVATE = {"leader": 200, "other leader": 404, "manager": 200, "administrator": 200}
OWN_PUBLIC = {"leader": 200, "other leader": 403, "manager": 200, "administrator": 200}
ROUTES = {
    "/korer/hantera": FOR_MANAGERS,
    "/korer/hantera/ny-ort": FOR_MANAGERS,
    "/korer/hantera/orter/{town}": FOR_MANAGERS,
    "/korer/hantera/ny-kor": FOR_MANAGERS,
    "/korer/boden/lage": FOR_MANAGERS,
    "/korer/boden/ledare": FOR_MANAGERS,
    "/korer/boden/ledare/{leader}/ta-bort": FOR_MANAGERS,
    "/sangare/{singer}/konto": FOR_MANAGERS,
    "/korer/boden/andra": OWN_PUBLIC,
    "/korer/boden/lokaler/ny": OWN_PUBLIC,
    "/lokaler/{venue}": OWN_PUBLIC,
    "/korer/boden/sangare": OWN_PRIVATE,
    "/korer/boden/sangare/ny": OWN_PRIVATE,
    "/sangare/{singer}": OWN_PRIVATE,
    "/sangare/{singer}/andra": OWN_PRIVATE,
    "/sangare/{singer}/korer/boden": OWN_PRIVATE,
    "/sangare/{singer}/korer/ny": OWN_PRIVATE,
    "/sangare/{singer}/radera": OWN_PRIVATE,
}


class TestDoors:
    @pytest.mark.parametrize("pattern", ROUTES)
    def test_each_role_at_each_door(
        self, world: World, visitor: Visitor, as_: Callable[[str], Visitor], pattern: str
    ) -> None:
        path = world.path(pattern)
        expected = {"member": 403, "editor": 403, **ROUTES[pattern]}
        for role, status in expected.items():
            as_(role).opens(path, status)
            if status != 200:
                visitor.misses("Hodan", "070-174")
        visitor.leaves().opens(path, 303)

    @pytest.mark.parametrize("pattern", [path for path in ROUTES if path != "/korer/hantera"])
    def test_nobody_else_changes_anything(
        self, world: World, visitor: Visitor, as_: Callable[[str], Visitor], pattern: str
    ) -> None:
        if pattern in ("/korer/boden/sangare", "/sangare/{singer}"):
            as_("manager").sends(world.path(pattern), 405)
            return
        for role, status in {"member": 403, "editor": 403, **ROUTES[pattern]}.items():
            if status != 200:
                as_(role).sends(world.path(pattern), status, is_sure="y", name="Annat", first_name="Annat")
        answer = visitor.leaves().client.post(world.path(pattern), data={"is_sure": "y"})
        assert answer.status_code == 303
        assert "/logga-in" in answer.headers["Location"]
        db.session.expire_all()
        assert (world.singer.first_name, world.choir.name, len(world.choir.leaderships)) == (
            "Hodan",
            "Boden",
            1,
        )

    @pytest.mark.parametrize(
        "path",
        [
            "/korer/finns-inte/sangare",
            "/korer/finns-inte/andra",
            "/korer/finns-inte/lage",
            "/korer/hantera/andra",
            "/sangare/00000000-0000-0000-0000-000000000000",
            "/sangare/hodan",
            "/lokaler/00000000-0000-0000-0000-000000000000",
            "/korer/hantera/orter/00000000-0000-0000-0000-000000000000",
            "/korer/boden/ledare/00000000-0000-0000-0000-000000000000/ta-bort",
            "/sangare/{singer}/korer/ostersund",
            "/sangare/{singer}/korer/finns-inte",
        ],
    )
    def test_what_is_not_there(self, world: World, as_: Callable[[str], Visitor], path: str) -> None:
        as_("manager").opens(world.path(path), 404)


class TestRoster:
    def test_by_voice_with_state_and_without_those_who_left(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        makers.a_singer("Amina", choir=world.choir, state="trying")
        makers.a_singer("Bo", choir=world.choir, state="paused")
        makers.a_singer("Carl", choir=world.choir, state="left")
        page = as_("leader").opens("/korer/boden/sangare")
        page.sees("3 sångare", "Alt", "Utan stämma", "Provar", "Paus").misses("Carl", "Olena", "070-174")
        page.opens("/korer/boden/sangare?visa=slutat").sees("slutade 7 januari 2020").misses("Amina")
        assert "Carl" in page.html

    def test_finds_by_the_beginning_of_a_name(self, world: World, as_: Callable[[str], Visitor]) -> None:
        makers.a_singer("Åsa", choir=world.choir)
        page = as_("leader").opens("/korer/boden/sangare?q=asa")
        page.misses("Hodan")
        assert "Åsa" in page.html
        page.opens("/korer/boden/sangare?q=finns+inte").sees("Ingen i listan heter så.")
        page.opens("/korer/boden/sangare?q=%3Cscript%3E").sees("Ingen i listan heter så.")
        page.opens("/korer/boden/sangare?q=%00", 404)  # no sign that can be kept; refused at the door

    def test_an_empty_choir_says_what_to_do(self, world: World, as_: Callable[[str], Visitor]) -> None:
        as_("other leader").sends(
            f"/sangare/{world.stranger.id}/korer/ostersund", state="left", since=date(2026, 6, 1), voice=""
        ).opens("/korer/ostersund/sangare").sees("Det finns inga namn i listan än.")

    def test_asks_the_same_few_questions_however_many_sing(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        page = as_("leader")
        for number in range(40):
            makers.a_singer(f"Namn{number}", choir=world.choir, voice="Bas")
        db.session.commit()
        page.opens("/korer/boden/sangare")
        with at_most(9, "statements"):
            page.opens("/korer/boden/sangare")

    def test_all_choirs_in_a_few_questions(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page = as_("manager")
        for town in ("Norrköping", "Göteborg", "Linköping"):
            makers.a_leader(makers.a_choir("Anna", town=town))
        db.session.commit()
        page.opens("/korer/hantera")
        with at_most(7, "statements"):
            page.opens("/korer/hantera").sees("Boden", "Östersund", "Göteborg")


class TestAddingASinger:
    path = "/korer/boden/sangare/ny"

    def add(self, page: Visitor, status: int = 303, /, **fields: Any) -> Visitor:
        given = {"first_name": "Samuel", "state": "trying", "since": TODAY, "singer_id": uuid4(), **fields}
        return page.sends(self.path, status, **given)

    def test_a_first_name_is_enough(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page = as_("leader").opens(self.path).sees("Ett förnamn räcker.")
        self.add(page).sees("Samuel finns nu i kören.", "2 sångare")

    def test_with_all_that_may_be_told(self, world: World, as_: Callable[[str], Visitor]) -> None:
        self.add(
            as_("leader").opens(self.path),
            surname="Tesfay",
            phone="070-174 06 20",
            email="SAMUEL@example.org",
            reads="ti",
            is_under_18="y",
            note="Kan spela gitarr",
            voice=world.choir.voices[3].id,
        )
        (found,) = queries.find_singers("tes", viewer=world.people["leader"])
        singer = queries.singer(found.id, viewer=world.people["leader"])
        assert (singer.reads, singer.is_under_18, singer.memberships[0].voice) == (
            "ti",
            True,
            world.choir.voices[3],
        )

    def test_sent_twice_is_one_singer(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page, made = as_("leader").opens(self.path), uuid4()
        self.add(page, singer_id=made)
        self.add(page, singer_id=made)
        assert db.session.scalar(select(func.count()).where(Singer.first_name == "Samuel")) == 1

    def test_a_namesake_is_shown_and_asked_about_once(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        page = as_("leader").opens(self.path)
        self.add(page, 422, first_name="hodan", note="spelar trumma")
        page.sees("Är det någon av dem här?", "Kryssa i rutan om det är en annan person.", "spelar trumma")
        assert f"/sangare/{world.singer.id}" in page.html
        self.add(page, first_name="Hodan", is_another="y").sees("Hodan finns nu i kören.")

    def test_a_namesake_in_another_choir_is_nobodys_business(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        self.add(as_("leader").opens(self.path), first_name="Olena").sees("Olena finns nu i kören.")

    def test_a_strangers_id_gives_nothing_away(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page = as_("leader").opens(self.path)
        self.add(page, 422, singer_id=world.stranger.id).misses("Olena")

    def test_an_id_that_is_none_is_made_anew(self, world: World, as_: Callable[[str], Visitor]) -> None:
        self.add(as_("leader").opens(self.path), singer_id="hej").sees("Samuel finns nu i kören.")


class TestASinger:
    def test_leaves_and_comes_back(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page, path = as_("leader"), world.path("/sangare/{singer}/korer/boden")
        alto = world.choir.voices[1].id
        page.opens(path).sends(path, state="left", since=date(2026, 5, 5), voice=alto)
        page.sees("Har slutat", "från 5 maj 2026", "7 januari 2020 till 4 maj 2026")
        page.opens(path).sends(path, state="regular", since=date(2026, 6, 2), voice=world.choir.voices[0].id)
        page.sees("Sjunger med", "Sopran", "från 2 juni 2026")

    def test_sings_in_a_second_choir_as_one_person(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/korer/ny")
        page = as_("manager").opens(path)
        page.sends(path, choir=world.other.id, state="regular", since=TODAY)
        page.sees("Hodan Ali sjunger nu också i Östersund.", "Boden")
        as_("other leader").opens("/korer/ostersund/sangare").sees("2 sångare")
        page.opens(world.path("/sangare/{singer}")).misses("Boden")

    def test_another_choirs_id_is_no_choice(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/korer/ny")
        page = as_("leader").opens(path)
        page.sends(path, 422, choir=world.other.id, state="regular", since=TODAY).sees("Välj något i listan.")

    def test_a_voice_of_another_choir_is_no_choice(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/korer/boden")
        page = as_("leader").opens(path)
        page.sends(path, 422, state="regular", since=TODAY, voice=world.other.voices[0].id).sees(
            "Välj något i listan."
        )

    def test_half_a_change_is_no_change(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/korer/boden")
        page = as_("leader").opens(path)
        bass = world.choir.voices[3].id
        page.sends(path, 422, state="paused", since=date(2019, 1, 1), voice=bass).sees(
            "från och med 2020-01-07"
        )
        db.session.expire_all()
        assert world.singer.memberships[0].voice_id == world.choir.voices[1].id

    def test_erased_after_a_question(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/radera")
        page = as_("leader").opens(path).sees("Det går inte att ångra.")
        page.sends(path, 422).sees("Kryssa i rutan om du är säker.")
        page.sends(path, is_sure="y").sees("Sångaren är raderad.").misses("Hodan")
        page.opens(world.path("/sangare/{singer}"), 404).opens(path, 404)
        page.sends(path, 404, is_sure="y")

    def test_who_sings_elsewhere_too_is_not_erased_by_one_leader(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        makers.a_membership(world.singer, world.other)
        page = as_("leader").opens(world.path("/sangare/{singer}")).misses("Radera sångaren")
        page.opens(world.path("/sangare/{singer}/radera"), 403)
        page.sends(world.path("/sangare/{singer}/radera"), 403, is_sure="y")

    def test_gets_an_account_and_loses_it(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/konto")
        page = as_("manager").opens(path).sends(path, account=world.people["member"].id)
        page.sees("Kontot hör nu till Hodan Ali.", "Har ett eget konto")
        page.opens(path).sees("Kontot är").sends(f"{path}/ta-bort").sees("Kopplingen är borta.", "Välj konto")
        as_("leader").sends(f"{path}/ta-bort", 403)

    def test_a_note_is_drawn_as_text(self, world: World, as_: Callable[[str], Visitor]) -> None:
        path = world.path("/sangare/{singer}/andra")
        page = as_("leader").opens(path)
        page.sends(path, first_name="<b>Ali</b>", note="<script>alert(1)</script>")
        page.misses("<script>alert", "<b>Ali</b>")


class TestAChoir:
    def test_from_the_first_town_to_a_choir_with_a_leader(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        page = as_("manager").opens("/korer/hantera/ny-ort")
        page.sends(
            "/korer/hantera/ny-ort",
            name="Sundsvall",
            county="Västernorrlands län",
            latitude="62,39",
            longitude="17.31",
        ).sees("Sundsvall finns nu på kartan.")
        town = db.session.scalars(select(Town).where(Town.name == "Sundsvall")).one()
        page.opens("/korer/hantera/ny-kor")
        page.sends("/korer/hantera/ny-kor", name="Sundsvall", town=town.id, state="planned", since=TODAY)
        page.sees("Om kören i Sundsvall").opens("/korer/sundsvall/ledare")
        page.sends("/korer/sundsvall/ledare", account=world.people["member"].id).sees(
            "Mona Lind leder nu kören."
        )
        page.opens("/korer/sundsvall/lage")
        page.sends("/korer/sundsvall/lage", state="active", since=date(2026, 9, 1)).sees(
            "från 1 september 2026"
        )
        as_("member").opens("/korer/sundsvall/sangare").sees("Det finns inga namn i listan än.")

    def test_a_leader_tells_about_the_choir(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page = as_("leader").opens("/korer/boden/andra")
        page.sends(
            "/korer/boden/andra",
            name="Boden",
            about="Vi sjunger på svenska.",
            usual_venue=world.venue.id,
            coffee_note="Kom gärna 17.45. Då finns fika.",
            contact_name="Elin",
            contact_phone="070-174 06 05",
            voices="Höga\nLåga\n",
        ).sees("Kören är sparad.")
        seen = queries.public_choir("boden", TODAY)
        assert (seen.about, seen.contact_name, seen.venue and seen.venue.name) == (
            "Vi sjunger på svenska.",
            "Elin",
            "Folkets hus",
        )
        db.session.expire_all()
        assert [voice.name for voice in world.choir.voices] == ["Höga", "Låga"]

    def test_what_is_refused_in_one_part_saves_no_other(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        page = as_("leader").opens("/korer/boden/andra")
        page.sends("/korer/boden/andra", 422, name="Nytt namn", usual_venue="", voices="Alt\nAlt")
        page.sees("Två stämmor heter likadant. Ge dem olika namn.", "Alt Alt")
        db.session.expire_all()
        assert world.choir.name == "Boden"

    def test_a_venue_is_opened_and_changed(self, world: World, as_: Callable[[str], Visitor]) -> None:
        page = as_("leader").opens("/korer/boden/lokaler/ny")
        page.sends(
            "/korer/boden/lokaler/ny",
            name="Gillet",
            street_address="Exempelgatan 7",
            has_step_free_access="y",
        ).sees("Gillet finns nu i listan över lokaler.", "Exempelgatan 7")
        venue = db.session.scalars(select(Venue).where(Venue.name == "Gillet")).one()
        assert (venue.has_step_free_access, venue.has_coverage, venue.town_id) == (
            True,
            False,
            world.choir.town_id,
        )
        page.opens(f"/lokaler/{venue.id}")
        page.sends(f"/lokaler/{venue.id}", name="Gillet", street_address="Exempelgatan 9").sees(
            "Lokalen är sparad."
        )

    def test_a_leader_is_dismissed_after_a_question(
        self, world: World, as_: Callable[[str], Visitor]
    ) -> None:
        path = world.path("/korer/boden/ledare/{leader}/ta-bort")
        page = as_("manager").opens(path).sees("Kontot finns kvar.")
        page.sends(path).sees("Elin Norberg leder inte kören längre.", "Kören har ingen ledare än.")
        as_("leader").opens("/korer/boden/sangare", 403)


LONG = "a" * 25_000
NUMBER = "Ring 811228-9874"
UNKNOWN = "00000000-0000-0000-0000-000000000000"
TOWN = {"name": "Sundsvall", "county": "Västernorrlands län", "latitude": "62,39", "longitude": "17,31"}
NEW_CHOIR = {"name": "Norra", "town": "{town}", "state": "active", "since": "2026-06-16"}
CHOIR = {"name": "Boden", "about": "", "usual_venue": "", "voices": "Alt"}
STATE = {"state": "paused", "since": "2026-06-24"}
ROOM = {"name": "Gillet", "street_address": "Exempelgatan 7"}
SINGER = {"first_name": "Samuel"}
NEW_SINGER = {"first_name": "Samuel", "state": "trying", "since": "2026-06-16"}
MEMBERSHIP = {"state": "paused", "since": "2026-06-16", "voice": ""}

IDENTITY = "Det ser ut som ett personnummer."
TOO_LONG = "Texten är för lång."
PICK = "Välj något i listan."
A_DAY = "Skriv datumet så här: 2026-06-16."

MISTAKES = [
    *[("/korer/hantera/ny-ort", TOWN, field, value, says) for field, value, says in [
        ("name", "", "Skriv ortens namn."),
        ("name", "   ", "Skriv ortens namn."),
        ("name", LONG, TOO_LONG),
        ("name", NUMBER, IDENTITY),
        ("name", "Boden", "Boden finns redan."),
        ("name", "Bod\0en", "tecken som vi inte kan spara"),
        ("county", "", "Välj ett län."),
        ("county", "Bayern", PICK),
        ("latitude", "", "Skriv ortens latitud."),
        ("latitude", "norr", "Skriv ett tal mellan"),
        ("latitude", "40", "Skriv en latitud mellan 55 och 69,5."),
        ("longitude", "99", "Skriv en longitud mellan 10,5 och 24,5."),
    ]],
    *[("/korer/hantera/ny-kor", NEW_CHOIR, field, value, says) for field, value, says in [
        ("name", "", "Skriv körens namn."),
        ("name", LONG, TOO_LONG),
        ("name", "boden", "Det finns redan en kör som heter boden."),
        ("town", "", "Välj en ort."),
        ("town", UNKNOWN, PICK),
        ("town", "Boden", PICK),
        ("state", "", "Välj om kören sjunger eller är planerad."),
        ("state", "ended", PICK),
        ("since", "", "Skriv ett datum."),
        ("since", "16/6", A_DAY),
        ("since", "0001-01-01", A_DAY),
    ]],
    *[("/korer/boden/andra", CHOIR, field, value, says) for field, value, says in [
        ("name", "", "Skriv körens namn."),
        ("name", "Östersund", "Det finns redan en kör som heter Östersund."),
        ("about", LONG, TOO_LONG),
        ("about", NUMBER, IDENTITY),
        ("usual_venue", UNKNOWN, PICK),
        ("coffee_note", LONG, TOO_LONG),
        ("contact_name", NUMBER, IDENTITY),
        ("contact_phone", "ring mig", "Skriv telefonnumret med siffror."),
        ("contact_email", "elin", "Skriv mejladressen så här: namn@exempel.se"),
        ("voices", "\n".join(f"Stämma {place}" for place in range(13)), "Skriv högst 12 stämmor."),
        ("voices", "a" * 61, TOO_LONG),
        ("voices", "Alt\nalt", "Två stämmor heter likadant."),
    ]],
    *[("/korer/boden/lage", STATE, field, value, says) for field, value, says in [
        ("state", "", "Välj ett läge."),
        ("state", "active", PICK),
        ("since", "", "Skriv ett datum."),
        ("since", "i morgon", A_DAY),
        ("since", "2019-12-31", "från och med 2020-01-07"),
        ("since", "2062-06-24", "Välj ett datum inom ett år."),
    ]],
    *[(path, ROOM, field, value, says) for path in ("/korer/boden/lokaler/ny", "/lokaler/{venue}")
      for field, value, says in [
        ("name", "", "Skriv lokalens namn."),
        ("name", LONG, TOO_LONG),
        ("street_address", "", "Skriv gata och nummer."),
        ("room", LONG, TOO_LONG),
        ("way_in", LONG, TOO_LONG),
        ("way_in", NUMBER, IDENTITY),
    ]],
    *[("/sangare/{singer}/konto", {}, "account", value, says) for value, says in [
        ("", "Välj ett konto."),
        (UNKNOWN, PICK),
    ]],
    *[("/korer/boden/ledare", {}, "account", value, says) for value, says in [
        ("", "Välj en person."),
        (UNKNOWN, PICK),
        ("{leader}", PICK),
    ]],
    *[(path, fields, field, value, says)
      for path, fields in (("/korer/boden/sangare/ny", NEW_SINGER), ("/sangare/{singer}/andra", SINGER))
      for field, value, says in [
        ("first_name", "", "Skriv ett förnamn."),
        ("first_name", " \t ", "Skriv ett förnamn."),
        ("first_name", LONG, TOO_LONG),
        ("first_name", NUMBER, IDENTITY),
        ("surname", "a" * 81, TOO_LONG),
        ("phone", "+", "Skriv telefonnumret med siffror."),
        ("phone", "811218-9876", IDENTITY),
        ("phone", "19811218 9876", IDENTITY),
        ("email", "a@b", "Skriv mejladressen så här"),
        ("reads", "klingonska", PICK),
        ("note", "a" * 501, TOO_LONG),
        ("note", "född 19811228-9874", IDENTITY),
    ]],
    *[("/korer/boden/sangare/ny", NEW_SINGER, field, value, says) for field, value, says in [
        ("voice", UNKNOWN, PICK),
        ("state", "left", PICK),
        ("since", "2062-01-01", "Välj ett datum inom ett år."),
    ]],
    *[("/sangare/{singer}/korer/boden", MEMBERSHIP, field, value, says) for field, value, says in [
        ("state", "", "Välj ett läge."),
        ("state", "absent", PICK),
        ("since", "", "Skriv ett datum."),
        ("since", "2026-02-30", A_DAY),
        ("since", "2020-01-06", "från och med 2020-01-07"),
        ("since", "2062-01-01", "Välj ett datum inom ett år."),
        ("voice", UNKNOWN, PICK),
    ]],
    *[("/sangare/{singer}/korer/ny", {"state": "regular", "since": "2026-06-16"}, field, value, says)
      for field, value, says in [
        ("choir", "", "Välj en kör."),
        ("choir", UNKNOWN, PICK),
    ]],
]  # fmt: skip


def _count() -> list[Any]:
    return [
        db.session.scalar(select(func.count()).select_from(thing))
        for thing in (Town, Choir, Venue, Singer, Membership)
    ]


def _id(mistake: Any) -> str:
    return str(mistake)[:24] if isinstance(mistake, str) else "…"


class TestMistakes:
    @pytest.mark.parametrize(("pattern", "fields", "field", "value", "says"), MISTAKES, ids=_id)
    def test_are_explained_beside_the_field_and_nothing_is_lost(
        self,
        world: World,
        as_: Callable[[str], Visitor],
        pattern: str,
        fields: dict[str, str],
        field: str,
        value: str,
        says: str,
    ) -> None:
        path = world.path(pattern)
        page = as_("manager").opens(path)
        before = _count()
        sent = {name: world.path(each) for name, each in {**fields, field: value}.items()}
        page.sends(path, 422, **sent).sees(says)
        wrong = next(thing for thing in page.tree.iter() if thing.get("class") == "error-summary")
        assert says in "".join(wrong.itertext())
        for name, typed in sent.items():
            if name != field and name not in ("voice", "usual_venue") and typed:
                assert typed.splitlines()[0] in page.html, f"{name} is lost"
        assert _count() == before
        db.session.expire_all()
        assert (world.singer.first_name, world.choir.name) == ("Hodan", "Boden")

    @pytest.mark.parametrize(
        ("pattern", "fields"),
        [
            ("/korer/hantera/ny-ort", TOWN),
            ("/korer/hantera/orter/{town}", TOWN),
            ("/korer/hantera/ny-kor", NEW_CHOIR),
            ("/korer/boden/andra", CHOIR),
            ("/korer/boden/lage", STATE),
            ("/korer/boden/lokaler/ny", ROOM),
            ("/lokaler/{venue}", ROOM),
            ("/korer/boden/sangare/ny", NEW_SINGER),
            ("/sangare/{singer}/andra", SINGER),
            ("/sangare/{singer}/korer/boden", MEMBERSHIP),
            ("/sangare/{singer}/radera", {"is_sure": "y"}),
            ("/korer/boden/ledare/{leader}/ta-bort", {}),
        ],
    )
    def test_an_old_page_keeps_what_was_typed_and_changes_nothing(
        self, world: World, as_: Callable[[str], Visitor], pattern: str, fields: dict[str, str]
    ) -> None:
        path = world.path(pattern)
        before = _count()
        sent = {name: world.path(value) for name, value in fields.items()}
        page = as_("manager").opens(path)
        page.sends(path, 422, csrf_token="gammal", **sent)
        page.sees("Sidan var öppen för länge. Tryck på knappen igen.")
        assert all(value in page.html for value in sent.values())
        assert _count() == before
        db.session.expire_all()
        assert world.singer.erased_at is None
        assert len(world.choir.leaderships) == len(world.choir.states) == 1

    @pytest.mark.parametrize(
        ("pattern", "fields"),
        [
            ("/korer/boden/andra", CHOIR),
            ("/korer/boden/lage", STATE),
            ("/lokaler/{venue}", ROOM),
            ("/sangare/{singer}/andra", SINGER),
            ("/sangare/{singer}/korer/boden", MEMBERSHIP),
        ],
    )
    def test_sent_twice_is_done_once(
        self, world: World, as_: Callable[[str], Visitor], pattern: str, fields: dict[str, str]
    ) -> None:
        path = world.path(pattern)
        page = as_("manager").opens(path).sends(path, **fields)
        counted = _count()
        status = 422 if pattern.endswith("lage") else 303  # the state that holds now is no choice any more
        page.opens(path).sends(path, status, **fields)
        assert _count() == counted
        db.session.expire_all()
        assert len(world.choir.states) <= 2


class TestTwoPressesAtOnce:
    @pytest.mark.parametrize(
        ("pattern", "fields"),
        [
            ("/korer/hantera/ny-ort", TOWN),
            ("/korer/hantera/ny-kor", NEW_CHOIR),
            ("/korer/boden/lage", STATE),
            ("/korer/boden/andra", {**CHOIR, "voices": "Höga\nLåga"}),
            ("/korer/boden/ledare", {"account": "{member}"}),
            ("/korer/boden/sangare/ny", {**NEW_SINGER, "singer_id": "11111111-1111-4111-8111-111111111111"}),
            ("/sangare/{singer}/korer/boden", MEMBERSHIP),
            ("/sangare/{singer}/korer/ny", {"choir": "{other}", "state": "regular", "since": "2026-06-16"}),
            ("/sangare/{singer}/konto", {"account": "{member}"}),
            ("/sangare/{singer}/radera", {"is_sure": "y"}),
        ],
    )
    def test_never_break_anything(
        self, world: World, as_: Callable[[str], Visitor], pattern: str, fields: dict[str, str]
    ) -> None:
        path = world.path(pattern)
        page = as_("manager").opens(path)
        sent = {name: world.path(value) for name, value in fields.items()}
        answers = pressed_at_once(page, path, sent)
        assert answers.count(303) >= 1
        assert set(answers) <= {303, 404, 422}
        db.session.expire_all()
        assert len(list(db.session.scalars(select(Singer).where(Singer.first_name == "Samuel")))) <= 1
        assert len(world.choir.states) <= 2
        assert len(world.singer.memberships) <= 2


def test_a_demoted_manager_is_out_at_once(world: World, as_: Callable[[str], Visitor]) -> None:
    page = as_("manager").opens("/korer/hantera")
    world.people["manager"].grants.clear()
    db.session.commit()
    page.opens("/korer/hantera", 403)


def test_who_is_appointed_signs_in_anew_and_is_in(world: World, as_: Callable[[str], Visitor]) -> None:
    page = as_("member").opens("/korer/boden/sangare", 403)
    actions.appoint_leader(world.choir, world.people["member"], by=world.people["manager"])
    page.opens("/korer/boden/sangare", 303)
    as_("member").opens("/korer/boden/sangare").sees("1 sångare")


def test_who_is_dismissed_is_out_at_once(world: World, as_: Callable[[str], Visitor]) -> None:
    page = as_("leader").opens("/korer/boden/sangare")
    actions.dismiss_leader(world.choir, world.people["leader"], by=world.people["manager"])
    page.opens("/korer/boden/sangare", 303)
    as_("leader").opens("/korer/boden/sangare", 403)
