"""Lists that people bring from elsewhere: rows of text with their headings found, without what nobody may keep.

What a heading means each room says for itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from choir_app.foundation import sheets, text
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal

NUMBER = "number"
"""A column with personal identity numbers: it is never read."""
MOST_KEPT_BYTES = 1_500_000
"""Of a list that travels with its page; a form as a whole may hold 2 MB."""


@dataclass(frozen=True)
class ListTable:
    """A list with its headings. `dropped` are the headings of columns that were not read, by why."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    dropped: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_rows(self) -> list[tuple[str, ...]]:
        """Headings and rows, as they travel with the page."""
        return [self.headings, *self.rows]

    def examples(self, place: int, most: int = 3) -> list[str]:
        """What stands in a column, the first few different things."""
        seen = dict.fromkeys(row[place].strip() for row in self.rows if row[place].strip())
        return list(seen)[:most]


@dataclass(frozen=True)
class Most:
    """How much a list may hold: rows, columns, and signs when it travels with its page."""

    rows: int
    columns: int
    signs: int


def read_sent(
    file: FileStorage | None, pasted: str, reader: Callable[[list[list[str]]], ListTable], most: Most
) -> ListTable:
    """A list that was sent as a file or pasted; raises Refusal beside the field («file», «list») that it came in."""
    field = "file" if file is not None else "list"
    if file is not None:
        rows = sheets.read_file(file.read(sheets.LARGEST_FILE + 1), field=field)
    else:
        rows = sheets.read_text(pasted, field=field)
    table = reader(sheets.cleaned(rows, field=field))
    if not rows:
        raise Refusal(_("Klistra in en lista eller välj en fil."), field=field)
    if not table.rows:
        raise Refusal(_("Listan har inga namn under rubrikerna."), field=field)
    if len(table.rows) > most.rows:
        raise Refusal(
            _("Listan har för många rader. Ta högst %(number)s åt gången.", number=most.rows), field=field
        )
    if len(table.headings) > most.columns:
        raise Refusal(
            _("Listan har för många kolumner. Ta högst %(number)s åt gången.", number=most.columns),
            field=field,
        )
    kept = sheets.as_csv(table.as_rows)
    if len(kept) > most.signs or len(kept.encode()) > MOST_KEPT_BYTES:
        raise Refusal(_("Listan är för lång. Dela den i två."), field=field)
    return table


def table_of(
    rows: Sequence[Sequence[str]],
    *,
    meaning_of: Callable[[str], str | None],
    row_of_headings: Callable[[Sequence[Sequence[str]]], int | None],
    has_headings: bool = False,
) -> ListTable:
    """The list in rows of text: its headings found, and without columns of personal identity numbers.

    `meaning_of` says what a heading means, `row_of_headings` which row holds them; `has_headings` says that the
    first one does, as in `ListTable.as_rows`.
    """
    width = max((len(row) for row in rows), default=0)
    whole = [tuple(" ".join(cell.split()) for cell in row) + ("",) * (width - len(row)) for row in rows]
    top = 0 if has_headings and whole else row_of_headings(whole)
    if top is None:
        titles = tuple(_("Kolumn %(number)s", number=place + 1) for place in range(width))
        things = whole
    else:
        titles = tuple(
            _("Kolumn %(number)s", number=place + 1) if text.has_identity_number(title) else title
            for place, title in enumerate(whole[top])
        )
        things = whole[top + 1 :]
    things = [row for row in things if any(row)]
    dropped: dict[str, str] = {}
    kept: list[int] = []
    for place, title in enumerate(titles):
        cells = [row[place] for row in things if row[place]]
        meaning = meaning_of(title)
        if meaning == NUMBER or (meaning not in ("phone", "email") and holds_identity_numbers(cells)):
            dropped[title or _("Kolumn %(number)s", number=place + 1)] = NUMBER
        elif title or cells:
            kept.append(place)
    return ListTable(
        headings=tuple(titles[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in things),
        dropped=dropped,
    )


_LOOKS_LIKE_NUMBER = re.compile(
    r"(?:19|20)\d{6}[-+ ]?\d{4}|\d{6}[-+]\d{4}|(?:19|20)?\d{6}[-+ ]?[x*]{4}", re.IGNORECASE
)


def holds_identity_numbers(cells: Sequence[str]) -> bool:
    """Whether half of a column or more looks like personal identity numbers, whatever it is called."""
    if not cells:
        return False
    likely = sum(
        bool(_LOOKS_LIKE_NUMBER.fullmatch(cell))
        or (text.has_identity_number(cell) and not re.match(r"\+|00|07\d[- ]?\d{3}", cell))
        for cell in cells
    )
    return likely * 2 >= len(cells)


def is_phone_column(cells: Sequence[str]) -> bool:
    """Whether everything in a column could be a telephone number."""
    return bool(cells) and all(re.fullmatch(r"\+?[\d\s\-()/]{7,20}", cell) for cell in cells)


def read_phone(written: str) -> str | None:
    """A telephone number as it was written, with the nought that Excel took away; None when it is none."""
    digits = re.sub(r"[\s\-()./]", "", written)
    if re.fullmatch(r"7[0-9]{8}", digits):  # Excel takes the nought away
        written, digits = f"0{written}", f"0{digits}"
    looks_right = bool(re.fullmatch(r"\+?[0-9]{6,15}", digits)) and len(written) <= 40
    if not looks_right or (not digits.startswith(("0", "+")) and text.has_identity_number(written)):
        return None
    return written


def read_email(written: str) -> str | None:
    """An e-mail address in small letters; None when it is none."""
    address = written.lower()
    if len(address) > 254 or not re.fullmatch(
        r"[^@\s<>\",;:\\\[\]()]+@[^@\s<>\",;:\\\[\]()]+\.[^@\s.<>\",;:\\\[\]()]{2,}", address
    ):
        return None
    return address
