"""What is asked about a list of partners before it is taken in: its columns, kinds and towns, and who is whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from choir_app.choirs.models import Town
from choir_app.foundation.forms import Choice, Hidden, HouseForm, KeptTable, PastedTable, Upload
from choir_app.foundation.language import _, lazy_, ngettext
from choir_app.foundation.lists import ListTable
from choir_app.foundation.text import folded
from choir_app.partners.actions.import_list import ListedPartner
from choir_app.partners.models import Partner
from choir_app.partners.rules import KIND_NAMES, headings, import_list
from choir_app.partners.rules.import_list import PartnerRow, ReadPartners

COLUMN_NAMES = {
    "skip": lazy_("Ta inte med"),
    "name": lazy_("Partnerns namn"),
    "kind": lazy_("Sort"),
    "towns": lazy_("Ort"),
    "website": lazy_("Webbplats"),
    "about": lazy_("Om partnern"),
    "person": lazy_("Kontaktpersonens namn"),
    "first_name": lazy_("Kontaktpersonens förnamn"),
    "surname": lazy_("Kontaktpersonens efternamn"),
    "role": lazy_("Kontaktpersonens roll"),
    "phone": lazy_("Telefon"),
    "email": lazy_("Mejl"),
}
ANOTHER, LEAVE, ALL = "another", "leave", "all"


class PartnerListForm(HouseForm):
    """A list of partners, pasted or as a file."""

    list = PastedTable(
        lazy_("Klistra in listan"),
        longest=import_list.LONGEST_LIST,
        description=lazy_("Markera rutorna i Excel, kopiera och klistra in här. Ta gärna med rubrikerna."),
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off", "wrap": "off"},
    )
    file = Upload(
        lazy_("Eller välj en fil"),
        description=lazy_("Excel (.xlsx) eller CSV, högst 10 MB."),
        render_kw={"accept": ".xlsx,.csv,.tsv,.txt"},
    )


@dataclass(frozen=True)
class Twin:
    """A partner of the list of which it is asked who it is: those of the book and rows above that are alike."""

    row: PartnerRow
    known: tuple[Partner, ...]
    above: tuple[PartnerRow, ...]

    @property
    def namesake(self) -> Partner | None:
        """The one in the book with the very same name; then it is no other."""
        return next((one for one in self.known if one.folded_name == self.row.folded_name), None)


class PartnerPreview(HouseForm):
    """Everything that a list leaves open. The fields for columns, kinds, towns and twins are made for each list."""

    LONGEST_KEPT = 2 * import_list.LONGEST_LIST

    kept = KeptTable(longest=LONGEST_KEPT)
    receipt = Hidden()

    table: ListTable
    fields: list[str]
    reading: ReadPartners
    kinds: list[str]
    places: list[str]
    twins: list[Twin]
    known_towns: dict[str, Town]

    @property
    def receipt_id(self) -> UUID:
        """The receipt that was made with the page."""
        try:
            return UUID(str(self.receipt.data))
        except ValueError:
            return uuid4()

    # --- what the page shows

    @property
    def column_fields(self) -> list[Any]:
        """One field for each column of the list."""
        return [self[f"column_{place}"] for place in range(len(self.table.headings))]

    @property
    def kind_fields(self) -> list[Any]:
        """One field for each word for a kind."""
        return [self[f"kind_{place}"] for place in range(len(self.kinds))]

    @property
    def town_fields(self) -> list[Any]:
        """One field for each town that we do not know."""
        return [self[f"town_{place}"] for place in range(len(self.places))]

    @property
    def twin_fields(self) -> list[Any]:
        """One field for each partner that may be there already."""
        return [self[f"twin_{twin.row.number}"] for twin in self.twins]

    @property
    def coming(self) -> list[PartnerRow]:
        """The partners that will be taken in, as it is answered so far."""
        return [row for row in self.reading.partners if not self._is_left(row)]

    @property
    def left_out(self) -> list[PartnerRow]:
        """The partners that will not be taken in, as it is answered so far."""
        return [row for row in self.reading.partners if self._is_left(row)]

    # --- what was answered

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the fields, and see that the columns go together."""
        sound = super().validate(extra_validators)
        taken: set[str] = set()
        for place, name in enumerate(self.fields):
            if name != "skip" and name in taken:
                self[f"column_{place}"].errors = [_("Två kolumner kan inte vara samma sak. Ändra den ena.")]
                sound = False
            taken.add(name)
        if "name" not in taken:
            self.form_errors = [*self.form_errors, _("Säg vilken kolumn som har partnerns namn.")]
            sound = False
        return sound

    @property
    def said(self) -> list[ListedPartner]:
        """The partners of the list, as it was answered; those that were left out are not among them."""
        return [
            ListedPartner(row, kind=self.kind_of(row), towns=self.towns_of(row), same_as=self._same_as(row))
            for row in self.coming
        ]

    def kind_of(self, row: PartnerRow) -> str:
        """The kind of a partner: by its word, else by its name, else as it was said of all without one."""
        if not row.kind and (by_name := headings.kind_by_name(row.name)):
            return by_name
        answer = self[f"kind_{self.kinds.index(row.kind)}"].data if row.kind in self.kinds else ""
        return answer if answer in KIND_NAMES else headings.kind_of(row.kind) or "other"

    def towns_of(self, row: PartnerRow) -> tuple[Town, ...]:
        """The towns of a partner; none when it works in all of Sweden."""
        answers = [self._town(word) for word in row.towns]
        if ALL in answers:
            return ()
        return tuple({town.id: town for town in answers if isinstance(town, Town)}.values())

    def _town(self, word: str) -> Town | str:
        if word in self.places:
            answer = str(self[f"town_{self.places.index(word)}"].data or LEAVE)
            return self.known_towns.get(answer, ALL if answer == ALL else LEAVE)
        return ALL if folded(word) in headings.ALL_OF_SWEDEN else _named(self.known_towns, word) or LEAVE

    def _is_left(self, row: PartnerRow) -> bool:
        """Left out by a word, or only in towns that are left out: else it would seem to work in all of Sweden."""
        if f"twin_{row.number}" in self and self[f"twin_{row.number}"].data == LEAVE:
            return True
        above = self._same_as(row)
        if isinstance(above, int):
            return any(self._is_left(one) for one in self.reading.partners if one.number == above)
        return bool(row.towns) and all(self._town(word) == LEAVE for word in row.towns)

    def _same_as(self, row: PartnerRow) -> UUID | int | None:
        answer = self[f"twin_{row.number}"].data if f"twin_{row.number}" in self else ANOTHER
        if not answer or answer in (ANOTHER, LEAVE):
            return None
        by_number = {
            f"row-{one.number}": one.number for one in self.reading.partners if one.number < row.number
        }
        if answer in by_number:
            return by_number[answer]
        try:
            return UUID(answer)
        except ValueError:
            return None


