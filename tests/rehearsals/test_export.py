"""Everything about a choir, out of one installation and into an empty one, with equal counts."""

import copy
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from choir_app.accounts.models import Account
from choir_app.choirs.actions import erase_singer
from choir_app.choirs.models import Choir, Singer, Town
from choir_app.foundation import clock, sheets
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import Model, db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.foundation.settings import PROJECT
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Attendance, Away, Rehearsal, Reply, StudyAssociation, StudyList
from choir_app.rehearsals.queries.export import (
    KEPT_BACK,
    TABLES,
    everything_about,
    sheets_about,
    table_called,
)
from choir_app.rehearsals.rules import SentAct
from tests import makers
from tests.conftest import a_house
from tests.visitor import FAULTS, Visitor, outside


def _mark(rehearsal: Rehearsal, singer: Singer, status: str = "present", **more: Any) -> SentAct:
    return SentAct(uuid4(), "mark", rehearsal.id, clock.now(), singer_id=singer.id, status=status, **more)


def a_whole_choir() -> Choir:
    """A choir of which there is something in every table."""
    venue, other_venue = makers.a_venue("Boden"), makers.a_venue("Östersund", name="Gamla skolan")
    choir = makers.a_choir(
        town="Boden", usual_venue=venue, about="Vi **sjunger**.", contact_phone="070-174 06 05"
    )
    leader = makers.a_leader(choir)
    asa = makers.a_singer(
        "Åsa", "Ek", choir=choir, voice="Alt", phone="070-174 06 06", note="behöver skjuts", reads="sv-latt"
    )
    bo, gone = (
        makers.a_singer("Bo", choir=choir, voice="Bas"),
        makers.a_singer("Cilla", "Canari", choir=choir),
    )
    double = makers.a_singer("Åsa", choir=choir)
    asa.buddy_id, asa.account_id = bo.id, leader.id
    makers.a_membership(bo, makers.a_choir(town="Östersund"))
    series = makers.a_series(choir, date(2026, 1, 13))
    actions.add_break(
        series, first_on=date(2026, 2, 23), last_on=date(2026, 3, 1), name="Sportlov", by=leader
    )
    evening = db.session.scalars(select(Rehearsal).where(Rehearsal.series_day == date(2026, 6, 16))).one()
    concert = makers.a_rehearsal(choir, clock.now() - timedelta(hours=30), kind="concert", venue=venue)
    off = makers.a_rehearsal(choir, clock.now() + timedelta(days=7))
    db.session.commit()
    actions.move_rehearsal(
        off, starts_at=off.starts_at + timedelta(hours=1), minutes=90, venue=None, by=leader
    )
    actions.cancel_rehearsal(off, reason="Lov", by=leader)
    db.session.add_all(
        [
            Reply(rehearsal_id=evening.id, singer_id=bo.id, is_coming=False),
            Away(singer_id=asa.id, first_on=date(2026, 7, 1), last_on=date(2026, 7, 9)),
        ]
    )
    newcomer = SentAct(
        uuid4(), "newcomer", evening.id, clock.now(), singer_id=uuid4(), status="present", words="Ny"
    )
    guests = SentAct(uuid4(), "guests", evening.id, clock.now(), number=4)
    note = SentAct(uuid4(), "note", evening.id, clock.now(), words="Vi sjöng bra.")
    done = SentAct(uuid4(), "done", evening.id, clock.now())
    first = _mark(evening, bo, "absent")
    acts = [
        newcomer,
        guests,
        note,
        done,
        first,
        _mark(evening, asa),
        _mark(evening, gone),
        _mark(evening, double),
    ]
    actions.receive(acts, sent_at=clock.now(), by=leader)
    actions.receive([_mark(evening, bo, seen_id=first.id)], sent_at=clock.now(), by=leader)
    actions.receive([_mark(concert, asa), _mark(concert, bo, "absent")], sent_at=clock.now(), by=leader)
    makers.a_merge(double, asa)
    erase_singer(gone, by=makers.a_manager())
    association = StudyAssociation(id=uuid4(), name="Bilda", first_on=date(2000, 1, 1), source="bilda.nu")
    db.session.add(association)
    db.session.flush()
    db.session.add(
        StudyList(
            id=uuid4(),
            choir_id=choir.id,
            association_id=association.id,
            form="circle",
            title="Vi sjunger",
            first_on=date(2026, 1, 1),
            last_on=date(2026, 6, 30),
            leader_name="Elin Norberg",
        )
    )
    concert.venue = other_venue
    db.session.commit()
    return choir


