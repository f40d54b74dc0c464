"""Lists of singers and old attendance matrices: read, looked through, taken in, undone."""

import io
import re
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import html5lib
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from choir_app.choirs.actions import change_singer
from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.foundation import clock, sheets
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.foundation.sheets import Sheet
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.actions import ListedMarks, ListedPerson
from choir_app.rehearsals.models import Act, Attendance, Import, ImportedThing, Rehearsal
from choir_app.rehearsals.rules import SentAct, headings, import_list
from choir_app.rehearsals.rules.import_list import ListRow, guesses, read_list, table_of
from choir_app.rehearsals.rules.written_days import days_of, read_day
from tests import makers
from tests.foundation.test_sheets import HOSTILE
from tests.visitor import FAULTS, Visitor, inspect, outside

TODAY = date(2026, 6, 16)


# --- days -----------------------------------------------------------------------------------------------------


class TestWrittenDays:
    """Days in the many ways that people write them."""

    @pytest.mark.parametrize(
        "written",
        [
            "2025-09-02",
            "2025-9-2",
            "2025/09/02",
            "20250902",
            "250902",
            "25-09-02",
            "2025-09-02 18:00",
            "2/9 2025",
            "2/9-25",
            "2/9/25",
            "02.09.2025",
            "2-9-2025",
            "2 sep 2025",
            "2 sept. 2025",
            "2 september 2025",
            "tisdag 2 september 2025",
            "tis 2/9 2025",
            "Tisdagen den 2 september 2025",
            "2-sep-25",
            "Sep 2, 2025",
            "September 2nd, 2025",
            "Tue 2 Sep 2025",
            "45902",
            "45902.0",
            "9/2/2025",
        ],
    )
    def test_with_a_year(self, written: str) -> None:
        is_american = written == "9/2/2025"
        assert read_day(written, month_first=is_american) == date(2025, 9, 2)

    @pytest.mark.parametrize(
        "written", ["2/9", "2.9", "2 sep", "2 sep.", "tis 2/9", "tis 2 sep", "sep 2", "den 2 september"]
    )
    def test_without_a_year(self, written: str) -> None:
        assert read_day(written) == (9, 2)

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "Anna",
            "x",
            "1",
            "31/2",
            "2025-13-01",
            "0/0",
            "2/9/1850",
            "99999",
            "1234",
            "2 hej",
            "9" * 60,
            "070-174 06 05",
        ],
    )
    def test_no_day(self, written: str) -> None:
        assert read_day(written) is None

    def test_a_month_first_is_seen_by_its_neighbours(self) -> None:
        days = days_of({0: "9/2/2025", 1: "9/16/2025"}, today=TODAY)
        assert days == {0: date(2025, 9, 2), 1: date(2025, 9, 16)}

    def test_over_the_turn_of_the_year(self) -> None:
        days = days_of({1: "18/11", 2: "9/12", 3: "13/1", 4: "26/5"}, today=TODAY)
        assert list(days.values()) == [
            date(2025, 11, 18),
            date(2025, 12, 9),
            date(2026, 1, 13),
            date(2026, 5, 26),
        ]

    def test_the_newest_first(self) -> None:
        days = days_of({1: "13/1", 2: "9/12", 3: "18/11"}, today=TODAY)
        assert list(days.values()) == [date(2026, 1, 13), date(2025, 12, 9), date(2025, 11, 18)]

    def test_no_day_is_guessed_to_lie_ahead(self) -> None:
        assert days_of({1: "2/9", 2: "9/9"}, today=TODAY)[2] == date(2025, 9, 9)

    def test_a_year_that_was_said(self) -> None:
        days = days_of({1: "9/12", 2: "13/1"}, today=TODAY, first_year=2023)
        assert list(days.values()) == [date(2023, 12, 9), date(2024, 1, 13)]


# --- columns, marks, rows -------------------------------------------------------------------------------------


