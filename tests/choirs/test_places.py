"""Towns, choirs, venues, voices and leaders: what may be done, and what not."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from choir_app.accounts.models import Visitor
from choir_app.choirs import actions, permissions, queries
from choir_app.choirs.models import Choir, ChoirState, Membership, Voice
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from tests import makers

pytestmark = pytest.mark.usefixtures("app")

TODAY = date(2026, 6, 16)


def found(name: str = "Boden", **more: Any) -> Choir:
    return actions.found_choir(name, town=makers.a_town(), by=makers.a_manager(), **more)


class TestTowns:
    def test_a_town_has_an_address_without_dots(self) -> None:
        town = actions.found_town(
            "Östersund", county="Jämtlands län", latitude=63.18, longitude=14.64, by=makers.a_manager()
        )
        assert town.slug == "ostersund"

    def test_twice_is_refused_whatever_the_capitals(self) -> None:
        makers.a_town("Boden")
        with pytest.raises(Refusal) as no:
            actions.found_town(
                "BODEN", county="Norrbottens län", latitude=65.8, longitude=21.7, by=makers.a_manager()
            )
        assert no.value.field == "name"

    @pytest.mark.parametrize(
        ("latitude", "longitude", "field"), [(40.0, 15.0, "latitude"), (60.0, 40.0, "longitude")]
    )
    def test_a_town_lies_in_sweden(self, latitude: float, longitude: float, field: str) -> None:
        with pytest.raises(Refusal) as no:
            actions.found_town(
                "Ås", county="Jämtlands län", latitude=latitude, longitude=longitude, by=makers.a_manager()
            )
        assert no.value.field == field

    def test_its_address_stays_when_the_name_changes(self) -> None:
        town = makers.a_town("Boden")
        actions.change_town(
            town,
            name="Bodens stad",
            county="Norrbottens län",
            latitude=65.8,
            longitude=21.7,
            by=makers.a_manager(),
        )
        assert (town.name, town.slug) == ("Bodens stad", "boden")


class TestFoundingAChoir:
    def test_has_the_four_voices_and_is_planned(self) -> None:
        choir = found()
        assert [voice.name for voice in choir.voices] == ["Sopran", "Alt", "Tenor", "Bas"]
        assert choir.state_on(TODAY) == "planned"

    def test_two_choirs_never_share_an_address(self) -> None:
        first, second = found("Norra kören"), found("Norra Kören!")
        assert (first.slug, second.slug) == ("norra-koren", "norra-koren-2")

    def test_never_takes_the_address_of_a_page(self) -> None:
        assert found("Hantera").slug == "hantera-2"

    def test_the_same_name_twice_is_refused(self) -> None:
        found("Boden")
        with pytest.raises(Refusal) as no:
            found("boden")
        assert no.value.field == "name"

    def test_as_one_group(self) -> None:
        assert found(voices=()).voices == []


class TestStates:
    def test_from_planned_to_ended_with_dates(self) -> None:
        choir, boss = found(since=date(2026, 1, 1)), makers.a_manager()
        actions.change_state(choir, "active", date(2026, 2, 3), by=boss)
        actions.change_state(choir, "paused", date(2026, 6, 24), by=boss)
        actions.change_state(choir, "active", date(2026, 8, 25), by=boss)
        states = [choir.state_on(day) for day in (date(2026, 2, 2), date(2026, 2, 3), date(2026, 7, 1))]
        assert states == ["planned", "active", "paused"]
        assert choir.change_after(date(2026, 7, 1)) == (date(2026, 8, 25), "active")

    def test_not_before_the_last_change(self) -> None:
        choir = makers.a_choir(since=date(2026, 3, 1))
        with pytest.raises(Refusal) as no:
            actions.change_state(choir, "paused", date(2026, 2, 1), by=makers.a_manager())
        assert no.value.field == "since"
        assert "2026-03-01" in no.value.message

    def test_not_more_than_a_year_ahead(self) -> None:
        with pytest.raises(Refusal) as no:
            actions.change_state(makers.a_choir(), "paused", date(2062, 6, 24), by=makers.a_manager())
        assert no.value.field == "since"

    def test_not_in_an_order_that_cannot_be(self) -> None:
        choir = found(since=date(2026, 1, 1))
        with pytest.raises(Refusal) as no:
            actions.change_state(choir, "paused", date(2026, 2, 1), by=makers.a_manager())
        assert no.value.field == "state"

    def test_sent_twice_is_one_change(self) -> None:
        choir, boss = makers.a_choir(), makers.a_manager()
        first = actions.change_state(choir, "paused", TODAY, by=boss)
        assert actions.change_state(choir, "paused", TODAY, by=boss) is first
        assert db.session.scalar(select(func.count()).select_from(ChoirState)) == 2

    def test_a_slip_of_the_same_day_can_be_put_right(self) -> None:
        choir, boss = makers.a_choir(), makers.a_manager()
        actions.change_state(choir, "ended", TODAY, by=boss)
        actions.change_state(choir, "paused", TODAY, by=boss)
        assert choir.state_on(TODAY) == "paused"
        assert len(choir.states) == 2


class TestChangingAChoir:
    def test_the_address_stays_when_the_name_changes(self) -> None:
        choir = makers.a_choir()
        actions.change_choir(choir, name="Bodens kör", by=makers.a_manager())
        assert (choir.name, choir.slug) == ("Bodens kör", "boden")

    def test_not_a_venue_in_another_town(self) -> None:
        choir, elsewhere = makers.a_choir(), makers.a_venue("Östersund")
        with pytest.raises(Refusal) as no:
            actions.change_choir(choir, name="Boden", usual_venue=elsewhere, by=makers.a_manager())
        assert no.value.field == "usual_venue"

    def test_no_identity_number_by_any_door(self) -> None:
        with pytest.raises(Refusal) as no:
            actions.change_choir(
                makers.a_choir(), name="Boden", about="Fråga 811228-9874", by=makers.a_manager()
            )
        assert no.value.field == "about"

    def test_is_written_down(self) -> None:
        choir, boss = makers.a_choir(), makers.a_manager()
        actions.change_choir(choir, name="Boden", by=boss)
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "choir.changed")).one()
        assert (entry.by_id, entry.subject_id) == (boss.id, choir.id)


class TestVoices:
    def test_change_names_with_each_other(self) -> None:
        choir = makers.a_choir(voices=("Hög", "Låg"))
        singer = makers.a_singer(choir=choir, voice="Hög")
        high, low = choir.voices
        actions.set_voices(choir, [(low.id, "Hög"), (high.id, "Låg")], by=makers.a_manager())
        assert [(voice.id, voice.name) for voice in choir.voices] == [(low.id, "Hög"), (high.id, "Låg")]
        assert singer.memberships[0].voice_id == high.id

    def test_a_voice_taken_away_leaves_its_singers_in_the_choir(self) -> None:
        choir = makers.a_choir()
        makers.a_singer("Amina", choir=choir, voice="Bas")
        kept = [(voice.id, voice.name) for voice in choir.voices if voice.name != "Bas"]
        actions.set_voices(choir, kept, by=makers.a_manager())
        db.session.expire_all()
        (row,) = db.session.scalars(select(Membership))
        assert row.voice_id is None
        assert [member.first_name for member in queries.members_on(choir, TODAY)] == ["Amina"]

    def test_two_of_one_name_are_refused(self) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_voice(makers.a_choir(), "ALT", by=makers.a_manager())
        assert no.value.field == "voices"

    def test_another_choirs_voice_is_refused(self) -> None:
        choir, other = makers.a_choir(), makers.a_choir(town="Östersund")
        with pytest.raises(Refusal):
            actions.set_voices(choir, [(other.voices[0].id, "Sopran")], by=makers.a_manager())
        assert db.session.scalar(select(func.count()).select_from(Voice)) == 8

    def test_at_most_twelve(self) -> None:
        with pytest.raises(Refusal):
            actions.set_voices(
                makers.a_choir(), [(None, f"Stämma {place}") for place in range(13)], by=makers.a_manager()
            )


class TestLeaders:
    def test_appointed_twice_leads_once(self) -> None:
        choir, account, boss = makers.a_choir(), makers.an_account(), makers.a_manager()
        first = actions.appoint_leader(choir, account, by=boss)
        assert actions.appoint_leader(choir, account, by=boss) is first
        assert choir.is_led_by(account)
        assert permissions.leads_any_choir(account)

    def test_dismissed_sees_the_roster_no_longer(self) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        assert permissions.leads_any_choir(leader)
        actions.dismiss_leader(choir, leader, by=makers.a_manager())
        assert not permissions.may_see_roster(leader, choir)
        assert not permissions.leads_any_choir(leader)

    def test_a_closed_account_leads_nothing(self) -> None:
        account = makers.an_account(disabled_at=clock.now())
        with pytest.raises(Refusal) as no:
            actions.appoint_leader(makers.a_choir(), account, by=makers.a_manager())
        assert no.value.field == "account"


class TestWhoMay:
    def test_only_managers_found_and_appoint(self) -> None:
        choir = makers.a_choir()
        leader, town = makers.a_leader(choir), makers.a_town()
        for who in (leader, makers.an_account(), makers.an_editor(), Visitor()):
            with pytest.raises(NotAllowed):
                actions.found_choir("Ny", town=town, by=who)
            with pytest.raises(NotAllowed):
                actions.found_town("Ny", county="X", latitude=60, longitude=15, by=who)
            with pytest.raises(NotAllowed):
                actions.change_state(choir, "paused", TODAY, by=who)
            with pytest.raises(NotAllowed):
                actions.appoint_leader(choir, leader, by=who)
            with pytest.raises(NotAllowed):
                actions.dismiss_leader(choir, leader, by=who)

    def test_a_leader_changes_own_choir_and_its_towns_venues_only(self) -> None:
        choir, other = makers.a_choir(), makers.a_choir(town="Östersund")
        leader = makers.a_leader(choir)
        actions.change_choir(choir, name="Boden", by=leader)
        actions.open_venue(choir.town, name="Folkets hus", street_address="Exempelgatan 1", by=leader)
        with pytest.raises(NotAllowed):
            actions.change_choir(other, name="Boden", by=leader)
        with pytest.raises(NotAllowed):
            actions.set_voices(other, [], by=leader)
        with pytest.raises(NotAllowed):
            actions.open_venue(other.town, name="Gillet", street_address="Exempelgatan 2", by=leader)
        with pytest.raises(NotAllowed):
            actions.change_venue(
                makers.a_venue("Östersund"), name="Gillet", street_address="Exempelgatan 2", by=leader
            )


class TestQueries:
    def test_from_north_to_south(self) -> None:
        for town in ("Göteborg", "Boden", "Norrköping", "Östersund"):
            makers.a_choir(town=town)
        assert [choir.name for choir in queries.all_choirs()] == [
            "Boden",
            "Östersund",
            "Norrköping",
            "Göteborg",
        ]

    def test_active_ones_are_those_that_sing_that_day(self) -> None:
        makers.a_choir(since=date(2026, 7, 1))
        makers.a_choir(town="Östersund")
        assert [choir.name for choir in queries.active_choirs(TODAY)] == ["Östersund"]
        assert len(queries.active_choirs(date(2026, 7, 1))) == 2

    def test_a_pause_tells_when_it_ends(self) -> None:
        choir, boss = makers.a_choir(), makers.a_manager()
        actions.change_state(choir, "paused", date(2026, 6, 10), by=boss)
        actions.change_state(choir, "active", date(2026, 8, 25), by=boss)
        (seen,) = queries.public_choirs(TODAY)
        assert (seen.state, seen.resumes_on) == ("paused", date(2026, 8, 25))

    def test_an_ended_choir_is_in_no_public_list_but_keeps_its_page(self) -> None:
        makers.a_choir(state="ended")
        assert queries.public_choirs(TODAY) == []
        assert queries.public_choir("boden", TODAY).state == "ended"

    def test_a_leader_finds_own_choirs_only(self) -> None:
        choir = makers.a_choir()
        makers.a_choir(town="Östersund")
        leader = makers.a_leader(choir)
        assert queries.choirs_led_by(leader) == [choir]
        assert queries.choirs_led_by(Visitor()) == []

    def test_the_overview_counts_who_belongs_to_the_choir_today(self) -> None:
        choir = makers.a_choir("Amina", "Bo")
        makers.a_singer("Carl", choir=choir, state="left")
        makers.a_singer("Disa", choir=choir, since=date(2026, 7, 1))
        makers.a_singer("Eva", choir=choir, state="paused")
        makers.a_leader(choir, "Åsa Ek")
        makers.a_leader(choir, "Örjan Bo")
        makers.a_leader(choir, "Bo Ek")
        (seen,) = queries.choirs_overview(TODAY)
        assert (seen.singer_count, seen.leaders) == (3, ("Bo Ek", "Åsa Ek", "Örjan Bo"))
