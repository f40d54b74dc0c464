"""A substitute takes the roll of one rehearsal, on its day, until the leader ends it; and sees nothing else."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts import actions as accounts
from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Act, Attendance, Loan, Rehearsal
from choir_app.rehearsals.permissions import may_lend_roll, may_take_roll
from tests import makers
from tests.conftest import NOW, TheClock
from tests.rehearsals.test_roll_pages import receipt_on, time_passes
from tests.visitor import Visitor, outside

PHONE = "070-174 06 77"
NOTE = "Behöver skjuts hem till Sävast"


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def amina(choir: Choir) -> Singer:
    return makers.a_singer("Amina", "Hassan", choir=choir, voice="Sopran", phone=PHONE, note=NOTE)


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir, "Elin Norberg")


@pytest.fixture
def tonight(choir: Choir, amina: Singer) -> Rehearsal:
    return makers.a_rehearsal(choir, venue=makers.a_venue("Boden", room="källaren"))


def a_link(rehearsal: Rehearsal, leader: Account, name: str = "Nils") -> tuple[Loan, str]:
    """A loan by link, and the path of the link."""
    loan = actions.lend_roll(rehearsal, loan_id=uuid4(), to_name=name, by=leader)
    return loan, f"/lan/{queries.secret_of(loan.id)}"


def came_by(visitor: Visitor, path: str) -> Visitor:
    return visitor.leaves().opens(path).sends(path)


class TestALink:
    def test_leads_to_the_roll_after_one_press(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        _loan, path = a_link(tonight, leader)
        visitor.opens(path).sees("Du tar närvaro i Boden i kväll", "Elin Norberg har lånat ut listan")
        visitor.misses("Amina")
        visitor.opens(f"/narvaro/{tonight.id}", 303)  # looking at the link began nothing
        visitor.opens(path).sends(path)
        visitor.sees("Närvaro i Boden", "Vikarie", "i stället för Elin Norberg")
        assert "Amina" in visitor.html
        visitor.misses("/ikvall", "/repetitioner", "/hem", "site-header")

    def test_marks_newcomers_guests_and_the_end_count(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        loan, path = a_link(tonight, leader)
        roll = f"/narvaro/{tonight.id}"
        came_by(visitor, path)
        visitor.sends(roll, receipt=receipt_on(visitor), here=[amina.id], guests=1, guests_were=0, go="save")
        visitor.opens(f"{roll}/ny-sangare")
        visitor.sends(f"{roll}/ny-sangare", receipt=receipt_on(visitor), first_name="Olena")
        visitor.opens(f"{roll}/klar")
        visitor.sends(f"{roll}/klar", receipt=receipt_on(visitor), note="Fin kväll")
        visitor.sees("3 i rummet").misses("/sangare/")
        db.session.expire_all()
        assert (tonight.present_count, tonight.guest_count, tonight.done_at) == (2, 1, NOW)
        assert set(db.session.scalars(select(Act.loan_id))) == {loan.id}
        assert set(db.session.scalars(select(Act.by_id))) == {None}

    def test_the_trace_names_the_substitute_and_the_leader(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        _loan, path = a_link(tonight, leader)
        assert sent(came_by(visitor, path), mark(tonight, amina)) == (200, "applied")
        visitor.opens(f"/narvaro/{tonight.id}/spar", 303)  # not for the substitute
        visitor.signs_in(leader).opens(f"/narvaro/{tonight.id}/spar").sees("Nils (lånad av Elin Norberg)")

    def test_the_wire_takes_acts_and_gives_the_roll(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        _loan, path = a_link(tonight, leader)
        came_by(visitor, path).opens(f"/api/v1/roll/{tonight.id}")
        assert "Amina" in visitor.html or "Amina" in str(visitor.json)
        assert sent(visitor, mark(tonight, amina)) == (200, "applied")
        db.session.expire_all()
        assert tonight.present_count == 1

    def test_opens_no_other_roll_and_no_other_page(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, choir: Choir, amina: Singer
    ) -> None:
        yesterday = makers.a_rehearsal(choir, NOW - timedelta(days=1))
        _loan, path = a_link(tonight, leader)
        came_by(visitor, path)
        for other in (
            f"/narvaro/{yesterday.id}",
            f"/api/v1/roll/{yesterday.id}",
            f"/narvaro/{yesterday.id}/klar",
        ):
            visitor.opens(other, 404)
        for closed in (
            "/ikvall", "/hem", "/konto", f"/sangare/{amina.id}", f"/korer/{choir.slug}/sangare",
            f"/korer/{choir.slug}/repetitioner", f"/narvaro/{tonight.id}/lana-ut",
            f"/repetitioner/{tonight.id}/flytt",
        ):  # fmt: skip
            visitor.opens(closed, 303)
            assert "/logga-in" in visitor.answer.headers["Location"]  # type: ignore[union-attr]
        _status, outcome = sent(visitor, mark(yesterday, amina))
        assert outcome == "refused"

    def test_tells_neither_numbers_nor_notes(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        _loan, path = a_link(tonight, leader)
        came_by(visitor, path)
        roll = f"/narvaro/{tonight.id}"
        for page in (roll, f"{roll}/ny-sangare", f"{roll}/klar", f"/api/v1/roll/{tonight.id}"):
            visitor.opens(page)
            said = visitor.answer.get_data(as_text=True)  # type: ignore[union-attr]
            assert not any(hidden in said for hidden in ("174 06 77", "1740677", "skjuts"))

    def test_is_kept_as_a_digest_only(self, leader: Account, tonight: Rehearsal) -> None:
        loan, path = a_link(tonight, leader)
        secret = path.removeprefix("/lan/")
        assert len(secret) == 32
        row = db.session.execute(select(Loan.__table__).where(Loan.id == loan.id)).one()
        assert secret not in str(tuple(row))
        assert queries.loan_behind(secret) is loan

    @pytest.mark.parametrize("secret", ["x", "x" * 32, "%00", "å" * 40, "\ud7ff" * 20])
    def test_of_nobody_says_so(self, visitor: Visitor, secret: str) -> None:
        visitor.opens(f"/lan/{secret}", 404 if "%00" in secret else 410)


class TestItsTime:
    def test_until_four_in_the_morning(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, the_clock: TheClock
    ) -> None:
        _loan, path = a_link(tonight, leader)
        came_by(visitor, path)
        time_passes(visitor, the_clock, 9.99)
        visitor.opens(f"/narvaro/{tonight.id}").sees("Närvaro i Boden")
        time_passes(visitor, the_clock, 10)
        visitor.opens(f"/narvaro/{tonight.id}", 410).sees("Lånet är slut").misses("Amina")
        visitor.opens(path, 410).sees("Lånet är slut")
        visitor.opens(f"/api/v1/roll/{tonight.id}", 401)

    def test_what_was_marked_in_time_comes_in_the_next_day(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, the_clock: TheClock
    ) -> None:
        """A phone that found no contact in the cellar loses nothing; what is made up afterwards is refused."""
        loan, path = a_link(tonight, leader)
        nils = makers.an_account("Nils Ek")
        makers.a_singer("Nils", choir=tonight.choir, account_id=nils.id)
        actions.lend_roll(tonight, loan_id=uuid4(), to_account=nils, by=leader)
        came_by(visitor, path)
        account = Visitor(visitor.app).signs_in(nils)
        the_clock.set_to(NOW + timedelta(hours=20))
        for phone in (visitor, account):
            assert sent(phone, mark(tonight, amina), at=NOW + timedelta(hours=20)) == (200, "refused")
            assert sent(phone, mark(tonight, amina), at=NOW - timedelta(days=1)) == (200, "refused")
            status, answer = sent(phone, mark(tonight, amina), at=NOW + timedelta(hours=1), whole=True)
            assert status == 200
            assert answer["results"][0]["outcome"] in (
                "applied",
                "superseded",
            )  # the other phone said the same
            assert answer["rehearsals"] == []  # and nothing is shown any more
            phone.opens(f"/api/v1/roll/{tonight.id}", 401 if phone is visitor else 404)
        actions.end_loan(loan, by=leader)
        assert sent(visitor, mark(tonight, amina), at=NOW)[0] == 401

    def test_not_before_its_day(
        self, visitor: Visitor, leader: Account, choir: Choir, the_clock: TheClock
    ) -> None:
        thursday = makers.a_rehearsal(choir, NOW + timedelta(days=2))
        nils = makers.a_leader(makers.a_choir(town="Boden"), "Nils Ek")
        _loan, path = a_link(thursday, leader)
        actions.lend_roll(thursday, loan_id=uuid4(), to_account=nils, by=leader)
        visitor.opens(path).sees("Du tar närvaro i Boden torsdag 18 juni", "Listan öppnar torsdag 18 juni.")
        visitor.sends(path, 200).opens(f"/narvaro/{thursday.id}", 303)
        visitor.signs_in(nils).opens(f"/narvaro/{thursday.id}", 404)
        time_passes(visitor, the_clock, 40)
        visitor.opens(f"/narvaro/{thursday.id}").sees("Närvaro i Boden")

    def test_follows_a_rehearsal_that_is_moved(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        loan, _path = a_link(tonight, leader)
        actions.move_rehearsal(
            tonight, starts_at=NOW + timedelta(days=1), minutes=120, venue=tonight.venue, by=leader
        )
        db.session.refresh(loan)
        assert loan.state == "early"
        the_clock.set_to(NOW + timedelta(days=1, hours=9))
        assert loan.state == "open"

    def test_through_a_night_when_clocks_change(
        self, leader: Account, choir: Choir, the_clock: TheClock
    ) -> None:
        the_clock.set_to(NOW.replace(month=10, day=24))
        loan, _path = a_link(makers.a_rehearsal(choir), leader)
        assert loan.ends_at.isoformat() == "2026-10-25T03:00:00+00:00"  # four in the morning, in winter


class TestEndingIt:
    def test_the_next_request_is_refused_and_says_why(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        loan, path = a_link(tonight, leader)
        came_by(visitor, path)
        assert sent(visitor, mark(tonight, amina)) == (200, "applied")
        actions.end_loan(loan, by=leader)
        assert sent(visitor, mark(tonight, amina)) == (
            401, "Körledaren har avslutat lånet. Be om en ny länk för att skicka.",
        )  # fmt: skip
        visitor.opens(f"/narvaro/{tonight.id}", 410).sees("Körledaren har avslutat lånet").misses("Amina")
        visitor.opens(f"/api/v1/roll/{tonight.id}", 401)
        visitor.opens(path, 410)
        db.session.expire_all()
        assert tonight.present_count == 1  # what was marked stays

    def test_ends_for_the_account_that_used_the_link(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        loan, path = a_link(tonight, leader)
        nils = makers.an_account("Nils Ek")
        visitor.signs_in(nils).opens(path).sends(path).sees("Närvaro i Boden")
        assert [one.id for one in queries.loans_of(tonight)] == [loan.id]
        actions.end_loan(loan, by=leader)
        visitor.opens(f"/narvaro/{tonight.id}", 403)

    def test_from_the_page(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        lend = f"/narvaro/{tonight.id}/lana-ut"
        visitor.signs_in(leader).opens(lend).sees("Låna ut listan")
        visitor.sends(lend, receipt=receipt_on(visitor), name="Nils").sees("Lånet till Nils")
        found = re.search(r"http://[^<]+(/lan/[^<]+)<", visitor.html)
        assert found
        assert "<path d=" in visitor.html  # the code
        other = Visitor(visitor.app)
        came_by(other, found.group(1)).sees("Närvaro i Boden")
        loan = db.session.scalars(select(Loan)).one()
        visitor.opens(lend).sees("Lånat ut", "Nils", "Med länk, till klockan 04.00 på natten")
        visitor.sends(f"{lend}/{loan.id}/avsluta").sees(
            "Lånet är avslutat. Nils ser inte listan längre.", "Avslutat 18.00"
        )
        other.opens(f"/narvaro/{tonight.id}", 410)
        visitor.opens(f"{lend}/{loan.id}").sees("Länken gäller inte längre").misses("/lan/")


class TestAnAccount:
    def test_takes_the_roll_and_nothing_else(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, choir: Choir
    ) -> None:
        nils = makers.a_leader(makers.a_choir(town="Boden"), "Nils Ek")
        actions.lend_roll(tonight, loan_id=uuid4(), to_account=nils, by=leader)
        roll = f"/narvaro/{tonight.id}"
        visitor.signs_in(nils).opens(roll)
        assert "Amina" in visitor.html
        visitor.sends(roll, receipt=receipt_on(visitor), here=[amina.id], go="save")
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 1
        for closed in (f"/sangare/{amina.id}", f"/repetitioner/{tonight.id}/flytt", f"{roll}/lana-ut"):
            visitor.opens(closed, 404)
        assert not may_lend_roll(nils, tonight)
        with pytest.raises(NotAllowed):
            actions.lend_roll(tonight, loan_id=uuid4(), to_name="Vän", by=nils)

    def test_gives_the_phone_the_names_on_the_day_and_not_before(
        self, visitor: Visitor, leader: Account, choir: Choir, amina: Singer, the_clock: TheClock
    ) -> None:
        thursday = makers.a_rehearsal(choir, NOW + timedelta(days=2))
        nils = makers.a_leader(makers.a_choir(town="Boden"), "Nils Ek")
        actions.lend_roll(thursday, loan_id=uuid4(), to_account=nils, by=leader)
        visitor.signs_in(nils)
        assert visitor.opens("/api/v1/evenings").json["rehearsals"] == []
        time_passes(visitor, the_clock, 40)
        (told,) = visitor.opens("/api/v1/evenings").json["rehearsals"]
        assert told["id"] == str(thursday.id)

    def test_of_a_member_opens_the_door_for_the_day(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, choir: Choir, the_clock: TheClock
    ) -> None:
        member = makers.an_account("Sara Lind")
        makers.a_singer("Sara", "Lind", choir=choir, account_id=member.id)
        visitor.signs_in(member).opens(f"/narvaro/{tonight.id}", 403)
        actions.lend_roll(tonight, loan_id=uuid4(), to_account=member, by=leader)
        visitor.opens(f"/narvaro/{tonight.id}").sees("Närvaro i Boden")
        visitor.opens("/ikvall").sees("Boden")
        time_passes(visitor, the_clock, 10)
        visitor.opens(f"/narvaro/{tonight.id}", 403)

    def test_is_chosen_among_those_whom_the_leader_knows(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, choir: Choir
    ) -> None:
        sara, away, left = (makers.an_account(name) for name in ("Sara Lind", "Borta Ek", "Slutat Ek"))
        makers.a_singer("Sara", choir=choir, account_id=sara.id)
        gone = makers.a_singer("Slutat", choir=choir, state="left", since=date(2026, 1, 1))
        gone.account_id = left.id
        near = makers.a_leader(makers.a_choir(town="Boden"), "Nära Ek")
        makers.a_leader(makers.a_choir(town="Göteborg"), "Långt Ek")
        makers.a_leader(choir, "Medledare Ek")
        known = queries.people_to_lend_to(tonight)
        assert [(one.name, one.sings_here) for one in known] == [("Nära Ek", False), ("Sara Lind", True)]
        with pytest.raises(Refusal):
            actions.lend_roll(tonight, loan_id=uuid4(), to_account=away, by=leader)
        lend = f"/narvaro/{tonight.id}/lana-ut"
        visitor.signs_in(leader).opens(lend).misses("Långt", "Borta", "Slutat", "Medledare")
        visitor.sends(lend, receipt=receipt_on(visitor), to=near.id).sees("Nära Ek ser nu listan")
        assert may_take_roll(near, tonight)

    def test_by_address_nobody_learns_who_has_an_account(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        makers.an_account("Hemlig Ek", email="hemlig@example.org")
        lend = f"/narvaro/{tonight.id}/lana-ut"
        pages = []
        for email in ("hemlig@example.org", "ingen@example.org"):
            visitor.signs_in(leader).opens(lend)
            visitor.sends(lend, receipt=receipt_on(visitor), name="Vän", email=email)
            pages.append(re.sub(r"[\w-]{30,}|<path d=[^>]*>", "", visitor.text))
        assert pages[0] == pages[1]
        letters = list(db.session.scalars(select(Letter).order_by(Letter.written_at)))
        assert {letter.recipient for letter in letters} == {"hemlig@example.org", "ingen@example.org"}


class TestLending:
    def test_the_same_page_twice_is_one_loan_and_one_letter(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        lend = f"/narvaro/{tonight.id}/lana-ut"
        receipt = receipt_on(visitor.signs_in(leader).opens(lend))
        for _time in range(2):
            visitor.sends(lend, receipt=receipt, name="Nils", email="nils@example.org")
        assert db.session.scalar(select(func.count()).select_from(Loan)) == 1
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 1

    def test_needs_a_name_and_no_number(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        lend = f"/narvaro/{tonight.id}/lana-ut"
        visitor.signs_in(leader).opens(lend)
        visitor.sends(lend, 422, receipt=receipt_on(visitor), name=" ").sees("Skriv vad vikarien heter.")
        visitor.sends(lend, 422, receipt=receipt_on(visitor), name="Nils 19121212-1212").sees("personnummer")

    def test_not_when_it_is_called_off_over_or_far_away(
        self, leader: Account, tonight: Rehearsal, choir: Choir
    ) -> None:
        for moment in (NOW - timedelta(days=2), NOW + timedelta(days=8)):
            with pytest.raises(Refusal):
                a_link(makers.a_rehearsal(choir, moment), leader)
        actions.cancel_rehearsal(tonight, reason=None, by=leader)
        with pytest.raises(Refusal):
            a_link(tonight, leader)

    def test_not_to_everybody(self, leader: Account, tonight: Rehearsal) -> None:
        for number in range(10):
            a_link(tonight, leader, f"Vän {number}")
        with pytest.raises(Refusal):
            a_link(tonight, leader)

    def test_only_by_who_leads(self, visitor: Visitor, tonight: Rehearsal) -> None:
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"))).opens(
            f"/narvaro/{tonight.id}/lana-ut", 404
        )
        visitor.signs_in(makers.an_account()).opens(f"/narvaro/{tonight.id}/lana-ut", 403)

    def test_names_of_substitutes_are_forgotten(
        self, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        loan, _path = a_link(tonight, leader)
        the_clock.set_to(NOW + timedelta(days=700))
        actions.forget_substitutes()
        db.session.refresh(loan)
        assert loan.to_name == "Nils"
        the_clock.set_to(NOW + timedelta(days=731))
        actions.forget_substitutes()
        db.session.refresh(loan)
        assert loan.to_name is None


def mark(rehearsal: Rehearsal, singer: Singer) -> dict[str, str | None]:
    return {
        "id": str(uuid4()),
        "kind": "mark",
        "rehearsal_id": str(rehearsal.id),
        "singer_id": str(singer.id),
        "status": "present",
        "seen": None,
        "at": NOW.isoformat(),
    }


def sent(
    visitor: Visitor, act: dict[str, str | None], at: datetime = NOW, *, whole: bool = False
) -> tuple[int, Any]:
    """Send one act of a moment; gives the status, and the act's outcome or why nothing was taken in."""
    batch = {
        "sent_at": clock.now().isoformat(),
        "device_id": "telefon-1",
        "acts": [act | {"at": at.isoformat()}],
    }
    answer = outside(lambda: visitor.client.post("/api/v1/acts", json=batch))
    said = answer.get_json()
    if whole:
        return answer.status_code, said
    return answer.status_code, said["results"][0]["outcome"] if "results" in said else said["reason"]


