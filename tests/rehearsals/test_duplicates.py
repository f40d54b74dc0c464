"""The page where a leader says who is one person and who is two."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from choir_app.choirs import actions as choirs_actions
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions as rehearsals
from choir_app.rehearsals import queries
from choir_app.rehearsals.models import Act, Attendance
from tests import makers
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)


@pytest.fixture
def choir(visitor: Visitor) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(visitor: Visitor, choir: Choir) -> Visitor:
    return visitor.signs_in(makers.a_leader(choir))


@pytest.fixture
def pair(choir: Choir) -> tuple[Singer, Singer]:
    known = makers.a_singer("Hodan", "Warsame", choir=choir, voice="Alt", phone="070-174 06 05")
    return known, makers.a_singer("Hodan", choir=choir, state="trying", since=TODAY)


def names(choir: Choir) -> list[str]:
    db.session.rollback()
    return [member.name for member in choirs.members_on(choir, TODAY)]


class TestPage:
    def test_the_roster_and_the_singers_page_lead_there(self, leader: Visitor, pair: Any) -> None:
        leader.opens("/korer/boden/sangare").sees("Två namn i listan kan vara samma person.")
        leader.opens(f"/sangare/{pair[1].id}").sees("Är det samma person som Hodan Warsame?")

    def test_side_by_side(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        known, newcomer = pair
        makers.a_logged_rehearsal(choir, clock.now() - timedelta(days=14), known)
        makers.a_logged_rehearsal(choir, clock.now() - timedelta(days=7), known)
        makers.a_logged_rehearsal(choir, clock.now() - timedelta(minutes=30), newcomer)
        leader.opens("/korer/boden/dubbletter")
        leader.sees(
            "Alt", "Här 2 gånger på två år, senast 9 juni 2026", "Här 1 gång på två år, senast 16 juni 2026"
        )
        leader.misses("070-174 06 05", "samma kväll")

    def test_both_on_the_same_evening_is_told(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        makers.a_logged_rehearsal(choir, clock.now() - timedelta(minutes=30), *pair)
        leader.opens("/korer/boden/dubbletter").sees("Båda var här samma kväll en gång.")

    def test_the_same_person_and_undone(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        known, newcomer = pair
        leader.opens("/korer/boden/dubbletter")
        leader.sends("/korer/boden/dubbletter", one=known.id, other=newcomer.id, stays=known.id, go="same")
        leader.sees("Nu är det en person: Hodan Warsame.", "Är också Hodan.", "Ångra")
        assert names(choir) == ["Hodan Warsame"]
        leader.opens(f"/sangare/{newcomer.id}", 303)
        leader.opens(f"/sangare/{known.id}").sees("Är också")
        merge = choirs.merges_into(db.session.get_one(Singer, known.id))[0]
        leader.sends(f"/korer/boden/dubbletter/{merge.id}/angra").sees("Hodan Warsame och Hodan är två igen.")
        assert names(choir) == ["Hodan", "Hodan Warsame"]

    def test_the_other_may_stay(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        known, newcomer = pair
        leader.opens("/korer/boden/dubbletter")
        leader.sends("/korer/boden/dubbletter", one=known.id, other=newcomer.id, stays=newcomer.id, go="same")
        assert [member.singer_id for member in choirs.members_on(choir, TODAY)] == [newcomer.id]
        assert names(choir) == ["Hodan Warsame"]

    def test_two_people_are_not_asked_about_again(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        one, other = pair
        leader.opens("/korer/boden/dubbletter")
        leader.sends("/korer/boden/dubbletter", one=one.id, other=other.id, stays=one.id, go="two")
        leader.sees("Vi frågar inte igen", "Ingen ser ut att stå två gånger.")
        assert len(names(choir)) == 2

    def test_any_two_can_be_put_side_by_side(self, leader: Visitor, choir: Choir) -> None:
        one, other = makers.a_singer("Mo", choir=choir), makers.a_singer("Mohammed", "Ali", choir=choir)
        leader.opens(f"/korer/boden/dubbletter?ena={one.id}&andra={other.id}").sees("Mohammed Ali och Mo")
        leader.sends("/korer/boden/dubbletter", one=one.id, other=other.id, stays=other.id, go="same")
        assert names(choir) == ["Mohammed Ali"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"go": "same", "stays": ""},
            {"go": ""},
            {"one": "x"},
            {"stays": "00000000-0000-0000-0000-000000000000"},
        ],
    )
    def test_what_makes_no_sense_changes_nothing(
        self, leader: Visitor, choir: Choir, pair: Any, fields: dict[str, str]
    ) -> None:
        one, other = pair
        sent = {"one": one.id, "other": other.id, "stays": one.id, "go": "same"} | fields
        leader.opens("/korer/boden/dubbletter").sends("/korer/boden/dubbletter", 422, **sent)
        assert len(names(choir)) == 2


class TestOtherChoirs:
    def test_nothing_of_theirs_is_shown_or_reached(self, leader: Visitor, choir: Choir) -> None:
        own = makers.a_singer("Hodan", choir=choir)
        other = makers.a_choir(town="Östersund")
        stranger = makers.a_singer("Hodan", "Hemlig", choir=other, phone="070-174 06 06")
        leader.opens("/korer/boden/dubbletter").misses("Hemlig", "174 06 06", "1740606")
        leader.opens(f"/korer/boden/dubbletter?ena={own.id}&andra={stranger.id}").misses("Hemlig")
        sent = {"one": own.id, "other": stranger.id, "stays": own.id, "go": "same"}
        leader.sends("/korer/boden/dubbletter", 422, **sent).misses("Hemlig")
        merge = makers.a_merge(makers.a_singer("Hodan", choir=other), stranger)
        leader.sends(f"/korer/boden/dubbletter/{merge.id}/angra", 404)
        leader.opens("/korer/ostersund/dubbletter", 404)
        assert choirs.stands_for([own.id]) == {}

    def test_times_of_another_choir_are_not_counted(self, leader: Visitor, choir: Choir, pair: Any) -> None:
        other = makers.a_choir(town="Östersund")
        makers.a_membership(pair[0], other)
        makers.a_logged_rehearsal(other, clock.now() - timedelta(days=7), pair[0])
        leader.opens("/korer/boden/dubbletter").misses("Här 1 gång", "Östersund")


class TestOwnData:
    def test_holds_the_other_row_too(self, visitor: Visitor, choir: Choir) -> None:
        account = makers.an_account("Hodan Warsame")
        known = makers.a_singer("Hodan", choir=choir, account_id=account.id, phone="070-174 06 05")
        other = makers.a_singer("Hodan", "Warsame", choir=choir, phone="070-174 06 06", note="behöver skjuts")
        makers.a_merge(other, known)
        visitor.signs_in(account).opens("/hem/uppgifter")
        visitor.sees("Du stod två gånger i listan", "070-174 06 06")
        held = visitor.opens("/hem/uppgifter.json").json
        assert [one["phone"] for one in held["also"]] == ["070-174 06 06"]


class TestNewcomer:
    def test_language_consent_and_buddy(self, leader: Visitor, choir: Choir) -> None:
        helper = makers.a_singer("Åsa", choir=choir)
        leader.opens("/korer/boden/sangare/ny").sees("Vi får skriva till sångaren", "Kompis i kören")
        leader.sends(
            "/korer/boden/sangare/ny",
            first_name="Hodan",
            state="trying",
            since=TODAY,
            reads="so",
            may_be_written_to=True,
            buddy=helper.id,
        )
        found = choirs.find_singers("hodan", viewer=makers.a_manager())[0]
        made = db.session.get_one(Singer, found.id)
        assert (made.reads, made.may_be_written_to, made.buddy_id) == ("so", True, helper.id)
        leader.opens(f"/sangare/{made.id}").sees("Får vi skriva?")
        assert "Åsa" in leader.html
        leader.opens(f"/sangare/{made.id}/andra").sends(
            f"/sangare/{made.id}/andra", first_name="Hodan", buddy="", reads="so"
        )
        db.session.expire_all()
        assert (made.may_be_written_to, made.buddy_id) == (False, None)

    def test_a_buddy_of_another_choir_keeps_their_name(self, leader: Visitor, choir: Choir) -> None:
        other = makers.a_choir(town="Östersund")
        helper = makers.a_singer("Hemlig", choir=other)
        singer = makers.a_singer("Hodan", choir=choir, buddy_id=helper.id)
        makers.a_membership(singer, other)
        leader.opens(f"/sangare/{singer.id}").misses("Hemlig")
        leader.opens(f"/sangare/{singer.id}/andra").sees("Någon i en annan kör").misses("Hemlig")
        leader.sends(f"/sangare/{singer.id}/andra", first_name="Hodan", buddy=helper.id)
        db.session.expire_all()
        assert singer.buddy_id == helper.id
        stranger = makers.a_singer("Doris", choir=makers.a_choir(town="Göteborg"))
        leader.sends(f"/sangare/{singer.id}/andra", 422, first_name="Hodan", buddy=stranger.id)


class TestTheRollFollows:
    def test_no_mark_is_lost_and_parting_gives_all_back(self, choir: Choir, pair: Any) -> None:
        known, newcomer = pair
        manager = makers.a_manager()
        earlier = makers.a_rehearsal(choir, clock.now() - timedelta(days=7))
        now = makers.a_rehearsal(choir, clock.now() - timedelta(minutes=30))
        for rehearsal, here in ((earlier, [known.id]), (now, [known.id, newcomer.id])):
            rehearsals.take_roll(
                rehearsal, was_here=(), is_here=here, guests=None, receipt=uuid4(), by=manager
            )
        before = self.rows()
        merge = makers.a_merge(known, newcomer)
        db.session.expire_all()
        assert (earlier.present_count, now.present_count) == (1, 1), "one person is one head"
        seen = queries.attendance_of(newcomer.id, since=date(2026, 1, 1))
        assert [each.was_there for each in seen] == [True, True]
        choirs_actions.part_singers(merge, by=manager)
        db.session.expire_all()
        assert (earlier.present_count, now.present_count) == (1, 2)
        assert self.rows() == before

    def rows(self) -> dict[str, set[str]]:
        """The log and what follows from it, as they stand."""
        db.session.flush()
        return {
            model.__tablename__: {repr(tuple(row)) for row in db.session.execute(select(model.__table__))}
            for model in (Act, Attendance)
        }
