"""Sheets: what leaves as Excel and CSV, and what people bring from there, as rows of plain text.

No cell of ours becomes a formula, however the file is split up again, and our own reading gives back what was written.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

import openpyxl
import xlsxwriter

from choir_app.foundation import clock
from choir_app.foundation import text as text_of_house
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal

Cell = str | int | float | date | datetime | time | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv"

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file that somebody brings."""
LARGEST_UNPACKED = 20 * 1024 * 1024
"""Bytes of an Excel file when it is unpacked; some are made to swell."""
MOST_PARTS = 200
"""Files that may lie in an Excel file; a sheet of ours has about ten."""
MOST_CELLS = 2_000_000
"""Cells that are looked at, empty ones too; a file may name the same sheet any number of times."""
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_LETTERS = 2_000_000
"""Characters in all that a list may hold."""
LONGEST_CELL = 32_767
"""Characters in a cell. Source: Excel's own limit."""


@dataclass(frozen=True)
class Sheet:
    """A table with a name and a heading over every column; texts stay texts and days become days."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


_EXCEL_BEGINS = date(1899, 12, 31)
"""The day that Excel counts from: an hour on it is an hour without a day."""


# --- written --------------------------------------------------------------------------------------------------


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one Excel file: the headings stay in sight, every column is as wide as what stands in it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": clock.now().replace(tzinfo=None)})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        time: book.add_format({"num_format": "hh:mm", "align": "left"}),
    }
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_free_name(sheet.name, taken))
        page.freeze_panes(1, 0)
        for place, title in enumerate(sheet.columns):
            page.write_string(0, place, title, head)
            page.set_column(
                place, place, _width(title, [row[place] for row in sheet.rows if place < len(row)])
            )
        for number, row in enumerate(sheet.rows, start=1):
            for place, value in enumerate(row):
                match value:
                    case None | "":
                        pass
                    case str():
                        page.write_string(number, place, value)
                    case datetime():
                        moment = clock.local(value).replace(tzinfo=None) if value.tzinfo else value
                        page.write_datetime(number, place, moment, formats[datetime])
                    case date():
                        page.write_datetime(number, place, datetime.combine(value, time(0)), formats[date])
                    case time():
                        page.write_datetime(
                            number, place, datetime.combine(_EXCEL_BEGINS, value), formats[time]
                        )
                    case _:
                        page.write_number(number, place, value)
    book.close()
    return file.getvalue()


def csv_file(sheet: Sheet) -> bytes:
    """The sheet as CSV that Excel opens right in Sweden: semicolons, UTF-8 with its mark, lines ended by CRLF.

    A text that could be read as a formula begins with an apostrophe, and so does every part of it that would
    begin a cell if somebody split the file by commas, tabs or lines. `read_text` takes them away again.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in (sheet.columns, *sheet.rows):
        writer.writerow([_as_text(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def as_pasted(rows: Iterable[Sequence[str]]) -> str:
    """Rows of text as Excel puts them on the clipboard: tabs between the cells."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter="\t", lineterminator="\n").writerows(
        [neutral(cell) for cell in row] for row in rows
    )
    return file.getvalue()


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows of text as CSV that `read_text` reads back equal, to travel in a page."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [neutral(cell) for cell in row] for row in rows
    )
    return file.getvalue()


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files with their names, packed into one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files:
            folder.writestr(zipfile.ZipInfo(name, clock.local(clock.now()).timetuple()[:6]), content)
    return packed.getvalue()


def _as_text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return neutral(value)
        case datetime():
            moment = clock.local(value) if value.tzinfo else value
            return f"{moment:%Y-%m-%d %H:%M}"
        case time():
            return f"{value:%H:%M}"
        case float():
            return str(value).replace(".", ",")
        case _:
            return str(value)


def _free_name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:28] or "Blad"
    free, number = plain, 1
    while free.casefold() in taken:
        number += 1
        free = f"{plain} {number}"
    taken.add(free.casefold())
    return free


def _width(title: str, values: Iterable[Cell]) -> float:
    longest = max((len(line) for value in values for line in _as_text(value).splitlines()), default=0)
    return min(max(longest, max((len(word) for word in title.split()), default=0), 6) + 2, 60)


# --- no cell is a formula -------------------------------------------------------------------------------------

_SIGNS = "=+\\-@|%⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹪﹫％＋－＝＠｜−"
"""What a formula begins with, also in full width and in every form that a program may read as the plain sign."""
_UNSEEN = r'[^\S\t\r\n]|["\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'
_BEGINS_FORMULA = rf"(?:(?:{_UNSEEN})*[{_SIGNS}])"
_DANGER = re.compile(rf"^(?='*(?:{_BEGINS_FORMULA}|[\t\r\n]))|(?<=[;,\t\r\n])(?='*{_BEGINS_FORMULA})")
_NEUTRALISED = re.compile(rf"^'(?='*(?:{_BEGINS_FORMULA}|[\t\r\n]))|(?<=[;,\t\r\n])'(?='*{_BEGINS_FORMULA})")


def neutral(text: str) -> str:
    """The text with an apostrophe wherever a formula could begin; every other text stays as it is."""
    return _DANGER.sub("'", text)


def as_meant(text: str) -> str:
    """The text as it was before `neutral`."""
    return _NEUTRALISED.sub("", text)


# --- read -----------------------------------------------------------------------------------------------------


def read_file(content: bytes, *, field: str) -> list[list[str]]:
    """The rows of a file that somebody brings, CSV or Excel, known by its content and not by its name.

    Raises Refusal beside `field` for what is no such file, or is too large.
    """
    if len(content) > LARGEST_FILE:
        raise Refusal(
            _("Filen är för stor. Den får vara högst %(number)s MB.", number=LARGEST_FILE // 1024**2),
            field=field,
        )
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content, field=field)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            _("Filen är från ett gammalt Excel eller har lösenord. Spara den som .xlsx eller .csv."),
            field=field,
        )
    text = _decoded(content)
    if re.search("[\x00-\x08\x0e-\x1a]", text) or text.startswith(("%PDF", "{\\rtf")):
        raise Refusal(_("Filen är ingen lista. Spara listan som Excel (.xlsx) eller CSV."), field=field)
    return read_text(text, field=field)


def read_text(text: str, *, field: str) -> list[list[str]]:
    """The rows of a text with tabs, semicolons or commas between its cells; lines with nothing at all are left out.

    Raises Refusal beside `field` for too many rows or columns.
    """
    text = text.removeprefix("\ufeff")
    separator = _separator_of(text)
    rows = _split(text, separator)
    if rows is None:  # a quotation mark is opened and never closed: then they are signs like others
        rows = _split(text, separator, has_quotes=False)
    if rows is None:
        raise Refusal(_("En ruta i listan är för lång. Dela upp texten."), field=field)
    return _measured([[as_meant(cell) for cell in row] for row in rows], field=field)


def cleaned(rows: Iterable[Sequence[str]], *, field: str) -> list[list[str]]:
    """The rows as the house stores words; raises Refusal beside `field` for what cannot be stored."""
    kept: list[list[str]] = []
    for number, row in enumerate(rows, start=1):
        try:
            kept.append([text_of_house.clean(cell) for cell in row])
        except ValueError:
            raise Refusal(
                _("Rad %(number)s innehåller tecken som vi inte kan spara. Ta bort dem.", number=number),
                field=field,
            ) from None
    return kept


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with or without its mark, else Windows' western letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        return content.decode("utf-16-le", errors="replace")
    if content[0:200:2].count(0) > len(content[0:200:2]) // 2:
        return content.decode("utf-16-be", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


_SAMPLE = 20_000
"""Characters that are looked at to see what stands between the cells."""


def _separator_of(text: str) -> str:
    """Tab, semicolon or comma: the one that cuts most lines into as many cells as the first."""
    if found := re.match(r'"(?:[^"]|"")*"([\t;,])', text[:_SAMPLE]):
        return found[1]
    scores: list[tuple[float, int, str]] = []
    for place, separator in enumerate(";\t,"):
        rows = _split(text[:_SAMPLE], separator) or _split(text[:_SAMPLE], separator, has_quotes=False)
        widths = [len(row) for row in (rows or [])[:60]]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        if usual > 1:
            scores.append((widths.count(usual) / len(widths), 3 - place, separator))
    return max(scores)[2] if scores else ";"


_LAST = "slut på listan"


def _split(text: str, separator: str, *, has_quotes: bool = True) -> list[list[str]] | None:
    """The rows; None when the text ends inside quotation marks or a cell is longer than any program writes."""
    file = io.StringIO(f"{text}\n{_LAST}", newline="")
    quoting = csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE
    reader = (row for row in csv.reader(file, delimiter=separator, quoting=quoting) if row)
    try:
        rows = list(islice(reader, MOST_ROWS + 2))
    except csv.Error:
        return None
    if len(rows) > MOST_ROWS + 1:  # too many, whatever the rest is
        return rows
    return rows[:-1] if rows and rows[-1] == [_LAST] else None


def _measured(rows: list[list[str]], *, field: str) -> list[list[str]]:
    if len(rows) > MOST_ROWS:
        raise Refusal(
            _("Listan har för många rader. Ta högst %(number)s åt gången.", number=MOST_ROWS), field=field
        )
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise Refusal(
            _("Listan har för många kolumner. Ta högst %(number)s åt gången.", number=MOST_COLUMNS),
            field=field,
        )
    if sum(len(cell) for row in rows for cell in row) > MOST_LETTERS:
        raise Refusal(_("Listan är för lång. Dela den i två."), field=field)
    return rows


def _read_xlsx(content: bytes, *, field: str) -> list[list[str]]:
    unreadable = Refusal(
        _("Filen går inte att öppna. Spara listan som Excel (.xlsx) eller CSV och försök igen."), field=field
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            parts = folder.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names:
                raise unreadable
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise Refusal(_("Filen är för stor när vi packar upp den. Dela listan i två."), field=field)
            if any(_has_document_type(folder.read(part)) for part in parts):
                raise unreadable
        rows = _rows_of_first_sheet(content, field=field)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - a file made to do harm can make the reader stumble in any way
        raise unreadable from None
    while rows and not any(rows[-1]):
        rows.pop()
    return _measured([row for row in rows if any(row)], field=field)


def _has_document_type(part: bytes) -> bool:
    """Whether a part may put words in by a name: no sheet does, but files that swell do.

    It may stand after any number of remarks; letters of two bytes would hide it and are not read at all.
    """
    has_wide_letters = b"\0" in part[:4] and part.lstrip(b"\0\t\r\n ")[:1] == b"<"
    return b"<!DOCTYPE" in part or has_wide_letters or part.startswith((b"\xff\xfe", b"\xfe\xff"))


def _rows_of_first_sheet(content: bytes, *, field: str) -> list[list[str]]:
    """What stands in the first sheet that shows and holds something; formulas by what they last gave."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        letters, cells = 0, 0
        for page in book.worksheets:
            if page.sheet_state != "visible":
                continue
            page.reset_dimensions()  # what a file says of its own size may be anything
            rows: list[list[str]] = []
            for row in page.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True):
                cells += 1 + len(row)
                letters += sum(min(len(value), LONGEST_CELL) for value in row if isinstance(value, str))
                if cells > MOST_CELLS or letters > MOST_LETTERS:  # one long word may stand in many cells
                    raise Refusal(_("Listan är för lång. Dela den i två."), field=field)
                rows.append([_as_typed(value) for value in _without_end(row)])
            if any(any(row) for row in rows):
                return rows
    finally:
        book.close()
    return []


def _without_end(row: Sequence[object]) -> Sequence[object]:
    last = next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)
    return row[:last]


def _as_typed(value: object) -> str:
    """A cell of Excel as it would be typed: days as 2025-09-02, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            is_day = value.time() == time(0)
            return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
        case _:
            return str(value)[:LONGEST_CELL]
