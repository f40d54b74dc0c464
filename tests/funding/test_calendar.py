"""What funders want, in one's own calendar at a secret address that can be changed and taken away."""

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask import Flask
from sqlalchemy import delete

from choir_app.accounts.models import Account, RoleGrant
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.models import Agreement, DeadlineCalendar
from choir_app.partners.models import Partner
from tests import makers
from tests.funding.made import a_deadline
from tests.funding.test_queries_forecast import KR, TODAY
from tests.partners.test_at_once import count, pressed_at_once
from tests.statements import at_most
from tests.visitor import Visitor

PAGE = "/finansiering/kalender"


@pytest.fixture
def karin(app: Flask) -> Account:
    return makers.a_manager("Karin Lövgren")


@pytest.fixture
def bodenbo(app: Flask) -> Partner:
    return makers.a_partner("Bodenbo")


@pytest.fixture
def agreement(bodenbo: Partner) -> Agreement:
    return makers.an_agreement(77_700 * KR, makers.a_choir(), partner=bodenbo, name="Kören i Boden")


def path_of(account: Account) -> str:
    calendar = actions.make_deadline_calendar(by=account)
    return f"/kalender/finansiering/{queries.deadline_calendar_token(calendar)}.ics"


def body(visitor: Visitor, path: str) -> bytes:
    visitor.opens(path)
    assert visitor.answer is not None
    assert visitor.answer.mimetype == "text/calendar"
    return visitor.answer.get_data()


def entries(visitor: Visitor, account: Account) -> dict[str, Any]:
    """What stands in the calendar, by its UID, as another reader reads it."""
    read = vobject.readOne(body(visitor, path_of(account)).decode())
    return {one.uid.value: one for one in getattr(read, "vevent_list", [])}


class TestWhatItHolds:
    def test_a_report_until_it_is_sent(self, visitor: Visitor, karin: Account, agreement: Agreement) -> None:
        report = a_deadline(agreement, date(2026, 10, 31), "final_report", owner_id=karin.id)
        [entry] = entries(visitor, karin).values()
        assert entry.summary.value == "Slutrapport till Bodenbo"
        assert entry.description.value == "Bodenbo: Kören i Boden"
        assert (entry.dtstart.value, entry.dtend.value) == (date(2026, 10, 31), date(2026, 11, 1))
        assert entry.transp.value == "TRANSPARENT"
        assert entry.url.value.endswith(f"/finansiering/avtal/{agreement.id}")
        actions.submit(report, by=karin)
        assert entries(visitor, karin) == {}

    def test_the_last_day_to_apply(self, visitor: Visitor, karin: Account, bodenbo: Partner) -> None:
        programme = makers.a_programme(bodenbo, "Projektstöd", closes_on=date(2026, 9, 15))
        makers.a_programme(bodenbo, "Alltid öppet", closes_on=None)
        [entry] = entries(visitor, karin).values()
        assert entry.summary.value == "Sista dagen att söka: Projektstöd"
        assert entry.dtstart.value == date(2026, 9, 15)
        visitor.signs_in(karin).opens(entry.url.value.partition(":8000")[2])
        actions.close_programme(programme, by=karin)
        assert entries(visitor, karin) == {}

    def test_an_awaited_decision(self, visitor: Visitor, karin: Account, bodenbo: Partner) -> None:
        ask = actions.add_opportunity(bodenbo, name="Våren", decision_on=date(2026, 8, 20), by=karin)
        [entry] = entries(visitor, karin).values()
        assert (entry.summary.value, entry.dtstart.value) == ("Besked väntas från Bodenbo", date(2026, 8, 20))
        visitor.signs_in(karin).opens(entry.url.value.partition(":8000")[2])
        actions.move(ask, "declined", lost_reason="inte i år", by=karin)
        assert entries(visitor, karin) == {}

    def test_no_sums_no_persons_and_nothing_long_past(
        self, visitor: Visitor, karin: Account, agreement: Agreement
    ) -> None:
        a_deadline(agreement, TODAY + timedelta(days=9), owner_id=karin.id, note="fråga Anna Ek")
        a_deadline(agreement, TODAY - timedelta(days=61))
        unfolded = body(visitor, path_of(karin)).decode().replace("\r\n ", "")
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", unfolded)  # may hold any figures
        assert text.count("BEGIN:VEVENT") == 1
        for hidden in ("Karin", "Anna", "77", "kr"):
            assert hidden not in text.replace("karin", "").partition("BEGIN:VEVENT")[2], hidden

    def test_of_a_struck_agreement_is_nothing(
        self, visitor: Visitor, karin: Account, agreement: Agreement
    ) -> None:
        a_deadline(agreement, TODAY + timedelta(days=9))
        actions.reverse_agreement(agreement, by=karin)
        assert entries(visitor, karin) == {}

    def test_a_changed_day_keeps_its_uid_and_counts_up(
        self, visitor: Visitor, karin: Account, agreement: Agreement
    ) -> None:
        report = a_deadline(agreement, date(2026, 10, 31))
        [(uid, before)] = entries(visitor, karin).items()
        new_day = date(2026, 11, 30)
        actions.change_deadline(
            report, kind=report.kind, due_on=new_day, owner=None, note=None, version=report.version, by=karin
        )
        after = entries(visitor, karin)[uid]
        assert after.dtstart.value == new_day
        assert int(after.sequence.value) == int(before.sequence.value) + 1

    def test_two_readers_agree(self, visitor: Visitor, karin: Account, agreement: Agreement) -> None:
        a_deadline(agreement, date(2026, 10, 31))
        read = body(visitor, path_of(karin))
        ours: Any = icalendar.Calendar.from_ical(read).walk("VEVENT")[0]
        theirs = vobject.readOne(read.decode()).vevent
        assert ours["DTSTART"].dt == theirs.dtstart.value
        assert b"DTSTART;VALUE=DATE:20261031\r\n" in read
        assert max(len(line) for line in read.split(b"\r\n")) <= 75

    def test_the_same_days_give_the_same_bytes(
        self, visitor: Visitor, karin: Account, agreement: Agreement
    ) -> None:
        a_deadline(agreement, date(2026, 10, 31))
        first = body(visitor, path_of(karin))
        assert visitor.answer is not None
        etag = visitor.answer.headers["ETag"]
        assert body(visitor, path_of(karin)) == first
        visitor.opens(path_of(karin), 304, headers={"If-None-Match": etag})

    def test_statements_do_not_grow_with_the_days(self, visitor: Visitor, karin: Account) -> None:
        for number in range(4):
            partner = makers.a_partner(f"Partner {number}")
            a_deadline(makers.an_agreement(KR, makers.a_choir(), partner=partner), TODAY)
            makers.a_programme(partner, f"Stöd {number}", closes_on=TODAY)
            actions.add_opportunity(partner, name="Våren", decision_on=TODAY, by=karin)
        path = path_of(karin)
        visitor.opens(path)
        with at_most(5, "statements"):
            visitor.opens(path)