def rows_of(text: str) -> list[list[str]]:
    """Rows of a pasted text."""
    return sheets.read_text(text, field="list")


def guessed(heading_line: str, *people: str) -> dict[str, str]:
    """What is guessed of the columns with these headings."""
    table = table_of(rows_of("\n".join([heading_line, *people])))
    return dict(zip(table.headings, guesses(table), strict=True))


class TestColumns:
    """What the headings of others mean."""

    def test_a_swedish_sheet(self) -> None:
        assert guessed(
            "Förnamn;Efternamn;Stämma;Mobilnr;E-post;Började;2/9;9 sep;45916", "Åsa;Ek;S;;;;x;x;"
        ) == {
            "Förnamn": "first_name",
            "Efternamn": "surname",
            "Stämma": "voice",
            "Mobilnr": "phone",
            "E-post": "email",
            "Började": "since",
            "2/9": "day",
            "9 sep": "day",
            "45916": "day",
        }

    @pytest.mark.parametrize(
        ("system", "line", "expected"),
        [
            (
                "Groupanizer",
                "First Name,Last Name,Voice Part,E-mail,Mobile Phone,Member Since",
                ["first_name", "surname", "voice", "email", "phone", "since"],
            ),
            (
                "HarmonySite",
                "Given Name,Surname,Voice Part,Mobile,Email Address,Date Joined,Username",
                ["first_name", "surname", "voice", "phone", "email", "since", "skip"],
            ),
            (
                "Chorus Connection",
                "First Name,Last Name,Section,Primary Email,Cell Phone,Member Type",
                ["first_name", "surname", "voice", "email", "phone", "skip"],
            ),
            (
                "Konzertmeister",
                "Firstname,Lastname,Mail,Mobile Phone,Subgroups,Joined",
                ["first_name", "surname", "email", "phone", "voice", "since"],
            ),
            ("Muzodo", "Name,Part,9/2/2025,9/16/2025", ["name", "voice", "day", "day"]),
        ],
    )
    def test_rivals(self, system: str, line: str, expected: list[str]) -> None:
        assert list(guessed(line, ",".join("x" * len(expected))).values()) == expected, system

    def test_a_title_above_the_headings_is_no_person(self) -> None:
        table = table_of(rows_of("Boden HT 2025;;\n;;\nNamn;Stämma;Tel\nÅsa;S;1"))
        assert table.headings == ("Namn", "Stämma", "Tel")
        assert table.rows == (("Åsa", "S", "1"),)

    def test_without_headings_the_names_are_found(self) -> None:
        table = table_of(rows_of("Åsa Ek;Sopran;070-174 06 05\nBo;Bas;070-174 06 06"))
        assert len(table.rows) == 2
        assert guesses(table) == ["name", "voice", "phone"]

    @pytest.mark.parametrize("heading", ["Personnummer", "Pnr", "personnr (10 siffror)", "SSN", "Id-nummer"])
    def test_a_column_of_identity_numbers_is_never_read(self, heading: str) -> None:
        table = table_of(rows_of(f"Namn;{heading}\nÅsa;850709-9805\nBo;hemligt"))
        assert table.headings == ("Namn",)
        assert "9805" not in str(table.as_rows)
        assert "hemligt" not in str(table.as_rows)
        assert list(table.dropped) == [heading]

    @pytest.mark.parametrize(
        "cell", ["850709-9805", "19850709-9805", "198507099805", "850709-1234", "850709-XXXX"]
    )
    def test_they_are_known_by_their_looks_too(self, cell: str) -> None:
        table = table_of(rows_of(f"Namn;Uppgift\nÅsa;{cell}\nBo;"))
        assert table.headings == ("Namn",)

    def test_telephone_numbers_are_not_taken_for_them(self) -> None:
        assert (
            guessed("Namn;Telefon;Mer", "Åsa;0701740605;070-174 06 05", "Bo;0701740606;0701740695")["Telefon"]
            == "phone"
        )

    def test_what_is_kept_of_nobody_is_left_out(self) -> None:
        table = table_of(rows_of("Namn;Födelseland;Ålder;Allergi\nÅsa;Mali;34;nötter"))
        assert guesses(table) == ["name", "skip", "skip", "skip"]
        assert all(import_list.is_not_kept(title) for title in table.headings[1:])

    def test_every_heading_means_one_thing(self) -> None:
        assert set(headings.MEANING.values()) == {
            *import_list.COLUMN_FIELDS,
            headings.NUMBER,
            headings.NOT_KEPT,
        } - {"day"}


