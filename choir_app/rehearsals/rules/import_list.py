"""Reading a list of singers or an old attendance matrix: columns, marks and rows, before anything is written.

Pure values: rows of text come in; what they mean, what is wrong and what must be asked comes out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from choir_app.foundation import lists, text
from choir_app.foundation.language import _
from choir_app.foundation.lists import ListTable
from choir_app.foundation.text import folded
from choir_app.rehearsals.rules import headings
from choir_app.rehearsals.rules.acts import LONGEST_NAME, MOST_GUESTS
from choir_app.rehearsals.rules.written_days import is_month_first, read_day

MOST_PEOPLE = 1_000
"""Rows that are taken in at once."""
MOST_LIST_COLUMNS = 120
LONGEST_LIST = 300_000
"""Characters of a list that travels with its page."""
MOST_MARKS = 5_000
"""Marks that are taken in at once."""
MOST_DIFFERENT_MARKS = 30
LONGEST_SINGER_NOTE = 500

COLUMN_FIELDS = (
    *("first_name", "surname", "name", "voice", "phone", "email", "reads", "since", "note", "day", "skip"),
)
"""What a column may hold; a `day` is a column of marks with its date on top."""

PRESENT, ABSENT, NOTHING = "present", "absent", "nothing"

_MARKS = {
    **dict.fromkeys(
        (
            "x",
            "xx",
            "1",
            "ja",
            "j",
            "yes",
            "y",
            "p",
            "ok",
            "här",
            "v",
            "+",
            "närvarande",
            "när",
            "present",
            "sant",
        ),
        PRESENT,
    ),
    **dict.fromkeys(
        ("true", "here", "sen", "sent", "late", "✓", "✔", "✔️", "☑", "✅", "•", "●", "√", "deltog"), PRESENT
    ),
    **dict.fromkeys(
        ("0", "nej", "no", "f", "fr", "frånv", "frånvarande", "absent", "a", "sjuk", "borta"), ABSENT
    ),
    **dict.fromkeys(("ledig", "falskt", "false", "förhindrad", "excused", "anmäld", "☒", "❌", "✗"), ABSENT),
    **dict.fromkeys(("?", "-", "–", "—", ".", "☐", "☐️"), NOTHING),
}


def what_mark_means(mark: str, others: Iterable[str] = ()) -> str | None:
    """Whether a mark says that somebody was there, said no, or nothing; None when nobody can know.

    «n» is «närvarande», but where others have «ja» or «j» it is «nej».
    """
    plain = mark.strip().casefold()
    if plain == "n":
        return ABSENT if {"j", "ja", "y", "yes"} & {other.strip().casefold() for other in others} else PRESENT
    return _MARKS.get(plain)


# --- the table ---------------------------------------------------------------------------------------------------


def table_of(rows: Sequence[Sequence[str]], *, has_headings: bool = False) -> ListTable:
    """The list in rows of text: its headings found, and without columns of personal identity numbers.

    `has_headings` says that the first row holds them, as it does in `ListTable.as_rows`.
    """
    return lists.table_of(
        rows, meaning_of=headings.meaning_of, row_of_headings=_row_of_headings, has_headings=has_headings
    )


def _row_of_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows holds the headings: the one with most words that headings are made of."""
    scores = [
        sum(headings.meaning_of(cell) is not None for cell in row if cell)
        + min(sum(read_day(cell) is not None for cell in row if cell), 3)
        for row in rows[:10]
    ]
    best = max(scores, default=0)
    if best == 0:
        return None
    top = scores.index(best)
    has_word = any(headings.meaning_of(cell) for cell in rows[top] if cell)
    return top if has_word or best >= 3 else None


def guesses(table: ListTable) -> list[str]:
    """What each column most likely holds; no field but `day` twice."""
    american = is_month_first(table.headings)
    taken: set[str] = set()
    found: list[str] = []
    for place, title in enumerate(table.headings):
        guess = headings.meaning_of(title)
        if guess is None and read_day(title, month_first=american) is not None:
            guess = "day"
        if guess is None:
            guess = _by_content(table, place)
        if guess in (headings.NOT_KEPT, "note", "skip") or (guess in taken and guess != "day"):
            guess = "skip"
        taken.add(guess)
        found.append(guess)
    if "first_name" in taken and "surname" not in taken and "name" in taken:
        found[found.index("name")] = "skip"
    if not {"first_name", "name"} & taken and (free := _first_words(table, found)) is not None:
        found[free] = "name"
    return found


def _by_content(table: ListTable, place: int) -> str:
    cells = table.examples(place, most=40)
    if cells and all("@" in cell for cell in cells):
        return "email"
    if lists.is_phone_column(cells):
        return "phone"
    if cells and all(headings.usual_voice(cell) in headings.VOICES for cell in cells):
        return "voice"
    return "skip"


def _first_words(table: ListTable, found: Sequence[str]) -> int | None:
    """The first column that nobody knows and that holds words: with no other column for it, that is the names."""
    for place, guess in enumerate(found):
        cells = table.examples(place, most=10)
        is_free = guess == "skip" and headings.meaning_of(table.headings[place]) is None
        if is_free and cells and all(re.search(r"[^\W\d_]{2}", cell) for cell in cells):
            return place
    return None


def is_not_kept(title: str) -> bool:
    """Whether a column holds something that is kept of nobody, or had better not be."""
    return headings.meaning_of(title) == headings.NOT_KEPT


