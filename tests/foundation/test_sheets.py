"""Sheets in and out: no cell is a formula, what we write we read back equal, and no file breaks anything."""

import csv
import io
import re
import struct
import unicodedata
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.foundation import sheets
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.sheets import Sheet
from choir_app.foundation.text import clean
from tests.house import corpus


def _clean(words: str | bytes) -> str | None:
    try:
        return clean(words if isinstance(words, str) else words.decode())
    except ValueError:
        return None


TEXTS = [text for words in corpus.WORDS if (text := _clean(words)) is not None]
TRICKS = [
    "=1+1",
    "+46 70 174 06 05",
    "+46701740605",
    "-1+1|cmd",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "﹣1",
    "−1",
    '"=1+1',
    '"",=1+1',
    "Anna;=1+1",
    "Anna,=1+1",
    "Anna\t=1+1",
    "Anna\n=1+1",
    'Anna";=1+1;"',
    'Anna",=1+1,"',
    "'=1+1",
    "''=1+1",
    "'",
    "''",
    "O'Brien",
    "'Lillan'",
    "%1",
    "|calc",
    "a,'b",
    "a;'=b",
    ",=",
    ";;=;=",
    "hej = du",
    "a-b",
    "1,5",
]
FORMULA = re.compile(r"[=+\-@|%]")


def begins_formula(cell: str) -> bool:
    """Whether a program could read the cell as a formula: unseen letters and forms of signs do not matter."""
    plain = unicodedata.normalize("NFKC", cell).replace("−", "-")
    seen = "".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Cc"))
    return bool(FORMULA.match(seen.lstrip(' "')))


def read_back(rows: list[list[str]], titles: tuple[str, ...]) -> list[list[str]]:
    """What our own reading makes of our own CSV, without its headings."""
    whole = sheets.read_file(sheets.csv_file(Sheet("Lista", titles, rows)), field="file")
    assert whole[0] == list(titles)
    return whole[1:]


class TestWritingCsv:
    """CSV as Excel in Sweden opens it."""

    def test_its_form(self) -> None:
        made = sheets.csv_file(
            Sheet(
                "Lista",
                ("Namn", "Dag", "Antal", "Snitt", "Kl"),
                [("Åsa", date(2025, 9, 2), 3, 1.5, time(18))],
            )
        )
        assert made.startswith(b"\xef\xbb\xbf")
        assert made.decode("utf-8-sig") == (
            '"Namn";"Dag";"Antal";"Snitt";"Kl"\r\n"Åsa";"2025-09-02";"3";"1,5";"18:00"\r\n'
        )

    def test_moments_are_told_as_the_clock_in_sweden_shows(self) -> None:
        made = sheets.csv_file(Sheet("Lista", ("När",), [(datetime(2026, 6, 16, 16, tzinfo=UTC),)]))
        assert b"2026-06-16 18:00" in made

    @pytest.mark.parametrize("text", TRICKS)
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    @pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
    def test_no_cell_is_a_formula_however_it_is_split(self, text: str, separator: str, quoting: int) -> None:
        made = sheets.csv_file(Sheet("Lista", ("Namn", "Mer"), [(text, "slut"), ("början", text)]))
        file = io.StringIO(made.decode("utf-8-sig"), newline="")
        for row in csv.reader(
            file, delimiter=separator, quoting=csv.QUOTE_NONE if quoting else csv.QUOTE_MINIMAL
        ):
            assert not any(begins_formula(cell) for cell in row), row

    @given(st.text(st.sampled_from("=+-@'\";,\t\r\n a1\u200b＝"), max_size=12))
    def test_whatever_is_written(self, text: str) -> None:
        made = sheets.csv_file(Sheet("Lista", ("Namn", "Mer"), [(text, text)]))
        for separator in ";,\t":
            file = io.StringIO(made.decode("utf-8-sig"), newline="")
            for row in csv.reader(file, delimiter=separator):
                assert not any(begins_formula(cell) for cell in row), row

    @pytest.mark.parametrize("text", ["\t1", "\rx", "\t=1", "=1", "+1"])
    def test_no_cell_begins_with_what_excel_skips(self, text: str) -> None:
        assert sheets.neutral(text)[0] == "'"

    def test_numbers_below_zero_stay_numbers(self) -> None:
        assert b'"-5"' in sheets.csv_file(Sheet("Lista", ("Antal",), [(-5,)]))


