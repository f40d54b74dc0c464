"""Replying on pages: at home, by a link without signing in, a leader for a singer; and what the leader sees."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from choir_app.choirs.actions import erase_singer, merge_singers
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.database import Model, db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Act, Attendance, Away, Cancellation, Rehearsal, Reply, ReplyLink
from tests import makers
from tests.conftest import TheClock
from tests.visitor import Visitor

NEXT_WEEK = datetime(2026, 6, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def choir(visitor: Visitor) -> Choir:
    return makers.a_choir()


@pytest.fixture
def singer(choir: Choir) -> Singer:
    return makers.a_singer("Hodan", "Warsame", choir=choir, phone="070-174 06 05", note="behöver skjuts")


@pytest.fixture
def rehearsal(choir: Choir) -> Rehearsal:
    return makers.a_rehearsal(choir, NEXT_WEEK, venue=makers.a_venue())


def said() -> list[bool]:
    db.session.rollback()
    return list(db.session.scalars(select(Reply.is_coming)))


def fingerprint() -> dict[str, list[str]]:
    db.session.commit()
    tables = Model.metadata.sorted_tables
    return {table.name: sorted(repr(row) for row in db.session.execute(table.select())) for table in tables}


class TestAtHome:
    @pytest.fixture
    def member(self, visitor: Visitor, singer: Singer, rehearsal: Rehearsal) -> Visitor:
        account = makers.an_account("Hodan Warsame")
        singer.account_id = account.id
        return visitor.signs_in(account)

    def test_one_tap_and_changed_again(self, member: Visitor, rehearsal: Rehearsal) -> None:
        member.opens("/hem").sees("Jag kommer", "Jag kan inte")
        member.sends("/hem/svar", rehearsal_id=rehearsal.id, say="coming")
        member.sees("Bra! Vi ses tisdag 23 juni.", "Ändra").misses("Jag kan inte")
        assert said() == [True]
        member.sends("/hem/svar", rehearsal_id=rehearsal.id, say="nothing").sees("Jag kommer", "Jag kan inte")
        member.sends("/hem/svar", rehearsal_id=rehearsal.id, say="not_coming").sees("Vi ses nästa gång.")
        assert said() == [False]

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            (NEXT_WEEK - timedelta(days=6), "Bra! Vi ses på tisdag."),
            (NEXT_WEEK - timedelta(days=1), "Bra! Vi ses i morgon."),
            (NEXT_WEEK - timedelta(hours=3), "Bra! Vi ses i kväll."),
        ],
    )
    def test_the_day_is_said_as_people_say_it(
        self, member: Visitor, rehearsal: Rehearsal, the_clock: TheClock, now: datetime, words: str
    ) -> None:
        the_clock.set_to(now)
        member.sends("/hem/svar", rehearsal_id=rehearsal.id, say="coming").sees(words)

    def test_what_has_begun_takes_no_answer(
        self, member: Visitor, rehearsal: Rehearsal, the_clock: TheClock
    ) -> None:
        the_clock.set_to(NEXT_WEEK + timedelta(minutes=1))
        member.opens("/hem").misses("Jag kan inte")
        member.sends("/hem/svar", rehearsal_id=rehearsal.id, say="coming").sees("Det har redan börjat.")
        assert said() == []

    def test_days_away(self, member: Visitor, rehearsal: Rehearsal) -> None:
        member.opens("/hem/borta").sees("Tisdag 23 juni", "Borta några dagar?")
        member.sends("/hem/borta", first_on="2026-06-20", last_on="2026-06-30")
        member.sees("Lördag 20 juni till tisdag 30 juni", "Du är borta då.", "Jag kommer ändå")
        member.opens("/hem").sees("Du är borta då.")
        member.sends("/hem/borta", rehearsal_id=rehearsal.id, say="coming").sees("Bra! Vi ses")
        away = db.session.scalars(select(Away)).one()
        member.sends("/hem/borta", away_id=away.id, say="back").misses("till tisdag 30 juni")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"first_on": "", "last_on": "2026-06-30"}, "Skriv den första dagen"),
            ({"first_on": "2026-06-20", "last_on": "i morgon"}, "Skriv datumet så här"),
            ({"first_on": "2026-06-30", "last_on": "2026-06-20"}, "Byt plats på dem"),
            ({"say": "perhaps"}, "Sidan har ändrats."),
            ({"rehearsal_id": "x", "say": "coming"}, "Sidan har ändrats."),
        ],
    )
    def test_mistakes_are_explained(self, member: Visitor, fields: dict[str, str], words: str) -> None:
        member.opens("/hem/borta").sends("/hem/borta", 422, **fields).sees(words)
        assert said() == []
        assert db.session.scalar(select(func.count()).select_from(Away)) == 0

    def test_another_choirs_evening_is_not_ones_own(self, member: Visitor) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"), NEXT_WEEK)
        member.opens("/hem/borta")
        member.sends("/hem/borta", 422, rehearsal_id=elsewhere.id, say="coming").sees("Det är inte din kör.")
        assert said() == []

    def test_what_is_called_off_has_no_buttons(self, member: Visitor, rehearsal: Rehearsal) -> None:
        rehearsal.cancellation = Cancellation(reason="Elin är sjuk.")
        member.opens("/hem/borta").sees("Inställt").misses("Jag kan inte")

    def test_it_stands_in_ones_own_data(self, member: Visitor, singer: Singer, rehearsal: Rehearsal) -> None:
        makers.a_reply(rehearsal, singer)
        makers.days_away(singer, date(2026, 7, 1), date(2026, 7, 3))
        member.opens("/hem/uppgifter").sees(
            "Det du har sagt", "Du kan inte", "Onsdag 1 juli till fredag 3 juli"
        )
        held = member.opens("/hem/uppgifter.json").json
        assert [one["is_coming"] for one in held["replies"]] == [False]
        assert held["away"] == [{"first_on": "2026-07-01", "last_on": "2026-07-03"}]

    def test_who_does_not_sing_has_no_buttons(
        self, choir: Choir, rehearsal: Rehearsal, visitor: Visitor
    ) -> None:
        visitor.signs_in(makers.a_leader(choir)).opens("/hem").misses("Jag kan inte")
        visitor.opens("/hem/borta", 404)


class TestByLink:
    @pytest.fixture
    def path(self, singer: Singer, rehearsal: Rehearsal) -> str:
        return f"/svar/{makers.a_reply_link(singer)}"

    def test_the_first_name_and_the_dates_and_nothing_else(
        self, visitor: Visitor, path: str, choir: Choir
    ) -> None:
        makers.a_singer("Amina", choir=choir)
        visitor.opens(path).sees("Hej Hodan!", "Tisdag 23 juni", "Folkets hus", "Jag kommer", "Jag kan inte")
        visitor.misses("Warsame", "070-174 06 05", "skjuts", "Amina")

    def test_looking_changes_nothing(self, visitor: Visitor, path: str) -> None:
        before = fingerprint()
        visitor.opens(path)
        visitor.client.head(path)
        for query in ("?say=coming", "?first_on=2026-06-20&last_on=2026-06-30"):
            visitor.opens(path + query)
        assert fingerprint() == before

    def test_buttons_and_days_away_work_without_signing_in(
        self, visitor: Visitor, path: str, rehearsal: Rehearsal
    ) -> None:
        visitor.opens(path).sends(path, rehearsal_id=rehearsal.id, say="not_coming").sees(
            "Vi ses nästa gång."
        )
        assert said() == [False]
        visitor.sends(path, rehearsal_id=rehearsal.id, say="nothing")
        visitor.sends(path, first_on="2026-06-20", last_on="2026-06-30").sees("Du är borta då.")
        away = db.session.scalars(select(Away)).one()
        visitor.sends(path, away_id=away.id, say="back").sees("Jag kommer")
        assert db.session.scalar(select(func.count()).select_from(Away)) == 0
        for model in (Act, Attendance):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0

    def test_nobody_keeps_lists_or_is_told_of_the_address(self, visitor: Visitor, path: str) -> None:
        for where, status in ((path, 200), (path + "x", 410)):
            answer = visitor.opens(where, status).answer
            assert answer is not None
            assert answer.headers["Cache-Control"] == "no-store, private"
            assert answer.headers["Referrer-Policy"] == "strict-origin"
            assert "noindex" in answer.headers["X-Robots-Tag"]

    def test_the_secret_is_in_no_log(
        self, visitor: Visitor, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        logger = logging.getLogger("choir")
        logger.addHandler(caplog.handler)
        try:
            visitor.opens(path)
            visitor.sends(path, 422, say="perhaps")
        finally:
            logger.removeHandler(caplog.handler)
        lines = json.dumps([{**record.__dict__, "args": ""} for record in caplog.records], default=str)
        assert "/svar/<token>" in lines or caplog.records
        assert path.rpartition("/")[2] not in lines

    def test_a_revoked_an_expired_and_a_wrong_one_look_the_same(
        self, visitor: Visitor, path: str, singer: Singer, rehearsal: Rehearsal, the_clock: TheClock
    ) -> None:
        wrong = (
            visitor.opens("/svar/" + "x" * 32, 410).sees("Länken gäller inte längre", "Be din körledare").text
        )
        actions.revoke_reply_links(singer, by=makers.a_manager())
        assert visitor.opens(path, 410).text == wrong
        visitor.sends(path, 410, rehearsal_id=rehearsal.id, say="coming")
        again = f"/svar/{makers.a_reply_link(singer)}"
        the_clock.set_to(the_clock.now + timedelta(days=121))
        assert visitor.opens(again, 410).text == wrong
        visitor.sends(again, 410, rehearsal_id=rehearsal.id, say="coming")
        assert said() == []

    def test_somebody_elses_days_and_choirs_are_out_of_reach(
        self, visitor: Visitor, path: str, choir: Choir, rehearsal: Rehearsal
    ) -> None:
        other = makers.a_singer("Bo", choir=choir)
        away = makers.days_away(other, date(2026, 7, 1), date(2026, 7, 3))
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"), NEXT_WEEK)
        visitor.opens(path).sends(path, away_id=away.id, say="back")
        assert db.session.scalar(select(func.count()).select_from(Away)) == 1
        visitor.sends(path, 422, rehearsal_id=elsewhere.id, say="coming")
        assert said() == []

    def test_it_dies_with_who_is_erased(self, visitor: Visitor, path: str, singer: Singer) -> None:
        erase_singer(singer, by=makers.a_manager())
        visitor.opens(path, 410).misses("Raderad")

    def test_it_goes_on_for_the_one_who_stays(
        self, visitor: Visitor, path: str, singer: Singer, choir: Choir
    ) -> None:
        stays = makers.a_singer("Hodo", choir=choir)
        merge_singers(singer, into=stays, by=makers.a_manager())
        visitor.opens(path).sees("Hej Hodo!")


class TestTheLeader:
    @pytest.fixture
    def leader(self, visitor: Visitor, choir: Choir) -> Visitor:
        return visitor.signs_in(makers.a_leader(choir))

    def test_says_it_for_a_singer_who_called(
        self, leader: Visitor, singer: Singer, rehearsal: Rehearsal
    ) -> None:
        path = f"/sangare/{singer.id}/svar"
        leader.opens(f"/sangare/{singer.id}").sees("Kommer Hodan?")
        leader.opens(path).sends(path, rehearsal_id=rehearsal.id, say="not_coming").sees(
            "Har sagt: kan inte."
        )
        leader.sends(path, first_on="2026-07-01", last_on="2026-07-03").sees("Då är sångaren borta.")
        assert said() == [False]

    def test_of_own_choirs_only(self, leader: Visitor, singer: Singer, rehearsal: Rehearsal) -> None:
        other = makers.a_choir(town="Östersund")
        makers.a_membership(singer, other)
        elsewhere = makers.a_rehearsal(other, NEXT_WEEK)
        path = f"/sangare/{singer.id}/svar"
        leader.opens(path).misses("Östersund")
        leader.sends(path, 403, rehearsal_id=elsewhere.id, say="coming")
        stranger = makers.a_singer("Doris", choir=other)
        for there in ("svar", "svarslank"):
            leader.opens(f"/sangare/{stranger.id}/{there}", 404)
        leader.sends(f"/sangare/{stranger.id}/svarslank", 404)

    def test_makes_shows_and_ends_a_link(self, leader: Visitor, singer: Singer, rehearsal: Rehearsal) -> None:
        path = f"/sangare/{singer.id}/svarslank"
        leader.opens(path).sees("Det finns ingen länk").sends(path).sees("Hej Hodan!", "/svar/", "Kopiera")
        link = queries.reply_link_of(db.session.get_one(Singer, singer.id))
        assert link is not None
        secret = queries.shown_reply_secret(link)
        assert f"/svar/{secret}" in leader.html
        assert 'role="img"' in leader.html
        assert "sms:0701740605?" in leader.html
        leader.sends(f"{path}/sluta").sees("Det finns ingen länk")
        leader.opens(f"/svar/{secret}", 410)
        assert db.session.scalar(select(func.count()).select_from(ReplyLink)) == 1

    def test_sees_tonight_who_said_what(self, leader: Visitor, choir: Choir, the_clock: TheClock) -> None:
        tonight = makers.a_rehearsal(choir, NEXT_WEEK)
        the_clock.set_to(NEXT_WEEK - timedelta(hours=2))
        for name, is_coming in (("Amina", True), ("Bo", True), ("Cia", False), ("Dan", False)):
            makers.a_reply(tonight, makers.a_singer(name, choir=choir), is_coming=is_coming)
        leader.opens("/ikvall").sees("2 har sagt att de kommer.", "2 har sagt att de inte kan: Cia och Dan.")
        card: Any = queries.tonight(makers.a_leader(choir, "Maja Ek")).cards[0]
        assert (card.coming_count, card.not_coming_names, card.present_count) == (2, ("Cia", "Dan"), 0)