class TestMarks:
    """What stands in the boxes of a matrix."""

    @pytest.mark.parametrize("mark", ["x", "X", "1", "ja", "Närvarande", "✓", "p", "sen"])
    def test_was_there(self, mark: str) -> None:
        assert import_list.what_mark_means(mark) == "present"

    @pytest.mark.parametrize("mark", ["0", "nej", "frånvarande", "sjuk", "f", "Ledig"])
    def test_somebody_said_no(self, mark: str) -> None:
        assert import_list.what_mark_means(mark) == "absent"

    @pytest.mark.parametrize("mark", ["?", "-"])
    def test_says_nothing(self, mark: str) -> None:
        assert import_list.what_mark_means(mark) == "nothing"

    def test_n_depends_on_the_others(self) -> None:
        assert import_list.what_mark_means("n", ["n", "f"]) == "present"
        assert import_list.what_mark_means("N", ["n", "j"]) == "absent"

    def test_what_nobody_knows_is_asked(self) -> None:
        assert import_list.what_mark_means("halva") is None


def people_of(text: str) -> list[ListRow]:
    """The rows of a pasted text, read as is guessed."""
    table = table_of(rows_of(text))
    return list(read_list(table, guesses(table), today=TODAY).rows)


class TestRows:
    """Each row with its errors and what is worth knowing."""

    def test_names(self) -> None:
        assert [
            (row.first_name, row.surname) for row in people_of("Namn\nÅsa Ek\nEk, Bo\nLi\nAbdi Ali Warsame")
        ] == [
            ("Åsa", "Ek"),
            ("Bo", "Ek"),
            ("Li", None),
            ("Abdi", "Ali Warsame"),
        ]

    def test_a_row_without_a_name_is_left_out_and_said(self) -> None:
        (row,) = people_of("Förnamn;Efternamn;Stämma\n;;Alt")
        assert row.errors

    def test_numbers_in_free_text_are_refused_with_an_explanation(self) -> None:
        table = table_of(rows_of("Namn;Anteckning\nÅsa;850709-9805 ring\nBo;skjuts\nCi;nycklar\nDu;"))
        (row, *others) = read_list(table, ["name", "note"], today=TODAY).rows
        assert "personnummer" in row.errors[0]
        assert not any(other.errors for other in others)

    def test_excel_takes_the_nought_away(self) -> None:
        assert people_of("Namn;Telefon\nÅsa;701740605")[0].phone == "0701740605"

    def test_what_cannot_be_read_is_left_out_and_said(self) -> None:
        row = people_of("Namn;Telefon;Mejl;Språk;Började\nÅsa;ring;asa;klingonska;snart")[0]
        assert (row.phone, row.email, row.reads, row.since) == (None, None, None, None)
        assert len(row.warnings) == 4
        assert not row.errors

    def test_what_can(self) -> None:
        row = people_of(
            "Namn;Telefon;Mejl;Språk;Började\nÅsa;+46 70 174 06 05;ASA@example.org;Arabiska;2019"
        )[0]
        assert (row.phone, row.email, row.reads) == ("+46 70 174 06 05", "asa@example.org", "ar")
        assert row.since == date(2019, 1, 1)
        assert not row.warnings

    def test_sums_are_nobody_and_guests_are_heads(self) -> None:
        table = table_of(rows_of("Namn;2025-09-02;2025-09-09\nÅsa;x;x\nGäster;4;\nSumma;5;1"))
        read = read_list(table, guesses(table), today=TODAY)
        assert [row.first_name for row in read.people] == ["Åsa"]
        assert read.guests == {1: 4}
        assert read.not_people == ("Summa",)


