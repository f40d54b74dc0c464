"""Reading a list of partners and contacts: columns and rows, before anything is written.

Pure values: rows of text come in; what they mean, what is wrong and what must be asked comes out. Several rows with
the same organisation are one partner with several people.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from choir_app.foundation import lists, text
from choir_app.foundation.language import _
from choir_app.foundation.lists import NUMBER, ListTable
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.text import folded
from choir_app.partners.rules import headings
from choir_app.partners.rules.partners import are_alike, home_of, web_address

MOST_LISTED = 500
"""Rows that are taken in at once."""
MOST_COLUMNS = 60
LONGEST_LIST = 300_000
"""Characters of a list that travels with its page."""
LONGEST_NAME = 120
LONGEST_ABOUT = 1000
LONGEST_ROLE = 120
MOST_TOWNS = 30

COLUMN_FIELDS = (
    *(
        "name",
        "kind",
        "towns",
        "website",
        "about",
        "person",
        "first_name",
        "surname",
        "role",
        "phone",
        "email",
    ),
    "skip",
)
"""What a column may hold."""


# --- the table ---------------------------------------------------------------------------------------------------


def table_of(rows: Sequence[Sequence[str]], *, has_headings: bool = False) -> ListTable:
    """The list in rows of text: its headings found, and without columns of personal identity numbers."""
    return lists.table_of(
        rows, meaning_of=headings.meaning_of, row_of_headings=_row_of_headings, has_headings=has_headings
    )


def _row_of_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows holds the headings: the one with most words that headings are made of."""
    scores = [sum(headings.meaning_of(cell) is not None for cell in row if cell) for row in rows[:10]]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def guesses(table: ListTable) -> list[str]:
    """What each column most likely holds; nothing twice."""
    taken: set[str] = set()
    found: list[str] = []
    for place, title in enumerate(table.headings):
        guess = headings.meaning_of(title) or _by_content(table, place)
        if guess in taken or guess == NUMBER:
            guess = "skip"
        taken.add(guess)
        found.append(guess)
    if "name" not in taken:
        free = next(
            (
                place
                for place, guess in enumerate(found)
                if guess == "skip"
                and headings.meaning_of(table.headings[place]) is None
                and any(re.search(r"[^\W\d_]{2}", cell) for cell in table.examples(place))
            ),
            None,
        )
        if free is not None:
            found[free] = "name"
    return found


def _by_content(table: ListTable, place: int) -> str:
    cells = table.examples(place, most=40)
    if cells and all("@" in cell for cell in cells):
        return "email"
    if cells and all(re.match(r"(https?://|www\.)", cell) for cell in cells):
        return "website"
    return "phone" if lists.is_phone_column(cells) else "skip"


