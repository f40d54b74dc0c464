"""Singers check in themselves by a code that changes every minute; strangers wait for a tap and see no name."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Act, Arrival, Attendance, CheckIn, Rehearsal
from tests import makers
from tests.conftest import NOW, TheClock
from tests.rehearsals.test_roll_pages import here, time_passes
from tests.visitor import Visitor, outside

NAMES = ("Amina", "Bahar", "Hodan")


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir(*NAMES)


@pytest.fixture
def sara(choir: Choir) -> Account:
    account = makers.an_account("Sara Lind")
    makers.a_singer("Sara", "Lind", choir=choir, account_id=account.id)
    return account


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


@pytest.fixture
def tonight(choir: Choir) -> Rehearsal:
    return makers.a_rehearsal(choir, venue=makers.a_venue())


@pytest.fixture
def opened(tonight: Rehearsal, leader: Account) -> CheckIn:
    return actions.open_check_in(tonight, by=leader)


def scan(visitor: Visitor, opened: CheckIn) -> Visitor:
    """Rikta kameran mot koden."""
    visitor.opens(f"/har/{opened.good_codes[0]}", 302)
    return visitor.opens("/har")


def arrives(visitor: Visitor, opened: CheckIn, first_name: str) -> Arrival:
    """Somebody without account comes to the door."""
    scan(visitor.leaves(), opened).sends("/har", first_name=first_name).sees(
        "Säg till körledaren att du är här"
    )
    return db.session.scalars(select(Arrival).order_by(Arrival.asked_at.desc()).limit(1)).one()


class TestTheCode:
    SEED = bytes(range(32))

    def test_is_easy_to_read_and_changes_every_minute(self) -> None:
        codes = [rules.code_of_minute(self.SEED, minute) for minute in range(500)]
        assert len(set(codes)) == 500
        assert all(re.fullmatch("[23456789A-HJKMNP-TV-Z]{6}", code) for code in codes)

    def test_of_another_evening_is_another(self) -> None:
        assert rules.code_of_minute(self.SEED, 1) != rules.code_of_minute(bytes(32), 1)

    @given(st.integers(0, 2**33))
    def test_is_found_however_it_is_typed(self, minute: int) -> None:
        code = rules.code_of_minute(self.SEED, minute)
        for typed in (code.lower(), f"{code[:3]} {code[3:]}", f" {code}\n", f"{code[:3]}-{code[3:]}"):
            assert rules.code_as_meant(typed) == code

    @given(st.text())
    def test_whatever_is_typed_is_answered(self, typed: str) -> None:
        assert len(rules.code_as_meant(typed)) <= rules.CODE_LENGTH + 1

    def test_is_good_this_minute_and_the_next(
        self, visitor: Visitor, opened: CheckIn, the_clock: TheClock
    ) -> None:
        code = opened.code_at(NOW)
        for seconds, status in ((0, 302), (59, 302), (60, 302), (119, 302), (120, 410), (3600, 410)):
            the_clock.set_to(NOW + timedelta(seconds=seconds))
            visitor.leaves().opens(f"/har/{code}", status)
        visitor.sees("Koden har bytts")

    def test_once_opened_in_time_may_be_pressed_for_ten_minutes(
        self, visitor: Visitor, opened: CheckIn, the_clock: TheClock
    ) -> None:
        scan(visitor, opened)
        the_clock.set_to(NOW + timedelta(minutes=9))
        visitor.opens("/har").sees("Välkommen till Boden!")
        the_clock.set_to(NOW + timedelta(minutes=11))
        visitor.opens("/har").sees("Skriv koden på väggen")

    @pytest.mark.parametrize("code", ["ABC234", "x", "%C3%A5%C3%A4%C3%B6", "2" * 4000])
    def test_of_nobody(self, visitor: Visitor, opened: CheckIn, code: str) -> None:
        visitor.opens(f"/har/{code}", 410).sees("Koden har bytts")

    def test_can_be_typed(self, visitor: Visitor, opened: CheckIn) -> None:
        code = opened.good_codes[0]
        visitor.opens("/har").sees("Skriv koden på väggen")
        visitor.opens(f"/har?kod={code[:3].lower()}+{code[3:].lower()}", 302)
        assert visitor.answer.headers["Location"] == f"/har/{code}"  # type: ignore[union-attr]


class TestTheWall:
    def test_shows_the_code_and_no_name(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        path = f"/narvaro/{opened.rehearsal_id}/incheckning"
        visitor.signs_in(leader).opens(f"{path}/vagg").sees("Är du här?", "127.0.0.1:8000/har")
        code = opened.good_codes[0]
        visitor.sees(f"{code[:3]} {code[3:]}").misses(*NAMES)
        assert 'http-equiv="refresh" content="61"' in visitor.html
        visitor.opens(f"{path}/kod")
        assert visitor.json["code"] == f"{code[:3]} {code[3:]}"
        assert visitor.json["seconds"] == 60
        assert f'd="{visitor.json["path"]}"' in visitor.opens(f"{path}/vagg").html

    def test_its_code_is_drawn_right(self) -> None:
        """Read back by another drawing of the same library: the dark modules are where they belong."""
        import segno

        from choir_app.foundation.qr import QUIET, qr_code

        code = qr_code("http://127.0.0.1:8000/har/ABC234")
        dark = {
            (int(x) + step, int(y))
            for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
            for step in range(int(length))
        }
        matrix = segno.make(code.text, error="m", micro=False).matrix
        assert dark == {
            (x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark
        }
        assert code.size == len(matrix) + 2 * QUIET

    def test_is_for_the_choirs_leader(self, visitor: Visitor, opened: CheckIn, sara: Account) -> None:
        path = f"/narvaro/{opened.rehearsal_id}/incheckning"
        for page in (path, f"{path}/vagg", f"{path}/kod"):
            visitor.signs_in(sara).opens(page, 403)
            visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"))).opens(page, 404)
            visitor.leaves().opens(page, 303)

    def test_is_gone_when_closed(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        path = f"/narvaro/{opened.rehearsal_id}/incheckning"
        code = opened.good_codes[0]
        visitor.signs_in(leader).opens(path).sees("Incheckningen är öppen sedan 18.00.")
        visitor.sends(f"{path}/stang").sees("Incheckningen är stängd.", "Öppna incheckningen")
        visitor.opens(f"{path}/vagg", 302).opens(f"{path}/kod", 410)
        visitor.leaves().opens(f"/har/{code}", 410)

    def test_opened_anew_it_has_other_codes(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        path = f"/narvaro/{opened.rehearsal_id}/incheckning"
        before = opened.good_codes[0]
        actions.close_check_in(opened.rehearsal, by=leader)
        visitor.signs_in(leader).opens(path).sends(path).sees("Incheckningen är öppen.")
        visitor.leaves().opens(f"/har/{before}", 410)


class TestASinger:
    def test_is_here_by_one_press(self, visitor: Visitor, sara: Account, opened: CheckIn) -> None:
        scan(visitor.signs_in(sara), opened).sees("Hej Sara!", "Jag är här").misses(*NAMES)
        assert here(opened.rehearsal) == set()  # looking marks nobody
        visitor.sends("/har").sees("Bra att du är här!", "Du är markerad.")
        assert here(opened.rehearsal) == {"Sara"}
        act = db.session.scalars(select(Act)).one()
        assert act.by_id == sara.id
        visitor.sends("/har").sees("Bra att du är här!")
        assert db.session.scalar(select(func.count()).select_from(Act)) == 1

    def test_whom_the_leader_marked_meets_kind_words(
        self, visitor: Visitor, sara: Account, leader: Account, opened: CheckIn
    ) -> None:
        singer = db.session.scalars(select(Singer).where(Singer.account_id == sara.id)).one()
        actions.take_roll(
            opened.rehearsal, was_here=[], is_here=[singer.id], guests=None, receipt=uuid4(), by=leader
        )
        scan(visitor.signs_in(sara), opened).sees("Bra att du är här!")

    def test_who_was_marked_by_mistake_comes_in_after_all(
        self, visitor: Visitor, sara: Account, leader: Account, opened: CheckIn
    ) -> None:
        singer = db.session.scalars(select(Singer).where(Singer.account_id == sara.id)).one()
        for was, now in (([], [singer.id]), ([singer.id], [])):
            actions.take_roll(
                opened.rehearsal, was_here=was, is_here=now, guests=None, receipt=uuid4(), by=leader
            )
        scan(visitor.signs_in(sara), opened).sends("/har").sees("Bra att du är här!")
        assert here(opened.rehearsal) == {"Sara"}

    @pytest.mark.parametrize("kind", ["of another choir", "who left", "nobody's account"])
    def test_who_does_not_sing_here_waits_like_everybody(
        self, visitor: Visitor, opened: CheckIn, kind: str
    ) -> None:
        account = makers.an_account("Nils Ek")
        if kind == "of another choir":
            makers.a_singer("Nils", choir=makers.a_choir(town="Göteborg"), account_id=account.id)
        elif kind == "who left":
            choir = opened.rehearsal.choir
            makers.a_singer("Nils", choir=choir, state="left", since=date(2026, 1, 1), account_id=account.id)
        scan(visitor.signs_in(account), opened).sees("Vad heter du?")
        visitor.sends("/har", first_name="Nils").sees("Säg till körledaren att du är här")
        assert here(opened.rehearsal) == set()

    def test_marks_nobody_but_oneself(self, sara: Account, opened: CheckIn) -> None:
        amina = db.session.scalars(select(Singer).where(Singer.first_name == "Amina")).one()
        with pytest.raises(NotAllowed):
            actions.check_in_self(opened, amina, by=sara)
        assert here(opened.rehearsal) == set()

    def test_has_no_right_to_the_roll(self, visitor: Visitor, sara: Account, opened: CheckIn) -> None:
        scan(visitor.signs_in(sara), opened).sends("/har")
        visitor.opens(f"/narvaro/{opened.rehearsal_id}", 403)
        visitor.opens(f"/api/v1/roll/{opened.rehearsal_id}", 404)

    def test_not_when_it_is_closed_meanwhile(
        self, visitor: Visitor, sara: Account, leader: Account, opened: CheckIn
    ) -> None:
        scan(visitor.signs_in(sara), opened)
        actions.close_check_in(opened.rehearsal, by=leader)
        visitor.sends("/har", 200).sees("Skriv koden på väggen")
        assert here(opened.rehearsal) == set()
        with pytest.raises(Refusal):
            actions.check_in_self(opened, queries.own_singer_at(opened.rehearsal, sara) or Singer(), by=sara)


class TestAStranger:
    def test_says_a_first_name_and_is_let_in_as_new(
        self, visitor: Visitor, leader: Account, opened: CheckIn
    ) -> None:
        olena = Visitor(visitor.app)
        arrival = arrives(olena, opened, "Olena")
        assert [one.first_name for one in queries.arrivals_waiting(opened.rehearsal)] == ["Olena"]
        path = f"/narvaro/{opened.rehearsal_id}"
        visitor.signs_in(leader).opens(f"{path}/ankomster").sees(
            "1 väntar på dig", "Ingen i listan heter så."
        )
        visitor.sends(f"{path}/ankomst/{arrival.id}", answer="new").sees("Ingen väntar")
        assert here(opened.rehearsal) == {"Olena"}
        olena.opens("/har").sees("Välkommen, du är med!")
        visitor.sends(f"{path}/ankomst/{arrival.id}", answer="new")
        assert db.session.scalar(select(func.count()).where(Singer.first_name == "Olena")) == 1

    def test_is_let_in_as_somebody_on_the_roll(
        self, visitor: Visitor, leader: Account, opened: CheckIn
    ) -> None:
        arrival = arrives(visitor, opened, "amina")
        amina = db.session.scalars(select(Singer).where(Singer.first_name == "Amina")).one()
        path = f"/narvaro/{opened.rehearsal_id}"
        visitor.signs_in(leader).opens(f"{path}/ankomster").sees("Någon i listan heter så.", "Det är Amina")
        visitor.sends(f"{path}/ankomst/{arrival.id}", answer="known", singer=amina.id)
        assert here(opened.rehearsal) == {"Amina"}
        assert db.session.scalar(select(func.count()).select_from(Singer)) == len(NAMES)

    def test_who_is_not_there(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        other = Visitor(visitor.app)
        arrival = arrives(other, opened, "Bus")
        path = f"/narvaro/{opened.rehearsal_id}"
        visitor.signs_in(leader).opens(f"{path}/ankomster")
        visitor.sends(f"{path}/ankomst/{arrival.id}", answer="not_here").sees("Ingen väntar")
        other.opens("/har").sees("Gå fram till körledaren")
        scan(other, opened).sees("Gå fram till körledaren")  # one for each browser and evening
        assert here(opened.rehearsal) == set()
        assert db.session.scalar(select(func.count()).select_from(Arrival)) == 1

    def test_learns_no_name(self, visitor: Visitor, opened: CheckIn) -> None:
        """The same pages and statuses, whether somebody in the list is called so or not."""
        pages = []
        for name in ("Amina", "Zlatan"):
            scan(visitor.leaves(), opened).misses(*NAMES)
            visitor.sends("/har", first_name=name)
            pages.append(re.sub(r'value="[^"]*"', "", visitor.html).replace(name, ""))
            visitor.misses(*(set(NAMES) - {name}))
            visitor.opens("/har").misses(*NAMES)
        assert pages[0] == pages[1]

    def test_is_one_for_each_browser(self, visitor: Visitor, opened: CheckIn) -> None:
        arrives(visitor, opened, "Olena")
        scan(visitor, opened).sees("Säg till körledaren").sends("/har", first_name="Oleg")
        assert [one.first_name for one in queries.arrivals_waiting(opened.rehearsal)] == ["Olena"]

    @pytest.mark.parametrize("typed", ["", "  ", "19121212-1212", "070-174 06 30", "Olena 85", "a" * 81])
    def test_types_a_name_and_no_number(self, visitor: Visitor, opened: CheckIn, typed: str) -> None:
        scan(visitor, opened).sends("/har", 422, first_name=typed)
        assert db.session.scalar(select(func.count()).select_from(Arrival)) == 0

    def test_thirty_wait_and_no_more(self, opened: CheckIn) -> None:
        for number in range(rules.MOST_ARRIVALS):
            actions.wait_at_door(opened, first_name="Vän" + "a" * number)
        with pytest.raises(Refusal):
            actions.wait_at_door(opened, first_name="Sist")

    def test_comes_in_by_no_planted_id(self, visitor: Visitor, opened: CheckIn) -> None:
        visitor.opens("/har", 200).sees("Skriv koden på väggen")
        visitor.sends("/har", 200, first_name="Olena")
        assert db.session.scalar(select(func.count()).select_from(Arrival)) == 0

    def test_waits_at_the_door_of_another_choir_too(self, visitor: Visitor, opened: CheckIn) -> None:
        """Who waited at one choir's door this evening and goes to another's is asked there anew."""
        other = makers.a_choir(town="Göteborg")
        elsewhere = actions.open_check_in(makers.a_rehearsal(other), by=makers.a_leader(other))
        arrives(visitor, opened, "Olena")
        scan(visitor, elsewhere).sees("Välkommen till Göteborg!")
        visitor.sends("/har", first_name="Olena").sees("Säg till körledaren")
        assert len(queries.arrivals_waiting(elsewhere.rehearsal)) == 1


class TestWhoAnswers:
    def test_the_script_does_the_same(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        arrival = arrives(visitor, opened, "Olena")
        path = f"/api/v1/arrivals/{opened.rehearsal_id}/{arrival.id}"
        assert outside(lambda: visitor.client.post(path, json={"answer": "new"})).status_code == 401
        visitor.signs_in(leader)
        assert outside(lambda: visitor.client.post(path, data={"answer": "new"})).status_code == 415
        for wrong in ({"answer": "nej"}, {}, {"answer": "known"}, {"answer": "known", "singer_id": "x"}):
            assert outside(lambda said=wrong: visitor.client.post(path, json=said)).status_code == 422
        assert here(opened.rehearsal) == set()
        for _time in range(2):
            answer = outside(lambda: visitor.client.post(path, json={"answer": "new"}))
            assert (answer.status_code, answer.get_json()["answer"]) == (200, "new")
        assert here(opened.rehearsal) == {"Olena"}

    def test_nobody_else(self, visitor: Visitor, sara: Account, opened: CheckIn) -> None:
        arrival = arrives(visitor, opened, "Olena")
        path = f"/narvaro/{opened.rehearsal_id}/ankomst/{arrival.id}"
        visitor.sends(path, 303, answer="new").signs_in(sara).sends(path, 403, answer="new")
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"))).sends(path, 404, answer="new")
        assert here(opened.rehearsal) == set()

    def test_a_substitute_lets_in(self, visitor: Visitor, leader: Account, opened: CheckIn) -> None:
        arrival = arrives(Visitor(visitor.app), opened, "Olena")
        loan = actions.lend_roll(opened.rehearsal, loan_id=uuid4(), to_name="Nils", by=leader)
        link = f"/lan/{queries.secret_of(loan.id)}"
        visitor.opens(link).sends(link)
        path = f"/narvaro/{opened.rehearsal_id}"
        visitor.opens(f"{path}/ankomster").sends(f"{path}/ankomst/{arrival.id}", answer="new")
        assert here(opened.rehearsal) == {"Olena"}

    def test_chooses_nobody_of_another_choir(
        self, visitor: Visitor, leader: Account, opened: CheckIn
    ) -> None:
        stranger = makers.a_singer("Doris", choir=makers.a_choir(town="Göteborg"))
        arrival = arrives(visitor, opened, "Doris")
        path = f"/narvaro/{opened.rehearsal_id}/ankomst/{arrival.id}"
        visitor.signs_in(leader).sends(path, 422, answer="known", singer=stranger.id)
        with pytest.raises(Refusal):
            actions.answer_arrival(arrival, answer="known", singer_id=stranger.id, by=leader)
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 0


class TestItsDay:
    def test_is_opened_on_its_day_only(self, choir: Choir, leader: Account, the_clock: TheClock) -> None:
        for moment in (NOW - timedelta(days=1), NOW + timedelta(days=1)):
            with pytest.raises(Refusal):
                actions.open_check_in(makers.a_rehearsal(choir, moment), by=leader)

    def test_is_not_opened_when_it_is_called_off(self, tonight: Rehearsal, leader: Account) -> None:
        actions.cancel_rehearsal(tonight, reason=None, by=leader)
        with pytest.raises(Refusal):
            actions.open_check_in(tonight, by=leader)

    def test_is_never_open_unless_the_leader_says_so(self, visitor: Visitor, tonight: Rehearsal) -> None:
        assert queries.check_in_of(tonight) is None
        assert queries.arrivals_waiting(tonight) == []

    def test_closes_at_the_end_of_the_day(
        self, visitor: Visitor, opened: CheckIn, leader: Account, the_clock: TheClock
    ) -> None:
        arrives(Visitor(visitor.app), opened, "Olena")
        midnight = datetime(2026, 6, 16, 22, 0, tzinfo=UTC)
        the_clock.set_to(midnight - timedelta(seconds=1))
        assert opened.is_open
        assert len(queries.arrivals_waiting(opened.rehearsal)) == 1
        the_clock.set_to(midnight)
        assert not opened.is_open
        assert queries.arrivals_waiting(opened.rehearsal) == []
        visitor.opens(f"/har/{opened.good_codes[0]}", 410)
        time_passes(visitor, the_clock, 7)
        visitor.signs_in(leader).opens(f"/narvaro/{opened.rehearsal_id}/ankomster").sees("Ingen väntar")
        visitor.misses("Olena")

    def test_goes_on_past_midnight_as_long_as_one_sings(
        self, choir: Choir, leader: Account, the_clock: TheClock
    ) -> None:
        late = makers.a_rehearsal(choir, NOW + timedelta(hours=5), minutes=120)
        opened = actions.open_check_in(late, by=leader)
        the_clock.set_to(NOW + timedelta(hours=6, minutes=30))
        assert opened.is_open
        the_clock.set_to(NOW + timedelta(hours=7))
        assert not opened.is_open


class TestForgetting:
    def test_the_name_is_gone_when_it_was_answered(
        self, visitor: Visitor, leader: Account, opened: CheckIn
    ) -> None:
        arrival = arrives(visitor, opened, "Olena")
        actions.answer_arrival(arrival, answer="not_here", by=leader)
        db.session.commit()
        assert db.session.scalars(select(Arrival.first_name)).one() is None

    def test_the_names_are_gone_the_next_night_and_at_the_next_check_in(
        self, visitor: Visitor, leader: Account, opened: CheckIn, choir: Choir, the_clock: TheClock
    ) -> None:
        arrival_id: UUID = arrives(visitor, opened, "Olena").id
        actions.forget_arrivals()
        assert db.session.get_one(Arrival, arrival_id, populate_existing=True).first_name == "Olena"
        the_clock.set_to(NOW + timedelta(days=7))
        actions.open_check_in(makers.a_rehearsal(choir), by=leader)
        arrival = db.session.get_one(Arrival, arrival_id, populate_existing=True)
        assert arrival.first_name is None
        with pytest.raises(Refusal):
            actions.answer_arrival(arrival, answer="new", by=leader)

    def test_the_caretaker_does_it_too(self, visitor: Visitor, opened: CheckIn, the_clock: TheClock) -> None:
        arrives(visitor, opened, "Olena")
        the_clock.set_to(NOW + timedelta(hours=19))
        actions.forget_arrivals()
        assert db.session.scalars(select(Arrival.first_name)).one() is None
