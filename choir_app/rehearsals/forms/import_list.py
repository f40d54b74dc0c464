"""What is asked about a list before it is taken in: what its columns hold, and who is whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from choir_app.choirs import rules as choir_rules
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Hidden,
    HouseForm,
    KeptTable,
    PastedTable,
    Upload,
    WholeNumber,
)
from choir_app.foundation.language import _, lazy_, ngettext
from choir_app.foundation.lists import ListTable
from choir_app.foundation.text import folded
from choir_app.rehearsals.actions import ListedMarks, ListedPerson
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.queries import KnownSinger
from choir_app.rehearsals.rules import headings, import_list
from choir_app.rehearsals.rules.import_list import ABSENT, NOTHING, PRESENT, ListRow, ReadList
from choir_app.rehearsals.rules.written_days import days_of, read_day

COLUMN_NAMES = {
    "skip": lazy_("Ta inte med"),
    "first_name": lazy_("Förnamn"),
    "surname": lazy_("Efternamn"),
    "name": lazy_("Hela namnet"),
    "voice": lazy_("Stämma"),
    "phone": lazy_("Telefon"),
    "email": lazy_("Mejl"),
    "reads": lazy_("Läser helst på"),
    "since": lazy_("Började i kören"),
    "note": lazy_("Anteckning"),
    "day": lazy_("Vilka som kom den dagen"),
}
MARK_NAMES = {
    PRESENT: lazy_("Var här"),
    ABSENT: lazy_("Sa att de inte kom"),
    NOTHING: lazy_("Säger inget"),
}
ANOTHER = "another"


class ListForm(HouseForm):
    """A list, pasted or as a file."""

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
class Question:
    """A row of which it is asked who it is: singers of the choir and rows above with the same name."""

    row: ListRow
    singers: tuple[KnownSinger, ...]
    rows: tuple[ListRow, ...]

    @property
    def likely(self) -> str | None:
        """What is chosen beforehand: the one singer with the very same name, if there is no other."""
        same = [one for one in self.singers if one.folded_name == self.row.folded_name]
        return (
            str(same[0].id)
            if self.row.surname and len(same) == 1 == len(self.singers) and not self.rows
            else None
        )


class ListPreview(HouseForm):
    """Everything that a list leaves open. The fields for columns, marks, voices and people are made for each list."""

    LONGEST_KEPT = 2 * import_list.LONGEST_LIST

    kept = KeptTable(longest=LONGEST_KEPT)
    receipt = Hidden()
    state = Buttons(
        lazy_("Hur är det med dem som är nya i kören?"),
        missing=lazy_("Välj om de provar eller sjunger med."),
        choices=[
            ("regular", choir_rules.MEMBERSHIP_STATE_NAMES["regular"]),
            ("trying", choir_rules.MEMBERSHIP_STATE_NAMES["trying"]),
        ],
    )
    year = WholeNumber(
        lazy_("Vilket år är det första datumet?"),
        least=2000,
        most=2100,
        description=lazy_("Det står inget årtal i listan. De andra datumen räknas från det första."),
    )
    missing_days = Buttons(
        lazy_("Dagar som inte finns i planen"),
        missing=lazy_("Välj vad vi ska göra med dagarna."),
        choices=[
            ("make", lazy_("Lägg till dem som repetitioner som har varit")),
            ("leave", lazy_("Ta inte med dem")),
        ],
    )

    table: ListTable
    fields: list[str]
    reading: ReadList
    days: dict[int, date]
    evenings: dict[date, Rehearsal]
    marks: list[str]
    voices: list[str]
    questions: list[Question]
    choir: Choir

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
    def mark_fields(self) -> list[Any]:
        """One field for each different mark."""
        return [self[f"mark_{place}"] for place in range(len(self.marks))]

    @property
    def voice_fields(self) -> list[Any]:
        """One field for each voice that the choir does not have."""
        return [self[f"voice_{place}"] for place in range(len(self.voices))]

    @property
    def person_fields(self) -> list[Any]:
        """One field for each person of whom there may be two."""
        return [self[f"person_{question.row.number}"] for question in self.questions]

    @property
    def people(self) -> list[ListRow]:
        """The rows that will be taken in."""
        return self.reading.people

    @property
    def has_bare_days(self) -> bool:
        """Whether there are days without a year."""
        return any(
            isinstance(read_day(self.table.headings[place]), tuple)
            for place, name in enumerate(self.fields)
            if name == "day"
        )

    @property
    def used_days(self) -> list[date]:
        """The days of which the list says something, the first one first."""
        seen = {place for row in self.people for place in row.marks} | set(self.reading.guests)
        return sorted({day for place, day in self.days.items() if place in seen})

    @property
    def missing(self) -> list[date]:
        """Those of them on which the choir had nothing planned."""
        return [day for day in self.used_days if day not in self.evenings]

    @property
    def cancelled(self) -> list[date]:
        """Those of them on which it was called off."""
        return [day for day in self.used_days if day in self.evenings and self.evenings[day].is_cancelled]

    @property
    def dropped_numbers(self) -> list[str]:
        """Headings of columns with personal identity numbers, which were not read."""
        return list(self.table.dropped)

    @property
    def not_kept(self) -> list[str]:
        """Headings of columns with what is kept of nobody."""
        return [
            title
            for title, name in zip(self.table.headings, self.fields, strict=True)
            if name == "skip" and import_list.is_not_kept(title)
        ]

    # --- what was answered

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the fields, and see that the columns go together."""
        sound = super().validate(extra_validators)
        today = clock.today()
        taken: set[str] = set()
        for place, name in enumerate(self.fields):
            trouble = ""
            if name == "day" and place not in self.days:
                trouble = _("Rubriken är inget datum. Skriv datumet i listan eller ta inte med kolumnen.")
            elif name == "day" and self.days[place] > today:
                trouble = _("Dagen har inte varit än. Ta inte med kolumnen.")
            elif name == "day" and list(self.days.values()).count(self.days[place]) > 1:
                trouble = _("Två kolumner har samma dag. Ta bara med den ena.")
            elif name not in ("day", "skip") and name in taken:
                trouble = _("Två kolumner kan inte vara samma sak. Ändra den ena.")
            taken.add(name)
            if trouble:
                self[f"column_{place}"].errors = [trouble]
                sound = False
        if not taken & {"first_name", "name"}:
            self.form_errors = [*self.form_errors, _("Säg vilken kolumn som har namnen.")]
            sound = False
        return sound

    @property
    def said_people(self) -> list[ListedPerson]:
        """Who is on the list, as it was answered."""
        return [
            ListedPerson(row, same_as=self._same_as(row.number), voice=self._voice_of(row))
            for row in self.people
        ]

    @property
    def said_marks(self) -> ListedMarks:
        """What the columns of marks mean, as it was answered."""
        meanings = {mark: field.data for mark, field in zip(self.marks, self.mark_fields, strict=True)}
        return ListedMarks(
            days=self.days,
            meanings=meanings,
            guests=self.reading.guests,
            makes_rehearsals=self.missing_days.data == "make",
        )

    def _same_as(self, number: int) -> UUID | int | None:
        answer = self[f"person_{number}"].data if f"person_{number}" in self else ANOTHER
        if not answer or answer == ANOTHER:
            return None
        return int(answer.removeprefix("row-")) if answer.startswith("row-") else UUID(answer)

    def _voice_of(self, row: ListRow) -> str | None:
        if not row.voice:
            return None
        wanted = headings.usual_voice(row.voice)
        for voice in self.choir.voices:
            if headings.usual_voice(voice.name) == wanted:
                return voice.name
        if row.voice not in self.voices:
            same = next((one for one in self.voices if folded(one) == folded(row.voice)), None)
        else:
            same = row.voice
        answer = self[f"voice_{self.voices.index(same)}"].data if same else "none"
        if answer == "new":
            return same
        return next((voice.name for voice in self.choir.voices if str(voice.id) == answer), None)