# --- taken in and undone --------------------------------------------------------------------------------------


def person(number: int, first_name: str, **more: Any) -> ListedPerson:
    """Somebody on a list."""
    given = {name: more.pop(name) for name in ("same_as", "voice") if name in more}
    return ListedPerson(ListRow(number, first_name, **more), **given)


NO_MARKS = ListedMarks({}, {}, {})
MATRIX = ListedMarks(
    days={1: date(2025, 9, 2), 2: date(2025, 9, 9)},
    meanings={"x": "present", "0": "absent", "?": "nothing"},
    guests={2: 3},
)


def taken_in(choir: Choir, *people: ListedPerson, by: Any, **more: Any) -> Import:
    """A list, taken in."""
    given = {"marks": NO_MARKS, "state": "regular", "receipt": uuid4(), **more}
    return actions.take_in_list(choir, people, by=by, **given)


def everything() -> dict[str, int]:
    """How many rows there are of all that a list makes."""
    db.session.flush()
    models = (Singer, Membership, Voice, Rehearsal, Act, Attendance)
    return {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in models
    }


class TestTakingIn:
    """Singers, voices, rehearsals and marks, as one deed."""

    def test_singers_with_voices_old_and_new(self, app: Flask) -> None:
        choir = makers.a_choir("Bo")
        leader = makers.a_leader(choir)
        one = taken_in(
            choir,
            person(1, "Åsa", surname="Ek", voice="Sopran", phone="070-174 06 05", since=date(2019, 1, 1)),
            person(2, "Li", voice="Mezzo"),
            person(3, "Mo", voice="Mezzo"),
            by=leader,
        )
        assert (one.row_count, one.singer_count, one.mark_count) == (3, 3, 0)
        assert [voice.name for voice in choir.voices] == ["Sopran", "Alt", "Tenor", "Bas", "Mezzo"]
        asa = db.session.scalars(select(Singer).where(Singer.first_name == "Åsa")).one()
        assert asa.memberships[0].voice is not None
        assert (asa.memberships[0].voice.name, asa.memberships[0].since) == ("Sopran", date(2019, 1, 1))
        assert asa.memberships[0].state == "regular"

    def test_attendance_follows_from_acts_on_rehearsals_that_were_held(self, app: Flask) -> None:
        choir = makers.a_choir()
        makers.a_series(choir, date(2025, 8, 26), starts_at_hour=time(17, 30), minutes=90)
        leader = makers.a_leader(choir)
        known = makers.a_rehearsal(choir, clock.start_of(date(2025, 9, 9)) + timedelta(hours=16))
        one = taken_in(
            choir,
            person(1, "Åsa", marks={1: "x", 2: "0"}),
            person(2, "Bo", marks={1: "x", 2: "?"}),
            marks=MATRIX,
            by=leader,
        )
        first, second = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at))
        assert second is known
        assert (first.present_count, first.mark_count, first.guest_count) == (2, 2, 0)
        assert (second.present_count, second.mark_count, second.guest_count) == (0, 1, 3)
        assert clock.local(first.starts_at).strftime("%H:%M") == "17:30"
        assert first.minutes == 90
        assert (one.rehearsal_count, one.mark_count) == (1, 4)
        assert {act.kind for act in db.session.scalars(select(Act))} == {"mark", "guests"}
        for row in db.session.scalars(select(Attendance)):
            assert db.session.get(Act, row.act_id) is not None
        asa = db.session.scalars(select(Singer).where(Singer.first_name == "Åsa")).one()
        assert asa.memberships[0].since == date(2025, 9, 2)

    def test_days_that_nobody_planned_can_be_left_out(self, app: Flask) -> None:
        choir = makers.a_choir()
        marks = ListedMarks(MATRIX.days, MATRIX.meanings, {}, makes_rehearsals=False)
        one = taken_in(choir, person(1, "Åsa", marks={1: "x"}), marks=marks, by=makers.a_leader(choir))
        assert (one.rehearsal_count, one.mark_count) == (0, 0)

    def test_one_that_was_called_off_takes_no_marks(self, app: Flask) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        evening = makers.a_rehearsal(choir, clock.start_of(date(2025, 9, 2)) + timedelta(hours=16))
        actions.cancel_rehearsal(evening, reason=None, by=leader)
        one = taken_in(choir, person(1, "Åsa", marks={1: "x"}), marks=MATRIX, by=leader)
        assert one.mark_count == 1  # the guests of the other day
        assert evening.mark_count == 0

    def test_what_was_marked_on_the_evening_stays(self, app: Flask) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        singer = makers.a_singer("Åsa", choir=choir)
        evening = makers.a_logged_rehearsal(
            choir, clock.start_of(date(2025, 9, 2)) + timedelta(hours=16), singer
        )
        taken_in(choir, person(1, "Åsa", marks={1: "0"}, same_as=singer.id), marks=MATRIX, by=leader)
        assert evening.present_count == 1

    def test_the_same_person_is_written_up_once(self, app: Flask) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        known = makers.a_singer("Åsa", "Ek", choir=choir, phone="070-174 06 05")
        one = taken_in(
            choir,
            person(1, "Åsa", surname="Ek", marks={1: "x"}, same_as=known.id, phone="070-174 06 06"),
            person(2, "Li", marks={1: "0"}),
            person(3, "Li", marks={1: "x"}, same_as=2),
            marks=MATRIX,
            by=leader,
        )
        assert one.singer_count == 1
        assert known.phone == "070-174 06 05"
        evening = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at)).first()
        assert evening is not None
        assert evening.present_count == 2

    def test_sent_again_it_changes_nothing(self, app: Flask) -> None:
        choir = makers.a_choir()
        leader, receipt = makers.a_leader(choir), uuid4()
        people = [person(1, "Åsa", marks={1: "x"}, voice="Mezzo")]
        taken_in(choir, *people, marks=MATRIX, receipt=receipt, by=leader)
        before = everything()
        taken_in(choir, *people, marks=MATRIX, receipt=receipt, by=leader)
        assert everything() == before

    def test_a_stranger_is_refused(self, app: Flask) -> None:
        choir, other = makers.a_choir(), makers.a_choir(town="Östersund")
        leader = makers.a_leader(choir)
        stranger = makers.a_singer("Doris", choir=other)
        with pytest.raises(NotAllowed):
            taken_in(other, person(1, "Åsa"), by=leader)
        with pytest.raises(Refusal):
            taken_in(choir, person(1, "Doris", same_as=stranger.id), by=leader)

    def test_nothing_of_the_list_itself_is_kept(self, app: Flask) -> None:
        choir = makers.a_choir()
        one = taken_in(choir, person(1, "Åsa"), by=makers.a_leader(choir))
        assert {column.name for column in ImportedThing.__table__.columns} == {
            "import_id",
            "thing_id",
            "kind",
        }
        assert db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == one.id)).all() == [
            "list.taken_in"
        ]


