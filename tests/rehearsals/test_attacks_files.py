"""Files that are made to do harm: lists that swell, choirs that lie, and words that would be markup on paper."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl.worksheet._read_only
import pytest
from flask import Flask

from choir_app.foundation import sheets
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions
from tests import makers
from tests.foundation.test_attacks import _locks
from tests.house.test_bad_input import check_answer
from tests.rehearsals.test_export import a_whole_choir, told_of
from tests.visitor import FAULTS, Visitor, outside

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def a_book(rows: str, *, shared: str = "", pages: int = 1, before: str = "", sheet: bytes = b"") -> bytes:
    """An Excel file by hand: what stands in its sheet, its shared words, and how often the same sheet is named."""
    named = "".join(
        f'<sheet name="Blad{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, pages + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }
    if sheet:
        parts["xl/worksheets/sheet1.xml"] = sheet
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return file.getvalue()


def words(text: str) -> str:
    return f'<row r="1"><c t="inlineStr"><is><t>{text}</t></is></c></row>'


class TestAnExcelFile:
    def test_by_hand_is_one(self, app: Flask) -> None:
        with app.test_request_context("/"):
            assert sheets.read_file(a_book(words("Namn")), field="file") == [["Namn"]]

    @pytest.mark.parametrize(
        "before",
        [
            '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>',
            "<!--" + " " * 5_000 + '--><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>',
            "\n" * 70_000 + '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>',
        ],
        ids=["first", "after a remark", "after many lines"],
    )
    def test_with_a_document_type_is_refused_wherever_it_stands(self, app: Flask, before: str) -> None:
        with app.test_request_context("/"), pytest.raises(Refusal):
            sheets.read_file(a_book(words("&a;"), before=before), field="file")

    @pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_in_letters_that_hide_it_is_refused(self, app: Flask, coding: str) -> None:
        told = (
            f'<?xml version="1.0" encoding="{coding}"?><!DOCTYPE w [<!ENTITY a "b">]>'
            f'<worksheet xmlns="{MAIN}"><sheetData>{words("&a;")}</sheetData></worksheet>'
        )
        with app.test_request_context("/"), pytest.raises(Refusal):
            sheets.read_file(a_book("", sheet=told.encode(coding)), field="file")

    def test_one_long_word_in_many_cells_takes_no_memory(self, app: Flask) -> None:
        """A word of 40,000 letters kept once, and named in 20,000 cells: cut to size it would be 650 MB."""
        row = '<row r="{}">' + '<c t="s"><v>0</v></c>' * 200 + "</row>"
        book = a_book(
            "".join(row.format(number) for number in range(1, 101)),
            shared=f"<si><t>{'å' * 40_000}</t></si>",
        )
        tracemalloc.start()
        with app.test_request_context("/"), pytest.raises(Refusal):
            sheets.read_file(book, field="file")
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 60_000_000

    def test_that_names_one_sheet_a_thousand_times_is_not_read_a_thousand_times(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = a_book("".join(f'<row r="{number}"><c/></row>' for number in range(1, 2_001)), pages=1_000)
        read: list[object] = []
        real = openpyxl.worksheet._read_only.ReadOnlyWorksheet.iter_rows

        def iter_rows(page: Any, **more: Any) -> Any:
            read.append(page)
            return real(page, **more)

        monkeypatch.setattr("openpyxl.worksheet._read_only.ReadOnlyWorksheet.iter_rows", iter_rows)
        with app.test_request_context("/"), pytest.raises(Refusal):
            sheets.read_file(book, field="file")
        assert len(read) < 20

    def test_is_read_while_others_write(self, app: Flask, visitor: Visitor, monkeypatch: Any) -> None:
        choir = makers.a_choir("Amina")
        visitor.signs_in(makers.a_leader(choir))
        page = f"/korer/{choir.slug}/hamta-in"
        visitor.opens(page)
        held: list[bool] = []
        real = sheets.read_file

        def read(content: bytes, *, field: str) -> list[list[str]]:
            held.append(any(lock.locked() for lock in _locks()))
            return real(content, field=field)

        monkeypatch.setattr(sheets, "read_file", read)
        parts = {"csrf_token": visitor._token, "file": (io.BytesIO(a_book(words("Namn"))), "lista.xlsx")}
        outside(lambda: visitor.client.post(page, data=parts))
        assert held == [False]


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_what_is_taken_out_of_a_choir_stays_in_no_browsers_cache(visitor: Visitor, kind: str) -> None:
    choir = makers.a_choir("Amina")
    visitor.signs_in(makers.a_leader(choir)).opens(f"/korer/{choir.slug}/ta-ut")
    visitor.sends(f"/korer/{choir.slug}/ta-ut", 200, kind=kind, has_read="y")
    assert visitor.answer is not None
    assert visitor.answer.headers["Content-Disposition"].startswith("attachment")
    assert visitor.answer.headers["Cache-Control"] == "no-store"


class TestAChoirThatLies:
    """Only managers take a choir in, but a file may come from anywhere: never a fault, and nothing half done."""

    @pytest.mark.parametrize(
        "lie",
        [
            lambda told: told["venues"][0].update(latitude=float("nan")),
            lambda told: told["venues"][0].update(latitude=float("inf"), longitude=1e308),
            lambda told: told["venues"][0].update(latitude=10**400),
            lambda told: told["rehearsals"][0].update(minutes=2**31 - 1),
            lambda told: told["rehearsals"][0].update(minutes=-(2**31) + 1),
            lambda told: [row.pop("minutes", None) for row in told["rehearsals"]],
            lambda told: told["series"][0].update(starts_at_hour="18:00:00+23:59"),
            lambda told: told["series"][0].update(minutes=2**31 - 1),
            lambda told: told["series"][0].update(weekday=99),
            lambda told: told["singers"][0].update(erased_at="0001-01-01T00:00:00+14:00"),
            lambda told: told["singers"][0].update(merged_into_id=told["singers"][0]["id"]),
            lambda told: told["acts"][0].update(body_hash="00" * 5_000),
            lambda told: told["acts"][0].update(number=-1),
            lambda told: told["acts"][0].update(kind="owner"),
            lambda told: told["choirs"][0].update(slug="ny"),
            lambda told: told["choirs"][0].update(slug="../../x"),
            lambda told: told["study_lists"][0].update(form="owner"),
            lambda told: told["memberships"][0].update(state="administrator"),
            lambda told: (
                told["acts"].sort(key=lambda row: row["id"])
                or told["singers"][1].update(merged_into_id=told["singers"][0]["id"])
                or told["singers"][0].update(merged_into_id=told["singers"][1]["id"])
            ),
            lambda told: told["choirs"][0].update(led_by_id="x"),
        ],
    )
    def test_is_refused_in_a_sentence(self, app: Flask, lie: Callable[[dict[str, Any]], Any]) -> None:
        choir, manager = a_whole_choir(), makers.a_manager("Tar emot")
        told = told_of(choir)
        self._as_if_elsewhere(told)
        lie(told["tables"])
        written = json.dumps(told)
        try:
            actions.take_in_choir(actions.read_choir_file(written.encode()), by=manager)
            db.session.flush()
        except Refusal:
            return
        pytest.fail("it was taken in")

    @pytest.mark.parametrize(
        "oddity",
        [
            lambda told: told["singers"][0].update(reads="xx", phone="<b>", email="javascript:alert(1)"),
            lambda told: told["choirs"][0].update(
                contact_phone="javascript:1", contact_email="x\ny", about="<svg onload=1>"
            ),
            lambda told: told["acts"][0].update(words="<script>", why="<script>"),
            lambda told: told["study_lists"][0].update(title="#panic()", leader_name="$x", audience_count=-1),
            lambda told: told["rehearsals"][0].update(sequence=-5, note="a\r\nATTENDEE:x"),
            lambda told: told["voices"][0].update(position=-(2**30), name="\u202e" * 50),
            lambda told: told.update(
                accounts=[{"id": "x", "roles": "administrator"}], towns=told["towns"] * 2
            ),
        ],
    )
    def test_whatever_is_odd_breaks_no_page(
        self, app: Flask, oddity: Callable[[dict[str, Any]], Any]
    ) -> None:
        choir, manager = a_whole_choir(), makers.a_manager("Tar emot")
        told = told_of(choir)
        self._as_if_elsewhere(told)
        oddity(told["tables"])
        try:
            actions.take_in_choir(told, by=manager)
        except Refusal:
            return
        db.session.commit()
        visitor = Visitor(app).signs_in(manager)
        singer, rehearsal = (told["tables"][name][0]["id"] for name in ("singers", "rehearsals"))
        study_list = told["tables"]["study_lists"][0]["id"]
        pages = ["", "/narvaro", "/kalender.ics", "/studielista", "/ta-ut", "/narvaro-tabell", "/dubbletter"]
        addresses = [f"/korer/en-annan-kor{page}" for page in pages]
        addresses += [f"/sangare/{singer}", f"/sangare/{singer}/svar", f"/narvaro/{rehearsal}"]
        addresses += [f"/narvaro/{rehearsal}/spar", f"/studielistor/{study_list}", "/korer", "/"]
        for address in addresses:
            answer = outside(lambda there=address: visitor.client.get(there))
            assert answer.status_code < 500, f"{address}: {FAULTS.latest}"
            check_answer(answer)

    def _as_if_elsewhere(self, told: dict[str, Any]) -> None:
        """The same file with other ids, so that nothing in it is here already."""
        text = json.dumps(told["tables"])
        for number, one in enumerate(
            sorted({row["id"] for rows in told["tables"].values() for row in rows if "id" in row})
        ):
            text = text.replace(one, f"00000000-0000-4000-8000-{number:012x}")
        told["tables"] = json.loads(text)
        told["tables"]["choirs"][0].update(name="En annan kör", slug="en-annan-kor")

    def test_a_true_one_is_taken_in(self, app: Flask) -> None:
        choir, manager = a_whole_choir(), makers.a_manager("Tar emot")
        told = told_of(choir)
        self._as_if_elsewhere(told)
        assert actions.take_in_choir(told, by=manager).name == "En annan kör"