def list_preview(
    table: ListTable,
    choir: Choir,
    *,
    everybody: Sequence[KnownSinger],
    sent: Mapping[str, str],
    kept: str,
    evenings_on: Any,
) -> ListPreview:
    """The questions about one list: its columns as they are guessed or were chosen, and what follows from them.

    `evenings_on` gives the choir's gatherings on the days of the columns.
    """
    guesses = import_list.guesses(table)
    fields = [
        chosen if (chosen := sent.get(f"column_{place}", "")) in COLUMN_NAMES else guess
        for place, guess in enumerate(guesses)
    ]
    reading = import_list.read_list(table, fields, today=clock.today())
    bare = {place: table.headings[place] for place, name in enumerate(fields) if name == "day"}
    typed = sent.get("year", "").strip()
    year = int(typed) if typed.isascii() and typed.isdigit() and 2000 <= int(typed[:5]) <= 2100 else None
    days = {place: day for place, day in days_of(bare, today=clock.today(), first_year=year).items() if day}
    evenings = evenings_on(set(days.values()))
    marks = reading.marks[: import_list.MOST_DIFFERENT_MARKS]
    voices = _unknown_voices(reading.voices, choir)
    questions = _questions(reading.people, everybody)

    class Asked(ListPreview):
        """The form of this very list."""

    for place, title in enumerate(table.headings):
        setattr(Asked, f"column_{place}", _column(table, place, title, guesses[place]))
    for place, mark in enumerate(marks):
        setattr(Asked, f"mark_{place}", _mark(mark, marks, reading))
    for place, voice in enumerate(voices):
        setattr(Asked, f"voice_{place}", _voice(voice, choir))
    for question in questions:
        setattr(Asked, f"person_{question.row.number}", _person(question))
    form = Asked(data={"state": "regular", "missing_days": "make"})
    if form.year.data is None and not form.year.errors and days:
        form.year.data = days[min(days)].year
    form.kept.data = kept
    form.receipt.data = form.receipt.data or str(uuid4())
    form.table, form.fields, form.reading, form.choir = table, fields, reading, choir
    form.days, form.evenings, form.marks = days, evenings, marks
    form.voices, form.questions = voices, questions
    return form