class TestReadBack:
    """What we write we read back equal."""

    @pytest.mark.parametrize("text", [*TRICKS, *TEXTS])
    def test_every_text_of_the_corpus(self, text: str) -> None:
        assert read_back([[text, "x"], ["x", text]], ("Namn", "Mer")) == [[text, "x"], ["x", text]]

    @given(
        st.lists(
            st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=2),
            max_size=8,
        )
    )
    def test_whatever_is_written(self, rows: list[list[str]]) -> None:
        kept = [[cell.replace("\x00", "") for cell in row] for row in rows]
        assert sheets.read_text(sheets.as_csv([["a", "b"], *kept]), field="list")[1:] == kept

    @given(st.lists(st.text(st.sampled_from("=+-@'\";,\t\r\n a1＝"), max_size=9), min_size=2, max_size=2))
    def test_what_is_nearly_a_formula(self, row: list[str]) -> None:
        assert sheets.as_meant(sheets.neutral(row[0])) == row[0]
        assert read_back([row], ("Namn", "Mer")) == [row]

    @pytest.mark.parametrize(
        "text", [text for text in [*TRICKS, *TEXTS] if 0 < len(text) < 32_000 and "\r" not in text]
    )
    def test_excel(self, text: str) -> None:
        made = sheets.xlsx([Sheet("Lista", ("Namn", "Mer"), [(text, "x")])])
        assert sheets.read_file(made, field="file") == [["Namn", "Mer"], [text, "x"]]


class TestWritingExcel:
    """Texts are texts, days are days, and the headings stay in sight."""

    def test_its_form(self) -> None:
        made = sheets.xlsx(
            [
                Sheet("Sångare", ("Namn", "Dag", "Antal"), [("=1+1", date(2025, 9, 2), 3)]),
                Sheet("sångare", ("A",), []),
                Sheet("[/]*", ("A",), []),
            ]
        )
        book = openpyxl.load_workbook(io.BytesIO(made))
        assert book.sheetnames == ["Sångare", "sångare 2", "Blad"]
        page = book["Sångare"]
        assert page.freeze_panes == "A2"
        assert page["A2"].value == "=1+1"
        assert page["A2"].data_type == "s"  # a string, no formula
        assert page["B2"].is_date
        assert page["B2"].value == datetime(2025, 9, 2)  # noqa: DTZ001 - a day of Excel has no zone
        assert page["C2"].value == 3
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")

    def test_an_address_becomes_no_link(self) -> None:
        made = sheets.xlsx([Sheet("A", ("A",), [("https://exempel.se",), ("mailto:a@example.org",)])])
        assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")


SIMPLE = [["Förnamn", "Stämma"], ["Åsa", "Alt"], ["Örjan", "Bas"]]