# --- the rows ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRow:
    """One row of a list: what it says, what is wrong (then it is left out) and what is worth knowing."""

    number: int
    first_name: str = ""
    surname: str | None = None
    voice: str | None = None
    phone: str | None = None
    email: str | None = None
    reads: str | None = None
    since: date | None = None
    note: str | None = None
    marks: Mapping[int, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name as it is said aloud."""
        return f"{self.first_name} {self.surname}" if self.surname else self.first_name

    @property
    def folded_name(self) -> str:
        """The name as it is compared."""
        return folded(self.name)


@dataclass(frozen=True)
class ReadList:
    """All rows of a list, read by what its columns hold; `guests` are heads without a name, by column."""

    rows: tuple[ListRow, ...]
    guests: Mapping[int, int]
    not_people: tuple[str, ...]

    @property
    def people(self) -> list[ListRow]:
        """The rows that can be taken in."""
        return [row for row in self.rows if not row.errors]

    @property
    def wrong(self) -> list[ListRow]:
        """The rows that cannot."""
        return [row for row in self.rows if row.errors]

    @property
    def marks(self) -> list[str]:
        """Every different mark of the people, the most frequent first."""
        found = Counter(mark for row in self.people for mark in row.marks.values())
        return [mark for mark, _count in found.most_common()]

    @property
    def voices(self) -> list[str]:
        """Every different voice that was written, as it is compared with those of the choir."""
        return list(dict.fromkeys(row.voice for row in self.people if row.voice))


def read_list(table: ListTable, fields: Sequence[str], *, today: date) -> ReadList:
    """What the rows say when the columns hold `fields`."""
    rows: list[ListRow] = []
    guests: dict[int, int] = {}
    not_people: list[str] = []
    for number, cells in enumerate(table.rows, start=1):
        said = {name: cells[place] for place, name in enumerate(fields) if name not in ("day", "skip")}
        marks = {place: cells[place] for place, name in enumerate(fields) if name == "day" and cells[place]}
        called = folded(said.get("name") or said.get("first_name") or "")
        if called in headings.GUESTS:
            guests |= {place: int(cell) for place, cell in marks.items() if _is_head_count(cell)}
        elif called in headings.NOT_PEOPLE:
            not_people.append(said.get("name") or said.get("first_name") or "")
        else:
            rows.append(_read_row(number, said, marks, today=today))
    return ReadList(tuple(rows), guests, tuple(not_people))


def _is_head_count(cell: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,4}", cell)) and int(cell) <= MOST_GUESTS


def _read_row(number: int, said: Mapping[str, str], marks: Mapping[int, str], *, today: date) -> ListRow:
    errors: list[str] = []
    warnings: list[str] = []
    first, last = _names(said)
    if not first:
        errors.append(_("Raden har inget förnamn."))
    if max(len(first), len(last or "")) > LONGEST_NAME:
        errors.append(_("Namnet är för långt. Skriv högst %(number)s tecken.", number=LONGEST_NAME))
    note = said.get("note") or None
    for words in (first, last or "", note or "", said.get("voice", "")):
        if text.has_identity_number(words):
            errors.append(_("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."))
            break
    if note and len(note) > LONGEST_SINGER_NOTE:
        warnings.append(_("Anteckningen är för lång. Vi tar inte med den."))
        note = None
    voice = said.get("voice") or None
    if voice and len(voice) > 60:
        warnings.append(_("Vi kan inte läsa stämman. Vi tar inte med den."))
        voice = None
    return ListRow(
        number=number,
        first_name=first,
        surname=last,
        voice=voice,
        phone=_phone(said.get("phone", ""), warnings),
        email=_email(said.get("email", ""), warnings),
        reads=_language(said.get("reads", ""), warnings),
        since=_began(said.get("since", ""), warnings, today=today),
        note=note,
        marks=marks,
        errors=tuple(errors),
        warnings=tuple(warnings),
    )


def _names(said: Mapping[str, str]) -> tuple[str, str | None]:
    """First name and surname: in columns of their own, or in one as «Åsa Ek» or «Ek, Åsa»."""
    first, last, whole = said.get("first_name", ""), said.get("surname", ""), said.get("name", "")
    if first or not whole:
        return first, last or None
    if last:
        return whole, last
    if "," in whole:
        last, _comma, first = (part.strip() for part in whole.partition(","))
        return (first, last) if first else (last, None)
    first, _space, last = whole.partition(" ")
    return first, last or None


def _phone(written: str, warnings: list[str]) -> str | None:
    if not written:
        return None
    phone = lists.read_phone(written)
    if phone is None:
        warnings.append(_("Vi kan inte läsa telefonnumret. Vi tar inte med det."))
    return phone


def _email(written: str, warnings: list[str]) -> str | None:
    if not written:
        return None
    address = lists.read_email(written)
    if address is None:
        warnings.append(_("Vi kan inte läsa mejladressen. Vi tar inte med den."))
    return address


def _language(written: str, warnings: list[str]) -> str | None:
    if not written:
        return None
    code = headings.language_of(written)
    if code is None:
        warnings.append(_("Vi kan inte språket som står där. Vi tar inte med det."))
    return code


def _began(written: str, warnings: list[str], *, today: date) -> date | None:
    if not written:
        return None
    day = read_day(written)
    if re.fullmatch(r"(19[5-9]|20[0-9])[0-9]", written):  # the year alone
        day = date(int(written), 1, 1)
    if not isinstance(day, date) or day > today:
        warnings.append(_("Vi kan inte läsa dagen då sångaren började. Vi tar inte med den."))
        return None
    return day