def _column(table: ListTable, place: int, title: str, guess: str) -> Choice:
    return Choice(
        title or _("Kolumn %(number)s", number=place + 1),
        choices=list(COLUMN_NAMES.items()),
        default=guess,
        description=" · ".join(_shortened(one) for one in table.examples(place)),
    )


def _shortened(words: str, most: int = 40) -> str:
    return words if len(words) <= most else f"{words[:most]}…"


def _mark(mark: str, marks: Sequence[str], reading: ReadList) -> Choice:
    count = sum(value == mark for row in reading.people for value in row.marks.values())
    return Choice(
        ngettext("«%(mark)s» i %(num)s ruta", "«%(mark)s» i %(num)s rutor", count, mark=_shortened(mark)),
        choices=list(MARK_NAMES.items()),
        default=import_list.what_mark_means(mark, marks) or NOTHING,
    )


def _unknown_voices(written: Sequence[str], choir: Choir) -> list[str]:
    known = {headings.usual_voice(voice.name) for voice in choir.voices}
    unknown = {folded(voice): voice for voice in written if headings.usual_voice(voice) not in known}
    return list(unknown.values())[: import_list.MOST_DIFFERENT_MARKS]


def _voice(name: str, choir: Choir) -> Choice:
    has_room = len(choir.voices) < choir_rules.MOST_VOICES
    return Choice(
        _("Kören har ingen stämma som heter «%(voice)s»", voice=_shortened(name)),
        missing=_("Välj vad vi ska göra med stämman."),
        choices=[
            ("", _("Välj")),
            *([("new", _("Gör en ny stämma: %(voice)s", voice=_shortened(name)))] if has_room else []),
            ("none", _("Ingen stämma än")),
            *((str(voice.id), _("De sjunger %(voice)s", voice=voice.name)) for voice in choir.voices),
        ],
    )


def _questions(people: Sequence[ListRow], everybody: Sequence[KnownSinger]) -> list[Question]:
    """Whoever may be somebody that the choir knows already, or somebody further up in the list."""
    by_first: dict[str, list[KnownSinger]] = {}
    for known in everybody:
        by_first.setdefault(folded(known.first_name), []).append(known)
    above: dict[str, list[ListRow]] = {}
    found: list[Question] = []
    for row in people:
        first = folded(row.first_name)
        singers = [
            known
            for known in by_first.get(first, ())
            if known.folded_name == row.folded_name or known.folded_name == first or not row.surname
        ]
        rows = above.get(row.folded_name, [])
        if singers or rows:
            found.append(Question(row, tuple(singers), tuple(rows[-5:])))
        above.setdefault(row.folded_name, []).append(row)
    return found


def _person(question: Question) -> Choice:
    row = question.row
    return Choice(
        _("%(name)s på rad %(number)s", name=row.name, number=row.number),
        missing=_("Välj vem det är."),
        default=question.likely or "",
        description=_told(row),
        choices=[
            ("", _("Välj")),
            *(
                (
                    str(known.id),
                    _("Samma som %(name)s, som har slutat", name=known.name)
                    if known.has_left
                    else _("Samma som %(name)s i kören", name=known.name),
                )
                for known in question.singers
            ),
            *(
                (f"row-{one.number}", _("Samma person som på rad %(number)s", number=one.number))
                for one in question.rows
            ),
            (ANOTHER, _("En annan person med samma namn")),
        ],
    )


def _told(row: ListRow) -> str:
    """What tells two people of one name apart."""
    return " · ".join(part for part in (row.voice, row.phone, row.email) if part)