class TestTheAddress:
    def test_is_made_changed_and_taken_away(self, visitor: Visitor, karin: Account) -> None:
        visitor.signs_in(karin).opens(PAGE).sees("Skapa min kalender", "Inga datum än.")
        first = self.address(visitor.sends(PAGE))
        body(visitor, first)
        second = self.address(visitor.sends(f"{PAGE}/ny-adress"))
        assert first != second
        visitor.opens(first, 410)
        body(visitor, second)
        visitor.opens(PAGE).sends(f"{PAGE}/ta-bort").sees("Kalendern är borttagen.", "Skapa min kalender")
        visitor.opens(second, 410).sees("Adressen gäller inte längre.")

    def address(self, visitor: Visitor) -> str:
        found = re.search(r">http://127\.0\.0\.1:8000(/kalender/finansiering/[\w-]{54}\.ics)<", visitor.html)
        assert found, visitor.html
        return found.group(1)

    def test_needs_no_sign_in_and_is_told_to_nobody(self, app: Flask, karin: Account) -> None:
        visitor = Visitor(app)
        body(visitor, path_of(karin))
        assert visitor.answer is not None
        assert "noindex" in visitor.answer.headers["X-Robots-Tag"]
        assert visitor.answer.headers["Cache-Control"] == "private, no-cache"

    def test_opens_nothing_for_whoever_no_longer_manages(self, visitor: Visitor, karin: Account) -> None:
        path = path_of(karin)
        body(visitor, path)
        db.session.execute(delete(RoleGrant).where(RoleGrant.account_id == karin.id))
        db.session.expire_all()
        visitor.opens(path, 410)

    def test_of_a_shut_account_is_gone(self, visitor: Visitor, karin: Account) -> None:
        path = path_of(karin)
        karin.disabled_at = clock.now()
        visitor.opens(path, 410)

    def test_is_kept_nowhere_and_is_not_the_one_of_the_choirs(self, visitor: Visitor, karin: Account) -> None:
        token = path_of(karin).removeprefix("/kalender/finansiering/").removesuffix(".ics")
        calendar = db.session.query(DeadlineCalendar).one()
        assert calendar.salt.hex() not in token
        assert token[22:] not in str(vars(calendar))
        visitor.opens(f"/kalender/{token}.ics", 410)

    @pytest.mark.parametrize("wrong", ["cut", "longer", "other end", "empty", "odd"])
    def test_only_the_whole_address_opens_it(self, visitor: Visitor, karin: Account, wrong: str) -> None:
        token = path_of(karin).removeprefix("/kalender/finansiering/").removesuffix(".ics")
        said = {
            "cut": token[:-1],
            "longer": token + "A",
            "other end": token[:-1] + ("A" if token[-1] != "A" else "B"),
            "empty": "x",
            "odd": "å" * 54,
        }
        visitor.opens(f"/kalender/finansiering/{said[wrong]}.ics", 410)

    def test_asked_for_four_times_at_once_is_one(self, visitor: Visitor, karin: Account) -> None:
        visitor.signs_in(karin)
        assert pressed_at_once(visitor, PAGE, [{}] * 4) == [303] * 4
        assert count(DeadlineCalendar) == 1

    def test_two_managers_have_two(self, app: Flask, karin: Account) -> None:
        other = makers.a_manager("Jonas Berg")
        assert path_of(karin) != path_of(other)
        actions.remove_deadline_calendar(by=other)
        assert queries.deadline_calendar_of(karin)