class TestUndoing:
    """The whole of it goes, but for what something else leans on by now."""

    def test_all_of_it(self, app: Flask) -> None:
        choir = makers.a_choir("Bo")
        leader = makers.a_leader(choir)
        makers.a_rehearsal(choir, clock.start_of(date(2025, 9, 9)) + timedelta(hours=16))
        before = everything()
        one = taken_in(
            choir,
            person(1, "Åsa", voice="Mezzo", marks={1: "x", 2: "x"}),
            person(2, "Li"),
            marks=MATRIX,
            by=leader,
        )
        actions.undo_list(one, by=leader)
        after = everything()
        assert after.pop("acts") == 2  # the guests of the evening that stays, and that they are taken back
        assert after == {name: count for name, count in before.items() if name != "acts"}
        assert one.undone_at is not None
        evening = db.session.scalars(select(Rehearsal)).one()
        assert (evening.present_count, evening.guest_count) == (0, 0)

    def test_twice_is_once(self, app: Flask) -> None:
        choir = makers.a_choir("Bo")
        leader = makers.a_leader(choir)
        one = taken_in(choir, person(1, "Åsa"), by=leader)
        actions.undo_list(one, by=leader)
        before = everything()
        assert actions.undo_list(one, by=leader) is None
        assert everything() == before

    def test_marks_of_singers_who_were_there_before_are_taken_back(self, app: Flask) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        singer = makers.a_singer("Åsa", choir=choir)
        evening = makers.a_rehearsal(choir, clock.start_of(date(2025, 9, 2)) + timedelta(hours=16))
        one = taken_in(choir, person(1, "Åsa", marks={1: "x"}, same_as=singer.id), marks=MATRIX, by=leader)
        assert evening.present_count == 1
        actions.undo_list(one, by=leader)
        db.session.refresh(evening)
        assert (evening.present_count, evening.mark_count) == (0, 0)
        statuses = db.session.scalars(select(Act.status).where(Act.singer_id == singer.id)).all()
        assert sorted(filter(None, statuses)) == ["present", "unmarked"]

    def test_whom_somebody_changed_or_marked_since_stays(self, app: Flask, the_clock: Any) -> None:
        choir = makers.a_choir()
        leader = makers.a_leader(choir)
        one = taken_in(choir, person(1, "Åsa"), person(2, "Bo"), person(3, "Li"), person(4, "Mo"), by=leader)
        singers = {each.first_name: each for each in db.session.scalars(select(Singer))}
        the_clock.set_to(clock.now() + timedelta(hours=1))
        change_singer(singers["Åsa"], first_name="Åsa", surname="Ek", by=leader)
        tonight = makers.a_rehearsal(choir)
        mark = SentAct(uuid4(), "mark", tonight.id, clock.now(), singer_id=singers["Bo"].id, status="present")
        actions.receive([mark], sent_at=clock.now(), by=leader)
        makers.a_membership(singers["Li"], makers.a_choir(town="Östersund"))
        db.session.flush()
        going = queries.undoing(one)
        assert going.singers_that_stay == ("Bo", "Li", "Åsa Ek")
        actions.undo_list(one, by=leader)
        assert set(db.session.scalars(select(Singer.first_name))) == {"Åsa", "Bo", "Li"}

    def test_an_evening_that_somebody_marked_since_stays(self, app: Flask) -> None:
        choir = makers.a_choir()
        manager = makers.a_manager()
        singer = makers.a_singer("Bo", choir=choir)
        one = taken_in(choir, person(1, "Åsa", marks={1: "x"}), marks=MATRIX, by=manager)
        evening = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at)).first()
        assert evening is not None
        mark = SentAct(uuid4(), "mark", evening.id, clock.now(), singer_id=singer.id, status="present")
        actions.receive([mark], sent_at=clock.now(), by=manager)
        going = queries.undoing(one)
        assert going.rehearsals_that_stay == (evening,)
        actions.undo_list(one, by=manager)
        db.session.refresh(evening)
        assert evening.present_count == 1


