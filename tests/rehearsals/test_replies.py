"""What singers say beforehand: an intention, which never becomes attendance."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from choir_app.accounts.models import Visitor
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import (
    Act,
    Attendance,
    Away,
    Cancellation,
    LinkHolder,
    Rehearsal,
    Reply,
    ReplyLink,
)
from tests import makers
from tests.conftest import TheClock
from tests.statements import at_most

pytestmark = pytest.mark.usefixtures("app")

NEXT_WEEK = datetime(2026, 6, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def choir() -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Any:
    return makers.a_leader(choir)


@pytest.fixture
def singer(choir: Choir) -> Singer:
    return makers.a_singer("Hodan", "Warsame", choir=choir)


@pytest.fixture
def rehearsal(choir: Choir) -> Rehearsal:
    return makers.a_rehearsal(choir, NEXT_WEEK)


def said(*rehearsals: Rehearsal) -> dict[tuple[UUID, UUID], str]:
    return dict(queries.said_about([each.id for each in rehearsals]))


def days_from(rehearsal: Rehearsal, before: int, after: int) -> dict[str, date]:
    return {
        "first_on": rehearsal.sung_on - timedelta(days=before),
        "last_on": rehearsal.sung_on + timedelta(days=after),
    }


class TestSaying:
    def test_who_says_nothing_is_expected(self, rehearsal: Rehearsal, singer: Singer) -> None:
        assert said(rehearsal) == {}

    def test_said_changed_and_taken_back(self, rehearsal: Rehearsal, singer: Singer, leader: Any) -> None:
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        assert said(rehearsal) == {(rehearsal.id, singer.id): "coming"}
        actions.say(rehearsal, singer, is_coming=False, by=leader)
        assert said(rehearsal) == {(rehearsal.id, singer.id): "not_coming"}
        assert db.session.scalar(select(func.count()).select_from(Reply)) == 1
        actions.take_back(rehearsal, singer, by=leader)
        actions.take_back(rehearsal, singer, by=leader)
        assert said(rehearsal) == {}

    def test_days_away_count_until_a_single_word_is_said(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any
    ) -> None:
        later = makers.a_rehearsal(choir, NEXT_WEEK + timedelta(days=7))
        actions.be_away(singer, **days_from(rehearsal, 1, 6), by=leader)
        assert said(rehearsal, later) == {(rehearsal.id, singer.id): "not_coming"}
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        assert said(rehearsal, later) == {(rehearsal.id, singer.id): "coming"}
        actions.be_away(singer, **days_from(rehearsal, 2, 7), by=leader)
        assert said(rehearsal, later) == {
            (rehearsal.id, singer.id): "coming",
            (later.id, singer.id): "not_coming",
        }
        actions.take_back(rehearsal, singer, by=leader)
        assert said(rehearsal) == {(rehearsal.id, singer.id): "not_coming"}

    @pytest.mark.parametrize("is_coming", [True, False])
    def test_it_never_becomes_attendance(
        self,
        rehearsal: Rehearsal,
        singer: Singer,
        leader: Any,
        the_clock: TheClock,
        is_coming: bool,
    ) -> None:
        actions.say(rehearsal, singer, is_coming=is_coming, by=leader)
        actions.be_away(singer, **days_from(rehearsal, 1, 1), by=leader)
        the_clock.set_to(NEXT_WEEK + timedelta(days=1))
        actions.recount(rehearsal)
        db.session.expire_all()
        counts = (rehearsal.present_count, rehearsal.mark_count, rehearsal.guest_count, rehearsal.headcount)
        assert counts == (0, 0, 0, None)
        for model in (Act, Attendance):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        assert [each.status for each in queries.roll_of(rehearsal).singers] == [None]

    def test_not_of_what_has_begun(
        self, rehearsal: Rehearsal, singer: Singer, leader: Any, the_clock: TheClock
    ) -> None:
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        the_clock.set_to(NEXT_WEEK)
        for again in (
            lambda: actions.say(rehearsal, singer, is_coming=False, by=leader),
            lambda: actions.take_back(rehearsal, singer, by=leader),
        ):
            with pytest.raises(Refusal, match="redan börjat"):
                again()
        assert said(rehearsal) == {(rehearsal.id, singer.id): "coming"}

    def test_not_of_what_is_called_off(self, rehearsal: Rehearsal, singer: Singer, leader: Any) -> None:
        rehearsal.cancellation = Cancellation(by_id=leader.id)
        with pytest.raises(Refusal, match="inställt"):
            actions.say(rehearsal, singer, is_coming=True, by=leader)

    def test_not_of_another_choirs_evening(self, singer: Singer) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"), NEXT_WEEK)
        with pytest.raises(Refusal, match="inte din kör"):
            actions.say(elsewhere, singer, is_coming=True, by=makers.a_manager())

    def test_who_left_is_not_counted(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any
    ) -> None:
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        choirs.change_membership(singer, choir, "left", clock.today(), by=leader)
        assert said(rehearsal) == {}

    def test_who_may(self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any) -> None:
        own = makers.an_account("Hodan Warsame")
        singer.account = own
        for who in (own, leader, makers.a_manager()):
            actions.say(rehearsal, singer, is_coming=True, by=who)
        strangers = (
            Visitor(),
            makers.an_account(),
            makers.an_editor(),
            makers.a_leader(makers.a_choir(town="Östersund")),
        )
        for who in strangers:
            with pytest.raises(NotAllowed):
                actions.say(rehearsal, singer, is_coming=True, by=who)
            with pytest.raises(NotAllowed):
                actions.be_away(singer, **days_from(rehearsal, 1, 1), by=who)
            with pytest.raises(NotAllowed):
                actions.make_reply_link(singer, by=who)

    def test_a_leader_says_it_for_their_own_choir_only(self, singer: Singer, leader: Any) -> None:
        other = makers.a_choir(town="Östersund")
        makers.a_membership(singer, other)
        elsewhere = makers.a_rehearsal(other, NEXT_WEEK)
        with pytest.raises(NotAllowed):
            actions.say(elsewhere, singer, is_coming=True, by=leader)


class TestDaysAway:
    @pytest.mark.parametrize(
        ("first_on", "last_on", "field"),
        [
            (None, date(2026, 6, 20), "first_on"),
            (date(2026, 6, 20), None, "last_on"),
            (date(2026, 6, 21), date(2026, 6, 20), "last_on"),
            (date(2026, 6, 1), date(2026, 6, 15), "last_on"),
            (date(2026, 6, 20), date(2027, 6, 18), "last_on"),
        ],
    )
    def test_what_is_refused(
        self, singer: Singer, leader: Any, first_on: date | None, last_on: date | None, field: str
    ) -> None:
        with pytest.raises(Refusal) as no:
            actions.be_away(singer, first_on=first_on, last_on=last_on, by=leader)
        assert no.value.field == field
        assert db.session.scalar(select(func.count()).select_from(Away)) == 0

    def test_days_that_touch_become_one_span(self, singer: Singer, leader: Any) -> None:
        for first, last in ((18, 20), (24, 25), (18, 20), (21, 23)):
            actions.be_away(singer, first_on=date(2026, 6, first), last_on=date(2026, 6, last), by=leader)
        spans = [(each.first_on.day, each.last_on.day) for each in queries.aways_of(singer)]
        assert spans == [(18, 25)]

    def test_days_that_were_are_not_written(self, singer: Singer, leader: Any) -> None:
        away = actions.be_away(singer, first_on=date(2026, 6, 1), last_on=date(2026, 6, 20), by=leader)
        assert away.first_on == date(2026, 6, 16)

    def test_at_most_so_many(self, singer: Singer, leader: Any) -> None:
        for number in range(rules.MOST_AWAY):
            day = date(2026, 7, 1) + timedelta(days=3 * number)
            actions.be_away(singer, first_on=day, last_on=day, by=leader)
        with pytest.raises(Refusal, match="körledaren"):
            actions.be_away(singer, first_on=date(2026, 12, 1), last_on=date(2026, 12, 1), by=leader)

    def test_coming_back(self, singer: Singer, leader: Any, the_clock: TheClock) -> None:
        away = actions.be_away(singer, first_on=date(2026, 6, 17), last_on=date(2026, 6, 30), by=leader)
        the_clock.set_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
        actions.come_back(away, singer, by=leader)
        assert (away.first_on, away.last_on) == (date(2026, 6, 17), date(2026, 6, 19))
        assert queries.aways_of(singer) == []
        later = actions.be_away(singer, first_on=date(2026, 7, 1), last_on=date(2026, 7, 2), by=leader)
        actions.come_back(later, singer, by=leader)
        assert queries.aways_of(singer) == []

    def test_somebody_elses_days_stay(self, choir: Choir, singer: Singer, leader: Any) -> None:
        other = makers.a_singer("Bo", choir=choir)
        away = actions.be_away(other, first_on=date(2026, 6, 17), last_on=date(2026, 6, 30), by=leader)
        with pytest.raises(Refusal):
            actions.come_back(away, singer, by=leader)
        assert queries.aways_of(other) == [away]


class TestTheLink:
    @pytest.fixture
    def link(self, singer: Singer, leader: Any) -> ReplyLink:
        return actions.make_reply_link(singer, by=leader)

    def secret(self, link: ReplyLink) -> str:
        shown = queries.shown_reply_secret(link)
        assert shown
        return shown

    def test_it_says_for_one_singer_only(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, link: ReplyLink
    ) -> None:
        holder = LinkHolder(link)
        actions.say(rehearsal, singer, is_coming=False, by=holder)
        actions.be_away(singer, **days_from(rehearsal, 0, 1), by=holder)
        assert said(rehearsal) == {(rehearsal.id, singer.id): "not_coming"}
        with pytest.raises(NotAllowed):
            actions.say(rehearsal, makers.a_singer("Bo", choir=choir), is_coming=False, by=holder)

    def test_its_secret_is_kept_nowhere(self, link: ReplyLink) -> None:
        secret = self.secret(link)
        assert len(secret) >= 24
        assert secret.encode() not in link.digest
        held = db.session.execute(select(ReplyLink.__table__)).one()
        assert secret not in repr(held)

    def test_it_opens_and_a_wrong_one_does_not(self, link: ReplyLink) -> None:
        secret = self.secret(link)
        assert queries.reply_link_behind(secret) == link
        for wrong in (secret[:-1], secret + "A", secret.swapcase(), "", "x" * 500, "å"):
            assert queries.reply_link_behind(wrong) is None

    def test_revoked(self, singer: Singer, leader: Any, link: ReplyLink) -> None:
        secret = self.secret(link)
        actions.revoke_reply_links(singer, by=leader)
        assert queries.reply_link_behind(secret) is None
        assert queries.reply_link_of(singer) is None

    def test_a_new_one_ends_the_old(self, singer: Singer, leader: Any, link: ReplyLink) -> None:
        secret = self.secret(link)
        newer = actions.make_reply_link(singer, by=leader)
        assert queries.reply_link_behind(secret) is None
        assert queries.reply_link_behind(self.secret(newer)) == newer

    def test_pressing_twice_makes_one(
        self, choir: Choir, singer: Singer, leader: Any, link: ReplyLink
    ) -> None:
        made = uuid4()
        first = actions.make_reply_link(singer, link_id=made, by=leader)
        assert actions.make_reply_link(singer, link_id=made, by=leader) is first
        assert first.is_valid
        other = makers.a_singer("Bo", choir=choir)
        with pytest.raises(Refusal):
            actions.make_reply_link(other, link_id=made, by=leader)
        assert queries.reply_link_of(other) is None

    def test_expired(
        self, rehearsal: Rehearsal, singer: Singer, link: ReplyLink, the_clock: TheClock
    ) -> None:
        secret = self.secret(link)
        the_clock.set_to(link.expires_at)
        assert queries.reply_link_behind(secret) is None
        with pytest.raises(NotAllowed):
            actions.say(rehearsal, singer, is_coming=False, by=LinkHolder(link))

    def test_it_ends_with_the_term(self, choir: Choir, singer: Singer, leader: Any) -> None:
        for weeks in (1, 2, 3, 12, 13):
            makers.a_rehearsal(choir, NEXT_WEEK + timedelta(weeks=weeks - 1))
        link = actions.make_reply_link(singer, by=leader)
        assert clock.local(link.expires_at - timedelta(seconds=1)).date() == date(2026, 7, 7)

    def test_nobody_hammers(
        self, rehearsal: Rehearsal, singer: Singer, link: ReplyLink, the_clock: TheClock
    ) -> None:
        for turn in range(rules.LINK_CHANGES):
            actions.say(rehearsal, singer, is_coming=turn % 2 == 0, by=LinkHolder(link))
        with pytest.raises(Refusal, match="kort tid"):
            actions.say(rehearsal, singer, is_coming=True, by=LinkHolder(link))
        with pytest.raises(Refusal, match="kort tid"):
            actions.be_away(singer, **days_from(rehearsal, 1, 1), by=LinkHolder(link))
        the_clock.set_to(the_clock.now + timedelta(hours=1))
        actions.say(rehearsal, singer, is_coming=True, by=LinkHolder(link))

    def test_it_dies_with_who_is_erased(
        self, rehearsal: Rehearsal, singer: Singer, leader: Any, link: ReplyLink
    ) -> None:
        secret = self.secret(link)
        actions.say(rehearsal, singer, is_coming=False, by=leader)
        actions.be_away(singer, **days_from(rehearsal, 1, 1), by=leader)
        choirs.erase_singer(singer, by=leader)
        assert queries.reply_link_behind(secret) is None
        for model in (Reply, Away, ReplyLink):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0


class TestOnePersonOfTwoRows:
    def test_what_either_row_said_is_said_by_the_one_who_stays(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any, the_clock: TheClock
    ) -> None:
        newcomer = makers.a_singer("Hodan", choir=choir)
        link = actions.make_reply_link(newcomer, by=leader)
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        the_clock.set_to(the_clock.now + timedelta(minutes=1))
        actions.say(rehearsal, newcomer, is_coming=False, by=leader)
        merge = choirs.merge_singers(newcomer, into=singer, by=leader)
        assert said(rehearsal) == {(rehearsal.id, singer.id): "not_coming"}
        assert queries.singer_of_link(link) == singer
        assert queries.reply_link_of(singer) == link
        the_clock.set_to(the_clock.now + timedelta(minutes=1))
        actions.say(rehearsal, singer, is_coming=True, by=LinkHolder(link))
        assert said(rehearsal) == {(rehearsal.id, singer.id): "coming"}
        actions.take_back(rehearsal, singer, by=leader)
        assert said(rehearsal) == {}
        choirs.part_singers(merge, by=leader)
        assert queries.reply_link_of(newcomer) == link

    def test_erasing_takes_both_rows_words(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any
    ) -> None:
        newcomer = makers.a_singer("Hodan", choir=choir)
        secret = queries.shown_reply_secret(actions.make_reply_link(newcomer, by=leader))
        actions.say(rehearsal, newcomer, is_coming=False, by=leader)
        choirs.merge_singers(newcomer, into=singer, by=leader)
        choirs.erase_singer(singer, by=leader)
        assert db.session.scalar(select(func.count()).select_from(Reply)) == 0
        assert queries.reply_link_behind(secret or "") is None


class TestQuestions:
    def test_said_about_is_one_statement(self, choir: Choir, singer: Singer, leader: Any) -> None:
        evenings = [makers.a_rehearsal(choir, NEXT_WEEK + timedelta(weeks=week)) for week in range(5)]
        actions.say(evenings[0], singer, is_coming=True, by=leader)
        actions.be_away(singer, **days_from(evenings[2], 1, 1), by=leader)
        ids = [each.id for each in evenings]
        db.session.flush()
        with at_most(1):
            found = queries.said_about(ids)
        assert found == {(ids[0], singer.id): "coming", (ids[2], singer.id): "not_coming"}
        assert queries.said_about([]) == {}

    def test_of_an_evening_how_many_and_who_cannot(
        self, choir: Choir, rehearsal: Rehearsal, leader: Any
    ) -> None:
        for name, is_coming in (("Amina", True), ("Bo", True), ("Cia", False)):
            actions.say(rehearsal, makers.a_singer(name, choir=choir), is_coming=is_coming, by=leader)
        actions.be_away(makers.a_singer("Åsa", choir=choir), **days_from(rehearsal, 1, 1), by=leader)
        found = queries.said_of_evenings([rehearsal.id])[rehearsal.id]
        assert (found.coming_count, found.not_coming_names) == (2, ("Cia", "Åsa"))

    def test_old_words_are_forgotten(
        self, choir: Choir, rehearsal: Rehearsal, singer: Singer, leader: Any, the_clock: TheClock
    ) -> None:
        actions.say(rehearsal, singer, is_coming=True, by=leader)
        actions.be_away(singer, **days_from(rehearsal, 1, 1), by=leader)
        link = actions.make_reply_link(singer, by=leader)
        the_clock.set_to(rehearsal.ends_at + timedelta(days=rules.DAYS_WITH_WORDS - 2))
        actions.forget_old_words()
        assert said(rehearsal) == {(rehearsal.id, singer.id): "coming"}
        the_clock.set_to(link.expires_at + timedelta(days=rules.DAYS_WITH_WORDS, minutes=1))
        actions.forget_old_words()
        for model in (Reply, Away, ReplyLink):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0


class TestRules:
    def test_a_term_ends_before_five_weeks_of_rest(self) -> None:
        days = [date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 15), date(2026, 8, 24)]
        assert rules.end_of_term(days, at_most=date(2026, 10, 1)) == date(2026, 6, 15)
        assert rules.end_of_term(days[:2], at_most=date(2026, 7, 10)) == date(2026, 7, 10)

    def test_a_link_holds_two_weeks_at_least_and_120_days_at_most(self) -> None:
        today = date(2026, 6, 16)
        assert rules.link_ends_on(today, today) == date(2026, 6, 30)
        assert rules.link_ends_on(date(2027, 1, 1), today) == date(2026, 10, 14)
        assert rules.link_ends_on(date(2026, 8, 1), today) == date(2026, 8, 1)
