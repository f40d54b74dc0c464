"""Calendars that other programs read: right on the days when clocks change, and nothing in them that is not for all."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
import vobject
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership
from choir_app.foundation import calendars, clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import CalendarKey, Cancellation, Rehearsal, SeriesBreak
from tests import makers
from tests.conftest import NOW, TheClock
from tests.statements import at_most
from tests.visitor import Visitor

CANARIES = {
    "evening": "KANARIEFÅGEL-anteckning",
    "singer": "KANARIEFÅGEL-sångare",
    "surname": "KANARIEFÅGEL-efternamn",
    "note": "KANARIEFÅGEL-om-sångaren",
    "leader": "KANARIEFÅGEL-ledare",
    "phone": "070-174 06 88",
    "email": "kanariefagel@example.org",
    "break": "KANARIEFÅGEL-lov",
}


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


def feed(visitor: Visitor, path: str = "/korer/boden/kalender.ics") -> bytes:
    visitor.app.extensions["kept_pages"].forget()
    visitor.opens(path)
    assert visitor.answer is not None
    assert visitor.answer.mimetype == "text/calendar"
    return visitor.answer.get_data()


def events(visitor: Visitor, path: str = "/korer/boden/kalender.ics") -> dict[str, Any]:
    """The events by their UID, as the second reader reads them."""
    read = vobject.readOne(feed(visitor, path).decode())
    return {event.uid.value: event for event in getattr(read, "vevent_list", [])}


class TestTheFormat:
    def test_two_readers_agree(self, visitor: Visitor, choir: Choir) -> None:
        venue = makers.a_venue(
            "Boden", name="Folkets hus; stora salen, övre", room="källaren\\B", street_address="Gatan 1, 2 tr"
        )
        makers.a_rehearsal(choir, NOW, venue=venue, note="Ta med fika: kaffe, te; bröd 🎶 och ä")
        body = feed(visitor)
        ours: Any = icalendar.Calendar.from_ical(body).walk("VEVENT")[0]
        (theirs,) = vobject.readOne(body.decode()).vevent_list
        assert str(ours["LOCATION"]) == theirs.location.value
        assert theirs.location.value == "Folkets hus; stora salen, övre, källaren\\B, Gatan 1, 2 tr, Boden"
        assert str(ours["DESCRIPTION"]) == theirs.description.value
        assert theirs.description.value.endswith("Ta med fika: kaffe, te; bröd 🎶 och ä")
        assert theirs.summary.value == "Vi sjunger i Boden"
        assert ours["DTSTART"].dt == theirs.dtstart.value == NOW
        assert ours["DTEND"].dt == theirs.dtend.value == NOW + timedelta(hours=2)

    def test_lines_are_folded_at_75_octets_and_no_letter_is_cut(self, visitor: Visitor, choir: Choir) -> None:
        note = "Å ä ö 🎶 " * 22
        makers.a_rehearsal(choir, NOW, note=note.strip())
        body = feed(visitor)
        assert b"\r\n" in body
        assert b"\n" not in body.replace(b"\r\n", b"")
        lines = body.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert [line.decode() for line in lines]  # each line is whole UTF-8
        (event,) = events(visitor).values()
        assert event.description.value.endswith(note.strip())

    @given(st.text(max_size=300))
    def test_any_text_comes_out_as_it_went_in(self, text: str) -> None:
        event = an_event(summary=f"a{text}z", place=f"a{text}z", description=f"a{text}z")
        body = calendars.calendar_text("Boden", [event])
        (read,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(c for c in lines if c in "\n\t" or (c >= " " and c != "\x7f"))
        for name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
            assert str(read[name]) == f"a{kept}z"
        assert len(icalendar.Calendar.from_ical(body).walk("VEVENT")) == 1  # nobody writes an event into ours
        assert max(len(line) for line in body.split(b"\r\n")) <= 75

    def test_has_what_the_standard_asks_for(self, visitor: Visitor, choir: Choir) -> None:
        makers.a_rehearsal(choir, NOW)
        text = feed(visitor).decode()
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert text.endswith("END:VCALENDAR\r\n")
        for line in ("VERSION:2.0", "PRODID:-//The Rockin' Pots//korer//SV", "X-WR-CALNAME:Boden"):
            assert text.count(f"\r\n{line}\r\n") == 1
        (event,) = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL)
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LAST-MODIFIED"):
            assert len(re.findall(rf"^{name}[:;]", event, re.MULTILINE)) == 1
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r$", event, re.MULTILINE)
        assert "DTSTART;TZID=Europe/Stockholm:20260616T180000" in event
        assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")

    def test_an_empty_one_is_one_too(self, visitor: Visitor, choir: Choir) -> None:
        assert events(visitor) == {}


def an_event(**more: Any) -> calendars.CalendarEvent:
    given: dict[str, Any] = {
        "uid": uuid4(),
        "sequence": 0,
        "changed_at": NOW,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=2),
        "summary": "Vi sjunger",
        "place": "",
        "description": "",
        "url": "http://127.0.0.1:8000/korer/boden",
        "is_cancelled": False,
        **more,
    }
    return calendars.CalendarEvent(**given)


class TestTheClockOnTheWall:
    @pytest.mark.parametrize(
        ("day", "offset"),
        [
            (date(2026, 3, 22), 1), (date(2026, 3, 28), 1), (date(2026, 3, 29), 2), (date(2026, 4, 5), 2),
            (date(2026, 10, 18), 2), (date(2026, 10, 24), 2), (date(2026, 10, 25), 1), (date(2026, 11, 1), 1),
            (date(2027, 3, 28), 2), (date(2027, 10, 31), 1),
        ],
    )  # fmt: skip
    def test_six_in_the_evening_is_six_around_both_changes(self, day: date, offset: int) -> None:
        """Read by a reader that knows Sweden's clock from our VTIMEZONE alone."""
        starts_at = clock.from_local(day, time(18))
        body = calendars.calendar_text(
            "Boden", [an_event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))]
        )
        (event,) = vobject.readOne(body.decode().replace("Europe/Stockholm", "Ett/Eget")).vevent_list
        begins = event.dtstart.value
        assert (begins.hour, begins.date()) == (18, day)
        assert begins.utcoffset() == timedelta(hours=offset)
        assert begins.astimezone(UTC) == starts_at
        assert event.dtend.value.astimezone(UTC) == starts_at + timedelta(hours=2)

    @example(datetime(2026, 10, 25, 0, 30))  # noqa: DTZ001 - given a zone below
    @example(datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001 - the same hour on the wall, a second time
    @example(datetime(2026, 3, 29, 0, 59))  # noqa: DTZ001 - the last minute before an hour that is not
    @given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - given a zone below
    def test_every_minute_of_sixty_years_is_read_back(self, moment: datetime) -> None:
        starts_at = moment.replace(tzinfo=UTC, second=0, microsecond=0)
        body = calendars.calendar_text(
            "Boden", [an_event(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))]
        )
        (event,) = vobject.readOne(body.decode().replace("Europe/Stockholm", "Ett/Eget")).vevent_list
        assert event.dtstart.value.astimezone(UTC) == starts_at
        assert event.dtend.value.astimezone(UTC) == starts_at + timedelta(minutes=90)

    def test_a_series_keeps_its_hour(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        actions.begin_series(
            choir, weekday=6, hour=time(18), minutes=120, first_on=date(2026, 10, 18), by=leader
        )
        begins = [event.dtstart.value for event in events(visitor).values()]
        assert {moment.hour for moment in begins} == {18}
        assert {moment.utcoffset() for moment in begins} == {timedelta(hours=1), timedelta(hours=2)}


class TestChanges:
    @pytest.fixture
    def tonight(self, choir: Choir) -> Rehearsal:
        return makers.a_rehearsal(choir, NOW + timedelta(days=1), venue=makers.a_venue())

    def event(self, visitor: Visitor, rehearsal: Rehearsal) -> Any:
        return events(visitor)[str(rehearsal.id)]

    def test_moved_cancelled_and_sung_after_all(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        before = self.event(visitor, tonight)
        assert (before.sequence.value, before.status.value) == ("0", "CONFIRMED")
        the_clock.set_to(NOW + timedelta(hours=1))
        actions.move_rehearsal(
            tonight, starts_at=NOW + timedelta(days=2), minutes=90, venue=tonight.venue, by=leader
        )
        moved = self.event(visitor, tonight)
        assert (moved.uid.value, moved.sequence.value) == (before.uid.value, "1")
        assert moved.dtstart.value == NOW + timedelta(days=2)
        assert moved.last_modified.value == moved.dtstamp.value == the_clock.now
        assert "Ny tid den här gången." in moved.description.value
        actions.cancel_rehearsal(tonight, reason="Halka på vägarna", by=leader)
        cancelled = self.event(visitor, tonight)
        assert (cancelled.sequence.value, cancelled.status.value) == ("2", "CANCELLED")
        assert cancelled.summary.value == "Inställt: Vi sjunger i Boden"
        assert "Halka på vägarna" in cancelled.description.value
        actions.restore_rehearsal(tonight, by=leader)
        restored = self.event(visitor, tonight)
        assert (restored.sequence.value, restored.status.value) == ("3", "CONFIRMED")
        assert restored.summary.value == "Vi sjunger i Boden"

    def test_what_changes_nothing_counts_nothing(self, leader: Account, tonight: Rehearsal) -> None:
        actions.move_rehearsal(
            tonight, starts_at=tonight.starts_at, minutes=tonight.minutes, venue=tonight.venue, by=leader
        )
        actions.restore_rehearsal(tonight, by=leader)
        assert tonight.sequence == 0
        actions.cancel_rehearsal(tonight, reason=None, by=leader)
        actions.cancel_rehearsal(tonight, reason=None, by=leader)
        assert tonight.sequence == 1

    def test_taking_the_roll_is_no_change(
        self, visitor: Visitor, leader: Account, choir: Choir, the_clock: TheClock
    ) -> None:
        tonight = makers.a_rehearsal(choir, NOW)
        amina = makers.a_singer("Amina", choir=choir)
        before = feed(visitor)
        the_clock.set_to(NOW + timedelta(minutes=5))
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=2, receipt=uuid4(), by=leader)
        actions.finish_evening(tonight, note="Bra kväll", receipt=uuid4(), by=leader)
        assert feed(visitor) == before

    def test_a_changed_series_counts_for_those_to_come(
        self, visitor: Visitor, leader: Account, choir: Choir
    ) -> None:
        series = actions.begin_series(
            choir, weekday=1, hour=time(18), minutes=120, first_on=date(2026, 6, 9), by=leader
        )
        before = events(visitor)
        given = {
            "weekday": 1,
            "minutes": 120,
            "first_on": date(2026, 6, 9),
            "last_on": None,
            "every_weeks": 1,
        }
        actions.change_series(series, hour=time(18), venue=None, **given, by=leader)
        assert {one.sequence.value for one in events(visitor).values()} == {"0"}
        actions.change_series(series, hour=time(19), venue=None, **given, by=leader)
        after = events(visitor)
        assert set(after) == set(before)  # they stay who they are
        for uid, event in after.items():
            is_to_come = before[uid].dtstart.value > NOW
            assert event.sequence.value == ("1" if is_to_come else "0")
            assert event.dtstart.value.hour == (19 if is_to_come else 18)

    def test_the_answer_is_the_same_until_something_changes(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        feed(visitor)
        assert visitor.answer is not None
        mark = visitor.answer.headers["ETag"]
        the_clock.set_to(NOW + timedelta(minutes=30))
        visitor.app.extensions["kept_pages"].forget()
        path = "/korer/boden/kalender.ics"
        for _time in range(2):  # drawn, and kept
            visitor.opens(path, 304, headers={"If-None-Match": mark})
        actions.cancel_rehearsal(tonight, reason=None, by=leader)
        db.session.commit()
        visitor.app.extensions["kept_pages"].forget()
        visitor.opens(path, 200, headers={"If-None-Match": mark})


class TestWhatItHolds:
    def test_two_months_back_and_a_year_ahead(self, visitor: Visitor, choir: Choir) -> None:
        kept = [makers.a_rehearsal(choir, NOW + timedelta(days=days)) for days in (-60, -1, 0, 400)]
        for days in (-62, 402):
            makers.a_rehearsal(choir, NOW + timedelta(days=days))
        makers.a_rehearsal(makers.a_choir(town="Göteborg"), NOW)
        assert set(events(visitor)) == {str(each.id) for each in kept}

    def test_its_statements(self, visitor: Visitor, choir: Choir) -> None:
        for days in range(30):
            makers.a_rehearsal(choir, NOW + timedelta(days=days), venue=makers.a_venue())
        feed(visitor)
        visitor.app.extensions["kept_pages"].forget()
        with at_most(5, "statements"):
            visitor.opens("/korer/boden/kalender.ics")

    def test_concerts_and_outings_are_called_so(self, visitor: Visitor, choir: Choir) -> None:
        makers.a_rehearsal(choir, NOW, kind="concert")
        makers.a_rehearsal(choir, NOW + timedelta(days=1), kind="social")
        said = sorted(event.summary.value for event in events(visitor).values())
        assert said == ["Konsert med Boden", "Träff med Boden"]

    def test_a_choir_that_is_not_there(self, visitor: Visitor, choir: Choir) -> None:
        visitor.opens("/korer/ingenstans/kalender.ics", 404)

    @pytest.mark.parametrize("whose", ["everybody's", "a singer's", "the leader's"])
    def test_tells_nothing_that_is_not_for_everybody(
        self, visitor: Visitor, choir: Choir, whose: str
    ) -> None:
        """A trap seen elsewhere: an open calendar that leaked every text of an evening."""
        leader = makers.a_leader(choir, CANARIES["leader"])
        leader.email, leader.phone = CANARIES["email"], CANARIES["phone"]
        account = makers.an_account("Sara Lind")
        singer = makers.a_singer(
            CANARIES["singer"], CANARIES["surname"], choir=choir, phone=CANARIES["phone"],
            note=CANARIES["note"], account_id=account.id,
        )  # fmt: skip
        tonight = makers.a_rehearsal(choir, NOW, note="Ta med fika")
        actions.take_roll(tonight, was_here=[], is_here=[singer.id], guests=3, receipt=uuid4(), by=leader)
        actions.finish_evening(tonight, note=CANARIES["evening"], receipt=uuid4(), by=leader)
        cancelled = makers.a_rehearsal(choir, NOW + timedelta(days=1))
        cancelled.cancellation = Cancellation(by_id=leader.id, reason="Lokalen är stängd")
        series = makers.a_series(choir, date(2026, 6, 9))
        series.breaks = [
            SeriesBreak(
                id=uuid4(), name=CANARIES["break"], first_on=date(2026, 7, 1), last_on=date(2026, 8, 1)
            )
        ]
        path = "/korer/boden/kalender.ics"
        if whose != "everybody's":
            path = own_path(account if whose == "a singer's" else leader)
        unfolded = feed(visitor, path).replace(b"\r\n ", b"").decode()
        for what, canary in CANARIES.items():
            assert canary not in unfolded, what
        assert "KANARIE" not in unfolded
        assert "Ta med fika" in unfolded
        assert "Lokalen är stängd" in unfolded


def own_path(account: Account) -> str:
    key = actions.make_calendar_address(by=account)
    return f"/kalender/{queries.calendar_token(key)}.ics"


class TestOnesOwn:
    @pytest.fixture
    def sara(self, choir: Choir) -> Account:
        account = makers.an_account("Sara Lind")
        makers.a_singer("Sara", choir=choir, account_id=account.id)
        return account

    def test_holds_the_choirs_that_one_sings_in_and_leads(
        self, visitor: Visitor, choir: Choir, sara: Account
    ) -> None:
        led, other = makers.a_choir(town="Göteborg"), makers.a_choir(town="Linköping")
        led.leaderships.append(Leadership(account=sara, account_id=sara.id))
        mine = [makers.a_rehearsal(each, NOW) for each in (choir, led)]
        makers.a_rehearsal(other, NOW)
        assert set(events(visitor, own_path(sara))) == {str(each.id) for each in mine}

    def test_of_a_choir_that_one_left_no_more(self, visitor: Visitor, choir: Choir) -> None:
        account = makers.an_account("Nils Ek")
        makers.a_singer("Nils", choir=choir, state="left", since=date(2026, 1, 1), account_id=account.id)
        makers.a_rehearsal(choir, NOW)
        assert events(visitor, own_path(account)) == {}

    def test_from_the_page(self, visitor: Visitor, choir: Choir, sara: Account) -> None:
        tonight = makers.a_rehearsal(choir, NOW)
        page = "/hem/kalender"
        visitor.signs_in(sara).opens(page).sees("Min kalender", "Tiderna för Boden").misses(".ics")
        visitor.sends(page).sees("Öppna i kalendern")
        first = self.address(visitor)
        visitor.sends(page)
        assert self.address(visitor) == first
        stranger = Visitor(visitor.app)
        assert set(events(stranger, first)) == {str(tonight.id)}
        assert stranger.answer is not None
        assert stranger.answer.headers["Cache-Control"] == "private, no-cache"
        visitor.sends(f"{page}/ny-adress").sees("Kalendern har en ny adress.")
        second = self.address(visitor)
        assert second != first
        stranger.opens(first, 410)
        assert set(events(stranger, second)) == {str(tonight.id)}

    def address(self, visitor: Visitor) -> str:
        found = re.search(
            r'data-part="text">http://127\.0\.0\.1:8000(/kalender/[\w-]{54}\.ics)<', visitor.html
        )
        assert found, visitor.html
        assert f"webcal://127.0.0.1:8000{found.group(1)}" in visitor.html
        return found.group(1)

    def test_of_a_shut_account_is_gone(self, visitor: Visitor, sara: Account) -> None:
        path = own_path(sara)
        feed(visitor, path)
        sara.disabled_at = clock.now()
        visitor.opens(path, 410)

    def test_is_kept_nowhere(self, sara: Account) -> None:
        path = own_path(sara)
        key = db.session.query(CalendarKey).one()
        assert key.salt.hex() not in path
        assert queries.calendar_token(key)[22:] not in str(vars(key))

    @pytest.mark.parametrize("wrong", ["cut", "longer", "other end", "other key", "empty", "odd"])
    def test_only_the_whole_address_opens_it(self, visitor: Visitor, sara: Account, wrong: str) -> None:
        token = own_path(sara).removeprefix("/kalender/").removesuffix(".ics")
        other = own_path(makers.an_account("Nils Ek")).removeprefix("/kalender/").removesuffix(".ics")
        said = {
            "cut": token[:-1],
            "longer": token + "A",
            "other end": token[:-1] + ("A" if token[-1] != "A" else "B"),
            "other key": other[:22] + token[22:],
            "empty": "x",
            "odd": "å" * 54,
        }
        visitor.opens(f"/kalender/{said[wrong]}.ics", 410)

    def test_the_same_answer_for_all_that_open_nothing(self, visitor: Visitor, sara: Account) -> None:
        path = own_path(sara)
        actions.change_calendar_address(by=sara)
        answers = []
        for gone in (path, "/kalender/x.ics", f"/kalender/{'A' * 54}.ics"):
            visitor.opens(gone, 410)
            assert visitor.answer is not None
            answers.append((visitor.answer.get_data(), visitor.answer.mimetype))
        assert len(set(answers)) == 1


class TestTheWayThere:
    def test_from_the_choirs_page(self, visitor: Visitor, choir: Choir) -> None:
        visitor.opens("/korer/boden")
        assert 'href="/korer/boden/kalender"' in visitor.html
        visitor.opens("/korer/boden/kalender").sees("Boden i din kalender", "Öppna i kalendern")
        assert "webcal://127.0.0.1:8000/korer/boden/kalender.ics" in visitor.html

    def test_from_home(self, visitor: Visitor, choir: Choir) -> None:
        account = makers.an_account("Sara Lind")
        makers.a_singer("Sara", choir=choir, account_id=account.id)
        visitor.signs_in(account).opens("/hem")
        assert 'href="/hem/kalender"' in visitor.html