def partner_preview(
    table: ListTable,
    *,
    known: Sequence[Partner],
    towns: Sequence[Town],
    sent: Mapping[str, str],
    kept: str,
) -> PartnerPreview:
    """The questions about one list: its columns as they are guessed or were chosen, and what follows from them."""
    guesses = import_list.guesses(table)
    fields = [
        chosen if (chosen := sent.get(f"column_{place}", "")) in COLUMN_NAMES else guess
        for place, guess in enumerate(guesses)
    ]
    reading = import_list.read_list(table, fields)
    known_towns = {str(town.id): town for town in towns}
    places = [
        word
        for word in reading.towns
        if folded(word) not in headings.ALL_OF_SWEDEN and not _named(known_towns, word)
    ]
    twins = _twins(reading.partners, known)

    class Asked(PartnerPreview):
        """The form of this very list."""

    for place, title in enumerate(table.headings):
        setattr(Asked, f"column_{place}", _column(table, place, title, guesses[place]))
    for place, word in enumerate(reading.kinds):
        setattr(Asked, f"kind_{place}", _kind(word, reading))
    for place, word in enumerate(places):
        setattr(Asked, f"town_{place}", _place(word, towns))
    for twin in twins:
        setattr(Asked, f"twin_{twin.row.number}", _twin(twin))
    form = Asked()
    form.kept.data = kept
    form.receipt.data = form.receipt.data or str(uuid4())
    form.table, form.fields, form.reading = table, fields, reading
    form.kinds, form.places, form.twins, form.known_towns = reading.kinds, places, twins, known_towns
    return form


def _named(towns: Mapping[str, Town], word: str) -> Town | None:
    return next((town for town in towns.values() if folded(town.name) == folded(word)), None)


def _twins(rows: Sequence[PartnerRow], known: Sequence[Partner]) -> list[Twin]:
    found = []
    for row in rows:
        same = tuple(one for one in known if row.is_alike(one.folded_name, one.website))
        above = tuple(import_list.alike_above(row, rows))[-5:]
        if same or above:
            found.append(Twin(row, same, above))
    return found


def _column(table: ListTable, place: int, title: str, guess: str) -> Choice:
    return Choice(
        title or _("Kolumn %(number)s", number=place + 1),
        choices=list(COLUMN_NAMES.items()),
        default=guess,
        description=" · ".join(_shortened(one) for one in table.examples(place)),
    )


def _shortened(words: str, most: int = 40) -> str:
    return words if len(words) <= most else f"{words[:most]}…"


def _kind(word: str, reading: ReadPartners) -> Choice:
    if word:
        count = sum(row.kind == word for row in reading.partners)
        label = ngettext(
            "«%(word)s» hos %(num)s partner", "«%(word)s» hos %(num)s partner", count, word=_shortened(word)
        )
    else:
        count = sum(not row.kind and not headings.kind_by_name(row.name) for row in reading.partners)
        label = ngettext("%(num)s partner utan sort", "%(num)s partner utan sort", count)
    return Choice(
        label,
        missing=_("Välj vilken sorts partner det är."),
        default=headings.kind_of(word) or ("" if word else "other"),
        choices=[("", _("Välj")), *KIND_NAMES.items()],
    )


def _place(word: str, towns: Sequence[Town]) -> Choice:
    return Choice(
        _("«%(word)s» finns inte bland våra orter", word=_shortened(word)),
        default=LEAVE,
        description=_("En partner som bara finns där tas inte med."),
        choices=[
            (LEAVE, _("Ta inte med orten")),
            *((str(town.id), _("Det är %(town)s", town=town.name)) for town in towns),
            (ALL, _("Partnern finns i hela Sverige")),
        ],
    )


def _twin(twin: Twin) -> Choice:
    row, namesake = twin.row, twin.namesake
    return Choice(
        _("%(name)s på rad %(number)s", name=row.name, number=row.number),
        missing=_("Välj vem det är."),
        default=str(namesake.id) if namesake else "",
        description=" · ".join(part for part in (", ".join(row.towns), row.website) if part),
        choices=[
            *([] if namesake else [("", _("Välj"))]),
            *((str(one.id), _("Samma som %(name)s, som redan finns", name=one.name)) for one in twin.known),
            *(
                (
                    f"row-{one.number}",
                    _("Samma som %(name)s på rad %(number)s", name=one.name, number=one.number),
                )
                for one in twin.above
            ),
            *([] if namesake else [(ANOTHER, _("En annan partner"))]),
            (LEAVE, _("Ta inte med")),
        ],
    )