# --- the rows ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListedContact:
    """A person at a partner, as a row says."""

    person: str
    role: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class PartnerRow:
    """One partner of a list, from one row or several: what they say, what is wrong and what is worth knowing."""

    number: int
    """Of its first row."""
    name: str = ""
    kind: str = ""
    """The word for its kind, as it was written."""
    towns: tuple[str, ...] = ()
    """As they were written; none means that nothing was."""
    website: str | None = None
    about: str | None = None
    contacts: tuple[ListedContact, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @cached_property
    def folded_name(self) -> str:
        """The name as it is compared."""
        return folded(self.name)

    def is_alike(self, name: str, website: str | None) -> bool:
        """Whether it may well be the partner of this folded name or website."""
        home = home_of(self.website) if website else None
        return bool(home and home == home_of(website)) or are_alike(self.folded_name, name)


@dataclass(frozen=True)
class ReadPartners:
    """All partners of a list."""

    partners: tuple[PartnerRow, ...]
    wrong: tuple[PartnerRow, ...]

    @property
    def kinds(self) -> list[str]:
        """Every word for a kind that is written, and the empty one where nothing is and no name tells."""
        words = dict.fromkeys(row.kind for row in self.partners if row.kind)
        if any(not row.kind and not headings.kind_by_name(row.name) for row in self.partners):
            words[""] = None
        return list(words)

    @property
    def towns(self) -> list[str]:
        """Every town that is written, the first one first."""
        return list(dict.fromkeys(town for row in self.partners for town in row.towns))

    @property
    def contact_count(self) -> int:
        """How many people are on the list."""
        return sum(len(row.contacts) for row in self.partners)


def read_list(table: ListTable, fields: Sequence[str]) -> ReadPartners:
    """What the rows say when the columns hold `fields`; a row without a name belongs to nobody and is told as wrong."""
    found: dict[str, PartnerRow] = {}
    wrong: list[PartnerRow] = []
    for number, cells in enumerate(table.rows, start=1):
        said = {name: cells[place] for place, name in enumerate(fields) if name != "skip"}
        row = _read_row(number, said)
        if row.errors:
            wrong.append(row)
        elif row.folded_name in found:
            found[row.folded_name] = _joined(found[row.folded_name], row)
        else:
            found[row.folded_name] = row
    return ReadPartners(tuple(found.values()), tuple(wrong))


def _joined(first: PartnerRow, more: PartnerRow) -> PartnerRow:
    """A partner with what a further row says of it: the first word counts, people and towns are added."""
    known = {folded(one.person) for one in first.contacts}
    return replace(
        first,
        kind=first.kind or more.kind,
        towns=tuple(dict.fromkeys((*first.towns, *more.towns))),
        website=first.website or more.website,
        about=first.about or more.about,
        contacts=(*first.contacts, *(one for one in more.contacts if folded(one.person) not in known)),
        warnings=tuple(dict.fromkeys((*first.warnings, *more.warnings))),
    )


def _read_row(number: int, said: Mapping[str, str]) -> PartnerRow:
    errors: list[str] = []
    warnings: list[str] = []
    name = said.get("name", "")
    if not folded(name):
        errors.append(_("Raden har inget namn på partnern."))
    if len(name) > LONGEST_NAME:
        errors.append(_("Namnet är för långt. Skriv högst %(number)s tecken.", number=LONGEST_NAME))
    if any(
        text.has_identity_number(said.get(one, "")) for one in COLUMN_FIELDS if one not in ("phone", "email")
    ):
        errors.append(_("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."))
    about = said.get("about") or None
    if about and len(about) > LONGEST_ABOUT:
        warnings.append(_("Anteckningen är för lång. Vi tar inte med den."))
        about = None
    return PartnerRow(
        number=number,
        name=name,
        kind=said.get("kind", "")[:60],
        towns=_towns(said.get("towns", "")),
        website=_website(said.get("website", ""), warnings),
        about=about,
        contacts=_contacts(said, warnings),
        errors=tuple(errors),
        warnings=tuple(warnings),
    )


def _towns(written: str) -> tuple[str, ...]:
    words = re.split(r"\s*(?:[,;/|+&]|\s(?:och|and)\s)\s*", written)
    return tuple(dict.fromkeys(word[:60] for word in words if word))[:MOST_TOWNS]


def _website(written: str, warnings: list[str]) -> str | None:
    if not written:
        return None
    try:
        if len(written) > 290:
            raise Refusal(written)
        return web_address(written)
    except Refusal:
        warnings.append(_("Vi kan inte läsa webbadressen. Vi tar inte med den."))
        return None


def _contacts(said: Mapping[str, str], warnings: list[str]) -> tuple[ListedContact, ...]:
    whole = said.get("person") or " ".join(
        part for part in (said.get("first_name", ""), said.get("surname", "")) if part
    )
    phone, email = _phone(said.get("phone", ""), warnings), _email(said.get("email", ""), warnings)
    role = said.get("role") or None
    if role and len(role) > LONGEST_ROLE:
        role = role[:LONGEST_ROLE].rstrip()
    if not whole:
        if not (phone or email):
            return ()
        whole = role or _("Växel") if phone and not email else role or _("Kontakt")
    if len(whole) > LONGEST_NAME:
        warnings.append(_("Kontaktpersonens namn är för långt. Vi tar inte med personen."))
        return ()
    return (ListedContact(whole, role if role != whole else None, phone, email),)


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


def alike_above(row: PartnerRow, others: Iterable[PartnerRow]) -> list[PartnerRow]:
    """The partners further up in the list that this one may be."""
    return [one for one in others if one.number < row.number and row.is_alike(one.folded_name, one.website)]
