"""A term's attendance as a table: who was where, who was not in the choir then, and every sum."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.actions import erase_singer
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.rehearsals import queries, rules
from choir_app.rehearsals.models import Cancellation, Rehearsal
from tests import makers
from tests.statements import counted
from tests.visitor import Visitor

SPRING = rules.Term(2026, False)
FIRST = datetime(2026, 5, 5, 16, 0, tzinfo=UTC)


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


@pytest.fixture
def asa(choir: Choir) -> Singer:
    return makers.a_singer("Åsa", "Öberg", choir=choir, voice="Sopran")


@pytest.fixture
def bo(choir: Choir) -> Singer:
    return makers.a_singer("Bo", "Ek", choir=choir, voice="Bas")


def evening(choir: Choir, week: int, *present: Singer, guests: int = 0) -> Rehearsal:
    return makers.a_logged_rehearsal(choir, FIRST + timedelta(weeks=week), *present, guests=guests)


def cells(choir: Choir) -> dict[str, tuple[str, ...]]:
    return {row.name: row.cells for row in queries.attendance_table(choir, SPRING).rows}


class TestTheCells:
    def test_not_written_down_is_not_away(self, choir: Choir, asa: Singer, bo: Singer) -> None:
        evening(choir, 0, asa)
        makers.a_rehearsal(choir, FIRST + timedelta(weeks=1))
        table = queries.attendance_table(choir, SPRING)
        assert cells(choir) == {"Åsa Öberg": ("here", "unknown"), "Bo Ek": ("unseen", "unknown")}
        assert table.sums == [1, None]
        assert [day.headcount for day in table.days] == [1, None]

    def test_who_left_counts_only_until_then(self, choir: Choir, asa: Singer) -> None:
        """Trap 2 of the reference: a denominator must not hold those who were not there to come."""
        gone = makers.a_singer("Hodan")
        makers.a_membership(gone, choir, since=date(2026, 1, 7), until=date(2026, 5, 12))
        makers.a_membership(gone, choir, since=date(2026, 5, 13), state="left")
        for week in range(4):
            evening(choir, week, asa)
        rows = {row.name: row for row in queries.attendance_table(choir, SPRING).rows}
        assert rows["Hodan"].cells == ("unseen", "unseen", "outside", "outside")
        assert (rows["Hodan"].here, rows["Hodan"].of) == (0, 2)
        assert (rows["Åsa Öberg"].here, rows["Åsa Öberg"].of) == (4, 4)

    def test_who_left_before_the_term_is_not_there(self, choir: Choir, asa: Singer) -> None:
        makers.a_singer("Länge Sedan", choir=choir, state="left")
        evening(choir, 0, asa)
        assert list(cells(choir)) == ["Åsa Öberg"]

    def test_a_pause_is_no_absence(self, choir: Choir, asa: Singer) -> None:
        resting = makers.a_singer("Doris", choir=choir, state="paused")
        evening(choir, 0, asa)
        evening(choir, 1, asa, resting)
        assert cells(choir)["Doris"] == ("outside", "here")

    def test_called_off_and_to_come_are_left_out(self, choir: Choir, asa: Singer) -> None:
        evening(choir, 0, asa)
        off = makers.a_rehearsal(choir, FIRST + timedelta(weeks=1))
        off.cancellation = Cancellation(rehearsal_id=off.id)
        makers.a_rehearsal(choir, FIRST + timedelta(weeks=7))
        db.session.flush()
        assert len(queries.attendance_table(choir, SPRING).days) == 1

    def test_guests_are_heads_without_names(self, choir: Choir, asa: Singer, bo: Singer) -> None:
        evening(choir, 0, asa, bo, guests=3)
        table = queries.attendance_table(choir, SPRING)
        assert (table.sums, [day.guests for day in table.days]) == ([2], [3])
        assert [day.headcount for day in table.days] == [5]

    def test_erased_singers_have_no_row_and_stay_in_the_sums(
        self, choir: Choir, asa: Singer, bo: Singer
    ) -> None:
        evening(choir, 0, asa, bo)
        erase_singer(bo, by=makers.a_manager())
        db.session.flush()
        table = queries.attendance_table(choir, SPRING)
        assert [row.name for row in table.rows] == ["Åsa Öberg"]
        assert (table.erased, table.sums) == ((1,), [2])

    def test_one_voice(self, choir: Choir, asa: Singer, bo: Singer) -> None:
        evening(choir, 0, asa, bo)
        table = queries.attendance_table(choir, SPRING, choir.voices[0])
        assert [row.name for row in table.rows] == ["Åsa Öberg"]
        assert table.sums == [1]

    def test_terms_from_the_first_rehearsal_to_now(self, choir: Choir, asa: Singer) -> None:
        makers.a_logged_rehearsal(choir, datetime(2025, 3, 4, 17, 0, tzinfo=UTC), asa)
        assert [term.code for term in queries.terms_of(choir)] == ["2026-var", "2025-host", "2025-var"]

    def test_the_number_of_statements_does_not_grow(self, choir: Choir, asa: Singer, bo: Singer) -> None:
        evening(choir, 0, asa)
        with counted() as few:
            queries.attendance_table(choir, SPRING)
        for week in range(1, 6):
            evening(choir, week, asa, bo)
        with counted() as many:
            queries.attendance_table(choir, SPRING)
        assert len(few) == len(many) == 3


class TestThePage:
    def test_it_reads_aloud(
        self, visitor: Visitor, choir: Choir, leader: Account, asa: Singer, bo: Singer
    ) -> None:
        evening(choir, 0, asa, guests=2)
        makers.a_rehearsal(choir, FIRST + timedelta(weeks=1))
        visitor.signs_in(leader).opens(f"/korer/{choir.slug}/narvaro-tabell")
        assert "<bdi>Åsa Öberg</bdi>" in visitor.html
        visitor.sees("Våren 2026", "1 av 1", "inte markerad", "inte ifylld", "Alla i rummet")
        heads = [thing.get("scope") for thing in visitor.tree.iter("th")]
        assert None not in heads

    def test_term_and_voice_are_chosen_in_the_address(
        self, visitor: Visitor, choir: Choir, leader: Account, asa: Singer, bo: Singer
    ) -> None:
        evening(choir, 0, asa, bo)
        path = f"/korer/{choir.slug}/narvaro-tabell"
        visitor.signs_in(leader).opens(f"{path}?termin=2026-var&stamma={choir.voices[0].id}")
        assert "Åsa Öberg" in visitor.html
        visitor.misses("Bo Ek", "Alla i rummet")
        visitor.opens(f"{path}?termin=2025-host").sees("Ni har inte sjungit den terminen.")
        visitor.opens(f"{path}?termin=skräp&stamma=skräp").sees("Våren 2026")
        assert "Bo Ek" in visitor.html

    def test_excel_and_csv_hold_the_same_and_are_written_down(
        self, visitor: Visitor, choir: Choir, leader: Account, asa: Singer
    ) -> None:
        makers.a_singer("=1+1", choir=choir)
        evening(choir, 0, asa, guests=2)
        makers.a_rehearsal(choir, FIRST + timedelta(weeks=1))
        path = f"/korer/{choir.slug}/narvaro-tabell"
        visitor.signs_in(leader).opens(path)
        visitor.sends(f"{path}/xlsx", 200, termin="2026-var")
        assert visitor.answer
        rows = list(
            openpyxl.load_workbook(io.BytesIO(visitor.answer.get_data())).active.iter_rows(values_only=True)  # type: ignore[union-attr]  # a book with a sheet
        )
        assert rows[0] == ("Namn", "Stämma", "2026-05-05", "2026-05-12", "Här", "Ifyllda kvällar")
        assert ("Åsa Öberg", "Sopran", 1, "inte ifylld", 1, 1) in rows
        assert ("Alla i rummet", None, 3, "inte ifylld", None, None) in rows
        visitor.sends(f"{path}/csv", 200, termin="2026-var")
        text = visitor.answer.get_data().decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert [row[0] for row in table[1:3]] == ["Åsa Öberg", "'=1+1"]
        taken = select(func.count()).where(AuditEntry.verb == "attendance.taken_out")
        assert db.session.scalar(taken) == 2