def told_of(choir: Choir) -> Any:
    """What a file of the choir holds."""
    return json.loads(json.dumps(actions.take_out_choir(choir, by=makers.a_manager("Tar ut"))))


def counts() -> dict[str, int]:
    """How many rows there are in each table of an export."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table_called(name))) or 0 for name in TABLES
    }


def statistics(choir: Choir) -> list[Any]:
    """What is counted about a choir."""
    rows = queries.history(choir, before=None, limit=500)
    return [
        [(row.starts_at, row.state, row.headcount) for row in rows],
        queries.average_of(rows),
        [
            (each.id, each.present_count, each.mark_count, each.guest_count, each.done_at, each.evening_note)
            for each in db.session.scalars(
                select(Rehearsal).where(Rehearsal.choir_id == choir.id).order_by(Rehearsal.id)
            )
        ],
        sorted(
            (str(row.rehearsal_id), str(row.singer_id), row.is_present, str(row.act_id))
            for row in db.session.scalars(
                select(Attendance)
                .join(Rehearsal, Rehearsal.id == Attendance.rehearsal_id)
                .where(Rehearsal.choir_id == choir.id)
            )
        ),
    ]


@pytest.fixture
def another_house(engine_name: str, new_database: Callable[[str, str], str], tmp_path: Path) -> Flask:
    """An empty installation on the other database."""
    other = "postgresql" if engine_name == "sqlite" else "sqlite"
    house = a_house(new_database(other, f"empty_{uuid4().hex[:8]}"), tmp_path)
    with house.app_context():
        Model.metadata.create_all(db.engine)
    return house


class TestIntoAnEmptyInstallation:
    """Out of one database and into the other kind."""

    def test_equal_counts_and_equal_statistics(self, app: Flask, another_house: Flask) -> None:
        choir = a_whole_choir()
        told, expected = told_of(choir), statistics(choir)
        choir_id = choir.id
        sizes = {name: len(rows) for name, rows in told["tables"].items()}
        assert all(
            sizes[name] for name in TABLES if not name.startswith(("handed_in", "study_gath", "not_the"))
        )
        assert any(headcount for _starts_at, _state, headcount in expected[0])
        with another_house.app_context():
            taken = actions.take_in_choir(told, by=makers.a_manager())
            db.session.commit()
            assert taken.id == choir_id
            assert counts() == sizes
            assert statistics(taken) == expected
            again = json.loads(json.dumps(everything_about(taken)))
            assert again["tables"] == told["tables"]
            assert (
                db.session.scalar(select(AuditEntry.verb).where(AuditEntry.subject_id == taken.id))
                == "choir.taken_in"
            )
            with pytest.raises(Refusal, match="finns redan"):
                actions.take_in_choir(told, by=makers.a_manager())
            db.session.rollback()
            assert counts() == sizes

    def test_by_the_command_line(self, app: Flask, another_house: Flask, tmp_path: Path) -> None:
        told = told_of(a_whole_choir())
        file = tmp_path / "kor.json"
        file.write_text(json.dumps(told))
        with another_house.app_context():  # the one that a command finds
            runner = another_house.test_cli_runner()
            first = runner.invoke(args=["choir-import", str(file)])
            assert first.exit_code == 0, first.output
            assert "/korer/boden" in first.output
            second = runner.invoke(args=["choir-import", str(file)])
            assert second.exit_code == 1
            assert "finns redan" in second.output
            db.session.rollback()
            assert counts() == {name: len(rows) for name, rows in told["tables"].items()}

    def test_two_choirs_that_share_a_singer_and_a_town(self, app: Flask, another_house: Flask) -> None:
        choir = a_whole_choir()
        other = db.session.scalars(select(Choir).where(Choir.id != choir.id)).one()
        shared = db.session.scalar(select(Singer.id).where(Singer.first_name == "Bo"))
        files = [told_of(choir), told_of(other)]
        with another_house.app_context():
            makers.a_town("Östersund")
            for told in files:
                actions.take_in_choir(told, by=makers.a_manager())
            db.session.commit()
            singer = db.session.get_one(Singer, shared)
            assert {row.choir.name for row in singer.memberships} == {"Boden", "Östersund"}
            assert db.session.scalar(select(func.count()).select_from(Town)) == 2

    def test_what_is_called_the_same_here_is_the_same(self, app: Flask, another_house: Flask) -> None:
        told = told_of(a_whole_choir())
        (association,) = told["tables"]["study_associations"]
        with another_house.app_context():
            here = StudyAssociation(id=uuid4(), name="Bilda", first_on=date(2001, 1, 1), source="bilda.nu")
            db.session.add(here)
            town = makers.a_town("Boden")
            choir = actions.take_in_choir(told, by=makers.a_manager())
            assert choir.town_id == town.id
            assert db.session.scalars(select(StudyList)).one().association_id == here.id
            assert str(here.id) != association["id"]

    def test_attendance_follows_from_the_acts_whatever_the_file_says(
        self, app: Flask, another_house: Flask
    ) -> None:
        choir = a_whole_choir()
        told, expected = told_of(choir), statistics(choir)
        for row in told["tables"]["attendances"]:
            row["is_present"] = not row["is_present"]
        for row in told["tables"]["rehearsals"]:
            row["present_count"] = 999
        with another_house.app_context():
            assert statistics(actions.take_in_choir(told, by=makers.a_manager())) == expected


class TestWhatLeaves:
    """Everything about the choir, and nothing else."""

    def test_every_table_that_leads_to_a_choir_is_told_or_kept_back_for_a_reason(self) -> None:
        leads = {"choirs", "singers", "rehearsals"}
        rooms = ("choir_app.choirs.models", "choir_app.rehearsals.models")
        own = {
            mapper.class_.__tablename__
            for mapper in Model.registry.mappers
            if mapper.class_.__module__.startswith(rooms)
        }
        assert len(own) > 25
        for table in map(table_called, own):
            targets = {key.column.table.name for key in table.foreign_keys}
            if targets & leads and table.name not in TABLES:
                assert table.name in KEPT_BACK, f"{table.name} is neither told nor kept back"

    def test_no_account_and_no_secret(self, app: Flask) -> None:
        choir = a_whole_choir()
        whole = json.dumps(told_of(choir))
        for account in db.session.scalars(select(Account)):
            assert account.email not in whole
            assert str(account.id) not in whole
            assert account.name not in whole or account.name == "Elin Norberg"  # who leads the study circle
        assert "digest" not in whole or "handed_in" in whole
        assert "Canari" not in whole

    def test_nothing_of_another_choir(self, app: Flask) -> None:
        choir = a_whole_choir()
        stranger = makers.a_singer("Doris", "Okänd", choir=makers.a_choir(town="Linköping"))
        whole = json.dumps(told_of(choir))
        assert str(stranger.id) not in whole
        assert "Okänd" not in whole
        others = {row["choir_id"] for row in json.loads(whole)["tables"]["memberships"]}
        assert others == {str(choir.id)}

    def test_only_who_leads_it(self, app: Flask) -> None:
        choir = makers.a_choir()
        with pytest.raises(NotAllowed):
            actions.take_out_choir(choir, by=makers.a_leader(makers.a_choir(town="Östersund"), "Annan"))
        with pytest.raises(NotAllowed):
            actions.take_in_choir({}, by=makers.a_leader(choir))

    def test_the_sheets(self, app: Flask) -> None:
        choir = a_whole_choir()
        singer = db.session.scalars(select(Singer).where(Singer.first_name == "Bo")).one()
        singer.surname = "=1+1"
        made = {sheet.name: sheet for sheet in sheets_about(told_of(choir))}
        assert list(made) == [
            *(
                "Sångare",
                "Medlemskap",
                "Repetitioner",
                "Närvaro",
                "Lokaler",
                "Serier",
                "Svar",
                "Borta",
                "Studielistor",
            ),
        ]
        assert all(sheet.rows for sheet in made.values())
        assert all(len(row) == len(sheet.columns) for sheet in made.values() for row in sheet.rows)
        page = openpyxl.load_workbook(io.BytesIO(sheets.xlsx(list(made.values()))))["Sångare"]
        cells = {cell.value: cell.data_type for row in page.iter_rows() for cell in row}
        assert cells["=1+1"] == "s"


def _broken(told: dict[str, Any], how: str) -> Any:
    tables = told["tables"]
    match how:
        case "a list":
            return []
        case "a number":
            return 7
        case "another format":
            told["format"] = "something"
        case "another version":
            told["version"] = 2
        case "no tables":
            del told["tables"]
        case "tables of words":
            told["tables"] = dict.fromkeys(TABLES, "ord")
        case "no choir":
            tables["choirs"] = []
        case "two choirs":
            tables["choirs"] *= 2
        case "rows of words":
            tables["singers"] = ["ord", 7, None]
        case "a column that is not there":
            tables["singers"][0]["account_id"] = str(uuid4())
        case "a derived one of words":
            tables["rehearsals"][0]["starts_at"] = "i morgon"
        case "a name too long":
            tables["singers"][0]["first_name"] = "å" * 81
        case "no name":
            tables["singers"][0]["first_name"] = None
        case "a name that is missing":
            del tables["singers"][0]["first_name"]
        case "a lone surrogate":
            tables["singers"][0]["first_name"] = "a\ud800b"
        case "a NUL":
            tables["singers"][0]["note"] = "a\x00b"
        case "an identity number":
            tables["singers"][0]["note"] = "850709-9805"
        case "an id of words":
            tables["singers"][0]["id"] = "1; DROP TABLE"
        case "a loose end":
            tables["memberships"][0]["singer_id"] = str(uuid4())
        case "the same twice":
            tables["singers"].append(copy.deepcopy(tables["singers"][0]))
        case "a state that is none":
            tables["memberships"][0]["state"] = "borta"
        case "a truth for a number":
            tables["rehearsals"][0]["minutes"] = True
        case "a huge number":
            tables["rehearsals"][0]["minutes"] = 10**30
        case "no minutes":
            tables["rehearsals"][0]["minutes"] = 0
        case "an odd address":
            tables["choirs"][0]["slug"] = "../../etc"
        case "an address that is taken":
            tables["choirs"][0]["slug"] = "hantera"
        case "a day that is none":
            tables["memberships"][0]["since"] = "2026-02-30"
        case "a hash of words":
            tables["acts"][0]["body_hash"] = "zz"
        case _:
            raise AssertionError(how)
    return told


BROKEN = (
    *("a list", "a number", "another format", "another version", "no tables", "tables of words", "no choir"),
    *(
        "two choirs",
        "rows of words",
        "a column that is not there",
        "a derived one of words",
        "a name too long",
    ),
    *(
        "no name",
        "a name that is missing",
        "a lone surrogate",
        "a NUL",
        "an identity number",
        "an id of words",
    ),
    *("a loose end", "the same twice", "a state that is none", "a truth for a number", "a huge number"),
    *("no minutes", "an odd address", "an address that is taken", "a day that is none", "a hash of words"),
)


class TestAFileThatIsNoExport:
    """Refused in a sentence, and nothing is written."""

    def test_each_way_of_being_broken(self, app: Flask) -> None:
        told = told_of(a_whole_choir())
        manager = makers.a_manager()
        _into_other_names(told)
        db.session.commit()
        before = counts()
        for how in BROKEN:
            with pytest.raises(Refusal) as no:
                actions.take_in_choir(_broken(copy.deepcopy(told), how), by=manager)
            assert no.value.field == "file", how
            db.session.rollback()
            assert counts() == before, how
        actions.take_in_choir(told, by=manager)  # which was sound all along

    @pytest.mark.parametrize(
        "content", [b"", b"hej", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 10_000, b"PK\x03\x04", b"null"]
    )
    def test_no_json(self, app: Flask, visitor: Visitor, content: bytes) -> None:
        visitor.signs_in(makers.a_manager())
        visitor.opens("/korer/hamta-in-kor").sees("Hämta in en kör")
        visitor.sends("/korer/hamta-in-kor", 422, file=(io.BytesIO(content), "kor.json"))
        assert "field__error" in visitor.html


def _into_other_names(told: dict[str, Any]) -> None:
    """Give everything new ids and the choir another name, so that it is a choir nobody knows."""
    text = json.dumps(told)
    ids = {
        value for rows in told["tables"].values() for row in rows for key, value in row.items() if key == "id"
    }
    for each in ids - {row["id"] for row in told["tables"]["towns"]}:
        text = text.replace(each, str(uuid4()))
    made = json.loads(text)
    made["tables"]["choirs"][0] |= {"name": "Boden två", "slug": "boden-tva"}
    told.clear()
    told.update(made)


class TestThePages:
    """What leaves is said first; that it left stands in the log."""

    def _takes_out(self, visitor: Visitor, choir: Choir, kind: str) -> TestResponse:
        visitor.opens(f"/korer/{choir.slug}/ta-ut").sees("Filen innehåller uppgifter om människor", "telefon")
        token = visitor.html.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        data, page = {"kind": kind, "csrf_token": token}, f"/korer/{choir.slug}/ta-ut"
        answer = outside(lambda: visitor.client.post(page, data=data))
        assert answer.status_code == 200, FAULTS.latest
        assert "attachment" in answer.headers["Content-Disposition"]
        return answer

    def test_json_that_can_be_taken_in(self, app: Flask, visitor: Visitor, another_house: Flask) -> None:
        choir = a_whole_choir()
        visitor.signs_in(makers.a_leader(choir, "Ledare"))
        content = self._takes_out(visitor, choir, "json").get_data()
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == choir.id)).all()
        assert "choir.taken_out" in verbs
        with another_house.app_context():
            manager = makers.a_manager()
            other = Visitor(another_house).signs_in(manager)
            other.opens("/korer/hamta-in-kor")
            other.sends("/korer/hamta-in-kor", 303, file=FileStorage(io.BytesIO(content), "kor.json"))
            assert db.session.scalar(select(Choir.name)) == "Boden"
            other.opens("/korer/hamta-in-kor")
            other.sends("/korer/hamta-in-kor", 422, file=FileStorage(io.BytesIO(content), "kor.json"))
            other.sees("Kören Boden finns redan här. Inget är ändrat.")

    def test_excel(self, app: Flask, visitor: Visitor) -> None:
        choir = a_whole_choir()
        visitor.signs_in(makers.a_leader(choir, "Ledare"))
        book = openpyxl.load_workbook(io.BytesIO(self._takes_out(visitor, choir, "xlsx").get_data()))
        assert "Närvaro" in book.sheetnames

    def test_csv(self, app: Flask, visitor: Visitor) -> None:
        choir = a_whole_choir()
        visitor.signs_in(makers.a_leader(choir, "Ledare"))
        with zipfile.ZipFile(io.BytesIO(self._takes_out(visitor, choir, "csv").get_data())) as folder:
            assert "narvaro.csv" in folder.namelist()
            rows = sheets.read_file(folder.read("sangare.csv"), field="file")
        assert ["Åsa", "Ek", "070-174 06 06"] in [row[:3] for row in rows]

    def test_a_leader_of_another_choir_sees_nothing(self, app: Flask, visitor: Visitor) -> None:
        choir = makers.a_choir()
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Östersund"), "Annan"))
        visitor.opens(f"/korer/{choir.slug}/ta-ut", 404)
        visitor.sends(f"/korer/{choir.slug}/ta-ut", 404, kind="json")
        visitor.opens("/korer/hamta-in-kor", 403)


def test_the_format_is_described() -> None:
    told = (PROJECT / "docs" / "export.md").read_text()
    for name in (*TABLES, "version", "made_at"):
        assert f"`{name}`" in told, f"docs/export.md does not tell of {name}"
    for name in KEPT_BACK:
        assert f"`{name}`" in told or name not in Model.metadata.tables, (
            f"docs/export.md does not tell why {name} stays"
        )
