"""One person who was written up twice: suggested, made one without losing anything, and two again as before."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.models import Visitor
from choir_app.choirs import actions, queries, rules
from choir_app.choirs.models import Choir, Membership, NotTheSame, Singer, SingerMerge
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from tests import makers

TODAY = date(2026, 6, 16)


@pytest.fixture
def choir(app: Any) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Any:
    return makers.a_leader(choir)


def everything() -> dict[str, set[str]]:
    """Every singer and every period as they stand in the database."""
    db.session.flush()
    db.session.expire_all()
    return {
        model.__tablename__: {repr(tuple(row)) for row in db.session.execute(select(model.__table__))}
        for model in (Singer, Membership)
    }


def periods(singer: Singer, choir: Choir) -> list[tuple[str, date, date | None]]:
    rows = select(Membership).where(Membership.singer_id == singer.id, Membership.choir_id == choir.id)
    return [(row.state, row.since, row.until) for row in db.session.scalars(rows.order_by(Membership.since))]


def names_on(choir: Choir) -> list[str]:
    return [member.name for member in queries.members_on(choir, TODAY)]


class TestMerging:
    def test_one_row_stands_for_both(self, choir: Choir, leader: Any) -> None:
        known = makers.a_singer("Hodan", "Warsame", choir=choir)
        newcomer = makers.a_singer("Hodan", choir=choir, state="trying", since=TODAY)
        actions.merge_singers(newcomer, into=known, by=leader)
        assert names_on(choir) == ["Hodan Warsame"]
        assert queries.stands_for([newcomer.id, known.id]) == {newcomer.id: known.id}
        assert queries.rows_of([known.id]) == {known.id: {known.id, newcomer.id}}
        assert [row.id for row in queries.find_singers("hodan", viewer=leader)] == [known.id]
        assert [row.id for row in queries.namesakes(choir, "Hodan", viewer=leader)] == [known.id]
        assert queries.choirs_overview(TODAY)[0].singer_count == 1
        with pytest.raises(NoResultFound):
            queries.singer(newcomer.id, viewer=leader)

    def test_nothing_known_is_lost_and_what_was_missing_is_filled_in(self, choir: Choir, leader: Any) -> None:
        helper = makers.a_singer("Åsa", choir=choir)
        known = makers.a_singer("Hodan", choir=choir, phone="070-174 06 05", note="behöver skjuts")
        other = makers.a_singer(
            "Hodan",
            "Warsame",
            choir=choir,
            phone="070-174 06 06",
            email="hodan@example.org",
            reads="so",
            note="en annan",
            is_under_18=True,
            may_be_written_to=True,
            buddy_id=helper.id,
        )
        actions.merge_singers(other, into=known, by=leader)
        assert (known.name, known.phone, known.email, known.reads, known.note) == (
            "Hodan Warsame",
            "070-174 06 05",
            "hodan@example.org",
            "so",
            "behöver skjuts",
        )
        assert (known.is_under_18, known.may_be_written_to, known.buddy_id) == (True, True, helper.id)
        assert [row.id for row in queries.find_singers("warsame", viewer=leader)] == [known.id]
        assert (other.phone, other.note) == ("070-174 06 06", "en annan")

    def test_a_choir_of_the_other_row_is_joined(self, choir: Choir, leader: Any) -> None:
        manager = makers.a_manager()
        elsewhere = makers.a_choir(town="Östersund")
        known = makers.a_singer("Hodan", "Warsame", choir=elsewhere, since=date(2026, 1, 7))
        newcomer = makers.a_singer("Hodan", choir=choir, state="trying", since=TODAY, voice="Alt")
        actions.merge_singers(newcomer, into=known, by=manager)
        assert [(each.name, each.voice) for each in queries.members_on(choir, TODAY)] == [
            ("Hodan Warsame", "Alt")
        ]
        assert names_on(elsewhere) == ["Hodan Warsame"]
        assert queries.singer(known.id, viewer=leader) is known

    def test_the_history_is_the_one_of_both(self, choir: Choir, leader: Any) -> None:
        known = makers.a_singer("Hodan", choir=choir, state="trying", since=date(2026, 6, 2))
        older = makers.a_singer("Hodan", "Warsame")
        makers.a_membership(older, choir, since=date(2026, 1, 7), until=date(2026, 5, 4))
        makers.a_membership(older, choir, state="left", since=date(2026, 5, 5))
        actions.merge_singers(older, into=known, by=leader)
        assert periods(known, choir) == [
            ("regular", date(2026, 1, 7), date(2026, 5, 4)),
            ("left", date(2026, 5, 5), date(2026, 6, 1)),
            ("trying", date(2026, 6, 2), None),
        ]
        assert periods(older, choir)[0] == ("regular", date(2026, 1, 7), date(2026, 5, 4))

    def test_the_account_comes_along(self, choir: Choir, leader: Any) -> None:
        account = makers.an_account("Hodan Warsame")
        known = makers.a_singer("Hodan", choir=choir)
        other = makers.a_singer("Hodan", choir=choir, account=account)
        merge = actions.merge_singers(other, into=known, by=leader)
        assert (known.account_id, other.account_id) == (account.id, None)
        assert queries.own_singer(account) is known
        actions.part_singers(merge, by=leader)
        assert (known.account_id, other.account_id) == (None, account.id)

    def test_two_accounts_are_refused(self, choir: Choir, leader: Any) -> None:
        known = makers.a_singer("Hodan", choir=choir, account=makers.an_account("Hodan A"))
        other = makers.a_singer("Hodan", choir=choir, account=makers.an_account("Hodan B"))
        with pytest.raises(Refusal, match="var sitt konto"):
            actions.merge_singers(other, into=known, by=leader)
        assert queries.stands_for([known.id, other.id]) == {}

    def test_pressing_twice_is_once(self, choir: Choir, leader: Any) -> None:
        known, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", choir=choir)
        first = actions.merge_singers(other, into=known, by=leader)
        assert actions.merge_singers(other, into=known, by=leader) is first
        actions.part_singers(first, by=leader)
        actions.part_singers(first, by=leader)
        assert queries.stands_for([other.id]) == {}

    def test_who_may(self, choir: Choir, leader: Any) -> None:
        elsewhere = makers.a_choir(town="Östersund")
        here = makers.a_singer("Hodan", choir=choir)
        there = makers.a_singer("Hodan", choir=elsewhere)
        member = makers.an_account()
        for who in (leader, makers.a_leader(elsewhere), member, makers.an_editor(), Visitor()):
            with pytest.raises(NotAllowed):
                actions.merge_singers(there, into=here, by=who)
            with pytest.raises(NotAllowed):
                actions.say_not_the_same(there, here, by=who)
        merge = actions.merge_singers(there, into=here, by=makers.a_manager())
        with pytest.raises(NotAllowed):
            actions.part_singers(merge, by=member)

    def test_who_is_erased_is_refused(self, choir: Choir, leader: Any) -> None:
        known, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", choir=choir)
        actions.erase_singer(other, by=leader)
        for one, two in ((known, other), (other, known)):
            with pytest.raises(Refusal, match="raderad"):
                actions.merge_singers(one, into=two, by=leader)

    def test_what_was_done_is_in_the_log_of_who_did_what(self, choir: Choir, leader: Any) -> None:
        from choir_app.foundation.audit import AuditEntry

        known, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", choir=choir)
        merge = actions.merge_singers(other, into=known, by=leader)
        actions.part_singers(merge, by=leader)
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == known.id))
        assert {"singer.merged", "singer.parted"} <= set(verbs)


class TestRooms:
    """The rooms above are told, so that attendance can follow."""

    @pytest.fixture
    def told(self) -> Iterator[list[tuple[str, UUID, UUID, dict[UUID, UUID]]]]:
        heard: list[tuple[str, UUID, UUID, dict[UUID, UUID]]] = []

        def merged(sender: Singer, other: Singer) -> None:
            heard.append(("merged", sender.id, other.id, queries.stands_for([sender.id, other.id])))

        def parted(sender: Singer, other: Singer) -> None:
            heard.append(("parted", sender.id, other.id, queries.stands_for([sender.id, other.id])))

        with actions.singers_merged.connected_to(merged), actions.singers_parted.connected_to(parted):
            yield heard

    def test_they_are_told_when_it_is_done(self, choir: Choir, leader: Any, told: list[Any]) -> None:
        known, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", choir=choir)
        merge = actions.merge_singers(other, into=known, by=leader)
        actions.part_singers(merge, by=leader)
        assert told == [
            ("merged", known.id, other.id, {other.id: known.id}),
            ("parted", known.id, other.id, {}),
        ]


class TestParting:
    def test_everything_is_as_before(self, choir: Choir, leader: Any) -> None:
        elsewhere = makers.a_choir(town="Östersund")
        known = makers.a_singer("Hodan", choir=choir, state="trying", since=date(2026, 6, 2), voice="Alt")
        other = makers.a_singer(
            "Hodan",
            "Warsame",
            choir=choir,
            phone="070-174 06 06",
            email="hodan@example.org",
            is_under_18=True,
            account=makers.an_account("Hodan Warsame"),
        )
        makers.a_membership(other, elsewhere, since=date(2026, 3, 3), voice="Bas")
        before = everything()
        merge = actions.merge_singers(other, into=known, by=makers.a_manager())
        assert everything() != before
        actions.part_singers(merge, by=leader)
        assert everything() == before
        assert db.session.scalars(select(SingerMerge.undone_at)).one() is not None

    def test_what_was_changed_since_stays(self, choir: Choir, leader: Any) -> None:
        known = makers.a_singer("Hodan", choir=choir, state="trying", since=date(2026, 6, 2))
        other = makers.a_singer(
            "Hodan", "Warsame", choir=choir, since=date(2026, 5, 5), phone="070-174 06 06", reads="so"
        )
        merge = actions.merge_singers(other, into=known, by=leader)
        actions.change_singer(
            known, first_name="Hodan", surname="Warsame", phone="070-174 06 07", reads="so", by=leader
        )
        actions.change_membership(known, choir, "paused", TODAY, by=leader)
        actions.part_singers(merge, by=leader)
        assert (known.name, known.phone, known.reads) == ("Hodan", "070-174 06 07", None)
        assert periods(known, choir)[-1] == ("paused", TODAY, None)
        assert periods(other, choir) == [("regular", date(2026, 5, 5), None)]

    def test_chains_come_apart_from_the_newest(self, choir: Choir, leader: Any) -> None:
        first, second, third = (
            makers.a_singer("Hodan", surname, choir=choir, since=date(2026, 1, day))
            for day, surname in ((3, None), (2, None), (1, "Warsame"))
        )
        before = everything()
        inner = actions.merge_singers(first, into=second, by=leader)
        between = everything()
        outer = actions.merge_singers(second, into=third, by=leader)
        assert queries.stands_for([first.id, second.id]) == {first.id: third.id, second.id: third.id}
        assert queries.rows_of([third.id]) == {third.id: {first.id, second.id, third.id}}
        with pytest.raises(Refusal, match="senaste först"):
            actions.part_singers(inner, by=leader)
        actions.part_singers(outer, by=leader)
        assert everything() == between
        actions.part_singers(inner, by=leader)
        assert everything() == before

    def test_of_two_into_one_the_newest_comes_apart_first(self, choir: Choir, leader: Any) -> None:
        known, one, two = (makers.a_singer("Hodan", choir=choir) for _turn in range(3))
        before = everything()
        first = actions.merge_singers(one, into=known, by=leader)
        second = actions.merge_singers(two, into=known, by=leader)
        assert [merge.id for merge in queries.merges_in(choir, viewer=leader)] == [second.id]
        with pytest.raises(Refusal, match="senaste först"):
            actions.part_singers(first, by=leader)
        actions.part_singers(second, by=leader)
        actions.part_singers(first, by=leader)
        assert everything() == before

    def test_no_circles(self, choir: Choir, leader: Any) -> None:
        one, two, three = (makers.a_singer("Hodan", choir=choir) for _turn in range(3))
        with pytest.raises(Refusal):
            actions.merge_singers(one, into=one, by=leader)
        actions.merge_singers(one, into=two, by=leader)
        with pytest.raises(Refusal, match="samma person"):
            actions.merge_singers(two, into=one, by=leader)
        actions.merge_singers(two, into=three, by=leader)
        for duplicate, into in ((three, one), (three, two), (one, three)):
            with pytest.raises(Refusal):
                actions.merge_singers(duplicate, into=into, by=leader)

    def test_erasing_the_one_who_stays_erases_the_others(self, choir: Choir, leader: Any) -> None:
        helped = makers.a_singer("Bo", choir=choir)
        one, two, known = (
            makers.a_singer("Hodan", "Warsame", choir=choir, phone="070-174 06 06", note="x")
            for _turn in range(3)
        )
        helped.buddy_id = two.id
        actions.merge_singers(one, into=two, by=leader)
        merge = actions.merge_singers(two, into=known, by=leader)
        erased: list[UUID] = []
        with actions.singer_erased.connected_to(lambda sender: erased.append(sender.id)):
            actions.erase_singer(known, by=leader)
        db.session.expire_all()
        assert set(erased) == {one.id, two.id, known.id}
        for row in (one, two, known):
            assert (row.first_name, row.surname, row.phone, row.note) == ("Raderad sångare", None, None, None)
            assert row.erased_at
        assert helped.buddy_id is None
        with pytest.raises(Refusal, match="raderad"):
            actions.part_singers(merge, by=makers.a_manager())
        held = repr([tuple(row) for row in db.session.execute(select(SingerMerge.__table__))])
        assert "Hodan" not in held
        assert "174 06" not in held

    def test_another_row_cannot_be_changed_or_erased_by_itself(self, choir: Choir, leader: Any) -> None:
        known, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", choir=choir)
        actions.merge_singers(other, into=known, by=leader)
        with pytest.raises(Refusal):
            actions.erase_singer(other, by=leader)
        with pytest.raises(Refusal):
            actions.change_singer(other, first_name="Hodan", by=leader)
        with pytest.raises(Refusal):
            actions.change_membership(other, choir, "left", TODAY, by=leader)

    def test_a_newcomer_sent_again_after_merging_is_still_that_row(self, choir: Choir, leader: Any) -> None:
        newcomer = actions.add_singer(choir, first_name="Hodan", by=leader)
        known = makers.a_singer("Hodan", "Warsame", choir=choir)
        actions.merge_singers(newcomer, into=known, by=leader)
        again = actions.add_singer(choir, first_name="Hodan", singer_id=newcomer.id, by=leader)
        assert again is newcomer
        assert names_on(choir) == ["Hodan Warsame"]


class TestSuggesting:
    def pairs(self, choir: Choir, viewer: Any) -> list[tuple[str, str]]:
        found = queries.possible_duplicates(choir, viewer=viewer)
        return [(pair.first.name, pair.other.name) for pair in found]

    def test_the_full_name_had_better_stay(self, choir: Choir, leader: Any) -> None:
        makers.a_singer("Hodan", choir=choir, since=date(2025, 1, 7))
        makers.a_singer("Hodan", "Warsame", choir=choir)
        assert self.pairs(choir, leader) == [("Hodan Warsame", "Hodan")]

    def test_said_to_be_two_is_not_asked_again(self, choir: Choir, leader: Any) -> None:
        one, other = makers.a_singer("Hodan", choir=choir), makers.a_singer("Hodan", "Ali", choir=choir)
        third = makers.a_singer("Bo", choir=choir)
        actions.say_not_the_same(other, one, by=leader)
        actions.say_not_the_same(one, other, by=leader)
        assert len(db.session.scalars(select(NotTheSame)).all()) == 1
        assert self.pairs(choir, leader) == []
        actions.merge_singers(third, into=one, by=leader)
        assert self.pairs(choir, leader) == [], "two rows of whom one was said not to be"
        with pytest.raises(Refusal):
            actions.say_not_the_same(one, one, by=leader)
        actions.erase_singer(other, by=leader)
        assert db.session.scalars(select(NotTheSame)).all() == []

    def test_other_choirs_only_where_the_viewer_leads(self, choir: Choir, leader: Any) -> None:
        makers.a_singer("Hodan", "Warsame", choir=choir)
        elsewhere = makers.a_choir(town="Östersund")
        there = makers.a_singer("Hodan", "Warsame", choir=elsewhere, phone="070-174 06 06")
        assert self.pairs(choir, leader) == []
        with pytest.raises(NoResultFound):
            queries.alike_pair(there.id, makers.a_singer("Bo", choir=choir).id, viewer=leader)
        from choir_app.choirs.models import Leadership

        elsewhere.leaderships.append(Leadership(account=leader, account_id=leader.id))
        db.session.flush()
        Leadership.has_changed()
        found = queries.possible_duplicates(choir, viewer=leader)
        assert [sorted(pair.first.choirs + pair.other.choirs) for pair in found] == [["Boden", "Östersund"]]

    def test_a_choir_that_is_not_led_is_not_named(self, choir: Choir, leader: Any) -> None:
        one = makers.a_singer("Hodan", choir=choir)
        makers.a_singer("Hodan", choir=choir)
        makers.a_membership(one, makers.a_choir(town="Östersund"), since=date(2019, 1, 1), voice="Bas")
        (pair,) = queries.possible_duplicates(choir, viewer=leader)
        assert {*pair.first.choirs, *pair.other.choirs} == {"Boden"}
        assert min(pair.first.since, pair.other.since) == makers.LONG_AGO

    @pytest.mark.parametrize(
        ("one", "other", "together", "apart"),
        [
            (("hodan", "warsame"), ("hodan", "warsame"), True, True),
            (("hodan", "warsame"), ("hodan", "warsamme"), True, True),
            (("hodan", "warsame"), ("hodna", "warsame"), True, True),
            (("hodan", "warsame"), ("hodan", "ali"), False, False),
            (("hodan", ""), ("hodan", "ali"), True, True),
            (("mohamed", ""), ("mohammed", "ali"), True, False),
            (("ali", ""), ("alo", ""), False, False),
            (("anna", ""), ("hanna", ""), False, False),
            (("hodan", ""), ("hanna", ""), False, False),
        ],
    )
    def test_who_may_be_one(
        self, one: tuple[str, str], other: tuple[str, str], together: bool, apart: bool
    ) -> None:
        for first, second in ((one, other), (other, one)):
            a, b = rules.Called(*first), rules.Called(*second)
            assert rules.may_be_one_person(a, b, together=True) is together
            assert rules.may_be_one_person(a, b, together=False) is apart

    @given(st.text("abcd", min_size=5, max_size=8), st.data())
    def test_one_slip_is_nearly_the_same(self, name: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(name) - 1))
        kind = data.draw(st.sampled_from(("wrong", "too many", "swapped")))
        if kind == "swapped":
            slip = name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
        else:
            slip = name[:place] + "x" + name[place + (kind == "wrong") :]
        assert rules.is_nearly(name, slip)
        assert rules.is_nearly(slip, name)
        if kind == "wrong":
            assert not rules.is_nearly(name, f"{slip}yy")


PERIODS = st.lists(
    st.tuples(st.sampled_from(("trying", "regular", "paused", "left")), st.integers(0, 40)),
    min_size=0,
    max_size=4,
    unique_by=lambda period: period[1],
)


class TestHistories:
    @given(PERIODS, PERIODS)
    def test_each_day_has_the_state_that_says_most(
        self, one: list[tuple[str, int]], other: list[tuple[str, int]]
    ) -> None:
        rows = [self._as_periods(each) for each in (one, other)]
        made = rules.joined(*rows)
        order = ("left", "paused", "trying", "regular")
        for number in range(45):
            day = date.fromordinal(date(2026, 1, 1).toordinal() + number)
            states = [
                next((row.state for row in each if rules.covers(row.since, row.until, day)), None)
                for each in rows
            ]
            expected = max((state for state in states if state), key=order.index, default=None)
            found = [row.state for row in made if rules.covers(row.since, row.until, day)]
            assert found == ([expected] if expected else [])
        assert all(row.until for row in made[:-1])
        assert not made or made[-1].until is None

    def _as_periods(self, told: list[tuple[str, int]]) -> list[rules.Period]:
        begins = sorted(told, key=lambda period: period[1])
        days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for _state, number in begins]
        ends = [*(rules.day_before(day) for day in days[1:]), None][: len(days)]
        return [
            rules.Period(state, None, since, until)
            for (state, _number), since, until in zip(begins, days, ends, strict=True)
        ]