# --- the pages ------------------------------------------------------------------------------------------------


PASTED = """Förnamn\tEfternamn\tStämma\tMobil\tPersonnummer\t2/9\t9/9
Åsa\tÅkesson\tSopran\t070-174 06 05\t850709-9805\tx\tx
Björn\tÖberg\tBas\t\t\tx\t
Amina\tAli\tMezzo\t\t\t\tsjuk
Amina\tAli\tAlt\t\t\tx\t
\tUtan\tAlt\t\t\tx\t
"""


def fields_of(visitor: Visitor) -> dict[str, Any]:
    """What the form on the page would send."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(visitor.html)
    sent: dict[str, Any] = {}
    for thing in tree.iter():
        name = thing.get("name")
        if name in (None, "csrf_token"):
            continue
        if thing.tag == "select":
            options = list(thing.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            sent[name] = chosen[0].get("value") or ""
        elif thing.tag == "textarea":
            sent[name] = "".join(thing.itertext()).removeprefix("\n")
        elif thing.get("type") in ("radio", "checkbox"):
            if thing.get("checked") is not None:
                sent[name] = thing.get("value")
        elif thing.tag == "input" and thing.get("type") != "file":
            sent[name] = thing.get("value") or ""
    return sent


def posted(visitor: Visitor, page: str, sent: dict[str, Any]) -> TestResponse:
    """Send a form in parts, however large, and see whatever the answer is."""
    token = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', visitor.opens(page).html)
    assert token is not None
    boundary, body = encode_multipart({**sent, "csrf_token": token[1]})
    kind = f"multipart/form-data; boundary={boundary}"
    return outside(lambda: visitor.client.post(page, data=body, content_type=kind))


@pytest.fixture
def led(app: Flask, visitor: Visitor) -> tuple[Choir, str, Visitor]:
    """A choir, the page for its lists, and its leader."""
    choir = makers.a_choir("Bo")
    visitor.signs_in(makers.a_leader(choir))
    return choir, f"/korer/{choir.slug}/hamta-in", visitor


class TestThePages:
    """Pasted, looked through, taken in, undone; without a script."""

    def test_the_whole_way(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        visitor.opens(page).sees("Klistra in listan")
        visitor.sends(page, 200, list=PASTED).sees(
            "Inget är sparat än", "personnummer", "Mezzo", "Raden har inget förnamn"
        )
        visitor.misses("850709")
        assert db.session.scalar(select(func.count()).select_from(Import)) == 0
        sent = fields_of(visitor)
        assert sent["column_0"] == "first_name"
        visitor.sends(page, 422, **sent).sees("Välj vad vi ska göra med stämman.", "Välj vem det är.")
        sent = fields_of(visitor) | {"voice_0": "new", "person_4": "another"}
        visitor.sends(page, 303, **sent)
        one = db.session.scalars(select(Import)).one()
        assert (one.row_count, one.singer_count, one.rehearsal_count, one.mark_count) == (4, 4, 2, 5)
        visitor.sends(page, 303, **sent)
        assert db.session.scalar(select(func.count()).select_from(Import)) == 1
        visitor.opens(f"{page}/{one.id}").sees("Ångra hela listan")
        visitor.sends(f"{page}/{one.id}/angra", 303)
        visitor.opens(f"{page}/{one.id}").sees("Listan är ångrad")
        assert set(db.session.scalars(select(Singer.first_name))) == {"Bo"}

    def test_another_column_is_chosen_and_looked_at_again(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        visitor.sends(page, 200, list="Alfa;Beta\nÅsa;Alt\nBo;Bas")
        sent = fields_of(visitor)
        visitor.sends(page, 200, **(sent | {"column_0": "first_name", "column_1": "skip", "go": "look"}))
        assert fields_of(visitor)["column_1"] == "skip"
        visitor.sends(page, 422, **(sent | {"column_0": "skip", "column_1": "skip"})).sees(
            "Säg vilken kolumn som har namnen."
        )
        visitor.sends(page, 422, **(sent | {"column_0": "day"})).sees("Rubriken är inget datum.")

    def test_one_goes_back_and_nothing_is_lost(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        visitor.sends(page, 200, list=PASTED)
        visitor.sends(page, 200, **(fields_of(visitor) | {"go": "again"}))
        assert "Åsa\tÅkesson\tSopran\t070-174 06 05\tx\tx" in fields_of(visitor)["list"]

    def test_excel_with_real_dates(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        file = sheets.xlsx(
            [Sheet("Lista", ("Namn", "Stämma", "2025-09-02"), [("Åsa Ek", "Sopran", 1), ("=1+1", "Bas", 0)])]
        )
        visitor.sends(page, 200, file=(io.BytesIO(file), "lista.xlsx"))
        visitor.sends(page, 303, **fields_of(visitor))
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 2
        assert db.session.scalar(select(Singer.first_name).where(Singer.first_name == "=1+1")) == "=1+1"

    def test_windows_letters_and_semicolons(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        file = "Förnamn;Efternamn\r\nÅsa;Öberg\r\n".encode("cp1252")
        visitor.sends(page, 200, file=(io.BytesIO(file), "lista.csv")).sees("Öberg")

    def test_nothing_at_all(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        visitor.sends(page, 422, list="").sees("Klistra in en lista eller välj en fil.")
        visitor.sends(page, 422, list="Namn;Stämma").sees("Listan har inga namn under rubrikerna.")

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_hostile_files_are_refused_beside_the_field(
        self, led: tuple[Choir, str, Visitor], kind: str
    ) -> None:
        _choir, page, visitor = led
        before = everything()
        answer = posted(
            visitor, page, {"file": FileStorage(io.BytesIO(HOSTILE[kind]), "lista.xlsx"), "list": "Namn\nÅsa"}
        )
        assert answer.status_code == 422, FAULTS.latest
        html = answer.get_data(as_text=True)
        inspect(html)
        assert "field__error" in html
        assert "Namn\nÅsa</textarea>" in html
        assert everything() == before

    @pytest.mark.parametrize(
        "kept",
        [
            "",
            "\x00",
            "a",
            '"' * 50,
            ";" * 5_000,
            "\n" * 5_000,
            "Namn\n" * 3_000,
            "å" * 700_000,
            "Namn;850709-9805\nÅsa;850709-9805",
        ],
    )
    def test_a_second_step_that_no_page_of_ours_sent(
        self, led: tuple[Choir, str, Visitor], kept: str
    ) -> None:
        _choir, page, visitor = led
        for more in (
            {},
            {"column_0": "name"},
            {"column_0": "å" * 100, "person_1": "row-9", "voice_0": "new", "year": "9" * 99},
        ):
            answer = posted(visitor, page, {"kept": kept, **more})
            assert answer.status_code in (200, 303, 413, 422), FAULTS.latest
            said = answer.get_data(as_text=True)
            assert not any(number in said for number in ("0709-9805", "8507099805"))

    def test_a_person_of_no_choir_of_ours(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        stranger = makers.a_singer("Åsa", choir=makers.a_choir(town="Östersund"))
        db.session.commit()
        visitor.sends(page, 200, list="Namn\nBo")
        sent = fields_of(visitor) | {"person_1": str(stranger.id)}
        visitor.sends(page, 422, **sent).sees("Välj något i listan.")

    def test_only_who_leads_the_choir(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, _page, visitor = led
        other = makers.a_choir(town="Östersund")
        one = taken_in(other, person(1, "Åsa"), by=makers.a_manager())
        db.session.commit()
        visitor.opens(f"/korer/{other.slug}/hamta-in", 404)
        visitor.opens(f"/korer/{other.slug}/hamta-in/{one.id}", 404)
        visitor.sends(f"/korer/{other.slug}/hamta-in/{one.id}/angra", 404)
        visitor.opens(f"/korer/{_choir.slug}/hamta-in/{one.id}", 404)

    def test_a_thousand_people_and_no_more(self, led: tuple[Choir, str, Visitor]) -> None:
        _choir, page, visitor = led
        visitor.sends(page, 422, list="Namn\n" + "".join(f"Namn{number}\n" for number in range(1_001))).sees(
            "för många rader"
        )
        assert re.search(r"Namn1000", fields_of(visitor)["list"])
