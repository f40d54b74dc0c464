"""Singers and their memberships: one person, one history, and nothing left of who was erased."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.models import Visitor
from choir_app.choirs import actions, queries
from choir_app.choirs.models import Choir, Membership, Singer
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from tests import makers
from tests.statements import at_most

pytestmark = pytest.mark.usefixtures("app")

TODAY = date(2026, 6, 16)


@pytest.fixture
def choir() -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Any:
    return makers.a_leader(choir)


def history(singer: Singer, choir: Choir) -> list[tuple[str, date, date | None]]:
    db.session.expire_all()
    rows = select(Membership).where(Membership.singer_id == singer.id, Membership.choir_id == choir.id)
    return [(row.state, row.since, row.until) for row in db.session.scalars(rows.order_by(Membership.since))]


class TestAdding:
    def test_a_first_name_is_enough(self, choir: Choir, leader: Any) -> None:
        singer = actions.add_singer(choir, first_name="  Hodan ", by=leader)
        assert (singer.name, singer.surname, singer.phone, singer.account_id) == ("Hodan", None, None, None)
        assert history(singer, choir) == [("trying", TODAY, None)]

    @pytest.mark.parametrize("first_name", ["", "   ", "a" * 81, "Åsa 811228-9874", "Åsa\0"])
    def test_what_is_no_first_name(self, choir: Choir, leader: Any, first_name: str) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_singer(choir, first_name=first_name, by=leader)
        assert no.value.field == "first_name"
        assert db.session.scalar(select(func.count()).select_from(Singer)) == 0

    def test_the_same_id_from_a_phone_is_one_singer(self, choir: Choir, leader: Any) -> None:
        made = uuid4()
        first = actions.add_singer(choir, first_name="Hodan", singer_id=made, by=leader)
        assert actions.add_singer(choir, first_name="Hodan", singer_id=made, by=leader) is first
        assert db.session.scalar(select(func.count()).select_from(Singer)) == 1
        assert first.id == made

    def test_an_id_of_somebody_in_another_choir_is_refused(self, choir: Choir, leader: Any) -> None:
        stranger = makers.a_singer("Olena", choir=makers.a_choir(town="Östersund"))
        with pytest.raises(Refusal):
            actions.add_singer(choir, first_name="Hodan", singer_id=stranger.id, by=leader)

    def test_an_id_of_somebody_erased_is_refused(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.erase_singer(singer, by=leader)
        with pytest.raises(Refusal):
            actions.add_singer(choir, first_name="Hodan", singer_id=singer.id, by=leader)
        assert singer.first_name == "Raderad sångare"

    def test_another_choirs_voice_is_refused(self, choir: Choir, leader: Any) -> None:
        other = makers.a_choir(town="Östersund")
        with pytest.raises(Refusal) as no:
            actions.add_singer(choir, first_name="Hodan", voice=other.voices[0], by=leader)
        assert no.value.field == "voice"

    def test_a_namesake_is_asked_about(self, choir: Choir, leader: Any) -> None:
        makers.a_singer("Élodie", "Berg", choir=choir)
        makers.a_singer("Anna", choir=makers.a_choir(town="Östersund"))
        with pytest.raises(Refusal) as no:
            actions.ask_about_namesakes(choir, "elodie", by=leader)
        assert no.value.field == "is_another"
        actions.ask_about_namesakes(choir, "Anna", by=leader)
        actions.ask_about_namesakes(choir, "Elo", by=leader)

    def test_only_the_choirs_own_leader_or_a_manager(self, choir: Choir, leader: Any) -> None:
        actions.add_singer(choir, first_name="Amina", by=makers.a_manager())
        other = makers.a_leader(makers.a_choir(town="Östersund"))
        for who in (other, makers.an_account(), makers.an_editor(), Visitor()):
            with pytest.raises(NotAllowed):
                actions.add_singer(choir, first_name="Hodan", by=who)


class TestMemberships:
    def test_trial_pause_leave_and_return_are_one_unbroken_history(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir, state="trying", since=date(2026, 1, 13), voice="Alt")
        actions.change_membership(singer, choir, "regular", date(2026, 2, 3), by=leader)
        actions.change_membership(singer, choir, "paused", date(2026, 4, 7), by=leader)
        actions.change_membership(singer, choir, "left", date(2026, 5, 5), by=leader)
        actions.change_membership(singer, choir, "regular", date(2026, 6, 2), by=leader)
        assert history(singer, choir) == [
            ("trying", date(2026, 1, 13), date(2026, 2, 2)),
            ("regular", date(2026, 2, 3), date(2026, 4, 6)),
            ("paused", date(2026, 4, 7), date(2026, 5, 4)),
            ("left", date(2026, 5, 5), date(2026, 6, 1)),
            ("regular", date(2026, 6, 2), None),
        ]
        seen = {
            day: [member.state for member in queries.members_on(choir, day)]
            for day in (date(2026, 1, 12), date(2026, 1, 13), date(2026, 4, 6), date(2026, 5, 4))
        }
        assert seen == {
            date(2026, 1, 12): [],
            date(2026, 1, 13): ["trying"],
            date(2026, 4, 6): ["regular"],
            date(2026, 5, 4): ["paused"],
        }
        assert queries.members_on(choir, date(2026, 5, 5)) == []
        assert [member.voice for member in queries.members_on(choir, TODAY)] == ["Alt"]

    def test_the_same_again_changes_nothing(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.change_membership(singer, choir, "paused", TODAY, by=leader)
        actions.change_membership(singer, choir, "paused", TODAY, by=leader)
        assert len(history(singer, choir)) == 2

    def test_a_slip_of_the_same_day_is_taken_back_whole(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.change_membership(singer, choir, "left", TODAY, by=leader)
        actions.change_membership(singer, choir, "regular", TODAY, by=leader)
        assert history(singer, choir) == [("regular", makers.LONG_AGO, None)]

    def test_a_trial_that_was_typed_as_regular_can_be_put_right_the_same_day(
        self, choir: Choir, leader: Any
    ) -> None:
        singer = actions.add_singer(choir, first_name="Hodan", state="regular", by=leader)
        actions.change_membership(singer, choir, "trying", TODAY, by=leader)
        assert history(singer, choir) == [("trying", TODAY, None)]

    def test_not_before_the_last_change(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir, since=date(2026, 3, 3))
        with pytest.raises(Refusal) as no:
            actions.change_membership(singer, choir, "paused", date(2026, 3, 2), by=leader)
        assert no.value.field == "since"

    def test_who_left_comes_back_singing_not_on_pause(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir, state="left")
        with pytest.raises(Refusal) as no:
            actions.change_membership(singer, choir, "paused", TODAY, by=leader)
        assert no.value.field == "state"

    def test_an_unknown_state_is_refused(self, choir: Choir, leader: Any) -> None:
        with pytest.raises(Refusal):
            actions.change_membership(makers.a_singer(choir=choir), choir, "absent", TODAY, by=leader)

    def test_more_than_a_year_ahead_is_a_slip(self, choir: Choir, leader: Any) -> None:
        with pytest.raises(Refusal) as no:
            actions.change_membership(
                makers.a_singer(choir=choir), choir, "paused", date(2062, 6, 16), by=leader
            )
        assert no.value.field == "since"

    def test_only_one_period_lasts(self, choir: Choir) -> None:
        singer = makers.a_singer(choir=choir)
        with pytest.raises(Exception, match=r"(?i)unique"), db.session.begin_nested():
            makers.a_membership(singer, choir, since=TODAY)

    def test_a_second_choir_keeps_one_person(self, choir: Choir, leader: Any) -> None:
        other, boss = makers.a_choir(town="Östersund"), makers.a_manager()
        singer = makers.a_singer("Hodan", choir=choir)
        actions.join(singer, other, voice=other.voices[0], since=TODAY, by=boss)
        assert db.session.scalar(select(func.count()).select_from(Singer)) == 1
        assert history(singer, choir) == [("regular", makers.LONG_AGO, None)]
        assert history(singer, other) == [("trying", TODAY, None)]
        assert {each.name for each in queries.choirs_of_singer(singer, TODAY)} == {"Boden", "Östersund"}

    def test_joining_twice_is_joining_once(self, choir: Choir) -> None:
        other, boss = makers.a_choir(town="Östersund"), makers.a_manager()
        singer = makers.a_singer("Hodan", choir=choir)
        first = actions.join(singer, other, by=boss)
        assert actions.join(singer, other, by=boss) is first

    def test_joining_again_after_leaving_goes_on_with_the_history(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.change_membership(singer, choir, "left", date(2026, 3, 3), by=leader)
        actions.join(singer, choir, state="regular", since=TODAY, by=leader)
        assert [state for state, _since, _until in history(singer, choir)] == ["regular", "left", "regular"]

    def test_a_leader_brings_nobody_in_from_a_choir_they_do_not_lead(self, choir: Choir, leader: Any) -> None:
        stranger = makers.a_singer(choir=makers.a_choir(town="Östersund"))
        with pytest.raises(NotAllowed):
            actions.join(stranger, choir, by=leader)
        with pytest.raises(NotAllowed):
            actions.change_membership(stranger, stranger.memberships[0].choir, "left", TODAY, by=leader)

    def test_a_voice_of_the_choirs_own(self, choir: Choir, leader: Any) -> None:
        singer, other = makers.a_singer(choir=choir), makers.a_choir(town="Östersund")
        actions.move_to_voice(singer, choir, choir.voices[2], by=leader)
        assert queries.members_on(choir, TODAY)[0].voice == "Tenor"
        with pytest.raises(Refusal):
            actions.move_to_voice(singer, choir, other.voices[2], by=leader)


class TestRoster:
    def test_in_swedish_order_of_first_names(self, choir: Choir) -> None:
        for name in ("Örjan", "Åsa", "Zahra", "Ängla", "amina", "Émile"):
            makers.a_singer(name, choir=choir)
        names = [member.first_name for member in queries.members_on(choir, TODAY)]
        assert names == ["amina", "Émile", "Zahra", "Åsa", "Ängla", "Örjan"]

    def test_one_statement_however_many(self, choir: Choir) -> None:
        for place in range(30):
            makers.a_singer(f"Namn{place}", choir=choir, voice="Alt")
        db.session.commit()
        _ = choir.id
        with at_most(1, "statements"):
            assert len(queries.members_on(choir, TODAY)) == 30

    def test_new_for_four_weeks_since_the_first_day_not_since_a_change(
        self, choir: Choir, leader: Any
    ) -> None:
        old = makers.a_singer("Amina", choir=choir)
        actions.change_membership(old, choir, "paused", TODAY, by=leader)
        makers.a_singer("Bo", choir=choir, since=date(2026, 6, 9))
        assert [(member.name, member.is_new) for member in queries.members_on(choir, TODAY)] == [
            ("Amina", False),
            ("Bo", True),
        ]

    def test_shows_neither_number_nor_note(self, choir: Choir) -> None:
        makers.a_singer("Amina", choir=choir, phone="070-174 06 05", note="behöver skjuts")
        said = repr(queries.members_on(choir, TODAY))
        assert not any(hidden in said for hidden in ("174 06 05", "1740605", "skjuts"))

    def test_those_who_left(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer("Amina", choir=choir)
        makers.a_singer("Bo", choir=choir)
        actions.change_membership(singer, choir, "left", date(2026, 6, 1), by=leader)
        assert [(row.name, row.since) for row in queries.members_who_left(choir, TODAY)] == [
            ("Amina", date(2026, 6, 1))
        ]

    def test_voice_by_voice_those_without_last(self, choir: Choir) -> None:
        makers.a_singer("Amina", choir=choir)
        makers.a_singer("Bo", choir=choir, voice="Bas")
        makers.a_singer("Carl", choir=choir, voice="Sopran")
        groups = queries.by_voice(queries.members_on(choir, TODAY), voice_count=4)
        assert [(group.voice, group.pot, len(group.members)) for group in groups] == [
            ("Sopran", 1, 1),
            ("Bas", 4, 1),
            (None, 0, 1),
        ]


class TestFinding:
    @pytest.mark.parametrize("typed", ["jose", "JOSÉ", "nun", "josé nu", "nunez jos", "José-Luis"])
    def test_by_the_beginning_of_any_part_without_regard_to_accents(self, choir: Choir, typed: str) -> None:
        makers.a_singer("José Luis", "Núñez", choir=choir)
        assert len(queries.find_singers(typed, viewer=makers.a_manager())) == 1
        assert len(queries.members_on(choir, TODAY, matching=typed)) == 1

    @pytest.mark.parametrize("typed", ["ose", "%", "_", "jose berg", "' OR 1=1"])
    def test_nobody_else(self, choir: Choir, typed: str) -> None:
        makers.a_singer("José Luis", "Núñez", choir=choir)
        assert queries.find_singers(typed, viewer=makers.a_manager()) == []
        assert queries.members_on(choir, TODAY, matching=typed) == []

    def test_nothing_typed_finds_nobody_but_lists_the_whole_roster(self, choir: Choir) -> None:
        makers.a_singer(choir=choir)
        assert queries.find_singers("  ", viewer=makers.a_manager()) == []
        assert len(queries.members_on(choir, TODAY, matching="  ")) == 1

    def test_a_leader_finds_own_singers_only(self, choir: Choir, leader: Any) -> None:
        other = makers.a_choir(town="Östersund")
        makers.a_singer("Amina", choir=other)
        mine = makers.a_singer("Amina", choir=choir)
        makers.a_membership(mine, other)
        (found,) = queries.find_singers("amina", viewer=leader)
        assert (found.id, found.choirs) == (mine.id, ("Boden",))
        assert queries.find_singers("amina", viewer=Visitor()) == []
        assert queries.find_singers("amina", viewer=makers.an_account()) == []

    def test_one_singer_of_another_choir_is_not_there(self, choir: Choir, leader: Any) -> None:
        stranger = makers.a_singer(choir=makers.a_choir(town="Östersund"))
        for who in (leader, makers.an_account(), makers.an_editor(), Visitor()):
            with pytest.raises(NoResultFound):
                queries.singer(stranger.id, viewer=who)
        assert queries.singer(stranger.id, viewer=makers.a_manager()) is stranger

    def test_of_two_choirs_a_leader_sees_the_periods_of_their_own(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        makers.a_membership(singer, makers.a_choir(town="Östersund"))
        assert [each.name for each, _rows in queries.memberships_shown_to(singer, viewer=leader)] == ["Boden"]
        assert len(queries.memberships_shown_to(singer, viewer=makers.a_manager())) == 2


class TestChanging:
    def test_finds_by_the_new_name(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer("Hodan", choir=choir)
        actions.change_singer(singer, first_name="Örjan", surname="Åkesson", by=leader)
        db.session.flush()
        assert [row.id for row in queries.find_singers("ake", viewer=leader)] == [singer.id]

    def test_a_note_never_holds_an_identity_number(self, choir: Choir, leader: Any) -> None:
        with pytest.raises(Refusal) as no:
            actions.change_singer(
                makers.a_singer(choir=choir), first_name="Hodan", note="19811228-9874", by=leader
            )
        assert no.value.field == "note"

    def test_is_written_down_without_the_name(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer("Hodan", choir=choir)
        actions.change_singer(singer, first_name="Olena", by=leader)
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.subject_id, entry.by_id) == ("singer.changed", singer.id, leader.id)
        assert not any(name in repr(vars(entry)) for name in ("Hodan", "Olena"))

    def test_another_leader_may_not(self, choir: Choir) -> None:
        stranger = makers.a_leader(makers.a_choir(town="Östersund"))
        with pytest.raises(NotAllowed):
            actions.change_singer(makers.a_singer(choir=choir), first_name="X", by=stranger)

    def test_one_corrects_oneself_and_nobody_else(self, choir: Choir) -> None:
        me = makers.an_account()
        singer = makers.a_singer(choir=choir, account=me, note="behöver skjuts")
        actions.change_own_singer(singer, first_name="Samira", phone="070-174 06 10", by=me)
        assert (singer.first_name, singer.phone, singer.note) == ("Samira", "070-174 06 10", "behöver skjuts")
        with pytest.raises(NotAllowed):
            actions.change_own_singer(makers.a_singer(choir=choir), first_name="Samira", by=me)
        with pytest.raises(NotAllowed):
            actions.change_own_singer(singer, first_name="Samira", by=makers.a_manager())

    def test_all_that_is_held(self, choir: Choir) -> None:
        me = makers.an_account()
        singer = makers.a_singer(
            "Hodan", "Ali", choir=choir, voice="Alt", account=me, note="behöver skjuts", reads="so"
        )
        (own,) = queries.singers_of_account(me)
        held = queries.held_on(own)
        assert own is singer
        assert (held.first_name, held.surname, held.note, held.reads) == (
            "Hodan",
            "Ali",
            "behöver skjuts",
            "so",
        )
        assert [(row.choir, row.voice, row.state) for row in held.memberships] == [
            ("Boden", "Alt", "regular")
        ]

    def test_an_account_is_one_singer(self, choir: Choir) -> None:
        boss = makers.a_manager()
        me, first, second = makers.an_account(), makers.a_singer(choir=choir), makers.a_singer(choir=choir)
        actions.link_account(first, me, by=boss)
        actions.link_account(first, me, by=boss)
        with pytest.raises(Refusal):
            actions.link_account(second, me, by=boss)
        actions.unlink_account(first, by=boss)
        actions.link_account(second, me, by=boss)
        assert queries.singers_of_account(me) == [second]


class TestErasing:
    def test_takes_the_person_and_keeps_the_counts(self, choir: Choir, leader: Any) -> None:
        me = makers.an_account()
        singer = makers.a_singer(
            "Hodan",
            "Ali",
            choir=choir,
            voice="Alt",
            account=me,
            phone="070-174 06 05",
            email="hodan@example.org",
            note="behöver skjuts",
            reads="so",
            is_under_18=True,
        )
        actions.erase_singer(singer, by=leader)
        db.session.expire_all()
        kept = {
            name: getattr(singer, name)
            for name in ("surname", "phone", "email", "reads", "note", "account_id")
        }
        assert singer.name == "Raderad sångare"
        assert set(kept.values()) == {None}
        assert singer.folded_name == ""
        assert not singer.is_under_18
        assert [(state, since) for state, since, _until in history(singer, choir)] == [
            ("regular", makers.LONG_AGO),
            ("left", TODAY),
        ]

    def test_is_found_by_nobody(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer("Hodan", choir=choir)
        actions.erase_singer(singer, by=leader)
        assert queries.members_on(choir, TODAY) == []
        assert queries.members_on(choir, date(2026, 1, 7)) == []
        assert queries.members_who_left(choir, TODAY) == []
        assert queries.find_singers("hodan", viewer=makers.a_manager()) == []
        assert queries.find_singers("raderad", viewer=makers.a_manager()) == []
        with pytest.raises(NoResultFound):
            queries.singer(singer.id, viewer=leader)

    def test_tells_the_rooms_above(self, choir: Choir, leader: Any) -> None:
        told: list[Singer] = []
        singer = makers.a_singer(choir=choir)
        with actions.singer_erased.connected_to(told.append):
            actions.erase_singer(singer, by=leader)
            actions.erase_singer(singer, by=leader)
        assert told == [singer]

    def test_periods_that_have_not_begun_are_gone(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.change_membership(singer, choir, "paused", date(2026, 7, 1), by=leader)
        actions.erase_singer(singer, by=leader)
        assert [(state, since) for state, since, _until in history(singer, choir)] == [
            ("regular", makers.LONG_AGO),
            ("left", TODAY),
        ]

    def test_nothing_more_can_be_done(self, choir: Choir, leader: Any) -> None:
        singer = makers.a_singer(choir=choir)
        actions.erase_singer(singer, by=leader)
        for deed in (
            lambda: actions.change_singer(singer, first_name="Hodan", by=leader),
            lambda: actions.join(singer, choir, by=leader),
            lambda: actions.change_membership(singer, choir, "regular", TODAY, by=leader),
            lambda: actions.link_account(singer, makers.an_account(), by=makers.a_manager()),
        ):
            with pytest.raises(Refusal):
                deed()

    def test_by_oneself_a_manager_or_the_leader_of_all_ones_choirs(self, choir: Choir, leader: Any) -> None:
        me = makers.an_account()
        other = makers.a_choir(town="Östersund")
        singer = makers.a_singer(choir=choir, account=me)
        makers.a_membership(singer, other)
        for who in (leader, makers.a_leader(other, "Ida Ek"), makers.an_account(), Visitor()):
            with pytest.raises(NotAllowed):
                actions.erase_singer(singer, by=who)
        actions.erase_singer(singer, by=me)
        assert singer.erased_at == clock.now()
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.by_id) == ("singer.erased", me.id)


def test_who_left_every_choir_long_ago(choir: Choir, leader: Any) -> None:
    gone, half, here = (makers.a_singer(name, choir=choir) for name in ("Amina", "Bo", "Carl"))
    makers.a_membership(half, makers.a_choir(town="Östersund"))
    for singer in (gone, half):
        actions.change_membership(singer, choir, "left", date(2024, 1, 9), by=leader)
    assert queries.left_before(date(2024, 1, 10)) == [gone]
    assert queries.left_before(date(2024, 1, 9)) == []
    assert here not in queries.left_before(TODAY)