class TestReading:
    """Whatever people's programs write."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_letters_separators_and_line_ends(self, encoding: str, separator: str, ending: str) -> None:
        text = ending.join(separator.join(row) for row in SIMPLE)
        assert sheets.read_file(text.encode(encoding), field="file") == SIMPLE

    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            ('a,b\n"x, y",z', [["a", "b"], ["x, y", "z"]]),
            ('a,b\n"x\ny",z', [["a", "b"], ["x\ny", "z"]]),
            ('a,b\r\n"x\r\ny",z\r\n', [["a", "b"], ["x\r\ny", "z"]]),
            ('a,b\n"säg ""hej""",z', [["a", "b"], ['säg "hej"', "z"]]),
            ('a,b\n"{""x"": ""1,2""}",z', [["a", "b"], ['{"x": "1,2"}', "z"]]),
            ('a,b,c\n1,"",""\n2,3,4', [["a", "b", "c"], ["1", "", ""], ["2", "3", "4"]]),
            ("a,b,c\n1,2\n3,4,5", [["a", "b", "c"], ["1", "2"], ["3", "4", "5"]]),
            ("a;b\n1,5;2,5\n3,5;4", [["a", "b"], ["1,5", "2,5"], ["3,5", "4"]]),
            ('a\tb\n"Lillan" Ek\tx', [["a", "b"], ["Lillan Ek", "x"]]),
            ('a\tb\n"Lillan\tx\nBo\ty', [["a", "b"], ['"Lillan', "x"], ["Bo", "y"]]),
            ("a b\nÅsa\n\nBo\n", [["a b"], ["Åsa"], ["Bo"]]),
            ("\ufeffa;b", [["a", "b"]]),
            ("", []),
            ("\n\n", []),
        ],
    )
    def test_what_csv_can_be(self, text: str, rows: list[list[str]]) -> None:
        assert sheets.read_text(text, field="list") == rows

    def test_excel_by_its_values(self) -> None:
        book = openpyxl.Workbook()
        hidden = book.active
        assert hidden is not None
        hidden.sheet_state = "hidden"
        hidden["A1"] = "hemligt"
        page = book.create_sheet("Lista")
        page.append(["Namn", date(2025, 9, 2), 45902, 1.5, True, datetime(2025, 9, 2, 18, 30), time(18)])  # noqa: DTZ001
        page.append([])
        page.append(["Åsa", None, 1.0, "=1+1"])
        file = io.BytesIO()
        book.save(file)
        assert sheets.read_file(file.getvalue(), field="file") == [
            ["Namn", "2025-09-02", "45902", "1.5", "1", "2025-09-02 18:30", "18:00"],
            ["Åsa", "", "1"],  # a formula of which nobody knows what it gave is not worked out here
        ]


def a_zip(**parts: bytes) -> bytes:
    """A zip file with these parts; two underscores in a name are a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            folder.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def hostile_files() -> dict[str, bytes]:
    """Files that are no lists; by what is wrong."""
    sound = sheets.xlsx([Sheet("A", ("Namn",), [("Åsa",)])])
    with zipfile.ZipFile(io.BytesIO(sound)) as folder:
        whole = {name: folder.read(name) for name in folder.namelist()}

    def with_part(name: str, content: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for each, old in whole.items():
                made.writestr(each, content if each == name else old)
        return file.getvalue()

    sheet = "xl/worksheets/sheet1.xml"
    strings = "xl/sharedStrings.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst>&b;</sst>'
    return {
        "a picture": corpus.png(10, 10),
        "a letter": b"%PDF-1.7\n...",
        "an old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        "noise": bytes(range(256)) * 40,
        "a zip of something": a_zip(a=b"x"),
        "an empty zip": b"PK\x05\x06" + b"\0" * 18,
        "a torn zip": sound[: len(sound) // 2],
        "a head alone": b"PK\x03\x04",
        "one that swells": with_part(sheet, b" " * 60_000_000),
        "many parts": a_zip(**{f"del{number}": b"x" for number in range(500)}),
        "words for a sheet": with_part(sheet, b"hej"),
        "a sheet without an end": with_part(sheet, b"<worksheet><sheetData><row>"),
        "strings that are not there": with_part(strings, b"<sst/>"),
        "laughs": with_part(strings, laughs),
        "ten megabytes": b"a;b\n" * 2_700_000,
        "a million rows": b"a;b\n" * 900_000,
        "a thousand columns": b";" * 1_000,
        "a very long cell": b'"' + b"a" * 3_000_000 + b'"',
        "a lying directory": sound.replace(struct.pack("<H", 8), struct.pack("<H", 99)),
    }


HOSTILE = hostile_files()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(kind: str) -> None:
    with pytest.raises(Refusal) as no:
        sheets.read_file(HOSTILE[kind], field="file")
    assert no.value.field == "file"
    assert no.value.message.endswith(".")


def test_a_sheet_that_says_it_is_huge_is_read_as_it_is() -> None:
    made = sheets.xlsx([Sheet("A", ("Namn",), [("Åsa",)])])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
                assert b"XFD" in content
            new.writestr(name, content)
    assert sheets.read_file(file.getvalue(), field="file") == [["Namn"], ["Åsa"]]