class TestWhoeverMayLendNoMore:
    """What a leader lent ends with the right to lend it."""

    def test_a_dismissed_leader_s_loans_end(
        self, visitor: Visitor, choir: Choir, leader: Account, tonight: Rehearsal
    ) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"))
        choirs.appoint_leader(elsewhere.choir, leader, by=makers.a_manager())
        other, _path = a_link(elsewhere, leader)
        loan, path = a_link(tonight, leader)
        came_by(visitor, path)
        choirs.dismiss_leader(choir, leader, by=makers.a_manager())
        db.session.commit()
        visitor.opens(f"/narvaro/{tonight.id}", 410)
        visitor.opens(path, 410)
        db.session.expire_all()
        assert loan.revoked_at == NOW
        assert other.revoked_at is None, "that choir is still led"

    def test_so_do_those_of_whoever_is_shut_out(self, leader: Account, tonight: Rehearsal) -> None:
        loan, _path = a_link(tonight, leader)
        accounts.disable(leader, by=makers.an_administrator())
        assert loan.revoked_at == NOW

    def test_a_manager_who_becomes_a_member_again_has_lent_nothing(self, tonight: Rehearsal) -> None:
        manager = makers.a_manager()
        makers.a_manager()
        loan, _path = a_link(tonight, manager)
        accounts.withdraw(manager, "manager", by=makers.an_administrator())
        assert loan.revoked_at == NOW
